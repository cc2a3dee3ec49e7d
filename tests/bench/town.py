"""A hub and two real agents under a mixed load, and what their memory does meanwhile.

All at once: pairs of agencies that put letters of every class and several sizes, agencies that come
and go, and an IPWL that refers people to a clinic, which answers; some referrals take a file along.
Now and then hub and clinic are backed up.  The load is small, because hours matter here and not speed.
"""

import statistics
import subprocess
import threading
import time

from peer import agency
from stories import desk
from stories.network import Network

import brokers
from children import Failed, quarters, rss_mib

PAIRS, LETTERS_PER_S, WINDOW = 12, 600, 50
BURST_SECONDS = 10     # at full speed, so that what a stall may pile up is there before it is measured
GUESTS = 50
PEOPLE = 30
FILE_BYTES = 300_000
SAMPLE_SECONDS = 5
# What happens how often, in seconds; see Town.
RHYTHM = {"refer": 0.4, "answer": 0.3, "send_file": 20, "come_and_go": 15, "back_up": 300}


class Town:
    def __init__(self, folder):
        self.folder = folder
        self.network = Network(folder)
        self.ipwl = self.network.agent("ipwl-a", kind="ipwl")
        self.clinic = self.network.agent("klinik-b", kind="clinic", services=("medical",))
        self._settle_pairs()
        self.network.publish()
        self.network.start_hub()
        for agent in (self.ipwl, self.clinic):
            agent.start()
        self.people = [self._person() for _ in range(PEOPLE)]
        (folder / "berkas.pdf").write_bytes(b"%PDF-1.4" + bytes(FILE_BYTES))
        (folder / "cadangan").mkdir()
        self.referred = self.answered = self.missed = 0

    def _settle_pairs(self):
        """The folder that bench_load and bench_connect read, with members of this network in it."""
        net = self.folder / "net"
        (net / "agencies").mkdir(parents=True)
        (net / "hub").symlink_to(self.network.hub_folder / "keys")
        for name in [f"{side}-{i}" for side in ("dari", "ke") for i in range(PAIRS)]:
            self._enrol(agency.Agency(name, net / "agencies" / name))
        guests = [agency.Agency(f"tamu-{i}") for i in range(GUESTS)]
        for each in guests:
            self._enrol(each)
        keys = [each.pairs["LINK"] for each in guests]
        (net / "guests").write_bytes(b"".join(each.public + each.secret for each in keys))

    def _enrol(self, made):
        request = self.folder / "request"
        request.write_bytes(made.request())
        self.network.registrar.enrol(request)

    def _person(self):
        number = desk.consented(self.ipwl, self.clinic.id)
        return number, next(each["id"] for each in desk.people(self.ipwl) if each["number"] == number)

    # ---- what happens ----

    def refer(self, turn):
        self.ipwl.api("POST", "/v1/referrals", {
            "to": self.clinic.id, "person": self.people[turn % PEOPLE][1], "service": "medical",
            "kind": "referral.request",
            "answers": {"reason": "Perlu pemeriksaan", "summary.health": desk.HEALTH}})
        self.referred += 1

    def answer(self, turn):
        """A worker of the clinic opens what waits and gives an appointment."""
        waiting = self.clinic.api("GET", "/v1/referrals?box=needs-answer&limit=5")["items"]
        for each in waiting:
            self.clinic.api("GET", f"/v1/referrals/{each['number']}")
            self.clinic.api("POST", f"/v1/referrals/{each['number']}/letters", {
                "kind": "referral.accept", "answers": {
                    "appointment.start": desk.in_days(2), "appointment.place": "Loket 1"}})
            self.answered += 1

    def send_file(self, turn):
        desk.refer(self.ipwl, self.people[turn % PEOPLE][0], self.clinic.id,
                   "--document", f"health={self.folder / 'berkas.pdf'}")

    def come_and_go(self, turn):
        crowd = subprocess.Popen([brokers.TESTS / "bench_connect", self.folder / "net",
                                  self.network.endpoint, "hub", str(GUESTS)], text=True,
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            if not crowd.stdout.readline():
                raise Failed("the guests were not let in")
        finally:
            crowd.kill()
            crowd.communicate()

    def back_up(self, turn):
        self.network.hubctl("backup", self.folder / "cadangan")
        self.clinic.cli("backup", self.folder / "cadangan")

    def keep_doing(self, what, every, end):
        """In a thread of its own: nobody waits for anybody."""
        turn, at = 0, time.monotonic()
        while (at := at + every) < end:
            time.sleep(max(0, at - time.monotonic()))
            try:
                getattr(self, what)(turn)
            except (OSError, AssertionError, Failed) as error:
                self.missed += 1
                self.last_missed = f"{what}: {error}"
            turn += 1

    def live(self, seconds, watch):
        end = time.monotonic() + seconds
        threads = [threading.Thread(target=self.keep_doing, args=(what, every, end), daemon=True)
                   for what, every in RHYTHM.items()]
        threads.append(threading.Thread(target=watch, args=(end,), daemon=True))
        for each in threads:
            each.start()
        figures = brokers.drive(self.folder / "net", self.network.endpoint, "hub", "W3",
                                LABEL="hub", SERVER_PID=self.pids()["hub"], MIXED=1, PAIRS=PAIRS,
                                WINDOW=WINDOW, SECONDS=int(seconds), RATE=LETTERS_PER_S,
                                BURST=BURST_SECONDS)
        for each in threads:
            each.join(60)
        return figures

    def pids(self):
        return {"hub": self.network.hub.process.pid, "agent": self.clinic.daemon.process.pid,
                "sender": self.ipwl.daemon.process.pid}


def slope_percent_per_hour(samples):
    """Of (seconds, MiB) behind the first third, in which everything reaches its size."""
    late = samples[len(samples) // 3:]
    slope, _ = statistics.linear_regression(*zip(*late))
    return slope * 3600 / statistics.median(each[1] for each in late) * 100


def soak(tmp, minutes):
    with quarters(tmp) as folder:
        town = Town(folder)
        samples = {name: [] for name in town.pids()}

        def watch(end):
            began = time.monotonic()
            while time.monotonic() < end:
                for name, pid in town.pids().items():
                    samples[name].append((time.monotonic() - began, rss_mib(pid)))
                time.sleep(SAMPLE_SECONDS)

        try:
            figures = town.live(minutes * 60, watch)
        finally:
            town.network.close()
    if not town.answered or town.missed > town.referred / 10:
        raise Failed(f"{town.missed} steps were missed, the last: {town.last_missed}")
    figures = {"letters": figures["msgs_per_s"] * minutes * 60,
               "referrals_per_s": town.answered / (minutes * 60), "missed": town.missed}
    for name, seen in samples.items():
        figures[f"{name}_rss_mib"] = statistics.median(each[1] for each in seen)
        figures[f"{name}_percent_per_hour"] = slope_percent_per_hour(seen)
    return figures, samples
