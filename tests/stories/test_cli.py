"""The command line, as a caseworker types it: two agencies with real agents and a real hub."""

import datetime
import fcntl
import json
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import tempfile
import termios
import time

import pytest

from stories.daemon import SANITIZER
from stories.network import ROOT, Network, program
from stories.waiting import wait_for

NEXT_YEAR = datetime.date.today().year + 1
ENV = {**SANITIZER, **os.environ}
for name in ("JEMBATAN_LANG", "JEMBATAN_SOCKET"):
    ENV.pop(name, None)


@pytest.fixture(scope="module")
def office():
    """An IPWL and a clinic that know each other; one client with consent for treatment."""
    folder = tempfile.mkdtemp(prefix="jbt-")
    network = Network(folder)
    try:
        network.ipwl = network.agent("ipwl-a", kind="ipwl", name="IPWL A")
        network.clinic = network.agent("klinik-b", kind="clinic", name="Klinik B",
                                       services=["medical"])
        network.auditor = network.agent("dinsos-c", kind="social-services", role="auditor")
        network.start_hub()
        for each in (network.ipwl, network.clinic, network.auditor):
            each.start()
        yield network
    finally:
        network.close()
        shutil.rmtree(folder)


def jembatan(agent, *words, stdin=None, **env):
    """Runs the command line for people; gives what it wrote and its exit status."""
    where = ["--socket", str(agent.socket)] if agent else []
    return subprocess.run([str(program("jembatan")), *where, *words], capture_output=True,
                          text=True, input=stdin, timeout=60, env={**ENV, **env},
                          stdin=subprocess.DEVNULL if stdin is None else None)


def done(agent, *words, **more):
    result = jembatan(agent, *words, **more)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def intake(agent, name="Dewi"):
    return agent.cli("intake", "--name", name, "--birth-date", "1999-04-12", "--sex", "female")


def consented(office, name="Dewi"):
    """A client who agreed to treatment at the clinic."""
    number = intake(office.ipwl, name)["number"]
    done(office.ipwl, "consent", "give", "--person", number, "--to", "klinik-b",
         "--purpose", "treatment", "--labels", "health")
    return number


def referred(office, name="Dewi"):
    """The number of a referral at both ends, as it is at the sender and at the recipient."""
    sent = office.ipwl.cli("refer", "--person", consented(office, name), "--to", "klinik-b",
                           "--service", "medical", "--reason", f"pemeriksaan {name}")

    def arrived():
        rows = office.clinic.cli("inbox")
        fresh = [row for row in rows if row["id"] == sent["id"]]
        return fresh[0]["number"] if fresh else None
    return sent["number"], wait_for(arrived, 20, "the referral did not arrive")


# ---- without an agent ----

def commands():
    text = done(None, "help")
    return re.findall(r"^  ([a-z][a-z-]*)  ", text, re.M)


def test_help_names_every_command_in_both_languages():
    assert {"intake", "consent", "refer", "inbox", "outbox", "show", "accept", "reject", "onward",
            "ask", "reply", "arrived", "no-show", "start", "hold", "resume", "report", "complete",
            "fail", "cancel", "timeline", "due", "partners", "people", "status", "alarms",
            "kinds", "catalogue", "verify", "help", "version", "send"} <= set(commands())
    assert "menerima dengan janji temu / accepts with an appointment" in done(None, "help")


def test_every_command_has_help_with_an_example():
    for command in commands():
        text = done(None, command, "--help")
        assert f"jembatan {command}" in text.splitlines()[0]
        assert text.count(f"jembatan {command}") >= 2, text


def test_every_exit_status_in_the_help_is_documented():
    text = done(None, "help")
    for status in ("0", "64", "65", "66", "69", "75", "77", "78"):
        assert re.search(rf"\b{status} ", text)


def test_a_command_that_does_not_exist_is_quoted():
    result = jembatan(None, "terima")
    assert result.returncode == 64
    assert '"terima"' in result.stderr


def test_without_an_agent_it_says_which_command_starts_one(tmp_path):
    result = jembatan(None, "status", "--socket", str(tmp_path / "none.sock"))
    assert result.returncode == 69
    assert "systemctl start jembatan-agent" in result.stderr
    assert "none.sock" in result.stderr


def test_the_socket_and_the_language_come_from_the_environment(office):
    result = jembatan(None, "status", JEMBATAN_SOCKET=str(office.ipwl.socket), JEMBATAN_LANG="en")
    assert result.returncode == 0
    assert "Queued" in result.stdout and "Dalam antrean" not in result.stdout


def test_a_language_that_does_not_exist_is_quoted():
    result = jembatan(None, "status", "--lang", "jawa")
    assert result.returncode == 64
    assert '"jawa"' in result.stderr


# ---- mistakes ----

def test_every_mistake_of_a_form_is_named_in_both_languages(office):
    result = jembatan(office.ipwl, "intake", "--nik", "12", "--birth-date", "1999-02-31",
                      "--phone", "x")
    assert result.returncode == 65
    for option in ("--name", "--nik", "--birth-date", "--phone"):   # as it is typed
        assert len(re.findall(rf"^  {option}: ", result.stderr, re.M)) == 2


def test_an_option_that_nobody_knows_is_named_before_anything_is_written(office):
    result = jembatan(office.ipwl, "intake", "--name", "Salah Opsi", "--umur", "9")
    assert result.returncode == 64
    assert "--umur" in result.stderr
    assert jembatan(office.ipwl, "people", "Salah Opsi").returncode == 66


def test_a_person_who_is_not_here_is_not_found(office):
    result = jembatan(office.ipwl, "people", "Tidak Ada")
    assert result.returncode == 66


def test_two_people_of_one_name_are_listed_and_a_number_settles_it(office):
    first = intake(office.ipwl, "Agus Kembar Satu")["number"]
    intake(office.ipwl, "Agus Kembar Dua")
    result = jembatan(office.ipwl, "people", "show", "agus kembar")
    assert result.returncode == 65
    assert first in result.stdout
    assert "Agus Kembar Satu" in done(office.ipwl, "people", "show", first)


def test_a_referral_without_consent_is_refused_with_the_reason(office):
    number = intake(office.ipwl, "Tanpa Izin")["number"]
    result = jembatan(office.ipwl, "refer", "--person", number, "--to", "klinik-b", "--service",
                      "medical", "--reason", "pemeriksaan")
    assert result.returncode == 77
    assert "tidak ada persetujuan" in result.stderr and "no consent" in result.stderr


def test_a_referral_with_three_mistakes_names_all_three(office):
    result = jembatan(office.ipwl, "refer", "--person", "Tidakada Samasekali", "--to", "klinik-zz",
                      "--service", "sulap", "--reason", "pemeriksaan")
    assert result.returncode == 65
    for word in ("person: no client matches", "klinik-zz", "sulap"):
        assert word in result.stderr
    alone = jembatan(office.ipwl, "refer", "--person", "Tidakada Samasekali", "--to", "klinik-b",
                     "--service", "medical", "--reason", "pemeriksaan")
    assert alone.returncode == 66 and "no client matches" in alone.stderr


def test_the_help_says_what_each_option_is(office):
    said = done(office.ipwl, "refer", "--help")
    for flag in ("--person", "--to", "--service", "--urgency", "--basis", "--rule", "--as-of"):
        line = next(line for line in said.splitlines() if line.strip().startswith(flag + " "))
        assert len(line.split()) > 2


def test_a_role_that_may_not_is_told_so(office):
    result = jembatan(office.auditor, "intake", "--name", "X")
    assert result.returncode == 77
    assert "tidak berwenang" in result.stderr


def test_an_error_with_json_is_the_apis_own(office):
    result = jembatan(office.ipwl, "show", "R-2026-9999", "--json")
    assert result.returncode == 66
    assert json.loads(result.stdout)["code"] == "NOT_FOUND"


# ---- a referral ----

def test_a_referral_is_written_read_accepted_and_completed(office):
    ours, theirs = referred(office, "Perjalanan")
    text = done(office.clinic, "show", theirs)
    for part in ("Perjalanan", "IPWL A", "pemeriksaan Perjalanan", "hari lagi",
                 f"jembatan accept {theirs} --at ... --place ..."):
        assert part in text
    assert "jembatan complete" not in text

    done(office.clinic, "accept", theirs, "--at", f"{NEXT_YEAR}-11-25 10:00", "--place", "Poli 2",
         "--fee", "Rp5.000.000")
    wait_for(lambda: "Poli 2" in done(office.ipwl, "show", ours), 20, "no acceptance came")
    text = done(office.ipwl, "show", ours)
    for part in ("Rp5.000.000", f"25 November {NEXT_YEAR} 10.00 WIB", "[terkirim / delivered]",
                 "Accepted"):
        assert part in text
    wait_for(lambda: "dibuka penerima" in done(office.clinic, "show", theirs), 20,
             "nobody was told that the acceptance was read")

    done(office.clinic, "arrived", theirs, "--at", str(datetime.date.today()))
    done(office.clinic, "start", theirs, "--at", f"{NEXT_YEAR}-11-25 11:00", "--class", "AMB")
    done(office.clinic, "report", theirs, "--text", "membaik")
    done(office.clinic, "complete", theirs, "--outcome", "fit-with-treatment", "--end",
         f"{NEXT_YEAR}-12-20")
    wait_for(lambda: "Selesai" in done(office.ipwl, "show", ours).splitlines()[0], 20,
             "no completion came")
    assert "membaik" in done(office.ipwl, "show", ours)
    lines = done(office.ipwl, "timeline", ours, "--lang", "en")
    assert "-> Accepted" in lines and "-> Completed" in lines


def test_a_letter_of_any_kind_is_sent_by_its_name(office):
    ours, theirs = referred(office, "Umum")
    done(office.clinic, "send", "referral.reject", theirs, "--reason", "no-capacity")
    wait_for(lambda: "Ditolak" in done(office.ipwl, "show", ours).splitlines()[0], 20,
             "no refusal came")
    assert "Kapasitas penuh" in done(office.ipwl, "show", ours)


def test_what_does_not_fit_the_state_is_refused(office):
    ours, theirs = referred(office, "Urutan")
    result = jembatan(office.clinic, "complete", theirs, "--outcome", "fit-with-treatment",
                      "--end", f"{NEXT_YEAR}-12-20")
    assert result.returncode == 65
    assert "keadaan" in result.stderr


def test_a_referral_comes_from_a_file_or_from_standard_input(office, tmp_path):
    number = consented(office, "Dari Berkas")
    form = {"person": number, "to": "klinik-b", "service": "medical", "urgency": "urgent",
            "answers": {"reason": "dari berkas"}}
    path = tmp_path / "form.json"
    path.write_text(json.dumps(form))
    from_file = office.ipwl.cli("refer", "--form", path)
    from_input = office.ipwl.cli("refer", "--form", "-", "--reason", "dari opsi",
                                 stdin=json.dumps(form))
    assert "dari berkas" in done(office.ipwl, "show", from_file["number"])
    text = done(office.ipwl, "show", from_input["number"])
    assert "dari opsi" in text and "mendesak" in text


def test_a_form_that_is_no_json_is_named_by_line(office, tmp_path):
    path = tmp_path / "form.json"
    path.write_text('{"name": "A",\n}')
    result = jembatan(office.ipwl, "intake", "--form", str(path))
    assert result.returncode == 65
    assert "form.json" in result.stderr and "baris 2" in result.stderr


def test_a_province_that_the_list_lacks_is_warned_of_and_kept(office):
    words = ("intake", "--name", "Dari Provinsi Lama", "--birth-date", "1990-01-01", "--sex", "male", "--region")
    result = jembatan(office.ipwl, *words, "99.71")
    assert result.returncode == 0 and "Peringatan, region: provinsi ini tidak ada" in result.stderr
    taken = office.ipwl.cli(*words, "98.01")
    assert taken["region"] == "98.01" and [each["field"] for each in taken["warnings"]] == ["region"]
    contact = jembatan(office.ipwl, "contacts", "add", "@klinik-lama", "--name", "Klinik Lama", "--kind", "clinic",
                       "--region", "97.01")
    assert contact.returncode == 0 and "Peringatan, region" in contact.stderr


def test_consent_of_several_clauses_is_given_shown_and_withdrawn(office):
    number = intake(office.ipwl, "Tiga Klausul")["number"]
    done(office.ipwl, "consent", "give", "--person", number, "--labels", "health",
         "--to", "klinik-b", "--purpose", "treatment",
         "--to", "dinsos-c", "--purpose", "aftercare", "--until", f"{NEXT_YEAR}-05-31",
         "--to-kind", "hospital", "--region", "17", "--purpose", "treatment")
    rows = office.ipwl.cli("consent", "show", "--person", number)["items"]
    assert len(rows) == 3
    assert all(row["labels"] == ["health"] for row in rows)
    text = done(office.ipwl, "consent", "show", number)
    assert f"31 Mei {NEXT_YEAR}" in text and "hospital 17" in text
    done(office.ipwl, "consent", "withdraw", "--person", number, "--clause", rows[0]["id"])
    rows = office.ipwl.cli("consent", "show", "--person", number)["items"]
    assert [row["withdrawn"] is not None for row in rows].count(True) == 1
    assert jembatan(office.ipwl, "consent", "withdraw", "--person", number).returncode == 65


# ---- tables ----

SCREEN = "code=19554-5,value=POS,method=screen,cutoff=500"
CLEAN = 'code=18282-4,value=NEG,method=screen,lot="A1, B2"'
TAKEN = ["--occasion", "baseline", "--collected", "2026-11-20 09:00"]


def ordered(office, name):
    """The numbers of a laboratory order, at the sender and at the clinic."""
    sent = office.ipwl.cli("open", "lab.order", "--person", consented(office, name), "--to",
                           "klinik-b", "--occasion", "baseline", "--panel", "65750-2")

    def arrived():
        return next((row["number"] for row in office.clinic.cli("inbox")
                     if row["id"] == sent["id"]), None)
    return sent["number"], wait_for(arrived, 20, "the order did not arrive")


def test_the_rows_of_a_table_are_options_and_come_back_as_columns_with_their_remarks(office):
    ours, theirs = ordered(office, "Baris Tabel")
    done(office.clinic, "send", "lab.result", theirs, *TAKEN, "--analyte", SCREEN, "--analyte", CLEAN)
    wait_for(lambda: "A1, B2" in done(office.ipwl, "show", ours), 20, "the result did not arrive")
    text = done(office.ipwl, "show", ours, "--lang", "en")
    lines = [line.strip() for line in text.splitlines()]
    head = next(i for i, line in enumerate(lines) if line.startswith("No  Analyte (LOINC)"))
    assert re.match(r"1 +19554-5 +Positive +Screen", lines[head + 1])
    assert lines[head + 2].startswith("* ") and "presumptive" in lines[head + 2]
    assert re.match(r"2 +18282-4 +Negative +Screen", lines[head + 3])
    assert text.count("presumptive") == 1


def test_a_row_that_does_not_fit_is_refused_with_row_and_column(office):
    _, theirs = ordered(office, "Baris Salah")
    result = jembatan(office.clinic, "send", "lab.result", theirs, *TAKEN,
                      "--analyte", SCREEN, "--analyte", "code=18282-4,value=NEG", "--lang", "en")
    assert result.returncode == 65
    assert "Analytes 2, Method: it must be given" in result.stderr
    for row, said in ((f"{SCREEN},colour=red", 'there is no column "colour"; choose: code, value, method'),
                      ("code", "write COLUMN=VALUE with commas between them"),
                      ('code=1,lot="A', "write COLUMN=VALUE with commas between them"),
                      (f"{SCREEN},value=NEG", "the column value is given twice")):
        result = jembatan(office.clinic, "send", "lab.result", theirs, *TAKEN, "--analyte", row,
                          "--lang", "en")
        assert result.returncode == 64 and said in result.stderr, result.stderr


def test_a_table_comes_from_a_file_or_question_by_question(office, tmp_path):
    ours, theirs = ordered(office, "Baris Berkas")
    form = tmp_path / "result.json"
    form.write_text(json.dumps({"answers": {
        "occasion": "baseline", "collected-at": "2026-11-20 09:00",
        "analyte": [{"code": "19554-5", "value": "NEG", "method": "screen"}]}}))
    done(office.clinic, "send", "lab.result", theirs, "--form", str(form))
    assert "19554-5" in done(office.clinic, "show", theirs)
    _, theirs = ordered(office, "Baris Tanya")
    status, text = at_terminal(
        office.clinic, "send", "lab.result", theirs, *TAKEN, "--observed", "no", columns=200,
        answers=["", "", "19554-5", "POS", "confirm", "", "", "", "ya", "18282-4", "2", "1", "", "", "", ""])
    assert status == 0, text
    assert "Zat yang diperiksa / Analytes 1" in text and "Analytes 3" in text
    shown = done(office.clinic, "show", theirs)
    assert "19554-5" in shown and "18282-4" in shown and "presumptive" not in shown


def test_the_help_of_a_form_describes_its_tables(office):
    text = done(office.clinic, "kinds", "lab.result")
    assert '--analyte "code=...,value=...,method=..."' in text
    assert "Zat yang diperiksa / Analytes (1-30)" in text
    assert "cutoff= quantity" in text and "Nilai ambang / Cut-off" in text


# ---- the catalogue ----

def test_an_office_checks_prints_and_draws_its_own_catalogue(office):
    said = done(office.ipwl, "catalogue", "check", "--lang", "en")
    assert re.fullmatch(r"\d+ thread types, \d+ kinds, nothing wrong\.\n", said)
    assert done(office.ipwl, "catalogue", "print") == (ROOT / "docs" / "DOMAIN.md").read_text()
    drawn = done(office.ipwl, "catalogue", "diagram", "consent")
    assert drawn.startswith("stateDiagram-v2") and "active --> withdrawn: consent.withdraw" in drawn
    assert done(office.ipwl, "catalogue", "diagram").count("stateDiagram-v2") > 2
    for name in ("wedding", "a&b=c"):
        refused = jembatan(office.ipwl, "catalogue", "diagram", name)
        assert refused.returncode == 66 and f'"{name}"' in refused.stderr


def test_the_agent_checks_prints_and_draws_any_folder(tmp_path):
    def agent(*words):
        return subprocess.run([str(program("jembatan-agent")), "catalogue", *words], env=ENV,
                              capture_output=True, text=True, timeout=60)
    folder = tmp_path / "catalogue"
    shutil.copytree(ROOT / "config" / "catalogue", folder)
    assert "nothing wrong" in agent("check", str(folder)).stdout
    assert agent(str(folder)).stdout == agent("print", str(folder)).stdout
    assert "consent.grant" in agent("diagram", str(folder), "consent").stdout
    assert agent("check").returncode == 64 and "FOLDER" in agent("check").stderr
    assert agent("check", str(folder), "consent").returncode == 64
    assert agent("paint", str(folder)).returncode == 64
    words = (folder / "consent.json").read_text()
    (folder / "consent.json").write_text(words.replace('"to": "stopped"', '"to": "halted"')
                                         .replace('"basis": ["none"]', '"basis": ["hunch"]'))
    broken = agent("check", str(folder))
    assert broken.returncode == 78
    assert "consent.json: " in broken.stderr and '"hunch"' in broken.stderr


def test_lists_speak_when_they_are_empty(office):
    assert "kosong" in done(office.auditor, "inbox")
    assert "empty" in done(office.auditor, "outbox")
    assert "No deadline" in done(office.auditor, "due")


def test_the_ledger_verifies(office):
    assert "unbroken chain" in done(office.ipwl, "verify")


# ---- at a terminal ----

def at_terminal(agent, *words, answers, columns=80):
    """Types the answers at a terminal, each after the program went quiet; gives all it wrote."""
    child, master = pty.fork()
    if child == 0:
        os.execve(program("jembatan"), ["jembatan", "--socket", str(agent.socket), *words], ENV)
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    text, waiting = b"", list(answers)
    end = time.monotonic() + 60
    while time.monotonic() < end:
        ready, _, _ = select.select([master], [], [], 0.5)
        if ready:
            try:
                more = os.read(master, 65536)
            except OSError:
                break
            if not more:
                break
            text += more
        elif waiting and text.endswith(b": "):
            os.write(master, (waiting.pop(0) + "\n").encode())
    _, status = os.waitpid(child, 0)
    os.close(master)
    return os.waitstatus_to_exitcode(status), text.decode()


def test_what_is_missing_is_asked_at_a_terminal_and_asked_again(office):
    status, text = at_terminal(
        office.ipwl, "intake", "--sex", "female", "--nik", "", "--phone", "", "--region", "17.71",
        "--address", "", "--guardian", "", "--entry", "self", "--safe-to-call", "yes",
        "--may-leave-message", "no", "--who-knows", "",
        answers=["", "Tanya Jawab", "kemarin", "1999-04-12"])
    assert status == 0, text
    assert "Nama / Name *" in text and text.count("Nama / Name *") == 2
    assert '"kemarin"' in text
    assert "Tanya Jawab" in done(office.ipwl, "people", "tanya jawab")


def test_questions_that_are_broken_off_write_nothing(office):
    status, text = at_terminal(office.ipwl, "intake", answers=["\x04"])
    assert status == 64
    assert "tidak ada yang dikirim" in text


def test_a_choice_is_answered_by_its_number(office):
    ours, theirs = referred(office, "Nomor Pilihan")
    status, text = at_terminal(office.clinic, "reject", theirs, "--text", "penuh", "--suggest",
                               "dinsos-c", answers=["1"])
    assert status == 0, text
    assert "Kapasitas penuh" in text
    assert "Kapasitas penuh" in done(office.clinic, "show", theirs)


def test_a_referral_is_asked_question_by_question(office):
    number = consented(office, "Tanya Rujukan")
    status, text = at_terminal(office.ipwl, "refer", answers=[
        number, "klinik-b", "medical", "", "", "perlu diperiksa", *[""] * 20])
    assert status == 0, text
    assert "Rehabilitasi medis" in text
    sent = re.search(r"jembatan show (R-[0-9-]+)", text).group(1)
    assert "perlu diperiksa" in done(office.ipwl, "show", sent)


def test_tables_fit_the_terminal_and_pipes_get_no_colour(office):
    referred(office, "Lebar Tabel")
    _, text = at_terminal(office.clinic, "inbox", answers=[], columns=60)
    plain = re.sub(r"\x1b\[[0-9]*m", "", text)
    assert plain != text
    assert all(len(line) <= 60 for line in plain.splitlines())
    assert "\x1b" not in done(office.clinic, "inbox")


# ---- completion ----

def complete(agent, *words):
    script = f"""
        source {ROOT}/config/completion/jembatan.bash
        COMP_WORDS=(jembatan {' '.join(f"'{word}'" for word in words)})
        COMP_CWORD={len(words)}
        _jembatan
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    folder = os.path.dirname(program("jembatan"))
    env = {**ENV, "PATH": f"{folder}:{ENV['PATH']}", "JEMBATAN_SOCKET": str(agent.socket)}
    return subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60,
                          env=env).stdout.split()


def test_bash_completes_commands_options_agencies_and_numbers(office):
    _, theirs = referred(office, "Pelengkap")
    assert complete(office.clinic, "acc") == ["accept", "account"]
    assert "--place" in complete(office.clinic, "accept", "--p")
    assert complete(office.ipwl, "refer", "--to", "klin") == ["klinik-b"]
    assert theirs in complete(office.clinic, "accept", "R-")
    assert "referral.reject" in complete(office.clinic, "send", "referral.r")
