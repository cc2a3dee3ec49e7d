/*
 * The life of a letter in custody: every state meets every event, at a whole hub over a disk in memory
 * whose peers are this test.  What the table says must be what the hub does, and what PROTOCOL 13
 * tells.
 */
#include "tests/hub/world.h"

#include <sqlite3.h>

#include "hub/core.h"
#include "hub/store_sql.h"
#include "tests/support/clock.h"
#include "tests/support/disk.h"

#define LIFE_MS (20 * DAY_MS)    /* of every letter here: less than what the hub forgets after */
#define FAILURES 2               /* before one is set aside */
#define HEARD_MAX 64u

enum who { SENDER, RECIPIENT };

/* One letter on its way, from the first agency to the second. */
struct stage {
	struct world *w;
	disk_t *disk;
	hub_t *hub;
	struct agent agent[2];
	uint32_t peer[2];            /* 0: not connected */
	struct test_letter letter;
	int64_t turned_ms;
	char pair[64];               /* state and event */
};

/* ---- what the hub says ---- */

static struct { uint32_t peer; struct frame frame; } heard[HEARD_MAX];
static size_t heard_count;
static arena_t *heard_arena;

err_t __wrap_link_send (link_t *link, uint32_t peer, struct bytes bytes);

err_t __wrap_link_send (link_t *link, uint32_t peer, struct bytes bytes)
{
	(void)link;
	assert_true (heard_count < HEARD_MAX);
	heard[heard_count].peer = peer;
	assert_int_equal (frame_decode (arena_bytes (heard_arena, bytes), heard_arena,
					&heard[heard_count].frame), ERR_OK);
	heard_count++;
	return ERR_OK;
}

struct word { enum life_word says; err_t code; };

static struct word notice_of (const struct stage *s, const struct frame *frame)
{
	struct public_key key = keypair_public (s->w->hub_log);
	struct non_delivery word;

	assert_int_equal (verify_parts (&key, &frame->deliver.notice.signature, NOTICE_DOMAIN,
					frame->deliver.notice.statement, BYTES_NONE, BYTES_NONE),
			  ERR_OK);
	assert_int_equal (non_delivery_decode (frame->deliver.notice.statement, heard_arena, &word),
			  ERR_OK);
	assert_true (ID_EQUAL (word.id, s->letter.header.id));
	return (struct word){ SAYS_NOTICE, word.reason };
}

static struct word delivered (const struct stage *s, const struct frame *frame)
{
	if (frame->deliver.item == DELIVER_NOTICE)
		return notice_of (s, frame);
	if (frame->deliver.item == DELIVER_LETTER)
		return (struct word){ SAYS_LETTER, ERR_OK };
	assert_true (ID_EQUAL (frame->deliver.gap.id, s->letter.header.id));
	return (struct word){ SAYS_GAP, frame->deliver.gap.reason };
}

/* The one word about the letter among all that was said. */
static struct word word_heard (const struct stage *s)
{
	struct word word = { SAYS_NOTHING, ERR_OK };

	for (size_t i = 0; i < heard_count; i++) {
		const struct frame *frame = &heard[i].frame;
		struct word next = { SAYS_NOTHING, ERR_OK };

		if (frame->type == FRAME_PUT_OK)
			next.says = SAYS_PUT_OK;
		else if (frame->type == FRAME_PUT_ERR)
			next = (struct word){ SAYS_PUT_ERR, frame->put_err.code };
		else if (frame->type == FRAME_RECALLED && frame->recalled.done)
			next.says = SAYS_RECALLED;
		else if (frame->type == FRAME_DELIVER)
			next = delivered (s, frame);
		if (next.says == SAYS_NOTHING)
			continue;
		assert_int_equal (word.says, SAYS_NOTHING);
		assert_int_equal (heard[i].peer, s->peer[next.says >= SAYS_LETTER]);
		word = next;
	}
	return word;
}

/* ---- what the peers say ---- */

static void say (struct stage *s, enum who who, const struct frame *frame)
{
	OWNED (arena) arena = arena_new (2 * MIB);
	struct arrival arrival = { .peer = s->peer[who], .key = keypair_id (s->w->link[who]),
				   .fd = -1, .body = frame_encode (frame, arena) };

	hub_look_at_clocks (s->hub);
	hub_hear (s->hub, &arrival);
	group_finish (s->hub);
	assert_int_equal (s->hub->stopped, ERR_OK);
}

static void pass (struct stage *s, int64_t ms)
{
	clock_turn (ms);
	s->turned_ms += ms;
	for (int i = 0; i < 4; i++)
		hub_tick (s->hub);
	assert_int_equal (s->hub->stopped, ERR_OK);
}

static void ready (struct stage *s, enum who who)
{
	struct frame frame = { .type = FRAME_CREDIT };

	frame.credit = (struct credit){ 64, 2 * MIB };
	say (s, who, &frame);
}

/* Without credit; `stored` is how far it says that it has stored. */
static void come (struct stage *s, enum who who, uint64_t stored)
{
	struct agent *agent = &s->agent[who];
	struct frame frame = hello_of (agent);
	static uint32_t peers;

	s->peer[who] = ++peers;
	frame.hello.stored_count = 1;
	frame.hello.stored[0] = (struct class_mark){ CLASS_ROUTINE, stored };
	say (s, who, &frame);
	assert_int_equal (heard[heard_count - 1].frame.type, FRAME_WELCOME);
	agent->hub_store = heard[heard_count - 1].frame.welcome.hub_store_id;
}

/* Its ledger is as the hub believes. */
static void come_back (struct stage *s)
{
	const struct account *account = accounts_find (s->hub->accounts, &s->letter.header.to);

	if (s->peer[RECIPIENT] == 0)
		come (s, RECIPIENT, account != NULL ? account->now.lane[CLASS_ROUTINE].stored : 0);
}

static void leave (struct stage *s, enum who who)
{
	struct frame frame = { .type = FRAME_BYE };

	say (s, who, &frame);
	s->peer[who] = 0;
}

static void put (struct stage *s)
{
	struct frame frame = { .type = FRAME_PUT };

	frame.put.pseq = ++s->agent[SENDER].pseq;
	frame.put.h = s->letter.h;
	frame.put.c = s->letter.c;
	say (s, SENDER, &frame);
}

static void put_off (struct stage *s)
{
	struct frame frame = { .type = FRAME_NAK };

	frame.nak.class = CLASS_ROUTINE;
	frame.nak.dseq = 1;
	frame.nak.code = ERR_DIRECTORY_BEHIND;
	frame.nak.retry_after_ms = SECOND_MS;
	say (s, RECIPIENT, &frame);
}

static void say_stored (struct stage *s)
{
	struct frame frame = { .type = FRAME_STORED };

	frame.stored.class = CLASS_ROUTINE;
	frame.stored.up_to = 1;
	say (s, RECIPIENT, &frame);
}

static void store (struct stage *s)
{
	say_stored (s);
	group_marks (s->hub);
}

static void recall (struct stage *s)
{
	struct frame frame = { .type = FRAME_RECALL };

	frame.recall.id = s->letter.header.id;
	say (s, SENDER, &frame);
}

/* ---- into each state ---- */

static void to_none (struct stage *s)
{
	come (s, SENDER, 0);
	ready (s, SENDER);
}

static void to_sent (struct stage *s)
{
	to_none (s);
	put (s);
	come (s, RECIPIENT, 0);
	ready (s, RECIPIENT);
}

/* It was on the way before, so that its recipient may have stored it. */
static void to_queued (struct stage *s)
{
	to_sent (s);
	leave (s, RECIPIENT);
}

static void to_stored (struct stage *s)
{
	to_sent (s);
	store (s);
	leave (s, RECIPIENT);
}

static void to_parked (struct stage *s)
{
	to_sent (s);
	for (int i = 0; i < FAILURES; i++) {
		put_off (s);
		pass (s, 2 * SECOND_MS);
	}
	store (s);                   /* the gap */
	leave (s, RECIPIENT);
}

static void to_expired (struct stage *s)
{
	to_queued (s);
	pass (s, LIFE_MS + MINUTE_MS);
}

static void to_recalled (struct stage *s)
{
	to_queued (s);
	recall (s);
}

static void (*const into[ITEM_STATE_COUNT]) (struct stage *s) = {
	[ITEM_NONE] = to_none,       [ITEM_QUEUED] = to_queued,   [ITEM_SENT] = to_sent,
	[ITEM_STORED] = to_stored,   [ITEM_PARKED] = to_parked,   [ITEM_EXPIRED] = to_expired,
	[ITEM_RECALLED] = to_recalled,
};

/* ---- each event ---- */

static void on_put_other (struct stage *s)
{
	s->letter.header.wrapped[0] ^= 1;
	s->letter.header.expires_at_ms = clock_now_ms () + LIFE_MS;   /* the gate sees to that first */
	letter_sealed_again (&s->agent[SENDER], &s->letter);
	put (s);
}

static void on_send (struct stage *s)
{
	come_back (s);
	ready (s, RECIPIENT);
}

static void on_put_off (struct stage *s)
{
	come_back (s);
	put_off (s);
}

/* Of a letter that was never there it can only be said on the line, and is an offence. */
static void on_stored (struct stage *s)
{
	bool known = accounts_find (s->hub->accounts, &s->letter.header.to) != NULL;

	if (s->peer[RECIPIENT] == 0)
		come (s, RECIPIENT, known ? 1 : 0);
	if (s->peer[RECIPIENT] != 0 || !known)
		store (s);
}

/* Whatever is at the head of the lane is held guilty. */
static void on_set_aside (struct stage *s)
{
	struct account *account;
	uint64_t parked = s->hub->figures.letters_parked;

	come_back (s);
	account = accounts_find (s->hub->accounts, &s->letter.header.to);
	account->suspect[CLASS_ROUTINE] = (struct suspect){
		.number = account->now.lane[CLASS_ROUTINE].stored + 1, .guilty = true };
	if (account->now.lane[CLASS_ROUTINE].stored < account->now.lane[CLASS_ROUTINE].last)
		assert_int_equal (park_guilty (s->hub, account), ERR_OK);
	group_finish (s->hub);
	if (s->hub->figures.letters_parked > parked)
		ready (s, RECIPIENT);        /* for the gap */
}

static void on_due (struct stage *s) { pass (s, 16 * MINUTE_MS); }
static void on_expire (struct stage *s) { pass (s, LIFE_MS + MINUTE_MS); }
static void on_overdue (struct stage *s) { pass (s, LIFE_MS + DAY_MS + MINUTE_MS); }

/* Its recipient has passed its place in the lane, if it has one, and a month is over. */
static void on_forget (struct stage *s)
{
	const struct account *account = accounts_find (s->hub->accounts, &s->letter.header.to);
	size_t forgotten = 0;

	if (account == NULL || account->session != NULL)
		return;
	come_back (s);
	if (account->now.lane[CLASS_ROUTINE].stored < account->now.lane[CLASS_ROUTINE].last) {
		struct item item;
		int64_t sender = accounts_find (s->hub->accounts, &s->letter.header.from)->number;

		assert_int_equal (store_find (s->hub->store, sender, &s->letter.header.id, &item),
				  ERR_OK);
		if (item.state == ITEM_QUEUED)
			return;
		ready (s, RECIPIENT);
		store (s);
	}
	assert_int_equal (store_forget (s->hub->store, account->number, CLASS_ROUTINE,
					clock_now_ms () + 31 * DAY_MS, 100, &forgotten), ERR_OK);
	group_finish (s->hub);
	heard_count = 0;
}

static void (*const happens[LIFE_EVENT_COUNT]) (struct stage *s) = {
	[LIFE_PUT] = put,                [LIFE_PUT_OTHER] = on_put_other,
	[LIFE_SEND] = on_send,           [LIFE_PUT_OFF] = on_put_off,
	[LIFE_STORED] = on_stored,       [LIFE_SET_ASIDE] = on_set_aside,
	[LIFE_DUE] = on_due,             [LIFE_RECALL] = recall,
	[LIFE_EXPIRE] = on_expire,       [LIFE_OVERDUE] = on_overdue,
	[LIFE_FORGET] = on_forget,
};

/* ---- the stage ---- */

static void open_hub (struct stage *s)
{
	OWNED (problems) problems = problems_new ();

	assert_int_equal (hub_new (&s->w->setup, &s->hub, problems), ERR_OK);
	s->peer[SENDER] = s->peer[RECIPIENT] = 0;
}

static void stage_open (struct stage *s, struct world *w)
{
	*s = (struct stage){ .w = w, .disk = disk_new (w->folder, 1) };
	arena_reset (heard_arena);
	arena_reset (w->arena);
	heard_count = 0;
	open_hub (s);
	for (int who = SENDER; who <= RECIPIENT; who++) {
		s->agent[who] = (struct agent){ .world = w, .number = who };
		random16_make (s->agent[who].store.b);
	}
	s->letter = letter_for (&s->agent[SENDER], RECIPIENT, CLASS_ROUTINE);
	s->letter.header.expires_at_ms = clock_now_ms () + LIFE_MS;
	letter_sealed_again (&s->agent[SENDER], &s->letter);
}

static void stage_close (struct stage *s)
{
	hub_destroy (&s->hub);
	disk_destroy (&s->disk);
	clock_turn (-s->turned_ms);
}

static const struct account *sender_of (struct stage *s)
{
	return accounts_find (s->hub->accounts, &s->letter.header.from);
}

static enum item_state state_of (struct stage *s)
{
	struct item item;
	err_t err = store_find (s->hub->store, sender_of (s)->number, &s->letter.header.id, &item);

	if (err == ERR_NOT_FOUND)
		return ITEM_NONE;
	assert_int_equal (err, ERR_OK);
	return letter_state (s->hub, &item);
}

static bool in_custody (enum item_state state)
{
	return state == ITEM_QUEUED || state == ITEM_SENT || state == ITEM_PARKED;
}

/* Says of a failure where in the walk it was. */
static void same (struct stage *s, const char *got, const char *wanted)
{
	char have[128], want[128];

	snprintf (have, sizeof have, "%s: %s", s->pair, got);
	snprintf (want, sizeof want, "%s: %s", s->pair, wanted);
	assert_string_equal (have, want);
}

static void expect (struct stage *s, enum item_state state)
{
	same (s, life_state_name (state_of (s)), life_state_name (state));
	assert_int_equal (sender_of (s)->now.queued_letters, in_custody (state) ? 1 : 0);
}

static void expect_leaf (struct stage *s, uint64_t before, enum leaf_kind kind)
{
	struct leaf leaf;

	assert_int_equal (custody_size (s->hub->custody), before + (kind != 0));
	if (kind == 0)
		return;
	assert_int_equal (store_leaf (s->hub->store, before, &leaf), ERR_OK);
	assert_int_equal (leaf.kind, kind);
	assert_true (ID_EQUAL (leaf.header_hash, *(struct hash[]){ header_hash (s->letter.h) }));
}

/* ---- the walk ---- */

static void meet (struct world *w, enum item_state state, enum life_event event)
{
	const struct life_row *row = life_row (state, event);
	enum item_state to = row != NULL ? row->to : state;
	struct stage s;
	struct word word;
	uint64_t leaves;

	stage_open (&s, w);
	snprintf (s.pair, sizeof s.pair, "%s, %s", life_state_name (state), life_event_name (event));
	into[state](&s);
	expect (&s, state);
	leaves = custody_size (s.hub->custody);
	heard_count = 0;
	happens[event](&s);
	word = word_heard (&s);
	expect (&s, to);
	expect_leaf (&s, leaves, row != NULL ? row->leaf : 0);
	same (&s, life_word_name (word.says), life_word_name (row != NULL ? row->says : SAYS_NOTHING));
	same (&s, err_name (word.code), err_name (row != NULL ? row->code : ERR_OK));

	hub_destroy (&s.hub);            /* it is as durable as it was said */
	open_hub (&s);
	expect (&s, to == ITEM_SENT ? ITEM_QUEUED : to);
	stage_close (&s);
}

static void every_state_meets_every_event (void **state)
{
	for (int from = 0; from < ITEM_STATE_COUNT; from++) {
		for (int event = 0; event < LIFE_EVENT_COUNT; event++) {
			if (from == ITEM_NONE && event == LIFE_PUT_OTHER)
				continue;    /* other than what? */
			meet (*state, (enum item_state)from, (enum life_event)event);
		}
	}
}

/* The hub tried to expire it, found the disk full, and took that back. */
static void an_end_that_found_no_room_has_not_happened (void **state)
{
	struct stage s;

	stage_open (&s, *state);
	snprintf (s.pair, sizeof s.pair, "a full disk");
	to_sent (&s);
	disk_fail (s.disk, DISK_WRITE, 1, DISK_FULL, true);
	pass (&s, LIFE_MS + DAY_MS + MINUTE_MS);
	assert_true (disk_failed (s.disk));
	disk_fail (s.disk, DISK_WRITE, 0, DISK_FULL, false);
	expect (&s, ITEM_SENT);
	store (&s);
	expect (&s, ITEM_STORED);
	stage_close (&s);
}

static void no_pair_stands_in_the_table_twice (void **state)
{
	(void)state;
	for (size_t i = 0; life_row_at (i) != NULL; i++)
		assert_ptr_equal (life_row (life_row_at (i)->from, life_row_at (i)->event),
				  life_row_at (i));
}

/* ---- marks ---- */

static int end_of_loop (zloop_t *loop, int timer, void *arg)
{
	return -1;
}

static void sent_and_stored (struct stage *s, struct world *w)
{
	stage_open (s, w);
	into[ITEM_SENT](s);
	say_stored (s);
	expect (s, ITEM_SENT);
}

/* A disk that flushes slowly is not asked twice. */
static void a_stored_mark_waits_for_the_next_group (void **state)
{
	struct stage s;
	uint64_t syncs;

	sent_and_stored (&s, *state);
	syncs = disk_count (s.disk, DISK_SYNC);
	heard_count = 0;
	recall (&s);                         /* it looks at what is stored, and comes too late */
	assert_int_equal (word_heard (&s).says, SAYS_NOTHING);
	expect (&s, ITEM_STORED);
	assert_int_equal (disk_count (s.disk, DISK_SYNC), syncs + 1);
	stage_close (&s);
}

static void a_stored_mark_that_has_no_company_is_kept_in_a_moment (void **state)
{
	struct stage s;

	sent_and_stored (&s, *state);
	zloop_timer (s.hub->loop, 200, 1, end_of_loop, NULL);
	zloop_start (s.hub->loop);
	expect (&s, ITEM_STORED);
	stage_close (&s);
}

/* What was not kept is said again, and the letter is not sent again to who has it. */
static void a_stored_mark_that_was_lost_comes_with_the_next_hello (void **state)
{
	struct stage s;

	sent_and_stored (&s, *state);
	hub_destroy (&s.hub);
	open_hub (&s);
	expect (&s, ITEM_QUEUED);
	heard_count = 0;
	come (&s, RECIPIENT, 1);
	ready (&s, RECIPIENT);
	assert_int_equal (word_heard (&s).says, SAYS_NOTHING);
	expect (&s, ITEM_STORED);
	stage_close (&s);
}

/* ---- a mark that finds no room ---- */

#define LETTERS 60u          /* their ends change more pages than the small cache holds */

/* All are on their way, and their recipient has stored them; the mark waits for a group, whose changes
 * will be written before it is committed. */
static void many_sent_and_stored (struct stage *s, struct world *w)
{
	struct frame frame = { .type = FRAME_STORED };

	stage_open (s, w);
	snprintf (s->pair, sizeof s->pair, "a mark without room");
	to_none (s);
	for (unsigned i = 0; i < LETTERS; i++) {
		s->letter = letter_for (&s->agent[SENDER], RECIPIENT, CLASS_ROUTINE);
		put (s);
	}
	come (s, RECIPIENT, 0);
	heard_count = 0;
	ready (s, RECIPIENT);
	assert_int_equal (heard_count, LETTERS);
	assert_int_equal (sqlite3_exec (s->hub->store->db, "PRAGMA cache_size = 1", NULL, NULL, NULL),
			  SQLITE_OK);
	frame.stored.class = CLASS_ROUTINE;
	frame.stored.up_to = LETTERS;
	say (s, RECIPIENT, &frame);
	assert_int_equal (sender_of (s)->now.queued_letters, LETTERS);
}

/* The sender's agency calls on a new connection; what it hears. */
static enum frame_type call_again (struct stage *s, err_t *ret_code)
{
	struct frame frame = hello_of (&s->agent[SENDER]);

	heard_count = 0;
	s->peer[SENDER] = 1000 + s->peer[SENDER];
	say (s, SENDER, &frame);
	for (size_t i = 0; i < heard_count; i++) {
		if (heard[i].peer != s->peer[SENDER])
			continue;
		*ret_code = heard[i].frame.type == FRAME_BYE ? heard[i].frame.bye.code : ERR_OK;
		return heard[i].frame.type;
	}
	fail_msg ("nobody answered a HELLO");
	return FRAME_BYE;
}

/* A HELLO looks at what is stored first.  The group is taken back whole and the newcomer asked to come
 * later; if there was no room but for a moment, the marks alone are kept all the same. */
static void no_room_at_a_hello (struct world *w, bool for_good)
{
	struct stage s;
	err_t code;

	many_sent_and_stored (&s, w);
	disk_fail (s.disk, DISK_WRITE, 1, DISK_FULL, for_good);
	assert_int_equal (call_again (&s, &code), FRAME_BYE);
	assert_string_equal (err_name (code), "NO_SPACE");
	assert_true (disk_failed (s.disk));
	assert_false (store_in_group (s.hub->store));
	assert_int_equal (sender_of (&s)->now.queued_letters, for_good ? LETTERS : 0);
	disk_fail (s.disk, DISK_WRITE, 0, DISK_FULL, false);
	assert_int_equal (call_again (&s, &code), FRAME_WELCOME);
	hub_destroy (&s.hub);
	open_hub (&s);
	come (&s, RECIPIENT, LETTERS);
	assert_int_equal (sender_of (&s)->now.queued_letters, 0);
	stage_close (&s);
}

static void a_mark_that_finds_no_room_at_a_hello_ends_its_group (void **state)
{
	no_room_at_a_hello (*state, true);
	no_room_at_a_hello (*state, false);
}

/* ---- the document ---- */

static const char *leaf_name (enum leaf_kind kind)
{
	static const char *const names[] = { "–", "taken", "stored", "expired", "recalled" };

	return names[kind];
}

/* As the document has it. */
static void write_row (const struct life_row *row, char *line, size_t size)
{
	char code[40] = "";

	if (row->code != ERR_OK)
		snprintf (code, sizeof code, " `%s`", err_name (row->code));
	snprintf (line, size, "| %s | %s | %s | %s | %s%s |\n", life_state_name (row->from),
		  life_event_name (row->event), life_state_name (row->to), leaf_name (row->leaf),
		  row->says != SAYS_NOTHING ? life_word_name (row->says) : "–", code);
}

static const char *after (const char *text, const char *line)
{
	assert_non_null (text = strstr (text, line));
	return text + strlen (line);
}

static void the_document_shows_the_same_table (void **state)
{
	static char text[256 * KIB];
	FILE *file = fopen (SOURCE_DIR "/docs/PROTOCOL.md", "re");
	const char *at;
	char line[200];

	(void)state;
	assert_non_null (file);
	text[fread (text, 1, sizeof text - 1, file)] = '\0';
	fclose (file);
	at = after (text, "\n| in state | event | next state | leaf | word |\n|---|---|---|---|---|\n");
	for (size_t i = 0; life_row_at (i) != NULL; i++) {
		write_row (life_row_at (i), line, sizeof line);
		if (strncmp (at, line, strlen (line)) != 0)
			fail_msg ("PROTOCOL 13 should say here: %s", line);
		at += strlen (line);
	}
	assert_int_equal (*at, '\n');
}

static int setup (void **state)
{
	struct world *w = world_new ();

	w->setup.control = "";
	w->setup.park_after = FAILURES;
	heard_arena = arena_new (4 * MIB);
	*state = w;
	return 0;
}

static int teardown (void **state)
{
	arena_destroy (&heard_arena);
	world_destroy (*state);
	return 0;
}

/* ---- records that have changed ---- */

/* As a bit that flips would, in the file while the hub is down. */
static void change_store (struct stage *s, const char *change)
{
	char path[192];
	sqlite3 *db;

	hub_destroy (&s->hub);
	snprintf (path, sizeof path, "%s/hub.db", s->w->data);
	assert_int_equal (sqlite3_open (path, &db), SQLITE_OK);
	assert_int_equal (sqlite3_exec (db, change, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal (sqlite3_changes (db), 1);
	sqlite3_close (db);
	open_hub (s);
	heard_count = 0;
}

/* The frame that makes the hub look at its record: no `say`, which wants a hub that goes on. */
static void ask_for_it (struct stage *s)
{
	OWNED (arena) arena = arena_new (2 * MIB);
	struct frame frame = { .type = FRAME_CREDIT };
	struct arrival arrival = { .fd = -1 };

	come (s, RECIPIENT, 0);
	frame.credit = (struct credit){ 64, 2 * MIB };
	arrival.peer = s->peer[RECIPIENT];
	arrival.key = keypair_id (s->w->link[RECIPIENT]);
	arrival.body = frame_encode (&frame, arena);
	hub_hear (s->hub, &arrival);
	group_finish (s->hub);
}

static void nothing_goes_out_over_a_record_that_contradicts_its_letter (void **state)
{
	static const char *const changes[] = {
		"UPDATE item SET header_hash = x'00' || substr (header_hash, 2)",
		"UPDATE item SET expires_ms = expires_ms - 4194304",
		"UPDATE item SET id = x'00' || substr (id, 2)",
		"UPDATE item SET sender = sender + 1",
		"UPDATE item SET state = 2",
		"UPDATE item SET state = 3",
		"UPDATE item SET size = size + 1",
		"UPDATE body SET first = x'00' || substr (first, 2)",
	};
	struct world *w = *state;
	struct stage s;

	for (size_t i = 0; i < COUNT_OF (changes); i++) {
		stage_open (&s, w);
		to_queued (&s);
		change_store (&s, changes[i]);
		ask_for_it (&s);
		assert_int_equal (s.hub->stopped, ERR_CORRUPT);
		for (size_t said = 0; said < heard_count; said++)
			assert_int_not_equal (heard[said].frame.type, FRAME_DELIVER);
		stage_close (&s);
	}
}

/* Its sender would be told that it expired, with the hub's signature under it. */
static void nothing_expires_over_a_record_that_contradicts_its_letter (void **state)
{
	struct world *w = *state;
	struct stage s;

	stage_open (&s, w);
	to_queued (&s);
	change_store (&s, "UPDATE item SET expires_ms = expires_ms - (1 << 31)");
	clock_turn (MINUTE_MS);
	s.turned_ms += MINUTE_MS;
	for (int i = 0; i < 4; i++)
		hub_tick (s.hub);
	assert_int_equal (s.hub->stopped, ERR_CORRUPT);
	stage_close (&s);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (every_state_meets_every_event),
		cmocka_unit_test (an_end_that_found_no_room_has_not_happened),
		cmocka_unit_test (no_pair_stands_in_the_table_twice),
		cmocka_unit_test (a_stored_mark_waits_for_the_next_group),
		cmocka_unit_test (a_stored_mark_that_has_no_company_is_kept_in_a_moment),
		cmocka_unit_test (a_stored_mark_that_was_lost_comes_with_the_next_hello),
		cmocka_unit_test (a_mark_that_finds_no_room_at_a_hello_ends_its_group),
		cmocka_unit_test (the_document_shows_the_same_table),
		cmocka_unit_test (nothing_goes_out_over_a_record_that_contradicts_its_letter),
		cmocka_unit_test (nothing_expires_over_a_record_that_contradicts_its_letter),
	};

	return cmocka_run_group_tests (tests, setup, teardown);
}
