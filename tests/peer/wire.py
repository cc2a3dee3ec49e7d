"""The door to protobuf: generates the message classes from proto/*.proto and hands them out.

No generated file is kept.  `parse` is the only way in for bytes of others.
"""

import importlib
import pathlib
import subprocess
import sys
import tempfile

from google.protobuf.message import DecodeError

from peer.refusal import Refused

PROTO = pathlib.Path(__file__).resolve().parents[2] / "proto"
NAMES = ("envelope", "frame", "letter", "directory", "evidence")


def _generate():
    with tempfile.TemporaryDirectory(prefix="jembatan-wire-") as folder:
        subprocess.run(
            ["protoc", f"--proto_path={PROTO}", f"--python_out={folder}"]
            + [f"{name}.proto" for name in NAMES], check=True)
        sys.path.insert(0, folder)
        try:
            return [importlib.import_module(f"{name}_pb2") for name in NAMES]
        finally:
            sys.path.remove(folder)


envelope, frame, letter, directory, evidence = _generate()


def parse(message, data):
    """The message that `data` holds; refuses bytes that are not one."""
    made = message()
    try:
        made.ParseFromString(bytes(data))
    except DecodeError as error:
        raise Refused("MALFORMED", f"no {message.DESCRIPTOR.name}") from error
    return made


def sender(message):
    """The field `from`, whose name is a word of the Python language."""
    return getattr(message, "from")
