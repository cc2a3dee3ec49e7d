"""One session with the hub: a DEALER socket under CURVE that speaks frames.

It knows sockets and frames and nothing of letters; agency.py knows letters and no socket.
"""

import itertools
import time

import zmq
from zmq.utils import monitor

from peer import limits, wire
from peer.refusal import Refused

CONNECTION_LOST = zmq.EVENT_DISCONNECTED
HANDSHAKE_FAILED = (zmq.EVENT_HANDSHAKE_FAILED_AUTH | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL
                    | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL)

_OPTIONS = {
    zmq.LINGER: 0,                       # what was not answered is put again, not flushed
    zmq.IMMEDIATE: 1,                    # nothing queues for a connection that is not there
    zmq.RECONNECT_IVL: -1,               # one link, one connection
    zmq.MAXMSGSIZE: limits.FRAME_BYTES,
    zmq.HANDSHAKE_IVL: 30_000,
    zmq.HEARTBEAT_IVL: 25_000,           # shorter ones cut slow lines
    zmq.HEARTBEAT_TIMEOUT: 120_000,
    zmq.HEARTBEAT_TTL: 0,                # libzmq 4.3.4 keeps a peer's in 16 bits of milliseconds
}


_count = itertools.count()


class Link:
    """Frames to and from one hub.  An agency sets no routing id: the LINK key is the identity."""

    def __init__(self, endpoint, hub_public, pair, routing_id=None):
        self._socket = zmq.Context.instance().socket(zmq.DEALER)
        for option, value in _OPTIONS.items():
            self._socket.setsockopt(option, value)
        self._socket.setsockopt(zmq.CURVE_SERVERKEY, hub_public)
        self._socket.setsockopt(zmq.CURVE_PUBLICKEY, pair.public)
        self._socket.setsockopt(zmq.CURVE_SECRETKEY, pair.secret)
        if routing_id:
            self._socket.setsockopt(zmq.ROUTING_ID, routing_id)
        # pyzmq would name the monitor after the descriptor, which may still be in use elsewhere.
        self._events = self._socket.get_monitor_socket(HANDSHAKE_FAILED | CONNECTION_LOST,
                                                       f"inproc://peer-{next(_count)}")
        self._happened = 0                   # every event so far, as bits
        self._socket.connect(endpoint)

    def send(self, name, seconds=10, **fields):
        """Sends a frame by the name it has in frame.proto.  False when no line comes up in time."""
        made = wire.frame.Frame()
        part = getattr(made, name)
        part.SetInParent()
        for field, value in fields.items():
            _assign(part, field, value)
        return self.send_bytes(made.SerializeToString(), seconds)

    def send_bytes(self, data, seconds=10):
        if not self._socket.poll(seconds * 1000, zmq.POLLOUT):
            return False
        self._socket.send(data, zmq.DONTWAIT)
        return True

    def receive(self, seconds=0):
        """(name, part) of the next frame, or (None, None) when none comes in time."""
        if not self._socket.poll(seconds * 1000, zmq.POLLIN):
            return None, None
        made = wire.parse(wire.frame.Frame, self._socket.recv())
        name = made.WhichOneof("is")
        return name, getattr(made, name) if name else None

    def expect(self, *names, seconds=10):
        """The next frame with one of these names; whatever comes before it is passed over."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            name, part = self.receive(min(left, 0.1))
            if name in names:
                return name, part
            if name is None and self.lost() and not self._socket.poll(0, zmq.POLLIN):
                raise Refused("OFFLINE", f"the line was lost before {' or '.join(names)}")
        raise TimeoutError(f"no {' or '.join(names)} in {seconds} s")

    def refused(self, seconds=0):
        """Whether the hub's door refused our key.  Such a socket never tries again: make another."""
        return self._event(HANDSHAKE_FAILED, seconds)

    def lost(self, seconds=0):
        """Whether the connection has ended.  A new one needs a new HELLO, so make another link."""
        return self._event(CONNECTION_LOST, seconds)

    def _event(self, wanted, seconds):
        end = time.monotonic() + seconds
        while not self._happened & wanted:
            left = max(0, end - time.monotonic())
            if not self._events.poll(left * 1000):
                return False
            self._happened |= monitor.recv_monitor_message(self._events)["event"]
        return True

    def close(self):
        self._socket.disable_monitor()
        self._events.close()
        self._socket.close(0)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def _assign(part, field, value):
    if isinstance(value, (list, tuple)):
        getattr(part, field).extend(value)
    elif hasattr(value, "DESCRIPTOR"):
        getattr(part, field).CopyFrom(value)
    else:
        setattr(part, field, value)
