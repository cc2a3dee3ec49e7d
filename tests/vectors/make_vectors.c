/*
 * make-vectors FOLDER writes the golden vectors anew.  Run it only when the protocol itself changes:
 * the committed files are what other implementations are held against.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jembatan/directory.h"
#include "jembatan/merkle.h"
#include "proto/wire.h"
#include "tests/support/samples.h"
#include "tests/vectors/describe.h"

#define MADE INT64_C (1793000000000)

static arena_t *arena;
static const char *folder;

/* What should not fail here stops the program with its name. */
static void must (err_t err, const char *what)
{
	if (err == ERR_OK)
		return;
	fprintf (stderr, "%s: %s\n", what, err_name (err));
	exit (1);
}

static void write_vector (const char *name, json_t *vector)
{
	char path[1024];

	snprintf (path, sizeof path, "%s/%s.json", folder, name);
	if (json_dump_file (vector, path, JSON_INDENT (1) | JSON_SORT_KEYS) != 0)
		must (ERR_FILE, path);
	json_decref (vector);
}

static json_t *message_vector (const char *message, struct bytes from)
{
	return json_pack ("{s:s, s:o, s:o}", "message", message, "bytes", hex_json (from), "fields",
			  describe (message, from));
}

static json_t *public_json (const keypair_t *pair)
{
	struct public_key key = keypair_public (pair);

	return hex_json (BYTES_OF (key.b));
}

static json_t *id_json (const keypair_t *pair)
{
	struct key_id id = keypair_id (pair);

	return hex_json (BYTES_OF (id.b));
}

static json_t *hash_json (struct hash hash)
{
	return hex_json (BYTES_OF (hash.b));
}

/* ---- keys and words --------------------------------------------------------------------------- */

static void make_keys (void)
{
	json_t *list = json_array ();

	for (enum key_use use = KEY_SIG; use <= KEY_ROOT; use++) {
		OWNED (keypair) pair = fixed_pair (use, (uint8_t)use);

		json_array_append_new (list,
				       json_pack ("{s:s, s:i, s:o, s:o, s:o}", "use",
						  key_use_name (use), "fill", (int)use, "secret",
						  hex_json (keypair_secret (pair)), "public",
						  public_json (pair), "id", id_json (pair)));
	}
	write_vector ("keys", list);
}

static void make_fingerprints (void)
{
	json_t *list = json_array ();

	/* Together these name every word once. */
	for (unsigned first = 0; first < 260; first += 10) {
		char text[FINGERPRINT_TEXT];
		struct hash hash;

		for (unsigned i = 0; i < sizeof hash.b; i++)
			hash.b[i] = (uint8_t)(first + i);
		json_array_append_new (list, json_pack ("{s:o, s:s}", "hash", hash_json (hash),
							"words", fingerprint_words (&hash, text)));
	}
	write_vector ("fingerprints", list);
}

/* ---- envelope, letters, consent, frames ------------------------------------------------------- */

static void make_header (void)
{
	struct header header = sample_header ();
	struct bytes h = header_encode (&header, arena);
	json_t *vector = message_vector ("Header", h);

	json_object_set_new (vector, "header_hash", hash_json (header_hash (h)));
	write_vector ("header", vector);
}

static void make_letters (void)
{
	json_t *list = json_array ();

	for (unsigned body = BODY_NONE; body <= BODY_LAST; body++) {
		struct letter letter = sample_letter (body, arena);
		struct bytes s;

		must (letter_encode (&letter, arena, &s), "letter");
		json_array_append_new (list, message_vector ("Letter", s));
	}
	write_vector ("letters", list);
}

static json_t *signed_json (const char *message, struct bytes content, const struct signature *sig,
			    const keypair_t *pair)
{
	json_t *vector = message_vector (message, content);

	json_object_set_new (vector, "key", public_json (pair));
	json_object_set_new (vector, "key_id", id_json (pair));
	json_object_set_new (vector, "signature", hex_json (BYTES_OF (sig->b)));
	return vector;
}

static void make_consent (void)
{
	OWNED (keypair) sig = fixed_pair (KEY_SIG, KEY_SIG);
	struct clause clause = sample_clause ();
	struct withdrawal withdrawal = { .clause = clause.id, .grantor = clause.grantor,
					 .said_ms = MADE, .recorded_ms = MADE + HOUR_MS,
					 .recorded_by = clause.grantor };
	struct signed_clause signed_clause;
	struct signed_withdrawal signed_withdrawal;

	must (clause_sign (&clause, sig, arena, &signed_clause), "clause");
	must (withdrawal_sign (&withdrawal, sig, arena, &signed_withdrawal), "withdrawal");
	write_vector ("clause", signed_json ("Clause", signed_clause.clause,
					     &signed_clause.signature, sig));
	write_vector ("withdrawal", signed_json ("Withdrawal", signed_withdrawal.withdrawal,
						 &signed_withdrawal.signature, sig));
}

static void make_envelope (void)
{
	OWNED (keypair) sig = fixed_pair (KEY_SIG, KEY_SIG);
	OWNED (keypair) box = fixed_pair (KEY_BOX, KEY_BOX);
	struct public_key box_key = keypair_public (box);
	struct letter letter = sample_letter (BODY_ANSWERS, arena);
	struct header header = sample_header ();
	struct sealed sealed;
	struct bytes s;

	letter.sig_key_id = keypair_id (sig);
	must (letter_encode (&letter, arena, &s), "letter");
	must (envelope_seal (&header, s, &box_key, sig, arena, &sealed), "envelope");
	write_vector ("envelope",
		      json_pack ("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "box_secret",
				 hex_json (keypair_secret (box)), "sig_public", public_json (sig), "h",
				 hex_json (sealed.h), "c", hex_json (sealed.c), "s", hex_json (s),
				 "sig", hex_json (BYTES_OF (sealed.sig.b)), "header_hash",
				 hash_json (sealed.header_hash), "digest",
				 hash_json (envelope_digest (sealed.h, sealed.c))));
}

/* Byte j is j mod 251, so that no two steps begin alike. */
static struct bytes counted_bytes (uint64_t length)
{
	uint8_t *plain = arena_must (arena, length);

	for (uint64_t j = 0; j < length; j++)
		plain[j] = (uint8_t)(j % 251);
	return (struct bytes){ plain, length };
}

static json_t *attachment_vector (uint64_t length, size_t place)
{
	struct letter_key key;
	struct bytes plain = counted_bytes (length);
	uint8_t *blob = arena_must (arena, blob_padded_bytes (length));
	OWNED (blob_sealer) sealer = NULL;
	struct blob_id id;
	struct hash digest;

	memset (key.b, 0x42, sizeof key.b);
	sealer = blob_sealer_new (&key, place, length);
	for (size_t step = 0; step < blob_steps (length); step++)
		blob_sealer_step (sealer,
				  (struct bytes){ plain.data + blob_step_begin (step),
						  blob_step_plain (length, step) },
				  blob + step * BLOB_STEP_BYTES);
	blob_sealer_end (sealer, &id, &digest);
	return json_pack ("{s:o, s:I, s:I, s:o, s:o, s:o, s:I}", "key", hex_json (BYTES_OF (key.b)),
			  "place", (json_int_t)place, "length", (json_int_t)length, "digest",
			  hash_json (digest), "header", hex_json ((struct bytes){ blob, 24 }), "blob",
			  hex_json (BYTES_OF (id.b)), "padded_length",
			  (json_int_t)blob_padded_bytes (length));
}

/* The smallest, the edges of the first two steps, and one of many. */
static void make_attachments (void)
{
	static const uint64_t lengths[] = { 1, 65495, 65496, 65495 + 65519, 65495 + 65519 + 1, 300000 };
	json_t *list = json_array ();

	for (size_t i = 0; i < COUNT_OF (lengths); i++)
		json_array_append_new (list, attachment_vector (lengths[i], i % LIMIT_BLOBS));
	write_vector ("attachments", list);
}

static void make_frames (void)
{
	json_t *list = json_array ();

	for (unsigned type = 1; type <= FRAME_TYPE_LAST; type++)
		for (unsigned item = DELIVER_LETTER;
		     item <= (type == FRAME_DELIVER ? DELIVER_NOTICE : DELIVER_LETTER); item++) {
			struct frame frame = sample_frame (type, item, arena);

			json_array_append_new (list, message_vector ("Frame",
								     frame_encode (&frame, arena)));
		}
	write_vector ("frames", list);
}

static void make_notice (void)
{
	OWNED (keypair) log = fixed_pair (KEY_LOG, KEY_LOG);
	struct header header = sample_header ();
	struct non_delivery word = { .id = header.id, .header_hash = { { 7 } }, .from = header.from,
				     .to = header.to, .reason = ERR_EXPIRED, .at_ms = MADE,
				     .leaf = 12, .hub = "hub-uji" };
	struct bytes statement = non_delivery_encode (&word, arena);
	struct signature signature = sign_parts (log, NOTICE_DOMAIN, statement, BYTES_NONE,
						 BYTES_NONE);

	write_vector ("notice", signed_json ("NonDelivery", statement, &signature, log));
}

/* ---- the directory and its files -------------------------------------------------------------- */

static const char *const services[] = { "rehabilitasi medis", "konseling" };

static struct member_key key_entry (const keypair_t *pair)
{
	return (struct member_key){ .use = keypair_use (pair), .public_key = keypair_public (pair),
				    .id = keypair_id (pair), .valid_from_ms = MADE };
}

static struct member member_with (const char *id, size_t key_count, const struct member_key *keys)
{
	struct member member = {
		.name_id = "IPWL Pesona", .name_en = "Pesona rehabilitation centre", .kind = "ipwl",
		.region = "17.71", .address = "Jl. Contoh 1, Bengkulu", .phone = "+6273600001",
		.whatsapp = "+628110000001", .office_hours = "Sen-Jum 08-16", .service_count = 2,
		.services = services, .key_count = key_count, .keys = keys,
	};

	must (agency_id_parse (id, &member.id), id);
	return member;
}

static json_t *request_json (const struct request *request, const keypair_t *proof)
{
	char words[FINGERPRINT_TEXT];
	struct hash fingerprint;
	struct request read;
	struct bytes file;
	json_t *vector;

	must (request_make (request, proof, arena, &file), "request");
	must (request_read (file, arena, &read, &fingerprint), "request");
	vector = message_vector ("SignedRequest", file);
	json_object_set_new (
		vector, "request",
		describe ("Request", hex_bytes (json_object_get (json_object_get (vector, "fields"),
								 "request"),
						arena)));
	json_object_set_new (vector, "key", public_json (proof));
	json_object_set_new (vector, "fingerprint", hash_json (fingerprint));
	json_object_set_new (vector, "words",
			     json_string (fingerprint_words (&fingerprint, words)));
	return vector;
}

static struct bytes sign_directory (struct directory_data *data)
{
	OWNED (keypair) root = fixed_pair (KEY_ROOT, KEY_ROOT);
	OWNED (keypair) second = fixed_pair (KEY_ROOT, 0x55);
	keypair_t *roots[] = { root, second };
	struct registrar_key root_keys[] = { { keypair_public (root), "Pendaftar" },
					     { keypair_public (second), "Saksi" } };
	struct bytes made;

	data->registrar_keys = root_keys;
	data->registrar_key_count = 2;
	data->threshold = 2;
	must (directory_sign (data, roots, 2, arena, &made), "directory");
	return made;
}

static void write_directory (struct bytes made)
{
	OWNED (directory) directory = NULL;
	json_t *vector = message_vector ("SignedDirectory", made);
	struct bytes content = hex_bytes (
		json_object_get (json_object_get (vector, "fields"), "directory"), arena);
	struct bytes welcome;

	json_object_set_new (vector, "directory", describe ("Directory", content));
	write_vector ("directory", vector);
	must (directory_read (made, NULL, &directory), "directory");
	must (welcome_make (directory, arena, &welcome), "welcome");
	write_vector ("welcome", message_vector ("WelcomeFile", welcome));
}

static void make_directory (void)
{
	OWNED (keypair) sig = fixed_pair (KEY_SIG, KEY_SIG);
	OWNED (keypair) box = fixed_pair (KEY_BOX, KEY_BOX);
	OWNED (keypair) link = fixed_pair (KEY_LINK, KEY_LINK);
	OWNED (keypair) log = fixed_pair (KEY_LOG, KEY_LOG);
	OWNED (keypair) old = fixed_pair (KEY_SIG, 0x66);
	const char *endpoint = "tcp://127.0.0.1:7000";
	struct member_key keys[] = { key_entry (sig), key_entry (box), key_entry (link),
				     key_entry (old) };
	struct member members[] = { member_with ("ipwl-pesona", 4, keys),
				    member_with ("dinas-sosial", 0, NULL) };
	struct hub_entry hub = { "hub-uji", 1, &endpoint, keypair_public (link),
				 keypair_public (log) };
	struct request agency_asks = { .member = member_with ("ipwl-pesona", 3, keys),
				       .made_ms = MADE };
	struct request hub_asks = { .is_hub = true, .hub = hub, .made_ms = MADE };
	struct oversight oversight = { members[1].id, 1, &members[0].id };
	struct catalogue_version catalogue = { "referral", 1 };
	struct directory_data data = {
		.version = 3, .issued_ms = MADE, .expires_ms = MADE + 120 * DAY_MS, .network = "uji",
		.hub_count = 1, .hubs = &hub, .catalogue_count = 1, .catalogue = &catalogue,
		.member_count = 2, .members = members, .oversight_count = 1, .oversight = &oversight,
	};

	keys[3].state = KEY_STATE_COMPROMISED;
	keys[3].since_ms = MADE + DAY_MS;
	members[0].neutral_sender = members[1].id;
	members[1].status = MEMBER_IS_SUSPENDED;
	write_vector ("requests", json_pack ("[o, o]", request_json (&agency_asks, sig),
					     request_json (&hub_asks, log)));
	write_directory (sign_directory (&data));
}

/* ---- the custody log -------------------------------------------------------------------------- */

static void make_tree (void)
{
	struct merkle_edge edge = { 0 };
	json_t *leaves = json_array (), *roots = json_array ();

	for (unsigned n = 0; n < 16; n++) {
		struct hash hH = { { (uint8_t)n } };
		enum leaf_kind kind = (enum leaf_kind)(LEAF_TAKEN + n % 4);
		struct hash leaf = leaf_hash (kind, &hH, MADE + n);

		json_array_append_new (roots, hash_json (merkle_root (&edge)));
		json_array_append_new (leaves,
				       json_pack ("{s:i, s:o, s:I, s:o}", "kind", (int)kind,
						  "header_hash", hash_json (hH), "at_ms",
						  (json_int_t)(MADE + n), "hash", hash_json (leaf)));
		merkle_append (&edge, &leaf);
	}
	json_array_append_new (roots, hash_json (merkle_root (&edge)));
	write_vector ("tree", json_pack ("{s:o, s:o}", "leaves", leaves, "roots", roots));
}

/* ---- proofs: each good one, and what becomes of it when something is changed ---- */

#define PROOF_LEAVES 21u

static struct hash proof_leaf[PROOF_LEAVES], proof_root[PROOF_LEAVES + 1];

static void plant_proof_tree (void)
{
	struct merkle_edge edge = { 0 };

	proof_root[0] = merkle_root (&edge);
	for (unsigned n = 0; n < PROOF_LEAVES; n++) {
		struct hash hH = { { (uint8_t)n, 1 } };

		proof_leaf[n] = leaf_hash (LEAF_TAKEN, &hH, MADE + n);
		merkle_append (&edge, &proof_leaf[n]);
		proof_root[n + 1] = merkle_root (&edge);
	}
}

static err_t proof_node (void *log, unsigned level, uint64_t position, struct hash *ret_node)
{
	struct merkle_edge edge = { 0 };

	for (uint64_t n = 0; n < UINT64_C (1) << level; n++)
		merkle_append (&edge, &proof_leaf[(position << level) + n]);
	*ret_node = edge.node[0];
	return ERR_OK;
}

static json_t *path_json (const struct merkle_path *path)
{
	json_t *list = json_array ();

	for (size_t i = 0; i < path->count; i++)
		json_array_append_new (list, hash_json (path->node[i]));
	return list;
}

/* Of a consistency proof `leaf` is the older root, `at` the older size. */
struct proof {
	bool inclusion;
	uint64_t at, size;
	struct hash leaf, root;
	struct merkle_path path;
};

static void add_proof (json_t *list, struct proof proof, const char *what)
{
	json_array_append_new (
		list, json_pack ("{s:s, s:b, s:I, s:I, s:o, s:o, s:o}", "what", what, "holds",
				 strcmp (what, "good") == 0, proof.inclusion ? "index" : "old_size",
				 (json_int_t)proof.at, "size", (json_int_t)proof.size,
				 proof.inclusion ? "leaf" : "old_root", hash_json (proof.leaf), "root",
				 hash_json (proof.root), "path", path_json (&proof.path)));
}

static void spoil_path (struct proof *proof)
{
	proof->path.node[proof->path.count / 2].b[7] ^= 0x10;
}

static void cut_path (struct proof *proof)
{
	proof->path.count--;
}

static void lengthen_path (struct proof *proof)
{
	proof->path.node[proof->path.count++] = proof->root;
}

static void shift_place (struct proof *proof)
{
	proof->at++;
}

static void spoil_leaf (struct proof *proof)
{
	proof->leaf.b[0] ^= 1;
}

static void spoil_root (struct proof *proof)
{
	proof->root.b[31] ^= 0x80;
}

static void take_next_size (struct proof *proof)
{
	proof->size *= 2;
}

static void add_variants (json_t *list, struct proof good)
{
	static const struct { const char *what; void (*spoil) (struct proof *); bool needs_path; } bad[] = {
		{ "changed node", spoil_path, true },      { "node missing", cut_path, true },
		{ "node too many", lengthen_path, false }, { "another place", shift_place, true },
		{ "another leaf", spoil_leaf, false },     { "another root", spoil_root, false },
		{ "another size", take_next_size, false },
	};

	add_proof (list, good, "good");
	for (size_t i = 0; i < COUNT_OF (bad); i++) {
		struct proof spoilt = good;

		if (bad[i].needs_path && good.path.count == 0)
			continue;
		bad[i].spoil (&spoilt);
		add_proof (list, spoilt, bad[i].what);
	}
}

static void make_proofs (void)
{
	static const struct { uint64_t at, size; } inclusions[] = {
		{ 0, 1 }, { 0, 2 }, { 6, 7 }, { 3, 8 }, { 15, 16 }, { 16, 17 }, { 5, 21 }, { 20, 21 },
	}, consistencies[] = { { 1, 1 }, { 1, 2 }, { 4, 8 }, { 6, 8 }, { 7, 21 }, { 16, 21 }, { 20, 21 } };
	json_t *list = json_array ();

	plant_proof_tree ();
	for (size_t i = 0; i < COUNT_OF (inclusions); i++) {
		struct proof proof = { true, inclusions[i].at, inclusions[i].size,
				       proof_leaf[inclusions[i].at], proof_root[inclusions[i].size],
				       { 0 } };

		must (merkle_inclusion (proof_node, NULL, proof.at, proof.size, &proof.path), "proof");
		add_variants (list, proof);
	}
	for (size_t i = 0; i < COUNT_OF (consistencies); i++) {
		struct proof proof = { false, consistencies[i].at, consistencies[i].size,
				       proof_root[consistencies[i].at],
				       proof_root[consistencies[i].size], { 0 } };

		must (merkle_consistency (proof_node, NULL, proof.at, proof.size, &proof.path), "proof");
		add_variants (list, proof);
	}
	write_vector ("proofs", list);
}

static void make_checkpoint (void)
{
	OWNED (keypair) log = fixed_pair (KEY_LOG, KEY_LOG);
	struct checkpoint checkpoint = {
		.origin = "uji/hub-uji/00112233-4455-4677-8899-aabbccddeeff", .size = 16,
		.root = { { 1, 2, 3 } },
	};

	write_vector ("checkpoint",
		      json_pack ("{s:s, s:o, s:s, s:I, s:o, s:s}", "signer", "hub-uji", "key",
				 public_json (log), "origin", checkpoint.origin, "size",
				 (json_int_t)checkpoint.size, "root", hash_json (checkpoint.root),
				 "note", checkpoint_sign (&checkpoint, "hub-uji", log, arena)));
}

int main (int argc, char **argv)
{
	static void (*const makers[]) (void) = {
		make_keys,   make_fingerprints, make_header, make_letters,   make_consent, make_envelope,
		make_attachments, make_frames, make_notice, make_tree, make_directory, make_checkpoint,
		make_proofs,
	};

	if (argc != 2) {
		fprintf (stderr, "usage: make-vectors FOLDER\n");
		return 2;
	}
	folder = argv[1];
	must (keys_start (), "libsodium");
	arena = arena_new (64 * MIB);
	for (size_t i = 0; i < COUNT_OF (makers); i++)
		makers[i]();
	arena_destroy (&arena);
	return 0;
}
