/* Consent clauses, withdrawals that come before or after them, holders; and the hub's marks. */
#include "tests/agents/ledger/office.h"

#include "agents/ledger/clause.h"
#include "agents/ledger/mark.h"
#include "agents/ledger/migration.h"
#include "agents/ledger/store.h"

static const char *const labels[] = { "health", "identity" };

static struct signed_clause make_as (struct office *office, const char *grantor, uint8_t id,
				     keypair_t *sig)
{
	struct clause clause = { .id = { { id } }, .grantor = agency (grantor),
				 .recipient = agency ("klinik"), .recipient_kind = "",
				 .recipient_region = "", .purpose = "treatment", .label_count = 2,
				 .labels = labels, .valid_from_ms = 1, .valid_to_ms = 99999 };
	struct signed_clause signed_clause;

	assert_ok (clause_sign (&clause, sig, office->arena, &signed_clause));
	return signed_clause;
}

static struct signed_clause make (struct office *office, uint8_t id, keypair_t *sig)
{
	return make_as (office, "ipwl-pesona", id, sig);
}

static struct clause_id add (struct office *office, uint8_t id, const struct person_id *person,
			     keypair_t *sig)
{
	struct signed_clause signed_clause = make (office, id, sig);
	OWNED (tx) tx = ledger_begin (office->ledger);

	clause_add (tx, &signed_clause, person, true, 500);
	assert_ok (tx_commit (tx));
	return (struct clause_id){ { id } };
}

static struct signed_withdrawal word_of (struct office *office, const char *grantor, uint8_t id,
					 int64_t said_ms, keypair_t *sig)
{
	struct withdrawal withdrawal = { .clause = { { id } }, .grantor = agency (grantor),
					 .said_ms = said_ms, .recorded_ms = said_ms + 1,
					 .recorded_by = agency (grantor) };
	struct signed_withdrawal made;

	assert_ok (withdrawal_sign (&withdrawal, sig, office->arena, &made));
	return made;
}

static void withdraw_as (struct office *office, const char *grantor, uint8_t id, int64_t said_ms,
			 keypair_t *sig)
{
	struct signed_withdrawal made = word_of (office, grantor, id, said_ms, sig);
	struct agency_id agency_id = agency (grantor);
	OWNED (tx) tx = ledger_begin (office->ledger);

	clause_withdraw (tx, &(struct clause_id){ { id } }, &agency_id, said_ms, &made);
	assert_ok (tx_commit (tx));
}

static void withdraw (struct office *office, uint8_t id, int64_t said_ms, keypair_t *sig)
{
	withdraw_as (office, "ipwl-pesona", id, said_ms, sig);
}

static int64_t withdrawn_by (struct office *office, const char *grantor, struct clause_id id)
{
	struct agency_id agency_id = agency (grantor);

	return clause_withdrawn (office->ledger, &id, &agency_id);
}

static struct clause_row get_of (struct office *office, const char *grantor, struct clause_id id)
{
	struct agency_id agency_id = agency (grantor);
	struct clause_row row;

	assert_ok (clause_get (office->ledger, &id, &agency_id, office->arena, &row));
	return row;
}

static struct clause_row get (struct office *office, struct clause_id id)
{
	return get_of (office, "ipwl-pesona", id);
}

static void a_clause_comes_back_as_it_was_signed (void **state)
{
	struct office *office = *state;
	OWNED (keypair) sig = keypair_new (KEY_SIG);
	struct public_key key = keypair_public (sig);
	struct person_id person = add_person (office, "Dewi", "");
	struct clause_id id = add (office, 7, &person, sig);
	struct clause_row row, *rows;

	office_reopen (office);
	row = get (office, id);
	assert_ok (clause_verify (&row.signed_clause, &key));
	assert_string_equal (row.clause.recipient.text, "klinik");
	assert_string_equal (row.clause.purpose, "treatment");
	assert_int_equal (row.clause.label_count, 2);
	assert_true (ID_EQUAL (row.person, person));
	assert_true (row.granted_here);
	assert_int_equal (row.recorded_ms, 500);
	assert_int_equal (row.withdrawn_said_ms, 0);
	assert_int_equal (row.withdrawal.withdrawal.len, 0);
	add (office, 8, &person, sig);
	assert_int_equal (clause_list (office->ledger, &person, office->arena, &rows), 2);
	assert_int_equal (rows[1].clause.id.b[0], 8);
	assert_false (folder_has (office, "treatment"));
	assert_false (folder_has (office, "health"));
}

static void the_earliest_word_of_a_withdrawal_counts_and_the_signed_one_fills_in (void **state)
{
	struct office *office = *state;
	OWNED (keypair) sig = keypair_new (KEY_SIG);
	struct public_key key = keypair_public (sig);
	struct person_id person = add_person (office, "Dewi", "");
	struct clause_id id = add (office, 7, &person, sig);
	struct clause_row row;

	withdraw (office, 7, 2000, NULL);
	row = get (office, id);
	assert_int_equal (row.withdrawn_said_ms, 2000);
	assert_int_equal (row.withdrawal.withdrawal.len, 0);
	withdraw (office, 7, 2500, sig);
	withdraw (office, 7, 3000, NULL);
	row = get (office, id);
	assert_int_equal (row.withdrawn_said_ms, 2000);
	assert_ok (withdrawal_verify (&row.withdrawal, &key));
	assert_int_equal (withdrawn_by (office, "ipwl-pesona", id), 2000);
}

static void a_withdrawal_that_comes_first_waits_for_its_clause (void **state)
{
	struct office *office = *state;
	OWNED (keypair) sig = keypair_new (KEY_SIG);
	struct person_id person = add_person (office, "Dewi", "");
	struct clause_id id = { { 7 } }, other = { { 8 } };
	struct agency_id pesona = agency ("ipwl-pesona");
	struct clause_row row;

	withdraw (office, 7, 2000, sig);
	assert_int_equal (withdrawn_by (office, "ipwl-pesona", id), 2000);
	assert_int_equal (withdrawn_by (office, "ipwl-pesona", other), 0);
	assert_int_equal (clause_get (office->ledger, &id, &pesona, office->arena, &row), ERR_NOT_FOUND);
	add (office, 7, &person, sig);
	assert_int_equal (get (office, id).withdrawn_said_ms, 2000);
}

static void a_strangers_withdrawal_neither_binds_nor_shadows_the_grantors (void **state)
{
	struct office *office = *state;
	OWNED (keypair) sig = keypair_new (KEY_SIG);
	OWNED (keypair) strange = keypair_new (KEY_SIG);
	struct public_key key = keypair_public (sig);
	struct person_id person = add_person (office, "Dewi", "");
	struct clause_id id = { { 7 } };
	struct clause_row row, *rows;

	withdraw_as (office, "rs-asing", 7, 1000, strange);
	assert_int_equal (withdrawn_by (office, "ipwl-pesona", id), 0);
	add (office, 7, &person, sig);
	assert_int_equal (get (office, id).withdrawn_said_ms, 0);
	assert_int_equal (get (office, id).withdrawal.withdrawal.len, 0);
	withdraw (office, 7, 2000, sig);
	withdraw_as (office, "rs-asing", 7, 1500, strange);
	row = get (office, id);
	assert_int_equal (row.withdrawn_said_ms, 2000);
	assert_ok (withdrawal_verify (&row.withdrawal, &key));
	assert_int_equal (clause_list (office->ledger, &person, office->arena, &rows), 1);
	assert_int_equal (rows[0].withdrawn_said_ms, 2000);
	assert_int_equal (withdrawn_by (office, "rs-asing", id), 1000);
}

/* ---- a ledger from before withdrawals were kept by grantor ---- */

static struct bytes old_seal (struct office *office, uint8_t id,
			      const struct signed_withdrawal *made)
{
	struct clause_id clause = { { id } };
	struct bytes parts[] = { made->withdrawal, ID_BYTES (made->sig_key_id),
				 ID_BYTES (made->signature) };

	return seal (office->ledger, &(struct person_id){ 0 },
		     (struct place){ "withdrawn", ID_BYTES (clause), BYTES_NONE },
		     pack (parts, 3, office->arena), office->arena);
}

static void old_row (sql_t *sql, uint8_t id, int64_t said_ms, struct bytes sealed)
{
	struct clause_id clause = { { id } };

	RUN (sql, "INSERT INTO withdrawn (clause, said_ms, sealed) VALUES (?1, ?2, ?3)",
	     ID (clause), INT (said_ms), BLOB (sealed));
}

/* The schema's second step, with what its program knew of withdrawals. */
static void turn_back (struct office *office, struct bytes own, struct bytes strange)
{
	char path[128];
	sql_t *sql;

	office_turn_back (office, 2);
	snprintf (path, sizeof path, "%s/ledger.db", office->folder);
	assert_ok (sql_open (path, false, &sql));
	old_row (sql, 7, 2000, own);
	old_row (sql, 8, 3000, strange);
	old_row (sql, 9, 4000, BYTES_NONE);
	assert_ok (sql_err (sql));
	sql_destroy (&sql);
}

static void withdrawals_of_an_older_program_bind_whom_they_name (void **state)
{
	struct office *office = *state;
	OWNED (keypair) sig = keypair_new (KEY_SIG);
	struct public_key key = keypair_public (sig);
	struct person_id person = add_person (office, "Dewi", "");
	struct signed_withdrawal own = word_of (office, "ipwl-pesona", 7, 2000, sig);
	struct signed_withdrawal strange = word_of (office, "rs-asing", 8, 3000, sig);
	struct clause_id signed_id = add (office, 7, &person, sig);
	struct clause_id strange_id = add (office, 8, &person, sig);
	struct clause_id heard_id = add (office, 9, &person, sig);
	struct clause_row row;

	turn_back (office, old_seal (office, 7, &own), old_seal (office, 8, &strange));
	office_open (office);
	row = get (office, signed_id);
	assert_int_equal (row.withdrawn_said_ms, 2000);
	assert_ok (withdrawal_verify (&row.withdrawal, &key));
	assert_int_equal (get (office, strange_id).withdrawn_said_ms, 0);
	assert_int_equal (get (office, heard_id).withdrawn_said_ms, 4000);
	withdraw (office, 9, 4500, sig);
	row = get (office, heard_id);
	assert_int_equal (row.withdrawn_said_ms, 4000);
	assert_ok (withdrawal_verify (&row.withdrawal, &key));
}

static void a_clause_that_comes_again_changes_nothing (void **state)
{
	struct office *office = *state;
	OWNED (keypair) sig = keypair_new (KEY_SIG);
	OWNED (keypair) other = keypair_new (KEY_SIG);
	struct public_key key = keypair_public (sig);
	struct person_id a = add_person (office, "A", ""), b = add_person (office, "B", "");
	struct clause_id id = add (office, 7, &a, sig);
	struct clause_row row;

	add (office, 7, &b, other);
	row = get (office, id);
	assert_true (ID_EQUAL (row.person, a));
	assert_ok (clause_verify (&row.signed_clause, &key));
}

static void a_stranger_cannot_take_the_place_of_a_clause (void **state)
{
	struct office *office = *state;
	OWNED (keypair) sig = keypair_new (KEY_SIG);
	struct person_id dewi = add_person (office, "Dewi", ""), budi = add_person (office, "Budi", "");
	struct signed_clause planted = make_as (office, "rsud", 7, sig);
	struct clause_id id = { { 7 } };
	struct clause_row *rows;
	tx_t *tx = ledger_begin (office->ledger);

	clause_add (tx, &planted, &budi, false, 400);
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	add (office, 7, &dewi, sig);
	assert_true (ID_EQUAL (get (office, id).person, dewi));
	assert_true (ID_EQUAL (get_of (office, "rsud", id).person, budi));
	withdraw_as (office, "rsud", 7, 1000, sig);
	assert_int_equal (get (office, id).withdrawn_said_ms, 0);
	assert_int_equal (get_of (office, "rsud", id).withdrawn_said_ms, 1000);
	assert_int_equal (clause_list (office->ledger, &dewi, office->arena, &rows), 1);
	assert_string_equal (rows[0].clause.grantor.text, "ipwl-pesona");
}

static void clauses_of_an_older_program_get_their_grantor (void **state)
{
	struct office *office = *state;
	OWNED (keypair) sig = keypair_new (KEY_SIG);
	struct agency_id pesona = agency ("ipwl-pesona"), clinic = agency ("klinik");
	struct person_id dewi = add_person (office, "Dewi", ""), budi = add_person (office, "Budi", "");
	struct clause_id id = add (office, 7, &dewi, sig), erased = add (office, 8, &budi, sig);
	struct clause_row row;
	struct holder *holders;
	tx_t *tx = ledger_begin (office->ledger);

	holder_add (tx, &id, &pesona, &clinic, 10);
	person_erase (tx, &budi);
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	office_turn_back (office, 2);
	office_open (office);
	assert_true (ID_EQUAL (get (office, id).person, dewi));
	assert_int_equal (holder_list (office->ledger, &id, &pesona, office->arena, &holders), 1);
	assert_int_equal (clause_get (office->ledger, &erased, &pesona, office->arena, &row),
			  ERR_NOT_FOUND);
}

static void bytes_that_are_no_clause_undo_the_step (void **state)
{
	struct office *office = *state;
	struct signed_clause bad = { .clause = bytes_of_text ("bukan persetujuan") };
	struct person_id person = add_person (office, "A", "");
	OWNED (tx) tx = ledger_begin (office->ledger);

	clause_add (tx, &bad, &person, false, 1);
	assert_int_not_equal (tx_commit (tx), ERR_OK);
}

static void an_erased_persons_clause_keeps_only_its_id_and_its_end (void **state)
{
	struct office *office = *state;
	OWNED (keypair) sig = keypair_new (KEY_SIG);
	struct person_id person = add_person (office, "Dewi", "");
	struct clause_id id = add (office, 7, &person, sig);
	tx_t *tx;

	withdraw (office, 7, 2000, sig);
	tx = ledger_begin (office->ledger);
	person_erase (tx, &person);
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	assert_int_equal (get (office, id).signed_clause.clause.len, 0);
	assert_string_equal (get (office, id).clause.purpose, "");
	assert_true (ID_EQUAL (get (office, id).clause.id, id));
	assert_int_equal (get (office, id).withdrawn_said_ms, 2000);
}

static void holders_are_told_and_confirm (void **state)
{
	struct office *office = *state;
	struct clause_id id = { { 7 } };
	struct agency_id pesona = agency ("ipwl-pesona"), grantor = { "" };
	struct agency_id clinic = agency ("klinik"), hospital = agency ("rsud");
	struct holder *holders;
	OWNED (tx) tx = ledger_begin (office->ledger);

	holder_add (tx, &id, &pesona, &clinic, 10);
	holder_add (tx, &id, &pesona, &hospital, 20);
	holder_add (tx, &id, &pesona, &clinic, 30);
	holder_told (tx, &id, &pesona, &clinic, 40);
	holder_told (tx, &id, &pesona, &clinic, 50);
	holder_stopped (tx, &id, &pesona, &clinic, 60, 2, 1);
	assert_ok (tx_commit (tx));
	assert_int_equal (holder_list (office->ledger, &id, &hospital, office->arena, &holders), 0);
	assert_ok (holder_find (office->ledger, &id, &clinic, &grantor));
	assert_string_equal (grantor.text, "ipwl-pesona");
	assert_int_equal (holder_find (office->ledger, &id, &pesona, &grantor), ERR_NOT_FOUND);
	assert_int_equal (holder_list (office->ledger, &id, &pesona, office->arena, &holders), 2);
	assert_string_equal (holders[0].agency.text, "klinik");
	assert_int_equal (holders[0].since_ms, 10);
	assert_int_equal (holders[0].told_ms, 40);
	assert_int_equal (holders[0].stopped_ms, 60);
	assert_int_equal (holders[0].threads_stopped, 2);
	assert_int_equal (holders[0].passed_on, 1);
	assert_int_equal (holders[1].told_ms, 0);
	assert_int_equal (holders[1].stopped_ms, 0);
}

static void marks_start_at_one_and_come_back (void **state)
{
	struct office *office = *state;
	struct marks marks = { .hub_store_id = { { 1 } }, .takes_over = { { 2 } }, .next_pseq = 17,
			       .dseq = { 0, 3, 4, 5 }, .checkpoint = "asal\n5\nakar\n",
			       .hub_offset_ms = -90000 }, got;
	tx_t *tx;

	marks_get (office->ledger, office->arena, &got);
	assert_true (ID_IS_NONE (got.hub_store_id));
	assert_int_equal (got.next_pseq, 1);
	assert_string_equal (got.checkpoint, "");
	tx = ledger_begin (office->ledger);
	marks_set (tx, &marks);
	marks.next_pseq = 18;
	marks_set (tx, &marks);
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	office_reopen (office);
	marks_get (office->ledger, office->arena, &got);
	assert_int_equal (got.hub_store_id.b[0], 1);
	assert_int_equal (got.takes_over.b[0], 2);
	assert_int_equal (got.next_pseq, 18);
	assert_int_equal (got.dseq[CLASS_STAT], 3);
	assert_int_equal (got.dseq[CLASS_ROUTINE], 5);
	assert_string_equal (got.checkpoint, "asal\n5\nakar\n");
	assert_int_equal (got.hub_offset_ms, -90000);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		office_test (a_clause_comes_back_as_it_was_signed),
		office_test (the_earliest_word_of_a_withdrawal_counts_and_the_signed_one_fills_in),
		office_test (a_withdrawal_that_comes_first_waits_for_its_clause),
		office_test (a_strangers_withdrawal_neither_binds_nor_shadows_the_grantors),
		office_test (withdrawals_of_an_older_program_bind_whom_they_name),
		office_test (a_clause_that_comes_again_changes_nothing),
		office_test (a_stranger_cannot_take_the_place_of_a_clause),
		office_test (clauses_of_an_older_program_get_their_grantor),
		office_test (bytes_that_are_no_clause_undo_the_step),
		office_test (an_erased_persons_clause_keeps_only_its_id_and_its_end),
		office_test (holders_are_told_and_confirm),
		office_test (marks_start_at_one_and_come_back),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
