"""Stores that go back in time: each case ends with every acknowledged letter once at both sides, the
same state and revision, and a referral that goes on."""

import shutil

import pytest

from stories import desk, ledgers
from stories.network import program, run
from stories.waiting import wait_for

CONTRADICTS = 78
OUR_KINDS = "('letter.receipts', 'letter.again', 'ledger.resume')"


@pytest.fixture
def pair(network):
    return desk.pair(network)


# ---- an agent ----

def test_a_performer_restored_from_an_old_copy_gets_back_what_it_was_sent_and_what_it_wrote(network, pair):
    ipwl, clinic = pair
    _, number = desk.referred(ipwl, clinic.id)
    at_clinic = desk.wait_arrival(clinic)
    settle(ipwl, clinic)
    copy = copy_away(network, clinic)
    desk.show(clinic, at_clinic)
    desk.accept(clinic, at_clinic)
    desk.arrived(clinic, at_clinic)
    desk.start(clinic, at_clinic)
    case = desk.consented(ipwl, clinic.id)
    second = desk.refer(ipwl, case, clinic.id)
    desk.wait_arrival(clinic, 2)
    desk.wait_state(ipwl, number, "in-progress")
    settle(ipwl, clinic)
    put_back(network, clinic, copy)
    restore_here(clinic)
    clinic.start()
    wait_agreed(ipwl, clinic)
    assert desk.state(clinic, at_clinic) == "in-progress"
    # it goes on, with the revision that comes next
    desk.report(clinic, at_clinic)
    desk.complete(clinic, at_clinic)
    desk.wait_state(ipwl, number, "completed")
    in_second = next(each for each in desk.arrivals(clinic) if each != at_clinic)
    desk.show(clinic, in_second)
    desk.accept(clinic, in_second)
    desk.wait_state(ipwl, second, "accepted")
    wait_agreed(ipwl, clinic)
    assert "two-histories" not in desk.alarms(clinic)


def test_a_requester_restored_from_an_old_copy_gets_its_referrals_and_their_answers_back(network, pair):
    ipwl, clinic = pair
    _, first = desk.referred(ipwl, clinic.id)
    desk.wait_arrival(clinic)
    settle(ipwl, clinic)
    copy = copy_away(network, ipwl)
    case = desk.consented(ipwl, clinic.id, name="Sinta Kanaribaru")
    desk.refer(ipwl, case, clinic.id)
    at_clinic = desk.wait_arrival(clinic, 2)
    for number in desk.arrivals(clinic):
        desk.show(clinic, number)
        desk.accept(clinic, number)
    wait_for(lambda: [each["state"]["name"] for each in desk.listed(ipwl).values()]
             == ["accepted"] * 2, 30)
    settle(ipwl, clinic)
    put_back(network, ipwl, copy)
    restore_here(ipwl)
    ipwl.start()
    wait_agreed(ipwl, clinic)
    assert "record-rebuilt" in desk.alarms(ipwl)
    desk.arrived(clinic, at_clinic)
    wait_agreed(ipwl, clinic)
    assert sorted(each["state"]["name"] for each in desk.listed(ipwl).values()) == [
        "accepted", "arrived"]


def test_drafts_of_the_copy_that_went_out_later_are_not_sent_twice(network, pair):
    ipwl, clinic = pair
    desk.referred(ipwl, clinic.id)
    desk.wait_arrival(clinic)
    settle(ipwl, clinic)
    network.hub.stop()
    case = desk.consented(ipwl, clinic.id)
    desk.refer(ipwl, case, clinic.id)                 # written, and the line is down
    copy = copy_away(network, ipwl)
    network.start_hub()
    desk.wait_arrival(clinic, 2, seconds=90)
    settle(ipwl, clinic, seconds=90)
    put_back(network, ipwl, copy)
    restore_here(ipwl)
    ipwl.start()
    wait_agreed(ipwl, clinic)
    assert len(desk.arrivals(clinic)) == 2
    assert "equivocation" not in desk.alarms(clinic)


def test_a_ledger_copied_back_by_hand_stops_and_goes_on_only_when_it_was_told_to(network, pair):
    ipwl, clinic = pair
    _, number = desk.referred(ipwl, clinic.id)
    at_clinic = desk.wait_arrival(clinic)
    settle(ipwl, clinic)
    copy = copy_away(network, clinic)
    desk.show(clinic, at_clinic)
    desk.accept(clinic, at_clinic)
    desk.wait_state(ipwl, number, "accepted")
    settle(ipwl, clinic)
    put_back(network, clinic, copy)
    clinic.start(connected=False)
    assert clinic.daemon.wait_end() == CONTRADICTS
    assert "this ledger is older than what the hub knows of it" in clinic.daemon.log
    restore_here(clinic)
    clinic.start()
    wait_agreed(ipwl, clinic)
    assert desk.state(clinic, at_clinic) == "accepted"


def test_a_copy_of_a_copy_that_the_hub_does_not_know_waits_for_its_operator(network):
    ipwl, clinic = desk.pair(network, turned=True)
    _, number = desk.referred(ipwl, clinic.id)
    at_clinic = desk.wait_arrival(clinic)
    settle(ipwl, clinic)
    first = copy_away(network, clinic, turned=True)
    second = network.folder / "second-copy"
    shutil.copytree(first, second)
    put_back(network, clinic, first)
    restore_here(clinic)
    clinic.start(turned=True)
    desk.show(clinic, at_clinic)
    desk.accept(clinic, at_clinic)
    desk.wait_state(ipwl, number, "accepted")
    settle(ipwl, clinic)
    put_back(network, clinic, second)
    restore_here(clinic)
    clinic.start(turned=True, connected=False)
    network.hub.wait_log("session.refused", agency=clinic.id, error="OTHER_STORE", seconds=20)
    desk.wait_alarm(clinic, "other-ledger")
    network.hubctl("release", clinic.id)
    network.clock.turn(minutes=11)         # nobody has to answer such a question more often
    wait_agreed(ipwl, clinic, seconds=90)
    assert desk.state(clinic, at_clinic) == "accepted"
    assert "other-ledger" not in desk.alarms(clinic)


# ---- what the cases have in common ----

def settle(*agents, seconds=40):
    desk.wait_quiet(*agents, seconds=seconds)


def copy_away(network, agent, turned=False):
    """A copy as an operator makes it: of a ledger that is not in use."""
    agent.stop()
    copy = network.folder / f"{agent.id}-copy"
    shutil.copytree(agent.data, copy)
    agent.start(turned=turned, connected=network.hub.running)
    return copy


def put_back(network, agent, copy):
    agent.stop()
    shutil.rmtree(agent.data)
    shutil.copytree(copy, agent.data)


def restore_here(agent):
    said = run(program("jembatan-agent"), "restore", "--here", "--config", agent.config)
    assert "goes on as a restored one" in said


def letters(agent, partner):
    """Ours that the partner stored, and the partner's that are stored here."""
    sent = ledgers.rows(agent, "SELECT hex(id), hex(header_hash), state FROM outbox WHERE recipient = ?"
                        f" AND kind NOT IN {OUR_KINDS}", partner.id)
    came = ledgers.rows(agent, "SELECT hex(id), hex(header_hash) FROM inbox WHERE sender = ?"
                        f" AND kind NOT IN {OUR_KINDS}", partner.id)
    return sent, sorted(came)


def threads(agent):
    return sorted(ledgers.rows(agent, "SELECT hex(id), state, rev, ended, overlay FROM thread"))


def differences(left, right):
    found = []
    for sender, recipient in ((left, right), (right, left)):
        sent, came = letters(sender, recipient)[0], letters(recipient, sender)[1]
        if any(state != 4 for _, _, state in sent):
            found.append(f"{sender.id} waits: {[row for row in sent if row[2] != 4]}")
        if sorted(row[:2] for row in sent) != came:
            found.append(f"{sender.id} sent {len(sent)}, {recipient.id} stored {len(came)}")
    if threads(left) != threads(right):
        found.append(f"threads {threads(left)} and {threads(right)}")
    return found


def wait_agreed(left, right, seconds=60):
    """Until every letter stands once at both sides and the threads are alike."""
    def agreed():
        try:
            return not differences(left, right)
        except ledgers.sqlite3.DatabaseError:       # copied while it was written
            return False
    wait_for(agreed, seconds, lambda: f"{differences(left, right)}; alarms: {left.id} "
             f"{desk.alarms(left)}, {right.id} {desk.alarms(right)}")
    assert left.cli("verify")["ok"] and right.cli("verify")["ok"]
