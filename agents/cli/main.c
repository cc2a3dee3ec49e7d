/*
 * jembatan: a caseworker's and an operator's command line.  A command is a row of the
 * table; those that write a letter name only its kind, and everything else about it is
 * the catalogue's.
 */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "agents/cli/catalogue.h"
#include "agents/cli/form.h"
#include "jembatan/base.h"

#define WORK "Klien dan rujukan / Clients and referrals"
#define STEPS "Langkah rujukan / Steps of a referral"
#define VIEWS "Melihat / Looking"
#define SYSTEM "Sistem / System"
#define ENVELOPE "--urgency --basis --rule --article --rule-version --as-of --form"

#define OPENING "--person --to --about " ENVELOPE

/* clang-format off */
const struct command commands[] = {
	{ "intake", "", run_intake, NULL, WORK,
	  "mencatat klien baru", "takes in a new client", "--form",
	  "jembatan intake --name \"Budi\" --birth-date 1999-04-12 --sex male --entry self" },
	{ "people", "[show] WORDS", run_people, NULL, WORK,
	  "mencari klien; show membuka berkasnya", "finds clients; show opens the record", "",
	  "jembatan people show K-2026-0003" },
	{ "consent", "give|show|withdraw", run_consent, NULL, WORK,
	  "memberi, melihat, menarik persetujuan", "gives, shows, withdraws consent",
	  "--person --to --to-kind --region --purpose --labels --until --clause --all --said --form",
	  "jembatan consent give --person K-2026-0003 --to klinik-melati --purpose treatment --labels health" },
	{ "refer", "", run_refer, NULL, WORK,
	  "mengirim rujukan baru", "sends a new referral",
	  "--person --to --service --replaces " ENVELOPE,
	  "jembatan refer --person K-2026-0003 --to klinik-melati --service medical --reason \"...\" --urgency urgent" },
	{ "order", "", run_refer, "lab.order", WORK,
	  "meminta pemeriksaan urine", "orders a urine panel", OPENING,
	  "jembatan order --person K-2026-0003 --to klinik-melati --occasion baseline --panel 65750-2" },
	{ "assess", "", run_refer, "assessment.request", WORK,
	  "meminta asesmen", "asks for an assessment", OPENING,
	  "jembatan assess --person K-2026-0003 --to bnnk-bengkulu" },
	{ "invite", "", run_refer, "conference.invite", WORK,
	  "mengundang ke pembahasan kasus", "invites to a case conference", OPENING,
	  "jembatan invite --person K-2026-0003 --to klinik-melati" },
	{ "plan", "", run_refer, "plan.publish", WORK,
	  "mengirim rencana intervensi", "publishes an intervention plan", OPENING,
	  "jembatan plan --person K-2026-0003 --to klinik-melati" },
	{ "enrol", "", run_refer, "training.enrol", WORK,
	  "mendaftarkan peserta pelatihan", "enrols somebody in a training", OPENING,
	  "jembatan enrol --person K-2026-0003 --to blk-bengkulu" },
	{ "release", "", run_refer, "prison.release.notice", WORK,
	  "memberitahukan rencana bebas", "gives notice of a release", OPENING,
	  "jembatan release --person K-2026-0003 --to ipwl-pesona" },
	{ "visit", "", run_refer, "homevisit.request", WORK,
	  "meminta kunjungan rumah", "asks for a home visit", OPENING,
	  "jembatan visit --person K-2026-0003 --to nearest" },
	{ "prepare", "", run_refer, "community.prep", WORK,
	  "meminta penyiapan masyarakat", "asks for community preparation", OPENING,
	  "jembatan prepare --to nearest" },
	{ "aftercare", "", run_refer, "aftercare.schedule", WORK,
	  "menjadwalkan bina lanjut", "schedules aftercare", OPENING,
	  "jembatan aftercare --person K-2026-0003 --to bnnk-bengkulu" },
	{ "alert", "", run_refer, "risk.alert", WORK,
	  "mengirim tanda bahaya", "sends a risk alert", OPENING " --ladder",
	  "jembatan alert --person K-2026-0003 --to rs-jiwa" },
	{ "transfer", "", run_refer, "transfer.request", WORK,
	  "mengalihkan kasus", "hands a case over", OPENING,
	  "jembatan transfer --person K-2026-0003 --to ipwl-lain" },
	{ "terminate", "", run_refer, "termination.sheet", WORK,
	  "mengirim lembar terminasi", "sends a termination sheet", OPENING,
	  "jembatan terminate --person K-2026-0003 --to klinik-melati" },
	{ "open", "KIND", run_open, NULL, WORK,
	  "membuka surat-menyurat jenis apa pun", "opens a thread of any type",
	  OPENING " --service --replaces --ladder",
	  "jembatan open capacity.query --to klinik-melati" },
	{ "send", "KIND R-NUMBER", run_send, NULL, WORK,
	  "menulis surat jenis apa pun", "writes a letter of any kind", "--to --service " ENVELOPE,
	  "jembatan send service.report R-2026-0007 --text \"...\"" },
	{ "print", "R-NUMBER", run_print, NULL, WORK,
	  "mencetak surat bagi mitra yang belum terhubung",
	  "prints the letter to a partner that is not connected", "--html",
	  "jembatan print R-2026-0007 --html rujukan.html" },
	{ "answer", "R-NUMBER|CODE [KIND]", run_answer, NULL, WORK,
	  "mencatat jawaban lewat telepon, WhatsApp, atau surat",
	  "writes down an answer by phone, WhatsApp or paper", "--via --said-by --said-at --urgency --form",
	  "jembatan answer 7KQ4-M2XA reject --via phone --said-by \"Bidan Ani\" --reason no-capacity" },
	{ "move", "R-NUMBER", run_move, NULL, WORK,
	  "memindahkan rujukan ke jaringan setelah mitra terhubung",
	  "moves a referral to the network once its partner is connected", "",
	  "jembatan move R-2026-0007" },
	{ "recall", "R-NUMBER", run_recall, NULL, WORK,
	  "menarik kembali surat yang belum sampai", "takes back a letter that was not delivered yet",
	  "--letter --yes", "jembatan recall R-2026-0007" },
	{ "attachment", "save|wait|show NUMBER", run_attachment, NULL, WORK,
	  "menyimpan lampiran, atau melihat sampai di mana", "saves an attachment, or shows how far it is",
	  "--as", "jembatan attachment save 12 --as hasil-lab.pdf" },
	{ "contacts", "[add|show|enrolled] @ID", run_contacts, NULL, WORK,
	  "buku alamat mitra yang belum terhubung", "address book of partners that are not connected",
	  "--name --kind --region --contact-person --phone --whatsapp --address --hours --services --note --form",
	  "jembatan contacts add @puskesmas-ratu --name \"Puskesmas Ratu\" --kind clinic --region 17.71 --phone 0736123456" },

	{ "accept", "R-NUMBER", run_kind, "referral.accept", STEPS,
	  "menerima dengan janji temu", "accepts with an appointment", ENVELOPE,
	  "jembatan accept R-2026-0007 --at \"2026-11-25 10:00\" --place \"Poli 2\"" },
	{ "reject", "R-NUMBER", run_kind, "referral.reject", STEPS,
	  "menolak dengan alasan", "rejects with a reason", ENVELOPE,
	  "jembatan reject R-2026-0007 --reason no-capacity" },
	{ "waitlist", "R-NUMBER", run_kind, "waitlist.update", STEPS,
	  "memasukkan ke daftar tunggu", "puts on the waiting list", ENVELOPE,
	  "jembatan waitlist R-2026-0007 --position 3 --estimate 2026-12-10" },
	{ "onward", "R-NUMBER", run_kind, "referral.onward", STEPS,
	  "merujuk lanjut ke instansi lain", "refers onward to another agency", ENVELOPE,
	  "jembatan onward R-2026-0007 --to rs-jiwa --reason needs-higher-care" },
	{ "ask", "R-NUMBER", run_kind, "referral.info.request", STEPS,
	  "meminta keterangan", "asks for information", ENVELOPE,
	  "jembatan ask R-2026-0007 --missing \"hasil tes urine\"" },
	{ "reply", "R-NUMBER", run_kind, "referral.info.reply", STEPS,
	  "menjawab permintaan keterangan", "answers a request for information", ENVELOPE,
	  "jembatan reply R-2026-0007 --text \"...\"" },
	{ "arrived", "R-NUMBER", run_kind, "arrival.confirm", STEPS,
	  "mencatat kehadiran klien", "records that the client came", ENVELOPE,
	  "jembatan arrived R-2026-0007 --at \"2026-11-25 10:05\"" },
	{ "no-show", "R-NUMBER", run_kind, "noshow.report", STEPS,
	  "mencatat klien tidak hadir", "records that the client did not come", ENVELOPE,
	  "jembatan no-show R-2026-0007 --slot \"2026-11-25 10:00\" --attempts 2" },
	{ "start", "R-NUMBER", run_kind, "service.start", STEPS,
	  "memulai layanan", "starts the service", ENVELOPE,
	  "jembatan start R-2026-0007 --at \"2026-11-25 11:00\" --class AMB" },
	{ "hold", "R-NUMBER", run_kind, "service.hold", STEPS,
	  "menunda layanan", "puts the service on hold", ENVELOPE,
	  "jembatan hold R-2026-0007 --reason unreachable" },
	{ "resume", "R-NUMBER", run_kind, "service.resume", STEPS,
	  "melanjutkan layanan", "resumes the service", ENVELOPE,
	  "jembatan resume R-2026-0007" },
	{ "report", "R-NUMBER", run_kind, "service.report", STEPS,
	  "melaporkan perkembangan", "reports on progress", ENVELOPE,
	  "jembatan report R-2026-0007 --text \"...\"" },
	{ "complete", "R-NUMBER", run_kind, "service.complete", STEPS,
	  "menyelesaikan dengan hasil", "completes with an outcome", ENVELOPE,
	  "jembatan complete R-2026-0007 --outcome fit-with-treatment --end 2026-12-20" },
	{ "fail", "R-NUMBER", run_kind, "service.fail", STEPS,
	  "menutup tanpa hasil, dengan alasan", "ends without success, with a reason", ENVELOPE,
	  "jembatan fail R-2026-0007 --reason absconded" },
	{ "cancel", "R-NUMBER", run_kind, "referral.cancel", STEPS,
	  "membatalkan rujukan", "cancels the referral", ENVELOPE,
	  "jembatan cancel R-2026-0007 --reason client-declined" },
	{ "confirm-cancel", "R-NUMBER", run_kind, "referral.cancelled", STEPS,
	  "menyetujui pembatalan", "agrees to the cancellation", ENVELOPE,
	  "jembatan confirm-cancel R-2026-0007" },
	{ "continue", "R-NUMBER", run_kind, "service.continue", STEPS,
	  "melanjutkan meskipun dibatalkan", "goes on in spite of a cancellation", ENVELOPE,
	  "jembatan continue R-2026-0007 --reason safety" },

	{ "inbox", "", run_inbox, NULL, VIEWS,
	  "rujukan yang masuk", "referrals that came in", "--box --all", "jembatan inbox --box needs-answer" },
	{ "outbox", "", run_outbox, NULL, VIEWS,
	  "rujukan yang dikirim", "referrals that went out", "--box --all", "jembatan outbox" },
	{ "show", "R-NUMBER", run_show, NULL, VIEWS,
	  "satu rujukan dan langkah berikutnya", "one referral and what can come next", "",
	  "jembatan show R-2026-0007" },
	{ "timeline", "R-NUMBER", run_timeline, NULL, VIEWS,
	  "riwayat rujukan atau klien", "the history of a referral or a client", "--person",
	  "jembatan timeline --person K-2026-0003" },
	{ "today", "", run_today, NULL, VIEWS,
	  "yang menunggu pagi ini", "what waits this morning", "", "jembatan today" },
	{ "due", "", run_due, NULL, VIEWS,
	  "batas waktu yang berjalan", "running deadlines", "--late --mine --all",
	  "jembatan due --late" },
	{ "reminders", "[done N]", run_reminders, NULL, VIEWS,
	  "surat yang perlu ditulis", "letters to write", "--reason --all",
	  "jembatan reminders done 3 --reason \"klien pindah\"" },
	{ "partners", "", run_partners, NULL, VIEWS,
	  "instansi dalam jaringan dan buku alamat", "agencies of the network and the address book", "--near --all",
	  "jembatan partners --near 17.71" },
	{ "capacity", "[publish]", run_capacity, NULL, VIEWS,
	  "tempat yang tersedia di mitra", "places that partners have",
	  "--service --near --total --free --waiting --to --region --all",
	  "jembatan capacity publish --service medical --total 12 --free 3 --region 17" },
	{ "alarms", "[close N]", run_alarms, NULL, VIEWS,
	  "hal yang harus segera diketahui", "what must be known now", "--all", "jembatan alarms close 3" },
	{ "chain", "list|show|late|disagree|summary|export [CHAIN]", run_chain, NULL, VIEWS,
	  "rangkaian rujukan, bagi koordinator", "chains of referrals, for coordinators",
	  "--all --format --output", "jembatan chain show 3f2a91bc" },
	{ "staff", "", run_staff, NULL, VIEWS,
	  "petugas dan sertifikatnya", "staff and their certificates", "", "jembatan staff" },

	{ "account", "[list|add|change|dismiss|reset|unlock|end-sessions|keys|key-add|key-end] NAME",
	  run_account, NULL, SYSTEM,
	  "akun petugas untuk konsol, dan kunci perangkat lunak",
	  "accounts of workers for the console, and keys of software",
	  "--name --role --from --until --reopen --second-factor --scopes --kinds",
	  "jembatan account add siti.r --name \"Siti Rahmawati\" --role caseworker" },
	{ "import", "LIST FILE", run_import, NULL, SYSTEM,
	  "memeriksa dan mencatat daftar: releases, staff, holidays, contacts",
	  "checks and records a list: releases, staff, holidays, contacts", "--yes --skip-bad --format",
	  "jembatan import releases daftar-bebas.csv --yes" },
	{ "status", "", run_status, NULL, SYSTEM,
	  "keadaan agen dan hub", "how agent and hub stand", "", "jembatan status" },
	{ "ready", "", run_ready, NULL, SYSTEM,
	  "siap bekerja? status keluar 0 ya, 75 tidak", "ready for work? exit status 0 yes, 75 no", "",
	  "jembatan ready" },
	{ "unlock", "", run_unlock, NULL, SYSTEM,
	  "membuka buku besar dengan frasa sandinya", "opens the ledger with its passphrase", "",
	  "jembatan unlock" },
	{ "kinds", "[KIND]", run_kinds, NULL, SYSTEM,
	  "jenis surat dan formulirnya", "kinds of letters and their forms", "",
	  "jembatan kinds referral.accept" },
	{ "catalogue", "[check | print | diagram [THREAD]]", run_catalogue, NULL, SYSTEM,
	  "memeriksa, mencetak, atau menggambar katalog; tanpa kata sama dengan kinds",
	  "checks, prints or draws the catalogue; without a word the same as kinds", "",
	  "jembatan catalogue diagram referral" },
	{ "backup", "[FOLDER]", run_backup, NULL, SYSTEM,
	  "mencadangkan buku besar, tersandi, sambil agen berjalan",
	  "backs the ledger up, encrypted, while the agent runs", "",
	  "jembatan backup /media/cadangan" },
	{ "verify", "[FILE]", run_verify, NULL, SYSTEM,
	  "memeriksa keutuhan buku besar; dengan FILE: sebuah berkas bukti, tanpa agen",
	  "checks that the ledger is whole; with FILE: an evidence pack, without an agent",
	  "--quick --directory", "jembatan verify bukti-R-2026-0007.jbe --directory directory.bin" },
	{ "evidence", "R-NUMBER", run_evidence, NULL, SYSTEM,
	  "berkas bukti satu rujukan untuk pengadilan atau auditor; dicatat",
	  "the evidence of one referral for a court or an auditor; it is recorded",
	  "--reason --out", "jembatan evidence R-2026-0007 --reason \"permintaan pengadilan\"" },
	{ "help", "[COMMAND]", run_help, NULL, SYSTEM,
	  "bantuan", "help", "", "jembatan help accept" },
	{ "version", "", run_version, NULL, SYSTEM,
	  "versi program", "the program's version", "", "jembatan version" },
	{ NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL },
};
/* clang-format on */

const struct command *command_find (const char *name)
{
	for (const struct command *command = commands; command->name != NULL; command++)
		if (strcmp (command->name, name) == 0)
			return command;
	return NULL;
}

const struct command *command_of_kind (const char *kind)
{
	for (const struct command *command = commands; command->name != NULL; command++)
		if (command->kind != NULL && strcmp (command->kind, kind) == 0)
			return command;
	return NULL;
}

/* ---- help
 * -------------------------------------------------------------------------------------
 */

static const char general[] =
	"\nOpsi bersama / Common options\n"
	"  --json           cetak JSON dari api / print the api's JSON\n"
	"  --lang LANG      id, en, both; atau/or JEMBATAN_LANG\n"
	"  --socket PATH    soket agen / the agent's socket; atau/or JEMBATAN_SOCKET\n"
	"  --form FILE      isi formulir dari berkas JSON / fill the form from a JSON "
	"file; - = stdin\n"
	"  --help           bantuan perintah / help on a command\n"
	"\nFormulir / Forms\n"
	"  Isian ditulis sebagai opsi; di terminal, isian wajib yang belum ada akan "
	"ditanyakan.\n"
	"  Fields are options; at a terminal, required ones that are missing are asked.\n"
	"  @declined, @not-asked: klien tidak mau menjawab, tidak ditanyakan / declined, "
	"not asked\n"
	"\nStatus keluar / Exit status\n"
	"  0  berhasil / done                    65 isian salah / bad input\n"
	"  64 salah pakai / usage                66 tidak ditemukan / not found\n"
	"  69 agen tidak berjalan / unavailable  75 coba lagi nanti / try again later\n"
	"  77 tidak berwenang / not allowed      78 konfigurasi / configuration\n";

static void print_commands (const struct cli *cli)
{
	const char *group = "";

	puts ("jembatan: rujukan antarinstansi / referrals between agencies");
	for (const struct command *command = commands; command->name != NULL; command++) {
		char text[OUT_TEXT];

		if (strcmp (group, command->group) != 0)
			printf ("\n%s\n", command->group);
		group = command->group;
		printf ("  %-16s %s\n", command->name,
			out_words (cli, command->id, command->en, text));
	}
	fputs (general, stdout);
}

/* The form's own flags, when the agent is there to tell them. */
static void print_form (struct cli *cli, const struct command *command)
{
	json_t *catalogue;
	const json_t *fields, *kind = NULL;

	if (client_try (cli, "/v1/catalogue", &catalogue) != ERR_OK) {
		out_complain (
			cli,
			"(agen tidak berjalan: isian formulir tidak dapat ditampilkan)",
			"(the agent is not running: the form's fields can't be shown)");
		return;
	}
	fields = json_object_get (json_object_get (catalogue, "forms"), command->name);
	if (strcmp (command->name, "refer") == 0)
		kind = catalogue_kind_of (catalogue,
					  catalogue_opening (catalogue, "referral"));
	if (command->kind != NULL)
		kind = catalogue_kind_of (catalogue, command->kind);
	if (kind != NULL)
		fields = json_object_get (kind, "fields");
	if (fields != NULL) {
		out_heading (cli, "Isian (* wajib)", "Fields (* required)");
		form_describe (cli, fields, json_object_get (kind, "groups"));
	}
	json_decref (catalogue);
}

/* clang-format off */
static const struct { const char *flag, *id, *en; } flags[] = {
	{ "--person",       "klien: nomor, NIK atau nama", "client: number, NIK or name" },
	{ "--to",           "kode instansi penerima; lihat jembatan partners",
			    "recipient agency's id; see jembatan partners" },
	{ "--service",      "layanan yang diminta, menurut katalog", "service asked for, from the catalogue" },
	{ "--replaces",     "rujukan yang digantikan (nomor)", "referral that this one replaces (number)" },
	{ "--about",        "surat-menyurat yang menjadi sebabnya (nomor)", "thread that gave rise to it (number)" },
	{ "--ladder",       "instansi berikutnya bila tidak ada jawaban, dipisah spasi",
			    "agencies to ask next when nobody answers, with blanks" },
	{ "--urgency",      "routine, urgent, asap atau stat", "routine, urgent, asap or stat" },
	{ "--basis",        "dasar pemrosesan; biasanya consent", "legal basis; usually consent" },
	{ "--rule",         "peraturan yang mendasari, bila bukan persetujuan",
			    "rule it rests on, when that is not consent" },
	{ "--article",      "pasal peraturan itu", "article of that rule" },
	{ "--rule-version", "versi peraturan itu", "version of that rule" },
	{ "--as-of",        "tanggal peraturan itu dibaca", "date as of which the rule was read" },
	{ "--form",         "isi dari berkas JSON; - = stdin", "fill in from a JSON file; - = stdin" },
	{ "--to-kind",      "jenis instansi penerima", "kind of the recipient agencies" },
	{ "--region",       "kode wilayah Kemendagri", "Kemendagri region code" },
	{ "--purpose",      "tujuan, menurut katalog", "purpose, from the catalogue" },
	{ "--labels",       "jenis data, dipisah koma", "labels of the data, with commas" },
	{ "--until",        "tanggal akhir persetujuan", "date on which the consent ends" },
	{ "--clause",       "nomor satu klausul", "id of one clause" },
	{ "--all",          "semuanya", "all of them" },
	{ "--said",         "kapan klien mengatakannya", "when the client said so" },
	{ "--yes",          "lakukan tanpa bertanya; pada import: catat, bukan hanya memeriksa",
			    "do it without asking; of an import: record it, not only check it" },
	{ "--letter",       "surat ini, bukan yang terbaru", "this letter, not the newest" },
	{ "--skip-bad",     "catat baris yang benar walaupun ada yang salah",
			    "record the good lines although there are bad ones" },
	{ "--format",       "bentuk berkas: csv atau json, pada ekspor juga text",
			    "form of the file: csv or json, of an export also text" },
	{ "--output",       "berkas tujuan ekspor", "file to export to" },
	{ "--near",         "kode wilayah: yang terdekat lebih dahulu", "a region's code: the nearest first" },
	{ "--html",         "tulis HTML ke berkas atau folder ini; tanpanya teks biasa",
			    "write HTML to this file or folder; plain text without it" },
	{ "--via",          "phone, whatsapp, paper, visit; own = dikerjakan sendiri",
			    "phone, whatsapp, paper, visit; own = done by ourselves" },
	{ "--said-by",      "siapa yang menjawab", "who said it" },
	{ "--said-at",      "kapan dijawab", "when it was said" },
	{ "--name",         "nama mitra", "the partner's name" },
	{ "--kind",         "jenis instansi, menurut katalog", "kind of agency, from the catalogue" },
	{ "--contact-person", "nama orang yang dihubungi", "whom to ask for" },
	{ "--phone",        "nomor telepon", "phone number" },
	{ "--whatsapp",     "nomor WhatsApp", "WhatsApp number" },
	{ "--address",      "alamat", "address" },
	{ "--hours",        "jam kerja", "office hours" },
	{ "--services",     "layanan menurut katalog, dipisah spasi", "services from the catalogue, with blanks" },
	{ "--note",         "catatan", "note" },
	{ "--total",        "semua tempat", "all places" },
	{ "--free",         "tempat yang tersedia", "free places" },
	{ "--waiting",      "berapa orang menunggu", "how many wait" },
	{ "--late",         "hanya yang terlambat", "only what is late" },
	{ "--mine",         "hanya giliran kita", "only where the move is ours" },
	{ "--reason",       "alasannya", "why" },
	{ "--quick",        "hanya rantai catatan", "the chain of entries alone" },
	{ "--out",          "berkas tujuan", "file to write" },
	{ "--directory",    "direktori jaringan, dari pendaftar", "the network's directory, from its registrar" },
	{ "--box",          "kotak: in, out, needs-answer, waiting, open, ended",
			    "box: in, out, needs-answer, waiting, open, ended" },
};
/* clang-format on */

/* One line for each flag of the command; the form's own flags follow from the catalogue. */
static void print_flags (const struct cli *cli, const struct command *command)
{
	const char *at = command->flags;

	while (*at != '\0') {
		size_t len = strcspn (at, " ");

		for (size_t i = 0; i < COUNT_OF (flags); i++) {
			char text[OUT_TEXT];

			if (strlen (flags[i].flag) == len && strncmp (flags[i].flag, at, len) == 0)
				printf ("  %-16s %s\n", flags[i].flag,
					out_words (cli, flags[i].id, flags[i].en, text));
		}
		at += len;
		at += strspn (at, " ");
	}
}

static void print_command (struct cli *cli, const struct command *command)
{
	char text[OUT_TEXT];

	printf ("jembatan %s %s\n  %s\n", command->name, command->args,
		out_words (cli, command->id, command->en, text));
	print_flags (cli, command);
	printf ("\n  %s\n\n", command->example);
	if (command->kind != NULL || command->run == run_refer ||
	    command->run == run_intake)
		print_form (cli, command);
}

static err_t unknown_command (const struct cli *cli, const char *name)
{
	out_complain (cli, "perintah %s tidak dikenal; lihat jembatan help",
		      "there is no command %s; see jembatan help", quoted (name));
	return ERR_USAGE;
}

err_t run_help (struct cli *cli)
{
	const struct command *command;

	if (cli->word_count == 0) {
		print_commands (cli);
		return ERR_OK;
	}
	command = command_find (cli->words[0]);
	if (command == NULL)
		return unknown_command (cli, cli->words[0]);
	print_command (cli, command);
	return ERR_OK;
}

err_t run_version (struct cli *cli)
{
	puts ("jembatan " JEMBATAN_VERSION);
	return ERR_OK;
}

/* ---- the program
 * ------------------------------------------------------------------------------ */

static size_t terminal_width (void)
{
	struct winsize size;

	if (ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return 80;
}

static void look_around (struct cli *cli)
{
	cli->terminal = isatty (STDOUT_FILENO) == 1;
	cli->width = cli->terminal ? terminal_width () : 0;
	cli->asks = isatty (STDIN_FILENO) == 1 && isatty (STDERR_FILENO) == 1;
}

/* The first word is the command; the rest are its own. */
static err_t run (struct cli *cli)
{
	if (args_has (cli, "version"))
		return run_version (cli);
	if (cli->word_count == 0) {
		print_commands (cli);
		return cli->help ? ERR_OK : ERR_USAGE;
	}
	cli->command = command_find (cli->words[0]);
	if (cli->command == NULL)
		return unknown_command (cli, cli->words[0]);
	cli->word_count--;
	memmove (cli->words, cli->words + 1, cli->word_count * sizeof *cli->words);
	if (cli->help) {
		print_command (cli, cli->command);
		return ERR_OK;
	}
	return cli->command->run (cli);
}

int main (int argc, char **argv)
{
	struct cli cli = { .command = commands };
	err_t err;

	look_around (&cli);
	curl_global_init (CURL_GLOBAL_DEFAULT);
	err = args_read (&cli, argc, argv);
	if (err == ERR_OK)
		err = run (&cli);
	json_decref (cli.fields);
	curl_global_cleanup ();
	return err_exit (err);
}
