"""The measuring programs measure: every workload ends with each letter once and in order, at the hub
and at the bare brokers.  How long it took is nobody's business here."""
import os
import subprocess
import sys
from pathlib import Path

import pytest

from stories.network import BIN

BENCH = Path(__file__).resolve().parent.parent / "bench"
sys.path.append(str(BENCH))

import brokers  # noqa: E402
import page  # noqa: E402
import peers  # noqa: E402
import rounds  # noqa: E402
from children import Failed  # noqa: E402
from measures import Measure, Row  # noqa: E402

LETTERS = 200
BROKERS = ("hub", *brokers.BARE)


@pytest.fixture(autouse=True)
def built_programs(monkeypatch):
    monkeypatch.setattr(brokers, "RELEASE", Path(BIN))
    monkeypatch.setattr(brokers, "TESTS", Path(BIN) / "tests")


@pytest.mark.parametrize("name", BROKERS)
@pytest.mark.parametrize("work, settings", [
    ("W1", {}), ("W1", {"CRYPTO": 1}), ("W2", {}), ("W3", {"PAIRS": 5}),
    ("W3", {"PAIRS": 3, "SECONDS": 1, "MIXED": 1, "RATE": 300}),
])
def test_a_workload_ends_with_every_letter_confirmed(tmp_path, name, work, settings):
    figures = brokers.workload(tmp_path, name, work, **{"N": LETTERS, **settings})
    assert figures["msgs_per_s"] > 0
    assert figures["recv_p99_ms"] >= figures["recv_p50_ms"] > 0
    assert figures["ack_p50_ms"] > 0 and figures["mem_mb"] > 0
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", BROKERS)
def test_letters_that_waited_are_drained(tmp_path, name):
    figures = brokers.workload(tmp_path, name, "W4", N=LETTERS * 10)
    assert figures["fill_per_s"] > 0 and figures["drain_per_s"] > 0
    assert figures["mem_backlog_mb"] > 0


@pytest.mark.parametrize("name", ("hub", "door"))
def test_agents_connect_at_once_and_again_after_a_crash(tmp_path, name):
    figures = brokers.storm(tmp_path, name, 20)
    assert figures["connect_s"] > 0 and figures["reconnect_s"] > 0


def test_a_backup_is_measured_alone_and_beside_letters(tmp_path):
    figures = brokers.backup(tmp_path, LETTERS, 1)
    assert figures["mib_per_s"] > 0
    assert figures["busy ack_p99_ms"] > 0 and figures["calm ack_p99_ms"] > 0


def test_a_peer_is_any_folder_with_a_program_run(tmp_path):
    """Its lines are read by their form alone; one that fails is named and leaves no figures, and one
    that takes too long leaves those that it had."""
    for name, text in (("cepat", "echo cepat $1 msgs_per_s=5 ack_p50_ms=0.5; echo noise"),
                       ("lambat", "echo lambat $1 msgs_per_s=1; exec sleep 100"),
                       ("rusak", "echo tidak bisa >&2; exit 1")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run").write_text(text + "\n")
    assert peers.find(tmp_path) == ["cepat", "lambat", "rusak"]
    assert peers.take(tmp_path, "cepat", "W2") == {"cepat W2 msgs_per_s": 5, "cepat W2 ack_p50_ms": 0.5}
    with pytest.raises(Failed, match="tidak bisa"):
        peers.take(tmp_path, "rusak", "W2")
    with pytest.raises(Failed) as late:
        peers.take(tmp_path, "lambat", "W2", seconds=1)
    assert late.value.figures == {"lambat W2 msgs_per_s": 1}


BREAKING = """
import subprocess, sys, time
import children, rounds
from children import Failed
from measures import Measure

def breaks(tmp):
    raise Failed("nobody | answers")

def hangs(tmp):
    subprocess.Popen("setsid sleep 1000 & echo; wait", shell=True, stdout=subprocess.PIPE).stdout.read(1)
    time.sleep(1000)

children.adopt()
taken = [Measure("breaks", breaks, ()), Measure("hangs", hangs, (), 3, 1),
         Measure("works", lambda tmp: {"n": 7}, (), 2)]
results = rounds.run(taken, 1, None, lambda text: None)
print(results.rounds, sorted(results.failed.items()), children.descendants())
"""


def test_a_measure_that_fails_or_hangs_leaves_its_reason_and_no_process():
    done = subprocess.run([sys.executable, "-c", BREAKING], cwd=BENCH, text=True, capture_output=True,
                          env={**os.environ, "PYTHONPATH": f"{BENCH}:{BENCH.parent}"}, timeout=60)
    assert done.stdout == ("[{'works': {'n': 7}}] [('breaks', 'nobody | answers'), "
                           "('hangs', 'more than 1 s')] []\n"), done.stderr


def test_the_page_marks_what_missed_its_goal_and_what_was_not_measured():
    rows = (Row("A", "hub n", "/s", (), (">=", 10), (">=", 20)), Row("B", "n", "", ("hub", "log"),
                                                                      ("<=", 2)))
    results = rounds.Results()
    results.rounds = [{"m": {"hub n": 12, "log n": 4}}, {"m": {"hub n": 16, "log n": 4}}]
    results.failed = {"broken": "no | line"}
    table = page.table(results, [Measure("m", None, rows), Measure("broken", None, rows)])
    assert table.splitlines()[2:] == [
        "| A | 14.0 /s | 12.0 – 16.0 | ≥ 10.0 | ≥ 20.0 **missed** |",
        "| B | 3.50 | 3.00 – 4.00 | ≤ 2.00 **missed** |  |",
        "| broken | **not measured** | no / line |  |  |"]
