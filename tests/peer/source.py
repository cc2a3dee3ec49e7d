"""What the C sources say, for tests that hold the document and the peer against them."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]


def limits():
    """Every ceiling of include/jembatan/limits.h as a number."""
    text = (ROOT / "include" / "jembatan" / "limits.h").read_text()
    defined = dict(re.findall(r"#define (\w+) (\S.*?)(?:\s*/\*.*)?\n", text))

    def value(name):
        plain = re.sub(r"INT64_C \((\d+)\)", r"\1", defined[name])
        plain = re.sub(r"\b(\d+)u\b", r"\1", plain)
        plain = re.sub(r"[A-Z][A-Z_0-9]+", lambda word: str(value(word.group())), plain)
        return eval(plain, {"__builtins__": {}})
    return {name: value(name) for name in defined if name.isupper() and name != "JEMBATAN_LIMITS_H"}


def errors():
    """[(number, name, lane, http, Indonesian, English)] of include/jembatan/error.h."""
    text = (ROOT / "include" / "jembatan" / "error.h").read_text()
    return re.findall(r'X \((\d+), *(\w+), *LANE_(\w+), *(\d+), "([^"]*)", "([^"]*)"\)', text)


def fingerprint_words():
    text = (ROOT / "proto" / "words.c").read_text()
    return re.findall(r'"([a-z]+)"', text.split("words[256]")[1].split("};")[0])


def frames():
    """The names of the frames in the order of frame.proto."""
    text = (ROOT / "proto" / "frame.proto").read_text()
    return re.findall(r"^    (\w+) \w+ = \d+;", text.split("oneof is {")[1].split("\n  }")[0], re.M)
