/*
 * Any call on a file fails while a backup is taken or restored, once or from there on, also for want of
 * room; or the power fails in each of its syncs.  A backup that failed takes no good one's place, and
 * all that lie on the disk are whole; a restore that failed has put nothing in place, and one that was
 * interrupted nothing or all.  What was running is as it was, and the next try succeeds.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "jembatan/base.h"
#include "tests/torture/calls.h"
#include "tests/torture/cabinet.h"
#include "tests/torture/campaign.h"

#define DAMAGES 8u           /* of the files, by a power cut */

static const struct fault {
	const char *name;
	enum call call;
	int error;
} faults[] = {
	{ "opening", CALL_OPEN, EIO },       { "opening for want of room", CALL_OPEN, ENOSPC },
	{ "a read", CALL_READ, EIO },        { "a write", CALL_WRITE, EIO },
	{ "a write for want of room", CALL_WRITE, ENOSPC },
	{ "a sync", CALL_SYNC, EIO },        { "a renaming", CALL_RENAME, EIO },
};

/* What happens: a call fails, or the power does in a sync. */
struct blow {
	const struct fault *fault;   /* NULL: a power cut, */
	uint64_t damage;             /* which leaves this */
	uint64_t nth;                /* 0: nothing, and the calls are counted */
	bool for_good;
};

static bool is_backup (const char *name, const char *who)
{
	size_t len = strlen (name);

	return strncmp (name, who, strlen (who)) == 0 && name[strlen (who)] == '-' && len > 4 &&
	       strcmp (name + len - 4, ".jbk") == 0;
}

/* Good ones of a kind on the disk; -1 when one is not. */
static int good_backups (struct cabinet *cabinet, enum archive_kind kind)
{
	const char *who = kind == ARCHIVE_HUB ? cabinet->hub.id :
						config_text (cabinet->config, "agency/id");
	char folder[CABINET_PATH], path[BACKUP_PATH];
	struct dirent *entry;
	int count = 0;
	DIR *list = opendir (cabinet_path (cabinet, "disk", folder));

	while (list != NULL && (entry = readdir (list)) != NULL && count >= 0) {
		if (!is_backup (entry->d_name, who))
			continue;
		snprintf (path, sizeof path, "%s/%s", folder, entry->d_name);
		count = cabinet_backup_good (cabinet, kind, path) ? count + 1 : -1;
	}
	if (list != NULL)
		closedir (list);
	return count;
}

static err_t back_up (struct cabinet *cabinet, enum archive_kind kind, problems_t *problems)
{
	char path[BACKUP_PATH];
	err_t err = cabinet_back_up (cabinet, kind, path, problems);

	if (err == ERR_OK)       /* the older ones go */
		strcpy (kind == ARCHIVE_HUB ? cabinet->hub_backup : cabinet->ledger_backup, path);
	return err;
}

static const char *after_backup (struct cabinet *cabinet, enum archive_kind kind, err_t err)
{
	int good = good_backups (cabinet, kind);
	const char *flaw;

	if (good < 0)
		return "what lies on the disk as a backup is not whole";
	if (good < CABINET_KEEP)
		return "a good backup is gone";
	flaw = cabinet_open (cabinet, kind);
	if (flaw == NULL && back_up (cabinet, kind, NULL) != ERR_OK)
		flaw = "the next one fails too";
	cabinet_close (cabinet);
	return flaw;
}

static const char *after_restore (struct cabinet *cabinet, enum archive_kind kind, err_t err)
{
	/* Who was interrupted said nothing: what stands there is whole, or it is not there. */
	bool restored = err == ERR_OK || (err == ERR_OFFLINE && cabinet_has_data (cabinet, kind));
	const char *flaw = cabinet_data_flaw (cabinet, kind, restored);

	if (flaw == NULL && !restored) {
		if (cabinet_restore (cabinet, kind, NULL) != ERR_OK)
			return "it can't be repeated";
		flaw = cabinet_data_flaw (cabinet, kind, true);
	}
	return flaw;
}

static const struct work {
	const char *name;
	enum archive_kind kind;
	err_t (*act) (struct cabinet *cabinet, enum archive_kind kind, problems_t *problems);
	const char *(*look) (struct cabinet *cabinet, enum archive_kind kind, err_t err);
} works[] = {
	{ "backup of a ledger", ARCHIVE_LEDGER, back_up, after_backup },
	{ "backup of a hub", ARCHIVE_HUB, back_up, after_backup },
	{ "restoring a ledger", ARCHIVE_LEDGER, cabinet_restore, after_restore },
	{ "restoring a hub", ARCHIVE_HUB, cabinet_restore, after_restore },
};

/* What a process says of its end. */
struct report {
	bool ended, complained;
	bool cut;                    /* the power failed */
	err_t err;
	uint64_t count;
};

static void strike (struct cabinet *cabinet, const struct blow *blow)
{
	char attic[CABINET_PATH];

	if (blow->fault != NULL)
		calls_fail (blow->fault->call, blow->nth, blow->for_good, blow->fault->error);
	else
		calls_cut (blow->nth, blow->damage, cabinet_path (cabinet, "attic", attic));
}

/* A process of its own, which ends with whatever it holds: a store that failed is opened by another. */
static void act (struct cabinet *cabinet, const struct work *work, const struct blow *blow,
		 struct report *report)
{
	OWNED (problems) problems = problems_new ();

	if (cabinet_open (cabinet, work->kind) != NULL)
		return;
	strike (cabinet, blow);
	report->err = work->act (cabinet, work->kind, problems);
	report->count = calls_end (blow->fault != NULL ? blow->fault->call : CALL_SYNC);
	report->complained = problems_count (problems) > 0;
	report->ended = true;
}

static struct report in_a_process (struct cabinet *cabinet, const struct work *work,
				   const struct blow *blow)
{
	struct report *shared = mmap (NULL, sizeof *shared, PROT_READ | PROT_WRITE,
				      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct report report;
	int status = 0;
	pid_t pid;

	cabinet->made_ms += MINUTE_MS;
	fflush (stdout);
	pid = fork ();
	if (pid == 0) {
		act (cabinet, work, blow, shared);
		_exit (0);
	}
	waitpid (pid, &status, 0);
	report = *shared;
	report.cut = WIFEXITED (status) && WEXITSTATUS (status) == CALLS_CUT;
	munmap (shared, sizeof *shared);
	return report;
}

static const char *run (struct cabinet *cabinet, const struct work *work, const struct blow *blow,
			uint64_t *ret_count)
{
	struct report report = in_a_process (cabinet, work, blow);
	const char *wrong;

	*ret_count = report.count;
	if (report.cut)
		wrong = work->look (cabinet, work->kind, ERR_OFFLINE);
	else if (!report.ended)
		wrong = "it crashed";
	else if (report.err != ERR_OK && !report.complained && err_lane (report.err) != LANE_STOP)
		wrong = "it failed without a sentence";
	else
		wrong = work->look (cabinet, work->kind, report.err);
	cabinet_empty_data (cabinet, work->kind);
	return wrong;
}

static void run_one (struct campaign *campaign, struct cabinet *cabinet, const struct work *work,
		     const struct blow *blow, const char *how)
{
	uint64_t number = campaign->numbered, count;
	char about[128];

	if (!campaign_wants (campaign))
		return;
	snprintf (about, sizeof about, "%s: %s, the %lluth, %s %llu", work->name, how,
		  (unsigned long long)blow->nth,
		  blow->fault == NULL ? "damage" : blow->for_good ? "for good" : "once",
		  (unsigned long long)blow->damage);
	campaign_ran (campaign, number, about, run (cabinet, work, blow, &count));
}

static uint64_t count_calls (struct cabinet *cabinet, const struct work *work,
			     const struct fault *fault)
{
	struct blow none = { .fault = fault };
	uint64_t most;

	(void)run (cabinet, work, &none, &most);
	return most;
}

/* For every n that a quiet run comes to. */
static void fail_all (struct campaign *campaign, struct cabinet *cabinet, const struct work *work,
		      const struct fault *fault)
{
	uint64_t most = count_calls (cabinet, work, fault);
	struct blow blow = { .fault = fault };

	for (blow.nth = 1; blow.nth <= most; blow.nth++)
		for (int for_good = 0; for_good < 2; for_good++) {
			blow.for_good = for_good;
			run_one (campaign, cabinet, work, &blow, fault->name);
		}
}

static void cut_all (struct campaign *campaign, struct cabinet *cabinet, const struct work *work)
{
	uint64_t most = count_calls (cabinet, work, NULL);
	struct blow blow = { .nth = 1 };

	for (; blow.nth <= most; blow.nth++)
		for (blow.damage = 0; blow.damage < DAMAGES; blow.damage++)
			run_one (campaign, cabinet, work, &blow, "the power fails in a sync");
}

void campaign_backups (struct campaign *campaign)
{
	town_t *town = campaign_town (campaign, 0);
	struct cabinet cabinet;

	cabinet_fill (&cabinet, town);
	if (back_up (&cabinet, ARCHIVE_LEDGER, NULL) != ERR_OK ||
	    back_up (&cabinet, ARCHIVE_HUB, NULL) != ERR_OK)
		campaign_ran (campaign, 0, "a quiet backup", "it fails");
	cabinet_close (&cabinet);
	for (size_t i = 0; i < COUNT_OF (works); i++) {
		for (size_t k = 0; k < COUNT_OF (faults); k++)
			fail_all (campaign, &cabinet, &works[i], &faults[k]);
		cut_all (campaign, &cabinet, &works[i]);
	}
	cabinet_clear (&cabinet);
	town_destroy (&town);
}
