/*
 * What the routes call.  Each handler reads the call, asks ledger or desk once, and on
 * ERR_OK gives the JSON to answer, which its caller owns; on an error the call's problems
 * say more.
 */
#ifndef AGENTS_API_HANDLERS_H
#define AGENTS_API_HANDLERS_H

#include "agents/api/call.h"

/* events.c */
MUST_USE err_t events_follow (struct call *call, json_t **ret_answer);

/* status.c */
MUST_USE err_t status_show (struct call *call, json_t **ret_answer);

/* unlock.c */
json_t *status_locked (const struct call *call);     /* the caller owns it */
MUST_USE err_t unlock_try (struct call *call, json_t **ret_answer);

/* session.c */
MUST_USE err_t session_begin (struct call *call, json_t **ret_answer);
MUST_USE err_t session_show (struct call *call, json_t **ret_answer);
MUST_USE err_t session_finish (struct call *call, json_t **ret_answer);
MUST_USE err_t session_password (struct call *call, json_t **ret_answer);
MUST_USE err_t session_factor (struct call *call, json_t **ret_answer);

/* accounts.c */
MUST_USE err_t accounts_list (struct call *call, json_t **ret_answer);
MUST_USE err_t accounts_add (struct call *call, json_t **ret_answer);
MUST_USE err_t accounts_change (struct call *call, json_t **ret_answer);
MUST_USE err_t accounts_dismiss (struct call *call, json_t **ret_answer);
MUST_USE err_t accounts_end_sessions (struct call *call, json_t **ret_answer);
MUST_USE err_t accounts_reset (struct call *call, json_t **ret_answer);

/* keys.c */
MUST_USE err_t keys_list (struct call *call, json_t **ret_answer);
MUST_USE err_t keys_add (struct call *call, json_t **ret_answer);
MUST_USE err_t keys_end (struct call *call, json_t **ret_answer);

/* looks.c */
MUST_USE err_t looks_list (struct call *call, json_t **ret_answer);
MUST_USE err_t people_looks (struct call *call, json_t **ret_answer);
MUST_USE err_t people_look_reason (struct call *call, json_t **ret_answer);
MUST_USE err_t door_list (struct call *call, json_t **ret_answer);

/* verify.c */
MUST_USE err_t verify_begin (struct call *call, json_t **ret_answer);
MUST_USE err_t verify_show (struct call *call, json_t **ret_answer);

/* catalogue.c */
MUST_USE err_t catalogue_show (struct call *call, json_t **ret_answer);
MUST_USE err_t catalogue_examine (struct call *call, json_t **ret_answer);
MUST_USE err_t catalogue_page (struct call *call, json_t **ret_answer);
MUST_USE err_t catalogue_draw (struct call *call, json_t **ret_answer);

/* partners.c */
MUST_USE err_t partners_list (struct call *call, json_t **ret_answer);

/* partner_page.c */
MUST_USE err_t partners_show (struct call *call, json_t **ret_answer);

/* contacts.c */
MUST_USE err_t contacts_page (struct call *call, json_t **ret_answer);
MUST_USE err_t contacts_save (struct call *call, json_t **ret_answer);
MUST_USE err_t contacts_show (struct call *call, json_t **ret_answer);
MUST_USE err_t contacts_enrolled (struct call *call, json_t **ret_answer);

/* people.c */
MUST_USE err_t people_intake (struct call *call, json_t **ret_answer);
MUST_USE err_t people_search (struct call *call, json_t **ret_answer);
MUST_USE err_t people_show (struct call *call, json_t **ret_answer);
MUST_USE err_t people_reveal (struct call *call, json_t **ret_answer);
MUST_USE err_t people_timeline (struct call *call, json_t **ret_answer);

/* disclosures.c */
MUST_USE err_t people_disclosures (struct call *call, json_t **ret_answer);

/* cases.c */
MUST_USE err_t people_list (struct call *call, json_t **ret_answer);

/* consents.c */
MUST_USE err_t consents_list (struct call *call, json_t **ret_answer);
MUST_USE err_t consents_give (struct call *call, json_t **ret_answer);
MUST_USE err_t consents_withdraw (struct call *call, json_t **ret_answer);

/* referrals.c */
MUST_USE err_t referrals_open (struct call *call, json_t **ret_answer);
MUST_USE err_t referrals_list (struct call *call, json_t **ret_answer);
MUST_USE err_t referrals_show (struct call *call, json_t **ret_answer);
MUST_USE err_t referrals_timeline (struct call *call, json_t **ret_answer);
MUST_USE err_t referrals_write (struct call *call, json_t **ret_answer);
MUST_USE err_t referrals_report (struct call *call, json_t **ret_answer);
MUST_USE err_t referrals_to_wire (struct call *call, json_t **ret_answer);
MUST_USE err_t referrals_recall (struct call *call, json_t **ret_answer);

/* preview.c */
MUST_USE err_t referrals_preview (struct call *call, json_t **ret_answer);
MUST_USE err_t referrals_preview_letter (struct call *call, json_t **ret_answer);

/* evidence.c */
MUST_USE err_t referrals_evidence (struct call *call, json_t **ret_answer);

/* paper.c */
MUST_USE err_t referrals_paper (struct call *call, json_t **ret_answer);

/* chains.c */
MUST_USE err_t chains_list (struct call *call, json_t **ret_answer);
MUST_USE err_t chains_summary (struct call *call, json_t **ret_answer);
MUST_USE err_t chains_export_all (struct call *call, json_t **ret_answer);
MUST_USE err_t chains_show (struct call *call, json_t **ret_answer);
MUST_USE err_t chains_export (struct call *call, json_t **ret_answer);

/* today.c, due.c, reminders.c */
MUST_USE err_t today_show (struct call *call, json_t **ret_answer);
MUST_USE err_t due_list (struct call *call, json_t **ret_answer);
MUST_USE err_t reminders_list (struct call *call, json_t **ret_answer);
MUST_USE err_t reminders_done (struct call *call, json_t **ret_answer);

/* upload.c, attachments.c */
MUST_USE err_t attachments_put (struct call *call, json_t **ret_answer);
MUST_USE err_t attachments_show (struct call *call, json_t **ret_answer);
MUST_USE err_t attachments_content (struct call *call, json_t **ret_answer);

/* rules.c, queue.c, releases.c */
MUST_USE err_t holidays_show (struct call *call, json_t **ret_answer);
MUST_USE err_t templates_show (struct call *call, json_t **ret_answer);
MUST_USE err_t queue_show (struct call *call, json_t **ret_answer);
MUST_USE err_t releases_show (struct call *call, json_t **ret_answer);

/* capacity.c */
MUST_USE err_t capacity_show (struct call *call, json_t **ret_answer);
MUST_USE err_t capacity_publish (struct call *call, json_t **ret_answer);

/* alarms.c */
MUST_USE err_t alarms_list (struct call *call, json_t **ret_answer);
MUST_USE err_t alarms_close (struct call *call, json_t **ret_answer);

/* backups.c */
MUST_USE err_t backups_make (struct call *call, json_t **ret_answer);
MUST_USE err_t backups_show (struct call *call, json_t **ret_answer);
json_t *status_backup (const struct call *call);

/* imports.c */
MUST_USE err_t imports_run (struct call *call, json_t **ret_answer);
MUST_USE err_t staff_show (struct call *call, json_t **ret_answer);

#endif
