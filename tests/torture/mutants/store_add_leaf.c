/* The log records another instant than was hashed into its tree. */
#include "hub/store.h"

err_t __real_store_add_leaf (store_t *store, uint64_t index, const struct hash *leaf,
			     enum leaf_kind kind, const struct hash *header_hash, int64_t at_ms);
err_t __wrap_store_add_leaf (store_t *store, uint64_t index, const struct hash *leaf,
			     enum leaf_kind kind, const struct hash *header_hash, int64_t at_ms);

err_t __wrap_store_add_leaf (store_t *store, uint64_t index, const struct hash *leaf,
			     enum leaf_kind kind, const struct hash *header_hash, int64_t at_ms)
{
	return __real_store_add_leaf (store, index, leaf, kind, header_hash, at_ms + 1);
}
