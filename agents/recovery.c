#include "agents/recovery.h"

#include <string.h>

#include "agents/page.h"
#include "agents/paper/recovery.h"
#include "agents/passphrase.h"
#include "jembatan/clock.h"
#include "proto/recovery.h"

#define PAGE_BYTES (64u * KIB)

/* ---- writing ------------------------------------------------------------------------------------ */

static err_t load_keys (const config_t *config, vault_t **ret_ledger_key, keypair_t **ret_box,
			problems_t *problems)
{
	err_t err = passphrase_key (config, stdin, ret_ledger_key, problems);

	return err != ERR_OK ? err : keypair_load (KEY_BOX, config_text (config, "paths/keys"),
						   ret_box, problems);
}

err_t recovery_write (const config_t *config, const char *path, problems_t *problems)
{
	OWNED (buffer) buffer = buffer_new (PAGE_BYTES);
	OWNED (vault) ledger_key = NULL;
	OWNED (keypair) box = NULL;
	struct recovery_page page = { .agency = config_text (config, "agency/id"),
				      .name_id = config_text (config, "agency/name_id"),
				      .name_en = config_text (config, "agency/name_en"),
				      .made_ms = clock_now_ms () };
	enum paper_format format = PAPER_TEXT;
	err_t err = page_format (path, &format, problems);
	struct bytes text;

	if (err == ERR_OK)
		err = load_keys (config, &ledger_key, &box, problems);
	if (err != ERR_OK)
		return err;
	page.ledger_key = vault_key (ledger_key);
	page.box_key = keypair_secret (box);
	page.box_id = keypair_id (box);
	err = recovery_print (&page, format, buffer);
	text = buffer_bytes (buffer);
	if (err == ERR_OK)
		err = page_write (path, 0600, text, problems);
	recovery_wipe ((uint8_t *)text.data, text.len);
	return err;
}

/* ---- reading ------------------------------------------------------------------------------------ */

err_t recovery_type (FILE *in, vault_t **ret_ledger_key, keypair_t **ret_box, problems_t *problems)
{
	uint8_t ledger_key[32] = { 0 }, box_key[32] = { 0 };
	const struct recovery_key keys[] = { { 'L', ledger_key }, { 'B', box_key } };
	err_t err = recovery_read (in, keys, COUNT_OF (keys), problems);

	if (err == ERR_OK) {
		*ret_ledger_key = vault_of_key (ledger_key);
		*ret_box = keypair_of_secret (KEY_BOX, box_key);
	}
	recovery_wipe (ledger_key, sizeof ledger_key);
	recovery_wipe (box_key, sizeof box_key);
	return err;
}

static bool same_vault (const vault_t *a, const vault_t *b)
{
	return id_same (vault_key (a).data, vault_key (b).data, vault_key (a).len);
}

err_t recovery_check (const config_t *config, FILE *in, problems_t *problems)
{
	OWNED (vault) ledger_key = NULL;
	OWNED (vault) typed_key = NULL;
	OWNED (keypair) box = NULL;
	OWNED (keypair) typed_box = NULL;
	err_t err = load_keys (config, &ledger_key, &box, problems);

	if (err == ERR_OK)
		err = recovery_type (in, &typed_key, &typed_box, problems);
	if (err != ERR_OK)
		return err;
	if (!same_vault (ledger_key, typed_key))
		err = problems_add (problems, ERR_CONFLICT, "L",
				    "baris L benar ditulis tetapi milik buku besar lain; buat lembar baru",
				    "the L lines are well written but of another ledger; make a new sheet");
	if (!ID_EQUAL (keypair_public (box), keypair_public (typed_box)))
		err = problems_add (problems, ERR_CONFLICT, "B",
				    "baris B milik kunci BOX lain; buat lembar baru setelah kunci diganti",
				    "the B lines are of another BOX key; make a new sheet after a change");
	return err;
}
