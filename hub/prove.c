/*
 * Proofs, for who asks.  A proof reads rows of the store, so its cost is counted in them: each session
 * and the hub as a whole have an allowance that fills again with time.  When one is used up, the rest
 * of the question is left unanswered (`judged`, `put_off`) and the asker comes again.  So however many
 * questions come, what they take from letters is bounded, in a turn and in a second.
 */
#include "hub/core.h"

#include "jembatan/log.h"

#define SESSION_ROWS 16384               /* 64 letters wherever they lie, at once ... */
#define SESSION_ROWS_PER_S 4096          /* ... and 16 each second */
#define HUB_ROWS 8192                    /* in one turn */
#define HUB_ROWS_PER_S 65536
#define ANSWER_BYTES (64u * KIB)         /* of one Proof, for it stands before letters on the line */
#define INCLUSION_BYTES 64u              /* of one without its path */

static int64_t left (struct allowance *allowance, int64_t most, int64_t per_s, int64_t now_ms)
{
	allowance->spent -= (now_ms - allowance->at_ms) * per_s / SECOND_MS;
	allowance->at_ms = now_ms;
	if (allowance->spent < 0)
		allowance->spent = 0;
	return most - allowance->spent;
}

static bool may_read (hub_t *hub, struct session *session)
{
	return left (&session->proving, SESSION_ROWS, SESSION_ROWS_PER_S, hub->mono_ms) > 0 &&
	       left (&hub->proving, HUB_ROWS, HUB_ROWS_PER_S, hub->mono_ms) > 0;
}

/* What the last proof read. */
static void charge (hub_t *hub, struct session *session, uint64_t rows_before)
{
	int64_t rows = (int64_t)(custody_rows (hub->custody) - rows_before) + 1;

	session->proving.spent += rows;
	hub->proving.spent += rows;
}

static err_t prove_one (hub_t *hub, struct session *session, const struct frame *asked, size_t i,
			struct frame *answer, struct inclusion *list)
{
	uint64_t rows = custody_rows (hub->custody);
	err_t err = custody_inclusion (hub->custody, asked->proof_get.leaves[i],
				       &asked->proof_get.hashes[i], answer->proof.tree_size,
				       hub->in, &list[answer->proof.inclusion_count]);

	charge (hub, session, rows);
	if (err == ERR_OK)
		answer->proof.inclusion_count++;
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static err_t prove_leaves (hub_t *hub, struct session *session, const struct frame *asked,
			   struct frame *answer)
{
	size_t count = asked->proof_get.hash_count, bytes = 0;
	struct inclusion *list = arena_must (hub->in, count * sizeof *list);
	err_t err = ERR_OK;

	answer->proof.inclusions = list;
	while (answer->proof.judged < count && err == ERR_OK && bytes < ANSWER_BYTES &&
	       may_read (hub, session)) {
		size_t before = answer->proof.inclusion_count;

		err = prove_one (hub, session, asked, answer->proof.judged++, answer, list);
		if (answer->proof.inclusion_count > before)
			bytes += INCLUSION_BYTES +
				 list[before].path_count * (sizeof (struct hash) + 2);
	}
	return err;
}

static err_t prove_past (hub_t *hub, struct session *session, const struct frame *asked,
			 struct frame *answer)
{
	uint64_t rows = custody_rows (hub->custody);
	err_t err;

	if (asked->proof_get.from_size == 0)
		return ERR_OK;
	answer->proof.put_off = !may_read (hub, session);
	if (answer->proof.put_off)
		return ERR_OK;
	err = custody_consistency (hub->custody, asked->proof_get.from_size,
				   answer->proof.tree_size, hub->in,
				   &answer->proof.consistency_count, &answer->proof.consistency);
	charge (hub, session, rows);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

err_t hub_prove (hub_t *hub, struct session *session, const struct frame *frame)
{
	uint64_t size = custody_proved_size (hub->custody), named = frame->proof_get.to_size;
	struct frame answer = { .type = FRAME_PROOF };
	err_t err;

	answer.proof.tree_size = named > 0 && named < size ? named : size;
	answer.proof.checkpoint =
		answer.proof.tree_size == size ? custody_proved_checkpoint (hub->custody) : "";
	err = prove_past (hub, session, frame, &answer);
	if (err == ERR_OK)
		err = prove_leaves (hub, session, frame, &answer);
	if ((answer.proof.put_off || answer.proof.judged < frame->proof_get.hash_count) &&
	    session_may_log (session))
		LOG (INFO, "proofs.put_off", LOG_A ("agency", &session->account->id));
	if (err == ERR_OK)
		hub_send (hub, session, &answer);
	return err;
}
