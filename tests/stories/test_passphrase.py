"""A ledger under a passphrase: set at a terminal, asked for by every command, forgotten, and taken off."""

import os
import pty
import subprocess

import pytest

from stories import desk
from stories.daemon import SANITIZER
from stories.network import program, run
from stories.test_backup import back_up, check_sheet, lose_ledger, sheet_lines
from stories.waiting import wait_for

WORDS = "lumbung padi di tepi kali"
OTHER = "perahu kayu menyusur teluk"


@pytest.fixture
def pair(network):
    return desk.pair(network)


def passphrase(agent, *words, stdin, status=0):
    return run(program("jembatan-agent"), "passphrase", *words, "--config", agent.config,
               stdin="".join(line + "\n" for line in stdin), status=status)


def key_line(agent):
    return (agent.folder / "keys" / "ledger.key").read_text()


def restore(agent, *words, stdin=(), status=0):
    return run(program("jembatan-agent"), "restore", *words, "--config", agent.config,
               stdin="".join(line + "\n" for line in stdin), status=status)


# ---- at the terminal ----

class Terminal:
    """A command on a terminal of its own; what it shows is what a person would see."""

    def __init__(self, *words):
        self.shown = ""
        pid, self.fd = pty.fork()
        if pid == 0:
            os.environ.update(SANITIZER)
            os.execv(str(words[0]), [str(word) for word in words])
        self.pid = pid

    def _read(self):
        try:
            more = os.read(self.fd, 4096).decode()
        except OSError:          # the other end is closed
            more = ""
        self.shown += more
        return more

    def answer(self, question, text):
        while question not in self.shown:
            assert self._read(), f"it ended before {question!r}:\n{self.shown}"
        self.shown = self.shown.split(question, 1)[1]
        os.write(self.fd, text.encode() + b"\n")

    def end(self):
        before = self.shown
        while self._read():
            pass
        _, status = os.waitpid(self.pid, 0)
        os.close(self.fd)
        assert os.waitstatus_to_exitcode(status) == 0, self.shown
        return before + self.shown


def test_it_is_typed_twice_at_the_terminal_and_never_shown(network):
    agent = network.agent("klinik")
    plain = key_line(agent)
    terminal = Terminal(program("jembatan-agent"), "passphrase", "set", "--config", agent.config)
    terminal.answer("New passphrase: ", WORDS)
    terminal.answer("Once more: ", WORDS)
    shown = terminal.end()
    assert "jembatan unlock" in shown and WORDS not in shown
    sealed = key_line(agent)
    assert sealed.startswith("jembatan-key-v1 LEDGER-LOCKED argon2id 16 262144 ")
    assert plain.split()[2] not in sealed
    assert list((agent.folder / "keys").glob("ledger.key*")) == [agent.folder / "keys" / "ledger.key"]


def test_a_short_one_or_two_different_ones_change_nothing(network):
    agent = network.agent("klinik")
    plain = key_line(agent)
    assert "too short" in passphrase(agent, "set", stdin=["sedikit", "sedikit"], status=65)
    assert "not the same" in passphrase(agent, "set", stdin=[WORDS, OTHER], status=65)
    assert "no line of input" in passphrase(agent, "set", stdin=[WORDS], status=65)
    for wrong in ([], ["set", WORDS], ["set", "--sheet"], ["open"]):
        assert "passphrase" in passphrase(agent, *wrong, stdin=[WORDS, WORDS], status=64)
    assert "not under a passphrase" in passphrase(agent, "remove", stdin=[WORDS], status=65)
    assert key_line(agent) == plain


# ---- an agent that waits for it ----

def start_locked(agent):
    agent.start(connected=False)
    agent.daemon.wait_log("agent.locked")


def memory_kib(agent):
    with open(f"/proc/{agent.daemon.process.pid}/status") as about:
        return int(next(line for line in about if line.startswith("VmRSS:")).split()[1])


def unlock(agent, words, status=0):
    return agent.cli("unlock", stdin=words + "\n", status=status)


def test_a_locked_agent_says_so_and_opens_without_a_restart(network, pair):
    ipwl, clinic = pair
    clinic.stop()
    passphrase(clinic, "set", stdin=[WORDS, WORDS])
    desk.referred(ipwl, clinic.id)
    start_locked(clinic)
    status = clinic.api("GET", "/v1/status")
    assert status["locked"] and status["agency"]["id"] == clinic.id
    assert status["ready"] == {"all": False, "unlocked": False}
    assert "ledger is locked" in run(program("jembatan"), "--socket", clinic.socket, "status")
    assert "unlocked no" in run(program("jembatan"), "--socket", clinic.socket, "ready", status=75)
    for method, path, body in (("GET", "/v1/people/x", None), ("GET", "/v1/alarms", None),
                               ("POST", "/v1/people", {}), ("GET", "/v1/no-such-thing", None),
                               ("GET", "/v1/unlock", None)):
        said = clinic.api(method, path, body, status=503)
        assert said["code"] == "LEDGER_LOCKED" and "jembatan unlock" in said["message_en"]
    assert not clinic.daemon.events("post.connected")
    for body, status in (({}, 422), ({"passphrase": ""}, 422), ({"passphrase": 5}, 422),
                         ({"passphrase": "x" * 8193}, 422), ({"passphrase": WORDS, "more": 1}, 422),
                         ({"passphrase": OTHER}, 403)):
        assert WORDS not in str(clinic.api("POST", "/v1/unlock", body, status=status))
    assert unlock(clinic, WORDS) == {"locked": False}
    theirs = desk.wait_arrival(clinic)           # the hub has kept it
    desk.show(clinic, theirs)
    status = clinic.api("GET", "/v1/status")
    assert status["locked"] is False and status["ready"]["unlocked"]
    assert unlock(clinic, OTHER) == {"locked": False}     # nothing is asked any more
    for text in (WORDS, OTHER):
        assert text not in clinic.daemon.log
    clinic.stop()


def test_wrong_ones_are_answered_more_and_more_slowly(network):
    agent = network.agent("klinik")
    network.start_hub()
    passphrase(agent, "set", stdin=[WORDS, WORDS])
    start_locked(agent)
    for _ in range(5):
        agent.api("POST", "/v1/unlock", {"passphrase": OTHER}, status=403)
    said = agent.api("POST", "/v1/unlock", {"passphrase": WORDS}, status=429)
    assert said["code"] == "LOCKED_OUT" and "seconds" in said["fields"][0]["message_en"]
    assert 0 < agent.api("GET", "/v1/status")["wait_seconds"] <= 60
    agent.stop()


def test_a_locked_agent_stops_in_the_middle_of_an_attempt(network):
    agent = network.agent("klinik")
    network.start_hub()
    passphrase(agent, "set", stdin=[WORDS, WORDS])
    start_locked(agent)
    trying = subprocess.Popen([program("jembatan"), "--socket", agent.socket, "unlock"], text=True,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    trying.stdin.write(OTHER + "\n")
    trying.stdin.close()
    wait_for(lambda: memory_kib(agent) > 200 * 1024)     # it is at it
    said = agent.api("POST", "/v1/unlock", {"passphrase": OTHER}, status=503)
    assert said["code"] == "BUSY"
    agent.stop()
    assert trying.wait(20) != 0
    trying.stdout.close()


# ---- what asks for it ----

def test_sheet_rehearsal_and_restore_ask_for_it(network, pair):
    ipwl, clinic = pair
    disk = network.folder / "cadangan"
    disk.mkdir()
    desk.referred(ipwl, clinic.id)
    theirs = desk.wait_arrival(clinic)
    lines = sheet_lines(clinic)
    passphrase(clinic, "set", stdin=[WORDS, WORDS])
    archive = back_up(clinic, disk)          # the agent runs on with the key that it has
    assert "passphrase is wrong" in restore(clinic, archive, "--rehearse", stdin=[OTHER], status=77)
    assert "rehearsal went well" in restore(clinic, archive, "--rehearse", stdin=[WORDS])
    assert "both keys match" in check_sheet(clinic, [WORDS, *lines])
    assert "rehearsal went well" in restore(clinic, archive, "--rehearse", "--sheet", stdin=lines)
    lose_ledger(clinic)
    assert "is under a passphrase and can't be compared" in restore(clinic, archive, "--sheet", stdin=lines, status=65)
    restore(clinic, archive, stdin=[WORDS])
    passphrase(clinic, "remove", stdin=[WORDS])
    clinic.start()
    assert desk.show(clinic, theirs)["letters"]


# ---- forgotten ----

def test_a_forgotten_one_is_answered_by_the_recovery_sheet(network):
    agent, stranger = network.agent("klinik"), network.agent("lain")
    plain, lines, others = key_line(agent), sheet_lines(agent), sheet_lines(stranger)
    passphrase(agent, "set", stdin=[WORDS, WORDS])
    sealed = key_line(agent)
    assert "does not belong to this ledger" in passphrase(agent, "remove", "--sheet", stdin=others, status=78)
    assert key_line(agent) == sealed
    passphrase(agent, "change", "--sheet", stdin=[OTHER, OTHER, *lines])
    assert "passphrase is wrong" in passphrase(agent, "remove", stdin=[WORDS], status=77)
    passphrase(agent, "remove", "--sheet", stdin=lines)
    assert key_line(agent) == plain


def test_a_damaged_key_file_is_no_wrong_passphrase(network):
    agent = network.agent("klinik")
    passphrase(agent, "set", stdin=[WORDS, WORDS])
    path, sealed = agent.folder / "keys" / "ledger.key", key_line(agent)
    for damaged in (sealed[:-20], sealed.replace(sealed[-30], "0" if sealed[-30] != "0" else "1")):
        path.write_text(damaged)
        assert "ledger.key" in passphrase(agent, "remove", stdin=[WORDS], status=78)
