#include "hub/gate.h"

#define QUOTA_WAIT_LEAST_MS (30 * SECOND_MS)
#define QUOTA_WAIT_MOST_MS (10 * MINUTE_MS)

static err_t check_size (const struct gate_facts *f)
{
	if (f->header_err != ERR_OK)
		return f->header_err;
	if (f->h_len > LIMIT_HEADER_BYTES)
		return ERR_TOO_LARGE;
	if (f->header.bucket >= BUCKET_COUNT || f->c_len != cipher_bytes (f->header.bucket))
		return ERR_MALFORMED;
	return ERR_OK;
}

/* The time in a UUIDv7: its first 48 bits. */
static int64_t id_time_ms (const struct letter_id *id)
{
	int64_t ms = 0;

	for (int i = 0; i < 6; i++)
		ms = ms << 8 | id->b[i];
	return ms;
}

/* A letter from a clock that is ahead must travel all the same: a dead clock battery must not stop
 * a relapse alert.  Only what no letter's life can explain is put off. */
static err_t check_fresh (const struct gate_facts *f)
{
	int64_t ahead = id_time_ms (&f->header.id) - f->now_ms;

	if (ahead > LETTER_EXPIRY_MAX_MS || ahead < -LETTER_EXPIRY_MAX_MS)
		return ERR_CLOCK_SKEW;
	return ERR_OK;
}

static err_t check_member (const struct gate_facts *f)
{
	if (f->sender == GATE_SUSPENDED)
		return ERR_SUSPENDED;
	if (f->sender == GATE_UNKNOWN)
		return f->sender_ahead ? ERR_DIRECTORY_BEHIND : ERR_NOT_MEMBER;
	return ERR_OK;
}

static err_t check_from (const struct gate_facts *f)
{
	return agency_id_equal (&f->header.from, &f->session) ? ERR_OK : ERR_NOT_YOU;
}

static err_t check_route (const struct gate_facts *f)
{
	if (f->recipient == GATE_SUSPENDED)
		return ERR_RECIPIENT_SUSPENDED;
	if (f->recipient == GATE_UNKNOWN)
		return f->sender_ahead ? ERR_DIRECTORY_BEHIND : ERR_NO_ROUTE;
	return ERR_OK;
}

static err_t check_expiry (const struct gate_facts *f)
{
	if (f->header.expires_at_ms <= f->now_ms)
		return f->time_doubtful ? ERR_CLOCK_SKEW : ERR_EXPIRED;
	if (f->header.expires_at_ms - f->now_ms > LETTER_EXPIRY_MAX_MS)
		return ERR_EXPIRY_TOO_FAR;
	return ERR_OK;
}

/* Receipts end the custody of letters and so free room; they are small, and that is all that the hub can
 * tell of them. */
static bool may_use_reserve (const struct gate_facts *f)
{
	return f->header.bucket == 0 && !f->no_reserve;
}

/* A letter that is here already takes no new room. */
static bool is_here (const struct gate_facts *f)
{
	const struct life_row *row = life_row (f->known, f->put);

	return row->says == SAYS_PUT_OK && row->to == f->known;
}

static err_t check_open (const struct gate_facts *f)
{
	if (is_here (f))
		return ERR_OK;
	if (f->draining)
		return ERR_DRAINING;
	return f->no_space && !may_use_reserve (f) ? ERR_NO_SPACE : ERR_OK;
}

uint64_t gate_reserve (uint64_t quota)
{
	return quota / 10;
}

static bool is_full (const struct gate_facts *f)
{
	bool small = f->header.bucket == 0;
	uint64_t letters = f->quota_letters + (small ? gate_reserve (f->quota_letters) : 0);
	uint64_t bytes = f->quota_bytes + (small ? gate_reserve (f->quota_bytes) : 0);

	return f->queued_letters >= letters || f->queued_bytes + f->h_len + f->c_len > bytes;
}

static err_t check_quota (const struct gate_facts *f)
{
	if (is_here (f))
		return ERR_OK;
	return is_full (f) || f->rate_wait_ms > 0 ? ERR_QUOTA : ERR_OK;
}

static err_t check_duplicate (const struct gate_facts *f)
{
	return life_row (f->known, f->put)->code;
}

/* clang-format off */
static const struct { const char *name; err_t (*check) (const struct gate_facts *f); } checks[] = {
	{ "size",      check_size },
	{ "fresh",     check_fresh },
	{ "member",    check_member },
	{ "from",      check_from },
	{ "route",     check_route },
	{ "expiry",    check_expiry },
	{ "open",      check_open },
	{ "quota",     check_quota },
	{ "duplicate", check_duplicate },
};

/* How long a sender waits before it puts the same letter again. */
static const struct { err_t err; int64_t ms; } retries[] = {
	{ ERR_CLOCK_SKEW,        5 * MINUTE_MS },
	{ ERR_DIRECTORY_BEHIND,  MINUTE_MS },
	{ ERR_DRAINING,          30 * SECOND_MS },
	{ ERR_NO_SPACE,          MINUTE_MS },
};
/* clang-format on */

/* A queue that does not move is asked ever less often; a rate says by itself when. */
static int64_t quota_wait (const struct gate_facts *f)
{
	int64_t wait = is_full (f) ? f->full_ms : 0;

	if (is_full (f) && wait < QUOTA_WAIT_LEAST_MS)
		wait = QUOTA_WAIT_LEAST_MS;
	if (wait > QUOTA_WAIT_MOST_MS)
		wait = QUOTA_WAIT_MOST_MS;
	return wait > f->rate_wait_ms ? wait : f->rate_wait_ms;
}

static int64_t retry_after (const struct gate_facts *f, err_t err)
{
	if (err == ERR_QUOTA)
		return quota_wait (f);
	for (size_t i = 0; i < COUNT_OF (retries); i++) {
		if (retries[i].err == err)
			return retries[i].ms;
	}
	return err_lane (err) == LANE_RETRY ? MINUTE_MS : 0;
}

struct gate_verdict gate_judge (const struct gate_facts *facts)
{
	for (size_t i = 0; i < COUNT_OF (checks); i++) {
		err_t err = checks[i].check (facts);

		if (err != ERR_OK)
			return (struct gate_verdict){ err, checks[i].name,
						      retry_after (facts, err) };
	}
	return (struct gate_verdict){ ERR_OK, "", 0 };
}

const char *gate_check_name (size_t i)
{
	return i < COUNT_OF (checks) ? checks[i].name : NULL;
}
