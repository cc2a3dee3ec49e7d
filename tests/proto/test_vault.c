/* Sealing at rest, and the ledger's key file. */
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
#include "jembatan/vault.h"

#define assert_ok(expression) assert_int_equal ((expression), ERR_OK)

static const char secret[] = "yang tidak boleh dibaca orang lain";

static struct bytes text (const char *from)
{
	return bytes_of_text (from);
}

static void what_was_sealed_opens_with_the_same_key_and_place (void **state)
{
	OWNED (arena) arena = arena_new (64 * KIB);
	OWNED (vault) vault = vault_new ();
	struct bytes plain, sealed = vault_seal (vault, text ("here"), text (secret), arena);

	assert_int_equal (sealed.len, strlen (secret) + VAULT_OVERHEAD);
	assert_null (memmem (sealed.data, sealed.len, "dibaca", 6));
	assert_ok (vault_open (vault, text ("here"), sealed, arena, &plain));
	assert_true (bytes_equal (plain, text (secret)));
}

static void an_empty_text_is_sealed_too (void **state)
{
	OWNED (arena) arena = arena_new (64 * KIB);
	OWNED (vault) vault = vault_new ();
	struct bytes plain, sealed = vault_seal (vault, BYTES_NONE, BYTES_NONE, arena);

	assert_int_equal (sealed.len, VAULT_OVERHEAD);
	assert_ok (vault_open (vault, BYTES_NONE, sealed, arena, &plain));
	assert_int_equal (plain.len, 0);
}

static void equal_texts_are_sealed_to_different_bytes (void **state)
{
	OWNED (arena) arena = arena_new (64 * KIB);
	OWNED (vault) vault = vault_new ();

	assert_false (bytes_equal (vault_seal (vault, text ("p"), text (secret), arena),
				   vault_seal (vault, text ("p"), text (secret), arena)));
}

static void another_place_or_another_key_opens_nothing (void **state)
{
	OWNED (arena) arena = arena_new (64 * KIB);
	OWNED (vault) vault = vault_new ();
	OWNED (vault) other = vault_new ();
	struct bytes plain = BYTES_NONE, sealed = vault_seal (vault, text ("a"), text (secret), arena);

	assert_int_equal (vault_open (vault, text ("b"), sealed, arena, &plain), ERR_CANNOT_OPEN);
	assert_int_equal (vault_open (other, text ("a"), sealed, arena, &plain), ERR_CANNOT_OPEN);
	assert_int_equal (plain.len, 0);
}

static void every_flipped_bit_is_seen (void **state)
{
	OWNED (arena) arena = arena_new (4 * MIB);
	OWNED (vault) vault = vault_new ();
	struct bytes plain, sealed = vault_seal (vault, text ("a"), text ("nama"), arena);

	for (size_t i = 0; i < 8 * sealed.len; i++) {
		uint8_t *copy = (uint8_t *)arena_bytes (arena, sealed).data;

		copy[i / 8] ^= (uint8_t)(1u << (i % 8));
		assert_int_equal (vault_open (vault, text ("a"),
					      (struct bytes){ copy, sealed.len }, arena, &plain),
				  ERR_CANNOT_OPEN);
	}
}

static void what_is_cut_short_opens_nothing (void **state)
{
	OWNED (arena) arena = arena_new (4 * MIB);
	OWNED (vault) vault = vault_new ();
	struct bytes plain, sealed = vault_seal (vault, text ("a"), text ("nama"), arena);

	for (size_t len = 0; len < sealed.len; len++)
		assert_int_equal (vault_open (vault, text ("a"),
					      (struct bytes){ sealed.data, len }, arena, &plain),
				  ERR_CANNOT_OPEN);
}

static void a_full_arena_is_told_and_not_overrun (void **state)
{
	OWNED (arena) arena = arena_new (64 * KIB);
	OWNED (arena) tiny = arena_new (16);
	OWNED (vault) vault = vault_new ();
	struct bytes plain, sealed = vault_seal (vault, text ("a"), text (secret), arena);

	assert_int_equal (vault_seal (vault, text ("a"), text (secret), tiny).len, 0);
	assert_int_equal (vault_open (vault, text ("a"), sealed, tiny, &plain), ERR_TOO_LARGE);
}

static void a_wrapped_key_is_the_same_key_again (void **state)
{
	OWNED (arena) arena = arena_new (64 * KIB);
	OWNED (vault) outer = vault_new ();
	OWNED (vault) inner = vault_new ();
	OWNED (vault) again = NULL;
	uint8_t wrapped[VAULT_WRAPPED_BYTES];
	struct bytes plain, sealed = vault_seal (inner, text ("a"), text (secret), arena);

	vault_wrap (outer, text ("p1"), inner, wrapped);
	assert_ok (vault_unwrap (outer, text ("p1"), BYTES_OF (wrapped), &again));
	assert_ok (vault_open (again, text ("a"), sealed, arena, &plain));
	assert_true (bytes_equal (plain, text (secret)));
}

static void a_wrapped_key_belongs_to_its_place_and_its_wrapper (void **state)
{
	OWNED (vault) outer = vault_new ();
	OWNED (vault) inner = vault_new ();
	vault_t *again = NULL;
	uint8_t wrapped[VAULT_WRAPPED_BYTES];

	vault_wrap (outer, text ("p1"), inner, wrapped);
	assert_int_equal (vault_unwrap (outer, text ("p2"), BYTES_OF (wrapped), &again),
			  ERR_CANNOT_OPEN);
	assert_int_equal (vault_unwrap (inner, text ("p1"), BYTES_OF (wrapped), &again),
			  ERR_CANNOT_OPEN);
	assert_int_equal (vault_unwrap (outer, text ("p1"), (struct bytes){ wrapped, 71 }, &again),
			  ERR_CANNOT_OPEN);
	assert_null (again);
}

static void a_vault_takes_another_key_and_forgets_its_own (void **state)
{
	OWNED (arena) arena = arena_new (64 * KIB);
	OWNED (vault) outer = vault_new ();
	OWNED (vault) first = vault_new ();
	OWNED (vault) second = vault_new ();
	uint8_t wrapped[VAULT_WRAPPED_BYTES];
	struct bytes plain, old = vault_seal (second, text ("a"), text (secret), arena);
	struct bytes sealed = vault_seal (first, text ("a"), text (secret), arena);

	vault_wrap (outer, text ("p1"), first, wrapped);
	assert_ok (vault_unwrap (outer, text ("p1"), BYTES_OF (wrapped), &second));
	assert_ok (vault_open (second, text ("a"), sealed, arena, &plain));
	assert_int_equal (vault_open (second, text ("a"), old, arena, &plain), ERR_CANNOT_OPEN);
	assert_int_equal (vault_unwrap (outer, text ("p2"), BYTES_OF (wrapped), &second),
			  ERR_CANNOT_OPEN);
	assert_null (second);
}

static void derived_keys_differ_by_purpose_and_are_made_again_alike (void **state)
{
	OWNED (arena) arena = arena_new (64 * KIB);
	OWNED (vault) vault = vault_new ();
	OWNED (vault) own = vault_derive (vault, "own");
	OWNED (vault) again = vault_derive (vault, "own");
	OWNED (vault) blind = vault_derive (vault, "blind");
	struct bytes plain, sealed = vault_seal (own, text ("a"), text (secret), arena);

	assert_ok (vault_open (again, text ("a"), sealed, arena, &plain));
	assert_int_equal (vault_open (blind, text ("a"), sealed, arena, &plain), ERR_CANNOT_OPEN);
	assert_int_equal (vault_open (vault, text ("a"), sealed, arena, &plain), ERR_CANNOT_OPEN);
}

static void a_blind_index_finds_equals_and_depends_on_the_key (void **state)
{
	OWNED (vault) vault = vault_new ();
	OWNED (vault) other = vault_new ();
	struct hash a = vault_blind (vault, text ("1771016502980003"));
	struct hash b = vault_blind (vault, text ("1771016502980003"));
	struct hash c = vault_blind (vault, text ("1771016502980004"));
	struct hash d = vault_blind (other, text ("1771016502980003"));

	assert_true (ID_EQUAL (a, b));
	assert_false (ID_EQUAL (a, c));
	assert_false (ID_EQUAL (a, d));
}

/* ---- the key file ------------------------------------------------------------------------------- */

struct place {
	char folder[64], path[80];
};

static int make_folder (void **state)
{
	struct place *place = calloc (1, sizeof *place);

	assert_ok (keys_start ());
	snprintf (place->folder, sizeof place->folder, "/tmp/jembatan-vault-XXXXXX");
	assert_non_null (mkdtemp (place->folder));
	snprintf (place->path, sizeof place->path, "%s/ledger.key", place->folder);
	*state = place;
	return 0;
}

static int remove_folder (void **state)
{
	struct place *place = *state;

	unlink (place->path);
	rmdir (place->folder);
	free (place);
	return 0;
}

static void write_text (const struct place *place, const char *content)
{
	FILE *file = fopen (place->path, "wbe");

	assert_non_null (file);
	fputs (content, file);
	fclose (file);
	chmod (place->path, 0600);
}

static void read_text (const struct place *place, char content[256])
{
	FILE *file = fopen (place->path, "rbe");

	assert_non_null (file);
	content[fread (content, 1, 255, file)] = '\0';
	fclose (file);
}

/* Refused as a key file, with a problem in both languages that quotes the path. */
static void assert_refused (const struct place *place, const char *says)
{
	OWNED (problems) problems = problems_new ();
	vault_t *vault = NULL;

	assert_int_equal (vault_load (place->path, &vault, problems), ERR_KEY_FILE);
	assert_null (vault);
	assert_int_equal (problems_count (problems), 1);
	assert_non_null (strstr (problems_at (problems, 0)->text_en, place->path));
	assert_non_null (strstr (problems_at (problems, 0)->text_id, place->path));
	assert_non_null (strstr (problems_at (problems, 0)->text_en, says));
}

static void a_key_file_is_one_private_line_and_gives_the_key_back (void **state)
{
	struct place *place = *state;
	OWNED (arena) arena = arena_new (64 * KIB);
	OWNED (vault) vault = vault_new ();
	OWNED (vault) again = NULL;
	struct bytes plain, sealed = vault_seal (vault, text ("a"), text (secret), arena);
	struct stat about;
	char content[256];

	assert_ok (vault_save (vault, place->path, NULL));
	assert_int_equal (stat (place->path, &about), 0);
	assert_int_equal (about.st_mode & 0777, 0600);
	read_text (place, content);
	assert_memory_equal (content, "jembatan-key-v1 LEDGER ", 23);
	assert_int_equal (strlen (content), 23 + 64 + 1 + 8 + 1);
	assert_ok (vault_load (place->path, &again, NULL));
	assert_ok (vault_open (again, text ("a"), sealed, arena, &plain));
}

static void a_key_file_is_never_overwritten (void **state)
{
	struct place *place = *state;
	OWNED (vault) vault = vault_new ();
	OWNED (vault) other = vault_new ();
	char before[256], after[256];

	assert_ok (vault_save (vault, place->path, NULL));
	read_text (place, before);
	assert_int_equal (vault_save (other, place->path, NULL), ERR_EXISTS);
	read_text (place, after);
	assert_string_equal (before, after);
}

static void a_missing_key_file_is_refused (void **state)
{
	assert_refused (*state, "is missing");
}

static void a_key_file_that_others_may_read_is_refused (void **state)
{
	struct place *place = *state;
	OWNED (vault) vault = vault_new ();

	assert_ok (vault_save (vault, place->path, NULL));
	chmod (place->path, 0640);
	assert_refused (place, "chmod 600");
	chmod (place->path, 0604);
	assert_refused (place, "chmod 600");
}

static void a_key_file_in_a_folder_that_others_may_write_is_refused (void **state)
{
	struct place *place = *state;
	OWNED (vault) vault = vault_new ();

	assert_ok (vault_save (vault, place->path, NULL));
	chmod (place->folder, 0770);
	assert_refused (place, "chmod 700");
	chmod (place->folder, 0700);
}

static void a_key_file_that_is_not_exactly_one_key_is_refused (void **state)
{
	static const char good[] = "jembatan-key-v1 LEDGER "
				   "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n";
	struct place *place = *state;
	OWNED (vault) vault = NULL;
	char bad[256];

	write_text (place, good);
	assert_ok (vault_load (place->path, &vault, NULL));
	for (size_t i = 0; i < strlen (good); i++) {
		strcpy (bad, good);
		bad[i] = good[i] == 'G' ? 'H' : 'G';   /* a digit of no hex and of no word */
		if (strcmp (bad, good) == 0)
			continue;
		write_text (place, bad);
		assert_refused (place, "not one whole line");
	}
	snprintf (bad, sizeof bad, "%s\n", good);
	write_text (place, bad);
	assert_refused (place, "not one whole line");
	snprintf (bad, sizeof bad, "%.*s", (int)strlen (good) - 1, good);
	write_text (place, bad);
	assert_refused (place, "not one whole line");
	write_text (place, "");
	assert_refused (place, "not one whole line");
}

/* Every key opens something: one that was changed would go on sealing what nobody opens again. */
static void a_key_that_has_changed_is_told_by_its_check (void **state)
{
	struct place *place = *state;
	OWNED (vault) vault = vault_new ();
	char good[256], bad[256];

	assert_ok (vault_save_backup (vault, place->path, NULL));
	read_text (place, good);
	for (size_t i = 23; i < strlen (good) - 1; i++) {
		if (good[i] == ' ')
			continue;
		strcpy (bad, good);
		bad[i] = good[i] == '0' ? '1' : '0';
		write_text (place, bad);
		{
			OWNED (vault) again = NULL;
			OWNED (problems) problems = problems_new ();

			assert_int_equal (vault_load_backup (place->path, &again, problems), ERR_KEY_FILE);
			assert_non_null (strstr (problems_at (problems, 0)->text_en, "is damaged"));
		}
	}
}

#define file_test(f) cmocka_unit_test_setup_teardown (f, make_folder, remove_folder)

static int start (void **state)
{
	return keys_start () == ERR_OK ? 0 : -1;
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (what_was_sealed_opens_with_the_same_key_and_place),
		cmocka_unit_test (an_empty_text_is_sealed_too),
		cmocka_unit_test (equal_texts_are_sealed_to_different_bytes),
		cmocka_unit_test (another_place_or_another_key_opens_nothing),
		cmocka_unit_test (every_flipped_bit_is_seen),
		cmocka_unit_test (what_is_cut_short_opens_nothing),
		cmocka_unit_test (a_full_arena_is_told_and_not_overrun),
		cmocka_unit_test (a_wrapped_key_is_the_same_key_again),
		cmocka_unit_test (a_wrapped_key_belongs_to_its_place_and_its_wrapper),
		cmocka_unit_test (a_vault_takes_another_key_and_forgets_its_own),
		cmocka_unit_test (derived_keys_differ_by_purpose_and_are_made_again_alike),
		cmocka_unit_test (a_blind_index_finds_equals_and_depends_on_the_key),
		file_test (a_key_file_is_one_private_line_and_gives_the_key_back),
		file_test (a_key_file_is_never_overwritten),
		file_test (a_missing_key_file_is_refused),
		file_test (a_key_file_that_others_may_read_is_refused),
		file_test (a_key_file_in_a_folder_that_others_may_write_is_refused),
		file_test (a_key_file_that_is_not_exactly_one_key_is_refused),
		file_test (a_key_that_has_changed_is_told_by_its_check),
	};

	return cmocka_run_group_tests (tests, start, NULL);
}
