#include "tests/bench/large.h"

#define BATCH 32u          /* letters that a hub delivers at once */

/* ---- receiving ---------------------------------------------------------------------------------- */

struct wire {
	struct bytes h, c;
};

static void write_letters (size_t count, arena_t *arena, struct wire *wires)
{
	struct public_key box = keypair_public (large.agency.box);

	for (size_t i = 0; i < count; i++) {
		OWNED (arena) scratch = arena_new (MIB);
		struct letter letter = bench_request (&large.agency, i, 200, scratch);
		struct header header = { .from = large.agency.partner, .to = large.agency.self,
					 .expires_at_ms = clock_now_ms () + LETTER_EXPIRY_DEFAULT_MS,
					 .class = CLASS_ROUTINE };
		struct sealed sealed;
		struct bytes s;

		uuid7_make (header.id.b);
		MUST (letter_encode (&letter, scratch, &s) == ERR_OK);
		MUST (envelope_seal (&header, s, &box, large.agency.partner_sig, scratch, &sealed)
		      == ERR_OK);
		wires[i] = (struct wire){ arena_bytes (arena, sealed.h), arena_bytes (arena, sealed.c) };
	}
}

/* As the post opens it. */
static void receive (tx_t *tx, const struct wire *wire)
{
	OWNED (arena) arena = arena_new (LIMIT_DECODE_ARENA_BYTES);
	struct public_key key = keypair_public (large.agency.partner_sig);
	struct received received = { .trust = ERR_OK };

	MUST (header_decode (wire->h, &received.header) == ERR_OK);
	received.digest = envelope_digest (wire->h, wire->c);
	MUST (envelope_open (&received.header, wire->h, wire->c, &large.agency.box, 1, arena,
			     &received.sealed)
	      == ERR_OK);
	MUST (letter_decode (received.sealed.s, arena, &received.letter) == ERR_OK);
	MUST (envelope_verify (&received.sealed, &key) == ERR_OK);
	tx_mark (tx);
	MUST (desk_receive (large.agency.desk, tx, &received) == ERR_OK);
	tx_keep (tx);
}

/* Letters a second, `batch` of them and their receipts in one commit. */
static double receive_all (const struct wire *wires, size_t count, size_t batch)
{
	uint64_t before = ledger_size (large.agency.ledger).people;
	double began = bench_now_s (), took;

	for (size_t i = 0; i < count; i += batch) {
		OWNED (tx) tx = ledger_begin (large.agency.ledger);

		for (size_t k = i; k < i + batch && k < count; k++)
			receive (tx, &wires[k]);
		desk_write_receipts (large.agency.desk, tx);
		MUST (tx_commit (tx) == ERR_OK);
	}
	took = bench_now_s () - began;
	MUST (ledger_size (large.agency.ledger).people == before + count);
	return (double)count / took;
}

void large_measure_letters (size_t letters, const char *alone, const char *batched)
{
	OWNED (arena) arena = arena_new (1024 * MIB);
	struct wire *wires = arena_must (arena, letters * sizeof *wires);

	write_letters (letters, arena, wires);
	large_note (alone, receive_all (wires, letters, 1));
	write_letters (letters, arena, wires);
	large_note (batched, receive_all (wires, letters, BATCH));
}
