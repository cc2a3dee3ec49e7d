/*
 * jembatan-hub: options, and then the loop.
 */
#include <malloc.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "hub/hub.h"
#include "hub/init.h"
#include "hub/options.h"

static const char help[] =
	"jembatan-hub: membawa surat tersegel antarinstansi tanpa dapat membacanya\n"
	"             (carries sealed letters between agencies and can read none of them)\n"
	"\n"
	"  jembatan-hub init --id NAMA --endpoint tcp://ALAMAT:PORTA --keys FOLDER --request BERKAS\n"
	"      membuat kunci hub dan permintaan untuk pendaftar jaringan\n"
	"      (makes the hub's keys and a request for the registrar)\n"
	"  jembatan-hub run --config BERKAS [--check-config]\n"
	"      menjalankan hub; --check-config hanya menampilkan konfigurasi yang berlaku\n"
	"      (runs the hub; --check-config only prints the configuration in force)\n"
	"  jembatan-hub --help | --version\n"
	"\n"
	"SIGTERM menghentikan dengan rapi, SIGHUP membaca ulang direktori.\n"
	"(SIGTERM stops it cleanly, SIGHUP reads the directory again.)\n"
	"\n"
	"Kode keluar (exit codes): 0 berhasil, 64 perintah salah, 65 masukan salah, 69 tidak tersedia,\n"
	"75 coba lagi, 78 konfigurasi atau data bermasalah.\n";

struct arguments {
	const char *config;
	bool check;
	struct hub_init init;
};

static int complain (err_t err, const problems_t *problems)
{
	for (size_t i = 0; i < problems_count (problems); i++) {
		const struct problem *problem = problems_at (problems, i);

		fprintf (stderr, "jembatan-hub: %s%s%s\n  (%s)\n", problem->field,
			 problem->field[0] != '\0' ? ": " : "", problem->text_id,
			 problem->text_en);
	}
	if (problems_count (problems) == 0)
		fprintf (stderr, "jembatan-hub: %s\n  (%s)\n", err_text_id (err), err_text_en (err));
	return err_exit (err);
}

static int usage (const char *what)
{
	fprintf (stderr,
		 "jembatan-hub: %s tidak dimengerti; lihat jembatan-hub --help\n"
		 "  (%s is not understood; see jembatan-hub --help)\n", what, what);
	return err_exit (ERR_USAGE);
}

/* ---- init ---- */

static int command_init (const struct arguments *arguments)
{
	OWNED (problems) problems = problems_new ();
	char words[FINGERPRINT_TEXT];
	err_t err;

	if (arguments->init.id == NULL || arguments->init.endpoint == NULL ||
	    arguments->init.keys == NULL || arguments->init.request == NULL)
		return usage ("init tanpa --id, --endpoint, --keys, --request");
	err = hub_init (&arguments->init, words, problems);
	if (err != ERR_OK)
		return complain (err, problems);
	printf ("Kunci hub %s dibuat di %s.\n"
		"Serahkan %s kepada pendaftar jaringan dan bacakan kata-kata ini lewat telepon\n"
		"(hand it to the registrar and read these words over the phone):\n\n  %s\n",
		arguments->init.id, arguments->init.keys, arguments->init.request, words);
	return 0;
}

/* ---- run ---- */

/* Signals come through a descriptor of the loop, in this thread and in those it starts. */
static void block_signals (void)
{
	sigset_t set;

	sigemptyset (&set);
	sigaddset (&set, SIGTERM);
	sigaddset (&set, SIGINT);
	sigaddset (&set, SIGHUP);
	sigprocmask (SIG_BLOCK, &set, NULL);
	signal (SIGPIPE, SIG_IGN);
	signal (SIGXFSZ, SIG_IGN);
}

/* One descriptor per agent, and little memory per thread. */
static void set_limits (void)
{
	struct rlimit files;

	if (getrlimit (RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit (RLIMIT_NOFILE, &files);
	}
	mallopt (M_ARENA_MAX, 2);
	mallopt (M_TRIM_THRESHOLD, 1 << 20);
}

static int run_with (const config_t *config, problems_t *problems)
{
	struct hub_setup setup = hub_setup_from (config);
	OWNED (hub) hub = NULL;
	err_t err = hub_new (&setup, &hub, problems);

	if (err != ERR_OK)
		return complain (err, problems);
	err = hub_run (hub);
	if (err_lane (err) != LANE_STOP)
		return err_exit (err);
	/* The store can't be trusted any more: nothing may be written, not even by closing it. */
	fflush (NULL);
	_exit (err_exit (err));
}

static int command_run (const struct arguments *arguments)
{
	OWNED (problems) problems = problems_new ();
	OWNED (config) config = NULL;
	enum log_level level = LOG_LEVEL_INFO;
	err_t err;

	if (arguments->config == NULL)
		return usage ("run tanpa --config");
	err = config_load (arguments->config, hub_options, &config, problems);
	if (err == ERR_OK)
		err = hub_log_level (config, &level, problems);
	if (err != ERR_OK)
		return complain (err, problems);
	log_set_level (level);
	if (arguments->check) {
		config_print (config, stdout);
		return 0;
	}
	set_limits ();
	block_signals ();
	return run_with (config, problems);
}

/* ---- the command line ---- */

static int command_help (const struct arguments *arguments)
{
	fputs (help, stdout);
	return 0;
}

static int command_version (const struct arguments *arguments)
{
	puts ("jembatan-hub " JEMBATAN_VERSION);
	return 0;
}

/* clang-format off */
static const struct { const char *word; int (*run) (const struct arguments *arguments); } commands[] = {
	{ "init",      command_init },
	{ "run",       command_run },
	{ "--help",    command_help },
	{ "help",      command_help },
	{ "--version", command_version },
};

static const struct option_word { const char *word; size_t at; } words[] = {
	{ "--config",   offsetof (struct arguments, config) },
	{ "--id",       offsetof (struct arguments, init.id) },
	{ "--endpoint", offsetof (struct arguments, init.endpoint) },
	{ "--keys",     offsetof (struct arguments, init.keys) },
	{ "--request",  offsetof (struct arguments, init.request) },
};
/* clang-format on */

/* Where the value of an option goes, or NULL. */
static const char **place_of (struct arguments *arguments, const char *word)
{
	for (size_t i = 0; i < COUNT_OF (words); i++) {
		if (strcmp (words[i].word, word) == 0)
			return (const char **)((char *)arguments + words[i].at);
	}
	return NULL;
}

/* The first word that is not understood, or NULL. */
static const char *read_arguments (int argc, char **argv, struct arguments *ret_arguments)
{
	for (int i = 2; i < argc; i++) {
		const char **place = place_of (ret_arguments, argv[i]);

		if (strcmp (argv[i], "--check-config") == 0)
			ret_arguments->check = true;
		else if (place != NULL && i + 1 < argc)
			*place = argv[++i];
		else
			return argv[i];
	}
	return NULL;
}

int main (int argc, char **argv)
{
	struct arguments arguments = { .config = NULL };
	const char *bad = read_arguments (argc, argv, &arguments);

	if (argc < 2) {
		fputs (help, stderr);
		return err_exit (ERR_USAGE);
	}
	if (bad != NULL && strcmp (bad, "--help") == 0)
		return command_help (&arguments);
	if (bad != NULL)
		return usage (bad);
	for (size_t i = 0; i < COUNT_OF (commands); i++) {
		if (strcmp (commands[i].word, argv[1]) == 0)
			return commands[i].run (&arguments);
	}
	return usage (argv[1]);
}
