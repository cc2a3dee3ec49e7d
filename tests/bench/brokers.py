"""The hub and the bare brokers under the workloads of bench_load, storms of agents, and backups."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from children import Failed, output, pss_mib

ROOT = Path(__file__).resolve().parents[2]
RELEASE = Path(os.environ.get("JEMBATAN_BIN", ROOT / "build" / "release"))
TESTS = ROOT / "build" / "bench" / "tests"
PAIRS = {"W1": 1, "W2": 1, "W3": 100, "W4": 1}
BARE = ("log", "sqlite")
SETTLE_SECONDS = 1     # until a broker that was just met has given back what it needed for it
START_SECONDS = 30


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def read_line(line):
    """The figures of a driver's line: name and workload, then key=value."""
    return {key: float(value) for key, _, value in (word.partition("=") for word in line.split())
            if value}


def drive(net, endpoint, dialect, work, **environment):
    """One workload of bench_load; its figures."""
    given = {key: str(value) for key, value in environment.items()}
    return read_line(output(TESTS / "bench_load", net, endpoint, dialect, work,
                            env={**os.environ, **given}))


class Broker:
    """One broker with an empty store in a folder of its own, from start to end."""

    def __init__(self, tmp, name, pairs, guests=0, slow_us=0):
        self.name, self.guests, self.slow_us = name, guests, slow_us
        self.folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=tmp))
        self.net, self.port = self.folder / "net", free_port()
        self.endpoint = f"tcp://127.0.0.1:{self.port}"
        (self.folder / "data").mkdir()
        output(TESTS / "bench_network", self.net, self.endpoint, pairs, guests)
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
        try:
            return drive(self.net, self.endpoint, self.dialect(), work, **environment,
                         LABEL=self.name, SERVER_PID=self.process.pid)
        except Failed as failure:
            raise Failed(f"{self.name} {work}: {failure} {self.log()}") from failure

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
        figures = broker.load(work, **environment)
    if "mem_backlog_mb" in figures:
        figures["growth_mb"] = figures["mem_backlog_mb"] - figures["mem_empty_mb"]
    return figures


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


# ---- a backup while letters go on ----

def backup(tmp, letters, seconds=4):
    """A store in which so many letters wait is backed up, first alone and then, again and again,
    beside a pair that has one letter in flight."""
    with Broker(tmp, "hub", 3) as broker, ThreadPoolExecutor(1) as pool:
        folder = broker.folder / "backups"
        folder.mkdir()
        broker.load("W4", N=letters, FILL_ONLY=1)
        calm = broker.load("W2", FIRST=1, SECONDS=seconds)
        began = time.monotonic()
        hubctl(broker, "backup", folder)
        took = time.monotonic() - began
        written = sum(each.stat().st_size for each in folder.iterdir())
        busy = pool.submit(broker.load, "W2", FIRST=2, SECONDS=seconds)
        while not busy.done():
            hubctl(broker, "backup", folder)
    return {"mib_per_s": written / 2**20 / took, "calm ack_p99_ms": calm["ack_p99_ms"],
            "busy ack_p99_ms": busy.result()["ack_p99_ms"]}


def hubctl(broker, *words):
    return output(RELEASE / "jembatan-hubctl", *words, "--socket", broker.net / "hub.sock")
