/* Staff: kept as given, in order, and sealed. */
#include "tests/agents/ledger/office.h"

#include "agents/ledger/staff.h"
#include "proto/file.h"

static struct staff counsellor (const char *name)
{
	return (struct staff){ .name = name,
			       .position = "konselor adiksi",
			       .phone = "+628123456789",
			       .decree = "SK-17/2024",
			       .certificate = "ICAP-0042",
			       .certificate_until = "2027-03-31",
			       .since = "2021-01-04",
			       .until = "" };
}

static void add (struct office *office, const char *name)
{
	struct staff staff = counsellor (name);
	OWNED (tx) tx = ledger_begin (office->ledger);

	staff_add (tx, &staff);
	assert_ok (tx_commit (tx));
}

static void whoever_was_added_is_listed_with_everything (void **state)
{
	struct office *office = *state;
	struct staff *list;

	add (office, "Ratna");
	office_reopen (office);
	assert_int_equal (staff_list (office->ledger, 0, 10, office->arena, &list), 1);
	assert_string_equal (list[0].name, "Ratna");
	assert_string_equal (list[0].position, "konselor adiksi");
	assert_string_equal (list[0].phone, "+628123456789");
	assert_string_equal (list[0].decree, "SK-17/2024");
	assert_string_equal (list[0].certificate, "ICAP-0042");
	assert_string_equal (list[0].certificate_until, "2027-03-31");
	assert_string_equal (list[0].since, "2021-01-04");
	assert_string_equal (list[0].until, "");
	assert_true (list[0].created_ms > 0);
}

static void a_list_comes_in_pages_in_the_order_of_adding (void **state)
{
	struct office *office = *state;
	struct staff *list;

	add (office, "Ratna");
	add (office, "Agus");
	add (office, "Made");
	assert_int_equal (staff_list (office->ledger, 0, 2, office->arena, &list), 2);
	assert_string_equal (list[0].name, "Ratna");
	assert_string_equal (list[1].name, "Agus");
	assert_int_equal (staff_list (office->ledger, 2, 2, office->arena, &list), 1);
	assert_string_equal (list[0].name, "Made");
	assert_int_equal (staff_list (office->ledger, 3, 2, office->arena, &list), 0);
}

static void what_changed_replaces_what_was_known (void **state)
{
	struct office *office = *state;
	struct staff *list;

	add (office, "Ratna");
	assert_int_equal (staff_list (office->ledger, 0, 10, office->arena, &list), 1);
	list[0].until = "2026-12-31";
	{
		OWNED (tx) tx = ledger_begin (office->ledger);

		staff_update (tx, &list[0]);
		assert_ok (tx_commit (tx));
	}
	assert_int_equal (staff_list (office->ledger, 0, 10, office->arena, &list), 1);
	assert_string_equal (list[0].name, "Ratna");
	assert_string_equal (list[0].until, "2026-12-31");
}

static void nothing_about_them_lies_in_clear (void **state)
{
	struct office *office = *state;
	char path[128];
	struct bytes bytes;

	add (office, "Ratna Kusumawardani");
	ledger_destroy (&office->ledger);
	snprintf (path, sizeof path, "%s/ledger.db", office->folder);
	assert_ok (file_read (path, 8 * MIB, office->arena, &bytes));
	assert_null (memmem (bytes.data, bytes.len, "Kusumawardani", 13));
	assert_null (memmem (bytes.data, bytes.len, "ICAP-0042", 9));
	office_open (office);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		office_test (whoever_was_added_is_listed_with_everything),
		office_test (a_list_comes_in_pages_in_the_order_of_adding),
		office_test (what_changed_replaces_what_was_known),
		office_test (nothing_about_them_lies_in_clear),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
