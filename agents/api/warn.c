/* Warnings; see warn.h. */
#include "agents/api/warn.h"

#include <string.h>

#define REGION_SYSTEM "urn:kemendagri:wilayah"

static void add (json_t *answer, const char *field, const char *id, const char *en)
{
	json_t *list = json_object_get (answer, "warnings");

	if (list == NULL) {
		list = json_array ();
		json_object_set_new (answer, "warnings", list);
	}
	json_array_append_new (list, json_pack ("{s:s, s:s, s:s}", "field", field, "message_id", id,
						"message_en", en));
}

void warn_region (json_t *answer, const char *field, const char *code)
{
	if (*code == '\0' || !region_is_kemendagri (code) || region_is_known (code))
		return;
	add (answer, field,
	     "provinsi ini tidak ada pada daftar yang berlaku; kode lama atau baru disimpan apa adanya",
	     "this province is not in the list in force; an older or newer code is kept as it is");
}

void warn_answers (json_t *answer, const struct kind_spec *kind, const struct submission *submission)
{
	for (size_t i = 0; i < submission->answer_count; i++) {
		const struct answer *given = &submission->answers[i];
		const struct field_spec *field = kind_field (kind, given->field);

		if (field != NULL && given->type != ANSWER_ABSENT && given->text != NULL &&
		    strcmp (field->system, REGION_SYSTEM) == 0)
			warn_region (answer, given->field, given->text);
	}
}
