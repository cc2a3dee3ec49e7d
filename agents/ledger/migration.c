/*
 * The schema's steps; see migration.h.
 *
 * Columns called "sealed", "draft" and "s" are ciphertext under a person's data key or the ledger's
 * own; "wrapped" is such a key under the ledger key.  Everything else is in clear and therefore a
 * kind, a state, an agency, a date, a number, a random id, or a hash.
 */
#include "agents/ledger/migration.h"

#include <stdio.h>

#include "jembatan/fault.h"

/* "JMBL": tells file(1) and us what this database is. */
#define APPLICATION_ID 0x4a4d424c

/* clang-format off */
static const char *const steps[] = {
/* 1: the ledger itself, people, entries */
"CREATE TABLE about (one INTEGER PRIMARY KEY CHECK (one = 1), store_id BLOB NOT NULL,"
"	key_check BLOB NOT NULL, head BLOB NOT NULL);"
"CREATE TABLE setting (name TEXT PRIMARY KEY, sealed BLOB NOT NULL) WITHOUT ROWID;"
"CREATE TABLE counter (letter TEXT NOT NULL, year INTEGER NOT NULL, last INTEGER NOT NULL,"
"	PRIMARY KEY (letter, year)) WITHOUT ROWID;"
"CREATE TABLE person (id BLOB PRIMARY KEY, created_ms INTEGER NOT NULL, erased INTEGER NOT NULL,"
"	nik_hash BLOB, sealed BLOB) WITHOUT ROWID;"
"CREATE INDEX person_nik ON person (nik_hash) WHERE nik_hash IS NOT NULL;"
"CREATE TABLE data_key (person BLOB PRIMARY KEY REFERENCES person (id), wrapped BLOB NOT NULL)"
"	WITHOUT ROWID;"
"CREATE TABLE person_case (partner TEXT NOT NULL, case_id BLOB NOT NULL,"
"	person BLOB NOT NULL REFERENCES person (id), PRIMARY KEY (partner, case_id)) WITHOUT ROWID;"
"CREATE UNIQUE INDEX person_case_person ON person_case (person, partner);"
"CREATE TABLE entry (n INTEGER PRIMARY KEY, type INTEGER NOT NULL, at_ms INTEGER NOT NULL,"
"	person BLOB NOT NULL, thread BLOB NOT NULL, letter BLOB NOT NULL, partner TEXT NOT NULL,"
"	kind TEXT NOT NULL, state_from TEXT NOT NULL, state_to TEXT NOT NULL, word TEXT NOT NULL,"
"	sealed BLOB NOT NULL, hash BLOB NOT NULL);"
"CREATE INDEX entry_person ON entry (person) WHERE length (person) > 0;"
"CREATE INDEX entry_thread ON entry (thread) WHERE length (thread) > 0;",

/* 2: threads, clocks, consent, letters */
"CREATE TABLE thread (seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, letter TEXT NOT NULL,"
"	year INTEGER NOT NULL, serial INTEGER NOT NULL, type TEXT NOT NULL,"
"	performing INTEGER NOT NULL, partner TEXT NOT NULL, person BLOB NOT NULL, state TEXT NOT NULL,"
"	ended INTEGER NOT NULL, overlay TEXT NOT NULL, rev INTEGER NOT NULL, chain BLOB NOT NULL,"
"	parent BLOB NOT NULL, child BLOB NOT NULL, replaces BLOB NOT NULL, urgency INTEGER NOT NULL,"
"	clause BLOB NOT NULL, request BLOB NOT NULL, last_letter BLOB NOT NULL,"
"	opened_ms INTEGER NOT NULL, moved_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL,"
"	cancel_ms INTEGER NOT NULL, appointment_ms INTEGER NOT NULL, no_shows INTEGER NOT NULL,"
"	data_stopped INTEGER NOT NULL, sealed BLOB NOT NULL, UNIQUE (serial, year, letter));"
"CREATE INDEX thread_person ON thread (person) WHERE length (person) > 0;"
"CREATE INDEX thread_clause ON thread (clause) WHERE length (clause) > 0;"
"CREATE INDEX thread_ended ON thread (ended);"
"CREATE TABLE deadline (thread BLOB NOT NULL, what TEXT NOT NULL, owner TEXT NOT NULL,"
"	due_ms INTEGER NOT NULL, paused_ms INTEGER NOT NULL, paused_once INTEGER NOT NULL,"
"	escalated INTEGER NOT NULL, done INTEGER NOT NULL, PRIMARY KEY (thread, what)) WITHOUT ROWID;"
"CREATE INDEX deadline_due ON deadline (due_ms) WHERE done = 0;"
"CREATE TABLE alarm (n INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, thread BLOB NOT NULL,"
"	partner TEXT NOT NULL, raised_ms INTEGER NOT NULL, closed INTEGER NOT NULL DEFAULT 0);"
"CREATE UNIQUE INDEX alarm_open ON alarm (name, thread, partner) WHERE closed = 0;"
"CREATE TABLE clause (id BLOB PRIMARY KEY, person BLOB NOT NULL, granted_here INTEGER NOT NULL,"
"	recorded_ms INTEGER NOT NULL, sealed BLOB NOT NULL) WITHOUT ROWID;"
"CREATE INDEX clause_person ON clause (person);"
"CREATE TABLE withdrawn (clause BLOB PRIMARY KEY, said_ms INTEGER NOT NULL, sealed BLOB NOT NULL)"
"	WITHOUT ROWID;"
"CREATE TABLE holder (clause BLOB NOT NULL, agency TEXT NOT NULL, since_ms INTEGER NOT NULL,"
"	told_ms INTEGER NOT NULL DEFAULT 0, stopped_ms INTEGER NOT NULL DEFAULT 0,"
"	threads_stopped INTEGER NOT NULL DEFAULT 0, passed_on INTEGER NOT NULL DEFAULT 0,"
"	PRIMARY KEY (clause, agency)) WITHOUT ROWID;"
"CREATE TABLE outbox (seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, recipient TEXT NOT NULL,"
"	class INTEGER NOT NULL, state INTEGER NOT NULL, kind TEXT NOT NULL, thread BLOB NOT NULL,"
"	person BLOB NOT NULL, machine INTEGER NOT NULL, created_ms INTEGER NOT NULL,"
"	expires_at_ms INTEGER NOT NULL, next_try_ms INTEGER NOT NULL, tries INTEGER NOT NULL,"
"	last_error INTEGER NOT NULL, custody_ms INTEGER NOT NULL, stored_ms INTEGER NOT NULL,"
"	opened_ms INTEGER NOT NULL, leaf INTEGER NOT NULL, recipient_seen_ms INTEGER NOT NULL,"
"	header_hash BLOB NOT NULL, digest BLOB NOT NULL);"
"CREATE INDEX outbox_due ON outbox (class, seq) WHERE state <= 2;"
"CREATE INDEX outbox_next ON outbox (next_try_ms) WHERE state <= 2;"
"CREATE INDEX outbox_open ON outbox (state, created_ms) WHERE state <= 3;"
"CREATE INDEX outbox_lost ON outbox (state) WHERE state IN (5, 6);"
"CREATE INDEX outbox_thread ON outbox (thread) WHERE length (thread) > 0;"
"CREATE INDEX outbox_person ON outbox (person) WHERE length (person) > 0;"
"CREATE TABLE outbox_bytes (seq INTEGER PRIMARY KEY REFERENCES outbox (seq), draft BLOB NOT NULL,"
"	h BLOB NOT NULL, c BLOB NOT NULL, s BLOB NOT NULL, signature BLOB NOT NULL);"
"CREATE TABLE pair_out (recipient TEXT NOT NULL, class INTEGER NOT NULL, last INTEGER NOT NULL,"
"	last_hash BLOB NOT NULL, PRIMARY KEY (recipient, class)) WITHOUT ROWID;"
"CREATE TABLE pair_letter (letter BLOB PRIMARY KEY, recipient TEXT NOT NULL, class INTEGER NOT NULL,"
"	n INTEGER NOT NULL, voided_at INTEGER) WITHOUT ROWID;"
"CREATE INDEX pair_voided ON pair_letter (recipient, class, n) WHERE voided_at IS NOT NULL;"
"CREATE TABLE inbox (seq INTEGER PRIMARY KEY, sender TEXT NOT NULL, id BLOB NOT NULL,"
"	header_hash BLOB NOT NULL, class INTEGER NOT NULL, state INTEGER NOT NULL, kind TEXT NOT NULL,"
"	rev INTEGER NOT NULL, thread BLOB NOT NULL, person BLOB NOT NULL, arrived_ms INTEGER NOT NULL,"
"	code INTEGER NOT NULL, late INTEGER NOT NULL, time_doubtful INTEGER NOT NULL,"
"	receipt_status INTEGER NOT NULL, receipt_code INTEGER NOT NULL, receipt_at_ms INTEGER NOT NULL,"
"	receipt_digest BLOB NOT NULL, receipt_late INTEGER NOT NULL, receipt_doubtful INTEGER NOT NULL,"
"	UNIQUE (sender, id));"
"CREATE INDEX inbox_state ON inbox (state);"
"CREATE INDEX inbox_thread ON inbox (thread, state) WHERE length (thread) > 0;"
"CREATE INDEX inbox_person ON inbox (person) WHERE length (person) > 0;"
"CREATE TABLE inbox_bytes (seq INTEGER PRIMARY KEY REFERENCES inbox (seq), h BLOB NOT NULL,"
"	s BLOB NOT NULL, signature BLOB NOT NULL);"
"CREATE TABLE receipt_owed (seq INTEGER PRIMARY KEY, recipient TEXT NOT NULL, id BLOB NOT NULL,"
"	header_hash BLOB NOT NULL, status INTEGER NOT NULL, code INTEGER NOT NULL,"
"	at_ms INTEGER NOT NULL, digest BLOB NOT NULL, late INTEGER NOT NULL,"
"	time_doubtful INTEGER NOT NULL);"
"CREATE INDEX receipt_owed_recipient ON receipt_owed (recipient);"
"CREATE TABLE pair_in (sender TEXT NOT NULL, class INTEGER NOT NULL, store_id BLOB NOT NULL,"
"	last INTEGER NOT NULL, PRIMARY KEY (sender, class, store_id)) WITHOUT ROWID;"
"CREATE TABLE pair_hole (sender TEXT NOT NULL, class INTEGER NOT NULL, store_id BLOB NOT NULL,"
"	first INTEGER NOT NULL, last INTEGER NOT NULL, since_ms INTEGER NOT NULL,"
"	reported INTEGER NOT NULL, PRIMARY KEY (sender, class, store_id, first)) WITHOUT ROWID;"
"CREATE INDEX pair_hole_since ON pair_hole (since_ms) WHERE reported = 0;"
"CREATE TABLE marks (one INTEGER PRIMARY KEY CHECK (one = 1), hub_store_id BLOB NOT NULL,"
"	takes_over BLOB NOT NULL, next_pseq INTEGER NOT NULL, dseq_stat INTEGER NOT NULL,"
"	dseq_urgent INTEGER NOT NULL, dseq_routine INTEGER NOT NULL, checkpoint TEXT NOT NULL,"
"	hub_offset_ms INTEGER NOT NULL);",

/* 3: a withdrawal binds its own grantor's clause alone; '' is one from before, whose grantor stands
 * in its signed bytes, or that was said about a clause that was here */
"CREATE TABLE withdrawal (clause BLOB NOT NULL, grantor TEXT NOT NULL, said_ms INTEGER NOT NULL,"
"	sealed BLOB NOT NULL, PRIMARY KEY (clause, grantor)) WITHOUT ROWID;"
"INSERT INTO withdrawal (clause, grantor, said_ms, sealed)"
"	SELECT clause, '', said_ms, sealed FROM withdrawn;"
"DROP TABLE withdrawn;",

/* 4: threads off the wire, the address book, reminders, chains at a coordinator and what we tell of
 * them, capacity, staff */
"ALTER TABLE thread ADD COLUMN carrier INTEGER NOT NULL DEFAULT 0;"
"ALTER TABLE thread ADD COLUMN code TEXT NOT NULL DEFAULT '';"
"ALTER TABLE thread ADD COLUMN about BLOB NOT NULL DEFAULT x'';"
"ALTER TABLE thread ADD COLUMN ladder TEXT NOT NULL DEFAULT '';"
"CREATE UNIQUE INDEX thread_code ON thread (code) WHERE code <> '';"
"CREATE INDEX thread_appointment ON thread (appointment_ms) WHERE ended = 0 AND appointment_ms > 0;"
"CREATE TABLE contact (id TEXT PRIMARY KEY, kind TEXT NOT NULL, region TEXT NOT NULL,"
"	agency TEXT NOT NULL, created_ms INTEGER NOT NULL, sealed BLOB NOT NULL) WITHOUT ROWID;"
"CREATE TABLE reminder (n INTEGER PRIMARY KEY, thread BLOB NOT NULL, person BLOB NOT NULL,"
"	cause TEXT NOT NULL, kind TEXT NOT NULL, due_ms INTEGER NOT NULL,"
"	done_ms INTEGER NOT NULL DEFAULT 0);"
"CREATE INDEX reminder_due ON reminder (due_ms) WHERE done_ms = 0;"
"CREATE INDEX reminder_thread ON reminder (thread) WHERE done_ms = 0 AND length (thread) > 0;"
"CREATE INDEX reminder_person ON reminder (person) WHERE done_ms = 0 AND length (person) > 0;"
"CREATE TABLE chain_event (n INTEGER PRIMARY KEY, reporter TEXT NOT NULL, chain BLOB NOT NULL,"
"	referral BLOB NOT NULL, parent BLOB NOT NULL, requester TEXT NOT NULL, performer TEXT NOT NULL,"
"	kind TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL, at_ms INTEGER NOT NULL,"
"	due_ms INTEGER NOT NULL, header_hash BLOB NOT NULL, leaf INTEGER NOT NULL,"
"	told_ms INTEGER NOT NULL, UNIQUE (referral, reporter, at_ms, state, header_hash));"
"CREATE TABLE chain_telling (seq INTEGER PRIMARY KEY, coordinator TEXT NOT NULL, letter BLOB NOT NULL,"
"	ready INTEGER NOT NULL, chain BLOB NOT NULL, referral BLOB NOT NULL, parent BLOB NOT NULL,"
"	requester TEXT NOT NULL, performer TEXT NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL,"
"	reason TEXT NOT NULL, at_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL,"
"	header_hash BLOB NOT NULL, leaf INTEGER NOT NULL);"
"CREATE INDEX chain_telling_letter ON chain_telling (letter) WHERE length (letter) > 0;"
"CREATE INDEX chain_telling_ready ON chain_telling (coordinator) WHERE ready = 1;"
"CREATE TABLE capacity (agency TEXT NOT NULL, service TEXT NOT NULL, level TEXT NOT NULL,"
"	total INTEGER NOT NULL, free INTEGER NOT NULL, waiting INTEGER NOT NULL, next_free TEXT NOT NULL,"
"	at_ms INTEGER NOT NULL, PRIMARY KEY (agency, service, level)) WITHOUT ROWID;"
"CREATE TABLE staff (id BLOB PRIMARY KEY, created_ms INTEGER NOT NULL, sealed BLOB NOT NULL) WITHOUT ROWID;",

/* 5: a clause is its grantor's, whoever else gives one the same id; of those from before, whose
 * grantor stands in their sealed bytes, opening the ledger writes it down (clause.c) */
"CREATE TABLE granted (id BLOB NOT NULL, grantor TEXT NOT NULL, person BLOB NOT NULL,"
"	granted_here INTEGER NOT NULL, recorded_ms INTEGER NOT NULL, sealed BLOB NOT NULL,"
"	PRIMARY KEY (id, grantor)) WITHOUT ROWID;"
"INSERT INTO granted (id, grantor, person, granted_here, recorded_ms, sealed)"
"	SELECT id, '', person, granted_here, recorded_ms, sealed FROM clause;"
"DROP TABLE clause;"
"ALTER TABLE granted RENAME TO clause;"
"CREATE INDEX clause_person ON clause (person);"
"CREATE INDEX clause_unnamed ON clause (id) WHERE grantor = '';"
"CREATE TABLE holding (clause BLOB NOT NULL, grantor TEXT NOT NULL, agency TEXT NOT NULL,"
"	since_ms INTEGER NOT NULL, told_ms INTEGER NOT NULL DEFAULT 0,"
"	stopped_ms INTEGER NOT NULL DEFAULT 0, threads_stopped INTEGER NOT NULL DEFAULT 0,"
"	passed_on INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (clause, grantor, agency)) WITHOUT ROWID;"
"INSERT INTO holding (clause, grantor, agency, since_ms, told_ms, stopped_ms, threads_stopped,"
"	passed_on) SELECT clause, '', agency, since_ms, told_ms, stopped_ms, threads_stopped,"
"	passed_on FROM holder;"
"DROP TABLE holder;"
"ALTER TABLE holding RENAME TO holder;"
"ALTER TABLE thread ADD COLUMN grantor TEXT NOT NULL DEFAULT '';",

/* 6: whatever is asked often is found without reading what has ended: pages of lists, open clocks
 * and alarms, stat letters, letters that wait (told = an alarm spoke of it), held ones by their case
 * (x'' in those from before, which may be of any) */
"DROP INDEX thread_ended;"
"CREATE INDEX thread_open ON thread (seq, partner, performing, carrier, state, overlay, id)"
"	WHERE ended = 0;"
"CREATE INDEX thread_performing ON thread (performing);"
"CREATE INDEX thread_partner ON thread (partner, seq, performing, ended, overlay);"
"CREATE INDEX deadline_open ON deadline (thread, owner) WHERE done = 0;"
"CREATE INDEX alarm_ringing ON alarm (n) WHERE closed = 0;"
"CREATE INDEX outbox_stat ON outbox (created_ms) WHERE state <= 3 AND class = 1 AND machine = 0;"
"ALTER TABLE inbox ADD COLUMN told INTEGER NOT NULL DEFAULT 0;"
"ALTER TABLE inbox ADD COLUMN case_id BLOB NOT NULL DEFAULT x'';"
"CREATE INDEX inbox_untold ON inbox (state, arrived_ms) WHERE told = 0 AND state IN (2, 3);"
"CREATE INDEX inbox_held ON inbox (sender, case_id) WHERE state = 4;",

/* 7: going back in time: when this ledger was restored, how far it counted under the ids that it had
 * before, whom it must tell, which letters wait for a partner's word; and what partners asked of us */
"CREATE TABLE restored (one INTEGER PRIMARY KEY CHECK (one = 1), at_ms INTEGER NOT NULL,"
"	takes_over BLOB NOT NULL);"
"CREATE TABLE pair_past (recipient TEXT NOT NULL, store_id BLOB NOT NULL, class INTEGER NOT NULL,"
"	last INTEGER NOT NULL, at_ms INTEGER NOT NULL, PRIMARY KEY (recipient, store_id, class))"
"	WITHOUT ROWID;"
"CREATE TABLE resume_told (partner TEXT PRIMARY KEY, told_ms INTEGER NOT NULL,"
"	done INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;"
"CREATE TABLE resume_asked (partner TEXT PRIMARY KEY, store_id BLOB NOT NULL, letter BLOB NOT NULL,"
"	from_ms INTEGER NOT NULL, sent_seq INTEGER NOT NULL, came_seq INTEGER NOT NULL,"
"	open INTEGER NOT NULL, said INTEGER NOT NULL) WITHOUT ROWID;"
"CREATE INDEX resume_open ON resume_asked (from_ms) WHERE open = 1;"
"ALTER TABLE outbox ADD COLUMN not_before_ms INTEGER NOT NULL DEFAULT 0;"
"CREATE INDEX outbox_waiting ON outbox (recipient) WHERE not_before_ms > 0;",

/* 8: attachments: their rows, and their bytes under a number that holds theirs and the offset */
"CREATE TABLE attachment (n INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL UNIQUE,"
"	state INTEGER NOT NULL, person BLOB NOT NULL, partner TEXT NOT NULL, thread BLOB NOT NULL,"
"	letter BLOB NOT NULL, place INTEGER NOT NULL, blob BLOB NOT NULL, length INTEGER NOT NULL,"
"	done INTEGER NOT NULL, created_ms INTEGER NOT NULL, expires_at_ms INTEGER NOT NULL,"
"	next_try_ms INTEGER NOT NULL, tries INTEGER NOT NULL, error INTEGER NOT NULL,"
"	told INTEGER NOT NULL, sealed BLOB NOT NULL);"
"CREATE INDEX attachment_open ON attachment (state, next_try_ms);"
"CREATE INDEX attachment_letter ON attachment (letter) WHERE length (letter) > 0;"
"CREATE INDEX attachment_thread ON attachment (thread) WHERE length (thread) > 0;"
"CREATE INDEX attachment_person ON attachment (person) WHERE length (person) > 0;"
"CREATE INDEX attachment_blob ON attachment (blob) WHERE length (blob) > 0;"
"CREATE TABLE attachment_plain (key INTEGER PRIMARY KEY, sealed BLOB NOT NULL);"
"CREATE TABLE attachment_wire (key INTEGER PRIMARY KEY, sealed BLOB NOT NULL);"
"ALTER TABLE receipt_owed ADD COLUMN blob BLOB NOT NULL DEFAULT x'';",

/* 9: custody proofs, and the checkpoints that they end in; a letter is "unproved" from the hub's word
 * that it was taken until its proof is here */
"CREATE TABLE checkpoint (n INTEGER PRIMARY KEY, origin TEXT NOT NULL, size INTEGER NOT NULL,"
"	note TEXT NOT NULL, seen_ms INTEGER NOT NULL, against INTEGER NOT NULL,"
"	UNIQUE (origin, size, note));"
"CREATE INDEX checkpoint_against ON checkpoint (n) WHERE against > 0;"
"CREATE TABLE proof (letter BLOB PRIMARY KEY, leaf INTEGER NOT NULL, at_ms INTEGER NOT NULL,"
"	checkpoint INTEGER NOT NULL REFERENCES checkpoint (n), path BLOB NOT NULL) WITHOUT ROWID;"
"ALTER TABLE outbox ADD COLUMN unproved INTEGER NOT NULL DEFAULT 0;"
"UPDATE outbox SET unproved = 1 WHERE state <= 3 AND state = 3 AND machine = 0;"
"CREATE INDEX outbox_unproved ON outbox (custody_ms) WHERE unproved = 1;",

/* 10: bytes of attachments that nobody needs any more, to be deleted a few at a time */
"CREATE TABLE attachment_over (n INTEGER NOT NULL, wire INTEGER NOT NULL, PRIMARY KEY (n, wire))"
"	WITHOUT ROWID;",

/* 11: which letter of the inbox said what of ours (16: given back by a partner, 17: refused by the hub),
 * and the hub's signed notices; receipts letters from before are read when the ledger is opened */
"CREATE TABLE word (letter BLOB NOT NULL, status INTEGER NOT NULL, blob BLOB NOT NULL,"
"	sender TEXT NOT NULL, said_in BLOB NOT NULL, PRIMARY KEY (letter, status, blob))"
"	WITHOUT ROWID;"
"INSERT OR IGNORE INTO word SELECT letter, 16, x'', partner, x'' FROM entry"
"	WHERE type = 1 AND word = 'given-back';"
"INSERT OR IGNORE INTO word SELECT id, 17, x'', '', x'' FROM outbox WHERE state = 5 AND custody_ms = 0;"
"CREATE TABLE word_unread (seq INTEGER PRIMARY KEY);"
"INSERT INTO word_unread SELECT seq FROM inbox WHERE kind = 'letter.receipts';"
"CREATE TABLE notice (letter BLOB PRIMARY KEY, statement BLOB NOT NULL, signature BLOB NOT NULL)"
"	WITHOUT ROWID;",
/* 12: letters whose recipient lost the key that they were sealed to */
"CREATE INDEX outbox_unopened ON outbox (seq) WHERE state = 3 AND last_error = 73;",

/* 13: what was wrong with the hub's log, found here or reported to a coordinator */
"CREATE TABLE trouble (n INTEGER PRIMARY KEY, what INTEGER NOT NULL, state INTEGER NOT NULL,"
"	origin TEXT NOT NULL, size INTEGER NOT NULL, other_size INTEGER NOT NULL,"
"	checkpoint TEXT NOT NULL, other TEXT NOT NULL, shown TEXT NOT NULL, reporter TEXT NOT NULL,"
"	at_ms INTEGER NOT NULL, alarm TEXT NOT NULL, partner TEXT NOT NULL);"
"CREATE INDEX trouble_told ON trouble (what, origin, shown, reporter);"
"CREATE INDEX trouble_unjudged ON trouble (n) WHERE state = 1;"
"CREATE INDEX trouble_alarm ON trouble (alarm, partner, n);",

/* 14: delivered attachments whose bytes stay for a while */
"ALTER TABLE attachment ADD COLUMN kept_until_ms INTEGER NOT NULL DEFAULT 0;"
"CREATE INDEX attachment_kept ON attachment (kept_until_ms) WHERE kept_until_ms > 0;",

/* 15: the newest letter of a series that the ones before it lead to, and when one of it came last;
 * whether a later state of this ledger has used numbers that it uses again */
"ALTER TABLE pair_in ADD COLUMN newest BLOB NOT NULL DEFAULT x'';"
"ALTER TABLE pair_in ADD COLUMN newest_hash BLOB NOT NULL DEFAULT x'';"
"ALTER TABLE pair_in ADD COLUMN at_ms INTEGER NOT NULL DEFAULT 0;"
"CREATE TABLE pair_doubt (one INTEGER PRIMARY KEY CHECK (one = 1));",

/* 15: how many steps were committed; noted beside the database too (proto/highwater.h) */
"ALTER TABLE about ADD COLUMN commits INTEGER NOT NULL DEFAULT 0;",

/* 16: how many proofs are here and how many letters want one, kept by the tables themselves */
"CREATE TABLE proof_count (one INTEGER PRIMARY KEY CHECK (one = 1), held INTEGER NOT NULL,"
"	wanted INTEGER NOT NULL);"
"INSERT INTO proof_count SELECT 1, (SELECT count (*) FROM proof),"
"	(SELECT count (*) FROM outbox WHERE unproved = 1);"
"CREATE TRIGGER proof_kept AFTER INSERT ON proof BEGIN"
"	UPDATE proof_count SET held = held + 1; END;"
"CREATE TRIGGER proof_gone AFTER DELETE ON proof BEGIN"
"	UPDATE proof_count SET held = held - 1; END;"
"CREATE TRIGGER proof_turned AFTER UPDATE OF unproved ON outbox WHEN old.unproved <> new.unproved"
"	BEGIN UPDATE proof_count SET wanted = wanted + new.unproved - old.unproved; END;"
"CREATE TRIGGER proof_begun AFTER INSERT ON outbox WHEN new.unproved = 1 BEGIN"
"	UPDATE proof_count SET wanted = wanted + 1; END;"
"CREATE TRIGGER proof_void AFTER DELETE ON outbox WHEN old.unproved = 1 BEGIN"
"	UPDATE proof_count SET wanted = wanted - 1; END;",

/* 18: accounts, sessions, keys of software, failed sign-ins (under a keyed hash of the name that was
 * typed, whether there is such an account or not); looks and what the door noted, newest first */
"CREATE TABLE account (id BLOB PRIMARY KEY, name_hash BLOB NOT NULL UNIQUE,"
"	created_ms INTEGER NOT NULL, from_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL,"
"	sealed BLOB NOT NULL) WITHOUT ROWID;"
"CREATE TABLE session (hash BLOB PRIMARY KEY, account BLOB NOT NULL REFERENCES account (id),"
"	begun_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL, must_change INTEGER NOT NULL,"
"	sealed BLOB NOT NULL) WITHOUT ROWID;"
"CREATE INDEX session_account ON session (account);"
"CREATE TABLE software_key (id BLOB PRIMARY KEY, hash BLOB NOT NULL UNIQUE,"
"	created_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL, used_ms INTEGER NOT NULL,"
"	ended_ms INTEGER NOT NULL, sealed BLOB NOT NULL) WITHOUT ROWID;"
"CREATE TABLE attempt (name_hash BLOB PRIMARY KEY, failures INTEGER NOT NULL,"
"	failed_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL) WITHOUT ROWID;"
"CREATE INDEX attempt_failed ON attempt (failed_ms);"
"CREATE INDEX entry_looked ON entry (n) WHERE type = 6;"
"CREATE INDEX entry_door ON entry (n) WHERE type = 16;",

/* 19: releases from prison by their date */
"CREATE INDEX entry_release ON entry (word) WHERE type = 12;",

/* 20: writes that may be asked for twice, by keyed hashes of caller and key (repeat.h) */
"CREATE TABLE repeat (caller BLOB NOT NULL, key BLOB NOT NULL, request BLOB NOT NULL,"
"	at_ms INTEGER NOT NULL, status INTEGER NOT NULL, sealed BLOB NOT NULL,"
"	PRIMARY KEY (caller, key)) WITHOUT ROWID;"
"CREATE INDEX repeat_at ON repeat (at_ms);",
};
/* clang-format on */

unsigned migration_newest (void)
{
	return COUNT_OF (steps);
}

static void take_step (sql_t *sql, unsigned number)
{
	char mark[96];

	snprintf (mark, sizeof mark, "PRAGMA application_id = %d; PRAGMA user_version = %u;",
		  APPLICATION_ID, number);
	sql_script (sql, "BEGIN IMMEDIATE");
	sql_script (sql, steps[number - 1]);
	sql_script (sql, mark);
	fault_point ("store.step.before_commit");
	sql_script (sql, "COMMIT");
	if (sql_err (sql) != ERR_OK)
		sql_rollback (sql);
}

err_t migration_run (sql_t *sql, unsigned version)
{
	int64_t taken = NUMBER (sql, 0, "PRAGMA user_version");
	int64_t whose = NUMBER (sql, 0, "PRAGMA application_id");

	if (sql_err (sql) != ERR_OK)
		return sql_err (sql);
	if (taken < 0 || (taken > 0 && whose != APPLICATION_ID))
		return ERR_CORRUPT;
	if ((uint64_t)taken > migration_newest ())
		return ERR_NEWER_STORE;
	for (unsigned number = (unsigned)taken + 1; number <= version; number++)
		take_step (sql, number);
	return sql_err (sql);
}
