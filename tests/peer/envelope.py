"""The envelope: H that the hub reads, C that it can't, and the signature that binds the two.

    hH  = BLAKE2b-256 (H)
    sig = Ed25519 ("JMBTN-letter-v1\\0" | hH | BLAKE2b-512 (S))
    C   = nonce[24] | XChaCha20-Poly1305-IETF (K1, pad (len u32le | S | sig[64]), ad = hH)
    K1  = crypto_kdf (K, 1, "JMBTN_v1"),  wrapped = crypto_box_seal (K, BOX key of the recipient)

H, S and C are hashed and verified exactly as received and never encoded again.
"""

import dataclasses
import os

from nacl import bindings, exceptions

from peer import ids, keys, limits, wire
from peer.refusal import Refused, need

STAT, URGENT, ROUTINE = 1, 2, 3
CLASSES = (STAT, URGENT, ROUTINE)
BUCKETS = tuple(limits.KIB * 4 ** n for n in range(5))
DOMAIN = "JMBTN-letter-v1"


@dataclasses.dataclass(frozen=True)
class Sealed:
    """A letter in both forms.  H, S and sig together are evidence for anybody, without any key."""
    h: bytes
    c: bytes
    s: bytes
    sig: bytes

    @property
    def header(self):
        return wire.parse(wire.envelope.Header, self.h)

    @property
    def hash(self):
        return header_hash(self.h)


def header_hash(h):
    return keys.blake2b(h)


def digest(h, c):
    """What a refusal quotes, so that the sender can tell damage from disagreement."""
    return keys.blake2b(h, c)


def cipher_bytes(bucket):
    return 24 + BUCKETS[bucket] + 16


def bucket_for(letter_bytes):
    for number, size in enumerate(BUCKETS):
        if 4 + letter_bytes + 64 <= size:
            return number
    raise Refused("TOO_LARGE", f"a letter of {letter_bytes} bytes")


def read_header(h):
    """H as a message, with every field inside its limits."""
    need(0 < len(h) <= limits.HEADER_BYTES, "TOO_LARGE" if h else "MALFORMED", "H")
    header = wire.parse(wire.envelope.Header, h)
    need(header.version == 1 and header.suite == 1, "BAD_VERSION", "H")
    need(len(header.id) == 16 and any(header.id), "MALFORMED", "id")
    need(len(header.box_key_id) == 16 and len(header.wrapped) == 80, "MALFORMED", "sizes")
    need(header.bucket < len(BUCKETS), "MALFORMED", "bucket")
    need(getattr(header, "class") in CLASSES, "MALFORMED", "class")
    ids.check_agency(wire.sender(header))
    ids.check_agency(header.to)
    need(len(header.blobs) <= limits.BLOBS, "TOO_LARGE", "blobs")
    for blob in header.blobs:
        need(len(blob.id) == 32, "MALFORMED", "blob id")
        need(blob.padded_length % limits.BLOB_STEP_BYTES == 0, "MALFORMED", "blob length")
    return header


def seal(header, s, box_public, sig):
    """Seals S.  `header` has id, from, to, class, expires_at_ms and blobs; the rest is filled in.

    Sealing twice gives two different envelopes, so a sender seals once and keeps the bytes.
    """
    key = os.urandom(32)
    header.version = header.suite = 1
    header.bucket = bucket_for(len(s))
    header.box_key_id = keys.key_id("BOX", box_public)
    header.wrapped = bindings.crypto_box_seal(key, box_public)
    h = header.SerializeToString()
    signature = sig.sign(DOMAIN, header_hash(h), keys.blake2b(s, size=64))
    return Sealed(h, _encrypt(key, header.bucket, h, s, signature), s, signature)


def _encrypt(key, bucket, h, s, signature):
    plain = len(s).to_bytes(4, "little") + s + signature
    plain += bytes(BUCKETS[bucket] - len(plain))
    nonce = os.urandom(24)
    return nonce + bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(
        plain, header_hash(h), nonce, keys.derive(key, 1))


def open_sealed(h, c, boxes):
    """S and sig, still unverified, by whichever of our BOX pairs is meant."""
    header = read_header(h)
    box = next((pair for pair in boxes if pair.id == header.box_key_id), None)
    need(box, "WRONG_KEY", header.box_key_id.hex())
    need(len(c) == cipher_bytes(header.bucket), "CANNOT_OPEN", "length of C")
    try:
        key = bindings.crypto_box_seal_open(header.wrapped, box.public, box.secret)
        plain = bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
            c[24:], header_hash(h), c[:24], keys.derive(key, 1))
    except exceptions.CryptoError as error:
        raise Refused("CANNOT_OPEN", "seal") from error
    return Sealed(h, c, *_unpad(plain))


def _unpad(plain):
    length = int.from_bytes(plain[:4], "little")
    end = 4 + length + 64
    need(end <= len(plain) and not any(plain[end:]), "CANNOT_OPEN", "padding")
    return plain[4:4 + length], plain[4 + length:end]


def verify(sealed, public):
    """Refuses unless `public` signed this H together with this S."""
    keys.verify(public, sealed.sig, DOMAIN, sealed.hash, keys.blake2b(sealed.s, size=64))
