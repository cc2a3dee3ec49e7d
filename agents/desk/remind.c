/* Reminders that letters set and answer. */
#include "agents/desk/inside.h"

void reminders_move (const struct step *step, const struct move *move)
{
}
