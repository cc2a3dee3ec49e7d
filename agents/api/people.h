/* The intake form, described like the form of a letter so that it is drawn the same way.
 */
#ifndef AGENTS_API_PEOPLE_H
#define AGENTS_API_PEOPLE_H

#include "agents/catalogue/catalogue.h"

const struct field_spec *people_form (size_t *ret_count);

#endif
