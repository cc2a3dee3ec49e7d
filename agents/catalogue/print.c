/* docs/DOMAIN.md, drawn from the catalogue: what stands there is what the programs do. */
#include "agents/catalogue/inside.h"

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

static void print_words (FILE *out, const struct words *words)
{
	fprintf (out, "%s / %s", words->id, words->en);
}

static void print_list (FILE *out, const char *const *names, size_t count, const char *none)
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

static void print_diagram (FILE *out, const struct thread_type *thread)
{
	fputs ("\n```mermaid\nstateDiagram-v2\n", out);
	for (size_t i = 0; i < thread->transition_count; i++) {
		const struct transition *row = &thread->transitions[i];

		if (row->to == NULL)
			continue;
		fprintf (out, "  %s --> %s: %s\n", row->from != NULL ? row->from->name : "[*]",
			 row->to->name, row->kind);
	}
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
	if (*kind->pauses != '\0')
		fprintf (out, "- pauses the clock `%s` once\n", kind->pauses);
	if (kind->tells_opened)
		fputs ("- asks for an opened-receipt\n", out);
	if (kind->escalation_count > 0 && *kind->reply_clock != '\0') {
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

static void print_code_names (FILE *out, const struct field_spec *field)
{
	for (size_t i = 0; i < field->code_count; i++)
		fprintf (out, "%s`%s`", i > 0 ? ", " : "", field->codes[i].code);
}

static void print_rules (FILE *out, const struct field_spec *field)
{
	bool counts = field->type == ANSWER_INTEGER || field->type == ANSWER_RUPIAH;

	fputs (field->structural ? "required; " : field->required ? "required or declined; " : "",
	       out);
	fputs (field->many ? "many; " : "", out);
	if (field->type == ANSWER_TEXT)
		fprintf (out, "at most %zu bytes; ", field->max_bytes);
	if (counts)
		fprintf (out, "%" PRId64 " to %" PRId64 "; ", field->min, field->max);
	if (*field->unit != '\0')
		fprintf (out, "unit `%s`; ", field->unit);
	if (*field->system != '\0')
		fprintf (out, "`%s`; ", field->system);
	if (*field->from != '\0')
		fprintf (out, "filled in from `%s`; ", field->from);
	if (*field->explained_by != '\0')
		fprintf (out, "`other` asks for `%s`; ", field->explained_by);
	print_code_names (out, field);
}

static void print_field (FILE *out, const struct field_spec *field)
{
	fprintf (out, "| `%s` | %s | %s%s | %s%s | ", field->name, answer_type_name (field->type),
		 *field->flag != '\0' ? "--" : "", field->flag, field->label,
		 field->personal ? (*field->label != '\0' ? ", personal" : "personal") : "");
	print_words (out, &field->words);
	if (*field->hint.id != '\0') {
		fputs ("<br>", out);
		print_words (out, &field->hint);
	}
	fputs (" | ", out);
	print_rules (out, field);
	fputs (" |\n", out);
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
	if (kind->field_count == 0)
		return;
	fputs ("\n| field | type | flag | label | words | rules |\n|---|---|---|---|---|---|\n", out);
	for (size_t i = 0; i < kind->field_count; i++)
		print_field (out, &kind->fields[i]);
}

static void print_thread (FILE *out, const struct thread_type *thread)
{
	fprintf (out, "\n## Thread `%s` version %" PRIu32 ": ", thread->name, thread->version);
	print_words (out, &thread->words);
	fputs ("\n", out);
	print_states (out, thread);
	print_diagram (out, thread);
	print_rows (out, thread);
	for (size_t i = 0; i < thread->kind_count; i++)
		print_kind (out, &thread->kinds[i]);
}

/* ---- words ------------------------------------------------------------------------------------ */

static void print_codes (FILE *out, const char *title, const struct code_spec *codes, size_t count)
{
	fprintf (out, "\n### %s\n\n| code | Indonesian | English |\n|---|---|---|\n", title);
	for (size_t i = 0; i < count; i++)
		fprintf (out, "| `%s` | %s | %s |\n", codes[i].code, codes[i].words.id,
			 codes[i].words.en);
}

static void print_services (FILE *out, const struct words_file *words)
{
	fputs ("\n### Services\n\n| code | purpose | Indonesian | English |\n|---|---|---|---|\n", out);
	for (size_t i = 0; i < words->service_count; i++)
		fprintf (out, "| `%s` | `%s` | %s | %s |\n", words->services[i].code,
			 words->services[i].purpose, words->services[i].words.id,
			 words->services[i].words.en);
}

static void print_purposes (FILE *out, const struct words_file *words)
{
	fputs ("\n### Purposes\n\n| purpose | Indonesian | English |\n|---|---|---|\n", out);
	for (size_t i = 0; i < words->purpose_count; i++)
		fprintf (out, "| `%s` | %s | %s |\n", words->purposes[i].purpose,
			 words->purposes[i].words.id, words->purposes[i].words.en);
}

static void print_word_lists (FILE *out, const struct words_file *words)
{
	fputs ("\n## Words\n", out);
	print_purposes (out, words);
	print_services (out, words);
	print_codes (out, "Data labels", words->labels, words->label_count);
	print_codes (out, "Kinds of agencies", words->agency_kinds, words->agency_kind_count);
	for (size_t i = 0; i < words->list_count; i++) {
		char title[LIMIT_ID_TEXT + 16];

		snprintf (title, sizeof title, "Codes `%s`", words->lists[i].name);
		print_codes (out, title, words->lists[i].codes, words->lists[i].code_count);
	}
}

static void print_holidays (FILE *out, const struct holidays_file *holidays)
{
	fputs ("\n## Working days\n\n"
	       "Monday to Friday but for holidays, until 17:00 in the performer's zone (WIB, WITA or\n"
	       "WIT by province); the day of the letter is not counted. `holidays.json` is a yearly\n"
	       "file that the operator brings up to date.\n", out);
	for (size_t i = 0; i < holidays->year_count; i++)
		fprintf (out, "\n- %" PRIu32 ": %zu days. %s", holidays->years[i].year,
			 holidays->years[i].holiday_count, holidays->years[i].source);
	fputs ("\n", out);
}

void catalogue_print (const catalogue_t *catalogue, FILE *out)
{
	print_head (out);
	for (size_t i = 0; i < catalogue->thread_count; i++)
		print_thread (out, &catalogue->threads[i]);
	print_word_lists (out, &catalogue->words);
	print_holidays (out, &catalogue->holidays);
}
