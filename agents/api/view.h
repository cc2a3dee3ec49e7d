/*
 * How the api shows what it holds: errors, agencies, people, referrals, letters, entries.
 * Every word for people comes in both languages as {"id", "en"}.  The caller owns what it
 * gets.
 */
#ifndef AGENTS_API_VIEW_H
#define AGENTS_API_VIEW_H

#include "agents/api/call.h"

/* {"code", "message_id", "message_en", "fields": [{"field", "code", "message_id",
 * "message_en"}]}; `problems` may be NULL. */
json_t *view_error (err_t err, const problems_t *problems);

json_t *view_problems (const problems_t *problems); /* the list of its "fields" */

json_t *view_words (struct words words);
json_t *view_both (const char *id, const char *en);

/* A kind's form: [{"name", "type", "flag", "required", "codes", "words", ...}]. */
json_t *view_fields (const struct field_spec *fields, size_t count);

/* Its tables: [{"name", "least", "most", "words", "fields": [as above]}]; a column is named as in a
 * row of answers. */
json_t *view_groups (const struct kind_spec *kind);

/* {"id", "name", "kind", "region", "phone"}: of the directory or the
 * address book, or the id alone. */
json_t *view_agency (const struct call *call, const struct agency_id *id);

/* The state of a thread with its words; an unknown one stands for itself. */
json_t *view_state (const struct thread_type *type, const char *name);

json_t *view_uuid (const uint8_t id[16]); /* null for the none id */

/* The record, with the NIK masked to its last four digits: POST /v1/people/{id}/reveal gives it whole. */
json_t *view_person (const struct call *call, const struct person *person);
/* Case number and id alone: for lists, which show nobody's name. */
json_t *view_person_number (const struct call *call, const struct person_id *id);

json_t *view_deadline (const struct call *call, const struct deadline *deadline);
json_t *view_clause (const struct call *call, const struct clause_row *row);

/* One row of a list of referrals, without a person's content. */
json_t *view_thread (const struct call *call, const struct thread *thread);
/* A referral as its reader needs it: the person, letters with their custody, what can
 * come next. */
json_t *view_thread_whole (const struct call *call, const struct thread *thread);

/* An attachment without its content: number, state, title, how much of it has moved.  One that has no
 * letter yet is an upload. */
json_t *view_attachment (const struct attachment_row *row);
/* Those of a thread, oldest first. */
json_t *view_attachments (const struct call *call, const struct thread_id *thread);

/* One letter, by its entry: which way it went, its custody, and what it says where that may be shown. */
json_t *view_letter (const struct call *call, const struct entry *entry);

/* {"id", "number"} of a thread, or null. */
json_t *view_number (const struct call *call, const struct thread_id *id);

json_t *view_purpose (const struct call *call, const char *purpose);   /* its words */

/* As the list of partners shows it. */
json_t *view_partner (const struct call *call, const struct partner *partner);

/* Places of one service that a partner published, and whether that is too long ago. */
struct capacity;
json_t *view_capacity (const struct call *call, const struct capacity *capacity);

/* What a clock waits for. */
json_t *view_clock (const struct call *call, const char *what);

/* Adds up to `page->limit` entries of a person or a thread (the other NULL) to a page. */
json_t *view_timeline (const struct call *call, const struct person_id *person,
		       const struct thread_id *thread, const struct page *page);

#endif
