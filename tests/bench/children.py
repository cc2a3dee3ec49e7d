"""Processes that measuring starts: each is bounded by time, and none outlives what started it."""

import contextlib
import ctypes
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
GRACE_SECONDS = 5


class Failed(Exception):
    """A measurement could not be made; the text says why.  `figures` are those that came before."""

    def __init__(self, why, figures=None):
        super().__init__(why)
        self.figures = figures


# ---- none is left behind ----

def adopt():
    """From now on the orphans of our children are ours, so that `sweep` finds them."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _stat(pid):
    """State and parent; None when it is gone."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return words[0], int(words[1])


def descendants():
    """Of this process; those that only wait to be buried are left out."""
    about = {int(each.name): _stat(each.name) for each in Path("/proc").iterdir()
             if each.name.isdigit()}
    found, level = [], {os.getpid()}
    while level:
        level = {pid for pid, stat in about.items() if stat and stat[1] in level}
        found += [pid for pid in level if about[pid][0] != "Z"]
    return found


def sweep():
    """Ends everything that we or our children have started: kindly, then not."""
    for sign, seconds in ((signal.SIGTERM, GRACE_SECONDS), (signal.SIGKILL, GRACE_SECONDS)):
        end = time.monotonic() + seconds
        while (left := descendants()) and time.monotonic() < end:
            for pid in left:
                with contextlib.suppress(OSError):
                    os.kill(pid, sign)
            time.sleep(0.2)
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


@contextlib.contextmanager
def limited(seconds):
    """What takes longer fails, wherever it waits."""
    def too_long(*_):
        raise Failed(f"more than {seconds:.0f} s")
    before = signal.signal(signal.SIGALRM, too_long)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


# ---- running one ----

def output(*command, **options):
    """What it prints; what it complains of is shown when it fails."""
    done = subprocess.run(list(map(str, command)), text=True, stdin=subprocess.DEVNULL,
                          capture_output=True, **options)
    if done.returncode != 0:
        raise Failed(f"{Path(str(command[0])).name}: {(done.stderr or done.stdout)[-2000:]}")
    return done.stdout


@contextlib.contextmanager
def quarters(tmp):
    """A folder on the measured disk under a name short enough for sockets, until the end."""
    short = tempfile.mkdtemp(prefix="jbb-")
    folder = Path(tempfile.mkdtemp(prefix="town-", dir=tmp))
    link = Path(short) / "n"
    link.symlink_to(folder)
    try:
        yield link
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(short, ignore_errors=True)


# ---- their memory ----

def _kib(path, name, pid):
    found = re.search(rf"^{name}:\s+(\d+) kB", Path(path).read_text(), re.MULTILINE)
    if not found:
        raise Failed(f"no memory of {pid}")
    return int(found[1])


def pss_mib(pid):
    """What is shared is divided among those that share it."""
    return _kib(f"/proc/{pid}/smaps_rollup", "Pss", pid) / 1024


def rss_mib(pid):
    """All that it has mapped and that is there."""
    return _kib(f"/proc/{pid}/status", "VmRSS", pid) / 1024
