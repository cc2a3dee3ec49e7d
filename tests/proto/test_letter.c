#include "tests/support/unit.h"

#include <string.h>

#include "tests/support/bytes.h"
#include "tests/support/samples.h"

#define ARENA_BYTES LIMIT_DECODE_ARENA_BYTES

/* Fields of a full letter: 26, of which labels and attachments twice, and the body. */
#define COMMON_FIELDS (26 + 1 + 1)

static const struct { enum letter_body body; size_t fields; } full[] = {
	{ BODY_NONE, 0 },
	{ BODY_ANSWERS, 12 },
	{ BODY_CONSENT_GRANT, 1 },
	{ BODY_CONSENT_WITHDRAWAL, 3 },
	{ BODY_CONSENT_STOPPED, 4 },
	{ BODY_RECEIPTS, 2 },
	{ BODY_CHAIN_EVENTS, 1 },
	{ BODY_LEDGER_RESUME, 3 },
	{ BODY_LETTER_AGAIN, 5 },
	{ BODY_KEY_REVOCATION, 3 },
	{ BODY_LOG_REPORT, 5 },
};

static void every_letter_body_round_trips_with_all_its_fields (void **state)
{
	for (size_t i = 0; i < COUNT_OF (full); i++) {
		OWNED (arena) arena = arena_new (ARENA_BYTES);
		struct letter letter = sample_letter (full[i].body, arena), read;
		struct bytes s, again, body, last;

		assert_int_equal (letter_encode (&letter, arena, &s), ERR_OK);
		assert_int_equal (fields_of (s, &body),
				  COMMON_FIELDS + (letter.body != BODY_NONE));
		if (letter.body != BODY_NONE)
			assert_int_equal (fields_of (body, &last), full[i].fields);
		assert_int_equal (letter_decode (s, arena, &read), ERR_OK);
		assert_int_equal (read.body, letter.body);
		assert_int_equal (letter_encode (&read, arena, &again), ERR_OK);
		assert_true (bytes_equal (s, again));
	}
}

static void every_answer_type_keeps_its_value (void **state)
{
	OWNED (arena) arena = arena_new (ARENA_BYTES);
	struct letter letter = sample_letter (BODY_ANSWERS, arena), read;
	struct bytes s;

	assert_int_equal (letter_encode (&letter, arena, &s), ERR_OK);
	assert_int_equal (letter_decode (s, arena, &read), ERR_OK);
	assert_int_equal (read.answer_count, ANSWER_ABSENT);
	for (size_t i = 0; i < read.answer_count; i++) {
		const struct answer *a = &letter.answers[i], *b = &read.answers[i];

		assert_int_equal (b->type, i + 1);
		assert_string_equal (a->field, b->field);
		assert_string_equal (a->text, b->text);
		assert_string_equal (a->system, b->system);
		assert_string_equal (a->display, b->display);
		assert_string_equal (a->unit, b->unit);
		assert_int_equal (a->number, b->number);
	}
}

/* Field 99 of an answer is a value that only a newer program knows. */
static void an_answer_of_a_newer_type_is_read_as_unknown (void **state)
{
	static const uint8_t newer[] = { 0xc2, 0x02, 8, 0x0a, 6, 0x0a, 1, 'f', 0x98, 0x06, 1 };
	OWNED (arena) arena = arena_new (ARENA_BYTES);
	struct letter letter = { .kind = "service.report" }, read;
	struct bytes s, again;
	uint8_t both[512];

	memset (&letter.sig_key_id, 1, sizeof letter.sig_key_id);
	assert_int_equal (letter_encode (&letter, arena, &s), ERR_OK);
	memcpy (both, s.data, s.len);
	memcpy (both + s.len, newer, sizeof newer);
	s = (struct bytes){ both, s.len + sizeof newer };
	assert_int_equal (letter_decode (s, arena, &read), ERR_OK);
	assert_int_equal (read.answer_count, 1);
	assert_int_equal (read.answers[0].type, ANSWER_UNKNOWN);
	assert_string_equal (read.answers[0].field, "f");
	assert_int_equal (letter_encode (&read, arena, &again), ERR_OK);
}

static void a_bare_letter_reads_as_empty_texts (void **state)
{
	OWNED (arena) arena = arena_new (ARENA_BYTES);
	struct letter letter = { .kind = "receipts" }, read;
	struct bytes s;

	memset (&letter.sig_key_id, 1, sizeof letter.sig_key_id);
	assert_int_equal (letter_encode (&letter, arena, &s), ERR_OK);
	assert_int_equal (letter_decode (s, arena, &read), ERR_OK);
	assert_string_equal (read.purpose, "");
	assert_string_equal (read.rule.id, "");
	assert_string_equal (read.checkpoint, "");
	assert_string_equal (read.revocation.reason, "");
	assert_int_equal (read.clause.clause.len, 0);
	assert_true (ID_IS_NONE (read.thread));
	assert_int_equal (read.pair.n, 0);
}

/* ---- caps: what a reader would refuse is not even written ---- */

static char big[LIMIT_TEXT_BYTES + 2];

static const char *text_of (size_t len)
{
	memset (big, 'x', sizeof big - 1);
	return big + sizeof big - 1 - len;
}

static struct answer changed;

static void no_kind (struct letter *l) { l->kind = ""; }
static void long_kind (struct letter *l) { l->kind = text_of (LIMIT_ID_TEXT + 1); }
static void no_sig_key (struct letter *l) { memset (&l->sig_key_id, 0, 16); }
static void late (struct letter *l) { l->created_ms = INT64_C (253402300800000); }
static void negative (struct letter *l) { l->reply_by_ms = -1; }
static void high_urgency (struct letter *l) { l->urgency = 5; }
static void high_basis (struct letter *l) { l->basis = 7; }
static void long_user (struct letter *l) { l->from_user = text_of (LIMIT_NAME_BYTES + 1); }
static void odd_user (struct letter *l) { l->from_user = "a\x01"; }
static void line_role (struct letter *l) { l->from_role = "a\nb"; }
static void bad_utf8 (struct letter *l) { l->purpose = "\xc3"; }
static void odd_date (struct letter *l) { l->rule.as_of = "2009-02-30"; }
static void long_clause (struct letter *l) { l->clause.clause = (struct bytes){ (const uint8_t *)text_of (LIMIT_CLAUSE_BYTES + 1), LIMIT_CLAUSE_BYTES + 1 }; }
static void no_clause_key (struct letter *l) { memset (&l->clause.sig_key_id, 0, 16); }
static void big_attachment (struct letter *l) { ((struct attachment *)(uintptr_t)l->attachments)->length = LIMIT_BLOB_BYTES + 1; }
static void big_seq (struct letter *l) { l->pair.n = UINT64_MAX; }
static void long_note (struct letter *l) { l->checkpoint = text_of (LIMIT_CHECKPOINT_BYTES + 1); }
static void one_answer (struct letter *l, struct answer answer)
{
	changed = answer;
	l->answers = &changed;
	l->answer_count = 1;
}
static void long_text (struct letter *l) { one_answer (l, (struct answer){ .field = "f", .type = ANSWER_TEXT, .text = text_of (LIMIT_TEXT_BYTES + 1) }); }
static void no_field (struct letter *l) { one_answer (l, (struct answer){ .field = "", .type = ANSWER_TEXT }); }
static void no_code (struct letter *l) { one_answer (l, (struct answer){ .field = "f", .type = ANSWER_CODE }); }
static void odd_decimal (struct letter *l) { one_answer (l, (struct answer){ .field = "f", .type = ANSWER_DECIMAL, .text = "1." }); }
static void long_decimal (struct letter *l) { one_answer (l, (struct answer){ .field = "f", .type = ANSWER_DECIMAL, .text = "1234567890.123456789" }); }
static void no_day (struct letter *l) { one_answer (l, (struct answer){ .field = "f", .type = ANSWER_DATE, .text = "2023-02-29" }); }
static void local_phone (struct letter *l) { one_answer (l, (struct answer){ .field = "f", .type = ANSWER_PHONE, .text = "0812345" }); }
static void odd_quantity (struct letter *l) { one_answer (l, (struct answer){ .field = "f", .type = ANSWER_QUANTITY, .text = "-" }); }
static void far_index (struct letter *l) { one_answer (l, (struct answer){ .field = "f", .type = ANSWER_ATTACHMENT, .number = 2 }); }
static void odd_absence (struct letter *l) { one_answer (l, (struct answer){ .field = "f", .type = ANSWER_ABSENT, .number = 3 }); }

static void each_cap_of_a_letter_is_enforced (void **state)
{
	static const struct { void (*change) (struct letter *); err_t err; } rows[] = {
		{ no_kind, ERR_MALFORMED },
		{ long_kind, ERR_TOO_LARGE },
		{ no_sig_key, ERR_MALFORMED },
		{ late, ERR_MALFORMED },
		{ negative, ERR_MALFORMED },
		{ high_urgency, ERR_MALFORMED },
		{ high_basis, ERR_MALFORMED },
		{ long_user, ERR_TOO_LARGE },
		{ odd_user, ERR_MALFORMED },
		{ line_role, ERR_MALFORMED },
		{ bad_utf8, ERR_MALFORMED },
		{ odd_date, ERR_MALFORMED },
		{ long_clause, ERR_TOO_LARGE },
		{ no_clause_key, ERR_MALFORMED },
		{ big_attachment, ERR_TOO_LARGE },
		{ big_seq, ERR_MALFORMED },
		{ long_note, ERR_TOO_LARGE },
		{ long_text, ERR_TOO_LARGE },
		{ no_field, ERR_MALFORMED },
		{ no_code, ERR_MALFORMED },
		{ odd_decimal, ERR_MALFORMED },
		{ long_decimal, ERR_MALFORMED },
		{ no_day, ERR_MALFORMED },
		{ local_phone, ERR_MALFORMED },
		{ odd_quantity, ERR_MALFORMED },
		{ far_index, ERR_MALFORMED },
		{ odd_absence, ERR_MALFORMED },
	};

	for (size_t i = 0; i < COUNT_OF (rows); i++) {
		OWNED (arena) arena = arena_new (ARENA_BYTES);
		struct letter letter = sample_letter (BODY_ANSWERS, arena);
		struct bytes s;

		rows[i].change (&letter);
		assert_int_equal (letter_encode (&letter, arena, &s), rows[i].err);
	}
}

static void repeated_fields_have_a_ceiling (void **state)
{
	static const struct { enum letter_body body; unsigned field, inner; size_t most; } rows[] = {
		{ BODY_NONE, 22, 0, LIMIT_LABELS },
		{ BODY_NONE, 23, 0, LIMIT_ATTACHMENTS },
		{ BODY_ANSWERS, 40, 1, LIMIT_ANSWERS },
		{ BODY_RECEIPTS, 44, 1, LIMIT_RECEIPTS },
		{ BODY_CHAIN_EVENTS, 45, 1, LIMIT_CHAIN_EVENTS },
		{ BODY_LEDGER_RESUME, 46, 3, LIMIT_HELD },
	};

	for (size_t i = 0; i < COUNT_OF (rows); i++) {
		OWNED (arena) arena = arena_new (LIMIT_DIRECTORY_BYTES);
		struct letter letter = { .kind = "k" }, read;
		struct bytes s, inner = BYTES_NONE;

		memset (&letter.sig_key_id, 1, sizeof letter.sig_key_id);
		assert_int_equal (letter_encode (&letter, arena, &s), ERR_OK);
		/* The reader looks at the number of items before it looks at the first. */
		for (size_t n = 0; n <= rows[i].most; n++) {
			if (rows[i].inner == 0)
				s = with_bytes_field (s, rows[i].field, BYTES_NONE, arena);
			else
				inner = with_bytes_field (inner, rows[i].inner, BYTES_NONE, arena);
		}
		if (rows[i].inner != 0)
			s = with_bytes_field (s, rows[i].field, inner, arena);
		assert_int_equal (letter_decode (s, arena, &read), ERR_TOO_LARGE);
	}
}

static void a_letter_beyond_the_largest_bucket_is_not_written (void **state)
{
	OWNED (arena) arena = arena_new (ARENA_BYTES);
	struct letter letter = sample_letter (BODY_LETTER_AGAIN, arena);
	struct bytes s;

	letter.again.s = (struct bytes){ arena_must (arena, LIMIT_LETTER_BYTES),
					 LIMIT_LETTER_BYTES };
	assert_int_equal (letter_encode (&letter, arena, &s), ERR_TOO_LARGE);
}

static void text_with_an_embedded_end_is_refused (void **state)
{
	OWNED (arena) arena = arena_new (ARENA_BYTES);
	struct letter letter = sample_letter (BODY_ANSWERS, arena), read;
	struct bytes s;
	uint8_t *text;

	assert_int_equal (letter_encode (&letter, arena, &s), ERR_OK);
	text = memmem (s.data, s.len, "sulit tidur", 11);
	text[5] = '\0';
	assert_int_equal (letter_decode (s, arena, &read), ERR_MALFORMED);
}

static void a_body_that_is_newer_than_this_program_reads_as_none (void **state)
{
	OWNED (arena) arena = arena_new (ARENA_BYTES);
	struct letter letter = sample_letter (BODY_NONE, arena), read;
	struct bytes s;

	assert_int_equal (letter_encode (&letter, arena, &s), ERR_OK);
	s = with_bytes_field (s, 60, bytes_of_text ("newer"), arena);
	assert_int_equal (letter_decode (s, arena, &read), ERR_OK);
	assert_int_equal (read.body, BODY_NONE);
	assert_string_equal (read.kind, letter.kind);
}

static void two_bodies_are_refused (void **state)
{
	OWNED (arena) arena = arena_new (ARENA_BYTES);
	struct letter letter = sample_letter (BODY_CONSENT_STOPPED, arena), read;
	struct bytes s;

	assert_int_equal (letter_encode (&letter, arena, &s), ERR_OK);
	s = with_bytes_field (s, 40, BYTES_NONE, arena);
	assert_int_equal (letter_decode (s, arena, &read), ERR_MALFORMED);
}

static void decode_only (struct bytes spoiled)
{
	OWNED (arena) arena = arena_new (ARENA_BYTES);
	struct letter read = { .rev = 77 };

	if (letter_decode (spoiled, arena, &read) != ERR_OK)
		assert_int_equal (read.rev, 77);
}

static void spoiled_letters_are_survived_and_leave_the_result_untouched (void **state)
{
	for (size_t i = 0; i < COUNT_OF (full); i++) {
		OWNED (arena) arena = arena_new (ARENA_BYTES);
		struct letter letter = sample_letter (full[i].body, arena);
		struct bytes s;

		assert_int_equal (letter_encode (&letter, arena, &s), ERR_OK);
		spoil_everywhere (s, decode_only);
	}
}

/* ---- names ---- */

static void every_enum_name_round_trips (void **state)
{
	for (unsigned i = BASIS_NO_DATA; i <= BASIS_LEGITIMATE_INTEREST; i++) {
		enum basis read;

		assert_int_equal (basis_parse (basis_name (i), &read), ERR_OK);
		assert_int_equal (read, i);
	}
	for (unsigned i = URGENCY_UNSET; i <= URGENCY_STAT; i++) {
		enum urgency read;

		assert_int_equal (urgency_parse (urgency_name (i), &read), ERR_OK);
		assert_int_equal (read, i);
	}
	for (unsigned i = ANSWER_TEXT; i <= ANSWER_ABSENT; i++) {
		enum answer_type read;

		assert_int_equal (answer_type_parse (answer_type_name (i), &read), ERR_OK);
		assert_int_equal (read, i);
	}
	assert_string_equal (receipt_status_name (RECEIPT_IS_HELD), "held");
	assert_string_equal (class_name (CLASS_STAT), "stat");
	assert_string_equal (class_name (0), "unknown");
}

static void unknown_names_are_not_taken (void **state)
{
	enum basis basis;
	enum urgency urgency;
	enum answer_type type;

	assert_int_not_equal (basis_parse ("unknown", &basis), ERR_OK);
	assert_int_not_equal (urgency_parse ("STAT", &urgency), ERR_OK);
	assert_int_not_equal (answer_type_parse ("", &type), ERR_OK);
}

static void urgency_decides_the_class (void **state)
{
	assert_int_equal (urgency_class (URGENCY_STAT), CLASS_STAT);
	assert_int_equal (urgency_class (URGENCY_ASAP), CLASS_URGENT);
	assert_int_equal (urgency_class (URGENCY_URGENT), CLASS_URGENT);
	assert_int_equal (urgency_class (URGENCY_ROUTINE), CLASS_ROUTINE);
	assert_int_equal (urgency_class (URGENCY_UNSET), CLASS_ROUTINE);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (every_letter_body_round_trips_with_all_its_fields),
		cmocka_unit_test (every_answer_type_keeps_its_value),
		cmocka_unit_test (an_answer_of_a_newer_type_is_read_as_unknown),
		cmocka_unit_test (a_bare_letter_reads_as_empty_texts),
		cmocka_unit_test (each_cap_of_a_letter_is_enforced),
		cmocka_unit_test (repeated_fields_have_a_ceiling),
		cmocka_unit_test (a_letter_beyond_the_largest_bucket_is_not_written),
		cmocka_unit_test (text_with_an_embedded_end_is_refused),
		cmocka_unit_test (a_body_that_is_newer_than_this_program_reads_as_none),
		cmocka_unit_test (two_bodies_are_refused),
		cmocka_unit_test (spoiled_letters_are_survived_and_leave_the_result_untouched),
		cmocka_unit_test (every_enum_name_round_trips),
		cmocka_unit_test (unknown_names_are_not_taken),
		cmocka_unit_test (urgency_decides_the_class),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
