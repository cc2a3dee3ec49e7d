/*
 * Encrypted archives; see archive.h.
 */
#include "proto/archive.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jembatan/keys.h"
#include "proto/file.h"
#include "proto/os_error.h"

#define MAGIC "JMBTNBAK"
#define VERSION 1
#define KEY_ID_DOMAIN "JMBTN-archive-key-v1"
#define STREAM_HEADER crypto_secretstream_xchacha20poly1305_HEADERBYTES
#define PIECE_MORE crypto_secretstream_xchacha20poly1305_ABYTES
#define BYTES_MOST (UINT64_C (1) << 48)     /* so that no sum of lengths runs over */

/* Dirty pages of a slow disk are written while we go on, so that the flush at the end is short. */
#define BEHIND_BYTES (4u * MIB)

enum place {
	AT_VERSION = 8,
	AT_KIND = AT_VERSION + 1,
	AT_WHO = AT_KIND + 1,
	AT_STORE = AT_WHO + LIMIT_ID_TEXT,
	AT_MADE = AT_STORE + 16,
	AT_BYTES = AT_MADE + 8,
	AT_KEY_ID = AT_BYTES + 8,
	AT_TAG = AT_KEY_ID + 16,
	HEAD_BYTES = AT_TAG + 16,
};

struct archive {
	char *path;
	int fd;
	vault_t *key;
	struct archive_head head;
	uint8_t packed[HEAD_BYTES];
	crypto_secretstream_xchacha20poly1305_state *stream;     /* in guarded memory: it holds a key */
	uint64_t done, flushed;
	bool ended;
	uint8_t plain[ARCHIVE_PIECE_BYTES];
	uint8_t sealed[ARCHIVE_PIECE_BYTES + PIECE_MORE];
};

/* ---- complaints --------------------------------------------------------------------------------- */

enum flaw {
	FLAW_MISSING,
	FLAW_UNREADABLE,
	FLAW_NO_ARCHIVE,
	FLAW_VERSION,
	FLAW_KIND,
	FLAW_KEY,
	FLAW_HEAD,
	FLAW_CUT,
	FLAW_LONGER,
	FLAW_CHANGED,
};

/* clang-format off */
static const struct { err_t err; const char *id, *en; } flaws[] = {
	[FLAW_MISSING] = { ERR_NOT_FOUND,
		"tidak ada cadangan %s; periksa nama berkasnya dan apakah disknya terpasang",
		"there is no backup %s; check the file's name and that its disk is plugged in" },
	[FLAW_UNREADABLE] = { ERR_FILE,
		"cadangan %s tidak dapat dibaca; periksa disk dan izinnya, atau pakai cadangan lain",
		"the backup %s can't be read; check the disk and permissions, or use another backup" },
	[FLAW_NO_ARCHIVE] = { ERR_MALFORMED,
		"%s bukan cadangan jembatan, atau rusak; pilih berkas .jbk yang lain",
		"%s is no backup of jembatan, or is damaged; choose another .jbk file" },
	[FLAW_VERSION] = { ERR_BAD_VERSION,
		"cadangan %s dibuat oleh program yang lebih baru, atau rusak; pasang versi yang baru, atau pakai cadangan lain",
		"the backup %s was made by a newer program, or is damaged; install the newer version, or use another backup" },
	[FLAW_KIND] = { ERR_CONFLICT,
		"%s adalah cadangan lain: hub dan instansi masing-masing memulihkan cadangannya sendiri",
		"%s is a backup of the other kind: a hub and an agency each restore their own" },
	[FLAW_KEY] = { ERR_WRONG_KEY,
		"kunci ini tidak membuka cadangan %s; pakai kunci atau lembar pemulihan dari saat itu, atau cadangan lain",
		"this key does not open the backup %s; use the key or recovery sheet of that time, or another backup" },
	[FLAW_HEAD] = { ERR_MALFORMED,
		"kepala cadangan %s rusak; pakai cadangan lain",
		"the head of the backup %s is damaged; use another backup" },
	[FLAW_CUT] = { ERR_MALFORMED,
		"cadangan %s terpotong; pakai cadangan lain",
		"the backup %s was cut short; use another backup" },
	[FLAW_LONGER] = { ERR_MALFORMED,
		"ada tambahan di akhir cadangan %s; pakai cadangan lain",
		"something was added at the end of the backup %s; use another backup" },
	[FLAW_CHANGED] = { ERR_MALFORMED,
		"isi cadangan %s rusak atau diubah; pakai cadangan lain",
		"the backup %s is damaged or was changed inside; use another backup" },
};
/* clang-format on */

static err_t complain (problems_t *problems, enum flaw flaw, const char *path)
{
	return problems_add (problems, flaws[flaw].err, "", flaws[flaw].id, flaws[flaw].en,
			     file_quoted (path));
}

/* Of the disk that the archive goes to; it is never our own store's, so nothing has to stop. */
static err_t write_failed (const archive_t *archive, problems_t *problems)
{
	err_t err = errno == ENOSPC || errno == EDQUOT ? ERR_NO_SPACE : ERR_FILE;

	return problems_add_os (problems, err, "",
				errno, "cadangan %s tidak dapat ditulis",
				"the backup %s can't be written", file_quoted (archive->path));
}

/* ---- the head ----------------------------------------------------------------------------------- */

static void put_number (uint8_t *at, uint64_t number)
{
	for (int i = 7; i >= 0; i--, number >>= 8)
		at[i] = (uint8_t)number;
}

static uint64_t get_number (const uint8_t *at)
{
	uint64_t number = 0;

	for (size_t i = 0; i < 8; i++)
		number = number << 8 | at[i];
	return number;
}

static void put_keyed (const vault_t *key, struct bytes over, uint8_t ret[16])
{
	struct hash hash = hash_keyed (vault_key (key), over);

	memcpy (ret, hash.b, 16);
}

static void pack_head (archive_t *archive)
{
	const struct archive_head *head = &archive->head;
	uint8_t *to = archive->packed;

	memcpy (to, MAGIC, AT_VERSION);
	to[AT_VERSION] = VERSION;
	to[AT_KIND] = (uint8_t)head->kind;
	memcpy (to + AT_WHO, head->who, LIMIT_ID_TEXT);
	memcpy (to + AT_STORE, head->store.b, sizeof head->store.b);
	put_number (to + AT_MADE, (uint64_t)head->made_ms);
	put_number (to + AT_BYTES, head->bytes);
	put_keyed (archive->key, bytes_of_text (KEY_ID_DOMAIN), to + AT_KEY_ID);
	put_keyed (archive->key, (struct bytes){ to, AT_TAG }, to + AT_TAG);
}

/* The flaw of a head, or -1.  One that was made with our key says whether it is whole, so damage is
 * not taken for an archive of others. */
static int head_flaw (const archive_t *archive, enum archive_kind kind)
{
	const uint8_t *from = archive->packed;
	uint8_t expected[16];

	if (memcmp (from, MAGIC, AT_VERSION) != 0 || from[AT_VERSION] < VERSION)
		return FLAW_NO_ARCHIVE;
	if (from[AT_VERSION] > VERSION)
		return FLAW_VERSION;
	put_keyed (archive->key, bytes_of_text (KEY_ID_DOMAIN), expected);
	if (sodium_memcmp (expected, from + AT_KEY_ID, sizeof expected) != 0)
		return from[AT_KIND] != kind ? FLAW_KIND : FLAW_KEY;
	put_keyed (archive->key, (struct bytes){ from, AT_TAG }, expected);
	if (sodium_memcmp (expected, from + AT_TAG, sizeof expected) != 0)
		return FLAW_HEAD;
	if (from[AT_KIND] != kind)
		return FLAW_KIND;
	return get_number (from + AT_BYTES) > BYTES_MOST ? FLAW_HEAD : -1;
}

static void unpack_head (archive_t *archive, enum archive_kind kind)
{
	const uint8_t *from = archive->packed;

	archive->head.kind = kind;
	memcpy (archive->head.who, from + AT_WHO, LIMIT_ID_TEXT);
	memcpy (archive->head.store.b, from + AT_STORE, sizeof archive->head.store.b);
	archive->head.made_ms = (int64_t)get_number (from + AT_MADE);
	archive->head.bytes = get_number (from + AT_BYTES);
}

static uint64_t pieces_of (uint64_t bytes)
{
	return bytes > 0 ? (bytes + ARCHIVE_PIECE_BYTES - 1) / ARCHIVE_PIECE_BYTES : 1;
}

uint64_t archive_file_bytes (uint64_t bytes)
{
	return HEAD_BYTES + STREAM_HEADER + bytes + pieces_of (bytes) * PIECE_MORE;
}

static archive_t *archive_new (const char *path, const vault_t *key)
{
	archive_t *archive = must_alloc (sizeof *archive);

	memset (archive, 0, sizeof *archive);
	archive->path = must_text (path);
	archive->fd = -1;
	archive->key = vault_derive (key, "archive-v1");
	archive->stream = sodium_malloc (sizeof *archive->stream);
	if (archive->stream == NULL)
		abort ();
	return archive;
}

void archive_destroy (archive_t **archive)
{
	archive_t *self = *archive;

	if (self == NULL)
		return;
	if (self->fd >= 0)
		close (self->fd);
	vault_destroy (&self->key);
	sodium_free (self->stream);
	sodium_memzero (self->plain, sizeof self->plain);
	free (self->path);
	free (self);
	*archive = NULL;
}

const struct archive_head *archive_head (const archive_t *archive)
{
	return &archive->head;
}

uint64_t archive_done (const archive_t *archive)
{
	return archive->done;
}

/* ---- writing ------------------------------------------------------------------------------------ */

static bool write_all (int fd, const uint8_t *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write (fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		data += n;
		len -= (size_t)n;
	}
	return true;
}

static err_t begin_writing (archive_t *archive, problems_t *problems)
{
	uint8_t start[STREAM_HEADER];

	archive->fd = open (archive->path,
			    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (archive->fd < 0)
		return write_failed (archive, problems);
	pack_head (archive);
	crypto_secretstream_xchacha20poly1305_init_push (archive->stream, start,
							 vault_key (archive->key).data);
	if (!write_all (archive->fd, archive->packed, HEAD_BYTES) ||
	    !write_all (archive->fd, start, sizeof start))
		return write_failed (archive, problems);
	return ERR_OK;
}

err_t archive_create (const char *path, const struct archive_head *head, const vault_t *key,
		      archive_t **ret_archive, problems_t *problems)
{
	archive_t *archive = archive_new (path, key);
	err_t err;

	assert (head->bytes <= BYTES_MOST);
	archive->head = *head;
	err = begin_writing (archive, problems);
	if (err != ERR_OK) {
		archive_destroy (&archive);
		return err;
	}
	*ret_archive = archive;
	return ERR_OK;
}

static size_t next_bytes (const archive_t *archive)
{
	uint64_t left = archive->head.bytes - archive->done;

	return left < ARCHIVE_PIECE_BYTES ? (size_t)left : ARCHIVE_PIECE_BYTES;
}

/* File systems that don't know it only make the last flush longer. */
static void flush_behind (archive_t *archive)
{
	uint64_t at = archive->flushed;

	if (archive->done - at < BEHIND_BYTES)
		return;
	if (at >= BEHIND_BYTES)
		sync_file_range (archive->fd, (off_t)(at - BEHIND_BYTES), BEHIND_BYTES,
				 SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE |
					 SYNC_FILE_RANGE_WAIT_AFTER);
	sync_file_range (archive->fd, (off_t)at, BEHIND_BYTES, SYNC_FILE_RANGE_WRITE);
	archive->flushed = at + BEHIND_BYTES;
}

err_t archive_add (archive_t *archive, struct bytes piece, problems_t *problems)
{
	bool last = archive->done + piece.len == archive->head.bytes;

	assert (!archive->ended && piece.len == next_bytes (archive));
	crypto_secretstream_xchacha20poly1305_push (
		archive->stream, archive->sealed, NULL, piece.data, piece.len, archive->packed,
		HEAD_BYTES, last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0);
	if (!write_all (archive->fd, archive->sealed, piece.len + PIECE_MORE))
		return write_failed (archive, problems);
	archive->done += piece.len;
	archive->ended = last;
	flush_behind (archive);
	return ERR_OK;
}

err_t archive_finish (archive_t *archive, problems_t *problems)
{
	int fd = archive->fd;

	assert (archive->ended);
	if (fsync (fd) != 0)
		return write_failed (archive, problems);
	/* Whoever reads it now reads what the disk holds, as far as the kernel lets us ask. */
	posix_fadvise (fd, 0, 0, POSIX_FADV_DONTNEED);
	archive->fd = -1;
	return close (fd) == 0 ? ERR_OK : write_failed (archive, problems);
}

/* ---- reading ------------------------------------------------------------------------------------ */

/* How much of `len` was there; -1 when the disk fails. */
static ssize_t read_up_to (int fd, uint8_t *data, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = read (fd, data + done, len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		done += (size_t)n;
	}
	return (ssize_t)done;
}

static err_t begin_stream (archive_t *archive, problems_t *problems)
{
	uint8_t start[STREAM_HEADER];
	ssize_t got = read_up_to (archive->fd, start, sizeof start);

	if (got != sizeof start)
		return complain (problems, got < 0 ? FLAW_UNREADABLE : FLAW_CUT, archive->path);
	if (crypto_secretstream_xchacha20poly1305_init_pull (archive->stream, start,
							     vault_key (archive->key).data) != 0)
		return complain (problems, FLAW_CHANGED, archive->path);
	return ERR_OK;
}

static err_t read_head (archive_t *archive, enum archive_kind kind, problems_t *problems)
{
	ssize_t got = read_up_to (archive->fd, archive->packed, HEAD_BYTES);
	int flaw;

	if (got < 0)
		return complain (problems, FLAW_UNREADABLE, archive->path);
	if (got < HEAD_BYTES) {
		bool ours = got >= AT_VERSION && memcmp (archive->packed, MAGIC, AT_VERSION) == 0;

		return complain (problems, ours ? FLAW_CUT : FLAW_NO_ARCHIVE, archive->path);
	}
	flaw = head_flaw (archive, kind);
	if (flaw >= 0)
		return complain (problems, (enum flaw)flaw, archive->path);
	unpack_head (archive, kind);
	return ERR_OK;
}

static err_t check_length (const archive_t *archive, const struct stat *about,
			   problems_t *problems)
{
	uint64_t expected = archive_file_bytes (archive->head.bytes);

	if ((uint64_t)about->st_size == expected)
		return ERR_OK;
	return complain (problems, (uint64_t)about->st_size < expected ? FLAW_CUT : FLAW_LONGER,
			 archive->path);
}

static err_t begin_reading (archive_t *archive, enum archive_kind kind, problems_t *problems)
{
	struct stat about;
	err_t err;

	archive->fd = open (archive->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (archive->fd < 0)
		return complain (problems, errno == ENOENT ? FLAW_MISSING : FLAW_UNREADABLE,
				 archive->path);
	if (fstat (archive->fd, &about) != 0 || !S_ISREG (about.st_mode))
		return complain (problems, FLAW_UNREADABLE, archive->path);
	err = read_head (archive, kind, problems);
	if (err == ERR_OK)
		err = check_length (archive, &about, problems);
	return err == ERR_OK ? begin_stream (archive, problems) : err;
}

err_t archive_open (const char *path, enum archive_kind kind, const vault_t *key,
		    archive_t **ret_archive, problems_t *problems)
{
	archive_t *archive = archive_new (path, key);
	err_t err = begin_reading (archive, kind, problems);

	if (err != ERR_OK) {
		archive_destroy (&archive);
		return err;
	}
	*ret_archive = archive;
	return ERR_OK;
}

static bool open_piece (archive_t *archive, size_t len)
{
	unsigned long long got;
	uint8_t tag;
	bool last = archive->done + len == archive->head.bytes;

	return crypto_secretstream_xchacha20poly1305_pull (archive->stream, archive->plain, &got,
							   &tag, archive->sealed, len + PIECE_MORE,
							   archive->packed, HEAD_BYTES) == 0 &&
	       (tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL) == last;
}

err_t archive_next (archive_t *archive, struct bytes *ret_piece, problems_t *problems)
{
	size_t len = next_bytes (archive);
	ssize_t got;

	*ret_piece = BYTES_NONE;
	if (archive->ended)
		return ERR_OK;
	got = read_up_to (archive->fd, archive->sealed, len + PIECE_MORE);
	if (got < 0)
		return complain (problems, FLAW_UNREADABLE, archive->path);
	if ((size_t)got < len + PIECE_MORE)
		return complain (problems, FLAW_CUT, archive->path);
	if (!open_piece (archive, len))
		return complain (problems, FLAW_CHANGED, archive->path);
	archive->done += len;
	archive->ended = archive->done == archive->head.bytes;
	*ret_piece = (struct bytes){ archive->plain, len };
	return ERR_OK;
}
