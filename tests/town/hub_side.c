#include "tests/town/hub_side.h"

#include "hub/core.h"
#include "hub/store_sql.h"

void hub_tidy_often (hub_t *hub, int pages)
{
	hub->store->wal_pages_most = pages;
}
