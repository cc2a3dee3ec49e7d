/* The names of this box; see host.h. */
#include "agents/door/host.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <limits.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

size_t host_address (const char *text, uint8_t ret_address[16])
{
	if (inet_pton (AF_INET, text, ret_address) == 1)
		return 4;
	return inet_pton (AF_INET6, text, ret_address) == 1 ? 16 : 0;
}

/* What may stand in a certificate as a DNS name (RFC 1123, section 2.1). */
static bool is_name (const char *text)
{
	size_t len = strspn (text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.");

	return len > 0 && text[len] == '\0' && text[0] != '-' && text[0] != '.' && text[len - 1] != '.';
}

static void add (struct host_names *names, const char *text)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcasecmp (names->of[i], text) == 0)
			return;
	if (names->count < HOST_NAMES && strlen (text) < HOST_NAME_TEXT)
		strcpy (names->of[names->count++], text);
}

static void add_interface (struct host_names *names, const struct ifaddrs *interface)
{
	const struct sockaddr *address = interface->ifa_addr;
	char text[INET6_ADDRSTRLEN];
	const void *bytes;

	if (address == NULL || (interface->ifa_flags & IFF_UP) == 0)
		return;
	if (address->sa_family == AF_INET)
		bytes = &((const struct sockaddr_in *)(const void *)address)->sin_addr;
	else if (address->sa_family == AF_INET6)
		bytes = &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
	else
		return;
	if (address->sa_family == AF_INET6 && IN6_IS_ADDR_LINKLOCAL ((const struct in6_addr *)bytes))
		return;
	if (inet_ntop (address->sa_family, bytes, text, sizeof text) != NULL)
		add (names, text);
}

void host_names_here (const char *agency, struct host_names *ret_names)
{
	char own[HOST_NAME_MAX + 1] = "", local[HOST_NAME_TEXT];
	struct ifaddrs *interfaces = NULL;

	ret_names->count = 0;
	add (ret_names, "jembatan.local");
	snprintf (local, sizeof local, "%s.local", agency);
	add (ret_names, local);
	add (ret_names, "localhost");
	if (gethostname (own, sizeof own - 1) == 0 && is_name (own))
		add (ret_names, own);
	if (getifaddrs (&interfaces) != 0)
		return;
	for (const struct ifaddrs *one = interfaces; one != NULL; one = one->ifa_next)
		add_interface (ret_names, one);
	freeifaddrs (interfaces);
}
