"""What the programs say of a configuration or a command line that is not right."""

import pytest

from stories.network import program, run

USAGE, CONFIGURATION = 64, 78


def agent_says(agent, command):
    return run(program("jembatan-agent"), command, "--config", agent.config, status=CONFIGURATION)


@pytest.mark.parametrize("command", ["check-config", "run"])
def test_all_that_the_catalogue_and_the_machine_do_not_know_is_named_at_once(network, command):
    clinic = network.agent("klinik-b", kind="clinic", services=["medical"])
    text = clinic.config.read_text()
    for right, wrong in (('kind = "clinic"', 'kind = "klinikk"'), ("17.71", "1771"),
                         ("medical = ", "sulap = "), ('"supervisor"', '"bos"')):
        assert right in text
        text = text.replace(right, wrong)
    clinic.config.write_text(text + '    nobody-here-by-this-name = "admin"\n')
    said = agent_says(clinic, command)
    for wrong in ("klinikk", "1771", "sulap", "bos", "nobody-here-by-this-name"):
        assert f'"{wrong}"' in said


def test_a_right_configuration_is_printed_in_both_languages(network):
    clinic = network.agent("klinik-b", kind="clinic", services=["medical"])
    said = run(program("jembatan-agent"), "check-config", "--config", clinic.config)
    assert "# Folder buku besar.\n" in said and "# Folder of the ledger.\n" in said


def test_an_agent_without_a_directory_is_told_to_join(network):
    clinic = network.agent("klinik-b", kind="clinic")
    said = run(program("jembatan-agent"), "run", "--config", clinic.config, status=66)
    assert "jalankan jembatan-agent join" in said and "run jembatan-agent join" in said


def test_a_missing_welcome_file_is_named(network):
    said = run(program("jembatan-agent"), "join", status=USAGE)
    assert "Berkas sambutan belum disebut" in said and "welcome file is missing" in said


@pytest.mark.parametrize("words, missing", [
    (["run"], "--config"), (["run", "--config"], "--config"),
    (["init", "--id", "hub-x"], "--endpoint, --keys, --request"),
])
def test_the_hub_names_every_option_that_is_missing(words, missing):
    said = run(program("jembatan-hub"), *words, status=USAGE)
    assert f"wajib diisi: {missing};" in said and f"missing: {missing};" in said
