/*
 * The judge of a run: the checker of the fault campaign (tests/torture/checker.h) over all that is on
 * the disks, and what only the living tell: that everybody is up, and raised no alarm that nobody
 * here gave reason for.
 */
#ifndef TESTS_SIMULATION_JUDGE_H
#define TESTS_SIMULATION_JUDGE_H

#include "tests/simulation/play.h"

/* Ends everybody in good order.  False when something was found, after printing it. */
bool judge (struct play *play);

#endif
