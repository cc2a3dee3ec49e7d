/* What a value of each option type looks like. */
#ifndef PROTO_CONFIG_VALUE_H
#define PROTO_CONFIG_VALUE_H

#include "jembatan/config.h"

#define ALLOWED_TEXT 160

/* False when the text is no such value.  The number stays untouched for types that have none. */
bool config_value_parse (const struct option *option, const char *text, int64_t *ret_number);

/* What would be allowed, for the person who has to correct it. */
void config_value_allowed (const struct option *option, char id[ALLOWED_TEXT],
			   char en[ALLOWED_TEXT]);

/* An amount as its type is written: "30s", "64k", "12". */
void config_value_text (enum option_type type, int64_t number, char *text, size_t size);

#endif
