"""Two agencies of which one has an older catalogue: what it does not know waits, is shown, and is
judged once the newer catalogue is there.  Everything else flows."""

import shutil
import signal

import pytest

from stories import desk, ledgers
from stories.network import ROOT
from stories.waiting import wait_for

SHIPPED = ROOT / "config" / "catalogue"


def use(agent, folder):
    """From its next start, or reload, on."""
    text = agent.config.read_text()
    now = next(line for line in text.splitlines() if line.strip().startswith("catalogue ="))
    agent.config.write_text(text.replace(now, f'    catalogue = "{folder}"'))


@pytest.fixture
def catalogues(network):
    """The older one lacks a thread type, and has another version of one kind."""
    older, newer = network.folder / "older", network.folder / "newer"
    shutil.copytree(SHIPPED, newer)
    shutil.copytree(SHIPPED, older)
    (older / "capacity.json").unlink()
    referral = newer / "referral.json"
    was = '"kind": "referral.accept", "version": 1'
    assert was in referral.read_text()
    referral.write_text(referral.read_text().replace(was, was[:-1] + "2"))
    return older, newer


@pytest.fixture
def offices(network, catalogues):
    older, newer = catalogues
    ipwl = network.agent("ipwl-a", kind="ipwl")
    clinic = network.agent("klinik-b", kind="clinic", services=["medical"])
    use(ipwl, older), use(clinic, newer)
    network.start_hub()
    return ipwl.start(), clinic.start()


def unknown(agent):
    return [kind for kind, in ledgers.rows(agent, "SELECT kind FROM inbox WHERE state = 7 ORDER BY seq")]


@pytest.mark.parametrize("how", ["reload", "restart"])
def test_letters_of_a_newer_catalogue_wait_and_count_once_it_is_here(network, catalogues, offices, how):
    ipwl, clinic = offices
    case, waiting = desk.referred(ipwl, clinic.id)
    theirs = desk.wait_arrival(clinic)
    desk.accept(clinic, theirs)
    clinic.cli("capacity", "publish", "--service", "medical", "--total", "12", "--free", "3", "--region", "17")
    wait_for(lambda: sorted(unknown(ipwl)) == ["capacity.publish", "referral.accept"], 30,
             lambda: unknown(ipwl))
    # what they do not share waits, shown as what it is; nothing was refused
    desk.wait_alarm(ipwl, "update-needed")
    desk.wait_custody(clinic, theirs, "stored", kind="referral.accept")
    shown = desk.letters(ipwl, waiting, "referral.accept")
    assert [each["custody"]["state"] for each in shown] == ["unknown"]
    assert "update needed" in shown[0]["custody"]["words"]["en"] and "Poli umum" in str(shown)
    # and the rest flows, in both directions
    other = desk.refer(ipwl, case, clinic.id)
    desk.wait_arrival(clinic, 2)
    clinic.cli("reject", next(each for each in desk.arrivals(clinic) if each != theirs),
               "--reason", "no-capacity")
    desk.wait_state(ipwl, other, "rejected")
    assert desk.state(ipwl, waiting) != "accepted"
    # the newer catalogue
    if how == "reload":
        shutil.rmtree(catalogues[0])
        shutil.copytree(catalogues[1], catalogues[0])
        ipwl.daemon.process.send_signal(signal.SIGHUP)
        ipwl.daemon.wait_log("agent.reloaded")
    else:
        ipwl.stop()
        use(ipwl, catalogues[1])
        ipwl.start()
    desk.wait_state(ipwl, waiting, "accepted")
    wait_for(lambda: not unknown(ipwl), 20, lambda: unknown(ipwl))
    shown = desk.letters(ipwl, waiting, "referral.accept")
    assert [each["custody"]["state"] for each in shown] == ["applied"]
    assert [each["free"] for each in ipwl.cli("capacity")] == [3]
    wait_for(lambda: "update-needed" not in desk.alarms(ipwl), 20)
    ledgers.wait_each_once(ipwl, clinic)
    desk.arrived(clinic, theirs)
    desk.wait_state(ipwl, waiting, "arrived")
    assert ipwl.cli("verify")["ok"] and clinic.cli("verify")["ok"]
