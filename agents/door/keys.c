/* Keys of software: made, ended. */
#include "agents/door/inside.h"

#include <stdio.h>
#include <string.h>

#include "proto/text.h"

static void check_name (const char *name, problems_t *problems)
{
	size_t len = strlen (name);

	if (len < 2 || len > LIMIT_ID_TEXT ||
	    strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789._-") != len)
		problems_add (problems, ERR_INVALID, "name",
			      "%s bukan nama perangkat lunak; pakai 2 sampai %u huruf kecil, angka, titik, "
			      "garis bawah atau tanda hubung",
			      "%s is no name of a software; use 2 to %u small letters, digits, dots, "
			      "underscores or hyphens",
			      quoted (name), LIMIT_ID_TEXT);
}

/* An admin's own reach is not for software. */
static void check_role (const char *role, problems_t *problems)
{
	if (strcmp (role, "caseworker") != 0 && strcmp (role, "clinician") != 0)
		problems_add (problems, ERR_INVALID, "role",
			      "%s bukan peran bagi perangkat lunak; pakai caseworker atau clinician",
			      "%s is no role for software; use caseworker or clinician", quoted (role));
}

static void check_scope (const char *scope, problems_t *problems)
{
	if (!scope_exists (scope))
		problems_add (problems, ERR_INVALID, "scopes",
			      "%s bukan cakupan; pakai status, inbox, findings atau referrals",
			      "%s is no scope; use status, inbox, findings or referrals", quoted (scope));
}

static void check_scopes (const char *scopes, arena_t *arena, problems_t *problems)
{
	char *copy = arena_text (arena, scopes), *rest = copy;

	if (copy == NULL || *copy == '\0') {
		check_scope ("", problems);
		return;
	}
	for (char *word; (word = strsep (&rest, " ")) != NULL;)
		check_scope (word, problems);
}

static void check_kinds (const door_t *door, const char *kinds, arena_t *arena, problems_t *problems)
{
	const catalogue_t *catalogue = desk_parts (door->parts.desk)->catalogue;
	char *copy = arena_text (arena, kinds), *rest = copy;

	if (copy == NULL || *copy == '\0')
		return;
	for (char *word; (word = strsep (&rest, " ")) != NULL;)
		if (catalogue_kind (catalogue, word, 0) == NULL)
			problems_add (problems, ERR_INVALID, "kinds",
				      "jenis surat %s tidak ada di katalog; lihat jembatan kinds",
				      "there is no kind of letter %s in the catalogue; see jembatan kinds",
				      quoted (word));
}

static void make_token (struct software_key *key, char ret_key[KEY_TEXT])
{
	uint8_t token[32];

	secret_random (token, sizeof token);
	key->hash = token_hash (KEY_DOMAIN, token);
	memcpy (ret_key, "jk_", 3);
	hex_text (BYTES_OF (token), ret_key + 3, TOKEN_TEXT);
}

err_t door_key_add (door_t *door, const struct caller *caller, struct software_key *key,
		    char ret_key[KEY_TEXT], problems_t *problems)
{
	OWNED (arena) arena = arena_new (64 * KIB);
	OWNED (tx) tx = NULL;

	check_name (key->name, problems);
	check_role (key->role, problems);
	check_scopes (key->scopes, arena, problems);
	check_kinds (door, key->kinds, arena, problems);
	if (problems_count (problems) > 0)
		return ERR_INVALID;
	make_token (key, ret_key);
	key->by = caller->actor.user;
	tx = ledger_begin (door_ledger (door));
	software_key_add (tx, key);
	door_note (door, tx, caller->actor.user, "key-added", key->name);
	return tx_commit (tx);
}

err_t door_key_end (door_t *door, const struct caller *caller, const struct software_key_id *id)
{
	OWNED (arena) arena = arena_new (64 * KIB);
	OWNED (tx) tx = NULL;
	struct software_key key;
	err_t err = software_key_get (door_ledger (door), id, arena, &key);

	if (err != ERR_OK)
		return err;
	tx = ledger_begin (door_ledger (door));
	software_key_end (tx, id, door_now_ms (door));
	door_note (door, tx, caller->actor.user, "key-ended", key.name);
	return tx_commit (tx);
}
