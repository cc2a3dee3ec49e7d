/* The inbox: duplicates and equivocation, bodies, receipts owed, and holes in pair sequences. */
#include "tests/agents/ledger/office.h"

#include "agents/ledger/inbox.h"
#include "agents/ledger/outbox.h"

#define CANARY "temuan: amfetamin positif"

static struct inbox_row row_from (const char *from, uint8_t id)
{
	return (struct inbox_row){ .id = { { id } }, .from = agency (from), .header_hash = { { id } },
				   .class = CLASS_URGENT, .state = INBOX_APPLIED,
				   .kind = "referral.report", .rev = 3, .thread = { { 1 } },
				   .arrived_ms = 1000 + id, .code = ERR_OK,
				   .receipt = { .id = { { id } }, .header_hash = { { id } },
						.status = RECEIPT_IS_STORED, .at_ms = 1234,
						.digest = { { 8 } } },
				   .h = bytes_of_text ("kepala"), .s = bytes_of_text (CANARY),
				   .sig = { { 6 } } };
}

static void add (struct office *office, struct inbox_row row)
{
	OWNED (tx) tx = ledger_begin (office->ledger);

	inbox_add (tx, &row);
	assert_ok (tx_commit (tx));
}

static struct inbox_row get (struct office *office, const char *from, uint8_t id)
{
	struct agency_id sender = agency (from);
	struct letter_id letter = { { id } };
	struct inbox_row row;

	assert_ok (inbox_get (office->ledger, &sender, &letter, office->arena, &row));
	return row;
}

static void a_letter_comes_back_whole_after_a_restart (void **state)
{
	struct office *office = *state;
	struct inbox_row full = row_from ("klinik", 5), got;

	full.person = add_person (office, "Dewi", "");
	full.code = ERR_NO_CONSENT;
	full.late = true;
	full.receipt.time_doubtful = true;
	add (office, full);
	assert_false (folder_has (office, CANARY));
	office_reopen (office);
	got = get (office, "klinik", 5);
	assert_int_equal (got.class, CLASS_URGENT);
	assert_int_equal (got.state, INBOX_APPLIED);
	assert_string_equal (got.kind, "referral.report");
	assert_int_equal (got.rev, 3);
	assert_int_equal (got.arrived_ms, 1005);
	assert_int_equal (got.code, ERR_NO_CONSENT);
	assert_true (got.late && !got.time_doubtful);
	assert_int_equal (got.receipt.at_ms, 1234);
	assert_int_equal (got.receipt.id.b[0], 5);
	assert_int_equal (got.receipt.digest.b[0], 8);
	assert_true (got.receipt.time_doubtful && !got.receipt.late);
	assert_true (bytes_equal (got.h, bytes_of_text ("kepala")));
	assert_true (bytes_equal (got.s, bytes_of_text (CANARY)));
	assert_int_equal (got.sig.b[0], 6);
}

static void the_same_letter_is_a_duplicate_and_other_bytes_are_equivocation (void **state)
{
	struct office *office = *state;
	struct inbox_row row = row_from ("klinik", 5), seen;
	struct agency_id other = agency ("rsud");
	struct hash other_hash = { { 99 } };

	assert_int_equal (inbox_seen (office->ledger, &row.from, &row.id, &row.header_hash,
				      office->arena, &seen), INBOX_NEW);
	add (office, row);
	assert_int_equal (inbox_seen (office->ledger, &row.from, &row.id, &row.header_hash,
				      office->arena, &seen), INBOX_DUPLICATE);
	assert_int_equal (seen.receipt.at_ms, 1234);   /* the identical receipt */
	assert_int_equal (inbox_seen (office->ledger, &row.from, &row.id, &other_hash, office->arena,
				      &seen), INBOX_EQUIVOCATION);
	assert_int_equal (inbox_seen (office->ledger, &other, &row.id, &row.header_hash,
				      office->arena, &seen), INBOX_NEW);
}

static void storing_a_letter_twice_is_a_conflict (void **state)
{
	struct office *office = *state;
	struct inbox_row row = row_from ("klinik", 5);
	tx_t *tx;

	add (office, row);
	tx = ledger_begin (office->ledger);
	inbox_add (tx, &row);
	assert_int_equal (tx_commit (tx), ERR_CONFLICT);
	tx_destroy (&tx);
	assert_true (bytes_equal (get (office, "klinik", 5).s, bytes_of_text (CANARY)));
}

static void a_letter_given_to_a_person_goes_with_that_person (void **state)
{
	struct office *office = *state;
	struct person_id person = add_person (office, "Dewi", "");
	struct inbox_row row = row_from ("klinik", 5);
	tx_t *tx;

	add (office, row);
	tx = ledger_begin (office->ledger);
	inbox_set_person (tx, &row.from, &row.id, &person);
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	row = get (office, "klinik", 5);
	assert_true (ID_EQUAL (row.person, person));
	assert_true (bytes_equal (row.s, bytes_of_text (CANARY)));
	tx = ledger_begin (office->ledger);
	person_erase (tx, &person);
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	assert_int_equal (get (office, "klinik", 5).s.len, 0);
	assert_true (get (office, "klinik", 5).h.len > 0);
}

static void an_erased_body_leaves_the_hash (void **state)
{
	struct office *office = *state;
	struct inbox_row row = row_from ("klinik", 5);
	tx_t *tx;

	row.state = INBOX_HELD;
	add (office, row);
	tx = ledger_begin (office->ledger);
	inbox_erase_body (tx, &row.from, &row.id);
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	row = get (office, "klinik", 5);
	assert_int_equal (row.state, INBOX_ERASED);
	assert_int_equal (row.s.len, 0);
	assert_int_equal (row.header_hash.b[0], 5);
}

static void letters_of_a_state_come_oldest_first (void **state)
{
	struct office *office = *state;
	struct thread_id thread = { { 1 } }, other = { { 2 } };
	struct inbox_row row, *rows;

	for (uint8_t i = 1; i <= 5; i++) {
		row = row_from ("klinik", i);
		row.state = i == 3 ? INBOX_APPLIED : INBOX_PARKED;
		row.thread = i == 5 ? other : thread;
		add (office, row);
	}
	assert_int_equal (inbox_list (office->ledger, INBOX_PARKED, NULL, 0, 9, office->arena, &rows),
			  4);
	assert_int_equal (rows[0].id.b[0], 1);
	assert_int_equal (rows[3].id.b[0], 5);
	assert_true (bytes_equal (rows[3].s, bytes_of_text (CANARY)));
	assert_int_equal (inbox_list (office->ledger, INBOX_PARKED, &thread, 0, 9, office->arena,
				      &rows), 3);
	assert_int_equal (inbox_list (office->ledger, INBOX_PARKED, NULL, 1002, 9, office->arena,
				      &rows), 1);
	assert_int_equal (inbox_list (office->ledger, INBOX_PARKED, NULL, 0, 2, office->arena, &rows),
			  2);
}

static void held_ones_are_found_by_their_case_and_older_ones_may_be_of_any (void **state)
{
	struct office *office = *state;
	struct agency_id clinic = agency ("klinik");
	struct case_id seventh = { { 7 } };
	struct inbox_row row, *rows;

	for (uint8_t i = 1; i <= 6; i++) {
		row = row_from (i == 6 ? "rsud" : "klinik", i);
		row.state = i == 5 ? INBOX_APPLIED : INBOX_HELD;
		row.case_id.b[0] = i == 1 ? 9 : i == 2 ? 0 : 7;
		add (office, row);
	}
	assert_int_equal (inbox_held (office->ledger, &clinic, &seventh, 0, 9, office->arena, &rows),
			  3);
	assert_int_equal (rows[0].id.b[0], 2);
	assert_int_equal (rows[2].id.b[0], 4);
	assert_true (bytes_equal (rows[2].s, bytes_of_text (CANARY)));
	assert_int_equal (inbox_held (office->ledger, &clinic, &seventh, rows[0].seq, 1,
				      office->arena, &rows), 1);
	assert_int_equal (rows[0].id.b[0], 3);
	assert_int_equal (rows[0].case_id.b[0], 7);
}

static void the_next_of_a_thread_is_found_where_it_waits (void **state)
{
	struct office *office = *state;
	static const enum inbox_state states[] = { INBOX_APPLIED, INBOX_OLD, INBOX_LATE, INBOX_HELD,
						   INBOX_UNKNOWN, INBOX_PARKED };
	struct agency_id clinic = agency ("klinik"), hospital = agency ("rsud");
	struct thread_id thread = { { 1 } };
	struct inbox_row row;

	for (size_t i = 0; i < COUNT_OF (states); i++) {
		row = row_from ("klinik", (uint8_t)(i + 1));
		row.state = states[i];
		add (office, row);
		/* One that was parked comes first. */
		assert_int_equal (inbox_next (office->ledger, &clinic, &thread, 3, office->arena, &row),
				  i < 2 ? ERR_NOT_FOUND : ERR_OK);
		if (i >= 2)
			assert_int_equal (row.state, states[i]);
		assert_true (inbox_has (office->ledger, states[i], &thread));
	}
	assert_int_equal (inbox_next (office->ledger, &clinic, &thread, 4, office->arena, &row),
			  ERR_NOT_FOUND);
	assert_int_equal (inbox_next (office->ledger, &hospital, &thread, 3, office->arena, &row),
			  ERR_NOT_FOUND);
	assert_false (inbox_has (office->ledger, INBOX_ORPHAN, &thread));
}

static void an_orphan_is_told_of_once_and_again_when_it_waits_for_something_else (void **state)
{
	struct office *office = *state;
	struct inbox_row row = row_from ("klinik", 5), *rows;
	tx_t *tx;

	row.state = INBOX_ORPHAN;
	add (office, row);
	assert_int_equal (inbox_untold (office->ledger, INBOX_ORPHAN, 1005, 9, office->arena, &rows),
			  0);
	assert_int_equal (inbox_untold (office->ledger, INBOX_ORPHAN, 1006, 9, office->arena, &rows),
			  1);
	assert_int_equal (rows[0].s.len, 0);
	tx = ledger_begin (office->ledger);
	inbox_told (tx, &row.from, &row.id);
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	assert_int_equal (inbox_untold (office->ledger, INBOX_ORPHAN, 1006, 9, office->arena, &rows),
			  0);
	tx = ledger_begin (office->ledger);
	inbox_set_state (tx, &row.from, &row.id, INBOX_PARKED, ERR_OK);
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	assert_int_equal (inbox_untold (office->ledger, INBOX_PARKED, 1006, 9, office->arena, &rows),
			  1);
}

static void heads_come_without_bodies (void **state)
{
	struct office *office = *state;
	struct thread_id thread = { { 1 } };
	struct inbox_row *rows;

	for (uint8_t i = 1; i <= 3; i++)
		add (office, row_from ("klinik", i));
	assert_int_equal (inbox_heads (office->ledger, INBOX_APPLIED, 1003, 9, office->arena, &rows),
			  2);
	assert_int_equal (rows[1].id.b[0], 2);
	assert_int_equal (rows[1].receipt.at_ms, 1234);
	assert_int_equal (rows[1].s.len + rows[1].h.len, 0);
	assert_int_equal (inbox_arrived (office->ledger, &thread, 1002, 9, office->arena, &rows), 1);
	assert_int_equal (rows[0].id.b[0], 3);
}

static void a_list_ends_where_its_arena_is_full (void **state)
{
	struct office *office = *state;
	static uint8_t large[100 * KIB];
	OWNED (arena) small = arena_new (500 * KIB);
	struct inbox_row *rows;
	size_t count;

	for (uint8_t i = 1; i <= 8; i++) {
		struct inbox_row row = row_from ("klinik", i);

		row.s = BYTES_OF (large);
		add (office, row);
	}
	count = inbox_list (office->ledger, INBOX_APPLIED, NULL, 0, 99, small, &rows);
	assert_in_range (count, 1, 3);
	assert_int_equal (rows[count - 1].s.len, sizeof large);
	assert_int_equal (inbox_list (office->ledger, INBOX_APPLIED, NULL, 0, 99, office->arena,
				      &rows), 8);
}

/* ---- receipts ----------------------------------------------------------------------------------- */

static void owe (struct office *office, const char *to, uint8_t id)
{
	struct agency_id agency_to = agency (to);
	struct receipt receipt = { .id = { { id } }, .header_hash = { { id } },
				   .status = RECEIPT_IS_REFUSED, .code = ERR_NO_CONSENT, .at_ms = id };
	OWNED (tx) tx = ledger_begin (office->ledger);

	receipt_owe (tx, &agency_to, &receipt);
	assert_ok (tx_commit (tx));
}

static void receipts_are_taken_once_and_together_by_sender (void **state)
{
	struct office *office = *state;
	struct receipt *receipts;
	struct agency_id to;
	OWNED (tx) tx = NULL;

	owe (office, "klinik", 1);
	owe (office, "rsud", 2);
	owe (office, "klinik", 3);
	office_reopen (office);
	tx = ledger_begin (office->ledger);
	assert_int_equal (receipt_take (tx, office->arena, &to, &receipts), 2);
	assert_string_equal (to.text, "klinik");
	assert_int_equal (receipts[0].id.b[0], 1);
	assert_int_equal (receipts[1].id.b[0], 3);
	assert_int_equal (receipts[1].status, RECEIPT_IS_REFUSED);
	assert_int_equal (receipts[1].code, ERR_NO_CONSENT);
	assert_int_equal (receipt_take (tx, office->arena, &to, &receipts), 1);
	assert_string_equal (to.text, "rsud");
	assert_int_equal (receipt_take (tx, office->arena, &to, &receipts), 0);
	assert_ok (tx_commit (tx));
}

static void receipts_taken_in_a_rollback_are_still_owed (void **state)
{
	struct office *office = *state;
	struct receipt *receipts;
	struct agency_id to;
	tx_t *tx;

	owe (office, "klinik", 1);
	for (int i = 0; i < 2; i++) {
		tx = ledger_begin (office->ledger);
		assert_int_equal (receipt_take (tx, office->arena, &to, &receipts), 1);
		tx_destroy (&tx);
	}
}

static void more_receipts_than_fit_one_letter_take_another (void **state)
{
	struct office *office = *state;
	struct agency_id to = agency ("klinik");
	struct receipt receipt = { .id = { { 1 } }, .status = RECEIPT_IS_STORED }, *receipts;
	OWNED (tx) tx = ledger_begin (office->ledger);

	for (size_t i = 0; i < LIMIT_RECEIPTS + 5; i++)
		receipt_owe (tx, &to, &receipt);
	assert_int_equal (receipt_take (tx, office->arena, &to, &receipts), LIMIT_RECEIPTS);
	assert_int_equal (receipt_take (tx, office->arena, &to, &receipts), 5);
	assert_int_equal (receipt_take (tx, office->arena, &to, &receipts), 0);
}

/* ---- pair sequences in -------------------------------------------------------------------------- */

static void arrive (struct office *office, uint64_t n, uint64_t voided, int64_t at_ms)
{
	struct header header = { .from = agency ("klinik"), .class = CLASS_ROUTINE };
	struct hash hash = { { 0 } };
	struct pair_sequence sequence = { .store_id = { { 1 } }, .n = n, .voided = &voided,
					  .voided_count = voided != 0 ? 1 : 0 };
	OWNED (tx) tx = ledger_begin (office->ledger);

	pair_arrived (tx, &header, &hash, &sequence, at_ms);
	assert_ok (tx_commit (tx));
}

static size_t gaps (struct office *office, struct pair_gap **ret_gaps)
{
	return pair_gaps (office->ledger, 1000000, office->arena, ret_gaps);
}

static void numbers_in_order_leave_no_hole (void **state)
{
	struct office *office = *state;
	struct pair_gap *found;

	for (uint64_t n = 1; n <= 4; n++)
		arrive (office, n, 0, 10);
	arrive (office, 2, 0, 10);
	assert_int_equal (gaps (office, &found), 0);
}

static void a_hole_is_reported_once_after_its_time (void **state)
{
	struct office *office = *state;
	struct pair_gap *found;
	tx_t *tx;

	arrive (office, 1, 0, 10);
	arrive (office, 3, 0, 20);
	assert_int_equal (pair_gaps (office->ledger, 20, office->arena, &found), 0);
	assert_int_equal (pair_gaps (office->ledger, 21, office->arena, &found), 1);
	assert_int_equal (found[0].n, 2);
	assert_string_equal (found[0].from.text, "klinik");
	assert_int_equal (found[0].class, CLASS_ROUTINE);
	tx = ledger_begin (office->ledger);
	pair_gap_reported (tx, &found[0]);
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	assert_int_equal (gaps (office, &found), 0);
}

static void a_late_or_voided_number_fills_its_hole (void **state)
{
	struct office *office = *state;
	struct pair_gap *found;

	arrive (office, 6, 0, 10);            /* 1..5 are missing */
	arrive (office, 3, 0, 20);            /* 1..2 and 4..5 */
	assert_int_equal (gaps (office, &found), 2);
	assert_int_equal (found[0].since_ms, 10);
	arrive (office, 7, 1, 30);            /* 2 and 4..5 */
	arrive (office, 8, 2, 30);
	assert_int_equal (gaps (office, &found), 1);
	assert_int_equal (found[0].n, 4);
	arrive (office, 5, 4, 40);
	assert_int_equal (gaps (office, &found), 0);
}

static void an_enormous_jump_keeps_one_row (void **state)
{
	struct office *office = *state;
	struct pair_gap *found;
	uint64_t before = ledger_size (office->ledger).bytes;

	arrive (office, UINT64_C (1) << 60, 0, 10);
	arrive (office, UINT64_MAX, UINT64_MAX, 10);
	assert_int_equal (gaps (office, &found), 1);
	assert_true (ledger_size (office->ledger).bytes < before + MIB);
}

/* Letter n with the hash (id, n), which says that it follows on (before, n - 1). */
static void follow (struct office *office, uint8_t id, uint64_t n, uint8_t before)
{
	struct header header = { .id = { { id } }, .from = agency ("klinik"), .class = CLASS_ROUTINE };
	struct hash hash = { { id, (uint8_t)n } };
	struct pair_sequence sequence = { .store_id = { { 1 } }, .n = n };
	OWNED (tx) tx = ledger_begin (office->ledger);

	if (before != 0)
		sequence.previous = (struct hash){ { before, (uint8_t)(n - 1) } };
	pair_arrived (tx, &header, &hash, &sequence, (int64_t)n);
	assert_ok (tx_commit (tx));
}

static uint8_t newest (struct office *office)
{
	struct agency_id to = agency ("klinik");
	struct pair_sequence sequence;
	OWNED (tx) tx = ledger_begin (office->ledger);

	pair_next (tx, &to, CLASS_URGENT, office->arena, &sequence);
	assert_int_equal (ID_IS_NONE (sequence.newest), ID_IS_NONE (sequence.newest_store));
	return sequence.newest.b[0];
}

static void the_newest_letter_is_the_last_of_an_unbroken_row (void **state)
{
	struct office *office = *state;

	assert_int_equal (newest (office), 0);
	follow (office, 11, 1, 0);
	follow (office, 12, 2, 11);
	assert_int_equal (newest (office), 12);
	follow (office, 14, 4, 13);
	assert_int_equal (newest (office), 14);
	follow (office, 13, 3, 12);
	assert_int_equal (newest (office), 14);
	follow (office, 15, 5, 14);
	assert_int_equal (newest (office), 15);
}

static void what_does_not_follow_on_the_newest_displaces_nothing (void **state)
{
	struct office *office = *state;

	follow (office, 11, 1, 0);
	follow (office, 12, 2, 11);
	follow (office, 22, 2, 11);
	follow (office, 23, 3, 22);
	follow (office, 24, 4, 23);
	assert_int_equal (newest (office), 12);
}

static void only_the_last_told_hole_that_is_filled_ends_the_telling (void **state)
{
	struct office *office = *state;
	struct agency_id from = agency ("klinik");
	struct header header = { .from = from, .class = CLASS_ROUTINE };
	struct hash hash = { { 1 } };
	struct pair_gap *found;
	const uint64_t n[] = { 6, 2, 4, 1, 3 };

	arrive (office, 5, 0, 10);
	for (size_t i = gaps (office, &found); i > 0; i--) {
		OWNED (tx) tx = ledger_begin (office->ledger);

		pair_gap_reported (tx, &found[i - 1]);
		assert_ok (tx_commit (tx));
	}
	for (size_t i = 0; i < COUNT_OF (n); i++) {
		struct pair_sequence sequence = { .store_id = { { 1 } }, .n = n[i] };
		OWNED (tx) tx = ledger_begin (office->ledger);

		assert_int_equal (pair_arrived (tx, &header, &hash, &sequence, 20), n[i] == 3);
		assert_ok (tx_commit (tx));
	}
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		office_test (a_letter_comes_back_whole_after_a_restart),
		office_test (the_same_letter_is_a_duplicate_and_other_bytes_are_equivocation),
		office_test (storing_a_letter_twice_is_a_conflict),
		office_test (a_letter_given_to_a_person_goes_with_that_person),
		office_test (an_erased_body_leaves_the_hash),
		office_test (letters_of_a_state_come_oldest_first),
		office_test (held_ones_are_found_by_their_case_and_older_ones_may_be_of_any),
		office_test (the_next_of_a_thread_is_found_where_it_waits),
		office_test (an_orphan_is_told_of_once_and_again_when_it_waits_for_something_else),
		office_test (heads_come_without_bodies),
		office_test (a_list_ends_where_its_arena_is_full),
		office_test (receipts_are_taken_once_and_together_by_sender),
		office_test (receipts_taken_in_a_rollback_are_still_owed),
		office_test (more_receipts_than_fit_one_letter_take_another),
		office_test (numbers_in_order_leave_no_hole),
		office_test (a_hole_is_reported_once_after_its_time),
		office_test (a_late_or_voided_number_fills_its_hole),
		office_test (the_newest_letter_is_the_last_of_an_unbroken_row),
		office_test (what_does_not_follow_on_the_newest_displaces_nothing),
		office_test (only_the_last_told_hole_that_is_filled_ends_the_telling),
		office_test (an_enormous_jump_keeps_one_row),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
