/*
 * Frames from agents: one row per type.  A handler's error is of the store; what a peer does wrong
 * ends its session here.
 */
#include "hub/core.h"

#include "hub/suspect.h"
#include "jembatan/log.h"

#define BYE_FLUSH_MS 400         /* between BYE and the cut */
#define STRIKES 3                /* offences within the quiet time before a member is shut out */
#define QUIET_MS (15 * MINUTE_MS)
#define BAN_MS MINUTE_MS
#define FETCHES_MAX 4u           /* of one version of the directory, by one session */

bool hub_send (hub_t *hub, struct session *session, const struct frame *frame)
{
	err_t err;

	if (session->ended)
		return false;
	arena_reset (hub->out);
	err = link_send (hub->link, session->peer, frame_encode (frame, hub->out));
	if (err == ERR_OK)
		return true;
	/* Nothing more can be said to it; what was on the way goes again in its next session. */
	hub_end (hub, session, err, 0);
	return false;
}

static void say_bye (hub_t *hub, uint32_t peer, err_t err, int64_t retry_after_ms)
{
	struct frame frame = { .type = FRAME_BYE };
	err_t sent;

	frame.bye.code = err;
	frame.bye.retry_after_ms = retry_after_ms;
	arena_reset (hub->out);
	sent = link_send (hub->link, peer, frame_encode (&frame, hub->out));
	(void)sent;   /* it is leaving anyway */
}

void hub_end (hub_t *hub, struct session *session, err_t err, int64_t retry_after_ms)
{
	struct account *account = session->account;

	if (session->ended)
		return;
	session->ended = true;
	session->cut_ms = hub->mono_ms + BYE_FLUSH_MS;
	hub->figures.sessions_ended++;
	if (err != ERR_OFFLINE)
		say_bye (hub, session->peer, err, retry_after_ms);
	if (account != NULL && account->session == session && !session->left &&
	    (err == ERR_OK || err == ERR_OFFLINE))
		suspect_session_ended (account, &session->courier, hub->setup.park_after,
				       hub->mono_ms);
	lease_close (&session->lease, &hub->pool);
	courier_close (&session->courier);
	blob_forget_session (hub, session);
	if (account == NULL)
		return;
	LOG (INFO, "session.ended", LOG_A ("agency", &account->id), LOG_E (err));
	if (account->session == session) {
		account->session = NULL;
		account_touch (hub->accounts, account);
		account->now.seen_ms = hub->now_ms;
	}
}

static void strike (hub_t *hub, struct account *account, bool flood)
{
	if (hub->mono_ms - account->struck_ms > QUIET_MS)
		account->strikes = 0;
	account->struck_ms = hub->mono_ms;
	account->strikes++;
	if ((!flood && account->strikes < STRIKES) || account->banned_until_ms > hub->mono_ms)
		return;   /* connections that stood before the ban change nothing more */
	account->banned_until_ms = hub->mono_ms + BAN_MS;
	LOG (WARN, "member.shut_out", LOG_A ("agency", &account->id),
	     LOG_N ("offences", account->strikes));
	hub_admit (hub);
}

void hub_offended (hub_t *hub, struct session *session, err_t err, bool flood)
{
	const struct member *member = directory_member_by_link (roster_directory (hub->roster),
								&session->key);

	hub->figures.frames_bad++;
	/* The door is shut before the peer hears of it and can come back. */
	if (member != NULL) {
		LOG (NOTE, "member.offended", LOG_A ("agency", &member->id), LOG_E (err));
		strike (hub, accounts_open (hub->accounts, &member->id), flood);
	}
	hub_end (hub, session, err, 0);
}

/* ---- the frames of an open session ---- */

typedef err_t (hear_fn) (hub_t *hub, struct session *session, const struct frame *frame);

static err_t hear_nak (hub_t *hub, struct session *session, const struct frame *frame)
{
	struct account *account = session->account;
	err_t err = group_settle (hub);

	if (err == ERR_OK &&
	    courier_nak (&session->courier, session->account, frame->nak.class, frame->nak.dseq,
			 frame->nak.retry_after_ms, hub->mono_ms) != ERR_OK)
		return ERR_OK;   /* it crossed a STORED of the same agent */
	if (err != ERR_OK)
		return err;
	LOG (DEBUG, "item.put_off", LOG_A ("agency", &session->account->id), LOG_E (frame->nak.code));
	suspect_put_off (account, frame->nak.class,
			 account->now.lane[frame->nak.class].base + frame->nak.dseq,
			 frame->nak.code, hub->setup.park_after);
	group_due (hub, account);
	return park_guilty (hub, account);
}

static err_t hear_credit (hub_t *hub, struct session *session, const struct frame *frame)
{
	courier_credit (&session->courier, frame->credit);
	group_due (hub, session->account);
	return ERR_OK;
}

static void put_piece (hub_t *hub, uint64_t offset, struct frame *answer)
{
	struct bytes whole = directory_signed_bytes (roster_directory (hub->roster));
	size_t from = offset < whole.len ? (size_t)offset : whole.len;
	size_t left = whole.len - from;

	answer->directory_is.total = whole.len;
	answer->directory_is.offset = from;
	answer->directory_is.piece = (struct bytes){
		whole.data + from,
		left < LIMIT_DIRECTORY_PIECE_BYTES ? left : LIMIT_DIRECTORY_PIECE_BYTES,
	};
}

/* Asking is cheap and the answer is not: what a peer asks for and does not read stands in our
 * memory.  So a session gets each version so many times over and no more. */
static bool may_fetch (struct session *session, const struct frame *answer)
{
	if (session->fetched_version != answer->directory_is.version)
		session->fetched_bytes = 0;
	session->fetched_version = answer->directory_is.version;
	session->fetched_bytes += answer->directory_is.piece.len;
	return answer->directory_is.piece.len == 0 ||
	       session->fetched_bytes <= FETCHES_MAX * answer->directory_is.total;
}

static err_t hear_directory_get (hub_t *hub, struct session *session, const struct frame *frame)
{
	struct frame answer = { .type = FRAME_DIRECTORY_IS };

	answer.directory_is.version = roster_version (hub->roster);
	if (frame->directory_get.version < answer.directory_is.version)
		put_piece (hub, frame->directory_get.offset, &answer);
	if (!may_fetch (session, &answer)) {
		hub_offended (hub, session, ERR_OVER_CREDIT, true);
		return ERR_OK;
	}
	hub_send (hub, session, &answer);
	return ERR_OK;
}

static err_t hear_ping (hub_t *hub, struct session *session, const struct frame *frame)
{
	struct frame answer = { .type = FRAME_PONG };

	answer.pong.nonce = frame->ping.nonce;
	answer.pong.time_ms = hub->now_ms;
	hub_send (hub, session, &answer);
	return ERR_OK;
}

static err_t hear_pong (hub_t *hub, struct session *session, const struct frame *frame)
{
	return ERR_OK;   /* hearing anything at all was the point */
}

static err_t hear_bye (hub_t *hub, struct session *session, const struct frame *frame)
{
	session->left = frame->bye.code == ERR_OK;
	hub_end (hub, session, ERR_OFFLINE, 0);
	return ERR_OK;
}

static hear_fn *const hear[FRAME_TYPE_LAST + 1] = {
	[FRAME_PUT] = hub_put,
	[FRAME_STORED] = hub_stored,
	[FRAME_NAK] = hear_nak,
	[FRAME_RECALL] = hub_recall,
	[FRAME_CREDIT] = hear_credit,
	[FRAME_BLOB_PUT] = hub_blob_put,
	[FRAME_BLOB_GET] = hub_blob_get,
	[FRAME_DIRECTORY_GET] = hear_directory_get,
	[FRAME_PROOF_GET] = hub_prove,
	[FRAME_PING] = hear_ping,
	[FRAME_PONG] = hear_pong,
	[FRAME_BYE] = hear_bye,
};

/* ---- from a peer to a session ---- */

/* A peer without a session that says anything but HELLO gets one only to be ended. */
static void turn_away (hub_t *hub, const struct arrival *arrival, err_t err)
{
	struct session *session = sessions_add (hub->sessions, arrival->peer);

	session->key = arrival->key;
	session->connection = link_connection (arrival);
	hub_offended (hub, session, err, false);
}

/*
 * The session that a frame belongs to, or NULL.  A known peer with another key is another
 * connection under a routing id that fell free: the old session is over.  While answers of this
 * group are still owed to it the frame is dropped.
 */
static struct session *find_session (hub_t *hub, const struct arrival *arrival, bool *ret_drop)
{
	struct session *session = sessions_find (hub->sessions, arrival->peer);

	*ret_drop = session != NULL && session->ended && ID_EQUAL (session->key, arrival->key);
	if (session == NULL || ID_EQUAL (session->key, arrival->key))
		return session;
	*ret_drop = session->first_reply != 0;
	if (*ret_drop)
		return session;
	hub_end (hub, session, ERR_OFFLINE, 0);
	sessions_remove (hub->sessions, session);
	return NULL;
}

static void hear_stranger (hub_t *hub, const struct arrival *arrival, err_t err,
			   const struct frame *frame)
{
	if (err == ERR_OK && frame->type == FRAME_HELLO)
		err = hub_greet (hub, arrival, frame);
	else
		turn_away (hub, arrival, err != ERR_OK ? err : ERR_OUT_OF_ORDER);
	if (err != ERR_OK && (err_lane (err) == LANE_STOP || err == ERR_NO_SPACE))
		hub_failed (hub, err);
}

static void hear_member (hub_t *hub, struct session *session, err_t err,
			 const struct frame *frame)
{
	session->heard_ms = hub->mono_ms;
	if (err != ERR_OK || hear[frame->type] == NULL) {
		hub_offended (hub, session, err != ERR_OK ? err : ERR_OUT_OF_ORDER, false);
		return;
	}
	err = hear[frame->type](hub, session, frame);
	if (err != ERR_OK)
		hub_failed (hub, err);
}

void hub_hear (hub_t *hub, const struct arrival *arrival)
{
	bool drop;
	struct session *session = find_session (hub, arrival, &drop);
	struct frame frame;
	err_t err;

	if (drop)
		return;
	arena_reset (hub->in);
	err = frame_decode (arrival->body, hub->in, &frame);
	if (session == NULL)
		hear_stranger (hub, arrival, err, &frame);
	else
		hear_member (hub, session, err, &frame);
}
