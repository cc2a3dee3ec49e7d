/* Members' standing: suspended or not, keys that end, who oversees whom. */
#include "hub/registrar.h"

#include <string.h>

#include "jembatan/clock.h"

#define KEY_PREFIX_LEAST 6   /* digits of a key id that a person must type */

static err_t set_status (struct registrar *registrar, const char *name, enum member_status status)
{
	struct member *member = draft_member (registrar, name);

	if (member == NULL)
		return ERR_NOT_FOUND;
	member->status = status;
	return draft_save (registrar);
}

err_t command_suspend (struct registrar *registrar, const struct arguments *arguments)
{
	err_t err = set_status (registrar, arguments->word[0], MEMBER_IS_SUSPENDED);

	if (err == ERR_OK)
		say ("%s dibekukan; berlaku setelah sign.",
		     "%s is suspended; it counts after sign.", arguments->word[0]);
	return err;
}

err_t command_reinstate (struct registrar *registrar, const struct arguments *arguments)
{
	err_t err = set_status (registrar, arguments->word[0], MEMBER_IS_ACTIVE);

	if (err == ERR_OK)
		say ("%s dipulihkan; berlaku setelah sign.",
		     "%s is reinstated; it counts after sign.", arguments->word[0]);
	return err;
}

/* ---- keys that end ---------------------------------------------------------------------------- */

static struct member_key *find_key (struct registrar *registrar, const struct member *member,
				    const char *prefix)
{
	struct member_key *keys = member_keys_of (member), *found = NULL;
	char id[HEX16_TEXT];
	size_t matches = 0;

	for (size_t i = 0; i < member->key_count; i++) {
		hex_text (ID_BYTES (keys[i].id), id, sizeof id);
		if (strncmp (id, prefix, strlen (prefix)) != 0)
			continue;
		found = &keys[i];
		matches++;
	}
	if (matches == 1 && strlen (prefix) >= KEY_PREFIX_LEAST)
		return found;
	(void)problems_add (registrar->problems, matches > 1 ? ERR_AMBIGUOUS : ERR_NOT_FOUND, "",
			    "%s bukan id satu kunci dari %s (sedikitnya %d angka); lihat: show",
			    "%s is not the id of one key of %s (at least %d digits); see: show",
			    quoted (prefix), member->id.text, KEY_PREFIX_LEAST);
	return NULL;
}

/* A bare date is its first moment anywhere in Indonesia: for a stolen key, rather too early. */
static err_t since_of (struct registrar *registrar, const char *text, int64_t *ret_ms)
{
	const char *instant = text;

	if (text == NULL) {
		*ret_ms = clock_now_ms ();
		return ERR_OK;
	}
	if (strlen (text) == strlen ("2026-11-22"))
		instant = arena_printf (registrar->arena, "%sT00:00:00+09:00", text);
	if (instant != NULL && instant_parse (instant, ret_ms) == 0)
		return ERR_OK;
	return problems_add (registrar->problems, ERR_USAGE, "--since",
			     "tanggal %s tidak dimengerti; tulis seperti 2026-11-22",
			     "the date %s is not understood; write it like 2026-11-22",
			     quoted (text));
}

static err_t end_key (struct registrar *registrar, struct member_key *key, bool compromised,
		      int64_t since_ms)
{
	enum key_state wanted = compromised ? KEY_STATE_COMPROMISED : KEY_STATE_RETIRED;

	/* Later knowledge may only make it worse. */
	if (key->state > wanted)
		return problems_add (registrar->problems, ERR_CONFLICT, "",
				     "kunci ini sudah dinyatakan bocor; tidak dapat dilunakkan",
				     "this key is known to be compromised; that can't be taken back");
	key->state = wanted;
	key->since_ms = since_ms;
	return ERR_OK;
}

static void warn_without_key (const struct member *member, enum key_use use)
{
	if (member_key (member, use, clock_now_ms ()) == NULL)
		say ("Perhatian: %s kini tanpa kunci %s; minta permohonan baru.",
		     "Mind: %s now has no %s key; ask for a new request.", member->id.text,
		     key_use_name (use));
}

err_t command_retire_key (struct registrar *registrar, const struct arguments *arguments)
{
	struct member *member = draft_member (registrar, arguments->word[0]);
	struct member_key *key;
	int64_t since_ms;
	err_t err;

	if (member == NULL)
		return ERR_NOT_FOUND;
	key = find_key (registrar, member, arguments->word[1]);
	if (key == NULL)
		return problems_err (registrar->problems);
	err = since_of (registrar, arguments->since, &since_ms);
	if (err == ERR_OK)
		err = end_key (registrar, key, arguments->compromised, since_ms);
	if (err == ERR_OK)
		err = draft_save (registrar);
	if (err != ERR_OK)
		return err;
	say ("Kunci %s dari %s berakhir; berlaku setelah sign.",
	     "The key %s of %s has ended; it counts after sign.", key_use_name (key->use),
	     member->id.text);
	warn_without_key (member, key->use);
	return ERR_OK;
}

/* ---- oversight -------------------------------------------------------------------------------- */

static struct oversight *row_of (struct registrar *registrar, const struct agency_id *coordinator)
{
	struct oversight *rows = (struct oversight *)(uintptr_t)registrar->draft.oversight;
	struct oversight *row;

	for (size_t i = 0; i < registrar->draft.oversight_count; i++)
		if (agency_id_equal (&rows[i].coordinator, coordinator))
			return &rows[i];
	row = draft_add_oversight (registrar);
	row->coordinator = *coordinator;
	return row;
}

/* The whole list is given each time, so that taking somebody off it is the same command. */
err_t command_oversee (struct registrar *registrar, const struct arguments *arguments)
{
	struct member *coordinator = draft_member (registrar, arguments->word[0]);
	size_t count = arguments->word_count - 1;
	struct agency_id *overseen = arena_must (registrar->arena, (count + 1) * sizeof *overseen);
	struct oversight *row;
	err_t err;

	for (size_t i = 0; i < count; i++) {
		const struct member *member = draft_member (registrar, arguments->word[i + 1]);

		if (member != NULL)
			overseen[i] = member->id;
	}
	err = problems_err (registrar->problems);
	if (err != ERR_OK)
		return err;
	row = row_of (registrar, &coordinator->id);
	row->overseen = overseen;
	row->overseen_count = count;
	err = draft_save (registrar);
	if (err == ERR_OK)
		say ("%s mengawasi %zu instansi; berlaku setelah sign.",
		     "%s oversees %zu agencies; it counts after sign.", coordinator->id.text, count);
	return err;
}
