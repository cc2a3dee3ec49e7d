/*
 * A request as a client may write it, "METHOD path\nbody": the route is found, the body
 * becomes JSON, and its answers go through the catalogue's form of each field type and
 * back.  What was read once must read the same from what is shown.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "agents/api/answer.h"
#include "agents/api/route.h"

/* clang-format off */
static const struct code_spec codes[] = { { "a", { "a", "a" }, false }, { "b", { "b", "b" }, false } };
#define FIELD(n, t) .name = n, .type = t, .flag = n, .system = "", .unit = "", .from = "", \
	.label = "", .explained_by = "", .words = { n, n }, .hint = { "", "" }, .max_bytes = 200
static const struct field_spec fields[] = {
	{ FIELD ("text", ANSWER_TEXT), .group = "" },        { FIELD ("code", ANSWER_CODE), .group = "", .code_count = 2, .codes = codes },
	{ FIELD ("count", ANSWER_INTEGER), .group = "" },    { FIELD ("decimal", ANSWER_DECIMAL), .group = "" },
	{ FIELD ("date", ANSWER_DATE), .group = "" },        { FIELD ("at", ANSWER_INSTANT), .group = "" },
	{ FIELD ("flag", ANSWER_BOOLEAN), .group = "" },     { FIELD ("fee", ANSWER_RUPIAH), .group = "" },
	{ FIELD ("phone", ANSWER_PHONE), .group = "" },      { FIELD ("weight", ANSWER_QUANTITY), .group = "" },
	{ FIELD ("many", ANSWER_TEXT), .group = "", .many = true },
	{ FIELD ("analyte.code", ANSWER_CODE), .group = "analyte", .code_count = 2, .codes = codes },
	{ FIELD ("analyte.cutoff", ANSWER_QUANTITY), .group = "analyte" },
};
static const struct group_spec groups[] = {
	{ .name = "analyte", .most = 20, .words = { "Zat", "Analyte" } },
};
static const struct kind_spec kind = {
	.name = "uji.form", .field_count = COUNT_OF (fields), .fields = fields,
	.group_count = COUNT_OF (groups), .groups = groups,
};
/* clang-format on */

/* Whatever answers_check accepts is shown as a value that reads as the same answer. */
static void show_and_read_again (const struct answer *answer, arena_t *arena)
{
	OWNED (problems) problems = problems_new ();
	const struct field_spec *field = kind_field (&kind, answer->field);
	struct answers again = { 0 };
	json_t *shown = answer_json (field, answer, "17.71"), *object;

	assert (shown != NULL);
	object = json_pack ("{s:O}", answer->field, json_object_get (shown, "value"));
	if (answers_check (&kind, answer, 1, problems) == ERR_OK) {
		assert (answers_read (&kind, object, "17.71", arena, &again, problems) ==
			ERR_OK);
		assert (again.count == 1 && again.list[0].type == answer->type);
		assert (strcmp (again.list[0].text, answer->text) == 0);
	}
	json_decref (object);
	json_decref (shown);
}

static void read_body (const char *text, size_t len)
{
	OWNED (arena) arena = arena_new (16 * MIB);
	OWNED (problems) problems = problems_new ();
	struct answers answers = { 0 };
	json_t *body = NULL;
	err_t err;

	if (json_read ((struct bytes){ (const uint8_t *)text, len }, &body, problems) !=
	    ERR_OK) {
		assert (problems_count (problems) > 0);
		return;
	}
	err = answers_read (&kind, body, "17.71", arena, &answers, problems);
	assert ((err == ERR_OK) == (problems_count (problems) == 0));
	(void)!answers_check (&kind, answers.list, answers.count, problems);
	for (size_t i = 0; i < answers.count; i++)
		show_and_read_again (&answers.list[i], arena);
	json_decref (body);
}

static void find_route (char *line)
{
	const struct route *route = NULL;
	char id[64] = "", allow[32] = "", *path = strchr (line, ' ');
	err_t err;

	if (path == NULL)
		return;
	*path++ = '\0';
	err = route_find (line, path, &route, id, allow);
	assert ((err == ERR_OK) == (route != NULL));
	assert (strchr (id, '/') == NULL);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	char *text = must_alloc (size + 1), *end;

	memcpy (text, data, size);
	end = memchr (text, '\n', size);
	if (end != NULL) {
		*end = '\0';
		find_route (text);
		read_body (end + 1, size - (size_t)(end + 1 - text));
	}
	free (text);
	return 0;
}
