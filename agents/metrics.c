#include "agents/metrics.h"

#include <sys/statvfs.h>

#include "jembatan/clock.h"

#define ROOM_NEEDED_BYTES (16 * (int64_t)MIB)   /* below it a write may fail at any moment */
#define ALARMS_COUNTED 1000u

/* What one scrape looks up once. */
struct scrape {
	const struct agent_watch *watch;
	struct post_status post;
	struct outbox_counts outbox;
	struct ledger_size size;
};

static ledger_t *ledger_of (const struct agent_watch *watch)
{
	return desk_parts (watch->desk)->ledger;
}

static int64_t room_bytes (const struct agent_watch *watch)
{
	struct statvfs disk;

	if (statvfs (watch->folder, &disk) != 0)
		return 0;
	return (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
}

/* ---- samples of more than one value ---- */

static void write_build (const struct scrape *scrape, metrics_t *metrics)
{
	metrics_value (metrics, JEMBATAN_VERSION, 1);
}

static void write_outbox (const struct scrape *scrape, metrics_t *metrics)
{
	const struct outbox_counts *counts = &scrape->outbox;
	const struct { enum outbox_state state; uint64_t count; } rows[] = {
		{ OUTBOX_WRITTEN, counts->written },       { OUTBOX_SEALED, counts->sealed },
		{ OUTBOX_IN_CUSTODY, counts->in_custody }, { OUTBOX_REFUSED, counts->refused },
		{ OUTBOX_EXPIRED, counts->expired },
	};

	for (size_t i = 0; i < COUNT_OF (rows); i++)
		metrics_value (metrics, outbox_state_name (rows[i].state), (double)rows[i].count);
}

/* Those that somebody or something waits for; the others grow for ever and tell nothing. */
static void write_inbox (const struct scrape *scrape, metrics_t *metrics)
{
	static const enum inbox_state waiting[] = { INBOX_PARKED, INBOX_ORPHAN, INBOX_HELD,
						    INBOX_UNKNOWN, INBOX_QUARANTINED };

	for (size_t i = 0; i < COUNT_OF (waiting); i++)
		metrics_value (metrics, inbox_state_name (waiting[i]),
			       (double)inbox_waiting (ledger_of (scrape->watch), waiting[i]));
}

static void write_refused (const struct scrape *scrape, metrics_t *metrics)
{
	metrics_errors (metrics, post_refused (scrape->watch->post));
}

static void write_arrivals_refused (const struct scrape *scrape, metrics_t *metrics)
{
	metrics_errors (metrics, desk_refused (scrape->watch->desk));
}

static void write_door_refused (const struct scrape *scrape, metrics_t *metrics)
{
	metrics_errors (metrics, door_refused (scrape->watch->door));
}

static void write_requests_refused (const struct scrape *scrape, metrics_t *metrics)
{
	metrics_errors (metrics, api_refused (scrape->watch->api));
}

/* Those that are on their way, out or in. */
static const enum attachment_state on_the_way[] = { ATTACHMENT_WAITING, ATTACHMENT_SENDING,
						    ATTACHMENT_AT_HUB, ATTACHMENT_EXPECTED,
						    ATTACHMENT_FETCHED };

static void write_attachments (const struct scrape *scrape, metrics_t *metrics)
{
	for (size_t i = 0; i < COUNT_OF (on_the_way); i++)
		metrics_value (metrics, attachment_state_name (on_the_way[i]),
			       (double)attachment_sum (ledger_of (scrape->watch), on_the_way[i]).count);
}

static void write_attachment_bytes (const struct scrape *scrape, metrics_t *metrics)
{
	for (size_t i = 0; i < COUNT_OF (on_the_way); i++)
		metrics_value (metrics, attachment_state_name (on_the_way[i]),
			       (double)attachment_sum (ledger_of (scrape->watch), on_the_way[i]).bytes);
}

static void write_commit_entries (const struct scrape *scrape, metrics_t *metrics)
{
	metrics_histogram (metrics, &ledger_commits (ledger_of (scrape->watch))->entries);
}

static void write_commit_seconds (const struct scrape *scrape, metrics_t *metrics)
{
	metrics_histogram (metrics, &ledger_commits (ledger_of (scrape->watch))->seconds);
}

/* ---- single values ---- */

static double locked (const struct scrape *s) { return s->watch->desk == NULL; }

static double sent (const struct scrape *s) { return (double)s->post.sent; }
static double received (const struct scrape *s) { return (double)s->post.received; }
static double unanswered (const struct scrape *s) { return s->post.unanswered; }
static double sessions (const struct scrape *s) { return (double)s->post.sessions; }
static double credit_letters (const struct scrape *s) { return s->post.credit.letters; }
static double credit_bytes (const struct scrape *s) { return (double)s->post.credit.bytes; }
static double sign_ins (const struct scrape *s) { return (double)door_signed_in (s->watch->door); }
static double connected (const struct scrape *s) { return s->post.connected; }
static double clock_offset (const struct scrape *s) { return (double)s->post.hub_offset_ms / 1000; }
static double entries (const struct scrape *s) { return (double)s->size.entries; }
static double bytes (const struct scrape *s) { return (double)s->size.bytes; }
static double room (const struct scrape *s) { return (double)room_bytes (s->watch); }

static double line_since (const struct scrape *scrape)
{
	return (double)(clock_now_ms () - scrape->post.since_ms) / 1000;
}

static double backup_age (const struct scrape *scrape)
{
	int64_t since_ms = desk_backup_since_ms (scrape->watch->desk);

	return since_ms == 0 ? 0 : (double)(clock_now_ms () - since_ms) / 1000;
}

static double oldest (const struct scrape *scrape)
{
	int64_t since_ms = scrape->outbox.oldest_ms;

	return since_ms == 0 ? 0 : (double)(clock_now_ms () - since_ms) / 1000;
}

static double alarms (const struct scrape *scrape)
{
	OWNED (arena) arena = arena_new (4 * MIB);
	struct alarm *rows;

	return (double)alarm_list (ledger_of (scrape->watch), 0, ALARMS_COUNTED, arena, &rows);
}

static double directory_version (const struct scrape *scrape)
{
	return (double)directory_data (desk_parts (scrape->watch->desk)->directory)->version;
}

static double directory_left (const struct scrape *scrape)
{
	const struct directory_data *data =
		directory_data (desk_parts (scrape->watch->desk)->directory);

	return (double)(data->expires_ms - clock_now_ms ()) / 1000;
}

/* ---- the table ---- */

#define COUNTER METRIC_COUNTER, "", ""
#define GAUGE METRIC_GAUGE, "", ""
#define BYTES METRIC_GAUGE, "bytes", ""
#define SECONDS METRIC_GAUGE, "seconds", ""

/* One of the two tells where the value is from.  clang-format off */
static const struct row {
	struct metric metric;
	double (*read) (const struct scrape *scrape);
	void (*write) (const struct scrape *scrape, metrics_t *metrics);
	bool always;                     /* told while the ledger is locked, too */
} rows[] = {
	{ { "jembatan_agent_build", METRIC_INFO, "", "version", "The program." }, .write = write_build, .always = true },
	{ { "jembatan_agent_locked", GAUGE, "1 while the ledger waits for its passphrase." }, .read = locked, .always = true },
	{ { "jembatan_agent_letters_sent", COUNTER, "Letters that the hub took, since the start." }, .read = sent },
	{ { "jembatan_agent_letters_received", COUNTER, "Letters that arrived, since the start." }, .read = received },
	{ { "jembatan_agent_letters_refused", METRIC_COUNTER, "", "error", "Letters that the hub refused or put off, since the start, by error." }, .write = write_refused },
	{ { "jembatan_agent_arrivals_refused", METRIC_COUNTER, "", "error", "Letters of others that were refused here, since the start, by error." }, .write = write_arrivals_refused },
	{ { "jembatan_agent_requests_refused", METRIC_COUNTER, "", "error", "Requests of people and programs that were refused, since the start, by error." }, .write = write_requests_refused },
	{ { "jembatan_agent_sign_ins", COUNTER, "How often somebody signed in to the console, since the start." }, .read = sign_ins },
	{ { "jembatan_agent_door_refused", METRIC_COUNTER, "", "error", "Sign-ins, sessions and keys that were refused at the door, since the start, by error." }, .write = write_door_refused },
	{ { "jembatan_agent_letters_unanswered", GAUGE, "Letters on their way to the hub." }, .read = unanswered },
	{ { "jembatan_agent_outbox_letters", METRIC_GAUGE, "", "state", "Letters in the outbox that have not ended well." }, .write = write_outbox },
	{ { "jembatan_agent_outbox_oldest_age_seconds", SECONDS, "How long the oldest letter has gone without the word of its recipient; 0 when there is none." }, .read = oldest },
	{ { "jembatan_agent_inbox_letters", METRIC_GAUGE, "", "state", "Letters that arrived and wait for something." }, .write = write_inbox },
	{ { "jembatan_agent_attachments", METRIC_GAUGE, "", "state", "Attachments on their way, out or in." }, .write = write_attachments },
	{ { "jembatan_agent_attachments_length_bytes", METRIC_GAUGE, "bytes", "state", "How long those are together." }, .write = write_attachment_bytes },
	{ { "jembatan_agent_commit_entries", METRIC_HISTOGRAM, "", "", "Entries in one commit of the ledger." }, .write = write_commit_entries },
	{ { "jembatan_agent_commit_duration_seconds", METRIC_HISTOGRAM, "seconds", "", "What a commit took until it was durable." }, .write = write_commit_seconds },
	{ { "jembatan_agent_sessions", COUNTER, "How often the hub has welcomed the agent, since the start." }, .read = sessions },
	{ { "jembatan_agent_credit_letters", GAUGE, "Letters that may be on their way to the hub; 0 while it is not connected." }, .read = credit_letters },
	{ { "jembatan_agent_credit_bytes", BYTES, "Bytes that may be." }, .read = credit_bytes },
	{ { "jembatan_agent_backup_age_seconds", SECONDS, "Since the last backup, or since the ledger began when there is none; 0 while it is empty." }, .read = backup_age },
	{ { "jembatan_agent_connected", GAUGE, "1 while the hub has welcomed the agent." }, .read = connected },
	{ { "jembatan_agent_line_age_seconds", SECONDS, "Since it is connected, or is not." }, .read = line_since },
	{ { "jembatan_agent_clock_offset_seconds", SECONDS, "The hub's time minus ours." }, .read = clock_offset },
	{ { "jembatan_agent_alarms", GAUGE, "Alarms that stand open, a thousand at most." }, .read = alarms },
	{ { "jembatan_agent_ledger_entries", GAUGE, "Entries of the ledger." }, .read = entries },
	{ { "jembatan_agent_ledger_size_bytes", BYTES, "The ledger on disk." }, .read = bytes },
	{ { "jembatan_agent_disk_room_bytes", BYTES, "Free disk at the ledger." }, .read = room },
	{ { "jembatan_agent_directory_version", GAUGE, "Version of the directory in force." }, .read = directory_version },
	{ { "jembatan_agent_directory_left_seconds", SECONDS, "Until the directory expires; negative when it has." }, .read = directory_left },
};
/* clang-format on */

void agent_metrics (const struct agent_watch *watch, metrics_t *metrics)
{
	struct scrape scrape = { .watch = watch };

	if (watch->desk != NULL) {
		post_status (watch->post, &scrape.post);
		scrape.outbox = outbox_counts (ledger_of (watch));
		scrape.size = ledger_size (ledger_of (watch));
	}
	for (size_t i = 0; i < COUNT_OF (rows); i++) {
		if (watch->desk == NULL && !rows[i].always)
			continue;
		metrics_family (metrics, &rows[i].metric);
		if (rows[i].write != NULL)
			rows[i].write (&scrape, metrics);
		else
			metrics_value (metrics, "", rows[i].read (&scrape));
	}
}

void agent_conditions (const struct agent_watch *watch, struct conditions *ret_conditions)
{
	const directory_t *directory;
	struct post_status status;

	conditions_add (ret_conditions, "unlocked", watch->desk != NULL, true);
	if (watch->desk == NULL)
		return;
	directory = desk_parts (watch->desk)->directory;
	post_status (watch->post, &status);
	conditions_add (ret_conditions, "ledger", post_stopped (watch->post) == ERR_OK, true);
	conditions_add (ret_conditions, "disk", room_bytes (watch) >= ROOM_NEEDED_BYTES &&
						desk_has_room (watch->desk), true);
	conditions_add (ret_conditions, "directory",
			directory_age (directory, clock_now_ms ()) != DIRECTORY_DEGRADED, true);
	conditions_add (ret_conditions, "connected", status.connected, false);
}
