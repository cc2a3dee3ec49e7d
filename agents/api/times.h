/*
 * Instants as this api writes and reads them: RFC 3339 in UTC for programs, and the same
 * moment in the agency's zone for people.
 */
#ifndef AGENTS_API_TIMES_H
#define AGENTS_API_TIMES_H

#include "agents/json.h"

/* RFC 3339; or, in the zone of the region, "2026-11-25 10:00", "2026-11-25T10:00" and
 * "2026-11-25", which is the day's first or last second.  ERR_INVALID. */
MUST_USE err_t times_parse (const char *text, const char *region, bool end_of_day,
			    int64_t *ret_ms);

/* Sets name = RFC 3339 and name_local = {id, en}; both null for 0. */
void times_set (json_t *object, const char *name, int64_t at_ms, const char *region);

#endif
