/* The address book, and the short codes of printed letters. */
#include "tests/agents/ledger/office.h"

#include "agents/ledger/code.h"
#include "agents/ledger/contact.h"

static struct contact puskesmas (const char *id)
{
	struct contact contact = { .kind = "clinic", .region = "17.71.02",
				   .name = "Puskesmas Ratu Agung", .person = "Bidan Ani",
				   .phone = "+62736123456", .whatsapp = "+6281234567890",
				   .address = "Jl. Flamboyan 3", .office_hours = "08.00-14.00",
				   .services = "medical", .note = "lewat pintu samping",
				   .created_ms = 77 };

	assert_ok (contact_id_parse (id, &contact.id));
	return contact;
}

static void save (struct office *office, const struct contact *contact)
{
	OWNED (tx) tx = ledger_begin (office->ledger);

	contact_save (tx, contact);
	assert_ok (tx_commit (tx));
}

static void a_contact_comes_back_whole_after_a_restart (void **state)
{
	struct office *office = *state;
	struct contact saved = puskesmas ("@puskesmas-ratu"), got;

	save (office, &saved);
	office_reopen (office);
	assert_ok (contact_get (office->ledger, &saved.id, office->arena, &got));
	assert_string_equal (got.id.text, "@puskesmas-ratu");
	assert_string_equal (got.kind, "clinic");
	assert_string_equal (got.region, "17.71.02");
	assert_string_equal (got.name, saved.name);
	assert_string_equal (got.person, saved.person);
	assert_string_equal (got.phone, saved.phone);
	assert_string_equal (got.whatsapp, saved.whatsapp);
	assert_string_equal (got.address, saved.address);
	assert_string_equal (got.office_hours, saved.office_hours);
	assert_string_equal (got.services, saved.services);
	assert_string_equal (got.note, saved.note);
	assert_string_equal (got.agency.text, "");
	assert_int_equal (got.created_ms, 77);
}

static void saving_again_replaces_what_is_known_and_keeps_its_beginning (void **state)
{
	struct office *office = *state;
	struct contact contact = puskesmas ("@puskesmas-ratu"), got;

	save (office, &contact);
	contact.phone = "+62736999999";
	contact.created_ms = 99;
	assert_ok (agency_id_parse ("puskesmas-ratu", &contact.agency));
	save (office, &contact);
	assert_ok (contact_get (office->ledger, &contact.id, office->arena, &got));
	assert_string_equal (got.phone, "+62736999999");
	assert_string_equal (got.agency.text, "puskesmas-ratu");
	assert_int_equal (got.created_ms, 77);
}

static void contacts_are_listed_by_id_in_pages (void **state)
{
	struct office *office = *state;
	const char *const ids[] = { "@c-dua", "@a-satu", "@b-tiga" };
	struct contact *list;

	for (size_t i = 0; i < COUNT_OF (ids); i++) {
		struct contact contact = puskesmas (ids[i]);

		save (office, &contact);
	}
	assert_int_equal (contact_list (office->ledger, "", 2, office->arena, &list), 2);
	assert_string_equal (list[0].id.text, "@a-satu");
	assert_string_equal (list[1].id.text, "@b-tiga");
	assert_int_equal (contact_list (office->ledger, list[1].id.text, 2, office->arena, &list),
			  1);
	assert_string_equal (list[0].id.text, "@c-dua");
}

static void a_contact_is_never_taken_for_a_member (void **state)
{
	const char *const wrong[] = { "puskesmas", "@", "@a", "@Puskesmas", "@@a", "@puskesmas ratu",
				      "@12345678901234567890123456789012" };
	struct agency_id id = { "untouched" };

	for (size_t i = 0; i < COUNT_OF (wrong); i++)
		assert_int_equal (contact_id_parse (wrong[i], &id), ERR_INVALID);
	assert_string_equal (id.text, "untouched");
	assert_ok (contact_id_parse ("@a1", &id));
	assert_true (contact_id_is (&id));
	assert_int_not_equal (agency_id_parse ("@a1", &id), ERR_OK);
	assert_ok (partner_id_parse ("klinik", &id));
	assert_false (contact_id_is (&id));
	assert_int_equal (contact_get (((struct office *)*state)->ledger, &id,
				       ((struct office *)*state)->arena, &(struct contact){ 0 }),
			  ERR_NOT_FOUND);
}

/* ---- codes -------------------------------------------------------------------------------------- */

static void a_code_is_read_however_people_write_it (void **state)
{
	struct office *office = *state;
	char code[CODE_TEXT], typed[32], got[CODE_TEXT];

	for (int round = 0; round < 200; round++) {
		code_make (office->ledger, code);
		assert_int_equal (strlen (code), 9);
		assert_int_equal (strspn (code, "0123456789ABCDEFGHJKMNPQRSTVWXYZ-"), 9);
		assert_ok (code_parse (code, got));
		assert_string_equal (got, code);
		snprintf (typed, sizeof typed, " %.2s %.2s%s", code, code + 2, code + 5);
		for (char *at = typed; *at != '\0'; at++)
			*at = *at == '0' ? 'o' : *at == '1' ? 'l' : (char)(*at | 0x20);
		assert_ok (code_parse (typed, got));
		assert_string_equal (got, code);
	}
}

static void one_wrong_sign_or_two_exchanged_are_never_another_code (void **state)
{
	static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	struct office *office = *state;
	char code[CODE_TEXT], wrong[CODE_TEXT], got[CODE_TEXT];

	code_make (office->ledger, code);
	for (int i = 0; i < 9; i++) {
		for (size_t j = 0; code[i] != '-' && j < 32; j++) {
			memcpy (wrong, code, sizeof wrong);
			wrong[i] = alphabet[j];
			assert_int_equal (code_parse (wrong, got),
					  alphabet[j] == code[i] ? ERR_OK : ERR_INVALID);
		}
		for (int j = 0; code[i] != '-' && j < i; j++) {
			memcpy (wrong, code, sizeof wrong);
			wrong[i] = code[j];
			wrong[j] = code[i];
			if (code[j] != '-' && code[i] != code[j])
				assert_int_equal (code_parse (wrong, got), ERR_INVALID);
		}
	}
	assert_int_equal (code_parse ("7KQ4", got), ERR_MALFORMED);
	assert_int_equal (code_parse ("7KQ4-M2XAA", got), ERR_MALFORMED);
	assert_int_equal (code_parse ("7KQ4/M2XA", got), ERR_MALFORMED);
	assert_int_equal (code_parse ("", got), ERR_MALFORMED);
}

static void a_thread_is_found_by_its_code_and_a_slip_is_told_from_an_unknown_one (void **state)
{
	struct office *office = *state;
	struct thread thread = { .type = "referral", .state = "requested", .overlay = "",
				 .carrier = CARRIER_PAPER };
	char other[CODE_TEXT], wrong[CODE_TEXT];
	struct thread_id found;

	code_make (office->ledger, thread.code);
	code_make (office->ledger, other);
	assert_ok (contact_id_parse ("@puskesmas", &thread.partner));
	{
		OWNED (tx) tx = ledger_begin (office->ledger);

		thread_add (tx, &thread);
		assert_ok (tx_commit (tx));
	}
	assert_ok (thread_find (office->ledger, thread.code, &found));
	assert_memory_equal (&found, &thread.id, sizeof found);
	assert_int_equal (thread_find (office->ledger, other, &found), ERR_NOT_FOUND);
	memcpy (wrong, thread.code, sizeof wrong);
	wrong[0] = wrong[0] == 'A' ? 'B' : 'A';
	assert_int_equal (thread_find (office->ledger, wrong, &found), ERR_INVALID);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		office_test (a_contact_comes_back_whole_after_a_restart),
		office_test (saving_again_replaces_what_is_known_and_keeps_its_beginning),
		office_test (contacts_are_listed_by_id_in_pages),
		office_test (a_contact_is_never_taken_for_a_member),
		office_test (a_code_is_read_however_people_write_it),
		office_test (one_wrong_sign_or_two_exchanged_are_never_another_code),
		office_test (a_thread_is_found_by_its_code_and_a_slip_is_told_from_an_unknown_one),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
