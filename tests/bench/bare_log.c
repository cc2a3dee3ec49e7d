#include "tests/bench/bare_store.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/bench/bare.h"
#include "tests/bench/network.h"

#define SEGMENT_BYTES (64 * 1024 * 1024)  /* written beforehand, so that a flush moves no metadata */
#define GROUP_BYTES (8 * 1024 * 1024)
#define PIECE_BYTES (1024 * 1024)

struct record {
	uint32_t len, sum;
	uint32_t lane, reserved;
	uint64_t number;
};

struct place { uint64_t offset; uint32_t len; };

static struct {
	int fd;
	uint64_t end, room;
	uint8_t group[GROUP_BYTES];
	size_t used;
	struct place *at[BARE_LANES_MAX];     /* of a lane's letter, by number */
	uint64_t at_room[BARE_LANES_MAX];
	uint8_t letter[64 * 1024];
} log_store;

/* A power cut must be told from a letter: any sum that notices torn bytes will do. */
static uint32_t sum_of (struct bytes bytes)
{
	uint64_t sum = 0, word;

	for (size_t i = 0; i + 8 <= bytes.len; i += 8) {
		memcpy (&word, bytes.data + i, 8);
		sum = (sum ^ word) * UINT64_C (0x9e3779b97f4a7c15);
	}
	return (uint32_t)(sum >> 32);
}

static void make_room (uint64_t end)
{
	static const uint8_t zeros[PIECE_BYTES];

	if (end <= log_store.room)
		return;
	for (uint64_t to = log_store.room + SEGMENT_BYTES; log_store.room < to;
	     log_store.room += PIECE_BYTES)
		MUST (pwrite (log_store.fd, zeros, PIECE_BYTES, (off_t)log_store.room) == PIECE_BYTES);
	MUST (fsync (log_store.fd) == 0);
}

static void log_open (const char *folder)
{
	char path[4096];

	MUST ((size_t)snprintf (path, sizeof path, "%s/log", folder) < sizeof path);
	log_store.fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	MUST (log_store.fd >= 0);
	for (int i = 0; i < 4; i++)   /* so that most loads meet no new segment */
		make_room (log_store.room + 1);
}

static void log_begin (void)
{
	log_store.used = 0;
}

static void append (struct record record, struct bytes letter)
{
	MUST (log_store.used + sizeof record + letter.len <= GROUP_BYTES);
	record.len = (uint32_t)letter.len;
	record.sum = sum_of (letter);
	memcpy (log_store.group + log_store.used, &record, sizeof record);
	log_store.used += sizeof record;
	if (letter.len > 0)
		memcpy (log_store.group + log_store.used, letter.data, letter.len);
	log_store.used += letter.len;
}

static void log_put (uint32_t lane, uint64_t number, struct bytes letter)
{
	if (number >= log_store.at_room[lane]) {
		log_store.at_room[lane] = number * 2;
		log_store.at[lane] = must_realloc (log_store.at[lane],
						   number * 2 * sizeof *log_store.at[lane]);
	}
	append ((struct record){ .lane = lane, .number = number }, letter);
	log_store.at[lane][number] = (struct place){
		log_store.end + log_store.used - letter.len, (uint32_t)letter.len };
}

static void log_drop (uint32_t lane, uint64_t up_to)
{
	append ((struct record){ .lane = lane, .number = up_to }, BYTES_NONE);
}

static void log_commit (void)
{
	make_room (log_store.end + log_store.used);
	MUST (pwrite (log_store.fd, log_store.group, log_store.used, (off_t)log_store.end) ==
	      (ssize_t)log_store.used);
	MUST (fdatasync (log_store.fd) == 0);
	log_store.end += log_store.used;
}

static void log_tidy (void)
{
}

static struct bytes log_get (uint32_t lane, uint64_t number)
{
	struct place place = log_store.at[lane][number];

	MUST (place.len <= sizeof log_store.letter);
	MUST (pread (log_store.fd, log_store.letter, place.len, (off_t)place.offset) ==
	      (ssize_t)place.len);
	return (struct bytes){ log_store.letter, place.len };
}

const struct bare_store bare_log = { "log",	 log_open,   log_begin, log_put,
				     log_drop, log_commit, log_tidy,  log_get };
