"""A referral as its requester sees it: the catalogue's transitions, moved by the performer's events
in the order of their rev."""

import json
import pathlib

from peer.refusal import Refused

CATALOGUE = pathlib.Path(__file__).resolve().parents[2] / "config" / "catalogue"


def transitions(thread="referral"):
    """(from or None, kind, by, to or None) for every row of a thread type."""
    data = json.loads((CATALOGUE / f"{thread}.json").read_text())
    return [(state, row["kind"], row["by"], row.get("to"))
            for row in data["transitions"] for state in row.get("from", [None])]


def step(state, kind, by, thread="referral"):
    """The state that follows, which is the same one when the row names none."""
    for start, moved_by, party, end in transitions(thread):
        if (start, moved_by, party) == (state, kind, by):
            return end or state
    raise Refused("WRONG_STATE", f"{kind} by {by} in {state}")


class Referral:
    """What the requester shows of one thread."""

    def __init__(self):
        self.state = step(None, "referral.request", "requester")
        self.rev = 0
        self.parked = {}

    def apply(self, came):
        """Takes a performer's letter: the next rev moves the thread, a later one waits, an earlier
        one is ignored."""
        if came.letter.rev <= self.rev:
            return
        self.parked[came.letter.rev] = came.letter.kind
        while self.rev + 1 in self.parked:
            self.rev += 1
            self.state = step(self.state, self.parked.pop(self.rev), "performer")
