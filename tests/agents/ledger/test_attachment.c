/* Attachments in the ledger: sealed, found, ended, swept and erased. */
#include "tests/agents/ledger/office.h"

#include "agents/ledger/attachment.h"
#include "agents/ledger/outbox.h"

#define CANARY "kanariputih dalam berkas"

static const struct letter_id letter_id = { { 5 } };

static struct attachment_row row_in (enum attachment_state state, struct person_id person)
{
	struct attachment_row row = { .state = state, .person = person, .length = 100,
				      .created_ms = 1000, .expires_at_ms = 9000,
				      .title = "kanarihijau.pdf", .media_type = "application/pdf",
				      .label = "health", .letter = letter_id,
				      .blob = { { 6 } }, .digest = { { 7 } }, .key = { { 8 } } };

	random16_make (row.id);
	row.partner = agency ("klinik");
	return row;
}

static uint64_t put (struct office *office, struct attachment_row row)
{
	OWNED (tx) tx = ledger_begin (office->ledger);

	attachment_add (tx, &row);
	attachment_put_plain (tx, &row, 0, bytes_of_text (CANARY));
	attachment_put_wire (tx, &row, 0, bytes_of_text (CANARY));
	assert_ok (tx_commit (tx));
	return row.n;
}

static struct attachment_row get (struct office *office, uint64_t n)
{
	struct attachment_row row;

	assert_ok (attachment_get (office->ledger, n, office->arena, &row));
	return row;
}

/* What was dropped goes a few at a time. */
static void discard_all (struct office *office)
{
	while (attachment_has_dropped (office->ledger)) {
		OWNED (tx) tx = ledger_begin (office->ledger);

		attachment_discard (tx);
		assert_ok (tx_commit (tx));
	}
}

static bool has_bytes (struct office *office, uint64_t n)
{
	struct attachment_row row = get (office, n);
	struct bytes plain;

	discard_all (office);
	return attachment_get_plain (office->ledger, &row, 0, office->arena, &plain) == ERR_OK
	       && attachment_get_wire (office->ledger, &row, 0, office->arena, &plain) == ERR_OK;
}

static void what_was_put_is_found_again_after_a_restart (void **state)
{
	struct office *office = *state;
	struct person_id person = add_person (office, "Budi", "");
	uint64_t n = put (office, row_in (ATTACHMENT_STAGED, person));
	struct attachment_row row, found;
	struct bytes plain;

	office_reopen (office);
	row = get (office, n);
	assert_string_equal (row.title, "kanarihijau.pdf");
	assert_string_equal (row.label, "health");
	assert_int_equal (row.digest.b[0], 7);
	assert_int_equal (row.key.b[0], 8);
	assert_ok (attachment_find (office->ledger, row.id, office->arena, &found));
	assert_int_equal (found.n, n);
	assert_ok (attachment_get_plain (office->ledger, &row, 0, office->arena, &plain));
	assert_true (bytes_equal (plain, bytes_of_text (CANARY)));
	assert_int_equal (attachment_get_plain (office->ledger, &row, 1, office->arena, &plain),
			  ERR_NOT_FOUND);
}

static void nothing_of_a_file_stands_in_clear (void **state)
{
	struct office *office = *state;

	put (office, row_in (ATTACHMENT_STAGED, add_person (office, "Budi", "")));
	put (office, row_in (ATTACHMENT_STAGED, (struct person_id){ { 0 } }));
	ledger_destroy (&office->ledger);
	assert_false (folder_has (office, CANARY));
	assert_false (folder_has (office, "kanarihijau"));
	office_open (office);
}

static void two_uploads_of_one_id_are_a_conflict (void **state)
{
	struct office *office = *state;
	struct attachment_row row = row_in (ATTACHMENT_STAGED, (struct person_id){ { 0 } });
	tx_t *tx;

	put (office, row);
	tx = ledger_begin (office->ledger);
	attachment_add (tx, &row);
	assert_int_equal (tx_err (tx), ERR_CONFLICT);
	tx_destroy (&tx);
}

static void an_erased_person_s_files_are_gone (void **state)
{
	struct office *office = *state;
	struct person_id person = add_person (office, "Budi", ""), other = add_person (office, "Ani", "");
	uint64_t here = put (office, row_in (ATTACHMENT_HERE, person));
	uint64_t sending = put (office, row_in (ATTACHMENT_SENDING, person));
	uint64_t hers = put (office, row_in (ATTACHMENT_HERE, other));
	tx_t *tx = ledger_begin (office->ledger);

	person_erase (tx, &person);
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	assert_int_equal (get (office, here).state, ATTACHMENT_ERASED);
	assert_string_equal (get (office, here).title, "");
	assert_int_equal (get (office, sending).state, ATTACHMENT_LOST);
	assert_false (has_bytes (office, here));
	assert_false (has_bytes (office, sending));
	assert_true (has_bytes (office, hers));
}

/* Whatever is left of them in a copy is of no use without the key. */
static void without_the_person_s_key_bytes_don_t_open (void **state)
{
	struct office *office = *state;
	struct person_id person = add_person (office, "Budi", "");
	uint64_t n = put (office, row_in (ATTACHMENT_HERE, person));
	struct attachment_row row = get (office, n);
	struct bytes plain;
	tx_t *tx = ledger_begin (office->ledger);

	keyring_erase (office->ledger->keys, &person);
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	assert_int_equal (attachment_get_plain (office->ledger, &row, 0, office->arena, &plain),
			  ERR_ERASED);
}

static void uploads_of_yesterday_go_and_others_stay (void **state)
{
	struct office *office = *state;
	struct attachment_row fresh = row_in (ATTACHMENT_STAGED, (struct person_id){ { 0 } });
	uint64_t old = put (office, row_in (ATTACHMENT_STAGED, (struct person_id){ { 0 } }));
	uint64_t waiting = put (office, row_in (ATTACHMENT_WAITING, (struct person_id){ { 0 } })), n;
	struct attachment_row row;
	tx_t *tx;

	fresh.created_ms = 5000;
	n = put (office, fresh);
	tx = ledger_begin (office->ledger);
	assert_int_equal (attachment_sweep (tx, 4000), 1);
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	assert_int_equal (attachment_get (office->ledger, old, office->arena, &row), ERR_NOT_FOUND);
	assert_true (has_bytes (office, n));
	assert_true (has_bytes (office, waiting));
}

static void a_letter_that_ends_takes_its_files_with_it_but_not_those_delivered (void **state)
{
	struct office *office = *state;
	struct person_id nobody = { { 0 } };
	uint64_t at_hub = put (office, row_in (ATTACHMENT_AT_HUB, nobody));
	uint64_t delivered = put (office, row_in (ATTACHMENT_DELIVERED, nobody));
	struct agency_id partner = agency ("klinik");
	tx_t *tx = ledger_begin (office->ledger);

	assert_true (attachment_pending (office->ledger, &letter_id));
	assert_int_equal (attachment_end_letter (tx, &partner, &letter_id, ATTACHMENT_LOST, ERR_EXPIRED),
			  1);
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	assert_int_equal (get (office, at_hub).state, ATTACHMENT_LOST);
	assert_int_equal (get (office, at_hub).error, ERR_EXPIRED);
	assert_false (has_bytes (office, at_hub));
	assert_int_equal (get (office, delivered).state, ATTACHMENT_DELIVERED);
	assert_false (attachment_pending (office->ledger, &letter_id));
}

static void one_to_be_put_waits_for_its_letter_s_custody (void **state)
{
	struct office *office = *state;
	struct person_id nobody = { { 0 } };
	struct letter letter = { .kind = "x", .kind_version = 1, .sig_key_id = { { 1 } },
				 .from_user = "", .from_role = "", .to_role = "", .created_ms = 1,
				 .purpose = "", .rule = { "", "", "", "" }, .checkpoint = "" };
	struct outbox_row out = { .to = agency ("klinik"), .class = CLASS_ROUTINE, .kind = "x",
				  .created_ms = 1, .expires_at_ms = 9000, .id = letter_id };
	struct attachment_row row;
	tx_t *tx = ledger_begin (office->ledger);

	outbox_add (tx, &out, &letter);
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	put (office, row_in (ATTACHMENT_SENDING, nobody));
	assert_int_equal (attachment_next (office->ledger, ATTACHMENT_SENDING, 1, office->arena, &row),
			  ERR_NOT_FOUND);
	tx = ledger_begin (office->ledger);
	assert_ok (outbox_in_custody (tx, &letter_id, 1, 1, 1));
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	assert_ok (attachment_next (office->ledger, ATTACHMENT_SENDING, 1, office->arena, &row));
}

static void a_letter_waits_for_files_that_are_not_sealed (void **state)
{
	struct office *office = *state;
	struct letter letter = { .kind = "x", .kind_version = 1, .sig_key_id = { { 1 } },
				 .from_user = "", .from_role = "", .to_role = "", .created_ms = 1,
				 .purpose = "", .rule = { "", "", "", "" }, .checkpoint = "" };
	struct outbox_row out = { .to = agency ("klinik"), .class = CLASS_ROUTINE, .kind = "x",
				  .created_ms = 1, .expires_at_ms = 9000, .id = letter_id }, *due;
	struct attachment_row row = row_in (ATTACHMENT_WAITING, (struct person_id){ { 0 } });
	tx_t *tx = ledger_begin (office->ledger);

	outbox_add (tx, &out, &letter);
	attachment_add (tx, &row);
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	assert_int_equal (outbox_due (office->ledger, 9, 9, office->arena, &due), 0);
	assert_int_equal (outbox_next_due (office->ledger), INT64_MAX);
	tx = ledger_begin (office->ledger);
	row.state = ATTACHMENT_SENDING;
	attachment_moved (tx, &row);
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	assert_int_equal (outbox_due (office->ledger, 9, 9, office->arena, &due), 1);
}

static bool has_wire (struct office *office, uint64_t n)
{
	struct attachment_row row = get (office, n);
	struct bytes piece;

	discard_all (office);
	return attachment_get_wire (office->ledger, &row, 0, office->arena, &piece) == ERR_OK;
}

static size_t give_again (struct office *office)
{
	OWNED (tx) tx = ledger_begin (office->ledger);
	size_t given = attachment_give_again (tx, &letter_id);

	assert_ok (tx_commit (tx));
	return given;
}

static void let_go (struct office *office, int64_t before_ms)
{
	OWNED (tx) tx = ledger_begin (office->ledger);

	attachment_let_go (tx, before_ms);
	assert_ok (tx_commit (tx));
}

static void a_delivered_one_can_be_given_again_as_long_as_it_is_kept (void **state)
{
	struct office *office = *state;
	struct attachment_row row = row_in (ATTACHMENT_DELIVERED, add_person (office, "Dimas", ""));
	uint64_t n;

	row.kept_until_ms = 5000;
	n = put (office, row);
	let_go (office, 4000);
	assert_true (has_wire (office, n));
	assert_true (attachment_kept (office->ledger, &letter_id));
	assert_false (attachment_pending (office->ledger, &letter_id));
	assert_int_equal (give_again (office), 1);
	assert_int_equal (get (office, n).state, ATTACHMENT_SENDING);
	assert_int_equal (get (office, n).done, 0);
	let_go (office, INT64_MAX);
	assert_true (has_wire (office, n));
}

static void one_that_was_let_go_is_not_given_again (void **state)
{
	struct office *office = *state;
	struct attachment_row row = row_in (ATTACHMENT_DELIVERED, add_person (office, "Dimas", ""));
	uint64_t n;

	row.kept_until_ms = 5000;
	n = put (office, row);
	let_go (office, 6000);
	assert_false (has_wire (office, n));
	assert_false (attachment_kept (office->ledger, &letter_id));
	assert_int_equal (give_again (office), 0);
	assert_int_equal (get (office, n).state, ATTACHMENT_DELIVERED);
}

static void every_state_has_a_name (void **state)
{
	static const int states[] = { 1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 14, 15, 16 };

	for (size_t i = 0; i < COUNT_OF (states); i++)
		assert_string_not_equal (attachment_state_name ((enum attachment_state)states[i]),
					 "none");
	assert_string_equal (attachment_state_name ((enum attachment_state)8), "none");
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		office_test (what_was_put_is_found_again_after_a_restart),
		office_test (nothing_of_a_file_stands_in_clear),
		office_test (two_uploads_of_one_id_are_a_conflict),
		office_test (an_erased_person_s_files_are_gone),
		office_test (without_the_person_s_key_bytes_don_t_open),
		office_test (uploads_of_yesterday_go_and_others_stay),
		office_test (a_letter_that_ends_takes_its_files_with_it_but_not_those_delivered),
		office_test (one_to_be_put_waits_for_its_letter_s_custody),
		office_test (a_letter_waits_for_files_that_are_not_sealed),
		office_test (a_delivered_one_can_be_given_again_as_long_as_it_is_kept),
		office_test (one_that_was_let_go_is_not_given_again),
		cmocka_unit_test (every_state_has_a_name),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
