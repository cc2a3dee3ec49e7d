/* Whatever stands in Host, Origin and If-None-Match: an answer, and a yes only for what names us. */
#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "proto/http_inside.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define LINE 300u
#define LOCAL "192.0.2.7"
#define NAMES "jembatan.local klinik.lan"
#define TAG "\"0a1b\""

/* The next line as a text. */
static void take_line (const uint8_t **data, size_t *size, char line[LINE])
{
	size_t len = 0;

	while (*size > 0 && **data != '\n') {
		if (len + 1 < LINE && **data != '\0')
			line[len++] = (char)**data;
		(*data)++;
		(*size)--;
	}
	line[len] = '\0';
	if (*size > 0) {
		(*data)++;
		(*size)--;
	}
}

static void check_host (const char *host)
{
	static const char *const ours[] = { LOCAL, "jembatan.local", "klinik.lan", "localhost",
					    "127.0.0.1", "::1" };
	bool named = false;

	for (size_t i = 0; i < COUNT_OF (ours); i++)
		named = named || strncasecmp (host, ours[i], strlen (ours[i])) == 0 ||
			(*host == '[' && strncasecmp (host + 1, ours[i], strlen (ours[i])) == 0);
	assert (named || !http_host_is_ours (host, LOCAL, NAMES));
}

static void check_origin (const char *origin, const char *host)
{
	char whole[LINE + 16];

	snprintf (whole, sizeof whole, "https://%s", host);
	assert (http_origin_is_ours (origin, host, true) ==
		(*origin == '\0' || (strncmp (origin, "https://", 8) == 0 && strcasecmp (origin, whole) == 0)));
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	char host[LINE], origin[LINE], tags[LINE];

	take_line (&data, &size, host);
	take_line (&data, &size, origin);
	take_line (&data, &size, tags);
	check_host (host);
	check_origin (origin, host);
	if (http_etag_matches (tags, TAG))
		assert (strcmp (tags, "*") == 0 || strstr (tags, TAG) != NULL);
	return 0;
}
