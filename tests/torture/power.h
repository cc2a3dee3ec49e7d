/*
 * What becomes of plain files when the power fails: of what was written, cut short, made, named anew or
 * deleted and is not certain yet, anything may be there or not.  A write is certain once its file was
 * synced, a name once its folder was.  calls.c tells of each call; a folder that was made stays as long
 * as something is in it.
 */
#ifndef TESTS_TORTURE_POWER_H
#define TESTS_TORTURE_POWER_H

#include <stdint.h>
#include <sys/types.h>

/* From now on; `attic` is an empty folder on the same disk, for what a cut may bring back. */
void power_watch (const char *attic);

/* About to happen: */
void power_write (int fd, off_t at, size_t len);     /* at -1: where the file stands */
void power_truncate (int fd, off_t size);
void power_make (const char *path, int flags);       /* an open: it may make a file */
void power_rename (const char *from, const char *to);
void power_not_renamed (void);                       /* after all */
void power_unlink (const char *path);

/* It is certain from now on: the file, or the names in the folder. */
void power_synced (int fd);

/* The power fails.  0 undoes all that is uncertain, 1 nothing, 2 all but a beginning; every other one
 * decides for each by itself, and tears writes at sectors of 512 bytes. */
void power_cut (uint64_t damage);

#endif
