"""Many Femto sites, a process each, and a client on each that publishes readings and hears commands."""
import os
import selectors
import signal
import socket
import struct
import subprocess
import threading
import time

from rabbit import PASSWORD, USER, free_ports
from speed import packet, text

WINDOW = 20     # readings of one client that wait for their PUBACK

# What a site says; growing.md explains the lines.
CONFIG = """listener {port} 127.0.0.1
allow_anonymous true
limits {limits}
connection cluster
{addresses}
topic readings/# out 1 "" sites/{name}/
topic commands/# in 1 "" sites/{name}/
remote_clientid {name}
remote_username {user}
remote_password {password}
cleansession false
keepalive_interval 10
restart_timeout 1 5
try_private false
notifications_local_only true
"""


class Site:
    """A broker with its bridge, and its client's connection."""

    def __init__(self, index, port, folder, nodes, limits):
        self.name = "site-%02d" % (index + 1)
        self.port, self.first = port, nodes[index % len(nodes)]
        self.path, self.log = (os.path.join(folder, self.name + end) for end in (".conf", ".log"))
        # Each begins with another node: the load is shared, and a dead node's sites go to both that are left.
        order = [nodes[(index + i) % len(nodes)] for i in range(len(nodes))]
        if index // len(nodes) % 2:
            order[1:] = reversed(order[1:])
        with open(self.path, "w") as f:
            f.write(CONFIG.format(port=port, limits=limits, name=self.name, user=USER, password=PASSWORD,
                                  addresses="\n".join("address 127.0.0.1:%d" % n.mqtt for n in order)))
        self.process = self.socket = None
        self.waiting, self.out = bytearray(), bytearray()
        self.next = 0                       # the next reading
        self.unacknowledged = {}            # packet identifier: number
        self.sent_at = {}                   # packet identifier: when
        self.acknowledged = set()
        self.commands = set()
        self.states = []                    # (when, up) of the bridge, as the site's broker publishes it
        self.longest = 0.0                  # seconds that a PUBACK took
        self.closed = 0

    def start(self):
        with open(self.log, "w") as out:
            self.process = subprocess.Popen(os.environ["FEMTO"].split() + ["--no-sensor", "--config", self.path],
                                            stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                                            env=dict(os.environ, DOTNET_gcServer="0", DOTNET_TieredPGO="0"))

    def up(self):
        return bool(self.states) and self.states[-1][1]

    def connect(self):
        self.socket = socket.create_connection(("127.0.0.1", self.port), 10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.waiting.clear()
        self.out.clear()
        self.out += packet(0x10, text("MQTT") + bytes([4, 0]) + struct.pack(">H", 0) + text("sensor"))
        self.out += packet(0x82, b"\xff\xff" + text("commands/#") + b"\1" + text("$SYS/broker/connection/+/state")
                           + b"\0")
        for packet_id, number in self.unacknowledged.items():      # what the broker had not acknowledged
            self.publish(packet_id, number, 8)

    def publish(self, packet_id, number, dup=0):
        self.sent_at.setdefault(packet_id, time.monotonic())
        self.out += packet(0x32 | dup, text("readings/temperature") + struct.pack(">H", packet_id)
                           + b"%s:%d" % (self.name.encode(), number))

    def fill(self, until):
        """Sends up to this number, as far as the window allows."""
        while self.next < until and len(self.unacknowledged) < WINDOW:
            packet_id = self.next % 60000 + 1
            self.unacknowledged[packet_id] = self.next
            self.publish(packet_id, self.next)
            self.next += 1

    def flush(self):
        if self.out:
            try:
                del self.out[:self.socket.send(self.out)]
            except BlockingIOError:
                pass

    def read(self):
        try:
            data = self.socket.recv(65536)
        except BlockingIOError:
            return
        if not data:
            raise ConnectionResetError
        self.waiting += data
        while len(self.waiting) > 1:
            length, at = self.waiting[1], 2
            if length > 127:
                if len(self.waiting) < 3:
                    return
                length, at = length & 127 | self.waiting[2] << 7, 3
            if len(self.waiting) < at + length:
                return
            self.handle(self.waiting[0], bytes(self.waiting[at:at + length]))
            del self.waiting[:at + length]

    def handle(self, first, body):
        if first == 0x20 and body[1] != 0:
            raise RuntimeError("%s refused its client: %d" % (self.name, body[1]))
        if first == 0x40:
            packet_id = body[0] << 8 | body[1]
            if packet_id in self.unacknowledged:
                self.acknowledged.add(self.unacknowledged.pop(packet_id))
                self.longest = max(self.longest, time.monotonic() - self.sent_at.pop(packet_id))
        if first >> 4 != 3:
            return
        at = 2 + (body[0] << 8 | body[1])
        topic = body[2:at].decode()
        if first & 6:
            self.out += packet(0x40, body[at:at + 2])
            at += 2
        if topic.startswith("commands/"):
            self.commands.add(int(body[at:]))
        else:
            self.states.append((time.monotonic(), body[at:] == b"1"))

    def tell(self, what):
        """How many lines of the bridge say so."""
        with open(self.log, errors="replace") as f:
            return [line for line in f if what in line]


class Sites:
    """All of them; one thread is everybody's client."""

    def __init__(self, folder, nodes, count, limits):
        self.all = [Site(i, port, folder, nodes, limits) for i, port in enumerate(free_ports(count))]
        self.goal, self.rate, self.began = 0, 0, 0
        self.ended = threading.Event()
        self.fault = None
        self.thread = None

    def start(self):
        for i in range(0, len(self.all), 5):        # a few at a time
            for site in self.all[i:i + 5]:
                site.start()
            for site in self.all[i:i + 5]:
                self.until_open(site)
        for site in self.all:
            site.connect()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    @staticmethod
    def until_open(site):
        until = time.monotonic() + 60
        while True:
            try:
                return socket.create_connection(("127.0.0.1", site.port), 1).close()
            except OSError:
                if site.process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError("%s did not start: see %s" % (site.name, site.log)) from None
                time.sleep(0.05)

    def publish(self, messages, rate):
        """From now on each publishes so many a second until it has sent so many."""
        self.began, self.rate, self.goal = time.monotonic(), rate, messages

    def due(self):
        return min(self.goal, int((time.monotonic() - self.began) * self.rate)) if self.goal else 0

    def run(self):
        try:
            ready = selectors.DefaultSelector()
            for site in self.all:
                ready.register(site.socket, selectors.EVENT_READ, site)
            while not self.ended.is_set():
                for key, _ in ready.select(0.02):
                    site = key.data
                    try:
                        site.read()
                    except OSError:
                        ready.unregister(key.fileobj)
                        key.fileobj.close()
                        site.closed += 1
                        site.connect()
                        ready.register(site.socket, selectors.EVENT_READ, site)
                due = self.due()
                for site in self.all:
                    site.fill(due)
                    site.flush()
        except Exception as e:      # noqa: BLE001  told by check()
            self.fault = e

    def check(self):
        if self.fault is not None:
            raise RuntimeError("the sites' clients stopped: %r" % self.fault) from self.fault

    def sent(self):
        return sum(s.next for s in self.all)

    def acknowledged(self):
        return sum(len(s.acknowledged) for s in self.all)

    def end(self):
        self.ended.set()
        if self.thread:
            self.thread.join(10)
        for site in self.all:
            if site.process is not None and site.process.poll() is None:
                site.process.send_signal(signal.SIGTERM)
        for site in self.all:
            if site.socket is not None:
                site.socket.close()
            if site.process is not None:
                try:
                    site.process.wait(20)
                except subprocess.TimeoutExpired:
                    site.process.kill()
                    site.process.wait()
