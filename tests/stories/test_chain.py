"""What a coordinator sees of chains of referrals, and what it never sees."""

import csv
import io
import json

import pytest

from peer import ids
from stories import desk, ledgers
from stories.network import program, run
from stories.waiting import wait_for

NOT_FOUND = 66
OVERSEEN = ("ipwl-a", "klinik-b", "rs-c")


def oversight(network, *overseen):
    network.registrar("oversee", "koordinator", *overseen)
    network.publish()


@pytest.fixture
def office(network):
    """An IPWL, a clinic and a hospital with one coordinator over them, all of them real."""
    made = [network.agent("ipwl-a", kind="ipwl", name="IPWL Aman"),
            network.agent("klinik-b", kind="clinic", services=["medical"], name="Klinik Bakti"),
            network.agent("rs-c", kind="hospital", services=["medical"], name="RS Cempaka"),
            network.agent("koordinator", kind="coordinator", role="auditor")]
    oversight(network, *OVERSEEN)
    network.start_hub(turned=True)
    return [agent.start(turned=True) for agent in made]


def chains(coordinator, *words):
    return coordinator.cli("chain", *(words or ("list",)))


def wait_chain(coordinator, holds, *words, seconds=40):
    """The first chain for which it holds."""
    last = [None]

    def seen():
        last[0] = chains(coordinator, *words)
        return next((chain for chain in last[0] if holds(chain)), None)
    return wait_for(seen, seconds, lambda: f"the coordinator sees {json.dumps(last[0])[:3000]}")


def tree(coordinator, chain):
    return coordinator.cli("chain", "show", chain["short"])["tree"]


def wait_tree(coordinator, chain, *states, seconds=40):
    """Until the referrals of the tree stand like that."""
    last = [None]

    def seen():
        last[0] = tree(coordinator, chain)
        return last[0] if [each["state"]["name"] for each in last[0]] == list(states) else None
    return wait_for(seen, seconds, lambda: f"{[each['state']['name'] for each in last[0]]}, not {states}")


def said(agent, *words, language="id", status=0):
    """What a person reads."""
    return run(program("jembatan"), "--socket", agent.socket, "--lang", language, *words, status=status)


def test_a_coordinator_follows_a_chain_and_nobody_is_named(network, office):
    ipwl, clinic, hospital, coordinator = office
    case, first = desk.referred(ipwl, "klinik-b")
    there = desk.wait_arrival(clinic)

    chain = wait_chain(coordinator, lambda chain: chain["from"]["id"] == "ipwl-a")
    assert chain["state"]["name"] == "requested"
    assert chain["waiting"]["agency"]["id"] == "klinik-b" and not chain["late"]

    # The clinic refuses; the same chain goes on at the hospital.
    clinic.cli("reject", there, "--reason", "no-capacity")
    desk.wait_state(ipwl, first, "rejected")
    desk.give_consent(ipwl, case, "rs-c")
    second = desk.refer(ipwl, case, "rs-c", "--replaces", first)
    at_hospital = desk.wait_arrival(hospital)
    wait_tree(coordinator, chain, "rejected", "requested")

    # Which sends on to the clinic, as a child of its own.
    here = hospital.cli("show", at_hospital)["person"]["number"]
    desk.give_consent(hospital, here, "klinik-b")
    hospital.cli("onward", at_hospital, "--to", "klinik-b", "--reason", "needs-higher-care")
    desk.wait_arrival(clinic, 2)
    shown = wait_tree(coordinator, chain, "rejected", "referred-onward", "requested")
    assert [each["depth"] for each in shown] == [0, 0, 1]
    assert shown[2]["parent"] == shown[1]["id"]
    assert shown[1]["waiting"] is None
    assert shown[2]["waiting"]["agency"]["id"] == "klinik-b"
    assert shown[0]["steps"][-1]["reason"]["name"] == "no-capacity"
    assert not any(each["doubts"] for each in shown)
    wait_for(lambda: all(each[side]["state"] for each in tree(coordinator, chain)
                         for side in ("requester", "performer")), 30, "a side has told nothing")

    # Both sides name the same letter, which stands in the hub's log.
    asked = [step for step in tree(coordinator, chain)[0]["steps"]
             if step["state"]["name"] == "requested"]
    assert {step["reporter"] for step in asked} == {"ipwl-a", "klinik-b"}
    assert len({step["header_hash"] for step in asked}) == 1 and asked[0]["header_hash"]

    text = said(coordinator, "chain", "show", chain["short"])
    assert "IPWL Aman (ipwl-a) → Klinik Bakti (klinik-b): Ditolak" in text
    assert "└─ RS Cempaka (rs-c) → Klinik Bakti (klinik-b)" in text
    assert "Menunggu: Klinik Bakti (klinik-b), sejak" in text
    assert "Waiting for: Klinik Bakti" in said(coordinator, "chain", "show", chain["short"], language="en")

    nothing_personal(network, coordinator)


def nothing_personal(network, coordinator):
    """Neither in what its own key opens, nor in what people read, nor in any file."""
    opened = json.dumps([coordinator.api("GET", "/v1/chains?limit=200"),
                         *(coordinator.api("GET", f"/v1/chains/{chain['id']}")
                           for chain in chains(coordinator))])
    texts = "".join(said(coordinator, "chain", "show", chain["short"], language=language)
                    for chain in chains(coordinator) for language in ("id", "en", "both"))
    csv_text = said(coordinator, "chain", "export", "--format", "csv")
    columns = json.dumps(ledgers.rows(coordinator, "SELECT * FROM chain_event"), default=str)
    for canary in (*desk.CANARIES, "Perlu pemeriksaan"):
        assert canary not in opened + texts + csv_text + columns
    assert ledgers.rows(coordinator, "SELECT count(*) FROM person") == [(0,)]
    for path in [*coordinator.data.glob("*"), *network.folder.glob("*.log")]:
        if path.is_file():
            for canary in desk.CANARIES:
                assert canary.encode() not in path.read_bytes(), path


def test_a_late_answer_is_listed_and_forgotten_when_it_comes(network, office):
    ipwl, clinic, _, coordinator = office
    desk.referred(ipwl, "klinik-b")
    there = desk.wait_arrival(clinic)
    chain = wait_chain(coordinator, lambda chain: chain["waiting"])
    assert chains(coordinator, "late") == []

    network.clock.turn(days=30)
    late = wait_chain(coordinator, lambda chain: True, "late")
    assert late["id"] == chain["id"] and late["waiting"]["agency"]["id"] == "klinik-b"
    wait_chain(coordinator, lambda chain: chain["waiting"]["told_by"], "late")
    assert "TERLAMBAT" in said(coordinator, "chain", "show", chain["short"])
    assert "30 hari" in said(coordinator, "chain", "late")

    desk.accept(clinic, there)
    wait_for(lambda: chains(coordinator, "late") == [], 40, "still late")
    summary = coordinator.cli("chain", "summary")
    assert summary["total"]["sent"] == 1 and summary["total"]["in_time"] == 0
    assert summary["pairs"][0]["accept"]["words"]["id"] == "30 hari"
    assert "30 hari" in said(coordinator, "chain", "summary")


def test_a_chain_is_exported_for_people_and_programs(network, office, tmp_path):
    ipwl, clinic, _, coordinator = office
    desk.referred(ipwl, "klinik-b")
    desk.accept(clinic, desk.wait_arrival(clinic))
    chain = wait_chain(coordinator, lambda chain: chain["state"]["name"] == "accepted")

    whole = json.loads(said(coordinator, "chain", "export", chain["short"], "--format", "json"))
    assert whole["id"] == chain["id"] and whole["tree"][0]["state"]["name"] == "accepted"
    steps = list(csv.DictReader(io.StringIO(
        said(coordinator, "chain", "export", chain["short"], "--format", "csv"))))
    assert {step["state"] for step in steps} >= {"requested", "accepted"}
    assert {step["chain"] for step in steps} == {chain["id"]}
    rows = list(csv.DictReader(io.StringIO(said(coordinator, "chain", "export"))))
    assert [(row["from"], row["to"], row["state"]) for row in rows] == [("ipwl-a", "klinik-b", "accepted")]

    target = tmp_path / "rangkaian.txt"
    assert str(target) in said(coordinator, "chain", "export", chain["short"], "--output", target)
    assert "Klinik Bakti" in target.read_text()
    said(coordinator, "chain", "show", chain["short"][:5], status=NOT_FOUND)
    said(coordinator, "chain", "show", "ffffffffffff", status=NOT_FOUND)


def test_who_oversees_nobody_sees_no_chains(network, office):
    ipwl = office[0]
    assert "koordinator" in said(ipwl, "chain", "list", status=NOT_FOUND)
    assert "oversees no other" in said(ipwl, "chain", "late", language="en", status=NOT_FOUND)


# ---- a side that lies ----

@pytest.fixture
def liar(network):
    """A clinic that tells its coordinator what it likes."""
    ipwl = network.agent("ipwl-a", kind="ipwl")
    coordinator = network.agent("koordinator", kind="coordinator", role="auditor")
    clinic = network.peer("klinik-b", kind="clinic")
    stranger = network.peer("klinik-x", kind="clinic")
    oversight(network, "ipwl-a", "klinik-b")
    network.start_hub(turned=True)
    ipwl.start(turned=True), coordinator.start(turned=True)
    clinic.connect(), stranger.connect()
    return ipwl, coordinator, clinic, stranger


def test_what_does_not_fit_the_other_sides_word_is_a_disagreement(network, liar):
    ipwl, coordinator, clinic, _ = liar
    desk.referred(ipwl, "klinik-b")
    request = clinic.until_came("referral.request", seconds=30)
    chain = wait_chain(coordinator, lambda chain: chain["waiting"])
    assert chains(coordinator, "disagree") == []

    # Never accepted: the clinic has sent nothing, and names a letter that nobody else knows.
    clinic.until_sent(clinic.tell_chain("koordinator", request, "accepted",
                                        header_hash=ids.uuid7() + ids.uuid7()), seconds=30)
    # The same step by another letter than the one that the requester names.
    clinic.until_sent(clinic.tell_chain("koordinator", request, "requested",
                                        at_ms=request.letter.created_ms,
                                        header_hash=ids.uuid7() + ids.uuid7()), seconds=30)
    seen = wait_chain(coordinator, lambda chain: chain["doubts"], "disagree")
    assert seen["id"] == chain["id"]
    assert [doubt["name"] for doubt in seen["doubts"]] == ["letters-differ"]

    network.clock.turn(days=2)
    wait_chain(coordinator, lambda chain: {doubt["name"] for doubt in chain["doubts"]}
               >= {"letters-differ", "states-differ"}, "disagree")
    text = said(coordinator, "chain", "show", chain["short"])
    assert "Tidak cocok: kedua pihak melaporkan keadaan yang berbeda" in text


def test_only_those_who_are_overseen_are_believed_and_only_about_themselves(network, liar):
    ipwl, coordinator, clinic, stranger = liar
    desk.referred(ipwl, "klinik-b")
    request = clinic.until_came("referral.request", seconds=30)
    chain = wait_chain(coordinator, lambda chain: chain["waiting"])
    before = len(tree(coordinator, chain)[0]["steps"])

    refused = stranger.tell_chain("koordinator", request, "failed", to="klinik-x")
    stranger.until_sent(refused, "refused", seconds=30)
    desk.wait_alarm(coordinator, "chain-uninvited")
    clinic.until_sent(clinic.tell_chain("koordinator", request, "failed", **{"from": "ipwl-z", "to": "klinik-y"}),
                      seconds=30)
    clinic.until_sent(clinic.tell_chain("koordinator", request, desk.NAME), seconds=30)
    desk.wait_alarm(coordinator, "chain-doubtful")
    assert len(tree(coordinator, chain)[0]["steps"]) == before
    assert desk.NAME not in json.dumps(coordinator.api("GET", f"/v1/chains/{chain['id']}"))
