#include "proto/monitor.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "jembatan/clock.h"
#include "proto/http.h"

struct monitor {
	struct monitor_parts parts;
	int64_t started_ms;
	http_t *http;
};

/* ---- conditions ---- */

void conditions_add (struct conditions *conditions, const char *name, bool holds, bool needed)
{
	assert (conditions->count < CONDITIONS_MAX);
	conditions->of[conditions->count++] = (struct condition){ name, holds, needed };
}

bool conditions_ready (const struct conditions *conditions)
{
	for (size_t i = 0; i < conditions->count; i++) {
		if (conditions->of[i].needed && !conditions->of[i].holds)
			return false;
	}
	return true;
}

/* ---- the process ---- */

static double resident_bytes (void)
{
	long long all = 0, resident = 0;
	FILE *file = fopen ("/proc/self/statm", "re");

	if (file == NULL)
		return 0;
	if (fscanf (file, "%lld %lld", &all, &resident) != 2)
		resident = 0;
	fclose (file);
	return (double)resident * (double)sysconf (_SC_PAGESIZE);
}

static double open_files (void)
{
	DIR *folder = opendir ("/proc/self/fd");
	double count = 0;

	if (folder == NULL)
		return 0;
	while (readdir (folder) != NULL)
		count++;
	closedir (folder);
	return count - 3;   /* itself, "." and ".." */
}

static double most_files (void)
{
	struct rlimit files = { 0, 0 };

	return getrlimit (RLIMIT_NOFILE, &files) == 0 ? (double)files.rlim_cur : 0;
}

static double cpu_seconds (void)
{
	struct rusage used;

	if (getrusage (RUSAGE_SELF, &used) != 0)
		return 0;
	return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
	       (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

/* The names that every Prometheus client library gives them.  clang-format off */
static const struct { struct metric metric; double (*read) (void); } process[] = {
	{ { "process_resident_memory_bytes", METRIC_GAUGE, "bytes", "",
	    "Memory of the process that is in RAM." }, resident_bytes },
	{ { "process_cpu_seconds", METRIC_COUNTER, "seconds", "",
	    "CPU time of the process since it started." }, cpu_seconds },
	{ { "process_open_fds", METRIC_GAUGE, "", "",
	    "Descriptors that are open." }, open_files },
	{ { "process_max_fds", METRIC_GAUGE, "", "",
	    "Descriptors that may be open." }, most_files },
};
/* clang-format on */

static const struct metric start_time = {
	"process_start_time_seconds", METRIC_GAUGE, "seconds", "", "When the process began, as Unix time."
};

static const struct metric ready = {
	"jembatan_ready", METRIC_GAUGE, "", "condition",
	"1 while the condition holds, as /ready tells it; all stands for those that are needed."
};

static void write_process (const monitor_t *monitor, metrics_t *metrics)
{
	for (size_t i = 0; i < COUNT_OF (process); i++) {
		metrics_family (metrics, &process[i].metric);
		metrics_value (metrics, "", process[i].read ());
	}
	metrics_family (metrics, &start_time);
	metrics_value (metrics, "", (double)monitor->started_ms / 1000);
}

static void write_conditions (const monitor_t *monitor, metrics_t *metrics)
{
	struct conditions conditions = { .count = 0 };

	monitor->parts.judge (monitor->parts.arg, &conditions);
	metrics_family (metrics, &ready);
	metrics_value (metrics, "all", conditions_ready (&conditions));
	for (size_t i = 0; i < conditions.count; i++)
		metrics_value (metrics, conditions.of[i].name, conditions.of[i].holds);
}

/* ---- the pages ---- */

static void say (struct http_reply *reply, int status, const char *type, struct bytes text)
{
	reply->status = status;
	reply->type = type;
	reply->body = must_alloc (text.len + 1);
	memcpy (reply->body, text.data, text.len);
	reply->body[text.len] = '\0';
}

static void page_metrics (const monitor_t *monitor, struct http_reply *reply)
{
	OWNED (metrics) metrics = metrics_new ();

	monitor->parts.write (monitor->parts.arg, metrics);
	write_conditions (monitor, metrics);
	write_process (monitor, metrics);
	say (reply, 200, METRICS_CONTENT_TYPE, metrics_end (metrics));
}

static void page_health (const monitor_t *monitor, struct http_reply *reply)
{
	say (reply, 200, "text/plain; charset=utf-8", bytes_of_text ("alive\n"));
}

static void page_ready (const monitor_t *monitor, struct http_reply *reply)
{
	struct conditions conditions = { .count = 0 };
	char text[CONDITIONS_MAX * 64] = "";
	size_t len = 0;

	monitor->parts.judge (monitor->parts.arg, &conditions);
	len = (size_t)snprintf (text, sizeof text, "ready %s\n",
				conditions_ready (&conditions) ? "yes" : "no");
	for (size_t i = 0; i < conditions.count; i++)
		len += (size_t)snprintf (text + len, sizeof text - len, "%s %s\n",
					 conditions.of[i].name, conditions.of[i].holds ? "yes" : "no");
	say (reply, conditions_ready (&conditions) ? 200 : 503, "text/plain; charset=utf-8",
	     (struct bytes){ (const uint8_t *)text, len });
}

/* clang-format off */
static const struct { const char *path; void (*show) (const monitor_t *monitor, struct http_reply *reply); } pages[] = {
	{ "/metrics", page_metrics },
	{ "/health",  page_health },
	{ "/ready",   page_ready },
};
/* clang-format on */

static void on_request (void *arg, const struct http_request *request, struct http_reply *ret_reply)
{
	if (strcmp (request->method, "GET") != 0 && strcmp (request->method, "HEAD") != 0) {
		strcpy (ret_reply->allow, "GET, HEAD");
		say (ret_reply, 405, "text/plain; charset=utf-8", bytes_of_text ("GET\n"));
		return;
	}
	for (size_t i = 0; i < COUNT_OF (pages); i++) {
		if (strcmp (pages[i].path, request->path) == 0) {
			pages[i].show (arg, ret_reply);
			return;
		}
	}
	say (ret_reply, 404, "text/plain; charset=utf-8",
	     bytes_of_text ("/metrics /health /ready\n"));
}

/* ---- life ---- */

err_t monitor_new (const struct monitor_parts *parts, zloop_t *loop, monitor_t **ret_monitor,
		   problems_t *problems)
{
	struct http_parts door = { .address = parts->address, .answer = on_request };
	monitor_t *monitor;
	err_t err;

	if (parts->address[0] != '/' && strchr (parts->address, ':') == NULL)
		return problems_add (problems, ERR_CONFIG, "metrics/address",
				     "%s bukan alamat; tulis 127.0.0.1:PORTA atau jalur soket yang utuh",
				     "%s is no address; write 127.0.0.1:PORT or the whole path of a socket",
				     quoted (parts->address));
	if (!parts->public && !http_is_loopback (parts->address))
		return problems_add (problems, ERR_CONFIG, "metrics/address",
				     "%s dapat dicapai dari luar mesin ini; pakai 127.0.0.1:PORTA, atau "
				     "setel metrics/public = yes bila memang dimaksud",
				     "%s can be reached from other machines; use 127.0.0.1:PORT, or set "
				     "metrics/public = yes when that is meant",
				     quoted (parts->address));
	monitor = must_alloc (sizeof *monitor);
	*monitor = (monitor_t){ .parts = *parts, .started_ms = clock_now_ms () };
	door.arg = monitor;
	err = http_new (&door, loop, &monitor->http, problems);
	if (err != ERR_OK) {
		free (monitor);
		return err;
	}
	*ret_monitor = monitor;
	return ERR_OK;
}

void monitor_destroy (monitor_t **monitor)
{
	if (*monitor == NULL)
		return;
	http_destroy (&(*monitor)->http);
	free (*monitor);
	*monitor = NULL;
}
