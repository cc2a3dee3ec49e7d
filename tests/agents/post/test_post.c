/* The post against a hub that forgets, refuses, misorders and talks nonsense. */
#include "tests/agents/post/world.h"

#include "agents/post/session.h"

/* ---- out ---- */

static void a_letter_is_put_and_rests_in_custody (void **state)
{
	struct world *w = *state;
	struct letter_id id = write_letter (w, "Kabar keluarga");
	struct frame put;

	hub_meets (w, 0);
	put = hub_hears (w, FRAME_PUT);
	assert_int_equal (put.put.pseq, 1);
	hub_takes (w, &put);
	assert_int_equal (outbox_state_of (w, &id), OUTBOX_IN_CUSTODY);
}

static void a_letter_whose_answer_is_lost_goes_again_with_the_same_bytes (void **state)
{
	struct world *w = *state;
	struct letter_id id = write_letter (w, "Kabar keluarga");
	struct frame put, again, hello;

	hub_meets (w, 0);
	put = hub_hears (w, FRAME_PUT);
	hub_hangs_up (w, ERR_BUSY);
	hello = hub_meets (w, 1);
	assert_int_equal (hello.hello.next_pseq, 2);
	again = hub_hears (w, FRAME_PUT);
	assert_int_equal (again.put.pseq, 2);
	assert_true (bytes_equal (again.put.h, put.put.h));
	assert_true (bytes_equal (again.put.c, put.put.c));
	hub_takes (w, &again);
	assert_int_equal (outbox_state_of (w, &id), OUTBOX_IN_CUSTODY);
}

static void a_number_passed_over_in_silence_is_no_custody (void **state)
{
	struct world *w = *state;
	struct letter_id id = write_letter (w, "Kabar keluarga");
	struct frame ok = { .type = FRAME_PUT_OK }, again;

	hub_meets (w, 0);
	hub_hears (w, FRAME_PUT);
	ok.put_ok.up_to = 1;
	hub_say (w, &ok);
	turn (w, 20);
	assert_int_equal (outbox_state_of (w, &id), OUTBOX_SEALED);
	clock_turn (MINUTE_MS);
	again = hub_hears (w, FRAME_PUT);
	assert_int_equal (again.put.pseq, 2);
}

static void what_the_hub_puts_off_goes_later_under_a_new_number (void **state)
{
	struct world *w = *state;
	struct letter_id id = write_letter (w, "Kabar keluarga");
	struct frame put, again;

	hub_meets (w, 0);
	put = hub_hears (w, FRAME_PUT);
	hub_refuses (w, 1, ERR_QUOTA, 30 * SECOND_MS);
	hub_hears_nothing (w);
	assert_int_equal (outbox_state_of (w, &id), OUTBOX_SEALED);
	clock_turn (MINUTE_MS);
	again = hub_hears (w, FRAME_PUT);
	assert_int_equal (again.put.pseq, 2);
	assert_true (bytes_equal (again.put.c, put.put.c));
}

static void a_hub_that_asks_for_a_pause_of_years_gets_hours (void **state)
{
	struct world *w = *state;

	write_letter (w, "Kabar keluarga");
	hub_meets (w, 0);
	hub_hears (w, FRAME_PUT);
	hub_refuses (w, 1, ERR_BUSY, 4000 * DAY_MS);
	clock_turn (8 * HOUR_MS);
	assert_int_equal (hub_hears (w, FRAME_PUT).put.pseq, 2);
}

static void what_the_hub_refuses_for_ever_comes_back (void **state)
{
	struct world *w = *state;
	struct letter_id id = write_letter (w, "Kabar keluarga");
	struct post_status status;

	hub_meets (w, 0);
	hub_hears (w, FRAME_PUT);
	hub_refuses (w, 1, ERR_NO_ROUTE, 0);
	assert_int_equal (outbox_state_of (w, &id), OUTBOX_REFUSED);
	post_status (w->post, &status);
	assert_true (status.connected);
	assert_int_equal (status.refused, 1);
	clock_turn (HOUR_MS);
	hub_hears_nothing (w);
}

static void no_more_is_on_the_way_than_the_window_holds (void **state)
{
	struct world *w = *state;
	struct frame put = { 0 };

	for (int i = 0; i < 7; i++)
		write_letter (w, "Kabar keluarga");
	hub_hears (w, FRAME_HELLO);
	hub_welcomes (w, 0, (struct credit){ 3, MIB });
	for (uint64_t pseq = 1; pseq <= 3; pseq++) {
		put = hub_hears (w, FRAME_PUT);
		assert_int_equal (put.put.pseq, pseq);
	}
	hub_hears_nothing (w);
	put.put.pseq = 1;
	hub_takes (w, &put);
	assert_int_equal (hub_hears (w, FRAME_PUT).put.pseq, 4);
	hub_hears_nothing (w);
}

static void bytes_count_against_the_window_too (void **state)
{
	struct world *w = *state;
	struct frame put;

	write_letter (w, "satu");
	write_letter (w, "dua");
	hub_hears (w, FRAME_HELLO);
	hub_welcomes (w, 0, (struct credit){ 32, 100 });
	put = hub_hears (w, FRAME_PUT);   /* larger than the window: alone */
	hub_hears_nothing (w);
	hub_takes (w, &put);
	assert_int_equal (hub_hears (w, FRAME_PUT).put.pseq, 2);
}

static void without_credit_nothing_is_put (void **state)
{
	struct world *w = *state;

	write_letter (w, "Kabar keluarga");
	hub_hears (w, FRAME_HELLO);
	hub_welcomes (w, 0, (struct credit){ 0, 0 });
	hub_hears_nothing (w);
}

/* ---- another hub store ---- */

static void a_hub_that_lost_its_store_gets_everything_again (void **state)
{
	struct world *w = *state;
	struct letter_id id = write_letter (w, "Kabar keluarga");
	struct frame put, again, hello;

	hub_meets (w, 0);
	put = hub_hears (w, FRAME_PUT);
	hub_takes (w, &put);
	hub_hangs_up (w, ERR_BUSY);
	hello = hub_hears (w, FRAME_HELLO);
	assert_true (ID_EQUAL (hello.hello.hub_store_id, w->hub_store));
	random16_make (w->hub_store.b);
	hub_welcomes (w, 0, wide);
	again = hub_hears (w, FRAME_PUT);
	assert_int_equal (again.put.pseq, 1);
	assert_true (bytes_equal (again.put.c, put.put.c));
	hub_takes (w, &again);
	assert_int_equal (outbox_state_of (w, &id), OUTBOX_IN_CUSTODY);
}

static void an_agent_whose_ledger_went_back_stops (void **state)
{
	struct world *w = *state;
	struct frame welcome = { .type = FRAME_WELCOME };

	hub_meets (w, 0);
	hub_hangs_up (w, ERR_BUSY);
	hub_hears (w, FRAME_HELLO);
	welcome.welcome = (__typeof__ (welcome.welcome)){
		.protocol = 1, .hub = "hub-uji", .hub_store_id = w->hub_store, .pseq_mark = 9,
		.credit = wide, .max_frame_bytes = LIMIT_FRAME_BYTES,
		.max_expiry_ms = LETTER_EXPIRY_MAX_MS, .hub_time_ms = clock_now_ms (),
		.directory_version = 1, .checkpoint = "",
	};
	hub_say (w, &welcome);
	zloop_start (w->loop);   /* ends by itself */
	assert_int_equal (post_stopped (w->post), ERR_GONE_BACK);
}

static void a_hub_that_says_so_stops_it_as_well (void **state)
{
	struct world *w = *state;
	struct frame bye = { .type = FRAME_BYE };

	hub_hears (w, FRAME_HELLO);
	bye.bye.code = ERR_GONE_BACK;
	hub_say (w, &bye);
	zloop_start (w->loop);   /* ends by itself */
	assert_int_equal (post_stopped (w->post), ERR_GONE_BACK);
}

/* ---- in ---- */

static void a_letter_is_stored_then_acknowledged_then_receipted (void **state)
{
	struct world *w = *state;
	struct frame letter, stored;

	hub_meets (w, 0);
	letter = deliver (w, 1, w->partner_sig, 1);
	hub_say (w, &letter);
	stored = hub_hears (w, FRAME_STORED);
	assert_int_equal (stored.stored.up_to, 1);
	assert_int_equal (stored_count (w, INBOX_UNKNOWN), 1);
	hub_hears (w, FRAME_PUT);   /* the receipts */
}

static void a_redelivered_letter_is_acknowledged_and_stored_once (void **state)
{
	struct world *w = *state;
	struct frame letter;

	hub_meets (w, 0);
	letter = deliver (w, 1, w->partner_sig, 1);
	hub_say (w, &letter);
	hub_hears (w, FRAME_STORED);
	hub_hears (w, FRAME_PUT);
	hub_say (w, &letter);
	assert_int_equal (hub_hears (w, FRAME_STORED).stored.up_to, 1);
	assert_int_equal (stored_count (w, INBOX_UNKNOWN), 1);
}

static void a_letter_ahead_of_its_turn_ends_the_session (void **state)
{
	struct world *w = *state;
	struct frame letter, hello;

	hub_meets (w, 0);
	letter = deliver (w, 2, w->partner_sig, 1);
	hub_say (w, &letter);
	turn (w, 50);
	clock_turn (MINUTE_MS);
	hello = hub_hears (w, FRAME_HELLO);
	assert_int_equal (hello.hello.stored[CLASS_ROUTINE - CLASS_STAT].dseq, 0);
	assert_int_equal (stored_count (w, INBOX_UNKNOWN), 0);
}

/* So many bytes of a directory from there on. */
static void set_piece (struct frame *is, struct bytes whole, size_t offset, size_t len)
{
	is->directory_is.total = whole.len;
	is->directory_is.offset = offset;
	is->directory_is.piece = (struct bytes){ whole.data + offset,
						 len < whole.len - offset ? len : whole.len - offset };
}

/* A signer that only a newer directory names is asked for; what follows it waits behind it. */
static void a_letter_that_needs_a_newer_directory_waits_for_it (void **state)
{
	struct world *w = *state;
	keypair_t *old_sig = w->partner_sig;
	struct frame is = { .type = FRAME_DIRECTORY_IS }, first, second, nak;

	hub_meets (w, 0);
	w->partner_sig = keypair_new (KEY_SIG);
	is.directory_is.version = 2;
	hub_say (w, &is);
	hub_hears (w, FRAME_DIRECTORY_GET);
	first = deliver (w, 1, w->partner_sig, 2);
	second = deliver (w, 2, old_sig, 1);
	hub_say (w, &first);
	hub_say (w, &second);
	nak = hub_hears (w, FRAME_NAK);
	assert_int_equal (nak.nak.dseq, 1);
	assert_int_equal (nak.nak.code, ERR_DIRECTORY_BEHIND);
	hub_hears_nothing (w);
	set_piece (&is, directory_bytes (w, 2), 0, SIZE_MAX);
	hub_say (w, &is);
	hub_say (w, &first);
	assert_int_equal (hub_hears (w, FRAME_STORED).stored.up_to, 1);
	assert_int_equal (stored_count (w, INBOX_UNKNOWN), 1);
	keypair_destroy (&old_sig);
}

/* Else any member could hold up everybody's letters by naming a version that nobody has. */
static void a_number_alone_does_not_hold_up_the_class (void **state)
{
	struct world *w = *state;
	keypair_t *stranger = keypair_new (KEY_SIG);
	struct frame letter;

	hub_meets (w, 0);
	letter = deliver (w, 1, stranger, 1000000);
	hub_say (w, &letter);
	assert_int_equal (hub_hears (w, FRAME_STORED).stored.up_to, 1);
	assert_int_equal (stored_count (w, INBOX_UNKNOWN), 0);
	keypair_destroy (&stranger);
}

/* ---- a hub that says when to come back ---- */

static void agencies_that_were_sent_away_together_come_back_apart (void **state)
{
	int64_t least = INT64_MAX, most = 0;

	(void)state;
	for (int i = 0; i < 200; i++) {
		int64_t pause = post_asked_pause_ms (5 * SECOND_MS);

		assert_in_range (pause, 5 * SECOND_MS, 10 * SECOND_MS);
		least = pause < least ? pause : least;
		most = pause > most ? pause : most;
	}
	assert_true (most - least > SECOND_MS);
	assert_int_equal (post_asked_pause_ms (0), 0);
	assert_int_equal (post_asked_pause_ms (-1), 0);
	assert_in_range (post_asked_pause_ms (INT64_MAX), HOUR_MS, HOUR_MS + MINUTE_MS);
}

/* 200 draws for a number of tries lie between the bounds, and not all in one half. */
static void expect_apart (int64_t (*draw) (uint32_t tries), uint32_t tries, int64_t from, int64_t to)
{
	unsigned late = 0;

	for (int i = 0; i < 200; i++) {
		int64_t pause = draw (tries);

		assert_in_range (pause, from, to);
		late += pause > (from + to) / 2;
	}
	assert_in_range (late, 1, 199);
}

static void what_is_put_off_waits_longer_each_time_and_comes_apart (void **state)
{
	(void)state;
	expect_apart (post_backoff_ms, 0, SECOND_MS, 2 * SECOND_MS);
	expect_apart (post_backoff_ms, 3, 8 * SECOND_MS, 16 * SECOND_MS);
	expect_apart (post_backoff_ms, 1000, 5 * MINUTE_MS, 10 * MINUTE_MS);
	expect_apart (receiver_nak_ms, 0, 2000, 2500);
	expect_apart (receiver_nak_ms, 2, 8000, 10000);
	expect_apart (receiver_nak_ms, 1000, 16000, 20000);
}

static void a_letter_that_the_hub_put_off_waits_as_long_as_it_said_and_a_little_more (void **state)
{
	struct world *w = *state;
	struct letter_id id = write_letter (w, "Kabar keluarga");
	struct frame refused = { .type = FRAME_PUT_ERR };
	OWNED (arena) arena = arena_new (MIB);
	struct outbox_row row;
	int64_t before;

	hub_meets (w, 0);
	refused.put_err.pseq = hub_hears (w, FRAME_PUT).put.pseq;
	refused.put_err.code = ERR_QUOTA;
	refused.put_err.retry_after_ms = 4 * MINUTE_MS;
	before = clock_now_ms ();
	hub_say (w, &refused);
	turn (w, 50);
	assert_int_equal (outbox_get (w->ledger, &id, arena, &row), ERR_OK);
	assert_int_equal (row.last_error, ERR_QUOTA);
	assert_in_range (row.next_try_ms - before, 4 * MINUTE_MS, 5 * MINUTE_MS + WAIT_MS);
}

static void nobody_dials_before_the_hub_asked_for_it (void **state)
{
	struct world *w = *state;
	struct frame bye = { .type = FRAME_BYE };

	hub_meets (w, 0);
	bye.bye.code = ERR_DRAINING;
	bye.bye.retry_after_ms = 10 * MINUTE_MS;
	hub_say (w, &bye);
	turn (w, 50);
	clock_turn (9 * MINUTE_MS);
	assert_int_equal (hub_hears_within (w, 6 * TICK_TEST_MS).type, 0);
	clock_turn (2 * MINUTE_MS);
	hub_meets (w, 0);
}

/* ---- the directory ---- */

static void a_newer_directory_is_fetched_verified_and_kept (void **state)
{
	struct world *w = *state;
	struct frame is = { .type = FRAME_DIRECTORY_IS };

	hub_meets (w, 0);
	is.directory_is.version = 5;
	hub_say (w, &is);
	assert_int_equal (hub_hears (w, FRAME_DIRECTORY_GET).directory_get.version, 1);
	hub_say (w, &is);   /* told twice, asked once */
	hub_hears_nothing (w);
	set_piece (&is, directory_bytes (w, 5), 0, SIZE_MAX);
	hub_say (w, &is);
	turn (w, 50);
	assert_int_equal (directory_data (w->directory)->version, 5);
	assert_int_equal (access (w->directory_file, R_OK), 0);
}

static void a_directory_comes_in_pieces_and_goes_on_after_a_reconnect (void **state)
{
	struct world *w = *state;
	struct frame is = { .type = FRAME_DIRECTORY_IS }, get, bye = { .type = FRAME_BYE };
	struct bytes whole = directory_bytes (w, 5);

	hub_meets (w, 0);
	is.directory_is.version = 5;
	hub_say (w, &is);
	assert_int_equal (hub_hears (w, FRAME_DIRECTORY_GET).directory_get.offset, 0);
	set_piece (&is, whole, 0, 100);
	hub_say (w, &is);
	assert_int_equal (hub_hears (w, FRAME_DIRECTORY_GET).directory_get.offset, 100);
	hub_say (w, &is);   /* the same piece again adds nothing */
	assert_int_equal (hub_hears (w, FRAME_DIRECTORY_GET).directory_get.offset, 100);
	bye.bye.code = ERR_BUSY;
	hub_say (w, &bye);
	turn (w, 50);
	clock_turn (2 * MINUTE_MS);
	hub_meets (w, 0);
	is.directory_is.piece = BYTES_NONE;
	hub_say (w, &is);
	get = hub_hears (w, FRAME_DIRECTORY_GET);
	assert_int_equal (get.directory_get.version, 1);
	assert_int_equal (get.directory_get.offset, 100);
	set_piece (&is, whole, 100, SIZE_MAX);
	hub_say (w, &is);
	turn (w, 50);
	assert_int_equal (directory_data (w->directory)->version, 5);
}

static void a_directory_that_changes_on_the_way_is_begun_anew (void **state)
{
	struct world *w = *state;
	struct frame is = { .type = FRAME_DIRECTORY_IS };
	struct bytes newer = directory_bytes (w, 6);

	hub_meets (w, 0);
	is.directory_is.version = 5;
	hub_say (w, &is);
	hub_hears (w, FRAME_DIRECTORY_GET);
	set_piece (&is, directory_bytes (w, 5), 0, 100);
	hub_say (w, &is);
	assert_int_equal (hub_hears (w, FRAME_DIRECTORY_GET).directory_get.offset, 100);
	is.directory_is.version = 6;
	set_piece (&is, newer, 100, 50);
	hub_say (w, &is);
	assert_int_equal (hub_hears (w, FRAME_DIRECTORY_GET).directory_get.offset, 0);
	set_piece (&is, newer, 0, SIZE_MAX);
	hub_say (w, &is);
	turn (w, 50);
	assert_int_equal (directory_data (w->directory)->version, 6);
}

/* Two were signed with one number, and the hub changed from the one to the other on the way. */
static void pieces_of_two_directories_of_one_version_are_begun_anew (void **state)
{
	struct world *w = *state;
	struct frame is = { .type = FRAME_DIRECTORY_IS };
	struct bytes first = directory_bytes (w, 5), second;

	clock_turn (SECOND_MS);
	second = directory_bytes (w, 5);
	assert_int_equal (first.len, second.len);
	hub_meets (w, 0);
	is.directory_is.version = 5;
	hub_say (w, &is);
	hub_hears (w, FRAME_DIRECTORY_GET);
	set_piece (&is, first, 0, 100);
	hub_say (w, &is);
	assert_int_equal (hub_hears (w, FRAME_DIRECTORY_GET).directory_get.offset, 100);
	set_piece (&is, second, 100, SIZE_MAX);
	hub_say (w, &is);
	assert_int_equal (hub_hears (w, FRAME_DIRECTORY_GET).directory_get.offset, 0);
	set_piece (&is, second, 0, SIZE_MAX);
	hub_say (w, &is);
	turn (w, 50);
	assert_int_equal (directory_data (w->directory)->version, 5);
}

static void a_directory_that_nobody_signed_is_dropped (void **state)
{
	struct world *w = *state;
	struct frame is = { .type = FRAME_DIRECTORY_IS };
	keypair_t *registrar = w->registrar;

	hub_meets (w, 0);
	w->registrar = keypair_new (KEY_ROOT);
	is.directory_is.version = 5;
	set_piece (&is, directory_bytes (w, 5), 0, SIZE_MAX);
	hub_say (w, &is);
	turn (w, 50);
	assert_int_equal (directory_data (w->directory)->version, 1);
	assert_int_not_equal (access (w->directory_file, R_OK), 0);
	keypair_destroy (&w->registrar);
	w->registrar = registrar;
}

/* ---- nonsense ---- */

static void nonsense_ends_the_session_and_not_the_agent (void **state)
{
	struct world *w = *state;
	uint8_t noise[300];
	struct bytes kinds[] = {
		BYTES_OF (noise),
		{ (const uint8_t *)"", 0 },
		{ (const uint8_t *)"\x0a\xff", 2 },
	};

	memset (noise, 0xa5, sizeof noise);
	for (size_t i = 0; i < COUNT_OF (kinds); i++) {
		hub_meets (w, 0);
		hub_send_bytes (w, kinds[i]);
		turn (w, 50);
		clock_turn (2 * MINUTE_MS);
	}
	hub_meets (w, 0);
	assert_int_equal (post_stopped (w->post), ERR_OK);
}

static void a_frame_of_several_parts_is_nonsense (void **state)
{
	struct world *w = *state;
	struct frame ping = { .type = FRAME_PING };

	hub_meets (w, 0);
	assert_true (zmq_send (w->hub, w->peer, w->peer_len, ZMQ_SNDMORE) >= 0);
	assert_true (zmq_send (w->hub, "ah", 2, ZMQ_SNDMORE) >= 0);
	assert_true (zmq_send (w->hub, frame_encode (&ping, w->arena).data,
			       frame_encode (&ping, w->arena).len, 0) >= 0);
	turn (w, 50);
	clock_turn (MINUTE_MS);
	hub_meets (w, 0);
}

static void what_only_an_agent_says_ends_the_session (void **state)
{
	struct world *w = *state;
	struct frame stored = { .type = FRAME_STORED };

	hub_meets (w, 0);
	stored.stored.class = CLASS_ROUTINE;
	stored.stored.up_to = 1;
	hub_say (w, &stored);
	turn (w, 50);
	clock_turn (MINUTE_MS);
	hub_meets (w, 0);
}

static void answers_to_what_was_never_put_change_nothing (void **state)
{
	struct world *w = *state;
	struct letter_id id = write_letter (w, "Kabar keluarga");
	struct frame put, recalled = { .type = FRAME_RECALLED };

	hub_meets (w, 0);
	put = hub_hears (w, FRAME_PUT);
	hub_refuses (w, 99, ERR_NO_ROUTE, 0);
	recalled.recalled.id = id;
	recalled.recalled.done = true;
	hub_say (w, &recalled);
	turn (w, 20);
	assert_int_equal (outbox_state_of (w, &id), OUTBOX_SEALED);
	hub_takes (w, &put);
	hub_takes (w, &put);
	assert_int_equal (outbox_state_of (w, &id), OUTBOX_IN_CUSTODY);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		world_test (a_letter_is_put_and_rests_in_custody),
		world_test (a_letter_whose_answer_is_lost_goes_again_with_the_same_bytes),
		world_test (a_number_passed_over_in_silence_is_no_custody),
		world_test (what_the_hub_puts_off_goes_later_under_a_new_number),
		world_test (a_hub_that_asks_for_a_pause_of_years_gets_hours),
		world_test (what_the_hub_refuses_for_ever_comes_back),
		world_test (no_more_is_on_the_way_than_the_window_holds),
		world_test (bytes_count_against_the_window_too),
		world_test (without_credit_nothing_is_put),
		world_test (a_hub_that_lost_its_store_gets_everything_again),
		world_test (an_agent_whose_ledger_went_back_stops),
		world_test (a_hub_that_says_so_stops_it_as_well),
		world_test (agencies_that_were_sent_away_together_come_back_apart),
		cmocka_unit_test (what_is_put_off_waits_longer_each_time_and_comes_apart),
		world_test (a_letter_that_the_hub_put_off_waits_as_long_as_it_said_and_a_little_more),
		world_test (nobody_dials_before_the_hub_asked_for_it),
		world_test (a_letter_is_stored_then_acknowledged_then_receipted),
		world_test (a_redelivered_letter_is_acknowledged_and_stored_once),
		world_test (a_letter_ahead_of_its_turn_ends_the_session),
		world_test (a_letter_that_needs_a_newer_directory_waits_for_it),
		world_test (a_number_alone_does_not_hold_up_the_class),
		world_test (a_newer_directory_is_fetched_verified_and_kept),
		world_test (a_directory_comes_in_pieces_and_goes_on_after_a_reconnect),
		world_test (a_directory_that_changes_on_the_way_is_begun_anew),
		world_test (pieces_of_two_directories_of_one_version_are_begun_anew),
		world_test (a_directory_that_nobody_signed_is_dropped),
		world_test (nonsense_ends_the_session_and_not_the_agent),
		world_test (a_frame_of_several_parts_is_nonsense),
		world_test (what_only_an_agent_says_ends_the_session),
		world_test (answers_to_what_was_never_put_change_nothing),
	};

	return unit_end (cmocka_run_group_tests (tests, NULL, NULL));
}
