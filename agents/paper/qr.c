/* QR codes; see qr.h. */
#include "agents/paper/qr.h"

#include <qrencode.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define QUIET 4                          /* modules of white around it */
#define RUN_BYTES 32u                    /* "M123 123h123v1h-123z" */

static bool is_dark (const QRcode *code, int x, int y)
{
	return x < code->width && (code->data[y * code->width + x] & 1) != 0;
}

/* One rectangle for each run of dark modules in a line. */
static size_t put_line (const QRcode *code, int y, char *at)
{
	size_t len = 0;

	for (int x = 0; x < code->width; x++) {
		int end = x;

		while (is_dark (code, end, y))
			end++;
		if (end == x)
			continue;
		len += (size_t)sprintf (at + len, "M%d %dh%dv1h-%dz", x + QUIET, y + QUIET, end - x,
					end - x);
		x = end;
	}
	return len;
}

static char *draw (const QRcode *code)
{
	int side = code->width + 2 * QUIET;
	size_t runs = (size_t)code->width * ((size_t)code->width / 2 + 1);
	char *svg = must_alloc (512 + runs * RUN_BYTES);
	size_t len = (size_t)sprintf (
		svg,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
		"shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h%dv%dh-%dz\"/>"
		"<path fill=\"#000\" d=\"",
		side, side, side, side, side);

	for (int y = 0; y < code->width; y++)
		len += put_line (code, y, svg + len);
	strcpy (svg + len, "\"/></svg>");
	return svg;
}

char *qr_svg (const char *text)
{
	QRcode *code = QRcode_encodeString8bit (text, 0, QR_ECLEVEL_M);
	char *svg;

	if (code == NULL)
		return NULL;
	svg = draw (code);
	QRcode_free (code);
	return svg;
}
