/*
 * Stops the process at a named point.  JEMBATAN_TEST_FAULT="hub.commit.before_put_ok:3" kills it the
 * third time it passes there, as a power cut would: nothing is flushed and no destructor runs.
 */
#include "jembatan/fault.h"

#include <assert.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_listed (const char *name)
{
	static const char *const names[] = {
#define X(name, when) name,
		FAULT_LIST (X)
#undef X
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp (names[i], name) == 0)
			return true;
	return false;
}

void fault_point (const char *name)
{
	static long passed;
	const char *wanted = getenv ("JEMBATAN_TEST_FAULT");
	const char *colon = wanted != NULL ? strchr (wanted, ':') : NULL;
	size_t len = colon != NULL ? (size_t)(colon - wanted) : wanted != NULL ? strlen (wanted) : 0;

	assert (is_listed (name));
	if (wanted == NULL || strlen (name) != len || strncmp (name, wanted, len) != 0)
		return;
	if (++passed >= (colon != NULL ? atol (colon + 1) : 1))
		kill (getpid (), SIGKILL);
}
