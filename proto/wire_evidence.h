/* The bytes of an evidence pack; see include/jembatan/evidence.h. */
#ifndef PROTO_WIRE_EVIDENCE_H
#define PROTO_WIRE_EVIDENCE_H

#include "jembatan/evidence.h"

MUST_USE err_t wire_evidence_encode (const struct evidence *from, arena_t *arena, struct bytes *ret_body);
MUST_USE err_t wire_evidence_decode (struct bytes body, arena_t *arena, struct evidence *ret_evidence);
MUST_USE err_t wire_signed_evidence_encode (struct bytes body, const struct signature *signature,
					    arena_t *arena, struct bytes *ret_file);
MUST_USE err_t wire_signed_evidence_decode (struct bytes file, arena_t *arena, struct bytes *ret_body,
					    struct signature *ret_signature);

#endif
