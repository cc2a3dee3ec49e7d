"""A real hub and a real agent, and a peer that refers to it: what only the whole thing shows."""

import re
import shutil
import tempfile
import time
from pathlib import Path

from peer import consent, ids, letter, limits, wire
from stories.network import Network

SENDER, RECIPIENT = "ipwl-a", "klinik-b"
SILENCE = 60       # seconds without a receipt


class Office:
    """Sockets and data stay in one short-named folder on the disk that is measured."""

    def __init__(self, tmp):
        self.sockets = tempfile.mkdtemp(prefix="jbb-")
        self.folder = Path(tempfile.mkdtemp(prefix="office-", dir=tmp))
        short = Path(self.sockets) / "n"
        short.symlink_to(self.folder)
        self.network = Network(short)
        self.peer = self.network.peer(SENDER, kind="ipwl")
        self.agent = self.network.agent(RECIPIENT, kind="clinic", services=("medical",))
        self.network.start_hub()
        self.agent.start()

    def close(self):
        self.network.close()
        shutil.rmtree(self.folder)
        shutil.rmtree(self.sockets)

    # ---- idle memory ----

    def memory_mib(self):
        """Of hub and agent, both connected and with nothing to do."""
        pids = {"hub": self.network.hub.process.pid, "agent": self.agent.daemon.process.pid}
        return {f"{name}_{kind.lower()}_mib": mib(pid, kind)
                for name, pid in pids.items() for kind in ("Pss", "Rss")}

    # ---- receiving ----

    def receive(self, count):
        """Referrals a second, each a new person's with a clause of its own: from the first Put
        until the peer holds a signed receipt for every one of them."""
        if not self.peer.link:
            self.peer.connect()
        written = [refer(self.peer) for _ in range(count)]
        sent = [self.peer.store.sent.pop(letter_id) for letter_id in written]
        began = time.monotonic()
        deliver(self.peer, sent)
        took = time.monotonic() - began
        wrong = {each.state for each in sent} - {"stored"}
        assert not wrong and not self.peer.store.alarms, (wrong, self.peer.store.alarms)
        return count / took


def deliver(peer, letters):
    """Puts them all as credit allows and takes receipts until each is stored."""
    waiting, stored = list(reversed(letters)), 0
    peer.store.sent.update((bytes(each.sealed.header.id), each) for each in letters)
    end = time.monotonic() + SILENCE
    while stored < len(letters):
        while waiting and peer._window_holds(waiting[-1]):
            put(peer, waiting.pop())
        name, part = peer.link.receive(1)
        while name:
            assert name != "bye", part
            peer._take(name, part)
            name, part = peer.link.receive(0)
        if peer._arrived:
            peer._commit()
            stored = sum(each.state == "stored" for each in letters)
        assert time.monotonic() < end, "the agent gives no receipts"


def put(peer, sent):
    sent.pseq, sent.state = peer.store.take_pseq(), "put"
    peer._flight[sent.pseq] = sent
    peer.link.send("put", pseq=sent.pseq, h=sent.sealed.h, c=sent.sealed.c)


def refer(peer):
    """A referral for a person that the recipient does not know yet."""
    clause = consent.sign_clause(wire.letter.Clause(
        id=ids.uuid7(), grantor=peer.id, recipient=RECIPIENT, purpose="treatment",
        labels=["health"], valid_from_ms=ids.now_ms(), valid_to_ms=ids.now_ms() + limits.DAY_MS),
        peer.pairs["SIG"])
    answers = {
        "service": letter.code("", "medical"),
        "person.name": letter.text("Contoh"),
        "person.sex": letter.code("", "female"),
        "reason": letter.text("pemeriksaan sebelum rehabilitasi"),
        "summary.health": letter.text("demam"),
    }
    return peer.write(RECIPIENT, "referral.request", answers, thread=ids.uuid7(),
                      case_id=ids.random16(), chain=ids.random16(), purpose="treatment",
                      labels=["health"], basis=letter.CONSENT_BASIS, clause=clause,
                      from_role="caseworker")


def mib(pid, kind):
    """Rss is all that a process has mapped; Pss divides what is shared among those that share."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(rf"^{kind}:\s+(\d+) kB", text, re.MULTILINE)[1]) / 1024
