/*
 * Every way in which something here fails, in one list.
 *
 * Each error has a number (stored and pinned: never renumber), a name (on the wire, in logs, in
 * JSON), a lane, an HTTP status, and one sentence in Indonesian and English.  The lane decides
 * what happens next:
 *
 *   LANE_OK      nothing is wrong
 *   LANE_RETRY   back off and try the same again
 *   LANE_REFUSE  tell the other side; trying the same again is useless
 *   LANE_STOP    our own store or disk can't be trusted: roll back, exit, let the supervisor decide
 */
#ifndef JEMBATAN_ERROR_H
#define JEMBATAN_ERROR_H

#define MUST_USE __attribute__ ((warn_unused_result))

enum lane { LANE_OK, LANE_RETRY, LANE_REFUSE, LANE_STOP };

/* clang-format off */
/*      number  name               lane         http  Indonesian, English */
#define ERROR_LIST(X) \
	X (0,   OK,                LANE_OK,     200, "berhasil", "done") \
	/* later, the same may succeed */ \
	X (10,  BUSY,              LANE_RETRY,  503, "sistem sedang sibuk; akan dicoba lagi", "the system is busy; this will be tried again") \
	X (11,  OFFLINE,           LANE_RETRY,  503, "hub tidak terhubung; surat keluar menunggu sampai tersambung lagi", "the hub is not connected; outgoing letters wait until it is again") \
	X (12,  CLOCK_SKEW,        LANE_RETRY,  503, "jam pengirim berbeda dari jam hub", "the sender's clock differs from the hub's") \
	X (13,  QUOTA,             LANE_RETRY,  503, "batas kiriman instansi tercapai; akan dicoba lagi", "the agency's quota is used up; this will be tried again") \
	X (14,  NO_SPACE,          LANE_RETRY,  507, "ruang simpan hampir habis; surat baru ditunda", "storage is nearly full; new letters are put off") \
	X (15,  LOCKED,            LANE_RETRY,  503, "buku besar masih terkunci", "the ledger is still locked") \
	X (16,  DIRECTORY_BEHIND,  LANE_RETRY,  503, "direktori hub lebih lama daripada milik pengirim", "the hub's directory is older than the sender's") \
	X (17,  DRAINING,          LANE_RETRY,  503, "hub sedang ditutup; akan dicoba lagi", "the hub is shutting down; this will be tried again") \
	X (18,  DIRECTORY_EXPIRED, LANE_RETRY,  503, "direktori jaringan sudah kedaluwarsa; minta yang baru kepada pendaftar jaringan", "the network's directory has expired; ask the registrar for a new one") \
	X (19,  LEDGER_LOCKED,     LANE_RETRY,  503, "buku besar instansi ini masih terkunci; buka dengan frasa sandinya (jembatan unlock, atau di konsol)", "this agency's ledger is still locked; open it with its passphrase (jembatan unlock, or in the console)") \
	/* bytes of a peer or a file */ \
	X (30,  MALFORMED,         LANE_REFUSE, 400, "isi tidak dapat dibaca", "the bytes can't be read") \
	X (31,  TOO_LARGE,         LANE_REFUSE, 413, "melebihi ukuran yang diizinkan", "larger than allowed") \
	X (32,  BAD_VERSION,       LANE_REFUSE, 400, "versi tidak didukung", "the version is not supported") \
	X (33,  OUT_OF_ORDER,      LANE_REFUSE, 409, "urutan tidak sesuai protokol", "out of the protocol's order") \
	X (34,  OVER_CREDIT,       LANE_REFUSE, 429, "melebihi jatah kiriman yang diberikan", "more was sent than credit was given for") \
	/* who may write to whom */ \
	X (50,  NOT_MEMBER,        LANE_REFUSE, 403, "bukan anggota jaringan", "not a member of the network") \
	X (51,  SUSPENDED,         LANE_REFUSE, 403, "keanggotaan instansi ini dibekukan", "this agency's membership is suspended") \
	X (52,  NOT_YOU,           LANE_REFUSE, 403, "pengirim pada sampul bukan pemilik sesi", "the sender on the envelope is not the session's member") \
	X (53,  NO_ROUTE,          LANE_REFUSE, 404, "instansi penerima tidak dikenal jaringan", "the recipient is unknown to the network") \
	X (54,  RECIPIENT_SUSPENDED, LANE_REFUSE, 403, "instansi penerima dibekukan", "the recipient is suspended") \
	X (55,  OTHER_STORE,       LANE_REFUSE, 409, "hub mengenal buku besar lain milik instansi ini; bila yang itu hilang, minta operator hub melepasnya", "the hub knows another ledger of this agency; if that one is lost, ask the hub's operator to release it") \
	/* letters */ \
	X (70,  EXPIRED,           LANE_REFUSE, 410, "masa berlaku surat habis", "the letter has expired") \
	X (71,  EXPIRY_TOO_FAR,    LANE_REFUSE, 400, "masa berlaku surat terlalu jauh", "the letter's expiry is too far ahead") \
	X (72,  EQUIVOCATION,      LANE_REFUSE, 409, "nomor surat yang sama datang dengan isi lain", "the same letter id came with other bytes") \
	X (73,  WRONG_KEY,         LANE_REFUSE, 400, "surat disegel untuk kunci lain", "the letter was sealed to another key") \
	X (74,  CANNOT_OPEN,       LANE_REFUSE, 400, "segel surat rusak", "the letter's seal is broken") \
	X (75,  KEY_UNKNOWN,       LANE_REFUSE, 403, "kunci penanda tangan tidak ada di direktori", "the signing key is not in the directory") \
	X (76,  KEY_REVOKED,       LANE_REFUSE, 403, "kunci penanda tangan sudah dicabut", "the signing key was revoked") \
	X (77,  BAD_SIGNATURE,     LANE_REFUSE, 403, "tanda tangan tidak sah", "the signature is not valid") \
	X (78,  RECALLED,          LANE_REFUSE, 410, "surat ditarik kembali oleh pengirim", "the letter was recalled by its sender") \
	X (79,  DAMAGED,           LANE_RETRY,  502, "surat rusak di perjalanan; dikirim ulang", "the letter was damaged on the way; it is sent again") \
	/* consent and rules */ \
	X (80,  PARKED,            LANE_RETRY,  503, "surat disisihkan karena berulang kali gagal disimpan penerimanya; akan dicoba lagi", "the letter was set aside because its recipient failed to store it again and again; it comes later") \
	X (90,  NO_CONSENT,        LANE_REFUSE, 403, "tidak ada persetujuan yang mencakup penerima dan tujuan ini", "no consent covers this recipient for this purpose") \
	X (91,  CONSENT_WITHDRAWN, LANE_REFUSE, 403, "persetujuan telah ditarik oleh klien", "the client has withdrawn the consent") \
	X (92,  CONSENT_EXPIRED,   LANE_REFUSE, 403, "masa berlaku persetujuan habis", "the consent's period is over") \
	X (93,  NO_RULE,           LANE_REFUSE, 400, "dasar hukum belum disebutkan", "the rule that this rests on is not cited") \
	/* what a person at the desk asked for */ \
	X (110, INVALID,           LANE_REFUSE, 422, "ada isian yang belum benar", "some fields are not right") \
	X (111, NOT_FOUND,         LANE_REFUSE, 404, "tidak ditemukan", "not found") \
	X (112, WRONG_STATE,       LANE_REFUSE, 409, "langkah ini tidak berlaku pada keadaan rujukan sekarang", "this step does not apply in the referral's present state") \
	X (113, NOT_ALLOWED,       LANE_REFUSE, 403, "peran Anda tidak berwenang untuk langkah ini", "your role may not take this step") \
	X (114, UNKNOWN_KIND,      LANE_REFUSE, 404, "jenis surat tidak dikenal di katalog", "this kind of letter is not in the catalogue") \
	X (115, AMBIGUOUS,         LANE_REFUSE, 409, "lebih dari satu yang cocok; sebutkan lebih lengkap", "more than one matches; be more specific") \
	X (116, CONFLICT,          LANE_REFUSE, 409, "bertentangan dengan data yang sudah ada", "in conflict with what is already there") \
	X (117, ERASED,            LANE_REFUSE, 410, "data orang ini sudah dihapus", "this person's data was erased") \
	X (118, NOT_SIGNED_IN,     LANE_REFUSE, 401, "nama akun atau kata sandi salah, atau Anda belum masuk", "the account's name or the password is wrong, or you are not signed in") \
	X (119, GATE,              LANE_REFUSE, 409, "ada syarat yang harus dipenuhi lebih dahulu", "something else must be done before this step") \
	X (120, WRONG_HOST,        LANE_REFUSE, 421, "nama pada alamat ini bukan nama agen ini", "the name in this address is not this agent's") \
	X (121, WRONG_ORIGIN,      LANE_REFUSE, 403, "permintaan ini datang dari halaman lain, bukan dari konsol agen ini", "this request comes from another page, not from this agent's console") \
	/* who comes in */ \
	X (122, CODE_NEEDED,       LANE_REFUSE, 401, "masukkan juga kode dari aplikasi autentikator, atau kode pemulihan", "give the code of your authenticator too, or a recovery code") \
	X (123, LOCKED_OUT,        LANE_REFUSE, 429, "terlalu banyak percobaan; tunggu sebentar", "too many attempts; wait a while") \
	X (124, MUST_CHANGE,       LANE_REFUSE, 403, "buat dahulu kata sandi baru", "set a new password first") \
	X (125, CSRF,              LANE_REFUSE, 403, "permintaan ini tidak datang dari halaman konsol yang terbuka", "this request did not come from an open page of the console") \
	X (126, KEY_REUSED,        LANE_REFUSE, 422, "kunci permintaan ini sudah dipakai untuk permintaan lain", "this Idempotency-Key was used for another request") \
	X (127, ANSWER_LOST,       LANE_REFUSE, 409, "permintaan ini sudah dikerjakan, tetapi jawabannya tidak ada lagi; periksa dahulu sebelum mengirim lagi", "this request was done already, but its answer is not there any more; look before sending it again") \
	/* the operator */ \
	X (130, CONFIG,            LANE_REFUSE, 400, "konfigurasi tidak benar", "the configuration is not right") \
	X (131, USAGE,             LANE_REFUSE, 400, "perintah tidak dimengerti", "the command is not understood") \
	X (132, KEY_FILE,          LANE_REFUSE, 500, "berkas kunci tidak ada atau tidak aman", "the key file is missing or not safe") \
	X (133, IN_USE,            LANE_REFUSE, 409, "folder data sedang dipakai program lain", "the data folder is in use by another program") \
	X (134, NEWER_STORE,       LANE_REFUSE, 409, "data dibuat oleh program yang lebih baru", "the data was written by a newer program") \
	X (135, EXISTS,            LANE_REFUSE, 409, "sudah ada", "already there") \
	X (136, FILE,              LANE_REFUSE, 500, "berkas tidak dapat dibaca atau ditulis", "the file can't be read or written") \
	X (137, WRONG_PASSPHRASE,  LANE_REFUSE, 403, "frasa sandi salah", "the passphrase is wrong") \
	/* we can't go on */ \
	X (150, CORRUPT,           LANE_STOP,   500, "data bertentangan dengan dirinya sendiri", "the store contradicts itself") \
	X (151, IO,                LANE_STOP,   500, "disk gagal menyimpan", "the disk failed to store") \
	X (152, GONE_BACK,         LANE_STOP,   500, "buku besar ini lebih lama daripada yang dikenal hub; kembalikan salinan yang terbaru", "this ledger is older than what the hub knows of it; put back the newest copy") \
	X (153, SELF_TEST,         LANE_STOP,   500, "uji diri saat mulai gagal", "the start-up self-test failed")
/* clang-format on */

#define X(number, name, lane, http, id, en) ERR_##name = number,
typedef enum err { ERROR_LIST (X) } err_t;
#undef X

const char *err_name (err_t err);                 /* "NO_CONSENT" */
MUST_USE int err_parse (const char *name, err_t *ret_err);  /* 0, or -1 for an unknown name */
enum lane err_lane (err_t err);
int err_http (err_t err);
const char *err_text_id (err_t err);
const char *err_text_en (err_t err);

/* The process exit status for an error: 0, 64 usage, 65 bad input, 66 not found, 69 unavailable,
 * 75 try again, 77 not allowed, 78 configuration or a store that contradicts itself (sysexits.h). */
int err_exit (err_t err);

#endif
