/* Proofs of the hub's custody log: they hold in every tree, and only who has a letter gets its own. */
#include "tests/support/unit.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/custody.h"
#include "tests/hub/world.h"

#define NOW INT64_C (1800000000000)
#define SMALL 600u
#define LARGE 66000u                     /* a whole subtree of 65536 and some */

struct fixture {
	char folder[64];
	store_t *store;
	custody_log_t *log;
	keypair_t *key;
	arena_t *arena;
	struct merkle_edge edge;             /* the same log, kept by itself */
	struct hash leaf[LARGE + 1], root[LARGE + 1];
};

static void open_log (struct fixture *x)
{
	OWNED (problems) problems = problems_new ();

	assert_int_equal (store_open (x->folder, &x->store, problems), ERR_OK);
	assert_int_equal (custody_open (x->store, x->key, "uji", "hub-satu", &x->log), ERR_OK);
	assert_int_equal (store_begin (x->store), ERR_OK);
	assert_int_equal (store_commit (x->store), ERR_OK);
}

static void close_log (struct fixture *x)
{
	custody_log_destroy (&x->log);
	store_destroy (&x->store);
}

static int begin (void **state)
{
	struct fixture *x = must_alloc (sizeof *x);

	memset (x, 0, sizeof *x);
	assert_int_equal (keys_start (), ERR_OK);
	strcpy (x->folder, "/tmp/jembatan-proof-XXXXXX");
	assert_non_null (mkdtemp (x->folder));
	x->key = keypair_new (KEY_LOG);
	x->arena = arena_new (MIB);
	x->root[0] = merkle_root (&x->edge);
	open_log (x);
	*state = x;
	return 0;
}

static int end (void **state)
{
	struct fixture *x = *state;
	char command[128];

	close_log (x);
	arena_destroy (&x->arena);
	keypair_destroy (&x->key);
	snprintf (command, sizeof command, "rm -rf '%s'", x->folder);
	assert_int_equal (system (command), 0);
	free (x);
	return 0;
}

static struct hash letter_hash (uint64_t index, uint8_t which)
{
	struct hash hash = { { which, (uint8_t)(index >> 16), (uint8_t)(index >> 8), (uint8_t)index } };

	return hash;
}

static void add (struct fixture *x, uint8_t which)
{
	uint64_t index = x->edge.size, got;
	struct hash hash = letter_hash (index, which);

	assert_int_equal (store_begin (x->store), ERR_OK);
	assert_int_equal (custody_add (x->log, LEAF_TAKEN, &hash, NOW + (int64_t)index, &got), ERR_OK);
	assert_int_equal (got, index);
	x->leaf[index] = leaf_hash (LEAF_TAKEN, &hash, NOW + (int64_t)index);
	merkle_append (&x->edge, &x->leaf[index]);
	x->root[x->edge.size] = merkle_root (&x->edge);
}

static void commit (struct fixture *x)
{
	assert_int_equal (custody_sign (x->log), ERR_OK);
	assert_int_equal (store_commit (x->store), ERR_OK);
	custody_keep (x->log);
}

static void grow (struct fixture *x, uint64_t size)
{
	while (x->edge.size < size)
		add (x, 1);
	commit (x);
}

static void expect_inclusion (struct fixture *x, uint64_t index, uint64_t size)
{
	struct hash hash = letter_hash (index, 1);
	struct inclusion got;

	arena_reset (x->arena);
	assert_int_equal (custody_inclusion (x->log, index, &hash, size, x->arena, &got), ERR_OK);
	assert_int_equal (got.leaf, index);
	assert_int_equal (got.at_ms, NOW + (int64_t)index);
	assert_int_equal (merkle_verify_inclusion (index, size, &x->leaf[index], got.path,
						   got.path_count, &x->root[size]), ERR_OK);
}

static void expect_consistency (struct fixture *x, uint64_t from, uint64_t to)
{
	const struct hash *path;
	size_t count;

	arena_reset (x->arena);
	assert_int_equal (custody_consistency (x->log, from, to, x->arena, &count, &path), ERR_OK);
	assert_int_equal (merkle_verify_consistency (from, to, path, count, &x->root[from],
						     &x->root[to]), ERR_OK);
}

/* Chosen alike in each run. */
static uint64_t some (uint64_t below)
{
	static uint64_t state = 88172645463325252u;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % below;
}

static void any_leaf_is_proved_in_every_small_tree (void **state)
{
	struct fixture *x = *state;

	grow (x, SMALL);
	for (uint64_t size = 1; size <= SMALL; size++) {
		expect_inclusion (x, 0, size);
		expect_inclusion (x, size - 1, size);
		for (int i = 0; i < 8; i++)
			expect_inclusion (x, some (size), size);
	}
}

static void every_small_tree_is_proved_to_go_on_in_later_ones (void **state)
{
	struct fixture *x = *state;

	grow (x, SMALL);
	for (uint64_t to = 1; to <= SMALL; to++) {
		expect_consistency (x, to, to);
		for (int i = 0; i < 8; i++)
			expect_consistency (x, 1 + some (to), to);
	}
}

static const uint64_t turns[] = { 255, 256, 257, 511, 512, 65535, 65536, 65537, 65792, LARGE };

static void expect_everything (struct fixture *x)
{
	for (size_t i = 0; i < COUNT_OF (turns); i++)
		for (int k = 0; k < 20; k++) {
			expect_inclusion (x, some (turns[i]), turns[i]);
			expect_consistency (x, 1 + some (turns[i]), turns[i]);
			if (i > 0)
				expect_consistency (x, turns[i - 1], turns[i]);
		}
}

static void proofs_hold_where_subtrees_become_whole_and_after_a_restart (void **state)
{
	struct fixture *x = *state;

	for (size_t i = 0; i < COUNT_OF (turns); i++) {
		grow (x, turns[i]);
		expect_inclusion (x, some (turns[i]), turns[i]);
	}
	expect_everything (x);
	close_log (x);
	open_log (x);
	expect_everything (x);
}

static void a_proof_reads_a_few_hundred_rows_and_again_none (void **state)
{
	struct fixture *x = *state;
	uint64_t before;

	grow (x, LARGE);
	before = custody_rows (x->log);
	expect_inclusion (x, 1234, LARGE);
	assert_true (custody_rows (x->log) - before <= 1024);
	before = custody_rows (x->log);
	expect_inclusion (x, 1235, LARGE);
	assert_int_equal (custody_rows (x->log), before);
}

/* As a store of the version before stood on the disk. */
static void forget_nodes (struct fixture *x)
{
	char path[128];
	sqlite3 *db;

	snprintf (path, sizeof path, "%s/hub.db", x->folder);
	assert_int_equal (sqlite3_open (path, &db), SQLITE_OK);
	assert_int_equal (sqlite3_exec (db, "DELETE FROM node", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close (db);
}

static void a_log_from_before_proofs_gets_what_they_need (void **state)
{
	struct fixture *x = *state;

	grow (x, LARGE);
	close_log (x);
	forget_nodes (x);
	open_log (x);
	expect_everything (x);
}

static void what_was_taken_back_leaves_no_trace_in_proofs (void **state)
{
	struct fixture *x = *state;
	struct merkle_edge before;

	grow (x, 100);
	before = x->edge;
	for (int i = 0; i < 200; i++)
		add (x, 2);
	expect_inclusion (x, 50, 100);
	store_rollback (x->store);
	custody_undo (x->log);
	x->edge = before;
	grow (x, 300);
	for (int i = 0; i < 50; i++)
		expect_inclusion (x, some (300), 300);
	expect_consistency (x, 100, 300);
}

static void a_new_log_proves_nothing_of_the_old_one (void **state)
{
	struct fixture *x = *state;

	grow (x, 300);
	expect_inclusion (x, 7, 300);
	assert_int_equal (store_begin (x->store), ERR_OK);
	assert_int_equal (custody_renew (x->log), ERR_OK);
	assert_int_equal (custody_proved_size (x->log), 0);
	x->edge = (struct merkle_edge){ 0 };
	for (int i = 0; i < 290; i++)
		add (x, 2);
	commit (x);
	assert_int_equal (custody_proved_size (x->log), 290);
	expect_consistency (x, 100, 290);
}

static void only_the_letters_own_hash_is_answered (void **state)
{
	struct fixture *x = *state;
	struct hash other = letter_hash (4, 1), own = letter_hash (3, 1);
	struct inclusion got;

	grow (x, 10);
	assert_int_equal (custody_inclusion (x->log, 3, &other, 10, x->arena, &got), ERR_NOT_FOUND);
	assert_int_equal (custody_inclusion (x->log, 3, &own, 3, x->arena, &got), ERR_NOT_FOUND);
	assert_int_equal (custody_inclusion (x->log, 3, &own, 4, x->arena, &got), ERR_OK);
}

/* ---- asked over the wire ---- */

static int begin_world (void **state)
{
	struct world *w = world_new ();

	world_start (w);
	*state = w;
	return 0;
}

static int end_world (void **state)
{
	world_stop (*state);
	world_destroy (*state);
	return 0;
}

static struct frame ask (struct agent *a, const struct hash *hash, uint64_t leaf, uint64_t from,
			 uint64_t to)
{
	struct frame get = { .type = FRAME_PROOF_GET };

	get.proof_get.hash_count = hash != NULL ? 1 : 0;
	get.proof_get.hashes = hash;
	get.proof_get.leaves = &leaf;
	get.proof_get.from_size = from;
	get.proof_get.to_size = to;
	agent_send (a, &get);
	return agent_expect (a, FRAME_PROOF);
}

static void a_sender_gets_its_proof_against_a_signed_checkpoint (void **state)
{
	struct world *w = *state;
	struct agent *a = agent_online (w, 0);
	struct test_letter letter = letter_for (a, 1, CLASS_ROUTINE);
	uint64_t leaf = agent_put_ok (a, &letter);
	struct hash hash = header_hash (letter.h), made;
	struct public_key key = keypair_public (w->hub_log);
	struct checkpoint checkpoint;
	struct frame proof = ask (a, &hash, leaf, 0, 0);
	const struct inclusion *one = proof.proof.inclusions;

	assert_int_equal (proof.proof.judged, 1);
	assert_int_equal (proof.proof.inclusion_count, 1);
	assert_int_equal (checkpoint_read (proof.proof.checkpoint, "hub-satu", &key, w->arena,
					   &checkpoint), ERR_OK);
	assert_int_equal (checkpoint.size, proof.proof.tree_size);
	made = leaf_hash (LEAF_TAKEN, &hash, one->at_ms);
	assert_int_equal (merkle_verify_inclusion (leaf, checkpoint.size, &made, one->path,
						   one->path_count, &checkpoint.root), ERR_OK);
	agent_destroy (a);
}

static void who_has_not_the_letter_is_told_only_that_it_was_judged (void **state)
{
	struct world *w = *state;
	struct agent *a = agent_online (w, 0), *b = agent_online (w, 2);
	struct test_letter letter = letter_for (a, 1, CLASS_ROUTINE);
	uint64_t leaf = agent_put_ok (a, &letter);
	struct hash guess = letter_hash (leaf, 9);
	struct frame proof = ask (b, &guess, leaf, 0, 0);

	assert_int_equal (proof.proof.judged, 1);
	assert_int_equal (proof.proof.inclusion_count, 0);
	proof = ask (b, &guess, INT64_MAX, 0, 0);
	assert_int_equal (proof.proof.inclusion_count, 0);
	agent_destroy (a);
	agent_destroy (b);
}

static void sizes_that_make_no_sense_get_no_path (void **state)
{
	struct world *w = *state;
	struct agent *a = agent_online (w, 0);
	struct test_letter letter = letter_for (a, 1, CLASS_ROUTINE);
	struct frame proof;

	agent_put_ok (a, &letter);
	proof = ask (a, NULL, 0, INT64_MAX, INT64_MAX);
	assert_int_equal (proof.proof.consistency_count, 0);
	assert_false (proof.proof.put_off);
	proof = ask (a, NULL, 0, 5, 1);
	assert_int_equal (proof.proof.tree_size, 1);
	assert_int_equal (proof.proof.consistency_count, 0);
	agent_destroy (a);
}

/* Questions without end are put off, the session stays, and letters go on. */
static void who_asks_without_end_is_put_off_and_others_are_served (void **state)
{
	struct world *w = *state;
	struct agent *a = agent_online (w, 0), *b = agent_online (w, 1);
	struct test_letter letter = letter_for (a, 1, CLASS_ROUTINE);
	uint64_t leaf = agent_put_ok (a, &letter);
	struct hash hash = header_hash (letter.h);
	struct hash hashes[LIMIT_PROOF_HASHES];
	uint64_t leaves[LIMIT_PROOF_HASHES];
	struct frame get = { .type = FRAME_PROOF_GET }, proof;
	bool put_off = false;

	for (size_t i = 0; i < LIMIT_PROOF_HASHES; i++) {
		hashes[i] = hash;
		leaves[i] = leaf;
	}
	get.proof_get.hash_count = LIMIT_PROOF_HASHES;
	get.proof_get.hashes = hashes;
	get.proof_get.leaves = leaves;
	for (int i = 0; i < 400 && !put_off; i++) {
		agent_send (a, &get);
		proof = agent_expect (a, FRAME_PROOF);
		put_off = proof.proof.judged < LIMIT_PROOF_HASHES;
		arena_reset (a->arena);
	}
	assert_true (put_off);
	agent_expect_letter (b, &letter, 1);
	letter = letter_for (a, 1, CLASS_ROUTINE);
	agent_put_ok (a, &letter);
	agent_expect_letter (b, &letter, 2);
	agent_destroy (a);
	agent_destroy (b);
}

int main (void)
{
#define L(test) cmocka_unit_test_setup_teardown (test, begin, end)
#define W(test) cmocka_unit_test_setup_teardown (test, begin_world, end_world)
	const struct CMUnitTest tests[] = {
		L (any_leaf_is_proved_in_every_small_tree),
		L (every_small_tree_is_proved_to_go_on_in_later_ones),
		L (proofs_hold_where_subtrees_become_whole_and_after_a_restart),
		L (a_proof_reads_a_few_hundred_rows_and_again_none),
		L (a_log_from_before_proofs_gets_what_they_need),
		L (what_was_taken_back_leaves_no_trace_in_proofs),
		L (a_new_log_proves_nothing_of_the_old_one),
		L (only_the_letters_own_hash_is_answered),
		W (a_sender_gets_its_proof_against_a_signed_checkpoint),
		W (who_has_not_the_letter_is_told_only_that_it_was_judged),
		W (sizes_that_make_no_sense_get_no_path),
		W (who_asks_without_end_is_put_off_and_others_are_served),
	};
#undef L
#undef W

	return unit_end (cmocka_run_group_tests (tests, NULL, NULL));
}
