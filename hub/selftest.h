/*
 * The start-up self-test: a stranger's key must be refused, and a key that is allowed let in.
 */
#ifndef HUB_SELFTEST_H
#define HUB_SELFTEST_H

#include "hub/zap.h"

/* Before the hub's socket is bound; afterwards the handler allows nobody.  ERR_SELF_TEST. */
MUST_USE err_t selftest_run (zap_t *zap, const keypair_t *link_key);

#endif
