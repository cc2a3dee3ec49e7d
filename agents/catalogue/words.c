/* words.json: purposes, services, data labels, agency kinds and lists of codes, each in both
 * languages. */
#include "agents/catalogue/inside.h"

#include <string.h>

/* clang-format off */
static const struct key words_keys[] = {
	KEY ("id", true, read_text, struct words, id),
	KEY ("en", true, read_text, struct words, en),
};
const struct shape words_shape = { sizeof (struct words), words_keys, COUNT_OF (words_keys) };

static const struct key purpose_keys[] = {
	KEY ("purpose", true, read_token, struct purpose_spec, purpose),
	KEY_PART ("words", true, struct purpose_spec, words, &words_shape),
};
static const struct shape purpose_shape =
	{ sizeof (struct purpose_spec), purpose_keys, COUNT_OF (purpose_keys) };

/* A service begins like a code, so that the list of services serves as a list of codes. */
static const struct key service_keys[] = {
	KEY ("code", true, read_token, struct service_spec, code),
	KEY ("purpose", true, read_token, struct service_spec, purpose),
	KEY_PART ("words", true, struct service_spec, words, &words_shape),
};
static const struct shape service_shape =
	{ sizeof (struct service_spec), service_keys, COUNT_OF (service_keys) };

static const struct key code_keys[] = {
	KEY ("code", true, read_token, struct code_spec, code),
	KEY_PART ("words", true, struct code_spec, words, &words_shape),
};
static const struct shape code_shape =
	{ sizeof (struct code_spec), code_keys, COUNT_OF (code_keys) };

static const struct key list_keys[] = {
	KEY ("name", true, read_token, struct code_list, name),
	KEY_LIST ("codes", true, struct code_list, codes, code_count, &code_shape),
};
static const struct shape list_shape =
	{ sizeof (struct code_list), list_keys, COUNT_OF (list_keys) };

#define LIST(name, items, count, shape) \
	KEY_LIST (name, true, struct words_file, items, count, shape)
static const struct key words_file_keys[] = {
	LIST ("purposes", purposes, purpose_count, &purpose_shape),
	LIST ("services", services, service_count, &service_shape),
	LIST ("labels", labels, label_count, &code_shape),
	LIST ("agency_kinds", agency_kinds, agency_kind_count, &code_shape),
	LIST ("code_lists", lists, list_count, &list_shape),
};
const struct shape words_file_shape =
	{ sizeof (struct words_file), words_file_keys, COUNT_OF (words_file_keys) };
/* clang-format on */

bool words_code_list (const struct words_file *words, const char *name,
		      const struct code_spec **ret_codes, size_t *ret_count)
{
	for (size_t i = 0; i < words->list_count; i++) {
		if (words->lists[i].name == NULL || strcmp (words->lists[i].name, name) != 0)
			continue;
		*ret_codes = words->lists[i].codes;
		*ret_count = words->lists[i].code_count;
		return true;
	}
	return false;
}

size_t catalogue_purposes (const catalogue_t *catalogue, const struct purpose_spec **ret_purposes)
{
	*ret_purposes = catalogue->words.purposes;
	return catalogue->words.purpose_count;
}

size_t catalogue_services (const catalogue_t *catalogue, const struct service_spec **ret_services)
{
	*ret_services = catalogue->words.services;
	return catalogue->words.service_count;
}

size_t catalogue_labels (const catalogue_t *catalogue, const struct code_spec **ret_labels)
{
	*ret_labels = catalogue->words.labels;
	return catalogue->words.label_count;
}

size_t catalogue_agency_kinds (const catalogue_t *catalogue, const struct code_spec **ret_kinds)
{
	*ret_kinds = catalogue->words.agency_kinds;
	return catalogue->words.agency_kind_count;
}

const struct service_spec *catalogue_service (const catalogue_t *catalogue, const char *code)
{
	for (size_t i = 0; i < catalogue->words.service_count; i++)
		if (strcmp (catalogue->words.services[i].code, code) == 0)
			return &catalogue->words.services[i];
	return NULL;
}

bool catalogue_has_purpose (const catalogue_t *catalogue, const char *purpose)
{
	for (size_t i = 0; i < catalogue->words.purpose_count; i++)
		if (strcmp (catalogue->words.purposes[i].purpose, purpose) == 0)
			return true;
	return false;
}

bool catalogue_has_label (const catalogue_t *catalogue, const char *label)
{
	for (size_t i = 0; i < catalogue->words.label_count; i++)
		if (strcmp (catalogue->words.labels[i].code, label) == 0)
			return true;
	return false;
}
