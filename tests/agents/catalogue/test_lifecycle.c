/*
 * Every state, kind and party of every thread is walked and held against lifecycle.txt, one line per
 * legal step.  A step that is added to or lost from the catalogue must be written there by hand.
 */
#include "tests/agents/catalogue/folder.h"

static void walk_one (FILE *out, const struct thread_type *thread, const struct state *from,
		      const struct kind_spec *kind, enum party by)
{
	const struct transition *row = lifecycle_find (thread, from, kind->name, by);

	if (row == NULL)
		return;
	fprintf (out, "%s: %s + %s by %s -> %s", thread->name, from != NULL ? from->name : "(new)",
		 kind->name, party_name (by), row->to != NULL ? row->to->name : "(stays)");
	if (row->at_most > 0)
		fprintf (out, " at most %u", row->at_most);
	if (row->then != NULL)
		fprintf (out, " then %s", row->then);
	fputc ('\n', out);
}

static void walk_state (FILE *out, const struct thread_type *thread, const struct state *from)
{
	for (size_t i = 0; i < thread->kind_count; i++)
		for (enum party by = PARTY_REQUESTER; by <= PARTY_PERFORMER; by++)
			walk_one (out, thread, from, &thread->kinds[i], by);
}

static void every_state_kind_and_party_is_as_written_down (void **state)
{
	OWNED (catalogue) catalogue = shipped ();
	char *expected = file_text (SOURCE_DIR "/tests/agents/catalogue/lifecycle.txt");
	char *walked = NULL;
	size_t size;
	FILE *out = open_memstream (&walked, &size);

	for (size_t i = 0; i < catalogue_thread_count (catalogue); i++) {
		const struct thread_type *thread = catalogue_thread_at (catalogue, i);

		walk_state (out, thread, NULL);
		for (size_t k = 0; k < thread->state_count; k++)
			walk_state (out, thread, &thread->states[k]);
	}
	fclose (out);
	if (getenv ("SHOW_WALK") != NULL)
		fputs (walked, stdout);
	assert_string_equal (walked, expected);
	free (walked);
	free (expected);
}

static const char *after (const catalogue_t *catalogue, const char *from, const char *kind,
			  enum party by)
{
	const struct thread_type *thread = catalogue_thread (catalogue, "referral");
	const struct transition *row = lifecycle_find (thread, thread_state (thread, from), kind, by);

	return row == NULL ? "refused" : row->to != NULL ? row->to->name : from;
}

static void a_cancel_before_arrival_is_confirmed_by_the_machine_and_later_by_a_person (void **state)
{
	OWNED (catalogue) catalogue = shipped ();
	const struct thread_type *thread = catalogue_thread (catalogue, "referral");
	static const char *const before[] = { "requested", "received", "accepted" };
	static const char *const later[] = { "arrived", "in-progress", "on-hold" };

	for (size_t i = 0; i < 3; i++) {
		assert_string_equal (lifecycle_find (thread, thread_state (thread, before[i]),
						     "referral.cancel", PARTY_REQUESTER)->then,
				     "referral.cancelled");
		assert_null (lifecycle_find (thread, thread_state (thread, later[i]),
					     "referral.cancel", PARTY_REQUESTER)->then);
		assert_string_equal (after (catalogue, later[i], "service.continue",
					    PARTY_PERFORMER), later[i]);
		assert_string_equal (after (catalogue, before[i], "service.continue",
					    PARTY_PERFORMER), "refused");
	}
	assert_string_equal (after (catalogue, "completed", "referral.cancel", PARTY_REQUESTER),
			     "refused");
}

static void the_requester_never_moves_the_performers_state (void **state)
{
	OWNED (catalogue) catalogue = shipped ();
	const struct thread_type *thread = catalogue_thread (catalogue, "referral");

	for (size_t i = 0; i < thread->transition_count; i++) {
		const struct transition *row = &thread->transitions[i];

		if (row->by == PARTY_REQUESTER && row->from != NULL && !row->from->local)
			assert_null (row->to);
	}
}

static void a_parent_is_closed_by_the_performers_letter_after_its_child (void **state)
{
	OWNED (catalogue) catalogue = shipped ();

	assert_string_equal (after (catalogue, "referred-onward", "service.complete",
				    PARTY_PERFORMER), "completed");
	assert_string_equal (after (catalogue, "referred-onward", "service.fail", PARTY_PERFORMER),
			     "failed");
	assert_string_equal (after (catalogue, "referred-onward", "referral.cancelled",
				    PARTY_PERFORMER), "cancelled");
	assert_string_equal (after (catalogue, "referred-onward", "referral.reject",
				    PARTY_PERFORMER), "refused");
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (every_state_kind_and_party_is_as_written_down),
		cmocka_unit_test (a_cancel_before_arrival_is_confirmed_by_the_machine_and_later_by_a_person),
		cmocka_unit_test (the_requester_never_moves_the_performers_state),
		cmocka_unit_test (a_parent_is_closed_by_the_performers_letter_after_its_child),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
