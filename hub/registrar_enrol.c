/*
 * enrol: a request file becomes a member, or a hub.
 *
 * 1. Nothing enters the draft before a person has compared the fingerprint's words.
 * 2. New keys of an agency that is a member already end the old ones of the same use; they stay in
 *    its history.  A key that once ended never comes back, and no key serves two members.
 */
#include "hub/registrar.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "jembatan/clock.h"
#include "proto/file.h"

/* ---- comparing words -------------------------------------------------------------------------- */

/* The same words, whatever stands between them. */
static bool same_words (const char *a, const char *b)
{
	for (;;) {
		size_t len;

		a += strspn (a, " \t\n");
		b += strspn (b, " \t\n");
		len = strcspn (a, " \t\n");
		if (len != strcspn (b, " \t\n") || strncasecmp (a, b, len) != 0)
			return false;
		if (len == 0)
			return true;
		a += len;
		b += len;
	}
}

static err_t words_differ (struct registrar *registrar)
{
	return problems_add (registrar->problems, ERR_NOT_ALLOWED, "--fingerprint",
			     "kata sidik tidak sama: jangan daftarkan; minta berkas yang baru",
			     "the fingerprint words differ: do not enrol; ask for a fresh file");
}

static err_t ask (struct registrar *registrar)
{
	char answer[16];

	if (!isatty (STDIN_FILENO))
		return problems_add (registrar->problems, ERR_USAGE, "--fingerprint",
				     "tidak ada terminal untuk bertanya; beri --fingerprint \"KATA...\" atau --yes",
				     "there is no terminal to ask at; give --fingerprint \"WORDS...\" or --yes");
	say ("Bacakan sepuluh kata itu melalui telepon. Sama? Ketik: ya",
	     "Compare the ten words by phone. The same? Type: ya");
	if (fgets (answer, sizeof answer, stdin) != NULL
	    && (same_words (answer, "ya") || same_words (answer, "yes")))
		return ERR_OK;
	return words_differ (registrar);
}

static err_t compare (struct registrar *registrar, const struct arguments *arguments,
		      const char *words)
{
	if (arguments->fingerprint != NULL)
		return same_words (arguments->fingerprint, words) ? ERR_OK
								   : words_differ (registrar);
	return arguments->yes ? ERR_OK : ask (registrar);
}

/* ---- keys ------------------------------------------------------------------------------------- */

static bool others_key (const struct directory_data *draft, const struct member *self,
			const struct key_id *id)
{
	for (size_t i = 0; i < draft->member_count; i++)
		if (&draft->members[i] != self
		    && member_key_by_id (&draft->members[i], id) != NULL)
			return true;
	return false;
}

static err_t key_check (struct registrar *registrar, const struct member *member,
			const struct member_key *asked)
{
	const struct member_key *known = member_key_by_id (member, &asked->id);
	char id[HEX16_TEXT];

	hex_text (ID_BYTES (asked->id), id, sizeof id);
	if (others_key (&registrar->draft, member, &asked->id))
		return problems_add (registrar->problems, ERR_CONFLICT, "",
				     "kunci %s sudah milik anggota lain; instansi harus membuat kunci baru",
				     "the key %s belongs to another member; the agency must make new keys",
				     quoted (id));
	if (known != NULL && known->state != KEY_STATE_ACTIVE)
		return problems_add (registrar->problems, ERR_CONFLICT, "",
				     "kunci %s sudah pernah berakhir dan tidak boleh kembali",
				     "the key %s has ended before and may not come back", quoted (id));
	return ERR_OK;
}

static void retire_use (struct member *member, enum key_use use, int64_t now_ms)
{
	struct member_key *keys = member_keys_of (member);

	for (size_t i = 0; i < member->key_count; i++)
		if (keys[i].use == use && keys[i].state == KEY_STATE_ACTIVE) {
			keys[i].state = KEY_STATE_RETIRED;
			keys[i].since_ms = now_ms;
		}
}

/* A key is valid since it was made, but not from a time that this machine's clock has not seen. */
static void enter_key (struct registrar *registrar, struct member *member,
		       const struct member_key *asked, int64_t made_ms)
{
	int64_t now_ms = clock_now_ms ();
	struct member_key *key;

	if (member_key_by_id (member, &asked->id) != NULL)
		return;
	retire_use (member, asked->use, now_ms);
	key = member_add_key (registrar, member);
	key->use = asked->use;
	key->public_key = asked->public_key;
	key->id = asked->id;
	key->valid_from_ms = made_ms < now_ms ? made_ms : now_ms;
}

/* ---- members and hubs ------------------------------------------------------------------------- */

/* What an agency says about itself replaces what it said before; its keys and standing stay. */
static void describe (struct member *member, const struct member *asked)
{
	struct member described = *asked;

	described.keys = member->keys;
	described.key_count = member->key_count;
	described.status = member->status;
	*member = described;
}

static struct member *find_member (struct registrar *registrar, const struct agency_id *id)
{
	for (size_t i = 0; i < registrar->draft.member_count; i++)
		if (agency_id_equal (&registrar->draft.members[i].id, id))
			return (struct member *)(uintptr_t)&registrar->draft.members[i];
	return NULL;
}

static err_t enter_member (struct registrar *registrar, const struct request *request)
{
	const struct member *asked = &request->member;
	struct member *member = find_member (registrar, &asked->id);
	err_t err = ERR_OK;

	if (member == NULL)
		member = draft_add_member (registrar);
	for (size_t i = 0; err == ERR_OK && i < asked->key_count; i++)
		err = key_check (registrar, member, &asked->keys[i]);
	if (err != ERR_OK)
		return err;
	describe (member, asked);
	for (size_t i = 0; i < asked->key_count; i++)
		enter_key (registrar, member, &asked->keys[i], request->made_ms);
	return ERR_OK;
}

static err_t enter_hub (struct registrar *registrar, const struct request *request)
{
	struct hub_entry *hubs = (struct hub_entry *)(uintptr_t)registrar->draft.hubs;

	for (size_t i = 0; i < registrar->draft.hub_count; i++)
		if (strcmp (hubs[i].id, request->hub.id) == 0) {
			hubs[i] = request->hub;
			return ERR_OK;
		}
	*draft_add_hub (registrar) = request->hub;
	return ERR_OK;
}

/* ---- the command ------------------------------------------------------------------------------ */

static err_t read_request (struct registrar *registrar, const char *path,
			   struct request *ret_request, struct hash *ret_fingerprint)
{
	struct bytes file;
	err_t err = folder_read (registrar, path, LIMIT_REQUEST_BYTES, &file);

	if (err != ERR_OK)
		return err;
	err = request_read (file, registrar->arena, ret_request, ret_fingerprint);
	if (err == ERR_OK)
		return ERR_OK;
	return problems_add (registrar->problems, err, "",
			     "berkas %s bukan permohonan yang sah (%s); minta instansi membuatnya lagi",
			     "the file %s is not a valid request (%s); ask the agency to make it again",
			     file_quoted (path), err_name (err));
}

static void show_request (const struct request *request, const char *words)
{
	if (request->is_hub)
		print_hub (&request->hub);
	else
		print_member (&request->member);
	printf ("\nKata sidik / fingerprint words:\n  %s\n\n", words);
}

err_t command_enrol (struct registrar *registrar, const struct arguments *arguments)
{
	char words[FINGERPRINT_TEXT];
	struct hash fingerprint;
	struct request request;
	err_t err = read_request (registrar, arguments->word[0], &request, &fingerprint);

	if (err != ERR_OK)
		return err;
	fingerprint_words (&fingerprint, words);
	show_request (&request, words);
	err = compare (registrar, arguments, words);
	if (err == ERR_OK)
		err = request.is_hub ? enter_hub (registrar, &request)
				     : enter_member (registrar, &request);
	if (err == ERR_OK)
		err = draft_save (registrar);
	if (err == ERR_OK)
		say ("%s tercatat; berlaku setelah sign.", "%s is entered; it counts after sign.",
		     request.is_hub ? request.hub.id : request.member.id.text);
	return err;
}
