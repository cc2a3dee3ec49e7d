/*
 * Signed checkpoints of the custody log: a note as in C2SP signed-note and tlog-checkpoint.
 *
 *   <origin>\n<size>\n<base64 root>\n\n— <signer> <base64 (key hash[4] | sig[64])>\n
 *
 * The signature is Ed25519 over the three lines, their line ends included and no domain in front,
 * as that specification wants it.  Lines that other signers added are checked for their form and
 * otherwise passed over; extension lines are refused, because nothing here writes any.
 */
#include "jembatan/merkle.h"

#include <assert.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define DASH "\xe2\x80\x94 "   /* em dash and a space open a signature line */
#define KEY_HASH_BYTES 4u
#define ED25519_TYPE 0x01
#define B64 sodium_base64_VARIANT_ORIGINAL
#define MAX_SIGNATURES 16u

struct note_signature {
	uint8_t key_hash[KEY_HASH_BYTES];
	struct signature signature;
};

_Static_assert (sizeof (struct note_signature) == 68, "encoded as it lies in memory");

static void key_hash (const char *signer, const struct public_key *key,
		      uint8_t ret[KEY_HASH_BYTES])
{
	static const uint8_t between[] = { '\n', ED25519_TYPE };
	crypto_hash_sha256_state state;
	struct hash hash;

	crypto_hash_sha256_init (&state);
	crypto_hash_sha256_update (&state, (const uint8_t *)signer, strlen (signer));
	crypto_hash_sha256_update (&state, between, sizeof between);
	crypto_hash_sha256_update (&state, key->b, sizeof key->b);
	crypto_hash_sha256_final (&state, hash.b);
	memcpy (ret, hash.b, KEY_HASH_BYTES);
}

const char *checkpoint_sign (const struct checkpoint *checkpoint, const char *signer,
			     const keypair_t *log, arena_t *arena)
{
	struct public_key key = keypair_public (log);
	struct note_signature made;
	char root[64], sealed[128];
	const char *body;

	assert (keypair_use (log) == KEY_LOG);
	sodium_bin2base64 (root, sizeof root, checkpoint->root.b, sizeof checkpoint->root.b, B64);
	body = arena_printf (arena, "%s\n%llu\n%s\n", checkpoint->origin,
			     (unsigned long long)checkpoint->size, root);
	assert (body != NULL);
	key_hash (signer, &key, made.key_hash);
	crypto_sign_detached (made.signature.b, NULL, (const uint8_t *)body, strlen (body),
			      keypair_secret (log).data);
	sodium_bin2base64 (sealed, sizeof sealed, (const uint8_t *)&made, sizeof made, B64);
	return arena_printf (arena, "%s\n" DASH "%s %s\n", body, signer, sealed);
}

/* ---- reading ----------------------------------------------------------------------- */

/* A line that ends in \n, taken off the text; its end is not part of it. */
static bool take_line (const char **text, struct bytes *ret_line)
{
	const char *end = strchr (*text, '\n');

	if (end == NULL)
		return false;
	*ret_line = (struct bytes){ (const uint8_t *)*text, (size_t)(end - *text) };
	*text = end + 1;
	return true;
}

static bool is_printable (struct bytes line)
{
	for (size_t i = 0; i < line.len; i++)
		if (line.data[i] < 0x20 || line.data[i] == 0x7f)
			return false;
	return line.len > 0;
}

/* Decimal without leading zeros that fits 64 bits. */
static bool read_size (struct bytes line, uint64_t *ret_size)
{
	uint64_t size = 0;

	if (line.len == 0 || (line.len > 1 && line.data[0] == '0'))
		return false;
	for (size_t i = 0; i < line.len; i++) {
		if (line.data[i] < '0' || line.data[i] > '9'
		    || __builtin_mul_overflow (size, 10, &size)
		    || __builtin_add_overflow (size, line.data[i] - '0', &size))
			return false;
	}
	*ret_size = size;
	return true;
}

/* Exactly `len` bytes in the one canonical spelling. */
static bool read_base64 (struct bytes line, uint8_t *ret, size_t len)
{
	char again[128];
	size_t got;

	if (line.len >= sizeof again || line.len + 1 != sodium_base64_encoded_len (len, B64)
	    || sodium_base642bin (ret, len, (const char *)line.data, line.len, NULL, &got, NULL,
				  B64) != 0
	    || got != len)
		return false;
	sodium_bin2base64 (again, sizeof again, ret, len, B64);
	return memcmp (again, line.data, line.len) == 0;
}

static bool read_body (const char **text, arena_t *arena, struct checkpoint *ret)
{
	struct bytes origin, size, root, blank;

	if (!take_line (text, &origin) || !take_line (text, &size) || !take_line (text, &root)
	    || !take_line (text, &blank) || blank.len != 0)
		return false;
	if (!is_printable (origin) || !read_size (size, &ret->size)
	    || !read_base64 (root, ret->root.b, sizeof ret->root.b))
		return false;
	ret->origin = arena_printf (arena, "%.*s", (int)origin.len, (const char *)origin.data);
	return ret->origin != NULL;
}

struct signature_line {
	struct bytes name;
	struct bytes encoded;
};

/* "— <name> <base64>", the name without spaces or '+'. */
static bool split_line (struct bytes line, struct signature_line *ret)
{
	const size_t dash = sizeof DASH - 1;
	const uint8_t *space;
	struct bytes name;

	if (!is_printable (line) || line.len <= dash || memcmp (line.data, DASH, dash) != 0)
		return false;
	name.data = line.data + dash;
	space = memchr (name.data, ' ', line.len - dash);
	if (space == NULL || space == name.data)
		return false;
	name.len = (size_t)(space - name.data);
	ret->name = name;
	ret->encoded = (struct bytes){ space + 1, line.len - dash - name.len - 1 };
	return ret->encoded.len > 0 && memchr (name.data, '+', name.len) == NULL;
}

/* Some other signer's line: the form of its signature is not ours to know, only that it is base64 of
 * a key hash and something. */
static bool is_base64 (struct bytes text)
{
	uint8_t sink[LIMIT_CHECKPOINT_BYTES];
	size_t got;

	return sodium_base642bin (sink, sizeof sink, (const char *)text.data, text.len, NULL, &got,
				  NULL, B64) == 0
	       && got > KEY_HASH_BYTES;
}

struct trusted_signer {
	const char *name;
	const struct public_key *key;
	struct bytes body;
	size_t verified;
};

/* A line of the trusted name and key must verify; it is never passed over. */
static err_t judge_line (struct bytes text, struct trusted_signer *signer)
{
	struct note_signature given;
	struct signature_line line;
	uint8_t expected[KEY_HASH_BYTES];

	if (!split_line (text, &line))
		return ERR_MALFORMED;
	if (!bytes_equal (line.name, bytes_of_text (signer->name)))
		return is_base64 (line.encoded) ? ERR_OK : ERR_MALFORMED;
	if (!read_base64 (line.encoded, (uint8_t *)&given, sizeof given))
		return ERR_MALFORMED;
	key_hash (signer->name, signer->key, expected);
	if (memcmp (expected, given.key_hash, sizeof expected) != 0)
		return ERR_BAD_SIGNATURE;
	if (crypto_sign_verify_detached (given.signature.b, signer->body.data, signer->body.len,
					 signer->key->b) != 0)
		return ERR_BAD_SIGNATURE;
	signer->verified++;
	return ERR_OK;
}

static err_t judge_lines (const char *text, struct trusted_signer *signer)
{
	struct bytes line;
	size_t count = 0;

	while (*text != '\0') {
		err_t err = ERR_MALFORMED;

		if (count++ < MAX_SIGNATURES && take_line (&text, &line))
			err = judge_line (line, signer);
		if (err != ERR_OK)
			return err;
	}
	if (count == 0)
		return ERR_MALFORMED;
	return signer->verified > 0 ? ERR_OK : ERR_BAD_SIGNATURE;
}

err_t checkpoint_read (const char *note, const char *signer, const struct public_key *log_key,
		       arena_t *arena, struct checkpoint *ret_checkpoint)
{
	struct trusted_signer trusted = { .name = signer, .key = log_key };
	struct checkpoint read = { 0 };
	const char *rest = note;
	err_t err;

	if (strnlen (note, LIMIT_CHECKPOINT_BYTES + 1) > LIMIT_CHECKPOINT_BYTES)
		return ERR_TOO_LARGE;
	if (!read_body (&rest, arena, &read))
		return ERR_MALFORMED;
	/* The blank line separates; it is not signed. */
	trusted.body = (struct bytes){ (const uint8_t *)note, (size_t)(rest - note) - 1 };
	err = judge_lines (rest, &trusted);
	if (err == ERR_OK)
		*ret_checkpoint = read;
	return err;
}
