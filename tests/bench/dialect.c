#include "tests/bench/dialect.h"

#include <string.h>

#include "tests/bench/bare.h"
#include "tests/bench/network.h"

/* ---- the hub's ---- */

static struct bytes hub_hello (const struct agency_id *who, const struct store_id *store,
			       uint32_t lane, bool receives, arena_t *arena)
{
	struct frame frame = { .type = FRAME_HELLO };

	frame.hello.protocol_min = frame.hello.protocol_max = PROTOCOL_VERSION;
	frame.hello.agency = *who;
	frame.hello.store_id = *store;
	frame.hello.next_pseq = 1;
	frame.hello.directory_version = 1;
	frame.hello.checkpoint = "";
	return frame_encode (&frame, arena);
}

static struct bytes hub_put (uint32_t lane, uint64_t number, struct bytes h, struct bytes c,
			     arena_t *arena)
{
	struct frame frame = { .type = FRAME_PUT };

	frame.put.pseq = number;
	frame.put.h = h;
	frame.put.c = c;
	return frame_encode (&frame, arena);
}

static struct bytes hub_stored (uint32_t lane, enum letter_class class, uint64_t up_to,
				arena_t *arena)
{
	struct frame frame = { .type = FRAME_STORED };

	frame.stored.class = class;
	frame.stored.up_to = up_to;
	return frame_encode (&frame, arena);
}

/* The frame's window is the recipient's own, so it offers the largest that the hub will use. */
static struct bytes hub_credit (arena_t *arena)
{
	struct frame frame = { .type = FRAME_CREDIT };

	frame.credit = (struct credit){ HUB_CREDIT_LETTERS_MAX, HUB_CREDIT_BYTES_MAX };
	return frame_encode (&frame, arena);
}

static struct event hub_read (struct bytes bytes, arena_t *arena)
{
	struct event event = { .kind = EVENT_NOTHING };
	struct frame frame;

	MUST (frame_decode (bytes, arena, &frame) == ERR_OK);
	MUST (frame.type != FRAME_PUT_ERR && frame.type != FRAME_BYE);
	if (frame.type == FRAME_WELCOME)
		return (struct event){ .kind = EVENT_WELCOME, .credit = frame.welcome.credit };
	if (frame.type == FRAME_CREDIT)
		return (struct event){ .kind = EVENT_CREDIT, .credit = frame.credit };
	if (frame.type == FRAME_PUT_OK)
		return (struct event){ .kind = EVENT_TAKEN, .up_to = frame.put_ok.up_to };
	if (frame.type == FRAME_DELIVER && frame.deliver.item == DELIVER_LETTER)
		return (struct event){ .kind = EVENT_LETTER, .up_to = frame.deliver.dseq,
				       .h = frame.deliver.h, .c = frame.deliver.c };
	return event;
}

/* ---- the bare brokers' ---- */

static struct bytes bare_frame (struct bare head, struct bytes h, struct bytes c, arena_t *arena)
{
	uint8_t *frame = arena_must (arena, sizeof head + h.len + c.len);

	memcpy (frame, &head, sizeof head);
	if (h.len > 0)
		memcpy (frame + sizeof head, h.data, h.len);
	if (c.len > 0)
		memcpy (frame + sizeof head + h.len, c.data, c.len);
	return (struct bytes){ frame, sizeof head + h.len + c.len };
}

static struct bytes bare_hello (const struct agency_id *who, const struct store_id *store,
				uint32_t lane, bool receives, arena_t *arena)
{
	struct bare head = { .type = BARE_HELLO, .lane = lane, .h_len = receives };

	return bare_frame (head, BYTES_NONE, BYTES_NONE, arena);
}

static struct bytes bare_put (uint32_t lane, uint64_t number, struct bytes h, struct bytes c,
			      arena_t *arena)
{
	struct bare head = { .type = BARE_PUT, .lane = lane, .h_len = (uint16_t)h.len,
			     .number = number };

	return bare_frame (head, h, c, arena);
}

static struct bytes bare_stored (uint32_t lane, enum letter_class class, uint64_t up_to,
				 arena_t *arena)
{
	struct bare head = { .type = BARE_STORED, .lane = lane, .number = up_to };

	return bare_frame (head, BYTES_NONE, BYTES_NONE, arena);
}

static struct event bare_read (struct bytes bytes, arena_t *arena)
{
	static const enum event_kind kinds[] = {
		[BARE_WELCOME] = EVENT_WELCOME,
		[BARE_TAKEN] = EVENT_TAKEN,
		[BARE_DELIVER] = EVENT_LETTER,
	};
	struct bare head;
	const uint8_t *rest = bytes.data + sizeof head;

	MUST (bytes.len >= sizeof head);
	memcpy (&head, bytes.data, sizeof head);
	MUST (head.type < COUNT_OF (kinds) && head.h_len <= bytes.len - sizeof head);
	return (struct event){ kinds[head.type], head.number,
			       { HUB_CREDIT_LETTERS_MAX, HUB_CREDIT_BYTES_MAX },
			       { rest, head.h_len },
			       { rest + head.h_len, bytes.len - sizeof head - head.h_len } };
}

static const struct dialect dialects[] = {
	{ "hub", hub_hello, hub_put, hub_stored, hub_credit, hub_read },
	{ "bare", bare_hello, bare_put, bare_stored, NULL, bare_read },
};

const struct dialect *dialect_find (const char *name)
{
	for (size_t i = 0; i < COUNT_OF (dialects); i++) {
		if (strcmp (dialects[i].name, name) == 0)
			return &dialects[i];
	}
	return NULL;
}
