"""A ledger is backed up while letters flow, its machine is lost, and it comes back."""

import pathlib
import re
import shutil
import subprocess

import pytest

from stories import desk, ledgers
from stories.network import program, run
from stories.small_disk import skip_unless_mountable
from stories.waiting import wait_for

EXISTS = 65      # the exit status of what is there already
NAME = re.compile(r"klinik-b-\d{4}-\d\d-\d\dT\d{6}Z-[0-9a-f]{8}\.jbk")


@pytest.fixture
def pair(network):
    return desk.pair(network)


@pytest.fixture
def disk(network):
    """The folder of backups."""
    folder = network.folder / "cadangan"
    folder.mkdir()
    return folder


def archives(folder):
    return sorted(path for path in folder.iterdir() if path.suffix == ".jbk")


def back_up(agent, folder):
    """The new archive."""
    return pathlib.Path(agent.cli("backup", folder)["last"]["path"])


def restore(agent, archive, *options, status=0, stdin=None):
    return run(program("jembatan-agent"), "restore", archive, *options, "--config", agent.config,
               status=status, stdin=stdin)


def lose_ledger(agent):
    agent.kill()
    shutil.rmtree(agent.data)


def lose_machine(agent):
    lose_ledger(agent)
    shutil.rmtree(agent.folder / "keys")
    (agent.folder / "directory.bin").unlink()


def enrol_new_keys(network, agent):
    """SIG and LINK are on no sheet: new ones are made and enrolled like those of a new member."""
    run(program("jembatan-agent"), "init", "--config", agent.config, "--request", agent.request)
    network.registrar.enrol(agent.request)
    network.publish()


def sheet_lines(agent):
    """What a person would type off the printed sheet."""
    text = run(program("jembatan-agent"), "recovery-sheet", "-", "--config", agent.config)
    lines = [line.strip() for line in text.splitlines() if re.match(r"\s*[LB][1-4] +[0-9a-f]{4} ", line)]
    assert len(lines) == 8
    return lines


def check_sheet(agent, lines, status=0):
    return run(program("jembatan-agent"), "recovery-sheet", "--check", "--config", agent.config,
               stdin="\n".join(lines) + "\n", status=status)


# ---- taking it ----

def test_a_backup_is_taken_while_letters_flow_and_tells_nothing(network, pair, disk):
    ipwl, clinic = pair
    case = desk.consented(ipwl, clinic.id)
    numbers = [desk.refer(ipwl, case, clinic.id) for _ in range(3)]
    archive = back_up(clinic, disk)
    numbers += [desk.refer(ipwl, case, clinic.id) for _ in range(3)]
    assert archives(disk) == [archive] and NAME.fullmatch(archive.name)
    content = archive.read_bytes()
    for word in desk.CANARIES:
        assert word.encode() not in content
    assert b"SQLite" not in content and (archive.stat().st_mode & 0o777) == 0o600
    desk.wait_arrival(clinic, len(numbers))
    status = clinic.cli("status")["backup"]
    assert status["last"]["path"] == str(archive) and status["old"] is False
    assert clinic.cli("verify")["ok"]


def test_only_so_many_backups_stay(network, pair, disk):
    _, clinic = pair
    clinic.stop()
    with open(clinic.config, "a") as config:
        config.write(f'backup\n    folder = "{disk}"\n    keep = 2\n')
    strange = disk / "klinik-b-catatan.jbk"
    strange.write_text("milik orang lain")
    for n in range(4):
        (disk / f"klinik-b-2020-01-0{n + 1}T000000Z-0123abcd.jbk").write_text("lama")
    other = disk / "klinik-b-dua-2020-01-01T000000Z-0123abcd.jbk"
    other.write_text("instansi lain")
    clinic.start()
    fresh = pathlib.Path(clinic.cli("backup")["last"]["path"])
    assert archives(disk) == sorted(
        [strange, other, fresh, disk / "klinik-b-2020-01-04T000000Z-0123abcd.jbk"])


def test_a_folder_that_can_not_serve_is_named(network, pair, disk):
    _, clinic = pair
    assert "not there" in clinic.cli("backup", disk / "usb", status=66)
    clinic.api("POST", "/v1/backup", {"folder": "cadangan"}, status=422)
    clinic.api("POST", "/v1/backup", {}, status=422)
    inside = clinic.api("POST", "/v1/backup", {"folder": str(clinic.data)}, status=422)
    assert "data folder" in inside["fields"][0]["message_en"]
    clinic.stop()
    with open(clinic.config, "a") as config:
        config.write(f'backup\n    folder = "{disk}"\n    mounted = yes\n')
    clinic.start()
    absent = clinic.api("POST", "/v1/backup", {}, status=500)
    assert "no disk is mounted" in absent["fields"][0]["message_en"]
    assert archives(disk) == []


def test_a_full_backup_disk_is_said_and_nothing_half_stays(network, pair, disk):
    skip_unless_mountable()
    _, clinic = pair
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], check=True)
    try:
        said = run(program("jembatan"), "--socket", clinic.socket, "backup", disk, status=75)
        assert "too little room" in said and list(disk.iterdir()) == []
        assert "new letters" not in said          # it is not the ledger's disk that is full
    finally:
        subprocess.run(["umount", disk], check=True)
    assert clinic.cli("verify")["ok"]


@pytest.mark.parametrize("point", ("backup.copy.after", "backup.flush.before", "backup.rename.before"))
def test_a_kill_in_the_middle_leaves_no_archive_and_the_next_one_cleans_up(network, disk, point):
    ipwl, clinic = desk.pair(network)
    clinic.stop()
    clinic.start(fault=point)
    clinic.api("POST", "/v1/backup", {"folder": str(disk)})
    wait_for(lambda: not clinic.daemon.running, 30, lambda: "still running")
    assert clinic.daemon.process.returncode == -9
    assert archives(disk) == [] and [path.suffix for path in disk.iterdir()] == [".part"]
    assert b"SQLite" not in next(disk.iterdir()).read_bytes()
    clinic.start()
    archive = back_up(clinic, disk)
    assert list(disk.iterdir()) == [archive]


def test_three_days_without_a_backup_are_an_alarm_until_there_is_one(network, disk):
    ipwl, clinic = desk.pair(network, turned=True)
    desk.referred(ipwl, clinic.id)
    desk.wait_arrival(clinic)
    assert clinic.cli("status")["backup"]["old"] is False
    network.clock.turn(days=3, hours=1)
    desk.wait_alarm(clinic, "backup-old")
    assert clinic.cli("status")["backup"]["old"] is True
    back_up(clinic, disk)
    clinic.wait_api("/v1/alarms", lambda page: not any(item["name"] == "backup-old"
                                                       for item in page["items"]))
    assert clinic.cli("status")["backup"]["old"] is False


# ---- bringing it back ----

def test_a_lost_ledger_comes_back_from_its_backup(network, pair, disk):
    ipwl, clinic = pair
    case, _ = desk.referred(ipwl, clinic.id)
    theirs = desk.wait_arrival(clinic)
    archive = back_up(clinic, disk)
    lose_ledger(clinic)
    said = restore(clinic, archive)
    assert "restored" in said and "klinik" in said
    assert sorted(path.name for path in clinic.data.iterdir()) == ["ledger.db"]
    clinic.start()
    assert desk.show(clinic, theirs)["person"]["name"] == desk.NAME
    assert clinic.cli("verify")["ok"]
    number = desk.refer(ipwl, case, clinic.id)
    desk.wait_custody(ipwl, number, "stored")
    desk.wait_arrival(clinic, 2)


def test_a_ledger_that_is_there_is_not_overwritten(network, pair, disk):
    _, clinic = pair
    archive = back_up(clinic, disk)
    assert "there is a ledger" in restore(clinic, archive, status=EXISTS)
    clinic.stop()
    assert "there is a ledger" in restore(clinic, archive, status=EXISTS)
    clinic.start()


def test_a_rehearsal_beside_the_running_agent_changes_nothing_and_is_noted(network, pair, disk):
    ipwl, clinic = pair
    desk.referred(ipwl, clinic.id)
    desk.wait_arrival(clinic)
    archive = back_up(clinic, disk)
    entries = clinic.cli("status")["ledger"]["entries"]
    desk.refer(ipwl, desk.consented(ipwl, clinic.id), clinic.id)
    desk.wait_arrival(clinic, 2)
    desk.wait_quiet(ipwl, clinic)
    before = clinic.cli("status")
    said = restore(clinic, archive, "--rehearse")
    assert "went well" in said and f"{entries} entries" in said
    more = before["ledger"]["entries"] - entries
    assert f"which has {more} entries more" in said and "1 that came" in said
    after = clinic.cli("status")
    assert after["backup"]["rehearsal"]["path"] == str(archive)
    assert after["ledger"]["store_id"] == before["ledger"]["store_id"]
    assert not (clinic.data / "restore").exists()


def test_a_rehearsal_proves_the_sheet_against_the_keys_in_use(network, pair, disk):
    _, clinic = pair
    archive = back_up(clinic, disk)
    lines = sheet_lines(clinic)
    assert "sheet is proved" in restore(clinic, archive, "--rehearse", "--sheet", stdin="\n".join(lines))
    (clinic.folder / "keys" / "box.key").write_bytes(other_box(network, clinic))
    said = restore(clinic, archive, "--rehearse", "--sheet", stdin="\n".join(lines), status=65)
    assert "box.key is there and differs" in said


def other_box(network, clinic):
    return next(path.read_bytes() for path in network.folder.rglob("box.key")
                if clinic.folder not in path.parents)


def test_a_rehearsal_says_loudly_that_the_ledger_has_another_history(network, pair, disk):
    ipwl, clinic = pair
    clinic.stop()
    copy = network.folder / "klinik-copy"
    shutil.copytree(clinic.data, copy)
    clinic.start()
    desk.referred(ipwl, clinic.id)
    desk.wait_arrival(clinic)
    archive = back_up(clinic, disk)
    clinic.stop()
    shutil.rmtree(clinic.data)
    shutil.copytree(copy, clinic.data)
    said = restore(clinic, archive, "--rehearse", status=65)
    assert "that ledger has gone back" in said
    run(program("jembatan-agent"), "restore", "--here", "--config", clinic.config)
    said = restore(clinic, archive, "--rehearse", status=65)
    assert "part after entry" in said and "went well" not in said
    assert not (clinic.data / "restore").exists()


def test_a_damaged_or_foreign_archive_puts_nothing_in_place(network, pair, disk):
    ipwl, clinic = pair
    archive = back_up(clinic, disk)
    foreign = back_up(ipwl, disk)
    lose_ledger(clinic)
    whole = archive.read_bytes()
    for damaged, words in ((whole[:-1], "cut short"), (whole + b"x", "added at the end"),
                           (whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:], "damaged"),
                           (b"x" + whole[1:], "no backup")):
        archive.write_bytes(damaged)
        assert words in restore(clinic, archive, status=65)
    archive.write_bytes(whole)
    assert "this key does not open" in restore(clinic, foreign, status=65)
    assert not clinic.data.exists() or list(clinic.data.iterdir()) == []
    restore(clinic, archive)
    clinic.start()


def test_what_a_kill_left_of_a_rehearsal_is_gone_at_the_next_start(network, pair):
    _, clinic = pair
    clinic.stop()
    left = clinic.data / "restore"
    left.mkdir(mode=0o700)
    for name in ("ledger.db", "ledger.key", "busy", "lock"):
        (left / name).write_text("sisa")
    clinic.start()
    assert not left.exists()


# ---- the recovery sheet ----

def test_the_sheet_is_proved_by_typing_it_back(network, pair):
    _, clinic = pair
    lines = sheet_lines(clinic)
    assert "right" in check_sheet(clinic, lines)
    assert "right" in check_sheet(clinic, [line.upper().replace("0", "O") for line in lines])
    slip = list(lines)
    slip[5] = slip[5][:-1] + ("0" if slip[5][-1] != "0" else "1")
    said = check_sheet(clinic, slip, status=65)
    assert "line B2 is mistyped" in said and "L1" not in said
    assert "line L1" in check_sheet(clinic, [lines[1], lines[0], *lines[2:]], status=65)
    assert "type all of them" in check_sheet(clinic, lines[:7], status=65)
    printed = clinic.folder / "keys" / "recovery-sheet.html"
    assert printed.stat().st_mode & 0o777 == 0o600 and "L1" in printed.read_text()
    assert "2. Run jembatan-agent restore" in re.sub(r"<[^>]*>", "\n", printed.read_text())
    for name in ("lembar.pdf", "lembar"):
        said = run(program("jembatan-agent"), "recovery-sheet", clinic.folder / name, "--config",
                   clinic.config, status=65)
        assert ".html" in said and not (clinic.folder / name).exists()
    secret = (clinic.folder / "keys" / "sig.key").read_text().split()[2]
    assert secret[:16] not in printed.read_text().replace(" ", "")


def test_archive_and_typed_sheet_alone_bring_an_agency_back_on_an_empty_machine(network, pair, disk):
    ipwl, clinic = pair
    case, _ = desk.referred(ipwl, clinic.id)
    theirs = desk.wait_arrival(clinic)
    lines = sheet_lines(clinic)
    archive = back_up(clinic, disk)
    lose_machine(clinic)
    wrong = [lines[0][:-1] + ("f" if lines[0][-1] != "f" else "e"), *lines[1:]]
    assert "L1" in restore(clinic, archive, "--sheet", stdin="\n".join(wrong), status=65)
    assert not (clinic.folder / "keys").exists()
    restore(clinic, archive, "--sheet", stdin="\n".join(lines))
    assert sorted(path.name for path in (clinic.folder / "keys").iterdir()) == ["box.key", "ledger.key"]
    enrol_new_keys(network, clinic)
    clinic.start()
    assert desk.show(clinic, theirs)["person"]["name"] == desk.NAME
    desk.wait_custody(ipwl, desk.refer(ipwl, case, clinic.id), "stored")
    desk.wait_arrival(clinic, 2)


def test_what_was_written_and_received_after_the_nightly_backup_comes_back_from_the_partners(network, pair,
                                                                                           disk):
    ipwl, clinic = pair
    case, number = desk.referred(ipwl, clinic.id)
    theirs = desk.wait_arrival(clinic)
    desk.show(clinic, theirs)
    lines = sheet_lines(clinic)
    desk.wait_quiet(ipwl, clinic)
    archive = back_up(clinic, disk)
    # the day after: both write, and one letter is on its way when the machine is gone
    desk.accept(clinic, theirs)
    desk.arrived(clinic, theirs)
    later = desk.refer(ipwl, case, clinic.id)
    desk.wait_arrival(clinic, 2)
    desk.start(clinic, theirs)
    desk.wait_state(ipwl, number, "in-progress")
    desk.wait_quiet(ipwl, clinic)
    lose_machine(clinic)
    on_its_way = desk.refer(ipwl, desk.consented(ipwl, clinic.id), clinic.id)
    desk.wait_custody(ipwl, on_its_way, "in-custody")
    restore(clinic, archive, "--sheet", stdin="\n".join(lines))
    enrol_new_keys(network, clinic)
    clinic.start()
    ledgers.wait_agreed(ipwl, clinic)
    assert desk.state(clinic, theirs) == "in-progress" and len(desk.arrivals(clinic)) == 3
    for each in (later, on_its_way):
        desk.wait_custody(ipwl, each, "stored")
    desk.report(clinic, theirs)
    desk.complete(clinic, theirs)
    desk.wait_state(ipwl, number, "completed")
    ledgers.wait_agreed(ipwl, clinic)
    assert {"two-histories", "equivocation"}.isdisjoint(desk.alarms(clinic) + desk.alarms(ipwl))


# ---- the hub ----

def hub(network, command, *words, status=0, stdin=None):
    return run(program("jembatan-hub"), command, *words, "--config", network.hub_folder / "hub.zpl",
               status=status, stdin=stdin)


def test_a_hub_comes_back_from_its_backup_as_a_new_store_and_nothing_is_lost(network, pair, disk):
    ipwl, clinic = pair
    clinic.stop()
    case, number = desk.referred(ipwl, clinic.id)
    desk.wait_custody(ipwl, number, "in-custody")
    before = network.hubctl("status")
    assert "checked" in network.hubctl("backup", disk)
    archive, = archives(disk)
    assert archive.name.startswith("hub-uji-") and b"SQLite" not in archive.read_bytes()
    later = desk.refer(ipwl, case, clinic.id)
    desk.wait_custody(ipwl, later, "in-custody")
    assert "went well" in hub(network, "restore", archive, "--rehearse")
    assert str(archive) in network.hubctl("status")
    network.hub.kill()
    assert "there is a hub's store" in hub(network, "restore", archive, status=EXISTS)
    shutil.rmtree(network.hub_data)
    assert "1 letters waiting" in hub(network, "restore", archive)
    network.start_hub()
    clinic.start()
    desk.wait_arrival(clinic, 2)
    desk.wait_custody(ipwl, number, "stored")
    desk.wait_custody(ipwl, later, "stored")
    store = re.compile(r"store id\)\s+(\S+)")
    assert store.search(before).group(1) != store.search(network.hubctl("status")).group(1)


def test_the_hubs_sheet_opens_its_backup_without_its_keys_folder(network, pair, disk):
    network.hubctl("backup", disk)
    archive, = archives(disk)
    sheet = hub(network, "recovery-sheet")
    lines = [line.strip() for line in sheet.splitlines() if re.match(r"\s+C[1-4]  ", line)]
    assert len(lines) == 4
    assert "right" in hub(network, "recovery-sheet", "--check", stdin="\n".join(lines))
    key = network.hub_folder / "keys" / "backup.key"
    before = key.read_text()
    network.hub.kill()
    key.unlink()
    shutil.rmtree(network.hub_data)
    hub(network, "restore", archive, "--sheet", stdin="\n".join(lines))
    assert key.read_text() == before
    network.start_hub()


def test_a_hub_says_when_a_backup_can_not_be_made(network, pair, disk):
    assert "not there" in network.hubctl("backup", disk / "usb", status=66)
    assert "data folder" in network.hubctl("backup", network.hub_data, status=65)
    assert '"sekarang" is too many' in network.hubctl("clock", "sekarang", status=64)
    assert "name the backup file" in hub(network, "restore", "--rehearse", status=64)
    assert '"none"' in network.hubctl("status", "--json")
