/* Reminders and published capacity. */
#include "tests/agents/ledger/office.h"

#include "agents/ledger/capacity.h"
#include "agents/ledger/reminder.h"

static const struct thread_id thread_a = { { 1 } }, thread_b = { { 2 } };

static uint64_t remind (struct office *office, const struct thread_id *thread,
			const struct person_id *person, const char *kind, int64_t due_ms)
{
	OWNED (tx) tx = ledger_begin (office->ledger);
	struct reminder reminder = { .cause = "aftercare.accept", .kind = kind, .due_ms = due_ms };

	if (thread != NULL)
		reminder.thread = *thread;
	if (person != NULL)
		reminder.person = *person;
	reminder_add (tx, &reminder);
	assert_ok (tx_commit (tx));
	return reminder.n;
}

static size_t open_at (struct office *office, const struct thread_id *thread,
		       const struct person_id *person, int64_t before_ms,
		       struct reminder **ret_reminders)
{
	return reminder_list (office->ledger, thread, person, before_ms, 100, office->arena,
			      ret_reminders);
}

static void the_soonest_reminder_comes_first (void **state)
{
	struct office *office = *state;
	struct reminder *list;

	remind (office, &thread_a, NULL, "aftercare.checkin", 300);
	remind (office, &thread_b, NULL, "release.notice", 100);
	remind (office, &thread_a, NULL, "aftercare.checkin", 200);
	assert_int_equal (open_at (office, NULL, NULL, 300, &list), 2);
	assert_string_equal (list[0].kind, "release.notice");
	assert_int_equal (list[1].due_ms, 200);
	assert_int_equal (open_at (office, &thread_a, NULL, INT64_MAX, &list), 2);
	assert_int_equal (list[1].due_ms, 300);
	assert_string_equal (list[1].cause, "aftercare.accept");
}

static void a_letter_closes_the_earliest_one_of_its_kind (void **state)
{
	struct office *office = *state;
	struct reminder *list;
	OWNED (tx) tx = NULL;

	remind (office, &thread_a, NULL, "aftercare.checkin", 200);
	remind (office, &thread_a, NULL, "aftercare.checkin", 100);
	remind (office, &thread_b, NULL, "aftercare.checkin", 50);
	remind (office, &thread_a, NULL, "aftercare.close", 10);
	tx = ledger_begin (office->ledger);
	assert_true (reminder_done (tx, &thread_a, NULL, "aftercare.checkin", 99));
	assert_false (reminder_done (tx, &thread_a, NULL, "home-visit.report", 99));
	assert_ok (tx_commit (tx));
	assert_int_equal (open_at (office, &thread_a, NULL, INT64_MAX, &list), 2);
	assert_string_equal (list[0].kind, "aftercare.close");
	assert_int_equal (list[1].due_ms, 200);
	assert_int_equal (open_at (office, &thread_b, NULL, INT64_MAX, &list), 1);
}

static void a_persons_own_reminder_belongs_to_no_thread (void **state)
{
	struct office *office = *state;
	struct person_id person = add_person (office, "Budi", "");
	struct reminder *list;
	OWNED (tx) tx = NULL;

	remind (office, NULL, &person, "release.notice", 100);
	remind (office, &thread_a, &person, "release.notice", 50);
	tx = ledger_begin (office->ledger);
	assert_true (reminder_done (tx, NULL, &person, "release.notice", 99));
	assert_false (reminder_done (tx, NULL, &person, "release.notice", 99));
	assert_ok (tx_commit (tx));
	assert_int_equal (open_at (office, NULL, &person, INT64_MAX, &list), 1);
	assert_memory_equal (list[0].thread.b, thread_a.b, 16);
}

static void a_thread_that_ends_closes_all_of_its_own (void **state)
{
	struct office *office = *state;
	struct reminder *list, one;
	uint64_t n = remind (office, &thread_a, NULL, "aftercare.checkin", 100);
	OWNED (tx) tx = NULL;

	remind (office, &thread_a, NULL, "aftercare.checkin", 200);
	remind (office, &thread_b, NULL, "aftercare.checkin", 300);
	tx = ledger_begin (office->ledger);
	reminder_done_all (tx, &thread_a, 77);
	assert_ok (tx_commit (tx));
	assert_int_equal (open_at (office, NULL, NULL, INT64_MAX, &list), 1);
	assert_int_equal (list[0].due_ms, 300);
	assert_ok (reminder_get (office->ledger, n, office->arena, &one));
	assert_int_equal (one.done_ms, 77);
}

static void new_dates_replace_all_of_a_kind (void **state)
{
	struct office *office = *state;
	struct reminder *list;
	OWNED (tx) tx = NULL;

	remind (office, &thread_a, NULL, "aftercare.checkin", 100);
	remind (office, &thread_a, NULL, "aftercare.checkin", 150);
	remind (office, &thread_a, NULL, "aftercare.close", 200);
	remind (office, &thread_b, NULL, "aftercare.checkin", 300);
	tx = ledger_begin (office->ledger);
	reminder_done_kind (tx, &thread_a, "aftercare.checkin", 50);
	assert_ok (tx_commit (tx));
	assert_int_equal (open_at (office, NULL, NULL, INT64_MAX, &list), 2);
	assert_string_equal (list[0].kind, "aftercare.close");
	assert_int_equal (list[1].due_ms, 300);
}

static void a_reminder_is_done_once (void **state)
{
	struct office *office = *state;
	uint64_t n = remind (office, &thread_a, NULL, "aftercare.checkin", 100);
	struct reminder one;
	OWNED (tx) tx = ledger_begin (office->ledger);

	assert_true (reminder_done_n (tx, n, 5));
	assert_false (reminder_done_n (tx, n, 6));
	assert_false (reminder_done_n (tx, n + 1, 6));
	assert_ok (tx_commit (tx));
	assert_int_equal (reminder_get (office->ledger, n + 1, office->arena, &one), ERR_NOT_FOUND);
}

/* ---- capacity ---- */

static void publish (struct office *office, const char *who, const char *service, uint32_t free_now,
		     int64_t at_ms)
{
	OWNED (tx) tx = ledger_begin (office->ledger);
	struct capacity capacity = { .agency = agency (who), .service = service, .level = "",
				     .total = 20, .free = free_now, .waiting = 2,
				     .next_free = "2026-12-01", .at_ms = at_ms };

	capacity_set (tx, &capacity);
	assert_ok (tx_commit (tx));
}

static void the_newest_capacity_of_a_partner_stands (void **state)
{
	struct office *office = *state;
	struct agency_id clinic = agency ("klinik-b");
	struct capacity *list;

	publish (office, "klinik-b", "medical", 4, 200);
	publish (office, "klinik-b", "medical", 9, 100);
	publish (office, "klinik-b", "detox", 1, 150);
	publish (office, "ipwl-a", "medical", 3, 300);
	assert_int_equal (capacity_list (office->ledger, &clinic, NULL, 100, office->arena, &list), 2);
	assert_int_equal (capacity_list (office->ledger, NULL, "medical", 100, office->arena, &list), 2);
	assert_string_equal (list[0].agency.text, "ipwl-a");
	assert_int_equal (list[1].free, 4);
	assert_string_equal (list[1].next_free, "2026-12-01");
	publish (office, "klinik-b", "medical", 7, 400);
	assert_int_equal (capacity_list (office->ledger, &clinic, "medical", 100, office->arena, &list),
			  1);
	assert_int_equal (list[0].free, 7);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		office_test (the_soonest_reminder_comes_first),
		office_test (a_letter_closes_the_earliest_one_of_its_kind),
		office_test (a_persons_own_reminder_belongs_to_no_thread),
		office_test (a_thread_that_ends_closes_all_of_its_own),
		office_test (new_dates_replace_all_of_a_kind),
		office_test (a_reminder_is_done_once),
		office_test (the_newest_capacity_of_a_partner_stands),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
