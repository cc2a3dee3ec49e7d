/* Query, pages and members of a body. */
#include "agents/api/call.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/api/times.h"
#include "proto/text.h"

const char *call_param (const struct call *call, const char *name)
{
	for (size_t i = 0; i < call->request->param_count; i++)
		if (strcmp (call->request->params[i].name, name) == 0)
			return call->request->params[i].value;
	return "";
}

bool call_switch (struct call *call, const char *name)
{
	const char *value = call_param (call, name);

	if (*value != '\0' && strcmp (value, "1") != 0)
		problems_add (call->problems, ERR_INVALID, name,
			      "tulis %s=1 atau jangan sebut", "write %s=1 or leave it out",
			      name);
	return *value != '\0';
}

err_t call_uuid (const struct call *call, uint8_t ret_id[16])
{
	return uuid_parse (call->id, ret_id) == ERR_OK ? ERR_OK : ERR_NOT_FOUND;
}

err_t call_thread (struct call *call, struct thread_id *ret_id)
{
	err_t err = thread_find (call->parts->ledger, call->id, ret_id);

	if (err == ERR_NOT_FOUND)
		problems_add (call->problems, err, "id",
			      "tidak ada rujukan %s; lihat jembatan inbox atau outbox",
			      "there is no referral %s; see jembatan inbox or outbox",
			      quoted (call->id));
	if (err == ERR_INVALID)
		problems_add (call->problems, err, "id",
			      "kode %s salah ketik; periksa kembali pada slip jawaban",
			      "the code %s is mistyped; look at the reply slip again",
			      quoted (call->id));
	return err;
}

/* ---- pages
 * ------------------------------------------------------------------------------------ */

static bool read_count (const char *text, uint64_t most, uint64_t *ret_count)
{
	char *end;
	uint64_t count;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	count = strtoull (text, &end, 10);
	if (errno != 0 || *end != '\0' || count > most)
		return false;
	*ret_count = count;
	return true;
}

static err_t bad_param (struct call *call, const char *name, const char *value,
			uint64_t most)
{
	return problems_add (
		call->problems, ERR_INVALID, name,
		"%s bukan bilangan yang dapat dipakai; tulis paling banyak %llu",
		"%s is no number that can be used; write at most %llu", quoted (value),
		(unsigned long long)most);
}

err_t call_no_place (struct call *call)
{
	return problems_add (call->problems, ERR_INVALID, "after",
			     "%s bukan kelanjutan daftar ini; pakai isi next",
			     "%s is no place in this list; pass on what next said",
			     quoted (call_param (call, "after")));
}

err_t call_limit (struct call *call, size_t *ret_limit)
{
	const char *limit = call_param (call, "limit");
	uint64_t count = PAGE_DEFAULT;

	if (*limit != '\0' && (!read_count (limit, PAGE_MAX, &count) || count == 0))
		return bad_param (call, "limit", limit, PAGE_MAX);
	*ret_limit = (size_t)count;
	return ERR_OK;
}

err_t call_page (struct call *call, struct page *ret_page)
{
	const char *after = call_param (call, "after");
	uint64_t shown = 0;
	size_t count = 0;
	err_t err = call_limit (call, &count);

	if (*after != '\0' && !read_count (after, INT32_MAX, &shown))
		err = bad_param (call, "after", after, INT32_MAX);
	if (err != ERR_OK || problems_count (call->problems) > 0)
		return ERR_INVALID;
	*ret_page = (struct page){ count, shown };
	return ERR_OK;
}

json_t *page_json (json_t *items, bool more, uint64_t next)
{
	char text[24];

	snprintf (text, sizeof text, "%llu", (unsigned long long)next);
	return page_json_at (items, more ? text : NULL);
}

json_t *page_json_at (json_t *items, const char *next)
{
	return json_pack ("{s:o, s:s?}", "items", items, "next", next);
}

/* ---- members
 * ---------------------------------------------------------------------------------- */

static bool is_named (const char *const *names, const char *name)
{
	for (; *names != NULL; names++)
		if (strcmp (*names, name) == 0)
			return true;
	return false;
}

void body_only (struct call *call, const json_t *object, const char *const *names)
{
	const char *name;
	json_t *value;

	json_object_foreach ((json_t *)object, name, value)
	{
		if (is_named (names, name))
			continue;
		problems_add (call->problems, ERR_INVALID, name,
			      "isian %s tidak dikenal di sini",
			      "there is no field %s here", quoted (name));
	}
}

static bool is_given (const json_t *value)
{
	return value != NULL && !json_is_null (value) &&
	       !(json_is_string (value) && json_string_length (value) == 0);
}

/* An empty text says as little as none. */
static const json_t *member (struct call *call, const json_t *object, const char *name,
			     bool required)
{
	const json_t *value = json_object_get (object, name);

	if (is_given (value))
		return value;
	if (required)
		problems_add (call->problems, ERR_INVALID, name, "isian %s wajib diisi",
			      "the field %s must be given", name);
	return NULL;
}

static const char *clean_text (struct call *call, const json_t *value, const char *name)
{
	if (json_is_string (value) && json_string_length (value) <= LIMIT_TEXT_BYTES &&
	    text_is_clean (bytes_of_text (json_string_value (value))))
		return arena_text (call->arena, json_string_value (value));
	problems_add (
		call->problems, ERR_INVALID, name,
		"isian %s harus berupa teks tanpa karakter kendali, paling banyak %u "
		"bita",
		"the field %s must be text without control characters, at most %u bytes",
		name, LIMIT_TEXT_BYTES);
	return "";
}

const char *body_text (struct call *call, const json_t *object, const char *name,
		       bool required)
{
	const json_t *value = member (call, object, name, required);

	return value != NULL ? clean_text (call, value, name) : "";
}

void body_uuid (struct call *call, const json_t *object, const char *name, bool required,
		uint8_t ret_id[16])
{
	const char *text = body_text (call, object, name, required);

	if (*text != '\0' && uuid_parse (text, ret_id) != ERR_OK)
		problems_add (call->problems, ERR_INVALID, name, "%s bukan nomor UUID",
			      "%s is no UUID", quoted (text));
}

int64_t body_instant (struct call *call, const json_t *object, const char *name,
		      bool end_of_day)
{
	const char *text = body_text (call, object, name, false);
	int64_t at_ms = 0;

	if (*text != '\0' &&
	    times_parse (text, call->region, end_of_day, &at_ms) != ERR_OK)
		problems_add (
			call->problems, ERR_INVALID, name,
			"%s bukan waktu; tulis misalnya 2026-11-25 atau 2026-11-25 10:00",
			"%s is no time; write for example 2026-11-25 or 2026-11-25 10:00",
			quoted (text));
	return at_ms;
}

size_t body_texts (struct call *call, const json_t *object, const char *name, size_t most,
		   const char *const **ret_texts)
{
	const json_t *value = member (call, object, name, false);
	size_t count = json_array_size (value);
	const char **texts;

	if (value == NULL)
		return 0;
	if (!json_is_array (value) || count > most) {
		problems_add (
			call->problems, ERR_INVALID, name,
			"isian %s harus berupa daftar dengan paling banyak %zu butir",
			"the field %s must be a list of at most %zu items", name, most);
		return 0;
	}
	texts = arena_must (call->arena, count * sizeof *texts);
	for (size_t i = 0; i < count; i++)
		texts[i] = clean_text (call, json_array_get (value, i), name);
	*ret_texts = texts;
	return count;
}
