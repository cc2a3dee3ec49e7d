"""Letters in the hub's custody: taken back by whoever wrote them, set aside, held back, expired."""

import json

import pytest

from peer import ids, letter
from stories import desk
from stories.network import program, run
from stories.waiting import wait_for


@pytest.fixture
def pair(network):
    return desk.pair(network)


def said(agent, *words, status=0):
    """What a caseworker reads, not what --json gives."""
    return run(program("jembatan"), "--socket", agent.socket, *words, status=status)


def recall(agent, number, *words, status=0):
    return agent.cli("recall", number, "--yes", *words, status=status)


# ---- a letter is taken back ----

def test_a_letter_at_the_hub_is_taken_back_and_its_recipient_never_sees_it(pair, tmp_path):
    ipwl, clinic = pair
    clinic.stop()
    scan = tmp_path / "hasil.pdf"
    scan.write_bytes(b"%PDF-1.4 " + b"x" * 300_000)
    case, number = desk.referred(ipwl, clinic.id, "--document", f"health={scan}")
    desk.wait_custody(ipwl, number, "in-custody")

    assert recall(ipwl, number)["taken"] is False
    desk.wait_custody(ipwl, number, "recalled")
    assert desk.state(ipwl, number) == "cancelled"
    assert [each["state"] for each in ipwl.api("GET", f"/v1/referrals/{number}")["attachments"]] == ["lost"]
    history = said(ipwl, "timeline", number)
    assert "penarikan surat" in history and "recall of a letter" in history

    # The next letter says that the number of the first is void: nobody looks for it.
    other = desk.refer(ipwl, case, clinic.id)
    clinic.start()
    desk.wait_custody(ipwl, other, "stored")
    assert len(desk.arrivals(clinic)) == 1
    assert desk.alarms(clinic) == [] and desk.alarms(ipwl) == []


def test_a_letter_that_has_not_left_is_taken_back_at_once(network, pair):
    ipwl, clinic = pair
    network.hub.stop()
    case, number = desk.referred(ipwl, clinic.id)
    assert recall(ipwl, number)["taken"] is True
    assert desk.state(ipwl, number) == "cancelled"

    network.restart_hub()
    other = desk.refer(ipwl, case, clinic.id)
    desk.wait_custody(ipwl, other, "stored", seconds=90)
    assert len(desk.arrivals(clinic)) == 1


def test_a_letter_that_was_delivered_is_not_taken_back(pair):
    ipwl, clinic = pair
    _, number = desk.referred(ipwl, clinic.id)
    desk.wait_custody(ipwl, number, "stored")
    words = recall(ipwl, number, status=65)
    assert "sudah sampai di penerima" in words and f"jembatan cancel {number}" in words
    assert desk.state(ipwl, number) == "requested"


def test_a_step_of_a_referral_is_not_taken_back(pair):
    ipwl, clinic = pair
    _, number = desk.referred(ipwl, clinic.id)
    theirs = desk.wait_arrival(clinic)
    ipwl.stop()
    desk.accept(clinic, theirs)
    desk.wait_custody(clinic, theirs, "in-custody", kind="referral.accept")
    assert "step of" in recall(clinic, theirs, status=65)
    ipwl.start()
    desk.wait_state(ipwl, number, "accepted")


def test_taking_back_wants_to_be_meant(pair):
    ipwl, clinic = pair
    clinic.stop()
    _, number = desk.referred(ipwl, clinic.id)
    assert "--yes" in said(ipwl, "recall", number, status=64)
    assert desk.state(ipwl, number) == "requested"


# ---- a letter is set aside ----

def peers(network, **options):
    """Two that are written in Python, because no real agent fails at a letter on purpose."""
    made = network.peer("ipwl-a", kind="ipwl"), network.peer("klinik-b")
    network.start_hub(turned=True, **options)
    return made


def note(sender, words, **head):
    return sender.write("klinik-b", "referral.request", {"note": letter.text(words)},
                        thread=ids.uuid7(), **head)


def notes(recipient):
    return [letter.value_of(came.letter, "note") for came in recipient.inbox]


def turns(holds, *agencies, seconds=30):
    def turned():
        for each in agencies:
            each.turn(0.01)
        return holds()
    wait_for(turned, seconds, lambda: [each.store.alarms for each in agencies])


def fails_at_the_first(recipient):
    """It puts off the first letter that the hub brings, and takes every other one."""
    plain = recipient._on_deliver

    def deliver(item):
        poison = item.dseq == 1 and item.WhichOneof("item") == "letter"
        recipient.nak = ("DIRECTORY_BEHIND", 1000) if poison else None
        plain(item)
    recipient._on_deliver = deliver


def test_a_letter_at_which_its_recipient_fails_waits_alone_and_comes_again(network):
    ipwl, klinik = peers(network, queue={"park_after": 2})
    ipwl.connect(), klinik.connect()
    fails_at_the_first(klinik)
    poison, *behind = [note(ipwl, words) for words in ("racun", "dua", "tiga")]
    turns(lambda: all(ipwl.store.sent[each].state == "stored" for each in behind), ipwl, klinik)
    assert notes(klinik) == ["dua", "tiga"] and ("gap", "PARKED") in klinik.store.alarms
    assert ipwl.store.sent[poison].state == "custody"
    aside, = json.loads(network.hubctl("queue", "--json"))["parked"]
    assert (aside["sender"], aside["recipient"], aside["times"]) == ("ipwl-a", "klinik-b", 1)

    network.clock.turn(minutes=16)
    turns(lambda: ipwl.store.sent[poison].state == "stored", ipwl, klinik)
    assert notes(klinik) == ["dua", "tiga", "racun"]
    assert json.loads(network.hubctl("queue", "--json"))["parked"] == []


# ---- letters wait their turn ----

def test_routine_letters_do_not_starve_behind_a_flood_of_urgent_ones(network):
    ipwl, klinik = peers(network)
    ipwl.connect()
    routine = [note(ipwl, f"biasa {i}") for i in range(2)]
    urgent = [note(ipwl, f"segera {i}", urgency="urgent") for i in range(60)]
    ipwl.until(lambda: all(ipwl.store.sent[each].state == "custody" for each in routine + urgent))
    klinik.receives = False
    klinik.connect()
    klinik.link.send("credit", letters=4, bytes=1 << 20)     # it takes four at a time
    klinik.until(lambda: len(klinik.inbox) == 62)
    order = notes(klinik)
    assert order.index("biasa 0") <= 16 and order.index("biasa 1") <= 33, order
    assert [each for each in order if each.startswith("segera")] == [f"segera {i}" for i in range(60)]


# ---- an agency over its quota ----

def test_an_agency_over_its_quota_waits_alone_and_goes_on_by_itself(network):
    ipwl = network.agent("ipwl-a", kind="ipwl")
    other = network.agent("ipwl-b", kind="ipwl")
    clinic = network.agent("klinik-b", kind="clinic", services=["medical"])
    network.start_hub(turned=True, quota={"agencies": {"ipwl-a": {"letters": 1}}})
    ipwl.start(turned=True), other.start(turned=True)
    case = desk.consented(ipwl, clinic.id)
    first, second = [desk.refer(ipwl, case, clinic.id) for _ in range(2)]
    desk.wait_custody(ipwl, first, "in-custody")

    def put_off():
        custody = desk.letters(ipwl, second, "referral.request")[0]["custody"]
        return custody.get("next_try") and custody
    assert wait_for(put_off, 20)["error"]["code"] == "QUOTA"
    shown = said(ipwl, "show", second)
    assert "batas kiriman instansi tercapai" in shown and "quota is used up" in shown
    assert "dikirim lagi dengan sendirinya" in shown and "goes again by itself" in shown
    assert "Kuota hub tercapai" in said(ipwl, "status")

    _, neighbours = desk.referred(other, clinic.id)
    desk.wait_custody(other, neighbours, "in-custody")
    used = {each["agency"]: each for each in json.loads(network.hubctl("quota", "--json"))["agencies"]}
    assert (used["ipwl-a"]["quota"], used["ipwl-a"]["letters"], used["ipwl-a"]["state"]) == ("own", "1/1", "full")
    assert (used["ipwl-b"]["quota"], used["ipwl-b"]["letters"]) == ("usual", "1/100000")

    clinic.start(turned=True)
    desk.wait_custody(ipwl, first, "stored")
    network.clock.turn(minutes=1)
    desk.wait_custody(ipwl, second, "stored", seconds=60)
    assert "Kuota hub" not in said(ipwl, "status")


def test_a_quota_that_makes_no_sense_is_answered_with_a_sentence_and_changes_nothing(network):
    network.start_hub()
    network.configure_hub(quota={"letters": 7, "agencies": {"ipwl-a": {"letters": "banyak"}}})
    words = network.hubctl("reload", status=78)
    assert '"banyak"' in words and '"ipwl-a"' in words and "quota/letters" in words
    assert json.loads(network.hubctl("quota", "--json"))["letters"] == 100000
    network.configure_hub(quota={"agencies": {"ipwl-z": {"letters": 7}}})
    assert '"ipwl-z"' in network.hubctl("reload")            # nobody of that name, perhaps not yet
