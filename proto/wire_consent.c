/* Clauses and withdrawals as bytes.  Signing and judging them is consent.c's. */
#include "proto/wire.h"

#include <string.h>

#include "jembatan/consent.h"
#include "letter.pb-c.h"

/* "@..." is somebody of the grantor's own address book.  No letter to one is on the wire, and at
 * anybody else's such a clause names nobody. */
static void read_partner (struct wire_read *r, const char *from, struct agency_id *to)
{
	struct agency_id id = { "" };

	if (from[0] != '@') {
		wire_agency_or_none (r, from, to);
		return;
	}
	wire_agency (r, from + 1, &id);
	if (strlen (id.text) >= LIMIT_ID_TEXT) {
		wire_fail (r, ERR_MALFORMED);
		return;
	}
	to->text[0] = '@';
	memcpy (to->text + 1, id.text, LIMIT_ID_TEXT);
}

/* A recipient is one agency, or a kind of agency with a region: never both. */
static void read_recipient (struct wire_read *r, const Jembatan__Clause *from, struct clause *to)
{
	bool by_kind = from->recipient[0] == '\0';

	read_partner (r, from->recipient, &to->recipient);
	to->recipient_kind = wire_word_or_none (r, from->recipient_kind);
	to->recipient_region = wire_word_or_none (r, from->recipient_region);
	if (by_kind != (to->recipient_kind[0] != '\0'))
		wire_fail (r, ERR_MALFORMED);
	if (!by_kind && to->recipient_region[0] != '\0')
		wire_fail (r, ERR_MALFORMED);
}

err_t clause_decode (struct bytes bytes, arena_t *arena, struct clause *ret_clause)
{
	struct wire_read r = { .arena = arena };
	struct clause clause = { .label_count = 0 };
	Jembatan__Clause *from;

	from = wire_unpack (&r, &jembatan__clause__descriptor, bytes, LIMIT_CLAUSE_BYTES,
			    LIMIT_LABELS);
	if (from == NULL)
		return r.err;
	WIRE_ID (&r, from->id, &clause.id);
	wire_agency (&r, from->grantor, &clause.grantor);
	read_recipient (&r, from, &clause);
	clause.purpose = wire_word (&r, from->purpose);
	clause.labels = wire_words (&r, from->labels, from->n_labels, LIMIT_LABELS);
	clause.label_count = from->n_labels;
	clause.valid_from_ms = wire_time (&r, from->valid_from_ms);
	clause.valid_to_ms = wire_time (&r, from->valid_to_ms);
	if (r.err == ERR_OK)
		*ret_clause = clause;
	return r.err;
}

err_t wire_clause_encode (const struct clause *clause, arena_t *arena, struct bytes *ret_bytes)
{
	Jembatan__Clause *to = wire_new (arena, &jembatan__clause__descriptor);
	struct clause read_back;
	struct bytes bytes;
	err_t err;

	to->id = WIRE_PUT_ID (clause->id);
	to->grantor = wire_put_text (clause->grantor.text);
	to->recipient = wire_put_text (clause->recipient.text);
	to->recipient_kind = wire_put_text (clause->recipient_kind);
	to->recipient_region = wire_put_text (clause->recipient_region);
	to->purpose = wire_put_text (clause->purpose);
	to->n_labels = clause->label_count;
	to->labels = wire_put_texts (arena, clause->labels, clause->label_count);
	to->valid_from_ms = (uint64_t)clause->valid_from_ms;
	to->valid_to_ms = (uint64_t)clause->valid_to_ms;
	bytes = wire_pack (to, arena, LIMIT_CLAUSE_BYTES);
	if (bytes.data == NULL)
		return ERR_TOO_LARGE;
	err = clause_decode (bytes, arena, &read_back);
	if (err == ERR_OK)
		*ret_bytes = bytes;
	return err;
}

err_t withdrawal_decode (struct bytes bytes, arena_t *arena, struct withdrawal *ret_withdrawal)
{
	struct wire_read r = { .arena = arena };
	struct withdrawal withdrawal = { .said_ms = 0 };
	Jembatan__Withdrawal *from;

	from = wire_unpack (&r, &jembatan__withdrawal__descriptor, bytes, LIMIT_CLAUSE_BYTES, 0);
	if (from == NULL)
		return r.err;
	WIRE_ID (&r, from->clause, &withdrawal.clause);
	wire_agency (&r, from->grantor, &withdrawal.grantor);
	withdrawal.said_ms = wire_time (&r, from->said_ms);
	withdrawal.recorded_ms = wire_time (&r, from->recorded_ms);
	wire_agency (&r, from->recorded_by, &withdrawal.recorded_by);
	if (r.err == ERR_OK)
		*ret_withdrawal = withdrawal;
	return r.err;
}

err_t wire_withdrawal_encode (const struct withdrawal *withdrawal, arena_t *arena,
			      struct bytes *ret_bytes)
{
	Jembatan__Withdrawal *to = wire_new (arena, &jembatan__withdrawal__descriptor);
	struct withdrawal read_back;
	struct bytes bytes;
	err_t err;

	to->clause = WIRE_PUT_ID (withdrawal->clause);
	to->grantor = wire_put_text (withdrawal->grantor.text);
	to->said_ms = (uint64_t)withdrawal->said_ms;
	to->recorded_ms = (uint64_t)withdrawal->recorded_ms;
	to->recorded_by = wire_put_text (withdrawal->recorded_by.text);
	bytes = wire_pack (to, arena, LIMIT_CLAUSE_BYTES);
	if (bytes.data == NULL)
		return ERR_TOO_LARGE;
	err = withdrawal_decode (bytes, arena, &read_back);
	if (err == ERR_OK)
		*ret_bytes = bytes;
	return err;
}

void wire_signed_clause (struct wire_read *r, const Jembatan__SignedClause *from,
			 struct signed_clause *to)
{
	if (from == NULL)
		return;
	to->clause = wire_bytes (r, from->clause, LIMIT_CLAUSE_BYTES);
	if (to->clause.len == 0)
		wire_fail (r, ERR_MALFORMED);
	WIRE_ID (r, from->sig_key_id, &to->sig_key_id);
	WIRE_ID (r, from->signature, &to->signature);
}

Jembatan__SignedClause *wire_put_signed_clause (arena_t *arena, const struct signed_clause *from)
{
	Jembatan__SignedClause *to;

	if (from->clause.len == 0)
		return NULL;
	to = wire_new (arena, &jembatan__signed_clause__descriptor);
	to->clause = wire_put_bytes (from->clause);
	to->sig_key_id = WIRE_PUT_ID (from->sig_key_id);
	to->signature = WIRE_PUT_ID (from->signature);
	return to;
}
