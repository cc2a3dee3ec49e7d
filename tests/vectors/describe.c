/* See describe.h. */
#include "tests/vectors/describe.h"

#include <assert.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "directory.pb-c.h"
#include "envelope.pb-c.h"
#include "frame.pb-c.h"
#include "letter.pb-c.h"

/* clang-format off */
static const struct { const char *name; const ProtobufCMessageDescriptor *type; } messages[] = {
	{ "Header",          &jembatan__header__descriptor },
	{ "Letter",          &jembatan__letter__descriptor },
	{ "Clause",          &jembatan__clause__descriptor },
	{ "Withdrawal",      &jembatan__withdrawal__descriptor },
	{ "Frame",           &jembatan__frame__descriptor },
	{ "NonDelivery",     &jembatan__non_delivery__descriptor },
	{ "SignedDirectory", &jembatan__signed_directory__descriptor },
	{ "Directory",       &jembatan__directory__descriptor },
	{ "SignedRequest",   &jembatan__signed_request__descriptor },
	{ "Request",         &jembatan__request__descriptor },
	{ "WelcomeFile",     &jembatan__welcome_file__descriptor },
};
/* clang-format on */

json_t *hex_json (struct bytes from)
{
	char *text = must_alloc (2 * from.len + 1);
	json_t *json;

	text[0] = '\0';
	if (from.len > 0)
		hex_text (from, text, 2 * from.len + 1);
	json = json_string (text);
	free (text);
	return json;
}

struct bytes hex_bytes (const json_t *hex, arena_t *arena)
{
	const char *text = json_string_value (hex);
	size_t len = text != NULL ? strlen (text) / 2 : 0;
	uint8_t *bytes = arena_must (arena, len + 1);
	err_t err = text != NULL ? hex_parse (text, bytes, len) : ERR_MALFORMED;

	assert (err == ERR_OK);
	return (struct bytes){ bytes, len };
}

static json_t *describe_message (const ProtobufCMessage *message);

static json_t *describe_value (const ProtobufCFieldDescriptor *field, const void *at)
{
	switch (field->type) {
	case PROTOBUF_C_TYPE_MESSAGE:
		return describe_message (*(ProtobufCMessage *const *)at);
	case PROTOBUF_C_TYPE_STRING:
		return json_string (*(const char *const *)at);
	case PROTOBUF_C_TYPE_BYTES: {
		const ProtobufCBinaryData *data = at;

		return hex_json ((struct bytes){ data->data, data->len });
	}
	case PROTOBUF_C_TYPE_BOOL:
		return json_boolean (*(const protobuf_c_boolean *)at);
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_INT64:
		return json_integer (*(const int64_t *)at);
	case PROTOBUF_C_TYPE_UINT32:
		return json_integer (*(const uint32_t *)at);
	case PROTOBUF_C_TYPE_ENUM:
		return json_integer (*(const int *)at);
	default:
		abort ();   /* the .proto files use no other type */
	}
}

static size_t value_size (const ProtobufCFieldDescriptor *field)
{
	switch (field->type) {
	case PROTOBUF_C_TYPE_BYTES:
		return sizeof (ProtobufCBinaryData);
	case PROTOBUF_C_TYPE_BOOL:
		return sizeof (protobuf_c_boolean);
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_ENUM:
		return 4;
	default:
		return 8;   /* 64-bit numbers and pointers */
	}
}

static json_t *describe_list (const ProtobufCFieldDescriptor *field, const uint8_t *message)
{
	size_t count = *(const size_t *)(const void *)(message + field->quantifier_offset);
	const uint8_t *items = *(uint8_t *const *)(const void *)(message + field->offset);
	json_t *list = json_array ();

	for (size_t i = 0; i < count; i++)
		json_array_append_new (list, describe_value (field, items + i * value_size (field)));
	return list;
}

/* proto3: a field with its default value is not on the wire, and not in the description. */
static bool is_default (const ProtobufCFieldDescriptor *field, const uint8_t *at)
{
	static const uint8_t zero[8];

	if (field->type == PROTOBUF_C_TYPE_STRING)
		return **(const char *const *)(const void *)at == '\0';
	if (field->type == PROTOBUF_C_TYPE_BYTES)
		return ((const ProtobufCBinaryData *)(const void *)at)->len == 0;
	return memcmp (at, zero, value_size (field)) == 0;
}

static bool is_set (const ProtobufCFieldDescriptor *field, const uint8_t *message)
{
	const void *quantifier = message + field->quantifier_offset;

	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		return *(const size_t *)quantifier > 0;
	if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0)
		return *(const uint32_t *)quantifier == field->id;
	return !is_default (field, message + field->offset);
}

static json_t *describe_message (const ProtobufCMessage *message)
{
	const uint8_t *base = (const uint8_t *)message;
	json_t *fields = json_object ();

	for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];

		if (!is_set (field, base))
			continue;
		json_object_set_new (fields, field->name,
				     field->label == PROTOBUF_C_LABEL_REPEATED
					     ? describe_list (field, base)
					     : describe_value (field, base + field->offset));
	}
	return fields;
}

static const ProtobufCMessageDescriptor *find_type (const char *name)
{
	for (size_t i = 0; i < COUNT_OF (messages); i++)
		if (strcmp (messages[i].name, name) == 0)
			return messages[i].type;
	abort ();
}

json_t *describe (const char *name, struct bytes from)
{
	ProtobufCMessage *message =
		protobuf_c_message_unpack (find_type (name), NULL, from.len, from.data);
	json_t *fields;

	if (message == NULL)
		return NULL;
	fields = describe_message (message);
	protobuf_c_message_free_unpacked (message, NULL);
	return fields;
}

/* ---- fixed keys ------------------------------------------------------------------------------- */

static const char *const words[] = { [KEY_SIG] = "sig", [KEY_BOX] = "box", [KEY_LINK] = "link",
				     [KEY_LOG] = "log", [KEY_ROOT] = "root" };

static void write_key (const char *path, enum key_use use, uint8_t fill)
{
	uint8_t seed[32], secret[64], public_key[32];
	char hex[129], public_hex[65];
	bool signs = use != KEY_BOX && use != KEY_LINK;
	FILE *file = fopen (path, "wxe");

	assert (file != NULL);
	fchmod (fileno (file), 0600);
	memset (seed, fill, sizeof seed);
	if (signs)
		crypto_sign_seed_keypair (public_key, secret, seed);
	else
		crypto_scalarmult_base (public_key, memcpy (secret, seed, sizeof seed));
	sodium_bin2hex (hex, sizeof hex, secret, signs ? 64 : 32);
	sodium_bin2hex (public_hex, sizeof public_hex, public_key, 32);
	fprintf (file, "jembatan-key-v1 %s %s %s\n", words[use], hex, public_hex);
	fclose (file);
}

/* Keys come only out of files, so a fixed one goes through a file too. */
keypair_t *fixed_pair (enum key_use use, uint8_t fill)
{
	char folder[] = "/tmp/jbt-fixed-XXXXXX", path[64];
	keypair_t *pair = NULL;
	err_t err;

	if (mkdtemp (folder) == NULL)
		abort ();
	snprintf (path, sizeof path, "%s/%s.key", folder, words[use]);
	write_key (path, use, fill);
	err = keypair_load (use, folder, &pair, NULL);
	assert (err == ERR_OK);
	unlink (path);
	rmdir (folder);
	return pair;
}
