"""A prison releases an inmate to a centre near his home; he does not come, is found, and arrives."""
from people import BW
from scene import wait_state


def play(play):
    prison, ipwl = play.agency("lapas-bengkulu"), play.agency("ipwl-pesona")
    play.heading("3. BW, 32 tahun: bebas dari lapas, tidak datang, dihubungi, lalu tiba",
                 "3. BW, 32: released from prison, does not come, is contacted, arrives")
    case = play.intake(prison, BW, entry="justice")
    play.consent(prison, case, ipwl.id, "social-rehab", "health,criminal,location")
    number, theirs = play.sends(prison, ipwl, "release", "--person", case, "--to", ipwl.id,
                                "--expected", play.today(30), "--type", "parole", "--area", "17.71.04",
                                "--need", "Rehabilitasi sosial rawat jalan")
    play.line(prison, f"{number}: akan bebas 30 hari lagi / will be released in 30 days", "requested")
    ipwl.cli("send", "release.accept", theirs, "--place", "Kantor IPWL", "--contact", "Peksos Pesona",
             "--phone", "+62736000001", "--at", play.at(31))
    wait_state(prison, number, "accepted")
    play.line(ipwl, "menerima, dengan janji temu / accepts, with an appointment", "accepted")
    play.later("tiga puluh dua hari kemudian", "thirty-two days later", days=32)
    prison.cli("send", "release.done", number, "--on", play.today(-2), "--escort", "alone")
    play.line(prison, "bebas, pulang sendiri / released, went home alone", "accepted")
    ipwl.cli("send", "release.no-show", theirs, "--expected", play.today(-1), "--attempts", "2")
    wait_state(prison, number, "no-show")
    play.line(ipwl, "tidak datang, dua kali ditelepon / did not come, two calls", "no-show")
    prison.cli("send", "release.contacted", number, "--contact", "will-come", "--note", "Sakit, datang besok")
    play.line(prison, "menemukannya lewat keluarga: akan datang / found through the family: will come", "no-show")
    play.later("sehari kemudian", "a day later", days=1)
    ipwl.cli("send", "release.arrived", theirs, "--at", play.now(), "--escort", "family")
    ipwl.cli("send", "release.complete", theirs, "--on", play.today(), "--responsible", "Peksos Pesona")
    wait_state(prison, number, "completed")
    play.line(prison, "tahu bahwa ia tiba: lingkaran tertutup / knows that he arrived: loop closed", "completed")
