/*
 * jembatan-registrar: who is a member of the network, kept offline and signed.
 *
 * Its state is a folder: root.key, draft.bin (the directory as it will be signed next, an unsigned
 * Directory message) and directory.bin (the one that was signed last).  Every command reads the
 * draft, changes it in memory and writes it whole; nothing is published before `sign`.  One file
 * registrar_<noun>.c holds the commands of one noun.  No part of this program uses a network.
 */
#ifndef HUB_REGISTRAR_H
#define HUB_REGISTRAR_H

#include "jembatan/directory.h"

#define DRAFT_FILE "draft.bin"
#define DIRECTORY_FILE "directory.bin"

/* The command line, read. */
struct arguments {
	const char *folder;
	const char *network, *holder, *fingerprint, *since, *out;
	const char *also[LIMIT_REGISTRAR_KEYS];   /* folders of other holders' root keys */
	size_t also_count;
	int64_t days;
	bool yes, compromised;
	char **word;                     /* what is not an option, after the command */
	size_t word_count;
};

/* An open folder: locked against a second registrar, its draft in memory. */
struct registrar {
	const char *folder;
	int lock;
	arena_t *arena;
	problems_t *problems;
	struct directory_data draft;
};

typedef err_t command_t (struct registrar *registrar, const struct arguments *arguments);

command_t command_init, command_enrol, command_suspend, command_reinstate, command_retire_key,
	command_oversee, command_add_root, command_remove_root, command_threshold,
	command_catalogue, command_sign, command_welcome, command_show;

/* ---- registrar_folder.c ---- */

/* Locks the folder.  ERR_IN_USE, or ERR_NOT_FOUND when there is none. */
MUST_USE err_t folder_open (struct registrar *registrar);
void folder_close (struct registrar *registrar);

/* Reads the draft into registrar->draft; writes it back. */
MUST_USE err_t draft_load (struct registrar *registrar);
MUST_USE err_t draft_save (struct registrar *registrar);

/* The path of a file of the folder, in the arena. */
const char *folder_path (struct registrar *registrar, const char *name);

/* Reads a file; what is wrong becomes a problem that names it. */
MUST_USE err_t folder_read (struct registrar *registrar, const char *path, size_t ceiling,
			    struct bytes *ret_content);
MUST_USE err_t folder_write (struct registrar *registrar, const char *path, struct bytes content);

/* The directory that was signed last; ERR_NOT_FOUND, without a problem, when none was. */
MUST_USE err_t published_load (struct registrar *registrar, directory_t **ret_directory);

/* ---- registrar_edit.c: the draft's members and keys, to be changed in place ---- */

/* The draft's member, or NULL with a problem that names it. */
struct member *draft_member (struct registrar *registrar, const char *name);

/* Room for one more at the end, zeroed and already counted. */
struct member *draft_add_member (struct registrar *registrar);
struct member_key *member_add_key (struct registrar *registrar, struct member *member);
struct hub_entry *draft_add_hub (struct registrar *registrar);
struct registrar_key *draft_add_root (struct registrar *registrar);
struct oversight *draft_add_oversight (struct registrar *registrar);
struct catalogue_version *draft_add_catalogue (struct registrar *registrar);

/* The draft's own items, which nothing else points to. */
struct member_key *member_keys_of (const struct member *member);

/* ---- registrar_words.c: what it says to people ---- */

/* One line, Indonesian and then English; both formats take the same arguments. */
void say (const char *format_id, const char *format_en, ...)
	__attribute__ ((format (printf, 1, 3), format (printf, 2, 3)));

/* The words of one public key. */
char *key_words (const struct public_key *key, char text[FINGERPRINT_TEXT]);

void print_member (const struct member *member);
void print_hub (const struct hub_entry *hub);
void print_root (const struct registrar_key *root);

#endif
