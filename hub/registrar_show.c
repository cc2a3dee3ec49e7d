/* show: the draft in full, and how it stands to what was signed last. */
#include "hub/registrar.h"

#include <stdio.h>

#include "jembatan/clock.h"

static void show_published (const directory_t *published)
{
	const struct directory_data *data = directory_data (published);
	char issued[INSTANT_TEXT], expires[INSTANT_TEXT];

	printf ("versi / version: %llu\n", (unsigned long long)data->version);
	printf ("terbit / issued: %s\n", instant_text (data->issued_ms, issued));
	printf ("berlaku sampai / expires: %s\n", instant_text (data->expires_ms, expires));
	if (directory_age (published, clock_now_ms ()) != DIRECTORY_FRESH)
		say ("Perhatian: segera jalankan sign untuk memperpanjang.",
		     "Mind: run sign soon to extend it.");
}

static void show_oversight (const struct oversight *row)
{
	printf ("pengawas / coordinator: %s:", row->coordinator.text);
	for (size_t i = 0; i < row->overseen_count; i++)
		printf (" %s", row->overseen[i].text);
	putchar ('\n');
}

static void show_draft (const struct directory_data *draft)
{
	printf ("ambang / threshold: %u\n", draft->threshold);
	for (size_t i = 0; i < draft->registrar_key_count; i++)
		print_root (&draft->registrar_keys[i]);
	for (size_t i = 0; i < draft->catalogue_count; i++)
		printf ("katalog / catalogue: %s %u\n", draft->catalogue[i].thread,
			draft->catalogue[i].version);
	for (size_t i = 0; i < draft->oversight_count; i++)
		show_oversight (&draft->oversight[i]);
	for (size_t i = 0; i < draft->hub_count; i++)
		print_hub (&draft->hubs[i]);
	for (size_t i = 0; i < draft->member_count; i++)
		print_member (&draft->members[i]);
}

err_t command_show (struct registrar *registrar, const struct arguments *arguments)
{
	OWNED (directory) published = NULL;
	err_t err = published_load (registrar, &published);

	if (err != ERR_OK && err != ERR_NOT_FOUND)
		return err;
	printf ("jaringan / network: %s\n", registrar->draft.network);
	if (published != NULL)
		show_published (published);
	else
		say ("belum pernah ditandatangani", "never signed yet");
	show_draft (&registrar->draft);
	return ERR_OK;
}
