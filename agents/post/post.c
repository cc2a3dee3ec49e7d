/*
 * The conversation with the hub: dial, HELLO, WELCOME, frames, hang up, and again.
 *
 *   WAITING --pause over--> CONNECTING --handshake--> GREETING --WELCOME--> OPEN
 *      ^                        |                        |                   |
 *      +------------------------+---- link down, BYE ----+-------------------+
 */
#include "agents/post/session.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "jembatan/clock.h"
#include "jembatan/fault.h"
#include "jembatan/jitter.h"
#include "jembatan/log.h"
#include "proto/file.h"

#define DRAIN_MAX 256u                   /* frames of one step */
#define TICK_MS 1000
#define PAUSE_FIRST_MS (1 * SECOND_MS)
#define PAUSE_MOST_MS (60 * SECOND_MS)
#define GREETING_MOST_MS (60 * SECOND_MS)   /* a frame takes seconds on a poor line */
#define PAUSE_MOST_ASKED_MS (1 * HOUR_MS)   /* of what a hub may ask in its BYE */

/* A batch holds each letter as draft, as answers, as S, padded, sealed and in its frame, some of them
 * twice; memory is taken as it is needed. */
#define ARENA_BYTES (SENDER_BATCH * 12u * LIMIT_PLAIN_BYTES)

/* ---- the step --------------------------------------------------------------------------------- */

tx_t *post_step (struct post *post)
{
	if (post->step == NULL)
		post->step = ledger_begin (desk_parts (post->parts.desk)->ledger);
	return post->step;
}

/* A session that ends with a farewell is not held against the letters that were on the way. */
static void say_bye (struct post *post, err_t code)
{
	struct frame bye = { .type = FRAME_BYE };

	if (post->link == NULL || post->state != POST_OPEN)
		return;
	bye.bye.code = code;
	arena_reset (post->arena);
	post_send (post, &bye);
}

/* Only after this commit does the hub hear of anything. */
void post_commit (struct post *post)
{
	err_t err;

	if (post->marks_changed)
		marks_set (post_step (post), &post->marks);
	if (post->step == NULL)
		return;
	desk_write_receipts (post->parts.desk, post->step);
	desk_write_chain_events (post->parts.desk, post->step);
	fault_point ("agent.step.before_commit");
	err = post->stopped != ERR_OK ? post->stopped : tx_commit (post->step);
	tx_destroy (&post->step);
	post->marks_changed = false;
	if (err == ERR_OK) {
		fault_point ("agent.step.before_stored");
		return;
	}
	post_stop_on (post, err);
	say_bye (post, err);
	post_hang_up (post, err);   /* the hub sends again what we could not store */
}

/* ---- frames out ------------------------------------------------------------------------------- */

void post_send (struct post *post, const struct frame *frame)
{
	if (post->link != NULL && agent_link_send (post->link, frame_encode (frame, post->arena)))
		return;
	post_hang_up (post, ERR_OFFLINE);
}

static void send_credit (struct post *post)
{
	struct frame frame = { .type = FRAME_CREDIT };

	frame.credit.letters = AGENT_CREDIT_LETTERS;
	frame.credit.bytes = AGENT_CREDIT_BYTES;
	post_send (post, &frame);
}

/* New ones stand at the end of the list and are asked for once in a session: the answer comes, or the
 * session ends. */
static void send_recalls (struct post *post)
{
	struct letter_id *ids;
	size_t count, i = 0;

	arena_reset (post->arena);
	count = desk_recalls (post->parts.desk, post->arena, &ids);
	for (size_t k = 0; k < count; k++)
		if (ID_EQUAL (ids[k], post->asked_recall))
			i = k + 1;
	for (; i < count && post->state == POST_OPEN; i++) {
		struct frame frame = { .type = FRAME_RECALL };

		frame.recall.id = post->asked_recall = ids[i];
		post_send (post, &frame);
	}
}

static void send_hello (struct post *post)
{
	const struct desk_parts *desk = desk_parts (post->parts.desk);
	struct frame frame = { .type = FRAME_HELLO };

	frame.hello.protocol_min = frame.hello.protocol_max = PROTOCOL_VERSION;
	frame.hello.agency = desk->self;
	frame.hello.store_id = ledger_store_id (desk->ledger);
	frame.hello.takes_over = post->marks.takes_over;
	frame.hello.hub_store_id = post->marks.hub_store_id;
	for (enum letter_class class = CLASS_STAT; class < CLASS_COUNT; class++)
		frame.hello.stored[frame.hello.stored_count++] =
			(struct class_mark){ .class = class, .dseq = post->marks.dseq[class] };
	frame.hello.next_pseq = post->marks.next_pseq;
	frame.hello.directory_version = directory_data (desk->directory)->version;
	frame.hello.checkpoint = post->marks.checkpoint;
	post_send (post, &frame);
}

/* ---- frames in -------------------------------------------------------------------------------- */

/* A hub store that this ledger has not met: both count from 1, and everything without a
 * stored-receipt is put again, same id and bytes. */
static void meet_new_store (struct post *post, const struct frame *frame)
{
	size_t again = outbox_again (post_step (post));

	attachment_again (post_step (post));
	LOG (NOTE, "post.new-hub-store", LOG_U ("store", frame->welcome.hub_store_id),
	     LOG_N ("again", again));
	post->marks.hub_store_id = frame->welcome.hub_store_id;
	post->marks.next_pseq = 1;
	memset (post->marks.dseq, 0, sizeof post->marks.dseq);
	note_log_ended (post, frame->welcome.checkpoint);
	post_stop_on (post, desk_recalls_lost (post->parts.desk, post_step (post)));
}

static void on_welcome (struct post *post, const struct frame *frame)
{
	if (post->state != POST_GREETING) {
		post_hang_up (post, ERR_OUT_OF_ORDER);
		return;
	}
	if (!ID_EQUAL (frame->welcome.hub_store_id, post->marks.hub_store_id))
		meet_new_store (post, frame);
	else if (frame->welcome.pseq_mark >= post->marks.next_pseq) {
		post_stop_on (post, ERR_GONE_BACK);
		return;
	}
	post->marks.next_pseq = frame->welcome.pseq_mark + 1;
	post->marks.takes_over = (struct store_id){ { 0 } };
	if (frame->welcome.hub_time_ms > 0)   /* no hub lives in 1970 */
		post->marks.hub_offset_ms = desk_hear_time (post->parts.desk, post_step (post),
							    frame->welcome.hub_time_ms);
	post->marks_changed = true;
	prover_told (post, NULL, frame->welcome.checkpoint);
	marks_set (post_step (post), &post->marks);   /* from here on it is the hub's time */
	outbox_due_now (post_step (post), desk_now_ms (post->parts.desk));
	attachment_due_now (post_step (post), desk_now_ms (post->parts.desk));
	desk_welcomed (post->parts.desk, post_step (post));

	post->credit = frame->welcome.credit;
	post->state = POST_OPEN;
	post->status.sessions++;
	post->failures = 0;
	post->changed_ms = clock_now_ms ();
	post->status.last_error = ERR_OK;
	LOG (INFO, "post.connected", LOG_W ("hub", post->hub->id),
	     LOG_N ("offset_ms", post->marks.hub_offset_ms));
	send_credit (post);
	post->hub_directory = frame->welcome.directory_version;
	(void)post_ask_directory (post);
}

int64_t post_asked_pause_ms (int64_t asked_ms)
{
	int64_t pause = asked_ms < PAUSE_MOST_ASKED_MS ? asked_ms : PAUSE_MOST_ASKED_MS;

	if (pause <= 0)
		return 0;
	return pause + jitter_below (pause < PAUSE_MOST_MS ? pause : PAUSE_MOST_MS);
}

static void on_bye (struct post *post, const struct frame *frame)
{
	int64_t pause_ms = post_asked_pause_ms (frame->bye.retry_after_ms);

	if (frame->bye.code == ERR_GONE_BACK)
		post_stop_on (post, ERR_GONE_BACK);
	else if (frame->bye.code == ERR_OTHER_STORE)
		post_stop_on (post, desk_other_store (post->parts.desk, post_step (post)));
	post_hang_up (post, frame->bye.code);
	if (pause_ms > 0)
		post->retry_ms = clock_monotonic_ms () + pause_ms;
}

static void on_credit (struct post *post, const struct frame *frame)
{
	post->credit = frame->credit;
}

static void on_recalled (struct post *post, const struct frame *frame)
{
	post_stop_on (post, desk_recalled (post->parts.desk, post_step (post), &frame->recalled.id,
					   frame->recalled.done));
}

/* The same hub as before, or else the first; false when it is another one, or none. */
static bool choose_hub (struct post *post)
{
	const directory_t *directory = desk_parts (post->parts.desk)->directory;
	const struct directory_data *data = directory_data (directory);

	post->hub = directory_hub (directory, post->status.hub);
	if (post->hub != NULL)
		return true;
	post->hub = data->hub_count > 0 ? &data->hubs[0] : NULL;
	if (post->hub != NULL)
		snprintf (post->status.hub, sizeof post->status.hub, "%s", post->hub->id);
	return false;
}

static void on_directory (struct post *post, const struct frame *frame)
{
	if (fetch_directory_is (post, frame) && !choose_hub (post))
		post_hang_up (post, ERR_NOT_MEMBER);
}

static void on_ping (struct post *post, const struct frame *frame)
{
	struct frame pong = { .type = FRAME_PONG };

	pong.pong.nonce = frame->ping.nonce;
	pong.pong.time_ms = clock_now_ms ();
	post_send (post, &pong);
}

/* What a hub may say, and whether before its WELCOME.  Anything else ends the session. */
static const struct {
	void (*handle) (struct post *, const struct frame *);
	bool before_welcome;
} handlers[FRAME_TYPE_LAST + 1] = {
	/* clang-format off */
	[FRAME_WELCOME]      = { on_welcome,       true },
	[FRAME_BYE]          = { on_bye,           true },
	[FRAME_PUT_OK]       = { sender_put_ok,    false },
	[FRAME_PUT_ERR]      = { sender_put_err,   false },
	[FRAME_DELIVER]      = { receiver_deliver, false },
	[FRAME_RECALLED]     = { on_recalled,      false },
	[FRAME_CREDIT]       = { on_credit,        false },
	[FRAME_BLOB_HAVE]    = { parcel_have,      false },
	[FRAME_BLOB_DATA]    = { parcel_data,      false },
	[FRAME_DIRECTORY_IS] = { on_directory,     false },
	[FRAME_PROOF]        = { prover_proof,     false },
	[FRAME_PING]         = { on_ping,          true },
	/* clang-format on */
};

static void on_frame (struct post *post, struct bytes bytes)
{
	struct frame frame;
	err_t err;

	arena_reset (post->arena);
	err = frame_decode (bytes, post->arena, &frame);
	if (err != ERR_OK) {
		post_hang_up (post, err);
		return;
	}
	if (handlers[frame.type].handle == NULL
	    || (post->state != POST_OPEN && !handlers[frame.type].before_welcome)) {
		LOG (NOTE, "post.unexpected-frame", LOG_W ("frame", frame_type_name (frame.type)));
		post_hang_up (post, ERR_OUT_OF_ORDER);
		return;
	}
	handlers[frame.type].handle (post, &frame);
}

/* A step: take what has arrived, change the ledger once. */
static void take_frames (struct post *post)
{
	struct bytes frame;

	for (unsigned i = 0; i < DRAIN_MAX && post->link != NULL && post->stopped == ERR_OK; i++) {
		if (!agent_link_receive (post->link, &frame))
			break;
		on_frame (post, frame);
	}
	post_commit (post);
}

/* Only after the step is there anything to answer. */
static void on_frames (struct post *post)
{
	take_frames (post);
	if (post->stopped != ERR_OK)
		return;
	receiver_confirm (post);
	fault_point ("agent.stored.after");
	sender_pump (post);
	if (post->state == POST_OPEN)
		send_recalls (post);
	parcel_pump (post);
	pack_work (post);
	prover_pump (post);
}

/* ---- dialling --------------------------------------------------------------------------------- */

void post_hang_up (struct post *post, err_t why)
{
	int64_t pause_ms = PAUSE_FIRST_MS << (post->failures < 6 ? post->failures : 6);

	if (post->state == POST_WAITING)
		return;
	if (pause_ms > PAUSE_MOST_MS)
		pause_ms = PAUSE_MOST_MS;
	if (post->state == POST_OPEN)
		post->changed_ms = clock_now_ms ();
	if (why != ERR_OFFLINE || post->state == POST_OPEN)
		LOG (INFO, "post.disconnected", LOG_E (why), LOG_N ("again_ms", pause_ms));
	post->status.last_error = why;
	post->state = POST_WAITING;
	post->failures++;
	post->endpoint++;
	post->retry_ms = clock_monotonic_ms () + jitter_at_most (pause_ms);
	sender_forget_window (post);
	parcel_forget (post);
	memset (post->stored_changed, 0, sizeof post->stored_changed);
	memset (post->refused_item, 0, sizeof post->refused_item);
	agent_link_destroy (&post->link);
}

void post_stop_on (struct post *post, err_t err)
{
	if (err_lane (err) != LANE_STOP || post->stopped != ERR_OK)
		return;
	post->stopped = err;
	post_wake (post);   /* only a timer ends the loop */
}

static void begin_session (struct post *post)
{
	post->state = POST_GREETING;
	post->since_ms = clock_monotonic_ms ();
	post->hub_directory = post->asked_directory = post->refused_directory = 0;
	post->asked_recall = (struct letter_id){ { 0 } };
	arena_reset (post->arena);
	marks_get (desk_parts (post->parts.desk)->ledger, post->arena, &post->marks);
	snprintf (post->checkpoint, sizeof post->checkpoint, "%s", post->marks.checkpoint);
	prover_begin (post);
	post->marks.checkpoint = post->checkpoint;
	post->marks_changed = false;
	fault_point ("agent.hello.before");
	send_hello (post);
}

static void on_link (void *arg, enum link_event event)
{
	struct post *post = arg;

	switch (event) {
	case LINK_UP:
		begin_session (post);
		return;
	case LINK_DOWN:
		take_frames (post);   /* the hub's last words may say why */
		post_hang_up (post, ERR_OFFLINE);
		return;
	case LINK_REFUSED:
		post_hang_up (post, ERR_NOT_MEMBER);
		return;
	case LINK_FRAMES:
		on_frames (post);
		return;
	}
}

static const char *next_endpoint (struct post *post)
{
	if (post->parts.endpoint[0] != '\0')
		return post->parts.endpoint;
	if (post->hub->endpoint_count == 0)
		return "";
	return post->hub->endpoints[post->endpoint % post->hub->endpoint_count];
}

static void dial (struct post *post)
{
	struct link_parts parts = {
		.endpoint = next_endpoint (post),
		.socks_proxy = post->parts.socks_proxy,
		.hub_key = &post->hub->link_key,
		.own = post->parts.link,
		.tell = on_link,
		.arg = post,
	};

	snprintf (post->status.endpoint, sizeof post->status.endpoint, "%s", parts.endpoint);
	post->state = POST_CONNECTING;
	post->since_ms = clock_monotonic_ms ();
	post->link = agent_link_new (&parts, post->loop);
	if (post->link == NULL)
		post_hang_up (post, ERR_CONFIG);
}

static void look (struct post *post)
{
	int64_t now_ms = clock_monotonic_ms ();

	if (post->stopped != ERR_OK)
		return;
	if (post->state == POST_WAITING && post->hub != NULL && now_ms >= post->retry_ms)
		dial (post);
	else if (post->state == POST_OPEN)
		sender_pump (post);
	else if (post->state != POST_WAITING && now_ms - post->since_ms > GREETING_MOST_MS)
		post_hang_up (post, ERR_OFFLINE);
	if (post->state == POST_OPEN)
		send_recalls (post);
	parcel_pump (post);
	pack_work (post);
	prover_pump (post);
}

static int on_tick (zloop_t *loop, int timer, void *arg)
{
	look (arg);
	return ((struct post *)arg)->stopped != ERR_OK ? -1 : 0;
}

static int on_wake (zloop_t *loop, int timer, void *arg)
{
	((struct post *)arg)->wake_set = false;
	return on_tick (loop, timer, arg);
}

/* ---- public ----------------------------------------------------------------------------------- */

post_t *post_new (const struct post_parts *parts, zloop_t *loop)
{
	post_t *post = must_alloc (sizeof *post);

	memset (post, 0, sizeof *post);
	post->parts = *parts;
	post->loop = loop;
	post->arena = arena_new (ARENA_BYTES);
	post->changed_ms = clock_now_ms ();
	(void)choose_hub (post);
	post->tick = zloop_timer (loop, TICK_MS, 0, on_tick, post);
	look (post);
	return post;
}

void post_destroy (post_t **post_p)
{
	post_t *post = *post_p;

	if (post == NULL)
		return;
	say_bye (post, ERR_OK);
	zloop_timer_end (post->loop, post->tick);
	if (post->wake_set)
		zloop_timer_end (post->loop, post->wake);
	tx_destroy (&post->step);
	agent_link_destroy (&post->link);
	pack_forget (post);
	buffer_destroy (&post->fetch);
	arena_destroy (&post->arena);
	free (post);
	*post_p = NULL;
}

void post_directory_is_new (post_t *post)
{
	if (!choose_hub (post))
		post_hang_up (post, ERR_NOT_MEMBER);
}

void post_wake (post_t *post)
{
	if (post->wake_set)
		return;
	post->wake_set = true;
	post->wake = zloop_timer (post->loop, 1, 1, on_wake, post);
}

void post_status (const post_t *post, struct post_status *ret_status)
{
	*ret_status = post->status;
	ret_status->connected = post->state == POST_OPEN;
	ret_status->since_ms = post->changed_ms;
	ret_status->hub_offset_ms = post->marks.hub_offset_ms;
	ret_status->unanswered = (uint32_t)post->on_the_way_count;
	if (ret_status->connected)
		ret_status->credit = post->credit;
}

const struct error_counts *post_refused (const post_t *post)
{
	return &post->refused;
}

err_t post_stopped (const post_t *post)
{
	return post->stopped;
}

void post_on_directory (post_t *post, void (*take) (void *arg, directory_t *directory), void *arg)
{
	post->take_directory = take;
	post->take_arg = arg;
}
