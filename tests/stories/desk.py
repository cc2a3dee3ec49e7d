"""What people at an agency do with the command line, in the words of their day.

Each function takes an agent of network.py and gives what a person would read off the screen.
"""

from datetime import datetime, timedelta, timezone

from stories.waiting import wait_for

# Nobody is called so.  Stories look for these words where they must not stand.
NAME, NIK = "Cendana Kanarirani", "1771045203990007"
FINDING = "ruam kanariputih di lengan kiri"
HEALTH = "keluhan kanarihijau sejak bulan lalu"
CANARIES = (NAME, NIK, FINDING, HEALTH)

WIB = timezone(timedelta(hours=7))


def now():
    return datetime.now(WIB).isoformat(timespec="seconds")


def in_days(days):
    return (datetime.now(WIB) + timedelta(days=days)).isoformat(timespec="seconds")


def intake(agent, name=NAME, nik=NIK, **more):
    """The new client's case number."""
    words = ["intake", "--name", name, "--nik", nik, "--birth-date", "1999-03-12", "--sex", "female",
             "--region", "17.71.04", "--safe-to-call", "no", "--may-leave-message", "no"]
    for flag, value in more.items():
        words += ["--" + flag.replace("_", "-"), value]
    return agent.cli(*words)["number"]


def give_consent(agent, case, to, purpose="treatment", labels="health,identity"):
    words = ["consent", "give", "--person", case, "--to", to, "--purpose", purpose]
    return agent.cli(*words, *(["--labels", labels] if labels else []))


def clauses(agent, case):
    return agent.cli("consent", "show", "--person", case)["items"]


def refer(agent, case, to, *more, service="medical", status=0):
    """The number of the new referral; with another exit status, what the command said."""
    answer = agent.cli("refer", "--person", case, "--to", to, "--service", service,
                       "--reason", "Perlu pemeriksaan dokter", "--health", HEALTH, *more, status=status)
    return answer["number"] if status == 0 else answer


def referred(agent, to, *more, **client):
    """Intake, consent and referral in one go; gives case and referral number."""
    case = intake(agent, **client)
    give_consent(agent, case, to)
    return case, refer(agent, case, to, *more)


def listed(agent):
    """Every referral the agency knows, by number."""
    return {each["number"]: each for box in ("inbox", "outbox") for each in agent.cli(box, "--all")}


def state(agent, number):
    return listed(agent)[number]["state"]["name"]


def wait_state(agent, number, wanted, seconds=30):
    seen = [None]

    def reached():
        found = listed(agent).get(number)
        seen[0] = found and found["state"]["name"]
        return found if seen[0] == wanted else None
    return wait_for(reached, seconds, lambda: f"{agent.id}: {number} is {seen[0]}, not {wanted}")


def arrivals(agent):
    return sorted(each["number"] for each in agent.cli("inbox", "--all"))


def wait_arrival(agent, count=1, seconds=30):
    """Waits for the count-th incoming referral and gives its number."""
    return wait_for(lambda: (found := arrivals(agent)) and len(found) >= count and found[count - 1],
                    seconds, lambda: f"{agent.id} has {arrivals(agent)}")


def show(agent, number):
    """A person opens the referral."""
    return agent.cli("show", number)


def accept(agent, number, *more):
    return agent.cli("accept", number, "--at", in_days(2), "--place", "Poli umum", *more)


def arrived(agent, number):
    return agent.cli("arrived", number, "--at", now())


def start(agent, number):
    return agent.cli("start", number, "--at", now(), "--class", "AMB")


def report(agent, number, finding=FINDING):
    return agent.cli("report", number, "--text", "Pemeriksaan selesai", "--finding", finding)


def complete(agent, number):
    return agent.cli("complete", number, "--outcome", "fit-with-treatment", "--end", now()[:10])


def custody(agent, number):
    """Custody state of each letter of ours in the referral, by kind."""
    return {each["kind"]: each["custody"]["state"] for each in show(agent, number)["letters"]
            if each["way"] == "out"}


def wait_quiet(*agents, seconds=40):
    """Until nothing of theirs is on the way."""
    def queues():
        return {agent.id: agent.cli("status")["queue"] for agent in agents}

    def quiet():
        return all(queue[name] == 0 for queue in queues().values()
                   for name in ("written", "sealed", "in_custody"))
    wait_for(quiet, seconds, lambda: f"still on the way: {queues()}")


def alarms(agent):
    """Without the one that depends on the day of the year on which the stories are told."""
    return [each["name"] for each in agent.cli("alarms") if each["name"] != "holidays-missing"]


# ---- what stories with daemons have in common ----

def pair(network, turned=False, days=120):
    """An IPWL and a clinic with real agents, connected to a running hub.  The directory holds so
    many days."""
    ipwl = network.agent("ipwl-a", kind="ipwl")
    clinic = network.agent("klinik-b", kind="clinic", services=["medical"])
    network.publish(days)
    network.start_hub(turned=turned)
    return ipwl.start(turned=turned), clinic.start(turned=turned)


def clock_time(network):
    """Now, as turned programs see it."""
    return datetime.now(timezone.utc) + timedelta(milliseconds=network.clock.ms)


def moment(shown):
    """A time as --json shows it."""
    return datetime.fromisoformat(shown.replace("Z", "+00:00"))


def letters(agent, number, kind):
    return [each for each in show(agent, number)["letters"] if each["kind"] == kind]


def wait_custody(agent, number, wanted, kind="referral.request", seconds=30):
    """Waits for the custody state of our letter; gives the letter."""
    seen = [None]

    def reached():
        seen[0] = letters(agent, number, kind)[0]
        return seen[0] if seen[0]["custody"]["state"] == wanted else None
    return wait_for(reached, seconds, lambda: f"{agent.id}: {number} {kind} stayed {seen[0]['custody']}")


def wait_alarm(agent, name, seconds=30):
    """Waits for an alarm and gives it as it is shown."""
    def raised():
        return next((each for each in agent.cli("alarms") if each["name"] == name), None)
    return wait_for(raised, seconds, lambda: f"{agent.id} raised only {alarms(agent)}")


def consented(agent, to, **client):
    """A new client with a consent for one recipient; gives the case number."""
    case = intake(agent, **{**_somebody(), **client})
    give_consent(agent, case, to)
    return case


_born = iter(range(8, 9999))


def _somebody():
    """A client who is not there yet: two can't share a NIK."""
    return {"nik": f"177104520399{next(_born):04}"}


def real_time():
    return datetime.now(timezone.utc)


def milliseconds_until(network, shown):
    return int((moment(shown) - clock_time(network)) / timedelta(milliseconds=1))


def people(agent):
    return agent.api("POST", "/v1/people/search", {"words": "a"})["items"]
