/*
 * Key pairs, signatures and hashes; see jembatan/keys.h.
 *
 * A pair's secret is in guarded memory from the moment it is made or read, and so is the text of a
 * key file on its way in and out.
 */
#include "jembatan/keys.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proto/file.h"
#include "proto/os_error.h"

#define KEY_ID_DOMAIN "JMBTN-key-v1"
#define KEY_FILE_MAGIC "jembatan-key-v1"
#define KEY_FILE_BYTES 512

/* clang-format off */
static const struct use {
	const char *name, *word;   /* in ids; in files and their names */
	size_t secret_len;
} uses[] = {
	[KEY_SIG]  = { "SIG",  "sig",  crypto_sign_SECRETKEYBYTES },
	[KEY_BOX]  = { "BOX",  "box",  crypto_box_SECRETKEYBYTES },
	[KEY_LINK] = { "LINK", "link", crypto_box_SECRETKEYBYTES },
	[KEY_LOG]  = { "LOG",  "log",  crypto_sign_SECRETKEYBYTES },
	[KEY_ROOT] = { "ROOT", "root", crypto_sign_SECRETKEYBYTES },
};
/* clang-format on */

struct keypair {
	enum key_use use;
	struct public_key public_key;
	struct key_id id;
	uint8_t *secret;   /* sodium_malloc, read-only once filled */
};

static const struct use *use_of (enum key_use use)
{
	assert (use >= KEY_SIG && use <= KEY_ROOT);
	return &uses[use];
}

static bool use_signs (enum key_use use)
{
	return use_of (use)->secret_len == crypto_sign_SECRETKEYBYTES;
}

err_t keys_start (void)
{
	return sodium_init () < 0 ? ERR_SELF_TEST : ERR_OK;
}

const char *key_use_name (enum key_use use)
{
	return use_of (use)->name;
}

struct key_id key_id_of (enum key_use use, const struct public_key *key)
{
	const char *name = use_of (use)->name;
	crypto_generichash_state state;
	struct key_id id;

	crypto_generichash_init (&state, NULL, 0, sizeof id.b);
	crypto_generichash_update (&state, (const uint8_t *)KEY_ID_DOMAIN, sizeof KEY_ID_DOMAIN);
	crypto_generichash_update (&state, (const uint8_t *)name, strlen (name) + 1);
	crypto_generichash_update (&state, key->b, sizeof key->b);
	crypto_generichash_final (&state, id.b, sizeof id.b);
	return id;
}

/* ---- pairs ------------------------------------------------------------------------- */

static void *guarded (size_t size)
{
	void *memory = sodium_malloc (size);

	if (memory == NULL)
		abort ();
	return memory;
}

static keypair_t *pair_alloc (enum key_use use)
{
	keypair_t *pair = must_alloc (sizeof *pair);

	memset (pair, 0, sizeof *pair);
	pair->use = use;
	pair->secret = guarded (use_of (use)->secret_len);
	return pair;
}

/* From here on nobody writes to the secret. */
static void pair_seal (keypair_t *pair)
{
	pair->id = key_id_of (pair->use, &pair->public_key);
	sodium_mprotect_readonly (pair->secret);
}

keypair_t *keypair_new (enum key_use use)
{
	keypair_t *pair = pair_alloc (use);

	if (use_signs (use))
		crypto_sign_keypair (pair->public_key.b, pair->secret);
	else
		crypto_box_keypair (pair->public_key.b, pair->secret);
	pair_seal (pair);
	return pair;
}

keypair_t *keypair_of_secret (enum key_use use, const uint8_t secret[32])
{
	keypair_t *pair = pair_alloc (use);

	assert (!use_signs (use));
	memcpy (pair->secret, secret, crypto_box_SECRETKEYBYTES);
	crypto_scalarmult_base (pair->public_key.b, pair->secret);
	pair_seal (pair);
	return pair;
}

void keypair_destroy (keypair_t **pair)
{
	if (pair == NULL || *pair == NULL)
		return;
	sodium_free ((*pair)->secret);   /* wipes it */
	free (*pair);
	*pair = NULL;
}

enum key_use keypair_use (const keypair_t *pair)
{
	return pair->use;
}

struct public_key keypair_public (const keypair_t *pair)
{
	return pair->public_key;
}

struct key_id keypair_id (const keypair_t *pair)
{
	return pair->id;
}

struct bytes keypair_secret (const keypair_t *pair)
{
	return (struct bytes){ pair->secret, use_of (pair->use)->secret_len };
}

/* ---- files ------------------------------------------------------------------------- */

static bool key_path (enum key_use use, const char *folder, char path[PATH_MAX])
{
	return snprintf (path, PATH_MAX, "%s/%s.key", folder, use_of (use)->word) < PATH_MAX;
}

static err_t save_problem (problems_t *problems, err_t err, const char *path)
{
	if (err == ERR_EXISTS)
		return problems_add (problems, err, "",
				     "berkas kunci %s sudah ada dan tidak ditimpa; pindahkan dahulu",
				     "the key file %s exists and is not overwritten; move it away first",
				     file_quoted (path));
	return problems_add_os (problems, err, "", errno,
				"berkas kunci %s tidak dapat ditulis; periksa folder dan ruang disk",
				"the key file %s can't be written; check the folder and free space",
				file_quoted (path));
}

/* The caller frees the text with sodium_free. */
static char *key_text (const keypair_t *pair)
{
	const struct use *use = use_of (pair->use);
	char *text = guarded (KEY_FILE_BYTES);
	size_t at = (size_t)snprintf (text, KEY_FILE_BYTES, KEY_FILE_MAGIC " %s ", use->word);

	sodium_bin2hex (text + at, KEY_FILE_BYTES - at, pair->secret, use->secret_len);
	at += 2 * use->secret_len;
	text[at++] = ' ';
	sodium_bin2hex (text + at, KEY_FILE_BYTES - at, pair->public_key.b,
			sizeof pair->public_key.b);
	at += 2 * sizeof pair->public_key.b;
	text[at++] = '\n';
	text[at] = '\0';
	return text;
}

err_t keypair_save (const keypair_t *pair, const char *folder, problems_t *problems)
{
	char path[PATH_MAX];
	char *text;
	err_t err;

	if (!key_path (pair->use, folder, path))
		return save_problem (problems, ERR_FILE, folder);
	if (mkdir (folder, 0700) != 0 && errno != EEXIST)
		return save_problem (problems, ERR_FILE, path);
	text = key_text (pair);
	err = file_create (path, 0600, bytes_of_text (text));
	sodium_free (text);
	return err == ERR_OK ? ERR_OK : save_problem (problems, err, path);
}

/* A key file is refused for one of these reasons; each says what to do. */
enum flaw {
	FLAW_NONE,
	FLAW_MISSING,
	FLAW_UNREADABLE,
	FLAW_OPEN_FILE,
	FLAW_OPEN_FOLDER,
	FLAW_FORM,
	FLAW_USE,
	FLAW_HALVES,
};

/* clang-format off */
static const struct { const char *id, *en; } flaws[] = {
	[FLAW_MISSING] = {
		"berkas kunci %s tidak ada; pulihkan dari cadangan, atau buat yang baru dengan perintah init",
		"the key file %s is missing; restore it from a backup, or make a new one with the command init" },
	[FLAW_UNREADABLE] = {
		"berkas kunci %s tidak dapat dibaca; periksa pemilik dan jenis berkasnya",
		"the key file %s can't be read; check its owner and that it is a plain file" },
	[FLAW_OPEN_FILE] = {
		"berkas kunci %s bukan milik pengguna ini atau dapat dibaca orang lain; jalankan chmod 600 padanya",
		"the key file %s is not this user's or others may read it; run chmod 600 on it" },
	[FLAW_OPEN_FOLDER] = {
		"folder berkas kunci %s dapat ditulisi orang lain; jalankan chmod 700 pada folder itu",
		"the folder of the key file %s is writable by others; run chmod 700 on the folder" },
	[FLAW_FORM] = {
		"berkas kunci %s bukan satu baris \"jembatan-key-v1 ...\" yang utuh; pulihkan dari cadangan",
		"the key file %s is not one whole line \"jembatan-key-v1 ...\"; restore it from a backup" },
	[FLAW_USE] = {
		"berkas kunci %s berisi kunci untuk kegunaan lain; kembalikan berkas yang benar",
		"the key file %s holds a key of another use; put the right file back" },
	[FLAW_HALVES] = {
		"berkas kunci %s rusak: kunci rahasia dan kunci publiknya tidak sepasang; pulihkan dari cadangan",
		"the key file %s is damaged: its secret and public halves don't match; restore it from a backup" },
};
/* clang-format on */

static enum flaw folder_flaw (const char *folder)
{
	struct stat about;

	if (stat (folder, &about) != 0)
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
	return about.st_size < KEY_FILE_BYTES ? FLAW_NONE : FLAW_FORM;
}

/* Reads into guarded memory of KEY_FILE_BYTES, leaving an end. */
static enum flaw read_text (int fd, char *text)
{
	enum flaw flaw = file_flaw (fd);
	ssize_t len;

	if (flaw != FLAW_NONE)
		return flaw;
	len = read (fd, text, KEY_FILE_BYTES - 1);
	if (len < 0)
		return FLAW_UNREADABLE;
	text[len] = '\0';
	return strlen (text) == (size_t)len ? FLAW_NONE : FLAW_FORM;
}

static enum flaw read_file (enum key_use use, const char *folder, char *text)
{
	char path[PATH_MAX];
	enum flaw flaw = folder_flaw (folder);
	int fd;

	if (flaw != FLAW_NONE)
		return flaw;
	if (!key_path (use, folder, path))
		return FLAW_UNREADABLE;
	fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return errno == ENOENT ? FLAW_MISSING : FLAW_UNREADABLE;
	flaw = read_text (fd, text);
	close (fd);
	return flaw;
}

/* Takes exactly `len` bytes of lower-case hex followed by `end` off the text. */
static bool take_hex (const char **text, uint8_t *ret, size_t len, char end)
{
	size_t i;

	for (i = 0; i < 2 * len; i++) {
		char c = (*text)[i];

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
			return false;
	}
	if ((*text)[i] != end)
		return false;
	*text += i + 1;
	return sodium_hex2bin (ret, len, *text - i - 1, 2 * len, NULL, NULL, NULL) == 0;
}

static bool take_word (const char **text, const char *word)
{
	size_t len = strlen (word);

	if (strncmp (*text, word, len) != 0 || (*text)[len] != ' ')
		return false;
	*text += len + 1;
	return true;
}

static bool take_any_use (const char **text)
{
	for (size_t i = KEY_SIG; i < COUNT_OF (uses); i++)
		if (take_word (text, uses[i].word))
			return true;
	return false;
}

/* Makes the public half anew from the secret one: that they belong together is worth nothing when
 * it is only claimed. */
static bool halves_match (const keypair_t *pair)
{
	uint8_t public_key[32];
	uint8_t *secret;
	bool same;

	if (!use_signs (pair->use))
		return crypto_scalarmult_base (public_key, pair->secret) == 0
		       && sodium_memcmp (public_key, pair->public_key.b, sizeof public_key) == 0;
	secret = guarded (crypto_sign_SECRETKEYBYTES);
	/* The first half of an Ed25519 secret is its seed. */
	crypto_sign_seed_keypair (public_key, secret, pair->secret);
	same = sodium_memcmp (secret, pair->secret, crypto_sign_SECRETKEYBYTES) == 0
	       && sodium_memcmp (public_key, pair->public_key.b, sizeof public_key) == 0;
	sodium_free (secret);
	return same;
}

static enum flaw parse_text (const char *text, keypair_t *pair)
{
	const struct use *use = use_of (pair->use);

	if (!take_word (&text, KEY_FILE_MAGIC))
		return FLAW_FORM;
	if (!take_word (&text, use->word))
		return take_any_use (&text) ? FLAW_USE : FLAW_FORM;
	if (!take_hex (&text, pair->secret, use->secret_len, ' ')
	    || !take_hex (&text, pair->public_key.b, sizeof pair->public_key.b, '\n')
	    || *text != '\0')
		return FLAW_FORM;
	return halves_match (pair) ? FLAW_NONE : FLAW_HALVES;
}

static err_t load_problem (problems_t *problems, enum flaw flaw, enum key_use use,
			   const char *folder)
{
	char path[PATH_MAX];

	if (!key_path (use, folder, path))
		snprintf (path, sizeof path, "%s.key", use_of (use)->word);
	/* Each text of the table has exactly one %s. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	return problems_add (problems, ERR_KEY_FILE, "", flaws[flaw].id, flaws[flaw].en,
			     file_quoted (path));
#pragma GCC diagnostic pop
}

err_t keypair_load (enum key_use use, const char *folder, keypair_t **ret_pair,
		    problems_t *problems)
{
	keypair_t *pair = pair_alloc (use);
	char *text = guarded (KEY_FILE_BYTES);
	enum flaw flaw = read_file (use, folder, text);

	if (flaw == FLAW_NONE)
		flaw = parse_text (text, pair);
	sodium_free (text);
	if (flaw != FLAW_NONE) {
		keypair_destroy (&pair);
		return load_problem (problems, flaw, use, folder);
	}
	pair_seal (pair);
	*ret_pair = pair;
	return ERR_OK;
}

/* ---- signatures and hashes --------------------------------------------------------- */

/* Ed25519 wants its message in one piece.  The caller frees it. */
static uint8_t *join (const char *domain, struct bytes a, struct bytes b, struct bytes c,
		      size_t *ret_len)
{
	const struct bytes parts[] = {
		{ (const uint8_t *)domain, strlen (domain) + 1 }, a, b, c,
	};
	size_t len = 0;
	uint8_t *joined;

	for (size_t i = 0; i < COUNT_OF (parts); i++)
		len += parts[i].len;
	joined = must_alloc (len);
	*ret_len = len;
	len = 0;
	for (size_t i = 0; i < COUNT_OF (parts); i++) {
		if (parts[i].len > 0)
			memcpy (joined + len, parts[i].data, parts[i].len);
		len += parts[i].len;
	}
	return joined;
}

struct signature sign_parts (const keypair_t *pair, const char *domain, struct bytes a,
			     struct bytes b, struct bytes c)
{
	struct signature signature;
	size_t len;
	uint8_t *message = join (domain, a, b, c, &len);

	assert (use_signs (pair->use));
	crypto_sign_detached (signature.b, NULL, message, len, pair->secret);
	free (message);
	return signature;
}

err_t verify_parts (const struct public_key *key, const struct signature *signature,
		    const char *domain, struct bytes a, struct bytes b, struct bytes c)
{
	size_t len;
	uint8_t *message = join (domain, a, b, c, &len);
	int verdict = crypto_sign_verify_detached (signature->b, message, len, key->b);

	free (message);
	return verdict == 0 ? ERR_OK : ERR_BAD_SIGNATURE;
}

static struct hash hash_two (struct bytes key, struct bytes a, struct bytes b)
{
	crypto_generichash_state state;
	struct hash hash;

	crypto_generichash_init (&state, key.len > 0 ? key.data : NULL, key.len, sizeof hash.b);
	if (a.len > 0)
		crypto_generichash_update (&state, a.data, a.len);
	if (b.len > 0)
		crypto_generichash_update (&state, b.data, b.len);
	crypto_generichash_final (&state, hash.b, sizeof hash.b);
	sodium_memzero (&state, sizeof state);
	return hash;
}

struct hash hash_of (struct bytes a, struct bytes b)
{
	return hash_two (BYTES_NONE, a, b);
}

struct hasher { crypto_generichash_state state; };

hasher_t *hasher_new (void)
{
	hasher_t *hasher = aligned_alloc (_Alignof (hasher_t), sizeof *hasher);

	if (hasher == NULL)
		abort ();
	crypto_generichash_init (&hasher->state, NULL, 0, sizeof (struct hash));
	return hasher;
}

void hasher_destroy (hasher_t **hasher)
{
	free (*hasher);
	*hasher = NULL;
}

void hasher_add (hasher_t *hasher, struct bytes piece)
{
	crypto_generichash_update (&hasher->state, piece.data, piece.len);
}

struct hash hasher_end (hasher_t *hasher)
{
	struct hash hash;

	crypto_generichash_final (&hasher->state, hash.b, sizeof hash.b);
	return hash;
}

struct hash hash_keyed (struct bytes key, struct bytes a)
{
	assert (key.len == 32);
	return hash_two (key, a, BYTES_NONE);
}
