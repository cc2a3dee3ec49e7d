/*
 * The shorter way for the frames of which there is one for each letter.  It gives what the general
 * way gives, byte for byte, or steps aside.
 */
#ifndef PROTO_WIRE_FRAME_LETTER_H
#define PROTO_WIRE_FRAME_LETTER_H

#include "jembatan/frame.h"

/* False: the general reader must judge these bytes.  The frame borrows from them. */
bool letter_frame_read (struct bytes from, struct frame *ret_frame);

/* BYTES_NONE: the general writer must write this frame. */
struct bytes letter_frame_write (const struct frame *frame, arena_t *arena);

#endif
