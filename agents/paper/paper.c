/* What stands on the page; see paper.h. */
#include "agents/paper/paper.h"

#include <stdio.h>
#include <string.h>

#include "agents/paper/sheet.h"
#include "jembatan/consent.h"

#define CODES_TICKED 16 /* a longer list is written, not ticked */

static const char *const format_names[] = { [PAPER_HTML] = "html", [PAPER_TEXT] = "text" };

err_t paper_format_parse (const char *text, enum paper_format *ret_format)
{
	for (size_t i = 0; i < COUNT_OF (format_names); i++) {
		if (strcmp (format_names[i], text) == 0) {
			*ret_format = (enum paper_format)i;
			return ERR_OK;
		}
	}
	return ERR_INVALID;
}

char *paper_file_name (const struct thread *thread, enum paper_format format,
		       char name[PAPER_NAME])
{
	snprintf (name, PAPER_NAME, "%s.%s", thread->number,
		  format == PAPER_HTML ? "html" : "txt");
	return name;
}

/* ---- adding --------------------------------------------------------------------- */

static const struct words nothing = { "", "" };

static struct words both (const char *text)
{
	return (struct words){ text, text };
}

static bool given (const char *text)
{
	return text != NULL && *text != '\0';
}

static void add (struct sheet *sheet, enum block_type type, struct words words)
{
	sheet_add (sheet, type, words, nothing);
}

static void add_line (struct sheet *sheet, struct words label, struct words value)
{
	if (given (value.id))
		sheet_add (sheet, BLOCK_LINE, label, value);
}

/* "Telepon / Phone +62..." in one. */
static const char *joined (struct sheet *sheet, const char *before, const char *text,
			   const char *after)
{
	size_t size = strlen (before) + strlen (text) + strlen (after) + 1;
	char *made = arena_must (sheet->arena, size);

	snprintf (made, size, "%s%s%s", before, text, after);
	return made;
}

/* A sentence with one word of somebody's in it. */
static struct words sentence (struct sheet *sheet, const char *id, const char *id_after,
			      const char *en, const char *en_after, struct words word)
{
	return (struct words){ joined (sheet, id, word.id, id_after),
			       joined (sheet, en, word.en, en_after) };
}

static struct words instant (struct sheet *sheet, int64_t at_ms, const char *region)
{
	char id[LOCAL_INSTANT_TEXT], en[LOCAL_INSTANT_TEXT];

	if (at_ms == 0)
		return nothing;
	local_instant_text (at_ms, region, false, id);
	local_instant_text (at_ms, region, true, en);
	return (struct words){ joined (sheet, id, "", ""), joined (sheet, en, "", "") };
}

static const struct thread_type *type_of (const struct paper *paper)
{
	return catalogue_thread (paper->catalogue, paper->thread->type);
}

static const struct kind_spec *kind_of (const struct paper *paper,
					const struct letter *letter)
{
	return catalogue_kind (paper->catalogue, letter->kind, letter->kind_version);
}

/* ---- head ----------------------------------------------------------------------- */

static void add_letterhead (const struct paper *paper, struct sheet *sheet)
{
	const struct partner *from = paper->from;
	const struct { const char *before, *text; } lines[] = {
		{ "", from->address },
		{ "Tel. ", from->phone },
		{ "WhatsApp ", from->whatsapp },
		{ "Jam kerja / Hours: ", from->office_hours },
	};

	add (sheet, BLOCK_NAME, (struct words){ from->name_id, from->name_en });
	for (size_t i = 0; i < COUNT_OF (lines); i++)
		if (given (lines[i].text))
			add (sheet, BLOCK_HEAD,
			     both (joined (sheet, lines[i].before, lines[i].text, "")));
}

static void add_recipient (const struct paper *paper, struct sheet *sheet)
{
	const struct partner *to = paper->to;

	add_line (sheet, (struct words){ "Kepada", "To" },
		  (struct words){ to->name_id, to->name_en });
	if (given (paper->attention))
		add_line (sheet, (struct words){ "Untuk perhatian", "Attention" },
			  both (paper->attention));
	add_line (sheet, (struct words){ "Alamat", "Address" }, both (to->address));
	add_line (sheet, (struct words){ "Telepon", "Phone" }, both (to->phone));
}

static void add_numbers (const struct paper *paper, struct sheet *sheet)
{
	add_line (sheet, (struct words){ "Nomor", "Number" },
		  both (paper->thread->number));
	add_line (sheet, (struct words){ "Kode jawaban", "Answer code" },
		  both (paper->thread->code));
}

/* clang-format off */
static const struct words urgencies[] = {
	[URGENCY_URGENT] = { "mendesak", "urgent" },
	[URGENCY_ASAP]   = { "secepatnya", "as soon as possible" },
	[URGENCY_STAT]   = { "darurat", "emergency" },
};
/* clang-format on */

static void add_urgency (const struct letter *letter, struct sheet *sheet)
{
	if (letter->urgency < COUNT_OF (urgencies) && urgencies[letter->urgency].id != NULL)
		add_line (sheet, (struct words){ "Urgensi", "Urgency" },
			  urgencies[letter->urgency]);
}

/* ---- what a letter says --------------------------------------------------------- */

/* A new row of a table says which one it is. */
static void add_row (struct sheet *sheet, const struct kind_spec *kind,
		     const struct field_spec *field, uint32_t row)
{
	char number[16];

	snprintf (number, sizeof number, " %u", row);
	for (size_t i = 0; i < kind->group_count; i++)
		if (strcmp (kind->groups[i].name, field->group) == 0)
			add (sheet, BLOCK_HEADING,
			     (struct words){
				     joined (sheet, kind->groups[i].words.id, number, ""),
				     joined (sheet, kind->groups[i].words.en, number, ""),
			     });
}

static void add_answers (const struct paper *paper, struct sheet *sheet,
			 const struct letter *letter)
{
	const struct kind_spec *kind = kind_of (paper, letter);
	uint32_t row = 0;

	for (size_t i = 0; i < letter->answer_count; i++) {
		const struct answer *answer = &letter->answers[i];
		const struct field_spec *field =
			kind != NULL ? kind_field (kind, answer->field) : NULL;
		uint32_t now = answer_row (answer->field);

		if (field != NULL && now > 0 && now != row)
			add_row (sheet, kind, field, now);
		row = now;
		add_line (sheet, field != NULL ? field->words : both (answer->field),
			  value_words (field, answer, paper->to->region, sheet->arena));
	}
}

static void add_asked_until (const struct paper *paper, struct sheet *sheet,
			     const struct letter *letter)
{
	if (letter->reply_by_ms != 0)
		add (sheet, BLOCK_TEXT,
		     sentence (sheet, "Mohon jawaban paling lambat ", ".",
			       "Please answer by ", ".",
			       instant (sheet, letter->reply_by_ms, paper->to->region)));
}

/* ---- why it may be read --------------------------------------------------------- */

static struct words purpose_words (const struct paper *paper, const char *purpose)
{
	const struct purpose_spec *purposes;
	size_t count = catalogue_purposes (paper->catalogue, &purposes);

	for (size_t i = 0; i < count; i++)
		if (strcmp (purposes[i].purpose, purpose) == 0)
			return purposes[i].words;
	return both (purpose);
}

/* UU 27/2022 art. 20 (2) a: consent for a stated purpose. */
static void add_consent (const struct paper *paper, struct sheet *sheet,
			 const struct letter *letter)
{
	const struct thread_type *type = type_of (paper);
	struct words until, purpose = nothing;
	struct clause clause;

	if (clause_decode (letter->clause.clause, sheet->arena, &clause) != ERR_OK)
		return;
	until = instant (sheet, clause.valid_to_ms, paper->to->region);
	add_line (sheet, (struct words){ "Dasar hukum", "Legal basis" },
		  sentence (sheet,
			    "persetujuan orang yang bersangkutan, berlaku sampai ",
			    "; UU 27/2022 pasal 20 ayat (2) huruf a",
			    "consent of the person concerned, valid until ",
			    "; Law 27/2022 art. 20 (2) a", until));
	if (type == NULL || !type->discreet)
		purpose = purpose_words (paper, clause.purpose);
	add_line (sheet,
		  (struct words){ "Hanya untuk tujuan", "Only for the purpose" }, purpose);
}

static void add_basis (const struct paper *paper, struct sheet *sheet,
		       const struct letter *letter)
{
	const struct rule *rule = &letter->rule;

	if (letter->clause.clause.len > 0) {
		add_consent (paper, sheet, letter);
		return;
	}
	if (!given (rule->id))
		return;
	add_line (sheet, (struct words){ "Dasar hukum", "Legal basis" },
		  both (joined (sheet, rule->id, " ", given (rule->article) ? rule->article : "")));
}

static void add_secrecy (const struct paper *paper, struct sheet *sheet)
{
	add (sheet, BLOCK_TEXT,
	     sentence (sheet, "Surat ini hanya boleh dibaca petugas ",
		       " yang menanganinya. Jangan memotret, menggandakan, atau "
		       "meneruskannya.",
		       "Only those at ",
		       " who deal with it may read this letter. Do not photograph, copy "
		       "or pass it on.",
		       (struct words){ paper->to->name_id, paper->to->name_en }));
	add (sheet, BLOCK_TEXT,
	     sentence (sheet, "Bila surat ini salah alamat, jangan dibaca; hubungi ",
		       " dan kembalikan atau musnahkan.",
		       "If this reached you by mistake, do not read it; call ",
		       " and return or destroy it.",
		       both (given (paper->from->phone) ? paper->from->phone
							: paper->from->name_id)));
}

/* ---- the slip ------------------------------------------------------------------- */

static bool may_answer (const struct paper *paper, const struct kind_spec *kind)
{
	const struct thread_type *type = type_of (paper);
	const struct state *state =
		type != NULL ? thread_state (type, paper->thread->state) : NULL;

	return state != NULL && kind->role_count > 0 &&
	       lifecycle_find (type, state, kind->name, PARTY_PERFORMER) != NULL;
}

static bool is_asked_for (const struct field_spec *field)
{
	return field->required && !given (field->from) && !given (field->group) &&
	       field->type != ANSWER_ATTACHMENT;
}

/* Room for what the answer can't do without. */
static void add_fields (struct sheet *sheet, const struct kind_spec *kind)
{
	for (size_t i = 0; i < kind->field_count; i++) {
		const struct field_spec *field = &kind->fields[i];

		if (!is_asked_for (field))
			continue;
		if (field->code_count == 0 || field->code_count > CODES_TICKED) {
			add (sheet, BLOCK_BLANK, field->words);
			continue;
		}
		add (sheet, BLOCK_CHOICE, field->words);
		for (size_t j = 0; j < field->code_count; j++)
			add (sheet, BLOCK_SMALL_BOX, field->codes[j].words);
	}
}

static size_t add_box (const struct paper *paper, struct sheet *sheet,
		       const struct kind_spec *kind)
{
	if (kind == NULL || !may_answer (paper, kind))
		return 0;
	add (sheet, BLOCK_BOX, kind->words);
	add_fields (sheet, kind);
	return 1;
}

/* The answers that are due; when they have been given, whatever may come next. */
static void add_boxes (const struct paper *paper, struct sheet *sheet)
{
	const struct thread_type *type = type_of (paper);
	size_t count = 0;

	for (size_t i = paper->letter_count; i > 0 && count == 0; i--) {
		const struct kind_spec *kind = kind_of (paper, &paper->letters[i - 1]);

		for (size_t j = 0; kind != NULL && j < kind->reply_count; j++)
			count += add_box (paper, sheet,
					  catalogue_kind (paper->catalogue,
							  kind->replies[j], 0));
	}
	for (size_t i = 0; count == 0 && type != NULL && i < type->kind_count; i++)
		(void)add_box (paper, sheet, &type->kinds[i]);
}

/* The number and the code say whom it is about; nobody need name the person again. */
static void add_how (const struct paper *paper, struct sheet *sheet)
{
	const struct partner *from = paper->from;

	add (sheet, BLOCK_TEXT,
	     (struct words){ "Cara menjawab: sebutkan kode jawaban di atas. Nama klien "
			     "tidak perlu disebut.",
			     "How to answer: give the answer code above. There is no need "
			     "to name the client." });
	add_line (sheet, (struct words){ "Telepon", "By phone" }, both (from->phone));
	add_line (sheet, (struct words){ "WhatsApp", "By WhatsApp" },
		  both (from->whatsapp));
	add_line (sheet, (struct words){ "Serahkan slip ini ke", "Hand this slip in at" },
		  both (from->address));
}

static void begin_slip (const struct paper *paper, struct sheet *sheet)
{
	add (sheet, BLOCK_CUT,
	     (struct words){ "potong di sini dan kembalikan", "cut here and return" });
	add (sheet, BLOCK_HEADING, (struct words){ "Slip jawaban", "Reply slip" });
	add_numbers (paper, sheet);
}

static void end_slip (const struct paper *paper, struct sheet *sheet)
{
	static const struct words blanks[] = {
		{ "Tanggal dan tempat", "Date and place" },
		{ "Nama dan jabatan", "Name and role" },
		{ "Telepon", "Phone" },
		{ "Tanda tangan", "Signature" },
	};

	for (size_t i = 0; i < COUNT_OF (blanks); i++)
		add (sheet, BLOCK_BLANK, blanks[i]);
	add_how (paper, sheet);
}

/* ---- pages ---------------------------------------------------------------------- */

static void add_letter (const struct paper *paper, struct sheet *sheet, size_t i)
{
	const struct letter *letter = &paper->letters[i];
	const struct kind_spec *kind = kind_of (paper, letter);

	if (i > 0)
		add (sheet, BLOCK_HEADING,
		     kind != NULL ? kind->sentence : both (letter->kind));
	add_line (sheet, (struct words){ "Tanggal", "Date" },
		  instant (sheet, letter->created_ms, paper->from->region));
	add_urgency (letter, sheet);
	add_answers (paper, sheet, letter);
	add_asked_until (paper, sheet, letter);
}

static void compose (const struct paper *paper, struct sheet *sheet)
{
	const struct thread_type *type = type_of (paper);

	add_letterhead (paper, sheet);
	add (sheet, BLOCK_TITLE, type != NULL ? type->words : both (paper->thread->type));
	add_numbers (paper, sheet);
	add_recipient (paper, sheet);
	for (size_t i = 0; i < paper->letter_count; i++)
		add_letter (paper, sheet, i);
	if (paper->letter_count > 0)
		add_basis (paper, sheet, &paper->letters[0]);
	add_secrecy (paper, sheet);
	begin_slip (paper, sheet);
	add_boxes (paper, sheet);
	end_slip (paper, sheet);
}

/* After a withdrawal nothing about the person is printed any more, but its reader must be told.
 * UU 27/2022 art. 40: within 3x24 hours. */
static void compose_withdrawn (const struct paper *paper, struct sheet *sheet)
{
	const struct kind_spec *stopped = catalogue_kind (paper->catalogue, "consent.stopped", 0);

	add_letterhead (paper, sheet);
	add (sheet, BLOCK_TITLE,
	     (struct words){ "Persetujuan ditarik", "Consent withdrawn" });
	add_numbers (paper, sheet);
	add_recipient (paper, sheet);
	add (sheet, BLOCK_TEXT,
	     (struct words){
		     "Orang yang dimaksud dalam surat bernomor di atas telah menarik "
		     "persetujuannya. Hentikan pemakaian datanya dan kembalikan atau "
		     "musnahkan surat-suratnya dalam 3x24 jam (UU 27/2022 pasal 40), lalu "
		     "beri tahu kami.",
		     "The person whom the letter of this number is about has withdrawn "
		     "consent. Stop using the data and return or destroy the letters within "
		     "3x24 hours (Law 27/2022 art. 40), then tell us." });
	add_secrecy (paper, sheet);
	begin_slip (paper, sheet);
	if (stopped != NULL)
		add (sheet, BLOCK_BOX, stopped->words);
	end_slip (paper, sheet);
}

/* Such a thread was refused when it was opened; should its agency's kind have changed since, it is
 * not printed either. */
static bool would_tell (const struct paper *paper)
{
	const struct thread_type *type = type_of (paper);

	return type != NULL && type->discreet &&
	       (catalogue_is_telling (paper->catalogue, paper->from->kind) ||
		catalogue_telling_word (paper->catalogue, paper->from->name_id) != NULL);
}

err_t paper_print (const struct paper *paper, enum paper_format format, buffer_t *buffer)
{
	OWNED (arena) arena = arena_new (PAPER_ARENA_BYTES);
	struct sheet sheet = { .arena = arena, .title = paper->thread->number };

	if (would_tell (paper))
		return ERR_NOT_ALLOWED;
	if (paper->thread->data_stopped)
		compose_withdrawn (paper, &sheet);
	else
		compose (paper, &sheet);
	return format == PAPER_HTML ? sheet_html (&sheet, buffer)
				    : sheet_text (&sheet, buffer);
}
