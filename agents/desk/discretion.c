/*
 * What may never reach a reader, whatever a clause says.  Labels: some kinds of agencies may never
 * see some data.  Discreet threads: a training centre or an employer must not learn that somebody
 * was in rehabilitation or in prison, neither from a word nor from who writes.
 */
#include "agents/desk/inside.h"

#define NEAR_MAX 200 /* partners among which somebody to ask is sought */
#define PERSON_NAME "person.name"

/* ---- labels ----------------------------------------------------------------------- */

const char *label_hidden_from (const struct step *step, const char *agency_kind,
			       const char *const *labels, size_t count)
{
	const catalogue_t *catalogue = step->desk->parts.catalogue;

	/* Of a label that this catalogue does not know nobody can say who may see it. */
	for (size_t i = 0; i < count; i++)
		if (catalogue_has_label (catalogue, labels[i]) &&
		    !catalogue_may_see (catalogue, agency_kind, labels[i]))
			return labels[i];
	return NULL;
}

static err_t judge_label (const struct step *step, const struct field_spec *field,
			  const struct answer *answer, const char *reader_kind,
			  problems_t *problems)
{
	if (!text_given (field->label) || answer->type == ANSWER_ABSENT ||
	    label_hidden_from (step, reader_kind, &field->label, 1) == NULL)
		return ERR_OK;
	return problems_add (problems, ERR_INVALID, answer->field,
			     "kosongkan isian %s: data berlabel %s tidak boleh dilihat jenis "
			     "instansi ini",
			     "leave the field %s empty: this kind of agency may never see data "
			     "labelled %s",
			     quoted (answer->field), quoted (field->label));
}

/* ---- words ------------------------------------------------------------------------ */

static const char *telling_word (const struct step *step, const char *text)
{
	return text_given (text)
		       ? catalogue_telling_word (step->desk->parts.catalogue, text)
		       : NULL;
}

/* A name is what it is; all else can be said in other words. */
static err_t judge_word (const struct step *step, const struct answer *answer,
			 problems_t *problems)
{
	const char *word = telling_word (step, answer->text);

	if (word == NULL)
		word = telling_word (step, answer->display);
	if (word == NULL || !answer_is_free (answer) || text_is (answer->field, PERSON_NAME))
		return ERR_OK;
	return problems_add (problems, ERR_INVALID, answer->field,
			     "isian %s memuat %s, kata yang tidak boleh sampai ke instansi ini; "
			     "tulis tanpa kata itu",
			     "the field %s has %s, a word that must not reach this agency; write "
			     "it without that word",
			     quoted (answer->field), quoted (word));
}

err_t discretion_judge (const struct step *step, const struct kind_spec *kind,
			const char *reader_kind, const struct answer *answers, size_t count,
			problems_t *problems)
{
	err_t err = ERR_OK;

	for (size_t i = 0; i < count; i++) {
		const struct field_spec *field = kind_field (kind, answers[i].field);
		err_t judged = ERR_OK;

		if (field != NULL)
			judged = judge_label (step, field, &answers[i], reader_kind, problems);
		if (judged == ERR_OK && kind->thread->discreet)
			judged = judge_word (step, &answers[i], problems);
		if (err == ERR_OK)
			err = judged;
	}
	return err;
}

static err_t judge_title (const struct step *step, const struct attachment *file,
			  problems_t *problems)
{
	const char *word = telling_word (step, file->title);

	if (word == NULL)
		return ERR_OK;
	return problems_add (problems, ERR_INVALID, "attachments",
			     "nama berkas memuat %s, kata yang tidak boleh sampai ke instansi ini; "
			     "beri nama lain",
			     "the name of the file has %s, a word that must not reach this agency; "
			     "give it another name",
			     quoted (word));
}

err_t discretion_judge_files (const struct step *step, const struct kind_spec *kind,
			      const char *reader_kind, const struct attachment *files,
			      size_t count, problems_t *problems)
{
	err_t err = ERR_OK;

	for (size_t i = 0; i < count; i++) {
		err_t judged = ERR_OK;

		if (text_given (files[i].label)
		    && label_hidden_from (step, reader_kind, &files[i].label, 1) != NULL)
			judged = problems_add (problems, ERR_INVALID, "attachments",
					       "jangan lampirkan berkas berlabel %s: jenis instansi "
					       "ini tidak boleh melihatnya",
					       "attach no file labelled %s: this kind of agency may "
					       "never see it",
					       quoted (files[i].label));
		else if (kind->thread->discreet)
			judged = judge_title (step, &files[i], problems);
		if (err == ERR_OK)
			err = judged;
	}
	return err;
}

err_t discretion_judge_rest (const struct step *step, const struct kind_spec *kind,
			     const struct signed_clause *signed_clause,
			     const struct rule *rule, problems_t *problems)
{
	const char *word = telling_word (step, rule->id);
	struct clause clause;

	if (!kind->thread->discreet)
		return ERR_OK;
	if (word == NULL)
		word = telling_word (step, rule->article);
	if (word != NULL)
		return problems_add (problems, ERR_INVALID, "rule",
				     "aturan yang disebut memuat %s, kata yang tidak boleh sampai "
				     "ke instansi ini",
				     "the cited rule has %s, a word that must not reach this "
				     "agency",
				     quoted (word));
	if (signed_clause == NULL ||
	    clause_decode (signed_clause->clause, step->arena, &clause) != ERR_OK ||
	    clause.label_count == 0)
		return ERR_OK;
	return problems_add (problems, ERR_INVALID, "consent",
			     "persetujuan ini menyebut data %s; beri persetujuan tanpa label data "
			     "untuk tujuan %s",
			     "this consent names data labelled %s; give one without labels for the "
			     "purpose %s",
			     quoted (clause.labels[0]), quoted (clause.purpose));
}

/* ---- who writes ------------------------------------------------------------------- */

static bool may_write (const struct step *step, const struct kind_spec *kind,
		       const struct partner *partner)
{
	return !catalogue_is_telling (step->desk->parts.catalogue, partner->kind) &&
	       (kind->from_kind_count == 0 ||
		word_among (partner->kind, kind->from_kinds, kind->from_kind_count));
}

/* The nearest agency that could write it for us; "<instansi>" when there is none. */
static const char *who_may_write (const struct step *step, const struct kind_spec *kind)
{
	const struct member *self = step_member (step, step_self (step));
	struct partner *partners;
	size_t count = desk_partners_near (step->desk, KIND_REQUEST, "",
					   self != NULL ? self->region : "", NEAR_MAX,
					   step->arena, &partners);

	for (size_t i = 0; i < count; i++)
		if (may_write (step, kind, &partners[i]))
			return partners[i].id.text;
	return "<instansi>";
}

/* The service that such a thread serves, by its purpose. */
static const char *service_of (const struct step *step, const struct kind_spec *kind)
{
	const struct service_spec *services;
	size_t count = catalogue_services (step->desk->parts.catalogue, &services);

	for (size_t i = 0; i < count; i++)
		if (text_is (services[i].purpose, kind->thread->purpose))
			return services[i].code;
	return "training";
}

err_t discretion_judge_sender (const struct step *step, const struct kind_spec *kind,
			       problems_t *problems)
{
	const struct member *self = step_member (step, step_self (step));
	const char *to, *service;

	if (!kind->thread->discreet || self == NULL ||
	    !catalogue_is_telling (step->desk->parts.catalogue, self->kind))
		return ERR_OK;
	to = who_may_write (step, kind);
	service = service_of (step, kind);
	return problems_add (problems, ERR_NOT_ALLOWED, "kind",
			     "nama instansi ini saja sudah bercerita tentang klien; mintalah "
			     "instansi netral seperti Dinas Sosial yang mengirimnya: jembatan "
			     "refer --to %s --service %s",
			     "the name of this agency alone tells about the client; ask a neutral "
			     "agency such as Dinas Sosial to send it: jembatan refer --to %s "
			     "--service %s",
			     to, service);
}
