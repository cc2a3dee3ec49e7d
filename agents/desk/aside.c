/*
 * Letters to us that the hub has set aside, as its gaps told: they come later, and until then their
 * place in the pair sequence is no sign that somebody withholds them.  The ids of each sender wait in
 * a setting of the ledger; what has come is dropped when somebody next asks.
 */
#include "agents/desk/inside.h"

#include <stdio.h>
#include <string.h>

#define IDS_MAX 64u              /* of one sender; the oldest is forgotten first */
#define ONE_BYTES sizeof (struct letter_id)

static const char *setting_of (const struct step *step, const struct agency_id *from)
{
	char *name = arena_must (step->arena, LIMIT_ID_TEXT + 8);

	snprintf (name, LIMIT_ID_TEXT + 8, "aside %s", from->text);
	return name;
}

/* The ids without those that `keep` denies. */
static struct bytes ids_kept (const struct step *step, const struct agency_id *from,
			      bool (*keep) (const struct step *, const struct agency_id *,
					    const struct letter_id *, const void *),
			      const void *arg)
{
	struct bytes known = ledger_setting (step_ledger (step), setting_of (step, from),
					     step->arena);
	uint8_t *kept = arena_must (step->arena, known.len + ONE_BYTES);
	size_t len = 0;

	for (size_t at = 0; at + ONE_BYTES <= known.len; at += ONE_BYTES) {
		struct letter_id id;

		memcpy (id.b, known.data + at, ONE_BYTES);
		if (!keep (step, from, &id, arg))
			continue;
		memcpy (kept + len, id.b, ONE_BYTES);
		len += ONE_BYTES;
	}
	if (len != known.len)
		ledger_set (step->tx, setting_of (step, from), (struct bytes){ kept, len });
	return (struct bytes){ kept, len };
}

static bool is_other (const struct step *step, const struct agency_id *from,
		      const struct letter_id *id, const void *other)
{
	(void)step;
	(void)from;
	return memcmp (id->b, other, ONE_BYTES) != 0;
}

static bool is_missing (const struct step *step, const struct agency_id *from,
			const struct letter_id *id, const void *arg)
{
	struct inbox_row row;

	(void)arg;
	return inbox_get (step_ledger (step), from, id, step->arena, &row) == ERR_NOT_FOUND;
}

void aside_ended (const struct step *step, const struct agency_id *from,
		  const struct letter_id *id)
{
	ids_kept (step, from, is_other, id->b);
}

void aside_note (const struct step *step, const struct agency_id *from,
		 const struct letter_id *id)
{
	struct bytes known = ids_kept (step, from, is_other, id->b);
	size_t skip = known.len / ONE_BYTES >= IDS_MAX ? ONE_BYTES : 0;
	uint8_t *more = arena_must (step->arena, known.len + ONE_BYTES);

	if (known.len > skip)
		memcpy (more, known.data + skip, known.len - skip);
	memcpy (more + known.len - skip, id->b, ONE_BYTES);
	ledger_set (step->tx, setting_of (step, from),
		    (struct bytes){ more, known.len - skip + ONE_BYTES });
}

bool aside_waits (const struct step *step, const struct agency_id *from)
{
	return ids_kept (step, from, is_missing, NULL).len > 0;
}
