#include "agents/guide.h"

#include <stdio.h>
#include <string.h>

#include "agents/door/authority.h"
#include "agents/page.h"
#include "agents/paper/guide.h"

#define PAGE_BYTES (64u * KIB)
#define ADDRESS_TEXT 320

static err_t check (const config_t *config, problems_t *problems)
{
	const char *address = config_text (config, "console/address");

	if (*address != '\0' && config_flag (config, "console/tls"))
		return ERR_OK;
	return problems_add (problems, ERR_CONFIG, "console/address",
			     "konsol belum dibuka di jaringan kantor; setel console/address, misalnya "
			     "0.0.0.0:8443, dan console/tls = yes",
			     "the console is not opened in the office's network; set console/address, such "
			     "as 0.0.0.0:8443, and console/tls = yes");
}

static err_t open_authority (const config_t *config, authority_t **ret_authority,
			     struct host_names *ret_names, problems_t *problems)
{
	const char *agency = config_text (config, "agency/id");
	err_t err = check (config, problems);

	if (err != ERR_OK)
		return err;
	host_names_here (agency, ret_names);
	return authority_open (config_text (config, "paths/keys"), agency, ret_names, ret_authority,
			       problems);
}

/* The first address that other computers reach; an old phone knows no name in .local. */
static const char *first_number (const struct host_names *names)
{
	uint8_t address[16];

	for (size_t i = 0; i < names->count; i++)
		if (host_address (names->of[i], address) == 4 && address[0] != 127)
			return names->of[i];
	return "";
}

static void print_addresses (const config_t *config, const struct host_names *names,
			     char ret_name[ADDRESS_TEXT], char ret_number[ADDRESS_TEXT])
{
	const char *address = config_text (config, "console/address"), *colon = strrchr (address, ':');
	const char *port = colon != NULL ? colon : "";
	const char *number = first_number (names);

	snprintf (ret_name, ADDRESS_TEXT, "https://jembatan.local%s", port);
	ret_number[0] = '\0';
	/* One that the configuration names, or any of the box. */
	if (strncmp (address, "0.0.0.0:", 8) != 0 && strncmp (address, "[::]:", 5) != 0)
		snprintf (ret_number, ADDRESS_TEXT, "https://%s", address);
	else if (*number != '\0')
		snprintf (ret_number, ADDRESS_TEXT, "https://%s%s", number, port);
}

err_t guide_write (const config_t *config, const char *path, problems_t *problems)
{
	OWNED (buffer) buffer = buffer_new (PAGE_BYTES);
	OWNED (authority) authority = NULL;
	struct authority_state state;
	struct host_names names;
	enum paper_format format = PAPER_TEXT;
	char name[ADDRESS_TEXT], number[ADDRESS_TEXT];
	struct guide_page page = { .agency = config_text (config, "agency/id"),
				   .name_id = config_text (config, "agency/name_id"),
				   .name_en = config_text (config, "agency/name_en"),
				   .address = name,
				   .by_number = number };
	err_t err = page_format (path, &format, problems);

	if (err == ERR_OK)
		err = open_authority (config, &authority, &names, problems);
	if (err != ERR_OK)
		return err;
	authority_state (authority, &state);
	print_addresses (config, &names, name, number);
	page.fingerprint = state.fingerprint;
	page.until_ms = state.authority_until_ms;
	err = guide_print (&page, format, buffer);
	return err == ERR_OK ? page_write (path, 0644, buffer_bytes (buffer), problems) : err;
}

err_t guide_certificate (const config_t *config, const char *path, problems_t *problems)
{
	OWNED (authority) authority = NULL;
	struct host_names names;
	err_t err = open_authority (config, &authority, &names, problems);

	if (err != ERR_OK)
		return err;
	return page_write (path, 0644, authority_certificate (authority), problems);
}
