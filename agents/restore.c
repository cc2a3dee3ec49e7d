#include "agents/restore.h"

#include "agents/ledger/ledger.h"

err_t restore_here (const config_t *config, problems_t *problems)
{
	OWNED (ledger) ledger = NULL;
	const char *folder = config_text (config, "paths/data");
	err_t err = ledger_open (folder, config_text (config, "paths/ledger_key"), &ledger, problems);

	if (err != ERR_OK)
		return err;
	err = ledger_restored (ledger);
	if (err != ERR_OK)
		return problems_add (problems, err, "",
				     "buku besar di %s tidak dapat ditulisi (%s); periksa disk, lalu "
				     "jalankan perintah ini lagi",
				     "the ledger in %s can't be written (%s); check the disk, then run "
				     "this command again",
				     quoted (folder), err_name (err));
	return ERR_OK;
}
