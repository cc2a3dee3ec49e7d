/* Printed letters: what stands on them, what never does, and what hostile words become. */
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

#include "agents/paper/paper.h"
#include "agents/paper/sheet.h"
#include "jembatan/keys.h"

#define assert_ok(expression) assert_int_equal ((expression), ERR_OK)

struct world {
	catalogue_t *catalogue;
	arena_t *arena;
	struct partner from, to;
	struct thread thread;
	struct answer answers[8];
	struct letter letter;
	buffer_t *buffer;
};

static struct answer answer (const char *field, enum answer_type type, const char *text)
{
	return (struct answer){ .field = field, .type = type, .text = text, .system = "",
				.display = "", .unit = "" };
}

static int setup (void **state)
{
	struct world *w = calloc (1, sizeof *w);

	assert_ok (keys_start ());
	assert_ok (catalogue_load (SOURCE_DIR "/config/catalogue", &w->catalogue, NULL));
	w->arena = arena_new (MIB);
	w->buffer = buffer_new (PAPER_BYTES);
	w->from = (struct partner){ .name_id = "IPWL Pesona", .name_en = "IPWL Pesona",
				    .kind = "ipwl", .region = "17.71",
				    .phone = "+62736000111", .whatsapp = "+6281200000111",
				    .address = "Jl. Merdeka 1, Bengkulu",
				    .office_hours = "08.00-16.00" };
	w->to = (struct partner){ .name_id = "Puskesmas Ratu", .name_en = "Puskesmas Ratu",
				  .kind = "clinic", .region = "91.01", .phone = "+62736123456",
				  .whatsapp = "", .address = "Jl. Flamboyan 3",
				  .office_hours = "", .carrier = CARRIER_PAPER };
	w->thread = (struct thread){ .number = "R-2026-0007", .code = "7KQ4-M2XA",
				     .type = "referral", .state = "requested",
				     .carrier = CARRIER_PAPER, .overlay = "",
				     .service = "medical", .purpose = "treatment" };
	w->answers[0] = answer ("service", ANSWER_CODE, "medical");
	w->answers[1] = answer ("person.name", ANSWER_TEXT, "Dimas Verdana");
	w->answers[2] = answer ("reason", ANSWER_TEXT, "Perlu pemeriksaan medis");
	w->letter = (struct letter){ .kind = "referral.request", .kind_version = 1,
				     .created_ms = INT64_C (1795318200000),
				     .reply_by_ms = INT64_C (1795598100000),
				     .urgency = URGENCY_URGENT, .answers = w->answers,
				     .answer_count = 3, .body = BODY_ANSWERS,
				     .rule = { "", "", "", "" } };
	*state = w;
	return 0;
}

static int teardown (void **state)
{
	struct world *w = *state;

	catalogue_destroy (&w->catalogue);
	arena_destroy (&w->arena);
	buffer_destroy (&w->buffer);
	free (w);
	return 0;
}

static const char *print_letters (struct world *w, enum paper_format format,
				  const struct letter *letters, size_t count)
{
	struct paper paper = { .catalogue = w->catalogue, .from = &w->from, .to = &w->to,
			       .attention = "Bidan Ani", .thread = &w->thread,
			       .letters = letters, .letter_count = count };
	struct bytes page;

	buffer_reset (w->buffer);
	assert_ok (paper_print (&paper, format, w->buffer));
	assert_ok (buffer_add (w->buffer, (struct bytes){ (const uint8_t *)"", 1 }));
	page = buffer_bytes (w->buffer);
	assert_int_equal (strlen ((const char *)page.data), page.len - 1);
	return (const char *)page.data;
}

static const char *print (struct world *w, enum paper_format format)
{
	return print_letters (w, format, &w->letter, 1);
}

static bool has (const char *page, const char *text)
{
	return strstr (page, text) != NULL;
}

static size_t count_of (const char *page, const char *text)
{
	size_t count = 0;

	for (; (page = strstr (page, text)) != NULL; page += strlen (text))
		count++;
	return count;
}

/* ---- what stands on it ---------------------------------------------------------- */

static void both_forms_say_who_writes_to_whom_about_what_and_until_when (void **state)
{
	static const char *const said[] = {
		"IPWL Pesona", "Jl. Merdeka 1, Bengkulu", "+62736000111", "+6281200000111",
		"08.00-16.00", "Puskesmas Ratu", "Bidan Ani", "Jl. Flamboyan 3", "R-2026-0007",
		"7KQ4-M2XA", "mendesak", "urgent", "Nama klien", "Dimas Verdana",
		"Perlu pemeriksaan medis", "25 November 2026", "WIT", "Slip jawaban",
		"Reply slip", "Tanda tangan",
	};
	struct world *w = *state;

	for (size_t i = 0; i < COUNT_OF (said); i++) {
		assert_true (has (print (w, PAPER_HTML), said[i]));
		assert_true (has (print (w, PAPER_TEXT), said[i]));
	}
	/* The slip can be told apart from any other by itself. */
	assert_int_equal (count_of (print (w, PAPER_TEXT), "7KQ4-M2XA"), 2);
}

static void the_slip_offers_the_answers_that_are_due_and_room_for_what_they_need (void **state)
{
	struct world *w = *state;
	const char *page = print (w, PAPER_TEXT);

	assert_true (has (page, "[ ] Terima rujukan"));
	assert_true (has (page, "[ ] Tolak rujukan"));
	assert_false (has (page, "[ ] Selesaikan"));
	assert_true (has (page, "Waktu janji temu"));
	assert_true (has (page, "_____"));
	w->thread.state = "in-progress";
	page = print (w, PAPER_TEXT);
	assert_false (has (page, "[ ] Terima rujukan"));
	assert_true (count_of (page, "[ ]") > 0);
}

static void later_letters_of_ours_follow_the_first (void **state)
{
	struct world *w = *state;
	struct answer reply = answer ("text", ANSWER_TEXT, "Tekanan darahnya normal");
	struct letter letters[2] = { w->letter, w->letter };
	const struct kind_spec *kind;

	letters[1].kind = "referral.info.reply";
	letters[1].answers = &reply;
	letters[1].answer_count = 1;
	kind = catalogue_kind (w->catalogue, letters[1].kind, 1);
	assert_true (has (print_letters (w, PAPER_HTML, letters, 2), kind->sentence.id));
	assert_true (has (print_letters (w, PAPER_TEXT, letters, 2), "Tekanan darahnya"));
}

static void the_basis_is_the_clause_or_the_rule_that_the_letter_cites (void **state)
{
	struct world *w = *state;
	keypair_t *sig = keypair_new (KEY_SIG);
	struct clause clause = { .id = { { 1 } }, .grantor = { "ipwl-pesona" },
				 .recipient = { "@puskesmas-ratu" }, .purpose = "treatment",
				 .valid_from_ms = 1, .valid_to_ms = INT64_C (1826800000000) };

	assert_false (has (print (w, PAPER_TEXT), "Dasar hukum"));
	w->letter.rule = (struct rule){ "UU 17/2023", "pasal 4", "", "" };
	assert_true (has (print (w, PAPER_TEXT), "UU 17/2023 pasal 4"));
	assert_ok (clause_sign (&clause, sig, w->arena, &w->letter.clause));
	assert_true (has (print (w, PAPER_HTML), "UU 27/2022 pasal 20 ayat (2) huruf a"));
	assert_true (has (print (w, PAPER_HTML), "Perawatan medis"));
	keypair_destroy (&sig);
}

/* ---- what never stands on it ---------------------------------------------------- */

/* Whatever is not in the letter is in none of the letters of the alphabet that the page has
 * room for: a page of an empty letter is the same but for its lines. */
static void it_holds_nothing_that_the_letter_does_not (void **state)
{
	struct world *w = *state;
	char *empty, *at;
	const char *full;

	w->letter.answer_count = 0;
	empty = strdup (print (w, PAPER_TEXT));
	w->letter.answer_count = 3;
	full = print (w, PAPER_TEXT);
	for (char *line = strtok_r (empty, "\n", &at); line != NULL;
	     line = strtok_r (NULL, "\n", &at))
		assert_true (has (full, line));
	free (empty);
	assert_false (has (full, "NIK"));
	assert_false (has (full, "treatment"));
	assert_int_equal (count_of (full, "Dimas"), 1);
}

static void the_nik_stands_there_only_when_the_letter_has_it (void **state)
{
	struct world *w = *state;

	assert_false (has (print (w, PAPER_HTML), "NIK"));
	w->answers[3] = answer ("person.nik", ANSWER_TEXT, "1771011403990001");
	w->letter.answer_count = 4;
	assert_true (has (print (w, PAPER_HTML), "1771011403990001"));
}

static void after_a_withdrawal_nothing_of_the_person_is_printed (void **state)
{
	struct world *w = *state;
	const char *page;

	w->thread.data_stopped = true;
	page = print (w, PAPER_TEXT);
	assert_false (has (page, "Dimas"));
	assert_false (has (page, "pemeriksaan"));
	assert_true (has (page, "menarik"));
	assert_true (has (page, "3x24"));
	assert_true (has (page, "7KQ4-M2XA"));
	assert_true (has (page, "[ ] Nyatakan pemrosesan dihentikan"));
}

/* A training centre may not learn what its participants come from. */
static void a_discreet_thread_is_printed_only_under_a_name_that_tells_nothing (void **state)
{
	struct world *w = *state;
	struct paper paper = { .catalogue = w->catalogue, .from = &w->from, .to = &w->to,
			       .attention = "", .thread = &w->thread, .letters = &w->letter,
			       .letter_count = 1 };
	struct answer name = answer ("person.name", ANSWER_TEXT, "Dimas Verdana");

	w->thread.type = "training";
	w->letter.kind = "training.enrol";
	w->letter.answers = &name;
	w->letter.answer_count = 1;
	assert_int_equal (paper_print (&paper, PAPER_TEXT, w->buffer), ERR_NOT_ALLOWED);
	w->from.kind = "social-services";
	w->from.name_id = "Pusat Rehabilitasi Pesona";
	assert_int_equal (paper_print (&paper, PAPER_TEXT, w->buffer), ERR_NOT_ALLOWED);
	w->from.name_id = w->from.name_en = "Dinas Sosial Kota Bengkulu";
	assert_null (catalogue_telling_word (w->catalogue, print (w, PAPER_TEXT)));
	assert_null (catalogue_telling_word (w->catalogue, print (w, PAPER_HTML)));
	w->thread.data_stopped = true;
	assert_null (catalogue_telling_word (w->catalogue, print (w, PAPER_TEXT)));
}

static void nothing_is_fetched_from_anywhere (void **state)
{
	static const char *const marks[] = { "http://", "https://", "src=", "href=", "url(",
					     "@import", "<script", "<img", "<link", "<iframe" };
	struct world *w = *state;

	for (size_t i = 0; i < COUNT_OF (marks); i++)
		assert_false (has (print (w, PAPER_HTML), marks[i]));
	assert_true (has (print (w, PAPER_HTML), "default-src 'none'"));
}

static void a_file_is_named_by_the_number_alone (void **state)
{
	struct world *w = *state;
	char name[PAPER_NAME];
	enum paper_format format;

	assert_string_equal (paper_file_name (&w->thread, PAPER_HTML, name), "R-2026-0007.html");
	assert_string_equal (paper_file_name (&w->thread, PAPER_TEXT, name), "R-2026-0007.txt");
	assert_ok (paper_format_parse ("text", &format));
	assert_int_equal (format, PAPER_TEXT);
	assert_int_equal (paper_format_parse ("pdf", &format), ERR_INVALID);
}

/* ---- hostile words -------------------------------------------------------------- */

#define RTL "\xe2\x80\xae"           /* U+202E */

static const char *const hostile[] = {
	"<script>alert(1)</script>",
	"\"><img src=x onerror=alert(1)>",
	"</title></style></body><h1>",
	"' onmouseover='alert(1)",
	RTL "harmless" RTL,
	"\xe2\x81\xa6isolated\xe2\x81\xa9",
	"&lt;b&gt; already escaped",
	"\x1b[31mred\x07",
	"broken \xff\xfe utf-8 \xe2\x80",
	"\xf0\x9f\x98\x80\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7 emoji",
	"baris satu\nbaris dua\n\n[ ] Terima rujukan",
};

static void write_everywhere (struct world *w, const char *text)
{
	w->from.name_id = w->from.name_en = w->from.address = w->from.phone = text;
	w->from.whatsapp = w->from.office_hours = text;
	w->to.name_id = w->to.name_en = w->to.address = w->to.phone = text;
	w->answers[0].text = text;
	w->answers[1].text = text;
	w->answers[2].text = text;
	w->answers[3] = answer (text, ANSWER_TEXT, text);
	w->letter.answer_count = 4;
	w->letter.rule = (struct rule){ text, text, text, text };
}

static bool has_bytes_of_turning (const char *page)
{
	return has (page, RTL) || has (page, "\xe2\x81\xa6") || has (page, "\x1b") ||
	       has (page, "\x07") || has (page, "\xff");
}

static void hostile_words_stay_words_in_html (void **state)
{
	struct world *w = *state;
	size_t tags = count_of (print (w, PAPER_HTML), "<h1>");

	for (size_t i = 0; i < COUNT_OF (hostile); i++) {
		const char *page;

		write_everywhere (w, hostile[i]);
		page = print (w, PAPER_HTML);
		assert_false (has (page, "<script"));
		assert_false (has (page, "<img"));
		assert_false (has (page, "' onmouseover"));
		assert_int_equal (count_of (page, "<h1>"), tags);
		assert_int_equal (count_of (page, "</title>"), 1);
		assert_int_equal (count_of (page, "</style>"), 1);
		assert_int_equal (count_of (page, "<bdi"), count_of (page, "</bdi>"));
		assert_false (has_bytes_of_turning (page));
	}
	write_everywhere (w, "<script>alert(1)</script>");
	assert_true (has (print (w, PAPER_HTML), "&lt;script&gt;alert(1)&lt;/script&gt;"));
}

static size_t widest_line (const char *page)
{
	size_t widest = 0, width = 0;

	for (; *page != '\0'; page++) {
		width = *page == '\n' ? 0 : width + ((*page & 0xc0) != 0x80);
		widest = width > widest ? width : widest;
	}
	return widest;
}

static void hostile_words_break_no_line_of_the_text (void **state)
{
	struct world *w = *state;

	assert_int_equal (widest_line (print (w, PAPER_TEXT)), 72);
	for (size_t i = 0; i < COUNT_OF (hostile); i++) {
		write_everywhere (w, hostile[i]);
		assert_int_equal (widest_line (print (w, PAPER_TEXT)), 72);
		assert_false (has_bytes_of_turning (print (w, PAPER_TEXT)));
	}
}

static void what_somebody_wrote_makes_no_box_at_the_edge_of_the_slip (void **state)
{
	struct world *w = *state;
	size_t boxes = count_of (print (w, PAPER_TEXT), "\n[ ] ");

	w->answers[2].text = "baris\n[ ] Terima rujukan\n- - - -\nSlip jawaban";
	assert_int_equal (count_of (print (w, PAPER_TEXT), "\n[ ] "), boxes);
}

static void ten_thousand_signs_fit_and_are_all_there (void **state)
{
	struct world *w = *state;
	char *text = malloc (10001);

	memset (text, 'x', 10000);
	text[10000] = '\0';
	w->answers[2].text = text;
	assert_int_equal (widest_line (print (w, PAPER_TEXT)), 72);
	assert_true (count_of (print (w, PAPER_TEXT), "x") >= 10000);
	assert_true (has (print (w, PAPER_HTML), text));
	for (size_t i = 0; i < 10000; i++)
		text[i] = i % 7 == 6 ? ' ' : '<';
	assert_int_equal (widest_line (print (w, PAPER_TEXT)), 72);
	assert_true (count_of (print (w, PAPER_HTML), "&lt;") >= 8000);
	free (text);
}

static void a_page_beyond_its_ceiling_is_refused (void **state)
{
	struct world *w = *state;
	struct paper paper = { .catalogue = w->catalogue, .from = &w->from, .to = &w->to,
			       .attention = "", .thread = &w->thread, .letters = &w->letter,
			       .letter_count = 1 };
	buffer_t *small = buffer_new (1000);

	assert_int_equal (paper_print (&paper, PAPER_HTML, small), ERR_TOO_LARGE);
	assert_int_equal (paper_print (&paper, PAPER_TEXT, small), ERR_TOO_LARGE);
	buffer_destroy (&small);
}

#define paper_test(f) cmocka_unit_test_setup_teardown (f, setup, teardown)

int main (void)
{
	const struct CMUnitTest tests[] = {
		paper_test (both_forms_say_who_writes_to_whom_about_what_and_until_when),
		paper_test (the_slip_offers_the_answers_that_are_due_and_room_for_what_they_need),
		paper_test (later_letters_of_ours_follow_the_first),
		paper_test (the_basis_is_the_clause_or_the_rule_that_the_letter_cites),
		paper_test (it_holds_nothing_that_the_letter_does_not),
		paper_test (the_nik_stands_there_only_when_the_letter_has_it),
		paper_test (after_a_withdrawal_nothing_of_the_person_is_printed),
		paper_test (a_discreet_thread_is_printed_only_under_a_name_that_tells_nothing),
		paper_test (nothing_is_fetched_from_anywhere),
		paper_test (a_file_is_named_by_the_number_alone),
		paper_test (hostile_words_stay_words_in_html),
		paper_test (hostile_words_break_no_line_of_the_text),
		paper_test (what_somebody_wrote_makes_no_box_at_the_edge_of_the_slip),
		paper_test (ten_thousand_signs_fit_and_are_all_there),
		paper_test (a_page_beyond_its_ceiling_is_refused),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
