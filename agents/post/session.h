/*
 * Inside the post: one session with the hub, shared by sender.c (out), receiver.c (in), prover.c (the
 * hub's log) and post.c (the conversation).  Everything that a batch of arrived frames changes in the ledger is one
 * transaction, the step; only after its commit does anything go back to the hub.
 */
#ifndef AGENTS_POST_SESSION_H
#define AGENTS_POST_SESSION_H

#include "agents/ledger/proof.h"
#include "agents/post/link.h"
#include "agents/post/post.h"
#include "jembatan/frame.h"

/* A Put that the hub has not answered. */
struct on_the_way {
	uint64_t pseq;
	struct letter_id id;
	uint64_t bytes;
	bool answered;               /* refused while earlier ones are still unanswered */
};

/* The attachment that moves this way, and whether the hub owes an answer for a piece of it. */
struct parcel_way {
	struct blob_id blob;
	uint64_t offset;             /* out: the next piece begins here; in: what was asked for */
	bool flying;
};

/* The attachment that is being packed or unpacked; none begins anew with the next slice. */
struct pack_work {
	uint64_t n;
	enum attachment_state state;
	blob_sealer_t *sealer;
	blob_opener_t *opener;
	size_t step;
	uint64_t offset;             /* unpacking: of the next piece */
	struct bytes rest;           /* of the last one, in over[] */
	uint8_t over[BLOB_STEP_BYTES];
	int64_t pause_ms;            /* monotonic: no work before */
};

/* Leaves of one question to the log: some 50 KiB come back, which is what a poor line bears. */
#define PROVER_BATCH 64u
#define PROVER_TOLD 16u              /* checkpoints of others that wait to be held against ours */

/* A checkpoint that the hub signed for somebody: in Welcome for us, in a letter for its sender. */
struct told_checkpoint {
	struct agency_id by;         /* none = the hub itself */
	char note[LIMIT_CHECKPOINT_BYTES + 1];
};

struct prover {
	bool asked;                  /* a ProofGet is on the way ... */
	int64_t asked_ms;            /* monotonic: ... since then, or since its silence was noted */
	int64_t pause_until_ms;      /* monotonic */
	int64_t lied_until_ms;       /* monotonic: until then nothing is asked for ourselves */
	struct told_checkpoint told[PROVER_TOLD];
	size_t told_count;
	/* The question: is what `told[0]` says consistent with ours; are the two checkpoints of the
	 * oldest report of one tree; or are these letters in the newest tree, which is consistent with
	 * ours. */
	enum prover_about { ABOUT_TOLD, ABOUT_REPORT, ABOUT_LETTERS } about;
	char ours[LIMIT_CHECKPOINT_BYTES + 1];
	struct proof_wanted wanted[PROVER_BATCH];
	size_t wanted_count;
};

#define SENDER_BATCH 64u             /* letters of one transaction */
#define ON_THE_WAY_MAX 1024u         /* the hub's credit never grows beyond it */

struct post {
	struct post_parts parts;
	zloop_t *loop;
	arena_t *arena;              /* of one frame, or of the letters of one batch */
	agent_link_t *link;
	enum { POST_WAITING, POST_CONNECTING, POST_GREETING, POST_OPEN } state;
	int64_t since_ms;            /* monotonic: of the state */
	int64_t changed_ms;          /* UTC: connected or not since */
	int64_t retry_ms;            /* monotonic: when to dial again */
	uint32_t failures;           /* in a row; the backoff grows with it */
	const struct hub_entry *hub;
	size_t endpoint;             /* index of the hub's endpoint that is tried */

	tx_t *step;                  /* open while frames are worked on */
	struct marks marks;
	char checkpoint[LIMIT_CHECKPOINT_BYTES + 1];
	bool marks_changed;
	bool stored_changed[CLASS_COUNT];
	uint32_t naks[CLASS_COUNT];       /* of one item in a row */
	bool refused_item[CLASS_COUNT];   /* NAKed: what follows it in the class will come again */

	struct credit credit;        /* the hub's window */
	struct on_the_way on_the_way[ON_THE_WAY_MAX];
	size_t on_the_way_first, on_the_way_count;
	uint64_t on_the_way_bytes;

	struct parcel_way out, in;
	struct pack_work work;

	/* Since the last HELLO: the newest directory that the hub says it has, the version that we
	 * asked it for, and the letter up to which we asked for recalls. */
	uint64_t hub_directory, asked_directory;
	uint64_t refused_directory;      /* of this session */
	struct letter_id asked_recall;
	/* The directory that is being fetched: its version and size, and what has come of it. */
	uint64_t fetch_version, fetch_total;
	buffer_t *fetch;
	struct prover prover;
	int tick, wake;              /* timers */
	bool wake_set;
	err_t stopped;
	struct post_status status;
	struct error_counts refused;     /* by the hub */
	void (*take_directory) (void *arg, directory_t *directory);
	void *take_arg;
};

/* The step's transaction, begun on first use. */
tx_t *post_step (struct post *post);

/* Commits it, with all that the desk owes for it; a failure ends the session or the daemon. */
void post_commit (struct post *post);

/* Sends; a frame that does not go ends the session. */
void post_send (struct post *post, const struct frame *frame);

/* Drops the session and with it the link; the next try comes after a pause that grows with each
 * failure. */
void post_hang_up (struct post *post, err_t why);

/* An error of the STOP lane ends the daemon on the next turn of the loop; any other is no matter. */
void post_stop_on (struct post *post, err_t err);

/* ---- fetch.c ---- */
/* Asks for the hub's directory, once, when it is newer than ours.  False when it is not. */
bool post_ask_directory (struct post *post);
/* A piece of it, or word of a newer one.  True when the whole has come and counts from now on. */
bool fetch_directory_is (struct post *post, const struct frame *frame);

/* ---- sender.c ---- */
/* Seals what is written, puts what is due as far as the window reaches.  Own transaction. */
void sender_pump (struct post *post);
void sender_put_ok (struct post *post, const struct frame *frame);
void sender_put_err (struct post *post, const struct frame *frame);
void sender_forget_window (struct post *post);

/* Doubles with each try, and spreads by up to half, so that agencies don't come back in step. */
int64_t post_backoff_ms (uint32_t tries);

/* ---- post.c ---- */
/* How long a hub that said BYE is left alone: as long as it asked, an hour at most, and up to as long
 * again (a minute at most), because it said the same to all of its agencies at once.  0: it did not
 * ask. */
int64_t post_asked_pause_ms (int64_t asked_ms);

/* ---- parcel.c ---- */
/* Asks for the next piece and sends the next one, when the hub owes no answer and no letter is due. */
void parcel_pump (struct post *post);
void parcel_have (struct post *post, const struct frame *frame);
void parcel_data (struct post *post, const struct frame *frame);
void parcel_forget (struct post *post);

/* ---- pack.c ---- */
/* A slice of packing or unpacking in a transaction of its own; wakes the post again while there is
 * more. */
void pack_work (struct post *post);
void pack_forget (struct post *post);

/* ---- note.c ---- */
/* The hub signed it; false too while there is no hub, or no note. */
bool note_read (struct post *post, const char *note, struct checkpoint *ret_checkpoint);
/* Is it of the hub's present store? */
bool note_of_this_log (const struct post *post, const struct checkpoint *checkpoint);
/* From now on ours, in HELLO and in every letter. */
void note_adopt (struct post *post, const char *note);
/* For good, in the ledger; its number there.  `against` is the number of one that it contradicts, or 0. */
uint64_t note_keep (struct post *post, const struct checkpoint *checkpoint, const char *note,
		    uint64_t against);
/* Two notes of the hub that can't both be true; the second was shown to `by`, or to us (none). */
void note_contradicted (struct post *post, const char *ours, const char *theirs,
			const struct agency_id *by);
/* One that the hub showed us is not signed by it, or not of the log that it named. */
void note_is_false (struct post *post, const char *theirs);
/* The hub has begun a new log, with this note: the last one of the old log is kept. */
void note_log_ended (struct post *post, const char *begun);

/* ---- prover.c ---- */
/* A new session: what was asked is not answered any more. */
void prover_begin (struct post *post);
/* Looks at a checkpoint that the hub signed for us (`by` NULL) or that came in a letter. */
void prover_told (struct post *post, const struct agency_id *by, const char *note);
/* Asks the next question when none is open, no letter is on the way and there is one. */
void prover_pump (struct post *post);
void prover_proof (struct post *post, const struct frame *frame);

/* ---- receiver.c ---- */
void receiver_deliver (struct post *post, const struct frame *frame);
/* After the step's commit: one STORED for each class that moved. */
void receiver_confirm (struct post *post);
/* How long the hub is asked to keep an item that was put off so often before. */
int64_t receiver_nak_ms (uint32_t before);

#endif
