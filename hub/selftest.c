#include "hub/selftest.h"

#include "hub/link.h"

err_t selftest_run (zap_t *zap, const keypair_t *link_key)
{
	OWNED (keypair) friend = keypair_new (KEY_LINK);
	OWNED (keypair) stranger = keypair_new (KEY_LINK);
	struct public_key known = keypair_public (friend);
	bool friend_in = false, stranger_in = true;
	err_t err;

	zap_allow (zap, &known, 1);
	err = link_knock (link_key, stranger, &stranger_in);
	if (err == ERR_OK)
		err = link_knock (link_key, friend, &friend_in);
	zap_allow (zap, NULL, 0);
	return err == ERR_OK && friend_in && !stranger_in ? ERR_OK : ERR_SELF_TEST;
}
