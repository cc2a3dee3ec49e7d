/* The table of routes, and finding the row for a request. */
#include "agents/api/route.h"

#include <stdio.h>
#include <string.h>

#include "agents/api/handlers.h"

/* clang-format off */
static const struct route routes[] = {
	{ "POST", "/v1/session",                 USE_SIGN_IN, 201, "",
	  session_begin,       "signs in with an account and its password" },
	{ "GET",  "/v1/session",                 USE_SESSION, 200, "",
	  session_show,        "who is signed in, what they may do, and the token for writes" },
	{ "POST", "/v1/session/end",             USE_SESSION, 200, "",
	  session_finish,      "signs out, or ends other sessions of the same account" },
	{ "POST", "/v1/session/password",        USE_SESSION, 200, "",
	  session_password,    "sets a new password; every other session ends" },
	{ "POST", "/v1/session/second-factor",   USE_SESSION, 200, "",
	  session_factor,      "sets or removes the second factor" },
	{ "GET",  "/v1/accounts",                USE_RESET,   200, " limit after ",
	  accounts_list,       "who has an account here, and how it stands" },
	{ "POST", "/v1/accounts",                USE_ACCOUNTS, 201, "",
	  accounts_add,        "makes an account; its one-time code is shown this once" },
	{ "POST", "/v1/accounts/{id}",           USE_ACCOUNTS, 200, "",
	  accounts_change,     "changes name, role or time, or forgets wrong passwords" },
	{ "POST", "/v1/accounts/{id}/dismiss",   USE_ACCOUNTS, 200, "",
	  accounts_dismiss,    "keeps a worker out; open sessions end" },
	{ "POST", "/v1/accounts/{id}/sessions/end", USE_ACCOUNTS, 200, "",
	  accounts_end_sessions, "ends all sessions of an account" },
	{ "POST", "/v1/accounts/{id}/reset",     USE_RESET,   200, "",
	  accounts_reset,      "asks for a reset, or confirms what another one asked for" },
	{ "GET",  "/v1/keys",                    USE_KEYS,    200, " limit after ",
	  keys_list,           "keys of software" },
	{ "POST", "/v1/keys",                    USE_KEYS,    201, "",
	  keys_add,            "makes a key of software; it is shown this once" },
	{ "POST", "/v1/keys/{id}/end",           USE_KEYS,    200, "",
	  keys_end,            "a key is no longer in force" },
	{ "GET",  "/v1/looks",                   USE_LOOKS,   200, " limit after ",
	  looks_list,          "who looked at whose record, when and why, newest first" },
	{ "GET",  "/v1/door",                    USE_LOOKS,   200, " limit after ",
	  door_list,           "what happened at the door: sign-ins, accounts, keys, newest first" },
	{ "GET",  "/v1/status",                  USE_STATUS,  200, "",
	  status_show,         "the agency, its hub, what waits, since when" },
	{ "POST", "/v1/unlock",                  USE_SIGN_IN, 200, "",
	  unlock_try,          "the passphrase of a ledger that is locked" },
	{ "GET",  "/v1/events",                  USE_STATUS,  200, "",
	  events_follow,       "tells what changed, as it happens" },
	{ "GET",  "/v1/catalogue",               USE_STATUS,  200, " thread kind ",
	  catalogue_show,      "kinds of letters with their forms, states, words" },
	{ "GET",  "/v1/catalogue/check",         USE_STATUS,  200, "",
	  catalogue_examine,   "reads the catalogue's files again and tells what is wrong with them" },
	{ "GET",  "/v1/catalogue/print",         USE_STATUS,  200, "",
	  catalogue_page,      "the catalogue in force as a document" },
	{ "GET",  "/v1/catalogue/diagram",       USE_STATUS,  200, " thread ",
	  catalogue_draw,      "the lifecycle of one thread type, or of all, as Mermaid diagrams" },
	{ "GET",  "/v1/partners",                USE_STATUS,  200, " limit after kind service near ",
	  partners_list,       "members of the network, and the address book" },
	{ "GET",  "/v1/partners/{id}",           USE_STATUS,  200, "",
	  partners_show,       "one partner: services, hours, places, fingerprints, how soon it answers" },
	{ "GET",  "/v1/contacts",                USE_LIST,    200, " limit after ",
	  contacts_page,       "the address book: partners that are not connected" },
	{ "POST", "/v1/contacts",                USE_SEND,    201, "",
	  contacts_save,       "adds to the address book, or replaces what it says" },
	{ "GET",  "/v1/contacts/{id}",           USE_LIST,    200, "",
	  contacts_show,       "one of the address book" },
	{ "POST", "/v1/contacts/{id}/enrolled",  USE_SEND,    200, "",
	  contacts_enrolled,   "says which member it has become" },
	{ "GET",  "/v1/people",                  USE_LIST,    200, " limit after stage mine open ",
	  people_list,         "the caseload, with what is due next" },
	{ "POST", "/v1/people",                  USE_INTAKE,  201, "",
	  people_intake,       "takes in a person" },
	{ "POST", "/v1/people/search",           USE_LOOK,    200, " limit after ",
	  people_search,       "finds people by case number, NIK, UUID or part of the name" },
	{ "GET",  "/v1/people/{id}",             USE_LOOK,    200, "",
	  people_show,         "one person; the look is recorded" },
	{ "POST", "/v1/people/{id}/reveal",      USE_LOOK,    200, "",
	  people_reveal,       "the whole NIK, for a reason that is recorded" },
	{ "GET",  "/v1/people/{id}/disclosures", USE_LOOK,    200, "",
	  people_disclosures,  "who has received this person's data, when, what and on what basis" },
	{ "GET",  "/v1/people/{id}/looks",       USE_LOOKS,   200, " limit after ",
	  people_looks,        "who looked at one person's record, newest first" },
	{ "POST", "/v1/people/{id}/looks",       USE_LOOK,    200, "",
	  people_look_reason,  "says why one looks at a record" },
	{ "GET",  "/v1/people/{id}/timeline",    USE_LIST,    200, " limit after ",
	  people_timeline,     "what happened around a person, oldest first" },
	{ "GET",  "/v1/people/{id}/consents",    USE_LOOK,    200, "",
	  consents_list,       "clauses, their holders and what was withdrawn" },
	{ "POST", "/v1/people/{id}/consents",    USE_CONSENT, 201, "",
	  consents_give,       "records clauses that a person gave" },
	{ "POST", "/v1/people/{id}/consents/withdraw", USE_CONSENT, 202, "",
	  consents_withdraw,   "withdraws one clause, or all of a person" },
	{ "POST", "/v1/referrals",               USE_SEND,    202, "",
	  referrals_open,      "opens a referral" },
	{ "POST", "/v1/referrals/preview",       USE_SEND,    200, "",
	  referrals_preview,   "what a referral would send, field by field; nothing is written" },
	{ "GET",  "/v1/referrals",               USE_LIST,    200, " limit after box person partner ",
	  referrals_list,      "referrals, newest first" },
	{ "GET",  "/v1/referrals/{id}",          USE_LOOK,    200, "",
	  referrals_show,      "one referral with its letters; the look is recorded" },
	{ "GET",  "/v1/referrals/{id}/timeline", USE_LIST,    200, " limit after ",
	  referrals_timeline,  "what happened to a referral, oldest first" },
	{ "POST", "/v1/referrals/{id}/letters",  USE_SEND,    202, "",
	  referrals_write,     "writes the next letter of a referral, of any kind" },
	{ "POST", "/v1/referrals/{id}/letters/preview", USE_SEND, 200, "",
	  referrals_preview_letter, "what the next letter would send; nothing is written" },
	{ "GET",  "/v1/referrals/{id}/paper",    USE_LOOK,    200, " format ",
	  referrals_paper,     "a letter off the wire as a page to print; the look is recorded" },
	{ "POST", "/v1/referrals/{id}/evidence", USE_EVIDENCE, 200, "",
	  referrals_evidence,  "a signed pack of everything signed about a referral; it is recorded" },
	{ "POST", "/v1/referrals/{id}/reported", USE_SEND,    202, "",
	  referrals_report,    "writes down what came back by phone, WhatsApp or paper" },
	{ "POST", "/v1/referrals/{id}/to-wire",  USE_SEND,    202, "",
	  referrals_to_wire,   "begins a referral anew with a partner that has enrolled" },
	{ "POST", "/v1/referrals/{id}/recall",   USE_SEND,    202, "",
	  referrals_recall,    "takes back a letter that its recipient does not have yet" },
	{ "PUT",  "/v1/attachments/{id}",        USE_SEND,    200, " offset person referral ",
	  attachments_put,     "uploads a file that a letter will take along, or goes on with it" },
	{ "GET",  "/v1/attachments/{id}",        USE_LIST,    200, "",
	  attachments_show,    "how far an upload or an attachment is" },
	{ "GET",  "/v1/attachments/{id}/content", USE_LOOK,   200, "",
	  attachments_content, "the file itself, to be saved; the look is recorded" },
	{ "GET",  "/v1/today",                   USE_LIST,    200, "",
	  today_show,          "a worker's morning: what waits, who comes, what to write" },
	{ "GET",  "/v1/due",                     USE_LIST,    200, " limit after late mine ",
	  due_list,            "running deadlines, soonest first" },
	{ "GET",  "/v1/reminders",               USE_LIST,    200, " limit after ",
	  reminders_list,      "letters to write, soonest first" },
	{ "POST", "/v1/reminders/{n}/done",      USE_SEND,    200, "",
	  reminders_done,      "closes a reminder without a letter, with the reason" },
	{ "GET",  "/v1/releases",                USE_LIST,    200, " limit after within ",
	  releases_show,       "who will be released from prison, with a notice or without" },
	{ "GET",  "/v1/capacity",                USE_LIST,    200, " limit after service near ",
	  capacity_show,       "places that partners published, the nearest first" },
	{ "POST", "/v1/capacity",                USE_SEND,    202, "",
	  capacity_publish,    "publishes our places to partners or to a region" },
	{ "GET",  "/v1/alarms",                  USE_STATUS,  200, " limit after ",
	  alarms_list,         "what a person must know now" },
	{ "POST", "/v1/alarms/{n}/close",        USE_SEND,    200, "",
	  alarms_close,        "closes an alarm that somebody dealt with" },
	{ "GET",  "/v1/queue",                   USE_STATUS,  200, "",
	  queue_show,          "what waits to leave, counted by class and age" },
	{ "GET",  "/v1/holidays",                USE_STATUS,  200, "",
	  holidays_show,       "the holidays in force, by year" },
	{ "GET",  "/v1/templates",               USE_STATUS,  200, "",
	  templates_show,      "deadlines, reminders and escalation of each kind of letter" },
	{ "POST", "/v1/imports/{what}",          USE_STATUS,  200, "",
	  imports_run,         "reads a list, says what is wrong in it, and writes it when told to" },
	{ "GET",  "/v1/staff",                   USE_ADMIN,   200, " limit after ",
	  staff_show,          "who works here, and how their certificates stand" },
	{ "GET",  "/v1/chains",                  USE_LIST,    200, " limit after late disagree ",
	  chains_list,         "chains of referrals that a coordinator is told of, what moved last first" },
	{ "GET",  "/v1/chains/summary",          USE_LIST,    200, "",
	  chains_summary,      "counts and medians, by pairs of agencies" },
	{ "GET",  "/v1/chains/export",           USE_LIST,    200, " format late disagree ",
	  chains_export_all,   "all chains as lines of CSV" },
	{ "GET",  "/v1/chains/{id}",             USE_LIST,    200, "",
	  chains_show,         "the tree of one chain with what each side told" },
	{ "GET",  "/v1/chains/{id}/export",      USE_LIST,    200, " format lang ",
	  chains_export,       "one chain as text, JSON or CSV" },
	{ "GET",  "/v1/backup",                  USE_STATUS,  200, "",
	  backups_show,        "how the running or last backup went, and the last rehearsal" },
	{ "POST", "/v1/backup",                  USE_ADMIN,   202, "",
	  backups_make,        "begins a backup; letters go on meanwhile" },
	{ "GET",  "/v1/verify",                  USE_VERIFY,  200, "",
	  verify_show,         "how the running or last check of the ledger went" },
	{ "POST", "/v1/verify",                  USE_VERIFY,  202, "",
	  verify_begin,        "begins a check of ledger, receipts and log; letters go on meanwhile" },
};
/* clang-format on */

const struct route *route_at (size_t i)
{
	return i < COUNT_OF (routes) ? &routes[i] : NULL;
}

bool route_works_locked (const struct route *route)
{
	return route->handle == status_show || route->handle == unlock_try;
}

bool route_takes_body (const struct route *route)
{
	return strcmp (route->method, "POST") == 0;
}

/* Copies what stands for the parameter; 0 when there is nothing or too much. */
static size_t take_segment (const char *path, char ret_id[64])
{
	size_t len = strcspn (path, "/");

	if (len == 0 || len >= 64)
		return 0;
	memcpy (ret_id, path, len);
	ret_id[len] = '\0';
	return len;
}

static bool matches (const char *pattern, const char *path, char ret_id[64])
{
	for (; *pattern != '\0'; pattern++, path++) {
		if (*pattern == '{') {
			size_t len = take_segment (path, ret_id);

			if (len == 0)
				return false;
			path += len - 1;
			pattern = strchr (pattern, '}');
		} else if (*pattern != *path) {
			return false;
		}
	}
	return *path == '\0';
}

static void allow (char ret_allow[32], const char *method)
{
	size_t len = strlen (ret_allow);

	snprintf (ret_allow + len, 32 - len, "%s%s", len > 0 ? ", " : "", method);
}

/* "search" under /v1/people is no id: the rows that name it in full stand for themselves,
 * and a person's id is a UUID, so the two never mean the same. */
err_t route_find (const char *method, const char *path, const struct route **ret_route,
		  char ret_id[64], char ret_allow[32])
{
	char id[64] = "", allowed[32] = "";

	for (size_t i = 0; i < COUNT_OF (routes); i++) {
		if (!matches (routes[i].pattern, path, id))
			continue;
		if (strcmp (routes[i].method, method) == 0) {
			*ret_route = &routes[i];
			strcpy (ret_id,
				strchr (routes[i].pattern, '{') != NULL ? id : "");
			return ERR_OK;
		}
		allow (allowed, routes[i].method);
	}
	strcpy (ret_allow, allowed);
	return *allowed != '\0' ? ERR_USAGE : ERR_NOT_FOUND;
}
