/*
 * Golden vectors: messages as readable JSON, straight from their bytes and the .proto files, without
 * the codec that they test; and key pairs made of fixed secrets.
 */
#ifndef TESTS_VECTORS_DESCRIBE_H
#define TESTS_VECTORS_DESCRIBE_H

#include <jansson.h>

#include "jembatan/keys.h"

/* The fields of a message ("Header", "Letter", "Frame", ...) that are set, by their names in the
 * .proto file: numbers and enums as integers, bytes in hex.  The caller owns it; NULL when the bytes
 * are no such message. */
json_t *describe (const char *message, struct bytes from);

json_t *hex_json (struct bytes from);

/* The bytes of a hex string, in the arena; fails the program when it is none. */
struct bytes hex_bytes (const json_t *hex, arena_t *arena);

/* The pair whose seed (Ed25519) or secret (X25519) is 32 times `fill`.  The caller owns it. */
keypair_t *fixed_pair (enum key_use use, uint8_t fill);

#endif
