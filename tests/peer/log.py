"""The custody log: leaves, the RFC 6962 tree (SHA-256), proofs, and signed checkpoints."""

import base64
import hashlib

from nacl import bindings, exceptions

from peer.refusal import Refused, need

TAKEN, STORED, EXPIRED, RECALLED = 1, 2, 3, 4


def _sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def leaf_hash(kind, header_hash, at_ms):
    return _sha256(b"\0", bytes([kind]), header_hash, at_ms.to_bytes(8, "big"))


def node_hash(left, right):
    return _sha256(b"\1", left, right)


def _split(count):
    """The largest power of two below count."""
    return 1 << (count - 1).bit_length() - 1


def root(leaves):
    """The hash of a tree over leaf hashes, straight from the definition."""
    if not leaves:
        return _sha256()
    if len(leaves) == 1:
        return leaves[0]
    cut = _split(len(leaves))
    return node_hash(root(leaves[:cut]), root(leaves[cut:]))


def inclusion_proof(leaves, index):
    if len(leaves) <= 1:
        return []
    cut = _split(len(leaves))
    if index < cut:
        return inclusion_proof(leaves[:cut], index) + [root(leaves[cut:])]
    return inclusion_proof(leaves[cut:], index - cut) + [root(leaves[:cut])]


def consistency_proof(leaves, old_size):
    def walk(part, size, whole):
        if size == len(part):
            return [] if whole else [root(part)]
        cut = _split(len(part))
        if size <= cut:
            return walk(part[:cut], size, whole) + [root(part[cut:])]
        return walk(part[cut:], size - cut, False) + [root(part[:cut])]
    return walk(leaves, old_size, True) if old_size else []


def verify_inclusion(index, size, leaf, path, expected):
    """RFC 9162 section 2.1.3.2."""
    need(index < size, "BAD_SIGNATURE", "index beyond the tree")
    at, last, made = index, size - 1, leaf
    for step in path:
        need(last, "BAD_SIGNATURE", "path too long")
        if at & 1 or at == last:
            made = node_hash(step, made)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            made = node_hash(made, step)
        at, last = at >> 1, last >> 1
    need(not last and made == expected, "BAD_SIGNATURE", "inclusion")


def verify_consistency(old_size, new_size, path, old_root, new_root):
    """RFC 9162 section 2.1.4.2; an empty tree is consistent with every tree."""
    need(old_size <= new_size, "BAD_SIGNATURE", "sizes")
    if old_size == new_size or old_size == 0:
        need(not path and (old_root == new_root or not old_size), "BAD_SIGNATURE", "consistency")
        return
    need(path, "BAD_SIGNATURE", "no path")
    path = list(path)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)
    at, last = old_size - 1, new_size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old_made = new_made = path[0]
    for step in path[1:]:
        need(last, "BAD_SIGNATURE", "path too long")
        if at & 1 or at == last:
            old_made, new_made = node_hash(step, old_made), node_hash(step, new_made)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new_made = node_hash(new_made, step)
        at, last = at >> 1, last >> 1
    need(not last and old_made == old_root and new_made == new_root, "BAD_SIGNATURE",
         "consistency")


# ---- checkpoints: C2SP tlog-checkpoint, a signed note ----

def note_key_hash(signer, public):
    """The four bytes that tell a reader of the note which key signed it."""
    return _sha256(signer.encode(), b"\n\1", public)[:4]


def sign_checkpoint(origin, size, tree_root, signer, log_key):
    text = f"{origin}\n{size}\n{base64.b64encode(tree_root).decode()}\n"
    signature = bindings.crypto_sign(text.encode(), log_key.secret)[:64]
    blob = note_key_hash(signer, log_key.public) + signature
    return f"{text}\n\u2014 {signer} {base64.b64encode(blob).decode()}\n"


def read_checkpoint(note, signer, public):
    """(origin, size, root) of a note that `signer` signed.  Signatures of others are skipped."""
    text, blank, signatures = note.rpartition("\n\n")
    need(blank and signatures.endswith("\n"), "MALFORMED", "no signatures")
    text += "\n"
    lines = text.split("\n")
    need(len(lines) == 4 and lines[0], "MALFORMED", "checkpoint lines")
    try:
        size, tree_root = int(lines[1]), base64.b64decode(lines[2], validate=True)
    except ValueError as error:
        raise Refused("MALFORMED", "checkpoint numbers") from error
    need(str(size) == lines[1] and len(tree_root) == 32, "MALFORMED", "checkpoint numbers")
    _verify_note(text, signatures, signer, public)
    return lines[0], size, tree_root


def _verify_note(text, signatures, signer, public):
    for line in signatures.splitlines():
        dash, name, blob = (line.split(" ") + ["", "", ""])[:3]
        raw = base64.b64decode(blob)
        if (dash, name, raw[:4]) != ("\u2014", signer, note_key_hash(signer, public)):
            continue
        try:
            bindings.crypto_sign_open(raw[4:] + text.encode(), public)
            return
        except exceptions.BadSignatureError as error:
            raise Refused("BAD_SIGNATURE", "checkpoint") from error
    raise Refused("BAD_SIGNATURE", f"no signature of {signer}")
