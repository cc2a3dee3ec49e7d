"""Asking again: the same answer for the same key, nothing for what has not changed, and a word when
something has."""

import contextlib
import json
import socket

import pytest

from stories.network import _UnixConnection
from stories.waiting import wait_for

PERSON = {"name": "Budi Kanari", "birth_date": "1999-04-12", "sex": "male"}


@pytest.fixture
def ipwl(network):
    return network.agent("ipwl-e", kind="ipwl").start(connected=False, turned=True)


def ask(agent, method, path, body=None, **headers):
    connection = _UnixConnection(str(agent.socket))
    data = None if body is None else json.dumps(body)
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    with contextlib.closing(connection):
        connection.request(method, path, data, {"Content-Type": "application/json", **headers})
        reply = connection.getresponse()
        text = reply.read()
        return reply.status, reply.headers, json.loads(text) if text else None


def people(agent):
    return agent.api("POST", "/v1/people/search", {"words": "Kanari"})["items"]


# ---- the same key ----

def test_a_write_that_is_asked_for_twice_is_done_once_even_after_a_restart(ipwl):
    first = ask(ipwl, "POST", "/v1/people", PERSON, Idempotency_Key="k-1")
    assert first[0] == 201
    assert ask(ipwl, "POST", "/v1/people", PERSON, Idempotency_Key="k-1")[::2] == first[::2]
    ipwl.stop()
    ipwl.start(connected=False, turned=True)
    assert ask(ipwl, "POST", "/v1/people", PERSON, Idempotency_Key="k-1")[::2] == first[::2]
    assert len(people(ipwl)) == 1
    other = ask(ipwl, "POST", "/v1/people", {**PERSON, "name": "Lain"}, Idempotency_Key="k-1")
    assert other[0] == 422 and other[2]["code"] == "KEY_REUSED"
    assert ask(ipwl, "POST", "/v1/people", PERSON, Idempotency_Key="k 2")[0] == 422
    assert ask(ipwl, "POST", "/v1/people", PERSON, Idempotency_Key="k-2")[0] == 201
    assert len(people(ipwl)) == 2


def test_a_key_of_a_refused_write_serves_for_the_mended_one(ipwl):
    assert ask(ipwl, "POST", "/v1/people", {"sex": "male"}, Idempotency_Key="k-1")[0] == 422
    assert ask(ipwl, "POST", "/v1/people", PERSON, Idempotency_Key="k-1")[0] == 201


def test_a_crash_between_the_deed_and_its_answer_does_nothing_twice(ipwl):
    ipwl.stop()
    ipwl.start(connected=False, fault="agent.api.before_answer")
    with pytest.raises((ConnectionError, OSError)):
        ask(ipwl, "POST", "/v1/people", PERSON, Idempotency_Key="k-1")
    ipwl.daemon.wait_killed()
    ipwl.start(connected=False, turned=True)
    again = ask(ipwl, "POST", "/v1/people", PERSON, Idempotency_Key="k-1")
    assert again[0] == 409 and again[2]["code"] == "ANSWER_LOST"
    assert len(people(ipwl)) == 1


# ---- tags ----

def test_what_has_not_changed_is_not_sent_again_and_a_look_stays_a_look(ipwl):
    person = ask(ipwl, "POST", "/v1/people", PERSON)[2]["id"]
    path = f"/v1/people/{person}"
    status, headers, _ = ask(ipwl, "GET", path)
    again = ask(ipwl, "GET", path, If_None_Match=headers["ETag"])
    assert (status, again[0], again[2]) == (200, 304, None) and again[1]["ETag"] == headers["ETag"]
    looks = [each for each in ipwl.api("GET", f"{path}/timeline")["items"] if each["type"] == "looked"]
    assert len(looks) == 2
    ask(ipwl, "POST", "/v1/people", {**PERSON, "name": "Ani Kanari"})
    search = ask(ipwl, "GET", "/v1/status")[1]["ETag"]
    assert search and search != headers["ETag"]


# ---- events ----

class Listener:
    """One GET /v1/events, read line by line."""

    def __init__(self, agent, last=None):
        self.line = socket.socket(socket.AF_UNIX)
        self.line.settimeout(20)
        self.line.connect(str(agent.socket))
        more = f"Last-Event-ID: {last}\r\n" if last else ""
        self.line.sendall(f"GET /v1/events HTTP/1.1\r\nHost: agent\r\nConnection: close\r\n{more}\r\n".encode())
        self.text = self.line.makefile("rb")
        self.status = int(self.text.readline().split()[1])
        self.headers = {}
        while (header := self.text.readline().decode().strip()):
            name, value = header.split(": ", 1)
            self.headers[name] = value

    def event(self):
        """The next one, as a dictionary; chunk sizes and heartbeats are passed over."""
        fields = {}
        while True:
            line = self.text.readline()
            assert line, "the agent ended the stream"
            line = line.decode().strip()
            if not line and fields:
                return fields
            name, mark, value = line.partition(": ")
            if mark and name in ("id", "event", "data"):
                fields[name] = json.loads(value) if name == "data" else value

    def heartbeat(self):
        while not self.text.readline().startswith(b": "):
            pass

    def close(self):
        self.text.close()
        self.line.close()


def test_who_listens_hears_what_changed_and_nothing_of_it(ipwl):
    listener = Listener(ipwl)
    assert listener.status == 200 and listener.headers["Content-Type"].startswith("text/event-stream")
    person = ask(ipwl, "POST", "/v1/people", PERSON)[2]["id"]
    event = listener.event()
    assert event["event"] == "changed" and f"person:{person}" in event["data"]["what"]
    assert "Kanari" not in json.dumps(event)
    ask(ipwl, "GET", f"/v1/people/{person}")                # a look is no change
    other = ask(ipwl, "POST", "/v1/people", {**PERSON, "name": "Ani Kanari"})[2]["id"]
    after = listener.event()
    assert f"person:{other}" in after["data"]["what"]
    assert f"person:{person}" not in after["data"]["what"]
    listener.close()
    assert Listener(ipwl, "an-older-life-7").event()["event"] == "all"
    ipwl.stop()                                            # with somebody still listening


def test_who_comes_back_in_time_missed_nothing(ipwl):
    listener = Listener(ipwl)
    ask(ipwl, "POST", "/v1/people", PERSON)
    last = listener.event()["id"]
    listener.close()
    on = Listener(ipwl, last)
    person = ask(ipwl, "POST", "/v1/people", PERSON)[2]["id"]
    assert f"person:{person}" in on.event()["data"]["what"]


def test_listeners_are_few_are_kept_alive_and_give_their_place_back(network, ipwl):
    listeners = [Listener(ipwl) for _ in range(4)]
    refused = Listener(ipwl)
    assert refused.status == 503
    listeners[0].close()
    wait_for(lambda: Listener(ipwl).status == 200, 10)
    network.clock.turn(ms=21_000)
    listeners[1].heartbeat()
    network.clock.turn(minutes=6)
    assert wait_for(lambda: listeners[2].text.read(), 10) is not None     # asked to come anew
