/* Who calls: a session's cookie, a key of software, or a user of the box. */
#include "agents/door/inside.h"

#include <stdio.h>
#include <string.h>

#include "jembatan/keys.h"

#define NOTE_MS MINUTE_MS                /* how exactly the last use is noted */

static void name_caller (struct caller *caller, const char *what, const uint8_t id[16])
{
	char text[UUID_TEXT];

	snprintf (caller->who, sizeof caller->who, "%s:%s", what, uuid_text (id, text));
}

static err_t not_signed_in (problems_t *problems)
{
	return problems_add_texts (problems, ERR_NOT_SIGNED_IN, "session",
				   "Anda belum masuk, atau sesi Anda sudah berakhir; masuklah lagi",
				   "you are not signed in, or your session has ended; sign in again");
}

/* Whoever may go on does so on a full disk too. */
static err_t forgive_full_disk (err_t err)
{
	return err_lane (err) == LANE_STOP ? err : ERR_OK;
}

/* ---- a session ---------------------------------------------------------------------------------- */

static void csrf_of (const uint8_t token[32], char ret_csrf[TOKEN_TEXT])
{
	struct hash hash = hash_keyed ((struct bytes){ token, 32 }, bytes_of_text ("JMBTN-csrf-v1"));

	hex_text (ID_BYTES (hash), ret_csrf, TOKEN_TEXT);
}

static bool is_over (const door_t *door, const struct session *session, int64_t now_ms)
{
	return now_ms - session->seen_ms > door->parts.idle_ms ||
	       now_ms - session->begun_ms > door->parts.longest_ms;
}

static err_t note_seen (door_t *door, struct session *session, int64_t now_ms)
{
	OWNED (tx) tx = NULL;

	if (now_ms - session->seen_ms < NOTE_MS)
		return ERR_OK;
	tx = ledger_begin (door_ledger (door));
	session_seen (tx, session, now_ms);
	return forgive_full_disk (tx_commit (tx));
}

/* The session and its account, if both are still open; what is over is taken away with the next one
 * that begins. */
static err_t find_session (door_t *door, const uint8_t token[32], bool waits, arena_t *arena,
			   struct caller *caller)
{
	struct hash hash = token_hash (SESSION_DOMAIN, token);
	int64_t now_ms = door_now_ms (door);
	err_t err = session_get (door_ledger (door), &hash, arena, &caller->session);

	if (err == ERR_OK)
		err = account_get (door_ledger (door), &caller->session.account, arena,
				   &caller->account);
	if (err != ERR_OK)
		return err;
	if (is_over (door, &caller->session, now_ms) || !door_account_open (door, &caller->account))
		return ERR_NOT_FOUND;
	return waits ? ERR_OK : note_seen (door, &caller->session, now_ms);
}

static err_t by_session (door_t *door, const struct credentials *given, arena_t *arena,
			 struct caller *caller, problems_t *problems)
{
	uint8_t token[32];
	err_t err = ERR_NOT_FOUND;

	if (hex_parse (given->cookie, token, sizeof token) == ERR_OK)
		err = find_session (door, token, given->waits, arena, caller);
	if (err == ERR_NOT_FOUND)
		return not_signed_in (problems);
	if (err != ERR_OK)
		return err;
	caller->kind = CALLER_SESSION;
	caller->actor = (struct actor){ caller->account.name, caller->account.role };
	caller->ends_ms = caller->session.begun_ms + door->parts.longest_ms;
	name_caller (caller, "account", caller->account.id.b);
	csrf_of (token, caller->csrf);
	if (!given->writes || (strlen (given->csrf) == TOKEN_TEXT - 1 &&
			       secret_equal ((const uint8_t *)given->csrf,
					     (const uint8_t *)caller->csrf, TOKEN_TEXT - 1)))
		return ERR_OK;
	return problems_add_texts (problems, ERR_CSRF, "X-CSRF-Token",
				   "muat ulang halaman ini, lalu coba lagi",
				   "load this page again, then try once more");
}

/* ---- a key -------------------------------------------------------------------------------------- */

static err_t note_used (door_t *door, const struct software_key *key, int64_t now_ms)
{
	OWNED (tx) tx = NULL;

	if (now_ms - key->used_ms < NOTE_MS)
		return ERR_OK;
	tx = ledger_begin (door_ledger (door));
	software_key_used (tx, &key->id, now_ms);
	return forgive_full_disk (tx_commit (tx));
}

static err_t find_key (door_t *door, const uint8_t token[32], arena_t *arena,
		       struct software_key *key)
{
	struct hash hash = token_hash (KEY_DOMAIN, token);
	int64_t now_ms = door_now_ms (door);
	err_t err = software_key_by_hash (door_ledger (door), &hash, arena, key);

	if (err != ERR_OK)
		return err;
	if (key->ended_ms != 0 || (key->until_ms != 0 && now_ms >= key->until_ms))
		return ERR_NOT_FOUND;
	return note_used (door, key, now_ms);
}

static err_t by_key (door_t *door, const struct credentials *given, arena_t *arena,
		     struct caller *caller, problems_t *problems)
{
	static const char start[] = "Bearer jk_";
	uint8_t token[32];
	err_t err = ERR_NOT_FOUND;

	if (strncmp (given->authorization, start, sizeof start - 1) == 0 &&
	    hex_parse (given->authorization + sizeof start - 1, token, sizeof token) == ERR_OK)
		err = find_key (door, token, arena, &caller->key);
	if (err == ERR_NOT_FOUND)
		return problems_add_texts (problems, ERR_NOT_SIGNED_IN, "Authorization",
					   "kunci ini tidak dikenal, sudah diakhiri, atau sudah lewat "
					   "masanya; minta kunci baru kepada pengelola",
					   "this key is not known, was ended, or is past its date; ask an "
					   "admin for a new one");
	if (err != ERR_OK)
		return err;
	caller->kind = CALLER_KEY;
	caller->actor = (struct actor){ arena_printf (arena, "software %s", caller->key.name),
					caller->key.role };
	name_caller (caller, "key", caller->key.id.b);
	return ERR_OK;
}

err_t door_may_write (const struct caller *caller, const char *kind, problems_t *problems)
{
	if (caller->kind != CALLER_KEY || *caller->key.kinds == '\0' ||
	    word_in (kind, caller->key.kinds))
		return ERR_OK;
	return problems_add (problems, ERR_NOT_ALLOWED, "kind",
			     "kunci ini tidak dibuat untuk surat jenis %s", "this key was not made for letters of kind %s",
			     quoted (kind));
}

/* ---- whoever it is ------------------------------------------------------------------------------ */

static err_t by_box (const struct credentials *given, struct caller *caller)
{
	caller->kind = CALLER_BOX;
	caller->actor = (struct actor){ given->box_user, given->box_role };
	snprintf (caller->who, sizeof caller->who, "box");
	return ERR_OK;
}

static err_t find_caller (door_t *door, const struct credentials *given, arena_t *arena,
			  struct caller *caller, problems_t *problems)
{
	bool cookie = *given->cookie != '\0', key = *given->authorization != '\0';

	if (cookie && key)
		return problems_add_texts (problems, ERR_MALFORMED, "Authorization",
					   "kirim kunci atau kuki sesi, jangan keduanya",
					   "send a key or a session's cookie, not both");
	if (cookie)
		return by_session (door, given, arena, caller, problems);
	if (key)
		return by_key (door, given, arena, caller, problems);
	return given->box_user != NULL ? by_box (given, caller) : not_signed_in (problems);
}

err_t door_caller (door_t *door, const struct credentials *given, arena_t *arena,
		   struct caller *ret_caller, problems_t *problems)
{
	struct caller caller = { 0 };
	err_t err = find_caller (door, given, arena, &caller, problems);

	if (err != ERR_OK)
		error_count (&door->refused, err);
	else
		*ret_caller = caller;
	return err;
}
