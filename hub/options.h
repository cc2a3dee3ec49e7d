/*
 * The hub's configuration file, option by option.
 */
#ifndef HUB_OPTIONS_H
#define HUB_OPTIONS_H

#include "hub/hub.h"
#include "jembatan/config.h"
#include "jembatan/log.h"

extern const struct option hub_options[];

/* The setup that a configuration gives; its texts are the configuration's. */
struct hub_setup hub_setup_from (const config_t *config);

/* ERR_CONFIG with a problem for a word that is no level. */
MUST_USE err_t hub_log_level (const config_t *config, enum log_level *ret_level,
			      problems_t *problems);

#endif
