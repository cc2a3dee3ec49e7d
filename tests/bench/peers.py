"""Other brokers in the same workload frame, from a folder that the user names.

Each subfolder with a program `run` is a peer: `run W1 W2 W3 W4` installs what it needs, starts its
server on loopback with data in a new folder, runs those workloads, and prints a line for each:
a name for its setting, the workload, then key=value.  Nothing else is known of it here.
"""

import contextlib
import os
import re
import signal
import subprocess
from pathlib import Path

import machine
from brokers import TESTS, read_line
from children import Failed
from measures import Measure
from rounds import number

ORDER = ("redis", "rabbitmq", "postgres", "nats", "mosquitto")
PACKAGES = ("redis-server", "rabbitmq-server", "postgresql-15", "nats-server", "mosquitto")
WORKS = ("W1", "W2", "W3", "W4")
SLOW = ", 2 ms more"
SLOW_LETTERS = 20_000  # some commit every letter
MOST_SECONDS = 60
TIDY_SECONDS = 15
# Whom the hub must be faster than.
MUST_BEAT = {"W1": ("redis-streams-always", "rabbitmq-classic", "rabbitmq-quorum"),
             "W3": ("rabbitmq-classic", "rabbitmq-quorum")}
LINE = re.compile(r"^(\S+) (W[1-4]) .*=")


def find(folder):
    """Their names, those that are mostly asked about first."""
    names = [name for name in ORDER if (folder / name / "run").is_file()]
    names += sorted(each.parent.name for each in folder.glob("*/run")
                    if each.parent.name not in (*names, "limits", "connect"))
    return names


def take(folder, name, work, slow=False, seconds=MOST_SECONDS):
    """"label workload figure" -> value, for every setting of the peer that its program tries."""
    environment = dict(os.environ)
    if slow:
        environment.update(LD_PRELOAD=str(TESTS / "slow_sync.so"), SLOW_SYNC_US="2000",
                           N=os.environ.get("N", str(SLOW_LETTERS)))
    peer = subprocess.Popen(["bash", str(Path(folder) / name / "run"), work], env=environment,
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            start_new_session=True)
    try:
        printed, said = peer.communicate(timeout=seconds)
    except subprocess.TimeoutExpired as late:
        raise Failed(f"more than {seconds} s", figures_of(stop(peer))) from late
    figures = figures_of(printed)
    if not figures:
        said = (said or printed).decode(errors="replace").strip().splitlines()
        raise Failed(said[-1] if said else f"exit status {peer.returncode} and not a word")
    return figures


def stop(peer):
    """It may tidy up its folder; gives what it had printed."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(peer.pid, sign)
        with contextlib.suppress(subprocess.TimeoutExpired):
            return peer.communicate(timeout=TIDY_SECONDS)[0]
    return b""


def figures_of(printed):
    lines = printed.decode(errors="replace").splitlines()
    return {f"{' '.join(found.groups())} {key}": value for line in lines
            if (found := LINE.match(line)) for key, value in read_line(line).items()}


def versions():
    """Of the servers that are installed here."""
    found = {name: machine.package(name) for name in PACKAGES}
    return [f"{name} {version}" for name, version in found.items() if version]


# ---- on the page ----

def measures(folder):
    """Each peer with each workload; they stand in a table of their own and have no rows."""
    def measure(name, work, slow=False):
        return Measure(f"{name} {work}{SLOW if slow else ''}",
                       lambda tmp: take(folder, name, work, slow), (), 1, MOST_SECONDS + 30)
    names = find(folder)
    return (*(measure(name, work) for work in WORKS for name in names),
            *(measure(name, "W1", True) for name in names))


def beside(ours, theirs):
    """All measures in the order of a round: peers right behind what they are held against."""
    names = {each.name for each in ours}
    follows = {each: each.name.partition(" ")[2] for each in theirs}
    return [*(each for own in ours
              for each in (own, *(peer for peer in theirs if follows[peer] == own.name))),
            *(peer for peer in theirs if follows[peer] not in names)]


def table(results, hub):
    """Every peer's figures; `hub` (workload, slow) gives the hub's speed in the same run, or None."""
    lines = ["| workload | peer | letters/s | hub ÷ peer | Put to acknowledgement, p50 | memory grew |",
             "|---|---|---|---|---|---|"]
    found = {}
    for each in results.rounds:
        for measure, figures in each.items():
            for key, value in figures.items():
                words = key.split(" ")
                if len(words) == 3 and LINE.match(f"{key}="):
                    slow = SLOW if measure.endswith(SLOW) else ""
                    found.setdefault((words[1], slow, words[0]), {})[words[2]] = value
    lines += [row(work, slow, label, figures, hub(work, slow))
              for (work, slow, label), figures in sorted(found.items())]
    return "\n".join(lines) if found else ""


def row(work, slow, label, figures, own):
    speed = figures.get("drain_per_s" if work == "W4" else "msgs_per_s")
    grew = figures.get("mem_backlog_mb", figures.get("mem_mb", 0)) - figures.get(
        "mem_empty_mb", figures.get("mem_start_mb", 0))
    ratio = number(own / speed) if own and speed else "–"
    if ratio != "–" and label in MUST_BEAT.get(work, ()) and own < speed:
        ratio += " **missed**"
    return (f"| {work}{slow} | {label} | {number(speed) if speed else '–'} | {ratio} | "
            f"{number(figures['ack_p50_ms']) + ' ms' if 'ack_p50_ms' in figures else '–'} | "
            f"{number(grew)} MB |")
