#include "hub/options.h"

#include <string.h>

/* clang-format off */
const struct option hub_options[] = {
	{ "hub/id", OPTION_AGENCY, NULL, 0, 0,
	  "Nama hub, seperti yang ditulis pendaftar di direktori."
	  " / The hub's name, as the registrar wrote it into the directory." },
	{ "hub/endpoint", OPTION_ENDPOINT, "tcp://0.0.0.0:5710", 0, 0,
	  "Tempat agen menyambung; alamat yang mereka lihat tertulis di direktori."
	  " / Where agents connect to; the directory names the address they see." },
	{ "hub/keys", OPTION_PATH, NULL, 0, 0,
	  "Folder link.key dan log.key, di luar folder data."
	  " / The folder of link.key and log.key, outside the data folder." },
	{ "hub/data", OPTION_PATH, NULL, 0, 0,
	  "Folder antrean dan log penitipan."
	  " / The folder of the queue and the custody log." },
	{ "hub/directory", OPTION_PATH, NULL, 0, 0,
	  "Direktori bertanda tangan; berkas yang lebih baru di tempatnya langsung dipakai."
	  " / The signed directory; a newer file in its place is picked up at once." },
	{ "hub/control", OPTION_PATH, NULL, 0, 0,
	  "Soket unix untuk jembatan-hubctl."
	  " / The unix socket that jembatan-hubctl talks to." },
	{ "hub/io_threads", OPTION_NUMBER, "1", 1, 8,
	  "Utas yang menyandi dan membuka sandi; dua lebih baik di atas sekitar seratus agen."
	  " / Threads that encrypt and decrypt; two serve better beyond about a hundred agents." },
	{ "store/min_free", OPTION_SIZE, "64m", 0, INT64_C (1) << 40,
	  "Bila ruang disk kurang dari ini, surat baru ditunda; yang sudah ada tetap diantarkan."
	  " / With less free disk than this, new letters are put off; what is here is still delivered." },
	{ "queue/park_after", OPTION_NUMBER, "8", 2, 1000,
	  "Surat yang sekian kali gagal disimpan penerimanya disisihkan sendiri dan dicoba lagi nanti."
	  " / A letter that its recipient failed to store so many times is set aside and tried later." },
	{ "quota/letters", OPTION_NUMBER, "100000", 1, 1000000000,
	  "Surat satu pengirim yang boleh menunggu di sini."
	  " / Letters of one sender that may wait here." },
	{ "quota/bytes", OPTION_SIZE, "1g", 1024, INT64_C (1) << 40,
	  "Bita satu pengirim yang boleh menunggu di sini."
	  " / Bytes of one sender that may wait here." },
	{ "quota/blob_bytes", OPTION_SIZE, "1g", 65536, INT64_C (1) << 40,
	  "Bita lampiran satu pengirim yang boleh menunggu di sini."
	  " / Bytes of one sender's attachments that may wait here." },
	{ "quota/per_minute", OPTION_NUMBER, "0", 0, 1000000000,
	  "Surat satu pengirim per menit; 0 berarti tanpa batas."
	  " / Letters of one sender per minute; 0 sets no limit." },
	{ "quota/agencies", OPTION_LIST, "", 0, 0,
	  "Instansi yang kuotanya lain: namanya, dan di bawahnya kuota yang berbeda."
	  " / Agencies with other quotas: the name, and below it those that differ." },
	{ "metrics/address", OPTION_TEXT, "", 0, 0,
	  "Tempat /metrics, /health dan /ready: 127.0.0.1:PORTA atau jalur soket; kosong = tidak ada."
	  " / Where /metrics, /health and /ready are: 127.0.0.1:PORT or a socket's path; empty = nowhere." },
	{ "metrics/public", OPTION_FLAG, "no", 0, 0,
	  "Alamat itu memang dapat dicapai dari mesin lain."
	  " / That address is meant to be reached from other machines." },
	{ "backup/folder", OPTION_TEXT, "", 0, 0,
	  "Folder cadangan bila perintah backup tidak menyebutnya, misalnya disk USB yang terpasang."
	  " / Folder of backups when the command backup names none, such as a mounted USB disk." },
	{ "backup/mounted", OPTION_FLAG, "no", 0, 0,
	  "Folder itu ada di disk tersendiri: tolak mencadangkan bila disk itu tidak terpasang."
	  " / That folder is on a disk of its own: refuse to back up while it is not mounted." },
	{ "backup/keep", OPTION_NUMBER, "14", 1, 10000,
	  "Banyaknya cadangan yang disimpan di folder itu; yang lebih lama dihapus."
	  " / How many backups stay in that folder; older ones are removed." },
	{ "log/level", OPTION_TEXT, "info", 0, 0,
	  "Tingkat log terendah yang dicatat: debug, info, note, warn atau fail."
	  " / The least level that is logged: debug, info, note, warn or fail." },
	{ NULL, OPTION_TEXT, NULL, 0, 0, NULL },
};
/* clang-format on */

struct hub_setup hub_setup_from (const config_t *config)
{
	return (struct hub_setup){
		.id = config_text (config, "hub/id"),
		.endpoint = config_text (config, "hub/endpoint"),
		.keys = config_text (config, "hub/keys"),
		.data = config_text (config, "hub/data"),
		.directory = config_text (config, "hub/directory"),
		.control = config_text (config, "hub/control"),
		.io_threads = (int)config_number (config, "hub/io_threads"),
		.min_free_bytes = config_number (config, "store/min_free"),
		.quota = quota_usual (config),
		.metrics = config_text (config, "metrics/address"),
		.metrics_public = config_flag (config, "metrics/public"),
		.config = config,
		.backup_folder = config_text (config, "backup/folder"),
		.backup_mounted = config_flag (config, "backup/mounted"),
		.backup_keep = (unsigned)config_number (config, "backup/keep"),
		.park_after = (unsigned)config_number (config, "queue/park_after"),
		.signals = true,
	};
}

err_t hub_log_level (const config_t *config, enum log_level *ret_level, problems_t *problems)
{
	static const struct { const char *word; enum log_level level; } levels[] = {
		{ "debug", LOG_LEVEL_DEBUG }, { "info", LOG_LEVEL_INFO },
		{ "note", LOG_LEVEL_NOTE },   { "warn", LOG_LEVEL_WARN },
		{ "fail", LOG_LEVEL_FAIL },
	};
	const char *word = config_text (config, "log/level");

	for (size_t i = 0; i < COUNT_OF (levels); i++) {
		if (strcmp (levels[i].word, word) != 0)
			continue;
		*ret_level = levels[i].level;
		return ERR_OK;
	}
	return problems_add (problems, ERR_CONFIG, "log/level",
			     "%s bukan tingkat log; pilih debug, info, note, warn, atau fail",
			     "%s is no log level; choose debug, info, note, warn or fail",
			     quoted (word));
}
