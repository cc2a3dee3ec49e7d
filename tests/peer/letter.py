"""The letter: what only the recipient reads, and the checks it must pass on arrival."""

import unicodedata

from peer import envelope, limits, wire
from peer.refusal import need

_CLASS_OF_URGENCY = {"stat": envelope.STAT, "urgent": envelope.URGENT, "asap": envelope.URGENT}
URGENCY = {"": 0, "routine": 1, "urgent": 2, "asap": 3, "stat": 4}
CONSENT_BASIS = 1
STORED, REFUSED, OPENED, HELD = 1, 2, 3, 4

_SIZES = {16: ("case_id", "thread", "in_reply_to", "replaces", "chain", "parent")}
_SHORT = ("kind", "from_role", "to_role", "purpose")


def urgency_class(urgency):
    return _CLASS_OF_URGENCY.get(urgency, envelope.ROUTINE)


def read(s):
    """S as a message, with every field inside its limits."""
    need(len(s) <= limits.LETTER_BYTES, "TOO_LARGE", "S")
    made = wire.parse(wire.letter.Letter, s)
    need(made.kind and made.kind_version, "MALFORMED", "kind")
    need(len(made.sig_key_id) == 16, "MALFORMED", "sig_key_id")
    for size, names in _SIZES.items():
        for name in names:
            need(len(getattr(made, name)) in (0, size), "MALFORMED", name)
    _check_texts(made)
    _check_counts(made)
    return made


def _check_texts(made):
    for name in _SHORT:
        need(len(getattr(made, name).encode()) <= limits.ID_TEXT, "TOO_LARGE", name)
    for label in made.labels:
        need(len(label.encode()) <= limits.ID_TEXT, "TOO_LARGE", "label")
    for answer in made.answers.answers:
        need(len(answer.text.encode()) <= limits.TEXT_BYTES, "TOO_LARGE", answer.field)
    need(all(_printable(text) for text in _all_texts(made)), "MALFORMED", "control character")


def _printable(text):
    """No control characters but newline and tab; U+007F to U+009F are control characters too."""
    return not any(unicodedata.category(char) == "Cc" and char not in "\n\t" for char in text)


def _all_texts(message):
    """Every string of a message and of the messages in it."""
    for field, value in message.ListFields():
        values = value if field.label == field.LABEL_REPEATED else [value]
        for item in values:
            if field.type == field.TYPE_MESSAGE:
                yield from _all_texts(item)
            elif field.type == field.TYPE_STRING:
                yield item


def _check_counts(made):
    need(len(made.labels) <= limits.LABELS, "TOO_LARGE", "labels")
    need(len(made.answers.answers) <= limits.ANSWERS, "TOO_LARGE", "answers")
    need(len(made.attachments) <= limits.BLOBS, "TOO_LARGE", "attachments")
    need(len(made.pair.voided) <= limits.VOIDED, "TOO_LARGE", "voided")
    need(len(made.receipts.receipts) <= limits.RECEIPTS, "TOO_LARGE", "receipts")


# ---- answers: a form's fields with typed values ----

def answers(made, values):
    """Fills a letter's form.  `values` maps a field to an Answer value, or to a list of them."""
    made.answers.SetInParent()
    for field, value in values.items():
        for item in value if isinstance(value, list) else [value]:
            answer = made.answers.answers.add(field=field)
            answer.MergeFrom(item)


def text(value):
    return wire.letter.Answer(text=value)


def code(system, value, display=""):
    return wire.letter.Answer(code=wire.letter.Code(system=system, code=value, display=display))


def integer(value):
    return wire.letter.Answer(integer=value)


def decimal(value):
    return wire.letter.Answer(decimal=value)


def date(value):
    return wire.letter.Answer(date=value)


def instant(at_ms):
    return wire.letter.Answer(instant_ms=at_ms)


def boolean(value):
    return wire.letter.Answer(boolean=value)


def quantity(value, unit):
    return wire.letter.Answer(quantity=wire.letter.Quantity(value=value, unit=unit))


def rupiah(value):
    return wire.letter.Answer(rupiah=value)


def phone(value):
    return wire.letter.Answer(phone=value)


def absent(declined=True):
    return wire.letter.Answer(absent=1 if declined else 2)


def value_of(made, field):
    """The first answer to a field in the plainest Python form; None when it was not answered."""
    for answer in made.answers.answers:
        if answer.field == field:
            which = answer.WhichOneof("value")
            if which is None:
                return None  # a value of a type that this agency does not know
            value = getattr(answer, which)
            return value.code if which == "code" else value
    return None
