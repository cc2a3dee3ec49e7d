/*
 * Typed logging.  A line is an event name and typed fields; there is no way to log free text from
 * a letter, so names and findings can't leak here.  Lines go to standard error as
 *
 *   2026-11-22T03:15:00Z info hub.started hub=bengkulu members=11
 *
 * or to the journal with the same fields when standard error is the journal's.
 */
#ifndef JEMBATAN_LOG_H
#define JEMBATAN_LOG_H

#include "jembatan/ids.h"

/* debug: for us; info: what happened; note: someone may want to look; warn: someone should act
 * soon; fail: we stop. */
enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_NOTE, LOG_LEVEL_WARN, LOG_LEVEL_FAIL };

void log_set_level (enum log_level least);

enum log_type { LOG_END, LOG_NUMBER, LOG_WORD, LOG_AGENCY, LOG_UUID, LOG_HEX, LOG_ERROR, LOG_PATH };

struct log_field {
	enum log_type type;
	const char *name;
	int64_t number;
	const void *value;
	size_t len;
};

/* Fields.  A word is a constant of the program (a state, a kind known to the catalogue, a check's
 * name); anything but [A-Za-z0-9._:/-] in it is shown as '?', and at most 64 characters.  A path
 * comes from the configuration. */
#define LOG_N(n, v) ((struct log_field){ .type = LOG_NUMBER, .name = (n), .number = (int64_t)(v) })
#define LOG_W(n, v) ((struct log_field){ .type = LOG_WORD, .name = (n), .value = (v) })
#define LOG_A(n, v) ((struct log_field){ .type = LOG_AGENCY, .name = (n), .value = (v)->text })
#define LOG_U(n, v) ((struct log_field){ .type = LOG_UUID, .name = (n), .value = (v).b, .len = 16 })
#define LOG_H(n, v) \
	((struct log_field){ .type = LOG_HEX, .name = (n), .value = (v).b, .len = sizeof (v).b })
#define LOG_E(v) ((struct log_field){ .type = LOG_ERROR, .name = "error", .number = (v) })
#define LOG_P(n, v) ((struct log_field){ .type = LOG_PATH, .name = (n), .value = (v) })

void log_event (enum log_level level, const char *event, const struct log_field *fields, size_t n);

#define LOG(level, event, ...)                                                       \
	log_event (LOG_LEVEL_##level, (event),                                       \
		   (struct log_field[]){ { .type = LOG_END }, ##__VA_ARGS__ } + 1,   \
		   COUNT_OF (((struct log_field[]){ { .type = LOG_END }, ##__VA_ARGS__ })) - 1)

#endif
