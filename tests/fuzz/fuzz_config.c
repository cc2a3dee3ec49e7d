/* Whatever a file holds: values or problems, and what is printed reads back. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "jembatan/config.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static const struct option table[] = {
	{ "agency", OPTION_AGENCY, "bnn", 0, 0, "Who." },
	{ "a/path", OPTION_PATH, "data", 0, 0, "Where." },
	{ "a/wait", OPTION_DURATION, "1s", 0, 0, "How long." },
	{ "a/size", OPTION_SIZE, "1k", 1, 1 << 30, "How much." },
	{ "n", OPTION_NUMBER, "2", -5, 8, "How many." },
	{ "f", OPTION_FLAG, "no", 0, 0, "Whether." },
	{ "e", OPTION_ENDPOINT, "", 0, 0, "Whom." },
	{ "t", OPTION_TEXT, "", 0, 0, "What." },
	{ "l", OPTION_LIST, "", 0, 0, "All." },
	{ .key = NULL },
};

static config_t *load (const void *data, size_t size)
{
	OWNED (problems) problems = problems_new ();
	config_t *config = NULL;
	char path[64];
	int file = memfd_create ("config", 0);

	if (file < 0 || write (file, data, size) != (ssize_t)size)
		abort ();
	snprintf (path, sizeof path, "/proc/self/fd/%d", file);
	err_t err = config_load (path, table, &config, problems);

	assert ((err == ERR_OK) == (config != NULL));
	assert ((err == ERR_OK) == (problems_count (problems) == 0));
	close (file);
	return config;
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	OWNED (config) first = load (data, size);
	OWNED (config) second = NULL;
	char *printed = NULL;
	size_t len;
	FILE *out;

	if (first == NULL)
		return 0;
	out = open_memstream (&printed, &len);
	config_print (first, out);
	fclose (out);
	second = load (printed, len);
	free (printed);
	assert (second != NULL);
	for (size_t i = 0; table[i].key != NULL; i++)
		assert (strcmp (config_text (first, table[i].key),
				config_text (second, table[i].key)) == 0);
	return 0;
}
