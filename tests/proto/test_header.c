#include "tests/support/unit.h"

#include <string.h>

#include "tests/support/bytes.h"
#include "tests/support/samples.h"

static err_t decode_changed (void (*change) (struct header *header))
{
	OWNED (arena) arena = arena_new (64 * KIB);
	struct header header = sample_header (), read;

	change (&header);
	return header_decode (header_encode (&header, arena), &read);
}

static void a_full_header_round_trips (void **state)
{
	OWNED (arena) arena = arena_new (64 * KIB);
	struct header header = sample_header (), read = { .version = 0 };
	struct bytes h = header_encode (&header, arena), last;

	assert_int_equal (fields_of (h, &last), 10 + header.blob_count);
	assert_int_equal (header_decode (h, &read), ERR_OK);
	assert_memory_equal (&read.id, &header.id, sizeof read.id);
	assert_string_equal (read.from.text, header.from.text);
	assert_string_equal (read.to.text, header.to.text);
	assert_memory_equal (&read.box_key_id, &header.box_key_id, sizeof read.box_key_id);
	assert_int_equal (read.expires_at_ms, header.expires_at_ms);
	assert_int_equal (read.class, header.class);
	assert_int_equal (read.bucket, header.bucket);
	assert_int_equal (read.blob_count, header.blob_count);
	assert_memory_equal (read.wrapped, header.wrapped, sizeof read.wrapped);
	assert_true (bytes_equal (header_encode (&read, arena), h));
}

static void other_version (struct header *h) { h->version = 2; }
static void other_suite (struct header *h) { h->suite = 0; }
static void no_id (struct header *h) { memset (&h->id, 0, sizeof h->id); }
static void no_key (struct header *h) { memset (&h->box_key_id, 0, sizeof h->box_key_id); }
static void odd_sender (struct header *h) { strcpy (h->from.text, "IPWL"); }
static void no_recipient (struct header *h) { h->to.text[0] = '\0'; }
static void no_class (struct header *h) { h->class = 0; }
static void high_class (struct header *h) { h->class = 4; }
static void high_bucket (struct header *h) { h->bucket = BUCKET_COUNT; }
static void far_expiry (struct header *h) { h->expires_at_ms = INT64_C (253402300800000); }
static void negative_expiry (struct header *h) { h->expires_at_ms = -1; }
static void odd_blob (struct header *h) { h->blobs[0].padded_length = 65535; }
static void empty_blob (struct header *h) { h->blobs[0].padded_length = 0; }
static void huge_blob (struct header *h) { h->blobs[1].padded_length = 802 * 65536; }

static void each_cap_of_the_header_is_enforced (void **state)
{
	static const struct { void (*change) (struct header *); err_t err; } rows[] = {
		{ other_version, ERR_BAD_VERSION },
		{ other_suite, ERR_BAD_VERSION },
		{ no_id, ERR_MALFORMED },
		{ no_key, ERR_MALFORMED },
		{ odd_sender, ERR_MALFORMED },
		{ no_recipient, ERR_MALFORMED },
		{ no_class, ERR_MALFORMED },
		{ high_class, ERR_MALFORMED },
		{ high_bucket, ERR_MALFORMED },
		{ far_expiry, ERR_MALFORMED },
		{ negative_expiry, ERR_MALFORMED },
		{ odd_blob, ERR_MALFORMED },
		{ empty_blob, ERR_MALFORMED },
		{ huge_blob, ERR_TOO_LARGE },
	};

	for (size_t i = 0; i < COUNT_OF (rows); i++)
		assert_int_equal (decode_changed (rows[i].change), rows[i].err);
}

static void sixteen_blobs_fit_and_a_seventeenth_does_not (void **state)
{
	OWNED (arena) arena = arena_new (64 * KIB);
	struct header header = sample_header (), read;
	struct bytes h, blob = BYTES_NONE;

	header.blob_count = LIMIT_BLOBS;
	for (size_t i = 0; i < LIMIT_BLOBS; i++)
		header.blobs[i] = header.blobs[0];
	h = header_encode (&header, arena);
	assert_int_equal (header_decode (h, &read), ERR_OK);
	assert_int_equal (header_decode (with_bytes_field (h, 10, blob, arena), &read),
			  ERR_TOO_LARGE);
}

static void a_field_given_twice_is_refused (void **state)
{
	OWNED (arena) arena = arena_new (64 * KIB);
	struct header header = sample_header (), read;
	struct bytes h = header_encode (&header, arena);

	assert_int_equal (header_decode (with_number_field (h, 8, 1, arena), &read), ERR_MALFORMED);
	assert_int_equal (
		header_decode (with_bytes_field (h, 4, bytes_of_text ("bnn"), arena), &read),
		ERR_MALFORMED);
}

static void a_newer_field_is_passed_over_but_not_a_crowd_of_them (void **state)
{
	OWNED (arena) arena = arena_new (256 * KIB);
	struct header header = sample_header (), read;
	struct bytes h = with_number_field (header_encode (&header, arena), 99, 7, arena);

	assert_int_equal (header_decode (h, &read), ERR_OK);
	for (int i = 0; i < 70; i++)
		h = with_number_field (h, 99, 7, arena);
	assert_int_equal (header_decode (h, &read), ERR_TOO_LARGE);
}

static void a_name_with_an_embedded_end_is_refused (void **state)
{
	OWNED (arena) arena = arena_new (64 * KIB);
	struct header header = sample_header (), read;
	struct bytes h = header_encode (&header, arena);
	uint8_t *name = memmem (h.data, h.len, "ipwl-pesona", 11);

	name[4] = '\0';
	assert_int_equal (header_decode (h, &read), ERR_MALFORMED);
	name[4] = (uint8_t)0xff;
	assert_int_equal (header_decode (h, &read), ERR_MALFORMED);
}

static void too_many_bytes_are_refused_unread (void **state)
{
	static const uint8_t zeroes[LIMIT_HEADER_BYTES + 1];
	struct header read;

	assert_int_equal (header_decode (BYTES_OF (zeroes), &read), ERR_TOO_LARGE);
	assert_int_equal (header_decode (BYTES_NONE, &read), ERR_BAD_VERSION);
}

static void decode_only (struct bytes spoiled)
{
	struct header read = { .version = 77 };

	if (header_decode (spoiled, &read) != ERR_OK)
		assert_int_equal (read.version, 77);
}

static void spoiled_headers_are_survived_and_leave_the_result_untouched (void **state)
{
	OWNED (arena) arena = arena_new (64 * KIB);
	struct header header = sample_header ();

	spoil_everywhere (header_encode (&header, arena), decode_only);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (a_full_header_round_trips),
		cmocka_unit_test (each_cap_of_the_header_is_enforced),
		cmocka_unit_test (sixteen_blobs_fit_and_a_seventeenth_does_not),
		cmocka_unit_test (a_field_given_twice_is_refused),
		cmocka_unit_test (a_newer_field_is_passed_over_but_not_a_crowd_of_them),
		cmocka_unit_test (a_name_with_an_embedded_end_is_refused),
		cmocka_unit_test (too_many_bytes_are_refused_unread),
		cmocka_unit_test (spoiled_headers_are_survived_and_leave_the_result_untouched),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
