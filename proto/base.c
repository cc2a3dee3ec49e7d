/*
 * Arena, buffer and the allocations that may not fail.
 *
 * An arena is a list of blocks, newest first; the oldest stays over a reset.  Memory is zeroed when
 * it is handed out, so a reset costs nothing.
 */
#include "jembatan/base.h"
#include "jembatan/limits.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_ALIGN 16u
#define ARENA_FIRST_BLOCK (16u * KIB)
#define ARENA_LARGEST_BLOCK (1u * MIB)

struct block {
	struct block *older;
	size_t size, used;
	_Alignas (ARENA_ALIGN) uint8_t data[];
};

struct arena {
	struct block *newest;
	size_t ceiling;
	size_t taken;      /* the sizes of all blocks; never above ceiling */
};

struct buffer {
	uint8_t *data;
	size_t len, room, ceiling;
};

/* ---- bytes ------------------------------------------------------------------------------------ */

bool bytes_equal (struct bytes a, struct bytes b)
{
	return a.len == b.len && (a.len == 0 || memcmp (a.data, b.data, a.len) == 0);
}

struct bytes bytes_of_text (const char *text)
{
	return (struct bytes){ (const uint8_t *)text, strlen (text) };
}

/* ---- memory that may not run out -------------------------------------------------------------- */

static void die_out_of_memory (void)
{
	fputs ("out of memory\n", stderr);
	abort ();
}

void *must_alloc (size_t size)
{
	void *memory = calloc (1, size > 0 ? size : 1);

	if (memory == NULL)
		die_out_of_memory ();
	return memory;
}

void *must_realloc (void *old, size_t size)
{
	void *memory = realloc (old, size > 0 ? size : 1);

	if (memory == NULL)
		die_out_of_memory ();
	return memory;
}

char *must_text (const char *text)
{
	size_t size = strlen (text) + 1;

	return memcpy (must_alloc (size), text, size);
}

/* ---- arena ------------------------------------------------------------------------------------ */

arena_t *arena_new (size_t ceiling_bytes)
{
	arena_t *arena = must_alloc (sizeof *arena);

	arena->ceiling = ceiling_bytes;
	return arena;
}

static void free_blocks_until (arena_t *arena, struct block *last)
{
	while (arena->newest != last) {
		struct block *block = arena->newest;

		arena->newest = block->older;
		arena->taken -= block->size;
		free (block);
	}
}

void arena_destroy (arena_t **arena)
{
	if (*arena == NULL)
		return;
	free_blocks_until (*arena, NULL);
	free (*arena);
	*arena = NULL;
}

void arena_reset (arena_t *arena)
{
	struct block *first = arena->newest;

	while (first != NULL && first->older != NULL)
		first = first->older;
	free_blocks_until (arena, first);
	if (first != NULL)
		first->used = 0;
}

static size_t next_block_size (const arena_t *arena, size_t size)
{
	size_t left = arena->ceiling - arena->taken;
	size_t wanted = arena->newest != NULL ? 2 * arena->newest->size : ARENA_FIRST_BLOCK;

	if (wanted > ARENA_LARGEST_BLOCK)
		wanted = ARENA_LARGEST_BLOCK;
	if (wanted < size)
		wanted = size;
	return wanted < left ? wanted : left;
}

static bool add_block (arena_t *arena, size_t size)
{
	struct block *block;
	size_t block_size;

	if (size > arena->ceiling - arena->taken)
		return false;
	block_size = next_block_size (arena, size);
	block = malloc (sizeof *block + block_size);
	if (block == NULL)
		die_out_of_memory ();
	*block = (struct block){ .older = arena->newest, .size = block_size };
	arena->newest = block;
	arena->taken += block_size;
	return true;
}

static size_t aligned (size_t used)
{
	return (used + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
}

/* Memory as it comes, for those who fill all of it themselves. */
static uint8_t *arena_raw (arena_t *arena, size_t size)
{
	struct block *block = arena->newest;
	size_t start = block != NULL ? aligned (block->used) : 0;

	if (block == NULL || start > block->size || size > block->size - start) {
		if (!add_block (arena, size))
			return NULL;
		block = arena->newest;
		start = 0;
	}
	block->used = start + size;
	return block->data + start;
}

void *arena_alloc (arena_t *arena, size_t size)
{
	uint8_t *memory = arena_raw (arena, size);

	return memory != NULL ? memset (memory, 0, size) : NULL;
}

void *arena_must (arena_t *arena, size_t size)
{
	void *memory = arena_alloc (arena, size);

	if (memory == NULL) {
		fprintf (stderr, "arena of %zu bytes can't give %zu\n", arena->ceiling, size);
		abort ();
	}
	return memory;
}

struct bytes arena_bytes (arena_t *arena, struct bytes from)
{
	uint8_t *copy = arena_raw (arena, from.len);

	if (copy == NULL)
		return BYTES_NONE;
	if (from.len > 0)
		memcpy (copy, from.data, from.len);
	return (struct bytes){ copy, from.len };
}

char *arena_text (arena_t *arena, const char *text)
{
	size_t size = strlen (text) + 1;

	return (char *)arena_bytes (arena, (struct bytes){ (const uint8_t *)text, size }).data;
}

char *arena_printf (arena_t *arena, const char *format, ...)
{
	va_list args;
	int len;
	char *text;

	va_start (args, format);
	len = vsnprintf (NULL, 0, format, args);
	va_end (args);
	if (len < 0)
		return NULL;
	text = arena_alloc (arena, (size_t)len + 1);
	if (text == NULL)
		return NULL;
	va_start (args, format);
	vsnprintf (text, (size_t)len + 1, format, args);
	va_end (args);
	return text;
}

/* ---- buffer ----------------------------------------------------------------------------------- */

buffer_t *buffer_new (size_t ceiling_bytes)
{
	buffer_t *buffer = must_alloc (sizeof *buffer);

	buffer->ceiling = ceiling_bytes;
	return buffer;
}

void buffer_destroy (buffer_t **buffer)
{
	if (*buffer == NULL)
		return;
	free ((*buffer)->data);
	free (*buffer);
	*buffer = NULL;
}

void buffer_reset (buffer_t *buffer)
{
	buffer->len = 0;
}

static void grow (buffer_t *buffer, size_t needed)
{
	size_t room = buffer->room > 0 ? buffer->room : 256;

	while (room < needed)
		room *= 2;
	if (room > buffer->ceiling)
		room = buffer->ceiling;
	buffer->data = must_realloc (buffer->data, room);
	buffer->room = room;
}

uint8_t *buffer_room (buffer_t *buffer, size_t size)
{
	uint8_t *start;

	if (size > buffer->ceiling - buffer->len)
		return NULL;
	if (buffer->data == NULL || buffer->len + size > buffer->room)
		grow (buffer, buffer->len + size);
	start = buffer->data + buffer->len;
	buffer->len += size;
	return start;
}

err_t buffer_add (buffer_t *buffer, struct bytes more)
{
	uint8_t *start = buffer_room (buffer, more.len);

	if (start == NULL)
		return ERR_TOO_LARGE;
	if (more.len > 0)
		memcpy (start, more.data, more.len);
	return ERR_OK;
}

struct bytes buffer_bytes (const buffer_t *buffer)
{
	return (struct bytes){ buffer->data, buffer->len };
}
