/* Where the door listens: a unix socket, or a numeric address. */
#include "proto/http_inside.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "proto/os_error.h"

#define BACKLOG 64

err_t http_complain (problems_t *problems, err_t err, const char *path, int why)
{
	return problems_add_os (
		problems, err, "socket", why,
		"soket %s tidak dapat dibuka; periksa folder dan haknya",
		"the socket %s can't be opened; check the folder and its permissions",
		quoted (path));
}

/* A socket that nobody answers was left by an agent that was killed; anything else stays.
 */
static err_t clear_stale (const struct sockaddr_un *address, problems_t *problems)
{
	struct stat found;
	int probe, connected;

	if (lstat (address->sun_path, &found) != 0)
		return ERR_OK;
	if (!S_ISSOCK (found.st_mode))
		return http_complain (problems, ERR_FILE, address->sun_path, EEXIST);
	probe = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	connected = connect (probe, (const struct sockaddr *)address, sizeof *address);
	close (probe);
	if (connected == 0)
		return http_complain (problems, ERR_IN_USE, address->sun_path, EADDRINUSE);
	unlink (address->sun_path);
	return ERR_OK;
}

static err_t listen_on (const struct sockaddr_un *address, int *ret_listener,
			problems_t *problems)
{
	int listener = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	mode_t before = umask (0117);
	int bound = bind (listener, (const struct sockaddr *)address, sizeof *address);
	int why = errno;

	umask (before);
	if (bound == 0 && listen (listener, BACKLOG) == 0) {
		*ret_listener = listener;
		return ERR_OK;
	}
	close (listener);
	return http_complain (problems, ERR_FILE, address->sun_path, why);
}

static err_t open_path (const char *path, int *ret_listener, problems_t *problems)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	err_t err;

	if (strlen (path) >= sizeof address.sun_path)
		return http_complain (problems, ERR_CONFIG, path, ENAMETOOLONG);
	strcpy (address.sun_path, path);
	err = clear_stale (&address, problems);
	return err == ERR_OK ? listen_on (&address, ret_listener, problems) : err;
}

/* "127.0.0.1:9710" and "[::1]:9710", taken apart. */
static bool split_address (const char *text, char host[64], const char **ret_port)
{
	const char *colon = strrchr (text, ':');
	size_t len = colon != NULL ? (size_t)(colon - text) : 0;

	if (len == 0 || len >= 64)
		return false;
	memcpy (host, text, len);
	host[len] = '\0';
	if (host[0] == '[' && host[len - 1] == ']') {
		memmove (host, host + 1, len - 2);
		host[len - 2] = '\0';
	}
	*ret_port = colon + 1;
	return true;
}

static int bind_found (const struct addrinfo *found)
{
	int one = 1;
	int listener = socket (found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (listener < 0)
		return -1;
	setsockopt (listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind (listener, found->ai_addr, found->ai_addrlen) == 0 &&
	    listen (listener, BACKLOG) == 0)
		return listener;
	close (listener);
	return -1;
}

static err_t open_address (const char *text, int *ret_listener, problems_t *problems)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
				  .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	const char *port;
	char host[64];
	int why;

	if (!split_address (text, host, &port) || getaddrinfo (host, port, &hints, &found) != 0)
		return problems_add (problems, ERR_CONFIG, "address",
				     "%s bukan alamat; tulis 127.0.0.1:PORTA atau jalur soket",
				     "%s is no address; write 127.0.0.1:PORT or the path of a socket",
				     quoted (text));
	*ret_listener = bind_found (found);
	why = errno;
	freeaddrinfo (found);
	if (*ret_listener >= 0)
		return ERR_OK;
	return problems_add_os (problems, why == EADDRINUSE ? ERR_IN_USE : ERR_CONFIG, "address", why,
				"tidak dapat mendengarkan di %s; pilih porta lain",
				"can't listen at %s; choose another port", quoted (text));
}

bool http_is_path (const char *address)
{
	return strchr (address, '/') != NULL || strchr (address, ':') == NULL;
}

err_t http_listen (const char *address, int *ret_listener, problems_t *problems)
{
	return http_is_path (address) ? open_path (address, ret_listener, problems) :
				   open_address (address, ret_listener, problems);
}

bool http_is_loopback (const char *address)
{
	return http_is_path (address) || strncmp (address, "127.", 4) == 0 ||
	       strncmp (address, "[::1]:", 6) == 0;
}
