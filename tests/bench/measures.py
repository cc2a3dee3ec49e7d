"""What is measured, in the order of the page: one table, with the goal and the aim of every row.

A measure gives figures; its rows say which of them stand on the page, and under which words.  A new
figure is a row here, and a paragraph in page.py that says what it is.
"""

import json
import os
from dataclasses import dataclass

import agents
import brokers
import town

ROUNDS = 3
CRYPTO_LETTERS = 10_000
SLOW_LETTERS = {2: 50_000, 20: 20_000}       # by milliseconds that a flush takes more
STORMS = (1000, 5000)
SOAK_MINUTES = float(os.environ.get("BENCH_SOAK_MINUTES") or 0.5)
SOAK_COUNTS = 20                             # minutes; the slope of a shorter run says nothing
BACKUP_LETTERS = 150_000

SPEED = "msgs_per_s"
NAMES = {"log": "bare broker over a log", "sqlite": "bare broker over SQLite", "hub": "hub",
         "door": "bare CURVE with a ZAP handler"}
ALL = ("log", "sqlite", "hub")


@dataclass(frozen=True)
class Row:
    what: str
    figure: str            # of what its measure gives; of a ratio the one that both have
    unit: str = ""
    of: tuple = ()         # (above, below): a ratio, taken within a round
    reach: tuple = None    # (">=" or "<=", number): what a release must hold
    aim: tuple = None      # what is wished for


@dataclass(frozen=True)
class Measure:
    name: str
    take: object           # called with the folder for data; gives figures by name
    rows: tuple
    rounds: int = ROUNDS   # what takes long, and hardly varies, is measured once
    seconds: float = 90    # what takes longer has failed


# ---- the hub and what it is held against, one after the other ----

def in_turn(measure, *names):
    """A measure of each.  Who goes first finds a machine that has rested, so the order changes."""
    order = list(names)

    def take(tmp):
        order.reverse()
        return {f"{name} {figure}": value for name in order
                for figure, value in measure(tmp, name).items()}
    return take


def load(work, *names, **settings):
    return in_turn(lambda tmp, name: brokers.workload(tmp, name, work, **settings), *(names or ALL))


def storm(count):
    return in_turn(lambda tmp, name: brokers.storm(tmp, name, count), "door", "hub")


def each(what, figure, unit, names=ALL):
    return tuple(Row(f"{what}: {NAMES[name]}", f"{name} {figure}", unit) for name in names)


def ratio(what, figure, reach, aim, above="hub", below="log"):
    return Row(f"**{what}**", figure, "", (above, below), reach, aim)


def at_least(what, figure=SPEED, reach=0.55, aim=0.8):
    return ratio(f"{what}: hub ÷ bare log", figure, (">=", reach), (">=", aim))


def work_rows(what):
    return (*each(what, SPEED, "/s"), at_least(what),
            *each(f"{what}, broker's processor time for a letter", "server_cpu_us_per_msg", "µs"))


def slow(ms):
    what = f"W1, {ms} ms more for each flush"
    return Measure(f"W1, {ms} ms more", load("W1", slow_us=ms * 1000, N=SLOW_LETTERS[ms]),
                   (*each(what, SPEED, "/s"), at_least(what)))


def storm_measure(count):
    what, moments = f"{count:,} agents at once", (("all connected", "connect_s"),
                                                  ("after a crash of the hub", "reconnect_s"))
    return Measure(f"storm of {count}", storm(count), (
        *(row for when, figure in moments for row in (
            *each(f"{what}, {when}", figure, "s", ("door", "hub")),
            ratio(f"{what}, {when}: hub ÷ bare", figure, ("<=", 1.5), ("<=", 1.2), below="door"))),
        *each(f"{what}: memory of one for each idle agent", "kib_per_agent", "KiB", ("door",)),
        Row(f"{what}: memory of the hub for each idle agent", "hub kib_per_agent", "KiB", (),
            ("<=", 48), ("<=", 42)),
    ), ROUNDS if count <= 1000 else 1, 150)


# ---- the agents, and both together ----

def soak(tmp):
    figures, samples = town.soak(tmp, SOAK_MINUTES)
    (tmp / "soak.json").write_text(json.dumps(samples))
    if SOAK_MINUTES < SOAK_COUNTS:
        for name in [name for name in figures if "per_hour" in name]:
            del figures[name]
    return figures


def slope(who, name):
    return Row(f"Mixed load: slope of {who} resident memory", f"{name}_percent_per_hour", "%/h", (),
               ("<=", 1), ("<=", 0))


MEASURES = (
    Measure("W1", load("W1"), work_rows("W1, one pair")),
    slow(2),
    slow(20),
    Measure("W1 with crypto", load("W1", "log", "hub", CRYPTO=1, N=CRYPTO_LETTERS), (
        *each("W1 with the agencies' crypto", SPEED, "/s", ("log", "hub")),
        at_least("W1 with the agencies' crypto", reach=0.8, aim=0.95))),
    Measure("W2", load("W2"), (
        *each("W2, Put to acknowledgement, p50", "ack_p50_ms", "ms"),
        ratio("W2, p50: hub ÷ bare log", "ack_p50_ms", ("<=", 1.6), ("<=", 1.2)),
        ratio("W2, p50: hub ÷ bare SQLite", "ack_p50_ms", None, None, below="sqlite"))),
    Measure("W3", load("W3"), work_rows("W3, 100 agencies to 100")),
    Measure("W4", load("W4"), (
        *each("W4, 200,000 letters taken", "fill_per_s", "/s"),
        at_least("W4, taken", "fill_per_s"),
        *each("W4, then drained", "drain_per_s", "/s"),
        at_least("W4, drained", "drain_per_s"),
        Row("W4, growth of the hub's memory while they wait", "hub growth_mb", "MiB", (),
            ("<=", 16), ("<=", 8))), 1, 180),
    *(storm_measure(count) for count in STORMS),
    Measure("backup", lambda tmp: brokers.backup(tmp, BACKUP_LETTERS), (
        Row("Backup of a hub's store, nothing else going on", "mib_per_s", "MiB/s"),
        Row("One letter in flight, p99: no backup", "calm ack_p99_ms", "ms"),
        Row("One letter in flight, p99: while a backup runs", "busy ack_p99_ms", "ms"),
        Row("p99 while a backup runs ÷ without", "ack_p99_ms", "", ("busy", "calm"))), 2, 120),
    Measure("mixed load", soak, (
        Row("Mixed load: letters of the pairs", "letters"),
        Row("Mixed load: referrals between the agents, answered", "referrals_per_s", "/s"),
        Row("Mixed load: resident memory of the hub", "hub_rss_mib", "MiB"),
        Row("Mixed load: resident memory of the agent that receives", "agent_rss_mib", "MiB"),
        Row("Mixed load: resident memory of the agent that sends", "sender_rss_mib", "MiB"),
        slope("the hub's", "hub"), slope("the receiving agent's", "agent"),
        slope("the sending agent's", "sender")), 1, SOAK_MINUTES * 60 + 120),
    Measure("seal", agents.seal, (
        Row("Sealed and opened, one thread for both agencies", "letters_per_s", "/s", (),
            (">=", 1000)),)),
    Measure("office", agents.office, (
        Row("Referrals received by an agent: opened, checked, committed, receipted",
            "letters_per_s", "/s", (), (">=", 1000)),
        Row("Idle memory of a hub, PSS", "hub_pss_mib", "MiB", (), ("<=", 24)),
        Row("Idle memory of a hub, RSS", "hub_rss_mib", "MiB"),
        Row("Idle memory of an agent, PSS", "agent_pss_mib", "MiB", (), ("<=", 16)),
        Row("Idle memory of an agent, RSS", "agent_rss_mib", "MiB")), 2),
    Measure("ledger", agents.large_ledger, (
        Row("Large ledger: entries", "entries"),
        Row("Large ledger: unlocked, names indexed; the file was not in memory", "open_cold_s", "s",
            (), ("<=", 3)),
        Row("Large ledger: the same, file in memory", "open_warm_s", "s", (), ("<=", 3)),
        Row("Large ledger: slowest of its lists, p99", "slowest_list_p99_ms", "ms", (), ("<=", 20)),
        Row("Large ledger: `jembatan verify --quick`, entries", "verified_per_s", "/s", (),
            (">=", 200_000)),
        Row("Large ledger: letters received, 32 in a commit", "batched_per_s", "/s", (),
            (">=", 1000)),
        Row("Large ledger: letters received, a commit for each", "alone_per_s", "/s"),
        Row("Empty ledger: letters received, 32 in a commit", "empty_batched_per_s", "/s"),
        Row("Empty ledger: letters received, a commit for each", "empty_alone_per_s", "/s"),
        Row("Those letters verified, with their signatures", "letters_verified_per_s", "/s"),
        Row("Large ledger: the tick every five seconds, nothing being due", "tick_ms", "ms"),
        Row("Large ledger: entries written while it was made", "built_entries_per_s", "/s"),
        Row("Large ledger: file", "file_mib", "MiB"),
        Row("Large ledger: file for each entry", "bytes_per_entry", "bytes"),
        Row("Large ledger: memory of the index of names", "memory_of_index_mib", "MiB"),
        Row("Large ledger: memory of the process that has read its lists", "memory_used_mib",
            "MiB")), 1, 400),
    Measure("play", agents.play, (
        Row("From starting the demo to the first line of the play", "first_line_s", "s", (),
            ("<=", 60)),), 1, 150),
)
