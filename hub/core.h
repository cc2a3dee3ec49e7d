/*
 * What the hub's parts share.  hub.c owns the loop; group.c runs one turn of it; hear.c, greet.c
 * intake.c and blob.c handle frames; serve.c sends to recipients; keeper.c does what time demands; a
 * letter's custody ends in move.c.
 */
#ifndef HUB_CORE_H
#define HUB_CORE_H

#include <czmq.h>

#include "hub/custody.h"
#include "hub/gate.h"
#include "hub/hub.h"
#include "hub/link.h"
#include "hub/roster.h"
#include "hub/session.h"
#include "hub/store.h"
#include "hub/time.h"
#include "hub/zap.h"
#include "proto/backups.h"
#include "proto/monitor.h"

/* A letter taken in this group; its bytes are in hub->bodies, for the frame is gone by then. */
struct put {
	struct item item;
	struct bytes h, c;
	struct account *recipient;
	struct put *next;            /* the next of the same recipient and class */
};

/* What a session is told once the group is durable, in the order in which it asked. */
enum reply_kind { REPLY_WELCOME, REPLY_TAKEN, REPLY_REFUSED, REPLY_RECALLED, REPLY_BLOB_HAVE,
		  REPLY_BLOB_STORED };

struct reply {
	enum reply_kind kind;
	struct session *session;
	size_t next;                 /* 1-based; 0 = the last one of this session */
	uint64_t pseq, leaf;
	const struct account *recipient;
	err_t err;
	int64_t retry_after_ms;
	struct letter_id id;
	bool done;
	struct blob_id blob;
	uint64_t offset, before;     /* what is here of it, and was before this group */
};

/* How many STORED marks wait for a group before they make one of their own. */
#define MARKS_WAIT_MAX 256u

/* A STORED mark that waits for a group, or is of this one and is tried again when the disk had no
 * room for the letters. */
struct stored_mark {
	struct account *account;
	enum letter_class class;
	uint64_t number;
};

struct turn {
	size_t put_count, reply_count, stored_count, answering_count, due_count, due_room;
	bool no_space;               /* nothing more can be written in this group */
	int64_t began_us;
	struct put put[HUB_GROUP_MAX];
	struct reply reply[HUB_GROUP_MAX + 1];
	struct stored_mark stored[HUB_GROUP_MAX + MARKS_WAIT_MAX];
	struct session *answering[HUB_GROUP_MAX];
	struct account **due;        /* to be served after the group */
	struct custody taken[HUB_GROUP_MAX];
};

struct figures {
	uint64_t letters_taken, letters_again, letters_refused, deliveries, letters_stored;
	struct error_counts refused;         /* the same as letters_refused, by error */
	uint64_t letters_expired, letters_recalled, letters_parked, frames_bad, sessions_ended;
	uint64_t groups;
	uint64_t group_size, group_us;   /* of the last group that was committed */
	int64_t group_ms;
	struct histogram group_letters, group_seconds;
	uint64_t blobs_whole, blobs_damaged, blob_bytes_out;
};

/* The attachment that is being read again to be held against its name; one at a time. */
struct blob_check {
	struct session *session;     /* that waits for the answer; NULL: none is read */
	struct blob blob;
	uint64_t at;                 /* so far it was read */
	bool damaged;                /* and is being cut away */
	hasher_t *hasher;
};

struct hub {
	struct hub_setup setup;
	keypair_t *link_key, *log_key;
	quotas_t *quotas;            /* NULL: no agency has its own */
	uint64_t quotas_version;     /* from 1; of the configuration they are from */
	zap_t *zap;
	roster_t *roster;
	store_t *store;
	custody_log_t *custody;
	accounts_t *accounts;
	sessions_t *sessions;
	struct pool pool;
	link_t *link;
	struct control *control;
	backups_t *backups;
	monitor_t *monitor;
	zloop_t *loop;
	int signal_fd;
	zmq_pollitem_t signal_item, link_item;
	arena_t *in, *out;           /* one decoded frame, and what answers it; one frame to be encoded */
	arena_t *bodies;             /* the letters of this group, until it is served */
	struct turn *group;
	struct hub_time time;
	int64_t now_ms, mono_ms;     /* of this turn */
	int64_t busy_ms;             /* monotonic; when the last frame came */
	bool relaxed;
	bool no_room;                /* as of the last look at the disk */
	bool no_reserve;             /* not even for small letters */
	bool no_room_blobs;          /* there is room for letters, but not for attachments */
	struct blob_check check;
	int work_timer;              /* runs while hub_work has something to do; 0 = none */
	int marks_timer;             /* runs while STORED marks wait for a group; 0 = none */
	bool draining, ending;
	int64_t started_ms;
	uint64_t ticks;
	int64_t expire_next;         /* the account whose lanes were looked along last */
	int64_t forget_next;         /* the account whose old records were looked at last */
	err_t stopped;
	struct allowance proving;    /* rows that proofs may read, of all sessions together */
	struct figures figures;
};

/* ---- hub.c ---- */

/* Looks at both clocks, for now_ms and mono_ms. */
void hub_look_at_clocks (hub_t *hub);

/* Ends the loop once what is to be said now has been said. */
void hub_end_soon (hub_t *hub);

/* hub_work is called every now and then until it has nothing more to do. */
void hub_work_soon (hub_t *hub);

/* STORED marks wait for a group: in a moment they make one of their own. */
void hub_marks_soon (hub_t *hub);

/* ---- group.c ---- */

/* One turn: everything that has arrived. */
void hub_turn (hub_t *hub);

/* Commits what the group changed, answers, and serves.  Also ends a timer's work. */
void group_finish (hub_t *hub);

/* Room for one more answer in this group; never NULL. */
struct reply *group_reply (hub_t *hub, struct session *session, enum reply_kind kind);

/* To be served when the group is durable. */
void group_due (hub_t *hub, struct account *account);

/* Notes a failure: a full disk ends the group's writing, anything else stops the hub. */
void hub_failed (hub_t *hub, err_t err);

/* Begins the group's transaction, with the STORED marks that waited for it.  ERR_NO_SPACE when
 * nothing can be written in this group. */
MUST_USE err_t group_write (hub_t *hub);

/* The same, only if STORED marks wait: before anything that looks at what is stored. */
MUST_USE err_t group_settle (hub_t *hub);

/* The marks that wait make a group of their own. */
void group_marks (hub_t *hub);

/* ---- hear.c ---- */

/* One frame of a peer. */
void hub_hear (hub_t *hub, const struct arrival *arrival);

/* Sends a frame; a peer that is gone or does not read loses its session. */
bool hub_send (hub_t *hub, struct session *session, const struct frame *frame);

/* BYE, and the connection is cut a moment later. */
void hub_end (hub_t *hub, struct session *session, err_t err, int64_t retry_after_ms);

/* The same for a peer that breaks the protocol; one that goes on doing so is shut out a while. */
void hub_offended (hub_t *hub, struct session *session, err_t err, bool flood);

/* ---- greet.c ---- */

/* The first frame of a session. */
MUST_USE err_t hub_greet (hub_t *hub, const struct arrival *arrival, const struct frame *frame);
void send_welcome (hub_t *hub, struct session *session);

/* How an agency stands in the present directory. */
enum gate_member hub_standing (hub_t *hub, struct account *account);

/* ---- intake.c ---- */

MUST_USE err_t hub_put (hub_t *hub, struct session *session, const struct frame *frame);
MUST_USE err_t hub_recall (hub_t *hub, struct session *session, const struct frame *frame);
MUST_USE err_t hub_stored (hub_t *hub, struct session *session, const struct frame *frame);

/* Everything of a class up to a number is stored at the recipient. */
MUST_USE err_t apply_stored (hub_t *hub, struct account *account, enum letter_class class,
			     uint64_t number);

/* ---- move.c ---- */

/* As the store says, or on the way. */
enum item_state letter_state (hub_t *hub, const struct item *item);

/* What this event does to an item; NULL: nothing, as to all that is no letter. */
const struct life_row *letter_row (hub_t *hub, const struct item *item, enum life_event event);

/* Does what the row of an end says, in the open group.  The bodies of stored letters are the caller's
 * to drop, for they go in runs. */
MUST_USE err_t letter_end (hub_t *hub, const struct item *item, const struct life_row *row);

/* ---- park.c ---- */

/* How long one that was set aside so often before waits. */
int64_t park_pause_ms (unsigned times);

/* Sets aside the letters that an agency's agent fails at.  Nothing of it may be on the way. */
MUST_USE err_t park_guilty (hub_t *hub, struct account *account);

/* Those whose time has come go to the end of their lane, or expire. */
MUST_USE err_t park_look (hub_t *hub);

/* ---- blob.c ---- */

MUST_USE err_t hub_blob_put (hub_t *hub, struct session *session, const struct frame *frame);
MUST_USE err_t hub_blob_get (hub_t *hub, struct session *session, const struct frame *frame);
void send_blob_have (hub_t *hub, const struct reply *reply);
void send_blob_stored (hub_t *hub, const struct reply *reply);

/* A letter that names attachments comes into custody; it was recalled. */
MUST_USE err_t blob_expect (hub_t *hub, const struct item *item, const struct header *header);
MUST_USE err_t blob_recall (hub_t *hub, const struct item *item);

/* The chunk that a recipient asked for, unless a letter waits for it. */
void blob_serve (hub_t *hub, struct session *session);

/* Nobody waits any more for what this session asked. */
void blob_forget_session (hub_t *hub, struct session *session);

/* A slice of what takes longer than a turn may; false when nothing is left. */
bool hub_work (hub_t *hub);
bool blob_work_waits (hub_t *hub);

/* ---- serve.c ---- */

/* Sends an agency what its credit allows. */
void hub_serve (hub_t *hub, struct account *account);

/* ---- prove.c ---- */

/* Proofs of the custody log, as far as there is time for them. */
MUST_USE err_t hub_prove (hub_t *hub, struct session *session, const struct frame *frame);

/* ---- keeper.c ---- */

/* A letter's time is over: its sender gets the hub's signed word, unless it is on the way. */
MUST_USE err_t hub_expire (hub_t *hub, const struct item *item);

/* The clock's work, twice a second. */
void hub_tick (hub_t *hub);

/* Who may connect, anew: after a directory, a ban, or the hour. */
void hub_admit (hub_t *hub);

/* Reads the directory file again and acts on it. */
MUST_USE err_t hub_reload (hub_t *hub, problems_t *problems);

/* ---- reload.c ---- */

/* What HUP and the operator ask for: options that can change in a running hub, and the directory.
 * The options that only a restart changes are named as problems, which make nothing fail. */
MUST_USE err_t hub_read_again (hub_t *hub, problems_t *problems);

/* Those of the configuration that the hub was started with.  ERR_CONFIG with problems. */
MUST_USE err_t hub_read_quotas (hub_t *hub, problems_t *problems);

/* What this sender may have here, by the configuration in force. */
const struct quota *hub_quota (hub_t *hub, struct account *account);

/* ---- metrics.c ---- */

/* What the monitor shows: every figure, and what must hold for letters to be taken. */
void hub_metrics (void *hub, metrics_t *metrics);
void hub_conditions (void *hub, struct conditions *ret_conditions);

/* Of all agencies together. */
size_t hub_sessions (hub_t *hub);
uint64_t hub_queued (hub_t *hub, enum letter_class class);

/* Before the first group. */
void figures_start (struct figures *figures);

#endif
