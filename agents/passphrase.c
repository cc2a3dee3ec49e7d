#include "agents/passphrase.h"

#include <string.h>
#include <unistd.h>

#include "agents/ledger/ledger.h"
#include "agents/recovery.h"
#include "jembatan/keys.h"
#include "proto/file.h"
#include "proto/prompt.h"
#include "proto/text.h"

static const char *key_file (const config_t *config)
{
	return config_text (config, "paths/ledger_key");
}

/* ---- the present one ---------------------------------------------------------------------------- */

static err_t complain (problems_t *problems, err_t err)
{
	if (err == ERR_WRONG_PASSPHRASE)
		return problems_add (problems, err, "",
				     "frasa sandi salah; bila lupa, pakai lembar pemulihan: jembatan-agent "
				     "passphrase change --sheet",
				     "the passphrase is wrong; when it is forgotten, use the recovery "
				     "sheet: jembatan-agent passphrase change --sheet");
	return problems_add (problems, err, "",
			     "memori tidak cukup untuk frasa sandi (perlu %u MiB); tutup program lain, "
			     "lalu coba lagi",
			     "there is not enough memory for the passphrase (it takes %u MiB); close other "
			     "programs, then try again",
			     vault_lock_cost.kib / KIB);
}

static err_t ask_and_open (const struct locked_key *locked, FILE *in, vault_t **ret_key,
			   problems_t *problems)
{
	char *passphrase;
	err_t err = prompt_secret (in, "Frasa sandi buku besar", "Passphrase of the ledger", &passphrase,
				   problems);

	if (err != ERR_OK)
		return err;
	err = vault_unlock (locked, passphrase, ret_key);
	prompt_forget (&passphrase);
	return err == ERR_OK ? ERR_OK : complain (problems, err);
}

static err_t open_locked (const config_t *config, FILE *in, vault_t **ret_key, problems_t *problems)
{
	struct locked_key locked;
	err_t err = vault_load_locked (key_file (config), &locked, problems);

	return err == ERR_OK ? ask_and_open (&locked, in, ret_key, problems) : err;
}

bool passphrase_guards (const config_t *config)
{
	struct locked_key locked;

	return vault_load_locked (key_file (config), &locked, NULL) == ERR_OK;
}

err_t passphrase_key (const config_t *config, FILE *in, vault_t **ret_key, problems_t *problems)
{
	return passphrase_guards (config) ? open_locked (config, in, ret_key, problems)
					  : vault_load (key_file (config), ret_key, problems);
}

/* ---- a new one ---------------------------------------------------------------------------------- */

/* Words that nobody else has thought of, for whoever has no better idea; a suggestion, kept nowhere. */
static void suggest (FILE *in)
{
	char words[FINGERPRINT_TEXT];
	struct hash chance;

	if (!isatty (fileno (in)))
		return;
	random16_make (chance.b);
	random16_make (chance.b + 16);
	fprintf (stderr,
		 "Sedikitnya %u karakter; beberapa kata lebih mudah diingat. Misalnya, acak untuk Anda:\n"
		 "At least %u characters; several words are easier to remember. For example, by chance:\n\n"
		 "    %s\n\n",
		 PASSPHRASE_LEAST, PASSPHRASE_LEAST, fingerprint_words (&chance, words));
}

static size_t characters (const char *text)
{
	size_t count = 0;

	for (; *text != '\0'; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80 ? 1 : 0;
	return count;
}

static err_t judge (const char *first, const char *second, problems_t *problems)
{
	if (characters (first) < PASSPHRASE_LEAST)
		return problems_add (problems, ERR_INVALID, "",
				     "frasa sandi itu terlalu pendek; pakai sedikitnya %u karakter",
				     "that passphrase is too short; use at least %u characters",
				     PASSPHRASE_LEAST);
	if (strcmp (first, second) != 0)
		return problems_add (problems, ERR_INVALID, "",
				     "kedua frasa sandi tidak sama; jalankan perintah ini lagi",
				     "the two passphrases are not the same; run this command again");
	return ERR_OK;
}

/* Twice, because nobody sees what is typed.  The caller forgets it. */
static err_t ask_new (FILE *in, char **ret_passphrase, problems_t *problems)
{
	char *first = NULL, *second = NULL;
	err_t err;

	suggest (in);
	err = prompt_secret (in, "Frasa sandi baru", "New passphrase", &first, problems);
	if (err == ERR_OK)
		err = prompt_secret (in, "Sekali lagi", "Once more", &second, problems);
	if (err == ERR_OK)
		err = judge (first, second, problems);
	prompt_forget (&second);
	if (err != ERR_OK)
		prompt_forget (&first);
	else
		*ret_passphrase = first;
	return err;
}

/* What lies on the disk afterwards is read again: it is the only way back to the ledger. */
static err_t write_locked (const config_t *config, const struct locked_key *locked, problems_t *problems)
{
	struct locked_key written;
	err_t err = vault_replace_locked (locked, key_file (config), problems);

	if (err == ERR_OK)
		err = vault_load_locked (key_file (config), &written, problems);
	if (err == ERR_OK && (memcmp (written.salt, locked->salt, sizeof written.salt) != 0 ||
			      memcmp (written.sealed, locked->sealed, sizeof written.sealed) != 0))
		err = problems_add (problems, ERR_IO, "",
				    "berkas kunci %s tidak tersimpan dengan benar; periksa disk",
				    "the key file %s was not stored as written; check the disk",
				    file_quoted (key_file (config)));
	return err;
}

static err_t seal (const config_t *config, const vault_t *key, const char *passphrase,
		   problems_t *problems)
{
	struct locked_key locked;
	err_t err = vault_lock (key, passphrase, &vault_lock_cost, &locked);

	return err == ERR_OK ? write_locked (config, &locked, problems) : complain (problems, err);
}

/* ---- the key off the recovery sheet ------------------------------------------------------------- */

/* A sheet of another time may hold another key; the file that is replaced would be lost with it. */
static err_t prove (const config_t *config, const vault_t *key, problems_t *problems)
{
	OWNED (ledger) ledger = NULL;

	return ledger_unlock (config_text (config, "paths/data"), key, "L1-L4", &ledger, problems);
}

static err_t type_key (const config_t *config, FILE *in, vault_t **ret_key, problems_t *problems)
{
	OWNED (keypair) box = NULL;
	vault_t *key = NULL;
	err_t err = recovery_type (in, &key, &box, problems);

	if (err == ERR_OK)
		err = prove (config, key, problems);
	if (err == ERR_OK)
		*ret_key = key;
	else
		vault_destroy (&key);
	return err;
}

static err_t present_key (const config_t *config, FILE *in, bool sheet, vault_t **ret_key,
			  problems_t *problems)
{
	return sheet ? type_key (config, in, ret_key, problems)
		     : open_locked (config, in, ret_key, problems);
}

/* ---- the three commands ------------------------------------------------------------------------- */

/* There is no passphrase yet for which a sheet could stand in. */
err_t passphrase_set (const config_t *config, FILE *in, bool sheet, problems_t *problems)
{
	OWNED (vault) key = NULL;
	char *passphrase;
	err_t err;

	if (passphrase_guards (config))
		return problems_add (problems, ERR_CONFLICT, "",
				     "kunci dalam %s sudah dijaga frasa sandi; ganti dengan "
				     "jembatan-agent passphrase change",
				     "the key in %s is under a passphrase already; exchange it with "
				     "jembatan-agent passphrase change",
				     file_quoted (key_file (config)));
	err = vault_load (key_file (config), &key, problems);
	if (err == ERR_OK)
		err = ask_new (in, &passphrase, problems);
	if (err != ERR_OK)
		return err;
	err = seal (config, key, passphrase, problems);
	prompt_forget (&passphrase);
	return err;
}

/* With a sheet the new one is asked for first: the sheet ends with the input. */
static err_t change_with_sheet (const config_t *config, FILE *in, problems_t *problems)
{
	OWNED (vault) key = NULL;
	char *passphrase;
	err_t err = ask_new (in, &passphrase, problems);

	if (err != ERR_OK)
		return err;
	err = type_key (config, in, &key, problems);
	if (err == ERR_OK)
		err = seal (config, key, passphrase, problems);
	prompt_forget (&passphrase);
	return err;
}

static err_t change_with_old (const config_t *config, FILE *in, problems_t *problems)
{
	OWNED (vault) key = NULL;
	char *passphrase;
	err_t err = open_locked (config, in, &key, problems);

	if (err == ERR_OK)
		err = ask_new (in, &passphrase, problems);
	if (err != ERR_OK)
		return err;
	err = seal (config, key, passphrase, problems);
	prompt_forget (&passphrase);
	return err;
}

err_t passphrase_change (const config_t *config, FILE *in, bool sheet, problems_t *problems)
{
	return sheet ? change_with_sheet (config, in, problems)
		     : change_with_old (config, in, problems);
}

err_t passphrase_remove (const config_t *config, FILE *in, bool sheet, problems_t *problems)
{
	OWNED (vault) key = NULL;
	err_t err = present_key (config, in, sheet, &key, problems);

	return err == ERR_OK ? vault_replace (key, key_file (config), problems) : err;
}
