"""Waiting for conditions with a deadline; nothing here sleeps for a fixed time and hopes."""

import time


class TooLate(AssertionError):
    """A condition did not come true in time."""


def wait_for(condition, seconds=10, what=""):
    """The first true value of `condition`; asked again and again, at most so long."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise TooLate(what() if callable(what) else what or f"nothing after {seconds} s")
        time.sleep(0.02)
