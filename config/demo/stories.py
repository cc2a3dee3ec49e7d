"""The three stories that the demo plays, step by step, with the same command line that people use."""
import re
import time
from datetime import datetime, timedelta, timezone

from network import Failed, wait_until

# People who do not exist.  The proof looks for these words where they must not be.
DV = {"name": "Dewi Vandasari Contoh", "nik": "1771046203990001", "birth": "1999-03-22",
      "finding": "lesi kulit sudah diobati dan tidak menular"}
RS = {"name": "Rangga Saputra Contoh", "nik": "1771041507960002", "birth": "1996-07-15",
      "finding": "gemetar dan sulit tidur sejak tiga hari"}
CANARIES = [person[key] for person in (DV, RS) for key in ("name", "nik", "finding")]
HEALTH = "keluhan kulit yang perlu diperiksa dokter"
CANARIES.append(HEALTH)


class Play:
    """Prints one readable line a step: time, who acts, what happened, what its ledger says now."""

    def __init__(self, network):
        self.network, self.began, self.steps = network, time.monotonic(), 0

    def heading(self, id_text, en_text):
        print(f"\n{id_text}\n{en_text}", flush=True)

    def line(self, agency, text, state=""):
        self.steps += 1
        elapsed = time.monotonic() - self.began
        entries = agency.status()["ledger"]["entries"]
        ledger = f"buku besar {entries:>3} entri" + (f" · {state}" if state else "")
        print(f"{elapsed:6.1f} s  {agency.name:<29} {text:<74} [{ledger}]", flush=True)


def referral(agency, number):
    return agency.cli("show", number)


def wait_state(agency, number, state):
    """Until the agency's own ledger shows the referral in that state."""
    return wait_until(f"{agency.name}: {number} -> {state}",
                      lambda: (found := _find(agency, number)) and found["state"]["name"] == state and found)


def _find(agency, number):
    for box in ("inbox", "outbox"):
        for thread in agency.cli(box, "--all"):
            if thread["number"] == number:
                return thread
    return None


def wait_incoming(agency, before):
    """The number of the referral that came in since."""
    def fresh():
        numbers = [thread["number"] for thread in agency.cli("inbox", "--all")]
        return [number for number in numbers if number not in before]
    return wait_until(f"{agency.name}: rujukan masuk / incoming", fresh)[0]


def incoming(agency):
    return {thread["number"] for thread in agency.cli("inbox", "--all")}


WIB = timezone(timedelta(hours=7))


def now():
    return datetime.now(WIB).isoformat(timespec="seconds")


def in_days(days, hour):
    """An appointment in local office hours, as people write it."""
    at = (datetime.now(WIB) + timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)
    return at.isoformat()


def intake(agency, person, **more):
    words = ["intake", "--name", person["name"], "--nik", person["nik"], "--birth-date", person["birth"],
             "--sex", "female" if person is DV else "male", "--region", "17.71.04",
             "--safe-to-call", "no", "--may-leave-message", "no", "--who-knows", "ibu dan kakak"]
    for flag, value in more.items():
        words += [f"--{flag}", value]
    return agency.cli(*words)["number"]


def arrival(play):
    """The paper's client: medical referral before social rehabilitation, and the loop is closed."""
    ipwl, clinic = play.network.agencies["ipwl-pesona"], play.network.agencies["klinik-pelita"]
    play.heading("1. DV, 27 tahun: rujukan medis sebelum rehabilitasi sosial",
                 "1. DV, 27: a medical referral before social rehabilitation")
    case = intake(ipwl, DV, entry="family")
    play.line(ipwl, f"penerimaan awal klien {case} / intake")
    for recipient, purpose, labels in (("klinik-pelita", "treatment", "health,identity"),
                                       ("rskjo-bengkulu", "treatment", "health,identity"),
                                       ("bnnk-bengkulu", "social-rehab", "")):
        words = ["consent", "give", "--person", case, "--to", recipient, "--purpose", purpose]
        ipwl.cli(*words, *(["--labels", labels] if labels else []))
    play.line(ipwl, "persetujuan: tiga klausul, masing-masing satu penerima / consent of three clauses")

    before = incoming(clinic)
    sent = ipwl.cli("refer", "--person", case, "--to", clinic.id, "--service", "medical",
                    "--reason", "Perlu pemeriksaan sebelum program sosial dimulai",
                    "--goal", "Keterangan layak mengikuti program", "--health", HEALTH)
    number = sent["number"]
    play.line(ipwl, f"rujukan {number} dikirim ke {clinic.name} / referral sent", "requested")
    theirs = wait_incoming(clinic, before)
    play.line(clinic, f"rujukan {theirs} masuk, tersimpan / stored here", "requested")
    referral(clinic, theirs)
    wait_state(ipwl, number, "received")
    play.line(ipwl, "terlihat: dibuka petugas klinik / opened by a person there", "received")
    clinic.cli("accept", theirs, "--at", in_days(2, 9), "--place", "Poli umum, lantai 1")
    play.line(clinic, "menerima dengan janji temu / accepts with an appointment", "accepted")
    wait_state(ipwl, number, "accepted")
    play.line(ipwl, "jadwal diketahui perujuk / the referrer knows the date", "accepted")
    clinic.cli("arrived", theirs, "--at", now())
    wait_state(ipwl, number, "arrived")
    play.line(clinic, "klien hadir / the client arrived", "arrived")
    clinic.cli("start", theirs, "--at", now(), "--class", "AMB", "--responsible", "dr. Contoh")
    play.line(clinic, "layanan dimulai, rawat jalan / service started, outpatient", "in-progress")
    clinic.cli("report", theirs, "--text", "Pemeriksaan selesai", "--finding", DV["finding"])
    play.line(clinic, "melaporkan satu temuan / reports a finding", "in-progress")
    clinic.cli("complete", theirs, "--outcome", "fit-with-treatment", "--end", now()[:10])
    wait_state(ipwl, number, "completed")
    play.line(ipwl, "lingkaran tertutup: layak dengan pengobatan / loop closed: fit with treatment",
              "completed")
    return case


def onward(play):
    """A clinic without room passes the client on to the hospital, under a clause of its own."""
    ipwl, clinic = play.network.agencies["ipwl-pesona"], play.network.agencies["klinik-pelita"]
    hospital = play.network.agencies["rskjo-bengkulu"]
    play.heading("2. RS, 30 tahun: klinik penuh, rujukan dialihkan ke rumah sakit",
                 "2. RS, 30: the clinic is full, the referral is passed on to the hospital")
    case = intake(ipwl, RS, entry="self")
    for recipient in (clinic, hospital):
        ipwl.cli("consent", "give", "--person", case, "--to", recipient.id, "--purpose", "treatment",
                 "--labels", "health,identity")
    play.line(ipwl, f"penerimaan awal klien {case}, dua klausul / intake, two clauses")
    before = incoming(clinic)
    first = ipwl.cli("refer", "--person", case, "--to", clinic.id, "--service", "medical",
                     "--urgency", "urgent", "--reason", "Perlu dokter segera", "--health", RS["finding"])["number"]
    theirs = wait_incoming(clinic, before)
    referral(clinic, theirs)
    clinic.cli("reject", theirs, "--reason", "no-capacity", "--suggest", hospital.id)
    play.line(clinic, f"menolak {theirs}: kapasitas penuh, menyarankan RSKJO / refuses: no capacity", "rejected")
    wait_state(ipwl, first, "rejected")
    before = incoming(hospital)
    second = ipwl.cli("refer", "--person", case, "--to", hospital.id, "--service", "medical",
                      "--replaces", first, "--urgency", "urgent", "--reason", "Perlu dokter segera",
                      "--health", RS["finding"])["number"]
    play.line(ipwl, f"{second} menggantikan {first}, satu rantai / re-routed, same chain", "requested")
    theirs = wait_incoming(hospital, before)
    referral(hospital, theirs)
    hospital.cli("accept", theirs, "--at", in_days(1, 10), "--place", "IGD, loket 2")
    play.line(hospital, f"menerima {theirs} / accepts", "accepted")
    wait_state(ipwl, second, "accepted")
    play.line(ipwl, "tahu ke mana klien pergi / knows where the client goes", "accepted")
    return case, second, theirs


def withdrawal(play, case, number, theirs):
    """Consent is withdrawn while a referral is open: everybody stops and says so."""
    ipwl, hospital = play.network.agencies["ipwl-pesona"], play.network.agencies["rskjo-bengkulu"]
    play.heading("3. RS menarik persetujuannya selagi rujukan berjalan",
                 "3. RS withdraws consent while the referral is open")
    ipwl.cli("consent", "withdraw", "--person", case, "--all")
    play.line(ipwl, "penarikan dicatat; berlaku seketika di sini / recorded, in force here at once")

    def confirmed():
        clauses = ipwl.cli("consent", "show", "--person", case)["items"]
        holders = [holder for clause in clauses for holder in clause["holders"]]
        return holders and all(holder["stopped"] for holder in holders) and holders
    holders = wait_until("semua pemegang data berhenti / every holder has stopped", confirmed)
    for holder in holders:
        agency = play.network.agencies[holder["agency"]["id"]]
        play.line(agency, "berhenti memakai data dan menegaskannya / stopped, and confirmed it")
    ended = _find(ipwl, number)
    play.line(ipwl, f"{number} berakhir / has ended", ended["state"]["name"])
    said = ipwl.cli("refer", "--person", case, "--to", hospital.id, "--service", "medical",
                    "--reason", "Kontrol", fails=True)
    if "CONSENT_WITHDRAWN" not in said and "menarik persetujuan" not in said:
        raise Failed(f"a letter without consent was refused for another reason: {said}")
    play.line(ipwl, "surat berikutnya ditolak: persetujuan ditarik / a later letter is refused")


def play_all(play):
    arrival(play)
    case, number, theirs = onward(play)
    withdrawal(play, case, number, theirs)
