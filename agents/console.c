/* The console's place on the network; see console.h. */
#include "agents/console.h"

#include <stdio.h>
#include <string.h>

#include "jembatan/clock.h"
#include "jembatan/log.h"

#define LOOK_MS HOUR_MS

/* Our address is ours without being named, so only names are listed. */
static void list_names (struct console *console, const struct host_names *host)
{
	uint8_t address[16];
	size_t len = 0;

	console->names[0] = '\0';
	for (size_t i = 0; i < host->count; i++)
		if (host_address (host->of[i], address) == 0)
			len += (size_t)snprintf (console->names + len, sizeof console->names - len, "%s%s",
						 len > 0 ? " " : "", host->of[i]);
}

err_t console_open (struct console *console, const config_t *config, api_t *api, zloop_t *loop,
		    problems_t *problems)
{
	const char *agency = config_text (config, "agency/id");
	struct api_web web = { .address = config_text (config, "console/address"),
			       .names = console->names,
			       .folder = config_text (config, "paths/console") };
	struct host_names host;
	err_t err = ERR_OK;

	if (*web.address == '\0')
		return ERR_OK;
	host_names_here (agency, &host);
	list_names (console, &host);
	if (config_flag (config, "console/tls")) {
		err = authority_open (config_text (config, "paths/keys"), agency, &host,
				      &console->authority, problems);
		if (err == ERR_OK) {
			web.tls = authority_tls (console->authority);
			web.authority = authority_certificate (console->authority);
		}
	}
	if (err == ERR_OK)
		err = api_listen (api, &web, loop, problems);
	console->open = err == ERR_OK;
	console->looked_ms = clock_monotonic_ms ();
	return err;
}

static void renew (struct console *console, const config_t *config, api_t *api)
{
	struct host_names host;

	console->looked_ms = clock_monotonic_ms ();
	host_names_here (config_text (config, "agency/id"), &host);
	list_names (console, &host);
	if (console->authority == NULL || !authority_renew (console->authority, &host))
		return;
	if (api_show (api, authority_tls (console->authority), NULL) == ERR_OK)
		LOG (NOTE, "console.certificate");
}

void console_look (struct console *console, const config_t *config, api_t *api)
{
	if (console->open && clock_monotonic_ms () - console->looked_ms >= LOOK_MS)
		renew (console, config, api);
}

void console_reload (struct console *console, const config_t *config, api_t *api)
{
	if (!console->open)
		return;
	api_site (api, config_text (config, "paths/console"));
	renew (console, config, api);
}

err_t console_trouble (const struct console *console)
{
	return console->authority != NULL ? authority_trouble (console->authority) : ERR_OK;
}

void console_close (struct console *console)
{
	authority_destroy (&console->authority);
}
