/* Server-sent events; see events.h. */
#include "agents/api/events.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/api/handlers.h"
#include "agents/ledger/changes.h"
#include "jembatan/clock.h"
#include "jembatan/keys.h"

#define WHAT_TEXT 48u
#define EVENT_TEXT (EVENTS_WHAT * (WHAT_TEXT + 4) + 128u)

struct listener {
	events_t *events;
	http_exchange_t *exchange;   /* NULL = this place is free */
	struct hash who;
	bool lists;                  /* may hear of referrals and people */
	char text[EVENT_TEXT];       /* on its way */
	size_t len, at;
	bool missed;                 /* something, while its text was still on its way */
	int64_t began_ms, told_ms;
};

struct events {
	ledger_t *ledger;
	zloop_t *loop;
	int timer;                   /* -1 = nobody listens */
	char life[17];               /* of this process: ids of another one can't be continued */
	uint64_t number;             /* of the last event */
	struct ledger_changes changes;
	struct listener listeners[EVENTS_LISTENERS];
};

/* ---- what one event says ---- */

struct what {
	size_t count;
	char of[EVENTS_WHAT][WHAT_TEXT];
	bool all;                    /* too much to be named */
};

static void add (struct what *what, const char *form, const char *name)
{
	if (what->count == EVENTS_WHAT)
		what->all = true;
	else
		snprintf (what->of[what->count++], WHAT_TEXT, form, name);
}

static void add_referral (struct what *what, ledger_t *ledger, const struct thread_id *id)
{
	OWNED (arena) arena = arena_new (64 * KIB);
	struct thread thread;

	if (thread_get (ledger, id, arena, &thread) == ERR_OK && *thread.number != '\0')
		add (what, "referral:%s", thread.number);
}

static struct what what_of (events_t *events, bool lists)
{
	const struct ledger_changes *changes = &events->changes;
	struct what what = { .all = changes->more };
	char uuid[UUID_TEXT];

	if (changes->alarms)
		add (&what, "%s", "alarms");
	add (&what, "%s", "status");
	if (!lists)
		return what;
	add (&what, "%s", "today");
	for (size_t i = 0; i < changes->thread_count; i++)
		add_referral (&what, events->ledger, &changes->threads[i]);
	for (size_t i = 0; i < changes->person_count; i++)
		add (&what, "person:%s", uuid_text (changes->people[i].b, uuid));
	return what;
}

static size_t event_text (const events_t *events, const struct what *what, char text[EVENT_TEXT])
{
	size_t len = (size_t)snprintf (text, EVENT_TEXT, "id: %s-%" PRIu64 "\nevent: %s\ndata: {\"what\": [",
				       events->life, events->number, what->all ? "all" : "changed");

	for (size_t i = 0; i < what->count && !what->all; i++)
		len += (size_t)snprintf (text + len, EVENT_TEXT - len, "%s\"%s\"", i > 0 ? ", " : "",
					 what->of[i]);
	return len + (size_t)snprintf (text + len, EVENT_TEXT - len, "]}\n\n");
}

/* ---- telling ---- */

static void say (struct listener *listener, const char *text, size_t len)
{
	memcpy (listener->text, text, len);
	listener->len = len;
	listener->at = 0;
	listener->told_ms = clock_monotonic_ms ();
	http_wake (listener->exchange);
}

static bool is_busy (const struct listener *listener)
{
	return listener->at < listener->len;
}

static void say_all (struct listener *listener)
{
	const struct what all = { .all = true };
	char text[EVENT_TEXT];

	listener->missed = false;
	say (listener, text, event_text (listener->events, &all, text));
}

/* One text for those who may list, another for those who may not; each listener gets it whole, or hears
 * later that it missed something. */
static void tell (events_t *events)
{
	char text[2][EVENT_TEXT];
	size_t len[2];

	events->number++;
	for (int lists = 0; lists < 2; lists++) {
		struct what what = what_of (events, lists);

		len[lists] = event_text (events, &what, text[lists]);
	}
	events->changes = (struct ledger_changes){ 0 };
	for (size_t i = 0; i < EVENTS_LISTENERS; i++) {
		struct listener *listener = &events->listeners[i];

		if (listener->exchange == NULL)
			continue;
		if (is_busy (listener))
			listener->missed = true;
		else
			say (listener, text[listener->lists], len[listener->lists]);
	}
}

static void keep_alive (struct listener *listener, int64_t now_ms)
{
	static const char beat[] = ": \n\n";

	if (listener->exchange == NULL || is_busy (listener))
		return;
	if (listener->missed)
		say_all (listener);
	else if (now_ms - listener->told_ms >= EVENTS_HEARTBEAT_MS)
		say (listener, beat, sizeof beat - 1);
}

static int on_timer (zloop_t *loop, int timer, void *arg)
{
	events_t *events = arg;
	int64_t now_ms = clock_monotonic_ms ();

	if (events->changes.any)
		tell (events);
	for (size_t i = 0; i < EVENTS_LISTENERS; i++)
		keep_alive (&events->listeners[i], now_ms);
	return 0;
}

/* ---- listening ---- */

static ssize_t read_text (void *arg, uint64_t at, uint8_t *buffer, size_t max)
{
	struct listener *listener = arg;
	size_t left = listener->len - listener->at, used = left < max ? left : max;

	if (left == 0 && clock_monotonic_ms () - listener->began_ms >= EVENTS_LIFE_MS)
		return -1;
	memcpy (buffer, listener->text + listener->at, used);
	listener->at += used;
	return (ssize_t)used;
}

static size_t listening (const events_t *events, const struct hash *who)
{
	size_t count = 0;

	for (size_t i = 0; i < EVENTS_LISTENERS; i++)
		count += events->listeners[i].exchange != NULL &&
			 (who == NULL || ID_EQUAL (events->listeners[i].who, *who));
	return count;
}

static void on_close (void *arg)
{
	struct listener *listener = arg;
	events_t *events = listener->events;

	listener->exchange = NULL;
	if (listening (events, NULL) > 0 || events->timer == -1)
		return;
	zloop_timer_end (events->loop, events->timer);
	events->timer = -1;
}

/* A session is what its cookie shows; a user of the socket is known by name. */
static struct hash who_listens (const struct call *call)
{
	return hash_of (bytes_of_text (call->caller.who),
			bytes_of_text (call->caller.kind == CALLER_BOX ? call->actor.user
								       : call->request->cookie_session));
}

static struct listener *free_place (events_t *events)
{
	for (size_t i = 0; i < EVENTS_LISTENERS; i++)
		if (events->listeners[i].exchange == NULL)
			return &events->listeners[i];
	return NULL;
}

/* Where nothing happened since, or nothing is known of before, there is nothing to catch up with. */
static bool goes_on (const events_t *events, const char *last_id)
{
	char id[64];

	snprintf (id, sizeof id, "%s-%" PRIu64, events->life, events->number);
	return *last_id == '\0' || strcmp (last_id, id) == 0;
}

static void begin (struct listener *listener, struct call *call)
{
	static const char hello[] = "retry: 5000\n\n";
	events_t *events = listener->events;

	listener->exchange = call->request->exchange;
	listener->who = who_listens (call);
	listener->lists = permit (&call->actor, USE_LIST) == ERR_OK;
	listener->missed = !goes_on (events, call->request->last_event_id);
	listener->began_ms = listener->told_ms = clock_monotonic_ms ();
	memcpy (listener->text, hello, sizeof hello);
	listener->len = sizeof hello - 1;
	listener->at = 0;
	if (events->timer == -1)
		events->timer = zloop_timer (events->loop, EVENTS_MS, 0, on_timer, events);
}

err_t events_listen (events_t *events, struct call *call)
{
	const struct hash who = who_listens (call);
	struct listener *listener = free_place (events);

	if (listener == NULL || listening (events, &who) >= EVENTS_OF_ONE)
		return problems_add (call->problems, ERR_BUSY, "",
				     "sudah ada %u jendela yang mendengarkan; tutup salah satunya",
				     "%u windows are listening already; close one of them",
				     listener == NULL ? EVENTS_LISTENERS : EVENTS_OF_ONE);
	begin (listener, call);
	call->stream = (struct http_stream){ .live = true, .read = read_text, .close = on_close,
					     .arg = listener, .type = "text/event-stream" };
	return ERR_OK;
}

/* ---- life ---- */

static void on_changes (void *arg, const struct ledger_changes *changes)
{
	events_t *events = arg;

	if (listening (events, NULL) > 0)
		changes_add (&events->changes, changes);
	else
		events->number++;    /* whoever comes back has missed something */
}

events_t *events_new (zloop_t *loop)
{
	events_t *events = must_alloc (sizeof *events);
	uint8_t chance[16];

	memset (events, 0, sizeof *events);
	events->loop = loop;
	events->timer = -1;
	random16_make (chance);
	for (size_t i = 0; i < 8; i++)
		snprintf (events->life + 2 * i, 3, "%02x", chance[i]);
	for (size_t i = 0; i < EVENTS_LISTENERS; i++)
		events->listeners[i].events = events;
	return events;
}

void events_open (events_t *events, ledger_t *ledger)
{
	events->ledger = ledger;
	if (ledger != NULL)
		ledger_on_changes (ledger, on_changes, events);
}

void events_destroy (events_t **events)
{
	if (*events == NULL)
		return;
	if ((*events)->ledger != NULL)
		ledger_on_changes ((*events)->ledger, NULL, NULL);
	free (*events);
	*events = NULL;
}

err_t events_follow (struct call *call, json_t **ret_answer)
{
	return events_listen (call->events, call);
}
