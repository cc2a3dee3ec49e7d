/* One-time passwords: the vectors of the RFCs, the window, and that each step is taken once. */
#include "tests/support/unit.h"

#include <string.h>

#include "jembatan/keys.h"
#include "proto/secret.h"
#include "proto/totp.h"

#define assert_ok(expression) assert_int_equal ((expression), ERR_OK)

/* RFC 4226 appendix D and RFC 6238 appendix B use this one. */
static const struct bytes secret = { (const uint8_t *)"12345678901234567890", 20 };

/* RFC 2202 section 3. */
static void hmac_sha1_gives_the_vectors_of_rfc_2202 (void **state)
{
	static const struct { uint8_t key, key_len; const char *text; uint8_t data, data_len;
			      const char *mac; } rows[] = {
		{ 0x0b, 20, "Hi There", 0, 0, "b617318655057264e28bc0b6fb378c8ef146be00" },
		{ 0xaa, 20, NULL, 0xdd, 50, "125d7342b9ac11cd91a39af48aa17b4f63f175d3" },
		{ 0xaa, 80, "Test Using Larger Than Block-Size Key - Hash Key First", 0, 0,
		  "aa4ae5e15272d00e95705637ce8a3b55ed402112" },
		{ 0xaa, 80, "Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data",
		  0, 0, "e8e99d0f45237d786d6bbaa7965c7808bbff1a91" },
	};

	for (size_t i = 0; i < COUNT_OF (rows); i++) {
		uint8_t key[80], data[64], mac[20], expected[20];
		struct bytes message = { data, rows[i].data_len };

		memset (key, rows[i].key, sizeof key);
		memset (data, rows[i].data, sizeof data);
		if (rows[i].text != NULL)
			message = bytes_of_text (rows[i].text);
		hmac_sha1 ((struct bytes){ key, rows[i].key_len }, message, mac);
		assert_ok (hex_parse (rows[i].mac, expected, sizeof expected));
		assert_memory_equal (mac, expected, sizeof mac);
	}
}

static void hotp_gives_the_vectors_of_rfc_4226 (void **state)
{
	static const char *const codes[] = { "755224", "287082", "359152", "969429", "338314",
					     "254676", "287922", "162583", "399871", "520489" };

	for (size_t i = 0; i < COUNT_OF (codes); i++) {
		char code[9];

		hotp_text (secret, i, 6, code);
		assert_string_equal (code, codes[i]);
	}
}

static void totp_gives_the_vectors_of_rfc_6238 (void **state)
{
	static const struct { int64_t second; const char *code; } rows[] = {
		{ 59, "94287082" },         { 1111111109, "07081804" }, { 1111111111, "14050471" },
		{ 1234567890, "89005924" }, { 2000000000, "69279037" }, { 20000000000, "65353130" },
	};

	for (size_t i = 0; i < COUNT_OF (rows); i++) {
		char code[9];

		hotp_text (secret, (uint64_t)(rows[i].second * 1000 / TOTP_STEP_MS), 8, code);
		assert_string_equal (code, rows[i].code);
	}
}

static void a_code_is_good_one_step_early_and_late_and_not_beyond (void **state)
{
	static const struct { int64_t off; err_t err; } rows[] = {
		{ -2, ERR_NOT_SIGNED_IN }, { -1, ERR_OK }, { 0, ERR_OK }, { 1, ERR_OK },
		{ 2, ERR_NOT_SIGNED_IN },
	};
	int64_t step = 1234567890000 / TOTP_STEP_MS;

	for (size_t i = 0; i < COUNT_OF (rows); i++) {
		uint64_t taken = 0;
		char code[9];

		hotp_text (secret, (uint64_t)(step + rows[i].off), 6, code);
		assert_int_equal (totp_check (secret, code, step * TOTP_STEP_MS, 0, &taken),
				  rows[i].err);
		if (rows[i].err == ERR_OK)
			assert_int_equal (taken, step + rows[i].off);
	}
}

static void a_step_is_taken_once_and_none_before_it_afterwards (void **state)
{
	int64_t now_ms = 1234567890000;
	uint64_t step = (uint64_t)(now_ms / TOTP_STEP_MS), taken = 0;
	char code[9], earlier[9];

	hotp_text (secret, step, 6, code);
	hotp_text (secret, step - 1, 6, earlier);
	assert_ok (totp_check (secret, code, now_ms, 0, &taken));
	assert_int_equal (totp_check (secret, code, now_ms, taken, &taken), ERR_NOT_SIGNED_IN);
	assert_int_equal (totp_check (secret, earlier, now_ms, taken, &taken), ERR_NOT_SIGNED_IN);
}

static void what_is_no_code_is_refused (void **state)
{
	static const char *const words[] = { "", "12345", "1234567", "abcdef", "      " };
	uint64_t taken;

	for (size_t i = 0; i < COUNT_OF (words); i++)
		assert_int_equal (totp_check (secret, words[i], 1234567890000, 0, &taken),
				  ERR_NOT_SIGNED_IN);
}

static void the_uri_is_what_authenticators_read (void **state)
{
	char uri[TOTP_URI_TEXT];

	totp_uri (secret, "Jembatan ipwl-a", "siti.r", uri);
	assert_string_equal (uri, "otpauth://totp/Jembatan%20ipwl-a:siti.r"
				  "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Jembatan%20ipwl-a");
}

static void a_random_code_is_read_as_people_type_it (void **state)
{
	char code[SECRET_CODE_TEXT], other[SECRET_CODE_TEXT], read[SECRET_CODE_TEXT];

	secret_code (4, code);
	secret_code (4, other);
	assert_int_equal (strlen (code), 19);
	assert_string_not_equal (code, other);
	secret_code_read (code, read);
	assert_string_equal (read, code);
	secret_code_read (" oil1-2abc 34de ", read);
	assert_string_equal (read, "0111-2ABC-34DE");
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (hmac_sha1_gives_the_vectors_of_rfc_2202),
		cmocka_unit_test (hotp_gives_the_vectors_of_rfc_4226),
		cmocka_unit_test (totp_gives_the_vectors_of_rfc_6238),
		cmocka_unit_test (a_code_is_good_one_step_early_and_late_and_not_beyond),
		cmocka_unit_test (a_step_is_taken_once_and_none_before_it_afterwards),
		cmocka_unit_test (what_is_no_code_is_refused),
		cmocka_unit_test (the_uri_is_what_authenticators_read),
		cmocka_unit_test (a_random_code_is_read_as_people_type_it),
	};

	assert_ok (keys_start ());
	return cmocka_run_group_tests (tests, NULL, NULL);
}
