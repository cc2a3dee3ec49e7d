#include "agents/options.h"

/* clang-format off */
const struct option agent_options[] = {
	{ "agency/id", OPTION_AGENCY, NULL, 0, 0,
	  "Kode instansi dalam jaringan: huruf kecil, angka dan tanda hubung."
	  " / The agency's id in the network: small letters, digits and hyphens." },
	{ "agency/name_id", OPTION_TEXT, NULL, 0, 0,
	  "Namanya dalam bahasa Indonesia."
	  " / Its name in Indonesian." },
	{ "agency/name_en", OPTION_TEXT, NULL, 0, 0,
	  "Namanya dalam bahasa Inggris."
	  " / Its name in English." },
	{ "agency/kind", OPTION_TEXT, NULL, 0, 0,
	  "Jenisnya menurut katalog: ipwl, clinic, hospital, prison, bnn, ..."
	  " / Its kind in the catalogue: ipwl, clinic, hospital, prison, bnn, ..." },
	{ "agency/region", OPTION_TEXT, NULL, 0, 0,
	  "Kode Kemendagri tempatnya, misalnya 17.71; provinsinya menentukan zona waktu."
	  " / Kemendagri code of where it stands, such as 17.71; its province gives the time zone." },
	{ "agency/address", OPTION_TEXT, "", 0, 0,
	  "Alamat, seperti yang dibaca mitra."
	  " / Street address, as partners read it." },
	{ "agency/phone", OPTION_TEXT, "", 0, 0,
	  "Telepon dalam E.164, misalnya +62736123456; mitra menelepon bila surat mendesak."
	  " / Phone in E.164, such as +62736123456; partners call it when a letter is urgent." },
	{ "agency/whatsapp", OPTION_TEXT, "", 0, 0,
	  "Nomor WhatsApp dalam E.164."
	  " / WhatsApp number in E.164." },
	{ "agency/office_hours", OPTION_TEXT, "", 0, 0,
	  "Jam kerja, seperti yang dibaca mitra."
	  " / Office hours, as partners read them." },
	{ "agency/services", OPTION_LIST, "", 0, 0,
	  "Layanannya, menurut kode di katalog; masing-masing = yes."
	  " / Services it offers, by their code in the catalogue; each one = yes." },
	{ "paths/data", OPTION_PATH, "/var/lib/jembatan/agent", 0, 0,
	  "Folder buku besar."
	  " / Folder of the ledger." },
	{ "paths/keys", OPTION_PATH, "/etc/jembatan/keys", 0, 0,
	  "Folder sig.key, box.key dan link.key; tidak di dalam folder data."
	  " / Folder of sig.key, box.key and link.key; not inside the data folder." },
	{ "paths/ledger_key", OPTION_PATH, "/etc/jembatan/keys/ledger.key", 0, 0,
	  "Berkas pembuka buku besar; tidak di dalam folder data."
	  " / The file that unlocks the ledger; not inside the data folder." },
	{ "paths/directory", OPTION_PATH, "/etc/jembatan/directory.bin", 0, 0,
	  "Direktori jaringan yang ditandatangani; diperbarui oleh agen."
	  " / The network's signed directory, kept up to date by the agent." },
	{ "paths/catalogue", OPTION_PATH, "/usr/share/jembatan/catalogue", 0, 0,
	  "Folder katalog."
	  " / Folder of the catalogue." },
	{ "paths/socket", OPTION_PATH, "/run/jembatan/agent.sock", 0, 0,
	  "Soket unix bagi api."
	  " / Unix socket of the api." },
	{ "paths/console", OPTION_PATH, "/usr/share/jembatan/console", 0, 0,
	  "Folder berkas konsol."
	  " / Folder of the console's files." },
	{ "console/address", OPTION_TEXT, "", 0, 0,
	  "Tempat konsol dibuka dengan peramban: 0.0.0.0:8443, 192.168.1.5:8443, [::]:8443; kosong = tidak ada."
	  " / Where browsers open the console: 0.0.0.0:8443, 192.168.1.5:8443, [::]:8443; empty = nowhere." },
	{ "console/tls", OPTION_FLAG, "yes", 0, 0,
	  "no hanya untuk 127.0.0.1 atau [::1]: di situ HTTP biasa boleh."
	  " / no only for 127.0.0.1 or [::1]: plain HTTP is allowed there." },
	{ "console/idle_minutes", OPTION_NUMBER, "30", 5, 240,
	  "Sesi yang tidak dipakai selama ini berakhir."
	  " / A session that is not used for so long ends." },
	{ "console/session_hours", OPTION_NUMBER, "12", 1, 24,
	  "Sesi berakhir sesudah selama ini, dipakai atau tidak."
	  " / A session ends after so long, used or not." },
	{ "store/min_free", OPTION_SIZE, "32m", 0, INT64_C (1) << 40,
	  "Bila ruang disk kurang dari ini, surat baru dari petugas ditunda; tanda terima dan surat masuk"
	  " tetap berjalan."
	  " / With less free disk than this, new letters of workers are put off; receipts and arriving"
	  " letters go on." },
	{ "hub/endpoint", OPTION_TEXT, "", 0, 0,
	  "Alamat hub bila bukan yang di direktori: tcp://host:port."
	  " / Where to dial instead of the directory's endpoints: tcp://host:port." },
	{ "hub/socks_proxy", OPTION_TEXT, "", 0, 0,
	  "Proksi SOCKS5 di jalan, host:port."
	  " / SOCKS5 proxy on the way, host:port." },
	{ "backup/folder", OPTION_TEXT, "", 0, 0,
	  "Folder cadangan bila perintah backup tidak menyebutnya, misalnya disk USB yang terpasang."
	  " / Folder of backups when the command backup names none, such as a mounted USB disk." },
	{ "backup/mounted", OPTION_FLAG, "no", 0, 0,
	  "Folder itu ada di disk tersendiri: tolak mencadangkan bila disk itu tidak terpasang."
	  " / That folder is on a disk of its own: refuse to back up while it is not mounted." },
	{ "backup/keep", OPTION_NUMBER, "14", 1, 10000,
	  "Banyaknya cadangan yang disimpan di folder itu; yang lebih lama dihapus."
	  " / How many backups stay in that folder; older ones are removed." },
	{ "users", OPTION_LIST, "", 0, 0,
	  "Siapa yang boleh memakai soket: pengguna mesin ini = caseworker, clinician,"
	  " supervisor, auditor atau admin."
	  " / Who may use the socket: a user of this box = caseworker, clinician, supervisor,"
	  " auditor or admin." },
	{ "metrics/address", OPTION_TEXT, "", 0, 0,
	  "Tempat /metrics, /health dan /ready: 127.0.0.1:PORTA atau jalur soket; kosong = tidak ada."
	  " / Where /metrics, /health and /ready are: 127.0.0.1:PORT or a socket's path; empty = nowhere." },
	{ "metrics/public", OPTION_FLAG, "no", 0, 0,
	  "Alamat itu memang dapat dicapai dari mesin lain."
	  " / That address is meant to be reached from other machines." },
	{ "log/level", OPTION_TEXT, "info", 0, 0,
	  "Tingkat log terendah yang dicatat: debug, info, note, warn atau fail."
	  " / Least level that is logged: debug, info, note, warn or fail." },
	{ NULL, 0, NULL, 0, 0, NULL },
};
/* clang-format on */
