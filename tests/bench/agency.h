/*
 * The agency whose ledger is measured: catalogue, directory, ledger and desk around one folder.
 * bench_ledger_build fills its ledger, bench_ledger measures it.
 *
 * Keys and directory are made anew by each program; the ledger keeps none of them.
 */
#ifndef TESTS_BENCH_AGENCY_H
#define TESTS_BENCH_AGENCY_H

#include <limits.h>
#include <string.h>
#include <time.h>

#include "agents/desk/desk.h"
#include "jembatan/clock.h"
#include "tests/bench/network.h"

#define BENCH_PARTNERS 40u

struct agency {
	struct agency_id self, partner;   /* the partner is the one that writes */
	keypair_t *root, *sig, *box, *partner_sig;
	arena_t *arena;
	catalogue_t *catalogue;
	directory_t *directory;
	ledger_t *ledger;
	desk_t *desk;
	char folder[PATH_MAX], key_file[PATH_MAX];
};

static inline double bench_now_s (void)
{
	struct timespec now;

	clock_gettime (CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static inline struct member bench_member (struct agency *agency, struct agency_id id,
					  const char *kind, const keypair_t *sig,
					  const keypair_t *box)
{
	static const char *const services[] = { "medical" };
	struct member_key *keys = arena_must (agency->arena, 2 * sizeof *keys);
	char *name = arena_text (agency->arena, id.text);

	keys[0] = (struct member_key){ .use = KEY_SIG,
				       .public_key = keypair_public (sig),
				       .valid_from_ms = 1 };
	keys[1] = (struct member_key){ .use = KEY_BOX,
				       .public_key = keypair_public (box),
				       .valid_from_ms = 1 };
	return (struct member){ .id = id, .name_id = name, .name_en = name, .kind = kind,
				.region = "17.71", .address = "", .phone = "", .whatsapp = "",
				.office_hours = "", .service_count = COUNT_OF (services),
				.services = services, .key_count = 2, .keys = keys };
}

/* All partners share one pair of keys: one of them writes. */
static inline void bench_directory (struct agency *agency)
{
	struct member members[1 + BENCH_PARTNERS];
	struct registrar_key root = { keypair_public (agency->root), "Pendaftar" };
	struct directory_data data = { .version = 1,
				       .issued_ms = clock_now_ms (),
				       .expires_ms = clock_now_ms () + 90 * DAY_MS,
				       .network = "ukur",
				       .registrar_key_count = 1,
				       .registrar_keys = &root,
				       .threshold = 1,
				       .member_count = COUNT_OF (members),
				       .members = members };
	struct bytes bytes;

	members[0] = bench_member (agency, agency->self, "clinic", agency->sig, agency->box);
	for (size_t i = 0; i < BENCH_PARTNERS; i++)
		members[1 + i] = bench_member (agency, bench_agency (BENCH_SENDER, i), "ipwl",
					       agency->partner_sig, agency->box);
	MUST (directory_sign (&data, &agency->root, 1, agency->arena, &bytes) == ERR_OK);
	MUST (directory_read (bytes, NULL, &agency->directory) == ERR_OK);
}

/* Everything but ledger and desk. */
static inline void agency_begin (struct agency *agency, const char *folder, const char *catalogue)
{
	MUST (keys_start () == ERR_OK);
	*agency = (struct agency){ .self = bench_agency (BENCH_RECIPIENT, 0),
				   .partner = bench_agency (BENCH_SENDER, 0),
				   .root = keypair_new (KEY_ROOT),
				   .sig = keypair_new (KEY_SIG),
				   .box = keypair_new (KEY_BOX),
				   .partner_sig = keypair_new (KEY_SIG),
				   .arena = arena_new (64 * MIB) };
	MUST ((size_t)snprintf (agency->folder, PATH_MAX, "%s/data", folder) < PATH_MAX);
	MUST ((size_t)snprintf (agency->key_file, PATH_MAX, "%s/keys/ledger.key", folder) < PATH_MAX);
	MUST (catalogue_load (catalogue, &agency->catalogue, NULL) == ERR_OK);
	bench_directory (agency);
}

static inline void agency_open (struct agency *agency)
{
	struct desk_parts parts = { .catalogue = agency->catalogue,
				    .directory = agency->directory,
				    .sig = agency->sig,
				    .self = agency->self };

	MUST (ledger_open (agency->folder, agency->key_file, &agency->ledger, NULL) == ERR_OK);
	parts.ledger = agency->ledger;
	agency->desk = desk_new (&parts);
}

static inline void agency_close (struct agency *agency)
{
	desk_destroy (&agency->desk);
	ledger_destroy (&agency->ledger);
}

static inline void agency_end (struct agency *agency)
{
	agency_close (agency);
	directory_destroy (&agency->directory);
	catalogue_destroy (&agency->catalogue);
	keypair_destroy (&agency->root);
	keypair_destroy (&agency->sig);
	keypair_destroy (&agency->box);
	keypair_destroy (&agency->partner_sig);
	arena_destroy (&agency->arena);
}

/* A request as a partner writes it: a person with a clause of its own, and `extra` bytes of summary
 * beyond the fewest. */
static inline struct letter bench_request (const struct agency *agency, size_t i, size_t extra,
					   arena_t *arena)
{
	static const char *const labels[] = { "health" };
	struct clause clause = { .grantor = agency->partner,
				 .recipient = agency->self,
				 .recipient_kind = "",
				 .recipient_region = "",
				 .purpose = "treatment",
				 .label_count = 1,
				 .labels = labels,
				 .valid_from_ms = clock_now_ms () - DAY_MS,
				 .valid_to_ms = clock_now_ms () + DAY_MS };
	struct letter letter = { .kind = "referral.request", .kind_version = 1,
				 .from_user = "", .from_role = "caseworker", .to_role = "",
				 .purpose = "treatment", .rule = { "", "", "", "" }, .checkpoint = "",
				 .created_ms = clock_now_ms (), .basis = BASIS_CONSENT_GIVEN,
				 .label_count = 1, .labels = labels, .body = BODY_ANSWERS };
	char *summary = memset (arena_must (arena, extra + 1), 'a', extra);
	const struct answer answers[] = {
		{ "service", ANSWER_CODE, "medical", "", "", "", 0 },
		{ "person.name", ANSWER_TEXT, arena_printf (arena, "Rujukan %zu", i), "", "", "", 0 },
		{ "person.sex", ANSWER_CODE, "female", "", "", "", 0 },
		{ "reason", ANSWER_TEXT, "pemeriksaan sebelum rehabilitasi", "", "", "", 0 },
		{ "summary.health", ANSWER_TEXT, arena_printf (arena, "demam %s", summary), "", "", "", 0 },
	};

	uuid7_make (clause.id.b);
	MUST (clause_sign (&clause, agency->partner_sig, arena, &letter.clause) == ERR_OK);
	uuid7_make (letter.thread.b);
	random16_make (letter.case_id.b);
	random16_make (letter.chain.b);
	letter.sig_key_id = keypair_id (agency->partner_sig);
	letter.directory_version = 1;
	letter.answer_count = COUNT_OF (answers);
	letter.answers = memcpy (arena_must (arena, sizeof answers), answers, sizeof answers);
	return letter;
}

#endif
