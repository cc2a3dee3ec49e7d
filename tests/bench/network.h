/*
 * The folder of a measured network, written by bench_network and read by the others:
 *
 *   hub.zpl  hub/{link,log}.key  directory  agencies/<id>/{sig,box,link}.key
 *
 * Pair i is agency "dari-i", which sends, and agency "ke-i", which receives.
 */
#ifndef TESTS_BENCH_NETWORK_H
#define TESTS_BENCH_NETWORK_H

#include <stdio.h>
#include <stdlib.h>

#include "jembatan/directory.h"

#define BENCH_HUB "hub"
#define BENCH_SENDER "dari"
#define BENCH_RECIPIENT "ke"

/* Measuring goes no further when a step fails. */
#define MUST(condition)                                                                  \
	do {                                                                             \
		if (!(condition)) {                                                      \
			fprintf (stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
			exit (1);                                                        \
		}                                                                        \
	} while (0)

static inline struct agency_id bench_agency (const char *side, size_t pair)
{
	struct agency_id id;

	snprintf (id.text, sizeof id.text, "%s-%zu", side, pair);
	return id;
}

static inline keypair_t *bench_key (enum key_use use, const char *folder, const char *who)
{
	OWNED (problems) problems = problems_new ();
	char path[4096];
	keypair_t *pair;

	MUST ((size_t)snprintf (path, sizeof path, "%s/%s", folder, who) < sizeof path);
	if (keypair_load (use, path, &pair, problems) == ERR_OK)
		return pair;
	fprintf (stderr, "%s\n", problems_at (problems, 0)->text_en);
	exit (1);
}

/* The caller owns it. */
static inline keypair_t *bench_agency_key (enum key_use use, const char *folder,
					   const struct agency_id *id)
{
	char who[64];

	snprintf (who, sizeof who, "agencies/%s", id->text);
	return bench_key (use, folder, who);
}

#endif
