/* The directory: who must have signed it, that it never goes back, look-ups, and which key counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "jembatan/directory.h"

#define NOW INT64_C (1800000000000)
#define MEMBERS 50

/* A network of fifty members, signed by two registrar keys out of three. */
struct network {
	arena_t *arena;
	keypair_t *root[3];
	struct registrar_key root_keys[3];
	struct hub_entry hub;
	const char *endpoint;
	struct member members[MEMBERS];
	struct member_key keys[MEMBERS][3];
	struct agency_id overseen[2];
	struct oversight oversight;
	struct directory_data data;
};

static struct agency_id agency (const char *text)
{
	struct agency_id id;

	assert_int_equal (agency_id_parse (text, &id), ERR_OK);
	return id;
}

static struct member_key key_of (enum key_use use, uint8_t a, uint8_t b)
{
	struct member_key key = { .use = use, .public_key = { { 1, (uint8_t)use, a, b } } };

	key.id = key_id_of (use, &key.public_key);
	key.valid_from_ms = NOW - DAY_MS;
	return key;
}

static void fill_member (struct network *x, uint8_t i)
{
	static const char *const services[] = { "detox", "konseling" };
	struct member *member = &x->members[i];

	for (uint8_t k = 0; k < 3; k++)
		x->keys[i][k] = key_of ((enum key_use)(KEY_SIG + k), i, 0);
	*member = (struct member){
		.id = agency (arena_printf (x->arena, "instansi-%u", i)),
		.name_id = "Instansi", .name_en = "Agency", .kind = "clinic", .region = "17.71",
		.address = "Jl. Jati 1", .phone = "+62736000", .whatsapp = "", .office_hours = "08-16",
		.service_count = 2, .services = services,
		.key_count = 3, .keys = x->keys[i],
		.neutral_sender = i == 3 ? agency ("instansi-4") : (struct agency_id){ "" },
	};
}

static void fill_network (struct network *x)
{
	for (size_t i = 0; i < 3; i++) {
		x->root[i] = keypair_new (KEY_ROOT);
		x->root_keys[i].public_key = keypair_public (x->root[i]);
		x->root_keys[i].holder = "Pendaftar";
	}
	x->endpoint = "tcp://127.0.0.1:7000";
	x->hub = (struct hub_entry){ .id = "hub-uji", .endpoint_count = 1, .endpoints = &x->endpoint,
				     .link_key = { { 9 } }, .log_key = { { 8 } } };
	x->overseen[0] = agency ("instansi-1");
	x->overseen[1] = agency ("instansi-2");
	x->oversight = (struct oversight){ agency ("instansi-0"), 2, x->overseen };
}

static int set_up (void **state)
{
	struct network *x = must_alloc (sizeof *x);

	memset (x, 0, sizeof *x);
	x->arena = arena_new (64 * MIB);
	fill_network (x);
	for (uint8_t i = 0; i < MEMBERS; i++)
		fill_member (x, i);
	x->data = (struct directory_data){
		.version = 7, .issued_ms = NOW, .expires_ms = NOW + 120 * DAY_MS, .network = "uji",
		.hub_count = 1, .hubs = &x->hub,
		.registrar_key_count = 3, .registrar_keys = x->root_keys, .threshold = 2,
		.member_count = MEMBERS, .members = x->members,
		.oversight_count = 1, .oversight = &x->oversight,
	};
	*state = x;
	return 0;
}

static int tear_down (void **state)
{
	struct network *x = *state;

	for (size_t i = 0; i < 3; i++)
		keypair_destroy (&x->root[i]);
	arena_destroy (&x->arena);
	free (x);
	return 0;
}

static struct bytes signed_by_two (struct network *x)
{
	struct bytes made;

	assert_int_equal (directory_sign (&x->data, x->root, 2, x->arena, &made), ERR_OK);
	return made;
}

static directory_t *load (struct network *x)
{
	directory_t *directory = NULL;

	assert_int_equal (directory_read (signed_by_two (x), NULL, &directory), ERR_OK);
	return directory;
}

static err_t read_after (struct bytes made, const directory_t *trusted)
{
	OWNED (directory) directory = NULL;

	return directory_read (made, trusted, &directory);
}

/* ---- reading ---------------------------------------------------------------------------------- */

static void everything_that_was_signed_reads_back (void **state)
{
	struct network *x = *state;
	OWNED (directory) directory = load (x);
	const struct directory_data *data = directory_data (directory);
	const struct member *member = &data->members[3];

	assert_int_equal (data->version, 7);
	assert_string_equal (data->network, "uji");
	assert_int_equal (data->member_count, MEMBERS);
	assert_string_equal (data->hubs[0].endpoints[0], "tcp://127.0.0.1:7000");
	assert_int_equal (data->threshold, 2);
	assert_string_equal (member->address, "Jl. Jati 1");
	assert_string_equal (member->services[1], "konseling");
	assert_string_equal (member->neutral_sender.text, "instansi-4");
	assert_int_equal (member->key_count, 3);
	assert_true (ID_EQUAL (member->keys[2].id, x->keys[3][2].id));
	assert_true (bytes_equal (directory_signed_bytes (directory), signed_by_two (x)));
}

static void it_stands_when_the_bytes_it_was_read_from_are_gone (void **state)
{
	struct network *x = *state;
	struct bytes made = signed_by_two (x);
	uint8_t *copy = must_alloc (made.len);
	OWNED (directory) directory = NULL;
	struct agency_id id = agency ("instansi-9");

	memcpy (copy, made.data, made.len);
	assert_int_equal (directory_read ((struct bytes){ copy, made.len }, NULL, &directory), ERR_OK);
	memset (copy, 0xff, made.len);
	free (copy);
	assert_string_equal (directory_member (directory, &id)->name_id, "Instansi");
}

static void a_directory_cut_anywhere_is_refused (void **state)
{
	struct network *x = *state;
	struct bytes made;

	x->data.member_count = 2;
	made = signed_by_two (x);
	while (made.len-- > 0)
		assert_int_not_equal (read_after (made, NULL), ERR_OK);
}

static void any_bit_flipped_is_refused (void **state)
{
	struct network *x = *state;
	OWNED (directory) trusted = NULL;
	struct bytes made;
	uint8_t *bytes;

	x->data.member_count = 1;
	x->data.oversight_count = 0;
	x->data.registrar_key_count = 2;
	made = signed_by_two (x);
	assert_int_equal (directory_read (made, NULL, &trusted), ERR_OK);
	bytes = (uint8_t *)(uintptr_t)made.data;
	for (size_t bit = 0; bit < 8 * made.len; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		if (read_after (made, trusted) == ERR_OK)
			fail_msg ("bit %zu of %zu", bit, 8 * made.len);
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

/* ---- who signed ------------------------------------------------------------------------------- */

static err_t sign_and_read (struct network *x, keypair_t *const *roots, size_t count,
			    const directory_t *trusted)
{
	struct bytes made;

	assert_int_equal (directory_sign (&x->data, roots, count, x->arena, &made), ERR_OK);
	return read_after (made, trusted);
}

static void fewer_keys_than_the_threshold_are_not_enough (void **state)
{
	struct network *x = *state;

	assert_int_equal (sign_and_read (x, x->root, 0, NULL), ERR_BAD_SIGNATURE);
	assert_int_equal (sign_and_read (x, x->root, 1, NULL), ERR_BAD_SIGNATURE);
	assert_int_equal (sign_and_read (x, x->root + 1, 2, NULL), ERR_OK);
	assert_int_equal (sign_and_read (x, x->root, 3, NULL), ERR_OK);
}

static void one_key_signing_twice_counts_once (void **state)
{
	struct network *x = *state;
	keypair_t *twice[] = { x->root[0], x->root[0] };

	assert_int_equal (sign_and_read (x, twice, 2, NULL), ERR_BAD_SIGNATURE);
}

static void a_strangers_signature_counts_for_nothing (void **state)
{
	struct network *x = *state;
	OWNED (keypair) stranger = keypair_new (KEY_ROOT);
	keypair_t *roots[] = { x->root[0], stranger };

	assert_int_equal (sign_and_read (x, roots, 2, NULL), ERR_BAD_SIGNATURE);
}

static void a_newer_directory_is_judged_by_the_keys_trusted_before (void **state)
{
	struct network *x = *state;
	OWNED (directory) trusted = load (x);
	OWNED (keypair) thief = keypair_new (KEY_ROOT);
	struct registrar_key thiefs = { keypair_public (thief), "Pencuri" };
	keypair_t *roots[] = { thief };

	x->data.version = 8;
	x->data.registrar_keys = &thiefs;
	x->data.registrar_key_count = 1;
	x->data.threshold = 1;
	assert_int_equal (sign_and_read (x, roots, 1, NULL), ERR_OK);
	assert_int_equal (sign_and_read (x, roots, 1, trusted), ERR_BAD_SIGNATURE);
	/* The old holders hand over by signing it themselves. */
	assert_int_equal (sign_and_read (x, x->root, 2, trusted), ERR_OK);
}

static void lowering_the_threshold_needs_the_old_threshold (void **state)
{
	struct network *x = *state;
	OWNED (directory) trusted = load (x);

	x->data.version = 8;
	x->data.threshold = 1;
	assert_int_equal (sign_and_read (x, x->root, 1, trusted), ERR_BAD_SIGNATURE);
	assert_int_equal (sign_and_read (x, x->root, 2, trusted), ERR_OK);
}

static void versions_never_go_back (void **state)
{
	struct network *x = *state;
	OWNED (directory) trusted = load (x);

	assert_int_equal (sign_and_read (x, x->root, 2, trusted), ERR_OK);
	x->data.version = 8;
	assert_int_equal (sign_and_read (x, x->root, 2, trusted), ERR_OK);
	x->data.version = 6;
	assert_int_equal (sign_and_read (x, x->root, 2, trusted), ERR_BAD_VERSION);
}

static void one_version_has_one_content (void **state)
{
	struct network *x = *state;
	OWNED (directory) trusted = load (x);

	x->members[5].status = MEMBER_IS_SUSPENDED;
	assert_int_equal (sign_and_read (x, x->root, 2, trusted), ERR_BAD_VERSION);
}

static void another_network_of_the_same_registrar_is_refused (void **state)
{
	struct network *x = *state;
	OWNED (directory) trusted = load (x);

	x->data.version = 8;
	x->data.network = "lain";
	assert_int_equal (sign_and_read (x, x->root, 2, trusted), ERR_CONFLICT);
}

/* ---- what is never signed --------------------------------------------------------------------- */

static err_t sign_only (struct network *x)
{
	struct bytes made;

	return directory_sign (&x->data, x->root, 2, x->arena, &made);
}

static void a_directory_that_nobody_would_read_is_not_signed (void **state)
{
	struct network *x = *state;
	struct directory_data good = x->data;

	x->data.threshold = 0;
	assert_int_equal (sign_only (x), ERR_MALFORMED);
	x->data.threshold = 4;
	assert_int_equal (sign_only (x), ERR_MALFORMED);
	x->data = good;
	x->data.version = 0;
	assert_int_equal (sign_only (x), ERR_MALFORMED);
	x->data = good;
	x->data.expires_ms = x->data.issued_ms;
	assert_int_equal (sign_only (x), ERR_MALFORMED);
	x->data = good;
	assert_int_equal (sign_only (x), ERR_OK);
}

static void the_same_agency_twice_is_refused (void **state)
{
	struct network *x = *state;

	x->members[1].id = x->members[0].id;
	assert_int_equal (sign_only (x), ERR_MALFORMED);
}

static void one_session_key_for_two_members_is_refused (void **state)
{
	struct network *x = *state;

	x->keys[1][2] = x->keys[0][2];
	assert_int_equal (sign_only (x), ERR_MALFORMED);
}

static void a_registrar_key_listed_twice_is_refused (void **state)
{
	struct network *x = *state;

	x->root_keys[1] = x->root_keys[0];
	assert_int_equal (sign_only (x), ERR_MALFORMED);
}

static void values_out_of_form_are_refused (void **state)
{
	struct network *x = *state;
	struct member good = x->members[0];

	x->members[0].region = "17..71";
	assert_int_equal (sign_only (x), ERR_MALFORMED);
	x->members[0] = good;
	x->members[0].name_id = "";
	assert_int_equal (sign_only (x), ERR_MALFORMED);
	x->members[0] = good;
	x->members[0].phone = "1\n2";
	assert_int_equal (sign_only (x), ERR_MALFORMED);
	x->members[0] = good;
	x->endpoint = "ipc:///tmp/x";
	assert_int_equal (sign_only (x), ERR_MALFORMED);
}

/* ---- look-ups --------------------------------------------------------------------------------- */

static void every_member_is_found_by_id_and_by_session_key (void **state)
{
	struct network *x = *state;
	OWNED (directory) directory = load (x);
	struct agency_id nobody = agency ("instansi-99");
	struct key_id none = { { 1 } };

	for (size_t i = 0; i < MEMBERS; i++) {
		const struct member *member = directory_member (directory, &x->members[i].id);

		assert_string_equal (member->id.text, x->members[i].id.text);
		assert_ptr_equal (directory_member_by_link (directory, &x->keys[i][2].id), member);
		assert_null (directory_member_by_link (directory, &x->keys[i][0].id));
	}
	assert_null (directory_member (directory, &nobody));
	assert_null (directory_member_by_link (directory, &none));
}

static void an_ended_session_key_finds_nobody (void **state)
{
	struct network *x = *state;
	OWNED (directory) directory = NULL;

	x->keys[4][2].state = KEY_STATE_RETIRED;
	x->keys[5][2].state = KEY_STATE_COMPROMISED;
	directory = load (x);
	assert_null (directory_member_by_link (directory, &x->keys[4][2].id));
	assert_null (directory_member_by_link (directory, &x->keys[5][2].id));
	assert_non_null (directory_member (directory, &x->members[4].id));
}

static void a_directory_without_members_has_none (void **state)
{
	struct network *x = *state;
	OWNED (directory) directory = NULL;
	struct agency_id nobody = agency ("instansi-1");

	x->data.member_count = 0;
	directory = load (x);
	assert_null (directory_member (directory, &nobody));
}

static void hubs_and_oversight_are_found (void **state)
{
	struct network *x = *state;
	OWNED (directory) directory = load (x);

	assert_non_null (directory_hub (directory, "hub-uji"));
	assert_null (directory_hub (directory, "hub"));
	assert_true (directory_oversees (directory, &x->members[0].id, &x->members[2].id));
	assert_false (directory_oversees (directory, &x->members[0].id, &x->members[3].id));
	assert_false (directory_oversees (directory, &x->members[2].id, &x->members[0].id));
}

/* ---- keys of a member ------------------------------------------------------------------------- */

#define D DAY_MS

/* clang-format off */
static const struct {
	enum key_state state;
	int64_t from, to, since;        /* days from NOW */
	int64_t made, at;
	err_t expected;
} key_table[] = {
	{ KEY_STATE_ACTIVE,      -10, 0,  0,   -5,  0, ERR_OK },
	{ KEY_STATE_ACTIVE,      -10, 0,  0,   -11, 0, ERR_KEY_UNKNOWN },
	{ KEY_STATE_ACTIVE,      -10, 0,  0,   -10, 0, ERR_OK },
	{ KEY_STATE_ACTIVE,      -10, -1, 0,   -2,  0, ERR_OK },
	{ KEY_STATE_ACTIVE,      -10, -1, 0,   -1,  0, ERR_KEY_UNKNOWN },
	{ KEY_STATE_RETIRED,     -10, 0,  -3,  -4,  0, ERR_OK },
	{ KEY_STATE_RETIRED,     -10, 0,  -3,  -3,  0, ERR_KEY_REVOKED },
	{ KEY_STATE_RETIRED,     -10, 0,  -3,  -2,  0, ERR_KEY_REVOKED },
	/* whatever date a forgery bears */
	{ KEY_STATE_COMPROMISED, -10, 0,  -3,  -9,  0, ERR_KEY_REVOKED },
	{ KEY_STATE_COMPROMISED, -10, 0,  -3,  -4, -3, ERR_KEY_REVOKED },
	{ KEY_STATE_COMPROMISED, -10, 0,  -3,  -5, -4, ERR_OK },
};
/* clang-format on */

static void a_key_allows_what_the_table_says (void **state)
{
	for (size_t i = 0; i < COUNT_OF (key_table); i++) {
		struct member_key key = key_of (KEY_SIG, 1, 1);
		struct member member = { .key_count = 1, .keys = &key };

		key.state = key_table[i].state;
		key.valid_from_ms = NOW + key_table[i].from * D;
		key.valid_to_ms = key_table[i].to != 0 ? NOW + key_table[i].to * D : 0;
		key.since_ms = NOW + key_table[i].since * D;
		if (member_key_allows (&member, &key.id, KEY_SIG, NOW + key_table[i].made * D,
				       NOW + key_table[i].at * D)
		    != key_table[i].expected)
			fail_msg ("row %zu", i);
	}
}

static void a_key_of_nobody_or_of_another_use_is_unknown (void **state)
{
	struct network *x = *state;
	const struct member *member = &x->members[1];

	assert_int_equal (member_key_allows (member, &x->keys[2][0].id, KEY_SIG, NOW, NOW),
			  ERR_KEY_UNKNOWN);
	assert_int_equal (member_key_allows (member, &x->keys[1][1].id, KEY_SIG, NOW, NOW),
			  ERR_KEY_UNKNOWN);
	assert_int_equal (member_key_allows (member, &x->keys[1][0].id, KEY_SIG, NOW, NOW), ERR_OK);
}

static void the_newest_valid_key_of_a_use_is_taken (void **state)
{
	struct member_key keys[] = { key_of (KEY_BOX, 1, 1), key_of (KEY_BOX, 1, 2),
				     key_of (KEY_BOX, 1, 3), key_of (KEY_SIG, 1, 4) };
	struct member member = { .key_count = COUNT_OF (keys), .keys = keys };

	keys[1].valid_from_ms = NOW - HOUR_MS;
	keys[2].valid_from_ms = NOW + HOUR_MS;
	assert_ptr_equal (member_key (&member, KEY_BOX, NOW), &keys[1]);
	assert_ptr_equal (member_key (&member, KEY_BOX, NOW + DAY_MS), &keys[2]);
	keys[1].state = KEY_STATE_RETIRED;
	assert_ptr_equal (member_key (&member, KEY_BOX, NOW), &keys[0]);
	keys[0].valid_to_ms = NOW;
	assert_null (member_key (&member, KEY_BOX, NOW));
	assert_null (member_key (&member, KEY_LINK, NOW));
}

static void trust_ages_in_steps (void **state)
{
	struct network *x = *state;
	OWNED (directory) directory = load (x);
	int64_t expires = x->data.expires_ms;

	assert_int_equal (directory_age (directory, expires - 30 * D - 1), DIRECTORY_FRESH);
	assert_int_equal (directory_age (directory, expires - 30 * D), DIRECTORY_ENDING);
	assert_int_equal (directory_age (directory, expires - 1), DIRECTORY_ENDING);
	assert_int_equal (directory_age (directory, expires), DIRECTORY_PAST);
	assert_int_equal (directory_age (directory, expires + 30 * D - 1), DIRECTORY_PAST);
	assert_int_equal (directory_age (directory, expires + 30 * D), DIRECTORY_DEGRADED);
}

/* ---- enrolment files -------------------------------------------------------------------------- */

static struct request member_request (struct network *x, keypair_t *sig)
{
	x->keys[0][0].public_key = keypair_public (sig);
	x->keys[0][0].id = keypair_id (sig);
	return (struct request){ .member = x->members[0], .made_ms = NOW };
}

static void a_request_reads_back_with_its_fingerprint (void **state)
{
	struct network *x = *state;
	OWNED (keypair) sig = keypair_new (KEY_SIG);
	struct request request = member_request (x, sig), read;
	struct hash fingerprint, other;
	struct bytes file;

	assert_int_equal (request_make (&request, sig, x->arena, &file), ERR_OK);
	assert_int_equal (request_read (file, x->arena, &read, &fingerprint), ERR_OK);
	assert_string_equal (read.member.id.text, "instansi-0");
	assert_int_equal (read.made_ms, NOW);
	request.made_ms++;
	assert_int_equal (request_make (&request, sig, x->arena, &file), ERR_OK);
	assert_int_equal (request_read (file, x->arena, &read, &other), ERR_OK);
	assert_false (ID_EQUAL (fingerprint, other));
}

static void a_request_with_any_bit_flipped_is_refused (void **state)
{
	struct network *x = *state;
	OWNED (keypair) sig = keypair_new (KEY_SIG);
	struct request request = member_request (x, sig), read;
	struct hash fingerprint;
	struct bytes file;
	uint8_t *bytes;

	assert_int_equal (request_make (&request, sig, x->arena, &file), ERR_OK);
	bytes = (uint8_t *)(uintptr_t)file.data;
	for (size_t bit = 0; bit < 8 * file.len; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_int_not_equal (request_read (file, x->arena, &read, &fingerprint), ERR_OK);
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	while (file.len-- > 0)
		assert_int_not_equal (request_read (file, x->arena, &read, &fingerprint), ERR_OK);
}

static void a_request_proved_by_another_key_is_refused (void **state)
{
	struct network *x = *state;
	OWNED (keypair) sig = keypair_new (KEY_SIG);
	OWNED (keypair) other = keypair_new (KEY_SIG);
	struct request request = member_request (x, sig);
	struct bytes file;

	assert_int_equal (request_make (&request, other, x->arena, &file), ERR_BAD_SIGNATURE);
}

static void a_request_writes_no_history_of_its_own (void **state)
{
	struct network *x = *state;
	OWNED (keypair) sig = keypair_new (KEY_SIG);
	struct request request = member_request (x, sig);
	struct bytes file;

	x->keys[0][1].state = KEY_STATE_RETIRED;
	assert_int_equal (request_make (&request, sig, x->arena, &file), ERR_MALFORMED);
	x->keys[0][1].state = KEY_STATE_ACTIVE;
	request.member.status = MEMBER_IS_SUSPENDED;
	assert_int_equal (request_make (&request, sig, x->arena, &file), ERR_MALFORMED);
	request.member.status = MEMBER_IS_ACTIVE;
	request.member.key_count = 2;
	assert_int_equal (request_make (&request, sig, x->arena, &file), ERR_MALFORMED);
}

static void a_hub_asks_with_its_log_key (void **state)
{
	struct network *x = *state;
	OWNED (keypair) log = keypair_new (KEY_LOG);
	struct request request = { .is_hub = true, .hub = x->hub, .made_ms = NOW }, read;
	struct hash fingerprint;
	struct bytes file;

	request.hub.log_key = keypair_public (log);
	assert_int_equal (request_make (&request, log, x->arena, &file), ERR_OK);
	assert_int_equal (request_read (file, x->arena, &read, &fingerprint), ERR_OK);
	assert_true (read.is_hub);
	assert_string_equal (read.hub.id, "hub-uji");
}

static void a_welcome_file_carries_the_directory (void **state)
{
	struct network *x = *state;
	OWNED (directory) directory = load (x);
	OWNED (directory) read = NULL;
	struct bytes file;

	assert_int_equal (welcome_make (directory, x->arena, &file), ERR_OK);
	assert_int_equal (welcome_read (file, &read), ERR_OK);
	assert_int_equal (directory_data (read)->version, 7);
	assert_true (bytes_equal (directory_signed_bytes (read), directory_signed_bytes (directory)));
	while (file.len-- > 0) {
		OWNED (directory) none = NULL;

		assert_int_not_equal (welcome_read (file, &none), ERR_OK);
	}
}

int main (void)
{
#define IN_NETWORK(test) cmocka_unit_test_setup_teardown (test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		IN_NETWORK (everything_that_was_signed_reads_back),
		IN_NETWORK (it_stands_when_the_bytes_it_was_read_from_are_gone),
		IN_NETWORK (a_directory_cut_anywhere_is_refused),
		IN_NETWORK (any_bit_flipped_is_refused),
		IN_NETWORK (fewer_keys_than_the_threshold_are_not_enough),
		IN_NETWORK (one_key_signing_twice_counts_once),
		IN_NETWORK (a_strangers_signature_counts_for_nothing),
		IN_NETWORK (a_newer_directory_is_judged_by_the_keys_trusted_before),
		IN_NETWORK (lowering_the_threshold_needs_the_old_threshold),
		IN_NETWORK (versions_never_go_back),
		IN_NETWORK (one_version_has_one_content),
		IN_NETWORK (another_network_of_the_same_registrar_is_refused),
		IN_NETWORK (a_directory_that_nobody_would_read_is_not_signed),
		IN_NETWORK (the_same_agency_twice_is_refused),
		IN_NETWORK (one_session_key_for_two_members_is_refused),
		IN_NETWORK (a_registrar_key_listed_twice_is_refused),
		IN_NETWORK (values_out_of_form_are_refused),
		IN_NETWORK (every_member_is_found_by_id_and_by_session_key),
		IN_NETWORK (an_ended_session_key_finds_nobody),
		IN_NETWORK (a_directory_without_members_has_none),
		IN_NETWORK (hubs_and_oversight_are_found),
		cmocka_unit_test (a_key_allows_what_the_table_says),
		IN_NETWORK (a_key_of_nobody_or_of_another_use_is_unknown),
		cmocka_unit_test (the_newest_valid_key_of_a_use_is_taken),
		IN_NETWORK (trust_ages_in_steps),
		IN_NETWORK (a_request_reads_back_with_its_fingerprint),
		IN_NETWORK (a_request_with_any_bit_flipped_is_refused),
		IN_NETWORK (a_request_proved_by_another_key_is_refused),
		IN_NETWORK (a_request_writes_no_history_of_its_own),
		IN_NETWORK (a_hub_asks_with_its_log_key),
		IN_NETWORK (a_welcome_file_carries_the_directory),
	};

	if (keys_start () != ERR_OK)
		return 1;
	return cmocka_run_group_tests (tests, NULL, NULL);
}
