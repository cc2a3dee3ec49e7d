/*
 * A hub and two agencies in one process: their real objects (hub/core.h, agents/desk, agents/post) on
 * disks in memory (tests/support/disk.h), lines in memory (line.h), and a clock and chance that follow
 * from a seed (seams.h).  An IPWL refers clients to a clinic, which looks, accepts and reports; every
 * step that a desk acknowledged is noted.  Whoever meets an error of the STOP lane is down, as its
 * process would be, until town_restart.
 *
 * Several towns may stand side by side when each is run from its own moment (moment_get).
 */
#ifndef TESTS_TORTURE_TOWN_H
#define TESTS_TORTURE_TOWN_H

#include <stdbool.h>
#include <stdint.h>

#include "jembatan/error.h"
#include "jembatan/ids.h"
#include "tests/support/disk.h"

enum house { HUB, IPWL, CLINIC, HOUSES };

typedef struct town town_t;

/* What a desk acknowledged: from then on the letter may not be lost. */
struct acked {
	enum house house;
	struct letter_id id;
};

/* Keys, directory, catalogue and the ledgers that every town begins with; once per process. */
void town_found (uint64_t seed);
void town_close_down (void);

/* A new town with everybody running, whose hub and agencies have done nothing yet, or one that stands
 * on these disks (taken; made by disk_copy or disk_cut for town_folder) with what was acknowledged
 * before.  `referrals` is how much there is to do. */
town_t *town_new (unsigned referrals);
town_t *town_bare (unsigned referrals);
void town_settle_on (town_t *town, enum house house, disk_t *disk);
void town_remember (town_t *town, const town_t *from, size_t acked_count);
void town_destroy (town_t **town);

const char *town_folder (const town_t *town, enum house house);
disk_t *town_disk (town_t *town, enum house house);
size_t town_acked (const town_t *town, const struct acked **ret_acked);

/* Opens who is down.  An error of opening leaves it down. */
err_t town_start (town_t *town, enum house house);
/* Its process ends in good order. */
void town_end (town_t *town, enum house house);
/* Its process ends here without a word, and with `cut` its box loses power (see disk_cut; 1 keeps all
 * that was written, as a kernel does). */
void town_kill (town_t *town, enum house house, uint64_t cut);
/* ERR_OK while it runs; else why it stopped. */
err_t town_down (const town_t *town, enum house house);

/* One turn of everybody: 50 ms pass, people work, frames arrive. */
void town_turn (town_t *town);
/* Turns until all work is done and nothing is on the way, or so many turns have passed: false. */
bool town_run (town_t *town, unsigned turns);

/* Ends everybody in good order and holds the checker against what is on the disks; how many
 * complaints, of which the first are printed unless `quiet`. */
size_t town_check (town_t *town, bool quiet);
/* The rules that were broken in the last check: "L1 L5". */
const char *town_broken (const town_t *town);

#endif
