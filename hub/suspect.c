#include "hub/suspect.h"

#define LINE_BYTES_PER_MS 2      /* a line of 16 kbit/s, half of the worst that agencies have */
#define PARKED_IN_A_ROW 3u       /* when so many did not help, it is not the letters */

static uint64_t head_of (const struct account *account, enum letter_class class)
{
	return account->now.lane[class].stored + 1;
}

/* Points for this item; those of another one are forgotten. */
static void accuse (struct account *account, enum letter_class class, uint64_t number,
		    unsigned points, unsigned limit)
{
	struct suspect *suspect = &account->suspect[class];

	if (suspect->number != number)
		*suspect = (struct suspect){ .number = number };
	suspect->points += points;
	suspect->guilty = limit > 0 && suspect->points >= limit * SUSPECT_CERTAIN &&
			  account->parked_in_a_row < PARKED_IN_A_ROW;
}

/* The first item that is on the way; what was answered may not be marked as stored yet. */
static uint64_t first_on_the_way (const struct account *account, const struct courier *courier,
				  enum letter_class class)
{
	uint64_t head = head_of (account, class), answered = courier->lane[class].answered;

	return answered < head ? head : answered + 1;
}

void suspect_session_ended (struct account *account, const struct courier *courier, unsigned limit,
			    int64_t now_ms)
{
	bool alone = courier->letters == 1;
	bool carried = (uint64_t)(now_ms - courier->sent_ms) * LINE_BYTES_PER_MS >= courier->bytes;
	unsigned points = !alone ? 0 : carried ? SUSPECT_CERTAIN : 1;

	for (int class = CLASS_STAT; class < CLASS_COUNT; class++) {
		uint64_t first = first_on_the_way (account, courier, (enum letter_class)class);

		if (courier->lane[class].sent < first)
			continue;
		accuse (account, (enum letter_class)class, first, points, limit);
		account->suspect[class].died = true;
		account->careful = true;
	}
}

static bool own_trouble (err_t code)
{
	return code == ERR_NO_SPACE || code == ERR_LOCKED || code == ERR_BUSY;
}

void suspect_put_off (struct account *account, enum letter_class class, uint64_t number, err_t code,
		      unsigned limit)
{
	if (number == head_of (account, class) && !own_trouble (code))
		accuse (account, class, number, SUSPECT_CERTAIN, limit);
}

bool suspect_guilty (const struct account *account, enum letter_class class)
{
	return account->suspect[class].guilty &&
	       account->suspect[class].number == head_of (account, class);
}

/* Forgets suspects that are stored or set aside by now. */
static void look_again (struct account *account)
{
	account->careful = false;
	for (int class = CLASS_STAT; class < CLASS_COUNT; class++) {
		struct suspect *suspect = &account->suspect[class];

		if (suspect->number < head_of (account, (enum letter_class)class))
			*suspect = (struct suspect){ .number = 0 };
		account->careful |= suspect->died;
	}
}

void suspect_parked (struct account *account, enum letter_class class)
{
	account->suspect[class] = (struct suspect){ .number = 0 };
	account->parked_in_a_row++;
	look_again (account);
}

void suspect_stored (struct account *account, bool letter)
{
	if (letter)
		account->parked_in_a_row = 0;
	if (account->careful)
		look_again (account);
}

bool suspect_careful (const struct account *account)
{
	return account->careful;
}
