/*
 * What time demands: letters that expire, records that may be forgotten, sessions that went silent,
 * connections to cut, a directory that changed, the disk filling up.
 */
#include "hub/core.h"

#include <malloc.h>

#include "hub/record.h"
#include "jembatan/frame.h"
#include "jembatan/log.h"

#define RESERVE_PART 4         /* of min_free: below it not even receipts come in */
#define EXPIRY_LIMIT 128u        /* items of a lane looked at in one go */
#define EXPIRY_LANES 64u         /* lanes looked along per second */
#define FORGET_LIMIT 512u        /* records of a lane forgotten per turn */
#define FORGET_AGENCIES 32u      /* looked at per turn */
#define SILENT_MS (5 * MINUTE_MS)    /* then we ask whether anybody is there */
#define RELAX_MS (10 * SECOND_MS)
#define BLOB_ROOM_PART 2         /* attachments stop so many times sooner than letters */

/* ---- who may connect ---- */

static size_t add_keys (hub_t *hub, const struct member *member, struct public_key *keys)
{
	size_t count = 0;

	for (size_t i = 0; i < member->key_count; i++) {
		const struct member_key *key = &member->keys[i];

		if (key->use == KEY_LINK && member_key_allows (member, &key->id, KEY_LINK, hub->now_ms,
							       hub->now_ms) == ERR_OK)
			keys[count++] = key->public_key;
	}
	return count;
}

static bool banned (hub_t *hub, const struct agency_id *id)
{
	const struct account *account = accounts_find (hub->accounts, id);

	return account != NULL && account->banned_until_ms > hub->mono_ms;
}

void hub_admit (hub_t *hub)
{
	const struct directory_data *data = directory_data (roster_directory (hub->roster));
	struct public_key *keys;
	size_t count = 0, room = 0;

	for (size_t i = 0; i < data->member_count; i++)
		room += data->members[i].key_count;
	keys = must_alloc ((room + 1) * sizeof *keys);
	for (size_t i = 0; i < data->member_count; i++) {
		if (data->members[i].status == MEMBER_IS_ACTIVE && !banned (hub, &data->members[i].id))
			count += add_keys (hub, &data->members[i], keys + count);
	}
	zap_allow (hub->zap, keys, count);
	free (keys);
}

static void lift_bans (hub_t *hub)
{
	bool lifted = false;

	for (size_t i = 1; i <= accounts_count (hub->accounts); i++) {
		struct account *account = accounts_at (hub->accounts, (int64_t)i);

		if (account->banned_until_ms == 0 || account->banned_until_ms > hub->mono_ms)
			continue;
		account->banned_until_ms = 0;
		lifted = true;
	}
	if (lifted)
		hub_admit (hub);
}

/* ---- the directory ---- */

static err_t still_welcome (hub_t *hub, const struct session *session)
{
	const struct member *member = directory_member (roster_directory (hub->roster),
							&session->account->id);

	if (member == NULL)
		return ERR_NOT_MEMBER;
	if (member->status != MEMBER_IS_ACTIVE)
		return ERR_SUSPENDED;
	return member_key_allows (member, &session->key, KEY_LINK, hub->now_ms, hub->now_ms);
}

/* Says that there is a newer one; who wants it asks. */
static void announce (hub_t *hub, struct session *session)
{
	struct frame frame = { .type = FRAME_DIRECTORY_IS };

	frame.directory_is.version = roster_version (hub->roster);
	hub_send (hub, session, &frame);
}

static void review_sessions (hub_t *hub)
{
	for (size_t i = 0; i < sessions_count (hub->sessions); i++) {
		struct session *session = sessions_at (hub->sessions, i);
		err_t err;

		if (session->ended)
			continue;
		err = still_welcome (hub, session);
		if (err != ERR_OK)
			hub_end (hub, session, err, 0);
		else
			announce (hub, session);
	}
}

err_t hub_reload (hub_t *hub, problems_t *problems)
{
	bool changed = false;
	err_t err = roster_reload (hub->roster, &changed, problems);

	/* An operator asks between two turns, and a key may have become valid since the last one. */
	hub_look_at_clocks (hub);
	if (err != ERR_OK) {
		LOG (WARN, "directory.refused", LOG_E (err), LOG_P ("file", hub->setup.directory));
		return err;
	}
	if (!changed)
		return ERR_OK;
	LOG (INFO, "directory.loaded", LOG_N ("version", roster_version (hub->roster)));
	hub_admit (hub);
	review_sessions (hub);
	return ERR_OK;
}

static void watch_directory (hub_t *hub)
{
	err_t err = roster_stale (hub->roster) ? hub_reload (hub, NULL) : ERR_OK;

	(void)err;   /* logged; the present directory stays */
	roster_keep (hub->roster);
}

/* ---- expiry ---- */

/* What a look along a lane found. */
struct harvest {
	hub_t *hub;
	size_t count;
	uint64_t seen;               /* the last number looked at */
	struct item item[EXPIRY_LIMIT];
};

static err_t gather_expired (void *context, const struct item *item)
{
	struct harvest *harvest = context;

	harvest->seen = item->dseq;
	if (life_row (item->state, LIFE_EXPIRE) != NULL && item->expires_ms > 0 &&
	    item->expires_ms <= harvest->hub->now_ms)
		harvest->item[harvest->count++] = *item;
	return ERR_OK;
}

/* That it is over must stand in its header too. */
static err_t check_record (hub_t *hub, const struct item *item)
{
	struct bytes first, second;
	struct item again;
	err_t err = store_fetch (hub->store, item->recipient, item->class, item->dseq, &again, &first,
				 &second);

	if (err == ERR_OK)
		err = record_check (&again, accounts_at (hub->accounts, again.sender),
				    accounts_at (hub->accounts, again.recipient), first, second);
	return err == ERR_NOT_FOUND ? ERR_CORRUPT : err;
}

/* What is on the way may be stored at this very moment, so it has a day more. */
err_t hub_expire (hub_t *hub, const struct item *item)
{
	bool overdue = hub->now_ms - item->expires_ms >= LETTER_LATE_MS;
	const struct life_row *row = letter_row (hub, item, overdue ? LIFE_OVERDUE : LIFE_EXPIRE);
	err_t err;

	if (row == NULL)
		return ERR_OK;
	err = check_record (hub, item);
	if (err == ERR_OK)
		err = group_write (hub);
	return err == ERR_OK ? letter_end (hub, item, row) : err;
}

static err_t expire_found (hub_t *hub, const struct harvest *harvest)
{
	err_t err = ERR_OK;

	for (size_t i = 0; i < harvest->count && err == ERR_OK; i++)
		err = hub_expire (hub, &harvest->item[i]);
	return err;
}

/* The next stretch of a lane; from its end the look-out begins anew. */
static err_t look_along (hub_t *hub, struct account *account, enum letter_class class)
{
	const struct class_lane *lane = &account->now.lane[class];
	struct harvest harvest = { .hub = hub };
	uint64_t from = account->looked[class] > lane->stored ? account->looked[class] : lane->stored;
	err_t err = store_each_from (hub->store, account->number, class, from + 1, EXPIRY_LIMIT,
				     gather_expired, &harvest);

	account->looked[class] = harvest.seen >= lane->last ? 0 : harvest.seen;
	return err == ERR_OK ? expire_found (hub, &harvest) : err;
}

/* An agency's lanes in which something waits; adds how many. */
static err_t look_along_all (hub_t *hub, struct account *account, size_t *lanes)
{
	err_t err = ERR_OK;

	for (int class = CLASS_STAT; class < CLASS_COUNT && err == ERR_OK; class++) {
		if (account->now.lane[class].stored == account->now.lane[class].last)
			continue;
		++*lanes;
		err = look_along (hub, account, (enum letter_class)class);
	}
	return err;
}

/*
 * There is no index by expiry, because every letter would pay for it and few expire.  Instead the
 * lanes in which something waits are walked little by little, round and round, so that a long queue
 * makes the look-out slower and never the hub.
 */
static err_t expire_all (hub_t *hub)
{
	size_t lanes = 0, count = accounts_count (hub->accounts);
	err_t err = ERR_OK;

	for (size_t i = 0; i < count && lanes < EXPIRY_LANES && err == ERR_OK; i++) {
		hub->expire_next = hub->expire_next % (int64_t)count + 1;
		err = look_along_all (hub, accounts_at (hub->accounts, hub->expire_next), &lanes);
	}
	return err;
}

/* A few agencies at each turn, round and round. */
static err_t forget_old (hub_t *hub)
{
	size_t forgotten = 0, count = accounts_count (hub->accounts);
	err_t err = ERR_OK;

	for (size_t i = 0; i < FORGET_AGENCIES && i < count && err == ERR_OK; i++) {
		hub->forget_next = hub->forget_next % (int64_t)count + 1;
		for (int class = CLASS_STAT; class < CLASS_COUNT && err == ERR_OK; class++)
			err = store_forget (hub->store, hub->forget_next, (enum letter_class)class,
					    hub->now_ms - HUB_FORGETS_MS, FORGET_LIMIT, &forgotten);
	}
	if (err == ERR_OK && forgotten > 0)
		LOG (DEBUG, "records.forgotten", LOG_N ("count", forgotten));
	return err;
}

/* ---- sessions ---- */

static void cut_ended (hub_t *hub)
{
	for (size_t i = sessions_count (hub->sessions); i > 0; i--) {
		struct session *session = sessions_at (hub->sessions, i - 1);

		if (!session->ended || session->cut_ms > hub->mono_ms)
			continue;
		link_cut (&session->connection);
		sessions_remove (hub->sessions, session);
	}
}

static void send_shrunk (hub_t *hub, struct session *session)
{
	struct frame frame = { .type = FRAME_CREDIT };

	if (!lease_shrink (&session->lease, &hub->pool, hub->mono_ms))
		return;
	frame.credit = session->lease.granted;
	hub_send (hub, session, &frame);
}

/* ROUTER does not tell who has left; a frame to nobody does. */
static void look_after (hub_t *hub, struct session *session)
{
	struct frame frame = { .type = FRAME_PING };

	session->lines_left = 10;
	send_shrunk (hub, session);
	if (hub->mono_ms - session->heard_ms < SILENT_MS)
		return;
	frame.ping.nonce = (uint64_t)hub->mono_ms;
	session->heard_ms = hub->mono_ms;
	hub_send (hub, session, &frame);
}

static void look_after_sessions (hub_t *hub)
{
	for (size_t i = 0; i < sessions_count (hub->sessions); i++) {
		struct session *session = sessions_at (hub->sessions, i);

		if (session->ended)
			continue;
		look_after (hub, session);
		if (!session->ended)
			group_due (hub, session->account);   /* a NAK's time may be over */
	}
}

/* ---- the rest ---- */

static void watch_disk (hub_t *hub)
{
	int64_t room = store_room_bytes (hub->store);
	bool no_room = room < hub->setup.min_free_bytes;

	if (no_room != hub->no_room)
		LOG (WARN, no_room ? "disk.nearly_full" : "disk.has_room",
		     LOG_N ("min_free", hub->setup.min_free_bytes));
	hub->no_room = no_room;
	hub->no_reserve = room < hub->setup.min_free_bytes / RESERVE_PART;
	hub->no_room_blobs = room < hub->setup.min_free_bytes * BLOB_ROOM_PART;
}

static void relax (hub_t *hub)
{
	if (hub->relaxed || hub->mono_ms - hub->busy_ms < RELAX_MS)
		return;
	store_relax (hub->store);
	malloc_trim (0);
	hub->relaxed = true;
}

static bool queue_empty (hub_t *hub)
{
	for (size_t i = 0; i < sessions_count (hub->sessions); i++) {
		const struct session *session = sessions_at (hub->sessions, i);

		if (session->ended)
			continue;
		for (int class = CLASS_STAT; class < CLASS_COUNT; class++) {
			const struct class_lane *lane = &session->account->now.lane[class];

			if (session->courier.credit.letters > 0 && lane->stored < lane->last)
				return false;
		}
	}
	return true;
}

/* Draining ends when everybody who is connected has everything. */
static void watch_drain (hub_t *hub)
{
	if (hub->draining && !hub->ending && queue_empty (hub))
		hub->ending = true;
}

static void guard_link (hub_t *hub)
{
	link_guard (hub->link);
}

typedef void (tick_fn) (hub_t *hub);

static void expire_due (hub_t *hub)
{
	err_t err = hub->time.doubtful ? ERR_OK : expire_all (hub);

	if (err != ERR_OK)
		hub_failed (hub, err);
}

static void look_at_blobs (hub_t *hub)
{
	if (blob_work_waits (hub))
		hub_work_soon (hub);
}

static void look_at_parked (hub_t *hub)
{
	err_t err = park_look (hub);

	if (err != ERR_OK)
		hub_failed (hub, err);
}

static void forget_due (hub_t *hub)
{
	err_t err = hub->time.doubtful ? ERR_OK : forget_old (hub);

	if (err != ERR_OK)
		hub_failed (hub, err);
}

/* every so many ticks of half a second */
static const struct { unsigned every; tick_fn *work; } duties[] = {
	{ 1, cut_ended },
	{ 1, watch_drain },
	{ 1, watch_directory },
	{ 1, guard_link },
	{ 2, watch_disk },
	{ 2, look_after_sessions },
	{ 2, expire_due },
	{ 2, look_at_blobs },
	{ 2, look_at_parked },
	{ 2, lift_bans },
	{ 4, relax },
	{ 20, forget_due },
	{ 120, hub_admit },          /* keys become valid and cease to be with the minute */
};

void hub_tick (hub_t *hub)
{
	group_marks (hub);
	for (size_t i = 0; i < COUNT_OF (duties) && hub->stopped == ERR_OK; i++) {
		if (hub->ticks % duties[i].every == 0)
			duties[i].work (hub);
	}
	hub->ticks++;
	group_finish (hub);
}
