/*
 * A network in one process: a hub and up to four agencies, each with a machine of its own (a clock, a
 * disk, a road to the hub), all driven by simulated time.  The hub, the posts, the desks and the
 * ledgers are the real ones; only socket, loop, clock, disk and chance are not.  The fault campaigns
 * (tests/torture) and the simulation (tests/simulation) both live on it.
 *
 * What a machine is made of outlives its process: the disk and the keys.  A process ends by itself,
 * or is killed (its memory is gone; of its disk what a power cut leaves), and starts again from the
 * disk.  What happens follows from a seed and the calls made.  One town is open at a time.
 */
#ifndef TESTS_TOWN_TOWN_H
#define TESTS_TOWN_TOWN_H

#include "agents/desk/desk.h"
#include "agents/post/post.h"
#include "hub/hub.h"
#include "tests/support/disk.h"
#include "tests/torture/checker.h"
#include "tests/town/loop.h"
#include "tests/town/net.h"

enum house { HUB, IPWL, CLINIC, HOSPITAL, COORDINATOR, HOUSES_MOST };

#define FOLDER_BYTES 128
#define PROMISED_MAX 512u

struct site {
	struct agency_id id;
	const char *kind;                /* of the agency */
	keypair_t *sig, *box, *link;     /* the hub: none but `link`; its log key stands in the town */
	char key_file[FOLDER_BYTES];     /* the ledger's */
	disk_t *origin;                  /* with what every run begins; the hub begins with nothing */
	struct machine machine;
	struct road *road;               /* an agency's */
	char folder[FOLDER_BYTES];       /* of its store, in this run */
	disk_t *disk;
	disk_t *old;                     /* a copy made earlier, or NULL */
	bool went_back;                  /* an older store than its last one stands there */
	/* the process; NULL while it is down */
	zloop_t *loop;
	hub_t *hub;
	ledger_t *ledger;
	desk_t *desk;
	post_t *post;
	err_t stopped;                   /* why it is down, or about to be; ERR_OK = it runs */
	int64_t back_ms;                 /* a supervisor starts it again then */
};

/* A letter that an agency promised to its worker: the desk said ERR_OK, and from then on it may not
 * be lost. */
struct promise {
	enum house house;
	struct letter_id id;
	bool taken_back;                 /* the ledger went back to a time before it */
};

typedef struct town {
	char root[FOLDER_BYTES];         /* of what is the same for every run */
	char run[FOLDER_BYTES];          /* of this run */
	char keys[FOLDER_BYTES], directory_file[FOLDER_BYTES];   /* the hub's */
	int houses;                      /* the hub and the first agencies of the list */
	bool supervised;                 /* whoever ended by itself is started again by and by */
	int tidy_pages;                  /* the hub's log is copied home after so many; 0 = as shipped */
	keypair_t *log_key;
	catalogue_t *catalogue;
	directory_t *read;
	struct site site[HOUSES_MOST];
	struct promise promised[PROMISED_MAX];
	size_t promised_count;
	arena_t *arena;                  /* of one action */
} town_t;

/* ---- what is the same for every run ---- */

/* Catalogue, keys, directory and empty ledgers, below a folder that town_build makes and town_raze
 * removes. */
void town_build (town_t *town, int houses);
void town_raze (town_t *town);

/* What stands on the agencies' disks now is what every later run begins with. */
void town_begin_here (town_t *town);

/* ---- a run ---- */

/* Empty store at the hub, the ledgers of the beginning, nobody up.  `name` is that of the run's
 * folder. */
void town_open (town_t *town, const char *name, uint64_t seed);

/* In a fork of the process: what the parent's processes have in memory is forgotten, and nobody is
 * up.  The machines have these disks (taken). */
void town_fork (town_t *town, const char *name, disk_t *disks[HOUSES_MOST]);

/* Everybody ends in good order; the disks stay. */
void town_end (town_t *town);
void town_close (town_t *town);

/* Time passes up to that moment: timers, frames, processes that come back. */
void town_pass (town_t *town, int64_t to_ms);

/* No agency has a letter that has not ended.  Reads the ledgers; false while somebody is down. */
bool town_settled (town_t *town);

/* Ends everybody in good order and holds the checker against what is on the disks: how many
 * complaints. */
size_t town_check (town_t *town, complain_fn *complain, void *arg);

/* ---- processes and disks ---- */

/* Opens it, which is down.  An error of opening leaves it down. */
err_t town_start (town_t *town, enum house house);

/* Its process ends here without a word, if it runs, and of its disk remains what the cut with this
 * seed leaves (see disk_cut). */
#define CUT_NOTHING 1   /* all that was written is there: the machine went on */
void town_kill (town_t *town, enum house house, uint64_t cut);

/* ERR_OK while it runs; else why it does not. */
err_t town_down (const town_t *town, enum house house);

disk_t *town_disk (town_t *town, enum house house);

/* A copy of its disk as it is now is kept; of a process that is down: that copy is put back, or an
 * empty disk. */
void town_keep_copy (town_t *town, enum house house);
void town_put_back (town_t *town, enum house house);
void town_put_empty (town_t *town, enum house house, uint64_t seed);

#endif
