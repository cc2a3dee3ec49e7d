/* A ledger's key under a passphrase, and its file. */
#include "tests/support/unit.h"

#include <string.h>
#include <sys/stat.h>

#include "jembatan/keys.h"
#include "jembatan/vault.h"

#define assert_ok(expression) assert_int_equal ((expression), ERR_OK)

/* As little work as Argon2id allows: what is tested here does not depend on it. */
static const struct lock_cost quick = { 1, 8 };
static const char passphrase[] = "lumbung padi di tepi kali";

struct place {
	char folder[64], path[80];
};

static int make_place (void **state)
{
	struct place *place = calloc (1, sizeof *place);

	assert_non_null (place);
	unit_folder (place->folder, sizeof place->folder, "lock");
	snprintf (place->path, sizeof place->path, "%s/ledger.key", place->folder);
	*state = place;
	return 0;
}

static int remove_place (void **state)
{
	struct place *place = *state;

	unlink (place->path);
	rmdir (place->folder);
	free (place);
	return 0;
}

static struct locked_key locked_of (const vault_t *vault)
{
	struct locked_key locked;

	assert_ok (vault_lock (vault, passphrase, &quick, &locked));
	return locked;
}

static bool same_key (const vault_t *a, const vault_t *b)
{
	return bytes_equal (vault_key (a), vault_key (b));
}

static void its_passphrase_gives_the_key_back_and_no_other_does (void **state)
{
	static const char *const wrong[] = { "", "lumbung padi di tepi kal", "Lumbung padi di tepi kali",
					     "lumbung padi di tepi kali " };
	OWNED (vault) vault = vault_new ();
	OWNED (vault) again = NULL;
	struct locked_key locked = locked_of (vault);

	for (size_t i = 0; i < COUNT_OF (wrong); i++) {
		assert_int_equal (vault_unlock (&locked, wrong[i], &again), ERR_WRONG_PASSPHRASE);
		assert_null (again);
	}
	assert_ok (vault_unlock (&locked, passphrase, &again));
	assert_true (same_key (vault, again));
}

/* Who could lower the cost in the file could guess cheaply, if the key opened all the same. */
static void neither_cost_nor_salt_nor_sealed_key_can_be_exchanged (void **state)
{
	OWNED (vault) vault = vault_new ();
	OWNED (vault) again = NULL;
	struct locked_key good = locked_of (vault), bad;

	for (size_t i = 0; i < sizeof good.sealed + sizeof good.salt; i++) {
		bad = good;
		if (i < sizeof good.sealed)
			bad.sealed[i] ^= 1;
		else
			bad.salt[i - sizeof good.sealed] ^= 1;
		assert_int_equal (vault_unlock (&bad, passphrase, &again), ERR_WRONG_PASSPHRASE);
	}
	bad = good;
	bad.cost.passes++;
	assert_int_equal (vault_unlock (&bad, passphrase, &again), ERR_WRONG_PASSPHRASE);
	bad = good;
	bad.cost.kib++;
	assert_int_equal (vault_unlock (&bad, passphrase, &again), ERR_WRONG_PASSPHRASE);
}

static void the_same_key_and_passphrase_are_sealed_to_different_bytes (void **state)
{
	OWNED (vault) vault = vault_new ();
	struct locked_key a = locked_of (vault), b = locked_of (vault);

	assert_memory_not_equal (a.salt, b.salt, sizeof a.salt);
	assert_memory_not_equal (a.sealed, b.sealed, sizeof a.sealed);
}

static void more_memory_than_there_is_is_no_wrong_passphrase (void **state)
{
	OWNED (vault) vault = vault_new ();
	OWNED (vault) again = NULL;
	struct locked_key locked = locked_of (vault);

	locked.cost.kib = 1;         /* less than Argon2id takes: libsodium refuses it as it would too much */
	assert_int_equal (vault_unlock (&locked, passphrase, &again), ERR_BUSY);
}

/* ---- the file ----------------------------------------------------------------------------------- */

static size_t read_file (const struct place *place, char content[512])
{
	FILE *file = fopen (place->path, "rbe");
	size_t len;

	assert_non_null (file);
	len = fread (content, 1, 511, file);
	content[len] = '\0';
	fclose (file);
	return len;
}

static void write_file (const struct place *place, const char *content, size_t len)
{
	FILE *file = fopen (place->path, "wbe");

	assert_non_null (file);
	assert_int_equal (fwrite (content, 1, len, file), len);
	assert_int_equal (fclose (file), 0);
	assert_int_equal (chmod (place->path, 0600), 0);
}

static void assert_refused (const struct place *place, err_t err, const char *says)
{
	OWNED (problems) problems = problems_new ();
	struct locked_key locked;

	assert_int_equal (vault_load_locked (place->path, &locked, problems), err);
	assert_int_equal (problems_count (problems), 1);
	assert_non_null (strstr (problems_at (problems, 0)->text_en, says));
	assert_non_null (strstr (problems_at (problems, 0)->text_en, place->path));
	assert_non_null (strstr (problems_at (problems, 0)->text_id, place->path));
}

static void the_file_is_one_private_line_that_says_what_it_is (void **state)
{
	struct place *place = *state;
	OWNED (vault) vault = vault_new ();
	OWNED (vault) again = NULL;
	struct locked_key locked = locked_of (vault), read;
	struct stat about;
	char content[512];

	assert_ok (vault_save (vault, place->path, NULL));
	assert_ok (vault_replace_locked (&locked, place->path, NULL));
	assert_int_equal (stat (place->path, &about), 0);
	assert_int_equal (about.st_mode & 0777, 0600);
	read_file (place, content);
	assert_memory_equal (content, "jembatan-key-v1 LEDGER-LOCKED argon2id 1 8 ", 43);
	assert_ok (vault_load_locked (place->path, &read, NULL));
	assert_ok (vault_unlock (&read, passphrase, &again));
	assert_true (same_key (vault, again));
}

static void each_form_is_told_from_the_other (void **state)
{
	struct place *place = *state;
	OWNED (problems) problems = problems_new ();
	OWNED (vault) vault = vault_new ();
	OWNED (vault) again = NULL;
	struct locked_key locked = locked_of (vault);

	assert_ok (vault_save (vault, place->path, NULL));
	assert_refused (place, ERR_CONFLICT, "not under a passphrase");
	assert_ok (vault_replace_locked (&locked, place->path, NULL));
	assert_int_equal (vault_load (place->path, &again, problems), ERR_LEDGER_LOCKED);
	assert_non_null (strstr (problems_at (problems, 0)->text_en, "under a passphrase"));
	assert_ok (vault_replace (vault, place->path, NULL));
	assert_ok (vault_load (place->path, &again, NULL));
	assert_true (same_key (vault, again));
}

/* A person who is told "wrong passphrase" looks for a better memory; one who is told "damaged" looks for
 * a copy. */
static void a_cut_or_changed_file_is_damaged_and_never_a_wrong_passphrase (void **state)
{
	struct place *place = *state;
	OWNED (vault) vault = vault_new ();
	struct locked_key locked = locked_of (vault);
	char good[512], bad[512];
	size_t len;

	assert_ok (vault_replace_locked (&locked, place->path, NULL));
	len = read_file (place, good);
	for (size_t cut = 0; cut < len; cut++) {
		write_file (place, good, cut);
		assert_refused (place, ERR_KEY_FILE, "key file");
	}
	for (size_t at = 0; at < len; at++) {
		for (const char *other = "0f G\n"; *other != '\0'; other++) {
			if (good[at] == *other)
				continue;
			memcpy (bad, good, len);
			bad[at] = *other;
			write_file (place, bad, len);
			assert_refused (place, ERR_KEY_FILE, "key file");
		}
	}
	memcpy (bad, good, len);
	bad[len] = '\n';
	write_file (place, bad, len + 1);
	assert_refused (place, ERR_KEY_FILE, "not one whole line");
}

/* The check can be made to fit by whoever writes the file; memory is not ours to give for that. */
static void a_file_that_asks_for_too_much_is_refused (void **state)
{
	static const struct lock_cost greedy[] = { { 65, 8 }, { 1, 1024 * 1024 + 1 }, { 0, 8 }, { 1, 7 },
						   { UINT32_MAX, UINT32_MAX } };
	struct place *place = *state;
	OWNED (vault) vault = vault_new ();
	struct locked_key locked = locked_of (vault);

	for (size_t i = 0; i < COUNT_OF (greedy); i++) {
		locked.cost = greedy[i];
		assert_ok (vault_replace_locked (&locked, place->path, NULL));
		assert_refused (place, ERR_KEY_FILE, "not one whole line");
	}
}

static void a_file_that_others_may_read_is_refused (void **state)
{
	struct place *place = *state;
	OWNED (vault) vault = vault_new ();
	struct locked_key locked = locked_of (vault);

	assert_ok (vault_replace_locked (&locked, place->path, NULL));
	chmod (place->path, 0640);
	assert_refused (place, ERR_KEY_FILE, "chmod 600");
}

/* ---- memory ------------------------------------------------------------------------------------- */

/* The flags of the mapping in which an address lies, as /proc/self/smaps gives them (proc(5)). */
static bool has_flag (const void *address, const char *flag)
{
	FILE *file = fopen ("/proc/self/smaps", "re");
	char line[512];
	bool here = false, found = false;

	assert_non_null (file);
	while (!found && fgets (line, sizeof line, file) != NULL) {
		unsigned long from, to;

		if (sscanf (line, "%lx-%lx ", &from, &to) == 2)
			here = (uintptr_t)address >= from && (uintptr_t)address < to;
		else if (here && strncmp (line, "VmFlags:", 8) == 0)
			found = strstr (line, flag) != NULL;
	}
	fclose (file);
	return found;
}

static void keys_lie_in_memory_that_no_core_file_takes (void **state)
{
	OWNED (vault) vault = vault_new ();
	OWNED (vault) again = NULL;
	OWNED (keypair) pair = keypair_new (KEY_SIG);
	struct locked_key locked = locked_of (vault);

	assert_ok (vault_unlock (&locked, passphrase, &again));
	assert_true (has_flag (vault_key (vault).data, " dd"));
	assert_true (has_flag (vault_key (again).data, " dd"));
	assert_true (has_flag (keypair_secret (pair).data, " dd"));
	assert_false (has_flag (&locked, " dd"));
}

#define file_test(f) cmocka_unit_test_setup_teardown (f, make_place, remove_place)

static int start (void **state)
{
	return keys_start () == ERR_OK ? 0 : -1;
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (its_passphrase_gives_the_key_back_and_no_other_does),
		cmocka_unit_test (neither_cost_nor_salt_nor_sealed_key_can_be_exchanged),
		cmocka_unit_test (the_same_key_and_passphrase_are_sealed_to_different_bytes),
		cmocka_unit_test (more_memory_than_there_is_is_no_wrong_passphrase),
		file_test (the_file_is_one_private_line_that_says_what_it_is),
		file_test (each_form_is_told_from_the_other),
		file_test (a_cut_or_changed_file_is_damaged_and_never_a_wrong_passphrase),
		file_test (a_file_that_asks_for_too_much_is_refused),
		file_test (a_file_that_others_may_read_is_refused),
		cmocka_unit_test (keys_lie_in_memory_that_no_core_file_takes),
	};

	return cmocka_run_group_tests (tests, start, NULL);
}
