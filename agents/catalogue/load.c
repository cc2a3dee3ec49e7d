/*
 * Reads the catalogue's folder.  The tables below are the file format: each key of a thread type's
 * file, whether it must be there, and which member of which struct it fills.  What is left out of a
 * kind is taken from the thread's "defaults"; every text that is left out becomes "".
 *
 * Transitions are written with a list of states each and become one row per state.
 */
#include "agents/catalogue/inside.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CASE_FILE "case.json"

struct raw_transition {
	size_t from_count;
	const char *const *from;     /* none: the kind opens the thread */
	const char *kind, *to, *then;
	enum party by;
	uint32_t at_most;
};

struct raw_thread {
	struct thread_type type;
	struct kind_spec defaults;
	size_t transition_count;
	const struct raw_transition *transitions;
};

/* ---- readers of enums and lists of codes ------------------------------------------------------ */

static void read_party (struct reading *reading, const json_t *value, const struct key *key,
			void *base)
{
	const char *text = json_string_value (value);

	for (enum party party = PARTY_REQUESTER; party <= PARTY_EITHER; party++) {
		if (text == NULL || strcmp (text, party_name (party)) != 0)
			continue;
		*(enum party *)((char *)base + key->offset) = party;
		return;
	}
	reading_refuse (reading, value, "pilih requester, performer, atau either",
			"choose requester, performer or either");
}

static void read_answer_type (struct reading *reading, const json_t *value, const struct key *key,
			      void *base)
{
	const char *text = json_string_value (value);
	enum answer_type type;

	if (text == NULL || answer_type_parse (text, &type) != ERR_OK || type == ANSWER_ABSENT)
		reading_refuse (reading, value, "jenis isian tidak dikenal",
				"there is no such type of answer");
	else
		*(enum answer_type *)((char *)base + key->offset) = type;
}

static void read_body (struct reading *reading, const json_t *value, const struct key *key,
		       void *base)
{
	static const struct { const char *name; enum letter_body body; } bodies[] = {
		{ "consent-grant", BODY_CONSENT_GRANT },
		{ "consent-withdrawal", BODY_CONSENT_WITHDRAWAL },
		{ "consent-stopped", BODY_CONSENT_STOPPED },
	};
	const char *text = json_string_value (value);

	for (size_t i = 0; text != NULL && i < COUNT_OF (bodies); i++) {
		if (strcmp (text, bodies[i].name) != 0)
			continue;
		*(enum letter_body *)((char *)base + key->offset) = bodies[i].body;
		return;
	}
	reading_refuse (reading, value, "pilih consent-grant, consent-withdrawal, atau consent-stopped",
			"choose consent-grant, consent-withdrawal or consent-stopped");
}

static void refuse_too_large (struct reading *reading)
{
	reading_refuse (reading, NULL, "katalog ini terlalu besar", "this catalogue is too large");
}

/* All seven bases fit; the same one twice is refused by the check. */
static void read_bases (struct reading *reading, const json_t *value, const struct key *key,
			void *base)
{
	struct kind_spec *kind = base;
	size_t count = json_array_size (value);
	enum basis *bases;

	if (count == 0 || count > 7) {
		reading_refuse (reading, value, "harus berupa daftar 1-7 dasar pemrosesan",
				"it must be a list of 1-7 bases");
		return;
	}
	bases = arena_alloc (reading->arena, 7 * sizeof *bases);
	if (bases == NULL) {
		refuse_too_large (reading);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		const json_t *item = json_array_get (value, i);
		const char *text = json_string_value (item);

		if (text == NULL || basis_parse (text, &bases[i]) != ERR_OK)
			reading_refuse (reading, item, "dasar pemrosesan tidak dikenal",
					"there is no such basis");
	}
	kind->bases = bases;
	kind->basis_count = count;
}

static void read_urgency (struct reading *reading, const json_t *value, const struct key *key,
			  void *base)
{
	const char *text = json_string_value (value);

	if (text == NULL || *text == '\0' ||
	    urgency_parse (text, (enum urgency *)((char *)base + key->offset)) != ERR_OK)
		reading_refuse (reading, value, "pilih routine, urgent, asap, atau stat",
				"choose routine, urgent, asap or stat");
}

static void read_about (struct reading *reading, const json_t *value, const struct key *key,
			void *base)
{
	static const char *const names[] = { [ABOUT_PERSON] = "required",
					     [ABOUT_ANYBODY] = "optional",
					     [ABOUT_NOBODY] = "none" };
	const char *text = json_string_value (value);

	for (size_t i = 0; text != NULL && i < COUNT_OF (names); i++) {
		if (strcmp (text, names[i]) != 0)
			continue;
		*(enum about *)((char *)base + key->offset) = (enum about)i;
		return;
	}
	reading_refuse (reading, value, "pilih required, optional, atau none",
			"choose required, optional or none");
}

static bool service_codes (struct reading *reading, const struct words_file *words,
			   struct field_spec *field)
{
	struct code_spec *codes = arena_alloc (reading->arena,
					       (words->service_count + 1) * sizeof *codes);

	for (size_t i = 0; codes != NULL && i < words->service_count; i++)
		codes[i] = (struct code_spec){ .code = words->services[i].code,
					       .words = words->services[i].words };
	field->codes = codes;
	field->code_count = words->service_count;
	return codes != NULL;
}

static void read_codes (struct reading *reading, const json_t *value, const struct key *key,
			void *base)
{
	const struct words_file *words = reading->context;
	struct field_spec *field = base;
	const char *name = json_string_value (value);

	if (name != NULL && strcmp (name, "services") == 0) {
		if (!service_codes (reading, words, field))
			refuse_too_large (reading);
		return;
	}
	if (name == NULL || !words_code_list (words, name, &field->codes, &field->code_count))
		reading_refuse (reading, value, "daftar kode ini tidak ada di words.json",
				"words.json has no such list of codes");
}

/* ---- the file format -------------------------------------------------------------------------- */

/* clang-format off */
static const struct key state_keys[] = {
	KEY ("name", true, read_token, struct state, name),
	KEY ("status", true, read_token, struct state, task_status),
	KEY ("business_status", false, read_token, struct state, business_status),
	KEY ("ended", false, read_flag, struct state, ended),
	KEY ("local", false, read_flag, struct state, local),
	KEY_PART ("words", true, struct state, words, &words_shape),
};
static const struct shape state_shape =
	{ sizeof (struct state), state_keys, COUNT_OF (state_keys) };

static const struct key field_keys[] = {
	KEY ("name", true, read_token, struct field_spec, name),
	KEY ("group", false, read_token, struct field_spec, group),
	KEY ("type", true, read_answer_type, struct field_spec, type),
	KEY ("required", false, read_flag, struct field_spec, required),
	KEY ("structural", false, read_flag, struct field_spec, structural),
	KEY ("many", false, read_flag, struct field_spec, many),
	KEY ("personal", false, read_flag, struct field_spec, personal),
	KEY ("past", false, read_flag, struct field_spec, past),
	KEY ("max_bytes", false, read_size, struct field_spec, max_bytes),
	KEY ("min", false, read_number, struct field_spec, min),
	KEY ("max", false, read_number, struct field_spec, max),
	KEY ("system", false, read_text, struct field_spec, system),
	KEY ("codes", false, read_codes, struct field_spec, codes),
	KEY ("unit", false, read_text, struct field_spec, unit),
	KEY ("explained_by", false, read_token, struct field_spec, explained_by),
	KEY ("label", false, read_token, struct field_spec, label),
	KEY ("from", false, read_token, struct field_spec, from),
	KEY ("flag", false, read_token, struct field_spec, flag),
	KEY_PART ("words", true, struct field_spec, words, &words_shape),
	KEY_PART ("hint", false, struct field_spec, hint, &words_shape),
};
static const struct shape field_shape =
	{ sizeof (struct field_spec), field_keys, COUNT_OF (field_keys) };

static const struct key group_keys[] = {
	KEY ("name", true, read_token, struct group_spec, name),
	KEY ("least", false, read_small, struct group_spec, least),
	KEY ("most", true, read_small, struct group_spec, most),
	KEY_PART ("words", true, struct group_spec, words, &words_shape),
};
static const struct shape group_shape =
	{ sizeof (struct group_spec), group_keys, COUNT_OF (group_keys) };

static const struct key match_keys[] = {
	KEY ("field", true, read_token, struct answer_match, field),
	KEY_TOKENS ("values", true, struct answer_match, values, value_count),
};
static const struct shape match_shape =
	{ sizeof (struct answer_match), match_keys, COUNT_OF (match_keys) };

static const struct key letter_keys[] = {
	KEY ("kind", true, read_token, struct letter_match, kind),
	KEY_LIST ("matches", false, struct letter_match, matches, match_count, &match_shape),
	KEY ("within_days", false, read_small, struct letter_match, within_days),
};
static const struct shape letter_shape =
	{ sizeof (struct letter_match), letter_keys, COUNT_OF (letter_keys) };

static const struct key gate_keys[] = {
	KEY ("gate", true, read_token, struct gate_spec, gate),
	KEY_TOKENS ("services", false, struct gate_spec, services, service_count),
	KEY_LIST ("asked", false, struct gate_spec, asked, asked_count, &letter_shape),
	KEY_LIST ("any", false, struct gate_spec, any, any_count, &letter_shape),
	KEY_PART ("words", true, struct gate_spec, words, &words_shape),
	KEY ("comment", true, read_text, struct gate_spec, comment),
};
static const struct shape gate_shape =
	{ sizeof (struct gate_spec), gate_keys, COUNT_OF (gate_keys) };

static const struct key remind_keys[] = {
	KEY ("kind", true, read_token, struct remind_spec, kind),
	KEY ("by", true, read_party, struct remind_spec, by),
	KEY ("from", false, read_token, struct remind_spec, from),
	KEY_DAYS ("days", false, struct remind_spec, days, day_count),
	KEY ("every_days", false, read_small, struct remind_spec, every_days),
	KEY ("times", false, read_token, struct remind_spec, times),
	KEY_PART ("words", true, struct remind_spec, words, &words_shape),
};
static const struct shape remind_shape =
	{ sizeof (struct remind_spec), remind_keys, COUNT_OF (remind_keys) };

static const struct key remark_keys[] = {
	KEY ("group", false, read_token, struct remark_spec, group),
	KEY_LIST ("matches", false, struct remark_spec, matches, match_count, &match_shape),
	KEY_PART ("words", true, struct remark_spec, words, &words_shape),
};
static const struct shape remark_shape =
	{ sizeof (struct remark_spec), remark_keys, COUNT_OF (remark_keys) };

static const struct key within_keys[] = {
	KEY ("hours", false, read_small, struct within, hours),
	KEY ("working_days", false, read_small, struct within, working_days),
};
static const struct shape within_shape =
	{ sizeof (struct within), within_keys, COUNT_OF (within_keys) };

#define WITHIN(key_name, is_required, urgency) \
	{ .name = key_name, .required = is_required, .read = read_part, \
	  .offset = urgency * sizeof (struct within), .shape = &within_shape }
static const struct key urgency_keys[] = {
	WITHIN ("routine", true, URGENCY_ROUTINE),
	WITHIN ("urgent", false, URGENCY_URGENT),
	WITHIN ("asap", false, URGENCY_ASAP),
	WITHIN ("stat", false, URGENCY_STAT),
};
static const struct shape urgency_shape =
	{ 5 * sizeof (struct within), urgency_keys, COUNT_OF (urgency_keys) };

#define TOKENS(name, required, items, count) \
	KEY_TOKENS (name, required, struct kind_spec, items, count)
static const struct key reply_keys[] = {
	TOKENS ("kinds", true, replies, reply_count),
	KEY ("clock", true, read_token, struct kind_spec, reply_clock),
	KEY ("pauses", false, read_token, struct kind_spec, pauses),
	KEY_PART ("within", true, struct kind_spec, reply_within, &urgency_shape),
	KEY ("else_next", false, read_flag, struct kind_spec, else_next),
};
static const struct shape reply_shape = { 0, reply_keys, COUNT_OF (reply_keys) };

static const struct key seen_keys[] = {
	KEY ("clock", true, read_token, struct kind_spec, seen_clock),
	KEY_PART ("within", true, struct kind_spec, seen_within, &urgency_shape),
};
static const struct shape seen_shape = { 0, seen_keys, COUNT_OF (seen_keys) };

static const struct key escalation_keys[] = {
	KEY ("days", true, read_small, struct escalation, days),
	KEY ("role", true, read_token, struct escalation, role),
};
static const struct shape escalation_shape =
	{ sizeof (struct escalation), escalation_keys, COUNT_OF (escalation_keys) };

static const struct key rule_keys[] = {
	KEY ("id", true, read_text, struct rule, id),
	KEY ("article", true, read_text, struct rule, article),
	KEY ("version", false, read_text, struct rule, version),
};
static const struct shape rule_shape = { sizeof (struct rule), rule_keys, COUNT_OF (rule_keys) };

#define INHERITED_KEYS \
	TOKENS ("from_kinds", false, from_kinds, from_kind_count), \
	TOKENS ("to_kinds", false, to_kinds, to_kind_count), \
	TOKENS ("roles", false, roles, role_count), \
	KEY ("basis", false, read_bases, struct kind_spec, bases), \
	KEY_LIST ("escalation", false, struct kind_spec, escalation, escalation_count, &escalation_shape)

static const struct key defaults_keys[] = { INHERITED_KEYS };
static const struct shape defaults_shape =
	{ sizeof (struct kind_spec), defaults_keys, COUNT_OF (defaults_keys) };

static const struct key kind_keys[] = {
	KEY ("kind", true, read_token, struct kind_spec, name),
	KEY ("version", true, read_small, struct kind_spec, version),
	KEY ("by", true, read_party, struct kind_spec, by),
	KEY ("body", false, read_body, struct kind_spec, body),
	INHERITED_KEYS,
	KEY_PART ("rule", false, struct kind_spec, rule, &rule_shape),
	KEY ("needs_consent", false, read_flag, struct kind_spec, needs_consent),
	TOKENS ("labels", false, labels, label_count),
	KEY ("urgency", false, read_urgency, struct kind_spec, urgency),
	KEY_LIST ("groups", false, struct kind_spec, groups, group_count, &group_shape),
	KEY_LIST ("fields", false, struct kind_spec, fields, field_count, &field_shape),
	KEY_LIST ("gates", false, struct kind_spec, gates, gate_count, &gate_shape),
	KEY_LIST ("reminds", false, struct kind_spec, reminds, remind_count, &remind_shape),
	KEY_LIST ("remarks", false, struct kind_spec, remarks, remark_count, &remark_shape),
	{ .name = "reply", .read = read_part, .shape = &reply_shape },
	{ .name = "seen", .read = read_part, .shape = &seen_shape },
	KEY ("tells_opened", false, read_flag, struct kind_spec, tells_opened),
	KEY ("fhir", true, read_text, struct kind_spec, fhir),
	KEY ("comment", false, read_text, struct kind_spec, comment),
	KEY_PART ("words", true, struct kind_spec, words, &words_shape),
	KEY_PART ("sentence", true, struct kind_spec, sentence, &words_shape),
};
static const struct shape kind_shape = { sizeof (struct kind_spec), kind_keys, COUNT_OF (kind_keys) };

static const struct key transition_keys[] = {
	KEY_TOKENS ("from", false, struct raw_transition, from, from_count),
	KEY ("kind", true, read_token, struct raw_transition, kind),
	KEY ("by", true, read_party, struct raw_transition, by),
	KEY ("to", false, read_token, struct raw_transition, to),
	KEY ("at_most", false, read_small, struct raw_transition, at_most),
	KEY ("then", false, read_token, struct raw_transition, then),
};
static const struct shape transition_shape =
	{ sizeof (struct raw_transition), transition_keys, COUNT_OF (transition_keys) };

static const struct key thread_keys[] = {
	KEY ("thread", true, read_token, struct raw_thread, type.name),
	KEY ("version", true, read_small, struct raw_thread, type.version),
	KEY ("resource", true, read_token, struct raw_thread, type.resource),
	KEY ("chained", false, read_token, struct raw_thread, type.chained),
	KEY ("purpose", false, read_token, struct raw_thread, type.purpose),
	KEY ("lane", false, read_token, struct raw_thread, type.lane),
	KEY ("person", false, read_about, struct raw_thread, type.about),
	KEY ("discreet", false, read_flag, struct raw_thread, type.discreet),
	KEY_PART ("words", true, struct raw_thread, type.words, &words_shape),
	KEY_PART ("defaults", false, struct raw_thread, defaults, &defaults_shape),
	KEY_LIST ("states", true, struct raw_thread, type.states, type.state_count, &state_shape),
	KEY_LIST ("kinds", true, struct raw_thread, type.kinds, type.kind_count, &kind_shape),
	KEY_LIST ("transitions", true, struct raw_thread, transitions, transition_count, &transition_shape),
};
static const struct shape thread_shape =
	{ sizeof (struct raw_thread), thread_keys, COUNT_OF (thread_keys) };
/* clang-format on */

/* ---- what was left out ------------------------------------------------------------------------ */

static void or_empty (const char **text)
{
	if (*text == NULL)
		*text = "";
}

static void complete_words (struct words *words)
{
	or_empty (&words->id);
	or_empty (&words->en);
}

static void complete_field (struct field_spec *field)
{
	const char **texts[] = { &field->group, &field->system, &field->unit,
				 &field->explained_by, &field->label, &field->from,
				 &field->flag };

	for (size_t i = 0; i < COUNT_OF (texts); i++)
		or_empty (texts[i]);
	complete_words (&field->hint);
	if (field->max_bytes == 0)
		field->max_bytes = LIMIT_TEXT_BYTES;
}

/* An urgency that the file does not name has the routine deadline. */
static void complete_within (struct within within[5])
{
	for (size_t i = 0; i < 5; i++)
		if (within[i].hours == 0 && within[i].working_days == 0)
			within[i] = within[URGENCY_ROUTINE];
}

#define INHERIT(kind, defaults, items, count) \
	do { \
		if ((kind)->items == NULL) { \
			(kind)->items = (defaults)->items; \
			(kind)->count = (defaults)->count; \
		} \
	} while (0)

static void inherit (struct kind_spec *kind, const struct kind_spec *defaults)
{
	INHERIT (kind, defaults, from_kinds, from_kind_count);
	INHERIT (kind, defaults, to_kinds, to_kind_count);
	INHERIT (kind, defaults, roles, role_count);
	INHERIT (kind, defaults, bases, basis_count);
	INHERIT (kind, defaults, escalation, escalation_count);
}

static void complete_kind (struct kind_spec *kind, const struct raw_thread *raw)
{
	inherit (kind, &raw->defaults);
	or_empty (&kind->reply_clock);
	or_empty (&kind->pauses);
	or_empty (&kind->seen_clock);
	or_empty (&kind->comment);
	or_empty (&kind->rule.id);
	or_empty (&kind->rule.article);
	or_empty (&kind->rule.version);
	or_empty (&kind->rule.as_of);
	complete_within (kind->reply_within);
	complete_within (kind->seen_within);
	if (kind->body == BODY_NONE && kind->field_count > 0)
		kind->body = BODY_ANSWERS;
	for (size_t i = 0; i < kind->field_count; i++)
		complete_field ((struct field_spec *)&kind->fields[i]);
	for (size_t i = 0; i < kind->remind_count; i++) {
		or_empty ((const char **)&kind->reminds[i].from);
		or_empty ((const char **)&kind->reminds[i].times);
	}
	for (size_t i = 0; i < kind->remark_count; i++)
		or_empty ((const char **)&kind->remarks[i].group);
}

/* ---- transitions ------------------------------------------------------------------------------ */

static void refuse_name (struct reading *reading, const char *key, const char *name,
			 const char *wanted_id, const char *wanted_en)
{
	size_t before = reading_enter (reading, key);
	json_t *value = json_string (name);

	reading_refuse (reading, value, wanted_id, wanted_en);
	json_decref (value);
	reading_leave (reading, before);
}

static const struct state *state_or_refuse (struct reading *reading, const struct thread_type *type,
					    const char *key, const char *name)
{
	const struct state *state = thread_state (type, name);

	if (state == NULL)
		refuse_name (reading, key, name, "keadaan ini tidak ada di \"states\"",
			     "\"states\" has no such state");
	return state;
}

static const struct kind_spec *kind_of_thread (const struct thread_type *type, const char *name)
{
	for (size_t i = 0; i < type->kind_count; i++)
		if (strcmp (type->kinds[i].name, name) == 0)
			return &type->kinds[i];
	return NULL;
}

/* The kind's name as the kind itself spells it, so that one pointer serves all. */
static const char *kind_or_refuse (struct reading *reading, const struct thread_type *type,
				   const char *key, const char *name)
{
	const struct kind_spec *kind = kind_of_thread (type, name);

	if (kind == NULL)
		refuse_name (reading, key, name, "jenis surat ini tidak ada di \"kinds\"",
			     "\"kinds\" has no such kind");
	return kind != NULL ? kind->name : name;
}

static void expand_row (struct reading *reading, struct thread_type *type,
			const struct raw_transition *raw, struct transition *rows, size_t *count)
{
	struct transition row = { .by = raw->by, .at_most = raw->at_most, .then = raw->then };

	row.kind = kind_or_refuse (reading, type, "kind", raw->kind);
	if (raw->then != NULL)
		row.then = kind_or_refuse (reading, type, "then", raw->then);
	if (raw->to != NULL)
		row.to = state_or_refuse (reading, type, "to", raw->to);
	if (raw->from == NULL)
		rows[(*count)++] = row;
	for (size_t i = 0; i < raw->from_count; i++) {
		row.from = state_or_refuse (reading, type, "from", raw->from[i]);
		rows[(*count)++] = row;
	}
}

static void expand_transitions (struct reading *reading, struct raw_thread *raw)
{
	struct transition *rows;
	size_t room = 1, count = 0;

	for (size_t i = 0; i < raw->transition_count; i++)
		room += raw->transitions[i].from_count + 1;
	rows = arena_alloc (reading->arena, room * sizeof *rows);
	if (rows == NULL) {
		refuse_too_large (reading);
		return;
	}
	for (size_t i = 0; i < raw->transition_count; i++) {
		size_t before = reading_enter (reading, "transitions");

		reading_enter_at (reading, i);
		expand_row (reading, &raw->type, &raw->transitions[i], rows, &count);
		reading_leave (reading, before);
	}
	raw->type.transitions = rows;
	raw->type.transition_count = count;
}

/* ---- files ------------------------------------------------------------------------------------ */

/* A broken file of which nothing more can be said: later steps need every required member. */
static bool has_problems (const struct reading *reading, size_t before)
{
	return problems_count (reading->problems) > before;
}

static void complete_thread (struct reading *reading, struct raw_thread *raw)
{
	for (size_t i = 0; i < raw->type.state_count; i++)
		or_empty ((const char **)&raw->type.states[i].business_status);
	for (size_t i = 0; i < raw->type.kind_count; i++)
		complete_kind ((struct kind_spec *)&raw->type.kinds[i], raw);
	or_empty (&raw->type.chained);
	or_empty (&raw->type.purpose);
	or_empty (&raw->type.lane);
	expand_transitions (reading, raw);
}

/* The file is named after its thread, so that "referral.json" is enough to find a complaint. */
static void check_file_name (struct reading *reading, const char *thread)
{
	size_t len = strlen (thread);

	if (strncmp (reading->file, thread, len) != 0 || strcmp (reading->file + len, ".json") != 0)
		refuse_name (reading, "thread", thread, "berkas harus bernama sama dengan isinya",
			     "the file must be named after it");
}

static void load_thread (struct reading *reading, const json_t *value, catalogue_t *catalogue)
{
	size_t before = problems_count (reading->problems);
	struct raw_thread raw = { 0 };
	struct thread_type *type;

	if (catalogue->thread_count == LIMIT_THREAD_TYPES) {
		reading_refuse (reading, NULL, "terlalu banyak jenis rangkaian",
				"there are too many thread types");
		return;
	}
	shape_read (reading, value, &thread_shape, &raw);
	if (has_problems (reading, before))
		return;
	check_file_name (reading, raw.type.name);
	complete_thread (reading, &raw);
	type = &catalogue->threads[catalogue->thread_count++];
	*type = raw.type;
	for (size_t i = 0; i < type->kind_count; i++)
		((struct kind_spec *)&type->kinds[i])->thread = type;
}

static void load_words (struct reading *reading, const json_t *value, catalogue_t *catalogue)
{
	shape_read (reading, value, &words_file_shape, &catalogue->words);
}

static void load_case (struct reading *reading, const json_t *value, catalogue_t *catalogue)
{
	shape_read (reading, value, &case_shape, &catalogue->cases);
}

static void load_holidays (struct reading *reading, const json_t *value, catalogue_t *catalogue)
{
	shape_read (reading, value, &holidays_shape, &catalogue->holidays);
}

typedef void load_fn (struct reading *reading, const json_t *value, catalogue_t *catalogue);

/* Complaints of the JSON library name a line; the file is put before it. */
static void name_file (const struct reading *reading, const problems_t *inner)
{
	char text_id[320], text_en[320];

	for (size_t i = 0; i < problems_count (inner) && problems_at (inner, i) != NULL; i++) {
		const struct problem *problem = problems_at (inner, i);

		snprintf (text_id, sizeof text_id, "%s: %.240s", reading->file, problem->text_id);
		snprintf (text_en, sizeof text_en, "%s: %.240s", reading->file, problem->text_en);
		problems_add_texts (reading->problems, ERR_CONFIG, problem->field, text_id, text_en);
	}
}

static void load_file (struct reading *reading, const char *folder, const char *name, load_fn *load,
		       catalogue_t *catalogue)
{
	OWNED (problems) inner = problems_new ();
	char path[4096];
	json_t *value;

	reading->file = name;
	reading->path[0] = '\0';
	snprintf (path, sizeof path, "%s/%s", folder, name);
	if (json_read_file (path, &value, inner) != ERR_OK) {
		name_file (reading, inner);
		return;
	}
	load (reading, value, catalogue);
	json_decref (value);
}

static int is_thread_file (const struct dirent *entry)
{
	const char *dot = strrchr (entry->d_name, '.');

	return entry->d_name[0] != '.' && dot != NULL && strcmp (dot, ".json") == 0 &&
	       strcmp (entry->d_name, "words.json") != 0 &&
	       strcmp (entry->d_name, "holidays.json") != 0 &&
	       strcmp (entry->d_name, CASE_FILE) != 0;
}

static bool has_case_file (const char *folder)
{
	char path[4096];

	snprintf (path, sizeof path, "%s/%s", folder, CASE_FILE);
	return access (path, F_OK) == 0;
}

static void load_threads (struct reading *reading, const char *folder, catalogue_t *catalogue)
{
	struct dirent **entries;
	int count = scandir (folder, &entries, is_thread_file, alphasort);

	for (int i = 0; i < count; i++) {
		load_file (reading, folder, entries[i]->d_name, load_thread, catalogue);
		free (entries[i]);
	}
	if (count >= 0)
		free (entries);
	if (count <= 0)
		problems_add (reading->problems, ERR_CONFIG, folder,
			      "folder katalog %s tidak berisi jenis rangkaian",
			      "the catalogue folder %s holds no thread types", quoted (folder));
}

/* Words come first: the threads' fields name its lists.  If they are broken, everything else would
 * only complain again. */
static err_t load_folder (struct reading *reading, const char *folder, catalogue_t *catalogue)
{
	load_file (reading, folder, "words.json", load_words, catalogue);
	load_file (reading, folder, "holidays.json", load_holidays, catalogue);
	if (has_case_file (folder))
		load_file (reading, folder, CASE_FILE, load_case, catalogue);
	if (has_problems (reading, 0))
		return ERR_CONFIG;
	reading->context = &catalogue->words;
	load_threads (reading, folder, catalogue);
	if (has_problems (reading, 0))
		return ERR_CONFIG;
	return catalogue_check (catalogue, reading->problems);
}

void problems_hand_over (const problems_t *from, problems_t *to)
{
	for (size_t i = 0; i < problems_count (from) && problems_at (from, i) != NULL; i++) {
		const struct problem *problem = problems_at (from, i);

		problems_add_texts (to, problem->err, problem->field, problem->text_id,
				    problem->text_en);
	}
}

err_t catalogue_load (const char *folder, catalogue_t **ret_catalogue, problems_t *problems)
{
	OWNED (problems) found = problems_new ();
	OWNED (catalogue) catalogue = must_alloc (sizeof *catalogue);
	struct reading reading = { .problems = found };
	err_t err;

	catalogue->arena = arena_new (LIMIT_CATALOGUE_BYTES);
	reading.arena = catalogue->arena;
	catalogue->folder = arena_text (catalogue->arena, folder);
	err = load_folder (&reading, folder, catalogue);
	problems_hand_over (found, problems);
	if (err != ERR_OK)
		return ERR_CONFIG;
	*ret_catalogue = catalogue;
	catalogue = NULL;
	return ERR_OK;
}

void catalogue_destroy (catalogue_t **catalogue)
{
	if (*catalogue == NULL)
		return;
	arena_destroy (&(*catalogue)->arena);
	free (*catalogue);
	*catalogue = NULL;
}

/* ---- look-ups --------------------------------------------------------------------------------- */

const char *catalogue_folder (const catalogue_t *catalogue)
{
	return catalogue->folder;
}

size_t catalogue_kind_count (const catalogue_t *catalogue)
{
	size_t count = 0;

	for (size_t i = 0; i < catalogue->thread_count; i++)
		count += catalogue->threads[i].kind_count;
	return count;
}

size_t catalogue_thread_count (const catalogue_t *catalogue)
{
	return catalogue->thread_count;
}

const struct thread_type *catalogue_thread_at (const catalogue_t *catalogue, size_t i)
{
	return i < catalogue->thread_count ? &catalogue->threads[i] : NULL;
}

const struct thread_type *catalogue_thread (const catalogue_t *catalogue, const char *name)
{
	for (size_t i = 0; i < catalogue->thread_count; i++)
		if (strcmp (catalogue->threads[i].name, name) == 0)
			return &catalogue->threads[i];
	return NULL;
}

static const struct kind_spec *better_kind (const struct kind_spec *old, const struct kind_spec *kind,
					    const char *name, uint32_t version)
{
	if (strcmp (kind->name, name) != 0 || (version != 0 && kind->version != version))
		return old;
	return old == NULL || kind->version > old->version ? kind : old;
}

const struct kind_spec *catalogue_kind (const catalogue_t *catalogue, const char *name,
					uint32_t version)
{
	const struct kind_spec *found = NULL;

	for (size_t i = 0; i < catalogue->thread_count; i++)
		for (size_t k = 0; k < catalogue->threads[i].kind_count; k++)
			found = better_kind (found, &catalogue->threads[i].kinds[k], name, version);
	return found;
}
