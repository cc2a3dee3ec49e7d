/* What cmocka wants included before itself. */
#ifndef TESTS_SUPPORT_UNIT_H
#define TESTS_SUPPORT_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <unistd.h>

/* The end of a program whose tests open sockets.  One that failed has left some open, and czmq would
 * wait for them at exit without end. */
static inline int unit_end (int failed)
{
	if (failed == 0)
		return 0;
	fflush (NULL);
	_exit (1);
}

#endif
