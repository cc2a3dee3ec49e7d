#include "agents/backup.h"

#include "agents/ledger/copy.h"

static err_t begin (void *arg, vault_t **ret_key, struct store_id *ret_store,
		    struct backup_source *ret_source, problems_t *problems)
{
	const struct ledger_backups *from = arg;

	*ret_key = vault_of_key (vault_key (ledger_key (from->ledger)).data);
	*ret_store = ledger_store_id (from->ledger);
	return ledger_copy (from->ledger, ret_source);
}

backups_t *ledger_backups_new (const struct ledger_backups *from, zloop_t *loop)
{
	const config_t *config = from->config;
	struct backups_parts parts = {
		.kind = ARCHIVE_LEDGER,
		.who = config_text (config, "agency/id"),
		.data = config_text (config, "paths/data"),
		.folder = config_text (config, "backup/folder"),
		.mounted = config_flag (config, "backup/mounted"),
		.keep = (unsigned)config_number (config, "backup/keep"),
		.begin = begin,
		.arg = (void *)from,
	};

	ledger_sweep (parts.data);
	return backups_new (&parts, loop);
}
