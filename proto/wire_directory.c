/* The bytes of a directory and of the enrolment files; see proto/wire_directory.h. */
#include "proto/wire_directory.h"

#include <string.h>

#include "directory.pb-c.h"
#include "proto/wire.h"

/* A request or a welcome has one member or one directory; what repeats in it is short. */
#define ITEMS_OF_A_FILE 64u

/* ---- reading: small things -------------------------------------------------------------------- */

static void read_public_key (struct wire_read *r, ProtobufCBinaryData from, struct public_key *to)
{
	WIRE_ID (r, from, to);
	if (r->err == ERR_OK && ID_IS_NONE (*to))
		wire_fail (r, ERR_MALFORMED);
}

/* Names of networks and hubs stand in the custody log's origin and follow the rule of agency ids. */
static const char *read_name (struct wire_read *r, const char *from)
{
	struct agency_id id;

	wire_agency (r, from, &id);
	return from;
}

static const char *read_required_line (struct wire_read *r, const char *from)
{
	if (from[0] == '\0')
		wire_fail (r, ERR_MALFORMED);
	return wire_line (r, from, LIMIT_NAME_BYTES);
}

/* A Kemendagri code: digits in groups, "17.71". */
static const char *read_region (struct wire_read *r, const char *from)
{
	size_t len = strspn (from, "0123456789.");

	if (len == 0 || from[len] != '\0' || from[0] == '.' || from[len - 1] == '.'
	    || strstr (from, "..") != NULL)
		wire_fail (r, ERR_MALFORMED);
	return wire_line (r, from, LIMIT_ID_TEXT);
}

/* ---- reading: members and hubs ---------------------------------------------------------------- */

static void read_key (struct wire_read *r, const Jembatan__Key *from, struct member_key *to)
{
	to->use = (enum key_use)wire_range (r, from->use, KEY_SIG, KEY_LINK);
	read_public_key (r, from->public_key, &to->public_key);
	to->id = key_id_of (to->use, &to->public_key);
	to->valid_from_ms = wire_time (r, from->valid_from_ms);
	to->valid_to_ms = wire_time (r, from->valid_to_ms);
	to->state = (enum key_state)wire_range (r, from->state, KEY_STATE_ACTIVE,
						KEY_STATE_COMPROMISED);
	to->since_ms = wire_time (r, from->since_ms);
}

static void read_keys (struct wire_read *r, const Jembatan__Member *from, struct member *to)
{
	struct member_key *keys = wire_array (r, from->n_keys, LIMIT_MEMBER_KEYS, sizeof *keys);

	for (size_t i = 0; keys != NULL && i < from->n_keys; i++)
		read_key (r, from->keys[i], &keys[i]);
	to->keys = keys;
	to->key_count = keys != NULL ? from->n_keys : 0;
}

static void read_member (struct wire_read *r, const Jembatan__Member *from, struct member *to)
{
	wire_agency (r, from->id, &to->id);
	to->name_id = read_required_line (r, from->name_id);
	to->name_en = wire_line (r, from->name_en, LIMIT_NAME_BYTES);
	to->kind = wire_word (r, from->kind);
	to->region = read_region (r, from->region);
	to->address = wire_line (r, from->address, LIMIT_NAME_BYTES);
	to->phone = wire_line (r, from->phone, LIMIT_NAME_BYTES);
	to->whatsapp = wire_line (r, from->whatsapp, LIMIT_NAME_BYTES);
	to->office_hours = wire_line (r, from->office_hours, LIMIT_NAME_BYTES);
	to->services = wire_words (r, from->services, from->n_services, LIMIT_SERVICES);
	to->service_count = to->services != NULL ? from->n_services : 0;
	read_keys (r, from, to);
	to->status = (enum member_status)wire_range (r, from->status, MEMBER_IS_ACTIVE,
						     MEMBER_IS_SUSPENDED);
	wire_agency_or_none (r, from->neutral_sender, &to->neutral_sender);
}

static const char *read_endpoint (struct wire_read *r, const char *from)
{
	if (strncmp (from, "tcp://", 6) != 0)
		wire_fail (r, ERR_MALFORMED);
	return wire_line (r, from, LIMIT_NAME_BYTES);
}

static void read_hub (struct wire_read *r, const Jembatan__Hub *from, struct hub_entry *to)
{
	const char **endpoints = wire_array (r, from->n_endpoints, LIMIT_ENDPOINTS,
					     sizeof *endpoints);

	for (size_t i = 0; endpoints != NULL && i < from->n_endpoints; i++)
		endpoints[i] = read_endpoint (r, from->endpoints[i]);
	if (endpoints == NULL)
		wire_fail (r, ERR_MALFORMED);
	to->id = read_name (r, from->id);
	to->endpoints = endpoints;
	to->endpoint_count = from->n_endpoints;
	read_public_key (r, from->link_key, &to->link_key);
	read_public_key (r, from->log_key, &to->log_key);
}

/* ---- reading: the directory ------------------------------------------------------------------- */

static void read_hubs (struct wire_read *r, const Jembatan__Network *from,
		       struct directory_data *to)
{
	struct hub_entry *hubs = wire_array (r, from->n_hubs, LIMIT_HUBS, sizeof *hubs);

	for (size_t i = 0; hubs != NULL && i < from->n_hubs; i++)
		read_hub (r, from->hubs[i], &hubs[i]);
	to->hubs = hubs;
	to->hub_count = hubs != NULL ? from->n_hubs : 0;
}

static void read_registrar_keys (struct wire_read *r, const Jembatan__Network *from,
				 struct directory_data *to)
{
	struct registrar_key *keys = wire_array (r, from->n_registrar_keys, LIMIT_REGISTRAR_KEYS,
						 sizeof *keys);

	for (size_t i = 0; keys != NULL && i < from->n_registrar_keys; i++) {
		read_public_key (r, from->registrar_keys[i]->public_key, &keys[i].public_key);
		keys[i].holder = wire_line (r, from->registrar_keys[i]->holder, LIMIT_NAME_BYTES);
	}
	to->registrar_keys = keys;
	to->registrar_key_count = keys != NULL ? from->n_registrar_keys : 0;
}

static void read_catalogue (struct wire_read *r, const Jembatan__Network *from,
			    struct directory_data *to)
{
	struct catalogue_version *versions = wire_array (r, from->n_catalogue, LIMIT_ANSWERS,
							 sizeof *versions);

	for (size_t i = 0; versions != NULL && i < from->n_catalogue; i++) {
		versions[i].thread = wire_word (r, from->catalogue[i]->thread);
		versions[i].version = from->catalogue[i]->version;
	}
	to->catalogue = versions;
	to->catalogue_count = versions != NULL ? from->n_catalogue : 0;
}

static void read_network (struct wire_read *r, const Jembatan__Network *from,
			  struct directory_data *to)
{
	if (from == NULL) {
		wire_fail (r, ERR_MALFORMED);
		return;
	}
	to->network = read_name (r, from->name);
	read_hubs (r, from, to);
	read_registrar_keys (r, from, to);
	to->threshold = from->threshold;
	read_catalogue (r, from, to);
}

static void read_members (struct wire_read *r, const Jembatan__Directory *from,
			  struct directory_data *to)
{
	struct member *members = wire_array (r, from->n_members, LIMIT_MEMBERS, sizeof *members);

	for (size_t i = 0; members != NULL && r->err == ERR_OK && i < from->n_members; i++)
		read_member (r, from->members[i], &members[i]);
	to->members = members;
	to->member_count = members != NULL ? from->n_members : 0;
}

static void read_overseen (struct wire_read *r, const Jembatan__Oversight *from,
			   struct oversight *to)
{
	struct agency_id *overseen = wire_array (r, from->n_overseen, LIMIT_MEMBERS,
						 sizeof *overseen);

	wire_agency (r, from->coordinator, &to->coordinator);
	for (size_t i = 0; overseen != NULL && i < from->n_overseen; i++)
		wire_agency (r, from->overseen[i], &overseen[i]);
	to->overseen = overseen;
	to->overseen_count = overseen != NULL ? from->n_overseen : 0;
}

static void read_oversight (struct wire_read *r, const Jembatan__Directory *from,
			    struct directory_data *to)
{
	struct oversight *oversight = wire_array (r, from->n_oversight, LIMIT_MEMBERS,
						  sizeof *oversight);

	for (size_t i = 0; oversight != NULL && r->err == ERR_OK && i < from->n_oversight; i++)
		read_overseen (r, from->oversight[i], &oversight[i]);
	to->oversight = oversight;
	to->oversight_count = oversight != NULL ? from->n_oversight : 0;
}

err_t wire_directory_decode (struct bytes from, arena_t *arena, struct directory_data *ret_data)
{
	struct wire_read r = { .arena = arena };
	struct directory_data data = { 0 };
	Jembatan__Directory *tree = wire_unpack (&r, &jembatan__directory__descriptor, from,
						 LIMIT_DIRECTORY_BYTES, LIMIT_MEMBERS);

	if (tree == NULL)
		return r.err;
	data.version = wire_count (&r, tree->version);
	data.issued_ms = wire_time (&r, tree->issued_ms);
	data.expires_ms = wire_time (&r, tree->expires_ms);
	read_network (&r, tree->network, &data);
	read_members (&r, tree, &data);
	read_oversight (&r, tree, &data);
	if (r.err == ERR_OK)
		*ret_data = data;
	return r.err;
}

err_t wire_signed_directory_decode (struct bytes from, arena_t *arena,
				    struct signed_directory *ret_signed)
{
	struct wire_read r = { .arena = arena };
	struct signed_directory read = { .signature_count = 0 };
	Jembatan__SignedDirectory *tree;

	tree = wire_unpack (&r, &jembatan__signed_directory__descriptor, from,
			    LIMIT_DIRECTORY_BYTES, LIMIT_REGISTRAR_KEYS);
	if (tree == NULL)
		return r.err;
	read.directory = wire_bytes (&r, tree->directory, LIMIT_DIRECTORY_BYTES);
	for (size_t i = 0; i < tree->n_signatures && i < LIMIT_REGISTRAR_KEYS; i++) {
		struct directory_signature *to = &read.signatures[read.signature_count++];

		WIRE_ID (&r, tree->signatures[i]->key_id, &to->key_id);
		WIRE_ID (&r, tree->signatures[i]->signature, &to->signature);
	}
	if (read.directory.len == 0)
		wire_fail (&r, ERR_MALFORMED);
	if (r.err == ERR_OK)
		*ret_signed = read;
	return r.err;
}

/* ---- reading: enrolment files ----------------------------------------------------------------- */

err_t wire_request_decode (struct bytes from, arena_t *arena, struct request *ret_request)
{
	struct wire_read r = { .arena = arena };
	struct request request = { 0 };
	Jembatan__Request *tree = wire_unpack (&r, &jembatan__request__descriptor, from,
					       LIMIT_REQUEST_BYTES, ITEMS_OF_A_FILE);

	if (tree == NULL)
		return r.err;
	request.is_hub = tree->hub != NULL;
	request.made_ms = wire_time (&r, tree->made_ms);
	if ((tree->hub != NULL) == (tree->member != NULL))
		return ERR_MALFORMED;
	if (tree->hub != NULL)
		read_hub (&r, tree->hub, &request.hub);
	else
		read_member (&r, tree->member, &request.member);
	if (r.err == ERR_OK)
		*ret_request = request;
	return r.err;
}

err_t wire_signed_request_decode (struct bytes from, arena_t *arena,
				  struct signed_request *ret_signed)
{
	struct wire_read r = { .arena = arena };
	struct signed_request read = { .request = BYTES_NONE };
	Jembatan__SignedRequest *tree;

	tree = wire_unpack (&r, &jembatan__signed_request__descriptor, from, LIMIT_REQUEST_BYTES,
			    ITEMS_OF_A_FILE);
	if (tree == NULL)
		return r.err;
	read.request = wire_bytes (&r, tree->request, LIMIT_REQUEST_BYTES);
	WIRE_ID (&r, tree->proof, &read.proof);
	if (r.err == ERR_OK)
		*ret_signed = read;
	return r.err;
}

err_t wire_welcome_decode (struct bytes from, arena_t *arena, struct welcome_file *ret_welcome)
{
	struct wire_read r = { .arena = arena };
	struct welcome_file read = { .network = NULL };
	Jembatan__WelcomeFile *tree;

	/* The network's name comes on top of a directory of the full size. */
	tree = wire_unpack (&r, &jembatan__welcome_file__descriptor, from,
			    LIMIT_DIRECTORY_BYTES + KIB, ITEMS_OF_A_FILE);
	if (tree == NULL)
		return r.err;
	read.network = read_name (&r, tree->network);
	read.signed_directory = wire_bytes (&r, tree->signed_directory, LIMIT_DIRECTORY_BYTES);
	if (r.err == ERR_OK)
		*ret_welcome = read;
	return r.err;
}

/* ---- writing ---------------------------------------------------------------------------------- */

static void write_key (const struct member_key *from, Jembatan__Key *to)
{
	to->use = (Jembatan__KeyUse)from->use;
	to->public_key = wire_put_bytes (ID_BYTES (from->public_key));
	to->valid_from_ms = (uint64_t)from->valid_from_ms;
	to->valid_to_ms = (uint64_t)from->valid_to_ms;
	to->state = (Jembatan__KeyState)from->state;
	to->since_ms = (uint64_t)from->since_ms;
}

static void write_member (const struct member *from, Jembatan__Member *to, arena_t *arena)
{
	to->id = wire_put_text (from->id.text);
	to->name_id = wire_put_text (from->name_id);
	to->name_en = wire_put_text (from->name_en);
	to->kind = wire_put_text (from->kind);
	to->region = wire_put_text (from->region);
	to->address = wire_put_text (from->address);
	to->phone = wire_put_text (from->phone);
	to->whatsapp = wire_put_text (from->whatsapp);
	to->office_hours = wire_put_text (from->office_hours);
	to->n_services = from->service_count;
	to->services = wire_put_texts (arena, from->services, from->service_count);
	to->n_keys = from->key_count;
	to->keys = wire_new_array (arena, &jembatan__key__descriptor, from->key_count);
	for (size_t i = 0; i < from->key_count; i++)
		write_key (&from->keys[i], to->keys[i]);
	to->status = (Jembatan__MemberStatus)from->status;
	to->neutral_sender = wire_put_text (from->neutral_sender.text);
}

static void write_hub (const struct hub_entry *from, Jembatan__Hub *to, arena_t *arena)
{
	to->id = wire_put_text (from->id);
	to->n_endpoints = from->endpoint_count;
	to->endpoints = wire_put_texts (arena, from->endpoints, from->endpoint_count);
	to->link_key = wire_put_bytes (ID_BYTES (from->link_key));
	to->log_key = wire_put_bytes (ID_BYTES (from->log_key));
}

static void write_registrar_keys (const struct directory_data *from, Jembatan__Network *to,
				  arena_t *arena)
{
	to->n_registrar_keys = from->registrar_key_count;
	to->registrar_keys = wire_new_array (arena, &jembatan__registrar_key__descriptor,
					     from->registrar_key_count);
	for (size_t i = 0; i < from->registrar_key_count; i++) {
		const struct registrar_key *key = &from->registrar_keys[i];

		to->registrar_keys[i]->public_key = wire_put_bytes (ID_BYTES (key->public_key));
		to->registrar_keys[i]->holder = wire_put_text (key->holder);
	}
}

static void write_catalogue (const struct directory_data *from, Jembatan__Network *to,
			     arena_t *arena)
{
	to->n_catalogue = from->catalogue_count;
	to->catalogue = wire_new_array (arena, &jembatan__catalogue_version__descriptor,
					from->catalogue_count);
	for (size_t i = 0; i < from->catalogue_count; i++) {
		to->catalogue[i]->thread = wire_put_text (from->catalogue[i].thread);
		to->catalogue[i]->version = from->catalogue[i].version;
	}
}

static Jembatan__Network *write_network (const struct directory_data *from, arena_t *arena)
{
	Jembatan__Network *to = wire_new (arena, &jembatan__network__descriptor);

	to->name = wire_put_text (from->network);
	to->n_hubs = from->hub_count;
	to->hubs = wire_new_array (arena, &jembatan__hub__descriptor, from->hub_count);
	for (size_t i = 0; i < from->hub_count; i++)
		write_hub (&from->hubs[i], to->hubs[i], arena);
	write_registrar_keys (from, to, arena);
	to->threshold = from->threshold;
	write_catalogue (from, to, arena);
	return to;
}

static void write_overseen (const struct oversight *from, Jembatan__Oversight *to, arena_t *arena)
{
	to->coordinator = wire_put_text (from->coordinator.text);
	to->n_overseen = from->overseen_count;
	to->overseen = arena_must (arena, from->overseen_count * sizeof *to->overseen);
	for (size_t i = 0; i < from->overseen_count; i++)
		to->overseen[i] = wire_put_text (from->overseen[i].text);
}

static err_t pack (const void *message, arena_t *arena, size_t most, struct bytes *ret_encoded)
{
	struct bytes encoded = wire_pack (message, arena, most);

	if (encoded.data == NULL)
		return ERR_TOO_LARGE;
	*ret_encoded = encoded;
	return ERR_OK;
}

err_t wire_directory_encode (const struct directory_data *data, arena_t *arena,
			     struct bytes *ret_encoded)
{
	Jembatan__Directory *to = wire_new (arena, &jembatan__directory__descriptor);

	to->version = data->version;
	to->issued_ms = (uint64_t)data->issued_ms;
	to->expires_ms = (uint64_t)data->expires_ms;
	to->network = write_network (data, arena);
	to->n_members = data->member_count;
	to->members = wire_new_array (arena, &jembatan__member__descriptor, data->member_count);
	for (size_t i = 0; i < data->member_count; i++)
		write_member (&data->members[i], to->members[i], arena);
	to->n_oversight = data->oversight_count;
	to->oversight = wire_new_array (arena, &jembatan__oversight__descriptor,
					data->oversight_count);
	for (size_t i = 0; i < data->oversight_count; i++)
		write_overseen (&data->oversight[i], to->oversight[i], arena);
	return pack (to, arena, LIMIT_DIRECTORY_BYTES, ret_encoded);
}

err_t wire_signed_directory_encode (const struct signed_directory *from, arena_t *arena,
				    struct bytes *ret_encoded)
{
	Jembatan__SignedDirectory *to = wire_new (arena, &jembatan__signed_directory__descriptor);

	to->directory = wire_put_bytes (from->directory);
	to->n_signatures = from->signature_count;
	to->signatures = wire_new_array (arena, &jembatan__directory_signature__descriptor,
					 from->signature_count);
	for (size_t i = 0; i < from->signature_count; i++) {
		const struct directory_signature *one = &from->signatures[i];

		to->signatures[i]->key_id = wire_put_bytes (ID_BYTES (one->key_id));
		to->signatures[i]->signature = wire_put_bytes (ID_BYTES (one->signature));
	}
	return pack (to, arena, LIMIT_DIRECTORY_BYTES, ret_encoded);
}

err_t wire_request_encode (const struct request *request, arena_t *arena,
			   struct bytes *ret_encoded)
{
	Jembatan__Request *to = wire_new (arena, &jembatan__request__descriptor);

	if (request->is_hub) {
		to->hub = wire_new (arena, &jembatan__hub__descriptor);
		write_hub (&request->hub, to->hub, arena);
	} else {
		to->member = wire_new (arena, &jembatan__member__descriptor);
		write_member (&request->member, to->member, arena);
	}
	to->made_ms = (uint64_t)request->made_ms;
	return pack (to, arena, LIMIT_REQUEST_BYTES, ret_encoded);
}

err_t wire_signed_request_encode (const struct signed_request *from, arena_t *arena,
				  struct bytes *ret_encoded)
{
	Jembatan__SignedRequest *to = wire_new (arena, &jembatan__signed_request__descriptor);

	to->request = wire_put_bytes (from->request);
	to->proof = wire_put_bytes (ID_BYTES (from->proof));
	return pack (to, arena, LIMIT_REQUEST_BYTES, ret_encoded);
}

err_t wire_welcome_encode (const struct welcome_file *welcome, arena_t *arena,
			   struct bytes *ret_encoded)
{
	Jembatan__WelcomeFile *to = wire_new (arena, &jembatan__welcome_file__descriptor);

	to->network = wire_put_text (welcome->network);
	to->signed_directory = wire_put_bytes (welcome->signed_directory);
	return pack (to, arena, LIMIT_DIRECTORY_BYTES + KIB, ret_encoded);
}
