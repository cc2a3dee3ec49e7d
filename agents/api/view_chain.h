/*
 * How the api shows what a coordinator knows of chains: as JSON for programs, as a text with a tree
 * for people, and as CSV for spreadsheets.
 */
#ifndef AGENTS_API_VIEW_CHAIN_H
#define AGENTS_API_VIEW_CHAIN_H

#include "agents/api/call.h"
#include "agents/audit/audit.h"

#define CHAIN_SHORT_TEXT 9
/* The first eight digits: what people say to one another. */
char *chain_short (const struct chain_id *id, char text[CHAIN_SHORT_TEXT]);

/* A row of a list; with `whole` also each referral with its steps. */
json_t *view_chain (const struct call *call, const struct audit_chain *chain, int64_t now_ms,
		    bool whole);
json_t *view_summary (const struct call *call, const struct audit_summary *summary);

/* What both forms for people need.  Texts live in the call's arena. */
struct words chain_agency_words (const struct call *call, const struct agency_id *id);
struct words chain_state_words (const struct audit_referral *referral, const char *state);
struct words chain_reason_words (const struct audit_referral *referral, const char *reason);
struct words chain_kind_words (const struct audit_referral *referral);
struct words chain_doubt_words (size_t i);
/* "3 hari" / "3 days" */
struct words chain_span_words (const struct call *call, int64_t ms);

/* ---- export_chain.c: malloc'ed text ---- */

enum chain_language { CHAIN_BOTH, CHAIN_ID, CHAIN_EN };

char *chain_text (const struct call *call, const struct audit_chain *chain, int64_t now_ms,
		  enum chain_language language);
/* A line for each step. */
char *chain_csv (const struct audit_chain *chain);
/* A line for each referral of each chain; `rest` gives the next chains, 0 at the end. */
struct chain_source {
	size_t (*rest) (void *arg, struct audit_chain **ret_chains);
	void *arg;
};
char *chains_csv (const struct chain_source *source);

#endif
