/* What a letter would be, as JSON: field by field what its reader would see, and what lets it go. */
#include "agents/api/handlers.h"
#include "agents/api/answer.h"
#include "agents/api/submission.h"
#include "agents/api/times.h"
#include "agents/api/view.h"
#include "agents/api/warn.h"

#include <string.h>

/* ---- why a field may go, or not ------------------------------------------------- */

/* clang-format off */
static const struct { err_t err; struct words words; } reasons[] = {
	{ ERR_NO_CONSENT,        { "belum ada persetujuan yang mencakupnya", "no consent covers it yet" } },
	{ ERR_CONSENT_EXPIRED,   { "masa berlaku persetujuannya sudah lewat", "the consent for it has run out" } },
	{ ERR_CONSENT_WITHDRAWN, { "persetujuannya ditarik", "the consent for it was withdrawn" } },
	{ ERR_NOT_ALLOWED,       { "jenis instansi ini tidak boleh melihat data seperti ini", "this kind of agency may never see such data" } },
};
/* clang-format on */

static json_t *reason_json (err_t err)
{
	for (size_t i = 0; i < COUNT_OF (reasons); i++)
		if (reasons[i].err == err)
			return view_words (reasons[i].words);
	return view_both (err_text_id (err), err_text_en (err));
}

static json_t *covered_by (const struct preview *preview, err_t covered)
{
	if (covered != ERR_OK)
		return reason_json (covered);
	if (!preview->needs_consent)
		return view_both ("tidak memerlukan persetujuan", "needs no consent");
	if (preview->basis == BASIS_CONSENT_GIVEN)
		return view_both ("dicakup persetujuan klien", "covered by the client's consent");
	return view_both ("berdasar aturan yang disebut", "on the rule that is cited");
}

static json_t *label_json (const struct call *call, const char *label)
{
	const struct code_spec *labels;
	size_t count = catalogue_labels (call->parts->catalogue, &labels);

	if (label == NULL || *label == '\0')
		return json_null ();
	for (size_t i = 0; i < count; i++)
		if (strcmp (labels[i].code, label) == 0)
			return json_pack ("{s:s, s:o}", "label", label, "words",
					  view_words (labels[i].words));
	return json_pack ("{s:s, s:o}", "label", label, "words", view_both (label, label));
}

/* ---- fields and files ----------------------------------------------------------- */

/* The reader's zone is its own: an appointment at ten is at nine further west. */
static const char *reader_region (const struct preview *preview)
{
	return preview->reader != NULL ? preview->reader->region : "";
}

static json_t *field_json (const struct call *call, const struct preview *preview,
			   const struct preview_field *field)
{
	const struct field_spec *spec = field->field;
	json_t *json = answer_json (spec, field->answer, call->region);
	json_t *reads = answer_json (spec, field->answer, reader_region (preview));

	json_object_set (json, "reads", json_object_get (reads, "text"));
	json_decref (reads);
	json_object_set_new (json, "group", json_string (spec != NULL ? spec->group : ""));
	json_object_set_new (json, "row", json_integer (answer_row (field->answer->field)));
	json_object_set_new (json, "label", label_json (call, spec != NULL ? spec->label : ""));
	json_object_set_new (json, "from_record", json_boolean (field->from_record));
	json_object_set_new (json, "goes",
			     json_boolean (!field->withheld && field->covered == ERR_OK));
	json_object_set_new (json, "why", covered_by (preview, field->covered));
	return json;
}

static json_t *fields_json (const struct call *call, const struct preview *preview,
			    bool withheld)
{
	json_t *list = json_array ();

	for (size_t i = 0; i < preview->field_count; i++)
		if (preview->fields[i].withheld == withheld)
			json_array_append_new (list, field_json (call, preview,
								 &preview->fields[i]));
	return list;
}

static json_t *files_json (const struct call *call, const struct preview *preview)
{
	json_t *list = json_array ();

	for (size_t i = 0; i < preview->file_count; i++) {
		const struct preview_file *file = &preview->files[i];

		json_array_append_new (
			list,
			json_pack ("{s:s, s:I, s:o, s:b, s:o}", "title", file->title, "length",
				   (json_int_t)file->length, "label",
				   label_json (call, file->label), "goes",
				   file->covered == ERR_OK, "why",
				   covered_by (preview, file->covered)));
	}
	return list;
}

/* ---- who reads, and on what it rests -------------------------------------------- */

/* clang-format off */
static const struct words carrier_words[] = {
	[CARRIER_WIRE]  = { "petugas mitra membacanya lewat Jembatan", "workers of the partner read it through Jembatan" },
	[CARRIER_PAPER] = { "dicetak dan diserahkan; siapa pun yang memegangnya dapat membacanya", "printed and handed over; whoever holds it can read it" },
	[CARRIER_OWN]   = { "tetap di instansi ini", "it stays at this agency" },
};
/* clang-format on */

static json_t *reader_json (const struct call *call, const struct preview *preview)
{
	return json_pack ("{s:o, s:s, s:o}", "agency",
			  view_agency (call, &preview->thread.partner), "carrier",
			  carrier_name (preview->thread.carrier), "words",
			  view_words (carrier_words[preview->thread.carrier]));
}

static json_t *clause_json (const struct call *call, const struct preview *preview)
{
	struct clause_row row;

	if (ID_IS_NONE (preview->clause) ||
	    clause_get (call->parts->ledger, &preview->clause, &preview->grantor, call->arena,
			&row) != ERR_OK)
		return json_null ();
	return view_clause (call, &row);
}

static json_t *rule_json (const struct rule *rule)
{
	if (rule->id == NULL || *rule->id == '\0')
		return json_null ();
	return json_pack ("{s:s, s:s, s:s, s:s}", "id", rule->id, "article", rule->article,
			  "version", rule->version, "as_of", rule->as_of);
}

static json_t *refusal_json (const struct call *call, const struct preview *preview)
{
	return preview->refusal == ERR_OK ? json_null ()
					  : view_error (preview->refusal, call->problems);
}

static json_t *preview_json (const struct call *call, const struct preview *preview)
{
	const struct kind_spec *kind = preview->kind;
	json_t *json = json_pack (
		"{s:s, s:o, s:o, s:s, s:s, s:b, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "kind",
		kind->name, "words", view_words (kind->words), "sentence",
		view_words (kind->sentence), "purpose", preview->thread.purpose, "urgency",
		urgency_name (preview->urgency), "needs_consent", preview->needs_consent, "basis",
		basis_name (preview->basis), "rule", rule_json (&preview->rule), "clause",
		clause_json (call, preview), "reader", reader_json (call, preview), "fields",
		fields_json (call, preview, false), "withheld",
		fields_json (call, preview, true), "files", files_json (call, preview));

	times_set (json, "reply_by", preview->reply_by_ms, call->region);
	json_object_set_new (json, "refusal", refusal_json (call, preview));
	json_object_set_new (json, "onward",
			     preview->onward != NULL ? preview_json (call, preview->onward)
						     : json_null ());
	return json;
}

/* ---- the routes ----------------------------------------------------------------- */

struct showing {
	const struct call *call;
	json_t *json;
};

static void show (void *arg, const struct preview *preview)
{
	struct showing *showing = arg;

	showing->json = preview_json (showing->call, preview);
}

static err_t answer_preview (struct call *call, const struct kind_spec *kind,
			     struct submission *submission, json_t **ret_answer)
{
	struct showing showing = { .call = call };
	err_t err = submission_answers (call, kind, submission);

	submission->kind = kind->name;
	if (err == ERR_OK)
		err = desk_preview (call->parts->desk, &call->actor, submission, show, &showing,
				    call->problems);
	if (err != ERR_OK)
		return err;
	json_object_set_new (showing.json, "warnings", json_array ());
	warn_answers (showing.json, kind, submission);
	*ret_answer = showing.json;
	return ERR_OK;
}

err_t referrals_preview (struct call *call, json_t **ret_answer)
{
	struct submission submission;
	const struct kind_spec *kind;
	err_t err = submission_to_open (call, &kind, &submission);

	return err == ERR_OK ? answer_preview (call, kind, &submission, ret_answer) : err;
}

err_t referrals_preview_letter (struct call *call, json_t **ret_answer)
{
	struct submission submission;
	const struct kind_spec *kind;
	err_t err = submission_to_write (call, &kind, &submission);

	return err == ERR_OK ? answer_preview (call, kind, &submission, ret_answer) : err;
}
