"""kill -9 of real daemons: a hub and three agencies under traffic, each armed with a named fault point
or with a moment that chance chooses, and started again as soon as it has died.

A round is a network of its own.  It ends with everybody left alone until nothing is on the way; then
all stop in good order and the checker (tests/torture/check.c) reads what they left.

What chance decides follows from the seed and the round: who is armed with what, and when the random
kills come.  When the traffic meets them is the machine's affair, so a round that failed is played
again with the same kills, and its folder stays.
"""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests")]

from stories import desk                      # noqa: E402
from stories.network import Network, program, run    # noqa: E402
from stories.waiting import TooLate, wait_for        # noqa: E402

KILLS_PER_ROUND = 100
AGENCIES = (("ipwl-a", "ipwl"), ("klinik-b", "clinic"), ("klinik-c", "clinic"))
LIVES = {"hub": (0.8, 3.0), "agent": (0.3, 2.0)}    # seconds until a random kill, or at the latest
QUIET_SECONDS = 240


def fault_points(who):
    """The names in include/jembatan/fault.h that begin so."""
    text = (ROOT / "include/jembatan/fault.h").read_text()
    return [name for name in re.findall(r'X \("([a-z_.]+)"', text) if name.startswith(who + ".")]


class Victim:
    """One daemon, its present weapon, and how often what has struck it."""

    def __init__(self, name, kind, start, chance):
        self.name, self.kind, self.start, self.chance = name, kind, start, chance
        self.points = fault_points(kind)
        self.daemon = None
        self.weapon = None
        self.struck = {}

    def arm(self):
        """Starts it; half of the weapons are points, half are moments."""
        point = self.chance.choice(self.points) if self.chance.random() < 0.5 else None
        self.weapon = point or "at random"
        self.until = time.monotonic() + self.chance.uniform(*LIVES[self.kind])
        self.daemon = self.start(fault=point and f"{point}:{self.chance.randint(1, 6)}")

    def strike(self):
        """1 when it has died just now."""
        if not self.daemon.running:
            status = self.daemon.process.returncode
            if status != -signal.SIGKILL:
                raise TooLate(f"{self.name} ended by itself with {status}:\n{self.daemon.log[-2000:]}")
        elif time.monotonic() > self.until:
            self.weapon = "at random"
            self.daemon.kill()
        else:
            return 0
        self.struck[self.weapon] = self.struck.get(self.weapon, 0) + 1
        self.arm()
        return 1


class Traffic(threading.Thread):
    """People at every agency, who write and answer whenever their agent is there, and remember what it
    acknowledged."""

    def __init__(self, agents, clients, seed, acked):
        super().__init__(daemon=True)
        self.agents, self.clients = agents, clients
        self.chance = random.Random(seed)
        self.acked = acked
        self.over = threading.Event()
        self.asked = 0

    def run(self):
        while not self.over.is_set():
            try:
                self.act()
            except (OSError, ValueError, AssertionError):
                pass                  # the agent has just died, or the step no longer applies
            time.sleep(0.01)

    def act(self):
        agent = self.chance.choice(self.agents)
        self.asked += 1
        if agent.id in self.clients and self.chance.random() < 0.5:
            self.refer(agent)
        else:
            self.answer(agent)

    def say(self, agent, path, body):
        """202 means that the agent has it for good."""
        answer = agent.api("POST", path, body)
        self.acked.write(f"{agent.id} {answer['letter']}\n")
        self.acked.flush()

    def refer(self, agent):
        person, to = self.chance.choice(self.clients[agent.id])
        self.say(agent, "/v1/referrals", {
            "to": to, "person": person, "service": "medical", "kind": "referral.request",
            "answers": {"reason": "Perlu pemeriksaan", "summary.health": desk.HEALTH}})

    def answer(self, agent):
        items = agent.api("GET", "/v1/referrals?box=in&limit=200")["items"]
        waiting = [each for each in items if each["state"]["name"] in ("requested", "received")]
        if not waiting:
            return
        chosen = self.chance.choice(waiting)
        if chosen["state"]["name"] == "requested":
            agent.api("GET", f"/v1/referrals/{chosen['number']}")
        else:
            self.say(agent, f"/v1/referrals/{chosen['number']}/letters", {
                "kind": "referral.accept", "answers": {
                    "appointment.start": desk.in_days(2), "appointment.place": "Loket 1"}})


def client(agent, to):
    """Somebody new who consents to one recipient."""
    case = desk.consented(agent, to)
    return next(each["id"] for each in desk.people(agent) if each["number"] == case)


def clients_of(agents):
    """Whom the first two agencies may refer to the others: two people for each."""
    clients = {}
    for agent in agents[:2]:
        others = [each.id for each in agents if each is not agent]
        clients[agent.id] = [(client(agent, to), to) for to in others for _ in range(2)]
    return clients


def build_network(folder):
    network = Network(folder)
    agents = [network.agent(name, kind=kind, services=["medical"]) for name, kind in AGENCIES]
    network.publish()
    network.start_hub(turned=True)
    for agent in agents:
        agent.start(turned=True)
    return network, agents, clients_of(agents)


def start_hub(network):
    def start(fault=None):
        command = network.hub.command
        network.hub = type(network.hub)("hub", command, network.folder / "hub.log", network.clock)
        return network.hub.start(fault=fault)
    return start


def start_agent(network, agent):
    def start(fault=None):
        agent.daemon = type(agent.daemon)(agent.id, agent.daemon.command,
                                          network.folder / f"{agent.id}.log", network.clock)
        return agent.daemon.start(fault=fault)
    return start


def slay(network, agents, seed, kills):
    """Until so many have died; gives how often by what."""
    chance = random.Random(seed)
    victims = [Victim("hub", "hub", start_hub(network), random.Random(chance.random()))]
    victims += [Victim(agent.id, "agent", start_agent(network, agent), random.Random(chance.random()))
                for agent in agents]
    network.hub.kill()
    for agent in agents:
        agent.kill()
    for each in victims:
        each.arm()
    done = 0
    while done < kills:
        done += sum(each.strike() for each in victims)
        time.sleep(0.005)
    struck = {}
    for each in victims:
        each.daemon.kill()
        for weapon, count in each.struck.items():
            struck[weapon] = struck.get(weapon, 0) + count
    return struck


def queues(agents):
    return {agent.id: agent.api("GET", "/v1/status")["queue"] for agent in agents}


def come_to_rest(network, agents):
    start_hub(network)()
    for agent in agents:
        start_agent(network, agent)()
    time.sleep(1)

    def quiet():
        if not network.hub.running:
            raise TooLate(f"the hub ended by itself:\n{network.hub.log[-2000:]}")
        try:
            return all(queue[name] == 0 for queue in queues(agents).values()
                       for name in ("written", "sealed", "in_custody"))
        except OSError:
            return False
    wait_for(quiet, QUIET_SECONDS, lambda: f"never came to rest: {queues(agents)}")
    for agent in agents:
        agent.stop()
    network.hub.stop()


def check(network, agents, acked):
    words = [program("torture-check"), network.registrar.directory, network.hub_data, acked]
    for agent in agents:
        words += [agent.id, agent.data, agent.folder / "keys" / "ledger.key"]
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def play_round(seed, number, kills):
    """(what is wrong or "", how often by what, letters acknowledged)"""
    folder = Path(tempfile.mkdtemp(prefix="jbt-"))
    network, struck, wrong = None, {}, ""
    acked = folder / "acked"
    try:
        network, agents, clients = build_network(folder)
        with open(acked, "w") as file:
            traffic = Traffic(agents, clients, seed * 1000 + number, file)
            traffic.start()
            struck = slay(network, agents, seed * 1000 + number, kills)
            traffic.over.set()
            traffic.join()
        come_to_rest(network, agents)
        status, said = check(network, agents, acked)
        wrong = said or f"the checker ended with {status}" if status else ""
        letters = len(acked.read_text().splitlines())
        if not wrong and letters < kills // 10:
            wrong = f"only {letters} letters were acknowledged: there was no traffic to torture"
    except AssertionError as failed:
        wrong = str(failed)
        letters = 0
    finally:
        if network:
            network.close()
    if wrong:
        wrong += f"\n  its folder is {folder}"
    else:
        shutil.rmtree(folder)
    return wrong, struck, letters


def campaign(seed, kills, state_path, say, minutes=None, only=None):
    """Goes on where the state file says; gives runs and failures of this time."""
    state = {"seed": seed, "kills": 0, "rounds": 0, "letters": 0, "struck": {}}
    if only is None and state_path.exists():
        kept = json.loads(state_path.read_text())
        state = kept if kept["seed"] == seed and kept["kills"] < kills else state
    runs = failures = 0
    end = time.monotonic() + minutes * 60 if minutes else None
    while state["kills"] < kills and not (end and time.monotonic() > end):
        number = state["rounds"] if only is None else only
        wrong, struck, letters = play_round(seed, number, min(KILLS_PER_ROUND, kills - state["kills"]))
        runs, failures = runs + 1, failures + bool(wrong)
        state["rounds"] += 1
        state["kills"] += sum(struck.values()) or KILLS_PER_ROUND
        state["letters"] += letters
        for weapon, count in struck.items():
            state["struck"][weapon] = state["struck"].get(weapon, 0) + count
        say(f"kills: round {number}: {sum(struck.values())} kills, {letters} letters acknowledged; "
            f"{state['kills']} of {kills} kills" + (f"\n  {wrong}\n  again: tests/torture/run --only "
                                                   f"daemons --seed {seed} --round {number}"
                                                   if wrong else ""))
        if only is not None:
            break
        state_path.parent.mkdir(parents=True, exist_ok=True)
        state_path.write_text(json.dumps(state, indent=1) + "\n")
    for weapon in sorted(state["struck"]):
        say(f"  {state['struck'][weapon]:6} {weapon}")
    return runs, failures
