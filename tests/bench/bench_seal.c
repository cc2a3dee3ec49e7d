/*
 * bench_seal LETTERS: what a letter costs the two agencies' processors, one after the
 * other in one thread: written and sealed by the sender; opened, read and verified by the
 * recipient.
 */
#include <time.h>

#include "jembatan/clock.h"
#include "tests/bench/network.h"
#include "tests/support/samples.h"

static struct {
	keypair_t *sig, *box;
	struct public_key sig_key, box_key;
	struct letter letter;
} pair;

static double now_s (void)
{
	struct timespec now;

	clock_gettime (CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static struct sealed write_letter (arena_t *arena)
{
	struct header header = {
		.from = bench_agency (BENCH_SENDER, 0),
		.to = bench_agency (BENCH_RECIPIENT, 0),
		.expires_at_ms = clock_now_ms () + LETTER_EXPIRY_DEFAULT_MS,
		.class = CLASS_ROUTINE,
	};
	struct sealed sealed;
	struct bytes s;

	uuid7_make (header.id.b);
	MUST (letter_encode (&pair.letter, arena, &s) == ERR_OK);
	MUST (envelope_seal (&header, s, &pair.box_key, pair.sig, arena, &sealed) ==
	      ERR_OK);
	return sealed;
}

static void read_letter (const struct sealed *sealed, arena_t *arena)
{
	struct sealed opened;
	struct header header;
	struct letter letter;

	MUST (header_decode (sealed->h, &header) == ERR_OK);
	MUST (envelope_open (&header, sealed->h, sealed->c, &pair.box, 1, arena,
			     &opened) == ERR_OK);
	MUST (letter_decode (opened.s, arena, &letter) == ERR_OK);
	MUST (envelope_verify (&opened, &pair.sig_key) == ERR_OK);
	MUST (letter.answer_count == pair.letter.answer_count);
}

int main (int argc, char **argv)
{
	OWNED (arena) samples = arena_new (MIB);
	OWNED (arena) arena = arena_new (LIMIT_DECODE_ARENA_BYTES);
	size_t letters = argc == 2 ? strtoul (argv[1], NULL, 10) : 0;
	double began;

	if (letters == 0) {
		fprintf (stderr, "usage: bench_seal LETTERS\n");
		return 2;
	}
	MUST (keys_start () == ERR_OK);
	pair.sig = keypair_new (KEY_SIG);
	pair.box = keypair_new (KEY_BOX);
	pair.sig_key = keypair_public (pair.sig);
	pair.box_key = keypair_public (pair.box);
	pair.letter = sample_letter (BODY_ANSWERS, samples);
	began = now_s ();
	for (size_t i = 0; i < letters; i++) {
		struct sealed sealed;

		arena_reset (arena);
		sealed = write_letter (arena);
		read_letter (&sealed, arena);
	}
	printf ("{\"letters_per_s\": %.0f}\n", (double)letters / (now_s () - began));
	keypair_destroy (&pair.sig);
	keypair_destroy (&pair.box);
	return 0;
}
