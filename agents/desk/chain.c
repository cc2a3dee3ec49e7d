/* What coordinators are told of chained threads. */
#include "agents/desk/inside.h"

void chain_move (const struct step *step, const struct move *move)
{
}
