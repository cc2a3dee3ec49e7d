/*
 * The few things that every file here needs: must-use results, scoped ownership, borrowed byte
 * strings and a bounded arena.
 *
 * Pointers are borrowed unless a sentence says "takes" or "the caller owns".  Out-parameters are
 * called ret_x and stay untouched on failure.
 */
#ifndef JEMBATAN_BASE_H
#define JEMBATAN_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "jembatan/error.h"

/* Scoped ownership: `OWNED (arena) a = arena_new (n);` is destroyed on every path.  Works for
 * czmq's types too, whose destructors have the same shape. */
#define OWNED(T) __attribute__ ((cleanup (T##_destroy))) T##_t *

#define COUNT_OF(array) (sizeof (array) / sizeof ((array)[0]))

/* A borrowed byte string.  An empty one has len 0 and any data. */
struct bytes {
	const uint8_t *data;
	size_t len;
};

#define BYTES_NONE ((struct bytes){ NULL, 0 })
#define BYTES_OF(array) ((struct bytes){ (array), sizeof (array) })

bool bytes_equal (struct bytes a, struct bytes b);

/* The bytes of a C string, without its end. */
struct bytes bytes_of_text (const char *text);

/*
 * An arena hands out zeroed memory up to a ceiling and frees all of it at once.  Whatever is
 * decoded from a peer's bytes lives in one, so a peer can't make us allocate more than its ceiling.
 */
typedef struct arena arena_t;

/* The caller owns the arena.  Memory is taken in blocks as needed, never beyond ceiling_bytes. */
arena_t *arena_new (size_t ceiling_bytes);
void arena_destroy (arena_t **arena);

/* Forgets everything handed out and keeps the first block for the next use. */
void arena_reset (arena_t *arena);

/* Zeroed memory aligned for any type, or NULL when the ceiling would be passed. */
void *arena_alloc (arena_t *arena, size_t size);

/* As arena_alloc, but passing the ceiling aborts: for sizes checked against limits.h before. */
void *arena_must (arena_t *arena, size_t size);

/* Copies into the arena; NULL beyond the ceiling. */
char *arena_text (arena_t *arena, const char *text);
struct bytes arena_bytes (arena_t *arena, struct bytes from);
char *arena_printf (arena_t *arena, const char *format, ...)
	__attribute__ ((format (printf, 2, 3)));

/* malloc family that aborts when memory is out. */
void *must_alloc (size_t size);
void *must_realloc (void *old, size_t size);
char *must_text (const char *text);

/*
 * A growing buffer born with a ceiling.
 */
typedef struct buffer buffer_t;

buffer_t *buffer_new (size_t ceiling_bytes);
void buffer_destroy (buffer_t **buffer);
void buffer_reset (buffer_t *buffer);

/* ERR_TOO_LARGE beyond the ceiling; what was there stays. */
MUST_USE err_t buffer_add (buffer_t *buffer, struct bytes more);

/* Room for `size` more bytes, to be filled by the caller; NULL beyond the ceiling. */
uint8_t *buffer_room (buffer_t *buffer, size_t size);

/* What the buffer holds; borrowed until the next change. */
struct bytes buffer_bytes (const buffer_t *buffer);

#endif
