/*
 * What a catalogue that reads well can still get wrong.  Each check looks at one noun (a thread, a
 * state, a row, a kind, a field) and complains with file, place and value; all of them run.
 */
#include "agents/catalogue/checker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const user_roles[] = { "caseworker", "clinician", "supervisor", "admin" };
static const char *const escalation_roles[] = { "owner", "supervisor", "coordinator" };
static const char *const chained_as[] = { "referral", "transfer", "aftercare" };

/* FHIR R4: TaskStatus and ConsentState. */
static const char *const task_statuses[] = {
	"draft", "requested", "received", "accepted", "rejected", "ready", "cancelled",
	"in-progress", "on-hold", "failed", "completed", "entered-in-error",
};
static const char *const consent_statuses[] = { "draft", "proposed", "active", "rejected",
						"inactive", "entered-in-error" };

bool is_in (const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp (names[i], name) == 0)
			return true;
	return false;
}

/* ---- complaining ------------------------------------------------------------------------------ */

void complain (struct checker *checker, const char *place, const char *value, const char *why_id,
	       const char *why_en)
{
	const struct thread_type *thread = checker->thread;
	char field[160], text_id[320], text_en[320];

	snprintf (field, sizeof field, "%s.json: %s%s%s", thread != NULL ? thread->name : checker->file,
		  checker->kind != NULL ? checker->kind->name : "",
		  checker->kind != NULL && *place != '\0' ? ", " : "", place);
	snprintf (text_id, sizeof text_id, "%s: %s %s", field, quoted (value), why_id);
	snprintf (text_en, sizeof text_en, "%s: %s %s", field, quoted (value), why_en);
	problems_add_texts (checker->problems, ERR_CONFIG, place, text_id, text_en);
}

/* ---- names ------------------------------------------------------------------------------------ */

bool has_code (const struct code_spec *codes, size_t count, const char *code)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp (codes[i].code, code) == 0)
			return true;
	return false;
}

void check_known (struct checker *checker, const char *place, const char *const *names,
		  size_t count, const struct code_spec *codes, size_t code_count)
{
	for (size_t i = 0; i < count; i++) {
		if (!has_code (codes, code_count, names[i]))
			complain (checker, place, names[i], "tidak dikenal", "is not known");
		if (is_in (names, i, names[i]))
			complain (checker, place, names[i], "disebut dua kali", "stands twice");
	}
}

static void check_names (struct checker *checker, const char *place, const char *const *names,
			 size_t count, const char *const *known, size_t known_count)
{
	for (size_t i = 0; i < count; i++) {
		if (!is_in (known, known_count, names[i]))
			complain (checker, place, names[i], "tidak dikenal", "is not known");
		if (is_in (names, i, names[i]))
			complain (checker, place, names[i], "disebut dua kali", "stands twice");
	}
}

/* ---- states and rows -------------------------------------------------------------------------- */

static void check_state (struct checker *checker, size_t i)
{
	const struct thread_type *thread = checker->thread;
	const struct state *state = &thread->states[i];
	bool known = strcmp (thread->resource, "Consent") == 0
			     ? is_in (consent_statuses, COUNT_OF (consent_statuses),
				      state->task_status)
			     : is_in (task_statuses, COUNT_OF (task_statuses), state->task_status);

	if (!known)
		complain (checker, state->name, state->task_status,
			  "bukan status FHIR sumber daya ini", "is no FHIR status of this resource");
	if (thread_state (thread, state->name) != state)
		complain (checker, "states", state->name, "disebut dua kali", "stands twice");
}

static void check_row (struct checker *checker, size_t i)
{
	const struct thread_type *thread = checker->thread;
	const struct transition *row = &thread->transitions[i];
	const char *from = row->from != NULL ? row->from->name : "";

	if (lifecycle_find (thread, row->from, row->kind, row->by) != row)
		complain (checker, row->kind, from, "punya dua baris untuk pihak yang sama",
			  "has two rows for the same party");
	if (row->from != NULL && row->from->ended)
		complain (checker, row->kind, from, "sudah berakhir; tidak ada surat sesudahnya",
			  "has ended; no letter follows");
	if (row->from == NULL && row->to == NULL)
		complain (checker, row->kind, "", "membuka rangkaian tanpa keadaan",
			  "opens a thread without a state");
	if (row->by == PARTY_EITHER)
		complain (checker, row->kind, from, "harus menyebut satu pihak",
			  "must name one party");
}

/* Marks what the rows reach, again and again until nothing new is reached: forwards from the
 * openings, or backwards from the ends. */
static void spread (const struct thread_type *thread, bool forwards, bool *marked)
{
	bool more = true;

	while (more) {
		more = false;
		for (size_t i = 0; i < thread->transition_count; i++) {
			const struct transition *row = &thread->transitions[i];
			const struct state *from = forwards ? row->from : row->to;
			const struct state *to = forwards ? row->to : row->from;

			if (to == NULL || marked[to - thread->states])
				continue;
			if (from != NULL ? !marked[from - thread->states] : !forwards)
				continue;
			marked[to - thread->states] = more = true;
		}
	}
}

static void check_ways (struct checker *checker)
{
	const struct thread_type *thread = checker->thread;
	bool *reached = must_alloc (2 * thread->state_count + 1);
	bool *ending = reached + thread->state_count;

	for (size_t i = 0; i < thread->state_count; i++)
		ending[i] = thread->states[i].ended;
	spread (thread, true, reached);
	spread (thread, false, ending);
	for (size_t i = 0; i < thread->state_count; i++) {
		const struct state *state = &thread->states[i];

		if (!reached[i] && !state->local)
			complain (checker, "states", state->name, "tidak dapat dicapai",
				  "can't be reached");
		if (!ending[i])
			complain (checker, "states", state->name, "tidak mempunyai jalan keluar",
				  "has no way out");
	}
	free (reached);
}

/* ---- kinds ------------------------------------------------------------------------------------ */

bool sends (const struct kind_spec *kind, enum party party)
{
	return kind->by == party || kind->by == PARTY_EITHER;
}

static void check_sender (struct checker *checker)
{
	bool used = false;

	for (size_t i = 0; i < checker->thread->transition_count; i++) {
		const struct transition *row = &checker->thread->transitions[i];

		if (strcmp (row->kind, checker->kind->name) != 0)
			continue;
		used = true;
		if (!sends (checker->kind, row->by))
			complain (checker, "transitions", party_name (row->by),
				  "tidak boleh mengirim surat ini", "may not send this kind");
	}
	if (!used)
		complain (checker, "transitions", checker->kind->name,
			  "tidak berlaku pada keadaan mana pun", "applies in no state");
}

/* May the other side send `reply` in the state in which this row leaves the thread? */
static bool row_allows_reply (const struct checker *checker, const struct transition *row,
			      const char *reply)
{
	const struct state *state = row->to != NULL ? row->to : row->from;
	enum party other = row->by == PARTY_REQUESTER ? PARTY_PERFORMER : PARTY_REQUESTER;

	return lifecycle_find (checker->thread, state, reply, other) != NULL;
}

static bool reply_is_possible (const struct checker *checker, const char *reply)
{
	for (size_t i = 0; i < checker->thread->transition_count; i++) {
		const struct transition *row = &checker->thread->transitions[i];

		if (strcmp (row->kind, checker->kind->name) == 0 &&
		    row_allows_reply (checker, row, reply))
			return true;
	}
	return false;
}

static bool is_clock (const struct checker *checker, const char *name)
{
	const struct code_spec *codes;
	size_t count;

	return words_code_list (&checker->catalogue->words, "clock", &codes, &count) &&
	       has_code (codes, count, name);
}

static bool has_owner (const struct kind_spec *kind)
{
	for (size_t i = 0; i < kind->escalation_count; i++)
		if (strcmp (kind->escalation[i].role, "owner") == 0)
			return true;
	return false;
}

static void check_clock (struct checker *checker, const char *clock, const struct within *within)
{
	if (*clock == '\0')
		return;
	if (!is_clock (checker, clock))
		complain (checker, "clock", clock, "tidak ada di daftar \"clock\" words.json",
			  "is not in the list \"clock\" of words.json");
	if (within->hours == 0 && within->working_days == 0)
		complain (checker, "within", clock, "tidak mempunyai batas waktu",
			  "has no time limit");
	if (!has_owner (checker->kind))
		complain (checker, "escalation", clock,
			  "tidak mempunyai pemilik yang diberi tahu bila lewat waktu",
			  "has no owner who hears of it when it runs out");
}

static bool clock_exists (const struct thread_type *thread, const char *clock)
{
	for (size_t i = 0; i < thread->kind_count; i++)
		if (strcmp (thread->kinds[i].reply_clock, clock) == 0)
			return true;
	return false;
}

static void check_replies (struct checker *checker)
{
	const struct kind_spec *kind = checker->kind;

	for (size_t i = 0; i < kind->reply_count; i++)
		if (!reply_is_possible (checker, kind->replies[i]))
			complain (checker, "reply", kind->replies[i],
				  "tidak boleh dikirim siapa pun sebagai jawaban",
				  "may be sent by nobody as an answer");
	if (*kind->reply_clock != '\0' && kind->reply_count == 0)
		complain (checker, "reply", kind->reply_clock, "menunggu jawaban yang tidak ada",
			  "waits for an answer that does not exist");
	check_clock (checker, kind->reply_clock, &kind->reply_within[URGENCY_ROUTINE]);
	check_clock (checker, kind->seen_clock, &kind->seen_within[URGENCY_ROUTINE]);
	if (*kind->pauses != '\0' && !clock_exists (checker->thread, kind->pauses))
		complain (checker, "pauses", kind->pauses, "bukan jam rangkaian ini",
			  "is no clock of this thread");
}

static void check_basis (struct checker *checker)
{
	const struct kind_spec *kind = checker->kind;
	bool none = kind->basis_count == 0;

	for (size_t i = 0; i < kind->basis_count; i++) {
		none = none || kind->bases[i] == BASIS_NO_DATA;
		for (size_t k = 0; k < i; k++)
			if (kind->bases[k] == kind->bases[i])
				complain (checker, "basis", basis_name (kind->bases[i]),
					  "disebut dua kali", "stands twice");
	}
	if (kind->needs_consent && none)
		complain (checker, "basis", "none", "tidak cukup untuk data pribadi",
			  "is not enough for personal data");
	if (!kind->needs_consent && kind->label_count > 0)
		complain (checker, "labels", kind->labels[0], "memerlukan \"needs_consent\"",
			  "asks for \"needs_consent\"");
}

static void check_labels (struct checker *checker)
{
	for (size_t i = 0; i < checker->kind->label_count; i++)
		if (!catalogue_has_label (checker->catalogue, checker->kind->labels[i]))
			complain (checker, "labels", checker->kind->labels[i],
				  "tidak ada di words.json", "is not in words.json");
}

static void check_kind (struct checker *checker)
{
	const struct words_file *words = &checker->catalogue->words;
	const struct kind_spec *kind = checker->kind;

	if (catalogue_kind (checker->catalogue, kind->name, kind->version) != kind)
		complain (checker, "version", kind->name, "ada dua kali dengan versi yang sama",
			  "stands twice in the same version");
	check_sender (checker);
	check_known (checker, "from_kinds", kind->from_kinds, kind->from_kind_count,
		     words->agency_kinds, words->agency_kind_count);
	check_known (checker, "to_kinds", kind->to_kinds, kind->to_kind_count,
		     words->agency_kinds, words->agency_kind_count);
	check_names (checker, "roles", kind->roles, kind->role_count, user_roles,
		     COUNT_OF (user_roles));
	check_basis (checker);
	check_labels (checker);
	check_replies (checker);
	for (size_t i = 0; i < kind->escalation_count; i++)
		if (!is_in (escalation_roles, COUNT_OF (escalation_roles), kind->escalation[i].role))
			complain (checker, "escalation", kind->escalation[i].role, "tidak dikenal",
				  "is not known");
	check_form (checker);
	check_conditions (checker);
	check_sight (checker);
}

static void check_thread (struct checker *checker)
{
	const struct thread_type *thread = checker->thread;

	if (strcmp (thread->resource, "Task") != 0 && strcmp (thread->resource, "Consent") != 0)
		complain (checker, "resource", thread->resource, "bukan Task atau Consent",
			  "is neither Task nor Consent");
	if (*thread->chained != '\0' && !is_in (chained_as, COUNT_OF (chained_as), thread->chained))
		complain (checker, "chained", thread->chained,
			  "bukan referral, transfer, atau aftercare",
			  "is neither referral, transfer nor aftercare");
	if (*thread->purpose != '\0' && !catalogue_has_purpose (checker->catalogue, thread->purpose))
		complain (checker, "purpose", thread->purpose, "tidak ada di \"purposes\"",
			  "is not in \"purposes\"");
	check_lane (checker, thread->lane);
	check_discreet_thread (checker);
	for (size_t i = 0; i < thread->state_count; i++)
		check_state (checker, i);
	for (size_t i = 0; i < thread->transition_count; i++)
		check_row (checker, i);
	check_ways (checker);
	for (size_t i = 0; i < thread->kind_count; i++) {
		checker->kind = &thread->kinds[i];
		check_kind (checker);
	}
	checker->kind = NULL;
}

err_t catalogue_check (const catalogue_t *catalogue, problems_t *problems)
{
	OWNED (problems) found = problems_new ();
	struct checker checker = { .catalogue = catalogue, .problems = found, .file = "words" };

	check_words (&checker);
	check_holidays (&checker);
	checker.file = "case";
	check_case (&checker);
	for (size_t i = 0; i < catalogue->thread_count; i++) {
		checker.thread = &catalogue->threads[i];
		check_thread (&checker);
	}
	problems_hand_over (found, problems);
	return problems_err (found);
}
