/* Secrets that are typed; see prompt.h. */
#include "proto/prompt.h"

#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* What a terminal shows again when somebody gives up with Ctrl-C: the one thing here that a signal
 * handler can reach. */
static struct termios shown;
static volatile sig_atomic_t hidden_fd;

static void on_interrupt (int number)
{
	tcsetattr (hidden_fd, TCSANOW, &shown);
	signal (number, SIG_DFL);
	raise (number);
}

static bool hide (int fd, struct sigaction *ret_before)
{
	const struct sigaction restore = { .sa_handler = on_interrupt };
	struct termios hidden;

	if (!isatty (fd) || tcgetattr (fd, &shown) != 0)
		return false;
	hidden_fd = fd;
	hidden = shown;
	hidden.c_lflag &= ~(tcflag_t)ECHO;
	sigaction (SIGINT, &restore, ret_before);
	return tcsetattr (fd, TCSAFLUSH, &hidden) == 0;
}

static void show (int fd, const struct sigaction *before)
{
	tcsetattr (fd, TCSAFLUSH, &shown);
	sigaction (SIGINT, before, NULL);
	fputc ('\n', stderr);
}

/* Byte by byte and without the stream's own memory, where a copy would be left behind.  How long the line
 * is; -1 for one that can't be taken. */
static ssize_t read_line (int fd, char *line)
{
	ssize_t len = 0;
	char c;

	for (;;) {
		ssize_t got = read (fd, &c, 1);

		if (got != 1)
			return got == 0 && len > 0 ? len : -1;
		if (c == '\n')
			return len;
		if (c == '\0' || len == PROMPT_SECRET_BYTES - 1)
			return -1;
		line[len++] = c;
	}
}

err_t prompt_secret (FILE *in, const char *ask_id, const char *ask_en, char **ret_secret,
		     problems_t *problems)
{
	char *line = sodium_malloc (PROMPT_SECRET_BYTES);
	struct sigaction before;
	int fd = fileno (in);
	bool hidden;
	ssize_t len;

	if (line == NULL)
		abort ();
	hidden = hide (fd, &before);
	if (hidden)
		fprintf (stderr, "%s / %s: ", ask_id, ask_en);
	len = read_line (fd, line);
	if (hidden)
		show (fd, &before);
	if (len < 0) {
		sodium_free (line);
		return problems_add (problems, ERR_MALFORMED, "",
				     "%s: tidak ada baris masukan, atau lebih dari %u bita",
				     "%s: there is no line of input, or more than %u bytes",
				     ask_en, PROMPT_SECRET_BYTES - 1);
	}
	line[len] = '\0';
	*ret_secret = line;
	return ERR_OK;
}

void prompt_forget (char **secret)
{
	sodium_free (*secret);
	*secret = NULL;
}
