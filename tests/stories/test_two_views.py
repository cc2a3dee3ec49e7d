"""A hub that shows two agencies different logs: its store was copied, and each copy went on by itself."""

import shutil

import pytest

from stories import desk
from stories.network import program, run
from stories.waiting import wait_for


@pytest.fixture
def office(network):
    made = [network.agent("ipwl-a", kind="ipwl"),
            network.agent("klinik-b", kind="clinic", services=["medical"]),
            network.agent("koordinator", kind="coordinator", role="auditor")]
    network.registrar("oversee", "koordinator", "ipwl-a", "klinik-b")
    network.publish()
    return made


def log(agent):
    return agent.cli("status")["log"]


def checkpoint(agent):
    """Origin and size of the one that it holds."""
    lines = log(agent)["checkpoint"].split("\n")
    return (lines[0], int(lines[1])) if lines[0] else None


def shown_its_letters(agent):
    """A session begins with the hub's newest checkpoint."""
    agent.stop()
    agent.start()
    return wait_for(lambda: checkpoint(agent), 20, lambda: log(agent))


def a_letter_at_the_hub(agent, to):
    """A new client is referred; nobody is there to answer."""
    case = desk.consented(agent, to)
    desk.wait_custody(agent, desk.refer(agent, case, to), "in-custody")


def told(agent, alarm, partner):
    """The trouble that this alarm about this partner (None: about nobody) tells of."""
    def seen():
        for each in agent.cli("alarms"):
            if each["name"] == alarm and (each["partner"] or {}).get("id") == partner:
                return next(trouble for trouble in log(agent)["troubles"]
                            if trouble["alarm"] == alarm and trouble["words"] == each["words"])
        return None
    return wait_for(seen, 30, lambda: f"{agent.id}: {desk.alarms(agent)}, {log(agent)['troubles']}")


def test_both_sides_notice_and_the_coordinator_proves_it_before_its_people_are_told(network, office):
    ipwl, clinic, coordinator = office
    network.start_hub().stop()
    other = network.folder / "copy"
    shutil.copytree(network.hub_data, other)

    # One life of the store is shown to the clinic alone ...
    network.start_hub()
    clinic.start()
    a_letter_at_the_hub(clinic, "ipwl-a")
    origin, shown = shown_its_letters(clinic)
    clinic.stop()
    network.hub.stop()

    # ... and then the other one to everybody.
    shutil.rmtree(network.hub_data)
    other.rename(network.hub_data)
    network.start_hub()
    ipwl.start()
    for _ in range(shown + 1):
        a_letter_at_the_hub(ipwl, "klinik-b")
    assert shown_its_letters(ipwl)[0] == origin
    coordinator.start()
    clinic.start()

    ours = told(clinic, "log-split", None)
    assert (ours["what"], ours["origin"], ours["size"]) == ("split", origin, shown)
    assert ours["other_size"] > shown and not ours["shown"] and not ours["reporter"]
    theirs = told(ipwl, "log-split", "klinik-b")
    assert (theirs["what"], theirs["origin"], theirs["other_size"]) == ("split", origin, shown)
    assert theirs["shown"]["id"] == "klinik-b"

    by_clinic = told(coordinator, "log-told", "klinik-b")
    assert (by_clinic["size"], by_clinic["other_size"]) == (ours["size"], ours["other_size"])
    by_ipwl = told(coordinator, "log-told", "ipwl-a")
    assert (by_ipwl["shown"]["id"], by_ipwl["reporter"]["id"]) == ("klinik-b", "ipwl-a")
    assert by_ipwl["words"]["en"] == (
        f"the hub of {origin} showed klinik-b another log (size {shown}) than ipwl-a "
        f"(size {by_ipwl['size']}); proved here")
    said = run(program("jembatan"), "--socket", coordinator.socket, "--lang", "id", "status")
    assert f"PERHATIAN: {by_ipwl['words']['id']}" in said
    assert "log-doubtful" not in desk.alarms(coordinator)
