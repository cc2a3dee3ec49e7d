#include "tests/simulation/town.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jembatan/clock.h"
#include "jembatan/log.h"
#include "proto/file.h"
#include "tests/simulation/chance.h"
#include "tests/simulation/hub_side.h"

#define DESK_TICK_MS 5000            /* as agents/daemon.c */
#define SUPERVISOR_MS 2000           /* systemd's RestartSec */
#define TIDY_PAGES 60
#define STILL_MOST 10000             /* turns of everybody within a millisecond: time stands still */
#define ACTION_BYTES (64 * MIB)

static const struct { const char *id, *kind; } founders[OFFICES] = {
	[PESONA] = { "ipwl-pesona", "ipwl" },
	[CLINIC] = { "klinik-melati", "clinic" },
	[HOSPITAL] = { "rsk-soeprapto", "hospital" },
	[COORDINATOR] = { "galih-pakuan", "coordinator" },
};

static void must (err_t err)
{
	if (err == ERR_OK)
		return;
	fprintf (stderr, "simulation: %s\n", err_name (err));
	abort ();
}

/* ---- what is the same for every run ---- */

static struct member member_of (struct town *town, struct office *office)
{
	struct member_key *keys = arena_must (town->arena, 3 * sizeof *keys);
	const keypair_t *pairs[] = { office->sig, office->box, office->link };

	for (size_t i = 0; i < COUNT_OF (pairs); i++)
		keys[i] = (struct member_key){ .use = keypair_use (pairs[i]),
					       .public_key = keypair_public (pairs[i]),
					       .id = keypair_id (pairs[i]),
					       .valid_from_ms = 1 };
	return (struct member){
		.id = office->id, .name_id = office->id.text, .name_en = office->id.text,
		.kind = office->kind, .region = "17.71", .address = "", .phone = "+62736000000",
		.whatsapp = "", .office_hours = "", .key_count = 3, .keys = keys,
	};
}

static void write_directory (struct town *town)
{
	const char *endpoint = "tcp://127.0.0.1:7100";
	OWNED (keypair) root = keypair_new (KEY_ROOT);
	struct registrar_key registrar = { keypair_public (root), "Pendaftar" };
	struct hub_entry hub = { .id = "hub", .endpoint_count = 1, .endpoints = &endpoint,
				 .link_key = keypair_public (town->hub.link),
				 .log_key = keypair_public (town->hub.log) };
	struct agency_id overseen[] = { town->office[PESONA].id, town->office[CLINIC].id,
					town->office[HOSPITAL].id };
	struct oversight oversight = { town->office[COORDINATOR].id, COUNT_OF (overseen), overseen };
	struct member members[OFFICES];
	struct directory_data data = {
		.version = 1, .issued_ms = clock_now_ms () - DAY_MS,
		.expires_ms = clock_now_ms () + 400 * DAY_MS, .network = "simulasi",
		.hubs = &hub, .hub_count = 1, .registrar_keys = &registrar,
		.registrar_key_count = 1, .threshold = 1, .members = members,
		.member_count = OFFICES, .oversight = &oversight, .oversight_count = 1,
	};
	struct bytes signed_bytes;

	for (int i = 0; i < OFFICES; i++)
		members[i] = member_of (town, &town->office[i]);
	must (directory_sign (&data, &root, 1, town->arena, &signed_bytes));
	must (directory_read (signed_bytes, NULL, &town->directory));
	must (file_replace (town->hub.directory, 0600, signed_bytes));
}

static void path_of (char path[FOLDER_BYTES], const char *root, const char *name, unsigned life)
{
	int len = life > 0 ? snprintf (path, FOLDER_BYTES, "%s/%s-%u", root, name, life) :
			     snprintf (path, FOLDER_BYTES, "%s/%s", root, name);

	assert (len < FOLDER_BYTES);
}

/* Where an agency's empty ledger is kept. */
static const char *seed_folder (const struct town *town, const struct office *office,
				char path[FOLDER_BYTES])
{
	char name[LIMIT_ID_TEXT + 8];

	snprintf (name, sizeof name, "%s-empty", office->id.text);
	path_of (path, town->root, name, 0);
	return path;
}

void town_build (struct town *town, const char *root)
{
	OWNED (problems) problems = problems_new ();
	char folder[FOLDER_BYTES];

	memset (town, 0, sizeof *town);
	snprintf (town->root, sizeof town->root, "%s", root);
	chance_start (0);
	must (keys_start ());
	log_set_level (LOG_LEVEL_FAIL);
	sim_start ();
	town->arena = arena_new (ACTION_BYTES);
	must (catalogue_load (SOURCE_DIR "/config/catalogue", &town->catalogue, problems));
	path_of (town->hub.keys, root, "hub-keys", 0);
	path_of (town->hub.directory, root, "directory", 0);
	town->hub.link = keypair_new (KEY_LINK);
	town->hub.log = keypair_new (KEY_LOG);
	must (keypair_save (town->hub.link, town->hub.keys, problems));
	must (keypair_save (town->hub.log, town->hub.keys, problems));
	for (int i = 0; i < OFFICES; i++) {
		struct office *office = &town->office[i];

		must (agency_id_parse (founders[i].id, &office->id));
		office->kind = founders[i].kind;
		office->sig = keypair_new (KEY_SIG);
		office->box = keypair_new (KEY_BOX);
		office->link = keypair_new (KEY_LINK);
		path_of (office->key_file, root, founders[i].id, 0);
		must (ledger_create (seed_folder (town, office, folder), office->key_file, problems));
	}
	write_directory (town);
}

void town_raze (struct town *town)
{
	for (int i = 0; i < OFFICES; i++) {
		keypair_destroy (&town->office[i].sig);
		keypair_destroy (&town->office[i].box);
		keypair_destroy (&town->office[i].link);
	}
	keypair_destroy (&town->hub.link);
	keypair_destroy (&town->hub.log);
	directory_destroy (&town->directory);
	catalogue_destroy (&town->catalogue);
	arena_destroy (&town->arena);
}

/* ---- disks ---- */

static void next_life (struct store_place *place, const char *root, const char *name)
{
	path_of (place->folder, root, name, ++place->life);
	if (mkdir (place->folder, 0700) != 0)
		abort ();
}

static void place_swap (struct store_place *place, disk_t *disk)
{
	disk_destroy (&place->disk);
	place->disk = disk;
}

static void place_close (struct store_place *place)
{
	disk_destroy (&place->disk);
	disk_destroy (&place->old);
	place->life = 0;
}

/* ---- an agency's process ---- */

static void on_outbox (void *arg)
{
	struct office *office = arg;

	if (office->post != NULL)
		post_wake (office->post);
}

static int on_desk_tick (zloop_t *loop, int timer, void *arg)
{
	struct office *office = arg;
	err_t err = desk_tick (office->desk);

	if (err_lane (err) == LANE_STOP)
		office->stopped = err;
	return office->stopped != ERR_OK ? -1 : 0;
}

static void office_open_parts (struct town *town, struct office *office)
{
	struct desk_parts desk = { .ledger = office->ledger, .catalogue = town->catalogue,
				   .directory = town->directory, .sig = office->sig,
				   .self = office->id };
	struct post_parts post = { .sig = office->sig, .link = office->link, .boxes = &office->box,
				   .box_count = 1, .endpoint = "", .socks_proxy = "",
				   .directory_file = "" };

	office->desk = post.desk = desk_new (&desk);
	office->post = post_new (&post, office->loop);
	ledger_on_outbox (office->ledger, on_outbox, office);
	zloop_timer (office->loop, DESK_TICK_MS, 0, on_desk_tick, office);
}

void office_start (struct town *town, struct office *office)
{
	assert (office->loop == NULL);
	sim_enter (&office->machine);
	loop_place (&office->machine);
	office->loop = zloop_new ();
	office->stopped = ledger_open (office->place.folder, office->key_file, &office->ledger, NULL);
	if (office->stopped == ERR_OK)
		office_open_parts (town, office);
	sim_leave ();
}

static void office_close_parts (struct office *office)
{
	sim_enter (&office->machine);
	post_destroy (&office->post);
	desk_destroy (&office->desk);
	ledger_destroy (&office->ledger);
	zloop_destroy (&office->loop);
	sim_leave ();
}

void office_crash (struct town *town, struct office *office, uint64_t cut)
{
	disk_t *left;

	if (office->loop == NULL)
		return;
	next_life (&office->place, town->run, office->id.text);
	left = disk_cut (office->place.disk, office->place.folder, cut);
	net_orphan (&office->road->key);
	office_close_parts (office);
	place_swap (&office->place, left);
}

/* It ended by itself, as the daemon does when the post or the desk says so. */
static void office_look (struct town *town, struct office *office)
{
	if (office->loop == NULL) {
		if (office->stopped != ERR_GONE_BACK && office->back_ms <= sim_now_ms ())
			office_start (town, office);
		return;
	}
	if (office->stopped == ERR_OK && !loop_ended (office->loop))
		return;
	if (office->stopped == ERR_OK)
		office->stopped = post_stopped (office->post);
	office_crash (town, office, CUT_NOTHING);
	office->back_ms = sim_now_ms () + SUPERVISOR_MS;
}

/* ---- the hub's process ---- */

/* The process is gone, and with it every hold on the old disk. */
static void hub_gone (struct town *town, uint64_t cut)
{
	struct hub_house *house = &town->hub;
	disk_t *left;

	next_life (&house->place, town->run, "hub");
	left = disk_cut (house->place.disk, house->place.folder, cut);
	sim_enter (&house->machine);
	hub_destroy (&house->hub);
	house->loop = NULL;
	sim_leave ();
	place_swap (&house->place, left);
}

void hub_crash (struct town *town, uint64_t cut)
{
	if (town->hub.hub != NULL)
		hub_gone (town, cut);
}

void hub_start (struct town *town)
{
	struct hub_house *house = &town->hub;
	struct hub_setup setup = { .id = "hub", .endpoint = "tcp://127.0.0.1:7100",
				   .keys = house->keys, .data = house->place.folder,
				   .directory = house->directory, .control = "", .io_threads = 1,
				   .park_after = 8,
				   .quota = { .letters = 100000, .bytes = 1024 * MIB,
					      .blob_bytes = 1024 * MIB } };

	assert (house->hub == NULL);
	sim_enter (&house->machine);
	loop_place (&house->machine);
	house->stopped = hub_new (&setup, &house->hub, NULL);
	sim_leave ();
	if (house->stopped == ERR_OK) {
		house->loop = loop_newest ();
		hub_tidy_often (house->hub, TIDY_PAGES);
		return;
	}
	hub_gone (town, CUT_NOTHING);
	house->back_ms = sim_now_ms () + SUPERVISOR_MS;
}

static void hub_look (struct town *town)
{
	struct hub_house *house = &town->hub;

	if (house->hub == NULL) {
		if (house->back_ms <= sim_now_ms ())
			hub_start (town);
		return;
	}
	if (!loop_ended (house->loop))
		return;
	sim_enter (&house->machine);
	house->stopped = hub_run (house->hub);   /* only says goodbye: the loop has ended */
	sim_leave ();
	hub_crash (town, CUT_NOTHING);
	house->back_ms = sim_now_ms () + SUPERVISOR_MS;
}

/* ---- copies ---- */

void place_keep (struct town *town, struct store_place *place, const char *name)
{
	char folder[FOLDER_BYTES];

	snprintf (folder, sizeof folder, "%s", place->folder);
	disk_destroy (&place->old);
	next_life (place, town->run, name);
	place->old = disk_copy (place->disk, place->folder);
	snprintf (place->old_folder, sizeof place->old_folder, "%s", place->folder);
	snprintf (place->folder, sizeof place->folder, "%s", folder);
}

void place_put_back (struct store_place *place)
{
	place_swap (place, place->old);
	place->old = NULL;
	snprintf (place->folder, sizeof place->folder, "%s", place->old_folder);
}

void place_empty (struct town *town, struct store_place *place, const char *name, uint64_t seed)
{
	next_life (place, town->run, name);
	place_swap (place, disk_new (place->folder, seed));
}

/* ---- a run ---- */

/* The empty ledger, on a disk of its own. */
static void move_in (struct town *town, struct office *office, uint64_t seed)
{
	char from[FOLDER_BYTES], file[FOLDER_BYTES + 16], here[FOLDER_BYTES + 16];

	next_life (&office->place, town->run, office->id.text);
	snprintf (file, sizeof file, "%s/ledger.db", seed_folder (town, office, from));
	snprintf (here, sizeof here, "%s/ledger.db", office->place.folder);
	if (link (file, here) != 0)
		abort ();
	office->place.disk = disk_new (office->place.folder, seed);
	disk_import (office->place.disk, "ledger.db");
	unlink (here);
}

void town_open (struct town *town, const char *run, uint64_t seed)
{
	snprintf (town->run, sizeof town->run, "%s", run);
	chance_start (seed);
	sim_start ();
	net_start ();
	town->hub.machine = (struct machine){ 0 };
	place_empty (town, &town->hub.place, "hub", seed);
	hub_start (town);
	must (town->hub.stopped);
	for (int i = 0; i < OFFICES; i++) {
		struct office *office = &town->office[i];
		struct public_key key = keypair_public (office->link);

		office->machine = (struct machine){ 0 };
		office->road = net_road (&key);
		move_in (town, office, seed + (uint64_t)i + 1);
		office_start (town, office);
		must (office->stopped);
	}
}

void town_end (struct town *town)
{
	for (int i = 0; i < OFFICES; i++) {
		struct office *office = &town->office[i];

		if (office->loop == NULL)
			continue;
		net_orphan (&office->road->key);
		office_close_parts (office);
	}
	hub_crash (town, CUT_NOTHING);   /* one that has stopped would keep its hold on the disk */
}

void town_close (struct town *town)
{
	town_end (town);
	for (int i = 0; i < OFFICES; i++)
		place_close (&town->office[i].place);
	place_close (&town->hub.place);
	arena_reset (town->arena);
}

/* ---- time ---- */

static int64_t earlier (int64_t a_ms, int64_t b_ms)
{
	return a_ms < b_ms ? a_ms : b_ms;
}

/* When a process that is down comes back. */
static int64_t back_ms (const struct town *town)
{
	int64_t next_ms = town->hub.hub == NULL ? town->hub.back_ms : INT64_MAX;

	for (int i = 0; i < OFFICES; i++)
		if (town->office[i].loop == NULL && town->office[i].stopped != ERR_GONE_BACK)
			next_ms = earlier (next_ms, town->office[i].back_ms);
	return next_ms < sim_now_ms () ? sim_now_ms () : next_ms;
}

void town_pass (struct town *town, int64_t to_ms)
{
	unsigned still = 0;

	while (sim_now_ms () < to_ms) {
		int64_t next_ms = earlier (earlier (loop_next_ms (), net_next_ms ()), back_ms (town));

		still = next_ms > sim_now_ms () ? 0 : still + 1;
		assert (still < STILL_MOST);
		loop_pass (earlier (next_ms, to_ms));
		net_deliver (town->hub.loop);
		hub_look (town);
		for (int i = 0; i < OFFICES; i++)
			office_look (town, &town->office[i]);
	}
}
