/*
 * bench_broker FOLDER ENDPOINT DATA: the least that a durable broker can do, as the measure of the
 * hub.  A ROUTER under CURVE takes what has arrived, writes a queue row with H and C and a leaf row
 * for each letter in one SQLite transaction with the hub's pragmas, commits once, and only then
 * answers and forwards.  No check, no hash, no signature, no protobuf; bodies are never copied.
 */
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/prctl.h>
#include <zmq.h>

#include "jembatan/clock.h"
#include "tests/bench/bare.h"
#include "tests/bench/network.h"

#define GROUP_MAX 1024
#define WAL_PAGES_MAX 2000

/* As in hub/store.c, so that both pay for the same safety. */
static const char schema[] =
	"PRAGMA page_size = 16384; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;"
	"PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -6144;"
	"PRAGMA journal_size_limit = 33554432; PRAGMA temp_store = MEMORY;"
	"CREATE TABLE queue (number INTEGER PRIMARY KEY, recipient INTEGER NOT NULL,"
	"  class INTEGER NOT NULL, dseq INTEGER NOT NULL, h BLOB NOT NULL, c BLOB NOT NULL,"
	"  UNIQUE (recipient, class, dseq));"
	"CREATE TABLE leaf (position INTEGER PRIMARY KEY, hash BLOB NOT NULL, kind INTEGER NOT NULL,"
	"  header_hash BLOB NOT NULL, at_ms INTEGER NOT NULL);";

static const char *const statement_text[] = {
	"BEGIN IMMEDIATE",
	"COMMIT",
	"INSERT INTO queue (recipient, class, dseq, h, c) VALUES (?, 3, ?, ?, ?)",
	"INSERT INTO leaf (position, hash, kind, header_hash, at_ms) VALUES (?, ?, 1, ?, ?)",
	"DELETE FROM queue WHERE recipient = ? AND class = 3 AND dseq <= ?",
};
enum { BEGIN, COMMIT, QUEUE_PUT, LEAF_PUT, QUEUE_DROP, STATEMENT_COUNT };

struct letter_in {
	zmq_msg_t from, body;
	struct bare head;
};

static struct {
	sqlite3 *db;
	sqlite3_stmt *statement[STATEMENT_COUNT];
	int wal_pages;
	uint64_t leaves;
	void *router;
	struct letter_in letter[GROUP_MAX];
	size_t letter_count;
	struct bare stored[GROUP_MAX];
	size_t stored_count;
	uint8_t recipient[BARE_PAIRS_MAX][5];    /* where the recipient of a pair is */
	uint64_t dseq[BARE_PAIRS_MAX];
	size_t last[BARE_PAIRS_MAX];             /* letter of this group, by sender */
} broker;

/* ---- store ---- */

static int on_commit (void *context, sqlite3 *db, const char *name, int pages)
{
	broker.wal_pages = pages;
	return SQLITE_OK;
}

static void store_open (const char *data)
{
	char path[4096];

	MUST (snprintf (path, sizeof path, "%s/broker.db", data) < (int)sizeof path);
	MUST (sqlite3_open_v2 (path, &broker.db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
			       SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK);
	MUST (sqlite3_exec (broker.db, schema, NULL, NULL, NULL) == SQLITE_OK);
	sqlite3_wal_hook (broker.db, on_commit, NULL);
	for (size_t i = 0; i < STATEMENT_COUNT; i++)
		MUST (sqlite3_prepare_v2 (broker.db, statement_text[i], -1, &broker.statement[i],
					  NULL) == SQLITE_OK);
}

static void run (size_t which)
{
	MUST (sqlite3_step (broker.statement[which]) == SQLITE_DONE);
	sqlite3_reset (broker.statement[which]);
}

static void store_letter (const struct letter_in *letter, int64_t now_ms)
{
	sqlite3_stmt *queue = broker.statement[QUEUE_PUT], *leaf = broker.statement[LEAF_PUT];
	const uint8_t *h = (const uint8_t *)zmq_msg_data ((zmq_msg_t *)&letter->body) +
			   sizeof letter->head;
	size_t len = zmq_msg_size (&letter->body) - sizeof letter->head - letter->head.h_len;

	sqlite3_bind_int64 (queue, 1, letter->head.pair);
	sqlite3_bind_int64 (queue, 2, (int64_t)letter->head.number);
	sqlite3_bind_blob (queue, 3, h, letter->head.h_len, SQLITE_STATIC);
	sqlite3_bind_blob (queue, 4, h + letter->head.h_len, (int)len, SQLITE_STATIC);
	run (QUEUE_PUT);
	sqlite3_bind_int64 (leaf, 1, (int64_t)broker.leaves++);
	sqlite3_bind_blob (leaf, 2, h, 32, SQLITE_STATIC);
	sqlite3_bind_blob (leaf, 3, h, 32, SQLITE_STATIC);
	sqlite3_bind_int64 (leaf, 4, now_ms);
	run (LEAF_PUT);
}

static void store_stored (const struct bare *head)
{
	sqlite3_bind_int64 (broker.statement[QUEUE_DROP], 1, head->pair);
	sqlite3_bind_int64 (broker.statement[QUEUE_DROP], 2, (int64_t)head->number);
	run (QUEUE_DROP);
}

static void store_group (void)
{
	int64_t now_ms = clock_now_ms ();

	run (BEGIN);
	for (size_t i = 0; i < broker.letter_count; i++)
		store_letter (&broker.letter[i], now_ms);
	for (size_t i = 0; i < broker.stored_count; i++)
		store_stored (&broker.stored[i]);
	run (COMMIT);
}

static void store_tidy (void)
{
	if (broker.wal_pages < WAL_PAGES_MAX)
		return;
	MUST (sqlite3_wal_checkpoint_v2 (broker.db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL) ==
	      SQLITE_OK);
	broker.wal_pages = 0;
}

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

	if (hello->h_len != 0)   /* a recipient says so here */
		memcpy (broker.recipient[hello->pair], zmq_msg_data (from), 5);
	zmq_send (broker.router, zmq_msg_data (from), 5, ZMQ_SNDMORE);
	zmq_send (broker.router, &head, sizeof head, 0);
}

/* A letter gets its number in the recipient's queue where its sender's stood. */
static void take (struct letter_in *letter)
{
	struct bare *head = zmq_msg_data (&letter->body);

	letter->head = *head;
	letter->head.number = head->number = ++broker.dseq[head->pair];
	head->type = BARE_DELIVER;
	broker.last[head->pair] = broker.letter_count++;
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
	MUST (head.pair < BARE_PAIRS_MAX);
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

/* ---- after the commit ---- */

static void answer (size_t i, uint64_t number)
{
	struct bare head = { .type = BARE_TAKEN, .number = number };

	zmq_msg_send (&broker.letter[i].from, broker.router, ZMQ_SNDMORE);
	zmq_send (broker.router, &head, sizeof head, 0);
}

static void forward (struct letter_in *letter)
{
	zmq_send (broker.router, broker.recipient[letter->head.pair], 5, ZMQ_SNDMORE);
	zmq_msg_send (&letter->body, broker.router, 0);
}

/* One answer per sender, as the hub does; then everything goes on. */
static void answer_group (void)
{
	for (size_t i = 0; i < broker.letter_count; i++) {
		const struct bare *head = &broker.letter[i].head;

		if (broker.last[head->pair] == i)
			answer (i, head->number);
	}
	for (size_t i = 0; i < broker.letter_count; i++)
		forward (&broker.letter[i]);
}

int main (int argc, char **argv)
{
	if (argc != 4) {
		fprintf (stderr, "usage: bench_broker FOLDER ENDPOINT DATA\n");
		return 2;
	}
	prctl (PR_SET_PDEATHSIG, SIGKILL);
	MUST (keys_start () == ERR_OK);
	for (size_t i = 0; i < GROUP_MAX; i++) {
		zmq_msg_init (&broker.letter[i].from);
		zmq_msg_init (&broker.letter[i].body);
	}
	store_open (argv[3]);
	router_open (argv[1], argv[2]);
	for (;;) {
		receive_group ();
		if (broker.letter_count > 0 || broker.stored_count > 0)
			store_group ();
		answer_group ();
		store_tidy ();
	}
}
