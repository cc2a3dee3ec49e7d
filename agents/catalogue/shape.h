/*
 * Reading JSON objects into structs by table.  A shape says which keys an object may have, which of
 * them must be there, and which reader puts each into the struct.  Unknown keys, missing ones and
 * wrong values are all reported, with file, path and value.
 */
#ifndef AGENTS_CATALOGUE_SHAPE_H
#define AGENTS_CATALOGUE_SHAPE_H

#include "agents/json.h"

struct reading {
	arena_t *arena;              /* what is read lives here */
	problems_t *problems;
	const char *file;            /* "referral.json" */
	char path[200];              /* "kinds[3].fields[0].type" */
	const void *context;         /* for readers that look something up */
};

struct key;
typedef void read_fn (struct reading *reading, const json_t *value, const struct key *key,
		      void *base);

struct shape {
	size_t size;                 /* of the struct */
	const struct key *keys;
	size_t key_count;
};

struct key {
	const char *name;
	bool required;
	read_fn *read;
	size_t offset;               /* of the member */
	size_t count_offset;         /* of its count, for lists */
	const struct shape *shape;   /* of an object, or of a list's elements */
};

/* clang-format off */
#define KEY(key_name, is_required, reader, type, member) \
	{ .name = key_name, .required = is_required, .read = reader, .offset = offsetof (type, member) }
#define KEY_PART(key_name, is_required, type, member, its_shape) \
	{ .name = key_name, .required = is_required, .read = read_part, \
	  .offset = offsetof (type, member), .shape = its_shape }
#define KEY_TOKENS(key_name, is_required, type, items, count) \
	{ .name = key_name, .required = is_required, .read = read_tokens, \
	  .offset = offsetof (type, items), .count_offset = offsetof (type, count) }
#define KEY_TEXTS(key_name, is_required, type, items, count) \
	{ .name = key_name, .required = is_required, .read = read_texts, \
	  .offset = offsetof (type, items), .count_offset = offsetof (type, count) }
#define KEY_DAYS(key_name, is_required, type, items, count) \
	{ .name = key_name, .required = is_required, .read = read_days, \
	  .offset = offsetof (type, items), .count_offset = offsetof (type, count) }
#define KEY_LIST(key_name, is_required, type, items, count, its_shape) \
	{ .name = key_name, .required = is_required, .read = read_list, \
	  .offset = offsetof (type, items), .count_offset = offsetof (type, count), .shape = its_shape }
/* clang-format on */

/* Reads an object into the struct at `base`. */
void shape_read (struct reading *reading, const json_t *object, const struct shape *shape,
		 void *base);

/* Reports what is wrong with the value at the present path; false, so that a check can return it. */
bool reading_refuse (struct reading *reading, const json_t *value, const char *wanted_id,
		     const char *wanted_en);

/* Goes down to a member or an element and back. */
size_t reading_enter (struct reading *reading, const char *name);
size_t reading_enter_at (struct reading *reading, size_t i);
void reading_leave (struct reading *reading, size_t before);

/* ---- readers ---- */

read_fn read_text;      /* const char *: a line of 1..LIMIT_NAME_BYTES bytes */
read_fn read_token;     /* const char *: [a-z0-9.-] up to LIMIT_ID_TEXT; codes also A-Z and _ */
read_fn read_flag;      /* bool */
read_fn read_number;    /* int64_t */
read_fn read_size;      /* size_t, 0 .. LIMIT_TEXT_BYTES */
read_fn read_small;     /* uint32_t, 0 .. 100000 */
read_fn read_tokens;    /* const char *const *, with a count */
read_fn read_texts;     /* the same, of lines of text */
read_fn read_days;      /* const int32_t *, with a count: -100000 .. 100000 */
read_fn read_part;      /* an object that fills members of the same struct, at the offset */
read_fn read_list;      /* an array of objects: a pointer and a count */

#endif
