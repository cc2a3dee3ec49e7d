/* Numbers with units, flags, agencies, endpoints. */
#include "proto/config_value.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "jembatan/ids.h"
#include "proto/text.h"

#define DIGITS "0123456789"

struct unit { const char *name; int64_t factor; };

/* Largest first, so that the first that divides a number writes it shortest. */
static const struct unit size_units[] = {
	{ "g", INT64_C (1) << 30 }, { "m", 1 << 20 }, { "k", 1 << 10 }, { "", 1 },
};
static const struct unit duration_units[] = {
	{ "d", DAY_MS }, { "h", HOUR_MS }, { "m", MINUTE_MS }, { "s", SECOND_MS }, { "ms", 1 },
};
static const struct unit no_units[] = { { "", 1 } };

static const struct unit *units_of (enum option_type type, size_t *ret_count)
{
	if (type == OPTION_SIZE) {
		*ret_count = COUNT_OF (size_units);
		return size_units;
	}
	if (type == OPTION_DURATION) {
		*ret_count = COUNT_OF (duration_units);
		return duration_units;
	}
	*ret_count = COUNT_OF (no_units);
	return no_units;
}

/* ---- reading ---------------------------------------------------------------------------------- */

/* Up to 18 digits, so that nothing overflows. */
static const char *take_digits (const char *at, int64_t *ret)
{
	size_t digits = strspn (at, DIGITS);
	int64_t number = 0;

	if (digits == 0 || digits > 18)
		return NULL;
	for (size_t i = 0; i < digits; i++)
		number = number * 10 + (at[i] - '0');
	*ret = number;
	return at + digits;
}

static bool in_range (const struct option *option, int64_t number)
{
	return number >= option->min && (option->max == 0 || number <= option->max);
}

static bool parse_amount (const struct option *option, const char *text, int64_t *ret)
{
	bool negative = text[0] == '-' && option->type == OPTION_NUMBER;
	size_t count;
	const struct unit *units = units_of (option->type, &count);
	int64_t number;
	const char *unit = take_digits (text + negative, &number);

	if (unit == NULL)
		return false;
	if (number == 0 && *unit == '\0')
		unit = units[count - 1].name;
	for (size_t i = 0; i < count; i++) {
		if (strcmp (unit, units[i].name) != 0)
			continue;
		if (__builtin_mul_overflow (number, units[i].factor, &number))
			return false;
		if (!in_range (option, negative ? -number : number))
			return false;
		*ret = negative ? -number : number;
		return true;
	}
	return false;
}

static bool parse_text (const struct option *option, const char *text, int64_t *ret)
{
	return text_is_line (bytes_of_text (text));
}

static bool parse_agency (const struct option *option, const char *text, int64_t *ret)
{
	struct agency_id id;

	return agency_id_parse (text, &id) == ERR_OK;
}

static bool parse_flag (const struct option *option, const char *text, int64_t *ret)
{
	bool yes = strcmp (text, "yes") == 0;

	if (!yes && strcmp (text, "no") != 0)
		return false;
	*ret = yes;
	return true;
}

static bool is_port (const char *text)
{
	int64_t port;
	const char *end;

	if (strcmp (text, "*") == 0)
		return true;
	end = take_digits (text, &port);
	return end != NULL && *end == '\0' && port >= 1 && port <= 65535;
}

/* A name, an IPv4 address, "*" for every interface, or an IPv6 address in brackets. */
static bool is_host (const char *text, size_t len)
{
	char host[256];
	const char *allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" DIGITS "-._";

	if (len == 0 || len >= sizeof host)
		return false;
	memcpy (host, text, len);
	host[len] = '\0';
	if (strcmp (host, "*") == 0)
		return true;
	if (host[0] == '[')
		return len > 2 && strspn (host + 1, DIGITS "abcdefABCDEF:.") == len - 2 &&
		       host[len - 1] == ']';
	return strspn (host, allowed) == len;
}

static bool parse_endpoint (const struct option *option, const char *text, int64_t *ret)
{
	const char *host = text + strlen ("tcp://");
	const char *colon = strrchr (text, ':');

	if (strncmp (text, "tcp://", strlen ("tcp://")) != 0 || colon < host)
		return false;
	return is_host (host, (size_t)(colon - host)) && is_port (colon + 1);
}

typedef bool parse_fn (const struct option *option, const char *text, int64_t *ret);

static parse_fn *const parsers[] = {
	[OPTION_TEXT] = parse_text,
	[OPTION_PATH] = parse_text,
	[OPTION_AGENCY] = parse_agency,
	[OPTION_NUMBER] = parse_amount,
	[OPTION_SIZE] = parse_amount,
	[OPTION_DURATION] = parse_amount,
	[OPTION_FLAG] = parse_flag,
	[OPTION_ENDPOINT] = parse_endpoint,
	[OPTION_LIST] = parse_text,
};

bool config_value_parse (const struct option *option, const char *text, int64_t *ret_number)
{
	/* An option that may be left out may also be given empty. */
	if (text[0] == '\0')
		return option->fallback != NULL && option->fallback[0] == '\0';
	return parsers[option->type](option, text, ret_number);
}

/* ---- saying ----------------------------------------------------------------------------------- */

void config_value_text (enum option_type type, int64_t number, char *text, size_t size)
{
	size_t count, i = 0;
	const struct unit *units = units_of (type, &count);

	if (number == 0) {
		snprintf (text, size, "0");
		return;
	}
	while (i + 1 < count && number % units[i].factor != 0)
		i++;
	snprintf (text, size, "%" PRId64 "%s", number / units[i].factor, units[i].name);
}

static const struct { const char *id, *en; } allowed[] = {
	[OPTION_TEXT] = { "teks satu baris", "text on one line" },
	[OPTION_PATH] = { "nama berkas atau folder", "the name of a file or folder" },
	[OPTION_AGENCY] = { "kode instansi, 2-32 huruf kecil, angka atau '-', diawali huruf",
			    "an agency id, 2-32 lower-case letters, digits or '-', a letter first" },
	[OPTION_NUMBER] = { "bilangan bulat", "a whole number" },
	[OPTION_SIZE] = { "ukuran seperti 512k, 64m atau 2g", "a size such as 512k, 64m or 2g" },
	[OPTION_DURATION] = { "lama waktu seperti 500ms, 30s, 5m, 2h atau 10d",
			      "a duration such as 500ms, 30s, 5m, 2h or 10d" },
	[OPTION_FLAG] = { "yes atau no", "yes or no" },
	[OPTION_ENDPOINT] = { "alamat seperti tcp://hub.example.id:5670",
			      "an address such as tcp://hub.example.id:5670" },
	[OPTION_LIST] = { "daftar baris di bawahnya", "a list of lines below it" },
};

void config_value_allowed (const struct option *option, char id[ALLOWED_TEXT],
			   char en[ALLOWED_TEXT])
{
	bool bounded = option->type == OPTION_NUMBER || option->type == OPTION_SIZE ||
		       option->type == OPTION_DURATION;
	char min[32], max[32];

	config_value_text (option->type, option->min, min, sizeof min);
	config_value_text (option->type, option->max, max, sizeof max);
	if (!bounded || (option->min == 0 && option->max == 0)) {
		snprintf (id, ALLOWED_TEXT, "%s", allowed[option->type].id);
		snprintf (en, ALLOWED_TEXT, "%s", allowed[option->type].en);
	} else if (option->max == 0) {
		snprintf (id, ALLOWED_TEXT, "%s, minimal %s", allowed[option->type].id, min);
		snprintf (en, ALLOWED_TEXT, "%s, at least %s", allowed[option->type].en, min);
	} else {
		snprintf (id, ALLOWED_TEXT, "%s, dari %s sampai %s", allowed[option->type].id, min,
			  max);
		snprintf (en, ALLOWED_TEXT, "%s, from %s to %s", allowed[option->type].en, min,
			  max);
	}
}
