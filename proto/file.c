/*
 * Whole small files; see proto/file.h.
 */
#include "proto/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jembatan/problem.h"

#define QUOTED_MOST 56   /* quoted() cuts at sixty */

static err_t read_all (int fd, uint8_t *data, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = read (fd, data + done, len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return ERR_FILE;
		done += (size_t)n;
	}
	return ERR_OK;
}

static err_t write_all (int fd, struct bytes content)
{
	size_t done = 0;

	while (done < content.len) {
		ssize_t n = write (fd, content.data + done, content.len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return ERR_FILE;
		done += (size_t)n;
	}
	return ERR_OK;
}

static err_t read_open (int fd, size_t ceiling, arena_t *arena, struct bytes *ret_content)
{
	struct stat about;
	uint8_t *data;
	err_t err;

	if (fstat (fd, &about) != 0 || !S_ISREG (about.st_mode))
		return ERR_FILE;
	if ((uint64_t)about.st_size > ceiling)
		return ERR_TOO_LARGE;
	data = arena_alloc (arena, (size_t)about.st_size + 1);
	if (data == NULL)
		return ERR_TOO_LARGE;
	err = read_all (fd, data, (size_t)about.st_size);
	if (err == ERR_OK)
		*ret_content = (struct bytes){ data, (size_t)about.st_size };
	return err;
}

err_t file_read (const char *path, size_t ceiling, arena_t *arena, struct bytes *ret_content)
{
	int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	err_t err;

	if (fd < 0)
		return errno == ENOENT ? ERR_NOT_FOUND : ERR_FILE;
	err = read_open (fd, ceiling, arena, ret_content);
	close (fd);
	return err;
}

/* A rename is durable only when its folder is. */
static err_t flush_folder (const char *path)
{
	char copy[PATH_MAX];
	int fd;
	err_t err;

	snprintf (copy, sizeof copy, "%s", path);
	fd = open (dirname (copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return ERR_FILE;
	err = fsync (fd) == 0 ? ERR_OK : ERR_IO;
	close (fd);
	return err;
}

static err_t write_new (const char *path, mode_t mode, struct bytes content)
{
	int fd;
	err_t err;

	/* What an interrupted run left behind is worth nothing. */
	unlink (path);
	fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	if (fd < 0)
		return ERR_FILE;
	err = write_all (fd, content);
	if (err == ERR_OK && fsync (fd) != 0)
		err = ERR_IO;
	if (close (fd) != 0 && err == ERR_OK)
		err = ERR_IO;
	if (err != ERR_OK)
		unlink (path);
	return err;
}

static err_t rename_new (const char *fresh, const char *path, unsigned flags)
{
	err_t err = ERR_OK;

	if (renameat2 (AT_FDCWD, fresh, AT_FDCWD, path, flags) != 0)
		err = errno == EEXIST ? ERR_EXISTS : ERR_FILE;
	if (err != ERR_OK)
		unlink (fresh);
	return err;
}

static err_t put_in_place (const char *path, mode_t mode, struct bytes content, unsigned flags)
{
	char fresh[PATH_MAX];
	err_t err;

	if ((size_t)snprintf (fresh, sizeof fresh, "%s.new", path) >= sizeof fresh)
		return ERR_FILE;
	err = write_new (fresh, mode, content);
	if (err == ERR_OK)
		err = rename_new (fresh, path, flags);
	return err == ERR_OK ? flush_folder (path) : err;
}

err_t file_replace (const char *path, mode_t mode, struct bytes content)
{
	return put_in_place (path, mode, content, 0);
}

err_t file_create (const char *path, mode_t mode, struct bytes content)
{
	return put_in_place (path, mode, content, RENAME_NOREPLACE);
}

err_t file_put_in_place (const char *from, const char *path, const char *folder)
{
	int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	err_t err = ERR_OK;

	if (fd < 0)
		return ERR_FILE;
	if (renameat2 (AT_FDCWD, from, AT_FDCWD, path, RENAME_NOREPLACE) != 0)
		err = errno == EEXIST ? ERR_EXISTS : ERR_FILE;
	else if (fsync (fd) != 0)
		err = ERR_IO;
	/* Whoever hears of the failure finds nothing in place and may begin again. */
	if (err == ERR_IO)
		renameat2 (AT_FDCWD, path, AT_FDCWD, from, RENAME_NOREPLACE);
	close (fd);
	return err;
}

const char *file_quoted (const char *path)
{
	size_t len = strlen (path);

	return quoted (len > QUOTED_MOST ? path + len - QUOTED_MOST : path);
}
