/*
 * Signing, verifying and judging consent; see jembatan/consent.h.  Their bytes are read and written
 * in wire_consent.c.
 */
#include "jembatan/consent.h"

#include <string.h>

#include "proto/wire.h"

#define CONSENT_DOMAIN "JMBTN-consent-v1"
#define WITHDRAW_DOMAIN "JMBTN-withdraw-v1"

err_t clause_sign (const struct clause *clause, const keypair_t *sig, arena_t *arena,
		   struct signed_clause *ret_signed)
{
	struct bytes encoded;
	err_t err = wire_clause_encode (clause, arena, &encoded);

	if (err != ERR_OK)
		return err;
	ret_signed->clause = encoded;
	ret_signed->sig_key_id = keypair_id (sig);
	ret_signed->signature = sign_parts (sig, CONSENT_DOMAIN, encoded, BYTES_NONE, BYTES_NONE);
	return ERR_OK;
}

/* A signature counts only under the key that it names. */
static err_t verify_named (const struct key_id *named, const struct signature *signature,
			   const char *domain, struct bytes content, const struct public_key *key)
{
	struct key_id id = key_id_of (KEY_SIG, key);

	if (content.len == 0 || !ID_EQUAL (id, *named))
		return ERR_BAD_SIGNATURE;
	return verify_parts (key, signature, domain, content, BYTES_NONE, BYTES_NONE);
}

err_t clause_verify (const struct signed_clause *signed_clause, const struct public_key *key)
{
	return verify_named (&signed_clause->sig_key_id, &signed_clause->signature, CONSENT_DOMAIN,
			     signed_clause->clause, key);
}

err_t withdrawal_sign (const struct withdrawal *withdrawal, const keypair_t *sig, arena_t *arena,
		       struct signed_withdrawal *ret_signed)
{
	struct signed_withdrawal made = { .withdrawal = BYTES_NONE };
	err_t err = wire_withdrawal_encode (withdrawal, arena, &made.withdrawal);

	if (err != ERR_OK)
		return err;
	if (sig != NULL) {
		made.sig_key_id = keypair_id (sig);
		made.signature = sign_parts (sig, WITHDRAW_DOMAIN, made.withdrawal, BYTES_NONE,
					     BYTES_NONE);
	}
	*ret_signed = made;
	return ERR_OK;
}

err_t withdrawal_verify (const struct signed_withdrawal *signed_withdrawal,
			 const struct public_key *key)
{
	return verify_named (&signed_withdrawal->sig_key_id, &signed_withdrawal->signature,
			     WITHDRAW_DOMAIN, signed_withdrawal->withdrawal, key);
}

/* ---- what a clause covers ---------------------------------------------------------- */

static const char *given (const char *text)
{
	return text != NULL ? text : "";
}

/* "17.71" holds itself and "17.71.02" but not "17.710"; "" holds everything. */
static bool region_holds (const char *outer, const char *inner)
{
	size_t len = strlen (outer);

	if (len == 0)
		return true;
	return strncmp (outer, inner, len) == 0 && (inner[len] == '\0' || inner[len] == '.');
}

static bool covers_recipient (const struct clause *clause, const struct consent_need *need)
{
	const char *kind = given (clause->recipient_kind);

	if (clause->recipient.text[0] != '\0')
		return agency_id_equal (&clause->recipient, need->recipient);
	return kind[0] != '\0' && strcmp (kind, given (need->recipient_kind)) == 0
	       && region_holds (given (clause->recipient_region), given (need->recipient_region));
}

static bool covers_purpose (const struct clause *clause, const struct consent_need *need)
{
	const char *purpose = given (clause->purpose);

	return purpose[0] != '\0' && strcmp (purpose, given (need->purpose)) == 0;
}

static bool covers_label (const struct clause *clause, const char *label)
{
	for (size_t i = 0; i < clause->label_count; i++)
		if (strcmp (clause->labels[i], label) == 0)
			return true;
	return false;
}

static bool covers_labels (const struct clause *clause, const struct consent_need *need)
{
	for (size_t i = 0; i < need->label_count; i++)
		if (!covers_label (clause, need->labels[i]))
			return false;
	return true;
}

err_t consent_covers (const struct clause *clause, const struct consent_need *need)
{
	if (!covers_recipient (clause, need) || !covers_purpose (clause, need)
	    || !covers_labels (clause, need) || need->at_ms < clause->valid_from_ms)
		return ERR_NO_CONSENT;
	return need->at_ms <= clause->valid_to_ms ? ERR_OK : ERR_CONSENT_EXPIRED;
}
