/*
 * How far a store had come, kept in a small file beside its database: the store's id and the number of
 * its last commit.  SQLite takes a log with a flipped bit for one that a power cut ended there, and a
 * log that is not there for an empty one; what was committed behind is gone without a word.  So each
 * commit numbers itself, the number is noted here once the commit is durable, and a database that
 * opens with a lower one has lost what was acknowledged.
 *
 * A note is never flushed by itself.  After a power cut it may be some seconds old, which is sound: it
 * only ever says less than the database.  A note that can't be read, written or found says nothing.
 */
#ifndef PROTO_HIGHWATER_H
#define PROTO_HIGHWATER_H

#include "jembatan/ids.h"

typedef struct highwater highwater_t;

/* Opens or makes the file. */
highwater_t *highwater_open (const char *path);
void highwater_close (highwater_t **highwater);

/* Whether this very store had come further than `commits`. */
bool highwater_is_above (const highwater_t *highwater, const struct store_id *store,
			 uint64_t commits);

/* After a commit that is durable. */
void highwater_note (highwater_t *highwater, const struct store_id *store, uint64_t commits);

#endif
