"""A middleman of another version: it stands between one agent and the hub, is the hub to the one (it
has its LINK key) and the agent to the other, and changes every frame on its way.

    with Middleman(network, agent, newer) as line: ...   the agent dials line.endpoint
"""

import threading

import zmq

from peer import keys, link, wire
from stories.network import free_port

FUTURE = b"\x9a\x7d\x0bmasa depan!"      # field 2003, of no version so far: 11 bytes

# What may be left out, by frame: it is empty, or stands for "none", in an older or smaller peer.
OPTIONAL = {"hello": ("checkpoint", "directory_version"), "welcome": ("checkpoint",),
            "ping": ("nonce", "time_ms"), "pong": ("nonce",), "bye": ("retry_after_ms",),
            "put_err": ("hub_time_ms",)}


def with_future(message):
    """Every message in it, and it, gets a field that nobody knows."""
    for field, value in message.ListFields():
        if field.type == field.TYPE_MESSAGE:
            for part in value if field.label == field.LABEL_REPEATED else [value]:
                with_future(part)
    message.MergeFromString(FUTURE)
    return message


def newer(data):
    return with_future(wire.frame.Frame.FromString(data)).SerializeToString()


def older(data):
    """Without what is optional."""
    made = wire.frame.Frame.FromString(data)
    name = made.WhichOneof("is")
    for field in OPTIONAL.get(name, ()):
        getattr(made, name).ClearField(field)
    if name == "put_ok":
        for custody in made.put_ok.taken:
            custody.ClearField("recipient_seen_ms")
    return made.SerializeToString()


class Middleman:
    def __init__(self, network, agent, change):
        self.endpoint = f"tcp://127.0.0.1:{free_port()}"
        self.inject = None                   # these bytes go to the agent with the next frame
        self.passed = {"hub": set(), "agent": set()}     # the frames each was given
        self.letters = []                    # (h, c) as the hub delivered them
        self._change = change
        self._hub = keys.load("LINK", network.hub_folder / "keys")
        self._agent = keys.load("LINK", agent.folder / "keys")
        self._far = network.endpoint
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self):
        self._near = zmq.Context.instance().socket(zmq.ROUTER)
        self._near.setsockopt(zmq.LINGER, 0)
        self._near.setsockopt(zmq.CURVE_SERVER, 1)
        self._near.setsockopt(zmq.CURVE_SECRETKEY, self._hub.secret)
        self._near.bind(self.endpoint)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()
        self._near.close()

    def _note(self, to, data):
        frame = wire.frame.Frame.FromString(data)
        self.passed[to].add(frame.WhichOneof("is"))
        if frame.WhichOneof("is") == "deliver" and frame.deliver.letter.h:
            self.letters.append((frame.deliver.letter.h, frame.deliver.letter.c))

    def _run(self):
        """One session at a time: who dials anew has let go of the last one."""
        name, far = None, None
        while not self._over.is_set():
            if self._near.poll(10):
                who, data = self._near.recv_multipart()
                if who != name:
                    if far:
                        far.close()
                    name, far = who, link.Link(self._far, self._hub.public, self._agent)
                self._note("hub", data)
                far.send_bytes(self._change(data))
            while far and far._socket.poll(0):
                data = far._socket.recv()
                self._note("agent", data)
                self._near.send_multipart([name, self._change(data)])
                if self.inject:
                    self._near.send_multipart([name, self.inject])
                    self.inject = None
        if far:
            far.close()
