/*
 * The life of a hub, and its loop.
 */
#include "hub/backup.h"
#include "hub/core.h"

#include <sys/signalfd.h>

#include "hub/operator.h"
#include "hub/selftest.h"
#include "jembatan/clock.h"
#include "jembatan/log.h"
#include "proto/supervisor.h"

#define TICK_MS 500
#define WORK_MS 2                /* between two slices of longer work: the link comes first */
#define MARKS_MS 5               /* that STORED marks wait for company */
#define STATUS_TICKS 20u
#define GROUP_BODIES_BYTES (2 * LINK_GROUP_BYTES)   /* letters and the ends of blocks */
#define FRAME_OUT_BYTES (2u * MIB)   /* the largest of our frames, and what its encoder needs */

void hub_look_at_clocks (hub_t *hub)
{
	int64_t wall_ms = clock_now_ms ();
	bool doubted = hub->time.doubtful;

	hub->mono_ms = clock_monotonic_ms ();
	hub->now_ms = hub_time_look (&hub->time, wall_ms, hub->mono_ms);
	if (hub->time.doubtful && !doubted)
		LOG (WARN, "clock.in_doubt", LOG_N ("clock_ms", wall_ms),
		     LOG_N ("time_ms", hub->now_ms));
	else if (doubted && !hub->time.doubtful)
		LOG (NOTE, "clock.sound");
}

/* ---- starting ---- */

static err_t load_keys (hub_t *hub, problems_t *problems)
{
	err_t err = keypair_load (KEY_LINK, hub->setup.keys, &hub->link_key, problems);

	return err == ERR_OK ? keypair_load (KEY_LOG, hub->setup.keys, &hub->log_key, problems) : err;
}

/* A hub that the directory names otherwise would be refused by every agent. */
static err_t check_own_entry (hub_t *hub, problems_t *problems)
{
	const struct hub_entry *entry = directory_hub (roster_directory (hub->roster), hub->setup.id);
	struct public_key link, log;

	if (entry == NULL)
		return problems_add (problems, ERR_CONFIG, "hub/id",
				     "hub %s tidak ada dalam direktori; daftarkan dahulu",
				     "the hub %s is not in the directory; have it enrolled first",
				     quoted (hub->setup.id));
	link = keypair_public (hub->link_key);
	log = keypair_public (hub->log_key);
	if (ID_EQUAL (entry->link_key, link) && ID_EQUAL (entry->log_key, log))
		return ERR_OK;
	return problems_add (problems, ERR_KEY_FILE, "hub/keys",
			     "kunci di %s bukan kunci hub %s menurut direktori",
			     "the keys in %s are not those of the hub %s in the directory",
			     quoted (hub->setup.keys), quoted (hub->setup.id));
}

/* The newest leaf was certainly in the past, and so was the signing of the directory. */
static err_t begin_time (hub_t *hub)
{
	int64_t past_ms = directory_data (roster_directory (hub->roster))->issued_ms;
	int64_t leaf_ms = 0;
	err_t err = custody_newest_ms (hub->custody, &leaf_ms);

	hub_time_begin (&hub->time, leaf_ms > past_ms ? leaf_ms : past_ms, clock_monotonic_ms (),
			leaf_ms > 0);
	hub_look_at_clocks (hub);
	return err;
}

static err_t open_store (hub_t *hub, problems_t *problems)
{
	err_t err = store_open (hub->setup.data, &hub->store, problems);

	if (err == ERR_OK)
		err = roster_open (hub->setup.directory, hub->setup.data, &hub->roster, problems);
	if (err == ERR_OK)
		err = check_own_entry (hub, problems);
	if (err == ERR_OK)
		err = custody_open (hub->store, hub->log_key,
				    directory_data (roster_directory (hub->roster))->network,
				    hub->setup.id, &hub->custody);
	if (err == ERR_OK)
		err = store_load_accounts (hub->store, hub->accounts);
	if (err == ERR_OK)
		err = begin_time (hub);
	if (err == ERR_OK && store_in_group (hub->store))
		err = store_commit (hub->store);
	if (err == ERR_OK)
		custody_keep (hub->custody);
	if (err == ERR_CORRUPT && (problems == NULL || problems_count (problems) == 0))
		return problems_add (problems, err, "hub/data",
				     "%s/hub.db rusak: isinya bertentangan; pindahkan lalu mulai lagi",
				     "%s/hub.db is damaged: it contradicts itself; move it away and "
				     "start again", quoted (hub->setup.data));
	return err;
}

static err_t open_door (hub_t *hub, problems_t *problems)
{
	err_t err = zap_new (&hub->zap);

	if (err == ERR_OK)
		err = selftest_run (hub->zap, hub->link_key);
	if (err != ERR_OK)
		return problems_add (problems, err, "hub",
				     "uji diri gagal: kunci asing tidak ditolak, atau jabat tangan "
				     "percobaan tidak selesai; mulai lagi",
				     "the self-test failed: a stranger's key was not refused, or its "
				     "handshakes came to no end; start again");
	hub_admit (hub);
	return link_open (hub->setup.endpoint, hub->link_key, &hub->link, problems);
}

static int on_link (zloop_t *loop, zmq_pollitem_t *item, void *arg);
static int on_signal (zloop_t *loop, zmq_pollitem_t *item, void *arg);
static int on_tick (zloop_t *loop, int timer, void *arg);

static err_t join_loop (hub_t *hub, problems_t *problems)
{
	sigset_t set;

	hub->loop = zloop_new ();
	zloop_set_nonstop (hub->loop, true);
	hub->link_item = (zmq_pollitem_t){ .socket = link_socket (hub->link), .events = ZMQ_POLLIN };
	zloop_poller (hub->loop, &hub->link_item, on_link, hub);
	zloop_timer (hub->loop, TICK_MS, 0, on_tick, hub);
	if (hub->setup.signals) {
		sigemptyset (&set);
		sigaddset (&set, SIGTERM);
		sigaddset (&set, SIGINT);
		sigaddset (&set, SIGHUP);
		hub->signal_fd = signalfd (-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
		hub->signal_item = (zmq_pollitem_t){ .fd = hub->signal_fd, .events = ZMQ_POLLIN };
		zloop_poller (hub->loop, &hub->signal_item, on_signal, hub);
	}
	if (*hub->setup.control == '\0')
		return ERR_OK;
	return control_new (hub->setup.control, hub->loop, operator_answer, hub, &hub->control,
			    problems);
}

/* ---- backups ---- */

static err_t begin_backup (void *arg, vault_t **ret_key, struct store_id *ret_store,
			   struct backup_source *ret_source, problems_t *problems)
{
	hub_t *hub = arg;
	err_t err = hub_backup_key (hub->setup.keys, ret_key, problems);

	*ret_store = *custody_store_id (hub->custody);
	return err == ERR_OK ? store_copy (hub->store, ret_source) : err;
}

static void open_backups (hub_t *hub)
{
	const char *folder = hub->setup.backup_folder;
	const struct backups_parts parts = {
		.kind = ARCHIVE_HUB,
		.who = hub->setup.id,
		.data = hub->setup.data,
		.folder = folder != NULL ? folder : "",
		.mounted = hub->setup.backup_mounted,
		.keep = hub->setup.backup_keep,
		.begin = begin_backup,
		.arg = hub,
	};

	hub_restore_sweep (hub->setup.data);
	hub->backups = backups_new (&parts, hub->loop);
}

static err_t open_monitor (hub_t *hub, problems_t *problems)
{
	const struct monitor_parts parts = {
		.address = hub->setup.metrics,
		.public = hub->setup.metrics_public,
		.write = hub_metrics,
		.judge = hub_conditions,
		.arg = hub,
	};

	if (parts.address == NULL || *parts.address == '\0')
		return ERR_OK;
	return monitor_new (&parts, hub->loop, &hub->monitor, problems);
}

static err_t start (hub_t *hub, problems_t *problems)
{
	err_t err = keys_start ();

	if (err == ERR_OK)
		err = load_keys (hub, problems);
	if (err == ERR_OK)
		err = open_store (hub, problems);
	if (err == ERR_OK)
		err = hub_read_quotas (hub, problems);
	if (err == ERR_OK)
		link_start (hub->setup.io_threads);
	if (err == ERR_OK)
		err = open_door (hub, problems);
	if (err == ERR_OK)
		err = join_loop (hub, problems);
	if (err == ERR_OK)
		open_backups (hub);
	if (err == ERR_OK)
		err = open_monitor (hub, problems);
	return err;
}

err_t hub_new (const struct hub_setup *setup, hub_t **ret_hub, problems_t *problems)
{
	hub_t *hub = must_alloc (sizeof *hub);
	err_t err;

	memset (hub, 0, sizeof *hub);
	hub->setup = *setup;
	hub->signal_fd = -1;
	hub->now_ms = hub->started_ms = clock_now_ms ();
	hub->mono_ms = hub->busy_ms = clock_monotonic_ms ();
	hub->pool = (struct pool){ HUB_CREDIT_POOL_BYTES, HUB_CREDIT_POOL_BYTES };
	figures_start (&hub->figures);
	hub->accounts = accounts_new ();
	hub->sessions = sessions_new ();
	hub->in = arena_new (LIMIT_DECODE_ARENA_BYTES);
	hub->out = arena_new (FRAME_OUT_BYTES);
	hub->bodies = arena_new (GROUP_BODIES_BYTES);
	hub->group = must_alloc (sizeof *hub->group);
	memset (hub->group, 0, sizeof *hub->group);
	err = start (hub, problems);
	if (err != ERR_OK) {
		hub_destroy (&hub);
		return err;
	}
	*ret_hub = hub;
	return ERR_OK;
}

void hub_destroy (hub_t **hub)
{
	if (*hub == NULL)
		return;
	monitor_destroy (&(*hub)->monitor);
	control_destroy (&(*hub)->control);
	backups_destroy (&(*hub)->backups);
	if ((*hub)->signal_fd >= 0)
		close ((*hub)->signal_fd);
	zloop_destroy (&(*hub)->loop);
	link_destroy (&(*hub)->link);
	zap_destroy (&(*hub)->zap);
	custody_log_destroy (&(*hub)->custody);
	roster_destroy (&(*hub)->roster);
	store_destroy (&(*hub)->store);
	quotas_destroy (&(*hub)->quotas);
	sessions_destroy (&(*hub)->sessions);
	accounts_destroy (&(*hub)->accounts);
	keypair_destroy (&(*hub)->link_key);
	keypair_destroy (&(*hub)->log_key);
	arena_destroy (&(*hub)->in);
	arena_destroy (&(*hub)->out);
	arena_destroy (&(*hub)->bodies);
	hasher_destroy (&(*hub)->check.hasher);
	free ((*hub)->group->due);
	free ((*hub)->group);
	free (*hub);
	*hub = NULL;
}

const char *hub_endpoint (const hub_t *hub)
{
	return link_endpoint (hub->link);
}

/* ---- running ---- */

/* Ends the loop when there is nothing more to do in it. */
static int go_on (const hub_t *hub)
{
	return hub->ending || hub->stopped != ERR_OK ? -1 : 0;
}

static int on_link (zloop_t *loop, zmq_pollitem_t *item, void *arg)
{
	hub_turn (arg);
	return go_on (arg);
}

static int on_tick (zloop_t *loop, int timer, void *arg)
{
	hub_t *hub = arg;

	hub_tick (hub);
	supervisor_alive ();
	if (hub->ticks % STATUS_TICKS == 1)
		supervisor_status ("%zu sessions, %llu letters wait%s", hub_sessions (hub),
				   (unsigned long long)hub_queued (hub, CLASS_STAT) +
					   hub_queued (hub, CLASS_URGENT) +
					   hub_queued (hub, CLASS_ROUTINE),
				   hub->draining ? ", draining" : "");
	return go_on (arg);
}

static int on_work (zloop_t *loop, int timer, void *arg)
{
	hub_t *hub = arg;
	bool more;

	hub_look_at_clocks (hub);
	hub->group->began_us = zclock_usecs ();
	more = hub_work (hub);
	group_finish (hub);
	if (!more && hub->work_timer == timer) {
		zloop_timer_end (loop, timer);
		hub->work_timer = 0;
	}
	return go_on (hub);
}

static int on_marks (zloop_t *loop, int timer, void *arg)
{
	hub_t *hub = arg;

	hub->marks_timer = 0;
	group_marks (hub);
	return go_on (hub);
}

void hub_marks_soon (hub_t *hub)
{
	if (hub->marks_timer == 0)
		hub->marks_timer = zloop_timer (hub->loop, MARKS_MS, 1, on_marks, hub);
}

void hub_work_soon (hub_t *hub)
{
	if (hub->work_timer == 0)
		hub->work_timer = zloop_timer (hub->loop, WORK_MS, 0, on_work, hub);
}

static int on_signal (zloop_t *loop, zmq_pollitem_t *item, void *arg)
{
	hub_t *hub = arg;
	struct signalfd_siginfo info;
	err_t err = ERR_OK;

	while (read (hub->signal_fd, &info, sizeof info) == (ssize_t)sizeof info) {
		if (info.ssi_signo == SIGHUP)
			err = hub_read_again (hub, NULL);
		else
			hub->ending = true;
	}
	(void)err;   /* logged; what was in force stays */
	return go_on (hub);
}

static int on_end (zloop_t *loop, int timer, void *arg)
{
	return -1;
}

void hub_end_soon (hub_t *hub)
{
	hub->ending = true;
	zloop_timer (hub->loop, 20, 1, on_end, hub);
}

static void say_goodbye (hub_t *hub)
{
	for (size_t i = 0; i < sessions_count (hub->sessions); i++)
		hub_end (hub, sessions_at (hub->sessions, i), ERR_DRAINING, 5 * SECOND_MS);
	group_finish (hub);
	/* A moment for the last frames to leave, because the socket does not linger. */
	zclock_sleep (sessions_count (hub->sessions) > 0 ? 100 : 0);
}

err_t hub_run (hub_t *hub)
{
	LOG (INFO, "hub.started", LOG_W ("hub", hub->setup.id),
	     LOG_U ("store", *custody_store_id (hub->custody)),
	     LOG_N ("directory", roster_version (hub->roster)),
	     LOG_N ("agencies", accounts_count (hub->accounts)));
	supervisor_ready ();
	zloop_start (hub->loop);
	supervisor_stopping ();
	if (hub->stopped == ERR_OK)
		hub->stopped = backups_stopped (hub->backups);
	control_destroy (&hub->control);   /* whoever asked for the end must not wait for more */
	if (hub->stopped == ERR_OK)
		say_goodbye (hub);
	LOG (INFO, "hub.stopped", LOG_E (hub->stopped));
	return hub->stopped;
}
