/*
 * A dense vector for walking and a table of peers for finding.
 */
#include "hub/session.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct sessions {
	struct session **at;
	size_t count, room;
	struct session **slot;       /* open addressing by peer, a power of two, at most half full */
	size_t slots;
};

static size_t slot_of (const sessions_t *sessions, uint32_t peer)
{
	size_t i = (peer * UINT32_C (2654435761)) & (sessions->slots - 1);

	while (sessions->slot[i] != NULL && sessions->slot[i]->peer != peer)
		i = (i + 1) & (sessions->slots - 1);
	return i;
}

static void slots_make (sessions_t *sessions, size_t slots)
{
	free (sessions->slot);
	sessions->slots = slots;
	sessions->slot = must_alloc (slots * sizeof *sessions->slot);
	memset (sessions->slot, 0, slots * sizeof *sessions->slot);
	for (size_t i = 0; i < sessions->count; i++)
		sessions->slot[slot_of (sessions, sessions->at[i]->peer)] = sessions->at[i];
}

bool session_may_log (struct session *session)
{
	if (session->lines_left == 0)
		return false;
	session->lines_left--;
	return true;
}

sessions_t *sessions_new (void)
{
	sessions_t *sessions = must_alloc (sizeof *sessions);

	memset (sessions, 0, sizeof *sessions);
	slots_make (sessions, 64);
	return sessions;
}

static void session_free (struct session *session)
{
	courier_close (&session->courier);
	free (session);
}

void sessions_destroy (sessions_t **sessions)
{
	if (*sessions == NULL)
		return;
	for (size_t i = 0; i < (*sessions)->count; i++)
		session_free ((*sessions)->at[i]);
	free ((*sessions)->at);
	free ((*sessions)->slot);
	free (*sessions);
	*sessions = NULL;
}

struct session *sessions_find (sessions_t *sessions, uint32_t peer)
{
	return sessions->slot[slot_of (sessions, peer)];
}

struct session *sessions_add (sessions_t *sessions, uint32_t peer)
{
	struct session *session = must_alloc (sizeof *session);

	assert (sessions_find (sessions, peer) == NULL);
	memset (session, 0, sizeof *session);
	session->peer = peer;
	if (sessions->count == sessions->room) {
		sessions->room = sessions->room * 2 + 16;
		sessions->at = must_realloc (sessions->at, sessions->room * sizeof *sessions->at);
	}
	sessions->at[sessions->count++] = session;
	if (sessions->count * 2 > sessions->slots)
		slots_make (sessions, sessions->slots * 2);
	else
		sessions->slot[slot_of (sessions, peer)] = session;
	return session;
}

/* Closes the hole that a removed session leaves in the table (Knuth 6.4, algorithm R). */
static void slot_clear (sessions_t *sessions, size_t hole)
{
	size_t mask = sessions->slots - 1;

	for (size_t i = (hole + 1) & mask; sessions->slot[i] != NULL; i = (i + 1) & mask) {
		size_t home = (sessions->slot[i]->peer * UINT32_C (2654435761)) & mask;

		if (((i - home) & mask) >= ((i - hole) & mask)) {
			sessions->slot[hole] = sessions->slot[i];
			hole = i;
		}
	}
	sessions->slot[hole] = NULL;
}

void sessions_remove (sessions_t *sessions, struct session *session)
{
	slot_clear (sessions, slot_of (sessions, session->peer));
	for (size_t i = 0; i < sessions->count; i++) {
		if (sessions->at[i] == session) {
			sessions->at[i] = sessions->at[--sessions->count];
			break;
		}
	}
	session_free (session);
}

size_t sessions_count (const sessions_t *sessions)
{
	return sessions->count;
}

struct session *sessions_at (const sessions_t *sessions, size_t i)
{
	assert (i < sessions->count);
	return sessions->at[i];
}
