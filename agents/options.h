/*
 * The agent's configuration: which options there are, and what main.c, setup.c and daemon.c read
 * from them.  config/agent.zpl is the annotated default.
 */
#ifndef AGENTS_OPTIONS_H
#define AGENTS_OPTIONS_H

#include "jembatan/config.h"

extern const struct option agent_options[];

#define AGENT_CONFIG_DEFAULT "/etc/jembatan/agent.zpl"

#endif
