/* Partners: the members of the network as the directory has them, and those of the address book
 * that are not connected. */
#include "agents/api/handlers.h"
#include "agents/api/view.h"

#include <string.h>

#define CONTACTS_MAX 10000
#define NEAR_MAX 1000

static bool has_service (const struct partner *partner, const char *service)
{
	for (size_t i = 0; i < partner->service_count; i++)
		if (strcmp (partner->services[i], service) == 0)
			return true;
	return false;
}

static bool is_wanted (const struct call *call, const struct partner *partner)
{
	const char *kind = call_param (call, "kind"),
		   *service = call_param (call, "service");

	return (*kind == '\0' || strcmp (partner->kind, kind) == 0) &&
	       (*service == '\0' || has_service (partner, service));
}

static json_t *services_json (const struct partner *partner)
{
	json_t *list = json_array ();

	for (size_t i = 0; i < partner->service_count; i++)
		json_array_append_new (list, json_string (partner->services[i]));
	return list;
}

json_t *view_partner (const struct call *call, const struct partner *partner)
{
	json_t *json = view_agency (call, &partner->id);

	json_object_set_new (json, "address", json_string (partner->address));
	json_object_set_new (json, "office_hours", json_string (partner->office_hours));
	json_object_set_new (json, "services", services_json (partner));
	json_object_set_new (json, "active", json_boolean (!partner->suspended));
	json_object_set_new (json, "self",
			     json_boolean (partner->carrier == CARRIER_OWN));
	json_object_set_new (json, "carrier",
			     json_string (carrier_name (partner->carrier)));
	return json;
}

/* Everybody: members in the directory's order, then the address book by id. */
struct everybody {
	const struct directory_data *data;
	size_t contact_count;
	struct contact *contacts;
};

/* False for a contact that stands there as a member already. */
static bool partner_at (const struct call *call, const struct everybody *all, size_t i,
			struct partner *ret_partner)
{
	const struct agency_id *id;

	if (i < all->data->member_count) {
		id = &all->data->members[i].id;
	} else {
		const struct contact *contact = &all->contacts[i - all->data->member_count];

		if (contact->agency.text[0] != '\0')
			return false;
		id = &contact->id;
	}
	return desk_partner (call->parts->desk, id, call->arena, ret_partner) == ERR_OK;
}

static json_t *list_everybody (const struct call *call, const struct page *page)
{
	struct everybody all = {
		.data = directory_data (desk_parts (call->parts->desk)->directory)
	};
	json_t *items = json_array ();
	struct partner partner;
	size_t count, i;

	all.contact_count = contact_list (call->parts->ledger, "", CONTACTS_MAX, call->arena,
					  &all.contacts);
	count = all.data->member_count + all.contact_count;
	for (i = page->after; i < count && json_array_size (items) < page->limit; i++)
		if (partner_at (call, &all, i, &partner) && is_wanted (call, &partner))
			json_array_append_new (items, view_partner (call, &partner));
	return page_json (items, i < count, i);
}

/* Those that a letter can be sent to, by how much of their region's code they share. */
static json_t *list_near (const struct call *call, const char *region,
			  const struct page *page)
{
	struct partner *near;
	size_t count = desk_partners_near (call->parts->desk, "",
					   call_param (call, "service"), region, NEAR_MAX,
					   call->arena, &near);
	json_t *items = json_array ();
	size_t i;

	for (i = page->after; i < count && json_array_size (items) < page->limit; i++)
		if (is_wanted (call, &near[i]))
			json_array_append_new (items, view_partner (call, &near[i]));
	return page_json (items, i < count, i);
}

err_t partners_list (struct call *call, json_t **ret_answer)
{
	const char *region = call_param (call, "near");
	struct page page;

	if (*region != '\0' && !region_is_kemendagri (region))
		problems_add (call->problems, ERR_INVALID, "near",
			      "%s bukan kode wilayah Kemendagri; contoh: 17.71",
			      "%s is not a Kemendagri region code; an example: 17.71",
			      quoted (region));
	if (call_page (call, &page) != ERR_OK)
		return ERR_INVALID;
	*ret_answer = *region != '\0' ? list_near (call, region, &page)
				      : list_everybody (call, &page);
	return ERR_OK;
}
