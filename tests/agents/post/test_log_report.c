/* Trouble with the hub's log, told to a coordinator and judged by one. */
#include "tests/agents/post/log.h"

#include "agents/ledger/trouble.h"

static void appoint (struct world *w, const struct agency_id *coordinator)
{
	directory_t *directory;

	w->coordinator = coordinator;
	assert_ok (directory_read (directory_bytes (w, 2), w->directory, &directory));
	take_directory (w, directory);
}

/* ---- who finds it ------------------------------------------------------------------------------ */

/* What the agency puts next, opened with its recipient's key. */
static struct letter letter_put (struct world *w, struct frame *ret_put)
{
	struct letter letter;
	struct header header;
	struct sealed sealed;

	*ret_put = hub_hears (w, FRAME_PUT);
	assert_ok (header_decode (ret_put->put.h, &header));
	assert_true (agency_id_equal (&header.to, &w->partner));
	assert_ok (envelope_open (&header, ret_put->put.h, ret_put->put.c, &w->partner_box, 1, w->arena,
				  &sealed));
	assert_ok (letter_decode (sealed.s, w->arena, &letter));
	return letter;
}

/* The hub shows 5 leaves of history A, later 20 of history B. */
static void show_two_histories (struct world *w, struct log *before, struct log *after)
{
	struct frame asked;

	log_fill (before, 'A', 5);
	log_fill (after, 'B', 20);
	welcome_with (w, note_of (w, before, 5));
	hub_hangs_up (w, ERR_OK);
	welcome_with (w, note_of (w, after, 20));
	asked = hub_hears (w, FRAME_PROOF_GET);
	answer_only (w, &asked, after);
}

static void what_is_found_is_reported_once_with_both_checkpoints (void **state)
{
	struct world *w = *state;
	struct log before, after;
	struct letter letter;
	struct frame put, asked;

	appoint (w, &w->partner);
	show_two_histories (w, &before, &after);
	letter = letter_put (w, &put);
	assert_string_equal (letter.kind, "log.report");
	assert_int_equal (letter.body, BODY_LOG_REPORT);
	assert_int_equal (letter.log_report.trouble, LOG_IS_SPLIT);
	assert_string_equal (letter.log_report.checkpoint, note_of (w, &before, 5));
	assert_string_equal (letter.log_report.other, note_of (w, &after, 20));
	assert_string_equal (letter.log_report.shown.text, "");
	hub_takes (w, &put);
	/* The next session shows the same again. */
	hub_hangs_up (w, ERR_OK);
	clock_turn (20 * MINUTE_MS);
	welcome_with (w, note_of (w, &after, 20));
	asked = hub_hears (w, FRAME_PROOF_GET);
	answer (w, &asked, &after);
	assert_int_equal (hub_hears_within (w, 100).type, 0);
}

/* Who oversees two groups of agencies stands in two rows of the directory, and hears of it once. */
static void a_coordinator_of_two_rows_is_told_once (void **state)
{
	struct world *w = *state;
	struct log before, after;
	struct outbox_counts counts;
	struct frame put;

	w->oversight_rows = 2;
	appoint (w, &w->partner);
	show_two_histories (w, &before, &after);
	assert_string_equal (letter_put (w, &put).kind, "log.report");
	hub_takes (w, &put);
	counts = outbox_counts (w->ledger);
	assert_int_equal (counts.in_custody, 1);
	assert_int_equal (counts.written + counts.sealed, 0);
}

static void nobody_is_told_where_there_is_no_coordinator (void **state)
{
	struct world *w = *state;
	struct log before, after;

	show_two_histories (w, &before, &after);
	assert_int_equal (hub_hears_within (w, 100).type, 0);
	assert_true (rings (w, "log-split", &w->partner));
}

/* The newest that an alarm tells of. */
static struct trouble trouble_at (struct world *w, const char *alarm, const char *partner)
{
	struct agency_id who = { "" };
	struct trouble trouble;

	snprintf (who.text, sizeof who.text, "%s", partner);
	assert_ok (trouble_of_alarm (w->ledger, alarm, &who, w->arena, &trouble));
	return trouble;
}

static void each_kind_of_trouble_keeps_log_and_sizes (void **state)
{
	struct world *w = *state;
	OWNED (keypair) stranger = keypair_new (KEY_LOG);
	keypair_t *real = w->hub_log;
	struct trouble trouble;
	struct log log;
	char origin[128], store[UUID_TEXT];

	snprintf (origin, sizeof origin, "bengkulu/hub-uji/%s", uuid_text (w->hub_store.b, store));
	log_fill (&log, 'A', 9);
	welcome_with (w, note_of (w, &log, 9));
	hub_hangs_up (w, ERR_OK);
	welcome_with (w, note_of (w, &log, 4));
	settle (w);
	trouble = trouble_at (w, "log-split", "");
	assert_int_equal (trouble.what, LOG_IS_SHRUNK);
	assert_string_equal (trouble.origin, origin);
	assert_int_equal (trouble.size, 9);
	assert_int_equal (trouble.other_size, 4);
	hub_hangs_up (w, ERR_OK);
	w->hub_log = stranger;
	welcome_with (w, note_of (w, &log, 7));
	w->hub_log = real;
	settle (w);
	trouble = trouble_at (w, "log-false", "");
	assert_string_equal (trouble.origin, origin);
	assert_int_equal (trouble.size, 9);
	assert_int_equal (trouble.other_size, 7);
	hub_hangs_up (w, ERR_OK);
	random16_make (w->hub_store.b);
	welcome_with (w, note_of (w, &log, 2));
	settle (w);
	trouble = trouble_at (w, "log-restarted", "");
	assert_int_equal (trouble.what, LOG_IS_RESTARTED);
	assert_string_equal (trouble.origin, origin);
	assert_int_equal (trouble.size, 9);
	assert_int_equal (trouble.other_size, 2);
}

/* ---- a coordinator ----------------------------------------------------------------------------- */

/* The partner's report, number `dseq`, about these two notes. */
static void report (struct world *w, uint64_t dseq, enum log_trouble trouble, const char *checkpoint,
		    const char *other)
{
	struct letter letter = partners_letter (w->partner_sig, 2);
	struct frame frame, receipt;

	letter.kind = "log.report";
	letter.body = BODY_LOG_REPORT;
	letter.log_report.trouble = trouble;
	letter.log_report.checkpoint = checkpoint;
	letter.log_report.other = other;
	frame = deliver_letter (w, dseq, w->partner_sig, &letter);
	hub_say (w, &frame);
	hub_hears (w, FRAME_STORED);
	receipt = hub_hears (w, FRAME_PUT);
	hub_takes (w, &receipt);
	clock_turn (MINUTE_MS);   /* past the pause between questions */
}

/* The agency is the coordinator, and was shown 12 leaves of history A. */
static void coordinate (struct world *w, struct log *log)
{
	appoint (w, &w->self);
	log_fill (log, 'A', 12);
	welcome_with (w, note_of (w, log, 12));
}

static void assert_rings (struct world *w, const char *alarm, bool asked_hub)
{
	const char *other = strcmp (alarm, "log-told") == 0 ? "log-doubtful" : "log-told";
	struct agency_id partner = { "" };

	if (!asked_hub)
		assert_int_equal (hub_hears_within (w, 100).type, 0);
	assert_true (rings (w, alarm, &partner));
	assert_string_equal (partner.text, w->partner.text);
	assert_false (rings (w, other, &partner));
	assert_false (rings (w, "log-split", &partner));
}

static void two_roots_of_one_size_need_no_question (void **state)
{
	struct world *w = *state;
	struct log log, other;

	coordinate (w, &log);
	log_fill (&other, 'B', 9);
	report (w, 1, LOG_IS_SPLIT, note_of (w, &log, 9), note_of (w, &other, 9));
	assert_rings (w, "log-told", false);
}

static void a_hub_that_cannot_make_one_tree_of_two_sizes_is_accused (void **state)
{
	struct world *w = *state;
	struct log log, other;
	struct frame asked;

	coordinate (w, &log);
	log_fill (&other, 'B', 7);
	report (w, 1, LOG_IS_SPLIT, note_of (w, &log, 9), note_of (w, &other, 7));
	asked = hub_hears (w, FRAME_PROOF_GET);
	assert_int_equal (asked.proof_get.from_size, 7);
	assert_int_equal (asked.proof_get.to_size, 9);
	answer (w, &asked, &log);
	assert_rings (w, "log-told", true);
	assert_string_equal (trouble_at (w, "log-told", w->partner.text).other, note_of (w, &other, 7));
}

static void an_invented_split_accuses_its_writer_alone (void **state)
{
	struct world *w = *state;
	struct log log;
	struct frame asked;

	coordinate (w, &log);
	report (w, 1, LOG_IS_SPLIT, note_of (w, &log, 9), note_of (w, &log, 12));
	assert_false (rings (w, "log-doubtful", &(struct agency_id){ "" }));
	asked = hub_hears (w, FRAME_PROOF_GET);
	answer (w, &asked, &log);
	assert_rings (w, "log-doubtful", true);
	/* It does not keep a true one from being heard later. */
	log_fill (&log, 'B', 9);
	report (w, 2, LOG_IS_SPLIT, note_of (w, &log, 8), note_of (w, &log, 9));
	hub_hears (w, FRAME_PROOF_GET);
}

static void a_note_that_the_hub_did_not_sign_accuses_its_writer_alone (void **state)
{
	struct world *w = *state;
	OWNED (keypair) own = keypair_new (KEY_LOG);
	keypair_t *real = w->hub_log;
	const char *true_note, *made_up;
	struct log log, other;

	coordinate (w, &log);
	log_fill (&other, 'B', 9);
	true_note = note_of (w, &log, 9);
	w->hub_log = own;
	made_up = note_of (w, &other, 9);
	w->hub_log = real;
	report (w, 1, LOG_IS_SPLIT, true_note, made_up);
	assert_rings (w, "log-doubtful", false);
	assert_string_equal (trouble_at (w, "log-doubtful", w->partner.text).origin,
			     strtok (strdupa (true_note), "\n"));
}

static void a_false_checkpoint_is_only_its_writers_word (void **state)
{
	struct world *w = *state;
	struct log log;

	coordinate (w, &log);
	report (w, 1, LOG_IS_FALSE, note_of (w, &log, 9), "bengkulu/hub-uji/entah\n5\nAA==\n\n");
	assert_rings (w, "log-doubtful", false);
}

static void a_hub_that_never_answers_leaves_it_doubtful (void **state)
{
	struct world *w = *state;
	struct frame busy = { .type = FRAME_PROOF };
	struct log log, other;

	coordinate (w, &log);
	log_fill (&other, 'B', 7);
	report (w, 1, LOG_IS_SPLIT, note_of (w, &log, 9), note_of (w, &other, 7));
	hub_hears (w, FRAME_PROOF_GET);
	busy.proof.put_off = true;
	busy.proof.checkpoint = "";
	hub_say (w, &busy);
	settle (w);
	assert_false (rings (w, "log-doubtful", &(struct agency_id){ "" }));
	clock_turn (25 * HOUR_MS);
	settle (w);
	assert_rings (w, "log-doubtful", false);
}

static void a_new_log_is_told_of_once_however_many_tell (void **state)
{
	struct world *w = *state;
	struct store_id old = w->hub_store, new;
	struct agency_id partner;
	const char *last, *ours, *first;
	struct log log, next;

	coordinate (w, &log);
	ours = note_of (w, &log, 12);
	last = note_of (w, &log, 11);
	hub_hangs_up (w, ERR_OK);
	random16_make (new.b);
	w->hub_store = new;
	log_fill (&next, 'C', 2);
	first = note_of (w, &next, 2);
	welcome_with (w, first);
	settle (w);
	assert_string_equal (trouble_at (w, "log-restarted", "").checkpoint, ours);
	report (w, 1, LOG_IS_RESTARTED, last, first);
	assert_false (rings (w, "log-told", &(struct agency_id){ "" }));
	assert_false (rings (w, "log-doubtful", &(struct agency_id){ "" }));
	/* Of another log nobody here knew: a log that ended before. */
	random16_make (w->hub_store.b);
	last = note_of (w, &log, 3);
	w->hub_store = old;
	report (w, 2, LOG_IS_RESTARTED, last, first);
	assert_true (rings (w, "log-restarted", &partner));
	assert_string_equal (partner.text, w->partner.text);
	assert_false (rings (w, "log-told", &partner));
	w->hub_store = new;
}

static void an_agency_that_is_no_coordinator_refuses_reports (void **state)
{
	struct world *w = *state;
	struct trouble trouble;
	struct log log, other;

	log_fill (&log, 'A', 12);
	log_fill (&other, 'B', 9);
	welcome_with (w, note_of (w, &log, 12));
	report (w, 1, LOG_IS_SPLIT, note_of (w, &log, 9), note_of (w, &other, 9));
	assert_false (rings (w, "log-told", &(struct agency_id){ "" }));
	assert_int_equal (stored_count (w, INBOX_APPLIED), 0);
	assert_int_equal (trouble_unjudged (w->ledger, w->arena, &trouble), ERR_NOT_FOUND);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		world_test (what_is_found_is_reported_once_with_both_checkpoints),
		world_test (a_coordinator_of_two_rows_is_told_once),
		world_test (nobody_is_told_where_there_is_no_coordinator),
		world_test (each_kind_of_trouble_keeps_log_and_sizes),
		world_test (two_roots_of_one_size_need_no_question),
		world_test (a_hub_that_cannot_make_one_tree_of_two_sizes_is_accused),
		world_test (an_invented_split_accuses_its_writer_alone),
		world_test (a_note_that_the_hub_did_not_sign_accuses_its_writer_alone),
		world_test (a_false_checkpoint_is_only_its_writers_word),
		world_test (a_hub_that_never_answers_leaves_it_doubtful),
		world_test (a_new_log_is_told_of_once_however_many_tell),
		world_test (an_agency_that_is_no_coordinator_refuses_reports),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
