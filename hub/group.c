/*
 * One turn: drain, judge, commit once, then acknowledge and forward.
 *
 *   hub_turn -> hub_hear for each frame -> group_finish:
 *     sign the checkpoint, save the touched accounts, COMMIT      custody is ours from here
 *     answers of each session, in order                           PUT_OK says so
 *     hub_serve for each agency that has something new
 *
 * Nobody waits for a STORED mark to be durable: what it says is said again in the next HELLO.  So a
 * mark alone makes no group; it waits some milliseconds for one that must be written anyway.
 *
 * When the disk is full the group is taken back whole, its letters are answered NO_SPACE, and its
 * STORED marks are tried once more alone, because they free room.
 */
#include "hub/core.h"

#include <assert.h>
#include <time.h>

#include "jembatan/clock.h"
#include "jembatan/fault.h"
#include "jembatan/log.h"

#define NO_SPACE_WAIT_MS MINUTE_MS

static int64_t now_us (void)
{
	return zclock_usecs ();
}

void hub_failed (hub_t *hub, err_t err)
{
	if (err == ERR_NO_SPACE) {
		hub->group->no_space = true;
		return;
	}
	if (hub->stopped == ERR_OK)
		LOG (FAIL, "hub.stopping", LOG_E (err));
	hub->stopped = err;
}

static err_t apply_marks (hub_t *hub)
{
	struct turn *group = hub->group;
	err_t err = ERR_OK;

	for (size_t i = 0; i < group->stored_count && err == ERR_OK; i++)
		err = apply_stored (hub, group->stored[i].account, group->stored[i].class,
				    group->stored[i].number);
	return err;
}

err_t group_write (hub_t *hub)
{
	err_t err;

	if (hub->stopped != ERR_OK)
		return hub->stopped;
	if (hub->group->no_space)
		return ERR_NO_SPACE;
	if (store_in_group (hub->store))
		return ERR_OK;
	err = store_begin (hub->store);
	return err == ERR_OK ? apply_marks (hub) : err;
}

err_t group_settle (hub_t *hub)
{
	return hub->group->stored_count > 0 ? group_write (hub) : ERR_OK;
}

struct reply *group_reply (hub_t *hub, struct session *session, enum reply_kind kind)
{
	struct turn *group = hub->group;
	struct reply *answer;

	assert (group->reply_count < HUB_GROUP_MAX);
	answer = &group->reply[++group->reply_count];
	*answer = (struct reply){ .kind = kind, .session = session };
	if (session->first_reply == 0) {
		session->first_reply = group->reply_count;
		group->answering[group->answering_count++] = session;
	} else {
		group->reply[session->last_reply].next = group->reply_count;
	}
	session->last_reply = group->reply_count;
	return answer;
}

void group_due (hub_t *hub, struct account *account)
{
	struct turn *group = hub->group;

	if (account->due)
		return;
	if (group->due_count == group->due_room) {
		group->due_room = group->due_room * 2 + 64;
		group->due = must_realloc (group->due, group->due_room * sizeof *group->due);
	}
	account->due = true;
	group->due[group->due_count++] = account;
}

/* ---- commit ---- */

static err_t save_all (hub_t *hub)
{
	err_t err = group_write (hub);

	if (err == ERR_OK)
		err = custody_sign (hub->custody);
	for (size_t i = 0; i < accounts_touched_count (hub->accounts) && err == ERR_OK; i++)
		err = store_save_account (hub->store, accounts_touched_at (hub->accounts, i),
					  hub->now_ms);
	if (err != ERR_OK)
		return err;
	fault_point ("hub.commit.before");
	err = store_commit (hub->store);
	if (err == ERR_OK)
		fault_point ("hub.commit.before_put_ok");
	return err;
}

static void take_back (hub_t *hub)
{
	store_rollback (hub->store);
	custody_undo (hub->custody);
	accounts_undo (hub->accounts);
}

static void forget_fresh (hub_t *hub)
{
	struct turn *group = hub->group;

	for (size_t i = 0; i < group->put_count; i++) {
		struct put *put = &group->put[i];

		put->recipient->fresh[put->item.class] = NULL;
		put->recipient->fresh_last[put->item.class] = NULL;
	}
	group->put_count = 0;
}

/* The number of a refused letter is used up all the same; it becomes durable with the next group
 * that finds room. */
static void refuse_put (hub_t *hub, struct reply *answer)
{
	account_touch (hub->accounts, answer->session->account);
	answer->session->account->now.pseq = answer->pseq;
	if (answer->kind == REPLY_TAKEN) {
		answer->kind = REPLY_REFUSED;
		answer->err = ERR_NO_SPACE;
		answer->retry_after_ms = NO_SPACE_WAIT_MS;
	}
}

/* A recall that was taken back left the letter on its way; a chunk that was is not here. */
static void refuse_reply (hub_t *hub, struct reply *answer)
{
	switch (answer->kind) {
	case REPLY_TAKEN:
	case REPLY_REFUSED:
		refuse_put (hub, answer);
		break;
	case REPLY_RECALLED:
		answer->done = false;
		break;
	case REPLY_BLOB_HAVE:
		answer->offset = answer->before;
		answer->err = answer->err == ERR_OK ? ERR_NO_SPACE : answer->err;
		break;
	case REPLY_BLOB_STORED:
		answer->err = ERR_BUSY;
		break;
	case REPLY_WELCOME:
		break;
	}
}

static void refuse_all (hub_t *hub)
{
	struct turn *group = hub->group;

	for (size_t i = 1; i <= group->reply_count; i++) {
		if (!group->reply[i].session->ended)
			refuse_reply (hub, &group->reply[i]);
	}
}

/* A session whose HELLO could not be kept is no session. */
static void dismiss_newcomers (hub_t *hub)
{
	for (size_t i = 1; i <= hub->group->reply_count; i++) {
		struct reply *answer = &hub->group->reply[i];

		if (answer->kind == REPLY_WELCOME && !answer->session->ended)
			hub_end (hub, answer->session, ERR_NO_SPACE, NO_SPACE_WAIT_MS);
	}
}

static err_t store_marks_again (hub_t *hub)
{
	err_t err;

	hub->group->no_space = false;
	err = group_settle (hub);
	return err == ERR_OK && hub->group->stored_count > 0 ? save_all (hub) : err;
}

static void give_way (hub_t *hub)
{
	err_t err;

	if (!hub->no_room)
		LOG (WARN, "hub.no_space", LOG_N ("letters", hub->group->put_count));
	hub->no_room = hub->no_reserve = true;
	take_back (hub);
	forget_fresh (hub);
	dismiss_newcomers (hub);
	err = store_marks_again (hub);
	if (err == ERR_OK) {
		custody_keep (hub->custody);
		accounts_keep (hub->accounts);
	} else {
		take_back (hub);
		if (err != ERR_NO_SPACE)
			hub_failed (hub, err);
	}
	refuse_all (hub);
}

static bool anything_to_write (hub_t *hub)
{
	return store_in_group (hub->store) || accounts_touched_count (hub->accounts) > 0 ||
	       hub->group->no_space;
}

static void note_group (hub_t *hub)
{
	hub->figures.groups++;
	hub->figures.group_size = hub->group->put_count;
	hub->figures.group_us = (uint64_t)(now_us () - hub->group->began_us);
	hub->figures.group_ms = hub->now_ms;
	histogram_add (&hub->figures.group_letters, (double)hub->figures.group_size);
	histogram_add (&hub->figures.group_seconds, (double)hub->figures.group_us / 1e6);
}

static void commit_group (hub_t *hub)
{
	err_t err = hub->group->no_space ? ERR_NO_SPACE : save_all (hub);

	if (err == ERR_OK) {
		custody_keep (hub->custody);
		accounts_keep (hub->accounts);
		note_group (hub);
	} else if (err == ERR_NO_SPACE) {
		give_way (hub);
	} else {
		hub_failed (hub, err);
	}
}

/* ---- answers ---- */

static int64_t last_seen (const hub_t *hub, const struct account *account)
{
	return account->session != NULL ? hub->now_ms : account->now.seen_ms;
}

static void send_refused (hub_t *hub, const struct reply *answer)
{
	struct frame frame = { .type = FRAME_PUT_ERR };

	frame.put_err.pseq = answer->pseq;
	frame.put_err.code = answer->err;
	frame.put_err.retry_after_ms = answer->retry_after_ms;
	frame.put_err.hub_time_ms = hub->now_ms;
	hub->figures.letters_refused++;
	error_count (&hub->figures.refused, answer->err);
	hub_send (hub, answer->session, &frame);
}

static void send_recalled (hub_t *hub, const struct reply *answer)
{
	struct frame frame = { .type = FRAME_RECALLED };

	frame.recalled.id = answer->id;
	frame.recalled.done = answer->done;
	hub_send (hub, answer->session, &frame);
}

/* The run of taken letters that begins here, as one PUT_OK; gives the last of them. */
static const struct reply *send_taken (hub_t *hub, const struct reply *answer)
{
	struct turn *group = hub->group;
	struct frame frame = { .type = FRAME_PUT_OK };
	const struct reply *last = answer;

	for (;;) {
		group->taken[frame.put_ok.taken_count++] =
			(struct custody){ last->pseq, last->leaf, last_seen (hub, last->recipient) };
		if (last->next == 0 || group->reply[last->next].kind != REPLY_TAKEN)
			break;
		last = &group->reply[last->next];
	}
	frame.put_ok.up_to = last->pseq;
	frame.put_ok.taken = group->taken;
	hub_send (hub, answer->session, &frame);
	return last;
}

static void send_credit (hub_t *hub, struct session *session)
{
	struct frame frame = { .type = FRAME_CREDIT };

	frame.credit = session->lease.granted;
	hub_send (hub, session, &frame);
}

static void answer_session (hub_t *hub, struct session *session)
{
	size_t next = session->first_reply;

	while (next != 0) {
		const struct reply *answer = &hub->group->reply[next];

		switch (answer->kind) {
		case REPLY_WELCOME: send_welcome (hub, session); break;
		case REPLY_TAKEN:   answer = send_taken (hub, answer); break;
		case REPLY_REFUSED: send_refused (hub, answer); break;
		case REPLY_RECALLED: send_recalled (hub, answer); break;
		case REPLY_BLOB_HAVE: send_blob_have (hub, answer); break;
		case REPLY_BLOB_STORED: send_blob_stored (hub, answer); break;
		}
		next = answer->next;
	}
	session->first_reply = session->last_reply = 0;
	if (session->group_letters > 0 && !session->ended &&
	    lease_grow (&session->lease, &hub->pool, session->group_letters, session->group_bytes,
			hub->mono_ms))
		send_credit (hub, session);
	session->group_letters = 0;
	session->group_bytes = 0;
}

static void answer_all (hub_t *hub)
{
	struct turn *group = hub->group;

	for (size_t i = 0; i < group->answering_count; i++)
		answer_session (hub, group->answering[i]);
	group->answering_count = 0;
	group->reply_count = 0;
}

/* What was stored is forgotten, whether the mark could be kept or not. */
static void clear_flights (hub_t *hub)
{
	struct turn *group = hub->group;

	for (size_t i = 0; i < group->stored_count; i++) {
		struct session *session = group->stored[i].account->session;

		if (session != NULL)
			courier_clear (&session->courier, group->stored[i].class,
				       group->stored[i].number);
	}
	group->stored_count = 0;
}

static void serve_all (hub_t *hub)
{
	struct turn *group = hub->group;

	for (size_t i = 0; i < group->due_count; i++) {
		group->due[i]->due = false;
		if (hub->stopped == ERR_OK)
			hub_serve (hub, group->due[i]);
	}
	group->due_count = 0;
}

void group_finish (hub_t *hub)
{
	bool written = anything_to_write (hub);

	if (hub->stopped == ERR_OK && written)
		commit_group (hub);
	if (hub->stopped == ERR_OK)
		answer_all (hub);
	fault_point ("hub.put_ok.after");
	if (written)
		clear_flights (hub);
	serve_all (hub);
	forget_fresh (hub);
	arena_reset (hub->bodies);
	hub->group->no_space = false;
	if (hub->stopped == ERR_OK) {
		err_t err = store_tidy (hub->store);

		if (err != ERR_OK)
			hub_failed (hub, err);
	}
}

void group_marks (hub_t *hub)
{
	err_t err;

	hub_look_at_clocks (hub);
	hub->group->began_us = now_us ();
	err = group_settle (hub);
	if (err != ERR_OK)
		hub_failed (hub, err);
	group_finish (hub);
}

void hub_turn (hub_t *hub)
{
	size_t count = link_receive (hub->link);

	hub_look_at_clocks (hub);
	hub->group->began_us = now_us ();
	for (size_t i = 0; i < count && hub->stopped == ERR_OK; i++)
		hub_hear (hub, link_arrival (hub->link, i));
	group_finish (hub);
	link_release (hub->link);
	if (count > 0) {
		hub->busy_ms = hub->mono_ms;
		hub->relaxed = false;
	}
}
