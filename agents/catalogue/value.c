/* What an answer says, in words for people. */
#include "agents/catalogue/catalogue.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

char *rupiah_text (int64_t rupiah, char text[RUPIAH_TEXT])
{
	char digits[24];
	uint64_t size = rupiah < 0 ? 0 - (uint64_t)rupiah : (uint64_t)rupiah;
	int len = snprintf (digits, sizeof digits, "%" PRIu64, size);
	char *at = text + sprintf (text, "%sRp", rupiah < 0 ? "-" : "");

	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			*at++ = '.';
		*at++ = digits[i];
	}
	*at = '\0';
	return text;
}

static const char *kept (arena_t *arena, const char *text)
{
	size_t size = strlen (text) + 1;

	return memcpy (arena_must (arena, size), text, size);
}

static struct words same (const char *text)
{
	return (struct words){ text, text };
}

static struct words code_words (const struct field_spec *field, const struct answer *answer)
{
	for (size_t i = 0; field != NULL && i < field->code_count; i++)
		if (strcmp (field->codes[i].code, answer->text) == 0)
			return field->codes[i].words;
	return same (*answer->display != '\0' ? answer->display : answer->text);
}

static struct words date_words (const char *date, arena_t *arena)
{
	char id[DATE_TEXT], en[DATE_TEXT];

	return (struct words){ kept (arena, date_text (date, false, id)),
			       kept (arena, date_text (date, true, en)) };
}

static struct words instant_words (int64_t at_ms, const char *region, arena_t *arena)
{
	char id[LOCAL_INSTANT_TEXT], en[LOCAL_INSTANT_TEXT];

	return (struct words){
		kept (arena, local_instant_text (at_ms, region, false, id)),
		kept (arena, local_instant_text (at_ms, region, true, en)),
	};
}

static struct words number_words (int64_t number, arena_t *arena)
{
	char text[32];

	snprintf (text, sizeof text, "%" PRId64, number);
	return same (kept (arena, text));
}

/* Letters count their files from 0, people from 1. */
static struct words file_words (int64_t place, arena_t *arena)
{
	char id[64], en[64];

	snprintf (id, sizeof id, "berkas ke-%" PRId64 " surat ini", place + 1);
	snprintf (en, sizeof en, "file %" PRId64 " of this letter", place + 1);
	return (struct words){ kept (arena, id), kept (arena, en) };
}

static struct words rupiah_words (int64_t rupiah, arena_t *arena)
{
	char text[RUPIAH_TEXT];

	return same (kept (arena, rupiah_text (rupiah, text)));
}

static struct words quantity_words (const struct answer *answer, arena_t *arena)
{
	char text[LIMIT_NAME_BYTES];

	snprintf (text, sizeof text, "%s %s", answer->text, answer->unit);
	return same (kept (arena, text));
}

struct words value_words (const struct field_spec *field, const struct answer *answer,
			  const char *region, arena_t *arena)
{
	switch (answer->type) {
	case ANSWER_CODE: return code_words (field, answer);
	case ANSWER_INTEGER: return number_words (answer->number, arena);
	case ANSWER_DATE: return date_words (answer->text, arena);
	case ANSWER_INSTANT: return instant_words (answer->number, region, arena);
	case ANSWER_BOOLEAN:
		return answer->number != 0 ? (struct words){ "ya", "yes" }
					   : (struct words){ "tidak", "no" };
	case ANSWER_QUANTITY: return quantity_words (answer, arena);
	case ANSWER_RUPIAH: return rupiah_words (answer->number, arena);
	case ANSWER_ATTACHMENT: return file_words (answer->number, arena);
	case ANSWER_ABSENT:
		return answer->number == ABSENT_DECLINED
			       ? (struct words){ "tidak mau menjawab", "declined" }
			       : (struct words){ "tidak ditanyakan", "not asked" };
	case ANSWER_UNKNOWN: return (struct words){ "perlu pembaruan", "update needed" };
	case ANSWER_TEXT:
	case ANSWER_DECIMAL:
	case ANSWER_PHONE: break;
	}
	return same (answer->text);
}
