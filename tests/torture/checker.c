/*
 * Everything is copied into tables that name the agency, and each rule is a query that gives what
 * breaks it; see checker.h.
 */
#include "tests/torture/checker.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/ledger/ledger.h"
#include "jembatan/merkle.h"

struct check {
	const struct checked *of;
	complain_fn *complain;
	void *arg;
	sqlite3 *db;
	size_t count;
};

#define TOLD_MOST 5    /* of one rule */

/* clang-format off */
static const char tables[] =
	"CREATE TABLE agency (id TEXT PRIMARY KEY, went_back INTEGER DEFAULT 0);"
	"CREATE TABLE hub (went_back);"
	"CREATE TABLE acked (agency, id);"
	"CREATE TABLE outbox (agency, seq, id, recipient, class, state, kind, thread, machine, custody_ms,"
	"	leaf, header_hash);"
	"CREATE TABLE inbox (agency, seq, sender, id, header_hash, class, state, kind, rev, thread,"
	"	receipt_status);"
	"CREATE TABLE entry (agency, n, type, letter, thread, word, state_from, state_to);"
	"CREATE TABLE thread (agency, id, state, rev, request);"
	"CREATE TABLE marks (agency, hub_store_id, checkpoint);"
	"CREATE TABLE self (id, since_ms, edge, checkpoint);"
	"CREATE TABLE item (number, sender, recipient, class, dseq, id, header_hash, kind, state);"
	"CREATE TABLE leaf (position, hash, kind, header_hash, at_ms);"
	"CREATE INDEX outbox_id ON outbox (id); CREATE INDEX inbox_id ON inbox (id);"
	"CREATE INDEX entry_letter ON entry (letter); CREATE INDEX item_id ON item (id);"
	"CREATE INDEX leaf_position ON leaf (position); CREATE INDEX leaf_header ON leaf (header_hash);";

static const char ledger_copy[] =
	"INSERT INTO agency (id) VALUES (?1);"
	"INSERT INTO outbox SELECT ?1, seq, id, recipient, class, state, kind, thread, machine, custody_ms,"
	"	leaf, header_hash FROM from_db.outbox;"
	"INSERT INTO inbox SELECT ?1, seq, sender, id, header_hash, class, state, kind, rev, thread,"
	"	receipt_status FROM from_db.inbox;"
	"INSERT INTO entry SELECT ?1, n, type, letter, thread, word, state_from, state_to"
	"	FROM from_db.entry;"
	"INSERT INTO thread SELECT ?1, id, state, rev, request FROM from_db.thread WHERE carrier = 0;"
	"INSERT INTO marks SELECT ?1, hub_store_id, checkpoint FROM from_db.marks;";

static const char hub_copy[] =
	"INSERT INTO item SELECT item.number, one.id, two.id, class, dseq, item.id, header_hash, kind,"
	"	state FROM from_db.item LEFT JOIN from_db.agency AS one ON one.number = sender"
	"	JOIN from_db.agency AS two ON two.number = recipient;"
	"WITH RECURSIVE run (first, at_ms, kinds, headers, hashes, i) AS"
	"	(SELECT first, at_ms, kinds, header_hashes, hashes, 0 FROM from_db.leaf_run"
	"	UNION ALL SELECT first, at_ms, kinds, headers, hashes, i + 1 FROM run"
	"		WHERE i + 1 < length (kinds))"
	"	INSERT INTO leaf SELECT first + i, substr (hashes, 1 + 32 * i, 32),"
	"	unicode (CAST (substr (kinds, i + 1, 1) AS TEXT)), substr (headers, 1 + 32 * i, 32), at_ms"
	"	FROM run;"
	"INSERT INTO self SELECT id, since_ms, edge, checkpoint FROM from_db.self;";

/* Kinds that machines say to one another: they move nothing, and have no entry of arrival. */
#define MACHINE "('letter.receipts', 'chain.events', 'ledger.resume', 'letter.again')"
#define WENT_BACK "(SELECT id FROM agency WHERE went_back)"

/* A letter whose sender did not hear that it was stored puts it again, and the hub numbers it anew;
 * its recipient knows it by then. */
#define PUT_TWICE(item) \
	"(SELECT count (*) > 1 FROM leaf WHERE leaf.kind = 1 AND leaf.header_hash = " item ".header_hash)"

/* A letter that the hub sets aside comes again behind those that it held up; its recipient was told. */
#define SET_ASIDE(item) \
	"EXISTS (SELECT 1 FROM entry WHERE entry.agency = " item ".recipient AND entry.letter = " \
	item ".id AND word = 'PARKED')"

/* Each query gives the agency, what it is about, and perhaps a word more. */
static const struct { const char *rule, *what; bool settled; const char *query; } rules[] = {
	{ "L1", "an acknowledged letter is not in its writer's ledger", false,
	  "SELECT agency, hex (id) FROM acked WHERE NOT EXISTS (SELECT 1 FROM outbox"
	  "	WHERE outbox.agency = acked.agency AND outbox.id = acked.id)" },
	{ "L1", "a letter has not ended", true,
	  "SELECT agency, hex (id), kind || ' in state ' || state FROM outbox WHERE state < 4" },
	{ "L1", "a letter counts as stored and its recipient has it not", true,
	  "SELECT agency, hex (id), kind FROM outbox WHERE state = 4"
	  "	AND kind <> 'letter.receipts'"   /* lost with a hub they come again, for what is put again */
	  "	AND recipient IN (SELECT id FROM agency) AND NOT EXISTS (SELECT 1 FROM inbox"
	  "	WHERE inbox.agency = recipient AND sender = outbox.agency AND inbox.id = outbox.id)" },
	{ "L1", "a letter in custody is neither at the hub nor at its recipient", false,
	  "SELECT agency, hex (id), kind FROM outbox WHERE state = 3"
	  "	AND recipient IN (SELECT id FROM agency) AND NOT EXISTS (SELECT 1 FROM inbox"
	  "	WHERE inbox.agency = recipient AND sender = outbox.agency AND inbox.id = outbox.id)"
	  "	AND NOT EXISTS (SELECT 1 FROM item WHERE item.id = outbox.id)" },
	{ "L1", "a letter ended refused or expired by nobody's word", false,
	  "SELECT agency, hex (id), kind FROM outbox WHERE state IN (5, 6) AND NOT EXISTS"
	  "	(SELECT 1 FROM entry WHERE entry.agency = outbox.agency AND letter = id AND type = 3)" },
	{ "L2", "a letter was stored twice", false,
	  "SELECT agency, hex (id), count (*) FROM inbox GROUP BY agency, sender, id"
	  "	HAVING count (*) > 1" },
	{ "L2", "a letter had its effect twice", false,
	  "SELECT agency, hex (letter), count (*) FROM entry WHERE type = 2 GROUP BY agency, letter"
	  "	HAVING count (*) > 1" },
	{ "L2", "a request opened two threads", false,
	  "SELECT agency, hex (request), count (*) FROM thread WHERE length (request) > 0"
	  "	GROUP BY agency, request HAVING count (*) > 1" },
	{ "L2", "an event of a referral was applied twice", false,
	  "SELECT agency, hex (thread), rev FROM inbox WHERE state = 1 AND rev > 0"
	  "	GROUP BY agency, thread, sender, rev HAVING count (*) > 1" },
	{ "L3", "the hub turned two letters round", false,
	  "SELECT a.sender, hex (a.id), a.dseq FROM item AS a JOIN item AS b"
	  "	ON a.sender = b.sender AND a.recipient = b.recipient AND a.class = b.class"
	  "	WHERE a.number < b.number AND a.dseq > b.dseq AND NOT " SET_ASIDE ("a") },
	{ "L3", "two letters were stored in another order than the hub's", false,
	  "SELECT a.agency, hex (a.id), x.dseq FROM item AS x JOIN item AS y"
	  "	ON x.sender = y.sender AND x.recipient = y.recipient AND x.class = y.class"
	  "		AND x.dseq < y.dseq"
	  "	JOIN inbox AS a ON a.id = x.id AND a.sender = x.sender"
	  "	JOIN inbox AS b ON b.id = y.id AND b.sender = y.sender WHERE a.seq > b.seq"
	  "	AND NOT " PUT_TWICE ("y")
	  "	AND x.recipient NOT IN " WENT_BACK " AND x.sender NOT IN " WENT_BACK " AND NOT (SELECT went_back FROM hub)" },
	{ "L3", "an event was applied before an earlier one", false,
	  "SELECT agency, hex (thread), group_concat (rev) FROM inbox WHERE state = 1 AND rev > 0"
	  "	GROUP BY agency, thread, sender HAVING max (rev) <> count (DISTINCT rev)" },
	{ "L3", "the sides of a referral are in different states", true,
	  "SELECT a.agency, hex (a.id), a.state || ' and ' || b.state FROM thread AS a"
	  "	JOIN thread AS b ON a.id = b.id AND a.agency < b.agency"
	  "	WHERE a.state <> b.state" },
	{ "L4", "a letter was stored that its sender never wrote so", false,
	  "SELECT agency, hex (id), kind FROM inbox WHERE sender IN (SELECT id FROM agency)"
	  "	AND NOT (kind IN " MACHINE " AND sender IN " WENT_BACK ")"
	  "	AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.agency = sender"
	  "		AND outbox.id = inbox.id AND outbox.header_hash = inbox.header_hash"
	  "		AND recipient = inbox.agency)" },
	{ "L4", "the hub holds a letter that its sender never wrote so", false,
	  "SELECT sender, hex (id) FROM item WHERE kind = 1 AND sender IN (SELECT id FROM agency)"
	  "	AND sender NOT IN " WENT_BACK
	  "	AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.agency = sender"
	  "		AND outbox.id = item.id AND outbox.header_hash = item.header_hash)" },
	{ "L4", "a letter waits to go that no entry speaks of", false,
	  "SELECT agency, hex (id), kind FROM outbox WHERE machine = 0 AND kind NOT IN " MACHINE
	  "	AND NOT EXISTS (SELECT 1 FROM"
	  "	entry WHERE entry.agency = outbox.agency AND letter = id AND type = 1)" },
	{ "L5", "a letter was receipted that no entry speaks of", false,
	  "SELECT agency, hex (id), kind || ' in state ' || state FROM inbox WHERE receipt_status > 0"
	  "	AND kind NOT IN " MACHINE
	  "	AND NOT EXISTS (SELECT 1 FROM entry WHERE entry.agency = inbox.agency"
	  "		AND letter = id AND type IN (2, 9, 10))" },
	{ "L5", "a receipt speaks of a letter that was never written", false,
	  "SELECT agency, hex (letter), word FROM entry WHERE type = 3 AND length (letter) > 0"
	  "	AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.agency = entry.agency AND id = letter)" },
	{ "L5", "a letter counts as stored and its recipient answered otherwise", false,
	  "SELECT outbox.agency, hex (outbox.id), receipt_status FROM outbox JOIN inbox"
	  "	ON inbox.id = outbox.id AND sender = outbox.agency AND inbox.agency = recipient"
	  "	WHERE outbox.state = 4 AND machine = 0 AND receipt_status NOT IN (1, 3, 4)" },
	{ "L6", "the log has another leaf than the hub promised", false,
	  "SELECT outbox.agency, hex (outbox.id), outbox.leaf FROM outbox JOIN marks USING (agency)"
	  "	JOIN self ON self.id = hub_store_id WHERE custody_ms > since_ms"
	  "	AND agency NOT IN " WENT_BACK " AND NOT EXISTS (SELECT 1 FROM"
	  "	leaf WHERE position = outbox.leaf"
	  "	AND leaf.header_hash IN (outbox.header_hash, zeroblob (32)))" },
};
/* clang-format on */

static void tell (struct check *check, const char *rule, const char *format, const char *a,
		  const char *b, const char *c)
{
	char what[512];

	check->count++;
	snprintf (what, sizeof what, format, a != NULL ? a : "", b != NULL ? b : "",
		  c != NULL ? c : "");
	check->complain (check->arg, rule, what);
}

/* A query of ours that SQLite does not understand would check nothing. */
static sqlite3_stmt *prepared (struct check *check, const char *query)
{
	sqlite3_stmt *stmt;

	if (sqlite3_prepare_v2 (check->db, query, -1, &stmt, NULL) != SQLITE_OK) {
		fprintf (stderr, "%s: %s\n", sqlite3_errmsg (check->db), query);
		abort ();
	}
	return stmt;
}

/* ---- copying ------------------------------------------------------------------------------------ */

static bool run (struct check *check, const char *script, const char *value)
{
	sqlite3_stmt *stmt;
	int code = SQLITE_OK;

	while (*script != '\0' && code == SQLITE_OK) {
		code = sqlite3_prepare_v2 (check->db, script, -1, &stmt, &script);
		if (stmt == NULL)
			continue;
		if (value != NULL && sqlite3_bind_parameter_count (stmt) > 0)
			sqlite3_bind_text (stmt, 1, value, -1, SQLITE_TRANSIENT);
		code = sqlite3_step (stmt);
		sqlite3_finalize (stmt);
		code = code == SQLITE_DONE || code == SQLITE_ROW ? SQLITE_OK : code;
	}
	if (code != SQLITE_OK)
		tell (check, "S", "%s: %s", value, sqlite3_errmsg (check->db), NULL);
	return code == SQLITE_OK;
}

static void check_pages (struct check *check, const char *whose)
{
	sqlite3_stmt *stmt = NULL;

	if (sqlite3_prepare_v2 (check->db, "PRAGMA from_db.integrity_check", -1, &stmt, NULL) != SQLITE_OK
	    || sqlite3_step (stmt) != SQLITE_ROW)
		tell (check, "S", "%s: %s", whose, sqlite3_errmsg (check->db), NULL);
	else if (strcmp ((const char *)sqlite3_column_text (stmt, 0), "ok") != 0)
		tell (check, "S", "%s: integrity_check: %s", whose,
		      (const char *)sqlite3_column_text (stmt, 0), NULL);
	sqlite3_finalize (stmt);
}

static void take_file (struct check *check, const char *folder, const char *file, const char *whose,
		       const char *script)
{
	char path[4096];

	snprintf (path, sizeof path, "%s/%s", folder, file);
	if (!run (check, "ATTACH ?1 AS from_db", path))
		return;
	check_pages (check, whose);
	run (check, script, whose);
	run (check, "DETACH from_db", NULL);
}

static void check_chain (struct check *check, const struct checked_agency *agency)
{
	ledger_t *ledger = NULL;
	uint64_t entries, bad;
	char number[32] = "";
	err_t err = ledger_open (agency->folder, agency->key_file, &ledger, NULL);

	if (err == ERR_OK)
		err = ledger_verify (ledger, &entries, &bad);
	if (err == ERR_CORRUPT && ledger != NULL)
		snprintf (number, sizeof number, " at entry %llu", (unsigned long long)bad);
	if (err != ERR_OK)
		tell (check, "S", "%s: the ledger gives %s%s", agency->id, err_name (err), number);
	ledger_destroy (&ledger);
}

static void take_acked (struct check *check)
{
	sqlite3_stmt *stmt = prepared (check, "INSERT INTO acked VALUES (?, ?)");

	for (size_t i = 0; i < check->of->acked_count; i++) {
		const struct checked_letter *letter = &check->of->acked[i];

		sqlite3_bind_text (stmt, 1, letter->agency, -1, SQLITE_STATIC);
		sqlite3_bind_blob (stmt, 2, letter->id.b, sizeof letter->id.b, SQLITE_STATIC);
		sqlite3_step (stmt);
		sqlite3_reset (stmt);
	}
	sqlite3_finalize (stmt);
}

/* ---- rules -------------------------------------------------------------------------------------- */

static void check_rule (struct check *check, size_t i)
{
	sqlite3_stmt *stmt;
	char format[256];
	int told = 0;

	if (rules[i].settled && !check->of->settled)
		return;
	stmt = prepared (check, rules[i].query);
	snprintf (format, sizeof format, "%s: %%s %%s %%s", rules[i].what);
	while (sqlite3_step (stmt) == SQLITE_ROW && told++ < TOLD_MOST)
		tell (check, rules[i].rule, format, (const char *)sqlite3_column_text (stmt, 0),
		      (const char *)sqlite3_column_text (stmt, 1),
		      sqlite3_column_count (stmt) > 2 ? (const char *)sqlite3_column_text (stmt, 2) : "");
	sqlite3_finalize (stmt);
}

/* ---- the log ------------------------------------------------------------------------------------ */

static bool leaf_fits (sqlite3_stmt *leaf, struct hash *ret_hash)
{
	struct hash header = { { 0 } };

	if (sqlite3_column_bytes (leaf, 0) != sizeof ret_hash->b
	    || sqlite3_column_bytes (leaf, 2) != sizeof header.b)
		return false;
	memcpy (header.b, sqlite3_column_blob (leaf, 2), sizeof header.b);
	if (id_is_zero (header.b, sizeof header.b))
		return true;   /* erased after its time */
	*ret_hash = leaf_hash ((enum leaf_kind)sqlite3_column_int (leaf, 1), &header,
			       sqlite3_column_int64 (leaf, 3));
	return memcmp (ret_hash->b, sqlite3_column_blob (leaf, 0), sizeof ret_hash->b) == 0;
}

/* The root that the hub's leaves give for a size; false when there are not so many. */
static bool root_at (struct check *check, uint64_t size, struct hash *ret_root)
{
	struct merkle_edge edge = { 0 };
	sqlite3_stmt *stmt = prepared (check, "SELECT hash, kind, header_hash, at_ms FROM leaf"
				       " WHERE position < ?1 ORDER BY position");
	bool good = true;

	sqlite3_bind_int64 (stmt, 1, (int64_t)size);
	while (good && sqlite3_step (stmt) == SQLITE_ROW) {
		struct hash hash;

		good = leaf_fits (stmt, &hash);
		if (good)
			merkle_append (&edge, &hash);
	}
	sqlite3_finalize (stmt);
	*ret_root = merkle_root (&edge);
	return good && edge.size == size;
}

static void check_note (struct check *check, const char *whose, const char *note)
{
	OWNED (arena) arena = arena_new (64 * KIB);
	struct checkpoint seen;
	struct hash root;

	if (note == NULL || *note == '\0')
		return;
	if (checkpoint_read (note, check->of->hub_id, &check->of->log_key, arena, &seen) != ERR_OK)
		tell (check, "L6", "%s has seen a checkpoint that the hub did not sign", whose, NULL, NULL);
	else if (!root_at (check, seen.size, &root))
		tell (check, "L6", "the hub's log is shorter than what %s has seen, or damaged", whose,
		      NULL, NULL);
	else if (!ID_EQUAL (root, seen.root))
		tell (check, "L6", "the hub's log is another than %s has seen", whose, NULL, NULL);
}

/* Who has met another store of this hub has seen another log. */
static void check_log (struct check *check)
{
	sqlite3_stmt *stmt = prepared (check, "SELECT agency, marks.checkpoint FROM marks JOIN self"
				       " ON self.id = hub_store_id"
				       " UNION ALL SELECT 'the hub', checkpoint FROM self");

	while (sqlite3_step (stmt) == SQLITE_ROW)
		check_note (check, (const char *)sqlite3_column_text (stmt, 0),
			    (const char *)sqlite3_column_text (stmt, 1));
	sqlite3_finalize (stmt);
}

size_t checker_run (const struct checked *checked, complain_fn *complain, void *arg)
{
	struct check check = { .of = checked, .complain = complain, .arg = arg };

	if (sqlite3_open (":memory:", &check.db) != SQLITE_OK)
		abort ();
	run (&check, tables, NULL);
	run (&check, checked->hub_went_back ? "INSERT INTO hub VALUES (1)" : "INSERT INTO hub VALUES (0)",
	     NULL);
	take_acked (&check);
	take_file (&check, checked->hub_folder, "hub.db", "the hub", hub_copy);
	for (size_t i = 0; i < checked->agency_count; i++) {
		take_file (&check, checked->agencies[i].folder, "ledger.db", checked->agencies[i].id,
			   ledger_copy);
		if (checked->agencies[i].went_back)
			run (&check, "UPDATE agency SET went_back = 1 WHERE id = ?1",
			     checked->agencies[i].id);
		check_chain (&check, &checked->agencies[i]);
	}
	for (size_t i = 0; i < COUNT_OF (rules); i++)
		check_rule (&check, i);
	check_log (&check);
	sqlite3_close (check.db);
	return check.count;
}
