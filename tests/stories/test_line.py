"""A whole referral over the poorest line that must serve: 1.5 s round trip, 32 kbit/s."""

import pytest

from stories import desk, ledgers
from stories.line import Line
from stories.waiting import wait_for


@pytest.fixture
def line(network):
    with Line(network.endpoint, delay_ms=750, bits_per_second=32_000) as made:
        yield made


@pytest.fixture
def pair(network, line):
    """The clinic is the one at the end of the poor line."""
    ipwl = network.agent("ipwl-a", kind="ipwl")
    clinic = network.agent("klinik-b", kind="clinic", services=["medical"])
    with open(clinic.config, "a") as config:
        config.write(f'hub\n    endpoint = "{line.endpoint}"\n')
    network.start_hub()
    return ipwl.start(), clinic.start()


def test_a_referral_is_closed_over_a_poor_line_and_a_break_repeats_nothing(pair, line):
    ipwl, clinic = pair
    case, number = desk.referred(ipwl, clinic.id)
    theirs = desk.wait_arrival(clinic)
    desk.show(clinic, theirs)
    for act in (desk.accept, desk.arrived, desk.start, desk.report, desk.complete):
        act(clinic, theirs)
    desk.wait_state(ipwl, number, "completed", seconds=60)
    ledgers.wait_each_once(ipwl, clinic, seconds=60)
    assert line.dialled == 1                 # the line is poor, and it holds
    assert clinic.daemon.events("post.disconnected") == []
    assert line.carried < 64_000

    several = [desk.refer(ipwl, case, clinic.id, "--goal", "x" * 480) for _ in range(3)]
    several.append(desk.refer(ipwl, case, clinic.id, "--urgency", "stat"))
    carried = line.carried
    wait_for(lambda: line.carried > carried + 5000, 20)
    line.cut()                               # in the middle of a letter
    desk.wait_arrival(clinic, 1 + len(several), seconds=60)
    ledgers.wait_each_once(ipwl, clinic, seconds=60)
    assert len(desk.arrivals(clinic)) == 1 + len(several)
    assert line.dialled == 2                 # one break, one new call
