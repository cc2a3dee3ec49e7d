"""A hub, three agencies and the lines between them, on which anything can be made to happen.

Where it may, every agency has a network namespace of its own, joined to ours by a pair of virtual
interfaces, so that its cable can be pulled (`unplug`).  Elsewhere a pulled cable is a line that
carries nothing.  Delay, rate and loss are made by the kernel (tc netem) where it can, else by the
program that stands in every line (stories/line.py).
"""

import itertools
import os
import subprocess

from stories.daemon import Daemon
from stories.line import FAST, Line
from stories.network import Network, program
from torture import kill_daemons

_number = itertools.count(1)


def tried(*words):
    """Whether a command of iproute2 did what it was told."""
    try:
        return subprocess.run([str(word) for word in words], capture_output=True).returncode == 0
    except OSError:
        return False


class Cable:
    """A namespace and the interfaces that lead there."""

    def __init__(self):
        self.number = next(_number)
        self.space = f"jbt-{os.getpid()}-{self.number}"
        self.near, self.far = f"jbt{os.getpid() % 100000}n{self.number}", f"jbtf{self.number}"
        self.host = f"10.77.{self.number}.1"
        self.works = (tried("ip", "netns", "add", self.space) and
                      tried("ip", "link", "add", self.near, "type", "veth", "peer", "name",
                            self.far, "netns", self.space) and
                      tried("ip", "addr", "add", f"{self.host}/24", "dev", self.near) and
                      tried("ip", "link", "set", self.near, "up") and
                      self.inside("ip", "addr", "add", f"10.77.{self.number}.2/24", "dev", self.far)
                      and self.inside("ip", "link", "set", self.far, "up"))
        self.shapes = self.works and self.shape("delay", "0ms") and self.shape()
        if not self.works:
            self.remove()

    @property
    def words(self):
        return ["ip", "netns", "exec", self.space]

    def inside(self, *words):
        return tried(*self.words, *words)

    def plug(self, up):
        return tried("ip", "link", "set", self.near, "up" if up else "down")

    def shape(self, *netem):
        """The same in both directions; nothing ends it."""
        verb = ("replace" if netem else "del")
        kind = ("netem", *netem) if netem else ()
        return (tried("tc", "qdisc", verb, "dev", self.near, "root", *kind) and
                self.inside("tc", "qdisc", verb, "dev", self.far, "root", *kind))

    def remove(self):
        tried("ip", "link", "del", self.near)
        tried("ip", "netns", "del", self.space)


class Street:
    """What stands along it is found under the names `agents` and `lines`, in the same order."""

    def __init__(self, folder, seed=1):
        self.network = Network(folder)
        self.cables, self.lines, self.agents = [], [], []
        for name, kind in kill_daemons.AGENCIES:
            self.agents.append(self.network.agent(name, kind=kind, services=["medical"]))
        self.network.start_hub()
        for number, agent in enumerate(self.agents):
            self._lay_line(agent, seed + number)
        self.clients = {}

    def _lay_line(self, agent, seed):
        cable = Cable()
        host = cable.host if cable.works else "127.0.0.1"
        line = Line(self.network.endpoint, host=host, seed=seed).__enter__()
        with open(agent.config, "a") as config:
            config.write(f'hub\n    endpoint = "{line.endpoint}"\n')
        self.cables.append(cable)
        self.lines.append(line)

    def says(self):
        """What this machine allows, as a sentence."""
        cables = all(cable.works for cable in self.cables)
        shapes = cables and all(cable.shapes for cable in self.cables)
        return (("each agency in a network namespace of its own" if cables else
                 "without network namespaces, which this machine does not let us make: cables are "
                 "pulled inside a program on the line") + "; " +
                ("the kernel delays and loses packets (netem)" if shapes else
                 "this kernel has no netem: a program on the line delays and holds back"))

    def start(self):
        for agent, cable in zip(self.agents, self.cables):
            agent.start()                    # joins, the first time
            agent.stop()
            self.start_agent(agent, cable)
        if not self.clients:
            self.clients = kill_daemons.clients_of(self.agents)

    def start_agent(self, agent, cable):
        command = [*(cable.words if cable.works else ()), program("jembatan-agent"), "run",
                   "--config", agent.config]
        agent.daemon = Daemon(agent.id, command, self.network.folder / f"{agent.id}.log",
                              self.network.clock)
        agent.daemon.start(ready="agent.started")
        agent.daemon.wait_log("post.connected", seconds=60)

    # ---- what can happen ----

    def unplug(self, number):
        if self.cables[number].works:
            self.cables[number].plug(False)
        else:
            self.lines[number].held = {"up", "down"}

    def shape(self, delay_ms=0, jitter_ms=0, bits_per_second=FAST, lost=0.0, overtaken=0.0):
        """Of all lines."""
        for cable, line in zip(self.cables, self.lines):
            if cable.shapes:
                cable.shape("delay", f"{max(delay_ms, 1)}ms", f"{jitter_ms}ms",
                            "rate", f"{bits_per_second}bit", "loss", f"{lost * 100}%",
                            *(("reorder", f"{overtaken * 100}%") if overtaken else ()))
            else:
                line.set(delay_ms, bits_per_second, jitter_ms, max(lost, overtaken))

    def mend(self):
        """All lines are good again."""
        for cable, line, agent in zip(self.cables, self.lines, self.agents):
            line.held = set()
            line.set()
            if cable.works:
                cable.plug(True)
            if cable.shapes:
                cable.shape()
            agent.daemon.thaw()

    def close(self):
        self.network.close()
        for line in self.lines:
            line.__exit__()
        for cable in self.cables:
            if cable.works:
                cable.remove()
