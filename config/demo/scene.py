"""What every story does: say what happens, act as an agency does, wait until the other side knows."""
import time
from datetime import timedelta

from network import Failed, wait_until


WIDE = 120   # letters of a screen's line that are shown


class Play:
    """Prints one readable line a step: time, who acts, what happened, what its ledger says now."""

    def __init__(self, network):
        self.network, self.began, self.steps = network, time.monotonic(), 0

    def agency(self, id):
        return self.network.agencies[id]

    def heading(self, id_text, en_text):
        print(f"\n{id_text}\n{en_text}", flush=True)

    def line(self, agency, text, state=""):
        self.steps += 1
        elapsed = time.monotonic() - self.began
        entries = agency.status()["ledger"]["entries"]
        ledger = f"buku besar {entries:>3} entri" + (f" · {state}" if state else "")
        print(f"{elapsed:6.1f} s  {agency.name:<29} {text:<74} [{ledger}]", flush=True)

    def screen(self, agency, *words, most=16):
        """What a person reads, as the command line prints it."""
        print(f"          {agency.name} $ jembatan {' '.join(words)}   (--lang en: English)", flush=True)
        lines = agency.screen("--lang", "id", *words).splitlines()
        for line in lines[:most]:
            print(f"          | {line[:WIDE] + '…' if len(line) > WIDE else line}", flush=True)
        if len(lines) > most:
            print(f"          | ... {len(lines) - most} baris lagi / more lines", flush=True)
        return lines

    def later(self, id_text, en_text, **by):
        """Time passes for the whole network."""
        self.network.clock.turn(**by)
        print(f"          -- {id_text} / {en_text} --", flush=True)

    # ---- times, as people write them ----

    def now(self):
        return self.network.clock.now().isoformat(timespec="seconds")

    def today(self, days=0):
        return self.at(days)[:10]

    def at(self, days=0, hour=9):
        """In local office hours."""
        return (self.network.clock.now() + timedelta(days=days)).replace(
            hour=hour, minute=0, second=0, microsecond=0).isoformat()

    # ---- what every agency does ----

    def intake(self, agency, person, **more):
        words = ["intake", "--name", person["name"], "--nik", person["nik"], "--birth-date", person["birth"],
                 "--sex", person["sex"], "--region", "17.71.04", "--safe-to-call", "no",
                 "--may-leave-message", "no", "--who-knows", "ibu dan kakak"]
        for flag, value in more.items():
            words += [f"--{flag}", value]
        return agency.cli(*words)["number"]

    def consent(self, agency, case, to, purpose, labels=""):
        agency.cli("consent", "give", "--person", case, "--to", to, "--purpose", purpose,
                   *(["--labels", labels] if labels else []))

    def sends(self, sender, recipient, *words):
        """Opens a thread; gives its number here and there."""
        before = incoming(recipient)
        here = sender.cli(*words)["number"]
        return here, wait_incoming(recipient, before)


def threads(agency, box):
    return {thread["number"]: thread for thread in agency.cli(box, "--all")}


def incoming(agency):
    return set(threads(agency, "inbox"))


def wait_incoming(agency, before):
    """The number of what came in since."""
    return wait_until(f"{agency.name}: surat masuk / incoming", lambda: sorted(incoming(agency) - before))[0]


def find(agency, number):
    for box in ("inbox", "outbox"):
        found = threads(agency, box).get(number)
        if found:
            return found
    return None


def wait_state(agency, number, state):
    """Until the agency's own ledger shows the thread in that state; then somebody there reads what came."""
    wait_until(f"{agency.name}: {number} -> {state}",
               lambda: (found := find(agency, number)) and found["state"]["name"] == state)
    agency.cli("show", number)


def wait_letter(agency, number, kind):
    """Until a letter of that kind stands in the thread."""
    return wait_until(f"{agency.name}: {number} <- {kind}",
                      lambda: [letter for letter in agency.cli("show", number)["letters"] if letter["kind"] == kind])


def refused(agency, code, *words):
    """A step that must not work, and for this reason.  Gives the sentence."""
    said = agency.cli(*words, fails=True)
    if code not in said:
        raise Failed(f"{' '.join(map(str, words))}\nwas refused for another reason than {code}: {said}")
    return said
