/*
 * bench_broker FOLDER ENDPOINT DATA same|plain: a bare durable broker, as the measure of
 * the hub. A ROUTER under CURVE takes what has arrived, writes rows for each letter in
 * one SQLite transaction with the hub's pragmas, commits once, and only then answers and
 * forwards.  No check, no hash, no signature, no protobuf, no members; what is forwarded
 * is never copied.
 *
 *   same   the rows of the hub: record, body and leaf of a letter; when it is stored its
 * body goes and another leaf comes plain  the least that is durable: a queue row with H
 * and C and one leaf; when it is stored the row goes, and nothing is known of it any more
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

/* clang-format off */

/* As in hub/store.c, so that all pay for the same safety. */
static const char pragmas[] =
	"PRAGMA page_size = 16384; PRAGMA locking_mode = EXCLUSIVE;"
	"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
	"PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -6144;"
	"PRAGMA journal_size_limit = 33554432; PRAGMA temp_store = MEMORY;"
	"CREATE TABLE leaf (position INTEGER PRIMARY KEY, hash BLOB NOT NULL,"
	"  kind INTEGER NOT NULL, header_hash BLOB, at_ms INTEGER NOT NULL);";

/* As in hub/store_schema.c. */
static const char same_schema[] =
	"CREATE TABLE item (number INTEGER PRIMARY KEY, sender INTEGER,"
	"  recipient INTEGER NOT NULL, class INTEGER NOT NULL, dseq INTEGER NOT NULL,"
	"  id BLOB NOT NULL, header_hash BLOB NOT NULL, kind INTEGER NOT NULL,"
	"  state INTEGER NOT NULL, leaf INTEGER, size INTEGER NOT NULL,"
	"  taken_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL,"
	"  UNIQUE (recipient, class, dseq), UNIQUE (sender, id));"
	"CREATE TABLE body (item INTEGER PRIMARY KEY, first BLOB NOT NULL,"
	"  second BLOB NOT NULL);";

static const char plain_schema[] =
	"CREATE TABLE queue (number INTEGER PRIMARY KEY, recipient INTEGER NOT NULL,"
	"  class INTEGER NOT NULL, dseq INTEGER NOT NULL, h BLOB NOT NULL,"
	"  c BLOB NOT NULL, UNIQUE (recipient, class, dseq));";

#define STATEMENT_LIST(X) \
	X (BEGIN, "BEGIN IMMEDIATE") \
	X (COMMIT, "COMMIT") \
	X (LEAF_PUT, "INSERT INTO leaf (position, hash, kind, header_hash, at_ms)" \
		" VALUES (?, ?, ?, ?, ?)") \
	X (ITEM_PUT, "INSERT INTO item (sender, recipient, class, dseq, id," \
		" header_hash, kind, state, leaf, size, taken_ms, expires_ms)" \
		" VALUES (?1, ?1, 3, ?2, ?3, ?4, 1, 0, ?5, ?6, ?7, ?7)") \
	X (BODY_PUT, "INSERT INTO body (item, first, second) VALUES (?, ?, ?)") \
	X (BODY_DROP, "DELETE FROM body WHERE item BETWEEN ? AND ?") \
	X (QUEUE_PUT, "INSERT INTO queue (recipient, class, dseq, h, c)" \
		" VALUES (?, 3, ?, ?, ?)") \
	X (QUEUE_DROP, "DELETE FROM queue" \
		" WHERE recipient = ? AND class = 3 AND dseq <= ?")
/* clang-format on */

static const char *const statement_text[] = {
#define X(name, sql) sql,
	STATEMENT_LIST (X)
#undef X
};

#define X(name, sql) name,
enum statement { STATEMENT_LIST (X) STATEMENT_COUNT };
#undef X

struct letter_in {
	zmq_msg_t from, body;
	struct bare head;
};

/* What is written for a letter that is taken, and for a batch that is stored. */
struct rows {
	const char *name, *schema;
	void (*take) (const struct letter_in *letter, struct bytes h, struct bytes c,
		      int64_t now_ms);
	void (*store) (const struct bare *head, int64_t now_ms);
};

static struct {
	sqlite3 *db;
	sqlite3_stmt *statement[STATEMENT_COUNT];
	int wal_pages;
	const struct rows *rows;
	uint64_t leaves;
	void *router;
	struct letter_in letter[GROUP_MAX];
	size_t letter_count;
	struct bare stored[GROUP_MAX];
	size_t stored_count;
	uint8_t recipient[BARE_PAIRS_MAX][5]; /* where the recipient of a pair is */
	uint64_t dseq[BARE_PAIRS_MAX];
	uint64_t stored_up_to[BARE_PAIRS_MAX];
	int64_t *item[BARE_PAIRS_MAX]; /* record of a pair's letter, by dseq */
	size_t last[BARE_PAIRS_MAX];   /* letter of this group, by sender */
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
	MUST (sqlite3_open_v2 (path, &broker.db,
			       SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
				       SQLITE_OPEN_NOMUTEX,
			       NULL) == SQLITE_OK);
	MUST (sqlite3_exec (broker.db, pragmas, NULL, NULL, NULL) == SQLITE_OK);
	MUST (sqlite3_exec (broker.db, broker.rows->schema, NULL, NULL, NULL) ==
	      SQLITE_OK);
	sqlite3_wal_hook (broker.db, on_commit, NULL);
}

static sqlite3_stmt *statement (enum statement which)
{
	sqlite3_stmt **stmt = &broker.statement[which];

	if (*stmt == NULL)
		MUST (sqlite3_prepare_v2 (broker.db, statement_text[which], -1, stmt,
					  NULL) == SQLITE_OK);
	return *stmt;
}

static void run (enum statement which)
{
	MUST (sqlite3_step (statement (which)) == SQLITE_DONE);
	sqlite3_reset (statement (which));
}

static void bind (sqlite3_stmt *stmt, int at, struct bytes bytes)
{
	sqlite3_bind_blob64 (stmt, at, bytes.data, bytes.len, SQLITE_STATIC);
}

/* 32 bytes of H stand for the hashes, which cost a broker nothing that is not its own. */
static void put_leaf (int kind, struct bytes hash, int64_t now_ms)
{
	sqlite3_stmt *leaf = statement (LEAF_PUT);

	hash.len = sizeof (struct hash);
	sqlite3_bind_int64 (leaf, 1, (int64_t)broker.leaves++);
	bind (leaf, 2, hash);
	sqlite3_bind_int64 (leaf, 3, kind);
	bind (leaf, 4, hash);
	sqlite3_bind_int64 (leaf, 5, now_ms);
	run (LEAF_PUT);
}

/* ---- the hub's rows ---- */

/* Rises, as letter ids do. */
static struct letter_id next_id (void)
{
	static uint64_t last;
	struct letter_id id = { { 0 } };

	last++;
	for (int i = 0; i < 8; i++)
		id.b[i] = (uint8_t)(last >> (56 - 8 * i));
	return id;
}

/* Grows by doubling. */
static void note_item (const struct bare *head, int64_t number)
{
	int64_t **items = &broker.item[head->pair];
	uint64_t dseq = head->number;

	if ((dseq & (dseq - 1)) == 0)
		*items = must_realloc (*items, dseq * 2 * sizeof **items);
	(*items)[dseq] = number;
}

static void put_item (const struct letter_in *letter, struct bytes h, struct bytes c,
		      int64_t now_ms)
{
	sqlite3_stmt *item = statement (ITEM_PUT);
	struct letter_id id = next_id ();

	sqlite3_bind_int64 (item, 1, letter->head.pair);
	sqlite3_bind_int64 (item, 2, (int64_t)letter->head.number);
	bind (item, 3, ID_BYTES (id));
	bind (item, 4, (struct bytes){ h.data, sizeof (struct hash) });
	sqlite3_bind_int64 (item, 5, (int64_t)broker.leaves);
	sqlite3_bind_int64 (item, 6, (int64_t)(h.len + c.len));
	sqlite3_bind_int64 (item, 7, now_ms);
	run (ITEM_PUT);
	note_item (&letter->head, sqlite3_last_insert_rowid (broker.db));
}

static void same_take (const struct letter_in *letter, struct bytes h, struct bytes c,
		       int64_t now_ms)
{
	sqlite3_stmt *body = statement (BODY_PUT);

	put_item (letter, h, c, now_ms);
	sqlite3_bind_int64 (body, 1, sqlite3_last_insert_rowid (broker.db));
	bind (body, 2, h);
	bind (body, 3, c);
	run (BODY_PUT);
	put_leaf (1, h, now_ms);
}

/* Bodies that follow each other go in one step; gives the last letter of the run. */
static uint64_t drop_bodies (const int64_t *item, uint64_t first, uint64_t last)
{
	uint64_t end = first;

	while (end < last && item[end + 1] == item[end] + 1)
		end++;
	sqlite3_bind_int64 (statement (BODY_DROP), 1, item[first]);
	sqlite3_bind_int64 (statement (BODY_DROP), 2, item[end]);
	run (BODY_DROP);
	return end;
}

static void same_store (const struct bare *head, int64_t now_ms)
{
	static const uint8_t hash[sizeof (struct hash)];
	uint64_t *done = &broker.stored_up_to[head->pair];

	for (uint64_t i = *done; i < head->number; i++)
		put_leaf (2, BYTES_OF (hash), now_ms);
	while (*done < head->number)
		*done = drop_bodies (broker.item[head->pair], *done + 1, head->number);
}

/* ---- the fewest rows ---- */

static void plain_take (const struct letter_in *letter, struct bytes h, struct bytes c,
			int64_t now_ms)
{
	sqlite3_stmt *queue = statement (QUEUE_PUT);

	sqlite3_bind_int64 (queue, 1, letter->head.pair);
	sqlite3_bind_int64 (queue, 2, (int64_t)letter->head.number);
	bind (queue, 3, h);
	bind (queue, 4, c);
	run (QUEUE_PUT);
	put_leaf (1, h, now_ms);
}

static void plain_store (const struct bare *head, int64_t now_ms)
{
	sqlite3_bind_int64 (statement (QUEUE_DROP), 1, head->pair);
	sqlite3_bind_int64 (statement (QUEUE_DROP), 2, (int64_t)head->number);
	run (QUEUE_DROP);
}

static const struct rows all_rows[] = {
	{ "same", same_schema, same_take, same_store },
	{ "plain", plain_schema, plain_take, plain_store },
};

/* ---- groups ---- */

static void take_rows (struct letter_in *letter, int64_t now_ms)
{
	const uint8_t *data =
		(const uint8_t *)zmq_msg_data (&letter->body) + sizeof letter->head;
	size_t len = zmq_msg_size (&letter->body) - sizeof letter->head;
	struct bytes h = { data, letter->head.h_len };

	broker.rows->take (letter, h, (struct bytes){ data + h.len, len - h.len },
			   now_ms);
}

static void store_group (void)
{
	int64_t now_ms = clock_now_ms ();

	run (BEGIN);
	for (size_t i = 0; i < broker.letter_count; i++)
		take_rows (&broker.letter[i], now_ms);
	for (size_t i = 0; i < broker.stored_count; i++)
		broker.rows->store (&broker.stored[i], now_ms);
	run (COMMIT);
}

static void store_tidy (void)
{
	if (broker.wal_pages < WAL_PAGES_MAX)
		return;
	MUST (sqlite3_wal_checkpoint_v2 (broker.db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL,
					 NULL) == SQLITE_OK);
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
	MUST (zmq_setsockopt (broker.router, ZMQ_CURVE_SECRETKEY, secret.data,
			      secret.len) == 0);
	MUST (zmq_bind (broker.router, endpoint) == 0);
}

static void welcome (zmq_msg_t *from, const struct bare *hello)
{
	struct bare head = { .type = BARE_WELCOME };

	if (hello->h_len != 0) /* a recipient says so here */
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

static bool choose_rows (const char *name)
{
	for (size_t i = 0; i < COUNT_OF (all_rows); i++) {
		if (strcmp (all_rows[i].name, name) == 0)
			broker.rows = &all_rows[i];
	}
	return broker.rows != NULL;
}

int main (int argc, char **argv)
{
	if (argc != 5 || !choose_rows (argv[4])) {
		fprintf (stderr, "usage: bench_broker FOLDER ENDPOINT DATA same|plain\n");
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
