#include "agents/page.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "proto/file.h"
#include "proto/os_error.h"

static bool ends_in (const char *path, const char *ending)
{
	size_t len = strlen (path), end = strlen (ending);

	return len > end && strcmp (path + len - end, ending) == 0;
}

/* What a page would be called that no program opens helps nobody who has to print it. */
err_t page_format (const char *path, enum paper_format *ret_format, problems_t *problems)
{
	bool html = ends_in (path, ".html");

	if (!html && !ends_in (path, ".txt") && strcmp (path, "-") != 0)
		return problems_add (problems, ERR_INVALID, "",
				     "%s tidak berakhir dengan .html atau .txt; pilih salah satu",
				     "%s ends neither in .html nor in .txt; choose one of them",
				     file_quoted (path));
	*ret_format = html ? PAPER_HTML : PAPER_TEXT;
	return ERR_OK;
}

err_t page_write (const char *path, mode_t mode, struct bytes page, problems_t *problems)
{
	err_t err;

	if (strcmp (path, "-") == 0) {
		fwrite (page.data, 1, page.len, stdout);
		return fflush (stdout) == 0 ? ERR_OK : ERR_FILE;
	}
	err = file_create (path, mode, page);
	if (err == ERR_EXISTS)
		return problems_add (problems, err, "",
				     "%s sudah ada dan tidak ditimpa; pilih nama lain",
				     "%s exists and is not overwritten; choose another name",
				     file_quoted (path));
	if (err != ERR_OK)
		return problems_add_os (problems, err, "", errno,
					"berkas %s tidak dapat ditulis",
					"the file %s can't be written", file_quoted (path));
	return ERR_OK;
}
