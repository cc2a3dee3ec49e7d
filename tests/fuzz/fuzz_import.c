/*
 * Any bytes as a list of any kind: the first byte chooses list, form and whether to write, the rest is
 * the file.  Once written, the same bytes find nothing new, and nothing that was called good is called
 * bad.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agents/import/import.h"
#include "jembatan/clock.h"
#include "proto/text.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static struct office {
	char root[64], folder[96], key_file[96];
	catalogue_t *catalogue;
	keypair_t *root_pair, *sig;
	directory_t *directory;
	ledger_t *ledger;
	bool written;
} office;

static void remove_office (void)
{
	char command[128];

	if (office.ledger != NULL)
		ledger_destroy (&office.ledger);
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
	strcpy (office.root, access ("/dev/shm", W_OK) == 0 ? "/dev/shm/import-fuzz-XXXXXX"
							    : "/tmp/import-fuzz-XXXXXX");
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

/* Whatever was written before is gone: an input means the same whenever it comes. */
static void empty_ledger (void)
{
	char command[128];

	if (office.ledger != NULL && !office.written)
		return;
	if (office.ledger != NULL)
		ledger_destroy (&office.ledger);
	snprintf (command, sizeof command, "rm -rf %s", office.folder);
	if (system (command) != 0 ||
	    ledger_create (office.folder, office.key_file, NULL) != ERR_OK ||
	    ledger_open (office.folder, office.key_file, &office.ledger, NULL) != ERR_OK)
		abort ();
	office.written = false;
}

/* They become JSON, and lines of a table. */
static void check_texts (const struct complaints *complaints)
{
	for (size_t i = 0; i < complaints->kept; i++) {
		assert (text_is_line (bytes_of_text (complaints->list[i].problem.text_id)));
		assert (text_is_line (bytes_of_text (complaints->list[i].problem.text_en)));
	}
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
	check_texts (&ret_report->problems);
	check_texts (&ret_report->warnings);
	assert ((ret_report->bad > 0) == (ret_report->problems.count > 0));
	return ERR_OK;
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	static const char *const lists[] = { "releases", "staff", "holidays", "contacts" };
	struct import_wish wish = { .skip_bad = true };
	struct import_report first, again;
	struct desk_parts parts;
	desk_t *desk;

	if (size == 0 || size > LIMIT_HTTP_BODY_BYTES)
		return 0;
	make_office ();
	empty_ledger ();
	parts = (struct desk_parts){ .ledger = office.ledger,
				     .catalogue = office.catalogue,
				     .directory = office.directory,
				     .sig = office.sig };
	if (agency_id_parse ("rutan-uji", &parts.self) != ERR_OK)
		abort ();
	desk = desk_new (&parts);
	wish.what = lists[data[0] & 3];
	wish.format = data[0] & 4 ? IMPORT_JSON : IMPORT_CSV;
	wish.commit = (data[0] & 8) == 0;
	wish.text = (struct bytes){ data + 1, size - 1 };
	if (run (desk, &wish, &first) == ERR_OK) {
		office.written = first.written;
		assert (run (desk, &wish, &again) == ERR_OK);
		assert (!again.written && again.bad == first.bad);
		assert (again.fresh + again.changed == 0 || !wish.commit);
		if (first.written)
			import_holidays_apply (office.ledger, office.catalogue);
	}
	desk_destroy (&desk);
	return 0;
}
