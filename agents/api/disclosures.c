/*
 * Who has received somebody's data: each recipient, with the letters that went there, which fields and
 * labels they held, and on what they rested.  Names of fields, never what was written in them.  Worked
 * out from the letters as they were written, so that nothing can be forgotten; what came back, or was
 * never taken, reached nobody and is left out.
 */
#include "agents/api/handlers.h"
#include "agents/api/times.h"
#include "agents/api/view.h"

#include <stdlib.h>
#include <string.h>

#define BATCH 16u
#define BATCH_ARENA_BYTES (4u * LIMIT_DECODE_ARENA_BYTES)
#define LETTERS_MAX 1000u     /* of one person; what is older is not on the page, which says so */
#define RECIPIENTS_MAX 200u

struct recipient {
	struct agency_id id;
	int64_t first_ms, last_ms;
	json_t *letters, *fields, *labels;   /* the last two without repetition */
};

struct page_of {
	const struct call *call;
	size_t letter_count, recipient_count;
	struct recipient recipients[RECIPIENTS_MAX];
	json_t *evidence;
	bool more;
};

/* ---- lists without repetition --------------------------------------------------- */

static void add_once (json_t *list, const char *key, json_t *item)
{
	const char *name = json_string_value (json_object_get (item, key));
	json_t *other;
	size_t i;

	json_array_foreach (list, i, other)
		if (strcmp (json_string_value (json_object_get (other, key)), name) == 0) {
			json_decref (item);
			return;
		}
	json_array_append_new (list, item);
}

static json_t *label_json (const struct call *call, const char *label)
{
	const struct code_spec *labels;
	size_t count = catalogue_labels (call->parts->catalogue, &labels);

	for (size_t i = 0; i < count; i++)
		if (strcmp (labels[i].code, label) == 0)
			return json_pack ("{s:s, s:o}", "label", label, "words",
					  view_words (labels[i].words));
	return json_pack ("{s:s, s:o}", "label", label, "words", view_both (label, label));
}

/* ---- one letter ----------------------------------------------------------------- */

/* A column of a table is named once, whatever its rows. */
static void add_fields (const struct kind_spec *kind, const struct letter *letter, json_t *fields)
{
	for (size_t i = 0; i < letter->answer_count; i++) {
		const struct answer *answer = &letter->answers[i];
		const struct field_spec *spec =
			kind != NULL ? kind_field (kind, answer->field) : NULL;
		const char *name = spec != NULL ? spec->name : answer->field;

		if (answer->type != ANSWER_ABSENT)
			add_once (fields, "field",
				  json_pack ("{s:s, s:o}", "field", name, "words",
					     spec != NULL ? view_words (spec->words)
							  : view_both (name, name)));
	}
}

static void add_labels (const struct call *call, const struct letter *letter, json_t *labels)
{
	for (size_t i = 0; i < letter->label_count; i++)
		add_once (labels, "label", label_json (call, letter->labels[i]));
	for (size_t i = 0; i < letter->attachment_count; i++)
		if (*letter->attachments[i].label != '\0')
			add_once (labels, "label",
				  label_json (call, letter->attachments[i].label));
}

static json_t *files_json (const struct letter *letter)
{
	json_t *list = json_array ();

	for (size_t i = 0; i < letter->attachment_count; i++)
		json_array_append_new (list, json_string (letter->attachments[i].title));
	return list;
}

static json_t *rule_json (const struct rule *rule)
{
	if (*rule->id == '\0')
		return json_null ();
	return json_pack ("{s:s, s:s, s:s, s:s}", "id", rule->id, "article", rule->article,
			  "version", rule->version, "as_of", rule->as_of);
}

static const struct holder *holder_of (const struct call *call, const struct clause *clause,
				       const struct agency_id *agency)
{
	struct holder *holders;
	size_t count = holder_list (call->parts->ledger, &clause->id, &clause->grantor,
				    call->arena, &holders);

	for (size_t i = 0; i < count; i++)
		if (agency_id_equal (&holders[i].agency, agency))
			return &holders[i];
	return NULL;
}

/* The clause, and how far its withdrawal has come with this recipient. */
static json_t *clause_json (const struct call *call, const struct letter *letter,
			    const struct agency_id *to)
{
	const struct holder *holder;
	struct clause_row row;
	struct clause clause;
	json_t *json;

	if (letter->clause.clause.len == 0 ||
	    clause_decode (letter->clause.clause, call->arena, &clause) != ERR_OK)
		return json_null ();
	json = json_pack ("{s:o, s:o, s:s}", "id", view_uuid (clause.id.b), "grantor",
			  view_agency (call, &clause.grantor), "purpose", clause.purpose);
	json_object_set_new (json, "purpose_words", view_purpose (call, clause.purpose));
	times_set (json, "valid_to", clause.valid_to_ms, call->region);
	times_set (json, "withdrawn",
		   clause_get (call->parts->ledger, &clause.id, &clause.grantor, call->arena,
			       &row) == ERR_OK
			   ? row.withdrawn_said_ms
			   : 0,
		   call->region);
	holder = holder_of (call, &clause, to);
	times_set (json, "told", holder != NULL ? holder->told_ms : 0, call->region);
	times_set (json, "stopped", holder != NULL ? holder->stopped_ms : 0, call->region);
	json_object_set_new (json, "passed_on",
			     json_integer (holder != NULL ? holder->passed_on : 0));
	return json;
}

/* How far it has come: delivered and opened by the recipient's signed word, or printed. */
static void set_receipts (const struct call *call, json_t *json, const struct entry *entry)
{
	OWNED (arena) arena = arena_new (LIMIT_DECODE_ARENA_BYTES);
	struct outbox_row row = { .state = OUTBOX_WRITTEN };
	bool on_wire = outbox_get (call->parts->ledger, &entry->letter, arena, &row) == ERR_OK;

	json_object_set_new (json, "carrier",
			     json_string (carrier_name (on_wire ? CARRIER_WIRE : CARRIER_PAPER)));
	times_set (json, "delivered", on_wire ? row.stored_ms : 0, call->region);
	times_set (json, "opened", on_wire ? row.opened_ms : 0, call->region);
}

static json_t *letter_json (const struct call *call, const struct entry *entry,
			    const struct letter *letter, const struct kind_spec *kind)
{
	json_t *fields = json_array (), *labels = json_array (), *json;

	add_fields (kind, letter, fields);
	add_labels (call, letter, labels);
	json = json_pack ("{s:o, s:s, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o}", "id",
			  view_uuid (entry->letter.b), "kind", entry->kind, "words",
			  kind != NULL ? view_words (kind->words)
				       : view_both (entry->kind, entry->kind),
			  "thread", view_number (call, &entry->thread), "basis",
			  basis_name (letter->basis), "rule", rule_json (&letter->rule),
			  "clause", clause_json (call, letter, &entry->partner), "fields", fields,
			  "labels", labels, "files", files_json (letter));
	times_set (json, "at", entry->at_ms, call->region);
	set_receipts (call, json, entry);
	return json;
}

/* ---- recipients ----------------------------------------------------------------- */

static struct recipient *recipient_of (struct page_of *page, const struct agency_id *id)
{
	struct recipient *new;

	for (size_t i = 0; i < page->recipient_count; i++)
		if (agency_id_equal (&page->recipients[i].id, id))
			return &page->recipients[i];
	if (page->recipient_count == RECIPIENTS_MAX)
		return NULL;
	new = &page->recipients[page->recipient_count++];
	*new = (struct recipient){ .id = *id,
				   .letters = json_array (),
				   .fields = json_array (),
				   .labels = json_array () };
	return new;
}

static void merge (json_t *all, const char *key, const json_t *some)
{
	json_t *item;
	size_t i;

	json_array_foreach ((json_t *)some, i, item) add_once (all, key, json_incref (item));
}

static void take_letter (struct page_of *page, const struct entry *entry,
			 const struct letter *letter)
{
	struct recipient *recipient = recipient_of (page, &entry->partner);
	json_t *json;

	if (recipient == NULL || page->letter_count == LETTERS_MAX) {
		page->more = true;
		return;
	}
	json = letter_json (page->call, entry, letter,
			    catalogue_kind (page->call->parts->catalogue, letter->kind,
					    letter->kind_version));
	merge (recipient->fields, "field", json_object_get (json, "fields"));
	merge (recipient->labels, "label", json_object_get (json, "labels"));
	json_array_append_new (recipient->letters, json);
	if (recipient->first_ms == 0)
		recipient->first_ms = entry->at_ms;
	recipient->last_ms = entry->at_ms;
	page->letter_count++;
}

/* ---- entries -------------------------------------------------------------------- */

static bool came_back (const struct call *call, const struct letter_id *id)
{
	OWNED (arena) arena = arena_new (LIMIT_DECODE_ARENA_BYTES);
	struct outbox_row row;

	if (outbox_get (call->parts->ledger, id, arena, &row) != ERR_OK)
		return false;
	return row.state == OUTBOX_REFUSED || row.state == OUTBOX_EXPIRED ||
	       row.state == OUTBOX_RECALLED;
}

static bool says_something (const struct letter *letter)
{
	return letter->body == BODY_ANSWERS &&
	       (letter->answer_count > 0 || letter->attachment_count > 0);
}

static bool is_home (const struct call *call, const struct entry *entry)
{
	return entry->partner.text[0] == '\0' ||
	       agency_id_equal (&entry->partner, &desk_parts (call->parts->desk)->self);
}

static void take_evidence (struct page_of *page, const struct entry *entry)
{
	json_t *json = json_pack ("{s:o, s:s, s:s%}", "thread",
				  view_number (page->call, &entry->thread), "user", entry->user,
				  "reason", (const char *)entry->body.data, entry->body.len);

	times_set (json, "at", entry->at_ms, page->call->region);
	json_array_append_new (page->evidence, json);
}

static void take_entry (struct page_of *page, const struct entry *entry)
{
	OWNED (arena) arena = arena_new (LIMIT_DECODE_ARENA_BYTES);
	struct letter letter;

	if (entry->type == ENTRY_DISCLOSED && entry->body.len > 0)
		take_evidence (page, entry);
	if (entry->type == ENTRY_SENT && !is_home (page->call, entry) &&
	    entry->body.len > 0 && letter_decode (entry->body, arena, &letter) == ERR_OK &&
	    says_something (&letter) && !came_back (page->call, &entry->letter))
		take_letter (page, entry, &letter);
}

static void take_all (struct page_of *page, const struct person_id *person)
{
	OWNED (arena) arena = arena_new (BATCH_ARENA_BYTES);
	uint64_t after = 0;
	size_t count = BATCH;

	while (count == BATCH && !page->more) {
		struct entry *entries;

		arena_reset (arena);
		count = entry_list (page->call->parts->ledger, person, NULL, after, BATCH, arena,
				    &entries);
		for (size_t i = 0; i < count; i++) {
			take_entry (page, &entries[i]);
			after = entries[i].n;
		}
	}
}

/* ---- the page ------------------------------------------------------------------- */

static const char *joined (const struct call *call, const json_t *list, const char *language)
{
	const char *text = "";
	json_t *item;
	size_t i;

	json_array_foreach ((json_t *)list, i, item)
		text = arena_printf (call->arena, "%s%s%s", text, *text != '\0' ? ", " : "",
				     json_string_value (json_object_get (
					     json_object_get (item, "words"), language)));
	return text;
}

static json_t *sentence (const struct call *call, const struct recipient *recipient)
{
	char first[2][LOCAL_INSTANT_TEXT], last[2][LOCAL_INSTANT_TEXT];
	size_t count = json_array_size (recipient->letters);

	for (int english = 0; english < 2; english++) {
		local_instant_text (recipient->first_ms, call->region, english, first[english]);
		local_instant_text (recipient->last_ms, call->region, english, last[english]);
	}
	return view_both (
		arena_printf (call->arena, "%zu surat, %s sampai %s. Isinya: %s.", count,
			      first[0], last[0], joined (call, recipient->fields, "id")),
		arena_printf (call->arena, "%zu letter(s), %s to %s. What they held: %s.", count,
			      first[1], last[1], joined (call, recipient->fields, "en")));
}

static json_t *recipient_json (const struct call *call, const struct recipient *recipient)
{
	json_t *json = json_pack ("{s:o, s:o, s:o, s:o, s:o}", "recipient",
				  view_agency (call, &recipient->id), "words",
				  sentence (call, recipient), "fields", recipient->fields,
				  "labels", recipient->labels, "letters", recipient->letters);

	times_set (json, "first", recipient->first_ms, call->region);
	times_set (json, "last", recipient->last_ms, call->region);
	return json;
}

static json_t *page_of_json (const struct page_of *page, const struct person_id *person)
{
	const struct call *call = page->call;
	json_t *items = json_array ();
	json_t *json;

	for (size_t i = 0; i < page->recipient_count; i++)
		json_array_append_new (items, recipient_json (call, &page->recipients[i]));
	json = json_pack ("{s:o, s:o, s:o, s:o, s:b}", "person",
			  view_person_number (call, person), "agency",
			  view_agency (call, &desk_parts (call->parts->desk)->self), "items",
			  items, "evidence", page->evidence, "more", page->more);
	times_set (json, "at", desk_now_ms (call->parts->desk), call->region);
	return json;
}

err_t people_disclosures (struct call *call, json_t **ret_answer)
{
	struct page_of *page;
	struct person_id id;
	err_t err = call_uuid (call, id.b);

	if (err == ERR_OK)
		err = desk_look_person (call->parts->desk, &call->actor, &id);
	if (err != ERR_OK)
		return err;
	page = arena_must (call->arena, sizeof *page);
	*page = (struct page_of){ .call = call, .evidence = json_array () };
	take_all (page, &id);
	*ret_answer = page_of_json (page, &id);
	return ERR_OK;
}
