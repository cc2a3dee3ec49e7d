/*
 * Key files of vaults; see jembatan/vault.h.
 *
 * The text of a file is in guarded memory on its way in and out.
 */
#include "jembatan/vault.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jembatan/keys.h"
#include "proto/file.h"

#define KEY_BYTES 32u
#define KEY_FILE_START "jembatan-key-v1 LEDGER "
#define BACKUP_FILE_START "jembatan-key-v1 BACKUP "
#define LOCKED_FILE_START "jembatan-key-v1 LEDGER-LOCKED argon2id "
#define CHECK_DOMAIN "JMBTN-key-check-v1"
#define CHECK_BYTES 4u
#define AT_KEY (sizeof KEY_FILE_START - 1)
#define AT_CHECK (AT_KEY + 2 * KEY_BYTES + 1)
#define KEY_FILE_BYTES (AT_CHECK + 2 * CHECK_BYTES + 1)
#define FILE_BYTES 400u              /* more than a line of either kind */

_Static_assert (sizeof KEY_FILE_START == sizeof BACKUP_FILE_START, "key files are equally long");

enum flaw {
	FLAW_NONE,
	FLAW_EXISTS,
	FLAW_UNWRITABLE,
	FLAW_MISSING,
	FLAW_UNREADABLE,
	FLAW_OPEN_FILE,
	FLAW_OPEN_FOLDER,
	FLAW_FORM,
	FLAW_DAMAGED,
	FLAW_LOCKED,
	FLAW_NOT_LOCKED,
};

/* clang-format off */
static const struct { err_t err; const char *id, *en; } flaws[] = {
	[FLAW_EXISTS] = { ERR_EXISTS,
		"berkas kunci %s sudah ada dan tidak ditimpa; pindahkan dahulu",
		"the key file %s exists and is not overwritten; move it away first" },
	[FLAW_UNWRITABLE] = { ERR_FILE,
		"berkas kunci %s tidak dapat ditulis; periksa folder dan ruang disk",
		"the key file %s can't be written; check the folder and free space" },
	[FLAW_MISSING] = { ERR_KEY_FILE,
		"berkas kunci %s tidak ada; kembalikan dari salinannya atau dari lembar pemulihan",
		"the key file %s is missing; put it back from a copy or from the recovery sheet" },
	[FLAW_UNREADABLE] = { ERR_KEY_FILE,
		"berkas kunci %s tidak dapat dibaca; periksa pemilik dan jenis berkasnya",
		"the key file %s can't be read; check its owner and that it is a plain file" },
	[FLAW_OPEN_FILE] = { ERR_KEY_FILE,
		"berkas kunci %s bukan milik pengguna ini atau dapat dibaca orang lain; jalankan chmod 600 padanya",
		"the key file %s is not this user's or others may read it; run chmod 600 on it" },
	[FLAW_OPEN_FOLDER] = { ERR_KEY_FILE,
		"folder berkas kunci %s dapat ditulisi orang lain; jalankan chmod 700 pada folder itu",
		"the folder of the key file %s is writable by others; run chmod 700 on the folder" },
	[FLAW_FORM] = { ERR_KEY_FILE,
		"berkas kunci %s bukan satu baris \"jembatan-key-v1 ...\" yang utuh; kembalikan dari salinannya atau dari lembar pemulihan",
		"the key file %s is not one whole line \"jembatan-key-v1 ...\" of its use; put it back from a copy or from the recovery sheet" },
	[FLAW_DAMAGED] = { ERR_KEY_FILE,
		"berkas kunci %s rusak: kunci dan angka ujinya tidak cocok; kembalikan dari salinannya atau dari lembar pemulihan",
		"the key file %s is damaged: its key and its check don't match; put it back from a copy or from the recovery sheet" },
	[FLAW_LOCKED] = { ERR_LEDGER_LOCKED,
		"kunci dalam %s dijaga frasa sandi",
		"the key in %s is under a passphrase" },
	[FLAW_NOT_LOCKED] = { ERR_CONFLICT,
		"kunci dalam %s tidak dijaga frasa sandi; pasang dengan jembatan-agent passphrase set",
		"the key in %s is not under a passphrase; set one with jembatan-agent passphrase set" },
};
/* clang-format on */

static err_t flaw_problem (problems_t *problems, enum flaw flaw, const char *path)
{
	if (flaw == FLAW_NONE)
		return ERR_OK;
	return problems_add (problems, flaws[flaw].err, "", flaws[flaw].id, flaws[flaw].en,
			     quoted (path));
}

static char *folder_of (const char *path, char copy[PATH_MAX])
{
	snprintf (copy, PATH_MAX, "%s", path);
	return dirname (copy);
}

static void *guarded (size_t size)
{
	void *memory = sodium_malloc (size);

	if (memory == NULL)
		abort ();
	return memory;
}

/* Hex, with its end. */
static void put_check (struct bytes what, char ret_hex[2 * CHECK_BYTES + 1])
{
	struct hash hash = hash_of (bytes_of_text (CHECK_DOMAIN), what);

	sodium_bin2hex (ret_hex, 2 * CHECK_BYTES + 1, hash.b, CHECK_BYTES);
}

/* ---- writing ------------------------------------------------------------------------------------ */

typedef err_t write_fn (const char *path, mode_t mode, struct bytes content);

static err_t write_line (const char *text, size_t len, write_fn *write_file, const char *path,
			 problems_t *problems)
{
	char copy[PATH_MAX];
	err_t err;

	if (mkdir (folder_of (path, copy), 0700) != 0 && errno != EEXIST)
		return flaw_problem (problems, FLAW_UNWRITABLE, path);
	err = write_file (path, 0600, (struct bytes){ (const uint8_t *)text, len });
	if (err == ERR_OK)
		return ERR_OK;
	return flaw_problem (problems, err == ERR_EXISTS ? FLAW_EXISTS : FLAW_UNWRITABLE, path);
}

static err_t save (const vault_t *vault, const char *start, write_fn *write_file, const char *path,
		   problems_t *problems)
{
	char *text = guarded (KEY_FILE_BYTES + 1);
	err_t err;

	memcpy (text, start, AT_KEY);
	sodium_bin2hex (text + AT_KEY, 2 * KEY_BYTES + 1, vault_key (vault).data, KEY_BYTES);
	text[AT_CHECK - 1] = ' ';
	put_check (vault_key (vault), text + AT_CHECK);
	text[KEY_FILE_BYTES - 1] = '\n';
	err = write_line (text, KEY_FILE_BYTES, write_file, path, problems);
	sodium_free (text);
	return err;
}

err_t vault_save (const vault_t *vault, const char *path, problems_t *problems)
{
	return save (vault, KEY_FILE_START, file_create, path, problems);
}

err_t vault_replace (const vault_t *vault, const char *path, problems_t *problems)
{
	return save (vault, KEY_FILE_START, file_replace, path, problems);
}

err_t vault_save_backup (const vault_t *vault, const char *path, problems_t *problems)
{
	return save (vault, BACKUP_FILE_START, file_create, path, problems);
}

err_t vault_replace_locked (const struct locked_key *locked, const char *path, problems_t *problems)
{
	char text[FILE_BYTES], salt[2 * sizeof locked->salt + 1], sealed[2 * sizeof locked->sealed + 1];
	size_t len;

	sodium_bin2hex (salt, sizeof salt, locked->salt, sizeof locked->salt);
	sodium_bin2hex (sealed, sizeof sealed, locked->sealed, sizeof locked->sealed);
	len = (size_t)snprintf (text, sizeof text, LOCKED_FILE_START "%u %u %s %s ",
				locked->cost.passes, locked->cost.kib, salt, sealed);
	put_check ((struct bytes){ (uint8_t *)text, len }, text + len);
	len += 2 * CHECK_BYTES;
	text[len++] = '\n';
	return write_line (text, len, file_replace, path, problems);
}

/* ---- reading ------------------------------------------------------------------------------------ */

static enum flaw folder_flaw (const char *path)
{
	char copy[PATH_MAX];
	struct stat about;

	if (stat (folder_of (path, copy), &about) != 0)
		return FLAW_MISSING;
	return (about.st_mode & (S_IWGRP | S_IWOTH)) != 0 ? FLAW_OPEN_FOLDER : FLAW_NONE;
}

static enum flaw file_flaw (int fd)
{
	struct stat about;

	if (fstat (fd, &about) != 0 || !S_ISREG (about.st_mode))
		return FLAW_UNREADABLE;
	if (about.st_uid != geteuid () || (about.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return FLAW_OPEN_FILE;
	return about.st_size < (off_t)FILE_BYTES ? FLAW_NONE : FLAW_FORM;
}

/* Into guarded memory of FILE_BYTES, with an end. */
static enum flaw read_text (int fd, char *text, size_t *ret_len)
{
	enum flaw flaw = file_flaw (fd);
	ssize_t len;

	if (flaw != FLAW_NONE)
		return flaw;
	len = read (fd, text, FILE_BYTES - 1);
	if (len < 0)
		return FLAW_UNREADABLE;
	text[len] = '\0';
	*ret_len = (size_t)len;
	return FLAW_NONE;
}

static enum flaw read_line (const char *path, char *text, size_t *ret_len)
{
	enum flaw flaw = folder_flaw (path);
	int fd;

	if (flaw != FLAW_NONE)
		return flaw;
	fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return errno == ENOENT ? FLAW_MISSING : FLAW_UNREADABLE;
	flaw = read_text (fd, text, ret_len);
	close (fd);
	return flaw;
}

static bool starts (const char *text, const char *start)
{
	return strncmp (text, start, strlen (start)) == 0;
}

static bool is_lower_hex (const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!((text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f')))
			return false;
	return true;
}

static bool take_hex (const char *text, uint8_t *ret, size_t len)
{
	return is_lower_hex (text, 2 * len) &&
	       sodium_hex2bin (ret, len, text, 2 * len, NULL, NULL, NULL) == 0;
}

/* Files that were written before there was a check end behind the key. */
static enum flaw parse_plain (const char *text, size_t len, const char *start, uint8_t *ret_key)
{
	bool has_check = len == KEY_FILE_BYTES;
	char check[2 * CHECK_BYTES + 1];

	if (starts (text, LOCKED_FILE_START))
		return FLAW_LOCKED;
	if ((len != KEY_FILE_BYTES && len != AT_CHECK) || !starts (text, start) ||
	    text[AT_CHECK - 1] != (has_check ? ' ' : '\n') || text[len - 1] != '\n' ||
	    !take_hex (text + AT_KEY, ret_key, KEY_BYTES))
		return FLAW_FORM;
	put_check ((struct bytes){ ret_key, KEY_BYTES }, check);
	return !has_check || memcmp (text + AT_CHECK, check, 2 * CHECK_BYTES) == 0 ? FLAW_NONE
										    : FLAW_DAMAGED;
}

static err_t load_vault (const char *path, const char *start, vault_t **ret_vault,
			 problems_t *problems)
{
	char *text = guarded (FILE_BYTES);
	uint8_t *key = guarded (KEY_BYTES);
	size_t len;
	enum flaw flaw = read_line (path, text, &len);

	if (flaw == FLAW_NONE)
		flaw = parse_plain (text, len, start, key);
	if (flaw == FLAW_NONE)
		*ret_vault = vault_of_key (key);
	sodium_free (text);
	sodium_free (key);
	return flaw_problem (problems, flaw, path);
}

err_t vault_load (const char *path, vault_t **ret_vault, problems_t *problems)
{
	return load_vault (path, KEY_FILE_START, ret_vault, problems);
}

err_t vault_load_backup (const char *path, vault_t **ret_vault, problems_t *problems)
{
	return load_vault (path, BACKUP_FILE_START, ret_vault, problems);
}

/* A number of the line, without sign or leading zero, and the blank behind it. */
static bool take_number (const char **text, uint32_t least, uint32_t most, uint32_t *ret_number)
{
	uint64_t number = 0;
	const char *at = *text;

	for (; *at >= '0' && *at <= '9' && number <= most; at++)
		number = 10 * number + (uint64_t)(*at - '0');
	if (at == *text || **text == '0' || *at != ' ' || number < least || number > most)
		return false;
	*ret_number = (uint32_t)number;
	*text = at + 1;
	return true;
}

static bool take_field (const char **text, uint8_t *ret, size_t len, char end)
{
	if (strlen (*text) < 2 * len + 1 || (*text)[2 * len] != end || !take_hex (*text, ret, len))
		return false;
	*text += 2 * len + 1;
	return true;
}

/* The check stands over all that is before it, so that a damaged file is not taken for a mistyped
 * passphrase. */
static enum flaw parse_locked (const char *text, size_t len, struct locked_key *ret_locked)
{
	const char *at = text + sizeof LOCKED_FILE_START - 1;
	char check[2 * CHECK_BYTES + 1];
	uint8_t found[CHECK_BYTES];
	size_t before = len - 2 * CHECK_BYTES - 1;

	if (starts (text, KEY_FILE_START) && (len == KEY_FILE_BYTES || len == AT_CHECK))
		return FLAW_NOT_LOCKED;
	if (!starts (text, LOCKED_FILE_START) ||
	    !take_number (&at, 1, VAULT_PASSES_MOST, &ret_locked->cost.passes) ||
	    !take_number (&at, VAULT_KIB_LEAST, VAULT_KIB_MOST, &ret_locked->cost.kib) ||
	    !take_field (&at, ret_locked->salt, sizeof ret_locked->salt, ' ') ||
	    !take_field (&at, ret_locked->sealed, sizeof ret_locked->sealed, ' ') ||
	    !take_field (&at, found, sizeof found, '\n') || at != text + len)
		return FLAW_FORM;
	put_check ((struct bytes){ (const uint8_t *)text, before }, check);
	return memcmp (text + before, check, 2 * CHECK_BYTES) == 0 ? FLAW_NONE : FLAW_DAMAGED;
}

err_t vault_load_locked (const char *path, struct locked_key *ret_locked, problems_t *problems)
{
	struct locked_key locked;
	char *text = guarded (FILE_BYTES);
	size_t len;
	enum flaw flaw = read_line (path, text, &len);

	if (flaw == FLAW_NONE)
		flaw = parse_locked (text, len, &locked);
	if (flaw == FLAW_NONE)
		*ret_locked = locked;
	sodium_free (text);
	return flaw_problem (problems, flaw, path);
}
