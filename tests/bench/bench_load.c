/*
 * bench_load FOLDER ENDPOINT hub|bare WORK: one workload against a broker, and one line of figures.
 *
 *   W1  one pair, 50,000 letters, 1,000 unanswered at most
 *   W2  one pair, 2,000 letters, one in flight: the next goes when the last one is confirmed
 *   W3  100 pairs, 500 letters each, 10 unanswered at most
 *   W4  one pair, 200,000 letters that wait until the recipient comes and drains them
 *
 * N, WINDOW, PAIRS and ACKBATCH change a workload; SECONDS lets it run so long instead of N letters;
 * SERVER_PID names the broker's process, for its memory and time; LABEL stands at the line's head.
 *
 * Letters are of 1 KiB and look sealed to a broker, which can't tell: a header of its own for each,
 * and random bytes for wrapped key and ciphertext.  CRYPTO=1 does what two agencies do: each letter
 * is sealed and signed when it is sent, opened and verified when it comes, and each batch that is
 * confirmed is receipted by one sealed and signed letter back, which is opened and verified too.
 */
#include <pthread.h>
#include <semaphore.h>
#include <time.h>
#include <zmq.h>

#include "jembatan/clock.h"
#include "tests/bench/bare.h"
#include "tests/bench/dialect.h"
#include "tests/bench/network.h"
#include "tests/bench/server.h"

#define LETTER_BYTES 900u  /* with length and signature: the smallest bucket */
#define RECEIPT_BYTES 36u  /* of a letter in a batch's receipt: a header hash and some words */
#define BATCH_MAX 256u
#define SILENCE_MS 60000   /* a broker that says nothing so long has failed */

struct agency {
	struct agency_id id;
	struct agency *partner;
	void *socket;
	bool sends;                  /* the sender of its pair */
	uint32_t lane_out, lane_in;
	struct credit credit;
	uint64_t sent, taken, received, confirmed, receipted;
	int64_t *sent_us;            /* by number */
	sem_t settled;               /* W2: what was sent last is confirmed */
	struct header header;        /* of its letters; the id rises */
	struct bytes h, c;           /* as the broker sees them; the id stands at h.data + id_at */
	size_t id_at;
	keypair_t *sig, *box;
	arena_t *letters, *arena;
};

static struct {
	const char *folder, *endpoint, *work, *label;
	const struct dialect *dialect;
	size_t pairs, letters, window, batch;
	bool backlog, crypto;
	long server;
	int64_t end_us;              /* with SECONDS: when sending ends */
	struct agency sender[BARE_LANES_MAX], recipient[BARE_LANES_MAX];
	pthread_barrier_t gate;
	int64_t first_us, last_us;
	double *ack_ms, *receive_ms;
	size_t ack_count, receive_count, room;
} load;

static int64_t now_us (void)
{
	struct timespec now;

	clock_gettime (CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* ---- letters ---- */

static void next_id (struct letter_id *id)
{
	for (size_t i = sizeof id->b; i-- > 9 && ++id->b[i] == 0;)
		;
}

/* One header and one ciphertext of which every letter is a copy with the next id. */
static void make_mould (struct agency *agency)
{
	struct key_id random;
	uint8_t *c = arena_must (agency->letters, cipher_bytes (0));

	agency->header = (struct header){ .version = 1, .suite = 1, .from = agency->id, .to = agency->partner->id,
					  .expires_at_ms = clock_now_ms () + LETTER_EXPIRY_DEFAULT_MS,
					  .class = CLASS_ROUTINE };
	uuid7_make (agency->header.id.b);
	memset (agency->header.id.b + 9, 0, 7);
	random16_make (agency->header.box_key_id.b);
	for (size_t i = 0; i < sizeof agency->header.wrapped; i += sizeof random) {
		random16_make (random.b);
		memcpy (agency->header.wrapped + i, random.b, sizeof random);
	}
	for (size_t i = 0; i < cipher_bytes (0); i++)
		c[i] = (uint8_t)(i * 131 + i / 7);
	agency->c = (struct bytes){ c, cipher_bytes (0) };
	agency->h = header_encode (&agency->header, agency->letters);
	agency->id_at = (size_t)((const uint8_t *)memmem (agency->h.data, agency->h.len,
							  agency->header.id.b, 16) - agency->h.data);
}

static struct sealed seal (struct agency *agency, size_t bytes)
{
	static const uint8_t text[BATCH_MAX * RECEIPT_BYTES + LETTER_BYTES] = "surat";
	struct public_key box = keypair_public (agency->partner->box);
	struct sealed sealed;

	MUST (envelope_seal (&agency->header, (struct bytes){ text, bytes }, &box, agency->sig,
			     agency->arena, &sealed) == ERR_OK);
	return sealed;
}

static void unseal (struct agency *agency, const struct event *event)
{
	struct public_key sig = keypair_public (agency->partner->sig);
	struct header header;
	struct sealed opened;

	MUST (header_decode (event->h, &header) == ERR_OK);
	MUST (envelope_open (&header, event->h, event->c, &agency->box, 1, agency->arena, &opened) ==
	      ERR_OK);
	MUST (envelope_verify (&opened, &sig) == ERR_OK);
}

/* ---- sockets ---- */

static void set_curve (struct agency *agency)
{
	OWNED (keypair) hub = bench_key (KEY_LINK, load.folder, "hub");
	OWNED (keypair) own = bench_agency_key (KEY_LINK, load.folder, &agency->id);
	struct public_key hub_key = keypair_public (hub), own_key = keypair_public (own);

	zmq_setsockopt (agency->socket, ZMQ_CURVE_SERVERKEY, hub_key.b, sizeof hub_key.b);
	zmq_setsockopt (agency->socket, ZMQ_CURVE_PUBLICKEY, own_key.b, sizeof own_key.b);
	zmq_setsockopt (agency->socket, ZMQ_CURVE_SECRETKEY, keypair_secret (own).data, 32);
}

static void send_frame (struct agency *agency, struct bytes frame)
{
	MUST (zmq_send (agency->socket, frame.data, frame.len, 0) == (int)frame.len);
}

static void open_agency (struct agency *agency, void *context)
{
	int none = 0, silence = SILENCE_MS;

	agency->socket = zmq_socket (context, ZMQ_DEALER);
	MUST (agency->socket != NULL);
	set_curve (agency);
	zmq_setsockopt (agency->socket, ZMQ_LINGER, &none, sizeof none);
	zmq_setsockopt (agency->socket, ZMQ_SNDHWM, &none, sizeof none);
	zmq_setsockopt (agency->socket, ZMQ_RCVHWM, &none, sizeof none);
	zmq_setsockopt (agency->socket, ZMQ_RCVTIMEO, &silence, sizeof silence);
	MUST (zmq_connect (agency->socket, load.endpoint) == 0);
}

/* The next thing the broker said, or EVENT_NOTHING when nothing is there; borrowed from message. */
static struct event receive (struct agency *agency, zmq_msg_t *message, int flags)
{
	if (zmq_msg_recv (message, agency->socket, flags) < 0) {
		MUST (flags == ZMQ_DONTWAIT);
		return (struct event){ .kind = EVENT_NOTHING };
	}
	arena_reset (agency->arena);
	return load.dialect->read ((struct bytes){ zmq_msg_data (message), zmq_msg_size (message) },
				   agency->arena);
}

/* On a lane of the bare brokers one side says that it receives; a hub's agency says HELLO once. */
static void greet (struct agency *agency, uint32_t lane, bool receives)
{
	zmq_msg_t message;
	struct event event;

	zmq_msg_init (&message);
	send_frame (agency, load.dialect->hello (&agency->id, lane, receives, agency->arena));
	event = receive (agency, &message, 0);
	MUST (event.kind == EVENT_WELCOME);
	agency->credit = event.credit;
	zmq_msg_close (&message);
}

static void join (struct agency *agency, void *context)
{
	bool receives = !agency->sends || load.crypto;

	open_agency (agency, context);
	if (load.dialect->credit == NULL) {
		greet (agency, agency->lane_out, false);
		greet (agency, agency->lane_in, receives);
		return;
	}
	greet (agency, 0, receives);
	if (receives)
		send_frame (agency, load.dialect->credit (agency->arena));
}

/* ---- sending ---- */

static void send_letter (struct agency *agency, size_t bytes)
{
	struct sealed sealed;

	next_id (&agency->header.id);
	arena_reset (agency->arena);
	if (load.crypto) {
		sealed = seal (agency, bytes);
	} else {
		memcpy ((uint8_t *)(uintptr_t)agency->h.data + agency->id_at, agency->header.id.b, 16);
		sealed.h = agency->h;
		sealed.c = agency->c;
	}
	agency->sent++;
	if (agency->sends)
		agency->sent_us[agency->sent % load.room] = now_us ();
	send_frame (agency, load.dialect->put (agency->lane_out, agency->sent, sealed.h, sealed.c,
					       agency->arena));
}

static bool may_send (struct agency *agency)
{
	uint64_t open = agency->sent - agency->taken;

	if (agency->sent == load.letters || open >= load.window || open >= agency->credit.letters ||
	    (open + 1) * 1500 > agency->credit.bytes)
		return false;
	if (load.end_us > 0 && now_us () > load.end_us)
		return false;
	if (load.window == 1 && !load.backlog && agency->sent > 0)
		sem_wait (&agency->settled);
	return true;
}

static void note_taken (struct agency *agency, uint64_t up_to)
{
	int64_t now = now_us ();

	MUST (up_to <= agency->sent);
	while (agency->taken < up_to) {
		agency->taken++;
		if (agency->sends && load.ack_count < load.room)
			load.ack_ms[load.ack_count++] =
				(double)(now - agency->sent_us[agency->taken % load.room]) / 1e3;
	}
}

/* ---- receiving ---- */

static void note_received (struct agency *agency, const struct event *event)
{
	MUST (event->up_to == agency->received + 1);   /* each once, in order */
	agency->received = event->up_to;
	if (load.crypto)
		unseal (agency, event);
	if (!agency->sends && load.receive_count < load.room)
		load.receive_ms[load.receive_count++] =
			(double)(now_us () - agency->partner->sent_us[event->up_to % load.room]) / 1e3;
}

static void confirm (struct agency *agency)
{
	uint64_t count = agency->received - agency->confirmed;

	if (count == 0)
		return;
	arena_reset (agency->arena);
	send_frame (agency, load.dialect->stored (agency->lane_in, agency->received, agency->arena));
	agency->confirmed = agency->received;
	if (agency->sends)
		return;
	if (load.crypto) {
		send_letter (agency, count * RECEIPT_BYTES);
		__atomic_fetch_add (&agency->partner->receipted, count, __ATOMIC_RELAXED);
	}
	if (load.window == 1)
		sem_post (&agency->partner->settled);
}

static bool batch_is_full (const struct agency *agency)
{
	uint64_t count = agency->received - agency->confirmed;

	return count >= load.batch || count >= BATCH_MAX;
}

/* Takes what has come; whether anything had. */
static bool take_all (struct agency *agency)
{
	zmq_msg_t message;
	struct event event;
	bool moved = false;

	zmq_msg_init (&message);
	while ((event = receive (agency, &message, ZMQ_DONTWAIT)).kind != EVENT_NOTHING ||
	       zmq_msg_size (&message) > 0) {
		if (event.kind == EVENT_TAKEN)
			note_taken (agency, event.up_to);
		if (event.kind == EVENT_CREDIT)
			agency->credit = event.credit;
		if (event.kind == EVENT_LETTER)
			note_received (agency, &event);
		if (batch_is_full (agency))
			confirm (agency);
		moved = true;
		zmq_msg_close (&message);
		zmq_msg_init (&message);
	}
	zmq_msg_close (&message);
	confirm (agency);
	return moved;
}

/* ---- the two threads ---- */

/* One context for all agencies of a side; gives what to poll. */
static zmq_pollitem_t *open_side (struct agency *agencies)
{
	zmq_pollitem_t *items = must_alloc (load.pairs * sizeof *items);
	void *context = zmq_ctx_new ();

	for (size_t i = 0; i < load.pairs; i++) {
		join (&agencies[i], context);
		items[i] = (zmq_pollitem_t){ .socket = agencies[i].socket, .events = ZMQ_POLLIN };
	}
	return items;
}

/* With receipts a pair is done when the last of them has come back. */
static bool sender_is_done (const struct agency *agency)
{
	bool sent_all = agency->sent == load.letters || (load.end_us > 0 && now_us () > load.end_us);
	uint64_t receipted = __atomic_load_n (&agency->receipted, __ATOMIC_RELAXED);

	return sent_all && agency->taken == agency->sent &&
	       (!load.crypto || (receipted == agency->sent &&
				 agency->received == agency->partner->sent));
}

static void *run_senders (void *unused)
{
	zmq_pollitem_t *items = open_side (load.sender);
	size_t done = 0;

	pthread_barrier_wait (&load.gate);
	load.first_us = now_us ();
	while (done < load.pairs) {
		bool moved = false;

		done = 0;
		for (size_t i = 0; i < load.pairs; i++) {
			struct agency *agency = &load.sender[i];

			moved |= take_all (agency);
			for (; may_send (agency); moved = true)
				send_letter (agency, LETTER_BYTES);
			done += sender_is_done (agency);
		}
		if (!moved && done < load.pairs)
			zmq_poll (items, (int)load.pairs, load.end_us > 0 ? 10 : 100);
	}
	load.last_us = now_us ();
	free (items);
	return NULL;
}

static bool recipient_is_done (const struct agency *agency)
{
	uint64_t sent = __atomic_load_n (&agency->partner->sent, __ATOMIC_RELAXED);

	return agency->confirmed == sent && (sent == load.letters ||
					     (load.end_us > 0 && now_us () > load.end_us));
}

static void *run_recipients (void *unused)
{
	zmq_pollitem_t *items = open_side (load.recipient);
	int64_t heard_us = now_us ();
	size_t done = 0;

	pthread_barrier_wait (&load.gate);
	while (done < load.pairs) {
		bool moved = false;

		zmq_poll (items, (int)load.pairs, 100);
		done = 0;
		for (size_t i = 0; i < load.pairs; i++) {
			if (items[i].revents != 0)
				moved |= take_all (&load.recipient[i]);
			done += recipient_is_done (&load.recipient[i]);
		}
		heard_us = moved ? now_us () : heard_us;
		MUST (done == load.pairs || now_us () - heard_us < SILENCE_MS * INT64_C (1000));
	}
	free (items);
	return NULL;
}

/* ---- figures ---- */

static int by_size (const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double percentile (double *values, size_t count, size_t percent)
{
	if (count == 0)
		return 0;
	qsort (values, count, sizeof *values, by_size);
	return values[(count - 1) * percent / 100];
}

static uint64_t letters_sent (void)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < load.pairs; i++)
		sum += load.sender[i].sent;
	return sum;
}

static double per_second (uint64_t letters, int64_t us)
{
	return (double)letters * 1e6 / (double)(us > 0 ? us : 1);
}

static void run_live (void)
{
	double mib = server_mib (load.server), cpu = server_cpu_s (load.server);
	pthread_t senders, recipients;
	int64_t end;
	uint64_t sent;

	pthread_barrier_init (&load.gate, NULL, 2);
	pthread_create (&recipients, NULL, run_recipients, NULL);
	pthread_create (&senders, NULL, run_senders, NULL);
	pthread_join (senders, NULL);
	pthread_join (recipients, NULL);
	end = now_us ();
	sent = letters_sent ();
	printf ("%s %s msgs_per_s=%.0f recv_p50_ms=%.3f recv_p99_ms=%.3f ack_p50_ms=%.3f "
		"ack_p99_ms=%.3f mem_mb=%.1f mem_start_mb=%.1f server_cpu_us_per_msg=%.1f\n",
		load.label, load.work, per_second (sent, end - load.first_us),
		percentile (load.receive_ms, load.receive_count, 50),
		percentile (load.receive_ms, load.receive_count, 99),
		percentile (load.ack_ms, load.ack_count, 50),
		percentile (load.ack_ms, load.ack_count, 99), server_mib (load.server), mib,
		(server_cpu_s (load.server) - cpu) * 1e6 / (double)sent);
}

/* First the senders alone, then the recipients alone. */
static void run_backlog (void)
{
	double empty = server_mib (load.server), full, cpu;
	pthread_t thread;
	int64_t filled_us, began_us;

	pthread_barrier_init (&load.gate, NULL, 1);
	pthread_create (&thread, NULL, run_senders, NULL);
	pthread_join (thread, NULL);
	filled_us = load.last_us - load.first_us;
	full = server_mib (load.server);
	cpu = server_cpu_s (load.server);
	began_us = now_us ();
	pthread_create (&thread, NULL, run_recipients, NULL);
	pthread_join (thread, NULL);
	printf ("%s %s fill_per_s=%.0f drain_per_s=%.0f mem_empty_mb=%.1f mem_backlog_mb=%.1f "
		"mem_drained_mb=%.1f drain_cpu_us_per_msg=%.1f\n",
		load.label, load.work, per_second (letters_sent (), filled_us),
		per_second (letters_sent (), now_us () - began_us), empty, full,
		server_mib (load.server),
		(server_cpu_s (load.server) - cpu) * 1e6 / (double)letters_sent ());
}

/* ---- workloads ---- */

static const struct { const char *name; size_t pairs, letters, window, batch; bool backlog; } works[] = {
	{ "W1", 1, 50000, 1000, 50, false },
	{ "W2", 1, 2000, 1, 1, false },
	{ "W3", 100, 500, 10, 10, false },
	{ "W4", 1, 200000, 1000, 50, true },
};

static void from_environment (const char *name, size_t *ret)
{
	const char *text = getenv (name);

	if (text != NULL && *text != '\0')
		*ret = strtoul (text, NULL, 10);
}

static bool choose_work (const char *name)
{
	size_t server = 0, seconds = 0, crypto = 0;

	load.work = name;
	for (size_t i = 0; i < COUNT_OF (works); i++) {
		if (strcmp (works[i].name, name) != 0)
			continue;
		load.pairs = works[i].pairs;
		load.letters = works[i].letters;
		load.window = works[i].window;
		load.batch = works[i].batch;
		load.backlog = works[i].backlog;
	}
	from_environment ("N", &load.letters);
	from_environment ("WINDOW", &load.window);
	from_environment ("PAIRS", &load.pairs);
	from_environment ("ACKBATCH", &load.batch);
	from_environment ("SERVER_PID", &server);
	from_environment ("SECONDS", &seconds);
	from_environment ("CRYPTO", &crypto);
	load.server = (long)server;
	load.crypto = crypto != 0;
	if (seconds > 0) {
		load.letters = SIZE_MAX;
		load.end_us = now_us () + (int64_t)seconds * 1000000;
	}
	return load.pairs > 0 && load.pairs <= BARE_LANES_MAX / 2 && load.letters > 0 &&
	       load.window > 0 && load.batch > 0;
}

static void make_agency (struct agency *agency, const char *side, size_t pair, bool sends)
{
	struct agency *partner = sends ? &load.recipient[pair] : &load.sender[pair];

	agency->id = bench_agency (side, pair);
	agency->partner = partner;
	agency->sends = sends;
	agency->lane_out = (uint32_t)(sends ? pair : load.pairs + pair);
	agency->lane_in = (uint32_t)(sends ? load.pairs + pair : pair);
	agency->letters = arena_new (64 * KIB);
	agency->arena = arena_new (LIMIT_DECODE_ARENA_BYTES);
	agency->sent_us = sends ? must_alloc (load.room * sizeof *agency->sent_us) : NULL;
	sem_init (&agency->settled, 0, 0);
	agency->sig = bench_agency_key (KEY_SIG, load.folder, &agency->id);
	agency->box = bench_agency_key (KEY_BOX, load.folder, &agency->id);
}

static void make_agencies (void)
{
	load.room = load.letters < SIZE_MAX ? load.pairs * load.letters + 1 : 1000000;
	load.ack_ms = must_alloc (load.room * sizeof *load.ack_ms);
	load.receive_ms = must_alloc (load.room * sizeof *load.receive_ms);
	for (size_t i = 0; i < load.pairs; i++) {
		make_agency (&load.sender[i], BENCH_SENDER, i, true);
		make_agency (&load.recipient[i], BENCH_RECIPIENT, i, false);
		make_mould (&load.sender[i]);
		make_mould (&load.recipient[i]);
	}
}

int main (int argc, char **argv)
{
	if (argc != 5 || (load.dialect = dialect_find (argv[3])) == NULL || !choose_work (argv[4])) {
		fprintf (stderr, "usage: bench_load FOLDER ENDPOINT hub|bare W1|W2|W3|W4\n");
		return 2;
	}
	load.folder = argv[1];
	load.endpoint = argv[2];
	load.label = getenv ("LABEL") != NULL ? getenv ("LABEL") : argv[3];
	MUST (keys_start () == ERR_OK);
	make_agencies ();
	if (load.backlog)
		run_backlog ();
	else
		run_live ();
	fflush (stdout);
	_exit (0);   /* what the broker still has to say does not matter */
}
