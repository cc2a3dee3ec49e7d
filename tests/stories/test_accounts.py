"""The doors, as people meet them: accounts and codes from the box, a browser that signs in, wrong passwords,
a second factor, a dismissal in mid-session, a reset by two, a key of software; and that no password, token,
code or name is left lying about."""

import base64
import hashlib
import hmac
import http.client
import json
import re
import struct

import pytest

from stories import desk, web

PASSWORD = "kelapa kanarimuda di beranda"
OTHER = "sawah kanarihijau di tepi kali"
DISPLAY = "Kanariratna Dewi"


class Browser:
    """What a browser keeps: a cookie and the token of the page."""

    def __init__(self, agent):
        self.agent, self.cookie, self.csrf = agent, None, None

    def ask(self, method, path, body=None, status=None, headers=None):
        sent = {"Content-Type": "application/json"} if body is not None else {}
        if self.cookie:
            sent["Cookie"] = f"jembatan={self.cookie}"
        if self.csrf and method != "GET":
            sent["X-CSRF-Token"] = self.csrf
        sent.update(headers or {})
        connection = self.connect()
        try:
            connection.request(method, path, None if body is None else json.dumps(body), sent)
            reply = connection.getresponse()
            text = reply.read().decode()
        finally:
            connection.close()
        self.take(reply, text)
        self.retry_after = reply.getheader("Retry-After")
        expected = reply.status < 400 if status is None else reply.status == status
        assert expected, f"{method} {path} gave {reply.status}: {text}"
        return json.loads(text)

    def connect(self):
        return http.client.HTTPConnection(self.agent.console, timeout=30)

    def take(self, reply, text):
        cookie = reply.getheader("Set-Cookie") or ""
        found = re.match(r"jembatan=([0-9a-f]*);", cookie)
        if not found:
            return
        assert "HttpOnly" in cookie and "SameSite=Strict" in cookie, cookie
        self.cookie = found[1] or None
        self.csrf = json.loads(text).get("csrf")

    def sign_in(self, account, password=PASSWORD, code="", status=None):
        return self.ask("POST", "/v1/session",
                        {"account": account, "password": password, "code": code}, status)

    def set_password(self, password=PASSWORD, **old):
        return self.ask("POST", "/v1/session/password", {"new": password, **old})


def account_of(agent, name, role):
    """Made on the box; the code that it printed."""
    return agent.cli("account", "add", name, "--name", DISPLAY, "--role", role)["code"]


def worker(agent, name, role="caseworker"):
    """Somebody who has an account and is signed in."""
    browser = Browser(agent)
    code = account_of(agent, name, role)
    assert browser.sign_in(name, code)["must_change"]
    browser.set_password()
    return browser, code


def authenticator(secret, at_s):
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(at_s) // 30), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at:at + 4], 'big') & 0x7fffffff) % 1000000:06}"


@pytest.fixture
def agent(network):
    made = web.console(network, tls=False, role="admin")
    network.publish()
    return made.start(turned=True, connected=False)


def everything_written(network):
    """Every file of the network but keys, as bytes."""
    for path in sorted(network.folder.rglob("*")):
        if path.is_file() and "keys" not in path.parts and path.suffix != ".zpl":
            yield path, path.read_bytes()


def seen_nowhere(network, *secrets):
    for path, data in everything_written(network):
        for secret in secrets:
            assert secret.encode() not in data, f"{secret} stands in {path}"


def test_a_worker_from_the_first_code_to_the_dismissal(network, agent):
    siti, first_code = worker(agent, "siti.kanari")
    assert siti.ask("GET", "/v1/today")
    planted = "0" * 63 + "1"
    victim = Browser(agent)
    victim.cookie = planted
    victim.sign_in("siti.kanari", status=201)
    assert victim.cookie != planted                       # a fixed cookie is worth nothing
    assert len(victim.ask("GET", "/v1/session")["sessions"]) == 2

    for _ in range(5):
        assert Browser(agent).sign_in("siti.kanari", OTHER, status=401)["code"] == "NOT_SIGNED_IN"
    stranger = Browser(agent)
    stranger.sign_in("siti.kanari", status=429)
    assert int(stranger.retry_after) <= 60
    assert siti.ask("GET", "/v1/today")                   # who is in stays in
    network.clock.turn(minutes=2)
    assert Browser(agent).sign_in("siti.kanari")

    body = {"words": "a"}
    forged = siti.ask("POST", "/v1/people/search", body, 403, {"X-CSRF-Token": "0" * 64})
    assert forged["code"] == "CSRF"
    assert siti.ask("POST", "/v1/people/search", body, 200)
    siti.ask("POST", "/v1/people/search", body, 400, {"Authorization": "Bearer jk_00"})

    agent.stop()
    agent.start(turned=True, connected=False)
    assert siti.ask("GET", "/v1/today")                   # a restart ends no session
    agent.cli("account", "dismiss", "siti.kanari")
    assert siti.ask("GET", "/v1/today", status=401)["code"] == "NOT_SIGNED_IN"
    Browser(agent).sign_in("siti.kanari", status=401)
    seen_nowhere(network, PASSWORD, OTHER, DISPLAY, "siti.kanari", first_code, siti.cookie, siti.csrf)


def test_a_second_factor_and_the_day_on_which_the_phone_is_lost(network, agent):
    siti, _ = worker(agent, "siti.kanari")
    shown = siti.ask("POST", "/v1/session/second-factor", {})
    assert shown["uri"].startswith("otpauth://totp/") and shown["qr"].startswith("<svg")
    now = desk.clock_time(network).timestamp()
    recovery = siti.ask("POST", "/v1/session/second-factor",
                        {"code": authenticator(shown["secret"], now)})["recovery"]
    assert len(set(recovery)) == 10
    browser = Browser(agent)
    assert browser.sign_in("siti.kanari", status=401)["code"] == "CODE_NEEDED"
    network.clock.turn(minutes=1)
    code = authenticator(shown["secret"], desk.clock_time(network).timestamp())
    browser.sign_in("siti.kanari", code=code)
    assert Browser(agent).sign_in("siti.kanari", code=code, status=401)["code"] == "CODE_NEEDED"
    Browser(agent).sign_in("siti.kanari", code=recovery[0].lower())
    Browser(agent).sign_in("siti.kanari", code=recovery[0], status=401)
    agent.cli("account", "reset", "siti.kanari", "--second-factor")     # the box alone: nobody else can
    Browser(agent).sign_in("siti.kanari")
    seen_nowhere(network, shown["secret"], recovery[0], recovery[1])


def test_two_admins_reset_what_one_alone_can_not(network, agent):
    budi, _ = worker(agent, "budi", "admin")
    wati, _ = worker(agent, "wati", "supervisor")
    siti, _ = worker(agent, "siti")
    listed = {each["account"]: each for each in budi.ask("GET", "/v1/accounts")["items"]}
    path = f"/v1/accounts/{listed['siti']['id']}/reset"
    ask = {"what": "password"}
    agent.cli("account", "reset", "siti", status=77)                    # two have accounts: not the box
    siti.ask("POST", path, ask, 403)
    assert not budi.ask("POST", path, ask)["done"]
    budi.ask("POST", path, ask, 409)
    code = wati.ask("POST", path, ask)["code"]
    siti.ask("GET", "/v1/today", status=401)
    Browser(agent).sign_in("siti", status=401)
    back = Browser(agent)
    assert back.sign_in("siti", code)["must_change"]
    assert back.ask("GET", "/v1/today", status=403)["code"] == "MUST_CHANGE"
    back.set_password(OTHER)
    Browser(agent).sign_in("siti", OTHER)
    Browser(agent).sign_in("siti", code, status=401)
    noted = [each["what"] for each in wati.ask("GET", "/v1/door")["items"]]
    assert {"reset-asked", "password-reset", "password-changed"} <= set(noted)


def test_software_of_the_agency_does_what_its_key_names(network, agent):
    made = agent.cli("account", "key-add", "simrs", "--role", "clinician", "--scopes", "status,findings",
                     "--kinds", "lab.result")
    bearer = {"Authorization": f"Bearer {made['key']}"}
    software = Browser(agent)
    assert software.ask("GET", "/v1/status", headers=bearer)
    software.ask("GET", "/v1/people", None, 403, bearer)
    software.ask("POST", "/v1/referrals/R-2026-0001/letters", {"kind": "referral.accept"}, 403, bearer)
    software.ask("POST", "/v1/referrals/R-2026-0001/letters", {"kind": "lab.result"}, 404, bearer)
    agent.cli("account", "key-end", made["id"])
    software.ask("GET", "/v1/status", None, 401, bearer)
    seen_nowhere(network, made["key"], made["key"][3:], "simrs")
