/* Attachments as people see them: how far each is, and the file itself, to be saved. */
#include "agents/api/handlers.h"
#include "agents/api/view.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- views ---------------------------------------------------------------------- */

/* clang-format off */
static const struct words state_words[] = {
	[ATTACHMENT_STAGED]    = { "diunggah, belum terkirim", "uploaded, not sent" },
	[ATTACHMENT_WAITING]   = { "menunggu disegel", "waits to be sealed" },
	[ATTACHMENT_SENDING]   = { "sedang dikirim", "on its way to the hub" },
	[ATTACHMENT_AT_HUB]    = { "di hub", "at the hub" },
	[ATTACHMENT_DELIVERED] = { "sudah di penerima", "stored by the recipient" },
	[ATTACHMENT_REFUSED]   = { "tidak dapat dibuka penerima", "the recipient can't open it" },
	[ATTACHMENT_LOST]      = { "tidak sampai", "not delivered" },
	[ATTACHMENT_EXPECTED]  = { "sedang diambil", "being fetched" },
	[ATTACHMENT_FETCHED]   = { "sedang dibuka", "being opened" },
	[ATTACHMENT_HERE]      = { "sudah di sini", "here" },
	[ATTACHMENT_BROKEN]    = { "rusak", "broken" },
	[ATTACHMENT_MISSED]    = { "tidak datang", "did not come" },
	[ATTACHMENT_ERASED]    = { "dihapus", "erased" },
};
/* clang-format on */

/* Of an upload its own bytes, of everything else those of the blob: what is counted is what moves. */
static unsigned percent (const struct attachment_row *row)
{
	uint64_t whole = row->state == ATTACHMENT_STAGED ? row->length
							 : blob_padded_bytes (row->length);

	switch (row->state) {
	case ATTACHMENT_STAGED:
	case ATTACHMENT_SENDING:
	case ATTACHMENT_EXPECTED:
		return whole > 0 ? (unsigned)(row->done * 100 / whole) : 0;
	case ATTACHMENT_AT_HUB:
	case ATTACHMENT_DELIVERED:
	case ATTACHMENT_FETCHED:
	case ATTACHMENT_HERE: return 100;
	case ATTACHMENT_WAITING:
	case ATTACHMENT_REFUSED:
	case ATTACHMENT_LOST:
	case ATTACHMENT_BROKEN:
	case ATTACHMENT_MISSED:
	case ATTACHMENT_ERASED: break;
	}
	return 0;
}

json_t *view_attachment (const struct attachment_row *row)
{
	return json_pack (
		"{s:I, s:o, s:s, s:o, s:b, s:s, s:s, s:s, s:I, s:I, s:i, s:s, s:o}", "number",
		(json_int_t)row->n, "id", view_uuid (row->id), "state",
		attachment_state_name (row->state), "words", view_words (state_words[row->state]),
		"coming", attachment_is_coming (row->state), "title", row->title, "media_type",
		row->media_type, "label", row->label, "length", (json_int_t)row->length, "done",
		(json_int_t)row->done, "percent", (int)percent (row), "error",
		row->error != ERR_OK ? err_name (row->error) : "", "letter",
		view_uuid (row->letter.b));
}

json_t *view_attachments (const struct call *call, const struct thread_id *thread)
{
	struct attachment_row *rows;
	size_t count = attachment_of_thread (call->parts->ledger, thread, call->arena, &rows);
	json_t *list = json_array ();

	for (size_t i = 0; i < count; i++)
		json_array_append_new (list, view_attachment (&rows[i]));
	return list;
}

/* ---- finding -------------------------------------------------------------------- */

/* By its number, as it is shown, or by the UUID of its upload. */
static err_t find (struct call *call, struct attachment_row *ret_row)
{
	uint8_t id[16];
	err_t err = ERR_NOT_FOUND;

	if (call_uuid (call, id) == ERR_OK)
		err = attachment_find (call->parts->ledger, id, call->arena, ret_row);
	else if (strspn (call->id, "0123456789") == strlen (call->id) && strlen (call->id) < 12)
		err = attachment_get (call->parts->ledger, strtoull (call->id, NULL, 10),
				      call->arena, ret_row);
	if (err == ERR_NOT_FOUND)
		problems_add (call->problems, err, "id",
			      "tidak ada lampiran %s; lihat jembatan show dengan nomor rujukannya",
			      "there is no attachment %s; see jembatan show with the number of its "
			      "referral",
			      quoted (call->id));
	return err;
}

err_t attachments_show (struct call *call, json_t **ret_answer)
{
	struct attachment_row row;
	err_t err = find (call, &row);

	if (err == ERR_OK)
		*ret_answer = view_attachment (&row);
	return err;
}

/* ---- the file ------------------------------------------------------------------- */

struct reading {
	ledger_t *ledger;
	arena_t *texts, *arena;      /* of the row; of one step */
	struct attachment_row row;
	size_t step;
	uint64_t begin;              /* of that step */
};

static ssize_t read_content (void *arg, uint64_t at, uint8_t *buffer, size_t max)
{
	struct reading *reading = arg;
	struct bytes plain;

	while (blob_step_begin (reading->step + 1) <= at)
		reading->step++;
	arena_reset (reading->arena);
	if (attachment_get_plain (reading->ledger, &reading->row, reading->step, reading->arena,
				  &plain) != ERR_OK)
		return -1;
	at -= blob_step_begin (reading->step);
	if (at >= plain.len)
		return -1;
	if (max > plain.len - at)
		max = (size_t)(plain.len - at);
	memcpy (buffer, plain.data + at, max);
	return (ssize_t)max;
}

static void close_content (void *arg)
{
	struct reading *reading = arg;

	arena_destroy (&reading->texts);
	arena_destroy (&reading->arena);
	free (reading);
}

/* What a sender says of a file is believed only where a browser can do nothing with it. */
static const char *known_type (const char *type)
{
	static const char *const known[] = { "application/pdf", "image/png", "image/jpeg",
					     "image/tiff", "text/csv", "application/zip" };

	for (size_t i = 0; i < COUNT_OF (known); i++)
		if (strcmp (known[i], type) == 0)
			return known[i];
	return "application/octet-stream";
}

/* Letters, digits, dots and dashes; what a file system or a shell could take amiss is a dash. */
static void safe_name (const struct attachment_row *row, char name[HTTP_FILE_NAME])
{
	size_t len = 0;

	for (const char *at = row->title; *at != '\0' && len + 1 < HTTP_FILE_NAME; at++) {
		bool plain = isalnum ((unsigned char)*at) || strchr ("._-", *at) != NULL;

		if (!plain && (len == 0 || name[len - 1] == '-'))
			continue;
		if (*at == '.' && len == 0)
			continue;
		name[len++] = plain ? *at : '-';
	}
	name[len] = '\0';
	if (len == 0)
		snprintf (name, HTTP_FILE_NAME, "lampiran-%llu", (unsigned long long)row->n);
}

static err_t explain (struct call *call, const struct attachment_row *row, err_t err)
{
	const struct words *state = &state_words[row->state];
	char id[160], en[160];

	if (err != ERR_WRONG_STATE)
		return err;
	if (!attachment_is_coming (row->state)) {
		snprintf (id, sizeof id, "lampiran ini dari instansi sendiri; yang disimpan hanya yang "
					 "datang dari mitra (%s)", state->id);
		snprintf (en, sizeof en, "this attachment is our own; only those that came from a "
					 "partner are saved (%s)", state->en);
	} else {
		snprintf (id, sizeof id, "lampiran ini belum di sini: %s (%u%%)", state->id,
			  percent (row));
		snprintf (en, sizeof en, "this attachment is not here: %s (%u%%)", state->en,
			  percent (row));
	}
	return problems_add_texts (call->problems, err, "id", id, en);
}

err_t attachments_content (struct call *call, json_t **ret_answer)
{
	struct attachment_row row;
	struct reading *reading;
	arena_t *texts;
	err_t err = find (call, &row);

	if (err != ERR_OK)
		return err;
	texts = arena_new (64 * KIB);
	err = desk_attachment_open (call->parts->desk, &call->actor, row.n, texts, &row);
	if (err != ERR_OK) {
		arena_destroy (&texts);
		return explain (call, &row, err);
	}
	reading = must_alloc (sizeof *reading);
	*reading = (struct reading){ .ledger = call->parts->ledger, .texts = texts,
				     .arena = arena_new (4 * BLOB_STEP_BYTES), .row = row };
	call->stream = (struct http_stream){ .length = row.length, .read = read_content,
					     .close = close_content, .arg = reading,
					     .type = known_type (row.media_type) };
	safe_name (&row, call->stream.file_name);
	return ERR_OK;
}
