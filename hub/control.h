/*
 * The operator's socket: a unix socket of mode 0600, one command per connection and line, "status",
 * "status json" or "release ipwl-contoh".  The answer's first line is "OK" or an error name; what
 * follows is a report.
 */
#ifndef HUB_CONTROL_H
#define HUB_CONTROL_H

#include <czmq.h>

#include "jembatan/ids.h"
#include "jembatan/problem.h"
#include "proto/backup.h"

enum control_verb {
	CONTROL_STATUS = 1,
	CONTROL_MEMBERS,
	CONTROL_QUEUE,
	CONTROL_RELOAD,
	CONTROL_RELEASE,
	CONTROL_BACKUP,
	CONTROL_BACKUPS,
	CONTROL_DRAIN,
	CONTROL_STOP,
	CONTROL_READY,
	CONTROL_CLOCK,
	CONTROL_QUOTA,
};

struct control_command {
	enum control_verb verb;
	bool json;
	struct agency_id agency;     /* of a verb that takes one */
	char folder[BACKUP_PATH];    /* of a backup; "" = the configuration's */
};

/* Reads a line without its end.  ERR_USAGE for anything but a command. */
MUST_USE err_t control_parse (struct bytes line, struct control_command *ret_command);

/* The verb's word, or NULL. */
const char *control_verb_name (enum control_verb verb);
bool control_verb_takes_agency (enum control_verb verb);

typedef struct control control_t;

/* Answers one command: ERR_OK and a text that the control copies, or an error. */
typedef err_t (control_fn) (void *context, const struct control_command *command,
			    buffer_t *answer);

/* Listens at path, replacing a socket that nobody listens on any more.  Joins the loop.  ERR_IN_USE
 * or ERR_FILE with a problem. */
MUST_USE err_t control_new (const char *path, zloop_t *loop, control_fn *answer, void *context,
			    control_t **ret_control, problems_t *problems);
void control_destroy (control_t **control);

#endif
