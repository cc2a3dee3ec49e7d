/* Who signed a letter, and what its header says of its attachments; see desk.h. */
#include "agents/desk/inside.h"

#include "jembatan/attachment.h"

/* Each attachment is another one of the header's, as long as it says there. */
static err_t check_attachments (const struct header *header, const struct letter *letter)
{
	bool named[LIMIT_BLOBS] = { false };

	if (letter->attachment_count != header->blob_count)
		return ERR_MALFORMED;
	for (size_t i = 0; i < letter->attachment_count; i++) {
		const struct attachment *one = &letter->attachments[i];
		size_t at = 0;

		while (at < header->blob_count && !ID_EQUAL (header->blobs[at].id, one->blob))
			at++;
		if (at == header->blob_count || named[at] || ID_IS_NONE (one->digest)
		    || one->length == 0
		    || header->blobs[at].padded_length != blob_padded_bytes (one->length))
			return ERR_MALFORMED;
		named[at] = true;
	}
	return ERR_OK;
}

static err_t check_signer (desk_t *desk, const struct received *received)
{
	const struct member *member =
		directory_member (desk->parts.directory, &received->header.from);
	const struct key_id *key_id = &received->letter.sig_key_id;
	const struct member_key *key;
	err_t err;

	if (member == NULL)
		return ERR_NOT_MEMBER;
	err = member_key_allows (member, key_id, KEY_SIG, received->letter.created_ms,
				 desk_now_ms (desk));
	if (err != ERR_OK && err != ERR_KEY_REVOKED)
		return err;
	key = member_key_by_id (member, key_id);
	if (key == NULL)
		return ERR_KEY_UNKNOWN;
	if (envelope_verify (&received->sealed, &key->public_key) != ERR_OK)
		return ERR_BAD_SIGNATURE;
	return err;
}

err_t desk_check_letter (desk_t *desk, const struct received *received)
{
	err_t err = check_signer (desk, received);

	return err == ERR_OK ? check_attachments (&received->header, &received->letter) : err;
}
