#include "tests/town/people.h"

#include <assert.h>
#include <string.h>

#include "tests/support/answers.h"

#define ANSWERS_MAX 16u

static const struct actor worker = { "sari", "caseworker" };

/* The agent ends when its ledger has failed, whatever it was asked (agents/api/api.c). */
static void leave (struct site *site)
{
	err_t err = ledger_failed (site->ledger);

	if (err_lane (err) == LANE_STOP)
		site->stopped = err;
	sim_leave ();
}

static err_t submit (town_t *town, enum house from, const struct submission *submission,
		     struct outcome *ret_outcome)
{
	struct site *site = &town->site[from];
	err_t err;

	sim_enter (&site->machine);
	err = desk_submit (site->desk, &worker, submission, ret_outcome, NULL);
	leave (site);
	if (err != ERR_OK)
		return err;
	assert (town->promised_count < PROMISED_MAX);
	town->promised[town->promised_count++] =
		(struct promise){ from, ret_outcome->letter, false };
	return err;
}

err_t people_take_in (town_t *town, enum house at, struct person_id *ret_person)
{
	struct site *site = &town->site[at];
	struct person person = { .name = "Dimas", .nik = "", .birth_date = "1999-03-14",
				 .sex = "male", .phone = "+6281234567890", .region = "17.71" };
	const char *labels[] = { "health", "identity" };
	struct clause_id clause;
	err_t err;

	sim_enter (&site->machine);
	err = desk_intake (site->desk, &worker, &person, NULL);
	for (int to = IPWL; to < town->houses && err == ERR_OK; to++) {
		struct clause_wish wish = { .recipient = town->site[to].id.text,
					    .purpose = "treatment", .label_count = 2,
					    .labels = labels };

		if (to != (int)at && to != COORDINATOR)
			err = desk_consent_give (site->desk, &worker, &person.id, &wish, 1,
						 &clause, NULL);
	}
	leave (site);
	if (err == ERR_OK)
		*ret_person = person.id;
	return err;
}

static err_t refer (town_t *town, enum house from, enum house to, const struct person_id *person,
		    enum urgency urgency, const struct attached *file, struct thread_id *ret_thread)
{
	struct answer answers[] = { text_answer ("reason", "Perlu pemeriksaan medis"),
				    text_answer ("summary.health", "Riwayat sabu dua tahun"),
				    text_answer ("documents", "") };
	struct submission submission = {
		.kind = "referral.request", .person = *person, .to = town->site[to].id,
		.service = "medical", .basis = BASIS_CONSENT_GIVEN, .urgency = urgency,
		.answers = answers, .answer_count = file != NULL ? 3 : 2,
		.attachments = file, .attachment_count = file != NULL ? 1 : 0,
	};
	struct outcome outcome;
	err_t err;

	answers[2].type = ANSWER_ATTACHMENT;   /* number 0: the first file */
	err = submit (town, from, &submission, &outcome);
	if (err == ERR_OK)
		*ret_thread = outcome.thread;
	return err;
}

err_t people_refer (town_t *town, enum house from, enum house to, const struct person_id *person,
		    enum urgency urgency, struct thread_id *ret_thread)
{
	return refer (town, from, to, person, urgency, NULL, ret_thread);
}

uint8_t people_file_byte (size_t size, size_t at)
{
	return (uint8_t)(at * 31 + at / 251 + size);
}

static err_t take_step (desk_t *desk, struct attachment_row *row, size_t number)
{
	static uint8_t plain[BLOB_STEP_BYTES];
	struct bytes step = { plain, blob_step_plain (row->length, number) };

	for (size_t i = 0; i < step.len; i++)
		plain[i] = people_file_byte (row->length, row->done + i);
	return desk_attachment_take (desk, row, number, &step, 1);
}

static err_t upload (town_t *town, enum house at, const struct person_id *person, size_t size,
		     uint8_t ret_id[16])
{
	struct attachment_row offer = { .person = *person, .length = size,
					.media_type = "application/pdf" }, row;
	desk_t *desk = town->site[at].desk;
	err_t err;

	random16_make (offer.id);
	memcpy (ret_id, offer.id, sizeof offer.id);
	err = desk_attachment_begin (desk, &worker, &offer, town->arena, &row, NULL);
	for (size_t step = 0; err == ERR_OK && row.done < size; step++)
		err = take_step (desk, &row, step);
	return err;
}

err_t people_refer_file (town_t *town, enum house from, enum house to,
			 const struct person_id *person, size_t size)
{
	struct attached file = { .title = "berkas.pdf", .label = "health" };
	struct thread_id thread;
	err_t err;

	sim_enter (&town->site[from].machine);
	err = upload (town, from, person, size, file.id);
	leave (&town->site[from]);
	return err == ERR_OK ? refer (town, from, to, person, URGENCY_ROUTINE, &file, &thread) : err;
}

void people_look (town_t *town, enum house at, const struct thread_id *thread)
{
	struct site *site = &town->site[at];
	err_t err;

	sim_enter (&site->machine);
	err = desk_look_thread (site->desk, &worker, thread);
	(void)err;   /* a refusal is shown to the one who looked */
	leave (site);
}

/* Who is named as the target of an onward referral. */
static const struct agency_id *onward (const town_t *town)
{
	return &town->site[town->houses > HOSPITAL ? HOSPITAL : IPWL].id;
}

err_t people_write (town_t *town, enum house from, const struct thread_id *thread,
		    const struct kind_spec *kind)
{
	struct answer answers[ANSWERS_MAX];
	struct submission submission = { .kind = kind->name, .thread = *thread,
					 .to = *onward (town), .basis = BASIS_CONSENT_GIVEN,
					 .answers = answers };
	struct outcome outcome;

	for (size_t i = 0; i < kind->field_count && submission.answer_count < ANSWERS_MAX; i++) {
		const struct field_spec *field = &kind->fields[i];
		struct answer *answer = &answers[submission.answer_count];

		if (!field->required || field->from[0] != '\0')
			continue;
		*answer = plausible_answer (field);
		if (strcmp (field->name, "target") == 0)
			answer->text = onward (town)->text;
		submission.answer_count++;
	}
	return submit (town, from, &submission, &outcome);
}
