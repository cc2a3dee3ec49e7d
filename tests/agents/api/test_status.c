/* What the status and the alarms say of the hub's log. */
#include "tests/agents/api/office.h"

#include "agents/ledger/mark.h"
#include "agents/ledger/proof.h"

static json_t *log_of (const struct reply *reply)
{
	assert_int_equal (reply->status, 200);
	return json_object_get (reply->json, "log");
}

static void assert_log (struct office *office, const char *checkpoint, int64_t proved, int64_t unproved)
{
	REPLY reply = ask (office, "GET", "/v1/status", NULL);
	const json_t *log = log_of (&reply);

	assert_string_equal (json_get_text (log, "checkpoint"), checkpoint);
	assert_int_equal (json_get_number (log, "proved", -1), proved);
	assert_int_equal (json_get_number (log, "unproved", -1), unproved);
	assert_int_equal (json_is_null (json_object_get (log, "unproved_since")), unproved == 0);
	assert_int_equal (json_array_size (json_object_get (log, "troubles")), 0);
}

static void the_status_counts_what_the_hub_proved_and_since_when_it_did_not (void **state)
{
	struct office *office = *state;
	struct marks marks;
	struct checkpoint checkpoint;
	const char *note = office_note (office, 9, 1, &checkpoint);
	struct letter_id id = office_letter (office);
	struct proof proof = { .letter = id, .leaf = 3, .at_ms = 5 };
	OWNED (tx) tx = NULL;

	assert_log (office, "", 0, 0);
	tx = ledger_begin (office->ledger);
	marks_get (office->ledger, office->arena, &marks);
	marks.checkpoint = note;
	marks_set (tx, &marks);
	assert_ok (outbox_in_custody (tx, &id, 3, 0, INT64_C (1790000000000)));
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	assert_log (office, note, 0, 1);
	{
		REPLY reply = ask (office, "GET", "/v1/status", NULL);
		const json_t *since = json_object_get (log_of (&reply), "unproved_since");

		assert_string_equal (json_string_value (since), "2026-09-21T14:13:20Z");
	}
	tx = ledger_begin (office->ledger);
	proof.checkpoint = checkpoint_keep (tx, &checkpoint, note, 6, 0);
	proof_keep (tx, &proof);
	assert_ok (tx_commit (tx));
	assert_log (office, note, 1, 0);
}

static void find (struct office *office, enum log_trouble what, const char *shown)
{
	struct trouble trouble = { .what = what, .origin = "uji/hub-uji/01", .size = 41,
				   .other_size = 37, .checkpoint = "a", .other = "b" };
	OWNED (tx) tx = ledger_begin (office->ledger);

	snprintf (trouble.shown.text, sizeof trouble.shown.text, "%s", shown);
	assert_ok (desk_log_found (office->desk, tx, &trouble));
	assert_ok (tx_commit (tx));
}

/* The clinic told us; judged by our post. */
static void hear (struct office *office, enum log_trouble what, const char *shown, bool holds)
{
	struct trouble trouble = { .what = what, .state = TROUBLE_UNJUDGED,
				   .origin = "uji/hub-uji/01", .size = 41, .other_size = 37,
				   .checkpoint = "a", .other = "b", .alarm = "",
				   .reporter = agency ("klinik-uji"), .partner = agency ("klinik-uji") };
	OWNED (tx) tx = ledger_begin (office->ledger);

	snprintf (trouble.shown.text, sizeof trouble.shown.text, "%s", shown);
	assert_true (trouble_add (tx, &trouble));
	assert_ok (desk_log_judged (office->desk, tx, &trouble, holds));
	assert_ok (tx_commit (tx));
}

/* The newest trouble and its alarm say the same. */
static void assert_sentence (struct office *office, const char *alarm, const char *id, const char *en)
{
	REPLY status = ask (office, "GET", "/v1/status", NULL);
	REPLY list = ask (office, "GET", "/v1/alarms", NULL);
	const json_t *first = json_array_get (json_object_get (log_of (&status), "troubles"), 0);
	const json_t *words = json_object_get (first, "words");
	json_t *item;
	size_t i;

	assert_string_equal (json_get_text (first, "alarm"), alarm);
	assert_string_equal (json_get_text (first, "origin"), "uji/hub-uji/01");
	assert_int_equal (json_get_number (first, "size", 0), 41);
	assert_int_equal (json_get_number (first, "other_size", 0), 37);
	assert_string_equal (json_get_text (words, "id"), id);
	assert_string_equal (json_get_text (words, "en"), en);
	json_array_foreach (json_object_get (list.json, "items"), i, item)
		if (strcmp (json_get_text (item, "name"), alarm) == 0) {
			assert_true (json_equal (json_object_get (item, "words"), words));
			return;
		}
	fail_msg ("no alarm %s", alarm);
}

static void close_all (struct office *office)
{
	REPLY list = ask (office, "GET", "/v1/alarms", NULL);
	json_t *item;
	size_t i;

	json_array_foreach (json_object_get (list.json, "items"), i, item) {
		char path[64];

		snprintf (path, sizeof path, "/v1/alarms/%lld/close",
			  (long long)json_get_number (item, "n", 0));
		{
			REPLY closed = ask (office, "POST", path, "{}");

			assert_int_equal (closed.status, 200);
		}
	}
}

#define HUB "uji/hub-uji/01"

static void each_trouble_names_the_log_and_both_sizes_until_its_alarm_is_closed (void **state)
{
	struct office *office = *state;

	find (office, LOG_IS_SPLIT, "klinik-uji");
	assert_sentence (office, "log-split",
			 "hub " HUB " menunjukkan kepada klinik-uji catatan lain (ukuran 37) daripada kepada kita (ukuran 41)",
			 "the hub of " HUB " showed klinik-uji another log (size 37) than us (size 41)");
	find (office, LOG_IS_SHRUNK, "");
	assert_sentence (office, "log-split", "catatan hub " HUB " menyusut dari ukuran 41 menjadi 37",
			 "the hub's log " HUB " shrank from size 41 to 37");
	find (office, LOG_IS_SPLIT, "");
	assert_sentence (office, "log-split",
			 "catatan hub " HUB " saling bertentangan: ukuran 41 dan 37 bukan satu catatan",
			 "the hub's log " HUB " contradicts itself: sizes 41 and 37 are not of one log");
	find (office, LOG_IS_FALSE, "");
	assert_sentence (office, "log-false",
			 "hub " HUB " menunjukkan catatan yang tidak sah (mengaku ukuran 37; yang kita pegang 41)",
			 "the hub of " HUB " showed a log that is not its own (claims size 37; we hold 41)");
	find (office, LOG_IS_RESTARTED, "");
	assert_sentence (office, "log-restarted",
			 "hub memulai catatan baru (ukuran 37); catatan " HUB " berakhir pada ukuran 41",
			 "the hub has begun a new log (size 37); the log " HUB " ended at size 41");
	close_all (office);
	assert_log (office, "", 0, 0);
}

static void what_others_reported_names_them_and_accuses_the_hub_only_when_it_was_proved (void **state)
{
	struct office *office = *state;

	hear (office, LOG_IS_SPLIT, "rs-jauh", true);
	assert_sentence (office, "log-told",
			 "hub " HUB " menunjukkan kepada rs-jauh catatan lain (ukuran 37) daripada kepada klinik-uji (ukuran 41); sudah dibuktikan di sini",
			 "the hub of " HUB " showed rs-jauh another log (size 37) than klinik-uji (size 41); proved here");
	hear (office, LOG_IS_SHRUNK, "", true);
	assert_sentence (office, "log-told",
			 "hub " HUB " menunjukkan kepada klinik-uji catatan yang menyusut (dari ukuran 41 menjadi 37); sudah dibuktikan di sini",
			 "the hub of " HUB " showed klinik-uji a log that shrank (from size 41 to 37); proved here");
	hear (office, LOG_IS_SPLIT, "", false);
	assert_sentence (office, "log-doubtful",
			 "klinik-uji melaporkan masalah pada catatan hub " HUB " (ukuran 41 dan 37), tetapi di sini tidak terbukti",
			 "klinik-uji reports trouble with the hub's log " HUB " (sizes 41 and 37), which does not prove true here");
}

int main (void)
{
#define T(name) cmocka_unit_test_setup_teardown (name, office_setup, office_teardown)
	const struct CMUnitTest tests[] = {
		T (the_status_counts_what_the_hub_proved_and_since_when_it_did_not),
		T (each_trouble_names_the_log_and_both_sizes_until_its_alarm_is_closed),
		T (what_others_reported_names_them_and_accuses_the_hub_only_when_it_was_proved),
	};
#undef T

	return cmocka_run_group_tests (tests, NULL, NULL);
}
