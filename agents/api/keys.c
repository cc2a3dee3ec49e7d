/* Keys of an agency's own software. */
#include "agents/api/handlers.h"
#include "agents/api/times.h"
#include "agents/api/view.h"

#include <string.h>

#define WORDS_MAX 32

static json_t *words_json (const struct call *call, const char *words)
{
	char *copy = arena_text (call->arena, words), *rest = copy;
	json_t *list = json_array ();

	for (char *word; copy != NULL && (word = strsep (&rest, " ")) != NULL;)
		if (*word != '\0')
			json_array_append_new (list, json_string (word));
	return list;
}

static json_t *key_json (const struct call *call, const struct software_key *key)
{
	int64_t now_ms = desk_now_ms (call->parts->desk);
	bool open = key->ended_ms == 0 && (key->until_ms == 0 || now_ms < key->until_ms);
	json_t *json = json_pack ("{s:o, s:s, s:s, s:o, s:o, s:s, s:b}", "id", view_uuid (key->id.b),
				  "name", key->name, "role", key->role, "scopes",
				  words_json (call, key->scopes), "kinds",
				  words_json (call, key->kinds), "by", key->by, "open", open);

	times_set (json, "created", key->created_ms, call->region);
	times_set (json, "until", key->until_ms, call->region);
	times_set (json, "used", key->used_ms, call->region);
	times_set (json, "ended", key->ended_ms, call->region);
	return json;
}

err_t keys_list (struct call *call, json_t **ret_answer)
{
	struct software_key *keys;
	struct page page;
	json_t *items;
	size_t count;

	if (call_page (call, &page) != ERR_OK)
		return ERR_INVALID;
	count = software_key_list (call->parts->ledger, page.after, page.limit + 1, call->arena, &keys);
	items = json_array ();
	for (size_t i = 0; i < count && i < page.limit; i++)
		json_array_append_new (items, key_json (call, &keys[i]));
	*ret_answer = page_json (items, count > page.limit, page.after + page.limit);
	return ERR_OK;
}

/* A list of words as one text, parted by blanks. */
static const char *body_words (struct call *call, const char *name)
{
	const char *const *texts;
	size_t count = body_texts (call, call->body, name, WORDS_MAX, &texts);
	const char *all = "";

	for (size_t i = 0; i < count; i++)
		all = arena_printf (call->arena, "%s%s%s", all, i > 0 ? " " : "", texts[i]);
	return all;
}

/* The key is in this answer and nowhere else. */
err_t keys_add (struct call *call, json_t **ret_answer)
{
	static const char *const names[] = { "name", "role", "scopes", "kinds", "until", NULL };
	struct software_key key = { .name = body_text (call, call->body, "name", true),
				    .role = body_text (call, call->body, "role", true),
				    .scopes = body_words (call, "scopes"),
				    .kinds = body_words (call, "kinds"),
				    .until_ms = body_instant (call, call->body, "until", true) };
	char text[KEY_TEXT];
	err_t err;

	body_only (call, call->body, names);
	if (problems_count (call->problems) > 0)
		return ERR_INVALID;
	err = door_key_add (call->door, &call->caller, &key, text, call->problems);
	if (err != ERR_OK)
		return err;
	*ret_answer = key_json (call, &key);
	json_object_set_new (*ret_answer, "key", json_string (text));
	return ERR_OK;
}

err_t keys_end (struct call *call, json_t **ret_answer)
{
	static const char *const names[] = { NULL };
	struct software_key_id id;
	struct software_key key;
	err_t err = call_uuid (call, id.b);

	body_only (call, call->body, names);
	if (err != ERR_OK || problems_count (call->problems) > 0)
		return err != ERR_OK ? err : ERR_INVALID;
	err = door_key_end (call->door, &call->caller, &id);
	if (err == ERR_OK)
		err = software_key_get (call->parts->ledger, &id, call->arena, &key);
	if (err == ERR_OK)
		*ret_answer = key_json (call, &key);
	return err;
}
