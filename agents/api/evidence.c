/* The evidence pack of a referral, as a file. */
#include "agents/api/handlers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jembatan/evidence.h"

static ssize_t read_pack (void *arg, uint64_t at, uint8_t *buffer, size_t max)
{
	struct bytes file = buffer_bytes (arg);
	size_t left = at < file.len ? file.len - (size_t)at : 0;
	size_t count = left < max ? left : max;

	memcpy (buffer, file.data + at, count);
	return (ssize_t)count;
}

static void close_pack (void *arg)
{
	buffer_t *pack = arg;

	buffer_destroy (&pack);
}

static err_t give (struct call *call, struct bytes file)
{
	buffer_t *pack = buffer_new (LIMIT_EVIDENCE_BYTES);
	err_t err = buffer_add (pack, file);

	if (err != ERR_OK) {
		buffer_destroy (&pack);
		return err;
	}
	call->stream = (struct http_stream){ .length = file.len, .read = read_pack,
					     .close = close_pack, .arg = pack,
					     .type = "application/octet-stream" };
	snprintf (call->stream.file_name, sizeof call->stream.file_name, "bukti.jbe");
	return ERR_OK;
}

err_t referrals_evidence (struct call *call, json_t **ret_answer)
{
	static const char *const names[] = { "reason", NULL };
	OWNED (arena) arena = arena_new (EVIDENCE_ARENA_BYTES);
	const char *reason;
	struct thread_id thread;
	struct bytes file;
	size_t letters;
	err_t err = call_thread (call, &thread);

	if (err != ERR_OK)
		return err;
	body_only (call, call->body, names);
	reason = body_text (call, call->body, "reason", true);
	if (problems_count (call->problems) > 0)
		return ERR_INVALID;
	err = desk_evidence (call->parts->desk, &call->actor, &thread, reason, arena, &file, &letters);
	if (err == ERR_TOO_LARGE)
		problems_add_texts (call->problems, err, "id",
				    "surat rujukan ini terlalu banyak untuk satu berkas bukti",
				    "this referral has too many letters for one file of evidence");
	return err == ERR_OK ? give (call, file) : err;
}
