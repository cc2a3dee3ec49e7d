/*
 * bench_network FOLDER ENDPOINT PAIRS [GUESTS]: a network of one hub, PAIRS pairs of agencies and
 * GUESTS that only connect, with real keys, a signed directory and the hub's configuration.
 */
#include <string.h>
#include <sys/stat.h>

#include "jembatan/clock.h"
#include "proto/file.h"
#include "tests/bench/guests.h"

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

/* A guest writes no letter, so it needs only its link key. */
static struct member make_guest (size_t number, FILE *file, arena_t *arena)
{
	OWNED (keypair) pair = keypair_new (KEY_LINK);
	struct member_key *key = arena_must (arena, sizeof *key);
	struct agency_id id = bench_agency (BENCH_GUEST, number);
	struct guest guest;

	key->use = KEY_LINK;
	key->public_key = keypair_public (pair);
	key->id = key_id_of (KEY_LINK, &key->public_key);
	memcpy (guest.public_key, key->public_key.b, sizeof guest.public_key);
	memcpy (guest.secret_key, keypair_secret (pair).data, sizeof guest.secret_key);
	MUST (fwrite (&guest, sizeof guest, 1, file) == 1);
	return (struct member){ .id = id, .name_id = "Tamu", .name_en = "Guest", .kind = "clinic",
				.region = "17.71", .address = "", .phone = "", .whatsapp = "",
				.office_hours = "", .keys = key, .key_count = 1 };
}

static const struct member *make_members (size_t pairs, size_t guests, arena_t *arena)
{
	struct member *members = arena_must (arena, (pairs * 2 + guests) * sizeof *members);
	char path[4096];
	FILE *file = fopen (inside ("guests", path), "we");

	MUST (file != NULL);
	for (size_t i = 0; i < guests; i++)
		members[pairs * 2 + i] = make_guest (i, file, arena);
	MUST (fclose (file) == 0);
	MUST (mkdir (inside ("agencies", path), 0700) == 0);
	for (size_t i = 0; i < pairs; i++) {
		members[i * 2] = make_member (BENCH_SENDER, i, arena);
		members[i * 2 + 1] = make_member (BENCH_RECIPIENT, i, arena);
	}
	return members;
}

static struct bytes sign_directory (const char *const *endpoint, size_t pairs, size_t guests,
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
		.member_count = pairs * 2 + guests,
	};
	struct bytes directory;

	hub.link_key = make_key (KEY_LINK, "hub");
	hub.log_key = make_key (KEY_LOG, "hub");
	data.members = make_members (pairs, guests, arena);
	MUST (directory_sign (&data, &root, 1, arena, &directory) == ERR_OK);
	return directory;
}

static void write_config (const char *endpoint)
{
	char path[4096];
	FILE *file = fopen (inside ("hub.zpl", path), "we");

	MUST (file != NULL);
	fprintf (file,
		 "quota\n    letters = 1000000\n    bytes = 4g\n"
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
	size_t pairs = argc >= 4 ? strtoul (argv[3], NULL, 10) : 0;
	size_t guests = argc == 5 ? strtoul (argv[4], NULL, 10) : 0;
	const char *endpoint;
	char path[4096];

	if (pairs == 0 || pairs > PAIRS_MAX || guests + 2 * pairs > LIMIT_MEMBERS) {
		fprintf (stderr, "usage: bench_network FOLDER ENDPOINT PAIRS [GUESTS]\n");
		return 2;
	}
	folder = argv[1];
	endpoint = argv[2];
	MUST (keys_start () == ERR_OK);
	MUST (mkdir (folder, 0700) == 0);
	MUST (file_create (inside ("directory", path), 0644,
			   sign_directory (&endpoint, pairs, guests, arena)) == ERR_OK);
	write_config (endpoint);
	return 0;
}
