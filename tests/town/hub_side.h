/* What the town asks of the hub's insides, which share names with the ledger's. */
#ifndef TESTS_TOWN_HUB_SIDE_H
#define TESTS_TOWN_HUB_SIDE_H

#include "hub/hub.h"

/* Its store copies its log home after so many pages; as shipped, a short run never comes to it. */
void hub_tidy_often (hub_t *hub, int pages);

/* Its operator says that its machine's clock is right; what was doubted ends from now on. */
void hub_confirm_clock (hub_t *hub);

/* The oldest letter that waits for that agency is set aside, as one at which its agent failed again and
 * again; within sim_enter. */
void hub_set_aside (hub_t *hub, const struct agency_id *to);

/* How many letters this hub has taken, or ended so, since it started. */
enum hub_count { HUB_TAKEN, HUB_STORED, HUB_EXPIRED, HUB_RECALLED };
uint64_t hub_counted (const hub_t *hub, enum hub_count count);

#endif
