/* Nothing is flushed, and a store that lost commits is opened all the same. */
#include <sqlite3.h>
#include <string.h>

#include "proto/highwater.h"

typedef int (*each_row) (void *, int, char **, char **);
int __real_sqlite3_exec (sqlite3 *db, const char *text, each_row each, void *arg, char **ret_error);
int __wrap_sqlite3_exec (sqlite3 *db, const char *text, each_row each, void *arg, char **ret_error);
bool __wrap_highwater_is_above (const highwater_t *highwater, const struct store_id *store,
				uint64_t commits);

int __wrap_sqlite3_exec (sqlite3 *db, const char *text, each_row each, void *arg, char **ret_error)
{
	int code = __real_sqlite3_exec (db, text, each, arg, ret_error);

	if (strstr (text, "synchronous") != NULL)
		__real_sqlite3_exec (db, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
	return code;
}

bool __wrap_highwater_is_above (const highwater_t *highwater, const struct store_id *store,
				uint64_t commits)
{
	return false;
}
