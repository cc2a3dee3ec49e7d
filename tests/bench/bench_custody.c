/*
 * bench_custody FOLDER ENDPOINT hub|bare PAIRS LETTERS WINDOW: letters of 1 KiB, sealed
 * beforehand, from each sender to the recipient of its pair.  A sender has at most WINDOW
 * letters unanswered, and no more than the broker's credit; a recipient confirms what has
 * come with one STORED for each batch.  The clock runs from the first Put until every
 * letter is acknowledged and delivered. With a WINDOW of 1 the times from Put to
 * acknowledgement are the latency of an idle broker.
 *
 * The same load speaks two dialects: the hub's frames, and the bare broker's fixed
 * struct.
 */
#include <pthread.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#include "jembatan/clock.h"
#include "jembatan/frame.h"
#include "tests/bench/bare.h"
#include "tests/bench/network.h"

#define BATCH_MAX 256u    /* letters that a recipient confirms at once */
#define LETTER_BYTES 900u /* with length and signature: the smallest bucket */
#define SILENCE_MS 30000  /* a broker that says nothing so long has failed */

/* What a broker said, in either dialect. */
enum event_kind { EVENT_NOTHING, EVENT_WELCOME, EVENT_CREDIT, EVENT_TAKEN, EVENT_LETTER };

struct event {
	enum event_kind kind;
	uint64_t up_to;
	struct credit credit;
};

struct agency {
	void *socket;
	const char *side;
	size_t pair;
	bool receives;
	struct credit credit;
	struct bytes *put;        /* a sender's frames, in order */
	uint64_t done, confirmed; /* acknowledged, or delivered and confirmed */
	uint64_t sent;
	int64_t *sent_us;
	arena_t *letters;
};

struct dialect {
	const char *name;
	struct bytes (*hello) (const struct agency *agency, arena_t *arena);
	struct bytes (*put) (const struct agency *agency, uint64_t number,
			     const struct sealed *sealed, arena_t *arena);
	struct bytes (*stored) (const struct agency *agency, uint64_t up_to,
				arena_t *arena);
	struct event (*read) (struct bytes frame, arena_t *arena);
};

static struct {
	const char *folder, *endpoint;
	const struct dialect *dialect;
	size_t pairs, letters, window;
	struct agency sender[BARE_PAIRS_MAX], recipient[BARE_PAIRS_MAX];
	pthread_barrier_t start;
	int64_t first_us, sent_end_us, received_end_us;
	int64_t *latency_us;
	size_t latency_count;
} load;

static int64_t now_us (void)
{
	struct timespec now;

	clock_gettime (CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* ---- the hub's dialect ---- */

static struct bytes hub_hello (const struct agency *agency, arena_t *arena)
{
	struct frame frame = { .type = FRAME_HELLO };

	frame.hello.protocol_min = frame.hello.protocol_max = PROTOCOL_VERSION;
	frame.hello.agency = bench_agency (agency->side, agency->pair);
	random16_make (frame.hello.store_id.b);
	frame.hello.next_pseq = 1;
	frame.hello.directory_version = 1;
	frame.hello.checkpoint = "";
	return frame_encode (&frame, arena);
}

static struct bytes hub_put (const struct agency *agency, uint64_t number,
			     const struct sealed *sealed, arena_t *arena)
{
	struct frame frame = { .type = FRAME_PUT };

	frame.put.pseq = number;
	frame.put.h = sealed->h;
	frame.put.c = sealed->c;
	return frame_encode (&frame, arena);
}

static struct bytes hub_stored (const struct agency *agency, uint64_t up_to,
				arena_t *arena)
{
	struct frame frame = { .type = FRAME_STORED };

	frame.stored.class = CLASS_ROUTINE;
	frame.stored.up_to = up_to;
	return frame_encode (&frame, arena);
}

static struct event hub_read (struct bytes bytes, arena_t *arena)
{
	struct frame frame;

	MUST (frame_decode (bytes, arena, &frame) == ERR_OK);
	MUST (frame.type != FRAME_PUT_ERR && frame.type != FRAME_BYE);
	if (frame.type == FRAME_WELCOME)
		return (struct event){ EVENT_WELCOME, 0, frame.welcome.credit };
	if (frame.type == FRAME_CREDIT)
		return (struct event){ EVENT_CREDIT, 0, frame.credit };
	if (frame.type == FRAME_PUT_OK)
		return (struct event){ .kind = EVENT_TAKEN, .up_to = frame.put_ok.up_to };
	if (frame.type == FRAME_DELIVER && frame.deliver.item == DELIVER_LETTER)
		return (struct event){ .kind = EVENT_LETTER,
				       .up_to = frame.deliver.dseq };
	return (struct event){ EVENT_NOTHING, 0, { 0, 0 } };
}

/* ---- the bare broker's dialect ---- */

static struct bytes bare_frame (struct bare head, struct bytes h, struct bytes c,
				arena_t *arena)
{
	uint8_t *frame = arena_must (arena, sizeof head + h.len + c.len);

	memcpy (frame, &head, sizeof head);
	if (h.len > 0)
		memcpy (frame + sizeof head, h.data, h.len);
	if (c.len > 0)
		memcpy (frame + sizeof head + h.len, c.data, c.len);
	return (struct bytes){ frame, sizeof head + h.len + c.len };
}

static struct bytes bare_hello (const struct agency *agency, arena_t *arena)
{
	struct bare head = { .type = BARE_HELLO,
			     .pair = (uint32_t)agency->pair,
			     .h_len = agency->receives };

	return bare_frame (head, BYTES_NONE, BYTES_NONE, arena);
}

static struct bytes bare_put (const struct agency *agency, uint64_t number,
			      const struct sealed *sealed, arena_t *arena)
{
	struct bare head = { .type = BARE_PUT,
			     .pair = (uint32_t)agency->pair,
			     .h_len = (uint16_t)sealed->h.len,
			     .number = number };

	return bare_frame (head, sealed->h, sealed->c, arena);
}

static struct bytes bare_stored (const struct agency *agency, uint64_t up_to,
				 arena_t *arena)
{
	struct bare head = { .type = BARE_STORED,
			     .pair = (uint32_t)agency->pair,
			     .number = up_to };

	return bare_frame (head, BYTES_NONE, BYTES_NONE, arena);
}

static struct event bare_read (struct bytes bytes, arena_t *arena)
{
	static const enum event_kind kinds[] = {
		[BARE_WELCOME] = EVENT_WELCOME,
		[BARE_TAKEN] = EVENT_TAKEN,
		[BARE_DELIVER] = EVENT_LETTER,
	};
	struct bare head;

	MUST (bytes.len >= sizeof head);
	memcpy (&head, bytes.data, sizeof head);
	MUST (head.type < COUNT_OF (kinds));
	return (struct event){ kinds[head.type],
			       head.number,
			       { HUB_CREDIT_LETTERS_MAX, HUB_CREDIT_BYTES_MAX } };
}

static const struct dialect dialects[] = {
	{ "hub", hub_hello, hub_put, hub_stored, hub_read },
	{ "bare", bare_hello, bare_put, bare_stored, bare_read },
};

/* ---- letters, sealed beforehand ---- */

static struct sealed seal_one (const struct agency *agency, const struct public_key *box,
			       const keypair_t *sig, arena_t *arena)
{
	static const uint8_t text[LETTER_BYTES] = "surat";
	struct header header = {
		.from = bench_agency (BENCH_SENDER, agency->pair),
		.to = bench_agency (BENCH_RECIPIENT, agency->pair),
		.expires_at_ms = clock_now_ms () + LETTER_EXPIRY_DEFAULT_MS,
		.class = CLASS_ROUTINE,
	};
	struct sealed sealed;

	uuid7_make (header.id.b);
	MUST (envelope_seal (&header, BYTES_OF (text), box, sig, arena, &sealed) ==
	      ERR_OK);
	MUST (header.bucket == 0);
	return sealed;
}

static void seal_all (struct agency *agency)
{
	OWNED (keypair)
	sig = bench_agency_key (KEY_SIG, load.folder, BENCH_SENDER, agency->pair);
	OWNED (keypair)
	box = bench_agency_key (KEY_BOX, load.folder, BENCH_RECIPIENT, agency->pair);
	OWNED (arena) scratch = arena_new (64 * KIB);
	struct public_key box_key = keypair_public (box);

	agency->letters = arena_new (load.letters * 2 * KIB);
	agency->put = must_alloc (load.letters * sizeof *agency->put);
	agency->sent_us = must_alloc (load.letters * sizeof *agency->sent_us);
	for (size_t i = 0; i < load.letters; i++) {
		struct sealed sealed;

		arena_reset (scratch);
		sealed = seal_one (agency, &box_key, sig, scratch);
		agency->put[i] =
			load.dialect->put (agency, i + 1, &sealed, agency->letters);
	}
}

/* ---- sockets ---- */

static void set_curve (void *socket, const struct agency *agency)
{
	OWNED (keypair) hub = bench_key (KEY_LINK, load.folder, "hub");
	OWNED (keypair)
	own = bench_agency_key (KEY_LINK, load.folder, agency->side, agency->pair);
	struct public_key hub_key = keypair_public (hub), own_key = keypair_public (own);

	zmq_setsockopt (socket, ZMQ_CURVE_SERVERKEY, hub_key.b, sizeof hub_key.b);
	zmq_setsockopt (socket, ZMQ_CURVE_PUBLICKEY, own_key.b, sizeof own_key.b);
	zmq_setsockopt (socket, ZMQ_CURVE_SECRETKEY, keypair_secret (own).data, 32);
}

static void send_frame (struct agency *agency, struct bytes frame)
{
	MUST (zmq_send (agency->socket, frame.data, frame.len, 0) == (int)frame.len);
}

/* The next thing the broker said, or EVENT_NOTHING when nothing is there. */
static struct event receive (struct agency *agency, int flags, arena_t *arena)
{
	struct event event = { EVENT_NOTHING, 0, { 0, 0 } };
	zmq_msg_t message;

	zmq_msg_init (&message);
	if (zmq_msg_recv (&message, agency->socket, flags) >= 0) {
		arena_reset (arena);
		event = load.dialect->read ((struct bytes){ zmq_msg_data (&message),
							    zmq_msg_size (&message) },
					    arena);
	} else {
		MUST (flags == ZMQ_DONTWAIT);
	}
	zmq_msg_close (&message);
	return event;
}

static void tell_credit (struct agency *agency, arena_t *arena)
{
	struct frame frame = { .type = FRAME_CREDIT };

	if (strcmp (load.dialect->name, "hub") != 0)
		return;
	frame.credit = (struct credit){ AGENT_CREDIT_LETTERS, AGENT_CREDIT_BYTES };
	send_frame (agency, frame_encode (&frame, arena));
}

static void open_agency (struct agency *agency, void *context)
{
	OWNED (arena) arena = arena_new (64 * KIB);
	struct event event;
	int none = 0, silence = SILENCE_MS;

	agency->socket = zmq_socket (context, ZMQ_DEALER);
	set_curve (agency->socket, agency);
	zmq_setsockopt (agency->socket, ZMQ_LINGER, &none, sizeof none);
	zmq_setsockopt (agency->socket, ZMQ_SNDHWM, &none, sizeof none);
	zmq_setsockopt (agency->socket, ZMQ_RCVHWM, &none, sizeof none);
	zmq_setsockopt (agency->socket, ZMQ_RCVTIMEO, &silence, sizeof silence);
	MUST (zmq_connect (agency->socket, load.endpoint) == 0);
	send_frame (agency, load.dialect->hello (agency, arena));
	event = receive (agency, 0, arena);
	MUST (event.kind == EVENT_WELCOME);
	agency->credit = event.credit;
	if (agency->receives)
		tell_credit (agency, arena);
}

/* One context for all agencies of a side; gives what to poll. */
static zmq_pollitem_t *open_side (struct agency *agencies)
{
	zmq_pollitem_t *items = must_alloc (load.pairs * sizeof *items);
	void *context = zmq_ctx_new ();

	for (size_t i = 0; i < load.pairs; i++) {
		open_agency (&agencies[i], context);
		items[i] = (zmq_pollitem_t){ .socket = agencies[i].socket,
					     .events = ZMQ_POLLIN };
	}
	return items;
}

/* ---- senders ---- */

static void note_taken (struct agency *agency, uint64_t up_to)
{
	int64_t now = now_us ();

	MUST (up_to <= agency->sent);
	for (; agency->done < up_to; agency->done++)
		load.latency_us[load.latency_count++] =
			now - agency->sent_us[agency->done];
}

static bool may_send (const struct agency *agency)
{
	uint64_t open = agency->sent - agency->done;

	return agency->sent < load.letters && open < load.window &&
	       open < agency->credit.letters &&
	       (open + 1) * agency->put[0].len <= agency->credit.bytes;
}

/* Whether anything happened. */
static bool pump_sender (struct agency *agency, arena_t *arena)
{
	bool moved = false;
	struct event event;

	while ((event = receive (agency, ZMQ_DONTWAIT, arena)).kind != EVENT_NOTHING) {
		if (event.kind == EVENT_TAKEN)
			note_taken (agency, event.up_to);
		if (event.kind == EVENT_CREDIT)
			agency->credit = event.credit;
		moved = true;
	}
	for (; may_send (agency); moved = true) {
		agency->sent_us[agency->sent] = now_us ();
		send_frame (agency, agency->put[agency->sent++]);
	}
	return moved;
}

static void *run_senders (void *unused)
{
	OWNED (arena) arena = arena_new (LIMIT_DECODE_ARENA_BYTES);
	zmq_pollitem_t *items = open_side (load.sender);
	size_t total = load.pairs * load.letters;

	pthread_barrier_wait (&load.start);
	load.first_us = now_us ();
	while (load.latency_count < total) {
		bool moved = false;

		for (size_t i = 0; i < load.pairs; i++)
			moved |= pump_sender (&load.sender[i], arena);
		if (!moved)
			MUST (zmq_poll (items, (int)load.pairs, SILENCE_MS) > 0);
	}
	load.sent_end_us = now_us ();
	free (items);
	return NULL;
}

/* ---- recipients ---- */

static void confirm (struct agency *agency, arena_t *arena)
{
	if (agency->confirmed == agency->done)
		return;
	arena_reset (arena);
	send_frame (agency, load.dialect->stored (agency, agency->done, arena));
	agency->confirmed = agency->done;
}

/* How many letters came. */
static size_t pump_recipient (struct agency *agency, arena_t *arena)
{
	uint64_t before = agency->done;

	while (agency->done - before < BATCH_MAX) {
		struct event event = receive (agency, ZMQ_DONTWAIT, arena);

		if (event.kind == EVENT_NOTHING)
			break;
		if (event.kind != EVENT_LETTER)
			continue;
		MUST (event.up_to == agency->done + 1); /* each once, in order */
		agency->done = event.up_to;
	}
	confirm (agency, arena);
	return agency->done - before;
}

static void *run_recipients (void *unused)
{
	OWNED (arena) arena = arena_new (LIMIT_DECODE_ARENA_BYTES);
	zmq_pollitem_t *items = open_side (load.recipient);
	size_t left = load.pairs * load.letters;

	pthread_barrier_wait (&load.start);
	while (left > 0) {
		MUST (zmq_poll (items, (int)load.pairs, SILENCE_MS) > 0);
		for (size_t i = 0; i < load.pairs; i++) {
			if (items[i].revents != 0)
				left -= pump_recipient (&load.recipient[i], arena);
		}
	}
	load.received_end_us = now_us ();
	free (items);
	return NULL;
}

/* ---- the figures ---- */

static int by_size (const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void print_figures (void)
{
	size_t n = load.latency_count;
	int64_t end = load.sent_end_us > load.received_end_us ? load.sent_end_us
							      : load.received_end_us;

	qsort (load.latency_us, n, sizeof *load.latency_us, by_size);
	printf ("{\"letters_per_s\": %.0f, \"ack_p50_us\": %lld, \"ack_p99_us\": %lld}\n",
		(double)n * 1e6 / (double)(end - load.first_us),
		(long long)load.latency_us[n / 2],
		(long long)load.latency_us[n * 99 / 100]);
}

static bool read_arguments (char **argv)
{
	load.folder = argv[1];
	load.endpoint = argv[2];
	for (size_t i = 0; i < COUNT_OF (dialects); i++) {
		if (strcmp (dialects[i].name, argv[3]) == 0)
			load.dialect = &dialects[i];
	}
	load.pairs = strtoul (argv[4], NULL, 10);
	load.letters = strtoul (argv[5], NULL, 10);
	load.window = strtoul (argv[6], NULL, 10);
	return load.dialect != NULL && load.pairs > 0 && load.pairs <= BARE_PAIRS_MAX &&
	       load.letters > 0 && load.window > 0;
}

int main (int argc, char **argv)
{
	pthread_t senders, recipients;

	if (argc != 7 || !read_arguments (argv)) {
		fprintf (stderr, "usage: bench_custody FOLDER ENDPOINT hub|bare PAIRS "
				 "LETTERS WINDOW\n");
		return 2;
	}
	MUST (keys_start () == ERR_OK);
	load.latency_us =
		must_alloc (load.pairs * load.letters * sizeof *load.latency_us);
	for (size_t i = 0; i < load.pairs; i++) {
		load.sender[i] = (struct agency){ .side = BENCH_SENDER, .pair = i };
		load.recipient[i] = (struct agency){ .side = BENCH_RECIPIENT,
						     .pair = i,
						     .receives = true };
		seal_all (&load.sender[i]);
	}
	pthread_barrier_init (&load.start, NULL, 2);
	pthread_create (&recipients, NULL, run_recipients, NULL);
	pthread_create (&senders, NULL, run_senders, NULL);
	pthread_join (senders, NULL);
	pthread_join (recipients, NULL);
	print_figures ();
	fflush (stdout);
	_exit (0); /* what the broker still has to say does not matter */
}
