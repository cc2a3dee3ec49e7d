/* Histories as the sides tell them, and what the audit makes of them. */
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/audit/audit.h"

#define assert_ok(expression) assert_int_equal ((expression), ERR_OK)

#define BEGIN_MS (20000 * DAY_MS)
#define LINES 16

struct office {
	catalogue_t *catalogue;
	audit_t *audit;
	arena_t *arena;
	uint64_t n;
};

static struct agency_id agency (const char *text)
{
	struct agency_id id;

	snprintf (id.text, sizeof id.text, "%s", text);
	return id;
}

static int setup (void **state)
{
	struct office *office = calloc (1, sizeof *office);

	assert_ok (catalogue_load (SOURCE_DIR "/config/catalogue", &office->catalogue, NULL));
	office->audit = audit_new (office->catalogue);
	office->arena = arena_new (256 * MIB);
	*state = office;
	return 0;
}

static int teardown (void **state)
{
	struct office *office = *state;

	audit_destroy (&office->audit);
	catalogue_destroy (&office->catalogue);
	arena_destroy (&office->arena);
	free (office);
	return 0;
}
#define audit_test(f) cmocka_unit_test_setup_teardown (f, setup, teardown)

/* ---- what the sides tell, in hours from the beginning ------------------------------------------- */

struct line {
	const char *who, *state;     /* "ipwl", "klinik"; "both" */
	int64_t at, due;             /* hours; due 0 = none */
	uint8_t hash;                /* of its letter; 0 = the state's own */
	uint64_t leaf;
};

/* clang-format off */
#define LEAF(who, state, at, due, hash, leaf) { who, state, at, due, hash, leaf }
#define LETTER(who, state, at, due, hash) LEAF (who, state, at, due, hash, 0)
#define ASKS(who, state, at, due) LETTER (who, state, at, due, 0)
#define STEP(who, state, at) ASKS (who, state, at, 0)
/* clang-format on */

static void row (struct office *office, struct chain_event *event, const char *who, int64_t at)
{
	struct chain_row told = { .n = ++office->n,
				  .reporter = agency (who),
				  .event = *event,
				  .told_ms = BEGIN_MS + at * HOUR_MS };

	audit_add (office->audit, &told, 1);
}

static struct chain_event event_of (uint8_t chain, uint8_t referral, uint8_t parent,
				    const struct line *line)
{
	struct chain_event event = { .from = agency ("ipwl"),
				     .to = agency ("klinik"),
				     .kind = "referral",
				     .state = line->state,
				     .reason = "",
				     .at_ms = BEGIN_MS + line->at * HOUR_MS,
				     .due_ms = line->due != 0 ? BEGIN_MS + line->due * HOUR_MS : 0,
				     .leaf = line->leaf };

	event.chain.b[0] = chain;
	event.referral.b[0] = referral;
	event.parent.b[0] = parent;
	event.header_hash.b[0] = line->hash != 0 ? line->hash : (uint8_t)(line->at + 1);
	event.header_hash.b[1] = line->hash != 0 ? 0 : (uint8_t)strlen (line->state);
	event.header_hash.b[2] = referral;
	return event;
}

static void tell (struct office *office, const struct line *lines, uint8_t referral)
{
	for (; lines->who != NULL; lines++) {
		struct chain_event event = event_of (1, referral, 0, lines);

		if (strcmp (lines->who, "both") == 0) {
			row (office, &event, "ipwl", lines->at);
			row (office, &event, "klinik", lines->at);
		} else {
			row (office, &event, lines->who, lines->at);
		}
	}
}

static void oversee_both (struct office *office)
{
	struct agency_id both[] = { agency ("ipwl"), agency ("klinik") };

	audit_oversee (office->audit, both, 2);
}

static struct audit_chain chain_at (struct office *office, int64_t hours)
{
	struct chain_id id = { { 1 } };
	struct audit_chain chain;

	oversee_both (office);
	assert_ok (audit_show (office->audit, &id, BEGIN_MS + hours * HOUR_MS, office->arena, &chain));
	return chain;
}

static struct audit_referral only_at (struct office *office, int64_t hours)
{
	struct audit_chain chain = chain_at (office, hours);

	assert_int_equal (chain.referral_count, 1);
	return chain.referrals[0];
}

/* ---- histories ----------------------------------------------------------------------------------- */

static const struct history {
	const char *name;
	struct line lines[LINES];
	int64_t now;                 /* hours */
	const char *state, *waiting; /* "" = nobody */
	int64_t since;
	bool late;
	unsigned doubts;
} histories[] = {
	/* clang-format off */
	{ "asked and in time", { ASKS ("both", "requested", 0, 72) }, 10,
	  "requested", "klinik", 0, false, 0 },
	{ "opened by somebody, still to be decided",
	  { ASKS ("both", "requested", 0, 72), STEP ("both", "received", 5) }, 10,
	  "received", "klinik", 0, false, 0 },
	{ "no decision in time",
	  { ASKS ("both", "requested", 0, 72), STEP ("both", "received", 5) }, 73,
	  "received", "klinik", 0, true, 0 },
	{ "accepted in time, long ago",
	  { ASKS ("both", "requested", 0, 72), STEP ("both", "accepted", 5) }, 400,
	  "accepted", "klinik", 5, false, 0 },
	{ "the performer asks back",
	  { ASKS ("both", "requested", 0, 72), STEP ("both", "received", 5),
	    ASKS ("both", "info-asked", 6, 30) }, 20,
	  "info-asked", "ipwl", 6, false, 0 },
	{ "and gets no answer",
	  { ASKS ("both", "requested", 0, 72), STEP ("both", "received", 5),
	    ASKS ("both", "info-asked", 6, 30) }, 31,
	  "info-asked", "ipwl", 6, true, 0 },
	{ "and gets one, which names a new time",
	  { ASKS ("both", "requested", 0, 72), STEP ("both", "received", 5),
	    ASKS ("both", "info-asked", 6, 30), ASKS ("both", "received", 20, 90) }, 80,
	  "received", "klinik", 20, false, 0 },
	{ "the client did not come",
	  { ASKS ("both", "requested", 0, 72), STEP ("both", "accepted", 5),
	    ASKS ("both", "no-show", 50, 80) }, 60,
	  "no-show", "ipwl", 50, false, 0 },
	{ "and the requester has answered",
	  { ASKS ("both", "requested", 0, 72), STEP ("both", "accepted", 5),
	    ASKS ("both", "no-show", 50, 80), STEP ("both", "no-show", 60) }, 90,
	  "no-show", "ipwl", 50, false, 0 },
	{ "a wish to cancel",
	  { ASKS ("both", "requested", 0, 72), STEP ("both", "accepted", 5), STEP ("both", "arrived", 6),
	    ASKS ("both", "cancel-requested", 10, 58) }, 70,
	  "cancel-requested", "klinik", 10, true, 0 },
	{ "ended",
	  { ASKS ("both", "requested", 0, 72), STEP ("both", "rejected", 5) }, 400,
	  "rejected", "", 0, false, 0 },
	{ "in service",
	  { ASKS ("both", "requested", 0, 72), STEP ("both", "accepted", 5), STEP ("both", "arrived", 6),
	    STEP ("both", "in-progress", 7), STEP ("both", "in-progress", 100) }, 400,
	  "in-progress", "klinik", 7, false, 0 },

	{ "one side is behind, for an hour",
	  { ASKS ("both", "requested", 0, 72), STEP ("klinik", "accepted", 5) }, 6,
	  "accepted", "klinik", 5, false, 0 },
	{ "one side is behind, for a day",
	  { ASKS ("both", "requested", 0, 72), STEP ("klinik", "accepted", 5) }, 30,
	  "accepted", "klinik", 5, false, DOUBT_STATES },
	{ "the performer never speaks",
	  { ASKS ("ipwl", "requested", 0, 72) }, 30,
	  "requested", "klinik", 0, false, DOUBT_SILENT },
	{ "the performer never speaks of what was taken back",
	  { ASKS ("ipwl", "requested", 0, 72), STEP ("ipwl", "cancelled", 2) }, 30,
	  "cancelled", "", 0, false, 0 },
	{ "the same step by two letters",
	  { ASKS ("both", "requested", 0, 72), LETTER ("ipwl", "accepted", 5, 0, 71),
	    LETTER ("klinik", "accepted", 5, 0, 72) }, 6,
	  "accepted", "klinik", 5, false, DOUBT_LETTER },
	{ "one letter, two steps",
	  { ASKS ("both", "requested", 0, 72), LETTER ("ipwl", "accepted", 5, 0, 71),
	    LETTER ("klinik", "rejected", 5, 0, 71) }, 6,
	  "rejected", "", 0, false, DOUBT_LETTER },
	{ "one leaf for two letters",
	  { LEAF ("both", "requested", 0, 72, 70, 9), LEAF ("klinik", "received", 5, 0, 71, 9),
	    LETTER ("ipwl", "received", 5, 0, 71) }, 6,
	  "received", "klinik", 0, false, DOUBT_LOG },
	{ "after the end it goes on",
	  { ASKS ("both", "requested", 0, 72), STEP ("both", "rejected", 5),
	    STEP ("both", "accepted", 9) }, 10,
	  "accepted", "klinik", 9, false, DOUBT_ORDER },
	{ "clocks that differ by a little are no disagreement",
	  { ASKS ("both", "requested", 0, 72), STEP ("both", "received", 0) }, 10,
	  "received", "klinik", 0, false, 0 },
	{ "an unconfirmed cancel is the requester's alone",
	  { ASKS ("both", "requested", 0, 72), STEP ("both", "in-progress", 5),
	    ASKS ("both", "cancel-requested", 6, 54), STEP ("ipwl", "cancelled-unconfirmed", 342) }, 400,
	  "cancelled-unconfirmed", "", 0, false, DOUBT_STATES },
	{ "states that nobody knows are shown and judged not",
	  { ASKS ("both", "requested", 0, 72), STEP ("both", "teleported", 5) }, 6,
	  "teleported", "klinik", 0, false, 0 },
	/* clang-format on */
};

static void each_history_tells_who_is_waited_for (void **state)
{
	for (size_t i = 0; i < COUNT_OF (histories); i++) {
		const struct history *history = &histories[i];
		struct audit_referral referral;
		void *fresh = NULL;

		setup (&fresh);
		tell (fresh, history->lines, 1);
		referral = only_at (fresh, history->now);
		if (strcmp (referral.state, history->state) != 0
		    || strcmp (referral.waiting.agency.text, history->waiting) != 0
		    || referral.waiting.late != history->late
		    || referral.doubts != history->doubts
		    || (*history->waiting != '\0'
			&& referral.waiting.since_ms != BEGIN_MS + history->since * HOUR_MS))
			fail_msg ("%s: %s, waiting for \"%s\" since hour %lld, late %d, doubts %x",
				  history->name, referral.state, referral.waiting.agency.text,
				  (long long)((referral.waiting.since_ms - BEGIN_MS) / HOUR_MS),
				  referral.waiting.late, referral.doubts);
		teardown (&fresh);
	}
}

static void a_referral_has_its_times (void **state)
{
	static const struct line lines[] = {
		ASKS ("both", "requested", 1, 72), STEP ("both", "waitlisted", 3),
		STEP ("both", "accepted", 10),     STEP ("both", "arrived", 20),
		STEP ("both", "in-progress", 21),  STEP ("both", "completed", 30), STEP (NULL, NULL, 0),
	};
	struct audit_referral referral;

	tell (*state, lines, 1);
	referral = only_at (*state, 40);
	assert_int_equal (referral.opened_ms, BEGIN_MS + 1 * HOUR_MS);
	assert_int_equal (referral.answered_ms, BEGIN_MS + 3 * HOUR_MS);
	assert_true (referral.answered_in_time);
	assert_int_equal (referral.accepted_ms, BEGIN_MS + 10 * HOUR_MS);
	assert_int_equal (referral.arrived_ms, BEGIN_MS + 20 * HOUR_MS);
	assert_int_equal (referral.ended_ms, BEGIN_MS + 30 * HOUR_MS);
	assert_true (referral.ended);
	assert_int_equal (referral.step_count, 12);
	assert_string_equal (referral.side[SIDE_PERFORMER].state, "completed");
}

static void steps_stand_by_time_however_they_came (void **state)
{
	static const struct line late[] = { STEP ("klinik", "accepted", 5), STEP ("ipwl", "accepted", 5),
					    ASKS ("both", "requested", 0, 72), STEP (NULL, NULL, 0) };
	struct audit_referral referral;

	tell (*state, late, 1);
	referral = only_at (*state, 6);
	assert_string_equal (referral.steps[0].state, "requested");
	assert_string_equal (referral.steps[3].state, "accepted");
	assert_string_equal (referral.state, "accepted");
	assert_int_equal (referral.doubts, 0);
}

static void a_letter_about_a_delay_counts_until_something_moves (void **state)
{
	static const struct line asked[] = { ASKS ("both", "requested", 0, 72), STEP (NULL, NULL, 0) },
				 answered[] = { STEP ("both", "accepted", 101), STEP (NULL, NULL, 0) };
	struct office *office = *state;
	struct line said = ASKS ("ipwl", "requested", 100, 70);
	struct chain_event event = event_of (1, 1, 0, &said);
	struct audit_referral referral;

	event.kind = CHAIN_OVERDUE;
	tell (office, asked, 1);
	row (office, &event, "ipwl", 100);
	referral = only_at (office, 100);
	assert_true (referral.waiting.late);
	assert_string_equal (referral.waiting.told_by.text, "ipwl");
	assert_int_equal (referral.waiting.due_ms, BEGIN_MS + 70 * HOUR_MS);
	tell (office, answered, 1);
	referral = only_at (office, 102);
	assert_false (referral.waiting.late);
	assert_string_equal (referral.waiting.told_by.text, "");
}

static void sides_that_name_other_agencies_are_doubted (void **state)
{
	struct line line = ASKS ("ipwl", "requested", 0, 72);
	struct chain_event event = event_of (1, 1, 0, &line);
	struct office *office = *state;

	row (office, &event, "ipwl", 0);
	event.from = agency ("dinsos");
	row (office, &event, "klinik", 0);
	assert_int_equal (only_at (office, 1).doubts, DOUBT_SIDES);
}

static void a_referral_on_paper_that_moves_to_the_wire_begins_anew (void **state)
{
	static const struct line paper[] = { ASKS ("ipwl", "requested", 0, 72),
					     STEP ("ipwl", "accepted", 1),
					     STEP (NULL, "", 0) };
	static const struct line wire[] = { ASKS ("both", "requested", 100, 172),
					    STEP ("both", "received", 101),
					    STEP (NULL, "", 0) };
	struct office *office = *state;
	struct audit_referral referral;

	for (const struct line *line = paper; line->who != NULL; line++) {
		struct chain_event event = event_of (1, 1, 0, line);

		event.to = agency ("@clinic");
		row (office, &event, "ipwl", line->at);
	}
	assert_string_equal (only_at (office, 2).to.text, "@clinic");
	tell (office, wire, 1);
	referral = only_at (office, 110);
	assert_int_equal (referral.doubts, 0);
	assert_string_equal (referral.to.text, "klinik");
	assert_string_equal (referral.state, "received");
	assert_string_equal (referral.waiting.agency.text, "klinik");
	assert_int_equal (referral.waiting.due_ms, BEGIN_MS + 172 * HOUR_MS);
}

/* ---- trees --------------------------------------------------------------------------------------- */

static void tell_node (struct office *office, uint8_t referral, uint8_t parent, const char *state,
		       int64_t at, int64_t due)
{
	struct line line = ASKS ("both", state, at, due);
	struct chain_event event = event_of (1, referral, parent, &line);

	row (office, &event, "ipwl", at);
	row (office, &event, "klinik", at);
}

static void a_tree_stands_in_the_order_in_which_it_is_drawn (void **state)
{
	static const struct { uint8_t id; size_t depth; } wanted[] = {
		{ 1, 0 }, { 3, 1 }, { 4, 2 }, { 2, 1 }, { 9, 0 },
	};
	struct office *office = *state;
	struct audit_chain chain;

	tell_node (office, 4, 3, "requested", 8, 80);
	tell_node (office, 1, 0, "requested", 0, 70);
	tell_node (office, 2, 1, "requested", 7, 70);
	tell_node (office, 3, 1, "requested", 5, 70);
	tell_node (office, 9, 0, "requested", 6, 70);
	chain = chain_at (office, 10);
	assert_int_equal (chain.referral_count, COUNT_OF (wanted));
	for (size_t i = 0; i < COUNT_OF (wanted); i++) {
		assert_int_equal (chain.referrals[i].id.b[0], wanted[i].id);
		assert_int_equal (chain.referrals[i].depth, wanted[i].depth);
	}
}

static void parents_in_a_circle_are_still_shown_once (void **state)
{
	struct office *office = *state;
	struct audit_chain chain;

	tell_node (office, 1, 2, "requested", 0, 70);
	tell_node (office, 2, 1, "requested", 1, 70);
	tell_node (office, 3, 3, "requested", 2, 70);
	chain = chain_at (office, 10);
	assert_int_equal (chain.referral_count, 3);
}

static void whoever_passed_it_on_is_not_waited_for (void **state)
{
	struct office *office = *state;
	struct audit_chain chain;

	tell_node (office, 1, 0, "requested", 0, 70);
	tell_node (office, 1, 0, "referred-onward", 5, 0);
	tell_node (office, 2, 1, "requested", 5, 70);
	chain = chain_at (office, 71);
	assert_string_equal (chain.referrals[0].waiting.agency.text, "");
	assert_string_equal (chain.referrals[1].waiting.agency.text, "klinik");
	assert_int_equal (chain.current, 1);
	assert_true (chain.late);
	assert_false (chain.ended);
	tell_node (office, 2, 1, "rejected", 72, 0);
	chain = chain_at (office, 73);
	assert_string_equal (chain.referrals[0].waiting.agency.text, "klinik");
	assert_int_equal (chain.current, 0);
}

static void too_many_referrals_of_one_chain_are_left_out (void **state)
{
	struct office *office = *state;
	struct line line = ASKS ("ipwl", "requested", 0, 72);

	for (unsigned i = 0; i < 2000; i++) {
		struct chain_event event = event_of (1, (uint8_t)i, (uint8_t)(i + 1), &line);

		event.referral.b[1] = event.parent.b[1] = (uint8_t)(i >> 8);
		event.header_hash.b[3] = (uint8_t)(i >> 8);
		row (office, &event, "ipwl", 0);
	}
	assert_int_equal (chain_at (office, 1).referral_count, 256);
}

/* ---- lists --------------------------------------------------------------------------------------- */

static void tell_chain (struct office *office, uint8_t chain, const char *state, int64_t at,
			int64_t due)
{
	struct line line = ASKS ("both", state, at, due);
	struct chain_event event = event_of (chain, chain, 0, &line);

	row (office, &event, "ipwl", at);
	row (office, &event, "klinik", at);
}

static void lists_show_what_moved_last_first_and_filter (void **state)
{
	struct office *office = *state;
	struct audit_filter all = { 0 }, late = { .late = true }, doubted = { .disagree = true };
	struct audit_chain *chains;
	int64_t now_ms = BEGIN_MS + 50 * HOUR_MS;

	oversee_both (office);
	tell_chain (office, 1, "requested", 0, 70);
	tell_chain (office, 2, "requested", 1, 40);
	tell_chain (office, 3, "requested", 2, 70);
	tell_chain (office, 1, "received", 3, 0);
	assert_int_equal (audit_list (office->audit, &all, now_ms, 0, 10, office->arena, &chains), 3);
	assert_int_equal (chains[0].id.b[0], 1);
	assert_int_equal (chains[1].id.b[0], 3);
	assert_int_equal (audit_list (office->audit, &all, now_ms, 1, 1, office->arena, &chains), 1);
	assert_int_equal (chains[0].id.b[0], 3);
	assert_int_equal (audit_list (office->audit, &late, now_ms, 0, 10, office->arena, &chains), 1);
	assert_int_equal (chains[0].id.b[0], 2);
	assert_int_equal (audit_list (office->audit, &doubted, now_ms, 0, 10, office->arena, &chains),
			  0);
}

static void a_chain_is_found_by_the_digits_that_it_begins_with (void **state)
{
	struct office *office = *state;
	struct chain_id id;

	tell_chain (office, 0xab, "requested", 0, 70);
	tell_chain (office, 0xcd, "requested", 0, 70);
	assert_ok (audit_find (office->audit, "ab0000", &id));
	assert_int_equal (id.b[0], 0xab);
	assert_ok (audit_find (office->audit, "CD000000-0000-0000-0000-000000000000", &id));
	assert_int_equal (id.b[0], 0xcd);
	assert_int_equal (audit_find (office->audit, "ab00", &id), ERR_NOT_FOUND);
	assert_int_equal (audit_find (office->audit, "ee0000", &id), ERR_NOT_FOUND);
	assert_int_equal (audit_find (office->audit, "ab0000g", &id), ERR_NOT_FOUND);
	{
		struct line line = ASKS ("ipwl", "requested", 0, 70);
		struct chain_event event = event_of (0xab, 7, 0, &line);

		event.chain.b[15] = 1;
		row (office, &event, "ipwl", 0);
	}
	assert_int_equal (audit_find (office->audit, "ab0000", &id), ERR_AMBIGUOUS);
}

static void a_row_counts_once (void **state)
{
	static const struct line lines[] = { ASKS ("both", "requested", 0, 72), STEP (NULL, NULL, 0) };
	struct office *office = *state;

	tell (office, lines, 1);
	office->n = 0;
	tell (office, lines, 1);
	assert_int_equal (only_at (office, 1).step_count, 2);
	assert_int_equal (audit_last (office->audit), 2);
}

static void counts_and_medians_come_by_pairs (void **state)
{
	struct office *office = *state;
	struct audit_summary summary;

	for (uint8_t i = 1; i <= 3; i++) {
		tell_chain (office, i, "requested", 0, 72);
		tell_chain (office, i, "accepted", 10 * i, 0);
	}
	tell_chain (office, 3, "arrived", 40, 0);
	tell_chain (office, 3, "in-progress", 41, 0);
	tell_chain (office, 3, "completed", 50, 0);
	tell_chain (office, 4, "requested", 0, 20);
	tell_chain (office, 5, "requested", 0, 72);
	tell_chain (office, 5, "rejected", 80, 0);
	oversee_both (office);
	audit_summary (office->audit, BEGIN_MS + 60 * HOUR_MS, office->arena, &summary);
	assert_int_equal (summary.chains, 5);
	assert_int_equal (summary.pair_count, 1);
	assert_string_equal (summary.pairs[0].to.text, "klinik");
	assert_int_equal (summary.total.sent, 5);
	assert_int_equal (summary.total.accepted, 3);
	assert_int_equal (summary.total.rejected, 1);
	assert_int_equal (summary.total.completed, 1);
	assert_int_equal (summary.total.open, 3);
	assert_int_equal (summary.total.late, 1);
	assert_int_equal (summary.total.in_time, 3);
	assert_int_equal (summary.total.accept.ms, 20 * HOUR_MS);
	assert_int_equal (summary.total.arrival.ms, 40 * HOUR_MS);
	assert_int_equal (summary.total.outcome.count, 1);
	assert_int_equal (summary.total.outcome.ms, 50 * HOUR_MS);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (each_history_tells_who_is_waited_for),
		audit_test (a_referral_has_its_times),
		audit_test (steps_stand_by_time_however_they_came),
		audit_test (a_letter_about_a_delay_counts_until_something_moves),
		audit_test (sides_that_name_other_agencies_are_doubted),
		audit_test (a_referral_on_paper_that_moves_to_the_wire_begins_anew),
		audit_test (a_tree_stands_in_the_order_in_which_it_is_drawn),
		audit_test (parents_in_a_circle_are_still_shown_once),
		audit_test (whoever_passed_it_on_is_not_waited_for),
		audit_test (too_many_referrals_of_one_chain_are_left_out),
		audit_test (lists_show_what_moved_last_first_and_filter),
		audit_test (a_chain_is_found_by_the_digits_that_it_begins_with),
		audit_test (a_row_counts_once),
		audit_test (counts_and_medians_come_by_pairs),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
