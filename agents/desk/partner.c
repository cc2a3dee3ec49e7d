/*
 * Partners: whoever a letter can be for.  A member of the network, somebody of the
 * address book, and this agency itself look alike to all that write letters; only the
 * carrier differs.
 */
#include "agents/desk/inside.h"

#include <stdlib.h>
#include <string.h>

#include "proto/text.h"

#define SERVICES_MAX 64 /* words of a contact's list that are read */
#define CONTACTS_MAX 10000

/* ---- one ------------------------------------------------------------------------ */

static void of_member (const struct member *member, struct partner *ret)
{
	*ret = (struct partner){
		.id = member->id,
		.carrier = CARRIER_WIRE,
		.name_id = member->name_id,
		.name_en = member->name_en,
		.kind = member->kind,
		.region = member->region,
		.phone = member->phone,
		.whatsapp = member->whatsapp,
		.address = member->address,
		.office_hours = member->office_hours,
		.service_count = member->service_count,
		.services = member->services,
		.suspended = member->status == MEMBER_IS_SUSPENDED,
	};
}

/* The words of "a b c", each with an end of its own. */
static size_t words_of (const char *text, arena_t *arena, const char *const **ret_words)
{
	const char **words = arena_must (arena, SERVICES_MAX * sizeof *words);
	size_t size = strlen (text) + 1, count = 0;
	char *copy = memcpy (arena_must (arena, size), text, size), *rest = copy, *word;

	while (count < SERVICES_MAX && (word = strtok_r (rest, " ", &rest)) != NULL)
		words[count++] = word;
	*ret_words = words;
	return count;
}

static void of_contact (const struct contact *contact, arena_t *arena,
			struct partner *ret)
{
	*ret = (struct partner){
		.id = contact->id,
		.carrier = CARRIER_PAPER,
		.name_id = contact->name,
		.name_en = contact->name,
		.kind = contact->kind,
		.region = contact->region,
		.phone = contact->phone,
		.whatsapp = contact->whatsapp,
		.address = contact->address,
		.office_hours = contact->office_hours,
	};
	ret->service_count = words_of (contact->services, arena, &ret->services);
}

err_t desk_partner (desk_t *desk, const struct agency_id *id, arena_t *arena,
		    struct partner *ret_partner)
{
	const struct member *member;
	struct contact contact;
	err_t err;

	if (contact_id_is (id)) {
		err = contact_get (desk->parts.ledger, id, arena, &contact);
		if (err == ERR_OK)
			of_contact (&contact, arena, ret_partner);
		return err;
	}
	member = directory_member (desk->parts.directory, id);
	if (member == NULL)
		return ERR_NOT_FOUND;
	of_member (member, ret_partner);
	if (agency_id_equal (id, &desk->parts.self))
		ret_partner->carrier = CARRIER_OWN;
	return ERR_OK;
}

const struct partner *step_partner (const struct step *step, const struct agency_id *id)
{
	struct partner *partner = arena_must (step->arena, sizeof *partner);

	return desk_partner (step->desk, id, step->arena, partner) == ERR_OK ? partner
									     : NULL;
}

enum carrier step_carrier (const struct step *step, const struct agency_id *to)
{
	if (contact_id_is (to))
		return CARRIER_PAPER;
	return agency_id_equal (to, step_self (step)) ? CARRIER_OWN : CARRIER_WIRE;
}

struct agency_id step_enrolled (const struct step *step, const struct agency_id *id)
{
	struct contact contact;

	if (contact_id_is (id) &&
	    contact_get (step_ledger (step), id, step->arena, &contact) == ERR_OK &&
	    text_given (contact.agency.text))
		return contact.agency;
	return *id;
}

/* ---- those near ----------------------------------------------------------------- */

int region_shared (const char *a, const char *b)
{
	int shared = 0;

	while (*a != '\0' && *b != '\0') {
		size_t len = strcspn (a, "."), other = strcspn (b, ".");

		if (len != other || strncmp (a, b, len) != 0)
			return shared;
		shared++;
		a += len + (a[len] == '.');
		b += other + (b[other] == '.');
	}
	return shared;
}

struct near {
	struct partner partner;
	int shared;
};

static int nearer (const void *a, const void *b)
{
	const struct near *x = a, *y = b;

	if (x->shared != y->shared)
		return y->shared - x->shared;
	if (x->partner.carrier != y->partner.carrier)
		return x->partner.carrier == CARRIER_WIRE ? -1 : 1;
	return strcmp (x->partner.id.text, y->partner.id.text);
}

static bool may_get (const struct kind_spec *kind, const char *service,
		     const struct partner *partner)
{
	if (partner->suspended ||
	    (text_given (service) &&
	     !word_among (service, partner->services, partner->service_count)))
		return false;
	return kind == NULL || kind->to_kind_count == 0 ||
	       word_among (partner->kind, kind->to_kinds, kind->to_kind_count);
}

struct search {
	const struct kind_spec *kind; /* NULL = any */
	const char *service, *region;
	struct near *found;
	size_t count;
};

static void consider (struct search *search, const struct partner *partner)
{
	if (may_get (search->kind, search->service, partner))
		search->found[search->count++] = (struct near){
			*partner, region_shared (partner->region, search->region)
		};
}

size_t desk_partners_near (desk_t *desk, const char *kind, const char *service,
			   const char *region, size_t max, arena_t *arena,
			   struct partner **ret_partners)
{
	const struct directory_data *data = directory_data (desk->parts.directory);
	struct search search = { .service = service, .region = region };
	struct contact *contacts;
	size_t contact_count = contact_list (desk->parts.ledger, "", CONTACTS_MAX, arena,
					     &contacts);
	struct partner partner;

	if (text_given (kind))
		search.kind = catalogue_kind (desk->parts.catalogue, kind, 0);
	search.found = arena_must (arena, (data->member_count + contact_count + 1) *
						  sizeof *search.found);
	for (size_t i = 0; i < data->member_count; i++) {
		of_member (&data->members[i], &partner);
		if (!agency_id_equal (&partner.id, &desk->parts.self))
			consider (&search, &partner);
	}
	for (size_t i = 0; i < contact_count; i++) {
		of_contact (&contacts[i], arena, &partner);
		/* One that has enrolled stands there as a member. */
		if (!text_given (contacts[i].agency.text))
			consider (&search, &partner);
	}
	qsort (search.found, search.count, sizeof *search.found, nearer);
	if (search.count > max)
		search.count = max;
	*ret_partners = arena_must (arena, (search.count + 1) * sizeof **ret_partners);
	for (size_t i = 0; i < search.count; i++)
		(*ret_partners)[i] = search.found[i].partner;
	return search.count;
}

/* ---- the address book ----------------------------------------------------------- */

static void check_text (problems_t *problems, const char *field, const char *text,
			size_t max, bool required)
{
	size_t len = strlen (text);

	if (len == 0 && required)
		problems_add (problems, ERR_INVALID, field, "wajib diisi",
			      "must be filled in");
	else if (len > max || !text_is_clean (bytes_of_text (text)))
		problems_add (problems, ERR_INVALID, field,
			      "harus berupa teks tanpa karakter kendali, paling banyak "
			      "%zu bita",
			      "must be text without control characters, at most %zu "
			      "bytes",
			      max);
}

static void check_phone (problems_t *problems, const char *field, const char *phone)
{
	if (text_given (phone) && !phone_is_e164 (phone))
		problems_add (problems, ERR_INVALID, field,
			      "%s bukan nomor telepon; tulis misalnya +6281234567890",
			      "%s is no phone number; write for example +6281234567890",
			      quoted (phone));
}

static void check_kind (const struct step *step, const struct contact *contact,
			problems_t *problems)
{
	const struct code_spec *kinds;
	size_t count = catalogue_agency_kinds (step->desk->parts.catalogue, &kinds);

	for (size_t i = 0; i < count; i++)
		if (text_is (kinds[i].code, contact->kind))
			return;
	problems_add (problems, ERR_INVALID, "kind",
		      "jenis instansi %s tidak dikenal",
		      "the kind of agency %s is not known", quoted (contact->kind));
}

static void check_services (const struct step *step, const struct contact *contact,
			    problems_t *problems)
{
	const char *const *services;
	size_t count = words_of (contact->services, step->arena, &services);

	for (size_t i = 0; i < count; i++)
		if (catalogue_service (step->desk->parts.catalogue, services[i]) == NULL)
			problems_add (problems, ERR_INVALID, "services",
				      "layanan %s tidak dikenal katalog",
				      "the service %s is not in the catalogue",
				      quoted (services[i]));
}

static void check_contact (const struct step *step, const struct contact *contact,
			   problems_t *problems)
{
	struct agency_id id;

	if (contact_id_parse (contact->id.text, &id) != ERR_OK)
		problems_add (problems, ERR_INVALID, "id",
			      "%s bukan kode kontak; tulis misalnya @puskesmas-ratu",
			      "%s is no contact's id; write for example @puskesmas-ratu",
			      quoted (contact->id.text));
	check_kind (step, contact, problems);
	if (!region_is_kemendagri (contact->region))
		problems_add (problems, ERR_INVALID, "region",
			      "%s bukan kode wilayah Kemendagri; contoh: 17.71",
			      "%s is not a Kemendagri region code; an example: 17.71",
			      quoted (contact->region));
	check_text (problems, "name", contact->name, LIMIT_NAME_BYTES, true);
	check_text (problems, "person", contact->person, LIMIT_NAME_BYTES, false);
	check_text (problems, "address", contact->address, LIMIT_NAME_BYTES, false);
	check_text (problems, "office_hours", contact->office_hours, LIMIT_NAME_BYTES,
		    false);
	check_text (problems, "note", contact->note, LIMIT_TEXT_BYTES, false);
	check_text (problems, "services", contact->services, LIMIT_TEXT_BYTES, false);
	check_phone (problems, "phone", contact->phone);
	check_phone (problems, "whatsapp", contact->whatsapp);
	check_services (step, contact, problems);
}

/* "" where nothing was said. */
static struct contact without_null (const struct contact *contact)
{
	struct contact full = *contact;
	const char **texts[] = { &full.kind,     &full.region,   &full.name,
				 &full.person,   &full.phone,    &full.whatsapp,
				 &full.address,  &full.office_hours,
				 &full.services, &full.note };

	for (size_t i = 0; i < COUNT_OF (texts); i++)
		if (*texts[i] == NULL)
			*texts[i] = "";
	return full;
}

static void save (const struct step *step, const struct contact *contact,
		  const char *word)
{
	struct entry entry = step_entry (step, ENTRY_SYSTEM);

	contact_save (step->tx, contact);
	entry.partner = contact->id;
	entry.word = word;
	entry_add (step->tx, &entry);
}

err_t desk_contact_judge (desk_t *desk, const struct contact *contact,
			  problems_t *problems)
{
	STEP step = step_inside (desk, NULL);
	OWNED (problems) found = problems_new ();
	struct contact full = without_null (contact);
	const struct problem *problem;

	check_contact (&step, &full, found);
	for (size_t i = 0; (problem = problems_at (found, i)) != NULL; i++)
		problems_add_texts (problems, problem->err, problem->field,
				    problem->text_id, problem->text_en);
	return problems_err (found);
}

/* Whoever became a member stays one, whatever is noted of them. */
static void record (const struct step *step, const struct contact *contact)
{
	struct contact saved = without_null (contact), known;

	saved.created_ms = step->now_ms;
	saved.agency = (struct agency_id){ "" };
	if (contact_get (step_ledger (step), &saved.id, step->arena, &known) == ERR_OK)
		saved.agency = known.agency;
	save (step, &saved, "contact");
}

err_t desk_contact_save (desk_t *desk, const struct actor *actor,
			 const struct contact *contact, problems_t *problems)
{
	STEP step = step_open (desk, actor);
	err_t err = permit (actor, USE_SEND);

	if (err == ERR_OK)
		err = desk_contact_judge (desk, contact, problems);
	if (err != ERR_OK)
		return err;
	record (&step, contact);
	return step_commit (&step);
}

void desk_contact_record (desk_t *desk, tx_t *tx, const struct actor *actor,
			  const struct contact *contact)
{
	STEP step = step_inside (desk, tx);

	step.actor = actor;
	record (&step, contact);
}

err_t desk_contact_enrolled (desk_t *desk, const struct actor *actor,
			     const struct agency_id *contact,
			     const struct agency_id *agency, problems_t *problems)
{
	STEP step = step_open (desk, actor);
	struct contact known;
	err_t err = permit (actor, USE_SEND);

	if (err == ERR_OK)
		err = contact_get (desk->parts.ledger, contact, step.arena, &known);
	if (err == ERR_NOT_FOUND)
		return problems_add (problems, err, "id",
				     "kontak %s tidak ada di buku alamat",
				     "the contact %s is not in the address book",
				     quoted (contact->text));
	if (err != ERR_OK)
		return err;
	if (step_carrier (&step, agency) != CARRIER_WIRE ||
	    step_member (&step, agency) == NULL)
		return problems_add (problems, ERR_NO_ROUTE, "agency",
				     "instansi %s tidak ada di direktori",
				     "the agency %s is not in the directory",
				     quoted (agency->text));
	known.agency = *agency;
	save (&step, &known, "enrolled");
	return step_commit (&step);
}
