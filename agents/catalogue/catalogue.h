/*
 * The catalogue: which threads there are, which states they pass through, which kinds of letter move
 * them, what a form asks, who may send it to whom, on what basis, and which answer is due when.  One
 * JSON file per thread type in config/catalogue/, loaded and checked once; plain data afterwards.
 *
 * Everything here borrows from the catalogue, which lives as long as the program.
 */
#ifndef AGENTS_CATALOGUE_CATALOGUE_H
#define AGENTS_CATALOGUE_CATALOGUE_H

#include <stdio.h>

#include "jembatan/letter.h"
#include "jembatan/problem.h"

struct words {
	const char *id, *en;
};

/* PARTY_EITHER stands only in a kind that both may send; a transition names one side. */
enum party { PARTY_REQUESTER = 1, PARTY_PERFORMER = 2, PARTY_EITHER = 3 };
const char *party_name (enum party party);   /* "requester", "performer", "either" */

/* States are named by the FHIR status of the thread's resource and, behind it, business status. */
struct state {
	const char *name;             /* "accepted", "arrived", "referred-onward" */
	const char *task_status;      /* FHIR R4 Task.status (of a consent: Consent.status): "accepted" */
	const char *business_status;  /* Task.businessStatus: "arrived", or "" */
	bool ended;                   /* nothing moves it any more */
	bool local;                   /* reached without a letter: a draft, a record voided */
	struct words words;
};

struct transition {
	const struct state *from;     /* NULL: the kind opens the thread */
	const char *kind;
	enum party by;
	const struct state *to;       /* NULL: the state stays (a report, a question) */
	uint32_t at_most;             /* how often a thread may take this row; 0 = any.  The desk counts:
	                               * out of no-show, thread.no_shows must not exceed it */
	const char *then;             /* the kind that the other side's machine answers by itself, or
	                               * NULL: a person decides (cancel before and after arrival) */
};

struct code_spec {
	const char *code;
	struct words words;
};

struct field_spec {
	const char *name;
	enum answer_type type;
	bool required;
	bool structural;              /* may not be declined: the thread can't go on without it */
	bool many;
	bool personal;                /* never quoted back in an error */
	size_t max_bytes;             /* of text; always set */
	int64_t min, max;             /* of integer and rupiah */
	const char *system;           /* code system or syntax of a text: a URI; "" = codes below */
	size_t code_count;
	const struct code_spec *codes;   /* allowed codes; none = syntax of the system only */
	const char *unit;             /* UCUM, of a quantity */
	const char *explained_by;     /* the field that must be given too when the code is "other", or "" */
	const char *label;            /* data label the answer carries: "health", ...; "" = none */
	/* What the desk fills in itself, or "": "service" (the submission's), "person.name",
	 * "person.birth-date", "person.sex", "person.nik", "person.phone", "person.region",
	 * "person.guardian", "person.entry-door", "contact.safe-to-call",
	 * "contact.may-leave-message", "contact.who-knows" (the person's record).  What the record
	 * does not know is not answered; an optional answer whose label the clause does not cover
	 * stays out of the letter. */
	const char *from;
	const char *flag;             /* the command line's flag, without dashes; "" = none */
	struct words words, hint;
};

struct within {                       /* a deadline: hours, or working days of the performer's region */
	int32_t hours;
	int32_t working_days;
};

struct escalation {
	int32_t days;                 /* after the deadline */
	const char *role;             /* "owner", "supervisor", "coordinator" */
};

struct kind_spec {
	const char *name;             /* "referral.accept" */
	uint32_t version;
	const struct thread_type *thread;
	enum party by;
	enum letter_body body;        /* BODY_ANSWERS, BODY_NONE without fields, or a machine's message */
	size_t from_kind_count, to_kind_count;
	const char *const *from_kinds;   /* agency kinds that may send it; none = any */
	const char *const *to_kinds;
	size_t role_count;
	const char *const *roles;     /* user roles that may send it; none = the machine only */
	size_t basis_count;
	const enum basis *bases;      /* allowed; the first is the default */
	bool needs_consent;           /* carries personal data: a clause or another basis must cover it */
	size_t label_count;
	const char *const *labels;    /* labels it may carry */
	size_t field_count;
	const struct field_spec *fields;
	size_t reply_count;
	const char *const *replies;   /* kinds that answer it; none = no answer is due */
	struct within reply_within[5];   /* indexed by enum urgency; unset is as routine */
	const char *reply_clock;      /* the deadline's name: "decision", "info", "cancel", ...; "" = none */
	const char *pauses;           /* the clock of the other side that stands still meanwhile, once; or "" */
	struct within seen_within[5]; /* a person must have opened it by then; all zero = no clock */
	const char *seen_clock;       /* "received", or "" */
	bool tells_opened;            /* asks for an opened-receipt */
	size_t escalation_count;
	const struct escalation *escalation;   /* loop.overdue: whom, after how long */
	const char *fhir;             /* resource it maps to, for the documents */
	struct words words, sentence; /* button and timeline line: "Rujukan diterima" */
};

struct purpose_spec {
	const char *purpose;          /* "treatment", "social-rehab", ... */
	struct words words;
};

struct service_spec {                 /* a referral's type: what is asked for */
	const char *code;             /* "medical" */
	const char *purpose;
	struct words words;
};

struct thread_type {
	const char *name;             /* "referral" */
	uint32_t version;
	const char *resource;         /* whose status the states carry: "Task", "Consent" */
	bool chained;                 /* takes part in chains; coordinators hear of it */
	size_t state_count;
	const struct state *states;
	size_t transition_count;
	const struct transition *transitions;
	size_t kind_count;
	const struct kind_spec *kinds;
	struct words words;
};

typedef struct catalogue catalogue_t;

/*
 * Reads words.json, holidays.json and every other *.json of the folder as a thread type, and checks
 * the whole (catalogue_check).  ERR_CONFIG with problems that name file, place and value.
 */
MUST_USE err_t catalogue_load (const char *folder, catalogue_t **ret_catalogue,
			       problems_t *problems);
void catalogue_destroy (catalogue_t **catalogue);

size_t catalogue_thread_count (const catalogue_t *catalogue);
const struct thread_type *catalogue_thread_at (const catalogue_t *catalogue, size_t i);
const struct thread_type *catalogue_thread (const catalogue_t *catalogue, const char *name);

/* The kind in that version, or NULL; version 0 asks for the newest. */
const struct kind_spec *catalogue_kind (const catalogue_t *catalogue, const char *name,
					uint32_t version);

/* Purposes, services and data labels with their words, from catalogue/words.json. */
size_t catalogue_purposes (const catalogue_t *catalogue, const struct purpose_spec **ret_purposes);
size_t catalogue_services (const catalogue_t *catalogue, const struct service_spec **ret_services);
size_t catalogue_labels (const catalogue_t *catalogue, const struct code_spec **ret_labels);
size_t catalogue_agency_kinds (const catalogue_t *catalogue, const struct code_spec **ret_kinds);
const struct service_spec *catalogue_service (const catalogue_t *catalogue, const char *code);
bool catalogue_has_purpose (const catalogue_t *catalogue, const char *purpose);
bool catalogue_has_label (const catalogue_t *catalogue, const char *label);

/*
 * What files that read well can still get wrong: states that no letter reaches or that nothing
 * leaves, replies that nobody may send, clocks without a reply, words in one language only, codes,
 * flags and fields named twice.  catalogue_load calls it; ERR_CONFIG.  (check.c)
 */
MUST_USE err_t catalogue_check (const catalogue_t *catalogue, problems_t *problems);

/* docs/DOMAIN.md: lifecycles, kinds, fields, deadlines and words, drawn from the catalogue.  (print.c) */
void catalogue_print (const catalogue_t *catalogue, FILE *out);

/* ---- lifecycle.c: pure ---- */

const struct state *thread_state (const struct thread_type *type, const char *name);

/* The row for this kind in this state by this party, or NULL (WRONG_STATE).  `from` NULL asks for
 * the opening row. */
const struct transition *lifecycle_find (const struct thread_type *type, const struct state *from,
					 const char *kind, enum party by);

/* ---- answers.c: pure ---- */

/* Holds answers against the form: unknown fields, missing ones, types, lengths, codes, units, phone,
 * date and NIK syntax.  All problems are reported; ERR_INVALID.  An absent required answer
 * ("declined", "not asked") is an answer unless the field is structural (code fields that a
 * transition needs are). */
MUST_USE err_t answers_check (const struct kind_spec *kind, const struct answer *answers,
			      size_t count, problems_t *problems);

/* The labels that these answers carry together, into the arena. */
size_t answers_labels (const struct kind_spec *kind, const struct answer *answers, size_t count,
		       arena_t *arena, const char *const **ret_labels);

const struct answer *answer_find (const struct answer *answers, size_t count, const char *field);
const struct field_spec *kind_field (const struct kind_spec *kind, const char *field);

/* NIK: 16 digits, day 01-31 or 41-71, month 01-12, serial not 0000; nothing more is known of it. */
bool nik_is_plausible (const char *nik);
bool phone_is_e164 (const char *phone);
bool date_is_real (const char *date);          /* YYYY-MM-DD in the calendar */
bool region_is_kemendagri (const char *code);  /* PP[.KK[.CC[.DDDD]]] */

/* ---- workdays.c ---- */

/*
 * The instant when an answer is due.  Hours run through; working days are counted in the zone of the
 * region (WIB, WITA, WIT by province), skipping Saturdays, Sundays and the holidays of
 * catalogue/holidays.json, and end at 17:00 local time.
 */
int64_t catalogue_due (const catalogue_t *catalogue, const struct within *within,
		       const char *region, int64_t from_ms);

struct zone { const char *name; int32_t offset_minutes; };   /* "WIB", 420 */
struct zone region_zone (const char *region);

/* "22 November 2026 10.15 WIB" / "22 November 2026 10:15 WIB" */
#define LOCAL_INSTANT_TEXT 64
char *local_instant_text (int64_t at_ms, const char *region, bool english,
			  char text[LOCAL_INSTANT_TEXT]);

#endif
