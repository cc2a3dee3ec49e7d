#include "agents/agent.h"

#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "agents/daemon.h"
#include "agents/import/import.h"
#include "agents/ledger/repeat.h"
#include "agents/metrics.h"
#include "agents/passphrase.h"
#include "jembatan/clock.h"
#include "jembatan/log.h"
#include "proto/supervisor.h"

#define DESK_TICK_MS 5000

/* ---- what the parts tell one another ----------------------------------------------------------- */

static void on_outbox (void *arg)
{
	struct agent *agent = arg;

	if (agent->post != NULL)
		post_wake (agent->post);
}

void agent_take_directory (struct agent *agent, directory_t *directory)
{
	directory_destroy (&agent->older_directory);
	agent->older_directory = agent->directory;
	agent->directory = directory;
	desk_set_directory (agent->desk, directory);
}

static void on_directory (void *arg, directory_t *directory)
{
	agent_take_directory (arg, directory);
}

static void on_hub_status (void *arg, struct api_hub *ret_hub)
{
	static struct post_status status;   /* the answer borrows its texts until the next one */
	struct agent *agent = arg;

	post_status (agent->post, &status);
	*ret_hub = (struct api_hub){
		.connected = status.connected,
		.id = status.hub,
		.endpoint = status.endpoint,
		.since_ms = status.since_ms,
		.offset_ms = status.hub_offset_ms,
		.last_error = status.last_error,
		.sent = status.sent,
		.received = status.received,
		.refused = status.refused,
		.unanswered = status.unanswered,
	};
}

/* ---- the loop --------------------------------------------------------------------------------- */

/* The door is made last. */
static bool is_open (const struct agent *agent)
{
	return agent->door != NULL;
}

static void tell_status (struct agent *agent)
{
	struct outbox_counts counts;
	struct post_status status;

	if (!is_open (agent)) {
		supervisor_status ("locked: jembatan unlock opens the ledger");
		return;
	}
	counts = outbox_counts (agent->ledger);
	post_status (agent->post, &status);
	supervisor_status ("%s, %llu letters to send", status.connected ? "connected" : "not connected",
			   (unsigned long long)(counts.written + counts.sealed));
}

static void look_at_desk (struct agent *agent)
{
	err_t err;

	desk_set_backup (agent->desk, backups_last_ms (agent->backups));
	desk_set_certificate (agent->desk, console_trouble (&agent->console));
	err = desk_tick (agent->desk);
	if (err == ERR_OK)
		err = repeat_tick (agent->ledger, clock_now_ms ());
	if (err_lane (err) == LANE_STOP)
		agent->stopped = err;
	else if (err != ERR_OK)
		LOG (WARN, "agent.tick", LOG_E (err));
}

static int on_tick (zloop_t *loop, int timer, void *arg)
{
	struct agent *agent = arg;

	if (is_open (agent))
		look_at_desk (agent);
	console_look (&agent->console, agent->config, agent->api);
	supervisor_alive ();
	tell_status (agent);
	return agent->stopped != ERR_OK ? -1 : 0;
}

static int on_signal (zloop_t *loop, zmq_pollitem_t *item, void *arg)
{
	struct signalfd_siginfo info;

	if (read (item->fd, &info, sizeof info) != sizeof info)
		return 0;
	if (info.ssi_signo == SIGHUP) {
		agent_reload (arg);
		return 0;
	}
	LOG (INFO, "agent.stopping", LOG_N ("signal", info.ssi_signo));
	return -1;
}

static int open_signals (void)
{
	sigset_t set;

	sigemptyset (&set);
	sigaddset (&set, SIGTERM);
	sigaddset (&set, SIGINT);
	sigaddset (&set, SIGHUP);
	sigprocmask (SIG_BLOCK, &set, NULL);
	signal (SIGPIPE, SIG_IGN);
	return signalfd (-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void run_loop (struct agent *agent)
{
	zmq_pollitem_t signals = { .fd = agent->signals, .events = ZMQ_POLLIN };

	zloop_set_nonstop (agent->loop, true);
	zloop_poller (agent->loop, &signals, on_signal, agent);
	zloop_timer (agent->loop, DESK_TICK_MS, 0, on_tick, agent);
	LOG (INFO, "agent.started", LOG_A ("agency", &agent->self),
	     LOG_W ("version", JEMBATAN_VERSION));
	if (!is_open (agent))
		LOG (NOTE, "agent.locked");
	supervisor_ready ();
	zloop_start (agent->loop);
	supervisor_stopping ();
}

/* ---- start and end ---------------------------------------------------------------------------- */

static err_t load_keys (struct agent *agent, problems_t *problems)
{
	const struct { enum key_use use; keypair_t **pair; } wanted[] = {
		{ KEY_SIG, &agent->sig }, { KEY_LINK, &agent->link },
	};
	err_t err = ERR_OK;

	for (size_t i = 0; i < COUNT_OF (wanted) && err == ERR_OK; i++)
		err = keypair_load (wanted[i].use, config_text (agent->config, "paths/keys"),
				    wanted[i].pair, problems);
	if (err == ERR_OK)
		err = setup_boxes (agent->config, agent->boxes, &agent->box_count, problems);
	return err;
}

static err_t read_self (struct agent *agent, problems_t *problems)
{
	const char *id = config_text (agent->config, "agency/id");

	if (agency_id_parse (id, &agent->self) == ERR_OK)
		return ERR_OK;
	return problems_add (problems, ERR_CONFIG, "agency/id", "%s bukan kode instansi",
			     "%s is no agency id", quoted (id));
}

static err_t open_parts (struct agent *agent, problems_t *problems)
{
	const config_t *config = agent->config;
	err_t err = catalogue_load (config_text (config, "paths/catalogue"), &agent->catalogue,
				    problems);

	if (err == ERR_OK)
		err = settings_check (config, agent->catalogue, problems);
	if (err == ERR_OK)
		err = users_read (config, &agent->users, problems);
	if (err == ERR_OK)
		err = load_keys (agent, problems);
	if (err == ERR_OK)
		err = setup_directory (config, &agent->directory, problems);
	if (err == ERR_OK)
		err = read_self (agent, problems);
	if (err == ERR_OK && directory_data (agent->directory)->hub_count == 0)
		err = problems_add (problems, ERR_CONFIG, "paths/directory",
				    "%s tidak menyebut hub; minta direktori baru kepada pendaftar",
				    "%s names no hub; ask the registrar for a new directory",
				    quoted (config_text (config, "paths/directory")));
	return err;
}

/* With the key file, or with a key that somebody's passphrase has opened. */
static err_t open_ledger (struct agent *agent, const vault_t *key, problems_t *problems)
{
	const char *folder = config_text (agent->config, "paths/data");
	const char *key_file = config_text (agent->config, "paths/ledger_key");
	err_t err = key != NULL
			    ? ledger_unlock (folder, key, key_file, &agent->ledger, problems)
			    : ledger_open (folder, key_file, &agent->ledger, problems);

	if (err == ERR_OK)
		import_holidays_apply (agent->ledger, agent->catalogue);
	return err;
}

static void open_desk (struct agent *agent)
{
	struct desk_parts parts = {
		.self = agent->self,
		.ledger = agent->ledger,
		.catalogue = agent->catalogue,
		.directory = agent->directory,
		.sig = agent->sig,
	};

	agent->desk = desk_new (&parts);
	desk_set_min_free (agent->desk, config_number (agent->config, "store/min_free"));
}

static struct agent_watch watch_of (const struct agent *agent)
{
	return (struct agent_watch){ .desk = is_open (agent) ? agent->desk : NULL,
				     .post = agent->post,
				     .api = agent->api,
				     .door = agent->door,
				     .folder = config_text (agent->config, "paths/data") };
}

static void on_metrics (void *arg, metrics_t *metrics)
{
	const struct agent_watch watch = watch_of (arg);

	agent_metrics (&watch, metrics);
}

static void on_conditions (void *arg, struct conditions *ret_conditions)
{
	const struct agent_watch watch = watch_of (arg);

	agent_conditions (&watch, ret_conditions);
}

static err_t open_monitor (struct agent *agent, problems_t *problems)
{
	const struct monitor_parts parts = {
		.address = config_text (agent->config, "metrics/address"),
		.public = config_flag (agent->config, "metrics/public"),
		.write = on_metrics,
		.judge = on_conditions,
		.arg = agent,
	};

	if (*parts.address == '\0')
		return ERR_OK;
	return monitor_new (&parts, agent->loop, &agent->monitor, problems);
}

static struct api_parts api_parts_of (struct agent *agent)
{
	return (struct api_parts){
		.desk = agent->desk,
		.catalogue = agent->catalogue,
		.ledger = agent->ledger,
		.lock = agent->lock,
		.self = is_open (agent) ? NULL : directory_member (agent->directory, &agent->self),
		.socket_path = config_text (agent->config, "paths/socket"),
		.user_count = agent->users.count,
		.users = agent->users.of,
		.hub_status = on_hub_status,
		.hub_status_arg = agent,
		.conditions = on_conditions,
		.backup_start = backups_start,
		.backup_status = backups_status,
		.backup_arg = agent->backups,
		.door = agent->door,
	};
}

static void open_post (struct agent *agent)
{
	struct post_parts post = {
		.desk = agent->desk,
		.sig = agent->sig,
		.link = agent->link,
		.boxes = agent->boxes,
		.box_count = agent->box_count,
		.endpoint = config_text (agent->config, "hub/endpoint"),
		.socks_proxy = config_text (agent->config, "hub/socks_proxy"),
		.directory_file = config_text (agent->config, "paths/directory"),
	};

	agent->ledger_backups = (struct ledger_backups){ agent->config, agent->ledger };
	agent->backups = ledger_backups_new (&agent->ledger_backups, agent->loop);
	desk_set_backup (agent->desk, backups_last_ms (agent->backups));
	agent->post = post_new (&post, agent->loop);
	post_on_directory (agent->post, on_directory, agent);
	ledger_on_outbox (agent->ledger, on_outbox, agent);
}

/* Everything that stands on the ledger. */
static err_t open_office (struct agent *agent, const vault_t *key, problems_t *problems)
{
	err_t err = open_ledger (agent, key, problems);
	struct door_parts door;

	if (err != ERR_OK)
		return err;
	open_desk (agent);
	open_post (agent);
	door = (struct door_parts){
		.desk = agent->desk,
		.loop = agent->loop,
		.idle_ms = config_number (agent->config, "console/idle_minutes") * MINUTE_MS,
		.longest_ms = config_number (agent->config, "console/session_hours") * HOUR_MS,
	};
	agent->door = door_new (&door);
	return ERR_OK;
}

static err_t open_api (struct agent *agent, problems_t *problems)
{
	const struct api_parts parts = api_parts_of (agent);

	return api_new (&parts, agent->loop, &agent->api, problems);
}

/* ---- a ledger under a passphrase --------------------------------------------------------------- */

static int on_stopped (zloop_t *loop, int timer, void *arg)
{
	return -1;
}

/* The passphrase was right.  What goes wrong now would have kept an agent without one from starting. */
static err_t on_unlocked (void *arg, const vault_t *key)
{
	struct agent *agent = arg;
	err_t err = open_office (agent, key, agent->problems);
	struct api_parts parts;

	if (err != ERR_OK) {
		agent->stopped = err;
		zloop_timer (agent->loop, 1, 1, on_stopped, agent);
		return err;
	}
	parts = api_parts_of (agent);
	api_open (agent->api, &parts);
	tell_status (agent);
	return ERR_OK;
}

static void open_lock (struct agent *agent)
{
	const struct lock_parts parts = {
		.key_file = config_text (agent->config, "paths/ledger_key"),
		.loop = agent->loop,
		.open = on_unlocked,
		.arg = agent,
	};

	agent->lock = lock_new (&parts);
}

static void close_parts (struct agent *agent)
{
	monitor_destroy (&agent->monitor);
	lock_destroy (&agent->lock);     /* as the door */
	door_destroy (&agent->door);     /* answers those who wait for it, through the api */
	api_destroy (&agent->api);
	console_close (&agent->console);
	post_destroy (&agent->post);
	backups_destroy (&agent->backups);
	desk_destroy (&agent->desk);
	ledger_destroy (&agent->ledger);
	catalogue_destroy (&agent->catalogue);
	directory_destroy (&agent->directory);
	directory_destroy (&agent->older_directory);
	keypair_destroy (&agent->sig);
	for (size_t i = 0; i < agent->box_count; i++)
		keypair_destroy (&agent->boxes[i]);
	keypair_destroy (&agent->link);
	config_destroy (&agent->newer_config);
	zloop_destroy (&agent->loop);
	zsys_shutdown ();
	if (agent->signals >= 0)
		close (agent->signals);
}

/* One thread of ours and ZeroMQ's own: two malloc arenas are enough, and keep an idle agent small. */
static void stay_small (void)
{
	mallopt (M_ARENA_MAX, 2);
	mallopt (M_TRIM_THRESHOLD, 256 * 1024);
}

/* ZeroMQ and czmq draw from these two; agencies that start at the same second must not come back in
 * step. */
static void spread_chance (void)
{
	uint8_t chance[16];
	unsigned seed;

	random16_make (chance);
	memcpy (&seed, chance, sizeof seed);
	srand (seed);
	srandom (seed);
}

err_t daemon_run (const config_t *config, problems_t *problems)
{
	struct agent agent = { .config = config, .signals = -1, .problems = problems };
	err_t err;

	stay_small ();
	agent.signals = open_signals ();
	zsys_init ();
	zsys_handler_set (NULL);
	spread_chance ();
	agent.loop = zloop_new ();
	err = open_parts (&agent, problems);
	if (err == ERR_OK && passphrase_guards (config))
		open_lock (&agent);
	else if (err == ERR_OK)
		err = open_office (&agent, NULL, problems);
	if (err == ERR_OK)
		err = open_api (&agent, problems);
	if (err == ERR_OK)
		err = console_open (&agent.console, config, agent.api, agent.loop, problems);
	if (err == ERR_OK)
		err = open_monitor (&agent, problems);
	if (err == ERR_OK) {
		run_loop (&agent);
		err = agent.stopped;
		if (err == ERR_OK && agent.post != NULL)
			err = post_stopped (agent.post);
		if (err == ERR_OK)
			err = api_stopped (agent.api);
		if (err == ERR_OK && agent.backups != NULL)
			err = backups_stopped (agent.backups);
	}
	if (err_lane (err) == LANE_STOP)
		LOG (FAIL, "agent.stopped", LOG_E (err));
	close_parts (&agent);
	return err;
}
