/* Accounts, and keys of software: what an admin does on the box. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/cli/form.h"
#include "agents/cli/out.h"

/* ---- showing -------------------------------------------------------------------- */

static const char *yes (const struct cli *cli, const json_t *item, const char *name,
			char text[OUT_TEXT])
{
	return json_get_flag (item, name, false) ? out_words (cli, "ya", "yes", text) : "-";
}

static const char *standing (const struct cli *cli, const json_t *account, char text[OUT_TEXT])
{
	if (!json_get_flag (account, "open", false))
		return out_words (cli, "tidak aktif", "not active", text);
	if (*out_get (account, "locked_until") != '\0')
		return out_words (cli, "menunggu karena salah sandi", "waits after wrong passwords",
				  text);
	if (json_is_object (json_object_get (account, "reset")))
		return out_words (cli, "reset menunggu orang kedua", "reset waits for a second", text);
	if (!json_get_flag (account, "password", false))
		return out_words (cli, "belum ada kata sandi", "has no password yet", text);
	return out_words (cli, "aktif", "active", text);
}

static void print_accounts (const struct cli *cli, const json_t *items)
{
	OWNED (table) table = table_new (cli);
	size_t i;
	json_t *item;

	table_column (table, "Akun", "Account");
	table_column (table, "Nama", "Name");
	table_column (table, "Peran", "Role");
	table_column (table, "Langkah kedua", "Second factor");
	table_column (table, "Sesi", "Sessions");
	table_column (table, "Keadaan", "State");
	json_array_foreach ((json_t *)items, i, item)
	{
		char text[OUT_TEXT], more[OUT_TEXT];

		table_cell (table, out_get (item, "account"));
		table_cell (table, out_get (item, "name"));
		table_cell (table, out_get (item, "role"));
		table_cell (table, yes (cli, item, "second_factor", text));
		table_cell (table, out_get (item, "sessions"));
		table_cell (table, standing (cli, item, more));
	}
	table_print (table);
}

static err_t list (struct cli *cli)
{
	json_t *items;
	err_t err = args_finish (cli, cli->word_count > 0 ? 1 : 0);

	if (err == ERR_OK)
		err = client_list (cli, "/v1/accounts", &items);
	if (err != ERR_OK)
		return err;
	if (client_printed (cli, items))
		;
	else if (json_array_size (items) == 0)
		out_say (cli, "Belum ada akun; buat dengan jembatan account add.",
			 "There is no account yet; make one with jembatan account add.");
	else
		print_accounts (cli, items);
	json_decref (items);
	return ERR_OK;
}

/* What only this answer holds: never on a command line, never again. */
static void print_code (const struct cli *cli, const json_t *account)
{
	char text[OUT_TEXT];

	out_sayf (cli,
		  "Kode sekali pakai bagi %s: %s\nBerlaku sampai %s. Dengan kode ini sebagai kata sandi ia masuk "
		  "di konsol dan membuat kata sandinya sendiri.",
		  "One-time code for %s: %s\nGood until %s. With this code as password they sign in at the "
		  "console and set a password of their own.",
		  out_get (account, "account"), out_get (account, "code"),
		  out_time (cli, account, "code_until", text));
}

/* ---- one account ---------------------------------------------------------------- */

static err_t find_named (struct cli *cli, const char *path, const char *member, const char *name,
			 char ret_id[64])
{
	json_t *items, *item;
	size_t i;
	err_t err = client_list (cli, path, &items);

	if (err != ERR_OK)
		return err;
	err = ERR_NOT_FOUND;
	json_array_foreach (items, i, item)
	{
		if (strcmp (out_get (item, member), name) != 0)
			continue;
		snprintf (ret_id, 64, "%s", out_get (item, "id"));
		err = ERR_OK;
	}
	json_decref (items);
	if (err == ERR_NOT_FOUND)
		out_complain (cli, "%s tidak ada; lihat jembatan account dan jembatan account keys",
			      "there is no %s; see jembatan account and jembatan account keys",
			      quoted (name));
	return err;
}

/* Posts the body to an account by its name; takes the body. */
static err_t post_to (struct cli *cli, const char *action, json_t *body, json_t **ret_answer)
{
	char path[160], id[64];
	const char *name;
	err_t err = args_word (cli, 1, "nama akun", "the account's name", &name);

	if (err == ERR_OK)
		err = args_finish (cli, 2);
	if (err == ERR_OK)
		err = find_named (cli, "/v1/accounts", "account", name, id);
	if (err != ERR_OK) {
		json_decref (body);
		return err;
	}
	snprintf (path, sizeof path, "/v1/accounts/%s%s", id, action);
	return client_ask (cli, "POST", path, body, ret_answer);
}

static err_t said (struct cli *cli, err_t err, json_t *answer, const char *id, const char *en)
{
	if (err != ERR_OK)
		return err;
	if (!client_printed (cli, answer))
		out_say (cli, id, en);
	json_decref (answer);
	return ERR_OK;
}

static void take_flags (struct cli *cli, json_t *body, const char *const *flags)
{
	for (; *flags != NULL; flags++)
		if (args_flag (cli, *flags) != NULL)
			json_object_set_new (body, *flags, json_string (args_flag (cli, *flags)));
}

static err_t add (struct cli *cli)
{
	static const char *const flags[] = { "name", "role", "from", "until", NULL };
	const char *name;
	json_t *body, *answer;
	err_t err = args_word (cli, 1, "nama akun, misalnya siti.r",
			       "the account's name, for example siti.r", &name);

	if (err != ERR_OK)
		return err;
	body = json_pack ("{s:s}", "account", name);
	take_flags (cli, body, flags);
	err = args_finish (cli, 2);
	if (err != ERR_OK) {
		json_decref (body);
		return err;
	}
	err = client_ask (cli, "POST", "/v1/accounts", body, &answer);
	if (err != ERR_OK)
		return err;
	if (!client_printed (cli, answer))
		print_code (cli, answer);
	json_decref (answer);
	return ERR_OK;
}

static err_t change (struct cli *cli)
{
	static const char *const flags[] = { "name", "role", "until", NULL };
	json_t *body = json_object (), *answer = NULL;
	err_t err;

	take_flags (cli, body, flags);
	if (args_has (cli, "reopen"))
		json_object_set_new (body, "reopen", json_true ());
	err = post_to (cli, "", body, &answer);
	return said (cli, err, answer, "Sudah diubah.", "Changed.");
}

static err_t unlock_account (struct cli *cli)
{
	json_t *answer = NULL;
	err_t err = post_to (cli, "", json_pack ("{s:b}", "unlock", 1), &answer);

	return said (cli, err, answer, "Akun ini dapat dicoba lagi sekarang.",
		     "This account can be tried again now.");
}

static err_t dismiss (struct cli *cli)
{
	json_t *answer = NULL;
	err_t err = post_to (cli, "/dismiss", json_object (), &answer);

	return said (cli, err, answer, "Akun ini tidak dapat masuk lagi; sesinya sudah diakhiri.",
		     "This account can't sign in any more; its sessions have ended.");
}

static err_t end_sessions (struct cli *cli)
{
	json_t *answer = NULL;
	err_t err = post_to (cli, "/sessions/end", json_object (), &answer);

	return said (cli, err, answer, "Semua sesinya sudah diakhiri.", "All of its sessions have ended.");
}

static void print_reset (const struct cli *cli, const json_t *answer)
{
	if (json_is_string (json_object_get (answer, "code")))
		print_code (cli, answer);
	else if (json_get_flag (answer, "done", false))
		out_say (cli, "Langkah keduanya sudah dihapus; ia memasangnya lagi di konsol.",
			 "The second factor is removed; they set it up again at the console.");
	else
		out_say (cli,
			 "Tercatat. Orang kedua mengukuhkannya dalam 24 jam dengan permintaan yang sama.",
			 "Noted. A second person confirms it within 24 hours by asking for the same.");
}

static err_t reset (struct cli *cli)
{
	const char *what = args_has (cli, "second-factor") ? "second-factor" : "password";
	json_t *answer = NULL;
	err_t err = post_to (cli, "/reset", json_pack ("{s:s}", "what", what), &answer);

	if (err != ERR_OK)
		return err;
	if (!client_printed (cli, answer))
		print_reset (cli, answer);
	json_decref (answer);
	return ERR_OK;
}

/* ---- keys of software ----------------------------------------------------------- */

static json_t *words_of (const char *text)
{
	char *copy = must_text (text), *rest = copy;
	json_t *list = json_array ();

	for (char *word; (word = strsep (&rest, ", ")) != NULL;)
		if (*word != '\0')
			json_array_append_new (list, json_string (word));
	free (copy);
	return list;
}

static void print_key (const struct cli *cli, const json_t *key)
{
	out_sayf (cli,
		  "Kunci %s: %s\nHanya tampil sekali ini. Simpan di perangkat lunak itu, dan kirim sebagai "
		  "header Authorization: Bearer.",
		  "Key %s: %s\nShown this once. Keep it in that software, which sends it as the header "
		  "Authorization: Bearer.",
		  out_get (key, "name"), out_get (key, "key"));
}

static err_t key_add (struct cli *cli)
{
	static const char *const flags[] = { "role", "until", NULL };
	static const char *const lists[] = { "scopes", "kinds" };
	const char *name;
	json_t *body, *answer;
	err_t err = args_word (cli, 1, "nama perangkat lunak, misalnya simrs",
			       "the software's name, for example simrs", &name);

	if (err != ERR_OK)
		return err;
	body = json_pack ("{s:s}", "name", name);
	take_flags (cli, body, flags);
	for (size_t i = 0; i < COUNT_OF (lists); i++)
		if (args_flag (cli, lists[i]) != NULL)
			json_object_set_new (body, lists[i], words_of (args_flag (cli, lists[i])));
	err = args_finish (cli, 2);
	if (err != ERR_OK) {
		json_decref (body);
		return err;
	}
	err = client_ask (cli, "POST", "/v1/keys", body, &answer);
	if (err != ERR_OK)
		return err;
	if (!client_printed (cli, answer))
		print_key (cli, answer);
	json_decref (answer);
	return ERR_OK;
}

static void print_keys (const struct cli *cli, const json_t *items)
{
	OWNED (table) table = table_new (cli);
	size_t i;
	json_t *item;

	table_column (table, "Perangkat lunak", "Software");
	table_column (table, "Peran", "Role");
	table_column (table, "Terakhir dipakai", "Last used");
	table_column (table, "Berlaku", "In force");
	table_column (table, "Nomor", "Id");
	json_array_foreach ((json_t *)items, i, item)
	{
		char text[OUT_TEXT], more[OUT_TEXT];

		table_cell (table, out_get (item, "name"));
		table_cell (table, out_get (item, "role"));
		table_cell (table, out_time (cli, item, "used", text));
		table_cell (table, yes (cli, item, "open", more));
		table_cell (table, out_get (item, "id"));
	}
	table_print (table);
}

static err_t keys (struct cli *cli)
{
	json_t *items;
	err_t err = args_finish (cli, 1);

	if (err == ERR_OK)
		err = client_list (cli, "/v1/keys", &items);
	if (err != ERR_OK)
		return err;
	if (client_printed (cli, items))
		;
	else if (json_array_size (items) == 0)
		out_say (cli, "Belum ada kunci.", "There is no key yet.");
	else
		print_keys (cli, items);
	json_decref (items);
	return ERR_OK;
}

static err_t key_end (struct cli *cli)
{
	char path[160], id[64];
	const char *given;
	json_t *answer = NULL;
	err_t err = args_word (cli, 1, "nomor kunci dari jembatan account keys",
			       "the key's id from jembatan account keys", &given);

	if (err == ERR_OK)
		err = args_finish (cli, 2);
	if (err == ERR_OK)
		err = find_named (cli, "/v1/keys", "id", given, id);
	if (err != ERR_OK)
		return err;
	snprintf (path, sizeof path, "/v1/keys/%s/end", id);
	err = client_ask (cli, "POST", path, json_object (), &answer);
	return said (cli, err, answer, "Kunci ini tidak berlaku lagi.", "This key is no longer in force.");
}

static const struct {
	const char *word;
	err_t (*run) (struct cli *cli);
} actions[] = {
	{ "list", list },
	{ "add", add },
	{ "change", change },
	{ "dismiss", dismiss },
	{ "reset", reset },
	{ "unlock", unlock_account },
	{ "end-sessions", end_sessions },
	{ "keys", keys },
	{ "key-add", key_add },
	{ "key-end", key_end },
};

err_t run_account (struct cli *cli)
{
	if (cli->word_count == 0)
		return list (cli);
	for (size_t i = 0; i < COUNT_OF (actions); i++)
		if (strcmp (actions[i].word, cli->words[0]) == 0)
			return actions[i].run (cli);
	out_complain (cli,
		      "account %s tidak dikenal; pilih list, add, change, dismiss, reset, unlock, "
		      "end-sessions, keys, key-add atau key-end",
		      "there is no account %s; choose list, add, change, dismiss, reset, unlock, "
		      "end-sessions, keys, key-add or key-end",
		      quoted (cli->words[0]));
	return ERR_USAGE;
}
