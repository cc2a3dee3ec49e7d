"""What the demo claims, looked up: canaries in files, strangers at the door, letters counted."""
import json
import re
import shutil
import sqlite3
import subprocess
import tempfile
import unicodedata
from contextlib import contextmanager
from pathlib import Path

from network import BIN, HOME, NAMES, ROOT, Agency, run, wait_until
from people import CANARIES

STRANGER = {"id": "klinik-asing", "kind": "clinic", "region": "17.71", "role": "supervisor",
            "name_id": "Klinik Asing (tidak terdaftar)", "name_en": "Strange Clinic (not enrolled)",
            "address": "", "phone": "", "office_hours": "", "services": []}


class Proof:
    def __init__(self, network):
        self.network, self.failed = network, 0

    def claim(self, held, id_text, en_text, detail=""):
        print(f"  {'✓' if held else '✗'} {id_text} / {en_text}{': ' + detail if detail else ''}", flush=True)
        self.failed += not held


def files_with_canary(folder):
    """Files below the folder in which a canary stands in clear, in UTF-8 or UTF-16."""
    needles = [word.encode(code) for word in CANARIES for code in ("utf-8", "utf-16-le")]
    return [path for path in sorted(folder.rglob("*")) if path.is_file()
            and any(needle in path.read_bytes() for needle in needles)]


def count_files(folder):
    return sum(path.is_file() for path in folder.rglob("*"))


def prove_canaries(proof):
    for folder, id_text, en_text in (
            (HOME / "hub", "tidak ada nama, NIK atau temuan di berkas hub", "no name, NIK or finding in the hub's files"),
            (HOME / "logs", "maupun di satu pun log", "nor in any log"),
            (HOME / "agencies", "maupun terbaca di berkas buku besar mana pun", "nor in clear in any ledger file")):
        found = files_with_canary(folder)
        proof.claim(not found, id_text, en_text,
                    ", ".join(str(path.relative_to(HOME)) for path in found) or f"{count_files(folder)} berkas / files")


def prove_coordinator(proof):
    """It draws every chain, and its own key opens nothing that names somebody."""
    coordinator = proof.network.agencies["galih-pakuan"]
    said = opened(coordinator)
    found = [word for word in CANARIES if word.encode() in said]
    proof.claim(not found and b"chain.events" in said,
                "koordinator tidak menyimpan nama, NIK atau temuan, juga bila buku besarnya dibuka",
                "the coordinator holds no name, NIK or finding, even with its ledger opened",
                f"{len(said)} bita / bytes")


def folded(text):
    parted = unicodedata.normalize("NFKD", text).lower()
    return "".join(letter for letter in parted if not unicodedata.combining(letter))


def telling(text, words):
    """Which of the catalogue's telling words stand in a text."""
    text = folded(text)
    return [word for word in words
            if re.search(r"\b" + re.escape(word.rstrip("*")) + ("" if word.endswith("*") else r"\b"), text)]


def prove_discretion(proof):
    """The training centre knows a name and a skill, and nothing that tells where somebody comes from."""
    words = [folded(word) for word in
             json.loads((ROOT / "config" / "catalogue" / "words.json").read_text())["discreet_words"]]
    centre, clinic = (proof.network.agencies[id] for id in ("blk-bengkulu", "klinik-pelita"))
    said = opened(centre).decode(errors="replace")
    found = telling(said, words)
    proof.claim(not found and "training.enrol" in said,
                "di balai latihan kerja tidak ada satu kata pun tentang rehabilitasi, juga bila dibuka",
                "not a word of rehabilitation at the training centre, even with its ledger opened",
                ", ".join(found) or f"{len(words)} kata dicari / words searched")
    proof.claim(telling(opened(clinic).decode(errors="replace"), words),
                "kata-kata yang sama ditemukan di klinik", "the same search finds such words at the clinic")


def prove_canaries_can_be_found(proof):
    """The same search finds a canary where one stands: the reader's own screen."""
    agency = proof.network.agencies["ipwl-pesona"]
    shown = subprocess.run([BIN / "jembatan", "--socket", agency.socket, "people", CANARIES[0]],
                           capture_output=True, text=True).stdout
    proof.claim(CANARIES[0] in shown, "pemilik data melihat namanya dengan jelas", "its own agency reads the name in clear")


def refused(agency):
    hub = agency.status()["hub"]
    return not hub.get("connected") and hub.get("last_error") and hub["last_error"]["code"]


def prove_stranger(proof):
    """A clinic that calls itself a member: its directory, signed by nobody we know, names our hub."""
    network = proof.network
    stranger = Agency(network, STRANGER)
    forged = HOME / "registrar" / "forged"
    for words in (("init", "--network", NAMES["network"], "--holder", "Orang asing"),
                  ("enrol", HOME / "hub" / "hub.request", "--yes"), ("enrol", stranger.request, "--yes"),
                  ("sign",), ("welcome", stranger.id, "--out", forged / "stranger.welcome")):
        run(BIN / "jembatan-registrar", *words, "--folder", forged)
    stranger.join(forged / "stranger.welcome")
    stranger.start()
    try:
        code = wait_until("instansi asing ditolak / a stranger is refused", lambda: refused(stranger))
        proof.claim(code == "NOT_MEMBER", "instansi yang tidak terdaftar ditolak hub", "an unenrolled agency is refused", code)
    finally:
        stranger.process.stop()


def prove_suspended(proof):
    network, agency = proof.network, proof.network.agencies["lbh-bintang"]
    network.registrar("suspend", agency.id)
    network.publish()
    code = wait_until("instansi dibekukan diputus / a suspended agency is cut off", lambda: refused(agency))
    proof.claim(code in ("SUSPENDED", "NOT_MEMBER"), "instansi yang dibekukan langsung diputus",
                "a suspended agency is cut off at once", code)
    network.registrar("reinstate", agency.id)
    network.publish()
    wait_until("dipulihkan / reinstated", lambda: agency.status()["hub"]["connected"], 90)
    proof.claim(True, "dan tersambung lagi setelah dipulihkan", "and connects again once reinstated")


@contextmanager
def ledger_copy(agency):
    """A folder with a copy of the ledger: the agent keeps the file to itself."""
    with tempfile.TemporaryDirectory() as folder:
        for path in agency.ledger.parent.glob("ledger.db*"):
            shutil.copy(path, folder)
        yield Path(folder)


def opened(agency):
    """All that a ledger says to whoever has its key."""
    with ledger_copy(agency) as folder:
        done = subprocess.run([BIN / "open-ledger", folder, agency.folder / "keys" / "ledger.key"],
                              capture_output=True, check=True, timeout=60)
        return done.stdout


def rows(agency, sql):
    """The clear columns of a ledger."""
    with ledger_copy(agency) as folder:
        ledger = sqlite3.connect(folder / "ledger.db")
        try:
            return ledger.execute(sql).fetchall()
        finally:
            ledger.close()


def prove_custody(proof):
    """Every letter that one ledger sent stands in the other exactly once."""
    agencies = proof.network.agencies
    wait_until("antrean kosong / queues empty",
               lambda: all(sum(agency.status()["queue"][name] for name in ("written", "sealed", "in_custody")) == 0
                           for agency in agencies.values()))
    sent, arrived = [], []
    for agency in agencies.values():
        sent += [(agency.id, to, id) for to, id in rows(agency, "SELECT recipient, id FROM outbox")]
        arrived += [(sender, agency.id, id) for sender, id in rows(agency, "SELECT sender, id FROM inbox")]
    proof.claim(sorted(sent) == sorted(arrived) and len(sent) == len(set(sent)) and sent,
                "setiap surat tersimpan tepat satu kali", "everything sent is stored exactly once",
                f"{len(sent)} terkirim / sent, {len(arrived)} tersimpan / stored")


def prove_ledgers(proof):
    entries = 0
    held = True
    for agency in proof.network.agencies.values():
        answer = agency.cli("verify")
        held, entries = held and answer["ok"], entries + answer["entries"]
    proof.claim(held, "rantai entri setiap buku besar utuh", "every ledger's chain of entries holds",
                f"{entries} entri / entries, {len(NAMES['agencies'])} buku besar / ledgers")


def prove_all(network):
    print("\nBukti / proof", flush=True)
    proof = Proof(network)
    prove_stranger(proof)
    prove_suspended(proof)
    prove_custody(proof)
    prove_ledgers(proof)
    prove_canaries(proof)
    prove_coordinator(proof)
    prove_discretion(proof)
    prove_canaries_can_be_found(proof)
    return proof.failed
