/* Lock-out; see lockout.h. */
#include "agents/door/lockout.h"

int64_t lockout_wait_ms (const struct attempts *attempts, int64_t now_ms)
{
	if (now_ms < attempts->failed_ms || now_ms >= attempts->until_ms)
		return 0;
	return attempts->until_ms - now_ms;
}

static int64_t delay_ms (uint32_t failures)
{
	int64_t delay = LOCKOUT_FIRST_MS;

	if (failures <= LOCKOUT_FREE)
		return 0;
	for (uint32_t i = LOCKOUT_FREE + 1; i < failures && delay < LOCKOUT_MOST_MS; i++)
		delay *= 2;
	return delay < LOCKOUT_MOST_MS ? delay : LOCKOUT_MOST_MS;
}

struct attempts lockout_fail (const struct attempts *attempts, int64_t now_ms)
{
	bool forgotten = now_ms - attempts->failed_ms > LOCKOUT_FORGET_MS;
	uint32_t before = forgotten ? 0 : attempts->failures;
	uint32_t failures = before < UINT32_MAX ? before + 1 : before;

	return (struct attempts){ failures, now_ms, now_ms + delay_ms (failures) };
}

struct attempts lockout_undo (const struct attempts *attempts)
{
	return (struct attempts){ attempts->failures > 0 ? attempts->failures - 1 : 0,
				  attempts->failed_ms, 0 };
}
