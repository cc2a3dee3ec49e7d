#include "tests/bench/large.h"

#include <czmq.h>

#include "agents/api/verify.h"

#define LOOK_AGAIN_MS 20

/* ---- as the daemon does it: slices between the turns of its loop ---------------------------------- */

static int look (zloop_t *loop, int timer, void *answer)
{
	json_t **last = answer;

	json_decref (*last);
	*last = large_ask ("/v1/verify", NULL);
	return json_is_true (json_object_get (*last, "running")) ? 0 : -1;
}

/* The last answer: what the check says in the end; the caller owns it. */
static json_t *verify (bool quick)
{
	zloop_t *loop = zloop_new ();
	json_t *body = json_pack ("{s:b}", "quick", quick), *answer;

	MUST (loop != NULL);
	large.verifier = verifier_new (loop);
	answer = large_ask ("/v1/verify", body);
	zloop_timer (loop, LOOK_AGAIN_MS, 0, look, &answer);
	zloop_start (loop);
	verifier_destroy (&large.verifier);
	zloop_destroy (&loop);
	json_decref (body);
	return answer;
}

void large_verify_chain (const char *figure)
{
	double began = bench_now_s ();
	json_t *answer = verify (true);

	MUST (json_is_true (json_object_get (answer, "ok")));
	large_note (figure, (double)json_integer_value (json_object_get (answer, "entries")) /
				    (bench_now_s () - began));
	json_decref (answer);
}

void large_verify_part (const char *part, const char *figure)
{
	json_t *answer = verify (false), *each;
	size_t i;

	MUST (json_is_true (json_object_get (answer, "ok")));
	json_array_foreach (json_object_get (answer, "parts"), i, each) {
		if (strcmp (json_get_text (each, "name"), part) == 0)
			large_note (figure, json_number_value (json_object_get (each, "done")) * 1e3 /
						    json_number_value (json_object_get (each, "ms")));
	}
	json_decref (answer);
}
