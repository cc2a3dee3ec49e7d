"""Words that nobody else says, and looking for them in files in every dress that a program may give them."""

import base64
import urllib.parse


def _base64(raw):
    """The middle of it, which is the same wherever in a longer text it begins."""
    for ahead in range(3):
        text = base64.b64encode(b"\0" * ahead + raw)
        first, last = (0, 2, 3)[ahead], len(text) - 4 * ((ahead + len(raw)) % 3 > 0)
        yield text[first:last].rstrip(b"=")


def dresses(text):
    """UTF-8, UTF-16, base64 (both alphabets), hex, percent-encoded."""
    raw = text.encode()
    yield raw
    yield text.encode("utf-16-le")
    yield text.encode("utf-16-be")
    for inner in (raw, text.encode("utf-16-le")):
        yield inner.hex().encode()
        yield inner.hex().upper().encode()
        for each in _base64(inner):
            yield each
            yield each.translate(bytes.maketrans(b"+/", b"-_"))
    yield urllib.parse.quote(raw).encode()
    yield urllib.parse.quote_plus(raw).encode()
    yield b"".join(b"%%%02x" % byte for byte in raw)


def found(canaries, files):
    """(name of the canary, file) wherever one stands; `canaries` are texts by name."""
    wanted = [(name, dress) for name, text in canaries.items() for dress in set(dresses(text))]
    return [(name, str(path)) for path in files for content in [path.read_bytes()]
            for name, dress in wanted if dress in content]
