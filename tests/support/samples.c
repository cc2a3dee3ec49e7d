#include "tests/support/samples.h"

#include <string.h>

/* Distinct bytes, so that two fields that were mixed up differ. */
static void fill (uint8_t *b, size_t len, uint8_t first)
{
	for (size_t i = 0; i < len; i++)
		b[i] = (uint8_t)(first + i);
}
#define FILL(id, first) fill ((id).b, sizeof (id).b, (first))

static struct agency_id agency (const char *text)
{
	struct agency_id id = { "" };

	strncpy (id.text, text, LIMIT_ID_TEXT);
	return id;
}

static struct bytes filled_bytes (arena_t *arena, size_t len, uint8_t first)
{
	uint8_t *b = arena_must (arena, len);

	fill (b, len, first);
	return (struct bytes){ b, len };
}

struct header sample_header (void)
{
	struct header header = { .version = 1, .suite = 1, .class = CLASS_URGENT, .bucket = 2 };

	FILL (header.id, 1);
	header.from = agency ("ipwl-pesona");
	header.to = agency ("rskjo-bengkulu");
	FILL (header.box_key_id, 20);
	header.expires_at_ms = INT64_C (1800000000000);
	header.blob_count = 2;
	for (size_t i = 0; i < header.blob_count; i++) {
		FILL (header.blobs[i].id, (uint8_t)(40 + i));
		header.blobs[i].padded_length = (i + 1) * LIMIT_BLOB_STEP_BYTES;
	}
	fill (header.wrapped, sizeof header.wrapped, 100);
	return header;
}

/* ---- frames ----------------------------------------------------------------------------------- */

static void fill_hello (struct frame *frame)
{
	frame->hello.protocol_min = 1;
	frame->hello.protocol_max = 2;
	frame->hello.agency = agency ("lapas-bengkulu");
	FILL (frame->hello.store_id, 1);
	FILL (frame->hello.takes_over, 2);
	FILL (frame->hello.hub_store_id, 3);
	frame->hello.stored_count = 3;
	for (uint32_t i = 0; i < 3; i++)
		frame->hello.stored[i] = (struct class_mark){ CLASS_STAT + i, 10 + i };
	frame->hello.next_pseq = 77;
	frame->hello.directory_version = 9;
	frame->hello.checkpoint = "bengkulu/hub/1\n12\nAAAA\n\n\xe2\x80\x94 hub BBBB\n";
}

static void fill_welcome (struct frame *frame)
{
	frame->welcome.protocol = 1;
	frame->welcome.hub = "bengkulu";
	FILL (frame->welcome.hub_store_id, 4);
	frame->welcome.pseq_mark = 76;
	frame->welcome.credit = (struct credit){ 32, 262144 };
	frame->welcome.max_frame_bytes = LIMIT_FRAME_BYTES;
	frame->welcome.max_expiry_ms = LETTER_EXPIRY_MAX_MS;
	frame->welcome.hub_time_ms = INT64_C (1790000000000);
	frame->welcome.directory_version = 10;
	frame->welcome.checkpoint = "bengkulu/hub/1\n13\nCCCC\n";
}

static void fill_put_ok (struct frame *frame, arena_t *arena)
{
	struct custody *taken = arena_must (arena, 2 * sizeof *taken);

	taken[0] = (struct custody){ 5, 100, INT64_C (1790000000000) };
	taken[1] = (struct custody){ 6, 101, 0 };
	frame->put_ok.up_to = 6;
	frame->put_ok.taken_count = 2;
	frame->put_ok.taken = taken;
}

static void fill_deliver (struct frame *frame, enum deliver_item item, arena_t *arena)
{
	frame->deliver.class = CLASS_STAT;
	frame->deliver.dseq = 12;
	frame->deliver.attempt = 2;
	frame->deliver.item = item;
	if (item == DELIVER_LETTER) {
		frame->deliver.h = filled_bytes (arena, 200, 1);
		frame->deliver.c = filled_bytes (arena, 700, 2);
	} else if (item == DELIVER_GAP) {
		FILL (frame->deliver.gap.id, 5);
		frame->deliver.gap.from = agency ("bnn-kota");
		frame->deliver.gap.reason = ERR_RECALLED;
	} else {
		frame->deliver.notice.statement = filled_bytes (arena, 120, 3);
		FILL (frame->deliver.notice.signature, 6);
	}
}

static void fill_proof (struct frame *frame, arena_t *arena)
{
	struct inclusion *list = arena_must (arena, 2 * sizeof *list);
	struct hash *path = arena_must (arena, 3 * sizeof *path);

	for (uint8_t i = 0; i < 3; i++)
		FILL (path[i], (uint8_t)(50 + i));
	for (uint8_t i = 0; i < 2; i++) {
		FILL (list[i].header_hash, (uint8_t)(60 + i));
		list[i].leaf = 7u + i;
		list[i].at_ms = 1700000000000 + i;
		list[i].path_count = 3u - i;
		list[i].path = path + i;
	}
	frame->proof.tree_size = 19;
	frame->proof.inclusion_count = 2;
	frame->proof.inclusions = list;
	frame->proof.consistency_count = 3;
	frame->proof.consistency = path;
	frame->proof.judged = 2;
	frame->proof.checkpoint = "uji/hub-uji/00112233-4455-4677-8899-aabbccddeeff\n19\n";
	frame->proof.put_off = true;
}

static void fill_blob (struct frame *frame, arena_t *arena)
{
	if (frame->type == FRAME_BLOB_PUT) {
		FILL (frame->blob_put.blob, 8);
		FILL (frame->blob_put.letter, 9);
		frame->blob_put.offset = LIMIT_BLOB_CHUNK_BYTES;
		frame->blob_put.data = filled_bytes (arena, 300, 10);
	} else if (frame->type == FRAME_BLOB_HAVE) {
		FILL (frame->blob_have.blob, 11);
		frame->blob_have.offset = 4096;
		frame->blob_have.code = ERR_NO_SPACE;
	} else if (frame->type == FRAME_BLOB_GET) {
		FILL (frame->blob_get.blob, 12);
		frame->blob_get.offset = 8192;
	} else {
		FILL (frame->blob_data.blob, 13);
		frame->blob_data.offset = 12288;
		frame->blob_data.data = filled_bytes (arena, 300, 14);
		frame->blob_data.code = ERR_NOT_FOUND;
	}
}

static void fill_proof_get (struct frame *frame, arena_t *arena)
{
	struct hash *hashes = arena_must (arena, 2 * sizeof *hashes);
	uint64_t *leaves = arena_must (arena, 2 * sizeof *leaves);

	leaves[0] = 5;
	leaves[1] = 300;
	FILL (hashes[0], 15);
	FILL (hashes[1], 16);
	frame->proof_get.hash_count = 2;
	frame->proof_get.hashes = hashes;
	frame->proof_get.leaves = leaves;
	frame->proof_get.from_size = 3;
	frame->proof_get.to_size = 8;
}

static void fill_directory_is (struct frame *frame, arena_t *arena)
{
	frame->directory_is.version = 5;
	frame->directory_is.piece = filled_bytes (arena, 400, 17);
	frame->directory_is.offset = 65536;
	frame->directory_is.total = 65936;
}

struct frame sample_frame (enum frame_type type, enum deliver_item item, arena_t *arena)
{
	struct frame frame = { .type = type };

	switch (type) {
	case FRAME_HELLO: fill_hello (&frame); break;
	case FRAME_WELCOME: fill_welcome (&frame); break;
	case FRAME_PUT:
		frame.put.pseq = 78;
		frame.put.h = filled_bytes (arena, 210, 18);
		frame.put.c = filled_bytes (arena, 650, 19);
		break;
	case FRAME_PUT_OK: fill_put_ok (&frame, arena); break;
	case FRAME_PUT_ERR:
		frame.put_err.pseq = 79;
		frame.put_err.code = ERR_QUOTA;
		frame.put_err.retry_after_ms = 5000;
		frame.put_err.hub_time_ms = INT64_C (1790000000001);
		break;
	case FRAME_DELIVER: fill_deliver (&frame, item, arena); break;
	case FRAME_STORED:
		frame.stored.class = CLASS_ROUTINE;
		frame.stored.up_to = 40;
		break;
	case FRAME_NAK:
		frame.nak.class = CLASS_URGENT;
		frame.nak.dseq = 41;
		frame.nak.code = ERR_LOCKED;
		frame.nak.retry_after_ms = 60000;
		break;
	case FRAME_RECALL: FILL (frame.recall.id, 21); break;
	case FRAME_RECALLED:
		FILL (frame.recalled.id, 22);
		frame.recalled.done = true;
		break;
	case FRAME_CREDIT: frame.credit = (struct credit){ 256, 2097152 }; break;
	case FRAME_BLOB_PUT:
	case FRAME_BLOB_HAVE:
	case FRAME_BLOB_GET:
	case FRAME_BLOB_DATA: fill_blob (&frame, arena); break;
	case FRAME_DIRECTORY_GET: frame.directory_get.version = 4;
		frame.directory_get.offset = 65536; break;
	case FRAME_DIRECTORY_IS: fill_directory_is (&frame, arena); break;
	case FRAME_PROOF_GET: fill_proof_get (&frame, arena); break;
	case FRAME_PROOF: fill_proof (&frame, arena); break;
	case FRAME_PING: frame.ping.nonce = UINT64_MAX; break;
	case FRAME_PONG:
		frame.pong.nonce = 5;
		frame.pong.time_ms = INT64_C (1790000000002);
		break;
	case FRAME_BYE:
		frame.bye.code = ERR_SUSPENDED;
		frame.bye.retry_after_ms = 1000;
		break;
	}
	return frame;
}

/* ---- letters ---------------------------------------------------------------------------------- */

struct clause sample_clause (void)
{
	static const char *const labels[] = { "health", "addiction" };
	struct clause clause = {
		.recipient_kind = "clinic",
		.recipient_region = "17.71",
		.purpose = "medical-rehabilitation",
		.label_count = 2,
		.labels = labels,
		.valid_from_ms = INT64_C (1790000000000),
		.valid_to_ms = INT64_C (1800000000000),
	};

	FILL (clause.id, 23);
	clause.grantor = agency ("ipwl-pesona");
	return clause;
}

static struct signed_clause signed_clause (arena_t *arena)
{
	struct signed_clause clause = { .clause = filled_bytes (arena, 90, 24) };

	FILL (clause.sig_key_id, 25);
	FILL (clause.signature, 26);
	return clause;
}

static void fill_answers (struct letter *letter)
{
	static const struct answer answers[] = {
		{ "complaint", ANSWER_TEXT, "sulit tidur\nsejak \xc3\xa9", "", "", "", 0 },
		{ "diagnosis", ANSWER_CODE, "F15.2", "http://hl7.org/fhir/sid/icd-10",
		  "ketergantungan", "", 0 },
		{ "visits", ANSWER_INTEGER, "", "", "", "", -3 },
		{ "dose", ANSWER_DECIMAL, "-12.50", "", "", "", 0 },
		{ "birth-date", ANSWER_DATE, "1999-02-28", "", "", "", 0 },
		{ "appointment", ANSWER_INSTANT, "", "", "", "", INT64_C (1790000000003) },
		{ "fit", ANSWER_BOOLEAN, "", "", "", "", 1 },
		{ "weight", ANSWER_QUANTITY, "61.5", "", "", "kg", 0 },
		{ "cost", ANSWER_RUPIAH, "", "", "", "", 150000 },
		{ "phone", ANSWER_PHONE, "+6281234567890", "", "", "", 0 },
		{ "scan", ANSWER_ATTACHMENT, "", "", "", "", 1 },
		{ "income", ANSWER_ABSENT, "", "", "", "", ABSENT_DECLINED },
	};

	letter->answer_count = COUNT_OF (answers);
	letter->answers = answers;
}

static void fill_receipts (struct letter *letter, arena_t *arena)
{
	struct receipt *list = arena_must (arena, 2 * sizeof *list);

	for (uint8_t i = 0; i < 2; i++) {
		FILL (list[i].id, (uint8_t)(27 + i));
		FILL (list[i].header_hash, (uint8_t)(29 + i));
		list[i].at_ms = INT64_C (1790000000004) + i;
	}
	list[0].status = RECEIPT_IS_STORED;
	list[0].late = true;
	list[0].time_doubtful = true;
	list[1].status = RECEIPT_IS_REFUSED;
	list[1].code = ERR_CANNOT_OPEN;
	FILL (list[1].digest, 31);
	FILL (list[1].blob, 32);
	letter->receipt_count = 2;
	letter->receipts = list;
}

static void fill_chain_events (struct letter *letter, arena_t *arena)
{
	struct chain_event *event = arena_must (arena, sizeof *event);

	FILL (event->chain, 32);
	FILL (event->referral, 33);
	FILL (event->parent, 34);
	event->from = agency ("ipwl-pesona");
	event->to = agency ("klinik-harapan");
	event->kind = "referral";
	event->state = "accepted";
	event->reason = "capacity";
	event->at_ms = INT64_C (1790000000005);
	event->due_ms = INT64_C (1790000000006);
	FILL (event->header_hash, 35);
	event->leaf = 321;
	letter->chain_event_count = 1;
	letter->chain_events = event;
}

static void fill_resume (struct letter *letter, arena_t *arena)
{
	struct held *held = arena_must (arena, sizeof *held);

	FILL (letter->resume.store_id, 36);
	FILL (letter->resume.takes_over, 37);
	FILL (held->store_id, 38);
	held->class = CLASS_ROUTINE;
	held->n = 44;
	letter->resume.held_count = 1;
	letter->resume.held = held;
}

static void fill_body (struct letter *letter, arena_t *arena)
{
	switch (letter->body) {
	case BODY_NONE: break;
	case BODY_ANSWERS: fill_answers (letter); break;
	case BODY_CONSENT_GRANT: letter->grant = signed_clause (arena); break;
	case BODY_CONSENT_WITHDRAWAL:
		letter->withdrawal.withdrawal = filled_bytes (arena, 60, 39);
		FILL (letter->withdrawal.sig_key_id, 40);
		FILL (letter->withdrawal.signature, 41);
		break;
	case BODY_CONSENT_STOPPED:
		FILL (letter->stopped.clause, 42);
		letter->stopped.stopped_ms = INT64_C (1790000000007);
		letter->stopped.threads_stopped = 2;
		letter->stopped.passed_on = 1;
		break;
	case BODY_RECEIPTS: fill_receipts (letter, arena); break;
	case BODY_CHAIN_EVENTS: fill_chain_events (letter, arena); break;
	case BODY_LEDGER_RESUME: fill_resume (letter, arena); break;
	case BODY_LETTER_AGAIN:
		letter->again.h = filled_bytes (arena, 150, 43);
		letter->again.s = filled_bytes (arena, 250, 44);
		FILL (letter->again.sig, 45);
		letter->again.stored_ms = INT64_C (1790000000009);
		letter->again.files = 5;
		break;
	case BODY_KEY_REVOCATION:
		FILL (letter->revocation.key_id, 46);
		letter->revocation.since_ms = INT64_C (1790000000008);
		letter->revocation.reason = "lost";
		break;
	case BODY_LOG_REPORT:
		letter->log_report.trouble = LOG_IS_SHRUNK;
		letter->log_report.checkpoint = "bengkulu/hub-uji/1\n9\nAA==\n\n";
		letter->log_report.other = "bengkulu/hub-uji/1\n5\nBB==\n\n";
		letter->log_report.shown = agency ("klinik-harapan");
		letter->log_report.at_ms = INT64_C (1790000000009);
		break;
	}
}

static void fill_attachments (struct letter *letter, arena_t *arena)
{
	struct attachment *list = arena_must (arena, 2 * sizeof *list);

	for (uint8_t i = 0; i < 2; i++) {
		FILL (list[i].blob, (uint8_t)(47 + i));
		FILL (list[i].digest, (uint8_t)(49 + i));
		list[i].title = "Hasil pemeriksaan";
		list[i].media_type = "application/pdf";
		list[i].label = "health";
		list[i].length = 1000u + i;
	}
	letter->attachment_count = 2;
	letter->attachments = list;
}

static void fill_pair (struct pair_sequence *pair)
{
	static const uint64_t voided[] = { 3, 300 };

	FILL (pair->store_id, 51);
	pair->n = 301;
	FILL (pair->previous, 52);
	pair->voided_count = 2;
	pair->voided = voided;
	FILL (pair->newest_store, 53);
	FILL (pair->newest, 54);
}

struct letter sample_letter (enum letter_body body, arena_t *arena)
{
	static const char *const labels[] = { "health", "contact" };
	struct letter letter = {
		.kind = "referral.request",
		.kind_version = 3,
		.rev = 2,
		.from_user = "rina",
		.from_role = "caseworker",
		.to_role = "clinician",
		.created_ms = INT64_C (1790000000009),
		.created_local_ms = INT64_C (1790000000010),
		.reply_by_ms = INT64_C (1790000000011),
		.urgency = URGENCY_ASAP,
		.purpose = "medical-rehabilitation",
		.basis = BASIS_CONSENT_GIVEN,
		.rule = { "UU 35/2009", "55", "1", "2009-10-12" },
		.label_count = 2,
		.labels = labels,
		.directory_version = 11,
		.checkpoint = "bengkulu/hub/1\n14\nDDDD\n",
		.body = body,
		.revocation.reason = "",
	};

	FILL (letter.sig_key_id, 53);
	FILL (letter.case_id, 54);
	FILL (letter.thread, 55);
	FILL (letter.in_reply_to, 56);
	FILL (letter.replaces, 57);
	FILL (letter.chain, 58);
	FILL (letter.parent, 59);
	letter.clause = signed_clause (arena);
	fill_attachments (&letter, arena);
	fill_pair (&letter.pair);
	fill_body (&letter, arena);
	return letter;
}
