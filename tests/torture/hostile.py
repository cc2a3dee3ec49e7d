"""A member that was correctly enrolled and does what it can against the others.

ATTACKS is the table: what it tries, the answer it must get, and the line of the hub's log that must
name it.  Every attack is made by a member of its own, `musuh-NN`, so that the name in the log says
which one it was.  Two real agents work meanwhile, and a victim written in Python holds letters that
the attackers know all public numbers of.  In the end nothing of the victim's has reached an
attacker, what the victim wrote has arrived, the agents come to rest, and the checker reads their
ledgers and the hub's store.
"""

import contextlib
import os
import random
import shutil
import tempfile
from pathlib import Path

import zmq

from peer import envelope, ids, keys, letter, limits, link, store, wire
from peer.refusal import Refused
from stories import ledgers
from stories.network import Network
from stories.waiting import wait_for
from torture import bad_lines, kill_daemons

SECRET = "rahasia-korban-7431"
DAY = limits.DAY_MS
PIECE = 16 * limits.KIB
OFFSETS = (0, 1, PIECE - 1, PIECE, 3 * PIECE, 4 * PIECE - 1, 4 * PIECE, 4 * PIECE + 1,
           limits.BLOB_BYTES)


# ---- what an attacker sends, and what it hears ----

def put(enemy, h, c):
    """One Put outside the outbox: "taken", or the code of the refusal."""
    pseq = enemy.store.take_pseq()
    enemy.link.send("put", pseq=pseq, h=h, c=c)
    name, part = enemy.link.expect("put_ok", "put_err", "bye")
    return "taken" if name == "put_ok" else part.code


def sealed(enemy, to="korban", text="halo", **head):
    """A letter as it should be, which is not in the outbox."""
    made = enemy.write(to, "referral.request", {"note": letter.text(text)}, thread=ids.uuid7(), **head)
    return enemy.store.sent.pop(made).sealed


def header(enemy, **fields):
    """Puts a good letter with another header."""
    good = sealed(enemy)
    changed = good.header
    for name, value in fields.items():
        setattr(changed, name, value)
    return put(enemy, changed.SerializeToString(), good.c)


def bye(enemy):
    return enemy.link.expect("bye")[1].code


def frame(name, **fields):
    def attack(enemy, _):
        enemy.link.send(name, **fields)
        return bye(enemy)
    return attack


def raw(data):
    def attack(enemy, _):
        enemy.link.send_bytes(data)
        return bye(enemy)
    return attack


def hello(**fields):
    """A session under other words; "welcome", or why not."""
    def attack(enemy, place):
        try:
            enemy.connect(**{name: value(place) if callable(value) else value
                             for name, value in fields.items()})
        except Refused as refused:
            return refused.code
        return "welcome"
    return attack


def receipt_of(enemy, h, c):
    """What the recipient says of it over its own signature: "stored", or the code of its refusal."""
    sent = store.Sent(envelope.Sealed(h, c, b"", b""), "ipwl-a", envelope.ROUTINE, "referral.request")
    enemy.store.sent[bytes(sent.sealed.header.id)] = sent
    enemy.until(lambda: sent.state not in ("written", "put", "custody") or sent.code, 20,
                lambda: f"no receipt: {sent.state}")
    return sent.code or sent.state


def letter_to_agent(change):
    """A letter to a real agent, changed inside; gives its receipt."""
    def attack(enemy, place):
        return receipt_of(enemy, *change(enemy, place))
    return attack


# ---- attacks that need more than a line ----

def forged_sender(enemy, place):
    good = sealed(enemy, to="ipwl-a")
    changed = good.header
    setattr(changed, "from", "korban")
    return put(enemy, changed.SerializeToString(), good.c)


def same_id_other_bytes(enemy, _):
    first = sealed(enemy)
    assert put(enemy, first.h, first.c) == "taken"
    other = sealed(enemy, letter_id=bytes(first.header.id))
    return put(enemy, other.h, other.c)


def victims_letter_again(enemy, place):
    return put(enemy, place.letter.sealed.h, place.letter.sealed.c)


def recall_of_anothers(enemy, place):
    enemy.link.send("recall", id=place.waiting)
    return "done" if enemy.link.expect("recalled")[1].done else "not done"


def the_same(said):
    """One word for all answers, when they are one."""
    return said.pop() if len(said) == 1 else str(sorted(said))


def blob_of_another(enemy, place):
    said = set()
    for offset in OFFSETS:
        enemy.link.send("blob_get", blob=place.blob, offset=offset)
        answer = enemy.link.expect("blob_data")[1]
        said.add(f"{len(answer.data)} bytes" if answer.data else answer.code)
    return the_same(said)


def blob_under_anothers_letter(enemy, place):
    said = set()
    for offset in OFFSETS:
        for data in (b"", b"x" * 100):
            enemy.link.send("blob_put", blob=place.blob, letter=place.waiting, offset=offset,
                            data=data)
            said.add(enemy.link.expect("blob_have")[1].code)
    return the_same(said)


def put_blob(who, letter_id, blob):
    """Piece by piece: "taken", or the code of the refusal."""
    for offset in range(0, len(blob), PIECE):
        who.link.send("blob_put", blob=keys.blake2b(blob), letter=letter_id, offset=offset,
                      data=blob[offset:offset + PIECE])
        said = who.link.expect("blob_have")[1].code
        if said not in ("", "OK"):
            return said
    return "taken"


@contextlib.contextmanager
def carrying(who, blob):
    """What it seals meanwhile has this attachment."""
    plain = who._seal

    def seal(head, made, sig):
        head.blobs.add(id=keys.blake2b(blob), padded_length=len(blob))
        return plain(head, made, sig)
    who._seal = seal
    try:
        yield
    finally:
        who._seal = plain


def proof_by_guessing(enemy, place):
    """Leaves can be counted; what they are of must be known."""
    guesses = [keys.blake2b(bytes([n])) for n in range(40)]
    enemy.link.send("proof_get", header_hashes=guesses, leaves=list(range(40)))
    return f"{len(enemy.link.expect('proof')[1].inclusions)} proofs"


def overruns_credit(enemy, place):
    """300 letters that the hub, which stands still, finds all at once; it gave credit for fewer."""
    good = [sealed(enemy, text=str(n)) for n in range(300)]
    place.network.hub.freeze()
    for each in good:
        enemy.link.send("put", pseq=enemy.store.take_pseq(), h=each.h, c=each.c)
    place.network.hub.thaw()
    said = "taken"
    while said == "taken":
        name, part = enemy.link.expect("put_ok", "put_err", "bye")
        said = part.code if name != "put_ok" else said
    return said


def over_quota(most):
    """Letters one after another until the hub wants no more of its sender; the victim's pass."""
    def attack(enemy, place):
        for n in range(most):
            good = sealed(enemy, text=str(n))
            said = put(enemy, good.h, good.c)
            if said != "taken":
                place.victims_letter_passes()
                return said
        return "all taken"
    return attack


def over_blob_quota(enemy, place):
    """One attachment after another until the hub wants no more of its sender; the victim's passes."""
    for _ in range(5):
        blob = os.urandom(limits.BLOB_STEP_BYTES)
        with carrying(enemy, blob):
            good = sealed(enemy)
        assert put(enemy, good.h, good.c) == "taken"
        said = put_blob(enemy, bytes(good.header.id), blob)
        if said != "taken":
            place.victims_letter_passes()
            return said
    return "all taken"


def own_frame_again(enemy, _):
    """The bytes of a Put that was answered, once more."""
    good = sealed(enemy)
    pseq = enemy.store.take_pseq()
    enemy.link.send("put", pseq=pseq, h=good.h, c=good.c)
    enemy.link.expect("put_ok")
    enemy.link.send("put", pseq=pseq, h=good.h, c=good.c)
    return bye(enemy)


def own_letter_again(enemy, place):
    """It has arrived, and is put twenty times more before another one: its recipient has it once."""
    good, last = sealed(enemy, to="ipwl-a"), sealed(enemy, to="ipwl-a")
    receipt_of(enemy, good.h, good.c)
    for _ in range(20):
        assert put(enemy, good.h, good.c) == "taken"
    enemy.connect()                      # what came while it only listened for answers comes again
    receipt_of(enemy, last.h, last.c)
    agent = next(each for each in place.agents if each.id == "ipwl-a")
    came = ledgers.rows(agent, "SELECT id FROM inbox WHERE sender = ? ORDER BY seq", enemy.id)
    return "once" if came == [(bytes(each.header.id),) for each in (good, last)] else f"{len(came)} letters"


def proofs_in_floods(enemy, place):
    """51,200 leaves asked for in one breath: a part is answered, the rest is put off."""
    guesses = [keys.blake2b(bytes([n])) for n in range(256)]
    for _ in range(200):
        enemy.link.send("proof_get", header_hashes=guesses, leaves=[n % 3 for n in range(256)])
    place.victims_letter_passes()
    answers = [enemy.link.expect("proof")[1] for _ in range(200)]
    if any(answer.inclusions for answer in answers):
        return "proofs"
    return "put off" if sum(answer.judged for answer in answers) < 200 * 256 else "all judged"


def offends_three_times(enemy, _):
    for _ in range(2):
        enemy.link.send_bytes(b"\xff" * 20)
        bye(enemy)
        enemy.connect()
    enemy.link.send_bytes(b"\xff" * 20)
    bye(enemy)
    hub = enemy.directory.hub()
    with link.Link(hub.endpoints[0], hub.link_key, enemy.pairs["LINK"]) as line:
        return "shut out" if line.refused(10) else "let in"


def mutations(enemy, place):
    """A hundred letters with a bit turned in H or C: each is refused, or told apart by its recipient."""
    chance = random.Random(place.seed)
    for _ in range(100):
        good = sealed(enemy, to="korban")
        parts = [bytearray(good.h), bytearray(good.c)]
        part = chance.choice(parts)
        part[chance.randrange(len(part))] ^= 1 << chance.randrange(8)
        put(enemy, bytes(parts[0]), bytes(parts[1]))
    return "answered"


def second_hello(enemy, _):
    enemy.link.send("hello", **enemy._hello())
    return bye(enemy)


def skipped_number(enemy, _):
    good = sealed(enemy)
    enemy.link.send("put", pseq=enemy.store.next_pseq + 1, h=good.h, c=good.c)
    return bye(enemy)


def two_parts(enemy, _):
    enemy.link._socket.send_multipart([PING, PING])
    return "cut" if enemy.link.lost(10) else "let be"


def too_large(enemy, _):
    enemy.link._socket.setsockopt(zmq.MAXMSGSIZE, -1)
    enemy.link.send_bytes(bytes(limits.FRAME_BYTES + 1))
    return "cut" if enemy.link.lost(10) else "let be"


# ---- letters that only their recipient can judge ----

def bent_cipher(enemy, _):
    good = sealed(enemy, to="ipwl-a")
    return good.h, good.c[:-1] + bytes([good.c[-1] ^ 1])


def own_new_key(enemy, _):
    """Signed with a key that the directory does not know."""
    good = sealed(enemy, to="ipwl-a", sig=keys.make("SIG"))
    return good.h, good.c


def signs_as_victim(enemy, place):
    """Names the victim's signing key and signs with its own."""
    class Liar:
        id = place.victim.pairs["SIG"].id
        sign = enemy.pairs["SIG"].sign
    good = sealed(enemy, to="ipwl-a", sig=Liar)
    return good.h, good.c


def no_letter_inside(enemy, place):
    head = wire.envelope.Header(**{"id": ids.uuid7(), "from": enemy.id, "to": "ipwl-a",
                                   "class": envelope.ROUTINE,
                                   "expires_at_ms": ids.now_ms() + 10 * DAY})
    box = enemy.directory.current_key("ipwl-a", "BOX", ids.now_ms())
    made = envelope.seal(head, b"\xff" * 50, box, enemy.pairs["SIG"])
    return made.h, made.c


def sealed_to_another(enemy, place):
    head = wire.envelope.Header(**{"id": ids.uuid7(), "from": enemy.id, "to": "ipwl-a",
                                   "class": envelope.ROUTINE,
                                   "expires_at_ms": ids.now_ms() + 10 * DAY})
    made = envelope.seal(head, b"x", keys.make("BOX").public, enemy.pairs["SIG"])
    return made.h, made.c


def receipts_for_anothers(enemy, place):
    """Says that it refused a letter which the agent wrote to somebody else."""
    lie = wire.letter.Receipt(id=place.agents_letter, header_hash=keys.blake2b(b"x"),
                              status=letter.REFUSED, code="WRONG_KEY", at_ms=ids.now_ms())
    sent = enemy.write("ipwl-a", "letter.receipts",
                       receipts=wire.letter.Receipts(receipts=[lie]))
    enemy.until(lambda: enemy.store.sent[sent].state in ("custody", "stored"))
    return "taken"


PING = wire.frame.Frame(ping=wire.frame.Ping(nonce=1)).SerializeToString()
OFFENDED = "member.offended"
REFUSED = "letter.refused"
NO_ATTACHMENT = "attachment.refused"
SESSION = "session.refused"

# what it tries: (the answer, the event of the log that names it or None, the attack)
ATTACKS = {
    # who one is
    "HELLO as another agency": ("NOT_YOU", SESSION, hello(agency="korban")),
    "HELLO with the ledger of another": ("welcome", None, hello(store_id=lambda at: at.victim.store.id)),
    "HELLO that takes another's ledger over": ("welcome", None,
                                               hello(takes_over=lambda at: at.victim.store.id)),
    "HELLO in a protocol of the future": ("BAD_VERSION", SESSION,
                                          hello(protocol_min=9, protocol_max=9)),
    "HELLO with a checkpoint of its own": ("welcome", None,
                                           hello(checkpoint=b"uji/hub-uji/x\n999999\nAAAA\n")),
    "a second HELLO": ("OUT_OF_ORDER", OFFENDED, second_hello),
    # letters in another's name, and again
    "a letter from another agency": ("NOT_YOU", REFUSED, forged_sender),
    "a letter of another put again": ("NOT_YOU", REFUSED, victims_letter_again),
    "the same id with other bytes": ("EQUIVOCATION", REFUSED, same_id_other_bytes),
    # headers
    "a header of the future": ("BAD_VERSION", REFUSED, lambda e, _: header(e, version=2)),
    "a suite of the future": ("BAD_VERSION", REFUSED, lambda e, _: header(e, suite=9)),
    "a bucket that is none": ("MALFORMED", REFUSED, lambda e, _: header(e, bucket=9)),
    "a bucket of another size": ("MALFORMED", REFUSED, lambda e, _: header(e, bucket=1)),
    "an id that is too short": ("MALFORMED", REFUSED, lambda e, _: header(e, id=b"short")),
    "a recipient that is no code": ("MALFORMED", REFUSED, lambda e, _: header(e, to="../korban")),
    "a recipient that nobody knows": ("NO_ROUTE", REFUSED, lambda e, _: header(e, to="tidak-ada")),
    "a letter that has expired": ("EXPIRED", REFUSED, lambda e, _: header(e, expires_at_ms=1)),
    "a letter for ever": ("EXPIRY_TOO_FAR", REFUSED,
                          lambda e, _: header(e, expires_at_ms=ids.now_ms() + 401 * DAY)),
    "a header of noise": ("MALFORMED", REFUSED, lambda e, _: put(e, b"\xff" * 200, b"c" * 1064)),
    "a hundred turned bits": ("answered", REFUSED, mutations),
    # frames
    "noise": ("MALFORMED", OFFENDED, raw(b"\xff" * 40)),
    "an empty frame": ("MALFORMED", OFFENDED, raw(b"")),
    "a frame cut short": ("MALFORMED", OFFENDED, raw(PING[:-1])),
    "a length beyond the end": ("MALFORMED", OFFENDED, raw(b"\x0a\xff\xff\xff\xff\x0f")),
    "a message of two parts": ("cut", None, two_parts),
    "a frame beyond the limit": ("cut", None, too_large),
    "a DELIVER of its own": ("OUT_OF_ORDER", OFFENDED, frame("deliver", **{
        "class": 1, "dseq": 1, "attempt": 1, "letter": wire.frame.Sealed(h=b"h", c=b"c")})),
    "a PUT_OK of its own": ("OUT_OF_ORDER", OFFENDED, frame("put_ok")),
    "a number left out": ("OUT_OF_ORDER", OFFENDED, skipped_number),
    "STORED for what never came": ("OUT_OF_ORDER", OFFENDED,
                                   frame("stored", **{"class": 3, "up_to": 1000})),
    "three offences": ("shut out", "member.shut_out", offends_three_times),
    "more than its credit": ("OVER_CREDIT", OFFENDED, overruns_credit),
    "a frame of its own again": ("OUT_OF_ORDER", OFFENDED, own_frame_again),
    "a letter of its own again": ("once", None, own_letter_again),
    # floods, felt by nobody else
    "more letters than its quota": ("QUOTA", REFUSED, over_quota(10)),
    "more bytes than its quota": ("QUOTA", REFUSED, over_quota(30)),
    "more letters in a minute than it may": ("QUOTA", REFUSED, over_quota(100)),
    "more of attachments than its quota": ("QUOTA", NO_ATTACHMENT, over_blob_quota),
    "proofs in floods": ("put off", "proofs.put_off", proofs_in_floods),
    # what is others'
    "RECALL of another's letter": ("not done", None, recall_of_anothers),
    "an attachment of another": ("NOT_FOUND", NO_ATTACHMENT, blob_of_another),
    "an attachment under another's letter": ("NOT_FOUND", NO_ATTACHMENT, blob_under_anothers_letter),
    "proofs by guessing": ("0 proofs", None, proof_by_guessing),
    # letters that pass the hub
    "a cipher with a turned bit": (("CANNOT_OPEN", "DAMAGED"), None, letter_to_agent(bent_cipher)),
    "a key that nobody knows": ("KEY_UNKNOWN", None, letter_to_agent(own_new_key)),
    "a signature in another's name": ("KEY_UNKNOWN", None, letter_to_agent(signs_as_victim)),
    "no letter inside": ("MALFORMED", None, letter_to_agent(no_letter_inside)),
    "sealed to another key": ("WRONG_KEY", None, letter_to_agent(sealed_to_another)),
    "a receipt for a letter to others": ("taken", None, receipts_for_anothers),
}
# What the hub allows these attackers, so that they come to its end soon.
QUOTAS = {
    "more letters than its quota": {"letters": 3},
    "more bytes than its quota": {"bytes": "8k"},
    "more letters in a minute than it may": {"per_minute": 5},
    "more of attachments than its quota": {"blob_bytes": "128k"},
}
SHORT = ("HELLO as another agency", "a letter from another agency", "a letter of another put again",
         "noise", "STORED for what never came", "three offences", "RECALL of another's letter",
         "an attachment of another", "more letters than its quota", "a signature in another's name", "a hundred turned bits")


class Place:
    """The network, the victim with its partner, and what is publicly known of the victim."""

    def __init__(self, folder, names, seed):
        self.seed = seed
        self.network = Network(folder)
        self.agents = [self.network.agent(name, kind=kind, services=["medical"])
                       for name, kind in kill_daemons.AGENCIES[:2]]
        self.victim = self.network.peer("korban", kind="clinic")
        self.partner = self.network.peer("mitra", kind="clinic")
        self.witness = self.network.peer("saksi", kind="clinic")
        self.enemies = {}
        self.network._signed = False         # one directory for all of them
        for number, name in enumerate(names):
            self.enemies[name] = self.network.peer(f"musuh-{number:02}", kind="prison")
        self.network.publish()
        self.network.start_hub(quota={"agencies": {
            enemy.id: QUOTAS[name] for name, enemy in self.enemies.items() if name in QUOTAS}})
        for agent in self.agents:
            agent.start()
        self.clients = kill_daemons.clients_of(self.agents)
        self._let_victim_write()

    def _let_victim_write(self):
        """One letter that has arrived, and one with an attachment that waits."""
        self.victim.connect()
        self.partner.connect()
        came = self.victim.write("mitra", "referral.request", {"note": letter.text(SECRET)},
                                 thread=ids.uuid7())
        self.both(lambda: self.victim.store.sent[came].state == "stored")
        self.letter = self.victim.store.sent[came]
        self.partner.close()
        blob = os.urandom(limits.BLOB_STEP_BYTES)
        with carrying(self.victim, blob):
            self.waiting = self.victim.write("mitra", "referral.request",
                                             {"note": letter.text(SECRET)}, thread=ids.uuid7())
        self.victim.until_sent(self.waiting, "custody")
        assert put_blob(self.victim, self.waiting, blob) == "taken"
        self.blob = keys.blake2b(blob)
        self.agents_letter = ids.uuid7()

    def both(self, holds):
        def turned():
            for each in (self.victim, self.partner, self.witness):
                if each.link:
                    each.turn(0.01)
            return holds()
        wait_for(turned, 20, "the victim's letters do not arrive")

    def victims_letter_passes(self):
        """While an attack goes on."""
        self.victim.connect()
        self.witness.connect()
        sent = self.victim.write("saksi", "referral.request", {"note": letter.text("sela")},
                                 thread=ids.uuid7())
        self.both(lambda: self.victim.store.sent[sent].state == "stored")
        self.witness.close()

    def attack(self, name):
        """What is wrong, or ""."""
        wanted, event, act = ATTACKS[name]
        enemy = self.enemies[name]
        if not name.startswith("HELLO"):
            enemy.connect()
        heard = act(enemy, self)
        enemy.close()
        if heard not in (wanted if isinstance(wanted, tuple) else (wanted,)):
            return f"{name}: {heard}, not {wanted}"
        if not self.network.hub.running:
            return f"{name}: the hub has ended"
        field = "session" if event == REFUSED else "agency"
        if event and not self.network.hub.events(event, **{field: enemy.id}):
            return f"{name}: no {event} in the log names {enemy.id}"
        return self.leaked(enemy, name)

    def leaked(self, enemy, name):
        if enemy.inbox or SECRET in str(enemy.store.came):
            return f"{name}: the attacker got a letter"
        return ""

    def victim_is_well(self):
        """What it wrote arrives, once, and it can go on."""
        self.victim.connect()
        self.partner.connect()
        last = self.victim.write("mitra", "referral.request", {"note": letter.text("terakhir")},
                                 thread=ids.uuid7())
        self.both(lambda: all(self.victim.store.sent[each].state == "stored"
                              for each in (self.waiting, last)))
        notes = [letter.value_of(came.letter, "note") for came in self.partner.inbox]
        return "" if notes == [SECRET, SECRET, "terakhir"] else f"the victim's letters came as {notes}"

    def cut_off(self):
        """The registrar suspends every attacker, one of them while it is connected: its session ends,
        and the door is shut to all."""
        enemy = next(each for each in self.enemies.values() if not self.is_shut_out(each, 1))
        enemy.connect()
        for each in self.enemies.values():
            self.network.registrar("suspend", each.id)
        self.network.registrar.sign()
        self.network.reload_hub()
        wait_for(lambda: enemy.link is None or enemy.turn(), 20, "the suspended session lives on")
        let_in = [each.id for each in self.enemies.values() if not self.is_shut_out(each)]
        if enemy.bye == "SUSPENDED" and not let_in:
            return ""
        return f"suspended, {enemy.id} got {enemy.bye}, and these were let in: {let_in}"

    def is_shut_out(self, enemy, seconds=10):
        hub = enemy.directory.hub()
        with link.Link(hub.endpoints[0], hub.link_key, enemy.pairs["LINK"]) as line:
            return line.refused(seconds)


def play(place, names, acked, say):
    """All attacks under traffic; gives what is wrong of each."""
    wrongs = []
    with open(acked, "a") as file:
        traffic = kill_daemons.Traffic(place.agents, place.clients, place.seed, file)
        traffic.start()
        for name in names:
            try:
                wrong = place.attack(name)
            except (AssertionError, Refused, TimeoutError) as failed:
                wrong = f"{name}: {type(failed).__name__} {failed}"
            wrongs.append(wrong)
            say(f"hostile: {name}" + (f"\n  {wrong}" if wrong else ""))
        before = len(acked.read_text().splitlines())
        wait_for(lambda: len(acked.read_text().splitlines()) > before, 30, "the agents stand still")
        traffic.over.set()
        traffic.join()
    return wrongs


def judge(place, acked):
    wrong = place.victim_is_well() or place.cut_off()
    bad_lines.come_to_rest(place.agents)
    for agent in place.agents:
        agent.stop()
    place.network.hub.stop()
    status, said = kill_daemons.check(place.network, place.agents, acked)
    if SECRET in place.network.hub.log:
        return "the hub's log holds a secret"
    return wrong or (said if status else "")


def campaign(seed, say, names=None):
    """All attacks, or those named; gives runs and failures."""
    names = names or tuple(ATTACKS)
    folder = Path(tempfile.mkdtemp(prefix="jbt-"))
    acked = folder / "acked"
    acked.touch()
    place = Place(folder, names, seed)
    try:
        wrongs = play(place, names, acked, say)
        try:
            wrongs.append(judge(place, acked))
        except AssertionError as failed:
            wrongs.append(str(failed))
        if wrongs[-1]:
            say(f"hostile: in the end: {wrongs[-1]}")
    finally:
        place.network.close()
    failures = sum(bool(wrong) for wrong in wrongs)
    if failures:
        say(f"  its folder is {folder}")
    else:
        shutil.rmtree(folder)
    return len(wrongs), failures
