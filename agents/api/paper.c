/* A thread with a partner who is not connected, as a page for the printer. */
#include "agents/paper/paper.h"

#include "agents/api/handlers.h"

#include <string.h>

#define BATCH 16
#define BATCH_ARENA_BYTES (4u * LIMIT_DECODE_ARENA_BYTES)
#define LETTERS_PRINTED 16  /* the first, and the newest ones */

/* ---- our letters ---------------------------------------------------------------- */

/* Drops the oldest but the first when there are too many for one page. */
static struct letter *room_for_one (struct letter *letters, size_t *count)
{
	if (*count == LETTERS_PRINTED) {
		memmove (&letters[1], &letters[2],
			 (LETTERS_PRINTED - 2) * sizeof *letters);
		(*count)--;
	}
	return &letters[*count];
}

static bool is_printed (const struct entry *entry)
{
	return entry->type == ENTRY_SENT && entry->body.len > 0 &&
	       strcmp (entry->word, carrier_name (CARRIER_PAPER)) == 0;
}

/* An erased person's letters have no bodies any more. */
static size_t our_letters (const struct call *call, const struct thread_id *id,
			   arena_t *arena, struct letter letters[LETTERS_PRINTED])
{
	uint64_t after = 0;
	size_t found = 0, count;

	do {
		OWNED (arena) batch = arena_new (BATCH_ARENA_BYTES);
		struct entry *entries;

		count = entry_list (call->parts->ledger, NULL, id, after, BATCH, batch,
				    &entries);
		for (size_t i = 0; i < count; i++) {
			after = entries[i].n;
			if (is_printed (&entries[i]) &&
			    letter_decode (entries[i].body, arena,
					   room_for_one (letters, &found)) == ERR_OK)
				found++;
		}
	} while (count == BATCH);
	return found;
}

/* ---- the page ------------------------------------------------------------------- */

static err_t read_format (struct call *call, enum paper_format *ret_format)
{
	const char *text = call_param (call, "format");

	*ret_format = PAPER_HTML;
	if (*text == '\0' || paper_format_parse (text, ret_format) == ERR_OK)
		return ERR_OK;
	return problems_add (call->problems, ERR_INVALID, "format",
			     "%s bukan bentuk cetak; pilih html atau text",
			     "%s is no format; choose html or text", quoted (text));
}

static err_t check_thread (struct call *call, const struct thread *thread)
{
	if (thread->carrier == CARRIER_PAPER)
		return ERR_OK;
	return problems_add (call->problems, ERR_WRONG_STATE, "id",
			     "%s tidak berjalan lewat surat cetak",
			     "%s does not go by printed letter", quoted (thread->number));
}

static json_t *page_of (const struct thread *thread, enum paper_format format,
			buffer_t *buffer)
{
	struct bytes page = buffer_bytes (buffer);
	char name[PAPER_NAME];

	return json_pack ("{s:s, s:s, s:s, s:s%}", "number", thread->number, "code",
			  thread->code, "file", paper_file_name (thread, format, name),
			  "content", (const char *)page.data, page.len);
}

static err_t print (struct call *call, const struct thread *thread,
		    enum paper_format format, json_t **ret_answer)
{
	OWNED (arena) arena = arena_new (LETTERS_PRINTED * LIMIT_DECODE_ARENA_BYTES);
	OWNED (buffer) buffer = buffer_new (PAPER_BYTES);
	struct letter letters[LETTERS_PRINTED];
	desk_t *desk = call->parts->desk;
	struct partner from, to;
	struct contact contact;
	struct paper paper = { .catalogue = call->parts->catalogue,
			       .from = &from,
			       .to = &to,
			       .thread = thread,
			       .letters = letters };
	err_t err = desk_partner (desk, &desk_parts (desk)->self, arena, &from);

	if (err == ERR_OK)
		err = desk_partner (desk, &thread->partner, arena, &to);
	if (err == ERR_OK)
		err = contact_get (call->parts->ledger, &thread->partner, arena, &contact);
	if (err != ERR_OK)
		return err;
	paper.attention = contact.person;
	paper.letter_count = our_letters (call, &thread->id, arena, letters);
	err = paper_print (&paper, format, buffer);
	if (err == ERR_NOT_ALLOWED)
		return problems_add_texts (
			call->problems, err, "id",
			"kop surat instansi ini akan membuka apa yang tidak boleh diketahui "
			"penerimanya",
			"this agency's letterhead would tell its reader what it may not "
			"know");
	if (err == ERR_OK)
		*ret_answer = page_of (thread, format, buffer);
	return err;
}

/* Whoever prints it has read it. */
err_t referrals_paper (struct call *call, json_t **ret_answer)
{
	enum paper_format format;
	struct thread_id id;
	struct thread thread;
	err_t err = read_format (call, &format);

	if (err == ERR_OK)
		err = call_thread (call, &id);
	if (err == ERR_OK)
		err = thread_get (call->parts->ledger, &id, call->arena, &thread);
	if (err == ERR_OK)
		err = check_thread (call, &thread);
	if (err == ERR_OK)
		err = desk_look_thread (call->parts->desk, &call->actor, &id);
	return err == ERR_OK ? print (call, &thread, format, ret_answer) : err;
}
