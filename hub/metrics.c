/*
 * What the monitor is shown.  Everything is summed from figures that the hub keeps anyway; only the
 * age of the oldest item costs a look into the store, for lanes whose head has moved, and of those a
 * bounded number for each scrape.
 */
#include "hub/core.h"

#include "jembatan/clock.h"

#define HEADS_PER_SCRAPE 100u

/* ---- what happened ---- */

static const double letter_bounds[HISTOGRAM_BOUNDS] = { 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 384,
							512, 768, 1024 };
static const double second_bounds[HISTOGRAM_BOUNDS] = { 0.0001, 0.00025, 0.0005, 0.001, 0.0025,
							0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,
							1, 5 };

void figures_start (struct figures *figures)
{
	figures->group_letters.bounds = letter_bounds;
	figures->group_seconds.bounds = second_bounds;
}

/* ---- what is ---- */

size_t hub_sessions (hub_t *hub)
{
	size_t live = 0;

	for (size_t i = 0; i < sessions_count (hub->sessions); i++)
		live += !sessions_at (hub->sessions, i)->ended;
	return live;
}

uint64_t hub_queued (hub_t *hub, enum letter_class class)
{
	uint64_t sum = 0;

	for (size_t i = 1; i <= accounts_count (hub->accounts); i++) {
		const struct class_lane *lane =
			&accounts_at (hub->accounts, (int64_t)i)->now.lane[class];

		sum += lane->last - lane->stored;
	}
	return sum;
}

/* Looks at the head of a lane again when it is another one and there are looks left. */
static void refresh_head (hub_t *hub, struct account *account, enum letter_class class,
			  unsigned *looks)
{
	struct lane_head *head = &account->head[class];
	uint64_t first = account->now.lane[class].stored + 1;
	struct bytes h, c;
	struct item item;

	if (head->number == first || *looks == 0)
		return;
	--*looks;
	if (store_fetch (hub->store, account->number, class, first, &item, &h, &c) == ERR_OK)
		*head = (struct lane_head){ first, item.taken_ms };
}

/* When the oldest waiting item of a class was taken; 0 when none waits. */
static int64_t oldest_of (hub_t *hub, enum letter_class class, unsigned *looks)
{
	int64_t oldest = 0;

	for (size_t i = 1; i <= accounts_count (hub->accounts); i++) {
		struct account *account = accounts_at (hub->accounts, (int64_t)i);
		int64_t taken_ms;

		if (account->now.lane[class].stored == account->now.lane[class].last)
			continue;
		refresh_head (hub, account, class, looks);
		taken_ms = account->head[class].taken_ms;
		if (taken_ms != 0 && (oldest == 0 || taken_ms < oldest))
			oldest = taken_ms;
	}
	return oldest;
}

/* ---- samples that are more than one figure ---- */

static void write_queue (hub_t *hub, metrics_t *metrics)
{
	for (int class = CLASS_STAT; class < CLASS_COUNT; class++)
		metrics_value (metrics, class_name ((enum letter_class)class),
			       (double)hub_queued (hub, (enum letter_class)class));
}

static void write_oldest (hub_t *hub, metrics_t *metrics)
{
	unsigned looks = HEADS_PER_SCRAPE;

	for (int class = CLASS_STAT; class < CLASS_COUNT; class++) {
		int64_t oldest_ms = oldest_of (hub, (enum letter_class)class, &looks);

		metrics_value (metrics, class_name ((enum letter_class)class),
			       oldest_ms != 0 ? (double)(clock_now_ms () - oldest_ms) / 1000 : 0);
	}
}

static void write_refused (hub_t *hub, metrics_t *metrics)
{
	metrics_errors (metrics, &hub->figures.refused);
}

static void write_handshakes (hub_t *hub, metrics_t *metrics)
{
	uint64_t allowed, refused;

	zap_counts (hub->zap, &allowed, &refused);
	metrics_value (metrics, "allowed", (double)allowed);
	metrics_value (metrics, "refused", (double)refused);
}

static void write_group_letters (hub_t *hub, metrics_t *metrics)
{
	metrics_histogram (metrics, &hub->figures.group_letters);
}

static void write_group_seconds (hub_t *hub, metrics_t *metrics)
{
	metrics_histogram (metrics, &hub->figures.group_seconds);
}

static void write_build (hub_t *hub, metrics_t *metrics)
{
	metrics_value (metrics, JEMBATAN_VERSION, 1);
}

/* ---- single figures that are not kept as such ---- */

static double sessions (hub_t *hub) { return (double)hub_sessions (hub); }
static double dropped (hub_t *hub) { return (double)link_dropped (hub->link); }
static double credit_used (hub_t *hub) { return (double)(hub->pool.size_bytes - hub->pool.free_bytes); }
static double credit_size (hub_t *hub) { return (double)hub->pool.size_bytes; }

static double parked (hub_t *hub)
{
	uint64_t count = 0;

	return store_parked_count (hub->store, &count) == ERR_OK ? (double)count : 0;
}

static err_t add_sum (void *context, const struct blob_sum *sum)
{
	struct blob_sum *all = context;

	all->waiting += sum->waiting;
	all->held_bytes += sum->held_bytes;
	return ERR_OK;
}

static struct blob_sum attachments_of (hub_t *hub)
{
	struct blob_sum all = { .waiting = 0 };

	return store_blob_sums (hub->store, add_sum, &all) == ERR_OK ? all
								     : (struct blob_sum){ .waiting = 0 };
}

static double attachments (hub_t *hub) { return (double)attachments_of (hub).waiting; }
static double attachment_bytes (hub_t *hub) { return (double)attachments_of (hub).held_bytes; }

/* Of a hub that made none yet, since it has something to lose. */
static double backup_age (hub_t *hub)
{
	int64_t last_ms = backups_last_ms (hub->backups);

	return (double)(clock_now_ms () -
			(last_ms > 0 ? last_ms : custody_since_ms (hub->custody))) / 1000;
}

static double leaves (hub_t *hub) { return (double)custody_size (hub->custody); }
static double room (hub_t *hub) { return (double)store_room_bytes (hub->store); }
static double room_wanted (hub_t *hub) { return (double)hub->setup.min_free_bytes; }

static double directory_version (hub_t *hub)
{
	return (double)roster_version (hub->roster);
}

static double directory_left (hub_t *hub)
{
	const struct directory_data *data = directory_data (roster_directory (hub->roster));

	return (double)(data->expires_ms - clock_now_ms ()) / 1000;
}

static double members (hub_t *hub)
{
	return (double)directory_data (roster_directory (hub->roster))->member_count;
}

static double clock_in_doubt (hub_t *hub) { return hub->time.doubtful ? 1 : 0; }

/* ---- the table ---- */

#define FIGURE(name) .at = offsetof (struct figures, name)
#define COUNTER METRIC_COUNTER, "", ""
#define GAUGE METRIC_GAUGE, "", ""
#define BYTES METRIC_GAUGE, "bytes", ""
#define SECONDS METRIC_GAUGE, "seconds", ""

/* One of the three tells where the value is from.  clang-format off */
static const struct row {
	struct metric metric;
	size_t at;                       /* in struct figures */
	double (*read) (hub_t *hub);
	void (*write) (hub_t *hub, metrics_t *metrics);
} rows[] = {
	{ { "jembatan_hub_build", METRIC_INFO, "", "version", "The program." }, .write = write_build },
	{ { "jembatan_hub_letters_taken", COUNTER, "Letters taken into custody." }, FIGURE (letters_taken) },
	{ { "jembatan_hub_letters_again", COUNTER, "Letters put again that were in custody already." }, FIGURE (letters_again) },
	{ { "jembatan_hub_letters_refused", METRIC_COUNTER, "", "error", "Letters refused or put off, by error." }, .write = write_refused },
	{ { "jembatan_hub_deliveries", COUNTER, "Letters sent to recipients, repeats included." }, FIGURE (deliveries) },
	{ { "jembatan_hub_letters_stored", COUNTER, "Letters stored at their recipients." }, FIGURE (letters_stored) },
	{ { "jembatan_hub_letters_expired", COUNTER, "Letters that ended here by their expiry." }, FIGURE (letters_expired) },
	{ { "jembatan_hub_letters_recalled", COUNTER, "Letters that their senders took back." }, FIGURE (letters_recalled) },
	{ { "jembatan_hub_letters_parked", COUNTER, "Letters set aside because their recipient failed to store them." }, FIGURE (letters_parked) },
	{ { "jembatan_hub_parked", GAUGE, "Letters that are set aside now." }, .read = parked },
	{ { "jembatan_hub_queue_letters", METRIC_GAUGE, "", "class", "Letters that wait for their recipients." }, .write = write_queue },
	{ { "jembatan_hub_queue_oldest_age_seconds", METRIC_GAUGE, "seconds", "class", "How long the oldest of them has waited; 0 when none waits." }, .write = write_oldest },
	{ { "jembatan_hub_attachments", GAUGE, "Attachments that wait for bytes, or for their recipients." }, .read = attachments },
	{ { "jembatan_hub_attachments_held_bytes", BYTES, "What of them is here." }, .read = attachment_bytes },
	{ { "jembatan_hub_attachments_whole", COUNTER, "Attachments that were here as a whole." }, FIGURE (blobs_whole) },
	{ { "jembatan_hub_attachments_damaged", COUNTER, "Attachments that were not what their name says, and begun anew." }, FIGURE (blobs_damaged) },
	{ { "jembatan_hub_attachments_sent_bytes", METRIC_COUNTER, "bytes", "", "Bytes of attachments sent to recipients." }, FIGURE (blob_bytes_out) },
	{ { "jembatan_hub_commit_letters", METRIC_HISTOGRAM, "", "", "Letters in one commit." }, .write = write_group_letters },
	{ { "jembatan_hub_commit_duration_seconds", METRIC_HISTOGRAM, "seconds", "", "From the first frame of a turn until its commit was durable." }, .write = write_group_seconds },
	{ { "jembatan_hub_credit_used_bytes", BYTES, "Credit that sessions hold." }, .read = credit_used },
	{ { "jembatan_hub_credit_pool_bytes", BYTES, "Credit that there is." }, .read = credit_size },
	{ { "jembatan_hub_sessions", GAUGE, "Agencies connected." }, .read = sessions },
	{ { "jembatan_hub_sessions_ended", COUNTER, "Sessions that the hub ended." }, FIGURE (sessions_ended) },
	{ { "jembatan_hub_handshakes", METRIC_COUNTER, "", "result", "Handshakes answered; one refused one at each start is the self-test." }, .write = write_handshakes },
	{ { "jembatan_hub_frames_bad", COUNTER, "Frames that broke the protocol." }, FIGURE (frames_bad) },
	{ { "jembatan_hub_frames_dropped", COUNTER, "Frames without a member or with a routing id of their own." }, .read = dropped },
	{ { "jembatan_hub_custody_leaves", GAUGE, "Entries of the custody log." }, .read = leaves },
	{ { "jembatan_hub_backup_age_seconds", SECONDS, "Since the last backup, or since the store began when there is none." }, .read = backup_age },
	{ { "jembatan_hub_store_room_bytes", BYTES, "Room for new letters: free disk and free pages." }, .read = room },
	{ { "jembatan_hub_store_min_free_bytes", BYTES, "Below it new letters are put off." }, .read = room_wanted },
	{ { "jembatan_hub_directory_version", GAUGE, "Version of the directory in force." }, .read = directory_version },
	{ { "jembatan_hub_directory_left_seconds", SECONDS, "Until the directory expires; negative when it has." }, .read = directory_left },
	{ { "jembatan_hub_members", GAUGE, "Members in the directory." }, .read = members },
	{ { "jembatan_hub_clock_in_doubt", GAUGE, "1 while the machine's clock stands where it can't, and nothing expires." }, .read = clock_in_doubt },
};
/* clang-format on */

static double figure_at (const hub_t *hub, size_t at)
{
	return (double)*(const uint64_t *)((const char *)&hub->figures + at);
}

void hub_metrics (void *arg, metrics_t *metrics)
{
	hub_t *hub = arg;

	for (size_t i = 0; i < COUNT_OF (rows); i++) {
		const struct row *row = &rows[i];

		metrics_family (metrics, &row->metric);
		if (row->write != NULL)
			row->write (hub, metrics);
		else
			metrics_value (metrics, "",
				       row->read != NULL ? row->read (hub) : figure_at (hub, row->at));
	}
}

void hub_conditions (void *arg, struct conditions *ret_conditions)
{
	const hub_t *hub = arg;

	conditions_add (ret_conditions, "store", hub->stopped == ERR_OK, true);
	conditions_add (ret_conditions, "listening", link_listening (hub->link) && !hub->ending, true);
	conditions_add (ret_conditions, "taking", !hub->draining, true);
	conditions_add (ret_conditions, "disk", !hub->no_room, true);
}
