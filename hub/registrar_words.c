/* What the registrar says to people: Indonesian first, English beside it. */
#include "hub/registrar.h"

#include <stdarg.h>
#include <stdio.h>

#include "jembatan/clock.h"

void say (const char *format_id, const char *format_en, ...)
{
	va_list arguments;

	va_start (arguments, format_en);
	vprintf (format_id, arguments);
	va_end (arguments);
	fputs (" / ", stdout);
	va_start (arguments, format_en);
	vprintf (format_en, arguments);
	va_end (arguments);
	putchar ('\n');
}

char *key_words (const struct public_key *key, char text[FINGERPRINT_TEXT])
{
	struct hash hash = hash_of (ID_BYTES (*key), BYTES_NONE);

	return fingerprint_words (&hash, text);
}

static const char *const key_states[] = {
	[KEY_STATE_ACTIVE] = "aktif/active",
	[KEY_STATE_RETIRED] = "pensiun/retired",
	[KEY_STATE_COMPROMISED] = "bocor/compromised",
};

static const char *const member_states[] = {
	[MEMBER_IS_ACTIVE] = "aktif/active",
	[MEMBER_IS_SUSPENDED] = "dibekukan/suspended",
};

static void print_pair (const char *label, const char *value)
{
	if (value != NULL && value[0] != '\0')
		printf ("  %-24s %s\n", label, value);
}

static void print_key (const struct member_key *key)
{
	char id[HEX16_TEXT], since[INSTANT_TEXT], words[FINGERPRINT_TEXT];

	hex_text (ID_BYTES (key->id), id, sizeof id);
	printf ("  %-4s %s  %s", key_use_name (key->use), id, key_states[key->state]);
	if (key->state != KEY_STATE_ACTIVE)
		printf (" %s", instant_text (key->since_ms, since));
	printf ("\n       %s\n", key_words (&key->public_key, words));
}

void print_member (const struct member *member)
{
	printf ("%s  [%s]\n", member->id.text, member_states[member->status]);
	print_pair ("nama / name", member->name_id);
	print_pair ("nama Inggris / English", member->name_en);
	print_pair ("jenis / kind", member->kind);
	print_pair ("wilayah / region", member->region);
	print_pair ("alamat / address", member->address);
	print_pair ("telepon / phone", member->phone);
	print_pair ("WhatsApp", member->whatsapp);
	print_pair ("jam kerja / hours", member->office_hours);
	for (size_t i = 0; i < member->service_count; i++)
		print_pair ("layanan / service", member->services[i]);
	print_pair ("pengirim netral / neutral", member->neutral_sender.text);
	for (size_t i = 0; i < member->key_count; i++)
		print_key (&member->keys[i]);
}

void print_hub (const struct hub_entry *hub)
{
	char words[FINGERPRINT_TEXT];
	char id[HEX16_TEXT];
	struct key_id link = key_id_of (KEY_LINK, &hub->link_key);
	struct key_id log = key_id_of (KEY_LOG, &hub->log_key);

	printf ("%s  [hub]\n", hub->id);
	for (size_t i = 0; i < hub->endpoint_count; i++)
		print_pair ("alamat / endpoint", hub->endpoints[i]);
	printf ("  LINK %s\n", hex_text (ID_BYTES (link), id, sizeof id));
	printf ("       %s\n", key_words (&hub->link_key, words));
	printf ("  LOG  %s\n", hex_text (ID_BYTES (log), id, sizeof id));
	printf ("       %s\n", key_words (&hub->log_key, words));
}

void print_root (const struct registrar_key *root)
{
	char words[FINGERPRINT_TEXT];
	char text[HEX16_TEXT];
	struct key_id id = key_id_of (KEY_ROOT, &root->public_key);

	printf ("  ROOT %s  %s\n", hex_text (ID_BYTES (id), text, sizeof text), root->holder);
	printf ("       %s\n", key_words (&root->public_key, words));
}
