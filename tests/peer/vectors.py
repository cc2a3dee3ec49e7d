"""Vectors: bytes and what they mean, in the form of tests/vectors/README.md, described and made anew.

`make` writes a folder that another implementation can be held against: the golden messages with
other ids, dates and counters, signed and sealed by this peer with the fixed keys of the README.
"""

import json
import pathlib

from peer import attachment, consent, directory, envelope, ids, keys, limits, log, source, wire

GOLDEN = pathlib.Path(__file__).resolve().parents[1] / "vectors"
MODULES = (wire.envelope, wire.frame, wire.letter, wire.directory)
NUMBERS = {"SIG": 1, "BOX": 2, "LINK": 3, "LOG": 4, "ROOT": 5}
SECOND_ROOT = 0x55
LATER_MS = 7 * 24 * 60 * 60 * 1000
NETWORK, HUB = "uji", "hub-uji"


def load(name, folder=GOLDEN):
    return json.loads((pathlib.Path(folder) / f"{name}.json").read_text())


def fixed_pair(use, fill=None):
    return keys.from_secret(use, bytes([fill or NUMBERS[use]]) * 32)


def message_class(name):
    return next(getattr(module, name) for module in MODULES if hasattr(module, name))


def parse(vector):
    return wire.parse(message_class(vector["message"]), bytes.fromhex(vector["bytes"]))


def describe(message):
    """The fields that are there, by their names: bytes as hex, enums as numbers, and unsigned
    64-bit numbers as signed ones, because many JSON readers know no larger."""
    def plain(field, value):
        if field.type == field.TYPE_MESSAGE:
            return describe(value)
        if field.type == field.TYPE_UINT64:
            return value - 2 ** 64 if value >= 2 ** 63 else value
        return value.hex() if field.type == field.TYPE_BYTES else value
    return {field.name: [plain(field, item) for item in value]
            if field.label == field.LABEL_REPEATED else plain(field, value)
            for field, value in message.ListFields()}


# ---- making ----

def _vector(message, data=None, **more):
    data = message.SerializeToString() if data is None else data
    return {"message": message.DESCRIPTOR.name, "bytes": data.hex(),
            "fields": describe(message), **more}


def varied(message):
    """The same message with other ids, dates and counters."""
    for field, value in message.ListFields():
        repeated = field.label == field.LABEL_REPEATED
        if field.type == field.TYPE_MESSAGE:
            for part in value if repeated else [value]:
                varied(part)
        elif field.type == field.TYPE_BYTES and not repeated and len(value) == 16:
            setattr(message, field.name, ids.random16())
        elif field.type == field.TYPE_UINT64 and not repeated and value:
            setattr(message, field.name, _other_number(field.name, value))
    return message


def _other_number(name, value):
    if name.endswith("_ms"):
        return value + LATER_MS
    if name == "padded_length":
        return value + limits.BLOB_STEP_BYTES
    return value - 1 if value > 2 ** 32 else value + 1


def _signed(message, domain, pair):
    data = message.SerializeToString()
    return _vector(message, key=pair.public.hex(), key_id=pair.id.hex(),
                   signature=pair.sign(domain, data).hex())


def _make_keys():
    pairs = [fixed_pair(use) for use in NUMBERS]
    return [{"use": pair.use, "fill": NUMBERS[pair.use], "secret": pair.secret.hex(),
             "public": pair.public.hex(), "id": pair.id.hex()} for pair in pairs]


def _make_fingerprints():
    hashes = [keys.blake2b(bytes([n])) for n in range(26)]
    words = source.fingerprint_words()
    return [{"hash": each.hex(), "words": directory.fingerprint_words(each, words)}
            for each in hashes]


def _make_header():
    header = varied(parse(load("header")))
    return _vector(header, header_hash=envelope.header_hash(header.SerializeToString()).hex())


def _make_letters():
    return [_vector(varied(parse(vector))) for vector in load("letters")]


def _make_frames():
    return [_vector(varied(parse(vector))) for vector in load("frames")]


def _make_envelope():
    box, sig = fixed_pair("BOX"), fixed_pair("SIG")
    made = varied(parse(load("letters")[1]))
    made.sig_key_id = sig.id
    header = wire.envelope.Header(**{"id": ids.uuid7(), "from": "ipwl-pesona",
                                     "to": "rskjo-bengkulu", "class": 2,
                                     "expires_at_ms": ids.now_ms() + LATER_MS})
    sealed = envelope.seal(header, made.SerializeToString(), box.public, sig)
    return {"h": sealed.h.hex(), "c": sealed.c.hex(), "s": sealed.s.hex(), "sig": sealed.sig.hex(),
            "box_secret": box.secret.hex(), "sig_public": sig.public.hex(),
            "header_hash": sealed.hash.hex(), "digest": envelope.digest(sealed.h, sealed.c).hex()}


def counted(length):
    return bytes(j % 251 for j in range(length))


def _make_attachments():
    made = []
    for place, length in enumerate((1, 65495, 65496, 65495 + 65519 + 7)):
        key, plain = keys.blake2b(bytes([place])), counted(length)
        blob = attachment.seal(key, place, plain)
        made.append({"key": key.hex(), "place": place, "length": length,
                     "digest": keys.blake2b(plain).hex(), "header": blob[:24].hex(),
                     "blob": attachment.name(blob).hex(), "padded_length": len(blob)})
    return made


def _make_requests():
    words = source.fingerprint_words()
    now = ids.now_ms()
    member = wire.directory.Member(id="klinik-b", name_id="Klinik B", name_en="Clinic B",
                                   kind="clinic", region="17.71", services=["medical"])
    files = [(directory.request(member, {use: fixed_pair(use) for use in ("SIG", "BOX", "LINK")},
                                now), "SIG"),
             (directory.hub_request(HUB, ["tcp://127.0.0.1:7000"], fixed_pair("LINK"),
                                    fixed_pair("LOG"), now), "LOG")]
    made = []
    for file, use in files:
        signed = wire.parse(wire.directory.SignedRequest, file)
        inner, fingerprint = directory.read_request(file)
        made.append(_vector(signed, file, request=describe(inner),
                            key=fixed_pair(use).public.hex(), fingerprint=fingerprint.hex(),
                            words=directory.fingerprint_words(fingerprint, words)))
    return made


def _make_directory():
    data = wire.parse(wire.directory.Directory, parse(load("directory")).directory)
    data.version += 1
    data.issued_ms += LATER_MS
    data.expires_ms += LATER_MS
    data.members[0].name_id = "Nama Lain — Ñ"
    file = directory.sign(data, [fixed_pair("ROOT"), fixed_pair("ROOT", SECOND_ROOT)])
    return _vector(wire.parse(wire.directory.SignedDirectory, file), file,
                   directory=describe(data))


def _make_tree():
    leaves = [{"kind": 1 + n % 4, "header_hash": keys.blake2b(b"leaf", bytes([n])).hex(),
               "at_ms": ids.now_ms() + n} for n in range(16)]
    hashes = [log.leaf_hash(leaf["kind"], bytes.fromhex(leaf["header_hash"]), leaf["at_ms"])
              for leaf in leaves]
    for leaf, made in zip(leaves, hashes):
        leaf["hash"] = made.hex()
    return {"leaves": leaves, "roots": [log.root(hashes[:n]).hex() for n in range(17)]}


def _make_proofs(tree):
    hashes = [bytes.fromhex(leaf["hash"]) for leaf in tree["leaves"]]
    made = []
    for size in (1, 7, 16):
        for index in {0, size // 2, size - 1}:
            path = [node.hex() for node in log.inclusion_proof(hashes[:size], index)]
            good = {"what": "good", "holds": True, "index": index, "size": size, "path": path,
                    "leaf": hashes[index].hex(), "root": tree["roots"][size]}
            made += [good, {**good, "what": "another root", "holds": False,
                            "root": tree["roots"][size - 1]}]
        old = (size + 1) // 2
        path = [node.hex() for node in log.consistency_proof(hashes[:size], old)]
        good = {"what": "good", "holds": True, "old_size": old, "size": size, "path": path,
                "old_root": tree["roots"][old], "root": tree["roots"][size]}
        made += [good, {**good, "what": "node too many", "holds": False,
                        "path": path + [tree["roots"][size]]}]
    return made


def _make_checkpoint(tree):
    pair = fixed_pair("LOG")
    origin = f"{NETWORK}/{HUB}/{ids.uuid_text(ids.random16())}"
    root = tree["roots"][16]
    return {"signer": HUB, "key": pair.public.hex(), "origin": origin, "size": 16, "root": root,
            "note": log.sign_checkpoint(origin, 16, bytes.fromhex(root), HUB, pair)}


def make(folder):
    """Writes every file of the README into a folder."""
    signed = _make_directory()
    welcome = wire.directory.WelcomeFile(network=NETWORK,
                                         signed_directory=bytes.fromhex(signed["bytes"]))
    tree = _make_tree()
    made = {
        "keys": _make_keys(), "fingerprints": _make_fingerprints(), "header": _make_header(),
        "letters": _make_letters(), "frames": _make_frames(), "envelope": _make_envelope(),
        "clause": _signed(varied(parse(load("clause"))), consent.CLAUSE_DOMAIN, fixed_pair("SIG")),
        "withdrawal": _signed(varied(parse(load("withdrawal"))), consent.WITHDRAWAL_DOMAIN,
                              fixed_pair("SIG")),
        "notice": _signed(varied(parse(load("notice"))), "JMBTN-notice-v1", fixed_pair("LOG")),
        "requests": _make_requests(), "directory": signed, "welcome": _vector(welcome),
        "tree": tree, "proofs": _make_proofs(tree), "checkpoint": _make_checkpoint(tree), "attachments": _make_attachments(),
    }
    for name, content in made.items():
        path = pathlib.Path(folder) / f"{name}.json"
        path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")
