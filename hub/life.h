/*
 * The life of a letter in the hub's custody, as one table: in which state which event leads where, and
 * what the step makes, a leaf of the custody log and a word to its sender or its recipient.
 *
 * Whoever moves a letter (move.c, intake.c, park.c, serve.c, the gate) finds its row here and does what
 * that says.  What has no row does not happen: the event is ignored, or answered with no.  Pure.
 */
#ifndef HUB_LIFE_H
#define HUB_LIFE_H

#include "jembatan/error.h"
#include "jembatan/merkle.h"

/* Stored numbers, but for the last three, which are never written: STORED is told from the body that is
 * gone, and only by store_find; SENT is a queued one that the courier has on the way; NONE has no
 * record. */
enum item_state { ITEM_QUEUED = 0, ITEM_EXPIRED = 2, ITEM_RECALLED = 3, ITEM_PARKED = 4,
		  ITEM_STORED = 1, ITEM_SENT = 5, ITEM_NONE = 6 };
#define ITEM_STATE_COUNT 7

enum life_event {
	LIFE_PUT,            /* its sender puts it */
	LIFE_PUT_OTHER,      /* its sender puts another letter under its id */
	LIFE_SEND,           /* its turn in its lane has come */
	LIFE_PUT_OFF,        /* Nak, or the session ended with it on the way */
	LIFE_STORED,         /* Stored, up to its number or beyond */
	LIFE_SET_ASIDE,      /* its recipient's agent failed at it too often */
	LIFE_DUE,            /* the pause of one set aside is over */
	LIFE_RECALL,         /* its sender wants it back */
	LIFE_EXPIRE,         /* its time is over */
	LIFE_OVERDUE,        /* its time has been over for a day */
	LIFE_FORGET,         /* a month has passed since its end */
	LIFE_EVENT_COUNT
};

/* What somebody hears of it. */
enum life_word {
	SAYS_NOTHING,
	SAYS_PUT_OK, SAYS_PUT_ERR, SAYS_RECALLED,    /* the sender, who asked */
	SAYS_NOTICE,                                 /* the sender, over the hub's signature */
	SAYS_LETTER, SAYS_GAP,                       /* the recipient, in its lane */
	SAYS_COUNT
};

struct life_row {
	enum item_state from;
	enum life_event event;
	enum item_state to;
	enum leaf_kind leaf;         /* 0: none */
	enum life_word says;
	err_t code;                  /* of that word */
};

/* NULL: this does not happen. */
const struct life_row *life_row (enum item_state from, enum life_event event);

/* The table, for those who print it; NULL past the end. */
const struct life_row *life_row_at (size_t i);

/* As PROTOCOL 13 calls them. */
const char *life_state_name (enum item_state state);
const char *life_event_name (enum life_event event);
const char *life_word_name (enum life_word word);

#endif
