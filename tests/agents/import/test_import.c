/*
 * Lists from elsewhere: every way in which a line can be wrong is named with line and column, personal
 * values are never quoted, all of a list is written or nothing, and the same list again changes nothing.
 */
#include "tests/agents/api/office.h"

#include "agents/import/import.h"
#include "agents/ledger/reminder.h"
#include "agents/ledger/staff.h"
#include "tests/support/clock.h"

/* 22 November 2026, 10:00 in Bengkulu. */
#define NOW_MS INT64_C (1795316400000)

struct result {
	err_t err;
	struct import_report report;
	arena_t *arena;
	problems_t *problems;
};

static const struct actor siti = { "siti", "supervisor" }, caseworker = { "budi", "caseworker" };

static int setup (void **state)
{
	clock_turn (NOW_MS - clock_now_ms ());
	return office_setup (state);
}

static struct result import_bytes (struct office *office, const struct import_wish *wish)
{
	struct result result = { .arena = arena_new (64 * MIB), .problems = problems_new () };

	result.err = import_run (office->desk, &siti, wish, result.arena, &result.report,
				 result.problems);
	return result;
}

static void result_free (struct result *result)
{
	problems_destroy (&result->problems);
	arena_destroy (&result->arena);
}

#define RESULT __attribute__ ((cleanup (result_free))) struct result

static struct result look (struct office *office, const char *what, const char *csv)
{
	struct import_wish wish = { .what = what, .text = bytes_of_text (csv) };

	return import_bytes (office, &wish);
}

static struct result record (struct office *office, const char *what, const char *csv)
{
	struct import_wish wish = { .what = what, .text = bytes_of_text (csv), .commit = true };

	return import_bytes (office, &wish);
}

static struct result look_json (struct office *office, const char *what, const char *json)
{
	struct import_wish wish = { .what = what, .format = IMPORT_JSON, .text = bytes_of_text (json) };

	return import_bytes (office, &wish);
}

static bool names (const struct complaints *complaints, uint32_t line, const char *field,
		   const char *words)
{
	for (size_t i = 0; i < complaints->kept; i++) {
		const struct complaint *complaint = &complaints->list[i];

		if (complaint->line == line && strcmp (complaint->problem.field, field) == 0 &&
		    (strstr (complaint->problem.text_en, words) != NULL ||
		     strstr (complaint->problem.text_id, words) != NULL))
			return true;
	}
	return false;
}

static bool says (const problems_t *problems, const char *field, const char *words)
{
	for (size_t i = 0; i < problems_count (problems); i++) {
		const struct problem *problem = problems_at (problems, i);

		if (strcmp (problem->field, field) == 0 && strstr (problem->text_en, words) != NULL)
			return true;
	}
	return false;
}

static size_t reminders (struct office *office, struct reminder **ret_list)
{
	return reminder_list (office->ledger, NULL, NULL, INT64_MAX, 100, office->arena, ret_list);
}

/* ---- single lines ------------------------------------------------------------------------------- */

struct line {
	const char *header, *line;
	const char *field;     /* that is complained of */
	const char *words;     /* in one of the two languages */
	const char *silent;    /* must not be quoted; NULL = nothing to hide */
};

#define MUST "name;nik;release_date"
#define NIK "1771011403990001"

/* clang-format off */
static const struct line release_lines[] = {
	{ MUST, ";" NIK ";2027-03-01", "name", "must be filled in", NULL },
	{ MUST, "Budi;;2027-03-01", "nik", "must be filled in", NULL },
	{ MUST, "Budi;" NIK ";", "release_date", "must be filled in", NULL },
	{ MUST, "Budi;177101140399001;2027-03-01", "nik", "a NIK has 16 digits", "177101140399001" },
	{ MUST, "Budi;1771013213990001;2027-03-01", "nik", "tanggal lahir yang mungkin", "1771013213990001" },
	{ MUST, "Budi;1,77101E+15;2027-03-01", "nik", "the spreadsheet has made a number of the NIK", "1,77101E+15" },
	{ MUST, "Budi;" NIK ";46352", "release_date", "\"46352\": this is a spreadsheet's day number", NULL },
	{ MUST, "Budi;" NIK ";03/13/2027", "release_date", "\"03/13/2027\": no date; write YYYY-MM-DD or DD/MM/YYYY, the day first", NULL },
	{ MUST, "Budi;" NIK ";2027-02-29", "release_date", "no date", NULL },
	{ MUST, "Budi;" NIK ";01/03/27", "release_date", "no date", NULL },
	{ MUST, "Budi;" NIK ";01-03/2027", "release_date", "no date", NULL },
	{ MUST, "Budi;" NIK ";Maret 2027", "release_date", "bukan tanggal", NULL },
	{ MUST, "Budi;" NIK ";2026-11-21", "release_date", "the release date is past", NULL },
	{ MUST ";birth_date", "Budi;" NIK ";2027-03-01;31-02-1999", "birth_date", "no date", "31-02-1999" },
	{ MUST ";birth_date", "Budi;" NIK ";2027-03-01;2200-01-01", "birth_date", "not possible", "2200" },
	{ MUST ";birth_date", "Budi;" NIK ";2027-03-01;2010-01-01", "guardian", "a client under 18 needs a guardian", NULL },
	{ MUST ";sex", "Budi;" NIK ";2027-03-01;X", "sex", "\"X\": no known choice; write one of: L, laki-laki", NULL },
	{ MUST ";type", "Budi;" NIK ";2027-03-01;kabur", "type", "\"kabur\": no known choice; write one of: bebas", NULL },
	{ MUST ";region", "Budi;" NIK ";2027-03-01;Bengkulu", "region", "Kemendagri region code", "Bengkulu" },
	{ MUST, "\"Budi\nSantoso\";" NIK ";2027-03-01", "name", "on one line", "Santoso" },
	{ MUST, "Bu\x01""di;" NIK ";2027-03-01", "name", "characters that can't be read", "Bu" },
	{ MUST, "Bu\xff""di;" NIK ";2027-03-01", "name", "save the file as UTF-8", "Bu" },
	{ MUST, "Budi;" NIK ";2027-03-01;more", "", "more values than the header", "more;" },
};
static const struct line staff_lines[] = {
	{ "name,position", ",konselor", "name", "must be filled in", NULL },
	{ "name,position,phone", "Ratna,konselor,12ab", "phone", "write 0812... or +62812...", "12ab" },
	{ "name,position,since,until", "Ratna,konselor,2026-01-01,2025-01-01", "until", "before the first day \"2026-01-01\"", NULL },
	{ "name,position,certificate_until", "Ratna,konselor,besok", "certificate_until", "\"besok\": no date", NULL },
};
static const struct line holiday_lines[] = {
	{ "date,name_id", "1999-01-01,Tahun Baru", "date", "holidays are kept for the years 2020 to 2083", NULL },
	{ "date,name_id", "2027-01-01,", "name_id", "must be filled in", NULL },
};
static const struct line contact_lines[] = {
	{ "id,kind,region,name", "Puskesmas Ratu!,clinic,17.71,Puskesmas", "id", "\"Puskesmas Ratu!\" is no contact's id", NULL },
	{ "id,kind,region,name", "@pus-a,kios,17.71,Puskesmas", "kind", "\"kios\"", NULL },
	{ "id,kind,region,name", "@pus-a,clinic,17.7.1,Puskesmas", "region", "\"17.7.1\": write a Kemendagri", NULL },
	{ "id,kind,region,name,services", "@pus-a,clinic,17.71,Puskesmas,medical pijat", "services", "\"pijat\"", NULL },
	{ "id,kind,region,name,whatsapp", "@pus-a,clinic,17.71,Puskesmas,99", "whatsapp", "no phone number", "99" },
};
/* clang-format on */

static void assert_line (struct office *office, const char *what, const struct line *line)
{
	char csv[512];

	snprintf (csv, sizeof csv, "%s\n%s\n", line->header, line->line);
	{
		RESULT result = look (office, what, csv);
		const struct complaints *found = &result.report.problems;

		assert_ok (result.err);
		if (!names (found, 2, line->field, line->words))
			fail_msg ("%s: %s is not complained of as \"%s\"; first complaint: %s: %s", what,
				  line->line, line->words,
				  found->kept > 0 ? found->list[0].problem.field : "none",
				  found->kept > 0 ? found->list[0].problem.text_en : "");
		assert_int_equal (result.report.bad, 1);
		for (size_t i = 0; line->silent != NULL && i < found->kept; i++) {
			assert_null (strstr (found->list[i].problem.text_id, line->silent));
			assert_null (strstr (found->list[i].problem.text_en, line->silent));
		}
	}
}

#define assert_lines(office, what, lines) \
	for (size_t i = 0; i < COUNT_OF (lines); i++) \
		assert_line (office, what, &(lines)[i])

static void every_way_to_be_wrong_is_named_and_nothing_personal_is_quoted (void **state)
{
	assert_lines (*state, "releases", release_lines);
	assert_lines (*state, "staff", staff_lines);
	assert_lines (*state, "holidays", holiday_lines);
	assert_lines (*state, "contacts", contact_lines);
}

/* ---- what may differ and is right ----------------------------------------------------------------- */

static void separators_marks_line_ends_and_headers_may_differ (void **state)
{
	static const char *const files[] = {
		"name,nik,release_date\nBudi," NIK ",2027-03-01\n",
		"\xef\xbb\xbfNama;NIK;Tanggal Bebas\r\nBudi;" NIK ";01/03/2027\r\n",
		"nama\tnik\ttgl. bebas\rBudi\t" NIK "\t1-3-2027\r",
		"\n\nNAMA LENGKAP,nik,\"tanggal-bebas\"\n\n\"Budi\",\" " NIK " \",2027-03-01 00:00:00\n,,\n\n",
		"nama,nik,tanggal_bebas,catatan\nBudi," NIK ",2027-03-01,\"dua\nbaris, \"\"kutip\"\"\"",
	};

	for (size_t i = 0; i < COUNT_OF (files); i++) {
		RESULT result = look (*state, "releases", files[i]);

		assert_ok (result.err);
		assert_int_equal (result.report.problems.count, 0);
		assert_int_equal (result.report.rows, 1);
		assert_int_equal (result.report.fresh, 1);
		assert_false (result.report.written);
	}
}

static void json_reads_like_csv (void **state)
{
	RESULT good = look_json (*state, "releases",
				 "[{\"nama\": \"Budi\", \"nik\": " NIK ", \"release_date\": \"2027-03-01\","
				 " \"note\": null}]");
	RESULT bad = look_json (*state, "releases",
				"[{\"name\": \"Budi\", \"nik\": \"" NIK "\", \"release_date\": 46352},"
				" 7, {\"name\": [], \"nik\": \"x\"}]");

	assert_ok (good.err);
	assert_int_equal (good.report.fresh, 1);
	assert_ok (bad.err);
	assert_int_equal (bad.report.bad, 3);
	assert_true (names (&bad.report.problems, 1, "release_date", "day number"));
	assert_true (names (&bad.report.problems, 2, "", "must be an object"));
	assert_true (names (&bad.report.problems, 3, "name", "must be text"));
	assert_true (names (&bad.report.problems, 3, "nik", "16 digits"));
}

static void the_line_of_a_row_is_where_it_begins (void **state)
{
	RESULT result = look (*state, "releases",
			      "name,nik,release_date,note\n"
			      "\n"
			      "Ani,1771014106980002,2027-03-01,\"a\nb\nc\"\n"
			      "Budi,12,2027-03-01,\n");

	assert_int_equal (result.report.bad, 1);
	assert_true (names (&result.report.problems, 6, "nik", "16 digits"));
}

/* ---- files that are no such list --------------------------------------------------------------------- */

static void a_file_that_is_no_list_is_refused_with_a_reason (void **state)
{
	static const struct { const char *csv, *field, *words; } files[] = {
		{ "", "text", "the file is empty" },
		{ "\n \n", "text", "the file is empty" },
		{ MUST "\n", "text", "no lines below the header" },
		{ "name;region\nBudi;17\n", "nik", "the header lacks the column nik" },
		{ "name;region\nBudi;17\n", "release_date", "lacks the column release_date" },
		{ "name;nama;nik;release_date\n", "name", "two columns mean the same" },
		{ MUST "\nBudi;\"" NIK ";2027-03-01\n", "baris/line 2", "never closed" },
		{ MUST "\nAni;x;y\nBudi \"si kecil\";" NIK ";2027-03-01\n", "baris/line 3", "quote stands in the middle" },
	};

	for (size_t i = 0; i < COUNT_OF (files); i++) {
		RESULT result = look (*state, "releases", files[i].csv);

		assert_int_not_equal (result.err, ERR_OK);
		if (!says (result.problems, files[i].field, files[i].words))
			fail_msg ("file %zu: \"%s\" is not said; but %s: %s", i, files[i].words,
				  problems_at (result.problems, 0)->field,
				  problems_at (result.problems, 0)->text_en);
	}
}

static void a_list_that_nobody_knows_is_not_found (void **state)
{
	RESULT result = look (*state, "inmates", "name\nBudi\n");

	assert_int_equal (result.err, ERR_NOT_FOUND);
	assert_true (says (result.problems, "what", "\"inmates\""));
}

static void a_million_columns_are_refused_at_once (void **state)
{
	size_t len = 1000000;
	char *csv = malloc (len + 1);

	memset (csv, ',', len);
	csv[len] = '\0';
	{
		RESULT header = look (*state, "releases", csv);

		assert_int_equal (header.err, ERR_TOO_LARGE);
		assert_true (says (header.problems, "baris/line 1", "more than 64 columns"));
	}
	memcpy (csv, "name,nik,release_date\nx,", 24);
	csv[len - 1] = 'x';
	{
		RESULT row = look (*state, "releases", csv);

		assert_ok (row.err);
		assert_true (names (&row.report.problems, 2, "", "more values than the header"));
	}
	free (csv);
}

static void more_lines_than_allowed_are_refused (void **state)
{
	struct office *office = *state;
	OWNED (buffer) csv = buffer_new (2 * MIB);
	struct import_wish wish = { .what = "holidays" };

	assert_ok (buffer_add (csv, bytes_of_text ("date,name_id\n")));
	for (size_t i = 0; i <= LIMIT_IMPORT_ROWS; i++)
		assert_ok (buffer_add (csv, bytes_of_text ("2027-01-01,Tahun Baru\n")));
	wish.text = buffer_bytes (csv);
	{
		RESULT result = import_bytes (office, &wish);

		assert_int_equal (result.err, ERR_TOO_LARGE);
		assert_true (says (result.problems, "text", "more than 20000 lines"));
	}
}

static void complaints_beyond_a_thousand_are_counted (void **state)
{
	struct office *office = *state;
	OWNED (buffer) csv = buffer_new (MIB);
	struct import_wish wish = { .what = "holidays" };

	assert_ok (buffer_add (csv, bytes_of_text ("date,name_id\n")));
	for (size_t i = 0; i < 1500; i++)
		assert_ok (buffer_add (csv, bytes_of_text ("besok,Tahun Baru\n")));
	wish.text = buffer_bytes (csv);
	{
		RESULT result = import_bytes (office, &wish);

		assert_ok (result.err);
		assert_int_equal (result.report.bad, 1500);
		assert_true (result.report.problems.count >= 1500);
		assert_int_equal (result.report.problems.kept, LIMIT_IMPORT_COMPLAINTS);
		assert_true (result.report.problems.list[0].line <= result.report.problems.list[1].line);
	}
}

/* ---- warnings ------------------------------------------------------------------------------------------ */

static void odd_things_are_warned_about_and_kept (void **state)
{
	RESULT result = look (*state, "releases",
			      "name;nik;release_date;region;birth_date;sel;sel\n"
			      "Budi;" NIK ";2027-03-01;97.01;1999-03-14;B2;\n"
			      "Ani;1771014106980002;2027-03-01;3373041001;1998-07-01;;\n");

	assert_ok (result.err);
	assert_int_equal (result.report.fresh, 2);
	assert_int_equal (result.report.problems.count, 0);
	assert_true (names (&result.report.warnings, 1, "", "the column \"sel\" is not known"));
	assert_true (names (&result.report.warnings, 2, "region", "an older or newer code is kept as it is"));
	assert_true (names (&result.report.warnings, 3, "nik", "does not fit the birth date"));
	assert_false (names (&result.report.warnings, 2, "region", "97"));
}

static void lines_that_say_the_same_name_each_other (void **state)
{
	RESULT result = look (*state, "releases",
			      MUST "\nBudi;" NIK ";2027-03-01\nAni;1771014106980002;2027-03-01\n"
				   "Budi S;" NIK ";2027-04-01\n");

	assert_int_equal (result.report.bad, 2);
	assert_true (names (&result.report.problems, 2, "nik", "also stands in line 4"));
	assert_true (names (&result.report.problems, 4, "nik", "juga ada pada baris 2"));
	assert_false (names (&result.report.problems, 4, "nik", NIK));
}

/* ---- releases ------------------------------------------------------------------------------------------- */

#define RELEASES \
	"name;nik;birth_date;sex;release_date;type;region;note\n" \
	"Budi Santoso;" NIK ";14/03/1999;L;01/03/2027;PB;17.71;kamar B\n" \
	"Ani;1771014106980002;01-06-1998;P;2027-01-10;Cuti Bersyarat;1771;\n"

static void a_list_with_a_bad_line_writes_nothing_unless_told_to_skip_it (void **state)
{
	static const char list[] = MUST "\nBudi;" NIK ";2027-03-01\nAni;12;2027-03-01\n";
	struct office *office = *state;
	struct import_wish wish = { .what = "releases",
				    .text = bytes_of_text (list),
				    .commit = true };
	RESULT refused = import_bytes (office, &wish);

	assert_ok (refused.err);
	assert_false (refused.report.written);
	assert_int_equal (ledger_size (office->ledger).people, 0);
	wish.skip_bad = true;
	{
		RESULT done = import_bytes (office, &wish);

		assert_true (done.report.written);
		assert_int_equal (done.report.fresh, 1);
		assert_int_equal (done.report.bad, 1);
	}
	assert_int_equal (ledger_size (office->ledger).people, 1);
}

static void a_look_changes_nothing (void **state)
{
	struct office *office = *state;
	uint64_t before = ledger_size (office->ledger).entries;
	RESULT result = look (office, "releases", RELEASES);

	assert_ok (result.err);
	assert_int_equal (result.report.fresh, 2);
	assert_false (result.report.written);
	assert_int_equal (ledger_size (office->ledger).entries, before);
	assert_int_equal (ledger_size (office->ledger).people, 0);
}

static void releases_become_records_and_reminders (void **state)
{
	struct office *office = *state;
	RESULT result = record (office, "releases", RELEASES);
	struct person_id id;
	struct person person;
	struct reminder *list;

	assert_ok (result.err);
	assert_true (result.report.written);
	assert_ok (person_by_nik (office->ledger, NIK, &id));
	assert_ok (person_get (office->ledger, &id, office->arena, &person));
	assert_string_equal (person.name, "Budi Santoso");
	assert_string_equal (person.birth_date, "1999-03-14");
	assert_string_equal (person.sex, "male");
	assert_string_equal (person.region, "17.71");
	assert_string_equal (person.entry_door, "justice");
	/* Budi: 90, 60 and 30 days before 1 March.  Ani: of 90, 60 and 30 days before 10 January the first two
	 * are past and become one that is due now. */
	assert_int_equal (reminders (office, &list), 5);
	assert_in_range (list[0].due_ms, NOW_MS, NOW_MS + MINUTE_MS);
	assert_string_equal (list[0].kind, "prison.release.notice");
	assert_string_equal (list[0].cause, "import");
	assert_int_equal (reminder_list (office->ledger, NULL, &id, INT64_MAX, 10, office->arena, &list), 3);
	assert_int_equal (list[0].due_ms, local_day_ms (date_day ("2026-12-01"), 8, "17.71"));
	assert_int_equal (list[1].due_ms, local_day_ms (date_day ("2026-12-31"), 8, "17.71"));
	assert_int_equal (list[2].due_ms, local_day_ms (date_day ("2027-01-30"), 8, "17.71"));
}

static void the_same_list_again_changes_nothing (void **state)
{
	struct office *office = *state;
	RESULT first = record (office, "releases", RELEASES);
	uint64_t entries = ledger_size (office->ledger).entries;
	struct reminder *list;

	assert_true (first.report.written);
	clock_turn (40 * DAY_MS);
	{
		RESULT again = record (office, "releases", RELEASES);

		assert_ok (again.err);
		assert_int_equal (again.report.known, 2);
		assert_int_equal (again.report.fresh + again.report.changed, 0);
		assert_false (again.report.written);
	}
	assert_int_equal (ledger_size (office->ledger).entries, entries);
	assert_int_equal (reminders (office, &list), 5);
}

static void a_new_date_moves_the_reminders (void **state)
{
	struct office *office = *state;
	RESULT first = record (office, "releases", MUST "\nBudi;" NIK ";2027-03-01\n");
	RESULT later = record (office, "releases", MUST "\nBUDI;" NIK ";2027-06-01\n");
	struct reminder *list;

	assert_true (first.report.written);
	assert_int_equal (later.report.changed, 1);
	assert_true (later.report.written);
	assert_int_equal (ledger_size (office->ledger).people, 1);
	assert_int_equal (reminders (office, &list), 3);
	assert_int_equal (list[0].due_ms, local_day_ms (date_day ("2027-03-03"), 8, "17.71"));
}

static void a_nik_of_somebody_else_is_a_bad_line (void **state)
{
	struct office *office = *state;
	RESULT first = record (office, "releases", MUST "\nBudi;" NIK ";2027-03-01\n");
	RESULT other = record (office, "releases", MUST "\nJoko;" NIK ";2027-03-01\n");

	assert_true (first.report.written);
	assert_false (other.report.written);
	assert_true (names (&other.report.problems, 2, "nik", "belongs to the record K-2026-0001 under another name"));
	assert_false (names (&other.report.problems, 2, "nik", "Budi"));
}

/* ---- staff, holidays, contacts ---------------------------------------------------------------------------- */

static void staff_is_added_then_corrected (void **state)
{
	struct office *office = *state;
	RESULT first = record (office, "staff",
			       "nama,jabatan,hp,sertifikat,sertifikat_sampai\n"
			       "Ratna,konselor adiksi,812-3456-789,ICAP-1,31/12/2026\n"
			       "Agus,pekerja sosial,62811222333,,\n");
	RESULT second = record (office, "staff",
				"nama,jabatan,sertifikat_sampai\n"
				"Ratna,konselor adiksi,2028-12-31\nAgus,pekerja sosial,\n");
	struct staff *list;

	assert_int_equal (first.report.fresh, 2);
	assert_int_equal (second.report.changed, 1);
	assert_int_equal (second.report.known, 1);
	assert_int_equal (staff_list (office->ledger, 0, 9, office->arena, &list), 2);
	assert_string_equal (list[0].phone, "+628123456789");
	assert_string_equal (list[0].certificate, "ICAP-1");
	assert_string_equal (list[0].certificate_until, "2028-12-31");
	assert_string_equal (list[1].phone, "+62811222333");
}

static void a_certificate_that_ran_out_is_warned_about (void **state)
{
	RESULT result = look (*state, "staff",
			      "name,position,certificate,certificate_until\nRatna,konselor,1,2026-11-21\n"
			      "Agus,konselor,2,2026-11-22\n");

	assert_int_equal (result.report.fresh, 2);
	assert_true (names (&result.report.warnings, 2, "certificate_until", "no longer valid"));
	assert_false (names (&result.report.warnings, 3, "certificate_until", ""));
}

static void holidays_replace_a_year_and_move_what_is_due (void **state)
{
	static const struct within one_day = { .working_days = 1 };
	struct office *office = *state;
	/* Thursday, 21 January 2027. */
	int64_t from_ms = local_day_ms (date_day ("2027-01-21"), 10, "17.71"), before, after;
	RESULT first = record (office, "holidays", "tanggal;nama\n2027-01-22;Libur uji\n2027-01-01;Tahun Baru\n");

	assert_true (first.report.written);
	assert_int_equal (first.report.fresh, 2);
	assert_true (names (&first.report.warnings, 2, "date", "the list has only 2 days of 2027"));
	before = catalogue_due (office->catalogue, &one_day, "17.71", from_ms);
	import_holidays_apply (office->ledger, office->catalogue);
	after = catalogue_due (office->catalogue, &one_day, "17.71", from_ms);
	assert_int_equal (after - before, 3 * DAY_MS);
	{
		RESULT again = record (office, "holidays",
				       "tanggal;nama\n2027-01-22;Libur uji\n2027-01-01;Tahun Baru\n");
		RESULT less = record (office, "holidays", "tanggal;nama\n2027-01-01;Tahun Baru\n");

		assert_int_equal (again.report.known, 2);
		assert_false (again.report.written);
		assert_true (names (&less.report.warnings, 2, "date", "1 holidays of 2027 that were recorded"));
		assert_true (less.report.written);
	}
	import_holidays_apply (office->ledger, office->catalogue);
	assert_int_equal (catalogue_due (office->catalogue, &one_day, "17.71", from_ms), before);
}

static void contacts_fill_the_address_book (void **state)
{
	struct office *office = *state;
	RESULT first = record (office, "contacts",
			       "kode,jenis,wilayah,nama,telepon,layanan\n"
			       "puskesmas-ratu,clinic,17.71,Puskesmas Ratu Samban,0736-123456,\"medical, detox\"\n");
	RESULT second = record (office, "contacts",
				"kode,jenis,wilayah,nama,wa\n"
				"@puskesmas-ratu,clinic,17.71,Puskesmas Ratu Samban,081234567890\n");
	struct contact contact;
	struct agency_id id;

	assert_true (first.report.written);
	assert_int_equal (second.report.changed, 1);
	assert_ok (contact_id_parse ("@puskesmas-ratu", &id));
	assert_ok (contact_get (office->ledger, &id, office->arena, &contact));
	assert_string_equal (contact.phone, "+62736123456");
	assert_string_equal (contact.whatsapp, "+6281234567890");
	assert_string_equal (contact.services, "medical detox");
}

/* ---- who may -------------------------------------------------------------------------------------------------- */

static void a_caseworker_brings_in_releases_and_nothing_else (void **state)
{
	struct office *office = *state;
	struct import_wish wish = { .what = "releases",
				    .text = bytes_of_text (MUST "\nBudi;" NIK ";2027-03-01\n") };
	OWNED (problems) problems = problems_new ();
	struct import_report report;

	assert_ok (import_run (office->desk, &caseworker, &wish, office->arena, &report, problems));
	wish.what = "staff";
	assert_int_equal (import_run (office->desk, &caseworker, &wish, office->arena, &report, problems),
			  ERR_NOT_ALLOWED);
}

#define import_test(f) cmocka_unit_test_setup_teardown (f, setup, office_teardown)

int main (void)
{
	const struct CMUnitTest tests[] = {
		import_test (every_way_to_be_wrong_is_named_and_nothing_personal_is_quoted),
		import_test (separators_marks_line_ends_and_headers_may_differ),
		import_test (json_reads_like_csv),
		import_test (the_line_of_a_row_is_where_it_begins),
		import_test (a_file_that_is_no_list_is_refused_with_a_reason),
		import_test (a_list_that_nobody_knows_is_not_found),
		import_test (a_million_columns_are_refused_at_once),
		import_test (more_lines_than_allowed_are_refused),
		import_test (complaints_beyond_a_thousand_are_counted),
		import_test (odd_things_are_warned_about_and_kept),
		import_test (lines_that_say_the_same_name_each_other),
		import_test (a_list_with_a_bad_line_writes_nothing_unless_told_to_skip_it),
		import_test (a_look_changes_nothing),
		import_test (releases_become_records_and_reminders),
		import_test (the_same_list_again_changes_nothing),
		import_test (a_new_date_moves_the_reminders),
		import_test (a_nik_of_somebody_else_is_a_bad_line),
		import_test (staff_is_added_then_corrected),
		import_test (a_certificate_that_ran_out_is_warned_about),
		import_test (holidays_replace_a_year_and_move_what_is_due),
		import_test (contacts_fill_the_address_book),
		import_test (a_caseworker_brings_in_releases_and_nothing_else),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
