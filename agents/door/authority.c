/*
 * Certificates of the office; see authority.h.
 *
 * GnuTLS answers with numbers below zero: certificate.h gives them on, and here they become one err_t with a
 * sentence.
 */
#include "agents/door/authority.h"

#include <gnutls/x509.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "agents/door/certificate.h"
#include "jembatan/clock.h"
#include "jembatan/log.h"
#include "proto/file.h"

#define CA_FILE "console-ca.pem"
#define SERVER_FILE "console.pem"
#define FILE_BYTES (16u * KIB)

struct authority {
	char *folder, *agency;
	gnutls_x509_crt_t ca, server;     /* server NULL: none that is of use */
	gnutls_datum_t ca_der;
	char *chain, *key;                /* what tls points to */
	struct http_tls tls;
	err_t err;                        /* of the last renewal */
};

static int64_t ends_ms (gnutls_x509_crt_t crt)
{
	return (int64_t)gnutls_x509_crt_get_expiration_time (crt) * SECOND_MS;
}

static int64_t begins_ms (gnutls_x509_crt_t crt)
{
	return (int64_t)gnutls_x509_crt_get_activation_time (crt) * SECOND_MS;
}

static gnutls_datum_t datum_of (const void *data, size_t len)
{
	return (gnutls_datum_t){ (unsigned char *)data, (unsigned)len };
}

/* ---- files -------------------------------------------------------------------------------------- */

/* clang-format off */
static const struct { err_t err; const char *id, *en; } complaints[] = {
	{ ERR_KEY_FILE,
	  "berkas otoritas sertifikat %s rusak; kembalikan dari salinannya, atau hapus: yang baru harus "
	  "dipasang lagi di setiap komputer",
	  "the certificate authority's file %s is damaged; put it back from a copy, or remove it: a new one "
	  "has to be installed again on every computer" },
	{ ERR_EXPIRED,
	  "otoritas sertifikat %s sudah berakhir; hapus berkas itu dan mulai ulang agen: yang baru harus "
	  "dipasang lagi di setiap komputer",
	  "the certificate authority %s has ended; remove that file and start the agent again: a new one "
	  "has to be installed again on every computer" },
	{ ERR_FILE,
	  "berkas sertifikat %s tidak dapat dibaca atau ditulis; periksa pemilik folder dan ruang disk",
	  "the certificate file %s can't be read or written; check the folder's owner and free space" },
	{ ERR_IO,
	  "disk gagal menyimpan berkas sertifikat %s; periksa disk",
	  "the disk failed to store the certificate file %s; check the disk" },
	{ ERR_SELF_TEST,
	  "sertifikat untuk %s tidak dapat dibuat; periksa jam mesin ini dan pustaka GnuTLS",
	  "the certificate for %s can't be made; check this box's clock and the library GnuTLS" },
};
/* clang-format on */

static err_t complain (problems_t *problems, err_t err, const char *path)
{
	for (size_t i = 0; i < COUNT_OF (complaints); i++)
		if (complaints[i].err == err)
			return problems_add (problems, err, "console/address", complaints[i].id,
					     complaints[i].en, file_quoted (path));
	return err;
}

static char *path_of (const authority_t *authority, const char *name, char path[PATH_MAX])
{
	snprintf (path, PATH_MAX, "%s/%s", authority->folder, name);
	return path;
}

/* A key and its certificates in one file, so that no power cut leaves one of them without the other.
 * `count` certificates behind the key. */
static err_t write_pem (const char *path, gnutls_x509_privkey_t key, const gnutls_x509_crt_t *crts,
			size_t count)
{
	char text[FILE_BYTES];
	gnutls_datum_t part = { NULL, 0 };
	size_t len = 0;
	err_t err = ERR_OK;

	for (size_t i = 0; i <= count && err == ERR_OK; i++) {
		int code = i == 0 ? gnutls_x509_privkey_export2 (key, GNUTLS_X509_FMT_PEM, &part)
				  : gnutls_x509_crt_export2 (crts[i - 1], GNUTLS_X509_FMT_PEM, &part);

		if (code < 0 || part.size >= sizeof text - len) {
			err = ERR_SELF_TEST;
		} else {
			memcpy (text + len, part.data, part.size);
			len += part.size;
		}
		if (code >= 0) {
			explicit_bzero (part.data, part.size);
			gnutls_free (part.data);
		}
	}
	if (err == ERR_OK)
		err = file_replace (path, 0600, (struct bytes){ (uint8_t *)text, len });
	explicit_bzero (text, sizeof text);
	return err;
}

/* Reads a key and the first certificate behind it; ERR_NOT_FOUND, ERR_FILE, or ERR_KEY_FILE when they
 * are no pair.  The caller frees both. */
static err_t read_pem (const char *path, gnutls_x509_privkey_t *ret_key, gnutls_x509_crt_t *ret_crt)
{
	OWNED (arena) arena = arena_new (2 * FILE_BYTES);
	gnutls_x509_privkey_t key = NULL;
	gnutls_x509_crt_t crt = NULL;
	uint8_t ids[2][64];
	size_t lens[2] = { sizeof ids[0], sizeof ids[1] };
	struct bytes content;
	gnutls_datum_t raw;
	int code;
	err_t err = file_read (path, FILE_BYTES, arena, &content);

	if (err != ERR_OK)
		return err == ERR_TOO_LARGE ? ERR_KEY_FILE : err;
	raw = datum_of (content.data, content.len);
	code = gnutls_x509_privkey_init (&key);
	if (code >= 0)
		code = gnutls_x509_crt_init (&crt);
	if (code >= 0)
		code = gnutls_x509_privkey_import (key, &raw, GNUTLS_X509_FMT_PEM);
	if (code >= 0)
		code = gnutls_x509_crt_import (crt, &raw, GNUTLS_X509_FMT_PEM);
	explicit_bzero (raw.data, raw.size);
	if (code >= 0)
		code = gnutls_x509_privkey_get_key_id (key, 0, ids[0], &lens[0]);
	if (code >= 0)
		code = gnutls_x509_crt_get_key_id (crt, 0, ids[1], &lens[1]);
	if (code >= 0 && lens[0] == lens[1] && memcmp (ids[0], ids[1], lens[0]) == 0) {
		*ret_key = key;
		*ret_crt = crt;
		return ERR_OK;
	}
	gnutls_x509_privkey_deinit (key);
	gnutls_x509_crt_deinit (crt);
	return ERR_KEY_FILE;
}

/* ---- the authority ------------------------------------------------------------------------------ */

/* Takes neither key nor certificate. */
static err_t make_ca_with (authority_t *authority, gnutls_x509_privkey_t key, gnutls_x509_crt_t crt,
			   const struct host_names *names)
{
	char path[PATH_MAX];

	if (certificate_fill_ca (crt, key, authority->agency, names) < 0)
		return ERR_SELF_TEST;
	return write_pem (path_of (authority, CA_FILE, path), key, &crt, 1);
}

static err_t make_ca (authority_t *authority, const struct host_names *names)
{
	gnutls_x509_privkey_t key;
	gnutls_x509_crt_t crt = NULL;
	err_t err;

	if (certificate_key (&key) < 0)
		return ERR_SELF_TEST;
	err = gnutls_x509_crt_init (&crt) < 0 ? ERR_SELF_TEST
					      : make_ca_with (authority, key, crt, names);
	gnutls_x509_privkey_deinit (key);
	gnutls_x509_crt_deinit (crt);
	if (err == ERR_OK)
		LOG (NOTE, "console.authority_made", LOG_W ("agency", authority->agency));
	return err;
}

/* What was made is read again from its file: GnuTLS does not know everything of a certificate that it has
 * not read, and the file is proved. */
static err_t open_ca (authority_t *authority, const struct host_names *names)
{
	gnutls_x509_privkey_t key;
	char path[PATH_MAX];
	err_t err = read_pem (path_of (authority, CA_FILE, path), &key, &authority->ca);

	if (err == ERR_NOT_FOUND) {
		err = make_ca (authority, names);
		if (err == ERR_OK)
			err = read_pem (path, &key, &authority->ca);
	}
	if (err != ERR_OK)
		return err;
	gnutls_x509_privkey_deinit (key);
	return gnutls_x509_crt_export2 (authority->ca, GNUTLS_X509_FMT_DER, &authority->ca_der) < 0
		       ? ERR_KEY_FILE : ERR_OK;
}

/* ---- the console's certificate ------------------------------------------------------------------ */

static bool is_of_ca (const authority_t *authority, gnutls_x509_crt_t crt)
{
	unsigned flaws = 0;

	return gnutls_x509_crt_verify (crt, &authority->ca, 1, GNUTLS_VERIFY_DISABLE_TIME_CHECKS,
				       &flaws) >= 0 && flaws == 0;
}

static char *text_of_pem (int code, gnutls_datum_t *pem)
{
	char *text;

	if (code < 0)
		return NULL;
	text = must_alloc (pem->size + 1);
	memcpy (text, pem->data, pem->size);
	text[pem->size] = '\0';
	explicit_bzero (pem->data, pem->size);
	gnutls_free (pem->data);
	return text;
}

static char *chain_of (gnutls_x509_crt_t crt, gnutls_x509_crt_t ca)
{
	gnutls_datum_t pem = { NULL, 0 };
	char *own = text_of_pem (gnutls_x509_crt_export2 (crt, GNUTLS_X509_FMT_PEM, &pem), &pem);
	char *above = text_of_pem (gnutls_x509_crt_export2 (ca, GNUTLS_X509_FMT_PEM, &pem), &pem);
	char *chain = NULL;

	if (own != NULL && above != NULL) {
		chain = must_alloc (strlen (own) + strlen (above) + 1);
		strcpy (chain, own);
		strcat (chain, above);
	}
	free (own);
	free (above);
	return chain;
}

static void forget_key (char **key)
{
	if (*key != NULL)
		explicit_bzero (*key, strlen (*key));
	free (*key);
	*key = NULL;
}

/* From now on the console shows this one.  Takes the certificate, and what it needs of the key. */
static err_t use (authority_t *authority, gnutls_x509_privkey_t key, gnutls_x509_crt_t crt)
{
	gnutls_datum_t pem = { NULL, 0 };
	char *key_pem = text_of_pem (gnutls_x509_privkey_export2 (key, GNUTLS_X509_FMT_PEM, &pem), &pem);
	char *chain = chain_of (crt, authority->ca);

	if (key_pem == NULL || chain == NULL) {
		forget_key (&key_pem);
		free (chain);
		gnutls_x509_crt_deinit (crt);
		return ERR_SELF_TEST;
	}
	gnutls_x509_crt_deinit (authority->server);
	forget_key (&authority->key);
	free (authority->chain);
	authority->server = crt;
	authority->key = key_pem;
	authority->chain = chain;
	authority->tls = (struct http_tls){ chain, key_pem };
	return ERR_OK;
}

static err_t open_server (authority_t *authority)
{
	gnutls_x509_privkey_t key;
	gnutls_x509_crt_t crt;
	char path[PATH_MAX];
	err_t err = read_pem (path_of (authority, SERVER_FILE, path), &key, &crt);

	if (err != ERR_OK)
		return err;
	if (is_of_ca (authority, crt)) {
		err = use (authority, key, crt);
	} else {
		err = ERR_KEY_FILE;
		gnutls_x509_crt_deinit (crt);
	}
	gnutls_x509_privkey_deinit (key);
	return err;
}

static err_t sign_server (authority_t *authority, gnutls_x509_crt_t crt)
{
	gnutls_x509_privkey_t ca_key;
	gnutls_x509_crt_t ca;
	char path[PATH_MAX];
	err_t err = read_pem (path_of (authority, CA_FILE, path), &ca_key, &ca);

	if (err != ERR_OK)
		return err == ERR_NOT_FOUND ? ERR_KEY_FILE : err;
	if (!gnutls_x509_crt_equals (ca, authority->ca))
		err = ERR_KEY_FILE;          /* somebody put another authority there */
	else if (gnutls_x509_crt_sign2 (crt, ca, ca_key, GNUTLS_DIG_SHA256, 0) < 0)
		err = ERR_SELF_TEST;
	gnutls_x509_privkey_deinit (ca_key);
	gnutls_x509_crt_deinit (ca);
	return err;
}

/* Takes neither key nor certificate. */
static err_t issue_with (authority_t *authority, gnutls_x509_privkey_t key, gnutls_x509_crt_t crt,
			 const struct host_names *names)
{
	const gnutls_x509_crt_t chain[] = { crt, authority->ca };
	char path[PATH_MAX];
	err_t err;

	if (certificate_fill_server (crt, key, authority->ca, authority->agency, names) < 0)
		return ERR_SELF_TEST;
	err = sign_server (authority, crt);
	return err == ERR_OK ? write_pem (path_of (authority, SERVER_FILE, path), key, chain, 2) : err;
}

static err_t issue (authority_t *authority, const struct host_names *names)
{
	gnutls_x509_privkey_t key;
	gnutls_x509_crt_t crt = NULL;
	err_t err;

	if (ends_ms (authority->ca) <= clock_now_ms ())
		return ERR_EXPIRED;
	if (certificate_key (&key) < 0)
		return ERR_SELF_TEST;
	err = gnutls_x509_crt_init (&crt) < 0 ? ERR_SELF_TEST : issue_with (authority, key, crt, names);
	gnutls_x509_privkey_deinit (key);
	gnutls_x509_crt_deinit (crt);
	return err == ERR_OK ? open_server (authority) : err;
}

/* A name that is gone does no harm; so a cable that is out for a while asks for nothing. */
static bool lacks_name (const authority_t *authority, const struct host_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		if (certificate_may_name (authority->ca, names->of[i]) &&
		    !gnutls_x509_crt_check_hostname (authority->server, names->of[i]))
			return true;
	return false;
}

static bool is_due (const authority_t *authority, const struct host_names *names)
{
	int64_t now_ms = clock_now_ms (), until_ms;

	if (authority->server == NULL)
		return true;
	until_ms = ends_ms (authority->server);
	/* The last certificate of an authority ends with it, and no other would last longer. */
	if (until_ms < now_ms + AUTHORITY_RENEW_DAYS * DAY_MS && until_ms < ends_ms (authority->ca))
		return true;
	return begins_ms (authority->server) > now_ms || lacks_name (authority, names);
}

bool authority_renew (authority_t *authority, const struct host_names *names)
{
	err_t before = authority->err;

	if (!is_due (authority, names))
		return false;
	authority->err = issue (authority, names);
	if (authority->err == ERR_OK)
		LOG (INFO, "console.certificate_made", LOG_N ("days", AUTHORITY_CERTIFICATE_DAYS));
	else if (authority->err != before)
		LOG (WARN, "console.certificate_not_made", LOG_E (authority->err));
	return authority->err == ERR_OK;
}

/* ---- life --------------------------------------------------------------------------------------- */

static const char *file_of (err_t err)
{
	return err == ERR_KEY_FILE || err == ERR_EXPIRED ? CA_FILE : SERVER_FILE;
}

err_t authority_open (const char *folder, const char *agency, const struct host_names *names,
		      authority_t **ret_authority, problems_t *problems)
{
	authority_t *authority = must_alloc (sizeof *authority);
	char path[PATH_MAX];
	err_t err;

	*authority = (struct authority){ .folder = must_text (folder), .agency = must_text (agency) };
	err = open_ca (authority, names);
	if (err == ERR_OK) {
		/* One that can't be read, or is of another authority, is made anew. */
		(void)(open_server (authority) == ERR_OK);
		authority_renew (authority, names);
		err = authority->server == NULL ? authority->err : ERR_OK;
	}
	if (err != ERR_OK) {
		complain (problems, err, path_of (authority, file_of (err), path));
		authority_destroy (&authority);
		return err;
	}
	*ret_authority = authority;
	return ERR_OK;
}

void authority_destroy (authority_t **authority)
{
	authority_t *self = *authority;

	if (self == NULL)
		return;
	gnutls_x509_crt_deinit (self->ca);
	gnutls_x509_crt_deinit (self->server);
	gnutls_free (self->ca_der.data);
	forget_key (&self->key);
	free (self->chain);
	free (self->folder);
	free (self->agency);
	free (self);
	*authority = NULL;
}

const struct http_tls *authority_tls (const authority_t *authority)
{
	return &authority->tls;
}

struct bytes authority_certificate (const authority_t *authority)
{
	return (struct bytes){ authority->ca_der.data, authority->ca_der.size };
}

void authority_state (const authority_t *authority, struct authority_state *ret_state)
{
	size_t len = sizeof ret_state->fingerprint.b;

	*ret_state = (struct authority_state){
		.from_ms = begins_ms (authority->server),
		.until_ms = ends_ms (authority->server),
		.authority_until_ms = ends_ms (authority->ca),
		.err = authority->err,
	};
	gnutls_x509_crt_get_fingerprint (authority->ca, GNUTLS_DIG_SHA256, ret_state->fingerprint.b, &len);
}

err_t authority_trouble (const authority_t *authority)
{
	int64_t now_ms = clock_now_ms ();

	if (authority->err != ERR_OK)
		return authority->err;
	if (ends_ms (authority->ca) < now_ms + AUTHORITY_LAST_DAYS * DAY_MS ||
	    ends_ms (authority->server) < now_ms)
		return ERR_EXPIRED;
	return ERR_OK;
}
