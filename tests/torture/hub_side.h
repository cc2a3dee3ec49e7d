/* A town's hub, turned by hand.  Apart, because hub and ledger have each a struct marks. */
#ifndef TESTS_TORTURE_HUB_SIDE_H
#define TESTS_TORTURE_HUB_SIDE_H

#include "hub/hub.h"

/* What has arrived, as one group. */
void hub_side_turn (hub_t *hub);
/* What its clock does, twice a second. */
void hub_side_tick (hub_t *hub);
/* Why it stopped, or ERR_OK. */
err_t hub_side_stopped (const hub_t *hub);
/* Its process ends without a word. */
void hub_side_end (hub_t **hub);

#endif
