"""An agency changes its BOX key as OPERATIONS says, while letters to it are on their way."""

from stories import desk, ledgers
from stories.network import program, run


def rotate_box(agent, keep):
    """Stopped.  A new BOX key and the request for it; the old one is kept in keys/old, or lost."""
    keys = agent.folder / "keys"
    if keep:
        (keys / "old" / "2026-11").mkdir(parents=True, mode=0o700)
        (keys / "box.key").rename(keys / "old" / "2026-11" / "box.key")
    else:
        (keys / "box.key").unlink()
    run(program("jembatan-agent"), "init", "--config", agent.config, "--request", agent.request)


def enrol_again(network, agent):
    network.registrar.enrol(agent.request)
    network.publish()
    network.registrar.welcome(agent.id, agent.welcome)
    run(program("jembatan-agent"), "join", agent.welcome, "--config", agent.config)


def waiting_letter(network, keep, *words):
    """A letter that was sealed before the recipient's key changed."""
    ipwl, clinic = desk.pair(network)
    clinic.stop()
    case, number = desk.referred(ipwl, clinic.id, *words)
    desk.wait_custody(ipwl, number, "in-custody")
    rotate_box(clinic, keep)
    enrol_again(network, clinic)
    clinic.start()
    return ipwl, clinic, case, number


def test_a_letter_sealed_before_the_change_opens_after_it(network):
    ipwl, clinic, case, number = waiting_letter(network, keep=True)
    theirs = desk.wait_arrival(clinic)
    assert desk.show(clinic, theirs)["person"]["name"] == desk.NAME
    desk.wait_custody(ipwl, number, "stored")
    desk.wait_custody(ipwl, desk.refer(ipwl, case, clinic.id), "stored")
    assert desk.wait_arrival(clinic, 2)


def test_without_the_old_key_the_letter_is_given_again_under_the_new_one(network):
    ipwl, clinic, case, number = waiting_letter(network, keep=False)
    theirs = desk.wait_arrival(clinic)
    assert desk.show(clinic, theirs)["person"]["name"] == desk.NAME
    desk.wait_custody(ipwl, number, "stored")
    assert len(desk.arrivals(clinic)) == 1
    # what the agent answers by itself is answered, and the referral goes on
    desk.accept(clinic, theirs)
    desk.wait_state(ipwl, number, "accepted")
    ledgers.wait_agreed(ipwl, clinic)
    assert "refused" not in desk.alarms(ipwl)


def test_the_files_of_such_a_letter_are_lost_with_the_key_and_both_sides_are_told(network):
    path = network.folder / "hasil.pdf"
    path.write_bytes(bytes(70000))
    ipwl, clinic, _, number = waiting_letter(network, False, "--document", f"health={path}")
    theirs = desk.wait_arrival(clinic)
    desk.wait_custody(ipwl, number, "stored")
    for agent, its_number, alarm, state in ((clinic, theirs, "attachment-missed", "missed"),
                                            (ipwl, number, "attachment-lost", "lost")):
        desk.wait_alarm(agent, alarm)
        file, = agent.api("GET", f"/v1/referrals/{its_number}")["attachments"]
        assert (file["state"], file["error"], file["title"]) == (state, "WRONG_KEY", "hasil.pdf")


def test_an_agent_whose_new_key_is_not_enrolled_does_not_start(network):
    _, clinic = desk.pair(network)
    clinic.stop()
    rotate_box(clinic, keep=True)
    said = run(program("jembatan-agent"), "run", "--config", clinic.config, status=77)
    assert "box" in said.lower() and "join" in said
