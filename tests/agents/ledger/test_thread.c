/* Threads, their boxes and numbers, and the clocks and alarms about them. */
#include "tests/agents/ledger/office.h"

#include "agents/catalogue/catalogue.h"
#include "agents/ledger/deadline.h"
#include "agents/ledger/thread.h"

static struct thread referral (const char *partner, bool performing)
{
	return (struct thread){ .type = "referral", .performing = performing,
				.partner = agency (partner), .state = "requested", .overlay = "",
				.service = "medical", .purpose = "treatment",
				.opened_ms = INT64_C (1790000000000), .moved_ms = 1 };
}

static struct thread_id add (struct office *office, struct thread thread)
{
	OWNED (tx) tx = ledger_begin (office->ledger);

	thread_add (tx, &thread);
	assert_ok (tx_commit (tx));
	return thread.id;
}

static struct thread get (struct office *office, struct thread_id id)
{
	struct thread thread;

	assert_ok (thread_get (office->ledger, &id, office->arena, &thread));
	return thread;
}

static void move (struct office *office, struct thread_id id, const char *from, const char *to)
{
	OWNED (tx) tx = ledger_begin (office->ledger);

	assert_ok (thread_move (tx, &id, from, to, 77));
	assert_ok (tx_commit (tx));
}

static void set_clock (struct office *office, struct thread_id id, const char *what,
		       const char *owner, int64_t due_ms)
{
	OWNED (tx) tx = ledger_begin (office->ledger);
	struct deadline deadline = { .thread = id, .owner = agency (owner), .due_ms = due_ms };

	snprintf (deadline.what, sizeof deadline.what, "%s", what);
	deadline_set (tx, &deadline);
	assert_ok (tx_commit (tx));
}

static size_t count (struct office *office, enum thread_box box)
{
	struct thread *threads;

	return thread_list (office->ledger, box, NULL, NULL, 0, 100, office->arena, &threads);
}

static void all_of_a_thread_comes_back_after_a_restart (void **state)
{
	struct office *office = *state;
	struct thread full = referral ("klinik", true), got;

	full.person = add_person (office, "Dewi", "");
	full.overlay = "cancel-requested";
	full.rev = 4;
	full.chain = (struct chain_id){ { 1 } };
	full.parent = (struct thread_id){ { 2 } };
	full.child = (struct thread_id){ { 3 } };
	full.replaces = (struct thread_id){ { 4 } };
	full.urgency = 3;
	full.clause = (struct clause_id){ { 5 } };
	full.request = (struct letter_id){ { 6 } };
	full.last_letter = (struct letter_id){ { 7 } };
	full.seen_ms = 11;
	full.cancel_ms = 12;
	full.appointment_ms = 13;
	full.no_shows = 2;
	full.data_stopped = true;
	full.id = add (office, full);
	office_reopen (office);
	got = get (office, full.id);
	assert_string_equal (got.type, "referral");
	assert_true (got.performing && got.data_stopped);
	assert_string_equal (got.partner.text, "klinik");
	assert_true (ID_EQUAL (got.person, full.person));
	assert_string_equal (got.state, "requested");
	assert_string_equal (got.overlay, "cancel-requested");
	assert_string_equal (got.service, "medical");
	assert_string_equal (got.purpose, "treatment");
	assert_int_equal (got.rev, 4);
	assert_int_equal (got.chain.b[0], 1);
	assert_int_equal (got.parent.b[0], 2);
	assert_int_equal (got.child.b[0], 3);
	assert_int_equal (got.replaces.b[0], 4);
	assert_int_equal (got.urgency, 3);
	assert_int_equal (got.clause.b[0], 5);
	assert_int_equal (got.request.b[0], 6);
	assert_int_equal (got.last_letter.b[0], 7);
	assert_int_equal (got.seen_ms, 11);
	assert_int_equal (got.cancel_ms, 12);
	assert_int_equal (got.appointment_ms, 13);
	assert_int_equal (got.no_shows, 2);
	assert_false (folder_has (office, "medical"));
}

static void numbers_say_the_type_and_the_year (void **state)
{
	struct office *office = *state;
	struct thread consent = referral ("klinik", false), other = consent;

	consent.type = "consent";
	other.type = "loop";
	assert_string_equal (get (office, add (office, referral ("klinik", false))).number,
			     "R-2026-0001");
	assert_string_equal (get (office, add (office, consent)).number, "P-2026-0001");
	assert_string_equal (get (office, add (office, other)).number, "T-2026-0001");
	assert_string_equal (get (office, add (office, referral ("klinik", false))).number,
			     "R-2026-0002");
}

static void a_thread_is_found_by_number_in_any_shape (void **state)
{
	struct office *office = *state;
	struct thread consent = referral ("klinik", false);
	struct thread_id id = add (office, referral ("klinik", false)), found;
	char uuid[UUID_TEXT];

	consent.type = "consent";
	add (office, consent);
	const char *words[] = { "R-2026-0001", "r-2026-1", "2026-1", "R-1", "1", "0001",
				uuid_text (id.b, uuid) };
	for (size_t i = 0; i < COUNT_OF (words); i++) {
		memset (&found, 0, sizeof found);
		assert_ok (thread_find (office->ledger, words[i], &found));
		assert_true (ID_EQUAL (found, id));
	}
	const char *wrong[] = { "2", "R-2025-0001", "K-2026-0001", "", "x", "1x", "R-", "99999999999" };
	for (size_t i = 0; i < COUNT_OF (wrong); i++)
		assert_int_equal (thread_find (office->ledger, wrong[i], &found), ERR_NOT_FOUND);
}

static void the_same_number_of_two_years_is_ambiguous (void **state)
{
	struct office *office = *state;
	struct thread later = referral ("klinik", false);
	struct thread_id found;

	add (office, referral ("klinik", false));
	later.opened_ms += 366 * DAY_MS;
	later.id = add (office, later);
	assert_int_equal (thread_find (office->ledger, "1", &found), ERR_AMBIGUOUS);
	assert_ok (thread_find (office->ledger, "2027-1", &found));
	assert_true (ID_EQUAL (found, later.id));
}

static void a_move_from_another_state_is_refused_and_changes_nothing (void **state)
{
	struct office *office = *state;
	struct thread_id id = add (office, referral ("klinik", true)), unknown = { { 1 } };
	OWNED (tx) tx = ledger_begin (office->ledger);

	assert_int_equal (thread_move (tx, &id, "accepted", "arrived", 5), ERR_WRONG_STATE);
	assert_int_equal (thread_move (tx, &unknown, "requested", "arrived", 5), ERR_WRONG_STATE);
	assert_ok (thread_move (tx, &id, "requested", "accepted", 5));
	assert_int_equal (thread_move (tx, &id, "requested", "rejected", 6), ERR_WRONG_STATE);
	assert_ok (tx_commit (tx));
	assert_string_equal (get (office, id).state, "accepted");
	assert_int_equal (get (office, id).moved_ms, 5);
}

static void an_update_does_not_move_a_thread (void **state)
{
	struct office *office = *state;
	struct thread thread = get (office, add (office, referral ("klinik", true)));
	OWNED (tx) tx = ledger_begin (office->ledger);

	thread.state = "completed";
	thread.type = "consent";
	thread.rev = 9;
	thread_update (tx, &thread);
	assert_ok (tx_commit (tx));
	assert_string_equal (get (office, thread.id).state, "requested");
	assert_string_equal (get (office, thread.id).type, "referral");
	assert_int_equal (get (office, thread.id).rev, 9);
}

static void a_rolled_back_thread_gives_its_number_back (void **state)
{
	struct office *office = *state;
	struct thread thread = referral ("klinik", true);
	tx_t *tx = ledger_begin (office->ledger);

	thread_add (tx, &thread);
	tx_destroy (&tx);
	assert_int_equal (count (office, BOX_ALL), 0);
	assert_string_equal (get (office, add (office, referral ("klinik", true))).number,
			     "R-2026-0001");
}

static void boxes_hold_what_their_names_say (void **state)
{
	struct office *office = *state;
	struct thread_id in = add (office, referral ("klinik", true));
	struct thread_id out = add (office, referral ("rsud", false));
	struct thread *threads;

	assert_int_equal (count (office, BOX_IN), 1);
	assert_int_equal (count (office, BOX_OUT), 1);
	assert_int_equal (count (office, BOX_NEEDS_ANSWER), 1);
	assert_int_equal (count (office, BOX_WAITING), 1);
	move (office, in, "requested", "accepted");
	assert_int_equal (count (office, BOX_NEEDS_ANSWER), 0);
	set_clock (office, in, "report", "kami", 100);   /* ours to move, and theirs */
	set_clock (office, out, "decision", "rsud", 100);
	assert_int_equal (count (office, BOX_NEEDS_ANSWER), 1);
	assert_int_equal (thread_list (office->ledger, BOX_WAITING, NULL, NULL, 0, 9, office->arena,
				       &threads), 1);
	assert_true (ID_EQUAL (threads[0].id, out));
	move (office, out, "requested", "rejected");
	assert_int_equal (count (office, BOX_WAITING), 0);
	assert_int_equal (count (office, BOX_OPEN), 1);
	assert_int_equal (count (office, BOX_ENDED), 1);
	assert_int_equal (count (office, BOX_ALL), 2);
}

static void lists_are_newest_first_in_pages_and_by_person_and_partner (void **state)
{
	struct office *office = *state;
	struct person_id dewi = add_person (office, "Dewi", "");
	struct agency_id clinic = agency ("klinik");
	struct thread *threads, thread = referral ("rsud", false);
	struct thread_id last;

	for (int i = 0; i < 5; i++)
		last = add (office, referral ("klinik", false));
	thread.person = dewi;
	add (office, thread);
	assert_int_equal (thread_list (office->ledger, BOX_ALL, NULL, &clinic, 0, 3, office->arena,
				       &threads), 3);
	assert_true (ID_EQUAL (threads[0].id, last));
	assert_string_equal (threads[2].number, "R-2026-0003");
	assert_int_equal (thread_list (office->ledger, BOX_ALL, NULL, &clinic, threads[2].seq, 3,
				       office->arena, &threads), 2);
	assert_int_equal (thread_list (office->ledger, BOX_OUT, &dewi, NULL, 0, 9, office->arena,
				       &threads), 1);
	assert_int_equal (thread_list (office->ledger, BOX_OUT, &dewi, &clinic, 0, 9, office->arena,
				       &threads), 0);
}

static void a_page_begins_where_the_last_one_ended_though_others_came (void **state)
{
	struct office *office = *state;
	struct agency_id clinic = agency ("klinik");
	struct thread *threads;
	struct thread_id first = add (office, referral ("klinik", false));
	struct thread_id second = add (office, referral ("klinik", false));

	add (office, referral ("klinik", false));
	for (int box = BOX_ALL; box <= BOX_ENDED; box++) {
		const struct agency_id *partners[] = { NULL, &clinic };
		bool shown = box == BOX_ALL || box == BOX_OUT || box == BOX_WAITING || box == BOX_OPEN;

		for (size_t i = 0; i < COUNT_OF (partners); i++) {
			size_t page = thread_list (office->ledger, (enum thread_box)box, NULL,
						   partners[i], 0, 2, office->arena, &threads);

			assert_int_equal (page, shown ? 2 : 0);
			if (!shown)
				continue;
			add (office, referral ("klinik", false));
			page = thread_list (office->ledger, (enum thread_box)box, NULL, partners[i],
					    threads[1].seq, 99, office->arena, &threads);
			assert_true (page >= 1);
			assert_true (ID_EQUAL (threads[page - 1].id, first));
			if (page > 1)
				assert_true (ID_EQUAL (threads[page - 2].id, second));
		}
	}
}

static void threads_of_a_clause_are_listed (void **state)
{
	struct office *office = *state;
	struct thread thread = referral ("klinik", false), *threads;
	struct clause_id clause = { { 5 } };
	struct agency_id grantor = agency ("ipwl-pesona"), other = agency ("rsud");
	struct thread_id first, second;

	thread.clause = clause;
	thread.grantor = grantor;
	first = add (office, thread);
	second = add (office, thread);
	add (office, referral ("klinik", false));
	move (office, first, "requested", "completed");
	assert_int_equal (thread_list_by_clause (office->ledger, &clause, &grantor, office->arena,
						 &threads), 2);
	assert_true (ID_EQUAL (threads[0].id, first));
	assert_true (ID_EQUAL (threads[1].id, second));
	assert_string_equal (threads[1].grantor.text, "ipwl-pesona");
	assert_int_equal (thread_list_by_clause (office->ledger, &clause, &other, office->arena,
						 &threads), 0);
}

static void the_catalogue_and_the_ledger_agree_on_which_states_end (void **state)
{
	struct office *office = *state;
	catalogue_t *catalogue = NULL;
	size_t ended = 0, open = 0;

	assert_ok (catalogue_load (SOURCE_DIR "/config/catalogue", &catalogue, NULL));
	for (size_t t = 0; t < catalogue_thread_count (catalogue); t++) {
		const struct thread_type *type = catalogue_thread_at (catalogue, t);

		for (size_t s = 0; s < type->state_count; s++) {
			struct thread thread = referral ("klinik", false);

			thread.state = type->states[s].name;
			add (office, thread);
			ended += type->states[s].ended ? 1 : 0;
			open += type->states[s].ended ? 0 : 1;
			assert_int_equal (count (office, BOX_ENDED), ended);
			assert_int_equal (count (office, BOX_OPEN), open);
		}
	}
	assert_true (ended >= 5);
	catalogue_destroy (&catalogue);
}

/* ---- clocks ------------------------------------------------------------------------------------- */

static void clocks_that_are_due_come_soonest_first (void **state)
{
	struct office *office = *state;
	struct thread_id a = { { 1 } }, b = { { 2 } };
	struct deadline *due;

	set_clock (office, a, "decision", "klinik", 200);
	set_clock (office, b, "decision", "klinik", 100);
	set_clock (office, a, "report", "klinik", 300);
	assert_int_equal (deadline_list (office->ledger, NULL, 100, 9, office->arena, &due), 0);
	assert_int_equal (deadline_list (office->ledger, NULL, 201, 9, office->arena, &due), 2);
	assert_int_equal (due[0].due_ms, 100);
	assert_string_equal (due[1].what, "decision");
	assert_int_equal (deadline_list (office->ledger, &a, INT64_MAX, 9, office->arena, &due), 2);
	assert_int_equal (deadline_list (office->ledger, NULL, INT64_MAX, 1, office->arena, &due), 1);
}

static void setting_a_clock_again_replaces_it_and_a_done_one_is_not_due (void **state)
{
	struct office *office = *state;
	struct thread_id a = { { 1 } };
	struct deadline *due, got;
	tx_t *tx;

	set_clock (office, a, "decision", "klinik", 200);
	set_clock (office, a, "decision", "rsud", 400);
	assert_ok (deadline_get (office->ledger, &a, "decision", &got));
	assert_int_equal (got.due_ms, 400);
	assert_string_equal (got.owner.text, "rsud");
	assert_int_equal (deadline_get (office->ledger, &a, "report", &got), ERR_NOT_FOUND);
	tx = ledger_begin (office->ledger);
	deadline_done (tx, &a, "decision");
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	assert_int_equal (deadline_list (office->ledger, NULL, INT64_MAX, 9, office->arena, &due), 0);
	assert_ok (deadline_get (office->ledger, &a, "decision", &got));
	assert_true (got.done);
}

static void pages_of_clocks_keep_their_place_among_equals (void **state)
{
	struct office *office = *state;
	struct thread_id a = { { 1 } }, b = { { 2 } }, c = { { 3 } };
	struct deadline *page, last;

	set_clock (office, b, "report", "klinik", 200);
	set_clock (office, b, "decision", "klinik", 200);
	set_clock (office, a, "decision", "klinik", 200);
	set_clock (office, c, "decision", "klinik", 300);
	assert_int_equal (deadline_page (office->ledger, NULL, 2, office->arena, &page), 2);
	assert_true (ID_EQUAL (page[0].thread, a));
	assert_string_equal (page[1].what, "decision");
	last = page[1];
	/* One that comes before the place is not shown, and the place itself may have gone. */
	set_clock (office, c, "contact", "klinik", 100);
	set_clock (office, b, "decision", "klinik", 50);
	assert_int_equal (deadline_page (office->ledger, &last, 9, office->arena, &page), 2);
	assert_string_equal (page[0].what, "report");
	assert_int_equal (page[1].due_ms, 300);
}

static void a_clock_that_stands_still_is_not_due (void **state)
{
	struct office *office = *state;
	struct deadline paused = { .thread = { { 1 } }, .what = "decision",
				   .owner = agency ("klinik"), .due_ms = 10, .paused_ms = 5,
				   .paused_once = true, .escalated = 2 }, *due;
	OWNED (tx) tx = ledger_begin (office->ledger);

	deadline_set (tx, &paused);
	assert_ok (tx_commit (tx));
	assert_int_equal (deadline_list (office->ledger, NULL, 100, 9, office->arena, &due), 0);
	assert_int_equal (deadline_list (office->ledger, NULL, INT64_MAX, 9, office->arena, &due), 1);
	assert_true (due[0].paused_once);
	assert_int_equal (due[0].escalated, 2);
}

static void an_alarm_rings_once_while_it_is_open (void **state)
{
	struct office *office = *state;
	struct thread_id a = { { 1 } }, b = { { 2 } };
	struct agency_id clinic = agency ("klinik");
	struct alarm *alarms;
	OWNED (tx) tx = ledger_begin (office->ledger);

	assert_true (alarm_raise (tx, "stat-silent", &a, &clinic, 10));
	assert_false (alarm_raise (tx, "stat-silent", &a, &clinic, 11));
	assert_true (alarm_raise (tx, "stat-silent", &b, &clinic, 12));
	assert_true (alarm_raise (tx, "withheld", NULL, &clinic, 13));
	assert_false (alarm_raise (tx, "withheld", NULL, &clinic, 13));
	assert_int_equal (alarm_list (office->ledger, 0, 9, office->arena, &alarms), 3);
	assert_string_equal (alarms[0].name, "withheld");
	assert_int_equal (alarm_list (office->ledger, alarms[0].n, 1, office->arena, &alarms), 1);
	assert_true (ID_EQUAL (alarms[0].thread, b));
	assert_int_equal (alarm_list (office->ledger, 0, 9, office->arena, &alarms), 3);
	assert_ok (alarm_close (tx, alarms[2].n));
	assert_int_equal (alarm_close (tx, alarms[2].n), ERR_NOT_FOUND);
	assert_int_equal (alarm_list (office->ledger, 0, 9, office->arena, &alarms), 2);
	assert_true (alarm_raise (tx, "stat-silent", &a, &clinic, 20));
	assert_ok (tx_commit (tx));
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		office_test (all_of_a_thread_comes_back_after_a_restart),
		office_test (numbers_say_the_type_and_the_year),
		office_test (a_thread_is_found_by_number_in_any_shape),
		office_test (the_same_number_of_two_years_is_ambiguous),
		office_test (a_move_from_another_state_is_refused_and_changes_nothing),
		office_test (an_update_does_not_move_a_thread),
		office_test (a_rolled_back_thread_gives_its_number_back),
		office_test (boxes_hold_what_their_names_say),
		office_test (lists_are_newest_first_in_pages_and_by_person_and_partner),
		office_test (a_page_begins_where_the_last_one_ended_though_others_came),
		office_test (threads_of_a_clause_are_listed),
		office_test (the_catalogue_and_the_ledger_agree_on_which_states_end),
		office_test (clocks_that_are_due_come_soonest_first),
		office_test (setting_a_clock_again_replaces_it_and_a_done_one_is_not_due),
		office_test (pages_of_clocks_keep_their_place_among_equals),
		office_test (a_clock_that_stands_still_is_not_due),
		office_test (an_alarm_rings_once_while_it_is_open),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
