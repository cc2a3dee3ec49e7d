/*
 * The one door to SQLite.  A statement is prepared once and kept under its text, which is a
 * constant of the program; values are bound in order; columns are read in order.
 *
 * The first failure is kept and every later statement does nothing, so that a use-case of many
 * statements asks once at its end.  What the disk or the file did wrong (the STOP lane) stays for
 * the life of the connection; anything else until sql_forgive.
 */
#ifndef AGENTS_LEDGER_SQL_H
#define AGENTS_LEDGER_SQL_H

#include "jembatan/ids.h"

typedef struct sql sql_t;
typedef struct query query_t;

/* Opens for this process alone.  ERR_NOT_FOUND unless it exists or `create`; ERR_IN_USE, ERR_IO,
 * ERR_CORRUPT for what is no database. */
MUST_USE err_t sql_open (const char *path, bool create, sql_t **ret_sql);
void sql_destroy (sql_t **sql);

err_t sql_err (const sql_t *sql);
/* The first failure of the STOP lane, which stays. */
err_t sql_stopped (const sql_t *sql);
void sql_fail (sql_t *sql, err_t err);
/* Forgets a failure that is not the disk's. */
void sql_forgive (sql_t *sql);
/* Rolls back whatever is open, even after a failure. */
void sql_rollback (sql_t *sql);
/* Moves the log into the database and cuts it to nothing. */
void sql_checkpoint (sql_t *sql);

/*
 * A copy of the database while it is in use.  Holding moves the log into the database file and lets
 * nothing more into it, so that the file stays as it was committed last; what is committed meanwhile
 * lies in the log, which grows.  Held until sql_let_go, which also makes up for a sql_checkpoint that
 * was asked for in between.  Never inside a transaction.
 */
MUST_USE err_t sql_hold (sql_t *sql, uint64_t *ret_bytes);
MUST_USE err_t sql_read_held (sql_t *sql, uint64_t offset, uint8_t *data, size_t len);
void sql_let_go (sql_t *sql);
/* "PRAGMA integrity_check"; ERR_CORRUPT. */
MUST_USE err_t sql_check_whole (sql_t *sql);

/* Several statements that give no rows: a migration, a pragma. */
void sql_script (sql_t *sql, const char *script);

enum value_type { VALUE_NULL, VALUE_INT, VALUE_TEXT, VALUE_BLOB };

/* A borrowed value: it must live until the statement has ended. */
struct value {
	enum value_type type;
	int64_t number;
	struct bytes bytes;
};

struct value value_int (int64_t number);
struct value value_text (const char *text);
struct value value_blob (struct bytes bytes);
/* A none id is kept as an empty string of bytes, so that unique keys hold. */
struct value value_id (struct bytes id);

#define INT(v) value_int ((int64_t)(v))
#define TEXT(t) value_text (t)
#define BLOB(b) value_blob (b)
#define ID(id) value_id (ID_BYTES (id))
#define AGENCY(a) value_text ((a).text)
#define NONE ((struct value){ .type = VALUE_NULL })

#define SQL_VALUES(...)                                                          \
	(struct value[]){ { .type = VALUE_NULL }, ##__VA_ARGS__ } + 1,           \
		COUNT_OF (((struct value[]){ { .type = VALUE_NULL }, ##__VA_ARGS__ })) - 1

/* Runs to the end; how many rows it changed, 0 after a failure. */
uint64_t sql_run (sql_t *sql, const char *text, const struct value *values, size_t count);
#define RUN(sql, text, ...) sql_run ((sql), (text), SQL_VALUES (__VA_ARGS__))

/* Starts a query; to be stepped to its end or ended with sql_end. */
query_t *sql_query (sql_t *sql, const char *text, const struct value *values, size_t count);
#define QUERY(sql, text, ...) sql_query ((sql), (text), SQL_VALUES (__VA_ARGS__))

/* True with the next row at its first column; false at the end or after a failure. */
bool sql_next (query_t *query);
void sql_end (query_t *query);

/* The next column.  Texts and bytes are copied into the arena; when that is full they come empty
 * and the row is called starved. */
int64_t sql_int (query_t *query);
const char *sql_text (query_t *query, arena_t *arena);
struct bytes sql_blob (query_t *query, arena_t *arena);
/* Texts or bytes as SQLite has them: borrowed until the next step, and never starved. */
struct bytes sql_view (query_t *query);
void sql_id (query_t *query, uint8_t *ret, size_t len);
#define SQL_ID(query, id) sql_id ((query), (id)->b, sizeof (id)->b)
void sql_word (query_t *query, char *ret, size_t size);
#define SQL_WORD(query, word) sql_word ((query), (word), sizeof (word))
#define SQL_AGENCY(query, agency) SQL_WORD (query, (agency)->text)
bool sql_starved (const query_t *query);
void sql_starve (query_t *query);

/* How many rows were changed since it was opened. */
uint64_t sql_changes (const sql_t *sql);

/* The one number that a query gives, or `otherwise`. */
int64_t sql_number (sql_t *sql, const char *text, const struct value *values, size_t count,
		    int64_t otherwise);
#define NUMBER(sql, otherwise, text, ...) \
	sql_number ((sql), (text), SQL_VALUES (__VA_ARGS__), (otherwise))

/* A list that grows in an arena while a query is stepped. */
struct list {
	arena_t *arena;
	size_t size;      /* of one */
	size_t count, room;
	uint8_t *items;
};
#define LIST(arena_, type) ((struct list){ .arena = (arena_), .size = sizeof (type) })
/* Zeroed room for one more, not yet counted; NULL when the arena is full. */
void *list_room (struct list *list);

/*
 * Fills a list from a query, at most `max`: `read` gets one row at a time.  Ends early when the
 * arena is full; what fits is given.
 */
typedef void (read_row_fn) (query_t *query, arena_t *arena, void *ret_row, void *arg);
size_t sql_list (query_t *query, struct list *list, size_t max, read_row_fn *read, void *arg);

#endif
