/*
 * A reload: HUP.  Each part is taken whole or not at all, so that an agent with a mistake in a file
 * goes on as before.
 */
#include "agents/agent.h"

#include <stdio.h>
#include <string.h>

#include "agents/import/import.h"
#include "agents/options.h"
#include "jembatan/log.h"
#include "proto/supervisor.h"

/* Options that a running agent takes on. */
static const char *const live[] = { "users", "store/min_free", "log/level" };

/* ---- what can be read again ---- */

err_t users_read (const config_t *config, struct users *ret_users, problems_t *problems)
{
	const char *name, *role;
	err_t err = ERR_OK;

	ret_users->count = 0;
	while (err == ERR_OK && ret_users->count < USERS_MAX &&
	       config_list (config, "users", ret_users->count, &name, &role)) {
		struct api_user *user = &ret_users->of[ret_users->count++];

		*user = (struct api_user){ .user = name, .role = role };
		err = user_check (name, role, &user->uid, problems);
	}
	return err;
}

static const struct { const char *name; enum log_level level; } log_levels[] = {
	{ "debug", LOG_LEVEL_DEBUG }, { "info", LOG_LEVEL_INFO }, { "note", LOG_LEVEL_NOTE },
	{ "warn", LOG_LEVEL_WARN },   { "fail", LOG_LEVEL_FAIL },
};

err_t agent_log_level (const config_t *config, problems_t *problems)
{
	const char *name = config_text (config, "log/level");

	for (size_t i = 0; i < COUNT_OF (log_levels); i++)
		if (strcmp (log_levels[i].name, name) == 0) {
			log_set_level (log_levels[i].level);
			return ERR_OK;
		}
	return problems_add (problems, ERR_CONFIG, "log/level",
			     "%s bukan tingkat log; pakai debug, info, note, warn atau fail",
			     "%s is no log level; use debug, info, note, warn or fail",
			     quoted (name));
}

/* ---- options, catalogue and users ---- */

static bool is_live (const char *key)
{
	for (size_t i = 0; i < COUNT_OF (live); i++)
		if (strcmp (key, live[i]) == 0)
			return true;
	return false;
}

static void name_fixed (const struct agent *agent, const config_t *config, problems_t *problems)
{
	const char *key;
	size_t at = 0;

	while ((key = config_changed (agent->config, config, &at)) != NULL) {
		if (is_live (key))
			continue;
		LOG (WARN, "option.needs_restart", LOG_W ("option", key));
		(void)problems_add (problems, ERR_CONFIG, key,
				    "%s baru berlaku setelah agen dimulai ulang",
				    "%s counts only after a restart", key);
	}
}

/* The catalogue is held against the new configuration, and both count together. */
static err_t take_options (struct agent *agent, problems_t *problems)
{
	OWNED (config) config = NULL;
	OWNED (catalogue) catalogue = NULL;
	catalogue_t *before = agent->catalogue;
	struct users users;
	err_t err = config_load (config_path (agent->config), agent_options, &config, problems);

	if (err == ERR_OK)
		err = catalogue_load (config_text (agent->config, "paths/catalogue"), &catalogue,
				      problems);
	if (err == ERR_OK)
		err = settings_check (config, catalogue, problems);
	if (err == ERR_OK)
		err = users_read (config, &users, problems);
	if (err == ERR_OK)
		err = agent_log_level (config, problems);
	if (err != ERR_OK)
		return err;
	name_fixed (agent, config, problems);
	import_holidays_apply (agent->ledger, catalogue);
	agent->users = users;
	agent->catalogue = catalogue;
	desk_set_catalogue (agent->desk, catalogue);
	desk_set_min_free (agent->desk, config_number (config, "store/min_free"));
	api_set (agent->api, catalogue, agent->users.of, agent->users.count);
	catalogue = before;                  /* destroyed on return, and so is the older config */
	config_destroy (&agent->newer_config);
	agent->newer_config = config;
	config = NULL;
	return ERR_OK;
}

/* ---- the directory ---- */

/* The hub brings newer ones by itself; a file that somebody put there counts when it is newer still. */
static err_t take_directory (struct agent *agent, problems_t *problems)
{
	directory_t *directory = NULL;
	err_t err = setup_directory (agent->config, &directory, problems);

	if (err != ERR_OK)
		return err;
	if (directory_data (directory)->version <= directory_data (agent->directory)->version) {
		directory_destroy (&directory);
		return ERR_OK;
	}
	agent_take_directory (agent, directory);
	post_directory_is_new (agent->post);
	LOG (INFO, "directory.loaded", LOG_N ("version", directory_data (agent->directory)->version));
	return ERR_OK;
}

/* ---- all of it ---- */

static void print_problems (const problems_t *problems)
{
	for (size_t i = 0; i < problems_count (problems); i++) {
		const struct problem *problem = problems_at (problems, i);

		fprintf (stderr, "%s: %s. / %s.\n", problem->field, problem->text_id,
			 problem->text_en);
	}
}

void agent_reload (struct agent *agent)
{
	OWNED (problems) problems = problems_new ();
	err_t options, directory;

	/* All of it is read when the ledger is opened. */
	if (agent->ledger == NULL) {
		LOG (WARN, "agent.reload_refused", LOG_E (ERR_LEDGER_LOCKED));
		return;
	}
	supervisor_reloading ();
	options = take_options (agent, problems);
	directory = take_directory (agent, problems);
	console_reload (&agent->console, agent->config, agent->api);
	print_problems (problems);
	if (options != ERR_OK || directory != ERR_OK)
		LOG (WARN, "agent.reload_refused", LOG_E (options != ERR_OK ? options : directory));
	else
		LOG (INFO, "agent.reloaded", LOG_N ("users", agent->users.count));
	supervisor_ready ();
}
