"""On what was measured: processor, disk, and versions."""

import os
import platform
import re
import statistics
import time
from pathlib import Path

from children import Failed, output

LIBRARIES = {"libzmq": "libzmq5", "SQLite": "libsqlite3-0", "libsodium": "libsodium23",
             "protobuf-c": "libprotobuf-c1"}


def disk(tmp):
    """The file system of the data folder; fails where a flush costs nothing."""
    tmp.mkdir(parents=True, exist_ok=True)
    kind = output("findmnt", "-n", "-o", "FSTYPE", "-T", tmp).strip()
    if kind in ("tmpfs", "ramfs"):
        raise Failed(f"{tmp} is on {kind}, where a flush costs nothing; set BENCH_TMP to a folder "
                     "on a disk")
    return kind


def flush_ms(tmp):
    path, took = tmp / "flush", []
    with open(path, "wb", buffering=0) as file:
        for i in range(100):
            os.pwrite(file.fileno(), bytes(16384), i % 16 * 16384)
            began = time.monotonic()
            os.fdatasync(file.fileno())
            took.append((time.monotonic() - began) * 1000)
    path.unlink()
    return statistics.median(took)


def package(name):
    """Its version, "" when it is not installed."""
    try:
        return output("dpkg-query", "-W", "-f", "${Version}", name).strip()
    except Failed:
        return ""


def lines(tmp):
    cpu = re.search(r"^model name\s*:\s*(.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    source = output("findmnt", "-n", "-o", "SOURCE", "-T", tmp).strip()
    return [
        f"{cpu[1] if cpu else platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB; "
        f"{platform.system()} {platform.release()}",
        f"disk: {disk(tmp)} on {source}; a flush of 16 KiB takes {flush_ms(tmp):.1f} ms (median)",
        ", ".join(f"{what} {package(name)}" for what, name in LIBRARIES.items()),
    ]
