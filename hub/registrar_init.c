/* The network itself: its beginning, its root keys and threshold, its catalogue. */
#include "hub/registrar.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proto/file.h"
#include "proto/os_error.h"

static err_t network_name_check (struct registrar *registrar, const char *name)
{
	struct agency_id id;

	if (name != NULL && agency_id_parse (name, &id) == ERR_OK)
		return ERR_OK;
	return problems_add (registrar->problems, ERR_USAGE, "--network",
			     "nama jaringan %s harus 2-32 huruf kecil, angka atau tanda hubung",
			     "the network name %s must be 2-32 lower-case letters, digits or hyphens",
			     quoted (name != NULL ? name : ""));
}

static err_t make_folder (struct registrar *registrar)
{
	if (mkdir (registrar->folder, 0700) == 0 || errno == EEXIST)
		return ERR_OK;
	return problems_add_os (registrar->problems, ERR_FILE, "--folder", errno,
				"folder %s tidak dapat dibuat", "the folder %s can't be made",
				file_quoted (registrar->folder));
}

static void add_root (struct registrar *registrar, const keypair_t *root, const char *holder)
{
	*draft_add_root (registrar) = (struct registrar_key){
		.public_key = keypair_public (root),
		.holder = holder != NULL ? holder : "",
	};
}

/* The root key of a folder, made there when there is none yet. */
static err_t root_of (struct registrar *registrar, const char *folder, keypair_t **ret_root)
{
	const char *path = arena_printf (registrar->arena, "%s/root.key", folder);
	err_t err;

	if (path != NULL && access (path, F_OK) == 0)
		return keypair_load (KEY_ROOT, folder, ret_root, registrar->problems);
	*ret_root = keypair_new (KEY_ROOT);
	err = keypair_save (*ret_root, folder, registrar->problems);
	if (err != ERR_OK)
		keypair_destroy (ret_root);
	return err;
}

/* An init that was cut short left its key, which is taken up again. */
static err_t begin (struct registrar *registrar, const struct arguments *arguments)
{
	keypair_t *root = NULL;
	err_t err;

	if (access (folder_path (registrar, DRAFT_FILE), F_OK) == 0)
		return problems_add (registrar->problems, ERR_EXISTS, "--folder",
				     "folder %s sudah berisi jaringan; pakai folder lain",
				     "the folder %s already holds a network; use another folder",
				     file_quoted (registrar->folder));
	err = root_of (registrar, registrar->folder, &root);
	if (err != ERR_OK)
		return err;
	registrar->draft.network = arguments->network;
	registrar->draft.threshold = 1;
	add_root (registrar, root, arguments->holder);
	keypair_destroy (&root);
	return draft_save (registrar);
}

err_t command_init (struct registrar *registrar, const struct arguments *arguments)
{
	err_t err = network_name_check (registrar, arguments->network);

	if (err == ERR_OK)
		err = make_folder (registrar);
	if (err == ERR_OK)
		err = folder_open (registrar);
	if (err == ERR_OK)
		err = begin (registrar, arguments);
	if (err != ERR_OK)
		return err;
	say ("Jaringan %s dimulai. Simpan salinan root.key di tempat terkunci.",
	     "The network %s has begun. Keep a copy of root.key in a locked place.",
	     arguments->network);
	print_root (&registrar->draft.registrar_keys[0]);
	return ERR_OK;
}

/* ---- root keys -------------------------------------------------------------------------------- */

static struct registrar_key *find_root (struct registrar *registrar, const struct public_key *key)
{
	struct registrar_key *roots =
		(struct registrar_key *)(uintptr_t)registrar->draft.registrar_keys;

	for (size_t i = 0; i < registrar->draft.registrar_key_count; i++)
		if (ID_EQUAL (roots[i].public_key, *key))
			return &roots[i];
	return NULL;
}

err_t command_add_root (struct registrar *registrar, const struct arguments *arguments)
{
	keypair_t *root = NULL;
	err_t err = root_of (registrar, arguments->word[0], &root);
	struct public_key key;

	if (err != ERR_OK)
		return err;
	key = keypair_public (root);
	if (find_root (registrar, &key) != NULL)
		err = problems_add (registrar->problems, ERR_EXISTS, "",
				    "kunci di %s sudah terdaftar sebagai kunci pendaftar",
				    "the key in %s already is a registrar key",
				    quoted (arguments->word[0]));
	else
		add_root (registrar, root, arguments->holder);
	keypair_destroy (&root);
	if (err == ERR_OK)
		err = draft_save (registrar);
	if (err == ERR_OK)
		say ("Kunci pendaftar di %s ditambahkan; berlaku setelah sign.",
		     "The registrar key in %s was added; it counts after sign.",
		     arguments->word[0]);
	return err;
}

static struct registrar_key *root_by_id (struct registrar *registrar, const char *text)
{
	struct registrar_key *roots =
		(struct registrar_key *)(uintptr_t)registrar->draft.registrar_keys;
	char hex[HEX16_TEXT];

	for (size_t i = 0; i < registrar->draft.registrar_key_count; i++) {
		struct key_id id = key_id_of (KEY_ROOT, &roots[i].public_key);

		if (strcmp (hex_text (ID_BYTES (id), hex, sizeof hex), text) == 0)
			return &roots[i];
	}
	return NULL;
}

err_t command_remove_root (struct registrar *registrar, const struct arguments *arguments)
{
	struct directory_data *draft = &registrar->draft;
	struct registrar_key *root = root_by_id (registrar, arguments->word[0]);

	if (root == NULL)
		return problems_add (registrar->problems, ERR_NOT_FOUND, "",
				     "tidak ada kunci pendaftar %s; lihat: jembatan-registrar show",
				     "there is no registrar key %s; see: jembatan-registrar show",
				     quoted (arguments->word[0]));
	if (draft->registrar_key_count <= draft->threshold)
		return problems_add (registrar->problems, ERR_CONFLICT, "",
				     "ambang %u tidak terpenuhi tanpa kunci %s; turunkan dahulu",
				     "the threshold of %u can't be met without the key %s; lower it first",
				     draft->threshold, quoted (arguments->word[0]));
	*root = draft->registrar_keys[draft->registrar_key_count - 1];
	draft->registrar_key_count--;
	return draft_save (registrar);
}

err_t command_threshold (struct registrar *registrar, const struct arguments *arguments)
{
	size_t roots = registrar->draft.registrar_key_count;
	char *end;
	unsigned long wanted = strtoul (arguments->word[0], &end, 10);

	if (*end != '\0' || wanted == 0 || wanted > roots)
		return problems_add (registrar->problems, ERR_USAGE, "",
				     "ambang %s harus antara 1 dan jumlah kunci pendaftar (%zu)",
				     "the threshold %s must be between 1 and the number of registrar keys (%zu)",
				     quoted (arguments->word[0]), roots);
	registrar->draft.threshold = (uint32_t)wanted;
	return draft_save (registrar);
}

/* ---- catalogue -------------------------------------------------------------------------------- */

static struct catalogue_version *catalogue_entry (struct registrar *registrar, const char *thread)
{
	struct catalogue_version *versions =
		(struct catalogue_version *)(uintptr_t)registrar->draft.catalogue;

	for (size_t i = 0; i < registrar->draft.catalogue_count; i++)
		if (strcmp (versions[i].thread, thread) == 0)
			return &versions[i];
	return draft_add_catalogue (registrar);
}

err_t command_catalogue (struct registrar *registrar, const struct arguments *arguments)
{
	err_t err;
	char *end;
	unsigned long version = strtoul (arguments->word[1], &end, 10);

	if (*end != '\0' || version == 0 || version > UINT32_MAX)
		return problems_add (registrar->problems, ERR_USAGE, "",
				     "versi %s harus bilangan mulai dari 1",
				     "the version %s must be a number from 1",
				     quoted (arguments->word[1]));
	*catalogue_entry (registrar, arguments->word[0]) = (struct catalogue_version){
		.thread = arguments->word[0],
		.version = (uint32_t)version,
	};
	err = draft_save (registrar);
	if (err == ERR_OK)
		say ("Jaringan memakai katalog %s versi %lu sejak sign berikutnya.",
		     "The network uses catalogue %s version %lu from the next sign on.",
		     arguments->word[0], version);
	return err;
}
