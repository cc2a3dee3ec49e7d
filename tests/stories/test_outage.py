"""Agents and hub stop, are killed, and lose what they had; every letter takes effect exactly once."""

import random
import shutil
import sqlite3
from datetime import timedelta

import pytest

from stories import desk, ledgers
from stories.waiting import wait_for

LETTERS = 8


@pytest.fixture
def pair(network):
    return desk.pair(network)


def refer_often(agent, case, to, count=LETTERS):
    return [desk.refer(agent, case, to) for _ in range(count)]


def assert_all_requested_once(sender, recipient, numbers, **which):
    """Every referral stands on both sides, once, and was delivered."""
    desk.wait_arrival(recipient, len(numbers))
    ledgers.wait_each_once(sender, recipient, **which)
    assert len(desk.arrivals(recipient)) == len(numbers)
    for number in numbers:
        assert desk.custody(sender, number) == {"referral.request": "stored"}


# ---- somebody is away ----

def test_a_letter_waits_weeks_at_the_hub_for_its_recipient(network):
    ipwl, clinic = desk.pair(network, turned=True)
    clinic.stop()
    _, number = desk.referred(ipwl, clinic.id)
    letter = desk.wait_custody(ipwl, number, "in-custody")
    seen = desk.moment(letter["custody"]["recipient_seen"])
    assert abs(seen - desk.clock_time(network)) < timedelta(minutes=1)
    network.clock.turn(days=21)
    desk.wait_alarm(ipwl, "overdue-supervisor")          # nobody there answered, and that is noticed
    assert desk.custody(ipwl, number) == {"referral.request": "in-custody"}
    clinic.start(turned=True)
    theirs = desk.wait_arrival(clinic)
    assert desk.show(clinic, theirs)["person"]["name"] == desk.NAME
    desk.wait_state(ipwl, number, "received")
    assert ledgers.wait_each_once(ipwl, clinic) > 1


def test_what_is_written_while_the_hub_is_away_leaves_when_it_is_back(network, pair):
    ipwl, clinic = pair
    network.hub.kill()
    case = desk.consented(ipwl, clinic.id)
    numbers = refer_often(ipwl, case, clinic.id, 3)
    assert ipwl.cli("status")["queue"]["written"] == 3
    network.start_hub()
    assert_all_requested_once(ipwl, clinic, numbers)


# ---- power cuts ----

@pytest.mark.parametrize("seed", [1, 2])
def test_power_cuts_at_any_moment_lose_nothing_and_repeat_nothing(network, pair, seed):
    chance = random.Random(seed)
    ipwl, clinic = pair
    case = desk.consented(ipwl, clinic.id)
    numbers = []
    for _ in range(4):
        numbers += refer_often(ipwl, case, clinic.id, chance.randint(1, 4))
        struck = chance.choice([ipwl, clinic, network.hub])
        struck.kill()
        if struck is network.hub:
            network.start_hub()
        else:
            struck.start(connected=False)
    assert_all_requested_once(ipwl, clinic, numbers)
    theirs = desk.arrivals(clinic)[0]
    desk.show(clinic, theirs)
    desk.accept(clinic, theirs)
    wait_for(lambda: "accepted" in [each["state"]["name"] for each in desk.listed(ipwl).values()], 20)
    assert ipwl.cli("verify")["ok"] and clinic.cli("verify")["ok"]


@pytest.mark.parametrize("passed", [1, 3])
def test_a_sender_killed_between_numbering_and_sending_sends_each_letter_once(network, pair, passed):
    ipwl, clinic = pair
    case = desk.consented(ipwl, clinic.id)
    ipwl.stop()
    ipwl.start(fault=f"agent.put.before_send:{passed}")
    numbers = []
    while ipwl.daemon.running and len(numbers) < passed:
        numbers.append(desk.refer(ipwl, case, clinic.id))
        if len(numbers) < passed:
            desk.wait_custody(ipwl, numbers[-1], "stored")
    ipwl.daemon.wait_killed()
    ipwl.start()
    numbers += refer_often(ipwl, case, clinic.id, 1)
    assert_all_requested_once(ipwl, clinic, numbers)


@pytest.mark.parametrize("who, passed", [("ipwl-a", 1), ("ipwl-a", 2), ("klinik-b", 1)])
def test_an_agent_killed_between_commit_and_stored_applies_each_letter_once(network, pair, who, passed):
    ipwl, clinic = pair
    case = desk.consented(ipwl, clinic.id)
    numbers = refer_often(ipwl, case, clinic.id, 1)
    desk.wait_arrival(clinic)
    desk.wait_quiet(ipwl, clinic)
    struck = network.agents[who]
    struck.stop()
    struck.start(fault=f"agent.step.before_stored:{passed + 1}", connected=False)
    other = clinic if struck is ipwl else ipwl
    if other is ipwl:
        numbers += refer_often(ipwl, case, clinic.id, 4)
    else:
        theirs = desk.arrivals(clinic)[0]
        desk.show(clinic, theirs)
        for act in (desk.accept, desk.arrived, desk.start):
            act(clinic, theirs)
    struck.daemon.wait_killed()
    struck.start()
    ledgers.wait_each_once(ipwl, clinic)
    assert len(desk.arrivals(clinic)) == len(numbers)
    if other is clinic:
        assert desk.state(ipwl, numbers[0]) == "in-progress"
        assert len(desk.show(ipwl, numbers[0])["letters"]) == 5


@pytest.mark.parametrize("fault", [
    "hub.commit.before:4", "hub.commit.before_put_ok:3", "hub.deliver.before:2", "hub.stored.before:1",
])
def test_a_hub_killed_at_any_point_carries_each_letter_once(network, pair, fault):
    ipwl, clinic = pair
    case = desk.consented(ipwl, clinic.id)
    for agent in pair:
        agent.stop()
    network.restart_hub(fault=fault)
    for agent in pair:
        agent.start(connected=False)
    numbers = refer_often(ipwl, case, clinic.id)
    network.hub.wait_killed()
    network.start_hub()
    assert_all_requested_once(ipwl, clinic, numbers)


# ---- lost data ----

def test_a_hub_that_lost_its_data_in_mid_traffic_loses_no_letter(network, pair):
    ipwl, clinic = pair
    case = desk.consented(ipwl, clinic.id)
    numbers = refer_often(ipwl, case, clinic.id, 2)
    desk.wait_arrival(clinic, 2)
    clinic.stop()
    numbers += refer_often(ipwl, case, clinic.id, 4)
    wait_for(lambda: ipwl.cli("status")["queue"]["in_custody"] >= 4, 20)
    network.hub.kill()
    shutil.rmtree(network.hub_data)
    network.start_hub()
    numbers += refer_often(ipwl, case, clinic.id, 2)
    clinic.start()
    assert_all_requested_once(ipwl, clinic, numbers, receipts=False)
    assert ipwl.daemon.events("post.new-hub-store")


def test_a_hub_that_went_back_in_time_loses_no_letter(network):
    """Its data folder is put back from an older copy."""
    ipwl, clinic = desk.pair(network, turned=True)
    case = desk.consented(ipwl, clinic.id)
    numbers = refer_often(ipwl, case, clinic.id, 2)
    ledgers.wait_each_once(ipwl, clinic)
    network.hub.kill()
    shutil.copytree(network.hub_data, network.folder / "older")
    network.start_hub(turned=True)
    numbers += refer_often(ipwl, case, clinic.id, 3)
    desk.wait_arrival(clinic, 5)
    for stopped in (ipwl, clinic, network.hub):
        stopped.stop()
    network.clock.turn(hours=2)              # an hour must lie between two losses
    shutil.rmtree(network.hub_data)
    (network.folder / "older").rename(network.hub_data)
    network.start_hub(turned=True)
    for agent in (ipwl, clinic):
        agent.start(turned=True, connected=False)
    numbers += refer_often(ipwl, case, clinic.id, 2)
    assert_all_requested_once(ipwl, clinic, numbers, receipts=False)
    assert network.hub.events("hub.gone_back")


def test_a_letter_that_vanished_at_the_hub_is_reported_by_its_recipient(network):
    """Somebody with a hand in the hub's database takes one letter out of the queue."""
    ipwl, clinic = desk.pair(network, turned=True)
    case = desk.consented(ipwl, clinic.id)
    clinic.stop()
    for number in refer_often(ipwl, case, clinic.id, 3):
        desk.wait_custody(ipwl, number, "in-custody")
    network.hub.kill()
    take_out_second_letter(network.hub_data / "hub.db")
    network.start_hub(turned=True)
    clinic.start(turned=True)
    desk.wait_arrival(clinic, 2)
    network.clock.turn(hours=23)
    assert "withheld" not in desk.alarms(clinic)
    network.clock.turn(hours=2)
    assert desk.wait_alarm(clinic, "withheld")["partner"]["id"] == ipwl.id


def take_out_second_letter(path):
    """And closes the gap in the recipient's numbers, so that the hub notices nothing."""
    hub = sqlite3.connect(path)
    queued = hub.execute("SELECT number, recipient, class, dseq FROM item WHERE state = 0"
                         " AND sender IS NOT NULL ORDER BY dseq").fetchall()
    assert len(queued) == 3
    (number, recipient, letter_class, dseq), (last, *_, last_dseq) = queued[1], queued[2]
    with hub:
        hub.execute("DELETE FROM body WHERE item = ?", (number,))
        hub.execute("DELETE FROM item WHERE number = ?", (number,))
        hub.execute("UPDATE item SET dseq = ? WHERE number = ?", (dseq, last))
        hub.execute("UPDATE lane SET last = ? WHERE agency = ? AND class = ?",
                    (last_dseq - 1, recipient, letter_class))
    hub.close()
