/* Lines of the operator's socket: what parses is a command, and the same when it is written again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/control.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	struct control_command command, again;
	char line[128];
	const char *word;

	if (control_parse ((struct bytes){ data, size }, &command) != ERR_OK)
		return 0;
	word = control_verb_name (command.verb);
	if (word == NULL || memmem (data, size, word, strlen (word)) == NULL)
		abort ();
	snprintf (line, sizeof line, "%s %s%s", word,
		  control_verb_takes_agency (command.verb) ? command.agency.text : "",
		  command.json ? " json" : "");
	if (control_parse (bytes_of_text (line), &again) != ERR_OK || again.verb != command.verb ||
	    again.json != command.json || !agency_id_equal (&again.agency, &command.agency))
		abort ();
	return 0;
}
