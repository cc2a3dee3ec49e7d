#include "agents/setup.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "agents/ledger/ledger.h"
#include "jembatan/clock.h"
#include "proto/file.h"

#define ARENA_BYTES (4u * LIMIT_DIRECTORY_BYTES)

static const enum key_use agency_keys[] = { KEY_SIG, KEY_BOX, KEY_LINK };

/* ---- init ------------------------------------------------------------------------------------- */

static err_t ensure_pair (enum key_use use, const char *folder, keypair_t **ret_pair,
			  problems_t *problems)
{
	OWNED (keypair) pair = keypair_new (use);
	err_t err = keypair_save (pair, folder, NULL);

	if (err != ERR_OK && err != ERR_EXISTS)
		return keypair_save (pair, folder, problems);
	return keypair_load (use, folder, ret_pair, problems);
}

static err_t ensure_ledger (const config_t *config, problems_t *problems)
{
	const char *folder = config_text (config, "paths/data");
	const char *key_file = config_text (config, "paths/ledger_key");
	err_t err = ledger_create (folder, key_file, NULL);

	if (err == ERR_OK || err == ERR_EXISTS)
		return ERR_OK;
	return ledger_create (folder, key_file, problems);
}

static size_t offered_services (const config_t *config, const char *services[LIMIT_SERVICES])
{
	const char *name, *value;
	size_t count = 0;

	for (size_t i = 0; count < LIMIT_SERVICES; i++) {
		if (!config_list (config, "agency/services", i, &name, &value))
			break;
		if (strcmp (value, "yes") == 0)
			services[count++] = name;
	}
	return count;
}

static err_t describe (const config_t *config, struct member *ret_member, problems_t *problems)
{
	*ret_member = (struct member){
		.name_id = config_text (config, "agency/name_id"),
		.name_en = config_text (config, "agency/name_en"),
		.kind = config_text (config, "agency/kind"),
		.region = config_text (config, "agency/region"),
		.address = config_text (config, "agency/address"),
		.phone = config_text (config, "agency/phone"),
		.whatsapp = config_text (config, "agency/whatsapp"),
		.office_hours = config_text (config, "agency/office_hours"),
	};
	if (agency_id_parse (config_text (config, "agency/id"), &ret_member->id) == ERR_OK)
		return ERR_OK;
	return problems_add (problems, ERR_CONFIG, "agency/id",
			     "%s bukan kode instansi: pakai huruf kecil, angka dan tanda hubung",
			     "%s is no agency id: use small letters, digits and hyphens",
			     quoted (config_text (config, "agency/id")));
}

static err_t write_request (const config_t *config, keypair_t *const *pairs, const char *path,
			    char words[FINGERPRINT_TEXT], problems_t *problems)
{
	OWNED (arena) arena = arena_new (ARENA_BYTES);
	struct request request = { .made_ms = clock_now_ms () }, again;
	struct member_key keys[COUNT_OF (agency_keys)];
	const char *services[LIMIT_SERVICES];
	struct bytes file;
	struct hash fingerprint;
	err_t err = describe (config, &request.member, problems);

	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < COUNT_OF (agency_keys); i++)
		keys[i] = (struct member_key){
			.use = agency_keys[i],
			.public_key = keypair_public (pairs[i]),
			.id = keypair_id (pairs[i]),
			.valid_from_ms = request.made_ms,
		};
	request.member.keys = keys;
	request.member.key_count = COUNT_OF (keys);
	request.member.services = services;
	request.member.service_count = offered_services (config, services);
	err = request_make (&request, pairs[0], arena, &file);
	if (err == ERR_OK)
		err = request_read (file, arena, &again, &fingerprint);
	if (err == ERR_OK)
		err = file_replace (path, 0644, file);
	if (err != ERR_OK)
		return problems_add (problems, err, "request",
				     "permohonan tidak dapat ditulis ke %s (%s); periksa bagian "
				     "agency pada konfigurasi dan foldernya",
				     "the request could not be written to %s (%s); check the agency "
				     "section of the configuration and the folder",
				     quoted (path), err_name (err));
	fingerprint_words (&fingerprint, words);
	return ERR_OK;
}

err_t setup_init (const config_t *config, const char *request_path, char words[FINGERPRINT_TEXT],
		  problems_t *problems)
{
	keypair_t *pairs[COUNT_OF (agency_keys)] = { NULL };
	err_t err = ERR_OK;

	for (size_t i = 0; i < COUNT_OF (agency_keys) && err == ERR_OK; i++)
		err = ensure_pair (agency_keys[i], config_text (config, "paths/keys"), &pairs[i],
				   problems);
	if (err == ERR_OK)
		err = ensure_ledger (config, problems);
	if (err == ERR_OK)
		err = write_request (config, pairs, request_path, words, problems);
	for (size_t i = 0; i < COUNT_OF (agency_keys); i++)
		keypair_destroy (&pairs[i]);
	return err;
}

/* ---- older BOX keys --------------------------------------------------------------------------- */

static err_t older_box (const char *folder, const char *name, keypair_t **ret_box,
			problems_t *problems)
{
	char path[PATH_MAX];

	if (snprintf (path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path)
		return ERR_TOO_LARGE;
	return keypair_load (KEY_BOX, path, ret_box, problems);
}

err_t setup_boxes (const config_t *config, keypair_t *ret_boxes[SETUP_BOXES], size_t *ret_count,
		   problems_t *problems)
{
	const char *keys = config_text (config, "paths/keys");
	char old[PATH_MAX];
	err_t err = keypair_load (KEY_BOX, keys, &ret_boxes[0], problems);
	struct dirent *entry;
	DIR *folder;

	*ret_count = err == ERR_OK ? 1 : 0;
	snprintf (old, sizeof old, "%s/old", keys);
	folder = err == ERR_OK ? opendir (old) : NULL;
	while (folder != NULL && err == ERR_OK && (entry = readdir (folder)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		if (*ret_count == SETUP_BOXES)
			err = problems_add (problems, ERR_KEY_FILE, old,
					    "lebih dari %u kunci lama; hapus yang lebih tua dari 400 "
					    "hari",
					    "more than %u old keys; remove those older than 400 days",
					    SETUP_BOXES - 1);
		else
			err = older_box (old, entry->d_name, &ret_boxes[*ret_count], problems);
		*ret_count += err == ERR_OK ? 1 : 0;
	}
	if (folder != NULL)
		closedir (folder);
	return err;
}

/* ---- join ------------------------------------------------------------------------------------- */

static err_t check_own_keys (const config_t *config, const directory_t *directory,
			     problems_t *problems)
{
	struct agency_id self;
	const struct member *member = NULL;

	if (agency_id_parse (config_text (config, "agency/id"), &self) == ERR_OK)
		member = directory_member (directory, &self);
	if (member == NULL)
		return problems_add (problems, ERR_NOT_MEMBER, "agency/id",
				     "%s tidak ada di direktori jaringan; minta berkas sambutan "
				     "untuk instansi ini",
				     "%s is not in the network's directory; ask for the welcome file "
				     "of this agency",
				     quoted (config_text (config, "agency/id")));
	for (size_t i = 0; i < COUNT_OF (agency_keys); i++) {
		OWNED (keypair) pair = NULL;
		struct key_id id;
		err_t err = keypair_load (agency_keys[i], config_text (config, "paths/keys"), &pair,
					  problems);

		if (err != ERR_OK)
			return err;
		id = keypair_id (pair);
		if (member_key_by_id (member, &id) == NULL)
			return problems_add (problems, ERR_KEY_UNKNOWN, key_use_name (agency_keys[i]),
					     "kunci %s di folder kunci bukan yang didaftarkan; kirim "
					     "permohonan baru kepada pendaftar, lalu jalankan join",
					     "the %s key in the key folder is not the enrolled one; "
					     "send the registrar a new request, then run join",
					     key_use_name (agency_keys[i]));
	}
	return ERR_OK;
}

/* The first row that fits; `what` NULL: any file. */
/* clang-format off */
static const struct { err_t err; const char *what, *id, *en; } file_causes[] = {
	{ ERR_NOT_FOUND, "paths/directory",
	  "%s belum ada; jalankan jembatan-agent join dengan berkas sambutan",
	  "%s is not there yet; run jembatan-agent join with the welcome file" },
	{ ERR_NOT_FOUND, NULL,
	  "%s tidak ada; periksa nama berkasnya",
	  "%s is not there; check the name of the file" },
	{ ERR_TOO_LARGE, NULL,
	  "%s terlalu besar untuk sebuah direktori",
	  "%s is too large for a directory" },
	{ ERR_FILE, NULL,
	  "%s tidak dapat dibaca; periksa pemilik dan izin berkasnya",
	  "%s can't be read; check the file's owner and permissions" },
	{ ERR_IO, NULL,
	  "%s gagal dibaca; periksa disk",
	  "%s could not be read; check the disk" },
};
/* clang-format on */

static err_t read_file (const char *path, const char *what, arena_t *arena, struct bytes *ret_file,
			problems_t *problems)
{
	err_t err = file_read (path, LIMIT_DIRECTORY_BYTES + KIB, arena, ret_file);

	for (size_t i = 0; err != ERR_OK && i < COUNT_OF (file_causes); i++)
		if (file_causes[i].err == err &&
		    (file_causes[i].what == NULL || strcmp (file_causes[i].what, what) == 0))
			return problems_add (problems, err, what, file_causes[i].id,
					     file_causes[i].en, quoted (path));
	return err;
}

err_t setup_join (const config_t *config, const char *welcome_path, directory_t **ret_directory,
		  problems_t *problems)
{
	OWNED (arena) arena = arena_new (ARENA_BYTES);
	OWNED (directory) directory = NULL;
	struct bytes file;
	err_t err = read_file (welcome_path, "welcome", arena, &file, problems);

	if (err != ERR_OK)
		return err;
	err = welcome_read (file, &directory);
	if (err != ERR_OK)
		return problems_add (problems, err, "welcome",
				     "%s bukan berkas sambutan yang utuh (%s); minta lagi kepada "
				     "pendaftar",
				     "%s is no intact welcome file (%s); ask the registrar for it "
				     "again",
				     quoted (welcome_path), err_name (err));
	err = check_own_keys (config, directory, problems);
	if (err != ERR_OK)
		return err;
	err = file_replace (config_text (config, "paths/directory"), 0644,
			    directory_signed_bytes (directory));
	if (err != ERR_OK)
		return problems_add (problems, err, "paths/directory", "%s tidak dapat ditulis",
				     "%s can't be written",
				     quoted (config_text (config, "paths/directory")));
	*ret_directory = directory;
	directory = NULL;
	return ERR_OK;
}

err_t setup_directory (const config_t *config, directory_t **ret_directory, problems_t *problems)
{
	OWNED (arena) arena = arena_new (ARENA_BYTES);
	OWNED (directory) directory = NULL;
	const char *path = config_text (config, "paths/directory");
	struct bytes file;
	err_t err = read_file (path, "paths/directory", arena, &file, problems);

	if (err != ERR_OK)
		return err;
	err = directory_read (file, NULL, &directory);
	if (err != ERR_OK)
		return problems_add (problems, err, "paths/directory",
				     "%s bukan direktori yang sah (%s); jalankan join dengan berkas "
				     "sambutan",
				     "%s is no valid directory (%s); run join with the welcome file",
				     quoted (path), err_name (err));
	err = check_own_keys (config, directory, problems);
	if (err != ERR_OK)
		return err;
	*ret_directory = directory;
	directory = NULL;
	return ERR_OK;
}
