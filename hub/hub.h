/*
 * The hub: one thread, one loop.  It drains what has arrived, judges each frame, commits once, and
 * only then acknowledges and forwards.  A test runs one in a thread of its own.
 */
#ifndef HUB_HUB_H
#define HUB_HUB_H

#include "hub/quota.h"

struct hub_setup {
	const char *id;              /* its name in the directory */
	const char *endpoint;        /* where it listens */
	const char *keys;            /* folder of link.key and log.key */
	const char *data;            /* folder of the store */
	const char *directory;       /* file */
	const char *control;         /* unix socket for hubctl; "" = none */
	int io_threads;
	int64_t min_free_bytes;      /* below it, no new letters */
	struct quota quota;          /* of every sender without one of its own in the config */
	const char *metrics;         /* where the monitor listens (proto/monitor.h); "" = nowhere */
	bool metrics_public;         /* not only on this machine */
	const config_t *config;      /* where all this is from, for a reload; NULL = from nowhere */
	const char *backup_folder;   /* of backups; NULL or "" = none */
	bool backup_mounted;         /* refuse it while no disk is mounted there */
	unsigned backup_keep;
	unsigned park_after;         /* tries without STORED before a letter is set aside; 0 = never */
	bool signals;                /* TERM and INT end it, HUP reloads; blocked by the caller */
};

typedef struct hub hub_t;

/* Everything up to listening: keys, directory, store, self-test, socket.  The setup's texts must
 * outlive the hub.  Fails with problems. */
MUST_USE err_t hub_new (const struct hub_setup *setup, hub_t **ret_hub, problems_t *problems);
void hub_destroy (hub_t **hub);

/* Runs until it is told to stop.  ERR_OK after a clean end; an error of the STOP lane when the store
 * can't be trusted any more. */
MUST_USE err_t hub_run (hub_t *hub);

/* Where it listens, as bound. */
const char *hub_endpoint (const hub_t *hub);

#endif
