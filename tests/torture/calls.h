/*
 * The system calls by which plain files and SQLite's databases are read and written, the programs' and
 * SQLite's own: they stand before those of the C library in a program that links this, and fail where a
 * test says so, or end the process with the power of its machine (power.h).
 */
#ifndef TESTS_TORTURE_CALLS_H
#define TESTS_TORTURE_CALLS_H

#include <stdbool.h>
#include <stdint.h>

enum call { CALL_OPEN, CALL_READ, CALL_WRITE, CALL_SYNC, CALL_RENAME, CALLS };

/* From now on calls are counted, and the nth of this kind fails with this errno (0: none): that one alone,
 * or all from there on. */
void calls_fail (enum call call, uint64_t nth, bool for_good, int error);

/* From now on calls are counted, and the process ends in the middle of the nth sync: all was written, and
 * of what is not certain this damage leaves what power_cut says.  `attic` is an empty folder. */
#define CALLS_CUT 99         /* its exit status then */
void calls_cut (uint64_t nth, uint64_t damage, const char *attic);

/* All is well again; how many of a kind there were. */
uint64_t calls_end (enum call call);

#endif
