/* The ledger's proofs: what is wanted of the hub, what came, and the checkpoints that matter. */
#include "tests/agents/ledger/office.h"

#include "agents/ledger/outbox.h"
#include "agents/ledger/proof.h"
#include "agents/ledger/store.h"
#include "jembatan/clock.h"

#define ENOUGH 3u
#define MOST 10u

/* A letter that the hub has taken as this leaf; a machine's own is receipts. */
static struct letter_id in_custody (struct office *office, uint64_t leaf, int64_t at_ms, bool machine)
{
	struct letter letter = { .kind = "service.note", .kind_version = 1, .sig_key_id = { { 1 } },
				 .from_user = "", .from_role = "", .to_role = "", .created_ms = 1,
				 .purpose = "", .rule = { "", "", "", "" }, .checkpoint = "" };
	struct sealed sealed = { .h = bytes_of_text ("kepala"), .c = bytes_of_text ("tubuh"),
				 .s = bytes_of_text ("isi"), .header_hash = { { (uint8_t)leaf, 5 } },
				 .sig = { { 3 } } };
	struct outbox_row row = { .to = agency ("klinik"), .class = CLASS_ROUTINE,
				  .kind = letter.kind, .machine = machine,
				  .expires_at_ms = INT64_C (1) << 50 };
	OWNED (tx) tx = ledger_begin (office->ledger);

	outbox_add (tx, &row, &letter);
	outbox_sealed (tx, &row.id, &sealed);
	assert_ok (outbox_in_custody (tx, &row.id, leaf, 0, at_ms));
	assert_ok (tx_commit (tx));
	return row.id;
}

static size_t wanted (struct office *office, int64_t before_ms, struct proof_wanted **ret_wanted)
{
	return proof_wanted (office->ledger, before_ms, ENOUGH, MOST, office->arena, ret_wanted);
}

static void keep (struct office *office, const struct letter_id *letter, uint64_t leaf)
{
	static const struct hash path[] = { { { 1 } }, { { 2 } }, { { 3 } } };
	struct proof proof = { .letter = *letter, .leaf = leaf, .at_ms = 77, .path_count = 3,
			       .path = path, .checkpoint = 1 };
	struct checkpoint checkpoint = { "uji/hub/1", 9, { { 4 } } };
	OWNED (tx) tx = ledger_begin (office->ledger);

	proof.checkpoint = checkpoint_keep (tx, &checkpoint, "catatan", 5, 0);
	proof_keep (tx, &proof);
	assert_ok (tx_commit (tx));
}

static void proofs_are_wanted_when_one_is_old_enough_or_there_are_enough_of_them (void **state)
{
	struct office *office = *state;
	struct proof_wanted *list;
	struct letter_id old = in_custody (office, 4, 1000, false);

	assert_int_equal (wanted (office, 1000, &list), 0);
	in_custody (office, 5, 1500, true);              /* receipts, which nobody proves */
	in_custody (office, 6, 2000, false);
	assert_int_equal (wanted (office, 1000, &list), 0);
	assert_int_equal (wanted (office, 1001, &list), 2);
	assert_memory_equal (list[0].letter.b, old.b, sizeof old.b);
	assert_int_equal (list[0].leaf, 4);
	assert_int_equal (list[0].header_hash.b[0], 4);
	assert_int_equal (list[1].leaf, 6);
	in_custody (office, 7, 3000, false);
	assert_int_equal (wanted (office, 0, &list), 3);
	assert_int_equal (proof_wanted (office->ledger, 0, ENOUGH, 2, office->arena, &list), 2);
	assert_int_equal (proof_counts (office->ledger).wanted, 3);
	assert_int_equal (proof_counts (office->ledger).oldest_ms, 1000);
}

static void a_proof_that_came_is_kept_whole_and_wanted_no_more (void **state)
{
	struct office *office = *state;
	struct letter_id id = in_custody (office, 4, 1000, false);
	struct proof_wanted *list;
	struct proof proof;

	assert_int_equal (proof_get (office->ledger, &id, office->arena, &proof), ERR_NOT_FOUND);
	keep (office, &id, 4);
	office_reopen (office);
	assert_ok (proof_get (office->ledger, &id, office->arena, &proof));
	assert_int_equal (proof.leaf, 4);
	assert_int_equal (proof.at_ms, 77);
	assert_int_equal (proof.path_count, 3);
	assert_int_equal (proof.path[2].b[0], 3);
	assert_int_equal (wanted (office, INT64_MAX, &list), 0);
	assert_int_equal (proof_counts (office->ledger).held, 1);
	keep (office, &id, 8);                           /* it was put again, in another log */
	assert_ok (proof_get (office->ledger, &id, office->arena, &proof));
	assert_int_equal (proof.leaf, 8);
	assert_int_equal (proof_counts (office->ledger).held, 1);
}

static void a_path_that_was_cut_is_no_path (void **state)
{
	struct office *office = *state;
	struct letter_id id = in_custody (office, 4, 1000, false);
	struct proof proof;

	keep (office, &id, 4);
	RUN (office->ledger->sql, "UPDATE proof SET path = substr (path, 1, 95)");
	assert_int_equal (proof_get (office->ledger, &id, office->arena, &proof), ERR_CORRUPT);
}

static void what_can_t_be_proved_is_put_again_unless_its_recipient_has_it (void **state)
{
	struct office *office = *state;
	struct letter_id lost = in_custody (office, 4, 1000, false), stored = in_custody (office, 5, 1000, false);
	struct outbox_row row;
	struct proof_wanted *list;
	OWNED (tx) tx = ledger_begin (office->ledger);

	RUN (office->ledger->sql, "UPDATE outbox SET state = 4 WHERE id = ?1", ID (stored));
	assert_true (proof_missing (tx, &lost));
	assert_false (proof_missing (tx, &stored));
	assert_ok (tx_commit (tx));
	assert_ok (outbox_get (office->ledger, &lost, office->arena, &row));
	assert_int_equal (row.state, OUTBOX_SEALED);
	assert_int_equal (row.next_try_ms, 0);
	assert_ok (outbox_get (office->ledger, &stored, office->arena, &row));
	assert_int_equal (row.state, OUTBOX_STORED);
	assert_int_equal (wanted (office, INT64_MAX, &list), 0);
	tx_destroy (&tx);
	tx = ledger_begin (office->ledger);
	assert_ok (outbox_in_custody (tx, &lost, 9, 0, 5000));
	assert_ok (tx_commit (tx));
	assert_int_equal (wanted (office, INT64_MAX, &list), 1);   /* anew, as another leaf */
	assert_int_equal (list[0].leaf, 9);
}

static void nothing_is_wanted_of_a_log_that_has_ended (void **state)
{
	struct office *office = *state;
	struct letter_id id = in_custody (office, 4, 1000, false);
	struct proof_wanted *list;
	struct outbox_row row;
	OWNED (tx) tx = ledger_begin (office->ledger);

	proof_want_nothing (tx);
	assert_ok (tx_commit (tx));
	assert_int_equal (wanted (office, INT64_MAX, &list), 0);
	assert_ok (outbox_get (office->ledger, &id, office->arena, &row));
	assert_int_equal (row.state, OUTBOX_IN_CUSTODY);
}

static void a_checkpoint_is_kept_once_and_remembers_what_it_contradicts (void **state)
{
	struct office *office = *state;
	struct checkpoint one = { "uji/hub/1", 9, { { 4 } } }, other = { "uji/hub/1", 9, { { 5 } } };
	struct kept_checkpoint kept, *list;
	OWNED (tx) tx = ledger_begin (office->ledger);
	uint64_t first = checkpoint_keep (tx, &one, "satu", 5, 0);
	uint64_t second = checkpoint_keep (tx, &other, "dua", 6, 0);

	assert_int_not_equal (first, second);
	assert_int_equal (checkpoint_keep (tx, &one, "satu", 7, 0), first);
	assert_int_equal (checkpoint_contradictions (office->ledger, MOST, office->arena, &list), 0);
	assert_int_equal (checkpoint_keep (tx, &other, "dua", 8, first), second);
	assert_int_equal (checkpoint_keep (tx, &other, "dua", 9, 0), second);   /* it is not forgotten */
	assert_ok (tx_commit (tx));
	assert_int_equal (checkpoint_contradictions (office->ledger, MOST, office->arena, &list), 1);
	assert_int_equal (list[0].n, second);
	assert_int_equal (list[0].against, first);
	assert_ok (checkpoint_get (office->ledger, first, office->arena, &kept));
	assert_string_equal (kept.note, "satu");
	assert_string_equal (kept.origin, "uji/hub/1");
	assert_int_equal (kept.size, 9);
	assert_int_equal (kept.seen_ms, 5);
	assert_int_equal (checkpoint_get (office->ledger, 99, office->arena, &kept), ERR_NOT_FOUND);
}

static void assert_counted (struct office *office)
{
	sql_t *sql = office->ledger->sql;
	struct proof_counts counts = proof_counts (office->ledger);

	assert_int_equal (counts.held, NUMBER (sql, -1, "SELECT count (*) FROM proof"));
	assert_int_equal (counts.wanted,
			  NUMBER (sql, -1, "SELECT count (*) FROM outbox WHERE unproved = 1"));
}

static void what_is_proved_and_what_is_not_is_known_without_counting (void **state)
{
	struct office *office = *state;
	struct letter_id first = in_custody (office, 4, 1000, false);
	OWNED (tx) tx = NULL;

	in_custody (office, 5, 1500, true);
	in_custody (office, 6, 2000, false);
	assert_counted (office);
	keep (office, &first, 4);
	keep (office, &first, 8);                        /* in place of the other */
	assert_counted (office);
	tx = ledger_begin (office->ledger);
	proof_want_nothing (tx);
	assert_counted (office);
	tx_destroy (&tx);                                /* rolled back: they are wanted again */
	assert_counted (office);
	assert_int_equal (proof_counts (office->ledger).wanted, 1);
	RUN (office->ledger->sql, "UPDATE outbox SET unproved = 1");
	RUN (office->ledger->sql, "DELETE FROM outbox_bytes WHERE seq = 1");
	RUN (office->ledger->sql, "DELETE FROM outbox WHERE seq = 1");
	assert_counted (office);
	RUN (office->ledger->sql, "UPDATE proof_count SET held = 7000, wanted = 350000");
	assert_int_equal (proof_counts (office->ledger).held, 7000);
	assert_int_equal (proof_counts (office->ledger).wanted, 350000);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		office_test (proofs_are_wanted_when_one_is_old_enough_or_there_are_enough_of_them),
		office_test (a_proof_that_came_is_kept_whole_and_wanted_no_more),
		office_test (a_path_that_was_cut_is_no_path),
		office_test (what_is_proved_and_what_is_not_is_known_without_counting),
		office_test (what_can_t_be_proved_is_put_again_unless_its_recipient_has_it),
		office_test (nothing_is_wanted_of_a_log_that_has_ended),
		office_test (a_checkpoint_is_kept_once_and_remembers_what_it_contradicts),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
