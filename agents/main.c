/*
 * jembatan-agent: the daemon of one agency.  A command is a row of the table.
 */
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agents/catalogue/catalogue.h"
#include "agents/check.h"
#include "agents/agent.h"
#include "agents/daemon.h"
#include "agents/guide.h"
#include "agents/options.h"
#include "agents/passphrase.h"
#include "agents/recovery.h"
#include "agents/restore.h"
#include "agents/setup.h"
#include "jembatan/clock.h"
#include "jembatan/log.h"
#include "proto/cores.h"

struct invocation {
	const char *config_path;
	const char *request_path;
	size_t argument_count;
	const char *arguments[3];        /* WELCOME, or what to do with the catalogue's folder */
	config_t *config;
	problems_t *problems;
};

/* Beside the keys, whose secret it shares, until it is printed. */
static err_t offer_sheet (struct invocation *call)
{
	char path[PATH_MAX];
	err_t err;

	if (snprintf (path, sizeof path, "%s/recovery-sheet.html",
		      config_text (call->config, "paths/keys")) >= (int)sizeof path)
		return ERR_FILE;
	/* Whoever has set a passphrase has had a sheet, and a new one would ask for it. */
	if (access (path, F_OK) == 0 || passphrase_guards (call->config))
		return ERR_OK;
	err = recovery_write (call->config, path, call->problems);
	if (err == ERR_OK)
		printf ("Lembar pemulihan ada di %s. Cetak, uji dengan\n"
			"jembatan-agent recovery-sheet --check, simpan di lemari besi, lalu hapus berkas itu.\n"
			"The recovery sheet is in %s. Print it, try it with\n"
			"jembatan-agent recovery-sheet --check, keep it in a safe, then delete that file.\n",
			path, path);
	return err;
}

static err_t command_init (struct invocation *call)
{
	char words[FINGERPRINT_TEXT];
	err_t err = setup_init (call->config, call->request_path, words, call->problems);

	if (err != ERR_OK)
		return err;
	printf ("Permohonan ditulis ke %s. Kirim berkas itu kepada pendaftar jaringan, lalu\n"
		"bacakan kata-kata ini lewat telepon; keduanya harus sama:\n"
		"The request is in %s. Send that file to the registrar, then read these\n"
		"words over the phone; both sides must see the same:\n\n    %s\n\n",
		call->request_path, call->request_path, words);
	return offer_sheet (call);
}

static err_t command_join (struct invocation *call)
{
	OWNED (directory) directory = NULL;
	const struct directory_data *data;
	err_t err = setup_join (call->config, call->arguments[0], &directory, call->problems);

	if (err != ERR_OK)
		return err;
	data = directory_data (directory);
	printf ("Instansi ini anggota jaringan %s (direktori versi %llu, %zu anggota).\n"
		"This agency is a member of %s (directory version %llu, %zu members).\n",
		data->network, (unsigned long long)data->version, data->member_count, data->network,
		(unsigned long long)data->version, data->member_count);
	return ERR_OK;
}

static err_t command_run (struct invocation *call)
{
	return daemon_run (call->config, call->problems);
}

/* ---- backups and keys on paper ---------------------------------------------------------------- */

static bool says (const struct invocation *call, const char *word)
{
	for (size_t i = 0; i < call->argument_count; i++)
		if (strcmp (call->arguments[i], word) == 0)
			return true;
	return false;
}

/* The argument that is no option; NULL when there is none. */
static const char *file_argument (const struct invocation *call)
{
	for (size_t i = 0; i < call->argument_count; i++)
		if (strncmp (call->arguments[i], "--", 2) != 0)
			return call->arguments[i];
	return NULL;
}

static void print_report (const struct restore_report *report)
{
	char made[INSTANT_TEXT], last[INSTANT_TEXT] = "-";
	int64_t age_ms = clock_now_ms () - report->head.made_ms;
	long long entries = (long long)report->ledger.entries, people = (long long)report->people;

	instant_text (report->head.made_ms, made);
	if (report->ledger.at_ms > 0)
		instant_text (report->ledger.at_ms, last);
	printf ("Cadangan %s dibuat %s (%lld jam yang lalu): %lld catatan, yang terakhir %s, %lld klien.\n"
		"The backup of %s was made at %s (%lld hours ago): %lld entries, the newest of %s, "
		"%lld clients.\n",
		report->head.who, made, (long long)(age_ms / HOUR_MS), entries, last, people,
		report->head.who, made, (long long)(age_ms / HOUR_MS), entries, last, people);
}

/* clang-format off */
static const char *const not_compared[] = {
	[BESIDE_NONE] =
		"Di folder data tidak ada buku besar untuk dibandingkan.\n"
		"There is no ledger in the data folder to compare it with.",
	[BESIDE_NO_ROOM] =
		"Tidak dibandingkan dengan buku besar sekarang: ruang disk kurang untuk salinannya.\n"
		"Not compared with the present ledger: there is too little room for a copy of it.",
	[BESIDE_BUSY] =
		"Tidak dibandingkan dengan buku besar sekarang: agen terlalu banyak menulis; coba lagi nanti.\n"
		"Not compared with the present ledger: the agent wrote too much meanwhile; try again later.",
};
/* clang-format on */

static void print_beside (const struct restore_report *report)
{
	const struct ledger_growth *growth = &report->growth;
	long long entries = (long long)growth->entries, receipts = (long long)growth->receipts;
	long long sent = (long long)growth->sent, came = (long long)growth->came;

	if (report->beside != BESIDE_SEEN)
		puts (not_compared[report->beside]);
	else
		printf ("Rantainya adalah awal rantai buku besar sekarang, yang sesudah itu mencatat %lld "
			"hal lagi: %lld surat keluar, %lld surat masuk, %lld tanda terima.\n"
			"Its chain is the beginning of the present ledger's, which has %lld entries more: "
			"%lld letters written, %lld that came, %lld receipts.\n",
			entries, sent, came, receipts, entries, sent, came, receipts);
}

static void print_rehearsed (const struct restore_report *report, bool sheet)
{
	puts ("Isinya utuh: lulus pemeriksaan SQLite, rantai catatannya sambung, data kliennya terbuka.\n"
	      "It is whole: SQLite's check passes, its chain of entries holds, its clients' data opens.");
	print_beside (report);
	if (sheet)
		puts ("Lembar pemulihan terbukti: kuncinya membuka cadangan ini, dan tidak berbeda dari kunci\n"
		      "yang dipakai di sini.\n"
		      "The recovery sheet is proved: its keys open this backup, and no key in use here\n"
		      "differs.");
	puts ("Uji pulih berhasil; tidak ada yang diubah.\n"
	      "The rehearsal went well; nothing was changed.");
}

static err_t restore_from (struct invocation *call, const char *file)
{
	FILE *sheet = says (call, "--sheet") ? stdin : NULL;
	bool rehearse = says (call, "--rehearse");
	struct restore_report report;
	err_t err = (rehearse ? restore_rehearse : restore_file) (call->config, file, sheet, &report,
								  call->problems);

	if (err != ERR_OK)
		return err;
	print_report (&report);
	if (rehearse)
		print_rehearsed (&report, sheet != NULL);
	else
		puts ("Buku besar sudah dipulihkan. Jalankan agen; setiap mitra diberi tahu dan mengirim\n"
		      "kembali apa yang datang sesudah cadangan itu.\n"
		      "The ledger is restored. Start the agent; every partner is told, and gives back\n"
		      "what came after that backup.");
	if (report.keys_made)
		puts ("ledger.key dan box.key ditulis dari lembar. Kunci tanda tangan dan sambungan harus\n"
		      "baru: jalankan jembatan-agent init, lalu kirim permohonannya kepada pendaftar.\n"
		      "ledger.key and box.key were written from the sheet. Signing and link keys must be\n"
		      "new: run jembatan-agent init, then send its request to the registrar.");
	return ERR_OK;
}

static err_t command_restore (struct invocation *call)
{
	const char *file = file_argument (call);
	err_t err;

	if (file != NULL && !says (call, "--here"))
		return restore_from (call, file);
	if (file != NULL || call->argument_count != 1 || !says (call, "--here"))
		return problems_add (call->problems, ERR_USAGE, "restore",
				     "pemakaian: jembatan-agent restore FILE [--rehearse] [--sheet], atau "
				     "restore --here",
				     "usage: jembatan-agent restore FILE [--rehearse] [--sheet], or "
				     "restore --here");
	err = restore_here (call->config, call->problems);
	if (err != ERR_OK)
		return err;
	puts ("Buku besar ini sekarang berjalan sebagai buku besar yang dipulihkan. Jalankan agen;\n"
	      "setiap mitra diberi tahu dan mengirim kembali apa yang kurang.\n"
	      "This ledger now goes on as a restored one. Start the agent; every partner is\n"
	      "told, and gives back what is missing.");
	return ERR_OK;
}

static err_t command_sheet (struct invocation *call)
{
	const char *path = call->arguments[0];
	err_t err;

	if (strcmp (path, "--check") != 0) {
		err = recovery_write (call->config, path, call->problems);
		if (err == ERR_OK && strcmp (path, "-") != 0)
			printf ("Lembar pemulihan ditulis ke %s. Cetak, lalu hapus berkas itu.\n"
				"The recovery sheet is in %s. Print it, then delete that file.\n",
				path, path);
		return err;
	}
	err = recovery_check (call->config, stdin, call->problems);
	if (err == ERR_OK)
		puts ("Lembar pemulihan benar: kedua kunci cocok.\n"
		      "The recovery sheet is right: both keys match.");
	return err;
}

/* ---- the console ------------------------------------------------------------------------------- */

/* clang-format off */
static const struct {
	const char *name;
	err_t (*run) (const config_t *config, const char *path, problems_t *problems);
	const char *id, *en;             /* said when it is done */
} console_verbs[] = {
	{ "guide", guide_write,
	  "Panduan ditulis ke %s. Cetak satu lembar untuk setiap komputer.\n",
	  "The guide is in %s. Print one page for every computer.\n" },
	{ "certificate", guide_certificate,
	  "Sertifikat otoritas ditulis ke %s; isinya tidak rahasia.\n",
	  "The authority's certificate is in %s; nothing in it is secret.\n" },
};
/* clang-format on */

static err_t command_console (struct invocation *call)
{
	const char *verb = call->arguments[0], *path = call->arguments[1];

	for (size_t i = 0; path != NULL && i < COUNT_OF (console_verbs); i++) {
		err_t err;

		if (strcmp (console_verbs[i].name, verb) != 0)
			continue;
		err = console_verbs[i].run (call->config, path, call->problems);
		if (err == ERR_OK && strcmp (path, "-") != 0) {
			printf (console_verbs[i].id, path);
			printf (console_verbs[i].en, path);
		}
		return err;
	}
	return problems_add (call->problems, ERR_USAGE, "console",
			     "pemakaian: jembatan-agent console guide FILE.html|FILE.txt|-, atau console "
			     "certificate FILE.crt",
			     "usage: jembatan-agent console guide FILE.html|FILE.txt|-, or console "
			     "certificate FILE.crt");
}

/* ---- the passphrase --------------------------------------------------------------------------- */

/* clang-format off */
static const struct {
	const char *name;
	err_t (*run) (const config_t *config, FILE *in, bool sheet, problems_t *problems);
	bool takes_sheet;
	const char *id, *en;             /* said when it is done */
} passphrase_verbs[] = {
	{ "set", passphrase_set, false,
	  "Buku besar sekarang dijaga frasa sandi. Sesudah agen dimulai lagi, buka dengan jembatan unlock.\n"
	  "Tanpa frasa sandi hanya lembar pemulihan yang membukanya: pastikan lembar itu tercetak dan benar\n"
	  "(jembatan-agent recovery-sheet --check). Hapus salinan lain dari ledger.key: semuanya masih membuka.",
	  "The ledger is under a passphrase now. After the agent's next start, open it with jembatan unlock.\n"
	  "Without the passphrase only the recovery sheet opens it: make sure that it is printed and right\n"
	  "(jembatan-agent recovery-sheet --check). Remove other copies of ledger.key: each still opens it." },
	{ "change", passphrase_change, true,
	  "Frasa sandi sudah diganti.", "The passphrase has been exchanged." },
	{ "remove", passphrase_remove, true,
	  "Buku besar tidak lagi dijaga frasa sandi; agen membukanya sendiri.",
	  "The ledger is no longer under a passphrase; the agent opens it by itself." },
};
/* clang-format on */

static err_t command_passphrase (struct invocation *call)
{
	bool sheet = says (call, "--sheet");
	const char *verb = file_argument (call);

	for (size_t i = 0; verb != NULL && i < COUNT_OF (passphrase_verbs); i++) {
		err_t err;

		if (strcmp (passphrase_verbs[i].name, verb) != 0 ||
		    (sheet && !passphrase_verbs[i].takes_sheet) ||
		    call->argument_count != (sheet ? 2 : 1))
			continue;
		err = passphrase_verbs[i].run (call->config, stdin, sheet, call->problems);
		if (err == ERR_OK)
			printf ("%s\n%s\n", passphrase_verbs[i].id, passphrase_verbs[i].en);
		return err;
	}
	return problems_add (call->problems, ERR_USAGE, "passphrase",
			     "pemakaian: jembatan-agent passphrase set, atau change [--sheet], atau remove "
			     "[--sheet]; frasa sandi tidak pernah ditulis di baris perintah",
			     "usage: jembatan-agent passphrase set, or change [--sheet], or remove "
			     "[--sheet]; a passphrase is never written on the command line");
}

static err_t command_check (struct invocation *call)
{
	catalogue_t *catalogue;
	err_t err = catalogue_load (config_text (call->config, "paths/catalogue"), &catalogue,
				    call->problems);

	if (err != ERR_OK)
		return err;
	err = settings_check (call->config, catalogue, call->problems);
	catalogue_destroy (&catalogue);
	if (err != ERR_OK)
		return err;
	config_print (call->config, stdout);
	return ERR_OK;
}

/* ---- the catalogue ---------------------------------------------------------------------------- */

typedef err_t catalogue_fn (struct invocation *call, const catalogue_t *catalogue,
			    const char *thread);

/* Whoever has come here has passed the check: loading is refused otherwise. */
static err_t check_catalogue (struct invocation *call, const catalogue_t *catalogue,
			      const char *thread)
{
	size_t threads = catalogue_thread_count (catalogue), kinds = catalogue_kind_count (catalogue);

	printf ("%zu jenis rangkaian, %zu jenis surat, tidak ada yang salah.\n"
		"%zu thread types, %zu kinds, nothing wrong.\n", threads, kinds, threads, kinds);
	return ERR_OK;
}

static err_t print_catalogue (struct invocation *call, const catalogue_t *catalogue,
			      const char *thread)
{
	catalogue_print (catalogue, stdout);
	return ERR_OK;
}

static err_t draw_catalogue (struct invocation *call, const catalogue_t *catalogue,
			     const char *thread)
{
	const struct thread_type *type =
		thread != NULL ? catalogue_thread (catalogue, thread) : NULL;

	if (thread != NULL && type == NULL)
		return problems_add (call->problems, ERR_NOT_FOUND, "",
				     "katalog ini tidak mempunyai rangkaian %s",
				     "this catalogue has no thread %s", quoted (thread));
	catalogue_diagram (catalogue, type, stdout);
	return ERR_OK;
}

static const struct {
	const char *name;
	size_t most_arguments;           /* its name, FOLDER, THREAD */
	catalogue_fn *run;
} catalogue_verbs[] = {
	{ "check", 2, check_catalogue },
	{ "print", 2, print_catalogue },
	{ "diagram", 3, draw_catalogue },
};

static err_t on_catalogue (struct invocation *call, const char *folder, catalogue_fn *run,
			   const char *thread)
{
	OWNED (catalogue) catalogue = NULL;
	err_t err = catalogue_load (folder, &catalogue, call->problems);

	return err != ERR_OK ? err : run (call, catalogue, thread);
}

/* With a folder alone it is printed. */
static err_t command_catalogue (struct invocation *call)
{
	const char *const *words = call->arguments;
	size_t count = call->argument_count;

	for (size_t i = 0; i < COUNT_OF (catalogue_verbs); i++) {
		if (strcmp (catalogue_verbs[i].name, words[0]) != 0)
			continue;
		if (count < 2 || count > catalogue_verbs[i].most_arguments)
			return problems_add (call->problems, ERR_USAGE, "catalogue",
					     "pemakaian: jembatan-agent catalogue %s FOLDER%s",
					     "usage: jembatan-agent catalogue %s FOLDER%s",
					     words[0], i == 2 ? " [THREAD]" : "");
		return on_catalogue (call, words[1], catalogue_verbs[i].run, words[2]);
	}
	if (count > 1)
		return problems_add (call->problems, ERR_USAGE, "catalogue",
				     "%s tidak dikenal; pilih check, print atau diagram",
				     "%s is not known; choose check, print or diagram",
				     quoted (words[0]));
	return on_catalogue (call, words[0], print_catalogue, NULL);
}

/* clang-format off */
static const struct command {
	const char *name;
	const char *argument;            /* NULL: takes none */
	size_t most_arguments;
	bool needs_config;
	err_t (*run) (struct invocation *call);
	const char *about_id, *about_en;
	const char *missing_id, *missing_en;     /* said when the argument was not given */
} commands[] = {
	{ "init",      NULL, 0,   true,  command_init,
	  "membuat kunci, buku besar, dan permohonan bagi pendaftar (--request FILE)",
	  "make keys, ledger and the request for the registrar (--request FILE)", NULL, NULL },
	{ "join",      "WELCOME", 1, true,  command_join,
	  "menerima berkas sambutan dari pendaftar",
	  "take in the welcome file that the registrar handed over",
	  "Berkas sambutan belum disebut", "The welcome file is missing" },
	{ "run",       NULL, 0,   true,  command_run,
	  "berjalan sampai SIGTERM", "run until SIGTERM", NULL, NULL },
	{ "restore",   "FILE [--rehearse] [--sheet] | --here", 3, true, command_restore,
	  "memulihkan buku besar dari cadangan; --rehearse hanya mencoba, --sheet membaca kunci dari lembar pemulihan, --here: salinan lama yang disalin kembali dengan tangan",
	  "restore the ledger from a backup; --rehearse only tries, --sheet reads the keys off the recovery sheet, --here: an older copy that was put back by hand",
	  "Belum disebut apa yang dipulihkan", "What to restore is missing" },
	{ "recovery-sheet", "FILE.html|FILE.txt|-|--check", 1, true, command_sheet,
	  "menulis lembar pemulihan untuk dicetak; --check membandingkan yang diketik kembali",
	  "write the recovery sheet to print; --check compares what is typed back",
	  "Belum disebut ke mana lembar ditulis", "Where to write the sheet is missing" },
	{ "passphrase", "set | change [--sheet] | remove [--sheet]", 2, true, command_passphrase,
	  "menjaga kunci buku besar dengan frasa sandi yang ditanyakan di terminal; --sheet: lupa, kuncinya dari lembar pemulihan",
	  "guards the ledger's key with a passphrase that is asked for at the terminal; --sheet: forgotten, the key is typed off the recovery sheet",
	  "Belum disebut set, change atau remove", "It is missing: set, change or remove" },
	{ "console", "guide FILE.html|FILE.txt|- | certificate FILE.crt", 2, true, command_console,
	  "menulis panduan memasang sertifikat kantor di komputer lain untuk dicetak, atau sertifikat itu sendiri",
	  "writes the guide for installing the office's certificate on other computers, to print, or that certificate",
	  "Belum disebut guide atau certificate", "It is missing: guide or certificate" },
	{ "check-config", NULL, 0, true,  command_check,
	  "memeriksa konfigurasi dan menampilkan setiap pilihan yang berlaku, dan asalnya",
	  "check the configuration; print every option in force, and where it comes from",
	  NULL, NULL },
	{ "catalogue", "[check|print|diagram] FOLDER [THREAD]", 3, false, command_catalogue,
	  "memeriksa folder katalog, dan mencetaknya sebagai dokumen atau diagram (Mermaid)",
	  "check a catalogue folder, and print it as a document or a diagram (Mermaid)",
	  "Folder katalog belum disebut", "The catalogue's folder is missing" },
};
/* clang-format on */

static void print_help (FILE *out)
{
	fprintf (out, "jembatan-agent %s: program latar satu instansi / the daemon of one agency\n\n",
		 JEMBATAN_VERSION);
	fprintf (out, "Pemakaian / usage:\n"
		      "  jembatan-agent COMMAND [ARGUMENT] [--config FILE] [--request FILE]\n\n");
	for (size_t i = 0; i < COUNT_OF (commands); i++)
		fprintf (out, "  %s%s%s\n      %s\n      (%s)\n", commands[i].name,
			 commands[i].argument != NULL ? " " : "",
			 commands[i].argument != NULL ? commands[i].argument : "",
			 commands[i].about_id, commands[i].about_en);
	fputs ("\nPilihan / options\n"
	       "  --config FILE    konfigurasi / configuration; " AGENT_CONFIG_DEFAULT "\n"
	       "  --request FILE   tempat init menulis / where init writes; AGENCY.request\n"
	       "  --check-config   sama dengan perintah check-config / the same as that command\n"
	       "  --help, --version\n\n"
	       "Kode keluar: 0 berhasil, 64 perintah salah, 65 masukan salah, 66 tidak ditemukan,\n"
	       "69 tidak tersedia, 75 coba lagi, 77 tidak diizinkan, 78 konfigurasi atau buku besar\n"
	       "yang bertentangan dengan dirinya sendiri.\n"
	       "(Exit status: 0 done, 64 usage, 65 bad input, 66 not found, 69 unavailable,\n"
	       "75 try again, 77 not allowed, 78 configuration or a ledger that contradicts itself.)\n",
	       out);
}

static const struct command *find_command (const char *name)
{
	for (size_t i = 0; i < COUNT_OF (commands); i++)
		if (strcmp (commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

static int usage (const char *id, const char *en, const char *what)
{
	fprintf (stderr, "%s %s. / %s %s.\nLihat / see: jembatan-agent --help\n", id, quoted (what),
		 en, quoted (what));
	return err_exit (ERR_USAGE);
}

static int missing_argument (const struct command *command)
{
	fprintf (stderr, "%s. / %s.\nPemakaian / usage: jembatan-agent %s %s\n", command->missing_id,
		 command->missing_en, command->name, command->argument);
	return err_exit (ERR_USAGE);
}

static void report (const struct invocation *call, err_t err)
{
	if (problems_count (call->problems) == 0)
		fprintf (stderr, "%s. / %s.\n", err_text_id (err), err_text_en (err));
	for (size_t i = 0; i < problems_count (call->problems); i++) {
		const struct problem *problem = problems_at (call->problems, i);

		fprintf (stderr, "%s%s%s. / %s.\n", problem->field,
			 problem->field[0] != '\0' ? ": " : "", problem->text_id,
			 problem->text_en);
	}
}

static err_t run_command (const struct command *command, struct invocation *call)
{
	static char request_path[LIMIT_ID_TEXT + 16];
	err_t err = keys_start ();

	cores_forbid ();
	if (err == ERR_OK && command->needs_config) {
		err = config_load (call->config_path, agent_options, &call->config, call->problems);
		if (err == ERR_OK)
			err = agent_log_level (call->config, call->problems);
		if (err == ERR_OK && call->request_path == NULL) {
			snprintf (request_path, sizeof request_path, "%s.request",
				  config_text (call->config, "agency/id"));
			call->request_path = request_path;
		}
	}
	if (err == ERR_OK)
		err = command->run (call);
	if (err != ERR_OK)
		report (call, err);
	config_destroy (&call->config);
	return err;
}

int main (int argc, char **argv)
{
	struct invocation call = { .config_path = AGENT_CONFIG_DEFAULT };
	const struct command *command = NULL;
	err_t err;

	for (int i = 1; i < argc; i++) {
		if (strcmp (argv[i], "--help") == 0) {
			print_help (stdout);
			return 0;
		} else if (strcmp (argv[i], "--version") == 0) {
			puts ("jembatan-agent " JEMBATAN_VERSION);
			return 0;
		} else if (strcmp (argv[i], "--config") == 0 && i + 1 < argc) {
			call.config_path = argv[++i];
		} else if (strcmp (argv[i], "--request") == 0 && i + 1 < argc) {
			call.request_path = argv[++i];
		} else if (strcmp (argv[i], "--check-config") == 0) {
			command = find_command ("check-config");
		} else if (command == NULL) {
			command = find_command (argv[i]);
			if (command == NULL)
				return usage ("Tidak ada perintah", "There is no command", argv[i]);
		} else if (call.argument_count < command->most_arguments) {
			call.arguments[call.argument_count++] = argv[i];
		} else {
			return usage ("Tidak dimengerti:", "Not understood:", argv[i]);
		}
	}
	if (command == NULL) {
		print_help (stderr);
		return err_exit (ERR_USAGE);
	}
	if (command->argument != NULL && call.argument_count == 0)
		return missing_argument (command);
	/* Secrets are read from it: none may be left in its memory. */
	setvbuf (stdin, NULL, _IONBF, 0);
	call.problems = problems_new ();
	err = run_command (command, &call);
	problems_destroy (&call.problems);
	return err_exit (err);
}
