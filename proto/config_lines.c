/*
 * One line of ZPL (ZeroMQ RFC 4) is: indentation by fours, a name, perhaps "=" and a value, perhaps
 * a comment.  A value in quotes may hold '#'.
 */
#include "proto/config_lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/text.h"

#define LINE_CHARS_MAX 1000
#define NAME_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789$-_@.&+/"

struct mistake { const char *id, *en; };

static const struct mistake too_long = { "baris lebih dari 1000 karakter",
					 "the line has more than 1000 characters" };
static const struct mistake has_tab = { "jangan memakai tab; pakai empat spasi per tingkat",
					"don't use tabs; indent by four spaces per level" };
static const struct mistake bad_text = { "bukan teks UTF-8 tanpa karakter kendali",
					 "not UTF-8 text without control characters" };
static const struct mistake bad_indent = {
	"indentasi harus kelipatan empat spasi dan hanya satu tingkat lebih dalam",
	"indent by four spaces, and only one level deeper than the line above",
};
static const struct mistake bad_name = { "harus berupa: nama = nilai",
					 "write it as: name = value" };
static const struct mistake no_quote = { "tanda kutip penutup tidak ada",
					 "the closing quote is missing" };
static const struct mistake after_quote = {
	"setelah tanda kutip penutup hanya boleh ada komentar",
	"only a comment may follow the closing quote",
};

static bool is_end (const char *at)
{
	at += strspn (at, " ");
	return *at == '\0' || *at == '#';
}

static const struct mistake *check_value (const char *at)
{
	const char *close;

	at += strspn (at, " ");
	if (*at != '"' && *at != '\'')
		return NULL;
	close = strchr (at + 1, *at);
	if (close == NULL)
		return &no_quote;
	return is_end (close + 1) ? NULL : &after_quote;
}

/* `depth` is that of the item before (-1 at first) and becomes this one's. */
static const struct mistake *check_line (const char *line, int *depth)
{
	size_t spaces = strspn (line, " ");
	const char *name = line + spaces;
	const char *after = name + strspn (name, NAME_CHARS);

	if (strlen (line) > LINE_CHARS_MAX)
		return &too_long;
	if (strchr (line, '\t') != NULL)
		return &has_tab;
	if (!text_is_line (bytes_of_text (line)))
		return &bad_text;
	if (spaces % 4 != 0 || (int)(spaces / 4) > *depth + 1)
		return &bad_indent;
	if (after == name || *name == '/' || after[-1] == '/')
		return &bad_name;
	*depth = (int)(spaces / 4);
	after += strspn (after, " ");
	if (*after == '=')
		return check_value (after + 1);
	return is_end (after) ? NULL : &bad_name;
}

static void note_item (struct config_lines *lines, size_t number)
{
	if (lines->count == lines->room) {
		lines->room = lines->room > 0 ? 2 * lines->room : 64;
		lines->number = must_realloc (lines->number,
					      lines->room * sizeof *lines->number);
	}
	lines->number[lines->count++] = number;
}

static err_t read_line (struct config_lines *lines, const char *line, size_t number, int *depth,
			problems_t *problems)
{
	const struct mistake *mistake;
	char field[32], id[320], en[320];

	if (line[strspn (line, " ")] == '\0')
		return ERR_OK;
	if (is_end (line) && strspn (line, " ") % 4 == 0)
		return ERR_OK;
	/* czmq wants comments indented as items are. */
	mistake = is_end (line) ? &bad_indent : check_line (line, depth);
	if (mistake == NULL) {
		note_item (lines, number);
		return ERR_OK;
	}
	snprintf (field, sizeof field, "line %zu", number);
	snprintf (id, sizeof id, "baris %zu, %s: %s", number, quoted (line), mistake->id);
	snprintf (en, sizeof en, "line %zu, %s: %s", number, quoted (line), mistake->en);
	problems_add_texts (problems, ERR_CONFIG, field, id, en);
	return ERR_CONFIG;
}

err_t config_lines_read (struct config_lines *lines, const char *text, problems_t *problems)
{
	char *copy = must_text (text), *rest = copy, *line;
	err_t err = ERR_OK;
	size_t number = 0;
	int depth = -1;

	while ((line = strsep (&rest, "\n")) != NULL) {
		size_t len = strlen (line);

		if (len > 0 && line[len - 1] == '\r')
			line[len - 1] = '\0';
		if (read_line (lines, line, ++number, &depth, problems) != ERR_OK)
			err = ERR_CONFIG;
	}
	free (copy);
	return err;
}

void config_lines_clear (struct config_lines *lines)
{
	free (lines->number);
	*lines = (struct config_lines){ .count = 0 };
}
