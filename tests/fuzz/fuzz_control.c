/* Lines of the operator's socket: what parses is a command and says its own word. */
#include <stdlib.h>
#include <string.h>

#include "hub/control.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	struct control_command command, again;
	const char *word;

	if (control_parse ((struct bytes){ data, size }, &command) != ERR_OK)
		return 0;
	word = control_verb_name (command.verb);
	if (word == NULL || memmem (data, size, word, strlen (word)) == NULL)
		abort ();
	if (control_parse (bytes_of_text (word), &again) != ERR_OK || again.verb != command.verb)
		abort ();
	return 0;
}
