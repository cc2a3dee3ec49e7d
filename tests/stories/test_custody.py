"""Letters in the hub's custody: taken back by whoever wrote them, set aside, held back, expired."""

import pytest

from stories import desk
from stories.network import program, run
from stories.waiting import wait_for


@pytest.fixture
def pair(network):
    return desk.pair(network)


def said(agent, *words, status=0):
    """What a caseworker reads, not what --json gives."""
    return run(program("jembatan"), "--socket", agent.socket, *words, status=status)


def recall(agent, number, *words, status=0):
    return agent.cli("recall", number, "--yes", *words, status=status)


# ---- a letter is taken back ----

def test_a_letter_at_the_hub_is_taken_back_and_its_recipient_never_sees_it(pair, tmp_path):
    ipwl, clinic = pair
    clinic.stop()
    scan = tmp_path / "hasil.pdf"
    scan.write_bytes(b"%PDF-1.4 " + b"x" * 300_000)
    case, number = desk.referred(ipwl, clinic.id, "--document", f"health={scan}")
    desk.wait_custody(ipwl, number, "in-custody")

    assert recall(ipwl, number)["taken"] is False
    desk.wait_custody(ipwl, number, "recalled")
    assert desk.state(ipwl, number) == "cancelled"
    assert [each["state"] for each in ipwl.api("GET", f"/v1/referrals/{number}")["attachments"]] == ["lost"]
    history = said(ipwl, "timeline", number)
    assert "penarikan surat" in history and "recall of a letter" in history

    # The next letter says that the number of the first is void: nobody looks for it.
    other = desk.refer(ipwl, case, clinic.id)
    clinic.start()
    desk.wait_custody(ipwl, other, "stored")
    assert len(desk.arrivals(clinic)) == 1
    assert desk.alarms(clinic) == [] and desk.alarms(ipwl) == []


def test_a_letter_that_has_not_left_is_taken_back_at_once(network, pair):
    ipwl, clinic = pair
    network.hub.stop()
    case, number = desk.referred(ipwl, clinic.id)
    assert recall(ipwl, number)["taken"] is True
    assert desk.state(ipwl, number) == "cancelled"

    network.restart_hub()
    other = desk.refer(ipwl, case, clinic.id)
    desk.wait_custody(ipwl, other, "stored", seconds=90)
    assert len(desk.arrivals(clinic)) == 1


def test_a_letter_that_was_delivered_is_not_taken_back(pair):
    ipwl, clinic = pair
    _, number = desk.referred(ipwl, clinic.id)
    desk.wait_custody(ipwl, number, "stored")
    words = recall(ipwl, number, status=65)
    assert "sudah sampai di penerima" in words and f"jembatan cancel {number}" in words
    assert desk.state(ipwl, number) == "requested"


def test_a_step_of_a_referral_is_not_taken_back(pair):
    ipwl, clinic = pair
    _, number = desk.referred(ipwl, clinic.id)
    theirs = desk.wait_arrival(clinic)
    ipwl.stop()
    desk.accept(clinic, theirs)
    desk.wait_custody(clinic, theirs, "in-custody", kind="referral.accept")
    assert "step of" in recall(clinic, theirs, status=65)
    ipwl.start()
    desk.wait_state(ipwl, number, "accepted")


def test_taking_back_wants_to_be_meant(pair):
    ipwl, clinic = pair
    clinic.stop()
    _, number = desk.referred(ipwl, clinic.id)
    assert "--yes" in said(ipwl, "recall", number, status=64)
    assert desk.state(ipwl, number) == "requested"
