/* words.json and holidays.json on the printed page. */
#include "agents/catalogue/printer.h"

#include <inttypes.h>
#include <string.h>

static void print_codes (FILE *out, const char *title, const struct code_spec *codes, size_t count)
{
	fprintf (out, "\n### %s\n\n| code | Indonesian | English |\n|---|---|---|\n", title);
	for (size_t i = 0; i < count; i++)
		fprintf (out, "| `%s`%s | %s | %s |\n", codes[i].code,
			 codes[i].explain ? " (explain)" : "", codes[i].words.id,
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

static void print_sights (FILE *out, const struct words_file *words)
{
	fputs ("\n### Who may see which label, whatever a clause says\n\n"
	       "| kind of agency | labels | its name tells of rehabilitation or prison |\n"
	       "|---|---|---|\n", out);
	for (size_t i = 0; i < words->sight_count; i++) {
		const struct sight *sight = &words->sights[i];
		bool telling = false;

		for (size_t k = 0; k < words->telling_kind_count; k++)
			telling = telling ||
				  strcmp (words->telling_kinds[k], sight->agency_kind) == 0;
		fprintf (out, "| `%s` | ", sight->agency_kind);
		print_list (out, sight->labels, sight->label_count, "none");
		fprintf (out, " | %s |\n", telling ? "yes" : "");
	}
}

static void print_discreet_words (FILE *out, const struct words_file *words)
{
	fputs ("\n### Telling words\n\nThey may not reach the performer of a discreet thread; case "
	       "and accents do not matter, and a trailing `*` stands for any ending: ", out);
	print_list (out, words->discreet_words, words->discreet_word_count, "none");
	fputs (".\n", out);
}

void print_word_lists (FILE *out, const struct words_file *words)
{
	fputs ("\n## Words\n", out);
	print_purposes (out, words);
	print_services (out, words);
	print_codes (out, "Data labels", words->labels, words->label_count);
	print_codes (out, "Kinds of agencies", words->agency_kinds, words->agency_kind_count);
	print_sights (out, words);
	print_discreet_words (out, words);
	for (size_t i = 0; i < words->list_count; i++) {
		char title[LIMIT_ID_TEXT + 16];

		snprintf (title, sizeof title, "Codes `%s`", words->lists[i].name);
		print_codes (out, title, words->lists[i].codes, words->lists[i].code_count);
	}
}

static void print_scheme (FILE *out, const struct stage_scheme *scheme)
{
	fprintf (out, "\n### Stages `%s`: ", scheme->scheme);
	print_words (out, &scheme->words);
	fprintf (out, "\n\n%s Shown at: ", scheme->comment);
	print_list (out, scheme->agency_kinds, scheme->agency_kind_count, "every other agency");
	fputs ("\n\n| stage | words | reached with |\n|---|---|---|\n", out);
	for (size_t i = 0; i < scheme->stage_count; i++) {
		const struct stage_spec *stage = &scheme->stages[i];

		fprintf (out, "| `%s` | ", stage->stage);
		print_words (out, &stage->words);
		fputs (" | ", out);
		print_list (out, stage->kinds, stage->kind_count, "the record");
		fputs (" |\n", out);
	}
}

void print_case (FILE *out, const struct case_spec *cases)
{
	if (cases->scheme_count == 0)
		return;
	fputs ("\n## How a case is shown\n\nFindings on a person's page: ", out);
	print_list (out, cases->findings, cases->finding_count, "none");
	fputs ("; plans: ", out);
	print_list (out, cases->plans, cases->plan_count, "none");
	fputs (".\n", out);
	print_codes (out, "Lanes of a timeline", cases->lanes, cases->lane_count);
	for (size_t i = 0; i < cases->scheme_count; i++)
		print_scheme (out, &cases->schemes[i]);
}

void print_holidays (FILE *out, const struct holidays_file *holidays)
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
