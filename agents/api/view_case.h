/*
 * A case as JSON: how far a person has come, and what stands on the one page that a worker opens about
 * them.  Everything is derived from the letters when it is asked for; config/catalogue/case.json says
 * which.
 */
#ifndef AGENTS_API_VIEW_CASE_H
#define AGENTS_API_VIEW_CASE_H

#include "agents/api/call.h"

/* {"stage", "words", "place", "of", "days", "since", "since_local"}, or null without a scheme. */
json_t *view_stage (const struct call *call, const struct way *way);

/* Adds to a person's record: age, stages, consent, open referrals, findings, plan, documents, aftercare,
 * and whether they may be called. */
void view_case (const struct call *call, json_t *json, const struct person *person);

#endif
