/* What is read is printed, and what is printed is read again as the same value. */
#include <assert.h>
#include <stdlib.h>

#include "agents/json.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	OWNED (problems) problems = problems_new ();
	json_t *value = NULL, *again = NULL;
	char *text;
	err_t err;

	if (json_read ((struct bytes){ data, size }, &value, problems) != ERR_OK) {
		assert (problems_count (problems) > 0);
		return 0;
	}
	text = json_text (value, true);
	err = json_read (bytes_of_text (text), &again, problems);
	assert (err == ERR_OK && json_equal (value, again));
	free (text);
	json_decref (value);
	json_decref (again);
	return 0;
}
