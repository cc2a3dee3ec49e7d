/*
 * A small network in one process: six offices with ledgers of their own and one
 * directory.  Letters are sealed from an outbox, opened with the recipient's key and
 * handed to its desk, so that only the hub between them is missing.
 */
#ifndef TESTS_AGENTS_DESK_FIXTURE_H
#define TESTS_AGENTS_DESK_FIXTURE_H

#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/desk/desk.h"
#include "jembatan/clock.h"
#include "tests/support/clock.h"
#include "tests/support/answers.h"

#define assert_ok(expression) assert_int_equal ((expression), ERR_OK)

enum { PESONA, CLINIC, HOSPITAL, COORDINATOR, DINSOS, BLK, OFFICE_COUNT };

struct office {
	struct agency_id id;
	char root[64];
	ledger_t *ledger;
	keypair_t *sig, *box, *link;
	desk_t *desk;
};

struct network {
	struct office office[OFFICE_COUNT];
	keypair_t *root;
	directory_t *directory;
	catalogue_t *catalogue;
	arena_t *arena;
	size_t oversight_rows; /* of the directories that are made from now on; 0 = one */
	uint64_t leaf;        /* of the last letter that left */
	problems_t *problems; /* of the last say, refer, ... */
};

extern const struct actor worker, nurse, auditor, admin, nobody;

int network_setup (void **state);
int network_teardown (void **state);
#define network_test(f) \
	cmocka_unit_test_setup_teardown (f, network_setup, network_teardown)

/* The office's ledger goes back to what it was when it was last kept, as a restored one. */
void network_keep (struct network *net, int office);
void network_put_back (struct network *net, int office);
/* The same by a copied folder alone; and what `restore --here` then does. */
void network_copy_back (struct network *net, int office);
void network_restore_here (struct network *net, int office);

/* Makes a new directory with the clinic's key in this state and gives it to every desk.
 */
void network_directory (struct network *net, enum key_state clinic_sig,
			int64_t expires_ms);

/* ---- letters on the way --------------------------------------------------------- */

struct flight {
	int from, to;
	struct letter_id id;
	char kind[LIMIT_ID_TEXT + 1];
	struct bytes h, c;
};
/* Seals what is due in one outbox and takes it away; receipts too. */
size_t network_take (struct network *net, int from, struct flight *flights, size_t max);
/* Hands one over: opened, received, receipts written, committed. */
void network_give (struct network *net, const struct flight *flight);
/* Carries everything until nothing moves. */
void network_run (struct network *net);
/* A letter that its sender makes by hand and seals rightly. */
struct flight network_forge (struct network *net, int from, int to,
			     const struct letter *letter, int64_t expires_at_ms);

/* ---- what people do ------------------------------------------------------------- */

struct person_id take_in (struct network *net, int office, const char *name,
			  const char *nik);
/* labels: "health,identity", or "" */
struct clause_id consent (struct network *net, int office, const struct person_id *person,
			  const char *recipient, const char *purpose, const char *labels);
err_t refer (struct network *net, int office, const struct person_id *person, int to,
	     struct outcome *ret_outcome);
err_t refer_as (struct network *net, int office, const struct submission *submission,
		struct outcome *ret_outcome);

/* The answers that a kind needs, filled plausibly. */
size_t plausible (struct network *net, const char *kind, struct answer answers[16]);
err_t say (struct network *net, int office, const struct thread_id *thread,
	   const char *kind);
err_t say_with (struct network *net, int office, const struct thread_id *thread,
		const char *kind, const struct answer *answers, size_t count);
err_t onward (struct network *net, int office, const struct thread_id *thread, int to,
	      struct outcome *ret_outcome);

/* A referral from PESONA to CLINIC, with consent for treatment and health, carried over.
 */
struct thread_id open_referral (struct network *net);

/* ---- what can be seen ----------------------------------------------------------- */

struct thread thread_at (struct network *net, int office, const struct thread_id *thread);
const char *state_at (struct network *net, int office, const struct thread_id *thread);
bool alarm_at (struct network *net, int office, const char *name);
size_t entries_at (struct network *net, int office);
size_t inbox_count (struct network *net, int office, enum inbox_state state);
size_t outbox_kind_count (struct network *net, int office, const struct thread_id *thread,
			  const char *kind);
void tick (struct network *net, int office);

struct answer code_answer (const char *field, const char *code);
struct answer instant_answer (const char *field, int64_t at_ms);

#endif
