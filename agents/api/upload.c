/* Uploads; see upload.h. */
#include "agents/api/upload.h"

#include "agents/api/handlers.h"
#include "agents/api/view.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define HELD_STEPS 4u                /* of one commit */
#define HELD_BYTES (HELD_STEPS * BLOB_STEP_BYTES)
#define UPLOADS_MOST 8u              /* at once: each holds a quarter of a MiB */

struct upload {
	desk_t *desk;
	arena_t *arena;              /* of the row's texts */
	struct attachment_row row;
	size_t step;                 /* the next to be committed */
	err_t err;
	size_t *open;                /* how many there are; of the api */
	size_t held_bytes;
	uint8_t held[HELD_BYTES];
};

/* ---- beginning ------------------------------------------------------------------ */

static err_t read_offset (struct call *call, uint64_t *ret_offset)
{
	const char *text = call_param (call, "offset");
	char *end;

	*ret_offset = 0;
	if (*text == '\0')
		return ERR_OK;
	errno = 0;
	*ret_offset = strtoull (text, &end, 10);
	if (*text >= '0' && *text <= '9' && errno == 0 && *end == '\0'
	    && *ret_offset <= LIMIT_BLOB_BYTES)
		return ERR_OK;
	return problems_add (call->problems, ERR_INVALID, "offset",
			     "%s bukan letak dalam berkas", "%s is no place in the file",
			     quoted (text));
}

/* Whom the file is about: named, or the client of the referral. */
static err_t read_about (struct call *call, struct person_id *ret_person)
{
	const char *person = call_param (call, "person"), *referral = call_param (call, "referral");
	struct thread_id id;
	struct thread thread;
	err_t err;

	if (*person != '\0' && uuid_parse (person, ret_person->b) != ERR_OK)
		return ERR_NOT_FOUND;
	if (*referral == '\0')
		return ERR_OK;
	err = thread_find (call->parts->ledger, referral, &id);
	if (err == ERR_OK)
		err = thread_get (call->parts->ledger, &id, call->arena, &thread);
	if (err == ERR_OK)
		*ret_person = thread.person;
	return err;
}

static err_t check_room (struct call *call)
{
	if (*call->uploads < UPLOADS_MOST)
		return ERR_OK;
	return problems_add (call->problems, ERR_BUSY, "file",
			     "sudah %u berkas sedang diunggah; coba lagi sebentar lagi",
			     "%u files are being uploaded already; try again in a moment",
			     UPLOADS_MOST);
}

static size_t step_at (uint64_t length, uint64_t offset)
{
	size_t step = 0;

	while (step < blob_steps (length) && blob_step_begin (step) < offset)
		step++;
	return step;
}

static err_t check_place (struct call *call, const struct attachment_row *row, uint64_t offset)
{
	if (row->done == offset)
		return ERR_OK;
	return problems_add (call->problems, ERR_CONFLICT, "offset",
			     "sudah ada %llu bita; lanjutkan dari situ",
			     "%llu bytes are here already; go on from there",
			     (unsigned long long)row->done);
}

static struct upload *upload_new (struct call *call, arena_t *arena,
				  const struct attachment_row *row)
{
	struct upload *upload = must_alloc (sizeof *upload);

	upload->desk = call->parts->desk;
	upload->arena = arena;
	upload->row = *row;
	upload->step = step_at (row->length, row->done);
	upload->err = ERR_OK;
	upload->open = call->uploads;
	upload->held_bytes = 0;
	(*call->uploads)++;
	return upload;
}

err_t attachments_put (struct call *call, json_t **ret_answer)
{
	arena_t *arena = arena_new (64 * KIB);
	struct attachment_row offer = { .media_type = call->media_type }, row;
	uint64_t offset = 0;
	err_t err = call_uuid (call, offer.id);

	if (err == ERR_OK)
		err = read_offset (call, &offset);
	if (err == ERR_OK)
		err = read_about (call, &offer.person);
	if (err == ERR_OK)
		err = check_room (call);
	if (err == ERR_OK && call->announced < 0)
		err = problems_add_texts (call->problems, ERR_INVALID, "file",
					  "sebutkan panjangnya dengan Content-Length",
					  "say its length with Content-Length");
	if (err == ERR_OK) {
		offer.length = offset + (uint64_t)call->announced;
		err = desk_attachment_begin (call->parts->desk, &call->actor, &offer, arena, &row,
					     call->problems);
	}
	if (err == ERR_OK)
		err = check_place (call, &row, offset);
	if (err == ERR_OK)
		call->upload = upload_new (call, arena, &row);
	else
		arena_destroy (&arena);
	return err;
}

/* ---- taking --------------------------------------------------------------------- */

/* The steps that are held whole, in one commit. */
static void flush (struct upload *upload)
{
	struct bytes steps[HELD_STEPS];
	size_t count = 0, at = 0;

	while (count < HELD_STEPS) {
		size_t want = blob_step_plain (upload->row.length, upload->step + count);

		if (want == 0 || at + want > upload->held_bytes)
			break;
		steps[count++] = (struct bytes){ upload->held + at, want };
		at += want;
	}
	if (count == 0)
		return;
	upload->err = desk_attachment_take (upload->desk, &upload->row, upload->step, steps, count);
	upload->step += count;
	upload->held_bytes -= at;
	memmove (upload->held, upload->held + at, upload->held_bytes);
}

void upload_take (struct upload *upload, struct bytes piece)
{
	while (piece.len > 0 && upload->err == ERR_OK) {
		size_t room = HELD_BYTES - upload->held_bytes;
		size_t used = piece.len < room ? piece.len : room;

		memcpy (upload->held + upload->held_bytes, piece.data, used);
		upload->held_bytes += used;
		piece.data += used;
		piece.len -= used;
		if (upload->held_bytes == HELD_BYTES)
			flush (upload);
	}
}

err_t upload_end (struct upload *upload, json_t **ret_answer, problems_t *problems)
{
	if (upload->err == ERR_OK)
		flush (upload);
	if (upload->err == ERR_CONFLICT)
		return problems_add_texts (problems, ERR_CONFLICT, "file",
					   "berkas ini sedang diunggah di tempat lain",
					   "this file is being uploaded elsewhere");
	if (upload->err != ERR_OK)
		return upload->err;
	*ret_answer = view_attachment (&upload->row);
	return ERR_OK;
}

void upload_destroy (struct upload *upload)
{
	(*upload->open)--;
	arena_destroy (&upload->arena);
	free (upload);
}
