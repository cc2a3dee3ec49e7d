/*
 * The only door to the clock.  proto/clock.c reads the machine's; tests link another file with the
 * same two functions.  Nothing in a shipped program can turn it.
 */
#ifndef JEMBATAN_CLOCK_H
#define JEMBATAN_CLOCK_H

#include <stddef.h>
#include <stdint.h>

int64_t clock_now_ms (void);        /* UTC, milliseconds since 1970 */
int64_t clock_monotonic_ms (void);  /* never goes back; for waiting, not for dates */

#define INSTANT_TEXT 40

/* "2026-11-22T03:15:00Z" (RFC 3339, seconds). */
char *instant_text (int64_t at_ms, char text[INSTANT_TEXT]);

/* Accepts RFC 3339 with Z or an offset.  0, or -1. */
int instant_parse (const char *text, int64_t *ret_ms);

#endif
