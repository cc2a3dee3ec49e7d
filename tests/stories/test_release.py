"""An agency loses its ledger and every copy of it; the hub's operator lets it begin anew."""

import shutil

from stories import desk
from stories.network import program, run

NOT_FOUND, BAD_INPUT, USAGE = 66, 65, 64


def lose_ledger(agent):
    """The disk is gone and replaced; the keys lay elsewhere."""
    shutil.rmtree(agent.data)
    run(program("jembatan-agent"), "init", "--config", agent.config, "--request", agent.request)


def test_an_agency_that_lost_its_ledger_begins_anew_and_gets_what_waited(network):
    ipwl, clinic = desk.pair(network)
    case, _ = desk.referred(ipwl, clinic.id)
    desk.wait_arrival(clinic)
    desk.wait_quiet(ipwl, clinic)
    clinic.stop()
    waiting = desk.refer(ipwl, case, clinic.id)
    desk.wait_custody(ipwl, waiting, "in-custody")
    lose_ledger(clinic)

    clinic.start(connected=False)
    network.hub.wait_log("session.refused", agency=clinic.id, error="OTHER_STORE")
    assert desk.arrivals(clinic) == []
    said = network.hubctl("release", clinic.id)
    assert "waiting" in said and clinic.id in said
    assert network.hub.events("ledger.released", agency=clinic.id)

    theirs = desk.wait_arrival(clinic, seconds=90)
    assert desk.show(clinic, theirs)["person"]["name"] == desk.NAME
    desk.wait_custody(ipwl, waiting, "stored")
    desk.accept(clinic, theirs)
    desk.wait_state(ipwl, waiting, "accepted")


def test_a_ledger_that_is_connected_is_not_released(network):
    ipwl, clinic = desk.pair(network)
    said = network.hubctl("release", clinic.id, status=BAD_INPUT)
    assert "connected" in said and "in conflict" not in said
    assert not network.hub.events("ledger.released")
    _, number = desk.referred(ipwl, clinic.id)
    desk.wait_arrival(clinic)
    desk.wait_custody(ipwl, number, "stored")


def test_the_old_ledger_stays_out_once_a_new_one_has_connected(network):
    ipwl, clinic = desk.pair(network)
    desk.referred(ipwl, clinic.id)
    desk.wait_arrival(clinic)
    desk.wait_quiet(ipwl, clinic)
    clinic.stop()
    shutil.copytree(clinic.data, network.folder / "found-again")
    lose_ledger(clinic)
    network.hubctl("release", clinic.id)
    clinic.start()
    clinic.stop()
    shutil.rmtree(clinic.data)
    (network.folder / "found-again").rename(clinic.data)
    clinic.start(connected=False)
    network.hub.wait_log("session.refused", agency=clinic.id, error="OTHER_STORE")


def test_a_release_of_nobody_is_refused_with_a_word(network):
    network.start_hub()
    assert "never known" in network.hubctl("release", "klinik-x", status=NOT_FOUND)
    assert "name the agency" in network.hubctl("release", status=USAGE)
