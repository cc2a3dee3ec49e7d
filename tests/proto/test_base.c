#include "tests/support/unit.h"

#include <string.h>

#include "jembatan/base.h"

static void an_arena_gives_up_to_its_ceiling_and_not_a_byte_more (void **state)
{
	OWNED (arena) arena = arena_new (100000);

	assert_non_null (arena_alloc (arena, 60000));
	assert_null (arena_alloc (arena, 60000));
	assert_non_null (arena_alloc (arena, 40000));
	assert_null (arena_alloc (arena, 1));
}

static void an_arena_gives_zeroed_memory_again_after_a_reset (void **state)
{
	OWNED (arena) arena = arena_new (1000);
	char *text = arena_alloc (arena, 900);

	memset (text, 'x', 900);
	assert_null (arena_alloc (arena, 900));
	arena_reset (arena);
	text = arena_alloc (arena, 900);
	assert_non_null (text);
	for (size_t i = 0; i < 900; i++)
		assert_int_equal (text[i], 0);
}

static void a_huge_size_is_refused_without_wrapping_round (void **state)
{
	OWNED (arena) arena = arena_new (1000);

	assert_non_null (arena_alloc (arena, 1));
	assert_null (arena_alloc (arena, SIZE_MAX));
	assert_null (arena_alloc (arena, SIZE_MAX - 15));
}

static void arena_memory_is_aligned_for_any_type (void **state)
{
	OWNED (arena) arena = arena_new (100000);

	for (size_t size = 1; size < 100; size++)
		assert_int_equal ((uintptr_t)arena_alloc (arena, size) % 16, 0);
}

static void arena_copies_are_equal_and_apart (void **state)
{
	OWNED (arena) arena = arena_new (1000);
	const char *text = "surat";
	char *copy = arena_text (arena, text);

	assert_string_equal (copy, text);
	assert_ptr_not_equal (copy, text);
	assert_true (bytes_equal (arena_bytes (arena, bytes_of_text (text)), bytes_of_text (text)));
	assert_string_equal (arena_printf (arena, "%s-%d", text, 7), "surat-7");
	assert_null (arena_printf (arena, "%2000d", 7));
}

static void a_buffer_grows_to_its_ceiling_and_keeps_what_it_had (void **state)
{
	OWNED (buffer) buffer = buffer_new (1000);
	uint8_t more[400];

	memset (more, 7, sizeof more);
	assert_int_equal (buffer_add (buffer, BYTES_OF (more)), ERR_OK);
	assert_int_equal (buffer_add (buffer, BYTES_OF (more)), ERR_OK);
	assert_int_equal (buffer_add (buffer, BYTES_OF (more)), ERR_TOO_LARGE);
	assert_int_equal (buffer_bytes (buffer).len, 800);
	assert_int_equal (buffer_bytes (buffer).data[799], 7);
	assert_null (buffer_room (buffer, SIZE_MAX));
	assert_non_null (buffer_room (buffer, 200));
	buffer_reset (buffer);
	assert_int_equal (buffer_bytes (buffer).len, 0);
}

static void bytes_of_another_length_are_not_equal (void **state)
{
	assert_true (bytes_equal (BYTES_NONE, bytes_of_text ("")));
	assert_false (bytes_equal (bytes_of_text ("a"), bytes_of_text ("ab")));
	assert_false (bytes_equal (bytes_of_text ("a"), bytes_of_text ("b")));
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (an_arena_gives_up_to_its_ceiling_and_not_a_byte_more),
		cmocka_unit_test (an_arena_gives_zeroed_memory_again_after_a_reset),
		cmocka_unit_test (a_huge_size_is_refused_without_wrapping_round),
		cmocka_unit_test (arena_memory_is_aligned_for_any_type),
		cmocka_unit_test (arena_copies_are_equal_and_apart),
		cmocka_unit_test (a_buffer_grows_to_its_ceiling_and_keeps_what_it_had),
		cmocka_unit_test (bytes_of_another_length_are_not_equal),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
