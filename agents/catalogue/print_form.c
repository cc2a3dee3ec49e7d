/* A kind's form and conditions on the printed page: fields, tables, gates, reminders, remarks. */
#include "agents/catalogue/printer.h"

#include <inttypes.h>
#include <string.h>

static void print_code_names (FILE *out, const struct field_spec *field)
{
	for (size_t i = 0; i < field->code_count; i++)
		fprintf (out, "%s`%s`", i > 0 ? ", " : "", field->codes[i].code);
}

static void print_explained (FILE *out, const struct field_spec *field)
{
	bool first = true;

	if (*field->explained_by == '\0')
		return;
	for (size_t i = 0; i < field->code_count; i++) {
		const struct code_spec *code = &field->codes[i];

		if (!code->explain && strcmp (code->code, "other") != 0)
			continue;
		fprintf (out, "%s`%s`", first ? "" : ", ", code->code);
		first = false;
	}
	fprintf (out, "%s asks for `%s`; ", first ? "`other`" : "", field->explained_by);
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
	if (field->past)
		fputs ("has happened; ", out);
	print_explained (out, field);
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

static void print_fields (FILE *out, const struct kind_spec *kind, const char *group)
{
	bool first = true;

	for (size_t i = 0; i < kind->field_count; i++) {
		if (strcmp (kind->fields[i].group, group) != 0)
			continue;
		if (first)
			fputs ("\n| field | type | flag | label | words | rules |\n"
			       "|---|---|---|---|---|---|\n", out);
		first = false;
		print_field (out, &kind->fields[i]);
	}
}

void print_form (FILE *out, const struct kind_spec *kind)
{
	print_fields (out, kind, "");
	for (size_t i = 0; i < kind->group_count; i++) {
		const struct group_spec *group = &kind->groups[i];

		fprintf (out, "\nTable `%s` (`--%s`), %" PRIu32 " to %" PRIu32 " rows: ",
			 group->name, group->name, group->least, group->most);
		print_words (out, &group->words);
		fputs ("\n", out);
		print_fields (out, kind, group->name);
	}
}

/* ---- conditions ------------------------------------------------------------------------------- */

static void print_matches (FILE *out, const struct answer_match *matches, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		fprintf (out, "%s`%s` is ", i > 0 ? " and " : " where ", matches[i].field);
		for (size_t k = 0; k < matches[i].value_count; k++)
			fprintf (out, "%s`%s`", k > 0 ? " or " : "", matches[i].values[k]);
	}
}

static void print_letters (FILE *out, const struct letter_match *letters, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		fprintf (out, "%s`%s`", i > 0 ? ", or " : "", letters[i].kind);
		print_matches (out, letters[i].matches, letters[i].match_count);
		if (letters[i].within_days > 0)
			fprintf (out, " not older than %" PRIu32 " days", letters[i].within_days);
	}
}

static void print_gate (FILE *out, const struct gate_spec *gate)
{
	fprintf (out, "- gate `%s`", gate->gate);
	if (gate->service_count > 0) {
		fputs (" for ", out);
		print_list (out, gate->services, gate->service_count, "");
	}
	if (gate->asked_count > 0) {
		fputs ("; asked by ", out);
		print_letters (out, gate->asked, gate->asked_count);
	}
	if (gate->any_count > 0) {
		fputs (gate->asked_count > 0 ? "; answered by " : ": ", out);
		print_letters (out, gate->any, gate->any_count);
	}
	fputs (". ", out);
	print_words (out, &gate->words);
	fprintf (out, " (%s)\n", gate->comment);
}

static void print_remind (FILE *out, const struct remind_spec *remind)
{
	fprintf (out, "- reminds the %s of `%s`", party_name (remind->by), remind->kind);
	for (size_t i = 0; i < remind->day_count; i++)
		fprintf (out, "%s%" PRId32, i > 0 ? ", " : " on day ", remind->days[i]);
	if (remind->every_days > 0)
		fprintf (out, " every %" PRId32 " days, as often as `%s` says", remind->every_days,
			 remind->times);
	if (*remind->from != '\0')
		fprintf (out, " counted from `%s`", remind->from);
	fputs (". ", out);
	print_words (out, &remind->words);
	fputs ("\n", out);
}

static void print_remark (FILE *out, const struct remark_spec *remark)
{
	fputs ("- remark", out);
	if (*remark->group != '\0')
		fprintf (out, " on a row of `%s`", remark->group);
	print_matches (out, remark->matches, remark->match_count);
	fputs (". ", out);
	print_words (out, &remark->words);
	fputs ("\n", out);
}

void print_conditions (FILE *out, const struct kind_spec *kind)
{
	for (size_t i = 0; i < kind->gate_count; i++)
		print_gate (out, &kind->gates[i]);
	for (size_t i = 0; i < kind->remind_count; i++)
		print_remind (out, &kind->reminds[i]);
	for (size_t i = 0; i < kind->remark_count; i++)
		print_remark (out, &kind->remarks[i]);
}
