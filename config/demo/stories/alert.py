"""An alert that a person answers in time, and one that nobody answers."""
from network import wait_until
from people import LP
from scene import incoming, wait_incoming, wait_state


def play(play):
    ipwl, hospital, clinic = map(play.agency, ("ipwl-pesona", "rskjo-bengkulu", "klinik-pelita"))
    play.heading("5. LP, 25 tahun: dua tanda bahaya, satu dijawab, satu diteruskan",
                 "5. LP, 25: two risk alerts, one answered in time, one passed on")
    case = play.intake(ipwl, LP, entry="community")
    number, theirs = play.sends(ipwl, hospital, *alert(play, case, hospital, clinic))
    play.line(ipwl, f"{number}: tanda bahaya, tanpa menunggu persetujuan / alert on vital interest", "requested")
    hospital.cli("send", "risk.acknowledge", theirs, "--responsible", "dr. jaga Contoh", "--phone", "+62736000005")
    wait_state(ipwl, number, "accepted")
    play.line(hospital, "diterima seseorang dalam hitungan menit / acknowledged by a person within minutes", "accepted")
    hospital.cli("send", "risk.close", theirs, "--outcome", "safe", "--at", play.now())
    wait_state(ipwl, number, "completed")

    number, theirs = play.sends(ipwl, hospital, *alert(play, case, hospital, clinic))
    play.line(ipwl, f"{number}: tanda bahaya kedua / a second alert", "requested")
    before = incoming(clinic)
    play.later("satu jam lima menit kemudian", "an hour and five minutes later", minutes=65)
    passed_on = wait_incoming(clinic, before)
    alarm = wait_until("alarm", lambda: [alarm for alarm in ipwl.cli("alarms", "--all")
                                         if alarm["name"] == "risk-unanswered"])
    play.line(ipwl, "tidak dijawab: diteruskan ke klinik, alarm dengan nomor telepon / passed on, alarm")
    play.screen(ipwl, "alarms", most=6)
    clinic.cli("send", "risk.acknowledge", passed_on, "--responsible", "Perawat Contoh", "--phone", "+62736000004")
    clinic.cli("send", "risk.close", passed_on, "--outcome", "safe", "--at", play.now())
    play.line(clinic, "diterima, klien aman / acknowledged, the client is safe", "completed")
    for each in alarm:
        ipwl.cli("alarms", "close", str(each["n"]))


def alert(play, case, first, second):
    return ("alert", "--person", case, "--to", first.id, "--ladder", second.id, "--type", "suicide",
            "--seen-at", play.now(), "--district", "17.71.04", "--action", LP["finding"],
            "--contact", "Peksos Pesona", "--phone", "+62736000001")
