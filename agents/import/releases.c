/* Who will be released from prison: the list of the prison's own system. */
#include "agents/import/inside.h"

#include <stdlib.h>
#include <string.h>

enum {
	COLUMN_NAME,
	COLUMN_NIK,
	COLUMN_BIRTH_DATE,
	COLUMN_SEX,
	COLUMN_DATE,
	COLUMN_TYPE,
	COLUMN_REGION,
	COLUMN_GUARDIAN,
	COLUMN_NOTE,
};

/* clang-format off */
static const struct choice sexes[] = {
	{ "L", "male" },   { "laki-laki", "male" },   { "pria", "male" },     { "male", "male" },   { "M", "male" },
	{ "P", "female" }, { "perempuan", "female" }, { "wanita", "female" }, { "female", "female" }, { "F", "female" },
};
/* Free after the whole sentence; conditional release; leave before or instead of it. */
static const struct choice types[] = {
	{ "bebas", "bebas" },                { "bebas murni", "bebas" }, { "murni", "bebas" },
	{ "PB", "pb" }, { "pembebasan bersyarat", "pb" },
	{ "CB", "cb" }, { "cuti bersyarat", "cb" }, { "CMB", "cb" }, { "cuti menjelang bebas", "cb" },
};

static const struct column columns[] = {
	[COLUMN_NAME] = { .name = "name", .aliases = " nama nama_lengkap nama_wbp nama_narapidana ",
	  .required = true, .personal = true, .max_bytes = LIMIT_NAME_BYTES, .check = check_line },
	[COLUMN_NIK] = { .name = "nik", .aliases = " no_nik nomor_nik no_ktp ",
	  .required = true, .personal = true, .max_bytes = 32, .check = check_nik },
	[COLUMN_BIRTH_DATE] = { .name = "birth_date", .aliases = " tanggal_lahir tgl_lahir date_of_birth ",
	  .personal = true, .max_bytes = 32, .check = check_date },
	[COLUMN_SEX] = { .name = "sex", .aliases = " jenis_kelamin kelamin jk l_p gender ",
	  .max_bytes = 32, .check = check_choice, .choice_count = COUNT_OF (sexes), .choices = sexes },
	[COLUMN_DATE] = { .name = "release_date", .aliases = " tanggal_bebas tgl_bebas tanggal_ekspirasi tgl_ekspirasi ",
	  .required = true, .max_bytes = 32, .check = check_date },
	[COLUMN_TYPE] = { .name = "type", .aliases = " jenis jenis_bebas jenis_pembebasan release_type ",
	  .max_bytes = 32, .check = check_choice, .choice_count = COUNT_OF (types), .choices = types },
	[COLUMN_REGION] = { .name = "region", .aliases = " wilayah kode_wilayah wilayah_tujuan region_code ",
	  .personal = true, .max_bytes = 32, .check = check_region },
	[COLUMN_GUARDIAN] = { .name = "guardian", .aliases = " wali nama_wali penjamin ",
	  .personal = true, .max_bytes = LIMIT_NAME_BYTES, .check = check_line },
	[COLUMN_NOTE] = { .name = "note", .aliases = " catatan keterangan remarks ",
	  .personal = true, .max_bytes = 1000 },
};
/* clang-format on */

static struct release *release_of (struct import *import, const struct row *row)
{
	struct release *release = arena_must (import->arena, sizeof *release);

	*release = (struct release){
		.person = { .name = row_value (row, COLUMN_NAME),
			    .nik = row_value (row, COLUMN_NIK),
			    .birth_date = row_value (row, COLUMN_BIRTH_DATE),
			    .sex = row_value (row, COLUMN_SEX),
			    .region = row_value (row, COLUMN_REGION),
			    .guardian = row_value (row, COLUMN_GUARDIAN) },
		.date = row_value (row, COLUMN_DATE),
		.type = row_value (row, COLUMN_TYPE),
		.note = row_value (row, COLUMN_NOTE),
	};
	return release;
}

/* ---- NIK and birth date say the same ----------------------------------------- */

/* A NIK has DDMMYY in it, with 40 added to a woman's day. */
static bool nik_fits (const char *nik, const char *birth_date, const char *sex)
{
	int day = (nik[6] - '0') * 10 + nik[7] - '0';
	bool woman = day > 40;

	if (strcmp (sex, "") != 0 && woman != (strcmp (sex, "female") == 0))
		return false;
	return *birth_date == '\0' ||
	       ((woman ? day - 40 : day) == atoi (birth_date + 8) &&
		strncmp (nik + 8, birth_date + 5, 2) == 0 &&
		strncmp (nik + 10, birth_date + 2, 2) == 0);
}

static void compare_nik (struct import *import, const struct row *row)
{
	if (!nik_fits (row_value (row, COLUMN_NIK), row_value (row, COLUMN_BIRTH_DATE),
		       row_value (row, COLUMN_SEX)))
		import_warn (
			import, row->line, columns[COLUMN_NIK].name,
			"NIK tidak cocok dengan tanggal lahir atau jenis kelamin; "
			"periksa",
			"the NIK does not fit the birth date or the sex; check them");
}

/* ---- judging and writing ----------------------------------------------------- */

static void judge (struct import *import, struct row *row)
{
	static const enum fate fates[] = {
		[STANDING_NEW] = FATE_NEW,
		[STANDING_CHANGED] = FATE_CHANGED,
		[STANDING_KNOWN] = FATE_KNOWN,
	};
	OWNED (problems) problems = problems_new ();
	struct release *release = release_of (import, row);
	enum standing standing = STANDING_KNOWN;
	err_t err = desk_release_judge (import->desk, release, &standing, problems);

	row->noun = release;
	compare_nik (import, row);
	if (err == ERR_OK)
		row->fate = fates[standing];
	else if (problems_count (problems) > 0)
		import_complain_all (import, row, problems);
	else
		import_complain_texts (import, row, columns[COLUMN_NIK].name, err,
				       err_text_id (err), err_text_en (err));
}

static void write (struct import *import, tx_t *tx, struct row *row)
{
	desk_release_record (import->desk, tx, import->actor, row->noun);
}

const struct import_list releases_list = {
	.what = "releases",
	.use = USE_INTAKE,
	.columns = columns,
	.column_count = COUNT_OF (columns),
	.key = COLUMN_NIK,
	.judge = judge,
	.write = write,
};
