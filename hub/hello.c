#include "hub/hello.h"

static err_t check_protocol (const struct hello_facts *f)
{
	if (f->protocol_min > PROTOCOL_VERSION || f->protocol_max < PROTOCOL_VERSION)
		return ERR_BAD_VERSION;
	return ERR_OK;
}

static err_t check_member (const struct hello_facts *f)
{
	if (f->member == HELLO_SUSPENDED)
		return ERR_SUSPENDED;
	if (f->member == HELLO_UNKNOWN)
		return f->ahead ? ERR_DIRECTORY_BEHIND : ERR_NOT_MEMBER;
	return ERR_OK;
}

static err_t check_agency (const struct hello_facts *f)
{
	if (f->agency_matches)
		return ERR_OK;
	return f->ahead ? ERR_DIRECTORY_BEHIND : ERR_NOT_YOU;
}

static err_t check_numbers (const struct hello_facts *f)
{
	return ID_IS_NONE (f->store) || f->next_pseq == 0 ? ERR_MALFORMED : ERR_OK;
}

/* A ledger is restored a few times in its life; each one is remembered for ever. */
#define RETIRED_MAX 1000

/* One ledger per agency: the one that is known, or one that says it takes its place. */
static err_t check_store (const struct hello_facts *f)
{
	if (f->retired ||
	    (!ID_IS_NONE (f->takes_over) && f->marks.retired_count >= RETIRED_MAX))
		return ERR_OTHER_STORE;
	if (ID_IS_NONE (f->marks.store) || ID_EQUAL (f->marks.store, f->store) ||
	    ID_EQUAL (f->marks.store, f->takes_over))
		return ERR_OK;
	return ERR_OTHER_STORE;
}

static err_t check_open (const struct hello_facts *f)
{
	return f->draining ? ERR_DRAINING : ERR_OK;
}

/* clang-format off */
static const struct { const char *name; err_t (*check) (const struct hello_facts *f); } checks[] = {
	{ "protocol", check_protocol },
	{ "member",   check_member },
	{ "agency",   check_agency },
	{ "numbers",  check_numbers },
	{ "store",    check_store },
	{ "open",     check_open },
};
/* clang-format on */

static bool same_pair (const struct hello_facts *f)
{
	return ID_EQUAL (f->hub_store, f->own_store) && ID_EQUAL (f->store, f->marks.store);
}

/* The agent holds the hub's own signature, or stored what the hub never numbered.  How many numbers
 * it used says nothing: Puts that never arrived use them up too. */
static bool hub_remembers_less (const struct hello_facts *f)
{
	for (int class = CLASS_STAT; class < CLASS_COUNT; class++) {
		const struct class_lane *lane = &f->marks.lane[class];

		/* Letters that came since a restart are no excuse: it can't have been sent them. */
		if (f->stored[class] > f->given[class] - lane->base)
			return true;
	}
	return false;
}

/* The hub heard that more was stored, or answered numbers that the agent says it never used. */
static bool agent_remembers_less (const struct hello_facts *f)
{
	for (int class = CLASS_STAT; class < CLASS_COUNT; class++) {
		const struct class_lane *lane = &f->marks.lane[class];

		if (f->stored[class] < lane->stored - lane->base)
			return true;
	}
	return f->next_pseq <= f->marks.pseq;
}

static struct hello_verdict refuse (err_t err, const char *check)
{
	int64_t wait = err_lane (err) == LANE_RETRY ? 30 * SECOND_MS : 0;

	return (struct hello_verdict){ HELLO_REFUSE, err, wait, check };
}

struct hello_verdict hello_judge (const struct hello_facts *facts)
{
	for (size_t i = 0; i < COUNT_OF (checks); i++) {
		err_t err = checks[i].check (facts);

		if (err != ERR_OK)
			return refuse (err, checks[i].name);
	}
	if (facts->seen_ahead)
		return (struct hello_verdict){ HELLO_GONE_BACK, ERR_OK, 0, "" };
	if (!same_pair (facts))
		return (struct hello_verdict){ HELLO_RESTART, ERR_OK, 0, "" };
	if (hub_remembers_less (facts))
		return (struct hello_verdict){ HELLO_GONE_BACK, ERR_OK, 0, "" };
	if (agent_remembers_less (facts))
		return refuse (ERR_GONE_BACK, "marks");
	return (struct hello_verdict){ HELLO_RESUME, ERR_OK, 0, "" };
}
