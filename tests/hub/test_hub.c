/* The hub over real sockets: letters, sessions, and peers that misbehave. */
#include "tests/hub/world.h"

#include "jembatan/merkle.h"
#include "tests/hub/disk.h"
#include "tests/support/clock.h"

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

	disk_hold (false);
	world_stop (w);
	world_destroy (w);
	return 0;
}

/* ---- letters ---- */

static void a_letter_is_taken_delivered_and_stored (void **state)
{
	struct world *w = *state;
	struct agent *from = agent_online (w, 0), *to = agent_online (w, 1);
	struct test_letter letter = letter_for (from, 1, CLASS_ROUTINE);
	char status[16384];

	assert_int_equal (agent_put_ok (from, &letter), 0);
	agent_expect_letter (to, &letter, 1);
	agent_stored (to, CLASS_ROUTINE, 1);
	agent_settle (to);
	world_command (w, "status json", status, sizeof status);
	assert_non_null (strstr (status, "\"letters_stored\":1"));
	assert_non_null (strstr (status, "\"checkpoint_size\":2"));
	agent_destroy (from);
	agent_destroy (to);
}

static void a_letter_waits_for_a_recipient_who_is_away (void **state)
{
	struct world *w = *state;
	struct agent *from = agent_online (w, 0), *to;
	struct test_letter routine = letter_for (from, 2, CLASS_ROUTINE);
	struct test_letter stat = letter_for (from, 2, CLASS_STAT);

	agent_put_ok (from, &routine);
	agent_put_ok (from, &stat);
	to = agent_online (w, 2);
	agent_expect_letter (to, &stat, 1);
	agent_expect_letter (to, &routine, 1);
	agent_destroy (from);
	agent_destroy (to);
}

static void a_letter_that_was_not_stored_comes_again_after_a_reconnect (void **state)
{
	struct world *w = *state;
	struct agent *from = agent_online (w, 0), *to = agent_online (w, 1);
	struct test_letter first = letter_for (from, 1, CLASS_URGENT);
	struct test_letter second = letter_for (from, 1, CLASS_URGENT);
	struct frame hello;

	agent_put_ok (from, &first);
	agent_put_ok (from, &second);
	agent_expect_letter (to, &first, 1);
	agent_expect_letter (to, &second, 2);
	agent_stored (to, CLASS_URGENT, 1);
	agent_settle (to);
	agent_redial (to);
	hello = hello_of (to);
	hello.hello.stored_count = 1;
	hello.hello.stored[0] = (struct class_mark){ CLASS_URGENT, 1 };
	agent_send (to, &hello);
	agent_welcomed (to);
	agent_credit (to, 8, MIB);
	agent_expect_letter (to, &second, 2);
	agent_destroy (from);
	agent_destroy (to);
}

static void the_same_letter_twice_is_answered_alike_and_delivered_once (void **state)
{
	struct world *w = *state;
	struct agent *from = agent_online (w, 0), *to = agent_online (w, 1);
	struct test_letter letter = letter_for (from, 1, CLASS_ROUTINE);
	uint64_t leaf = agent_put_ok (from, &letter);

	assert_int_equal (agent_put_ok (from, &letter), leaf);
	agent_expect_letter (to, &letter, 1);
	assert_int_equal (agent_hear (to, 300).type, 0);
	agent_destroy (from);
	agent_destroy (to);
}

static void a_letter_put_again_after_it_was_stored_is_delivered_again (void **state)
{
	struct world *w = *state;
	struct agent *from = agent_online (w, 0), *to = agent_online (w, 1);
	struct test_letter letter = letter_for (from, 1, CLASS_ROUTINE);
	struct test_letter next = letter_for (from, 1, CLASS_ROUTINE);
	uint64_t leaf = agent_put_ok (from, &letter);

	agent_expect_letter (to, &letter, 1);
	agent_stored (to, CLASS_ROUTINE, 1);
	agent_settle (to);
	assert_true (agent_put_ok (from, &letter) > leaf);
	agent_expect_letter (to, &letter, 2);
	agent_put_ok (from, &letter);
	agent_put_ok (from, &next);
	agent_expect_letter (to, &next, 3);
	agent_stored (to, CLASS_ROUTINE, 3);
	agent_settle (to);
	agent_destroy (from);
	agent_destroy (to);
}

static void the_same_id_with_other_bytes_is_refused (void **state)
{
	struct world *w = *state;
	struct agent *from = agent_online (w, 0);
	struct test_letter letter = letter_for (from, 1, CLASS_ROUTINE);

	agent_put_ok (from, &letter);
	letter.header.expires_at_ms -= 1000;
	letter_sealed_again (from, &letter);
	agent_put_refused (from, &letter, ERR_EQUIVOCATION);
	agent_destroy (from);
}

static void a_letter_in_anothers_name_is_refused (void **state)
{
	struct world *w = *state;
	struct agent *from = agent_online (w, 0);
	struct test_letter letter = letter_for (from, 1, CLASS_ROUTINE);

	letter.header.from = agency_named (2);
	letter_sealed_again (from, &letter);
	agent_put_refused (from, &letter, ERR_NOT_YOU);
	agent_destroy (from);
}

static void a_refused_letter_between_taken_ones_is_answered_in_order (void **state)
{
	struct world *w = *state;
	struct agent *from = agent_online (w, 0);
	struct test_letter good = letter_for (from, 1, CLASS_ROUTINE);
	struct test_letter bad = letter_for (from, 1, CLASS_ROUTINE);
	struct test_letter last = letter_for (from, 1, CLASS_ROUTINE);
	uint64_t next = 1;

	bad.header.expires_at_ms = clock_now_ms () - 1000;
	letter_sealed_again (from, &bad);
	agent_put (from, &good);
	agent_put (from, &bad);
	agent_put (from, &last);
	while (next <= 3) {
		struct frame frame = agent_hear (from, WAIT_MS);

		if (frame.type == FRAME_PUT_ERR) {
			assert_int_equal (frame.put_err.pseq, next);
			assert_int_equal (frame.put_err.code, ERR_EXPIRED);
			next++;
		} else {
			assert_int_equal (frame.type, FRAME_PUT_OK);
			assert_int_equal (frame.put_ok.taken[0].pseq, next);
			next = frame.put_ok.up_to + 1;
		}
	}
	agent_destroy (from);
}

static void an_expired_letter_becomes_a_gap_and_a_signed_notice (void **state)
{
	struct world *w = *state;
	struct agent *from = agent_online (w, 0), *to;
	struct test_letter letter = letter_for (from, 1, CLASS_URGENT);
	struct public_key log_key = keypair_public (w->hub_log);
	struct non_delivery word;
	struct frame frame;

	agent_put_ok (from, &letter);
	clock_turn (LETTER_EXPIRY_DEFAULT_MS + MINUTE_MS);
	frame = agent_expect (from, FRAME_DELIVER);
	assert_int_equal (frame.deliver.item, DELIVER_NOTICE);
	assert_int_equal (verify_parts (&log_key, &frame.deliver.notice.signature, NOTICE_DOMAIN,
					frame.deliver.notice.statement, BYTES_NONE, BYTES_NONE),
			  ERR_OK);
	assert_int_equal (non_delivery_decode (frame.deliver.notice.statement, from->arena, &word),
			  ERR_OK);
	assert_true (ID_EQUAL (word.id, letter.header.id));
	assert_int_equal (word.reason, ERR_EXPIRED);
	to = agent_online (w, 1);
	frame = agent_expect (to, FRAME_DELIVER);
	assert_int_equal (frame.deliver.item, DELIVER_GAP);
	assert_int_equal (frame.deliver.gap.reason, ERR_EXPIRED);
	assert_int_equal (frame.deliver.dseq, 1);
	agent_destroy (from);
	agent_destroy (to);
	clock_turn (-(LETTER_EXPIRY_DEFAULT_MS + MINUTE_MS));
}

static struct frame recalled (struct agent *from, const struct test_letter *letter)
{
	struct frame frame = { .type = FRAME_RECALL };

	frame.recall.id = letter->header.id;
	agent_send (from, &frame);
	return agent_expect (from, FRAME_RECALLED);
}

static void a_letter_is_recalled_until_it_is_delivered (void **state)
{
	struct world *w = *state;
	struct agent *from = agent_online (w, 0), *to;
	struct test_letter letter = letter_for (from, 1, CLASS_ROUTINE);
	struct test_letter later = letter_for (from, 1, CLASS_ROUTINE);
	struct frame frame;

	agent_put_ok (from, &letter);
	agent_put_ok (from, &later);
	assert_true (recalled (from, &letter).recalled.done);
	assert_true (recalled (from, &letter).recalled.done);
	agent_put_refused (from, &letter, ERR_RECALLED);
	to = agent_online (w, 1);
	frame = agent_expect (to, FRAME_DELIVER);
	assert_int_equal (frame.deliver.item, DELIVER_GAP);
	assert_int_equal (frame.deliver.gap.reason, ERR_RECALLED);
	agent_expect_letter (to, &later, 2);
	assert_false (recalled (from, &later).recalled.done);
	agent_destroy (from);
	agent_destroy (to);
}

static void the_checkpoint_of_a_welcome_is_signed_by_the_hub (void **state)
{
	struct world *w = *state;
	struct agent *from = agent_online (w, 0);
	struct test_letter letter = letter_for (from, 1, CLASS_ROUTINE);
	struct public_key log_key = keypair_public (w->hub_log);
	struct checkpoint checkpoint;
	struct frame welcome;

	agent_put_ok (from, &letter);
	agent_redial (from);
	welcome = agent_hello (from);
	assert_int_equal (checkpoint_read (welcome.welcome.checkpoint, "hub-satu", &log_key,
					   from->arena, &checkpoint), ERR_OK);
	assert_int_equal (checkpoint.size, 1);
	agent_destroy (from);
}

/* ---- sessions ---- */

static void marks_go_on_after_a_reconnect_and_a_restart (void **state)
{
	struct world *w = *state;
	struct agent *from = agent_online (w, 0);
	struct test_letter letter = letter_for (from, 1, CLASS_ROUTINE);
	struct test_letter next = letter_for (from, 1, CLASS_ROUTINE);
	uint64_t leaf = agent_put_ok (from, &letter);

	world_stop (w);
	agent_expect_bye (from, ERR_DRAINING);
	agent_hang_up (from);
	world_start (w);
	agent_dial_as (from, w->link[0], NULL);
	assert_int_equal (agent_hello (from).welcome.pseq_mark, 1);
	assert_int_equal (agent_put_ok (from, &letter), leaf);
	assert_int_equal (agent_put_ok (from, &next), leaf + 1);
	agent_destroy (from);
}

static void numbers_lost_on_the_way_are_passed_over (void **state)
{
	struct world *w = *state;
	struct agent *from = agent_online (w, 0);
	struct test_letter letter = letter_for (from, 1, CLASS_ROUTINE);

	agent_put_ok (from, &letter);
	from->pseq += 5;
	agent_redial (from);
	assert_int_equal (agent_hello (from).welcome.pseq_mark, 6);
	agent_put_ok (from, &letter);
	agent_destroy (from);
}

static void an_agent_that_has_gone_back_is_told_so (void **state)
{
	struct world *w = *state;
	struct agent *from = agent_online (w, 0);
	struct test_letter letter = letter_for (from, 1, CLASS_ROUTINE);
	struct frame hello;

	agent_put_ok (from, &letter);
	agent_redial (from);
	from->pseq = 0;
	hello = hello_of (from);
	agent_send (from, &hello);
	agent_expect_bye (from, ERR_GONE_BACK);
	agent_destroy (from);
}

static void a_hub_that_has_gone_back_takes_a_new_store_id (void **state)
{
	struct world *w = *state;
	struct agent *from = agent_online (w, 0), *other = agent_online (w, 1);
	struct test_letter letter = letter_for (other, 2, CLASS_ROUTINE);
	struct store_id before = from->hub_store;
	struct frame hello, welcome;

	agent_put_ok (other, &letter);
	agent_redial (from);
	hello = hello_of (from);
	hello.hello.stored_count = 1;
	hello.hello.stored[0] = (struct class_mark){ CLASS_ROUTINE, 9 };
	clock_turn (2 * HOUR_MS);
	agent_send (from, &hello);
	welcome = agent_welcomed (from);
	assert_false (ID_EQUAL (welcome.welcome.hub_store_id, before));
	assert_int_equal (welcome.welcome.pseq_mark, 0);
	agent_expect_bye (other, ERR_BUSY);
	agent_redial (other);
	assert_int_equal (agent_hello (other).welcome.pseq_mark, 0);
	assert_int_equal (agent_put_ok (other, &letter), 0);
	agent_destroy (from);
	agent_destroy (other);
	clock_turn (-2 * HOUR_MS);
}

static void a_hub_restored_from_a_copy_finds_out_by_its_own_checkpoint (void **state)
{
	struct world *w = *state;
	struct agent *from = agent_online (w, 0);
	struct store_id before = from->hub_store;
	struct test_letter letter = letter_for (from, 1, CLASS_ROUTINE);
	char command[512], checkpoint[LIMIT_CHECKPOINT_BYTES];
	struct frame hello;

	world_stop (w);
	snprintf (command, sizeof command, "cp -r '%s' '%s.copy'", w->data, w->data);
	assert_int_equal (system (command), 0);
	world_start (w);
	agent_redial (from);
	agent_hello (from);
	agent_put_ok (from, &letter);
	agent_redial (from);
	strcpy (checkpoint, agent_hello (from).welcome.checkpoint);
	world_stop (w);
	snprintf (command, sizeof command, "rm -r '%s' && mv '%s.copy' '%s'", w->data, w->data,
		  w->data);
	assert_int_equal (system (command), 0);
	world_start (w);
	agent_redial (from);
	hello = hello_of (from);
	hello.hello.checkpoint = checkpoint;
	agent_send (from, &hello);
	agent_welcomed (from);
	assert_false (ID_EQUAL (from->hub_store, before));
	assert_int_equal (agent_put_ok (from, &letter), 0);
	agent_destroy (from);
}

static void another_ledger_with_the_same_key_is_refused_until_it_takes_over (void **state)
{
	struct world *w = *state;
	struct agent *old = agent_online (w, 0), *other = agent_new (w, 0);
	struct frame hello = hello_of (other);

	agent_send (other, &hello);
	agent_expect_bye (other, ERR_OTHER_STORE);
	agent_redial (other);
	hello.hello.takes_over = old->store;
	agent_send (other, &hello);
	agent_welcomed (other);
	agent_expect_bye (old, ERR_OTHER_STORE);
	agent_redial (old);
	hello = hello_of (old);
	agent_send (old, &hello);
	agent_expect_bye (old, ERR_OTHER_STORE);
	agent_destroy (old);
	agent_destroy (other);
}

/* Says goodbye, and waits until the hub has heard it. */
static void leave (struct agent *a, const char *sessions_left)
{
	struct frame frame = { .type = FRAME_BYE };

	agent_send (a, &frame);
	world_await (a->world, sessions_left);
	agent_destroy (a);
}

static void a_lost_ledger_is_released_and_its_letters_wait_for_the_new_one (void **state)
{
	struct world *w = *state;
	struct agent *from = agent_online (w, 0), *lost = agent_online (w, 1), *fresh;
	struct test_letter letter = letter_for (from, 1, CLASS_ROUTINE);
	struct frame hello, frame;
	char answer[4096];

	world_command (w, "release klinik-melati", answer, sizeof answer);
	assert_memory_equal (answer, "CONFLICT\n", 9);
	leave (lost, "\"sessions\":1");
	agent_put_ok (from, &letter);
	fresh = agent_new (w, 1);
	hello = hello_of (fresh);
	agent_send (fresh, &hello);
	agent_expect_bye (fresh, ERR_OTHER_STORE);
	world_command (w, "release klinik-melati json", answer, sizeof answer);
	assert_memory_equal (answer, "OK\n", 3);
	assert_non_null (strstr (answer, "\"agency\":\"klinik-melati\",\"waiting\":1"));
	agent_redial (fresh);
	agent_hello (fresh);
	agent_credit (fresh, 64, 2 * MIB);
	frame = agent_expect (fresh, FRAME_DELIVER);
	assert_int_equal (frame.deliver.dseq, 1);
	agent_destroy (fresh);
	agent_destroy (from);
}

static void a_release_outlives_the_hub_and_strangers_are_not_found (void **state)
{
	struct world *w = *state;
	struct agent *lost = agent_online (w, 1), *fresh;
	char answer[4096];

	leave (lost, "\"sessions\":0");
	world_command (w, "release rsk-soeprapto", answer, sizeof answer);
	assert_memory_equal (answer, "NOT_FOUND\n", 10);
	world_command (w, "release", answer, sizeof answer);
	assert_memory_equal (answer, "USAGE\n", 6);
	world_command (w, "release klinik-melati", answer, sizeof answer);
	assert_memory_equal (answer, "OK\n", 3);
	world_stop (w);
	world_start (w);
	fresh = agent_online (w, 1);
	agent_destroy (fresh);
}

static void a_second_connection_of_the_same_ledger_takes_the_session (void **state)
{
	struct world *w = *state;
	struct agent *first = agent_online (w, 0), *second = agent_new (w, 0);

	second->store = first->store;
	second->hub_store = first->hub_store;
	agent_hello (second);
	agent_expect_bye (first, ERR_OK);
	agent_settle (second);
	agent_destroy (first);
	agent_destroy (second);
}

/* ---- who may come in ---- */

static void an_unknown_key_gets_no_answer (void **state)
{
	struct world *w = *state;
	struct agent *stranger = agent_new (w, 0);
	OWNED (keypair) key = keypair_new (KEY_LINK);
	struct frame hello = hello_of (stranger);

	agent_hang_up (stranger);
	agent_dial_as (stranger, key, NULL);
	agent_send (stranger, &hello);
	assert_int_equal (agent_hear (stranger, 500).type, 0);
	agent_destroy (stranger);
}

static void a_members_key_does_not_open_anothers_session (void **state)
{
	struct world *w = *state;
	struct agent *a = agent_new (w, 0);
	struct frame hello = hello_of (a);

	hello.hello.agency = agency_named (1);
	agent_send (a, &hello);
	agent_expect_bye (a, ERR_NOT_YOU);
	agent_destroy (a);
}

static void a_suspended_member_is_cut_off_and_can_come_back_when_reinstated (void **state)
{
	struct world *w = *state;
	struct agent *a = agent_online (w, 3), *b = agent_online (w, 0);
	struct test_letter letter = letter_for (b, 3, CLASS_ROUTINE);
	struct frame hello;

	w->status[3] = MEMBER_IS_SUSPENDED;
	world_publish (w);
	agent_expect_bye (a, ERR_SUSPENDED);
	agent_redial (a);
	hello = hello_of (a);
	agent_send (a, &hello);
	assert_int_equal (agent_hear (a, 500).type, 0);
	agent_put_refused (b, &letter, ERR_RECIPIENT_SUSPENDED);
	w->status[3] = MEMBER_IS_ACTIVE;
	world_publish (w);
	world_await_directory (w);
	agent_redial (a);
	agent_hello (a);
	agent_put_ok (b, &letter);
	agent_destroy (a);
	agent_destroy (b);
}

static void the_directory_is_handed_out_to_those_who_are_behind (void **state)
{
	struct world *w = *state;
	struct agent *a = agent_online (w, 0);
	struct frame ask = { .type = FRAME_DIRECTORY_GET }, got;
	directory_t *directory;

	a->asks_directory = true;
	agent_send (a, &ask);
	got = agent_expect (a, FRAME_DIRECTORY_IS);
	assert_int_equal (directory_read (got.directory_is.piece, NULL, &directory),
			  ERR_OK);
	assert_int_equal (directory_data (directory)->version, w->version);
	directory_destroy (&directory);
	ask.directory_get.version = w->version;
	agent_send (a, &ask);
	assert_int_equal (agent_expect (a, FRAME_DIRECTORY_IS).directory_is.piece.len, 0);
	agent_destroy (a);
}

static void the_directory_is_fetched_from_where_it_stopped (void **state)
{
	struct world *w = *state;
	struct agent *a = agent_online (w, 0);
	struct frame ask = { .type = FRAME_DIRECTORY_GET }, got;
	OWNED (buffer) whole = buffer_new (MIB);
	directory_t *directory;

	a->asks_directory = true;
	ask.directory_get.offset = 1u << 30;
	agent_send (a, &ask);
	got = agent_expect (a, FRAME_DIRECTORY_IS);
	assert_int_equal (got.directory_is.piece.len, 0);
	ask.directory_get.offset = got.directory_is.total - 10;
	agent_send (a, &ask);
	got = agent_expect (a, FRAME_DIRECTORY_IS);
	assert_int_equal (got.directory_is.piece.len, 10);
	assert_int_equal (got.directory_is.offset, ask.directory_get.offset);
	ask.directory_get.offset = 0;
	agent_send (a, &ask);
	got = agent_expect (a, FRAME_DIRECTORY_IS);
	assert_int_equal (buffer_add (whole, got.directory_is.piece), ERR_OK);
	assert_int_equal (directory_read (buffer_bytes (whole), NULL, &directory), ERR_OK);
	directory_destroy (&directory);
	agent_destroy (a);
}

static void who_asks_for_the_directory_over_and_over_is_cut_off (void **state)
{
	struct world *w = *state;
	struct agent *a = agent_online (w, 0);
	struct frame ask = { .type = FRAME_DIRECTORY_GET }, got;
	int pieces = 0;

	a->asks_directory = true;
	for (int i = 0; i < 10; i++)
		agent_send (a, &ask);
	while ((got = agent_hear (a, WAIT_MS)).type == FRAME_DIRECTORY_IS)
		pieces++;
	assert_int_equal (pieces, 4);
	assert_int_equal (got.type, FRAME_BYE);
	assert_int_equal (got.bye.code, ERR_OVER_CREDIT);
	agent_destroy (a);
}

static void a_newcomer_is_asked_to_wait_while_the_hub_is_behind (void **state)
{
	struct world *w = *state;
	struct agent *a = agent_new (w, 0);
	struct frame hello = hello_of (a);
	struct test_letter letter;

	hello.hello.directory_version = w->version + 1;
	agent_send (a, &hello);
	agent_welcomed (a);
	letter = letter_for (a, 1, CLASS_ROUTINE);
	strcpy (letter.header.to.text, "instansi-baru");
	letter_sealed_again (a, &letter);
	agent_put_refused (a, &letter, ERR_DIRECTORY_BEHIND);
	agent_destroy (a);
}

/* ---- peers that misbehave ---- */

static void a_newer_directory_is_announced_to_those_who_are_there (void **state)
{
	struct world *w = *state;
	struct agent *a = agent_online (w, 0);

	agent_settle (a);
	a->asks_directory = true;
	world_publish (w);
	assert_int_equal (agent_expect (a, FRAME_DIRECTORY_IS).directory_is.version, w->version);
	agent_destroy (a);
}

static void bytes_that_are_no_frame_end_the_session (void **state)
{
	struct world *w = *state;
	struct agent *a = agent_online (w, 0);

	agent_send_bytes (a, bytes_of_text ("\xff\xff garbage"));
	agent_expect_bye (a, ERR_MALFORMED);
	agent_redial (a);
	agent_hello (a);
	agent_destroy (a);
}

static void a_truncated_frame_ends_the_session (void **state)
{
	struct world *w = *state;
	struct agent *a = agent_online (w, 0);
	OWNED (arena) arena = arena_new (MIB);
	struct test_letter letter = letter_for (a, 1, CLASS_ROUTINE);
	struct frame put = { .type = FRAME_PUT };
	struct bytes bytes;

	put.put.pseq = 1;
	put.put.h = letter.h;
	put.put.c = letter.c;
	bytes = frame_encode (&put, arena);
	agent_send_bytes (a, (struct bytes){ bytes.data, bytes.len / 2 });
	agent_expect_bye (a, ERR_MALFORMED);
	agent_destroy (a);
}

static void an_oversized_frame_closes_the_connection_and_nothing_else (void **state)
{
	struct world *w = *state;
	struct agent *a = agent_online (w, 0), *b = agent_online (w, 1);
	size_t size = LIMIT_FRAME_BYTES + 1;
	uint8_t *big = must_alloc (size);

	memset (big, 0, size);
	agent_send_bytes (a, (struct bytes){ big, size });
	free (big);
	assert_int_equal (agent_hear (a, 500).type, 0);
	agent_settle (b);
	agent_redial (a);
	agent_hello (a);
	agent_destroy (a);
	agent_destroy (b);
}

static void a_put_before_hello_is_out_of_order (void **state)
{
	struct world *w = *state;
	struct agent *a = agent_new (w, 0);
	struct test_letter letter = letter_for (a, 1, CLASS_ROUTINE);

	agent_put (a, &letter);
	agent_expect_bye (a, ERR_OUT_OF_ORDER);
	agent_destroy (a);
}

static void a_number_that_is_not_the_next_ends_the_session (void **state)
{
	struct world *w = *state;
	struct agent *a = agent_online (w, 0);
	struct test_letter letter = letter_for (a, 1, CLASS_ROUTINE);

	a->pseq += 3;
	agent_put (a, &letter);
	agent_expect_bye (a, ERR_OUT_OF_ORDER);
	agent_destroy (a);
}

static void a_replayed_put_ends_the_session (void **state)
{
	struct world *w = *state;
	struct agent *a = agent_online (w, 0);
	struct test_letter letter = letter_for (a, 1, CLASS_ROUTINE);

	agent_put_ok (a, &letter);
	a->pseq--;
	agent_put (a, &letter);
	agent_expect_bye (a, ERR_OUT_OF_ORDER);
	agent_destroy (a);
}

static void stored_for_what_was_never_sent_ends_the_session (void **state)
{
	struct world *w = *state;
	struct agent *a = agent_online (w, 0);

	agent_stored (a, CLASS_STAT, 5);
	agent_expect_bye (a, ERR_OUT_OF_ORDER);
	agent_destroy (a);
}

/* A burst that the hub finds waiting when its disk lets it go on: fewer than the sender's own queue
 * holds, so that nobody waits for anybody.  The hub's last word about it. */
static struct frame burst (struct agent *a, const struct test_letter *letter)
{
	struct frame frame;

	disk_hold (true);
	for (int i = 0; i < 900; i++)
		agent_put (a, letter);
	disk_hold (false);
	do
		frame = agent_hear (a, WAIT_MS);
	while (frame.type == FRAME_CREDIT ||
	       (frame.type == FRAME_PUT_OK && frame.put_ok.up_to < a->pseq));
	return frame;
}

static void who_sends_beyond_his_credit_is_shut_out_for_a_while (void **state)
{
	struct world *w = *state;
	struct agent *a = agent_online (w, 0);
	struct frame hello, frame = { .type = FRAME_PUT_OK };
	struct test_letter letter = letter_for (a, 1, CLASS_ROUTINE);

	/* On a busy machine a burst may come in drops that are each within his credit. */
	for (int i = 0; i < 50 && frame.type == FRAME_PUT_OK; i++)
		frame = burst (a, &letter);
	assert_int_equal (frame.type, FRAME_BYE);
	assert_int_equal (frame.bye.code, ERR_OVER_CREDIT);
	agent_redial (a);
	hello = hello_of (a);
	agent_send (a, &hello);
	assert_int_equal (agent_hear (a, 500).type, 0);
	clock_turn (2 * MINUTE_MS);
	for (int i = 0; i < 60 && frame.type != FRAME_WELCOME; i++) {
		agent_redial (a);
		agent_send (a, &hello);
		frame = agent_hear (a, 1000);   /* the ban ends with the hub's next second */
	}
	assert_int_equal (frame.type, FRAME_WELCOME);
	agent_destroy (a);
	clock_turn (-2 * MINUTE_MS);
}

static void a_peer_that_chooses_its_routing_id_is_not_heard (void **state)
{
	struct world *w = *state;
	struct agent *a = agent_online (w, 0), *thief = agent_new (w, 1);
	struct frame hello = hello_of (thief);
	struct test_letter letter = letter_for (a, 2, CLASS_ROUTINE);

	agent_hang_up (thief);
	agent_dial_as (thief, w->link[1], "another");
	agent_send (thief, &hello);
	assert_int_equal (agent_hear (thief, 500).type, 0);
	agent_put_ok (a, &letter);
	agent_destroy (a);
	agent_destroy (thief);
}

/* ---- disks that fail ---- */

static void a_full_disk_puts_letters_off_and_still_takes_marks (void **state)
{
	struct world *w = *state;
	struct agent *from = agent_online (w, 0), *to = agent_online (w, 1);
	struct test_letter first = letter_for (from, 1, CLASS_ROUTINE);
	struct test_letter second = letter_for (from, 1, CLASS_ROUTINE);
	struct frame hello;

	agent_put_ok (from, &first);
	agent_expect_letter (to, &first, 1);
	disk_full_writes = 1;
	agent_put_refused (from, &second, ERR_NO_SPACE);
	world_await (w, "\"space\":\"enough\"");
	disk_full_writes = 1;
	agent_stored (to, CLASS_ROUTINE, 1);
	for (int i = 0; i < 100 && disk_full_writes > 0; i++)
		zclock_sleep (50);
	assert_int_equal (disk_full_writes, 0);
	world_await (w, "\"space\":\"enough\"");
	agent_put_ok (from, &second);
	agent_expect_letter (to, &second, 2);
	agent_redial (to);
	hello = hello_of (to);
	agent_send (to, &hello);
	agent_expect_bye (to, ERR_GONE_BACK);
	agent_destroy (from);
	agent_destroy (to);
}

static void a_recall_that_a_full_disk_undoes_is_not_promised (void **state)
{
	struct world *w = *state;
	struct agent *from = agent_online (w, 0), *to;
	struct test_letter letter = letter_for (from, 1, CLASS_ROUTINE);
	struct frame recall = { .type = FRAME_RECALL };

	agent_put_ok (from, &letter);
	recall.recall.id = letter.header.id;
	disk_full_writes = 1;
	agent_send (from, &recall);
	assert_false (agent_expect (from, FRAME_RECALLED).recalled.done);
	assert_int_equal (disk_full_writes, 0);
	to = agent_online (w, 1);
	agent_expect_letter (to, &letter, 1);
	agent_destroy (from);
	agent_destroy (to);
}

static void nothing_is_acknowledged_after_a_flush_that_failed (void **state)
{
	struct world *w = *state;
	struct agent *from = agent_online (w, 0);
	struct test_letter letter = letter_for (from, 1, CLASS_ROUTINE);

	agent_settle (from);
	disk_bad_syncs = 1;
	agent_put (from, &letter);
	pthread_join (w->thread, NULL);
	assert_int_equal (w->result, ERR_IO);
	assert_int_equal (agent_hear (from, 300).type, 0);
	hub_destroy (&w->hub);
	agent_destroy (from);
}

static int teardown_stopped (void **state)
{
	world_destroy (*state);
	return 0;
}

/* ---- the operator ---- */

static void draining_takes_no_letter_and_ends_when_all_is_delivered (void **state)
{
	struct world *w = *state;
	struct agent *from = agent_online (w, 0), *to = agent_online (w, 1);
	struct test_letter before = letter_for (from, 1, CLASS_ROUTINE);
	struct test_letter after = letter_for (from, 1, CLASS_ROUTINE);
	char answer[1024];

	agent_put_ok (from, &before);
	agent_expect_letter (to, &before, 1);
	world_command (w, "drain", answer, sizeof answer);
	agent_put_refused (from, &after, ERR_DRAINING);
	agent_stored (to, CLASS_ROUTINE, 1);
	agent_expect_bye (to, ERR_DRAINING);
	pthread_join (w->thread, NULL);
	assert_int_equal (w->result, ERR_OK);
	hub_destroy (&w->hub);
	agent_hang_up (from);
	agent_hang_up (to);
	agent_destroy (from);
	agent_destroy (to);
	world_start (w);
}

static void the_operator_sees_who_is_there_and_what_waits (void **state)
{
	struct world *w = *state;
	struct agent *from = agent_online (w, 0);
	struct test_letter letter = letter_for (from, 3, CLASS_STAT);
	char answer[8192];

	agent_put_ok (from, &letter);
	world_command (w, "members", answer, sizeof answer);
	assert_memory_equal (answer, "OK\n", 3);
	assert_non_null (strstr (answer, "id=ipwl-pesona  status=active  connected=yes"));
	assert_non_null (strstr (answer, "id=lapas-bengkulu  status=active  connected=no"));
	world_command (w, "queue json", answer, sizeof answer);
	assert_non_null (strstr (answer, "\"recipient\":\"lapas-bengkulu\",\"class\":\"stat\""));
	world_command (w, "nonsense", answer, sizeof answer);
	assert_memory_equal (answer, "USAGE\n", 6);
	agent_destroy (from);
}

static void a_directory_of_another_registrar_is_not_taken (void **state)
{
	struct world *w = *state;
	keypair_t *right = w->root;
	OWNED (keypair) wrong = keypair_new (KEY_ROOT);
	char answer[4096];

	w->root = wrong;
	world_publish (w);
	world_command (w, "reload", answer, sizeof answer);
	assert_memory_equal (answer, "BAD_SIGNATURE\n", 14);
	w->root = right;
	world_publish (w);
	world_command (w, "reload", answer, sizeof answer);
	assert_memory_equal (answer, "OK\n", 3);
}

int main (void)
{
#define T(name) cmocka_unit_test_setup_teardown (name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T (a_letter_is_taken_delivered_and_stored),
		T (a_letter_waits_for_a_recipient_who_is_away),
		T (a_letter_that_was_not_stored_comes_again_after_a_reconnect),
		T (the_same_letter_twice_is_answered_alike_and_delivered_once),
		T (a_letter_put_again_after_it_was_stored_is_delivered_again),
		T (the_same_id_with_other_bytes_is_refused),
		T (a_letter_in_anothers_name_is_refused),
		T (a_refused_letter_between_taken_ones_is_answered_in_order),
		T (an_expired_letter_becomes_a_gap_and_a_signed_notice),
		T (a_letter_is_recalled_until_it_is_delivered),
		T (the_checkpoint_of_a_welcome_is_signed_by_the_hub),
		T (marks_go_on_after_a_reconnect_and_a_restart),
		T (numbers_lost_on_the_way_are_passed_over),
		T (an_agent_that_has_gone_back_is_told_so),
		T (a_hub_that_has_gone_back_takes_a_new_store_id),
		T (a_hub_restored_from_a_copy_finds_out_by_its_own_checkpoint),
		T (a_full_disk_puts_letters_off_and_still_takes_marks),
		T (a_recall_that_a_full_disk_undoes_is_not_promised),
		cmocka_unit_test_setup_teardown (nothing_is_acknowledged_after_a_flush_that_failed,
						 setup, teardown_stopped),
		T (another_ledger_with_the_same_key_is_refused_until_it_takes_over),
		T (a_lost_ledger_is_released_and_its_letters_wait_for_the_new_one),
		T (a_release_outlives_the_hub_and_strangers_are_not_found),
		T (a_second_connection_of_the_same_ledger_takes_the_session),
		T (an_unknown_key_gets_no_answer),
		T (a_members_key_does_not_open_anothers_session),
		T (a_suspended_member_is_cut_off_and_can_come_back_when_reinstated),
		T (the_directory_is_handed_out_to_those_who_are_behind),
		T (the_directory_is_fetched_from_where_it_stopped),
		T (who_asks_for_the_directory_over_and_over_is_cut_off),
		T (a_newcomer_is_asked_to_wait_while_the_hub_is_behind),
		T (a_newer_directory_is_announced_to_those_who_are_there),
		T (bytes_that_are_no_frame_end_the_session),
		T (a_truncated_frame_ends_the_session),
		T (an_oversized_frame_closes_the_connection_and_nothing_else),
		T (a_put_before_hello_is_out_of_order),
		T (a_number_that_is_not_the_next_ends_the_session),
		T (a_replayed_put_ends_the_session),
		T (stored_for_what_was_never_sent_ends_the_session),
		T (who_sends_beyond_his_credit_is_shut_out_for_a_while),
		T (a_peer_that_chooses_its_routing_id_is_not_heard),
		T (draining_takes_no_letter_and_ends_when_all_is_delivered),
		T (the_operator_sees_who_is_there_and_what_waits),
		T (a_directory_of_another_registrar_is_not_taken),
	};
#undef T
	disk_install ();
	return unit_end (cmocka_run_group_tests (tests, NULL, NULL));
}
