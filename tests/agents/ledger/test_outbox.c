/* The outbox: order, retries, words that end a letter, and pair sequences out. */
#include "tests/agents/ledger/office.h"

#include "agents/ledger/deadline.h"
#include "agents/ledger/outbox.h"

#define CANARY "temuan: amfetamin positif"

static const struct answer finding = { .field = "finding", .type = ANSWER_TEXT, .text = CANARY,
				       .system = "", .display = "", .unit = "" };

static struct letter some_letter (void)
{
	return (struct letter){ .kind = "referral.report", .kind_version = 1,
				.sig_key_id = { { 1 } }, .thread = { { 1 } }, .from_user = "sari",
				.from_role = "clinician", .to_role = "", .created_ms = 1,
				.purpose = "treatment", .rule = { "", "", "", "" },
				.checkpoint = "", .body = BODY_ANSWERS, .answer_count = 1,
				.answers = &finding };
}

static struct outbox_row row_to (const char *to, enum letter_class class)
{
	return (struct outbox_row){ .to = agency (to), .class = class, .kind = "referral.report",
				    .thread = { { 1 } }, .created_ms = 1000, .expires_at_ms = 9000 };
}

static struct letter_id put (struct office *office, struct outbox_row row)
{
	struct letter letter = some_letter ();
	OWNED (tx) tx = ledger_begin (office->ledger);

	outbox_add (tx, &row, &letter);
	assert_ok (tx_commit (tx));
	return row.id;
}

static struct outbox_row get (struct office *office, struct letter_id id)
{
	struct outbox_row row;

	assert_ok (outbox_get (office->ledger, &id, office->arena, &row));
	return row;
}

static void seal_it (struct office *office, struct letter_id id)
{
	struct sealed sealed = { .h = bytes_of_text ("kepala"), .c = bytes_of_text ("tubuh"),
				 .s = bytes_of_text (CANARY), .sig = { { 3 } },
				 .header_hash = { { 4 } } };
	OWNED (tx) tx = ledger_begin (office->ledger);

	outbox_sealed (tx, &id, &sealed);
	assert_ok (tx_commit (tx));
}

static void take_custody (struct office *office, struct letter_id id)
{
	OWNED (tx) tx = ledger_begin (office->ledger);

	assert_ok (outbox_in_custody (tx, &id, 7, 55, 2000));
	assert_ok (tx_commit (tx));
}

static enum outbox_state end (struct office *office, struct letter_id id, enum outbox_state state,
			      err_t why)
{
	struct outbox_row row;
	OWNED (tx) tx = ledger_begin (office->ledger);

	assert_ok (outbox_end (tx, &id, state, why, 3000, office->arena, &row));
	assert_ok (tx_commit (tx));
	return row.state;
}

static void a_draft_comes_back_and_is_not_in_clear_on_disk (void **state)
{
	struct office *office = *state;
	struct outbox_row row = row_to ("klinik", CLASS_ROUTINE), got;
	struct letter letter;

	row.person = add_person (office, "Dewi", "");
	row.id = put (office, row);
	office_reopen (office);
	got = get (office, row.id);
	assert_int_equal (got.state, OUTBOX_WRITTEN);
	assert_string_equal (got.to.text, "klinik");
	assert_string_equal (got.kind, "referral.report");
	assert_ok (letter_decode (got.draft, office->arena, &letter));
	assert_string_equal (letter.answers[0].text, CANARY);
	seal_it (office, row.id);
	assert_false (folder_has (office, CANARY));
	assert_false (folder_has (office, "sari"));
}

static void letters_go_by_class_and_then_by_age (void **state)
{
	struct office *office = *state;
	struct letter_id routine = put (office, row_to ("a1", CLASS_ROUTINE));
	struct letter_id urgent = put (office, row_to ("a1", CLASS_URGENT));
	struct letter_id stat = put (office, row_to ("a1", CLASS_STAT));
	struct letter_id later = put (office, row_to ("a1", CLASS_URGENT));
	struct letter_id order[] = { stat, urgent, later, routine };
	struct outbox_row *rows;

	assert_int_equal (outbox_due (office->ledger, 5000, 9, office->arena, &rows), 4);
	for (size_t i = 0; i < 4; i++)
		assert_true (ID_EQUAL (rows[i].id, order[i]));
	assert_true (rows[0].draft.len > 0);
	assert_int_equal (outbox_due (office->ledger, 5000, 2, office->arena, &rows), 2);
}

static void a_letter_waits_until_its_next_try (void **state)
{
	struct office *office = *state;
	struct letter_id id = put (office, row_to ("a1", CLASS_ROUTINE));
	struct outbox_row *rows;
	tx_t *tx;

	assert_int_equal (outbox_next_due (office->ledger), 0);
	seal_it (office, id);
	tx = ledger_begin (office->ledger);
	outbox_retry (tx, &id, ERR_BUSY, 7000);
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	assert_int_equal (outbox_next_due (office->ledger), 7000);
	assert_int_equal (outbox_due (office->ledger, 6999, 9, office->arena, &rows), 0);
	assert_int_equal (outbox_due (office->ledger, 7000, 9, office->arena, &rows), 1);
	assert_int_equal (rows[0].tries, 1);
	assert_int_equal (rows[0].last_error, ERR_BUSY);
	take_custody (office, id);
	assert_int_equal (outbox_next_due (office->ledger), INT64_MAX);
}

static void sealed_bytes_stay_identical_over_restarts (void **state)
{
	struct office *office = *state;
	struct letter_id id = put (office, row_to ("a1", CLASS_ROUTINE));
	struct outbox_row row;

	seal_it (office, id);
	office_reopen (office);
	row = get (office, id);
	assert_int_equal (row.state, OUTBOX_SEALED);
	assert_true (bytes_equal (row.h, bytes_of_text ("kepala")));
	assert_true (bytes_equal (row.c, bytes_of_text ("tubuh")));
	assert_int_equal (row.draft.len, 0);
	assert_int_equal (row.header_hash.b[0], 4);
	struct hash digest = envelope_digest (row.h, row.c);
	assert_true (ID_EQUAL (row.digest, digest));
}

static void a_letter_is_sealed_only_once (void **state)
{
	struct office *office = *state;
	struct letter_id id = put (office, row_to ("a1", CLASS_ROUTINE));
	struct sealed other = { .h = bytes_of_text ("lain"), .c = bytes_of_text ("lain"),
				.s = bytes_of_text ("lain") };
	tx_t *tx;

	seal_it (office, id);
	tx = ledger_begin (office->ledger);
	outbox_sealed (tx, &id, &other);
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	assert_true (bytes_equal (get (office, id).h, bytes_of_text ("kepala")));
}

static void custody_is_noted_and_unknown_letters_are_told (void **state)
{
	struct office *office = *state;
	struct letter_id id = put (office, row_to ("a1", CLASS_ROUTINE)), unknown = { { 9 } };
	struct outbox_row row;
	OWNED (tx) tx = NULL;

	seal_it (office, id);
	take_custody (office, id);
	row = get (office, id);
	assert_int_equal (row.state, OUTBOX_IN_CUSTODY);
	assert_int_equal (row.leaf, 7);
	assert_int_equal (row.recipient_seen_ms, 55);
	assert_int_equal (row.custody_ms, 2000);
	assert_true (row.c.len > 0);   /* until the recipient's own word */
	tx = ledger_begin (office->ledger);
	assert_int_equal (outbox_in_custody (tx, &unknown, 1, 1, 1), ERR_NOT_FOUND);
	assert_int_equal (outbox_end (tx, &unknown, OUTBOX_STORED, ERR_OK, 1, office->arena, &row),
			  ERR_NOT_FOUND);
}

static void a_stored_word_outranks_every_other_in_any_order (void **state)
{
	static const enum outbox_state words[] = { OUTBOX_EXPIRED, OUTBOX_RECALLED, OUTBOX_REFUSED,
						   OUTBOX_STORED };   /* by rising rank */
	struct office *office = *state;

	for (size_t first = 0; first < COUNT_OF (words); first++) {
		for (size_t second = 0; second < COUNT_OF (words); second++) {
			struct letter_id id = put (office, row_to ("a1", CLASS_ROUTINE));
			size_t higher = first > second ? first : second;

			seal_it (office, id);
			take_custody (office, id);
			assert_int_equal (end (office, id, words[first], ERR_EXPIRED), words[first]);
			assert_int_equal (end (office, id, words[second], ERR_EXPIRED), words[higher]);
			assert_int_equal (get (office, id).stored_ms,
					  words[higher] == OUTBOX_STORED ? 3000 : 0);
		}
	}
}

static void custody_told_late_does_not_reopen_a_letter (void **state)
{
	struct office *office = *state;
	struct letter_id id = put (office, row_to ("a1", CLASS_ROUTINE));

	seal_it (office, id);
	end (office, id, OUTBOX_STORED, ERR_OK);
	take_custody (office, id);
	assert_int_equal (get (office, id).state, OUTBOX_STORED);
	assert_int_equal (get (office, id).custody_ms, 2000);
}

static void an_ended_letter_keeps_its_evidence_and_drops_its_body (void **state)
{
	struct office *office = *state;
	struct letter_id id = put (office, row_to ("a1", CLASS_ROUTINE));
	struct sealed evidence;
	struct outbox_row *rows;

	assert_int_equal (outbox_evidence (office->ledger, &id, office->arena, &evidence),
			  ERR_NOT_FOUND);
	seal_it (office, id);
	assert_int_equal (end (office, id, OUTBOX_REFUSED, ERR_NO_CONSENT), OUTBOX_REFUSED);
	assert_int_equal (get (office, id).c.len, 0);
	assert_int_equal (get (office, id).last_error, ERR_NO_CONSENT);
	assert_ok (outbox_evidence (office->ledger, &id, office->arena, &evidence));
	assert_true (bytes_equal (evidence.h, bytes_of_text ("kepala")));
	assert_true (bytes_equal (evidence.s, bytes_of_text (CANARY)));
	assert_int_equal (evidence.sig.b[0], 3);
	assert_int_equal (outbox_due (office->ledger, INT64_MAX, 9, office->arena, &rows), 0);
}

static void a_receipt_letter_closes_with_custody (void **state)
{
	struct office *office = *state;
	struct outbox_row row = row_to ("a1", CLASS_ROUTINE);
	tx_t *tx;

	row.machine = true;
	row.id = put (office, row);
	seal_it (office, row.id);
	take_custody (office, row.id);
	assert_int_equal (get (office, row.id).state, OUTBOX_STORED);
	take_custody (office, row.id);   /* the same answer once more is no surprise */
	tx = ledger_begin (office->ledger);
	assert_int_equal (outbox_again (tx), 0);
	tx_destroy (&tx);
}

static void a_new_hub_store_gets_every_letter_in_custody_again (void **state)
{
	struct office *office = *state;
	struct letter_id kept = put (office, row_to ("a1", CLASS_ROUTINE));
	struct letter_id done = put (office, row_to ("a1", CLASS_ROUTINE));
	struct outbox_row *rows;
	tx_t *tx;

	seal_it (office, kept);
	seal_it (office, done);
	take_custody (office, kept);
	take_custody (office, done);
	end (office, done, OUTBOX_STORED, ERR_OK);
	tx = ledger_begin (office->ledger);
	assert_int_equal (outbox_again (tx), 1);
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	assert_int_equal (outbox_due (office->ledger, 5000, 9, office->arena, &rows), 1);
	assert_true (ID_EQUAL (rows[0].id, kept));
	assert_true (bytes_equal (rows[0].c, bytes_of_text ("tubuh")));
}

static void a_damaged_letter_is_put_again_from_custody (void **state)
{
	struct office *office = *state;
	struct letter_id id = put (office, row_to ("a1", CLASS_ROUTINE));
	tx_t *tx;

	seal_it (office, id);
	take_custody (office, id);
	tx = ledger_begin (office->ledger);
	outbox_retry (tx, &id, ERR_DAMAGED, 4000);
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	assert_int_equal (get (office, id).state, OUTBOX_SEALED);
	assert_int_equal (outbox_next_due (office->ledger), 4000);
}

static void silent_stat_letters_are_told_until_their_alarm_rings (void **state)
{
	struct office *office = *state;
	struct letter_id id = put (office, row_to ("a1", CLASS_STAT));
	struct outbox_row *rows;
	tx_t *tx;

	put (office, row_to ("a1", CLASS_ROUTINE));
	assert_int_equal (outbox_silent_stat (office->ledger, 1000, office->arena, &rows), 0);
	assert_int_equal (outbox_silent_stat (office->ledger, 1001, office->arena, &rows), 1);
	assert_true (ID_EQUAL (rows[0].id, id));
	tx = ledger_begin (office->ledger);
	alarm_raise (tx, "stat-silent", &rows[0].thread, &rows[0].to, 1500);
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	assert_int_equal (outbox_silent_stat (office->ledger, 9000, office->arena, &rows), 0);
}

static void counts_and_threads_tell_where_letters_are (void **state)
{
	struct office *office = *state;
	struct letter_id a = put (office, row_to ("a1", CLASS_ROUTINE));
	struct letter_id b = put (office, row_to ("a1", CLASS_ROUTINE));
	struct thread_id thread = { { 1 } };
	struct outbox_counts counts;
	struct outbox_row *rows;

	put (office, row_to ("a1", CLASS_ROUTINE));
	seal_it (office, a);
	take_custody (office, a);
	seal_it (office, b);
	end (office, b, OUTBOX_REFUSED, ERR_NO_ROUTE);
	counts = outbox_counts (office->ledger);
	assert_int_equal (counts.written, 1);
	assert_int_equal (counts.in_custody, 1);
	assert_int_equal (counts.refused, 1);
	assert_int_equal (counts.sealed, 0);
	assert_int_equal (counts.oldest_ms, 1000);
	assert_int_equal (outbox_by_thread (office->ledger, &thread, office->arena, &rows), 3);
	assert_true (ID_EQUAL (rows[0].id, a));
}

static void an_erased_persons_unsealed_letter_is_never_sent (void **state)
{
	struct office *office = *state;
	struct outbox_row row = row_to ("a1", CLASS_ROUTINE), *rows;
	struct letter letter = some_letter ();
	tx_t *tx = NULL;

	row.person = add_person (office, "Dewi", "");
	row.id = put (office, row);
	tx = ledger_begin (office->ledger);
	person_erase (tx, &row.person);
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	assert_int_equal (outbox_due (office->ledger, INT64_MAX, 9, office->arena, &rows), 0);
	assert_int_equal (get (office, row.id).state, OUTBOX_RECALLED);
	assert_int_equal (get (office, row.id).last_error, ERR_ERASED);
	tx = ledger_begin (office->ledger);
	row.id = (struct letter_id){ { 0 } };
	outbox_add (tx, &row, &letter);
	assert_int_equal (tx_commit (tx), ERR_ERASED);
	tx_destroy (&tx);
}

/* ---- pair sequences ----------------------------------------------------------------------------- */

static uint64_t send_in_pair (struct office *office, struct letter_id id, struct pair_sequence *ret)
{
	struct agency_id to = agency ("a1");
	struct hash hash;
	OWNED (tx) tx = ledger_begin (office->ledger);

	pair_next (tx, &to, CLASS_ROUTINE, office->arena, ret);
	hash = (struct hash){ { (uint8_t)(100 + ret->n) } };
	pair_sent (tx, &to, CLASS_ROUTINE, ret->n, &hash, &id);
	assert_ok (tx_commit (tx));
	return ret->n;
}

static void a_pair_sequence_counts_up_and_names_the_letter_before (void **state)
{
	struct office *office = *state;
	struct pair_sequence sequence;
	struct store_id own = ledger_store_id (office->ledger);

	assert_int_equal (send_in_pair (office, put (office, row_to ("a1", CLASS_ROUTINE)),
					&sequence), 1);
	assert_true (ID_IS_NONE (sequence.previous));
	assert_true (ID_EQUAL (sequence.store_id, own));
	office_reopen (office);
	assert_int_equal (send_in_pair (office, put (office, row_to ("a1", CLASS_ROUTINE)),
					&sequence), 2);
	assert_int_equal (sequence.previous.b[0], 101);
	assert_int_equal (sequence.voided_count, 0);
}

static void voided_numbers_are_named_until_a_letter_that_names_them_is_stored (void **state)
{
	struct office *office = *state;
	struct letter_id first = put (office, row_to ("a1", CLASS_ROUTINE));
	struct letter_id second = put (office, row_to ("a1", CLASS_ROUTINE));
	struct letter_id third = put (office, row_to ("a1", CLASS_ROUTINE));
	struct letter_id fourth = put (office, row_to ("a1", CLASS_ROUTINE));
	struct pair_sequence sequence;

	send_in_pair (office, first, &sequence);
	send_in_pair (office, second, &sequence);
	end (office, first, OUTBOX_EXPIRED, ERR_EXPIRED);
	send_in_pair (office, third, &sequence);
	assert_int_equal (sequence.voided_count, 1);
	assert_int_equal (sequence.voided[0], 1);
	end (office, second, OUTBOX_STORED, ERR_OK);   /* was sealed before, so named nothing */
	send_in_pair (office, fourth, &sequence);
	assert_int_equal (sequence.voided_count, 1);
	end (office, third, OUTBOX_STORED, ERR_OK);
	send_in_pair (office, put (office, row_to ("a1", CLASS_ROUTINE)), &sequence);
	assert_int_equal (sequence.voided_count, 0);
}

static void a_number_is_not_void_when_the_letter_was_stored_after_all (void **state)
{
	struct office *office = *state;
	struct letter_id first = put (office, row_to ("a1", CLASS_ROUTINE));
	struct pair_sequence sequence;

	send_in_pair (office, first, &sequence);
	end (office, first, OUTBOX_EXPIRED, ERR_EXPIRED);
	end (office, first, OUTBOX_STORED, ERR_OK);
	send_in_pair (office, put (office, row_to ("a1", CLASS_ROUTINE)), &sequence);
	assert_int_equal (sequence.voided_count, 0);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		office_test (a_draft_comes_back_and_is_not_in_clear_on_disk),
		office_test (letters_go_by_class_and_then_by_age),
		office_test (a_letter_waits_until_its_next_try),
		office_test (sealed_bytes_stay_identical_over_restarts),
		office_test (a_letter_is_sealed_only_once),
		office_test (custody_is_noted_and_unknown_letters_are_told),
		office_test (a_stored_word_outranks_every_other_in_any_order),
		office_test (custody_told_late_does_not_reopen_a_letter),
		office_test (an_ended_letter_keeps_its_evidence_and_drops_its_body),
		office_test (a_receipt_letter_closes_with_custody),
		office_test (a_new_hub_store_gets_every_letter_in_custody_again),
		office_test (a_damaged_letter_is_put_again_from_custody),
		office_test (silent_stat_letters_are_told_until_their_alarm_rings),
		office_test (counts_and_threads_tell_where_letters_are),
		office_test (an_erased_persons_unsealed_letter_is_never_sent),
		office_test (a_pair_sequence_counts_up_and_names_the_letter_before),
		office_test (voided_numbers_are_named_until_a_letter_that_names_them_is_stored),
		office_test (a_number_is_not_void_when_the_letter_was_stored_after_all),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
