/*
 * A network in one process: a hub and four agencies, each with a machine of its own (a clock, a
 * disk, a road to the hub), all driven by simulated time.  The hub, the posts, the desks and the
 * ledgers are the real ones; only socket, clock, disk and chance are not.
 *
 * What a machine is made of outlives its process: the disk and the keys.  A process ends by a crash
 * (its memory is gone; of its disk what power_cut leaves) and starts again from the disk.
 */
#ifndef TESTS_SIMULATION_TOWN_H
#define TESTS_SIMULATION_TOWN_H

#include "agents/desk/desk.h"
#include "agents/post/post.h"
#include "hub/hub.h"
#include "tests/simulation/loop.h"
#include "tests/simulation/net.h"
#include "tests/support/disk.h"

enum { PESONA, CLINIC, HOSPITAL, COORDINATOR, OFFICES };

#define FOLDER_BYTES 128

struct store_place {
	char folder[FOLDER_BYTES];       /* of this life of the disk; each has one of its own */
	unsigned life;
	disk_t *disk;
	disk_t *old;                     /* a copy made earlier, or NULL */
	char old_folder[FOLDER_BYTES];
};

struct office {
	struct agency_id id;
	const char *kind;
	keypair_t *sig, *box, *link;
	struct machine machine;
	struct road *road;
	struct store_place place;
	char key_file[FOLDER_BYTES];
	/* the process; NULL while it is down */
	zloop_t *loop;
	ledger_t *ledger;
	desk_t *desk;
	post_t *post;
	err_t stopped;                   /* why the process ended by itself; ERR_OK = it did not */
	int64_t back_ms;                 /* down until then */
};

struct hub_house {
	keypair_t *link, *log;
	char keys[FOLDER_BYTES], directory[FOLDER_BYTES];
	struct machine machine;
	struct store_place place;
	hub_t *hub;
	zloop_t *loop;
	err_t stopped;
	int64_t back_ms;
};

struct town {
	char root[FOLDER_BYTES];         /* of what is the same for every run */
	char run[FOLDER_BYTES];          /* of this run */
	catalogue_t *catalogue;
	directory_t *directory;
	struct office office[OFFICES];
	struct hub_house hub;
	arena_t *arena;                  /* of one action */
};

/* What is the same for every run: catalogue, keys, directory, empty ledgers, below a folder. */
void town_build (struct town *town, const char *root);
void town_raze (struct town *town);

/* A run, in a process of its own and a folder that exists: empty stores, everybody up. */
void town_open (struct town *town, const char *run, uint64_t seed);
/* Everybody ends in good order; the disks stay. */
void town_end (struct town *town);
void town_close (struct town *town);

/* Time passes up to that moment: timers, frames, processes that come back. */
void town_pass (struct town *town, int64_t to_ms);

/* ---- processes ---- */

/* Starts from the disk.  What the start answers is kept in `stopped`. */
void office_start (struct town *town, struct office *office);
/* The process is gone; of its disk remains what the cut with this seed leaves. */
#define CUT_NOTHING 1   /* all that was written is there: the machine went on */
void office_crash (struct town *town, struct office *office, uint64_t cut);
void hub_start (struct town *town);
void hub_crash (struct town *town, uint64_t cut);

/* A copy of a disk as it is now is kept; of a process that is down: that copy is put back, or an
 * empty disk. */
void place_keep (struct town *town, struct store_place *place, const char *name);
void place_put_back (struct store_place *place);
void place_empty (struct town *town, struct store_place *place, const char *name, uint64_t seed);

#endif
