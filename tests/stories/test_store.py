"""Ledgers and queues on disks that are full, and ledgers of older and newer programs."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from stories import desk, ledgers
from stories.network import CommandFailed, program, run
from stories.small_disk import SmallDisk, skip_unless_mountable
from stories.waiting import TooLate, wait_for

FOR_GOOD = 78       # EX_CONFIG: a ledger of a newer program, or one that contradicts itself
TRY_AGAIN = 75      # EX_TEMPFAIL

UNITS = [Path(__file__).resolve().parents[2] / "config" / "systemd" / f"jembatan-{who}.service.in"
         for who in ("hub", "agent")]


@pytest.fixture
def turned(network):
    return desk.pair(network, turned=True)


# ---- the hub's disk ----

def test_below_its_margin_the_hub_puts_letters_off_and_still_delivers(network, turned):
    ipwl, clinic = turned
    case = desk.consented(ipwl, clinic.id)
    clinic.stop()
    waiting = desk.refer(ipwl, case, clinic.id)
    desk.wait_custody(ipwl, waiting, "in-custody")
    restart_hub(network, min_free="1024g")
    put_off = desk.refer(ipwl, case, clinic.id)
    wait_put_off(ipwl, put_off)
    clinic.start(turned=True)
    desk.wait_arrival(clinic)
    restart_hub(network, min_free="64m")
    desk.wait_arrival(clinic, 2)
    ledgers.wait_each_once(ipwl, clinic)


def test_a_hub_whose_disk_is_full_loses_nothing_and_goes_on_when_there_is_room(network, turned):
    skip_unless_mountable()
    ipwl, clinic = turned
    case = desk.consented(ipwl, clinic.id)
    restart_hub(network, min_free="0")
    network.hub.kill()
    disk = SmallDisk(network.hub, network.hub_data, "4m", ready="hub.started")
    wait_connected(ipwl, clinic)
    numbers = [desk.refer(ipwl, case, clinic.id)]
    desk.wait_custody(ipwl, numbers[0], "stored")
    disk.fill()
    while letter_state(ipwl, numbers[-1]) != PUT_OFF:
        assert len(numbers) < 50, "the disk is never full"
        numbers.append(desk.refer(ipwl, case, clinic.id))
        wait_for(lambda: letter_state(ipwl, numbers[-1])[0] in ("stored", "in-custody")
                 or letter_state(ipwl, numbers[-1]) == PUT_OFF, 20)
    assert network.hub.events("hub.no_space") and network.hub.running
    disk.empty()
    wait_for(lambda: json.loads(network.hubctl("status", "--json"))["space"] == "enough", 20)
    network.clock.turn(minutes=3)
    desk.wait_arrival(clinic, len(numbers))
    ledgers.wait_each_once(ipwl, clinic)


# ---- an agent's disk ----

def test_an_agent_whose_disk_is_full_writes_nothing_by_halves_and_goes_on_when_there_is_room(
        network, turned):
    skip_unless_mountable()
    ipwl, clinic = turned
    case = desk.consented(ipwl, clinic.id)
    first = desk.refer(ipwl, case, clinic.id)
    ledgers.wait_each_once(ipwl, clinic)
    ipwl.stop()
    keep_free(ipwl, "0")
    disk = SmallDisk(ipwl.daemon, ipwl.data, "4m", ready="agent.started")
    ipwl.daemon.wait_log("post.connected", seconds=20)
    disk.fill()
    numbers, said = [first], ""
    while not said:
        assert len(numbers) < 50, "the disk is never full"
        try:
            numbers.append(desk.refer(ipwl, case, clinic.id))
        except CommandFailed as failed:
            assert failed.status == TRY_AGAIN
            said = failed.stdout + failed.stderr
    assert "NO_SPACE" in said
    assert ipwl.daemon.running
    disk.empty()
    numbers.append(wait_for(lambda: try_refer(ipwl, case, clinic.id), 20))
    network.clock.turn(minutes=15)
    desk.wait_arrival(clinic, len(numbers))
    desk.wait_quiet(ipwl, clinic)
    assert sorted(desk.listed(ipwl)) == sorted(numbers)      # what failed left no trace
    assert ipwl.cli("verify")["ok"] and len(desk.arrivals(clinic)) == len(numbers)


def test_a_recipient_whose_disk_is_full_leaves_the_letter_at_the_hub(network, turned):
    skip_unless_mountable()
    ipwl, clinic = turned
    clinic.stop()
    keep_free(clinic, "0")
    disk = SmallDisk(clinic.daemon, clinic.data, "3m", ready="agent.started")
    clinic.daemon.wait_log("post.connected", seconds=20)
    disk.fill()
    case = desk.consented(ipwl, clinic.id)
    numbers = []
    while not numbers or letter_state(ipwl, numbers[-1])[0] == "stored":
        assert len(numbers) < 50, "the disk is never full"
        numbers.append(desk.refer(ipwl, case, clinic.id))
        wait_for(lambda: letter_state(ipwl, numbers[-1])[0] == "stored"
                 or clinic.daemon.events("post.disconnected", error="NO_SPACE"), 20)
    assert clinic.daemon.running
    disk.empty()
    desk.wait_arrival(clinic, len(numbers))
    desk.wait_custody(ipwl, numbers[-1], "stored")
    assert len(desk.arrivals(clinic)) == len(numbers)


def test_an_agent_short_of_room_puts_its_people_off_while_receipts_and_arrivals_go_on(network, turned):
    skip_unless_mountable()
    ipwl, clinic = turned
    case = desk.consented(ipwl, clinic.id)
    first = desk.refer(ipwl, case, clinic.id)
    theirs = desk.wait_arrival(clinic)
    ledgers.wait_each_once(ipwl, clinic)
    regrets = desk.consented(ipwl, clinic.id)
    ipwl.stop()
    keep_free(ipwl, "8m")
    disk = SmallDisk(ipwl.daemon, ipwl.data, "24m", ready="agent.started")
    ipwl.daemon.wait_log("post.connected", seconds=20)
    second = desk.refer(ipwl, case, clinic.id)
    disk.fill_but(6 << 20)
    said = desk.refer(ipwl, case, clinic.id, status=TRY_AGAIN)
    assert "nearly full" in said and "five minutes" in said and "lima menit" in said
    assert ipwl.cli("ready", status=TRY_AGAIN)
    desk.wait_custody(ipwl, second, "stored")             # the recipient's receipt came
    desk.accept(clinic, theirs)                            # and so does what others write
    desk.wait_state(ipwl, first, "accepted")
    desk.wait_custody(clinic, theirs, "stored", kind="referral.accept")
    ipwl.cli("consent", "withdraw", "--person", regrets, "--all")    # nothing keeps anybody from this
    disk.empty()
    other = desk.consented(ipwl, clinic.id)
    third = desk.refer(ipwl, other, clinic.id)
    desk.wait_custody(ipwl, third, "stored")
    desk.wait_quiet(ipwl, clinic)
    assert sorted(desk.listed(ipwl)) == sorted([first, second, third])
    assert ipwl.cli("verify")["ok"] and len(desk.arrivals(clinic)) == 3


def keep_free(agent, size):
    with open(agent.config, "a") as file:
        file.write(f"store\n    min_free = {size}\n")


# ---- ledgers of other programs ----

def test_a_ledger_of_a_newer_program_is_refused_and_left_as_it_is(network, turned):
    ipwl, _ = turned
    ipwl.stop()
    newest = version_of(ipwl)
    ledgers.change(ipwl, "PRAGMA user_version = 99")
    said = run(program("jembatan-agent"), "run", "--config", ipwl.config, status=FOR_GOOD)
    assert "was written by a newer program" in said and "program yang lebih baru" in said
    assert version_of(ipwl) == 99
    ledgers.change(ipwl, f"PRAGMA user_version = {newest}")
    ipwl.start(turned=True)


def test_a_ledger_of_an_older_program_is_brought_up_to_date_and_works(network):
    """It has taken only the first step of the schema: people and entries, no letters yet."""
    ipwl = network.agent("ipwl-a", kind="ipwl")
    newest = version_of(ipwl)
    ledgers.change(ipwl, drop_later_steps(ipwl))
    assert version_of(ipwl) == 1 < newest
    clinic = network.agent("klinik-b", kind="clinic", services=["medical"])
    network.start_hub()
    ipwl.start(), clinic.start()
    _, number = desk.referred(ipwl, clinic.id)
    desk.wait_arrival(clinic)
    desk.wait_custody(ipwl, number, "stored")
    ipwl.stop()
    assert version_of(ipwl) == newest


def test_a_ledger_that_is_killed_while_it_is_brought_up_to_date_goes_on_at_the_next_start(network):
    ipwl = network.agent("ipwl-a", kind="ipwl")
    newest = version_of(ipwl)
    ledgers.change(ipwl, drop_later_steps(ipwl))
    network.start_hub()
    with pytest.raises(TooLate):
        ipwl.start(fault="store.step.before_commit:3", connected=False)
    ipwl.daemon.wait_killed()
    assert version_of(ipwl) == 3          # two more steps, and the third undone whole
    ipwl.start()
    case = desk.intake(ipwl)
    ipwl.stop()
    assert version_of(ipwl) == newest
    ipwl.start()
    assert [each["number"] for each in desk.people(ipwl)] == [case]


def test_a_hub_that_is_killed_while_its_store_is_made_goes_on_at_the_next_start(network):
    with pytest.raises(TooLate):
        network.start_hub(fault="store.step.before_commit:3")
    network.hub.wait_killed()
    assert hub_version(network) == 2
    ipwl, clinic = desk.pair(network)
    desk.referred(ipwl, clinic.id)
    desk.wait_arrival(clinic)
    network.hub.stop()
    assert hub_version(network) > 3


def test_a_hubs_store_of_a_newer_program_is_refused_and_left_as_it_is(network, turned):
    network.hub.stop()
    newest = hub_version(network)
    hub_version(network, 99)
    network.hub.start()
    assert network.hub.wait_end() == FOR_GOOD
    assert "newer" in network.hub.log and "lebih baru" in network.hub.log
    assert hub_version(network) == 99
    hub_version(network, newest)
    network.hub.start(ready="hub.started")


# ---- damage ----

def test_what_a_log_lost_is_missed_at_the_next_start(network, turned):
    """SQLite takes a damaged log for one that a power cut ended, and one that is gone for empty."""
    ipwl, clinic = turned
    case = desk.consented(ipwl, clinic.id)
    number = desk.refer(ipwl, case, clinic.id)
    arrived = desk.wait_arrival(clinic)
    ledgers.wait_each_once(ipwl, clinic)
    clinic.kill(), network.hub.kill()
    flip(clinic.data / "ledger.db-wal")
    (network.hub_data / "hub.db-wal").unlink()
    clinic.daemon.start()
    assert clinic.daemon.wait_end() == FOR_GOOD
    assert "lacks what was stored last" in clinic.daemon.log and "restore --here" in clinic.daemon.log
    network.hub.start()
    assert network.hub.wait_end() == FOR_GOOD
    assert "lacks what the hub stored last" in network.hub.log
    assert "semua instansi mengirim ulang" in network.hub.log
    # each goes on as its sentence says
    shutil.rmtree(network.hub_data)
    network.hub.start(ready="hub.started")
    run(program("jembatan-agent"), "restore", "--here", "--config", clinic.config)
    clinic.start(turned=True)
    network.clock.turn(minutes=15)
    assert desk.wait_arrival(clinic) == arrived
    ledgers.wait_agreed(ipwl, clinic)
    desk.wait_custody(ipwl, number, "stored")


def test_damage_under_running_programs_ends_them_for_good(network, turned):
    ipwl, clinic = turned
    _, number = desk.referred(ipwl, clinic.id)
    desk.wait_arrival(clinic)
    ledgers.wait_each_once(ipwl, clinic)
    clinic.stop()
    second = desk.refer(ipwl, desk.consented(ipwl, clinic.id), clinic.id)
    desk.wait_custody(ipwl, second, "in-custody")
    ipwl.stop(), network.hub.stop()
    network.hub.start(ready="hub.started")
    ipwl.start(turned=True)
    spoil(network.hub_data, "hub.db"), spoil(ipwl.data, "ledger.db")
    with pytest.raises((CommandFailed, OSError)):
        for each in (number, second):
            desk.show(ipwl, each)
    clinic.start(turned=True, connected=False)
    for daemon, event in ((ipwl.daemon, "agent.stopped"), (network.hub, "hub.stopped")):
        assert daemon.wait_end() == FOR_GOOD
        assert daemon.events(event, error="CORRUPT")
    for unit in UNITS:
        assert f"RestartPreventExitStatus={FOR_GOOD}" in unit.read_text()


def flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x10
    path.write_bytes(data)


def spoil(folder, name):
    """Every page but the first, in the database and in its log, behind the back of who has it open."""
    for path, keep in ((folder / name, 16384), (folder / f"{name}-wal", 0)):
        if path.exists() and path.stat().st_size > keep:
            with open(path, "r+b") as file:
                file.seek(keep)
                file.write(b"\xa5" * (path.stat().st_size - keep))


def hub_version(network, change_to=None):
    store = sqlite3.connect(network.hub_data / "hub.db")
    try:
        if change_to is not None:
            store.execute(f"PRAGMA user_version = {change_to}")
        return store.execute("PRAGMA user_version").fetchone()[0]
    finally:
        store.close()


FIRST_STEP = {"about", "setting", "counter", "person", "data_key", "person_case", "entry",
              "person_nik", "person_case_person", "entry_person", "entry_thread"}


def drop_later_steps(agent):
    later = [(kind, name) for kind, name in ledgers.rows(
        agent, "SELECT type, name FROM sqlite_master WHERE type IN ('index', 'table')"
        " AND name NOT LIKE 'sqlite_%' ORDER BY type")
        if name not in FIRST_STEP]
    assert later
    return ("".join(f"DROP {kind} {name};" for kind, name in later)
            + "ALTER TABLE about DROP COLUMN commits; PRAGMA user_version = 1")


def version_of(agent):
    return ledgers.rows(agent, "PRAGMA user_version")[0][0]


def restart_hub(network, min_free):
    """A hub that was killed sends nobody away first, so its agents are back at once."""
    network.hub.kill()
    network.start_hub(turned=True, store={"min_free": min_free})


def letter_state(agent, number):
    custody = desk.letters(agent, number, "referral.request")[0]["custody"]
    return custody["state"], custody["error"] and custody["error"]["code"]


PUT_OFF = ("sealed", "NO_SPACE")


def wait_put_off(agent, number):
    wait_for(lambda: letter_state(agent, number) == PUT_OFF, 20,
             lambda: letter_state(agent, number))


def wait_connected(*agents):
    wait_for(lambda: all(agent.cli("status")["hub"]["connected"] for agent in agents), 20)


def try_refer(agent, case, to):
    try:
        return desk.refer(agent, case, to)
    except CommandFailed:
        return None
