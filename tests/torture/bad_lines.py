"""Lines between agencies and hub that are cut, deaf on one side, slow, lossy or half gone, under traffic.

After each the lines are mended, everybody comes to rest and stops, and the checker reads what they
left.
"""

import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

from stories.network import BIN, ROOT
from stories.waiting import wait_for
from torture import kill_daemons
from torture.street import Street

QUIET_SECONDS = 300
CROWD = 2000


def partition(number):
    return lambda street: street.unplug(number)


def deaf(way):
    def happens(street):
        for line in street.lines:
            line.held = {way}
    return happens


def shaped(**shape):
    return lambda street: street.shape(**shape)


def half_open(street):
    for line in street.lines:
        line.forget()


def stalled_reader(street):
    street.agents[2].daemon.freeze()


# For how many seconds, whether letters must reach somebody meanwhile, and what happens.
EVENTS = {
    "cable of the first agency pulled": (6, False, partition(0)),
    "cable of the second agency pulled": (6, False, partition(1)),
    "cable of the third agency pulled": (6, True, partition(2)),
    "nothing reaches the hub": (6, False, deaf("up")),
    "nothing comes from the hub": (6, False, deaf("down")),
    "800 ms, more or less by 400": (15, True, shaped(delay_ms=800, jitter_ms=400)),
    "32 kbit/s": (15, True, shaped(delay_ms=100, bits_per_second=32_000)),
    "5 % lost": (10, True, shaped(delay_ms=50, lost=0.05)),
    "packets overtake each other": (10, True, shaped(delay_ms=50, jitter_ms=40, overtaken=0.25)),
    "half-open connections": (6, True, half_open),
    "a reader that stalls": (10, True, stalled_reader),
}
SHORT = ("cable of the second agency pulled", "half-open connections")


def come_to_rest(agents):
    def quiet():
        return all(queue[name] == 0 for queue in kill_daemons.queues(agents).values()
                   for name in ("written", "sealed", "in_custody"))
    wait_for(quiet, QUIET_SECONDS, lambda: f"never came to rest: {kill_daemons.queues(agents)}")


def arrived(street):
    """Letters that somebody has stored since the hub started."""
    return json.loads(street.network.hubctl("status", "--json"))["letters_stored"]


def play(street, name, seconds, seed, acked):
    """One event; gives what is wrong, or "", and how many letters were acknowledged meanwhile."""
    before = len(acked.read_text().splitlines())
    with open(acked, "a") as file:
        agents = [agent for agent in street.agents
                  if not (name == "a reader that stalls" and agent is street.agents[2])]
        traffic = kill_daemons.Traffic(agents, street.clients, seed, file)
        traffic.start()
        time.sleep(1)
        _, goes_on, happens = EVENTS[name]
        happens(street)
        stored = arrived(street)
        time.sleep(seconds)
        stuck = goes_on and arrived(street) == stored
        street.mend()
        time.sleep(0.5)
        traffic.over.set()
        traffic.join()
    come_to_rest(street.agents)
    for agent in street.agents:
        agent.stop()
    street.network.hub.stop()
    status, said = kill_daemons.check(street.network, street.agents, acked)
    letters = len(acked.read_text().splitlines()) - before
    if status:
        return said or f"the checker ended with {status}", letters
    if stuck:
        return "nobody got a letter meanwhile", letters
    return "" if letters else "no letter was acknowledged: there was no traffic", letters


def start_again(street):
    street.network.start_hub()
    for agent, cable in zip(street.agents, street.cables):
        street.start_agent(agent, cable)


def crowd(say):
    """2,000 agents that connect at once, and again when their hub was killed (bench_connect.c)."""
    sys.path.insert(0, str(ROOT / "tests" / "bench"))
    import brokers
    brokers.TESTS = BIN / "tests"
    folder = Path(tempfile.mkdtemp(prefix="jbt-"))
    try:
        figures = brokers.storm(folder, "hub", CROWD)
    except brokers.Failed as failed:
        return str(failed)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    say(f"lines: {CROWD} agents at once: in after {figures['connect_s']} s, "
        f"after a crash of the hub {figures['reconnect_s']} s")
    return ""


def campaign(seed, say, names=None, part=1.0):
    """All events, or those named, each so much shorter; gives runs and failures."""
    folder = Path(tempfile.mkdtemp(prefix="jbt-"))
    acked = folder / "acked"
    acked.touch()
    runs = failures = 0
    street = Street(folder, seed)
    try:
        say(f"lines: {street.says()}")
        street.start()
        for name in names or EVENTS:
            if not street.network.hub.running:
                start_again(street)
            try:
                wrong, letters = play(street, name, EVENTS[name][0] * part, seed + runs, acked)
            except AssertionError as late:
                wrong, letters = str(late), 0
            runs, failures = runs + 1, failures + bool(wrong)
            say(f"lines: {name}: {letters} letters acknowledged" + (f"\n  {wrong}" if wrong else ""))
            if wrong:
                say(f"  its folder is {folder}")
                break
    finally:
        street.close()
    if not failures:
        shutil.rmtree(folder)
    if names is None:
        wrong = crowd(say)
        runs, failures = runs + 1, failures + bool(wrong)
        if wrong:
            say(f"  {wrong}")
    return runs, failures
