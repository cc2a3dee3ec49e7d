/* Making and judging evidence packs; see include/jembatan/evidence.h. */
#include "proto/wire_evidence.h"

#include <stdio.h>
#include <string.h>

#include "jembatan/frame.h"

#define EVIDENCE_DOMAIN "JMBTN-evidence-v1"

/* ---- making and reading ----------------------------------------------------------------------- */

err_t evidence_make (const struct evidence *evidence, const keypair_t *sig, arena_t *arena,
		     struct bytes *ret_file)
{
	struct evidence signed_by = *evidence;
	struct signature signature;
	struct bytes body;
	err_t err;

	signed_by.sig_key_id = keypair_id (sig);
	err = wire_evidence_encode (&signed_by, arena, &body);
	if (err != ERR_OK)
		return err;
	signature = sign_parts (sig, EVIDENCE_DOMAIN, body, BYTES_NONE, BYTES_NONE);
	return wire_signed_evidence_encode (body, &signature, arena, ret_file);
}

/* Nothing can hide beside what is signed: the file is exactly what writing it anew gives. */
err_t evidence_read (struct bytes file, arena_t *arena, struct evidence_file *ret_file)
{
	struct evidence_file read = { .body = BYTES_NONE };
	struct bytes again;
	err_t err = wire_signed_evidence_decode (file, arena, &read.body, &read.signature);

	if (err == ERR_OK)
		err = wire_signed_evidence_encode (read.body, &read.signature, arena, &again);
	if (err == ERR_OK && !bytes_equal (file, again))
		err = ERR_MALFORMED;
	if (err == ERR_OK)
		err = wire_evidence_decode (read.body, arena, &read.evidence);
	if (err == ERR_OK)
		*ret_file = read;
	return err;
}

/* ---- parts ------------------------------------------------------------------------------------ */

static err_t check_signer (const directory_t *directory, const struct sealed *sealed,
			   const struct agency_id *from, const struct letter *letter, int64_t at_ms)
{
	const struct member *member = directory_member (directory, from);
	const struct member_key *key;

	if (member == NULL)
		return ERR_NOT_MEMBER;
	key = member_key_by_id (member, &letter->sig_key_id);
	if (key == NULL || key->use != KEY_SIG)
		return ERR_KEY_UNKNOWN;
	if (envelope_verify (sealed, &key->public_key) != ERR_OK)
		return ERR_BAD_SIGNATURE;
	return member_key_allows (member, &letter->sig_key_id, KEY_SIG, letter->created_ms, at_ms);
}

err_t evidence_check_letter (const directory_t *directory, const struct sealed *sealed,
			     int64_t at_ms, arena_t *arena, struct header *ret_header,
			     struct letter *ret_letter)
{
	struct sealed whole = *sealed;
	struct header header;
	struct letter letter;
	err_t err = header_decode (sealed->h, &header);

	if (err == ERR_OK)
		err = letter_decode (sealed->s, arena, &letter);
	if (err != ERR_OK)
		return err;
	*ret_header = header;
	*ret_letter = letter;
	whole.header_hash = header_hash (sealed->h);
	return check_signer (directory, &whole, &header.from, &letter, at_ms);
}

/* "<network>/<hub>/<store id>": the hub of the directory that is named there. */
static err_t find_hub (const directory_t *directory, const char *note,
		       const struct hub_entry **ret_hub)
{
	size_t line = strcspn (note, "\n"), network = strcspn (note, "/\n");
	const char *ours = directory_data (directory)->network;
	char id[LIMIT_NAME_BYTES + 1];
	size_t hub;

	if (network >= line)
		return ERR_MALFORMED;
	hub = strcspn (note + network + 1, "/\n");
	if (network + 1 + hub >= line || hub >= sizeof id)
		return ERR_MALFORMED;
	if (strlen (ours) != network || strncmp (ours, note, network) != 0)
		return ERR_CONFLICT;
	snprintf (id, sizeof id, "%.*s", (int)hub, note + network + 1);
	*ret_hub = directory_hub (directory, id);
	return *ret_hub != NULL ? ERR_OK : ERR_KEY_UNKNOWN;
}

err_t evidence_check_checkpoint (const directory_t *directory, const char *note, arena_t *arena,
				 struct checkpoint *ret_checkpoint)
{
	const struct hub_entry *hub = NULL;
	err_t err = find_hub (directory, note, &hub);

	return err != ERR_OK ? err
			     : checkpoint_read (note, hub->id, &hub->log_key, arena, ret_checkpoint);
}

err_t evidence_check_notice (const directory_t *directory, const struct evidence_notice *notice,
			     arena_t *arena, struct letter_id *ret_letter,
			     struct hash *ret_header_hash, int64_t *ret_at_ms)
{
	const struct hub_entry *hub;
	struct non_delivery word;
	err_t err = non_delivery_decode (notice->statement, arena, &word);

	if (err != ERR_OK)
		return err;
	hub = directory_hub (directory, word.hub);
	if (hub == NULL)
		return ERR_KEY_UNKNOWN;
	err = verify_parts (&hub->log_key, &notice->signature, NOTICE_DOMAIN, notice->statement,
			    BYTES_NONE, BYTES_NONE);
	if (err != ERR_OK)
		return err;
	*ret_letter = word.id;
	*ret_header_hash = word.header_hash;
	*ret_at_ms = word.at_ms;
	return ERR_OK;
}

/* ---- judging a pack --------------------------------------------------------------------------- */

struct judge {
	const struct evidence_file *file;
	const directory_t *directory;
	int64_t now_ms;
	arena_t *arena;
	struct evidence_finding *findings;
	struct evidence_verdict verdict;
};

static void note_worst (struct judge *judge, err_t err)
{
	if (judge->verdict.worst == ERR_OK && err != ERR_NOT_FOUND && err != ERR_ERASED)
		judge->verdict.worst = err;
}

static err_t judge_pack (const struct judge *judge)
{
	const struct evidence *pack = &judge->file->evidence;
	const struct member *member = directory_member (judge->directory, &pack->by);
	const struct member_key *key;

	if (strcmp (pack->network, directory_data (judge->directory)->network) != 0)
		return ERR_CONFLICT;
	if (member == NULL)
		return ERR_NOT_MEMBER;
	key = member_key_by_id (member, &pack->sig_key_id);
	if (key == NULL || key->use != KEY_SIG)
		return ERR_KEY_UNKNOWN;
	if (verify_parts (&key->public_key, &judge->file->signature, EVIDENCE_DOMAIN,
			  judge->file->body, BYTES_NONE, BYTES_NONE) != ERR_OK)
		return ERR_BAD_SIGNATURE;
	return member_key_allows (member, &pack->sig_key_id, KEY_SIG, pack->made_ms, judge->now_ms);
}

static err_t judge_log (const struct judge *judge, const struct evidence_letter *letter,
			struct evidence_finding *finding)
{
	const struct evidence *pack = &judge->file->evidence;
	const struct evidence_proof *proof = &letter->proof;
	struct checkpoint checkpoint;
	struct hash leaf;
	err_t err;

	if (!letter->proved)
		return ERR_NOT_FOUND;
	if (proof->checkpoint >= pack->checkpoint_count)
		return ERR_MALFORMED;
	err = evidence_check_checkpoint (judge->directory, pack->checkpoints[proof->checkpoint],
					 judge->arena, &checkpoint);
	if (err != ERR_OK)
		return err;
	finding->leaf = proof->leaf;
	finding->size = checkpoint.size;
	finding->origin = checkpoint.origin;
	finding->taken_ms = proof->at_ms;
	leaf = leaf_hash (LEAF_TAKEN, &finding->header_hash, proof->at_ms);
	return merkle_verify_inclusion (proof->leaf, checkpoint.size, &leaf, proof->path,
					proof->path_count, &checkpoint.root);
}

/* Between which two it went, and in which thread, is part of what is shown. */
static err_t judge_letter (const struct judge *judge, const struct evidence_letter *from,
			   struct evidence_finding *finding)
{
	const struct evidence *pack = &judge->file->evidence;
	int64_t seen_ms = finding->logged == ERR_OK ? finding->taken_ms : pack->made_ms;
	struct letter letter;
	err_t err;

	if (!finding->readable)
		return ERR_MALFORMED;
	if (!agency_id_equal (&finding->header.from, &pack->by)
	    && !agency_id_equal (&finding->header.to, &pack->by))
		return ERR_CONFLICT;
	if (from->sealed.s.len == 0)
		return ERR_ERASED;
	letter.kind = NULL;
	err = evidence_check_letter (judge->directory, &from->sealed, seen_ms, judge->arena,
				     &finding->header, &letter);
	if (letter.kind == NULL)
		return err;
	finding->kind = letter.kind;
	finding->sig_key_id = letter.sig_key_id;
	finding->created_ms = letter.created_ms;
	return err == ERR_OK && !ID_EQUAL (letter.thread, pack->thread) ? ERR_CONFLICT : err;
}

static void judge_letters (struct judge *judge)
{
	const struct evidence *pack = &judge->file->evidence;

	for (size_t i = 0; i < pack->letter_count; i++) {
		const struct evidence_letter *from = &pack->letters[i];
		struct evidence_finding *finding = &judge->findings[i];

		finding->kind = "";
		finding->origin = "";
		finding->stored = finding->expired = ERR_NOT_FOUND;
		finding->readable = header_decode (from->sealed.h, &finding->header) == ERR_OK;
		finding->header_hash = header_hash (from->sealed.h);
		finding->logged = judge_log (judge, from, finding);
		finding->signature = judge_letter (judge, from, finding);
		note_worst (judge, finding->logged);
		note_worst (judge, finding->signature);
	}
}

static struct evidence_finding *find_letter (const struct judge *judge, const struct letter_id *id,
					     const struct hash *hash)
{
	for (size_t i = 0; i < judge->verdict.letter_count; i++)
		if (judge->findings[i].readable && ID_EQUAL (judge->findings[i].header.id, *id)
		    && ID_EQUAL (judge->findings[i].header_hash, *hash))
			return &judge->findings[i];
	return NULL;
}

/* Stored outranks held and refused; that somebody opened it says less. */
static int weight (enum receipt_status status)
{
	static const int weights[] = { [RECEIPT_IS_STORED] = 4, [RECEIPT_IS_REFUSED] = 3,
				       [RECEIPT_IS_HELD] = 2, [RECEIPT_IS_OPENED] = 1 };

	return (size_t)status < COUNT_OF (weights) ? weights[status] : 0;
}

static void take_receipt (const struct judge *judge, const struct header *by,
			  const struct receipt *receipt)
{
	struct evidence_finding *finding = find_letter (judge, &receipt->id, &receipt->header_hash);

	if (finding == NULL || !ID_IS_NONE (receipt->blob)
	    || !agency_id_equal (&finding->header.to, &by->from)
	    || !agency_id_equal (&finding->header.from, &by->to)
	    || weight (receipt->status) <= weight (finding->status))
		return;
	finding->stored = ERR_OK;
	finding->status = receipt->status;
	finding->code = receipt->code;
	finding->stored_ms = receipt->at_ms;
}

static void judge_receipts (struct judge *judge)
{
	const struct evidence *pack = &judge->file->evidence;

	for (size_t i = 0; i < pack->receipt_count; i++) {
		struct header header;
		struct letter letter = { .receipt_count = 0 };
		err_t err = evidence_check_letter (judge->directory, &pack->receipts[i].sealed,
						   pack->made_ms, judge->arena, &header, &letter);

		note_worst (judge, err);
		if (err != ERR_OK)
			judge->verdict.receipts_bad++;
		for (size_t k = 0; err == ERR_OK && k < letter.receipt_count; k++)
			take_receipt (judge, &header, &letter.receipts[k]);
	}
}

static void judge_notices (struct judge *judge)
{
	const struct evidence *pack = &judge->file->evidence;

	for (size_t i = 0; i < pack->notice_count; i++) {
		struct evidence_finding *finding;
		struct letter_id id;
		struct hash hash;
		int64_t at_ms = 0;
		err_t err = evidence_check_notice (judge->directory, &pack->notices[i],
						   judge->arena, &id, &hash, &at_ms);

		note_worst (judge, err);
		if (err != ERR_OK)
			judge->verdict.notices_bad++;
		finding = err == ERR_OK ? find_letter (judge, &id, &hash) : NULL;
		if (finding != NULL) {
			finding->expired = ERR_OK;
			finding->expired_ms = at_ms;
		}
	}
}

static void judge_checkpoints (struct judge *judge)
{
	const struct evidence *pack = &judge->file->evidence;
	struct checkpoint checkpoint;

	for (size_t i = 0; i < pack->checkpoint_count; i++) {
		err_t err = evidence_check_checkpoint (judge->directory, pack->checkpoints[i],
						       judge->arena, &checkpoint);

		note_worst (judge, err);
		judge->verdict.checkpoints_bad += err != ERR_OK ? 1 : 0;
	}
}

void evidence_judge (const struct evidence_file *file, const directory_t *directory, int64_t now_ms,
		     arena_t *arena, struct evidence_verdict *ret_verdict)
{
	size_t count = file->evidence.letter_count;
	struct judge judge = { .file = file, .directory = directory, .now_ms = now_ms,
			       .arena = arena };

	judge.findings = arena_must (arena, count * sizeof *judge.findings);
	judge.verdict.letters = judge.findings;
	judge.verdict.letter_count = count;
	judge.verdict.pack = judge_pack (&judge);
	note_worst (&judge, judge.verdict.pack);
	judge_letters (&judge);
	judge_receipts (&judge);
	judge_notices (&judge);
	judge_checkpoints (&judge);
	*ret_verdict = judge.verdict;
}
