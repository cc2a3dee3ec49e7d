#include "tests/torture/hub_side.h"

#include "hub/core.h"
#include "tests/torture/seams.h"

void hub_side_turn (hub_t *hub)
{
	hub_turn (hub);
}

void hub_side_tick (hub_t *hub)
{
	hub_tick (hub);
}

err_t hub_side_stopped (const hub_t *hub)
{
	return hub->stopped;
}

void hub_side_end (hub_t **hub)
{
	timers_forget ((*hub)->loop);
	hub_destroy (hub);
}
