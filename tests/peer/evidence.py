"""The evidence pack of one thread, read and judged from docs/PROTOCOL.md section 24 alone."""

import dataclasses

from peer import envelope, keys, limits, log, wire
from peer.refusal import Refused, need

DOMAIN = "JMBTN-evidence-v1"
NOTICE_DOMAIN = "JMBTN-notice-v1"


@dataclasses.dataclass
class Finding:
    """What is shown of one letter."""
    header: object
    hash: bytes              # hH
    letter: object           # None: its body was erased
    taken_ms: int = 0
    statuses: dict = dataclasses.field(default_factory=dict)   # status -> at_ms, by the recipient
    expired_ms: int = 0


def read(file):
    """The pack and what was signed.  The file is exactly the two fields."""
    need(len(file) <= 16 * limits.KIB * limits.KIB, "TOO_LARGE", "evidence")
    signed = wire.parse(wire.evidence.SignedEvidence, file)
    need(_plain(signed) == file, "MALFORMED", "something beside the signed bytes")
    return wire.parse(wire.evidence.Evidence, signed.evidence), signed


def _plain(signed):
    fresh = wire.evidence.SignedEvidence(evidence=signed.evidence, signature=signed.signature)
    return fresh.SerializeToString()


def judge(file, directory, now_ms):
    """Findings by letter id; refuses a pack in which anything does not hold."""
    pack, signed = read(file)
    need(pack.network == directory.network, "CONFLICT", pack.network)
    key = directory.signing_key(pack.by, pack.sig_key_id, pack.made_ms, now_ms)
    keys.verify(key, signed.signature, DOMAIN, signed.evidence)
    roots = [_checkpoint(directory, note.decode()) for note in pack.checkpoints]
    findings = {}
    for each in pack.letters:
        found = _letter(pack, each, roots, directory)
        findings[bytes(found.header.id)] = found
    for each in pack.receipts:
        _receipts(pack, each, findings, directory)
    for each in pack.notices:
        _notice(each, findings, directory)
    return pack, findings


def _hub(directory, name):
    hub = next((hub for hub in directory.data.network.hubs if hub.id == name), None)
    need(hub is not None, "KEY_UNKNOWN", name)
    return hub


def _checkpoint(directory, note):
    network, _, rest = note.split("\n")[0].partition("/")
    need(network == directory.network, "CONFLICT", network)
    hub = _hub(directory, rest.split("/")[0])
    return log.read_checkpoint(note, hub.id, hub.log_key)


def _sealed(each):
    return envelope.Sealed(each.h, b"", each.s, each.sig)


def _signed_letter(sealed, seen_ms, directory):
    header = envelope.read_header(sealed.h)
    letter = wire.parse(wire.letter.Letter, sealed.s)
    key = directory.signing_key(wire.sender(header), letter.sig_key_id, letter.created_ms, seen_ms)
    envelope.verify(sealed, key)
    return header, letter


def _letter(pack, each, roots, directory):
    sealed, taken_ms = _sealed(each), 0
    if each.HasField("proof"):
        proof = each.proof
        need(proof.checkpoint < len(roots), "MALFORMED", "checkpoint")
        _, size, root = roots[proof.checkpoint]
        leaf = log.leaf_hash(log.TAKEN, sealed.hash, proof.at_ms)
        log.verify_inclusion(proof.leaf, size, leaf, list(proof.path), root)
        taken_ms = proof.at_ms
    if not sealed.s:
        return Finding(envelope.read_header(sealed.h), sealed.hash, None, taken_ms)
    header, letter = _signed_letter(sealed, taken_ms or pack.made_ms, directory)
    need(letter.thread == pack.thread and pack.by in (wire.sender(header), header.to), "CONFLICT",
         "a letter of another thread")
    return Finding(header, sealed.hash, letter, taken_ms)


def _receipts(pack, each, findings, directory):
    header, letter = _signed_letter(_sealed(each), pack.made_ms, directory)
    for receipt in letter.receipts.receipts:
        found = findings.get(bytes(receipt.id))
        if (found and not receipt.blob and found.header.to == wire.sender(header)
                and wire.sender(found.header) == header.to
                and receipt.header_hash == found.hash):
            found.statuses[receipt.status] = receipt.at_ms


def _notice(each, findings, directory):
    word = wire.parse(wire.frame.NonDelivery, each.statement)
    keys.verify(_hub(directory, word.hub).log_key, each.signature, NOTICE_DOMAIN, each.statement)
    if bytes(word.id) in findings:
        findings[bytes(word.id)].expired_ms = word.at_ms


def refused(file, directory, now_ms):
    """The code of the refusal, or None when the pack holds."""
    try:
        judge(file, directory, now_ms)
    except Refused as refusal:
        return refusal.code
    return None
