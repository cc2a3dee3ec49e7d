"""A daemon whose data folder stands on a disk of a few MiB.

The disk is a tmpfs in a mount namespace of that daemon alone; it comes with what the folder holds, and
is gone when the daemon ends.  Mounting needs root.
"""

import os
import subprocess
from pathlib import Path

import pytest

_SCRIPT = """set -e
folder=$1 size=$2
shift 2
cp -a "$folder" "$folder.whole"
mount -t tmpfs -o "size=$size,mode=0700" tmpfs "$folder"
cp -a "$folder.whole/." "$folder"
exec "$@"
"""


def skip_unless_mountable():
    tried = subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True)
    if tried.returncode != 0:
        pytest.skip("a small disk can't be mounted here: " + tried.stderr.decode().strip())


class SmallDisk:
    def __init__(self, daemon, folder, size, ready):
        """Starts the daemon, which is stopped, anew on a disk of that size."""
        self.daemon = daemon
        self.folder = folder
        daemon.command = ["unshare", "-m", "sh", "-c", _SCRIPT, "sh", str(folder), size, *daemon.command]
        daemon.start(ready=ready)

    @property
    def filler(self):
        """As a path that leads into the daemon's namespace."""
        return Path(f"/proc/{self.daemon.process.pid}/root{self.folder}/filler")

    def fill_but(self, free):
        """Leaves about so many bytes."""
        with open(self.filler, "ab", buffering=0) as file:
            while self.free() > free + 4096:
                file.write(bytes(min(65536, (self.free() - free) // 4096 * 4096)))

    def free(self):
        disk = os.statvfs(self.filler.parent)
        return disk.f_bavail * disk.f_frsize

    def fill(self):
        with open(self.filler, "ab", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass

    def empty(self):
        self.filler.unlink()
