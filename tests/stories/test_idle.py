"""A line on which nobody writes."""

import time

IDLE_SECONDS = 55    # two heartbeats; a time-to-live that wrapped ended sessions after 44 s


def test_an_idle_line_stays_up(network):
    ipwl = network.agent("ipwl-a", kind="ipwl")
    network.start_hub()
    ipwl.start()
    end = time.monotonic() + IDLE_SECONDS
    while time.monotonic() < end:
        assert ipwl.cli("status")["hub"]["connected"]
        time.sleep(2)
    assert len(ipwl.daemon.events("post.connected")) == 1
