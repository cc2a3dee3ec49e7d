/* What raised an alarm, whom to phone about it, and what to do. */
#include "agents/api/handlers.h"
#include "agents/api/times.h"
#include "agents/api/view.h"
#include "agents/api/work.h"

#include <string.h>

/* clang-format off */
static const struct { const char *name; struct words words, todo; } alarms[] = {
	{ "stat-silent",
	  { "surat darurat belum sampai",
	    "a stat letter has not arrived" },
	  { "telepon penerima sekarang",
	    "phone the recipient now" } },
	{ "stat-here",
	  { "surat darurat menunggu di sini",
	    "a stat letter waits here" },
	  { "buka dan jawab dalam satu jam",
	    "open it and answer within the hour" } },
	{ "risk-here",
	  { "tanda bahaya menunggu di sini",
	    "a risk alert waits here" },
	  { "seorang petugas harus menjawabnya dalam satu jam",
	    "a person must acknowledge it within the hour" } },
	{ "risk-unanswered",
	  { "tanda bahaya tidak ditangani instansi ini",
	    "a risk alert is not dealt with by this agency" },
	  { "telepon instansi ini sekarang; yang berikutnya juga ditanya",
	    "phone this agency now; the next one is asked too" } },
	{ "risk-next",
	  { "tanda bahaya diteruskan ke instansi ini",
	    "the risk alert was sent to this agency next" },
	  { "telepon juga, agar ada yang menjawab",
	    "phone it too, so that somebody answers" } },
	{ "risk-phone",
	  { "instansi berikutnya tidak dapat ditanya lewat surat",
	    "the next agency can't be asked by letter" },
	  { "telepon dan bacakan tanda bahaya",
	    "phone it and tell of the alert" } },
	{ "risk-late",
	  { "tanda bahaya baru dijawab setelah yang lain ditanya",
	    "a risk alert was acknowledged after another was asked" },
	  { "dua instansi dapat bertindak; sepakati lewat telepon siapa",
	    "two agencies may act; agree by phone which" } },
	{ "risk-nobody",
	  { "tidak ada lagi instansi untuk ditanya",
	    "nobody is left to be asked" },
	  { "telepon semua instansi dalam daftar",
	    "phone every agency on the list" } },
	{ "overdue",
	  { "batas waktu lewat",
	    "a deadline is over" },
	  { "jawab, atau tanyakan kepada yang ditunggu",
	    "answer it, or ask who is waited for" } },
	{ "overdue-supervisor",
	  { "batas waktu lewat: perlu penyelia",
	    "a deadline is over: a supervisor is needed" },
	  { "penyelia menghubungi instansi itu",
	    "the supervisor calls the agency" } },
	{ "overdue-coordinator",
	  { "batas waktu lewat: koordinator diberi tahu",
	    "a deadline is over: the coordinator is told" },
	  { "sepakati langkah berikutnya dengan koordinator",
	    "agree with the coordinator what comes next" } },
	{ "overdue-untold",
	  { "koordinator tidak dapat diberi tahu",
	    "the coordinator could not be told" },
	  { "hubungi koordinator langsung",
	    "reach the coordinator directly" } },
	{ "restored",
	  { "buku besar ini dipulihkan dari salinan lama",
	    "this ledger was restored from an older copy" },
	  { "tunggu mitra mengirim kembali; catat ulang yang hanya ada di sini",
	    "wait for partners to give back; record anew what was only here" } },
	{ "ledger-behind",
	  { "mitra punya surat kita yang tidak ada di buku besar ini",
	    "a partner has a letter of ours that this ledger does not know" },
	  { "buku besar ini tampaknya salinan lama: hentikan agen, lalu jembatan-agent restore --here",
	    "this ledger looks like an older copy: stop the agent, then jembatan-agent restore --here" } },
	{ "other-ledger",
	  { "hub mengenal buku besar lain milik instansi ini",
	    "the hub knows another ledger of this agency" },
	  { "pakai yang itu; bila hilang, minta operator hub melepasnya",
	    "use that one; if it is lost, ask the hub's operator to release it" } },
	{ "two-histories",
	  { "langkah ini ditulis dua kali: sebelum dan sesudah pemulihan",
	    "a step was written twice: before and after the restoration" },
	  { "cocokkan keadaannya dengan mitra, lalu tulis langkah berikutnya",
	    "compare the state with the partner, then write the next step" } },
	{ "record-rebuilt",
	  { "data klien dibuat ulang dari isi surat",
	    "a client's record was rebuilt from a letter" },
	  { "lengkapi data dan persetujuannya",
	    "complete the record and its consents" } },
	{ "given-back-apart",
	  { "surat sendiri kembali tetapi tidak cocok dengan rujukannya",
	    "a letter of ours came back and does not fit its referral" },
	  { "baca suratnya dan cocokkan dengan mitra",
	    "read it and compare with the partner" } },
	{ "not-given-back",
	  { "satu surat tidak dapat dikirim kembali kepada mitra",
	    "a letter could not be given back to a partner" },
	  { "telepon mitra; isinya ada di sini",
	    "phone the partner; what it says is here" } },
	{ "refused",
	  { "surat ditolak penerima atau hub",
	    "a letter was refused by recipient or hub" },
	  { "lihat alasannya, perbaiki, kirim lagi",
	    "see why, put it right, send it again" } },
	{ "not-delivered",
	  { "surat tidak tersampaikan",
	    "a letter was not delivered" },
	  { "telepon penerima; surat dapat dikirim lagi",
	    "phone the recipient; the letter can go out again" } },
	{ "attachment-lost",
	  { "lampiran tidak sampai",
	    "an attachment was not delivered" },
	  { "kirim lagi dengan surat baru, atau serahkan sendiri",
	    "send it again with another letter, or hand it over" } },
	{ "attachment-unsure",
	  { "tidak diketahui apakah lampiran surat yang dipulihkan sudah sampai",
	    "it is not known whether the attachment of a letter that was given back arrived" },
	  { "tanyakan kepada penerima; bila tidak ada, kirim lagi dengan surat baru",
	    "ask the recipient; if it has none, send it again with another letter" } },
	{ "attachment-refused",
	  { "penerima tidak dapat membuka lampiran",
	    "the recipient can't open an attachment" },
	  { "kirim berkasnya lagi dengan surat baru",
	    "send the file again with another letter" } },
	{ "attachment-missed",
	  { "lampiran tidak datang",
	    "an attachment did not come" },
	  { "minta pengirim mengirimnya lagi",
	    "ask the sender to send it again" } },
	{ "attachment-broken",
	  { "lampiran yang datang tidak dapat dibuka",
	    "an attachment that came can't be opened" },
	  { "minta pengirim mengirimnya lagi",
	    "ask the sender to send it again" } },
	{ "not-received",
	  { "surat untuk kita berakhir di hub",
	    "a letter to us ended at the hub" },
	  { "minta pengirim mengirim lagi",
	    "ask the sender to send it again" } },
	{ "held",
	  { "surat ditahan: persetujuan tidak mencakupnya",
	    "a letter is held: no consent covers it" },
	  { "minta persetujuan klien melalui pengirim",
	    "get the client's consent through the sender" } },
	{ "recall-late",
	  { "surat yang hendak ditarik sudah sampai di penerima",
	    "a letter that was to be taken back had been delivered" },
	  { "batalkan dengan jembatan cancel, atau telepon penerima",
	    "cancel with jembatan cancel, or phone the recipient" } },
	{ "held-there",
	  { "surat kita ditahan penerima: persetujuan tidak mencakupnya",
	    "our letter is held there: no consent covers it" },
	  { "lengkapi persetujuan klien",
	    "complete the client's consent" } },
	{ "late-there",
	  { "surat kita datang terlambat di penerima",
	    "our letter came there too late" },
	  { "telepon penerima; tulis surat baru bila perlu",
	    "phone the recipient; write anew if need be" } },
	{ "holder-left",
	  { "pemegang data tidak lagi menjadi anggota",
	    "a holder of data is no longer a member" },
	  { "hubungi langsung",
	    "reach it directly" } },
	{ "withdrawal-by-hand",
	  { "persetujuan ditarik dan mitra ini tidak tersambung",
	    "consent was withdrawn and this partner is not connected" },
	  { "beri tahu lewat telepon atau surat",
	    "tell it by phone or letter" } },
	{ "onward-open",
	  { "rujukan ditutup, lanjutannya masih terbuka",
	    "a referral was closed while its onward one is open" },
	  { "tutup atau teruskan rujukan lanjutan",
	    "close the onward one or go on with it" } },
	{ "cancelled-unconfirmed",
	  { "pembatalan tidak pernah dijawab",
	    "a cancellation was never answered" },
	  { "pastikan lewat telepon",
	    "make sure by phone" } },
	{ "update-needed",
	  { "jenis surat belum dikenal",
	    "an unknown kind of letter" },
	  { "perbarui program",
	    "update the program" } },
	{ "out-of-step",
	  { "langkah mitra tidak cocok dengan keadaan rujukan",
	    "a partner's step does not fit the referral's state" },
	  { "cocokkan dengan mitra",
	    "compare notes with the partner" } },
	{ "not-applied",
	  { "surat mitra tidak dapat diterapkan dan ditolak",
	    "a partner's letter could not be applied and was refused" },
	  { "cocokkan dengan mitra",
	    "compare notes with the partner" } },
	{ "orphan",
	  { "surat datang tanpa rujukannya",
	    "a letter came without its referral" },
	  { "tanyakan kepada pengirim",
	    "ask the sender" } },
	{ "event-missing",
	  { "ada langkah mitra yang belum datang",
	    "a partner's step has not come yet" },
	  { "tanyakan kepada mitra",
	    "ask the partner" } },
	{ "quarantined",
	  { "surat dikarantina: kuncinya tidak dapat dipercaya",
	    "a letter is quarantined: its key can't be trusted" },
	  { "telepon pengirim dan pendaftar",
	    "phone the sender and the registrar" } },
	{ "signer-doubtful",
	  { "penanda tangan surat diragukan",
	    "a letter's signer is doubtful" },
	  { "telepon pengirim dan pendaftar",
	    "phone the sender and the registrar" } },
	{ "foreign-thread",
	  { "mitra menulis tentang rujukan instansi lain",
	    "a partner wrote about another agency's referral" },
	  { "tanyakan kepada mitra",
	    "ask the partner" } },
	{ "equivocation",
	  { "nomor surat yang sama datang dengan isi lain",
	    "the same letter id came with other bytes" },
	  { "beri tahu pendaftar",
	    "tell the registrar" } },
	{ "withheld",
	  { "ada surat yang tidak pernah sampai",
	    "a letter was withheld" },
	  { "tanyakan kepada pengirim; beri tahu pendaftar",
	    "ask the sender; tell the registrar" } },
	{ "refusal-unknown",
	  { "penolakan atas surat yang tidak pernah dikirim",
	    "a refusal of a letter that was never sent" },
	  { "beri tahu pendaftar",
	    "tell the registrar" } },
	{ "receipt-unknown",
	  { "tanda terima atas surat yang tidak pernah dikirim",
	    "a receipt for a letter that was never sent" },
	  { "beri tahu pendaftar",
	    "tell the registrar" } },
	{ "notice-unknown",
	  { "kabar hub tentang surat yang tidak dikenal",
	    "the hub speaks of an unknown letter" },
	  { "beri tahu pendaftar",
	    "tell the registrar" } },
	{ "log-unproved",
	  { "hub tidak dapat membuktikan bahwa surat kita diterimanya",
	    "the hub can't prove that it took a letter of ours" },
	  { "surat dikirim lagi; beri tahu operator hub",
	    "the letter goes again; tell the hub's operator" } },
	{ "log-silent",
	  { "hub sudah sehari tidak membuktikan surat kita",
	    "the hub has proved no letter of ours for a day" },
	  { "tanyakan kepada operator hub",
	    "ask the hub's operator" } },
	{ "log-split",
	  { "catatan hub saling bertentangan",
	    "the hub's log contradicts itself" },
	  { "beri tahu pendaftar hari ini; koordinator sudah dikabari, kedua buktinya disimpan",
	    "tell the registrar today; coordinators have been told, both proofs are kept" } },
	{ "log-false",
	  { "hub menunjukkan catatan yang tidak sah",
	    "the hub showed a log that is not its own" },
	  { "beri tahu pendaftar",
	    "tell the registrar" } },
	{ "log-restarted",
	  { "hub memulai catatan baru",
	    "the hub has begun a new log" },
	  { "tanyakan sebabnya kepada operator hub",
	    "ask the hub's operator why" } },
	{ "log-told",
	  { "hub menunjukkan catatan yang bertentangan kepada instansi lain",
	    "the hub showed another agency a log that contradicts itself" },
	  { "beri tahu pendaftar hari ini; buktinya disimpan di sini",
	    "tell the registrar today; the evidence is kept here" } },
	{ "log-doubtful",
	  { "laporan tentang catatan hub tidak terbukti di sini",
	    "a report on the hub's log does not prove true here" },
	  { "tanyakan kepada instansi yang melaporkan",
	    "ask the agency that reported it" } },
	{ "chain-uninvited",
	  { "kabar rangkaian rujukan dari instansi yang tidak kita awasi",
	    "chain events from an agency that we do not oversee" },
	  { "tanyakan kepada pendaftar",
	    "ask the registrar" } },
	{ "chain-doubtful",
	  { "kabar rangkaian rujukan yang tidak masuk akal, diabaikan",
	    "chain events that make no sense, ignored" },
	  { "tanyakan kepada instansi itu",
	    "ask the agency" } },
	{ "directory-ending",
	  { "direktori jaringan hampir kedaluwarsa",
	    "the network's directory will expire soon" },
	  { "minta yang baru dari pendaftar",
	    "ask the registrar for a new one" } },
	{ "directory-past",
	  { "direktori jaringan kedaluwarsa",
	    "the network's directory has expired" },
	  { "minta yang baru dari pendaftar",
	    "ask the registrar for a new one" } },
	{ "directory-degraded",
	  { "direktori kedaluwarsa: hanya surat mendesak yang dikirim",
	    "the directory has expired: only urgent letters leave" },
	  { "minta yang baru dari pendaftar hari ini",
	    "ask the registrar for a new one today" } },
	{ "backup-old",
	  { "sudah tiga hari tidak ada cadangan",
	    "there has been no backup for three days" },
	  { "pasang disk cadangan, lalu jembatan backup",
	    "plug in the backup disk, then jembatan backup" } },
	{ "console-certificate",
	  { "sertifikat konsol tidak dapat diperbarui, atau otoritasnya segera berakhir",
	    "the console's certificate can't be renewed, or its authority will soon end" },
	  { "lihat log console.certificate_not_made dan OPERATIONS.md; peramban segera memperingatkan",
	    "see console.certificate_not_made in the log, and OPERATIONS.md; browsers will soon warn" } },
	{ "holidays-missing",
	  { "hari libur tahun ini atau tahun depan belum dimasukkan",
	    "this or next year's holidays have not been entered" },
	  { "masukkan daftar dari SKB yang baru",
	    "enter the list of the new joint decree" } },
};
/* clang-format on */

static void set_words (json_t *json, const char *name)
{
	for (size_t i = 0; i < COUNT_OF (alarms); i++) {
		if (strcmp (alarms[i].name, name) != 0)
			continue;
		json_object_set_new (json, "words", view_words (alarms[i].words));
		json_object_set_new (json, "todo", view_words (alarms[i].todo));
		return;
	}
	json_object_set_new (json, "words", view_both (name, name));
	json_object_set_new (json, "todo", view_both ("", ""));
}

/* Whoever is late itself is not told to call itself. */
static const struct words answer_now = { "jawab sekarang, atau tulis mengapa belum",
					 "answer now, or write why not yet" };

static bool is_own_lateness (const struct call *call, const struct alarm *alarm)
{
	return strncmp (alarm->name, "overdue", 7) == 0 &&
	       agency_id_equal (&alarm->partner, &desk_parts (call->parts->desk)->self);
}

json_t *work_alarm (const struct call *call, const struct alarm *alarm)
{
	bool partner = alarm->partner.text[0] != '\0';
	json_t *words, *json = json_pack (
		"{s:I, s:s, s:o, s:o}", "n", (json_int_t)alarm->n, "name", alarm->name,
		"partner",
		partner ? view_agency (call, &alarm->partner) : json_null (), "thread",
		work_thread (call, &alarm->thread));

	set_words (json, alarm->name);
	words = trouble_words (call, alarm);
	if (words != NULL)
		json_object_set_new (json, "words", words);
	if (is_own_lateness (call, alarm))
		json_object_set_new (json, "todo", view_words (answer_now));
	times_set (json, "raised", alarm->raised_ms, call->region);
	return json;
}

err_t alarms_list (struct call *call, json_t **ret_answer)
{
	struct alarm *list;
	struct page page;
	json_t *items;
	size_t count;

	if (call_page (call, &page) != ERR_OK)
		return ERR_INVALID;
	count = alarm_list (call->parts->ledger, page.after, page.limit + 1, call->arena,
			    &list);
	items = json_array ();
	for (size_t i = 0; i < count && i < page.limit; i++)
		json_array_append_new (items, work_alarm (call, &list[i]));
	*ret_answer = page_json (items, count > page.limit,
				 count > page.limit ? list[page.limit - 1].n : 0);
	return ERR_OK;
}

/* Closing is an entry too: who saw it, and when. */
err_t alarms_close (struct call *call, json_t **ret_answer)
{
	static const char *const names[] = { NULL };
	struct entry entry = { .type = ENTRY_ALARM,
			       .at_ms = desk_now_ms (call->parts->desk),
			       .kind = "",
			       .state_from = "",
			       .state_to = "",
			       .word = "closed",
			       .user = call->actor.user };
	OWNED (tx) tx = NULL;
	uint64_t n;
	err_t err = work_number (call, &n);

	body_only (call, call->body, names);
	if (err != ERR_OK || problems_count (call->problems) > 0)
		return err != ERR_OK ? err : ERR_INVALID;
	tx = ledger_begin (call->parts->ledger);
	err = alarm_close (tx, n);
	if (err == ERR_NOT_FOUND)
		return problems_add (call->problems, err, "n",
				     "tidak ada peringatan terbuka dengan nomor %s; lihat "
				     "jembatan alarms",
				     "there is no open alarm with the number %s; see jembatan "
				     "alarms",
				     call->id);
	if (err != ERR_OK)
		return err;
	entry_add (tx, &entry);
	err = tx_commit (tx);
	if (err == ERR_OK)
		*ret_answer = json_pack ("{s:I, s:b}", "n", (json_int_t)n, "closed", 1);
	return err;
}
