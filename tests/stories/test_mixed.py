"""A real agent and an agency that was written from the document alone: referrals both ways, and
letters that the agent does not know yet."""

import pytest

from peer import letter, limits
from stories import desk, ledgers
from stories.test_peer import clause_for, refer


@pytest.fixture
def mixed(network):
    """An IPWL with the real agent, and a Python clinic; hub and agent have a clock that turns."""
    klinik = network.peer("klinik-b", kind="clinic", services=["medical"])
    ipwl = network.agent("ipwl-a", kind="ipwl", services=["social-outpatient"])
    network.publish(400)
    network.start_hub(turned=True)
    ipwl.start(turned=True)
    klinik.connect()
    return ipwl, klinik


def referred(ipwl, klinik):
    """A referral from the agent; gives its number and the request as it came."""
    _, number = desk.referred(ipwl, klinik.id)
    return number, klinik.until_came("referral.request", seconds=20)


def until_state(ipwl, klinik, number, wanted):
    klinik.until(lambda: desk.state(ipwl, number) == wanted, 20,
                 f"{number} is {desk.state(ipwl, number)}, not {wanted}")


def accept(klinik, asked, rev=2):
    klinik.reply(asked, "referral.received", rev=1, basis=0, clause=None, labels=[])
    return klinik.reply(asked, "referral.accept", {
        "appointment.start": letter.instant(klinik.now_ms() + limits.DAY_MS),
        "appointment.place": letter.text("Loket 2")}, rev=rev)


def test_the_agent_refers_and_the_stranger_answers(mixed):
    ipwl, klinik = mixed
    number, asked = referred(ipwl, klinik)
    assert letter.value_of(asked.letter, "person.name") == desk.NAME
    answer = accept(klinik, asked)
    klinik.until_sent(answer, "stored")
    until_state(ipwl, klinik, number, "accepted")
    klinik.until(lambda: desk.custody(ipwl, number) == {"referral.request": "stored"}, 20)
    assert desk.alarms(ipwl) == [] and klinik.store.alarms == []


def test_the_stranger_refers_and_the_agent_answers(mixed):
    ipwl, klinik = mixed
    sent = klinik.store.sent[refer(klinik, ipwl)]
    klinik.until(lambda: sent.state == "stored", 20)
    theirs = desk.wait_arrival(ipwl)
    assert desk.show(ipwl, theirs)["person"]["name"] == "Contoh"
    ipwl.cli("reject", theirs, "--reason", "no-capacity")
    assert klinik.until_came("referral.received").letter.rev == 1
    refused = klinik.until_came("referral.reject")
    assert refused.letter.rev == 2 and letter.value_of(refused.letter, "reason-code") == "no-capacity"
    klinik.until(lambda: set(desk.custody(ipwl, theirs).values()) == {"stored"}, 20)
    assert klinik.store.alarms == []


def test_a_newer_form_of_a_known_letter_is_kept_and_shown_and_moves_nothing(mixed):
    ipwl, klinik = mixed
    number, asked = referred(ipwl, klinik)
    accept(klinik, asked)
    until_state(ipwl, klinik, number, "accepted")
    newer = klinik.reply(asked, "arrival.confirm", {
        "at": letter.instant(klinik.now_ms()), "wheelchair": letter.boolean(True)}, rev=3, version=9)
    assert klinik.until_sent(newer, "stored").code == ""
    desk.wait_alarm(ipwl, "update-needed")
    assert desk.state(ipwl, number) == "accepted"
    shown = desk.letters(ipwl, number, "arrival.confirm")[0]
    assert shown["custody"]["state"] == "unknown"
    assert "update needed" in shown["custody"]["words"]["en"]
    assert "wheelchair" in str(shown["answers"])


def test_a_kind_from_the_future_is_kept_and_shown_as_it_is(mixed):
    ipwl, klinik = mixed
    number, asked = referred(ipwl, klinik)
    sent = klinik.reply(asked, "masa.depan", {"catatan": letter.text("belum dikenal")}, basis=0,
                        clause=None, labels=[])
    assert klinik.until_sent(sent, "stored").code == ""
    shown = desk.letters(ipwl, number, "masa.depan")[0]
    assert shown["custody"]["state"] == "unknown" and "belum dikenal" in str(shown["answers"])
    assert desk.state(ipwl, number) == "requested"


def test_what_nobody_consented_to_is_deleted_after_two_weeks_and_refused(network, mixed):
    ipwl, klinik = mixed
    sent = klinik.store.sent[refer(klinik, ipwl, clause=clause_for(klinik, ipwl, purpose="training"))]
    klinik.until(lambda: sent.state == "stored" and sent.code == "NO_CONSENT", 20)
    desk.wait_alarm(ipwl, "held")
    assert desk.arrivals(ipwl) == [] and body_bytes(ipwl) > 0
    told = receipts_sent(ipwl)
    network.clock.turn(days=14, hours=1)
    klinik.until(lambda: body_bytes(ipwl) == 0, 20)
    klinik.until(lambda: receipts_sent(ipwl) == told + 1, 20)
    assert ledgers.rows(ipwl, "SELECT length (header_hash) FROM inbox") == [(32,)]


def body_bytes(agent):
    """Of the referral that was held."""
    return ledgers.rows(agent, "SELECT length (s) FROM inbox_bytes JOIN inbox USING (seq)"
                               " WHERE kind = 'referral.request'")[0][0]


def receipts_sent(agent):
    """That the hub has taken."""
    return ledgers.rows(agent, "SELECT count (*) FROM outbox WHERE machine = 1 AND state = 4")[0][0]
