/* Consent: what a clause covers, as a table, and that nobody else can have signed it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "jembatan/consent.h"

#define FROM INT64_C (1000)
#define TO INT64_C (2000)

static const char *const medical[] = { "medical", "screening" };

static struct agency_id agency (const char *text)
{
	struct agency_id id = { "" };

	if (text[0] != '\0')
		assert_int_equal (agency_id_parse (text, &id), ERR_OK);
	return id;
}

static struct clause clause_for (const char *recipient, const char *kind, const char *region)
{
	return (struct clause){
		.id = { { 1, 2, 3 } },
		.grantor = agency ("ipwl-pesona"),
		.recipient = agency (recipient),
		.recipient_kind = kind,
		.recipient_region = region,
		.purpose = "rehabilitation",
		.label_count = COUNT_OF (medical),
		.labels = medical,
		.valid_from_ms = FROM,
		.valid_to_ms = TO,
	};
}

/* clang-format off */
static const struct {
	const char *clause_recipient, *clause_kind, *clause_region;
	const char *recipient, *kind, *region;
	const char *purpose;
	const char *labels[3];
	int64_t at_ms;
	err_t expected;
} table[] = {
	/* one agency by name */
	{ "klinik-a", "", "",      "klinik-a", "clinic", "17.71", "rehabilitation", { "medical" }, 1500, ERR_OK },
	{ "klinik-a", "", "",      "klinik-b", "clinic", "17.71", "rehabilitation", { "medical" }, 1500, ERR_NO_CONSENT },
	{ "klinik-a", "", "",      "klinik",   "clinic", "17.71", "rehabilitation", { "medical" }, 1500, ERR_NO_CONSENT },
	/* a name given: kind and region do not widen it */
	{ "klinik-a", "clinic", "", "klinik-b", "clinic", "17.71", "rehabilitation", { NULL },     1500, ERR_NO_CONSENT },
	/* a kind in a region */
	{ "", "clinic", "17.71",   "klinik-a", "clinic", "17.71",    "rehabilitation", { NULL }, 1500, ERR_OK },
	{ "", "clinic", "17.71",   "klinik-a", "clinic", "17.71.02", "rehabilitation", { NULL }, 1500, ERR_OK },
	{ "", "clinic", "17.71",   "klinik-a", "clinic", "17.710",   "rehabilitation", { NULL }, 1500, ERR_NO_CONSENT },
	{ "", "clinic", "17.71",   "klinik-a", "clinic", "17",       "rehabilitation", { NULL }, 1500, ERR_NO_CONSENT },
	{ "", "clinic", "17.71",   "klinik-a", "clinic", "",         "rehabilitation", { NULL }, 1500, ERR_NO_CONSENT },
	{ "", "clinic", "17.71",   "klinik-a", "prison", "17.71",    "rehabilitation", { NULL }, 1500, ERR_NO_CONSENT },
	{ "", "clinic", "17",      "klinik-a", "clinic", "17.71.02", "rehabilitation", { NULL }, 1500, ERR_OK },
	{ "", "clinic", "",        "klinik-a", "clinic", "31.01",    "rehabilitation", { NULL }, 1500, ERR_OK },
	/* neither: nobody */
	{ "", "", "",              "klinik-a", "",       "17.71",    "rehabilitation", { NULL }, 1500, ERR_NO_CONSENT },
	{ "", "", "17.71",         "klinik-a", "clinic", "17.71",    "rehabilitation", { NULL }, 1500, ERR_NO_CONSENT },
	/* purpose */
	{ "klinik-a", "", "",      "klinik-a", "clinic", "17.71", "training",        { NULL }, 1500, ERR_NO_CONSENT },
	{ "klinik-a", "", "",      "klinik-a", "clinic", "17.71", "",                { NULL }, 1500, ERR_NO_CONSENT },
	{ "klinik-a", "", "",      "klinik-a", "clinic", "17.71", "rehabilitation2", { NULL }, 1500, ERR_NO_CONSENT },
	/* labels: every one */
	{ "klinik-a", "", "",      "klinik-a", "clinic", "17.71", "rehabilitation", { "screening", "medical" }, 1500, ERR_OK },
	{ "klinik-a", "", "",      "klinik-a", "clinic", "17.71", "rehabilitation", { "medical", "legal" },     1500, ERR_NO_CONSENT },
	{ "klinik-a", "", "",      "klinik-a", "clinic", "17.71", "rehabilitation", { "hiv" },                  1500, ERR_NO_CONSENT },
	/* period */
	{ "klinik-a", "", "",      "klinik-a", "clinic", "17.71", "rehabilitation", { NULL }, FROM,     ERR_OK },
	{ "klinik-a", "", "",      "klinik-a", "clinic", "17.71", "rehabilitation", { NULL }, FROM - 1, ERR_NO_CONSENT },
	{ "klinik-a", "", "",      "klinik-a", "clinic", "17.71", "rehabilitation", { NULL }, TO,       ERR_OK },
	{ "klinik-a", "", "",      "klinik-a", "clinic", "17.71", "rehabilitation", { NULL }, TO + 1,   ERR_CONSENT_EXPIRED },
	/* over, and for somebody else: that it is over is not said */
	{ "klinik-a", "", "",      "klinik-b", "clinic", "17.71", "rehabilitation", { NULL }, TO + 1,   ERR_NO_CONSENT },
};
/* clang-format on */

static void a_clause_covers_what_the_table_says (void **state)
{
	for (size_t i = 0; i < COUNT_OF (table); i++) {
		struct clause clause = clause_for (table[i].clause_recipient, table[i].clause_kind,
						   table[i].clause_region);
		struct agency_id recipient = agency (table[i].recipient);
		struct consent_need need = {
			.recipient = &recipient,
			.recipient_kind = table[i].kind,
			.recipient_region = table[i].region,
			.purpose = table[i].purpose,
			.labels = table[i].labels,
			.at_ms = table[i].at_ms,
		};

		while (table[i].labels[need.label_count] != NULL)
			need.label_count++;
		if (consent_covers (&clause, &need) != table[i].expected)
			fail_msg ("row %zu", i);
	}
}

/* ---- signatures ------------------------------------------------------------------------------- */

struct signer {
	arena_t *arena;
	keypair_t *sig;
	struct public_key key;
	struct signed_clause clause;
	struct signed_withdrawal withdrawal;
};

static int set_up (void **state)
{
	static struct signer x;
	struct clause clause = clause_for ("klinik-a", "", "");
	struct withdrawal withdrawal = {
		.clause = clause.id,
		.grantor = clause.grantor,
		.said_ms = 1500,
		.recorded_ms = 1600,
		.recorded_by = agency ("klinik-a"),
	};

	x.arena = arena_new (MIB);
	x.sig = keypair_new (KEY_SIG);
	x.key = keypair_public (x.sig);
	assert_int_equal (clause_sign (&clause, x.sig, x.arena, &x.clause), ERR_OK);
	assert_int_equal (withdrawal_sign (&withdrawal, x.sig, x.arena, &x.withdrawal), ERR_OK);
	*state = &x;
	return 0;
}

static int tear_down (void **state)
{
	struct signer *x = *state;

	keypair_destroy (&x->sig);
	arena_destroy (&x->arena);
	return 0;
}

static void a_signed_clause_verifies_and_reads_back (void **state)
{
	struct signer *x = *state;
	struct clause clause;

	assert_int_equal (clause_verify (&x->clause, &x->key), ERR_OK);
	assert_int_equal (clause_decode (x->clause.clause, x->arena, &clause), ERR_OK);
	assert_string_equal (clause.recipient.text, "klinik-a");
	assert_string_equal (clause.purpose, "rehabilitation");
	assert_int_equal (clause.label_count, 2);
	assert_string_equal (clause.labels[1], "screening");
	assert_int_equal (clause.valid_to_ms, TO);
}

static void any_bit_flipped_in_a_clause_is_refused (void **state)
{
	struct signer *x = *state;
	struct signed_clause bad = x->clause;
	uint8_t *bytes;

	bad.clause = arena_bytes (x->arena, x->clause.clause);
	bytes = (uint8_t *)(uintptr_t)bad.clause.data;
	for (size_t bit = 0; bit < 8 * bad.clause.len; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_int_equal (clause_verify (&bad, &x->key), ERR_BAD_SIGNATURE);
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

static void a_clause_cut_anywhere_is_refused (void **state)
{
	struct signer *x = *state;
	struct signed_clause bad = x->clause;

	while (bad.clause.len-- > 0)
		assert_int_equal (clause_verify (&bad, &x->key), ERR_BAD_SIGNATURE);
}

static void a_clause_under_another_key_is_refused (void **state)
{
	struct signer *x = *state;
	OWNED (keypair) other = keypair_new (KEY_SIG);
	struct public_key key = keypair_public (other);
	struct signed_clause renamed = x->clause;

	assert_int_equal (clause_verify (&x->clause, &key), ERR_BAD_SIGNATURE);
	renamed.sig_key_id = keypair_id (other);
	assert_int_equal (clause_verify (&renamed, &x->key), ERR_BAD_SIGNATURE);
	assert_int_equal (clause_verify (&renamed, &key), ERR_BAD_SIGNATURE);
}

static void a_signed_withdrawal_verifies_and_reads_back (void **state)
{
	struct signer *x = *state;
	struct withdrawal withdrawal;

	assert_int_equal (withdrawal_verify (&x->withdrawal, &x->key), ERR_OK);
	assert_int_equal (withdrawal_decode (x->withdrawal.withdrawal, x->arena, &withdrawal),
			  ERR_OK);
	assert_int_equal (withdrawal.said_ms, 1500);
	assert_string_equal (withdrawal.recorded_by.text, "klinik-a");
}

static void a_withdrawal_that_nobody_signed_binds_nobody (void **state)
{
	struct signer *x = *state;
	struct signed_withdrawal word;
	struct withdrawal withdrawal;

	assert_int_equal (withdrawal_decode (x->withdrawal.withdrawal, x->arena, &withdrawal),
			  ERR_OK);
	assert_int_equal (withdrawal_sign (&withdrawal, NULL, x->arena, &word), ERR_OK);
	assert_true (ID_IS_NONE (word.sig_key_id));
	assert_true (bytes_equal (word.withdrawal, x->withdrawal.withdrawal));
	assert_int_equal (withdrawal_verify (&word, &x->key), ERR_BAD_SIGNATURE);
}

/* Both are signed by the same key over bytes of their own; the domains keep them apart. */
static void a_clauses_signature_is_no_withdrawals (void **state)
{
	struct signer *x = *state;
	struct signed_withdrawal posed = {
		.withdrawal = x->clause.clause,
		.sig_key_id = x->clause.sig_key_id,
		.signature = x->clause.signature,
	};

	assert_int_equal (withdrawal_verify (&posed, &x->key), ERR_BAD_SIGNATURE);
}

int main (void)
{
#define WITH_SIGNER(test) cmocka_unit_test_setup_teardown (test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (a_clause_covers_what_the_table_says),
		WITH_SIGNER (a_signed_clause_verifies_and_reads_back),
		WITH_SIGNER (any_bit_flipped_in_a_clause_is_refused),
		WITH_SIGNER (a_clause_cut_anywhere_is_refused),
		WITH_SIGNER (a_clause_under_another_key_is_refused),
		WITH_SIGNER (a_signed_withdrawal_verifies_and_reads_back),
		WITH_SIGNER (a_withdrawal_that_nobody_signed_binds_nobody),
		WITH_SIGNER (a_clauses_signature_is_no_withdrawals),
	};

	if (keys_start () != ERR_OK)
		return 1;
	return cmocka_run_group_tests (tests, NULL, NULL);
}
