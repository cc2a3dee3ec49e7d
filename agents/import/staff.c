/* Who works here: names, decrees, certificates.  Known by name. */
#include "agents/import/inside.h"

#include <stdlib.h>
#include <string.h>

#include "agents/ledger/staff.h"

enum {
	COLUMN_NAME,
	COLUMN_POSITION,
	COLUMN_PHONE,
	COLUMN_DECREE,
	COLUMN_CERTIFICATE,
	COLUMN_CERTIFICATE_UNTIL,
	COLUMN_SINCE,
	COLUMN_UNTIL,
	COLUMN_COUNT,
};

/* clang-format off */
static const struct column columns[] = {
	[COLUMN_NAME] = { .name = "name", .aliases = " nama nama_lengkap nama_petugas ",
	  .required = true, .personal = true, .max_bytes = LIMIT_NAME_BYTES, .check = check_line },
	[COLUMN_POSITION] = { .name = "position", .aliases = " jabatan tugas ",
	  .required = true, .max_bytes = LIMIT_NAME_BYTES, .check = check_line },
	[COLUMN_PHONE] = { .name = "phone", .aliases = " telepon no_telepon hp no_hp ",
	  .personal = true, .max_bytes = 40, .check = check_phone },
	[COLUMN_DECREE] = { .name = "decree", .aliases = " sk nomor_sk no_sk ",
	  .max_bytes = LIMIT_NAME_BYTES, .check = check_line },
	[COLUMN_CERTIFICATE] = { .name = "certificate", .aliases = " sertifikat nomor_sertifikat no_sertifikat ",
	  .max_bytes = LIMIT_NAME_BYTES, .check = check_line },
	[COLUMN_CERTIFICATE_UNTIL] = { .name = "certificate_until", .aliases = " sertifikat_sampai sertifikat_berlaku_sampai masa_berlaku berlaku_sampai ",
	  .max_bytes = 32, .check = check_date },
	[COLUMN_SINCE] = { .name = "since", .aliases = " sejak mulai tanggal_mulai ",
	  .max_bytes = 32, .check = check_date },
	[COLUMN_UNTIL] = { .name = "until", .aliases = " sampai selesai tanggal_selesai ",
	  .max_bytes = 32, .check = check_date },
};
static const size_t places[] = {
	[COLUMN_NAME]              = offsetof (struct staff, name),
	[COLUMN_POSITION]          = offsetof (struct staff, position),
	[COLUMN_PHONE]             = offsetof (struct staff, phone),
	[COLUMN_DECREE]            = offsetof (struct staff, decree),
	[COLUMN_CERTIFICATE]       = offsetof (struct staff, certificate),
	[COLUMN_CERTIFICATE_UNTIL] = offsetof (struct staff, certificate_until),
	[COLUMN_SINCE]             = offsetof (struct staff, since),
	[COLUMN_UNTIL]             = offsetof (struct staff, until),
};
/* clang-format on */

static const char **place (struct staff *staff, size_t column)
{
	return (const char **)((char *)staff + places[column]);
}

/* ---- who is known ------------------------------------------------------------ */

struct known {
	size_t count;
	struct staff *list; /* by name */
};

static int by_name (const void *a, const void *b)
{
	const struct staff *one = a, *two = b;

	return strcasecmp (one->name, two->name);
}

static const struct known *known_staff (struct import *import)
{
	struct known *known = import->state;

	if (known != NULL)
		return known;
	known = arena_must (import->arena, sizeof *known);
	known->count = staff_list (import_ledger (import), 0, LIMIT_IMPORT_ROWS,
				   import->arena, &known->list);
	if (known->count > 0)
		qsort (known->list, known->count, sizeof *known->list, by_name);
	import->state = known;
	return known;
}

static const struct staff *find (struct import *import, const char *name)
{
	const struct known *known = known_staff (import);
	struct staff wanted = { .name = name };

	if (known->count == 0)
		return NULL;
	return bsearch (&wanted, known->list, known->count, sizeof wanted, by_name);
}

/* ---- judging and writing ----------------------------------------------------- */

/* What the list leaves empty stays as it is. */
static bool merge (struct staff *staff, const struct row *row)
{
	bool changed = false;

	for (size_t i = 0; i < COLUMN_COUNT; i++) {
		const char **known = place (staff, i), *told = row_value (row, i);

		if (*known == NULL)
			*known = "";
		if (*told == '\0' || strcmp (*known, told) == 0)
			continue;
		*known = told;
		changed = true;
	}
	return changed;
}

static void check_dates (struct import *import, struct row *row,
			 const struct staff *staff)
{
	if (*staff->until != '\0' && *staff->since != '\0' &&
	    strcmp (staff->until, staff->since) < 0)
		import_complain (
			import, row, columns[COLUMN_UNTIL].name, ERR_INVALID,
			"%s lebih awal daripada tanggal mulai %s; perbaiki salah satu",
			"%s is before the first day %s; correct one of them",
			quoted (staff->until), quoted (staff->since));
	if (*staff->certificate_until != '\0' &&
	    date_day (staff->certificate_until) < import_today (import))
		import_warn (import, row->line, columns[COLUMN_CERTIFICATE_UNTIL].name,
			     "sertifikat sudah habis masa berlakunya",
			     "the certificate is no longer valid");
}

static void judge (struct import *import, struct row *row)
{
	const struct staff *known = find (import, row_value (row, COLUMN_NAME));
	struct staff *staff = arena_must (import->arena, sizeof *staff);
	bool changed;

	if (known != NULL)
		*staff = *known;
	changed = merge (staff, row);
	row->noun = staff;
	row->fate = known == NULL ? FATE_NEW : changed ? FATE_CHANGED : FATE_KNOWN;
	check_dates (import, row, staff);
}

static void write (struct import *import, tx_t *tx, struct row *row)
{
	if (row->fate == FATE_NEW)
		staff_add (tx, row->noun);
	else
		staff_update (tx, row->noun);
}

const struct import_list staff_members_list = {
	.what = "staff",
	.use = USE_ADMIN,
	.columns = columns,
	.column_count = COUNT_OF (columns),
	.key = COLUMN_NAME,
	.judge = judge,
	.write = write,
};
