/* Keys: files that are safe or refused, ids, signatures, hashes and words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jembatan/keys.h"

#define DOMAIN "JMBTN-test-v1"

static char folder[64];

static const char *path_of (const char *name)
{
	static char paths[2][128];
	static unsigned turn;
	char *path = paths[turn++ % COUNT_OF (paths)];

	snprintf (path, sizeof paths[0], "%s/%s", folder, name);
	return path;
}

static int make_folder (void **state)
{
	strcpy (folder, "/tmp/jbt-keys-XXXXXX");
	return mkdtemp (folder) != NULL ? 0 : -1;
}

static int remove_folder (void **state)
{
	static const char *const names[] = { "sig.key", "box.key", "link.key", "log.key",
					     "root.key", "deep/sig.key", "deep" };

	for (size_t i = 0; i < COUNT_OF (names); i++)
		remove (path_of (names[i]));
	return rmdir (folder);
}

static keypair_t *saved (enum key_use use)
{
	keypair_t *pair = keypair_new (use);

	assert_int_equal (keypair_save (pair, folder, NULL), ERR_OK);
	return pair;
}

/* A good file, to be spoiled. */
static void save_fresh (enum key_use use)
{
	keypair_t *pair = saved (use);

	keypair_destroy (&pair);
}

static void write_text (const char *name, const char *text)
{
	FILE *file = fopen (path_of (name), "w");

	assert_non_null (file);
	fputs (text, file);
	fclose (file);
	chmod (path_of (name), 0600);
}

static char *read_text (const char *name, char text[512])
{
	FILE *file = fopen (path_of (name), "r");
	size_t len;

	assert_non_null (file);
	len = fread (text, 1, 511, file);
	text[len] = '\0';
	fclose (file);
	return text;
}

/* The loading fails, and the person is told the file's name and `expected`. */
static void assert_refused (enum key_use use, const char *expected)
{
	OWNED (problems) problems = problems_new ();
	OWNED (keypair) pair = NULL;

	assert_int_equal (keypair_load (use, folder, &pair, problems), ERR_KEY_FILE);
	assert_null (pair);
	assert_int_equal (problems_count (problems), 1);
	assert_non_null (strstr (problems_at (problems, 0)->text_en, folder));
	assert_non_null (strstr (problems_at (problems, 0)->text_id, folder));
	assert_non_null (strstr (problems_at (problems, 0)->text_en, expected));
}

static void a_saved_pair_of_each_use_loads_again (void **state)
{
	for (enum key_use use = KEY_SIG; use <= KEY_ROOT; use++) {
		OWNED (keypair) pair = saved (use);
		OWNED (keypair) again = NULL;
		struct public_key x = keypair_public (pair), y;

		assert_int_equal (keypair_load (use, folder, &again, NULL), ERR_OK);
		y = keypair_public (again);
		assert_true (ID_EQUAL (x, y));
		assert_true (bytes_equal (keypair_secret (pair), keypair_secret (again)));
		assert_int_equal (keypair_use (again), use);
	}
}

static void a_key_file_is_one_readable_line_for_its_owner_only (void **state)
{
	char text[512];
	struct stat about;

	save_fresh (KEY_SIG);
	assert_int_equal (stat (path_of ("sig.key"), &about), 0);
	assert_int_equal (about.st_mode & 0777, 0600);
	read_text ("sig.key", text);
	assert_int_equal (strncmp (text, "jembatan-key-v1 sig ", 20), 0);
	assert_int_equal (strlen (text), 20 + 128 + 1 + 64 + 1);
	assert_ptr_equal (strchr (text, '\n'), text + strlen (text) - 1);
}

static void a_missing_folder_is_made_for_its_owner_only (void **state)
{
	OWNED (keypair) pair = keypair_new (KEY_SIG);
	char deep[96];
	struct stat about;

	snprintf (deep, sizeof deep, "%s/deep", folder);
	assert_int_equal (keypair_save (pair, deep, NULL), ERR_OK);
	assert_int_equal (stat (deep, &about), 0);
	assert_int_equal (about.st_mode & 0777, 0700);
}

static void an_existing_key_is_never_overwritten (void **state)
{
	OWNED (keypair) first = saved (KEY_SIG);
	OWNED (keypair) second = keypair_new (KEY_SIG);
	OWNED (keypair) still = NULL;
	OWNED (problems) problems = problems_new ();

	assert_int_equal (keypair_save (second, folder, problems), ERR_EXISTS);
	assert_non_null (strstr (problems_at (problems, 0)->text_en, "sig.key"));
	assert_int_equal (keypair_load (KEY_SIG, folder, &still, NULL), ERR_OK);
	assert_true (bytes_equal (keypair_secret (first), keypair_secret (still)));
}

static void a_missing_file_is_named (void **state)
{
	assert_refused (KEY_BOX, "missing");
}

static void a_file_that_others_may_read_is_refused (void **state)
{
	save_fresh (KEY_SIG);
	chmod (path_of ("sig.key"), 0640);
	assert_refused (KEY_SIG, "chmod 600");
}

static void a_folder_that_others_may_write_to_is_refused (void **state)
{
	save_fresh (KEY_SIG);
	chmod (folder, 0770);
	assert_refused (KEY_SIG, "chmod 700");
}

static void a_link_in_place_of_the_file_is_refused (void **state)
{
	save_fresh (KEY_SIG);
	assert_int_equal (rename (path_of ("sig.key"), "/tmp/jbt-elsewhere.key"), 0);
	assert_int_equal (symlink ("/tmp/jbt-elsewhere.key", path_of ("sig.key")), 0);
	assert_refused (KEY_SIG, "plain file");
	unlink ("/tmp/jbt-elsewhere.key");
}

static void a_key_of_another_use_is_refused (void **state)
{
	save_fresh (KEY_SIG);
	assert_int_equal (rename (path_of ("sig.key"), path_of ("log.key")), 0);
	assert_refused (KEY_LOG, "another use");
}

static void a_file_cut_short_anywhere_is_refused (void **state)
{
	char text[512];
	size_t len;

	save_fresh (KEY_LINK);
	len = strlen (read_text ("link.key", text));
	while (len-- > 0) {
		text[len] = '\0';
		write_text ("link.key", text);
		assert_refused (KEY_LINK, "link.key");
	}
}

static void a_digit_changed_anywhere_is_refused (void **state)
{
	static const enum key_use each[] = { KEY_SIG, KEY_BOX };
	static const char *const names[] = { "sig.key", "box.key" };

	for (size_t k = 0; k < COUNT_OF (each); k++) {
		char text[512];
		size_t at = strlen ("jembatan-key-v1 sig "), len;

		save_fresh (each[k]);
		len = strlen (read_text (names[k], text)) - 1;
		/* X25519 ignores five bits of a secret, so its first and last bytes are passed over. */
		for (at += each[k] == KEY_BOX ? 2 : 0; at < len; at++) {
			char was = text[at];

			if (each[k] == KEY_BOX && at >= 20 + 62 && at < 20 + 65)
				continue;
			text[at] = was == '3' ? '4' : '3';
			write_text (names[k], text);
			assert_refused (each[k], names[k]);
			text[at] = was;
		}
	}
}

static void something_after_the_line_is_refused (void **state)
{
	char text[512];

	save_fresh (KEY_SIG);
	strcat (read_text ("sig.key", text), "x");
	write_text ("sig.key", text);
	assert_refused (KEY_SIG, "one whole line");
}

/* ---- ids, signatures, hashes ------------------------------------------------------------------ */

static void the_id_of_a_key_depends_on_its_use (void **state)
{
	struct public_key key = { { 7 } };

	for (enum key_use x = KEY_SIG; x <= KEY_ROOT; x++)
		for (enum key_use y = KEY_SIG; y < x; y++) {
			struct key_id a = key_id_of (x, &key), b = key_id_of (y, &key);

			assert_false (ID_EQUAL (a, b));
		}
}

static void a_signature_verifies_over_the_joined_parts (void **state)
{
	OWNED (keypair) pair = keypair_new (KEY_SIG);
	struct public_key key = keypair_public (pair);
	struct signature made = sign_parts (pair, DOMAIN, bytes_of_text ("ab"),
					    bytes_of_text ("c"), BYTES_NONE);

	assert_int_equal (verify_parts (&key, &made, DOMAIN, bytes_of_text ("abc"), BYTES_NONE,
					BYTES_NONE),
			  ERR_OK);
}

static void a_signature_of_another_domain_or_content_or_key_fails (void **state)
{
	OWNED (keypair) pair = keypair_new (KEY_SIG);
	OWNED (keypair) other = keypair_new (KEY_SIG);
	struct public_key key = keypair_public (pair), wrong = keypair_public (other);
	struct bytes said = bytes_of_text ("rujukan");
	struct signature made = sign_parts (pair, DOMAIN, said, BYTES_NONE, BYTES_NONE);

	assert_int_equal (verify_parts (&key, &made, "JMBTN-other-v1", said, BYTES_NONE, BYTES_NONE),
			  ERR_BAD_SIGNATURE);
	assert_int_equal (verify_parts (&key, &made, DOMAIN, bytes_of_text ("rujukam"), BYTES_NONE,
					BYTES_NONE),
			  ERR_BAD_SIGNATURE);
	assert_int_equal (verify_parts (&wrong, &made, DOMAIN, said, BYTES_NONE, BYTES_NONE),
			  ERR_BAD_SIGNATURE);
}

static void a_signature_with_any_bit_flipped_fails (void **state)
{
	OWNED (keypair) pair = keypair_new (KEY_SIG);
	struct public_key key = keypair_public (pair);
	struct bytes said = bytes_of_text ("rujukan");
	struct signature made = sign_parts (pair, DOMAIN, said, BYTES_NONE, BYTES_NONE);

	for (size_t bit = 0; bit < 8 * sizeof made.b; bit++) {
		struct signature bad = made;

		bad.b[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_int_equal (verify_parts (&key, &bad, DOMAIN, said, BYTES_NONE, BYTES_NONE),
				  ERR_BAD_SIGNATURE);
	}
}

/* RFC 7693 gives no 32-byte example; this one is BLAKE2b-256 of the empty string. */
static void the_hash_is_blake2b_256 (void **state)
{
	struct hash none = hash_of (BYTES_NONE, BYTES_NONE);
	char text[HEX32_TEXT];

	assert_string_equal (hex_text (BYTES_OF (none.b), text, sizeof text),
			     "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
}

static void a_hash_in_pieces_is_that_of_the_whole (void **state)
{
	struct bytes whole = bytes_of_text ("lampiran yang datang sepotong demi sepotong");
	hasher_t *hasher = hasher_new ();
	struct hash hash = hash_of (whole, BYTES_NONE), pieces;

	hasher_add (hasher, (struct bytes){ whole.data, 3 });
	hasher_add (hasher, BYTES_NONE);
	hasher_add (hasher, (struct bytes){ whole.data + 3, whole.len - 3 });
	pieces = hasher_end (hasher);
	assert_true (ID_EQUAL (pieces, hash));
	hasher_destroy (&hasher);
}

static void a_keyed_hash_depends_on_its_key (void **state)
{
	uint8_t one[32] = { 1 }, two[32] = { 2 };
	struct hash a = hash_keyed (BYTES_OF (one), bytes_of_text ("nama"));
	struct hash b = hash_keyed (BYTES_OF (two), bytes_of_text ("nama"));
	struct hash c = hash_of (bytes_of_text ("nama"), BYTES_NONE);

	assert_false (ID_EQUAL (a, b));
	assert_false (ID_EQUAL (a, c));
}

/* ---- words ------------------------------------------------------------------------------------ */

static void first_words (uint8_t byte, char word[32])
{
	struct hash hash;
	char text[FINGERPRINT_TEXT];

	memset (hash.b, byte, sizeof hash.b);
	fingerprint_words (&hash, text);
	*strchr (text, ' ') = '\0';
	strcpy (word, text);
}

static void every_byte_has_a_word_told_apart_by_four_letters (void **state)
{
	char words[256][32];

	for (unsigned i = 0; i < 256; i++)
		first_words ((uint8_t)i, words[i]);
	for (unsigned i = 0; i < 256; i++) {
		assert_true (strlen (words[i]) >= 3 && strlen (words[i]) <= 9);
		assert_int_equal (strspn (words[i], "abcdefghijklmnopqrstuvwxyz"),
				  strlen (words[i]));
		for (unsigned k = 0; k < i; k++)
			assert_true (strncmp (words[i], words[k], 4) != 0);
	}
}

static void a_fingerprint_is_ten_words_that_fit (void **state)
{
	struct hash hash = { { 0 } };
	char text[FINGERPRINT_TEXT];
	unsigned spaces = 0;

	for (unsigned i = 0; i < 10; i++)
		hash.b[i] = (uint8_t)(i * 25);
	fingerprint_words (&hash, text);
	for (const char *c = text; *c != '\0'; c++)
		spaces += *c == ' ';
	assert_int_equal (spaces, 9);
}

int main (void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown (test, make_folder, remove_folder)
	const struct CMUnitTest tests[] = {
		IN_FOLDER (a_saved_pair_of_each_use_loads_again),
		IN_FOLDER (a_key_file_is_one_readable_line_for_its_owner_only),
		IN_FOLDER (a_missing_folder_is_made_for_its_owner_only),
		IN_FOLDER (an_existing_key_is_never_overwritten),
		IN_FOLDER (a_missing_file_is_named),
		IN_FOLDER (a_file_that_others_may_read_is_refused),
		IN_FOLDER (a_folder_that_others_may_write_to_is_refused),
		IN_FOLDER (a_link_in_place_of_the_file_is_refused),
		IN_FOLDER (a_key_of_another_use_is_refused),
		IN_FOLDER (a_file_cut_short_anywhere_is_refused),
		IN_FOLDER (a_digit_changed_anywhere_is_refused),
		IN_FOLDER (something_after_the_line_is_refused),
		cmocka_unit_test (the_id_of_a_key_depends_on_its_use),
		cmocka_unit_test (a_signature_verifies_over_the_joined_parts),
		cmocka_unit_test (a_signature_of_another_domain_or_content_or_key_fails),
		cmocka_unit_test (a_signature_with_any_bit_flipped_fails),
		cmocka_unit_test (the_hash_is_blake2b_256),
		cmocka_unit_test (a_hash_in_pieces_is_that_of_the_whole),
		cmocka_unit_test (a_keyed_hash_depends_on_its_key),
		cmocka_unit_test (every_byte_has_a_word_told_apart_by_four_letters),
		cmocka_unit_test (a_fingerprint_is_ten_words_that_fit),
	};

	if (keys_start () != ERR_OK)
		return 1;
	return cmocka_run_group_tests (tests, NULL, NULL);
}
