"""The measuring programs measure: every workload ends with each letter once and in order, at the hub
and at the bare brokers.  How long it took is nobody's business here."""
import sys
from pathlib import Path

import pytest

from stories.network import BIN

sys.path.append(str(Path(__file__).resolve().parent.parent / "bench"))

import brokers  # noqa: E402
import peers  # noqa: E402

LETTERS = 200
BROKERS = ("hub", *brokers.BARE)


@pytest.fixture(autouse=True)
def built_programs(monkeypatch):
    monkeypatch.setattr(brokers, "RELEASE", Path(BIN))
    monkeypatch.setattr(brokers, "TESTS", Path(BIN) / "tests")


@pytest.mark.parametrize("name", BROKERS)
@pytest.mark.parametrize("work, settings", [
    ("W1", {}), ("W1", {"CRYPTO": 1}), ("W2", {}), ("W3", {"PAIRS": 5}),
    ("W3", {"PAIRS": 2, "SECONDS": 1}),
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


def test_a_peer_is_any_folder_with_a_program_run(tmp_path):
    """Its lines are read by their form alone; one that fails is named and leaves no figures."""
    for name, text in (("cepat", "echo cepat $1 msgs_per_s=5 ack_p50_ms=0.5; echo noise"),
                       ("rusak", "echo tidak bisa >&2; exit 1")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run").write_text(text + "\n")
    assert peers.find(tmp_path) == ["cepat", "rusak"]
    found, complaint = peers.run(tmp_path, "cepat", ("W2",))
    assert found == {("cepat", "W2"): {"msgs_per_s": 5, "ack_p50_ms": 0.5}} and not complaint
    found, complaint = peers.run(tmp_path, "rusak", ("W2",))
    assert not found and "tidak bisa" in complaint
