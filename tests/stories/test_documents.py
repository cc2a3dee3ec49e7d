"""The documents name files, functions, commands and links that exist."""
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SOURCE_FOLDERS = ("include", "proto", "hub", "agents", "tests")
CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```.*?^```", re.M | re.S)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
PATH = re.compile(r"(?:include|proto|hub|agents|config|docs|tests)/[\w./*-]*$")
FUNCTION = re.compile(r"([a-z]\w*) \(\)$")
DEFINITION = re.compile(r"^(?:[a-z][\w \t*]*[ *])?(\w+) \(", re.M)


def prose_of(document):
    return FENCE.sub("", document.read_text())


def code_words(document):
    return CODE.findall(prose_of(document))


def paths_in(document):
    return sorted({word for word in code_words(document) if PATH.match(word)})


def sources():
    return [path for folder in SOURCE_FOLDERS for path in (ROOT / folder).rglob("*.[ch]")]


def exists(path):
    return any(ROOT.glob(path.rstrip("/")))


def defined_in(path):
    return set(DEFINITION.findall(path.read_text(errors="replace")))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_that_a_document_names_exists(document):
    assert [path for path in paths_in(document) if not exists(path)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_local_link_leads_to_a_file(document):
    links = [link.split("#")[0] for link in LINK.findall(prose_of(document)) if "://" not in link]
    assert [link for link in links if link and not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_within_a_document_leads_to_a_heading(document):
    headings = {re.sub(r"[^\w -]", "", line.lstrip("# ").strip().lower()).replace(" ", "-")
                for line in prose_of(document).splitlines() if line.startswith("#")}
    links = [link[1:] for link in LINK.findall(prose_of(document)) if link.startswith("#")]
    assert [link for link in links if link not in headings] == []


def test_every_function_that_the_architecture_names_is_defined():
    known = set().union(*(defined_in(path) for path in sources()))
    named = {found[1] for word in code_words(ROOT / "docs" / "ARCHITECTURE.md")
             if (found := FUNCTION.match(word))}
    assert len(named) > 30
    assert sorted(named - known) == []


def test_a_function_named_after_its_file_is_defined_there():
    """`hub/gate.c`: `gate_judge ()`, `check_from ()`"""
    wrong = []
    claim = re.compile(r"`([\w/]+\.c)`: ((?:`\w+ \(\)`(?:, )?)+)")
    claims = claim.findall(prose_of(ROOT / "docs" / "ARCHITECTURE.md"))
    for path, functions in claims:
        known = defined_in(ROOT / path)
        wrong += [f"{path}: {name}" for name in re.findall(r"`(\w+) \(\)`", functions)
                  if name not in known]
    assert len(claims) > 20
    assert wrong == []


def test_the_makefile_has_every_target_that_a_document_names():
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.M))
    named = {name for document in DOCUMENTS
             for name in re.findall(r"(?:^ +|`)(?:sudo )?make ([a-z][\w-]*)", document.read_text(), re.M)}
    assert {"demo", "test"} <= named
    assert sorted(named - targets) == []


def test_every_command_of_the_readme_is_there():
    lines = re.findall(r"^    (\S+)", (ROOT / "README.md").read_text(), re.M)
    scripts = sorted({word for word in lines if PATH.match(word)})
    assert "config/demo/as" in scripts
    assert [script for script in scripts if not (ROOT / script).stat().st_mode & 0o111] == []


def test_every_command_of_the_command_line_that_the_readme_shows_exists():
    commands = set(re.findall(r'^\t\{ "([a-z-]+)",', (ROOT / "agents/cli/main.c").read_text(), re.M))
    shown = set(re.findall(r"config/demo/as [a-z-]+ ([a-z-]+)", (ROOT / "README.md").read_text()))
    assert shown
    assert sorted(shown - commands) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_that_a_worker_is_told_to_type_exists(document):
    commands = set(re.findall(r'^\t\{ "([a-z-]+)",', (ROOT / "agents/cli/main.c").read_text(), re.M))
    shown = set(re.findall(r"(?:^ +|`)jembatan ([a-z]+)", document.read_text(), re.M))
    assert sorted(shown - commands - {"help"}) == []


def test_the_operator_is_told_what_to_do_about_every_alarm():
    table = (ROOT / "docs/OPERATIONS.md").read_text().split("\n## Alarms\n")[1].split("\n## ")[0]
    alarms = re.findall(r'^\t\{ "[a-z-]+",\n\t  \{ "[^"]*",\n\t    "([^"]*)" \}',
                        (ROOT / "agents/api/alarms.c").read_text(), re.M)
    assert len(alarms) > 30
    assert [words for words in alarms if words not in table] == []


def test_the_readme_has_a_row_for_every_folder():
    readme = (ROOT / "README.md").read_text()
    tracked = [path.name for path in ROOT.iterdir()
               if path.is_dir() and not path.name.startswith(".") and path.name != "build"]
    assert [name for name in sorted(tracked) if f"`{name}/" not in readme] == []
