/*
 * What is given back, and what it does: every state in which a letter can be, at the agency that is asked
 * (it gives the letter or not) and at the one that is given it.
 */
#include "tests/agents/desk/fixture.h"

#include "agents/ledger/sql.h"
#include "agents/ledger/store.h"

#define LAST_OUT OUTBOX_RECALLED
#define LAST_IN INBOX_ERASED

/* ---- states ------------------------------------------------------------------------------------- */

static void set_out (struct network *net, int office, const struct letter_id *id,
		     enum outbox_state state)
{
	OWNED (tx) tx = ledger_begin (net->office[office].ledger);

	assert_int_equal (RUN (tx_sql (tx), "UPDATE outbox SET state = ?2 WHERE id = ?1", ID (*id),
			       INT (state)), 1);
	assert_ok (tx_commit (tx));
}

static void set_in (struct network *net, int office, int from, const struct letter_id *id,
		    enum inbox_state state)
{
	OWNED (tx) tx = ledger_begin (net->office[office].ledger);

	inbox_set_state (tx, &net->office[from].id, id, state, ERR_OK);
	assert_ok (tx_commit (tx));
}

static enum outbox_state out_state (struct network *net, int office, const struct letter_id *id)
{
	struct outbox_row row;

	assert_ok (outbox_get (net->office[office].ledger, id, net->arena, &row));
	return row.state;
}

static struct inbox_row in_row (struct network *net, int office, int from,
				const struct letter_id *id)
{
	struct inbox_row row;

	assert_ok (inbox_get (net->office[office].ledger, &net->office[from].id, id, net->arena, &row));
	return row;
}

/* The hash of its header as this ledger remembers it is another one. */
static void remember_otherwise (struct network *net, int office, const char *change,
				const struct letter_id *id)
{
	OWNED (tx) tx = ledger_begin (net->office[office].ledger);

	assert_int_equal (RUN (tx_sql (tx), change, ID (*id)), 1);
	assert_ok (tx_commit (tx));
}

/* ---- one letter each way ------------------------------------------------------------------------ */

struct pair_of {
	struct thread_id thread;
	struct letter_id request, answer;    /* PESONA's, stored at CLINIC; and CLINIC's */
};

static struct pair_of two_letters (struct network *net)
{
	struct pair_of pair = { .thread = open_referral (net) };
	struct outbox_row *rows;

	pair.request = thread_at (net, PESONA, &pair.thread).request;
	assert_ok (say (net, CLINIC, &pair.thread, "referral.accept"));
	network_run (net);
	assert_int_equal (outbox_by_thread (net->office[CLINIC].ledger, &pair.thread, net->arena,
					    &rows), 1);
	pair.answer = rows[0].id;
	return pair;
}

static struct letter machine_letter (const char *kind, enum letter_body body)
{
	return (struct letter){ .kind = kind, .kind_version = 1, .from_user = "", .from_role = "",
				.to_role = "", .purpose = "", .rule = { "", "", "", "" },
				.checkpoint = "", .basis = BASIS_NO_DATA,
				.created_ms = clock_now_ms (), .body = body };
}

static void send (struct network *net, int from, int to, const struct letter *letter)
{
	struct flight flight = network_forge (net, from, to, letter, clock_now_ms () + DAY_MS);

	network_give (net, &flight);
}

/* ---- who is asked ------------------------------------------------------------------------------- */

/* Everything that either of them ever counted. */
static size_t hold_all (struct network *net, struct held held[2 * CLASS_COUNT])
{
	static const int offices[] = { PESONA, CLINIC };
	size_t count = 0;

	for (size_t i = 0; i < COUNT_OF (offices); i++)
		for (int class = CLASS_STAT; class < CLASS_COUNT; class++)
			held[count++] = (struct held){
				ledger_store_id (net->office[offices[i]].ledger),
				(enum letter_class)class, 1000 };
	return count;
}

/* PESONA says that it was restored, each time anew, and that it holds all or nothing. */
static void ask (struct network *net, bool holds)
{
	static uint8_t times;
	struct letter resume = machine_letter ("ledger.resume", BODY_LEDGER_RESUME);
	struct held held[2 * CLASS_COUNT];

	resume.resume.store_id.b[0] = 9;
	resume.resume.store_id.b[1] = ++times;
	resume.pair.store_id = resume.resume.store_id;
	resume.pair.n = 1;
	resume.resume.held = held;
	resume.resume.held_count = holds ? hold_all (net, held) : 0;
	clock_turn (HOUR_MS);        /* it answers once in ten minutes */
	send (net, PESONA, CLINIC, &resume);
	tick (net, CLINIC);
}

/* Whether this letter is among what CLINIC has written. */
static bool is_given (struct network *net, const struct letter_id *id)
{
	struct outbox_row *rows;
	size_t count = outbox_due (net->office[CLINIC].ledger, clock_now_ms () + 1, 100, net->arena,
				   &rows);
	struct letter letter;
	struct header header;
	bool found = false;

	for (size_t i = 0; i < count; i++)
		if (strcmp (rows[i].kind, "letter.again") == 0 &&
		    letter_decode (rows[i].draft, net->arena, &letter) == ERR_OK &&
		    letter.again.h.len > 0 &&
		    header_decode (letter.again.h, &header) == ERR_OK)
			found = found || ID_EQUAL (header.id, *id);
	return found;
}

/* Nobody gets it. */
static void throw_away (struct network *net, int office)
{
	struct flight flights[64];

	while (network_take (net, office, flights, COUNT_OF (flights)) > 0)
		;
}

/* What of its own the recipient has, by its own word; the rest is on its way or has ended. */
static void a_letter_of_ours_is_given_back_when_it_was_stored_there (void **state)
{
	struct network *net = *state;
	struct pair_of pair = two_letters (net);

	for (int at = OUTBOX_WRITTEN; at <= LAST_OUT; at++)
		for (int holds = 0; holds < 2; holds++) {
			set_out (net, CLINIC, &pair.answer, (enum outbox_state)at);
			ask (net, holds);
			if (is_given (net, &pair.answer) != (at == OUTBOX_STORED && !holds))
				fail_msg ("%s, the asker %s it", outbox_state_name ((enum outbox_state)at),
					  holds ? "holds" : "lacks");
			set_out (net, CLINIC, &pair.answer, OUTBOX_STORED);
			throw_away (net, CLINIC);
		}
}

/* Whatever became of it here: it is the asker's own text. */
static void a_letter_of_the_askers_is_given_back_as_long_as_its_text_is_here (void **state)
{
	struct network *net = *state;
	struct pair_of pair = two_letters (net);

	for (int at = INBOX_APPLIED; at <= LAST_IN; at++)
		for (int holds = 0; holds < 2; holds++) {
			set_in (net, CLINIC, PESONA, &pair.request, (enum inbox_state)at);
			ask (net, holds);
			if (is_given (net, &pair.request) == holds)
				fail_msg ("%s, the asker %s it", inbox_state_name ((enum inbox_state)at),
					  holds ? "holds" : "lacks");
			throw_away (net, CLINIC);
		}
}

static void without_its_text_nothing_is_given (void **state)
{
	struct network *net = *state;
	struct pair_of pair = two_letters (net);
	OWNED (tx) tx = ledger_begin (net->office[CLINIC].ledger);

	inbox_erase_body (tx, &net->office[PESONA].id, &pair.request);
	assert_ok (tx_commit (tx));
	ask (net, false);
	assert_false (is_given (net, &pair.request));
	assert_true (is_given (net, &pair.answer));
}

/* ---- who is given it ---------------------------------------------------------------------------- */

static void give (struct network *net, int from, int to, const struct sealed *sealed)
{
	struct letter again = machine_letter ("letter.again", BODY_LETTER_AGAIN);

	again.again.h = sealed->h;
	again.again.s = sealed->s;
	again.again.sig = sealed->sig;
	again.again.stored_ms = clock_now_ms () - HOUR_MS;
	send (net, from, to, &again);
}

static struct sealed evidence (struct network *net, int office, const struct letter_id *id)
{
	struct sealed sealed;

	assert_ok (outbox_evidence (net->office[office].ledger, id, net->arena, &sealed));
	return sealed;
}

/* Its recipient has it, so it is stored there, whatever the hub had said of it. */
static void a_letter_of_our_own_that_is_given_back_is_stored (void **state)
{
	struct network *net = *state;
	struct pair_of pair = two_letters (net);
	struct sealed sealed = evidence (net, PESONA, &pair.request);
	struct outbox_row *rows;

	for (int at = OUTBOX_WRITTEN; at <= LAST_OUT; at++)
		for (int other = 0; other < 2; other++) {
			set_out (net, PESONA, &pair.request, (enum outbox_state)at);
			if (other)
				remember_otherwise (net, PESONA, "UPDATE outbox SET header_hash ="
						    " zeroblob (32) WHERE id = ?1", &pair.request);
			give (net, CLINIC, PESONA, &sealed);
			assert_int_equal (out_state (net, PESONA, &pair.request), OUTBOX_STORED);
			sealed.header_hash = header_hash (sealed.h);
			assert_true (ID_EQUAL (evidence (net, PESONA, &pair.request).header_hash,
					       sealed.header_hash));
			assert_string_equal (state_at (net, PESONA, &pair.thread), "accepted");
			assert_int_equal (outbox_by_thread (net->office[PESONA].ledger, &pair.thread,
							    net->arena, &rows), 1);
			throw_away (net, PESONA);
		}
}

/* How many receipts of this letter wait to go to its writer. */
static bool receipts_due (struct network *net, int office, const struct letter_id *id)
{
	struct outbox_row *rows;
	size_t count = outbox_due (net->office[office].ledger, clock_now_ms () + 1, 100, net->arena,
				   &rows);
	struct letter letter;

	for (size_t i = 0; i < count; i++) {
		if (strcmp (rows[i].kind, "letter.receipts") != 0 ||
		    letter_decode (rows[i].draft, net->arena, &letter) != ERR_OK)
			continue;
		for (size_t k = 0; k < letter.receipt_count; k++)
			if (ID_EQUAL (letter.receipts[k].id, *id))
				return true;
	}
	return false;
}

/* It is a duplicate: nothing moves, and its writer hears again what was said of it. */
static void a_letter_that_is_here_in_any_state_stays_in_it (void **state)
{
	struct network *net = *state;
	struct pair_of pair = two_letters (net);
	struct sealed sealed = evidence (net, PESONA, &pair.request);

	for (int at = INBOX_APPLIED; at <= LAST_IN; at++) {
		set_in (net, CLINIC, PESONA, &pair.request, (enum inbox_state)at);
		throw_away (net, CLINIC);
		give (net, PESONA, CLINIC, &sealed);
		assert_int_equal (in_row (net, CLINIC, PESONA, &pair.request).state, at);
		assert_true (receipts_due (net, CLINIC, &pair.request));
		assert_string_equal (state_at (net, CLINIC, &pair.thread), "accepted");
	}
	assert_false (alarm_at (net, CLINIC, "equivocation"));
}

/* Two letters under one number, both rightly signed: somebody's doing, whatever became of the first. */
static void another_letter_under_its_number_is_refused_in_any_state (void **state)
{
	struct network *net = *state;
	struct pair_of pair = two_letters (net);
	struct sealed sealed = evidence (net, PESONA, &pair.request);

	remember_otherwise (net, CLINIC,
			    "UPDATE inbox SET header_hash = zeroblob (32) WHERE id = ?1", &pair.request);
	for (int at = INBOX_APPLIED; at <= LAST_IN; at++) {
		set_in (net, CLINIC, PESONA, &pair.request, (enum inbox_state)at);
		assert_int_equal (alarm_at (net, CLINIC, "equivocation"), at > INBOX_APPLIED);
		give (net, PESONA, CLINIC, &sealed);
		assert_true (alarm_at (net, CLINIC, "equivocation"));
		assert_int_equal (in_row (net, CLINIC, PESONA, &pair.request).state, at);
		assert_string_equal (state_at (net, CLINIC, &pair.thread), "accepted");
	}
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		network_test (a_letter_of_ours_is_given_back_when_it_was_stored_there),
		network_test (a_letter_of_the_askers_is_given_back_as_long_as_its_text_is_here),
		network_test (without_its_text_nothing_is_given),
		network_test (a_letter_of_our_own_that_is_given_back_is_stored),
		network_test (a_letter_that_is_here_in_any_state_stays_in_it),
		network_test (another_letter_under_its_number_is_refused_in_any_state),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
