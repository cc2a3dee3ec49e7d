/* Reading a letter's body: answers of the catalogue's kinds, and the messages of machines. */
#include "proto/wire_letter.h"

#include <string.h>

/* ---- syntax of answers ------------------------------------------------------------------------ */

static size_t digits_at (const char *text)
{
	return strspn (text, "0123456789");
}

static int number_at (const char *text, int digits)
{
	int number = 0;

	for (int i = 0; i < digits; i++)
		number = number * 10 + (text[i] - '0');
	return number;
}

static int days_of (int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

bool is_date (const char *text)
{
	int year, month, day;

	if (strlen (text) != 10 || digits_at (text) != 4 || text[4] != '-' ||
	    digits_at (text + 5) != 2 || text[7] != '-' || digits_at (text + 8) != 2)
		return false;
	year = number_at (text, 4);
	month = number_at (text + 5, 2);
	day = number_at (text + 8, 2);
	return month >= 1 && month <= 12 && day >= 1 && day <= days_of (year, month);
}

bool is_decimal (const char *text)
{
	const char *at = text[0] == '-' ? text + 1 : text;
	size_t whole = digits_at (at), part = 0;

	at += whole;
	if (whole > 0 && *at == '.') {
		part = digits_at (at + 1);
		at += 1 + part;
		if (part == 0)
			return false;
	}
	return whole > 0 && *at == '\0' && whole + part <= 18;
}

bool is_phone (const char *text)
{
	size_t digits = text[0] == '+' ? digits_at (text + 1) : 0;

	return digits >= 2 && digits <= 15 && text[1 + digits] == '\0';
}

/* ---- answers ---------------------------------------------------------------------------------- */

static const char *read_formed (struct wire_read *r, const char *from,
				bool (*is_formed) (const char *))
{
	if (!is_formed (from))
		wire_fail (r, ERR_MALFORMED);
	return from;
}

static void read_code (struct wire_read *r, const Jembatan__Code *from, struct answer *to)
{
	to->system = wire_line (r, from->system, LIMIT_NAME_BYTES);
	to->text = wire_line (r, from->code, LIMIT_NAME_BYTES);
	to->display = wire_line (r, from->display, LIMIT_NAME_BYTES);
	if (to->text[0] == '\0')
		wire_fail (r, ERR_MALFORMED);
}

static void read_quantity (struct wire_read *r, const Jembatan__Quantity *from, struct answer *to)
{
	to->text = read_formed (r, from->value, is_decimal);
	to->unit = wire_line (r, from->unit, LIMIT_NAME_BYTES);
}

static void read_index (struct wire_read *r, uint32_t from, const struct letter *letter,
			struct answer *to)
{
	if (from >= letter->attachment_count)
		wire_fail (r, ERR_MALFORMED);
	to->number = from;
}

static void read_value (struct wire_read *r, const Jembatan__Answer *from,
			const struct letter *letter, struct answer *to)
{
	switch (to->type) {
	case ANSWER_UNKNOWN:
		return;
	case ANSWER_TEXT:
		to->text = wire_text (r, from->text, LIMIT_TEXT_BYTES);
		return;
	case ANSWER_CODE:
		read_code (r, from->code, to);
		return;
	case ANSWER_INTEGER:
		to->number = from->integer;
		return;
	case ANSWER_DECIMAL:
		to->text = read_formed (r, from->decimal, is_decimal);
		return;
	case ANSWER_DATE:
		to->text = read_formed (r, from->date, is_date);
		return;
	case ANSWER_INSTANT:
		to->number = wire_time (r, from->instant_ms);
		return;
	case ANSWER_BOOLEAN:
		to->number = from->boolean != 0;
		return;
	case ANSWER_QUANTITY:
		read_quantity (r, from->quantity, to);
		return;
	case ANSWER_RUPIAH:
		to->number = from->rupiah;
		return;
	case ANSWER_PHONE:
		to->text = read_formed (r, from->phone, is_phone);
		return;
	case ANSWER_ATTACHMENT:
		read_index (r, from->attachment, letter, to);
		return;
	case ANSWER_ABSENT:
		to->number = wire_range (r, from->absent, ABSENT_DECLINED, ABSENT_NOT_ASKED);
		return;
	}
}

static void read_answer (struct wire_read *r, const Jembatan__Answer *from,
			 const struct letter *letter, struct answer *to)
{
	*to = (struct answer){ .text = "", .system = "", .display = "", .unit = "" };
	to->field = wire_word (r, from->field);
	if (from->value_case != JEMBATAN__ANSWER__VALUE__NOT_SET)
		to->type = (enum answer_type)((int)from->value_case - (int)VALUE_CASE_OF (0));
	read_value (r, from, letter, to);
}

static void read_answers (struct wire_read *r, const Jembatan__Letter *letter, struct letter *to)
{
	const Jembatan__Answers *from = letter->answers;
	struct answer *list = wire_array (r, from->n_answers, LIMIT_ANSWERS, sizeof *list);

	to->answers = list;
	to->answer_count = from->n_answers;
	for (size_t i = 0; list != NULL && i < from->n_answers; i++)
		read_answer (r, from->answers[i], to, &list[i]);
}

/* ---- consent ---------------------------------------------------------------------------------- */

static void read_grant (struct wire_read *r, const Jembatan__Letter *from, struct letter *to)
{
	if (from->consent_grant->clause == NULL)
		wire_fail (r, ERR_MALFORMED);
	wire_signed_clause (r, from->consent_grant->clause, &to->grant);
}

/* Key and signature come together or not at all. */
static void read_withdrawal (struct wire_read *r, const Jembatan__Letter *letter,
			     struct letter *to)
{
	const Jembatan__ConsentWithdrawal *from = letter->consent_withdrawal;

	to->withdrawal.withdrawal = wire_bytes (r, from->withdrawal, LIMIT_CLAUSE_BYTES);
	WIRE_ID_OR_NONE (r, from->sig_key_id, &to->withdrawal.sig_key_id);
	WIRE_ID_OR_NONE (r, from->signature, &to->withdrawal.signature);
	if (from->withdrawal.len == 0 || (from->sig_key_id.len == 0) != (from->signature.len == 0))
		wire_fail (r, ERR_MALFORMED);
}

static void read_stopped (struct wire_read *r, const Jembatan__Letter *letter, struct letter *to)
{
	const Jembatan__ConsentStopped *from = letter->consent_stopped;

	WIRE_ID (r, from->clause, &to->stopped.clause);
	to->stopped.stopped_ms = wire_time (r, from->stopped_ms);
	to->stopped.threads_stopped = from->threads_stopped;
	to->stopped.passed_on = from->passed_on;
}

/* ---- machines --------------------------------------------------------------------------------- */

static void read_receipt (struct wire_read *r, const Jembatan__Receipt *from, struct receipt *to)
{
	WIRE_ID (r, from->id, &to->id);
	WIRE_ID (r, from->header_hash, &to->header_hash);
	to->status = wire_range (r, from->status, RECEIPT_IS_STORED, RECEIPT_IS_HELD);
	to->code = wire_code (r, from->code, false);
	to->at_ms = wire_time (r, from->at_ms);
	WIRE_ID_OR_NONE (r, from->digest, &to->digest);
	to->late = from->late;
	to->time_doubtful = from->time_doubtful;
	WIRE_ID_OR_NONE (r, from->blob, &to->blob);
}

static void read_receipts (struct wire_read *r, const Jembatan__Letter *letter, struct letter *to)
{
	const Jembatan__Receipts *from = letter->receipts;
	struct receipt *list = wire_array (r, from->n_receipts, LIMIT_RECEIPTS, sizeof *list);

	to->receipts = list;
	to->receipt_count = from->n_receipts;
	for (size_t i = 0; list != NULL && i < from->n_receipts; i++)
		read_receipt (r, from->receipts[i], &list[i]);
}

/* "@clinic" stands for somebody outside of the network, of whom only the kind is told. */
static void read_side (struct wire_read *r, const char *from, struct agency_id *ret)
{
	struct agency_id kind;

	if (from[0] != '@')
		wire_agency (r, from, ret);
	else if (strlen (from) > LIMIT_ID_TEXT || agency_id_parse (from + 1, &kind) != ERR_OK)
		wire_fail (r, ERR_MALFORMED);
	else
		strcpy (ret->text, from);
}

static void read_chain_event (struct wire_read *r, const Jembatan__ChainEvent *from,
			      struct chain_event *to)
{
	WIRE_ID (r, from->chain, &to->chain);
	WIRE_ID (r, from->referral, &to->referral);
	WIRE_ID_OR_NONE (r, from->parent, &to->parent);
	read_side (r, from->from, &to->from);
	read_side (r, from->to, &to->to);
	to->kind = wire_word (r, from->kind);
	to->state = wire_word (r, from->state);
	to->reason = wire_word_or_none (r, from->reason);
	to->at_ms = wire_time (r, from->at_ms);
	to->due_ms = wire_time (r, from->due_ms);
	WIRE_ID_OR_NONE (r, from->header_hash, &to->header_hash);
	to->leaf = wire_count (r, from->leaf);
}

static void read_chain_events (struct wire_read *r, const Jembatan__Letter *letter,
			       struct letter *to)
{
	const Jembatan__ChainEvents *from = letter->chain_events;
	struct chain_event *list = wire_array (r, from->n_events, LIMIT_CHAIN_EVENTS, sizeof *list);

	to->chain_events = list;
	to->chain_event_count = from->n_events;
	for (size_t i = 0; list != NULL && i < from->n_events; i++)
		read_chain_event (r, from->events[i], &list[i]);
}

static void read_resume (struct wire_read *r, const Jembatan__Letter *letter, struct letter *to)
{
	const Jembatan__LedgerResume *from = letter->ledger_resume;
	struct held *list = wire_array (r, from->n_held, LIMIT_HELD, sizeof *list);

	WIRE_ID (r, from->store_id, &to->resume.store_id);
	WIRE_ID_OR_NONE (r, from->takes_over, &to->resume.takes_over);
	to->resume.held = list;
	to->resume.held_count = from->n_held;
	for (size_t i = 0; list != NULL && i < from->n_held; i++) {
		WIRE_ID (r, from->held[i]->store_id, &list[i].store_id);
		list[i].class = wire_range (r, from->held[i]->class_, CLASS_STAT, CLASS_ROUTINE);
		list[i].n = wire_count (r, from->held[i]->n);
	}
}

static void read_again (struct wire_read *r, const Jembatan__Letter *letter, struct letter *to)
{
	const Jembatan__LetterAgain *from = letter->letter_again;

	to->again.h = wire_bytes (r, from->h, LIMIT_HEADER_BYTES);
	to->again.s = wire_bytes (r, from->s, LIMIT_LETTER_BYTES);
	WIRE_ID_OR_NONE (r, from->all_of, &to->again.all_of);
	WIRE_ID_OR_NONE (r, from->sig, &to->again.sig);
	to->again.stored_ms = wire_time (r, from->stored_ms);
	to->again.files = from->files;
	/* A whole letter, or the word that there is none left. */
	if ((from->h.len == 0) != (from->all_of.len > 0) || (from->s.len == 0) != (from->h.len == 0)
	    || (from->sig.len == 0) != (from->h.len == 0))
		wire_fail (r, ERR_MALFORMED);
}

static void read_revocation (struct wire_read *r, const Jembatan__Letter *letter,
			     struct letter *to)
{
	const Jembatan__KeyRevocation *from = letter->key_revocation;

	WIRE_ID (r, from->key_id, &to->revocation.key_id);
	to->revocation.since_ms = wire_time (r, from->since_ms);
	to->revocation.reason = wire_line (r, from->reason, LIMIT_NAME_BYTES);
}

static void read_log_report (struct wire_read *r, const Jembatan__Letter *letter, struct letter *to)
{
	const Jembatan__LogReport *from = letter->log_report;

	to->log_report.trouble = wire_range (r, from->trouble, LOG_IS_SPLIT, LOG_IS_FALSE);
	to->log_report.checkpoint = wire_note (r, from->checkpoint, LIMIT_CHECKPOINT_BYTES);
	to->log_report.other = wire_note (r, from->other, LIMIT_CHECKPOINT_BYTES);
	wire_agency_or_none (r, from->shown, &to->log_report.shown);
	to->log_report.at_ms = wire_time (r, from->at_ms);
}

/* ---- the table -------------------------------------------------------------------------------- */

static void read_nothing (struct wire_read *r, const Jembatan__Letter *from, struct letter *to)
{
}

static void (*const readers[]) (struct wire_read *, const Jembatan__Letter *, struct letter *) = {
	[BODY_NONE] = read_nothing,
	[BODY_ANSWERS] = read_answers,
	[BODY_CONSENT_GRANT] = read_grant,
	[BODY_CONSENT_WITHDRAWAL] = read_withdrawal,
	[BODY_CONSENT_STOPPED] = read_stopped,
	[BODY_RECEIPTS] = read_receipts,
	[BODY_CHAIN_EVENTS] = read_chain_events,
	[BODY_LEDGER_RESUME] = read_resume,
	[BODY_LETTER_AGAIN] = read_again,
	[BODY_KEY_REVOCATION] = read_revocation,
	[BODY_LOG_REPORT] = read_log_report,
};

void read_body (struct wire_read *r, const Jembatan__Letter *from, struct letter *to)
{
	int body = (int)from->body_case - (int)BODY_CASE_OF (0);

	to->body = from->body_case == JEMBATAN__LETTER__BODY__NOT_SET ? BODY_NONE
								       : (enum letter_body)body;
	readers[to->body] (r, from, to);
}
