/* Rate limits; see limit.h. */
#include "agents/door/limit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ADDRESS_TEXT 64

struct bucket {
	char address[ADDRESS_TEXT];
	int64_t used;                    /* attempts that have not filled again */
	int64_t since_ms;                /* from when the next one fills */
};

struct limit {
	size_t count;
	struct bucket of[LIMIT_ADDRESSES], all;
};

limit_t *limit_new (void)
{
	limit_t *limit = must_alloc (sizeof *limit);

	memset (limit, 0, sizeof *limit);
	return limit;
}

void limit_destroy (limit_t **limit)
{
	free (*limit);
	*limit = NULL;
}

static void refill (struct bucket *bucket, int64_t refill_ms, int64_t now_ms)
{
	int64_t filled = (now_ms - bucket->since_ms) / refill_ms;

	if (filled >= bucket->used || now_ms < bucket->since_ms) {
		bucket->used = now_ms < bucket->since_ms ? bucket->used : 0;
		bucket->since_ms = now_ms;
		return;
	}
	bucket->used -= filled;
	bucket->since_ms += filled * refill_ms;
}

/* A host has a whole /64 of IPv6 to itself: those are told apart by the first four groups. */
static void network_of (const char *address, char ret_network[ADDRESS_TEXT])
{
	unsigned groups = 0;
	size_t len = 0;

	for (; address[len] != '\0' && len + 1 < ADDRESS_TEXT; len++)
		if (address[len] == ':' && (++groups == 4 || address[len + 1] == ':'))
			break;
	memcpy (ret_network, address, len);
	ret_network[len] = '\0';
}

static struct bucket *find (limit_t *limit, const char *network)
{
	for (size_t i = 0; i < limit->count; i++)
		if (strcmp (limit->of[i].address, network) == 0)
			return &limit->of[i];
	return NULL;
}

static struct bucket *room (limit_t *limit, int64_t now_ms)
{
	struct bucket *least = &limit->of[0];

	if (limit->count < LIMIT_ADDRESSES)
		return &limit->of[limit->count++];
	for (size_t i = 0; i < limit->count; i++) {
		refill (&limit->of[i], LIMIT_ADDRESS_REFILL_MS, now_ms);
		if (limit->of[i].used < least->used)
			least = &limit->of[i];
	}
	return least;
}

static struct bucket *bucket_of (limit_t *limit, const char *address, int64_t now_ms)
{
	char network[ADDRESS_TEXT];
	struct bucket *bucket;

	network_of (address, network);
	bucket = find (limit, network);
	if (bucket != NULL)
		return bucket;
	bucket = room (limit, now_ms);
	*bucket = (struct bucket){ .since_ms = now_ms };
	snprintf (bucket->address, sizeof bucket->address, "%s", network);
	return bucket;
}

static int64_t wait_ms (struct bucket *bucket, int64_t most, int64_t refill_ms, int64_t now_ms)
{
	refill (bucket, refill_ms, now_ms);
	return bucket->used < most ? 0 : bucket->since_ms + refill_ms - now_ms;
}

int64_t limit_take (limit_t *limit, const char *address, int64_t now_ms)
{
	struct bucket *bucket = bucket_of (limit, address, now_ms);
	int64_t one = wait_ms (bucket, LIMIT_ADDRESS_ATTEMPTS, LIMIT_ADDRESS_REFILL_MS, now_ms);
	int64_t all = wait_ms (&limit->all, LIMIT_ALL_ATTEMPTS, LIMIT_ALL_REFILL_MS, now_ms);

	if (one > 0 || all > 0)
		return one > all ? one : all;
	bucket->used++;
	limit->all.used++;
	return 0;
}

void limit_give_back (limit_t *limit, const char *address)
{
	char network[ADDRESS_TEXT];
	struct bucket *bucket;

	network_of (address, network);
	bucket = find (limit, network);
	if (bucket != NULL && bucket->used > 0)
		bucket->used--;
	if (limit->all.used > 0)
		limit->all.used--;
}
