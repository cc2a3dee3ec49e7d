/*
 * The holidays of one year in the place of what the file says: the joint decree (SKB) comes out once
 * a year, and an agency takes it in without changing the program's files.
 */
#include "agents/catalogue/inside.h"

#include <stdio.h>
#include <string.h>

static err_t judge_holiday (uint32_t year, const struct holiday *holidays, size_t at,
			    problems_t *problems)
{
	const char *date = holidays[at].date;
	char begins[8];

	snprintf (begins, sizeof begins, "%04u-", year % 10000);
	if (!date_is_real (date))
		return problems_add (problems, ERR_INVALID, "date",
				     "%s bukan tanggal; tulis seperti 2026-08-17",
				     "%s is no date; write one such as 2026-08-17", quoted (date));
	if (strncmp (date, begins, strlen (begins)) != 0)
		return problems_add (problems, ERR_INVALID, "date", "%s bukan hari tahun %u",
				     "%s is no day of the year %u", quoted (date), year);
	for (size_t i = 0; i < at; i++)
		if (strcmp (holidays[i].date, date) == 0)
			return problems_add (problems, ERR_INVALID, "date", "%s tertulis dua kali",
					     "%s stands there twice", quoted (date));
	return ERR_OK;
}

static err_t judge_holidays (uint32_t year, const struct holiday *holidays, size_t count,
			     problems_t *problems)
{
	err_t err = ERR_OK;

	if (year < 2000 || year > 2199)
		return problems_add (problems, ERR_INVALID, "year",
				     "tahun %u di luar 2000 sampai 2199",
				     "the year %u is not from 2000 to 2199", year);
	if (count > HOLIDAYS_MAX)
		return problems_add (problems, ERR_TOO_LARGE, "holidays",
				     "%zu hari libur; satu tahun paling banyak %u",
				     "%zu holidays; a year has at most %u", count, HOLIDAYS_MAX);
	for (size_t i = 0; i < count; i++) {
		err_t one = judge_holiday (year, holidays, i, problems);

		err = err == ERR_OK ? one : err;
	}
	return err;
}

static const char *keep_text (arena_t *arena, const char *text)
{
	size_t size = strlen (text) + 1;
	char *copy = arena_alloc (arena, size);

	return copy != NULL ? memcpy (copy, text, size) : NULL;
}

/* False when the catalogue's memory is full. */
static bool keep_holiday (arena_t *arena, const struct holiday *given, struct holiday *ret_kept)
{
	ret_kept->date = keep_text (arena, given->date);
	ret_kept->words.id = keep_text (arena, given->words.id);
	ret_kept->words.en = keep_text (arena, given->words.en);
	return ret_kept->date != NULL && ret_kept->words.id != NULL && ret_kept->words.en != NULL;
}

static bool keep_year (arena_t *arena, uint32_t year, const char *source,
		       const struct holiday *given, size_t count, struct holiday_year *ret_year)
{
	struct holiday *kept = arena_alloc (arena, (count + 1) * sizeof *kept);

	*ret_year = (struct holiday_year){ .year = year, .holiday_count = count, .holidays = kept };
	ret_year->source = keep_text (arena, source);
	if (kept == NULL || ret_year->source == NULL)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!keep_holiday (arena, &given[i], &kept[i]))
			return false;
	return true;
}

/* The years with room for one more, the new one in the old one's place. */
static bool place_year (catalogue_t *catalogue, const struct holiday_year *year)
{
	struct holidays_file *file = &catalogue->holidays;
	struct holiday_year *years =
		arena_alloc (catalogue->arena, (file->year_count + 1) * sizeof *years);
	size_t at = 0;

	if (years == NULL)
		return false;
	if (file->year_count > 0)
		memcpy (years, file->years, file->year_count * sizeof *years);
	while (at < file->year_count && years[at].year != year->year)
		at++;
	if (at == HOLIDAY_YEARS_MAX)
		return false;
	years[at] = *year;
	file->years = years;
	file->year_count += at == file->year_count ? 1 : 0;
	return true;
}

err_t catalogue_add_holidays (catalogue_t *catalogue, uint32_t year, const char *source,
			      const struct holiday *holidays, size_t count, problems_t *problems)
{
	struct holiday_year kept;
	err_t err = judge_holidays (year, holidays, count, problems);

	if (err != ERR_OK)
		return err;
	if (keep_year (catalogue->arena, year, source, holidays, count, &kept) &&
	    place_year (catalogue, &kept))
		return ERR_OK;
	return problems_add_texts (problems, ERR_TOO_LARGE, "holidays",
				   "tidak ada tempat lagi; mulai ulang agen, lalu coba lagi",
				   "there is no room left; restart the agent, then try again");
}

size_t catalogue_holidays (const catalogue_t *catalogue, const struct holiday_year **ret_years)
{
	*ret_years = catalogue->holidays.years;
	return catalogue->holidays.year_count;
}

bool catalogue_has_holidays (const catalogue_t *catalogue, int64_t year)
{
	for (size_t i = 0; i < catalogue->holidays.year_count; i++)
		if (catalogue->holidays.years[i].year == year)
			return catalogue->holidays.years[i].holiday_count >= HOLIDAYS_LEAST;
	return false;
}
