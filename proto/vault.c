/*
 * Sealing at rest; see jembatan/vault.h.
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

#define KEY_BYTES crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES
#define DERIVE_DOMAIN "JMBTN-vault-v1"
#define KEY_FILE_START "jembatan-key-v1 LEDGER "
#define BACKUP_FILE_START "jembatan-key-v1 BACKUP "
#define CHECK_DOMAIN "JMBTN-key-check-v1"
#define CHECK_BYTES 4u
#define AT_KEY (sizeof KEY_FILE_START - 1)
#define AT_CHECK (AT_KEY + 2 * KEY_BYTES + 1)
#define KEY_FILE_BYTES (AT_CHECK + 2 * CHECK_BYTES + 1)

_Static_assert (sizeof KEY_FILE_START == sizeof BACKUP_FILE_START, "key files are equally long");
_Static_assert (NONCE_BYTES + TAG_BYTES == VAULT_OVERHEAD, "what sealing adds");

struct vault {
	uint8_t *key;   /* sodium_malloc, read-only once filled */
	bool scratch;   /* filled again and again, so never read-only */
};

static void *guarded (size_t size)
{
	void *memory = sodium_malloc (size);

	if (memory == NULL)
		abort ();
	return memory;
}

static vault_t *vault_alloc (void)
{
	vault_t *vault = must_alloc (sizeof *vault);

	vault->key = guarded (KEY_BYTES);
	return vault;
}

vault_t *vault_scratch (void)
{
	vault_t *vault = vault_alloc ();

	vault->scratch = true;
	return vault;
}

vault_t *vault_new (void)
{
	vault_t *vault = vault_alloc ();

	randombytes_buf (vault->key, KEY_BYTES);
	sodium_mprotect_readonly (vault->key);
	return vault;
}

void vault_destroy (vault_t **vault)
{
	if (*vault == NULL)
		return;
	sodium_free ((*vault)->key);   /* wipes it */
	free (*vault);
	*vault = NULL;
}

vault_t *vault_derive (const vault_t *vault, const char *purpose)
{
	vault_t *derived = vault_alloc ();
	crypto_generichash_state state;

	crypto_generichash_init (&state, vault->key, KEY_BYTES, KEY_BYTES);
	crypto_generichash_update (&state, (const uint8_t *)DERIVE_DOMAIN, sizeof DERIVE_DOMAIN);
	crypto_generichash_update (&state, (const uint8_t *)purpose, strlen (purpose));
	crypto_generichash_final (&state, derived->key, KEY_BYTES);
	sodium_memzero (&state, sizeof state);
	sodium_mprotect_readonly (derived->key);
	return derived;
}

struct bytes vault_key (const vault_t *vault)
{
	return (struct bytes){ vault->key, KEY_BYTES };
}

vault_t *vault_of_key (const uint8_t key[32])
{
	vault_t *vault = vault_alloc ();

	memcpy (vault->key, key, KEY_BYTES);
	sodium_mprotect_readonly (vault->key);
	return vault;
}

/* ---- sealing ------------------------------------------------------------------------------------ */

static void seal_into (const vault_t *vault, struct bytes place, struct bytes plain, uint8_t *ret)
{
	randombytes_buf (ret, NONCE_BYTES);
	crypto_aead_xchacha20poly1305_ietf_encrypt (ret + NONCE_BYTES, NULL, plain.data, plain.len,
						    place.data, place.len, NULL, ret, vault->key);
}

static bool open_into (const vault_t *vault, struct bytes place, struct bytes sealed, uint8_t *ret)
{
	return crypto_aead_xchacha20poly1305_ietf_decrypt (
		       ret, NULL, NULL, sealed.data + NONCE_BYTES, sealed.len - NONCE_BYTES,
		       place.data, place.len, sealed.data, vault->key) == 0;
}

struct bytes vault_seal (const vault_t *vault, struct bytes place, struct bytes plain,
			 arena_t *arena)
{
	uint8_t *sealed = arena_alloc (arena, plain.len + VAULT_OVERHEAD);

	if (sealed == NULL)
		return BYTES_NONE;
	seal_into (vault, place, plain, sealed);
	return (struct bytes){ sealed, plain.len + VAULT_OVERHEAD };
}

err_t vault_open (const vault_t *vault, struct bytes place, struct bytes sealed, arena_t *arena,
		  struct bytes *ret_plain)
{
	uint8_t *plain;

	if (sealed.len < VAULT_OVERHEAD)
		return ERR_CANNOT_OPEN;
	/* One byte more than the plain text: an end for those who know it to be text. */
	plain = arena_alloc (arena, sealed.len - VAULT_OVERHEAD + 1);
	if (plain == NULL)
		return ERR_TOO_LARGE;
	if (!open_into (vault, place, sealed, plain))
		return ERR_CANNOT_OPEN;
	*ret_plain = (struct bytes){ plain, sealed.len - VAULT_OVERHEAD };
	return ERR_OK;
}

void vault_wrap (const vault_t *vault, struct bytes place, const vault_t *inner,
		 uint8_t ret_wrapped[VAULT_WRAPPED_BYTES])
{
	seal_into (vault, place, (struct bytes){ inner->key, KEY_BYTES }, ret_wrapped);
}

err_t vault_unwrap (const vault_t *vault, struct bytes place, struct bytes wrapped, vault_t **inner)
{
	if (*inner == NULL)
		*inner = vault_alloc ();
	else if (!(*inner)->scratch)
		sodium_mprotect_readwrite ((*inner)->key);
	if (wrapped.len != VAULT_WRAPPED_BYTES
	    || !open_into (vault, place, wrapped, (*inner)->key)) {
		vault_destroy (inner);
		return ERR_CANNOT_OPEN;
	}
	if (!(*inner)->scratch)
		sodium_mprotect_readonly ((*inner)->key);
	return ERR_OK;
}

struct hash vault_blind (const vault_t *vault, struct bytes value)
{
	return hash_keyed ((struct bytes){ vault->key, KEY_BYTES }, value);
}

/* ---- the key file ------------------------------------------------------------------------------- */

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

/* Hex, with its end. */
static void put_check (const uint8_t *key, char ret_hex[2 * CHECK_BYTES + 1])
{
	struct hash hash = hash_of (bytes_of_text (CHECK_DOMAIN), (struct bytes){ key, KEY_BYTES });

	sodium_bin2hex (ret_hex, 2 * CHECK_BYTES + 1, hash.b, CHECK_BYTES);
}

static err_t save (const vault_t *vault, const char *start, const char *path, problems_t *problems)
{
	char copy[PATH_MAX];
	char *text;
	err_t err;

	if (mkdir (folder_of (path, copy), 0700) != 0 && errno != EEXIST)
		return flaw_problem (problems, FLAW_UNWRITABLE, path);
	text = guarded (KEY_FILE_BYTES + 1);
	memcpy (text, start, AT_KEY);
	sodium_bin2hex (text + AT_KEY, 2 * KEY_BYTES + 1, vault->key, KEY_BYTES);
	text[AT_CHECK - 1] = ' ';
	put_check (vault->key, text + AT_CHECK);
	text[KEY_FILE_BYTES - 1] = '\n';
	err = file_create (path, 0600, (struct bytes){ (uint8_t *)text, KEY_FILE_BYTES });
	sodium_free (text);
	if (err == ERR_OK)
		return ERR_OK;
	return flaw_problem (problems, err == ERR_EXISTS ? FLAW_EXISTS : FLAW_UNWRITABLE, path);
}

err_t vault_save (const vault_t *vault, const char *path, problems_t *problems)
{
	return save (vault, KEY_FILE_START, path, problems);
}

err_t vault_save_backup (const vault_t *vault, const char *path, problems_t *problems)
{
	return save (vault, BACKUP_FILE_START, path, problems);
}

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
	return about.st_size <= (off_t)KEY_FILE_BYTES ? FLAW_NONE : FLAW_FORM;
}

static bool is_lower_hex (const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!((text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f')))
			return false;
	return true;
}

/* Files that were written before there was a check end behind the key. */
static enum flaw parse (const char *text, size_t len, const char *start, uint8_t *ret_key)
{
	bool has_check = len == KEY_FILE_BYTES;
	char check[2 * CHECK_BYTES + 1];

	if ((len != KEY_FILE_BYTES && len != AT_CHECK) || memcmp (text, start, AT_KEY) != 0
	    || !is_lower_hex (text + AT_KEY, 2 * KEY_BYTES)
	    || text[AT_CHECK - 1] != (has_check ? ' ' : '\n') || text[len - 1] != '\n'
	    || sodium_hex2bin (ret_key, KEY_BYTES, text + AT_KEY, 2 * KEY_BYTES, NULL, NULL, NULL) != 0)
		return FLAW_FORM;
	put_check (ret_key, check);
	return !has_check || memcmp (text + AT_CHECK, check, 2 * CHECK_BYTES) == 0 ? FLAW_NONE
										    : FLAW_DAMAGED;
}

static enum flaw read_key (int fd, const char *start, uint8_t *ret_key)
{
	enum flaw flaw = file_flaw (fd);
	ssize_t len;
	char *text;

	if (flaw != FLAW_NONE)
		return flaw;
	text = guarded (KEY_FILE_BYTES);
	len = read (fd, text, KEY_FILE_BYTES);
	flaw = len >= 0 ? parse (text, (size_t)len, start, ret_key) : FLAW_UNREADABLE;
	sodium_free (text);
	return flaw;
}

static enum flaw load (const char *path, const char *start, uint8_t *ret_key)
{
	enum flaw flaw = folder_flaw (path);
	int fd;

	if (flaw != FLAW_NONE)
		return flaw;
	fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return errno == ENOENT ? FLAW_MISSING : FLAW_UNREADABLE;
	flaw = read_key (fd, start, ret_key);
	close (fd);
	return flaw;
}

static err_t load_vault (const char *path, const char *start, vault_t **ret_vault,
			 problems_t *problems)
{
	vault_t *vault = vault_alloc ();
	enum flaw flaw = load (path, start, vault->key);

	if (flaw != FLAW_NONE) {
		vault_destroy (&vault);
		return flaw_problem (problems, flaw, path);
	}
	sodium_mprotect_readonly (vault->key);
	*ret_vault = vault;
	return ERR_OK;
}

err_t vault_load (const char *path, vault_t **ret_vault, problems_t *problems)
{
	return load_vault (path, KEY_FILE_START, ret_vault, problems);
}

err_t vault_load_backup (const char *path, vault_t **ret_vault, problems_t *problems)
{
	return load_vault (path, BACKUP_FILE_START, ret_vault, problems);
}
