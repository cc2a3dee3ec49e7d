"""What agents do without a load on the hub: seal and open, receive, keep a large ledger, play the demo."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from peer import consent, ids, letter, limits, wire
from stories.network import Network

from brokers import ROOT, TESTS
from children import Failed, output, pss_mib, quarters, rss_mib

SENDER, RECIPIENT = "ipwl-a", "klinik-b"
SILENCE = 60           # seconds without a receipt
SEALED = 10_000
REFERRALS = 2000
IDLE_SECONDS = 3
PEOPLE = int(os.environ.get("BENCH_PEOPLE") or 100_000)
RECEIVED = 1000        # letters, each way of committing
CATALOGUE = ROOT / "config" / "catalogue"
lists = []             # of the large ledger, as bench_ledger measured them


def seal(tmp):
    return json.loads(output(TESTS / "bench_seal", SEALED))


# ---- a real hub and a real agent, and a peer that refers to it ----

def office(tmp):
    with quarters(tmp) as folder:
        both = Office(folder)
        try:
            time.sleep(IDLE_SECONDS)
            return {**both.memory(), "letters_per_s": both.receive(REFERRALS)}
        finally:
            both.network.close()


class Office:
    def __init__(self, folder):
        self.network = Network(folder)
        self.peer = self.network.peer(SENDER, kind="ipwl")
        self.agent = self.network.agent(RECIPIENT, kind="clinic", services=("medical",))
        self.network.start_hub()
        self.agent.start()

    def memory(self):
        """Of hub and agent, both connected and with nothing to do."""
        pids = {"hub": self.network.hub.process.pid, "agent": self.agent.daemon.process.pid}
        return {f"{name}_{kind}_mib": read(pid) for name, pid in pids.items()
                for kind, read in (("pss", pss_mib), ("rss", rss_mib))}

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
        if wrong or self.peer.store.alarms:
            raise Failed(f"letters ended {wrong}, with alarms {self.peer.store.alarms}")
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
            if name == "bye":
                raise Failed(f"the hub said BYE {part.code}")
            peer._take(name, part)
            name, part = peer.link.receive(0)
        if peer._arrived:
            peer._commit()
            stored = sum(each.state == "stored" for each in letters)
        if time.monotonic() > end:
            raise Failed("the agent gives no receipts")


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


# ---- a large ledger ----

def large_ledger(tmp):
    """A ledger of ten entries for each of PEOPLE: opened, asked for its lists, written to."""
    kept = os.environ.get("BENCH_LEDGER_FOLDER")
    folder = Path(kept) if kept else Path(tempfile.mkdtemp(prefix="ledger-", dir=tmp))
    figures = {}
    try:
        if not (folder / "data" / "ledger.db").exists():
            built = json.loads(output(TESTS / "bench_ledger_build", folder, PEOPLE, CATALOGUE))
            figures["built_entries_per_s"] = built["built_entries_per_s"]
        shutil.rmtree(folder / "empty", ignore_errors=True)
        figures.update(json.loads(output(TESTS / "bench_ledger", folder, RECEIVED, CATALOGUE)))
    finally:
        if not kept:
            shutil.rmtree(folder)
    lists[:] = figures.pop("lists")
    figures["slowest_list_p99_ms"] = max(each["p99_ms"] for each in lists)
    return figures


# ---- the demo ----

def play(tmp):
    """From starting config/demo/play to the first line after its network stands."""
    if (ROOT / "build" / "demo" / "state.json").exists():
        raise Failed("a demo network is up and stays as it is; `make demo-stop` ends it")
    began = time.monotonic()
    demo = subprocess.Popen([ROOT / "config" / "demo" / "play"], cwd=ROOT, text=True,
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT)
    try:
        return {"first_line_s": first_line(demo) - began}
    finally:
        demo.send_signal(signal.SIGINT)
        demo.communicate(timeout=60)


def first_line(demo):
    """When it came."""
    stands, said = False, []
    for line in demo.stdout:
        said.append(line)
        if stands and line.strip() and "..." not in line:
            return time.monotonic()
        stands = stands or "agents and hub running" in line
    raise Failed(f"no first line of the play: {''.join(said)[-2000:]}")
