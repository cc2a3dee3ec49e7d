/*
 * The desk itself and the use-case under way: one transaction, one arena, one corrected
 * time.
 */
#include "agents/desk/inside.h"
#include "agents/ledger/copy.h"

#include <stdlib.h>
#include <string.h>

#include "jembatan/log.h"

const struct actor machine_actor = { "", "" };

desk_t *desk_new (const struct desk_parts *parts)
{
	desk_t *desk = must_alloc (sizeof *desk);

	*desk = (struct desk){ .parts = *parts };
	coordinators_find (desk);
	time_begin (desk);
	return desk;
}

void desk_destroy (desk_t **desk)
{
	if (*desk != NULL)
		free ((*desk)->coordinators);
	free (*desk);
	*desk = NULL;
}

void desk_set_directory (desk_t *desk, const directory_t *directory)
{
	desk->parts.directory = directory;
	coordinators_find (desk);
}

void desk_set_catalogue (desk_t *desk, const catalogue_t *catalogue)
{
	desk->parts.catalogue = catalogue;
	desk->unknown_seen = 0;
}

void desk_set_backup (desk_t *desk, int64_t at_ms)
{
	desk->backup_told = true;
	desk->backup_ms = at_ms;
}

void desk_set_certificate (desk_t *desk, err_t trouble)
{
	desk->certificate = trouble;
}

int64_t desk_backup_since_ms (const desk_t *desk)
{
	if (!desk->backup_told)
		return 0;
	return desk->backup_ms > 0 ? desk->backup_ms : ledger_since_ms (desk->parts.ledger);
}

const struct error_counts *desk_refused (const desk_t *desk)
{
	return &desk->refused;
}

void desk_set_min_free (desk_t *desk, int64_t bytes)
{
	desk->min_free_bytes = bytes;
}

bool desk_has_room (const desk_t *desk)
{
	return ledger_room_bytes (desk->parts.ledger) >= desk->min_free_bytes;
}

const struct desk_parts *desk_parts (const desk_t *desk)
{
	return &desk->parts;
}

/* ---- a use-case under way ------------------------------------------------------- */

struct step step_open (desk_t *desk, const struct actor *actor)
{
	return (struct step){
		.desk = desk,
		.tx = ledger_begin (desk->parts.ledger),
		.owns_tx = true,
		.arena = arena_new (STEP_ARENA_BYTES),
		.now_ms = desk_now_ms (desk),
		.actor = actor,
	};
}

struct step step_inside (desk_t *desk, tx_t *tx)
{
	return (struct step){
		.desk = desk,
		.tx = tx,
		.arena = arena_new (STEP_ARENA_BYTES),
		.now_ms = desk_now_ms (desk),
		.actor = &machine_actor,
	};
}

struct step step_look (desk_t *desk)
{
	return (struct step){
		.desk = desk,
		.arena = arena_new (STEP_ARENA_BYTES),
		.now_ms = desk_now_ms (desk),
		.actor = &machine_actor,
	};
}

struct step step_part (const struct step *step)
{
	struct step part = *step;

	part.owns_tx = false;
	part.arena = arena_new (STEP_ARENA_BYTES);
	return part;
}

err_t step_commit (struct step *step)
{
	return tx_commit (step->tx);
}

void step_close (struct step *step)
{
	if (step->owns_tx)
		tx_destroy (&step->tx);
	arena_destroy (&step->arena);
}

ledger_t *step_ledger (const struct step *step)
{
	return step->desk->parts.ledger;
}

const struct agency_id *step_self (const struct step *step)
{
	return &step->desk->parts.self;
}

const struct member *step_member (const struct step *step, const struct agency_id *id)
{
	return directory_member (step->desk->parts.directory, id);
}

const struct kind_spec *step_kind (const struct step *step, const char *name)
{
	return catalogue_kind (step->desk->parts.catalogue, name, 0);
}

const char *step_text (const struct step *step, const char *text)
{
	size_t size = strlen (text) + 1;

	return memcpy (arena_must (step->arena, size), text, size);
}

err_t step_room (const struct step *step, problems_t *problems)
{
	if (desk_has_room (step->desk))
		return ERR_OK;
	return problems_add_texts (problems, ERR_NO_SPACE, "disk",
				   "disk agen hampir penuh; minta pengelola mengosongkan ruang dan coba "
				   "lagi lima menit lagi. Tanda terima dan surat masuk tetap berjalan",
				   "the agent's disk is nearly full; ask the operator to make room and "
				   "try again in five minutes. Receipts and arriving letters go on");
}

/* ---- words ---------------------------------------------------------------------- */

bool text_given (const char *text)
{
	return text != NULL && text[0] != '\0';
}

bool text_is (const char *text, const char *other)
{
	return text != NULL && strcmp (text, other) == 0;
}

bool word_among (const char *word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (text_is (words[i], word))
			return true;
	return false;
}

/* ---- entries -------------------------------------------------------------------- */

struct entry step_entry (const struct step *step, enum entry_type type)
{
	return (struct entry){
		.type = type,
		.at_ms = step->now_ms,
		.kind = "",
		.state_from = "",
		.state_to = "",
		.word = "",
		.user = step->actor->user,
	};
}

struct entry step_thread_entry (const struct step *step, enum entry_type type,
				const struct thread *thread)
{
	struct entry entry = step_entry (step, type);

	entry.thread = thread->id;
	entry.person = thread->person;
	entry.partner = thread->partner;
	return entry;
}

void step_alarm (const struct step *step, const char *name,
		 const struct thread_id *thread, const struct agency_id *partner)
{
	static const struct thread_id no_thread;
	static const struct agency_id no_agency;
	struct entry entry = step_entry (step, ENTRY_ALARM);

	entry.thread = thread != NULL ? *thread : no_thread;
	entry.partner = partner != NULL ? *partner : no_agency;
	entry.word = name;
	if (!alarm_raise (step->tx, name, &entry.thread, &entry.partner, step->now_ms))
		return;
	entry_add (step->tx, &entry);
	LOG (WARN, "desk.alarm", LOG_W ("alarm", name),
	     LOG_A ("partner", &entry.partner));
}

void step_alarm_done (const struct step *step, const char *name,
		      const struct agency_id *partner)
{
	OWNED (arena) arena = arena_new (LIST_ARENA_BYTES);
	struct alarm *alarms;
	size_t count = alarm_list (step_ledger (step), 0, SIZE_MAX, arena, &alarms);

	for (size_t i = 0; i < count; i++)
		if (text_is (alarms[i].name, name) &&
		    agency_id_equal (&alarms[i].partner, partner) &&
		    alarm_close (step->tx, alarms[i].n) != ERR_OK)
			return;
}
