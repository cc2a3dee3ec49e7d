/*
 * Verify: begun by a request, carried on by the loop in slices, asked about by further requests.  Each
 * kind of damage has its sentence here, with what to do.
 */
#include "agents/api/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/api/handlers.h"
#include "agents/api/times.h"
#include "agents/api/view.h"
#include "agents/desk/verify.h"

#define SLICE_MS 15          /* letters wait no longer than this */
#define PAUSE_MS 1
#define MISSING_SHOWN 1000

struct verifier {
	zloop_t *loop;
	int timer;               /* -1 = none runs */
	verify_t *verify;        /* the one that runs or ran last; NULL = none yet */
	err_t err;               /* of the disk; then nothing more is known */
};

/* ---- carrying on ---------------------------------------------------------------------------------- */

static int on_timer (zloop_t *loop, int timer, void *arg)
{
	struct verifier *verifier = arg;

	verifier->timer = -1;
	verifier->err = verify_step (verifier->verify, SLICE_MS);
	if (verifier->err == ERR_OK && verify_status (verifier->verify)->part < VERIFY_PARTS)
		verifier->timer = zloop_timer (loop, PAUSE_MS, 1, on_timer, verifier);
	return 0;
}

verifier_t *verifier_new (zloop_t *loop)
{
	struct verifier *verifier = must_alloc (sizeof *verifier);

	*verifier = (struct verifier){ .loop = loop, .timer = -1 };
	return verifier;
}

void verifier_destroy (verifier_t **verifier)
{
	if (*verifier == NULL)
		return;
	if ((*verifier)->timer >= 0)
		zloop_timer_end ((*verifier)->loop, (*verifier)->timer);
	verify_destroy (&(*verifier)->verify);
	free (*verifier);
	*verifier = NULL;
}

/* ---- what was found ------------------------------------------------------------------------------- */

#define RESTORE_ID "salin dahulu folder data apa adanya, lalu pulihkan dari cadangan"
#define RESTORE_EN "copy the data folder as it is, then restore a backup"

/* clang-format off */
static const struct { const char *name, *id, *en; } damages[] = {
	[DAMAGE_ENTRY] = { "entry", "catatan %s berubah atau hilang; " RESTORE_ID,
		"entry %s was changed or is missing; " RESTORE_EN },
	[DAMAGE_LOST] = { "lost", "surat %s disebut oleh sebuah catatan tetapi tidak ada lagi; " RESTORE_ID,
		"letter %s stands in an entry and is not here any more; " RESTORE_EN },
	[DAMAGE_BYTES] = { "bytes", "isi surat %s hilang; " RESTORE_ID,
		"the bytes of letter %s are missing; " RESTORE_EN },
	[DAMAGE_HEADER] = { "header", "kepala surat %s bukan lagi yang dahulu; " RESTORE_ID,
		"the header of letter %s is not what it was; " RESTORE_EN },
	[DAMAGE_BODY] = { "body", "isi surat %s rusak dan tidak dapat dibuka; " RESTORE_ID,
		"the body of letter %s is damaged and does not open; " RESTORE_EN },
	[DAMAGE_SEALED] = { "sealed", "surat %s tidak lagi seperti saat disegel; " RESTORE_ID,
		"letter %s is no longer as it was sealed; " RESTORE_EN },
	[DAMAGE_SIGNATURE] = { "signature", "tanda tangan surat %s tidak cocok dengan isinya; " RESTORE_ID,
		"the signature of letter %s does not fit it; " RESTORE_EN },
	[DAMAGE_RECEIPT] = { "receipt",
		"surat %s tercatat sampai atau ditolak tanpa tanda terima yang cocok; " RESTORE_ID,
		"letter %s counts as stored or refused without a receipt that says so; " RESTORE_EN },
	[DAMAGE_NOTICE] = { "notice", "pemberitahuan hub tentang surat %s tidak sah; " RESTORE_ID,
		"the hub's notice about letter %s is not valid; " RESTORE_EN },
	[DAMAGE_PROOF] = { "proof", "bukti hub untuk surat %s tidak cocok; " RESTORE_ID,
		"the hub's proof for letter %s does not hold; " RESTORE_EN },
	[DAMAGE_CHECKPOINT] = { "checkpoint", "titik periksa %s tidak sah; " RESTORE_ID,
		"checkpoint %s is not valid; " RESTORE_EN },
	[DAMAGE_SPLIT] = { "log-split",
		"titik periksa %s bertentangan dengan yang lain: hub menunjukkan dua sejarah; beri tahu pendaftar",
		"checkpoint %s contradicts another: the hub showed two histories; tell the registrar" },
};
/* clang-format on */
_Static_assert (COUNT_OF (damages) == DAMAGE_COUNT, "each damage has its sentence");

/* "0190...-... (R-2026-0007)", or a number. */
static const char *name_of (const struct call *call, const struct finding *finding)
{
	char id[UUID_TEXT];

	if (ID_IS_NONE (finding->letter))
		return arena_printf (call->arena, "%llu", (unsigned long long)finding->n);
	uuid_text (finding->letter.b, id);
	if (finding->number[0] != '\0')
		return arena_printf (call->arena, "%s (%s)", id, finding->number);
	return arena_printf (call->arena, "%s", id);
}

static json_t *finding_json (const struct call *call, const struct finding *finding)
{
	const char *name = name_of (call, finding);

	return json_pack ("{s:s, s:o, s:o, s:s, s:s, s:s, s:s}", "what", damages[finding->damage].name,
			  "n", finding->n > 0 ? json_integer ((json_int_t)finding->n) : json_null (),
			  "letter",
			  ID_IS_NONE (finding->letter) ? json_null () : view_uuid (finding->letter.b),
			  "referral", finding->number, "partner", finding->partner.text, "message_id",
			  arena_printf (call->arena, damages[finding->damage].id, name), "message_en",
			  arena_printf (call->arena, damages[finding->damage].en, name));
}

static json_t *findings_json (const struct call *call, const struct verify_status *status)
{
	json_t *list = json_array ();

	for (size_t i = 0; i < status->finding_count; i++)
		json_array_append_new (list, finding_json (call, &status->findings[i]));
	return list;
}

/* What partners counted and we never got. */
static json_t *missing_json (const struct call *call)
{
	struct pair_missing *missing;
	size_t count = pair_missing (call->parts->ledger, MISSING_SHOWN, call->arena, &missing);
	json_t *list = json_array ();

	for (size_t i = 0; i < count; i++) {
		json_t *one = json_pack ("{s:s, s:s, s:I, s:I}", "from", missing[i].from.text, "class",
					 class_name (missing[i].class), "first",
					 (json_int_t)missing[i].first, "last",
					 (json_int_t)missing[i].last);

		times_set (one, "since", missing[i].since_ms, call->region);
		json_array_append_new (list, one);
	}
	return list;
}

static json_t *parts_json (const struct verify_status *status)
{
	json_t *list = json_array ();

	for (enum verify_part part = 0; part < VERIFY_PARTS; part++)
		json_array_append_new (list, json_pack ("{s:s, s:I, s:I, s:I}", "name",
							verify_part_name (part), "done",
							(json_int_t)status->done[part], "whole",
							(json_int_t)status->whole[part], "ms",
							(json_int_t)status->spent_ms[part]));
	return list;
}

static json_t *status_json (const struct call *call)
{
	const struct verify_status *status = verify_status (call->verifier->verify);
	bool running = status->part < VERIFY_PARTS;
	json_t *json = json_pack ("{s:b, s:s, s:I, s:o, s:o, s:o, s:I, s:I}", "running", running,
				  "part", verify_part_name (status->part), "entries",
				  (json_int_t)status->done[VERIFY_ENTRIES], "bad_entry",
				  status->bad_entry > 0 ? json_integer ((json_int_t)status->bad_entry)
							: json_null (),
				  "parts", parts_json (status), "findings",
				  findings_json (call, status), "more", (json_int_t)status->more,
				  "unjudged", (json_int_t)status->unjudged);

	json_object_set_new (json, "missing", missing_json (call));
	json_object_set_new (json, "ok",
			     running ? json_null () : json_boolean (status->finding_count == 0));
	return json;
}

/* ---- routes --------------------------------------------------------------------------------------- */

err_t verify_show (struct call *call, json_t **ret_answer)
{
	if (call->verifier->verify == NULL)
		return problems_add_texts (call->problems, ERR_NOT_FOUND, "",
					   "belum ada pemeriksaan; mulai dengan jembatan verify",
					   "nothing was verified yet; begin with jembatan verify");
	if (call->verifier->err != ERR_OK)
		return call->verifier->err;
	*ret_answer = status_json (call);
	return ERR_OK;
}

/* One that runs already answers for both who ask. */
err_t verify_begin (struct call *call, json_t **ret_answer)
{
	static const char *const names[] = { "quick", NULL };
	struct verifier *verifier = call->verifier;

	body_only (call, call->body, names);
	if (problems_count (call->problems) > 0)
		return ERR_INVALID;
	if (verifier->timer < 0) {
		verify_destroy (&verifier->verify);
		verifier->err = ERR_OK;
		verifier->verify = verify_new (call->parts->desk,
					       json_get_flag (call->body, "quick", false));
		verifier->timer = zloop_timer (verifier->loop, PAUSE_MS, 1, on_timer, verifier);
	}
	*ret_answer = status_json (call);
	return ERR_OK;
}
