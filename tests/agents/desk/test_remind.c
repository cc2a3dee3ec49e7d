/* Reminders: which dates a letter sets for our side, and what closes them. */
#include "tests/agents/desk/fixture.h"

#include <time.h>

#include "agents/desk/inside.h"
#include "agents/ledger/reminder.h"

static const int32_t before_release[] = { -90, -60, -30 };

/* The clinic, which performs the referral, and a letter in its thread. */
struct scene {
	struct network *net;
	struct thread thread;
	struct remind_spec spec;
	struct kind_spec kind;
	struct letter letter;
	struct answer answers[2];
};

static struct scene scene_of (struct network *net)
{
	struct thread_id id = open_referral (net);

	return (struct scene){
		.net = net,
		.thread = thread_at (net, CLINIC, &id),
		.spec = { .kind = "release.update",
			  .by = PARTY_PERFORMER,
			  .from = "release",
			  .day_count = 3,
			  .days = before_release },
		.kind = { .name = "release.notice", .remind_count = 1 },
	};
}

static void date_in (struct scene *scene, int64_t days, char text[16])
{
	struct answer *answer = &scene->answers[scene->letter.answer_count++];
	time_t at = (time_t)(clock_now_ms () / 1000 + 7 * 3600 + days * 86400);
	struct tm parts;

	gmtime_r (&at, &parts);
	strftime (text, 16, "%Y-%m-%d", &parts);
	*answer = (struct answer){ .field = "release", .type = ANSWER_DATE, .text = text };
}

static void moved (struct scene *scene, bool ours)
{
	struct step step = step_open (scene->net->office[CLINIC].desk, &worker);
	struct move move = { .thread = &scene->thread,
			     .kind = &scene->kind,
			     .letter = &scene->letter,
			     .ours = ours };

	scene->kind.reminds = &scene->spec;
	scene->letter.answers = scene->answers;
	scene->letter.created_ms = step.now_ms;
	reminders_move (&step, &move);
	assert_ok (step_commit (&step));
	step_close (&step);
}

static size_t reminders (struct scene *scene, struct reminder **ret_reminders)
{
	return reminder_list (scene->net->office[CLINIC].ledger, &scene->thread.id, NULL,
			      INT64_MAX, 100, scene->net->arena, ret_reminders);
}

static int64_t days_ahead (const struct reminder *reminder)
{
	return local_day (reminder->due_ms, "17.71") - local_day (clock_now_ms (), "17.71");
}

static void dates_are_counted_from_the_letters_field_at_eight_in_the_morning (void **state)
{
	struct scene scene = scene_of (*state);
	struct reminder *list;
	char date[16];

	date_in (&scene, 100, date);
	moved (&scene, true);
	assert_int_equal (reminders (&scene, &list), 3);
	assert_int_equal (days_ahead (&list[0]), 10);
	assert_int_equal (days_ahead (&list[2]), 70);
	assert_int_equal ((list[0].due_ms + 7 * HOUR_MS) % DAY_MS, 8 * HOUR_MS);
	assert_string_equal (list[0].kind, "release.update");
	assert_string_equal (list[0].cause, "release.notice");
	assert_true (ID_EQUAL (list[0].person, scene.thread.person));
}

static void of_dates_that_are_past_only_the_latest_stands_and_is_due_now (void **state)
{
	struct scene scene = scene_of (*state);
	struct reminder *list;
	char date[16];

	date_in (&scene, 45, date);
	moved (&scene, true);
	assert_int_equal (reminders (&scene, &list), 2);
	assert_int_equal (days_ahead (&list[0]), 0);
	assert_true (list[0].due_ms <= clock_now_ms ());
	assert_int_equal (days_ahead (&list[1]), 15);
}

static void a_letter_does_not_remind_of_itself (void **state)
{
	struct scene scene = scene_of (*state);
	struct reminder *list;
	char date[16];

	scene.spec.kind = "release.notice";
	date_in (&scene, 45, date);
	moved (&scene, true);
	assert_int_equal (reminders (&scene, &list), 1);
	assert_int_equal (days_ahead (&list[0]), 15);
}

static void a_shifted_date_replaces_what_was_set_before (void **state)
{
	struct scene scene = scene_of (*state);
	struct reminder *list;
	char date[16];

	date_in (&scene, 100, date);
	moved (&scene, true);
	scene.kind.name = "release.shift";
	scene.letter.answer_count = 0;
	date_in (&scene, 130, date);
	moved (&scene, true);
	assert_int_equal (reminders (&scene, &list), 3);
	assert_int_equal (days_ahead (&list[0]), 40);
	assert_string_equal (list[0].cause, "release.shift");
}

static void checkins_come_as_often_as_the_letter_says_and_never_without_end (void **state)
{
	struct scene scene = scene_of (*state);
	struct reminder *list;

	scene.spec = (struct remind_spec){ .kind = "aftercare.checkin",
					   .by = PARTY_PERFORMER,
					   .from = "",
					   .every_days = 30,
					   .times = "months" };
	scene.answers[0] = (struct answer){ .field = "months",
					    .type = ANSWER_INTEGER,
					    .number = 4 };
	scene.letter.answer_count = 1;
	moved (&scene, false);
	assert_int_equal (reminders (&scene, &list), 4);
	assert_int_equal (days_ahead (&list[0]), 30);
	assert_int_equal (days_ahead (&list[3]), 120);
	scene.answers[0].number = INT64_MAX;
	moved (&scene, false);
	assert_int_equal (reminders (&scene, &list), 60);
	scene.answers[0].number = -1;
	moved (&scene, false);
	assert_int_equal (reminders (&scene, &list), 0);
}

static void the_letter_itself_closes_the_earliest_one (void **state)
{
	struct scene scene = scene_of (*state);
	struct reminder *list;
	char date[16];

	date_in (&scene, 100, date);
	moved (&scene, true);
	scene.kind = (struct kind_spec){ .name = "release.update" };
	moved (&scene, true);
	assert_int_equal (reminders (&scene, &list), 2);
	assert_int_equal (days_ahead (&list[0]), 40);
}

static void the_other_sides_reminders_are_not_ours (void **state)
{
	struct scene scene = scene_of (*state);
	struct reminder *list;
	char date[16];

	scene.spec.by = PARTY_REQUESTER;
	date_in (&scene, 100, date);
	moved (&scene, true);
	assert_int_equal (reminders (&scene, &list), 0);
	scene.spec.by = PARTY_EITHER;
	moved (&scene, true);
	assert_int_equal (reminders (&scene, &list), 3);
}

static void a_letter_without_the_date_sets_nothing (void **state)
{
	struct scene scene = scene_of (*state);
	struct reminder *list;

	moved (&scene, true);
	assert_int_equal (reminders (&scene, &list), 0);
	scene.answers[0] = (struct answer){ .field = "release", .type = ANSWER_ABSENT };
	scene.letter.answer_count = 1;
	moved (&scene, true);
	assert_int_equal (reminders (&scene, &list), 0);
}

static void the_threads_end_closes_all (void **state)
{
	struct scene scene = scene_of (*state);
	struct reminder *list;
	char date[16];

	date_in (&scene, 100, date);
	moved (&scene, true);
	assert_ok (say (scene.net, CLINIC, &scene.thread.id, "referral.reject"));
	assert_int_equal (reminders (&scene, &list), 0);
}

static void a_list_reminds_of_a_person_until_the_first_letter_is_written (void **state)
{
	struct scene scene = scene_of (*state);
	struct reminder wish = { .person = scene.thread.person,
				 .cause = "import",
				 .kind = "release.notice",
				 .due_ms = 1 };
	struct reminder *list;
	OWNED (tx) tx = ledger_begin (scene.net->office[CLINIC].ledger);

	reminder_add (tx, &wish);
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	scene.kind.remind_count = 0;
	moved (&scene, false);
	assert_int_equal (reminder_list (scene.net->office[CLINIC].ledger, NULL,
					 &scene.thread.person, INT64_MAX, 10,
					 scene.net->arena, &list),
			  1);
	moved (&scene, true);
	assert_int_equal (reminder_list (scene.net->office[CLINIC].ledger, NULL,
					 &scene.thread.person, INT64_MAX, 10,
					 scene.net->arena, &list),
			  0);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		network_test (
			dates_are_counted_from_the_letters_field_at_eight_in_the_morning),
		network_test (
			of_dates_that_are_past_only_the_latest_stands_and_is_due_now),
		network_test (a_letter_does_not_remind_of_itself),
		network_test (a_shifted_date_replaces_what_was_set_before),
		network_test (
			checkins_come_as_often_as_the_letter_says_and_never_without_end),
		network_test (the_letter_itself_closes_the_earliest_one),
		network_test (the_other_sides_reminders_are_not_ours),
		network_test (a_letter_without_the_date_sets_nothing),
		network_test (the_threads_end_closes_all),
		network_test (
			a_list_reminds_of_a_person_until_the_first_letter_is_written),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
