/*
 * What the operating system says went wrong, in both languages: strerror (3) knows only English and
 * the locale's language, and our sentences come in pairs.
 */
#ifndef PROTO_OS_ERROR_H
#define PROTO_OS_ERROR_H

#include "jembatan/problem.h"

#define OS_ERROR_TEXT 80

/* errno, or a number of ZeroMQ's; one that the table lacks is "kesalahan sistem nomor 95". */
const char *os_error_id (int number, char text[OS_ERROR_TEXT]);
const char *os_error_en (int number, char text[OS_ERROR_TEXT]);

/* As problems_add, with the reason in parentheses behind each sentence. */
err_t problems_add_os (problems_t *problems, err_t err, const char *field, int number,
		       const char *format_id, const char *format_en, ...)
	__attribute__ ((format (printf, 5, 7), format (printf, 6, 7)));

#endif
