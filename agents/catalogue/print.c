/* docs/DOMAIN.md, drawn from the catalogue: what stands there is what the programs do. */
#include "agents/catalogue/printer.h"

#include <inttypes.h>
#include <string.h>

static void print_head (FILE *out)
{
	fputs ("# Kinds of letters and their lifecycles\n\n"
	       "This page is printed by `jembatan-agent catalogue config/catalogue` from the files in\n"
	       "`config/catalogue/`, which also draw the forms, check each letter at both ends and run\n"
	       "the clocks; `config/catalogue/README.md` describes their format. Change the files and\n"
	       "print the page again.\n\n"
	       "Letters that only machines write need no catalogue: `letter.receipts`, `ledger.resume`,\n"
	       "`letter.again`, `chain.events` and `key.revocation` have typed bodies in\n"
	       "`proto/letter.proto`. The consent kinds have typed bodies too, and stand here for\n"
	       "their lifecycle and clock.\n\n"
	       "Every text is given in Indonesian first and in English behind it.\n",
	       out);
}

void print_words (FILE *out, const struct words *words)
{
	fprintf (out, "%s / %s", words->id, words->en);
}

void print_list (FILE *out, const char *const *names, size_t count, const char *none)
{
	if (count == 0)
		fputs (none, out);
	for (size_t i = 0; i < count; i++)
		fprintf (out, "%s`%s`", i > 0 ? ", " : "", names[i]);
}

/* ---- lifecycles ------------------------------------------------------------------------------- */

static void print_states (FILE *out, const struct thread_type *thread)
{
	fprintf (out, "\n| state | FHIR %s.status | business status | ends | words |\n"
		      "|---|---|---|---|---|\n", thread->resource);
	for (size_t i = 0; i < thread->state_count; i++) {
		const struct state *state = &thread->states[i];

		fprintf (out, "| `%s` | `%s` | %s | %s | ", state->name, state->task_status,
			 state->business_status, state->ended ? "yes" : "");
		print_words (out, &state->words);
		fputs (state->local ? " (here only, without a letter) |\n" : " |\n", out);
	}
}

void catalogue_diagram (const catalogue_t *catalogue, const struct thread_type *type, FILE *out)
{
	for (size_t i = 0; type == NULL && i < catalogue->thread_count; i++)
		catalogue_diagram (catalogue, &catalogue->threads[i], out);
	if (type == NULL)
		return;
	fprintf (out, "stateDiagram-v2\n  %%%% %s: %s / %s\n", type->name, type->words.id,
		 type->words.en);
	for (size_t i = 0; i < type->transition_count; i++) {
		const struct transition *row = &type->transitions[i];

		if (row->to == NULL)
			continue;
		fprintf (out, "  %s --> %s: %s\n", row->from != NULL ? row->from->name : "[*]",
			 row->to->name, row->kind);
	}
	for (size_t i = 0; i < type->state_count; i++)
		if (type->states[i].ended)
			fprintf (out, "  %s --> [*]\n", type->states[i].name);
}

static void print_diagram (FILE *out, const catalogue_t *catalogue, const struct thread_type *type)
{
	fputs ("\n```mermaid\n", out);
	catalogue_diagram (catalogue, type, out);
	fputs ("```\n", out);
}

static void print_row (FILE *out, const struct transition *row)
{
	fprintf (out, "| `%s` | %s | `%s` | %s%s%s |", row->kind, party_name (row->by),
		 row->from != NULL ? row->from->name : "-", row->to != NULL ? "`" : "",
		 row->to != NULL ? row->to->name : "stays", row->to != NULL ? "`" : "");
	if (row->at_most > 0)
		fprintf (out, " at most %" PRIu32 " time(s)", row->at_most);
	if (row->then != NULL)
		fprintf (out, " the other side answers `%s` by itself", row->then);
	fputs (" |\n", out);
}

static void print_rows (FILE *out, const struct thread_type *thread)
{
	fputs ("\n| kind | sent by | in state | then | |\n|---|---|---|---|---|\n", out);
	for (size_t i = 0; i < thread->transition_count; i++)
		print_row (out, &thread->transitions[i]);
}

/* ---- kinds ------------------------------------------------------------------------------------ */

static void print_one_limit (FILE *out, const struct within *within)
{
	if (within->working_days > 0)
		fprintf (out, "%" PRId32 " working day(s)", within->working_days);
	if (within->working_days > 0 && within->hours > 0)
		fputs (" and ", out);
	if (within->hours > 0)
		fprintf (out, "%" PRId32 " h", within->hours);
}

static bool same_limit (const struct within *a, const struct within *b)
{
	return a->hours == b->hours && a->working_days == b->working_days;
}

static void print_limits (FILE *out, const struct within within[5])
{
	print_one_limit (out, &within[URGENCY_ROUTINE]);
	for (enum urgency urgency = URGENCY_URGENT; urgency <= URGENCY_STAT; urgency++) {
		if (same_limit (&within[urgency], &within[URGENCY_ROUTINE]))
			continue;
		fprintf (out, "; %s ", urgency_name (urgency));
		print_one_limit (out, &within[urgency]);
	}
}

static void print_clocks (FILE *out, const struct kind_spec *kind)
{
	if (*kind->seen_clock != '\0') {
		fprintf (out, "- opened by a person (clock `%s`): ", kind->seen_clock);
		print_limits (out, kind->seen_within);
		fputs ("\n", out);
	}
	if (*kind->reply_clock != '\0') {
		fprintf (out, "- answered (clock `%s`) by ", kind->reply_clock);
		print_list (out, kind->replies, kind->reply_count, "-");
		fputs (": ", out);
		print_limits (out, kind->reply_within);
		fputs ("\n", out);
	}
	if (kind->else_next)
		fputs ("- unanswered, the same is asked of the next agency on the list\n", out);
	if (kind->urgency != URGENCY_UNSET)
		fprintf (out, "- always %s\n", urgency_name (kind->urgency));
	if (*kind->pauses != '\0')
		fprintf (out, "- pauses the clock `%s` once\n", kind->pauses);
	if (kind->tells_opened)
		fputs ("- asks for an opened-receipt\n", out);
	if (kind->escalation_count > 0 && (*kind->reply_clock != '\0' || *kind->seen_clock != '\0')) {
		fputs ("- when overdue:", out);
		for (size_t i = 0; i < kind->escalation_count; i++)
			fprintf (out, "%s %s after %" PRId32 " day(s)", i > 0 ? "," : "",
				 kind->escalation[i].role, kind->escalation[i].days);
		fputs ("\n", out);
	}
}

static void print_who (FILE *out, const struct kind_spec *kind)
{
	fprintf (out, "- sent by %s; from ", kind->by == PARTY_REQUESTER ? "the requester"
					  : kind->by == PARTY_PERFORMER ? "the performer"
									: "either side");
	print_list (out, kind->from_kinds, kind->from_kind_count, "any kind of agency");
	fputs ("; to ", out);
	print_list (out, kind->to_kinds, kind->to_kind_count, "any kind of agency");
	fputs ("\n- roles: ", out);
	print_list (out, kind->roles, kind->role_count, "the machine only");
	fputs ("\n- basis: ", out);
	for (size_t i = 0; i < kind->basis_count; i++)
		fprintf (out, "%s`%s`", i > 0 ? ", " : "", basis_name (kind->bases[i]));
	if (*kind->rule.id != '\0')
		fprintf (out, "; the first rests on %s art. %s if no other rule is cited", kind->rule.id,
			 kind->rule.article);
	fputs (kind->needs_consent ? "; a clause or another basis must cover it\n"
				   : "; needs no clause\n", out);
	if (kind->label_count > 0) {
		fputs ("- data labels: ", out);
		print_list (out, kind->labels, kind->label_count, "");
		fputs ("\n", out);
	}
	if (*kind->comment != '\0')
		fprintf (out, "- Why: %s\n", kind->comment);
	fprintf (out, "- FHIR R4: %s\n", kind->fhir);
}

static void print_kind (FILE *out, const struct kind_spec *kind)
{
	fprintf (out, "\n### `%s` version %" PRIu32 "\n\n**", kind->name, kind->version);
	print_words (out, &kind->words);
	fputs ("** \xe2\x80\x94 ", out);
	print_words (out, &kind->sentence);
	fputs ("\n\n", out);
	print_who (out, kind);
	print_clocks (out, kind);
	print_conditions (out, kind);
	print_form (out, kind);
}

static void print_about (FILE *out, const struct thread_type *thread)
{
	static const char *const about[] = { [ABOUT_PERSON] = "about a person",
					     [ABOUT_ANYBODY] = "about a person, or nobody",
					     [ABOUT_NOBODY] = "about nobody" };

	fprintf (out, "\n- %s\n", about[thread->about]);
	if (*thread->purpose != '\0')
		fprintf (out, "- purpose: `%s`\n", thread->purpose);
	if (*thread->lane != '\0')
		fprintf (out, "- lane of a timeline: `%s`\n", thread->lane);
	if (*thread->chained != '\0')
		fprintf (out, "- coordinators hear of it as `%s`, without a word about the person\n",
			 thread->chained);
	if (thread->discreet)
		fputs ("- discreet: no label, no telling word and no telling name reaches the "
		       "performer\n", out);
}

static void print_thread (FILE *out, const catalogue_t *catalogue, const struct thread_type *thread)
{
	fprintf (out, "\n## Thread `%s` version %" PRIu32 ": ", thread->name, thread->version);
	print_words (out, &thread->words);
	fputs ("\n", out);
	print_about (out, thread);
	print_states (out, thread);
	print_diagram (out, catalogue, thread);
	print_rows (out, thread);
	for (size_t i = 0; i < thread->kind_count; i++)
		print_kind (out, &thread->kinds[i]);
}

void catalogue_print (const catalogue_t *catalogue, FILE *out)
{
	print_head (out);
	for (size_t i = 0; i < catalogue->thread_count; i++)
		print_thread (out, catalogue, &catalogue->threads[i]);
	print_word_lists (out, &catalogue->words);
	print_case (out, &catalogue->cases);
	print_holidays (out, &catalogue->holidays);
}
