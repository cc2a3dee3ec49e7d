/*
 * Certificates of a door.  The library takes one when it starts; each connection is then given the newest
 * one before its handshake begins, so that a renewal needs no restart.  Older ones stay until the door
 * ends, since a handshake may still be under way with one: they are a few KiB, and a renewal is rare.
 */
#include "proto/http_inside.h"

#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>

struct http_certificate {
	gnutls_certificate_credentials_t credentials;
	struct http_certificate *older;
};

/* TLS 1.2 only with what TLS 1.3 kept: forward secrecy and authenticated encryption (RFC 9325, 4.2). */
const char http_tls_priorities[] =
	"NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:"
	"-CIPHER-ALL:+AES-256-GCM:+AES-128-GCM:+CHACHA20-POLY1305:-MAC-ALL:+AEAD:%SERVER_PRECEDENCE";

static gnutls_datum_t datum (const char *text)
{
	return (gnutls_datum_t){ (unsigned char *)text, (unsigned)strlen (text) };
}

err_t http_show (http_t *http, const struct http_tls *tls, problems_t *problems)
{
	const gnutls_datum_t chain = datum (tls->certificate_pem), key = datum (tls->key_pem);
	struct http_certificate *certificate = must_alloc (sizeof *certificate);
	int failed;

	if (gnutls_certificate_allocate_credentials (&certificate->credentials) < 0)
		abort ();
	failed = gnutls_certificate_set_x509_key_mem (certificate->credentials, &chain, &key,
						      GNUTLS_X509_FMT_PEM);
	if (failed < 0) {
		gnutls_certificate_free_credentials (certificate->credentials);
		free (certificate);
		return problems_add (problems, ERR_KEY_FILE, "certificate",
				     "sertifikat dan kuncinya tidak dapat dipakai: %s",
				     "the certificate and its key can't be used: %s",
				     gnutls_strerror (failed));
	}
	certificate->older = http->certificate;
	http->certificate = certificate;
	return ERR_OK;
}

void http_show_certificate (http_t *http, struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info (connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);

	if (http->certificate != NULL && info != NULL)
		gnutls_credentials_set (info->tls_session, GNUTLS_CRD_CERTIFICATE,
					http->certificate->credentials);
}

void http_certificates_destroy (http_t *http)
{
	while (http->certificate != NULL) {
		struct http_certificate *older = http->certificate->older;

		gnutls_certificate_free_credentials (http->certificate->credentials);
		free (http->certificate);
		http->certificate = older;
	}
}
