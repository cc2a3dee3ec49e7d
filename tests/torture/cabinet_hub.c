/* The hub's half of a cabinet; see cabinet_hub.h. */
#include "tests/torture/cabinet_hub.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "hub/backup.h"

#define BODY_BYTES (150u * KIB)      /* so that an archive has several pieces */

static const struct letter_id letter = { { 1 } };

static void must (err_t err)
{
	if (err != ERR_OK)
		abort ();
}

void cabinet_make_store (const char *folder, struct store **ret_store)
{
	static uint8_t body[BODY_BYTES] = { 7 };
	struct item item = { .sender = 1, .recipient = 2, .class = CLASS_ROUTINE, .dseq = 1,
			     .id = letter, .kind = ITEM_LETTER, .size = BODY_BYTES };

	if (mkdir (folder, 0700) != 0)
		abort ();
	must (store_open (folder, ret_store, NULL));
	must (store_begin (*ret_store));
	must (store_add (*ret_store, &item, (struct bytes){ body, 100 },
			 (struct bytes){ body, BODY_BYTES - 100 }));
	must (store_commit (*ret_store));
}

void cabinet_close_store (struct store **store)
{
	store_destroy (store);
}

const char *cabinet_open_store (const char *folder, struct store **ret_store)
{
	struct item item;

	if (store_open (folder, ret_store, NULL) != ERR_OK)
		return "the store can't be opened";
	return store_find (*ret_store, 1, &letter, &item) == ERR_OK && item.state == ITEM_QUEUED ?
		       NULL : "the store has lost its letter";
}

const char *cabinet_store_flaw (const char *folder)
{
	store_t *store = NULL;
	const char *flaw = cabinet_open_store (folder, &store);

	if (store != NULL)
		store_destroy (&store);
	return flaw;
}

err_t cabinet_copy_store (struct store *store, struct backup_source *ret_source)
{
	return store_copy (store, ret_source);
}

err_t cabinet_hub_key (const char *keys, vault_t **ret_key, problems_t *problems)
{
	return hub_backup_key (keys, ret_key, problems);
}

err_t cabinet_restore_hub (const struct hub_setup *setup, const char *file, problems_t *problems)
{
	struct hub_restore_report report;

	return hub_restore (setup, file, NULL, false, &report, problems);
}
