/* What a form can get wrong: its fields, and the columns and rows of its tables. */
#include "agents/catalogue/checker.h"

#include <stdio.h>
#include <string.h>

static const char *const sources[] = {
	"service", "person.name", "person.birth-date", "person.sex", "person.nik", "person.phone",
	"person.region", "person.guardian", "person.entry-door", "contact.safe-to-call",
	"contact.may-leave-message", "contact.who-knows",
};

/* ---- fields ----------------------------------------------------------------------------------- */

static void check_field_type (struct checker *checker, const struct field_spec *field)
{
	bool counts = field->type == ANSWER_INTEGER || field->type == ANSWER_RUPIAH;

	if (field->type == ANSWER_CODE && field->code_count == 0 && syntax_of (field->system) == NULL)
		complain (checker, field->name, field->system, "tanpa kode dan tanpa aturan penulisan",
			  "has neither codes nor a known syntax");
	if (*field->system != '\0' && syntax_of (field->system) == NULL)
		complain (checker, field->name, field->system, "bukan sistem kode yang dikenal",
			  "is no code system known here");
	if (field->type == ANSWER_QUANTITY && !unit_is_ucum (field->unit))
		complain (checker, field->name, field->unit, "bukan satuan UCUM yang dikenal",
			  "is no UCUM unit known here");
	if (counts && field->min >= field->max)
		complain (checker, field->name, "min, max", "tidak memberi pilihan",
			  "leave no choice");
}

static void check_field_names (struct checker *checker, const struct field_spec *field)
{
	const struct kind_spec *kind = checker->kind;

	if (*field->label != '\0' && !is_in (kind->labels, kind->label_count, field->label))
		complain (checker, field->name, field->label, "tidak ada di \"labels\" surat ini",
			  "is not in this kind's \"labels\"");
	if (*field->explained_by != '\0' && kind_field (kind, field->explained_by) == NULL)
		complain (checker, field->name, field->explained_by, "bukan isian surat ini",
			  "is no field of this kind");
	if (*field->from != '\0' && !is_in (sources, COUNT_OF (sources), field->from))
		complain (checker, field->name, field->from, "bukan sumber yang dikenal",
			  "is no source known here");
	if (kind_field (kind, field->name) != field)
		complain (checker, field->name, field->name, "disebut dua kali", "stands twice");
}

static void check_flag (struct checker *checker, size_t i)
{
	const struct kind_spec *kind = checker->kind;
	const char *flag = kind->fields[i].flag;

	for (size_t k = 0; k < i && *flag != '\0'; k++)
		if (strcmp (kind->fields[k].flag, flag) == 0)
			complain (checker, kind->fields[i].name, flag, "dipakai dua isian",
				  "is the flag of two fields");
}

/* ---- tables ----------------------------------------------------------------------------------- */

/* A row explains itself; the form may explain a row, and no row the form. */
static bool may_explain (const struct field_spec *field, const struct field_spec *why)
{
	return *why->group == '\0' || strcmp (why->group, field->group) == 0;
}

static void check_column (struct checker *checker, const struct field_spec *field)
{
	const struct field_spec *why = kind_field (checker->kind, field->explained_by);
	size_t len = strlen (field->group);

	if (why != NULL && !may_explain (field, why))
		complain (checker, field->name, field->explained_by,
			  "adalah kolom tabel lain", "is a column of another table");
	if (len == 0)
		return;
	if (kind_group (checker->kind, field->group) == NULL)
		complain (checker, field->name, field->group, "tidak ada di \"groups\" surat ini",
			  "is not in this kind's \"groups\"");
	if (strncmp (field->name, field->group, len) != 0 || field->name[len] != '.' ||
	    field->name[len + 1] == '\0')
		complain (checker, field->name, field->name,
			  "harus diawali nama tabelnya dan sebuah titik",
			  "must begin with its table's name and a dot");
	if (field->many)
		complain (checker, field->name, "many", "tidak dapat dipakai pada kolom",
			  "can't be used with a column");
	if (*field->from != '\0' || *field->flag != '\0')
		complain (checker, field->name, *field->from != '\0' ? field->from : field->flag,
			  "tidak dapat dipakai pada kolom", "can't be used with a column");
}

#define MOST_COLUMNS 12u   /* what people can read side by side */

static void check_rows (struct checker *checker, const struct group_spec *group)
{
	const struct kind_spec *kind = checker->kind;
	size_t columns = 0, required = 0;

	for (size_t i = 0; i < kind->field_count; i++) {
		if (strcmp (kind->fields[i].group, group->name) != 0)
			continue;
		columns++;
		required += kind->fields[i].required ? 1 : 0;
	}
	if (columns == 0)
		complain (checker, "groups", group->name, "tidak mempunyai kolom", "has no column");
	if (columns > MOST_COLUMNS)
		complain (checker, "groups", group->name, "mempunyai lebih dari 12 kolom",
			  "has more than 12 columns");
	if (group->most == 0 || group->least > group->most)
		complain (checker, group->name, "least, most", "tidak memberi pilihan",
			  "leave no choice");
	if (group->most > LIMIT_ANSWERS || group->most * required > LIMIT_ANSWERS)
		complain (checker, group->name, "most", "lebih banyak daripada isi satu surat",
			  "is more than a letter holds");
}

static void check_groups (struct checker *checker)
{
	const struct kind_spec *kind = checker->kind;

	for (size_t i = 0; i < kind->group_count; i++) {
		const struct group_spec *group = &kind->groups[i];

		check_rows (checker, group);
		if (kind_group (kind, group->name) != group)
			complain (checker, "groups", group->name, "disebut dua kali",
				  "stands twice");
		for (size_t k = 0; k < kind->field_count; k++)
			if (strcmp (kind->fields[k].flag, group->name) == 0 ||
			    strcmp (kind->fields[k].name, group->name) == 0)
				complain (checker, "groups", group->name,
					  "juga nama atau flag sebuah isian",
					  "is a field's name or flag too");
	}
}

void check_form (struct checker *checker)
{
	const struct kind_spec *kind = checker->kind;

	for (size_t i = 0; i < kind->field_count; i++) {
		check_field_type (checker, &kind->fields[i]);
		check_field_names (checker, &kind->fields[i]);
		check_column (checker, &kind->fields[i]);
		check_flag (checker, i);
	}
	check_groups (checker);
}
