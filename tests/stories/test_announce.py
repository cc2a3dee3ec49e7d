"""The console's names are announced in the office's network: the script with an avahi of the test's own."""

import os
import pathlib
import signal
import subprocess

import pytest

from stories.waiting import wait_for

ROOT = pathlib.Path(__file__).resolve().parents[2]
ANNOUNCE = ROOT / "config" / "announce"


class Box:
    """A box whose addresses are a file, and on which avahi writes down what it is told."""

    def __init__(self, folder):
        self.folder, self.said = folder, folder / "said"
        self.config = folder / "agent.zpl"
        self.config.write_text('agency\n    id = "ipwl-contoh"\n    kind = ipwl\nhub\n    id = other\n')
        self.said.touch()
        self.program("hostname", f"cat {folder}/addresses")
        self.program("avahi-publish", f'echo "$@" >>{self.said}; [ ! -e {folder}/taken-$3 ] || exit 1\n'
                                      "exec sleep 60")
        self.process = None

    def program(self, name, text):
        path = self.folder / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    def has(self, addresses):
        (self.folder / "addresses").write_text(addresses + "\n")

    def start(self):
        environment = {**os.environ, "PATH": f"{self.folder}/bin:/usr/bin:/bin",
                       "JEMBATAN_ANNOUNCE_PAUSE": "0.2"}
        self.process = subprocess.Popen(["/bin/sh", ANNOUNCE, self.config], env=environment,
                                        start_new_session=True, stderr=subprocess.PIPE)

    def lines(self):
        return self.said.read_text().splitlines()

    def close(self):
        if self.process:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self.process.wait(20)
            self.process.stderr.close()


@pytest.fixture
def box(tmp_path):
    made = Box(tmp_path)
    yield made
    made.close()


def test_both_names_are_announced_until_the_address_changes(box):
    box.has("169.254.7.7 192.168.1.20 fd00::5")
    box.start()
    wait_for(lambda: len(box.lines()) == 2)
    assert sorted(box.lines()) == ["-a -R ipwl-contoh.local 192.168.1.20",
                                   "-a -R jembatan.local 192.168.1.20"]
    box.has("192.168.1.33")
    box.process.wait(20)


def test_a_name_that_another_agency_has_leaves_the_other_name(box):
    (box.folder / "taken-jembatan.local").touch()
    box.has("10.0.0.4")
    box.start()
    wait_for(lambda: box.lines().count("-a -R jembatan.local 10.0.0.4") >= 3)
    assert box.lines().count("-a -R ipwl-contoh.local 10.0.0.4") == 1


def test_without_an_address_it_says_so_and_is_started_again_later(box):
    box.has("fe80::1")
    box.start()
    assert box.process.wait(20) == 75
    assert b"no network address" in box.process.stderr.read()
