"""What an agency remembers.  Here it lives in memory; a real one commits it to a disk.

The rules that make it a store are the same: bytes are sealed once and kept, a letter that came is
remembered with the receipt it got, and marks count only for one pair of store ids.
"""

import dataclasses

from peer import envelope, ids
from peer.refusal import need


@dataclasses.dataclass
class Sent:
    """A letter of ours, from "written" to its end: stored, refused, expired or recalled."""
    sealed: envelope.Sealed
    to: str
    cls: int
    kind: str
    state: str = "written"       # written, put, custody, stored, refused, expired, recalled
    pseq: int = 0
    code: str = ""
    leaf: int = -1
    seen_ms: int = 0             # when the recipient's agent was last connected
    try_after: float = 0.0       # monotonic seconds
    opened: bool = False

    @property
    def size(self):
        return len(self.sealed.h) + len(self.sealed.c)

    @property
    def is_receipts(self):
        return self.kind == "letter.receipts"

    @property
    def open(self):
        return self.state in ("written", "put", "custody")


@dataclasses.dataclass
class Came:
    """A letter that is ours now.  `receipt` is what was answered, and is answered again."""
    sealed: envelope.Sealed
    letter: object
    sender: str
    receipt: object
    state: str = "applied"       # applied, held, late

    @property
    def id(self):
        return bytes(self.sealed.header.id)


class Store:
    def __init__(self):
        self.id = ids.random16()
        self.takes_over = b""
        self.hub_id = b""
        self.next_pseq = 1                       # one more than ever used with this hub store
        self.dseq = {cls: 0 for cls in envelope.CLASSES}
        self.checkpoint = ""
        self.offset_ms = 0                       # hub time minus ours
        self.sent = {}                           # letter id -> Sent, oldest first
        self.came = {}                           # (sender, letter id) -> Came
        self.pairs = {}                          # (to, class) -> (n, hH) of the last letter
        self.opened = {}                         # threads of ours -> the clause they rest on
        self.alarms = []                         # what a person must look at

    def meet_hub(self, hub_id, pseq_mark):
        """Marks of another hub store mean nothing: count from 1, put all that has no receipt."""
        if hub_id != self.hub_id:
            self.hub_id = hub_id
            self.dseq = {cls: 0 for cls in envelope.CLASSES}
            for sent in self.sent.values():
                if sent.state == "custody":
                    sent.state = "written"
        else:
            need(pseq_mark < self.next_pseq, "GONE_BACK", "the hub remembers more Puts")
        self.next_pseq = pseq_mark + 1
        for sent in self.sent.values():
            if sent.state == "put":              # the answer was lost; the hub knows a duplicate
                sent.state = "written"

    def take_pseq(self):
        """A number is used up before its Put is sent."""
        self.next_pseq += 1
        return self.next_pseq - 1

    def next_pair(self, to, cls):
        n, previous = self.pairs.get((to, cls), (0, b""))
        return n + 1, previous
