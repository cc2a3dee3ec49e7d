#include "hub/life.h"

#include <stddef.h>

#include "jembatan/base.h"

/* clang-format off */
static const struct life_row rows[] = {
	/* from          event           to             leaf           says            code */
	{ ITEM_NONE,     LIFE_PUT,       ITEM_QUEUED,   LEAF_TAKEN,    SAYS_PUT_OK,    ERR_OK },
	{ ITEM_QUEUED,   LIFE_SEND,      ITEM_SENT,     0,             SAYS_LETTER,    ERR_OK },
	{ ITEM_SENT,     LIFE_STORED,    ITEM_STORED,   LEAF_STORED,   SAYS_NOTHING,   ERR_OK },
	{ ITEM_SENT,     LIFE_PUT_OFF,   ITEM_QUEUED,   0,             SAYS_NOTHING,   ERR_OK },
	/* an earlier session brought it, and the mark comes with HELLO */
	{ ITEM_QUEUED,   LIFE_STORED,    ITEM_STORED,   LEAF_STORED,   SAYS_NOTHING,   ERR_OK },

	/* the same again: the answer may have been lost */
	{ ITEM_QUEUED,   LIFE_PUT,       ITEM_QUEUED,   0,             SAYS_PUT_OK,    ERR_OK },
	{ ITEM_SENT,     LIFE_PUT,       ITEM_SENT,     0,             SAYS_PUT_OK,    ERR_OK },
	{ ITEM_PARKED,   LIFE_PUT,       ITEM_PARKED,   0,             SAYS_PUT_OK,    ERR_OK },
	/* it was damaged on its way, or its recipient has lost it */
	{ ITEM_STORED,   LIFE_PUT,       ITEM_QUEUED,   LEAF_TAKEN,    SAYS_PUT_OK,    ERR_OK },
	{ ITEM_EXPIRED,  LIFE_PUT,       ITEM_EXPIRED,  0,             SAYS_PUT_ERR,   ERR_EXPIRED },
	{ ITEM_RECALLED, LIFE_PUT,       ITEM_RECALLED, 0,             SAYS_PUT_ERR,   ERR_RECALLED },
	{ ITEM_QUEUED,   LIFE_PUT_OTHER, ITEM_QUEUED,   0,             SAYS_PUT_ERR,   ERR_EQUIVOCATION },
	{ ITEM_SENT,     LIFE_PUT_OTHER, ITEM_SENT,     0,             SAYS_PUT_ERR,   ERR_EQUIVOCATION },
	{ ITEM_PARKED,   LIFE_PUT_OTHER, ITEM_PARKED,   0,             SAYS_PUT_ERR,   ERR_EQUIVOCATION },
	{ ITEM_STORED,   LIFE_PUT_OTHER, ITEM_STORED,   0,             SAYS_PUT_ERR,   ERR_EQUIVOCATION },
	{ ITEM_EXPIRED,  LIFE_PUT_OTHER, ITEM_EXPIRED,  0,             SAYS_PUT_ERR,   ERR_EQUIVOCATION },
	{ ITEM_RECALLED, LIFE_PUT_OTHER, ITEM_RECALLED, 0,             SAYS_PUT_ERR,   ERR_EQUIVOCATION },

	/* the recipient's agent can't take it, and what is behind it goes on */
	{ ITEM_QUEUED,   LIFE_SET_ASIDE, ITEM_PARKED,   0,             SAYS_GAP,       ERR_PARKED },
	{ ITEM_PARKED,   LIFE_DUE,       ITEM_QUEUED,   0,             SAYS_NOTHING,   ERR_OK },

	/* what is on the way may be stored at this very moment */
	{ ITEM_QUEUED,   LIFE_RECALL,    ITEM_RECALLED, LEAF_RECALLED, SAYS_RECALLED,  ERR_OK },
	{ ITEM_PARKED,   LIFE_RECALL,    ITEM_RECALLED, LEAF_RECALLED, SAYS_RECALLED,  ERR_OK },
	{ ITEM_RECALLED, LIFE_RECALL,    ITEM_RECALLED, 0,             SAYS_RECALLED,  ERR_OK },
	{ ITEM_QUEUED,   LIFE_EXPIRE,    ITEM_EXPIRED,  LEAF_EXPIRED,  SAYS_NOTICE,    ERR_EXPIRED },
	{ ITEM_PARKED,   LIFE_EXPIRE,    ITEM_EXPIRED,  LEAF_EXPIRED,  SAYS_NOTICE,    ERR_EXPIRED },
	{ ITEM_QUEUED,   LIFE_OVERDUE,   ITEM_EXPIRED,  LEAF_EXPIRED,  SAYS_NOTICE,    ERR_EXPIRED },
	{ ITEM_PARKED,   LIFE_OVERDUE,   ITEM_EXPIRED,  LEAF_EXPIRED,  SAYS_NOTICE,    ERR_EXPIRED },
	{ ITEM_SENT,     LIFE_OVERDUE,   ITEM_EXPIRED,  LEAF_EXPIRED,  SAYS_NOTICE,    ERR_EXPIRED },

	/* its place in its lane is empty, and its record is kept a while */
	{ ITEM_RECALLED, LIFE_SEND,      ITEM_RECALLED, 0,             SAYS_GAP,       ERR_RECALLED },
	{ ITEM_EXPIRED,  LIFE_SEND,      ITEM_EXPIRED,  0,             SAYS_GAP,       ERR_EXPIRED },
	{ ITEM_STORED,   LIFE_FORGET,    ITEM_NONE,     0,             SAYS_NOTHING,   ERR_OK },
	{ ITEM_RECALLED, LIFE_FORGET,    ITEM_NONE,     0,             SAYS_NOTHING,   ERR_OK },
	{ ITEM_EXPIRED,  LIFE_FORGET,    ITEM_NONE,     0,             SAYS_NOTHING,   ERR_OK },
};

static const char *const state_names[] = {
	[ITEM_NONE] = "unknown",     [ITEM_QUEUED] = "queued",   [ITEM_SENT] = "on the way",
	[ITEM_STORED] = "stored",    [ITEM_PARKED] = "aside",    [ITEM_EXPIRED] = "expired",
	[ITEM_RECALLED] = "recalled",
};

static const char *const event_names[] = {
	[LIFE_PUT] = "put",          [LIFE_PUT_OTHER] = "put another", [LIFE_SEND] = "its turn",
	[LIFE_PUT_OFF] = "put off",  [LIFE_STORED] = "stored",         [LIFE_SET_ASIDE] = "set aside",
	[LIFE_DUE] = "due",          [LIFE_RECALL] = "recall",         [LIFE_EXPIRE] = "expires",
	[LIFE_OVERDUE] = "overdue",  [LIFE_FORGET] = "forgotten",
};

static const char *const word_names[] = {
	[SAYS_NOTHING] = "",          [SAYS_PUT_OK] = "PutOk",   [SAYS_PUT_ERR] = "PutErr",
	[SAYS_RECALLED] = "Recalled", [SAYS_NOTICE] = "notice",  [SAYS_LETTER] = "Deliver",
	[SAYS_GAP] = "gap",
};
/* clang-format on */

const struct life_row *life_row (enum item_state from, enum life_event event)
{
	for (size_t i = 0; i < COUNT_OF (rows); i++) {
		if (rows[i].from == from && rows[i].event == event)
			return &rows[i];
	}
	return NULL;
}

const struct life_row *life_row_at (size_t i)
{
	return i < COUNT_OF (rows) ? &rows[i] : NULL;
}

const char *life_state_name (enum item_state state)
{
	return state_names[state];
}

const char *life_event_name (enum life_event event)
{
	return event_names[event];
}

const char *life_word_name (enum life_word word)
{
	return word_names[word];
}
