/* The recovery sheet; see recovery.h. */
#include "agents/paper/recovery.h"

#include "agents/paper/sheet.h"
#include "jembatan/clock.h"
#include "proto/recovery.h"

#define ARENA_BYTES (64u * KIB)

static struct words both (const char *text)
{
	return (struct words){ text, text };
}

static const struct words none = { "", "" };

static void add_text (struct sheet *sheet, const char *id, const char *en)
{
	sheet_add (sheet, BLOCK_TEXT, (struct words){ id, en }, none);
}

static void add_key (struct sheet *sheet, char letter, const uint8_t *key)
{
	for (unsigned number = 1; number <= RECOVERY_LINES; number++) {
		char *text = arena_must (sheet->arena, RECOVERY_LINE_TEXT);

		sheet_add (sheet, BLOCK_TEXT, both (recovery_line (letter, number, key, text)), none);
	}
}

static void add_about (struct sheet *sheet, const struct recovery_page *page)
{
	char *made = arena_must (sheet->arena, INSTANT_TEXT);
	char *id = arena_must (sheet->arena, HEX16_TEXT);

	sheet_add (sheet, BLOCK_NAME, (struct words){ page->name_id, page->name_en }, none);
	sheet_add (sheet, BLOCK_TITLE, (struct words){ "Lembar pemulihan", "Recovery sheet" }, none);
	sheet_add (sheet, BLOCK_LINE, (struct words){ "Instansi", "Agency" }, both (page->agency));
	sheet_add (sheet, BLOCK_LINE, (struct words){ "Dibuat", "Made" },
		   both (instant_text (page->made_ms, made)));
	sheet_add (sheet, BLOCK_LINE, (struct words){ "Nomor kunci BOX", "Id of the BOX key" },
		   both (hex_text (ID_BYTES (page->box_id), id, HEX16_TEXT)));
	add_text (sheet,
		  "Siapa memegang lembar ini dan sebuah cadangan dapat membaca seluruh buku besar. "
		  "Simpan di amplop tertutup dalam lemari besi, terpisah dari disk cadangan; jangan "
		  "difoto dan jangan disimpan di komputer.",
		  "Whoever holds this sheet and a backup can read the whole ledger. Keep it in a "
		  "closed envelope in a safe, apart from the backup disk; take no photo of it and "
		  "keep it on no computer.");
}

static void add_keys (struct sheet *sheet, const struct recovery_page *page)
{
	sheet_add (sheet, BLOCK_HEADING,
		   (struct words){ "L: kunci buku besar", "L: key of the ledger" }, none);
	add_key (sheet, 'L', page->ledger_key.data);
	sheet_add (sheet, BLOCK_HEADING,
		   (struct words){ "B: kunci BOX, pembuka surat", "B: BOX key, opens letters" }, none);
	add_key (sheet, 'B', page->box_key.data);
}

/* A paragraph each: whoever needs them is in a hurry. */
static const struct words steps[] = {
	{ "1. Pasang jembatan di komputer baru dan salin agent.zpl.",
	  "1. Install jembatan on a new computer and copy agent.zpl." },
	{ "2. Jalankan jembatan-agent restore CADANGAN.jbk --sheet, lalu ketik delapan baris di atas; "
	  "baris yang salah disebut.",
	  "2. Run jembatan-agent restore BACKUP.jbk --sheet, then type the eight lines above; a wrong "
	  "line is named." },
	{ "3. Jalankan jembatan-agent init, yang membuat kunci tanda tangan dan sambungan yang baru; "
	  "kirim permohonannya kepada pendaftar, lalu jembatan-agent join.",
	  "3. Run jembatan-agent init, which makes new signing and link keys; send its request to the "
	  "registrar, then jembatan-agent join." },
	{ "4. Jalankan agen.", "4. Start the agent." },
};

static void add_steps (struct sheet *sheet)
{
	sheet_add (sheet, BLOCK_HEADING,
		   (struct words){ "Bila komputer hilang atau rusak", "When the computer is lost" },
		   none);
	for (size_t i = 0; i < COUNT_OF (steps); i++)
		add_text (sheet, steps[i].id, steps[i].en);
	add_text (sheet,
		  "Uji lembar ini sekarang, dan setiap tahun: jembatan-agent recovery-sheet --check. "
		  "Buat lembar baru bila kunci BOX diganti.",
		  "Try this sheet now, and every year: jembatan-agent recovery-sheet --check. Make a "
		  "new one when the BOX key was changed.");
}

err_t recovery_print (const struct recovery_page *page, enum paper_format format, buffer_t *buffer)
{
	OWNED (arena) arena = arena_new (ARENA_BYTES);
	struct sheet sheet = { .arena = arena, .title = "Lembar pemulihan" };
	err_t err;

	add_about (&sheet, page);
	add_keys (&sheet, page);
	add_steps (&sheet);
	err = format == PAPER_HTML ? sheet_html (&sheet, buffer) : sheet_text (&sheet, buffer);
	for (size_t i = 0; i < sheet.count; i++)
		if (sheet.blocks[i].type == BLOCK_TEXT && sheet.blocks[i].label.id ==
								  sheet.blocks[i].label.en)
			recovery_wipe ((char *)sheet.blocks[i].label.id, RECOVERY_LINE_TEXT);
	return err;
}
