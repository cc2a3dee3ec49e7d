"""Stores that go back in time: each case ends with every acknowledged letter once at both sides, the
same state and revision, and a referral that goes on."""

import shutil

import pytest

from peer import ids, wire
from stories import desk, ledgers
from stories.network import program, run
from stories.waiting import wait_for

CONTRADICTS = 78


@pytest.fixture
def pair(network):
    return desk.pair(network)


# ---- an agent ----

def test_a_performer_restored_from_an_old_copy_gets_back_what_it_was_sent_and_what_it_wrote(network, pair):
    ipwl, clinic = pair
    _, number = desk.referred(ipwl, clinic.id)
    at_clinic = desk.wait_arrival(clinic)
    settle(ipwl, clinic)
    copy = copy_away(network, clinic)
    desk.show(clinic, at_clinic)
    desk.accept(clinic, at_clinic)
    desk.arrived(clinic, at_clinic)
    desk.start(clinic, at_clinic)
    case = desk.consented(ipwl, clinic.id)
    second = desk.refer(ipwl, case, clinic.id)
    desk.wait_arrival(clinic, 2)
    desk.wait_state(ipwl, number, "in-progress")
    settle(ipwl, clinic)
    put_back(network, clinic, copy)
    restore_here(clinic)
    clinic.start()
    ledgers.wait_agreed(ipwl, clinic)
    assert desk.state(clinic, at_clinic) == "in-progress"
    # it goes on, with the revision that comes next
    desk.report(clinic, at_clinic)
    desk.complete(clinic, at_clinic)
    desk.wait_state(ipwl, number, "completed")
    in_second = next(each for each in desk.arrivals(clinic) if each != at_clinic)
    desk.show(clinic, in_second)
    desk.accept(clinic, in_second)
    desk.wait_state(ipwl, second, "accepted")
    ledgers.wait_agreed(ipwl, clinic)
    assert "two-histories" not in desk.alarms(clinic)


def test_a_requester_restored_from_an_old_copy_gets_its_referrals_and_their_answers_back(network, pair):
    ipwl, clinic = pair
    _, first = desk.referred(ipwl, clinic.id)
    desk.wait_arrival(clinic)
    settle(ipwl, clinic)
    copy = copy_away(network, ipwl)
    case = desk.consented(ipwl, clinic.id, name="Sinta Kanaribaru")
    desk.refer(ipwl, case, clinic.id)
    at_clinic = desk.wait_arrival(clinic, 2)
    for number in desk.arrivals(clinic):
        desk.show(clinic, number)
        desk.accept(clinic, number)
    wait_for(lambda: [each["state"]["name"] for each in desk.listed(ipwl).values()]
             == ["accepted"] * 2, 30)
    settle(ipwl, clinic)
    put_back(network, ipwl, copy)
    restore_here(ipwl)
    ipwl.start()
    ledgers.wait_agreed(ipwl, clinic)
    assert "record-rebuilt" in desk.alarms(ipwl)
    desk.arrived(clinic, at_clinic)
    ledgers.wait_agreed(ipwl, clinic)
    assert sorted(each["state"]["name"] for each in desk.listed(ipwl).values()) == [
        "accepted", "arrived"]


def test_the_files_of_letters_that_are_given_back_come_again_from_their_sender(network):
    """The hub gave them away when they had arrived: their sender still has them, for thirty days."""
    ipwl, clinic = desk.pair(network)
    settle(ipwl, clinic)
    copies = {agent: copy_away(network, agent) for agent in (ipwl, clinic)}
    path = network.folder / "hasil.pdf"
    path.write_bytes(b"hasil" * 20000)
    _, number = desk.referred(ipwl, clinic.id, "--document", f"health={path}")
    desk.wait_arrival(clinic)
    wait_for(lambda: files(ipwl, number)[0]["state"] == "delivered", 60)
    settle(ipwl, clinic)
    put_back(network, clinic, copies[clinic])
    restore_here(clinic)
    clinic.start()
    theirs = desk.wait_arrival(clinic)
    wait_for(lambda: [each["state"] for each in files(clinic, theirs)] == ["here"], 60)
    wait_for(lambda: files(ipwl, number)[0]["state"] == "delivered", 60)
    ledgers.wait_agreed(ipwl, clinic)
    file, = files(clinic, theirs)
    saved = network.folder / "kembali.pdf"
    clinic.cli("attachment", "save", str(file["number"]), "--as", saved)
    assert saved.read_bytes() == path.read_bytes()
    # the sender lost its ledger as well: it hears that the clinic has the file
    put_back(network, ipwl, copies[ipwl])
    restore_here(ipwl)
    ipwl.start()
    ledgers.wait_agreed(ipwl, clinic)
    number, = desk.listed(ipwl)
    assert [each["state"] for each in files(ipwl, number)] == ["delivered"]
    assert "attachment-unsure" not in desk.alarms(ipwl)


def files(agent, number):
    return agent.api("GET", f"/v1/referrals/{number}")["attachments"]


def test_drafts_of_the_copy_that_went_out_later_are_not_sent_twice(network, pair):
    ipwl, clinic = pair
    desk.referred(ipwl, clinic.id)
    desk.wait_arrival(clinic)
    settle(ipwl, clinic)
    network.hub.stop()
    case = desk.consented(ipwl, clinic.id)
    desk.refer(ipwl, case, clinic.id)                 # written, and the line is down
    copy = copy_away(network, ipwl)
    network.start_hub()
    desk.wait_arrival(clinic, 2, seconds=90)
    settle(ipwl, clinic, seconds=90)
    put_back(network, ipwl, copy)
    restore_here(ipwl)
    ipwl.start()
    ledgers.wait_agreed(ipwl, clinic)
    assert len(desk.arrivals(clinic)) == 2
    assert "equivocation" not in desk.alarms(clinic)


def test_a_ledger_copied_back_by_hand_stops_and_goes_on_only_when_it_was_told_to(network, pair):
    ipwl, clinic = pair
    _, number = desk.referred(ipwl, clinic.id)
    at_clinic = desk.wait_arrival(clinic)
    settle(ipwl, clinic)
    copy = copy_away(network, clinic)
    desk.show(clinic, at_clinic)
    desk.accept(clinic, at_clinic)
    desk.wait_state(ipwl, number, "accepted")
    settle(ipwl, clinic)
    put_back(network, clinic, copy)
    clinic.start(connected=False)
    assert clinic.daemon.wait_end() == CONTRADICTS
    assert "this ledger is older than what the hub knows of it" in clinic.daemon.log
    restore_here(clinic)
    clinic.start()
    ledgers.wait_agreed(ipwl, clinic)
    assert desk.state(clinic, at_clinic) == "accepted"


def test_a_copy_of_a_copy_that_the_hub_does_not_know_waits_for_its_operator(network):
    ipwl, clinic = desk.pair(network, turned=True)
    _, number = desk.referred(ipwl, clinic.id)
    at_clinic = desk.wait_arrival(clinic)
    settle(ipwl, clinic)
    first = copy_away(network, clinic, turned=True)
    second = network.folder / "second-copy"
    shutil.copytree(first, second)
    put_back(network, clinic, first)
    restore_here(clinic)
    clinic.start(turned=True)
    desk.show(clinic, at_clinic)
    desk.accept(clinic, at_clinic)
    desk.wait_state(ipwl, number, "accepted")
    settle(ipwl, clinic)
    put_back(network, clinic, second)
    restore_here(clinic)
    clinic.start(turned=True, connected=False)
    network.hub.wait_log("session.refused", agency=clinic.id, error="OTHER_STORE", seconds=20)
    desk.wait_alarm(clinic, "other-ledger")
    network.hubctl("release", clinic.id)
    network.clock.turn(minutes=11)         # nobody has to answer such a question more often
    ledgers.wait_agreed(ipwl, clinic, seconds=90)
    assert desk.state(clinic, at_clinic) == "accepted"
    assert "other-ledger" not in desk.alarms(clinic)


# ---- the hub ----

def test_a_hub_put_back_from_an_old_copy_gives_no_letter_a_place_that_was_taken(network):
    """The sender comes back first: its new letters get the numbers of those that the lost hub had
    delivered.  The recipient's claim to have stored those must not swallow them."""
    ipwl, clinic = desk.pair(network, turned=True)
    desk.referred(ipwl, clinic.id)
    desk.wait_arrival(clinic)
    settle(ipwl, clinic)
    network.hub.stop()
    copy = network.folder / "hub-copy"
    shutil.copytree(network.hub_data, copy)
    network.start_hub(turned=True)
    wait_connected(ipwl, clinic)
    for _ in range(2):
        desk.refer(ipwl, desk.consented(ipwl, clinic.id), clinic.id)
    desk.wait_arrival(clinic, 3)
    settle(ipwl, clinic)
    clinic.stop()
    network.hub.stop()
    shutil.rmtree(network.hub_data)
    copy.rename(network.hub_data)
    network.clock.turn(hours=2)          # a hub takes a new store id once an hour at most
    network.start_hub(turned=True)
    wait_connected(ipwl)
    for _ in range(3):
        number = desk.refer(ipwl, desk.consented(ipwl, clinic.id), clinic.id)
        desk.wait_custody(ipwl, number, "in-custody")
    clinic.start(turned=True)
    desk.wait_arrival(clinic, 6)
    ledgers.wait_agreed(ipwl, clinic)
    assert network.hub.events("hub.gone_back")


def test_hub_and_ledger_lost_at_once_still_lose_no_letter(network, pair):
    ipwl, clinic = pair
    _, number = desk.referred(ipwl, clinic.id)
    at_clinic = desk.wait_arrival(clinic)
    settle(ipwl, clinic)
    copy = copy_away(network, clinic)
    desk.show(clinic, at_clinic)
    desk.accept(clinic, at_clinic)
    desk.refer(ipwl, desk.consented(ipwl, clinic.id), clinic.id)
    desk.wait_arrival(clinic, 2)
    desk.wait_state(ipwl, number, "accepted")
    settle(ipwl, clinic)
    put_back(network, clinic, copy)
    network.hub.kill()
    shutil.rmtree(network.hub_data)
    restore_here(clinic)
    network.start_hub()
    clinic.start()
    ledgers.wait_agreed(ipwl, clinic, seconds=90)
    assert desk.state(clinic, at_clinic) == "accepted" and len(desk.arrivals(clinic)) == 2


# ---- two ledgers ----

def test_of_two_copies_that_run_the_one_behind_stops_and_nothing_is_sent_twice(network, pair):
    ipwl, clinic = pair
    _, number = desk.referred(ipwl, clinic.id)
    desk.wait_arrival(clinic)
    settle(ipwl, clinic)
    ipwl.stop()
    clone = clone_of(network, ipwl)
    ipwl.start()
    case = desk.consented(ipwl, clinic.id)
    desk.refer(ipwl, case, clinic.id)
    desk.wait_arrival(clinic, 2)
    settle(ipwl, clinic)
    clone.start(connected=False)
    assert clone.daemon.wait_end() == CONTRADICTS
    assert "this ledger is older than what the hub knows of it" in clone.daemon.log
    wait_connected(ipwl)
    desk.refer(ipwl, case, clinic.id)
    desk.wait_arrival(clinic, 3)
    ledgers.wait_agreed(ipwl, clinic)
    assert "equivocation" not in desk.alarms(clinic)


def clone_of(network, agent):
    """The same folder on another machine."""
    clone = type(agent).__new__(type(agent))
    clone.__dict__.update(agent.__dict__)
    clone.folder = network.folder / f"{agent.id}-clone"
    shutil.copytree(agent.folder, clone.folder, ignore=shutil.ignore_patterns("*.sock"))
    clone.socket, clone.config = clone.folder / "agent.sock", clone.folder / "agent.zpl"
    clone.daemon = None
    network.agents[f"{agent.id}-clone"] = clone
    return clone


# ---- a hostile partner ----

def test_a_partner_can_give_back_no_letter_that_nobody_signed(network, agents_and_peer):
    clinic, peer = agents_and_peer
    before = ledgers.rows(clinic, "SELECT count(*) FROM inbox")
    for sender, recipient in ((clinic.id, peer.id), (peer.id, clinic.id), ("somebody", clinic.id)):
        real = peer.store.sent.pop(peer.write(clinic.id, "referral.accept", thread=ids.uuid7(), rev=1))
        header = wire.envelope.Header.FromString(real.sealed.h)
        setattr(header, "from", sender)
        header.to = recipient
        again = wire.letter.LetterAgain(h=header.SerializeToString(), s=real.sealed.s,
                                        sig=bytes(63) + b"x")
        sent = peer.until_sent(peer.write(clinic.id, "letter.again", letter_again=again), "refused")
        assert sent.code in ("BAD_SIGNATURE", "KEY_UNKNOWN", "NOT_ALLOWED")
    assert ledgers.rows(clinic, "SELECT count(*) FROM inbox") == before
    assert ledgers.rows(clinic, "SELECT count(*) FROM outbox WHERE kind LIKE 'referral%'") == [(0,)]
    assert "signer-doubtful" in desk.alarms(clinic)


def test_a_partner_that_says_again_and_again_that_it_was_restored_is_answered_once(network, agents_and_peer):
    clinic, peer = agents_and_peer
    for _ in range(5):
        resume = wire.letter.LedgerResume(store_id=peer.store.id)
        peer.until_sent(peer.write(clinic.id, "ledger.resume", ledger_resume=resume))
    peer.until_came("letter.again")
    lie = wire.letter.LedgerResume(store_id=ids.uuid7())
    assert peer.until_sent(peer.write(clinic.id, "ledger.resume", ledger_resume=lie),
                           "refused").code == "INVALID"
    desk.wait_quiet(clinic)
    given = ledgers.rows(clinic, "SELECT count(*) FROM outbox WHERE kind = 'letter.again'")
    assert given == [(1,)]               # the word that there is nothing


@pytest.fixture
def agents_and_peer(network):
    clinic = network.agent("klinik-b", kind="clinic", services=["medical"])
    peer = network.peer("ipwl-p", kind="ipwl")
    network.publish()
    network.start_hub()
    clinic.start()
    peer.connect()
    return clinic, peer


# ---- what the cases have in common ----

def wait_connected(*agents):
    wait_for(lambda: all(agent.cli("status")["hub"]["connected"] for agent in agents), 90)


def settle(*agents, seconds=40):
    desk.wait_quiet(*agents, seconds=seconds)


def copy_away(network, agent, turned=False):
    """A copy as an operator makes it: of a ledger that is not in use."""
    agent.stop()
    copy = network.folder / f"{agent.id}-copy"
    shutil.copytree(agent.data, copy)
    agent.start(turned=turned, connected=network.hub.running)
    return copy


def put_back(network, agent, copy):
    agent.stop()
    shutil.rmtree(agent.data)
    shutil.copytree(copy, agent.data)


def restore_here(agent):
    said = run(program("jembatan-agent"), "restore", "--here", "--config", agent.config)
    assert "goes on as a restored one" in said
