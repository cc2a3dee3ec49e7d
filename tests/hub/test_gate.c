/* The gate: each check refuses alone, and the first one in the table's order wins. */
#include "tests/support/unit.h"

#include <string.h>

#include "hub/gate.h"

#define NOW INT64_C (1800000000000)

static struct agency_id agency (const char *text)
{
	struct agency_id id;

	assert_int_equal (agency_id_parse (text, &id), ERR_OK);
	return id;
}

static void set_id_time (struct letter_id *id, int64_t at_ms)
{
	for (int i = 0; i < 6; i++)
		id->b[i] = (uint8_t)(at_ms >> (40 - 8 * i));
}

/* A letter that passes. */
static struct gate_facts good (void)
{
	struct gate_facts facts = { .header_err = ERR_OK, .h_len = 200 };

	facts.header.from = facts.session = agency ("ipwl-pesona");
	facts.header.to = agency ("klinik-melati");
	facts.header.class = CLASS_ROUTINE;
	facts.header.expires_at_ms = NOW + DAY_MS;
	set_id_time (&facts.header.id, NOW);
	facts.header.bucket = 1;
	facts.c_len = cipher_bytes (1);
	facts.sender = facts.recipient = GATE_ACTIVE;
	facts.now_ms = NOW;
	facts.quota_letters = 100;
	facts.quota_bytes = MIB;
	facts.known = ITEM_NONE;
	return facts;
}

/* ---- one thing wrong at a time ---- */

static void unreadable (struct gate_facts *f) { f->header_err = ERR_MALFORMED; }
static void header_too_long (struct gate_facts *f) { f->h_len = LIMIT_HEADER_BYTES + 1; }
static void body_of_no_bucket (struct gate_facts *f) { f->c_len++; }
static void bucket_unknown (struct gate_facts *f) { f->header.bucket = BUCKET_COUNT; }
static void id_far_ahead (struct gate_facts *f) { set_id_time (&f->header.id, NOW + 401 * DAY_MS); }
static void id_far_back (struct gate_facts *f) { set_id_time (&f->header.id, NOW - 401 * DAY_MS); }
static void sender_suspended (struct gate_facts *f) { f->sender = GATE_SUSPENDED; }
static void sender_unknown (struct gate_facts *f) { f->sender = GATE_UNKNOWN; }
static void sender_unknown_ahead (struct gate_facts *f)
{
	f->sender = GATE_UNKNOWN;
	f->sender_ahead = true;
}
static void anothers_name (struct gate_facts *f) { f->header.from = agency ("lapas-bengkulu"); }
static void recipient_unknown (struct gate_facts *f) { f->recipient = GATE_UNKNOWN; }
static void recipient_unknown_ahead (struct gate_facts *f)
{
	f->recipient = GATE_UNKNOWN;
	f->sender_ahead = true;
}
static void recipient_suspended (struct gate_facts *f) { f->recipient = GATE_SUSPENDED; }
static void expired (struct gate_facts *f) { f->header.expires_at_ms = NOW; }
static void expiry_too_far (struct gate_facts *f)
{
	f->header.expires_at_ms = NOW + LETTER_EXPIRY_MAX_MS + 1;
}
static void draining (struct gate_facts *f) { f->draining = true; }
static void disk_full (struct gate_facts *f) { f->no_space = f->no_reserve = true; }
static void too_many_letters (struct gate_facts *f) { f->queued_letters = f->quota_letters; }
static void too_many_bytes (struct gate_facts *f) { f->queued_bytes = f->quota_bytes - 100; }
static void too_fast (struct gate_facts *f) { f->rate_wait_ms = 1; }
static void other_bytes (struct gate_facts *f) { f->known = ITEM_QUEUED, f->put = LIFE_PUT_OTHER; }
static void recalled_before (struct gate_facts *f) { f->known = ITEM_RECALLED; }
static void expired_before (struct gate_facts *f) { f->known = ITEM_EXPIRED; }

/* clang-format off */
static const struct fault {
	void (*spoil) (struct gate_facts *facts);
	const char *check;
	err_t err;
} faults[] = {
	{ unreadable,              "size",      ERR_MALFORMED },
	{ header_too_long,         "size",      ERR_TOO_LARGE },
	{ body_of_no_bucket,       "size",      ERR_MALFORMED },
	{ bucket_unknown,          "size",      ERR_MALFORMED },
	{ id_far_ahead,            "fresh",     ERR_CLOCK_SKEW },
	{ id_far_back,             "fresh",     ERR_CLOCK_SKEW },
	{ sender_suspended,        "member",    ERR_SUSPENDED },
	{ sender_unknown,          "member",    ERR_NOT_MEMBER },
	{ sender_unknown_ahead,    "member",    ERR_DIRECTORY_BEHIND },
	{ anothers_name,           "from",      ERR_NOT_YOU },
	{ recipient_unknown,       "route",     ERR_NO_ROUTE },
	{ recipient_unknown_ahead, "route",     ERR_DIRECTORY_BEHIND },
	{ recipient_suspended,     "route",     ERR_RECIPIENT_SUSPENDED },
	{ expired,                 "expiry",    ERR_EXPIRED },
	{ expiry_too_far,          "expiry",    ERR_EXPIRY_TOO_FAR },
	{ draining,                "open",      ERR_DRAINING },
	{ disk_full,               "open",      ERR_NO_SPACE },
	{ too_many_letters,        "quota",     ERR_QUOTA },
	{ too_many_bytes,          "quota",     ERR_QUOTA },
	{ too_fast,                "quota",     ERR_QUOTA },
	{ other_bytes,             "duplicate", ERR_EQUIVOCATION },
	{ recalled_before,         "duplicate", ERR_RECALLED },
	{ expired_before,          "duplicate", ERR_EXPIRED },
};
/* clang-format on */

static size_t rank (const char *check)
{
	size_t i = 0;

	while (gate_check_name (i) != NULL && strcmp (gate_check_name (i), check) != 0)
		i++;
	assert_non_null (gate_check_name (i));
	return i;
}

static void a_good_letter_passes (void **state)
{
	struct gate_facts facts = good ();

	assert_int_equal (gate_judge (&facts).err, ERR_OK);
}

static void every_check_refuses_alone_and_is_named (void **state)
{
	for (size_t i = 0; i < COUNT_OF (faults); i++) {
		struct gate_facts facts = good ();
		struct gate_verdict verdict;

		faults[i].spoil (&facts);
		verdict = gate_judge (&facts);
		assert_string_equal (verdict.check, faults[i].check);
		assert_string_equal (err_name (verdict.err), err_name (faults[i].err));
	}
}

/* Receipts are small: they go while the sender's own letters wait. */
static void a_small_letter_has_a_tenth_more_room (void **state)
{
	struct gate_facts facts = good ();

	(void)state;
	too_many_letters (&facts);
	assert_int_equal (gate_judge (&facts).err, ERR_QUOTA);
	facts.header.bucket = 0;
	facts.c_len = cipher_bytes (0);
	assert_int_equal (gate_judge (&facts).err, ERR_OK);
	facts.queued_letters = 110;
	assert_int_equal (gate_judge (&facts).err, ERR_QUOTA);
}

static void a_full_quota_is_asked_again_ever_less_often (void **state)
{
	struct gate_facts facts = good ();

	(void)state;
	too_many_letters (&facts);
	assert_int_equal (gate_judge (&facts).retry_after_ms, 30 * SECOND_MS);
	facts.full_ms = 2 * MINUTE_MS;
	assert_int_equal (gate_judge (&facts).retry_after_ms, 2 * MINUTE_MS);
	facts.full_ms = DAY_MS;
	assert_int_equal (gate_judge (&facts).retry_after_ms, 10 * MINUTE_MS);
}

static void a_rate_says_when_it_allows_the_next_letter (void **state)
{
	struct gate_facts facts = good ();

	(void)state;
	facts.rate_wait_ms = 1234;
	assert_int_equal (gate_judge (&facts).err, ERR_QUOTA);
	assert_int_equal (gate_judge (&facts).retry_after_ms, 1234);
}

static void only_what_may_succeed_later_gets_a_time_to_retry (void **state)
{
	for (size_t i = 0; i < COUNT_OF (faults); i++) {
		struct gate_facts facts = good ();

		faults[i].spoil (&facts);
		assert_int_equal (gate_judge (&facts).retry_after_ms > 0,
				  err_lane (faults[i].err) == LANE_RETRY);
	}
}

static void of_two_refusals_the_earlier_check_wins (void **state)
{
	for (size_t i = 0; i < COUNT_OF (faults); i++) {
		for (size_t j = 0; j < COUNT_OF (faults); j++) {
			struct gate_facts facts = good ();

			if (rank (faults[i].check) >= rank (faults[j].check))
				continue;
			faults[j].spoil (&facts);
			faults[i].spoil (&facts);
			assert_string_equal (gate_judge (&facts).check, faults[i].check);
		}
	}
}

static void every_check_of_the_table_is_tried (void **state)
{
	for (size_t check = 0; gate_check_name (check) != NULL; check++) {
		bool tried = false;

		for (size_t i = 0; i < COUNT_OF (faults); i++)
			tried = tried || rank (faults[i].check) == check;
		assert_true (tried);
	}
}

static void a_clock_that_is_days_ahead_stops_no_letter (void **state)
{
	struct gate_facts facts = good ();

	set_id_time (&facts.header.id, NOW + 30 * DAY_MS);
	assert_int_equal (gate_judge (&facts).err, ERR_OK);
	set_id_time (&facts.header.id, NOW - 300 * DAY_MS);
	assert_int_equal (gate_judge (&facts).err, ERR_OK);
}

static void a_letter_already_here_passes_a_full_or_closing_hub (void **state)
{
	struct gate_facts facts = good ();

	facts.known = ITEM_QUEUED;
	facts.draining = facts.no_space = facts.no_reserve = true;
	facts.rate_wait_ms = 1;
	facts.queued_letters = facts.quota_letters;
	assert_int_equal (gate_judge (&facts).err, ERR_OK);
}

static void a_letter_stored_before_needs_room_like_a_new_one (void **state)
{
	struct gate_facts facts = good ();

	facts.known = ITEM_STORED;
	assert_int_equal (gate_judge (&facts).err, ERR_OK);
	facts.no_space = facts.no_reserve = true;
	assert_int_equal (gate_judge (&facts).err, ERR_NO_SPACE);
}

/* Receipts are small, and they are what empties a hub. */
static void a_small_letter_may_use_the_last_room (void **state)
{
	struct gate_facts facts = good ();

	facts.no_space = true;
	facts.header.bucket = 0;
	facts.c_len = cipher_bytes (0);
	assert_int_equal (gate_judge (&facts).err, ERR_OK);
	facts.header.bucket = 1;
	facts.c_len = cipher_bytes (1);
	assert_int_equal (gate_judge (&facts).err, ERR_NO_SPACE);
	assert_true (gate_judge (&facts).retry_after_ms > 0);
	facts = good ();
	facts.no_space = facts.no_reserve = true;
	assert_int_equal (gate_judge (&facts).err, ERR_NO_SPACE);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (a_good_letter_passes),
		cmocka_unit_test (every_check_refuses_alone_and_is_named),
		cmocka_unit_test (a_small_letter_has_a_tenth_more_room),
		cmocka_unit_test (a_full_quota_is_asked_again_ever_less_often),
		cmocka_unit_test (a_rate_says_when_it_allows_the_next_letter),
		cmocka_unit_test (only_what_may_succeed_later_gets_a_time_to_retry),
		cmocka_unit_test (of_two_refusals_the_earlier_check_wins),
		cmocka_unit_test (every_check_of_the_table_is_tried),
		cmocka_unit_test (a_clock_that_is_days_ahead_stops_no_letter),
		cmocka_unit_test (a_letter_already_here_passes_a_full_or_closing_hub),
		cmocka_unit_test (a_letter_stored_before_needs_room_like_a_new_one),
		cmocka_unit_test (a_small_letter_may_use_the_last_room),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
