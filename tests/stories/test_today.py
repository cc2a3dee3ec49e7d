"""A worker's morning: what waits, who comes, what to write; and an alert that climbs when nobody answers."""

import pytest

from stories import desk, ledgers
from stories.network import program, run
from stories.waiting import wait_for

HOUR_AND = dict(hours=1, minutes=2)


@pytest.fixture
def turned(network):
    return desk.pair(network, turned=True, days=400)


def today(agent):
    return agent.cli("today")


def items(agent, section):
    return today(agent)[section]["items"]


def screen(agent, *words):
    """What a person reads."""
    return run(program("jembatan"), "--socket", agent.socket, *words)


# ---- the morning ----

def test_an_empty_morning_says_so_in_every_section(turned):
    ipwl, _ = turned
    shown = today(ipwl)
    assert all(shown[name]["count"] == 0
               for name in ("answer", "arriving", "reminders", "late", "today"))
    assert shown["hub"]["connected"]
    words = screen(ipwl, "today", "--lang", "id")
    for sentence in ("Tidak ada yang menunggu jawaban kita.", "Tidak ada mitra yang terlambat.",
                     "Tidak ada pengingat dalam 7 hari.", "Terhubung ke hub."):
        assert sentence in words


def test_the_morning_shows_whose_move_it_is_and_how_late(network, turned):
    ipwl, clinic = turned
    case, number = desk.referred(ipwl, clinic.id)
    theirs = desk.wait_arrival(clinic)
    waiting = items(clinic, "answer")
    assert [each["thread"]["number"] for each in waiting] == [theirs] and waiting[0]["ours"]
    assert items(ipwl, "answer") == []
    network.clock.turn(days=10)
    desk.wait_alarm(ipwl, "overdue-supervisor", 60)
    desk.wait_alarm(clinic, "overdue", 60)
    own = next(each for each in clinic.cli("alarms", "--all") if each["name"] == "overdue")
    assert own["todo"]["id"].startswith("jawab sekarang")
    late = items(ipwl, "late")[0]
    assert late["thread"]["number"] == number and late["late"] and late["days"] < -3
    assert [each["thread"]["number"] for each in ipwl.cli("due", "--late")] == [number] * 2
    assert ipwl.cli("due", "--mine") == []
    # Nobody oversees this network.
    assert ipwl.cli("due", "--late")[0]["told"] == "supervisor"
    words = screen(ipwl, "today", "--lang", "id")
    assert "terlambat" in words and "hari" in words and "penyelia" in words and "koordinator" not in words
    assert case in desk.listed(ipwl)[number]["person"]["number"]
    assert desk.NAME not in words and desk.NAME not in str(today(ipwl))


def test_who_comes_tomorrow_is_in_the_morning_until_he_is_there(network, turned):
    ipwl, clinic = turned
    _, number = desk.referred(ipwl, clinic.id)
    theirs = desk.wait_arrival(clinic)
    desk.show(clinic, theirs)
    desk.accept(clinic, theirs)                       # in two days
    desk.wait_state(ipwl, number, "accepted")
    assert items(clinic, "arriving") == []
    network.clock.turn(days=1)
    assert [each["thread"]["number"] for each in items(clinic, "arriving")] == [theirs]
    assert items(clinic, "arriving")[0]["here"] and items(clinic, "arriving")[0]["days"] == 1
    assert not items(ipwl, "arriving")[0]["here"]     # our client goes there
    # Nobody has come tomorrow.
    assert "belum terjadi" in clinic.cli("arrived", theirs, "--at", "2035-01-01 09:00", status=65)
    desk.arrived(clinic, theirs)
    desk.wait_state(ipwl, number, "arrived")
    assert items(clinic, "arriving") == [] and items(ipwl, "arriving") == []


# ---- capacity ----

def test_partners_see_what_capacity_was_published_and_when_it_is_stale(network, turned):
    ipwl, clinic = turned
    assert "--to" in screen(clinic, "help", "capacity")
    assert clinic.cli("capacity", "publish", "--service", "medical", "--total", "12", "--free", "3",
                      "--region", "17")["not_sent"] == []
    shown = wait_for(lambda: ipwl.cli("capacity"), 30)[0]
    assert (shown["agency"]["id"], shown["free"], shown["total"], shown["stale"]) == (clinic.id, 3, 12, False)
    assert ipwl.cli("capacity", "--service", "training") == []
    network.clock.turn(days=8)
    assert ipwl.cli("capacity", "--near", "17.71")[0]["stale"]
    assert "region" in clinic.cli("capacity", "publish", "--service", "medical", "--total", "12",
                                  "--free", "3", status=65)


# ---- alerts ----

def alert(agent, to, *more):
    return agent.cli("alert", "--person", desk.intake(agent), "--to", to, "--type", "overdose",
                     "--seen-at", desk.now(), "--district", "17.71.04", "--action", "Dibawa ke puskesmas",
                     "--contact", "Siti", "--phone", "081234567890", *more)["number"]


@pytest.fixture
def three(network):
    network.agent("ipwl-a", kind="ipwl")
    network.agent("klinik-b", kind="clinic", services=["medical"])
    network.agent("rs-c", kind="hospital", services=["medical"])
    network.publish(400)
    network.start_hub(turned=True)
    return [agent.start(turned=True) for agent in network.agents.values()]


def acknowledge(agent, number):
    return agent.cli("send", "risk.acknowledge", number, "--responsible", "dr. Wulan",
                     "--phone", "+62736123456")


def test_an_alert_that_nobody_acknowledges_goes_to_the_next_with_a_phone_number_to_call(network, three):
    ipwl, clinic, hospital = three
    number = alert(ipwl, clinic.id, "--ladder", hospital.id)
    theirs = desk.wait_arrival(clinic)
    rings = desk.wait_alarm(clinic, "risk-here")
    assert rings["thread"]["number"] == theirs
    desk.show(clinic, theirs)                         # somebody looks, and nobody answers
    network.clock.turn(**HOUR_AND)
    unanswered = desk.wait_alarm(ipwl, "risk-unanswered")
    assert unanswered["thread"]["number"] == number
    assert unanswered["partner"]["id"] == clinic.id and unanswered["partner"]["phone"]
    assert unanswered["todo"]["id"].startswith("telepon")
    assert desk.wait_alarm(ipwl, "risk-next")["partner"]["id"] == hospital.id
    there = desk.wait_arrival(hospital)
    desk.wait_alarm(hospital, "risk-here")
    acknowledge(hospital, there)
    wait_for(lambda: "risk-next" not in desk.alarms(ipwl), 30)
    assert "risk-here" not in desk.alarms(hospital)
    acknowledge(clinic, theirs)                       # late: two may act now
    desk.wait_alarm(ipwl, "risk-late")
    assert {each["state"]["name"] for each in desk.listed(ipwl).values()} == {"accepted"}


def test_when_nobody_is_left_to_ask_everybody_must_be_phoned(network, three):
    ipwl, clinic, hospital = three
    alert(ipwl, clinic.id, "--ladder", hospital.id)
    desk.wait_arrival(clinic)
    network.clock.turn(**HOUR_AND)
    desk.wait_arrival(hospital)
    assert "risk-nobody" not in desk.alarms(ipwl)
    network.clock.turn(**HOUR_AND)
    desk.wait_alarm(ipwl, "risk-nobody")
    assert ("risk.alert",) in ledgers.rows(hospital, "SELECT kind FROM inbox")


def test_an_alert_acknowledged_in_time_troubles_nobody_else(network, three):
    ipwl, clinic, hospital = three
    number = alert(ipwl, clinic.id)
    theirs = desk.wait_arrival(clinic)
    acknowledge(clinic, theirs)
    desk.wait_state(ipwl, number, "accepted")
    network.clock.turn(**HOUR_AND)
    desk.wait_quiet(ipwl, clinic)
    assert desk.alarms(ipwl) == [] and desk.arrivals(hospital) == []
