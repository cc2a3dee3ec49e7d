/* The committed page is the one that the catalogue prints. */
#include "tests/agents/catalogue/folder.h"

static char *printed (void)
{
	OWNED (catalogue) catalogue = shipped ();
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream (&text, &size);

	catalogue_print (catalogue, out);
	fclose (out);
	return text;
}

static void the_committed_domain_page_is_what_the_catalogue_prints (void **state)
{
	char *text = printed (), *page = file_text (SOURCE_DIR "/docs/DOMAIN.md");
	const char *path = getenv ("WRITE_DOMAIN_PAGE");
	bool same = strcmp (text, page) == 0;

	if (path != NULL) {
		FILE *out = fopen (path, "we");

		assert_non_null (out);
		fputs (text, out);
		fclose (out);
	}
	free (text);
	free (page);
	assert_true (same);
}

static void the_page_names_every_kind_field_and_code (void **state)
{
	OWNED (catalogue) catalogue = shipped ();
	char *text = printed ();

	for (size_t i = 0; i < catalogue_thread_count (catalogue); i++) {
		const struct thread_type *thread = catalogue_thread_at (catalogue, i);

		for (size_t k = 0; k < thread->kind_count; k++) {
			assert_non_null (strstr (text, thread->kinds[k].name));
			assert_non_null (strstr (text, thread->kinds[k].sentence.id));
			for (size_t f = 0; f < thread->kinds[k].field_count; f++)
				assert_non_null (strstr (text, thread->kinds[k].fields[f].words.id));
		}
	}
	free (text);
}

static char *network_printed (void)
{
	OWNED (catalogue) catalogue = loaded (NETWORK);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream (&text, &size);

	catalogue_print (catalogue, out);
	fclose (out);
	return text;
}

/* clang-format off */
static const char *const told[] = {
	"- purpose: `treatment`", "- coordinators hear of it as `referral`", "- about a person, or nobody", "- discreet: no label",
	"- always urgent", "- unanswered, the same is asked of the next agency",
	"- gate `needs` for `medical`: `course.enrol`, or `lab.result` where `analyte.value` is `POS` not older than 30 days. Tunggu hasil skrining. / Wait for the result of the screening. (Row 1 of the paper)",
	"- gate `answered`; asked by `lab.order`; answered by `lab.result` where `exit` is `true`.",
	"- gate `guardian`. Catat wali",
	"- reminds the performer of `lab.result` on day -1, 3 counted from `collected`.",
	"- reminds the performer of `lab.result` every 30 days, as often as `months` says.",
	"- remark on a row of `analyte` where `analyte.value` is `POS` and `analyte.method` is `screen`. Hasil",
	"Table `analyte` (`--analyte`), 1 to 4 rows: Zat / Analyte",
	"`not-done` asks for `analyte.note`",
	"| `prison` | `criminal` | yes |", "| `training` | none |  |", "`tes narkoba`", "| `not-done` (explain) |",
};
/* clang-format on */

static void the_page_tells_tables_gates_reminders_remarks_and_readers (void **state)
{
	char *text = network_printed ();

	for (size_t i = 0; i < COUNT_OF (told); i++) {
		if (strstr (text, told[i]) == NULL)
			print_message ("the page lacks: %s\n", told[i]);
		assert_non_null (strstr (text, told[i]));
	}
	free (text);
}

static char *diagram_of (const catalogue_t *catalogue, const char *thread)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream (&text, &size);

	catalogue_diagram (catalogue, thread != NULL ? catalogue_thread (catalogue, thread) : NULL,
			   out);
	fclose (out);
	return text;
}

static void a_diagram_goes_from_the_opening_to_the_ends (void **state)
{
	OWNED (catalogue) catalogue = loaded (NETWORK);
	char *one = diagram_of (catalogue, "lab"), *all = diagram_of (catalogue, NULL);

	assert_string_equal (one, "stateDiagram-v2\n"
				  "  %% lab: Pemeriksaan laboratorium / Laboratory test\n"
				  "  [*] --> requested: lab.order\n"
				  "  requested --> completed: lab.result\n"
				  "  completed --> [*]\n");
	assert_non_null (strstr (all, one));
	assert_non_null (strstr (all, "%% course"));
	free (one);
	free (all);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (the_committed_domain_page_is_what_the_catalogue_prints),
		cmocka_unit_test (the_page_names_every_kind_field_and_code),
		cmocka_unit_test (the_page_tells_tables_gates_reminders_remarks_and_readers),
		cmocka_unit_test (a_diagram_goes_from_the_opening_to_the_ends),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
