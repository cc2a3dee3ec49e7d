/*
 * A hub loses its store and comes back with an empty one.  What only that store knew (custody, signed
 * ends, recalls, marks) is gone; every letter still ends once, and on both sides alike.
 */
#include "tests/support/unit.h"

#include <string.h>

#include "tests/town/hub_side.h"
#include "tests/town/people.h"

#define STEP_MS 50
#define PATIENCE_MS (10 * MINUTE_MS)    /* of the town's time: longer than any pause of the post */

#define assert_ok(expression) assert_int_equal ((expression), ERR_OK)

static town_t town;
static struct person_id client;

static int found (void **state)
{
	(void)state;
	town_build (&town, CLINIC + 1);
	town_open (&town, "founding", 0);
	assert_ok (town_start (&town, IPWL));
	assert_ok (people_take_in (&town, IPWL, &client));
	town_end (&town);
	town_begin_here (&town);
	town_close (&town);
	return 0;
}

static int raze (void **state)
{
	(void)state;
	town_raze (&town);
	return 0;
}

/* ---- the day ------------------------------------------------------------------------------------ */

static void start (enum house house)
{
	assert_ok (town_start (&town, house));
}

/* Without a word, and its machine goes on. */
static void stop (enum house house)
{
	town_kill (&town, house, CUT_NOTHING);
}

static void lose_hub (void)
{
	stop (HUB);
	town_put_empty (&town, HUB, 7);
	start (HUB);
}

typedef bool (has_come_fn) (const struct letter_id *id);

/* Time passes until it is so. */
static void await (has_come_fn *has_come, const struct letter_id *id)
{
	for (int64_t ms = 0; ms < PATIENCE_MS && !has_come (id); ms += STEP_MS)
		town_pass (&town, sim_now_ms () + STEP_MS);
	assert_true (has_come (id));
}

static void pass (int64_t ms)
{
	for (; ms > 0; ms -= STEP_MS)
		town_pass (&town, sim_now_ms () + STEP_MS);
}

/* Everybody is down for so many days. */
static void days_pass (int days)
{
	for (int house = HUB; house <= CLINIC; house++) {
		if (town_down (&town, (enum house)house) == ERR_OK)
			stop ((enum house)house);
		town.site[house].machine.skew_ms += days * DAY_MS;
	}
}

/* ---- what is known ------------------------------------------------------------------------------ */

static struct outbox_row row_of (const struct letter_id *id)
{
	struct outbox_row row;

	assert_ok (outbox_get (town.site[IPWL].ledger, id, town.arena, &row));
	return row;
}

static bool in_custody (const struct letter_id *id)
{
	return row_of (id).state == OUTBOX_IN_CUSTODY;
}

static bool has_ended (const struct letter_id *id)
{
	return row_of (id).state > OUTBOX_IN_CUSTODY;
}

static bool hub_took (const struct letter_id *id)
{
	return hub_counted (town.site[HUB].hub, HUB_TAKEN) > 0;
}

static bool hub_expired (const struct letter_id *id)
{
	return hub_counted (town.site[HUB].hub, HUB_EXPIRED) > 0;
}

static bool hub_recalled (const struct letter_id *id)
{
	return hub_counted (town.site[HUB].hub, HUB_RECALLED) > 0;
}

/* Its recipient has stored it, and nothing that it says about it is left to send. */
static bool clinic_is_done (const struct letter_id *id)
{
	struct outbox_counts counts = outbox_counts (town.site[CLINIC].ledger);
	struct inbox_row row;

	return inbox_get (town.site[CLINIC].ledger, &town.site[IPWL].id, id, town.arena, &row) ==
		       ERR_OK &&
	       counts.written + counts.sealed == 0;
}

static bool hub_has_it_stored (const struct letter_id *id)
{
	return hub_counted (town.site[HUB].hub, HUB_STORED) > 0;
}

static size_t at_clinic (enum inbox_state state)
{
	struct inbox_row *rows;

	return inbox_list (town.site[CLINIC].ledger, state, NULL, 0, 100, town.arena, &rows);
}

static size_t referrals_at (enum house house)
{
	struct thread *threads;

	return thread_list (town.site[house].ledger, BOX_ALL, NULL, NULL, 0, 100, town.arena, &threads);
}

static unsigned alarms (enum house house, const char *name)
{
	struct alarm *list;
	size_t count = alarm_list (town.site[house].ledger, 0, 100, town.arena, &list);
	unsigned found = 0;

	for (size_t i = 0; i < count; i++)
		found += strcmp (list[i].name, name) == 0;
	return found;
}

static struct thread thread_at (enum house house, const struct thread_id *id)
{
	struct thread thread;

	assert_ok (thread_get (town.site[house].ledger, id, town.arena, &thread));
	return thread;
}

/* ---- one letter, on its way --------------------------------------------------------------------- */

/* The clinic is away, and the hub has it. */
static struct letter_id letter_at_hub (struct thread_id *ret_thread)
{
	struct letter_id id;

	start (HUB);
	start (IPWL);
	assert_ok (people_refer (&town, IPWL, CLINIC, &client, URGENCY_ROUTINE, ret_thread));
	id = thread_at (IPWL, ret_thread).request;
	await (in_custody, &id);
	return id;
}

static void complain (void *arg, const char *rule, const char *what)
{
	print_error ("%s %s\n", rule, what);
}

/* All that was promised has come about, or somebody said that it has not. */
static void expect_order (void)
{
	assert_int_equal (town_check (&town, complain, NULL), 0);
}

static int open_town (void **state)
{
	(void)state;
	town_open (&town, "day", 11);
	return 0;
}

static int close_town (void **state)
{
	(void)state;
	town_close (&town);
	return 0;
}

/* ---- custody ------------------------------------------------------------------------------------ */

static void what_only_the_lost_hub_had_is_put_again_and_arrives_once (void **state)
{
	struct thread_id thread;
	struct letter_id id = letter_at_hub (&thread);
	struct hash bytes = row_of (&id).header_hash;

	(void)state;
	lose_hub ();
	pass (MINUTE_MS);
	start (CLINIC);
	await (has_ended, &id);
	assert_int_equal (row_of (&id).state, OUTBOX_STORED);
	assert_true (ID_EQUAL (row_of (&id).header_hash, bytes));
	assert_int_equal (at_clinic (INBOX_APPLIED), 1);
	assert_int_equal (referrals_at (CLINIC), 1);
	expect_order ();
}

/* Its answer was on the way when it was lost: the sender never knew, and knows no more afterwards. */
static void custody_that_only_the_lost_hub_knew_of_is_nobodys (void **state)
{
	struct thread_id thread;
	struct letter_id id;

	(void)state;
	start (HUB);
	start (IPWL);
	pass (SECOND_MS);
	town.site[IPWL].road->deaf_agent = true;
	assert_ok (people_refer (&town, IPWL, CLINIC, &client, URGENCY_ROUTINE, &thread));
	id = thread_at (IPWL, &thread).request;
	await (hub_took, &id);
	assert_int_equal (row_of (&id).state, OUTBOX_SEALED);
	lose_hub ();
	town.site[IPWL].road->deaf_agent = false;
	start (CLINIC);
	await (has_ended, &id);
	assert_int_equal (row_of (&id).state, OUTBOX_STORED);
	assert_int_equal (referrals_at (CLINIC), 1);
	expect_order ();
}

/* Both agencies were away when the hub was lost: who put it learns from the WELCOME that it is gone. */
static void who_comes_back_later_puts_it_again_too (void **state)
{
	struct thread_id thread;
	struct letter_id id = letter_at_hub (&thread);

	(void)state;
	stop (IPWL);
	lose_hub ();
	start (CLINIC);
	pass (MINUTE_MS);
	assert_int_equal (referrals_at (CLINIC), 0);
	start (IPWL);
	assert_true (in_custody (&id));
	await (has_ended, &id);
	assert_int_equal (row_of (&id).state, OUTBOX_STORED);
	assert_int_equal (referrals_at (CLINIC), 1);
	expect_order ();
}

/* The mark and the receipts of the recipient were the hub's alone: it says them again when the letter
 * comes again, and takes no second step. */
static void a_receipt_that_only_the_lost_hub_had_is_said_again (void **state)
{
	struct thread_id thread;
	struct letter_id id = letter_at_hub (&thread);
	size_t entries;

	(void)state;
	stop (IPWL);
	start (CLINIC);
	await (clinic_is_done, &id);
	await (hub_has_it_stored, &id);
	pass (SECOND_MS);
	entries = ledger_size (town.site[CLINIC].ledger).entries;
	lose_hub ();
	pass (MINUTE_MS);
	start (IPWL);
	assert_true (in_custody (&id));
	await (has_ended, &id);
	assert_int_equal (row_of (&id).state, OUTBOX_STORED);
	pass (MINUTE_MS);
	assert_int_equal (referrals_at (CLINIC), 1);
	assert_string_equal (thread_at (CLINIC, &thread).state, "requested");
	assert_int_equal (at_clinic (INBOX_APPLIED), 1);
	assert_in_range (ledger_size (town.site[CLINIC].ledger).entries, entries, entries + 2);
	expect_order ();
}

/* ---- signed ends -------------------------------------------------------------------------------- */

/* The hub let it expire and signed that, for a sender that was away. */
static struct letter_id expired_unheard (struct thread_id *ret_thread)
{
	struct letter_id id = letter_at_hub (ret_thread);

	days_pass (181);
	start (HUB);
	sim_enter (&town.site[HUB].machine);
	hub_confirm_clock (town.site[HUB].hub);
	sim_leave ();
	await (hub_expired, &id);
	return id;
}

static void expect_undelivered (const struct letter_id *id, const struct thread_id *thread)
{
	struct outbox_row row = row_of (id);

	assert_true (row.state == OUTBOX_EXPIRED || row.state == OUTBOX_REFUSED);
	assert_string_equal (err_name (row.last_error), "EXPIRED");
	assert_int_equal (alarms (IPWL, "not-delivered") + alarms (IPWL, "refused"), 1);
	assert_string_equal (thread_at (IPWL, thread).overlay, "not-delivered");
}

static void an_expiry_that_only_the_lost_hub_had_signed_is_said_by_the_new_one (void **state)
{
	struct thread_id thread;
	struct letter_id id = expired_unheard (&thread);

	(void)state;
	lose_hub ();
	start (IPWL);
	assert_true (in_custody (&id));
	await (has_ended, &id);
	expect_undelivered (&id, &thread);
	start (CLINIC);
	pass (MINUTE_MS);
	assert_int_equal (referrals_at (CLINIC), 0);
	expect_order ();
}

/* Without the loss it is the notice that says so: the same for whoever reads it. */
static void the_same_by_the_notice_itself (void **state)
{
	struct thread_id thread;
	struct letter_id id = expired_unheard (&thread);

	(void)state;
	start (IPWL);
	await (has_ended, &id);
	expect_undelivered (&id, &thread);
	assert_int_equal (row_of (&id).state, OUTBOX_EXPIRED);
	lose_hub ();                         /* heard is heard: it is not put again */
	start (CLINIC);
	pass (MINUTE_MS);
	assert_int_equal (row_of (&id).state, OUTBOX_EXPIRED);
	assert_int_equal (alarms (IPWL, "not-delivered"), 1);
	assert_int_equal (referrals_at (CLINIC), 0);
	expect_order ();
}

/* ---- recalls ------------------------------------------------------------------------------------ */

static const struct actor worker = { "sari", "caseworker" };

static void recall (const struct thread_id *thread, const struct letter_id *id)
{
	struct letter_id taken;
	bool at_once;

	sim_enter (&town.site[IPWL].machine);
	assert_ok (desk_recall (town.site[IPWL].desk, &worker, thread, id, &taken, &at_once, NULL));
	sim_leave ();
	assert_false (at_once);
}

static void a_recall_that_only_the_lost_hub_had_granted_holds (void **state)
{
	struct thread_id thread;
	struct letter_id id = letter_at_hub (&thread);

	(void)state;
	town.site[IPWL].road->deaf_agent = true;
	recall (&thread, &id);
	await (hub_recalled, &id);
	assert_true (in_custody (&id));
	lose_hub ();
	town.site[IPWL].road->deaf_agent = false;
	start (CLINIC);
	await (has_ended, &id);
	assert_int_equal (row_of (&id).state, OUTBOX_RECALLED);
	pass (2 * MINUTE_MS);
	assert_int_equal (row_of (&id).state, OUTBOX_RECALLED);
	assert_int_equal (referrals_at (CLINIC), 0);
	expect_order ();
}

#define town_test(f) cmocka_unit_test_setup_teardown (f, open_town, close_town)

int main (void)
{
	const struct CMUnitTest tests[] = {
		town_test (what_only_the_lost_hub_had_is_put_again_and_arrives_once),
		town_test (custody_that_only_the_lost_hub_knew_of_is_nobodys),
		town_test (who_comes_back_later_puts_it_again_too),
		town_test (a_receipt_that_only_the_lost_hub_had_is_said_again),
		town_test (an_expiry_that_only_the_lost_hub_had_signed_is_said_by_the_new_one),
		town_test (the_same_by_the_notice_itself),
		town_test (a_recall_that_only_the_lost_hub_had_granted_holds),
	};

	return unit_end (cmocka_run_group_tests (tests, found, raze));
}
