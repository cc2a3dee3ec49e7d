"""Who is let in: strangers, suspended members, second ledgers, ledgers that went back, and members
that somebody has not heard of yet."""

import json
import shutil

import pytest

from stories import desk
from stories.daemon import Daemon
from stories.network import ROOT, Agent, Registrar, program, run
from stories.waiting import wait_for

REFUSED_FOR_GOOD = 78       # EX_CONFIG


@pytest.fixture
def pair(network):
    return desk.pair(network)


def last_error(agent):
    hub = agent.cli("status")["hub"]
    return None if hub["connected"] else (hub["last_error"] or {}).get("code")


def wait_refused(agent, *codes):
    return wait_for(lambda: last_error(agent) in codes, 20, lambda: agent.cli("status")["hub"])


def exchange(sender, recipient):
    """A letter goes and its receipt comes back."""
    before = len(desk.arrivals(recipient))
    number = desk.refer(sender, desk.consented(sender, recipient.id), recipient.id)
    desk.wait_arrival(recipient, before + 1)
    desk.wait_custody(sender, number, "stored")
    return number


# ---- members and others ----

def forge_membership(network, stranger):
    """A directory that names the real hub and the stranger, signed by a registrar of its own."""
    forged = Registrar(network.folder / "forged", network.NAME)
    forged.enrol(network.hub_folder / "hub.request")
    forged.enrol(stranger.request)
    forged.sign()
    forged.welcome(stranger.id, stranger.welcome)
    run(program("jembatan-agent"), "join", stranger.welcome, "--config", stranger.config)


def test_an_agency_that_is_not_enrolled_stays_outside_and_can_still_work(network, pair):
    stranger = Agent(network, "orang-asing", "clinic", "17.71", ["medical"], {})
    network.agents[stranger.id] = stranger
    forge_membership(network, stranger)
    stranger.start(connected=False)
    wait_refused(stranger, "NOT_MEMBER")
    assert desk.intake(stranger)         # its own work goes on
    exchange(*pair)


def test_an_agent_whose_keys_are_not_in_its_directory_does_not_start(network, pair):
    stranger = Agent(network, "orang-asing", "clinic", "17.71", ["medical"], {})
    shutil.copy(network.registrar.directory, stranger.folder / "directory.bin")
    said = run(program("jembatan-agent"), "run", "--config", stranger.config, status=77)
    assert '"orang-asing"' in said and "welcome file" in said


def test_a_suspended_agency_is_cut_off_and_goes_on_where_it_was_when_reinstated(network, pair):
    ipwl, clinic = pair
    exchange(ipwl, clinic)
    case = desk.consented(ipwl, clinic.id)
    network.suspend(clinic.id)
    wait_refused(clinic, "SUSPENDED", "NOT_MEMBER")
    wait_up_to_date(network, ipwl)
    assert "RECIPIENT_SUSPENDED" in desk.refer(ipwl, case, clinic.id, status=77)
    network.reinstate(clinic.id)
    clinic.stop()                        # otherwise it comes back by itself within a minute
    clinic.start()
    wait_up_to_date(network, ipwl)
    exchange(ipwl, clinic)


# ---- one ledger for one key ----

def test_a_second_process_on_the_same_ledger_is_refused_at_its_start(network, pair):
    ipwl, clinic = pair
    second = Daemon("second", ipwl.daemon.command, network.folder / "second.log")
    assert second.start().wait_end() == 69
    assert "is in use by another program" in second.log and "sedang dipakai program lain" in second.log
    exchange(ipwl, clinic)


def test_a_new_ledger_with_the_same_keys_is_refused_and_the_old_one_stays(network, pair):
    ipwl, clinic = pair
    exchange(ipwl, clinic)
    second = copy_of(network, ipwl)
    shutil.rmtree(second.folder / "data")
    (second.folder / "keys" / "ledger.key").unlink()
    run(program("jembatan-agent"), "init", "--config", second.config, "--request", second.request)
    second.start(connected=False)
    wait_refused(second, "OTHER_STORE")
    exchange(ipwl, clinic)
    second.kill()


def test_a_copied_ledger_that_runs_beside_the_original_is_stopped(network, pair):
    ipwl, clinic = pair
    exchange(ipwl, clinic)
    desk.wait_quiet(ipwl, clinic)
    ipwl.stop()
    second = copy_of(network, ipwl)
    ipwl.start()
    exchange(ipwl, clinic)
    desk.wait_quiet(ipwl, clinic)
    second.start(connected=False)
    assert second.daemon.wait_end() == REFUSED_FOR_GOOD
    assert second.daemon.events("agent.stopped", error="GONE_BACK")
    exchange(ipwl, clinic)


def test_a_ledger_that_went_back_stops_and_asks_and_is_not_started_again(network, pair):
    ipwl, clinic = pair
    exchange(ipwl, clinic)
    clinic.stop()
    shutil.copytree(clinic.data, network.folder / "older")
    clinic.start()
    exchange(ipwl, clinic)
    desk.wait_quiet(ipwl, clinic)
    clinic.stop()
    shutil.rmtree(clinic.data)
    (network.folder / "older").rename(clinic.data)
    clinic.start(connected=False)
    assert clinic.daemon.wait_end() == REFUSED_FOR_GOOD
    assert clinic.daemon.events("agent.stopped", error="GONE_BACK")
    assert "put back the newest copy" in clinic.daemon.log
    assert "kembalikan salinan yang terbaru" in clinic.daemon.log
    unit = (ROOT / "config" / "systemd" / "jembatan-agent.service.in").read_text()
    assert f"RestartPreventExitStatus={REFUSED_FOR_GOOD}" in unit


# ---- members that somebody has not heard of yet ----

def test_a_new_members_letter_waits_for_the_directory_and_is_not_refused(network, pair):
    """The letter lies at the hub before the recipient knows that its sender exists."""
    ipwl, clinic = pair
    clinic.stop()
    fresh = network.agent("ipwl-baru", kind="ipwl").start()
    number = desk.refer(fresh, desk.consented(fresh, clinic.id), clinic.id)
    desk.wait_custody(fresh, number, "in-custody")
    clinic.start()
    theirs = desk.wait_arrival(clinic)
    desk.show(clinic, theirs)
    desk.wait_state(fresh, number, "received")
    assert clinic.daemon.events("post.directory")
    assert desk.alarms(clinic) == [] and desk.alarms(fresh) == []
    wait_up_to_date(network, clinic)


def test_a_hub_that_has_not_heard_of_a_member_asks_it_to_come_again(network):
    older = network.folder / "older.bin"
    network.agent("klinik-b", kind="clinic", services=["medical"])
    shutil.copy(network.registrar.directory, older)
    network.start_hub(hub={"directory": older})
    clinic = network.agents["klinik-b"].start()
    fresh = network.agent("ipwl-baru", kind="ipwl")
    fresh.start(connected=False)
    wait_refused(fresh, "DIRECTORY_BEHIND", "NOT_MEMBER")
    number = desk.refer(fresh, desk.consented(fresh, clinic.id), clinic.id)
    shutil.copy(network.registrar.directory, older)
    network.reload_hub()
    fresh.stop()                         # otherwise it comes again by itself
    fresh.start()
    desk.wait_arrival(clinic)
    desk.wait_custody(fresh, number, "stored")
    assert desk.alarms(clinic) == []


def wait_up_to_date(network, agent):
    """Until the agent holds the directory that the hub has."""
    version = json.loads(network.hubctl("status", "--json"))["directory_version"]
    wait_for(lambda: agent.cli("status")["directory"]["version"] == version, 20)


def copy_of(network, agent):
    """The same agency, keys and ledger in another folder, as if somebody had cloned the box."""
    made = object.__new__(type(agent))
    made.__dict__.update(agent.__dict__)
    made.folder = network.folder / f"{agent.id}-copy"
    shutil.copytree(agent.folder, made.folder, ignore=shutil.ignore_patterns("*.sock"))
    made.socket, made.config = made.folder / "agent.sock", made.folder / "agent.zpl"
    made.daemon = None
    network.agents[f"{agent.id}-copy"] = made
    return made
