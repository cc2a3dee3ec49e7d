/*
 * The bytes of a directory and of the two enrolment files; proto/directory.proto is the
 * specification.  What decodes here has the right form and sizes; who signed it, and whether it
 * contradicts itself, is judged in directory.c and request.c.
 */
#ifndef PROTO_WIRE_DIRECTORY_H
#define PROTO_WIRE_DIRECTORY_H

#include "jembatan/directory.h"

struct directory_signature {
	struct key_id key_id;
	struct signature signature;
};

struct signed_directory {
	struct bytes directory;          /* as signed */
	size_t signature_count;
	struct directory_signature signatures[LIMIT_REGISTRAR_KEYS];
};

struct signed_request {
	struct bytes request;            /* as signed */
	struct signature proof;
};

struct welcome_file {
	const char *network;
	struct bytes signed_directory;
};

/* Decoding gives ERR_MALFORMED or ERR_TOO_LARGE; everything it gives lives in the arena. */
MUST_USE err_t wire_directory_decode (struct bytes from, arena_t *arena,
				      struct directory_data *ret_data);
MUST_USE err_t wire_signed_directory_decode (struct bytes from, arena_t *arena,
					     struct signed_directory *ret_signed);
MUST_USE err_t wire_request_decode (struct bytes from, arena_t *arena,
				    struct request *ret_request);
MUST_USE err_t wire_signed_request_decode (struct bytes from, arena_t *arena,
					   struct signed_request *ret_signed);
MUST_USE err_t wire_welcome_decode (struct bytes from, arena_t *arena,
				    struct welcome_file *ret_welcome);

/* Encoding gives ERR_TOO_LARGE when the arena is too small. */
MUST_USE err_t wire_directory_encode (const struct directory_data *data, arena_t *arena,
				      struct bytes *ret_encoded);
MUST_USE err_t wire_signed_directory_encode (const struct signed_directory *signed_directory,
					     arena_t *arena, struct bytes *ret_encoded);
MUST_USE err_t wire_request_encode (const struct request *request, arena_t *arena,
				    struct bytes *ret_encoded);
MUST_USE err_t wire_signed_request_encode (const struct signed_request *signed_request,
					   arena_t *arena, struct bytes *ret_encoded);
MUST_USE err_t wire_welcome_encode (const struct welcome_file *welcome, arena_t *arena,
				    struct bytes *ret_encoded);

#endif
