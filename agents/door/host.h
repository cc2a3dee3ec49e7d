/*
 * What this box is called in its own network: the names and addresses at which a browser finds the
 * console, and for which its certificate has to speak.
 */
#ifndef AGENTS_DOOR_HOST_H
#define AGENTS_DOOR_HOST_H

#include "jembatan/base.h"

#define HOST_NAMES 32u
#define HOST_NAME_TEXT 256u

struct host_names {
	size_t count;
	char of[HOST_NAMES][HOST_NAME_TEXT];     /* DNS names first, then addresses as text */
};

/* "jembatan.local", AGENCY.local, localhost, the box's own name, and each address of its interfaces that
 * is up, but for those of one link (fe80::/10).  What has no room is left out. */
void host_names_here (const char *agency, struct host_names *ret_names);

/* The address, 4 or 16 bytes long, that a text stands for; 0 when it is a name. */
size_t host_address (const char *text, uint8_t ret_address[16]);

#endif
