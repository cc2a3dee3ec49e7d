"""Files that go with letters, from a worker's disk to the partner's worker's disk."""

import hashlib
import pathlib
import re
import shutil

import pytest

from stories import desk
from stories.line import Line
from stories.network import program, run
from stories.waiting import wait_for

MIB = 1024 * 1024
CANARY = b"kanariungu: hasil pemeriksaan rahasia"


def content(size):
    """Bytes that are nobody else's, with words in them that must not stand anywhere else."""
    block = hashlib.blake2b(str(size).encode()).digest() + CANARY
    return (block * (size // len(block) + 1))[:size]


def file_of(folder, name, size):
    path = folder / name
    path.write_bytes(content(size))
    return path


def attachments(agent, number):
    return agent.api("GET", f"/v1/referrals/{number}")["attachments"]


def one(agent, attachment):
    return agent.api("GET", f"/v1/attachments/{attachment}")


def wait_attachment(agent, attachment, state, seconds=60):
    seen = [None]

    def reached():
        seen[0] = one(agent, attachment)
        return seen[0] if seen[0]["state"] == state else None
    return wait_for(reached, seconds, lambda: f"{agent.id}: {seen[0]}, not {state}")


def sent(network, ipwl, clinic, *files):
    """A referral with these files: its number at both, and the numbers of the files at both."""
    words = [word for path in files for word in ("--document", f"health={path}")]
    _, number = desk.referred(ipwl, clinic.id, *words)
    theirs = desk.wait_arrival(clinic)
    mine = [each["number"] for each in attachments(ipwl, number)]
    here = [each["number"] for each in attachments(clinic, theirs)]
    assert len(mine) == len(here) == len(files)
    return number, theirs, mine, here


def saved(network, agent, attachment):
    path = network.folder / f"saved-{agent.id}-{attachment}"
    agent.cli("attachment", "save", str(attachment), "--as", path)
    return path.read_bytes()


@pytest.fixture
def pair(network):
    return desk.pair(network)


def test_files_of_every_edge_arrive_as_they_were(network, pair):
    ipwl, clinic = pair
    sizes = (1, 65495, 65496, 65495 + 65519, 300000)
    files = [file_of(network.folder, f"berkas-{size}.pdf", size) for size in sizes]
    number, theirs, mine, here = sent(network, ipwl, clinic, *files)
    for path, out, came in zip(files, mine, here):
        wait_attachment(clinic, came, "here")
        assert saved(network, clinic, came) == path.read_bytes()
        found = wait_attachment(ipwl, out, "delivered")
        assert (found["title"], found["label"]) == (path.name, "health")
    assert {each["state"] for each in attachments(clinic, theirs)} == {"here"}
    assert any(each["words"]["en"] for each in attachments(clinic, theirs))
    shown = run(program("jembatan"), "--socket", clinic.socket, "show", theirs)
    assert "berkas-1.pdf  (1 bita / bytes)" in shown and "berkas-300000.pdf  (0.3 MiB)" in shown
    assert "file 1 of this letter" in shown and "#0" not in shown
    said = ipwl.cli("attachment", "save", str(out), "--as", network.folder / "x.png", status=65)
    assert "is our own" in said and "delivered" not in said
    said = clinic.cli("attachment", "save", str(came), "--as", network.folder / "no" / "x.png", status=66)
    assert "x.png" in said and ".part" not in said


def test_a_large_file_goes_on_from_where_it_was(network, pair):
    ipwl, clinic = pair
    path = file_of(network.folder, "rontgen.png", 21 * MIB)
    number, theirs, (out,), (came,) = sent(network, ipwl, clinic, path)

    def done(agent, attachment, least):
        return wait_for(lambda: one(agent, attachment)["done"] >= least, 120,
                        lambda: f"{agent.id}: {one(agent, attachment)}")
    done(ipwl, out, 3 * MIB)
    ipwl.kill()
    ipwl.start()
    done(clinic, came, 6 * MIB)
    before = one(clinic, came)["done"]
    clinic.kill()
    clinic.start()
    assert one(clinic, came)["done"] >= before
    done(ipwl, out, 12 * MIB)
    network.hub.kill()
    network.start_hub()
    wait_attachment(clinic, came, "here", 200)
    wait_attachment(ipwl, out, "delivered", 60)
    assert saved(network, clinic, came) == path.read_bytes()


def test_what_can_t_be_a_file_is_refused_in_a_sentence(network, pair):
    ipwl, clinic = pair
    case = desk.intake(ipwl)
    desk.give_consent(ipwl, case, clinic.id)
    empty = network.folder / "kosong.pdf"
    empty.write_bytes(b"")
    large = network.folder / "besar.pdf"
    with open(large, "wb") as file:
        file.truncate(50 * MIB + 1)
    for path, words in ((empty, "empty"), (large, "larger than 50 MiB"),
                        (network.folder, "not a folder"), (network.folder / "tidak-ada", "can't be used")):
        said = ipwl.cli("refer", "--person", case, "--to", clinic.id, "--service", "medical", "--reason",
                        "Perlu dokter", "--document", f"health={path}",
                        status=66 if words == "can't be used" else 65)
        assert words in said
    said = desk.refer(ipwl, case, clinic.id, "--document", file_of(network.folder, "a.pdf", 10), status=65)
    assert "say what data the file holds" in said
    assert not desk.listed(ipwl)


def test_no_word_of_a_file_stands_anywhere_else(network, pair):
    ipwl, clinic = pair
    path = file_of(network.folder, "hasil.pdf", 200000)
    _, _, (out,), (came,) = sent(network, ipwl, clinic, path)
    wait_attachment(clinic, came, "here")
    wait_attachment(ipwl, out, "delivered")
    path.unlink()
    for agent in pair:
        agent.stop()
    network.hub.stop()
    for each in network.folder.rglob("*"):
        if each.is_file():
            assert CANARY not in each.read_bytes(), each


def through(line, agent):
    with open(agent.config, "a") as config:
        config.write(f'hub\n    endpoint = "{line.endpoint}"\n')
    return agent


def test_over_a_line_that_breaks_nothing_goes_twice(network):
    """What the line carried is counted: a file of 4 MiB that goes in and out while it is cut."""
    with Line(network.endpoint, delay_ms=0, bits_per_second=400_000_000) as line:
        ipwl = through(line, network.agent("ipwl-a", kind="ipwl"))
        clinic = through(line, network.agent("klinik-b", kind="clinic", services=["medical"]))
        network.start_hub()
        ipwl.start(), clinic.start()
        path = file_of(network.folder, "rontgen.png", 4 * MIB)
        _, _, (out,), (came,) = sent(network, ipwl, clinic, path)
        for part in range(1, 4):
            wait_for(lambda: one(ipwl, out)["done"] >= part * MIB, 60)
            line.cut()
        wait_attachment(clinic, came, "here", 120)
        wait_attachment(ipwl, out, "delivered")
        assert saved(network, clinic, came) == path.read_bytes()
        # Twice the file, and an eighth for frames, letters and answers; begun anew it would be more.
        assert 8 * MIB < line.carried < 9 * MIB


def test_letters_overtake_a_file(network, pair):
    ipwl, clinic = pair
    case, number = desk.referred(ipwl, clinic.id, "--document",
                                 f"none={file_of(network.folder, 'panduan.pdf', 12 * MIB)}")
    desk.wait_arrival(clinic)
    (file,) = attachments(ipwl, number)
    wait_for(lambda: one(ipwl, file["number"])["done"] > MIB, 60)
    desk.refer(ipwl, case, clinic.id)
    desk.wait_arrival(clinic, 2)
    assert one(ipwl, file["number"])["state"] == "sending"


def test_a_hub_that_lost_everything_gets_letter_and_file_again(network, pair):
    ipwl, clinic = pair
    path = file_of(network.folder, "hasil.pdf", 3 * MIB)
    _, _, (out,), (came,) = sent(network, ipwl, clinic, path)
    wait_for(lambda: one(clinic, came)["done"] > MIB, 60)
    network.hub.kill()
    shutil.rmtree(network.hub_data)
    network.start_hub()
    wait_attachment(clinic, came, "here", 120)
    wait_attachment(ipwl, out, "delivered")
    assert saved(network, clinic, came) == path.read_bytes()
    assert len(desk.arrivals(clinic)) == 1


def test_when_consent_is_withdrawn_a_file_on_its_way_goes_no_further(network, pair):
    ipwl, clinic = pair
    case, number = desk.referred(ipwl, clinic.id, "--document",
                                 f"health={file_of(network.folder, 'hasil.pdf', 12 * MIB)}")
    theirs = desk.wait_arrival(clinic)
    (out,), (came,) = attachments(ipwl, number), attachments(clinic, theirs)
    wait_for(lambda: one(clinic, came["number"])["done"] > 0, 60)
    ipwl.cli("consent", "withdraw", "--person", case, "--all")
    wait_attachment(ipwl, out["number"], "lost")
    wait_attachment(clinic, came["number"], "erased")
    desk.wait_quiet(ipwl, clinic)


def memory(daemon):
    """The most that it ever had resident, in bytes."""
    status = pathlib.Path(f"/proc/{daemon.process.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) * 1024


def test_memory_does_not_grow_with_the_file(network, monkeypatch):
    """A sanitizer keeps what was freed, so it is told to keep little."""
    monkeypatch.setenv("ASAN_OPTIONS", "detect_leaks=1:exitcode=99:quarantine_size_mb=1"
                       ":thread_local_quarantine_size_kb=64")
    ipwl, clinic = desk.pair(network)
    daemons = (ipwl.daemon, clinic.daemon, network.hub)
    small = file_of(network.folder, "kecil.pdf", 2 * MIB)
    _, _, (out,), _ = sent(network, ipwl, clinic, small)
    wait_attachment(ipwl, out, "delivered")
    before = [memory(daemon) for daemon in daemons]
    large = file_of(network.folder, "besar.pdf", 40 * MIB)
    number = desk.refer(ipwl, desk.listed(ipwl) and "K-2026-0001", clinic.id, "--document",
                        f"health={large}")
    theirs = desk.wait_arrival(clinic, 2)
    (file,) = attachments(clinic, theirs)
    wait_attachment(clinic, file["number"], "here", 200)
    assert saved(network, clinic, file["number"]) == large.read_bytes()
    grown = [memory(daemon) - each for daemon, each in zip(daemons, before)]
    assert max(grown) < 20 * MIB, grown
