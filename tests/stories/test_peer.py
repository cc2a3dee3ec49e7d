"""Agencies written from the document alone meet the real registrar and the real hub.

Both sides here are tests/peer; the stories with real agents are in other files.
"""

import os
import shutil

import pytest
import zmq

from peer import agency, consent, envelope, ids, keys, letter, limits, link, log, referral, wire
from peer.refusal import Refused
from stories.waiting import wait_for

DAY = limits.DAY_MS


@pytest.fixture
def two(network):
    """An IPWL and a clinic, connected to a running hub."""
    network.peer("ipwl-a", kind="ipwl")
    network.peer("klinik-b", kind="clinic")
    network.start_hub()
    return connected(network)


def connected(network):
    for each in network.peers.values():
        each.connect()
    return network.peers["ipwl-a"], network.peers["klinik-b"]


def turn_both(first, second, holds, seconds=10, what=""):
    """Lets two agencies take turns until the condition holds."""
    def turned():
        for each in (first, second):
            if each.link:
                each.turn(0.01)
        return holds()
    return wait_for(turned, seconds, what)


def send(sender, recipient, text="halo", **head):
    """A letter goes and is receipted; gives it as it came."""
    letter_id = sender.write(recipient.id, "referral.request", {"note": letter.text(text)},
                             thread=ids.uuid7(), **head)
    turn_both(sender, recipient, lambda: sender.store.sent[letter_id].state == "stored",
              what=lambda: f"letter is {sender.store.sent[letter_id]}")
    return recipient.store.came[sender.id, letter_id]


def notes(recipient):
    return [letter.value_of(came.letter, "note") for came in recipient.inbox]


def assert_alive(network):
    """The hub still carries a letter between two new sessions."""
    assert network.hub.running, network.hub.log
    first, second = connected(network)
    send(first, second, "masih hidup")


# ---- a referral ----

def clause_for(grantor, recipient, **fields):
    made = wire.letter.Clause(**{**dict(
        id=ids.uuid7(), grantor=grantor.id, recipient=recipient.id, purpose="treatment",
        labels=["health"], valid_from_ms=ids.now_ms(), valid_to_ms=ids.now_ms() + DAY),
        **fields})
    return consent.sign_clause(made, grantor.pairs["SIG"])


def refer(requester, performer, **head):
    """A referral.request as the catalogue wants it; gives its letter id."""
    answers = {
        "service": letter.code("", "medical"),
        "person.name": letter.text("Contoh"),
        "person.sex": letter.code("", "female"),
        "reason": letter.text("pemeriksaan sebelum rehabilitasi"),
        "summary.health": letter.text("demam"),
    }
    return requester.write(performer.id, "referral.request", answers, **{**dict(
        thread=ids.uuid7(), case_id=ids.random16(), chain=ids.random16(), purpose="treatment",
        labels=["health"], basis=letter.CONSENT_BASIS, clause=clause_for(requester, performer),
        from_role="caseworker"), **head})


def test_a_referral_is_received_accepted_and_receipted_on_both_sides(two):
    ipwl, klinik = two
    shown = referral.Referral()
    request = refer(ipwl, klinik, urgency="urgent")
    ipwl.until_sent(request, "custody")
    asked = klinik.until_came("referral.request")
    klinik.reply(asked, "referral.received", rev=1, basis=0, clause=None, labels=[])
    accept = klinik.reply(asked, "referral.accept", {
        "appointment.start": letter.instant(ids.now_ms() + DAY),
        "appointment.place": letter.text("Loket 2")}, rev=2)
    turn_both(ipwl, klinik, lambda: ipwl.store.sent[request].state == "stored")
    turn_both(ipwl, klinik, lambda: len(ipwl.inbox) == 2)
    for kind in ("referral.received", "referral.accept"):
        came = ipwl.until_came(kind)
        assert came.letter.thread == asked.letter.thread and came.letter.in_reply_to == request
        shown.apply(came)
    assert shown.state == "accepted"
    turn_both(ipwl, klinik, lambda: klinik.store.sent[accept].state == "stored")
    assert not ipwl.store.alarms and not klinik.store.alarms


def test_events_that_overtake_one_another_are_applied_in_their_order(two):
    """A stat answer overtakes the routine one before it: rev keeps the thread in order."""
    ipwl, klinik = two
    shown = referral.Referral()
    refer(ipwl, klinik)
    ipwl.turn()
    asked = klinik.until_came("referral.request")
    ipwl.close()
    for rev, kind, cls in ((1, "referral.received", envelope.ROUTINE),
                           (2, "referral.accept", envelope.ROUTINE),
                           (3, "arrival.confirm", envelope.STAT)):
        klinik.until_sent(klinik.reply(asked, kind, rev=rev, cls=cls), "custody")
    ipwl.connect()
    ipwl.until(lambda: len(ipwl.inbox) == 3)
    assert [came.letter.rev for came in ipwl.inbox] == [3, 1, 2]
    states = []
    for came in ipwl.inbox:
        shown.apply(came)
        states.append(shown.state)
    assert states == ["requested", "received", "arrived"]


def test_a_person_who_reads_sends_an_opened_receipt(two):
    ipwl, klinik = two
    came = send(ipwl, klinik)
    klinik.tell_opened(came)
    turn_both(ipwl, klinik, lambda: ipwl.store.sent[came.id].opened)


def test_letters_of_a_class_arrive_in_the_order_they_were_written(two):
    ipwl, klinik = two
    words = [f"surat {n}" for n in range(100)]
    for word in words:
        ipwl.write("klinik-b", "referral.request", {"note": letter.text(word)})
    turn_both(ipwl, klinik, lambda: len(klinik.inbox) == len(words), seconds=20)
    assert notes(klinik) == words


def test_an_urgent_letter_overtakes_routine_ones_that_wait(network):
    ipwl, klinik = network.peer("ipwl-a"), network.peer("klinik-b")
    network.start_hub()
    ipwl.connect()
    first = ipwl.write("klinik-b", "referral.request", {"note": letter.text("biasa")})
    last = ipwl.write("klinik-b", "referral.request", {"note": letter.text("segera")},
                      urgency="stat")
    ipwl.until_sent(first, "custody")
    ipwl.until_sent(last, "custody")
    klinik.connect()
    klinik.until(lambda: len(klinik.inbox) == 2)
    assert notes(klinik) == ["segera", "biasa"]


@pytest.mark.parametrize("size", [1, 5_000, 60_000, 250_000])
def test_letters_of_every_size_arrive_whole(two, size):
    ipwl, klinik = two
    text = "é" * min(size // 2, 4000)
    answers = {"note": [letter.text(text)] * max(1, size // 8000)}
    sent = ipwl.write("klinik-b", "referral.request", answers)
    turn_both(ipwl, klinik, lambda: ipwl.store.sent[sent].state == "stored")
    came = klinik.store.came["ipwl-a", sent]
    assert [answer.text for answer in came.letter.answers.answers] == [text] * len(answers["note"])


def test_an_uncovered_letter_is_held_and_the_sender_is_told(two):
    ipwl, klinik = two
    came = send(ipwl, klinik, basis=1, purpose="treatment", labels=["health"])
    assert came.state == "held" and not klinik.inbox
    assert ipwl.store.sent[came.id].code == "NO_CONSENT"


# ---- the same letter again, and other bytes under its name ----

def test_a_letter_put_again_after_it_was_stored_is_in_custody_anew_and_arrives_once(two):
    ipwl, klinik = two
    came = send(ipwl, klinik)
    sent = ipwl.store.sent[came.id]
    leaf = sent.leaf
    sent.state = "written"
    ipwl.until_sent(came.id, "custody")
    assert sent.leaf > leaf
    send(ipwl, klinik, "berikutnya")
    assert len(klinik.inbox) == 2


def test_the_same_id_with_other_bytes_is_refused_by_the_hub(two):
    ipwl, klinik = two
    first = send(ipwl, klinik)
    ipwl.write("klinik-b", "referral.request", letter_id=first.id)
    assert ipwl.until_sent(first.id, "refused").code == "EQUIVOCATION"


def test_a_letter_that_was_damaged_on_its_way_is_put_again_and_arrives(two):
    """The recipient's refusal quotes what it got, so the sender knows that it was not its letter."""
    ipwl, klinik = two
    sent = ipwl.write("klinik-b", "referral.request", {"note": letter.text("utuh")})
    state = ipwl.store.sent[sent]
    whole = state.sealed
    damaged = whole.c[:-1] + bytes([whole.c[-1] ^ 1])
    state.sealed = envelope.Sealed(whole.h, damaged, whole.s, whole.sig)
    ipwl.until_sent(sent, "custody")
    state.sealed = whole
    turn_both(ipwl, klinik, lambda: state.code == "DAMAGED")
    turn_both(ipwl, klinik, lambda: state.state == "stored")
    assert notes(klinik) == ["utuh"]


# ---- wrong keys, and who one is not ----

def test_a_letter_sealed_to_another_key_is_refused_by_its_recipient(two):
    ipwl, klinik = two
    ipwl.directory.member("klinik-b").keys[1].public_key = keys.make("BOX").public
    sent = ipwl.write("klinik-b", "referral.request")
    turn_both(ipwl, klinik, lambda: ipwl.store.sent[sent].state == "refused")
    assert ipwl.store.sent[sent].code == "WRONG_KEY"


def test_an_agency_that_is_not_enrolled_is_refused_at_the_door(network):
    stranger = network.peer("orang-asing", enrol=False)
    known = network.peer("ipwl-a")
    network.start_hub()
    hub = known.directory.hub()
    with link.Link(hub.endpoints[0], hub.link_key, stranger.pairs["LINK"]) as line:
        assert line.refused(10)


def test_a_hub_with_another_key_is_not_believed(network):
    ipwl = network.peer("ipwl-a")
    network.start_hub()
    hub = ipwl.directory.hub()
    with link.Link(hub.endpoints[0], keys.make("LINK").public, ipwl.pairs["LINK"]) as line:
        assert not line.send("hello", seconds=2)


def test_hello_in_the_name_of_another_agency_is_refused(network):
    ipwl = network.peer("ipwl-a")
    network.peer("klinik-b")
    network.start_hub()
    with pytest.raises(Refused, match="NOT_YOU"):
        ipwl.connect(agency="klinik-b")
    assert_alive(network)


def test_a_letter_from_another_agency_is_refused(network, two):
    ipwl, klinik = two
    sent = ipwl.write("klinik-b", "referral.request")
    header = ipwl.store.sent[sent].sealed.header
    setattr(header, "from", "klinik-b")
    header.to = "ipwl-a"
    error = put_raw(ipwl, header.SerializeToString(), ipwl.store.sent[sent].sealed.c)
    assert (error.code, error.retry_after_ms) == ("NOT_YOU", 0)
    assert_alive(network)


@pytest.mark.parametrize("routing_id", [b"klinik-b", bytes([1] * 5), bytes(range(16, 32))])
def test_a_connection_that_claims_a_routing_id_is_cut(network, two, routing_id):
    ipwl, _ = two
    thief = network.peer("lapas-c")
    hub = thief.directory.hub()
    with link.Link(hub.endpoints[0], hub.link_key, thief.pairs["LINK"], routing_id) as line:
        line.send("hello", **thief._hello())
        assert line.lost(10)
    send(*two)


def test_a_routing_id_like_the_hubs_own_steals_nothing(network, two):
    """The form that the hub's library gives out itself can be claimed; what counts is the key."""
    ipwl, klinik = two
    thief = network.peer("lapas-c")
    hub = thief.directory.hub()
    with link.Link(hub.endpoints[0], hub.link_key, thief.pairs["LINK"], bytes(5)) as line:
        line.send("hello", **thief._hello())
        line.send("credit", letters=10, bytes=1_000_000)
        send(ipwl, klinik, "rahasia")
        with pytest.raises((TimeoutError, Refused)):
            line.expect("deliver", seconds=0.3)


def put_raw(sender, h, c):
    """One Put outside the outbox; gives the PutErr."""
    sender.link.send("put", pseq=sender.store.take_pseq(), h=h, c=c)
    return sender.link.expect("put_err")[1]


# ---- what the gate refuses ----

def changed_header(sender, letter_id, **fields):
    header = sender.store.sent.pop(letter_id).sealed.header
    for name, value in fields.items():
        setattr(header, name, value)
    return header.SerializeToString()


@pytest.mark.parametrize("fields, code", [
    (dict(version=2), "BAD_VERSION"),
    (dict(suite=2), "BAD_VERSION"),
    (dict(bucket=1), "MALFORMED"),
    (dict(bucket=9), "MALFORMED"),
    (dict(id=b"short"), "MALFORMED"),
    (dict(wrapped=b""), "MALFORMED"),
    (dict(to="tidak-ada"), "NO_ROUTE"),
    (dict(to="BUKAN KODE"), "MALFORMED"),
    (dict(expires_at_ms=1), "EXPIRED"),
    (dict(expires_at_ms=ids.now_ms() + 401 * DAY), "EXPIRY_TOO_FAR"),
])
def test_the_gate_names_what_is_wrong_with_a_letter(network, two, fields, code):
    ipwl, _ = two
    sent = ipwl.write("klinik-b", "referral.request")
    c = ipwl.store.sent[sent].sealed.c
    error = put_raw(ipwl, changed_header(ipwl, sent, **fields), c)
    assert (error.code, error.retry_after_ms) == (code, 0)
    assert abs(error.hub_time_ms - ids.now_ms()) < 60_000
    send(*two)


def test_a_letter_id_from_years_ahead_is_put_off_with_the_hubs_time(two):
    ipwl, _ = two
    sent = ipwl.write("klinik-b", "referral.request", letter_id=ids.uuid7(ids.now_ms() + 500 * DAY))
    ipwl.until(lambda: ipwl.store.sent[sent].code)
    assert ipwl.store.sent[sent].code == "CLOCK_SKEW"
    assert ipwl.store.sent[sent].state == "written"


# ---- frames that are none, and frames out of turn ----

GOOD = wire.frame.Frame(ping=wire.frame.Ping(nonce=1)).SerializeToString()


@pytest.mark.parametrize("data, code", [
    (b"", "MALFORMED"),
    (b"\xff" * 40, "MALFORMED"),
    (os.urandom(4096), "MALFORMED"),
    (GOOD[:-1], "MALFORMED"),
    (b"\xf2\x06\x02hi", "MALFORMED"),
    (b"\x0a\xff\xff\xff\xff\x0f", "MALFORMED"),
    (GOOD + wire.frame.Frame(bye=wire.frame.Bye(code="OK")).SerializeToString(), "MALFORMED"),
], ids=["empty", "all ones", "random", "truncated", "an unknown type", "a length beyond the end", "two in one"])
def test_bytes_that_are_no_frame_end_the_session(network, two, data, code):
    ipwl, _ = two
    ipwl.link.send_bytes(data)
    assert ipwl.link.expect("bye")[1].code == code
    assert_alive(network)


def test_a_message_of_two_parts_cuts_the_connection(network, two):
    ipwl, _ = two
    ipwl.link._socket.send_multipart([GOOD, GOOD])
    assert ipwl.link.lost(10)
    assert_alive(network)


def test_a_frame_beyond_the_limit_cuts_the_connection(network, two):
    ipwl, _ = two
    ipwl.link._socket.setsockopt(zmq.MAXMSGSIZE, -1)
    ipwl.link.send_bytes(bytes(limits.FRAME_BYTES + 1))
    assert ipwl.link.lost(10)
    assert_alive(network)


@pytest.mark.parametrize("name, fields", [
    ("put", dict(pseq=1, h=b"h", c=b"c")),
    ("stored", {"class": 3, "up_to": 1}),
    ("credit", dict(letters=1, bytes=1)),
    ("ping", dict(nonce=1)),
    ("recall", dict(id=ids.uuid7())),
    ("directory_get", {}),
    ("proof_get", {}),
])
def test_nothing_comes_before_hello(network, name, fields):
    ipwl = network.peer("ipwl-a")
    network.peer("klinik-b")
    network.start_hub()
    hub = ipwl.directory.hub()
    with link.Link(hub.endpoints[0], hub.link_key, ipwl.pairs["LINK"]) as line:
        line.send(name, **fields)
        assert line.expect("bye")[1].code == "OUT_OF_ORDER"
    assert_alive(network)


@pytest.mark.parametrize("name", ["hello", "welcome", "put_ok", "deliver", "directory_is"])
def test_a_frame_out_of_turn_ends_the_session(network, two, name):
    ipwl, _ = two
    fields = ipwl._hello() if name == "hello" else {}
    if name == "deliver":
        fields = {"class": 1, "dseq": 1, "attempt": 1,
                  "letter": wire.frame.Sealed(h=b"h", c=b"c")}
    if name == "welcome":
        fields = dict(protocol=1, hub="x", hub_store_id=ids.random16(), pseq_mark=0,
                      credit=wire.frame.Credit(letters=1, bytes=1), max_frame_bytes=1,
                      max_expiry_ms=1, hub_time_ms=1, directory_version=1)
    ipwl.link.send(name, **fields)
    assert ipwl.link.expect("bye")[1].code in ("OUT_OF_ORDER", "MALFORMED")
    assert_alive(network)


def test_a_put_out_of_sequence_ends_the_session(network, two):
    ipwl, _ = two
    sent = ipwl.write("klinik-b", "referral.request")
    sealed = ipwl.store.sent[sent].sealed
    ipwl.link.send("put", pseq=ipwl.store.next_pseq + 1, h=sealed.h, c=sealed.c)
    assert ipwl.link.expect("bye")[1].code == "OUT_OF_ORDER"
    assert_alive(network)


def test_stored_beyond_what_was_delivered_ends_the_session(network, two):
    ipwl, _ = two
    ipwl.link.send("stored", **{"class": 3, "up_to": 1000})
    assert ipwl.link.expect("bye")[1].code == "OUT_OF_ORDER"
    assert_alive(network)


def test_more_puts_than_credit_end_the_session_and_shut_the_door_a_while(network, two):
    ipwl, klinik = two
    words = [f"surat {n}" for n in range(300)]
    for word in words:
        ipwl.write("klinik-b", "referral.request", {"note": letter.text(word)})
    ipwl._credit = wire.frame.Credit(letters=10_000, bytes=100_000_000)
    network.hub.freeze()                 # so that it finds all of them at once
    ipwl.turn()
    network.hub.thaw()
    wait_for(lambda: (ipwl.turn(), ipwl.link is None)[1])
    assert ipwl.bye == "OVER_CREDIT"
    hub = ipwl.directory.hub()
    with link.Link(hub.endpoints[0], hub.link_key, ipwl.pairs["LINK"]) as line:
        assert line.refused(10)
    third = network.peer("lapas-c")
    third.connect()
    send(third, klinik, "orang lain tidak terganggu")
    assert notes(klinik)[-1] == "orang lain tidak terganggu"
    assert notes(klinik)[:-1] == words[:len(klinik.inbox) - 1]


# ---- suspended and reinstated ----

def test_a_suspended_agency_is_cut_off_and_comes_back_when_reinstated(network, two):
    ipwl, klinik = two
    send(ipwl, klinik)
    network.suspend("klinik-b")
    wait_for(lambda: klinik.link is None or klinik.turn(), what="the suspended session lives on")
    assert klinik.bye == "SUSPENDED"
    hub = ipwl.directory.hub()
    with link.Link(hub.endpoints[0], hub.link_key, klinik.pairs["LINK"]) as line:
        assert line.refused(10)
    ipwl.until(lambda: ipwl.directory.version == network.peers["klinik-b"].directory.version)
    sent = ipwl.write("klinik-b", "referral.request")
    assert ipwl.until_sent(sent, "refused").code == "RECIPIENT_SUSPENDED"
    network.reinstate("klinik-b")
    klinik.connect()
    send(ipwl, klinik, "kembali")


def test_a_new_member_writes_without_a_restart_of_the_hub(network, two):
    ipwl, _ = two
    baru = network.peer("lapas-c", kind="prison")
    baru.connect()
    send(baru, ipwl, "salam")


# ---- stores ----

def test_a_second_ledger_with_the_same_key_is_refused(network, two):
    ipwl, klinik = two
    with pytest.raises(Refused, match="OTHER_STORE"):
        twin = agency.Agency("ipwl-a")
        twin.pairs, twin.directory = ipwl.pairs, ipwl.directory
        twin.connect()
    send(ipwl, klinik, "yang pertama tetap bekerja")


def test_a_restored_ledger_takes_over_and_the_old_one_is_refused_for_ever(two):
    ipwl, klinik = two
    send(ipwl, klinik)
    old = ipwl.store
    ipwl.store = type(old)()
    ipwl.store.takes_over = old.id
    ipwl.connect()
    send(ipwl, klinik, "dari buku besar baru")
    ipwl.store, new = old, ipwl.store
    with pytest.raises(Refused, match="OTHER_STORE"):
        ipwl.connect()
    ipwl.store = new
    ipwl.connect()


def test_the_same_ledger_supersedes_its_half_dead_line(two):
    ipwl, klinik = two
    first = ipwl.link
    ipwl.link = None
    ipwl.connect()
    assert first.lost(10) or first.expect("bye")
    first.close()
    send(ipwl, klinik)


def test_a_ledger_that_went_back_is_stopped(two):
    ipwl, klinik = two
    send(klinik, ipwl)
    ipwl.connect()
    ipwl.store.dseq[envelope.ROUTINE] = 0
    with pytest.raises(Refused, match="GONE_BACK"):
        ipwl.connect()


def test_letters_wait_in_the_hub_over_a_restart(network, two):
    ipwl, klinik = two
    klinik.close()
    sent = ipwl.write("klinik-b", "referral.request", {"note": letter.text("tunggu")})
    ipwl.until_sent(sent, "custody")
    ipwl.close()
    network.restart_hub()
    connected(network)
    turn_both(ipwl, klinik, lambda: ipwl.store.sent[sent].state == "stored")
    assert notes(klinik) == ["tunggu"]


def test_a_killed_hub_loses_nothing_that_it_took(network, two):
    ipwl, klinik = two
    words = [f"surat {n}" for n in range(60)]
    sent = [ipwl.write("klinik-b", "referral.request", {"note": letter.text(word)})
            for word in words]
    ipwl.until_sent(sent[20], "custody")
    network.hub.kill()
    network.start_hub()
    connected(network)
    turn_both(ipwl, klinik, lambda: all(each.state == "stored" for each in
                                        ipwl.store.sent.values() if not each.is_receipts), 20)
    assert notes(klinik) == words


@pytest.mark.parametrize("fault", ["hub.commit.before_put_ok:3", "hub.commit.before_put_ok:5"])
def test_a_hub_killed_between_commit_and_answer_takes_each_letter_once(network, fault):
    ipwl, klinik = network.peer("ipwl-a"), network.peer("klinik-b")
    network.start_hub(fault=fault)
    try:
        connected(network)
        for n in range(5):
            sent = ipwl.write("klinik-b", "referral.request", {"note": letter.text(str(n))})
            ipwl.until_sent(sent, "custody", seconds=3)
    except (TimeoutError, Refused):
        pass
    network.hub.wait_killed()
    network.start_hub()
    connected(network)
    turn_both(ipwl, klinik, lambda: all(each.state == "stored" for each in
                                        ipwl.store.sent.values() if not each.is_receipts))
    assert notes(klinik) == [str(n) for n in range(len(klinik.inbox))] and klinik.inbox


def test_a_hub_that_lost_its_data_loses_no_letter(network, two):
    ipwl, klinik = two
    send(ipwl, klinik, "sudah sampai")
    klinik.close()
    sent = ipwl.write("klinik-b", "referral.request", {"note": letter.text("di hub saja")})
    ipwl.until_sent(sent, "custody")
    network.hub.kill()
    shutil.rmtree(network.hub_data)
    network.start_hub()
    connected(network)
    turn_both(ipwl, klinik, lambda: ipwl.store.sent[sent].state == "stored")
    assert notes(klinik) == ["sudah sampai", "di hub saja"]


# ---- windows, naks, recalls ----

def test_an_agency_that_grants_no_credit_leaves_its_mail_at_the_hub(network, two):
    ipwl, klinik = two
    klinik.receives = False
    klinik.connect()
    sent = ipwl.write("klinik-b", "referral.request")
    ipwl.until_sent(sent, "custody")
    with pytest.raises(TimeoutError):
        klinik.link.expect("deliver", seconds=0.3)
    klinik.receives = True
    klinik.connect()
    turn_both(ipwl, klinik, lambda: ipwl.store.sent[sent].state == "stored")


def test_a_letter_that_cant_be_taken_now_comes_again_in_order(two):
    ipwl, klinik = two
    klinik.nak = ("NO_SPACE", 1000)
    for word in ("satu", "dua", "tiga"):
        ipwl.write("klinik-b", "referral.request", {"note": letter.text(word)})
    naks = []
    klinik.link.send, plain = (lambda name, **fields: (naks.append(name), plain(name, **fields))), \
        klinik.link.send
    turn_both(ipwl, klinik, lambda: "nak" in naks)
    klinik.nak = None
    turn_both(ipwl, klinik, lambda: len(klinik.inbox) == 3)
    assert notes(klinik) == ["satu", "dua", "tiga"]


def test_a_recalled_letter_is_never_delivered(network, two):
    ipwl, klinik = two
    klinik.close()
    sent = ipwl.write("klinik-b", "referral.request", {"note": letter.text("jangan")})
    ipwl.until_sent(sent, "custody")
    ipwl.link.send("recall", id=sent)
    ipwl.until_sent(sent, "recalled")
    klinik.connect()
    send(ipwl, klinik, "boleh")
    assert notes(klinik) == ["boleh"] and ("gap", "RECALLED") in klinik.store.alarms


def test_a_delivered_letter_cant_be_recalled(two):
    ipwl, klinik = two
    came = send(ipwl, klinik)
    ipwl.link.send("recall", id=came.id)
    assert not ipwl.link.expect("recalled")[1].done


def test_ping_tells_the_hubs_time(two):
    ipwl, _ = two
    ipwl.link.send("ping", nonce=77)
    pong = ipwl.link.expect("pong")[1]
    assert pong.nonce == 77 and abs(pong.time_ms - ids.now_ms()) < 60_000


# ---- time ----

def test_a_letter_that_nobody_fetched_ends_with_the_hubs_signed_word(network):
    ipwl, klinik = network.peer("ipwl-a"), network.peer("klinik-b")
    network.start_hub(turned=True)
    ipwl.connect()
    sent = ipwl.write("klinik-b", "referral.request", expires_in_ms=10 * DAY)
    ipwl.until_sent(sent, "custody")
    network.clock.turn(days=11)
    assert ipwl.until_sent(sent, "expired", seconds=90).code == "EXPIRED"
    klinik.connect()
    klinik.until(lambda: ("gap", "EXPIRED") in klinik.store.alarms)


def test_an_agency_whose_clock_is_wrong_stamps_the_hubs_time(network):
    ipwl, klinik = network.peer("ipwl-a"), network.peer("klinik-b")
    network.start_hub(turned=True)
    network.clock.turn(days=2)
    connected(network)
    came = send(ipwl, klinik)
    assert abs(came.letter.created_ms - ids.now_ms() - 2 * DAY) < 60_000
    assert abs(came.letter.created_local_ms - ids.now_ms()) < 60_000


# ---- directory and log ----

def test_a_newer_directory_reaches_those_who_ask(network, two):
    ipwl, _ = two
    held = ipwl.directory
    network.publish()
    ipwl.directory = held
    ipwl.fetch_directory()
    ipwl.until(lambda: ipwl.directory.version > held.version)


def test_who_is_up_to_date_gets_no_directory_again(two):
    ipwl, _ = two
    ipwl.link.send("directory_get", version=ipwl.directory.version)
    answer = ipwl.link.expect("directory_is")[1]
    assert answer.version == ipwl.directory.version and not answer.piece


def test_the_checkpoint_grows_with_custody_and_names_the_store(two):
    ipwl, klinik = two
    send(ipwl, klinik)
    ipwl.connect()
    hub = ipwl.directory.hub()
    origin, size, _ = log.read_checkpoint(ipwl.store.checkpoint, hub.id, hub.log_key)
    assert origin == f"uji/{hub.id}/{ids.uuid_text(ipwl.store.hub_id)}"
    assert size >= 2


def test_the_hub_keeps_nothing_readable(network, two):
    ipwl, klinik = two
    klinik.close()
    sent = ipwl.write("klinik-b", "referral.request", {"note": letter.text("kenari-7431")})
    ipwl.until_sent(sent, "custody")
    network.hub.stop()
    for path in network.hub_folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert b"kenari" not in data and b"referral" not in data, path
    assert "kenari" not in network.hub.log
