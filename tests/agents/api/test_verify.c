/*
 * Damages of a ledger as people read of them: each is made in a whole ledger, and verify names it with a
 * sentence.  Those of a referral's own letters are in tests/stories/test_evidence.py.
 */
#include "tests/agents/api/office.h"

#include "agents/ledger/proof.h"
#include "agents/ledger/store.h"
#include "jembatan/frame.h"

static struct reply verified (struct office *office)
{
	struct reply reply = ask (office, "POST", "/v1/verify", "{}");

	for (unsigned i = 0; i < 1000 && json_get_flag (reply.json, "running", true); i++) {
		reply_free (&reply);
		reply = ask (office, "GET", "/v1/verify", NULL);
	}
	assert_int_equal (reply.status, 200);
	return reply;
}

static void assert_whole (struct office *office)
{
	REPLY reply = verified (office);

	if (!json_get_flag (reply.json, "ok", false))
		fail_msg ("%s", reply.body);
}

static void change (struct office *office, const char *script)
{
	sql_script (office->ledger->sql, script);
	assert_ok (sql_err (office->ledger->sql));
}

/* One damage, of this kind, in these words.  `%s` stands for the letter, or a checkpoint's number. */
static void assert_damage (struct office *office, const char *what, const char *name, const char *id,
			   const char *en)
{
	REPLY reply = verified (office);
	const json_t *list = json_object_get (reply.json, "findings");
	const json_t *found = json_array_get (list, 0);

	assert_false (json_get_flag (reply.json, "ok", true));
	assert_int_equal (json_array_size (list), 1);
	assert_string_equal (json_get_text (found, "what"), what);
	assert_string_equal (json_get_text (found, "message_id"),
			     arena_printf (office->arena, id, name));
	assert_string_equal (json_get_text (found, "message_en"),
			     arena_printf (office->arena, en, name));
}

static const char *text_of_id (struct office *office, const struct letter_id *id)
{
	char text[UUID_TEXT];

	return arena_printf (office->arena, "%s", uuid_text (id->b, text));
}

static void a_letter_that_would_be_put_again_with_other_bytes_is_named (void **state)
{
	struct office *office = *state;
	struct letter_id id = office_letter (office);

	assert_whole (office);
	change (office, "UPDATE outbox_bytes SET c = CAST (substr (c, 1, length (c) - 1) ||"
			" CASE hex (substr (c, -1)) WHEN '00' THEN x'01' ELSE x'00' END AS BLOB)");
	assert_damage (office, "sealed", text_of_id (office, &id),
		       "surat %s tidak lagi seperti saat disegel; salin dahulu folder data apa adanya, lalu "
		       "pulihkan dari cadangan",
		       "letter %s is no longer as it was sealed; copy the data folder as it is, then restore a "
		       "backup");
}

/* The hub's signed word that it expired. */
static void let_expire (struct office *office, const struct letter_id *id)
{
	struct non_delivery word = { .id = *id, .from = agency ("ipwl-uji"),
				     .to = agency ("klinik-uji"), .reason = ERR_EXPIRED,
				     .at_ms = clock_now_ms (), .hub = "hub-uji" };
	OWNED (tx) tx = ledger_begin (office->ledger);
	struct outbox_row row;
	struct notice notice;

	assert_ok (outbox_get (office->ledger, id, office->arena, &row));
	word.header_hash = row.header_hash;
	notice.statement = non_delivery_encode (&word, office->arena);
	notice.signature = sign_parts (office->hub_log, NOTICE_DOMAIN, notice.statement, BYTES_NONE,
				       BYTES_NONE);
	assert_ok (desk_non_delivery (office->desk, tx, id, &row.header_hash, ERR_EXPIRED, word.at_ms,
				      &notice));
	assert_ok (tx_commit (tx));
}

static void a_notice_that_the_hub_did_not_sign_so_is_named (void **state)
{
	static const char id_words[] = "pemberitahuan hub tentang surat %s tidak sah; salin dahulu folder "
				       "data apa adanya, lalu pulihkan dari cadangan";
	static const char en_words[] = "the hub's notice about letter %s is not valid; copy the data folder "
				       "as it is, then restore a backup";
	struct office *office = *state;
	struct letter_id one = office_letter (office), other = office_letter (office);

	let_expire (office, &one);
	let_expire (office, &other);
	assert_whole (office);
	/* Rightly signed, and about another letter. */
	change (office, "CREATE TEMP TABLE kept AS SELECT * FROM notice;"
			"UPDATE notice SET (statement, signature) = (SELECT statement, signature FROM kept"
			" ORDER BY letter LIMIT 1) WHERE letter = (SELECT max (letter) FROM notice)");
	assert_damage (office, "notice",
		       text_of_id (office, memcmp (one.b, other.b, sizeof one.b) > 0 ? &one : &other),
		       id_words, en_words);
	change (office, "DELETE FROM notice; INSERT INTO notice SELECT * FROM kept;"
			"UPDATE notice SET signature = CAST (x'00' || substr (signature, 2) AS BLOB)"
			" WHERE letter = (SELECT min (letter) FROM notice)");
	assert_damage (office, "notice",
		       text_of_id (office, memcmp (one.b, other.b, sizeof one.b) > 0 ? &other : &one),
		       id_words, en_words);
}

static void two_histories_are_named_even_when_the_note_of_it_was_taken_away (void **state)
{
	static const char id_words[] = "titik periksa %s bertentangan dengan yang lain: hub menunjukkan dua "
				       "sejarah; beri tahu pendaftar";
	static const char en_words[] = "checkpoint %s contradicts another: the hub showed two histories; tell "
				       "the registrar";
	struct office *office = *state;
	struct checkpoint one, other, later;
	const char *notes[] = { office_note (office, 9, 1, &one), office_note (office, 9, 2, &other),
				office_note (office, 12, 3, &later) };
	OWNED (tx) tx = ledger_begin (office->ledger);
	uint64_t first = checkpoint_keep (tx, &one, notes[0], 1, 0);

	checkpoint_keep (tx, &later, notes[2], 2, 0);
	assert_ok (tx_commit (tx));
	assert_whole (office);
	tx_destroy (&tx);
	tx = ledger_begin (office->ledger);
	assert_int_equal (checkpoint_keep (tx, &other, notes[1], 3, first), 3);
	assert_ok (tx_commit (tx));
	assert_damage (office, "log-split", "3", id_words, en_words);
	change (office, "UPDATE checkpoint SET against = 0");
	assert_damage (office, "log-split", "3", id_words, en_words);
	/* Of two sizes, only the ledger's word tells that they are not of one tree. */
	change (office, "DELETE FROM checkpoint WHERE n = 3");
	assert_whole (office);
	change (office, "UPDATE checkpoint SET against = 1 WHERE n = 2");
	assert_damage (office, "log-split", "2", id_words, en_words);
}

int main (void)
{
#define T(name) cmocka_unit_test_setup_teardown (name, office_setup, office_teardown)
	const struct CMUnitTest tests[] = {
		T (a_letter_that_would_be_put_again_with_other_bytes_is_named),
		T (a_notice_that_the_hub_did_not_sign_so_is_named),
		T (two_histories_are_named_even_when_the_note_of_it_was_taken_away),
	};
#undef T

	return cmocka_run_group_tests (tests, NULL, NULL);
}
