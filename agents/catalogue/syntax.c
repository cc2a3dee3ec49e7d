/*
 * Syntax of identifiers and codes.  What is right in syntax may still not exist: only the one who
 * keeps the register knows.
 */
#include "agents/catalogue/inside.h"

#include <stdlib.h>
#include <string.h>

static bool is_digit (char c)
{
	return c >= '0' && c <= '9';
}

static bool is_upper (char c)
{
	return c >= 'A' && c <= 'Z';
}

/*
 * Holds a text against a pattern: '9' stands for a digit, 'A' for a capital letter, anything else
 * for itself.
 */
static bool has_pattern (const char *text, const char *pattern)
{
	for (; *pattern != '\0'; pattern++, text++) {
		bool fits = *pattern == '9' ? is_digit (*text)
			    : *pattern == 'A' ? is_upper (*text) : *text == *pattern;

		if (!fits)
			return false;
	}
	return *text == '\0';
}

static int two_digits (const char *text)
{
	return (text[0] - '0') * 10 + (text[1] - '0');
}

bool nik_is_plausible (const char *nik)
{
	int day, month;

	if (!has_pattern (nik, "9999999999999999"))
		return false;
	day = two_digits (nik + 6);
	month = two_digits (nik + 8);
	if (day > 40)
		day -= 40;   /* women */
	return day >= 1 && day <= 31 && month >= 1 && month <= 12 && strcmp (nik + 12, "0000") != 0;
}

/* ITU-T E.164: a plus, a country code that does not begin with 0, at most 15 digits.  Fewer than 8
 * digits reach nobody. */
bool phone_is_e164 (const char *phone)
{
	size_t digits = 0;

	if (phone[0] != '+' || phone[1] == '0')
		return false;
	while (is_digit (phone[1 + digits]))
		digits++;
	return phone[1 + digits] == '\0' && digits >= 8 && digits <= 15;
}

const char *phone_tidy (const char *phone, arena_t *arena)
{
	char *tidy = arena_must (arena, strlen (phone) + 4), *at = tidy;

	if (phone[0] == '0') {
		at = stpcpy (at, "+62");
		phone++;
	}
	for (; *phone != '\0'; phone++)
		if (strchr (" -.()", *phone) == NULL)
			*at++ = *phone;
	*at = '\0';
	return tidy;
}

bool date_is_real (const char *date)
{
	static const int month_days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int year, month, day, last;

	if (!has_pattern (date, "9999-99-99"))
		return false;
	year = atoi (date);
	month = two_digits (date + 5);
	day = two_digits (date + 8);
	if (year < 1 || month < 1 || month > 12)
		return false;
	last = month_days[month - 1];
	if (month == 2 && ((year % 4 == 0 && year % 100 != 0) || year % 400 == 0))
		last++;
	return day >= 1 && day <= last;
}

bool region_is_kemendagri (const char *code)
{
	static const char *const patterns[] = { "99", "99.99", "99.99.99", "99.99.99.9999" };

	for (size_t i = 0; i < COUNT_OF (patterns); i++)
		if (has_pattern (code, patterns[i]))
			return code[0] != '0';
	return false;
}

bool region_is_known (const char *code)
{
	static const char provinces[] = "11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 51 52 53 "
					"61 62 63 64 65 71 72 73 74 75 76 81 82 91 92 93 94 95 96 ";

	for (const char *at = provinces; *at != '\0'; at += 3)
		if (strncmp (at, code, 2) == 0)
			return true;
	return false;
}

/* ICD-10 in general: a letter, two digits and perhaps a few places behind a dot.  Lists change; a
 * code from a newer one is right as long as it is written like a code. */
static bool is_icd10 (const char *code)
{
	static const char *const patterns[] = { "A99", "A99.9", "A99.99", "A99.999", "A99.9999" };

	for (size_t i = 0; i < COUNT_OF (patterns); i++)
		if (has_pattern (code, patterns[i]))
			return true;
	return false;
}

/* LOINC's check digit: Luhn's "mod 10" over the digits before the dash. */
static bool is_loinc (const char *code)
{
	const char *dash = strchr (code, '-');
	size_t len = dash != NULL ? (size_t)(dash - code) : 0;
	int sum = 0;

	if (len < 1 || len > 7 || strspn (code, "0123456789") != len || !has_pattern (dash, "-9"))
		return false;
	for (size_t i = 0; i < len; i++) {
		int digit = code[len - 1 - i] - '0';

		if (i % 2 == 0)
			digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
		sum += digit;
	}
	return (10 - sum % 10) % 10 == dash[1] - '0';
}

static bool is_agency (const char *text)
{
	struct agency_id id;

	return agency_id_parse (text, &id) == ERR_OK;
}

static bool is_uuid (const char *text)
{
	uint8_t id[16];

	return uuid_parse (text, id) == ERR_OK;
}

/* clang-format off */
static const struct syntax syntaxes[] = {
	{ "https://fhir.kemkes.go.id/id/nik", nik_is_plausible,
	  { "NIK terdiri dari 16 angka, seperti pada KTP", "a NIK has 16 digits, as on the identity card" } },
	{ "urn:kemendagri:wilayah", region_is_kemendagri,
	  { "tulis kode wilayah Kemendagri, misalnya 17.71", "write a Kemendagri region code, such as 17.71" } },
	{ "http://hl7.org/fhir/sid/icd-10", is_icd10,
	  { "tulis kode ICD-10, misalnya F15.2", "write an ICD-10 code, such as F15.2" } },
	{ "http://loinc.org", is_loinc,
	  { "tulis kode LOINC dengan angka periksa yang benar, misalnya 19554-5", "write a LOINC code with its right check digit, such as 19554-5" } },
	{ "urn:jembatan:agency", is_agency,
	  { "tulis pengenal instansi, misalnya rskjo", "write an agency's id, such as rskjo" } },
	{ "urn:ietf:rfc:4122", is_uuid,
	  { "tulis UUID", "write a UUID" } },
};
/* clang-format on */

const struct syntax *syntax_of (const char *system)
{
	for (size_t i = 0; i < COUNT_OF (syntaxes); i++)
		if (strcmp (syntaxes[i].system, system) == 0)
			return &syntaxes[i];
	return NULL;
}

bool decimal_is_right (const char *text)
{
	const char *at = *text == '-' ? text + 1 : text;
	size_t whole = strspn (at, "0123456789"), part;

	if (whole == 0 || whole > 18)
		return false;
	if (at[whole] == '\0')
		return true;
	part = strspn (at + whole + 1, "0123456789");
	return at[whole] == '.' && part > 0 && whole + part <= 18 && at[whole + 1 + part] == '\0';
}

/* The units that forms here use; UCUM, case-sensitive. */
bool unit_is_ucum (const char *unit)
{
	static const char *const units[] = { "%", "1", "d", "wk", "mo", "a", "h", "min", "kg", "g",
					     "mg", "ug", "mL", "L", "cm", "Cel", "mm[Hg]", "/min",
					     "ng/mL", "mg/dL", "mg/d", "{score}" };

	for (size_t i = 0; i < COUNT_OF (units); i++)
		if (strcmp (units[i], unit) == 0)
			return true;
	return false;
}
