/* What words.json and holidays.json can get wrong. */
#include "agents/catalogue/checker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/text.h"

static void check_codes (struct checker *checker, const char *place, const struct code_spec *codes,
			 size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < i; k++)
			if (strcmp (codes[i].code, codes[k].code) == 0)
				complain (checker, place, codes[i].code, "disebut dua kali",
					  "stands twice");
}

static void check_services (struct checker *checker)
{
	const struct words_file *words = &checker->catalogue->words;

	for (size_t i = 0; i < words->service_count; i++) {
		const struct service_spec *service = &words->services[i];

		if (!catalogue_has_purpose (checker->catalogue, service->purpose))
			complain (checker, "services", service->purpose,
				  "tidak ada di \"purposes\"", "is not in \"purposes\"");
		check_lane (checker, service->lane);
		if (catalogue_service (checker->catalogue, service->code) != service)
			complain (checker, "services", service->code, "disebut dua kali",
				  "stands twice");
	}
}

static void check_sights (struct checker *checker)
{
	const struct words_file *words = &checker->catalogue->words;

	for (size_t i = 0; i < words->sight_count; i++) {
		const struct sight *sight = &words->sights[i];

		check_known (checker, "sees", &sight->agency_kind, 1, words->agency_kinds,
			     words->agency_kind_count);
		check_known (checker, "sees", sight->labels, sight->label_count, words->labels,
			     words->label_count);
		for (size_t k = 0; k < i; k++)
			if (strcmp (words->sights[k].agency_kind, sight->agency_kind) == 0)
				complain (checker, "sees", sight->agency_kind, "disebut dua kali",
					  "stands twice");
	}
}

/* Texts are folded before they are searched, so a word that is not could never be found. */
static bool is_folded (const char *word)
{
	char *folded = text_fold (word);
	size_t len = strlen (folded);
	bool same = len > 0 && strncmp (word, folded, len) == 0 &&
		    (word[len] == '\0' || strcmp (word + len, "*") == 0);

	free (folded);
	return same;
}

static void check_discreet_words (struct checker *checker)
{
	const char *const *list = checker->catalogue->words.discreet_words;
	size_t count = checker->catalogue->words.discreet_word_count;

	for (size_t i = 0; i < count; i++) {
		if (!is_folded (list[i]))
			complain (checker, "discreet_words", list[i],
				  "harus ditulis dengan huruf kecil tanpa aksen dan tanda baca; "
				  "* hanya di akhir",
				  "must be lower case without accents or punctuation; * only at "
				  "the end");
		if (is_in (list, i, list[i]))
			complain (checker, "discreet_words", list[i], "disebut dua kali",
				  "stands twice");
	}
}

void check_words (struct checker *checker)
{
	const struct words_file *words = &checker->catalogue->words;

	check_sights (checker);
	check_known (checker, "telling_kinds", words->telling_kinds, words->telling_kind_count,
		     words->agency_kinds, words->agency_kind_count);
	check_discreet_words (checker);
	check_services (checker);
	check_codes (checker, "labels", words->labels, words->label_count);
	check_codes (checker, "agency_kinds", words->agency_kinds, words->agency_kind_count);
	for (size_t i = 0; i < words->list_count; i++)
		check_codes (checker, words->lists[i].name, words->lists[i].codes,
			     words->lists[i].code_count);
}

void check_holidays (struct checker *checker)
{
	const struct holidays_file *holidays = &checker->catalogue->holidays;
	char year[16];

	for (size_t i = 0; i < holidays->year_count; i++) {
		snprintf (year, sizeof year, "%04u-", holidays->years[i].year);
		for (size_t k = 0; k < holidays->years[i].holiday_count; k++) {
			const char *date = holidays->years[i].holidays[k].date;

			if (strncmp (date, year, strlen (year)) != 0)
				complain (checker, "holidays.json", date, "bukan hari tahun itu",
					  "is no day of that year");
		}
	}
}
