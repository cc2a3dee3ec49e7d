/*
 * Quotas: what of one sender may wait at the hub, and how fast it may write.  The section `quota` of
 * the configuration says what every agency has; the list `agencies` in it gives one agency other
 * figures, and what is not named there is as for everybody.  Pure.
 */
#ifndef HUB_QUOTA_H
#define HUB_QUOTA_H

#include "jembatan/config.h"
#include "jembatan/ids.h"

struct quota {
	uint64_t letters, bytes;     /* queued */
	uint64_t blob_bytes;         /* of its attachments */
	uint64_t per_minute;         /* letters; 0 = no limit */
};

/* What an agency has that is not in the list. */
struct quota quota_usual (const config_t *config);

typedef struct quotas quotas_t;

/* The list.  ERR_CONFIG with a problem for each bad entry; then there are none. */
MUST_USE err_t quotas_read (const config_t *config, quotas_t **ret_quotas, problems_t *problems);
void quotas_destroy (quotas_t **quotas);

/* NULL: it has none of its own.  `quotas` may be NULL. */
const struct quota *quotas_own (const quotas_t *quotas, const struct agency_id *agency);

/* The agencies in the list; NULL past the end. */
const struct agency_id *quotas_agency (const quotas_t *quotas, size_t i);

#endif
