/*
 * Enrolment files: what an agency or a hub hands to the registrar, and what comes back.
 */
#include "jembatan/directory.h"

#include <string.h>

#include "proto/wire_directory.h"

#define REQUEST_DOMAIN "JMBTN-request-v1"
#define SCRATCH_BYTES (LIMIT_DIRECTORY_BYTES + MIB)
#define WELCOME_ARENA_BYTES (2 * SCRATCH_BYTES)

/* A request asks for keys; their history and standing are the registrar's to write. */
static const struct member_key *only_key (const struct member *member, enum key_use use)
{
	const struct member_key *found = NULL;

	for (size_t i = 0; i < member->key_count; i++) {
		const struct member_key *key = &member->keys[i];

		if (key->use != use)
			continue;
		if (found != NULL || key->state != KEY_STATE_ACTIVE || key->since_ms != 0)
			return NULL;
		found = key;
	}
	return found;
}

static bool member_complete (const struct member *member)
{
	return member->key_count == 3 && only_key (member, KEY_SIG) != NULL
	       && only_key (member, KEY_BOX) != NULL && only_key (member, KEY_LINK) != NULL
	       && member->status == MEMBER_IS_ACTIVE;
}

/* The key that the proof must be made with; NULL when the request is not complete. */
static const struct public_key *proof_key (const struct request *request)
{
	if (request->is_hub)
		return &request->hub.log_key;
	return member_complete (&request->member)
		       ? &only_key (&request->member, KEY_SIG)->public_key
		       : NULL;
}

static err_t proof_check (const struct signed_request *from, const struct request *request)
{
	const struct public_key *key = proof_key (request);

	if (key == NULL)
		return ERR_MALFORMED;
	return verify_parts (key, &from->proof, REQUEST_DOMAIN, from->request, BYTES_NONE,
			     BYTES_NONE);
}

err_t request_read (struct bytes file, arena_t *arena, struct request *ret_request,
		    struct hash *ret_fingerprint)
{
	struct signed_request content;
	struct request request;
	err_t err = wire_signed_request_decode (file, arena, &content);

	if (err == ERR_OK)
		err = wire_request_decode (content.request, arena, &request);
	if (err == ERR_OK)
		err = proof_check (&content, &request);
	if (err != ERR_OK)
		return err;
	*ret_request = request;
	*ret_fingerprint = hash_of (content.request, BYTES_NONE);
	return ERR_OK;
}

err_t request_make (const struct request *request, const keypair_t *proof, arena_t *arena,
		    struct bytes *ret_file)
{
	struct signed_request content = { .request = BYTES_NONE };
	struct request trial;
	err_t err = wire_request_encode (request, arena, &content.request);

	/* What the registrar would refuse is refused here, where somebody can mend it. */
	if (err == ERR_OK)
		err = wire_request_decode (content.request, arena, &trial);
	if (err != ERR_OK)
		return err;
	content.proof = sign_parts (proof, REQUEST_DOMAIN, content.request, BYTES_NONE,
				    BYTES_NONE);
	err = proof_check (&content, &trial);
	return err == ERR_OK ? wire_signed_request_encode (&content, arena, ret_file) : err;
}

err_t welcome_make (const directory_t *directory, arena_t *arena, struct bytes *ret_file)
{
	OWNED (arena) scratch = arena_new (SCRATCH_BYTES + MIB);
	struct welcome_file welcome = {
		.network = directory_data (directory)->network,
		.signed_directory = directory_signed_bytes (directory),
	};
	struct bytes file;
	err_t err = wire_welcome_encode (&welcome, scratch, &file);

	if (err != ERR_OK)
		return err;
	file = arena_bytes (arena, file);
	if (file.data == NULL)
		return ERR_TOO_LARGE;
	*ret_file = file;
	return ERR_OK;
}

err_t welcome_read (struct bytes file, directory_t **ret_directory)
{
	OWNED (arena) scratch = arena_new (WELCOME_ARENA_BYTES);
	struct welcome_file welcome;
	directory_t *directory;
	err_t err = wire_welcome_decode (file, scratch, &welcome);

	if (err == ERR_OK)
		err = directory_read (welcome.signed_directory, NULL, &directory);
	if (err != ERR_OK)
		return err;
	if (strcmp (welcome.network, directory_data (directory)->network) != 0) {
		directory_destroy (&directory);
		return ERR_MALFORMED;
	}
	*ret_directory = directory;
	return ERR_OK;
}
