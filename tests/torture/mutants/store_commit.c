/* The hub answers before it has committed. */
#include "hub/store.h"

err_t __real_store_commit (store_t *store);
err_t __wrap_store_commit (store_t *store);

err_t __wrap_store_commit (store_t *store)
{
	static unsigned times;

	return ++times % 8 == 0 ? __real_store_commit (store) : ERR_OK;
}
