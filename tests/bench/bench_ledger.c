/*
 * bench_ledger FOLDER LETTERS CATALOGUE: measures the ledger that bench_ledger_build made.
 *
 * How long it takes to open, every list as the api answers it (the route's handler and its JSON
 * text; HTTP is left out), the tick, and a received letter's whole transaction, which is measured in
 * an empty ledger as well.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agents/api/call.h"
#include "agents/api/route.h"
#include "tests/bench/agency.h"

#define TIMES 300u         /* that each list is asked for */
#define WARM_OPENINGS 3u
#define BATCH 32u          /* letters that a hub delivers at once */
#define PAGES_MOST 400u

static struct {
	struct agency agency;
	struct api_parts parts;
	json_t *figures, *lists;
} bench;

static void note (const char *name, double value)
{
	json_object_set_new (bench.figures, name, json_real (value));
}

static double file_bytes (const char *ending)
{
	char path[PATH_MAX + 32];
	struct stat about;

	snprintf (path, sizeof path, "%s/%s", bench.agency.folder, ending);
	return stat (path, &about) == 0 ? (double)about.st_size : 0;
}

/* Of this process, in MiB. */
static double memory (void)
{
	FILE *file = fopen ("/proc/self/status", "re");
	char line[256];
	unsigned long kib = 0;

	MUST (file != NULL);
	while (fgets (line, sizeof line, file) != NULL)
		if (sscanf (line, "VmRSS: %lu", &kib) == 1)
			break;
	fclose (file);
	return (double)kib / 1024;
}

/* ---- opening ------------------------------------------------------------------------------------ */

/* What the system keeps of the file is dropped: the disk is read again. */
static void forget_file (void)
{
	char path[PATH_MAX + 32];
	int fd;

	snprintf (path, sizeof path, "%s/ledger.db", bench.agency.folder);
	fd = open (path, O_RDONLY | O_CLOEXEC);
	MUST (fd >= 0 && fdatasync (fd) == 0 && posix_fadvise (fd, 0, 0, POSIX_FADV_DONTNEED) == 0);
	close (fd);
}

static double open_once (void)
{
	double began = bench_now_s ();

	agency_open (&bench.agency);
	return bench_now_s () - began;
}

static void measure_opening (void)
{
	double least = memory (), warm = 1e9, took;

	forget_file ();
	note ("open_cold_s", open_once ());
	note ("memory_mib", memory ());
	note ("memory_of_index_mib", memory () - least);
	for (size_t i = 0; i < WARM_OPENINGS; i++) {
		agency_close (&bench.agency);
		took = open_once ();
		warm = took < warm ? took : warm;
	}
	note ("open_warm_s", warm);
}

static void measure_size (void)
{
	struct ledger_size size = ledger_size (bench.agency.ledger);
	double bytes = file_bytes ("ledger.db");

	note ("entries", (double)size.entries);
	note ("people", (double)size.people);
	note ("file_mib", bytes / MIB);
	note ("bytes_per_entry", bytes / (double)size.entries);
	note ("bytes_per_person", bytes / (double)size.people);
}

/* ---- one question to the api -------------------------------------------------------------------- */

/* The path with its query is taken apart; the body is a JSON object or NULL. */
static void read_path (char *path, struct http_request *request)
{
	char *query = strchr (path, '?'), *at = NULL;

	request->path = path;
	if (query == NULL)
		return;
	*query = '\0';
	for (char *part = strtok_r (query + 1, "&", &at); part != NULL; part = strtok_r (NULL, "&", &at)) {
		char *value = strchr (part, '=');

		*value = '\0';
		request->params[request->param_count++] = (struct http_param){ part, value + 1 };
	}
}

static json_t *handle (const char *path, json_t *body)
{
	OWNED (arena) arena = arena_new (64 * MIB);
	OWNED (problems) problems = problems_new ();
	struct http_request request = { .method = body != NULL ? "POST" : "GET" };
	struct call call = { .parts = &bench.parts, .actor = { "siti", "supervisor" },
			     .request = &request, .body = body, .arena = arena,
			     .problems = problems, .region = "17.71" };
	const struct route *route = NULL;
	json_t *answer = NULL;
	char allow[32];

	read_path (arena_text (arena, path), &request);
	MUST (route_find (request.method, request.path, &route, call.id, allow) == ERR_OK);
	MUST (route->handle (&call, &answer) == ERR_OK);
	return answer;
}

/* How long the answer took, up to its text; how many items it has and what comes next. */
static double ask (const char *path, const char *words, size_t *ret_items, char ret_next[256])
{
	json_t *body = words != NULL ? json_pack ("{s:s}", "words", words) : NULL;
	double began = bench_now_s (), took;
	json_t *answer = handle (path, body);
	char *text = json_text (answer, false);
	const char *next = json_get_text (answer, "next");

	took = bench_now_s () - began;
	*ret_items = json_array_size (json_object_get (answer, "items"));
	snprintf (ret_next, 256, "%s", next != NULL ? next : "");
	free (text);
	json_decref (answer);
	json_decref (body);
	return took;
}

/* ---- lists -------------------------------------------------------------------------------------- */

static int by_size (const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static void note_list (const char *name, double took[TIMES], size_t items)
{
	qsort (took, TIMES, sizeof *took, by_size);
	json_array_append_new (
		bench.lists,
		json_pack ("{s:s, s:f, s:f, s:f, s:I}", "name", name, "p50_ms", took[TIMES / 2] * 1e3,
			   "p99_ms", took[TIMES - 1 - TIMES / 100] * 1e3, "max_ms",
			   took[TIMES - 1] * 1e3, "items", (json_int_t)items));
}

static void measure_list (const char *name, const char *path, const char *words)
{
	double took[TIMES];
	size_t items = 0;
	char next[256];

	for (size_t i = 0; i < TIMES; i++)
		took[i] = ask (path, words, &items, next);
	note_list (name, took, items);
}

static void page_path (char path[1024], const char *list, const char *more, const char *after)
{
	snprintf (path, 1024, "%s%c%s%s%s", list, strchr (list, '?') != NULL ? '&' : '?', more,
		  *after != '\0' ? "&after=" : "", after);
}

/* The last page of a list, or the one after PAGES_MOST others. */
static void measure_deep (const char *name, const char *list)
{
	char path[1024], next[256] = "", last[256] = "";
	size_t items;

	for (size_t pages = 0; pages < PAGES_MOST; pages++) {
		page_path (path, list, "limit=200", next);
		ask (path, NULL, &items, next);
		if (*next == '\0')
			break;
		strcpy (last, next);
	}
	page_path (path, list, "limit=50", last);
	if (*last != '\0')
		measure_list (name, path, NULL);
}

static void measure_both (const char *name, const char *path)
{
	char deep[160];

	snprintf (deep, sizeof deep, "%s, a late page", name);
	measure_list (name, path, NULL);
	measure_deep (deep, path);
}

static void measure_boxes (void)
{
	static const char *const boxes[] = { "all", "in", "out", "needs-answer", "waiting", "open",
					     "ended" };
	char name[80], path[160];

	for (size_t i = 0; i < COUNT_OF (boxes); i++) {
		snprintf (name, sizeof name, "referrals, %s", boxes[i]);
		snprintf (path, sizeof path, "/v1/referrals?box=%s", boxes[i]);
		measure_both (name, path);
	}
	measure_both ("referrals with a large partner, all", "/v1/referrals?partner=" BENCH_SENDER "-1");
	for (size_t i = 0; i < COUNT_OF (boxes); i++) {
		snprintf (name, sizeof name, "referrals with a small partner, %s", boxes[i]);
		snprintf (path, sizeof path, "/v1/referrals?partner=" BENCH_SENDER "-33&box=%s", boxes[i]);
		measure_list (name, path, NULL);
	}
	measure_list ("referrals with a member never written to",
		      "/v1/referrals?partner=" BENCH_SENDER "-99", NULL);
}

/* People as they were built: of the first the ledger holds thousands of letters. */
static void measure_people (void)
{
	struct person_id busy, anybody;
	struct thread *threads;
	char uuid[UUID_TEXT], path[160];
	OWNED (arena) arena = arena_new (MIB);

	MUST (person_by_nik (bench.agency.ledger, "1771000000000000", &busy) == ERR_OK);
	snprintf (path, sizeof path, "/v1/people/%s/timeline", uuid_text (busy.b, uuid));
	measure_both ("timeline of a busy person", path);
	snprintf (path, sizeof path, "/v1/referrals?person=%s", uuid_text (busy.b, uuid));
	measure_list ("referrals of a person", path, NULL);
	MUST (thread_list (bench.agency.ledger, BOX_ALL, &busy, NULL, 0, 1, arena, &threads) == 1);
	snprintf (path, sizeof path, "/v1/referrals/%s/timeline", uuid_text (threads[0].id.b, uuid));
	measure_both ("timeline of a busy referral", path);
	MUST (person_by_nik (bench.agency.ledger, "1771000000000777", &anybody) == ERR_OK);
	snprintf (path, sizeof path, "/v1/people/%s/timeline", uuid_text (anybody.b, uuid));
	measure_list ("timeline of a person", path, NULL);
	snprintf (path, sizeof path, "/v1/people/%s/consents", uuid_text (anybody.b, uuid));
	measure_list ("clauses of a person", path, NULL);
	measure_list ("people, part of a name", "/v1/people/search", "dew");
	measure_list ("people, part of a name, a late page", "/v1/people/search?after=4000", "dew");
	measure_list ("people, whole name", "/v1/people/search", "dewi rina wijaya");
	measure_list ("people, a name that nobody has", "/v1/people/search", "zzyzx qq");
	measure_list ("people, NIK", "/v1/people/search", "1771000000000777");
	measure_list ("people, case number", "/v1/people/search", "K-2026-0777");
}

/* Without a route: as an export would read them. */
static void measure_entries (void)
{
	struct ledger_size size = ledger_size (bench.agency.ledger);
	double took[TIMES];

	for (size_t i = 0; i < TIMES; i++) {
		OWNED (arena) arena = arena_new (16 * MIB);
		struct entry *entries;
		double began = bench_now_s ();

		entry_list (bench.agency.ledger, NULL, NULL, size.entries / TIMES * i, 50, arena, &entries);
		took[i] = bench_now_s () - began;
	}
	note_list ("fifty entries anywhere in the ledger, opened", took, 50);
}

static void measure_lists (void)
{
	measure_boxes ();
	measure_people ();
	measure_both ("deadlines", "/v1/due");
	measure_both ("alarms", "/v1/alarms");
	measure_list ("status", "/v1/status", NULL);
	measure_entries ();
}

/* ---- the tick ----------------------------------------------------------------------------------- */

/* The first does what is due; those after it find nothing to do. */
static void measure_tick (void)
{
	double took[50], began = bench_now_s ();

	MUST (desk_tick (bench.agency.desk) == ERR_OK);
	note ("tick_first_ms", (bench_now_s () - began) * 1e3);
	for (size_t i = 0; i < COUNT_OF (took); i++) {
		began = bench_now_s ();
		MUST (desk_tick (bench.agency.desk) == ERR_OK);
		took[i] = bench_now_s () - began;
	}
	qsort (took, COUNT_OF (took), sizeof *took, by_size);
	note ("tick_p50_ms", took[COUNT_OF (took) / 2] * 1e3);
}

/* ---- receiving ---------------------------------------------------------------------------------- */

struct wire {
	struct bytes h, c;
};

static void write_letters (size_t count, arena_t *arena, struct wire *wires)
{
	struct public_key box = keypair_public (bench.agency.box);

	for (size_t i = 0; i < count; i++) {
		OWNED (arena) scratch = arena_new (MIB);
		struct letter letter = bench_request (&bench.agency, i, 200, scratch);
		struct header header = { .from = bench.agency.partner, .to = bench.agency.self,
					 .expires_at_ms = clock_now_ms () + LETTER_EXPIRY_DEFAULT_MS,
					 .class = CLASS_ROUTINE };
		struct sealed sealed;
		struct bytes s;

		uuid7_make (header.id.b);
		MUST (letter_encode (&letter, scratch, &s) == ERR_OK);
		MUST (envelope_seal (&header, s, &box, bench.agency.partner_sig, scratch, &sealed)
		      == ERR_OK);
		wires[i] = (struct wire){ arena_bytes (arena, sealed.h), arena_bytes (arena, sealed.c) };
	}
}

/* As the post opens it. */
static void receive (tx_t *tx, const struct wire *wire)
{
	OWNED (arena) arena = arena_new (LIMIT_DECODE_ARENA_BYTES);
	struct public_key key = keypair_public (bench.agency.partner_sig);
	struct received received = { .trust = ERR_OK };

	MUST (header_decode (wire->h, &received.header) == ERR_OK);
	received.digest = envelope_digest (wire->h, wire->c);
	MUST (envelope_open (&received.header, wire->h, wire->c, &bench.agency.box, 1, arena,
			     &received.sealed)
	      == ERR_OK);
	MUST (letter_decode (received.sealed.s, arena, &received.letter) == ERR_OK);
	MUST (envelope_verify (&received.sealed, &key) == ERR_OK);
	tx_mark (tx);
	MUST (desk_receive (bench.agency.desk, tx, &received) == ERR_OK);
	tx_keep (tx);
}

/* Letters a second, `batch` of them and their receipts in one commit. */
static double receive_all (const struct wire *wires, size_t count, size_t batch)
{
	uint64_t before = ledger_size (bench.agency.ledger).people;
	double began = bench_now_s (), took;

	for (size_t i = 0; i < count; i += batch) {
		OWNED (tx) tx = ledger_begin (bench.agency.ledger);

		for (size_t k = i; k < i + batch && k < count; k++)
			receive (tx, &wires[k]);
		desk_write_receipts (bench.agency.desk, tx);
		MUST (tx_commit (tx) == ERR_OK);
	}
	took = bench_now_s () - began;
	MUST (ledger_size (bench.agency.ledger).people == before + count);
	return (double)count / took;
}

static void measure_receiving (size_t letters, const char *alone, const char *batched)
{
	OWNED (arena) arena = arena_new (1024 * MIB);
	struct wire *wires = arena_must (arena, letters * sizeof *wires);

	write_letters (letters, arena, wires);
	note (alone, receive_all (wires, letters, 1));
	write_letters (letters, arena, wires);
	note (batched, receive_all (wires, letters, BATCH));
}

static void measure_empty (const char *folder, size_t letters)
{
	char key_file[PATH_MAX];

	agency_close (&bench.agency);
	MUST (snprintf (bench.agency.folder, PATH_MAX, "%s/empty", folder) < PATH_MAX);
	MUST (snprintf (key_file, PATH_MAX, "%s/keys/ledger.key", folder) < PATH_MAX);
	MUST (ledger_create (bench.agency.folder, key_file, NULL) == ERR_OK);
	agency_open (&bench.agency);
	measure_receiving (letters, "empty_alone_per_s", "empty_batched_per_s");
}

/* ---- the whole ---------------------------------------------------------------------------------- */

static void measure_chain (void)
{
	double began = bench_now_s ();
	uint64_t entries, bad;

	MUST (ledger_verify (bench.agency.ledger, &entries, &bad) == ERR_OK);
	note ("verified_per_s", (double)entries / (bench_now_s () - began));
}

int main (int argc, char **argv)
{
	size_t letters = argc == 4 ? strtoul (argv[2], NULL, 10) : 0;
	char *text;

	if (letters == 0) {
		fprintf (stderr, "usage: bench_ledger FOLDER LETTERS CATALOGUE\n");
		return 2;
	}
	bench.figures = json_object ();
	bench.lists = json_array ();
	agency_begin (&bench.agency, argv[1], argv[3]);
	measure_opening ();
	measure_size ();
	bench.parts = (struct api_parts){ .desk = bench.agency.desk,
					  .catalogue = bench.agency.catalogue,
					  .ledger = bench.agency.ledger };
	measure_lists ();
	note ("memory_used_mib", memory ());
	measure_tick ();
	measure_receiving (letters, "alone_per_s", "batched_per_s");
	measure_chain ();
	measure_empty (argv[1], letters);
	json_object_set_new (bench.figures, "lists", bench.lists);
	text = json_text (bench.figures, true);
	puts (text);
	free (text);
	json_decref (bench.figures);
	agency_end (&bench.agency);
	return 0;
}
