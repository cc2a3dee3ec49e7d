/*
 * The custody tree against a second implementation, written as RFC 6962 section 2.1 says it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "jembatan/merkle.h"

#define LEAVES 200

static struct hash leaves[LEAVES];

/* ---- RFC 6962, recursively -------------------------------------------------------------------- */

static struct hash rfc_node (struct hash left, struct hash right)
{
	uint8_t joined[65] = { 1 };
	struct hash hash;

	memcpy (joined + 1, left.b, 32);
	memcpy (joined + 33, right.b, 32);
	crypto_hash_sha256 (hash.b, joined, sizeof joined);
	return hash;
}

/* The largest power of two smaller than n. */
static size_t rfc_split (size_t n)
{
	size_t k = 1;

	while (2 * k < n)
		k *= 2;
	return k;
}

static struct hash rfc_root (const struct hash *from, size_t n)
{
	struct hash hash;
	size_t k;

	if (n == 0) {
		crypto_hash_sha256 (hash.b, (const uint8_t *)"", 0);
		return hash;
	}
	if (n == 1)
		return from[0];
	k = rfc_split (n);
	return rfc_node (rfc_root (from, k), rfc_root (from + k, n - k));
}

struct path {
	struct hash node[64];
	size_t count;
};

/* PATH(m, D[n]) of section 2.1.1. */
static void rfc_path (size_t m, const struct hash *from, size_t n, struct path *path)
{
	size_t k;

	if (n <= 1)
		return;
	k = rfc_split (n);
	if (m < k) {
		rfc_path (m, from, k, path);
		path->node[path->count++] = rfc_root (from + k, n - k);
	} else {
		rfc_path (m - k, from + k, n - k, path);
		path->node[path->count++] = rfc_root (from, k);
	}
}

/* SUBPROOF(m, D[n], b) of section 2.1.2. */
static void rfc_subproof (size_t m, const struct hash *from, size_t n, bool whole,
			  struct path *path)
{
	size_t k;

	if (m == n) {
		if (!whole)
			path->node[path->count++] = rfc_root (from, n);
		return;
	}
	k = rfc_split (n);
	if (m <= k) {
		rfc_subproof (m, from, k, whole, path);
		path->node[path->count++] = rfc_root (from + k, n - k);
	} else {
		rfc_subproof (m - k, from + k, n - k, false, path);
		path->node[path->count++] = rfc_root (from, k);
	}
}

static int make_leaves (void **state)
{
	for (size_t i = 0; i < LEAVES; i++) {
		struct hash hH = { { (uint8_t)i, 1 } };

		leaves[i] = leaf_hash (LEAF_TAKEN, &hH, (int64_t)i);
	}
	return 0;
}

/* ---- the tree --------------------------------------------------------------------------------- */

static void a_leaf_is_hashed_as_the_protocol_says (void **state)
{
	uint8_t message[2 + 32 + 8] = { 0, LEAF_EXPIRED };
	struct hash hH, expected, made;

	memset (hH.b, 0xab, sizeof hH.b);
	memcpy (message + 2, hH.b, 32);
	message[2 + 32 + 6] = 0x12;
	message[2 + 32 + 7] = 0x34;
	crypto_hash_sha256 (expected.b, message, sizeof message);
	made = leaf_hash (LEAF_EXPIRED, &hH, 0x1234);
	assert_true (ID_EQUAL (made, expected));
}

static void the_root_of_every_size_is_the_rfcs (void **state)
{
	struct merkle_edge edge = { 0 };

	for (size_t n = 0; n <= LEAVES; n++) {
		struct hash root = merkle_root (&edge), expected = rfc_root (leaves, n);

		assert_true (ID_EQUAL (root, expected));
		if (n < LEAVES)
			merkle_append (&edge, &leaves[n]);
	}
}

static void the_empty_root_is_the_hash_of_nothing (void **state)
{
	struct merkle_edge edge = { 0 };
	struct hash root = merkle_root (&edge);
	char text[HEX32_TEXT];

	assert_string_equal (hex_text (BYTES_OF (root.b), text, sizeof text),
			     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void an_edge_survives_being_stored (void **state)
{
	OWNED (arena) arena = arena_new (MIB);
	struct merkle_edge edge = { 0 }, back;

	for (size_t n = 0; n < LEAVES; n++) {
		struct hash x, y;

		assert_int_equal (merkle_edge_decode (merkle_edge_encode (&edge, arena), &back),
				  ERR_OK);
		merkle_append (&edge, &leaves[n]);
		merkle_append (&back, &leaves[n]);
		x = merkle_root (&edge);
		y = merkle_root (&back);
		assert_true (ID_EQUAL (x, y));
	}
}

static void a_stored_edge_of_another_length_is_refused (void **state)
{
	OWNED (arena) arena = arena_new (MIB);
	struct merkle_edge edge = { 0 }, back;
	struct bytes stored;

	for (size_t n = 0; n < 7; n++)
		merkle_append (&edge, &leaves[n]);
	stored = merkle_edge_encode (&edge, arena);
	for (size_t len = 0; len < stored.len; len++)
		assert_int_equal (merkle_edge_decode ((struct bytes){ stored.data, len }, &back),
				  ERR_MALFORMED);
}

/* ---- proofs ----------------------------------------------------------------------------------- */

static void every_inclusion_proof_holds_and_none_with_a_change (void **state)
{
	for (size_t n = 1; n <= 40; n++)
		for (size_t m = 0; m < n; m++) {
			struct hash root = rfc_root (leaves, n), wrong = leaves[(m + 1) % LEAVES];
			struct path path = { .count = 0 };

			rfc_path (m, leaves, n, &path);
			assert_int_equal (merkle_verify_inclusion (m, n, &leaves[m], path.node,
								   path.count, &root),
					  ERR_OK);
			assert_int_equal (merkle_verify_inclusion (m, n, &wrong, path.node,
								   path.count, &root),
					  ERR_BAD_SIGNATURE);
			assert_int_equal (merkle_verify_inclusion (m, n, &leaves[m], path.node,
								   path.count + 1, &root),
					  ERR_BAD_SIGNATURE);
			if (path.count == 0)
				continue;
			assert_int_equal (merkle_verify_inclusion (m, n, &leaves[m], path.node,
								   path.count - 1, &root),
					  ERR_BAD_SIGNATURE);
			path.node[path.count / 2].b[31] ^= 1;
			assert_int_equal (merkle_verify_inclusion (m, n, &leaves[m], path.node,
								   path.count, &root),
					  ERR_BAD_SIGNATURE);
		}
}

static void an_index_outside_the_tree_is_refused (void **state)
{
	struct hash root = leaves[0];

	assert_int_equal (merkle_verify_inclusion (0, 0, &leaves[0], NULL, 0, &root),
			  ERR_BAD_SIGNATURE);
	assert_int_equal (merkle_verify_inclusion (1, 1, &leaves[0], NULL, 0, &root),
			  ERR_BAD_SIGNATURE);
	assert_int_equal (merkle_verify_inclusion (UINT64_MAX, 1, &leaves[0], NULL, 0, &root),
			  ERR_BAD_SIGNATURE);
	assert_int_equal (merkle_verify_inclusion (0, UINT64_MAX, &leaves[0], NULL, 0, &root),
			  ERR_BAD_SIGNATURE);
}

static void every_consistency_proof_holds_and_none_with_a_change (void **state)
{
	for (size_t n = 1; n <= 40; n++)
		for (size_t m = 1; m <= n; m++) {
			struct hash from = rfc_root (leaves, m), to = rfc_root (leaves, n);
			struct path path = { .count = 0 };

			rfc_subproof (m, leaves, n, true, &path);
			assert_int_equal (merkle_verify_consistency (m, n, path.node, path.count,
								     &from, &to),
					  ERR_OK);
			if (m == n)
				continue;
			assert_int_equal (merkle_verify_consistency (m, n, path.node, path.count,
								     &to, &from),
					  ERR_BAD_SIGNATURE);
			path.node[path.count / 2].b[0] ^= 1;
			assert_int_equal (merkle_verify_consistency (m, n, path.node, path.count,
								     &from, &to),
					  ERR_BAD_SIGNATURE);
		}
}

static void nothing_follows_from_an_empty_tree (void **state)
{
	struct hash none = rfc_root (leaves, 0), root = rfc_root (leaves, 3);

	assert_int_equal (merkle_verify_consistency (0, 3, NULL, 0, &none, &root),
			  ERR_BAD_SIGNATURE);
}

static void a_tree_never_grows_smaller (void **state)
{
	struct hash root = rfc_root (leaves, 3);

	assert_int_equal (merkle_verify_consistency (4, 3, NULL, 0, &root, &root),
			  ERR_BAD_SIGNATURE);
}

/* ---- making proofs ----------------------------------------------------------------------------- */

static err_t whole_subtree (void *log, unsigned level, uint64_t position, struct hash *ret_node)
{
	const struct hash *from = log;

	*ret_node = rfc_root (from + (position << level), (size_t)1 << level);
	return ERR_OK;
}

static void assert_same_path (const struct merkle_path *made, const struct path *expected)
{
	assert_int_equal (made->count, expected->count);
	assert_memory_equal (made->node, expected->node, made->count * sizeof made->node[0]);
}

static void proofs_are_made_as_the_rfc_says (void **state)
{
	struct merkle_path made;

	for (size_t n = 1; n <= LEAVES; n++)
		for (size_t m = 0; m < n; m++) {
			struct path path = { .count = 0 }, past = { .count = 0 };

			rfc_path (m, leaves, n, &path);
			assert_int_equal (merkle_inclusion (whole_subtree, leaves, m, n, &made), ERR_OK);
			assert_same_path (&made, &path);
			rfc_subproof (m + 1, leaves, n, true, &past);
			assert_int_equal (merkle_consistency (whole_subtree, leaves, m + 1, n, &made),
					  ERR_OK);
			assert_same_path (&made, &past);
		}
}

static err_t broken_subtree (void *log, unsigned level, uint64_t position, struct hash *ret_node)
{
	return ERR_IO;
}

static void a_log_that_can_not_be_read_gives_no_proof (void **state)
{
	struct merkle_path made;

	assert_int_equal (merkle_inclusion (broken_subtree, NULL, 3, 9, &made), ERR_IO);
	assert_int_equal (merkle_consistency (broken_subtree, NULL, 3, 9, &made), ERR_IO);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (a_leaf_is_hashed_as_the_protocol_says),
		cmocka_unit_test (the_root_of_every_size_is_the_rfcs),
		cmocka_unit_test (the_empty_root_is_the_hash_of_nothing),
		cmocka_unit_test (an_edge_survives_being_stored),
		cmocka_unit_test (a_stored_edge_of_another_length_is_refused),
		cmocka_unit_test (every_inclusion_proof_holds_and_none_with_a_change),
		cmocka_unit_test (an_index_outside_the_tree_is_refused),
		cmocka_unit_test (every_consistency_proof_holds_and_none_with_a_change),
		cmocka_unit_test (nothing_follows_from_an_empty_tree),
		cmocka_unit_test (a_tree_never_grows_smaller),
		cmocka_unit_test (proofs_are_made_as_the_rfc_says),
		cmocka_unit_test (a_log_that_can_not_be_read_gives_no_proof),
	};

	if (keys_start () != ERR_OK)
		return 1;
	return cmocka_run_group_tests (tests, make_leaves, NULL);
}
