/*
 * What the files of the desk share: a use-case under way, and the nouns that one file
 * offers the others.  Nobody outside agents/desk includes it.
 */
#ifndef AGENTS_DESK_INSIDE_H
#define AGENTS_DESK_INSIDE_H

#include "agents/desk/desk.h"

struct desk_time {
	bool heard;                  /* the hub told its time in this run */
	int64_t heard_ms;            /* the last time it told; 0 = it never did */
	int64_t offset_ms, kept_ms;  /* its time minus our clock's; the same in the ledger */
	int64_t wall_ms, mono_ms;    /* both clocks at the last look */
};

struct desk {
	struct desk_parts parts;
	size_t coordinator_count;    /* those that oversee this agency, by the directory */
	struct agency_id *coordinators;
	uint64_t resume_told;        /* version of the directory whose members all know that this
	                              * ledger was restored */
	uint64_t unknown_seen;       /* letters of unknown kinds that were held against the present
	                              * catalogue: up to this place in the inbox */
	int64_t min_free_bytes;      /* kept for receipts, marks and what arrives */
	bool backup_told;            /* somebody looks after backups; when the last was made */
	int64_t backup_ms;
	err_t certificate;           /* of the console: ERR_OK, or what is wrong with it */
	struct desk_time time;
	struct error_counts refused; /* letters of others */
};

/* ---- what time it is (time.c) ---------------------------------------------------- */

/* At the start: the offset that the ledger kept, unless the clock was set meanwhile. */
void time_begin (desk_t *desk);
/* An offset that followed a clock is kept, for a restart. */
void time_keep (desk_t *desk, tx_t *tx);
/* Our clock alone says that a month has passed since the hub was heard.  Nothing is done that only
 * the passing of time asks for until the hub has told its own. */
bool time_doubtful (desk_t *desk);

/* Kinds that the desk has rules for beyond their state (docs/PROTOCOL.md sections 16 to
 * 19). */
#define KIND_REQUEST "referral.request"
#define KIND_RECEIVED "referral.received"
#define KIND_ONWARD "referral.onward"
#define KIND_INFO_REQUEST "referral.info.request"
#define KIND_CANCEL "referral.cancel"
#define KIND_CANCELLED "referral.cancelled"
#define KIND_CONTINUE "service.continue"
#define KIND_TRANSFER "transfer.accept"
#define KIND_COMPLETE "service.complete"
#define KIND_FAIL "service.fail"
#define KIND_OVERDUE "loop.overdue"
#define KIND_CONSENT_WITHDRAW "consent.withdraw"
#define KIND_CONSENT_STOPPED "consent.stopped"
#define KIND_RECEIPTS "letter.receipts"
#define KIND_CHAIN_EVENTS "chain.events"
#define KIND_RESUME "ledger.resume"
#define KIND_AGAIN "letter.again"
#define KIND_LOG_REPORT "log.report"

#define PURPOSE_TRAINING "training"
#define FIELD_REASON "reason-code"
#define FIELD_APPOINTMENT "appointment.start"
#define BUSINESS_NO_SHOW "no-show"
#define REASON_WITHDRAWN "consent-withdrawn"
#define REASON_NO_SHOW "no-show"

#define OVERLAY_CANCEL "cancel-requested"
#define OVERLAY_UNCONFIRMED "cancelled-unconfirmed"
#define OVERLAY_UNDELIVERED "not-delivered"

#define ALARM_TELL_WITHDRAWAL "withdrawal-by-hand"
#define ALARM_RECALL_LATE "recall-late"
#define ALARM_BEHIND "ledger-behind"

#define DUE_SILENT_CANCEL "cancel-silent"
#define DUE_CONSENT_STOP "consent-stop"

/* One use-case may hold a few letters, their forms and some short lists.  What a partner
 * can make long (letters that wait, entries with bodies, clauses) is read into an arena
 * of its own, which ends a list early instead of ending the program. */
#define STEP_ARENA_BYTES (64u * MIB)
#define LIST_ARENA_BYTES (64u * MIB)

/* ---- a use-case under way (desk.c) ---------------------------------------------- */

struct move;

struct step {
	desk_t *desk;
	tx_t *tx;
	bool owns_tx; /* closing it rolls back what was not committed */
	arena_t *arena;
	int64_t now_ms;            /* corrected */
	const struct actor *actor; /* the person who asks, or the agent itself */
};

extern const struct actor machine_actor;

/* `STEP step = step_open (desk, actor);` is closed on every path. */
#define STEP __attribute__ ((cleanup (step_close))) struct step
struct step step_open (desk_t *desk, const struct actor *actor);
struct step step_inside (desk_t *desk, tx_t *tx); /* in the post's transaction */
struct step step_look (desk_t *desk); /* reads only: no transaction */
struct step step_part (
	const struct step *step); /* the same step, with an arena of its own */
MUST_USE err_t step_commit (struct step *step);
void step_close (struct step *step);

ledger_t *step_ledger (const struct step *step);
const struct agency_id *step_self (const struct step *step);
const struct member *step_member (const struct step *step, const struct agency_id *id);
const struct kind_spec *step_kind (const struct step *step, const char *name);

/* Whoever a letter can be for (partner.c); NULL when nobody here knows them. */
const struct partner *step_partner (const struct step *step, const struct agency_id *id);
/* How a letter to them goes, known or not. */
enum carrier step_carrier (const struct step *step, const struct agency_id *to);
/* The member that somebody of the address book has become; anybody else is who they are.
 */
struct agency_id step_enrolled (const struct step *step, const struct agency_id *id);

/* Text in the arena; what a person gave was measured before. */
const char *step_text (const struct step *step, const char *text);

bool text_is (const char *text, const char *other);
bool text_given (const char *text);
bool word_among (const char *word, const char *const *words, size_t count);

/* People's new letters and clients leave room for what the agent owes others: receipts, custody, what
 * arrives.  ERR_NO_SPACE with a sentence that says when to try again. */
MUST_USE err_t step_room (const struct step *step, problems_t *problems);

/* An entry with the step's time and user; the caller fills the rest. */
struct entry step_entry (const struct step *step, enum entry_type type);
struct entry step_thread_entry (const struct step *step, enum entry_type type,
				const struct thread *thread);
/* Raises the alarm and, when it is new, writes its entry. */
void step_alarm (const struct step *step, const char *name,
		 const struct thread_id *thread, const struct agency_id *partner);
/* Closes those of this name about a partner, whatever their thread. */
void step_alarm_done (const struct step *step, const char *name,
		      const struct agency_id *partner);

/* ---- what is known of a person (fact.c) ------------------------------------------- */

struct fact {
	uint64_t n; /* of its entry */
	struct thread_id thread;
};

/* Letters about this person that match, newest first. */
size_t facts_list (const struct step *step, const struct person_id *person,
		   const struct letter_match *match, struct fact **ret_facts);
/* Entry number of the newest that matches one of these; 0 = none. */
uint64_t facts_newest (const struct step *step, const struct person_id *person,
		       const struct letter_match *any, size_t any_count);

/* ---- what must be known before (gate.c) ------------------------------------------ */

/* Judges the kind's gates for this person (id none = nobody) and thread, as it stands or would be
 * opened.  ERR_GATE with one problem for each gate that is shut, in the sentence of the catalogue. */
MUST_USE err_t gates_judge (const struct step *step, const struct kind_spec *kind,
			    const struct thread *thread, const struct person *person,
			    problems_t *problems);

/* ---- what may never be seen (discretion.c) ---------------------------------------- */

/* Answers that may never reach this kind of reader: labels that it may not see, and telling words
 * in a discreet thread, whoever of the two writes.  ERR_INVALID with a problem for each. */
MUST_USE err_t discretion_judge (const struct step *step, const struct kind_spec *kind,
				 const char *reader_kind, const struct answer *answers,
				 size_t count, problems_t *problems);
/* The same of the files of a letter: their labels, and words in their titles. */
MUST_USE err_t discretion_judge_files (const struct step *step, const struct kind_spec *kind,
				       const char *reader_kind, const struct attachment *files,
				       size_t count, problems_t *problems);
/* The same of what goes with the answers of a discreet thread; `clause` may be NULL.  ERR_INVALID. */
MUST_USE err_t discretion_judge_rest (const struct step *step, const struct kind_spec *kind,
				      const struct signed_clause *clause,
				      const struct rule *rule, problems_t *problems);
/* May we open such a thread, or does our name alone tell?  ERR_NOT_ALLOWED, and whom to ask. */
MUST_USE err_t discretion_judge_sender (const struct step *step, const struct kind_spec *kind,
					problems_t *problems);
/* The first of these labels that such an agency may never see, or NULL. */
const char *label_hidden_from (const struct step *step, const char *agency_kind,
			       const char *const *labels, size_t count);

/* ---- reminders (remind.c) --------------------------------------------------------- */

/* Closes the reminder that this letter answers, and sets those that the kind sets for our side. */
void reminders_move (const struct step *step, const struct move *move);

/* ---- capacity (capacity.c) --------------------------------------------------------- */

/* Keeps what a letter publishes. */
void capacity_move (const struct step *step, const struct move *move);

/* ---- chains (chain.c) -------------------------------------------------------------- */

/* Told instead of a state: a question stands still the other side's clock. */
#define STATE_INFO_ASKED "info-asked"

/* Who oversees us, after a change of the directory. */
void coordinators_find (desk_t *desk);

/* Queues what this move tells the coordinators that oversee us; a thread that is not chained tells
 * nothing.  At a coordinator keeps what a loop.overdue says. */
void chain_move (const struct step *step, const struct move *move);
/* The same of what happened here without a letter. */
void chain_told (const struct step *step, const struct thread *thread, const char *state,
		 const char *reason);
MUST_USE err_t chain_events_received (const struct step *step, const struct received *received);

/* ---- trouble with the hub's log (trouble.c) ------------------------------------------ */

/* At a coordinator: what another agency says of the log, judged by its evidence.  ERR_NOT_ALLOWED. */
MUST_USE err_t log_report_received (const struct step *step, const struct received *received);

/* ---- what covers a letter (cover.c) --------------------------------------------- */

struct cover {
	err_t verdict; /* ERR_OK, _NO_CONSENT, _CONSENT_EXPIRED, _CONSENT_WITHDRAWN */
	struct clause_row row; /* the clause, when the verdict is ERR_OK */
	const char *missing;   /* the label that alone is missing, or NULL */
};

struct consent_need step_need (const struct step *step, const struct agency_id *recipient,
			       const char *purpose, const char *const *labels,
			       size_t label_count);

/* The narrowest clause of the person that covers; else the most telling refusal.  Only a
 * letter that carries a referral onward may rest on a clause that another agency granted.
 */
void cover_find (const struct step *step, const struct person_id *person,
		 const struct consent_need *need, bool onward, struct cover *ret_cover);

/* The clause that a thread goes under, for letters between its two sides. */
void cover_thread (const struct step *step, const struct thread *thread,
		   const char *purpose, const char *const *labels, size_t label_count,
		   struct cover *ret_cover);

/* A cited rule that the basis needs is there. */
bool basis_needs_rule (enum basis basis);
bool rule_is_cited (const struct rule *rule);
bool basis_allowed (const struct kind_spec *kind, enum basis basis);

/* Words of somebody's own, which no list of codes bounds. */
bool answer_is_free (const struct answer *answer);

/* The end that a withdrawal forces says nothing but its reason, and needs no consent. */
bool answers_end_by_withdrawal (const struct answer *answers, size_t count);

/* Does consent, or another basis, cover this letter here too?  `thread` is NULL when it
 * is not known.  ERR_OK, or why it is held. */
MUST_USE err_t cover_received (const struct step *step, const struct received *received,
			       const struct kind_spec *kind, const struct thread *thread);

/* The same by the letter's head alone, of one that this catalogue does not understand.
 * `kind` is NULL, or the form that its answers have outgrown. */
MUST_USE err_t cover_unknown (const struct step *step, const struct received *received,
			      const struct kind_spec *kind, const struct thread *thread);

/* ---- attachments (attachment.c) --------------------------------------------------- */

/* These labels and those of the files, each once. */
size_t labels_with_attachments (const struct step *step, const char *const *labels, size_t count,
				const struct attachment *attachments, size_t attachment_count,
				const char *const **ret_labels);
/* Of a letter that came: each file stands in one field, under the field's label and none that the
 * letter does not admit.  ERR_INVALID. */
MUST_USE err_t attachments_check (const struct kind_spec *kind, const struct letter *letter);
/* From now on the post fetches them; `thread` is NULL when it is not known.  Once for each letter. */
/* A letter came again: its sender may lack our words on its files. */
void attachments_say_again (const struct step *step, const struct agency_id *from,
			    const struct letter_id *letter);
/* Bit i: the bytes of this letter's attachment i are here, to be read or to be given again. */
uint32_t attachments_here (const struct step *step, const struct agency_id *partner,
			   const struct letter_id *letter);
/* Those of a letter of ours that was given back: delivered, or nobody knows. */
void attachments_given_back (const struct step *step, const struct received *inner,
			     const struct thread *thread);
/* This letter.again was stored: the files of the letter inside follow. */
void attachments_give_again (const struct step *step, const struct outbox_row *again);
void attachments_expect (const struct step *step, const struct received *received,
			 const struct thread *thread);
/* The recipient's word about one of a letter of ours. */
MUST_USE err_t attachment_word (const struct step *step, const struct outbox_row *letter,
				const struct receipt *receipt);
/* Consent was withdrawn: what is on its way, in or out, goes no further. */
void attachments_stop (const struct step *step, const struct thread_id *thread);

/* ---- letters of unknown kinds (unknown.c) ----------------------------------------- */

#define UNKNOWN_ALL_SEEN UINT64_MAX

/* Judges some of them anew, those behind `seen`; it moves on with them. */
MUST_USE err_t unknown_look (const struct step *step, uint64_t *seen);

/* ---- people (intake.c) ----------------------------------------------------------- */

/* "" when nothing was said, so that the ledger never meets NULL. */
void person_fill_silence (struct person *person);
/* Holds every field of a new record against its own rule. */
void person_check (const struct step *step, const struct person *person,
		   problems_t *problems);

#define ADULT_YEARS \
	18 /* a younger person's guardian decides with them: UU 27/2022 art. 25 */

/* Whole years in this agency's zone, negative when the date lies ahead; -1 too when it is none. */
int person_age (const struct step *step, const char *birth_date);

/* Who manages the case of a person new here, who came with a letter (`from`) or alone (NULL): this
 * agency, where that is its work and nobody else's; "" = not known. */
const char *person_manager (const struct step *step, const struct agency_id *from);

/* ---- forms and records (form.c) ------------------------------------------------- */

/* Fills what the catalogue takes from the person's record or the submission, where the
 * person who writes did not answer.  A labelled answer that may_carry refuses stays out.
 * Returns how many answers there are. */
struct form {
	const struct kind_spec *kind;
	const struct person *person; /* NULL = nobody's */
	const char *service;
	size_t answer_count;
	const struct answer *answers;
	bool (*may_carry) (void *arg, const char *label);
	void *arg;
};
size_t form_fill (const struct step *step, const struct form *form,
		  const struct answer **ret_answers);

/* The person whom a letter is about: by the case id between us, by NIK, or a new record
 * from what the form says. */
MUST_USE err_t person_from_letter (const struct step *step, const struct agency_id *from,
				   const struct kind_spec *kind,
				   const struct letter *letter, struct person_id *ret_id);
/* What was not known here is learned; what was known stays. */
void person_learn (const struct step *step, const struct person_id *id,
		   struct person *told);
/* The service that a request asks for, or "". */
const char *form_service (const struct kind_spec *kind, const struct letter *letter);
bool kind_asks_service (const struct kind_spec *kind);
bool field_is_from (const struct field_spec *field, const char *source);

/* ---- letters (letter.c) --------------------------------------------------------- */

struct post_as {
	struct agency_id to;
	struct person_id person;
	enum letter_class class;
	bool machine; /* never receipted */
	const char *state_from, *state_to;
};

/* A letter with what every letter says: time, user, role, empty texts. */
void letter_begin (const struct step *step, struct letter *ret_letter, const char *kind,
		   uint32_t version);

/* Into the outbox, with its entry; to somebody off the wire its entry alone, for the
 * printer.  ERR_TOO_LARGE. */
MUST_USE err_t letter_post (const struct step *step, const struct letter *letter,
			    const struct post_as *as, struct letter_id *ret_id);

/* What a letter of a thread says beside its form. */
struct wording {
	const struct kind_spec *kind;
	enum urgency urgency;
	enum basis basis;
	struct rule rule;
	const struct signed_clause *clause; /* NULL = none */
	struct clause_id clause_id;
	struct agency_id grantor; /* of the clause */
	size_t answer_count;
	const struct answer *answers;
	size_t attachment_count;
	const struct attachment *attachments;
	struct letter_id replaces;
	int64_t reply_by_ms; /* of a pause that ends; 0 = by the catalogue */
	bool opens;          /* the thread was added just now */
};

/* Fills basis, rule and clause for answers in a thread that stands: under its clause, or
 * on the basis on which it was opened.  ERR_NO_CONSENT, ERR_CONSENT_WITHDRAWN,
 * ERR_CONSENT_EXPIRED. */
MUST_USE err_t wording_rest_on_thread (const struct step *step,
				       const struct thread *thread,
				       struct wording *wording);
void letter_of_thread (const struct step *step, const struct thread *thread,
		       const struct wording *wording, struct letter *ret_letter);

/* The letter that opened a thread, from its first entry. */
MUST_USE err_t letter_that_opened (const struct step *step,
				   const struct thread_id *thread,
				   struct letter *ret_letter);

/* Region in whose zone and working days the performer of a thread works. */
const char *performer_region (const struct step *step, const struct thread *thread);

/* The agency itself opens a thread, by what it may know without asking anybody: as desk_submit,
 * inside of a step.  (submit.c) */
MUST_USE err_t submit_machine (const struct step *step, const struct submission *submission,
			       struct thread_id *ret_thread);

/* ---- a referral's moves (referral.c) -------------------------------------------- */

struct move {
	struct thread *thread; /* as it stands; changed by the move */
	const struct kind_spec *kind;
	const struct transition *row;
	const struct letter *letter;
	struct letter_id id;
	struct bytes s;   /* of a letter that came */
	struct hash header_hash; /* of such a letter */
	const char *word; /* "time-doubtful" of such a letter, "phone" of a reported one, or NULL */
	const char *user; /* who wrote a reported one down, or NULL */
	bool ours;
	bool opens; /* thread was added just now */
	bool again; /* given back: what follows from it was written at the time */
	int64_t at_ms; /* when it moved the thread, if that was not now; else 0 */
};

enum party thread_our_party (const struct thread *thread);
const struct thread_type *thread_type_of (const struct step *step,
					  const struct thread *thread);
const struct state *thread_state_of (const struct step *step,
				     const struct thread *thread);
bool thread_has_ended (const struct step *step, const struct thread *thread);

/* When this moves, or first moved, its thread: clocks run from then. */
int64_t move_ms (const struct step *step, const struct move *move);

/* The row for a kind in the thread's present state, or NULL. */
const struct transition *thread_row (const struct step *step, const struct thread *thread,
				     const struct kind_spec *kind, enum party by);

/* Writes our letter in a thread and moves it. */
MUST_USE err_t referral_say (const struct step *step, struct thread *thread,
			     const struct wording *wording, struct letter_id *ret_id,
			     int64_t *ret_reply_by_ms);

/* As referral_say, by the agent itself: with a reason if the form has one, and the other
 * required fields "not asked".  ERR_WRONG_STATE when no row applies. */
MUST_USE err_t referral_say_machine (const struct step *step, struct thread *thread,
				     const char *kind, const char *reason);

/* Applies a letter, ours or theirs: state, clocks, entry, and what follows from it. */
MUST_USE err_t referral_move (const struct step *step, struct move *move);

/* Ends a thread whose consent was withdrawn; counts it in ret_stopped when it was open.
 */
MUST_USE err_t referral_stop (const struct step *step, const struct thread_id *id,
			      uint32_t *ret_stopped);

/* ---- how threads end before their time (ending.c) ---------------------------------- */

/* The performer's kind that ends the thread, as it stands, with this FHIR status ("failed",
 * "rejected", "cancelled"); NULL when the catalogue has none. */
const struct kind_spec *ending_kind (const struct step *step, const struct thread *thread,
				     const char *task_status);

/* The requester asks to cancel: a wish that the performer answers, which moves nothing. */
bool kind_is_cancel_wish (const struct kind_spec *kind);
/* That of a thread as it stands, or NULL. */
const struct kind_spec *cancel_wish (const struct step *step, const struct thread *thread);

/* A letter of ours did not arrive, or came back. */
MUST_USE err_t referral_recalled (const struct step *step, const struct outbox_row *row,
				  bool done);

/* ---- consent between agencies (consent.c, withdraw.c) --------------------------- */

MUST_USE err_t consent_received (const struct step *step,
				 const struct received *received);
bool consent_is_body (enum letter_body body);

/* A holder's word that it has stopped, however the letter came.  ERR_NOT_FOUND: nobody
 * withdrew that clause. */
MUST_USE err_t consent_stopped_by (const struct step *step, const struct agency_id *from,
				   const struct letter *letter,
				   const struct letter_id *id);

/* Is a letter about this case held here? */
bool held_waits (const struct step *step, const struct agency_id *from,
		 const struct case_id *case_id);

/* A consent has no thread of its own: its letters carry the clause's id as their thread.
 */
struct thread_id thread_of_clause (const struct clause_id *clause);
struct entry consent_entry (const struct step *step, const struct clause_row *row,
			    const char *word);

/* ---- letters to take back (recall.c) -------------------------------------------- */

/* Drops what has not left, and asks the hub for the rest: letters of a thread with
 * personal data. */
MUST_USE err_t recall_thread (const struct step *step, const struct thread_id *thread);

/* Letters whose recall the hub has not answered; dropping tells whether it was one. */
void recall_add (const struct step *step, const struct letter_id *id);
bool recall_drop (const struct step *step, const struct letter_id *id);

/* ---- letters to us that the hub has set aside (aside.c) --------------------------- */

void aside_note (const struct step *step, const struct agency_id *from,
		 const struct letter_id *id);
/* It has ended at the hub and comes no more. */
void aside_ended (const struct step *step, const struct agency_id *from,
		  const struct letter_id *id);
/* Whether one of this sender has not come yet. */
bool aside_waits (const struct step *step, const struct agency_id *from);

/* ---- receipts (receipt.c) ------------------------------------------------------- */

void receipt_for (const struct step *step, const struct received *received,
		  enum receipt_status status, err_t code, struct receipt *ret_receipt);
/* Enters a partner's or the hub's word about a letter of ours. */
void receipt_word (const struct step *step, const struct outbox_row *row, const char *word);
MUST_USE err_t receipts_received (const struct step *step,
				  const struct received *received);
/* A letter of ours is refused for good: back to the person who wrote it. */
MUST_USE err_t letter_refused (const struct step *step, const struct outbox_row *row, err_t code,
			       int64_t at_ms);

/* ---- sealed to a key that is lost (unopened.c) ------------------------------------ */

/* The recipient could not open it; true when it waits for another key, false when its end is known. */
bool unopened_wait (const struct step *step, const struct outbox_row *row);
/* Gives again, under the recipient's present key, what waits for one. */
MUST_USE err_t unopened_look (const struct step *step);
/* A letter.again did not arrive: neither did the letter of ours inside, if that waits for it. */
MUST_USE err_t unopened_lost (const struct step *step, const struct outbox_row *again, err_t why);

/* ---- going back in time (resume.c, again.c, given.c) ------------------------------ */

/* Tells members who don't know yet that this ledger was restored, and how far it holds. */
void resume_tell (const struct step *step);
/* A partner tells the same; it is answered by and by. */
MUST_USE err_t resume_received (const struct step *step, const struct received *received);
/* Gives a partner that was restored the next of what it lacks. */
void resume_give (const struct step *step);
/* A partner's letter of that number came: is it one of a ledger that it lost? */
void resume_notice (const struct step *step, const struct agency_id *from,
		    const struct pair_sequence *pair);
/* A receipt said that our letter is stored; a lost ledger's word is no help to the restored one. */
void resume_notice_stored (const struct step *step, const struct received *receipts,
			   const struct letter_id *id);
/* A letter of ours whose evidence is here goes again under another envelope; `anew`: what it says does,
 * under a new id.  ERR_ERASED when there is nothing left of it, ERR_TOO_LARGE. */
MUST_USE err_t resume_give_one (const struct step *step, const struct outbox_row *row, bool anew);
/* What a partner gives back: after we were restored, or because we could not open it. */
MUST_USE err_t again_received (const struct step *step, const struct received *received);
/* A letter of our own that a partner gave back: outbox, thread, person and clauses as they were.
 * Its signature was verified, and `from` is whom it was for. */
MUST_USE err_t given_back (const struct step *step, const struct agency_id *from,
			   const struct received *inner);

/* ---- clocks (deadline.c) -------------------------------------------------------- */

/* When the answer that we ask for in this letter is due; 0 = none. */
int64_t clock_asked (const struct step *step, const struct thread *thread,
		     const struct kind_spec *kind, enum urgency urgency);
/* Does this kind end a pause, and name in reply_by_ms the new time of what stood still?  One that
 * asks for an answer itself names the time of that. */
bool kind_resumes (const struct kind_spec *kind);
/* Ends the clocks that this letter answers and starts its own. */
void clocks_move (const struct step *step, const struct move *move);
void clock_start (const struct step *step, const struct thread_id *thread,
		  const char *what, const struct agency_id *owner, int64_t due_ms);
/* Tells whoever must hear of what has run out. */
void deadlines_look (const struct step *step);

/* ---- an alert that nobody answers (ladder.c) -------------------------------------- */

/* What a step of escalation is called that asks the next agency. */
#define ROLE_NEXT "next"

/* The list of a thread that this submission opens: the one that it names, or the partners
 * nearest to the person's region, where the kind asks the next one at all; "" = none. */
const char *ladder_of (const struct step *step, const struct kind_spec *kind,
		       const struct submission *submission, const char *region);
/* ERR_INVALID with a problem for each that is not known or does not take this kind. */
MUST_USE err_t ladder_judge (const struct step *step, const struct kind_spec *kind,
			     const char *ladder, problems_t *problems);
/* Rings at the side that a stat letter has come to; asks the next agency when one can't help. */
void ladder_move (const struct step *step, const struct move *move);
/* The clock of this kind ran out: the same is asked of the next agency on the thread's list. */
void ladder_next (const struct step *step, const struct thread *thread,
		  const struct kind_spec *kind);
/* Somebody answered: what rang for it is quiet; a late answer is told, because two may act. */
void ladder_answered (const struct step *step, const struct move *move,
		      const struct deadline *deadline);

#endif
