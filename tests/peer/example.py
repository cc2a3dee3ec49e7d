"""The worked example of docs/PROTOCOL.md, computed step by step from tests/vectors/envelope.json.

    python3 -m peer.example        prints it, from the folder tests/
"""

from nacl import bindings

from peer import envelope, keys, letter, vectors


def _lines(name, data, shown=64):
    """A name and its bytes in rows of 32; a long one is cut in the middle."""
    if len(data) > 4 * shown:
        head, tail = data[:shown], data[-32:]
        rows = [head[at:at + 32].hex() for at in range(0, shown, 32)]
        rows += [f"... {len(data) - shown - 32} bytes ...", tail.hex()]
    else:
        rows = [data[at:at + 32].hex() for at in range(0, len(data), 32)]
    title = f"{name} ({len(data)} bytes)"
    return [f"{title:<26} {rows[0]}"] + [" " * 27 + row for row in rows[1:]]


def steps():
    """Opens the golden envelope by hand; gives (name, bytes) for every step on the way."""
    vector = {name: bytes.fromhex(text) for name, text in vectors.load("envelope").items()}
    box = keys.from_secret("BOX", vector["box_secret"])
    header = envelope.read_header(vector["h"])
    key = bindings.crypto_box_seal_open(header.wrapped, box.public, box.secret)
    opened = envelope.open_sealed(vector["h"], vector["c"], [box])
    made = letter.read(opened.s)
    return [
        ("BOX secret", box.secret), ("BOX public", box.public), ("BOX key id", box.id),
        ("SIG public", vector["sig_public"]), ("SIG key id", bytes(made.sig_key_id)),
        ("H", vector["h"]), ("hH", envelope.header_hash(vector["h"])),
        ("wrapped", bytes(header.wrapped)), ("K", key), ("K1", keys.derive(key, 1)),
        ("C", vector["c"]), ("nonce", vector["c"][:24]),
        ("len, S begins", len(opened.s).to_bytes(4, "little") + opened.s[:28]), ("S", opened.s),
        ("BLAKE2b-512 (S)", keys.blake2b(opened.s, size=64)), ("sig", opened.sig),
        ("digest", envelope.digest(vector["h"], vector["c"])),
    ]


def text():
    rows = [line for name, data in steps() for line in _lines(name, data)]
    return "```\n" + "\n".join(rows) + "\n```\n"


if __name__ == "__main__":
    print(text())
