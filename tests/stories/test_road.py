"""Referrals between real agents: the whole road, the refusals, the turns it may take."""

import pytest

from stories import desk
from stories.waiting import wait_for


@pytest.fixture
def pair(network):
    ipwl = network.agent("ipwl-a", kind="ipwl")
    clinic = network.agent("klinik-b", kind="clinic", services=["medical"])
    network.start_hub()
    return ipwl.start(), clinic.start()


@pytest.fixture
def three(network, pair):
    hospital = network.agent("rs-c", kind="hospital", services=["medical"])
    return *pair, hospital.start()


def test_a_referral_travels_the_whole_road_and_the_loop_is_closed(network, pair):
    ipwl, clinic = pair
    _, number = desk.referred(ipwl, clinic.id)
    theirs = desk.wait_arrival(clinic)
    assert desk.state(ipwl, number) == "requested"
    seen = desk.show(clinic, theirs)
    assert seen["person"]["name"] == desk.NAME
    desk.wait_state(ipwl, number, "received")
    for act, reached in ((desk.accept, "accepted"), (desk.arrived, "arrived"), (desk.start, "in-progress"),
                         (desk.report, "in-progress"), (desk.complete, "completed")):
        act(clinic, theirs)
        assert desk.state(clinic, theirs) == reached
        desk.wait_state(ipwl, number, reached)
    desk.wait_quiet(ipwl, clinic)
    assert set(desk.custody(ipwl, number).values()) == {"stored"}
    answers = [letter["answers"] for letter in desk.show(ipwl, number)["letters"]
               if letter["kind"] == "service.report"]
    assert desk.FINDING in str(answers)


def test_nothing_about_the_client_stands_where_it_must_not(network, pair):
    ipwl, clinic = pair
    desk.referred(ipwl, clinic.id)
    theirs = desk.wait_arrival(clinic)
    desk.show(clinic, theirs)
    desk.accept(clinic, theirs)
    desk.wait_quiet(ipwl, clinic)
    desk.refer(ipwl, "K-2026-9999", clinic.id, status=66)
    for agent in pair:
        agent.stop()
    network.hub.stop()
    files = [path for path in network.folder.rglob("*") if path.is_file()]
    assert len(files) > 20
    for path in files:
        content = path.read_bytes()
        for canary in desk.CANARIES:
            assert canary.encode() not in content and canary.encode("utf-16-le") not in content, path


def test_a_refusal_comes_back_with_its_reason_and_is_routed_again(network, three):
    ipwl, clinic, hospital = three
    case, number = desk.referred(ipwl, clinic.id)
    theirs = desk.wait_arrival(clinic)
    desk.show(clinic, theirs)
    clinic.cli("reject", theirs, "--reason", "no-capacity", "--suggest", hospital.id)
    desk.wait_state(ipwl, number, "rejected")
    assert "no-capacity" in str(desk.show(ipwl, number)["letters"])
    desk.give_consent(ipwl, case, hospital.id)
    again = desk.refer(ipwl, case, hospital.id, "--replaces", number)
    desk.wait_arrival(hospital)
    first, second = desk.show(ipwl, number), desk.show(ipwl, again)
    assert first["chain"] == second["chain"]


def test_an_onward_referral_needs_a_clause_for_its_recipient(network, three):
    ipwl, clinic, hospital = three
    desk.referred(ipwl, clinic.id)
    theirs = desk.wait_arrival(clinic)
    desk.show(clinic, theirs)
    said = clinic.cli("onward", theirs, "--to", hospital.id, "--reason", "no-capacity", status=77)
    assert "NO_CONSENT" in said
    assert desk.state(clinic, theirs) == "received" and desk.arrivals(hospital) == []


def test_an_onward_referral_is_the_performers_and_its_end_closes_the_parent(network, three):
    ipwl, clinic, hospital = three
    _, number = desk.referred(ipwl, clinic.id)
    theirs = desk.wait_arrival(clinic)
    case = desk.show(clinic, theirs)["person"]["number"]
    desk.give_consent(clinic, case, hospital.id)
    clinic.cli("onward", theirs, "--to", hospital.id, "--reason", "no-capacity")
    child = desk.wait_arrival(hospital)
    desk.wait_state(ipwl, number, "referred-onward")
    assert desk.show(hospital, child)["chain"] == desk.show(ipwl, number)["chain"]
    for act in (desk.accept, desk.arrived, desk.start, desk.complete):
        act(hospital, child)
    desk.wait_state(clinic, theirs, "completed")
    desk.wait_state(ipwl, number, "completed")


def test_a_referral_without_consent_does_not_leave(network, pair):
    ipwl, clinic = pair
    case = desk.intake(ipwl)
    said = desk.refer(ipwl, case, clinic.id, status=77)
    assert "NO_CONSENT" in said
    assert desk.listed(ipwl) == {}


def test_a_form_with_three_mistakes_names_all_three(network, pair):
    ipwl, _ = pair
    said = ipwl.cli("intake", "--name", desk.NAME, "--nik", "12345", "--birth-date", "1999-02-31",
                    "--sex", "female", "--phone", "0812", status=65)
    for field in ("nik", "birth_date", "phone"):
        assert f'"{field}"' in said
    assert "12345" not in said and desk.NAME not in said


@pytest.mark.parametrize("steps, ended", [
    ((), "cancelled"),
    ((desk.show,), "cancelled"),
    ((desk.show, desk.accept), "cancelled"),
])
def test_a_cancel_before_arrival_is_confirmed_by_itself(network, pair, steps, ended):
    ipwl, clinic = pair
    _, number = desk.referred(ipwl, clinic.id)
    theirs = desk.wait_arrival(clinic)
    for step in steps:
        step(clinic, theirs)
    desk.wait_quiet(ipwl, clinic)
    ipwl.cli("cancel", number, "--reason", "client-declined")
    desk.wait_state(ipwl, number, ended)
    desk.wait_state(clinic, theirs, ended)


def test_a_cancel_after_arrival_waits_for_a_person(network, pair):
    ipwl, clinic = pair
    _, number = desk.referred(ipwl, clinic.id)
    theirs = desk.wait_arrival(clinic)
    for step in (desk.show, desk.accept, desk.arrived):
        step(clinic, theirs)
    desk.wait_state(ipwl, number, "arrived")
    ipwl.cli("cancel", number, "--reason", "client-declined")
    assert desk.listed(ipwl)[number]["overlay"] == "cancel-requested"
    desk.wait_quiet(ipwl, clinic)
    assert desk.state(clinic, theirs) == "arrived"
    assert any(due["thread"]["number"] == theirs for due in clinic.cli("due"))


def test_withdrawn_consent_stops_every_holder_and_every_later_letter(network, three):
    ipwl, clinic, hospital = three
    case, number = desk.referred(ipwl, clinic.id)
    desk.give_consent(ipwl, case, hospital.id)
    second = desk.refer(ipwl, case, hospital.id)
    for agent in (clinic, hospital):
        theirs = desk.wait_arrival(agent)
        desk.show(agent, theirs)
        desk.accept(agent, theirs)
    desk.wait_state(ipwl, number, "accepted")
    desk.wait_state(ipwl, second, "accepted")
    ipwl.cli("consent", "withdraw", "--person", case, "--all")

    def stopped():
        holders = [holder for clause in desk.clauses(ipwl, case) for holder in clause["holders"]]
        return len(holders) == 2 and all(holder["stopped"] for holder in holders)
    wait_for(stopped, 30, lambda: str(desk.clauses(ipwl, case)))
    assert "CONSENT_WITHDRAWN" in desk.refer(ipwl, case, clinic.id, status=77)
    said = clinic.cli("report", desk.arrivals(clinic)[0], "--text", "x", "--finding", "y", status=65)
    assert "WRONG_STATE" in said               # the referral ended with the consent
