/* The address book: partners that have no Jembatan.  Known by id. */
#include "agents/import/inside.h"

#include <stdio.h>
#include <string.h>

enum {
	COLUMN_ID,
	COLUMN_KIND,
	COLUMN_REGION,
	COLUMN_NAME,
	COLUMN_PERSON,
	COLUMN_PHONE,
	COLUMN_WHATSAPP,
	COLUMN_ADDRESS,
	COLUMN_OFFICE_HOURS,
	COLUMN_SERVICES,
	COLUMN_NOTE,
	COLUMN_COUNT,
};

static void check_id (struct cell *cell);
static void check_services (struct cell *cell);

/* clang-format off */
static const struct column columns[] = {
	[COLUMN_ID] = { .name = "id", .aliases = " kode kode_instansi pengenal ",
	  .required = true, .max_bytes = LIMIT_ID_TEXT, .check = check_id },
	[COLUMN_KIND] = { .name = "kind", .aliases = " jenis jenis_instansi ",
	  .required = true, .max_bytes = LIMIT_ID_TEXT, .check = check_line },
	[COLUMN_REGION] = { .name = "region", .aliases = " wilayah kode_wilayah region_code ",
	  .required = true, .max_bytes = 32, .check = check_region },
	[COLUMN_NAME] = { .name = "name", .aliases = " nama nama_instansi ",
	  .required = true, .max_bytes = LIMIT_NAME_BYTES, .check = check_line },
	[COLUMN_PERSON] = { .name = "person", .aliases = " narahubung kontak contact_person pic ",
	  .personal = true, .max_bytes = LIMIT_NAME_BYTES, .check = check_line },
	[COLUMN_PHONE] = { .name = "phone", .aliases = " telepon no_telepon ",
	  .personal = true, .max_bytes = 40, .check = check_phone },
	[COLUMN_WHATSAPP] = { .name = "whatsapp", .aliases = " wa no_wa no_whatsapp ",
	  .personal = true, .max_bytes = 40, .check = check_phone },
	[COLUMN_ADDRESS] = { .name = "address", .aliases = " alamat ",
	  .max_bytes = LIMIT_NAME_BYTES },
	[COLUMN_OFFICE_HOURS] = { .name = "office_hours", .aliases = " jam_kerja jam_layanan ",
	  .max_bytes = LIMIT_NAME_BYTES, .check = check_line },
	[COLUMN_SERVICES] = { .name = "services", .aliases = " layanan ",
	  .max_bytes = 1000, .check = check_services },
	[COLUMN_NOTE] = { .name = "note", .aliases = " catatan keterangan ",
	  .max_bytes = 1000 },
};
static const size_t places[] = {
	[COLUMN_KIND]         = offsetof (struct contact, kind),
	[COLUMN_REGION]       = offsetof (struct contact, region),
	[COLUMN_NAME]         = offsetof (struct contact, name),
	[COLUMN_PERSON]       = offsetof (struct contact, person),
	[COLUMN_PHONE]        = offsetof (struct contact, phone),
	[COLUMN_WHATSAPP]     = offsetof (struct contact, whatsapp),
	[COLUMN_ADDRESS]      = offsetof (struct contact, address),
	[COLUMN_OFFICE_HOURS] = offsetof (struct contact, office_hours),
	[COLUMN_SERVICES]     = offsetof (struct contact, services),
	[COLUMN_NOTE]         = offsetof (struct contact, note),
};
/* clang-format on */

/* The "@" may be left out: nothing else than a contact stands in this list. */
static void check_id (struct cell *cell)
{
	const char *text = *cell->value;
	struct agency_id id;

	if (text[0] != '@')
		text = arena_printf (cell->import->arena, "@%s", text);
	if (contact_id_parse (text, &id) == ERR_OK)
		*cell->value = arena_text (cell->import->arena, id.text);
	else
		import_complain (
			cell->import, cell->row, cell->column->name, ERR_INVALID,
			"%s bukan kode kontak; tulis misalnya @puskesmas-ratu",
			"%s is no contact's id; write for example @puskesmas-ratu",
			quoted (*cell->value));
}

/* "medical, lab" is "medical lab". */
static void check_services (struct cell *cell)
{
	char *text = arena_text (cell->import->arena, *cell->value), *to = text;

	for (const char *at = text; *at != '\0'; at++) {
		bool blank = strchr (" ,;/\n\t", *at) != NULL;

		if (!blank)
			*to++ = *at;
		else if (to > text && to[-1] != ' ')
			*to++ = ' ';
	}
	while (to > text && to[-1] == ' ')
		to--;
	*to = '\0';
	*cell->value = text;
}

static const char **place (struct contact *contact, size_t column)
{
	return (const char **)((char *)contact + places[column]);
}

/* What the list leaves empty stays as it is. */
static bool merge (struct contact *contact, const struct row *row)
{
	bool changed = false;

	for (size_t i = COLUMN_KIND; i < COLUMN_COUNT; i++) {
		const char **known = place (contact, i), *told = row_value (row, i);

		if (*known == NULL)
			*known = "";
		if (*told == '\0' || strcmp (*known, told) == 0)
			continue;
		*known = told;
		changed = true;
	}
	return changed;
}

static void judge (struct import *import, struct row *row)
{
	OWNED (problems) problems = problems_new ();
	struct contact *contact = arena_must (import->arena, sizeof *contact);
	struct agency_id id;
	bool known, changed;

	if (contact_id_parse (row_value (row, COLUMN_ID), &id) != ERR_OK)
		return;
	known = contact_get (import_ledger (import), &id, import->arena, contact) ==
		ERR_OK;
	contact->id = id;
	changed = merge (contact, row);
	row->noun = contact;
	row->fate = !known ? FATE_NEW : changed ? FATE_CHANGED : FATE_KNOWN;
	if (desk_contact_judge (import->desk, contact, problems) != ERR_OK)
		import_complain_all (import, row, problems);
}

static void write (struct import *import, tx_t *tx, struct row *row)
{
	desk_contact_record (import->desk, tx, import->actor, row->noun);
}

const struct import_list contacts_list = {
	.what = "contacts",
	.use = USE_ADMIN,
	.columns = columns,
	.column_count = COUNT_OF (columns),
	.key = COLUMN_ID,
	.judge = judge,
	.write = write,
};
