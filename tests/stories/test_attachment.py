"""Files that go with letters, from a worker's disk to the partner's worker's disk."""

import hashlib

import pytest

from stories import desk
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
