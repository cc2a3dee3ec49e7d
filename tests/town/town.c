/* A network in one process; see town.h. */
#include "tests/town/town.h"

#include <assert.h>
#include <ftw.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jembatan/clock.h"
#include "jembatan/log.h"
#include "proto/file.h"
#include "tests/town/chance.h"
#include "tests/town/hub_side.h"

#define HUB_ENDPOINT "tcp://127.0.0.1:7100"
#define DESK_TICK_MS 5000            /* as agents/daemon.c */
#define SUPERVISOR_MS 2000           /* systemd's RestartSec */
#define STILL_MOST 10000             /* turns of everybody within a millisecond: time stands still */
#define ACTION_BYTES (64 * MIB)
#define NOWHERE "/nowhere"           /* where a disk is that no process uses */

static const struct { const char *id, *kind; } founders[HOUSES_MOST] = {
	[HUB] = { "hub", NULL },
	[IPWL] = { "ipwl-pesona", "ipwl" },
	[CLINIC] = { "klinik-melati", "clinic" },
	[HOSPITAL] = { "rsk-soeprapto", "hospital" },
	[COORDINATOR] = { "galih-pakuan", "coordinator" },
};

/* Setting up can't fail but by our own fault. */
static void must (err_t err)
{
	if (err == ERR_OK)
		return;
	fprintf (stderr, "the town could not be built: %s\n", err_name (err));
	abort ();
}

/* The hub gives memory back when it is idle, which here it is every few real milliseconds. */
int malloc_trim (size_t pad)
{
	return 0;
}

/* ---- folders ---- */

static void path_of (char path[FOLDER_BYTES], const char *folder, const char *name)
{
	int len = snprintf (path, FOLDER_BYTES, "%s/%s", folder, name);

	assert (len < FOLDER_BYTES);
}

/* They hold locks and keys only; memory is the place for them. */
static void make_root (char root[FOLDER_BYTES])
{
	const char *base = access ("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";

	snprintf (root, FOLDER_BYTES, "%s/jembatan-town-XXXXXX", base);
	if (mkdtemp (root) == NULL)
		abort ();
}

static void make_folder (const char *path)
{
	if (mkdir (path, 0700) != 0)
		abort ();
}

static int remove_one (const char *path, const struct stat *about, int flag, struct FTW *where)
{
	return remove (path);
}

static void remove_folder (const char *folder)
{
	if (nftw (folder, remove_one, 8, FTW_DEPTH | FTW_PHYS) != 0)
		fprintf (stderr, "%s was left behind\n", folder);
}

/* ---- what is the same for every run ---- */

static struct member member_of (town_t *town, const struct site *site)
{
	struct member_key *keys = arena_must (town->arena, 3 * sizeof *keys);
	const keypair_t *pairs[] = { site->sig, site->box, site->link };

	for (size_t i = 0; i < COUNT_OF (pairs); i++)
		keys[i] = (struct member_key){ .use = keypair_use (pairs[i]),
					       .public_key = keypair_public (pairs[i]),
					       .id = keypair_id (pairs[i]),
					       .valid_from_ms = 1 };
	return (struct member){
		.id = site->id, .name_id = site->id.text, .name_en = site->id.text,
		.kind = site->kind, .region = "17.71", .address = "", .phone = "+62736000000",
		.whatsapp = "", .office_hours = "", .key_count = 3, .keys = keys,
	};
}

static void write_directory (town_t *town)
{
	const char *endpoint = HUB_ENDPOINT;
	OWNED (keypair) root = keypair_new (KEY_ROOT);
	struct registrar_key registrar = { keypair_public (root), "Pendaftar" };
	struct hub_entry hub = { .id = town->site[HUB].id.text, .endpoint_count = 1,
				 .endpoints = &endpoint,
				 .link_key = keypair_public (town->site[HUB].link),
				 .log_key = keypair_public (town->log_key) };
	struct agency_id overseen[] = { town->site[IPWL].id, town->site[CLINIC].id,
					town->site[HOSPITAL].id };
	struct oversight oversight = { town->site[COORDINATOR].id, COUNT_OF (overseen), overseen };
	struct member members[HOUSES_MOST];
	struct directory_data data = {
		.version = 1, .issued_ms = clock_now_ms () - DAY_MS,
		.expires_ms = clock_now_ms () + 400 * DAY_MS, .network = "uji",
		.hubs = &hub, .hub_count = 1, .registrar_keys = &registrar,
		.registrar_key_count = 1, .threshold = 1, .members = members,
		.member_count = (size_t)town->houses - 1, .oversight = &oversight,
		.oversight_count = town->houses > COORDINATOR ? 1 : 0,
	};
	struct bytes signed_bytes;

	for (int i = IPWL; i < town->houses; i++)
		members[i - IPWL] = member_of (town, &town->site[i]);
	must (directory_sign (&data, &root, 1, town->arena, &signed_bytes));
	must (directory_read (signed_bytes, NULL, &town->read));
	must (file_replace (town->directory_file, 0600, signed_bytes));
}

static void found_agency (town_t *town, struct site *site)
{
	char folder[FOLDER_BYTES], key_name[LIMIT_ID_TEXT + 8];

	site->sig = keypair_new (KEY_SIG);
	site->box = keypair_new (KEY_BOX);
	site->link = keypair_new (KEY_LINK);
	snprintf (key_name, sizeof key_name, "%s.key", site->id.text);
	path_of (site->key_file, town->root, key_name);
	path_of (folder, town->root, site->id.text);
	must (ledger_create (folder, site->key_file, NULL));
	site->origin = disk_new (folder, 1);
	disk_import (site->origin, "ledger.db");
	disk_move (site->origin, NOWHERE);
}

static void found_hub (town_t *town, struct site *site)
{
	path_of (town->keys, town->root, "hub-keys");
	path_of (town->directory_file, town->root, "directory");
	site->link = keypair_new (KEY_LINK);
	town->log_key = keypair_new (KEY_LOG);
	must (keypair_save (site->link, town->keys, NULL));
	must (keypair_save (town->log_key, town->keys, NULL));
}

void town_build (town_t *town, int houses)
{
	/* Disks and arenas come and go; giving their pages back each time costs more than the runs. */
	mallopt (M_MMAP_THRESHOLD, 1 << 30);
	mallopt (M_TRIM_THRESHOLD, 1 << 30);
	memset (town, 0, sizeof *town);
	town->houses = houses;
	make_root (town->root);
	chance_start (0);
	must (keys_start ());
	log_set_level (getenv ("TORTURE_LOG") != NULL ? LOG_LEVEL_DEBUG : LOG_LEVEL_FAIL);
	sim_start ();
	town->arena = arena_new (ACTION_BYTES);
	must (catalogue_load (SOURCE_DIR "/config/catalogue", &town->catalogue, NULL));
	for (int i = HUB; i < HOUSES_MOST; i++)
		must (agency_id_parse (founders[i].id, &town->site[i].id));
	found_hub (town, &town->site[HUB]);
	for (int i = IPWL; i < houses; i++) {
		town->site[i].kind = founders[i].kind;
		found_agency (town, &town->site[i]);
	}
	write_directory (town);
}

void town_raze (town_t *town)
{
	for (int i = HUB; i < town->houses; i++) {
		keypair_destroy (&town->site[i].sig);
		keypair_destroy (&town->site[i].box);
		keypair_destroy (&town->site[i].link);
		disk_destroy (&town->site[i].origin);
	}
	keypair_destroy (&town->log_key);
	directory_destroy (&town->read);
	catalogue_destroy (&town->catalogue);
	arena_destroy (&town->arena);
	remove_folder (town->root);
}

void town_begin_here (town_t *town)
{
	for (int i = IPWL; i < town->houses; i++) {
		disk_destroy (&town->site[i].origin);
		town->site[i].origin = disk_copy (town->site[i].disk, NOWHERE);
	}
}

/* ---- processes ---- */

static void on_outbox (void *arg)
{
	struct site *site = arg;

	if (site->post != NULL)
		post_wake (site->post);
}

static int on_desk_tick (zloop_t *loop, int timer, void *arg)
{
	struct site *site = arg;
	err_t err = desk_tick (site->desk);

	if (err_lane (err) == LANE_STOP)
		site->stopped = err;
	return site->stopped != ERR_OK ? -1 : 0;
}

static err_t open_agency (town_t *town, struct site *site)
{
	struct desk_parts desk = { .catalogue = town->catalogue, .directory = town->read,
				   .sig = site->sig, .self = site->id };
	struct post_parts post = { .sig = site->sig, .link = site->link, .boxes = &site->box,
				   .box_count = 1, .endpoint = "", .socks_proxy = "",
				   .directory_file = "" };
	err_t err = ledger_open (site->folder, site->key_file, &site->ledger, NULL);

	if (err != ERR_OK)
		return err;
	desk.ledger = site->ledger;
	site->loop = zloop_new ();
	site->desk = post.desk = desk_new (&desk);
	site->post = post_new (&post, site->loop);
	ledger_on_outbox (site->ledger, on_outbox, site);
	zloop_timer (site->loop, DESK_TICK_MS, 0, on_desk_tick, site);
	return ERR_OK;
}

static err_t open_hub (town_t *town, struct site *site)
{
	struct hub_setup setup = { .id = site->id.text, .endpoint = HUB_ENDPOINT,
				   .keys = town->keys, .data = site->folder,
				   .directory = town->directory_file, .control = "",
				   .io_threads = 1, .park_after = 8,
				   .quota = { .letters = 100000, .bytes = 1024 * MIB,
					      .blob_bytes = 1024 * MIB } };
	err_t err = hub_new (&setup, &site->hub, NULL);

	if (err != ERR_OK)
		return err;
	site->loop = loop_newest ();
	if (town->tidy_pages > 0)
		hub_tidy_often (site->hub, town->tidy_pages);
	return ERR_OK;
}

static void close_process (struct site *site)
{
	sim_enter (&site->machine);
	if (site->hub != NULL)
		site->loop = NULL;       /* the hub's own */
	hub_destroy (&site->hub);
	post_destroy (&site->post);
	desk_destroy (&site->desk);
	ledger_destroy (&site->ledger);
	zloop_destroy (&site->loop);
	sim_leave ();
	if (site->stopped == ERR_OK)
		site->stopped = ERR_OFFLINE;
}

static void change_disk (struct site *site, disk_t *disk)
{
	disk_destroy (&site->disk);
	disk_move (disk, site->folder);
	site->disk = disk;
}

/* Its process is no more, by its own doing.  Whatever of its disk a store that failed still holds is
 * let go with it. */
static void await_supervisor (struct site *site)
{
	change_disk (site, disk_cut (site->disk, NOWHERE, CUT_NOTHING));
	site->back_ms = sim_now_ms () + SUPERVISOR_MS;
}

err_t town_start (town_t *town, enum house house)
{
	struct site *site = &town->site[house];

	assert (site->loop == NULL);
	sim_enter (&site->machine);
	loop_place (&site->machine);
	site->stopped = house == HUB ? open_hub (town, site) : open_agency (town, site);
	sim_leave ();
	if (site->stopped != ERR_OK && town->supervised)
		await_supervisor (site);
	return site->stopped;
}

/* The objects are closed on the old disk, which nobody sees again. */
void town_kill (town_t *town, enum house house, uint64_t cut)
{
	struct site *site = &town->site[house];
	disk_t *left = disk_cut (site->disk, NOWHERE, cut);

	if (site->road != NULL)
		net_orphan (&site->road->key);
	close_process (site);
	change_disk (site, left);
}

err_t town_down (const town_t *town, enum house house)
{
	return town->site[house].stopped;
}

/* It ends by itself, as the daemons do, when a part of it says so. */
static void end_if_stopped (town_t *town, struct site *site)
{
	if (site->stopped == ERR_OK && !loop_ended (site->loop))
		return;
	sim_enter (&site->machine);
	if (site->hub != NULL)
		site->stopped = hub_run (site->hub);   /* only says goodbye: the loop has ended */
	else if (site->stopped == ERR_OK)
		site->stopped = post_stopped (site->post);
	sim_leave ();
	close_process (site);
	if (town->supervised)
		await_supervisor (site);
}

/* A person has to help one that has gone back. */
static bool comes_back (const town_t *town, const struct site *site)
{
	return town->supervised && site->loop == NULL && site->stopped != ERR_GONE_BACK;
}

static void look_at_processes (town_t *town)
{
	for (int i = HUB; i < town->houses; i++) {
		struct site *site = &town->site[i];

		if (site->loop != NULL)
			end_if_stopped (town, site);
		else if (comes_back (town, site) && site->back_ms <= sim_now_ms ())
			(void)town_start (town, (enum house)i);
	}
}

/* ---- disks ---- */

#define NOTE_PATH_BYTES (FOLDER_BYTES + 16)

/* Of one of the two there is a note (proto/highwater.h), and its name does not matter to the other. */
static void note_of (char path[NOTE_PATH_BYTES], const char *folder)
{
	snprintf (path, NOTE_PATH_BYTES, "%s/hub.mark", folder);
	if (access (path, F_OK) != 0)
		snprintf (path, NOTE_PATH_BYTES, "%s/ledger.mark", folder);
}

disk_t *town_disk (town_t *town, enum house house)
{
	return town->site[house].disk;
}

void town_keep_copy (town_t *town, enum house house)
{
	struct site *site = &town->site[house];

	disk_destroy (&site->old);
	site->old = disk_copy (site->disk, NOWHERE);
}

/* Beside a database that somebody puts there no note says that it had come further. */
static void forget_note (const struct site *site)
{
	char path[NOTE_PATH_BYTES];

	note_of (path, site->folder);
	unlink (path);
}

void town_put_back (town_t *town, enum house house)
{
	struct site *site = &town->site[house];

	forget_note (site);
	change_disk (site, site->old);
	site->old = NULL;
	site->went_back = true;
}

void town_put_empty (town_t *town, enum house house, uint64_t seed)
{
	forget_note (&town->site[house]);
	change_disk (&town->site[house], disk_new (NOWHERE, seed));
	town->site[house].went_back = true;
}

/* ---- a run ---- */

/* Nobody is up, and nothing has happened. */
static void begin (town_t *town, const char *name)
{
	path_of (town->run, town->root, name);
	make_folder (town->run);
	for (int i = HUB; i < town->houses; i++) {
		struct site *site = &town->site[i];

		path_of (site->folder, town->run, site->id.text);
		make_folder (site->folder);
		site->stopped = ERR_OFFLINE;
		if (i != HUB) {
			struct public_key key = keypair_public (site->link);

			site->road = net_road (&key);
		}
	}
}

void town_open (town_t *town, const char *name, uint64_t seed)
{
	chance_start (seed);
	sim_start ();
	net_start ();
	town->promised_count = 0;
	for (int i = HUB; i < town->houses; i++) {
		town->site[i].machine = (struct machine){ 0 };
		town->site[i].went_back = false;
		town->site[i].back_ms = 0;
	}
	begin (town, name);
	town->site[HUB].disk = disk_new (town->site[HUB].folder, seed);
	for (int i = IPWL; i < town->houses; i++)
		town->site[i].disk = disk_copy (town->site[i].origin, town->site[i].folder);
}

/* The newest notes of how far each store had come, as a kernel that flushed them before all else would
 * have left them. */
static void take_notes_along (town_t *town, const char *run)
{
	OWNED (arena) arena = arena_new (4 * KIB);

	for (int i = HUB; i < town->houses; i++) {
		char from[FOLDER_BYTES], path[NOTE_PATH_BYTES], to[NOTE_PATH_BYTES];
		struct bytes note;

		path_of (from, run, town->site[i].id.text);
		note_of (path, from);
		snprintf (to, sizeof to, "%s%s", town->site[i].folder, path + strlen (from));
		if (file_read (path, 64, arena, &note) == ERR_OK)
			must (file_replace (to, 0600, note));
	}
}

void town_fork (town_t *town, const char *name, disk_t *disks[HOUSES_MOST])
{
	char run[FOLDER_BYTES];

	snprintf (run, sizeof run, "%s", town->run);
	loop_forget ();
	net_forget ();
	begin (town, name);
	take_notes_along (town, run);
	for (int i = HUB; i < town->houses; i++) {
		struct site *site = &town->site[i];

		site->loop = NULL;
		site->hub = NULL;
		site->ledger = NULL;
		site->desk = NULL;
		site->post = NULL;
		site->disk = disks[i];
		disk_move (site->disk, site->folder);
	}
}

void town_end (town_t *town)
{
	for (int i = town->houses - 1; i >= HUB; i--)   /* the hub hears everybody's end */
		close_process (&town->site[i]);
}

void town_close (town_t *town)
{
	town_end (town);
	for (int i = HUB; i < town->houses; i++) {
		disk_destroy (&town->site[i].disk);
		disk_destroy (&town->site[i].old);
	}
	remove_folder (town->run);
	arena_reset (town->arena);
}

/* ---- time ---- */

static int64_t earlier (int64_t a_ms, int64_t b_ms)
{
	return a_ms < b_ms ? a_ms : b_ms;
}

/* When a process that is down comes back. */
static int64_t next_back_ms (const town_t *town)
{
	int64_t next_ms = INT64_MAX;

	for (int i = HUB; i < town->houses; i++)
		if (comes_back (town, &town->site[i]))
			next_ms = earlier (next_ms, town->site[i].back_ms);
	return next_ms < sim_now_ms () ? sim_now_ms () : next_ms;
}

void town_pass (town_t *town, int64_t to_ms)
{
	unsigned still = 0;

	look_at_processes (town);
	while (sim_now_ms () < to_ms) {
		int64_t next_ms = earlier (earlier (loop_next_ms (), net_next_ms ()),
					   next_back_ms (town));

		still = next_ms > sim_now_ms () ? 0 : still + 1;
		assert (still < STILL_MOST);
		loop_pass (earlier (next_ms, to_ms));
		net_deliver (town->site[HUB].loop);
		look_at_processes (town);
	}
}

/* ---- the end ---- */

bool town_settled (town_t *town)
{
	for (int i = IPWL; i < town->houses; i++) {
		struct outbox_counts counts;

		if (town_down (town, (enum house)i) != ERR_OK)
			return false;
		counts = outbox_counts (town->site[i].ledger);
		if (counts.written + counts.sealed + counts.in_custody > 0)
			return false;
	}
	return true;
}

size_t town_check (town_t *town, complain_fn *complain, void *arg)
{
	struct checked_letter acked[PROMISED_MAX];
	struct checked_agency agencies[HOUSES_MOST];
	struct checked checked = {
		.hub_folder = town->site[HUB].folder, .hub_id = town->site[HUB].id.text,
		.log_key = keypair_public (town->log_key),
		.agency_count = (size_t)town->houses - 1, .agencies = agencies, .acked = acked,
		.settled = true, .hub_went_back = town->site[HUB].went_back,
	};

	town_end (town);
	for (int i = IPWL; i < town->houses; i++)
		agencies[i - IPWL] = (struct checked_agency){ town->site[i].id.text,
							      town->site[i].folder,
							      town->site[i].key_file,
							      town->site[i].went_back };
	for (size_t i = 0; i < town->promised_count; i++)
		if (!town->promised[i].taken_back)
			acked[checked.acked_count++] = (struct checked_letter){
				town->site[town->promised[i].house].id.text,
				town->promised[i].id };
	return checker_run (&checked, complain, arg);
}
