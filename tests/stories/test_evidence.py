"""The evidence of one referral is given out, and judged by somebody who has the directory alone."""

import json
import random
import re
import shutil

import pytest

from peer import evidence
from peer.directory import Directory
from stories import desk, ledgers
from stories.network import program, run
from stories.waiting import wait_for

DAMAGED = 65     # exit statuses
CORRUPT = 78
MISSING = 66
STORED = 1       # a receipt's status
REASON = "permintaan Pengadilan Negeri kanaripengadilan"


@pytest.fixture
def pair(network):
    return desk.pair(network, turned=True)


@pytest.fixture
def referral(network, pair):
    """One referral that both sides wrote letters in, proved in the hub's log; and a client of another
    thread."""
    ipwl, clinic = pair
    case, number = desk.referred(ipwl, clinic.id)
    theirs = desk.wait_arrival(clinic)
    desk.show(clinic, theirs)
    desk.accept(clinic, theirs)
    desk.wait_state(ipwl, number, "accepted")
    desk.wait_quiet(ipwl, clinic)
    network.clock.turn(minutes=11)
    for agent in pair:
        wait_for(lambda: agent.cli("status")["log"]["unproved"] == 0, 40,
                 lambda: agent.cli("status")["log"])
    return number, theirs


def give(agent, number, folder, name="bukti.jbe"):
    out = folder / name
    agent.cli("evidence", number, "--reason", REASON, "--out", out)
    return out


def check(pack, directory, *more, status=0):
    """As a third party would, with no agent in reach."""
    return run(program("jembatan-turned"), "--socket", "/nowhere", "verify", pack, "--directory",
               directory, *more, status=status)


def judged(pack, network):
    return json.loads(check(pack, network.registrar.directory, "--json"))


def test_a_third_party_checks_a_referral_with_the_directory_alone(network, pair, referral):
    ipwl, clinic = pair
    number, theirs = referral
    pack = give(ipwl, number, network.folder)
    assert pack.stat().st_mode & 0o777 == 0o600
    for each in (ipwl, clinic, network.hub):
        each.stop()
    said = judged(pack, network)
    assert said["ok"] and said["by"] == ipwl.id and said["number"] == number
    request = next(each for each in said["letters"] if each["kind"] == "referral.request")
    assert (request["from"], request["to"], request["signature"]) == (ipwl.id, clinic.id, "OK")
    assert request["recipient"]["status"] == "stored" and request["recipient"]["at"]
    assert request["log"]["proof"] == "OK" and request["log"]["leaf"] < request["log"]["size"]
    accept = next(each for each in said["letters"] if each["kind"] == "referral.accept")
    assert (accept["from"], accept["signature"], accept["log"]) == (clinic.id, "OK", None)
    shown = check(pack, network.registrar.directory)
    assert "referral.request" in shown and "THE EVIDENCE HOLDS" in shown


def test_the_other_side_shows_the_same_referral(network, pair, referral):
    ipwl, clinic = pair
    ours = judged(give(ipwl, referral[0], network.folder, "a.jbe"), network)
    theirs = judged(give(clinic, referral[1], network.folder, "b.jbe"), network)
    assert theirs["ok"] and theirs["thread"] == ours["thread"]
    assert {each["id"] for each in ours["letters"]} == {each["id"] for each in theirs["letters"]}
    accept = next(each for each in theirs["letters"] if each["kind"] == "referral.accept")
    assert accept["recipient"]["status"] == "stored" and accept["log"]["proof"] == "OK"


def test_a_peer_that_was_written_from_the_documents_judges_alike(network, pair, referral):
    ipwl, clinic = pair
    file = give(ipwl, referral[0], network.folder).read_bytes()
    directory = Directory(network.registrar.directory.read_bytes())
    now_ms = int(desk.clock_time(network).timestamp() * 1000)
    pack, findings = evidence.judge(file, directory, now_ms)
    request = next(each for each in findings.values() if each.letter.kind == "referral.request")
    assert pack.by == ipwl.id and request.taken_ms and request.statuses[STORED]
    flips = random.Random(1).sample(range(len(file)), 60)
    for at in flips:
        damaged = bytearray(file)
        damaged[at] ^= 1 << at % 8
        assert evidence.refused(bytes(damaged), directory, now_ms), at


def check_damaged(pack, file, network):
    """Another reason than the one that was given: the pack reads, and what it says is not signed."""
    at = file.index(b"referral.request") + 1
    pack.write_bytes(file[:at] + b"E" + file[at + 1:])
    return check(pack, network.registrar.directory, status=DAMAGED)


def test_whatever_is_changed_is_noticed(network, pair, referral):
    ipwl, _ = pair
    pack = give(ipwl, referral[0], network.folder)
    file = pack.read_bytes()
    for at in random.Random(2).sample(range(len(file)), 12):
        damaged = bytearray(file)
        damaged[at] ^= 1 << at % 8
        pack.write_bytes(damaged)
        check(pack, network.registrar.directory, status=DAMAGED)
    assert "DOES NOT HOLD: the signature is not valid" in check_damaged(pack, file, network)
    pack.write_bytes(file[:-1])
    check(pack, network.registrar.directory, status=DAMAGED)
    check(network.folder / "tidak-ada.jbe", network.registrar.directory, status=MISSING)


def test_nothing_of_other_threads_and_no_key_is_in_it(network, pair, referral):
    ipwl, clinic = pair
    other = "Melati Kanarilain"
    desk.referred(ipwl, clinic.id, name=other, nik="1771045203990008")
    desk.wait_quiet(ipwl, clinic)
    file = give(ipwl, referral[0], network.folder).read_bytes()
    assert desk.NAME.encode() in file and other.encode() not in file
    assert REASON.encode() not in file
    for name in ("sig", "box", "link"):
        secret = re.search(r"\b[0-9a-f]{64}", (ipwl.folder / "keys" / f"{name}.key").read_text())[0]
        assert bytes.fromhex(secret) not in file and secret.encode() not in file


def test_giving_it_out_is_recorded_and_needs_a_reason(network, pair, referral):
    ipwl, _ = pair
    number = referral[0]
    assert "--reason" in ipwl.cli("evidence", number, status=64)
    ipwl.api("POST", f"/v1/referrals/{number}/evidence", {}, status=422)
    out = give(ipwl, number, network.folder)
    timeline = ipwl.cli("timeline", number)
    assert [each for each in timeline if each["type"] == "disclosed"], timeline
    assert "already there" in ipwl.cli("evidence", number, "--reason", REASON, "--out", out, status=65)
    for agent in pair:
        agent.stop()
        assert "kanaripengadilan" not in (network.folder / f"{agent.id}.log").read_text()


def test_a_letter_that_expired_at_the_hub_is_shown_with_the_hubs_word(network, pair):
    ipwl, clinic = pair
    clinic.stop()
    _, number = desk.referred(ipwl, clinic.id)
    wait_for(lambda: "in-custody" in desk.custody(ipwl, number).values(), 30, lambda: "not taken")
    network.clock.turn(days=200)
    wait_for(lambda: "expired" in desk.custody(ipwl, number).values(), 60,
             lambda: desk.custody(ipwl, number))
    said = judged(give(ipwl, number, network.folder), network)
    request = next(each for each in said["letters"] if each["kind"] == "referral.request")
    assert request["not_delivered"] and request["recipient"] is None


# ---- the whole ledger ----

REQUEST = "(SELECT seq FROM outbox WHERE kind = 'referral.request')"
FLIP = "CAST (substr ({0}, 1, 20) || CASE hex (substr ({0}, 21, 1)) WHEN '00' THEN x'01' ELSE x'00' END" \
       " || substr ({0}, 22) AS BLOB)"
DAMAGES = {
    "entry": "UPDATE entry SET at_ms = at_ms + 1 WHERE n = 2",
    "lost": f"DELETE FROM outbox_bytes WHERE seq = {REQUEST}; DELETE FROM outbox WHERE seq = {REQUEST}",
    "bytes": f"DELETE FROM outbox_bytes WHERE seq = {REQUEST}",
    "header": f"UPDATE outbox_bytes SET h = {FLIP.format('h')} WHERE seq = {REQUEST}",
    "body": f"UPDATE outbox_bytes SET s = {FLIP.format('s')} WHERE seq = {REQUEST}",
    "signature": f"UPDATE outbox_bytes SET signature = {FLIP.format('signature')} WHERE seq = {REQUEST}",
    "receipt": "DELETE FROM word WHERE letter = (SELECT id FROM outbox WHERE kind = 'referral.request')",
    "proof": f"UPDATE proof SET path = {FLIP.format('path')}, at_ms = at_ms + 1",
    "checkpoint": "UPDATE checkpoint SET size = size + 1",
}


def verified(agent, *more, status=0):
    agent.cli("verify", *more, status=status)
    return agent.api("GET", "/v1/verify")


def test_each_damage_of_a_ledger_is_named_with_its_letter_and_what_to_do(network, pair, referral):
    ipwl, _ = pair
    whole = verified(ipwl)
    checked = {part["name"]: part["done"] for part in whole["parts"]}
    assert whole["ok"] and whole["findings"] == [] and whole["missing"] == []
    assert all(checked.values()), checked
    request = ledgers.rows(ipwl, "SELECT hex (id) FROM outbox WHERE kind = 'referral.request'")[0][0]
    ipwl.stop()
    kept = network.folder / "kept"
    shutil.copytree(ipwl.data, kept)
    for what, script in DAMAGES.items():
        ledgers.change(ipwl, script)
        ipwl.start(turned=True)
        found = verified(ipwl, status=CORRUPT)
        named = [each for each in found["findings"] if each["what"] == what]
        assert not found["ok"] and named, (what, found["findings"])
        assert ("restore" in named[0]["message_en"]) and "pulihkan" in named[0]["message_id"]
        if what == "entry":
            assert found["bad_entry"] == 2 and "entry 2 " in named[0]["message_en"]
            assert verified(ipwl, "--quick", status=CORRUPT)["bad_entry"] == 2
        elif what != "checkpoint":
            letters = [each["letter"].replace("-", "").upper() for each in named]
            assert request in letters, (what, named)
        ipwl.stop()
        shutil.rmtree(ipwl.data)
        shutil.copytree(kept, ipwl.data)
    ledgers.change(ipwl, "INSERT INTO pair_hole VALUES ('klinik-b', 3, x'0a', 7, 8, 1700000000000, 1)")
    ipwl.start(turned=True)
    withheld = verified(ipwl)
    assert withheld["ok"] and [(each["from"], each["class"], each["first"], each["last"])
                               for each in withheld["missing"]] == [("klinik-b", "routine", 7, 8)]
    assert "Not received from klinik-b" in run(program("jembatan"), "--socket", ipwl.socket, "verify")
    assert "unbroken chain" in run(program("jembatan"), "--socket", ipwl.socket, "verify")
