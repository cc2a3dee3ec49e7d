"""A browser's side of an agent: its console and api over TCP, with and without TLS."""

import contextlib
import http.client
import json
import socket
import ssl

from stories.network import free_port


def address():
    return f"127.0.0.1:{free_port()}"


def site(folder):
    """A small console, as `make console` leaves one."""
    (folder / "assets").mkdir(parents=True)
    files = {"index.html": "<!doctype html><title>Jembatan</title>", "sw.js": "self",
             "assets/console-3WQPWA43.js": "console", "assets/console-3WQPWA43.js.gz": "\x1f-compressed",
             "assets/plain.css": "a{}"}
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


class Answer:
    def __init__(self, reply):
        self.status, self.headers = reply.status, reply.headers
        self.body = reply.read()

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {dict(self.headers)} {self.body[:300]}"


class Web:
    """One agent's address."""

    def __init__(self, agent, tls=True):
        self.agent, self.tls = agent, tls
        self.host, port = agent.console.rsplit(":", 1)
        self.port = int(port)

    def context(self, **limits):
        """Trusts the agent's authority and nobody else."""
        made = ssl.create_default_context(cafile=str(self.agent.folder / "keys" / "console-ca.pem"))
        for name, value in limits.items():
            setattr(made, name, value)
        return made

    def connect(self, source=None, context=None, plain=False):
        made = socket.create_connection((self.host, self.port), 30, source and (source, 0))
        if self.tls and not plain:
            made = (context or self.context()).wrap_socket(made, server_hostname="localhost")
        return made

    def ask(self, method, path, body=None, headers=None, connection=None):
        """One request; a connection that is given is kept open."""
        client = http.client.HTTPConnection("localhost", self.port, timeout=30)
        client.sock = connection or self.connect()
        data = None if body is None else json.dumps(body)
        try:
            client.request(method, path, data, {"Host": f"localhost:{self.port}", **(headers or {}),
                                                **({"Content-Type": "application/json"} if data else {})})
            return Answer(client.getresponse())
        finally:
            if not connection:
                client.sock and client.sock.close()

    def get(self, path, headers=None, connection=None):
        return self.ask("GET", path, None, headers, connection)

    def raw(self, data):
        """What comes back for these bytes until the agent closes; "" when it cuts the line."""
        with contextlib.closing(self.connect()) as line:
            with contextlib.suppress(OSError):
                line.sendall(data)
                return line.recv(65536).decode(errors="replace")
        return ""


def console(network, agency_id="ipwl-w", tls=True, **about):
    """An agent with a console, not started."""
    where = address()
    agent = network.agent(agency_id, kind="ipwl", services=["social-outpatient"],
                          options={"console": {"address": where, "tls": "yes" if tls else "no"}}, **about)
    agent.console = where
    return agent
