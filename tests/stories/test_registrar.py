"""The registrar's program at its desk: what it asks, what it refuses, what a power cut leaves, and that
agencies written from the document read what it signs."""

import re

import pytest

from peer import agency, directory, ids, keys
from peer.refusal import Refused
from stories.network import CommandFailed, Registrar, program, run

USAGE, BAD_INPUT, NOT_FOUND, NOT_ALLOWED = 64, 65, 66, 77


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


class Desk:
    def __init__(self, folder):
        self.folder = folder
        self.registrar = Registrar(folder / "registrar", "uji")

    def request(self, each, **about):
        path = self.folder / f"{each.id}.request"
        path.write_bytes(each.request(**about))
        return path

    def enrol(self, agency_id, **about):
        each = agency.Agency(agency_id)
        self.registrar.enrol(self.request(each, **about))
        return each

    def welcome(self, each):
        self.registrar.sign()
        each.join(self.registrar.welcome(each.id, self.folder / f"{each.id}.welcome"))

    def published(self):
        return directory.Directory(self.registrar.directory.read_bytes())

    def refused(self, *words):
        """What it says when it does not do that; it never ends by a signal or without a word."""
        with pytest.raises(CommandFailed) as failed:
            self.registrar(*words)
        assert 64 <= failed.value.status <= 78 and failed.value.stderr
        return failed.value.stdout + failed.value.stderr

    def show(self):
        return self.registrar("show")


def words_in(text):
    """The ten words that enrol prints alone on a line."""
    return re.search(r"^  ((?:[a-z]+ ){9}[a-z]+)$", text, re.M).group(1)


# ---- enrolling ----

def test_a_request_becomes_a_member_with_all_it_said_of_itself(desk):
    each = desk.enrol("ipwl-a", kind="ipwl", region="17.71", name="IPWL Pesona",
                      phone="+62736123456", services=["social-outpatient"])
    desk.welcome(each)
    member = each.directory.member("ipwl-a")
    assert (member.kind, member.region, member.name_id) == ("ipwl", "17.71", "IPWL Pesona")
    assert member.phone == "+62736123456" and list(member.services) == ["social-outpatient"]
    assert each.directory.current_key("ipwl-a", "BOX", ids.now_ms()) == each.pairs["BOX"].public
    assert each.directory.age(ids.now_ms()) == "fresh"


def test_both_sides_read_the_same_ten_words(desk):
    each = agency.Agency("ipwl-a")
    path = desk.request(each)
    _, fingerprint = directory.read_request(path.read_bytes())
    words = directory.fingerprint_words(fingerprint, directory.words_of_document())
    desk.registrar("enrol", path, "--fingerprint", words)
    desk.welcome(each)
    assert each.directory.is_active("ipwl-a")


def test_the_words_must_be_the_same_before_anything_is_entered(desk):
    path = desk.request(agency.Agency("ipwl-a"))
    wrong = " ".join(["abadi"] * 10)
    said = desk.registrar("enrol", path, "--fingerprint", wrong, status=NOT_ALLOWED)
    assert "ipwl-a" not in desk.show()
    desk.registrar("enrol", path, "--fingerprint", "  " + words_in(said).upper() + " ")
    assert "ipwl-a" in desk.show()


def test_without_a_terminal_it_says_which_option_answers(desk):
    said = desk.registrar("enrol", desk.request(agency.Agency("ipwl-a")), status=USAGE)
    assert "--fingerprint" in said and "--yes" in said
    assert "ipwl-a" not in desk.show()


@pytest.mark.parametrize("index", [10, 60, 120, -1])
def test_a_request_that_was_touched_is_refused_and_named(desk, index):
    path = desk.request(agency.Agency("ipwl-a"))
    content = bytearray(path.read_bytes())
    content[index] ^= 1
    path.write_bytes(content)
    said = desk.refused("enrol", path, "--yes")
    assert path.name in said and "ipwl-a" not in desk.show()


def test_keys_of_a_member_cannot_be_enrolled_for_another(desk):
    first = desk.enrol("ipwl-a")
    second = agency.Agency("ipwl-b")
    second.pairs["LINK"] = first.pairs["LINK"]
    said = desk.refused("enrol", desk.request(second), "--yes")
    assert first.pairs["LINK"].id.hex() in said
    assert "ipwl-b" not in desk.show()


def test_new_keys_end_the_old_ones_which_never_come_back(desk):
    first = desk.enrol("ipwl-a")
    second = desk.enrol("ipwl-a")
    desk.registrar.sign()
    book = desk.published()
    member = book.member("ipwl-a")
    assert book.current_key("ipwl-a", "SIG", ids.now_ms()) == second.pairs["SIG"].public
    states = {bytes(key.public_key): key.state for key in member.keys}
    assert [states[pair.public] for pair in first.pairs.values()] == [1, 1, 1]
    assert [states[pair.public] for pair in second.pairs.values()] == [0, 0, 0]
    since = next(key.since_ms for key in member.keys if key.state == 1)
    assert book.signing_key("ipwl-a", first.pairs["SIG"].id, since - 1, ids.now_ms())
    with pytest.raises(Refused, match="KEY_REVOKED"):
        book.signing_key("ipwl-a", first.pairs["SIG"].id, since, ids.now_ms())
    desk.refused("enrol", desk.request(first), "--yes")
    desk.registrar.sign()
    assert len(desk.published().member("ipwl-a").keys) == 6


def test_a_suspended_member_stays_suspended_when_it_enrols_again(desk):
    desk.enrol("ipwl-a")
    desk.registrar("suspend", "ipwl-a")
    desk.enrol("ipwl-a")
    desk.registrar.sign()
    assert not desk.published().is_active("ipwl-a")
    desk.registrar("reinstate", "ipwl-a")
    desk.registrar.sign()
    assert desk.published().is_active("ipwl-a")


# ---- keys that end ----

def test_a_compromised_key_ends_on_the_day_that_was_given(desk):
    each = desk.enrol("ipwl-a")
    key_id = each.pairs["SIG"].id.hex()
    said = desk.registrar("retire-key", "ipwl-a", key_id[:8], "--compromised",
                          "--since", "2026-01-02")
    assert "SIG" in said
    desk.registrar.sign()
    key = next(key for key in desk.published().member("ipwl-a").keys
               if keys.key_id("SIG", key.public_key).hex() == key_id)
    assert (key.state, key.since_ms) == (2, 1767279600000)   # midnight in Jayapura
    desk.registrar("retire-key", "ipwl-a", key_id, status=BAD_INPUT)


@pytest.mark.parametrize("words", [("ipwl-a", "ffffff"), ("ipwl-a", "ff"), ("nobody", "ffffff")])
def test_a_key_or_member_that_is_not_there_is_quoted(desk, words):
    desk.enrol("ipwl-a")
    said = desk.refused("retire-key", *words)
    assert (words[1] if words[0] == "ipwl-a" else words[0]) in said


def test_a_date_that_is_none_is_quoted(desk):
    each = desk.enrol("ipwl-a")
    said = desk.registrar("retire-key", "ipwl-a", each.pairs["SIG"].id.hex(), "--since", "kemarin",
                          status=USAGE)
    assert '"kemarin"' in said


# ---- signing ----

def test_versions_rise_and_each_is_accepted_by_who_trusts_the_last(desk):
    desk.enrol("ipwl-a")
    desk.registrar.sign()
    first = desk.published()
    desk.enrol("ipwl-b")
    assert "ipwl-b" not in desk.published().members
    desk.registrar.sign(days=30)
    second = directory.Directory(desk.registrar.directory.read_bytes(), trusted=first)
    assert (first.version, second.version) == (1, 2)
    with pytest.raises(Refused, match="BAD_VERSION"):
        directory.Directory(first.signed_bytes, trusted=second)
    assert 29 < (second.data.expires_ms - ids.now_ms()) / 86400000 <= 30


def test_a_draft_from_a_backup_never_signs_a_version_twice(desk):
    draft = desk.registrar.folder / "draft.bin"
    old = draft.read_bytes()
    for _ in range(3):
        desk.registrar.sign()
    draft.write_bytes(old)
    desk.registrar.sign()
    assert desk.published().version == 4


def test_two_holders_must_sign_once_the_threshold_says_so(desk):
    usb = desk.folder / "usb"
    desk.registrar.sign()
    before = desk.published()
    desk.registrar("add-root", usb, "--holder", "Saksi")
    desk.registrar("threshold", "2")
    said = desk.refused("sign")
    assert "--also" in said
    desk.registrar("sign", "--also", usb)
    after = directory.Directory(desk.registrar.directory.read_bytes(), trusted=before)
    assert after.data.network.threshold == 2 and len(after.data.network.registrar_keys) == 2
    desk.registrar("threshold", "3", status=USAGE)


def test_a_welcome_file_is_made_only_of_what_was_signed(desk):
    desk.enrol("ipwl-a")
    out = desk.folder / "a.welcome"
    assert "sign" in desk.registrar("welcome", "ipwl-a", "--out", out, status=NOT_FOUND)
    desk.registrar.sign()
    desk.registrar("welcome", "ipwl-a")
    made = desk.registrar.folder / "ipwl-a.welcome"
    assert directory.read_welcome(made.read_bytes()).version == 1


def test_oversight_names_members_and_is_replaced_whole(desk):
    for each in ("koordinator", "ipwl-a", "ipwl-b"):
        desk.enrol(each)
    desk.registrar("oversee", "koordinator", "ipwl-a", "ipwl-b")
    desk.registrar("oversee", "koordinator", "ipwl-b")
    said = desk.registrar("oversee", "koordinator", "siapa", "entah", status=NOT_FOUND)
    assert '"siapa"' in said and '"entah"' in said
    desk.registrar.sign()
    (row,) = desk.published().data.oversight
    assert (row.coordinator, list(row.overseen)) == ("koordinator", ["ipwl-b"])


# ---- the folder and the command line ----

def test_a_second_network_in_the_folder_is_refused(desk):
    root = (desk.registrar.folder / "root.key").read_text()
    desk.refused("init", "--network", "lain")
    assert (desk.registrar.folder / "root.key").read_text() == root
    assert "uji" in desk.show()


def test_an_init_that_was_cut_short_is_taken_up_again(desk):
    (desk.registrar.folder / "draft.bin").unlink()
    assert "init" in desk.registrar("show", status=NOT_FOUND)
    desk.registrar("init", "--network", "uji")
    desk.registrar.sign()


def test_a_damaged_draft_is_named_and_left_alone(desk):
    draft = desk.registrar.folder / "draft.bin"
    draft.write_bytes(b"\xff" * 20)
    said = desk.refused("enrol", desk.request(agency.Agency("ipwl-a")), "--yes")
    assert "draft.bin" in said and draft.read_bytes() == b"\xff" * 20


def test_a_root_key_that_others_may_read_signs_nothing(desk):
    (desk.registrar.folder / "root.key").chmod(0o644)
    said = desk.refused("sign")
    assert "chmod 600" in said and not desk.registrar.directory.exists()


def test_show_names_keys_states_words_and_validity(desk):
    each = desk.enrol("ipwl-a")
    assert "never signed" in desk.show()
    desk.registrar.sign()
    said = desk.show()
    for use in ("SIG", "BOX", "LINK"):
        assert each.pairs[use].id.hex() in said
    assert "aktif/active" in said and "expires:" in said and words_in(
        re.sub(r"^ +", "  ", said, flags=re.M))


@pytest.mark.parametrize("words, quoted", [
    (("enroll", "x"), '"enroll"'), (("sign", "--dayz"), '"--dayz"'), (("suspend",), "AGENCY"),
    (("suspend", "a", "b"), "AGENCY"), (("sign", "--days", "0"), "0"),
    (("sign", "--holder", "x"), "--holder"), (("init", "--network", "Uji!"), '"Uji!"'),
])
def test_a_command_line_that_means_nothing_is_quoted(desk, words, quoted):
    assert quoted in desk.registrar(*words, status=USAGE)


@pytest.mark.parametrize("command", ["init", "enrol", "suspend", "reinstate", "retire-key", "oversee",
                                     "catalogue", "add-root", "remove-root", "threshold", "sign",
                                     "welcome", "show"])
def test_every_command_explains_itself_in_both_languages(command):
    said = run(program("jembatan-registrar"), command, "--help")
    assert f"jembatan-registrar [--folder FOLDER] {command}" in said
    assert len(said.splitlines()) >= 6


# ---- what it says ----

def test_a_value_that_is_no_number_is_named_with_its_option(desk):
    said = desk.refused("sign", "--days", "x")
    assert '"x"' in said and "--days" in said


def test_an_option_of_another_command_is_named_with_the_way_to_help(desk):
    assert "jembatan-registrar show --help" in desk.refused("show", "--days", "5")


def test_signing_without_a_hub_says_that_nobody_can_connect(desk):
    assert "names no hub" in desk.registrar.sign()


def test_what_was_entered_is_said(desk):
    assert "referral" in desk.registrar("catalogue", "referral", "1")
