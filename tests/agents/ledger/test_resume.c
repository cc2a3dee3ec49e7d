/* A ledger that goes back in time: what it forgets, what it puts again, and whom it must tell. */
#include "tests/agents/ledger/office.h"

#include "agents/ledger/entry.h"
#include "agents/ledger/inbox.h"
#include "agents/ledger/mark.h"
#include "agents/ledger/outbox.h"
#include "agents/ledger/resume.h"
#include "jembatan/clock.h"

static const struct answer word = { .field = "text", .type = ANSWER_TEXT, .text = "ya",
				    .system = "", .display = "", .unit = "" };

static struct letter_id put (struct office *office, const char *kind, enum letter_class class)
{
	struct letter letter = { .kind = kind, .kind_version = 1, .sig_key_id = { { 1 } },
				 .from_user = "", .from_role = "", .to_role = "", .created_ms = 1,
				 .purpose = "", .rule = { "", "", "", "" }, .checkpoint = "",
				 .body = BODY_ANSWERS, .answer_count = 1, .answers = &word };
	struct outbox_row row = { .to = agency ("klinik"), .class = class, .kind = kind,
				  .created_ms = 1000, .expires_at_ms = INT64_C (1) << 50,
				  .machine = strcmp (kind, "letter.receipts") == 0 };
	OWNED (tx) tx = ledger_begin (office->ledger);

	outbox_add (tx, &row, &letter);
	assert_ok (tx_commit (tx));
	return row.id;
}

static void seal_it (struct office *office, const struct letter_id *id)
{
	struct sealed sealed = { .h = bytes_of_text ("kepala"), .c = bytes_of_text ("tubuh"),
				 .s = bytes_of_text ("isi"), .sig = { { 3 } } };
	struct agency_id to = agency ("klinik");
	struct pair_sequence sequence;
	OWNED (tx) tx = ledger_begin (office->ledger);

	memcpy (sealed.header_hash.b, id->b, sizeof id->b);
	pair_next (tx, &to, CLASS_ROUTINE, office->arena, &sequence);
	pair_sent (tx, &to, CLASS_ROUTINE, sequence.n, &sealed.header_hash, id);
	outbox_sealed (tx, id, &sealed);
	assert_ok (tx_commit (tx));
}

static void take_custody (struct office *office, const struct letter_id *id)
{
	OWNED (tx) tx = ledger_begin (office->ledger);

	assert_ok (outbox_in_custody (tx, id, 1, 1, 1));
	assert_ok (tx_commit (tx));
}

static struct marks marks_of (struct office *office)
{
	struct marks marks;

	marks_get (office->ledger, office->arena, &marks);
	return marks;
}

static void keep_marks (struct office *office, const struct marks *marks)
{
	OWNED (tx) tx = ledger_begin (office->ledger);

	marks_set (tx, marks);
	assert_ok (tx_commit (tx));
}

static void a_restored_ledger_is_a_new_store_that_names_the_old_one (void **state)
{
	struct office *office = *state;
	struct store_id old = ledger_store_id (office->ledger), fresh;
	struct marks marks = { .hub_store_id = { { 7 } }, .next_pseq = 40, .dseq = { 0, 1, 2, 3 },
			       .checkpoint = "log" };

	keep_marks (office, &marks);
	assert_ok (ledger_restored (office->ledger));
	fresh = ledger_store_id (office->ledger);
	assert_false (ID_EQUAL (old, fresh));
	office_reopen (office);
	assert_true (ID_EQUAL (ledger_store_id (office->ledger), fresh));
	marks = marks_of (office);
	assert_true (ID_EQUAL (marks.takes_over, old));
	assert_true (ID_IS_NONE (marks.hub_store_id));
	assert_int_equal (marks.next_pseq, 1);
	assert_int_equal (marks.dseq[CLASS_STAT] + marks.dseq[CLASS_URGENT] + marks.dseq[CLASS_ROUTINE],
			  0);
	assert_true (restored_get (office->ledger).at_ms > 0);
	assert_true (ID_EQUAL (restored_get (office->ledger).takes_over, old));
}

static void restored_twice_it_takes_over_the_one_that_the_hub_knows (void **state)
{
	struct office *office = *state;
	struct store_id known = ledger_store_id (office->ledger), between;
	struct marks marks;

	assert_ok (ledger_restored (office->ledger));
	between = ledger_store_id (office->ledger);
	assert_ok (ledger_restored (office->ledger));
	assert_true (ID_EQUAL (marks_of (office).takes_over, known));
	assert_true (ID_EQUAL (restored_get (office->ledger).takes_over, between));
	/* The hub accepted it: the next restoration takes that one over. */
	marks = marks_of (office);
	marks.takes_over = (struct store_id){ { 0 } };
	keep_marks (office, &marks);
	known = ledger_store_id (office->ledger);
	assert_ok (ledger_restored (office->ledger));
	assert_true (ID_EQUAL (marks_of (office).takes_over, known));
}

static void what_was_in_custody_is_put_again_with_the_same_bytes (void **state)
{
	struct office *office = *state;
	struct letter_id id = put (office, "referral.report", CLASS_ROUTINE);
	struct outbox_row before, after;

	seal_it (office, &id);
	take_custody (office, &id);
	assert_ok (outbox_get (office->ledger, &id, office->arena, &before));
	assert_ok (ledger_restored (office->ledger));
	assert_ok (outbox_get (office->ledger, &id, office->arena, &after));
	assert_int_equal (after.state, OUTBOX_SEALED);
	assert_true (bytes_equal (before.h, after.h) && bytes_equal (before.c, after.c));
	assert_true (after.next_try_ms <= clock_now_ms ());
}

static void its_numbers_begin_anew_and_the_old_count_is_told (void **state)
{
	struct office *office = *state;
	struct store_id old = ledger_store_id (office->ledger);
	struct letter_id first = put (office, "referral.report", CLASS_ROUTINE);
	struct letter_id second = put (office, "referral.report", CLASS_ROUTINE);
	struct agency_id to = agency ("klinik");
	struct pair_sequence sequence;
	struct held *held;

	seal_it (office, &first);
	seal_it (office, &second);
	assert_ok (ledger_restored (office->ledger));
	{
		OWNED (tx) tx = ledger_begin (office->ledger);

		pair_next (tx, &to, CLASS_ROUTINE, office->arena, &sequence);
	}
	assert_int_equal (sequence.n, 1);
	assert_true (ID_IS_NONE (sequence.previous));
	assert_false (ID_EQUAL (sequence.store_id, old));
	assert_int_equal (resume_held (office->ledger, &to, office->arena, &held), 1);
	assert_true (ID_EQUAL (held[0].store_id, old));
	assert_int_equal (held[0].class, CLASS_ROUTINE);
	assert_int_equal (held[0].n, 2);
}

static void of_a_partners_letters_it_tells_the_last_before_the_first_hole (void **state)
{
	struct office *office = *state;
	struct header header = { .from = agency ("klinik"), .class = CLASS_URGENT };
	struct hash hash = { { 0 } };
	const uint64_t came[] = { 1, 2, 3, 5 };
	struct held *held;

	for (size_t i = 0; i < COUNT_OF (came); i++) {
		struct pair_sequence sequence = { .store_id = { { 9 } }, .n = came[i] };
		OWNED (tx) tx = ledger_begin (office->ledger);

		pair_arrived (tx, &header, &hash, &sequence, 1);
		assert_ok (tx_commit (tx));
	}
	assert_int_equal (resume_held (office->ledger, &header.from, office->arena, &held), 1);
	assert_int_equal (held[0].class, CLASS_URGENT);
	assert_int_equal (held[0].n, 3);
}

static size_t due (struct office *office, int64_t now_ms)
{
	struct outbox_row *rows;

	return outbox_due (office->ledger, now_ms, 100, office->arena, &rows);
}

static void what_was_only_written_waits_for_the_partners_word_but_not_for_ever (void **state)
{
	struct office *office = *state;
	struct agency_id to = agency ("klinik"), other = agency ("lapas");
	int64_t now_ms = clock_now_ms ();

	put (office, "referral.report", CLASS_ROUTINE);
	assert_ok (ledger_restored (office->ledger));
	{
		OWNED (tx) tx = ledger_begin (office->ledger);

		outbox_due_now (tx, now_ms);
		resume_told (tx, &to, now_ms);
		resume_told (tx, &other, now_ms);
		resume_done (tx, &other, now_ms);
		assert_ok (tx_commit (tx));
	}
	assert_int_equal (due (office, now_ms + MINUTE_MS), 0);
	assert_int_equal (due (office, now_ms + RESUME_WAIT_MS + MINUTE_MS), 1);
	assert_true (resume_waits (office->ledger, &to, now_ms));
	assert_false (resume_waits (office->ledger, &other, now_ms));
	{
		OWNED (tx) tx = ledger_begin (office->ledger);

		resume_done (tx, &to, now_ms);
		assert_ok (tx_commit (tx));
	}
	assert_int_equal (due (office, now_ms), 1);
	assert_false (resume_waits (office->ledger, &to, now_ms));
}

static void a_stat_letter_waits_for_nobody (void **state)
{
	struct office *office = *state;

	put (office, "risk.alert", CLASS_STAT);
	assert_ok (ledger_restored (office->ledger));
	assert_int_equal (due (office, clock_now_ms ()), 1);
}

static void unsealed_receipts_are_said_again_under_a_new_id (void **state)
{
	struct office *office = *state;
	struct letter_id id = put (office, "letter.receipts", CLASS_ROUTINE);
	struct outbox_row *rows, row;

	assert_ok (ledger_restored (office->ledger));
	assert_int_equal (outbox_get (office->ledger, &id, office->arena, &row), ERR_NOT_FOUND);
	assert_int_equal (outbox_due (office->ledger, clock_now_ms (), 9, office->arena, &rows), 1);
	assert_string_equal (rows[0].kind, "letter.receipts");
	assert_true (rows[0].machine);
}

static void a_partner_is_looked_through_from_the_beginning_once_for_each_new_store (void **state)
{
	struct office *office = *state;
	struct agency_id from = agency ("klinik");
	struct store_id first = { { 1 } }, second = { { 2 } };
	struct letter_id letter = { { 5 } };
	struct resume_asked asked;
	OWNED (tx) tx = ledger_begin (office->ledger);

	resume_ask (tx, &from, &first, &letter, 1000);
	assert_true (resume_next (office->ledger, 1000, &asked));
	asked.sent_seq = 7;
	asked.said = true;
	resume_keep (tx, &asked, false);
	assert_false (resume_next (office->ledger, 1000, &asked));
	/* The same question again: it was answered. */
	resume_ask (tx, &from, &first, &letter, 2000);
	assert_false (resume_next (office->ledger, INT64_MAX - 1, &asked));
	/* Another one at once: put off, so that nobody can keep us busy. */
	resume_ask (tx, &from, &second, &letter, 2000);
	assert_false (resume_next (office->ledger, 2000, &asked));
	assert_true (resume_next (office->ledger, 1000 + RESUME_PAUSE_MS, &asked));
	assert_int_equal (asked.sent_seq, 0);
	assert_false (asked.said);
	assert_ok (tx_commit (tx));
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		office_test (a_restored_ledger_is_a_new_store_that_names_the_old_one),
		office_test (restored_twice_it_takes_over_the_one_that_the_hub_knows),
		office_test (what_was_in_custody_is_put_again_with_the_same_bytes),
		office_test (its_numbers_begin_anew_and_the_old_count_is_told),
		office_test (of_a_partners_letters_it_tells_the_last_before_the_first_hole),
		office_test (what_was_only_written_waits_for_the_partners_word_but_not_for_ever),
		office_test (a_stat_letter_waits_for_nobody),
		office_test (unsealed_receipts_are_said_again_under_a_new_id),
		office_test (a_partner_is_looked_through_from_the_beginning_once_for_each_new_store),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
