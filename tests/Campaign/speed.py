"""How fast the bridge is, and what an uplink that is gone costs local clients.

    speed.py [--messages N] [--rounds N] [--runs N]

Local QoS 1 to upstream QoS 1 through the bridge of Femto and of Mosquitto, to the same Mosquitto, in turn; the ratio is
of medians of three runs. Then the latency of local clients beside a stream of messages for the uplink, with the uplink
up, hanging (SIGSTOP) and not there. FEMTO names the command that runs boards/host (tests/bridge --speed sets it).
"""
import argparse
import os
import signal
import socket
import statistics
import struct
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "Interop"))
sys.path.insert(0, HERE)

from broker import free_port                        # noqa: E402
from bridge import CLOUD, EDGE, OWN, Server, wait_for  # noqa: E402

PAYLOAD = 64
BATCH = 500     # messages on the way from the publisher


def text(s):
    return struct.pack(">H", len(s)) + s.encode()


def remaining(n):
    out = bytearray()
    while True:
        n, digit = n >> 7, n & 127
        out.append(digit | 128 if n else digit)
        if not n:
            return bytes(out)


def packet(first, body):
    return bytes([first]) + remaining(len(body)) + body


def connect(port, name):
    s = socket.create_connection(("127.0.0.1", port), 10)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    s.sendall(packet(0x10, text("MQTT") + bytes([4, 2]) + struct.pack(">H", 0) + text(name)))
    take(s, 4)
    return s


def take(s, n):
    while n > 0:
        data = s.recv(min(n, 1 << 20))
        if not data:
            raise RuntimeError("a broker closed the connection")
        n -= len(data)


def subscribe(s, topic, qos=0):
    s.sendall(packet(0x82, b"\0\1" + text(topic) + bytes([qos])))
    take(s, 5)


def publish(topic, packet_id, payload):
    return packet(0x32, text(topic) + struct.pack(">H", packet_id) + payload)


class Pair:
    """An edge with its bridge, and the cloud."""

    def __init__(self, edge, with_cloud=True):
        self.folder = tempfile.mkdtemp(prefix="femto-speed-")
        self.cloud_port, self.port = free_port(), free_port()
        self.cloud = None
        if with_cloud:
            path = self.write("cloud", CLOUD.format(port=self.cloud_port, folder=self.folder, inflight=200)
                              .replace("persistence true", "persistence false"))
            self.cloud = Server(["mosquitto", "-c", path], self.cloud_port, os.path.join(self.folder, "cloud.log"))
        path = self.write("edge", EDGE.format(port=self.port, link="127.0.0.1:%d" % self.cloud_port,
                                              own=OWN[edge].format(folder=self.folder), version="mqttv50")
                          .replace("persistence true", "persistence false")
                          .replace("keepalive_interval 5", "keepalive_interval 60"))
        command = (os.environ["FEMTO"].split() + ["--no-sensor", "--config"] if edge == "femto"
                   else ["mosquitto", "-c"])
        self.edge = Server(command + [path], self.port, os.path.join(self.folder, "edge.log"))
        if with_cloud:
            self.until_joined()

    def write(self, name, content):
        path = os.path.join(self.folder, name + ".conf")
        with open(path, "w") as f:
            f.write(content)
        return path

    def until_joined(self):
        consumer = connect(self.cloud_port, "joined")
        subscribe(consumer, "site/up/joined")
        publisher = connect(self.port, "joining")
        consumer.settimeout(0.2)

        def through():
            publisher.sendall(publish("up/joined", 1, b"x"))
            take(publisher, 4)
            try:
                return bool(consumer.recv(100))
            except TimeoutError:
                return False
        wait_for("the bridge to connect", through)
        consumer.close()
        publisher.close()

    def end(self):
        self.edge.end()
        if self.cloud:
            self.cloud.end()


def through(edge, messages):
    """Messages per second from a local publisher to a consumer at the cloud."""
    pair = Pair(edge)
    try:
        consumer = connect(pair.cloud_port, "consumer")
        subscribe(consumer, "site/up/load")
        publisher = connect(pair.port, "publisher")
        payload = b"p" * PAYLOAD
        size = len(packet(0x30, text("site/up/load") + payload))
        batch = b"".join(publish("up/load", i + 1, payload) for i in range(BATCH))
        arrived = threading.Thread(target=take, args=(consumer, size * messages))
        began = time.perf_counter()
        arrived.start()
        for _ in range(messages // BATCH):
            publisher.sendall(batch)
            take(publisher, 4 * BATCH)
        arrived.join()
        return messages / (time.perf_counter() - began)
    finally:
        pair.end()


def latency(edge, uplink, rounds):
    """p50 and p99, in milliseconds, of QoS 1 between two local clients, beside a stream for the uplink."""
    pair = Pair(edge, uplink != "away")
    ended = threading.Event()
    try:
        if uplink == "hanging":
            pair.cloud.tell(signal.SIGSTOP)
        stream = connect(pair.port, "stream")

        def run():
            try:
                while not ended.wait(0.002):        # a rate, not a synchronisation
                    stream.sendall(publish("up/stream", 1, b"s" * PAYLOAD))
                    take(stream, 4)
            except OSError:
                pass
        threading.Thread(target=run, daemon=True).start()
        subscriber, publisher = connect(pair.port, "near"), connect(pair.port, "far")
        subscribe(subscriber, "local")
        size = len(packet(0x30, text("local") + b"l" * PAYLOAD))
        times = []
        for i in range(rounds + 200):
            began = time.perf_counter()
            publisher.sendall(publish("local", 1, b"l" * PAYLOAD))
            take(subscriber, size)
            take(publisher, 4)
            if i >= 200:
                times.append((time.perf_counter() - began) * 1000)
        times.sort()
        return times[len(times) // 2], times[len(times) * 99 // 100]
    finally:
        ended.set()
        if uplink == "hanging":
            pair.cloud.tell(signal.SIGCONT)
        pair.end()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=50000)
    parser.add_argument("--rounds", type=int, default=5000)
    parser.add_argument("--runs", type=int, default=5, help="of each latency")
    options = parser.parse_args()
    os.environ["PATH"] += ":/usr/sbin"
    rates = {"femto": [], "mosquitto": []}
    for _ in range(3):
        for edge in rates:
            rates[edge].append(through(edge, options.messages))
    median = {edge: statistics.median(r) for edge, r in rates.items()}
    print("local QoS 1 to upstream QoS 1, %d messages of %d bytes: femto %.0f/s, mosquitto %.0f/s, ratio %.2f" % (
        options.messages, PAYLOAD, median["femto"], median["mosquitto"], median["femto"] / median["mosquitto"]))
    print("\n| local latency, ms, medians of %d runs | p50 | p99 | p99 over that with the uplink up |\n"
          "| --- | --- | --- | --- |" % options.runs)
    uplinks = ("up", "hanging", "away")
    for edge in rates:
        latency(edge, "up", options.rounds)         # the first is a cold process of each kind
        figures = {uplink: [] for uplink in uplinks}
        for _ in range(options.runs):               # in turn, so that all meet the same machine
            for uplink in uplinks:
                figures[uplink].append(latency(edge, uplink, options.rounds))
        medians = {uplink: [statistics.median(f[i] for f in figures[uplink]) for i in (0, 1)] for uplink in uplinks}
        for uplink, (p50, p99) in medians.items():
            print("| %s, uplink %s | %.3f | %.3f | %.2f |" % (edge, uplink, p50, p99, p99 / medians["up"][1]),
                  flush=True)


if __name__ == "__main__":
    main()
