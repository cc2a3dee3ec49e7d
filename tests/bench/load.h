/*
 * What the files of bench_load share: the agencies of the measured pairs and what they are to do.
 *
 *   load_work.c     which workload, and what the environment changes in it
 *   load_agency.c   an agency's keys, letters and connection
 *   load_traffic.c  the two threads: senders and recipients
 *   bench_load.c    runs them and prints the figures
 */
#ifndef TESTS_BENCH_LOAD_H
#define TESTS_BENCH_LOAD_H

#include <pthread.h>
#include <semaphore.h>
#include <zmq.h>

#include "tests/bench/bare.h"
#include "tests/bench/dialect.h"
#include "tests/bench/network.h"

#define LETTER_BYTES 900u  /* with length and signature: the smallest bucket */
#define RECEIPT_BYTES 36u  /* of a letter in a batch's receipt: a header hash and some words */
#define BATCH_MAX 256u
#define SILENCE_MS 60000   /* a broker that says nothing so long has failed */
#define PAIRS_MAX (BARE_LANES_MAX / 2)

struct agency {
	struct agency_id id;
	struct agency *partner;
	void *socket;
	bool sends;                  /* the sender of its pair */
	uint32_t lane_out, lane_in;
	struct credit credit;
	uint64_t sent, taken, received, confirmed, receipted, burst;
	int64_t *sent_us;            /* by number */
	sem_t settled;               /* W2: what was sent last is confirmed */
	struct header header;        /* of its letters; the id rises */
	struct bytes h, c;           /* as the broker sees them; the id stands at h.data + id_at */
	size_t id_at;
	keypair_t *sig, *box;
	arena_t *letters, *arena;
};

struct load {
	const char *folder, *endpoint, *work, *label;
	const struct dialect *dialect;
	size_t first, pairs;         /* of the network's pairs: the first one used, and how many */
	size_t letters, window, batch;
	size_t rate, burst_s;        /* letters a second at most, after so many seconds without limit */
	bool backlog, crypto, mixed, fill_only;
	long server;
	int64_t end_us;              /* with SECONDS: when sending ends */
	struct agency sender[PAIRS_MAX], recipient[PAIRS_MAX];
	pthread_barrier_t gate;      /* both threads are connected */
	int64_t first_us, last_us;   /* of sending */
	double *ack_ms, *receive_ms;
	size_t ack_count, receive_count, room;
};
extern struct load load;

int64_t now_us (void);

/* Reads the workload and the environment; false when there is no such work or a number is nonsense. */
bool work_choose (const char *name);

/* Fills load.sender and load.recipient. */
void agencies_make (void);
/* Connects and greets; both sides' sockets live until the process ends. */
void agency_join (struct agency *agency, void *context);
void agency_send_frame (struct agency *agency, struct bytes frame);
/* The next letter, sealed for the partner or a copy of the mould; valid until the arena is reset. */
struct sealed agency_letter (struct agency *agency, size_t bytes);
void agency_unseal (struct agency *agency, const struct event *event);
/* The next thing the broker said, or EVENT_NOTHING when nothing is there; borrowed from message. */
struct event agency_receive (struct agency *agency, zmq_msg_t *message, int flags);

/* The threads' functions; their argument is not used. */
void *senders_run (void *unused);
void *recipients_run (void *unused);

#endif
