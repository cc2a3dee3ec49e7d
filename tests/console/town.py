#!/usr/bin/python3
"""A town for the journeys: an IPWL, a clinic and a coordinator with real daemons, consoles on
loopback, and an account for each role.

Prints one line of JSON when it stands. Then each line ["desk", NAME, AGENCY, ARGUMENTS, FLAGS] on
its input is something that somebody does at the command line (tests/stories/desk.py), answered by a line
with what was shown. It ends with its input.
"""
import getpass
import http.client
import json
import shutil
import sys
import tempfile
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from stories import desk, web                                # noqa: E402
from stories.network import ROOT, Network                    # noqa: E402

PASSWORD = "tujuh perahu biru"
AGENCIES = {
    "ipwl-a": ("ipwl", "IPWL Aman", ["social-outpatient", "aftercare"]),
    "klinik-b": ("clinic", "Klinik Bakti", ["medical"]),
    "koordinator": ("coordinator", "Balai Pengawas", []),
}
ACCOUNTS = {
    "sari": ("ipwl-a", "caseworker", "Sari Wijaya"),
    "bayu": ("ipwl-a", "supervisor", "Bayu Pratama"),
    "dokter": ("klinik-b", "clinician", "dr. Ratna"),
    "wulan": ("koordinator", "auditor", "Wulan Sari"),
}
ON_THE_BOX = {"koordinator": "auditor"}


def agency(network, agency_id):
    kind, name, services = AGENCIES[agency_id]
    agent = network.agent(agency_id, kind=kind, name=name, services=services, role="admin",
                          options={"console": {"address": web.address(), "tls": "no"}})
    (agent.folder / "console").symlink_to(ROOT / "build" / "console")
    return agent


def address(agent):
    return agent.config.read_text().split('address = "')[1].split('"')[0]


def ask(agent, path, body, headers):
    line = http.client.HTTPConnection(address(agent), timeout=60)
    line.request("POST", path, json.dumps(body), {"Content-Type": "application/json", **headers})
    reply = line.getresponse()
    said = json.loads(reply.read())
    assert reply.status in (200, 201), said
    cookie = (reply.headers["Set-Cookie"] or "").split(";")[0]
    line.close()
    return said, {"Cookie": cookie, "X-CSRF-Token": said.get("csrf", "")}


def account(agent, name, role, whole_name):
    """A new worker signs in with the one-time code and chooses a password."""
    code = agent.cli("account", "add", name, "--name", whole_name, "--role", role)["code"]
    _, session = ask(agent, "/v1/session", {"account": name, "password": code}, {})
    ask(agent, "/v1/session/password", {"new": PASSWORD}, session)


def on_the_box(agent, role):
    """From now on whoever sits at the box has this role."""
    whoami = getpass.getuser()
    text = agent.config.read_text()
    agent.config.write_text(text.replace(f'{whoami} = "admin"', f'{whoami} = "{role}"'))
    agent.reload()


def stand(network):
    agents = {name: agency(network, name) for name in AGENCIES}
    network.registrar("oversee", "koordinator", "ipwl-a", "klinik-b")
    network.publish()
    network.start_hub()
    for agent in agents.values():
        agent.start()
    for name, (where, role, whole_name) in ACCOUNTS.items():
        account(agents[where], name, role, whole_name)
    for agency_id, agent in agents.items():
        on_the_box(agent, ON_THE_BOX.get(agency_id, "supervisor"))
    return agents


def do(agents, what, name, agency_id, arguments, flags):
    assert what == "desk", what
    agent = agents[agency_id]
    return getattr(desk, name)(agent, *arguments, **flags)


def serve(agents):
    for line in sys.stdin:
        try:
            answer = {"answer": do(agents, *json.loads(line))}
        except Exception:
            answer = {"error": traceback.format_exc()}
        print(json.dumps(answer), flush=True)


def main():
    folder = tempfile.mkdtemp(prefix="jbc-")
    network = Network(folder)
    try:
        agents = stand(network)
        print(json.dumps({
            "folder": folder,
            "origins": {name: f"http://{address(agent)}" for name, agent in agents.items()},
            "accounts": {name: where for name, (where, _, _) in ACCOUNTS.items()},
            "password": PASSWORD,
        }), flush=True)
        serve(agents)
    finally:
        network.close()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
