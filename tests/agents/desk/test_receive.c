/* What a desk does with letters that come twice, too early, too late, damaged or
 * uncovered. */
#include "tests/agents/desk/fixture.h"

static struct flight take_one (struct network *net, int from)
{
	struct flight flights[8];

	assert_int_equal (network_take (net, from, flights, COUNT_OF (flights)), 1);
	return flights[0];
}

/* A request that has left and not yet arrived. */
static struct flight request_on_its_way (struct network *net,
					 struct thread_id *ret_thread)
{
	struct person_id person =
		take_in (net, PESONA, "Dimas Verdana", "1771011403990001");
	struct outcome outcome;

	consent (net, PESONA, &person, "klinik-harapan", "treatment", "health,identity");
	assert_ok (refer (net, PESONA, &person, CLINIC, &outcome));
	*ret_thread = outcome.thread;
	return take_one (net, PESONA);
}

static struct letter letter_from (struct network *net, int from, const char *kind)
{
	return (struct letter){
		.kind = kind,
		.kind_version = 1,
		.sig_key_id = keypair_id (net->office[from].sig),
		.from_user = "",
		.from_role = "",
		.to_role = "",
		.created_ms = clock_now_ms (),
		.purpose = "",
		.rule = { "", "", "", "" },
		.checkpoint = "",
	};
}

static int64_t in_a_week (void)
{
	return clock_now_ms () + 7 * DAY_MS;
}

/* ---- order ---------------------------------------------------------------------- */

static void events_that_come_in_any_order_are_applied_in_theirs (void **state)
{
	static const size_t order[] = { 2, 0, 3, 1 };
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct flight flights[4];

	assert_ok (say (net, CLINIC, &thread, "referral.accept"));
	assert_ok (say (net, CLINIC, &thread, "arrival.confirm"));
	assert_ok (say (net, CLINIC, &thread, "service.start"));
	assert_ok (say (net, CLINIC, &thread, "service.complete"));
	assert_int_equal (network_take (net, CLINIC, flights, 4), 4);
	network_give (net, &flights[order[0]]);
	assert_string_equal (state_at (net, PESONA, &thread), "requested");
	assert_int_equal (inbox_count (net, PESONA, INBOX_PARKED), 1);
	for (size_t i = 1; i < 4; i++)
		network_give (net, &flights[order[i]]);
	assert_string_equal (state_at (net, PESONA, &thread), "completed");
	assert_int_equal (inbox_count (net, PESONA, INBOX_PARKED), 0);
	assert_int_equal (thread_at (net, PESONA, &thread).rev, 4);
}

static void an_event_before_its_time_is_receipted_at_once (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct flight flights[2];
	struct outbox_row row;

	assert_ok (say (net, CLINIC, &thread, "referral.accept"));
	assert_ok (say (net, CLINIC, &thread, "arrival.confirm"));
	assert_int_equal (network_take (net, CLINIC, flights, 2), 2);
	network_give (net, &flights[1]);
	network_run (net);
	assert_ok (outbox_get (net->office[CLINIC].ledger, &flights[1].id, net->arena,
			       &row));
	assert_int_equal (row.state, OUTBOX_STORED);
}

static void a_letter_before_its_request_waits_and_is_then_applied (void **state)
{
	struct network *net = *state;
	struct thread_id thread;
	struct flight request = request_on_its_way (net, &thread), cancel;

	assert_ok (say (net, PESONA, &thread, "referral.cancel"));
	cancel = take_one (net, PESONA);
	network_give (net, &cancel);
	assert_int_equal (inbox_count (net, CLINIC, INBOX_ORPHAN), 1);
	network_give (net, &request);
	assert_int_equal (inbox_count (net, CLINIC, INBOX_ORPHAN), 0);
	assert_string_equal (state_at (net, CLINIC, &thread), "cancelled");
	network_run (net);
	assert_string_equal (state_at (net, PESONA, &thread), "cancelled");
}

static void an_orphan_is_shown_after_a_day (void **state)
{
	struct network *net = *state;
	struct thread_id thread;
	struct flight cancel;

	request_on_its_way (net, &thread);
	assert_ok (say (net, PESONA, &thread, "referral.cancel"));
	cancel = take_one (net, PESONA);
	network_give (net, &cancel);
	tick (net, CLINIC);
	assert_false (alarm_at (net, CLINIC, "orphan"));
	clock_turn (25 * HOUR_MS);
	tick (net, CLINIC);
	assert_true (alarm_at (net, CLINIC, "orphan"));
	clock_turn (-25 * HOUR_MS);
}

static void an_unknown_event_takes_its_turn (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct letter letter = letter_from (net, CLINIC, "service.surprise");
	struct flight unknown, after;

	letter.thread = thread;
	letter.rev = 1;
	unknown = network_forge (net, CLINIC, PESONA, &letter, in_a_week ());
	letter = letter_from (net, CLINIC, "service.fail");
	letter.thread = thread;
	letter.rev = 2;
	letter.body = BODY_ANSWERS;
	letter.answers = &(struct answer){ .field = "reason-code",
					   .type = ANSWER_CODE,
					   .text = "unreachable",
					   .system = "",
					   .display = "",
					   .unit = "" };
	letter.answer_count = 1;
	after = network_forge (net, CLINIC, PESONA, &letter, in_a_week ());
	network_give (net, &after);
	assert_string_equal (state_at (net, PESONA, &thread), "requested");
	network_give (net, &unknown);
	assert_int_equal (inbox_count (net, PESONA, INBOX_UNKNOWN), 1);
	assert_true (alarm_at (net, PESONA, "update-needed"));
	/* The performer's ledger is authoritative, whatever the event between was. */
	assert_string_equal (state_at (net, PESONA, &thread), "failed");
}

static void an_event_out_of_step_moves_nothing_and_is_shown (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct letter letter = letter_from (net, CLINIC, "referral.received");
	struct flight flight;

	letter.thread = thread;
	letter.rev = 1;
	flight = network_forge (net, CLINIC, PESONA, &letter, in_a_week ());
	network_give (net, &flight);
	assert_string_equal (state_at (net, PESONA, &thread), "received");
	letter.rev = 2;
	flight = network_forge (net, CLINIC, PESONA, &letter, in_a_week ());
	network_give (net, &flight);
	assert_string_equal (state_at (net, PESONA, &thread), "received");
	assert_true (alarm_at (net, PESONA, "out-of-step"));
	assert_int_equal (thread_at (net, PESONA, &thread).rev, 2);
}

/* ---- the same again ------------------------------------------------------------- */

static void the_same_letter_twice_is_applied_once_and_receipted_twice (void **state)
{
	struct network *net = *state;
	struct thread_id thread;
	struct flight request = request_on_its_way (net, &thread), receipts[2];
	size_t entries;

	network_give (net, &request);
	entries = entries_at (net, CLINIC);
	network_give (net, &request);
	assert_int_equal (entries_at (net, CLINIC), entries);
	assert_int_equal (network_take (net, CLINIC, receipts, 2), 2);
	assert_string_equal (receipts[0].kind, "letter.receipts");
	assert_string_equal (receipts[1].kind, "letter.receipts");
}

static void the_same_id_with_other_bytes_is_an_alarm (void **state)
{
	struct network *net = *state;
	struct thread_id thread;
	struct flight request = request_on_its_way (net, &thread), other;
	struct letter letter = letter_from (net, PESONA, "referral.cancel");
	struct header header;
	struct sealed sealed;
	struct public_key box = keypair_public (net->office[CLINIC].box);
	struct bytes s;

	letter.thread = thread;
	assert_ok (header_decode (request.h, &header));
	assert_ok (letter_encode (&letter, net->arena, &s));
	assert_ok (envelope_seal (&header, s, &box, net->office[PESONA].sig, net->arena,
				  &sealed));
	other = request;
	other.h = sealed.h;
	other.c = sealed.c;
	network_give (net, &request);
	network_give (net, &other);
	assert_true (alarm_at (net, CLINIC, "equivocation"));
	assert_string_equal (state_at (net, CLINIC, &thread), "requested");
}

/* ---- time
 * --------------------------------------------------------------------------------------
 */

static void a_letter_long_past_its_expiry_is_stored_late_and_moves_nothing (void **state)
{
	struct network *net = *state;
	struct thread_id thread;
	struct flight request = request_on_its_way (net, &thread);
	struct thread found;

	clock_turn (182 * DAY_MS);
	network_give (net, &request);
	assert_int_equal (inbox_count (net, CLINIC, INBOX_LATE), 1);
	assert_int_equal (
		thread_get (net->office[CLINIC].ledger, &thread, net->arena, &found),
		ERR_NOT_FOUND);
	network_run (net);
	assert_true (alarm_at (net, PESONA, "late-there"));
	clock_turn (-182 * DAY_MS);
}

static void a_letter_from_the_future_is_applied_and_marked_doubtful (void **state)
{
	struct network *net = *state;
	struct thread_id thread;
	struct flight request;
	struct inbox_row *rows;

	clock_turn (2 * DAY_MS);
	request = request_on_its_way (net, &thread);
	clock_turn (-2 * DAY_MS);
	network_give (net, &request);
	assert_string_equal (state_at (net, CLINIC, &thread), "requested");
	assert_int_equal (inbox_list (net->office[CLINIC].ledger, INBOX_APPLIED, &thread,
				      0, 10, net->arena, &rows),
			  1);
	assert_true (rows[0].time_doubtful);
	assert_true (rows[0].receipt.time_doubtful);
}

static void corrected_time_is_stamped_and_the_own_clock_kept_beside_it (void **state)
{
	struct network *net = *state;
	struct person_id person = take_in (net, PESONA, "Dimas", "");
	struct letter letter;
	struct outcome outcome;
	struct outbox_row row;
	OWNED (tx) tx = ledger_begin (net->office[PESONA].ledger);

	assert_int_equal (desk_hear_time (net->office[PESONA].desk, tx,
					  clock_now_ms () - 2 * DAY_MS) / DAY_MS, -2);
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	consent (net, PESONA, &person, "klinik-harapan", "treatment", "health");
	assert_ok (refer (net, PESONA, &person, CLINIC, &outcome));
	assert_ok (outbox_get (net->office[PESONA].ledger, &outcome.letter, net->arena,
			       &row));
	assert_ok (letter_decode (row.draft, net->arena, &letter));
	assert_true (letter.created_ms < clock_now_ms () - DAY_MS);
	assert_true (letter.created_local_ms > clock_now_ms () - HOUR_MS);
}

/* ---- trust
 * -------------------------------------------------------------------------------------
 */

static void a_damaged_letter_is_refused_and_put_again_under_the_same_id (void **state)
{
	struct network *net = *state;
	struct thread_id thread;
	struct flight request = request_on_its_way (net, &thread), broken = request,
		      again;
	struct bytes copy = arena_bytes (net->arena, request.c);
	struct outbox_row row;

	((uint8_t *)(uintptr_t)copy.data)[100] ^= 1;
	broken.c = copy;
	network_give (net, &broken);
	network_run (net);
	assert_ok (
		outbox_get (net->office[PESONA].ledger, &request.id, net->arena, &row));
	assert_int_equal (row.last_error, ERR_DAMAGED);
	assert_int_equal (desk_refused (net->office[CLINIC].desk)->of[ERR_CANNOT_OPEN], 1);
	clock_turn (3 * HOUR_MS);
	again = take_one (net, PESONA);
	assert_true (ID_EQUAL (again.id, request.id));
	network_give (net, &again);
	network_run (net);
	assert_string_equal (state_at (net, CLINIC, &thread), "requested");
	assert_ok (
		outbox_get (net->office[PESONA].ledger, &request.id, net->arena, &row));
	assert_int_equal (row.state, OUTBOX_STORED);
	clock_turn (-3 * HOUR_MS);
}

static void a_refusal_of_a_letter_never_sent_is_an_alarm (void **state)
{
	struct network *net = *state;
	struct receipt receipt = { .status = RECEIPT_IS_REFUSED,
				   .code = ERR_BAD_SIGNATURE,
				   .at_ms = clock_now_ms () };
	struct letter letter = letter_from (net, CLINIC, "letter.receipts");
	struct flight flight;

	uuid7_make (receipt.id.b);
	memset (receipt.header_hash.b, 7, sizeof receipt.header_hash.b);
	memset (receipt.digest.b, 7, sizeof receipt.digest.b);
	letter.body = BODY_RECEIPTS;
	letter.receipts = &receipt;
	letter.receipt_count = 1;
	flight = network_forge (net, CLINIC, PESONA, &letter, in_a_week ());
	network_give (net, &flight);
	assert_true (alarm_at (net, PESONA, "refusal-unknown"));
}

static void a_third_party_cannot_receipt_a_letter_of_ours (void **state)
{
	struct network *net = *state;
	struct thread_id thread;
	struct flight request = request_on_its_way (net, &thread), flight;
	struct receipt receipt = { .id = request.id,
				   .header_hash = header_hash (request.h),
				   .status = RECEIPT_IS_STORED,
				   .at_ms = clock_now_ms () };
	struct letter letter = letter_from (net, HOSPITAL, "letter.receipts");
	struct outbox_row row;

	letter.body = BODY_RECEIPTS;
	letter.receipts = &receipt;
	letter.receipt_count = 1;
	flight = network_forge (net, HOSPITAL, PESONA, &letter, in_a_week ());
	network_give (net, &flight);
	assert_ok (
		outbox_get (net->office[PESONA].ledger, &request.id, net->arena, &row));
	assert_int_equal (row.state, OUTBOX_IN_CUSTODY);
	assert_true (alarm_at (net, PESONA, "receipt-unknown"));
}

static void what_a_compromised_key_signed_is_quarantined (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct flight flight;

	assert_ok (say (net, CLINIC, &thread, "referral.accept"));
	flight = take_one (net, CLINIC);
	network_directory (net, KEY_STATE_COMPROMISED, clock_now_ms () + 100 * DAY_MS);
	network_give (net, &flight);
	assert_string_equal (state_at (net, PESONA, &thread), "requested");
	assert_true (alarm_at (net, PESONA, "quarantined"));
}

static void nobody_moves_a_thread_of_somebody_else (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct letter letter = letter_from (net, HOSPITAL, "service.fail");
	struct flight flight;

	letter.thread = thread;
	letter.rev = 1;
	letter.body = BODY_ANSWERS;
	letter.answers = &(struct answer){ .field = "reason-code",
					   .type = ANSWER_CODE,
					   .text = "died",
					   .system = "",
					   .display = "",
					   .unit = "" };
	letter.answer_count = 1;
	flight = network_forge (net, HOSPITAL, PESONA, &letter, in_a_week ());
	network_give (net, &flight);
	assert_string_equal (state_at (net, PESONA, &thread), "requested");
	assert_int_equal (thread_at (net, PESONA, &thread).rev, 0);
	assert_true (alarm_at (net, PESONA, "foreign-thread"));
}

static void nobody_skips_turns_in_a_thread_of_somebody_else (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct letter letter = letter_from (net, HOSPITAL, "service.surprise");
	struct flight flight;

	letter.thread = thread;
	letter.rev = 1;
	flight = network_forge (net, HOSPITAL, PESONA, &letter, in_a_week ());
	network_give (net, &flight);
	assert_int_equal (thread_at (net, PESONA, &thread).rev, 0);
	assert_ok (say (net, CLINIC, &thread, "referral.accept"));
	network_run (net);
	assert_string_equal (state_at (net, PESONA, &thread), "accepted");
}

static void a_requester_cannot_write_as_the_performer (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct letter letter = letter_from (net, PESONA, "referral.cancelled");
	struct flight flight;

	letter.thread = thread;
	letter.rev = 1;
	flight = network_forge (net, PESONA, CLINIC, &letter, in_a_week ());
	network_give (net, &flight);
	assert_string_equal (state_at (net, CLINIC, &thread), "requested");
}

static void a_form_that_does_not_fit_is_refused_and_takes_its_turn (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct letter letter = letter_from (net, CLINIC, "service.fail");
	struct flight flight;

	letter.thread = thread;
	letter.rev = 1;
	flight = network_forge (net, CLINIC, PESONA, &letter, in_a_week ());
	network_give (net, &flight);
	assert_string_equal (state_at (net, PESONA, &thread), "requested");
	assert_int_equal (thread_at (net, PESONA, &thread).rev, 1);
}

/* ---- held
 * --------------------------------------------------------------------------------------
 */

static struct flight request_about (struct network *net,
				    const struct signed_clause *clause,
				    const struct case_id *case_id)
{
	struct letter letter = letter_from (net, PESONA, "referral.request");
	static struct answer answers[4];

	answers[0] = code_answer ("service", "medical");
	answers[1] = text_answer ("person.name", "Kenanga Rahasia");
	answers[2] = code_answer ("person.sex", "female");
	answers[3] = text_answer ("reason", "tanpa persetujuan");
	uuid7_make (letter.thread.b);
	letter.case_id = *case_id;
	letter.basis = BASIS_CONSENT_GIVEN;
	letter.purpose = "treatment";
	if (clause != NULL)
		letter.clause = *clause;
	letter.body = BODY_ANSWERS;
	letter.answers = answers;
	letter.answer_count = 4;
	return network_forge (net, PESONA, CLINIC, &letter, in_a_week ());
}

static struct flight uncovered_request (struct network *net,
					const struct signed_clause *clause)
{
	struct case_id case_id;

	random16_make (case_id.b);
	return request_about (net, clause, &case_id);
}

static void a_late_letter_that_nothing_covers_is_held_unseen (void **state)
{
	struct network *net = *state;
	struct flight flight = uncovered_request (net, NULL);

	clock_turn (182 * DAY_MS);
	network_give (net, &flight);
	assert_int_equal (inbox_count (net, CLINIC, INBOX_LATE), 0);
	assert_int_equal (inbox_count (net, CLINIC, INBOX_HELD), 1);
}

static void what_no_consent_covers_is_held_unseen (void **state)
{
	struct network *net = *state;
	struct flight flight = uncovered_request (net, NULL);
	struct person_id *people;
	struct inbox_row *rows;

	network_give (net, &flight);
	assert_int_equal (inbox_list (net->office[CLINIC].ledger, INBOX_HELD, NULL, 0, 10,
				      net->arena, &rows),
			  1);
	assert_int_equal (rows[0].code, ERR_NO_CONSENT);
	assert_int_equal (rows[0].receipt.status, RECEIPT_IS_HELD);
	assert_int_equal (person_search (net->office[CLINIC].ledger, "Kenanga", 5,
					 net->arena, &people),
			  0);
	assert_true (alarm_at (net, CLINIC, "held"));
}

static struct signed_clause clause_signed_by (struct network *net, int grantor,
					      const char *recipient, int signer)
{
	struct clause clause = {
		.grantor = net->office[grantor].id,
		.recipient_kind = "",
		.recipient_region = "",
		.purpose = "treatment",
		.valid_from_ms = clock_now_ms () - 1000,
		.valid_to_ms = clock_now_ms () + DAY_MS,
	};
	struct signed_clause made;

	uuid7_make (clause.id.b);
	assert_ok (agency_id_parse (recipient, &clause.recipient));
	assert_ok (clause_sign (&clause, net->office[signer].sig, net->arena, &made));
	return made;
}

static void a_clause_for_somebody_else_or_signed_by_another_does_not_cover (void **state)
{
	struct network *net = *state;
	struct signed_clause clauses[] = {
		clause_signed_by (net, PESONA, "rs-jiwa", PESONA),
		clause_signed_by (net, PESONA, "klinik-harapan", HOSPITAL),
		clause_signed_by (net, HOSPITAL, "klinik-harapan", HOSPITAL),
	};
	struct signed_clause right =
		clause_signed_by (net, PESONA, "klinik-harapan", PESONA);
	struct flight flight;

	for (size_t i = 0; i < COUNT_OF (clauses); i++) {
		flight = uncovered_request (net, &clauses[i]);
		network_give (net, &flight);
		assert_int_equal (inbox_count (net, CLINIC, INBOX_HELD), i + 1);
	}
	flight = uncovered_request (net, &right);
	network_give (net, &flight);
	assert_int_equal (inbox_count (net, CLINIC, INBOX_HELD), COUNT_OF (clauses));
	assert_int_equal (inbox_count (net, CLINIC, INBOX_APPLIED), 1);
}

static struct flight grant_about (struct network *net, const struct case_id *case_id)
{
	struct letter letter = letter_from (net, PESONA, "consent.grant");

	letter.case_id = *case_id;
	letter.body = BODY_CONSENT_GRANT;
	letter.grant = clause_signed_by (net, PESONA, "klinik-harapan", PESONA);
	return network_forge (net, PESONA, CLINIC, &letter, in_a_week ());
}

static enum receipt_status receipt_at_clinic (struct network *net,
					      const struct flight *flight)
{
	struct inbox_row row;

	assert_ok (inbox_get (net->office[CLINIC].ledger, &net->office[PESONA].id,
			      &flight->id, net->arena, &row));
	return row.receipt.status;
}

static void a_held_letter_is_seen_when_consent_is_granted (void **state)
{
	struct network *net = *state;
	struct flight request, grant;
	struct person_id *people;
	struct case_id case_id;

	random16_make (case_id.b);
	request = request_about (net, NULL, &case_id);
	network_give (net, &request);
	assert_int_equal (receipt_at_clinic (net, &request), RECEIPT_IS_HELD);
	grant = grant_about (net, &case_id);
	network_give (net, &grant);
	assert_int_equal (inbox_count (net, CLINIC, INBOX_HELD), 0);
	assert_int_equal (receipt_at_clinic (net, &request), RECEIPT_IS_STORED);
	assert_int_equal (person_search (net->office[CLINIC].ledger, "Kenanga", 5,
					 net->arena, &people),
			  1);
}

static void a_later_letter_with_a_clause_brings_the_held_one_along (void **state)
{
	struct network *net = *state;
	struct signed_clause clause =
		clause_signed_by (net, PESONA, "klinik-harapan", PESONA);
	struct flight first, other, second;
	struct case_id case_id;

	random16_make (case_id.b);
	first = request_about (net, NULL, &case_id);
	other = uncovered_request (net, NULL); /* about somebody else */
	second = request_about (net, &clause, &case_id);
	network_give (net, &first);
	network_give (net, &other);
	network_give (net, &second);
	assert_int_equal (receipt_at_clinic (net, &first), RECEIPT_IS_STORED);
	assert_int_equal (receipt_at_clinic (net, &other), RECEIPT_IS_HELD);
	assert_int_equal (inbox_count (net, CLINIC, INBOX_HELD), 1);
	assert_int_equal (inbox_count (net, CLINIC, INBOX_APPLIED), 2);
}

static void a_grant_about_nobody_who_is_known_or_waited_for_is_refused (void **state)
{
	struct network *net = *state;
	struct case_id case_id;
	struct flight grant;

	random16_make (case_id.b);
	grant = grant_about (net, &case_id);
	network_give (net, &grant);
	assert_int_equal (inbox_count (net, CLINIC, INBOX_APPLIED), 0);
}

/* ---- newer partners ------------------------------------------------------------- */

static void an_answer_of_a_newer_type_is_shown_and_never_refused (void **state)
{
	struct network *net = *state;
	struct signed_clause clause =
		clause_signed_by (net, PESONA, "klinik-harapan", PESONA);
	struct letter letter = letter_from (net, PESONA, "referral.request");
	struct answer newer = { .field = "reason" };
	struct flight flight;

	uuid7_make (letter.thread.b);
	random16_make (letter.case_id.b);
	letter.basis = BASIS_CONSENT_GIVEN;
	letter.purpose = "treatment";
	letter.clause = clause;
	letter.body = BODY_ANSWERS;
	letter.answers = &newer;
	letter.answer_count = 1;
	flight = network_forge (net, PESONA, CLINIC, &letter, in_a_week ());
	network_give (net, &flight);
	assert_int_equal (inbox_count (net, CLINIC, INBOX_UNKNOWN), 1);
	assert_int_equal (receipt_at_clinic (net, &flight), RECEIPT_IS_STORED);
	assert_true (alarm_at (net, CLINIC, "update-needed"));
}

/* A letter of the future from PESONA to CLINIC, with one answer. */
static struct letter future_letter (struct network *net, const char *kind,
				    uint32_t version, enum basis basis)
{
	struct letter letter = letter_from (net, PESONA, kind);
	static struct answer note;

	note = text_answer ("catatan", "Kenanga Rahasia");
	uuid7_make (letter.thread.b);
	random16_make (letter.case_id.b);
	letter.kind_version = version;
	letter.basis = basis;
	letter.body = BODY_ANSWERS;
	letter.answers = &note;
	letter.answer_count = 1;
	if (basis == BASIS_CONSENT_GIVEN)
		letter.purpose = "treatment";
	return letter;
}

static struct inbox_row row_after (struct network *net, const struct letter *letter)
{
	struct flight flight =
		network_forge (net, PESONA, CLINIC, letter, in_a_week ());
	struct inbox_row row;

	network_give (net, &flight);
	assert_ok (inbox_get (net->office[CLINIC].ledger, &net->office[PESONA].id,
			      &flight.id, net->arena, &row));
	return row;
}

static void assert_held (struct network *net, const struct letter *letter, err_t why)
{
	struct inbox_row row = row_after (net, letter);

	assert_int_equal (row.state, INBOX_HELD);
	assert_int_equal (row.code, why);
	assert_int_equal (row.receipt.status, RECEIPT_IS_HELD);
}

static void assert_shown (struct network *net, const struct letter *letter)
{
	struct inbox_row row = row_after (net, letter);

	assert_int_equal (row.state, INBOX_UNKNOWN);
	assert_int_equal (row.receipt.status, RECEIPT_IS_STORED);
}

static const struct {
	const char *kind;
	uint32_t version;
} futures[] = { { "service.surprise", 1 }, { "referral.request", 9 } };

static void an_unknown_kind_or_version_rests_on_its_clause_too (void **state)
{
	struct network *net = *state;

	for (size_t i = 0; i < COUNT_OF (futures); i++) {
		struct letter letter = future_letter (
			net, futures[i].kind, futures[i].version, BASIS_CONSENT_GIVEN);

		letter.clause = clause_signed_by (net, PESONA, "rs-jiwa", PESONA);
		assert_held (net, &letter, ERR_NO_CONSENT);
		letter.clause = clause_signed_by (net, HOSPITAL, "klinik-harapan", HOSPITAL);
		assert_held (net, &letter, ERR_NO_CONSENT);
		letter.clause = clause_signed_by (net, PESONA, "klinik-harapan", HOSPITAL);
		assert_int_equal (row_after (net, &letter).state, INBOX_HELD);
		letter.clause = clause_signed_by (net, PESONA, "klinik-harapan", PESONA);
		letter.purpose = "training";
		assert_held (net, &letter, ERR_NO_CONSENT);
		letter.purpose = "treatment";
		letter.label_count = 1;
		letter.labels = (const char *[]){ "health" };
		assert_held (net, &letter, ERR_NO_CONSENT);
		letter.label_count = 0;
		assert_shown (net, &letter);
		assert_true (alarm_at (net, CLINIC, "update-needed"));
	}
}

static void an_unknown_kind_under_a_clause_that_ran_out_is_held (void **state)
{
	struct network *net = *state;
	struct letter letter =
		future_letter (net, "service.surprise", 1, BASIS_CONSENT_GIVEN);

	letter.clause = clause_signed_by (net, PESONA, "klinik-harapan", PESONA);
	clock_turn (2 * DAY_MS);
	assert_held (net, &letter, ERR_CONSENT_EXPIRED);
	clock_turn (-2 * DAY_MS);
}

static void an_unknown_kind_without_consent_has_no_labels_or_cites_a_rule (void **state)
{
	struct network *net = *state;
	struct letter none = future_letter (net, "service.surprise", 1, BASIS_NO_DATA);
	struct letter vital =
		future_letter (net, "service.surprise", 1, BASIS_VITAL_INTEREST);

	assert_shown (net, &none);
	none.label_count = 1;
	none.labels = (const char *[]){ "health" };
	assert_held (net, &none, ERR_NO_CONSENT);
	assert_held (net, &vital, ERR_NO_RULE);
	vital.rule = (struct rule){ "UU 27/2022", "20", "1", "2022-10-17" };
	assert_shown (net, &vital);
}

/* What the performer answers rests on the clause under which it was asked. */
static void an_unknown_answer_rests_on_the_clause_of_its_thread (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct letter letter = letter_from (net, CLINIC, "service.surprise");
	struct clause_id clause = thread_at (net, PESONA, &thread).clause;
	struct clause_row row;
	struct flight flight;

	assert_ok (clause_get (net->office[PESONA].ledger, &clause,
			       &net->office[PESONA].id, net->arena, &row));
	letter.thread = thread;
	letter.rev = 1;
	letter.basis = BASIS_CONSENT_GIVEN;
	letter.purpose = "treatment";
	letter.clause = row.signed_clause;
	letter.label_count = 1;
	letter.labels = (const char *[]){ "health" };
	flight = network_forge (net, CLINIC, PESONA, &letter, in_a_week ());
	network_give (net, &flight);
	assert_int_equal (inbox_count (net, PESONA, INBOX_UNKNOWN), 1);
	letter.rev = 2;
	letter.labels = (const char *[]){ "restricted-clinical" };
	flight = network_forge (net, CLINIC, PESONA, &letter, in_a_week ());
	network_give (net, &flight);
	assert_int_equal (inbox_count (net, PESONA, INBOX_HELD), 1);
	assert_int_equal (thread_at (net, PESONA, &thread).rev, 2);
}

static void a_held_letter_of_an_unknown_kind_is_shown_when_consent_comes (void **state)
{
	struct network *net = *state;
	struct letter letter =
		future_letter (net, "service.surprise", 1, BASIS_CONSENT_GIVEN);
	struct flight flight =
		network_forge (net, PESONA, CLINIC, &letter, in_a_week ());
	struct flight grant;

	network_give (net, &flight);
	assert_int_equal (receipt_at_clinic (net, &flight), RECEIPT_IS_HELD);
	grant = grant_about (net, &letter.case_id);
	network_give (net, &grant);
	assert_int_equal (inbox_count (net, CLINIC, INBOX_HELD), 0);
	assert_int_equal (inbox_count (net, CLINIC, INBOX_UNKNOWN), 1);
	assert_int_equal (receipt_at_clinic (net, &flight), RECEIPT_IS_STORED);
}

static void labelled_data_is_refused_where_no_consent_is_asked (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct letter letter = letter_from (net, PESONA, "referral.cancel");
	struct answer reason = code_answer ("reason-code", "consent-withdrawn");
	struct flight flight;

	letter.thread = thread;
	letter.label_count = 1;
	letter.labels = (const char *[]){ "health" };
	letter.body = BODY_ANSWERS;
	letter.answers = &reason;
	letter.answer_count = 1;
	flight = network_forge (net, PESONA, CLINIC, &letter, in_a_week ());
	network_give (net, &flight);
	assert_string_not_equal (state_at (net, CLINIC, &thread), "cancelled");
}

static void a_held_body_is_deleted_after_a_fortnight_and_refused (void **state)
{
	struct network *net = *state;
	struct flight flight = uncovered_request (net, NULL), refusal;
	struct inbox_row row;

	network_give (net, &flight);
	refusal = take_one (net, CLINIC);
	clock_turn (15 * DAY_MS);
	tick (net, CLINIC);
	assert_ok (inbox_get (net->office[CLINIC].ledger, &net->office[PESONA].id,
			      &flight.id, net->arena, &row));
	assert_int_equal (row.state, INBOX_ERASED);
	assert_int_equal (row.s.len, 0);
	refusal = take_one (net, CLINIC);
	assert_string_equal (refusal.kind, "letter.receipts");
	clock_turn (-15 * DAY_MS);
}

static void a_withheld_letter_shows_after_a_day (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct flight flights[2];

	assert_ok (say (net, CLINIC, &thread, "referral.accept"));
	assert_ok (say (net, CLINIC, &thread, "arrival.confirm"));
	assert_int_equal (network_take (net, CLINIC, flights, 2), 2);
	network_give (net, &flights[1]);
	tick (net, PESONA);
	assert_false (alarm_at (net, PESONA, "withheld"));
	clock_turn (25 * HOUR_MS);
	tick (net, PESONA);
	assert_true (alarm_at (net, PESONA, "withheld"));
	assert_true (alarm_at (net, PESONA, "event-missing"));
	network_give (net, &flights[0]);
	assert_false (alarm_at (net, PESONA, "withheld"));
	assert_false (alarm_at (net, PESONA, "event-missing"));
	clock_turn (-25 * HOUR_MS);
}

static void it_shows_until_the_last_missing_letter_has_come (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct flight flights[3];

	assert_ok (say (net, CLINIC, &thread, "referral.accept"));
	assert_ok (say (net, CLINIC, &thread, "arrival.confirm"));
	assert_ok (say (net, CLINIC, &thread, "service.start"));
	assert_int_equal (network_take (net, CLINIC, flights, 3), 3);
	network_give (net, &flights[2]);
	clock_turn (25 * HOUR_MS);
	tick (net, PESONA);
	network_give (net, &flights[1]);
	assert_true (alarm_at (net, PESONA, "withheld"));
	assert_true (alarm_at (net, PESONA, "event-missing"));
	network_give (net, &flights[0]);
	assert_false (alarm_at (net, PESONA, "withheld"));
	assert_false (alarm_at (net, PESONA, "event-missing"));
	clock_turn (-25 * HOUR_MS);
}

static void hub_says_gone (struct network *net, const struct flight *flight, err_t reason)
{
	OWNED (tx) tx = ledger_begin (net->office[PESONA].ledger);

	assert_ok (desk_gap (net->office[PESONA].desk, tx, &net->office[CLINIC].id, &flight->id,
			     reason));
	assert_ok (tx_commit (tx));
}

/* Two of the clinic's letters, the first of which the hub set aside. */
static void second_arrives_first (struct network *net, struct flight flights[2])
{
	struct thread_id thread = open_referral (net);

	assert_ok (say (net, CLINIC, &thread, "referral.accept"));
	assert_ok (say (net, CLINIC, &thread, "arrival.confirm"));
	assert_int_equal (network_take (net, CLINIC, flights, 2), 2);
	hub_says_gone (net, &flights[0], ERR_PARKED);
	network_give (net, &flights[1]);
}

static void what_the_hub_set_aside_is_not_called_withheld (void **state)
{
	struct network *net = *state;
	struct flight flights[2];

	second_arrives_first (net, flights);
	clock_turn (25 * HOUR_MS);
	tick (net, PESONA);
	assert_false (alarm_at (net, PESONA, "withheld"));
	network_give (net, &flights[0]);
	tick (net, PESONA);
	assert_false (alarm_at (net, PESONA, "withheld"));
	clock_turn (-25 * HOUR_MS);
}

static void what_was_set_aside_and_never_comes_shows_after_a_month (void **state)
{
	struct network *net = *state;
	struct flight flights[2];

	second_arrives_first (net, flights);
	clock_turn (31 * DAY_MS);
	tick (net, PESONA);
	assert_true (alarm_at (net, PESONA, "withheld"));
	clock_turn (-31 * DAY_MS);
}

/* A gap that ends the letter takes the excuse away. */
static void what_was_set_aside_and_ended_explains_nothing (void **state)
{
	struct network *net = *state;
	struct flight flights[2];

	second_arrives_first (net, flights);
	hub_says_gone (net, &flights[0], ERR_EXPIRED);
	clock_turn (25 * HOUR_MS);
	tick (net, PESONA);
	assert_true (alarm_at (net, PESONA, "withheld"));
	clock_turn (-25 * HOUR_MS);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		network_test (events_that_come_in_any_order_are_applied_in_theirs),
		network_test (an_event_before_its_time_is_receipted_at_once),
		network_test (a_letter_before_its_request_waits_and_is_then_applied),
		network_test (an_orphan_is_shown_after_a_day),
		network_test (an_unknown_event_takes_its_turn),
		network_test (an_event_out_of_step_moves_nothing_and_is_shown),
		network_test (the_same_letter_twice_is_applied_once_and_receipted_twice),
		network_test (the_same_id_with_other_bytes_is_an_alarm),
		network_test (a_late_letter_that_nothing_covers_is_held_unseen),
		network_test (
			a_letter_long_past_its_expiry_is_stored_late_and_moves_nothing),
		network_test (a_letter_from_the_future_is_applied_and_marked_doubtful),
		network_test (corrected_time_is_stamped_and_the_own_clock_kept_beside_it),
		network_test (
			a_damaged_letter_is_refused_and_put_again_under_the_same_id),
		network_test (a_refusal_of_a_letter_never_sent_is_an_alarm),
		network_test (a_third_party_cannot_receipt_a_letter_of_ours),
		network_test (what_a_compromised_key_signed_is_quarantined),
		network_test (nobody_moves_a_thread_of_somebody_else),
		network_test (nobody_skips_turns_in_a_thread_of_somebody_else),
		network_test (a_requester_cannot_write_as_the_performer),
		network_test (a_form_that_does_not_fit_is_refused_and_takes_its_turn),
		network_test (what_no_consent_covers_is_held_unseen),
		network_test (
			a_clause_for_somebody_else_or_signed_by_another_does_not_cover),
		network_test (a_held_letter_is_seen_when_consent_is_granted),
		network_test (a_later_letter_with_a_clause_brings_the_held_one_along),
		network_test (a_grant_about_nobody_who_is_known_or_waited_for_is_refused),
		network_test (an_answer_of_a_newer_type_is_shown_and_never_refused),
		network_test (an_unknown_kind_or_version_rests_on_its_clause_too),
		network_test (an_unknown_kind_under_a_clause_that_ran_out_is_held),
		network_test (
			an_unknown_kind_without_consent_has_no_labels_or_cites_a_rule),
		network_test (an_unknown_answer_rests_on_the_clause_of_its_thread),
		network_test (
			a_held_letter_of_an_unknown_kind_is_shown_when_consent_comes),
		network_test (labelled_data_is_refused_where_no_consent_is_asked),
		network_test (a_held_body_is_deleted_after_a_fortnight_and_refused),
		network_test (a_withheld_letter_shows_after_a_day),
		network_test (it_shows_until_the_last_missing_letter_has_come),
		network_test (what_the_hub_set_aside_is_not_called_withheld),
		network_test (what_was_set_aside_and_never_comes_shows_after_a_month),
		network_test (what_was_set_aside_and_ended_explains_nothing),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
