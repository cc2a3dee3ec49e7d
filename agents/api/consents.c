/* Consents of a person: shown with their holders, given clause by clause, withdrawn. */
#include "agents/api/handlers.h"
#include "agents/api/times.h"
#include "agents/api/view.h"

#include <stdio.h>
#include <string.h>

#define CLAUSES_GIVEN 32 /* at one time, by one person */

err_t consents_list (struct call *call, json_t **ret_answer)
{
	struct person_id id;
	struct clause_row *rows;
	json_t *items;
	size_t count;
	err_t err = call_uuid (call, id.b);

	if (err == ERR_OK)
		err = desk_look_person (call->parts->desk, &call->actor, &id);
	if (err != ERR_OK)
		return err;
	count = clause_list (call->parts->ledger, &id, call->arena, &rows);
	items = json_array ();
	for (size_t i = 0; i < count; i++)
		json_array_append_new (items, view_clause (call, &rows[i]));
	*ret_answer = page_json (items, false, 0);
	return ERR_OK;
}

/* ---- giving
 * ----------------------------------------------------------------------------------- */

static void read_wish (struct call *call, const json_t *object,
		       struct clause_wish *ret_wish)
{
	static const char *const names[] = {
		"recipient", "recipient_kind", "recipient_region",
		"purpose",   "labels",         "valid_to",
		NULL
	};

	body_only (call, object, names);
	*ret_wish = (struct clause_wish){
		.recipient = body_text (call, object, "recipient", false),
		.recipient_kind = body_text (call, object, "recipient_kind", false),
		.recipient_region = body_text (call, object, "recipient_region", false),
		.purpose = body_text (call, object, "purpose", true),
		.valid_to_ms = body_instant (call, object, "valid_to", true),
	};
	ret_wish->label_count =
		body_texts (call, object, "labels", LIMIT_LABELS, &ret_wish->labels);
}

static size_t read_wishes (struct call *call, struct clause_wish *ret_wishes)
{
	static const char *const names[] = { "clauses", NULL };
	const json_t *list = json_object_get (call->body, "clauses");
	size_t count = json_array_size (list);

	body_only (call, call->body, names);
	if (count == 0 || count > CLAUSES_GIVEN) {
		problems_add (call->problems, ERR_INVALID, "clauses",
			      "sebutkan 1 sampai %d klausul", "name 1 to %d clauses",
			      CLAUSES_GIVEN);
		return 0;
	}
	for (size_t i = 0; i < count; i++)
		read_wish (call, json_array_get (list, i), &ret_wishes[i]);
	return count;
}

static json_t *given_json (const struct call *call, const struct clause_id *ids,
			   size_t count)
{
	const struct agency_id *self = &desk_parts (call->parts->desk)->self;
	json_t *items = json_array ();
	struct clause_row row;

	for (size_t i = 0; i < count; i++)
		if (clause_get (call->parts->ledger, &ids[i], self, call->arena, &row) ==
		    ERR_OK)
			json_array_append_new (items, view_clause (call, &row));
	return page_json (items, false, 0);
}

err_t consents_give (struct call *call, json_t **ret_answer)
{
	struct clause_wish wishes[CLAUSES_GIVEN];
	struct clause_id ids[CLAUSES_GIVEN];
	struct person_id person;
	size_t count;
	err_t err = call_uuid (call, person.b);

	if (err != ERR_OK)
		return err;
	count = read_wishes (call, wishes);
	if (problems_count (call->problems) > 0)
		return ERR_INVALID;
	err = desk_consent_give (call->parts->desk, &call->actor, &person, wishes, count,
				 ids, call->problems);
	if (err == ERR_OK)
		*ret_answer = given_json (call, ids, count);
	return err;
}

/* ---- withdrawing
 * ------------------------------------------------------------------------------ */

/* Everything is withdrawn only by saying so, never by leaving the clause out. */
static void check_which (struct call *call, const struct clause_id *clause)
{
	bool all = json_get_flag (call->body, "all", false);

	if (all == ID_IS_NONE (*clause))
		return;
	problems_add_texts (call->problems, ERR_INVALID, "clause",
			    "sebutkan satu klausul, atau \"all\": true untuk semua",
			    "name one clause, or \"all\": true for all of them");
}

err_t consents_withdraw (struct call *call, json_t **ret_answer)
{
	static const char *const names[] = { "clause", "all", "said", NULL };
	struct person_id person;
	struct clause_id clause = { { 0 } };
	int64_t said_ms;
	size_t withdrawn = 0;
	err_t err = call_uuid (call, person.b);

	if (err != ERR_OK)
		return err;
	body_only (call, call->body, names);
	body_uuid (call, call->body, "clause", false, clause.b);
	said_ms = body_instant (call, call->body, "said", false);
	check_which (call, &clause);
	if (problems_count (call->problems) > 0)
		return ERR_INVALID;
	if (said_ms == 0)
		said_ms = desk_now_ms (call->parts->desk);
	err = desk_consent_withdraw (call->parts->desk, &call->actor, &person,
				     ID_IS_NONE (clause) ? NULL : &clause, said_ms,
				     &withdrawn, call->problems);
	if (err != ERR_OK)
		return err;
	*ret_answer = json_pack ("{s:I}", "withdrawn", (json_int_t)withdrawn);
	times_set (*ret_answer, "said", said_ms, call->region);
	times_set (*ret_answer, "stop_by", said_ms + CONSENT_STOP_MS, call->region);
	return ERR_OK;
}
