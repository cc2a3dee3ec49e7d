/*
 * The lines between hub and agencies of a town, in memory: hub/link.h, hub/zap.h, hub/selftest.h and
 * agents/post/link.h without a socket.  A hub listens under its endpoint; whoever dials that is let
 * in.  Frames keep their order, and wait until line_turn tells the agencies and hub_turn takes them.
 */
#ifndef TESTS_TORTURE_LINE_H
#define TESTS_TORTURE_LINE_H

#include <stdbool.h>
#include <stddef.h>

/* Tells the agencies on the lines of this loop (see seams.h) one thing that happened; false when there
 * is none. */
bool line_turn (void *loop);

/* Frames that wait for the hub that listens there. */
size_t line_waiting (const char *endpoint);

#endif
