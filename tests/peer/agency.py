"""A working agency: writes, seals and puts letters; opens, judges and answers what comes.

The one rule behind everything: an acknowledgement means "I own it now".  So what arrives is
committed to the store first, then answered with STORED; and what is sent stays in the outbox until
the recipient's own signed receipt has come.
"""

import time

from peer import consent, directory as directories, envelope, ids, keys, letter, limits, link, log
from peer import wire
from peer.refusal import Refused, need
from peer.store import Came, Sent, Store

WINDOW = {"letters": 64, "bytes": 2 * limits.MIB}
NOTICE_DOMAIN = "JMBTN-notice-v1"


class Agency:
    def __init__(self, agency, folder=None, store=None):
        """Makes new keys; `folder` keeps them as files, and reads them when they are there."""
        self.id = agency
        self.pairs = {use: _pair(use, folder) for use in ("SIG", "BOX", "LINK")}
        self.boxes = [self.pairs["BOX"]]
        self.store = store or Store()
        self.directory = None
        self.withdrawn = set()               # clause ids that count no longer
        self.inbox = []                      # what a person may see, in the order it came
        self.receives = True                 # False: grants no credit, the hub keeps the mail
        self.link = None
        self.log_key = b""
        self.bye = ""                        # how the last session ended
        self.nak = None                      # a test sets (code, retry_after_ms): nothing is taken
        self._flight = {}                    # pseq -> Sent
        self._credit = None
        self._arrived = []                   # of this turn: committed together, answered together
        self._owed = {}                      # sender -> receipts
        self._fetching = None                # (version, size) of the directory that is on its way
        self._fetched = b""

    # ---- enrolment ----

    def request(self, kind="clinic", region="17.71", name="", **about):
        member = wire.directory.Member(id=self.id, kind=kind, region=region,
                                       name_id=name or self.id, name_en=name or self.id, **about)
        return directories.request(member, self.pairs, ids.now_ms())

    def join(self, welcome_file):
        self.directory = directories.read_welcome(welcome_file)

    # ---- session ----

    def connect(self, endpoint=None, seconds=10, **hello):
        """HELLO and WELCOME.  `hello` replaces fields of HELLO, for tests that lie."""
        self.close()
        hub = self.directory.hub()
        self.log_key = hub.log_key
        self.link = link.Link(endpoint or hub.endpoints[0], hub.link_key, self.pairs["LINK"])
        self.bye = ""
        if not self.link.send("hello", seconds=seconds, **{**self._hello(), **hello}):
            raise Refused("OFFLINE", "no line to the hub")
        name, part = self.link.expect("welcome", "bye", seconds=seconds)
        if name == "bye":
            self.bye = part.code
            self.close()
            raise Refused(part.code, "the hub said BYE")
        self._welcome(part)

    def _hello(self):
        store = self.store
        marks = [wire.frame.ClassMark(**{"class": cls, "dseq": dseq})
                 for cls, dseq in store.dseq.items()]
        return dict(protocol_min=1, protocol_max=1, agency=self.id, store_id=store.id,
                    takes_over=store.takes_over, hub_store_id=store.hub_id, stored=marks,
                    next_pseq=store.next_pseq, directory_version=self.directory.version,
                    checkpoint=store.checkpoint.encode())

    def _welcome(self, welcome):
        self._flight.clear()
        self.store.meet_hub(bytes(welcome.hub_store_id), welcome.pseq_mark)
        self.store.offset_ms = welcome.hub_time_ms - ids.now_ms()
        self._see_checkpoint(welcome.checkpoint)
        self._credit = welcome.credit
        if self.receives:
            self.link.send("credit", **WINDOW)
        if welcome.directory_version > self.directory.version:
            self.fetch_directory()

    def close(self):
        if self.link:
            self.link.close()
        self.link = None

    def now_ms(self):
        """Our clock, corrected by what the hub says when the two differ by over 2 minutes."""
        if abs(self.store.offset_ms) > limits.CLOCK_TOLERANCE_MS:
            return ids.now_ms() + self.store.offset_ms
        return ids.now_ms()

    # ---- writing ----

    def write(self, to, kind, answers=None, urgency="routine", expires_in_ms=None, cls=None,
              version=1, letter_id=None, sig=None, **head):
        """Seals a letter into the outbox and gives its id.  It goes at the next turn."""
        made = wire.letter.Letter(kind=kind, kind_version=version, urgency=letter.URGENCY[urgency],
                                  directory_version=self.directory.version,
                                  checkpoint=self.store.checkpoint.encode(), **head)
        self._stamp(made, sig or self.pairs["SIG"])
        if answers is not None:
            letter.answers(made, answers)
        header = wire.envelope.Header(**{
            "id": letter_id or ids.uuid7(self.now_ms()), "from": self.id, "to": to,
            "class": cls or letter.urgency_class(urgency),
            "expires_at_ms": self.now_ms() + (expires_in_ms or limits.LETTER_EXPIRY_DEFAULT_MS)})
        if made.thread and made.HasField("clause") and not made.in_reply_to:
            self.store.opened[bytes(made.thread)] = bytes(made.clause.clause)
        return self._seal(header, made, sig or self.pairs["SIG"])

    def _stamp(self, made, sig):
        made.sig_key_id = sig.id
        made.created_ms = self.now_ms()
        if self.now_ms() != ids.now_ms() and abs(self.store.offset_ms) > limits.CLOCK_TOLERANCE_MS:
            made.created_local_ms = ids.now_ms()

    def _seal(self, header, made, sig):
        cls = getattr(header, "class")
        n, previous = self.store.next_pair(header.to, cls)
        made.pair.CopyFrom(wire.letter.PairSequence(store_id=self.store.id, n=n, previous=previous))
        box = self.directory.current_key(header.to, "BOX", self.now_ms())
        sealed = envelope.seal(header, made.SerializeToString(), box, sig)
        self.store.pairs[header.to, cls] = (n, sealed.hash)
        self.store.sent[bytes(header.id)] = Sent(sealed, header.to, cls, made.kind)
        return bytes(header.id)

    def reply(self, came, kind, answers=None, **head):
        """A letter in the same thread, about the same case."""
        asked = came.letter
        urgency = [name for name, number in letter.URGENCY.items() if number == asked.urgency][0]
        return self.write(came.sender, kind, answers, urgency=urgency or "routine",
                          **{**dict(thread=asked.thread, in_reply_to=came.id, case_id=asked.case_id,
                                    chain=asked.chain, purpose=asked.purpose, basis=asked.basis,
                                    from_role="caseworker",
                                    clause=asked.clause if asked.HasField("clause") else None),
                             **head})

    def tell_chain(self, coordinator, came, state, **event):
        """Tells a coordinator of a step of a referral that came to us.  `event` replaces fields, for
        tests that lie."""
        asked = came.letter
        told = {"chain": asked.chain, "referral": asked.thread, "parent": asked.parent,
                "from": came.sender, "to": self.id, "kind": "referral", "state": state,
                "at_ms": self.now_ms(), **event}
        events = wire.letter.ChainEvents(events=[wire.letter.ChainEvent(**told)])
        return self.write(coordinator, "chain.events", chain_events=events, thread=ids.uuid7())

    # ---- the turn ----

    def turn(self, seconds=0.05):
        """Puts what credit allows, takes what has come, commits, then acknowledges."""
        self._put_due()
        name, part = self.link.receive(seconds)
        if name is None and self.link.lost():
            self.bye = "OFFLINE"
            return self.close()
        while name:
            self._take(name, part)
            if not self.link:
                return
            name, part = self.link.receive(0)
        self._commit()

    def until(self, holds, seconds=10, what=""):
        """Turns until the condition holds."""
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                raise TimeoutError(what() if callable(what) else what or f"{self.id} waited {seconds} s in vain")
            if self.link:
                self.turn()
            else:
                raise Refused(self.bye or "OFFLINE", what)

    def until_sent(self, letter_id, *states, seconds=10):
        sent = self.store.sent[letter_id]
        states = states or ("stored",)
        self.until(lambda: sent.state in states, seconds,
                   lambda: f"letter is {sent.state} {sent.code}, not {states}")
        return sent

    def until_came(self, kind, seconds=10):
        """The next letter of a kind, taken out of the inbox."""
        def found():
            return next((came for came in self.inbox if came.letter.kind == kind), None)
        self.until(found, seconds, f"no {kind} came to {self.id}")
        came = found()
        self.inbox.remove(came)
        return came

    def _put_due(self):
        """Most urgent class first, oldest first within it, never more than the hub's window."""
        now = time.monotonic()
        due = [sent for sent in self.store.sent.values()
               if sent.state == "written" and sent.try_after <= now]
        for sent in sorted(due, key=lambda sent: sent.cls):
            if not self._window_holds(sent):
                return
            sent.pseq = self.store.take_pseq()
            if not self.link.send("put", pseq=sent.pseq, h=sent.sealed.h, c=sent.sealed.c):
                return
            sent.state = "put"
            self._flight[sent.pseq] = sent

    def _window_holds(self, sent):
        """A letter larger than the whole window may go when nothing else is on the way."""
        if not self._flight:
            return self._credit.letters > 0
        on_the_way = sum(other.size for other in self._flight.values())
        return (len(self._flight) < self._credit.letters
                and on_the_way + sent.size <= self._credit.bytes)

    def _take(self, name, part):
        handler = getattr(self, f"_on_{name}", None)
        if handler is None:
            self.link.send("bye", code="OUT_OF_ORDER")
            return self.close()
        return handler(part)

    # ---- the hub's answers to what we put ----

    def _on_put_ok(self, ok):
        custody = {each.pseq: each for each in ok.taken}
        for pseq in [pseq for pseq in self._flight if pseq <= ok.up_to]:
            sent = self._flight.pop(pseq)
            if pseq in custody:
                sent.leaf = custody[pseq].leaf
                sent.seen_ms = custody[pseq].recipient_seen_ms
            if sent.open:
                sent.state = "stored" if sent.is_receipts else "custody"

    def _on_put_err(self, error):
        sent = self._flight.pop(error.pseq)
        sent.code = error.code
        sent.state = "written" if error.retry_after_ms else "refused"
        sent.try_after = time.monotonic() + error.retry_after_ms / 1000
        if error.hub_time_ms:
            self.store.offset_ms = error.hub_time_ms - ids.now_ms()

    def fetch_directory(self):
        """Asks for the first piece, or for the next one."""
        self.link.send("directory_get", version=self.directory.version,
                       offset=len(self._fetched))

    def _on_recalled(self, recalled):
        sent = self.store.sent.get(recalled.id)
        if sent and recalled.done and sent.open:
            sent.state = "recalled"

    def _on_credit(self, credit):
        self._credit = credit

    def _on_directory_is(self, answer):
        if not answer.piece or answer.version <= self.directory.version:
            return
        if self._fetching != (answer.version, answer.total):
            self._fetching, self._fetched = (answer.version, answer.total), b""
        if answer.offset == len(self._fetched):
            self._fetched += answer.piece
        if len(self._fetched) < answer.total:
            self.fetch_directory()
            return
        whole, self._fetched = self._fetched, b""
        self.directory = directories.Directory(whole, self.directory)

    def _on_ping(self, ping):
        self.link.send("pong", nonce=ping.nonce, time_ms=ids.now_ms())

    def _on_pong(self, pong):
        self.store.offset_ms = pong.time_ms - ids.now_ms()

    def _on_proof(self, proof):
        self.proof = proof

    def _on_bye(self, bye):
        self.bye = bye.code
        self.close()

    def _see_checkpoint(self, note):
        if note:
            log.read_checkpoint(note.decode(), self.directory.hub().id, self.log_key)
            self.store.checkpoint = note.decode()

    # ---- what the hub delivers ----

    def _on_deliver(self, item):
        """Only the next of its class counts; anything else the hub will send again."""
        cls = getattr(item, "class")
        mark = max([dseq for was, dseq in self._arrived if was == cls],
                   default=self.store.dseq[cls])
        if item.dseq <= mark:
            self._arrived.append((cls, mark))
        elif item.dseq == mark + 1 and self.nak:
            code, retry_after_ms = self.nak
            self.link.send("nak", **{"class": cls, "dseq": item.dseq, "code": code,
                                     "retry_after_ms": retry_after_ms})
        elif item.dseq == mark + 1:
            self._arrived.append((cls, item.dseq))
            {"letter": self._letter_came, "gap": self._gap_came,
             "notice": self._notice_came}[item.WhichOneof("item")](item)

    def _letter_came(self, item):
        h, c = item.letter.h, item.letter.c
        try:
            came = self._judge(h, c)
        except Refused as refused:
            self._refuse(h, c, refused.code)
            return
        if came and came.letter.kind == "letter.receipts":
            self._receipts_came(came)
        elif came:
            self._owe(came.sender, came.receipt)

    def _refuse(self, h, c, code):
        """A refusal quotes what arrived, so that the sender can tell damage.  Without a header
        there is nobody to tell."""
        self.store.alarms.append(("refused", code))
        try:
            header = envelope.read_header(h)
            self.directory.member(wire.sender(header))
        except Refused:
            return
        self._owe(wire.sender(header), wire.letter.Receipt(
            id=header.id, header_hash=envelope.header_hash(h), status=letter.REFUSED, code=code,
            at_ms=self.now_ms(), digest=envelope.digest(h, c)))

    def _judge(self, h, c):
        """The receiving order.  Gives the letter as it is stored now, or refuses."""
        header = envelope.read_header(h)
        need(header.to == self.id, "WRONG_KEY", header.to)
        sealed = envelope.open_sealed(h, c, self.boxes)
        made = letter.read(sealed.s)
        sender = wire.sender(header)
        envelope.verify(sealed, self.directory.signing_key(sender, made.sig_key_id,
                                                           made.created_ms, self.now_ms()))
        known = self.store.came.get((sender, bytes(header.id)))
        if known:
            if known.sealed.hash != sealed.hash:
                self.store.alarms.append(("equivocation", sender))
                raise Refused("EQUIVOCATION", sender)
            return known
        return self._keep(sealed, header, made, sender)

    def _keep(self, sealed, header, made, sender):
        receipt = wire.letter.Receipt(id=header.id, header_hash=sealed.hash, status=letter.STORED,
                                      at_ms=self.now_ms())
        receipt.late = self.now_ms() > header.expires_at_ms + limits.LETTER_LATE_MS
        receipt.time_doubtful = made.created_ms > self.now_ms() + limits.CLOCK_DOUBTFUL_MS
        came = Came(sealed, made, sender, receipt, "late" if receipt.late else "applied")
        try:
            self._check_consent(made, sender)
        except Refused as refused:
            came.state = "held"
            receipt.status, receipt.code = letter.HELD, refused.code
        self.store.came[sender, bytes(header.id)] = came
        if came.state == "applied" and made.kind != "letter.receipts":
            self.inbox.append(came)
        return came

    def _check_consent(self, made, sender):
        """Who asked under a clause may be answered under it; anything else must name us."""
        if made.basis != letter.CONSENT_BASIS:
            return
        need(made.HasField("clause"), "NO_CONSENT", "no clause")
        clause = consent.read_clause(made.clause, self.directory, self.now_ms())
        need(bytes(clause.id) not in self.withdrawn, "CONSENT_WITHDRAWN")
        answered = self.store.opened.get(bytes(made.thread)) == made.clause.clause
        recipient = self.directory.member(sender if answered else self.id)
        consent.covers(clause, recipient, made.purpose, made.labels, self.now_ms())

    def _gap_came(self, item):
        self.store.alarms.append(("gap", item.gap.reason))

    def _notice_came(self, item):
        """The hub's signed word that a letter of ours ended there.  A receipt outranks it."""
        keys.verify(self.log_key, item.notice.signature, NOTICE_DOMAIN, item.notice.statement)
        word = wire.parse(wire.frame.NonDelivery, item.notice.statement)
        sent = self.store.sent.get(word.id)
        if sent is None or sent.sealed.hash != word.header_hash:
            self.store.alarms.append(("notice", word.reason))
        elif sent.open:
            sent.state, sent.code = "expired", word.reason

    # ---- receipts ----

    def _owe(self, to, receipt):
        self._owed.setdefault(to, []).append(receipt)

    def tell_opened(self, came):
        """A person has seen it."""
        self._owe(came.sender, wire.letter.Receipt(
            id=came.id, header_hash=came.sealed.hash, status=letter.OPENED, at_ms=self.now_ms()))

    def _receipts_came(self, came):
        for receipt in came.letter.receipts.receipts:
            sent = self.store.sent.get(receipt.id)
            if sent is None or sent.to != came.sender or sent.sealed.hash != receipt.header_hash:
                self.store.alarms.append(("receipt", came.sender))
            elif receipt.status == letter.REFUSED:
                self._refusal_came(sent, receipt)
            elif receipt.status == letter.OPENED:
                sent.opened = True
            else:
                sent.state, sent.code = "stored", receipt.code

    def _refusal_came(self, sent, receipt):
        if receipt.digest != envelope.digest(sent.sealed.h, sent.sealed.c):
            sent.state, sent.code = "written", "DAMAGED"
        elif sent.state != "stored":
            sent.state, sent.code = "refused", receipt.code

    # ---- the commit ----

    def _commit(self):
        """One commit for all that came in this turn, and only then STORED."""
        marks = dict(self._arrived)
        self._arrived.clear()
        self._write_receipts()
        self.store.dseq.update(marks)
        for cls, dseq in marks.items():
            self.link.send("stored", **{"class": cls, "up_to": dseq})

    def _write_receipts(self):
        """All that this commit owes one sender goes as one letter, which is never receipted."""
        owed, self._owed = self._owed, {}
        for to, receipts in owed.items():
            if self.directory.is_active(to):
                self.write(to, "letter.receipts",
                           receipts=wire.letter.Receipts(receipts=receipts))


def _pair(use, folder):
    if folder is None:
        return keys.make(use)
    try:
        return keys.load(use, folder)
    except FileNotFoundError:
        pair = keys.make(use)
        pair.save(folder)
        return pair
