/* A hub and two agencies in one process; see town.h. */
#include "tests/torture/town.h"

#include <assert.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agents/post/post.h"
#include "jembatan/clock.h"
#include "jembatan/log.h"
#include "proto/file.h"
#include "tests/torture/checker.h"
#include "tests/torture/hub_side.h"
#include "tests/torture/line.h"
#include "tests/torture/seams.h"

#define TURN_MS 50
#define HUB_TICK_MS 500
#define DESK_TICK_MS 5000
#define REFERRALS_MAX 32u
#define ACKED_MAX 512u
#define ENDING_TURNS 200       /* nothing moves for so long: 10 s, longer than any pause of the post */

struct member_office {
	ledger_t *ledger;
	desk_t *desk;
	post_t *post;
};

struct town {
	char root[96], endpoint[64];
	char folder[HOUSES][128];
	disk_t *disk[HOUSES];
	err_t down[HOUSES];
	hub_t *hub;
	struct member_office office[HOUSES];
	unsigned wanted, referred;
	struct acked acked[ACKED_MAX];
	size_t acked_count;
	uint64_t chance;
	uint64_t turns, moved;         /* the last turn in which somebody wrote */
	char broken[64];
	bool quiet;
};

/* What is there before every town. */
static struct {
	char root[64], keys[96], directory[96];
	keypair_t *root_key, *hub_link, *hub_log;
	keypair_t *sig[HOUSES], *box[HOUSES], *link[HOUSES];
	struct agency_id id[HOUSES];
	directory_t *read;
	catalogue_t *catalogue;
	struct person_id people[REFERRALS_MAX];
	disk_t *disk[HOUSES];          /* the ledgers as they begin */
	char folder[HOUSES][96], key_file[HOUSES][96];
	arena_t *arena;
	unsigned towns;
} origin;

static const struct { const char *id, *kind; } about[HOUSES] = {
	[IPWL] = { "ipwl-pesona", "ipwl" },
	[CLINIC] = { "klinik-harapan", "clinic" },
};

static const struct actor worker = { "sari", "caseworker" };

/* The place of `name` in a folder; a copy, because the two may stand in one struct. */
static void path_in (char *path, size_t size, const char *folder, const char *name)
{
	char whole[256];

	snprintf (whole, sizeof whole, "%s/%s", folder, name);
	assert (strlen (whole) < size);
	strcpy (path, whole);
}
#define PATH_IN(path, folder, name) path_in ((path), sizeof (path), (folder), (name))

/* Setting up can't fail but by our own fault. */
static void must (err_t err)
{
	if (err == ERR_OK)
		return;
	fprintf (stderr, "the town could not be founded: %s\n", err_name (err));
	abort ();
}

/* ---- the origin --------------------------------------------------------------------------------- */

static struct bytes signed_directory (void)
{
	static struct member_key keys[HOUSES][3];
	static struct member members[2];
	const char *endpoint = "tcp://127.0.0.1:1";
	struct hub_entry hub = { .id = "hub-uji", .endpoint_count = 1, .endpoints = &endpoint,
				 .link_key = keypair_public (origin.hub_link),
				 .log_key = keypair_public (origin.hub_log) };
	struct registrar_key root = { keypair_public (origin.root_key), "Pendaftar" };
	struct directory_data data = { .version = 1, .issued_ms = clock_now_ms (),
				       .expires_ms = clock_now_ms () + 400 * DAY_MS,
				       .network = "uji", .hub_count = 1, .hubs = &hub,
				       .registrar_key_count = 1, .registrar_keys = &root,
				       .threshold = 1, .member_count = 2, .members = members };
	struct bytes bytes;

	for (int house = IPWL; house < HOUSES; house++) {
		keypair_t *pairs[3] = { origin.sig[house], origin.box[house], origin.link[house] };

		for (int k = 0; k < 3; k++)
			keys[house][k] = (struct member_key){ .use = keypair_use (pairs[k]),
				.public_key = keypair_public (pairs[k]),
				.id = keypair_id (pairs[k]), .valid_from_ms = 1 };
		members[house - IPWL] = (struct member){ .id = origin.id[house],
			.name_id = about[house].id, .name_en = about[house].id,
			.kind = about[house].kind, .region = "17.71", .address = "",
			.phone = "+62736000000", .whatsapp = "", .office_hours = "",
			.key_count = 3, .keys = keys[house] };
	}
	must (directory_sign (&data, &origin.root_key, 1, origin.arena, &bytes));
	return bytes;
}

static void make_keys (void)
{
	origin.root_key = keypair_new (KEY_ROOT);
	origin.hub_link = keypair_new (KEY_LINK);
	origin.hub_log = keypair_new (KEY_LOG);
	must (keypair_save (origin.hub_link, origin.keys, NULL));
	must (keypair_save (origin.hub_log, origin.keys, NULL));
	for (int house = IPWL; house < HOUSES; house++) {
		must (agency_id_parse (about[house].id, &origin.id[house]));
		origin.sig[house] = keypair_new (KEY_SIG);
		origin.box[house] = keypair_new (KEY_BOX);
		origin.link[house] = keypair_new (KEY_LINK);
	}
}

static desk_t *open_desk (enum house house, ledger_t *ledger)
{
	struct desk_parts parts = { .ledger = ledger, .catalogue = origin.catalogue,
				    .directory = origin.read, .sig = origin.sig[house],
				    .self = origin.id[house] };

	return desk_new (&parts);
}

static void take_people_in (desk_t *desk)
{
	static const char *const labels[] = { "health", "identity" };
	struct clause_wish wish = { .recipient = about[CLINIC].id, .purpose = "treatment",
				    .label_count = 2, .labels = labels };
	struct clause_id clause;

	for (unsigned i = 0; i < REFERRALS_MAX; i++) {
		char name[32], nik[20];
		struct person person = { .name = name, .nik = nik, .birth_date = "1999-03-14",
					 .sex = "male", .phone = "+6281234567890",
					 .region = "17.71" };

		snprintf (name, sizeof name, "Contoh %c", (char)('A' + i % 26));
		snprintf (nik, sizeof nik, "17710114039900%02u", i + 1);
		must (desk_intake (desk, &worker, &person, NULL));
		origin.people[i] = person.id;
		must (desk_consent_give (desk, &worker, &person.id, &wish, 1, &clause, NULL));
	}
}

static void make_ledger (enum house house)
{
	ledger_t *ledger;
	desk_t *desk;
	char key[64];

	PATH_IN (origin.folder[house], origin.root, about[house].id);
	snprintf (key, sizeof key, "%s.key", about[house].id);
	PATH_IN (origin.key_file[house], origin.root, key);
	must (ledger_create (origin.folder[house], origin.key_file[house], NULL));
	must (ledger_open (origin.folder[house], origin.key_file[house], &ledger, NULL));
	desk = open_desk (house, ledger);
	if (house == IPWL)
		take_people_in (desk);
	desk_destroy (&desk);
	ledger_destroy (&ledger);
	origin.disk[house] = disk_new (origin.folder[house], 1);
	disk_import (origin.disk[house], "ledger.db");
}

void town_found (uint64_t seed)
{
	struct bytes bytes;

	chance_begin (seed);
	must (keys_start ());
	log_set_level (getenv ("TORTURE_LOG") != NULL ? LOG_LEVEL_DEBUG : LOG_LEVEL_FAIL);
	snprintf (origin.root, sizeof origin.root, "/tmp/jembatan-town-XXXXXX");
	if (mkdtemp (origin.root) == NULL)
		abort ();
	PATH_IN (origin.keys, origin.root, "keys");
	PATH_IN (origin.directory, origin.root, "directory");
	origin.arena = arena_new (64 * MIB);
	make_keys ();
	bytes = signed_directory ();
	must (file_replace (origin.directory, 0644, bytes));
	must (directory_read (bytes, NULL, &origin.read));
	must (catalogue_load (SOURCE_DIR "/config/catalogue", &origin.catalogue, NULL));
	make_ledger (IPWL);
	make_ledger (CLINIC);
}

static int remove_one (const char *path, const struct stat *stat, int type, struct FTW *at)
{
	return remove (path);
}

static void remove_folder (const char *folder)
{
	if (nftw (folder, remove_one, 8, FTW_DEPTH | FTW_PHYS) != 0)
		fprintf (stderr, "%s was left behind\n", folder);
}

void town_close_down (void)
{
	keypair_destroy (&origin.root_key);
	keypair_destroy (&origin.hub_link);
	keypair_destroy (&origin.hub_log);
	for (int house = IPWL; house < HOUSES; house++) {
		keypair_destroy (&origin.sig[house]);
		keypair_destroy (&origin.box[house]);
		keypair_destroy (&origin.link[house]);
		disk_destroy (&origin.disk[house]);
	}
	directory_destroy (&origin.read);
	catalogue_destroy (&origin.catalogue);
	arena_destroy (&origin.arena);
	remove_folder (origin.root);
}

/* ---- houses ------------------------------------------------------------------------------------- */

static err_t start_hub (town_t *town)
{
	struct hub_setup setup = { .id = "hub-uji", .endpoint = town->endpoint,
				   .keys = origin.keys, .data = town->folder[HUB],
				   .directory = origin.directory, .control = "", .io_threads = 1,
				   .park_after = 8,
				   .quota = { .letters = 100000, .bytes = 1024 * MIB,
					      .blob_bytes = 1024 * MIB } };

	return hub_new (&setup, &town->hub, NULL);
}

/* A loop is but a name here. */
static zloop_t *loop_of (town_t *town, enum house house)
{
	return (zloop_t *)(void *)&town->office[house];
}

static err_t start_office (town_t *town, enum house house)
{
	struct member_office *office = &town->office[house];
	struct post_parts parts = { .sig = origin.sig[house], .link = origin.link[house],
				    .boxes = &origin.box[house], .box_count = 1,
				    .endpoint = town->endpoint, .socks_proxy = "",
				    .directory_file = "/nowhere/directory" };
	err_t err = ledger_open (town->folder[house], origin.key_file[house], &office->ledger, NULL);

	if (err != ERR_OK)
		return err;
	office->desk = parts.desk = open_desk (house, office->ledger);
	office->post = post_new (&parts, loop_of (town, house));
	ledger_on_outbox (office->ledger, (void (*) (void *))post_wake, office->post);
	return ERR_OK;
}

err_t town_start (town_t *town, enum house house)
{
	assert (town->down[house] != ERR_OK);
	town->down[house] = house == HUB ? start_hub (town) : start_office (town, house);
	town->moved = town->turns;
	return town->down[house];
}

static void close_office (town_t *town, enum house house)
{
	struct member_office *office = &town->office[house];

	post_destroy (&office->post);
	desk_destroy (&office->desk);
	ledger_destroy (&office->ledger);
	timers_forget (loop_of (town, house));
}

void town_end (town_t *town, enum house house)
{
	if (house == HUB && town->hub != NULL) {
		hub_side_end (&town->hub);
	} else if (house != HUB) {
		close_office (town, house);
	}
	if (town->down[house] == ERR_OK)
		town->down[house] = ERR_OFFLINE;
}

/* The objects are closed on the old disk, which nobody sees again. */
void town_kill (town_t *town, enum house house, uint64_t cut)
{
	disk_t *left = disk_cut (town->disk[house], "/nowhere", cut);

	town_end (town, house);
	disk_destroy (&town->disk[house]);
	disk_move (left, town->folder[house]);
	town->disk[house] = left;
}

err_t town_down (const town_t *town, enum house house)
{
	return town->down[house];
}

/* An error of the STOP lane ends the process. */
static void note_error (town_t *town, enum house house, err_t err)
{
	if (err_lane (err) != LANE_STOP || town->down[house] != ERR_OK)
		return;
	town->down[house] = err;
	town_end (town, house);
}

/* ---- life --------------------------------------------------------------------------------------- */

town_t *town_bare (unsigned referrals)
{
	static const char *const names[HOUSES] = { "hub", "ipwl", "clinic" };
	town_t *town = must_alloc (sizeof *town);
	char name[32];

	memset (town, 0, sizeof *town);
	assert (referrals <= REFERRALS_MAX);
	town->wanted = referrals;
	town->chance = moment_get ().chance;
	snprintf (name, sizeof name, "town-%u", ++origin.towns);
	PATH_IN (town->root, origin.root, name);
	snprintf (town->endpoint, sizeof town->endpoint, "tcp://%s", name);
	if (mkdir (town->root, 0700) != 0)
		abort ();
	for (int house = HUB; house < HOUSES; house++) {
		town->down[house] = ERR_OFFLINE;
		PATH_IN (town->folder[house], town->root, names[house]);
		if (mkdir (town->folder[house], 0700) != 0)
			abort ();
	}
	return town;
}

void town_settle_on (town_t *town, enum house house, disk_t *disk)
{
	disk_destroy (&town->disk[house]);
	town->disk[house] = disk;
}

town_t *town_new (unsigned referrals)
{
	town_t *town = town_bare (referrals);

	town->disk[HUB] = disk_new (town->folder[HUB], town->chance);
	for (int house = IPWL; house < HOUSES; house++)
		town->disk[house] = disk_copy (origin.disk[house], town->folder[house]);
	return town;
}

void town_remember (town_t *town, const town_t *from, size_t acked_count)
{
	memcpy (town->acked, from->acked, acked_count * sizeof *town->acked);
	town->acked_count = acked_count;
	town->referred = from->referred;
}

void town_destroy (town_t **town_p)
{
	town_t *town = *town_p;

	if (town == NULL)
		return;
	for (int house = HUB; house < HOUSES; house++) {
		town_end (town, (enum house)house);
		disk_destroy (&town->disk[house]);
	}
	remove_folder (town->root);
	free (town);
	*town_p = NULL;
}

const char *town_folder (const town_t *town, enum house house)
{
	return town->folder[house];
}

disk_t *town_disk (town_t *town, enum house house)
{
	return town->disk[house];
}

size_t town_acked (const town_t *town, const struct acked **ret_acked)
{
	*ret_acked = town->acked;
	return town->acked_count;
}

/* ---- people ------------------------------------------------------------------------------------- */

static struct answer answer_of (const char *field, enum answer_type type, const char *text)
{
	return (struct answer){ .field = field, .type = type, .text = text, .system = "",
				.display = "", .unit = "" };
}

/* The agent ends when its ledger has failed, whatever it was asked (agents/api/api.c). */
static void look_at_ledger (town_t *town, enum house house)
{
	if (town->down[house] == ERR_OK)
		note_error (town, house, ledger_failed (town->office[house].ledger));
}

static void acknowledge (town_t *town, enum house house, const struct letter_id *id)
{
	assert (town->acked_count < ACKED_MAX);
	town->acked[town->acked_count++] = (struct acked){ house, *id };
	town->moved = town->turns;
}

static err_t submit (town_t *town, enum house house, const struct submission *submission)
{
	struct outcome outcome = { .number = "" };
	OWNED (problems) problems = problems_new ();
	err_t err = desk_submit (town->office[house].desk, &worker, submission, &outcome, problems);

	if (err_lane (err) == LANE_REFUSE && ledger_failed (town->office[house].ledger) == ERR_OK)
		fprintf (stderr, "%s gave %s: %s\n", submission->kind, err_name (err),
			 problems_count (problems) > 0 ? problems_at (problems, 0)->text_en : "");

	if (err == ERR_OK)
		acknowledge (town, house, &outcome.letter);
	look_at_ledger (town, house);
	return err;
}

static void refer (town_t *town)
{
	struct answer answers[] = {
		answer_of ("reason", ANSWER_TEXT, "Perlu pemeriksaan medis"),
		answer_of ("summary.health", ANSWER_TEXT, "Riwayat sabu dua tahun"),
	};
	struct submission submission = {
		.kind = "referral.request", .person = origin.people[town->referred],
		.to = origin.id[CLINIC], .service = "medical", .basis = BASIS_CONSENT_GIVEN,
		.answers = answers, .answer_count = COUNT_OF (answers),
	};

	if (submit (town, IPWL, &submission) == ERR_OK)
		town->referred++;
}

/* The performer's next word, by the state in which the thread is. */
static const struct { const char *state, *kind; } performs[] = {
	{ "received", "referral.accept" },
	{ "accepted", "arrival.confirm" },
	{ "arrived", "service.start" },
};

#define ANSWERS_MAX 16u

static struct answer plausible (const struct field_spec *field)
{
	struct answer answer = answer_of (field->name, field->type, "seperti biasa");

	if (field->type == ANSWER_CODE)
		answer.text = field->code_count > 0 ? field->codes[0].code : "F15.2";
	if (field->type == ANSWER_DATE)
		answer.text = "2027-01-20";
	if (field->type == ANSWER_INSTANT)
		answer.number = clock_now_ms () - MINUTE_MS;
	return answer;
}

/* What a form asks for must be answered, and nothing else is. */
static size_t fill (const char *kind, struct answer answers[ANSWERS_MAX])
{
	const struct kind_spec *spec = catalogue_kind (origin.catalogue, kind, 0);
	size_t count = 0;

	for (size_t i = 0; i < spec->field_count && count < ANSWERS_MAX; i++)
		if (spec->fields[i].required && spec->fields[i].from[0] == '\0')
			answers[count++] = plausible (&spec->fields[i]);
	return count;
}

static void perform (town_t *town, const struct thread *thread)
{
	struct answer answers[ANSWERS_MAX];

	for (size_t i = 0; i < COUNT_OF (performs); i++) {
		struct submission submission = { .kind = performs[i].kind, .thread = thread->id,
						 .basis = BASIS_CONSENT_GIVEN, .answers = answers };

		if (strcmp (thread->state, performs[i].state) != 0)
			continue;
		submission.answer_count = fill (performs[i].kind, answers);
		(void)submit (town, CLINIC, &submission);
		return;
	}
}

static bool has_work (const struct thread *thread)
{
	if (strcmp (thread->state, "requested") == 0)
		return true;
	for (size_t i = 0; i < COUNT_OF (performs); i++)
		if (strcmp (thread->state, performs[i].state) == 0)
			return true;
	return false;
}

/* One thread that waits for the clinic; false when none does. */
static bool next_work (town_t *town, arena_t *arena, struct thread *ret_thread)
{
	struct thread *threads;
	size_t count = thread_list (town->office[CLINIC].ledger, BOX_ALL, NULL, NULL, 0, 100, arena,
				    &threads);

	for (size_t i = 0; i < count; i++)
		if (has_work (&threads[i])) {
			*ret_thread = threads[i];
			return true;
		}
	return false;
}

static err_t look (town_t *town, const struct thread_id *thread)
{
	return desk_look_thread (town->office[CLINIC].desk, &worker, thread);
}

static void work_at_clinic (town_t *town)
{
	OWNED (arena) arena = arena_new (8 * MIB);
	struct thread thread;
	bool found = next_work (town, arena, &thread);

	look_at_ledger (town, CLINIC);
	if (!found || town->down[CLINIC] != ERR_OK)
		return;
	town->moved = town->turns;
	if (strcmp (thread.state, "requested") == 0)
		(void)look (town, &thread.id);
	else
		perform (town, &thread);
	look_at_ledger (town, CLINIC);
}

static void work (town_t *town)
{
	if (town->down[IPWL] == ERR_OK && town->referred < town->wanted
	    && disk_random (&town->chance) % 4 == 0)
		refer (town);
	if (town->down[CLINIC] == ERR_OK && disk_random (&town->chance) % 4 == 0)
		work_at_clinic (town);
}

/* ---- turns -------------------------------------------------------------------------------------- */

static void turn_hub (town_t *town)
{
	if (line_waiting (town->endpoint) > 0) {
		town->moved = town->turns;
		hub_side_turn (town->hub);
	}
	if (town->turns % (HUB_TICK_MS / TURN_MS) == 0 && hub_side_stopped (town->hub) == ERR_OK)
		hub_side_tick (town->hub);
	note_error (town, HUB, hub_side_stopped (town->hub));
}

static void turn_office (town_t *town, enum house house)
{
	struct member_office *office = &town->office[house];

	while (town->down[house] == ERR_OK && line_turn (loop_of (town, house))) {
		town->moved = town->turns;
		note_error (town, house, post_stopped (office->post));
	}
	if (town->down[house] == ERR_OK)
		timers_run (loop_of (town, house));
	if (town->down[house] == ERR_OK)
		note_error (town, house, post_stopped (office->post));
	if (town->down[house] == ERR_OK && town->turns % (DESK_TICK_MS / TURN_MS) == 0)
		note_error (town, house, desk_tick (office->desk));
}

void town_turn (town_t *town)
{
	moment_pass (TURN_MS);
	town->turns++;
	work (town);
	for (int house = IPWL; house < HOUSES; house++)
		if (town->down[house] == ERR_OK)
			turn_office (town, (enum house)house);
	if (town->down[HUB] == ERR_OK)
		turn_hub (town);
}

static bool nothing_open (town_t *town)
{
	for (int house = IPWL; house < HOUSES; house++) {
		struct outbox_counts counts;

		if (town->down[house] != ERR_OK)
			return false;
		counts = outbox_counts (town->office[house].ledger);
		if (counts.written + counts.sealed + counts.in_custody > 0)
			return false;
	}
	return true;
}

bool town_run (town_t *town, unsigned turns)
{
	for (unsigned i = 0; i < turns; i++) {
		town_turn (town);
		if (town->referred == town->wanted && town->turns - town->moved > 20
		    && nothing_open (town))
			return true;
		if (town->turns - town->moved > ENDING_TURNS * 20)
			return false;
	}
	return false;
}

/* ---- the end ------------------------------------------------------------------------------------ */

static void complain (void *arg, const char *rule, const char *what)
{
	town_t *town = arg;

	if (!town->quiet)
		fprintf (stderr, "    %s %s\n", rule, what);
	if (strstr (town->broken, rule) == NULL && strlen (town->broken) + 4 < sizeof town->broken) {
		strcat (town->broken, town->broken[0] != '\0' ? " " : "");
		strcat (town->broken, rule);
	}
}

size_t town_check (town_t *town, bool quiet)
{
	struct checked_letter letters[ACKED_MAX];
	struct checked_agency agencies[] = {
		{ about[IPWL].id, town->folder[IPWL], origin.key_file[IPWL], false },
		{ about[CLINIC].id, town->folder[CLINIC], origin.key_file[CLINIC], false },
	};
	struct checked checked = { .hub_folder = town->folder[HUB], .hub_id = "hub-uji",
				   .log_key = keypair_public (origin.hub_log),
				   .agency_count = 2, .agencies = agencies, .settled = true,
				   .acked_count = town->acked_count, .acked = letters };

	for (int house = HUB; house < HOUSES; house++)
		town_end (town, (enum house)house);
	for (size_t i = 0; i < town->acked_count; i++)
		letters[i] = (struct checked_letter){ about[town->acked[i].house].id,
						      town->acked[i].id };
	town->broken[0] = '\0';
	town->quiet = quiet;
	return checker_run (&checked, complain, town);
}

const char *town_broken (const town_t *town)
{
	return town->broken;
}
