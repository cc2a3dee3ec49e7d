"""The consoles of the demo network: an address on loopback and one account for each agency, so that
whoever watched the play can sit down at any of its desks."""
import getpass
import http.client
import json
import os
import signal

import network

ACCOUNT = "demo"
PASSWORD = "bersama kita pulih"


def post(agency, path, body, headers):
    line = http.client.HTTPConnection(agency.console, timeout=60)
    line.request("POST", path, json.dumps(body), {"Content-Type": "application/json", **headers})
    reply = line.getresponse()
    said = json.loads(reply.read())
    cookie = (reply.headers["Set-Cookie"] or "").split(";")[0]
    line.close()
    if reply.status not in (200, 201):
        raise network.Failed(f"{agency.name}: {path}: {said}")
    return said, cookie


def open_account(agency):
    """As an admin at the box and then the worker would: a one-time code, and with it a password."""
    role = agency.about["role"]
    code = agency.cli("account", "add", ACCOUNT, "--name", f"Petugas {agency.name}", "--role", role)["code"]
    said, cookie = post(agency, "/v1/session", {"account": ACCOUNT, "password": code}, {})
    post(agency, "/v1/session/password", {"new": PASSWORD}, {"Cookie": cookie, "X-CSRF-Token": said["csrf"]})


def at_the_box(agency, role):
    """What whoever sits at the box may do; the running agent reads it again."""
    who = getpass.getuser()
    lines = agency.config.read_text().splitlines()
    agency.config.write_text("\n".join(f'    {who} = "{role}"' if line.strip().startswith(f"{who} = ") else line
                                       for line in lines) + "\n")
    os.kill(agency.process.pid, signal.SIGHUP)
    network.wait_until(f"{agency.name}: {role}", lambda: agency.status().get("user", {}).get("role") == role)


def open_all(net):
    for agency in net.agencies.values():
        role = agency.about["role"]
        at_the_box(agency, "admin")
        open_account(agency)
        at_the_box(agency, role)


def newest_referral(agency):
    rows = agency.cli("outbox", "--all")
    return next((row["number"] for row in rows if row["number"].startswith("R-")), "")


def closing(net):
    """What a newcomer opens: the referral that has just travelled, and every other desk."""
    first = net.agencies["ipwl-pesona"]
    lines = ["Buka di peramban / open in a browser:", "",
             f"    http://{first.console}/rujukan/{newest_referral(first)}",
             f"    akun / account: {ACCOUNT}    kata sandi / password: {PASSWORD}", "",
             "Meja lain, akun yang sama / other desks, the same account:", ""]
    lines += [f"    http://{agency.console}/  {agency.name}" for agency in net.agencies.values() if agency != first]
    return "\n".join(lines) + "\n"
