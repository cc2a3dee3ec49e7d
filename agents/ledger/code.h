/*
 * The short code of a printed letter, "7KQ4-M2XA": what somebody reads out over the phone.  Seven
 * characters of Crockford's base 32 are random, the eighth checks them: one wrong character, or any
 * two exchanged, never make another code.
 */
#ifndef AGENTS_LEDGER_CODE_H
#define AGENTS_LEDGER_CODE_H

#include "agents/ledger/thread.h"

/* A fresh one that no thread here has. */
void code_make (ledger_t *ledger, char ret_code[CODE_TEXT]);

/* Reads it as people write it: in any case, with blanks and dashes, O for 0 and I or L for 1.
 * ERR_MALFORMED: no code at all; ERR_INVALID: one that somebody mistyped. */
MUST_USE err_t code_parse (const char *words, char ret_code[CODE_TEXT]);

#endif
