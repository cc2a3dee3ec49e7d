/*
 * bench_broker FOLDER ENDPOINT DATA log|sqlite: a bare durable broker, as the measure of the hub.
 * A ROUTER under CURVE takes what has arrived, puts it into its store, commits once, and only then
 * answers and forwards.  No check, no hash, no signature, no protobuf, no members; what is forwarded
 * at once is never copied.  A letter whose recipient is away, or behind, waits in the store.
 */
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <zmq.h>

#include "tests/bench/bare.h"
#include "tests/bench/bare_store.h"
#include "tests/bench/network.h"

#define GROUP_MAX 1024

struct letter_in {
	zmq_msg_t from, body;
	struct bare head;
};

struct bare_lane {
	uint8_t recipient[5];
	bool connected;
	uint64_t last, sent, stored;
	size_t group_last;           /* letter of this group, by sender */
};

static struct {
	const struct bare_store *store;
	void *router;
	struct letter_in letter[GROUP_MAX];
	size_t letter_count;
	struct bare stored[GROUP_MAX];
	size_t stored_count;
	struct bare_lane lane[BARE_LANES_MAX];
	uint32_t lane_count;
} broker;

/* ---- socket ---- */

static void set_number (int option, int value)
{
	MUST (zmq_setsockopt (broker.router, option, &value, sizeof value) == 0);
}

static void router_open (const char *folder, const char *endpoint)
{
	OWNED (keypair) key = bench_key (KEY_LINK, folder, "hub");
	struct bytes secret = keypair_secret (key);

	broker.router = zmq_socket (zmq_ctx_new (), ZMQ_ROUTER);
	set_number (ZMQ_CURVE_SERVER, 1);
	set_number (ZMQ_SNDHWM, 0);
	set_number (ZMQ_RCVHWM, 0);
	set_number (ZMQ_LINGER, 0);
	MUST (zmq_setsockopt (broker.router, ZMQ_CURVE_SECRETKEY, secret.data, secret.len) == 0);
	MUST (zmq_bind (broker.router, endpoint) == 0);
}

static void welcome (zmq_msg_t *from, const struct bare *hello)
{
	struct bare head = { .type = BARE_WELCOME };
	struct bare_lane *lane = &broker.lane[hello->lane];

	if (hello->h_len != 0) {
		memcpy (lane->recipient, zmq_msg_data (from), sizeof lane->recipient);
		lane->connected = true;
	}
	zmq_send (broker.router, zmq_msg_data (from), 5, ZMQ_SNDMORE);
	zmq_send (broker.router, &head, sizeof head, 0);
}

/* A letter gets its number in the recipient's queue where its sender's stood. */
static void take (struct letter_in *letter)
{
	struct bare head;
	struct bare_lane *lane;

	memcpy (&head, zmq_msg_data (&letter->body), sizeof head);
	lane = &broker.lane[head.lane];
	head.type = BARE_DELIVER;
	head.number = ++lane->last;
	memcpy (zmq_msg_data (&letter->body), &head, sizeof head);
	letter->head = head;
	lane->group_last = broker.letter_count++;
}

/* False when nothing has arrived. */
static bool receive_one (bool wait)
{
	struct letter_in *letter = &broker.letter[broker.letter_count];
	struct bare head;

	if (zmq_msg_recv (&letter->from, broker.router, wait ? 0 : ZMQ_DONTWAIT) < 0)
		return false;
	MUST (zmq_msg_recv (&letter->body, broker.router, 0) >= (int)sizeof head);
	memcpy (&head, zmq_msg_data (&letter->body), sizeof head);
	MUST (head.lane < BARE_LANES_MAX);
	if (head.lane >= broker.lane_count)
		broker.lane_count = head.lane + 1;
	if (head.type == BARE_PUT)
		take (letter);
	else if (head.type == BARE_STORED)
		broker.stored[broker.stored_count++] = head;
	else
		welcome (&letter->from, &head);
	return true;
}

static void receive_group (void)
{
	broker.letter_count = broker.stored_count = 0;
	receive_one (true);
	while (broker.letter_count < GROUP_MAX && broker.stored_count < GROUP_MAX &&
	       receive_one (false))
		;
}

/* ---- the group ---- */

static void store_group (void)
{
	if (broker.letter_count + broker.stored_count == 0)
		return;
	broker.store->begin ();
	for (size_t i = 0; i < broker.letter_count; i++) {
		struct letter_in *letter = &broker.letter[i];

		broker.store->put (letter->head.lane, letter->head.number,
				   (struct bytes){ zmq_msg_data (&letter->body),
						   zmq_msg_size (&letter->body) });
	}
	for (size_t i = 0; i < broker.stored_count; i++) {
		struct bare head = broker.stored[i];

		broker.store->drop (head.lane, head.number);
		broker.lane[head.lane].stored = head.number;
	}
	broker.store->commit ();
}

static void answer (struct letter_in *letter)
{
	struct bare head = { .type = BARE_TAKEN, .number = letter->head.number };

	zmq_msg_send (&letter->from, broker.router, ZMQ_SNDMORE);
	zmq_send (broker.router, &head, sizeof head, 0);
}

static void forward (struct letter_in *letter)
{
	struct bare_lane *lane = &broker.lane[letter->head.lane];

	if (!lane->connected || lane->sent + 1 != letter->head.number)
		return;   /* it waits in the store */
	zmq_send (broker.router, lane->recipient, sizeof lane->recipient, ZMQ_SNDMORE);
	zmq_msg_send (&letter->body, broker.router, 0);
	lane->sent++;
}

/* One answer per sender, as the hub does; then everything goes on. */
static void answer_group (void)
{
	for (size_t i = 0; i < broker.letter_count; i++) {
		if (broker.lane[broker.letter[i].head.lane].group_last == i)
			answer (&broker.letter[i]);
	}
	for (size_t i = 0; i < broker.letter_count; i++)
		forward (&broker.letter[i]);
}

static void send_backlog (uint32_t number)
{
	struct bare_lane *lane = &broker.lane[number];

	while (lane->connected && lane->sent < lane->last &&
	       lane->sent - lane->stored < BARE_WINDOW) {
		struct bytes letter = broker.store->get (number, ++lane->sent);

		zmq_send (broker.router, lane->recipient, sizeof lane->recipient, ZMQ_SNDMORE);
		zmq_send (broker.router, letter.data, letter.len, 0);
	}
}

static bool choose_store (const char *name)
{
	static const struct bare_store *const stores[] = { &bare_log, &bare_sqlite };

	for (size_t i = 0; i < COUNT_OF (stores); i++) {
		if (strcmp (stores[i]->name, name) == 0)
			broker.store = stores[i];
	}
	return broker.store != NULL;
}

int main (int argc, char **argv)
{
	if (argc != 5 || !choose_store (argv[4])) {
		fprintf (stderr, "usage: bench_broker FOLDER ENDPOINT DATA log|sqlite\n");
		return 2;
	}
	prctl (PR_SET_PDEATHSIG, SIGKILL);
	MUST (keys_start () == ERR_OK);
	for (size_t i = 0; i < GROUP_MAX; i++) {
		zmq_msg_init (&broker.letter[i].from);
		zmq_msg_init (&broker.letter[i].body);
	}
	broker.store->open (argv[3]);
	router_open (argv[1], argv[2]);
	for (;;) {
		receive_group ();
		store_group ();
		answer_group ();
		for (uint32_t i = 0; i < broker.lane_count; i++)
			send_backlog (i);
		broker.store->tidy ();
	}
}
