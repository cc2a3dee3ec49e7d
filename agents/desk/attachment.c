/*
 * Attachments at the desk: uploads that wait for their letter, the checks of those that a letter
 * names, and what becomes of them.  Their bytes are moved by the post; here is decided whose they are
 * and who may see them.
 */
#include "agents/desk/draft.h"

#include <ctype.h>
#include <string.h>

#define GIVEN_BACK_WAIT_MS DAY_MS /* for the files of a letter that was given back, if nobody has them */
#define KEPT_MS (30 * DAY_MS)     /* as long as whoever was restored tells it */

/* ---- uploads ---------------------------------------------------------------------- */

/* "application/pdf": two words of RFC 6838, without parameters. */
static bool is_media_type (const char *text)
{
	size_t slashes = 0;

	for (const char *at = text; *at != '\0'; at++) {
		if (*at == '/')
			slashes++;
		else if (!isalnum ((unsigned char)*at) && strchr ("!#$&-^_.+", *at) == NULL)
			return false;
	}
	return slashes == 1 && text[0] != '/' && text[strlen (text) - 1] != '/'
	       && strlen (text) <= LIMIT_NAME_BYTES;
}

static err_t judge_offer (const struct attachment_row *offer, problems_t *problems)
{
	err_t err = ERR_OK;

	if (offer->length == 0)
		err = problems_add_texts (problems, ERR_INVALID, "file", "berkasnya kosong",
					  "the file is empty");
	else if (offer->length > LIMIT_BLOB_BYTES)
		err = problems_add (problems, ERR_TOO_LARGE, "file",
				    "berkasnya %llu bita; lampiran paling besar %u bita (50 MiB)",
				    "the file has %llu bytes; an attachment may have at most %u "
				    "bytes (50 MiB)",
				    (unsigned long long)offer->length, LIMIT_BLOB_BYTES);
	if (!is_media_type (offer->media_type))
		err = problems_add (problems, ERR_INVALID, "media_type",
				    "%s bukan jenis berkas; tulis misalnya application/pdf",
				    "%s is no media type; write for example application/pdf",
				    quoted (offer->media_type));
	return err;
}

/* The same upload again goes on; it can't have changed meanwhile. */
static err_t go_on (const struct attachment_row *row, const struct attachment_row *offer,
		    problems_t *problems)
{
	if (row->state == ATTACHMENT_STAGED && row->length == offer->length
	    && ID_EQUAL (row->person, offer->person))
		return ERR_OK;
	return problems_add_texts (problems, ERR_CONFLICT, "id",
				   "unggahan ini sudah dipakai atau milik berkas lain; mulai "
				   "dengan nomor baru",
				   "this upload was used or is of another file; begin with a new "
				   "id");
}

err_t desk_attachment_begin (desk_t *desk, const struct actor *actor,
			     const struct attachment_row *offer, arena_t *arena,
			     struct attachment_row *ret_row, problems_t *problems)
{
	STEP step = step_open (desk, actor);
	struct attachment_row row;
	struct person person;
	err_t err = permit (actor, USE_SEND);

	if (err == ERR_OK)
		err = judge_offer (offer, problems);
	if (err == ERR_OK && !attachment_fits (step_ledger (&step), offer->length))
		err = problems_add_texts (problems, ERR_NO_SPACE, "file",
					  "ruang simpan hampir habis; kosongkan ruang, lalu kirim "
					  "berkasnya lagi",
					  "storage is nearly full; make room and send the file again");
	if (err == ERR_OK && !ID_IS_NONE (offer->person))
		err = person_get (step_ledger (&step), &offer->person, step.arena, &person);
	if (err != ERR_OK)
		return err;
	err = attachment_find (step_ledger (&step), offer->id, arena, &row);
	if (err == ERR_OK)
		err = go_on (&row, offer, problems);
	else if (err == ERR_NOT_FOUND) {
		row = *offer;
		row.state = ATTACHMENT_STAGED;
		row.created_ms = step.now_ms;
		row.title = row.label = "";
		attachment_add (step.tx, &row);
		err = step_commit (&step);
	}
	if (err == ERR_OK)
		*ret_row = row;
	return err;
}

err_t desk_attachment_take (desk_t *desk, struct attachment_row *row, size_t step_number,
			    const struct bytes *steps, size_t count)
{
	STEP step = step_open (desk, &machine_actor);
	struct attachment_row now;
	uint64_t done = row->done;
	err_t err = attachment_get (step_ledger (&step), row->n, step.arena, &now);

	/* Another upload of the same may have overtaken this one, or the letter may have gone. */
	if (err == ERR_OK && (now.state != ATTACHMENT_STAGED || now.done != row->done))
		err = ERR_CONFLICT;
	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < count; i++) {
		attachment_put_plain (step.tx, &now, step_number + i, steps[i]);
		now.done += steps[i].len;
	}
	attachment_moved (step.tx, &now);
	done = now.done;
	err = step_commit (&step);
	if (err == ERR_OK)
		row->done = done;
	return err;
}

/* ---- a letter that names some ------------------------------------------------------ */

/* The answer that names this attachment; NULL when none or more than one does. */
static const struct answer *answer_naming (const struct answer *answers, size_t count, size_t place)
{
	const struct answer *found = NULL;

	for (size_t i = 0; i < count; i++) {
		if (answers[i].type != ANSWER_ATTACHMENT || answers[i].number != (int64_t)place)
			continue;
		if (found != NULL)
			return NULL;
		found = &answers[i];
	}
	return found;
}

static const char *label_of (const struct draft *draft, const struct attached *attached,
			     size_t place)
{
	const struct answer *answer =
		answer_naming (draft->answers, draft->answer_count, place);
	const struct field_spec *field =
		answer != NULL ? kind_field (draft->kind, answer->field) : NULL;

	if (field != NULL && text_given (field->label))
		return field->label;
	return attached->label != NULL ? attached->label : "";
}

void draft_gather_attachments (struct draft *draft)
{
	size_t count = draft->submission->attachment_count;
	struct step *step = draft->step;
	struct attachment *list = arena_must (step->arena, (count + 1) * sizeof *list);
	struct attachment_row *rows = arena_must (step->arena, (count + 1) * sizeof *rows);

	for (size_t i = 0; i < count; i++) {
		const struct attached *attached = &draft->submission->attachments[i];

		if (attachment_find (step_ledger (step), attached->id, step->arena, &rows[i])
		    != ERR_OK)
			rows[i] = (struct attachment_row){ .state = 0, .media_type = "" };
		list[i] = (struct attachment){
			.title = attached->title,
			.media_type = rows[i].media_type,
			.label = label_of (draft, attached, i),
			.length = rows[i].length,
		};
	}
	draft->attachment_count = count;
	draft->attachments = list;
	draft->attachment_rows = rows;
}

size_t labels_with_attachments (const struct step *step, const char *const *labels, size_t count,
				const struct attachment *attachments, size_t attachment_count,
				const char *const **ret_labels)
{
	const char **all = arena_must (step->arena,
				       (count + attachment_count + 1) * sizeof *all);
	size_t all_count = 0;

	for (size_t i = 0; i < count; i++)
		all[all_count++] = labels[i];
	for (size_t i = 0; i < attachment_count; i++)
		if (text_given (attachments[i].label)
		    && !word_among (attachments[i].label, all, all_count))
			all[all_count++] = attachments[i].label;
	*ret_labels = all;
	return all_count;
}

static err_t say (const struct draft *draft, const struct answer *answer, const char *id,
		  const char *en)
{
	return problems_add_texts (draft->problems, ERR_INVALID,
				   answer != NULL ? answer->field : "attachments", id, en);
}

static err_t judge_label (const struct draft *draft, const struct answer *answer, size_t place)
{
	const struct attached *attached = &draft->submission->attachments[place];
	const char *label = draft->attachments[place].label;
	const struct field_spec *field = kind_field (draft->kind, answer->field);

	if (text_given (label)
	    && !catalogue_has_label (draft->step->desk->parts.catalogue, label))
		return problems_add (draft->problems, ERR_INVALID, answer->field,
				     "%s bukan label data", "%s is no data label",
				     quoted (label));
	if (field != NULL && text_given (field->label) && attached->label != NULL
	    && !text_is (attached->label, field->label))
		return problems_add (draft->problems, ERR_INVALID, answer->field,
				     "berkas di isian ini berlabel %s",
				     "files in this field are labelled %s", field->label);
	if (attached->label == NULL && !text_given (label) && draft_needs_consent (draft))
		return say (draft, answer,
			    "sebutkan data apa yang ada di berkas ini, misalnya health=berkas.pdf, "
			    "atau none=berkas.pdf bila tidak bercerita tentang klien",
			    "say what data the file holds, for example health=file.pdf, or "
			    "none=file.pdf when it tells nothing about the client");
	return ERR_OK;
}

static err_t judge_one (const struct draft *draft, size_t place)
{
	const struct attachment_row *row = &draft->attachment_rows[place];
	const struct answer *answer =
		answer_naming (draft->answers, draft->answer_count, place);

	if (row->n == 0)
		return say (draft, answer, "berkas ini belum diunggah, atau sudah dihapus setelah "
			    "sehari; unggah lagi",
			    "this file was not uploaded, or went after a day; upload it again");
	if (answer == NULL)
		return say (draft, answer, "setiap berkas diletakkan pada satu isian",
			    "each file stands in one field");
	if (row->state != ATTACHMENT_STAGED)
		return say (draft, answer, "berkas ini sudah terkirim dengan surat lain; unggah lagi",
			    "this file went with another letter; upload it again");
	if (row->done < row->length)
		return say (draft, answer, "berkas ini belum selesai diunggah",
			    "this file has not been uploaded to its end");
	if (!ID_EQUAL (row->person, draft->thread.person))
		return say (draft, answer, "berkas ini diunggah untuk klien lain",
			    "this file was uploaded for another client");
	return judge_label (draft, answer, place);
}

err_t draft_judge_attachments (const struct draft *draft)
{
	err_t err = ERR_OK;

	if (draft->attachment_count > 0 && (draft->reported || draft->child
					    || draft->thread.carrier != CARRIER_WIRE))
		return say (draft, NULL,
			    "berkas hanya terkirim lewat jaringan; serahkan berkasnya sendiri dan "
			    "kirim surat ini tanpa lampiran",
			    "files travel on the network only; hand the file over yourself and send "
			    "this letter without it");
	for (size_t i = 0; i < draft->attachment_count; i++) {
		err_t judged = judge_one (draft, i);

		if (err == ERR_OK)
			err = judged;
	}
	return err;
}

void draft_claim_attachments (const struct draft *draft, const struct letter_id *letter)
{
	struct letter_key key;

	if (draft->attachment_count == 0)
		return;
	letter_key_make (&key);
	for (size_t i = 0; i < draft->attachment_count; i++) {
		struct attachment_row row = draft->attachment_rows[i];

		row.state = ATTACHMENT_WAITING;
		row.partner = draft->thread.partner;
		row.thread = draft->thread.id;
		row.letter = *letter;
		row.place = (uint32_t)i;
		row.title = draft->attachments[i].title;
		row.label = draft->attachments[i].label;
		row.key = key;
		row.done = 0;
		row.expires_at_ms = draft->step->now_ms + LETTER_EXPIRY_DEFAULT_MS;
		attachment_update (draft->step->tx, &row);
	}
	letter_key_wipe (&key);
}

/* ---- a letter that came ------------------------------------------------------------- */

err_t attachments_check (const struct kind_spec *kind, const struct letter *letter)
{
	for (size_t i = 0; i < letter->attachment_count; i++) {
		const struct attachment *one = &letter->attachments[i];
		const struct answer *answer =
			answer_naming (letter->answers, letter->answer_count, i);
		const struct field_spec *field =
			answer != NULL ? kind_field (kind, answer->field) : NULL;

		if (field == NULL || !is_media_type (one->media_type))
			return ERR_INVALID;
		if (text_given (field->label) && !text_is (one->label, field->label))
			return ERR_INVALID;
		if (text_given (one->label)
		    && !word_among (one->label, letter->labels, letter->label_count))
			return ERR_INVALID;
	}
	return ERR_OK;
}

/* The file that a letter names at this place.  The caller gives it a state and its first instant. */
static struct attachment_row row_of (const struct received *letter, size_t place,
				     const struct agency_id *partner, const struct thread *thread)
{
	const struct attachment *one = &letter->letter.attachments[place];
	struct attachment_row row = {
		.partner = *partner,
		.letter = letter->header.id,
		.place = (uint32_t)place,
		.blob = one->blob,
		.length = one->length,
		.expires_at_ms = letter->header.expires_at_ms,
		.title = one->title,
		.media_type = one->media_type,
		.label = one->label,
		.digest = one->digest,
	};

	if (thread != NULL) {
		row.thread = thread->id;
		row.person = thread->person;
	}
	random16_make (row.id);
	return row;
}

/*
 * Of a letter that was given back.  Its sender puts again what it has; of the rest the hub may still
 * have what the lost ledger did not fetch, but not for long.  Where it was the key that was lost, no
 * file opens any more.
 */
static void expect_again (const struct step *step, const struct received *received,
			  struct attachment_row *row)
{
	if (received->answered && (received->files >> row->place & 1) != 0)
		return;
	if (received->answered) {
		if (row->expires_at_ms > step->now_ms + GIVEN_BACK_WAIT_MS)
			row->expires_at_ms = step->now_ms + GIVEN_BACK_WAIT_MS;
		return;
	}
	row->state = ATTACHMENT_MISSED;
	row->error = ERR_WRONG_KEY;
	step_alarm (step, "attachment-missed", &row->thread, &row->partner);
}

void attachments_expect (const struct step *step, const struct received *received,
			 const struct thread *thread)
{
	const struct letter *letter = &received->letter;
	const struct agency_id *from = &received->header.from;
	struct attachment_row *known;

	if (letter->attachment_count == 0
	    || attachment_of_letter (step_ledger (step), from, &received->header.id, step->arena,
				     &known) > 0)
		return;
	for (size_t i = 0; i < letter->attachment_count; i++) {
		struct attachment_row row = row_of (received, i, from, thread);

		row.state = ATTACHMENT_EXPECTED;
		row.created_ms = step->now_ms;
		if (received->again)
			expect_again (step, received, &row);
		attachment_add (step->tx, &row);
	}
}

/* ---- their ends --------------------------------------------------------------------- */

static void owe_word (const struct step *step, const struct attachment_row *row,
		      enum receipt_status status, err_t code)
{
	struct receipt receipt = {
		.id = row->letter,
		.status = status,
		.code = code,
		.at_ms = step->now_ms,
		.blob = row->blob,
	};
	struct inbox_row letter;

	if (inbox_get (step_ledger (step), &row->partner, &row->letter, step->arena, &letter)
	    != ERR_OK)
		return;
	receipt.header_hash = letter.header_hash;
	receipt_owe (step->tx, &row->partner, &receipt);
}

void attachments_say_again (const struct step *step, const struct agency_id *from,
			    const struct letter_id *letter)
{
	struct attachment_row *rows;
	size_t count = attachment_of_letter (step_ledger (step), from, letter, step->arena, &rows);

	for (size_t i = 0; i < count; i++) {
		struct attachment_row *row = &rows[i];

		if (row->state != ATTACHMENT_HERE && row->state != ATTACHMENT_BROKEN)
			continue;
		owe_word (step, row, row->state == ATTACHMENT_HERE ? RECEIPT_IS_STORED
								   : RECEIPT_IS_REFUSED,
			  row->error);
		row->told = false;
		row->next_try_ms = 0;
		attachment_moved (step->tx, row);
	}
}

void desk_attachment_here (desk_t *desk, tx_t *tx, struct attachment_row *row, err_t verdict)
{
	STEP step = step_inside (desk, tx);

	row->state = verdict == ERR_OK ? ATTACHMENT_HERE : ATTACHMENT_BROKEN;
	row->error = verdict;
	row->next_try_ms = 0;
	row->tries = 0;
	attachment_moved (tx, row);
	attachment_drop_wire (tx, row->n);
	if (verdict != ERR_OK) {
		attachment_drop_plain (tx, row->n);
		step_alarm (&step, "attachment-broken", &row->thread, &row->partner);
	}
	owe_word (&step, row, verdict == ERR_OK ? RECEIPT_IS_STORED : RECEIPT_IS_REFUSED, verdict);
}

void desk_attachment_ended (desk_t *desk, tx_t *tx, struct attachment_row *row, err_t why)
{
	STEP step = step_inside (desk, tx);
	bool coming = attachment_is_coming (row->state);

	row->state = coming ? ATTACHMENT_MISSED : ATTACHMENT_LOST;
	row->error = why;
	attachment_moved (tx, row);
	attachment_drop_plain (tx, row->n);
	attachment_drop_wire (tx, row->n);
	step_alarm (&step, coming ? "attachment-missed" : "attachment-lost", &row->thread,
		    &row->partner);
	if (!coming)
		outbox_release (tx, &row->letter);
}

static void end_out (const struct step *step, struct attachment_row *row, const struct receipt *receipt)
{
	bool stored = receipt->status == RECEIPT_IS_STORED;
	bool here = row->state == ATTACHMENT_SENDING || row->state == ATTACHMENT_AT_HUB;

	row->state = stored ? ATTACHMENT_DELIVERED : ATTACHMENT_REFUSED;
	row->error = receipt->code;
	row->key = (struct letter_key){ { 0 } };
	row->kept_until_ms = stored && here ? step->now_ms + KEPT_MS : 0;
	attachment_update (step->tx, row);
	attachment_drop_plain (step->tx, row->n);
	if (row->kept_until_ms == 0)
		attachment_drop_wire (step->tx, row->n);
}

err_t attachment_word (const struct step *step, const struct outbox_row *letter,
		       const struct receipt *receipt)
{
	struct attachment_row row;
	struct entry entry = step_entry (step, ENTRY_RECEIPT);
	err_t err = attachment_by_blob (step_ledger (step), &receipt->blob, false, step->arena, &row);

	if (err == ERR_NOT_FOUND || (err == ERR_OK && !ID_EQUAL (row.letter, letter->id))) {
		step_alarm (step, "receipt-unknown", NULL, &letter->to);
		return ERR_OK;
	}
	if (err != ERR_OK || row.state == ATTACHMENT_DELIVERED)
		return err;
	end_out (step, &row, receipt);
	outbox_release (step->tx, &row.letter);
	entry.person = letter->person;
	entry.thread = letter->thread;
	entry.letter = letter->id;
	entry.partner = letter->to;
	entry.kind = letter->kind;
	entry.word = row.state == ATTACHMENT_DELIVERED ? "attachment-stored" : "attachment-refused";
	entry_add (step->tx, &entry);
	if (row.state == ATTACHMENT_REFUSED)
		step_alarm (step, "attachment-refused", &row.thread, &row.partner);
	return ERR_OK;
}

void attachments_stop (const struct step *step, const struct thread_id *thread)
{
	struct attachment_row *rows;
	size_t count = attachment_of_thread (step_ledger (step), thread, step->arena, &rows);

	for (size_t i = 0; i < count; i++) {
		enum attachment_state state = rows[i].state;

		if (rows[i].kept_until_ms > 0) {
			rows[i].kept_until_ms = 0;
			attachment_moved (step->tx, &rows[i]);
			attachment_drop_wire (step->tx, rows[i].n);
			outbox_release (step->tx, &rows[i].letter);
		}
		if (state > ATTACHMENT_AT_HUB && state != ATTACHMENT_EXPECTED
		    && state != ATTACHMENT_FETCHED)
			continue;
		rows[i].state = attachment_is_coming (state) ? ATTACHMENT_ERASED : ATTACHMENT_LOST;
		rows[i].error = ERR_CONSENT_WITHDRAWN;
		attachment_moved (step->tx, &rows[i]);
		attachment_drop_plain (step->tx, rows[i].n);
		attachment_drop_wire (step->tx, rows[i].n);
		if (!attachment_is_coming (state))
			outbox_release (step->tx, &rows[i].letter);
	}
}

/* ---- of letters that are given back -------------------------------------------------- */

static bool is_here (const struct attachment_row *row)
{
	return row->state == ATTACHMENT_HERE || row->state == ATTACHMENT_SENDING
	       || row->state == ATTACHMENT_AT_HUB || row->kept_until_ms > 0;
}

uint32_t attachments_here (const struct step *step, const struct agency_id *partner,
			   const struct letter_id *letter)
{
	struct attachment_row *rows;
	size_t count = attachment_of_letter (step_ledger (step), partner, letter, step->arena, &rows);
	uint32_t here = 0;

	for (size_t i = 0; i < count; i++)
		if (is_here (&rows[i]) && rows[i].place < 32)
			here |= UINT32_C (1) << rows[i].place;
	return here;
}

/* Of a letter of ours, whose recipient says whether it has this file. */
static void note_out (const struct step *step, const struct received *inner, size_t place,
		      const struct thread *thread)
{
	struct attachment_row row = row_of (inner, place, &inner->header.to, thread);
	bool there = (inner->files >> place & 1) != 0;

	row.state = there ? ATTACHMENT_DELIVERED : ATTACHMENT_LOST;
	row.error = there ? ERR_OK : ERR_NOT_FOUND;
	row.created_ms = inner->letter.created_ms;
	attachment_add (step->tx, &row);
	/* It may be on its way there still; then the word on it comes. */
	if (!there)
		step_alarm (step, "attachment-unsure", &row.thread, &row.partner);
}

/* A draft's, which were sealed anew, are no longer what the letter names. */
static void drop_others (const struct step *step, const struct received *inner)
{
	struct attachment_row *rows;
	size_t count = attachment_of_letter (step_ledger (step), &inner->header.to,
					     &inner->header.id, step->arena, &rows);

	for (size_t i = 0; i < count; i++)
		attachment_remove (step->tx, rows[i].n);
}

void attachments_given_back (const struct step *step, const struct received *inner,
			     const struct thread *thread)
{
	drop_others (step, inner);
	for (size_t i = 0; i < inner->letter.attachment_count; i++)
		note_out (step, inner, i, thread);
}

void attachments_give_again (const struct step *step, const struct outbox_row *again)
{
	struct header header;
	struct sealed sealed;
	struct letter letter;

	if (outbox_evidence (step_ledger (step), &again->id, step->arena, &sealed) != ERR_OK
	    || letter_decode (sealed.s, step->arena, &letter) != ERR_OK
	    || letter.again.files == 0 || header_decode (letter.again.h, &header) != ERR_OK
	    || !agency_id_equal (&header.from, step_self (step)))
		return;
	(void)outbox_give_files_again (step->tx, &header.id, step->now_ms);
}

/* ---- looking ------------------------------------------------------------------------ */

err_t desk_attachment_open (desk_t *desk, const struct actor *actor, uint64_t n, arena_t *arena,
			    struct attachment_row *ret_row)
{
	STEP step = step_open (desk, actor);
	struct entry entry = step_entry (&step, ENTRY_LOOKED);
	struct attachment_row row;
	err_t err = permit (actor, USE_LOOK);

	if (err == ERR_OK)
		err = attachment_get (step_ledger (&step), n, arena, &row);
	if (err == ERR_OK && row.error == ERR_ERASED)
		err = ERR_ERASED;
	if (err == ERR_OK && row.state != ATTACHMENT_HERE)
		err = ERR_WRONG_STATE;
	if (err != ERR_OK)
		return err;
	entry.person = row.person;
	entry.thread = row.thread;
	entry.letter = row.letter;
	entry.partner = row.partner;
	entry.word = "attachment";
	entry_add (step.tx, &entry);
	err = step_commit (&step);
	if (err == ERR_OK)
		*ret_row = row;
	return err;
}
