"""A real process of ours: started, watched through its log, stopped or killed by its pid."""

import os
import signal
import subprocess

from stories.waiting import TooLate, wait_for

# What a sanitizer found must end the process with a status that no program of ours uses.
SANITIZER = {"ASAN_OPTIONS": "detect_leaks=1:exitcode=99", "UBSAN_OPTIONS": "print_stacktrace=1"}


class LogLine:
    """`2026-11-22T03:15:00Z info hub.started hub=bengkulu members=11`, taken apart."""

    def __init__(self, text):
        self.text = text
        words = text.split()
        self.level, self.event = (words[1], words[2]) if len(words) > 2 else ("", "")
        self.fields = dict(word.split("=", 1) for word in words[3:] if "=" in word)

    def says(self, event, fields):
        return (self.event == event
                and all(self.fields.get(name) == str(value) for name, value in fields.items()))


class Daemon:
    def __init__(self, name, command, log_path, clock=None):
        self.name = name
        self.command = [str(word) for word in command]
        self.log_path = log_path
        self.clock = clock
        self.process = None
        self._read_from = 0          # where the present run begins in the log

    def start(self, ready=None, fault=None, seconds=20):
        """Starts it and waits for the log event `ready`.  `fault` is a point of
        include/jembatan/fault.h, such as "hub.commit.before_put_ok:3", where a turned program is
        killed."""
        assert not self.running, f"{self.name} runs already"
        environment = {**SANITIZER, **os.environ}
        if self.clock:
            environment["JEMBATAN_TEST_CLOCK"] = str(self.clock.path)
        if fault:
            environment["JEMBATAN_TEST_FAULT"] = fault
        self._read_from = self.log_path.stat().st_size if self.log_path.exists() else 0
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, env=environment)
        if ready:
            self.wait_log(ready, seconds=seconds)
        return self

    @property
    def running(self):
        return self.process is not None and self.process.poll() is None

    # ---- its log ----

    @property
    def log(self):
        """What this run wrote."""
        with open(self.log_path, "rb") as file:
            file.seek(self._read_from)
            return file.read().decode(errors="replace")

    def events(self, event, **fields):
        lines = (LogLine(line) for line in self.log.splitlines())
        return [line for line in lines if line.says(event, fields)]

    def wait_log(self, event, count=1, seconds=10, **fields):
        """Waits until an event was logged so often in this run; gives the last such line."""
        def seen():
            found = self.events(event, **fields)
            if len(found) >= count:
                return found[count - 1]
            if not self.running:
                raise TooLate(self._obituary(f"ended before {event}"))
            return None
        return wait_for(seen, seconds, lambda: self._obituary(f"did not log {event} {fields}"))

    def _obituary(self, what):
        return f"{self.name} {what}; status {self.process.poll()}; its log:\n{self.log[-3000:]}"

    # ---- its end ----

    def wait_end(self, seconds=20):
        """The exit status; negative when a signal ended it."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise TooLate(self._obituary("did not end")) from None

    def stop(self, seconds=20):
        """Asks it to stop, and insists that it stops cleanly."""
        if not self.running:
            return
        self.process.send_signal(signal.SIGTERM)
        status = self.wait_end(seconds)
        assert status == 0, self._obituary("did not stop cleanly")

    def kill(self):
        """As a power cut would."""
        if self.running:
            self.process.kill()
            self.process.wait()

    def wait_killed(self, seconds=20):
        """Waits for a fault point to strike."""
        status = self.wait_end(seconds)
        assert status == -signal.SIGKILL, self._obituary("was not killed by its fault point")

    def freeze(self):
        """It stays connected and says nothing."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)
