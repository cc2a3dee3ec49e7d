/*
 * A reload.  What can't be read leaves everything as it was.
 */
#include "hub/core.h"

#include <stdio.h>

#include "hub/options.h"
#include "proto/supervisor.h"
#include "jembatan/log.h"

/* Options that a running hub takes on, by the beginning of their key. */
static const char *const live[] = { "store/min_free", "queue/", "quota/", "log/level" };

static bool is_live (const char *key)
{
	for (size_t i = 0; i < COUNT_OF (live); i++) {
		if (strncmp (key, live[i], strlen (live[i])) == 0)
			return true;
	}
	return false;
}

static void name_fixed (const hub_t *hub, const config_t *config, problems_t *problems)
{
	const char *key;
	size_t at = 0;

	while ((key = config_changed (hub->setup.config, config, &at)) != NULL) {
		if (is_live (key))
			continue;
		LOG (WARN, "option.needs_restart", LOG_W ("option", key));
		(void)problems_add (problems, ERR_CONFIG, key,
				    "%s baru berlaku setelah hub dimulai ulang",
				    "%s counts only after a restart", key);
	}
}

/* Numbers alone, because texts would have to outlive the config. */
static void take_options (hub_t *hub, const config_t *config)
{
	const struct hub_setup setup = hub_setup_from (config);

	hub->setup.min_free_bytes = setup.min_free_bytes;
	hub->setup.quota = setup.quota;
	hub->setup.park_after = setup.park_after;
}

const struct quota *hub_quota (hub_t *hub, struct account *account)
{
	const struct quota *own;

	if (account->quota_version == hub->quotas_version)
		return &account->quota;
	own = quotas_own (hub->quotas, &account->id);
	account->quota = own != NULL ? *own : hub->setup.quota;
	account->quota_version = hub->quotas_version;
	return &account->quota;
}

static void take_quotas (hub_t *hub, quotas_t *quotas)
{
	quotas_destroy (&hub->quotas);
	hub->quotas = quotas;
	hub->quotas_version++;
}

/* An agency may be named before it has joined; but it may also be a slip of the pen. */
static void name_strangers (const hub_t *hub, problems_t *problems)
{
	const directory_t *directory = roster_directory (hub->roster);
	const struct agency_id *agency;

	for (size_t i = 0; (agency = quotas_agency (hub->quotas, i)) != NULL; i++) {
		if (directory_member (directory, agency) != NULL)
			continue;
		LOG (WARN, "quota.for_a_stranger", LOG_A ("agency", agency));
		(void)problems_add (problems, ERR_CONFIG, "quota/agencies",
				    "%s mendapat kuota tetapi tidak ada dalam direktori",
				    "%s is given a quota and is not in the directory",
				    quoted (agency->text));
	}
}

static err_t read_options (hub_t *hub, problems_t *problems)
{
	OWNED (config) config = NULL;
	OWNED (quotas) quotas = NULL;
	enum log_level level = LOG_LEVEL_INFO;
	err_t err;

	if (hub->setup.config == NULL)
		return ERR_OK;
	err = config_load (config_path (hub->setup.config), hub_options, &config, problems);
	if (err == ERR_OK)
		err = hub_log_level (config, &level, problems);
	if (err == ERR_OK)
		err = quotas_read (config, &quotas, problems);
	if (err != ERR_OK) {
		LOG (WARN, "options.refused", LOG_E (err),
		     LOG_P ("file", config_path (hub->setup.config)));
		return err;
	}
	log_set_level (level);
	take_options (hub, config);
	take_quotas (hub, quotas);
	quotas = NULL;
	name_fixed (hub, config, problems);
	return ERR_OK;
}

err_t hub_read_quotas (hub_t *hub, problems_t *problems)
{
	quotas_t *quotas = NULL;
	err_t err = hub->setup.config != NULL ? quotas_read (hub->setup.config, &quotas, problems) :
						ERR_OK;

	if (err != ERR_OK)
		return err;
	take_quotas (hub, quotas);
	name_strangers (hub, NULL);
	return ERR_OK;
}

err_t hub_read_again (hub_t *hub, problems_t *problems)
{
	err_t options, directory;

	supervisor_reloading ();
	options = read_options (hub, problems);
	directory = hub_reload (hub, problems);
	name_strangers (hub, problems);
	LOG (INFO, "hub.reloaded", LOG_E (options != ERR_OK ? options : directory));
	supervisor_ready ();
	return options != ERR_OK ? options : directory;
}
