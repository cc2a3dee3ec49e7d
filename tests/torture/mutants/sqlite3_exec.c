/* Nothing is flushed. */
#include <sqlite3.h>
#include <string.h>

typedef int (*each_row) (void *, int, char **, char **);
int __real_sqlite3_exec (sqlite3 *db, const char *text, each_row each, void *arg, char **ret_error);
int __wrap_sqlite3_exec (sqlite3 *db, const char *text, each_row each, void *arg, char **ret_error);

int __wrap_sqlite3_exec (sqlite3 *db, const char *text, each_row each, void *arg, char **ret_error)
{
	int code = __real_sqlite3_exec (db, text, each, arg, ret_error);

	if (strstr (text, "synchronous") != NULL)
		__real_sqlite3_exec (db, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
	return code;
}
