#include "tests/town/net.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tests/town/chance.h"
#include "tests/town/loop.h"

#define ROADS 8
#define LINES 64
#define SILENT_MS (120 * SECOND_MS)   /* the heartbeat's patience */
#define HANDSHAKE_MS (30 * SECOND_MS)

struct packet {
	int64_t at_ms;
	struct packet *next;
	size_t len;
	uint8_t data[];
};

/* One way of a connection. */
struct pipe {
	struct packet *first, **last;
	struct packet *arrived, **arrived_last;
	int64_t busy_ms;               /* the last frame so far arrives then */
};

enum line_state { LINE_FREE, LINE_DIALLING, LINE_UP, LINE_REFUSED, LINE_DOWN };

struct line {
	enum line_state state;
	int64_t since_ms;              /* dialled */
	int64_t at_ms;                 /* when the agent learns of its end, or is through */
	agent_link_t *agent;           /* NULL: it has let go */
	bool hub;                      /* the hub's end is open */
	uint32_t peer;
	struct road *road;
	struct public_key key;
	struct pipe to_hub, to_agent;
};

struct agent_link {
	struct link_parts parts;
	struct line *line;
	const struct machine *machine;
	struct packet *taken;          /* lent to the owner until the next call */
};

struct link {
	size_t count;
	struct arrival arrival[HUB_GROUP_MAX];
	struct packet *taken[HUB_GROUP_MAX];
};

struct zap {
	struct public_key *keys;
	size_t count;
	uint64_t allowed, refused;
};

static struct road roads[ROADS];
static size_t road_count;
static struct line lines[LINES];
static uint32_t last_peer;
static uint64_t carried;
static link_t *hub_link;               /* the hub that is up, or NULL */
static zap_t *hub_zap;

/* ---- roads and pipes ---- */

struct road *net_road (const struct public_key *link_key)
{
	for (size_t i = 0; i < road_count; i++)
		if (ID_EQUAL (roads[i].key, *link_key))
			return &roads[i];
	assert (road_count < ROADS);
	roads[road_count] = (struct road){ .key = *link_key, .latency_ms = 20, .jitter_ms = 10 };
	return &roads[road_count++];
}

static void pipe_clear (struct pipe *pipe)
{
	struct packet *lists[] = { pipe->first, pipe->arrived };

	for (size_t i = 0; i < COUNT_OF (lists); i++)
		for (struct packet *packet = lists[i], *next; packet != NULL; packet = next) {
			next = packet->next;
			free (packet);
		}
	*pipe = (struct pipe){ 0 };
	pipe->last = &pipe->first;
	pipe->arrived_last = &pipe->arrived;
}

static int64_t travel_ms (const struct road *road, size_t len)
{
	int64_t ms = road->latency_ms + (road->jitter_ms > 0 ? chance_between (0, road->jitter_ms) : 0);

	return road->bytes_per_s > 0 ? ms + (int64_t)len * 1000 / road->bytes_per_s : ms;
}

static void pipe_send (struct pipe *pipe, const struct road *road, struct bytes frame)
{
	struct packet *packet = must_alloc (sizeof *packet + frame.len);
	int64_t at_ms = sim_now_ms () + travel_ms (road, frame.len);

	if (at_ms < pipe->busy_ms)   /* frames of one connection don't overtake one another */
		at_ms = pipe->busy_ms;
	pipe->busy_ms = at_ms;
	*packet = (struct packet){ .at_ms = at_ms, .len = frame.len };
	memcpy (packet->data, frame.data, frame.len);
	*pipe->last = packet;
	pipe->last = &packet->next;
}

/* Moves what is due to the end of the pipe; true when something lies there. */
static bool pipe_arrive (struct pipe *pipe)
{
	while (pipe->first != NULL && pipe->first->at_ms <= sim_now_ms ()) {
		struct packet *packet = pipe->first;

		pipe->first = packet->next;
		if (pipe->first == NULL)
			pipe->last = &pipe->first;
		packet->next = NULL;
		*pipe->arrived_last = packet;
		pipe->arrived_last = &packet->next;
		carried++;
	}
	return pipe->arrived != NULL;
}

static struct packet *pipe_take (struct pipe *pipe)
{
	struct packet *packet = pipe->arrived;

	if (packet == NULL)
		return NULL;
	pipe->arrived = packet->next;
	if (pipe->arrived == NULL)
		pipe->arrived_last = &pipe->arrived;
	return packet;
}

/* ---- lines ---- */

static void line_free (struct line *line)
{
	if (line->agent != NULL || line->hub)
		return;
	pipe_clear (&line->to_hub);
	pipe_clear (&line->to_agent);
	line->state = LINE_FREE;
}

/* The connection is no more.  What has reached the agent by now it may still read, before it hears
 * of the end; everything else is lost. */
static void line_break (struct line *line)
{
	struct pipe *pipe = &line->to_agent;

	if (line->state == LINE_FREE || line->state == LINE_DOWN)
		return;
	line->state = LINE_DOWN;
	line->at_ms = sim_now_ms () + 1;
	line->hub = false;
	pipe_clear (&line->to_hub);
	for (struct packet *packet = pipe->first, *next; packet != NULL; packet = next) {
		next = packet->next;
		free (packet);
	}
	pipe->first = NULL;
	pipe->last = &pipe->first;
	line_free (line);
}

static void break_all (const struct public_key *key)
{
	for (size_t i = 0; i < LINES; i++)
		if (key == NULL || ID_EQUAL (lines[i].key, *key))
			line_break (&lines[i]);
}

void net_cut (const struct public_key *link_key)
{
	break_all (link_key);
}

void net_start (void)
{
	for (size_t i = 0; i < LINES; i++)
		assert (lines[i].agent == NULL && !lines[i].hub);
	net_forget ();
	road_count = 0;
	last_peer = 0;
}

void net_forget (void)
{
	for (size_t i = 0; i < LINES; i++) {
		pipe_clear (&lines[i].to_hub);
		pipe_clear (&lines[i].to_agent);
		lines[i].state = LINE_FREE;
		lines[i].agent = NULL;
		lines[i].hub = false;
	}
	hub_link = NULL;
	hub_zap = NULL;
}

/* ---- the agent's side ---- */

/* The hub learns of it when it has read what was sent. */
static void let_go (struct line *line)
{
	line->agent = NULL;
	if (line->state == LINE_DIALLING)
		line->state = LINE_DOWN;
	line_free (line);
}

void net_orphan (const struct public_key *link_key)
{
	for (size_t i = 0; i < LINES; i++)
		if (lines[i].agent != NULL && ID_EQUAL (lines[i].key, *link_key)) {
			lines[i].agent->line = NULL;
			let_go (&lines[i]);
		}
}

agent_link_t *agent_link_new (const struct link_parts *parts, zloop_t *loop)
{
	agent_link_t *link = must_alloc (sizeof *link);
	struct line *line = lines;

	while (line->state != LINE_FREE)
		line++;
	assert (line < lines + LINES);
	*link = (agent_link_t){ .parts = *parts, .line = line, .machine = sim_here () };
	line->state = LINE_DIALLING;
	line->agent = link;
	line->key = keypair_public (parts->own);
	line->road = net_road (&line->key);
	line->since_ms = sim_now_ms ();
	line->at_ms = sim_now_ms () + 3 * line->road->latency_ms + 1;
	return link;
}

void agent_link_destroy (agent_link_t **link_p)
{
	agent_link_t *link = *link_p;

	if (link == NULL)
		return;
	if (link->line != NULL)
		let_go (link->line);
	free (link->taken);
	free (link);
	*link_p = NULL;
}

bool agent_link_send (agent_link_t *link, struct bytes frame)
{
	if (link->line == NULL || link->line->state != LINE_UP)
		return false;
	pipe_send (&link->line->to_hub, link->line->road, frame);
	return true;
}

bool agent_link_receive (agent_link_t *link, struct bytes *ret_frame)
{
	free (link->taken);
	link->taken = link->line != NULL ? pipe_take (&link->line->to_agent) : NULL;
	if (link->taken == NULL)
		return false;
	*ret_frame = (struct bytes){ link->taken->data, link->taken->len };
	return true;
}

/* ---- the hub's side ---- */

void link_start (int io_threads)
{
}

err_t link_open (const char *endpoint, const keypair_t *link_key, link_t **ret_link,
		 problems_t *problems)
{
	assert (hub_link == NULL);
	hub_link = must_alloc (sizeof *hub_link);
	memset (hub_link, 0, sizeof *hub_link);
	*ret_link = hub_link;
	return ERR_OK;
}

void link_destroy (link_t **link)
{
	if (*link == NULL)
		return;
	link_release (*link);
	break_all (NULL);
	free (*link);
	*link = hub_link = NULL;
}

const char *link_endpoint (const link_t *link)
{
	return "tcp://127.0.0.1:7100";
}

void *link_socket (link_t *link)
{
	return link;
}

static bool take_one (link_t *link, struct line *line)
{
	struct packet *packet = line->hub ? pipe_take (&line->to_hub) : NULL;

	if (packet == NULL)
		return false;
	link->taken[link->count] = packet;
	link->arrival[link->count++] = (struct arrival){
		.peer = line->peer,
		.key = key_id_of (KEY_LINK, &line->key),
		.fd = (int)line->peer,
		.body = { packet->data, packet->len },
	};
	return true;
}

/* One frame of each connection in turn, as ROUTER does. */
size_t link_receive (link_t *link)
{
	bool more = true;

	assert (link->count == 0);
	while (more) {
		more = false;
		for (size_t i = 0; i < LINES && link->count < HUB_GROUP_MAX; i++)
			more |= take_one (link, &lines[i]);
		more = more && link->count < HUB_GROUP_MAX;
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

uint64_t link_dropped (const link_t *link)
{
	return 0;
}

void link_guard (link_t *link)
{
}

bool link_listening (const link_t *link)
{
	return true;
}

static struct line *line_of (uint32_t peer)
{
	for (size_t i = 0; i < LINES; i++)
		if (lines[i].hub && lines[i].peer == peer)
			return &lines[i];
	return NULL;
}

err_t link_send (link_t *link, uint32_t peer, struct bytes frame)
{
	struct line *line = line_of (peer);

	if (line == NULL)
		return ERR_OFFLINE;
	pipe_send (&line->to_agent, line->road, frame);
	return ERR_OK;
}

struct connection link_connection (const struct arrival *arrival)
{
	return (struct connection){ .fd = arrival->fd, .peer_len = 1 };
}

void link_cut (const struct connection *connection)
{
	struct line *line = line_of ((uint32_t)connection->fd);

	if (line != NULL)
		line_break (line);
}

/* ---- the door ---- */

err_t zap_new (zap_t **ret_zap)
{
	assert (hub_zap == NULL);
	hub_zap = must_alloc (sizeof *hub_zap);
	*hub_zap = (zap_t){ 0 };
	*ret_zap = hub_zap;
	return ERR_OK;
}

void zap_destroy (zap_t **zap)
{
	if (*zap == NULL)
		return;
	free ((*zap)->keys);
	free (*zap);
	*zap = hub_zap = NULL;
}

void zap_allow (zap_t *zap, const struct public_key *keys, size_t count)
{
	free (zap->keys);
	zap->keys = must_alloc (count * sizeof *keys + 1);
	if (count > 0)
		memcpy (zap->keys, keys, count * sizeof *keys);
	zap->count = count;
}

void zap_counts (zap_t *zap, uint64_t *ret_allowed, uint64_t *ret_refused)
{
	*ret_allowed = zap->allowed;
	*ret_refused = zap->refused;
}

static bool admits (const struct public_key *key)
{
	for (size_t i = 0; hub_zap != NULL && i < hub_zap->count; i++)
		if (ID_EQUAL (hub_zap->keys[i], *key))
			return true;
	return false;
}

err_t link_knock (const keypair_t *server_key, const keypair_t *client_key, bool *ret_let_in)
{
	struct public_key key = keypair_public (client_key);

	*ret_let_in = admits (&key);
	return ERR_OK;
}

/* ---- delivering ---- */

static void tell (struct line *line, enum link_event event)
{
	agent_link_t *agent = line->agent;

	sim_enter (agent->machine);
	agent->parts.tell (agent->parts.arg, event);   /* may destroy the link */
	sim_leave ();
}

static void greet (struct line *line)
{
	bool known = admits (&line->key);

	if (hub_link == NULL) {
		line_break (line);
		return;
	}
	line->state = known ? LINE_UP : LINE_REFUSED;
	line->hub = known;
	line->peer = ++last_peer;
	tell (line, known ? LINK_UP : LINK_REFUSED);
}

/* A road on which nothing moves is noticed by heartbeats, a handshake by its own limit. */
static bool is_silent (const struct line *line)
{
	int64_t now_ms = sim_now_ms ();

	return line->road->closed &&
	       (line->state == LINE_UP ? now_ms - line->road->closed_since_ms > SILENT_MS :
		line->state == LINE_DIALLING && now_ms - line->since_ms > HANDSHAKE_MS);
}

static void serve_agent (struct line *line)
{
	if (line->road->closed && line->state != LINE_DOWN)
		return;
	if (line->state == LINE_DIALLING && line->at_ms <= sim_now_ms ()) {
		greet (line);
		return;
	}
	while (line->state == LINE_UP && line->agent != NULL && !line->road->deaf_agent &&
	       pipe_arrive (&line->to_agent))
		tell (line, LINK_FRAMES);
	if (line->state == LINE_DOWN && line->agent != NULL && line->at_ms <= sim_now_ms ())
		tell (line, LINK_DOWN);
}

/* True when something waits for the hub. */
static bool serve_hub (struct line *line)
{
	bool waits;

	if (!line->hub || line->road->closed || line->road->deaf_hub)
		return false;
	waits = pipe_arrive (&line->to_hub);
	if (!waits && line->agent == NULL && line->to_hub.first == NULL)
		line_break (line);   /* its last words are read: the hub sees the end */
	return waits;
}

void net_deliver (zloop_t *hub_loop)
{
	bool waits = false;

	for (size_t i = 0; i < LINES; i++)
		if (lines[i].state != LINE_FREE && is_silent (&lines[i]))
			line_break (&lines[i]);
	for (size_t i = 0; i < LINES; i++)
		if (lines[i].state != LINE_FREE && lines[i].agent != NULL)
			serve_agent (&lines[i]);
	for (size_t i = 0; i < LINES; i++)
		if (lines[i].state != LINE_FREE)
			waits |= serve_hub (&lines[i]);
	if (waits && hub_link != NULL && !loop_ended (hub_loop))
		loop_poke (hub_loop, hub_link);
}

uint64_t net_carried (void)
{
	return carried;
}

/* ---- when ---- */

static int64_t earlier (int64_t a_ms, int64_t b_ms)
{
	return a_ms < b_ms ? a_ms : b_ms;
}

static int64_t line_next_ms (const struct line *line)
{
	int64_t next_ms = INT64_MAX;

	if (line->state == LINE_DOWN)
		return line->agent != NULL ? line->at_ms : INT64_MAX;
	if (line->road->closed)
		return line->state == LINE_UP ? line->road->closed_since_ms + SILENT_MS + 1 :
						line->since_ms + HANDSHAKE_MS + 1;
	if (line->state == LINE_DIALLING)
		return line->at_ms;
	if (line->to_agent.first != NULL && !line->road->deaf_agent && line->agent != NULL)
		next_ms = earlier (next_ms, line->to_agent.first->at_ms);
	if (!line->hub || line->road->deaf_hub)
		return next_ms;
	if (line->to_hub.first != NULL)
		return earlier (next_ms, line->to_hub.first->at_ms);
	/* What has arrived is read now; when nothing has and nobody is there, the end is seen now. */
	return line->to_hub.arrived != NULL || line->agent == NULL ? sim_now_ms () : next_ms;
}

int64_t net_next_ms (void)
{
	int64_t next_ms = INT64_MAX;

	for (size_t i = 0; i < LINES; i++)
		if (lines[i].state != LINE_FREE)
			next_ms = earlier (next_ms, line_next_ms (&lines[i]));
	return next_ms < sim_now_ms () ? sim_now_ms () : next_ms;
}
