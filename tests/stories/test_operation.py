"""What an operator relies on: figures, health, reload, drain, a supervisor that is told."""

import re
import shutil
import signal
import socket
import time
from pathlib import Path

import pytest

from stories import desk
from stories.monitoring import Monitor
from stories.network import ROOT, CommandFailed, free_port, run
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
    assert ipwl["jembatan_agent_sessions_total"] == 1 and ipwl["jembatan_agent_credit_letters"] >= 32
    assert ipwl["jembatan_agent_credit_bytes"] >= 2**18
    assert ipwl["jembatan_agent_commit_duration_seconds_count"] > 0
    assert ipwl["jembatan_agent_commit_entries_sum"] == ipwl["jembatan_agent_ledger_entries"]
    assert ipwl["jembatan_agent_connected"] == 1 and ipwl["jembatan_agent_letters_sent_total"] >= 1
    assert 119 < ipwl["jembatan_agent_directory_left_seconds"] / 86400 < 121
    assert abs(ipwl["jembatan_agent_clock_offset_seconds"]) < 60


def test_what_waits_is_counted_with_the_age_of_the_oldest(network):
    office = Office(network).start(turned=True)
    office.clinic.stop()
    file = network.folder / "hasil.txt"
    file.write_text("kanarilampiran " * 1000)
    case = desk.consented(office.ipwl, office.clinic.id)
    number = desk.refer(office.ipwl, case, office.clinic.id, "--document", f"health={file}")
    desk.wait_custody(office.ipwl, number, "in-custody")
    wait_for(lambda: office.hub.values()["jembatan_hub_attachments_whole_total"] == 1, 20)
    network.clock.turn(hours=5)
    hub = office.hub.values()
    assert hub["jembatan_hub_attachments"] == 1
    assert hub["jembatan_hub_attachments_held_bytes"] >= len(file.read_bytes())
    assert 5 * 3600 <= hub["jembatan_hub_backup_age_seconds"] < 6 * 3600
    assert hub["jembatan_hub_queue_letters{routine}"] == 1
    assert 5 * 3600 <= hub["jembatan_hub_queue_oldest_age_seconds{routine}"] < 6 * 3600
    assert hub["jembatan_hub_queue_oldest_age_seconds{stat}"] == 0
    ipwl = office.watch["ipwl-pesona"].values()
    assert ipwl["jembatan_agent_outbox_letters{in-custody}"] == 1
    assert ipwl["jembatan_agent_attachments{at-hub}"] == 1
    assert ipwl["jembatan_agent_attachments_length_bytes{at-hub}"] == len(file.read_bytes())
    assert ipwl["jembatan_agent_attachments{sending}"] == 0
    assert 5 * 3600 <= ipwl["jembatan_agent_backup_age_seconds"] < 6 * 3600
    assert "kanari" not in (office.hub.text() + office.watch["ipwl-pesona"].text()).lower()
    (network.folder / "cadangan").mkdir()
    office.ipwl.cli("backup", network.folder / "cadangan")
    wait_for(lambda: office.watch["ipwl-pesona"].values()["jembatan_agent_backup_age_seconds"] < 3600, 20)


def test_refusals_are_counted_by_error(network):
    office = Office(network).start(turned=True, quota={"letters": 1})
    office.clinic.stop()
    case = desk.consented(office.ipwl, office.clinic.id)
    desk.refer(office.ipwl, case, office.clinic.id), desk.refer(office.ipwl, case, office.clinic.id)
    wait_for(lambda: office.hub.values().get("jembatan_hub_letters_refused_total{QUOTA}", 0) >= 1, 20)
    ipwl = office.watch["ipwl-pesona"]
    wait_for(lambda: ipwl.values().get("jembatan_agent_letters_refused_total{QUOTA}", 0) >= 1, 20)
    office.ipwl.api("GET", "/v1/referrals/R-1999-0001", status=404)
    assert ipwl.values()["jembatan_agent_requests_refused_total{NOT_FOUND}"] == 1


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


# ---- a reload ----

def test_a_hub_takes_new_quotas_without_a_restart_and_names_what_needs_one(network):
    office = Office(network).start(turned=True, quota={"letters": 1})
    office.clinic.stop()
    case = desk.consented(office.ipwl, office.clinic.id)
    numbers = [desk.refer(office.ipwl, case, office.clinic.id) for _ in range(2)]
    wait_for(lambda: office.hub.values().get("jembatan_hub_letters_refused_total{QUOTA}", 0) >= 1, 20)
    network.configure_hub(**office.hub_options, quota={"letters": 50}, store={"min_free": "1m"})
    said = network.hubctl("reload")
    assert "restart" not in said
    network.clock.turn(minutes=2)                        # what was put off goes again
    for number in numbers:
        desk.wait_custody(office.ipwl, number, "in-custody", seconds=100)
    network.configure_hub(quota={"letters": 50})         # without its monitor
    said = network.hubctl("reload")
    assert "metrics/address" in said and "counts only after a restart" in said
    assert network.hub.wait_log("option.needs_restart").fields["option"] == "metrics/address"
    assert office.hub.get("/health")[0] == 200


def test_a_hub_goes_on_as_before_when_its_configuration_is_wrong(office):
    config = office.network.hub_folder / "hub.zpl"
    right = config.read_text()
    config.write_text(right + 'quota\n    letters = "banyak"\n')
    office.network.hub.process.send_signal(signal.SIGHUP)
    office.network.hub.wait_log("options.refused")
    assert office.hub.get("/ready")[0] == 200
    said = office.network.hubctl("reload", status=78)
    assert "banyak" in said


def test_an_agent_takes_new_users_and_a_new_catalogue_without_a_restart(office, tmp_path):
    ipwl = office.ipwl
    text = ipwl.config.read_text()
    assert ipwl.cli("status")["user"]["role"] == "supervisor"
    ipwl.config.write_text(text.replace('"supervisor"', '"auditor"'))
    reload(ipwl)
    assert ipwl.cli("status")["user"]["role"] == "auditor"
    ipwl.config.write_text(text.replace('"supervisor"', '"bos"'))
    ipwl.daemon.process.send_signal(signal.SIGHUP)
    ipwl.daemon.wait_log("agent.reload_refused")
    assert '"bos"' in ipwl.daemon.log
    assert ipwl.cli("status")["user"]["role"] == "auditor"
    ipwl.config.write_text(text.replace("17.71", "17.72"))
    reload(ipwl, count=2)
    assert "agency/region" in ipwl.daemon.log and ipwl.cli("status")["region"] == "17.71"


def reload(agent, count=1):
    agent.daemon.process.send_signal(signal.SIGHUP)
    agent.daemon.wait_log("agent.reloaded", count=count)


def test_an_agent_keeps_its_catalogue_when_the_new_one_is_wrong(network, tmp_path):
    shutil.copytree(ROOT / "config" / "catalogue", tmp_path / "catalogue")
    ipwl = network.agent("ipwl-a", kind="ipwl")
    ipwl.config.write_text(ipwl.config.read_text().replace(str(ROOT / "config" / "catalogue"),
                                                           str(tmp_path / "catalogue")))
    network.start_hub()
    ipwl.start()
    referral = tmp_path / "catalogue" / "visit.json"
    right = referral.read_text()
    referral.write_text(right[:-20])
    ipwl.daemon.process.send_signal(signal.SIGHUP)
    ipwl.daemon.wait_log("agent.reload_refused")
    assert "visit.json" in ipwl.daemon.log
    assert "visit" in str(ipwl.cli("kinds"))
    referral.write_text(right)
    reload(ipwl)


# ---- a supervisor that is told ----

class Supervisor:
    """What systemd would hear on NOTIFY_SOCKET."""

    def __init__(self, path, monkeypatch):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(path))
        self.socket.setblocking(False)
        self.words = []
        monkeypatch.setenv("NOTIFY_SOCKET", str(path))

    def heard(self, word):
        while True:
            try:
                self.words += self.socket.recv(4096).decode().splitlines()
            except BlockingIOError:
                return [each for each in self.words if each.startswith(word)]

    def wait(self, word, count=1):
        return wait_for(lambda: self.heard(word)[count - 1:], 30, lambda: self.words)


@pytest.mark.parametrize("who", ["hub", "agent"])
def test_the_supervisor_hears_of_start_life_reload_and_end(network, monkeypatch, who):
    ipwl = network.agent("ipwl-a", kind="ipwl")
    if who == "agent":
        network.start_hub()
    supervisor = Supervisor(network.folder / "notify", monkeypatch)
    if who == "agent":
        ipwl.start()
    else:
        network.start_hub()
    daemon = ipwl.daemon if who == "agent" else network.hub
    supervisor.wait("READY=1")
    supervisor.wait("WATCHDOG=1")
    status = supervisor.wait("STATUS=")[0]
    assert "ipwl" not in status
    daemon.process.send_signal(signal.SIGHUP)
    supervisor.wait("RELOADING=1")
    supervisor.wait("READY=1", count=2)
    daemon.freeze()
    wait_for(lambda: ") T " in Path(f"/proc/{daemon.process.pid}/stat").read_text(), 10)
    alive = len(supervisor.heard("WATCHDOG=1"))
    time.sleep(1.5)
    assert len(supervisor.heard("WATCHDOG=1")) == alive      # a loop that hangs says nothing
    daemon.thaw()
    supervisor.wait("WATCHDOG=1", count=alive + 1)
    daemon.stop()
    assert supervisor.heard("STOPPING=1")


# ---- a store that contradicts itself ----

def damage(path, how):
    """Nothing of the file but its first page, or junk in every page that is in use."""
    whole = path.read_bytes()
    page = int.from_bytes(whole[16:18], "big")
    page = 65536 if page == 1 else page
    if how == "truncated":
        path.write_bytes(whole[:page])
    elif how == "flipped":
        path.write_bytes(whole[:page] + bytes(byte ^ 0x5A for byte in whole[page:]))
    elif how == "no database":
        path.write_bytes(b"x" * len(whole))


@pytest.mark.parametrize("how", ["truncated", "flipped", "no database"])
@pytest.mark.parametrize("who", ["hub", "agent"])
def test_a_damaged_store_is_refused_with_78_and_a_sentence_and_left_as_it_is(network, who, how):
    office = Office(network).start()
    desk.referred(office.ipwl, office.clinic.id)
    desk.wait_arrival(office.clinic)
    daemon, path = ((network.hub, network.hub_data / "hub.db") if who == "hub"
                    else (office.ipwl.daemon, office.ipwl.data / "ledger.db"))
    daemon.stop()
    damage(path, how)
    before = path.read_bytes()
    daemon.start()
    assert daemon.wait_end() == 78
    assert ("rusak" in daemon.log or "damaged" in daemon.log or "CORRUPT" in daemon.log)
    assert path.read_bytes() == before


@pytest.mark.parametrize("who", ["hub", "agent"])
def test_a_store_that_is_damaged_while_it_runs_gives_no_wrong_answer(network, who):
    """What is in memory is still right.  What has to be read ends the program, now or at its next start."""
    office = Office(network).start()
    case, number = desk.referred(office.ipwl, office.clinic.id)
    desk.wait_arrival(office.clinic)
    desk.wait_custody(office.ipwl, number, "stored")
    daemon, path = ((network.hub, network.hub_data / "hub.db") if who == "hub"
                    else (office.ipwl.daemon, office.ipwl.data / "ledger.db"))
    daemon.stop()                  # so that all of it is in the file
    daemon.start(ready=f"{who}.started")
    damage(path, "flipped")
    try:
        for _ in range(3):
            desk.refer(office.ipwl, case, office.clinic.id)
        assert desk.listed(office.ipwl)[number]["number"] == number
    except (CommandFailed, OSError, AssertionError):
        assert who == "agent"
    wait_for(lambda: not daemon.running or time.sleep(3) is None, 10)
    if daemon.running:
        daemon.kill()
        daemon.start()
    assert daemon.wait_end() == 78


# ---- descriptors ----

FEW = 64


def with_few_descriptors(daemon, ready):
    daemon.stop()
    daemon.command = ["prlimit", f"--nofile={FEW}:{FEW}", *daemon.command]
    daemon.start(ready=ready)


def processor_ticks(daemon):
    fields = Path(f"/proc/{daemon.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def test_a_hub_without_descriptors_turns_newcomers_away_and_serves_those_it_has(network):
    office = Office(network).start()
    with_few_descriptors(network.hub, "hub.started")
    wait_for(lambda: office.hub.values()["jembatan_hub_sessions"] == 2, 60)
    host, port = network.endpoint.removeprefix("tcp://").split(":")
    strangers = crowd_at(host, int(port))
    network.hub.wait_log("link.full", seconds=60)
    wait_for(lambda: refused(host, int(port)), 10)
    before = processor_ticks(network.hub)
    time.sleep(2)
    assert processor_ticks(network.hub) - before < 100       # of 200 that a spin would take
    _, number = desk.referred(office.ipwl, office.clinic.id)
    desk.wait_arrival(office.clinic)
    desk.wait_custody(office.ipwl, number, "stored")
    for each in strangers:
        each.close()
    network.hub.wait_log("link.listening", seconds=60)
    assert not refused(host, int(port)) and network.hub.running


def crowd_at(host, port):
    """Twice as many connections as the hub has descriptors; the kernel keeps those it does not take."""
    crowd = []
    for _ in range(2 * FEW):
        try:
            crowd.append(socket.create_connection((host, port), timeout=5))
        except OSError:             # it is full already, and has stopped listening
            break
    return crowd


def refused(host, port):
    try:
        socket.create_connection((host, port), timeout=1).close()
    except ConnectionRefusedError:
        return True
    except OSError:
        return False
    return False


def test_an_agent_with_few_descriptors_outlives_a_crowd_at_its_socket(network):
    ipwl = network.agent("ipwl-a", kind="ipwl")
    network.start_hub()
    ipwl.start()
    with_few_descriptors(ipwl.daemon, "agent.started")
    ipwl.daemon.wait_log("post.connected", seconds=20)
    crowd = []
    for _ in range(FEW):          # the share of the api, and others that wait at the door
        crowd.append(socket.socket(socket.AF_UNIX))
        crowd[-1].connect(str(ipwl.socket))
    before = processor_ticks(ipwl.daemon)
    time.sleep(2)
    assert processor_ticks(ipwl.daemon) - before < 100
    network.hub.kill()                   # the line can be dialled anew all the same
    ipwl.daemon.wait_log("post.disconnected", seconds=20)
    network.start_hub()
    ipwl.daemon.wait_log("post.connected", count=2, seconds=60)
    for each in crowd:
        each.close()
    assert ipwl.cli("status")["hub"]["connected"]
