/* Attachments over real sockets: put piece by piece, held against their name, fetched, freed. */
#include "tests/hub/world.h"

#include "tests/hub/disk.h"
#include "tests/support/clock.h"

#define CHUNK LIMIT_BLOB_CHUNK_BYTES
#define STEP LIMIT_BLOB_STEP_BYTES

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

/* ---- attachments ---- */

struct parcel {
	struct blob_ref ref;
	struct bytes bytes;
};

static struct parcel attachment_of (struct world *w, size_t size)
{
	uint8_t *data = arena_must (w->arena, size);
	struct parcel made = { .bytes = { data, size } };
	struct hash hash;

	for (size_t i = 0; i < size; i += 16)
		random16_make (data + i);
	hash = hash_of (made.bytes, BYTES_NONE);
	memcpy (made.ref.id.b, hash.b, sizeof hash.b);
	made.ref.padded_length = size;
	return made;
}

static struct test_letter letter_with (struct agent *from, int to, const struct parcel *made)
{
	struct test_letter letter = letter_for (from, to, CLASS_ROUTINE);

	letter.header.blob_count = 1;
	letter.header.blobs[0] = made->ref;
	letter_sealed_again (from, &letter);
	return letter;
}

static void send_chunk (struct agent *a, const struct test_letter *letter,
			const struct parcel *made, uint64_t offset, size_t len)
{
	struct frame frame = { .type = FRAME_BLOB_PUT };

	frame.blob_put.blob = made->ref.id;
	frame.blob_put.letter = letter->header.id;
	frame.blob_put.offset = offset;
	frame.blob_put.data = (struct bytes){ made->bytes.data + (len > 0 ? offset : 0), len };
	agent_send (a, &frame);
}

static void expect_have (struct agent *a, uint64_t offset, err_t code)
{
	struct frame frame = agent_expect (a, FRAME_BLOB_HAVE);

	assert_string_equal (err_name (frame.blob_have.code), err_name (code));
	assert_int_equal (frame.blob_have.offset, offset);
}

static void put_chunk (struct agent *a, const struct test_letter *letter,
		       const struct parcel *made, uint64_t offset, uint64_t have, err_t code)
{
	send_chunk (a, letter, made, offset, CHUNK);
	expect_have (a, have, code);
}

static void ask_put (struct agent *a, const struct test_letter *letter,
		     const struct parcel *made, uint64_t have, err_t code)
{
	send_chunk (a, letter, made, 0, 0);
	expect_have (a, have, code);
}

/* How much the hub has of it. */
static uint64_t held (struct agent *a, const struct test_letter *letter, const struct parcel *made)
{
	struct frame frame;

	send_chunk (a, letter, made, 0, 0);
	frame = agent_expect (a, FRAME_BLOB_HAVE);
	assert_string_equal (err_name (frame.blob_have.code), "OK");
	return frame.blob_have.offset;
}

static void put_all (struct agent *a, const struct test_letter *letter,
		     const struct parcel *made, uint64_t from)
{
	for (uint64_t at = from; at < made->bytes.len; at += CHUNK)
		put_chunk (a, letter, made, at, at + CHUNK, ERR_OK);
}

static void send_get (struct agent *a, const struct parcel *made, uint64_t offset)
{
	struct frame frame = { .type = FRAME_BLOB_GET };

	frame.blob_get.blob = made->ref.id;
	frame.blob_get.offset = offset;
	agent_send (a, &frame);
}

static void expect_data (struct agent *a, uint64_t offset, size_t len, err_t code)
{
	struct frame frame = agent_expect (a, FRAME_BLOB_DATA);

	assert_string_equal (err_name (frame.blob_data.code), err_name (code));
	assert_int_equal (frame.blob_data.offset, offset);
	assert_int_equal (frame.blob_data.data.len, len);
}

static void get (struct agent *a, const struct parcel *made, uint64_t offset, size_t len,
		 err_t code)
{
	send_get (a, made, offset);
	expect_data (a, offset, len, code);
}

static void get_all (struct agent *a, const struct parcel *made)
{
	buffer_t *all = buffer_new (made->bytes.len);

	while (buffer_bytes (all).len < made->bytes.len) {
		struct frame frame;

		send_get (a, made, buffer_bytes (all).len);
		frame = agent_expect (a, FRAME_BLOB_DATA);
		assert_int_equal (frame.blob_data.code, ERR_OK);
		assert_int_equal (buffer_add (all, frame.blob_data.data), ERR_OK);
	}
	assert_true (bytes_equal (buffer_bytes (all), made->bytes));
	buffer_destroy (&all);
}

/* A letter with an attachment, in custody, delivered and stored. */
struct mail {
	struct agent *from, *to;
	struct parcel made;
	struct test_letter letter;
};

static struct mail mail_of (struct world *w, size_t size)
{
	struct mail mail = { .from = agent_online (w, 0), .to = agent_online (w, 1),
			     .made = attachment_of (w, size) };

	mail.letter = letter_with (mail.from, 1, &mail.made);
	agent_put_ok (mail.from, &mail.letter);
	agent_expect_letter (mail.to, &mail.letter, 1);
	return mail;
}

static void mail_close (struct mail *mail)
{
	agent_destroy (mail->from);
	agent_destroy (mail->to);
}

/* ---- the whole road ---- */

static void an_attachment_follows_its_letter_and_is_freed_when_it_is_stored (void **state)
{
	struct world *w = *state;
	struct mail mail = mail_of (w, 3 * STEP);

	agent_stored (mail.to, CLASS_ROUTINE, 1);   /* the letter does not wait for it */
	agent_settle (mail.to);
	ask_put (mail.from, &mail.letter, &mail.made, 0, ERR_OK);
	get (mail.to, &mail.made, 0, 0, ERR_BUSY);
	put_all (mail.from, &mail.letter, &mail.made, 0);
	get_all (mail.to, &mail.made);
	world_await (w, "\"attachments\":1,\"attachment_bytes\":196608");
	get (mail.to, &mail.made, 3 * STEP, 0, ERR_OK);
	world_await (w, "\"attachments\":0,\"attachment_bytes\":0");
	ask_put (mail.from, &mail.letter, &mail.made, 3 * STEP, ERR_OK);
	get (mail.to, &mail.made, 3 * STEP, 0, ERR_OK);
	get (mail.to, &mail.made, 0, 0, ERR_NOT_FOUND);
	mail_close (&mail);
}

static void a_recipient_may_fetch_what_has_come_so_far (void **state)
{
	struct mail mail = mail_of (*state, STEP);

	put_chunk (mail.from, &mail.letter, &mail.made, 0, CHUNK, ERR_OK);
	get (mail.to, &mail.made, 0, CHUNK, ERR_OK);
	get (mail.to, &mail.made, 1000, CHUNK - 1000, ERR_OK);
	get (mail.to, &mail.made, CHUNK, 0, ERR_BUSY);
	put_chunk (mail.from, &mail.letter, &mail.made, CHUNK, 2 * CHUNK, ERR_OK);
	get (mail.to, &mail.made, CHUNK, CHUNK, ERR_OK);
	get (mail.to, &mail.made, STEP + 1, 0, ERR_OUT_OF_ORDER);
	mail_close (&mail);
}

static void it_goes_on_where_it_was_cut_also_after_a_restart_of_the_hub (void **state)
{
	struct world *w = *state;
	struct mail mail = mail_of (w, STEP);

	put_chunk (mail.from, &mail.letter, &mail.made, 0, CHUNK, ERR_OK);
	agent_redial (mail.from);
	agent_hello (mail.from);
	ask_put (mail.from, &mail.letter, &mail.made, CHUNK, ERR_OK);
	put_chunk (mail.from, &mail.letter, &mail.made, CHUNK, 2 * CHUNK, ERR_OK);
	world_stop (w);
	world_start (w);
	agent_redial (mail.from);
	agent_hello (mail.from);
	ask_put (mail.from, &mail.letter, &mail.made, 2 * CHUNK, ERR_OK);
	put_all (mail.from, &mail.letter, &mail.made, 2 * CHUNK);
	agent_redial (mail.to);
	agent_hello (mail.to);
	get_all (mail.to, &mail.made);
	mail_close (&mail);
}

/* ---- who may, and what ---- */

static void only_the_sender_may_put_and_only_the_recipient_may_get (void **state)
{
	struct world *w = *state;
	struct mail mail = mail_of (w, STEP);
	struct agent *other = agent_online (w, 2);
	struct test_letter none = letter_for (mail.from, 1, CLASS_ROUTINE);

	put_all (mail.from, &mail.letter, &mail.made, 0);
	ask_put (other, &mail.letter, &mail.made, 0, ERR_NOT_FOUND);
	ask_put (mail.to, &mail.letter, &mail.made, 0, ERR_NOT_FOUND);
	ask_put (mail.from, &none, &mail.made, 0, ERR_NOT_FOUND);
	get (other, &mail.made, 0, 0, ERR_NOT_FOUND);
	get (other, &mail.made, STEP, 0, ERR_NOT_FOUND);
	get (mail.from, &mail.made, 0, 0, ERR_NOT_FOUND);
	get_all (mail.to, &mail.made);
	agent_destroy (other);
	mail_close (&mail);
}

static void what_the_header_does_not_name_is_refused (void **state)
{
	struct world *w = *state;
	struct mail mail = mail_of (w, STEP);
	struct parcel stranger = attachment_of (w, STEP);

	put_chunk (mail.from, &mail.letter, &stranger, 0, 0, ERR_NOT_FOUND);
	put_chunk (mail.from, &mail.letter, &mail.made, CHUNK, 0, ERR_OUT_OF_ORDER);
	send_chunk (mail.from, &mail.letter, &mail.made, 0, 100);
	expect_have (mail.from, 0, ERR_MALFORMED);
	put_all (mail.from, &mail.letter, &mail.made, 0);
	put_chunk (mail.from, &mail.letter, &mail.made, 0, STEP, ERR_OUT_OF_ORDER);
	mail_close (&mail);
}

static void other_bytes_than_its_name_says_are_thrown_away (void **state)
{
	struct world *w = *state;
	struct mail mail = mail_of (w, 40 * STEP);
	struct parcel wrong = attachment_of (w, 40 * STEP);

	wrong.ref = mail.made.ref;
	for (uint64_t at = 0; at + CHUNK < wrong.bytes.len; at += CHUNK)
		put_chunk (mail.from, &mail.letter, &wrong, at, at + CHUNK, ERR_OK);
	put_chunk (mail.from, &mail.letter, &wrong, 40 * STEP - CHUNK, 0, ERR_DAMAGED);
	world_await (w, "\"attachments\":1,\"attachment_bytes\":0");
	get (mail.to, &mail.made, 0, 0, ERR_BUSY);
	put_all (mail.from, &mail.letter, &mail.made, 0);
	get_all (mail.to, &mail.made);
	mail_close (&mail);
}

/* Three at once, which reach the hub in one turn unless the machine is slow; true when that ended the
 * session, and not an answer to each. */
static bool three_chunks_are_too_many (struct mail *mail)
{
	struct frame frame = { .type = FRAME_BLOB_HAVE };

	disk_hold (true);
	for (int i = 0; i < 3; i++)
		send_chunk (mail->from, &mail->letter, &mail->made, (uint64_t)i * CHUNK, CHUNK);
	zclock_sleep (20);
	disk_hold (false);
	for (int i = 0; i < 3 && frame.type == FRAME_BLOB_HAVE; i++)
		frame = agent_hear (mail->from, WAIT_MS);
	if (frame.type == FRAME_BLOB_HAVE)
		return false;
	assert_int_equal (frame.type, FRAME_BYE);
	assert_int_equal (frame.bye.code, ERR_OVER_CREDIT);
	return true;
}

static void a_second_chunk_before_the_answer_ends_the_session (void **state)
{
	struct mail mail = mail_of (*state, STEP);
	int tries = 1;

	while (!three_chunks_are_too_many (&mail))
		assert_true (tries++ < 50);
	mail_close (&mail);
}

/* ---- room ---- */

static void the_quota_of_one_is_not_felt_by_another (void **state)
{
	struct world *w = *state;
	struct mail mail = mail_of (w, 2 * STEP);
	struct agent *other = agent_online (w, 2);
	struct parcel more = attachment_of (w, 2 * STEP), large = attachment_of (w, 5 * STEP);
	struct test_letter second = letter_with (mail.from, 1, &more);
	struct test_letter third = letter_with (mail.from, 1, &large);
	struct test_letter others = letter_with (other, 1, &more);

	agent_put_ok (mail.from, &second);
	agent_put_ok (mail.from, &third);
	agent_put_ok (other, &others);
	put_chunk (mail.from, &mail.letter, &mail.made, 0, CHUNK, ERR_OK);   /* reserves all of it */
	put_chunk (mail.from, &second, &more, 0, 0, ERR_QUOTA);
	ask_put (mail.from, &second, &more, 0, ERR_QUOTA);
	ask_put (mail.from, &third, &large, 0, ERR_TOO_LARGE);
	put_all (other, &others, &more, 0);
	put_all (mail.from, &mail.letter, &mail.made, CHUNK);
	for (int i = 2; i <= 4; i++)
		agent_expect (mail.to, FRAME_DELIVER);
	get (mail.to, &mail.made, 2 * STEP, 0, ERR_OK);
	put_all (mail.from, &second, &more, 0);
	agent_destroy (other);
	mail_close (&mail);
}

static int setup_small_quota (void **state)
{
	struct world *w = world_new ();

	w->setup.quota.blob_bytes = 3 * STEP;
	world_start (w);
	*state = w;
	return 0;
}

static void the_quota_is_counted_anew_when_the_hub_starts (void **state)
{
	struct world *w = *state;
	struct mail mail = mail_of (w, 2 * STEP);
	struct parcel more = attachment_of (w, 2 * STEP);
	struct test_letter second = letter_with (mail.from, 1, &more);

	agent_put_ok (mail.from, &second);
	put_chunk (mail.from, &mail.letter, &mail.made, 0, CHUNK, ERR_OK);
	world_stop (w);
	world_start (w);
	agent_redial (mail.from);
	agent_hello (mail.from);
	ask_put (mail.from, &second, &more, 0, ERR_QUOTA);
	ask_put (mail.from, &mail.letter, &mail.made, CHUNK, ERR_OK);
	mail_close (&mail);
}

static void chunks_are_put_off_while_letters_still_go (void **state)
{
	struct world *w = *state;
	struct mail mail = mail_of (w, STEP);
	struct test_letter next = letter_for (mail.from, 1, CLASS_ROUTINE);

	world_await (w, "\"space\":\"letters-only\"");
	put_chunk (mail.from, &mail.letter, &mail.made, 0, 0, ERR_NO_SPACE);
	agent_put_ok (mail.from, &next);
	agent_expect_letter (mail.to, &next, 2);
	mail_close (&mail);
}

/* Between the one and twice the free room that is asked for. */
static int setup_little_room (void **state)
{
	struct world *w = world_new ();
	char command[200], text[64];
	FILE *df;

	snprintf (command, sizeof command, "df --output=avail -B1 '%s' | tail -1", w->folder);
	df = popen (command, "r");
	assert_non_null (df);
	assert_non_null (fgets (text, sizeof text, df));
	pclose (df);
	w->setup.min_free_bytes = strtoll (text, NULL, 10) / 3 * 2;
	world_start (w);
	*state = w;
	return 0;
}

static void a_chunk_that_a_full_disk_lost_is_not_promised (void **state)
{
	struct mail mail = mail_of (*state, STEP);

	put_chunk (mail.from, &mail.letter, &mail.made, 0, CHUNK, ERR_OK);
	disk_full_writes = 2;
	put_chunk (mail.from, &mail.letter, &mail.made, CHUNK, CHUNK, ERR_NO_SPACE);
	disk_full_writes = 0;
	put_all (mail.from, &mail.letter, &mail.made, CHUNK);
	get_all (mail.to, &mail.made);
	mail_close (&mail);
}

/* ---- ends ---- */

static void a_recalled_letter_takes_its_attachments_along (void **state)
{
	struct world *w = *state;
	struct agent *from = agent_online (w, 0);
	struct parcel made = attachment_of (w, STEP);
	struct test_letter letter = letter_with (from, 1, &made);
	struct frame frame = { .type = FRAME_RECALL };

	agent_put_ok (from, &letter);
	put_all (from, &letter, &made, 0);
	frame.recall.id = letter.header.id;
	agent_send (from, &frame);
	assert_true (agent_expect (from, FRAME_RECALLED).recalled.done);
	world_await (w, "\"attachments\":0,\"attachment_bytes\":0");
	ask_put (from, &letter, &made, 0, ERR_NOT_FOUND);
	agent_destroy (from);
}

static void an_attachment_expires_with_its_letter (void **state)
{
	struct world *w = *state;
	struct mail mail = mail_of (w, STEP);

	put_all (mail.from, &mail.letter, &mail.made, 0);
	clock_turn (LETTER_EXPIRY_DEFAULT_MS + MINUTE_MS);
	world_await (w, "\"attachments\":0,\"attachment_bytes\":0");
	ask_put (mail.from, &mail.letter, &mail.made, 0, ERR_EXPIRED);
	get (mail.to, &mail.made, 0, 0, ERR_EXPIRED);
	mail_close (&mail);
}

static void a_letter_put_again_asks_for_its_attachments_again (void **state)
{
	struct world *w = *state;
	struct mail mail = mail_of (w, STEP);

	put_all (mail.from, &mail.letter, &mail.made, 0);
	agent_stored (mail.to, CLASS_ROUTINE, 1);
	get (mail.to, &mail.made, STEP, 0, ERR_OK);
	world_await (w, "\"attachments\":0,\"attachment_bytes\":0");
	agent_put_ok (mail.from, &mail.letter);
	/* What was not freed yet need not come again. */
	put_all (mail.from, &mail.letter, &mail.made, held (mail.from, &mail.letter, &mail.made));
	agent_expect_letter (mail.to, &mail.letter, 2);
	get_all (mail.to, &mail.made);
	mail_close (&mail);
}

/* ---- letters first ---- */

static void no_chunk_goes_while_a_letter_waits (void **state)
{
	struct world *w = *state;
	struct mail mail = mail_of (w, STEP);
	struct test_letter second = letter_for (mail.from, 1, CLASS_ROUTINE);
	struct test_letter third = letter_for (mail.from, 1, CLASS_ROUTINE);

	put_all (mail.from, &mail.letter, &mail.made, 0);
	agent_credit (mail.to, 1, 2 * MIB);
	agent_settle (mail.to);
	agent_put_ok (mail.from, &second);
	agent_put_ok (mail.from, &third);
	send_get (mail.to, &mail.made, 0);           /* the first is unanswered, two wait */
	assert_int_equal (agent_hear (mail.to, 300).type, 0);
	agent_stored (mail.to, CLASS_ROUTINE, 1);
	agent_expect_letter (mail.to, &second, 2);
	assert_int_equal (agent_hear (mail.to, 300).type, 0);
	agent_stored (mail.to, CLASS_ROUTINE, 2);
	agent_expect_letter (mail.to, &third, 3);
	expect_data (mail.to, 0, CHUNK, ERR_OK);     /* on the way, none waits */
	mail_close (&mail);
}

int main (void)
{
#define IN_WORLD(test) cmocka_unit_test_setup_teardown (test, setup, teardown)
	const struct CMUnitTest tests[] = {
		IN_WORLD (an_attachment_follows_its_letter_and_is_freed_when_it_is_stored),
		IN_WORLD (a_recipient_may_fetch_what_has_come_so_far),
		IN_WORLD (it_goes_on_where_it_was_cut_also_after_a_restart_of_the_hub),
		IN_WORLD (only_the_sender_may_put_and_only_the_recipient_may_get),
		IN_WORLD (what_the_header_does_not_name_is_refused),
		IN_WORLD (other_bytes_than_its_name_says_are_thrown_away),
		IN_WORLD (a_second_chunk_before_the_answer_ends_the_session),
		cmocka_unit_test_setup_teardown (the_quota_of_one_is_not_felt_by_another,
						 setup_small_quota, teardown),
		cmocka_unit_test_setup_teardown (the_quota_is_counted_anew_when_the_hub_starts,
						 setup_small_quota, teardown),
		cmocka_unit_test_setup_teardown (chunks_are_put_off_while_letters_still_go,
						 setup_little_room, teardown),
		IN_WORLD (a_chunk_that_a_full_disk_lost_is_not_promised),
		IN_WORLD (a_recalled_letter_takes_its_attachments_along),
		IN_WORLD (an_attachment_expires_with_its_letter),
		IN_WORLD (a_letter_put_again_asks_for_its_attachments_again),
		IN_WORLD (no_chunk_goes_while_a_letter_waits),
	};

	disk_install ();
	return cmocka_run_group_tests (tests, NULL, NULL);
}
