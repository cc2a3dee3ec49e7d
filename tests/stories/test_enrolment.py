"""The registrar and agencies written from the document understand each other, offline."""

import pytest

from peer import agency, directory, ids, keys, limits
from peer.refusal import Refused
from stories.network import CommandFailed, Registrar


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path)


class Office:
    """A registrar's desk: requests come in as files, welcome files go out."""

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

    def sign(self, *members, **options):
        self.registrar.sign(**options)
        for each in members:
            each.join(self.registrar.welcome(each.id, self.folder / f"{each.id}.welcome"))


def test_a_request_becomes_a_member_with_all_it_said_of_itself(office):
    each = office.enrol("ipwl-a", kind="ipwl", region="17.71", name="IPWL Pesona",
                        phone="+62736123456", services=["social-outpatient"])
    office.sign(each)
    member = each.directory.member("ipwl-a")
    assert (member.kind, member.region, member.name_id) == ("ipwl", "17.71", "IPWL Pesona")
    assert member.phone == "+62736123456" and list(member.services) == ["social-outpatient"]
    assert each.directory.current_key("ipwl-a", "BOX", ids.now_ms()) == each.pairs["BOX"].public
    assert each.directory.age(ids.now_ms()) == "fresh"


def test_both_sides_read_the_same_ten_words(office):
    each = agency.Agency("ipwl-a")
    path = office.request(each)
    _, fingerprint = directory.read_request(path.read_bytes())
    words = directory.fingerprint_words(fingerprint, directory.words_of_document())
    office.registrar("enrol", path, "--fingerprint", words)
    office.sign(each)
    assert each.directory.is_active("ipwl-a")


def test_other_words_enrol_nobody(office):
    path = office.request(agency.Agency("ipwl-a"))
    with pytest.raises(CommandFailed):
        office.registrar("enrol", path, "--fingerprint", "abadi " * 10)
    assert "ipwl-a" not in office.registrar("show")


@pytest.mark.parametrize("index", [10, 60, -1])
def test_a_changed_request_enrols_nobody(office, index):
    path = office.request(agency.Agency("ipwl-a"))
    data = bytearray(path.read_bytes())
    data[index] ^= 1
    path.write_bytes(data)
    with pytest.raises(CommandFailed):
        office.registrar.enrol(path)
    assert "ipwl-a" not in office.registrar("show")


def test_new_keys_end_the_old_ones_which_stay_on_record(office):
    first = office.enrol("ipwl-a")
    office.sign(first)
    second = agency.Agency("ipwl-a")
    office.registrar.enrol(office.request(second))
    office.sign(first)
    now = ids.now_ms()
    book = first.directory
    assert book.current_key("ipwl-a", "SIG", now) == second.pairs["SIG"].public
    since = [key.since_ms for key in book.member("ipwl-a").keys if key.state == 1]
    assert len(since) == 3
    assert book.signing_key("ipwl-a", first.pairs["SIG"].id, since[0] - 1, now)
    with pytest.raises(Refused, match="KEY_REVOKED"):
        book.signing_key("ipwl-a", first.pairs["SIG"].id, since[0], now)


def test_a_compromised_key_is_named_with_its_date(office):
    each = office.enrol("ipwl-a")
    key_id = each.pairs["SIG"].id.hex()
    office.registrar("retire-key", "ipwl-a", key_id, "--compromised")
    office.sign(each)
    key = next(key for key in each.directory.member("ipwl-a").keys
               if keys.key_id("SIG", key.public_key).hex() == key_id)
    assert key.state == 2 and abs(key.since_ms - ids.now_ms()) < limits.MINUTE_MS


def test_suspending_and_reinstating_are_new_versions(office):
    each = office.enrol("ipwl-a")
    office.sign(each)
    office.registrar("suspend", "ipwl-a")
    office.sign(each)
    assert (each.directory.version, each.directory.is_active("ipwl-a")) == (2, False)
    office.registrar("reinstate", "ipwl-a")
    office.sign(each)
    assert (each.directory.version, each.directory.is_active("ipwl-a")) == (3, True)


def test_two_holders_sign_when_the_threshold_is_two(office):
    each = office.enrol("ipwl-a")
    office.sign(each)
    other = office.folder / "pemegang-kedua"
    office.registrar("add-root", other, "--holder", "Pemegang kedua")
    office.sign(each)
    office.registrar("threshold", "2")
    office.registrar("sign", "--also", other)
    held = each.directory
    signed = office.registrar.directory.read_bytes()
    assert directory.Directory(signed, held).data.network.threshold == 2
    with pytest.raises(CommandFailed):
        office.registrar.sign()


def test_an_older_directory_is_not_taken_back(office):
    each = office.enrol("ipwl-a")
    office.sign(each)
    old = office.registrar.directory.read_bytes()
    office.sign(each)
    with pytest.raises(Refused, match="BAD_VERSION"):
        directory.Directory(old, each.directory)
