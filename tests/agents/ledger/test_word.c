/* Which letter of the inbox said what of ours, in new ledgers and in older ones. */
#include "tests/agents/ledger/office.h"

#include "agents/ledger/inbox.h"
#include "agents/ledger/outbox.h"
#include "agents/ledger/word.h"
#include "jembatan/clock.h"

static const struct hash header = { { 5 } };

static struct letter plain_letter (const char *kind)
{
	return (struct letter){ .kind = kind, .kind_version = 1, .sig_key_id = { { 1 } },
				.from_user = "", .from_role = "", .to_role = "", .created_ms = 1,
				.purpose = "", .rule = { "", "", "", "" }, .checkpoint = "" };
}

static struct letter_id send_letter (struct office *office)
{
	struct letter letter = plain_letter ("service.note");
	struct sealed sealed = { .h = bytes_of_text ("kepala"), .c = bytes_of_text ("tubuh"),
				 .s = bytes_of_text ("isi"), .header_hash = header, .sig = { { 3 } } };
	struct outbox_row row = { .to = agency ("klinik"), .class = CLASS_ROUTINE,
				  .kind = letter.kind, .expires_at_ms = INT64_C (1) << 50 };
	OWNED (tx) tx = ledger_begin (office->ledger);

	outbox_add (tx, &row, &letter);
	outbox_sealed (tx, &row.id, &sealed);
	assert_ok (tx_commit (tx));
	return row.id;
}

/* A receipts letter of `from` that speaks of two letters, one of which is not ours. */
static struct letter_id get_receipts (struct office *office, const char *from,
				      const struct letter_id *id)
{
	struct receipt receipts[] = {
		{ .id = *id, .header_hash = header, .status = RECEIPT_IS_STORED, .at_ms = 7 },
		{ .id = { { 0xee } }, .header_hash = header, .status = RECEIPT_IS_STORED, .at_ms = 7 },
	};
	struct letter letter = plain_letter ("letter.receipts");
	struct inbox_row row = { .id = { { 0x77 } }, .from = agency (from), .header_hash = { { 8 } },
				 .class = CLASS_ROUTINE, .state = INBOX_APPLIED,
				 .kind = letter.kind, .h = bytes_of_text ("h") };
	OWNED (tx) tx = ledger_begin (office->ledger);

	letter.body = BODY_RECEIPTS;
	letter.receipts = receipts;
	letter.receipt_count = COUNT_OF (receipts);
	assert_ok (letter_encode (&letter, office->arena, &row.s));
	inbox_add (tx, &row);
	assert_ok (tx_commit (tx));
	return row.id;
}

static void a_word_is_found_by_its_letter_and_the_last_one_of_a_kind_counts (void **state)
{
	struct office *office = *state;
	struct letter_id id = send_letter (office);
	struct word first = { .letter = id, .status = RECEIPT_IS_HELD, .from = agency ("klinik"),
			      .said_in = { { 1 } } };
	struct word again = first, stored = first, file = first, *words;
	OWNED (tx) tx = ledger_begin (office->ledger);

	again.said_in.b[0] = 2;
	stored.status = RECEIPT_IS_STORED;
	file.blob.b[0] = 4;
	word_keep (tx, &stored);
	word_keep (tx, &first);
	word_keep (tx, &again);
	word_keep (tx, &file);
	assert_ok (tx_commit (tx));
	assert_int_equal (word_list (office->ledger, &id, office->arena, &words), 2);
	assert_int_equal (words[0].status, RECEIPT_IS_STORED);
	assert_int_equal (words[1].said_in.b[0], 2);
	assert_string_equal (words[1].from.text, "klinik");
}

static void receipts_of_an_older_ledger_are_read_once_and_only_about_our_letters (void **state)
{
	struct office *office = *state;
	struct letter_id id = send_letter (office), other = { { 0xee } };
	struct letter_id said_in = get_receipts (office, "klinik", &id);
	struct word *words;

	get_receipts (office, "orang-lain", &id);
	office_turn_back (office, 10);
	office_open (office);
	assert_int_equal (word_list (office->ledger, &id, office->arena, &words), 1);
	assert_int_equal (words[0].status, RECEIPT_IS_STORED);
	assert_string_equal (words[0].from.text, "klinik");
	assert_true (ID_EQUAL (words[0].said_in, said_in));
	assert_int_equal (word_list (office->ledger, &other, office->arena, &words), 0);
	assert_int_equal (NUMBER (office->ledger->sql, -1, "SELECT count (*) FROM word_unread"), 0);
}

static void a_notice_is_kept_as_it_was_signed (void **state)
{
	struct office *office = *state;
	struct letter_id id = { { 4 } }, other = { { 5 } };
	struct notice said = { bytes_of_text ("pernyataan"), { { 6 } } }, kept;
	OWNED (tx) tx = ledger_begin (office->ledger);

	notice_keep (tx, &id, &said);
	assert_ok (tx_commit (tx));
	assert_ok (notice_get (office->ledger, &id, office->arena, &kept));
	assert_true (bytes_equal (kept.statement, said.statement));
	assert_true (ID_EQUAL (kept.signature, said.signature));
	assert_int_equal (notice_get (office->ledger, &other, office->arena, &kept), ERR_NOT_FOUND);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		office_test (a_word_is_found_by_its_letter_and_the_last_one_of_a_kind_counts),
		office_test (receipts_of_an_older_ledger_are_read_once_and_only_about_our_letters),
		office_test (a_notice_is_kept_as_it_was_signed),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
