"""What time does to referrals: weeks pass on a turned clock, and clocks that are wrong."""

from datetime import timedelta

import pytest

from stories import desk, ledgers
from stories.waiting import wait_for

LONG = 400     # days that the directory holds where a story lasts longer than usual


@pytest.fixture
def turned(network):
    return desk.pair(network, turned=True, days=LONG)


def within(shown, wanted, **span):
    return abs(desk.moment(shown) - wanted) < timedelta(**span)


# ---- letters that grow old ----

def test_a_letter_that_nobody_fetched_in_time_is_shown_as_not_delivered(network, turned):
    ipwl, clinic = turned
    clinic.stop()
    _, number = desk.referred(ipwl, clinic.id)
    desk.wait_custody(ipwl, number, "in-custody")
    network.clock.turn(days=181)
    letter = desk.wait_custody(ipwl, number, "expired")
    assert letter["custody"]["error"]["code"] == "EXPIRED"
    assert desk.wait_alarm(ipwl, "not-delivered")["thread"]["number"] == number
    assert desk.listed(ipwl)[number]["overlay"] == "not-delivered"
    assert any(entry["word"] == "EXPIRED" for entry in ipwl.cli("timeline", number))
    clinic.start(turned=True)
    desk.wait_alarm(clinic, "not-received")              # it knows that something never reached it
    assert desk.arrivals(clinic) == []


def test_a_letter_that_comes_late_is_kept_and_moves_nothing(network):
    """The recipient's box slept for half a year with its line to the hub open."""
    network.agent("ipwl-a", kind="ipwl")
    network.agent("klinik-b", kind="clinic", services=["medical"])
    network.publish(LONG)
    network.start_hub()
    ipwl = network.agents["ipwl-a"].start()
    clinic = network.agents["klinik-b"].start(turned=True)
    clinic.daemon.freeze()
    _, number = desk.referred(ipwl, clinic.id)
    desk.wait_custody(ipwl, number, "in-custody")
    network.clock.turn(days=182)
    clinic.daemon.thaw()
    desk.wait_custody(ipwl, number, "stored")
    assert desk.wait_alarm(ipwl, "late-there")["thread"]["number"] == number
    assert desk.arrivals(clinic) == []                   # no referral was opened
    assert ledgers.rows(clinic, "SELECT kind, late FROM inbox") == [("referral.request", 1)]


# ---- clocks of a referral ----

def test_an_unanswered_referral_is_told_to_owner_then_supervisor_then_coordinator(network):
    network.agent("ipwl-a", kind="ipwl")
    network.agent("klinik-b", kind="clinic", services=["medical"])
    network.agent("balai-c", kind="coordinator")
    network.registrar("oversee", "balai-c", "ipwl-a", "klinik-b")
    network.publish(LONG)
    network.start_hub(turned=True)
    ipwl, clinic, coordinator = (agent.start(turned=True) for agent in network.agents.values())
    _, number = desk.referred(ipwl, clinic.id)
    desk.wait_arrival(clinic)
    due = next(each for each in ipwl.cli("due") if each["what"] == "decision")
    network.clock.turn(ms=desk.milliseconds_until(network, due["due"]) + 60_000)
    desk.wait_alarm(ipwl, "overdue")
    assert "overdue-supervisor" not in desk.alarms(ipwl)
    network.clock.turn(days=3)
    desk.wait_alarm(ipwl, "overdue-supervisor")
    assert "overdue-coordinator" not in desk.alarms(ipwl)
    assert ("loop.overdue",) not in ledgers.rows(coordinator, "SELECT kind FROM inbox")
    network.clock.turn(days=4)
    desk.wait_alarm(ipwl, "overdue-coordinator")
    wait_for(lambda: ("loop.overdue",) in ledgers.rows(coordinator, "SELECT kind FROM inbox"), 20)
    assert desk.NAME not in str(coordinator.api("GET", "/v1/due")) and desk.people(coordinator) == []


def test_a_stat_letter_without_an_answer_rings_with_the_recipients_phone_number(network, turned):
    ipwl, clinic = turned
    clinic.stop()
    _, number = desk.referred(ipwl, clinic.id, "--urgency", "stat")
    desk.wait_custody(ipwl, number, "in-custody")
    network.clock.turn(minutes=14)
    assert "stat-silent" not in desk.alarms(ipwl)
    network.clock.turn(minutes=2)
    alarm = desk.wait_alarm(ipwl, "stat-silent")
    assert alarm["partner"]["phone"] == "+62736123456"
    assert alarm["thread"]["number"] == number


def test_a_cancel_that_nobody_answers_counts_as_unconfirmed_after_two_weeks(network, turned):
    ipwl, clinic = turned
    _, number = desk.referred(ipwl, clinic.id)
    theirs = desk.wait_arrival(clinic)
    for step in (desk.show, desk.accept, desk.arrived):
        step(clinic, theirs)
    desk.wait_state(ipwl, number, "arrived")
    clinic.stop()
    ipwl.cli("cancel", number, "--reason", "client-declined")
    network.clock.turn(days=13, hours=23)
    assert desk.listed(ipwl)[number]["overlay"] == "cancel-requested"
    network.clock.turn(hours=2)
    assert desk.wait_alarm(ipwl, "cancelled-unconfirmed")["thread"]["number"] == number
    assert desk.listed(ipwl)[number]["overlay"] == "cancelled-unconfirmed"
    clinic.start(turned=True)
    desk.wait_quiet(ipwl, clinic)
    assert desk.state(clinic, theirs) == "arrived"       # what happened there is theirs to say


# ---- a directory that grows old ----

def test_past_its_end_the_directory_serves_ever_less(network):
    ipwl, clinic = desk.pair(network, turned=True, days=120)
    case = desk.intake(ipwl)
    desk.give_consent(ipwl, case, clinic.id, "treatment")
    open_one = desk.refer(ipwl, case, clinic.id)
    theirs = desk.wait_arrival(clinic)
    network.clock.turn(days=91)
    desk.wait_alarm(ipwl, "directory-ending")
    network.clock.turn(days=30)
    assert ipwl.cli("status")["directory"]["age"] == "past"
    case = desk.consented(ipwl, clinic.id)
    desk.refer(ipwl, case, clinic.id)                    # a month of grace
    desk.wait_arrival(clinic, 2)
    network.clock.turn(days=30)
    desk.wait_alarm(ipwl, "directory-degraded")
    case = desk.consented(ipwl, clinic.id)
    assert "DIRECTORY_EXPIRED" in desk.refer(ipwl, case, clinic.id, status=75)
    for urgency in ("urgent", "stat"):
        desk.refer(ipwl, case, clinic.id, "--urgency", urgency)
    desk.wait_arrival(clinic, 4)
    desk.show(clinic, theirs)                            # what is open goes on
    clinic.cli("reject", theirs, "--reason", "no-capacity")
    desk.wait_state(ipwl, open_one, "rejected")


# ---- wrong clocks ----

@pytest.mark.parametrize("days", [2, -2])
def test_a_sender_whose_clock_is_wrong_stamps_the_hubs_time(network, days):
    ipwl, clinic = wrong_sender(network, days)
    ipwl.start(turned=True)
    assert abs(ipwl.cli("status")["hub"]["offset_ms"] + days * 86_400_000) < 60_000
    _, number = desk.referred(ipwl, clinic.id)
    theirs = desk.wait_arrival(clinic)
    asked = desk.letters(clinic, theirs, "referral.request")[0]
    assert within(asked["at"], desk.real_time(), minutes=2)
    assert not asked["custody"]["time_doubtful"]
    letter = desk.wait_custody(ipwl, number, "stored")
    for when in (letter["at"], letter["custody"]["at_hub"], letter["custody"]["delivered"]):
        assert within(when, desk.real_time(), minutes=2)
    desk.accept(clinic, theirs)
    desk.wait_state(ipwl, number, "accepted")
    assert desk.alarms(ipwl) == [] and desk.alarms(clinic) == []


def test_what_was_written_on_a_wrong_clock_before_the_hub_was_met_is_marked_doubtful(network):
    ipwl, clinic = wrong_sender(network, 2)
    network.hub.kill()
    ipwl.start(turned=True, connected=False)
    _, number = desk.referred(ipwl, clinic.id)
    network.start_hub()
    theirs = desk.wait_arrival(clinic)
    assert desk.letters(clinic, theirs, "referral.request")[0]["custody"]["time_doubtful"]
    desk.wait_custody(ipwl, number, "stored")
    desk.wait_state(ipwl, number, "received")            # a dead battery stops nothing


def test_a_recipient_whose_clock_is_wrong_receipts_in_the_hubs_time(network):
    network.agent("ipwl-a", kind="ipwl")
    network.agent("klinik-b", kind="clinic", services=["medical"])
    network.publish(LONG)
    network.start_hub()
    network.clock.turn(days=2)
    ipwl, clinic = network.agents["ipwl-a"].start(), network.agents["klinik-b"].start(turned=True)
    _, number = desk.referred(ipwl, clinic.id)
    letter = desk.wait_custody(ipwl, number, "stored")
    assert within(letter["custody"]["delivered"], desk.real_time(), minutes=2)
    theirs = desk.wait_arrival(clinic)
    desk.show(clinic, theirs)
    desk.wait_state(ipwl, number, "received")
    opened = desk.letters(ipwl, number, "referral.received")[0]
    assert not opened["custody"]["time_doubtful"] and within(opened["at"], desk.real_time(), minutes=2)


def test_a_hub_whose_clock_is_set_a_year_ahead_expires_nothing(network):
    ipwl, clinic = beside_a_turned_hub(network)
    _, number = desk.referred(ipwl, clinic.id)
    desk.wait_custody(ipwl, number, "in-custody")
    network.clock.set(days=365)
    network.hub.wait_log("clock.in_doubt")
    assert "in-doubt" in network.hubctl("status")
    case = desk.consented(ipwl, clinic.id)
    later = desk.refer(ipwl, case, clinic.id)            # it goes by what has passed
    desk.wait_custody(ipwl, later, "in-custody")
    ipwl.stop()
    network.restart_hub(turned=True)                     # now it stands so at the start
    network.hub.wait_log("clock.in_doubt")
    wait_for(lambda: "in-doubt" in network.hubctl("status"), 5)
    network.clock.set(days=-365)
    network.hub.wait_log("clock.sound")
    assert not network.hub.events("letter.expired")
    ipwl.start()
    clinic.start()
    for each in (number, later):
        desk.wait_custody(ipwl, each, "stored")


def test_an_operator_says_that_the_hubs_clock_is_right(network):
    """The machine had slept for half a year."""
    ipwl, clinic = beside_a_turned_hub(network)
    _, number = desk.referred(ipwl, clinic.id)
    desk.wait_custody(ipwl, number, "in-custody")
    network.clock.set(days=181)
    network.hub.wait_log("clock.in_doubt")
    network.hubctl("clock")
    network.hub.wait_log("letter.expired")
    desk.wait_custody(ipwl, number, "expired")
    assert "in-doubt" not in network.hubctl("status")


def beside_a_turned_hub(network):
    """An IPWL and a clinic whose clocks are right; the clinic is away."""
    ipwl = network.agent("ipwl-a", kind="ipwl")
    clinic = network.agent("klinik-b", kind="clinic", services=["medical"])
    network.publish(LONG)
    network.start_hub(turned=True)
    ipwl.start()
    clinic.start()
    clinic.stop()
    return ipwl, clinic


def wrong_sender(network, days):
    """An IPWL, not yet started, whose clock is so many days ahead; hub and clinic are right."""
    ipwl = network.agent("ipwl-a", kind="ipwl")
    clinic = network.agent("klinik-b", kind="clinic", services=["medical"])
    network.publish(LONG)
    network.start_hub()
    clinic.start()
    network.clock.turn(days=days)
    return ipwl, clinic
