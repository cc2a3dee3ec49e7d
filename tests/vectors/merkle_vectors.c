/*
 * merkle-vectors FOLDER judges every published proof below the folder, good ones and bad ones, and says
 * which came out otherwise than published.  The format is that of github.com/transparency-dev/merkle,
 * folder testdata: a JSON file for each proof, hashes in base64, and `wantErr` for one to be refused.
 */
#include <ftw.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "jembatan/merkle.h"

static bool vector_bytes (const json_t *value, struct hash *ret, size_t *ret_len)
{
	const char *text = json_string_value (value);

	memset (ret, 0, sizeof *ret);
	return text != NULL
	       && sodium_base642bin (ret->b, sizeof ret->b, text, strlen (text), NULL, ret_len, NULL,
				     sodium_base64_VARIANT_ORIGINAL) == 0;
}

/* Some vectors have roots that are shorter than a hash; filled up with zeros they still are equal or
 * differ as they did. */
static bool vector_hash (const json_t *value, struct hash *ret)
{
	size_t len;

	return vector_bytes (value, ret, &len) && len > 0;
}

/* A node of another length can't even be asked about here, so such a proof counts as refused. */
static bool vector_path (const json_t *proof, struct merkle_path *path)
{
	if (json_array_size (proof) > COUNT_OF (path->node))
		return false;
	for (path->count = 0; path->count < json_array_size (proof); path->count++) {
		const json_t *node = json_array_get (proof, path->count);
		size_t len;

		if (!vector_bytes (node, &path->node[path->count], &len) || len != 32)
			return false;
	}
	return true;
}

/* Some indices are 2^64 - 1, which jansson reads only as a real number. */
static uint64_t vector_number (const json_t *vector, const char *name)
{
	double number = json_number_value (json_object_get (vector, name));

	return number >= 0x1p64 ? UINT64_MAX : (uint64_t)number;
}

static err_t judge_inclusion (const json_t *vector)
{
	struct hash leaf, root;
	struct merkle_path path;

	if (!vector_hash (json_object_get (vector, "leafHash"), &leaf)
	    || !vector_hash (json_object_get (vector, "root"), &root)
	    || !vector_path (json_object_get (vector, "proof"), &path))
		return ERR_BAD_SIGNATURE;
	return merkle_verify_inclusion (vector_number (vector, "leafIdx"),
					vector_number (vector, "treeSize"), &leaf, path.node,
					path.count, &root);
}

static err_t judge_consistency (const json_t *vector)
{
	struct hash from, to;
	struct merkle_path path;

	if (!vector_hash (json_object_get (vector, "root1"), &from)
	    || !vector_hash (json_object_get (vector, "root2"), &to)
	    || !vector_path (json_object_get (vector, "proof"), &path))
		return ERR_BAD_SIGNATURE;
	return merkle_verify_consistency (vector_number (vector, "size1"),
					  vector_number (vector, "size2"), path.node, path.count,
					  &from, &to);
}

static unsigned vectors_checked, vectors_wrong;

static int check_vector (const char *path, const struct stat *about, int type, struct FTW *at)
{
	size_t len = strlen (path);
	json_t *vector;
	err_t err;

	if (type != FTW_F || len < 5 || strcmp (path + len - 5, ".json") != 0)
		return 0;
	vector = json_load_file (path, JSON_DECODE_INT_AS_REAL, NULL);
	if (vector == NULL) {
		fprintf (stderr, "%s: no JSON\n", path);
		vectors_wrong++;
		return 0;
	}
	err = json_object_get (vector, "size1") != NULL ? judge_consistency (vector)
							: judge_inclusion (vector);
	vectors_checked++;
	if ((err != ERR_OK) != json_is_true (json_object_get (vector, "wantErr"))) {
		fprintf (stderr, "%s: %s\n", path, err == ERR_OK ? "held" : "refused");
		vectors_wrong++;
	}
	json_decref (vector);
	return 0;
}

int main (int argc, char **argv)
{
	if (argc != 2) {
		fprintf (stderr, "usage: merkle-vectors FOLDER\n");
		return 2;
	}
	if (keys_start () != ERR_OK || nftw (argv[1], check_vector, 8, FTW_PHYS) != 0) {
		fprintf (stderr, "merkle-vectors: %s can't be read\n", argv[1]);
		return 1;
	}
	printf ("%u proofs, %u came out wrong\n", vectors_checked, vectors_wrong);
	return vectors_checked > 0 && vectors_wrong == 0 ? 0 : 1;
}
