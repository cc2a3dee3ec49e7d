/* Holding the hub to its log, against hubs that lie in every way. */
#include "tests/agents/post/log.h"

#include "agents/ledger/proof.h"

static struct agency_id nobody;

/* One letter in custody as leaf 7 of a log that grows to 20; gives it. */
static struct letter_id letter_in_custody (struct world *w, struct log *log)
{
	struct letter_id id;
	struct frame put;
	struct hash hash;

	log_fill (log, 'A', 20);
	welcome_with (w, note_of (w, log, 5));
	id = write_letter (w, "halo");
	put = hub_hears (w, FRAME_PUT);
	hash = header_hash (put.put.h);
	log->leaf[7] = leaf_hash (LEAF_TAKEN, &hash, TAKEN_MS);
	hub_takes (w, &put);
	assert_int_equal (hub_hears_within (w, 100).type, 0);   /* not before ten minutes */
	clock_turn (11 * MINUTE_MS);
	return id;
}

static void a_letter_in_custody_is_proved_once_and_its_proof_kept (void **state)
{
	struct world *w = *state;
	struct log log;
	struct letter_id id = letter_in_custody (w, &log);
	struct frame asked = hub_hears (w, FRAME_PROOF_GET);
	struct kept_checkpoint kept;
	struct proof proof;

	assert_int_equal (asked.proof_get.hash_count, 1);
	assert_int_equal (asked.proof_get.leaves[0], 7);
	assert_int_equal (asked.proof_get.from_size, 5);
	answer (w, &asked, &log);
	assert_ok (proof_get (w->ledger, &id, w->arena, &proof));
	assert_ok (checkpoint_get (w->ledger, proof.checkpoint, w->arena, &kept));
	assert_int_equal (kept.size, 20);
	assert_string_equal (kept.note, note_of (w, &log, 20));
	assert_int_equal (proof.leaf, 7);
	assert_int_equal (proof.at_ms, TAKEN_MS);
	assert_int_equal (proof_counts (w->ledger).held, 1);
	assert_int_equal (proof_counts (w->ledger).wanted, 0);
	clock_turn (HOUR_MS);
	assert_int_equal (hub_hears_within (w, 100).type, 0);
	assert_int_equal (outbox_state_of (w, &id), OUTBOX_IN_CUSTODY);
	assert_false (rings (w, "log-unproved", &nobody));
}

static void a_letter_without_proof_is_put_again_and_an_alarm_rings (void **state)
{
	struct world *w = *state;
	struct log log;
	struct frame asked, put;

	letter_in_custody (w, &log);
	asked = hub_hears (w, FRAME_PROOF_GET);
	((uint64_t *)asked.proof_get.leaves)[0] = 39;   /* answered as if it were not there */
	answer (w, &asked, &log);
	assert_true (rings (w, "log-unproved", &nobody));
	put = hub_hears (w, FRAME_PUT);
	hub_takes (w, &put);
	clock_turn (11 * MINUTE_MS);
	asked = hub_hears (w, FRAME_PROOF_GET);   /* and asked for anew */
	assert_int_equal (asked.proof_get.hash_count, 1);
}

static void a_false_proof_counts_as_none (void **state)
{
	struct world *w = *state;
	struct log log, other;
	struct letter_id id = letter_in_custody (w, &log);
	struct frame asked = hub_hears (w, FRAME_PROOF_GET);

	/* Consistent and signed, but the letter's leaf is another one. */
	other = log;
	other.leaf[7] = leaf_at ('X', 7);
	answer (w, &asked, &other);
	assert_true (rings (w, "log-unproved", &nobody));
	assert_int_equal (proof_get (w->ledger, &id, w->arena, &(struct proof){ 0 }), ERR_NOT_FOUND);
	hub_hears (w, FRAME_PUT);
}

static void a_hub_that_has_no_time_is_asked_again_later (void **state)
{
	struct world *w = *state;
	struct frame busy = { .type = FRAME_PROOF }, asked;
	struct log log;
	struct letter_id id = letter_in_custody (w, &log);

	hub_hears (w, FRAME_PROOF_GET);
	busy.proof.put_off = true;
	busy.proof.checkpoint = "";
	hub_say (w, &busy);
	assert_int_equal (hub_hears_within (w, 100).type, 0);
	clock_turn (5 * MINUTE_MS);
	asked = hub_hears (w, FRAME_PROOF_GET);
	answer (w, &asked, &log);
	assert_ok (proof_get (w->ledger, &id, w->arena, &(struct proof){ 0 }));
}

/* The agent has seen 5 leaves of history A; what a later WELCOME shows. */
static void meet_again (struct world *w, struct log *then, uint64_t size)
{
	struct log log;

	log_fill (&log, 'A', 5);
	welcome_with (w, note_of (w, &log, 5));
	hub_hangs_up (w, ERR_OK);
	welcome_with (w, note_of (w, then, size));
}

static void assert_split (struct world *w, const char *by)
{
	struct kept_checkpoint *two, first;
	struct agency_id partner = { "" };

	assert_true (rings (w, "log-split", &partner));
	assert_string_equal (partner.text, by);
	assert_int_equal (checkpoint_contradictions (w->ledger, 10, w->arena, &two), 1);
	assert_ok (checkpoint_get (w->ledger, two[0].against, w->arena, &first));
	assert_string_equal (first.origin, two[0].origin);
}

static void a_log_that_goes_on_is_followed_and_told_in_the_next_hello (void **state)
{
	struct world *w = *state;
	struct log log;
	struct frame asked, hello;

	log_fill (&log, 'A', 20);
	meet_again (w, &log, 20);
	asked = hub_hears (w, FRAME_PROOF_GET);
	assert_int_equal (asked.proof_get.from_size, 5);
	assert_int_equal (asked.proof_get.to_size, 20);
	answer (w, &asked, &log);
	assert_false (rings (w, "log-split", &nobody));
	hub_hangs_up (w, ERR_OK);
	hello = hub_hears (w, FRAME_HELLO);
	assert_string_equal (hello.hello.checkpoint, note_of (w, &log, 20));
}

static void another_history_is_noticed_and_both_ends_kept (void **state)
{
	struct world *w = *state;
	struct log log;
	struct frame asked;

	log_fill (&log, 'B', 20);
	meet_again (w, &log, 20);
	asked = hub_hears (w, FRAME_PROOF_GET);
	answer (w, &asked, &log);
	assert_split (w, "");
	write_letter (w, "surat tetap berangkat");
	hub_hears (w, FRAME_PUT);
}

static void another_history_of_the_same_length_needs_no_question (void **state)
{
	struct world *w = *state;
	struct log log;

	log_fill (&log, 'B', 5);
	meet_again (w, &log, 5);
	settle (w);
	assert_split (w, "");
}

static void a_log_that_shrank_is_noticed (void **state)
{
	struct world *w = *state;
	struct log log;

	log_fill (&log, 'A', 3);
	meet_again (w, &log, 3);
	settle (w);
	assert_split (w, "");
}

static void a_welcome_that_the_log_key_did_not_sign_is_told (void **state)
{
	struct world *w = *state;
	OWNED (keypair) other = keypair_new (KEY_LOG);
	keypair_t *real = w->hub_log;
	struct log log;

	log_fill (&log, 'A', 5);
	w->hub_log = other;
	welcome_with (w, note_of (w, &log, 5));
	w->hub_log = real;
	settle (w);
	assert_true (rings (w, "log-false", &nobody));
}

/* A letter of the partner, which was shown this note; its receipt is on the way first. */
static void deliver_with (struct world *w, const char *note)
{
	struct frame letter, receipt;

	deliver_checkpoint = note;
	letter = deliver (w, 1, w->partner_sig, 1);
	deliver_checkpoint = "";
	hub_say (w, &letter);
	hub_hears (w, FRAME_STORED);
	receipt = hub_hears (w, FRAME_PUT);
	hub_takes (w, &receipt);
}

static void a_letter_shows_that_its_sender_was_shown_another_log (void **state)
{
	struct world *w = *state;
	struct log ours, theirs;
	struct frame asked;

	log_fill (&ours, 'A', 9);
	log_fill (&theirs, 'B', 12);
	welcome_with (w, note_of (w, &ours, 9));
	deliver_with (w, note_of (w, &theirs, 12));
	asked = hub_hears (w, FRAME_PROOF_GET);
	assert_int_equal (asked.proof_get.from_size, 9);
	assert_int_equal (asked.proof_get.to_size, 12);
	answer (w, &asked, &theirs);
	assert_split (w, w->partner.text);
}

static void a_letter_from_further_back_in_the_same_log_is_fine (void **state)
{
	struct world *w = *state;
	struct log log;
	struct frame asked;

	log_fill (&log, 'A', 12);
	welcome_with (w, note_of (w, &log, 12));
	deliver_with (w, note_of (w, &log, 9));
	asked = hub_hears (w, FRAME_PROOF_GET);
	assert_int_equal (asked.proof_get.from_size, 9);
	answer (w, &asked, &log);
	assert_false (rings (w, "log-split", &nobody));
}

static void the_end_of_a_log_is_kept_and_told (void **state)
{
	struct world *w = *state;
	struct kept_checkpoint kept;
	struct log log;
	const char *last;

	log_fill (&log, 'A', 9);
	last = note_of (w, &log, 9);
	welcome_with (w, last);
	hub_hangs_up (w, ERR_OK);
	random16_make (w->hub_store.b);
	log_fill (&log, 'C', 2);
	welcome_with (w, note_of (w, &log, 2));
	settle (w);
	assert_true (rings (w, "log-restarted", &nobody));
	assert_false (rings (w, "log-split", &nobody));
	assert_ok (checkpoint_get (w->ledger, 1, w->arena, &kept));
	assert_string_equal (kept.note, last);
	hub_hangs_up (w, ERR_OK);
	assert_string_equal (hub_hears (w, FRAME_HELLO).hello.checkpoint, note_of (w, &log, 2));
}

int main (void)
{
#define T(test) cmocka_unit_test_setup_teardown (test, world_setup, world_teardown)
	const struct CMUnitTest tests[] = {
		T (a_letter_in_custody_is_proved_once_and_its_proof_kept),
		T (a_letter_without_proof_is_put_again_and_an_alarm_rings),
		T (a_false_proof_counts_as_none),
		T (a_hub_that_has_no_time_is_asked_again_later),
		T (a_log_that_goes_on_is_followed_and_told_in_the_next_hello),
		T (another_history_is_noticed_and_both_ends_kept),
		T (another_history_of_the_same_length_needs_no_question),
		T (a_log_that_shrank_is_noticed),
		T (a_welcome_that_the_log_key_did_not_sign_is_told),
		T (a_letter_shows_that_its_sender_was_shown_another_log),
		T (a_letter_from_further_back_in_the_same_log_is_fine),
		T (the_end_of_a_log_is_kept_and_told),
	};
#undef T

	return cmocka_run_group_tests (tests, NULL, NULL);
}
