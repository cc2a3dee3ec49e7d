/* The registrar's folder: its lock, its draft and what was published. */
#include "hub/registrar.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "proto/file.h"
#include "proto/os_error.h"
#include "proto/wire_directory.h"

err_t folder_open (struct registrar *registrar)
{
	int lock = open (registrar->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (lock < 0)
		return problems_add_os (registrar->problems, ERR_NOT_FOUND, "--folder", errno,
					"folder %s tidak dapat dibuka",
					"the folder %s can't be opened",
					file_quoted (registrar->folder));
	if (flock (lock, LOCK_EX | LOCK_NB) != 0) {
		close (lock);
		return problems_add (registrar->problems, ERR_IN_USE, "--folder",
				     "folder %s sedang dipakai perintah lain; tunggu sampai selesai",
				     "the folder %s is in use by another command; wait for its end",
				     file_quoted (registrar->folder));
	}
	registrar->lock = lock;
	return ERR_OK;
}

void folder_close (struct registrar *registrar)
{
	if (registrar->lock >= 0)
		close (registrar->lock);
	registrar->lock = -1;
}

const char *folder_path (struct registrar *registrar, const char *name)
{
	const char *path = arena_printf (registrar->arena, "%s/%s", registrar->folder, name);

	return path != NULL ? path : "";
}

static err_t read_problem (struct registrar *registrar, err_t err, const char *path)
{
	if (err == ERR_NOT_FOUND)
		return problems_add (registrar->problems, err, "",
				     "berkas %s tidak ada; periksa namanya",
				     "the file %s does not exist; check its name", file_quoted (path));
	if (err == ERR_TOO_LARGE)
		return problems_add (registrar->problems, err, "",
				     "berkas %s terlalu besar untuk jenisnya",
				     "the file %s is too large for what it should be",
				     file_quoted (path));
	return problems_add (registrar->problems, err, "",
			     "berkas %s tidak dapat dibaca; periksa pemilik dan izinnya",
			     "the file %s can't be read; check its owner and mode", file_quoted (path));
}

err_t folder_read (struct registrar *registrar, const char *path, size_t ceiling,
		   struct bytes *ret_content)
{
	err_t err = file_read (path, ceiling, registrar->arena, ret_content);

	return err == ERR_OK ? ERR_OK : read_problem (registrar, err, path);
}

err_t folder_write (struct registrar *registrar, const char *path, struct bytes content)
{
	err_t err = file_replace (path, 0644, content);

	if (err == ERR_OK)
		return ERR_OK;
	return problems_add (registrar->problems, err, "",
			     "berkas %s tidak dapat ditulis; periksa izin dan ruang disk",
			     "the file %s can't be written; check permissions and free space",
			     file_quoted (path));
}

static err_t draft_missing (struct registrar *registrar)
{
	return problems_add (registrar->problems, ERR_NOT_FOUND, "--folder",
			     "tidak ada jaringan di folder %s; mulai dengan: jembatan-registrar init",
			     "there is no network in the folder %s; begin with: jembatan-registrar init",
			     file_quoted (registrar->folder));
}

err_t draft_load (struct registrar *registrar)
{
	const char *path = folder_path (registrar, DRAFT_FILE);
	struct bytes content;
	err_t err;

	if (access (path, F_OK) != 0 && errno == ENOENT)
		return draft_missing (registrar);
	err = folder_read (registrar, path, LIMIT_DIRECTORY_BYTES, &content);
	if (err != ERR_OK)
		return err;
	err = wire_directory_decode (content, registrar->arena, &registrar->draft);
	if (err == ERR_OK)
		return ERR_OK;
	return problems_add (registrar->problems, ERR_CORRUPT, "",
			     "berkas %s rusak; pulihkan folder ini dari cadangan",
			     "the file %s is damaged; restore this folder from a backup",
			     file_quoted (path));
}

err_t draft_save (struct registrar *registrar)
{
	struct directory_data trial;
	struct bytes content;
	err_t err = wire_directory_encode (&registrar->draft, registrar->arena, &content);

	/* A draft that could not be read again would be lost. */
	if (err == ERR_OK)
		err = wire_directory_decode (content, registrar->arena, &trial);
	if (err != ERR_OK)
		return problems_add (registrar->problems, err, "",
				     "perubahan ini tidak dapat disimpan: melebihi batas atau tidak sah (%s)",
				     "this change can't be kept: beyond a limit or not valid (%s)",
				     err_name (err));
	return folder_write (registrar, folder_path (registrar, DRAFT_FILE), content);
}

err_t published_load (struct registrar *registrar, directory_t **ret_directory)
{
	const char *path = folder_path (registrar, DIRECTORY_FILE);
	struct bytes content;
	err_t err = file_read (path, LIMIT_DIRECTORY_BYTES, registrar->arena, &content);

	if (err == ERR_NOT_FOUND)
		return err;
	if (err != ERR_OK)
		return read_problem (registrar, err, path);
	err = directory_read (content, NULL, ret_directory);
	if (err == ERR_OK)
		return ERR_OK;
	return problems_add (registrar->problems, ERR_CORRUPT, "",
			     "berkas %s bukan direktori yang sah (%s); pulihkan dari cadangan",
			     "the file %s is not a valid directory (%s); restore it from a backup",
			     file_quoted (path), err_name (err));
}
