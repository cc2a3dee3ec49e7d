/*
 * People at the desks of a town: they take somebody in, refer, look, and take the next step.  Each
 * act is one call of a desk as the api makes it; what the desk acknowledged is noted in the town.
 * Who acts runs.
 */
#ifndef TESTS_TOWN_PEOPLE_H
#define TESTS_TOWN_PEOPLE_H

#include "tests/town/town.h"

/* Somebody new, who consents to treatment by everybody who treats. */
MUST_USE err_t people_take_in (town_t *town, enum house at, struct person_id *ret_person);

MUST_USE err_t people_refer (town_t *town, enum house from, enum house to,
			     const struct person_id *person, enum urgency urgency,
			     struct thread_id *ret_thread);

/* The same, with a file of so many bytes, whose content follows from that. */
MUST_USE err_t people_refer_file (town_t *town, enum house from, enum house to,
				  const struct person_id *person, size_t size);
uint8_t people_file_byte (size_t size, size_t at);

/* The first look at a referral that has come. */
void people_look (town_t *town, enum house at, const struct thread_id *thread);

/* A letter of this kind about a referral; what its form asks for is answered plausibly. */
MUST_USE err_t people_write (town_t *town, enum house from, const struct thread_id *thread,
			     const struct kind_spec *kind);

#endif
