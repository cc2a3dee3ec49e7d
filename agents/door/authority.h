/*
 * The agency's own certificate authority: with it the console can be opened over TLS in an office
 * that has no name on the internet.  It is made once, on this box, and its public half is installed on
 * every computer that opens the console (`jembatan-agent console guide`); the console's certificate is
 * made with it, and made anew whenever that is due.  Nothing of it is known to hub or partners.
 *
 *   KEYS/console-ca.pem   key and certificate of the authority (ECDSA P-256, ten years), 0600
 *   KEYS/console.pem      key and chain of the console (ECDSA P-256, 397 days), 0600
 *
 * The authority binds itself (RFC 5280, 4.2.1.10): it can speak only for names in .local, for localhost,
 * for this box's name of the day it was made, and for private addresses (RFC 1918, RFC 4193).  Whoever
 * steals its key can't pose as a bank to the office.  Its key is read only while something is signed.
 */
#ifndef AGENTS_DOOR_AUTHORITY_H
#define AGENTS_DOOR_AUTHORITY_H

#include "agents/door/host.h"
#include "jembatan/ids.h"
#include "jembatan/problem.h"
#include "proto/http.h"

#define AUTHORITY_DAYS 3650
#define AUTHORITY_CERTIFICATE_DAYS 397     /* more is refused by browsers (Baseline Requirements 6.3.2) */
#define AUTHORITY_RENEW_DAYS 30
#define AUTHORITY_LAST_DAYS 90             /* of the authority itself: a person has to act */

typedef struct authority authority_t;

struct authority_state {
	int64_t from_ms, until_ms;         /* of the console's certificate */
	int64_t authority_until_ms;
	struct hash fingerprint;           /* SHA-256 over the authority's certificate, as browsers show it */
	err_t err;                         /* of the last renewal; ERR_OK when it went well */
};

/*
 * Reads both files of the folder, or makes what is missing.  The caller owns it.  ERR_KEY_FILE when the
 * authority's file is damaged, ERR_FILE when one can't be read or written, ERR_EXPIRED when the authority
 * has ended and so has its last certificate; each with a problem.
 */
MUST_USE err_t authority_open (const char *folder, const char *agency, const struct host_names *names,
			       authority_t **ret_authority, problems_t *problems);
void authority_destroy (authority_t **authority);

/*
 * Makes the console's certificate anew when it ends within AUTHORITY_RENEW_DAYS, when it is not valid
 * yet (the clock was wrong), or when one of the names is not in it; true when it did, and then what
 * authority_tls gives has changed.  A failure is kept in the state, and tried again at the next call.
 */
bool authority_renew (authority_t *authority, const struct host_names *names);

/* For a listener; borrowed until the next renewal. */
const struct http_tls *authority_tls (const authority_t *authority);

/* The authority's own certificate (DER), which may be given to everybody; borrowed. */
struct bytes authority_certificate (const authority_t *authority);

void authority_state (const authority_t *authority, struct authority_state *ret_state);

/* ERR_OK, or why a person has to do something: ERR_EXPIRED (the authority ends within
 * AUTHORITY_LAST_DAYS, or the certificate is over), or the error of the last renewal. */
err_t authority_trouble (const authority_t *authority);

#endif
