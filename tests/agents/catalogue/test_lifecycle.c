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

/* The performer's ledger is authoritative, so that letters which cross can't leave the two sides in
 * different states: where the requester's word ends something, the performer's machine says so. */
static void the_requester_never_moves_the_performers_state (void **state)
{
	OWNED (catalogue) catalogue = shipped ();

	for (size_t i = 0; i < catalogue_thread_count (catalogue); i++) {
		const struct thread_type *thread = catalogue_thread_at (catalogue, i);

		for (size_t k = 0; k < thread->transition_count; k++) {
			const struct transition *row = &thread->transitions[k];

			/* A consent has a grantor and a holder, and each moves its own side. */
			if (strcmp (thread->resource, "Task") == 0 &&
			    row->by == PARTY_REQUESTER && row->from != NULL && !row->from->local)
				assert_null (row->to);
		}
	}
}

/* `asking`, written by the requester, crosses `moving`, by which the performer has left the state. */
static bool still_fits (const struct thread_type *thread, const struct transition *asking,
			const struct transition *moving)
{
	if (moving->to == NULL || moving->to->ended ||
	    lifecycle_find (thread, moving->to, asking->kind, PARTY_REQUESTER) != NULL)
		return true;
	print_message ("%s: %s in %s does not fit after %s\n", thread->name, asking->kind,
		       asking->from->name, moving->kind);
	return false;
}

static void what_the_requester_writes_still_fits_when_the_performer_has_moved (void **state)
{
	OWNED (catalogue) catalogue = shipped ();
	bool all = true;

	for (size_t i = 0; i < catalogue_thread_count (catalogue); i++) {
		const struct thread_type *thread = catalogue_thread_at (catalogue, i);

		for (size_t k = 0; k < thread->transition_count; k++)
			for (size_t m = 0; m < thread->transition_count; m++) {
				const struct transition *asking = &thread->transitions[k];
				const struct transition *moving = &thread->transitions[m];

				if (asking->by == PARTY_REQUESTER && asking->from != NULL &&
				    !asking->from->local && moving->by == PARTY_PERFORMER &&
				    moving->from == asking->from)
					all = still_fits (thread, asking, moving) && all;
			}
	}
	assert_true (all);
}

/* When consent is withdrawn the agent ends a person's threads by itself: every open state needs an
 * end that the performer may write with nothing but that reason, and a wish by the requester that
 * the performer's machine answers. */
static bool ends_by_withdrawal (const struct kind_spec *kind)
{
	const struct field_spec *reason = kind_field (kind, "reason-code");
	const struct answer answers[] = { {
		.field = "reason-code", .type = ANSWER_CODE, .text = "consent-withdrawn",
		.system = "", .display = "", .unit = "",
	} };

	return reason != NULL && !kind->needs_consent &&
	       answers_check (kind, answers, 1, NULL) == ERR_OK;
}

static bool can_be_stopped (const struct thread_type *thread, const struct state *from)
{
	bool ends = false, asks = false;

	for (size_t i = 0; i < thread->transition_count; i++) {
		const struct transition *row = &thread->transitions[i];

		if (row->from != from)
			continue;
		for (size_t k = 0; k < thread->kind_count; k++) {
			if (strcmp (thread->kinds[k].name, row->kind) != 0 ||
			    !ends_by_withdrawal (&thread->kinds[k]))
				continue;
			ends = ends || (row->by == PARTY_PERFORMER && row->to != NULL &&
					row->to->ended);
			asks = asks || row->by == PARTY_REQUESTER;
		}
	}
	return ends && asks;
}

static void every_open_thread_about_a_person_can_be_stopped_for_withdrawn_consent (void **state)
{
	OWNED (catalogue) catalogue = shipped ();

	for (size_t i = 0; i < catalogue_thread_count (catalogue); i++) {
		const struct thread_type *thread = catalogue_thread_at (catalogue, i);

		if (thread->about != ABOUT_PERSON || strcmp (thread->resource, "Task") != 0)
			continue;
		for (size_t k = 0; k < thread->state_count; k++) {
			const struct state *from = &thread->states[k];

			if (!from->ended && !from->local && !can_be_stopped (thread, from)) {
				print_message ("%s: %s\n", thread->name, from->name);
				fail ();
			}
		}
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
		cmocka_unit_test (what_the_requester_writes_still_fits_when_the_performer_has_moved),
		cmocka_unit_test (every_open_thread_about_a_person_can_be_stopped_for_withdrawn_consent),
		cmocka_unit_test (a_parent_is_closed_by_the_performers_letter_after_its_child),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
