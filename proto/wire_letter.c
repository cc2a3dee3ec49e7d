/* Reading a letter: the parts that every kind has.  Its body is read in wire_body.c, and writing is
 * in wire_letter_put.c. */
#include "jembatan/letter.h"

#include "proto/wire_letter.h"

#define MOST_ITEMS LIMIT_RECEIPTS   /* the largest of the caps on repeated fields of a letter */
_Static_assert (LIMIT_ANSWERS <= MOST_ITEMS && LIMIT_CHAIN_EVENTS <= MOST_ITEMS &&
			LIMIT_VOIDED <= MOST_ITEMS && LIMIT_HELD <= MOST_ITEMS,
		"the scan lets everything through that a reader allows");

static void read_rule (struct wire_read *r, const Jembatan__Rule *from, struct rule *to)
{
	*to = (struct rule){ "", "", "", "" };
	if (from == NULL)
		return;
	to->id = wire_line (r, from->id, LIMIT_NAME_BYTES);
	to->article = wire_line (r, from->article, LIMIT_NAME_BYTES);
	to->version = wire_word_or_none (r, from->version);
	to->as_of = wire_line (r, from->as_of, LIMIT_ID_TEXT);
	if (to->id[0] == '\0' || (to->as_of[0] != '\0' && !is_date (to->as_of)))
		wire_fail (r, ERR_MALFORMED);
}

static void read_attachment (struct wire_read *r, const Jembatan__Attachment *from,
			     struct attachment *to)
{
	WIRE_ID_OR_NONE (r, from->blob, &to->blob);   /* none in a draft, of what isn't sealed yet */
	to->title = wire_line (r, from->title, LIMIT_NAME_BYTES);
	to->media_type = wire_line (r, from->media_type, LIMIT_NAME_BYTES);
	to->label = wire_word_or_none (r, from->label);
	to->length = from->length;
	if (to->length > LIMIT_BLOB_BYTES)
		wire_fail (r, ERR_TOO_LARGE);
	WIRE_ID_OR_NONE (r, from->digest, &to->digest);
}

static void read_attachments (struct wire_read *r, const Jembatan__Letter *from,
			      struct letter *to)
{
	struct attachment *list;

	list = wire_array (r, from->n_attachments, LIMIT_ATTACHMENTS, sizeof *list);
	to->attachments = list;
	to->attachment_count = from->n_attachments;
	for (size_t i = 0; list != NULL && i < from->n_attachments; i++)
		read_attachment (r, from->attachments[i], &list[i]);
}

static void read_pair (struct wire_read *r, const Jembatan__PairSequence *from,
		       struct pair_sequence *to)
{
	uint64_t *voided;

	if (from == NULL)
		return;
	WIRE_ID (r, from->store_id, &to->store_id);
	to->n = wire_count (r, from->n);
	if (to->n == 0)
		wire_fail (r, ERR_MALFORMED);
	WIRE_ID_OR_NONE (r, from->previous, &to->previous);
	voided = wire_array (r, from->n_voided, LIMIT_VOIDED, sizeof *voided);
	for (size_t i = 0; voided != NULL && i < from->n_voided; i++)
		voided[i] = wire_count (r, from->voided[i]);
	to->voided_count = from->n_voided;
	to->voided = voided;
	WIRE_ID_OR_NONE (r, from->newest_store, &to->newest_store);
	WIRE_ID_OR_NONE (r, from->newest, &to->newest);
}

static void read_ids (struct wire_read *r, const Jembatan__Letter *from, struct letter *to)
{
	WIRE_ID (r, from->sig_key_id, &to->sig_key_id);
	WIRE_ID_OR_NONE (r, from->case_id, &to->case_id);
	WIRE_ID_OR_NONE (r, from->thread, &to->thread);
	WIRE_ID_OR_NONE (r, from->in_reply_to, &to->in_reply_to);
	WIRE_ID_OR_NONE (r, from->replaces, &to->replaces);
	WIRE_ID_OR_NONE (r, from->chain, &to->chain);
	WIRE_ID_OR_NONE (r, from->parent, &to->parent);
}

static void read_who_and_when (struct wire_read *r, const Jembatan__Letter *from,
			       struct letter *to)
{
	to->from_user = wire_line (r, from->from_user, LIMIT_NAME_BYTES);
	to->from_role = wire_word_or_none (r, from->from_role);
	to->to_role = wire_word_or_none (r, from->to_role);
	to->created_ms = wire_time (r, from->created_ms);
	to->created_local_ms = wire_time (r, from->created_local_ms);
	to->reply_by_ms = wire_time (r, from->reply_by_ms);
}

static void read_why (struct wire_read *r, const Jembatan__Letter *from, struct letter *to)
{
	to->urgency = wire_range (r, from->urgency, URGENCY_UNSET, URGENCY_STAT);
	to->purpose = wire_word_or_none (r, from->purpose);
	to->basis = wire_range (r, from->basis, BASIS_NO_DATA, BASIS_LEGITIMATE_INTEREST);
	read_rule (r, from->rule, &to->rule);
	wire_signed_clause (r, from->clause, &to->clause);
	to->labels = wire_words (r, from->labels, from->n_labels, LIMIT_LABELS);
	to->label_count = from->n_labels;
}

err_t letter_decode (struct bytes s, arena_t *arena, struct letter *ret_letter)
{
	struct wire_read r = { .arena = arena };
	struct letter letter = { .body = BODY_NONE };
	Jembatan__Letter *from;

	from = wire_unpack (&r, &jembatan__letter__descriptor, s, LIMIT_LETTER_BYTES, MOST_ITEMS);
	if (from == NULL)
		return r.err;
	letter.kind = wire_word (&r, from->kind);
	letter.kind_version = from->kind_version;
	letter.rev = from->rev;
	read_ids (&r, from, &letter);
	read_who_and_when (&r, from, &letter);
	read_why (&r, from, &letter);
	read_attachments (&r, from, &letter);
	read_pair (&r, from->pair, &letter.pair);
	letter.directory_version = wire_count (&r, from->directory_version);
	letter.checkpoint = wire_note (&r, from->checkpoint, LIMIT_CHECKPOINT_BYTES);
	letter.revocation.reason = "";
	read_body (&r, from, &letter);
	if (r.err == ERR_OK)
		*ret_letter = letter;
	return r.err;
}
