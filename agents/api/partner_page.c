/* One partner, as somebody who is about to write to it needs it. */
#include "agents/api/handlers.h"
#include "agents/api/times.h"
#include "agents/api/view.h"

#include <stdlib.h>
#include <string.h>

#include "agents/ledger/capacity.h"

#define CAPACITIES_SHOWN 100u

/* clang-format off */
static const struct { enum key_use use; const char *name; struct words words; } uses[] = {
	{ KEY_SIG,  "sig",  { "tanda tangan", "signatures" } },
	{ KEY_BOX,  "box",  { "penyegelan surat", "sealing of letters" } },
	{ KEY_LINK, "link", { "sambungan ke hub", "the line to the hub" } },
};
static const char *const key_states[] = {
	[KEY_STATE_ACTIVE] = "active",
	[KEY_STATE_RETIRED] = "retired",
	[KEY_STATE_COMPROMISED] = "compromised",
};
/* clang-format on */

/* Ten words to read to each other over the phone. */
static json_t *key_json (const struct call *call, const struct member_key *key)
{
	struct hash hash = hash_of (ID_BYTES (key->public_key), BYTES_NONE);
	char words[FINGERPRINT_TEXT];
	json_t *json = NULL;

	for (size_t i = 0; i < COUNT_OF (uses); i++)
		if (uses[i].use == key->use)
			json = json_pack ("{s:s, s:o, s:s, s:s}", "use", uses[i].name, "words",
					  view_words (uses[i].words), "state",
					  key_states[key->state], "fingerprint",
					  fingerprint_words (&hash, words));
	if (json != NULL)
		times_set (json, "valid_from", key->valid_from_ms, call->region);
	return json;
}

static json_t *keys_json (const struct call *call, const struct agency_id *id)
{
	const struct member *member =
		directory_member (desk_parts (call->parts->desk)->directory, id);
	json_t *list = json_array ();

	for (size_t i = 0; member != NULL && i < member->key_count; i++) {
		json_t *json = key_json (call, &member->keys[i]);

		if (json != NULL)
			json_array_append_new (list, json);
	}
	return list;
}

static json_t *places_json (const struct call *call, const struct agency_id *id)
{
	struct capacity *capacities;
	size_t count = capacity_list (call->parts->ledger, id, NULL, CAPACITIES_SHOWN,
				      call->arena, &capacities);
	json_t *list = json_array ();

	for (size_t i = 0; i < count; i++)
		json_array_append_new (list, view_capacity (call, &capacities[i]));
	return list;
}

/* How much of the region's code it shares with ours, as the list of partners near a region counts. */
static json_t *distance_json (const struct call *call, const struct partner *partner)
{
	int shared = region_shared (call->region, partner->region);

	return json_pack ("{s:i, s:o}", "shared", shared, "words",
			  shared >= 2   ? view_both ("di kabupaten atau kota yang sama",
						     "in the same regency or city")
			  : shared == 1 ? view_both ("di provinsi yang sama",
						     "in the same province")
					: view_both ("di provinsi lain", "in another province"));
}

static json_t *answers_in_json (const struct call *call, const struct agency_id *id)
{
	struct answering answering;

	desk_answering (call->parts->desk, id, &answering);
	if (answering.count == 0)
		return json_null ();
	return json_pack ("{s:i, s:f}", "count", (int)answering.count, "median_hours",
			  (double)answering.median_ms / (double)HOUR_MS);
}

err_t partners_show (struct call *call, json_t **ret_answer)
{
	struct agency_id id;
	struct partner partner;
	json_t *json;

	if (partner_id_parse (call->id, &id) != ERR_OK ||
	    desk_partner (call->parts->desk, &id, call->arena, &partner) != ERR_OK)
		return problems_add (call->problems, ERR_NOT_FOUND, "id",
				     "tidak ada mitra %s; lihat daftar mitra",
				     "there is no partner %s; see the list of partners",
				     quoted (call->id));
	json = view_partner (call, &partner);
	json_object_set_new (json, "distance", distance_json (call, &partner));
	json_object_set_new (json, "capacity", places_json (call, &id));
	json_object_set_new (json, "keys", keys_json (call, &id));
	json_object_set_new (json, "answers_in", answers_in_json (call, &id));
	*ret_answer = json;
	return ERR_OK;
}
