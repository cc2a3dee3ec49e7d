/*
 * What a daemon tells the supervisor that started it (sd_notify (3)); without systemd at build time,
 * or without NOTIFY_SOCKET, nothing.
 */
#ifndef PROTO_SUPERVISOR_H
#define PROTO_SUPERVISOR_H

#include "jembatan/base.h"

/* It works, and what it says of itself: words of the program and counts. */
void supervisor_ready (void);
void supervisor_status (const char *format, ...) __attribute__ ((format (printf, 1, 2)));

/* It reads its configuration again; supervisor_ready () when that is over. */
void supervisor_reloading (void);

/* It ends in order. */
void supervisor_stopping (void);

/* From the loop, more often than half of the unit's WatchdogSec: a loop that hangs is started anew. */
void supervisor_alive (void);

#endif
