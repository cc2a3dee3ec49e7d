/* The address book; see contact.h. */
#include "agents/ledger/contact.h"

#include <string.h>

#include "agents/ledger/store.h"
#include "jembatan/clock.h"

#define CONTACT_ARENA_BYTES (64u * KIB)

static const struct person_id nobody;

bool contact_id_is (const struct agency_id *id)
{
	return id->text[0] == '@';
}

err_t contact_id_parse (const char *text, struct agency_id *ret_id)
{
	struct agency_id id;

	if (text[0] != '@' || agency_id_parse (text + 1, &id) != ERR_OK ||
	    strlen (id.text) >= LIMIT_ID_TEXT)
		return ERR_INVALID;
	memmove (id.text + 1, id.text, strlen (id.text) + 1);
	id.text[0] = '@';
	*ret_id = id;
	return ERR_OK;
}

err_t partner_id_parse (const char *text, struct agency_id *ret_id)
{
	return text[0] == '@' ? contact_id_parse (text, ret_id)
			      : agency_id_parse (text, ret_id);
}

static struct place contact_place (const struct agency_id *id)
{
	return (struct place){ "contact", bytes_of_text (id->text), BYTES_NONE };
}

static struct bytes text_part (const char *text)
{
	return text != NULL ? bytes_of_text (text) : BYTES_NONE;
}

/* Whom an agency knows, and what it notes of them, concerns nobody else. */
static struct bytes seal_contact (ledger_t *ledger, const struct contact *contact, arena_t *arena)
{
	struct bytes parts[] = {
		text_part (contact->name),     text_part (contact->person),
		text_part (contact->phone),    text_part (contact->whatsapp),
		text_part (contact->address),  text_part (contact->office_hours),
		text_part (contact->services), text_part (contact->note),
	};

	return seal (ledger, &nobody, contact_place (&contact->id),
		     pack (parts, COUNT_OF (parts), arena), arena);
}

void contact_save (tx_t *tx, const struct contact *contact)
{
	OWNED (arena) arena = arena_new (CONTACT_ARENA_BYTES);
	int64_t at_ms = contact->created_ms != 0 ? contact->created_ms : clock_now_ms ();

	RUN (tx_sql (tx),
	     "INSERT INTO contact (id, kind, region, agency, created_ms, sealed)"
	     " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (id) DO UPDATE SET kind = ?2, region = ?3,"
	     " agency = ?4, sealed = ?6",
	     AGENCY (contact->id), TEXT (contact->kind), TEXT (contact->region),
	     AGENCY (contact->agency), INT (at_ms),
	     BLOB (seal_contact (tx->ledger, contact, arena)));
}

#define COLUMNS "id, kind, region, agency, created_ms, sealed"

static void read_contact (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	struct contact *contact = ret_row;
	ledger_t *ledger = arg;
	struct bytes sealed, plain;

	SQL_AGENCY (query, &contact->id);
	contact->kind = sql_text (query, arena);
	contact->region = sql_text (query, arena);
	SQL_AGENCY (query, &contact->agency);
	contact->created_ms = sql_int (query);
	sealed = sql_blob (query, arena);
	if (!unseal (ledger, &nobody, contact_place (&contact->id), sealed, arena, &plain))
		sql_starve (query);
	contact->name = unpack_text (&plain, arena);
	contact->person = unpack_text (&plain, arena);
	contact->phone = unpack_text (&plain, arena);
	contact->whatsapp = unpack_text (&plain, arena);
	contact->address = unpack_text (&plain, arena);
	contact->office_hours = unpack_text (&plain, arena);
	contact->services = unpack_text (&plain, arena);
	contact->note = unpack_text (&plain, arena);
}

err_t contact_get (ledger_t *ledger, const struct agency_id *id, arena_t *arena,
		   struct contact *ret_contact)
{
	query_t *query = QUERY (ledger->sql, "SELECT " COLUMNS " FROM contact WHERE id = ?1",
				AGENCY (*id));
	struct list list = LIST (arena, struct contact);
	size_t count = sql_list (query, &list, 1, read_contact, ledger);

	if (sql_err (ledger->sql) != ERR_OK)
		return sql_err (ledger->sql);
	if (count == 0)
		return sql_starved (query) ? ERR_TOO_LARGE : ERR_NOT_FOUND;
	*ret_contact = *(struct contact *)list.items;
	return ERR_OK;
}

size_t contact_list (ledger_t *ledger, const char *after, size_t max, arena_t *arena,
		     struct contact **ret_contacts)
{
	struct list list = LIST (arena, struct contact);
	query_t *query = QUERY (ledger->sql,
				"SELECT " COLUMNS " FROM contact WHERE id > ?1 ORDER BY id LIMIT ?2",
				TEXT (after), INT (max < INT64_MAX ? max : INT64_MAX));
	size_t count = sql_list (query, &list, max, read_contact, ledger);

	*ret_contacts = (struct contact *)list.items;
	return count;
}
