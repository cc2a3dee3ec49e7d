/*
 * The operator's commands, answered from the hub's state.
 */
#ifndef HUB_OPERATOR_H
#define HUB_OPERATOR_H

#include "hub/control.h"
#include "hub/core.h"

/* A control_fn; the context is the hub. */
err_t operator_answer (void *context, const struct control_command *command, buffer_t *answer);

#endif
