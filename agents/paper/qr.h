/* QR codes (ISO/IEC 18004) as pictures for screen and paper. */
#ifndef AGENTS_PAPER_QR_H
#define AGENTS_PAPER_QR_H

#include "jembatan/base.h"

/* An SVG of black squares with the quiet zone of four around them, error correction level M, without
 * script, style or reference; to be freed.  NULL for a text that fits no code (2331 bytes). */
char *qr_svg (const char *text);

#endif
