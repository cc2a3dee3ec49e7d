/* Partners: the members of the network as the directory has them. */
#include "agents/api/handlers.h"
#include "agents/api/view.h"

#include <string.h>

static bool has_service (const struct member *member, const char *service)
{
	for (size_t i = 0; i < member->service_count; i++)
		if (strcmp (member->services[i], service) == 0)
			return true;
	return false;
}

static bool is_wanted (const struct call *call, const struct member *member)
{
	const char *kind = call_param (call, "kind"),
		   *service = call_param (call, "service");

	return (*kind == '\0' || strcmp (member->kind, kind) == 0) &&
	       (*service == '\0' || has_service (member, service));
}

static json_t *services_json (const struct member *member)
{
	json_t *list = json_array ();

	for (size_t i = 0; i < member->service_count; i++)
		json_array_append_new (list, json_string (member->services[i]));
	return list;
}

static json_t *partner_json (const struct call *call, const struct member *member)
{
	json_t *json = view_agency (call, &member->id);
	bool self = agency_id_equal (&member->id, &desk_parts (call->parts->desk)->self);

	json_object_set_new (json, "address", json_string (member->address));
	json_object_set_new (json, "office_hours", json_string (member->office_hours));
	json_object_set_new (json, "services", services_json (member));
	json_object_set_new (json, "active",
			     json_boolean (member->status == MEMBER_IS_ACTIVE));
	json_object_set_new (json, "self", json_boolean (self));
	return json;
}

err_t partners_list (struct call *call, json_t **ret_answer)
{
	const struct directory_data *data =
		directory_data (desk_parts (call->parts->desk)->directory);
	struct page page;
	json_t *items;
	size_t i;

	if (call_page (call, &page) != ERR_OK)
		return ERR_INVALID;
	items = json_array ();
	for (i = page.after;
	     i < data->member_count && json_array_size (items) < page.limit; i++)
		if (is_wanted (call, &data->members[i]))
			json_array_append_new (items,
					       partner_json (call, &data->members[i]));
	*ret_answer = page_json (items, i < data->member_count, i);
	return ERR_OK;
}
