"""An agency written from the document and the real agent understand each other."""

import pytest

from peer import ids, letter
from stories.test_peer import clause_for, refer


@pytest.fixture
def pair(network):
    """A Python clinic and an IPWL with the real agent, both connected."""
    klinik = network.peer("klinik-b", kind="clinic")
    ipwl = network.agent("ipwl-a", kind="ipwl", services=["social-outpatient"])
    network.start_hub()
    ipwl.start()
    klinik.connect()
    return klinik, ipwl


def test_a_request_reaches_the_agents_inbox_and_its_receipt_comes_back(pair):
    klinik, ipwl = pair
    request = refer(klinik, ipwl)
    klinik.until_sent(request, "stored")
    assert klinik.store.sent[request].code == ""
    shown = ipwl.api("GET", "/v1/referrals?box=in")
    assert len(shown["items"]) == 1


def test_an_uncovered_request_is_held_by_the_agent(pair):
    klinik, ipwl = pair
    request = refer(klinik, ipwl, clause=clause_for(klinik, ipwl, purpose="training"))
    klinik.until_sent(request, "stored")
    assert klinik.store.sent[request].code == "NO_CONSENT"


def test_a_kind_that_the_agent_does_not_know_is_stored_and_not_refused(pair):
    klinik, ipwl = pair
    sent = klinik.write("ipwl-a", "masa.depan", {"note": letter.text("belum dikenal")},
                        thread=ids.uuid7())
    assert klinik.until_sent(sent, "stored").code == ""


def test_a_request_survives_a_killed_agent(pair):
    klinik, ipwl = pair
    ipwl.kill()
    request = refer(klinik, ipwl)
    klinik.until_sent(request, "custody")
    ipwl.start()
    klinik.until_sent(request, "stored", seconds=20)
