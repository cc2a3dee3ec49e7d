/*
 * The hub's directory, fetched piece by piece.  A piece is asked for when the one before has come,
 * and what has come stays over a reconnect, so a bad line needs many short sessions and not one long
 * one.  Only the whole is judged: signatures cover all of it.
 */
#include "agents/post/session.h"

#include "jembatan/log.h"
#include "proto/file.h"

static const directory_t *trusted_by (const struct post *post)
{
	return desk_parts (post->parts.desk)->directory;
}

static size_t have (const struct post *post)
{
	return post->fetch != NULL ? buffer_bytes (post->fetch).len : 0;
}

static void forget (struct post *post)
{
	buffer_destroy (&post->fetch);
	post->fetch_version = post->fetch_total = 0;
}

/* The rest of what is being fetched, or a newer one from its beginning. */
static void ask (struct post *post)
{
	struct frame frame = { .type = FRAME_DIRECTORY_GET };

	post->asked_directory = post->hub_directory;
	frame.directory_get.version = directory_data (trusted_by (post))->version;
	if (post->fetch_version == post->hub_directory)
		frame.directory_get.offset = have (post);
	post_send (post, &frame);
}

bool post_ask_directory (struct post *post)
{
	if (post->hub_directory <= directory_data (trusted_by (post))->version)
		return false;
	if (post->hub_directory > post->asked_directory)
		ask (post);
	return true;
}

/* Appends a piece that follows what is here; true when that was the last one. */
static bool take_piece (struct post *post, const struct frame *frame)
{
	err_t err = ERR_OK;

	if (post->fetch_version != frame->directory_is.version ||
	    post->fetch_total != frame->directory_is.total)
		forget (post);
	post->fetch_version = frame->directory_is.version;
	post->fetch_total = frame->directory_is.total;
	if (post->fetch == NULL)
		post->fetch = buffer_new (LIMIT_DIRECTORY_BYTES);
	if (frame->directory_is.offset == have (post))
		err = buffer_add (post->fetch, frame->directory_is.piece);
	return err == ERR_OK && have (post) == post->fetch_total;
}

/* ERR_OK and the directory, verified and kept, or why not. */
static err_t take_whole (struct post *post, directory_t **ret_directory)
{
	struct bytes whole = buffer_bytes (post->fetch);
	err_t err = directory_read (whole, trusted_by (post), ret_directory);

	if (err != ERR_OK)
		return err;
	err = file_replace (post->parts.directory_file, 0644, whole);
	if (err != ERR_OK)
		directory_destroy (ret_directory);
	return err;
}

bool fetch_directory_is (struct post *post, const struct frame *frame)
{
	uint64_t version = frame->directory_is.version;
	directory_t *directory = NULL;
	err_t err;

	post->hub_directory = version;
	if (frame->directory_is.piece.len == 0) {   /* the hub says which one it has now */
		if (version == post->refused_directory)   /* perhaps another one of that number */
			post->asked_directory = 0;
		(void)post_ask_directory (post);
		return false;
	}
	if (version <= directory_data (trusted_by (post))->version)
		return false;
	if (!take_piece (post, frame)) {
		ask (post);
		return false;
	}
	err = take_whole (post, &directory);
	forget (post);
	if (err != ERR_OK) {
		LOG (WARN, "post.directory-refused", LOG_E (err), LOG_N ("version", version));
		post->hub_directory = 0;   /* nothing that would help us ... */
		if (post->refused_directory != version) {   /* ... but for pieces of two that were mixed */
			post->hub_directory = post->refused_directory = version;
			ask (post);
		}
		return false;
	}
	LOG (INFO, "post.directory", LOG_N ("version", version));
	post->take_directory (post->take_arg, directory);
	return true;
}
