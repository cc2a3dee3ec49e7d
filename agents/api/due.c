/* What is due, and what raised an alarm. */
#include "agents/api/handlers.h"
#include "agents/api/times.h"
#include "agents/api/view.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *thread_or_null (const struct call *call, const struct thread_id *id)
{
	struct thread thread;

	if (thread_get (call->parts->ledger, id, call->arena, &thread) != ERR_OK)
		return json_null ();
	return json_pack ("{s:o, s:s, s:s, s:o, s:o}", "id", view_uuid (id->b), "number",
			  thread.number, "state", thread.state, "partner",
			  view_agency (call, &thread.partner), "person",
			  view_person_number (call, &thread.person));
}

/* Where a page of deadlines ends: "<due_ms>.<thread>.<what>".  Deadlines come and go in the middle of
 * their list, so a count would lead astray. */
#define PLACE_TEXT (24 + UUID_TEXT + LIMIT_ID_TEXT)

static void place_text (const struct deadline *deadline, char text[PLACE_TEXT])
{
	char thread[UUID_TEXT];

	snprintf (text, PLACE_TEXT, "%lld.%s.%s", (long long)deadline->due_ms,
		  uuid_text (deadline->thread.b, thread), deadline->what);
}

static bool place_parse (const char *text, struct deadline *ret_place)
{
	char thread[UUID_TEXT] = "";
	long long due_ms;
	int end = 0;

	_Static_assert (UUID_TEXT == 37 && LIMIT_ID_TEXT == 32, "as scanned");
	if (sscanf (text, "%lld.%36[0-9a-f-].%32[a-z0-9.-]%n", &due_ms, thread,
		    ret_place->what, &end) != 3 ||
	    text[end] != '\0' || uuid_parse (thread, ret_place->thread.b) != ERR_OK)
		return false;
	ret_place->due_ms = due_ms;
	return true;
}

/* *ret_after is NULL for the first page. */
static err_t read_place (struct call *call, struct deadline *place,
			 const struct deadline **ret_after)
{
	const char *after = call_param (call, "after");

	*ret_after = NULL;
	if (*after == '\0' || strcmp (after, "0") == 0)
		return ERR_OK;
	if (!place_parse (after, place))
		return problems_add (call->problems, ERR_INVALID, "after",
				     "%s bukan kelanjutan daftar ini; pakai isi next",
				     "%s is no place in this list; pass on what next said",
				     quoted (after));
	*ret_after = place;
	return ERR_OK;
}

static json_t *due_json (const struct call *call, const struct deadline *deadline)
{
	json_t *item = view_deadline (call, deadline);

	json_object_set_new (item, "thread", thread_or_null (call, &deadline->thread));
	return item;
}

err_t due_list (struct call *call, json_t **ret_answer)
{
	struct deadline place = { 0 }, *deadlines;
	const struct deadline *after;
	json_t *items;
	char next[PLACE_TEXT];
	size_t limit, count;

	if (call_limit (call, &limit) != ERR_OK || read_place (call, &place, &after) != ERR_OK)
		return ERR_INVALID;
	count = deadline_page (call->parts->ledger, after, limit + 1, call->arena, &deadlines);
	items = json_array ();
	for (size_t i = 0; i < count && i < limit; i++)
		json_array_append_new (items, due_json (call, &deadlines[i]));
	if (count > limit)
		place_text (&deadlines[limit - 1], next);
	*ret_answer = page_json_at (items, count > limit ? next : NULL);
	return ERR_OK;
}

/* ---- alarms
 * ----------------------------------------------------------------------------------- */

/* clang-format off */
static const struct { const char *name; struct words words; } alarms[] = {
	{ "stat-silent",           { "surat darurat belum sampai; telepon penerima",
				     "a stat letter has not arrived; phone the recipient" } },
	{ "overdue",               { "batas waktu lewat", "a deadline is over" } },
	{ "overdue-supervisor",    { "batas waktu lewat: perlu penyelia",
				     "a deadline is over: a supervisor is needed" } },
	{ "overdue-coordinator",   { "batas waktu lewat: koordinator diberi tahu",
				     "a deadline is over: the coordinator is told" } },
	{ "overdue-untold",        { "koordinator tidak dapat diberi tahu",
				     "the coordinator could not be told" } },
	{ "refused",               { "surat ditolak penerima atau hub",
				     "a letter was refused by recipient or hub" } },
	{ "not-delivered",         { "surat tidak tersampaikan", "a letter was not delivered" } },
	{ "not-received",          { "surat untuk kita berakhir di hub",
				     "a letter to us ended at the hub" } },
	{ "held",                  { "surat ditahan: persetujuan tidak mencakupnya",
				     "a letter is held: no consent covers it" } },
	{ "held-there",            { "surat kita ditahan penerima: persetujuan tidak mencakupnya",
				     "our letter is held there: no consent covers it" } },
	{ "late-there",            { "surat kita datang terlambat di penerima",
				     "our letter came there too late" } },
	{ "holder-left",           { "pemegang data tidak lagi menjadi anggota; hubungi langsung",
				     "a holder of data is no longer a member; reach it directly" } },
	{ "withdrawal-by-hand",    { "persetujuan ditarik: beri tahu mitra ini lewat telepon atau surat",
				     "consent was withdrawn: tell this partner by phone or letter" } },
	{ "onward-open",           { "rujukan ditutup, lanjutannya masih terbuka",
				     "a referral was closed while its onward one is open" } },
	{ "cancelled-unconfirmed", { "pembatalan tidak pernah dijawab",
				     "a cancellation was never answered" } },
	{ "update-needed",         { "jenis surat belum dikenal: program perlu diperbarui",
				     "an unknown kind of letter: the program needs an update" } },
	{ "out-of-step",           { "langkah mitra tidak cocok dengan keadaan rujukan",
				     "a partner's step does not fit the referral's state" } },
	{ "not-applied",           { "surat mitra tidak dapat diterapkan dan ditolak",
				     "a partner's letter could not be applied and was refused" } },
	{ "quarantined",           { "surat dikarantina: kuncinya tidak dapat dipercaya",
				     "a letter is quarantined: its key can't be trusted" } },
	{ "signer-doubtful",       { "penanda tangan surat diragukan", "a letter's signer is doubtful" } },
	{ "foreign-thread",        { "mitra menulis tentang rujukan instansi lain",
				     "a partner wrote about another agency's referral" } },
	{ "equivocation",          { "nomor surat yang sama datang dengan isi lain",
				     "the same letter id came with other bytes" } },
	{ "withheld",              { "ada surat yang tidak pernah sampai", "a letter was withheld" } },
	{ "refusal-unknown",       { "penolakan atas surat yang tidak pernah dikirim",
				     "a refusal of a letter that was never sent" } },
	{ "receipt-unknown",       { "tanda terima atas surat yang tidak pernah dikirim",
				     "a receipt for a letter that was never sent" } },
	{ "notice-unknown",        { "kabar hub tentang surat yang tidak dikenal",
				     "the hub speaks of an unknown letter" } },
	{ "chain-uninvited",       { "kabar rangkaian rujukan dari instansi yang tidak kita awasi",
				     "chain events from an agency that we do not oversee" } },
	{ "chain-doubtful",        { "kabar rangkaian rujukan yang tidak masuk akal, diabaikan",
				     "chain events that make no sense, ignored" } },
	{ "directory-ending",      { "direktori jaringan hampir kedaluwarsa",
				     "the network's directory will expire soon" } },
	{ "directory-past",        { "direktori jaringan kedaluwarsa; minta yang baru",
				     "the network's directory has expired; ask for a new one" } },
	{ "directory-degraded",    { "direktori kedaluwarsa: hanya surat mendesak yang dikirim",
				     "the directory has expired: only urgent letters leave" } },
};
/* clang-format on */

static json_t *alarm_words (const char *name)
{
	for (size_t i = 0; i < COUNT_OF (alarms); i++)
		if (strcmp (alarms[i].name, name) == 0)
			return view_words (alarms[i].words);
	return view_both (name, name);
}

static json_t *alarm_json (const struct call *call, const struct alarm *alarm)
{
	bool partner = alarm->partner.text[0] != '\0';
	json_t *json =
		json_pack ("{s:I, s:s, s:o, s:o, s:o}", "n", (json_int_t)alarm->n, "name",
			   alarm->name, "words", alarm_words (alarm->name), "partner",
			   partner ? view_agency (call, &alarm->partner) : json_null (),
			   "thread", thread_or_null (call, &alarm->thread));

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
		json_array_append_new (items, alarm_json (call, &list[i]));
	*ret_answer = page_json (items, count > page.limit,
				 count > page.limit ? list[page.limit - 1].n : 0);
	return ERR_OK;
}

static err_t read_n (const struct call *call, uint64_t *ret_n)
{
	char *end;

	errno = 0;
	*ret_n = strtoull (call->id, &end, 10);
	return errno == 0 && *end == '\0' && call->id[0] >= '0' && call->id[0] <= '9'
		       ? ERR_OK
		       : ERR_NOT_FOUND;
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
	err_t err = read_n (call, &n);

	body_only (call, call->body, names);
	if (err != ERR_OK || problems_count (call->problems) > 0)
		return err != ERR_OK ? err : ERR_INVALID;
	tx = ledger_begin (call->parts->ledger);
	err = alarm_close (tx, n);
	if (err != ERR_OK)
		return err;
	entry_add (tx, &entry);
	err = tx_commit (tx);
	if (err == ERR_OK)
		*ret_answer = json_pack ("{s:I, s:b}", "n", (json_int_t)n, "closed", 1);
	return err;
}
