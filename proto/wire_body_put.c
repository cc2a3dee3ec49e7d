/* Writing a letter's body. */
#include "proto/wire_letter.h"

/* ---- answers ---------------------------------------------------------------------------------- */

static Jembatan__Code *put_code (const struct answer *from, arena_t *arena)
{
	Jembatan__Code *to = wire_new (arena, &jembatan__code__descriptor);

	to->system = wire_put_text (from->system);
	to->code = wire_put_text (from->text);
	to->display = wire_put_text (from->display);
	return to;
}

static Jembatan__Quantity *put_quantity (const struct answer *from, arena_t *arena)
{
	Jembatan__Quantity *to = wire_new (arena, &jembatan__quantity__descriptor);

	to->value = wire_put_text (from->text);
	to->unit = wire_put_text (from->unit);
	return to;
}

static void put_value (const struct answer *from, arena_t *arena, Jembatan__Answer *to)
{
	switch (from->type) {
	case ANSWER_UNKNOWN:
		return;
	case ANSWER_TEXT:
	case ANSWER_DECIMAL:
	case ANSWER_DATE:
	case ANSWER_PHONE:
		/* These share their place in the oneof. */
		to->text = wire_put_text (from->text);
		return;
	case ANSWER_CODE:
		to->code = put_code (from, arena);
		return;
	case ANSWER_INTEGER:
		to->integer = from->number;
		return;
	case ANSWER_INSTANT:
		to->instant_ms = (uint64_t)from->number;
		return;
	case ANSWER_BOOLEAN:
		to->boolean = from->number != 0;
		return;
	case ANSWER_QUANTITY:
		to->quantity = put_quantity (from, arena);
		return;
	case ANSWER_RUPIAH:
		to->rupiah = from->number;
		return;
	case ANSWER_ATTACHMENT:
		to->attachment = (uint32_t)from->number;
		return;
	case ANSWER_ABSENT:
		to->absent = (Jembatan__Absent)from->number;
		return;
	}
}

static void put_answers (const struct letter *from, arena_t *arena, Jembatan__Letter *letter)
{
	Jembatan__Answers *to = letter->answers;

	to->n_answers = from->answer_count;
	to->answers = wire_new_array (arena, &jembatan__answer__descriptor, to->n_answers);
	for (size_t i = 0; i < to->n_answers; i++) {
		const struct answer *one = &from->answers[i];

		to->answers[i]->field = wire_put_text (one->field);
		to->answers[i]->value_case = one->type == ANSWER_UNKNOWN
						     ? JEMBATAN__ANSWER__VALUE__NOT_SET
						     : VALUE_CASE_OF (one->type);
		put_value (one, arena, to->answers[i]);
	}
}

/* ---- consent ---------------------------------------------------------------------------------- */

static void put_grant (const struct letter *from, arena_t *arena, Jembatan__Letter *to)
{
	to->consent_grant->clause = wire_put_signed_clause (arena, &from->grant);
}

static void put_withdrawal (const struct letter *from, arena_t *arena, Jembatan__Letter *letter)
{
	Jembatan__ConsentWithdrawal *to = letter->consent_withdrawal;

	to->withdrawal = wire_put_bytes (from->withdrawal.withdrawal);
	to->sig_key_id = WIRE_PUT_ID (from->withdrawal.sig_key_id);
	to->signature = WIRE_PUT_ID (from->withdrawal.signature);
}

static void put_stopped (const struct letter *from, arena_t *arena, Jembatan__Letter *letter)
{
	Jembatan__ConsentStopped *to = letter->consent_stopped;

	to->clause = WIRE_PUT_ID (from->stopped.clause);
	to->stopped_ms = (uint64_t)from->stopped.stopped_ms;
	to->threads_stopped = from->stopped.threads_stopped;
	to->passed_on = from->stopped.passed_on;
}

/* ---- machines --------------------------------------------------------------------------------- */

static void put_receipt (const struct receipt *from, Jembatan__Receipt *to)
{
	to->id = WIRE_PUT_ID (from->id);
	to->header_hash = WIRE_PUT_ID (from->header_hash);
	to->status = (Jembatan__ReceiptStatus)from->status;
	to->code = wire_put_code (from->code);
	to->at_ms = (uint64_t)from->at_ms;
	to->digest = WIRE_PUT_ID (from->digest);
	to->late = from->late;
	to->time_doubtful = from->time_doubtful;
	to->blob = WIRE_PUT_ID (from->blob);
}

static void put_receipts (const struct letter *from, arena_t *arena, Jembatan__Letter *letter)
{
	Jembatan__Receipts *to = letter->receipts;

	to->n_receipts = from->receipt_count;
	to->receipts = wire_new_array (arena, &jembatan__receipt__descriptor, to->n_receipts);
	for (size_t i = 0; i < to->n_receipts; i++)
		put_receipt (&from->receipts[i], to->receipts[i]);
}

static void put_chain_event (const struct chain_event *from, Jembatan__ChainEvent *to)
{
	to->chain = WIRE_PUT_ID (from->chain);
	to->referral = WIRE_PUT_ID (from->referral);
	to->parent = WIRE_PUT_ID (from->parent);
	to->from = wire_put_text (from->from.text);
	to->to = wire_put_text (from->to.text);
	to->kind = wire_put_text (from->kind);
	to->state = wire_put_text (from->state);
	to->reason = wire_put_text (from->reason);
	to->at_ms = (uint64_t)from->at_ms;
	to->due_ms = (uint64_t)from->due_ms;
	to->header_hash = WIRE_PUT_ID (from->header_hash);
	to->leaf = from->leaf;
}

static void put_chain_events (const struct letter *from, arena_t *arena, Jembatan__Letter *letter)
{
	Jembatan__ChainEvents *to = letter->chain_events;

	to->n_events = from->chain_event_count;
	to->events = wire_new_array (arena, &jembatan__chain_event__descriptor, to->n_events);
	for (size_t i = 0; i < to->n_events; i++)
		put_chain_event (&from->chain_events[i], to->events[i]);
}

static void put_resume (const struct letter *from, arena_t *arena, Jembatan__Letter *letter)
{
	Jembatan__LedgerResume *to = letter->ledger_resume;

	to->store_id = WIRE_PUT_ID (from->resume.store_id);
	to->takes_over = WIRE_PUT_ID (from->resume.takes_over);
	to->n_held = from->resume.held_count;
	to->held = wire_new_array (arena, &jembatan__held__descriptor, to->n_held);
	for (size_t i = 0; i < to->n_held; i++) {
		to->held[i]->store_id = WIRE_PUT_ID (from->resume.held[i].store_id);
		to->held[i]->class_ = from->resume.held[i].class;
		to->held[i]->n = from->resume.held[i].n;
	}
}

static void put_again (const struct letter *from, arena_t *arena, Jembatan__Letter *to)
{
	to->letter_again->h = wire_put_bytes (from->again.h);
	to->letter_again->s = wire_put_bytes (from->again.s);
	to->letter_again->sig = WIRE_PUT_ID (from->again.sig);
	to->letter_again->all_of = WIRE_PUT_ID (from->again.all_of);
	to->letter_again->stored_ms = (uint64_t)from->again.stored_ms;
	to->letter_again->files = from->again.files;
}

static void put_revocation (const struct letter *from, arena_t *arena, Jembatan__Letter *to)
{
	to->key_revocation->key_id = WIRE_PUT_ID (from->revocation.key_id);
	to->key_revocation->since_ms = (uint64_t)from->revocation.since_ms;
	to->key_revocation->reason = wire_put_text (from->revocation.reason);
}

static void put_log_report (const struct letter *from, arena_t *arena, Jembatan__Letter *to)
{
	to->log_report->trouble = (Jembatan__LogTrouble)from->log_report.trouble;
	to->log_report->checkpoint = wire_put_bytes (bytes_of_text (from->log_report.checkpoint));
	to->log_report->other = wire_put_bytes (bytes_of_text (from->log_report.other));
	to->log_report->shown = wire_put_text (from->log_report.shown.text);
	to->log_report->at_ms = (uint64_t)from->log_report.at_ms;
}

/* ---- the table -------------------------------------------------------------------------------- */

static const struct {
	const ProtobufCMessageDescriptor *type;
	void (*put) (const struct letter *from, arena_t *arena, Jembatan__Letter *to);
} writers[] = {
	[BODY_ANSWERS] = { &jembatan__answers__descriptor, put_answers },
	[BODY_CONSENT_GRANT] = { &jembatan__consent_grant__descriptor, put_grant },
	[BODY_CONSENT_WITHDRAWAL] = { &jembatan__consent_withdrawal__descriptor, put_withdrawal },
	[BODY_CONSENT_STOPPED] = { &jembatan__consent_stopped__descriptor, put_stopped },
	[BODY_RECEIPTS] = { &jembatan__receipts__descriptor, put_receipts },
	[BODY_CHAIN_EVENTS] = { &jembatan__chain_events__descriptor, put_chain_events },
	[BODY_LEDGER_RESUME] = { &jembatan__ledger_resume__descriptor, put_resume },
	[BODY_LETTER_AGAIN] = { &jembatan__letter_again__descriptor, put_again },
	[BODY_KEY_REVOCATION] = { &jembatan__key_revocation__descriptor, put_revocation },
	[BODY_LOG_REPORT] = { &jembatan__log_report__descriptor, put_log_report },
};

void put_body (const struct letter *from, arena_t *arena, Jembatan__Letter *to)
{
	if (from->body == BODY_NONE)
		return;
	to->body_case = BODY_CASE_OF (from->body);
	/* All members of the oneof are pointers to a message and share their place. */
	to->answers = wire_new (arena, writers[from->body].type);
	writers[from->body].put (from, arena, to);
}
