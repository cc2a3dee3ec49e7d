/*
 * Whole small files: read with a ceiling, written so that a power cut leaves either the old bytes
 * or the new ones.
 */
#ifndef PROTO_FILE_H
#define PROTO_FILE_H

#include <sys/types.h>

#include "jembatan/base.h"

/* Reads a regular file into the arena.  ERR_NOT_FOUND, ERR_TOO_LARGE beyond `ceiling` bytes, or
 * ERR_FILE. */
MUST_USE err_t file_read (const char *path, size_t ceiling, arena_t *arena,
			  struct bytes *ret_content);

/* Writes path.new, flushes it, renames it over `path` and flushes the folder.  ERR_FILE, or ERR_IO
 * when a flush failed and nothing is known about the disk any more. */
MUST_USE err_t file_replace (const char *path, mode_t mode, struct bytes content);

/* The same, but ERR_EXISTS when there is a file already. */
MUST_USE err_t file_create (const char *path, mode_t mode, struct bytes content);

/* Gives a file that lies in `folder` or below it the name `path` in that folder, durably; when that
 * can't be made sure, it lies where it was.  ERR_EXISTS, ERR_FILE, ERR_IO. */
MUST_USE err_t file_put_in_place (const char *from, const char *path, const char *folder);

/* A path for an error text, as quoted() of jembatan/problem.h gives it; of a long one the end, where
 * the file's name is. */
const char *file_quoted (const char *path);

#endif
