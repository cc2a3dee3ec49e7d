/*
 * Who may read what: labels that a recipient may never see, and threads whose performer must not
 * learn that the person is in rehabilitation.
 */
#include "agents/catalogue/checker.h"

/* The kinds of agencies that may get this letter, one after the other; NULL behind the last. */
static const char *recipient_at (const struct checker *checker, size_t i)
{
	const struct words_file *words = &checker->catalogue->words;
	const struct kind_spec *kind = checker->kind;

	if (kind->to_kind_count > 0)
		return i < kind->to_kind_count ? kind->to_kinds[i] : NULL;
	return i < words->agency_kind_count ? words->agency_kinds[i].code : NULL;
}

static void check_seen (struct checker *checker, const char *label)
{
	const char *recipient;

	for (size_t i = 0; (recipient = recipient_at (checker, i)) != NULL; i++)
		if (catalogue_may_see (checker->catalogue, recipient, label))
			return;
	complain (checker, "labels", label, "tidak boleh dilihat penerima mana pun",
		  "may be seen by no recipient");
}

/* Who must give what its reader may not have can only break one rule or the other. */
static void check_required (struct checker *checker, const struct field_spec *field)
{
	const char *recipient;

	if (!field->required || *field->label == '\0')
		return;
	for (size_t i = 0; (recipient = recipient_at (checker, i)) != NULL; i++)
		if (!catalogue_may_see (checker->catalogue, recipient, field->label))
			complain (checker, field->name, recipient,
				  "tidak boleh melihat isian wajib ini",
				  "may never see this required field");
}

static void check_readers (struct checker *checker)
{
	const struct kind_spec *kind = checker->kind;

	if (checker->catalogue->words.sight_count == 0)
		return;   /* words.json says nothing of it */
	for (size_t i = 0; i < kind->label_count; i++)
		check_seen (checker, kind->labels[i]);
	for (size_t i = 0; i < kind->field_count; i++)
		check_required (checker, &kind->fields[i]);
}

static void check_telling (struct checker *checker, const char *place, const struct words *words)
{
	const char *found = catalogue_telling_word (checker->catalogue, words->id);

	if (found == NULL)
		found = catalogue_telling_word (checker->catalogue, words->en);
	if (found != NULL)
		complain (checker, place, found, "tidak boleh dibaca penerima rangkaian ini",
			  "must not be read by this thread's recipient");
}

/* What the performer of a discreet thread gets and what its forms are called. */
static void check_discreet_kind (struct checker *checker)
{
	const struct kind_spec *kind = checker->kind;

	if (sends (kind, PARTY_REQUESTER))
		for (size_t i = 0; i < kind->label_count; i++)
			complain (checker, "labels", kind->labels[i],
				  "tidak boleh sampai ke penerima rangkaian ini",
				  "must not reach this thread's recipient");
	check_telling (checker, "words", &kind->words);
	check_telling (checker, "sentence", &kind->sentence);
	for (size_t i = 0; i < kind->group_count; i++)
		check_telling (checker, kind->groups[i].name, &kind->groups[i].words);
	for (size_t i = 0; i < kind->field_count; i++) {
		check_telling (checker, kind->fields[i].name, &kind->fields[i].words);
		check_telling (checker, kind->fields[i].name, &kind->fields[i].hint);
	}
}

void check_sight (struct checker *checker)
{
	check_readers (checker);
	if (checker->thread->discreet)
		check_discreet_kind (checker);
}

void check_discreet_thread (struct checker *checker)
{
	if (checker->thread->discreet)
		check_telling (checker, "words", &checker->thread->words);
}
