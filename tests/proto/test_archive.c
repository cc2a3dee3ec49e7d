/* Encrypted archives: what goes in comes out, and anything else is named. */
#include "tests/support/unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "jembatan/keys.h"
#include "proto/archive.h"

#define assert_ok(expression) assert_int_equal ((expression), ERR_OK)

struct place {
	char folder[32], path[64];
	vault_t *key;
};

static int set_up (void **state)
{
	struct place *place = calloc (1, sizeof *place);

	strcpy (place->folder, "/tmp/jbt-archive-XXXXXX");
	assert_non_null (mkdtemp (place->folder));
	snprintf (place->path, sizeof place->path, "%s/a.jbk", place->folder);
	place->key = vault_new ();
	*state = place;
	return 0;
}

static int tear_down (void **state)
{
	struct place *place = *state;

	unlink (place->path);
	rmdir (place->folder);
	vault_destroy (&place->key);
	free (place);
	return 0;
}

static struct archive_head head_of (uint64_t bytes)
{
	return (struct archive_head){ .kind = ARCHIVE_LEDGER, .who = "ipwl-contoh",
				      .store = { { 1, 2, 3 } }, .made_ms = 1763780000000,
				      .bytes = bytes };
}

/* Byte i of what is archived. */
static uint8_t content (uint64_t i)
{
	return (uint8_t)(i * 31 + (i >> 8));
}

static void write_archive (const struct place *place, uint64_t bytes)
{
	static uint8_t piece[ARCHIVE_PIECE_BYTES];
	struct archive_head head = head_of (bytes);
	OWNED (archive) archive = NULL;
	uint64_t at = 0;

	unlink (place->path);
	assert_ok (archive_create (place->path, &head, place->key, &archive, NULL));
	do {
		size_t len = bytes - at < sizeof piece ? (size_t)(bytes - at) : sizeof piece;

		for (size_t i = 0; i < len; i++)
			piece[i] = content (at + i);
		assert_ok (archive_add (archive, (struct bytes){ piece, len }, NULL));
		at += len;
	} while (at < bytes);
	assert_ok (archive_finish (archive, NULL));
}

/* Reads all of it; what was read before a failure is what went in. */
static err_t read_archive (const struct place *place, const vault_t *key, enum archive_kind kind,
			   problems_t *problems)
{
	OWNED (archive) archive = NULL;
	struct bytes piece;
	uint64_t at = 0;
	err_t err = archive_open (place->path, kind, key, &archive, problems);

	while (err == ERR_OK) {
		err = archive_next (archive, &piece, problems);
		if (err == ERR_OK && piece.len == 0)
			break;
		for (size_t i = 0; err == ERR_OK && i < piece.len; i++)
			assert_int_equal (piece.data[i], content (at + i));
		at += piece.len;
	}
	if (err == ERR_OK)
		assert_int_equal (at, archive_head (archive)->bytes);
	return err;
}

static void expect (const struct place *place, err_t expected, const char *words)
{
	OWNED (problems) problems = problems_new ();
	err_t err = read_archive (place, place->key, ARCHIVE_LEDGER, problems);

	assert_int_equal (err, expected);
	assert_int_equal (problems_count (problems), 1);
	assert_non_null (strstr (problems_at (problems, 0)->text_en, words));
}

static size_t load (const struct place *place, uint8_t **ret_bytes)
{
	int fd = open (place->path, O_RDONLY);
	struct stat about;

	assert_int_equal (fstat (fd, &about), 0);
	*ret_bytes = malloc ((size_t)about.st_size + 1);
	assert_int_equal (read (fd, *ret_bytes, (size_t)about.st_size), about.st_size);
	close (fd);
	return (size_t)about.st_size;
}

static void store (const struct place *place, const uint8_t *bytes, size_t len)
{
	int fd = open (place->path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_int_equal (write (fd, bytes, len), len);
	close (fd);
}

static void what_goes_in_comes_out_at_every_length (void **state)
{
	static const uint64_t lengths[] = { 0, 1, 4096, ARCHIVE_PIECE_BYTES - 1, ARCHIVE_PIECE_BYTES,
					    ARCHIVE_PIECE_BYTES + 1, 5 * ARCHIVE_PIECE_BYTES };
	struct place *place = *state;
	struct stat about;

	for (size_t i = 0; i < COUNT_OF (lengths); i++) {
		write_archive (place, lengths[i]);
		assert_ok (read_archive (place, place->key, ARCHIVE_LEDGER, NULL));
		assert_int_equal (stat (place->path, &about), 0);
		assert_int_equal (about.st_size, archive_file_bytes (lengths[i]));
		assert_int_equal (about.st_mode & 0777, 0600);
	}
}

static void the_head_tells_what_it_is (void **state)
{
	struct place *place = *state;
	struct archive_head head = head_of (10);
	OWNED (archive) archive = NULL;

	write_archive (place, 10);
	assert_ok (archive_open (place->path, ARCHIVE_LEDGER, place->key, &archive, NULL));
	assert_string_equal (archive_head (archive)->who, head.who);
	assert_true (ID_EQUAL (archive_head (archive)->store, head.store));
	assert_int_equal (archive_head (archive)->made_ms, head.made_ms);
}

static void nothing_of_the_content_stands_in_the_file (void **state)
{
	struct place *place = *state;
	uint8_t *bytes, plain[16];
	size_t len;

	write_archive (place, ARCHIVE_PIECE_BYTES);
	len = load (place, &bytes);
	for (size_t i = 0; i < sizeof plain; i++)
		plain[i] = content (100 + i);
	assert_null (memmem (bytes, len, plain, sizeof plain));
	free (bytes);
}

static void every_flipped_bit_is_noticed (void **state)
{
	struct place *place = *state;
	uint8_t *bytes;
	size_t len;

	write_archive (place, 600);
	len = load (place, &bytes);
	for (size_t i = 0; i < len; i++) {
		bytes[i] ^= (uint8_t)(1u << (i & 7));
		store (place, bytes, len);
		assert_int_not_equal (read_archive (place, place->key, ARCHIVE_LEDGER, NULL),
				      ERR_OK);
		bytes[i] ^= (uint8_t)(1u << (i & 7));
	}
	free (bytes);
}

static void every_truncation_is_noticed (void **state)
{
	struct place *place = *state;
	uint8_t *bytes;
	size_t len;

	write_archive (place, 600);
	len = load (place, &bytes);
	for (size_t cut = 0; cut < len; cut++) {
		store (place, bytes, cut);
		expect (place, ERR_MALFORMED, cut < 8 ? "no backup" : "cut short");
	}
	free (bytes);
}

/* The length in the head catches a cut file first; here it lies. */
static void pieces_can_be_neither_left_out_nor_swapped (void **state)
{
	const size_t piece = ARCHIVE_PIECE_BYTES + 17;
	struct place *place = *state;
	uint8_t *bytes, *kept;
	size_t len, start;

	write_archive (place, 3 * ARCHIVE_PIECE_BYTES);
	len = load (place, &bytes);
	start = len - 3 * piece;
	kept = malloc (piece);
	memcpy (kept, bytes + start, piece);
	memcpy (bytes + start, bytes + start + piece, piece);
	memcpy (bytes + start + piece, kept, piece);
	store (place, bytes, len);
	expect (place, ERR_MALFORMED, "changed inside");
	free (kept);
	free (bytes);
}

static void what_is_wrong_is_named (void **state)
{
	struct place *place = *state;
	OWNED (problems) problems = problems_new ();
	OWNED (vault) other = vault_new ();
	uint8_t *bytes;
	size_t len;

	write_archive (place, 600);
	assert_int_equal (read_archive (place, other, ARCHIVE_LEDGER, problems), ERR_WRONG_KEY);
	assert_int_equal (read_archive (place, place->key, ARCHIVE_HUB, problems), ERR_CONFLICT);
	assert_non_null (strstr (problems_at (problems, 1)->text_en, "other kind"));
	len = load (place, &bytes);
	bytes[len] = 0;
	store (place, bytes, len + 1);
	expect (place, ERR_MALFORMED, "added at the end");
	bytes[8]++;
	store (place, bytes, len);
	expect (place, ERR_BAD_VERSION, "newer program");
	free (bytes);
	unlink (place->path);
	expect (place, ERR_NOT_FOUND, "there is no backup");
}

static void a_file_that_is_there_is_not_overwritten (void **state)
{
	struct place *place = *state;
	struct archive_head head = head_of (600);
	OWNED (archive) archive = NULL;

	write_archive (place, 600);
	assert_int_equal (archive_create (place->path, &head, place->key, &archive, NULL), ERR_FILE);
	assert_ok (read_archive (place, place->key, ARCHIVE_LEDGER, NULL));
}

#define test(name) cmocka_unit_test_setup_teardown (name, set_up, tear_down)

int main (void)
{
	const struct CMUnitTest tests[] = {
		test (what_goes_in_comes_out_at_every_length),
		test (the_head_tells_what_it_is),
		test (nothing_of_the_content_stands_in_the_file),
		test (every_flipped_bit_is_noticed),
		test (every_truncation_is_noticed),
		test (pieces_can_be_neither_left_out_nor_swapped),
		test (what_is_wrong_is_named),
		test (a_file_that_is_there_is_not_overwritten),
	};

	assert_ok (keys_start ());
	return cmocka_run_group_tests (tests, NULL, NULL);
}
