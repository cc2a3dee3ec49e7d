"""A clinic without room, a second referral in the same chain, and a consent that is withdrawn."""
from network import wait_until
from people import RS
from scene import find, refused, wait_state


def play(play):
    play.heading("2. RS, 30 tahun: klinik penuh, dirujuk ulang ke rumah sakit, lalu menarik persetujuannya",
                 "2. RS, 30: the clinic is full, re-routed to the hospital, then consent is withdrawn")
    case, number = re_route(play)
    withdraw(play, case, number)


def re_route(play):
    ipwl, clinic, hospital = map(play.agency, ("ipwl-pesona", "klinik-pelita", "rskjo-bengkulu"))
    case = play.intake(ipwl, RS, entry="self")
    for recipient in (clinic, hospital):
        play.consent(ipwl, case, recipient.id, "treatment", "health,identity")
    play.line(ipwl, f"penerimaan awal klien {case}, dua klausul / intake, two clauses")
    words = ["refer", "--person", case, "--service", "medical", "--urgency", "urgent",
             "--reason", "Perlu dokter segera", "--health", RS["finding"]]
    first, theirs = play.sends(ipwl, clinic, *words, "--to", clinic.id)
    clinic.cli("show", theirs)
    clinic.cli("reject", theirs, "--reason", "no-capacity", "--suggest", hospital.id)
    play.line(clinic, f"menolak {theirs}: kapasitas penuh, menyarankan RSKJO / refuses: no capacity", "rejected")
    wait_state(ipwl, first, "rejected")
    second, theirs = play.sends(ipwl, hospital, *words, "--to", hospital.id, "--replaces", first)
    play.line(ipwl, f"{second} menggantikan {first}, satu rangkaian / re-routed, same chain", "requested")
    hospital.cli("show", theirs)
    hospital.cli("accept", theirs, "--at", play.at(1, 10), "--place", "IGD, loket 2")
    play.line(hospital, f"menerima {theirs} / accepts", "accepted")
    wait_state(ipwl, second, "accepted")
    play.line(ipwl, "tahu ke mana klien pergi / knows where the client goes", "accepted")
    return case, second


def withdraw(play, case, number):
    """Everybody stops and says so."""
    ipwl, hospital = play.agency("ipwl-pesona"), play.agency("rskjo-bengkulu")
    ipwl.cli("consent", "withdraw", "--person", case, "--all")
    play.line(ipwl, "penarikan dicatat; berlaku seketika di sini / recorded, in force here at once")

    def confirmed():
        clauses = ipwl.cli("consent", "show", "--person", case)["items"]
        holders = [holder for clause in clauses for holder in clause["holders"]]
        return holders and all(holder["stopped"] for holder in holders) and holders
    for holder in wait_until("semua pemegang data berhenti / every holder has stopped", confirmed):
        play.line(play.agency(holder["agency"]["id"]),
                  "berhenti memakai data dan menegaskannya / stopped, and confirmed it")
    play.line(ipwl, f"{number} berakhir / has ended", find(ipwl, number)["state"]["name"])
    refused(ipwl, "CONSENT_WITHDRAWN", "refer", "--person", case, "--to", hospital.id, "--service", "medical",
            "--reason", "Kontrol")
    play.line(ipwl, "surat berikutnya ditolak: persetujuan ditarik / a later letter is refused")
