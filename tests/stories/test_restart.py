"""A hub that is drained, or stopped, and started again while letters come from all sides: nothing is lost,
nothing is done twice, and everybody comes back by itself."""

import threading

import pytest

from peer import ids, letter
from peer.refusal import Refused
from stories import desk, ledgers
from stories.network import CommandFailed
from stories.test_peer import notes
from stories.waiting import wait_for


class Workers(threading.Thread):
    """They refer one client after another, until they are told to stop."""

    def __init__(self, agent, to):
        super().__init__(daemon=True)
        self.agent, self.to = agent, to
        self.case = desk.consented(agent, to.id)
        self.numbers, self.failed = [], None
        self.enough = threading.Event()

    def run(self):
        try:
            while not self.enough.is_set():
                self.numbers.append(desk.refer(self.agent, self.case, self.to.id))
        except CommandFailed as failed:
            self.failed = failed

    def end(self):
        self.enough.set()
        self.join(60)
        assert not self.failed, self.failed
        return len(self.numbers)


class Strangers:
    """Two Python agencies that write to each other, and dial again when the line is gone."""

    def __init__(self, first, second):
        self.both = (first, second)
        self.sent = []

    def turn(self, writing=True):
        for me, other in (self.both, self.both[::-1]):
            if not me.link:
                self.dial(me)
            elif writing and sum(each.open for each in me.store.sent.values()) < 20:
                self.sent.append((me, me.write(other.id, "referral.request", {"note": letter.text("halo")},
                                               thread=ids.uuid7())))
            if me.link:
                me.turn(0.01)

    @staticmethod
    def dial(peer):
        try:
            peer.connect(seconds=1)
        except (Refused, TimeoutError):
            peer.close()

    def settled(self):
        self.turn(writing=False)
        return all(me.store.sent[sent].state == "stored" for me, sent in self.sent)


@pytest.fixture
def town(network):
    first, second = network.peer("dinsos-p", kind="social-office"), network.peer("klinik-p")
    ipwl = network.agent("ipwl-a", kind="ipwl")
    rumah = network.agent("ipwl-c", kind="ipwl")
    clinic = network.agent("klinik-b", kind="clinic", services=["medical"])
    network.start_hub()
    for each in (ipwl, rumah, clinic):
        each.start()
    first.connect(), second.connect()
    return (ipwl, rumah, clinic), Strangers(first, second)


def end_hub(network, how):
    if how == "drain":
        network.hubctl("drain")
    else:
        network.hub.process.terminate()


@pytest.mark.parametrize("how", ["drain", "stop"])
def test_a_restart_under_traffic_loses_nothing_and_everybody_comes_back(network, town, how):
    agents, strangers = town
    ipwl, rumah, clinic = agents
    workers = [Workers(ipwl, clinic), Workers(rumah, clinic)]
    for each in workers:
        each.start()

    def until(holds, seconds, what):
        wait_for(lambda: strangers.turn() or holds(), seconds, what)
    until(lambda: all(len(each.numbers) >= 2 for each in workers), 60, "nobody refers")
    end_hub(network, how)
    until(lambda: not network.hub.running, 60, "the hub does not end")
    assert network.hub.wait_end() == 0
    before = [len(each.numbers) for each in workers]
    until(lambda: all(len(each.numbers) > was for each, was in zip(workers, before)), 60,
          "nobody writes while the hub is away")
    network.start_hub()
    until(lambda: all(each.daemon.events("post.connected")[1:] for each in agents), 90,
          "not all came back")
    referred = sum(each.end() for each in workers)
    wait_for(strangers.settled, 60, lambda: f"{len(strangers.sent)} written by the strangers, "
             f"{[me.store.sent[sent].state for me, sent in strangers.sent]}")
    assert len(strangers.sent) == sum(len(notes(each)) for each in strangers.both)
    ledgers.wait_each_once(*agents, seconds=90)
    assert len(desk.arrivals(clinic)) == referred
    assert not [name for each in agents for name in desk.alarms(each)]
