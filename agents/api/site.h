/*
 * The console's files, as the network sees them.  They are read whole into a table when the agent starts
 * or is told to reload, so that a request can only name what stands in the table: there is no path to
 * walk out of.  Every other page of the console is the same index.html, which draws it by itself.
 */
#ifndef AGENTS_API_SITE_H
#define AGENTS_API_SITE_H

#include "proto/http.h"

#define SITE_FILES 512u
#define SITE_FILE_BYTES (4u * MIB)
#define SITE_BYTES (32u * MIB)      /* all of them, with their compressed twins */
#define SITE_DEPTH 4u               /* folders below the site's */

typedef struct site site_t;

/* Reads the folder; what is no plain file, has an unusual name or no room is left out and logged.  A
 * folder without an index.html gives a site that says so.  The caller owns it. */
site_t *site_read (const char *folder);
void site_destroy (site_t **site);

/* How many files it has; 0 = the console is not installed. */
size_t site_count (const site_t *site);

/* Answers a request for a path that is not the api's. */
void site_answer (const site_t *site, const struct http_request *request, struct http_reply *reply);

/* "/v1" and everything below. */
bool site_is_api (const char *path);

#endif
