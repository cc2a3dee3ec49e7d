/*
 * The desk: the domain.  Each use-case is one transaction that leaves entry, projection, deadline,
 * outbox and receipts together in the ledger, or nothing.  Decisions are pure functions over facts;
 * the desk knows no sockets, no SQL and no JSON.
 *
 * What a person asks comes in as a submission and is held against catalogue, lifecycle, consent and
 * role.  What a partner sends comes in as a received letter, already opened and verified by the
 * post.
 */
#ifndef AGENTS_DESK_DESK_H
#define AGENTS_DESK_DESK_H

#include "agents/catalogue/catalogue.h"
#include "agents/ledger/attachment.h"
#include "agents/ledger/chain.h"
#include "agents/ledger/clause.h"
#include "agents/ledger/contact.h"
#include "agents/ledger/deadline.h"
#include "agents/ledger/entry.h"
#include "agents/ledger/inbox.h"
#include "agents/ledger/ledger.h"
#include "agents/ledger/mark.h"
#include "agents/ledger/outbox.h"
#include "agents/ledger/person.h"
#include "agents/ledger/thread.h"
#include "agents/ledger/trouble.h"
#include "agents/ledger/word.h"
#include "jembatan/directory.h"

typedef struct desk desk_t;

/* Borrows all of it.  `sig` signs clauses and withdrawals. */
struct desk_parts {
	ledger_t *ledger;
	const catalogue_t *catalogue;
	const directory_t *directory;
	const keypair_t *sig;
	struct agency_id self;
};

desk_t *desk_new (const struct desk_parts *parts);
void desk_destroy (desk_t **desk);
void desk_set_directory (desk_t *desk, const directory_t *directory);
void desk_set_catalogue (desk_t *desk, const catalogue_t *catalogue);
/* When the ledger was backed up last, 0 = never: from then on the tick raises an alarm after
 * BACKUP_OLD_MS without one. */
void desk_set_backup (desk_t *desk, int64_t at_ms);
/* What is wrong with the console's certificate; the tick raises an alarm, or ends it with ERR_OK. */
void desk_set_certificate (desk_t *desk, err_t trouble);
/* Since when there is no newer backup: the last one, or the ledger's first entry; 0 = nothing is to be
 * backed up, or nobody looks after backups. */
int64_t desk_backup_since_ms (const desk_t *desk);
/* Letters of others that were refused in this run, by error. */
const struct error_counts *desk_refused (const desk_t *desk);
/* With less free disk than this people write nothing new (a stat letter and a withdrawal excepted), while
 * receipts, custody and what arrives go on; 0, as at first: down to the last byte. */
void desk_set_min_free (desk_t *desk, int64_t bytes);
/* Whether there is more. */
bool desk_has_room (const desk_t *desk);
const struct desk_parts *desk_parts (const desk_t *desk);

/*
 * Now, corrected by the offset learned from the hub when it exceeds CLOCK_TOLERANCE_MS.  A clock
 * that is set while the agent runs changes nothing: the time that has passed is told by the
 * monotonic clock.  (time.c)
 */
int64_t desk_now_ms (desk_t *desk);
/* The hub's time, just heard; remembered beyond a restart.  Gives the offset, for the marks. */
int64_t desk_hear_time (desk_t *desk, tx_t *tx, int64_t hub_time_ms);

/* ---- who asks (permit.c) ---- */

struct actor {
	const char *user;
	const char *role;            /* caseworker, clinician, supervisor, auditor, admin */
};

enum use_case {
	USE_LOOK,                    /* read a person's record */
	USE_LIST,                    /* lists without a person's content */
	USE_INTAKE,
	USE_CONSENT,
	USE_SEND,                    /* further narrowed by the kind's roles */
	USE_STATUS,
	USE_VERIFY,
	USE_ADMIN,                   /* staff, holidays, address book: the agency's own lists */
	USE_EVIDENCE,                /* give out what was signed about a referral */
	USE_SIGN_IN,                 /* anybody, who need not be known yet */
	USE_SESSION,                 /* the own session, password and second factor */
	USE_ACCOUNTS,                /* make, change, dismiss */
	USE_RESET,                   /* be one of the two who reset a password; see who has an account */
	USE_KEYS,                    /* of software */
	USE_LOOKS,                   /* who looked at whom, and what happened at the door */
	USE_COUNT
};
const char *use_case_name (enum use_case use);
/* One table for all roles.  ERR_NOT_ALLOWED, ERR_NOT_SIGNED_IN for an empty role. */
MUST_USE err_t permit (const struct actor *actor, enum use_case use);
bool role_exists (const char *role);

/* ---- looking (look.c): every look at a record is an entry ---- */

/* Why this user looks at the person: an entry, whose reason goes with each of their looks within
 * LOOK_REASON_MS.  ERR_INVALID beyond REASON_MAX bytes. */
#define LOOK_REASON_MS (12 * HOUR_MS)
MUST_USE err_t desk_look_reason (desk_t *desk, const struct actor *actor,
				 const struct person_id *person, const char *reason,
				 problems_t *problems);
/* They are none of the person's workers and have given no reason: they are asked for one, and see the
 * record all the same. */
bool desk_look_wants_reason (desk_t *desk, const struct actor *actor,
			     const struct person_id *person);

/* ---- what a person asks ---- */

/* Intake: checks name, NIK, birth date, phone, region, guardian under 18, duplicate NIK. */
MUST_USE err_t desk_intake (desk_t *desk, const struct actor *actor, struct person *person,
			    problems_t *problems);

/* A clause as a person gives it; recipient is an agency id or a kind with a region. */
struct clause_wish {
	const char *recipient;       /* agency id, or "" */
	const char *recipient_kind, *recipient_region;
	const char *purpose;
	size_t label_count;
	const char *const *labels;
	int64_t valid_to_ms;         /* 0 = one year */
};
/* Signs and stores the clauses, tells named recipients nothing yet: the clause travels with the first
 * letter it covers.  ret_ids has room for `count`. */
MUST_USE err_t desk_consent_give (desk_t *desk, const struct actor *actor,
				  const struct person_id *person, const struct clause_wish *wishes,
				  size_t count, struct clause_id *ret_ids, problems_t *problems);

/* Withdraws one clause, or all of a person (`clause` NULL).  Our own grant: signs the withdrawal, tells
 * every holder, recalls what is still at the hub, stops our threads.  A clause granted elsewhere:
 * stops here at once and tells the grantor. */
MUST_USE err_t desk_consent_withdraw (desk_t *desk, const struct actor *actor,
				      const struct person_id *person,
				      const struct clause_id *clause, int64_t said_ms,
				      size_t *ret_withdrawn, problems_t *problems);

/* ---- files that go with a letter (attachment.c) ---- */

/* An upload begins, or goes on where it was: `offer` has id, person, length and media_type, and
 * ret_row->done says how much is here.  ERR_INVALID, ERR_TOO_LARGE, ERR_CONFLICT when the id is of
 * something else, ERR_NOT_FOUND and ERR_ERASED for the person. */
MUST_USE err_t desk_attachment_begin (desk_t *desk, const struct actor *actor,
				      const struct attachment_row *offer, arena_t *arena,
				      struct attachment_row *ret_row, problems_t *problems);
/* The next steps of its plaintext, in one commit; row->done grows with them.  ERR_CONFLICT when
 * another upload of the same went on meanwhile. */
MUST_USE err_t desk_attachment_take (desk_t *desk, struct attachment_row *row, size_t step_number,
				     const struct bytes *steps, size_t count);
/* A person opens one that is here: an entry.  ERR_NOT_FOUND, ERR_WRONG_STATE while it is not here,
 * ERR_ERASED. */
MUST_USE err_t desk_attachment_open (desk_t *desk, const struct actor *actor, uint64_t n,
				     arena_t *arena, struct attachment_row *ret_row);
/* All of an incoming one came and was opened, or could not be (`verdict`): its receipt is owed. */
void desk_attachment_here (desk_t *desk, tx_t *tx, struct attachment_row *row, err_t verdict);
/* It will never be delivered, or never come: a person is told. */
void desk_attachment_ended (desk_t *desk, tx_t *tx, struct attachment_row *row, err_t why);

/* An uploaded file that a letter takes along; the answer ANSWER_ATTACHMENT names its place in the
 * list. */
struct attached {
	uint8_t id[16];              /* of the upload */
	const char *title;
	const char *label;           /* what data it holds; "" = none; NULL = not said */
};

/* A letter that a person writes: opens a thread or moves one. */
struct submission {
	const char *kind;
	struct thread_id thread;     /* none = opens one, and then: */
	struct person_id person;
	struct agency_id to;
	struct thread_id replaces;   /* re-routes a refused referral: same chain */
	struct thread_id about;      /* opens: the thread here that gave rise to it, in whose chain it
	                              * goes unless it is discreet; stays at home */
	const char *ladder;          /* opens: agencies to ask next, parted by blanks; NULL = the nearest
	                              * ones, where the kind asks the next one at all */
	const char *service;         /* of a referral */
	enum urgency urgency;        /* unset = routine */
	enum basis basis;            /* BASIS_NO_DATA: the kind's first, with the rule it names */
	struct rule rule;            /* cited when it is not consent */
	size_t answer_count;
	const struct answer *answers;
	size_t attachment_count;
	const struct attached *attachments;
};

struct outcome {
	struct thread_id thread;
	struct thread_id child;      /* of an onward referral */
	struct letter_id letter;
	char number[24];
	char state[LIMIT_ID_TEXT + 1];
	int64_t reply_by_ms;
	struct clause_id clause;     /* under which it went; none = another basis */
};

/* ERR_INVALID with all problems, ERR_NOT_ALLOWED, ERR_WRONG_STATE, ERR_NO_CONSENT,
 * ERR_CONSENT_WITHDRAWN, ERR_CONSENT_EXPIRED, ERR_NO_ROUTE, ERR_NO_RULE, ERR_UNKNOWN_KIND,
 * ERR_NOT_FOUND, ERR_DIRECTORY_EXPIRED. */
MUST_USE err_t desk_submit (desk_t *desk, const struct actor *actor,
			    const struct submission *submission, struct outcome *ret_outcome,
			    problems_t *problems);

/* ---- what a letter would be (preview.c) ---- */

/* One answer as it would go, or stay. */
struct preview_field {
	const struct answer *answer;
	const struct field_spec *field;      /* NULL: the form has none of that name */
	bool from_record;            /* nobody answered it; the record did */
	bool withheld;               /* it stays here */
	err_t covered;               /* ERR_OK, or why it may not go: ERR_NO_CONSENT, ERR_CONSENT_EXPIRED,
	                              * ERR_CONSENT_WITHDRAWN; ERR_NOT_ALLOWED: such a reader may never see
	                              * it */
};

struct preview_file {
	const char *title, *label;
	uint64_t length;
	err_t covered;
};

struct preview {
	err_t refusal;               /* what desk_submit would answer; the problems say more */
	const struct kind_spec *kind;
	struct thread thread;        /* as it would stand */
	const struct partner *reader;        /* NULL: nobody here knows who that is */
	bool needs_consent;
	enum basis basis;            /* it rests on that, and on this rule or clause */
	struct rule rule;
	struct clause_id clause;     /* none = no clause covers it, or none is needed */
	struct agency_id grantor;
	enum urgency urgency;
	int64_t reply_by_ms;         /* 0 = no answer is asked for */
	size_t field_count, file_count;
	const struct preview_field *fields;
	const struct preview_file *files;
	const struct preview *onward;        /* the letter to the third agency, of a referral.onward */
};

/*
 * Everything that desk_submit does but the commit: the same checks, the same letter, and nothing of it
 * stays.  `show` gets what it would be, lent for the time of its call.  An error only when there is
 * nothing to show (ERR_UNKNOWN_KIND, ERR_NOT_FOUND, ERR_ERASED) or the ledger fails; a refusal is part of
 * the preview.
 */
typedef void preview_fn (void *arg, const struct preview *preview);
MUST_USE err_t desk_preview (desk_t *desk, const struct actor *actor,
			     const struct submission *submission, preview_fn *show, void *arg,
			     problems_t *problems);

/* Publishes our places (the answers of capacity.publish) to these agencies, or, when none are named, to
 * every member in the region: one letter each.  Those that it went to; problems tell of the others.
 * An error only when it went to nobody.  (capacity.c) */
#define CAPACITY_READERS_MAX 200u
MUST_USE err_t desk_capacity_publish (desk_t *desk, const struct actor *actor,
				      const struct submission *submission, size_t count,
				      const struct agency_id *to, const char *region,
				      arena_t *arena, size_t *ret_sent,
				      struct agency_id **ret_sent_to, problems_t *problems);

/* ---- partners: members, the address book, and this agency itself (partner.c) ---- */

/* One view of whoever a letter can be for. */
struct partner {
	struct agency_id id;
	enum carrier carrier;
	const char *name_id, *name_en;
	const char *kind, *region;
	const char *phone, *whatsapp, *address, *office_hours;   /* "" = not known */
	size_t service_count;
	const char *const *services;
	bool suspended;              /* a member that may not be written to now */
};

/* A member, "@somebody" of the address book, or this agency; ERR_NOT_FOUND.  Lives in the arena or
 * as long as the directory. */
MUST_USE err_t desk_partner (desk_t *desk, const struct agency_id *id, arena_t *arena,
			     struct partner *ret_partner);

/*
 * Partners that may get this kind of letter and offer the service ("" = any), nearest first: by how
 * much of the Kemendagri code they share with `region`, members before the address book, then by
 * id.  Never this agency, nobody suspended.
 */
size_t desk_partners_near (desk_t *desk, const char *kind, const char *service, const char *region,
			   size_t max, arena_t *arena, struct partner **ret_partners);

/* How many parts two Kemendagri codes share from the left: 2 of "17.71.02" and "17.71.04". */
int region_shared (const char *a, const char *b);

/* The address book.  ERR_INVALID with all problems. */
MUST_USE err_t desk_contact_save (desk_t *desk, const struct actor *actor,
				  const struct contact *contact, problems_t *problems);
/* The same in two halves, for a whole list in one transaction: the checks alone, and the writing
 * of what was found right. */
MUST_USE err_t desk_contact_judge (desk_t *desk, const struct contact *contact,
				   problems_t *problems);
void desk_contact_record (desk_t *desk, tx_t *tx, const struct actor *actor,
			  const struct contact *contact);
/* It has become that member: from now on letters to it go to the member. */
MUST_USE err_t desk_contact_enrolled (desk_t *desk, const struct actor *actor,
				      const struct agency_id *contact,
				      const struct agency_id *agency, problems_t *problems);

/* ---- what comes back by phone, WhatsApp or paper (report.c) ---- */

struct hearsay {
	const char *via;             /* "phone", "whatsapp", "paper", "visit"; "own" of our own doing */
	const char *said_by;         /* who said it, or "" */
	int64_t said_ms;             /* when; 0 = now */
};

/* The performer's letter of a thread off the wire, written down by us: "reported by us".  The same
 * checks, states, clocks and gates as if it had come; nobody is owed a receipt.
 * ERR_WRONG_STATE also for a thread on the wire: its performer answers itself. */
MUST_USE err_t desk_report (desk_t *desk, const struct actor *actor,
			    const struct submission *submission, const struct hearsay *hearsay,
			    struct outcome *ret_outcome, problems_t *problems);

/* An open thread with somebody of the address book who is a member now: its request goes out on the
 * wire, under a clause that covers the member, and the thread begins anew there.  What was reported
 * stays in its history. */
MUST_USE err_t desk_move_to_wire (desk_t *desk, const struct actor *actor,
				  const struct thread_id *thread, struct outcome *ret_outcome,
				  problems_t *problems);

/* A person takes a letter back that its recipient does not have yet: the newest of the thread, or
 * `letter` when it is not none.  What has not left ends at once (ret_taken); the hub is asked for the
 * rest, and desk_recalled has its answer.  A letter that opened its thread takes the rest of the
 * thread along, and the thread ends when it is back; of later ones, only a requester's that left the
 * state as it was.  ERR_WRONG_STATE with a sentence, ERR_NOT_FOUND.  (recall.c) */
MUST_USE err_t desk_recall (desk_t *desk, const struct actor *actor, const struct thread_id *id,
			    const struct letter_id *letter, struct letter_id *ret_letter,
			    bool *ret_taken, problems_t *problems);

/* A person looks at a thread or a person's record: an entry; the first look at a referral by its
 * performer sends referral.received (or an opened-receipt where the kind asks for one). */
MUST_USE err_t desk_look_thread (desk_t *desk, const struct actor *actor,
				 const struct thread_id *thread);
MUST_USE err_t desk_look_person (desk_t *desk, const struct actor *actor,
				 const struct person_id *person);

/* ---- how far a person has come (way.c) ---- */

/* Derived from the letters about the person and kept nowhere; in the scheme of stages of this agency. */
struct way {
	const struct stage_scheme *scheme;   /* NULL: the catalogue has none */
	size_t stage;                /* its place in the scheme: the last one that was reached */
	int64_t since_ms;            /* when it was */
	int64_t reached_ms[STAGES_MAX];      /* of each; 0 = not, or passed over */
	int age;                     /* whole years; -1 = not known */
};
void desk_way (desk_t *desk, const struct person *person, struct way *ret_way);

/* How long a partner takes to answer us, of its newest threads: half of them took longer.  (answering.c) */
struct answering {
	size_t count;                /* answered ones; 0 = nobody can say */
	int64_t median_ms;
};
void desk_answering (desk_t *desk, const struct agency_id *partner,
		     struct answering *ret_answering);

/* The whole NIK of a person, for a reason (at most REASON_MAX bytes) that is recorded with the look.
 * Lives in the arena; "" = the record has none.  ERR_INVALID without a reason, ERR_NOT_FOUND,
 * ERR_ERASED.  (look.c) */
MUST_USE err_t desk_reveal_nik (desk_t *desk, const struct actor *actor,
				const struct person_id *person, const char *reason, arena_t *arena,
				const char **ret_nik, problems_t *problems);

/* ---- who will be released from prison (release.c) ---- */

/* One line of a prison's list. */
struct release {
	struct person person;        /* as the list has it; of a known one the id is filled in */
	const char *date;            /* YYYY-MM-DD */
	const char *type;            /* "bebas", "pb" (parole), "cb" (leave before release); "" = not said */
	const char *note;
};

enum standing { STANDING_NEW, STANDING_CHANGED, STANDING_KNOWN };

/* How the line stands to the record: a person is known by NIK.  Nothing is written.  ERR_INVALID with
 * all problems, ERR_CONFLICT when the NIK is another's. */
MUST_USE err_t desk_release_judge (desk_t *desk, struct release *release,
				   enum standing *ret_standing, problems_t *problems);

/* Takes a new person in, records date and type, and sets the reminders to write
 * prison.release.notice 90, 60 and 30 days before; those of an earlier date end.  Inside the
 * transaction of the whole list, of a line that was judged new or changed. */
void desk_release_record (desk_t *desk, tx_t *tx, const struct actor *actor,
			  struct release *release);

/* Somebody who will be released, as a list said last. */
struct release_due {
	struct person_id person;
	char date[11];               /* YYYY-MM-DD */
	uint64_t n;                  /* of its entry: with the date its place in the list */
	const char *type, *region, *note;    /* "" = not said, or erased */
	struct thread_id thread;     /* of the newest notice of a release; none = nobody was told */
};
/* Those of the next `days` days, the soonest first, behind that place (NULL = from the first).  Texts live
 * in the arena. */
size_t desk_releases (desk_t *desk, int days, const struct release_due *after, size_t max,
		      arena_t *arena, struct release_due **ret_dues);

/* ---- what partners and the hub send ---- */

/* A letter that the post opened.  The letter and all bytes are borrowed for the call. */
struct received {
	struct header header;
	struct sealed sealed;        /* h, s, sig, header_hash */
	struct letter letter;
	struct hash digest;          /* BLAKE2b-256 (H | C) */
	err_t trust;                 /* ERR_OK, or why it is refused or quarantined: ERR_KEY_REVOKED, ... */
	bool again;                  /* a partner gave it back */
	int64_t first_ms;            /* when it was first stored, of one that was given back: it is late,
	                              * or in time, as it was then; 0 = nobody knows, and it is not late */
	uint32_t files;              /* bit i: who gave it back has the bytes of attachment i */
	bool answered;               /* and a ledger of ours that is lost had it: what follows from it was
	                              * written at the time */
};

/* Whose word is this?  The signing key must be header.from's in the directory, valid when it signed
 * and not revoked, the signature must hold, and the header must name its attachments: steps 7 to 9 of
 * docs/PROTOCOL.md section 12.  ERR_NOT_MEMBER, ERR_KEY_UNKNOWN, ERR_KEY_REVOKED, ERR_BAD_SIGNATURE,
 * ERR_MALFORMED. */
MUST_USE err_t desk_check_letter (desk_t *desk, const struct received *received);

/* The hub welcomed us: when this ledger was restored, partners are told now. */
void desk_welcomed (desk_t *desk, tx_t *tx);
/* The hub said BYE with ERR_OTHER_STORE: somebody has to decide which ledger goes on. */
MUST_USE err_t desk_other_store (desk_t *desk, tx_t *tx);

/* One letter, inside the post's transaction: duplicate rule, consent here too, lifecycle, entry,
 * receipt owed.  Returns the lane-OK error unless the ledger fails (STOP, NO_SPACE).  A letter that
 * could not be opened comes with trust set and an empty letter. */
MUST_USE err_t desk_receive (desk_t *desk, tx_t *tx, const struct received *received);

/* The hub's signed word that a letter of ours expired; its signature was verified, and it is kept. */
MUST_USE err_t desk_non_delivery (desk_t *desk, tx_t *tx, const struct letter_id *id,
				  const struct hash *header_hash, err_t reason, int64_t at_ms,
				  const struct notice *notice);
/* The signed evidence pack of one thread (jembatan/evidence.h), with an entry that it was given out and
 * why.  The arena has EVIDENCE_ARENA_BYTES.  ERR_NOT_FOUND, ERR_NOT_ALLOWED, ERR_INVALID without a
 * reason, ERR_TOO_LARGE.  (evidence.c) */
MUST_USE err_t desk_evidence (desk_t *desk, const struct actor *actor, const struct thread_id *thread,
			      const char *reason, arena_t *arena, struct bytes *ret_file,
			      size_t *ret_letters);

/* A letter that we were to get has ended at the hub. */
MUST_USE err_t desk_gap (desk_t *desk, tx_t *tx, const struct agency_id *from,
			 const struct letter_id *id, err_t reason);
/* The hub refused a letter of ours for ever: back to the worker with the reason. */
MUST_USE err_t desk_hub_refused (desk_t *desk, tx_t *tx, const struct letter_id *id, err_t why);
/* The hub proves nothing of a letter of ours: an alarm of that name and its entry.  (trouble.c) */
MUST_USE err_t desk_log_trouble (desk_t *desk, tx_t *tx, const char *alarm);
/* The hub's log is not what the hub showed before, or showed somebody else: what, origin, sizes,
 * checkpoints and who was shown the other one are given.  Kept, an alarm, and once a log.report to each
 * coordinator of the network. */
MUST_USE err_t desk_log_found (desk_t *desk, tx_t *tx, const struct trouble *found);
/* What the hub could show, or not, of a reported trouble that its checkpoints left open. */
MUST_USE err_t desk_log_judged (desk_t *desk, tx_t *tx, const struct trouble *trouble, bool holds);
/* The hub has a letter of ours, which the outbox knows by now: its leaf is known, and coordinators
 * can be told. */
void desk_in_custody (desk_t *desk, tx_t *tx, const struct letter_id *id, uint64_t leaf);
/* RECALLED: the hub gave the letter back, or could not, since its recipient has it.  The latter is an
 * alarm for whoever asked; where consent was withdrawn, a wish to cancel follows by itself. */
MUST_USE err_t desk_recalled (desk_t *desk, tx_t *tx, const struct letter_id *id, bool done);
/* The hub lost its store: what it was asked for is gone there, and must not be put again. */
MUST_USE err_t desk_recalls_lost (desk_t *desk, tx_t *tx);

/* Writes one receipts letter for each sender that is owed any; before the commit of a batch. */
void desk_write_receipts (desk_t *desk, tx_t *tx);

/* Writes chain.events letters for each coordinator who is owed any; before the commit of a batch. */
void desk_write_chain_events (desk_t *desk, tx_t *tx);

/* Letters to recall at the hub; the post asks after each commit and clears them by RECALLED. */
size_t desk_recalls (desk_t *desk, arena_t *arena, struct letter_id **ret_ids);

/* ---- time ---- */

/* A reminder that needs no letter any more, with the reason (at most REASON_MAX bytes), which stays
 * sealed in the record.  ERR_NOT_FOUND, ERR_WRONG_STATE when it is done already. */
#define REASON_MAX 500
MUST_USE err_t desk_reminder_done (desk_t *desk, const struct actor *actor, uint64_t n,
				   const char *reason, problems_t *problems);

/* Everything that is due: loop.overdue escalations, stat alarms, silent cancels, orphans, held
 * bodies, pair gaps, 3x24 hours of withdrawals, unacknowledged alerts.  Own transaction; cheap when
 * nothing is due. */
MUST_USE err_t desk_tick (desk_t *desk);

/* Who was told last that this deadline ran out: "owner", "supervisor", "coordinator", "next" (the
 * next agency was asked); "" = nobody yet. */
const char *desk_escalated (desk_t *desk, const struct deadline *deadline);

#endif
