"""What the demo claims, looked up: canaries in files, strangers at the door, letters counted."""
import shutil
import sqlite3
import subprocess
import tempfile
from pathlib import Path

from network import BIN, HOME, NAMES, Agency, run, wait_until
from stories import CANARIES

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


def rows(agency, sql):
    """The clear columns of a ledger, read from a copy: the agent keeps the file to itself."""
    with tempfile.TemporaryDirectory() as folder:
        for path in agency.ledger.parent.glob("ledger.db*"):
            shutil.copy(path, folder)
        ledger = sqlite3.connect(Path(folder) / "ledger.db")
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
    prove_canaries_can_be_found(proof)
    return proof.failed
