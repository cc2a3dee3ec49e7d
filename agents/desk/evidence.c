/*
 * Gathers the evidence pack of one thread: its letters of both directions as they were signed, and what
 * others signed about ours.  That it was disclosed, by whom and why, is an entry, committed before the
 * pack leaves.
 */
#include "agents/desk/inside.h"

#include "agents/ledger/proof.h"
#include "jembatan/evidence.h"

struct gathering {
	const struct step *step;
	arena_t *arena;              /* of the caller: the pack may be larger than a step */
	size_t bytes;
	struct thread thread;
	struct evidence_letter *letters, *receipts;
	struct letter_id *receipt_ids;
	const char **notes;
	uint64_t *note_numbers;
	struct evidence_notice *notices;
	struct evidence pack;
	err_t err;
};

static void *room (const struct gathering *all, size_t size)
{
	return arena_alloc (all->arena, LIMIT_EVIDENCE_LETTERS * size);
}

static bool make_room (struct gathering *all)
{
	all->letters = room (all, sizeof *all->letters);
	all->receipts = room (all, sizeof *all->receipts);
	all->receipt_ids = room (all, sizeof *all->receipt_ids);
	all->notes = room (all, sizeof *all->notes);
	all->note_numbers = room (all, sizeof *all->note_numbers);
	all->notices = room (all, sizeof *all->notices);
	return all->letters != NULL && all->receipts != NULL && all->receipt_ids != NULL &&
	       all->notes != NULL && all->note_numbers != NULL && all->notices != NULL;
}

/* What does not fit is not left out in silence. */
static bool full (struct gathering *all, size_t count)
{
	if (count >= LIMIT_EVIDENCE_LETTERS)
		all->err = ERR_TOO_LARGE;
	return all->err != ERR_OK;
}

static void count_bytes (struct gathering *all, const struct sealed *sealed)
{
	all->bytes += sealed->h.len + sealed->s.len;
	if (all->bytes > LIMIT_EVIDENCE_BYTES)
		all->err = ERR_TOO_LARGE;
}

/* ---- what others signed about a letter of ours ------------------------------------ */

static bool note_index (struct gathering *all, uint64_t n, size_t *ret_index)
{
	struct kept_checkpoint checkpoint;

	for (size_t i = 0; i < all->pack.checkpoint_count; i++) {
		if (all->note_numbers[i] == n) {
			*ret_index = i;
			return true;
		}
	}
	if (full (all, all->pack.checkpoint_count) ||
	    checkpoint_get (step_ledger (all->step), n, all->arena, &checkpoint) != ERR_OK)
		return false;
	*ret_index = all->pack.checkpoint_count++;
	all->note_numbers[*ret_index] = n;
	all->notes[*ret_index] = checkpoint.note;
	return true;
}

static void add_proof (struct gathering *all, const struct letter_id *id,
		       struct evidence_letter *letter)
{
	struct proof proof;

	if (proof_get (step_ledger (all->step), id, all->arena, &proof) != ERR_OK)
		return;
	letter->proof = (struct evidence_proof){ .leaf = proof.leaf,
						 .at_ms = proof.at_ms,
						 .path_count = proof.path_count,
						 .path = proof.path };
	letter->proved = note_index (all, proof.checkpoint, &letter->proof.checkpoint);
}

static struct evidence_letter arrived (struct gathering *all, const struct inbox_row *row)
{
	struct evidence_letter letter = { .sealed = { .h = row->h, .s = row->s, .sig = row->sig },
					  .here_ms = row->arrived_ms };

	count_bytes (all, &letter.sealed);
	return letter;
}

static void add_receipt (struct gathering *all, const struct word *word)
{
	struct inbox_row row;

	for (size_t i = 0; i < all->pack.receipt_count; i++)
		if (ID_EQUAL (all->receipt_ids[i], word->said_in))
			return;
	if (full (all, all->pack.receipt_count) ||
	    inbox_get (step_ledger (all->step), &word->from, &word->said_in, all->arena,
		       &row) != ERR_OK ||
	    row.s.len == 0)
		return;
	all->receipt_ids[all->pack.receipt_count] = word->said_in;
	all->receipts[all->pack.receipt_count++] = arrived (all, &row);
}

static void add_words (struct gathering *all, const struct letter_id *id)
{
	struct notice notice;
	struct word *words;
	size_t count = word_list (step_ledger (all->step), id, all->arena, &words);

	for (size_t i = 0; i < count; i++)
		if (words[i].status < WORD_GIVEN_BACK)
			add_receipt (all, &words[i]);
	if (notice_get (step_ledger (all->step), id, all->arena, &notice) == ERR_OK &&
	    !full (all, all->pack.notice_count))
		all->notices[all->pack.notice_count++] =
			(struct evidence_notice){ notice.statement, notice.signature };
}

/* ---- letters ---------------------------------------------------------------------- */

static void add_sent (struct gathering *all)
{
	const struct step *step = all->step;
	struct outbox_row *rows;
	size_t count = outbox_by_thread (step_ledger (step), &all->thread.id, all->arena, &rows);

	for (size_t i = 0; i < count && !full (all, all->pack.letter_count); i++) {
		struct evidence_letter letter = { .here_ms = 0 };
		err_t err = outbox_evidence (step_ledger (step), &rows[i].id, all->arena,
					     &letter.sealed);

		if (err == ERR_NOT_FOUND)
			continue;   /* not sealed yet: nobody has it */
		if (err != ERR_OK) {
			all->err = err;
			return;
		}
		count_bytes (all, &letter.sealed);
		add_proof (all, &rows[i].id, &letter);
		add_words (all, &rows[i].id);
		all->letters[all->pack.letter_count++] = letter;
	}
}

/* What no consent covers is as unseen here as everywhere; what was not trusted is no evidence. */
static bool is_shown (enum inbox_state state)
{
	return state != INBOX_HELD && state != INBOX_QUARANTINED && state != INBOX_REFUSED;
}

static void add_arrived (struct gathering *all)
{
	ledger_t *ledger = step_ledger (all->step);
	struct inbox_row *heads, row;
	size_t count = inbox_by_thread (ledger, &all->thread.id, LIMIT_EVIDENCE_LETTERS, all->arena,
					&heads);

	for (size_t i = 0; i < count && !full (all, all->pack.letter_count); i++) {
		if (!is_shown (heads[i].state))
			continue;
		all->err = inbox_get (ledger, &heads[i].from, &heads[i].id, all->arena, &row);
		if (all->err == ERR_OK)
			all->letters[all->pack.letter_count++] = arrived (all, &row);
	}
}

static err_t gather (struct gathering *all)
{
	if (!make_room (all))
		return ERR_TOO_LARGE;
	add_sent (all);
	add_arrived (all);
	if (all->err != ERR_OK)
		return all->err;
	all->pack.by = *step_self (all->step);
	all->pack.made_ms = all->step->now_ms;
	all->pack.network = directory_data (all->step->desk->parts.directory)->network;
	all->pack.thread = all->thread.id;
	all->pack.number = all->thread.number;
	all->pack.letters = all->letters;
	all->pack.receipts = all->receipts;
	all->pack.checkpoints = all->notes;
	all->pack.notices = all->notices;
	return ERR_OK;
}

/* ---- the use-case ----------------------------------------------------------------- */

static void write_entry (const struct gathering *all, const char *reason)
{
	struct entry entry = step_thread_entry (all->step, ENTRY_DISCLOSED, &all->thread);

	entry.state_from = entry.state_to = all->thread.state;
	entry.word = "evidence";
	entry.body = bytes_of_text (reason);
	entry_add (all->step->tx, &entry);
}

err_t desk_evidence (desk_t *desk, const struct actor *actor, const struct thread_id *thread,
		     const char *reason, arena_t *arena, struct bytes *ret_file, size_t *ret_letters)
{
	STEP step = step_open (desk, actor);
	struct gathering all = { .step = &step, .arena = arena };
	struct bytes file;
	err_t err = permit (actor, USE_EVIDENCE);

	if (err == ERR_OK)
		err = text_given (reason) ? thread_get (desk->parts.ledger, thread, arena, &all.thread)
					  : ERR_INVALID;
	if (err == ERR_OK)
		err = gather (&all);
	if (err == ERR_OK)
		err = evidence_make (&all.pack, desk->parts.sig, arena, &file);
	if (err != ERR_OK)
		return err;
	write_entry (&all, reason);
	err = step_commit (&step);
	if (err != ERR_OK)
		return err;
	*ret_file = file;
	*ret_letters = all.pack.letter_count;
	return ERR_OK;
}
