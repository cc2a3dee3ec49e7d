/*
 * The letter: what only the recipient reads.  The structs mirror proto/letter.proto, whose comments
 * are the specification.  Strings and arrays of a decoded letter live in the arena it was decoded
 * into; strings are valid UTF-8 without control characters (but newline and tab) and never NULL
 * (absent = "").
 */
#ifndef JEMBATAN_LETTER_H
#define JEMBATAN_LETTER_H

#include "jembatan/consent.h"
#include "jembatan/envelope.h"

enum basis {                     /* UU 27/2022 art. 20(2) a-f */
	BASIS_NO_DATA = 0,
	BASIS_CONSENT_GIVEN = 1,
	BASIS_CONTRACT = 2,
	BASIS_LEGAL_DUTY = 3,
	BASIS_VITAL_INTEREST = 4,
	BASIS_PUBLIC_TASK = 5,
	BASIS_LEGITIMATE_INTEREST = 6,
};
const char *basis_name (enum basis basis);   /* "none", "consent", "legal-duty", ... */
MUST_USE err_t basis_parse (const char *name, enum basis *ret_basis);

enum urgency {                   /* FHIR R4 request-priority */
	URGENCY_UNSET = 0,
	URGENCY_ROUTINE = 1,
	URGENCY_URGENT = 2,
	URGENCY_ASAP = 3,
	URGENCY_STAT = 4,
};
const char *urgency_name (enum urgency urgency);   /* "routine", ...; unset is "" */
MUST_USE err_t urgency_parse (const char *name, enum urgency *ret_urgency);

/* stat travels as CLASS_STAT, urgent and asap as CLASS_URGENT, everything else as routine. */
enum letter_class urgency_class (enum urgency urgency);

struct rule {
	const char *id, *article, *version, *as_of;
};

struct attachment {
	struct blob_id blob;
	const char *title, *media_type, *label;
	uint64_t length;
	struct hash digest;
};

struct pair_sequence {
	struct store_id store_id;
	uint64_t n;
	struct hash previous;
	size_t voided_count;
	const uint64_t *voided;
	struct store_id newest_store;   /* what we have of the recipient's own letters; none = nothing */
	struct letter_id newest;
};

enum answer_type {
	ANSWER_UNKNOWN = 0,      /* of a type newer than this program, or none: S alone has the value */
	ANSWER_TEXT = 1,
	ANSWER_CODE,
	ANSWER_INTEGER,
	ANSWER_DECIMAL,
	ANSWER_DATE,
	ANSWER_INSTANT,
	ANSWER_BOOLEAN,
	ANSWER_QUANTITY,
	ANSWER_RUPIAH,
	ANSWER_PHONE,
	ANSWER_ATTACHMENT,
	ANSWER_ABSENT,
};
const char *answer_type_name (enum answer_type type);   /* "text", "code", ... */
MUST_USE err_t answer_type_parse (const char *name, enum answer_type *ret_type);

enum absent { ABSENT_DECLINED = 1, ABSENT_NOT_ASKED = 2 };

struct answer {
	const char *field;
	enum answer_type type;
	const char *text;        /* text, decimal, date, phone, code, quantity's value */
	const char *system;      /* of a code */
	const char *display;     /* of a code */
	const char *unit;        /* of a quantity, UCUM */
	int64_t number;          /* integer, instant (ms), boolean, rupiah, attachment, absent */
};

enum receipt_status { RECEIPT_IS_STORED = 1, RECEIPT_IS_REFUSED, RECEIPT_IS_OPENED, RECEIPT_IS_HELD };
const char *receipt_status_name (enum receipt_status status);

struct receipt {
	struct letter_id id;
	struct hash header_hash;
	enum receipt_status status;
	err_t code;
	int64_t at_ms;
	struct hash digest;
	bool late;
	bool time_doubtful;
	struct blob_id blob;     /* of this attachment of the letter; none = of the letter itself */
};

struct chain_event {
	struct chain_id chain;
	struct thread_id referral, parent;
	struct agency_id from, to;
	const char *kind, *state, *reason;
	int64_t at_ms, due_ms;
	struct hash header_hash;
	uint64_t leaf;
};

struct held {
	struct store_id store_id;
	uint32_t class;
	uint64_t n;
};

enum log_trouble { LOG_IS_SPLIT = 1, LOG_IS_SHRUNK, LOG_IS_RESTARTED, LOG_IS_FALSE };
const char *log_trouble_name (enum log_trouble trouble);   /* "split", "shrunk", "restarted", "false" */

enum letter_body {
	BODY_NONE = 0,           /* a kind whose form has no fields, or a body newer than this program */
	BODY_ANSWERS,
	BODY_CONSENT_GRANT,
	BODY_CONSENT_WITHDRAWAL,
	BODY_CONSENT_STOPPED,
	BODY_RECEIPTS,
	BODY_CHAIN_EVENTS,
	BODY_LEDGER_RESUME,
	BODY_LETTER_AGAIN,
	BODY_KEY_REVOCATION,
	BODY_LOG_REPORT,
	BODY_LAST = BODY_LOG_REPORT,
};

struct letter {
	const char *kind;
	uint32_t kind_version;
	struct key_id sig_key_id;
	struct case_id case_id;
	struct thread_id thread;
	struct letter_id in_reply_to, replaces;
	struct chain_id chain;
	struct thread_id parent;
	uint32_t rev;
	const char *from_user, *from_role, *to_role;
	int64_t created_ms, created_local_ms;
	int64_t reply_by_ms;             /* 0 = no answer is due */
	enum urgency urgency;
	const char *purpose;
	enum basis basis;
	struct rule rule;
	struct signed_clause clause;     /* clause.clause.len == 0: none */
	size_t label_count;
	const char *const *labels;
	size_t attachment_count;
	const struct attachment *attachments;
	struct pair_sequence pair;
	uint64_t directory_version;
	const char *checkpoint;

	enum letter_body body;
	/* the one that body names */
	size_t answer_count;
	const struct answer *answers;
	struct signed_clause grant;
	struct signed_withdrawal withdrawal;
	struct { struct clause_id clause; int64_t stopped_ms; uint32_t threads_stopped, passed_on; } stopped;
	size_t receipt_count;
	const struct receipt *receipts;
	size_t chain_event_count;
	const struct chain_event *chain_events;
	struct { struct store_id store_id, takes_over; size_t held_count; const struct held *held; } resume;
	struct { struct bytes h, s; struct signature sig; struct store_id all_of; int64_t stored_ms; uint32_t files; } again;
	struct { struct key_id key_id; int64_t since_ms; const char *reason; } revocation;
	struct {
		enum log_trouble trouble;
		const char *checkpoint, *other;
		struct agency_id shown;
		int64_t at_ms;
	} log_report;
};

/* Reads S.  ERR_MALFORMED or ERR_TOO_LARGE; everything it gives lives in the arena. */
MUST_USE err_t letter_decode (struct bytes s, arena_t *arena, struct letter *ret_letter);

/* Writes S into the arena; ERR_TOO_LARGE beyond LIMIT_LETTER_BYTES. */
MUST_USE err_t letter_encode (const struct letter *letter, arena_t *arena, struct bytes *ret_s);

#endif
