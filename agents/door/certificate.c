/* What stands in a certificate; see certificate.h. */
#include "agents/door/certificate.h"

#include <stdio.h>
#include <string.h>

#include "agents/door/authority.h"
#include "jembatan/clock.h"

#define SERIAL_BYTES 16u
#define FIRST_NAME "jembatan.local"
#define BACKWARDS_MS HOUR_MS         /* clocks of an office differ: valid since an hour ago */

/* Private addresses, and the two that mean this box. */
static const char *const own_ranges[] = {
	"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8",
	"fc00::/7", "::1/128",
};
static const char *const own_zones[] = { "local", "localhost" };

static gnutls_datum_t datum_of (const void *data, size_t len)
{
	return (gnutls_datum_t){ (unsigned char *)data, (unsigned)len };
}

/* ---- what both kinds of certificates have ------------------------------------------------------- */

int certificate_key (gnutls_x509_privkey_t *ret_key)
{
	int code = gnutls_x509_privkey_init (ret_key);

	if (code < 0)
		return code;
	code = gnutls_x509_privkey_generate (*ret_key, GNUTLS_PK_ECDSA,
					     GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0);
	if (code < 0)
		gnutls_x509_privkey_deinit (*ret_key);
	return code;
}

/* "Jembatan AGENCY", for people who look at the certificate; machines go by its alternative names.  In a
 * server's certificate the common name has to be a name of the box: some hold it against the bounds. */
static int set_name (gnutls_x509_crt_t crt, const char *agency, const char *oid)
{
	char name[64];                    /* ub-common-name of RFC 5280 */

	snprintf (name, sizeof name, "Jembatan %s", agency);
	return gnutls_x509_crt_set_dn_by_oid (crt, oid, 0, name, (unsigned)strlen (name));
}

static int set_serial (gnutls_x509_crt_t crt)
{
	uint8_t serial[SERIAL_BYTES];

	random16_make (serial);
	serial[0] = (serial[0] & 0x3f) | 0x40;     /* positive, and never short */
	return gnutls_x509_crt_set_serial (crt, serial, sizeof serial);
}

static int set_key_ids (gnutls_x509_crt_t crt, gnutls_x509_crt_t issuer)
{
	uint8_t id[64];
	size_t len = sizeof id;
	int code = gnutls_x509_crt_get_key_id (crt, 0, id, &len);

	if (code >= 0)
		code = gnutls_x509_crt_set_subject_key_id (crt, id, len);
	if (code >= 0 && issuer != crt) {
		len = sizeof id;
		code = gnutls_x509_crt_get_key_id (issuer, 0, id, &len);
	}
	if (code >= 0)
		code = gnutls_x509_crt_set_authority_key_id (crt, id, len);
	return code;
}

/* Issued now by `issuer`, which is the certificate itself when it is an authority. */
static int fill_common (gnutls_x509_crt_t crt, gnutls_x509_privkey_t key, gnutls_x509_crt_t issuer,
			int64_t until_ms)
{
	int code = gnutls_x509_crt_set_version (crt, 3);

	if (code >= 0)
		code = set_serial (crt);
	if (code >= 0)
		code = gnutls_x509_crt_set_activation_time (
			crt, (time_t)((clock_now_ms () - BACKWARDS_MS) / SECOND_MS));
	if (code >= 0)
		code = gnutls_x509_crt_set_expiration_time (crt, (time_t)(until_ms / SECOND_MS));
	if (code >= 0)
		code = gnutls_x509_crt_set_key (crt, key);
	if (code >= 0)
		code = set_key_ids (crt, issuer);
	return code;
}

/* ---- making the authority ----------------------------------------------------------------------- */

static int permit_range (gnutls_x509_name_constraints_t bounds, const char *range)
{
	gnutls_datum_t raw;
	int code = gnutls_x509_cidr_to_rfc5280 (range, &raw);

	if (code < 0)
		return code;
	code = gnutls_x509_name_constraints_add_permitted (bounds, GNUTLS_SAN_IPADDRESS, &raw);
	gnutls_free (raw.data);
	return code;
}

static int permit_zone (gnutls_x509_name_constraints_t bounds, const char *zone)
{
	const gnutls_datum_t raw = datum_of (zone, strlen (zone));

	return gnutls_x509_name_constraints_add_permitted (bounds, GNUTLS_SAN_DNSNAME, &raw);
}

/* Of a name that stands below one of ours nothing has to be said. */
static bool is_in_zone (const char *name)
{
	for (size_t i = 0; i < COUNT_OF (own_zones); i++) {
		size_t len = strlen (name), zone = strlen (own_zones[i]);

		if (len >= zone && strcmp (name + len - zone, own_zones[i]) == 0 &&
		    (len == zone || name[len - zone - 1] == '.'))
			return true;
	}
	return false;
}

static int bind_to_office (gnutls_x509_crt_t crt, const struct host_names *names)
{
	gnutls_x509_name_constraints_t bounds;
	uint8_t address[16];
	int code = gnutls_x509_name_constraints_init (&bounds);

	if (code < 0)
		return code;
	for (size_t i = 0; i < COUNT_OF (own_zones) && code >= 0; i++)
		code = permit_zone (bounds, own_zones[i]);
	for (size_t i = 0; i < names->count && code >= 0; i++)
		if (host_address (names->of[i], address) == 0 && !is_in_zone (names->of[i]))
			code = permit_zone (bounds, names->of[i]);
	for (size_t i = 0; i < COUNT_OF (own_ranges) && code >= 0; i++)
		code = permit_range (bounds, own_ranges[i]);
	if (code >= 0)
		code = gnutls_x509_crt_set_name_constraints (crt, bounds, 1);
	gnutls_x509_name_constraints_deinit (bounds);
	return code;
}

int certificate_fill_ca (gnutls_x509_crt_t crt, gnutls_x509_privkey_t key, const char *agency,
			 const struct host_names *names)
{
	int code = fill_common (crt, key, crt, clock_now_ms () + AUTHORITY_DAYS * DAY_MS);

	if (code >= 0)
		code = set_name (crt, agency, GNUTLS_OID_X520_COMMON_NAME);
	if (code >= 0)
		code = gnutls_x509_crt_set_basic_constraints (crt, 1, 0);
	if (code >= 0)
		code = gnutls_x509_crt_set_key_usage (crt, GNUTLS_KEY_KEY_CERT_SIGN |
								   GNUTLS_KEY_CRL_SIGN);
	if (code >= 0)
		code = bind_to_office (crt, names);
	if (code >= 0)
		code = gnutls_x509_crt_sign2 (crt, crt, key, GNUTLS_DIG_SHA256, 0);
	return code;
}

/* ---- making the console's certificate ----------------------------------------------------------- */

/* Whether the authority may speak for it: a name of the box that came later is not among its own. */
bool certificate_may_name (gnutls_x509_crt_t ca, const char *name)
{
	gnutls_x509_name_constraints_t bounds;
	unsigned critical, allowed = 0;
	uint8_t address[16];
	size_t len = host_address (name, address);
	const gnutls_datum_t raw = len > 0 ? datum_of (address, len) : datum_of (name, strlen (name));

	if (gnutls_x509_name_constraints_init (&bounds) < 0)
		return false;
	if (gnutls_x509_crt_get_name_constraints (ca, bounds, 0, &critical) >= 0)
		allowed = gnutls_x509_name_constraints_check (
			bounds, len > 0 ? GNUTLS_SAN_IPADDRESS : GNUTLS_SAN_DNSNAME, &raw);
	gnutls_x509_name_constraints_deinit (bounds);
	return allowed != 0;
}

static int add_names (gnutls_x509_crt_t crt, gnutls_x509_crt_t ca, const struct host_names *names)
{
	int code = 0;

	for (size_t i = 0; i < names->count && code >= 0; i++) {
		const char *name = names->of[i];
		uint8_t address[16];
		size_t len = host_address (name, address);

		if (!certificate_may_name (ca, name))
			continue;
		code = len > 0 ? gnutls_x509_crt_set_subject_alt_name (
					 crt, GNUTLS_SAN_IPADDRESS, address, (unsigned)len,
					 GNUTLS_FSAN_APPEND)
			       : gnutls_x509_crt_set_subject_alt_name (
					 crt, GNUTLS_SAN_DNSNAME, name, (unsigned)strlen (name),
					 GNUTLS_FSAN_APPEND);
	}
	return code;
}

static int64_t earlier (int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int certificate_fill_server (gnutls_x509_crt_t crt, gnutls_x509_privkey_t key, gnutls_x509_crt_t ca,
			     const char *agency, const struct host_names *names)
{
	int64_t ends_ms = (int64_t)gnutls_x509_crt_get_expiration_time (ca) * SECOND_MS;
	int64_t until_ms = earlier (clock_now_ms () + AUTHORITY_CERTIFICATE_DAYS * DAY_MS, ends_ms);
	int code = fill_common (crt, key, ca, until_ms);

	if (code >= 0)
		code = set_name (crt, agency, GNUTLS_OID_X520_ORGANIZATION_NAME);
	if (code >= 0)
		code = gnutls_x509_crt_set_dn_by_oid (crt, GNUTLS_OID_X520_COMMON_NAME, 0, FIRST_NAME,
						      sizeof FIRST_NAME - 1);
	if (code >= 0)
		code = gnutls_x509_crt_set_basic_constraints (crt, 0, -1);
	if (code >= 0)
		code = gnutls_x509_crt_set_key_usage (crt, GNUTLS_KEY_DIGITAL_SIGNATURE);
	if (code >= 0)
		code = gnutls_x509_crt_set_key_purpose_oid (crt, GNUTLS_KP_TLS_WWW_SERVER, 0);
	return code >= 0 ? add_names (crt, ca, names) : code;
}
