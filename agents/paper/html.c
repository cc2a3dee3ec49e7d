/* A page as HTML: one file, ready for an A4 printer. */
#include "agents/paper/sheet.h"

#include <string.h>

static const char style[] =
	"@page{size:A4;margin:18mm}"
	"body{font:11pt/1.4 sans-serif;color:#000;background:#fff;max-width:174mm;margin:auto}"
	".name{font-size:15pt;font-weight:bold;margin:0}"
	".head{margin:0}"
	"h1{font-size:13pt;border-top:2pt solid #000;padding-top:3mm;margin:4mm 0 2mm}"
	"h2{font-size:11pt;margin:4mm 0 1mm}"
	"p{margin:1.5mm 0}"
	".line{display:flex;gap:4mm;margin:.8mm 0}"
	".line b{flex:0 0 58mm;font-weight:normal;color:#333}"
	".line bdi,.text bdi{white-space:pre-wrap;overflow-wrap:anywhere}"
	".line bdi{flex:1}"
	".en{color:#555;font-style:italic}"
	".cut{border-top:1pt dashed #000;margin:7mm 0 3mm;text-align:center;font-size:9pt;"
	"break-inside:avoid}"
	".box{margin:1.5mm 0;break-inside:avoid}"
	".small{margin:.5mm 0 .5mm 9mm;break-inside:avoid}"
	".box i,.small i{display:inline-block;width:3.6mm;height:3.6mm;border:1pt solid #000;"
	"margin-right:3mm;vertical-align:-.4mm}"
	".blank{display:flex;gap:3mm;margin:3mm 0 0 9mm;break-inside:avoid}"
	".blank span:last-child{flex:1;border-bottom:.6pt solid #000}";

/* The first failure is kept, so that a page asks once at its end. */
struct pen {
	buffer_t *buffer;
	err_t err;
};

static void put_bytes (struct pen *pen, const char *text, size_t len)
{
	if (pen->err == ERR_OK)
		pen->err = buffer_add (pen->buffer,
				       (struct bytes){ (const uint8_t *)text, len });
}

/* Our own marks, never what somebody wrote. */
static void put_mark (struct pen *pen, const char *mark)
{
	put_bytes (pen, mark, strlen (mark));
}

static void put_text (struct pen *pen, const char *text)
{
	static const struct { char c; const char *shown; } escapes[] = {
		{ '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" },
		{ '"', "&quot;" }, { '\'', "&#39;" },
	};
	const char *shown;
	size_t len, step;

	for (; (step = sheet_char (text, &shown, &len)) > 0; text += step) {
		for (size_t i = 0; i < COUNT_OF (escapes); i++) {
			if (len == 1 && *shown == escapes[i].c) {
				shown = escapes[i].shown;
				len = strlen (shown);
				break;
			}
		}
		put_bytes (pen, shown, len);
	}
}

/* Each in an isolation of its own, so that no direction spreads. */
static void put_words (struct pen *pen, struct words words)
{
	put_mark (pen, "<bdi>");
	put_text (pen, words.id);
	put_mark (pen, "</bdi>");
	if (strcmp (words.id, words.en) == 0)
		return;
	put_mark (pen, " <bdi class=\"en\" lang=\"en\">");
	put_text (pen, words.en);
	put_mark (pen, "</bdi>");
}

/* clang-format off */
static const struct { const char *before, *between, *after; } frames[] = {
	[BLOCK_NAME]      = { "<p class=\"name\">", NULL, "</p>\n" },
	[BLOCK_HEAD]      = { "<p class=\"head\">", NULL, "</p>\n" },
	[BLOCK_TITLE]     = { "<h1>", NULL, "</h1>\n" },
	[BLOCK_HEADING]   = { "<h2>", NULL, "</h2>\n" },
	[BLOCK_LINE]      = { "<div class=\"line\"><b>", "</b><span>", "</span></div>\n" },
	[BLOCK_TEXT]      = { "<p class=\"text\">", NULL, "</p>\n" },
	[BLOCK_CUT]       = { "<p class=\"cut\">", NULL, "</p>\n" },
	[BLOCK_BOX]       = { "<div class=\"box\"><i></i>", NULL, "</div>\n" },
	[BLOCK_CHOICE]    = { "<div class=\"blank\">", NULL, "</div>\n" },
	[BLOCK_SMALL_BOX] = { "<div class=\"small\"><i></i>", NULL, "</div>\n" },
	[BLOCK_BLANK]     = { "<div class=\"blank\"><span>", "</span><span>", "</span></div>\n" },
};
/* clang-format on */

static void put_block (struct pen *pen, const struct block *block)
{
	put_mark (pen, frames[block->type].before);
	put_words (pen, block->label);
	if (frames[block->type].between != NULL)
		put_mark (pen, frames[block->type].between);
	if (block->type == BLOCK_LINE)
		put_words (pen, block->value);
	put_mark (pen, frames[block->type].after);
}

err_t sheet_html (const struct sheet *sheet, buffer_t *buffer)
{
	struct pen pen = { buffer, ERR_OK };

	put_mark (&pen, "<!DOCTYPE html>\n<html lang=\"id\" dir=\"ltr\">\n<head>\n"
			"<meta charset=\"utf-8\">\n"
			"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
			"style-src 'unsafe-inline'\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
			"<title>");
	put_text (&pen, sheet->title);
	put_mark (&pen, "</title>\n<style>");
	put_mark (&pen, style);
	put_mark (&pen, "</style>\n</head>\n<body>\n");
	for (size_t i = 0; i < sheet->count; i++)
		put_block (&pen, &sheet->blocks[i]);
	put_mark (&pen, "</body>\n</html>\n");
	return pen.err;
}
