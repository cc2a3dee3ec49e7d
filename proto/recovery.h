/*
 * Keys on paper, to be typed in again: a key of 32 bytes is four lines, each with eight bytes as four
 * groups of hex digits and a fifth group that checks them.
 *
 *   L2  91bc 07de 55aa 3f2a  c4d1
 *
 *   check = the first two bytes of BLAKE2b-256 over "JMBTN-recovery-v1", the letter, the line's number
 *           and its eight bytes
 *
 * The check knows letter and number, so that lines can't be swapped.  Whoever types may use capitals,
 * leave blanks and hyphens out, and write the letter o for 0 and i or l for 1.
 */
#ifndef PROTO_RECOVERY_H
#define PROTO_RECOVERY_H

#include <stdio.h>

#include "jembatan/keys.h"

#define RECOVERY_LINES 4u
#define RECOVERY_LINE_TEXT 40

/* One key of a sheet: its letter, and where its 32 bytes are or go. */
struct recovery_key {
	char letter;
	uint8_t *bytes;
};

/* Line 1..4 of a key, with its name: "L2  91bc 07de 55aa 3f2a  c4d1". */
char *recovery_line (char letter, unsigned number, const uint8_t key[32],
		     char text[RECOVERY_LINE_TEXT]);

/* Reads one line, with or without its name in front, into the eight bytes it stands for.  ERR_INVALID
 * when it was mistyped; then nothing of it is repeated anywhere. */
MUST_USE err_t recovery_read_line (char letter, unsigned number, const char *line, uint8_t ret[8]);

/*
 * Reads the lines of several keys in their order.  From a terminal each is asked for, and
 * asked again when it is wrong; from a file empty lines and those that begin with # are left
 * out, and every wrong line is a problem under its name.  ERR_INVALID; ERR_MALFORMED when lines are
 * missing or too many.
 */
MUST_USE err_t recovery_read (FILE *in, const struct recovery_key *keys, size_t count,
			      problems_t *problems);

/* Forgets a key that lay in plain memory. */
void recovery_wipe (void *bytes, size_t len);

#endif
