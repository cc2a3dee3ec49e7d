/* The office's own certificate authority, judged by GnuTLS as a browser would judge it. */
#include "tests/support/unit.h"

#include <gnutls/x509.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "agents/door/authority.h"
#include "jembatan/clock.h"
#include "tests/support/clock.h"

#define assert_ok(expression) assert_int_equal ((expression), ERR_OK)

struct place {
	char folder[64];
	int64_t turned_ms;
};

static const struct host_names office = {
	6, { "jembatan.local", "ipwl-satu.local", "localhost", "kantor", "192.168.7.20", "fd00::7" }
};

static time_t turned_time (time_t *ret)
{
	time_t now = (time_t)(clock_now_ms () / 1000);

	if (ret != NULL)
		*ret = now;
	return now;
}

static int make_place (void **state)
{
	struct place *place = calloc (1, sizeof *place);

	assert_non_null (place);
	unit_folder (place->folder, sizeof place->folder, "authority");
	*state = place;
	return 0;
}

static char *file_in (const struct place *place, const char *name, char path[PATH_MAX])
{
	snprintf (path, PATH_MAX, "%s/%s", place->folder, name);
	return path;
}

static void turn (struct place *place, int64_t by_ms)
{
	clock_turn (by_ms);
	place->turned_ms += by_ms;
}

static int remove_place (void **state)
{
	struct place *place = *state;
	char path[PATH_MAX];

	clock_turn (-place->turned_ms);
	unlink (file_in (place, "console-ca.pem", path));
	unlink (file_in (place, "console.pem", path));
	rmdir (place->folder);
	free (place);
	return 0;
}

static authority_t *opened (const struct place *place, const struct host_names *names)
{
	authority_t *authority = NULL;

	assert_ok (authority_open (place->folder, "ipwl-satu", names, &authority, NULL));
	return authority;
}

/* ---- a browser's view --------------------------------------------------------------------------- */

static gnutls_x509_crt_t ca_of (const authority_t *authority)
{
	struct bytes der = authority_certificate (authority);
	gnutls_datum_t raw = { (unsigned char *)der.data, (unsigned)der.len };
	gnutls_x509_crt_t crt;

	assert_int_equal (gnutls_x509_crt_init (&crt), 0);
	assert_int_equal (gnutls_x509_crt_import (crt, &raw, GNUTLS_X509_FMT_DER), 0);
	return crt;
}

static gnutls_x509_crt_t shown_by (const authority_t *authority)
{
	const char *pem = authority_tls (authority)->certificate_pem;
	gnutls_datum_t raw = { (unsigned char *)pem, (unsigned)strlen (pem) };
	gnutls_x509_crt_t crt;

	assert_int_equal (gnutls_x509_crt_init (&crt), 0);
	assert_int_equal (gnutls_x509_crt_import (crt, &raw, GNUTLS_X509_FMT_PEM), 0);
	return crt;
}

/* What a browser says that trusts `ca` and was told to go to `host`: 0, or GnuTLS' flaws. */
static unsigned verdict (gnutls_x509_crt_t ca, gnutls_x509_crt_t shown, const char *host)
{
	char server_auth[] = GNUTLS_KP_TLS_WWW_SERVER;
	gnutls_typed_vdata_st wanted[] = {
		{ GNUTLS_DT_DNS_HOSTNAME, (unsigned char *)host, 0 },
		{ GNUTLS_DT_KEY_PURPOSE_OID, (unsigned char *)server_auth, 0 },
	};
	gnutls_x509_trust_list_t trusted;
	unsigned flaws = UINT32_MAX;

	assert_int_equal (gnutls_x509_trust_list_init (&trusted, 0), 0);
	assert_int_equal (gnutls_x509_trust_list_add_cas (trusted, &ca, 1, 0), 1);
	assert_int_equal (gnutls_x509_trust_list_verify_crt2 (trusted, &shown, 1, wanted,
							      COUNT_OF (wanted), 0, &flaws, NULL), 0);
	gnutls_x509_trust_list_deinit (trusted, 0);
	return flaws;
}

static unsigned judged (const authority_t *authority, const char *host)
{
	gnutls_x509_crt_t ca = ca_of (authority), shown = shown_by (authority);
	unsigned flaws = verdict (ca, shown, host);

	gnutls_x509_crt_deinit (ca);
	gnutls_x509_crt_deinit (shown);
	return flaws;
}

/* ---- tests -------------------------------------------------------------------------------------- */

static void a_browser_that_trusts_it_finds_nothing_wrong_at_any_name_of_the_box (void **state)
{
	OWNED (authority) authority = opened (*state, &office);

	for (size_t i = 0; i < office.count; i++)
		assert_int_equal (judged (authority, office.of[i]), 0);
	assert_true (judged (authority, "192.168.7.21") & GNUTLS_CERT_UNEXPECTED_OWNER);
	assert_true (judged (authority, "other.local") & GNUTLS_CERT_UNEXPECTED_OWNER);
	assert_ok (authority_trouble (authority));
}

static void both_last_as_long_as_they_should (void **state)
{
	OWNED (authority) authority = opened (*state, &office);
	struct authority_state is;
	int64_t now_ms = clock_now_ms ();

	authority_state (authority, &is);
	assert_true (is.from_ms < now_ms && is.from_ms > now_ms - DAY_MS);
	assert_in_range (is.until_ms - now_ms, 397 * DAY_MS - MINUTE_MS, 397 * DAY_MS);
	assert_in_range (is.authority_until_ms - now_ms, 3650 * DAY_MS - MINUTE_MS, 3650 * DAY_MS);
}

/* OpenSSL looks for the issuer by this id; GnuTLS does not mind a wrong one. */
static void each_certificate_names_the_key_that_signed_it (void **state)
{
	OWNED (authority) authority = opened (*state, &office);
	gnutls_x509_crt_t crts[] = { ca_of (authority), shown_by (authority) };
	uint8_t wanted[20], named[64];
	size_t len = sizeof wanted;
	unsigned critical;

	assert_int_equal (gnutls_x509_crt_get_key_id (crts[0], 0, wanted, &len), 0);
	for (size_t i = 0; i < COUNT_OF (crts); i++) {
		len = sizeof named;
		assert_int_equal (gnutls_x509_crt_get_authority_key_id (crts[i], named, &len, &critical),
				  0);
		assert_int_equal (len, sizeof wanted);
		assert_memory_equal (named, wanted, sizeof wanted);
		gnutls_x509_crt_deinit (crts[i]);
	}
}

/* The keys' owner alone reads them, and a second start makes nothing new: people would have to install it
 * again. */
static void it_is_made_once (void **state)
{
	struct place *place = *state;
	OWNED (authority) first = opened (place, &office);
	OWNED (authority) second = opened (place, &office);
	struct stat about;
	char path[PATH_MAX];

	assert_true (bytes_equal (authority_certificate (first), authority_certificate (second)));
	assert_string_equal (authority_tls (first)->certificate_pem,
			     authority_tls (second)->certificate_pem);
	assert_string_equal (authority_tls (first)->key_pem, authority_tls (second)->key_pem);
	assert_int_equal (stat (file_in (place, "console-ca.pem", path), &about), 0);
	assert_int_equal (about.st_mode & 0777, 0600);
	assert_int_equal (stat (file_in (place, "console.pem", path), &about), 0);
	assert_int_equal (about.st_mode & 0777, 0600);
}

static void the_certificate_is_renewed_thirty_days_before_its_end (void **state)
{
	struct place *place = *state;
	OWNED (authority) authority = opened (place, &office);
	char *before = strdup (authority_tls (authority)->certificate_pem);

	turn (place, 366 * DAY_MS);
	assert_false (authority_renew (authority, &office));
	turn (place, 2 * DAY_MS);
	assert_true (authority_renew (authority, &office));
	assert_string_not_equal (before, authority_tls (authority)->certificate_pem);
	turn (place, 60 * DAY_MS);           /* the first one is over now */
	assert_int_equal (judged (authority, "jembatan.local"), 0);
	assert_false (authority_renew (authority, &office));
	free (before);
}

static void a_new_address_or_name_is_taken_in_and_one_that_is_gone_changes_nothing (void **state)
{
	OWNED (authority) authority = opened (*state, &office);
	struct host_names fewer = office, other = office;

	fewer.count = 4;
	assert_false (authority_renew (authority, &fewer));
	strcpy (other.of[4], "10.1.2.3");
	strcpy (other.of[5], "loket.local");
	assert_true (authority_renew (authority, &other));
	assert_int_equal (judged (authority, "10.1.2.3"), 0);
	assert_int_equal (judged (authority, "loket.local"), 0);
	assert_false (authority_renew (authority, &other));
}

/* A name of the internet would make it the office's key to the internet. */
static void it_speaks_for_nothing_outside_the_office (void **state)
{
	OWNED (authority) authority = opened (*state, &office);
	struct host_names wide = { 3, { "jembatan.local", "bank.example", "203.0.113.9" } };

	assert_false (authority_renew (authority, &wide));
	assert_true (judged (authority, "bank.example") & GNUTLS_CERT_UNEXPECTED_OWNER);
	assert_true (judged (authority, "203.0.113.9") & GNUTLS_CERT_UNEXPECTED_OWNER);
}

static gnutls_x509_privkey_t stolen_key (const struct place *place)
{
	char path[PATH_MAX];
	gnutls_x509_privkey_t key;
	gnutls_datum_t raw;

	assert_int_equal (gnutls_load_file (file_in (place, "console-ca.pem", path), &raw), 0);
	assert_int_equal (gnutls_x509_privkey_init (&key), 0);
	assert_int_equal (gnutls_x509_privkey_import (key, &raw, GNUTLS_X509_FMT_PEM), 0);
	gnutls_free (raw.data);
	return key;
}

/* A certificate for a bank, made by whoever stole the authority's key. */
static gnutls_x509_crt_t forged (gnutls_x509_crt_t ca, gnutls_x509_privkey_t key)
{
	static const char bank[] = "bank.example";
	time_t now = turned_time (NULL);
	gnutls_x509_crt_t crt;

	assert_int_equal (gnutls_x509_crt_init (&crt), 0);
	assert_int_equal (gnutls_x509_crt_set_version (crt, 3), 0);
	assert_int_equal (gnutls_x509_crt_set_serial (crt, "\1", 1), 0);
	gnutls_x509_crt_set_activation_time (crt, now - 60);
	gnutls_x509_crt_set_expiration_time (crt, now + 86400);
	assert_int_equal (gnutls_x509_crt_set_key (crt, key), 0);
	assert_int_equal (gnutls_x509_crt_set_subject_alt_name (crt, GNUTLS_SAN_DNSNAME, bank,
								sizeof bank - 1, GNUTLS_FSAN_SET), 0);
	assert_int_equal (gnutls_x509_crt_sign2 (crt, ca, key, GNUTLS_DIG_SHA256, 0), 0);
	return crt;
}

static void a_stolen_authority_is_not_believed_about_a_bank (void **state)
{
	OWNED (authority) authority = opened (*state, &office);
	gnutls_x509_crt_t ca = ca_of (authority);
	gnutls_x509_privkey_t key = stolen_key (*state);
	gnutls_x509_crt_t crt = forged (ca, key);

	assert_int_not_equal (verdict (ca, crt, "bank.example") & GNUTLS_CERT_INVALID, 0);
	gnutls_x509_crt_deinit (crt);
	gnutls_x509_crt_deinit (ca);
	gnutls_x509_privkey_deinit (key);
}

static void a_clock_that_was_ahead_leaves_no_certificate_of_the_future (void **state)
{
	struct place *place = *state;
	OWNED (authority) authority = NULL;
	struct authority_state is;

	authority = opened (place, &office);
	turn (place, 40 * DAY_MS);
	authority_destroy (&authority);
	{
		char path[PATH_MAX];

		unlink (file_in (place, "console.pem", path));
	}
	authority = opened (place, &office);
	turn (place, -40 * DAY_MS);
	assert_true (authority_renew (authority, &office));
	authority_state (authority, &is);
	assert_true (is.from_ms < clock_now_ms ());
}

static void its_own_end_is_told_ahead_and_then_nothing_is_signed (void **state)
{
	struct place *place = *state;
	OWNED (authority) authority = opened (place, &office);
	OWNED (problems) problems = problems_new ();
	struct authority_state is;
	authority_t *again = NULL;

	turn (place, 3550 * DAY_MS);
	assert_true (authority_renew (authority, &office));
	assert_ok (authority_trouble (authority));
	turn (place, 15 * DAY_MS);
	assert_int_equal (authority_trouble (authority), ERR_EXPIRED);
	authority_state (authority, &is);
	assert_int_equal (is.until_ms, is.authority_until_ms);
	assert_false (authority_renew (authority, &office));
	turn (place, 90 * DAY_MS);
	{
		struct host_names moved = office;
		char path[PATH_MAX];

		strcpy (moved.of[4], "10.0.0.9");
		assert_false (authority_renew (authority, &moved));
		assert_int_equal (authority_trouble (authority), ERR_EXPIRED);
		unlink (file_in (place, "console.pem", path));
	}
	assert_int_equal (authority_open (place->folder, "ipwl-satu", &office, &again, problems),
			  ERR_EXPIRED);
	assert_non_null (strstr (problems_at (problems, 0)->text_en, "console-ca.pem"));
}

static void write_file (const struct place *place, const char *name, const char *text, size_t len)
{
	char path[PATH_MAX];
	FILE *file = fopen (file_in (place, name, path), "wb");

	assert_non_null (file);
	assert_int_equal (fwrite (text, 1, len, file), len);
	assert_int_equal (fclose (file), 0);
}

static void a_damaged_authority_is_refused_and_never_replaced (void **state)
{
	struct place *place = *state;
	OWNED (problems) problems = problems_new ();
	authority_t *authority = opened (place, &office);
	char path[PATH_MAX];
	gnutls_datum_t raw;

	authority_destroy (&authority);
	assert_int_equal (gnutls_load_file (file_in (place, "console-ca.pem", path), &raw), 0);
	for (size_t len = 0; len < raw.size - 40; len += 97) {
		write_file (place, "console-ca.pem", (char *)raw.data, len);
		assert_int_equal (authority_open (place->folder, "ipwl-satu", &office, &authority,
						  problems), ERR_KEY_FILE);
		assert_null (authority);
	}
	assert_non_null (strstr (problems_at (problems, 0)->text_en, "is damaged"));
	write_file (place, "console-ca.pem", (char *)raw.data, raw.size);
	authority = opened (place, &office);
	authority_destroy (&authority);
	gnutls_free (raw.data);
}

static void a_damaged_certificate_of_the_console_is_made_anew (void **state)
{
	struct place *place = *state;
	authority_t *authority = opened (place, &office);

	authority_destroy (&authority);
	write_file (place, "console.pem", "-----BEGIN", 10);
	authority = opened (place, &office);
	assert_int_equal (judged (authority, "jembatan.local"), 0);
	authority_destroy (&authority);
}

static void a_folder_that_cannot_be_written_keeps_the_old_one_and_says_so (void **state)
{
	struct place *place = *state;
	OWNED (authority) authority = opened (place, &office);
	char path[PATH_MAX], fresh[PATH_MAX];

	/* A folder in its way: even root can't write a file there. */
	file_in (place, "console.pem", path);
	snprintf (fresh, sizeof fresh, "%.4000s.new", path);
	assert_int_equal (mkdir (fresh, 0700), 0);
	turn (place, 380 * DAY_MS);
	assert_false (authority_renew (authority, &office));
	assert_int_equal (authority_trouble (authority), ERR_FILE);
	assert_int_equal (judged (authority, "jembatan.local"), 0);
	assert_int_equal (rmdir (fresh), 0);
	assert_true (authority_renew (authority, &office));
	assert_ok (authority_trouble (authority));
}

static void the_box_knows_what_it_is_called (void **state)
{
	static struct host_names names;
	uint8_t address[16];

	host_names_here ("ipwl-satu", &names);
	assert_true (names.count >= 3);
	assert_string_equal (names.of[0], "jembatan.local");
	assert_string_equal (names.of[1], "ipwl-satu.local");
	for (size_t i = 0; i < names.count; i++)
		assert_true (strncmp (names.of[i], "fe80:", 5) != 0);
	assert_int_equal (host_address ("192.168.7.20", address), 4);
	assert_int_equal (host_address ("fd00::7", address), 16);
	assert_int_equal (host_address ("jembatan.local", address), 0);
}

#define place_test(f) cmocka_unit_test_setup_teardown (f, make_place, remove_place)

int main (void)
{
	const struct CMUnitTest tests[] = {
		place_test (a_browser_that_trusts_it_finds_nothing_wrong_at_any_name_of_the_box),
		place_test (both_last_as_long_as_they_should),
		place_test (each_certificate_names_the_key_that_signed_it),
		place_test (it_is_made_once),
		place_test (the_certificate_is_renewed_thirty_days_before_its_end),
		place_test (a_new_address_or_name_is_taken_in_and_one_that_is_gone_changes_nothing),
		place_test (it_speaks_for_nothing_outside_the_office),
		place_test (a_stolen_authority_is_not_believed_about_a_bank),
		place_test (a_clock_that_was_ahead_leaves_no_certificate_of_the_future),
		place_test (its_own_end_is_told_ahead_and_then_nothing_is_signed),
		place_test (a_damaged_authority_is_refused_and_never_replaced),
		place_test (a_damaged_certificate_of_the_console_is_made_anew),
		place_test (a_folder_that_cannot_be_written_keeps_the_old_one_and_says_so),
		cmocka_unit_test (the_box_knows_what_it_is_called),
	};

	gnutls_global_set_time_function (turned_time);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
