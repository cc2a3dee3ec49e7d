/* What case.json can get wrong: kinds, fields and lanes that are not there, names that stand twice. */
#include "agents/catalogue/checker.h"

#include <string.h>

void check_lane (struct checker *checker, const char *lane)
{
	const struct case_spec *cases = &checker->catalogue->cases;

	if (lane != NULL && *lane != '\0' && cases->lane_count > 0 &&
	    !has_code (cases->lanes, cases->lane_count, lane))
		complain (checker, "lane", lane, "tidak ada di case.json", "is not in case.json");
}

static const struct kind_spec *known_kind (struct checker *checker, const char *place,
					   const char *name)
{
	const struct kind_spec *kind = catalogue_kind (checker->catalogue, name, 0);

	if (kind == NULL)
		complain (checker, place, name, "bukan jenis surat di katalog ini",
			  "is no kind of letter in this catalogue");
	return kind;
}

static void check_kinds (struct checker *checker, const char *place, const char *const *names,
			 size_t count)
{
	for (size_t i = 0; i < count; i++)
		(void)known_kind (checker, place, names[i]);
}

static void check_scheme (struct checker *checker, const struct stage_scheme *scheme)
{
	const struct words_file *words = &checker->catalogue->words;

	check_known (checker, "schemes", scheme->agency_kinds, scheme->agency_kind_count,
		     words->agency_kinds, words->agency_kind_count);
	if (scheme->stage_count == 0 || scheme->stage_count > STAGES_MAX)
		complain (checker, "stages", scheme->scheme, "harus punya 1-16 tahap",
			  "must have 1 to 16 stages");
	for (size_t i = 0; i < scheme->stage_count; i++) {
		const struct stage_spec *stage = &scheme->stages[i];

		if (!stage->from_record && stage->kind_count == 0)
			complain (checker, "stages", stage->stage, "tidak dapat dicapai",
				  "can't be reached");
		check_kinds (checker, "stages", stage->kinds, stage->kind_count);
		for (size_t k = 0; k < i; k++)
			if (strcmp (scheme->stages[k].stage, stage->stage) == 0)
				complain (checker, "stages", stage->stage, "disebut dua kali",
					  "stands twice");
	}
}

static void check_field (struct checker *checker, const struct kind_spec *kind, const char *name,
			 enum answer_type type)
{
	const struct field_spec *field = kind != NULL ? kind_field (kind, name) : NULL;

	if (kind != NULL && (field == NULL || field->type != type))
		complain (checker, "aftercare", name, "bukan isian yang cocok pada surat itu",
			  "is no fitting field of that letter");
}

static void check_aftercare (struct checker *checker, const struct aftercare_spec *spec)
{
	const struct kind_spec *sets, *tells;

	if (spec->kind == NULL)
		return;
	sets = known_kind (checker, "aftercare", spec->kind);
	tells = known_kind (checker, "aftercare", spec->checkin);
	check_field (checker, sets, spec->start, ANSWER_DATE);
	check_field (checker, sets, spec->months, ANSWER_INTEGER);
	check_field (checker, tells, spec->on, ANSWER_DATE);
	check_field (checker, tells, spec->reached, ANSWER_BOOLEAN);
}

void check_case (struct checker *checker)
{
	const struct case_spec *cases = &checker->catalogue->cases;

	for (size_t i = 0; i < cases->scheme_count; i++)
		check_scheme (checker, &cases->schemes[i]);
	check_kinds (checker, "findings", cases->findings, cases->finding_count);
	check_kinds (checker, "plans", cases->plans, cases->plan_count);
	check_aftercare (checker, &cases->aftercare);
}
