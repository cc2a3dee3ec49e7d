/*
 * jembatan-hubctl: sends one command to a hub's control socket and shows the answer.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "jembatan/base.h"
#include "jembatan/limits.h"

#define DEFAULT_SOCKET "/run/jembatan-hub/hub.sock"

static const char help[] =
	"jembatan-hubctl: melihat dan mengatur hub yang sedang berjalan\n"
	"                (watches and steers a running hub)\n"
	"\n"
	"  jembatan-hubctl [--socket JALUR] [--json] PERINTAH [INSTANSI]\n"
	"\n"
	"  status    keadaan hub, antrean, log penitipan (state, queue, custody log)\n"
	"  ready     siap menerima surat? 0 ya, 75 tidak (ready for letters? 0 yes, 75 no)\n"
	"  members   anggota dan sambungannya (members and their connections)\n"
	"  queue     yang menunggu, per penerima dan kelas (what waits, by recipient and class)\n"
	"  quota     kuota tiap instansi, dan yang terpakai (quotas, and what of them is used)\n"
	"  reload    baca ulang direktori dan konfigurasi (read directory and configuration again)\n"
	"  release INSTANSI\n"
	"            lupakan buku besar instansi yang hilang, agar yang baru dapat terhubung\n"
	"            (forget the ledger that an agency has lost, so that a new one can connect)\n"
	"  backup [FOLDER]\n"
	"            cadangkan penyimpanan hub, tersandi, sambil hub berjalan\n"
	"            (back the hub's store up, encrypted, while the hub runs)\n"
	"  clock     jam mesin benar: pakai lagi, juga bila ia meloncat\n"
	"            (the machine's clock is right: go by it again, even if it has leapt)\n"
	"  drain     tolak surat baru, antarkan sisanya, lalu berhenti\n"
	"            (take no new letters, deliver what can be, then stop)\n"
	"  stop      berhenti dengan rapi (stop cleanly)\n"
	"\n"
	"Soket bawaan (default socket): " DEFAULT_SOCKET "\n"
	"Kode keluar (exit codes): 0 berhasil, 64 perintah salah, 69 hub tidak berjalan, selain itu\n"
	"kode kesalahan yang dijawab hub.\n";

struct call {
	const char *socket, *verb, *agency;
	bool json, help, version;
};

static int complain (err_t err, const char *what)
{
	fprintf (stderr, "jembatan-hubctl: %s: %s\n  (%s)\n", what, err_text_id (err),
		 err_text_en (err));
	return err_exit (err);
}

/* The first word that is not understood, or NULL. */
static const char *read_arguments (int argc, char **argv, struct call *ret_call)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp (argv[i], "--json") == 0)
			ret_call->json = true;
		else if (strcmp (argv[i], "--help") == 0)
			ret_call->help = true;
		else if (strcmp (argv[i], "--version") == 0)
			ret_call->version = true;
		else if (strcmp (argv[i], "--socket") == 0 && i + 1 < argc)
			ret_call->socket = argv[++i];
		else if (argv[i][0] != '-' && ret_call->verb == NULL)
			ret_call->verb = argv[i];
		else if (argv[i][0] != '-' && ret_call->agency == NULL)
			ret_call->agency = argv[i];
		else
			return argv[i];
	}
	return NULL;
}

/* The socket, or -1 when no hub listens there. */
static int dial (const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd;

	if (strlen (path) >= sizeof at.sun_path)
		return -1;
	strcpy (at.sun_path, path);
	fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connect (fd, (struct sockaddr *)&at, sizeof at) == 0)
		return fd;
	close (fd);
	return -1;
}

static bool ask (int fd, const struct call *call)
{
	char line[LIMIT_LINE_BYTES];
	int len = snprintf (line, sizeof line, "%s %s%s\n", call->verb,
			    call->agency != NULL ? call->agency : "", call->json ? " json" : "");

	return len < (int)sizeof line && send (fd, line, (size_t)len, MSG_NOSIGNAL) == len;
}

#define PROBLEM "Masalah (problem)"      /* how a line begins that says what was wrong */

/* The first line is a result's name; the rest is for the reader, and says more of a problem than the
 * name does. */
static int show_answer (FILE *in, const struct call *call)
{
	char line[LIMIT_LINE_BYTES];
	bool told = false;
	err_t err;

	if (fgets (line, sizeof line, in) == NULL)
		return complain (ERR_OFFLINE, call->socket);
	line[strcspn (line, "\n")] = '\0';
	if (err_parse (line, &err) != 0)
		return complain (ERR_MALFORMED, call->socket);
	while (fgets (line, sizeof line, in) != NULL) {
		told = told || strncmp (line, PROBLEM, strlen (PROBLEM)) == 0;
		fputs (line, stdout);
	}
	return err == ERR_OK || told ? err_exit (err) : complain (err, call->verb);
}

static int run (const struct call *call)
{
	int fd = dial (call->socket);
	FILE *in;
	int rc;

	if (fd < 0) {
		fprintf (stderr, "jembatan-hubctl: tidak ada hub di %s\n  (no hub at %s)\n",
			 call->socket, call->socket);
		return 69;
	}
	if (!ask (fd, call)) {
		close (fd);
		return complain (ERR_USAGE, call->verb);
	}
	in = fdopen (fd, "r");
	rc = show_answer (in, call);
	fclose (in);
	return rc;
}

/* ---- backup ---- */

#define LOOK_AGAIN_MS 200
#define ANSWER_BYTES (16u * KIB)

/* The whole answer; false when no hub is there, or it says that something is wrong. */
static bool fetch (const struct call *call, char *text, size_t size)
{
	int fd = dial (call->socket);
	size_t len = 0;
	ssize_t got = -1;

	if (fd < 0)
		return false;
	if (ask (fd, call))
		while (len + 1 < size && (got = read (fd, text + len, size - 1 - len)) > 0)
			len += (size_t)got;
	close (fd);
	text[len] = '\0';
	return got == 0 && strncmp (text, "OK\n", 3) == 0;
}

/* A value of the hub's own flat answer, up to the quote that ends it. */
static const char *value_of (const char *text, const char *key, char value[LIMIT_LINE_BYTES])
{
	const char *at = strstr (text, key);

	value[0] = '\0';
	if (at == NULL)
		return value;
	at += strlen (key);
	snprintf (value, LIMIT_LINE_BYTES, "%.*s", (int)strcspn (at, "\""), at);
	return value;
}

static void draw (const char *text)
{
	const char *done = strstr (text, "\"backup_done\":"), *bytes = strstr (text, "\"backup_bytes\":");

	if (isatty (STDERR_FILENO) && done != NULL && bytes != NULL)
		fprintf (stderr, "\r%lld / %lld KiB\033[K", atoll (done + 14) / 1024,
			 atoll (bytes + 15) / 1024);
}

static int show_end (const char *text)
{
	char value[LIMIT_LINE_BYTES], english[LIMIT_LINE_BYTES];

	if (*value_of (text, "\"backup_problem_id\":\"", value) != '\0') {
		fprintf (stderr, "jembatan-hubctl: %s\n  (%s)\n", value,
			 value_of (text, "\"backup_problem_en\":\"", english));
		return err_exit (ERR_FILE);
	}
	printf ("Cadangan ditulis dan diperiksa (the backup is written and checked):\n  %s\n",
		value_of (text, "\"last_backup_file\":\"", value));
	if (strcmp (value_of (text, "\"same_disk\":\"", value), "yes") == 0)
		fputs ("Perhatian: folder itu ada di disk yang sama dengan data hub.\n"
		       "  (Warning: that folder is on the same disk as the hub's data.)\n", stderr);
	return 0;
}

/* Watches a backup that has begun. */
static int watch (const struct call *call)
{
	const struct call look = { .socket = call->socket, .verb = "backups json" };
	const struct timespec pause = { 0, LOOK_AGAIN_MS * 1000000L };
	char text[ANSWER_BYTES], phase[LIMIT_LINE_BYTES];

	while (fetch (&look, text, sizeof text)) {
		if (strcmp (value_of (text, "\"backup\":\"", phase), "idle") != 0) {
			draw (text);
			nanosleep (&pause, NULL);
			continue;
		}
		if (isatty (STDERR_FILENO))
			fputs ("\r\033[K", stderr);
		return show_end (text);
	}
	return complain (ERR_OFFLINE, call->socket);
}

/* The hub works in another folder than whoever types. */
static int run_backup (struct call *call)
{
	static char whole[PATH_MAX];
	int rc;

	if (call->agency != NULL && realpath (call->agency, whole) == NULL) {
		fprintf (stderr, "jembatan-hubctl: folder %s tidak ada; pasang disknya\n"
				 "  (the folder %s is not there; plug in its disk)\n",
			 call->agency, call->agency);
		return err_exit (ERR_FILE);
	}
	if (call->agency != NULL)
		call->agency = whole;
	call->json = false;
	rc = run (call);
	return rc == 0 ? watch (call) : rc;
}

static bool takes_word (const char *verb)
{
	return strcmp (verb, "release") == 0 || strcmp (verb, "backup") == 0;
}

int main (int argc, char **argv)
{
	struct call call = { .socket = DEFAULT_SOCKET };
	const char *bad = read_arguments (argc, argv, &call);

	if (bad != NULL)
		return complain (ERR_USAGE, bad);
	if (call.help || call.version) {
		fputs (call.help ? help : "jembatan-hubctl " JEMBATAN_VERSION "\n", stdout);
		return 0;
	}
	if (call.verb == NULL) {
		fputs (help, stderr);
		return err_exit (ERR_USAGE);
	}
	if (call.agency != NULL && !takes_word (call.verb)) {
		fprintf (stderr, "jembatan-hubctl: kata \"%s\" berlebih; lihat jembatan-hubctl --help\n"
				 "  (the word \"%s\" is too many; see jembatan-hubctl --help)\n",
			 call.agency, call.agency);
		return err_exit (ERR_USAGE);
	}
	if (strcmp (call.verb, "release") == 0 && call.agency == NULL) {
		fputs ("jembatan-hubctl: release: sebutkan instansinya\n  (name the agency)\n", stderr);
		return err_exit (ERR_USAGE);
	}
	return strcmp (call.verb, "backup") == 0 ? run_backup (&call) : run (&call);
}
