"""Partners who are not connected: printed letters, answers by phone, and what happens when they enrol."""

import pytest

from stories import desk
from stories.network import program, run

PUSKESMAS = "@puskesmas-ratu"


@pytest.fixture
def ipwl(network):
    """An agency on its own, with a puskesmas in its address book."""
    made = network.agent("ipwl-a", kind="ipwl")
    network.start_hub()
    made.start()
    know(made)
    return made


def know(agent, contact=PUSKESMAS, region="17.71.02"):
    return agent.cli("contacts", "add", contact, "--name", "Puskesmas Ratu Agung", "--kind", "clinic",
                     "--region", region, "--phone", "0736-123456", "--contact-person", "Bidan Ani",
                     "--address", "Jl. Flamboyan 3", "--services", "medical")


def referred(agent, to=PUSKESMAS):
    """Case, number and code of a referral by paper."""
    case = desk.intake(agent)
    desk.give_consent(agent, case, PUSKESMAS)
    number = desk.refer(agent, case, to)
    return case, number, desk.show(agent, number)["code"]


def said(agent, *words):
    """What a caseworker reads, not what --json gives."""
    return run(program("jembatan"), "--socket", agent.socket, *words)


def answer(agent, code, kind, *flags, status=0, via="phone"):
    return agent.cli("answer", code, kind, "--via", via, "--said-by", "Bidan Ani", *flags, status=status)


def accept(agent, code):
    return answer(agent, code, "accept", "--at", "2027-01-11 10:00", "--place", "Poli 2")


def mistyped(code):
    return ("B" if code[0] == "A" else "A") + code[1:]


def test_a_referral_is_printed_answered_by_phone_and_brought_to_its_end(ipwl):
    _, number, code = referred(ipwl)
    page = said(ipwl, "print", number)
    assert code in page and number in page and desk.NAME in page
    assert "Puskesmas Ratu Agung" in page and "Bidan Ani" in page and "Slip jawaban" in page
    assert max(len(line) for line in page.splitlines()) <= 72
    assert code in said(ipwl, "outbox") and PUSKESMAS in said(ipwl, "due")

    accept(ipwl, code)
    assert desk.state(ipwl, number) == "accepted"
    answer(ipwl, code.lower().replace("-", " "), "arrived", "--at", desk.now(), via="whatsapp")
    answer(ipwl, number, "service.start", "--at", "2027-01-11 11:00", "--class", "AMB", via="visit")
    answer(ipwl, code, "complete", "--outcome", "fit-with-treatment", "--end", "2027-02-20", via="paper")
    assert desk.state(ipwl, number) == "completed"
    history = said(ipwl, "timeline", number)
    for words in ("reported by us, by phone", "reported by us, by WhatsApp", "reported by us, from a visit",
                  "reported by us, from paper", "dilaporkan oleh kita lewat telepon"):
        assert words in history
    assert "Bidan Ani" in said(ipwl, "show", number)


def test_a_page_for_the_browser_is_a_file_of_its_owner_alone(ipwl, tmp_path):
    _, number, _ = referred(ipwl)
    said(ipwl, "print", number, "--html", tmp_path)
    page = tmp_path / f"{number}.html"
    assert page.stat().st_mode & 0o077 == 0
    text = page.read_text()
    assert text.startswith("<!DOCTYPE html>") and desk.NAME in text and "http" not in text.replace("http-equiv", "")


def test_a_mistyped_code_is_told_from_one_that_nobody_has(ipwl):
    _, number, code = referred(ipwl)
    assert "salah ketik" in answer(ipwl, mistyped(code), "reject", "--reason", "no-capacity", status=65)
    assert "NOT_FOUND" in answer(ipwl, "R-2020-0999", "reject", "--reason", "no-capacity", status=66)
    answer(ipwl, code, "reject", "--reason", "no-capacity")
    assert desk.state(ipwl, number) == "rejected"
    assert "WRONG_STATE" in accept_late(ipwl, code)


def accept_late(agent, code):
    return answer(agent, code, "accept", "--at", "2027-01-11 10:00", "--place", "Poli 2", status=65)


def test_a_report_is_checked_like_any_letter(ipwl):
    _, number, code = referred(ipwl)
    words = answer(ipwl, code, "accept", via="pigeon", status=65)
    assert "pigeon" in words and "appointment" in words
    assert "WRONG_STATE" in answer(ipwl, code, "cancel", "--reason", "client-declined", status=65)
    assert desk.state(ipwl, number) == "requested"


def test_without_a_name_the_answers_that_are_possible_are_told(ipwl):
    _, _, code = referred(ipwl)
    words = ipwl.cli("answer", code, "--via", "phone", status=64)
    assert "accept" in words and "reject" in words and "arrived" not in words


def test_without_consent_nothing_is_printed(ipwl):
    case = desk.intake(ipwl)
    assert "NO_CONSENT" in desk.refer(ipwl, case, PUSKESMAS, status=77)
    assert desk.listed(ipwl) == {}


def test_the_clock_runs_for_who_is_not_connected_too(network):
    agent = network.agent("ipwl-a", kind="ipwl")
    network.start_hub(turned=True)
    agent.start(turned=True)
    know(agent)
    _, number, _ = referred(agent)
    network.clock.turn(days=12)
    agent.wait_api("/v1/alarms", lambda page: any(
        alarm["name"] == "overdue" and alarm["partner"]["id"] == PUSKESMAS and alarm["thread"]["number"] == number
        for alarm in page["items"]), seconds=60)
    assert "+62736123456" in said(agent, "alarms")


def test_a_withdrawal_is_told_by_hand_and_its_end_written_down(ipwl):
    case, number, code = referred(ipwl)
    accept(ipwl, code)
    ipwl.cli("consent", "withdraw", "--person", case, "--all")
    assert "withdrawal-by-hand" in str(ipwl.cli("alarms")) and "+62736123456" in said(ipwl, "alarms")
    page = said(ipwl, "print", number)
    assert desk.NAME not in page and "menarik" in page and code in page
    answer(ipwl, code, "consent.stopped")
    assert "withdrawal-by-hand" not in str(ipwl.cli("alarms"))


def test_what_the_agency_does_itself_is_recorded_without_a_clause(ipwl):
    case = desk.intake(ipwl)
    number = desk.refer(ipwl, case, ipwl.id)
    assert number in {row["number"] for row in ipwl.cli("inbox", "--box", "needs-answer")}
    ipwl.cli("answer", number, "accept", "--at", "2027-01-11 10:00", "--place", "Ruang 1")
    assert desk.state(ipwl, number) == "accepted"
    assert "done and recorded here" in said(ipwl, "timeline", number)


def test_the_nearest_partner_is_found_by_region(ipwl):
    know(ipwl, "@klinik-jauh", "32.01")
    rows = [row["id"] for row in ipwl.cli("partners", "--near", "17.71.02")]
    assert rows == [PUSKESMAS, "@klinik-jauh"]
    case = desk.intake(ipwl)
    desk.give_consent(ipwl, case, PUSKESMAS)
    number = desk.refer(ipwl, case, "nearest")
    assert desk.show(ipwl, number)["partner"]["id"] == PUSKESMAS


def test_when_the_partner_enrols_the_thread_moves_to_the_wire_and_is_answered_there(network, ipwl):
    case, number, code = referred(ipwl)
    accept(ipwl, code)
    clinic = network.agent("puskesmas-ratu", kind="clinic", services=["medical"])
    clinic.start()
    ipwl.wait_api("/v1/partners", lambda page: clinic.id in str(page))
    assert "enrolled" in ipwl.cli("move", number, status=66)
    assert number in said(ipwl, "contacts", "enrolled", PUSKESMAS, clinic.id)
    assert "NO_CONSENT" in ipwl.cli("move", number, status=77)
    assert desk.state(ipwl, number) == "accepted"
    desk.give_consent(ipwl, case, clinic.id)
    ipwl.cli("move", number)
    theirs = desk.wait_arrival(clinic)
    assert desk.show(clinic, theirs)["person"]["name"] == desk.NAME
    desk.wait_state(ipwl, number, "received")
    desk.accept(clinic, theirs)
    desk.wait_state(ipwl, number, "accepted")
    history = said(ipwl, "timeline", number)
    assert "reported by us, by phone" in history and "to-wire" in history
    assert "WRONG_STATE" in answer(ipwl, code, "arrived", "--at", "2027-01-11 10:05", status=65)
