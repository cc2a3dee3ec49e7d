/* The guide for the console; see guide.h. */
#include "agents/paper/guide.h"

#include <string.h>

#include "agents/paper/sheet.h"
#include "jembatan/clock.h"
#include "jembatan/keys.h"

#define ARENA_BYTES (64u * KIB)
#define DATE_CHARS 10                             /* "2036-11-20" of an instant */

static const struct words none = { "", "" };

static struct words both (const char *text)
{
	return (struct words){ text, text };
}

/* As browsers and certutil show it, in four groups: "3A5B... ...". */
static const char *fingerprint_text (arena_t *arena, const struct hash *fingerprint)
{
	char *text = arena_must (arena, HEX32_TEXT + 4);
	size_t at = 0;

	for (size_t i = 0; i < sizeof fingerprint->b; i++) {
		static const char digits[] = "0123456789abcdef";

		if (i > 0 && i % 8 == 0)
			text[at++] = ' ';
		text[at++] = digits[fingerprint->b[i] >> 4];
		text[at++] = digits[fingerprint->b[i] & 15];
	}
	return text;
}

static void add_about (struct sheet *sheet, const struct guide_page *page)
{
	char *until = arena_must (sheet->arena, INSTANT_TEXT);
	char *words = arena_must (sheet->arena, FINGERPRINT_TEXT);

	instant_text (page->until_ms, until)[DATE_CHARS] = '\0';
	sheet_add (sheet, BLOCK_NAME, (struct words){ page->name_id, page->name_en }, none);
	sheet_add (sheet, BLOCK_TITLE, (struct words){ "Membuka konsol Jembatan", "Opening the console" },
		   none);
	sheet_add (sheet, BLOCK_LINE, (struct words){ "Alamat", "Address" }, both (page->address));
	if (*page->by_number != '\0')
		sheet_add (sheet, BLOCK_LINE, (struct words){ "atau", "or" }, both (page->by_number));
	sheet_add (sheet, BLOCK_LINE, (struct words){ "Sertifikat", "Certificate" },
		   both (arena_printf (sheet->arena, "Jembatan %s (%s)", page->agency, until)));
	sheet_add (sheet, BLOCK_LINE, (struct words){ "Sidik jari SHA-256", "Fingerprint SHA-256" },
		   both (fingerprint_text (sheet->arena, &page->fingerprint)));
	sheet_add (sheet, BLOCK_LINE, (struct words){ "dalam kata", "in words" },
		   both (fingerprint_words (&page->fingerprint, words)));
}

/* A heading stands before its steps. */
static const struct step { bool heading; struct words words; } steps[] = {
	{ true, { "Sekali di setiap komputer", "Once on every computer" } },
	{ false, { "1. Ambil jembatan-ca.crt dari flash disk petugas, atau buka /jembatan-ca.crt di alamat "
		   "di atas; peringatan peramban hanya boleh dilewati untuk ini.",
		   "Take jembatan-ca.crt from the administrator's USB disk, or open /jembatan-ca.crt at the "
		   "address above; only for this may the browser's warning be passed." } },
	{ false, { "2. Bandingkan sidik jarinya dengan lembar ini sebelum memasang. Bila ada satu huruf yang "
		   "berbeda, jangan dipasang; hubungi petugas.",
		   "Compare its fingerprint with this page before installing it. If one letter differs, do "
		   "not install it; tell the administrator." } },
	{ true, { "Windows (Chrome, Edge)", "" } },
	{ false, { "Bandingkan: ketik certutil -hashfile jembatan-ca.crt SHA256 di Command Prompt. Pasang: "
		   "klik dua kali berkasnya, Install Certificate, Current User, Place all certificates in "
		   "the following store, Trusted Root Certification Authorities, Finish, Yes. Tutup lalu "
		   "buka lagi peramban.",
		   "Compare: type certutil -hashfile jembatan-ca.crt SHA256 at the Command Prompt. Install: "
		   "double-click the file and choose the same. Close and open the browser again." } },
	{ true, { "Firefox", "" } },
	{ false, { "Settings, Privacy & Security, View Certificates, Authorities, Import: pilih berkasnya, "
		   "View untuk membandingkan, centang Trust this CA to identify websites. Di Windows cukup "
		   "memasang seperti di atas lalu menyetel security.enterprise_roots.enabled = true di "
		   "about:config.",
		   "Choose the file, View to compare, tick the trust for websites. On Windows it is enough "
		   "to install as above and to set security.enterprise_roots.enabled = true." } },
	{ true, { "Android (Chrome)", "" } },
	{ false, { "Settings, Security, More security settings, Encryption & credentials, Install a "
		   "certificate, CA certificate, Install anyway, pilih berkasnya. Bandingkan di Trusted "
		   "credentials, User. Bila jembatan.local tidak ditemukan, pakai alamat dengan angka.",
		   "Choose the file, then compare under Trusted credentials, User. Where jembatan.local is "
		   "not found, use the address with numbers." } },
	{ true, { "Yang tidak dapat dilakukan sertifikat ini", "What this certificate can't do" } },
	{ false, { "Sertifikat ini hanya dapat berbicara untuk nama .local dan alamat jaringan kantor, tidak "
		   "untuk bank, surel atau situs lain. Bila kemudian masih ada peringatan di konsol, jangan "
		   "dilewati; hubungi petugas.",
		   "It can speak for .local names and addresses of the office's network only, never for a "
		   "bank, mail or another site. A later warning at the console must not be passed; tell the "
		   "administrator." } },
};

static void add_steps (struct sheet *sheet)
{
	for (size_t i = 0; i < COUNT_OF (steps); i++) {
		struct words words = steps[i].words;

		if (*words.en == '\0')
			words.en = words.id;
		sheet_add (sheet, steps[i].heading ? BLOCK_HEADING : BLOCK_TEXT, words, none);
	}
}

err_t guide_print (const struct guide_page *page, enum paper_format format, buffer_t *buffer)
{
	OWNED (arena) arena = arena_new (ARENA_BYTES);
	struct sheet sheet = { .arena = arena, .title = "Membuka konsol Jembatan" };

	add_about (&sheet, page);
	add_steps (&sheet);
	return format == PAPER_HTML ? sheet_html (&sheet, buffer) : sheet_text (&sheet, buffer);
}
