/*
 * Keys on paper; see recovery.h.
 */
#include "proto/recovery.h"

#include <ctype.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#define DOMAIN "JMBTN-recovery-v1"
#define LINE_BYTES 8u
#define LINE_DIGITS (2 * (LINE_BYTES + 2))
#define TYPED_MOST 256

void recovery_wipe (void *bytes, size_t len)
{
	sodium_memzero (bytes, len);
}

/* ---- one line ----------------------------------------------------------------------------------- */

static void check_of (char letter, unsigned number, const uint8_t bytes[LINE_BYTES], uint8_t ret[2])
{
	uint8_t named[2 + LINE_BYTES] = { (uint8_t)letter, (uint8_t)number };
	struct hash hash;

	memcpy (named + 2, bytes, LINE_BYTES);
	hash = hash_of (bytes_of_text (DOMAIN), BYTES_OF (named));
	memcpy (ret, hash.b, 2);
	recovery_wipe (named, sizeof named);
}

char *recovery_line (char letter, unsigned number, const uint8_t key[32],
		     char text[RECOVERY_LINE_TEXT])
{
	const uint8_t *b = key + (number - 1) * LINE_BYTES;
	uint8_t check[2];

	check_of (letter, number, b, check);
	snprintf (text, RECOVERY_LINE_TEXT,
		  "%c%u  %02x%02x %02x%02x %02x%02x %02x%02x  %02x%02x", letter, number, b[0], b[1],
		  b[2], b[3], b[4], b[5], b[6], b[7], check[0], check[1]);
	return text;
}

/* Behind the name of the line, if it stands there. */
static const char *skip_name (char letter, unsigned number, const char *line)
{
	while (isspace ((unsigned char)*line))
		line++;
	if (toupper ((unsigned char)line[0]) != letter || line[1] != (char)('0' + number) ||
	    (line[2] != ' ' && line[2] != ':' && line[2] != '\t'))
		return line;
	return line + 3;
}

static int digit_of (char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at;

	c = (char)tolower ((unsigned char)c);
	if (c == 'o')
		c = '0';
	if (c == 'i' || c == 'l')
		c = '1';
	at = memchr (digits, c, sizeof digits - 1);
	return at != NULL ? (int)(at - digits) : -1;
}

/* Exactly `count` digits, with blanks and hyphens anywhere. */
static bool take_digits (const char *line, uint8_t *ret, size_t count)
{
	size_t taken = 0;

	for (; *line != '\0'; line++) {
		int digit = digit_of (*line);

		if (isspace ((unsigned char)*line) || *line == '-')
			continue;
		if (digit < 0 || taken == count)
			return false;
		ret[taken / 2] = (uint8_t)(ret[taken / 2] << 4 | digit);
		taken++;
	}
	return taken == count;
}

err_t recovery_read_line (char letter, unsigned number, const char *line, uint8_t ret[8])
{
	uint8_t bytes[LINE_DIGITS / 2] = { 0 }, check[2];
	bool right = take_digits (skip_name (letter, number, line), bytes, LINE_DIGITS);

	check_of (letter, number, bytes, check);
	right = right && memcmp (check, bytes + LINE_BYTES, sizeof check) == 0;
	if (right)
		memcpy (ret, bytes, LINE_BYTES);
	recovery_wipe (bytes, sizeof bytes);
	return right ? ERR_OK : ERR_INVALID;
}

/* ---- all of them -------------------------------------------------------------------------------- */

static err_t mistyped (problems_t *problems, char letter, unsigned number)
{
	char name[8];

	snprintf (name, sizeof name, "%c%u", letter, number);
	return problems_add (problems, ERR_INVALID, name,
			     "baris %s salah ketik; bandingkan dengan lembar pemulihan",
			     "line %s is mistyped; compare it with the recovery sheet", name);
}

/* False at the end of the file. */
static bool next_line (FILE *in, char line[TYPED_MOST])
{
	while (fgets (line, TYPED_MOST, in) != NULL) {
		const char *from = line + strspn (line, " \t\r\n");

		if (*from != '\0' && *from != '#')
			return true;
	}
	return false;
}

static err_t too_few_or_many (problems_t *problems, size_t count)
{
	return problems_add (problems, ERR_MALFORMED, "",
			     "lembar pemulihan mempunyai %zu baris kunci; ketik semuanya, tidak lebih",
			     "the recovery sheet has %zu lines of keys; type all of them and no more",
			     count * RECOVERY_LINES);
}

static err_t read_file (FILE *in, const struct recovery_key *keys, size_t count,
			problems_t *problems)
{
	char line[TYPED_MOST];
	err_t err = ERR_OK;

	for (size_t i = 0; i < count * RECOVERY_LINES; i++) {
		const struct recovery_key *key = &keys[i / RECOVERY_LINES];
		unsigned number = i % RECOVERY_LINES + 1;

		if (!next_line (in, line)) {
			err = too_few_or_many (problems, count);
			break;
		}
		if (recovery_read_line (key->letter, number, line,
					key->bytes + (number - 1) * LINE_BYTES) != ERR_OK)
			err = mistyped (problems, key->letter, number);
	}
	if (err == ERR_OK && next_line (in, line))
		err = too_few_or_many (problems, count);
	recovery_wipe (line, sizeof line);
	return err;
}

/* Asked again until it is right; false at the end of the input. */
static bool ask_line (FILE *in, const struct recovery_key *key, unsigned number)
{
	uint8_t *to = key->bytes + (number - 1) * LINE_BYTES;
	char line[TYPED_MOST];
	bool got, right = false;

	do {
		fprintf (stderr, "%c%u  ", key->letter, number);
		got = fgets (line, sizeof line, in) != NULL;
		right = got && recovery_read_line (key->letter, number, line, to) == ERR_OK;
		if (got && !right)
			fprintf (stderr, "    %c%u: salah ketik, ulangi / mistyped, once more\n",
				 key->letter, number);
	} while (got && !right);
	recovery_wipe (line, sizeof line);
	return right;
}

static err_t read_terminal (FILE *in, const struct recovery_key *keys, size_t count,
			    problems_t *problems)
{
	for (size_t i = 0; i < count * RECOVERY_LINES; i++)
		if (!ask_line (in, &keys[i / RECOVERY_LINES], i % RECOVERY_LINES + 1))
			return too_few_or_many (problems, count);
	return ERR_OK;
}

err_t recovery_read (FILE *in, const struct recovery_key *keys, size_t count, problems_t *problems)
{
	return isatty (fileno (in)) ? read_terminal (in, keys, count, problems)
				    : read_file (in, keys, count, problems);
}
