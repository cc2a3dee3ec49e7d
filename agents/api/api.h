/*
 * The api: HTTP and JSON on a unix socket, for the command line, the console and other
 * software. It parses what a person asks, hands it to the desk as one use-case, and shows
 * what the ledger holds.  It keeps nothing of its own but an index of what
 * the ledger holds of chains, and knows the post only by the word of a callback.
 *
 * Who asks is the peer's uid, mapped to a user and a role by the configuration.
 * docs/API.md has every route.
 */
#ifndef AGENTS_API_API_H
#define AGENTS_API_API_H

#include <czmq.h>

#include "agents/desk/desk.h"
#include "proto/backups.h"
#include "proto/http.h"
#include "proto/monitor.h"

struct api_user {
	uint32_t uid;
	const char *user;
	const char *role; /* one for which role_exists holds */
};

/* What the post tells about the hub, for `status`. */
struct api_hub {
	bool connected;
	const char *id, *endpoint; /* borrowed until the call ends; "" = none yet */
	int64_t since_ms;
	int64_t offset_ms; /* hub time minus ours */
	err_t last_error;
	uint64_t sent, received, refused;
	uint32_t unanswered;
};

/*
 * Borrows all of it, for as long as the api lives.  While the ledger waits for its passphrase there is a
 * lock, and neither ledger nor desk nor door: then the api says how it stands and takes the passphrase,
 * and answers everything else with ERR_LEDGER_LOCKED.
 */
struct api_parts {
	desk_t *desk;
	struct door *door;
	catalogue_t *catalogue; /* the holidays of an imported year go into it */
	ledger_t *ledger;
	struct lock *lock;            /* NULL: the ledger was open from the start */
	const struct member *self;    /* as the directory names us; for a status without a desk */
	const char *socket_path;
	size_t user_count;
	const struct api_user *users;
	void (*hub_status) (void *arg, struct api_hub *ret_hub);
	void *hub_status_arg;
	/* what must hold for the agency to work; takes hub_status_arg too */
	void (*conditions) (void *arg, struct conditions *ret_conditions);
	/* Begins a backup, and goes on by itself; "" = the configuration's folder. */
	err_t (*backup_start) (void *arg, const char *folder, problems_t *problems);
	void (*backup_status) (void *arg, struct backups_status *ret_status);
	void *backup_arg;
};

typedef struct api api_t;

/* Listens on the socket (mode 0660) and joins the loop.  The caller owns it.  ERR_IN_USE
 * when another agent answers there, ERR_FILE or ERR_CONFIG with a problem that names the
 * path. */
MUST_USE err_t api_new (const struct api_parts *parts, zloop_t *loop, api_t **ret_api,
			problems_t *problems);
void api_destroy (api_t **api);

/* The same api for browsers, with the console's files around it. */
struct api_web {
	const char *address;         /* "192.168.1.5:8443", "[::]:8443" */
	const char *names;           /* that Host may hold, parted by blanks; borrowed */
	const struct http_tls *tls;  /* NULL = plain HTTP, which only a loopback address may have */
	const char *folder;          /* of the console's files */
	struct bytes authority;      /* certificate (DER) for /jembatan-ca.crt; none = there is none */
};

/* Once.  ERR_CONFIG, ERR_IN_USE, ERR_KEY_FILE. */
MUST_USE err_t api_listen (api_t *api, const struct api_web *web, zloop_t *loop,
			   problems_t *problems);

/* From now on: another certificate; the console's files as they are now. */
MUST_USE err_t api_show (api_t *api, const struct http_tls *tls, problems_t *problems);
void api_site (api_t *api, const char *folder);

/* The ledger has been opened: from the next request on, all of it. */
void api_open (api_t *api, const struct api_parts *parts);

/* From the next request on, another catalogue and other users; borrowed like the first. */
void api_set (api_t *api, catalogue_t *catalogue, const struct api_user *users, size_t count);

/* Requests of people that were refused, by error. */
const struct error_counts *api_refused (const api_t *api);

/* Set when a use-case met an error of the STOP lane; the loop was ended, and the daemon
 * exits with it.  ERR_OK otherwise. */
err_t api_stopped (const api_t *api);

#endif
