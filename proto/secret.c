/* Secrets in memory; see secret.h. */
#include "proto/secret.h"

#include <ctype.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define GROUP 4u

static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void secret_random (uint8_t *ret, size_t len)
{
	randombytes_buf (ret, len);
}

bool secret_equal (const uint8_t *a, const uint8_t *b, size_t len)
{
	return sodium_memcmp (a, b, len) == 0;
}

char *secret_copy (const char *text)
{
	size_t size;
	char *copy;

	if (text == NULL)
		return NULL;
	size = strlen (text) + 1;
	copy = sodium_malloc (size);
	if (copy == NULL)
		abort ();
	return memcpy (copy, text, size);
}

void secret_free (char **secret)
{
	sodium_free (*secret);   /* wipes it */
	*secret = NULL;
}

/* Puts a dash before each group but the first. */
static size_t put_digit (char *code, size_t count, char digit)
{
	size_t at = count + count / GROUP;

	if (at + 1 >= SECRET_CODE_TEXT)
		return count;
	if (count > 0 && count % GROUP == 0)
		code[at - 1] = '-';
	code[at] = digit;
	code[at + 1] = '\0';
	return count + 1;
}

char *secret_code (size_t groups, char ret_code[SECRET_CODE_TEXT])
{
	size_t count = 0;

	ret_code[0] = '\0';
	while (count < groups * GROUP)
		count = put_digit (ret_code, count, digits[randombytes_uniform (sizeof digits - 1)]);
	return ret_code;
}

static char meant (char typed)
{
	char upper = (char)toupper ((unsigned char)typed);

	if (upper == 'O')
		return '0';
	return upper == 'I' || upper == 'L' ? '1' : upper;
}

void secret_code_read (const char *words, char ret_code[SECRET_CODE_TEXT])
{
	size_t count = 0;

	ret_code[0] = '\0';
	for (; *words != '\0'; words++)
		if (strchr (digits, meant (*words)) != NULL)
			count = put_digit (ret_code, count, meant (*words));
}
