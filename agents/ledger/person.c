/* People; see person.h. */
#include "agents/ledger/person.h"

#include <string.h>

#include "agents/ledger/attachment.h"
#include "agents/ledger/outbox.h"
#include "agents/ledger/store.h"
#include "jembatan/clock.h"

#define PERSON_ARENA_BYTES (64u * KIB)
#define NIK_DIGITS 16u

/* What is sealed, in this order; what a later program adds goes to the end. */
enum { PERSON_NUMBER, PERSON_TEXTS = 1 };

/* clang-format off */
static const size_t texts[] = {
	offsetof (struct person, name),
	offsetof (struct person, nik),
	offsetof (struct person, birth_date),
	offsetof (struct person, sex),
	offsetof (struct person, phone),
	offsetof (struct person, region),
	offsetof (struct person, address),
	offsetof (struct person, guardian),
	offsetof (struct person, entry_door),
	offsetof (struct person, safe_to_call),
	offsetof (struct person, may_leave_message),
	offsetof (struct person, who_knows),
	offsetof (struct person, case_manager),
};
/* clang-format on */

static const char **text_at (struct person *person, size_t i)
{
	return (const char **)((uint8_t *)person + texts[i]);
}

static const char *text_of (const struct person *person, size_t i)
{
	const char *text = *(const char *const *)((const uint8_t *)person + texts[i]);

	return text != NULL ? text : "";
}

static struct place person_place (const struct person_id *id)
{
	return (struct place){ "person", ID_BYTES (*id), BYTES_NONE };
}

static struct bytes seal_person (ledger_t *ledger, const struct person *person, arena_t *arena)
{
	struct bytes parts[PERSON_TEXTS + COUNT_OF (texts)];

	parts[PERSON_NUMBER] = bytes_of_text (person->number);
	for (size_t i = 0; i < COUNT_OF (texts); i++)
		parts[PERSON_TEXTS + i] = bytes_of_text (text_of (person, i));
	return seal (ledger, &person->id, person_place (&person->id),
		     pack (parts, COUNT_OF (parts), arena), arena);
}

static void unpack_person (struct bytes packed, arena_t *arena, struct person *ret_person)
{
	struct bytes number = BYTES_NONE;

	if (unpack (&packed, &number) && number.len > 0
	    && number.len < sizeof ret_person->number)
		memcpy (ret_person->number, number.data, number.len);
	for (size_t i = 0; i < COUNT_OF (texts); i++)
		*text_at (ret_person, i) = unpack_text (&packed, arena);
}

/* Found again by whoever has the ledger key, and by nobody else. */
static struct hash nik_hash (const ledger_t *ledger, const char *nik)
{
	return vault_blind (ledger->blind, bytes_of_text (nik));
}

static struct value nik_value (const char *nik, const struct hash *hash)
{
	return nik != NULL && nik[0] != '\0' ? ID (*hash) : NONE;
}

/* ---- writing ------------------------------------------------------------------------------------ */

static void give_number (tx_t *tx, struct person *person)
{
	struct number number = number_next (tx, 'K', person->created_ms);

	number_text (&number, person->number);
}

void person_add (tx_t *tx, struct person *person)
{
	OWNED (arena) arena = arena_new (PERSON_ARENA_BYTES);
	ledger_t *ledger = tx->ledger;
	struct hash hash = nik_hash (ledger, person->nik != NULL ? person->nik : "");

	uuid7_make (person->id.b);
	person->created_ms = clock_now_ms ();
	person->erased = false;
	give_number (tx, person);
	RUN (ledger->sql, "INSERT INTO person (id, created_ms, erased, nik_hash) VALUES (?1, ?2, 0, ?3)",
	     ID (person->id), INT (person->created_ms), nik_value (person->nik, &hash));
	keyring_add (ledger->keys, &person->id);
	RUN (ledger->sql, "UPDATE person SET sealed = ?2 WHERE id = ?1", ID (person->id),
	     BLOB (seal_person (ledger, person, arena)));
	name_changes_add (tx->changes, &person->id, person->number, text_of (person, 0));
}

void person_update (tx_t *tx, const struct person *person)
{
	OWNED (arena) arena = arena_new (PERSON_ARENA_BYTES);
	ledger_t *ledger = tx->ledger;
	struct hash hash = nik_hash (ledger, person->nik != NULL ? person->nik : "");

	if (RUN (ledger->sql,
		 "UPDATE person SET sealed = ?2, nik_hash = ?3 WHERE id = ?1 AND erased = 0",
		 ID (person->id), BLOB (seal_person (ledger, person, arena)),
		 nik_value (person->nik, &hash)) > 0)
		name_changes_set (tx->changes, &person->id, person->number, text_of (person, 0));
}

/* Ciphertext without a key is worth nothing, but what may go, goes.  A letter that was not sealed
 * yet can't be any more. */
static void erase_letters (tx_t *tx, const struct person_id *id)
{
	sql_t *sql = tx_sql (tx);

	RUN (sql,
	     "UPDATE inbox_bytes SET s = x'' WHERE seq IN"
	     " (SELECT seq FROM inbox WHERE length (person) > 0 AND person = ?1)",
	     ID (*id));
	RUN (sql,
	     "UPDATE outbox_bytes SET draft = x'', s = x'' WHERE seq IN"
	     " (SELECT seq FROM outbox WHERE length (person) > 0 AND person = ?1)",
	     ID (*id));
	RUN (sql,
	     "UPDATE outbox SET state = ?2, last_error = ?3"
	     " WHERE length (person) > 0 AND person = ?1 AND state = ?4",
	     ID (*id), INT (OUTBOX_RECALLED), INT (ERR_ERASED), INT (OUTBOX_WRITTEN));
}

void person_erase (tx_t *tx, const struct person_id *id)
{
	keyring_erase (tx->ledger->keys, id);
	RUN (tx_sql (tx), "UPDATE person SET erased = 1, nik_hash = NULL, sealed = NULL WHERE id = ?1",
	     ID (*id));
	RUN (tx_sql (tx), "UPDATE clause SET sealed = x'' WHERE person = ?1", ID (*id));
	RUN (tx_sql (tx),
	     "UPDATE thread SET sealed = x'' WHERE length (person) > 0 AND person = ?1", ID (*id));
	erase_letters (tx, id);
	attachment_erase_person (tx, id);
	name_changes_drop (tx->changes, id);
	tx->erased = true;
}

/* ---- reading ------------------------------------------------------------------------------------ */

/* id, created_ms, erased, sealed */
static bool read_person (ledger_t *ledger, query_t *query, arena_t *arena,
			 struct person *ret_person)
{
	struct bytes sealed, plain;

	SQL_ID (query, &ret_person->id);
	ret_person->created_ms = sql_int (query);
	ret_person->erased = sql_int (query) != 0;
	sealed = sql_blob (query, arena);
	if (sql_starved (query)
	    || !unseal (ledger, &ret_person->id, person_place (&ret_person->id), sealed, arena,
			&plain))
		return false;
	unpack_person (plain, arena, ret_person);
	return true;
}

err_t person_get (ledger_t *ledger, const struct person_id *id, arena_t *arena,
		  struct person *ret_person)
{
	query_t *query = QUERY (ledger->sql,
				"SELECT id, created_ms, erased, sealed FROM person WHERE id = ?1",
				ID (*id));
	struct person person = { 0 };
	err_t err = ERR_NOT_FOUND;

	if (sql_next (query))
		err = read_person (ledger, query, arena, &person) ? ERR_OK : ERR_TOO_LARGE;
	sql_end (query);
	if (sql_err (ledger->sql) != ERR_OK)
		return sql_err (ledger->sql);
	if (err == ERR_OK && person.erased)
		err = ERR_ERASED;
	if (err == ERR_OK)
		*ret_person = person;
	return err;
}

/* id, sealed, wrapped: each key is needed once, so none is kept. */
static bool read_name (ledger_t *ledger, query_t *query, arena_t *arena, vault_t **key,
		       struct person *person)
{
	struct bytes sealed, wrapped, plain;

	SQL_ID (query, &person->id);
	sealed = sql_blob (query, arena);
	wrapped = sql_blob (query, arena);
	if (sql_starved (query) || !keyring_unwrap (ledger->keys, &person->id, wrapped, key))
		return false;
	if (!opens (*key, person_place (&person->id), sealed, arena, &plain)) {
		sql_fail (ledger->sql, ERR_CORRUPT);
		return false;
	}
	unpack_person (plain, arena, person);
	return true;
}

/* In the order of ids both tables lie as they are read. */
void person_load_names (ledger_t *ledger)
{
	OWNED (arena) arena = arena_new (PERSON_ARENA_BYTES);
	OWNED (vault) key = NULL;
	query_t *query = QUERY (ledger->sql,
				"SELECT person.id, sealed, wrapped FROM person"
				" CROSS JOIN data_key ON data_key.person = person.id WHERE erased = 0"
				" ORDER BY person.id");
	name_changes_t *changes = name_changes_new ();

	while (sql_next (query)) {
		struct person person = { 0 };

		arena_reset (arena);
		if (read_name (ledger, query, arena, &key, &person))
			name_changes_add (changes, &person.id, person.number, person.name);
	}
	names_apply (ledger->names, changes);
	name_changes_destroy (&changes);
}

/* ---- finding ------------------------------------------------------------------------------------ */

static err_t one_id (ledger_t *ledger, query_t *query, struct person_id *ret_id)
{
	struct person_id id;
	bool found = sql_next (query);

	if (found)
		SQL_ID (query, &id);
	sql_end (query);
	if (sql_err (ledger->sql) != ERR_OK)
		return sql_err (ledger->sql);
	if (!found)
		return ERR_NOT_FOUND;
	*ret_id = id;
	return ERR_OK;
}

static bool is_nik (const char *words)
{
	return strlen (words) == NIK_DIGITS && strspn (words, "0123456789") == NIK_DIGITS;
}

/* Whatever names one person for certain.  ERR_MALFORMED when the words are of no such form. */
static err_t find_exactly (ledger_t *ledger, const char *words, struct person_id *ret_id)
{
	const struct person_id *numbered = names_by_number (ledger->names, words);
	struct person_id id;

	if (numbered != NULL) {
		*ret_id = *numbered;
		return ERR_OK;
	}
	if (is_nik (words))
		return person_by_nik (ledger, words, ret_id);
	if (uuid_parse (words, id.b) == ERR_OK)
		return one_id (ledger,
			       QUERY (ledger->sql, "SELECT id FROM person WHERE id = ?1", ID (id)),
			       ret_id);
	return ERR_MALFORMED;
}

err_t person_find (ledger_t *ledger, const char *words, struct person_id *ret_id)
{
	err_t err = find_exactly (ledger, words, ret_id);
	struct person_id ids[2];
	size_t count;

	if (err != ERR_MALFORMED)
		return err;
	count = names_search (ledger->names, words, 2, ids);
	if (count == 0)
		return ERR_NOT_FOUND;
	if (count > 1)
		return ERR_AMBIGUOUS;
	*ret_id = ids[0];
	return ERR_OK;
}

size_t person_search (ledger_t *ledger, const char *words, size_t max, arena_t *arena,
		      struct person_id **ret_ids)
{
	size_t most = max < names_count (ledger->names) ? max : names_count (ledger->names);
	struct person_id *ids = arena_alloc (arena, (most > 0 ? most : 1) * sizeof *ids);

	*ret_ids = ids;
	if (ids == NULL || most == 0)
		return 0;
	if (find_exactly (ledger, words, &ids[0]) == ERR_OK)
		return 1;
	return names_search (ledger->names, words, most, ids);
}

err_t person_by_nik (ledger_t *ledger, const char *nik, struct person_id *ret_id)
{
	struct hash hash = nik_hash (ledger, nik);

	return one_id (ledger,
		       QUERY (ledger->sql,
			      "SELECT id FROM person WHERE nik_hash IS NOT NULL AND nik_hash = ?1"
			      " ORDER BY id LIMIT 1",
			      ID (hash)),
		       ret_id);
}

/* ---- case ids ----------------------------------------------------------------------------------- */

static bool known_case (ledger_t *ledger, const struct person_id *person,
			const struct agency_id *partner, struct case_id *ret_case)
{
	query_t *query = QUERY (ledger->sql,
				"SELECT case_id FROM person_case WHERE person = ?1 AND partner = ?2",
				ID (*person), AGENCY (*partner));
	bool found = sql_next (query);

	if (found)
		SQL_ID (query, ret_case);
	sql_end (query);
	return found;
}

static void keep_case (tx_t *tx, const struct person_id *person, const struct agency_id *partner,
		       const struct case_id *case_id)
{
	RUN (tx_sql (tx), "INSERT INTO person_case (partner, case_id, person) VALUES (?1, ?2, ?3)",
	     AGENCY (*partner), ID (*case_id), ID (*person));
}

struct case_id person_case (tx_t *tx, const struct person_id *person,
			    const struct agency_id *partner)
{
	struct case_id case_id;

	if (known_case (tx->ledger, person, partner, &case_id))
		return case_id;
	random16_make (case_id.b);
	keep_case (tx, person, partner, &case_id);
	return case_id;
}

err_t person_case_set (tx_t *tx, const struct person_id *person, const struct agency_id *partner,
		       const struct case_id *case_id)
{
	struct person_id whose;
	struct case_id known;
	err_t err = person_by_case (tx->ledger, partner, case_id, &whose);

	if (err == ERR_OK)
		return ID_EQUAL (whose, *person) ? ERR_OK : ERR_CONFLICT;
	if (err != ERR_NOT_FOUND)
		return err;
	if (known_case (tx->ledger, person, partner, &known))
		return ERR_CONFLICT;
	keep_case (tx, person, partner, case_id);
	return tx_err (tx);
}

err_t person_by_case (ledger_t *ledger, const struct agency_id *partner,
		      const struct case_id *case_id, struct person_id *ret_id)
{
	return one_id (ledger,
		       QUERY (ledger->sql,
			      "SELECT person FROM person_case WHERE partner = ?1 AND case_id = ?2",
			      AGENCY (*partner), ID (*case_id)),
		       ret_id);
}
