/* A chain on paper: as a text with a tree, and as lines for a spreadsheet. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/api/view_chain.h"
#include "jembatan/clock.h"

/* ---- text
 * ------------------------------------------------------------------------------------- */

#define DEEPEST 32 /* levels that are drawn; deeper ones stand at this one */

struct page_out {
	const struct call *call;
	const struct audit_chain *chain;
	int64_t now_ms;
	enum chain_language language;
	FILE *out;
	const char *prefix[DEEPEST + 1]; /* what stands left of a referral's lines, by level */
};

static void put (const struct page_out *page, struct words words)
{
	bool same = strcmp (words.id, words.en) == 0;

	if (page->language == CHAIN_EN)
		fputs (words.en, page->out);
	else if (page->language == CHAIN_ID || same)
		fputs (words.id, page->out);
	else
		fprintf (page->out, "%s / %s", words.id, words.en);
}

/* A date reads the same in both languages. */
static void put_time (const struct page_out *page, int64_t at_ms)
{
	char text[LOCAL_INSTANT_TEXT];

	fputs (local_instant_text (at_ms, page->call->region, page->language == CHAIN_EN, text),
	       page->out);
}

static void put_agency (const struct page_out *page, const struct agency_id *id)
{
	struct words words = chain_agency_words (page->call, id);

	put (page, words);
	if (strcmp (words.id, id->text) != 0 && id->text[0] != '@')
		fprintf (page->out, " (%s)", id->text);
}

static void begin_line (const struct page_out *page, const char *prefix, const char *id,
			const char *en)
{
	fputs (prefix, page->out);
	put (page, (struct words){ id, en });
	fputs (": ", page->out);
}

static void put_waiting (const struct page_out *page, const char *prefix,
			 const struct audit_waiting *waiting)
{
	struct words span = chain_span_words (page->call, page->now_ms - waiting->since_ms);

	if (waiting->agency.text[0] == '\0')
		return;
	begin_line (page, prefix, "Menunggu", "Waiting for");
	put_agency (page, &waiting->agency);
	fputs (", ", page->out);
	put (page, (struct words){ arena_printf (page->call->arena, "sejak %s", span.id),
				   arena_printf (page->call->arena, "for %s", span.en) });
	if (waiting->due_ms != 0) {
		fputs (", ", page->out);
		put (page, (struct words){ "paling lambat", "due" });
		fputc (' ', page->out);
		put_time (page, waiting->due_ms);
	}
	if (waiting->late) {
		fputs (": ", page->out);
		put (page, (struct words){ "TERLAMBAT", "LATE" });
	}
	if (waiting->told_by.text[0] != '\0') {
		fputs (", ", page->out);
		put (page, (struct words){ "menurut", "says" });
		fputc (' ', page->out);
		put_agency (page, &waiting->told_by);
	}
	fputc ('\n', page->out);
}

static void put_doubts (const struct page_out *page, const char *prefix, unsigned doubts)
{
	for (size_t i = 0; i < DOUBT_COUNT; i++) {
		if ((doubts >> i & 1) == 0)
			continue;
		begin_line (page, prefix, "Tidak cocok", "Disagreement");
		put (page, chain_doubt_words (i));
		fputc ('\n', page->out);
	}
}

/* Both sides tell a step alike; it stands once, with who told it. */
static bool told_before (const struct audit_referral *referral, size_t i)
{
	const struct audit_step *step = &referral->steps[i];

	while (i-- > 0 && referral->steps[i].at_ms == step->at_ms)
		if (strcmp (referral->steps[i].state, step->state) == 0)
			return true;
	return false;
}

static void put_step (const struct page_out *page, const char *prefix,
		      const struct audit_referral *referral, size_t i)
{
	const struct audit_step *step = &referral->steps[i];

	fprintf (page->out, "%s", prefix);
	put_time (page, step->at_ms);
	fputs ("  ", page->out);
	put (page, chain_state_words (referral, step->state));
	if (*step->reason != '\0') {
		fputs (" (", page->out);
		put (page, chain_reason_words (referral, step->reason));
		fputc (')', page->out);
	}
	fprintf (page->out, " [%s", step->reporter.text);
	for (size_t k = i + 1; k < referral->step_count && referral->steps[k].at_ms == step->at_ms;
	     k++)
		if (strcmp (referral->steps[k].state, step->state) == 0)
			fprintf (page->out, ", %s", referral->steps[k].reporter.text);
	fputs ("]\n", page->out);
}

static bool is_last_child (const struct audit_chain *chain, size_t i)
{
	size_t depth = chain->referrals[i].depth;

	for (i++; i < chain->referral_count && chain->referrals[i].depth >= depth; i++)
		if (chain->referrals[i].depth == depth)
			return false;
	return true;
}

static bool has_child (const struct audit_chain *chain, size_t i)
{
	return i + 1 < chain->referral_count
	       && chain->referrals[i + 1].depth > chain->referrals[i].depth;
}

/* "├─ " before the referral, "│  " before what stands below it. */
static void put_referral (struct page_out *page, size_t i)
{
	const struct audit_referral *referral = &page->chain->referrals[i];
	size_t depth = referral->depth < DEEPEST ? referral->depth : DEEPEST;
	bool root = depth == 0, last = is_last_child (page->chain, i);
	const char *left = root ? "" : page->prefix[depth - 1], *under;

	page->prefix[depth] = root ? ""
				   : arena_printf (page->call->arena, "%s%s", left,
						   last ? "   " : "│  ");
	under = arena_printf (page->call->arena, "%s%s", page->prefix[depth],
			      has_child (page->chain, i) ? "│  " : "   ");
	fprintf (page->out, "%s%s", left, root ? "" : last ? "└─ " : "├─ ");
	put_agency (page, &referral->from);
	fputs (" → ", page->out);
	put_agency (page, &referral->to);
	fputs (": ", page->out);
	put (page, chain_state_words (referral, referral->state));
	fputc ('\n', page->out);
	put_waiting (page, under, &referral->waiting);
	put_doubts (page, under, referral->doubts);
	for (size_t k = 0; k < referral->step_count; k++)
		if (!told_before (referral, k))
			put_step (page, under, referral, k);
}

static void put_head (const struct page_out *page)
{
	const struct audit_chain *chain = page->chain;
	char text[UUID_TEXT];

	put (page, (struct words){ "Rangkaian", "Chain" });
	fprintf (page->out, " %s\n", uuid_text (chain->id.b, text));
	begin_line (page, "  ", "Jenis", "Kind");
	put (page, chain_kind_words (&chain->referrals[0]));
	fputc ('\n', page->out);
	begin_line (page, "  ", "Dibuka", "Opened");
	put_time (page, chain->opened_ms);
	fputc ('\n', page->out);
	begin_line (page, "  ", "Per", "As of");
	put_time (page, page->now_ms);
	fputs ("\n\n", page->out);
}

char *chain_text (const struct call *call, const struct audit_chain *chain, int64_t now_ms,
		  enum chain_language language)
{
	struct page_out page = { .call = call,
				 .chain = chain,
				 .now_ms = now_ms,
				 .language = language };
	char *text = NULL;
	size_t size;

	page.out = open_memstream (&text, &size);
	if (page.out == NULL)
		abort ();
	put_head (&page);
	for (size_t i = 0; i < chain->referral_count; i++)
		put_referral (&page, i);
	fclose (page.out);
	return text;
}

/* ---- CSV (RFC 4180)
 * ---------------------------------------------------------------------------- */

/* Every value is an id, a code or a time, so none needs quoting; and none may begin with what a
 * spreadsheet takes for a formula. */
static void cell (FILE *out, const char *text)
{
	if (text[0] == '@')
		fprintf (out, "outside:%s,", text + 1);
	else
		fprintf (out, "%s,", text);
}

static void time_cell (FILE *out, int64_t at_ms)
{
	char text[INSTANT_TEXT];

	cell (out, at_ms != 0 ? instant_text (at_ms, text) : "");
}

static void about_cells (FILE *out, const struct audit_chain *chain,
			 const struct audit_referral *referral)
{
	char text[UUID_TEXT];

	cell (out, uuid_text (chain->id.b, text));
	cell (out, uuid_text (referral->id.b, text));
	cell (out, ID_IS_NONE (referral->parent) ? "" : uuid_text (referral->parent.b, text));
	cell (out, referral->from.text);
	cell (out, referral->to.text);
	cell (out, referral->kind);
}

static void step_line (FILE *out, const struct audit_chain *chain,
		       const struct audit_referral *referral, const struct audit_step *step)
{
	char hash[HEX32_TEXT];

	about_cells (out, chain, referral);
	cell (out, step->reporter.text);
	cell (out, step->state);
	cell (out, step->reason);
	time_cell (out, step->at_ms);
	time_cell (out, step->due_ms);
	time_cell (out, step->told_ms);
	cell (out, ID_IS_NONE (step->header_hash)
			   ? ""
			   : hex_text (ID_BYTES (step->header_hash), hash, sizeof hash));
	if (step->leaf != 0)
		fprintf (out, "%" PRIu64, step->leaf);
	fputs ("\r\n", out);
}

char *chain_csv (const struct audit_chain *chain)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream (&text, &size);

	if (out == NULL)
		abort ();
	fputs ("chain,referral,parent,from,to,kind,reporter,state,reason,at,due,told,header_hash,leaf"
	       "\r\n",
	       out);
	for (size_t i = 0; i < chain->referral_count; i++)
		for (size_t k = 0; k < chain->referrals[i].step_count; k++)
			step_line (out, chain, &chain->referrals[i],
				   &chain->referrals[i].steps[k]);
	fclose (out);
	return text;
}

static void referral_line (FILE *out, const struct audit_chain *chain,
			   const struct audit_referral *referral)
{
	about_cells (out, chain, referral);
	cell (out, referral->state);
	time_cell (out, referral->opened_ms);
	time_cell (out, referral->answered_ms);
	time_cell (out, referral->accepted_ms);
	time_cell (out, referral->arrived_ms);
	time_cell (out, referral->ended_ms);
	cell (out, referral->waiting.agency.text);
	time_cell (out, referral->waiting.since_ms);
	time_cell (out, referral->waiting.due_ms);
	cell (out, referral->waiting.late ? "yes" : "no");
	for (size_t i = 0, count = 0; i < DOUBT_COUNT; i++)
		if (referral->doubts >> i & 1)
			fprintf (out, "%s%s", count++ > 0 ? " " : "", audit_doubt_name (i));
	fputs ("\r\n", out);
}

char *chains_csv (const struct chain_source *source)
{
	char *text = NULL;
	size_t size, count;
	FILE *out = open_memstream (&text, &size);
	struct audit_chain *chains;

	if (out == NULL)
		abort ();
	fputs ("chain,referral,parent,from,to,kind,state,opened,answered,accepted,arrived,ended,"
	       "waiting_for,since,due,late,doubts\r\n",
	       out);
	while ((count = source->rest (source->arg, &chains)) > 0)
		for (size_t i = 0; i < count; i++)
			for (size_t k = 0; k < chains[i].referral_count; k++)
				referral_line (out, &chains[i], &chains[i].referrals[k]);
	fclose (out);
	return text;
}
