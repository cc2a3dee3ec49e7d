#include "proto/supervisor.h"

#include <stdarg.h>
#include <stdio.h>

#include "jembatan/clock.h"

#ifdef HAVE_SYSTEMD
#include <systemd/sd-daemon.h>
#else
#define sd_notify(unset, state) ((void)(state))
#endif

void supervisor_ready (void)
{
	sd_notify (0, "READY=1");
}

void supervisor_status (const char *format, ...)
{
	char text[256] = "STATUS=";
	va_list args;

	va_start (args, format);
	vsnprintf (text + 7, sizeof text - 7, format, args);
	va_end (args);
	sd_notify (0, text);
}

/* With the time, as units of Type=notify-reload want it. */
void supervisor_reloading (void)
{
	char text[96];

	snprintf (text, sizeof text, "RELOADING=1\nMONOTONIC_USEC=%lld",
		  (long long)clock_monotonic_ms () * 1000);
	sd_notify (0, text);
}

void supervisor_stopping (void)
{
	sd_notify (0, "STOPPING=1");
}

void supervisor_alive (void)
{
	sd_notify (0, "WATCHDOG=1");
}
