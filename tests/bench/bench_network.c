/*
 * bench_network FOLDER ENDPOINT PAIRS: a network of one hub and PAIRS pairs of agencies,
 * with real keys, a signed directory and the hub's configuration.
 */
#include <string.h>
#include <sys/stat.h>

#include "jembatan/clock.h"
#include "proto/file.h"
#include "tests/bench/network.h"

#define PAIRS_MAX 256u

static const char *folder;

static const char *inside (const char *name, char path[4096])
{
	MUST (snprintf (path, 4096, "%s/%s", folder, name) < 4096);
	return path;
}

static struct public_key make_key (enum key_use use, const char *who)
{
	OWNED (problems) problems = problems_new ();
	OWNED (keypair) pair = keypair_new (use);
	char path[4096];

	MUST (keypair_save (pair, inside (who, path), problems) == ERR_OK);
	return keypair_public (pair);
}

static struct member make_member (const char *side, size_t number, arena_t *arena)
{
	static const enum key_use uses[] = { KEY_SIG, KEY_BOX, KEY_LINK };
	struct member_key *keys = arena_must (arena, COUNT_OF (uses) * sizeof *keys);
	struct agency_id id = bench_agency (side, number);
	char who[64];

	snprintf (who, sizeof who, "agencies/%s", id.text);
	for (size_t i = 0; i < COUNT_OF (uses); i++) {
		keys[i].use = uses[i];
		keys[i].public_key = make_key (uses[i], who);
		keys[i].id = key_id_of (uses[i], &keys[i].public_key);
	}
	return (struct member){ .id = id,
				.name_id = "Instansi",
				.name_en = "Agency",
				.kind = "clinic",
				.region = "17.71",
				.address = "",
				.phone = "",
				.whatsapp = "",
				.office_hours = "",
				.keys = keys,
				.key_count = COUNT_OF (uses) };
}

static const struct member *make_members (size_t pairs, arena_t *arena)
{
	struct member *members = arena_must (arena, pairs * 2 * sizeof *members);
	char path[4096];

	MUST (mkdir (inside ("agencies", path), 0700) == 0);
	for (size_t i = 0; i < pairs; i++) {
		members[i * 2] = make_member (BENCH_SENDER, i, arena);
		members[i * 2 + 1] = make_member (BENCH_RECIPIENT, i, arena);
	}
	return members;
}

static struct bytes sign_directory (const char *const *endpoint, size_t pairs,
				    arena_t *arena)
{
	OWNED (keypair) root = keypair_new (KEY_ROOT);
	struct hub_entry hub = { .id = BENCH_HUB,
				 .endpoint_count = 1,
				 .endpoints = endpoint };
	struct registrar_key registrar = { keypair_public (root), "Pendaftar" };
	struct directory_data data = {
		.version = 1,
		.issued_ms = clock_now_ms (),
		.expires_ms = clock_now_ms () + DIRECTORY_EXPIRY_DEFAULT_MS,
		.network = "bench",
		.hub_count = 1,
		.hubs = &hub,
		.registrar_key_count = 1,
		.registrar_keys = &registrar,
		.threshold = 1,
		.member_count = pairs * 2,
	};
	struct bytes directory;

	hub.link_key = make_key (KEY_LINK, "hub");
	hub.log_key = make_key (KEY_LOG, "hub");
	data.members = make_members (pairs, arena);
	MUST (directory_sign (&data, &root, 1, arena, &directory) == ERR_OK);
	return directory;
}

static void write_config (const char *endpoint)
{
	char path[4096];
	FILE *file = fopen (inside ("hub.zpl", path), "we");

	MUST (file != NULL);
	fprintf (file,
		 "hub\n    id = " BENCH_HUB
		 "\n    endpoint = \"%s\"\n    keys = \"hub\"\n"
		 "    data = \"data\"\n    directory = \"directory\"\n    control = "
		 "\"hub.sock\"\n",
		 endpoint);
	MUST (fclose (file) == 0);
}

int main (int argc, char **argv)
{
	OWNED (arena) arena = arena_new (64 * MIB);
	size_t pairs = argc == 4 ? strtoul (argv[3], NULL, 10) : 0;
	const char *endpoint;
	char path[4096];

	if (pairs == 0 || pairs > PAIRS_MAX) {
		fprintf (stderr, "usage: bench_network FOLDER ENDPOINT PAIRS\n");
		return 2;
	}
	folder = argv[1];
	endpoint = argv[2];
	MUST (keys_start () == ERR_OK);
	MUST (mkdir (folder, 0700) == 0);
	MUST (file_create (inside ("directory", path), 0644,
			   sign_directory (&endpoint, pairs, arena)) == ERR_OK);
	write_config (endpoint);
	return 0;
}
