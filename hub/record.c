#include "hub/record.h"

#include "jembatan/envelope.h"

static bool is_agency (const struct account *account, const struct agency_id *id)
{
	return account != NULL && agency_id_equal (&account->id, id);
}

static bool fits_header (const struct item *item, const struct account *sender,
			 const struct account *recipient, struct bytes h)
{
	const struct hash hash = header_hash (h);
	struct header header;

	return ID_EQUAL (hash, item->header_hash) && header_decode (h, &header) == ERR_OK &&
	       ID_EQUAL (header.id, item->id) && header.class == item->class &&
	       header.expires_at_ms == item->expires_ms && is_agency (sender, &header.from) &&
	       is_agency (recipient, &header.to);
}

err_t record_check (const struct item *item, const struct account *sender,
		    const struct account *recipient, struct bytes first, struct bytes second)
{
	bool waits = item->state == ITEM_QUEUED || item->state == ITEM_PARKED;

	/* A body is there exactly while its item waits. */
	if (waits != (first.len > 0))
		return ERR_CORRUPT;
	if (!waits || item->kind != ITEM_LETTER)
		return ERR_OK;
	return first.len + second.len == item->size && fits_header (item, sender, recipient, first) ?
		       ERR_OK : ERR_CORRUPT;
}
