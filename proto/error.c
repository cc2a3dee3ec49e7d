/* The error list as a table, and the exit statuses that follow from it. */
#include "jembatan/base.h"

#include <string.h>
#include <sysexits.h>

struct error_row {
	err_t err;
	const char *name;
	enum lane lane;
	int http;
	const char *id, *en;
};

#define X(number, name, lane, http, id, en) { ERR_##name, #name, lane, http, id, en },
static const struct error_row rows[] = { ERROR_LIST (X) };
#undef X

/* A number that is in no list can only come from a store that was damaged or written by a newer
 * program; it stops whoever acts on it. */
static const struct error_row unknown = {
	ERR_CORRUPT, "UNKNOWN", LANE_STOP, 500, "kesalahan tidak dikenal", "an unknown error",
};

static const struct error_row *row_of (err_t err)
{
	for (size_t i = 0; i < COUNT_OF (rows); i++)
		if (rows[i].err == err)
			return &rows[i];
	return &unknown;
}

const char *err_name (err_t err)
{
	return row_of (err)->name;
}

int err_parse (const char *name, err_t *ret_err)
{
	for (size_t i = 0; i < COUNT_OF (rows); i++) {
		if (strcmp (rows[i].name, name) == 0) {
			*ret_err = rows[i].err;
			return 0;
		}
	}
	return -1;
}

enum lane err_lane (err_t err)
{
	return row_of (err)->lane;
}

int err_http (err_t err)
{
	return row_of (err)->http;
}

const char *err_text_id (err_t err)
{
	return row_of (err)->id;
}

const char *err_text_en (err_t err)
{
	return row_of (err)->en;
}

/* Where lane and HTTP status alone would say too little to a script. */
static const struct { err_t err; int exit; } special_exits[] = {
	{ ERR_USAGE, EX_USAGE },
	{ ERR_OFFLINE, EX_UNAVAILABLE },
	{ ERR_IN_USE, EX_UNAVAILABLE },
	{ ERR_FILE, EX_NOINPUT },
	{ ERR_CONFIG, EX_CONFIG },
	{ ERR_KEY_FILE, EX_CONFIG },
	{ ERR_NEWER_STORE, EX_CONFIG },
};

static int exit_of_http (int http)
{
	switch (http) {
	case 401:
	case 403:
		return EX_NOPERM;
	case 404:
		return EX_NOINPUT;
	default:
		return EX_DATAERR;
	}
}

int err_exit (err_t err)
{
	for (size_t i = 0; i < COUNT_OF (special_exits); i++)
		if (special_exits[i].err == err)
			return special_exits[i].exit;
	switch (err_lane (err)) {
	case LANE_OK:
		return EX_OK;
	case LANE_RETRY:
		return EX_TEMPFAIL;
	case LANE_REFUSE:
		return exit_of_http (err_http (err));
	case LANE_STOP:
		return EX_CONFIG;
	}
	return EX_CONFIG;
}
