#include "hub/quota.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/options.h"
#include "jembatan/limits.h"
#include "proto/config_value.h"

#define LIST "quota/agencies"

struct own {
	struct agency_id agency;
	struct quota quota;
};

struct quotas {
	struct own *own;
	size_t count;
};

/* An agency's entries have the names and bounds of the options that hold for everybody. */
static const struct { const char *key; size_t at; } fields[] = {
	{ "quota/letters", offsetof (struct quota, letters) },
	{ "quota/bytes", offsetof (struct quota, bytes) },
	{ "quota/blob_bytes", offsetof (struct quota, blob_bytes) },
	{ "quota/per_minute", offsetof (struct quota, per_minute) },
};

static void set_field (struct quota *quota, size_t field, int64_t number)
{
	*(uint64_t *)((char *)quota + fields[field].at) = (uint64_t)number;
}

struct quota quota_usual (const config_t *config)
{
	struct quota quota;

	for (size_t i = 0; i < COUNT_OF (fields); i++)
		set_field (&quota, i, config_number (config, fields[i].key));
	return quota;
}

/* ---- the list ---- */

/* COUNT_OF (fields) for a name that is none. */
static size_t field_named (const char *name)
{
	size_t i = 0;

	while (i < COUNT_OF (fields) && strcmp (strrchr (fields[i].key, '/') + 1, name) != 0)
		i++;
	return i;
}

static const struct option *option_of (size_t field)
{
	const struct option *option = hub_options;

	while (strcmp (option->key, fields[field].key) != 0)
		option++;
	return option;
}

static err_t complain_value (size_t field, const char *agency, const char *value,
			     problems_t *problems)
{
	char allowed_id[ALLOWED_TEXT], allowed_en[ALLOWED_TEXT], id[400], en[400];

	config_value_allowed (option_of (field), allowed_id, allowed_en);
	snprintf (id, sizeof id, "nilai %s untuk %s dari %s tidak benar; harus %s", quoted (value),
		  fields[field].key, quoted (agency), allowed_id);
	snprintf (en, sizeof en, "the value %s of %s for %s is not right; give %s", quoted (value),
		  fields[field].key, quoted (agency), allowed_en);
	return problems_add_texts (problems, ERR_CONFIG, LIST, id, en);
}

static err_t read_entry (struct own *own, const char *name, const char *value,
			 problems_t *problems)
{
	size_t field = field_named (name);
	int64_t number;

	if (field == COUNT_OF (fields))
		return problems_add (problems, ERR_CONFIG, LIST,
				     "%s dari %s bukan kuota; pakai letters, bytes, blob_bytes "
				     "atau per_minute",
				     "%s of %s is no quota; use letters, bytes, blob_bytes or "
				     "per_minute", quoted (name), quoted (own->agency.text));
	if (!config_value_parse (option_of (field), value, &number))
		return complain_value (field, own->agency.text, value, problems);
	set_field (&own->quota, field, number);
	return ERR_OK;
}

static err_t read_agency (quotas_t *quotas, const char *name, const char *value,
			  problems_t *problems)
{
	struct own *own = &quotas->own[quotas->count];

	if (agency_id_parse (name, &own->agency) != ERR_OK)
		return problems_add (problems, ERR_CONFIG, LIST,
				     "%s bukan nama instansi; tulis seperti di direktori",
				     "%s is no agency's name; write it as the directory does",
				     quoted (name));
	if (quotas_own (quotas, &own->agency) != NULL)
		return problems_add (problems, ERR_CONFIG, LIST,
				     "%s tertulis dua kali; hapus salah satu",
				     "%s is there twice; remove one", quoted (name));
	if (*value != '\0')
		return problems_add (problems, ERR_CONFIG, LIST,
				     "%s = %s: tulis kuotanya satu per baris di bawah nama itu",
				     "%s = %s: write its quotas below the name, one in a line",
				     quoted (name), quoted (value));
	quotas->count++;
	return ERR_OK;
}

static err_t read_entries (const config_t *config, size_t i, struct own *own,
			   problems_t *problems)
{
	const char *name, *value;
	err_t err = ERR_OK, one;

	own->quota = quota_usual (config);
	for (size_t j = 0; config_list_entry (config, LIST, i, j, &name, &value); j++) {
		one = read_entry (own, name, value, problems);
		err = err == ERR_OK ? one : err;
	}
	return err;
}

err_t quotas_read (const config_t *config, quotas_t **ret_quotas, problems_t *problems)
{
	OWNED (quotas) quotas = must_alloc (sizeof *quotas);
	const char *name, *value;
	err_t err = ERR_OK, one;
	size_t count = 0;

	while (config_list (config, LIST, count, &name, &value))
		count++;
	*quotas = (struct quotas){ .own = must_alloc ((count + 1) * sizeof *quotas->own) };
	for (size_t i = 0; config_list (config, LIST, i, &name, &value); i++) {
		one = read_agency (quotas, name, value, problems);
		if (one == ERR_OK)
			one = read_entries (config, i, &quotas->own[quotas->count - 1], problems);
		err = err == ERR_OK ? one : err;
	}
	if (err != ERR_OK)
		return err;
	*ret_quotas = quotas;
	quotas = NULL;
	return ERR_OK;
}

void quotas_destroy (quotas_t **quotas)
{
	if (*quotas == NULL)
		return;
	free ((*quotas)->own);
	free (*quotas);
	*quotas = NULL;
}

const struct quota *quotas_own (const quotas_t *quotas, const struct agency_id *agency)
{
	for (size_t i = 0; quotas != NULL && i < quotas->count; i++) {
		if (agency_id_equal (&quotas->own[i].agency, agency))
			return &quotas->own[i].quota;
	}
	return NULL;
}

const struct agency_id *quotas_agency (const quotas_t *quotas, size_t i)
{
	return quotas != NULL && i < quotas->count ? &quotas->own[i].agency : NULL;
}
