"""A poor line between an agent and the hub: bytes arrive late, and only so many a second.

    with Line (network.endpoint, delay_ms=750, bits_per_second=32000) as line:
        ...                                     an agent whose hub/endpoint is line.endpoint
        line.cut ()
    line.held = {"up"}                          nothing more arrives that way, and nobody is told
    line.forget ()                              the near end breaks, the far end never hears of it

Each way has the delay, so a round trip takes twice as long.  Whatever is set may be set anew while
it runs.  The user of a TCP line sees a lost packet, or one that was overtaken, as a delay of itself
and of all behind it, and so `lost` is played: the part of chunks that come a retransmission later.
"""

import asyncio
import contextlib
import random
import threading
import urllib.parse

_CHUNK = 1024            # of a line that is shared fairly between small and large frames
_QUEUE = 64              # chunks on the way; more are left to the sender's own TCP
_AGAIN = 0.4             # seconds until a lost packet was sent again
FAST = 1_000_000_000     # bits per second


class Line:
    def __init__(self, endpoint, delay_ms=0, bits_per_second=FAST, host="127.0.0.1", seed=1):
        there = urllib.parse.urlparse(endpoint)
        self._there = (there.hostname, there.port)
        self._host = host
        self._chance = random.Random(seed)
        self.set(delay_ms, bits_per_second)
        self.held = set()                # "up" is from the agent to the hub
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self.dialled = 0                 # connections so far
        self.carried = 0                 # bytes, both ways
        self.endpoint = None
        self._ways = set()
        self._ghosts = []                # ends whose other end is gone
        self._forgetting = False

    def set(self, delay_ms=0, bits_per_second=FAST, jitter_ms=0, lost=0.0):
        self._delay, self._jitter = delay_ms / 1000, jitter_ms / 1000
        self._bytes_per_second = bits_per_second / 8
        self._lost = lost

    def __enter__(self):
        self._thread.start()
        assert self._ready.wait(5)
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(5)

    def cut(self):
        """Every connection breaks in mid-word; new ones may be made at once."""
        def break_all():
            for way in list(self._ways):
                way.cancel()
        self._loop.call_soon_threadsafe(break_all)

    def forget(self):
        """As when a router between them loses its table and its power."""
        self._forgetting = True
        self.cut()

    async def _serve(self):
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._accept, self._host, 0)
        self.endpoint = "tcp://%s:%d" % server.sockets[0].getsockname()[:2]
        self._ready.set()
        await self._end.wait()
        server.close()

    async def _accept(self, near_in, near_out):
        self.dialled += 1
        try:
            far_in, far_out = await asyncio.open_connection(*self._there)
        except OSError:
            near_out.close()
            return
        ways = [asyncio.create_task(self._carry("up", near_in, far_out)),
                asyncio.create_task(self._carry("down", far_in, near_out))]
        self._ways.update(ways)
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        self._ways.difference_update(ways)
        near_out.close()
        if self._forgetting:
            self._ghosts.append(far_out)
            self._forgetting = False
        else:
            far_out.close()

    async def _carry(self, way, source, sink):
        """One way: what is read leaves at the line's rate and arrives after its delay."""
        on_the_way = asyncio.Queue(_QUEUE)
        arriving = asyncio.create_task(self._arrive(way, on_the_way, sink))
        try:
            while data := await source.read(_CHUNK):
                await asyncio.sleep(len(data) / self._bytes_per_second)
                await on_the_way.put((self._loop.time() + self._pause(), data))
            await on_the_way.put((0, b""))
            await arriving
        finally:
            arriving.cancel()

    def _pause(self):
        pause = self._delay + self._chance.uniform(-self._jitter, self._jitter)
        return pause + (_AGAIN if self._chance.random() < self._lost else 0)

    async def _arrive(self, way, on_the_way, sink):
        with contextlib.suppress(OSError):
            while True:
                at, data = await on_the_way.get()
                if not data:
                    return
                await asyncio.sleep(max(0, at - self._loop.time()))
                while way in self.held:
                    await asyncio.sleep(0.05)
                sink.write(data)
                await sink.drain()
                self.carried += len(data)
