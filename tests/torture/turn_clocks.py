"""Clocks that are set wrong, of the hub and of an agency, while they run and before they start.

By ten minutes and by a year, ahead and back, under traffic.  Then all clocks are right again,
everybody comes to rest and stops, and the checker reads what they left.
"""

import shutil
import tempfile
import time
from pathlib import Path

from stories.daemon import Daemon
from stories.network import Clock
from torture import bad_lines, kill_daemons

SPANS = {"ten minutes": {"minutes": 10}, "a year": {"days": 365}}
RUNS = [(who, when, way, span) for who in ("hub", "agency") for when in ("running", "at start")
        for way in (1, -1) for span in SPANS]
SHORT = [("hub", "running", 1, "a year")]


class Town:
    """A hub and three agencies; hub and first agency have clocks of their own."""

    def __init__(self, folder):
        self.network, self.agents, self.clients = kill_daemons.build_network(folder)
        self.clocks = {"hub": Clock(folder / "hub-clock"), "agency": Clock(folder / "agency-clock")}

    def start(self, who):
        if who == "hub":
            hub = self.network.hub
            self.network.hub = Daemon("hub", hub.command, hub.log_path, self.clocks[who])
            self.network.hub.start(ready="hub.started")
        else:
            agent = self.agents[0]
            agent.daemon = Daemon(agent.id, agent.daemon.command, agent.daemon.log_path,
                                  self.clocks[who])
            agent.daemon.start(ready="agent.started")

    def stop(self, who):
        (self.network.hub if who == "hub" else self.agents[0]).stop()

    def start_all(self):
        self.start("hub")
        self.start("agency")
        for agent in self.agents[1:]:
            kill_daemons.start_agent(self.network, agent)().wait_log("agent.started")

    def stop_all(self):
        for agent in self.agents:
            agent.stop()
        self.network.hub.stop()


def set_clock(town, who, when, way, span):
    by = {unit: way * count for unit, count in SPANS[span].items()}
    if when == "running":
        town.clocks[who].set(**by)
    else:
        town.stop(who)
        town.clocks[who].set(**by)
        town.start(who)


def set_right(town, who, when):
    if when == "running":
        town.clocks[who].set(ms=-town.clocks[who].ms)
    else:
        town.stop(who)
        town.clocks[who].set(ms=-town.clocks[who].ms)
        town.start(who)


def play(town, run, seconds, seed, acked):
    """What is wrong, or ""; and how many letters were acknowledged."""
    before = len(acked.read_text().splitlines())
    who, when, way, span = run
    with open(acked, "a") as file:
        traffic = kill_daemons.Traffic(town.agents, town.clients, seed, file)
        traffic.start()
        time.sleep(1)
        set_clock(town, who, when, way, span)
        time.sleep(seconds)
        set_right(town, who, when)
        time.sleep(1)
        traffic.over.set()
        traffic.join()
    bad_lines.come_to_rest(town.agents)
    expired = town.network.hub.events("letter.expired")
    town.stop_all()
    status, said = kill_daemons.check(town.network, town.agents, acked)
    letters = len(acked.read_text().splitlines()) - before
    if expired:
        return f"{len(expired)} letters expired", letters
    return said if status else "" if letters else "there was no traffic", letters


def campaign(seed, say, plan=None, seconds=4):
    """All runs, or those planned; gives runs and failures."""
    folder = Path(tempfile.mkdtemp(prefix="jbt-"))
    acked = folder / "acked"
    acked.touch()
    runs = failures = 0
    town = Town(folder)
    try:
        town.stop_all()
        for run in plan or RUNS:
            town.start_all()
            try:
                wrong, letters = play(town, run, seconds, seed + runs, acked)
            except AssertionError as late:
                wrong, letters = str(late), 0
            runs, failures = runs + 1, failures + bool(wrong)
            who, when, way, span = run
            say(f"clocks: {who}, {when}, {span} {'ahead' if way > 0 else 'back'}: {letters} letters "
                "acknowledged" + (f"\n  {wrong}\n  its folder is {folder}" if wrong else ""))
            if wrong:
                break
    finally:
        town.network.close()
    if not failures:
        shutil.rmtree(folder)
    return runs, failures
