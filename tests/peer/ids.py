"""Ids and their text forms."""

import os
import re
import time
import uuid

from peer.refusal import need

_AGENCY = re.compile(r"[a-z][a-z0-9-]{1,31}")


def now_ms():
    return time.time_ns() // 1_000_000


def check_agency(text):
    need(_AGENCY.fullmatch(text), "MALFORMED", f"agency id {text!r}")
    return text


def uuid7(at_ms=None):
    """RFC 9562 version 7: 48 bits of milliseconds, then random bits."""
    raw = bytearray((now_ms() if at_ms is None else at_ms).to_bytes(6, "big") + os.urandom(10))
    raw[6] = 0x70 | raw[6] & 0x0F
    raw[8] = 0x80 | raw[8] & 0x3F
    return bytes(raw)


def uuid_text(raw):
    return str(uuid.UUID(bytes=bytes(raw)))


def uuid_parse(text):
    return uuid.UUID(text).bytes


def random16():
    return os.urandom(16)
