/*
 * Who will be released from prison, and when somebody has to be told.
 *
 * A prison's own system lists who leaves in one, two and three months.  Each line becomes
 * a record, an entry with the date, and reminders 90, 60 and 30 days before it to write
 * the notice of release, so that aftercare can begin at the gate.
 */
#include "agents/desk/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agents/ledger/reminder.h"
#include "proto/text.h"

#define KIND_RELEASE_NOTICE "prison.release.notice"
#define CAUSE_IMPORT "import"
#define REMIND_HOUR 8
#define REMINDERS_MAX 64

static const int notice_days[] = { 90, 60, 30 };

/* ---- how a line stands to the record ----------------------------------------- */

/* What an entry keeps of a line besides its date. */
static struct bytes details_of (const struct release *release, arena_t *arena)
{
	return bytes_of_text (arena_printf (arena, "%s\n%s\n%s", release->type,
					    release->person.region, release->note));
}

static bool is_recorded (ledger_t *ledger, const struct release *release)
{
	OWNED (arena) arena = arena_new (MIB);
	struct entry entry;

	return entry_newest (ledger, &release->person.id, ENTRY_RELEASE, arena, &entry) ==
		       ERR_OK &&
	       text_is (entry.word, release->date) &&
	       bytes_equal (entry.body, details_of (release, arena));
}

static bool same_name (const char *name, const char *other)
{
	char *a = text_fold (name), *b = text_fold (other);
	bool same = strcmp (a, b) == 0;

	free (a);
	free (b);
	return same;
}

/* The name is the check on the NIK: one wrong digit must not make a stranger of somebody
 * known. */
static err_t check_known (const struct person *known, const struct person *told,
			  problems_t *problems)
{
	if (same_name (known->name, told->name))
		return ERR_OK;
	return problems_add (
		problems, ERR_CONFLICT, "nik",
		"NIK ini milik berkas %s dengan nama lain; periksa NIK dan nama",
		"this NIK belongs to the record %s under another name; check both",
		known->number);
}

static err_t check_date (const struct release *release, int64_t now_ms,
			 const char *region, problems_t *problems)
{
	if (date_day (release->date) >= local_day (now_ms, region))
		return ERR_OK;
	return problems_add (
		problems, ERR_INVALID, "release_date",
		"tanggal bebas sudah lewat; hapus baris ini atau perbaiki tanggalnya",
		"the release date is past; remove the line or correct the date");
}

static const char *own_region (desk_t *desk)
{
	const struct member *self =
		directory_member (desk->parts.directory, &desk->parts.self);

	return self != NULL ? self->region : "";
}

err_t desk_release_judge (desk_t *desk, struct release *release,
			  enum standing *ret_standing, problems_t *problems)
{
	OWNED (arena) arena = arena_new (MIB);
	STEP step = step_look (desk);
	ledger_t *ledger = desk->parts.ledger;
	int64_t now_ms = desk_now_ms (desk);
	struct person *told = &release->person, known;
	err_t err = person_by_nik (ledger, told->nik, &told->id);
	bool is_new = err == ERR_NOT_FOUND;

	person_fill_silence (told);
	if (err == ERR_OK)
		err = person_get (ledger, &told->id, arena, &known);
	if (err != ERR_OK && !is_new)
		return err;
	if (is_new)
		person_check (&step, told, problems);
	else if (check_known (&known, told, problems) == ERR_OK &&
		 is_recorded (ledger, release)) {
		*ret_standing = STANDING_KNOWN;
		return ERR_OK;
	}
	(void)!check_date (release, now_ms, own_region (desk), problems);
	*ret_standing = is_new ? STANDING_NEW : STANDING_CHANGED;
	return problems_err (problems);
}

/* ---- recording --------------------------------------------------------------- */

static void forget_earlier (const struct step *step, const struct person_id *person)
{
	struct reminder *reminders;
	size_t count = reminder_list (step_ledger (step), NULL, person, INT64_MAX,
				      REMINDERS_MAX, step->arena, &reminders);

	for (size_t i = 0; i < count; i++)
		if (text_is (reminders[i].kind, KIND_RELEASE_NOTICE) &&
		    text_is (reminders[i].cause, CAUSE_IMPORT))
			(void)reminder_done_n (step->tx, reminders[i].n, step->now_ms);
}

static void remind (const struct step *step, const struct person_id *person,
		    int64_t due_ms)
{
	struct reminder reminder = {
		.person = *person,
		.cause = CAUSE_IMPORT,
		.kind = KIND_RELEASE_NOTICE,
		.due_ms = due_ms,
	};

	reminder_add (step->tx, &reminder);
}

/* Of days that are past already one reminder is enough, and it stands due now. */
static void remind_before (const struct step *step, const struct release *release)
{
	const char *region = own_region (step->desk);
	bool past = false;

	for (size_t i = 0; i < COUNT_OF (notice_days); i++) {
		int64_t due_ms = local_day_ms (date_day (release->date) - notice_days[i],
					       REMIND_HOUR, region);

		if (due_ms > step->now_ms)
			remind (step, &release->person.id, due_ms);
		else
			past = true;
	}
	if (past)
		remind (step, &release->person.id, step->now_ms);
}

static void take_in (const struct step *step, struct person *person)
{
	struct entry entry = step_entry (step, ENTRY_INTAKE);

	person->entry_door = "justice";
	person->case_manager = person_manager (step, NULL);
	person_add (step->tx, person);
	entry.person = person->id;
	entry_add (step->tx, &entry);
}

/* A date that stands keeps its reminders, some of which may have been answered. */
static bool date_stands (const struct step *step, const struct release *release)
{
	struct entry entry;

	return entry_newest (step_ledger (step), &release->person.id, ENTRY_RELEASE,
			     step->arena, &entry) == ERR_OK &&
	       text_is (entry.word, release->date);
}

void desk_release_record (desk_t *desk, tx_t *tx, const struct actor *actor,
			  struct release *release)
{
	STEP step = step_inside (desk, tx);
	struct entry entry;
	bool stands;

	step.actor = actor;
	if (ID_IS_NONE (release->person.id))
		take_in (&step, &release->person);
	else
		person_learn (&step, &release->person.id, &release->person);
	stands = date_stands (&step, release);
	entry = step_entry (&step, ENTRY_RELEASE);
	entry.person = release->person.id;
	entry.word = release->date;
	entry.body = details_of (release, step.arena);
	entry_add (tx, &entry);
	if (stands)
		return;
	forget_earlier (&step, &release->person.id);
	remind_before (&step, release);
}

/* ---- the horizon ------------------------------------------------------------- */

static const char *date_of (int64_t day, char date[11])
{
	time_t at = (time_t)(day * (DAY_MS / 1000));
	struct tm tm;

	gmtime_r (&at, &tm);
	strftime (date, 11, "%Y-%m-%d", &tm);
	return date;
}

/* The lines of details_of, each into the arena. */
static void read_details (const struct entry *entry, arena_t *arena, struct release_due *due)
{
	const char **lines[] = { &due->type, &due->region, &due->note };
	char *text = arena_must (arena, entry->body.len + 1);

	if (entry->body.len > 0)
		memcpy (text, entry->body.data, entry->body.len);
	text[entry->body.len] = '\0';
	for (size_t i = 0; i < COUNT_OF (lines); i++) {
		char *end = i + 1 < COUNT_OF (lines) ? strchr (text, '\n') : NULL;

		*lines[i] = text;
		text = end != NULL ? end + 1 : text + strlen (text);
		if (end != NULL)
			*end = '\0';
	}
}

static struct thread_id notice_of (const struct step *step, const struct person_id *person)
{
	const struct kind_spec *kind = step_kind (step, KIND_RELEASE_NOTICE);
	struct thread *threads;
	size_t count = thread_list (step_ledger (step), BOX_ALL, person, NULL, 0, REMINDERS_MAX,
				    step->arena, &threads);

	for (size_t i = 0; kind != NULL && i < count; i++)
		if (text_is (threads[i].type, kind->thread->name))
			return threads[i].id;
	return (struct thread_id){ { 0 } };
}

size_t desk_releases (desk_t *desk, int days, const struct release_due *after, size_t max,
		      arena_t *arena, struct release_due **ret_dues)
{
	STEP step = step_look (desk);
	int64_t today = local_day (step.now_ms, own_region (desk));
	struct release_due *dues = arena_must (arena, (max + 1) * sizeof *dues);
	char from[11], before[11];
	struct entry *entries;
	size_t count = entry_releases (step_ledger (&step), date_of (today, from),
				       date_of (today + days + 1, before),
				       after != NULL ? after->date : "",
				       after != NULL ? after->n : 0, max, step.arena, &entries);

	for (size_t i = 0; i < count; i++) {
		dues[i] = (struct release_due){ .person = entries[i].person, .n = entries[i].n };
		snprintf (dues[i].date, sizeof dues[i].date, "%s", entries[i].word);
		read_details (&entries[i], arena, &dues[i]);
		dues[i].thread = notice_of (&step, &entries[i].person);
	}
	*ret_dues = dues;
	return count;
}
