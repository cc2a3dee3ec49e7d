/*
 * The backups of a daemon: one at a time, taken in slices between the letters of its loop; how the
 * last ones went, for its status.
 */
#ifndef PROTO_BACKUPS_H
#define PROTO_BACKUPS_H

#include <czmq.h>

#include "proto/backup.h"

struct backups_parts {
	enum archive_kind kind;
	const char *who;         /* the agency, or the hub */
	const char *data;        /* its data folder */
	const char *folder;      /* of the configuration; "" = none */
	bool mounted;            /* of that folder, as in struct backup_target */
	unsigned keep;

	/* Gives the key, which is taken, the store's id, and the database as it is now. */
	err_t (*begin) (void *arg, vault_t **ret_key, struct store_id *ret_store,
			struct backup_source *ret_source, problems_t *problems);
	void *arg;
};

struct backups_status {
	uint64_t number;          /* of the one that runs or ran last since the start; 0 = none */
	enum backup_phase phase;  /* 0 = none runs */
	uint64_t done, bytes;     /* of the present phase */
	const struct problem *problem;   /* why the last one failed; NULL = it did not; borrowed */
	struct backup_note last, rehearsal;
	const char *folder;       /* the configuration's; "" = none */
	bool same_disk;           /* the last one went to the disk on which the data lies */
};

typedef struct backups backups_t;

/* Borrows the texts of the parts.  The caller owns it, and destroys it before the database and the
 * loop. */
backups_t *backups_new (const struct backups_parts *parts, zloop_t *loop);
void backups_destroy (backups_t **backups);

/* Begins one into a folder, "" = the configuration's, which then goes on by itself; `arg` is the
 * backups.  ERR_BUSY while one runs, and what backup_begin gives, with a problem. */
err_t backups_start (void *arg, const char *folder, problems_t *problems);
void backups_status (void *arg, struct backups_status *ret_status);

/* When the last one was made; 0 = never. */
int64_t backups_last_ms (const backups_t *backups);

/* The error of the database itself, when reading it failed: the loop was ended.  ERR_OK otherwise. */
err_t backups_stopped (const backups_t *backups);

#endif
