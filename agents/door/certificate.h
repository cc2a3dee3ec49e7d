/*
 * What stands in the certificates of the office (RFC 5280), for agents/door/authority.c, which signs and
 * keeps them.  Numbers below zero are GnuTLS' own errors.
 */
#ifndef AGENTS_DOOR_CERTIFICATE_H
#define AGENTS_DOOR_CERTIFICATE_H

#include <gnutls/x509.h>

#include "agents/door/host.h"

/* A fresh key on P-256; the caller frees it. */
MUST_USE int certificate_key (gnutls_x509_privkey_t *ret_key);

/* An authority from now on, bound to the office and to these names, signed by itself. */
MUST_USE int certificate_fill_ca (gnutls_x509_crt_t crt, gnutls_x509_privkey_t key, const char *agency,
				  const struct host_names *names);

/* A web server under as many of these names as the authority may speak for, not longer than the
 * authority itself; to be signed. */
MUST_USE int certificate_fill_server (gnutls_x509_crt_t crt, gnutls_x509_privkey_t key,
				      gnutls_x509_crt_t ca, const char *agency,
				      const struct host_names *names);

/* Whether the authority's bounds let it speak for a name or an address. */
bool certificate_may_name (gnutls_x509_crt_t ca, const char *name);

#endif
