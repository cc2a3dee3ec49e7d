/*
 * The list of telling words against discreet.tsv: sentences as people write them to a training
 * centre, each marked "telling" or "clean" by hand.  Clean ones come close on purpose: names, tools
 * and materials that look like a word of the list.
 */
#include "tests/agents/catalogue/folder.h"

#define SENTENCES SOURCE_DIR "/tests/agents/catalogue/discreet.tsv"

static bool is_sorted_right (const catalogue_t *catalogue, const char *mark, const char *sentence)
{
	const char *found = catalogue_telling_word (catalogue, sentence);
	bool telling = strcmp (mark, "telling") == 0;

	assert_true (telling || strcmp (mark, "clean") == 0);
	if (telling == (found != NULL))
		return true;
	print_message ("%s, but %s: %s\n", mark, found != NULL ? found : "no word found", sentence);
	return false;
}

static void every_marked_sentence_is_sorted_right (void **state)
{
	OWNED (catalogue) catalogue = shipped ();
	char *text = file_text (SENTENCES), *rest = text, *line;
	size_t telling = 0, clean = 0, wrong = 0;

	while ((line = strsep (&rest, "\n")) != NULL && *line != '\0') {
		char *sentence = strchr (line, '\t');

		assert_non_null (sentence);
		*sentence++ = '\0';
		if (!is_sorted_right (catalogue, line, sentence))
			wrong++;
		*(strcmp (line, "telling") == 0 ? &telling : &clean) += 1;
	}
	free (text);
	assert_int_equal (wrong, 0);
	assert_true (telling >= 60);
	assert_true (clean >= 60);
}

static void says_nothing_telling (const catalogue_t *catalogue, const char *place,
				  const struct words *words)
{
	const char *id = catalogue_telling_word (catalogue, words->id);
	const char *en = catalogue_telling_word (catalogue, words->en);

	if (id != NULL || en != NULL)
		print_message ("%s: %s / %s\n", place, words->id, words->en);
	assert_null (id);
	assert_null (en);
}

static void check_kind (const catalogue_t *catalogue, const struct kind_spec *kind)
{
	assert_int_equal (kind->label_count, 0);
	says_nothing_telling (catalogue, kind->name, &kind->words);
	says_nothing_telling (catalogue, kind->name, &kind->sentence);
	for (size_t i = 0; i < kind->remind_count; i++)
		says_nothing_telling (catalogue, kind->name, &kind->reminds[i].words);
	for (size_t i = 0; i < kind->remark_count; i++)
		says_nothing_telling (catalogue, kind->name, &kind->remarks[i].words);
	for (size_t i = 0; i < kind->field_count; i++) {
		const struct field_spec *field = &kind->fields[i];

		says_nothing_telling (catalogue, field->name, &field->words);
		says_nothing_telling (catalogue, field->name, &field->hint);
		for (size_t k = 0; k < field->code_count; k++)
			says_nothing_telling (catalogue, field->codes[k].code,
					      &field->codes[k].words);
	}
}

/* The forms of a discreet thread, with every code that its reader can be sent. */
static void no_form_of_a_discreet_thread_has_a_telling_word (void **state)
{
	OWNED (catalogue) catalogue = shipped ();
	size_t found = 0;

	for (size_t i = 0; i < catalogue_thread_count (catalogue); i++) {
		const struct thread_type *thread = catalogue_thread_at (catalogue, i);

		if (!thread->discreet)
			continue;
		found++;
		says_nothing_telling (catalogue, thread->name, &thread->words);
		for (size_t k = 0; k < thread->state_count; k++)
			says_nothing_telling (catalogue, thread->name, &thread->states[k].words);
		for (size_t k = 0; k < thread->kind_count; k++)
			check_kind (catalogue, &thread->kinds[k]);
	}
	assert_true (found > 0);
}

/* Who opens a discreet thread is named to its reader, so no telling agency may; and nobody who
 * performs it may see any labelled data. */
static void a_discreet_thread_has_neither_telling_openers_nor_seeing_performers (void **state)
{
	OWNED (catalogue) catalogue = shipped ();
	const struct kind_spec *enrol = catalogue_kind (catalogue, "training.enrol", 0);
	const struct code_spec *labels;
	size_t count = catalogue_labels (catalogue, &labels);

	for (size_t i = 0; i < enrol->from_kind_count; i++)
		assert_false (catalogue_is_telling (catalogue, enrol->from_kinds[i]));
	for (size_t i = 0; i < enrol->to_kind_count; i++)
		for (size_t k = 0; k < count; k++)
			assert_false (catalogue_may_see (catalogue, enrol->to_kinds[i],
							 labels[k].code));
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (every_marked_sentence_is_sorted_right),
		cmocka_unit_test (no_form_of_a_discreet_thread_has_a_telling_word),
		cmocka_unit_test (a_discreet_thread_has_neither_telling_openers_nor_seeing_performers),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
