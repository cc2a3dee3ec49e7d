#include "hub/init.h"

#include <string.h>

#include "hub/backup.h"
#include "jembatan/clock.h"
#include "jembatan/directory.h"
#include "proto/file.h"

static err_t check_names (const struct hub_init *init, problems_t *problems)
{
	struct agency_id id;

	if (agency_id_parse (init->id, &id) != ERR_OK)
		problems_add (problems, ERR_USAGE, "--id",
			      "%s bukan nama hub; pakai 2-32 huruf kecil, angka, atau tanda hubung",
			      "%s is no name for a hub; use 2-32 lower-case letters, digits or hyphens",
			      quoted (init->id));
	if (strncmp (init->endpoint, "tcp://", 6) != 0 || strlen (init->endpoint) > 200 ||
	    strchr (init->endpoint + 6, ':') == NULL)
		problems_add (problems, ERR_USAGE, "--endpoint",
			      "%s bukan alamat; tulis seperti tcp://hub.example.go.id:443",
			      "%s is no endpoint; write it like tcp://hub.example.go.id:443",
			      quoted (init->endpoint));
	return problems_err (problems);
}

static err_t make_keys (const char *folder, keypair_t **ret_link, keypair_t **ret_log,
			problems_t *problems)
{
	err_t err;

	*ret_link = keypair_new (KEY_LINK);
	*ret_log = keypair_new (KEY_LOG);
	err = keypair_save (*ret_link, folder, problems);
	return err == ERR_OK ? keypair_save (*ret_log, folder, problems) : err;
}

static err_t write_request (const struct hub_init *init, const keypair_t *link,
			    const keypair_t *log, char ret_words[FINGERPRINT_TEXT],
			    problems_t *problems)
{
	OWNED (arena) arena = arena_new (256 * KIB);
	struct request request = { .is_hub = true, .made_ms = clock_now_ms () };
	struct request again;
	struct hash fingerprint;
	struct bytes file;
	err_t err;

	request.hub = (struct hub_entry){ .id = init->id, .endpoint_count = 1,
					  .endpoints = &init->endpoint,
					  .link_key = keypair_public (link),
					  .log_key = keypair_public (log) };
	err = request_make (&request, log, arena, &file);
	if (err == ERR_OK)
		err = request_read (file, arena, &again, &fingerprint);
	if (err != ERR_OK)
		return problems_add (problems, err, "--request", "permohonan tidak dapat dibuat",
				     "the request can't be made");
	if (file_create (init->request, 0644, file) != ERR_OK)
		return problems_add (problems, ERR_FILE, "--request",
				     "%s sudah ada atau tidak dapat ditulis",
				     "%s exists already or can't be written", quoted (init->request));
	fingerprint_words (&fingerprint, ret_words);
	return ERR_OK;
}

err_t hub_init (const struct hub_init *init, char ret_words[FINGERPRINT_TEXT],
		problems_t *problems)
{
	OWNED (keypair) link = NULL;
	OWNED (keypair) log = NULL;
	OWNED (vault) backup = NULL;
	err_t err = check_names (init, problems);

	if (err == ERR_OK)
		err = keys_start ();
	if (err == ERR_OK)
		err = make_keys (init->keys, &link, &log, problems);
	if (err == ERR_OK)
		err = hub_backup_key (init->keys, &backup, problems);
	return err == ERR_OK ? write_request (init, link, log, ret_words, problems) : err;
}
