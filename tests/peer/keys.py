"""Key pairs, key ids, key files, and the two things keys do: sign, and name themselves.

SIG and LOG and ROOT are Ed25519, BOX is X25519, LINK is Curve25519 for CURVE.
"""

import dataclasses
import hashlib
import os
import pathlib

from nacl import bindings, exceptions

from peer.refusal import Refused, need

ED25519 = ("SIG", "LOG", "ROOT")
USES = ED25519 + ("BOX", "LINK")


def blake2b(*parts, size=32, key=b"", salt=b"", person=b""):
    return hashlib.blake2b(b"".join(parts), digest_size=size, key=key, salt=salt,
                           person=person).digest()


def key_id(use, public):
    """16 bytes that name a public key everywhere: envelopes, letters, ZAP."""
    return blake2b(b"JMBTN-key-v1\0", use.encode(), b"\0", public, size=16)


def derive(key, number, context=b"JMBTN_v1"):
    """crypto_kdf_derive_from_key of libsodium: keyed BLAKE2b of nothing, number as salt."""
    return blake2b(key=key, salt=number.to_bytes(8, "little") + bytes(8),
                   person=context + bytes(8))


@dataclasses.dataclass(frozen=True)
class KeyPair:
    use: str
    secret: bytes = dataclasses.field(repr=False)
    public: bytes

    @property
    def id(self):
        return key_id(self.use, self.public)

    def sign(self, domain, *parts):
        """Ed25519 over the domain string, its closing zero byte, and the parts as they stand."""
        message = domain.encode() + b"\0" + b"".join(parts)
        return bindings.crypto_sign(message, self.secret)[:64]

    def save(self, folder):
        """One line of text in <use>.key, readable by its owner alone; never overwrites."""
        folder = pathlib.Path(folder)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        line = f"jembatan-key-v1 {self.use.lower()} {self.secret.hex()} {self.public.hex()}\n"
        path = folder / f"{self.use.lower()}.key"
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(line)
        return path


def make(use):
    if use in ED25519:
        public, secret = bindings.crypto_sign_keypair()
    else:
        public, secret = bindings.crypto_box_keypair()
    return KeyPair(use, secret, public)


def from_secret(use, secret):
    """The pair of a secret half: an Ed25519 secret is seed and public key, the others 32 bytes."""
    if use in ED25519:
        public, secret = bindings.crypto_sign_seed_keypair(secret[:32])
    else:
        public = bindings.crypto_scalarmult_base(secret)
    return KeyPair(use, secret, public)


def load(use, folder):
    path = pathlib.Path(folder) / f"{use.lower()}.key"
    words = path.read_text().split()
    need(len(words) == 4 and words[0] == "jembatan-key-v1" and words[1] == use.lower(), "KEY_FILE", path)
    pair = from_secret(use, bytes.fromhex(words[2]))
    need(pair.public.hex() == words[3] and pair.secret.hex() == words[2], "KEY_FILE", path)
    return pair


def verify(public, signature, domain, *parts):
    """Refuses unless `public` made this signature."""
    need(len(public) == 32 and len(signature) == 64, "BAD_SIGNATURE", "sizes")
    message = domain.encode() + b"\0" + b"".join(parts)
    try:
        bindings.crypto_sign_open(bytes(signature) + message, public)
    except exceptions.BadSignatureError as error:
        raise Refused("BAD_SIGNATURE", domain) from error
