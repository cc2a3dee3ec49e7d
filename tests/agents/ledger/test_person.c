/* People: identity at rest, finding, erasing. */
#include "tests/agents/ledger/office.h"

#include "agents/ledger/entry.h"
#include "agents/ledger/store.h"
#include "tests/support/clock.h"

#define CANARY_NAME "Kenanga Wulansari"
#define CANARY_NIK "1771016502980003"
#define CANARY_FINDING "temuan: amfetamin positif"

static void what_was_stored_of_a_person_comes_back (void **state)
{
	struct office *office = *state;
	struct person_id id = add_person (office, "Dewi Sartika", CANARY_NIK);
	struct person person;

	office_reopen (office);
	assert_ok (person_get (office->ledger, &id, office->arena, &person));
	assert_string_equal (person.name, "Dewi Sartika");
	assert_string_equal (person.nik, CANARY_NIK);
	assert_string_equal (person.who_knows, "ibu");
	assert_string_equal (person.may_leave_message, "no");
	assert_true (person.created_ms > 0);
	assert_false (person.erased);
}

static void case_numbers_count_up_within_a_year (void **state)
{
	struct office *office = *state;
	struct person_id first = add_person (office, "A", ""), second = add_person (office, "B", "");
	struct person a, b;

	assert_ok (person_get (office->ledger, &first, office->arena, &a));
	assert_ok (person_get (office->ledger, &second, office->arena, &b));
	assert_memory_equal (a.number, "K-20", 4);
	assert_string_equal (a.number + 6, "-0001");
	assert_string_equal (b.number + 6, "-0002");
}

static void the_year_of_a_number_is_that_of_wib (void **state)
{
	struct office *office = *state;
	OWNED (tx) tx = ledger_begin (office->ledger);
	char text[24];
	int64_t new_year_ms = INT64_C (1798736400000);   /* 2026-12-31T17:00:00Z, midnight in WIB */
	struct number before = number_next (tx, 'K', new_year_ms - 1);
	struct number after = number_next (tx, 'K', new_year_ms);

	number_text (&before, text);
	assert_string_equal (text, "K-2026-0001");
	number_text (&after, text);
	assert_string_equal (text, "K-2027-0001");
}

static void a_person_is_found_by_number_nik_uuid_and_parts_of_the_name (void **state)
{
	struct office *office = *state;
	struct person_id id = add_person (office, "Dewi Sartika", CANARY_NIK), found;
	struct person person;
	char uuid[UUID_TEXT];

	assert_ok (person_get (office->ledger, &id, office->arena, &person));
	const char *words[] = { person.number, CANARY_NIK, uuid_text (id.b, uuid), "sartika",
				"DEWI", "tika dew" };
	for (size_t i = 0; i < COUNT_OF (words); i++) {
		memset (&found, 0, sizeof found);
		assert_ok (person_find (office->ledger, words[i], &found));
		assert_true (ID_EQUAL (found, id));
	}
	assert_int_equal (person_find (office->ledger, "Kartini", &found), ERR_NOT_FOUND);
	assert_int_equal (person_find (office->ledger, "", &found), ERR_NOT_FOUND);
	assert_int_equal (person_find (office->ledger, "1771016502980009", &found), ERR_NOT_FOUND);
}

static void accents_case_and_apostrophes_do_not_hide_a_name (void **state)
{
	struct office *office = *state;
	struct person_id jose = add_person (office, "José Ñuñez-Łukasz", ""), found;
	struct person_id nur = add_person (office, "Nur'aini", "");

	assert_ok (person_find (office->ledger, "jose nunez lukasz", &found));
	assert_true (ID_EQUAL (found, jose));
	assert_ok (person_find (office->ledger, "JOSE\xcc\x81", &found));
	assert_true (ID_EQUAL (found, jose));
	assert_ok (person_find (office->ledger, "nuraini", &found));
	assert_true (ID_EQUAL (found, nur));
	assert_ok (person_find (office->ledger, "NUR\xe2\x80\x99""AINI", &found));
	assert_true (ID_EQUAL (found, nur));
}

static void two_who_match_are_ambiguous_and_listed (void **state)
{
	struct office *office = *state;
	struct person_id dewi = add_person (office, "Dewi", ""), *ids, found;

	add_person (office, "Dewi Lestari", "");
	add_person (office, "Dewi Persik", "");
	assert_int_equal (person_find (office->ledger, "dew", &found), ERR_AMBIGUOUS);
	assert_int_equal (person_search (office->ledger, "dew", 10, office->arena, &ids), 3);
	assert_int_equal (person_search (office->ledger, "dew", 2, office->arena, &ids), 2);
	/* The whole name means the one who is called so. */
	assert_ok (person_find (office->ledger, "dewi", &found));
	assert_true (ID_EQUAL (found, dewi));
}

static void a_changed_name_is_found_and_the_old_one_is_not (void **state)
{
	struct office *office = *state;
	struct person_id id = add_person (office, "Budi", CANARY_NIK), found;
	struct person person;

	assert_ok (person_get (office->ledger, &id, office->arena, &person));
	person.name = "Budiman";
	person.nik = "1771016502980004";
	OWNED (tx) tx = ledger_begin (office->ledger);
	person_update (tx, &person);
	assert_ok (person_find (office->ledger, "budi", &found));   /* not before the commit */
	assert_int_equal (person_find (office->ledger, "budiman", &found), ERR_NOT_FOUND);
	assert_ok (tx_commit (tx));
	assert_ok (person_find (office->ledger, "budiman", &found));
	assert_int_equal (person_by_nik (office->ledger, CANARY_NIK, &found), ERR_NOT_FOUND);
	assert_ok (person_by_nik (office->ledger, "1771016502980004", &found));
}

static void a_rolled_back_person_is_nowhere (void **state)
{
	struct office *office = *state;
	struct person person = somebody ("Bayangan", CANARY_NIK);
	struct person_id found;
	tx_t *tx = ledger_begin (office->ledger);

	person_add (tx, &person);
	tx_destroy (&tx);
	assert_int_equal (person_find (office->ledger, "bayangan", &found), ERR_NOT_FOUND);
	assert_int_equal (person_by_nik (office->ledger, CANARY_NIK, &found), ERR_NOT_FOUND);
	assert_int_equal (person_get (office->ledger, &person.id, office->arena, &person),
			  ERR_NOT_FOUND);
	assert_int_equal (ledger_size (office->ledger).people, 0);
	person = somebody ("Pertama", "");
	tx = ledger_begin (office->ledger);
	person_add (tx, &person);
	assert_string_equal (person.number + 6, "-0001");   /* the number was given back */
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
}

static void add_finding (struct office *office, const struct person_id *person)
{
	OWNED (tx) tx = ledger_begin (office->ledger);
	struct entry entry = { .type = ENTRY_ARRIVED, .at_ms = 1, .person = *person,
			       .kind = "referral.report", .user = "Perawat Rahasia",
			       .body = bytes_of_text (CANARY_FINDING) };

	entry_add (tx, &entry);
	assert_ok (tx_commit (tx));
}

static void nothing_about_a_person_is_in_clear_on_disk (void **state)
{
	struct office *office = *state;
	struct person_id id = add_person (office, CANARY_NAME, CANARY_NIK);
	const char *canaries[] = { CANARY_NAME, "Kenanga", CANARY_NIK, CANARY_FINDING, "amfetamin",
				   "Perawat", "+6281234567890", "Jl. Merdeka", "1998-03-14", "ibu" };

	add_finding (office, &id);
	assert_true (folder_has (office, "referral.report"));   /* the search itself works */
	for (size_t i = 0; i < COUNT_OF (canaries); i++)
		assert_false (folder_has (office, canaries[i]));
	ledger_destroy (&office->ledger);
	for (size_t i = 0; i < COUNT_OF (canaries); i++)
		assert_false (folder_has (office, canaries[i]));
}

static struct bytes wrapped_key (struct office *office, const struct person_id *id)
{
	query_t *query = QUERY (office->ledger->sql, "SELECT wrapped FROM data_key WHERE person = ?1",
				ID (*id));
	struct bytes wrapped = BYTES_NONE;

	if (sql_next (query))
		wrapped = sql_blob (query, office->arena);
	sql_end (query);
	return wrapped;
}

static bool folder_has_bytes (const struct office *office, struct bytes bytes)
{
	char path[PATH_MAX];
	const char *names[] = { "ledger.db", "ledger.db-wal", "ledger.db-shm" };
	bool found = false;

	for (size_t i = 0; i < COUNT_OF (names); i++) {
		FILE *file;
		char *data = malloc (8 * MIB);
		size_t len;

		snprintf (path, sizeof path, "%s/%s", office->folder, names[i]);
		file = fopen (path, "rbe");
		len = file != NULL ? fread (data, 1, 8 * MIB, file) : 0;
		if (len > 0 && memmem (data, len, bytes.data, bytes.len) != NULL)
			found = true;
		free (data);
		if (file != NULL)
			fclose (file);
	}
	return found;
}

static void erasure_leaves_every_hash_and_no_key (void **state)
{
	struct office *office = *state;
	struct person_id id = add_person (office, CANARY_NAME, CANARY_NIK), found;
	struct person person;
	struct entry *entries;
	uint64_t count, bad;

	add_finding (office, &id);
	struct bytes wrapped = wrapped_key (office, &id);
	assert_int_equal (wrapped.len, VAULT_WRAPPED_BYTES);
	assert_true (folder_has_bytes (office, wrapped));
	OWNED (tx) tx = ledger_begin (office->ledger);
	person_erase (tx, &id);
	assert_ok (tx_commit (tx));

	assert_false (folder_has_bytes (office, wrapped));
	assert_int_equal (person_get (office->ledger, &id, office->arena, &person), ERR_ERASED);
	assert_int_equal (person_find (office->ledger, "kenanga", &found), ERR_NOT_FOUND);
	assert_int_equal (person_by_nik (office->ledger, CANARY_NIK, &found), ERR_NOT_FOUND);
	assert_ok (ledger_verify (office->ledger, &count, &bad));
	assert_int_equal (count, 1);
	assert_int_equal (entry_list (office->ledger, &id, NULL, 0, 10, office->arena, &entries), 1);
	assert_int_equal (entries[0].body.len, 0);
	assert_string_equal (entries[0].user, "");
	assert_string_equal (entries[0].kind, "referral.report");
	office_reopen (office);
	assert_ok (ledger_verify (office->ledger, &count, &bad));
	assert_int_equal (person_get (office->ledger, &id, office->arena, &person), ERR_ERASED);
	assert_int_equal (ledger_size (office->ledger).people, 0);
}

static void an_erasure_that_is_rolled_back_erases_nothing (void **state)
{
	struct office *office = *state;
	struct person_id id = add_person (office, "Tetap Ada", CANARY_NIK), found;
	struct person person;
	tx_t *tx = ledger_begin (office->ledger);

	person_erase (tx, &id);
	tx_destroy (&tx);
	assert_ok (person_get (office->ledger, &id, office->arena, &person));
	assert_string_equal (person.name, "Tetap Ada");
	assert_ok (person_find (office->ledger, "tetap", &found));
	assert_ok (person_by_nik (office->ledger, CANARY_NIK, &found));
}

static void a_case_id_is_made_once_per_partner_and_leads_back (void **state)
{
	struct office *office = *state;
	struct person_id id = add_person (office, "A", ""), found;
	struct agency_id clinic = agency ("klinik"), prison = agency ("lapas");
	OWNED (tx) tx = ledger_begin (office->ledger);
	struct case_id at_clinic = person_case (tx, &id, &clinic);
	struct case_id again = person_case (tx, &id, &clinic);
	struct case_id at_prison = person_case (tx, &id, &prison);

	assert_true (ID_EQUAL (at_clinic, again));
	assert_false (ID_EQUAL (at_clinic, at_prison));
	assert_ok (tx_commit (tx));
	assert_ok (person_by_case (office->ledger, &clinic, &at_clinic, &found));
	assert_true (ID_EQUAL (found, id));
	assert_int_equal (person_by_case (office->ledger, &prison, &at_clinic, &found),
			  ERR_NOT_FOUND);
}

static void a_case_id_never_means_two_people (void **state)
{
	struct office *office = *state;
	struct person_id a = add_person (office, "A", ""), b = add_person (office, "B", "");
	struct agency_id clinic = agency ("klinik");
	struct case_id case_id = { { 1, 2, 3 } };
	OWNED (tx) tx = ledger_begin (office->ledger);

	assert_ok (person_case_set (tx, &a, &clinic, &case_id));
	assert_ok (person_case_set (tx, &a, &clinic, &case_id));
	assert_int_equal (person_case_set (tx, &b, &clinic, &case_id), ERR_CONFLICT);
	assert_ok (tx_commit (tx));
}

static void more_people_than_keys_are_kept_in_memory_all_open (void **state)
{
	struct office *office = *state;
	struct person_id ids[200];
	struct person person;
	char name[32];

	for (size_t i = 0; i < COUNT_OF (ids); i++) {
		snprintf (name, sizeof name, "Orang %zu", i);
		ids[i] = add_person (office, name, "");
	}
	for (size_t i = 0; i < COUNT_OF (ids); i++) {
		snprintf (name, sizeof name, "Orang %zu", i);
		assert_ok (person_get (office->ledger, &ids[i], office->arena, &person));
		assert_string_equal (person.name, name);
	}
}

static void rows_of_two_people_cannot_be_swapped (void **state)
{
	struct office *office = *state;
	struct person_id a = add_person (office, "A", ""), b = add_person (office, "B", "");

	RUN (office->ledger->sql,
	     "UPDATE data_key SET wrapped = (SELECT wrapped FROM data_key WHERE person = ?2)"
	     " WHERE person = ?1", ID (a), ID (b));
	ledger_destroy (&office->ledger);
	assert_int_equal (ledger_open (office->folder, office->key_file, &office->ledger, NULL),
			  ERR_CORRUPT);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		office_test (what_was_stored_of_a_person_comes_back),
		office_test (case_numbers_count_up_within_a_year),
		office_test (the_year_of_a_number_is_that_of_wib),
		office_test (a_person_is_found_by_number_nik_uuid_and_parts_of_the_name),
		office_test (accents_case_and_apostrophes_do_not_hide_a_name),
		office_test (two_who_match_are_ambiguous_and_listed),
		office_test (a_changed_name_is_found_and_the_old_one_is_not),
		office_test (a_rolled_back_person_is_nowhere),
		office_test (nothing_about_a_person_is_in_clear_on_disk),
		office_test (erasure_leaves_every_hash_and_no_key),
		office_test (an_erasure_that_is_rolled_back_erases_nothing),
		office_test (a_case_id_is_made_once_per_partner_and_leads_back),
		office_test (a_case_id_never_means_two_people),
		office_test (more_people_than_keys_are_kept_in_memory_all_open),
		office_test (rows_of_two_people_cannot_be_swapped),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
