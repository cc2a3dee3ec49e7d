#include "hub/lease.h"

#define LEAST_BYTES (16u * KIB)                 /* of a session that comes when the pool is empty */
#define LEAST_LETTERS 4u
#define BUSY_PART 8             /* a window that is full shows up in a group only in part */
#define IDLE_MS (2 * MINUTE_MS)
#define SETTLE_MS (10 * MINUTE_MS)              /* by then a smaller grant has certainly arrived */

/* A chunk of an attachment may come besides the letters. */
static void grant (struct lease *lease, struct pool *pool, struct credit credit)
{
	uint64_t charge = credit.bytes + LIMIT_BLOB_CHUNK_BYTES;

	pool->free_bytes += lease->charged_bytes;
	lease->charged_bytes = charge < pool->free_bytes ? charge : pool->free_bytes;
	pool->free_bytes -= lease->charged_bytes;
	lease->granted = credit;
}

void lease_open (struct lease *lease, struct pool *pool, int64_t now_ms)
{
	struct credit credit = { HUB_CREDIT_LETTERS, HUB_CREDIT_BYTES };

	if (pool->free_bytes < credit.bytes)
		credit = (struct credit){ LEAST_LETTERS, LEAST_BYTES };
	*lease = (struct lease){ .used_ms = now_ms };
	grant (lease, pool, credit);
	lease->allowed = credit;
}

void lease_close (struct lease *lease, struct pool *pool)
{
	pool->free_bytes += lease->charged_bytes;
	*lease = (struct lease){ .charged_bytes = 0 };
}

bool lease_covers (const struct lease *lease, uint32_t letters, uint64_t bytes)
{
	return letters <= 1 ||
	       (letters <= lease->allowed.letters && bytes <= lease->allowed.bytes);
}

bool lease_grow (struct lease *lease, struct pool *pool, uint32_t letters, uint64_t bytes,
		 int64_t now_ms)
{
	struct credit more = { lease->granted.letters * 2, lease->granted.bytes * 2 };

	lease->used_ms = now_ms;
	if (letters * BUSY_PART < lease->granted.letters && bytes * BUSY_PART < lease->granted.bytes)
		return false;
	if (more.letters > HUB_CREDIT_LETTERS_MAX || more.bytes > HUB_CREDIT_BYTES_MAX)
		more = (struct credit){ HUB_CREDIT_LETTERS_MAX, HUB_CREDIT_BYTES_MAX };
	if ((more.letters <= lease->granted.letters && more.bytes <= lease->granted.bytes) ||
	    more.bytes + LIMIT_BLOB_CHUNK_BYTES - lease->charged_bytes > pool->free_bytes)
		return false;
	grant (lease, pool, more);
	if (more.letters >= lease->allowed.letters)
		lease->allowed = more;
	return true;
}

bool lease_shrink (struct lease *lease, struct pool *pool, int64_t now_ms)
{
	if (lease->allowed.letters > lease->granted.letters && now_ms >= lease->allowed_until_ms)
		lease->allowed = lease->granted;
	if (now_ms - lease->used_ms < IDLE_MS || lease->granted.bytes <= HUB_CREDIT_BYTES)
		return false;
	lease->allowed_until_ms = now_ms + SETTLE_MS;
	grant (lease, pool, (struct credit){ HUB_CREDIT_LETTERS, HUB_CREDIT_BYTES });
	return true;
}
