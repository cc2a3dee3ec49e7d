"""What an operator relies on: figures, health, reload, drain, a supervisor that is told."""

import re

import pytest

from stories import desk
from stories.monitoring import Monitor
from stories.network import ROOT, free_port, run
from stories.waiting import wait_for


def watched(daemon_owner, port):
    """Adds a monitor to an agent's configuration, which is read at its next start."""
    with open(daemon_owner.config, "a") as file:
        file.write(f'metrics\n    address = "127.0.0.1:{port}"\n')
    return Monitor(port)


class Office:
    """A hub and two agents, each with a monitor."""

    def __init__(self, network):
        self.network = network
        port = free_port()
        self.hub = Monitor(port)
        self.hub_options = {"metrics": {"address": f"127.0.0.1:{port}"}}
        self.ipwl = network.agent("ipwl-pesona", kind="ipwl")
        self.clinic = network.agent("klinik-melati", kind="clinic", services=["medical"])
        self.watch = {agent.id: watched(agent, free_port()) for agent in (self.ipwl, self.clinic)}

    def start(self, turned=False, **options):
        self.network.start_hub(turned=turned, **self.hub_options, **options)
        self.ipwl.start(turned=turned), self.clinic.start(turned=turned)
        return self


@pytest.fixture
def office(network):
    return Office(network).start()


# ---- figures ----

def test_figures_tell_what_happened_in_the_standards_words(office):
    _, number = desk.referred(office.ipwl, office.clinic.id)
    desk.wait_arrival(office.clinic)
    desk.wait_custody(office.ipwl, number, "stored")
    hub = wait_for(lambda: (lambda v: v["jembatan_hub_letters_stored_total"] >= 1 and v)(
        office.hub.values()), 20)
    assert hub["jembatan_hub_letters_taken_total"] >= 1 and hub["jembatan_hub_sessions"] == 2
    assert hub["jembatan_hub_commit_duration_seconds_count"] > 0
    assert hub["jembatan_hub_commit_letters_sum"] == hub["jembatan_hub_letters_taken_total"]
    assert hub["jembatan_hub_handshakes_total{refused}"] == 1       # the self-test
    assert hub["jembatan_hub_custody_leaves"] >= 1
    assert hub["process_open_fds"] > 5 and hub["process_resident_memory_bytes"] > 1e6
    ipwl = office.watch["ipwl-pesona"].values()
    assert ipwl["jembatan_agent_connected"] == 1 and ipwl["jembatan_agent_letters_sent_total"] >= 1
    assert 119 < ipwl["jembatan_agent_directory_left_seconds"] / 86400 < 121
    assert abs(ipwl["jembatan_agent_clock_offset_seconds"]) < 60


def test_what_waits_is_counted_with_the_age_of_the_oldest(network):
    office = Office(network).start(turned=True)
    office.clinic.stop()
    case = desk.consented(office.ipwl, office.clinic.id)
    number = desk.refer(office.ipwl, case, office.clinic.id)
    desk.wait_custody(office.ipwl, number, "in-custody")
    network.clock.turn(hours=5)
    hub = office.hub.values()
    assert hub["jembatan_hub_queue_letters{routine}"] == 1
    assert 5 * 3600 <= hub["jembatan_hub_queue_oldest_age_seconds{routine}"] < 6 * 3600
    assert hub["jembatan_hub_queue_oldest_age_seconds{stat}"] == 0
    ipwl = office.watch["ipwl-pesona"].values()
    assert ipwl["jembatan_agent_outbox_letters{in-custody}"] == 1


def test_refusals_are_counted_by_error(network):
    office = Office(network).start(quota={"letters": 1})
    office.clinic.stop()
    case = desk.consented(office.ipwl, office.clinic.id)
    desk.refer(office.ipwl, case, office.clinic.id), desk.refer(office.ipwl, case, office.clinic.id)
    wait_for(lambda: office.hub.values().get("jembatan_hub_letters_refused_total{QUOTA}", 0) >= 1, 20)


def test_figures_name_nobody(office):
    """Neither who takes part nor what their letters say: only the program's own words."""
    case, number = desk.referred(office.ipwl, office.clinic.id)
    desk.wait_arrival(office.clinic)
    desk.wait_custody(office.ipwl, number, "stored")
    secrets = {"ipwl-pesona", "klinik-melati", "pesona", "melati", case, number, "kanari",
               *desk.CANARIES}
    for monitor in (office.hub, *office.watch.values()):
        text = monitor.text().lower()
        labels = {value for family in monitor.families().values() for sample in family.samples
                  for name, value in sample.labels.items() if name != "le"}
        assert all(re.fullmatch(r"[A-Za-z0-9._-]{1,24}", label) for label in labels)
        assert not [secret for secret in secrets if secret.lower() in text]


def test_every_figure_is_explained_to_the_operator(office):
    told = (ROOT / "docs" / "OPERATIONS.md").read_text()
    shown = {re.sub("_(bucket|count|sum)$", "", sample.name)
             for monitor in (office.hub, *office.watch.values())
             for family in monitor.families().values() for sample in family.samples}
    assert not [name for name in sorted(shown) if f"`{name}" not in told]


@pytest.mark.parametrize("address", ["0.0.0.0:9710", "bukan-alamat:http", "127.0.0.1"])
def test_an_address_that_others_reach_or_that_is_none_is_refused(network, address):
    with pytest.raises(Exception):
        network.start_hub(metrics={"address": address})
    assert network.hub.wait_end() != 0
    assert address in network.hub.log


def test_a_monitor_answers_at_a_unix_socket_too(network):
    path = network.folder / "m.sock"
    network.start_hub(metrics={"address": str(path)})
    said = run("/usr/bin/curl", "-s", "--unix-socket", path, "http://localhost/health")
    assert said == "alive\n"


# ---- health and readiness ----

def test_ready_says_what_holds_over_http_and_at_the_command_line(office):
    assert office.hub.get("/health")[0] == 200
    status, words = office.hub.ready()
    assert status == 200 and words == {"ready": True, "store": True, "listening": True,
                                       "taking": True, "disk": True}
    assert "taking" in office.network.hubctl("ready")
    status, words = office.watch["ipwl-pesona"].ready()
    assert status == 200 and words["connected"]
    assert office.ipwl.cli("ready")["all"] is True


def test_an_agent_without_its_hub_is_ready_and_says_so(office):
    office.network.hub.stop()
    monitor = office.watch["ipwl-pesona"]
    wait_for(lambda: not monitor.ready()[1]["connected"], 20)
    assert monitor.ready()[0] == 200
    assert office.ipwl.cli("ready")["connected"] is False


def test_a_hub_below_its_margin_is_not_ready(network):
    office = Office(network).start(store={"min_free": "1024g"})
    status, words = wait_for(lambda: (lambda r: r[0] == 503 and r)(office.hub.ready()), 20)
    assert words["disk"] is False and words["store"] is True
    assert "disk" in office.network.hubctl("ready", status=75)
