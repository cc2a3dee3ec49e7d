"""The hub and the bare brokers under the workloads of bench_load, and storms of agents."""

import os
import shutil
import socket
import statistics
import subprocess
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RELEASE = Path(os.environ.get("JEMBATAN_BIN", ROOT / "build" / "release"))
TESTS = ROOT / "build" / "bench" / "tests"
PAIRS = {"W1": 1, "W2": 1, "W3": 100, "W4": 1}
BARE = ("log", "sqlite")
SETTLE_SECONDS = 1     # until a broker that was just met has given back what it needed for it
START_SECONDS = 30


class Failed(Exception):
    """A measurement could not be made; the text says why."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def read_line(line):
    """The figures of a driver's line: name and workload, then key=value."""
    return {key: float(value) for key, _, value in (word.partition("=") for word in line.split())
            if value}


def pss_mib(pid):
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise Failed(f"no memory of {pid}")


def rss_mib(pid):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise Failed(f"no memory of {pid}")


class Broker:
    """One broker with an empty store in a folder of its own, from start to end."""

    def __init__(self, tmp, name, pairs, guests=0, slow_us=0):
        self.name, self.guests, self.slow_us = name, guests, slow_us
        self.folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=tmp))
        self.net, self.port = self.folder / "net", free_port()
        self.endpoint = f"tcp://127.0.0.1:{self.port}"
        (self.folder / "data").mkdir()
        subprocess.run([TESTS / "bench_network", self.net, self.endpoint, str(pairs), str(guests)],
                       check=True)
        self.process = None

    def command(self):
        if self.name == "hub":
            return [RELEASE / "jembatan-hub", "run", "--config", self.net / "hub.zpl"]
        if self.name == "door":
            return [TESTS / "bench_door", self.net, self.endpoint, self.guests]
        return [TESTS / "bench_broker", self.net, self.endpoint, self.folder / "data", self.name]

    def start(self):
        slow = {"LD_PRELOAD": TESTS / "slow_sync.so", "SLOW_SYNC_US": self.slow_us}
        environment = {**os.environ, **({key: str(value) for key, value in slow.items()}
                                        if self.slow_us else {})}
        with open(self.folder / "log", "a") as log:
            self.process = subprocess.Popen(list(map(str, self.command())), env=environment,
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def wait(self):
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise Failed(f"{self.name} does not listen: {self.log()}")

    def log(self):
        return (self.folder / "log").read_text()[-2000:]

    def dialect(self):
        return "hub" if self.name == "hub" else "bare"

    def load(self, work, **environment):
        """One workload; its figures."""
        given = {key: str(value) for key, value in environment.items()}
        done = subprocess.run([TESTS / "bench_load", self.net, self.endpoint, self.dialect(), work],
                              env={**os.environ, **given, "LABEL": self.name,
                                   "SERVER_PID": str(self.process.pid)},
                              text=True, capture_output=True)
        if done.returncode != 0:
            raise Failed(f"{self.name} {work}: {done.stderr[-1000:]}{self.log()}")
        return read_line(done.stdout)

    def __enter__(self):
        self.start()
        try:
            self.wait()
        except Failed:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder)


def workload(tmp, name, work, slow_us=0, **environment):
    pairs = int(environment.get("PAIRS", os.environ.get("PAIRS") or PAIRS[work]))
    with Broker(tmp, name, pairs, slow_us=slow_us) as broker:
        return broker.load(work, **environment)


# ---- many agents at once ----

def storm(tmp, name, count):
    """All connect; the broker is killed; all connect again to the one that takes its place."""
    with Broker(tmp, name, 1, guests=count) as broker:
        time.sleep(SETTLE_SECONDS)
        before = pss_mib(broker.process.pid)
        crowd = subprocess.Popen([TESTS / "bench_connect", broker.net, broker.endpoint,
                                  broker.dialect(), str(count)], text=True,
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            figures = read_line(crowd.stdout.readline())
            time.sleep(SETTLE_SECONDS)
            figures["kib_per_agent"] = (pss_mib(broker.process.pid) - before) * 1024 / count
            broker.process.kill()
            broker.process.wait()
            time.sleep(SETTLE_SECONDS)     # what is sent before the loss is noticed would be lost too
            ask(crowd)
            broker.start()
            figures.update(read_line(ask(crowd)))
        finally:
            crowd.kill()
            crowd.wait()
    if "reconnect_s" not in figures:
        raise Failed(f"{count} agents were not all let in by {name}")
    return figures


def ask(crowd):
    crowd.stdin.write("\n")
    crowd.stdin.flush()
    return crowd.stdout.readline()


# ---- half an hour ----

def soak(tmp, minutes, every=5):
    """Resident memory of a hub under a mixed load, as a line through the last two thirds."""
    seconds, samples = int(minutes * 60), []
    with Broker(tmp, "hub", 20) as broker:
        done = threading.Event()

        def sample():
            began = time.monotonic()
            while not done.wait(every):
                samples.append((time.monotonic() - began, rss_mib(broker.process.pid)))

        thread = threading.Thread(target=sample)
        thread.start()
        try:
            figures = broker.load("W3", PAIRS=20, WINDOW=50, SECONDS=seconds)
        finally:
            done.set()
            thread.join()
    late = samples[len(samples) // 3:]
    slope, _ = statistics.linear_regression(*zip(*late))
    middle = statistics.median(each[1] for each in late)
    return {"minutes": minutes, "letters_per_s": figures["msgs_per_s"], "rss_mib": middle,
            "percent_per_hour": slope * 3600 / middle * 100}
