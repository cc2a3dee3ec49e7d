/*
 * jembatan-registrar, the offline tool of a network's registrar: a table of commands and a table of
 * options; see hub/registrar.h.
 */
#include "hub/registrar.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_BYTES (1024u * MIB)
#define DAYS_DEFAULT (DIRECTORY_EXPIRY_DEFAULT_MS / DAY_MS)

/* clang-format off */
static const struct command {
	const char *name, *words;          /* what follows it */
	size_t words_least, words_most;
	const char *options;               /* letters of the options table */
	command_t *run;
	bool makes_folder;                 /* the others find a draft there */
	const char *about_id, *about_en;
	const char *help_id, *help_en;
} commands[] = {
	{ "init", "--network NAME [--holder NAME]", 0, 0, "nh", command_init, true,
	  "memulai jaringan: membuat root.key dan draf direktori",
	  "begin a network: makes root.key and a draft directory",
	  "root.key menandatangani direktori. Siapa pun yang memegangnya menentukan anggota jaringan:\n"
	  "simpan di mesin tanpa jaringan, dengan salinan di tempat terkunci.",
	  "root.key signs the directory. Whoever holds it decides who is a member: keep it on a machine\n"
	  "without network, with a copy in a locked place." },
	{ "enrol", "REQUEST [--fingerprint \"WORDS\" | --yes]", 1, 1, "fy", command_enrol, false,
	  "mendaftarkan instansi atau hub dari berkas permohonan",
	  "enrol an agency or a hub from its request file",
	  "Menampilkan isi permohonan dan sepuluh kata sidik, lalu bertanya. Telepon instansi pada nomor\n"
	  "yang Anda kenal dan minta ia membacakan kata-katanya. Kunci baru dari anggota lama mengakhiri\n"
	  "kunci sebelumnya, yang tetap tercatat.",
	  "Shows the request and ten fingerprint words, then asks. Call the agency at a number that you\n"
	  "know and let it read the words to you. New keys of an existing member end the earlier ones,\n"
	  "which stay on record." },
	{ "suspend", "AGENCY", 1, 1, "", command_suspend, false,
	  "membekukan keanggotaan", "suspend a membership",
	  "Setelah direktori baru sampai di hub, sesi instansi itu diputus dan suratnya ditolak.",
	  "Once the hub has the new directory, the agency's session ends and its letters are refused." },
	{ "reinstate", "AGENCY", 1, 1, "", command_reinstate, false,
	  "memulihkan keanggotaan", "reinstate a membership",
	  "Kebalikan dari suspend.", "The reverse of suspend." },
	{ "retire-key", "AGENCY KEYID [--compromised] [--since DATE]", 2, 2, "cs", command_retire_key,
	  false, "mengakhiri sebuah kunci", "end a key",
	  "KEYID: enam angka pertama atau lebih, lihat show. Kunci yang pensiun tidak menandatangani lagi;\n"
	  "tanda tangannya yang lama tetap sah. Dengan --compromised, semua yang tiba sejak DATE ditahan,\n"
	  "bertanggal berapa pun. Tanpa --since: sekarang.",
	  "KEYID: its first six digits or more, see show. A retired key signs no more; what it signed\n"
	  "before stands. With --compromised, whatever arrives since DATE is held, whatever its date.\n"
	  "Without --since: now." },
	{ "oversee", "COORDINATOR [AGENCY...]", 1, LIMIT_MEMBERS, "", command_oversee, false,
	  "menetapkan instansi yang diawasi koordinator", "set whom a coordinator oversees",
	  "Daftar ini menggantikan yang lama; tanpa AGENCY, koordinator tidak mengawasi siapa pun.",
	  "The list replaces the earlier one; without AGENCY the coordinator oversees nobody." },
	{ "catalogue", "THREAD VERSION", 2, 2, "", command_catalogue, false,
	  "menyebut versi katalog yang dipakai jaringan", "name a catalogue version of the network",
	  "Contoh: catalogue referral 1", "For example: catalogue referral 1" },
	{ "add-root", "FOLDER [--holder NAME]", 1, 1, "h", command_add_root, false,
	  "menambah pemegang kunci pendaftar", "add a holder of a registrar key",
	  "FOLDER milik pemegang itu, misalnya pada media USB; root.key dibuat bila belum ada.",
	  "FOLDER is that holder's, on a USB stick for example; root.key is made when there is none." },
	{ "remove-root", "KEYID", 1, 1, "", command_remove_root, false,
	  "mengeluarkan kunci pendaftar", "take off a registrar key",
	  "KEYID lengkap seperti pada show. Ambang harus tetap terpenuhi.",
	  "The whole KEYID as in show. The threshold must still be met." },
	{ "threshold", "N", 1, 1, "", command_threshold, false,
	  "menetapkan berapa kunci yang harus menandatangani", "set how many keys must sign",
	  "Berlaku bagi versi sesudah versi berikutnya: versi berikutnya masih dinilai dengan ambang lama\n"
	  "oleh anggota lama, dan dengan ambang baru oleh anggota baru.",
	  "Present members judge the next version by the old threshold, new ones by the new." },
	{ "sign", "[--days N] [--also FOLDER]...", 0, 0, "da", command_sign, false,
	  "menandatangani dan menerbitkan versi berikutnya", "sign and publish the next version",
	  "Menulis directory.bin, yang diserahkan kepada operator hub. Berlaku 120 hari, atau --days.\n"
	  "--also menambah tanda tangan root.key dari folder pemegang lain.",
	  "Writes directory.bin, which goes to the hub's operator. Valid for 120 days, or --days.\n"
	  "--also adds the signature of root.key in another holder's folder." },
	{ "welcome", "AGENCY [--out FILE]", 1, 1, "o", command_welcome, false,
	  "membuat berkas sambutan untuk anggota atau hub", "make the welcome file of a member or hub",
	  "Berisi direktori yang terakhir ditandatangani. Serahkan langsung kepada orangnya: instansi itu\n"
	  "mempercayai jaringan karena berkas ini.",
	  "It holds the directory signed last. Hand it over in person: the agency trusts the network\n"
	  "because of this file." },
	{ "show", "", 0, 0, "", command_show, false,
	  "menampilkan jaringan, anggota dan kunci", "show the network, members and keys",
	  "Menampilkan draf, yaitu isi versi berikutnya, dan masa berlaku versi terakhir.",
	  "Shows the draft, which is the next version, and the validity of the last one." },
};

static const struct option options[] = {
	{ "folder",      required_argument, NULL, 'F' },
	{ "help",        no_argument,       NULL, 'H' },
	{ "version",     no_argument,       NULL, 'V' },
	{ "network",     required_argument, NULL, 'n' },
	{ "holder",      required_argument, NULL, 'h' },
	{ "fingerprint", required_argument, NULL, 'f' },
	{ "yes",         no_argument,       NULL, 'y' },
	{ "compromised", no_argument,       NULL, 'c' },
	{ "since",       required_argument, NULL, 's' },
	{ "days",        required_argument, NULL, 'd' },
	{ "also",        required_argument, NULL, 'a' },
	{ "out",         required_argument, NULL, 'o' },
	{ NULL, 0, NULL, 0 },
};
/* clang-format on */

/* ---- help ------------------------------------------------------------------------------------- */

static void print_usage (FILE *out)
{
	fputs ("Pemakaian / usage: jembatan-registrar [--folder FOLDER] COMMAND ...\n\n"
	       "Menentukan siapa anggota jaringan, dengan kunci yang mana, tanpa sambungan jaringan.\n"
	       "Says who is a member of the network and with which keys; works offline.\n\n",
	       out);
	for (size_t i = 0; i < COUNT_OF (commands); i++)
		fprintf (out, "  %-12s %s / %s\n", commands[i].name, commands[i].about_id,
			 commands[i].about_en);
	fputs ("\nFOLDER menyimpan kunci dan draf; bila tidak disebut: folder sekarang.\n"
	       "FOLDER keeps the key and the draft; the present folder if not given.\n"
	       "Tidak ada yang berlaku sebelum sign. / Nothing counts before sign.\n"
	       "Rincian / details: jembatan-registrar COMMAND --help\n",
	       out);
}

static void print_help (const struct command *command)
{
	printf ("Pemakaian / usage: jembatan-registrar [--folder FOLDER] %s %s\n\n", command->name,
		command->words);
	printf ("%s.\n%s\n\n%s.\n%s\n", command->about_id, command->help_id, command->about_en,
		command->help_en);
}

/* ---- the command line ------------------------------------------------------------------------- */

struct line {
	struct arguments arguments;
	char used[64];                   /* letters of the options given */
	size_t used_count;
	bool help, version;
};

static err_t take_also (struct arguments *to, const char *folder)
{
	if (to->also_count == COUNT_OF (to->also))
		return ERR_TOO_LARGE;
	to->also[to->also_count++] = folder;
	return ERR_OK;
}

static err_t take_days (struct arguments *to, const char *text)
{
	char *end;

	to->days = strtoll (text, &end, 10);
	return *text != '\0' && *end == '\0' ? ERR_OK : ERR_INVALID;
}

static err_t take_option (struct line *line, int letter, const char *value)
{
	struct arguments *to = &line->arguments;

	switch (letter) {
	case 'F': to->folder = value; return ERR_OK;
	case 'H': line->help = true; return ERR_OK;
	case 'V': line->version = true; return ERR_OK;
	case 'n': to->network = value; return ERR_OK;
	case 'h': to->holder = value; return ERR_OK;
	case 'f': to->fingerprint = value; return ERR_OK;
	case 'y': to->yes = true; return ERR_OK;
	case 'c': to->compromised = true; return ERR_OK;
	case 's': to->since = value; return ERR_OK;
	case 'd': return take_days (to, value);
	case 'a': return take_also (to, value);
	case 'o': to->out = value; return ERR_OK;
	}
	return ERR_USAGE;
}

static err_t option_problem (problems_t *problems, const char *given)
{
	return problems_add (problems, ERR_USAGE, "",
			     "pilihan %s tidak dimengerti; lihat: jembatan-registrar --help",
			     "the option %s is not understood; see: jembatan-registrar --help",
			     quoted (given));
}

static const char *option_name (char letter)
{
	size_t i = 0;

	while (options[i].val != letter)
		i++;
	return options[i].name;
}

/* ERR_INVALID: the value says nothing; ERR_TOO_LARGE: the option came too often. */
static err_t value_problem (problems_t *problems, int letter, const char *value, err_t err)
{
	if (err == ERR_TOO_LARGE)
		return problems_add (problems, ERR_USAGE, "",
				     "pilihan --%s %s terlalu banyak", "the option --%s %s is one too many",
				     option_name ((char)letter), quoted (value));
	return problems_add (problems, ERR_USAGE, "",
			     "nilai %s untuk --%s bukan bilangan", "the value %s of --%s is no number",
			     quoted (value), option_name ((char)letter));
}

static err_t read_line (int argc, char **argv, struct line *line, problems_t *problems)
{
	int letter;

	opterr = 0;
	while ((letter = getopt_long (argc, argv, "", options, NULL)) != -1) {
		err_t err = take_option (line, letter, optarg);

		if (err == ERR_USAGE)
			return option_problem (problems, argv[optind - 1]);
		if (err != ERR_OK)
			return value_problem (problems, letter, optarg, err);
		if (line->used_count < sizeof line->used - 1)
			line->used[line->used_count++] = (char)letter;
	}
	line->arguments.word = argv + optind;
	line->arguments.word_count = (size_t)(argc - optind);
	return ERR_OK;
}

static const struct command *find_command (const char *name)
{
	for (size_t i = 0; i < COUNT_OF (commands); i++)
		if (strcmp (commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

/* Every option given must mean something to the command. */
static err_t options_fit (const struct command *command, const struct line *line,
			  problems_t *problems)
{
	for (size_t i = 0; i < line->used_count; i++)
		if (line->used[i] != 'F' && strchr (command->options, line->used[i]) == NULL)
			return problems_add (problems, ERR_USAGE, "",
					     "pilihan --%s tidak berlaku untuk %s; lihat: jembatan-registrar "
					     "%s --help",
					     "the option --%s is not one of %s; see: "
					     "jembatan-registrar %s --help",
					     option_name (line->used[i]), command->name,
					     command->name);
	return ERR_OK;
}

static err_t words_fit (const struct command *command, const struct arguments *arguments,
			problems_t *problems)
{
	if (arguments->word_count >= command->words_least
	    && arguments->word_count <= command->words_most)
		return ERR_OK;
	return problems_add (problems, ERR_USAGE, "",
			     "pemakaian: jembatan-registrar %s %s",
			     "usage: jembatan-registrar %s %s", command->name, command->words);
}

/* ---- running ---------------------------------------------------------------------------------- */

static err_t run_in_folder (const struct command *command, const struct arguments *arguments,
			    problems_t *problems)
{
	OWNED (arena) arena = arena_new (ARENA_BYTES);
	struct registrar registrar = {
		.folder = arguments->folder,
		.lock = -1,
		.arena = arena,
		.problems = problems,
	};
	err_t err = keys_start ();

	if (err == ERR_OK && !command->makes_folder)
		err = folder_open (&registrar);
	if (err == ERR_OK && !command->makes_folder)
		err = draft_load (&registrar);
	if (err == ERR_OK)
		err = command->run (&registrar, arguments);
	folder_close (&registrar);
	return err;
}

static err_t run_command (const struct command *command, struct line *line, problems_t *problems)
{
	err_t err;

	if (line->help) {
		print_help (command);
		return ERR_OK;
	}
	err = options_fit (command, line, problems);
	if (err == ERR_OK)
		err = words_fit (command, &line->arguments, problems);
	return err == ERR_OK ? run_in_folder (command, &line->arguments, problems) : err;
}

static err_t run_line (struct line *line, problems_t *problems)
{
	const struct command *command;

	if (line->version) {
		puts ("jembatan-registrar " JEMBATAN_VERSION);
		return ERR_OK;
	}
	if (line->arguments.word_count == 0) {
		print_usage (line->help ? stdout : stderr);
		return line->help ? ERR_OK : ERR_USAGE;
	}
	command = find_command (line->arguments.word[0]);
	if (command == NULL)
		return problems_add (problems, ERR_USAGE, "",
				     "perintah %s tidak dikenal; lihat: jembatan-registrar --help",
				     "the command %s is unknown; see: jembatan-registrar --help",
				     quoted (line->arguments.word[0]));
	line->arguments.word++;
	line->arguments.word_count--;
	return run_command (command, line, problems);
}

static void complain (err_t err, const problems_t *problems)
{
	for (size_t i = 0; i < problems_count (problems); i++)
		fprintf (stderr, "jembatan-registrar: %s / %s\n", problems_at (problems, i)->text_id,
			 problems_at (problems, i)->text_en);
	if (err != ERR_OK && problems_count (problems) == 0 && err != ERR_USAGE)
		fprintf (stderr, "jembatan-registrar: %s / %s\n", err_text_id (err),
			 err_text_en (err));
}

int main (int argc, char **argv)
{
	OWNED (problems) problems = problems_new ();
	struct line line = { .arguments = { .folder = ".", .days = DAYS_DEFAULT } };
	err_t err = read_line (argc, argv, &line, problems);

	if (err == ERR_OK)
		err = run_line (&line, problems);
	complain (err, problems);
	return err_exit (err);
}
