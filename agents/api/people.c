/* People: intake, search, one record, its timeline. */
#include "agents/api/people.h"

#include <string.h>

#include "agents/api/answer.h"
#include "agents/api/handlers.h"
#include "agents/api/view.h"
#include "agents/api/view_case.h"
#include "agents/api/warn.h"

/* ---- the form
 * --------------------------------------------------------------------------------- */

/* clang-format off */
static const struct code_spec sexes[] = {
	{ "female",  { "perempuan", "female" }, false },
	{ "male",    { "laki-laki", "male" }, false },
	{ "unknown", { "tidak diketahui", "unknown" }, false },
};
static const struct code_spec doors[] = {
	{ "self",      { "datang sendiri", "came alone" }, false },
	{ "family",    { "keluarga", "family" }, false },
	{ "community", { "masyarakat", "community" }, false },
	{ "outreach",  { "penjangkauan", "outreach" }, false },
	{ "justice",   { "penegak hukum", "justice" }, false },
	{ "dinsos",    { "Dinas Sosial", "social services" }, false },
	{ "referral",  { "rujukan", "referral" }, false },
};
static const struct code_spec yes_no[] = {
	{ "yes",     { "ya", "yes" }, false },
	{ "no",      { "tidak", "no" }, false },
	{ "unknown", { "belum diketahui", "not known" }, false },
};

#define NAME(n, f, must) .name = n, .flag = f, .required = must, .personal = true, \
	.type = ANSWER_TEXT, .max_bytes = LIMIT_NAME_BYTES
#define CODE(n, f, list) .name = n, .flag = f, .type = ANSWER_CODE, .code_count = COUNT_OF (list), \
	.codes = list

static const struct field_spec form[] = {
	{ NAME ("name", "name", true), .words = { "Nama", "Name" },
	  .hint = { "seperti pada KTP atau sebutan sehari-hari", "as on the identity card, or as the person is called" } },
	{ NAME ("nik", "nik", false), .words = { "NIK", "National identity number (NIK)" },
	  .hint = { "16 angka; kosongkan bila tidak ada", "16 digits; leave empty when there is none" } },
	{ .name = "birth_date", .flag = "birth-date", .type = ANSWER_DATE, .personal = true,
	  .words = { "Tanggal lahir", "Birth date" }, .hint = { "TTTT-BB-HH", "YYYY-MM-DD" } },
	{ CODE ("sex", "sex", sexes), .words = { "Jenis kelamin", "Sex" } },
	{ .name = "phone", .flag = "phone", .type = ANSWER_PHONE, .personal = true,
	  .words = { "Telepon", "Phone" }, .hint = { "0812... atau +62812...", "0812... or +62812..." } },
	{ NAME ("region", "region", false), .words = { "Kode wilayah", "Region code" },
	  .hint = { "kode Kemendagri, misalnya 17.71", "Kemendagri code, such as 17.71" } },
	{ NAME ("address", "address", false), .words = { "Alamat", "Address" } },
	{ NAME ("guardian", "guardian", false), .words = { "Wali", "Guardian" },
	  .hint = { "wajib bagi klien di bawah 18 tahun", "needed for a client under 18" } },
	{ CODE ("entry_door", "entry", doors), .words = { "Pintu masuk", "How the person came" } },
	{ CODE ("safe_to_call", "safe-to-call", yes_no), .words = { "Aman ditelepon?", "Safe to call?" } },
	{ CODE ("may_leave_message", "may-leave-message", yes_no),
	  .words = { "Boleh meninggalkan pesan?", "May a message be left?" } },
	{ NAME ("who_knows", "who-knows", false),
	  .words = { "Siapa yang tahu tentang rehabilitasi ini?", "Who knows of the rehabilitation?" } },
};
/* clang-format on */

const struct field_spec *people_form (size_t *ret_count)
{
	*ret_count = COUNT_OF (form);
	return form;
}

/* ---- intake
 * ----------------------------------------------------------------------------------- */

static void only_form (struct call *call)
{
	const char *names[COUNT_OF (form) + 1];

	for (size_t i = 0; i < COUNT_OF (form); i++)
		names[i] = form[i].name;
	names[COUNT_OF (form)] = NULL;
	body_only (call, call->body, names);
}

static void read_person (struct call *call, struct person *person)
{
	const json_t *body = call->body;

	*person = (struct person){
		.name = body_text (call, body, "name", false),
		.nik = body_text (call, body, "nik", false),
		.birth_date = body_text (call, body, "birth_date", false),
		.sex = body_text (call, body, "sex", false),
		.phone = phone_tidy (body_text (call, body, "phone", false), call->arena),
		.region = body_text (call, body, "region", false),
		.address = body_text (call, body, "address", false),
		.guardian = body_text (call, body, "guardian", false),
		.entry_door = body_text (call, body, "entry_door", false),
		.safe_to_call = body_text (call, body, "safe_to_call", false),
		.may_leave_message = body_text (call, body, "may_leave_message", false),
		.who_knows = body_text (call, body, "who_knows", false),
	};
}

err_t people_intake (struct call *call, json_t **ret_answer)
{
	struct person person;
	err_t err;

	only_form (call);
	read_person (call, &person);
	if (problems_count (call->problems) > 0)
		return ERR_INVALID;
	err = desk_intake (call->parts->desk, &call->actor, &person, call->problems);
	if (err != ERR_OK)
		return err;
	*ret_answer = view_person (call, &person);
	warn_region (*ret_answer, "region", person.region);
	return ERR_OK;
}

/* ---- search
 * ----------------------------------------------------------------------------------- */

/* Enough to tell two people of one name apart, and no more: opening the record is a look.
 */
static json_t *found_json (const struct call *call, const struct person_id *id)
{
	struct person person;

	if (person_get (call->parts->ledger, id, call->arena, &person) != ERR_OK)
		return view_person_number (call, id);
	return json_pack ("{s:o, s:s, s:s, s:s}", "id", view_uuid (id->b), "number",
			  person.number, "name", person.name, "birth_date",
			  person.birth_date);
}

err_t people_search (struct call *call, json_t **ret_answer)
{
	static const char *const names[] = { "words", NULL };
	const char *words = body_text (call, call->body, "words", true);
	json_t *items;
	struct person_id *ids;
	struct page page;
	size_t count;

	body_only (call, call->body, names);
	if (call_page (call, &page) != ERR_OK)
		return ERR_INVALID;
	count = person_search (call->parts->ledger, words, page.after + page.limit + 1,
			       call->arena, &ids);
	items = json_array ();
	for (size_t i = page.after; i < count && i < page.after + page.limit; i++)
		json_array_append_new (items, found_json (call, &ids[i]));
	*ret_answer = page_json (items, count > page.after + page.limit,
				 page.after + page.limit);
	return ERR_OK;
}

/* ---- one
 * --------------------------------------------------------------------------------------
 */

err_t people_show (struct call *call, json_t **ret_answer)
{
	struct person_id id;
	struct person person;
	bool wants = false;
	err_t err = call_uuid (call, id.b);

	if (err == ERR_OK)
		err = person_get (call->parts->ledger, &id, call->arena, &person);
	if (err == ERR_OK)
		wants = desk_look_wants_reason (call->parts->desk, &call->actor, &id);
	if (err == ERR_OK)
		err = desk_look_person (call->parts->desk, &call->actor, &id);
	if (err == ERR_OK) {
		*ret_answer = view_person (call, &person);
		view_case (call, *ret_answer, &person);
		json_object_set_new (*ret_answer, "reason_wanted", json_boolean (wants));
	}
	return err;
}

err_t people_reveal (struct call *call, json_t **ret_answer)
{
	static const char *const names[] = { "reason", NULL };
	const char *reason, *nik;
	struct person_id id;
	err_t err = call_uuid (call, id.b);

	if (err != ERR_OK)
		return err;
	body_only (call, call->body, names);
	reason = body_text (call, call->body, "reason", true);
	if (problems_count (call->problems) > 0)
		return ERR_INVALID;
	err = desk_reveal_nik (call->parts->desk, &call->actor, &id, reason, call->arena, &nik,
			       call->problems);
	if (err == ERR_OK)
		*ret_answer = json_pack ("{s:o, s:s}", "id", view_uuid (id.b), "nik", nik);
	return err;
}

/* The history of an erased person stands; only its content is gone. */
err_t people_timeline (struct call *call, json_t **ret_answer)
{
	struct person_id id;
	struct person person;
	struct page page;
	err_t err = call_uuid (call, id.b);

	if (err == ERR_OK)
		err = person_get (call->parts->ledger, &id, call->arena, &person);
	if (err != ERR_OK && err != ERR_ERASED)
		return err;
	err = call_page (call, &page);
	if (err == ERR_OK)
		*ret_answer = view_timeline (call, &id, NULL, &page);
	return err;
}
