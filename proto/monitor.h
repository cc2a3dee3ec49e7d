/*
 * The door for whoever watches a daemon: three pages over HTTP on an address of this machine.
 *
 *   /metrics   its figures (proto/metrics.h), and those of its process
 *   /health    200 while its loop turns
 *   /ready     its conditions, one a line; 503 when one that is needed does not hold
 *
 * Hub and agent use it alike, and say the same words in `status`.  It answers from the loop and
 * reads figures that are kept anyway.
 */
#ifndef PROTO_MONITOR_H
#define PROTO_MONITOR_H

#include <czmq.h>

#include "jembatan/problem.h"
#include "proto/metrics.h"

#define CONDITIONS_MAX 8u

/* One thing that holds or not.  What is not needed is told and makes nothing unready. */
struct condition {
	const char *name;
	bool holds, needed;
};

struct conditions {
	size_t count;
	struct condition of[CONDITIONS_MAX];
};
void conditions_add (struct conditions *conditions, const char *name, bool holds, bool needed);
bool conditions_ready (const struct conditions *conditions);

struct monitor_parts {
	const char *address;         /* "127.0.0.1:9710", "[::1]:9710" or an absolute socket path */
	bool public;                 /* another address than loopback is meant */
	void (*write) (void *arg, metrics_t *metrics);
	void (*judge) (void *arg, struct conditions *ret_conditions);
	void *arg;
};

typedef struct monitor monitor_t;

/* Listens and joins the loop.  ERR_CONFIG for an address that is none, or that others than this
 * machine reach without `public`; ERR_IN_USE, ERR_FILE.  The caller owns it. */
MUST_USE err_t monitor_new (const struct monitor_parts *parts, zloop_t *loop,
			    monitor_t **ret_monitor, problems_t *problems);
void monitor_destroy (monitor_t **monitor);

#endif
