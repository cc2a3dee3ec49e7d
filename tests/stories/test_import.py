"""A prison brings in the list of those who will be released; hostile files; staff."""

import datetime
import json
import os
import subprocess

import pytest

from stories.daemon import SANITIZER
from stories.network import program


@pytest.fixture
def prison(network):
    agent = network.agent("rutan-bengkulu", kind="prison", name="Rutan Bengkulu")
    network.start_hub()
    return agent.start()


def day(ahead):
    return datetime.date.today() + datetime.timedelta(days=ahead)


def nik(n):
    return f"177101{14:02d}0399{n:04d}"


GOOD = [[f"Warga Binaan {n}", nik(n), day(100 + n).strftime("%d/%m/%Y"), "PB", "17.71"]
        for n in range(1, 41)]

# line of the file: column, what is put there, what the agent says of it
BAD = {
    3: (1, "177101140399", "nik: ", "NIK harus 16 angka"),
    7: (1, "1,77101E+15", "nik: ", "lembar kerja"),
    12: (2, "46352", "release_date: ", "nomor hari lembar kerja"),
    18: (2, day(-3).isoformat(), "release_date: ", "sudah lewat"),
    25: (0, "", "name: ", "wajib diisi"),
    31: (3, "kabur", "type: ", "bukan pilihan yang dikenal"),
    36: (4, "Bengkulu", "region: ", "kode wilayah Kemendagri"),
}


def release_list(bad=False):
    """Forty lines below the header, as a spreadsheet saves them."""
    rows = [list(row) for row in GOOD]
    if bad:
        for line, (column, value, _, _) in BAD.items():
            rows[line - 2][column] = value
    lines = ["Nama;NIK;Tanggal Bebas;Jenis;Kode Wilayah"] + [
        ";".join(f'"{cell}"' if "," in cell else cell for cell in row) for row in rows]
    return "\ufeff" + "\r\n".join(lines) + "\r\n"


def jembatan(agent, *words):
    return subprocess.run([str(program("jembatan")), "--socket", str(agent.socket), "--lang", "id",
                           *map(str, words)], capture_output=True, text=True, timeout=60,
                          stdin=subprocess.DEVNULL, env={**SANITIZER, **os.environ})


def people(agent):
    return agent.api("GET", "/v1/status")["ledger"]["people"]


def test_a_prison_brings_in_its_releases(prison, tmp_path):
    path = tmp_path / "bebas.csv"

    # The first look names every bad line and writes nothing, even when told to write.
    path.write_text(release_list(bad=True), newline="")
    for words in ([], ["--yes"]):
        shown = jembatan(prison, "import", "releases", path, *words)
        assert shown.returncode == 65
        rows = [line.split(maxsplit=2) for line in shown.stdout.splitlines()]
        for line, (column, value, field, words_id) in BAD.items():
            mine = [row for row in rows if row[:2] == [str(line), field.strip(": ")]]
            assert len(mine) == 1 and words_id in mine[0][2], (line, shown.stdout)
        assert "40 baris: 33 baru, 0 berubah, 0 sudah ada, 7 salah." in shown.stdout
        assert "Tidak ada yang dicatat" in shown.stdout
        assert nik(1) not in shown.stdout and "177101140399" not in shown.stdout
        assert people(prison) == 0

    # Corrected, it is looked at, then written as a whole.
    path.write_text(release_list(), newline="")
    shown = jembatan(prison, "import", "releases", path)
    assert shown.returncode == 0 and "Tambahkan --yes" in shown.stdout
    assert people(prison) == 0
    written = jembatan(prison, "import", "releases", path, "--yes")
    assert written.returncode == 0 and "Daftar telah dicatat" in written.stdout
    assert people(prison) == 40

    # Each has a record with the date in its history.
    found = prison.api("POST", "/v1/people/search", {"words": nik(7)})["items"]
    assert [item["name"] for item in found] == ["Warga Binaan 7"]
    timeline = prison.api("GET", f"/v1/people/{found[0]['id']}/timeline")["items"]
    assert [(item["type"], item["word"]) for item in timeline] == [
        ("intake", ""), ("release", day(107).isoformat())]

    # The notice is due 90, 60 and 30 days before, for each of them.
    reminders = [item for item in prison.cli("reminders", "--all") if item["person"]["number"] == found[0]["number"]]
    assert [(item["kind"], item["cause"], item["due"][:10]) for item in reminders] == [
        ("prison.release.notice", "import", day(107 - before).isoformat()) for before in (90, 60, 30)]

    # The same list again is known, and so are its lines in JSON.
    again = jembatan(prison, "import", "releases", path, "--yes")
    assert again.returncode == 0
    assert "40 baris: 0 baru, 0 berubah, 40 sudah ada, 0 salah." in again.stdout
    assert "Tidak ada yang baru" in again.stdout
    path = tmp_path / "bebas.json"
    path.write_text(json.dumps([dict(zip(("nama", "nik", "tanggal_bebas", "jenis", "wilayah"), row))
                                for row in GOOD]))
    report = prison.cli("import", "releases", path, "--yes")
    assert (report["known"], report["written"]) == (40, False)
    assert len(prison.cli("reminders", "--all")) == 3 * 40
    assert people(prison) == 40


def test_the_good_lines_can_be_taken_alone(prison, tmp_path):
    path = tmp_path / "bebas.csv"
    path.write_text(release_list(bad=True), newline="")
    report = prison.cli("import", "releases", path, "--yes", "--skip-bad")
    assert (report["written"], report["good"], len(report["bad"])) == (True, 33, 7)
    assert people(prison) == 33


@pytest.mark.parametrize("content, complaint", [
    (b"nama;nik;tanggal_bebas\nBu\0di;1;2\n", "bukan teks UTF-8"),
    (b"PK\x03\x04\xff\xfe", "bukan teks UTF-8"),
    (b"nama;nik;tanggal_bebas\nAndr\xe9;1;2\n", "bukan teks UTF-8"),
    (b"," * 1_000_000, "lebih dari 64 kolom"),
    (b"nama,nik,tanggal_bebas\n" + b"," * 1_000_000 + b"x", "lebih banyak isian daripada judul"),
    (b'nama;nik;tanggal_bebas\n"Budi;1;2\nAni;2;3\n', "tidak pernah ditutup"),
    (b"x" * 2_000_000, "bagi menjadi beberapa berkas"),
    (b"", "berkas kosong"),
    (b"[" * 100_000, "kolom"),
], ids=["nul", "xlsx", "latin1", "million-headers", "million-cells", "open-quote", "2mb", "empty",
        "brackets"])
def test_a_hostile_file_is_refused_with_a_sentence(prison, tmp_path, content, complaint):
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    refused = jembatan(prison, "import", "releases", path, "--yes")
    assert refused.returncode == 65, refused.stdout + refused.stderr
    assert complaint in refused.stdout + refused.stderr
    assert people(prison) == 0


def test_a_body_of_the_wrong_shape_is_refused(prison):
    answer = prison.api("POST", "/v1/imports/staff", {"text": "name\0"}, status=400)
    assert answer["code"] == "MALFORMED"
    answer = prison.api("POST", "/v1/imports/staff", {"text": 5, "commit": "ja"}, status=422)
    assert {each["field"] for each in answer["fields"]} == {"text", "commit"}


def test_staff_are_listed_with_the_state_of_their_certificates(prison, tmp_path):
    path = tmp_path / "petugas.csv"
    path.write_text("nama,jabatan,sk,sertifikat,sertifikat_sampai\n"
                    f"Ratna,konselor,SK-1,S-1,{day(400)}\n"
                    f"Agus,konselor,SK-2,S-2,{day(20)}\n"
                    f"Made,konselor,SK-3,S-3,{day(-1)}\n"
                    "Wulan,perawat,SK-4,,\n")
    assert "Belum ada petugas" in jembatan(prison, "staff").stdout
    assert prison.cli("import", "staff", path, "--yes")["written"]
    rows = {line.split()[0]: line for line in jembatan(prison, "staff").stdout.splitlines()[1:]}
    assert "berlaku" in rows["Ratna"]
    assert "segera habis" in rows["Agus"]
    assert "sudah habis" in rows["Made"]
    assert "tidak ada" in rows["Wulan"]


def test_imported_holidays_survive_a_restart(prison, tmp_path):
    path = tmp_path / "libur.csv"
    path.write_text("tanggal;nama;sumber\n" + "".join(f"2031-03-{n:02d};Libur {n};SKB\n"
                                                       for n in range(1, 13)))
    assert prison.cli("import", "holidays", path, "--yes")["new"] == 12
    prison.stop()
    prison.start()
    assert prison.cli("import", "holidays", path, "--yes")["known"] == 12


def test_an_address_book_is_brought_in(prison, tmp_path):
    path = tmp_path / "mitra.csv"
    path.write_text("kode;jenis;wilayah;nama;telepon\n"
                    "puskesmas-ratu;clinic;99.71;Puskesmas Ratu;0736123456\n")
    report = prison.cli("import", "contacts", path, "--yes")
    assert report["written"]
    assert [warning["field"] for warning in report["warnings"]] == ["region"]
    assert prison.cli("import", "contacts", path, "--yes")["known"] == 1
