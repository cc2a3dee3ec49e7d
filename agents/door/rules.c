/* Rules for passwords and names; see rules.h. */
#include "agents/door/rules.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "proto/secret.h"
#include "proto/text.h"

/* Without the digits and signs that people put behind; a word twice in a row counts as the word. */
static const char *const common[] = {
	"password", "passw0rd", "p@ssw0rd", "passwordku", "passwordsaya", "mypassword", "letmein",
	"welcome", "administrator", "admin", "qwerty", "qwertyuiop", "asdfghjkl", "zxcvbnm", "iloveyou",
	"sunshine", "princess", "football", "baseball", "superman", "dragon", "monkey", "master",
	"changeme", "default", "secret", "computer", "internet",
	"katasandi", "kata sandi", "sandi", "sandiku", "sandisaya", "rahasia", "rahasiaku",
	"bismillah", "alhamdulillah", "assalamualaikum", "subhanallah", "allahuakbar", "insyaallah",
	"indonesia", "indonesiaraya", "indonesiaku", "merdeka", "garuda", "pancasila", "nusantara",
	"jakarta", "bandung", "surabaya", "bengkulu", "yogyakarta", "sayang", "sayangku", "sayangkamu",
	"akucintakamu", "akusayangkamu", "cintaku", "cinta", "anakku", "keluarga", "keluargaku", "mamaku",
	"selamatpagi", "terimakasih", "semangat", "berkah", "sukses", "doraemon", "persib", "persija",
	"jembatan", "rehabilitasi", "puskesmas", "rumahsakit", "kementerian", "kemensos", "bnn", "ipwl",
};

static bool ends_word (char last)
{
	return isdigit ((unsigned char)last) || strchr ("!@#$%^&*()-_=+.,;:?/ ", last) != NULL;
}

/* "Rahasia123!" is "rahasia"; to be freed. */
static char *stem_of (const char *text)
{
	char *stem = secret_copy (text);
	size_t len = strlen (stem);

	for (size_t i = 0; i < len; i++)
		stem[i] = (char)tolower ((unsigned char)stem[i]);
	while (len > 0 && ends_word (stem[len - 1]))
		stem[--len] = '\0';
	if (len > 1 && len % 2 == 0 && memcmp (stem, stem + len / 2, len / 2) == 0)
		stem[len / 2] = '\0';
	return stem;
}

/* Digits and signs alone, one character again and again, or a row of the keyboard. */
static bool is_plain (const char *password, const char *stem)
{
	static const char *const rows[] = { "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm" };

	for (size_t i = 0; i < COUNT_OF (rows); i++)
		if (strstr (rows[i], stem) != NULL)
			return true;
	return strspn (password, (char[]){ password[0], '\0' }) == strlen (password);
}

static bool is_common (const char *password)
{
	char *stem = stem_of (password);
	bool found = is_plain (password, stem);

	for (size_t i = 0; i < COUNT_OF (common) && !found; i++)
		found = strcmp (stem, common[i]) == 0;
	secret_free (&stem);
	return found;
}

static bool is_name (const char *password, const char *name)
{
	char *stem = stem_of (password), *own = stem_of (name);
	bool same = strcasecmp (password, name) == 0 || (*own != '\0' && strcmp (stem, own) == 0);

	secret_free (&stem);
	secret_free (&own);
	return same;
}

static size_t characters (const char *text)
{
	size_t count = 0;

	for (; *text != '\0'; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

err_t rules_password (const char *password, const struct account *account, const char *field,
		      problems_t *problems)
{
	size_t count = characters (password);

	if (count < PASSWORD_LEAST || count > PASSWORD_MOST)
		return problems_add (problems, ERR_INVALID, field,
				     "kata sandi harus %u sampai %u karakter; beberapa kata yang Anda "
				     "pilih sendiri mudah diingat dan sulit ditebak",
				     "a password has %u to %u characters; a few words of your own are easy "
				     "to remember and hard to guess",
				     PASSWORD_LEAST, PASSWORD_MOST);
	if (is_name (password, account->name) || is_name (password, account->display))
		return problems_add_texts (problems, ERR_INVALID, field,
					   "kata sandi tidak boleh sama dengan nama akun",
					   "a password must not be the account's name");
	if (is_common (password))
		return problems_add_texts (problems, ERR_INVALID, field,
					   "kata sandi ini terlalu sering dipakai orang; pilih yang lain",
					   "too many people use this password; choose another one");
	return ERR_OK;
}

err_t rules_name (const char *name, problems_t *problems)
{
	size_t len = strlen (name);

	if (len >= 2 && len < ACCOUNT_NAME_TEXT && islower ((unsigned char)name[0]) &&
	    strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789._-") == len)
		return ERR_OK;
	return problems_add (problems, ERR_INVALID, "account",
			     "%s bukan nama akun; pakai 2 sampai 32 huruf kecil, angka, titik, garis bawah "
			     "atau tanda hubung, diawali huruf",
			     "%s is no account's name; use 2 to 32 small letters, digits, dots, "
			     "underscores or hyphens, beginning with a letter",
			     quoted (name));
}
