/*
 * What one running agent is made of.  daemon.c puts the parts together and runs the loop; reload.c
 * exchanges what may change in the meantime.
 */
#ifndef AGENTS_AGENT_H
#define AGENTS_AGENT_H

#include "agents/api/api.h"
#include "agents/backup.h"
#include "agents/check.h"
#include "agents/console.h"
#include "agents/door/lock.h"
#include "agents/door/door.h"
#include "agents/post/post.h"
#include "agents/setup.h"

struct users {
	struct api_user of[USERS_MAX];
	size_t count;
};

struct agent {
	struct agency_id self;
	const config_t *config;          /* of the start: paths, addresses, who we are */
	config_t *newer_config;          /* of the last reload: the users' names are in it */
	zloop_t *loop;
	ledger_t *ledger;                /* NULL, and so what follows from it, while it is locked */
	lock_t *lock;                    /* NULL: it was open from the start */
	catalogue_t *catalogue;
	directory_t *directory;
	directory_t *older_directory;    /* kept for one turn: somebody may still look at it */
	keypair_t *sig, *link;
	keypair_t *boxes[SETUP_BOXES];
	size_t box_count;
	desk_t *desk;
	post_t *post;
	door_t *door;
	api_t *api;
	struct console console;
	monitor_t *monitor;
	struct ledger_backups ledger_backups;
	backups_t *backups;
	struct users users;
	int signals;
	problems_t *problems;            /* for whoever started it; borrowed */
	err_t stopped;
};

/* The users of a configuration, whose texts are borrowed.  ERR_CONFIG with a problem for each. */
MUST_USE err_t users_read (const config_t *config, struct users *ret_users, problems_t *problems);

/* Catalogue and users, directory, log level, each as far as it can be read; what can't stays as it is,
 * and a sentence on standard error says why. */
void agent_reload (struct agent *agent);

/* "debug" ... "fail"; ERR_CONFIG with a problem. */
MUST_USE err_t agent_log_level (const config_t *config, problems_t *problems);

/* The desk and the post go on with a newer directory; takes it. */
void agent_take_directory (struct agent *agent, directory_t *directory);

#endif
