"""The receiving order of docs/PROTOCOL.md section 12, check by check, and what receipts do."""

import pytest

from peer import consent, directory, envelope, ids, keys, letter, limits, wire
from peer.paper import PaperNetwork
from peer.refusal import Refused

DAY = limits.DAY_MS


@pytest.fixture
def paper():
    return PaperNetwork("ipwl-a", "clinic-b", "clinic-c")


def written(paper, to="clinic-b", **head):
    sender = paper["ipwl-a"]
    letter_id = sender.write(to, "referral.request", {"note": letter.text("halo")},
                             thread=ids.uuid7(), **head)
    return sender.store.sent[letter_id].sealed


def refusal(paper, h, c, at="clinic-b"):
    with pytest.raises(Refused) as refused:
        paper[at]._judge(h, c)
    return refused.value.code


def changed(data, index):
    return data[:index] + bytes([data[index] ^ 1]) + data[index + 1:]


def reheadered(sealed, **fields):
    header = sealed.header
    for name, value in fields.items():
        setattr(header, name, value)
    return header.SerializeToString()


def test_a_letter_opens_at_its_recipient(paper):
    sealed = written(paper)
    came = paper["clinic-b"]._judge(sealed.h, sealed.c)
    assert letter.value_of(came.letter, "note") == "halo"
    assert came.receipt.status == letter.STORED


def test_an_answer_of_a_newer_type_is_kept_and_not_refused(paper):
    sender = paper["ipwl-a"]
    newer = wire.letter.Answer.FromString(b"\x98\x06\x01")  # field 99
    letter_id = sender.write("clinic-b", "referral.request", {"note": newer}, thread=ids.uuid7())
    sealed = sender.store.sent[letter_id].sealed
    came = paper["clinic-b"]._judge(sealed.h, sealed.c)
    assert letter.value_of(came.letter, "note") is None
    assert came.receipt.status == letter.STORED


def test_the_hub_sees_neither_kind_nor_text(paper):
    sealed = written(paper)
    assert b"referral" not in sealed.h + sealed.c and b"halo" not in sealed.h + sealed.c


@pytest.mark.parametrize("length, bucket", [(0, 0), (956, 0), (957, 1), (4028, 1), (262076, 4)])
def test_the_smallest_bucket_is_taken(length, bucket):
    assert envelope.bucket_for(length) == bucket


def test_a_letter_beyond_the_largest_bucket_is_too_large():
    with pytest.raises(Refused, match="TOO_LARGE"):
        envelope.bucket_for(262077)


def test_bytes_that_are_no_header_are_malformed(paper):
    assert refusal(paper, b"\xff\xff", b"") == "MALFORMED"


def test_a_header_beyond_its_limit_is_too_large(paper):
    assert refusal(paper, bytes(limits.HEADER_BYTES + 1), b"") == "TOO_LARGE"


def test_another_suite_is_a_bad_version(paper):
    sealed = written(paper)
    assert refusal(paper, reheadered(sealed, suite=2), sealed.c) == "BAD_VERSION"


def test_a_letter_for_somebody_else_has_the_wrong_key(paper):
    sealed = written(paper)
    assert refusal(paper, sealed.h, sealed.c, at="clinic-c") == "WRONG_KEY"


def test_a_changed_header_no_longer_opens(paper):
    sealed = written(paper)
    h = reheadered(sealed, expires_at_ms=sealed.header.expires_at_ms + DAY)
    assert refusal(paper, h, sealed.c) == "CANNOT_OPEN"


@pytest.mark.parametrize("index", [0, 23, 24, 500, -1])
def test_a_changed_body_does_not_open(paper, index):
    sealed = written(paper)
    assert refusal(paper, sealed.h, changed(sealed.c, index % len(sealed.c))) == "CANNOT_OPEN"


def test_a_body_of_another_length_does_not_open(paper):
    sealed = written(paper)
    assert refusal(paper, sealed.h, sealed.c[:-1]) == "CANNOT_OPEN"


def test_a_signer_who_is_not_in_the_directory_is_unknown(paper):
    sealed = written(paper, sig=keys.make("SIG"))
    assert refusal(paper, sealed.h, sealed.c) == "KEY_UNKNOWN"


def test_a_member_cannot_write_in_the_name_of_another(paper):
    sealed = written(paper, sig=paper["clinic-c"].pairs["SIG"])
    assert refusal(paper, sealed.h, sealed.c) == "KEY_UNKNOWN"


def test_a_letter_cannot_be_passed_on_as_if_written_to_another(paper):
    """clinic-b seals ipwl-a's S and sig anew for clinic-c: the signature covers the header."""
    sealed = written(paper)
    header = sealed.header
    header.to = "clinic-c"
    again = envelope.seal(header, sealed.s, paper["clinic-c"].pairs["BOX"].public,
                          _Replays(sealed.sig))
    assert refusal(paper, again.h, again.c, at="clinic-c") == "BAD_SIGNATURE"


class _Replays:
    """A signer that can only repeat what somebody else signed."""

    def __init__(self, signature):
        self.signature = signature

    def sign(self, *_):
        return self.signature


def test_a_retired_key_signs_no_more_but_what_it_signed_stands(paper):
    before = written(paper)
    key = paper.key("ipwl-a", "SIG")
    key.state, key.since_ms = 1, ids.now_ms() + 1
    paper.publish()
    assert paper["clinic-b"]._judge(before.h, before.c)
    key.since_ms = key.valid_from_ms
    paper.publish()
    after = written(paper)
    assert refusal(paper, after.h, after.c) == "KEY_REVOKED"


def test_what_a_compromised_key_signed_is_refused_whatever_date_it_bears(paper):
    sealed = written(paper)
    key = paper.key("ipwl-a", "SIG")
    key.state, key.since_ms = 2, ids.now_ms()
    paper.publish()
    assert refusal(paper, sealed.h, sealed.c) == "KEY_REVOKED"


def test_a_duplicate_gets_the_identical_receipt(paper):
    sealed = written(paper)
    first = paper["clinic-b"]._judge(sealed.h, sealed.c)
    again = paper["clinic-b"]._judge(sealed.h, sealed.c)
    assert again is first and len(paper["clinic-b"].inbox) == 1


def test_the_same_id_with_other_bytes_is_an_equivocation(paper):
    letter_id = ids.uuid7()
    first = written(paper, letter_id=letter_id)
    second = written(paper, letter_id=letter_id)
    paper["clinic-b"]._judge(first.h, first.c)
    assert refusal(paper, second.h, second.c) == "EQUIVOCATION"
    assert ("equivocation", "ipwl-a") in paper["clinic-b"].store.alarms


def test_a_letter_from_the_future_is_stored_and_marked(paper):
    paper["ipwl-a"].store.offset_ms = 2 * DAY
    sealed = written(paper)
    came = paper["clinic-b"]._judge(sealed.h, sealed.c)
    assert came.receipt.status == letter.STORED and came.receipt.time_doubtful
    assert came.letter.created_local_ms


def test_a_letter_long_past_its_expiry_is_late_and_moves_nothing(paper):
    sealed = written(paper, expires_in_ms=-2 * DAY)
    came = paper["clinic-b"]._judge(sealed.h, sealed.c)
    assert came.receipt.late and came.state == "late" and not paper["clinic-b"].inbox


# ---- consent ----

def clause(paper, **fields):
    made = wire.letter.Clause(**{**dict(
        id=ids.uuid7(), grantor="ipwl-a", recipient="clinic-b", purpose="treatment",
        labels=["health"], valid_from_ms=ids.now_ms(), valid_to_ms=ids.now_ms() + DAY),
        **fields})
    return consent.sign_clause(made, paper["ipwl-a"].pairs["SIG"])


def with_clause(paper, signed, **head):
    sealed = written(paper, **{**dict(basis=1, purpose="treatment", labels=["health"],
                                      clause=signed), **head})
    return paper["clinic-b"]._judge(sealed.h, sealed.c)


def test_a_covered_letter_is_shown(paper):
    assert with_clause(paper, clause(paper)).state == "applied"


@pytest.mark.parametrize("fields, head, code", [
    (dict(recipient="clinic-c"), {}, "NO_CONSENT"),
    (dict(purpose="training"), {}, "NO_CONSENT"),
    ({}, dict(labels=["health", "criminal"]), "NO_CONSENT"),
    (dict(recipient="", recipient_kind="prison"), {}, "NO_CONSENT"),
    (dict(recipient="", recipient_kind="clinic", recipient_region="17.7"), {}, "NO_CONSENT"),
    (dict(valid_to_ms=ids.now_ms() - 1), {}, "CONSENT_EXPIRED"),
])
def test_an_uncovered_letter_is_held_unseen(paper, fields, head, code):
    came = with_clause(paper, clause(paper, **fields), **head)
    assert came.state == "held" and came.receipt.code == code and not paper["clinic-b"].inbox


@pytest.mark.parametrize("region", ["", "17", "17.71"])
def test_a_clause_for_a_kind_covers_its_region(paper, region):
    signed = clause(paper, recipient="", recipient_kind="clinic", recipient_region=region)
    assert with_clause(paper, signed).state == "applied"


def test_a_letter_under_consent_without_clause_is_held(paper):
    assert with_clause(paper, None).receipt.code == "NO_CONSENT"


def test_a_clause_that_somebody_else_signed_covers_nothing(paper):
    forged = clause(paper)
    forged.signature = paper["clinic-c"].pairs["SIG"].sign(consent.CLAUSE_DOMAIN, forged.clause)
    assert with_clause(paper, forged).receipt.code == "BAD_SIGNATURE"


def test_only_the_grantors_withdrawal_binds(paper):
    word = wire.letter.Withdrawal(clause=ids.uuid7(), grantor="ipwl-a", said_ms=ids.now_ms(),
                                  recorded_ms=ids.now_ms(), recorded_by="clinic-b")
    book = paper["clinic-b"].directory
    _, binds = consent.read_withdrawal(consent.sign_withdrawal(word), book, ids.now_ms())
    assert not binds
    signed = consent.sign_withdrawal(word, paper["ipwl-a"].pairs["SIG"])
    assert consent.read_withdrawal(signed, book, ids.now_ms())[1]
    forged = consent.sign_withdrawal(word, paper["clinic-b"].pairs["SIG"])
    with pytest.raises(Refused):
        consent.read_withdrawal(forged, book, ids.now_ms())


# ---- directories ----

def test_a_directory_needs_the_threshold_of_the_one_before():
    paper = PaperNetwork("ipwl-a", threshold=2, roots=3)
    old = paper["ipwl-a"].directory
    paper.data.version = 2
    paper.data.network.threshold = 1
    with pytest.raises(Refused, match="BAD_SIGNATURE"):
        directory.Directory(directory.sign(paper.data, paper.roots[:1]), old)
    assert directory.Directory(directory.sign(paper.data, paper.roots[:2]), old).version == 2


def test_the_same_signature_twice_counts_once():
    paper = PaperNetwork("ipwl-a", threshold=2, roots=2)
    with pytest.raises(Refused, match="BAD_SIGNATURE"):
        directory.Directory(directory.sign(paper.data, [paper.roots[0]] * 2))


def test_a_directory_never_goes_back(paper):
    old = directory.sign(paper.data, paper.roots)
    paper.publish()
    with pytest.raises(Refused, match="BAD_VERSION"):
        directory.Directory(old, paper["ipwl-a"].directory)


def test_a_directory_ages_in_steps(paper):
    book = paper["ipwl-a"].directory
    end = book.data.expires_ms
    ages = [book.age(at) for at in (end - 31 * DAY, end - DAY, end + DAY, end + 31 * DAY)]
    assert ages == ["fresh", "ending", "past", "degraded"]


def test_a_request_without_its_key_is_refused(paper):
    signed = wire.parse(wire.directory.SignedRequest, paper["ipwl-a"].request())
    signed.proof = paper["clinic-b"].pairs["SIG"].sign(directory.REQUEST_DOMAIN, signed.request)
    with pytest.raises(Refused, match="BAD_SIGNATURE"):
        directory.read_request(signed.SerializeToString())


# ---- receipts ----

def receipt_for(paper, sealed, status, by="clinic-b", **fields):
    """What the sender makes of a receipt."""
    made = wire.letter.Receipt(id=sealed.header.id, header_hash=sealed.hash, status=status, **fields)
    paper[by].write("ipwl-a", "letter.receipts", receipts=wire.letter.Receipts(receipts=[made]))
    sent = list(paper[by].store.sent.values())[-1].sealed
    paper["ipwl-a"]._receipts_came(paper["ipwl-a"]._judge(sent.h, sent.c))
    return paper["ipwl-a"].store.sent[sealed.header.id]


def test_a_stored_receipt_ends_a_letter(paper):
    sealed = written(paper)
    assert receipt_for(paper, sealed, letter.STORED).state == "stored"


def test_a_refusal_of_other_bytes_puts_the_letter_again(paper):
    sealed = written(paper)
    state = receipt_for(paper, sealed, letter.REFUSED, code="CANNOT_OPEN", digest=bytes(32))
    assert (state.state, state.code) == ("written", "DAMAGED")


def test_a_refusal_of_what_was_sent_ends_it(paper):
    sealed = written(paper)
    digest = envelope.digest(sealed.h, sealed.c)
    state = receipt_for(paper, sealed, letter.REFUSED, code="CANNOT_OPEN", digest=digest)
    assert (state.state, state.code) == ("refused", "CANNOT_OPEN")


def test_a_stored_receipt_outranks_an_expiry(paper):
    sealed = written(paper)
    paper["ipwl-a"].store.sent[sealed.header.id].state = "expired"
    assert receipt_for(paper, sealed, letter.STORED).state == "stored"


def test_a_receipt_from_somebody_else_counts_for_nothing(paper):
    sealed = written(paper)
    assert receipt_for(paper, sealed, letter.STORED, by="clinic-c").state == "written"
    assert ("receipt", "clinic-c") in paper["ipwl-a"].store.alarms
