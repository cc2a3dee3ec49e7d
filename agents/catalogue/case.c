/* case.json: how a case is shown.  Nothing of it decides what may be written. */
#include "agents/catalogue/inside.h"

#include <string.h>

/* clang-format off */
static const struct key stage_keys[] = {
	KEY ("stage", true, read_token, struct stage_spec, stage),
	KEY ("from_record", false, read_flag, struct stage_spec, from_record),
	KEY_TOKENS ("kinds", false, struct stage_spec, kinds, kind_count),
	KEY_PART ("words", true, struct stage_spec, words, &words_shape),
};
static const struct shape stage_shape =
	{ sizeof (struct stage_spec), stage_keys, COUNT_OF (stage_keys) };

static const struct key scheme_keys[] = {
	KEY ("scheme", true, read_token, struct stage_scheme, scheme),
	KEY_TOKENS ("agency_kinds", false, struct stage_scheme, agency_kinds, agency_kind_count),
	KEY ("comment", true, read_text, struct stage_scheme, comment),
	KEY_LIST ("stages", true, struct stage_scheme, stages, stage_count, &stage_shape),
	KEY_PART ("words", true, struct stage_scheme, words, &words_shape),
};
static const struct shape scheme_shape =
	{ sizeof (struct stage_scheme), scheme_keys, COUNT_OF (scheme_keys) };

static const struct key aftercare_keys[] = {
	KEY ("kind", true, read_token, struct aftercare_spec, kind),
	KEY ("start", true, read_token, struct aftercare_spec, start),
	KEY ("months", true, read_token, struct aftercare_spec, months),
	KEY ("checkin", true, read_token, struct aftercare_spec, checkin),
	KEY ("on", true, read_token, struct aftercare_spec, on),
	KEY ("reached", true, read_token, struct aftercare_spec, reached),
};
static const struct shape aftercare_shape =
	{ sizeof (struct aftercare_spec), aftercare_keys, COUNT_OF (aftercare_keys) };

static const struct key case_keys[] = {
	KEY_LIST ("lanes", true, struct case_spec, lanes, lane_count, &code_shape),
	KEY_LIST ("schemes", true, struct case_spec, schemes, scheme_count, &scheme_shape),
	KEY_TOKENS ("findings", true, struct case_spec, findings, finding_count),
	KEY_TOKENS ("plans", true, struct case_spec, plans, plan_count),
	KEY_PART ("aftercare", false, struct case_spec, aftercare, &aftercare_shape),
};
const struct shape case_shape = { sizeof (struct case_spec), case_keys, COUNT_OF (case_keys) };
/* clang-format on */

const struct case_spec *catalogue_case (const catalogue_t *catalogue)
{
	return &catalogue->cases;
}

const char *catalogue_lane (const catalogue_t *catalogue, const struct thread_type *type,
			    const char *service)
{
	const struct service_spec *spec = catalogue_service (catalogue, service);

	if (type != NULL && *type->lane != '\0')
		return type->lane;
	return spec != NULL && spec->lane != NULL ? spec->lane : "";
}

static bool counts_in (const struct stage_scheme *scheme, const char *agency_kind)
{
	for (size_t i = 0; i < scheme->agency_kind_count; i++)
		if (strcmp (scheme->agency_kinds[i], agency_kind) == 0)
			return true;
	return scheme->agency_kind_count == 0;
}

const struct stage_scheme *catalogue_scheme (const catalogue_t *catalogue, const char *agency_kind)
{
	for (size_t i = 0; i < catalogue->cases.scheme_count; i++)
		if (counts_in (&catalogue->cases.schemes[i], agency_kind))
			return &catalogue->cases.schemes[i];
	return NULL;
}
