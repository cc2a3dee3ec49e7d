/* What the town asks of the hub's insides, which share names with the ledger's. */
#ifndef TESTS_TOWN_HUB_SIDE_H
#define TESTS_TOWN_HUB_SIDE_H

#include "hub/hub.h"

/* Its store copies its log home after so many pages; as shipped, a short run never comes to it. */
void hub_tidy_often (hub_t *hub, int pages);

#endif
