"""The console over TLS, as an office installs it: the guide, the authority's certificate, a browser's check."""

import hashlib
import http.client
import json
import re
import ssl

import pytest

from stories.network import free_port, program, run


@pytest.fixture
def console(network):
    """An agent whose console is open on every address, and its port."""
    agent = network.agent("klinik")
    agent.port = free_port()
    with open(agent.config, "a") as config:
        config.write(f'console\n    address = "0.0.0.0:{agent.port}"\n')
    network.start_hub()
    return agent


def command(agent, *words, status=0):
    return run(program("jembatan-agent"), "console", *words, "--config", agent.config, status=status)


def get(agent, path, context, host="localhost"):
    connection = http.client.HTTPSConnection(host, agent.port, timeout=20, context=context)
    try:
        connection.request("GET", path)
        reply = connection.getresponse()
        return reply.status, reply.getheader("Content-Type"), reply.read()
    finally:
        connection.close()


def trusting(certificate):
    return ssl.create_default_context(cadata=certificate)


def test_a_computer_that_followed_the_guide_trusts_the_console(network, console):
    guide = command(console, "guide", "-")
    fingerprint = re.search(r"((?:[0-9a-f]{16} ?){4})", guide).group(1).replace(" ", "")
    assert f"https://jembatan.local:{console.port}" in guide
    file = network.folder / "jembatan-ca.crt"
    command(console, "certificate", file)
    assert hashlib.sha256(file.read_bytes()).hexdigest() == fingerprint
    console.start()
    with pytest.raises(ssl.SSLCertVerificationError):
        get(console, "/v1/status", ssl.create_default_context())
    # What the guide lets a person do: fetch it past the warning, compare, install.
    careless = ssl.create_default_context()
    careless.check_hostname, careless.verify_mode = False, ssl.CERT_NONE
    status, kind, served = get(console, "/jembatan-ca.crt", careless)
    assert (status, kind) == (200, "application/x-x509-ca-cert")
    assert served == file.read_bytes()
    for host in ("localhost", "127.0.0.1"):
        status, _, said = get(console, "/v1/status", trusting(served), host)
        assert status == 401 and json.loads(said)["code"] == "NOT_SIGNED_IN"
    console.stop()
    assert command(console, "guide", "-") == guide      # it is made once


def test_the_guide_is_a_page_to_print_and_is_not_overwritten(network, console):
    page = network.folder / "panduan.html"
    assert "Print one page" in command(console, "guide", page)
    text = page.read_text()
    for word in ("Windows", "Firefox", "Android", "certutil -hashfile", "jembatan-ca.crt", 'lang="en"'):
        assert word in text
    assert "<script" not in text and "http://" not in text
    assert "exists and is not overwritten" in command(console, "guide", page, status=65)
    assert "ends neither in .html" in command(console, "guide", network.folder / "x.pdf", status=65)
    for wrong in (["guide"], ["print", "-"]):
        assert "usage" in command(console, *wrong, status=64)


def test_without_a_console_there_is_nothing_to_guide_to(network):
    agent = network.agent("klinik")
    assert "console/address" in command(agent, "guide", "-", status=78)
    assert not (agent.folder / "keys" / "console-ca.pem").exists()


def test_a_damaged_authority_is_named_and_never_replaced(network, console):
    console.start()
    console.stop()
    path = console.folder / "keys" / "console-ca.pem"
    damaged = path.read_text()[:300]
    path.write_text(damaged)
    said = run(program("jembatan-agent"), "run", "--config", console.config, status=78)
    assert "console-ca.pem" in said and "is damaged" in said
    assert path.read_text() == damaged


def test_a_locked_ledger_is_opened_over_tls(network, console):
    words = "lumbung padi di tepi kali"
    run(program("jembatan-agent"), "passphrase", "set", "--config", console.config, stdin=f"{words}\n" * 2)
    file = network.folder / "jembatan-ca.crt"
    command(console, "certificate", file)
    console.start(connected=False)
    context = trusting(file.read_bytes())
    status, _, said = get(console, "/v1/status", context)
    assert status == 200 and json.loads(said)["locked"]
    status, _, said = get(console, "/v1/session", context)
    assert status == 503 and json.loads(said)["code"] == "LEDGER_LOCKED"
    connection = http.client.HTTPSConnection("localhost", console.port, timeout=30, context=context)
    connection.request("POST", "/v1/unlock", json.dumps({"passphrase": words}),
                       {"Content-Type": "application/json"})
    reply = connection.getresponse()
    assert (reply.status, json.loads(reply.read())) == (200, {"locked": False})
    connection.close()
    status, _, said = get(console, "/v1/session", context)
    assert status == 401
    console.stop()
