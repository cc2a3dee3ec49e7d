"""What the coordinator sees of all this, and what a worker opens in the morning."""
from network import wait_until
from people import SA
from scene import incoming, wait_incoming, wait_state


def play(play):
    coordinator, ipwl, hospital = map(play.agency, ("galih-pakuan", "ipwl-pesona", "rskjo-bengkulu"))
    play.heading("7. Koordinator: setiap rangkaian, tidak seorang pun bernama",
                 "7. The coordinator: every chain, and nobody's name")
    number, before = unheard(play, ipwl, hospital)
    for words in (("chain", "list"), ("chain", "late"), ("chain", "disagree")):
        play.screen(coordinator, *words)
    answered(play, ipwl, hospital, number, before)
    chains = coordinator.cli("chain", "list")
    re_routed = max(chains, key=lambda chain: chain["referrals"])
    play.screen(coordinator, "chain", "show", re_routed["id"][:8], most=24)
    play.heading("Dan yang dibuka petugas pada pagi hari", "And what a worker opens in the morning")
    play.screen(ipwl, "today", most=24)


def unheard(play, ipwl, hospital):
    """The hospital's computer is off: only one side reports, and the clock runs."""
    coordinator = play.agency("galih-pakuan")
    case = ipwl.cli("people", SA["name"])["items"][0]["number"]
    play.consent(ipwl, case, hospital.id, "treatment")
    before, known = incoming(hospital), len(coordinator.cli("chain", "list", "--all"))
    hospital.process.stop()
    number = ipwl.cli("refer", "--person", case, "--to", hospital.id, "--service", "psychological",
                      "--reason", "Konseling lanjutan")["number"]
    play.line(ipwl, f"{number} ke RSKJO, yang komputernya mati / to the hospital, whose computer is off", "requested")
    wait_until("koordinator diberi tahu / the coordinator is told",
               lambda: len(coordinator.cli("chain", "list", "--all")) > known)
    play.later("enam hari kemudian", "six days later", days=6)
    wait_until("koordinator melihatnya / the coordinator sees it", lambda: coordinator.cli("chain", "late")
               and coordinator.cli("chain", "disagree"))
    return number, before


def answered(play, ipwl, hospital, number, before):
    coordinator = play.agency("galih-pakuan")
    hospital.start().wait_connected()
    theirs = wait_incoming(hospital, before)
    hospital.cli("show", theirs)
    hospital.cli("accept", theirs, "--at", play.at(1), "--place", "Poli psikologi")
    wait_state(ipwl, number, "accepted")
    wait_until("kedua laporan cocok / both reports agree", lambda: not coordinator.cli("chain", "disagree"))
    play.line(hospital, f"menyala lagi, menjawab {theirs}: laporan cocok / on again, answers: reports agree", "accepted")
