/* The hub's half of a cabinet, apart from the agency's because both have a `struct marks`. */
#ifndef TESTS_TORTURE_CABINET_HUB_H
#define TESTS_TORTURE_CABINET_HUB_H

#include "hub/hub.h"
#include "proto/backup.h"

struct store;

/* A store with one letter that waits, open. */
void cabinet_make_store (const char *folder, struct store **ret_store);
void cabinet_close_store (struct store **store);

/* Opens it again; why it is not such a one, or NULL. */
const char *cabinet_open_store (const char *folder, struct store **ret_store);

/* Why the store in that folder is not such a one; NULL when it is. */
const char *cabinet_store_flaw (const char *folder);

err_t cabinet_copy_store (struct store *store, struct backup_source *ret_source);
err_t cabinet_hub_key (const char *keys, vault_t **ret_key, problems_t *problems);
err_t cabinet_restore_hub (const struct hub_setup *setup, const char *file, problems_t *problems);

#endif
