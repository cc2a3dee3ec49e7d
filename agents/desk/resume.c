/*
 * Going back in time.  A ledger that was restored tells every member how far it holds
 * (ledger.resume); one that is told gives back, by and by, what the other lacks: its own letters
 * that the lost ledger stored, and the lost ledger's own that came here (letter.again).
 *
 *   restored --tell--> told --all of it has come--> done
 *   asked --look, give--> ... --nothing left--> said so
 */
#include "agents/desk/inside.h"

#include "agents/ledger/resume.h"
#include "jembatan/log.h"

#define TELL_MAX 64             /* members of one tick */
#define TELL_DAYS 30            /* whoever becomes a member later has nothing to give back */
#define LOOK_MAX 256            /* letters that one tick opens on each side */
#define GIVE_MAX 64             /* letters that one tick gives */
#define GIVE_ARENA_BYTES (LOOK_MAX * 4u * KIB + 8u * LIMIT_PLAIN_BYTES)

static err_t post_row (const struct step *step, const struct letter *letter, struct outbox_row *row)
{
	struct bytes s;
	err_t err = letter_encode (letter, step->arena, &s);

	if (err != ERR_OK)
		return err;
	uuid7_make_at (step->now_ms, row->id.b);
	row->kind = letter->kind;
	row->created_ms = row->next_try_ms = step->now_ms;
	outbox_add (step->tx, row, letter);
	return ERR_OK;
}

/* Letters about the past leave no trace of their own: what they speak of has one. */
static err_t post_quietly (const struct step *step, const struct letter *letter,
			   const struct agency_id *to, enum letter_class class,
			   const struct person_id *person)
{
	struct outbox_row row = {
		.to = *to,
		.class = class,
		.person = *person,
		.expires_at_ms = step->now_ms + LETTER_EXPIRY_DEFAULT_MS,
	};

	return post_row (step, letter, &row);
}

/* ---- we were restored ----------------------------------------------------------- */

static void tell_member (const struct step *step, const struct agency_id *to,
			 const struct restored *restored)
{
	static const struct person_id nobody;
	STEP part = step_part (step);
	struct held *held;
	struct letter letter;

	letter_begin (&part, &letter, KIND_RESUME, 1);
	letter.body = BODY_LEDGER_RESUME;
	letter.resume.store_id = ledger_store_id (step_ledger (step));
	letter.resume.takes_over = restored->takes_over;
	letter.resume.held_count =
		resume_held (step_ledger (step), to, part.arena, &held);
	letter.resume.held = held;
	if (post_quietly (&part, &letter, to, CLASS_URGENT, &nobody) == ERR_OK)
		resume_told (step->tx, to, step->now_ms);
}

/*
 * Every member is told, also one with whom this ledger never exchanged a letter: the first may have
 * been exchanged after the copy was made.
 */
void resume_tell (const struct step *step)
{
	desk_t *desk = step->desk;
	const struct directory_data *data = directory_data (desk->parts.directory);
	struct restored restored;
	size_t told = 0;

	if (desk->resume_told == data->version)
		return;
	restored = restored_get (step_ledger (step));
	if (restored.at_ms > 0 && step->now_ms > restored.at_ms + TELL_DAYS * DAY_MS)
		restored_forget (step->tx);
	else if (restored.at_ms > 0)
		for (size_t i = 0; i < data->member_count; i++) {
			const struct member *member = &data->members[i];

			if (member->status != MEMBER_IS_ACTIVE ||
			    agency_id_equal (&member->id, step_self (step)) ||
			    resume_is_told (step_ledger (step), &member->id))
				continue;
			if (told++ == TELL_MAX)
				return;
			tell_member (step, &member->id, &restored);
		}
	desk->resume_told = data->version;
}

void desk_welcomed (desk_t *desk, tx_t *tx)
{
	STEP step = step_inside (desk, tx);

	alarm_settle (tx, "other-ledger", NULL);
	if (desk->resume_told == 0 && restored_get (step_ledger (&step)).at_ms > 0) {
		step_alarm (&step, "restored", NULL, NULL);
		/* It counts anew; a partner that has seen more says so again. */
		alarm_settle (tx, ALARM_BEHIND, NULL);
	}
	resume_tell (&step);
}

err_t desk_other_store (desk_t *desk, tx_t *tx)
{
	STEP step = step_inside (desk, tx);

	step_alarm (&step, "other-ledger", NULL, NULL);
	return tx_err (tx);
}

/* ---- a partner was restored ------------------------------------------------------- */

err_t resume_received (const struct step *step, const struct received *received)
{
	const struct letter *letter = &received->letter;

	/* It comes out of the restored ledger itself. */
	if (!ID_EQUAL (letter->resume.store_id, letter->pair.store_id))
		return ERR_INVALID;
	resume_ask (step->tx, &received->header.from, &letter->resume.store_id,
		    &received->header.id, step->now_ms);
	return ERR_OK;
}

/* Does the partner's new ledger know this one?  What it wrote itself it knows. */
static bool is_known (const struct letter *resume, const struct pair_sequence *pair,
		      enum letter_class class)
{
	if (ID_EQUAL (pair->store_id, resume->resume.store_id))
		return true;
	for (size_t i = 0; i < resume->resume.held_count; i++) {
		const struct held *held = &resume->resume.held[i];

		if (ID_EQUAL (held->store_id, pair->store_id) && held->class == class)
			return pair->n > 0 && pair->n <= held->n;
	}
	return false;
}

/* A piece of evidence, and whose key it is kept under. */
struct gift {
	struct bytes h, s;
	struct signature sig;
	struct person_id person;
	int64_t stored_ms;           /* at its recipient; 0 = it never was */
	uint32_t files;              /* bit i: attachment i is here */
};

static void wrap (const struct step *step, const struct gift *gift, struct letter *ret_letter)
{
	letter_begin (step, ret_letter, KIND_AGAIN, 1);
	ret_letter->body = BODY_LETTER_AGAIN;
	ret_letter->again.h = gift->h;
	ret_letter->again.s = gift->s;
	ret_letter->again.sig = gift->sig;
	ret_letter->again.stored_ms = gift->stored_ms;
	if (gift->stored_ms > 0)
		ret_letter->again.files = gift->files;
}

/* One class for all, so that they come in the order in which they are given. */
static void give (const struct step *step, const struct agency_id *to, const struct gift *gift)
{
	struct letter letter;

	wrap (step, gift, &letter);
	if (post_quietly (step, &letter, to, CLASS_ROUTINE, &gift->person) != ERR_OK)
		step_alarm (step, "not-given-back", NULL, to);
}

static bool find_sent (const struct step *step, const struct letter_id *id, struct gift *ret_gift)
{
	struct outbox_row row;
	struct sealed sealed;

	if (outbox_get (step_ledger (step), id, step->arena, &row) != ERR_OK ||
	    outbox_evidence (step_ledger (step), id, step->arena, &sealed) != ERR_OK)
		return false;
	*ret_gift = (struct gift){ sealed.h, sealed.s, sealed.sig, row.person, row.stored_ms,
				   attachments_here (step, &row.to, id) };
	return sealed.s.len > 0;
}

err_t resume_give_one (const struct step *step, const struct outbox_row *row, bool anew)
{
	/* Nobody stored it: it may take no longer than the letter itself. */
	struct outbox_row around = {
		.to = row->to,
		.class = row->class,
		.person = row->person,
		.expires_at_ms = row->expires_at_ms,
	};
	struct gift gift;
	struct letter letter;
	err_t err = ERR_OK;

	if (!find_sent (step, &row->id, &gift))
		return ERR_ERASED;
	if (anew)
		err = letter_decode (gift.s, step->arena, &letter);
	else
		wrap (step, &gift, &letter);
	return err == ERR_OK ? post_row (step, &letter, &around) : err;
}

static bool find_came (const struct step *step, const struct agency_id *from,
		       const struct letter_id *id, struct gift *ret_gift)
{
	struct inbox_row row;

	if (inbox_get (step_ledger (step), from, id, step->arena, &row) != ERR_OK)
		return false;
	*ret_gift = (struct gift){ row.h, row.s, row.sig, row.person, row.arrived_ms,
				   attachments_here (step, from, id) };
	return row.h.len > 0 && row.s.len > 0;
}

/* Of an erased person there is nothing left to give.  True when it was given. */
static bool give_if_lacking (const struct step *step, const struct letter *resume,
			     const struct agency_id *to, bool ours, const struct letter_id *id)
{
	STEP part = step_part (step);
	struct gift gift;
	struct letter letter;
	struct header header;

	if (!(ours ? find_sent (&part, id, &gift) : find_came (&part, to, id, &gift)) ||
	    letter_decode (gift.s, part.arena, &letter) != ERR_OK ||
	    header_decode (gift.h, &header) != ERR_OK ||
	    is_known (resume, &letter.pair, header.class))
		return false;
	give (&part, to, &gift);
	return true;
}

/* One side of the conversation, as far as one tick looks. */
struct side {
	struct resume_row *rows;
	size_t count, at;
	uint64_t up_to;
	bool more;
};

static bool ended (const struct side *side)
{
	return side->at == side->count;
}

static uint64_t looked_up_to (const struct side *side, uint64_t before)
{
	if (ended (side))
		return side->up_to;
	return side->at > 0 ? side->rows[side->at - 1].seq : before;
}

/*
 * Both sides in the order of our own clock, so that a thread can be followed again as it went here.
 * Ends where one side must be read on before it is known what comes next.
 */
static void give_in_order (const struct step *step, const struct letter *resume,
			   const struct agency_id *to, struct side *sent, struct side *came)
{
	size_t given = 0;

	while (given < GIVE_MAX && !(ended (sent) && (sent->more || ended (came))) &&
	       !(ended (came) && came->more)) {
		bool ours = !ended (sent) &&
			    (ended (came) || sent->rows[sent->at].at_ms <= came->rows[came->at].at_ms);
		struct side *side = ours ? sent : came;

		if (give_if_lacking (step, resume, to, ours, &side->rows[side->at++].id))
			given++;
	}
}

static void say_all (const struct step *step, struct resume_asked *asked)
{
	static const struct person_id nobody;
	struct letter letter;

	letter_begin (step, &letter, KIND_AGAIN, 1);
	letter.body = BODY_LETTER_AGAIN;
	letter.again.all_of = asked->store_id;
	asked->said = post_quietly (step, &letter, &asked->partner, CLASS_ROUTINE, &nobody) ==
		      ERR_OK;
}

static bool read_resume (const struct step *step, const struct resume_asked *asked,
			 struct letter *ret_resume)
{
	struct inbox_row row;

	return step_member (step, &asked->partner) != NULL &&
	       inbox_get (step_ledger (step), &asked->partner, &asked->letter, step->arena,
			  &row) == ERR_OK &&
	       row.s.len > 0 && letter_decode (row.s, step->arena, ret_resume) == ERR_OK;
}

static bool look_and_give (const struct step *step, const struct letter *resume,
			   struct resume_asked *asked)
{
	OWNED (arena) arena = arena_new (GIVE_ARENA_BYTES);
	struct side sent = { 0 }, came = { 0 };

	sent.more = resume_sent (step_ledger (step), &asked->partner, asked->sent_seq, LOOK_MAX,
				 arena, &sent.rows, &sent.count, &sent.up_to);
	came.more = resume_came (step_ledger (step), &asked->partner, asked->came_seq, LOOK_MAX,
				 arena, &came.rows, &came.count, &came.up_to);
	give_in_order (step, resume, &asked->partner, &sent, &came);
	asked->sent_seq = looked_up_to (&sent, asked->sent_seq);
	asked->came_seq = looked_up_to (&came, asked->came_seq);
	return !ended (&sent) || sent.more || !ended (&came) || came.more;
}

void resume_give (const struct step *step)
{
	STEP part = step_part (step);
	struct resume_asked asked;
	struct letter resume;
	bool more;

	if (!resume_next (step_ledger (step), step->now_ms, &asked))
		return;
	if (!read_resume (&part, &asked, &resume)) {
		resume_keep (step->tx, &asked, false);
		return;
	}
	more = look_and_give (&part, &resume, &asked);
	if (!more && !asked.said)
		say_all (&part, &asked);
	resume_keep (step->tx, &asked, more);
}

/* Of a lost ledger, or before we hear of its end: it is given back at once like the rest. */
void resume_notice (const struct step *step, const struct agency_id *from,
		    const struct pair_sequence *pair)
{
	struct store_id store = resume_store (step_ledger (step), from);

	if (!ID_IS_NONE (store) && pair->n > 0 && !ID_EQUAL (store, pair->store_id))
		resume_look_on (step->tx, from);
}

void resume_notice_stored (const struct step *step, const struct received *receipts,
			   const struct letter_id *id)
{
	const struct agency_id *from = &receipts->header.from;
	struct store_id store = resume_store (step_ledger (step), from);
	STEP part = step_part (step);
	struct outbox_row row;
	struct gift gift;

	if (ID_IS_NONE (store) || ID_EQUAL (store, receipts->letter.pair.store_id) ||
	    outbox_get (step_ledger (step), id, part.arena, &row) != ERR_OK ||
	    !agency_id_equal (&row.to, from) || text_is (row.kind, KIND_AGAIN) ||
	    text_is (row.kind, KIND_RESUME) || !find_sent (&part, id, &gift))
		return;
	give (&part, from, &gift);
}
