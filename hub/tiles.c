#include "hub/tiles.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define TILE_WIDTH 256u                  /* 2 ^ MERKLE_STEP */
#define TILE_COUNT 16u                   /* 256 KiB: the levels above, and a few at the bottom */

_Static_assert (TILE_WIDTH == 1u << MERKLE_STEP, "a tile ends where the next level that is kept begins");

/* node[] holds one row of nodes after another, from the bottom: TILE_WIDTH, half of it, ... 2. */
struct tile {
	unsigned level;
	uint64_t index;
	size_t width;                    /* nodes at the bottom; 0 = the tile is free */
	uint64_t used;                   /* the highest was asked for last */
	struct hash node[2 * TILE_WIDTH - 2];
};

struct tiles {
	store_t *store;
	uint64_t size;                   /* of the tree that is asked about */
	uint64_t rows, clock;
	struct tile tile[TILE_COUNT];
};

tiles_t *tiles_new (store_t *store)
{
	tiles_t *tiles = must_alloc (sizeof *tiles);

	memset (tiles, 0, sizeof *tiles);
	tiles->store = store;
	return tiles;
}

void tiles_destroy (tiles_t **tiles)
{
	free (*tiles);
	*tiles = NULL;
}

void tiles_forget (tiles_t *tiles)
{
	for (size_t i = 0; i < TILE_COUNT; i++)
		tiles->tile[i].width = 0;
}

uint64_t tiles_rows (const tiles_t *tiles)
{
	return tiles->rows;
}

/* Where a row of a tile begins. */
static size_t row_start (unsigned row)
{
	return 2 * (TILE_WIDTH - (TILE_WIDTH >> row));
}

static void build (struct tile *tile)
{
	for (unsigned row = 1; row < MERKLE_STEP; row++) {
		struct hash *below = &tile->node[row_start (row - 1)];
		struct hash *here = &tile->node[row_start (row)];

		for (size_t i = 0; i < tile->width >> row; i++)
			here[i] = merkle_node (&below[2 * i], &below[2 * i + 1]);
	}
}

static err_t load (tiles_t *tiles, struct tile *tile, unsigned level, uint64_t index, size_t width)
{
	err_t err = store_nodes (tiles->store, level, index * TILE_WIDTH, width, tile->node);

	tiles->rows += width;
	tile->width = 0;
	if (err != ERR_OK)
		return err;
	tile->level = level;
	tile->index = index;
	tile->width = width;
	build (tile);
	return ERR_OK;
}

/* The tile when it is here, or else the one that nobody asked for longest. */
static struct tile *find (tiles_t *tiles, unsigned level, uint64_t index)
{
	struct tile *oldest = &tiles->tile[0];

	for (size_t i = 0; i < TILE_COUNT; i++) {
		struct tile *tile = &tiles->tile[i];

		if (tile->width > 0 && tile->level == level && tile->index == index)
			return tile;
		if (tile->width == 0 || (oldest->width > 0 && tile->used < oldest->used))
			oldest = tile;
	}
	return oldest;
}

/* A tile of the right edge grows: one that is too narrow is read again. */
static err_t get (tiles_t *tiles, unsigned level, uint64_t index, struct tile **ret_tile)
{
	uint64_t left = (tiles->size >> level) - index * TILE_WIDTH;
	size_t width = left < TILE_WIDTH ? (size_t)left : TILE_WIDTH;
	struct tile *tile = find (tiles, level, index);
	bool here = tile->width >= width && tile->level == level && tile->index == index;
	err_t err = here ? ERR_OK : load (tiles, tile, level, index, width);

	tile->used = ++tiles->clock;
	*ret_tile = tile;
	return err;
}

static err_t node (void *context, unsigned level, uint64_t position, struct hash *ret_node)
{
	tiles_t *tiles = context;
	unsigned row = level % MERKLE_STEP;
	size_t per_tile = TILE_WIDTH >> row;
	struct tile *tile;
	err_t err = get (tiles, level - row, position / per_tile, &tile);

	if (err == ERR_OK)
		*ret_node = tile->node[row_start (row) + position % per_tile];
	return err;
}

err_t tiles_inclusion (tiles_t *tiles, uint64_t index, uint64_t size, struct merkle_path *ret_path)
{
	tiles->size = size;
	return merkle_inclusion (node, tiles, index, size, ret_path);
}

err_t tiles_consistency (tiles_t *tiles, uint64_t from_size, uint64_t size,
			 struct merkle_path *ret_path)
{
	tiles->size = size;
	return merkle_consistency (node, tiles, from_size, size, ret_path);
}
