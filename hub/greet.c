/*
 * HELLO: facts gathered, hello_judge asked, its verdict carried out.
 */
#include "hub/core.h"

#include "hub/hello.h"
#include "jembatan/fault.h"
#include "jembatan/log.h"

#define MINT_PAUSE_MS HOUR_MS    /* a member's mere claim can't make the hub forget all marks at will */
#define AUDIT_LINES 10u

enum gate_member hub_standing (hub_t *hub, struct account *account)
{
	const struct member *member;

	if (account->standing_version == roster_version (hub->roster))
		return (enum gate_member)account->standing;
	member = directory_member (roster_directory (hub->roster), &account->id);
	account->standing_version = roster_version (hub->roster);
	account->standing = member == NULL ? GATE_UNKNOWN :
			    member->status == MEMBER_IS_ACTIVE ? GATE_ACTIVE : GATE_SUSPENDED;
	return (enum gate_member)account->standing;
}

/* ---- facts ---- */

static enum hello_member member_of_key (hub_t *hub, const struct member *member,
					const struct key_id *key)
{
	if (member == NULL ||
	    member_key_allows (member, key, KEY_LINK, hub->now_ms, hub->now_ms) != ERR_OK)
		return HELLO_UNKNOWN;
	return member->status == MEMBER_IS_ACTIVE ? HELLO_ACTIVE : HELLO_SUSPENDED;
}

static void gather_account (const struct account *account, const struct frame *frame,
			    struct hello_facts *facts)
{
	if (account == NULL)
		return;
	facts->marks = account->now;
	for (int class = CLASS_STAT; class < CLASS_COUNT; class++)
		facts->given[class] = account->given[class] > account->now.lane[class].base
					      ? account->given[class]
					      : account->now.lane[class].base;
	facts->retired = account_retired (account, &frame->hello.store_id);
}

static void gather (hub_t *hub, const struct arrival *arrival, const struct frame *frame,
		    struct hello_facts *ret_facts)
{
	const struct member *member = directory_member_by_link (roster_directory (hub->roster),
								&arrival->key);

	*ret_facts = (struct hello_facts){
		.protocol_min = frame->hello.protocol_min,
		.protocol_max = frame->hello.protocol_max,
		.agency_matches = member != NULL && agency_id_equal (&member->id, &frame->hello.agency),
		.member = member_of_key (hub, member, &arrival->key),
		.ahead = frame->hello.directory_version > roster_version (hub->roster),
		.store = frame->hello.store_id,
		.takes_over = frame->hello.takes_over,
		.hub_store = frame->hello.hub_store_id,
		.next_pseq = frame->hello.next_pseq,
		.own_store = *custody_store_id (hub->custody),
		.seen_ahead = custody_is_behind (hub->custody, frame->hello.checkpoint),
		.draining = hub->ending,
	};
	for (size_t i = 0; i < frame->hello.stored_count; i++)
		ret_facts->stored[frame->hello.stored[i].class] = frame->hello.stored[i].dseq;
	if (member != NULL)
		gather_account (accounts_find (hub->accounts, &member->id), frame, ret_facts);
}

/* ---- a store that has gone back ---- */

static err_t leaf_again (void *context, const struct item *item)
{
	hub_t *hub = context;
	uint64_t leaf;
	err_t err = custody_add (hub->custody, LEAF_TAKEN, &item->header_hash, hub->now_ms, &leaf);

	return err == ERR_OK ? store_set_leaf (hub->store, item->number, leaf) : err;
}

static void restart_marks (hub_t *hub, struct account *account)
{
	account_touch (hub->accounts, account);
	account->now.pseq = 0;
	for (int class = CLASS_STAT; class < CLASS_COUNT; class++)
		account->now.lane[class].base = account->now.lane[class].stored;
}

/* A new id: nobody's marks count any more, everybody else must say HELLO again, and what is in
 * custody stands in the new log. */
static err_t mint (hub_t *hub)
{
	err_t err = custody_renew (hub->custody);

	LOG (WARN, "hub.gone_back", LOG_U ("store", *custody_store_id (hub->custody)));
	for (size_t i = 0; i < sessions_count (hub->sessions); i++)
		hub_end (hub, sessions_at (hub->sessions, i), ERR_BUSY, SECOND_MS);
	for (size_t i = 1; i <= accounts_count (hub->accounts); i++)
		restart_marks (hub, accounts_at (hub->accounts, (int64_t)i));
	return err == ERR_OK ? store_each_queued (hub->store, hub->accounts, leaf_again, hub) : err;
}

static bool may_mint (const hub_t *hub, const struct hello_facts *facts)
{
	return facts->seen_ahead || hub->now_ms - custody_since_ms (hub->custody) >= MINT_PAUSE_MS;
}

/* ---- carrying out ---- */

static struct session *open_session (hub_t *hub, const struct arrival *arrival,
				     const struct frame *frame, struct account *account)
{
	struct session *session = sessions_add (hub->sessions, arrival->peer);

	session->key = arrival->key;
	session->connection = link_connection (arrival);
	session->account = account;
	session->directory_version = frame->hello.directory_version;
	session->since_ms = hub->now_ms;
	session->heard_ms = hub->mono_ms;
	session->lines_left = AUDIT_LINES;
	return session;
}

static err_t resume_lanes (hub_t *hub, struct account *account, const struct hello_facts *facts)
{
	err_t err = ERR_OK;

	for (int class = CLASS_STAT; class < CLASS_COUNT && err == ERR_OK; class++)
		err = apply_stored (hub, account, (enum letter_class)class,
				    account->now.lane[class].base + facts->stored[class]);
	return err;
}

/* What the verdict does to the marks. */
static err_t apply_verdict (hub_t *hub, struct account *account, const struct hello_facts *facts,
			    const struct hello_verdict *verdict)
{
	err_t err = group_write (hub);

	if (err == ERR_OK && verdict->outcome == HELLO_GONE_BACK)
		err = mint (hub);
	if (err != ERR_OK)
		return err;
	account_touch (hub->accounts, account);
	if (!ID_IS_NONE (facts->takes_over) && !ID_EQUAL (facts->takes_over, facts->store))
		account_retire (hub->accounts, account, &facts->takes_over);
	account->now.store = facts->store;
	account->now.seen_ms = hub->now_ms;
	if (verdict->outcome != HELLO_RESUME) {
		restart_marks (hub, account);
		return ERR_OK;
	}
	/* Numbers that were lost on the way are used up; the next Put carries the next one. */
	account->now.pseq = facts->next_pseq - 1;
	return resume_lanes (hub, account, facts);
}

static void forget_tries (struct account *account)
{
	for (int class = CLASS_STAT; class < CLASS_COUNT; class++) {
		account->tried[class] = account->now.lane[class].base;
		account->rounds[class] = 0;
	}
}

static void supersede (hub_t *hub, struct account *account, const struct store_id *store)
{
	bool same = ID_EQUAL (account->now.store, *store);

	if (account->session != NULL)
		hub_end (hub, account->session, same ? ERR_OK : ERR_OTHER_STORE, 0);
}

static err_t let_in (hub_t *hub, const struct arrival *arrival, const struct frame *frame,
		     const struct hello_facts *facts, const struct hello_verdict *verdict)
{
	struct account *account = accounts_open (hub->accounts, &frame->hello.agency);
	struct session *session;
	err_t err;

	supersede (hub, account, &facts->store);
	err = apply_verdict (hub, account, facts, verdict);
	if (err == ERR_OK)
		err = park_guilty (hub, account);
	session = open_session (hub, arrival, frame, account);
	if (err != ERR_OK) {
		hub_end (hub, session, ERR_NO_SPACE, MINUTE_MS);
		return err;
	}
	if (verdict->outcome != HELLO_RESUME)
		forget_tries (account);
	account->session = session;
	lease_open (&session->lease, &hub->pool, hub->mono_ms);
	courier_open (&session->courier, account);
	group_reply (hub, session, REPLY_WELCOME);
	group_due (hub, account);
	LOG (INFO, "session.opened", LOG_A ("agency", &account->id),
	     LOG_W ("marks", verdict->outcome == HELLO_RESUME ? "resumed" : "restarted"));
	return ERR_OK;
}

/* Who it is says the key; HELLO only what it claims. */
static void refuse (hub_t *hub, const struct arrival *arrival, const struct frame *frame,
		    const struct hello_verdict *verdict)
{
	const struct member *member = directory_member_by_link (roster_directory (hub->roster),
								&arrival->key);
	struct session *session = open_session (hub, arrival, frame, NULL);

	LOG (NOTE, "session.refused",
	     LOG_A ("agency", member != NULL ? &member->id : &frame->hello.agency),
	     LOG_A ("claims", &frame->hello.agency), LOG_W ("check", verdict->check),
	     LOG_E (verdict->err));
	hub_end (hub, session, verdict->err, verdict->retry_after_ms);
}

err_t hub_greet (hub_t *hub, const struct arrival *arrival, const struct frame *frame)
{
	struct hello_facts facts;
	struct hello_verdict verdict;
	err_t err = group_settle (hub);

	if (err == ERR_NO_SPACE)
		hub_failed (hub, err);   /* the group ends; the newcomer hears of it below */
	else if (err != ERR_OK)
		return err;
	fault_point ("hub.hello.before");
	gather (hub, arrival, frame, &facts);
	verdict = hello_judge (&facts);
	if (verdict.outcome == HELLO_GONE_BACK && !may_mint (hub, &facts))
		verdict = (struct hello_verdict){ HELLO_REFUSE, ERR_BUSY, MINT_PAUSE_MS, "mint" };
	if (verdict.outcome != HELLO_REFUSE)
		return let_in (hub, arrival, frame, &facts, &verdict);
	refuse (hub, arrival, frame, &verdict);
	return ERR_OK;
}

void send_welcome (hub_t *hub, struct session *session)
{
	struct frame frame = { .type = FRAME_WELCOME };

	frame.welcome.protocol = PROTOCOL_VERSION;
	frame.welcome.hub = hub->setup.id;
	frame.welcome.hub_store_id = *custody_store_id (hub->custody);
	frame.welcome.pseq_mark = session->account->now.pseq;
	frame.welcome.credit = session->lease.granted;
	frame.welcome.max_frame_bytes = LIMIT_FRAME_BYTES;
	frame.welcome.max_expiry_ms = LETTER_EXPIRY_MAX_MS;
	frame.welcome.hub_time_ms = hub->now_ms;
	frame.welcome.directory_version = roster_version (hub->roster);
	frame.welcome.checkpoint = custody_checkpoint (hub->custody);
	session->welcomed = hub_send (hub, session, &frame);
}
