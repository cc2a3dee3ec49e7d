"""The demo network: a registrar, a hub and the agencies of network.json as real processes on loopback.

Everything lives in build/demo; the unix sockets live in a folder of their own below /tmp, because a
socket's path may not be longer than 107 characters.
"""
import getpass
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = ROOT / "build" / "release"
HOME = ROOT / "build" / "demo"
STATE = HOME / "state.json"
FIRST_CONSOLE_PORT = 8201
WIB = timezone(timedelta(hours=7))
NAMES = json.loads((Path(__file__).parent / "network.json").read_text())


class Failed(Exception):
    """A command that should have worked did not; the text is what it said."""


def run(*words, fails=False, env=None):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=60, env=env)
    if (done.returncode != 0) != fails:
        raise Failed(f"{' '.join(map(str, words))}\n{done.stdout}{done.stderr}".strip())
    return done.stdout if not fails else done.stdout + done.stderr


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def console_address(n):
    """Of the n-th agency, the same in each demo unless somebody else listens there."""
    port = FIRST_CONSOLE_PORT + n
    with socket.socket() as probe:
        return f"127.0.0.1:{port if probe.connect_ex(('127.0.0.1', port)) else free_port()}"


def wait_until(what, holds, seconds=30):
    """Asks until it holds; shows a line for each second it takes, so that nobody wonders."""
    began = shown = time.monotonic()
    while True:
        answer = holds()
        if answer:
            return answer
        now = time.monotonic()
        if now - began > seconds:
            raise Failed(f"waited {seconds} s in vain: {what}")
        if now - shown >= 1:
            shown = now
            print(f"           ... menunggu / waiting: {what} ({now - began:.0f} s)", flush=True)
        time.sleep(0.05)


def write_zpl(path, sections, depth=0):
    def lines(values, indent):
        for name, value in values.items():
            if isinstance(value, dict):
                yield " " * indent + name
                yield from lines(value, indent + 4)
            else:
                yield " " * indent + f'{name} = "{value}"'
    path.write_text("\n".join(lines(sections, depth)) + "\n")


class Process:
    """A program that we started, and end by its pid."""

    def __init__(self, name, command, log, clock):
        self.name, self.command, self.log, self.clock = name, command, log, clock
        self.pid = None

    def start(self):
        with open(self.log, "ab") as log:
            self.pid = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                        env=self.clock.env,
                                        start_new_session=True).pid
        return self

    def running(self):
        try:
            done, _ = os.waitpid(self.pid, os.WNOHANG)
            return done == 0
        except ChildProcessError:
            return command_of(self.pid) != b""

    def must_run(self):
        if not self.running():
            raise Failed(f"{self.name} ended; its log {self.log} says:\n{self.log.read_text()[-2000:]}")
        return True

    def stop(self):
        stop_pid(self.pid)


def stop_pid(pid):
    """Asks a process to end and waits for it."""
    try:
        os.kill(pid, signal.SIGTERM)
        for _ in range(100):
            try:
                if os.waitpid(pid, os.WNOHANG)[0] == pid:
                    return
            except ChildProcessError:   # another run started it; a zombie has no command line
                if not command_of(pid):
                    return
            time.sleep(0.05)
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


class Clock:
    """How far the network's time is ahead of the machine's: the play lets an hour or a month pass.  Every
    program of the demo reads the file anew whenever it looks at its clock."""

    def __init__(self, path):
        self.path, self.ahead = path, timedelta()
        self.turn()

    @property
    def env(self):
        return {**os.environ, "JEMBATAN_TEST_CLOCK": str(self.path)}

    def turn(self, **by):
        self.ahead += timedelta(**by)
        fresh = self.path.with_suffix(".new")
        ms = self.ahead // timedelta(milliseconds=1)
        fresh.write_text(f"{ms} {ms}\n")     # of the time of day, and of what has passed
        fresh.rename(self.path)

    def now(self):
        return datetime.now(WIB) + self.ahead


class Agency:
    def __init__(self, network, about, enrolled=True):
        self.network, self.about, self.id = network, about, about["id"]
        self.name = about["name_id"]
        self.folder = HOME / "agencies" / self.id
        self.socket = network.sockets / f"{self.id}.sock"
        self.config = self.folder / "agent.zpl"
        self.request = self.folder / "agency.request"
        self.ledger = self.folder / "data" / "ledger.db"
        self.log = HOME / "logs" / f"{self.id}.log"
        self.console = console_address(len(network.agencies))
        self.process = Process(self.id, [BIN / "jembatan-agent-turned", "run", "--config", self.config],
                               self.log, network.clock)
        self.folder.mkdir(parents=True)
        self._configure()
        run(BIN / "jembatan-agent", "init", "--config", self.config, "--request", self.request)

    def _configure(self):
        agency = {name: self.about[name] for name in
                  ("id", "name_id", "name_en", "kind", "region", "address", "phone", "office_hours")}
        agency["services"] = {name: "yes" for name in self.about["services"]}
        write_zpl(self.config, {
            "agency": agency,
            "paths": {"data": "data", "keys": "keys", "ledger_key": "keys/ledger.key",
                      "directory": "directory.bin", "catalogue": ROOT / "config" / "catalogue",
                      "socket": self.socket, "console": ROOT / "build" / "console"},
            "console": {"address": self.console, "tls": "no"},
            "users": {getpass.getuser(): self.about["role"]},
        })

    def join(self, welcome):
        run(BIN / "jembatan-agent", "join", welcome, "--config", self.config)

    def start(self):
        self.process.start()
        return self

    def cli(self, *words, fails=False):
        """The command line, as somebody of this agency uses it."""
        text = self._jembatan("--json", *words, fails=fails)
        return text if fails else json.loads(text)

    def screen(self, *words):
        """What the command line shows to a person."""
        return self._jembatan(*words)

    def _jembatan(self, *words, fails=False):
        return run(BIN / "jembatan-turned", "--socket", self.socket, *words, fails=fails, env=self.network.clock.env)

    def status(self):
        try:
            return self.cli("status")
        except Failed:
            return {"hub": {"connected": False}}

    def wait_connected(self):
        wait_until(f"{self.name} <-> hub",
                   lambda: self.process.must_run() and self.status()["hub"]["connected"])


class Network:
    def __init__(self):
        self.sockets = Path(tempfile.mkdtemp(prefix="jembatan-demo-"))
        shutil.rmtree(HOME, ignore_errors=True)
        for name in ("registrar", "hub", "agencies", "welcome", "logs"):
            (HOME / name).mkdir(parents=True)
        self.clock = Clock(HOME / "clock")
        self.registrar_folder = HOME / "registrar" / "state"
        self.directory = self.registrar_folder / "directory.bin"
        self.hub_config = HOME / "hub" / "hub.zpl"
        self.hub_socket = self.sockets / "hub.sock"
        self.hub = Process("hub", [BIN / "jembatan-hub-turned", "run", "--config", self.hub_config],
                           HOME / "logs" / "hub.log", self.clock)
        self.agencies = {}

    def registrar(self, *words):
        return run(BIN / "jembatan-registrar", *words, "--folder", self.registrar_folder)

    def hubctl(self, *words):
        return run(BIN / "jembatan-hubctl", *words, "--socket", self.hub_socket)

    def enrol_hub(self):
        self.registrar("init", "--network", NAMES["network"], "--holder", "Pendaftar contoh")
        endpoint = f"tcp://127.0.0.1:{free_port()}"
        write_zpl(self.hub_config, {
            "hub": {"id": NAMES["hub"], "endpoint": endpoint, "data": "data", "keys": "keys",
                    "control": self.hub_socket, "directory": self.directory},
        })
        request = HOME / "hub" / "hub.request"
        run(BIN / "jembatan-hub", "init", "--id", NAMES["hub"], "--endpoint", endpoint,
            "--keys", HOME / "hub" / "keys", "--request", request)
        self.registrar("enrol", request, "--yes")

    def enrol_agencies(self):
        for about in NAMES["agencies"]:
            agency = Agency(self, about)
            self.agencies[agency.id] = agency
            self.registrar("enrol", agency.request, "--yes")
        for coordinator, overseen in NAMES["oversight"].items():
            self.registrar("oversee", coordinator, *overseen)
        self.sign()
        for agency in self.agencies.values():
            welcome = HOME / "welcome" / f"{agency.id}.welcome"
            self.registrar("welcome", agency.id, "--out", welcome)
            agency.join(welcome)

    def sign(self):
        """For longer than the play lets pass."""
        self.registrar("sign", "--days", "365")

    def publish(self):
        """A new version of the directory; the running hub takes it up."""
        self.sign()
        self.hubctl("reload")

    def start(self):
        self.hub.start()
        wait_until("hub", lambda: self.hub.must_run() and self.hub_socket.exists())
        for agency in self.agencies.values():
            agency.start()
        self.remember()
        for agency in self.agencies.values():
            agency.wait_connected()

    def remember(self):
        """What `stop` and `as` need to find the network again."""
        pids = [self.hub.pid] + [agency.process.pid for agency in self.agencies.values()]
        STATE.write_text(json.dumps({"pids": pids, "sockets": str(self.sockets)}))

    def stop(self):
        for agency in self.agencies.values():
            if agency.process.pid:
                agency.process.stop()
        if self.hub.pid:
            self.hub.stop()
        shutil.rmtree(self.sockets, ignore_errors=True)
        STATE.unlink(missing_ok=True)


def stop_earlier():
    """Ends the network that an earlier demo left up.  Returns whether there was one."""
    if not STATE.exists():
        return False
    state = json.loads(STATE.read_text())
    for pid in reversed(state["pids"]):
        if b"jembatan-" in command_of(pid):   # a pid may mean another program by now
            stop_pid(pid)
    shutil.rmtree(state["sockets"], ignore_errors=True)
    STATE.unlink()
    return True


def command_of(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
