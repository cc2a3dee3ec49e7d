#include "tests/bench/load.h"

#include <string.h>

#include "jembatan/clock.h"

/* ---- letters ---- */

static void next_id (struct letter_id *id)
{
	for (size_t i = sizeof id->b; i-- > 9 && ++id->b[i] == 0;)
		;
}

/* With MIXED pairs take turns: routine letters of 1 KiB, urgent ones of 4, stat ones of 16. */
static void choose_sort (struct agency *agency, size_t pair)
{
	static const struct { enum letter_class class; uint32_t bucket; } sorts[] = {
		{ CLASS_ROUTINE, 0 }, { CLASS_URGENT, 1 }, { CLASS_STAT, 2 },
	};
	size_t sort = load.mixed ? pair % COUNT_OF (sorts) : 0;

	agency->header.class = sorts[sort].class;
	agency->header.bucket = sorts[sort].bucket;
}

/* One header and one ciphertext of which every letter is a copy with the next id. */
static void make_mould (struct agency *agency, size_t pair)
{
	struct key_id random;
	uint8_t *c;

	agency->header = (struct header){ .version = 1, .suite = 1, .from = agency->id,
					  .to = agency->partner->id,
					  .expires_at_ms = clock_now_ms () + LETTER_EXPIRY_DEFAULT_MS };
	choose_sort (agency, pair);
	uuid7_make (agency->header.id.b);
	memset (agency->header.id.b + 9, 0, 7);
	random16_make (agency->header.box_key_id.b);
	for (size_t i = 0; i < sizeof agency->header.wrapped; i += sizeof random) {
		random16_make (random.b);
		memcpy (agency->header.wrapped + i, random.b, sizeof random);
	}
	agency->c.len = cipher_bytes (agency->header.bucket);
	agency->c.data = c = arena_must (agency->letters, agency->c.len);
	for (size_t i = 0; i < agency->c.len; i++)
		c[i] = (uint8_t)(i * 131 + i / 7);
	agency->h = header_encode (&agency->header, agency->letters);
	agency->id_at = (size_t)((const uint8_t *)memmem (agency->h.data, agency->h.len,
							  agency->header.id.b, 16) - agency->h.data);
}

static struct sealed seal (struct agency *agency, size_t bytes)
{
	static const uint8_t text[BATCH_MAX * RECEIPT_BYTES + LETTER_BYTES] = "surat";
	struct public_key box = keypair_public (agency->partner->box);
	struct sealed sealed;

	MUST (envelope_seal (&agency->header, (struct bytes){ text, bytes }, &box, agency->sig,
			     agency->arena, &sealed) == ERR_OK);
	return sealed;
}

struct sealed agency_letter (struct agency *agency, size_t bytes)
{
	next_id (&agency->header.id);
	arena_reset (agency->arena);
	if (load.crypto)
		return seal (agency, bytes);
	memcpy ((uint8_t *)(uintptr_t)agency->h.data + agency->id_at, agency->header.id.b, 16);
	return (struct sealed){ .h = agency->h, .c = agency->c };
}

void agency_unseal (struct agency *agency, const struct event *event)
{
	struct public_key sig = keypair_public (agency->partner->sig);
	struct header header;
	struct sealed opened;

	MUST (header_decode (event->h, &header) == ERR_OK);
	MUST (envelope_open (&header, event->h, event->c, &agency->box, 1, agency->arena, &opened) ==
	      ERR_OK);
	MUST (envelope_verify (&opened, &sig) == ERR_OK);
}

/* ---- the connection ---- */

static void set_curve (struct agency *agency)
{
	OWNED (keypair) hub = bench_key (KEY_LINK, load.folder, "hub");
	OWNED (keypair) own = bench_agency_key (KEY_LINK, load.folder, &agency->id);
	struct public_key hub_key = keypair_public (hub), own_key = keypair_public (own);

	zmq_setsockopt (agency->socket, ZMQ_CURVE_SERVERKEY, hub_key.b, sizeof hub_key.b);
	zmq_setsockopt (agency->socket, ZMQ_CURVE_PUBLICKEY, own_key.b, sizeof own_key.b);
	zmq_setsockopt (agency->socket, ZMQ_CURVE_SECRETKEY, keypair_secret (own).data, 32);
}

static void open_socket (struct agency *agency, void *context)
{
	int none = 0, silence = SILENCE_MS;

	agency->socket = zmq_socket (context, ZMQ_DEALER);
	MUST (agency->socket != NULL);
	set_curve (agency);
	zmq_setsockopt (agency->socket, ZMQ_LINGER, &none, sizeof none);
	zmq_setsockopt (agency->socket, ZMQ_SNDHWM, &none, sizeof none);
	zmq_setsockopt (agency->socket, ZMQ_RCVHWM, &none, sizeof none);
	zmq_setsockopt (agency->socket, ZMQ_RCVTIMEO, &silence, sizeof silence);
	MUST (zmq_connect (agency->socket, load.endpoint) == 0);
}

void agency_send_frame (struct agency *agency, struct bytes frame)
{
	MUST (zmq_send (agency->socket, frame.data, frame.len, 0) == (int)frame.len);
}

struct event agency_receive (struct agency *agency, zmq_msg_t *message, int flags)
{
	if (zmq_msg_recv (message, agency->socket, flags) < 0) {
		MUST (flags == ZMQ_DONTWAIT);
		return (struct event){ .kind = EVENT_NOTHING };
	}
	arena_reset (agency->arena);
	return load.dialect->read ((struct bytes){ zmq_msg_data (message), zmq_msg_size (message) },
				   agency->arena);
}

/* On a lane of the bare brokers one side says that it receives; a hub's agency says HELLO once. */
static void greet (struct agency *agency, uint32_t lane, bool receives)
{
	struct store_id store;
	zmq_msg_t message;
	struct event event;

	random16_make (store.b);
	zmq_msg_init (&message);
	agency_send_frame (agency, load.dialect->hello (&agency->id, &store, lane, receives,
							agency->arena));
	event = agency_receive (agency, &message, 0);
	MUST (event.kind == EVENT_WELCOME);
	agency->credit = event.credit;
	zmq_msg_close (&message);
}

void agency_join (struct agency *agency, void *context)
{
	bool receives = !agency->sends || load.crypto;

	open_socket (agency, context);
	if (load.dialect->credit == NULL) {
		greet (agency, agency->lane_out, false);
		greet (agency, agency->lane_in, receives);
		return;
	}
	greet (agency, 0, receives);
	if (receives)
		agency_send_frame (agency, load.dialect->credit (agency->arena));
}

/* ---- all of them ---- */

static void make_agency (struct agency *agency, const char *side, size_t pair, bool sends)
{
	struct agency *partner = sends ? &load.recipient[pair] : &load.sender[pair];

	agency->id = bench_agency (side, load.first + pair);
	agency->partner = partner;
	agency->sends = sends;
	agency->lane_out = (uint32_t)(sends ? pair : load.pairs + pair);
	agency->lane_in = (uint32_t)(sends ? load.pairs + pair : pair);
	agency->letters = arena_new (64 * KIB);
	agency->arena = arena_new (LIMIT_DECODE_ARENA_BYTES);
	agency->sent_us = sends ? must_alloc (load.room * sizeof *agency->sent_us) : NULL;
	sem_init (&agency->settled, 0, 0);
	agency->sig = bench_agency_key (KEY_SIG, load.folder, &agency->id);
	agency->box = bench_agency_key (KEY_BOX, load.folder, &agency->id);
}

void agencies_make (void)
{
	for (size_t i = 0; i < load.pairs; i++) {
		make_agency (&load.sender[i], BENCH_SENDER, i, true);
		make_agency (&load.recipient[i], BENCH_RECIPIENT, i, false);
		make_mould (&load.sender[i], i);
		make_mould (&load.recipient[i], i);
	}
}
