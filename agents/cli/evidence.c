/*
 * Evidence packs: the agent makes one; checking one needs neither agent nor ledger, only the file and the
 * network's directory, so that anybody can.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/cli/attachment.h"
#include "agents/cli/evidence.h"
#include "agents/cli/out.h"
#include "jembatan/clock.h"
#include "jembatan/evidence.h"
#include "proto/file.h"

/* ---- making one -------------------------------------------------------------------------------- */

static err_t write_pack (const struct cli *cli, const char *out, struct bytes pack)
{
	json_t *answer;
	err_t err = file_create (out, 0600, pack);

	if (err == ERR_EXISTS)
		out_complain (cli, "%s sudah ada; beri nama lain dengan --out",
			      "%s is already there; give another name with --out",
			      file_quoted (out));
	else if (err != ERR_OK)
		out_complain (cli, "berkas %s tidak dapat ditulis", "the file %s can't be written",
			      file_quoted (out));
	if (err != ERR_OK)
		return err;
	answer = json_pack ("{s:s, s:I}", "saved", out, "bytes", (json_int_t)pack.len);
	if (!client_printed (cli, answer))
		out_sayf (cli, "Bukti disimpan: %s", "The evidence is saved: %s", out);
	json_decref (answer);
	out_complain (cli,
		      "Perhatian: berkas ini memuat data pribadi yang tidak tersandi; serahkan hanya "
		      "kepada yang berhak, dan hapus sesudahnya.",
		      "Warning: this file holds personal data that is not encrypted; give it only to "
		      "whoever has a right to it, and delete it afterwards.");
	return ERR_OK;
}

static err_t fetch (struct cli *cli, const char *number, const char *reason, const char *out)
{
	char path[128], *pack = NULL;
	size_t len = 0;
	FILE *to = open_memstream (&pack, &len);
	json_t *body = json_pack ("{s:s}", "reason", reason);
	err_t err;

	if (to == NULL || body == NULL)
		abort ();
	snprintf (path, sizeof path, "/v1/referrals/%s/evidence", number);
	err = transfer_post (cli, path, body, to);
	if (err == ERR_OFFLINE)
		out_complain (cli, "agen tidak berjalan, atau sambungan terputus; coba lagi",
			      "the agent does not run, or the line broke; try again");
	fclose (to);
	if (err == ERR_OK)
		err = write_pack (cli, out, (struct bytes){ (uint8_t *)pack, len });
	free (pack);
	json_decref (body);
	return err;
}

err_t run_evidence (struct cli *cli)
{
	const char *number, *out = args_flag (cli, "out"), *reason = args_flag (cli, "reason");
	char name[96];
	err_t err = args_word (cli, 0, "nomor rujukan", "the referral's number", &number);

	if (err == ERR_OK)
		err = args_number (cli, number);
	if (err == ERR_OK)
		err = args_finish (cli, 1);
	if (err == ERR_OK && (reason == NULL || *reason == '\0')) {
		out_complain (cli, "sebutkan untuk siapa dan mengapa: --reason \"...\"; alasan itu dicatat",
			      "say for whom and why: --reason \"...\"; it is recorded");
		return ERR_USAGE;
	}
	if (err != ERR_OK)
		return err;
	snprintf (name, sizeof name, "bukti-%.64s.jbe", number);
	return fetch (cli, number, reason, out != NULL ? out : name);
}

/* ---- checking one ------------------------------------------------------------------------------ */

static const char *time_text (int64_t at_ms, char text[OUT_TEXT])
{
	char instant[INSTANT_TEXT];

	snprintf (text, OUT_TEXT, "%s", at_ms > 0 ? instant_text (at_ms, instant) : "");
	return text;
}

static const char *state_words (const struct cli *cli, err_t err, char text[OUT_TEXT])
{
	if (err == ERR_OK)
		return out_words (cli, "sah", "valid", text);
	if (err == ERR_ERASED)
		return out_words (cli, "isi dihapus", "body erased", text);
	return out_words (cli, err_text_id (err), err_text_en (err), text);
}

static void signature_cell (const struct cli *cli, table_t *table,
			    const struct evidence_finding *finding)
{
	char words[OUT_TEXT], hex[HEX32_TEXT], text[2 * OUT_TEXT];

	state_words (cli, finding->signature, words);
	snprintf (text, sizeof text, "%s%s%.8s", words, *finding->kind != '\0' ? ", " : "",
		  *finding->kind != '\0'
			  ? hex_text (ID_BYTES (finding->sig_key_id), hex, sizeof hex)
			  : "");
	table_cell (table, text);
}

static void stored_cell (const struct cli *cli, table_t *table,
			 const struct evidence_finding *finding)
{
	static const struct { const char *id, *en; } said[] = {
		[RECEIPT_IS_STORED] = { "tersimpan", "stored" },
		[RECEIPT_IS_REFUSED] = { "ditolak", "refused" },
		[RECEIPT_IS_OPENED] = { "dibaca", "opened" },
		[RECEIPT_IS_HELD] = { "ditahan", "held" },
	};
	char words[OUT_TEXT], when[OUT_TEXT], text[2 * OUT_TEXT + 4];

	if (finding->stored == ERR_OK && (size_t)finding->status < COUNT_OF (said))
		snprintf (text, sizeof text, "%s %s",
			  out_words (cli, said[finding->status].id, said[finding->status].en, words),
			  time_text (finding->stored_ms, when));
	else if (finding->expired == ERR_OK)
		snprintf (text, sizeof text, "%s %s",
			  out_words (cli, "tidak terkirim", "not delivered", words),
			  time_text (finding->expired_ms, when));
	else
		snprintf (text, sizeof text, "-");
	table_cell (table, text);
}

static void log_cell (const struct cli *cli, table_t *table, const struct evidence_finding *finding)
{
	char words[OUT_TEXT], text[2 * OUT_TEXT];

	if (finding->logged == ERR_NOT_FOUND)
		snprintf (text, sizeof text, "-");
	else if (finding->logged != ERR_OK)
		snprintf (text, sizeof text, "%s", state_words (cli, finding->logged, words));
	else
		snprintf (text, sizeof text, "%s %llu / %llu",
			  out_words (cli, "daun", "leaf", words), (unsigned long long)finding->leaf,
			  (unsigned long long)finding->size);
	table_cell (table, text);
}

static void print_letters (const struct cli *cli, const struct evidence_verdict *verdict)
{
	OWNED (table) table = table_new (cli);
	char text[OUT_TEXT];

	table_column (table, "Surat", "Letter");
	table_column (table, "Jenis", "Kind");
	table_column (table, "Dari → kepada", "From → to");
	table_column (table, "Ditulis", "Written");
	table_column (table, "Tanda tangan", "Signature");
	table_column (table, "Kata penerima", "Recipient's word");
	table_column (table, "Catatan hub", "Hub's log");
	for (size_t i = 0; i < verdict->letter_count; i++) {
		const struct evidence_finding *finding = &verdict->letters[i];

		table_cell (table, finding->readable ? uuid_text (finding->header.id.b, text) : "?");
		table_cell (table, *finding->kind != '\0' ? finding->kind : "?");
		snprintf (text, sizeof text, "%s → %s", finding->header.from.text,
			  finding->header.to.text);
		table_cell (table, finding->readable ? text : "?");
		table_cell (table, time_text (finding->created_ms, text));
		signature_cell (cli, table, finding);
		stored_cell (cli, table, finding);
		log_cell (cli, table, finding);
	}
	table_print (table);
}

static json_t *time_json (int64_t at_ms)
{
	char text[INSTANT_TEXT];

	return at_ms > 0 ? json_string (instant_text (at_ms, text)) : json_null ();
}

static json_t *stored_json (const struct evidence_finding *finding)
{
	if (finding->stored != ERR_OK)
		return json_null ();
	return json_pack ("{s:s, s:s, s:o}", "status", receipt_status_name (finding->status), "code",
			  err_name (finding->code), "at", time_json (finding->stored_ms));
}

static json_t *log_json (const struct evidence_finding *finding)
{
	if (finding->logged == ERR_NOT_FOUND)
		return json_null ();
	return json_pack ("{s:s, s:I, s:I, s:s, s:o}", "proof", err_name (finding->logged), "leaf",
			  (json_int_t)finding->leaf, "size", (json_int_t)finding->size, "origin",
			  finding->origin, "at", time_json (finding->taken_ms));
}

static json_t *letter_json (const struct evidence_finding *finding)
{
	char id[UUID_TEXT], hex[HEX32_TEXT];

	return json_pack ("{s:s, s:s, s:s, s:s, s:o, s:s, s:s, s:o, s:o, s:o}", "id",
			  uuid_text (finding->header.id.b, id), "kind", finding->kind, "from",
			  finding->header.from.text, "to", finding->header.to.text, "written",
			  time_json (finding->created_ms), "signature",
			  err_name (finding->signature), "key",
			  hex_text (ID_BYTES (finding->sig_key_id), hex, sizeof hex), "recipient",
			  stored_json (finding), "log", log_json (finding), "not_delivered",
			  time_json (finding->expired == ERR_OK ? finding->expired_ms : 0));
}

static json_t *verdict_json (const struct evidence *pack, const struct directory_data *directory,
			     const struct evidence_verdict *verdict)
{
	json_t *letters = json_array ();
	char thread[UUID_TEXT];

	for (size_t i = 0; i < verdict->letter_count; i++)
		json_array_append_new (letters, letter_json (&verdict->letters[i]));
	return json_pack ("{s:b, s:s, s:s, s:s, s:o, s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:o}", "ok",
			  verdict->worst == ERR_OK, "error", err_name (verdict->worst), "pack",
			  err_name (verdict->pack), "by", pack->by.text, "made",
			  time_json (pack->made_ms), "number", pack->number, "thread",
			  uuid_text (pack->thread.b, thread), "network", directory->network,
			  "directory_version", (json_int_t)directory->version, "receipts_bad",
			  (json_int_t)verdict->receipts_bad, "notices_bad",
			  (json_int_t)verdict->notices_bad, "checkpoints_bad",
			  (json_int_t)verdict->checkpoints_bad, "letters", letters);
}

static void say_worst (const struct cli *cli, const struct evidence *pack, err_t worst)
{
	char id[OUT_TEXT], en[OUT_TEXT];

	snprintf (id, sizeof id,
		  "BUKTI TIDAK SAH: %s. Minta berkas baru kepada %s, dan direktori kepada "
		  "pendaftar jaringan.",
		  err_text_id (worst), pack->by.text);
	snprintf (en, sizeof en,
		  "THE EVIDENCE DOES NOT HOLD: %s. Ask %s for a new file, and the registrar for "
		  "the directory.",
		  err_text_en (worst), pack->by.text);
	out_complain_texts (cli, id, en);
}

static void say_verdict (const struct cli *cli, const struct evidence *pack,
			 const struct evidence_verdict *verdict)
{
	size_t stored = 0, logged = 0, erased = 0;
	char when[OUT_TEXT];

	for (size_t i = 0; i < verdict->letter_count; i++) {
		stored += verdict->letters[i].stored == ERR_OK ? 1 : 0;
		logged += verdict->letters[i].logged == ERR_OK ? 1 : 0;
		erased += verdict->letters[i].signature == ERR_ERASED ? 1 : 0;
	}
	time_text (pack->made_ms, when);
	if (verdict->worst == ERR_OK)
		out_sayf (cli,
			  "BUKTI SAH: dibuat %s pada %s; %zu surat, %zu ditandatangani pengirimnya, %zu "
			  "isinya sudah dihapus, %zu dengan kata penerima, %zu dalam catatan hub.",
			  "THE EVIDENCE HOLDS: made by %s at %s; %zu letters, %zu signed by their "
			  "senders, %zu with an erased body, %zu with the recipient's word, %zu in the "
			  "hub's log.",
			  pack->by.text, when, verdict->letter_count, verdict->letter_count - erased,
			  erased, stored, logged);
	else
		say_worst (cli, pack, verdict->worst);
}

static err_t judge (struct cli *cli, const struct evidence_file *file, const directory_t *directory,
		    arena_t *arena)
{
	const struct directory_data *data = directory_data (directory);
	struct evidence_verdict verdict;
	json_t *json;

	evidence_judge (file, directory, clock_now_ms (), arena, &verdict);
	json = verdict_json (&file->evidence, data, &verdict);
	if (!client_printed (cli, json)) {
		out_sayf (cli, "Rujukan %s, jaringan %s, direktori versi %llu",
			  "Referral %s, network %s, directory version %llu", file->evidence.number,
			  data->network, (unsigned long long)data->version);
		print_letters (cli, &verdict);
		say_verdict (cli, &file->evidence, &verdict);
	}
	json_decref (json);
	return verdict.worst == ERR_OK ? ERR_OK : ERR_MALFORMED;
}

static err_t read_file (const struct cli *cli, const char *path, size_t ceiling, arena_t *arena,
			struct bytes *ret_bytes)
{
	err_t err = file_read (path, ceiling, arena, ret_bytes);

	if (err == ERR_TOO_LARGE)
		out_complain (cli, "berkas %s terlalu besar", "the file %s is too large",
			      file_quoted (path));
	else if (err != ERR_OK)
		out_complain (cli, "berkas %s tidak dapat dibaca", "the file %s can't be read",
			      file_quoted (path));
	return err == ERR_OK || err == ERR_TOO_LARGE ? err : ERR_NOT_FOUND;
}

static err_t read_directory (const struct cli *cli, const char *path, arena_t *arena,
			     directory_t **ret_directory)
{
	struct bytes bytes;
	err_t err = read_file (cli, path, LIMIT_DIRECTORY_BYTES, arena, &bytes);

	if (err != ERR_OK)
		return err;
	if (directory_read (bytes, NULL, ret_directory) == ERR_OK)
		return ERR_OK;
	out_complain (cli, "%s bukan direktori yang sah; minta yang benar kepada pendaftar jaringan",
		      "%s is no valid directory; ask the registrar for the right one",
		      file_quoted (path));
	return ERR_MALFORMED;
}

err_t evidence_verify_file (struct cli *cli, const char *path)
{
	OWNED (arena) arena = arena_new (2 * EVIDENCE_ARENA_BYTES);
	OWNED (directory) directory = NULL;
	const char *directory_path = args_flag (cli, "directory");
	struct evidence_file file;
	struct bytes bytes;
	err_t err = args_finish (cli, 1);

	if (err == ERR_OK && directory_path == NULL) {
		out_complain (cli, "sebutkan direktori jaringan: --directory directory.bin",
			      "name the network's directory: --directory directory.bin");
		return ERR_USAGE;
	}
	if (err == ERR_OK)
		err = keys_start ();
	if (err == ERR_OK)
		err = read_directory (cli, directory_path, arena, &directory);
	if (err == ERR_OK)
		err = read_file (cli, path, LIMIT_EVIDENCE_BYTES, arena, &bytes);
	if (err != ERR_OK)
		return err;
	if (evidence_read (bytes, arena, &file) != ERR_OK) {
		out_complain (cli, "%s bukan berkas bukti, atau rusak", "%s is no evidence pack, or damaged",
			      file_quoted (path));
		return ERR_MALFORMED;
	}
	return judge (cli, &file, directory, arena);
}
