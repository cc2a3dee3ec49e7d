/* Offices, a directory and the way between them; see fixture.h. */
#include "tests/agents/desk/fixture.h"

#include <dirent.h>
#include <unistd.h>

const struct actor worker = { "sari", "caseworker" };
const struct actor nurse = { "wulan", "clinician" };
const struct actor auditor = { "bima", "auditor" };
const struct actor admin = { "root", "admin" };
const struct actor nobody = { "tamu", "" };

static const struct {
	const char *id, *kind, *region;
} founders[OFFICE_COUNT] = {
	[PESONA] = { "ipwl-pesona", "ipwl", "17.71" },
	[CLINIC] = { "klinik-harapan", "clinic", "17.71" },
	[HOSPITAL] = { "rs-jiwa", "hospital", "17.71" },
	[COORDINATOR] = { "galih-pakuan", "coordinator", "32.01" },
	[DINSOS] = { "dinsos-bengkulu", "social-services", "17.71" },
	[BLK] = { "blk-bengkulu", "training", "17.71" },
};

static struct agency_id agency (const char *text)
{
	struct agency_id id;

	assert_ok (agency_id_parse (text, &id));
	return id;
}

/* ---- the directory -------------------------------------------------------------- */

static struct member_key key_of (enum key_use use, const keypair_t *pair,
				 enum key_state state)
{
	return (struct member_key){
		.use = use,
		.public_key = keypair_public (pair),
		.valid_from_ms = 1,
		.state = state,
		.since_ms = state == KEY_STATE_ACTIVE ? 0 : 2,
	};
}

static struct member member_of (struct network *net, int i, enum key_state sig_state)
{
	struct office *office = &net->office[i];
	struct member_key *keys = arena_must (net->arena, 3 * sizeof *keys);

	keys[0] = key_of (KEY_SIG, office->sig, sig_state);
	keys[1] = key_of (KEY_BOX, office->box, KEY_STATE_ACTIVE);
	keys[2] = key_of (KEY_LINK, office->link, KEY_STATE_ACTIVE);
	return (struct member){
		.id = office->id,
		.name_id = founders[i].id,
		.name_en = founders[i].id,
		.kind = founders[i].kind,
		.region = founders[i].region,
		.address = "",
		.phone = "+62736000000",
		.whatsapp = "",
		.office_hours = "",
		.key_count = 3,
		.keys = keys,
	};
}

void network_directory (struct network *net, enum key_state clinic_sig,
			int64_t expires_ms)
{
	static uint64_t version = 1;
	struct member *members = arena_must (net->arena, OFFICE_COUNT * sizeof *members);
	struct agency_id *overseen = arena_must (net->arena, 2 * sizeof *overseen);
	struct oversight row = { .coordinator = net->office[COORDINATOR].id,
				 .overseen = overseen,
				 .overseen_count = 2 };
	struct oversight oversight[] = { row, row };
	struct registrar_key root = { keypair_public (net->root), "Registrar" };
	struct directory_data data = {
		.version = version++,
		.issued_ms = expires_ms - 500 * DAY_MS,
		.expires_ms = expires_ms,
		.network = "bengkulu",
		.registrar_keys = &root,
		.registrar_key_count = 1,
		.threshold = 1,
		.members = members,
		.member_count = OFFICE_COUNT,
		.oversight = oversight,
		.oversight_count = net->oversight_rows != 0 ? net->oversight_rows : 1,
	};
	directory_t *old = net->directory;
	struct bytes signed_bytes;

	overseen[0] = net->office[PESONA].id;
	overseen[1] = net->office[CLINIC].id;
	for (int i = 0; i < OFFICE_COUNT; i++)
		members[i] =
			member_of (net, i, i == CLINIC ? clinic_sig : KEY_STATE_ACTIVE);
	assert_ok (directory_sign (&data, &net->root, 1, net->arena, &signed_bytes));
	assert_ok (directory_read (signed_bytes, NULL, &net->directory));
	for (int i = 0; i < OFFICE_COUNT; i++)
		if (net->office[i].desk != NULL)
			desk_set_directory (net->office[i].desk, net->directory);
	directory_destroy (&old);
}

/* ---- offices -------------------------------------------------------------------- */

static void open_ledger (struct network *net, int i, bool found)
{
	struct office *office = &net->office[i];
	char folder[96], key_file[96];
	struct desk_parts parts;

	snprintf (folder, sizeof folder, "%s/data", office->root);
	snprintf (key_file, sizeof key_file, "%s/keys/ledger.key", office->root);
	if (found)
		assert_ok (ledger_create (folder, key_file, NULL));
	assert_ok (ledger_open (folder, key_file, &office->ledger, NULL));
	parts = (struct desk_parts){
		.ledger = office->ledger,
		.catalogue = net->catalogue,
		.directory = net->directory,
		.sig = office->sig,
		.self = office->id,
	};
	office->desk = desk_new (&parts);
}

static void open_office (struct network *net, int i)
{
	struct office *office = &net->office[i];

	unit_folder (office->root, sizeof office->root, "desk");
	open_ledger (net, i, true);
}

static void close_ledger (struct office *office)
{
	desk_destroy (&office->desk);
	ledger_destroy (&office->ledger);
}

/* A closed ledger is one file, and its mark beside it. */
static void copy_ledger (const struct office *office, const char *from, const char *to)
{
	char command[256];

	snprintf (command, sizeof command, "cd %s && mkdir -p %s && cp %s/ledger.db %s/ledger.mark %s",
		  office->root, to, from, from, to);
	assert_int_equal (system (command), 0);
}

void network_keep (struct network *net, int i)
{
	close_ledger (&net->office[i]);
	copy_ledger (&net->office[i], "data", "kept");
	open_ledger (net, i, false);
}

void network_copy_back (struct network *net, int i)
{
	close_ledger (&net->office[i]);
	copy_ledger (&net->office[i], "kept", "data");
	open_ledger (net, i, false);
}

static void be_welcomed (struct office *office)
{
	OWNED (tx) tx = ledger_begin (office->ledger);

	desk_welcomed (office->desk, tx);
	assert_ok (tx_commit (tx));
}

void network_restore_here (struct network *net, int i)
{
	assert_ok (ledger_restored (net->office[i].ledger));
	be_welcomed (&net->office[i]);
}

void network_put_back (struct network *net, int i)
{
	network_copy_back (net, i);
	network_restore_here (net, i);
}

int network_setup (void **state)
{
	struct network *net = calloc (1, sizeof *net);

	assert_ok (keys_start ());
	net->arena = arena_new (256 * MIB);
	net->problems = problems_new ();
	assert_ok (catalogue_load (SOURCE_DIR "/config/catalogue", &net->catalogue,
				   net->problems));
	net->root = keypair_new (KEY_ROOT);
	for (int i = 0; i < OFFICE_COUNT; i++) {
		net->office[i].id = agency (founders[i].id);
		net->office[i].sig = keypair_new (KEY_SIG);
		net->office[i].box = keypair_new (KEY_BOX);
		net->office[i].link = keypair_new (KEY_LINK);
	}
	network_directory (net, KEY_STATE_ACTIVE, clock_now_ms () + 400 * DAY_MS);
	for (int i = 0; i < OFFICE_COUNT; i++)
		open_office (net, i);
	*state = net;
	return 0;
}

static void remove_folder (const char *folder)
{
	DIR *dir = opendir (folder);
	struct dirent *entry;
	char path[512];

	while (dir != NULL && (entry = readdir (dir)) != NULL) {
		snprintf (path, sizeof path, "%s/%s", folder, entry->d_name);
		if (entry->d_name[0] != '.')
			unlink (path);
	}
	if (dir != NULL)
		closedir (dir);
	rmdir (folder);
}

static void close_office (struct office *office)
{
	char path[96];

	close_ledger (office);
	keypair_destroy (&office->sig);
	keypair_destroy (&office->box);
	keypair_destroy (&office->link);
	snprintf (path, sizeof path, "%s/data", office->root);
	remove_folder (path);
	snprintf (path, sizeof path, "%s/keys", office->root);
	remove_folder (path);
	snprintf (path, sizeof path, "%s/kept", office->root);
	remove_folder (path);
	remove_folder (office->root);
}

int network_teardown (void **state)
{
	struct network *net = *state;

	for (int i = 0; i < OFFICE_COUNT; i++)
		close_office (&net->office[i]);
	directory_destroy (&net->directory);
	catalogue_destroy (&net->catalogue);
	keypair_destroy (&net->root);
	problems_destroy (&net->problems);
	arena_destroy (&net->arena);
	free (net);
	return 0;
}

/* ---- letters on the way --------------------------------------------------------- */

static int office_of (struct network *net, const struct agency_id *id)
{
	for (int i = 0; i < OFFICE_COUNT; i++)
		if (agency_id_equal (&net->office[i].id, id))
			return i;
	fail_msg ("no office %s", id->text);
	return -1;
}

static void seal (struct network *net, int from, int to, struct header *header,
		  struct letter *letter, struct sealed *ret_sealed)
{
	struct public_key box = keypair_public (net->office[to].box);
	struct bytes s;

	letter->sig_key_id = keypair_id (net->office[from].sig);
	letter->directory_version = directory_data (net->directory)->version;
	assert_ok (letter_encode (letter, net->arena, &s));
	assert_ok (envelope_seal (header, s, &box, net->office[from].sig, net->arena,
				  ret_sealed));
}

static void take_row (struct network *net, int from, tx_t *tx, struct outbox_row *row,
		      struct flight *ret_flight)
{
	struct header header = { .id = row->id,
				 .from = net->office[from].id,
				 .to = row->to,
				 .expires_at_ms = row->expires_at_ms,
				 .class = row->class };
	struct sealed sealed = { .h = row->h, .c = row->c };
	struct letter letter;

	if (row->state == OUTBOX_WRITTEN) {
		assert_ok (letter_decode (row->draft, net->arena, &letter));
		pair_next (tx, &row->to, row->class, net->arena, &letter.pair);
		seal (net, from, office_of (net, &row->to), &header, &letter, &sealed);
		pair_sent (tx, &row->to, row->class, letter.pair.n, &sealed.header_hash,
			   &row->id);
		outbox_sealed (tx, &row->id, &sealed);
	}
	assert_ok (outbox_in_custody (tx, &row->id, ++net->leaf, 0, clock_now_ms ()));
	desk_in_custody (net->office[from].desk, tx, &row->id, net->leaf);
	*ret_flight = (struct flight){ .from = from,
				       .to = office_of (net, &row->to),
				       .id = row->id,
				       .h = sealed.h,
				       .c = sealed.c };
	snprintf (ret_flight->kind, sizeof ret_flight->kind, "%s", row->kind);
}

size_t network_take (struct network *net, int from, struct flight *flights, size_t max)
{
	ledger_t *ledger = net->office[from].ledger;
	OWNED (tx) tx = ledger_begin (ledger);
	struct outbox_row *rows;
	size_t count = outbox_due (ledger, clock_now_ms () + 1, max, net->arena, &rows);

	for (size_t i = 0; i < count; i++)
		take_row (net, from, tx, &rows[i], &flights[i]);
	assert_ok (tx_commit (tx));
	return count;
}

static err_t open_flight (struct network *net, const struct flight *flight,
			  struct received *received)
{
	struct office *to = &net->office[flight->to];
	const struct member *member;
	const struct member_key *key;
	err_t err, allowed;

	err = envelope_open (&received->header, flight->h, flight->c, &to->box, 1,
			     net->arena, &received->sealed);
	if (err == ERR_OK)
		err = letter_decode (received->sealed.s, net->arena, &received->letter);
	if (err != ERR_OK)
		return err;
	member = directory_member (net->directory, &received->header.from);
	allowed = member_key_allows (member, &received->letter.sig_key_id, KEY_SIG,
				     received->letter.created_ms, clock_now_ms ());
	key = member_key_by_id (member, &received->letter.sig_key_id);
	if (key == NULL)
		return ERR_KEY_UNKNOWN;
	err = envelope_verify (&received->sealed, &key->public_key);
	return err != ERR_OK ? err : allowed;
}

void network_give (struct network *net, const struct flight *flight)
{
	struct office *to = &net->office[flight->to];
	struct received received = { .letter = { .kind = "",
						 .from_user = "",
						 .from_role = "",
						 .to_role = "",
						 .purpose = "",
						 .checkpoint = "" } };
	OWNED (tx) tx = ledger_begin (to->ledger);

	assert_ok (header_decode (flight->h, &received.header));
	received.sealed.h = flight->h;
	received.sealed.header_hash = header_hash (flight->h);
	received.digest = envelope_digest (flight->h, flight->c);
	received.trust = open_flight (net, flight, &received);
	tx_mark (tx);
	assert_ok (desk_receive (to->desk, tx, &received));
	tx_keep (tx);
	desk_write_receipts (to->desk, tx);
	assert_ok (tx_commit (tx));
}

/* Apart from network_take and network_give, so that tests which carry single letters see only
 * those. */
static void write_chain_events (struct network *net, int from)
{
	OWNED (tx) tx = ledger_begin (net->office[from].ledger);

	desk_write_chain_events (net->office[from].desk, tx);
	assert_ok (tx_commit (tx));
}

void network_run (struct network *net)
{
	static struct flight flights[256];
	size_t moved;

	do {
		moved = 0;
		for (int from = 0; from < OFFICE_COUNT; from++) {
			size_t count;

			write_chain_events (net, from);
			count = network_take (net, from, flights, COUNT_OF (flights));
			for (size_t i = 0; i < count; i++)
				network_give (net, &flights[i]);
			moved += count;
		}
	} while (moved > 0);
}

struct flight network_forge (struct network *net, int from, int to,
			     const struct letter *letter, int64_t expires_at_ms)
{
	struct header header = { .from = net->office[from].id,
				 .to = net->office[to].id,
				 .expires_at_ms = expires_at_ms,
				 .class = CLASS_ROUTINE };
	struct letter copy = *letter;
	struct sealed sealed;

	uuid7_make (header.id.b);
	seal (net, from, to, &header, &copy, &sealed);
	return (struct flight){
		.from = from, .to = to, .id = header.id, .h = sealed.h, .c = sealed.c
	};
}

/* ---- what people do ------------------------------------------------------------- */

static problems_t *fresh_problems (struct network *net)
{
	problems_destroy (&net->problems);
	net->problems = problems_new ();
	return net->problems;
}

struct person_id take_in (struct network *net, int office, const char *name,
			  const char *nik)
{
	struct person person = { .name = name,
				 .nik = nik,
				 .birth_date = "1999-03-14",
				 .sex = "male",
				 .phone = "+6281234567890",
				 .region = "17.71" };

	assert_ok (desk_intake (net->office[office].desk, &worker, &person,
				fresh_problems (net)));
	return person.id;
}

struct clause_id consent (struct network *net, int office, const struct person_id *person,
			  const char *recipient, const char *purpose, const char *labels)
{
	struct clause_wish wish = { .recipient = recipient, .purpose = purpose };
	const char *parts[LIMIT_LABELS];
	char *copy = arena_text (net->arena, labels), *at = NULL;
	struct clause_id id;

	wish.labels = parts;
	for (char *label = strtok_r (copy, ",", &at); label != NULL;
	     label = strtok_r (NULL, ",", &at))
		parts[wish.label_count++] = label;
	assert_ok (desk_consent_give (net->office[office].desk, &worker, person, &wish, 1,
				      &id, fresh_problems (net)));
	return id;
}

err_t refer_as (struct network *net, int office, const struct submission *submission,
		struct outcome *ret_outcome)
{
	return desk_submit (net->office[office].desk, &worker, submission, ret_outcome,
			    fresh_problems (net));
}

err_t refer (struct network *net, int office, const struct person_id *person, int to,
	     struct outcome *ret_outcome)
{
	struct answer answers[] = {
		text_answer ("reason", "Perlu pemeriksaan medis"),
		text_answer ("summary.health", "Riwayat sabu dua tahun"),
	};
	struct submission submission = {
		.kind = "referral.request",
		.person = *person,
		.to = net->office[to].id,
		.service = "medical",
		.basis = BASIS_CONSENT_GIVEN,
		.answers = answers,
		.answer_count = COUNT_OF (answers),
	};

	return refer_as (net, office, &submission, ret_outcome);
}

struct answer code_answer (const char *field, const char *code)
{
	struct answer answer = text_answer (field, code);

	answer.type = ANSWER_CODE;
	return answer;
}

struct answer instant_answer (const char *field, int64_t at_ms)
{
	struct answer answer = text_answer (field, "");

	answer.type = ANSWER_INSTANT;
	answer.number = at_ms;
	return answer;
}

static struct answer founders_answer (const struct field_spec *field)
{
	struct answer answer = plausible_answer (field);

	if (strcmp (field->name, "target") == 0)
		answer.text = founders[HOSPITAL].id;
	return answer;
}

size_t plausible (struct network *net, const char *kind, struct answer answers[16])
{
	const struct kind_spec *spec = catalogue_kind (net->catalogue, kind, 0);
	size_t count = 0;

	assert_non_null (spec);
	for (size_t i = 0; i < spec->field_count && count < 16; i++)
		if (spec->fields[i].required && spec->fields[i].from[0] == '\0')
			answers[count++] = founders_answer (&spec->fields[i]);
	return count;
}

err_t say_with (struct network *net, int office, const struct thread_id *thread,
		const char *kind, const struct answer *answers, size_t count)
{
	struct submission submission = { .kind = kind,
					 .thread = *thread,
					 .basis = BASIS_CONSENT_GIVEN,
					 .answers = answers,
					 .answer_count = count };
	struct outcome outcome;

	return refer_as (net, office, &submission, &outcome);
}

err_t say (struct network *net, int office, const struct thread_id *thread,
	   const char *kind)
{
	struct answer answers[16];
	size_t count = plausible (net, kind, answers);

	return say_with (net, office, thread, kind, answers, count);
}

err_t onward (struct network *net, int office, const struct thread_id *thread, int to,
	      struct outcome *ret_outcome)
{
	struct answer reason = code_answer ("reason-code", "no-capacity");
	struct submission submission = { .kind = "referral.onward",
					 .thread = *thread,
					 .to = net->office[to].id,
					 .basis = BASIS_CONSENT_GIVEN,
					 .answers = &reason,
					 .answer_count = 1 };

	return refer_as (net, office, &submission, ret_outcome);
}

struct thread_id open_referral (struct network *net)
{
	struct person_id person =
		take_in (net, PESONA, "Dimas Verdana", "1771011403990001");
	struct outcome outcome;

	consent (net, PESONA, &person, "klinik-harapan", "treatment", "health,identity");
	assert_ok (refer (net, PESONA, &person, CLINIC, &outcome));
	network_run (net);
	return outcome.thread;
}

/* ---- what can be seen ----------------------------------------------------------- */

struct thread thread_at (struct network *net, int office, const struct thread_id *thread)
{
	struct thread found;

	assert_ok (thread_get (net->office[office].ledger, thread, net->arena, &found));
	return found;
}

const char *state_at (struct network *net, int office, const struct thread_id *thread)
{
	return thread_at (net, office, thread).state;
}

bool alarm_at (struct network *net, int office, const char *name)
{
	struct alarm *alarms;
	size_t count = alarm_list (net->office[office].ledger, 0, 100, net->arena, &alarms);

	for (size_t i = 0; i < count; i++)
		if (strcmp (alarms[i].name, name) == 0)
			return true;
	return false;
}

size_t entries_at (struct network *net, int office)
{
	return ledger_size (net->office[office].ledger).entries;
}

size_t inbox_count (struct network *net, int office, enum inbox_state state)
{
	struct inbox_row *rows;

	return inbox_list (net->office[office].ledger, state, NULL, 0, 100, net->arena,
			   &rows);
}

size_t outbox_kind_count (struct network *net, int office, const struct thread_id *thread,
			  const char *kind)
{
	struct outbox_row *rows;
	size_t count =
		outbox_by_thread (net->office[office].ledger, thread, net->arena, &rows);
	size_t same = 0;

	for (size_t i = 0; i < count; i++)
		same += strcmp (rows[i].kind, kind) == 0;
	return same;
}

void tick (struct network *net, int office)
{
	assert_ok (desk_tick (net->office[office].desk));
}
