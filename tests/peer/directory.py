"""The directory: who is a member, with which keys; and the two files of an enrolment."""

import pathlib
import re

from peer import ids, keys, limits, wire
from peer.refusal import Refused, need

DOMAIN = "JMBTN-directory-v1"
REQUEST_DOMAIN = "JMBTN-request-v1"
WORD_COUNT = 10

_USES = {1: "SIG", 2: "BOX", 3: "LINK"}
_NUMBERS = {name: number for number, name in _USES.items()}
_RETIRED, _COMPROMISED = 1, 2
_SUSPENDED = 1


class Directory:
    """Immutable.  A newer version replaces it whole, and only if the older one trusts it."""

    def __init__(self, signed_bytes, trusted=None):
        need(len(signed_bytes) <= limits.DIRECTORY_BYTES, "TOO_LARGE", "directory")
        self.signed_bytes = bytes(signed_bytes)
        signed = wire.parse(wire.directory.SignedDirectory, signed_bytes)
        self.data = wire.parse(wire.directory.Directory, signed.directory)
        judge = trusted.data if trusted else self.data
        _check_threshold(signed, judge.network)
        if trusted:
            self._check_follows(trusted, signed.directory)
        self.content = signed.directory
        self.members = {member.id: member for member in self.data.members}

    def _check_follows(self, trusted, content):
        need(self.network == trusted.network, "CONFLICT", self.network)
        need(self.version >= trusted.version, "BAD_VERSION", self.version)
        need(self.version > trusted.version or content == trusted.content, "BAD_VERSION",
             "another directory of the same version")

    @property
    def version(self):
        return self.data.version

    @property
    def network(self):
        return self.data.network.name

    def hub(self):
        need(self.data.network.hubs, "MALFORMED", "a network without hub")
        return self.data.network.hubs[0]

    def member(self, agency, code="NOT_MEMBER"):
        need(agency in self.members, code, agency)
        return self.members[agency]

    def is_active(self, agency):
        return self.member(agency).status != _SUSPENDED

    def current_key(self, agency, use, at_ms):
        """The newest active key of a use: what a letter to this agency is sealed to."""
        valid = [key for key in self.member(agency, "NO_ROUTE").keys
                 if _USES.get(key.use) == use and key.state == 0 and _in_period(key, at_ms)]
        need(valid, "KEY_UNKNOWN", f"{agency} has no {use} key")
        return max(valid, key=lambda key: key.valid_from_ms).public_key

    def signing_key(self, agency, key_id, made_ms, at_ms):
        """The SIG key of this id, if it may have signed something made then that arrives now."""
        key = next((key for key in self.member(agency, "KEY_UNKNOWN").keys
                    if _USES.get(key.use) == "SIG"
                    and keys.key_id("SIG", key.public_key) == key_id), None)
        need(key is not None and _in_period(key, made_ms), "KEY_UNKNOWN", key_id.hex())
        need(key.state != _RETIRED or made_ms < key.since_ms, "KEY_REVOKED", "retired")
        need(key.state != _COMPROMISED or at_ms < key.since_ms, "KEY_REVOKED", "compromised")
        return key.public_key

    def age(self, now_ms):
        """How far trust reaches: fresh, ending (warn), past (receive, reply, urgent), degraded."""
        left = self.data.expires_ms - now_ms
        if left >= limits.DIRECTORY_WARN_MS:
            return "fresh"
        if left >= 0:
            return "ending"
        return "past" if -left <= limits.DIRECTORY_GRACE_MS else "degraded"


def _in_period(key, at_ms):
    return key.valid_from_ms <= at_ms and (key.valid_to_ms == 0 or at_ms < key.valid_to_ms)


def _check_threshold(signed, network):
    """At least `threshold` different registrar keys must have signed."""
    roots = {keys.key_id("ROOT", root.public_key): root.public_key
             for root in network.registrar_keys}
    signers = set()
    for signature in signed.signatures:
        if signature.key_id in roots:
            keys.verify(roots[signature.key_id], signature.signature, DOMAIN, signed.directory)
            signers.add(bytes(signature.key_id))
    need(len(signers) >= max(1, network.threshold), "BAD_SIGNATURE",
         f"{len(signers)} of {network.threshold} registrar signatures")


def sign(data, roots):
    body = data.SerializeToString()
    signed = wire.directory.SignedDirectory(directory=body)
    for root in roots:
        signed.signatures.add(key_id=root.id, signature=root.sign(DOMAIN, body))
    return signed.SerializeToString()


# ---- enrolment ----

def request(member, pairs, made_ms):
    """The file that an agency hands to the registrar: what it says of itself, and its keys."""
    for pair in pairs.values():
        member.keys.add(use=_NUMBERS[pair.use], public_key=pair.public, valid_from_ms=made_ms)
    body = wire.directory.Request(member=member, made_ms=made_ms).SerializeToString()
    return _with_proof(body, pairs["SIG"])


def hub_request(hub_id, endpoints, link_key, log_key, made_ms):
    hub = wire.directory.Hub(id=hub_id, endpoints=endpoints, link_key=link_key.public,
                             log_key=log_key.public)
    body = wire.directory.Request(hub=hub, made_ms=made_ms).SerializeToString()
    return _with_proof(body, log_key)


def _with_proof(body, pair):
    proof = pair.sign(REQUEST_DOMAIN, body)
    return wire.directory.SignedRequest(request=body, proof=proof).SerializeToString()


def read_request(file):
    """The request, and the fingerprint that its words are made of."""
    need(len(file) <= limits.REQUEST_BYTES, "TOO_LARGE", "request")
    signed = wire.parse(wire.directory.SignedRequest, file)
    made = wire.parse(wire.directory.Request, signed.request)
    need(made.HasField("member") != made.HasField("hub"), "MALFORMED", "one of member and hub")
    if made.HasField("hub"):
        public = made.hub.log_key
    else:
        ids.check_agency(made.member.id)
        public = next((key.public_key for key in made.member.keys if _USES.get(key.use) == "SIG"),
                      b"")
    keys.verify(public, signed.proof, REQUEST_DOMAIN, signed.request)
    return made, keys.blake2b(signed.request)


def read_welcome(file):
    """The directory of a welcome file, trusted because a person handed the file over."""
    welcome = wire.parse(wire.directory.WelcomeFile, file)
    directory = Directory(welcome.signed_directory)
    need(directory.network == welcome.network, "MALFORMED", "network name")
    return directory


def fingerprint_words(fingerprint, words):
    """Ten words, one for each of the first ten bytes, to be compared over the phone."""
    return " ".join(words[byte] for byte in fingerprint[:WORD_COUNT])


def words_of_document(path=None):
    """The 256 words, read from the list at the end of docs/PROTOCOL.md."""
    path = path or pathlib.Path(__file__).resolve().parents[2] / "docs" / "PROTOCOL.md"
    section = path.read_text().split("## Appendix: fingerprint words")[1]
    block = re.search(r"```\n(.*?)```", section, re.S).group(1)
    words = block.split()
    if len(words) != 256:
        raise Refused("MALFORMED", f"{len(words)} fingerprint words")
    return words
