/* The address book: partners that are not connected. */
#include "agents/api/handlers.h"
#include "agents/api/times.h"
#include "agents/api/view.h"
#include "agents/api/warn.h"

#include <string.h>

#define OPEN_SHOWN 200

static json_t *contact_json (const struct call *call, const struct contact *contact)
{
	json_t *json = json_pack (
		"{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "id",
		contact->id.text, "kind", contact->kind, "region", contact->region, "name",
		contact->name, "person", contact->person, "phone", contact->phone,
		"whatsapp", contact->whatsapp, "address", contact->address,
		"office_hours", contact->office_hours, "services", contact->services,
		"note", contact->note);

	json_object_set_new (json, "agency",
			     contact->agency.text[0] != '\0'
				     ? view_agency (call, &contact->agency)
				     : json_null ());
	times_set (json, "created", contact->created_ms, call->region);
	return json;
}

err_t contacts_page (struct call *call, json_t **ret_answer)
{
	struct contact *contacts;
	struct page page;
	json_t *items;
	size_t count;

	if (call_page (call, &page) != ERR_OK)
		return ERR_INVALID;
	count = contact_list (call->parts->ledger, "", page.after + page.limit + 1,
			      call->arena, &contacts);
	items = json_array ();
	for (size_t i = page.after; i < count && i < page.after + page.limit; i++)
		json_array_append_new (items, contact_json (call, &contacts[i]));
	*ret_answer = page_json (items, count > page.after + page.limit,
				 page.after + page.limit);
	return ERR_OK;
}

/* ---- saving --------------------------------------------------------------------- */

static void read_id (struct call *call, const char *text, struct agency_id *ret_id)
{
	if (*text != '\0' && contact_id_parse (text, ret_id) != ERR_OK)
		problems_add (call->problems, ERR_INVALID, "id",
			      "%s bukan kode kontak; tulis misalnya @puskesmas-ratu",
			      "%s is no contact's id; write for example @puskesmas-ratu",
			      quoted (text));
}

static void read_contact (struct call *call, struct contact *ret)
{
	static const char *const names[] = { "id",      "kind",	    "region",
					     "name",    "person",   "phone",
					     "whatsapp", "address", "office_hours",
					     "services", "note",    NULL };
	const json_t *body = call->body;

	body_only (call, body, names);
	*ret = (struct contact){
		.kind = body_text (call, body, "kind", true),
		.region = body_text (call, body, "region", true),
		.name = body_text (call, body, "name", true),
		.person = body_text (call, body, "person", false),
		.phone = phone_tidy (body_text (call, body, "phone", false), call->arena),
		.whatsapp = phone_tidy (body_text (call, body, "whatsapp", false),
					call->arena),
		.address = body_text (call, body, "address", false),
		.office_hours = body_text (call, body, "office_hours", false),
		.services = body_text (call, body, "services", false),
		.note = body_text (call, body, "note", false),
	};
	read_id (call, body_text (call, body, "id", true), &ret->id);
}

static err_t show (struct call *call, const struct agency_id *id, json_t **ret_answer)
{
	struct contact contact;
	err_t err = contact_get (call->parts->ledger, id, call->arena, &contact);

	if (err == ERR_OK)
		*ret_answer = contact_json (call, &contact);
	return err;
}

err_t contacts_save (struct call *call, json_t **ret_answer)
{
	struct contact contact;
	err_t err;

	read_contact (call, &contact);
	if (problems_count (call->problems) > 0)
		return ERR_INVALID;
	err = desk_contact_save (call->parts->desk, &call->actor, &contact,
				 call->problems);
	if (err == ERR_OK)
		err = show (call, &contact.id, ret_answer);
	if (err == ERR_OK)
		warn_region (*ret_answer, "region", contact.region);
	return err;
}

/* ---- one ------------------------------------------------------------------------ */

static err_t contact_in_path (struct call *call, struct agency_id *ret_id)
{
	struct contact contact;

	if (contact_id_parse (call->id, ret_id) == ERR_OK &&
	    contact_get (call->parts->ledger, ret_id, call->arena, &contact) == ERR_OK)
		return ERR_OK;
	return problems_add (call->problems, ERR_NOT_FOUND, "id",
			     "kontak %s tidak ada di buku alamat; lihat jembatan contacts",
			     "the contact %s is not in the address book; see jembatan "
			     "contacts",
			     quoted (call->id));
}

err_t contacts_show (struct call *call, json_t **ret_answer)
{
	struct agency_id id;
	err_t err = contact_in_path (call, &id);

	return err == ERR_OK ? show (call, &id, ret_answer) : err;
}

/* Threads that go by paper still, and could go by wire. */
static json_t *open_json (const struct call *call, const struct agency_id *contact)
{
	struct thread *threads;
	size_t count = thread_list (call->parts->ledger, BOX_OPEN, NULL, contact, 0,
				    OPEN_SHOWN, call->arena, &threads);
	json_t *list = json_array ();

	for (size_t i = 0; i < count; i++)
		json_array_append_new (list, view_thread (call, &threads[i]));
	return list;
}

err_t contacts_enrolled (struct call *call, json_t **ret_answer)
{
	static const char *const names[] = { "agency", NULL };
	const char *text = body_text (call, call->body, "agency", true);
	struct agency_id id, agency = { "" };
	err_t err = contact_in_path (call, &id);

	body_only (call, call->body, names);
	if (*text != '\0' && agency_id_parse (text, &agency) != ERR_OK)
		problems_add (call->problems, ERR_INVALID, "agency",
			      "%s bukan kode instansi; lihat daftar mitra",
			      "%s is no agency id; see the list of partners",
			      quoted (text));
	if (err != ERR_OK || problems_count (call->problems) > 0)
		return err != ERR_OK ? err : ERR_INVALID;
	err = desk_contact_enrolled (call->parts->desk, &call->actor, &id, &agency,
				     call->problems);
	if (err == ERR_OK)
		err = show (call, &id, ret_answer);
	if (err == ERR_OK)
		json_object_set_new (*ret_answer, "open", open_json (call, &id));
	return err;
}
