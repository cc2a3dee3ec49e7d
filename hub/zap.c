#include "hub/zap.h"

#include <czmq.h>
#include <pthread.h>

#include "jembatan/clock.h"

#define ZAP_ENDPOINT "inproc://zeromq.zap.01"

/*
 * A member may shake hands so often at once, and one more time for each pause.  An agent that backs
 * off never gets there.  Each handshake costs what many letters cost, causes lines in the log, and
 * moves the counter from which libzmq takes routing ids (see hub/link.c).
 */
#define HANDSHAKES_AT_ONCE 30u
#define HANDSHAKE_PAUSE_MS (10 * SECOND_MS)

struct entry {
	struct public_key key;
	char user_id[HEX16_TEXT];
	bool taken;
	uint32_t spent;              /* handshakes not yet earned back */
	int64_t since_ms;            /* monotonic; when the present pause began */
};

struct key_table {
	size_t slots;                /* a power of two, at most half full */
	struct entry entry[];
};

struct zap {
	zactor_t *actor;
	pthread_mutex_t lock;        /* guards what follows */
	struct key_table *table;
	uint64_t allowed, refused;
	bool up;                     /* set by the thread before zactor_new returns */
};

/* The keys are a member's choice, but only the registrar's list gets into the table. */
static size_t key_slot (const struct public_key *key, size_t slots)
{
	uint64_t word;

	memcpy (&word, key->b, sizeof word);
	return (word ^ word >> 32) & (slots - 1);
}

static void table_add (struct key_table *table, const struct public_key *key)
{
	size_t i = key_slot (key, table->slots);
	struct key_id id = key_id_of (KEY_LINK, key);

	while (table->entry[i].taken)
		i = (i + 1) & (table->slots - 1);
	table->entry[i].key = *key;
	table->entry[i].taken = true;
	hex_text (ID_BYTES (id), table->entry[i].user_id, sizeof table->entry[i].user_id);
}

static struct key_table *table_new (const struct public_key *keys, size_t count)
{
	size_t slots = 16;
	struct key_table *table;

	while (slots < count * 2)
		slots *= 2;
	table = must_alloc (sizeof *table + slots * sizeof table->entry[0]);
	memset (table, 0, sizeof *table + slots * sizeof table->entry[0]);
	table->slots = slots;
	for (size_t i = 0; i < count; i++)
		table_add (table, &keys[i]);
	return table;
}

static struct entry *table_find (struct key_table *table, const struct public_key *key)
{
	for (size_t i = key_slot (key, table->slots); table->entry[i].taken;
	     i = (i + 1) & (table->slots - 1)) {
		if (ID_EQUAL (table->entry[i].key, *key))
			return &table->entry[i];
	}
	return NULL;
}

static bool entry_admits (struct entry *entry, int64_t now_ms)
{
	int64_t earned = (now_ms - entry->since_ms) / HANDSHAKE_PAUSE_MS;

	if (earned >= entry->spent) {
		entry->spent = 0;
		entry->since_ms = now_ms;
	} else if (earned > 0) {
		entry->spent -= (uint32_t)earned;
		entry->since_ms += earned * HANDSHAKE_PAUSE_MS;
	}
	if (entry->spent == HANDSHAKES_AT_ONCE)
		return false;
	entry->spent++;
	return true;
}

/* Copies the user id out, because the table may be replaced at any time. */
static bool zap_look_up (zap_t *zap, zframe_t *credential, char user_id[HEX16_TEXT])
{
	struct entry *entry;
	struct public_key key;
	bool admitted = false;

	if (credential == NULL || zframe_size (credential) != sizeof key.b)
		return false;
	memcpy (key.b, zframe_data (credential), sizeof key.b);
	pthread_mutex_lock (&zap->lock);
	entry = table_find (zap->table, &key);
	if (entry != NULL)
		admitted = entry_admits (entry, clock_monotonic_ms ());
	if (admitted)
		memcpy (user_id, entry->user_id, HEX16_TEXT);
	pthread_mutex_unlock (&zap->lock);
	return admitted;
}

static void zap_count (zap_t *zap, bool allowed)
{
	pthread_mutex_lock (&zap->lock);
	if (allowed)
		zap->allowed++;
	else
		zap->refused++;
	pthread_mutex_unlock (&zap->lock);
}

/* A request is version, request id, domain, address, routing id, mechanism, credentials. */
static bool zap_judge (zap_t *zap, zmsg_t *request, char user_id[HEX16_TEXT])
{
	zframe_t *part[7] = { NULL };
	zframe_t *frame = zmsg_first (request);

	for (size_t i = 0; i < COUNT_OF (part) && frame != NULL; i++) {
		part[i] = frame;
		frame = zmsg_next (request);
	}
	return part[6] != NULL && zframe_streq (part[0], "1.0") &&
	       zframe_streq (part[2], ZAP_DOMAIN) && zframe_streq (part[5], "CURVE") &&
	       zap_look_up (zap, part[6], user_id);
}

static void zap_answer (zap_t *zap, zsock_t *handler)
{
	char user_id[HEX16_TEXT] = "";
	zmsg_t *request = zmsg_recv (handler);
	zframe_t *id;
	bool allowed;

	if (request == NULL)
		return;
	allowed = zap_judge (zap, request, user_id);
	zap_count (zap, allowed);
	zmsg_first (request);
	id = zmsg_next (request);
	zsock_send (handler, "sfsssz", "1.0", id, allowed ? "200" : "400",
		    allowed ? "OK" : "no member's key", user_id);
	zmsg_destroy (&request);
}

static void zap_run (zsock_t *pipe, void *arg)
{
	zap_t *zap = arg;
	zsock_t *handler = zsock_new (ZMQ_REP);
	zpoller_t *poller;

	if (handler == NULL || zsock_bind (handler, ZAP_ENDPOINT) < 0) {
		zsock_destroy (&handler);
		zsock_signal (pipe, 1);
		return;
	}
	poller = zpoller_new (pipe, handler, NULL);
	zpoller_set_nonstop (poller, true);
	zap->up = true;
	zsock_signal (pipe, 0);
	for (;;) {
		void *ready = zpoller_wait (poller, -1);

		if (ready == handler)
			zap_answer (zap, handler);
		else if (ready == pipe)
			break;   /* it says only $TERM */
	}
	zpoller_destroy (&poller);
	zsock_unbind (handler, ZAP_ENDPOINT);
	zsock_destroy (&handler);
}

err_t zap_new (zap_t **ret_zap)
{
	zap_t *zap = must_alloc (sizeof *zap);

	memset (zap, 0, sizeof *zap);
	pthread_mutex_init (&zap->lock, NULL);
	zap->table = table_new (NULL, 0);
	zap->actor = zactor_new (zap_run, zap);
	if (zap->actor == NULL || !zap->up) {
		zap_destroy (&zap);
		return ERR_IN_USE;
	}
	*ret_zap = zap;
	return ERR_OK;
}

void zap_destroy (zap_t **zap)
{
	if (*zap == NULL)
		return;
	zactor_destroy (&(*zap)->actor);
	pthread_mutex_destroy (&(*zap)->lock);
	free ((*zap)->table);
	free (*zap);
	*zap = NULL;
}

/* What a member spent stays spent. */
static void carry_over (struct key_table *from, struct key_table *to)
{
	for (size_t i = 0; i < from->slots; i++) {
		struct entry *now = from->entry[i].spent > 0 ?
					    table_find (to, &from->entry[i].key) : NULL;

		if (now == NULL)
			continue;
		now->spent = from->entry[i].spent;
		now->since_ms = from->entry[i].since_ms;
	}
}

void zap_allow (zap_t *zap, const struct public_key *keys, size_t count)
{
	struct key_table *table = table_new (keys, count);
	struct key_table *old;

	pthread_mutex_lock (&zap->lock);
	old = zap->table;
	carry_over (old, table);
	zap->table = table;
	pthread_mutex_unlock (&zap->lock);
	free (old);
}

void zap_counts (zap_t *zap, uint64_t *ret_allowed, uint64_t *ret_refused)
{
	pthread_mutex_lock (&zap->lock);
	*ret_allowed = zap->allowed;
	*ret_refused = zap->refused;
	pthread_mutex_unlock (&zap->lock);
}
