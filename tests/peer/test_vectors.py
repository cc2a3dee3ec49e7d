"""The golden vectors read by this peer, and this peer's vectors read by both sides."""

import os
import pathlib
import subprocess

import pytest

from peer import attachment, consent, directory, envelope, keys, letter, log, source, vectors, wire
from peer.refusal import Refused

BIN = pathlib.Path(os.environ.get("JEMBATAN_BIN", "build"))


@pytest.fixture(params=["golden", "our own"])
def folder(request, tmp_path):
    if request.param == "golden":
        return vectors.GOLDEN
    vectors.make(tmp_path)
    return tmp_path


def checked(vector):
    """A message vector whose bytes and fields say the same."""
    message = vectors.parse(vector)
    assert vectors.describe(message) == vector["fields"]
    assert message.SerializeToString() == bytes.fromhex(vector["bytes"])
    return message


def test_key_pairs_and_their_ids(folder):
    for vector in vectors.load("keys", folder):
        pair = vectors.fixed_pair(vector["use"], vector["fill"])
        assert (pair.secret.hex(), pair.public.hex()) == (vector["secret"], vector["public"])
        assert pair.id.hex() == vector["id"]


def test_fingerprints_in_words(folder):
    words = directory.words_of_document()
    for vector in vectors.load("fingerprints", folder):
        made = directory.fingerprint_words(bytes.fromhex(vector["hash"]), words)
        assert made == vector["words"]


def test_the_header_and_its_hash(folder):
    vector = vectors.load("header", folder)
    checked(vector)
    h = bytes.fromhex(vector["bytes"])
    assert envelope.read_header(h)
    assert envelope.header_hash(h).hex() == vector["header_hash"]


def test_every_body_of_a_letter(folder):
    bodies = []
    for vector in vectors.load("letters", folder):
        checked(vector)
        bodies.append(letter.read(bytes.fromhex(vector["bytes"])).WhichOneof("body"))
    oneof = wire.letter.Letter.DESCRIPTOR.oneofs_by_name["body"]
    assert bodies == [None] + [field.name for field in oneof.fields]


def test_every_frame(folder):
    seen = {checked(vector).WhichOneof("is") for vector in vectors.load("frames", folder)}
    assert seen == set(wire.frame.Frame.DESCRIPTOR.fields_by_name)


@pytest.mark.parametrize("name, domain", [
    ("clause", consent.CLAUSE_DOMAIN),
    ("withdrawal", consent.WITHDRAWAL_DOMAIN),
    ("notice", "JMBTN-notice-v1"),
])
def test_signed_objects(folder, name, domain):
    vector = vectors.load(name, folder)
    checked(vector)
    public, data = bytes.fromhex(vector["key"]), bytes.fromhex(vector["bytes"])
    keys.verify(public, bytes.fromhex(vector["signature"]), domain, data)
    use = "LOG" if name == "notice" else "SIG"
    assert keys.key_id(use, public).hex() == vector["key_id"]
    with pytest.raises(Refused):
        keys.verify(public, bytes.fromhex(vector["signature"]), domain, data + b"\0")


def test_the_envelope_opens_and_verifies(folder):
    vector = {name: bytes.fromhex(text)
              for name, text in vectors.load("envelope", folder).items()}
    box = keys.from_secret("BOX", vector["box_secret"])
    opened = envelope.open_sealed(vector["h"], vector["c"], [box])
    assert (opened.s, opened.sig) == (vector["s"], vector["sig"])
    assert opened.hash == vector["header_hash"]
    assert envelope.digest(vector["h"], vector["c"]) == vector["digest"]
    envelope.verify(opened, vector["sig_public"])


def test_attachments_open_and_nothing_else_does(folder):
    for vector in vectors.load("attachments", folder):
        key, digest = bytes.fromhex(vector["key"]), bytes.fromhex(vector["digest"])
        place, length = vector["place"], vector["length"]
        plain = vectors.counted(length)
        blob = attachment.seal(key, place, plain, bytes.fromhex(vector["header"]))
        assert attachment.name(blob).hex() == vector["blob"]
        assert len(blob) == vector["padded_length"]
        assert attachment.open_blob(key, place, blob, length, digest) == plain
        flipped = blob[:-1] + bytes([blob[-1] ^ 1])
        for other in ((key, place + 1, blob, length), (key, place, flipped, length),
                      (key, place, blob[:-65536], length), (key, place, blob, length + 1)):
            with pytest.raises(Refused):
                attachment.open_blob(*other, digest)


def test_requests_and_their_proofs(folder):
    words = directory.words_of_document()
    for vector in vectors.load("requests", folder):
        checked(vector)
        made, fingerprint = directory.read_request(bytes.fromhex(vector["bytes"]))
        assert vectors.describe(made) == vector["request"]
        assert fingerprint.hex() == vector["fingerprint"]
        assert directory.fingerprint_words(fingerprint, words) == vector["words"]


def test_the_directory_and_the_welcome_file_around_it(folder):
    vector, welcome = vectors.load("directory", folder), vectors.load("welcome", folder)
    checked(vector), checked(welcome)
    book = directory.Directory(bytes.fromhex(vector["bytes"]))
    assert vectors.describe(book.data) == vector["directory"]
    roots = [vectors.fixed_pair("ROOT"), vectors.fixed_pair("ROOT", vectors.SECOND_ROOT)]
    assert directory.sign(book.data, roots).hex() == vector["bytes"]
    assert directory.read_welcome(bytes.fromhex(welcome["bytes"])).signed_bytes == book.signed_bytes


def test_leaves_roots_and_proofs(folder):
    tree = vectors.load("tree", folder)
    hashes = [log.leaf_hash(leaf["kind"], bytes.fromhex(leaf["header_hash"]), leaf["at_ms"])
              for leaf in tree["leaves"]]
    roots = [bytes.fromhex(root) for root in tree["roots"]]
    assert [made.hex() for made in hashes] == [leaf["hash"] for leaf in tree["leaves"]]
    assert [log.root(hashes[:size]) for size in range(len(roots))] == roots
    for size in range(1, len(roots)):
        for index in range(size):
            path = log.inclusion_proof(hashes[:size], index)
            log.verify_inclusion(index, size, hashes[index], path, roots[size])
            with pytest.raises(Refused):
                log.verify_inclusion(index, size, hashes[index - 1] if size > 1 else b"", path,
                                     roots[size])
        for old in range(size + 1):
            path = log.consistency_proof(hashes[:size], old)
            log.verify_consistency(old, size, path, roots[old], roots[size])


def judge_proof(proof):
    leaf_or_root, root = (bytes.fromhex(proof.get(name, "")) for name in ("leaf", "root"))
    path = [bytes.fromhex(node) for node in proof["path"]]
    if "leaf" in proof:
        log.verify_inclusion(proof["index"], proof["size"], leaf_or_root, path, root)
    else:
        log.verify_consistency(proof["old_size"], proof["size"], path,
                               bytes.fromhex(proof["old_root"]), root)


def test_good_and_bad_proofs(folder):
    proofs = vectors.load("proofs", folder)
    assert {proof["holds"] for proof in proofs} == {True, False}
    for proof in proofs:
        if proof["holds"]:
            judge_proof(proof)
        else:
            with pytest.raises(Refused):
                judge_proof(proof)


def test_the_checkpoint(folder):
    vector = vectors.load("checkpoint", folder)
    public = bytes.fromhex(vector["key"])
    read = log.read_checkpoint(vector["note"], vector["signer"], public)
    assert read == (vector["origin"], vector["size"], bytes.fromhex(vector["root"]))
    again = log.sign_checkpoint(*read, vector["signer"], vectors.fixed_pair("LOG"))
    assert again == vector["note"]
    with pytest.raises(Refused):
        log.read_checkpoint(vector["note"].replace("\n16\n", "\n17\n"), vector["signer"], public)


def test_the_c_side_reads_what_we_made(tmp_path):
    program = BIN / "tests" / "proto_test_vectors"
    if not program.exists():
        pytest.skip(f"no {program}; set JEMBATAN_BIN to a build folder")
    vectors.make(tmp_path)
    done = subprocess.run([program], env={**os.environ, "VECTORS": str(tmp_path)},
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_golden_file_is_read_here():
    mine = (source.ROOT / "tests" / "peer" / "test_vectors.py").read_text()
    for path in vectors.GOLDEN.glob("*.json"):
        assert f'"{path.stem}"' in mine, path.name
