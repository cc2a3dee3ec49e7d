/*
 * Configuration files in ZPL (ZeroMQ RFC 4), read through czmq and held against a table of options.
 * An unknown key or a bad value is a problem that quotes both; all of them are reported.
 */
#ifndef JEMBATAN_CONFIG_H
#define JEMBATAN_CONFIG_H

#include <stdio.h>

#include "jembatan/problem.h"

enum option_type {
	OPTION_TEXT,
	OPTION_PATH,        /* relative paths are taken from the file's folder */
	OPTION_AGENCY,
	OPTION_NUMBER,      /* between min and max */
	OPTION_SIZE,        /* bytes, with k, m or g */
	OPTION_DURATION,    /* ms, s, m, h, d; kept in milliseconds */
	OPTION_FLAG,        /* yes or no */
	OPTION_ENDPOINT,    /* tcp://host:port */
	OPTION_LIST,        /* children; see config_list and config_list_entry */
};

struct option {
	const char *key;    /* "hub/endpoint" */
	enum option_type type;
	const char *fallback;   /* NULL: must be given */
	int64_t min, max;   /* of numbers, sizes and durations */
	const char *about;  /* "Indonesian sentence. / English sentence.", for --check-config */
};

typedef struct config config_t;

/* Reads the file against the table (which ends with a NULL key and outlives the config).  ERR_CONFIG
 * with problems; then there is no config. */
MUST_USE err_t config_load (const char *path, const struct option *table, config_t **ret_config,
			    problems_t *problems);
void config_destroy (config_t **config);

/* Values by key; asking for a key that is not in the table aborts. */
const char *config_text (const config_t *config, const char *key);
int64_t config_number (const config_t *config, const char *key);
bool config_flag (const config_t *config, const char *key);

/* The i-th child of a list option: its name and value; false past the end. */
bool config_list (const config_t *config, const char *key, size_t i, const char **ret_name,
		  const char **ret_value);

/* The j-th entry of the i-th child of a list whose children are sections; false past the end. */
bool config_list_entry (const config_t *config, const char *key, size_t i, size_t j,
			const char **ret_name, const char **ret_value);

/* The file it was read from. */
const char *config_path (const config_t *config);

/* The option of the table at `*at` or behind it that is in force otherwise in `now` than in `before`,
 * both of one table; moves *at behind it.  NULL when there is none left. */
const char *config_changed (const config_t *before, const config_t *now, size_t *at);

/* --check-config: every option in force with where it came from, as a ZPL file with comments. */
void config_print (const config_t *config, FILE *out);

#endif
