/* Checkpoints: one spelling of a note is right, and every other is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jembatan/merkle.h"

#define SIGNER "hub-uji"
#define ORIGIN "bengkulu/hub-uji/0123"

struct log {
	arena_t *arena;
	keypair_t *pair;
	struct public_key key;
	const char *note;
};

static int set_up (void **state)
{
	static struct log x;
	struct checkpoint checkpoint = { .origin = ORIGIN, .size = 10, .root = { { 1, 2, 3 } } };

	x.arena = arena_new (16 * MIB);
	x.pair = keypair_new (KEY_LOG);
	x.key = keypair_public (x.pair);
	x.note = checkpoint_sign (&checkpoint, SIGNER, x.pair, x.arena);
	*state = &x;
	return 0;
}

static int tear_down (void **state)
{
	struct log *x = *state;

	keypair_destroy (&x->pair);
	arena_destroy (&x->arena);
	return 0;
}

static err_t read_note (struct log *x, const char *note)
{
	struct checkpoint read;

	return checkpoint_read (note, SIGNER, &x->key, x->arena, &read);
}

/* The note with `old` replaced by `fresh` once. */
static const char *with (struct log *x, const char *old, const char *fresh)
{
	const char *at = strstr (x->note, old);

	assert_non_null (at);
	return arena_printf (x->arena, "%.*s%s%s", (int)(at - x->note), x->note, fresh,
			     at + strlen (old));
}

static void a_signed_checkpoint_reads_back (void **state)
{
	struct log *x = *state;
	struct checkpoint read;

	assert_int_equal (checkpoint_read (x->note, SIGNER, &x->key, x->arena, &read), ERR_OK);
	assert_string_equal (read.origin, ORIGIN);
	assert_int_equal (read.size, 10);
	assert_int_equal (read.root.b[2], 3);
}

static void the_note_has_the_published_shape (void **state)
{
	struct log *x = *state;
	const char *start = ORIGIN "\n10\nAQIDAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n"
				   "\xe2\x80\x94 " SIGNER " ";

	assert_int_equal (strncmp (x->note, start, strlen (start)), 0);
	assert_int_equal (strlen (x->note), strlen (start) + 92 + 1);
}

static void sizes_of_every_length_travel (void **state)
{
	static const uint64_t sizes[] = { 0, 1, 9, 10, 4294967296, UINT64_MAX };
	struct log *x = *state;

	for (size_t i = 0; i < COUNT_OF (sizes); i++) {
		struct checkpoint checkpoint = { .origin = ORIGIN, .size = sizes[i] }, read;
		const char *note = checkpoint_sign (&checkpoint, SIGNER, x->pair, x->arena);

		assert_int_equal (checkpoint_read (note, SIGNER, &x->key, x->arena, &read), ERR_OK);
		assert_true (read.size == sizes[i]);
	}
}

static void a_note_cut_anywhere_is_refused (void **state)
{
	struct log *x = *state;

	for (size_t len = 0; len < strlen (x->note); len++)
		assert_int_not_equal (
			read_note (x, arena_printf (x->arena, "%.*s", (int)len, x->note)), ERR_OK);
}

static void any_bit_flipped_in_a_note_is_refused (void **state)
{
	struct log *x = *state;
	char *copy = arena_text (x->arena, x->note);
	size_t bits = 8 * strlen (copy);

	for (size_t bit = 0; bit < bits; bit++) {
		copy[bit / 8] ^= (char)(1u << bit % 8);
		assert_int_not_equal (read_note (x, copy), ERR_OK);
		copy[bit / 8] ^= (char)(1u << bit % 8);
	}
}

static void other_spellings_are_refused (void **state)
{
	struct log *x = *state;

	assert_int_equal (read_note (x, with (x, "\n10\n", "\n010\n")), ERR_MALFORMED);
	assert_int_equal (read_note (x, with (x, "\n10\n", "\n+10\n")), ERR_MALFORMED);
	assert_int_equal (read_note (x, with (x, "\n10\n", "\n10 \n")), ERR_MALFORMED);
	assert_int_equal (read_note (x, with (x, "\n10\n", "\n\n")), ERR_MALFORMED);
	assert_int_equal (read_note (x, with (x, "\n10\n", "\n18446744073709551616\n")),
			  ERR_MALFORMED);
	assert_int_equal (read_note (x, with (x, "AAA=\n", "AAB=\n")), ERR_MALFORMED);
	assert_int_equal (read_note (x, with (x, "AAA=\n", "AAA\n")), ERR_MALFORMED);
	assert_int_equal (read_note (x, with (x, "=\n\n", "=\nextra\n\n")), ERR_MALFORMED);
	assert_int_equal (read_note (x, with (x, "\n\n", "\n")), ERR_MALFORMED);
	assert_int_equal (read_note (x, with (x, ORIGIN, "")), ERR_MALFORMED);
	assert_int_equal (read_note (x, with (x, "\xe2\x80\x94", "-")), ERR_MALFORMED);
	assert_int_equal (read_note (x, arena_printf (x->arena, "%sx", x->note)), ERR_MALFORMED);
}

static void a_changed_size_does_not_verify (void **state)
{
	struct log *x = *state;

	assert_int_equal (read_note (x, with (x, "\n10\n", "\n11\n")), ERR_BAD_SIGNATURE);
}

static void another_key_or_name_does_not_verify (void **state)
{
	struct log *x = *state;
	OWNED (keypair) other = keypair_new (KEY_LOG);
	struct public_key key = keypair_public (other);
	struct checkpoint read;

	assert_int_equal (checkpoint_read (x->note, SIGNER, &key, x->arena, &read),
			  ERR_BAD_SIGNATURE);
	assert_int_equal (checkpoint_read (x->note, "hub-lain", &x->key, x->arena, &read),
			  ERR_BAD_SIGNATURE);
}

static void a_witness_may_sign_beside_the_hub (void **state)
{
	struct log *x = *state;
	const char *line = "\xe2\x80\x94 saksi AAAAAAECAwQFBgcI\n";
	const char *witnessed = arena_printf (x->arena, "%s%s", x->note, line);

	assert_int_equal (read_note (x, witnessed), ERR_OK);
	assert_int_equal (read_note (x, arena_printf (x->arena, "%s\xe2\x80\x94 saksi !\n", x->note)),
			  ERR_MALFORMED);
}

static void a_witness_alone_is_not_the_hub (void **state)
{
	struct log *x = *state;
	const char *body_end = strstr (x->note, "\n\n") + 2;
	const char *note = arena_printf (x->arena, "%.*s\xe2\x80\x94 saksi AAAAAAECAwQFBgcI\n",
					 (int)(body_end - x->note), x->note);

	assert_int_equal (read_note (x, note), ERR_BAD_SIGNATURE);
}

static void a_good_line_does_not_save_a_bad_one_of_the_same_name (void **state)
{
	struct log *x = *state;
	OWNED (keypair) other = keypair_new (KEY_LOG);
	struct checkpoint checkpoint = { .origin = ORIGIN, .size = 10, .root = { { 1, 2, 3 } } };
	const char *forged = checkpoint_sign (&checkpoint, SIGNER, other, x->arena);

	assert_int_equal (read_note (x, arena_printf (x->arena, "%s%s", x->note,
						      strstr (forged, "\n\n") + 2)),
			  ERR_BAD_SIGNATURE);
}

static void an_endless_note_is_refused (void **state)
{
	struct log *x = *state;
	char *big = malloc (LIMIT_CHECKPOINT_BYTES + 2);

	memset (big, 'x', LIMIT_CHECKPOINT_BYTES + 1);
	big[LIMIT_CHECKPOINT_BYTES + 1] = '\0';
	assert_int_equal (read_note (x, big), ERR_TOO_LARGE);
	free (big);
}

int main (void)
{
#define WITH_LOG(test) cmocka_unit_test_setup_teardown (test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		WITH_LOG (a_signed_checkpoint_reads_back),
		WITH_LOG (the_note_has_the_published_shape),
		WITH_LOG (sizes_of_every_length_travel),
		WITH_LOG (a_note_cut_anywhere_is_refused),
		WITH_LOG (any_bit_flipped_in_a_note_is_refused),
		WITH_LOG (other_spellings_are_refused),
		WITH_LOG (a_changed_size_does_not_verify),
		WITH_LOG (another_key_or_name_does_not_verify),
		WITH_LOG (a_witness_may_sign_beside_the_hub),
		WITH_LOG (a_witness_alone_is_not_the_hub),
		WITH_LOG (a_good_line_does_not_save_a_bad_one_of_the_same_name),
		WITH_LOG (an_endless_note_is_refused),
	};

	if (keys_start () != ERR_OK)
		return 1;
	return cmocka_run_group_tests (tests, NULL, NULL);
}
