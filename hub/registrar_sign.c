/*
 * Publishing: the draft becomes the next signed version, and a member gets its welcome file.
 *
 * The draft's version is written before the directory that bears it.  A power cut between the two
 * skips a number; no number is ever signed twice.
 */
#include "hub/registrar.h"

#include <string.h>
#include <sys/stat.h>

#include "jembatan/clock.h"

#define DAYS_MOST 400

struct roots {
	keypair_t *pair[LIMIT_REGISTRAR_KEYS + 1];
	size_t count;
};

static void roots_destroy (struct roots *roots)
{
	while (roots->count > 0)
		keypair_destroy (&roots->pair[--roots->count]);
}

static err_t roots_add (struct registrar *registrar, struct roots *roots, const char *folder)
{
	err_t err = keypair_load (KEY_ROOT, folder, &roots->pair[roots->count],
				  registrar->problems);

	if (err == ERR_OK)
		roots->count++;
	return err;
}

static err_t roots_load (struct registrar *registrar, const struct arguments *arguments,
			 struct roots *roots)
{
	err_t err = roots_add (registrar, roots, registrar->folder);

	for (size_t i = 0; err == ERR_OK && i < arguments->also_count; i++)
		err = roots_add (registrar, roots, arguments->also[i]);
	return err;
}

/* ---- the next version ------------------------------------------------------------------------- */

static err_t days_check (struct registrar *registrar, int64_t days)
{
	if (days >= 1 && days <= DAYS_MOST)
		return ERR_OK;
	return problems_add (registrar->problems, ERR_USAGE, "--days",
			     "masa berlaku %lld hari harus antara 1 dan %d",
			     "a validity of %lld days must be between 1 and %d", (long long)days,
			     DAYS_MOST);
}

static void set_times (struct registrar *registrar, const directory_t *published, int64_t days)
{
	struct directory_data *draft = &registrar->draft;
	uint64_t last = published != NULL ? directory_data (published)->version : 0;

	/* A draft that came back from a backup may be behind what was published. */
	draft->version = (draft->version > last ? draft->version : last) + 1;
	draft->issued_ms = clock_now_ms ();
	draft->expires_ms = draft->issued_ms + days * DAY_MS;
}

static err_t not_accepted (struct registrar *registrar, err_t err)
{
	if (err == ERR_BAD_SIGNATURE)
		return problems_add (registrar->problems, err, "",
				     "tanda tangan kurang dari ambang; tambahkan --also FOLDER pemegang lain",
				     "fewer signatures than the threshold; add --also FOLDER of another holder");
	return problems_add (registrar->problems, err, "",
			     "direktori ini tidak akan diterima anggota (%s)",
			     "members would not accept this directory (%s)", err_name (err));
}

/* Members who hold the last version must accept this one, and so must a newcomer. */
static err_t accepted (struct registrar *registrar, struct bytes content,
		       const directory_t *published)
{
	OWNED (directory) newcomer = NULL;
	OWNED (directory) member = NULL;
	err_t err = directory_read (content, NULL, &newcomer);

	if (err == ERR_OK && published != NULL)
		err = directory_read (content, published, &member);
	return err == ERR_OK ? ERR_OK : not_accepted (registrar, err);
}

static err_t make_version (struct registrar *registrar, const struct arguments *arguments,
			   const directory_t *published, struct bytes *ret_content)
{
	struct roots roots = { .count = 0 };
	err_t err = roots_load (registrar, arguments, &roots);

	if (err == ERR_OK) {
		set_times (registrar, published, arguments->days);
		err = directory_sign (&registrar->draft, roots.pair, roots.count,
				      registrar->arena, ret_content);
		if (err != ERR_OK)
			err = not_accepted (registrar, err);
	}
	roots_destroy (&roots);
	return err == ERR_OK ? accepted (registrar, *ret_content, published) : err;
}

static void announce (struct registrar *registrar)
{
	const struct directory_data *draft = &registrar->draft;
	char expires[INSTANT_TEXT];

	say ("Versi %llu ditandatangani, %zu anggota, berlaku sampai %s.",
	     "Version %llu is signed, %zu members, valid until %s.",
	     (unsigned long long)draft->version, draft->member_count,
	     instant_text (draft->expires_ms, expires));
	say ("Serahkan %s kepada operator hub.", "Hand %s to the hub's operator.",
	     folder_path (registrar, DIRECTORY_FILE));
	if (draft->hub_count == 0)
		say ("Perhatian: belum ada hub di direktori ini, sehingga instansi tidak dapat tersambung; "
		     "jalankan enrol dengan permohonan hub.",
		     "Mind: this directory names no hub, so agencies can't connect; run enrol with the "
		     "hub's request.");
}

err_t command_sign (struct registrar *registrar, const struct arguments *arguments)
{
	OWNED (directory) published = NULL;
	struct bytes content;
	err_t err = days_check (registrar, arguments->days);

	if (err == ERR_OK)
		err = published_load (registrar, &published);
	if (err == ERR_NOT_FOUND)
		err = ERR_OK;
	if (err == ERR_OK)
		err = make_version (registrar, arguments, published, &content);
	if (err == ERR_OK)
		err = draft_save (registrar);
	if (err == ERR_OK)
		err = folder_write (registrar, folder_path (registrar, DIRECTORY_FILE), content);
	if (err == ERR_OK)
		announce (registrar);
	return err;
}

/* ---- welcome ---------------------------------------------------------------------------------- */

static bool is_in (const directory_t *directory, const char *name)
{
	struct agency_id id;

	if (directory_hub (directory, name) != NULL)
		return true;
	return agency_id_parse (name, &id) == ERR_OK && directory_member (directory, &id) != NULL;
}

static err_t not_published (struct registrar *registrar, const char *name)
{
	return problems_add (registrar->problems, ERR_NOT_FOUND, "",
			     "%s belum ada di direktori yang ditandatangani; jalankan enrol lalu sign",
			     "%s is not in the signed directory yet; run enrol and then sign",
			     quoted (name));
}

static err_t write_welcome (struct registrar *registrar, const directory_t *published,
			    const char *path)
{
	struct bytes file;
	err_t err = welcome_make (published, registrar->arena, &file);

	if (err == ERR_OK)
		err = folder_write (registrar, path, file);
	if (err == ERR_OK)
		say ("Berkas sambutan: %s", "Welcome file: %s", path);
	return err;
}

err_t command_welcome (struct registrar *registrar, const struct arguments *arguments)
{
	OWNED (directory) published = NULL;
	const char *name = arguments->word[0], *path = arguments->out;
	err_t err = published_load (registrar, &published);

	if (err == ERR_NOT_FOUND || (err == ERR_OK && !is_in (published, name)))
		return not_published (registrar, name);
	if (err != ERR_OK)
		return err;
	if (path == NULL)
		path = folder_path (registrar,
				    arena_printf (registrar->arena, "%s.welcome", name));
	return write_welcome (registrar, published, path);
}
