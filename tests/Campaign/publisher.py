"""A publisher that keeps the order of its messages across its own reconnections, which paho does not quite: there a
message published between CONNECT and CONNACK passes those that are sent again."""
import select
import socket
import struct
import threading
import time

import raw

WINDOW = {1: 200, 2: 15}    # messages on the way, by QoS
PUBLISHED, RELEASED = 0, 1


class Publisher:
    """Sends messages "key:number" at one QoS over MQTT 3.1.1, as many as it is allowed to, and notes which were
    acknowledged. The last character of its key is its QoS."""

    def __init__(self, port, name, qos, count):
        self.port, self.key, self.qos, self.count = port, name + str(qos), qos, count
        self.sent, self.acknowledged, self.allowed, self.ended = 0, set(), 0, False
        self.open = {}              # number: state, in their order
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def allow(self, share):
        """So much of all may be sent."""
        self.allowed = int(self.count * share)

    def done(self):
        return len(self.acknowledged) == self.count and not self.open

    def end(self):
        self.ended = True
        self.thread.join(10)

    def run(self):
        while not self.ended:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 10) as s:
                    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    s.settimeout(120)
                    self.converse(s)
            except OSError:
                time.sleep(0.5)     # who is closed does not come back at once

    def converse(self, s):
        s.sendall(raw.connect("publisher-" + self.key, 4, clean=False, keepalive=0))
        waiting = bytearray()
        while len(waiting) < 4:
            self.receive(s, waiting)
        if waiting[0] != 0x20 or waiting[3] != 0:
            raise OSError("refused")
        del waiting[:4]
        s.sendall(b"".join(self.release(n) if state == RELEASED else self.publish(n, 8)
                           for n, state in self.open.items()))
        while not self.ended:
            batch = []
            while len(self.open) < WINDOW[self.qos] and self.sent < self.allowed:
                self.open[self.sent] = PUBLISHED
                batch.append(self.publish(self.sent, 0))
                self.sent += 1
            if batch:
                s.sendall(b"".join(batch))
            if select.select([s], [], [], 0.05)[0]:
                self.receive(s, waiting)
                self.answers(s, waiting)

    @staticmethod
    def receive(s, waiting):
        data = s.recv(65536)
        if not data:
            raise OSError("closed")
        waiting += data

    def answers(self, s, waiting):
        """PUBACK, PUBREC and PUBCOMP, all of four bytes."""
        released = []
        while len(waiting) >= 4:
            kind, packet_id = waiting[0] >> 4, waiting[2] << 8 | waiting[3]
            del waiting[:4]
            number = next(n for n in self.open if self.identifier(n) == packet_id)
            if kind == raw.PUBREC:
                self.open[number] = RELEASED
                released.append(self.release(number))
            else:
                del self.open[number]
            self.acknowledged.add(number)       # PUBREC: it is the broker's now
        if released:
            s.sendall(b"".join(released))

    @staticmethod
    def identifier(number):
        return number % 65535 + 1

    def publish(self, number, dup):
        body = raw.binary("up/" + self.key) + struct.pack(">H", self.identifier(number))
        return raw.packet(raw.PUBLISH, dup | self.qos << 1, body + b"%s:%d" % (self.key.encode(), number))

    def release(self, number):
        return raw.packet(raw.PUBREL, 2, struct.pack(">H", self.identifier(number)))
