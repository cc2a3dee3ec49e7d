/* Lines in memory; see line.h. */
#include "tests/torture/line.h"

#include <stdlib.h>
#include <string.h>

#include "agents/post/link.h"
#include "hub/link.h"
#include "hub/selftest.h"
#include "hub/zap.h"

struct parcel {
	struct parcel *next;
	uint32_t peer;
	struct key_id key;
	struct bytes body;
	uint8_t data[];
};

struct queue {
	struct parcel *first, **end;
	size_t count;
};

struct link {
	struct link *next;
	char *endpoint;
	struct queue in;
	size_t count;
	struct arrival arrival[HUB_GROUP_MAX];
	struct parcel *taken[HUB_GROUP_MAX];
};

struct agent_link {
	struct agent_link *next;
	struct link_parts parts;
	char *endpoint;
	void *loop;
	struct link *hub;        /* NULL before LINK_UP and after the end */
	bool told, cut;
	uint32_t peer;
	struct queue in;
	struct parcel *borrowed;
};

static struct link *hubs;
static struct agent_link *agents;
static uint32_t last_peer;

/* ---- queues ------------------------------------------------------------------------------------- */

static void queue_add (struct queue *queue, uint32_t peer, struct key_id key, struct bytes body)
{
	struct parcel *parcel = must_alloc (sizeof *parcel + body.len);

	parcel->next = NULL;
	parcel->peer = peer;
	parcel->key = key;
	if (body.len > 0)
		memcpy (parcel->data, body.data, body.len);
	parcel->body = (struct bytes){ parcel->data, body.len };
	if (queue->first == NULL)
		queue->end = &queue->first;
	*queue->end = parcel;
	queue->end = &parcel->next;
	queue->count++;
}

static struct parcel *queue_take (struct queue *queue)
{
	struct parcel *parcel = queue->first;

	if (parcel == NULL)
		return NULL;
	queue->first = parcel->next;
	queue->count--;
	return parcel;
}

static void queue_clear (struct queue *queue)
{
	for (struct parcel *parcel; (parcel = queue_take (queue)) != NULL;)
		free (parcel);
}

/* ---- the hub's end ------------------------------------------------------------------------------ */

void link_start (int io_threads)
{
}

static struct link *hub_at (const char *endpoint)
{
	for (struct link *link = hubs; link != NULL; link = link->next)
		if (strcmp (link->endpoint, endpoint) == 0)
			return link;
	return NULL;
}

err_t link_open (const char *endpoint, const keypair_t *link_key, link_t **ret_link,
		 problems_t *problems)
{
	link_t *link = must_alloc (sizeof *link);

	memset (link, 0, sizeof *link);
	link->endpoint = must_text (endpoint);
	link->next = hubs;
	hubs = *ret_link = link;
	return ERR_OK;
}

void link_destroy (link_t **link_p)
{
	link_t *link = *link_p, **at = &hubs;

	if (link == NULL)
		return;
	while (*at != link)
		at = &(*at)->next;
	*at = link->next;
	for (struct agent_link *agent = agents; agent != NULL; agent = agent->next)
		if (agent->hub == link) {
			agent->hub = NULL;
			agent->cut = true;
		}
	link_release (link);
	queue_clear (&link->in);
	free (link->endpoint);
	free (link);
	*link_p = NULL;
}

const char *link_endpoint (const link_t *link)
{
	return link->endpoint;
}

void *link_socket (link_t *link)
{
	return NULL;
}

size_t link_receive (link_t *link)
{
	struct parcel *parcel;

	while (link->count < HUB_GROUP_MAX && (parcel = queue_take (&link->in)) != NULL) {
		link->taken[link->count] = parcel;
		link->arrival[link->count++] = (struct arrival){
			.peer = parcel->peer, .key = parcel->key, .fd = (int)parcel->peer,
			.body = parcel->body };
	}
	return link->count;
}

const struct arrival *link_arrival (const link_t *link, size_t i)
{
	return &link->arrival[i];
}

void link_release (link_t *link)
{
	for (size_t i = 0; i < link->count; i++)
		free (link->taken[i]);
	link->count = 0;
}

/* There are no descriptors here to run out of. */
void link_guard (link_t *link)
{
}

bool link_listening (const link_t *link)
{
	return true;
}

uint64_t link_dropped (const link_t *link)
{
	return 0;
}

err_t link_send (link_t *link, uint32_t peer, struct bytes frame)
{
	for (struct agent_link *agent = agents; agent != NULL; agent = agent->next) {
		if (agent->peer != peer || agent->hub != link || agent->cut)
			continue;
		queue_add (&agent->in, peer, (struct key_id){ { 0 } }, frame);
		return ERR_OK;
	}
	return ERR_OFFLINE;
}

struct connection link_connection (const struct arrival *arrival)
{
	return (struct connection){ .fd = arrival->fd, .peer_len = 1 };
}

void link_cut (const struct connection *connection)
{
	for (struct agent_link *agent = agents; agent != NULL; agent = agent->next)
		if (connection->peer_len > 0 && agent->peer == (uint32_t)connection->fd)
			agent->cut = true;
}

err_t link_knock (const keypair_t *server_key, const keypair_t *client_key, bool *ret_let_in)
{
	*ret_let_in = true;
	return ERR_OK;
}

/* ---- the hub's door stands open ----------------------------------------------------------------- */

struct zap {
	uint64_t allowed;
};

err_t zap_new (zap_t **ret_zap)
{
	*ret_zap = must_alloc (sizeof **ret_zap);
	(*ret_zap)->allowed = 0;
	return ERR_OK;
}

void zap_destroy (zap_t **zap)
{
	free (*zap);
	*zap = NULL;
}

void zap_allow (zap_t *zap, const struct public_key *keys, size_t count)
{
}

void zap_counts (zap_t *zap, uint64_t *ret_allowed, uint64_t *ret_refused)
{
	*ret_allowed = zap->allowed;
	*ret_refused = 0;
}

err_t selftest_run (zap_t *zap, const keypair_t *link_key)
{
	return ERR_OK;
}

/* ---- the agencies' ends ------------------------------------------------------------------------- */

agent_link_t *agent_link_new (const struct link_parts *parts, zloop_t *loop)
{
	agent_link_t *link = must_alloc (sizeof *link);

	memset (link, 0, sizeof *link);
	link->parts = *parts;
	link->endpoint = must_text (parts->endpoint);
	link->loop = loop;
	link->peer = ++last_peer;
	link->next = agents;
	return agents = link;
}

void agent_link_destroy (agent_link_t **link_p)
{
	agent_link_t *link = *link_p, **at = &agents;

	if (link == NULL)
		return;
	while (*at != link)
		at = &(*at)->next;
	*at = link->next;
	queue_clear (&link->in);
	free (link->borrowed);
	free (link->endpoint);
	free (link);
	*link_p = NULL;
}

bool agent_link_send (agent_link_t *link, struct bytes frame)
{
	if (link->hub == NULL)
		return false;
	if (!link->cut)
		queue_add (&link->hub->in, link->peer, keypair_id (link->parts.own), frame);
	return true;
}

bool agent_link_receive (agent_link_t *link, struct bytes *ret_frame)
{
	free (link->borrowed);
	link->borrowed = queue_take (&link->in);
	if (link->borrowed == NULL)
		return false;
	*ret_frame = link->borrowed->body;
	return true;
}

/* ---- turning ------------------------------------------------------------------------------------ */

/* What is to be told of a link; false when nothing is. */
static bool event_of (struct agent_link *link, enum link_event *ret_event)
{
	if (!link->told) {
		link->told = true;
		link->hub = hub_at (link->endpoint);
		*ret_event = link->hub != NULL ? LINK_UP : LINK_DOWN;
		return true;
	}
	if (link->in.count > 0) {
		*ret_event = LINK_FRAMES;
		return true;
	}
	*ret_event = LINK_DOWN;
	return link->cut;
}

bool line_turn (void *loop)
{
	for (struct agent_link *link = agents; link != NULL; link = link->next) {
		enum link_event event;

		if (link->loop != loop || !event_of (link, &event))
			continue;
		link->parts.tell (link->parts.arg, event);
		return true;
	}
	return false;
}

size_t line_waiting (const char *endpoint)
{
	struct link *hub = hub_at (endpoint);

	return hub != NULL ? hub->in.count : 0;
}
