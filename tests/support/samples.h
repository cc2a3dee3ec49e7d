/* One header, every frame and every letter body with all fields filled: what round-trip tests and
 * the seeds of the fuzz targets are made of. */
#ifndef TESTS_SUPPORT_SAMPLES_H
#define TESTS_SUPPORT_SAMPLES_H

#include "jembatan/frame.h"

struct header sample_header (void);

/* Everything lives in the arena. */
struct frame sample_frame (enum frame_type type, enum deliver_item item, arena_t *arena);
struct letter sample_letter (enum letter_body body, arena_t *arena);

/* A full clause. */
struct clause sample_clause (void);

#endif
