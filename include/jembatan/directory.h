/*
 * The directory: who is a member, with which keys, signed by the registrar's threshold.  Immutable
 * once loaded; a newer version replaces it whole.  proto/directory.proto is the specification.
 */
#ifndef JEMBATAN_DIRECTORY_H
#define JEMBATAN_DIRECTORY_H

#include "jembatan/keys.h"

enum key_state { KEY_STATE_ACTIVE = 0, KEY_STATE_RETIRED = 1, KEY_STATE_COMPROMISED = 2 };
enum member_status { MEMBER_IS_ACTIVE = 0, MEMBER_IS_SUSPENDED = 1 };

struct member_key {
	enum key_use use;
	struct public_key public_key;
	struct key_id id;                /* computed */
	int64_t valid_from_ms, valid_to_ms;   /* 0 = open */
	enum key_state state;
	int64_t since_ms;
};

struct member {
	struct agency_id id;
	const char *name_id, *name_en;
	const char *kind;                /* "ipwl", "clinic", "hospital", "prison", "bnn", ... */
	const char *region;              /* Kemendagri code */
	const char *address, *phone, *whatsapp, *office_hours;
	size_t service_count;
	const char *const *services;
	size_t key_count;
	const struct member_key *keys;
	enum member_status status;
	struct agency_id neutral_sender; /* empty text = none */
};

struct hub_entry {
	const char *id;
	size_t endpoint_count;
	const char *const *endpoints;
	struct public_key link_key, log_key;
};

struct registrar_key {
	struct public_key public_key;
	const char *holder;
};

struct oversight {
	struct agency_id coordinator;
	size_t overseen_count;
	const struct agency_id *overseen;
};

struct catalogue_version { const char *thread; uint32_t version; };

/* Plain data of a directory: what the registrar edits and encodes. */
struct directory_data {
	uint64_t version;
	int64_t issued_ms, expires_ms;
	const char *network;
	size_t hub_count;
	const struct hub_entry *hubs;
	size_t registrar_key_count;
	const struct registrar_key *registrar_keys;
	uint32_t threshold;
	size_t catalogue_count;
	const struct catalogue_version *catalogue;
	size_t member_count;
	const struct member *members;
	size_t oversight_count;
	const struct oversight *oversight;
};

typedef struct directory directory_t;

/*
 * Reads a SignedDirectory.  With `trusted` NULL its own registrar keys must have signed it (first
 * trust: a welcome file handed over by a person); otherwise the threshold of `trusted` must have,
 * its network must be the same, and its version must not be lower than that of `trusted`, nor the
 * same with other content.  ERR_MALFORMED, ERR_TOO_LARGE, ERR_CONFLICT (another network),
 * ERR_BAD_SIGNATURE, ERR_BAD_VERSION.  The caller owns the directory, which copies what it needs.
 */
MUST_USE err_t directory_read (struct bytes signed_directory, const directory_t *trusted,
			       directory_t **ret_directory);
void directory_destroy (directory_t **directory);

const struct directory_data *directory_data (const directory_t *directory);
struct bytes directory_signed_bytes (const directory_t *directory);

/* Signed bytes of data by some registrar keys, into the arena. */
MUST_USE err_t directory_sign (const struct directory_data *data, keypair_t *const *roots,
			       size_t root_count, arena_t *arena, struct bytes *ret_signed);

/* Look-ups, by hash; NULL when there is none.  Only an active LINK key leads to its member, who may
 * be suspended. */
const struct member *directory_member (const directory_t *directory, const struct agency_id *id);
const struct member *directory_member_by_link (const directory_t *directory,
					       const struct key_id *link_key_id);
const struct hub_entry *directory_hub (const directory_t *directory, const char *id);
/* Whether row i of the oversight is the first one of its coordinator, who may have several. */
bool oversight_is_first (const struct directory_data *data, size_t i);
bool directory_oversees (const directory_t *directory, const struct agency_id *coordinator,
			 const struct agency_id *agency);

/* The newest active key of a use that is valid at at_ms, or NULL. */
const struct member_key *member_key (const struct member *member, enum key_use use, int64_t at_ms);
const struct member_key *member_key_by_id (const struct member *member, const struct key_id *id);

/*
 * May this key have signed something made at made_ms and arriving at at_ms?  ERR_OK,
 * ERR_KEY_UNKNOWN (not of the member, or not valid then), ERR_KEY_REVOKED (retired by made_ms,
 * or compromised by at_ms).
 */
MUST_USE err_t member_key_allows (const struct member *member, const struct key_id *id,
				  enum key_use use, int64_t made_ms, int64_t at_ms);

/* How far trust reaches now: DESIGN of degradation, docs/PROTOCOL.md "Directory". */
enum directory_age { DIRECTORY_FRESH, DIRECTORY_ENDING, DIRECTORY_PAST, DIRECTORY_DEGRADED };
enum directory_age directory_age (const directory_t *directory, int64_t now_ms);

/* ---- enrolment files ---- */

struct request {
	bool is_hub;
	struct member member;            /* an agency: its three public keys */
	struct hub_entry hub;
	int64_t made_ms;
};

/* Signed by `proof`: the SIG pair of an agency, the LOG pair of a hub. */
MUST_USE err_t request_make (const struct request *request, const keypair_t *proof, arena_t *arena,
			     struct bytes *ret_file);
/* Checks the proof too.  `ret_fingerprint` is what the words are made of. */
MUST_USE err_t request_read (struct bytes file, arena_t *arena, struct request *ret_request,
			     struct hash *ret_fingerprint);

MUST_USE err_t welcome_make (const directory_t *directory, arena_t *arena, struct bytes *ret_file);
/* The caller owns the directory, trusted because a person handed the file over. */
MUST_USE err_t welcome_read (struct bytes file, directory_t **ret_directory);

#endif
