/*
 * Consent as it is given: clauses, one for each recipient and purpose, signed by us who
 * took them. They go nowhere by themselves; each travels with the first letter that it
 * covers.
 */
#include "agents/desk/inside.h"

#include <string.h>

#define CONSENT_YEAR_MS (365 * DAY_MS)
#define CONSENT_MAX_MS \
	(5 * CONSENT_YEAR_MS) /* longer, and nobody remembers having said yes */

struct thread_id thread_of_clause (const struct clause_id *clause)
{
	struct thread_id thread;

	memcpy (thread.b, clause->b, sizeof thread.b);
	return thread;
}

struct entry consent_entry (const struct step *step, const struct clause_row *row,
			    const char *word)
{
	struct entry entry = step_entry (step, ENTRY_CONSENT);

	entry.person = row->person;
	entry.thread = thread_of_clause (&row->clause.id);
	entry.word = word;
	return entry;
}

static void check_recipient (const struct step *step, const struct clause_wish *wish,
			     problems_t *problems)
{
	struct agency_id id;

	if (text_given (wish->recipient) == text_given (wish->recipient_kind)) {
		problems_add (
			problems, ERR_INVALID, "recipient",
			"sebutkan satu instansi, atau jenis instansi dengan wilayahnya",
			"name one agency, or a kind of agency with its region");
		return;
	}
	if (text_given (wish->recipient) &&
	    (partner_id_parse (wish->recipient, &id) != ERR_OK ||
	     step_partner (step, &id) == NULL))
		problems_add (problems, ERR_INVALID, "recipient",
			      "instansi %s tidak ada di direktori atau buku alamat",
			      "the agency %s is not in the directory or the address book",
			      quoted (wish->recipient));
	if (text_given (wish->recipient_region) &&
	    !region_is_kemendagri (wish->recipient_region))
		problems_add (problems, ERR_INVALID, "region",
			      "%s bukan kode wilayah Kemendagri",
			      "%s is not a Kemendagri region code",
			      quoted (wish->recipient_region));
}

static void check_recipient_kind (const struct step *step, const struct clause_wish *wish,
				  problems_t *problems)
{
	const struct code_spec *kinds;
	size_t count = catalogue_agency_kinds (step->desk->parts.catalogue, &kinds);

	if (!text_given (wish->recipient_kind))
		return;
	for (size_t i = 0; i < count; i++)
		if (text_is (kinds[i].code, wish->recipient_kind))
			return;
	problems_add (problems, ERR_INVALID, "recipient_kind",
		      "jenis instansi %s tidak dikenal",
		      "the kind of agency %s is not known",
		      quoted (wish->recipient_kind));
}

static void check_labels (const struct step *step, const struct clause_wish *wish,
			  problems_t *problems)
{
	if (wish->label_count > LIMIT_LABELS)
		problems_add (problems, ERR_INVALID, "labels",
			      "paling banyak %u label data", "at most %u data labels",
			      LIMIT_LABELS);
	for (size_t i = 0; i < wish->label_count && i < LIMIT_LABELS; i++)
		if (!catalogue_has_label (step->desk->parts.catalogue, wish->labels[i]))
			problems_add (problems, ERR_INVALID, "labels",
				      "label data %s tidak dikenal",
				      "the data label %s is not known",
				      quoted (wish->labels[i]));
}

/* A clause that its recipient may never make use of would only look like a permission. */
static void check_sight (const struct step *step, const struct clause_wish *wish,
			 problems_t *problems)
{
	const struct partner *partner = NULL;
	struct agency_id id;
	const char *kind = wish->recipient_kind;

	if (text_given (wish->recipient) && partner_id_parse (wish->recipient, &id) == ERR_OK)
		partner = step_partner (step, &id);
	if (partner != NULL)
		kind = partner->kind;
	for (size_t i = 0; text_given (kind) && i < wish->label_count && i < LIMIT_LABELS; i++)
		if (catalogue_has_label (step->desk->parts.catalogue, wish->labels[i]) &&
		    !catalogue_may_see (step->desk->parts.catalogue, kind, wish->labels[i]))
			problems_add (problems, ERR_INVALID, "labels",
				      "instansi jenis %s tidak boleh melihat data %s",
				      "an agency of the kind %s may never see data labelled %s",
				      quoted (kind), quoted (wish->labels[i]));
}

static void check_period (const struct step *step, const struct clause_wish *wish,
			  problems_t *problems)
{
	if (wish->valid_to_ms == 0)
		return;
	if (wish->valid_to_ms <= step->now_ms)
		problems_add (problems, ERR_INVALID, "valid_to",
			      "akhir masa berlaku sudah lewat",
			      "the period ends in the past");
	else if (wish->valid_to_ms > step->now_ms + CONSENT_MAX_MS)
		problems_add (problems, ERR_INVALID, "valid_to", "paling lama lima tahun",
			      "at most five years");
}

static void check_wish (const struct step *step, const struct clause_wish *wish,
			problems_t *problems)
{
	check_recipient (step, wish, problems);
	check_recipient_kind (step, wish, problems);
	if (!text_given (wish->purpose) ||
	    !catalogue_has_purpose (step->desk->parts.catalogue, wish->purpose))
		problems_add (problems, ERR_INVALID, "purpose", "tujuan %s tidak dikenal",
			      "the purpose %s is not known",
			      quoted (wish->purpose != NULL ? wish->purpose : ""));
	check_labels (step, wish, problems);
	check_sight (step, wish, problems);
	check_period (step, wish, problems);
}

static err_t sign_wish (const struct step *step, const struct clause_wish *wish,
			const struct person_id *person, struct clause_id *ret_id)
{
	struct signed_clause signed_clause;
	struct clause_row row = { .person = *person };
	struct clause *clause = &row.clause;
	struct entry entry;
	err_t err;

	*clause = (struct clause){
		.grantor = *step_self (step),
		.recipient_kind =
			text_given (wish->recipient_kind) ? wish->recipient_kind : "",
		.recipient_region =
			text_given (wish->recipient_region) ? wish->recipient_region : "",
		.purpose = wish->purpose,
		.labels = wish->labels,
		.label_count = wish->label_count,
		.valid_from_ms = step->now_ms,
		.valid_to_ms = wish->valid_to_ms != 0 ? wish->valid_to_ms
						      : step->now_ms + CONSENT_YEAR_MS,
	};
	uuid7_make (clause->id.b);
	if (text_given (wish->recipient))
		err = partner_id_parse (wish->recipient, &clause->recipient);
	else
		err = ERR_OK;
	if (err == ERR_OK)
		err = clause_sign (clause, step->desk->parts.sig, step->arena,
				   &signed_clause);
	if (err != ERR_OK)
		return err;
	clause_add (step->tx, &signed_clause, person, true, step->now_ms);
	entry = consent_entry (step, &row, "given");
	entry.partner = clause->recipient;
	entry.body = signed_clause.clause;
	entry_add (step->tx, &entry);
	*ret_id = clause->id;
	return ERR_OK;
}

err_t desk_consent_give (desk_t *desk, const struct actor *actor,
			 const struct person_id *person, const struct clause_wish *wishes,
			 size_t count, struct clause_id *ret_ids, problems_t *problems)
{
	STEP step = step_open (desk, actor);
	OWNED (problems) found = problems_new ();
	struct person record;
	err_t err = permit (actor, USE_CONSENT);

	if (err == ERR_OK)
		err = person_get (desk->parts.ledger, person, step.arena, &record);
	if (err != ERR_OK)
		return err;
	if (count == 0)
		return problems_add (problems, ERR_INVALID, "clauses",
				     "belum ada persetujuan yang diisi",
				     "no clause was given");
	for (size_t i = 0; i < count; i++)
		check_wish (&step, &wishes[i], found);
	for (size_t i = 0; i < problems_count (found); i++) {
		const struct problem *problem = problems_at (found, i);

		problems_add_texts (problems, problem->err, problem->field,
				    problem->text_id, problem->text_en);
	}
	err = problems_err (found);
	for (size_t i = 0; i < count && err == ERR_OK; i++)
		err = sign_wish (&step, &wishes[i], person, &ret_ids[i]);
	return err == ERR_OK ? step_commit (&step) : err;
}
