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

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (the_committed_domain_page_is_what_the_catalogue_prints),
		cmocka_unit_test (the_page_names_every_kind_field_and_code),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
