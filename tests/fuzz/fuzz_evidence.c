/* A file that is read as an evidence pack is written again byte for byte, and its content, read and written
 * anew, stays the same; whatever is in it can be judged. */
#include <assert.h>

#include "proto/wire_evidence.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void content_round_trip (struct bytes from)
{
	OWNED (arena) arena = arena_new (64 * MIB);
	struct evidence first, second;
	struct bytes once, twice;
	err_t err;

	if (wire_evidence_decode (from, arena, &first) != ERR_OK)
		return;
	err = wire_evidence_encode (&first, arena, &once);
	assert (err == ERR_OK);
	err = wire_evidence_decode (once, arena, &second);
	assert (err == ERR_OK);
	err = wire_evidence_encode (&second, arena, &twice);
	assert (err == ERR_OK);
	assert (bytes_equal (once, twice));
}

/* A network of nobody: no letter of it can hold. */
static directory_t *nobodys (arena_t *arena)
{
	static const char *endpoint = "tcp://127.0.0.1:7000";
	OWNED (keypair) root = keypair_new (KEY_ROOT);
	struct registrar_key key = { keypair_public (root), "x" };
	struct hub_entry hub = { .id = "hub-uji", .endpoint_count = 1, .endpoints = &endpoint,
				 .link_key = { { 9 } }, .log_key = { { 8 } } };
	struct directory_data data = { .version = 1, .issued_ms = 1, .expires_ms = 2,
				       .network = "uji", .hub_count = 1, .hubs = &hub,
				       .registrar_key_count = 1, .registrar_keys = &key,
				       .threshold = 1 };
	directory_t *directory = NULL;
	struct bytes made;
	err_t err = directory_sign (&data, &root, 1, arena, &made);

	if (err == ERR_OK)
		err = directory_read (made, NULL, &directory);
	assert (err == ERR_OK);
	return directory;
}

static void judge_file (struct bytes from)
{
	OWNED (arena) arena = arena_new (EVIDENCE_ARENA_BYTES);
	OWNED (directory) directory = NULL;
	struct evidence_file file;
	struct evidence_verdict verdict;

	if (evidence_read (from, arena, &file) != ERR_OK)
		return;
	directory = nobodys (arena);
	evidence_judge (&file, directory, 2, arena, &verdict);
	assert (verdict.pack != ERR_OK && verdict.worst != ERR_OK);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	struct bytes from = { data, size };
	err_t err = keys_start ();

	assert (err == ERR_OK);
	content_round_trip (from);
	judge_file (from);
	return 0;
}
