"""docs/PROTOCOL.md says what the sources say."""

import re

import pytest

from peer import directory, example, limits, referral, source

TEXT = (source.ROOT / "docs" / "PROTOCOL.md").read_text()
UNITS = {"days": limits.DAY_MS, "hours": limits.HOUR_MS, "minutes": limits.MINUTE_MS}


def section(title):
    return re.search(rf"^## \d+ {title}\n(.*?)(?=^## )", TEXT, re.S | re.M).group(1)


def rows(text):
    """The cells of every table row but heads and rules."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    found = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return [row for row in found if not set(row[0]) <= {"-"}]


def test_the_error_table_is_that_of_the_header():
    written = [(number, name.strip("`"), lane.upper(), http, indonesian, english)
               for number, name, lane, http, english, indonesian in rows(section("Errors"))[1:]]
    assert written == source.errors()


def test_every_limit_in_the_table_is_that_of_the_header():
    values = source.limits()
    table = rows(section("Limits"))[1:]
    assert len(table) > 40
    for name, _, value in table:
        number, _, unit = value.partition(" ")
        assert int(number) * UNITS.get(unit, 1) == values[name.strip("`")], name


def test_every_wire_limit_of_the_header_is_in_the_table():
    written = {row[0].strip("`") for row in rows(section("Limits"))[1:]}
    local = {"LIMIT_DECODE_ARENA_BYTES", "LIMIT_ATTACHMENTS", "LIMIT_HTTP_BODY_BYTES",
             "LIMIT_JSON_DEPTH", "LIMIT_FILE_BYTES", "LIMIT_LINE_BYTES", "LIMIT_PROBLEMS",
             "LIMIT_IMPORT_ROWS", "LIMIT_IMPORT_COLUMNS", "LIMIT_IMPORT_COMPLAINTS"}
    missing = {name for name in source.limits() if name.startswith("LIMIT_")} - written - local
    assert not missing


@pytest.mark.parametrize("name", [name for name in vars(limits) if name.isupper()])
def test_the_peer_checks_the_limits_of_the_header(name):
    values = source.limits()
    wanted = values.get(f"LIMIT_{name}", values.get(name))
    assert getattr(limits, name) == wanted


def test_every_frame_has_its_row():
    written = [row[0] for row in rows(section("Frames")) if row[1] in ("A>H", "H>A", "both")]
    assert written == source.frames()


def test_the_fingerprint_words_are_those_of_the_source():
    assert directory.words_of_document() == source.fingerprint_words()


def test_every_error_name_in_the_text_exists():
    names = {name for _, name, *_ in source.errors()}
    prose = TEXT.split("## 20 Errors")[0]
    used = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", prose))
    fields = {"CURVE_SERVERKEY", "CURVE_PUBLICKEY", "CURVE_SECRETKEY", "HANDSHAKE_IVL",
              "HEARTBEAT_IVL", "ZMQ_EVENT_HANDSHAKE_FAILED_AUTH", "LEGAL_DUTY", "VITAL_INTEREST",
              "PUBLIC_TASK", "BASIS_NONE", "NOT_ASKED", "RECEIPT_STORED", "RECEIPT_HELD",
              "RECEIPT_OPENED", "RECEIPT_REFUSED"}
    assert used - fields <= names


def test_links_inside_the_document_lead_somewhere():
    heads = re.findall(r"^## (.*)$", TEXT, re.M)
    anchors = {re.sub(r"[^a-z0-9 -]", "", head.lower()).replace(" ", "-") for head in heads}
    assert set(re.findall(r"\]\(#([^)]*)\)", TEXT)) <= anchors


def test_the_referral_table_is_that_of_the_catalogue():
    written = [(None if start == "(opens)" else start, kind.strip("`"), by,
                None if end == "(stays)" else end)
               for starts, kind, by, end in rows(section("A referral").split("**rev.**")[0])[1:]
               for start in starts.split(", ")]
    assert written == referral.transitions()


def test_the_worked_example_is_that_of_the_vectors():
    assert example.text() in TEXT
