/* Answers: JSON in, JSON out, and what a person reads. */
#include "tests/agents/api/office.h"

#include "agents/api/answer.h"
#include "agents/api/times.h"

/* clang-format off */
static const struct code_spec codes[] = {
	{ "no-capacity", { "Kapasitas penuh", "No capacity" }, false },
	{ "other", { "Lainnya", "Other" }, false },
};
#define FIELD(n, t) .name = n, .type = t, .system = "", .unit = "", .flag = n, .from = "", \
	.label = "", .explained_by = "", .words = { n, n }, .hint = { "", "" }, .max_bytes = 200
static const struct field_spec fields[] = {
	{ FIELD ("text", ANSWER_TEXT), .group = "", .required = true },
	{ FIELD ("code", ANSWER_CODE), .group = "", .code_count = 2, .codes = codes },
	{ FIELD ("count", ANSWER_INTEGER), .group = "", .max = 100 },
	{ FIELD ("decimal", ANSWER_DECIMAL), .group = "" },
	{ FIELD ("date", ANSWER_DATE), .group = "" },
	{ FIELD ("at", ANSWER_INSTANT), .group = "" },
	{ FIELD ("flag", ANSWER_BOOLEAN), .group = "" },
	{ FIELD ("fee", ANSWER_RUPIAH), .group = "", .max = 1000000000 },
	{ FIELD ("phone", ANSWER_PHONE), .group = "" },
	{ FIELD ("many", ANSWER_TEXT), .group = "", .many = true },
	{ .name = "weight", .group = "", .type = ANSWER_QUANTITY, .system = "", .unit = "kg", .flag = "weight",
	  .from = "", .label = "", .explained_by = "", .words = { "weight", "weight" }, .hint = { "", "" } },
	{ FIELD ("analyte.code", ANSWER_CODE), .group = "analyte", .required = true,
	  .code_count = 2, .codes = codes },
	{ FIELD ("analyte.count", ANSWER_INTEGER), .group = "analyte", .max = 100 },
};
static const struct group_spec groups[] = {
	{ .name = "analyte", .least = 0, .most = 30, .words = { "Zat", "Analyte" } },
};
static const struct kind_spec kind = {
	.name = "uji.form", .field_count = COUNT_OF (fields), .fields = fields,
	.group_count = COUNT_OF (groups), .groups = groups,
};
/* clang-format on */

struct desk_top {
	arena_t *arena;
	problems_t *problems;
	struct answers answers;
};

static int setup (void **state)
{
	struct desk_top *top = calloc (1, sizeof *top);

	top->arena = arena_new (MIB);
	top->problems = problems_new ();
	*state = top;
	return 0;
}

static int teardown (void **state)
{
	struct desk_top *top = *state;

	arena_destroy (&top->arena);
	problems_destroy (&top->problems);
	free (top);
	return 0;
}

static err_t take (struct desk_top *top, const char *text)
{
	json_t *object;
	err_t err;

	assert_ok (json_read (bytes_of_text (text), &object, NULL));
	err = answers_read (&kind, object, "17.71", top->arena, &top->answers,
			    top->problems);
	json_decref (object);
	return err;
}

static const struct answer *one (struct desk_top *top, const char *text)
{
	assert_ok (take (top, text));
	assert_int_equal (top->answers.count, 1);
	return &top->answers.list[0];
}

static void values_become_answers_of_their_field (void **state)
{
	assert_string_equal (one (*state, "{\"text\": \"halo\"}")->text, "halo");
	assert_int_equal (one (*state, "{\"count\": 7}")->number, 7);
	assert_int_equal (one (*state, "{\"fee\": 5000000}")->type, ANSWER_RUPIAH);
	assert_int_equal (one (*state, "{\"flag\": true}")->number, 1);
	assert_string_equal (one (*state, "{\"decimal\": 1.5}")->text, "1.5");
	assert_string_equal (one (*state, "{\"date\": \"2026-11-22\"}")->text,
			     "2026-11-22");
	assert_int_equal (one (*state, "{\"code\": \"other\"}")->type, ANSWER_CODE);
	assert_string_equal (one (*state, "{\"weight\": 70}")->unit, "kg");
	assert_string_equal (
		one (*state, "{\"weight\": {\"value\": \"9\", \"unit\": \"g\"}}")->unit,
		"g");
}

static void an_instant_is_read_in_the_agencys_zone (void **state)
{
	int64_t utc_ms, local_ms = one (*state, "{\"at\": \"2026-11-25 10:00\"}")->number;

	assert_int_equal (instant_parse ("2026-11-25T03:00:00Z", &utc_ms), 0);
	assert_int_equal (local_ms, utc_ms);
	assert_int_equal (one (*state, "{\"at\": \"2026-11-25T12:00:00+09:00\"}")->number,
			  utc_ms);
}

static void a_day_ends_at_its_last_second (void **state)
{
	int64_t end_ms, expected_ms;

	assert_ok (times_parse ("2026-11-25", "17.71", true, &end_ms));
	assert_int_equal (instant_parse ("2026-11-25T23:59:59+07:00", &expected_ms), 0);
	assert_int_equal (end_ms, expected_ms);
	assert_int_equal (times_parse ("besok", "17.71", true, &end_ms), ERR_INVALID);
	assert_int_equal (times_parse ("2026-02-31", "17.71", true, &end_ms),
			  ERR_INVALID);
	assert_int_equal (times_parse ("2026-11-25x10:00", "17.71", true, &end_ms),
			  ERR_INVALID);
}

static void a_phone_that_begins_with_0_is_indonesian (void **state)
{
	assert_string_equal (one (*state, "{\"phone\": \"0812-3456 789\"}")->text,
			     "+628123456789");
	assert_string_equal (one (*state, "{\"phone\": \"+62 736 21\"}")->text,
			     "+6273621");
}

static void declined_and_not_asked_are_answers (void **state)
{
	assert_int_equal (one (*state, "{\"text\": {\"absent\": \"declined\"}}")->number,
			  ABSENT_DECLINED);
	assert_int_equal (one (*state, "{\"text\": {\"absent\": \"not-asked\"}}")->number,
			  ABSENT_NOT_ASKED);
	assert_int_equal (take (*state, "{\"text\": {\"absent\": \"forgot\"}}"),
			  ERR_INVALID);
}

static void a_field_of_many_takes_a_list (void **state)
{
	struct desk_top *top = *state;

	assert_ok (take (top, "{\"many\": [\"satu\", \"dua\"]}"));
	assert_int_equal (top->answers.count, 2);
	assert_string_equal (top->answers.list[1].text, "dua");
	assert_int_equal (take (top, "{\"text\": [\"satu\", \"dua\"]}"), ERR_INVALID);
}

static void null_stands_for_no_answer (void **state)
{
	struct desk_top *top = *state;

	assert_ok (take (top, "{\"text\": null}"));
	assert_int_equal (top->answers.count, 0);
}

/* The catalogue names a wrong type; here it only must not pass for the right one. */
static void a_wrong_type_is_left_for_the_catalogue_to_name (void **state)
{
	struct desk_top *top = *state;
	static const char *const wrong[] = {
		"{\"count\": \"tujuh\"}", "{\"fee\": true}",       "{\"text\": 7}",
		"{\"at\": \"besok\"}",    "{\"code\": \"bukan\"}", "{\"date\": 20261122}"
	};

	for (size_t i = 0; i < COUNT_OF (wrong); i++) {
		OWNED (problems) found = problems_new ();
		const char *field = strtok (strdup (strchr (wrong[i], '"') + 1), "\"");
		bool is_named = false;

		assert_ok (take (top, wrong[i]));
		assert_int_equal (answers_check (&kind, top->answers.list,
						 top->answers.count, found),
				  ERR_INVALID);
		for (size_t j = 0; j < problems_count (found); j++)
			is_named = is_named ||
				   strcmp (problems_at (found, j)->field, field) == 0;
		assert_true (is_named);
		free ((char *)field);
	}
}

static void three_mistakes_are_named_at_once (void **state)
{
	struct desk_top *top = *state;

	assert_int_equal (
		take (top, "{\"unknown\": 1, \"count\": {}, \"text\": \"a\\u0007b\"}"),
		ERR_INVALID);
	assert_int_equal (problems_count (top->problems), 3);
}

static void more_answers_than_a_letter_holds_are_refused (void **state)
{
	char *text = malloc (8192), *at = stpcpy (text, "{\"many\": [\"x\"");

	for (unsigned i = 0; i < LIMIT_ANSWERS; i++)
		at = stpcpy (at, ",\"x\"");
	strcpy (at, "]}");
	assert_int_equal (take (*state, text), ERR_INVALID);
	free (text);
}

/* ---- showing
 * ---------------------------------------------------------------------------------- */

static void amounts_and_dates_read_as_people_write_them (void **state)
{
	char text[RUPIAH_TEXT];

	assert_string_equal (rupiah_text (5000000, text), "Rp5.000.000");
	assert_string_equal (rupiah_text (0, text), "Rp0");
	assert_string_equal (rupiah_text (999, text), "Rp999");
	assert_string_equal (rupiah_text (-1500, text), "-Rp1.500");
	assert_string_equal (rupiah_text (INT64_MIN, text),
			     "-Rp9.223.372.036.854.775.808");
	assert_string_equal (date_text ("2026-11-22", false, text), "22 November 2026");
	assert_string_equal (date_text ("2026-08-01", false, text), "1 Agustus 2026");
	assert_string_equal (date_text ("2026-08-01", true, text), "1 August 2026");
}

/* What the api shows as "value" is what it would take. */
static void a_shown_value_reads_back_as_the_same_answer (void **state)
{
	static const char *const texts[] = {
		"{\"text\": \"halo\"}",
		"{\"code\": \"other\"}",
		"{\"count\": 7}",
		"{\"decimal\": \"1.5\"}",
		"{\"date\": \"2026-11-22\"}",
		"{\"at\": \"2026-11-25T03:00:00Z\"}",
		"{\"flag\": false}",
		"{\"fee\": 5000000}",
		"{\"phone\": \"+628123456789\"}",
		"{\"weight\": {\"value\": \"70\", \"unit\": \"kg\"}}",
		"{\"text\": {\"absent\": \"declined\"}}",
	};
	struct desk_top *top = *state;

	for (size_t i = 0; i < COUNT_OF (texts); i++) {
		struct answer first = *one (top, texts[i]);
		json_t *shown =
			answer_json (kind_field (&kind, first.field), &first, "17.71");
		json_t *object = json_pack ("{s:O}", first.field,
					    json_object_get (shown, "value"));

		assert_ok (answers_read (&kind, object, "17.71", top->arena,
					 &top->answers, top->problems));
		assert_int_equal (top->answers.list[0].type, first.type);
		assert_int_equal (top->answers.list[0].number, first.number);
		assert_string_equal (top->answers.list[0].text, first.text);
		json_decref (object);
		json_decref (shown);
	}
}

static void a_code_is_shown_in_words (void **state)
{
	const struct answer *answer = one (*state, "{\"code\": \"no-capacity\"}");
	json_t *shown = answer_json (kind_field (&kind, "code"), answer, "17.71");

	assert_string_equal (json_get_text (json_object_get (shown, "text"), "id"),
			     "Kapasitas penuh");
	assert_string_equal (json_get_text (json_object_get (shown, "text"), "en"),
			     "No capacity");
	json_decref (shown);
}

static void a_field_that_nobody_knows_is_shown_by_its_name (void **state)
{
	struct answer answer = { .field = "baru",
				 .type = ANSWER_CODE,
				 .text = "x",
				 .system = "s",
				 .display = "Iks",
				 .unit = "" };
	json_t *shown = answer_json (NULL, &answer, "17.71");

	assert_string_equal (json_get_text (json_object_get (shown, "words"), "id"),
			     "baru");
	assert_string_equal (json_get_text (json_object_get (shown, "text"), "id"),
			     "Iks");
	json_decref (shown);
}

static void a_table_is_a_list_of_rows (void **state)
{
	struct desk_top *top = *state;

	assert_ok (take (top, "{\"analyte\": [{\"code\": \"other\", \"count\": 3}, "
			      "{\"code\": \"no-capacity\", \"count\": null}]}"));
	assert_int_equal (top->answers.count, 3);
	assert_string_equal (top->answers.list[0].field, "analyte[1].code");
	assert_int_equal (top->answers.list[0].type, ANSWER_CODE);
	assert_string_equal (top->answers.list[1].field, "analyte[1].count");
	assert_int_equal (top->answers.list[1].number, 3);
	assert_string_equal (top->answers.list[2].field, "analyte[2].code");
	assert_string_equal (one (top, "{\"analyte[1].code\": \"other\"}")->field,
			     "analyte[1].code");
}

struct bad_table {
	const char *text, *complaint;
};

static const struct bad_table bad_tables[] = {
	{ "{\"analyte\": {\"code\": \"other\"}}", "analyte must be a list of rows" },
	{ "{\"analyte\": \"other\"}", "analyte must be a list of rows" },
	{ "{\"analyte\": [{\"code\": \"other\"}, {}]}", "row 2 must be an object" },
	{ "{\"analyte\": [\"other\"]}", "row 1 must be an object" },
	{ "{\"analyte\": [{\"code\": \"other\"}, {\"colour\": 1}]}",
	  "row 2: there is no column \"colour\"" },
	{ "{\"analyte\": [{\"code\": [\"other\"]}]}", "\"analyte[1].code\" does not have" },
	{ "{\"analyte.code\": \"other\"}", "there is no field \"analyte.code\"" },
	{ "{\"analyte[0].code\": \"other\"}", "there is no field \"analyte[0].code\"" },
};

static void a_table_of_another_shape_is_refused_with_its_row (void **state)
{
	struct desk_top *top = *state;

	for (size_t i = 0; i < COUNT_OF (bad_tables); i++) {
		const struct problem *problem;

		assert_int_equal (take (top, bad_tables[i].text), ERR_INVALID);
		problem = problems_at (top->problems, problems_count (top->problems) - 1);
		assert_non_null (strstr (problem->text_en, bad_tables[i].complaint));
	}
}

static void rows_beyond_what_a_letter_holds_are_refused_at_once (void **state)
{
	struct desk_top *top = *state;
	json_t *rows = json_array (), *object = json_pack ("{s:O}", "analyte", rows);

	for (size_t i = 0; i < LIMIT_ANSWERS + 1; i++)
		json_array_append_new (rows, json_pack ("{s:s}", "code", "other"));
	assert_int_equal (answers_read (&kind, object, "17.71", top->arena, &top->answers,
					top->problems),
			  ERR_INVALID);
	assert_int_equal (top->answers.count, 0);
	json_decref (rows);
	json_decref (object);
}

int main (void)
{
#define T(name) cmocka_unit_test_setup_teardown (name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T (values_become_answers_of_their_field),
		T (an_instant_is_read_in_the_agencys_zone),
		T (a_day_ends_at_its_last_second),
		T (a_phone_that_begins_with_0_is_indonesian),
		T (declined_and_not_asked_are_answers),
		T (a_field_of_many_takes_a_list),
		T (null_stands_for_no_answer),
		T (a_wrong_type_is_left_for_the_catalogue_to_name),
		T (three_mistakes_are_named_at_once),
		T (more_answers_than_a_letter_holds_are_refused),
		T (amounts_and_dates_read_as_people_write_them),
		T (a_shown_value_reads_back_as_the_same_answer),
		T (a_code_is_shown_in_words),
		T (a_field_that_nobody_knows_is_shown_by_its_name),
		T (a_table_is_a_list_of_rows),
		T (a_table_of_another_shape_is_refused_with_its_row),
		T (rows_beyond_what_a_letter_holds_are_refused_at_once),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
