/* Writing a letter: the parts that every kind has.  Its body is written in wire_body_put.c. */
#include "proto/wire_letter.h"

static Jembatan__Rule *put_rule (const struct rule *from, arena_t *arena)
{
	Jembatan__Rule *to;

	if (from->id == NULL || from->id[0] == '\0')
		return NULL;
	to = wire_new (arena, &jembatan__rule__descriptor);
	to->id = wire_put_text (from->id);
	to->article = wire_put_text (from->article);
	to->version = wire_put_text (from->version);
	to->as_of = wire_put_text (from->as_of);
	return to;
}

static void put_attachments (const struct letter *from, arena_t *arena, Jembatan__Letter *to)
{
	to->n_attachments = from->attachment_count;
	to->attachments =
		wire_new_array (arena, &jembatan__attachment__descriptor, to->n_attachments);
	for (size_t i = 0; i < to->n_attachments; i++) {
		const struct attachment *one = &from->attachments[i];

		to->attachments[i]->blob = WIRE_PUT_ID (one->blob);
		to->attachments[i]->title = wire_put_text (one->title);
		to->attachments[i]->media_type = wire_put_text (one->media_type);
		to->attachments[i]->label = wire_put_text (one->label);
		to->attachments[i]->length = one->length;
		to->attachments[i]->digest = WIRE_PUT_ID (one->digest);
	}
}

static Jembatan__PairSequence *put_pair (const struct pair_sequence *from, arena_t *arena)
{
	Jembatan__PairSequence *to;

	if (from->n == 0)
		return NULL;
	to = wire_new (arena, &jembatan__pair_sequence__descriptor);
	to->store_id = WIRE_PUT_ID (from->store_id);
	to->n = from->n;
	to->previous = WIRE_PUT_ID (from->previous);
	to->n_voided = from->voided_count;
	to->voided = (uint64_t *)(uintptr_t)from->voided;
	to->newest_store = WIRE_PUT_ID (from->newest_store);
	to->newest = WIRE_PUT_ID (from->newest);
	return to;
}

static void put_ids (const struct letter *from, Jembatan__Letter *to)
{
	to->sig_key_id = WIRE_PUT_ID (from->sig_key_id);
	to->case_id = WIRE_PUT_ID (from->case_id);
	to->thread = WIRE_PUT_ID (from->thread);
	to->in_reply_to = WIRE_PUT_ID (from->in_reply_to);
	to->replaces = WIRE_PUT_ID (from->replaces);
	to->chain = WIRE_PUT_ID (from->chain);
	to->parent = WIRE_PUT_ID (from->parent);
}

static void put_who_and_when (const struct letter *from, Jembatan__Letter *to)
{
	to->from_user = wire_put_text (from->from_user);
	to->from_role = wire_put_text (from->from_role);
	to->to_role = wire_put_text (from->to_role);
	to->created_ms = (uint64_t)from->created_ms;
	to->created_local_ms = (uint64_t)from->created_local_ms;
	to->reply_by_ms = (uint64_t)from->reply_by_ms;
}

static void put_why (const struct letter *from, arena_t *arena, Jembatan__Letter *to)
{
	to->urgency = (Jembatan__Urgency)from->urgency;
	to->purpose = wire_put_text (from->purpose);
	to->basis = (Jembatan__Basis)from->basis;
	to->rule = put_rule (&from->rule, arena);
	to->clause = wire_put_signed_clause (arena, &from->clause);
	to->n_labels = from->label_count;
	to->labels = wire_put_texts (arena, from->labels, from->label_count);
}

/* A letter that its reader would refuse is refused here, before it is signed and sent. */
static err_t read_back (struct bytes s)
{
	OWNED (arena) arena = arena_new (LIMIT_DECODE_ARENA_BYTES);
	struct letter letter;

	return letter_decode (s, arena, &letter);
}

err_t letter_encode (const struct letter *letter, arena_t *arena, struct bytes *ret_s)
{
	Jembatan__Letter *to = wire_new (arena, &jembatan__letter__descriptor);
	struct bytes s;
	err_t err;

	to->kind = wire_put_text (letter->kind);
	to->kind_version = letter->kind_version;
	to->rev = letter->rev;
	put_ids (letter, to);
	put_who_and_when (letter, to);
	put_why (letter, arena, to);
	put_attachments (letter, arena, to);
	to->pair = put_pair (&letter->pair, arena);
	to->directory_version = letter->directory_version;
	if (letter->checkpoint != NULL)
		to->checkpoint = wire_put_bytes (bytes_of_text (letter->checkpoint));
	put_body (letter, arena, to);
	s = wire_pack (to, arena, LIMIT_LETTER_BYTES);
	if (s.data == NULL)
		return ERR_TOO_LARGE;
	err = read_back (s);
	if (err == ERR_OK)
		*ret_s = s;
	return err;
}
