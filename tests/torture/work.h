/*
 * A town at work for the campaigns: a hub, an IPWL that refers clients, and a clinic that looks,
 * accepts and reports.  Nobody starts again by himself who has stopped: that is the campaign's to do.
 */
#ifndef TESTS_TORTURE_WORK_H
#define TESTS_TORTURE_WORK_H

#include "tests/town/town.h"

#define HOUSES 3             /* HUB, IPWL and CLINIC */

/* Once per process. */
void work_found (void);
void work_close_down (void);

/* A new town whose hub and agencies are down and have done nothing yet; `referrals` is how much there
 * is to do.  One at a time. */
town_t *town_new (unsigned referrals, uint64_t seed);
void town_destroy (town_t **town);

/* One referral more, with a file of so many bytes; the IPWL is up. */
void work_refer_file (town_t *town, size_t size);

/* One turn of everybody: 50 ms pass, people work, frames arrive. */
void town_turn (town_t *town);
/* Turns until all work is done and nothing is on the way, or so many turns have passed: false. */
bool town_run (town_t *town, unsigned turns);

/* The rules that are broken: "L1 L5"; "" when none is.  Ends everybody, and prints what the checker
 * says. */
const char *town_broken (town_t *town);

#endif
