/*
 * One agency's post, with a ledger and a desk of its own, and a hub that does what a test tells it:
 * a ROUTER under CURVE in the same process.  The loop turns only while a test waits.
 */
#ifndef TESTS_AGENTS_POST_WORLD_H
#define TESTS_AGENTS_POST_WORLD_H

#include "tests/support/unit.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

#include "agents/post/post.h"
#include "jembatan/clock.h"
#include "jembatan/frame.h"
#include "proto/file.h"
#include "tests/support/clock.h"
#include "tests/support/ticks.h"

#define assert_ok(expression) assert_int_equal ((expression), ERR_OK)
#define WAIT_MS 8000   /* longer than any pause of the post, shorter than patience */

struct world {
	char root[64], endpoint[64], directory_file[96];
	keypair_t *sig, *box, *link, *partner_sig, *partner_box, *partner_link;
	keypair_t *hub_link, *hub_log, *registrar;
	struct agency_id self, partner;
	arena_t *arena;
	catalogue_t *catalogue;
	directory_t *directory, *older;
	ledger_t *ledger;
	desk_t *desk;
	zloop_t *loop;
	post_t *post;

	const struct agency_id *coordinator;   /* of the directories that are made from now on; NULL = none */
	size_t oversight_rows;                 /* that name it; 0 = one */

	void *hub;                       /* ROUTER */
	uint8_t peer[256];               /* routing id of the connection heard last */
	size_t peer_len;
	struct store_id hub_store;
	zmq_msg_t message;
};

static struct agency_id agency (const char *text)
{
	struct agency_id id;

	assert_ok (agency_id_parse (text, &id));
	return id;
}

/* ---- the directory ---- */

static struct member member_with (struct world *w, const struct agency_id *id, keypair_t *sig,
				  keypair_t *box, keypair_t *link)
{
	struct member_key *keys = arena_must (w->arena, 3 * sizeof *keys);

	keys[0] = (struct member_key){ KEY_SIG, keypair_public (sig), .valid_from_ms = 1 };
	keys[1] = (struct member_key){ KEY_BOX, keypair_public (box), .valid_from_ms = 1 };
	keys[2] = (struct member_key){ KEY_LINK, keypair_public (link), .valid_from_ms = 1 };
	return (struct member){
		.id = *id, .name_id = id->text, .name_en = id->text, .kind = "clinic",
		.region = "17.71", .address = "", .phone = "", .whatsapp = "", .office_hours = "",
		.key_count = 3, .keys = keys,
	};
}

static struct bytes directory_bytes (struct world *w, uint64_t version)
{
	const char *endpoint = w->endpoint;
	struct member members[] = {
		member_with (w, &w->self, w->sig, w->box, w->link),
		member_with (w, &w->partner, w->partner_sig, w->partner_box, w->partner_link),
	};
	struct hub_entry hub = {
		.id = "hub-uji", .endpoint_count = 1, .endpoints = &endpoint,
		.link_key = keypair_public (w->hub_link), .log_key = keypair_public (w->hub_log),
	};
	struct oversight oversight[2] = { { .overseen_count = 1, .overseen = &w->self },
					  { .overseen_count = 1, .overseen = &w->partner } };
	struct registrar_key registrar = { keypair_public (w->registrar), "Registrar" };
	struct directory_data data = {
		.version = version,
		.issued_ms = clock_now_ms () - DAY_MS,
		.expires_ms = clock_now_ms () + 400 * DAY_MS,
		.network = "bengkulu",
		.hubs = &hub, .hub_count = 1,
		.registrar_keys = &registrar, .registrar_key_count = 1, .threshold = 1,
		.members = members, .member_count = 2,
		.oversight = oversight,
		.oversight_count = w->coordinator == NULL ? 0 :
				   w->oversight_rows != 0 ? w->oversight_rows : 1,
	};
	struct bytes signed_bytes;

	for (size_t i = 0; i < data.oversight_count; i++)
		oversight[i].coordinator = *w->coordinator;
	assert_ok (directory_sign (&data, &w->registrar, 1, w->arena, &signed_bytes));
	return signed_bytes;
}

static inline void take_directory (void *arg, directory_t *directory)
{
	struct world *w = arg;

	directory_destroy (&w->older);
	w->older = w->directory;
	w->directory = directory;
	desk_set_directory (w->desk, directory);
}

/* ---- the hub ---- */

static void hub_open (struct world *w)
{
	struct bytes secret = keypair_secret (w->hub_link);
	size_t len = sizeof w->endpoint;
	int one = 1, zero = 0;

	w->hub = zmq_socket (zsys_init (), ZMQ_ROUTER);
	zmq_setsockopt (w->hub, ZMQ_CURVE_SERVER, &one, sizeof one);
	zmq_setsockopt (w->hub, ZMQ_CURVE_SECRETKEY, secret.data, secret.len);
	zmq_setsockopt (w->hub, ZMQ_ROUTER_MANDATORY, &one, sizeof one);
	zmq_setsockopt (w->hub, ZMQ_LINGER, &zero, sizeof zero);
	assert_int_equal (zmq_bind (w->hub, "tcp://127.0.0.1:*"), 0);
	zmq_getsockopt (w->hub, ZMQ_LAST_ENDPOINT, w->endpoint, &len);
	random16_make (w->hub_store.b);
	zmq_msg_init (&w->message);
}

static void hub_send_bytes (struct world *w, struct bytes bytes)
{
	assert_true (zmq_send (w->hub, w->peer, w->peer_len, ZMQ_SNDMORE) >= 0);
	assert_true (zmq_send (w->hub, bytes.data, bytes.len, 0) >= 0);
}

static void hub_say (struct world *w, const struct frame *frame)
{
	hub_send_bytes (w, frame_encode (frame, w->arena));
}

static int stop_turning (zloop_t *loop, int timer, void *arg)
{
	return -1;
}

/* Lets the agent work for a while. */
static void turn (struct world *w, size_t ms)
{
	zloop_timer (w->loop, ms, 1, stop_turning, NULL);
	zloop_start (w->loop);
}

static bool hub_has_heard (struct world *w, struct frame *ret_frame)
{
	int len = zmq_recv (w->hub, w->peer, sizeof w->peer, ZMQ_DONTWAIT);

	if (len < 0)
		return false;
	w->peer_len = (size_t)len;
	assert_true (zmq_msg_recv (&w->message, w->hub, 0) >= 0);
	assert_ok (frame_decode (arena_bytes (w->arena,
					      (struct bytes){ zmq_msg_data (&w->message),
							      zmq_msg_size (&w->message) }),
				 w->arena, ret_frame));
	return true;
}

/* The next frame of the agent within so many milliseconds; type 0 when there is none. */
static struct frame hub_hears_within (struct world *w, int64_t ms)
{
	int64_t end_ms = clock_monotonic_ms () + ms;
	struct frame frame = { 0 };

	while (!hub_has_heard (w, &frame) && clock_monotonic_ms () < end_ms)
		turn (w, 5);
	return frame;
}

static struct frame hub_hears (struct world *w, enum frame_type type)
{
	struct frame frame = hub_hears_within (w, WAIT_MS);

	assert_string_equal (frame_type_name (frame.type), frame_type_name (type));
	return frame;
}

/* The agent looks at its clock some times and says nothing: the next that it says is an answer. */
static inline void hub_hears_nothing (struct world *w)
{
	struct frame ping = { .type = FRAME_PING };

	turn (w, 4 * TICK_TEST_MS);
	hub_say (w, &ping);
	hub_hears (w, FRAME_PONG);
}

static void hub_welcomes (struct world *w, uint64_t pseq_mark, struct credit credit)
{
	struct frame frame = { .type = FRAME_WELCOME };

	frame.welcome.protocol = 1;
	frame.welcome.hub = "hub-uji";
	frame.welcome.hub_store_id = w->hub_store;
	frame.welcome.pseq_mark = pseq_mark;
	frame.welcome.credit = credit;
	frame.welcome.max_frame_bytes = LIMIT_FRAME_BYTES;
	frame.welcome.max_expiry_ms = LETTER_EXPIRY_MAX_MS;
	frame.welcome.hub_time_ms = clock_now_ms ();
	frame.welcome.directory_version = directory_data (w->directory)->version;
	frame.welcome.checkpoint = "";
	hub_say (w, &frame);
	hub_hears (w, FRAME_CREDIT);
}

static const struct credit wide = { 32, MIB };

/* HELLO, WELCOME, CREDIT; gives the HELLO. */
static inline struct frame hub_meets (struct world *w, uint64_t pseq_mark)
{
	struct frame hello = hub_hears (w, FRAME_HELLO);

	hub_welcomes (w, pseq_mark, wide);
	return hello;
}

static void hub_hangs_up (struct world *w, err_t code)
{
	struct frame frame = { .type = FRAME_BYE };

	frame.bye.code = code;
	hub_say (w, &frame);
	turn (w, 20);
	clock_turn (MINUTE_MS);   /* past the agent's pause */
}

/* Says it and lets the agent work until it has heard: its counts of letters tell.  What it ignores changes
 * none, and is over after half a second. */
static void hub_says_of_letters (struct world *w, const struct frame *frame)
{
	int64_t end_ms = clock_monotonic_ms () + 500;
	struct post_status before, now;

	post_status (w->post, &before);
	hub_say (w, frame);
	do {
		turn (w, 5);
		post_status (w->post, &now);
	} while (now.sent == before.sent && now.unanswered == before.unanswered &&
		 now.last_error == before.last_error && clock_monotonic_ms () < end_ms);
	turn (w, 20);
}

static void hub_takes (struct world *w, const struct frame *put)
{
	struct custody taken = { .pseq = put->put.pseq, .leaf = 7 };
	struct frame frame = { .type = FRAME_PUT_OK };

	frame.put_ok.up_to = put->put.pseq;
	frame.put_ok.taken = &taken;
	frame.put_ok.taken_count = 1;
	hub_says_of_letters (w, &frame);
}

static inline void hub_refuses (struct world *w, uint64_t pseq, err_t code, int64_t retry_after_ms)
{
	struct frame frame = { .type = FRAME_PUT_ERR };

	frame.put_err.pseq = pseq;
	frame.put_err.code = code;
	frame.put_err.retry_after_ms = retry_after_ms;
	frame.put_err.hub_time_ms = clock_now_ms ();
	hub_says_of_letters (w, &frame);
}

/* ---- letters ---- */

/* One that the agency wrote: a catalogue's kind to the partner. */
static inline struct letter_id write_letter (struct world *w, const char *text)
{
	struct answer answer = { .field = "text", .type = ANSWER_TEXT, .text = text,
				 .system = "", .display = "", .unit = "" };
	struct letter letter = {
		.kind = "referral.info.reply", .kind_version = 1,
		.sig_key_id = keypair_id (w->sig),
		.from_user = "", .from_role = "", .to_role = "", .purpose = "",
		.rule = { "", "", "", "" }, .checkpoint = "", .created_ms = clock_now_ms (),
		.body = BODY_ANSWERS, .answers = &answer, .answer_count = 1,
	};
	struct outbox_row row = { .to = w->partner, .class = CLASS_ROUTINE, .kind = letter.kind,
				  .expires_at_ms = clock_now_ms () + DAY_MS };
	OWNED (tx) tx = ledger_begin (w->ledger);

	random16_make (letter.thread.b);
	outbox_add (tx, &row, &letter);
	assert_ok (tx_commit (tx));
	return row.id;
}

static inline enum outbox_state outbox_state_of (struct world *w, const struct letter_id *id)
{
	struct outbox_row row;

	assert_ok (outbox_get (w->ledger, id, w->arena, &row));
	return row.state;
}

static const char *deliver_checkpoint = "";   /* that the partner was shown */

/* One that the partner wrote, of a kind that no catalogue knows: stored and shown as it is. */
static struct letter partners_letter (keypair_t *signer, uint64_t directory_version)
{
	return (struct letter){
		.kind = "future.kind", .kind_version = 1, .sig_key_id = keypair_id (signer),
		.from_user = "", .from_role = "", .to_role = "", .purpose = "",
		.rule = { "", "", "", "" }, .checkpoint = deliver_checkpoint,
		.created_ms = clock_now_ms (), .directory_version = directory_version,
	};
}

static struct frame deliver_letter (struct world *w, uint64_t dseq, keypair_t *signer,
				    const struct letter *letter)
{
	struct public_key box = keypair_public (w->box);
	struct header header = { .from = w->partner, .to = w->self, .class = CLASS_ROUTINE,
				 .expires_at_ms = clock_now_ms () + DAY_MS };
	struct frame frame = { .type = FRAME_DELIVER };
	struct sealed sealed;
	struct bytes s;

	uuid7_make (header.id.b);
	assert_ok (letter_encode (letter, w->arena, &s));
	assert_ok (envelope_seal (&header, s, &box, signer, w->arena, &sealed));
	frame.deliver.class = CLASS_ROUTINE;
	frame.deliver.dseq = dseq;
	frame.deliver.attempt = 1;
	frame.deliver.item = DELIVER_LETTER;
	frame.deliver.h = sealed.h;
	frame.deliver.c = sealed.c;
	return frame;
}

static inline struct frame deliver (struct world *w, uint64_t dseq, keypair_t *signer,
				    uint64_t directory_version)
{
	struct letter letter = partners_letter (signer, directory_version);

	return deliver_letter (w, dseq, signer, &letter);
}

static inline size_t stored_count (struct world *w, enum inbox_state state)
{
	struct inbox_row *rows;

	return inbox_list (w->ledger, state, NULL, 0, 100, w->arena, &rows);
}

/* ---- the whole ---- */

static void post_open (struct world *w)
{
	struct post_parts parts = {
		.desk = w->desk, .sig = w->sig, .link = w->link,
		.boxes = &w->box, .box_count = 1,
		.endpoint = "", .socks_proxy = "", .directory_file = w->directory_file,
	};

	w->post = post_new (&parts, w->loop);
	post_on_directory (w->post, take_directory, w);
	ledger_on_outbox (w->ledger, (void (*) (void *))post_wake, w->post);
}

static void ledger_make (struct world *w)
{
	char folder[96], key_file[96];
	struct desk_parts parts;

	unit_folder (w->root, sizeof w->root, "post");
	snprintf (folder, sizeof folder, "%s/data", w->root);
	snprintf (key_file, sizeof key_file, "%s/keys/ledger.key", w->root);
	snprintf (w->directory_file, sizeof w->directory_file, "%s/directory", w->root);
	assert_ok (ledger_create (folder, key_file, NULL));
	assert_ok (ledger_open (folder, key_file, &w->ledger, NULL));
	parts = (struct desk_parts){ .ledger = w->ledger, .catalogue = w->catalogue,
				     .directory = w->directory, .sig = w->sig, .self = w->self };
	w->desk = desk_new (&parts);
}

static int world_setup (void **state)
{
	struct world *w = calloc (1, sizeof *w);
	struct { keypair_t **pair; enum key_use use; } pairs[] = {
		{ &w->sig, KEY_SIG }, { &w->box, KEY_BOX }, { &w->link, KEY_LINK },
		{ &w->partner_sig, KEY_SIG }, { &w->partner_box, KEY_BOX },
		{ &w->partner_link, KEY_LINK }, { &w->hub_link, KEY_LINK },
		{ &w->hub_log, KEY_LOG }, { &w->registrar, KEY_ROOT },
	};

	assert_ok (keys_start ());
	setenv ("ZSYS_SIGHANDLER", "false", 1);
	for (size_t i = 0; i < COUNT_OF (pairs); i++)
		*pairs[i].pair = keypair_new (pairs[i].use);
	w->self = agency ("ipwl-pesona");
	w->partner = agency ("klinik-harapan");
	w->arena = arena_new (512 * MIB);
	w->loop = zloop_new ();
	zloop_set_nonstop (w->loop, true);
	hub_open (w);
	assert_ok (catalogue_load (SOURCE_DIR "/config/catalogue", &w->catalogue, NULL));
	assert_ok (directory_read (directory_bytes (w, 1), NULL, &w->directory));
	ledger_make (w);
	post_open (w);
	*state = w;
	return 0;
}

static void remove_folder (const char *root, const char *name)
{
	char folder[128], path[512];
	struct dirent *entry;
	DIR *dir;

	snprintf (folder, sizeof folder, "%s/%s", root, name);
	dir = opendir (folder);
	while (dir != NULL && (entry = readdir (dir)) != NULL) {
		snprintf (path, sizeof path, "%s/%s", folder, entry->d_name);
		if (entry->d_name[0] != '.')
			unlink (path);
	}
	if (dir != NULL)
		closedir (dir);
	rmdir (folder);
}

static int world_teardown (void **state)
{
	struct world *w = *state;
	keypair_t **pairs[] = { &w->sig, &w->box, &w->link, &w->partner_sig, &w->partner_box,
				&w->partner_link, &w->hub_link, &w->hub_log, &w->registrar };

	post_destroy (&w->post);
	desk_destroy (&w->desk);
	ledger_destroy (&w->ledger);
	catalogue_destroy (&w->catalogue);
	directory_destroy (&w->directory);
	directory_destroy (&w->older);
	for (size_t i = 0; i < COUNT_OF (pairs); i++)
		keypair_destroy (pairs[i]);
	zmq_msg_close (&w->message);
	zmq_close (w->hub);
	zloop_destroy (&w->loop);
	arena_destroy (&w->arena);
	remove_folder (w->root, "data");
	remove_folder (w->root, "keys");
	remove_folder (w->root, "");
	free (w);
	return 0;
}

#define world_test(f) cmocka_unit_test_setup_teardown (f, world_setup, world_teardown)

#endif
