/*
 * bench_ledger_build FOLDER PEOPLE CATALOGUE: makes a ledger as ten years of a large agency leave
 * it.  For each person a referral of ten entries (seven letters of 400 to 800 bytes with their
 * evidence in inbox or outbox), a clause, a case number and clocks; one referral in ten is still
 * open.  One person has two thousand letters more.
 *
 * People come in blocks whose lives run side by side, so that what happened to one of them is
 * scattered over the file.
 */
#include <errno.h>
#include <sys/stat.h>

#include "agents/ledger/proof.h"
#include "jembatan/consent.h"
#include "tests/bench/agency.h"

#define BLOCK 2000u
#define STEPS 10u
#define BODIES 16u
#define BUSY_LETTERS 2000u
#define YEARS_MS (10 * 365 * DAY_MS)

static struct {
	struct agency agency;
	tx_t *tx;
	size_t people;
	int64_t now_ms;
	struct letter letters[BODIES];
	struct bytes bodies[BODIES];
	uint8_t junk[1024];
} build;

/* One person's file, while it is written. */
struct life {
	size_t i;
	bool performing, open;
	struct agency_id partner;
	struct person_id person;
	struct clause_id clause;
	struct thread thread;
};

static const char *const first_names[] = { "Dewi", "Siti", "Agus", "Budi", "Rina", "Wahyu", "Sri",
					   "Nur", "Eko", "Putri", "Joko", "Yanti", "Rudi", "Maya",
					   "Hendra", "Ratna", "Bayu", "Fitri", "Ahmad", "Lestari" };
static const char *const last_names[] = { "Wijaya", "Kusuma", "Saputra", "Lestari", "Hidayat",
					  "Pratama", "Nugroho", "Sari", "Santoso", "Rahman",
					  "Wibowo", "Susanti", "Gunawan", "Permata", "Halim",
					  "Maulana", "Utami", "Siregar", "Harahap", "Tanjung" };
static const char *const open_states[] = { "requested", "received", "accepted", "in-progress" };
static const char *const ended_states[] = { "completed", "completed", "completed", "rejected",
					    "failed" };

/* Numbers that look random and are the same each time. */
static uint32_t mixed (size_t i)
{
	uint64_t x = (i + 1) * UINT64_C (0x9e3779b97f4a7c15);

	return (uint32_t)((x ^ (x >> 29)) * UINT64_C (0xbf58476d1ce4e5b9) >> 33);
}

static int64_t time_of (const struct life *life, unsigned step)
{
	int64_t began = build.now_ms - YEARS_MS
			+ (int64_t)((double)life->i / (double)build.people * (double)YEARS_MS);
	int64_t at = began + step * 2 * DAY_MS;

	return at < build.now_ms ? at : build.now_ms;
}

static struct entry entry_of (const struct life *life, enum entry_type type, unsigned step)
{
	return (struct entry){ .type = type, .at_ms = time_of (life, step), .person = life->person,
			       .thread = life->thread.id, .partner = life->partner, .user = "sari" };
}

/* ---- a life ------------------------------------------------------------------------------------- */

static void take_in (struct life *life)
{
	char name[96], nik[17];
	uint32_t mix = mixed (life->i);
	struct person person = { .name = name, .nik = nik, .birth_date = "1998-03-14",
				 .sex = mix & 1 ? "male" : "female", .phone = "+6281234567890",
				 .region = "17.71", .address = "Jl. Merdeka 1, Bengkulu",
				 .entry_door = "family", .safe_to_call = "yes",
				 .may_leave_message = "no", .who_knows = "ibu" };
	struct entry entry;

	snprintf (name, sizeof name, "%s %s %s", first_names[mix % 20], first_names[mix / 20 % 20],
		  last_names[mix / 400 % 20]);
	snprintf (nik, sizeof nik, "1771%012zu", life->i);
	person_add (build.tx, &person);
	life->person = person.id;
	(void)person_case (build.tx, &person.id, &life->partner);
	entry = entry_of (life, ENTRY_INTAKE, 0);
	entry_add (build.tx, &entry);
}

static void consent (struct life *life)
{
	OWNED (arena) arena = arena_new (64 * KIB);
	static const char *const labels[] = { "health" };
	struct clause clause = { .grantor = build.agency.self, .recipient = life->partner,
				 .recipient_kind = "", .recipient_region = "",
				 .purpose = "treatment", .label_count = 1, .labels = labels,
				 .valid_from_ms = time_of (life, 1),
				 .valid_to_ms = time_of (life, 1) + 365 * DAY_MS };
	struct signed_clause signed_clause;
	struct entry entry = entry_of (life, ENTRY_CONSENT, 1);

	uuid7_make (clause.id.b);
	MUST (clause_sign (&clause, build.agency.sig, arena, &signed_clause) == ERR_OK);
	clause_add (build.tx, &signed_clause, &life->person, true, entry.at_ms);
	holder_add (build.tx, &clause.id, &build.agency.self, &life->partner, entry.at_ms);
	life->clause = clause.id;
	entry_add (build.tx, &entry);
}

static void open_thread (struct life *life)
{
	life->thread = (struct thread){ .type = "referral", .performing = life->performing,
					.partner = life->partner, .person = life->person,
					.state = "requested", .overlay = "", .service = "medical",
					.purpose = "treatment", .urgency = URGENCY_ROUTINE,
					.clause = life->clause, .grantor = build.agency.self,
					.opened_ms = time_of (life, 2),
					.moved_ms = time_of (life, 2) };
	random16_make (life->thread.chain.b);
	thread_add (build.tx, &life->thread);
}

static void set_clock (const struct life *life, const char *what, bool ours, bool done)
{
	/* A tenth of what is open is late, and whoever had to hear of it has. */
	bool late = mixed (life->i + 7) % 10 == 0;
	struct deadline deadline = {
		.thread = life->thread.id,
		.owner = ours ? build.agency.self : life->partner,
		.due_ms = late || done ? build.now_ms - 20 * DAY_MS
				       : build.now_ms + mixed (life->i + 3) % 30 * DAY_MS,
		.escalated = late ? 3 : 0,
		.done = done,
	};

	snprintf (deadline.what, sizeof deadline.what, "%s", what);
	deadline_set (build.tx, &deadline);
}

/* Where it stands in the end, and who has to move. */
static void settle (struct life *life)
{
	uint32_t mix = mixed (life->i + 11);
	unsigned open = mix % 4;
	const char *state = life->open ? open_states[open] : ended_states[mix % 5];
	struct entry entry = entry_of (life, ENTRY_LOOKED, 9);

	set_clock (life, "received", life->performing, true);
	set_clock (life, "decision", life->performing, !life->open || open >= 2);
	if (open >= 2 && mix / 4 % 2 == 0)
		set_clock (life, "info", mix / 8 % 2 == 0, !life->open);
	if (strcmp (state, "requested") != 0)
		MUST (thread_move (build.tx, &life->thread.id, "requested", state, entry.at_ms)
		      == ERR_OK);
	if (mix % 50 == 0 && alarm_raise (build.tx, "overdue", &life->thread.id, &life->partner,
					  entry.at_ms)
	    && mix % 250 != 0) {
		struct alarm *alarms;
		OWNED (arena) arena = arena_new (KIB * 4);

		MUST (alarm_list (build.agency.ledger, 0, 1, arena, &alarms) == 1);
		MUST (alarm_close (build.tx, alarms[0].n) == ERR_OK);
	}
	entry_add (build.tx, &entry);
}

/* ---- letters ------------------------------------------------------------------------------------ */

static void note_letter (const struct life *life, enum entry_type type, unsigned step,
			 const struct letter_id *id, size_t body)
{
	struct entry entry = entry_of (life, type, step);

	entry.letter = *id;
	entry.kind = step == 2 ? "referral.request" : "referral.info.reply";
	entry.state_from = entry.state_to = "requested";
	entry.body = build.bodies[body];
	entry_add (build.tx, &entry);
}

static enum inbox_state state_of (const struct life *life, unsigned step)
{
	uint32_t mix = mixed (life->i + 5) % 1000;

	if (step != 8 || mix > 8)
		return INBOX_APPLIED;
	return mix < 3 ? INBOX_HELD : mix < 6 ? INBOX_ORPHAN : INBOX_PARKED;
}

static void arrive (const struct life *life, unsigned step, size_t body)
{
	struct inbox_row row = { .from = life->partner, .class = CLASS_ROUTINE,
				 .state = state_of (life, step), .kind = "referral.info.reply",
				 .thread = life->thread.id, .person = life->person,
				 .arrived_ms = time_of (life, step), .rev = step,
				 .h = { build.junk, 230 }, .s = build.bodies[body] };

	uuid7_make (row.id.b);
	memcpy (row.header_hash.b, row.id.b, sizeof row.id.b);
	memcpy (row.sig.b, build.junk, sizeof row.sig.b);
	row.receipt = (struct receipt){ .status = RECEIPT_IS_STORED, .at_ms = row.arrived_ms };
	inbox_add (build.tx, &row);
	note_letter (life, ENTRY_ARRIVED, step, &row.id, body);
}

static void leave (const struct life *life, unsigned step, size_t body)
{
	OWNED (arena) arena = arena_new (MIB);
	struct outbox_row row = { .to = life->partner, .class = CLASS_ROUTINE,
				  .kind = "referral.info.reply", .thread = life->thread.id,
				  .person = life->person, .created_ms = time_of (life, step),
				  .expires_at_ms = time_of (life, step) + LETTER_EXPIRY_DEFAULT_MS };
	struct sealed sealed = { .h = { build.junk, 230 }, .c = { build.junk, sizeof build.junk },
				 .s = build.bodies[body] };

	outbox_add (build.tx, &row, &build.letters[body]);
	memcpy (sealed.header_hash.b, row.id.b, sizeof row.id.b);
	memcpy (sealed.sig.b, build.junk, sizeof sealed.sig.b);
	outbox_sealed (build.tx, &row.id, &sealed);
	MUST (outbox_in_custody (build.tx, &row.id, life->i, 0, row.created_ms) == ERR_OK);
	MUST (outbox_end (build.tx, &row.id, OUTBOX_STORED, ERR_OK, row.created_ms, arena, &row)
	      == ERR_OK);
	note_letter (life, ENTRY_SENT, step, &row.id, body);
}

/* The request comes from the requester, then they take turns. */
static void write_letter (const struct life *life, unsigned step)
{
	size_t body = mixed (life->i * STEPS + step) % BODIES;

	if ((step % 2 == 0) == life->performing)
		arrive (life, step, body);
	else
		leave (life, step, body);
}

static void live (struct life *life, unsigned step)
{
	switch (step) {
	case 0: take_in (life); return;
	case 1: consent (life); return;
	case 2: open_thread (life); break;
	case 9: settle (life); return;
	default: break;
	}
	write_letter (life, step);
}

/* ---- the whole ---------------------------------------------------------------------------------- */

/* What the hub's log was to prove of these letters was settled years ago. */
static void commit (void)
{
	proof_want_nothing (build.tx);
	MUST (tx_commit (build.tx) == ERR_OK);
	tx_destroy (&build.tx);
	build.tx = ledger_begin (build.agency.ledger);
}

static struct life life_of (size_t i)
{
	return (struct life){ .i = i,
			      .performing = mixed (i + 1) % 2 == 0,
			      .open = mixed (i + 2) % 10 == 0,
			      /* A few partners write most letters. */
			      .partner = bench_agency (BENCH_SENDER,
						       mixed (i) % 4 == 0 ? mixed (i + 9) % BENCH_PARTNERS
									  : mixed (i + 9) % 4) };
}

static void busy_person (struct life *life)
{
	for (unsigned i = 0; i < BUSY_LETTERS; i++)
		write_letter (life, 3 + i % 2);
}

static void build_block (size_t from, size_t count)
{
	static struct life lives[BLOCK];

	for (size_t i = 0; i < count; i++)
		lives[i] = life_of (from + i);
	for (unsigned step = 0; step < STEPS; step++)
		for (size_t i = 0; i < count; i++)
			live (&lives[i], step);
	if (from == 0)
		busy_person (&lives[0]);
	commit ();
}

static void write_bodies (void)
{
	for (size_t i = 0; i < BODIES; i++) {
		build.letters[i] = bench_request (&build.agency, i, 25 * i, build.agency.arena);
		MUST (letter_encode (&build.letters[i], build.agency.arena, &build.bodies[i]) == ERR_OK);
	}
}

int main (int argc, char **argv)
{
	struct ledger_size size;
	double began, took;

	build.people = argc == 4 ? strtoul (argv[2], NULL, 10) : 0;
	if (build.people == 0) {
		fprintf (stderr, "usage: bench_ledger_build FOLDER PEOPLE CATALOGUE\n");
		return 2;
	}
	agency_begin (&build.agency, argv[1], argv[3]);
	for (size_t i = 0; i < sizeof build.junk; i += 16)
		random16_make (build.junk + i);
	build.now_ms = clock_now_ms ();
	write_bodies ();
	MUST (mkdir (argv[1], 0700) == 0 || errno == EEXIST);
	MUST (ledger_create (build.agency.folder, build.agency.key_file, NULL) == ERR_OK);
	agency_open (&build.agency);
	began = bench_now_s ();
	build.tx = ledger_begin (build.agency.ledger);
	for (size_t i = 0; i < build.people; i += BLOCK)
		build_block (i, build.people - i < BLOCK ? build.people - i : BLOCK);
	tx_destroy (&build.tx);
	took = bench_now_s () - began;
	size = ledger_size (build.agency.ledger);
	printf ("{\"built_entries_per_s\": %.0f, \"entries\": %llu, \"people\": %llu,"
		" \"body_bytes_least\": %zu, \"body_bytes_most\": %zu}\n",
		(double)size.entries / took, (unsigned long long)size.entries,
		(unsigned long long)size.people, build.bodies[0].len, build.bodies[BODIES - 1].len);
	agency_end (&build.agency);
	return 0;
}
