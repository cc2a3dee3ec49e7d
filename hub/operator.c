#include "hub/operator.h"

#include <inttypes.h>
#include <stdio.h>

#include "hub/report.h"
#include "jembatan/clock.h"
#include "jembatan/log.h"

/* ---- status ---- */

/* When the longest waiting item of a class was taken; 0 when none waits. */
static int64_t oldest_ms (hub_t *hub, const struct account *account, enum letter_class class)
{
	const struct class_lane *lane = &account->now.lane[class];
	struct item item;
	struct bytes first, second;

	if (lane->stored == lane->last ||
	    store_fetch (hub->store, account->number, class, lane->stored + 1, &item, &first,
			 &second) != ERR_OK)
		return 0;
	return item.taken_ms;
}

static int64_t oldest_of_class (hub_t *hub, enum letter_class class)
{
	int64_t oldest = 0;

	for (size_t i = 1; i <= accounts_count (hub->accounts); i++) {
		int64_t at = oldest_ms (hub, accounts_at (hub->accounts, (int64_t)i), class);

		if (at != 0 && (oldest == 0 || at < oldest))
			oldest = at;
	}
	return oldest;
}

static void report_classes (hub_t *hub, report_t *report)
{
	report_list (report, "queue", "Antrean per kelas (queue by class):");
	for (int class = CLASS_STAT; class < CLASS_COUNT; class++) {
		int64_t oldest = oldest_of_class (hub, (enum letter_class)class);

		report_row (report);
		report_text (report, "class", "", class_name ((enum letter_class)class));
		report_number (report, "waiting", "",
			       (int64_t)hub_queued (hub, (enum letter_class)class));
		report_number (report, "oldest_seconds", "",
			       oldest != 0 ? (clock_now_ms () - oldest) / 1000 : 0);
	}
	report_list_end (report);
}

static void report_figures (hub_t *hub, report_t *report)
{
	const struct figures *f = &hub->figures;
	const struct { const char *key, *label; uint64_t value; } rows[] = {
		{ "letters_taken", "Surat diterima (letters taken)", f->letters_taken },
		{ "letters_again", "Surat ulangan (letters put again)", f->letters_again },
		{ "letters_refused", "Surat ditolak (letters refused)", f->letters_refused },
		{ "deliveries", "Pengantaran (deliveries)", f->deliveries },
		{ "letters_stored", "Surat tersimpan (letters stored)", f->letters_stored },
		{ "letters_expired", "Surat kedaluwarsa (letters expired)", f->letters_expired },
		{ "letters_recalled", "Surat ditarik (letters recalled)", f->letters_recalled },
		{ "letters_parked", "Surat disisihkan (letters set aside)", f->letters_parked },
		{ "attachments_whole", "Lampiran lengkap (attachments complete)", f->blobs_whole },
		{ "attachments_damaged", "Lampiran rusak (attachments damaged)", f->blobs_damaged },
		{ "attachment_bytes_out", "Bita lampiran diantar (attachment bytes delivered)",
		  f->blob_bytes_out },
		{ "frames_bad", "Bingkai salah (bad frames)", f->frames_bad },
		{ "frames_dropped", "Bingkai dibuang (frames dropped)", link_dropped (hub->link) },
		{ "groups", "Komit (commits)", f->groups },
		{ "last_group_letters", "Surat dalam komit terakhir (last commit)", f->group_size },
		{ "last_group_us", "Lama komit terakhir, mikrodetik (last commit)", f->group_us },
	};

	for (size_t i = 0; i < COUNT_OF (rows); i++)
		report_number (report, rows[i].key, rows[i].label, (int64_t)rows[i].value);
	report_instant (report, "last_group_at", "Waktu komit terakhir (last commit at)",
			f->group_ms);
}

static err_t add_sum (void *context, const struct blob_sum *sum)
{
	struct blob_sum *all = context;

	all->waiting += sum->waiting;
	all->held_bytes += sum->held_bytes;
	return ERR_OK;
}

static err_t report_attachments (hub_t *hub, report_t *report)
{
	struct blob_sum all = { .waiting = 0 };
	err_t err = store_blob_sums (hub->store, add_sum, &all);

	report_number (report, "attachments", "Lampiran menunggu (attachments waiting)",
		       (int64_t)all.waiting);
	report_number (report, "attachment_bytes", "Bita lampiran di sini (attachment bytes here)",
		       (int64_t)all.held_bytes);
	return err;
}

/* ---- backups ---- */

static bool backup_is_old (hub_t *hub, const struct backups_status *status)
{
	int64_t since_ms = status->last.at_ms > 0 ? status->last.at_ms
						  : custody_since_ms (hub->custody);

	return clock_now_ms () - since_ms >= BACKUP_OLD_MS;
}

static const char *backup_state (hub_t *hub, const struct backups_status *status)
{
	if (backup_is_old (hub, status))
		return "old";
	return status->last.at_ms > 0 ? "recent" : "none";
}

static void report_backup (hub_t *hub, report_t *report)
{
	struct backups_status status;

	backups_status (hub->backups, &status);
	report_instant (report, "last_backup", "Cadangan terakhir (last backup)", status.last.at_ms);
	report_text (report, "last_backup_file", "Berkasnya (its file)", status.last.path);
	report_number (report, "last_backup_bytes", "Besarnya, bita (its size, bytes)",
		       (int64_t)status.last.bytes);
	report_instant (report, "last_rehearsal", "Uji pulih terakhir (last rehearsal)",
			status.rehearsal.at_ms);
	report_text (report, "backup_state", "Keadaan cadangan (state of backups)",
		     backup_state (hub, &status));
	if (backup_is_old (hub, &status))
		report_text (report, "backup_warning", "PERHATIAN (WARNING)",
			     "sudah tiga hari tidak ada cadangan (no backup for three days)");
}

/* What hubctl reads while it watches one. */
static err_t answer_backups (hub_t *hub, report_t *report, const struct control_command *command)
{
	static const char *const phases[] = { "idle", "copying", "checking", "checking" };
	struct backups_status status;

	backups_status (hub->backups, &status);
	report_text (report, "backup", "Pencadangan (backup)", phases[status.phase]);
	report_number (report, "backup_done", "Sudah, bita (done, bytes)", (int64_t)status.done);
	report_number (report, "backup_bytes", "Dari, bita (of, bytes)", (int64_t)status.bytes);
	report_text (report, "backup_problem_id", "Masalah",
		     status.problem != NULL ? status.problem->text_id : "");
	report_text (report, "backup_problem_en", "(Problem)",
		     status.problem != NULL ? status.problem->text_en : "");
	report_text (report, "same_disk", "Di disk yang sama (on the same disk)",
		     status.same_disk ? "yes" : "no");
	report_backup (hub, report);
	return ERR_OK;
}

/* ---- the clock ---- */

static void report_clock (hub_t *hub, report_t *report)
{
	report_text (report, "clock", "Jam mesin (the machine's clock)",
		     hub->time.doubtful ? "in-doubt" : "sound");
	if (!hub->time.doubtful)
		return;
	report_instant (report, "clock_now", "Jam mesin menunjukkan (it says)", clock_now_ms ());
	report_instant (report, "time_now", "Waktu yang dipakai hub (the hub goes by)", hub->now_ms);
	report_text (report, "clock_warning", "PERHATIAN (WARNING)",
		     "tidak ada surat yang dinyatakan kedaluwarsa; betulkan jam, atau bila jam itu benar: "
		     "jembatan-hubctl clock (no letter expires; set the clock right, or if it is right "
		     "say so with jembatan-hubctl clock)");
}

static err_t answer_clock (hub_t *hub, report_t *report, const struct control_command *command)
{
	if (hub->time.doubtful)
		LOG (NOTE, "clock.confirmed");
	hub_time_confirm (&hub->time, clock_now_ms (), clock_monotonic_ms ());
	hub_look_at_clocks (hub);
	report_instant (report, "time_now", "Waktu yang dipakai hub (the hub goes by)", hub->now_ms);
	return ERR_OK;
}

static err_t answer_status (hub_t *hub, report_t *report,
			    const struct control_command *command)
{
	char store[UUID_TEXT];
	uint64_t allowed, refused;
	err_t err;

	zap_counts (hub->zap, &allowed, &refused);
	report_text (report, "hub", "Hub", hub->setup.id);
	report_text (report, "version", "Versi program (program version)", JEMBATAN_VERSION);
	report_text (report, "state", "Keadaan (state)", hub->draining ? "draining" : "running");
	report_text (report, "endpoint", "Alamat (endpoint)", link_endpoint (hub->link));
	report_instant (report, "since", "Berjalan sejak (running since)", hub->started_ms);
	report_text (report, "store_id", "ID penyimpanan (store id)",
		     uuid_text (custody_store_id (hub->custody)->b, store));
	report_number (report, "checkpoint_size", "Daun log penitipan (custody leaves)",
		       (int64_t)custody_size (hub->custody));
	report_number (report, "directory_version", "Versi direktori (directory version)",
		       (int64_t)roster_version (hub->roster));
	report_instant (report, "directory_expires", "Direktori berlaku hingga (expires)",
			directory_data (roster_directory (hub->roster))->expires_ms);
	report_number (report, "sessions", "Instansi terhubung (sessions)",
		       (int64_t)hub_sessions (hub));
	report_number (report, "handshakes_refused", "Jabat tangan ditolak (handshakes refused)",
		       (int64_t)refused);
	report_number (report, "credit_free_bytes", "Jatah kiriman tersisa (free credit, bytes)",
		       (int64_t)hub->pool.free_bytes);
	report_text (report, "space", "Ruang simpan (disk space)",
		     hub->no_room ? "nearly-full" :
		     hub->no_room_blobs ? "letters-only" : "enough");
	report_clock (hub, report);
	report_backup (hub, report);
	report_figures (hub, report);
	err = report_attachments (hub, report);
	report_classes (hub, report);
	return err;
}

static void report_conditions (report_t *report, const struct conditions *conditions)
{
	report_text (report, "ready", "Siap (ready)", conditions_ready (conditions) ? "yes" : "no");
	for (size_t i = 0; i < conditions->count; i++)
		report_text (report, conditions->of[i].name, conditions->of[i].name,
			     conditions->of[i].holds ? "yes" : "no");
}

/* The words of the monitor's /ready, and an exit status for scripts. */
static err_t answer_ready (hub_t *hub, report_t *report, const struct control_command *command)
{
	struct conditions conditions = { .count = 0 };

	hub_conditions (hub, &conditions);
	report_conditions (report, &conditions);
	return conditions_ready (&conditions) ? ERR_OK : ERR_BUSY;
}

/* ---- members, queue ---- */

static void report_member (hub_t *hub, report_t *report, const struct member *member)
{
	const struct account *account = accounts_find (hub->accounts, &member->id);
	bool online = account != NULL && account->session != NULL;

	report_row (report);
	report_text (report, "id", "", member->id.text);
	report_text (report, "status", "",
		     member->status == MEMBER_IS_ACTIVE ? "active" : "suspended");
	report_text (report, "connected", "", online ? "yes" : "no");
	report_instant (report, "seen", "",
			online ? clock_now_ms () : account != NULL ? account->now.seen_ms : 0);
}

static err_t answer_members (hub_t *hub, report_t *report,
			    const struct control_command *command)
{
	const struct directory_data *data = directory_data (roster_directory (hub->roster));

	report_list (report, "members", "Anggota (members):");
	for (size_t i = 0; i < data->member_count; i++)
		report_member (hub, report, &data->members[i]);
	report_list_end (report);
	return ERR_OK;
}

static void report_lane (hub_t *hub, report_t *report, const struct account *account,
			 enum letter_class class)
{
	const struct class_lane *lane = &account->now.lane[class];

	if (lane->last == lane->stored)
		return;
	report_row (report);
	report_text (report, "recipient", "", account->id.text);
	report_text (report, "class", "", class_name (class));
	report_number (report, "waiting", "", (int64_t)(lane->last - lane->stored));
	report_number (report, "sent", "", account->session == NULL ? 0 :
		       (int64_t)(account->session->courier.lane[class].sent - lane->stored));
	report_instant (report, "oldest", "", oldest_ms (hub, account, class));
}

struct listing { hub_t *hub; report_t *report; };

static err_t report_sum (void *context, const struct blob_sum *sum)
{
	struct listing *listing = context;

	report_row (listing->report);
	report_text (listing->report, "recipient", "",
		     accounts_at (listing->hub->accounts, sum->recipient)->id.text);
	report_text (listing->report, "sender", "",
		     accounts_at (listing->hub->accounts, sum->sender)->id.text);
	report_number (listing->report, "waiting", "", (int64_t)sum->waiting);
	report_number (listing->report, "bytes", "", (int64_t)sum->held_bytes);
	return ERR_OK;
}

static err_t report_blobs (hub_t *hub, report_t *report)
{
	struct listing listing = { hub, report };
	err_t err;

	report_list (report, "attachments", "Lampiran (attachments):");
	err = store_blob_sums (hub->store, report_sum, &listing);
	report_list_end (report);
	return err;
}

static err_t report_one_parked (void *context, const struct parked *parked)
{
	struct listing *listing = context;
	char id[UUID_TEXT];

	report_row (listing->report);
	report_text (listing->report, "recipient", "",
		     accounts_at (listing->hub->accounts, parked->item.recipient)->id.text);
	report_text (listing->report, "sender", "",
		     accounts_at (listing->hub->accounts, parked->item.sender)->id.text);
	report_text (listing->report, "class", "", class_name (parked->item.class));
	report_text (listing->report, "letter", "", uuid_text (parked->item.id.b, id));
	report_number (listing->report, "times", "", parked->times);
	report_instant (listing->report, "again", "", parked->due_ms);
	return ERR_OK;
}

/* The first few; the metrics count all. */
static err_t report_parked (hub_t *hub, report_t *report)
{
	struct listing listing = { hub, report };
	err_t err;

	report_list (report, "parked", "Surat yang disisihkan (letters set aside):");
	err = store_each_parked (hub->store, INT64_MAX, report_one_parked, &listing);
	report_list_end (report);
	return err;
}

static err_t answer_queue (hub_t *hub, report_t *report,
			    const struct control_command *command)
{
	err_t err;

	report_list (report, "queue", "Antrean per penerima (queue by recipient):");
	for (size_t i = 1; i <= accounts_count (hub->accounts); i++) {
		for (int class = CLASS_STAT; class < CLASS_COUNT; class++)
			report_lane (hub, report, accounts_at (hub->accounts, (int64_t)i),
				     (enum letter_class)class);
	}
	report_list_end (report);
	err = report_parked (hub, report);
	return err == ERR_OK ? report_blobs (hub, report) : err;
}

/* ---- quotas ---- */

static void report_used (report_t *report, const char *key, uint64_t used, uint64_t quota)
{
	char text[48];

	snprintf (text, sizeof text, "%" PRIu64 "/%" PRIu64, used, quota);
	report_text (report, key, "", text);
}

static void report_quota (hub_t *hub, report_t *report, struct account *account)
{
	const struct quota *quota = hub_quota (hub, account);

	report_row (report);
	report_text (report, "agency", "", account->id.text);
	report_text (report, "quota", "",
		     quotas_own (hub->quotas, &account->id) != NULL ? "own" : "usual");
	report_used (report, "letters", account->now.queued_letters, quota->letters);
	report_used (report, "bytes", account->now.queued_bytes, quota->bytes);
	report_used (report, "blob_bytes", account->now.blob_bytes, quota->blob_bytes);
	report_number (report, "per_minute", "", (int64_t)quota->per_minute);
	report_text (report, "state", "", account->full_since_ms > 0 ? "full" : "open");
}

/* Of all who have one of their own or something here. */
static err_t answer_quota (hub_t *hub, report_t *report, const struct control_command *command)
{
	const struct quota *usual = &hub->setup.quota;

	report_number (report, "letters", "Surat per pengirim (letters per sender)",
		       (int64_t)usual->letters);
	report_number (report, "bytes", "Bita per pengirim (bytes per sender)",
		       (int64_t)usual->bytes);
	report_number (report, "blob_bytes", "Bita lampiran per pengirim (of attachments)",
		       (int64_t)usual->blob_bytes);
	report_number (report, "per_minute", "Surat per menit, 0 = bebas (per minute, 0 = free)",
		       (int64_t)usual->per_minute);
	report_list (report, "agencies", "Instansi, kuota, surat, bita, bita lampiran, per menit "
		     "(agency, quota, letters, bytes, of attachments, per minute):");
	for (size_t i = 1; i <= accounts_count (hub->accounts); i++) {
		struct account *account = accounts_at (hub->accounts, (int64_t)i);

		if (quotas_own (hub->quotas, &account->id) != NULL ||
		    account->now.queued_letters > 0 || account->now.blob_bytes > 0)
			report_quota (hub, report, account);
	}
	report_list_end (report);
	return ERR_OK;
}

/* ---- orders ---- */

static void report_problem (report_t *report, const char *text_id, const char *text_en)
{
	report_text (report, "problem_id", "Masalah (problem)", text_id);
	report_text (report, "problem_en", "", text_en);
}

static err_t answer_reload (hub_t *hub, report_t *report,
			    const struct control_command *command)
{
	OWNED (problems) problems = problems_new ();
	err_t err = hub_read_again (hub, problems);

	for (size_t i = 0; i < problems_count (problems); i++)
		report_problem (report, problems_at (problems, i)->text_id,
				problems_at (problems, i)->text_en);
	report_number (report, "directory_version", "Versi direktori (directory version)",
		       (int64_t)roster_version (hub->roster));
	return err;
}

static err_t answer_backup (hub_t *hub, report_t *report, const struct control_command *command)
{
	OWNED (problems) problems = problems_new ();
	err_t err = backups_start (hub->backups, command->folder, problems);

	for (size_t i = 0; i < problems_count (problems); i++)
		report_problem (report, problems_at (problems, i)->text_id,
				problems_at (problems, i)->text_en);
	if (err == ERR_OK)
		report_text (report, "backup", "Pencadangan (backup)", "copying");
	return err;
}

static err_t answer_drain (hub_t *hub, report_t *report,
			    const struct control_command *command)
{
	hub->draining = true;
	LOG (INFO, "hub.draining");
	report_text (report, "state", "Keadaan (state)", "draining");
	return ERR_OK;
}

static err_t answer_stop (hub_t *hub, report_t *report,
			    const struct control_command *command)
{
	hub_end_soon (hub);
	report_text (report, "state", "Keadaan (state)", "stopping");
	return ERR_OK;
}

/* ---- release ---- */

/* Forgets which ledger the agency had, and commits that.  Its marks stay until the next HELLO, which
 * begins a new pair of stores; what waits for it stays queued behind them. */
static err_t forget_store (hub_t *hub, struct account *account)
{
	err_t err;

	hub_look_at_clocks (hub);
	hub->group->began_us = zclock_usecs ();
	err = group_write (hub);
	if (err == ERR_OK) {
		account_touch (hub->accounts, account);
		account->now.store = (struct store_id){ { 0 } };
	}
	group_finish (hub);
	if (err == ERR_OK && hub->stopped != ERR_OK)
		err = hub->stopped;
	return err == ERR_OK && !ID_IS_NONE (account->now.store) ? ERR_NO_SPACE : err;
}

static err_t may_release (const struct account *account, report_t *report)
{
	if (account == NULL) {
		report_problem (report, "hub belum pernah mengenal buku besar instansi ini",
				"the hub has never known a ledger of this agency");
		return ERR_NOT_FOUND;
	}
	if (account->session != NULL) {
		report_problem (report,
				"instansi ini terhubung; hentikan agennya, atau bila agen itu mati "
				"mendadak, tunggu lima menit",
				"this agency is connected; stop its agent or, when that died without a "
				"word, wait five minutes");
		return ERR_CONFLICT;
	}
	return ERR_OK;
}

static int64_t waiting_for (const struct account *account)
{
	uint64_t sum = 0;

	for (int class = CLASS_STAT; class < CLASS_COUNT; class++)
		sum += account->now.lane[class].last - account->now.lane[class].stored;
	return (int64_t)sum;
}

static err_t answer_release (hub_t *hub, report_t *report,
			     const struct control_command *command)
{
	const struct agency_id *agency = &command->agency;
	struct account *account = accounts_find (hub->accounts, agency);
	struct store_id store = account != NULL ? account->now.store : (struct store_id){ { 0 } };
	err_t err = may_release (account, report);

	if (err == ERR_OK)
		err = forget_store (hub, account);
	if (err != ERR_OK)
		return err;
	LOG (NOTE, "ledger.released", LOG_A ("agency", agency), LOG_U ("store", store));
	report_text (report, "agency", "Instansi dilepas (agency released)", agency->text);
	report_number (report, "waiting", "Menunggu buku besar baru (waiting for it)",
		       waiting_for (account));
	return ERR_OK;
}

typedef err_t (answer_fn) (hub_t *hub, report_t *report, const struct control_command *command);

static answer_fn *const answers[] = {
	[CONTROL_STATUS] = answer_status,   [CONTROL_MEMBERS] = answer_members,
	[CONTROL_QUEUE] = answer_queue,	    [CONTROL_RELOAD] = answer_reload,
	[CONTROL_RELEASE] = answer_release, [CONTROL_DRAIN] = answer_drain,
	[CONTROL_STOP] = answer_stop,	    [CONTROL_READY] = answer_ready,
	[CONTROL_BACKUP] = answer_backup,   [CONTROL_BACKUPS] = answer_backups,
	[CONTROL_CLOCK] = answer_clock,	    [CONTROL_QUOTA] = answer_quota,
};

err_t operator_answer (void *context, const struct control_command *command, buffer_t *answer)
{
	OWNED (report) report = report_new (command->json);
	err_t err, added;

	group_marks (context);
	err = answers[command->verb](context, report, command);
	added = buffer_add (answer, report_bytes (report));
	return err != ERR_OK ? err : added;
}
