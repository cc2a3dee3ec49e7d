"""Other brokers in the same workload frame, from a folder that the user names.

Each subfolder with a program `run` is a peer: `run W1 W2 W3 W4` installs what it needs, starts its
server on loopback with data in a new folder, runs those workloads, and prints a line for each:
its name, the workload, then key=value.  Nothing else is known of it here.
"""

import os
import re
import subprocess
from pathlib import Path

from brokers import TESTS, read_line

ORDER = ("redis", "rabbitmq", "postgres", "nats", "mosquitto")
PACKAGES = ("redis-server", "rabbitmq-server", "postgresql-15", "nats-server", "mosquitto")
LINE = re.compile(r"^(\S+) (W[1-4]) .*=")
MOST_SECONDS = 900


def find(folder):
    """Their names, those that are mostly asked about first."""
    names = [name for name in ORDER if (folder / name / "run").is_file()]
    names += sorted(each.parent.name for each in folder.glob("*/run")
                    if each.parent.name not in (*names, "limits", "connect"))
    return names


def run(folder, name, works, slow_us=0):
    """{(label, workload): figures}, and what it complained of when nothing came."""
    environment = dict(os.environ)
    if slow_us:
        environment.update(LD_PRELOAD=str(TESTS / "slow_sync.so"), SLOW_SYNC_US=str(slow_us))
    command = ["bash", str(Path(folder) / name / "run"), *works]
    try:
        done = subprocess.run(command, env=environment, text=True, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=MOST_SECONDS)
    except subprocess.TimeoutExpired:
        return {}, f"{name}: more than {MOST_SECONDS} s"
    found = {LINE.match(line).groups(): read_line(line) for line in done.stdout.splitlines()
             if LINE.match(line)}
    return found, "" if found else f"{name}: {(done.stderr or done.stdout)[-500:]}"


def versions():
    """Of the servers that are installed here."""
    lines = []
    for package in PACKAGES:
        done = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package], text=True,
                              capture_output=True)
        if done.returncode == 0 and done.stdout:
            lines.append(f"{package} {done.stdout}")
    return lines
