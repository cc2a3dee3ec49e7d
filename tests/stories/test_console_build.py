"""How the console is built: complete words, strict types, its budget, nothing of others' brands."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

CONSOLE = Path(__file__).resolve().parents[2] / "console"
SECONDS = 120

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not (CONSOLE / "node_modules" / ".package-lock.json").exists(),
    reason="console/make was not able to fetch what the console is built with")


def node(*words, folder=CONSOLE):
    return subprocess.run(["node", *map(str, words)], cwd=folder, text=True, timeout=SECONDS,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    made = tmp_path_factory.mktemp("console") / "site"
    done = node("build.mjs", made)
    assert done.returncode == 0, done.stdout
    return made


def test_words_and_types_hold():
    words = node("tools/check.mjs")
    assert words.returncode == 0, words.stdout
    assert node("tools/words.mjs").returncode == 0
    types = node("node_modules/typescript/bin/tsc", "--noEmit")
    assert types.returncode == 0, types.stdout
    units = node("tools/test.mjs")
    assert units.returncode == 0, units.stdout


WRONG_WORDS = {
    "home.good": {"id": "Satu", "en": "One"},
    "home.unused": {"id": "Satu", "en": "One"},
    "home.blank": {"id": "Satu", "en": " "},
    "home.single": {"id": "Satu"},
    "home.filled": {"id": "{n} surat", "en": "letters"},
    "home.plural": {"id": "surat", "en": {"one": "letter", "other": "letters"}},
    "other.name": {"id": "Satu", "en": "One"},
}
WRONG_SOURCE = """
const used = ["home.good", "home.blank", "home.single", "home.filled", "home.plural", "other.name"];
const good = <p title={t("home.good")}>{late ? t("home.good") : null} 17 · Jembatan</p>;
const text = <p>Halo</p>;
const prop = <Page title="Judul" />;
const chosen = <p>{late ? "telat" : null}</p>;
const spoken = <p aria-label={`sejak ${when}`} />;
const key = t("home.missing");
"""
COMPLAINTS = {
    "words/home.json: home.unused is used nowhere",
    'words/home.json: home.blank has no words in "en"',
    'words/home.json: home.single has no words in "en"',
    'words/home.json: home.filled fills {n} in "id" and {} in "en"',
    "words/home.json: home.plural has a plural and no {n} that chooses it",
    "words/home.json: other.name begins with another name than home.",
    'src/home.tsx:4: "Halo" is not in words/',
    'src/home.tsx:5: "Judul" is not in words/',
    'src/home.tsx:6: "telat" is not in words/',
    'src/home.tsx:7: "sejak " is not in words/',
    "src/home.tsx:8: words/ has no key home.missing",
}


def test_the_check_of_words_finds_each_mistake_and_nothing_else(tmp_path):
    for folder, name, text in (("words", "home.json", json.dumps(WRONG_WORDS)),
                               ("src", "home.tsx", WRONG_SOURCE)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(text, "utf-8")
    done = node("tools/check.mjs", tmp_path)
    assert done.returncode == 1
    assert set(done.stdout.splitlines()) == COMPLAINTS


def test_the_first_load_keeps_its_budget_and_nothing_comes_from_elsewhere(site):
    files = json.loads((site / "files.json").read_text("utf-8"))
    assert 0 < files["firstLoad"] <= files["budget"] == 120 * 1024
    page = (site / "index.html").read_text("utf-8")
    assert "//" not in page.replace("<!doctype html>", "")
    assert "<style" not in page and " style=" not in page and "<script>" not in page
    for name in files["first"]:
        assert (site / name).exists()


def test_every_text_has_a_compressed_twin(site):
    texts = [path for path in site.rglob("*") if path.suffix in (".js", ".css", ".html", ".svg")]
    assert texts
    assert [path.name for path in texts if not path.with_name(path.name + ".gz").exists()] == []


def test_the_style_sheet_has_the_patterns_without_the_brand(site):
    style = next((site / "assets").glob("style-*.css")).read_text("utf-8")
    assert ".jb-button" in style and ".jb-error-summary" in style
    for brand in ("govuk", "GDS", "crown", "crest", "#1d70b8;"):
        assert brand not in style.replace("--jb-brand-colour:#1d70b8;", "")
    # What nothing uses stays out.
    assert "cookie-banner" not in style


def test_the_service_worker_keeps_the_shell_and_never_the_api(site):
    worker = (site / "sw.js").read_text("utf-8")
    files = json.loads((site / "files.json").read_text("utf-8"))
    for name in files["first"][1:]:
        assert f"/{name}" in worker
    assert "/v1/" in worker
