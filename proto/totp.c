/* One-time passwords; see totp.h.  SHA-1 is here because libsodium has none, and for nothing else. */
#include "proto/totp.h"

#include <stdio.h>
#include <string.h>

#include "proto/secret.h"

#define BLOCK 64u
#define DIGEST 20u

/* ---- SHA-1 (RFC 3174) --------------------------------------------------------------------------- */

struct sha1 {
	uint32_t h[5];
	uint64_t bytes;
	uint8_t block[BLOCK];
};

static uint32_t rotate (uint32_t word, unsigned by)
{
	return word << by | word >> (32 - by);
}

static void schedule (const uint8_t block[BLOCK], uint32_t w[80])
{
	for (unsigned t = 0; t < 16; t++)
		w[t] = (uint32_t)block[4 * t] << 24 | (uint32_t)block[4 * t + 1] << 16 |
		       (uint32_t)block[4 * t + 2] << 8 | block[4 * t + 3];
	for (unsigned t = 16; t < 80; t++)
		w[t] = rotate (w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
}

/* RFC 3174 section 5: one function and one constant for each twenty rounds. */
static uint32_t mix (unsigned t, uint32_t b, uint32_t c, uint32_t d)
{
	if (t < 20)
		return ((b & c) | (~b & d)) + 0x5a827999u;
	if (t < 40)
		return (b ^ c ^ d) + 0x6ed9eba1u;
	if (t < 60)
		return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdcu;
	return (b ^ c ^ d) + 0xca62c1d6u;
}

static void compress (struct sha1 *sha1)
{
	uint32_t w[80], v[5];

	schedule (sha1->block, w);
	memcpy (v, sha1->h, sizeof v);
	for (unsigned t = 0; t < 80; t++) {
		uint32_t next = rotate (v[0], 5) + mix (t, v[1], v[2], v[3]) + v[4] + w[t];

		v[4] = v[3];
		v[3] = v[2];
		v[2] = rotate (v[1], 30);
		v[1] = v[0];
		v[0] = next;
	}
	for (unsigned i = 0; i < 5; i++)
		sha1->h[i] += v[i];
}

static void sha1_add (struct sha1 *sha1, struct bytes more)
{
	for (size_t i = 0; i < more.len; i++) {
		sha1->block[sha1->bytes++ % BLOCK] = more.data[i];
		if (sha1->bytes % BLOCK == 0)
			compress (sha1);
	}
}

static void sha1_end (struct sha1 *sha1, uint8_t ret_digest[DIGEST])
{
	static const uint8_t one = 0x80, zero = 0;
	uint64_t bits = sha1->bytes * 8;
	uint8_t length[8];

	for (unsigned i = 0; i < 8; i++)
		length[i] = (uint8_t)(bits >> (56 - 8 * i));
	sha1_add (sha1, (struct bytes){ &one, 1 });
	while (sha1->bytes % BLOCK != BLOCK - 8)
		sha1_add (sha1, (struct bytes){ &zero, 1 });
	sha1_add (sha1, BYTES_OF (length));
	for (unsigned i = 0; i < DIGEST; i++)
		ret_digest[i] = (uint8_t)(sha1->h[i / 4] >> (24 - 8 * (i % 4)));
}

static void sha1_of (struct bytes a, struct bytes b, uint8_t ret_digest[DIGEST])
{
	struct sha1 sha1 = {
		.h = { 0x67452301u, 0xefcdab89u, 0x98badcfeu, 0x10325476u, 0xc3d2e1f0u }
	};

	sha1_add (&sha1, a);
	sha1_add (&sha1, b);
	sha1_end (&sha1, ret_digest);
}

void hmac_sha1 (struct bytes key, struct bytes message, uint8_t ret_mac[20])
{
	uint8_t inner[BLOCK] = { 0 }, outer[BLOCK], digest[DIGEST];

	if (key.len > BLOCK)
		sha1_of (key, BYTES_NONE, inner);
	else if (key.len > 0)
		memcpy (inner, key.data, key.len);
	for (unsigned i = 0; i < BLOCK; i++) {
		outer[i] = inner[i] ^ 0x5c;
		inner[i] ^= 0x36;
	}
	sha1_of (BYTES_OF (inner), message, digest);
	sha1_of (BYTES_OF (outer), BYTES_OF (digest), ret_mac);
}

/* ---- codes -------------------------------------------------------------------------------------- */

void hotp_text (struct bytes secret, uint64_t counter, unsigned digits, char ret_code[9])
{
	uint8_t message[8], mac[DIGEST];
	uint32_t number, modulus = 1;
	const uint8_t *at;

	for (unsigned i = 0; i < 8; i++)
		message[i] = (uint8_t)(counter >> (56 - 8 * i));
	hmac_sha1 (secret, BYTES_OF (message), mac);
	at = mac + (mac[DIGEST - 1] & 15);
	number = (uint32_t)(at[0] & 127) << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
	for (unsigned i = 0; i < digits; i++)
		modulus *= 10;
	snprintf (ret_code, 9, "%0*u", (int)digits, number % modulus);
}

err_t totp_check (struct bytes secret, const char *code, int64_t now_ms, uint64_t last,
		  uint64_t *ret_step)
{
	uint64_t now = (uint64_t)(now_ms / TOTP_STEP_MS);

	for (uint64_t step = now - TOTP_WINDOW; step <= now + TOTP_WINDOW; step++) {
		char expected[9];

		hotp_text (secret, step, 6, expected);
		if (step <= last || strlen (code) != TOTP_TEXT - 1
		    || !secret_equal ((const uint8_t *)code, (const uint8_t *)expected, TOTP_TEXT - 1))
			continue;
		*ret_step = step;
		return ERR_OK;
	}
	return ERR_NOT_SIGNED_IN;
}

/* ---- showing the secret ------------------------------------------------------------------------- */

char *totp_secret_text (struct bytes secret, char text[TOTP_SECRET_TEXT])
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	size_t bits = secret.len * 8, len = 0;

	for (size_t at = 0; at < bits && len + 1 < TOTP_SECRET_TEXT; at += 5) {
		unsigned value = 0;

		for (size_t bit = at; bit < at + 5; bit++)
			value = value << 1 |
				(bit < bits ? secret.data[bit / 8] >> (7 - bit % 8) & 1u : 0u);
		text[len++] = digits[value];
	}
	text[len] = '\0';
	return text;
}

static void put_encoded (char *uri, size_t *len, const char *text)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

	for (; *text != '\0' && *len + 4 < TOTP_URI_TEXT; text++)
		*len += (size_t)snprintf (uri + *len, TOTP_URI_TEXT - *len,
					  strchr (plain, *text) != NULL ? "%c" : "%%%02X",
					  (unsigned char)*text);
}

static void put (char *uri, size_t *len, const char *text)
{
	*len += (size_t)snprintf (uri + *len, TOTP_URI_TEXT - *len, "%s", text);
}

char *totp_uri (struct bytes secret, const char *issuer, const char *account,
		char uri[TOTP_URI_TEXT])
{
	char text[TOTP_SECRET_TEXT];
	size_t len = 0;

	put (uri, &len, "otpauth://totp/");
	put_encoded (uri, &len, issuer);
	put (uri, &len, ":");
	put_encoded (uri, &len, account);
	put (uri, &len, "?secret=");
	put (uri, &len, totp_secret_text (secret, text));
	put (uri, &len, "&issuer=");
	put_encoded (uri, &len, issuer);
	return uri;
}
