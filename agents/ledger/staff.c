/* Staff; see staff.h. */
#include "agents/ledger/staff.h"

#include "agents/ledger/store.h"
#include "jembatan/clock.h"

#define STAFF_ARENA_BYTES (64u * KIB)

static const struct person_id nobody;

/* What is sealed, in this order; what a later program adds goes to the end. */
/* clang-format off */
static const size_t texts[] = {
	offsetof (struct staff, name),
	offsetof (struct staff, position),
	offsetof (struct staff, phone),
	offsetof (struct staff, decree),
	offsetof (struct staff, certificate),
	offsetof (struct staff, certificate_until),
	offsetof (struct staff, since),
	offsetof (struct staff, until),
};
/* clang-format on */

static const char **text_at (struct staff *staff, size_t i)
{
	return (const char **)((uint8_t *)staff + texts[i]);
}

static const char *text_of (const struct staff *staff, size_t i)
{
	const char *text = *(const char *const *)((const uint8_t *)staff + texts[i]);

	return text != NULL ? text : "";
}

static struct place staff_place (const struct staff_id *id)
{
	return (struct place){ "staff", ID_BYTES (*id), BYTES_NONE };
}

static struct bytes seal_staff (ledger_t *ledger, const struct staff *staff, arena_t *arena)
{
	struct bytes parts[COUNT_OF (texts)];

	for (size_t i = 0; i < COUNT_OF (texts); i++)
		parts[i] = bytes_of_text (text_of (staff, i));
	return seal (ledger, &nobody, staff_place (&staff->id),
		     pack (parts, COUNT_OF (parts), arena), arena);
}

void staff_add (tx_t *tx, struct staff *staff)
{
	OWNED (arena) arena = arena_new (STAFF_ARENA_BYTES);

	uuid7_make (staff->id.b);
	staff->created_ms = clock_now_ms ();
	RUN (tx_sql (tx), "INSERT INTO staff (id, created_ms, sealed) VALUES (?1, ?2, ?3)",
	     ID (staff->id), INT (staff->created_ms),
	     BLOB (seal_staff (tx->ledger, staff, arena)));
}

void staff_update (tx_t *tx, const struct staff *staff)
{
	OWNED (arena) arena = arena_new (STAFF_ARENA_BYTES);

	RUN (tx_sql (tx), "UPDATE staff SET sealed = ?2 WHERE id = ?1", ID (staff->id),
	     BLOB (seal_staff (tx->ledger, staff, arena)));
}

/* id, created_ms, sealed */
static void read_staff (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	struct staff *staff = ret_row;
	struct bytes sealed, plain;

	SQL_ID (query, &staff->id);
	staff->created_ms = sql_int (query);
	sealed = sql_blob (query, arena);
	if (!unseal (arg, &nobody, staff_place (&staff->id), sealed, arena, &plain)) {
		sql_starve (query);
		return;
	}
	for (size_t i = 0; i < COUNT_OF (texts); i++)
		*text_at (staff, i) = unpack_text (&plain, arena);
}

size_t staff_list (ledger_t *ledger, size_t skip, size_t max, arena_t *arena,
		   struct staff **ret_staff)
{
	struct list list = LIST (arena, struct staff);
	size_t count = sql_list (QUERY (ledger->sql,
					"SELECT id, created_ms, sealed FROM staff ORDER BY id"
					" LIMIT -1 OFFSET ?1",
					INT (skip)),
				 &list, max, read_staff, ledger);

	*ret_staff = (struct staff *)list.items;
	return count;
}
