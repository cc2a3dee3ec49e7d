#include "tests/bench/load.h"

/* ---- sending ---- */

static void send_letter (struct agency *agency, size_t bytes)
{
	struct sealed sealed = agency_letter (agency, bytes);

	agency->sent++;
	if (agency->sends)
		agency->sent_us[agency->sent % load.room] = now_us ();
	agency_send_frame (agency, load.dialect->put (agency->lane_out, agency->sent, sealed.h, sealed.c,
						      agency->arena));
}

static bool time_is_up (void)
{
	return load.end_us > 0 && now_us () > load.end_us;
}

/* With RATE each pair has its share of the letters of every second.  What it sent in the burst before
 * does not count. */
static bool is_ahead (struct agency *agency)
{
	double since_s = (double)(now_us () - load.first_us) / 1e6 - (double)load.burst_s;

	if (load.rate == 0)
		return false;
	if (since_s < 0) {
		agency->burst = agency->sent;
		return false;
	}
	return (double)(agency->sent - agency->burst) * (double)load.pairs >=
	       (double)load.rate * since_s;
}

static bool may_send (struct agency *agency)
{
	uint64_t open = agency->sent - agency->taken;
	size_t room = agency->h.len + agency->c.len + 64;   /* with what the frame adds */

	if (agency->sent == load.letters || open >= load.window || open >= agency->credit.letters ||
	    (open > 0 && (open + 1) * room > agency->credit.bytes))
		return false;
	if (time_is_up () || is_ahead (agency))
		return false;
	if (load.window == 1 && !load.backlog && agency->sent > 0)
		sem_wait (&agency->settled);
	return true;
}

static void note_taken (struct agency *agency, uint64_t up_to)
{
	int64_t now = now_us ();

	MUST (up_to <= agency->sent);
	while (agency->taken < up_to) {
		agency->taken++;
		if (agency->sends && load.ack_count < load.room)
			load.ack_ms[load.ack_count++] =
				(double)(now - agency->sent_us[agency->taken % load.room]) / 1e3;
	}
}

/* ---- receiving ---- */

static void note_received (struct agency *agency, const struct event *event)
{
	MUST (event->up_to == agency->received + 1);   /* each once, in order */
	agency->received = event->up_to;
	if (load.crypto)
		agency_unseal (agency, event);
	if (!agency->sends && load.receive_count < load.room)
		load.receive_ms[load.receive_count++] =
			(double)(now_us () - agency->partner->sent_us[event->up_to % load.room]) / 1e3;
}

static void confirm (struct agency *agency)
{
	uint64_t count = agency->received - agency->confirmed;

	if (count == 0)
		return;
	arena_reset (agency->arena);
	agency_send_frame (agency, load.dialect->stored (agency->lane_in, agency->header.class,
							 agency->received, agency->arena));
	agency->confirmed = agency->received;
	if (agency->sends)
		return;
	if (load.crypto) {
		__atomic_fetch_add (&agency->partner->receipted, count, __ATOMIC_RELAXED);
		send_letter (agency, count * RECEIPT_BYTES);
	}
	if (load.window == 1)
		sem_post (&agency->partner->settled);
}

static bool batch_is_full (const struct agency *agency)
{
	uint64_t count = agency->received - agency->confirmed;

	return count >= load.batch || count >= BATCH_MAX;
}

/* Takes what has come; whether anything had. */
static bool take_all (struct agency *agency)
{
	zmq_msg_t message;
	struct event event;
	bool moved = false;

	zmq_msg_init (&message);
	while ((event = agency_receive (agency, &message, ZMQ_DONTWAIT)).kind != EVENT_NOTHING ||
	       zmq_msg_size (&message) > 0) {
		if (event.kind == EVENT_TAKEN)
			note_taken (agency, event.up_to);
		if (event.kind == EVENT_CREDIT)
			agency->credit = event.credit;
		if (event.kind == EVENT_LETTER)
			note_received (agency, &event);
		if (batch_is_full (agency))
			confirm (agency);
		moved = true;
		zmq_msg_close (&message);
		zmq_msg_init (&message);
	}
	zmq_msg_close (&message);
	confirm (agency);
	return moved;
}

/* ---- the two threads ---- */

/* One context for all agencies of a side; gives what to poll. */
static zmq_pollitem_t *open_side (struct agency *agencies)
{
	zmq_pollitem_t *items = must_alloc (load.pairs * sizeof *items);
	void *context = zmq_ctx_new ();

	for (size_t i = 0; i < load.pairs; i++) {
		agency_join (&agencies[i], context);
		items[i] = (zmq_pollitem_t){ .socket = agencies[i].socket, .events = ZMQ_POLLIN };
	}
	return items;
}

/* With receipts a pair is done when the last of them has come back. */
static bool sender_is_done (const struct agency *agency)
{
	bool sent_all = agency->sent == load.letters || time_is_up ();
	uint64_t receipted = __atomic_load_n (&agency->receipted, __ATOMIC_RELAXED);
	uint64_t letters = __atomic_load_n (&agency->partner->sent, __ATOMIC_RELAXED);

	return sent_all && agency->taken == agency->sent &&
	       (!load.crypto || (receipted == agency->sent && agency->received == letters));
}

void *senders_run (void *unused)
{
	zmq_pollitem_t *items = open_side (load.sender);
	int patience_ms = load.end_us > 0 || load.rate > 0 ? 10 : 100;
	size_t done = 0;

	pthread_barrier_wait (&load.gate);
	load.first_us = now_us ();
	while (done < load.pairs) {
		bool moved = false;

		done = 0;
		for (size_t i = 0; i < load.pairs; i++) {
			struct agency *agency = &load.sender[i];

			moved |= take_all (agency);
			for (; may_send (agency); moved = true)
				send_letter (agency, LETTER_BYTES);
			done += sender_is_done (agency);
		}
		if (!moved && done < load.pairs)
			zmq_poll (items, (int)load.pairs, patience_ms);
	}
	load.last_us = now_us ();
	free (items);
	return NULL;
}

static bool recipient_is_done (const struct agency *agency)
{
	uint64_t sent = __atomic_load_n (&agency->partner->sent, __ATOMIC_RELAXED);

	return agency->confirmed == sent && (sent == load.letters || time_is_up ());
}

void *recipients_run (void *unused)
{
	zmq_pollitem_t *items = open_side (load.recipient);
	int64_t heard_us = now_us ();
	size_t done = 0;

	pthread_barrier_wait (&load.gate);
	while (done < load.pairs) {
		bool moved = false;

		zmq_poll (items, (int)load.pairs, 100);
		done = 0;
		for (size_t i = 0; i < load.pairs; i++) {
			if (items[i].revents != 0)
				moved |= take_all (&load.recipient[i]);
			done += recipient_is_done (&load.recipient[i]);
		}
		heard_us = moved ? now_us () : heard_us;
		MUST (done == load.pairs || now_us () - heard_us < SILENCE_MS * INT64_C (1000));
	}
	free (items);
	return NULL;
}
