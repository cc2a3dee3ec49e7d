"""The agent's door for browsers: TLS, names, files, limits, and whatever a stranger on the office's
network may send."""

import contextlib
import os
import random
import socket
import ssl

import pytest

from stories import web
from stories.network import program, run
from stories.waiting import wait_for

IMMUTABLE = "public, max-age=31536000, immutable"


@pytest.fixture
def open_console(network):
    agent = web.console(network)
    web.site(agent.folder / "console")
    agent.start(connected=False, turned=True)
    return web.Web(agent)


@pytest.fixture
def plain_console(network):
    agent = web.console(network, tls=False)
    agent.start(connected=False, turned=True)
    return web.Web(agent, tls=False)


# ---- where it listens ----

def test_plain_http_is_refused_anywhere_but_on_this_machine(network):
    agent = web.console(network, tls=False)
    agent.config.write_text(agent.config.read_text().replace("127.0.0.1", "0.0.0.0"))
    network.registrar.welcome(agent.id, agent.welcome)
    run(program("jembatan-agent"), "join", agent.welcome, "--config", agent.config)
    said = run(program("jembatan-agent"), "run", "--config", agent.config, status=78)
    assert "tanpa TLS konsol hanya boleh di 127.0.0.1" in said
    assert "without TLS the console may only be at 127.0.0.1" in said


def test_tls_is_modern_and_speaks_with_the_offices_own_authority(open_console):
    page = open_console.get("/")
    assert page.status == 200 and b"<title>Jembatan" in page.body
    assert page.headers["Strict-Transport-Security"] == "max-age=15552000"
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        context = open_console.context(minimum_version=version, maximum_version=version)
        with contextlib.closing(open_console.connect(context=context)) as line:
            assert line.cipher()[0].endswith(("GCM_SHA384", "GCM-SHA384", "GCM_SHA256", "GCM-SHA256",
                                              "CHACHA20_POLY1305_SHA256", "CHACHA20-POLY1305"))
    old = open_console.context()
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, ConnectionError)):
        open_console.connect(context=old)
    weak = open_console.context(maximum_version=ssl.TLSVersion.TLSv1_2)
    weak.set_ciphers("AES256-GCM-SHA384:ECDHE-ECDSA-AES256-SHA384:@SECLEVEL=0")
    with pytest.raises((ssl.SSLError, ConnectionError)):
        open_console.connect(context=weak)


def test_plain_http_at_the_tls_port_is_answered_by_nothing(open_console):
    with contextlib.closing(open_console.connect(plain=True)) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        said = b""
        with contextlib.suppress(ConnectionError):
            said = line.recv(4096)
        assert b"HTTP/" not in said


def test_a_renewed_certificate_is_shown_without_a_restart(network, open_console):
    def shown():
        anybody = ssl._create_unverified_context()
        with contextlib.closing(open_console.connect(context=anybody)) as line:
            return line.getpeercert(binary_form=True)
    before = shown()
    network.clock.turn(days=380)
    open_console.agent.reload()
    assert shown() != before and open_console.agent.daemon.events("console.certificate")


# ---- who may name it ----

def test_only_its_own_names_and_pages_are_answered(open_console):
    elsewhere = open_console.get("/", {"Host": "evil.example"})
    assert elsewhere.status == 421 and b"bukan nama agen ini" in elsewhere.body
    api = open_console.get("/v1/status", {"Host": "evil.example"})
    assert api.status == 421 and api.json["code"] == "WRONG_HOST"
    assert open_console.get("/v1/status", {"Origin": "https://evil.example"}).status == 403
    assert open_console.get("/v1/status", {"Sec-Fetch-Site": "cross-site"}).status == 403
    assert open_console.get("/", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}).status == 200
    assert open_console.get("/", {"Host": f"jembatan.local:{open_console.port}"}).status == 200


def test_a_stranger_learns_nothing_from_the_api(open_console):
    for path in ("/v1/status", "/v1/people/search", "/v1/no-such-thing"):
        answer = open_console.get(path)
        assert answer.status == 401 and answer.json["code"] == "NOT_SIGNED_IN", answer
        assert answer.headers["Cache-Control"] == "no-store"


# ---- the console's files ----

def test_files_are_kept_as_long_as_their_name_tells_their_content(open_console):
    page = open_console.get("/")
    assert page.headers["Cache-Control"] == "no-cache"
    assert open_console.get("/sw.js").headers["Cache-Control"] == "no-cache"
    script = open_console.get("/assets/console-3WQPWA43.js")
    assert script.headers["Cache-Control"] == IMMUTABLE and script.headers["Content-Encoding"] is None
    assert open_console.get("/assets/plain.css").headers["Cache-Control"] == "no-cache"
    small = open_console.get("/assets/console-3WQPWA43.js", {"Accept-Encoding": "br, gzip;q=0.5"})
    assert small.headers["Content-Encoding"] == "gzip" and small.body == b"\x1f-compressed"
    assert small.headers["Vary"] == "Accept-Encoding" and small.headers["ETag"] != script.headers["ETag"]
    none = open_console.get("/assets/console-3WQPWA43.js", {"Accept-Encoding": "gzip;q=0"})
    assert none.headers["Content-Encoding"] is None
    again = open_console.get("/", {"If-None-Match": f'"other", {page.headers["ETag"]}'})
    assert again.status == 304 and again.body == b"" and again.headers["ETag"] == page.headers["ETag"]


def test_every_page_is_the_same_file_and_nothing_else_can_be_named(open_console):
    page = open_console.get("/").body
    for path in ("/surat/masuk", "/rujukan/R-2026-0007", "/orang/0190-x", "/v1x"):
        assert open_console.get(path).body == page
    for path in ("/assets/console-AAAAAAAA.js", "/assets/console-3WQPWA43.js.gz", "/favicon.ico"):
        assert open_console.get(path).status == 404
    (open_console.agent.folder / "console" / "secret.js").symlink_to(open_console.agent.config)
    open_console.agent.reload()
    for path in ("/../agent.zpl", "/assets/../../agent.zpl", "/%2e%2e/agent.zpl", "//etc/passwd", "/secret.js",
                 "/..%2fagent.zpl", "/assets/%00", "/./index.html", "/keys/ledger.key"):
        answer = open_console.raw(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert "agency" not in answer and "root:" not in answer, path
    assert open_console.ask("POST", "/surat/masuk", {}).status == 405
    head = open_console.ask("HEAD", "/")
    assert head.status == 200 and head.body == b""


def test_without_its_files_a_plain_page_says_what_to_do_until_they_are_there(plain_console):
    page = plain_console.get("/")
    assert page.status == 404
    assert "Konsol belum terpasang" in page.body.decode() and "The console is not installed" in page.body.decode()
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    web.site(plain_console.agent.folder / "console")
    plain_console.agent.reload()
    assert plain_console.get("/").status == 200


# ---- what a stranger may send ----

def hold_a_head(console):
    """Says hello and never comes to the end of it."""
    line = console.connect()
    line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
    return line


def open_files(agent):
    return len(os.listdir(f"/proc/{agent.daemon.process.pid}/fd"))


def is_closed(line):
    line.settimeout(0.05)
    try:
        return line.recv(65536) == b""
    except socket.timeout:
        return False
    except OSError:
        return True


def test_who_never_ends_a_request_is_cut_off_although_bytes_come(network, plain_console):
    slow = [hold_a_head(plain_console) for _ in range(5)]
    assert plain_console.get("/v1/status").status == 401     # those before it were taken too
    for _ in range(3):
        network.clock.turn(ms=11_000)
        for line in slow:
            with contextlib.suppress(OSError):
                line.sendall(b"a")
    wait_for(lambda: all(is_closed(line) for line in slow), 10)
    assert plain_console.get("/v1/status").status == 401


def test_who_takes_an_answer_by_drops_is_cut_off(network, plain_console):
    folder = web.site(plain_console.agent.folder / "console")
    (folder / "large.txt").write_bytes(b"a" * 4_000_000)
    plain_console.agent.reload()
    before = open_files(plain_console.agent)
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.connect((plain_console.host, plain_console.port))
    line.settimeout(20)
    line.sendall(b"GET /large.txt HTTP/1.1\r\nHost: localhost\r\n\r\n")
    got = len(line.recv(100))

    def cut():
        nonlocal got
        network.clock.turn(ms=10_000)
        got += len(line.recv(1))
        return open_files(plain_console.agent) <= before
    wait_for(cut, 20)
    with contextlib.suppress(ConnectionError):
        while more := line.recv(65536):
            got += len(more)
    assert got < 4_000_000


def test_one_address_does_not_keep_out_the_others(plain_console):
    lines = []
    for _ in range(60):
        with contextlib.suppress(OSError):
            lines.append(hold_a_head(plain_console))
    wait_for(lambda: sum(is_closed(line) for line in lines) >= 20)
    other = plain_console.connect(source="127.0.0.2")
    assert plain_console.get("/v1/status", connection=other).status == 401
    for line in lines:
        line.close()


BAD = [
    b"\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: " + b"a" * 60_000 + b"\r\n\r\n",
    b"GET /" + b"a" * 60_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"".join(b"X-%d: a\r\n" % i for i in range(5000)) + b"\r\n",
    b"POST /v1/people HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    b"POST /v1/people HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n",
    b"POST /v1/people HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
    b"POST /v1/people HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: " + b"k" * 65 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization: a\tb\r\n\r\n",
    b"GET /?" + b"&".join(b"a%d=1" % i for i in range(20)) + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x16\x03\x01\x02\x00\x01", b"\x00" * 2000, b"CONNECT a:1 HTTP/1.1\r\n\r\n",
]


@pytest.mark.parametrize("tls", [False, True])
def test_bad_requests_of_every_kind_are_refused_and_hurt_nobody(network, tls):
    agent = web.console(network, tls=tls)
    agent.start(connected=False)
    door = web.Web(agent, tls)
    for data in BAD:
        with contextlib.closing(door.connect()) as line:
            line.settimeout(1)                  # some only wait for more, and then for their time to be over
            with contextlib.suppress(OSError):
                line.sendall(data)
                if isinstance(line, ssl.SSLSocket):
                    line.unwrap()
                else:
                    line.shutdown(socket.SHUT_WR)
                said = line.recv(65536)
                assert said == b"" or said.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4", b"HTTP/1.1 5")), (data[:80], said)
    chance = random.Random(5)
    for _ in range(30):
        with contextlib.closing(door.connect(plain=True)) as line:
            with contextlib.suppress(OSError):
                line.sendall(chance.randbytes(chance.randrange(1, 3000)))
    assert door.get("/v1/status").status == 401
    agent.stop()
