/*
 * Any bytes as a list of any kind: the first byte chooses list and form, the rest is the file.  What is
 * read is judged and written; then the same bytes again find nothing new, and nothing that the first
 * reading called good is called bad.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agents/import/import.h"
#include "jembatan/clock.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static struct office {
	char root[64], folder[96], key_file[96];
	catalogue_t *catalogue;
	keypair_t *root_pair, *sig;
	directory_t *directory;
} office;

static void remove_office (void)
{
	char command[128];

	directory_destroy (&office.directory);
	catalogue_destroy (&office.catalogue);
	keypair_destroy (&office.root_pair);
	keypair_destroy (&office.sig);
	snprintf (command, sizeof command, "rm -r %s", office.root);
	(void)!system (command);
}

static void make_directory (void)
{
	OWNED (arena) arena = arena_new (MIB);
	struct registrar_key root = { keypair_public (office.root_pair), "Pendaftar" };
	struct directory_data data = { .version = 1,
				       .issued_ms = clock_now_ms (),
				       .expires_ms = clock_now_ms () + 90 * DAY_MS,
				       .network = "uji",
				       .registrar_key_count = 1,
				       .registrar_keys = &root,
				       .threshold = 1 };
	struct bytes bytes;

	if (directory_sign (&data, &office.root_pair, 1, arena, &bytes) != ERR_OK ||
	    directory_read (bytes, NULL, &office.directory) != ERR_OK)
		abort ();
}

static void make_office (void)
{
	if (*office.root != '\0')
		return;
	strcpy (office.root, "/tmp/import-fuzz-XXXXXX");
	if (keys_start () != ERR_OK || mkdtemp (office.root) == NULL ||
	    catalogue_load (SOURCE_DIR "/config/catalogue", &office.catalogue, NULL) != ERR_OK)
		abort ();
	snprintf (office.folder, sizeof office.folder, "%s/data", office.root);
	snprintf (office.key_file, sizeof office.key_file, "%s/keys/ledger.key", office.root);
	office.root_pair = keypair_new (KEY_ROOT);
	office.sig = keypair_new (KEY_SIG);
	make_directory ();
	atexit (remove_office);
}

/* A ledger for this input alone; the key file serves each. */
static ledger_t *new_ledger (void)
{
	char command[128];
	ledger_t *ledger;

	snprintf (command, sizeof command, "rm -rf %s", office.folder);
	if (system (command) != 0 ||
	    ledger_create (office.folder, office.key_file, NULL) != ERR_OK ||
	    ledger_open (office.folder, office.key_file, &ledger, NULL) != ERR_OK)
		abort ();
	return ledger;
}

static err_t run (desk_t *desk, const struct import_wish *wish, struct import_report *ret_report)
{
	static const struct actor siti = { "siti", "supervisor" };
	OWNED (arena) arena = arena_new (64 * MIB);
	OWNED (problems) problems = problems_new ();
	err_t err = import_run (desk, &siti, wish, arena, ret_report, problems);

	if (err != ERR_OK) {
		assert (problems_count (problems) > 0);
		return err;
	}
	assert (ret_report->rows ==
		ret_report->fresh + ret_report->changed + ret_report->known + ret_report->bad);
	assert ((ret_report->bad > 0) == (ret_report->problems.count > 0));
	return ERR_OK;
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	static const char *const lists[] = { "releases", "staff", "holidays", "contacts" };
	struct import_wish wish = { .commit = true, .skip_bad = true };
	struct import_report first, again;
	struct desk_parts parts;
	ledger_t *ledger;
	desk_t *desk;

	if (size == 0 || size > LIMIT_HTTP_BODY_BYTES)
		return 0;
	make_office ();
	ledger = new_ledger ();
	parts = (struct desk_parts){ .ledger = ledger,
				     .catalogue = office.catalogue,
				     .directory = office.directory,
				     .sig = office.sig };
	if (agency_id_parse ("rutan-uji", &parts.self) != ERR_OK)
		abort ();
	desk = desk_new (&parts);
	wish.what = lists[data[0] & 3];
	wish.format = data[0] & 4 ? IMPORT_JSON : IMPORT_CSV;
	wish.text = (struct bytes){ data + 1, size - 1 };
	if (run (desk, &wish, &first) == ERR_OK) {
		assert (run (desk, &wish, &again) == ERR_OK);
		assert (again.fresh + again.changed == 0 && !again.written);
		assert (again.bad == first.bad);
		import_holidays_apply (ledger, office.catalogue);
	}
	desk_destroy (&desk);
	ledger_destroy (&ledger);
	return 0;
}
