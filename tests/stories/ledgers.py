"""What ledgers hold, read from outside: their clear columns, from a copy, because an agent keeps the
file to itself."""

import shutil
import sqlite3
import tempfile
from pathlib import Path

from stories import desk
from stories.waiting import wait_for

MACHINES_OWN = "('letter.receipts', 'letter.again', 'ledger.resume')"


def rows(agent, sql, *values):
    with tempfile.TemporaryDirectory() as folder:
        for path in agent.data.glob("ledger.db*"):
            shutil.copy(path, folder)
        ledger = sqlite3.connect(Path(folder) / "ledger.db")
        try:
            return ledger.execute(sql, values).fetchall()
        finally:
            ledger.close()


def change(agent, script):
    """Behind the back of an agent that is stopped."""
    ledger = sqlite3.connect(agent.data / "ledger.db")
    try:
        ledger.executescript(script)
    finally:
        ledger.close()


def sent(agents, receipts=True):
    return sorted((agent.id, to, letter) for agent in agents
                  for to, letter in rows(agent, "SELECT recipient, id FROM outbox" + _which(receipts)))


def stored(agents, receipts=True):
    return sorted((sender, agent.id, letter) for agent in agents
                  for sender, letter in rows(agent, "SELECT sender, id FROM inbox" + _which(receipts)))


def _which(receipts):
    return "" if receipts else " WHERE kind <> 'letter.receipts'"


def wait_each_once(*agents, seconds=40, receipts=True):
    """Until every letter that these ledgers sent one another stands in the other's exactly once, and
    every sender knows it.  Gives how many there were.

    A hub that loses its store may take a letter of receipts with it: nobody receipts that one, so it
    is not put again.  What it said is said again when the letter that it spoke of comes once more.
    """
    def settled():
        try:
            out, came = sent(agents, receipts), stored(agents, receipts)
            open_rows = [row for agent in agents
                         for row in rows(agent, "SELECT kind, state FROM outbox WHERE state <> 4")]
        except sqlite3.DatabaseError:      # copied while it was written
            return False
        assert len(came) == len(set(came)), "stored twice"
        return out == came and not open_rows and out
    return len(wait_for(settled, seconds, lambda: _difference(agents)))


def _difference(agents):
    out, came = sent(agents), stored(agents)
    open_rows = [(agent.id, *row) for agent in agents for row in rows(
        agent, "SELECT recipient, kind, state, tries, last_error FROM outbox WHERE state <> 4")]
    return (f"{len(out)} sent, {len(came)} stored, {len(set(out) - set(came))} missing, "
            f"{len(set(came) - set(out))} from nowhere, open: {open_rows}")


# ---- after somebody went back in time ----

def letters(agent, partner):
    """Ours that the partner stored, and the partner's that are stored here."""
    sent = rows(agent, "SELECT hex(id), hex(header_hash), state FROM outbox WHERE recipient = ?"
                f" AND kind NOT IN {MACHINES_OWN}", partner.id)
    came = rows(agent, "SELECT hex(id), hex(header_hash) FROM inbox WHERE sender = ?"
                f" AND kind NOT IN {MACHINES_OWN}", partner.id)
    return sent, sorted(came)


def threads(agent):
    return sorted(rows(agent, "SELECT hex(id), state, rev, ended, overlay FROM thread"))


def differences(left, right):
    found = []
    for sender, recipient in ((left, right), (right, left)):
        sent, came = letters(sender, recipient)[0], letters(recipient, sender)[1]
        if any(state != 4 for _, _, state in sent):
            found.append(f"{sender.id} waits: {[row for row in sent if row[2] != 4]}")
        if sorted(row[:2] for row in sent) != came:
            found.append(f"{sender.id} sent {len(sent)}, {recipient.id} stored {len(came)}")
    if threads(left) != threads(right):
        found.append(f"threads {threads(left)} and {threads(right)}")
    return found


def wait_agreed(left, right, seconds=60):
    """Until every letter stands once at both sides and the threads are alike."""
    def agreed():
        try:
            return not differences(left, right)
        except sqlite3.DatabaseError:       # copied while it was written
            return False
    wait_for(agreed, seconds, lambda: f"{differences(left, right)}; alarms: {left.id} "
             f"{desk.alarms(left)}, {right.id} {desk.alarms(right)}")
    assert left.cli("verify")["ok"] and right.cli("verify")["ok"]
