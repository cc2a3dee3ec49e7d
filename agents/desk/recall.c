/*
 * Letters to take back.  What has not left is dropped here; what the hub may have, the
 * hub is asked for.  The ids wait in a setting of the ledger until the hub has answered.
 */
#include "agents/desk/inside.h"

#include <string.h>

#define RECALLS_SETTING "recalls"

static struct bytes recalls_known (const struct step *step)
{
	return ledger_setting (step_ledger (step), RECALLS_SETTING, step->arena);
}

static size_t recall_find (struct bytes known, const struct letter_id *id)
{
	size_t at = 0;

	while (at + sizeof id->b <= known.len &&
	       memcmp (known.data + at, id->b, sizeof id->b) != 0)
		at += sizeof id->b;
	return at;
}

void recall_add (const struct step *step, const struct letter_id *id)
{
	struct bytes known = recalls_known (step);
	uint8_t *more = arena_must (step->arena, known.len + sizeof id->b);

	if (recall_find (known, id) < known.len)
		return;
	if (known.len > 0)
		memcpy (more, known.data, known.len);
	memcpy (more + known.len, id->b, sizeof id->b);
	ledger_set (step->tx, RECALLS_SETTING,
		    (struct bytes){ more, known.len + sizeof id->b });
}

bool recall_drop (const struct step *step, const struct letter_id *id)
{
	struct bytes known = recalls_known (step);
	size_t at = recall_find (known, id), after = at + sizeof id->b;
	uint8_t *rest;

	if (at >= known.len)
		return false;
	rest = arena_must (step->arena, known.len);
	memcpy (rest, known.data, at);
	memcpy (rest + at, known.data + after, known.len - after);
	ledger_set (step->tx, RECALLS_SETTING,
		    (struct bytes){ rest, known.len - sizeof id->b });
	return true;
}

size_t desk_recalls (desk_t *desk, arena_t *arena, struct letter_id **ret_ids)
{
	struct bytes known = ledger_setting (desk->parts.ledger, RECALLS_SETTING, arena);
	size_t count = known.len / sizeof **ret_ids;

	*ret_ids = arena_must (arena, (count + 1) * sizeof **ret_ids);
	if (count > 0)
		memcpy (*ret_ids, known.data, count * sizeof **ret_ids);
	return count;
}

/* What has not left is dropped here; what the hub may have, the hub is asked for. */
static err_t take_back (const struct step *step, const struct outbox_row *row)
{
	const struct kind_spec *kind = step_kind (step, row->kind);
	struct outbox_row after;

	if (kind == NULL || !kind->needs_consent)
		return ERR_OK;
	if (row->state == OUTBOX_SEALED || row->state == OUTBOX_IN_CUSTODY)
		recall_add (step, &row->id);
	if (row->state != OUTBOX_WRITTEN && row->state != OUTBOX_SEALED)
		return ERR_OK;
	return outbox_end (step->tx, &row->id, OUTBOX_RECALLED, ERR_CONSENT_WITHDRAWN,
			   step->now_ms, step->arena, &after);
}

err_t recall_thread (const struct step *step, const struct thread_id *thread)
{
	struct outbox_row *rows;
	size_t count = outbox_by_thread (step_ledger (step), thread, step->arena, &rows);
	err_t err = ERR_OK;

	for (size_t i = 0; i < count && err == ERR_OK; i++)
		err = take_back (step, &rows[i]);
	return err;
}
