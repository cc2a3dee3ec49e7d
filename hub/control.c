#include "hub/control.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "hub/report.h"
#include "proto/os_error.h"

#define CLIENTS_MAX 8u

/* ---- the line ---- */

/* clang-format off */
static const struct verb {
	const char *word;
	enum control_verb verb;
	bool takes_agency, takes_folder;
} verbs[] = {
	{ "status",  CONTROL_STATUS,  false, false },
	{ "ready",   CONTROL_READY,   false, false },
	{ "members", CONTROL_MEMBERS, false, false },
	{ "queue",   CONTROL_QUEUE,   false, false },
	{ "quota",   CONTROL_QUOTA,   false, false },
	{ "reload",  CONTROL_RELOAD,  false, false },
	{ "release", CONTROL_RELEASE, true, false },
	{ "backup",  CONTROL_BACKUP,  false, true },
	{ "backups", CONTROL_BACKUPS, false, false },
	{ "clock",   CONTROL_CLOCK,   false, false },
	{ "drain",   CONTROL_DRAIN,   false, false },
	{ "stop",    CONTROL_STOP,    false, false },
};
/* clang-format on */

const char *control_verb_name (enum control_verb verb)
{
	for (size_t i = 0; i < COUNT_OF (verbs); i++) {
		if (verbs[i].verb == verb)
			return verbs[i].word;
	}
	return NULL;
}

bool control_verb_takes_agency (enum control_verb verb)
{
	for (size_t i = 0; i < COUNT_OF (verbs); i++) {
		if (verbs[i].verb == verb)
			return verbs[i].takes_agency;
	}
	return false;
}

/* Takes the first word off the line. */
static struct bytes next_word (struct bytes *line)
{
	size_t from = 0, to;

	while (from < line->len && line->data[from] == ' ')
		from++;
	for (to = from; to < line->len && line->data[to] != ' '; to++)
		;
	line->data += to;
	line->len -= to;
	return (struct bytes){ line->data - (to - from), to - from };
}

static const struct verb *find_verb (struct bytes word)
{
	for (size_t i = 0; i < COUNT_OF (verbs); i++) {
		if (bytes_equal (word, bytes_of_text (verbs[i].word)))
			return &verbs[i];
	}
	return NULL;
}

static err_t parse_agency (struct bytes word, struct agency_id *ret_agency)
{
	char text[LIMIT_ID_TEXT + 1];

	if (word.len > LIMIT_ID_TEXT || memchr (word.data, '\0', word.len) != NULL)
		return ERR_USAGE;
	memcpy (text, word.data, word.len);
	text[word.len] = '\0';
	return agency_id_parse (text, ret_agency) == ERR_OK ? ERR_OK : ERR_USAGE;
}

/* Whatever follows is the folder, blanks and all; it may be left out. */
static err_t parse_folder (struct bytes line, struct control_command *command,
			   struct control_command *ret_command)
{
	size_t blanks = 0;

	while (blanks < line.len && line.data[blanks] == ' ')
		blanks++;
	line.data += blanks;
	line.len -= blanks;
	if (line.len >= sizeof command->folder || memchr (line.data, '\0', line.len) != NULL)
		return ERR_USAGE;
	memcpy (command->folder, line.data, line.len);
	*ret_command = *command;
	return ERR_OK;
}

err_t control_parse (struct bytes line, struct control_command *ret_command)
{
	struct control_command command = { .json = false };
	const struct verb *verb;
	struct bytes form;
	err_t err = ERR_OK;

	if (line.len == 0)
		return ERR_USAGE;
	verb = find_verb (next_word (&line));
	if (verb == NULL)
		return ERR_USAGE;
	command.verb = verb->verb;
	if (verb->takes_agency)
		err = parse_agency (next_word (&line), &command.agency);
	if (verb->takes_folder)
		return parse_folder (line, &command, ret_command);
	form = next_word (&line);
	command.json = bytes_equal (form, bytes_of_text ("json"));
	if (err != ERR_OK || (form.len > 0 && !command.json) || next_word (&line).len > 0)
		return ERR_USAGE;
	*ret_command = command;
	return ERR_OK;
}

/* ---- the socket ---- */

struct client {
	control_t *control;
	zmq_pollitem_t item;         /* fd 0: free, because 0 is never ours */
	char line[LIMIT_LINE_BYTES];
	size_t line_len;
	buffer_t *out;
	size_t out_at;
};

struct control {
	char *path;
	zloop_t *loop;
	control_fn *answer;
	void *context;
	zmq_pollitem_t item;
	struct client client[CLIENTS_MAX];
};

static void client_close (struct client *client)
{
	zloop_poller_end (client->control->loop, &client->item);
	close (client->item.fd);
	buffer_destroy (&client->out);
	client->item.fd = 0;
	client->line_len = 0;
}

static int on_writable (zloop_t *loop, zmq_pollitem_t *item, void *arg)
{
	struct client *client = arg;
	struct bytes all = buffer_bytes (client->out);
	ssize_t sent = send (client->item.fd, all.data + client->out_at,
			     all.len - client->out_at, MSG_NOSIGNAL | MSG_DONTWAIT);

	if (sent > 0)
		client->out_at += (size_t)sent;
	if ((sent < 0 && errno != EAGAIN) || client->out_at == all.len)
		client_close (client);
	return 0;
}

static void answer_with (struct client *client, err_t err, buffer_t *body)
{
	char head[64];
	err_t added;

	snprintf (head, sizeof head, "%s\n", err_name (err));
	client->out = buffer_new (REPORT_BYTES_MAX + 4 * KIB);
	client->out_at = 0;
	added = buffer_add (client->out, bytes_of_text (head));
	if (added == ERR_OK)
		added = buffer_add (client->out, buffer_bytes (body));
	(void)added;   /* the report has a lower ceiling */
	zloop_poller_end (client->control->loop, &client->item);
	client->item.events = ZMQ_POLLOUT;
	zloop_poller (client->control->loop, &client->item, on_writable, client);
}

static void answer_line (struct client *client)
{
	OWNED (buffer) body = buffer_new (REPORT_BYTES_MAX);
	struct bytes line = { (const uint8_t *)client->line, client->line_len };
	struct control_command command;
	err_t err = control_parse (line, &command);

	if (err == ERR_OK)
		err = client->control->answer (client->control->context, &command, body);
	answer_with (client, err, body);
}

static int on_readable (zloop_t *loop, zmq_pollitem_t *item, void *arg)
{
	struct client *client = arg;
	ssize_t got = recv (client->item.fd, client->line + client->line_len,
			    sizeof client->line - client->line_len, MSG_DONTWAIT);
	char *end;

	if (got < 0 && errno == EAGAIN)
		return 0;
	if (got <= 0) {
		client_close (client);
		return 0;
	}
	client->line_len += (size_t)got;
	end = memchr (client->line, '\n', client->line_len);
	if (end != NULL) {
		client->line_len = (size_t)(end - client->line);
		answer_line (client);
	} else if (client->line_len == sizeof client->line) {
		client_close (client);
	}
	return 0;
}

static int on_connect (zloop_t *loop, zmq_pollitem_t *item, void *arg)
{
	control_t *control = arg;
	int fd = accept4 (control->item.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	for (size_t i = 0; i < CLIENTS_MAX && fd > 0; i++) {
		struct client *client = &control->client[i];

		if (client->item.fd != 0)
			continue;
		client->control = control;
		client->item = (zmq_pollitem_t){ .fd = fd, .events = ZMQ_POLLIN };
		zloop_poller (loop, &client->item, on_readable, client);
		return 0;
	}
	if (fd > 0)
		close (fd);
	return 0;
}

static bool somebody_listens (const struct sockaddr_un *at)
{
	int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool listens = connect (fd, (const struct sockaddr *)at, sizeof *at) == 0;

	close (fd);
	return listens;
}

/* The socket's descriptor, or -1. */
static int listen_at (const struct sockaddr_un *at)
{
	int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	mode_t before = umask (0177);
	int rc = bind (fd, (const struct sockaddr *)at, sizeof *at);

	umask (before);
	if (rc == 0 && listen (fd, CLIENTS_MAX) == 0)
		return fd;
	close (fd);
	return -1;
}

static err_t open_socket (control_t *control, problems_t *problems)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };

	if (strlen (control->path) >= sizeof at.sun_path)
		return problems_add (problems, ERR_FILE, "hub/control",
				     "jalur soket %s terlalu panjang; pilih yang lebih pendek",
				     "the socket path %s is too long; choose a shorter one",
				     quoted (control->path));
	strcpy (at.sun_path, control->path);
	if (somebody_listens (&at))
		return problems_add (problems, ERR_IN_USE, "hub/control",
				     "hub lain sudah mendengarkan di %s",
				     "another hub listens at %s already", quoted (control->path));
	unlink (control->path);
	control->item.fd = listen_at (&at);
	if (control->item.fd < 0)
		return problems_add_os (problems, ERR_FILE, "hub/control", errno,
					"soket %s tidak dapat dibuat",
					"the socket %s can't be made", quoted (control->path));
	return ERR_OK;
}

err_t control_new (const char *path, zloop_t *loop, control_fn *answer, void *context,
		   control_t **ret_control, problems_t *problems)
{
	control_t *control = must_alloc (sizeof *control);
	err_t err;

	memset (control, 0, sizeof *control);
	control->path = must_text (path);
	control->loop = loop;
	control->answer = answer;
	control->context = context;
	err = open_socket (control, problems);
	if (err != ERR_OK) {
		free (control->path);
		free (control);
		return err;
	}
	control->item.events = ZMQ_POLLIN;
	zloop_poller (loop, &control->item, on_connect, control);
	*ret_control = control;
	return ERR_OK;
}

void control_destroy (control_t **control)
{
	if (*control == NULL)
		return;
	for (size_t i = 0; i < CLIENTS_MAX; i++) {
		struct client *client = &(*control)->client[i];

		if (client->item.fd != 0 && client->out != NULL)
			on_writable ((*control)->loop, &client->item, client);   /* its last words */
		if (client->item.fd != 0)
			client_close (client);
	}
	zloop_poller_end ((*control)->loop, &(*control)->item);
	close ((*control)->item.fd);
	unlink ((*control)->path);
	free ((*control)->path);
	free (*control);
	*control = NULL;
}
