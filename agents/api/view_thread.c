/*
 * Referrals as JSON: the row of a list, the whole with its letters, and timelines.
 * Letters are the entries SENT and ARRIVED; outbox and inbox tell how far each has come.
 */
#include "agents/api/view.h"

#include <string.h>

#include "agents/api/answer.h"
#include "agents/api/times.h"

/* Entries are read in small batches, each into an arena of its own, because one may hold
 * a letter of LIMIT_LETTER_BYTES. */
#define BATCH 16
#define BATCH_ARENA_BYTES (4u * LIMIT_DECODE_ARENA_BYTES)
#define LETTERS_SHOWN 200

#define KIND_STOPPED "consent.stopped"

static const struct thread_type *type_of (const struct call *call,
					  const struct thread *thread)
{
	return catalogue_thread (call->parts->catalogue, thread->type);
}

static json_t *service_json (const struct call *call, const char *code)
{
	const struct service_spec *service =
		catalogue_service (call->parts->catalogue, code);

	return json_pack ("{s:s, s:o}", "code", code, "words",
			  service != NULL ? view_words (service->words)
					  : view_both (code, code));
}

static json_t *type_words_json (const struct call *call, const struct thread *thread)
{
	const struct thread_type *type = type_of (call, thread);

	return type != NULL ? view_words (type->words) : view_both (thread->type, thread->type);
}

/* The soonest deadline that runs, or null. */
static json_t *soonest_json (const struct call *call, const struct thread *thread)
{
	struct deadline *deadlines;
	size_t count = deadline_list (call->parts->ledger, &thread->id, INT64_MAX, 1,
				      call->arena, &deadlines);

	return count > 0 ? view_deadline (call, &deadlines[0]) : json_null ();
}

static json_t *thread_base (const struct call *call, const struct thread *thread)
{
	json_t *json = json_pack (
		"{s:o, s:s, s:s, s:s, s:o, s:o, s:s, s:o, s:s, s:s, s:b}", "id",
		view_uuid (thread->id.b), "number", thread->number, "type", thread->type,
		"side",
		party_name (thread->performing ? PARTY_PERFORMER : PARTY_REQUESTER),
		"partner", view_agency (call, &thread->partner), "state",
		view_state (type_of (call, thread), thread->state), "overlay",
		thread->overlay, "service", service_json (call, thread->service),
		"purpose", thread->purpose, "urgency",
		urgency_name ((enum urgency)thread->urgency), "data_stopped",
		thread->data_stopped);

	json_object_set_new (json, "type_words", type_words_json (call, thread));
	json_object_set_new (json, "carrier",
			     json_string (carrier_name (thread->carrier)));
	json_object_set_new (json, "code", json_string (thread->code));
	times_set (json, "opened", thread->opened_ms, call->region);
	times_set (json, "moved", thread->moved_ms, call->region);
	times_set (json, "appointment", thread->appointment_ms, call->region);
	json_object_set_new (json, "deadline", soonest_json (call, thread));
	return json;
}

static json_t *sent_json (const struct call *call, const struct thread *thread);

json_t *view_thread (const struct call *call, const struct thread *thread)
{
	json_t *json = thread_base (call, thread);

	json_object_set_new (json, "person", view_person_number (call, &thread->person));
	json_object_set_new (json, "sent", sent_json (call, thread));
	return json;
}

/* ---- what can come next
 * ----------------------------------------------------------------------- */

static bool has_role (const struct kind_spec *kind, const char *role)
{
	for (size_t i = 0; i < kind->role_count; i++)
		if (strcmp (kind->roles[i], role) == 0)
			return true;
	return false;
}

/* A row that may be taken so many times only is used up by as many no-shows. */
static bool may_move (const struct thread *thread, const struct thread_type *type,
		      const struct state *state, const struct kind_spec *kind,
		      enum party side)
{
	const struct transition *row = lifecycle_find (type, state, kind->name, side);

	return row != NULL && (row->at_most == 0 || thread->no_shows <= row->at_most);
}

static bool answers (const struct kind_spec *asking, const char *kind)
{
	for (size_t i = 0; i < asking->reply_count; i++)
		if (strcmp (asking->replies[i], kind) == 0)
			return true;
	return false;
}

/* A kind that does nothing but answer a later question (information, a cancellation)
 * waits for it: while the question is open, its clock runs.  One that asks something
 * itself needs no question. */
static bool lacks_question (const struct call *call, const struct thread *thread,
			    const struct thread_type *type, const struct kind_spec *kind)
{
	bool asked = false;

	for (size_t i = 0; kind->reply_count == 0 && i < type->kind_count; i++) {
		const struct kind_spec *asking = &type->kinds[i];
		struct deadline clock;

		if (!answers (asking, kind->name))
			continue;
		if (lifecycle_find (type, NULL, asking->name, PARTY_REQUESTER) != NULL)
			return false;
		if (deadline_get (call->parts->ledger, &thread->id, asking->reply_clock,
				  &clock) == ERR_OK &&
		    !clock.done)
			return false;
		asked = true;
	}
	return asked;
}

static json_t *kind_json (const struct kind_spec *kind)
{
	return json_pack ("{s:s, s:o}", "kind", kind->name, "words",
			  view_words (kind->words));
}

/* Kinds that this person may write now; those that only the machine writes have no roles.
 */
static json_t *next_json (const struct call *call, const struct thread *thread)
{
	const struct thread_type *type = type_of (call, thread);
	const struct state *state =
		type != NULL ? thread_state (type, thread->state) : NULL;
	enum party side = thread->performing ? PARTY_PERFORMER : PARTY_REQUESTER;
	json_t *next = json_array ();

	for (size_t i = 0; state != NULL && i < type->kind_count; i++) {
		const struct kind_spec *kind = &type->kinds[i];

		if (has_role (kind, call->actor.role) &&
		    may_move (thread, type, state, kind, side) &&
		    !lacks_question (call, thread, type, kind))
			json_array_append_new (next, kind_json (kind));
	}
	return next;
}

/* What the other side of a thread off the wire may answer now, for somebody here to write
 * down: whatever a partner says, and of our own doing what our role does. */
static json_t *reportable_json (const struct call *call, const struct thread *thread)
{
	const struct thread_type *type = type_of (call, thread);
	const struct state *state =
		type != NULL ? thread_state (type, thread->state) : NULL;
	const struct kind_spec *stopped =
		catalogue_kind (call->parts->catalogue, KIND_STOPPED, 0);
	bool own = thread->carrier == CARRIER_OWN;
	json_t *list = json_array ();

	if (thread->carrier == CARRIER_WIRE)
		return list;
	for (size_t i = 0; state != NULL && i < type->kind_count; i++) {
		const struct kind_spec *kind = &type->kinds[i];

		if ((!own || has_role (kind, call->actor.role)) &&
		    may_move (thread, type, state, kind, PARTY_PERFORMER) &&
		    !lacks_question (call, thread, type, kind))
			json_array_append_new (list, kind_json (kind));
	}
	if (!own && thread->data_stopped && stopped != NULL)
		json_array_append_new (list, kind_json (stopped));
	return list;
}

/* ---- letters
 * ---------------------------------------------------------------------------------- */

/* What has its place in no table; all of a kind that this catalogue does not know. */
static json_t *answers_json (const struct call *call, const struct kind_spec *kind,
			     const struct letter *letter)
{
	json_t *list = json_array ();

	for (size_t i = 0; i < letter->answer_count; i++) {
		const struct answer *answer = &letter->answers[i];
		const struct field_spec *spec =
			kind != NULL ? kind_field (kind, answer->field) : NULL;

		if (spec == NULL || *spec->group == '\0')
			json_array_append_new (list,
					       answer_json (spec, answer, call->region));
	}
	return list;
}

static json_t *row_json (const struct call *call, const struct kind_spec *kind,
			 const struct letter *letter, const char *group, uint32_t row)
{
	json_t *list = json_array ();

	for (size_t i = 0; i < letter->answer_count; i++) {
		const struct answer *answer = &letter->answers[i];
		const struct field_spec *spec = kind_field (kind, answer->field);

		if (spec != NULL && strcmp (spec->group, group) == 0 &&
		    answer_row (answer->field) == row)
			json_array_append_new (list,
					       answer_json (spec, answer, call->region));
	}
	return list;
}

static json_t *tables_json (const struct call *call, const struct kind_spec *kind,
			    const struct letter *letter)
{
	json_t *list = json_array ();

	for (size_t i = 0; kind != NULL && i < kind->group_count; i++) {
		const struct group_spec *group = &kind->groups[i];
		uint32_t count = answers_rows (letter->answers, letter->answer_count,
					       group->name);
		json_t *rows = json_array ();

		for (uint32_t row = 1; row <= count; row++)
			json_array_append_new (
				rows, row_json (call, kind, letter, group->name, row));
		json_array_append_new (list,
				       json_pack ("{s:s, s:o, s:o}", "group", group->name,
						  "words", view_words (group->words),
						  "rows", rows));
	}
	return list;
}

static void add_remark (json_t *list, const struct letter *letter,
			const struct remark_spec *remark, uint32_t row)
{
	if (answers_match (letter->answers, letter->answer_count, remark->group, row,
			   remark->matches, remark->match_count))
		json_array_append_new (list, json_pack ("{s:s, s:i, s:o}", "group",
							remark->group, "row", (int)row,
							"words",
							view_words (remark->words)));
}

/* Row 0 is the form itself. */
static json_t *remarks_json (const struct kind_spec *kind, const struct letter *letter)
{
	json_t *list = json_array ();

	for (size_t i = 0; kind != NULL && i < kind->remark_count; i++) {
		const struct remark_spec *remark = &kind->remarks[i];
		bool of_rows = *remark->group != '\0';
		uint32_t first = of_rows ? 1 : 0;
		uint32_t last = of_rows ? answers_rows (letter->answers,
							letter->answer_count, remark->group)
					: 0;

		for (uint32_t row = first; row <= last; row++)
			add_remark (list, letter, remark, row);
	}
	return list;
}

/* What the letter itself says.  An erased body leaves this out. */
static void set_content (const struct call *call, json_t *json, struct bytes body)
{
	OWNED (arena) arena = arena_new (LIMIT_DECODE_ARENA_BYTES);
	const struct kind_spec *kind;
	struct letter letter;

	if (body.len == 0 || letter_decode (body, arena, &letter) != ERR_OK)
		return;
	kind = catalogue_kind (call->parts->catalogue, letter.kind, letter.kind_version);
	json_object_set_new (json, "urgency",
			     json_string (urgency_name (letter.urgency)));
	json_object_set_new (json, "basis", json_string (basis_name (letter.basis)));
	json_object_set_new (json, "answers", answers_json (call, kind, &letter));
	json_object_set_new (json, "tables", tables_json (call, kind, &letter));
	json_object_set_new (json, "remarks", remarks_json (kind, &letter));
	json_object_set_new (json, "from_user", json_string (letter.from_user));
	json_object_set_new (json, "from_role", json_string (letter.from_role));
	times_set (json, "written", letter.created_ms, call->region);
	times_set (json, "reply_by", letter.reply_by_ms, call->region);
}

static void set_error (json_t *json, err_t err)
{
	json_object_set_new (json, "error",
			     err == ERR_OK ? json_null ()
					   : json_pack ("{s:s, s:s, s:s}", "code",
							err_name (err), "message_id",
							err_text_id (err), "message_en",
							err_text_en (err)));
}

/* clang-format off */
static const struct words outbox_words[] = {
	[OUTBOX_WRITTEN]    = { "ditulis, menunggu dikirim", "written, waiting to be sent" },
	[OUTBOX_SEALED]     = { "disegel, menunggu hub", "sealed, waiting for the hub" },
	[OUTBOX_IN_CUSTODY] = { "di hub", "at the hub" },
	[OUTBOX_STORED]     = { "terkirim", "delivered" },
	[OUTBOX_REFUSED]    = { "ditolak", "refused" },
	[OUTBOX_EXPIRED]    = { "kedaluwarsa", "expired" },
	[OUTBOX_RECALLED]   = { "ditarik kembali", "recalled" },
};
static const struct words inbox_words[] = {
	[INBOX_APPLIED]     = { "diterima", "received" },
	[INBOX_PARKED]      = { "menunggu surat sebelumnya", "waits for an earlier letter" },
	[INBOX_ORPHAN]      = { "permintaannya belum datang", "its request has not come" },
	[INBOX_HELD]        = { "ditahan: belum ada persetujuan", "held: no consent covers it" },
	[INBOX_LATE]        = { "datang terlambat", "came late" },
	[INBOX_OLD]         = { "surat lama", "an older letter" },
	[INBOX_UNKNOWN]     = { "jenis belum dikenal: perlu pembaruan", "unknown kind: update needed" },
	[INBOX_QUARANTINED] = { "dikarantina", "quarantined" },
	[INBOX_REFUSED]     = { "ditolak", "refused" },
	[INBOX_ERASED]      = { "isi sudah dihapus", "its content was deleted" },
};
/* clang-format on */

/* clang-format off */
/* Letters that no hub saw. */
static const struct { const char *word; struct words words; } printed_words[] = {
	{ "paper", { "dicetak untuk diserahkan", "to be printed and handed over" } },
	{ "own",   { "dicatat di sini", "recorded here" } },
};
/* How somebody here heard it. */
static const struct { const char *via; struct words words; } reported_words[] = {
	{ "phone",    { "dilaporkan oleh kita lewat telepon", "reported by us, by phone" } },
	{ "whatsapp", { "dilaporkan oleh kita lewat WhatsApp", "reported by us, by WhatsApp" } },
	{ "paper",    { "dilaporkan oleh kita dari surat", "reported by us, from paper" } },
	{ "visit",    { "dilaporkan oleh kita dari kunjungan", "reported by us, from a visit" } },
	{ "own",      { "dikerjakan dan dicatat di sini", "done and recorded here" } },
};
/* clang-format on */

/* {"via", "words"} of a letter that somebody wrote down, else NULL. */
static json_t *reported_json (const struct entry *entry)
{
	if (entry->type == ENTRY_ARRIVED)
		for (size_t i = 0; i < COUNT_OF (reported_words); i++)
			if (strcmp (reported_words[i].via, entry->word) == 0)
				return json_pack ("{s:s, s:o}", "via", entry->word, "words",
						  view_words (reported_words[i].words));
	return NULL;
}

static void set_custody_printed (json_t *json, const struct entry *entry)
{
	for (size_t i = 0; i < COUNT_OF (printed_words); i++)
		if (strcmp (printed_words[i].word, entry->word) == 0)
			json_object_set_new (json, "custody",
					     json_pack ("{s:s, s:o}", "state", entry->word,
							"words",
							view_words (printed_words[i].words)));
}

/* An opened letter was delivered first, so the later word is the one that counts. */
static json_t *sent_words (const struct outbox_row *row)
{
	if (row->opened_ms != 0)
		return view_both ("dibuka penerima", "opened by the recipient");
	return view_words (outbox_words[row->state]);
}

/* How far our newest letter has come, or null: none was written, or none that travels. */
static json_t *sent_json (const struct call *call, const struct thread *thread)
{
	struct outbox_row *rows;
	size_t count = outbox_by_thread (call->parts->ledger, &thread->id, call->arena, &rows);

	while (count > 0 && rows[count - 1].machine)
		count--;
	if (count == 0)
		return json_null ();
	return json_pack ("{s:s, s:b, s:o}", "state", outbox_state_name (rows[count - 1].state),
			  "opened", rows[count - 1].opened_ms != 0, "words",
			  sent_words (&rows[count - 1]));
}

static void set_custody_out (const struct call *call, json_t *json,
			     const struct letter_id *id)
{
	OWNED (arena) arena = arena_new (LIMIT_DECODE_ARENA_BYTES);
	struct outbox_row row;
	json_t *custody;

	if (outbox_get (call->parts->ledger, id, arena, &row) != ERR_OK)
		return;
	custody = json_pack ("{s:s, s:o}", "state", outbox_state_name (row.state),
			     "words", sent_words (&row));
	times_set (custody, "at_hub", row.custody_ms, call->region);
	times_set (custody, "delivered", row.stored_ms, call->region);
	times_set (custody, "opened", row.opened_ms, call->region);
	times_set (custody, "recipient_seen", row.recipient_seen_ms, call->region);
	set_error (custody, row.last_error);
	if (row.state == OUTBOX_SEALED && row.last_error != ERR_OK)
		times_set (custody, "next_try", row.next_try_ms, call->region);
	json_object_set_new (json, "custody", custody);
}

/* A letter that is held or quarantined stays unseen. */
static bool is_shown (enum inbox_state state)
{
	switch (state) {
	case INBOX_APPLIED:
	case INBOX_PARKED:
	case INBOX_ORPHAN:
	case INBOX_LATE:
	case INBOX_OLD:
	case INBOX_UNKNOWN: return true;
	case INBOX_HELD:
	case INBOX_QUARANTINED:
	case INBOX_REFUSED:
	case INBOX_ERASED: return false;
	}
	return false;
}

/* Returns whether the letter's content may be shown. */
static bool set_custody_in (const struct call *call, json_t *json,
			    const struct entry *entry)
{
	OWNED (arena) arena = arena_new (LIMIT_DECODE_ARENA_BYTES);
	struct inbox_row row;
	json_t *custody;

	if (inbox_get (call->parts->ledger, &entry->partner, &entry->letter, arena,
		       &row) != ERR_OK)
		return false;
	custody =
		json_pack ("{s:s, s:o, s:b, s:b}", "state", inbox_state_name (row.state),
			   "words", view_words (inbox_words[row.state]), "late", row.late,
			   "time_doubtful", row.time_doubtful);
	set_error (custody, row.code);
	json_object_set_new (json, "custody", custody);
	return is_shown (row.state);
}

static json_t *kind_sentence (const struct call *call, const char *name)
{
	const struct kind_spec *kind = catalogue_kind (call->parts->catalogue, name, 0);

	return kind != NULL ? view_words (kind->sentence) : view_both (name, name);
}

json_t *view_letter (const struct call *call, const struct entry *entry)
{
	bool out = entry->type == ENTRY_SENT;
	json_t *json =
		json_pack ("{s:o, s:s, s:s, s:o, s:s}", "id", view_uuid (entry->letter.b),
			   "way", out ? "out" : "in", "kind", entry->kind, "words",
			   kind_sentence (call, entry->kind), "user", entry->user);
	json_t *reported = reported_json (entry);
	bool shown = true;

	times_set (json, "at", entry->at_ms, call->region);
	json_object_set_new (json, "reported",
			     reported != NULL ? reported : json_null ());
	if (out) {
		set_custody_out (call, json, &entry->letter);
		set_custody_printed (json, entry);
	} else if (reported != NULL) {
		json_object_set_new (json, "custody",
				     json_pack ("{s:s, s:O}", "state", "reported", "words",
						json_object_get (reported, "words")));
	} else {
		shown = set_custody_in (call, json, entry);
	}
	if (shown)
		set_content (call, json, entry->body);
	return json;
}

/* ---- entries in batches
 * ----------------------------------------------------------------------- */

/* Adds one entry to a list, or leaves it out. */
typedef void add_entry_fn (const struct call *call, json_t *list,
			   const struct entry *entry);

/* Walks entries after `after` until `most` are in the list; true when there are more. */
static bool walk (const struct call *call, const struct person_id *person,
		  const struct thread_id *thread, uint64_t *after, size_t most,
		  add_entry_fn *add, json_t *list)
{
	OWNED (arena) arena = arena_new (BATCH_ARENA_BYTES);

	for (;;) {
		struct entry *entries;
		size_t count;

		arena_reset (arena);
		count = entry_list (call->parts->ledger, person, thread, *after, BATCH,
				    arena, &entries);
		for (size_t i = 0; i < count; i++) {
			if (json_array_size (list) == most)
				return true;
			add (call, list, &entries[i]);
			*after = entries[i].n;
		}
		if (count < BATCH)
			return false;
	}
}

/* It was shown before its kind was known; what became of it then stands further down. */
static bool was_judged_anew (const struct call *call, const struct entry *entry)
{
	OWNED (arena) arena = arena_new (LIMIT_DECODE_ARENA_BYTES);
	struct inbox_row row;

	return entry->type == ENTRY_ARRIVED &&
	       strcmp (entry->word, err_name (ERR_UNKNOWN_KIND)) == 0 &&
	       inbox_get (call->parts->ledger, &entry->partner, &entry->letter, arena, &row) ==
		       ERR_OK &&
	       row.state != INBOX_UNKNOWN;
}

static void add_letter (const struct call *call, json_t *list, const struct entry *entry)
{
	if ((entry->type == ENTRY_SENT || entry->type == ENTRY_ARRIVED) &&
	    !was_judged_anew (call, entry))
		json_array_append_new (list, view_letter (call, entry));
}

static json_t *letters_json (const struct call *call, const struct thread *thread)
{
	json_t *list = json_array ();
	uint64_t after = 0;

	walk (call, NULL, &thread->id, &after, LETTERS_SHOWN, add_letter, list);
	return list;
}

/* ---- the whole
 * -------------------------------------------------------------------------------- */

json_t *view_number (const struct call *call, const struct thread_id *id)
{
	struct thread thread;

	if (ID_IS_NONE (*id) ||
	    thread_get (call->parts->ledger, id, call->arena, &thread) != ERR_OK)
		return json_null ();
	return json_pack ("{s:o, s:s}", "id", view_uuid (id->b), "number", thread.number);
}

static json_t *person_json (const struct call *call, const struct person_id *id)
{
	struct person person;

	if (ID_IS_NONE (*id))
		return json_null ();
	if (person_get (call->parts->ledger, id, call->arena, &person) != ERR_OK)
		return json_pack ("{s:o, s:n, s:b}", "id", view_uuid (id->b), "number",
				  "erased", 1);
	return view_person (call, &person);
}

static json_t *deadlines_json (const struct call *call, const struct thread *thread)
{
	struct deadline *deadlines;
	size_t count = deadline_list (call->parts->ledger, &thread->id, INT64_MAX,
				      PAGE_DEFAULT, call->arena, &deadlines);
	json_t *list = json_array ();

	for (size_t i = 0; i < count; i++)
		json_array_append_new (list, view_deadline (call, &deadlines[i]));
	return list;
}

json_t *view_thread_whole (const struct call *call, const struct thread *thread)
{
	json_t *json = thread_base (call, thread);

	json_object_set_new (json, "person", person_json (call, &thread->person));
	json_object_set_new (json, "attachments", view_attachments (call, &thread->id));
	json_object_set_new (json, "clause", view_uuid (thread->clause.b));
	json_object_set_new (json, "chain", view_uuid (thread->chain.b));
	json_object_set_new (json, "parent", view_number (call, &thread->parent));
	json_object_set_new (json, "child", view_number (call, &thread->child));
	json_object_set_new (json, "replaces", view_number (call, &thread->replaces));
	times_set (json, "seen", thread->seen_ms, call->region);
	times_set (json, "cancel_asked", thread->cancel_ms, call->region);
	json_object_set_new (json, "no_shows", json_integer (thread->no_shows));
	json_object_set_new (json, "deadlines", deadlines_json (call, thread));
	json_object_set_new (json, "letters", letters_json (call, thread));
	json_object_set_new (json, "next", next_json (call, thread));
	json_object_set_new (json, "reportable", reportable_json (call, thread));
	return json;
}

/* ---- timelines
 * -------------------------------------------------------------------------------- */

/* clang-format off */
static const struct words entry_words[] = {
	[ENTRY_SENT]       = { "surat ditulis", "letter written" },
	[ENTRY_ARRIVED]    = { "surat masuk", "letter arrived" },
	[ENTRY_RECEIPT]    = { "tanda terima", "receipt" },
	[ENTRY_INTAKE]     = { "penerimaan awal", "intake" },
	[ENTRY_CONSENT]    = { "persetujuan", "consent" },
	[ENTRY_LOOKED]     = { "data dibuka", "record looked at" },
	[ENTRY_DEADLINE]   = { "batas waktu lewat", "deadline missed" },
	[ENTRY_ALARM]      = { "peringatan", "alarm" },
	[ENTRY_QUARANTINE] = { "dikarantina", "quarantined" },
	[ENTRY_HELD]       = { "surat ditahan", "letter held" },
	[ENTRY_SYSTEM]     = { "sistem", "system" },
	[ENTRY_RELEASE]    = { "tanggal bebas dicatat", "release date recorded" },
	[ENTRY_REMINDER]   = { "pengingat selesai tanpa surat", "reminder done without a letter" },
	[ENTRY_DISCLOSED]  = { "bukti diserahkan", "evidence given out" },
	[ENTRY_RECALL]     = { "penarikan surat", "recall of a letter" },
};
/* clang-format on */

static json_t *sentence_json (const struct call *call, const struct entry *entry)
{
	if (*entry->kind != '\0')
		return kind_sentence (call, entry->kind);
	return view_words (entry_words[entry->type]);
}

/* The type of the thread that an entry is about, or NULL. */
static const struct thread_type *entry_type_of (const struct call *call,
						const struct entry *entry)
{
	const struct kind_spec *kind =
		catalogue_kind (call->parts->catalogue, entry->kind, 0);
	struct thread thread;

	if (kind != NULL)
		return kind->thread;
	if (ID_IS_NONE (entry->thread) || thread_get (call->parts->ledger, &entry->thread,
						      call->arena, &thread) != ERR_OK)
		return NULL;
	return type_of (call, &thread);
}

static json_t *state_or_null (const struct thread_type *type, const char *state)
{
	return *state != '\0' ? view_state (type, state) : json_null ();
}

/* Where a timeline in lanes shows it; null for what concerns all of them. */
static json_t *lane_json (const struct call *call, const struct thread_type *type,
			  const struct entry *entry)
{
	struct thread thread;
	const char *service = "", *lane;

	if (type == NULL)
		return json_null ();
	if (*type->lane == '\0' && thread_get (call->parts->ledger, &entry->thread, call->arena,
					       &thread) == ERR_OK)
		service = thread.service;
	lane = catalogue_lane (call->parts->catalogue, type, service);
	return *lane != '\0' ? json_string (lane) : json_null ();
}

static void add_entry (const struct call *call, json_t *list, const struct entry *entry)
{
	const struct thread_type *type = entry_type_of (call, entry);
	json_t *reported;
	json_t *json = json_pack (
		"{s:I, s:s, s:o, s:o, s:s, s:o, s:o, s:s, s:s, s:o, s:o, s:o}", "n",
		(json_int_t)entry->n, "type", entry_type_name (entry->type), "type_words",
		view_words (entry_words[entry->type]), "words",
		sentence_json (call, entry), "kind", entry->kind, "from",
		state_or_null (type, entry->state_from), "to",
		state_or_null (type, entry->state_to), "word", entry->word, "user",
		entry->user, "partner",
		entry->partner.text[0] != '\0' ? view_agency (call, &entry->partner)
					       : json_null (),
		"thread", view_number (call, &entry->thread), "letter",
		view_uuid (entry->letter.b));

	reported = reported_json (entry);
	json_object_set_new (json, "reported",
			     reported != NULL ? reported : json_null ());
	json_object_set_new (json, "lane", lane_json (call, type, entry));
	times_set (json, "at", entry->at_ms, call->region);
	json_array_append_new (list, json);
}

json_t *view_timeline (const struct call *call, const struct person_id *person,
		       const struct thread_id *thread, const struct page *page)
{
	json_t *list = json_array ();
	uint64_t after = page->after;
	bool more = walk (call, person, thread, &after, page->limit, add_entry, list);

	return page_json (list, more, after);
}
