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
	bool explain;                 /* the field's explained_by must be given too ("not-done");
	                               * "other" always does */
};

/*
 * A table in a form: rows that repeat, such as the analytes of a panel or the tasks of a plan.  Its
 * columns are fields named "analyte.code"; an answer names row and column, "analyte[1].code", rows
 * from 1 without holes.  kind_field finds the column for it.
 */
struct group_spec {
	const char *name;             /* "analyte"; also the command line's flag */
	uint32_t least, most;         /* rows */
	struct words words;
};

struct field_spec {
	const char *name;             /* of a column with its group: "analyte.code" */
	const char *group;            /* "analyte"; "" = a field of its own */
	enum answer_type type;
	bool required;
	bool structural;              /* may not be declined: the thread can't go on without it */
	bool many;
	bool personal;                /* never quoted back in an error */
	bool past;                    /* of a date or instant: it has come when it is written down */
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

/* "This field has one of these codes." */
struct answer_match {
	const char *field;            /* of a table: the column, in the same row as the others */
	size_t value_count;
	const char *const *values;    /* codes, or "true" and "false" */
};

/* A letter about the same person, sent or received here. */
struct letter_match {
	const char *kind;
	size_t match_count;
	const struct answer_match *matches;   /* all must hold */
	uint32_t within_days;         /* not older; 0 = ever */
};

/*
 * A condition beyond the state, from the papers: before the letter may be written, something must be
 * known here.  The desk judges it (agents/desk/gate.c).
 *   "needs"         one of `any` was written or came in;
 *   "answered"      no letter of `asked` waits for one of `any` that is newer; a thread that was
 *                   rejected, cancelled or failed waits no longer;
 *   "guardian"      a person under 18 has a guardian in the record (UU 27/2022 art. 25);
 *   "case-manager"  this agency is the person's case manager.
 */
struct gate_spec {
	const char *gate;
	size_t service_count;
	const char *const *services;  /* only in threads that ask for one of these; none = always */
	size_t asked_count, any_count;
	const struct letter_match *asked, *any;
	struct words words;           /* the refusal: what lacks, and what to do */
	const char *comment;          /* which row of which paper or rule says so */
};

/* A reminder that this letter sets, at the side that has to act; the next letter of `kind` in the
 * thread closes the earliest, the thread's end all. */
struct remind_spec {
	const char *kind;             /* the letter to write then */
	enum party by;                /* whose reminder it is */
	const char *from;             /* date or instant field that it counts from; "" = this letter's time */
	size_t day_count;
	const int32_t *days;          /* after that day; negative = before */
	int32_t every_days;           /* instead of days: as often as the field `times` says */
	const char *times;            /* integer field */
	struct words words;
};

/* A remark that readers see beside answers: a positive screen is presumptive. */
struct remark_spec {
	const char *group;            /* judged row by row; "" = of the form */
	size_t match_count;
	const struct answer_match *matches;
	struct words words;
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
	struct rule rule;             /* that the first basis rests on when nobody cites another; id "" =
	                               * the writer cites one */
	bool needs_consent;           /* carries personal data: a clause or another basis must cover it */
	size_t label_count;
	const char *const *labels;    /* labels it may carry */
	size_t group_count;
	const struct group_spec *groups;
	size_t field_count;
	const struct field_spec *fields;
	size_t gate_count;
	const struct gate_spec *gates;
	size_t remind_count;
	const struct remind_spec *reminds;
	size_t remark_count;
	const struct remark_spec *remarks;
	enum urgency urgency;         /* which this kind always has; unset = as its writer says */
	bool else_next;               /* unanswered, the same is asked of the next agency on the list */
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
	const char *comment;          /* which paper or rule its deadlines and reminders come from */
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
	const char *lane;             /* of a timeline: "health"; NULL = none */
};

/* A stage of a person's way, reached with the first letter of one of its kinds. */
struct stage_spec {
	const char *stage;            /* "assessment" */
	bool from_record;             /* or as soon as the person is known here */
	size_t kind_count;
	const char *const *kinds;
	struct words words;
};

#define STAGES_MAX 16u

struct stage_scheme {                 /* which stages there are, in their order */
	const char *scheme;           /* "pesona-9" */
	size_t agency_kind_count;
	const char *const *agency_kinds;   /* who counts in these stages; none = everybody else */
	const char *comment;          /* which paper or rule they come from */
	size_t stage_count;           /* at most STAGES_MAX */
	const struct stage_spec *stages;
	struct words words;
};

struct aftercare_spec {               /* months, and whether the person was reached in each */
	const char *kind, *start, *months;     /* the letter that sets them; its fields */
	const char *checkin, *on, *reached;    /* the letter of each; its date and its yes or no */
};

/* How a case is shown (case.json); a folder without that file has nothing of it. */
struct case_spec {
	size_t lane_count, scheme_count, finding_count, plan_count;
	const struct code_spec *lanes;         /* of a timeline */
	const struct stage_scheme *schemes;
	const char *const *findings;           /* kinds of letters whose answers are facts */
	const char *const *plans;
	struct aftercare_spec aftercare;       /* kind NULL = there is none */
};

enum about { ABOUT_PERSON, ABOUT_ANYBODY, ABOUT_NOBODY };   /* "required", "optional", "none" */

struct thread_type {
	const char *name;             /* "referral" */
	uint32_t version;
	const char *resource;         /* whose status the states carry: "Task", "Consent" */
	const char *chained;          /* coarse kind that coordinators hear of: "referral", "transfer",
	                               * "aftercare"; "" = they don't */
	const char *purpose;          /* of all its letters; "" = the asked service's */
	const char *lane;             /* of a timeline; "" = the asked service's, or none */
	enum about about;             /* a person, or not */
	bool discreet;                /* no label, no telling word and no telling name may reach the
	                               * performer, and the chain is a fresh one */
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
 * Reads words.json, holidays.json, case.json where there is one, and every other *.json of the folder as
 * a thread type, and checks the whole (catalogue_check).  ERR_CONFIG with problems that name file, place and value.
 */
MUST_USE err_t catalogue_load (const char *folder, catalogue_t **ret_catalogue,
			       problems_t *problems);
void catalogue_destroy (catalogue_t **catalogue);

const char *catalogue_folder (const catalogue_t *catalogue);   /* where it was read from */
size_t catalogue_kind_count (const catalogue_t *catalogue);    /* each version counts */
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
/* May an agency of this kind ever see data with this label, whatever a clause says?  By "sees" of
 * words.json; a kind that it does not name may not. */
bool catalogue_may_see (const catalogue_t *catalogue, const char *agency_kind, const char *label);
/* Does the name of such an agency alone tell of rehabilitation or prison? */
bool catalogue_is_telling (const catalogue_t *catalogue, const char *agency_kind);

/* The first word of a text that tells of rehabilitation, drugs or prison (words.json,
 * "discreet_words"; a trailing * stands for any ending), case and accents aside; NULL = none.  The
 * word as the list has it, never the text itself. */
const char *catalogue_telling_word (const catalogue_t *catalogue, const char *text);
const struct service_spec *catalogue_service (const catalogue_t *catalogue, const char *code);
const struct case_spec *catalogue_case (const catalogue_t *catalogue);
/* The lane in which a thread of this type, asking for this service, is shown; "" = in none. */
const char *catalogue_lane (const catalogue_t *catalogue, const struct thread_type *type,
			    const char *service);
/* The stages in which such an agency counts; NULL when there are none. */
const struct stage_scheme *catalogue_scheme (const catalogue_t *catalogue, const char *agency_kind);
/* What is waited for while a clock runs, from the list "clock"; its own name when it is not there. */
struct words catalogue_clock (const catalogue_t *catalogue, const char *clock);
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

/* The lifecycle of one thread type, or of all (NULL), as Mermaid state diagrams.  (print.c) */
void catalogue_diagram (const catalogue_t *catalogue, const struct thread_type *type, FILE *out);

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

/* ---- match.c: pure ---- */

/* "analyte[3].code": row 3 of the table "analyte"; 0 when the field is in no table. */
uint32_t answer_row (const char *field);

/* The last row of a table that has an answer. */
uint32_t answers_rows (const struct answer *answers, size_t count, const char *group);

/* Does a row (0: the form, and where columns are named, some row of their table) have what all
 * matches ask? */
bool answers_match (const struct answer *answers, size_t count, const char *group, uint32_t row,
		    const struct answer_match *matches, size_t match_count);

const struct answer *answer_find (const struct answer *answers, size_t count, const char *field);
const struct field_spec *kind_field (const struct kind_spec *kind, const char *field);
const struct group_spec *kind_group (const struct kind_spec *kind, const char *name);

/* The labels that these answers carry together, into the arena. */
size_t answers_labels (const struct kind_spec *kind, const struct answer *answers, size_t count,
		       arena_t *arena, const char *const **ret_labels);

/* ---- syntax.c: pure ---- */

/* NIK: 16 digits, day 01-31 or 41-71, month 01-12, serial not 0000; nothing more is known of it. */
bool nik_is_plausible (const char *nik);
bool phone_is_e164 (const char *phone);
/* "0812-3456-789" becomes "+628123456789"; anything else loses blanks and dashes. */
const char *phone_tidy (const char *phone, arena_t *arena);
bool date_is_real (const char *date);          /* YYYY-MM-DD in the calendar */
bool region_is_kemendagri (const char *code);  /* PP[.KK[.CC[.DDDD]]] */
/* Is it in a province of Kepmendagri 300.2.2-2138/2025?  One that is not may be an older or a newer
 * code, which nobody here can tell: a reason to warn, never to refuse. */
bool region_is_known (const char *code);

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

/* Days since 1970-01-01: of a date that is real, and of an instant in the region's zone. */
int64_t date_day (const char *date);
int64_t local_day (int64_t at_ms, const char *region);
/* The instant at which an hour of that day begins in the region's zone. */
int64_t local_day_ms (int64_t day, int32_t hour, const char *region);
/* The year and the month (1 to 12) in which a day lies. */
int64_t day_year (int64_t day, int *ret_month);

struct holiday {
	const char *date;             /* YYYY-MM-DD */
	struct words words;
};
struct holiday_year {
	uint32_t year;
	const char *source;           /* the decree */
	size_t holiday_count;
	const struct holiday *holidays;
};
size_t catalogue_holidays (const catalogue_t *catalogue, const struct holiday_year **ret_years);

#define HOLIDAYS_MAX 366u             /* of one year */
#define HOLIDAYS_LEAST 10u            /* a joint decree (SKB) never names fewer: a shorter list awaits it */
#define HOLIDAY_YEARS_MAX 64u

/*
 * Takes the holidays of one year into the place of what holidays.json says of it; what is given is
 * copied.  ERR_INVALID with a problem for every wrong date (not real, of another year, twice),
 * ERR_TOO_LARGE for too many; then nothing has changed.
 */
MUST_USE err_t catalogue_add_holidays (catalogue_t *catalogue, uint32_t year, const char *source,
				       const struct holiday *holidays, size_t count,
				       problems_t *problems);
/* Whether the year's list is there and can be the decree's: at least HOLIDAYS_LEAST days. */
bool catalogue_has_holidays (const catalogue_t *catalogue, int64_t year);

/* "22 November 2026 10.15 WIB" / "22 November 2026 10:15 WIB" */
#define LOCAL_INSTANT_TEXT 64
char *local_instant_text (int64_t at_ms, const char *region, bool english,
			  char text[LOCAL_INSTANT_TEXT]);
#define DATE_TEXT 40
/* "22 November 2026" of "2026-11-22"; what is no date stays as it is. */
char *date_text (const char *date, bool english, char text[DATE_TEXT]);

/* ---- value.c: pure ---- */

#define RUPIAH_TEXT 40
char *rupiah_text (int64_t rupiah, char text[RUPIAH_TEXT]);   /* "Rp5.000.000" */

/* What an answer says, for people: codes by their words, instants in the zone of the region.
 * `field` is NULL when this catalogue does not know it.  Lives as long as the answer and the arena. */
struct words value_words (const struct field_spec *field, const struct answer *answer,
			  const char *region, arena_t *arena);

#endif
