/* The parts of the printed page: print.c puts them together. */
#ifndef AGENTS_CATALOGUE_PRINTER_H
#define AGENTS_CATALOGUE_PRINTER_H

#include "agents/catalogue/inside.h"

/* "Rujukan / Referral" */
void print_words (FILE *out, const struct words *words);
/* "`a`, `b`", or `none`. */
void print_list (FILE *out, const char *const *names, size_t count, const char *none);

void print_form (FILE *out, const struct kind_spec *kind);         /* fields, tables (print_form.c) */
void print_conditions (FILE *out, const struct kind_spec *kind);   /* gates, reminders, remarks */
void print_word_lists (FILE *out, const struct words_file *words);   /* (print_words.c) */
void print_case (FILE *out, const struct case_spec *cases);
void print_holidays (FILE *out, const struct holidays_file *holidays);

#endif
