/* Letters at which an agent fails: found, set aside alone, and brought again. */
#include "tests/hub/world.h"

#include "hub/core.h"
#include "hub/suspect.h"
#include "tests/support/clock.h"
#include "tests/support/ticks.h"

#define LIMIT 3     /* tries, as world_new sets it up */

static int setup (void **state)
{
	struct world *w = world_new ();

	world_start (w);
	*state = w;
	return 0;
}

static int teardown (void **state)
{
	struct world *w = *state;

	world_stop (w);
	world_destroy (w);
	return 0;
}

/* ---- the hub's clock ---- */

static volatile unsigned looks;      /* of the hub at its clock */

void __real_hub_tick (hub_t *hub);
void __wrap_hub_tick (hub_t *hub);

void __wrap_hub_tick (hub_t *hub)
{
	__real_hub_tick (hub);
	looks++;
}

/* The hub looks at its clock some times and says nothing: the next that it says is an answer. */
static void expect_nothing (struct agent *a)
{
	unsigned until = looks + 4;

	while (looks < until)
		zclock_sleep (5);
	agent_settle (a);
}

/* ---- one agency, two letters ---- */

struct mail {
	struct agent *from, *to;
	struct test_letter bad, good;
};

static struct mail mail_of (struct world *w)
{
	struct mail mail = { .from = agent_online (w, 0), .to = agent_online (w, 1) };

	mail.bad = letter_for (mail.from, 1, CLASS_ROUTINE);
	mail.good = letter_for (mail.from, 1, CLASS_ROUTINE);
	agent_put_ok (mail.from, &mail.bad);
	agent_put_ok (mail.from, &mail.good);
	return mail;
}

static void mail_close (struct mail *mail)
{
	agent_destroy (mail->from);
	agent_destroy (mail->to);
}

/* Until the hub has heard what was said before; what it sent meanwhile comes again. */
static void await_pong (struct agent *a)
{
	struct frame frame = { .type = FRAME_PING };

	agent_send (a, &frame);
	do
		frame = agent_hear (a, WAIT_MS);
	while (frame.type == FRAME_DELIVER);
	assert_int_equal (frame.type, FRAME_PONG);
}

/* And the time passes for which it asks. */
static void put_off (struct agent *a, uint64_t dseq, err_t code)
{
	struct frame frame = { .type = FRAME_NAK };

	frame.nak.class = CLASS_ROUTINE;
	frame.nak.dseq = dseq;
	frame.nak.code = code;
	frame.nak.retry_after_ms = 1000;
	agent_send (a, &frame);
	await_pong (a);
	clock_turn (2 * SECOND_MS);
}

static void expect_parked (struct agent *a, const struct test_letter *letter, uint64_t dseq)
{
	struct frame frame = agent_expect (a, FRAME_DELIVER);

	assert_int_equal (frame.deliver.item, DELIVER_GAP);
	assert_int_equal (frame.deliver.dseq, dseq);
	assert_string_equal (err_name (frame.deliver.gap.reason), "PARKED");
	assert_true (ID_EQUAL (frame.deliver.gap.id, letter->header.id));
	assert_true (agency_id_equal (&frame.deliver.gap.from, &letter->header.from));
}

/* Puts the first letter off until it is set aside. */
static void to_the_end (struct mail *mail)
{
	struct frame frame;

	for (;;) {
		frame = agent_expect (mail->to, FRAME_DELIVER);
		if (frame.deliver.item == DELIVER_GAP)
			break;
		if (frame.deliver.dseq == 1)
			put_off (mail->to, 1, ERR_DIRECTORY_BEHIND);
	}
	assert_int_equal (frame.deliver.dseq, 1);
	assert_int_equal (frame.deliver.gap.reason, ERR_PARKED);
}

static void a_letter_put_off_again_and_again_is_set_aside_alone (void **state)
{
	struct world *w = *state;
	struct mail mail = mail_of (w);
	struct test_letter last = letter_for (mail.from, 1, CLASS_ROUTINE);
	char queue[16384];

	to_the_end (&mail);
	agent_expect_letter (mail.to, &mail.good, 2);
	agent_stored (mail.to, CLASS_ROUTINE, 2);
	agent_settle (mail.to);
	world_command (w, "queue json", queue, sizeof queue);
	assert_non_null (strstr (queue, "\"parked\":[{\"recipient\":\"klinik-melati\",\"sender\":\"ipwl-pesona\""));
	agent_put_ok (mail.from, &last);
	agent_expect_letter (mail.to, &last, 3);
	expect_nothing (mail.to);
	clock_turn (16 * MINUTE_MS);
	agent_expect_letter (mail.to, &mail.bad, 4);
	agent_stored (mail.to, CLASS_ROUTINE, 4);
	agent_settle (mail.to);
	world_await (w, "\"letters_stored\":3");
	mail_close (&mail);
}

static void what_an_agency_cannot_take_at_all_is_no_letters_fault (void **state)
{
	struct mail mail = mail_of (*state);

	for (int i = 0; i < 2 * LIMIT; i++) {
		struct frame frame = agent_expect (mail.to, FRAME_DELIVER);

		assert_int_equal (frame.deliver.item, DELIVER_LETTER);
		if (frame.deliver.dseq == 1)
			put_off (mail.to, 1, ERR_NO_SPACE);
	}
	mail_close (&mail);
}

/* ---- an agent that dies ---- */

static void come_back (struct agent *a, uint64_t stored)
{
	struct frame hello;

	agent_redial (a);
	hello = hello_of (a);
	hello.hello.stored_count = 1;
	hello.hello.stored[0] = (struct class_mark){ CLASS_ROUTINE, stored };
	agent_send (a, &hello);
	agent_welcomed (a);
	agent_credit (a, 64, 2 * MIB);
}

static void the_letter_at_which_an_agent_dies_is_found_among_others (void **state)
{
	struct world *w = *state;
	struct mail mail = mail_of (w);
	struct test_letter poison = letter_for (mail.from, 1, CLASS_ROUTINE);
	struct test_letter last = letter_for (mail.from, 1, CLASS_ROUTINE);

	agent_put_ok (mail.from, &poison);
	agent_put_ok (mail.from, &last);
	for (uint64_t dseq = 1; dseq <= 4; dseq++)
		agent_expect (mail.to, FRAME_DELIVER);
	come_back (mail.to, 0);                  /* it died with four on the way */
	for (uint64_t dseq = 1; dseq <= 2; dseq++) {
		assert_int_equal (agent_expect (mail.to, FRAME_DELIVER).deliver.dseq, dseq);
		if (dseq == 1)                   /* one by one as long as the first is suspected */
			expect_nothing (mail.to);
		agent_stored (mail.to, CLASS_ROUTINE, dseq);
	}
	for (int i = 0; i <= LIMIT; i++) {
		agent_expect_letter (mail.to, &poison, 3);
		zclock_sleep (1000);             /* the line has had the time to carry it */
		come_back (mail.to, 2);
	}
	expect_parked (mail.to, &poison, 3);
	agent_stored (mail.to, CLASS_ROUTINE, 3);
	agent_expect_letter (mail.to, &last, 4);
	agent_stored (mail.to, CLASS_ROUTINE, 4);
	clock_turn (16 * MINUTE_MS);
	agent_expect_letter (mail.to, &poison, 5);
	mail_close (&mail);
}

static void a_clean_goodbye_accuses_nobody (void **state)
{
	struct mail mail = mail_of (*state);
	struct frame bye = { .type = FRAME_BYE };

	for (int i = 0; i < 2 * LIMIT; i++) {
		agent_expect_letter (mail.to, &mail.bad, 1);
		agent_expect_letter (mail.to, &mail.good, 2);
		agent_send (mail.to, &bye);
		agent_settle (mail.from);
		zclock_sleep (50);
		come_back (mail.to, 0);
	}
	mail_close (&mail);
}

/* ---- its life aside ---- */

static void a_letter_set_aside_survives_a_restart_and_counts_for_its_sender (void **state)
{
	struct world *w = *state;
	struct mail mail = mail_of (w);

	to_the_end (&mail);
	world_stop (w);
	w->setup.quota.letters = 2;              /* both are still here */
	world_start (w);
	agent_redial (mail.from);
	agent_hello (mail.from);
	mail.good = letter_for (mail.from, 1, CLASS_ROUTINE);
	agent_put_refused (mail.from, &mail.good, ERR_QUOTA);
	come_back (mail.to, 0);
	expect_parked (mail.to, &mail.bad, 1);
	clock_turn (16 * MINUTE_MS);
	agent_expect (mail.to, FRAME_DELIVER);
	agent_expect_letter (mail.to, &mail.bad, 3);
	mail_close (&mail);
}

static void it_can_be_recalled (void **state)
{
	struct mail mail = mail_of (*state);
	struct frame frame = { .type = FRAME_RECALL };

	to_the_end (&mail);
	frame.recall.id = mail.bad.header.id;
	agent_send (mail.from, &frame);
	assert_true (agent_expect (mail.from, FRAME_RECALLED).recalled.done);
	agent_expect_letter (mail.to, &mail.good, 2);
	agent_stored (mail.to, CLASS_ROUTINE, 2);
	clock_turn (16 * MINUTE_MS);
	expect_nothing (mail.to);
	mail_close (&mail);
}

static void it_expires_with_a_signed_notice (void **state)
{
	struct mail mail = mail_of (*state);
	struct frame frame;

	to_the_end (&mail);
	agent_expect_letter (mail.to, &mail.good, 2);
	agent_stored (mail.to, CLASS_ROUTINE, 2);
	clock_turn (LETTER_EXPIRY_DEFAULT_MS + MINUTE_MS);
	frame = agent_expect (mail.from, FRAME_DELIVER);
	assert_int_equal (frame.deliver.item, DELIVER_NOTICE);
	expect_nothing (mail.to);
	mail_close (&mail);
}

static void a_letter_set_aside_waits_longer_each_time_and_never_beyond_six_hours (void **state)
{
	(void)state;
	for (unsigned times = 0; times < 40; times++) {
		int64_t most = times < 5 ? (15 * MINUTE_MS) << times : 6 * HOUR_MS;
		int64_t first = park_pause_ms (times);
		bool apart = false;

		most = most < 6 * HOUR_MS ? most : 6 * HOUR_MS;
		for (int i = 0; i < 50; i++) {
			int64_t pause = park_pause_ms (times);

			assert_in_range (pause, most / 2, most);
			apart |= pause != first;
		}
		assert_true (apart);
	}
}

/* ---- who is suspected ---- */

static struct account *one_account (accounts_t *accounts, uint64_t routine)
{
	struct agency_id id = agency_named (1);
	struct account *account = accounts_open (accounts, &id);

	account->now.lane[CLASS_ROUTINE].last = routine;
	return account;
}

static void end_at (struct account *account, uint32_t size, int64_t after_ms)
{
	struct item item = { .class = CLASS_ROUTINE, .size = size, .dseq = 1 };
	struct courier courier;

	courier_open (&courier, account);
	courier.sent_ms = 5000;
	courier_sent (&courier, account, &item);
	suspect_session_ended (account, &courier, LIMIT, 5000 + after_ms);
	courier_close (&courier);
}

static void a_slow_line_is_not_taken_for_poison (void **state)
{
	OWNED (accounts) accounts = accounts_new ();
	struct account *account = one_account (accounts, 2);

	for (int i = 0; i < 4 * LIMIT - 1; i++)   /* 256 KiB need 64 s on 32 kbit/s */
		end_at (account, 256 * KIB, 64000);
	assert_false (suspect_guilty (account, CLASS_ROUTINE));
	end_at (account, 256 * KIB, 64000);
	assert_true (suspect_guilty (account, CLASS_ROUTINE));
}

static void who_dies_at_every_letter_keeps_them (void **state)
{
	OWNED (accounts) accounts = accounts_new ();
	struct account *account = one_account (accounts, 100);
	int parked = 0;

	for (int i = 0; i < 100; i++) {
		end_at (account, KIB, 10000);
		if (!suspect_guilty (account, CLASS_ROUTINE))
			continue;
		suspect_parked (account, CLASS_ROUTINE);
		account->now.lane[CLASS_ROUTINE].stored++;   /* the gap */
		suspect_stored (account, false);
		parked++;
	}
	assert_int_equal (parked, 3);
	suspect_stored (account, true);
	for (int i = 0; i < LIMIT; i++)
		end_at (account, KIB, 10000);
	assert_true (suspect_guilty (account, CLASS_ROUTINE));
}

int main (void)
{
#define IN_WORLD(test) cmocka_unit_test_setup_teardown (test, setup, teardown)
	const struct CMUnitTest tests[] = {
		IN_WORLD (a_letter_put_off_again_and_again_is_set_aside_alone),
		IN_WORLD (what_an_agency_cannot_take_at_all_is_no_letters_fault),
		IN_WORLD (the_letter_at_which_an_agent_dies_is_found_among_others),
		IN_WORLD (a_clean_goodbye_accuses_nobody),
		IN_WORLD (a_letter_set_aside_survives_a_restart_and_counts_for_its_sender),
		IN_WORLD (it_can_be_recalled),
		IN_WORLD (it_expires_with_a_signed_notice),
		cmocka_unit_test (a_letter_set_aside_waits_longer_each_time_and_never_beyond_six_hours),
		cmocka_unit_test (a_slow_line_is_not_taken_for_poison),
		cmocka_unit_test (who_dies_at_every_letter_keeps_them),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
