/*
 * words.json: purposes, services, data labels, agency kinds and lists of codes, each in both
 * languages; who may ever see which label, and the words that tell of rehabilitation.
 */
#include "agents/catalogue/inside.h"

#include <stdlib.h>
#include <string.h>

#include "proto/text.h"

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
	KEY ("lane", false, read_token, struct service_spec, lane),
	KEY_PART ("words", true, struct service_spec, words, &words_shape),
};
static const struct shape service_shape =
	{ sizeof (struct service_spec), service_keys, COUNT_OF (service_keys) };

static const struct key code_keys[] = {
	KEY ("code", true, read_token, struct code_spec, code),
	KEY ("explain", false, read_flag, struct code_spec, explain),
	KEY_PART ("words", true, struct code_spec, words, &words_shape),
};
const struct shape code_shape =
	{ sizeof (struct code_spec), code_keys, COUNT_OF (code_keys) };

static const struct key list_keys[] = {
	KEY ("name", true, read_token, struct code_list, name),
	KEY_LIST ("codes", true, struct code_list, codes, code_count, &code_shape),
};
static const struct shape list_shape =
	{ sizeof (struct code_list), list_keys, COUNT_OF (list_keys) };

static const struct key sight_keys[] = {
	KEY ("agency_kind", true, read_token, struct sight, agency_kind),
	KEY_TOKENS ("labels", true, struct sight, labels, label_count),
};
static const struct shape sight_shape =
	{ sizeof (struct sight), sight_keys, COUNT_OF (sight_keys) };

#define LIST(name, items, count, shape) \
	KEY_LIST (name, true, struct words_file, items, count, shape)
static const struct key words_file_keys[] = {
	LIST ("purposes", purposes, purpose_count, &purpose_shape),
	LIST ("services", services, service_count, &service_shape),
	LIST ("labels", labels, label_count, &code_shape),
	LIST ("agency_kinds", agency_kinds, agency_kind_count, &code_shape),
	LIST ("code_lists", lists, list_count, &list_shape),
	KEY_LIST ("sees", false, struct words_file, sights, sight_count, &sight_shape),
	KEY_TOKENS ("telling_kinds", false, struct words_file, telling_kinds, telling_kind_count),
	KEY_TEXTS ("discreet_words", false, struct words_file, discreet_words, discreet_word_count),
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

static bool is_in (const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp (names[i], name) == 0)
			return true;
	return false;
}

bool catalogue_may_see (const catalogue_t *catalogue, const char *agency_kind, const char *label)
{
	const struct words_file *words = &catalogue->words;

	for (size_t i = 0; i < words->sight_count; i++)
		if (strcmp (words->sights[i].agency_kind, agency_kind) == 0)
			return is_in (words->sights[i].labels, words->sights[i].label_count, label);
	return false;
}

bool catalogue_is_telling (const catalogue_t *catalogue, const char *agency_kind)
{
	return is_in (catalogue->words.telling_kinds, catalogue->words.telling_kind_count,
		      agency_kind);
}

/* Does the folded text have the word where one of its own words begins? */
static bool stands_at (const char *at, const char *word)
{
	size_t len = strlen (word);
	bool any_ending = len > 0 && word[len - 1] == '*';

	if (any_ending)
		len--;
	return strncmp (at, word, len) == 0 && (any_ending || at[len] == ' ' || at[len] == '\0');
}

static const char *word_at (const struct words_file *words, const char *at)
{
	for (size_t i = 0; i < words->discreet_word_count; i++)
		if (stands_at (at, words->discreet_words[i]))
			return words->discreet_words[i];
	return NULL;
}

const char *catalogue_telling_word (const catalogue_t *catalogue, const char *text)
{
	char *folded = text_fold (text);
	const char *found = NULL, *at = folded;

	while (found == NULL && at != NULL && *at != '\0') {
		found = word_at (&catalogue->words, at);
		at = strchr (at, ' ');
		at = at != NULL ? at + 1 : NULL;
	}
	explicit_bzero (folded, strlen (folded));
	free (folded);
	return found;
}

struct words catalogue_clock (const catalogue_t *catalogue, const char *clock)
{
	const struct code_spec *codes;
	size_t count;

	if (words_code_list (&catalogue->words, "clock", &codes, &count))
		for (size_t i = 0; i < count; i++)
			if (strcmp (codes[i].code, clock) == 0)
				return codes[i].words;
	return (struct words){ clock, clock };
}
