"""Peers of another version: frames and letters with fields that nobody here knows, and without those
that may be left out.  They are understood as far as they go, and what is sealed stays as it is."""

import pytest

from peer import agency, letter
from stories import desk, ledgers
from stories.middleman import FUTURE, Middleman, newer, older, with_future
from stories.test_peer import refer
from stories.waiting import wait_for


class Newer(agency.Agency):
    """Everything that it says has a field more: its frames, its headers, its letters."""

    def _seal(self, header, made, sig):
        return super()._seal(with_future(header), with_future(made), sig)


class Older(agency.Agency):
    """Its letters leave out what they may."""

    def _seal(self, header, made, sig):
        for field in ("directory_version", "checkpoint", "created_local_ms", "from_role"):
            made.ClearField(field)
        return super()._seal(header, made, sig)


def become(peer, kind):
    peer.__class__ = kind


@pytest.fixture(params=["newer", "older"])
def between(request, network):
    """Two real agents, and a middleman of another version before each."""
    change = {"newer": newer, "older": older}[request.param]
    agents = (network.agent("ipwl-a", kind="ipwl"),
              network.agent("klinik-b", kind="clinic", services=["medical"]))
    network.start_hub()
    lines = [Middleman(network, agent, change) for agent in agents]
    for agent, line in zip(agents, lines):
        line.__enter__()
        with open(agent.config, "a") as config:
            config.write(f'hub\n    endpoint = "{line.endpoint}"\n')
        agent.start()
    yield agents, lines
    for agent in agents:
        agent.stop()
    for line in lines:
        line.__exit__()


def test_agents_and_hub_work_with_frames_of_another_version(network, between):
    (ipwl, clinic), lines = between
    _, thread = desk.referred(ipwl, clinic.id)
    theirs = desk.wait_arrival(clinic)
    desk.accept(clinic, theirs)
    desk.wait_state(ipwl, thread, "accepted")
    desk.wait_custody(clinic, theirs, "stored", kind="referral.accept")
    assert {"hello", "put", "stored", "credit"} <= lines[0].passed["hub"]
    assert {"welcome", "put_ok", "deliver"} <= lines[0].passed["agent"]
    assert not network.hub.events("member.offended")
    for agent, line in zip((ipwl, clinic), lines):
        kept = {bytes(h) for h, in ledgers.rows(agent, "SELECT h FROM inbox_bytes")}
        assert kept == {h for h, _ in line.letters}, "a header is kept as it was delivered"
        assert agent.cli("verify")["ok"]
    ledgers.wait_each_once(ipwl, clinic)


def test_a_frame_of_an_unknown_type_ends_an_agents_session_and_no_more(network, between):
    (ipwl, clinic), lines = between
    lines[0].inject = b"\xf2\x06\x02hi"      # field 110 of Frame: no frame of this protocol
    desk.referred(ipwl, clinic.id)
    wait_for(lambda: "error=MALFORMED" in ipwl.daemon.log, 20, "the unknown frame went unnoticed")
    desk.wait_arrival(clinic)
    ledgers.wait_each_once(ipwl, clinic)


@pytest.fixture
def pair(network):
    """A Python clinic and an IPWL with the real agent, both connected."""
    klinik = network.peer("klinik-b", kind="clinic")
    ipwl = network.agent("ipwl-a", kind="ipwl", services=["social-outpatient"])
    network.start_hub()
    ipwl.start()
    klinik.connect()
    return klinik, ipwl


@pytest.mark.parametrize("kind", [Newer, Older])
def test_letters_of_another_version_pass_untouched_and_are_shown(pair, kind):
    klinik, ipwl = pair
    become(klinik, kind)
    sealed = klinik.store.sent[refer(klinik, ipwl)].sealed
    assert (FUTURE in sealed.h and FUTURE in sealed.s) == (kind is Newer)
    sent = klinik.until_sent(bytes(sealed.header.id), "stored")
    assert sent.code == ""
    assert len(ipwl.api("GET", "/v1/referrals?box=in")["items"]) == 1
    assert ledgers.rows(ipwl, "SELECT h, header_hash FROM inbox_bytes JOIN inbox USING (seq)") == \
        [(sealed.h, sealed.hash)]
    klinik.until(lambda: klinik.store.came, 20, "the agent's own letter does not come")
    assert {came.letter.kind for came in klinik.store.came.values()} <= {"referral.received", "letter.receipts"}
    assert {came.receipt.status for came in klinik.store.came.values() if came.receipt} <= {letter.STORED, letter.HELD}


def test_the_hub_hands_a_letter_of_the_future_on_byte_for_byte(network):
    first, second = (network.peer(name, kind="clinic") for name in ("klinik-a", "klinik-b"))
    network.start_hub()
    for each in (first, second):
        each.connect()
    become(first, Newer)
    got, judge = [], second._judge
    second._judge = lambda h, c: got.append((h, c)) or judge(h, c)
    sealed = first.store.sent[refer(first, second)].sealed
    first.turn()
    second.until(lambda: got, what="nothing was delivered")
    assert got == [(sealed.h, sealed.c)] and FUTURE in sealed.h
