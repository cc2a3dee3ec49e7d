/*
 * A file held against a table of options.  The lines are checked first (config_lines.c), czmq then
 * makes a tree of them, and a walk over the tree fills one slot per option.
 */
#include "jembatan/config.h"

#include <assert.h>
#include <czmq.h>
#include <errno.h>
#include <libgen.h>

#include "proto/config_lines.h"
#include "proto/config_value.h"
#include "proto/file.h"
#include "proto/os_error.h"

#define KEY_BYTES 256

struct slot {
	char *text;          /* in force; NULL until known */
	int64_t number;
	size_t line;         /* 0: the fallback */
	zconfig_t *node;     /* of a list */
};

struct config {
	const struct option *table;
	size_t count;
	struct slot *slots;
	zconfig_t *root;
	char *path, *folder;
};

/* A walk over the tree: items come in the order of their lines. */
struct walk {
	struct config *config;
	const struct config_lines *lines;
	size_t next;
	problems_t *problems;
	err_t err;
};

static size_t table_count (const struct option *table)
{
	size_t count = 0;

	while (table[count].key != NULL)
		count++;
	return count;
}

/* config->count when there is none. */
static size_t find_option (const struct config *config, const char *key)
{
	size_t i = 0;

	while (i < config->count && strcmp (config->table[i].key, key) != 0)
		i++;
	return i;
}

static bool is_section (const struct config *config, const char *key)
{
	size_t len = strlen (key);

	for (size_t i = 0; i < config->count; i++)
		if (strncmp (config->table[i].key, key, len) == 0 &&
		    config->table[i].key[len] == '/')
			return true;
	return false;
}

/* ---- complaints ------------------------------------------------------------------------------- */

static size_t least_of (size_t a, size_t b, size_t c)
{
	size_t ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* How many letters must change to make one key of the other (Levenshtein). */
static size_t distance (const char *a, const char *b)
{
	size_t row[KEY_BYTES], b_len = strlen (b);

	if (b_len >= KEY_BYTES)
		return KEY_BYTES;
	for (size_t j = 0; j <= b_len; j++)
		row[j] = j;
	for (size_t i = 0; a[i] != '\0'; i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (size_t j = 0; j < b_len; j++) {
			size_t above = row[j + 1];

			row[j + 1] = least_of (above + 1, row[j] + 1, diagonal + (a[i] != b[j]));
			diagonal = above;
		}
	}
	return row[b_len];
}

static const char *nearest_key (const struct config *config, const char *key)
{
	const char *nearest = "";
	size_t best = KEY_BYTES + 1;

	for (size_t i = 0; i < config->count; i++) {
		size_t now = distance (key, config->table[i].key);

		if (now < best) {
			best = now;
			nearest = config->table[i].key;
		}
	}
	return nearest;
}

static void complain_unknown (struct walk *walk, const char *key, const char *value, size_t line)
{
	walk->err = problems_add (
		walk->problems, ERR_CONFIG, key,
		"baris %zu: kunci %s (nilai %s) tidak dikenal; yang paling mirip: %s",
		"line %zu: the key %s (value %s) is unknown; the nearest one is %s", line,
		quoted (key), quoted (value), quoted (nearest_key (walk->config, key)));
}

static void complain_value (struct walk *walk, const struct option *option, const char *value,
			    size_t line)
{
	char allowed_id[ALLOWED_TEXT], allowed_en[ALLOWED_TEXT], id[320], en[320];

	config_value_allowed (option, allowed_id, allowed_en);
	snprintf (id, sizeof id, "baris %zu: nilai %s untuk %s tidak benar; harus %s", line,
		  quoted (value), quoted (option->key), allowed_id);
	snprintf (en, sizeof en, "line %zu: the value %s of %s is not right; give %s", line,
		  quoted (value), quoted (option->key), allowed_en);
	walk->err = problems_add_texts (walk->problems, ERR_CONFIG, option->key, id, en);
}

static void complain_twice (struct walk *walk, const char *key, const char *value, size_t first,
			    size_t line)
{
	walk->err = problems_add (
		walk->problems, ERR_CONFIG, key,
		"baris %zu: kunci %s (nilai %s) sudah diisi pada baris %zu; hapus salah satu",
		"line %zu: the key %s (value %s) is already given in line %zu; remove one", line,
		quoted (key), quoted (value), first);
}

static void complain_missing (struct walk *walk, const struct option *option)
{
	char allowed_id[ALLOWED_TEXT], allowed_en[ALLOWED_TEXT], id[320], en[320];

	config_value_allowed (option, allowed_id, allowed_en);
	snprintf (id, sizeof id, "kunci %s wajib diisi: %s", quoted (option->key), allowed_id);
	snprintf (en, sizeof en, "the key %s must be given: %s", quoted (option->key), allowed_en);
	walk->err = problems_add_texts (walk->problems, ERR_CONFIG, option->key, id, en);
}

/* ---- values ----------------------------------------------------------------------------------- */

static char *absolute (const struct config *config, const char *path)
{
	char *text;

	if (path[0] == '/' || path[0] == '\0')
		return must_text (path);
	text = must_alloc (strlen (config->folder) + strlen (path) + 2);
	sprintf (text, "%s/%s", config->folder, path);
	return text;
}

/* False when the text is no value of the option. */
static bool fill_slot (struct config *config, size_t i, const char *text, size_t line)
{
	const struct option *option = &config->table[i];
	struct slot *slot = &config->slots[i];

	if (!config_value_parse (option, text, &slot->number))
		return false;
	free (slot->text);
	slot->text = option->type == OPTION_PATH ? absolute (config, text) : must_text (text);
	slot->line = line;
	return true;
}

/* The children of a list are its entries, and not looked up. */
static void skip_children (struct walk *walk, zconfig_t *node)
{
	for (zconfig_t *child = zconfig_child (node); child != NULL; child = zconfig_next (child)) {
		walk->next++;
		skip_children (walk, child);
	}
}

static void take_option (struct walk *walk, size_t i, zconfig_t *node, size_t line)
{
	const struct option *option = &walk->config->table[i];
	struct slot *slot = &walk->config->slots[i];
	const char *value = zconfig_value (node);

	if (slot->line != 0) {
		complain_twice (walk, option->key, value, slot->line, line);
		return;
	}
	slot->line = line;
	if (option->type == OPTION_LIST) {
		slot->node = node;
		slot->text = must_text ("");
		if (value[0] != '\0')
			complain_value (walk, option, value, line);
	} else if (!fill_slot (walk->config, i, value, line)) {
		complain_value (walk, option, value, line);
	}
}

static void walk_children (struct walk *walk, zconfig_t *node, const char *prefix);

/* 0 should czmq ever see an item where the lines showed none. */
static size_t next_line (struct walk *walk)
{
	size_t i = walk->next++;

	return i < walk->lines->count ? walk->lines->number[i] : 0;
}

static void walk_item (struct walk *walk, zconfig_t *node, const char *key)
{
	size_t line = next_line (walk);
	size_t i = find_option (walk->config, key);
	bool section = is_section (walk->config, key);

	if (i < walk->config->count)
		take_option (walk, i, node, line);
	else if (!section || zconfig_value (node)[0] != '\0')
		complain_unknown (walk, key, zconfig_value (node), line);
	if (i < walk->config->count && walk->config->table[i].type == OPTION_LIST)
		skip_children (walk, node);
	else
		walk_children (walk, node, key);
}

static void walk_children (struct walk *walk, zconfig_t *node, const char *prefix)
{
	for (zconfig_t *child = zconfig_child (node); child != NULL; child = zconfig_next (child)) {
		char key[KEY_BYTES];

		/* A key that is cut here is longer than any in a table, and so unknown. */
		snprintf (key, sizeof key, "%s%s%s", prefix, prefix[0] != '\0' ? "/" : "",
			  zconfig_name (child));
		walk_item (walk, child, key);
	}
}

static void fill_fallbacks (struct walk *walk)
{
	struct config *config = walk->config;

	for (size_t i = 0; i < config->count; i++) {
		const struct option *option = &config->table[i];

		if (config->slots[i].line != 0)
			continue;
		if (option->fallback == NULL) {
			complain_missing (walk, option);
			continue;
		}
		bool fits = fill_slot (config, i, option->fallback, 0);

		assert (fits);
	}
}

/* ---- loading ---------------------------------------------------------------------------------- */

static err_t complain_file (const char *path, const char *why_id, const char *why_en,
			    problems_t *problems)
{
	char id[sizeof ((struct problem *)NULL)->text_id], en[sizeof id];

	snprintf (id, sizeof id, "berkas konfigurasi %s tidak dapat dibaca (%s)", quoted (path),
		  why_id);
	snprintf (en, sizeof en, "the configuration file %s can't be read (%s)", quoted (path),
		  why_en);
	return problems_add_texts (problems, ERR_CONFIG, "", id, en);
}

static err_t read_text (const char *path, arena_t *arena, const char **ret_text,
			problems_t *problems)
{
	char why_id[OS_ERROR_TEXT], why_en[OS_ERROR_TEXT];
	struct bytes content;
	err_t err;

	errno = 0;
	err = file_read (path, LIMIT_FILE_BYTES, arena, &content);
	if (err == ERR_TOO_LARGE)
		return complain_file (path, "lebih besar dari 16 MiB", "larger than 16 MiB",
				      problems);
	if (err != ERR_OK && errno != 0)
		return complain_file (path, os_error_id (errno, why_id),
				      os_error_en (errno, why_en), problems);
	if (err != ERR_OK)
		return complain_file (path, "bukan berkas biasa", "no regular file", problems);
	if (content.len > 0 && memchr (content.data, '\0', content.len) != NULL)
		return complain_file (path, "bukan berkas teks", "not a text file", problems);
	*ret_text = arena_printf (arena, "%.*s", (int)content.len, (const char *)content.data);
	return ERR_OK;
}

static err_t read_tree (struct config *config, const char *text, struct config_lines *lines,
			problems_t *problems)
{
	err_t err = config_lines_read (lines, text, problems);

	if (err != ERR_OK)
		return err;
	config->root = zconfig_str_load (text);
	if (config->root == NULL && lines->count == 0)
		config->root = zconfig_new ("root", NULL);
	if (config->root == NULL)
		return complain_file (config->path, "bukan ZPL", "not ZPL", problems);
	return ERR_OK;
}

static err_t read_options (struct config *config, const char *text, problems_t *problems)
{
	struct config_lines lines = { .count = 0 };
	struct walk walk = { .config = config, .lines = &lines, .problems = problems };

	walk.err = read_tree (config, text, &lines, problems);
	if (walk.err == ERR_OK) {
		walk_children (&walk, config->root, "");
		fill_fallbacks (&walk);
	}
	config_lines_clear (&lines);
	return walk.err;
}

static struct config *config_new (const char *path, const struct option *table)
{
	struct config *config = must_alloc (sizeof *config);
	char *whole = realpath (path, NULL);
	char *copy = must_text (whole != NULL ? whole : path);

	config->table = table;
	config->count = table_count (table);
	config->slots = must_alloc (config->count * sizeof *config->slots);
	config->path = must_text (path);
	config->folder = must_text (dirname (copy));
	free (copy);
	free (whole);
	return config;
}

err_t config_load (const char *path, const struct option *table, config_t **ret_config,
		   problems_t *problems)
{
	OWNED (config) config = config_new (path, table);
	OWNED (arena) arena = arena_new (2 * LIMIT_FILE_BYTES + KIB);
	const char *text = NULL;
	err_t err = read_text (path, arena, &text, problems);

	if (err == ERR_OK)
		err = read_options (config, text, problems);
	if (err != ERR_OK)
		return err;
	*ret_config = config;
	config = NULL;
	return ERR_OK;
}

void config_destroy (config_t **config)
{
	if (*config == NULL)
		return;
	for (size_t i = 0; i < (*config)->count; i++)
		free ((*config)->slots[i].text);
	free ((*config)->slots);
	zconfig_destroy (&(*config)->root);
	free ((*config)->path);
	free ((*config)->folder);
	free (*config);
	*config = NULL;
}

/* ---- asking ----------------------------------------------------------------------------------- */

static const struct slot *slot_of (const config_t *config, const char *key)
{
	size_t i = find_option (config, key);

	assert (i < config->count);
	return &config->slots[i];
}

const char *config_path (const config_t *config)
{
	return config->path;
}

/* The children of two nodes, and theirs. */
static bool same_tree (zconfig_t *a, zconfig_t *b)
{
	zconfig_t *child_a = a != NULL ? zconfig_child (a) : NULL;
	zconfig_t *child_b = b != NULL ? zconfig_child (b) : NULL;

	while (child_a != NULL && child_b != NULL) {
		if (strcmp (zconfig_name (child_a), zconfig_name (child_b)) != 0 ||
		    strcmp (zconfig_value (child_a), zconfig_value (child_b)) != 0 ||
		    !same_tree (child_a, child_b))
			return false;
		child_a = zconfig_next (child_a);
		child_b = zconfig_next (child_b);
	}
	return child_a == NULL && child_b == NULL;
}

static bool same_option (const config_t *a, const config_t *b, size_t i)
{
	if (a->table[i].type == OPTION_LIST)
		return same_tree (a->slots[i].node, b->slots[i].node);
	return a->slots[i].number == b->slots[i].number &&
	       strcmp (a->slots[i].text, b->slots[i].text) == 0;
}

const char *config_changed (const config_t *before, const config_t *now, size_t *at)
{
	assert (before->table == now->table);
	while (*at < before->count) {
		size_t i = (*at)++;

		if (!same_option (before, now, i))
			return before->table[i].key;
	}
	return NULL;
}

const char *config_text (const config_t *config, const char *key)
{
	return slot_of (config, key)->text;
}

int64_t config_number (const config_t *config, const char *key)
{
	return slot_of (config, key)->number;
}

bool config_flag (const config_t *config, const char *key)
{
	return slot_of (config, key)->number != 0;
}

/* NULL past the last, and below nothing. */
static zconfig_t *child_at (zconfig_t *node, size_t i)
{
	zconfig_t *child = node != NULL ? zconfig_child (node) : NULL;

	for (; child != NULL && i > 0; i--)
		child = zconfig_next (child);
	return child;
}

static bool give_entry (zconfig_t *node, const char **ret_name, const char **ret_value)
{
	if (node == NULL)
		return false;
	*ret_name = zconfig_name (node);
	*ret_value = zconfig_value (node);
	return true;
}

bool config_list (const config_t *config, const char *key, size_t i, const char **ret_name,
		  const char **ret_value)
{
	return give_entry (child_at (slot_of (config, key)->node, i), ret_name, ret_value);
}

bool config_list_entry (const config_t *config, const char *key, size_t i, size_t j,
			const char **ret_name, const char **ret_value)
{
	return give_entry (child_at (child_at (slot_of (config, key)->node, i), j), ret_name,
			   ret_value);
}

/* ---- printing --------------------------------------------------------------------------------- */

/* In the quotes that the value doesn't hold itself.  One that holds both was read without quotes, so
 * it can be written without. */
static void print_item (FILE *out, int depth, const char *name, const char *value)
{
	const char *quote = strchr (value, '"') == NULL ? "\"" : "'";

	if (strchr (value, *quote) != NULL)
		quote = "";
	fprintf (out, "%*s%s = %s%s%s\n", 4 * depth, "", name, quote, value, quote);
}

/* Opens the sections of a key that the key before it has not opened; gives the key's depth. */
static int print_sections (FILE *out, const char *key, const char *before)
{
	const char *name = key, *slash;
	bool same = true;
	int depth = 0;

	while ((slash = strchr (name, '/')) != NULL) {
		size_t through = (size_t)(slash - key) + 1;

		same = same && strncmp (key, before, through) == 0;
		if (!same)
			fprintf (out, "%*s%.*s\n", 4 * depth, "", (int)(slash - name), name);
		name = slash + 1;
		depth++;
	}
	return depth;
}

static void print_origin (FILE *out, int depth, const struct option *option,
			  const struct slot *slot)
{
	char id[ALLOWED_TEXT], en[ALLOWED_TEXT];

	config_value_allowed (option, id, en);
	fprintf (out, "%*s#   %s (%s); ", 4 * depth, "", id, en);
	if (slot->line > 0)
		fprintf (out, "baris %zu (line %zu)\n", slot->line, slot->line);
	else
		fputs ("bawaan (default)\n", out);
}

/* A child with entries of its own is a section. */
static void print_list (FILE *out, int depth, const config_t *config, const struct option *option)
{
	const char *name, *value, *entry;

	for (size_t i = 0; config_list (config, option->key, i, &name, &value); i++) {
		if (!config_list_entry (config, option->key, i, 0, &entry, &value)) {
			print_item (out, depth + 1, name, value);
			continue;
		}
		fprintf (out, "%*s%s\n", 4 * (depth + 1), "", name);
		for (size_t j = 0; config_list_entry (config, option->key, i, j, &entry, &value); j++)
			print_item (out, depth + 2, entry, value);
	}
}

/* A line for each language. */
static void print_about (FILE *out, int depth, const char *about)
{
	const char *english = strstr (about, " / ");

	if (english == NULL) {
		fprintf (out, "%*s# %s\n", 4 * depth, "", about);
		return;
	}
	fprintf (out, "%*s# %.*s\n", 4 * depth, "", (int)(english - about), about);
	fprintf (out, "%*s# %s\n", 4 * depth, "", english + 3);
}

static void print_option (FILE *out, const config_t *config, size_t i, const char *before)
{
	const struct option *option = &config->table[i];
	const char *slash = strrchr (option->key, '/');
	const char *name = slash != NULL ? slash + 1 : option->key;
	int depth = print_sections (out, option->key, before);

	print_about (out, depth, option->about);
	print_origin (out, depth, option, &config->slots[i]);
	if (option->type == OPTION_LIST) {
		fprintf (out, "%*s%s\n", 4 * depth, "", name);
		print_list (out, depth, config, option);
	} else {
		print_item (out, depth, name, config->slots[i].text);
	}
}

void config_print (const config_t *config, FILE *out)
{
	fprintf (out, "# %s\n", quoted (config->path));
	for (size_t i = 0; i < config->count; i++) {
		fputc ('\n', out);
		print_option (out, config, i, i > 0 ? config->table[i - 1].key : "");
	}
}
