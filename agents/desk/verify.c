/* The parts of verify, one function each that takes the next few rows; see verify.h. */
#include "agents/desk/verify.h"

#include "agents/desk/inside.h"

#include <stdlib.h>
#include <string.h>

#include "agents/ledger/proof.h"
#include "agents/ledger/walk.h"
#include "jembatan/clock.h"
#include "jembatan/evidence.h"

#define SLICE_ENTRIES 2000u
#define SLICE_WRITTEN 4000u
#define SLICE_ROWS 32u
#define SLICE_ARENA_BYTES (64u * MIB)

struct verify {
	desk_t *desk;
	bool quick;
	arena_t *arena, *kept;       /* of a slice; of the receipts letter that was read last */
	struct chain_place chain;
	uint64_t after;              /* the row that was read last in this part */
	struct letter_id after_id;
	struct letter_id said_in;    /* whose receipts `said` are */
	struct agency_id said_by;
	struct letter said;
	struct verify_status status;
};

static const char *const part_names[] = { "entries", "written", "sent", "arrived", "proofs",
					  "checkpoints" };

const char *verify_part_name (enum verify_part part)
{
	return part < VERIFY_PARTS ? part_names[part] : "done";
}

/* ---- findings --------------------------------------------------------------------- */

static void found (struct verify *verify, enum damage damage, uint64_t n,
		   const struct walk_letter *row)
{
	struct finding finding = { .damage = damage, .n = n };
	struct thread thread;

	if (verify->status.finding_count == VERIFY_FINDINGS) {
		verify->status.more++;
		return;
	}
	if (row != NULL) {
		finding.letter = row->id;
		finding.partner = row->other;
		if (!ID_IS_NONE (row->thread) &&
		    thread_get (verify->desk->parts.ledger, &row->thread, verify->arena, &thread) == ERR_OK)
			memcpy (finding.number, thread.number, sizeof finding.number);
	}
	verify->status.findings[verify->status.finding_count++] = finding;
}

/* ---- entries ---------------------------------------------------------------------- */

static bool walk_entries (struct verify *verify)
{
	bool done = false;
	err_t err = chain_walk (verify->desk->parts.ledger, &verify->chain, SLICE_ENTRIES, &done);

	verify->status.done[VERIFY_ENTRIES] = verify->chain.n;
	if (err == ERR_CORRUPT) {
		verify->status.bad_entry = verify->chain.n + 1;
		found (verify, DAMAGE_ENTRY, verify->chain.n + 1, NULL);
	}
	return done || err != ERR_OK;
}

static bool walk_written (struct verify *verify)
{
	struct lost_letter *lost;
	size_t count = walk_lost (verify->desk->parts.ledger, &verify->desk->parts.self,
				  verify->after, SLICE_WRITTEN, verify->arena, &lost);

	for (size_t i = 0; i < count; i++) {
		struct walk_letter row = { .id = lost[i].letter, .other = lost[i].partner };

		found (verify, DAMAGE_LOST, lost[i].n, &row);
	}
	verify->after += SLICE_WRITTEN;
	if (verify->after < verify->status.whole[VERIFY_WRITTEN])
		verify->status.done[VERIFY_WRITTEN] = verify->after;
	else
		verify->status.done[VERIFY_WRITTEN] = verify->status.whole[VERIFY_WRITTEN];
	return verify->after >= verify->status.whole[VERIFY_WRITTEN];
}

/* ---- letters ---------------------------------------------------------------------- */

/* Whether a key was good is the directory's word of today; whether bytes were signed is not. */
static void check_signature (struct verify *verify, const struct walk_letter *row,
			     struct header *ret_header)
{
	struct sealed sealed = { .h = row->h, .s = row->s, .sig = row->sig };
	struct letter letter;
	err_t err = evidence_check_letter (verify->desk->parts.directory, &sealed, row->at_ms,
					   verify->arena, ret_header, &letter);

	if (err == ERR_NOT_MEMBER || err == ERR_KEY_UNKNOWN || err == ERR_KEY_REVOKED)
		verify->status.unjudged++;
	else if (err != ERR_OK)
		found (verify, DAMAGE_SIGNATURE, 0, row);
}

/* What both directions share; false when there is nothing more to look at. */
static bool check_bytes (struct verify *verify, const struct walk_letter *row,
			 struct header *ret_header)
{
	if (!row->has_bytes) {
		found (verify, DAMAGE_BYTES, 0, row);
		return false;
	}
	if (!row->opens)
		found (verify, DAMAGE_BODY, 0, row);
	if (row->h.len == 0)
		return false;
	if (!ID_EQUAL (header_hash (row->h), row->header_hash) ||
	    header_decode (row->h, ret_header) != ERR_OK || !ID_EQUAL (ret_header->id, row->id)) {
		found (verify, DAMAGE_HEADER, 0, row);
		return false;
	}
	return true;
}

/* One receipts letter often ends many letters that follow one another. */
static bool read_said (struct verify *verify, const struct word *word)
{
	struct walk_letter row;

	if (ID_EQUAL (verify->said_in, word->said_in) &&
	    agency_id_equal (&verify->said_by, &word->from))
		return true;
	verify->said_in = (struct letter_id){ { 0 } };
	arena_reset (verify->kept);
	if (!walk_one (verify->desk->parts.ledger, &word->from, &word->said_in, verify->kept, &row) ||
	    letter_decode (row.s, verify->kept, &verify->said) != ERR_OK)
		return false;
	verify->said_in = word->said_in;
	verify->said_by = word->from;
	return true;
}

static bool says_so (struct verify *verify, const struct walk_letter *row, const struct word *word)
{
	if (!agency_id_equal (&word->from, &row->other) || !read_said (verify, word))
		return false;
	for (size_t i = 0; i < verify->said.receipt_count; i++) {
		const struct receipt *receipt = &verify->said.receipts[i];

		if (ID_EQUAL (receipt->id, row->id) && receipt->status == word->status &&
		    ID_EQUAL (receipt->header_hash, row->header_hash))
			return true;
	}
	return false;
}

static bool ends (int state, unsigned status)
{
	if (state == OUTBOX_REFUSED)
		return status == RECEIPT_IS_REFUSED || status == WORD_HUB_REFUSED;
	return status == RECEIPT_IS_STORED || status == RECEIPT_IS_HELD || status == WORD_GIVEN_BACK;
}

static void check_words (struct verify *verify, const struct walk_letter *row)
{
	struct word *words;
	size_t count = word_list (verify->desk->parts.ledger, &row->id, verify->arena, &words);
	bool ended = false;

	for (size_t i = 0; i < count; i++) {
		bool signed_word = words[i].status < WORD_GIVEN_BACK;

		if (signed_word && !says_so (verify, row, &words[i])) {
			found (verify, DAMAGE_RECEIPT, 0, row);
			return;
		}
		ended = ended || ends (row->state, words[i].status);
	}
	if (!ended)
		found (verify, DAMAGE_RECEIPT, 0, row);
}

static void check_notice (struct verify *verify, const struct walk_letter *row)
{
	struct notice kept;
	struct evidence_notice notice;
	struct letter_id id = { { 0 } };
	struct hash hash = { { 0 } };
	int64_t at_ms;
	err_t err = notice_get (verify->desk->parts.ledger, &row->id, verify->arena, &kept);

	if (err != ERR_OK)
		return;   /* of an expiry from before notices were kept */
	notice = (struct evidence_notice){ kept.statement, kept.signature };
	err = evidence_check_notice (verify->desk->parts.directory, &notice, verify->arena, &id, &hash,
				     &at_ms);
	if (err == ERR_KEY_UNKNOWN)
		verify->status.unjudged++;
	else if (err != ERR_OK || !ID_EQUAL (id, row->id) || !ID_EQUAL (hash, row->header_hash))
		found (verify, DAMAGE_NOTICE, 0, row);
}

static void check_sent (struct verify *verify, const struct walk_letter *row)
{
	struct header header;

	if (!check_bytes (verify, row, &header))
		return;
	if (row->c.len > 0 && !ID_EQUAL (envelope_digest (row->h, row->c), row->digest))
		found (verify, DAMAGE_SEALED, 0, row);
	if (!agency_id_equal (&header.to, &row->other))
		found (verify, DAMAGE_HEADER, 0, row);
	if (row->s.len > 0)
		check_signature (verify, row, &header);
	if (!row->machine && (row->state == OUTBOX_STORED || row->state == OUTBOX_REFUSED))
		check_words (verify, row);
	check_notice (verify, row);
}

static bool walk_our_letters (struct verify *verify)
{
	struct walk_letter *rows;
	size_t count = walk_sent (verify->desk->parts.ledger, verify->after, SLICE_ROWS,
				  verify->arena, &rows);

	for (size_t i = 0; i < count; i++) {
		check_sent (verify, &rows[i]);
		verify->after = rows[i].seq;
	}
	verify->status.done[VERIFY_SENT] += count;
	return count == 0;
}

static void check_arrived (struct verify *verify, const struct walk_letter *row)
{
	struct header header;

	if (!check_bytes (verify, row, &header))
		return;
	if (!agency_id_equal (&header.from, &row->other))
		found (verify, DAMAGE_HEADER, 0, row);
	if (row->s.len > 0 && row->state != INBOX_QUARANTINED && row->state != INBOX_REFUSED)
		check_signature (verify, row, &header);
}

static bool walk_their_letters (struct verify *verify)
{
	struct walk_letter *rows;
	size_t count = walk_arrived (verify->desk->parts.ledger, verify->after, SLICE_ROWS,
				     verify->arena, &rows);

	for (size_t i = 0; i < count; i++) {
		check_arrived (verify, &rows[i]);
		verify->after = rows[i].seq;
	}
	verify->status.done[VERIFY_ARRIVED] += count;
	return count == 0;
}

/* ---- the hub's log ---------------------------------------------------------------- */

static err_t check_proof (struct verify *verify, const struct letter_id *id)
{
	ledger_t *ledger = verify->desk->parts.ledger;
	struct kept_checkpoint kept;
	struct checkpoint checkpoint;
	struct outbox_row row;
	struct proof proof;
	struct hash leaf;
	err_t err = proof_get (ledger, id, verify->arena, &proof);

	if (err == ERR_OK)
		err = outbox_get (ledger, id, verify->arena, &row);
	if (err == ERR_OK)
		err = checkpoint_get (ledger, proof.checkpoint, verify->arena, &kept);
	if (err == ERR_OK)
		err = evidence_check_checkpoint (verify->desk->parts.directory, kept.note,
						 verify->arena, &checkpoint);
	if (err != ERR_OK)
		return err;
	leaf = leaf_hash (LEAF_TAKEN, &row.header_hash, proof.at_ms);
	return merkle_verify_inclusion (proof.leaf, checkpoint.size, &leaf, proof.path,
					proof.path_count, &checkpoint.root);
}

static bool walk_our_proofs (struct verify *verify)
{
	struct letter_id *ids;
	size_t count = walk_proofs (verify->desk->parts.ledger, &verify->after_id, SLICE_ROWS,
				    verify->arena, &ids);

	for (size_t i = 0; i < count; i++) {
		struct walk_letter row = { .id = ids[i] };
		err_t err = check_proof (verify, &ids[i]);

		if (err == ERR_KEY_UNKNOWN)
			verify->status.unjudged++;
		else if (err != ERR_OK)
			found (verify, DAMAGE_PROOF, 0, &row);
		verify->after_id = ids[i];
	}
	verify->status.done[VERIFY_PROOFS] += count;
	return count == 0;
}

static bool same_root (struct verify *verify, const struct checkpoint *checkpoint, uint64_t other)
{
	struct kept_checkpoint kept;
	struct checkpoint read;

	return checkpoint_get (verify->desk->parts.ledger, other, verify->arena, &kept) != ERR_OK ||
	       evidence_check_checkpoint (verify->desk->parts.directory, kept.note, verify->arena,
					  &read) != ERR_OK ||
	       ID_EQUAL (read.root, checkpoint->root);
}

static void check_checkpoint (struct verify *verify, uint64_t n)
{
	ledger_t *ledger = verify->desk->parts.ledger;
	struct kept_checkpoint kept;
	struct checkpoint checkpoint;
	uint64_t other;
	err_t err = checkpoint_get (ledger, n, verify->arena, &kept);

	if (err == ERR_OK)
		err = evidence_check_checkpoint (verify->desk->parts.directory, kept.note,
						 verify->arena, &checkpoint);
	if (err == ERR_KEY_UNKNOWN) {
		verify->status.unjudged++;
		return;
	}
	if (err != ERR_OK || checkpoint.size != kept.size ||
	    strcmp (checkpoint.origin, kept.origin) != 0) {
		found (verify, DAMAGE_CHECKPOINT, n, NULL);
		return;
	}
	other = walk_same_size (ledger, n);
	if (kept.against > 0 || (other > 0 && !same_root (verify, &checkpoint, other)))
		found (verify, DAMAGE_SPLIT, n, NULL);
}

static bool walk_kept_checkpoints (struct verify *verify)
{
	uint64_t *numbers;
	size_t count = walk_checkpoints (verify->desk->parts.ledger, verify->after, SLICE_ROWS,
					 verify->arena, &numbers);

	for (size_t i = 0; i < count; i++) {
		check_checkpoint (verify, numbers[i]);
		verify->after = numbers[i];
	}
	verify->status.done[VERIFY_CHECKPOINTS] += count;
	return count == 0;
}

/* ---- the whole -------------------------------------------------------------------- */

/* Each takes the next rows; true when there are no more. */
static bool (*const walks[]) (struct verify *verify) = {
	[VERIFY_ENTRIES] = walk_entries,
	[VERIFY_WRITTEN] = walk_written,
	[VERIFY_SENT] = walk_our_letters,
	[VERIFY_ARRIVED] = walk_their_letters,
	[VERIFY_PROOFS] = walk_our_proofs,
	[VERIFY_CHECKPOINTS] = walk_kept_checkpoints,
};

verify_t *verify_new (desk_t *desk, bool quick)
{
	struct verify *verify = must_alloc (sizeof *verify);
	struct walk_sizes sizes = walk_sizes (desk->parts.ledger);

	*verify = (struct verify){ .desk = desk, .quick = quick };
	verify->arena = arena_new (SLICE_ARENA_BYTES);
	verify->kept = arena_new (2 * LIMIT_DECODE_ARENA_BYTES);
	verify->status.whole[VERIFY_ENTRIES] = verify->status.whole[VERIFY_WRITTEN] = sizes.entries;
	verify->status.whole[VERIFY_SENT] = sizes.sent;
	verify->status.whole[VERIFY_ARRIVED] = sizes.arrived;
	verify->status.whole[VERIFY_PROOFS] = sizes.proofs;
	verify->status.whole[VERIFY_CHECKPOINTS] = sizes.checkpoints;
	return verify;
}

void verify_destroy (verify_t **verify)
{
	if (*verify == NULL)
		return;
	arena_destroy (&(*verify)->arena);
	arena_destroy (&(*verify)->kept);
	free (*verify);
	*verify = NULL;
}

static void next_part (struct verify *verify)
{
	verify->status.part = verify->quick ? VERIFY_PARTS : verify->status.part + 1;
	verify->after = 0;
	verify->after_id = (struct letter_id){ { 0 } };
}

err_t verify_step (verify_t *verify, int64_t budget_ms)
{
	int64_t began_ms = clock_monotonic_ms (), now_ms = began_ms;

	while (verify->status.part < VERIFY_PARTS && now_ms - began_ms < budget_ms) {
		enum verify_part part = verify->status.part;
		int64_t before_ms = now_ms;
		bool done = walks[part](verify);

		now_ms = clock_monotonic_ms ();
		verify->status.spent_ms[part] += now_ms - before_ms;
		arena_reset (verify->arena);
		if (ledger_failed (verify->desk->parts.ledger) != ERR_OK)
			return ledger_failed (verify->desk->parts.ledger);
		if (done)
			next_part (verify);
	}
	return ERR_OK;
}

const struct verify_status *verify_status (const verify_t *verify)
{
	return &verify->status;
}
