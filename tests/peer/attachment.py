"""Attachments: one stream of libsodium for each, cut and padded so that every 64 KiB is one message.

    key  = crypto_kdf (K, 1000 + place, "JMBTN_v1")
    blob = header[24] | message of 65495 bytes | messages of 65519 bytes ..., each 17 bytes longer sealed

The last message has the tag FINAL, what follows the plaintext is zero, and BLAKE2b-256 of the whole
names it.  The length of the plaintext stands in the letter.
"""

from nacl import bindings

from peer import keys, limits
from peer.refusal import need

STEP = limits.BLOB_STEP_BYTES
HEADER = bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
TAG = bindings.crypto_secretstream_xchacha20poly1305_ABYTES
FINAL = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
FIRST_SUBKEY = 1000


def rooms(length):
    """How much plaintext and padding each step holds."""
    need(0 < length <= limits.BLOB_BYTES, "TOO_LARGE", "attachment")
    steps = -(-(length + HEADER) // (STEP - TAG))
    return [STEP - TAG - HEADER] + [STEP - TAG] * (steps - 1)


def seal(key, place, plain, header=None):
    """The blob.  With the header of another one, that very blob again: the stream starts from key and
    header alone, whichever way it goes."""
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    subkey = keys.derive(key, FIRST_SUBKEY + place)
    if header is None:
        header = bindings.crypto_secretstream_xchacha20poly1305_init_push(state, subkey)
    else:
        bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, header, subkey)
    parts, at, left = [header], 0, rooms(len(plain))
    while left:
        room = left.pop(0)
        part = plain[at:at + room]
        at += room
        parts.append(bindings.crypto_secretstream_xchacha20poly1305_push(
            state, part + bytes(room - len(part)), None, 0 if left else FINAL))
    return b"".join(parts)


def name(blob):
    return keys.blake2b(blob)


def open_blob(key, place, blob, length, digest):
    """The plaintext, or Refused."""
    sizes = rooms(length)
    need(len(blob) == len(sizes) * STEP, "CANNOT_OPEN", "length of the blob")
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    bindings.crypto_secretstream_xchacha20poly1305_init_pull(
        state, blob[:HEADER], keys.derive(key, FIRST_SUBKEY + place))
    parts, at = [], HEADER
    for number, room in enumerate(sizes, 1):
        try:
            part, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(
                state, blob[at:at + room + TAG])
        except Exception as error:
            need(False, "CANNOT_OPEN", str(error))
        need((tag == FINAL) == (number == len(sizes)), "CANNOT_OPEN", "the end")
        parts.append(part)
        at += room + TAG
    padded = b"".join(parts)
    need(not any(padded[length:]), "CANNOT_OPEN", "padding")
    need(keys.blake2b(padded[:length]) == digest, "CANNOT_OPEN", "digest")
    return padded[:length]
