"""A TCP link in user space between one who connects and a server: delays, chops, stalls and cuts on request."""
import random
import selectors
import socket
import threading
import time

from broker import free_port


class Link:
    """Listens on `address` and passes bytes to and from port `target`. `delay` is in seconds, `chop` the largest
    piece."""

    def __init__(self, target, delay=0.0, chop=0, seed=1, tap=None, listener=None):
        """`tap()` is called for each connection and gives what is called with the bytes that go to the target, and
        with those that come from there. `listener`: where to listen, if not on a free port of 127.0.0.1."""
        self.target, self.delay, self.chop, self.tap = target, delay, chop, tap
        self.random = random.Random(seed)
        self.listener = listener or socket.create_server(("127.0.0.1", 0))
        self.address = "%s:%d" % self.listener.getsockname()[:2]
        self.pairs, self.lock = set(), threading.Lock()
        self.flowing = threading.Event()
        self.flowing.set()
        self.refusing = self.ended = False
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while not self.ended:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            if self.refusing:
                near.close()
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self.target), 5)
            except OSError:
                near.close()
                continue
            for s in (near, far):
                s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                s.settimeout(None)
            with self.lock:
                self.pairs.add((near, far))
            up, down = self.tap() if self.tap else (None, None)
            for a, b, look in ((near, far, up), (far, near, down)):
                threading.Thread(target=self.carry, args=(a, b, (near, far), look), daemon=True).start()

    def carry(self, source, sink, pair, look):
        """Pieces leave `delay` after they came, in order: a queue of due times, one thread for each direction."""
        waiting, ready = [], selectors.DefaultSelector()
        ready.register(source, selectors.EVENT_READ)
        open_ = True
        try:
            while open_ or waiting:
                left = max(0.0, waiting[0][0] - time.monotonic()) if waiting else 0.2
                if open_ and ready.select(left):
                    data = source.recv(65536)
                    open_ = bool(data)
                    if data and look:
                        look(data)
                    if data:
                        waiting.append((time.monotonic() + self.delay, data))
                elif not open_:
                    time.sleep(left)                # the link's own latency
                while waiting and waiting[0][0] <= time.monotonic():
                    self.flowing.wait()
                    data = waiting.pop(0)[1]
                    while data:
                        n = self.random.randint(1, self.chop) if self.chop else len(data)
                        sink.sendall(data[:n])
                        data = data[n:]
        except OSError:
            pass
        finally:
            ready.close()
            self.drop(pair)

    def drop(self, pair):
        with self.lock:
            self.pairs.discard(pair)
        for s in pair:
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            s.close()

    def cut(self):
        """Every connection ends in the middle of what it was saying; none is made until `heal`."""
        self.refusing = True
        with self.lock:
            pairs = list(self.pairs)
        for pair in pairs:
            self.drop(pair)

    def stall(self):
        """Nothing moves, and nobody is told."""
        self.flowing.clear()

    def heal(self):
        self.refusing = False
        self.flowing.set()

    def close(self):
        self.ended = True
        self.listener.close()
        self.heal()
        self.cut()


__all__ = ["Link", "free_port"]
