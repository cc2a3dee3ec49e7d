/*
 * The address book: partners that have no Jembatan.  Their ids begin with "@", so that none is ever
 * taken for a member's, and no letter to one reaches the wire.
 */
#ifndef AGENTS_LEDGER_CONTACT_H
#define AGENTS_LEDGER_CONTACT_H

#include "agents/ledger/ledger.h"

struct contact {
	struct agency_id id;         /* "@puskesmas-ratu": "@" and an agency id */
	const char *kind;            /* agency kind of the catalogue */
	const char *region;          /* Kemendagri code */
	const char *name;
	const char *person;          /* whom to ask for, or "" */
	const char *phone, *whatsapp;    /* E.164 or "" */
	const char *address, *office_hours;
	const char *services;        /* codes parted by blanks, or "" */
	const char *note;
	struct agency_id agency;     /* the member that it has become since; none = not connected */
	int64_t created_ms;
};

bool contact_id_is (const struct agency_id *id);   /* begins with "@" */
/* ERR_INVALID: not "@" and an agency id behind it. */
MUST_USE err_t contact_id_parse (const char *text, struct agency_id *ret_id);
/* A contact's id or an agency's. */
MUST_USE err_t partner_id_parse (const char *text, struct agency_id *ret_id);

/* Adds it or replaces what is known of it. */
void contact_save (tx_t *tx, const struct contact *contact);
MUST_USE err_t contact_get (ledger_t *ledger, const struct agency_id *id, arena_t *arena,
			    struct contact *ret_contact);
/* By id from `after` ("" = the first), at most `max`. */
size_t contact_list (ledger_t *ledger, const char *after, size_t max, arena_t *arena,
		     struct contact **ret_contacts);

#endif
