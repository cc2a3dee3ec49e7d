/* See cores.h. */
#include "proto/cores.h"

#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>

void cores_forbid (void)
{
	const struct rlimit none = { 0, 0 };

	/* Less is always allowed; a kernel that refuses this is none that we know. */
	if (setrlimit (RLIMIT_CORE, &none) != 0 || prctl (PR_SET_DUMPABLE, 0) != 0)
		abort ();
}
