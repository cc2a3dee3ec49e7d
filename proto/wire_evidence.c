/* Evidence packs as bytes. */
#include "proto/wire_evidence.h"

#include "evidence.pb-c.h"
#include "proto/wire.h"

/* ---- reading ---------------------------------------------------------------------------------- */

static void read_proof (struct wire_read *r, const Jembatan__EvidenceProof *from,
			struct evidence_proof *to)
{
	struct hash *path = wire_array (r, from->n_path, MERKLE_PATH_MAX, sizeof *path);

	to->leaf = wire_count (r, from->leaf);
	to->at_ms = wire_time (r, from->at_ms);
	to->checkpoint = from->checkpoint;
	for (size_t i = 0; path != NULL && i < from->n_path; i++)
		WIRE_ID (r, from->path[i], &path[i]);
	to->path = path;
	to->path_count = path != NULL ? from->n_path : 0;
}

static void read_letter (struct wire_read *r, const Jembatan__EvidenceLetter *from,
			 struct evidence_letter *to)
{
	to->sealed.h = wire_bytes (r, from->h, LIMIT_HEADER_BYTES);
	to->sealed.s = wire_bytes (r, from->s, LIMIT_LETTER_BYTES);
	WIRE_ID_OR_NONE (r, from->sig, &to->sealed.sig);
	to->sealed.header_hash = header_hash (to->sealed.h);
	to->here_ms = wire_time (r, from->here_ms);
	to->proved = from->proof != NULL;
	if (to->proved)
		read_proof (r, from->proof, &to->proof);
}

static const struct evidence_letter *read_letters (struct wire_read *r,
						   Jembatan__EvidenceLetter **from, size_t count,
						   size_t *ret_count)
{
	struct evidence_letter *letters = wire_array (r, count, LIMIT_EVIDENCE_LETTERS,
						      sizeof *letters);

	for (size_t i = 0; letters != NULL && i < count; i++)
		read_letter (r, from[i], &letters[i]);
	*ret_count = letters != NULL ? count : 0;
	return letters;
}

static void read_checkpoints (struct wire_read *r, const Jembatan__Evidence *from,
			      struct evidence *to)
{
	const char **notes = wire_array (r, from->n_checkpoints, LIMIT_EVIDENCE_LETTERS,
					 sizeof *notes);

	for (size_t i = 0; notes != NULL && i < from->n_checkpoints; i++)
		notes[i] = wire_note (r, from->checkpoints[i], LIMIT_CHECKPOINT_BYTES);
	to->checkpoints = notes;
	to->checkpoint_count = notes != NULL ? from->n_checkpoints : 0;
}

static void read_notices (struct wire_read *r, const Jembatan__Evidence *from, struct evidence *to)
{
	struct evidence_notice *notices = wire_array (r, from->n_notices, LIMIT_EVIDENCE_LETTERS,
						      sizeof *notices);

	for (size_t i = 0; notices != NULL && i < from->n_notices; i++) {
		notices[i].statement = wire_bytes (r, from->notices[i]->statement,
						   LIMIT_HEADER_BYTES);
		WIRE_ID (r, from->notices[i]->signature, &notices[i].signature);
	}
	to->notices = notices;
	to->notice_count = notices != NULL ? from->n_notices : 0;
}

err_t wire_evidence_decode (struct bytes body, arena_t *arena, struct evidence *ret_evidence)
{
	struct wire_read r = { .arena = arena };
	struct evidence evidence = { .network = NULL };
	Jembatan__Evidence *tree = wire_unpack (&r, &jembatan__evidence__descriptor, body,
						LIMIT_EVIDENCE_BYTES, LIMIT_EVIDENCE_LETTERS);

	if (tree == NULL)
		return r.err;
	wire_agency (&r, tree->by, &evidence.by);
	WIRE_ID (&r, tree->sig_key_id, &evidence.sig_key_id);
	evidence.made_ms = wire_time (&r, tree->made_ms);
	evidence.network = wire_line (&r, tree->network, LIMIT_NAME_BYTES);
	WIRE_ID (&r, tree->thread, &evidence.thread);
	evidence.number = wire_word (&r, tree->number);
	evidence.letters = read_letters (&r, tree->letters, tree->n_letters, &evidence.letter_count);
	evidence.receipts = read_letters (&r, tree->receipts, tree->n_receipts,
					  &evidence.receipt_count);
	read_checkpoints (&r, tree, &evidence);
	read_notices (&r, tree, &evidence);
	if (r.err == ERR_OK)
		*ret_evidence = evidence;
	return r.err;
}

err_t wire_signed_evidence_decode (struct bytes file, arena_t *arena, struct bytes *ret_body,
				   struct signature *ret_signature)
{
	struct wire_read r = { .arena = arena };
	struct bytes body;
	struct signature signature = { { 0 } };
	Jembatan__SignedEvidence *tree = wire_unpack (&r, &jembatan__signed_evidence__descriptor,
						      file, LIMIT_EVIDENCE_BYTES, 1);

	if (tree == NULL)
		return r.err;
	body = wire_bytes (&r, tree->evidence, LIMIT_EVIDENCE_BYTES);
	WIRE_ID (&r, tree->signature, &signature);
	if (r.err != ERR_OK)
		return r.err;
	*ret_body = body;
	*ret_signature = signature;
	return ERR_OK;
}

/* ---- writing ---------------------------------------------------------------------------------- */

static Jembatan__EvidenceProof *write_proof (const struct evidence_proof *from, arena_t *arena)
{
	Jembatan__EvidenceProof *to = wire_new (arena, &jembatan__evidence_proof__descriptor);

	to->leaf = from->leaf;
	to->at_ms = (uint64_t)from->at_ms;
	to->checkpoint = (uint32_t)from->checkpoint;
	to->n_path = from->path_count;
	to->path = arena_must (arena, from->path_count * sizeof *to->path);
	for (size_t i = 0; i < from->path_count; i++)
		to->path[i] = WIRE_PUT_ID (from->path[i]);
	return to;
}

static Jembatan__EvidenceLetter **write_letters (const struct evidence_letter *from, size_t count,
						 arena_t *arena)
{
	Jembatan__EvidenceLetter **to =
		wire_new_array (arena, &jembatan__evidence_letter__descriptor, count);

	for (size_t i = 0; i < count; i++) {
		to[i]->h = wire_put_bytes (from[i].sealed.h);
		to[i]->s = wire_put_bytes (from[i].sealed.s);
		to[i]->sig = WIRE_PUT_ID (from[i].sealed.sig);
		to[i]->here_ms = (uint64_t)from[i].here_ms;
		if (from[i].proved)
			to[i]->proof = write_proof (&from[i].proof, arena);
	}
	return to;
}

static void write_notices (const struct evidence *from, arena_t *arena, Jembatan__Evidence *to)
{
	to->n_notices = from->notice_count;
	to->notices = wire_new_array (arena, &jembatan__evidence_notice__descriptor,
				      from->notice_count);
	for (size_t i = 0; i < from->notice_count; i++) {
		to->notices[i]->statement = wire_put_bytes (from->notices[i].statement);
		to->notices[i]->signature = WIRE_PUT_ID (from->notices[i].signature);
	}
}

static err_t pack (const void *message, arena_t *arena, struct bytes *ret_bytes)
{
	struct bytes packed = wire_pack (message, arena, LIMIT_EVIDENCE_BYTES);

	if (packed.data == NULL)
		return ERR_TOO_LARGE;
	*ret_bytes = packed;
	return ERR_OK;
}

err_t wire_evidence_encode (const struct evidence *from, arena_t *arena, struct bytes *ret_body)
{
	Jembatan__Evidence *to = wire_new (arena, &jembatan__evidence__descriptor);

	to->by = wire_put_text (from->by.text);
	to->sig_key_id = WIRE_PUT_ID (from->sig_key_id);
	to->made_ms = (uint64_t)from->made_ms;
	to->network = wire_put_text (from->network);
	to->thread = WIRE_PUT_ID (from->thread);
	to->number = wire_put_text (from->number);
	to->n_letters = from->letter_count;
	to->letters = write_letters (from->letters, from->letter_count, arena);
	to->n_receipts = from->receipt_count;
	to->receipts = write_letters (from->receipts, from->receipt_count, arena);
	to->n_checkpoints = from->checkpoint_count;
	to->checkpoints = arena_must (arena, from->checkpoint_count * sizeof *to->checkpoints);
	for (size_t i = 0; i < from->checkpoint_count; i++)
		to->checkpoints[i] = wire_put_bytes (bytes_of_text (from->checkpoints[i]));
	write_notices (from, arena, to);
	return pack (to, arena, ret_body);
}

err_t wire_signed_evidence_encode (struct bytes body, const struct signature *signature,
				   arena_t *arena, struct bytes *ret_file)
{
	Jembatan__SignedEvidence *to = wire_new (arena, &jembatan__signed_evidence__descriptor);

	to->evidence = wire_put_bytes (body);
	to->signature = WIRE_PUT_ID (*signature);
	return pack (to, arena, ret_file);
}
