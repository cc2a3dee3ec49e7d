"""Whoever copies an agency's disk, backup or memory image without its keys finds nobody in it."""

import base64
import os
import resource
import shutil
import signal
import subprocess
import sys
import urllib.parse

import pytest

from stories import canaries, desk
from stories.test_attachment import wait_attachment
from stories.test_backup import back_up
from stories.test_passphrase import passphrase

CANARIES = {
    "name": desk.NAME,
    "nik": desk.NIK,
    "phone": "+6281377700421",
    "address": "Jalan Kanarimerah 17, Gang Melati",
    "finding": desk.FINDING,
    "free text": desk.HEALTH,
    "file": "kanariungu dalam lampiran hasil laboratorium",
    "passphrase": "kanarijingga menjaga buku besar ini",
}


@pytest.fixture
def pair(network):
    return desk.pair(network)


def test_every_dress_is_found(tmp_path):
    """A search that finds nothing anywhere would be worth nothing."""
    text = "Cendana Kanarirani"
    raw, wide = text.encode(), text.encode("utf-16-le")
    dressed = [raw, wide, text.encode("utf-16-be"), raw.hex().encode(), raw.hex().upper().encode(),
               urllib.parse.quote(text).encode(), urllib.parse.quote_plus(text).encode(), wide.hex().encode(),
               *(base64.b64encode(b"x" * ahead + raw + b"y" * behind)
                 for ahead in range(4) for behind in range(4)),
               *(base64.urlsafe_b64encode(b"\xff" * ahead + wide) for ahead in range(4))]
    for number, each in enumerate(dressed):
        path = tmp_path / str(number)
        path.write_bytes(b"before " + each + b" behind")
        assert canaries.found({"name": text}, [path]) == [("name", str(path))], each
    (tmp_path / "other").write_bytes(b"Cendana Kenari")
    assert canaries.found({"name": text}, [tmp_path / "other"]) == []


def fill(network, ipwl, clinic):
    """A client's way through both ledgers, with a canary in everything that somebody types or sends."""
    file = network.folder / "hasil.pdf"
    file.write_bytes((CANARIES["file"] + "\n").encode() * 3000)
    _, number = desk.referred(ipwl, clinic.id, "--document", f"health={file}", phone=CANARIES["phone"],
                              address=CANARIES["address"])
    theirs = desk.wait_arrival(clinic)
    (came,) = [each["number"] for each in desk.show(clinic, theirs)["attachments"]]
    for act in (desk.accept, desk.arrived, desk.start, desk.report):
        act(clinic, theirs)
    wait_attachment(clinic, came, "here")
    desk.wait_state(ipwl, number, "in-progress")
    file.unlink()
    said = ipwl.api("POST", "/v1/people/search", {"words": CANARIES["name"]})
    assert CANARIES["name"] in str(said)     # it is there for those who may see it
    assert CANARIES["finding"] in str(desk.show(ipwl, number)["letters"])


def disk_of(network, copy):
    """What a thief copies while everything runs: all but the key folders.  There is no shared memory
    beside a ledger, because its agent keeps it to itself; one that appears would be looked at."""
    shutil.copytree(network.folder, copy, ignore=lambda _, names: [n for n in names if n.endswith(".sock")])
    files = [path for path in copy.rglob("*") if path.is_file() and "keys" not in path.parts]
    for name in ("ledger.db", "ledger.db-wal", "agent.zpl"):
        assert any(path.name == name for path in files), name
    return files


def test_a_copied_disk_gives_no_canary_away(network, pair, tmp_path):
    ipwl, clinic = pair
    disk = network.folder / "cadangan"
    disk.mkdir()
    passphrase(ipwl, "set", stdin=[CANARIES["passphrase"]] * 2)
    fill(network, ipwl, clinic)
    for agent in pair:
        back_up(agent, disk)
    files = disk_of(network, tmp_path / "running")
    assert len([path for path in files if path.suffix == ".jbk"]) == 2
    assert len([path for path in files if path.suffix == ".log"]) == 3
    assert canaries.found(CANARIES, files) == []
    # A key file under a passphrase gives nothing away either.
    assert canaries.found(CANARIES, [ipwl.folder / "keys" / "ledger.key"]) == []
    for agent in pair:
        agent.kill()
    assert canaries.found(CANARIES, [path for path in network.folder.rglob("*") if path.is_file()]) == []


# ---- memory ----

def leaves_core(pid):
    """Waits for a process that a signal ends; whether the kernel wrote its memory down."""
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGABRT
    return os.WCOREDUMP(status)


@pytest.fixture
def cores(monkeypatch):
    """Core files are wanted, by the box and by the sanitizer."""
    monkeypatch.setenv("ASAN_OPTIONS", "detect_leaks=0:exitcode=99:disable_coredump=0")
    before = resource.getrlimit(resource.RLIMIT_CORE)
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    except (ValueError, PermissionError):
        pytest.skip("the limit of core files can't be raised here")
    yield
    resource.setrlimit(resource.RLIMIT_CORE, (before[0], resource.RLIM_INFINITY))


def test_an_agent_leaves_no_core_file_even_where_they_are_wanted(network, pair, cores, tmp_path):
    ipwl, clinic = pair
    other = subprocess.Popen([sys.executable, "-c", "import os; os.abort()"], cwd=tmp_path)
    wanted = leaves_core(other.pid)
    ipwl.stop()
    ipwl.start()
    desk.intake(ipwl)
    pid = ipwl.daemon.process.pid
    with open(f"/proc/{pid}/limits") as limits:
        (line,) = [line for line in limits if line.startswith("Max core file size")]
    assert line.split()[4:6] == ["0", "0"]
    os.kill(pid, signal.SIGABRT)
    assert not leaves_core(pid)
    if not wanted:
        pytest.skip("this box writes no core file of anybody")
