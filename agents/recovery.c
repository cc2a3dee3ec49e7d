#include "agents/recovery.h"

#include <errno.h>
#include <string.h>

#include "agents/paper/recovery.h"
#include "agents/passphrase.h"
#include "jembatan/clock.h"
#include "proto/file.h"
#include "proto/os_error.h"
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

static bool ends_in (const char *path, const char *ending)
{
	size_t len = strlen (path), end = strlen (ending);

	return len > end && strcmp (path + len - end, ending) == 0;
}

/* What a page would be called that no program opens helps nobody who has to print it. */
static err_t format_of (const char *path, enum paper_format *ret_format, problems_t *problems)
{
	bool html = ends_in (path, ".html");

	if (!html && !ends_in (path, ".txt") && strcmp (path, "-") != 0)
		return problems_add (problems, ERR_INVALID, "",
				     "%s tidak berakhir dengan .html atau .txt; pilih salah satu",
				     "%s ends neither in .html nor in .txt; choose one of them",
				     file_quoted (path));
	*ret_format = html ? PAPER_HTML : PAPER_TEXT;
	return ERR_OK;
}

static err_t write_page (const char *path, struct bytes page, problems_t *problems)
{
	err_t err;

	if (strcmp (path, "-") == 0) {
		fwrite (page.data, 1, page.len, stdout);
		return fflush (stdout) == 0 ? ERR_OK : ERR_FILE;
	}
	err = file_create (path, 0600, page);
	if (err == ERR_EXISTS)
		return problems_add (problems, err, "",
				     "%s sudah ada dan tidak ditimpa; pilih nama lain",
				     "%s exists and is not overwritten; choose another name",
				     file_quoted (path));
	if (err != ERR_OK)
		return problems_add_os (problems, err, "", errno,
					"lembar pemulihan %s tidak dapat ditulis",
					"the recovery sheet %s can't be written", file_quoted (path));
	return ERR_OK;
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
	err_t err = format_of (path, &format, problems);
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
		err = write_page (path, text, problems);
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
