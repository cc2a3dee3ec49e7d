"""A whole network of real processes in one folder: registrar, hub, agents, and Python peers.

    network.peer ("klinik", kind="clinic")      an agency of tests/peer, enrolled
    network.agent ("ipwl", kind="ipwl")         an agency with the real jembatan-agent, enrolled
    network.start_hub ()                        publishes the directory first
    network.clock.turn (days=14)                for everything that was started turned

Programs come from the folder that JEMBATAN_BIN names.  Everything listens on loopback or on unix
sockets inside the folder, and ends with `close`.
"""

import getpass
import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess

from peer import agency, limits
from stories.daemon import SANITIZER, Daemon
from stories.waiting import wait_for

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("JEMBATAN_BIN", ROOT / "build"))


def program(name):
    """A program of ours, or of the tests next to it."""
    for path in (BIN / name, BIN / "tests" / name):
        if path.exists():
            return path
    raise FileNotFoundError(f"no {name} in {BIN}; set JEMBATAN_BIN to a build folder")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def write_zpl(path, sections):
    """{"hub": {"id": "x"}} as a ZPL file; nested dictionaries become nested sections."""
    def lines(values, depth):
        for name, value in values.items():
            if isinstance(value, dict):
                yield "    " * depth + name
                yield from lines(value, depth + 1)
            else:
                yield "    " * depth + f'{name} = "{value}"'
    path.write_text("\n".join(lines(sections, 0)) + "\n")
    return path


class CommandFailed(AssertionError):
    def __init__(self, done):
        super().__init__(f"{done.args} gave {done.returncode}\n{done.stdout}{done.stderr}")
        self.status, self.stdout, self.stderr = done.returncode, done.stdout, done.stderr


def run(*words, status=0, stdin=None, env=None):
    """Runs a program to its end and gives what it wrote; any other exit status fails."""
    done = subprocess.run([str(word) for word in words], input=stdin, capture_output=True,
                          text=True, timeout=60, env={**SANITIZER, **os.environ, **(env or {})})
    if done.returncode != status:
        raise CommandFailed(done)
    return done.stdout + done.stderr if status else done.stdout


class Clock:
    """The offsets that turned programs add to the machine's clocks."""

    def __init__(self, path):
        self.path = path
        self.ms = self.passed_ms = 0
        self._write()

    def turn(self, days=0, hours=0, minutes=0, ms=0):
        """So much time passes."""
        by = days * limits.DAY_MS + hours * limits.HOUR_MS + minutes * limits.MINUTE_MS + ms
        self.passed_ms += max(0, by)
        self.set(ms=by)

    def set(self, days=0, hours=0, minutes=0, ms=0):
        """Somebody sets the clock ahead by so much; no time passes."""
        self.ms += days * limits.DAY_MS + hours * limits.HOUR_MS + minutes * limits.MINUTE_MS + ms
        self._write()

    def _write(self):
        """A reader finds the old number or the new one, never half of it."""
        fresh = self.path.with_suffix(".new")
        fresh.write_text(f"{self.ms} {self.passed_ms}\n")
        fresh.rename(self.path)


class Registrar:
    """jembatan-registrar, which works on one folder."""

    def __init__(self, folder, network):
        self.folder = folder
        self.directory = folder / "directory.bin"
        self("init", "--network", network, "--holder", "Pendaftar")

    def __call__(self, command, *words, status=0):
        return run(program("jembatan-registrar"), command, *words, "--folder", self.folder,
                   status=status)

    def enrol(self, request_path):
        return self("enrol", request_path, "--yes")

    def sign(self, days=120):
        return self("sign", "--days", days)

    def welcome(self, agency_id, out):
        self("welcome", agency_id, "--out", out)
        return out.read_bytes()


class Network:
    NAME = "uji"
    HUB = "hub-uji"

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.clock = Clock(self.folder / "clock")
        self.registrar = Registrar(self.folder / "registrar", self.NAME)
        self.endpoint = f"tcp://127.0.0.1:{free_port()}"
        self.peers, self.agents = {}, {}
        self.hub = None
        self._signed = False
        self._enrol_hub()

    # ---- the directory ----

    def publish(self, days=120):
        """Signs the directory, hands it to a running hub, and to every peer."""
        self.registrar.sign(days)
        self._signed = True
        for each in self.peers.values():
            each.join(self.registrar.welcome(each.id, self.folder / "welcome" / f"{each.id}.welcome"))
        if self.hub and self.hub.running:
            self.reload_hub()

    def suspend(self, agency_id):
        self.registrar("suspend", agency_id)
        self.publish()

    def reinstate(self, agency_id):
        self.registrar("reinstate", agency_id)
        self.publish()

    # ---- the hub ----

    @property
    def hub_folder(self):
        return self.folder / "hub"

    @property
    def hub_data(self):
        return self.hub_folder / "data"

    def _enrol_hub(self):
        self.hub_folder.mkdir()
        (self.folder / "welcome").mkdir()
        request = self.hub_folder / "hub.request"
        run(program("jembatan-hub"), "init", "--id", self.HUB, "--endpoint", self.endpoint,
            "--keys", self.hub_folder / "keys", "--request", request)
        self.registrar.enrol(request)

    def _hub_config(self, options):
        sections = {"hub": {"id": self.HUB, "endpoint": self.endpoint, "keys": "keys",
                            "data": "data", "control": "hub.sock",
                            "directory": self.registrar.directory}}
        for section, values in options.items():
            sections.setdefault(section, {}).update(values)
        return write_zpl(self.hub_folder / "hub.zpl", sections)

    def configure_hub(self, **options):
        """Writes its configuration anew; a running hub reads it when it is told to."""
        return self._hub_config(options)

    def start_hub(self, turned=False, fault=None, **options):
        """`options` are sections of its configuration: quota={"letters": 3}."""
        if not self._signed:
            self.publish()
        name = "jembatan-hub-turned" if turned or fault else "jembatan-hub"
        command = [program(name), "run", "--config", self._hub_config(options)]
        self.hub = Daemon("hub", command, self.folder / "hub.log", self.clock)
        return self.hub.start(ready="hub.started", fault=fault)

    def restart_hub(self, **start):
        self.hub.stop()
        return self.start_hub(**start)

    def reload_hub(self):
        self.hubctl("reload")

    def hubctl(self, *words, status=0):
        return run(program("jembatan-hubctl"), *words, "--socket", self.hub_folder / "hub.sock",
                   status=status)

    # ---- agencies ----

    def peer(self, agency_id, kind="clinic", region="17.71", enrol=True, **about):
        """A Python agency.  It can connect once the hub has been started or the directory
        published."""
        made = agency.Agency(agency_id)
        if enrol:
            request = self.folder / f"{agency_id}.request"
            request.write_bytes(made.request(kind, region, **about))
            self.registrar.enrol(request)
            self.peers[agency_id] = made
            if self._signed:
                self.publish()
        return made

    def agent(self, agency_id, kind="clinic", region="17.71", services=(), **about):
        """An agency with a real agent; `start` it when the hub runs."""
        made = Agent(self, agency_id, kind, region, services, about)
        self.agents[agency_id] = made
        self.registrar.enrol(made.request)
        self.publish()
        return made

    def close(self):
        for each in self.peers.values():
            each.close()
        for daemon in [each.daemon for each in self.agents.values()] + [self.hub]:
            if daemon:
                daemon.kill()


class Agent:
    """jembatan-agent of one agency, its api and its command line."""

    def __init__(self, network, agency_id, kind, region, services, about):
        self.network, self.id = network, agency_id
        self.folder = network.folder / agency_id
        self.folder.mkdir()
        self.socket = self.folder / "agent.sock"
        self.request = self.folder / "agency.request"
        self.welcome = network.folder / "welcome" / f"{agency_id}.welcome"
        self.config = write_zpl(self.folder / "agent.zpl", {
            **about.get("options", {}),
            "agency": {"id": agency_id, "name_id": about.get("name", agency_id),
                       "name_en": about.get("name", agency_id), "kind": kind, "region": region,
                       "phone": "+62736123456", "services": {name: "yes" for name in services}},
            "paths": {"data": "data", "keys": "keys", "ledger_key": "keys/ledger.key",
                      "directory": "directory.bin", "catalogue": ROOT / "config" / "catalogue",
                      "socket": "agent.sock", "console": "console"},
            "users": {getpass.getuser(): about.get("role", "supervisor")},
        })
        self.daemon = None
        self.words = run(program("jembatan-agent"), "init", "--config", self.config,
                         "--request", self.request)

    @property
    def data(self):
        return self.folder / "data"

    def start(self, turned=False, fault=None, connected=True):
        """Joins at the first start.  Waits until the hub has welcomed it."""
        if not (self.folder / "directory.bin").exists():
            self.network.registrar.welcome(self.id, self.welcome)
            run(program("jembatan-agent"), "join", self.welcome, "--config", self.config)
        name = "jembatan-agent-turned" if turned or fault else "jembatan-agent"
        command = [program(name), "run", "--config", self.config]
        self.daemon = Daemon(self.id, command, self.network.folder / f"{self.id}.log",
                             self.network.clock)
        self.daemon.start(ready="agent.started", fault=fault)
        if connected:
            self.daemon.wait_log("post.connected", seconds=20)
        return self

    def stop(self):
        self.daemon.stop()

    def kill(self):
        self.daemon.kill()

    def reload(self):
        before = len(self.daemon.events("agent.reloaded"))
        self.daemon.process.send_signal(signal.SIGHUP)
        self.daemon.wait_log("agent.reloaded", before + 1)

    # ---- its api ----

    def api(self, method, path, body=None, status=None):
        """What the api answers, as Python values.  Fails on an error unless `status` expects it."""
        connection = _UnixConnection(str(self.socket))
        try:
            data = None if body is None else json.dumps(body)
            connection.request(method, path, data,
                               {"Content-Type": "application/json"} if data else {})
            reply = connection.getresponse()
            text = reply.read().decode()
        finally:
            connection.close()
        expected = reply.status < 400 if status is None else reply.status == status
        assert expected, f"{method} {path} gave {reply.status}: {text}"
        return json.loads(text) if text else None

    def wait_api(self, path, holds, seconds=20):
        """Asks until the answer is as wanted; gives it."""
        last = [None]

        def asked():
            last[0] = self.api("GET", path)
            return last[0] if holds(last[0]) else None
        return wait_for(asked, seconds, lambda: f"{self.id} {path} stayed {last[0]}")

    def cli(self, *words, status=0, stdin=None):
        """Runs the command line as a caseworker would; gives what --json printed."""
        text = run(program("jembatan"), "--socket", self.socket, "--json", *words, status=status,
                   stdin=stdin)
        return json.loads(text) if status == 0 and text.strip() else text


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=30)
        self._path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)
