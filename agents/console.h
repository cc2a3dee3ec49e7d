/*
 * The console's place on the network: where it listens, by which names, with which certificate and which
 * files.  Made from the configuration at the start; the certificate is looked at each hour, and the files
 * are read again at a reload.
 */
#ifndef AGENTS_CONSOLE_H
#define AGENTS_CONSOLE_H

#include "agents/api/api.h"
#include "agents/door/authority.h"
#include "jembatan/config.h"

struct console {
	authority_t *authority;      /* NULL = plain HTTP, or no console */
	bool open;
	int64_t looked_ms;           /* at the names of this box and the certificate */
	char names[HOST_NAMES * HOST_NAME_TEXT];
};

/* Nothing to do when console/address is empty.  ERR_CONFIG, ERR_IN_USE, ERR_KEY_FILE, ERR_FILE. */
MUST_USE err_t console_open (struct console *console, const config_t *config, api_t *api,
			     zloop_t *loop, problems_t *problems);

/* At each tick. */
void console_look (struct console *console, const config_t *config, api_t *api);

/* Reads the files again, and looks at the certificate at once. */
void console_reload (struct console *console, const config_t *config, api_t *api);

/* ERR_OK, or why somebody has to look after the certificate; see authority_trouble. */
err_t console_trouble (const struct console *console);

void console_close (struct console *console);

#endif
