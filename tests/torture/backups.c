/*
 * Any call on a file fails while a backup is taken or restored, once or from there on.  A backup that
 * failed takes no good one's place, and all that lie on the disk are whole; a restore that failed has
 * put nothing in place.  What was running is as it was, and the next try succeeds.
 */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "jembatan/base.h"
#include "tests/torture/calls.h"
#include "tests/torture/cabinet.h"
#include "tests/torture/campaign.h"

static const char *const call_names[CALLS] = {
	[CALL_OPEN] = "opening", [CALL_READ] = "a read", [CALL_WRITE] = "a write",
	[CALL_SYNC] = "a sync", [CALL_RENAME] = "a renaming",
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
	const char *flaw = cabinet_data_flaw (cabinet, kind, err == ERR_OK);

	if (flaw == NULL && err != ERR_OK) {
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
	err_t err;
	uint64_t count;
};

/* A process of its own, which ends with whatever it holds: a store that failed is opened by another. */
static void act (struct cabinet *cabinet, const struct work *work, enum call call, uint64_t nth,
		 bool for_good, struct report *report)
{
	OWNED (problems) problems = problems_new ();

	if (cabinet_open (cabinet, work->kind) != NULL)
		return;
	calls_fail (call, nth, for_good);
	report->err = work->act (cabinet, work->kind, problems);
	report->count = calls_end (call);
	report->complained = problems_count (problems) > 0;
	report->ended = true;
}

static struct report in_a_process (struct cabinet *cabinet, const struct work *work, enum call call,
				   uint64_t nth, bool for_good)
{
	struct report *shared = mmap (NULL, sizeof *shared, PROT_READ | PROT_WRITE,
				      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct report report;
	pid_t pid;

	cabinet->made_ms += MINUTE_MS;
	fflush (stdout);
	pid = fork ();
	if (pid == 0) {
		act (cabinet, work, call, nth, for_good, shared);
		_exit (0);
	}
	waitpid (pid, NULL, 0);
	report = *shared;
	munmap (shared, sizeof *shared);
	return report;
}

static const char *run (struct cabinet *cabinet, const struct work *work, enum call call,
			uint64_t nth, bool for_good, uint64_t *ret_count)
{
	struct report report = in_a_process (cabinet, work, call, nth, for_good);
	const char *wrong;

	*ret_count = report.count;
	if (!report.ended)
		wrong = "it crashed";
	else if (report.err != ERR_OK && !report.complained && err_lane (report.err) != LANE_STOP)
		wrong = "it failed without a sentence";
	else
		wrong = work->look (cabinet, work->kind, report.err);
	cabinet_empty_data (cabinet, work->kind);
	return wrong;
}

/* For every n that a quiet run comes to. */
static void try_all (struct campaign *campaign, struct cabinet *cabinet, const struct work *work,
		     enum call call)
{
	uint64_t count, most;
	char about[128];

	(void)run (cabinet, work, call, 0, false, &most);
	for (uint64_t i = 0; i < 2 * most; i++) {
		uint64_t number = campaign->numbered;
		bool for_good = i % 2 == 1;

		if (!campaign_wants (campaign))
			continue;
		snprintf (about, sizeof about, "%s: %s fails, the %lluth, %s", work->name,
			  call_names[call], (unsigned long long)(i / 2 + 1),
			  for_good ? "for good" : "once");
		campaign_ran (campaign, number, about,
			      run (cabinet, work, call, i / 2 + 1, for_good, &count));
	}
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
	for (size_t i = 0; i < COUNT_OF (works); i++)
		for (int call = 0; call < CALLS; call++)
			try_all (campaign, &cabinet, &works[i], (enum call)call);
	cabinet_clear (&cabinet);
	town_destroy (&town);
}
