/* What is due leaves in the wrong order, and what waits for its turn never gets it. */
#include "agents/ledger/inbox.h"
#include "agents/ledger/outbox.h"

err_t __wrap_inbox_next (ledger_t *ledger, const struct agency_id *from,
			 const struct thread_id *thread, uint32_t rev, arena_t *arena,
			 struct inbox_row *ret_row);
size_t __real_outbox_due (ledger_t *ledger, int64_t now_ms, size_t max, arena_t *arena,
			  struct outbox_row **ret_rows);
size_t __wrap_outbox_due (ledger_t *ledger, int64_t now_ms, size_t max, arena_t *arena,
			  struct outbox_row **ret_rows);

err_t __wrap_inbox_next (ledger_t *ledger, const struct agency_id *from,
			 const struct thread_id *thread, uint32_t rev, arena_t *arena,
			 struct inbox_row *ret_row)
{
	return ERR_NOT_FOUND;
}

size_t __wrap_outbox_due (ledger_t *ledger, int64_t now_ms, size_t max, arena_t *arena,
			  struct outbox_row **ret_rows)
{
	size_t count = __real_outbox_due (ledger, now_ms, max, arena, ret_rows);

	for (size_t i = 0; i < count / 2; i++) {
		struct outbox_row swap = (*ret_rows)[i];

		(*ret_rows)[i] = (*ret_rows)[count - 1 - i];
		(*ret_rows)[count - 1 - i] = swap;
	}
	return count;
}
