/*
 * Intake: a new person's record.  Every field is held against its own rule, so that one
 * form with three mistakes names all three; values are personal and never quoted back.
 */
#include "agents/desk/inside.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "proto/text.h"

static const char *const sexes[] = { "male", "female", "unknown" };
static const char *const yes_no[] = { "yes", "no", "unknown" };
/* Kinds of agencies whose work is to manage a person's whole way. */
static const char *const manager_kinds[] = { "ipwl", "bnn" };
static const char *const doors[] = { "family", "justice", "community", "outreach",
				     "self",   "dinsos",  "referral" };

void person_fill_silence (struct person *person)
{
	const char **texts[] = {
		&person->name,
		&person->nik,
		&person->birth_date,
		&person->sex,
		&person->phone,
		&person->region,
		&person->address,
		&person->guardian,
		&person->entry_door,
		&person->safe_to_call,
		&person->may_leave_message,
		&person->who_knows,
	};

	for (size_t i = 0; i < COUNT_OF (texts); i++)
		if (*texts[i] == NULL)
			*texts[i] = "";
	if (person->sex[0] == '\0')
		person->sex = "unknown";
	if (person->safe_to_call[0] == '\0')
		person->safe_to_call = "unknown";
	if (person->may_leave_message[0] == '\0')
		person->may_leave_message = "unknown";
}

static void check_text (problems_t *problems, const char *field, const char *text,
			size_t max, bool required)
{
	size_t len = strlen (text);

	if (len == 0 && required)
		problems_add (problems, ERR_INVALID, field, "wajib diisi",
			      "must be filled in");
	else if (len > max)
		problems_add (problems, ERR_INVALID, field,
			      "terlalu panjang: %zu bita, paling banyak %zu",
			      "too long: %zu bytes, at most %zu", len, max);
	else if (!text_is_clean (bytes_of_text (text)))
		problems_add (problems, ERR_INVALID, field,
			      "memuat karakter yang tidak dapat dibaca",
			      "has characters that can't be read");
}

static void check_word (problems_t *problems, const char *field, const char *word,
			const char *const *words, size_t count)
{
	if (word[0] != '\0' && !word_among (word, words, count))
		problems_add (problems, ERR_INVALID, field,
			      "%s bukan pilihan yang dikenal", "%s is not a known choice",
			      quoted (word));
}

static void check_syntax (problems_t *problems, const char *field, const char *text,
			  bool (*fits) (const char *text), const char *hint_id,
			  const char *hint_en)
{
	if (text[0] != '\0' && !fits (text))
		problems_add_texts (problems, ERR_INVALID, field, hint_id, hint_en);
}

static const char *own_region (const struct step *step)
{
	const struct member *self = step_member (step, step_self (step));

	return self != NULL ? self->region : "";
}

int person_age (const struct step *step, const char *birth_date)
{
	int64_t minutes = region_zone (own_region (step)).offset_minutes;
	time_t now = (time_t)((step->now_ms + minutes * MINUTE_MS) / 1000);
	struct tm today;
	int year, month, day, age;

	if (!date_is_real (birth_date))
		return -1;
	year = atoi (birth_date);
	month = atoi (birth_date + 5);
	day = atoi (birth_date + 8);
	gmtime_r (&now, &today);
	age = today.tm_year + 1900 - year;
	if (month > today.tm_mon + 1 ||
	    (month == today.tm_mon + 1 && day > today.tm_mday))
		age--;
	return age;
}

static bool manages_cases (const struct member *member)
{
	return member != NULL &&
	       word_among (member->kind, manager_kinds, COUNT_OF (manager_kinds));
}

/* Whoever takes a client in leads the case until it is transferred. */
const char *person_manager (const struct step *step, const struct agency_id *from)
{
	if (from != NULL && (!manages_cases (step_member (step, step_self (step))) ||
			     manages_cases (step_member (step, from))))
		return "";
	return step_self (step)->text;
}

static void check_age (const struct step *step, problems_t *problems,
		       const struct person *person)
{
	int age = person_age (step, person->birth_date);

	if (!date_is_real (person->birth_date))
		return;
	if (age < 0 || age > 130)
		problems_add (problems, ERR_INVALID, "birth_date",
			      "tanggal lahir tidak mungkin; periksa tahunnya",
			      "this birth date is not possible; check the year");
	else if (age < ADULT_YEARS && person->guardian[0] == '\0')
		problems_add (problems, ERR_INVALID, "guardian",
			      "wali wajib disebutkan bagi klien di bawah 18 tahun",
			      "a client under 18 needs a guardian's name");
}

void person_check (const struct step *step, const struct person *person,
		   problems_t *problems)
{
	check_text (problems, "name", person->name, LIMIT_NAME_BYTES, true);
	check_text (problems, "address", person->address, LIMIT_NAME_BYTES, false);
	check_text (problems, "guardian", person->guardian, LIMIT_NAME_BYTES, false);
	check_text (problems, "who_knows", person->who_knows, LIMIT_NAME_BYTES, false);
	check_syntax (problems, "nik", person->nik, nik_is_plausible,
		      "NIK harus 16 angka dengan tanggal lahir yang mungkin",
		      "a NIK has 16 digits with a possible birth date in them");
	check_syntax (problems, "birth_date", person->birth_date, date_is_real,
		      "tulis tanggal sebagai TTTT-BB-HH", "write the date as YYYY-MM-DD");
	check_syntax (problems, "phone", person->phone, phone_is_e164,
		      "tulis nomor telepon dengan kode negara, misalnya +62...",
		      "write the phone number with its country code, such as +62...");
	check_syntax (problems, "region", person->region, region_is_kemendagri,
		      "tulis kode wilayah Kemendagri, misalnya 17.71",
		      "write the Kemendagri region code, such as 17.71");
	check_word (problems, "sex", person->sex, sexes, COUNT_OF (sexes));
	check_word (problems, "entry_door", person->entry_door, doors, COUNT_OF (doors));
	check_word (problems, "safe_to_call", person->safe_to_call, yes_no,
		    COUNT_OF (yes_no));
	check_word (problems, "may_leave_message", person->may_leave_message, yes_no,
		    COUNT_OF (yes_no));
	check_age (step, problems, person);
}

static void check_duplicate (const struct step *step, problems_t *problems,
			     const struct person *person)
{
	struct person_id other;

	if (person->nik[0] == '\0' ||
	    person_by_nik (step_ledger (step), person->nik, &other) != ERR_OK)
		return;
	problems_add (problems, ERR_CONFLICT, "nik",
		      "NIK ini sudah ada pada berkas lain; cari orangnya dahulu",
		      "this NIK is already in another record; look the person up first");
}

err_t desk_intake (desk_t *desk, const struct actor *actor, struct person *person,
		   problems_t *problems)
{
	STEP step = step_open (desk, actor);
	OWNED (problems) found = problems_new ();
	struct entry entry = step_entry (&step, ENTRY_INTAKE);
	err_t err = permit (actor, USE_INTAKE);

	if (err != ERR_OK)
		return err;
	err = step_room (&step, problems);
	if (err != ERR_OK)
		return err;
	person_fill_silence (person);
	person_check (&step, person, found);
	check_duplicate (&step, found, person);
	for (size_t i = 0; i < problems_count (found); i++) {
		const struct problem *problem = problems_at (found, i);

		problems_add_texts (problems, problem->err, problem->field,
				    problem->text_id, problem->text_en);
	}
	if (problems_count (found) > 0)
		return problems_err (found);
	person->case_manager = person_manager (&step, NULL);
	person_add (step.tx, person);
	entry.person = person->id;
	entry_add (step.tx, &entry);
	return step_commit (&step);
}
