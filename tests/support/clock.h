/* Turns the clock of a unit test. */
#ifndef TESTS_SUPPORT_CLOCK_H
#define TESTS_SUPPORT_CLOCK_H

#include <stdint.h>

void clock_turn (int64_t by_ms);

#endif
