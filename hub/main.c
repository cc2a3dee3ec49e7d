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

#include "hub/backup.h"
#include "hub/hub.h"
#include "hub/init.h"
#include "hub/options.h"
#include "jembatan/clock.h"
#include "jembatan/keys.h"

static const char help[] =
	"jembatan-hub: membawa surat tersegel antarinstansi tanpa dapat membacanya\n"
	"             (carries sealed letters between agencies and can read none of them)\n"
	"\n"
	"  jembatan-hub init --id NAMA --endpoint tcp://ALAMAT:PORTA --keys FOLDER --request BERKAS\n"
	"      membuat kunci hub dan permohonan untuk pendaftar jaringan\n"
	"      (makes the hub's keys and a request for the registrar)\n"
	"  jembatan-hub run --config BERKAS [--check-config]\n"
	"      menjalankan hub; --check-config hanya menampilkan konfigurasi yang berlaku\n"
	"      (runs the hub; --check-config only prints the configuration in force)\n"
	"  jembatan-hub restore CADANGAN.jbk --config BERKAS [--rehearse] [--sheet]\n"
	"      memulihkan penyimpanan dari cadangan; --rehearse hanya mencoba, --sheet membaca kunci\n"
	"      dari lembar pemulihan (restores the store from a backup; --rehearse only tries, --sheet\n"
	"      reads the key off the recovery sheet)\n"
	"  jembatan-hub recovery-sheet --config BERKAS [--check]\n"
	"      menampilkan lembar pemulihan untuk dicetak; --check membandingkan yang diketik kembali\n"
	"      (shows the recovery sheet to print; --check compares what is typed back)\n"
	"  jembatan-hub --help | --version\n"
	"\n"
	"SIGTERM menghentikan dengan rapi, SIGHUP membaca ulang direktori dan konfigurasi.\n"
	"(SIGTERM stops it cleanly, SIGHUP reads directory and configuration again.)\n"
	"\n"
	"Kode keluar: 0 berhasil, 64 perintah salah, 65 masukan salah, 66 tidak ditemukan, 69 tidak\n"
	"tersedia, 75 coba lagi, 77 tidak diizinkan, 78 konfigurasi atau data bermasalah.\n"
	"(Exit status: 0 done, 64 usage, 65 bad input, 66 not found, 69 unavailable, 75 try again,\n"
	"77 not allowed, 78 configuration or a store that contradicts itself.)\n";

struct arguments {
	const char *config;
	const char *backup;              /* the file to restore */
	bool check, rehearse, sheet, check_sheet;
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
	err_t err = hub_init (&arguments->init, words, problems);

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
	OWNED (quotas) quotas = NULL;
	enum log_level level = LOG_LEVEL_INFO;
	err_t err = config_load (arguments->config, hub_options, &config, problems);

	if (err == ERR_OK)
		err = hub_log_level (config, &level, problems);
	if (err == ERR_OK)
		err = quotas_read (config, &quotas, problems);
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

/* ---- backups ---- */

static err_t load_setup (const struct arguments *arguments, config_t **ret_config,
			 struct hub_setup *ret_setup, problems_t *problems)
{
	err_t err = config_load (arguments->config, hub_options, ret_config, problems);

	if (err == ERR_OK)
		err = keys_start ();
	if (err == ERR_OK)
		*ret_setup = hub_setup_from (*ret_config);
	return err;
}

static void print_restored (const struct hub_restore_report *report, bool rehearsed)
{
	unsigned long long waiting = (unsigned long long)report->waiting;
	char made[INSTANT_TEXT];

	instant_text (report->head.made_ms, made);
	printf ("Cadangan hub %s, dibuat %s: %zu instansi, %llu surat menunggu.\n"
		"(Backup of the hub %s, made %s: %zu agencies, %llu letters waiting.)\n",
		report->head.who, made, report->agencies, waiting, report->head.who, made,
		report->agencies, waiting);
	fputs (rehearsed ? "Uji pulih berhasil; tidak ada yang diubah.\n"
			   "(The rehearsal went well; nothing was changed.)\n"
			 : "Penyimpanan dipulihkan. Jalankan hub; setiap instansi mengirim ulang yang\n"
			   "belum bertanda terima.\n"
			   "(The store is restored. Start the hub; every agency puts again what has no\n"
			   "receipt.)\n",
	       stdout);
}

static int command_restore (const struct arguments *arguments)
{
	OWNED (problems) problems = problems_new ();
	OWNED (config) config = NULL;
	struct hub_restore_report report;
	struct hub_setup setup;
	err_t err;

	if (arguments->backup == NULL) {
		fputs ("jembatan-hub restore: sebutkan berkas cadangannya (.jbk)\n"
		       "  (name the backup file, .jbk)\n", stderr);
		return err_exit (ERR_USAGE);
	}
	err = load_setup (arguments, &config, &setup, problems);
	if (err == ERR_OK)
		err = hub_restore (&setup, arguments->backup, arguments->sheet ? stdin : NULL,
				   arguments->rehearse, &report, problems);
	if (err != ERR_OK)
		return complain (err, problems);
	print_restored (&report, arguments->rehearse);
	return 0;
}

static int command_sheet (const struct arguments *arguments)
{
	OWNED (problems) problems = problems_new ();
	OWNED (config) config = NULL;
	struct hub_setup setup;
	err_t err = load_setup (arguments, &config, &setup, problems);

	if (err == ERR_OK)
		err = arguments->check_sheet ? hub_sheet_check (&setup, stdin, problems)
					     : hub_sheet_print (&setup, stdout, problems);
	if (err != ERR_OK)
		return complain (err, problems);
	if (arguments->check_sheet)
		puts ("Lembar pemulihan benar.\n(The recovery sheet is right.)");
	return 0;
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
	{ "restore",   command_restore },
	{ "recovery-sheet", command_sheet },
	{ "--help",    command_help },
	{ "help",      command_help },
	{ "--version", command_version },
};

/* An option, the command that can't do without it, and where its value goes. */
static const struct option_word { const char *word, *command; size_t at; } words[] = {
	{ "--config",   "run",  offsetof (struct arguments, config) },
	{ "--config",   "restore", offsetof (struct arguments, config) },
	{ "--config",   "recovery-sheet", offsetof (struct arguments, config) },
	{ "--id",       "init", offsetof (struct arguments, init.id) },
	{ "--endpoint", "init", offsetof (struct arguments, init.endpoint) },
	{ "--keys",     "init", offsetof (struct arguments, init.keys) },
	{ "--request",  "init", offsetof (struct arguments, init.request) },
};
/* clang-format on */

static const char **place_at (struct arguments *arguments, size_t i)
{
	return (const char **)((char *)arguments + words[i].at);
}

/* Where the value of an option goes, or NULL. */
static const char **place_of (struct arguments *arguments, const char *word)
{
	for (size_t i = 0; i < COUNT_OF (words); i++) {
		if (strcmp (words[i].word, word) == 0)
			return place_at (arguments, i);
	}
	return NULL;
}

/* Names every option that the command needs and that has no value. */
static bool complete (const char *command, struct arguments *arguments)
{
	char missing[96] = "";
	size_t len = 0;

	for (size_t i = 0; i < COUNT_OF (words); i++) {
		if (strcmp (words[i].command, command) == 0 && *place_at (arguments, i) == NULL)
			len += (size_t)snprintf (missing + len, sizeof missing - len, "%s%s",
						 len > 0 ? ", " : "", words[i].word);
	}
	if (len == 0)
		return true;
	fprintf (stderr,
		 "jembatan-hub %s: wajib diisi: %s; lihat jembatan-hub --help\n"
		 "  (missing: %s; see jembatan-hub --help)\n", command, missing, missing);
	return false;
}

/* The first word that is not understood, or NULL. */
static const char *read_arguments (int argc, char **argv, struct arguments *ret_arguments)
{
	for (int i = 2; i < argc; i++) {
		const char **place = place_of (ret_arguments, argv[i]);

		if (strcmp (argv[i], "--check-config") == 0)
			ret_arguments->check = true;
		else if (strcmp (argv[i], "--rehearse") == 0)
			ret_arguments->rehearse = true;
		else if (strcmp (argv[i], "--sheet") == 0)
			ret_arguments->sheet = true;
		else if (strcmp (argv[i], "--check") == 0)
			ret_arguments->check_sheet = true;
		else if (argv[i][0] != '-' && strcmp (argv[1], "restore") == 0)
			ret_arguments->backup = argv[i];
		else if (place != NULL && i + 1 < argc)
			*place = argv[++i];
		else if (place == NULL)
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
			return complete (argv[1], &arguments) ? commands[i].run (&arguments) :
								err_exit (ERR_USAGE);
	}
	return usage (argv[1]);
}
