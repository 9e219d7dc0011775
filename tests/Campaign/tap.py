"""Reads along what a bridge and its upstream say to each other."""
import threading


class Tap:
    """What the bridge sends anew without DUP, whether each publisher's messages are first sent in their order, and what
    the upstream acknowledged. Messages are "key:number", the key's last character their QoS."""

    def __init__(self, version):
        self.version, self.seen, self.again, self.disorder = version, {}, {1: 0, 2: 0}, 0
        self.acknowledged = {}          # key: numbers that the upstream has taken over
        self.on_the_way = {}            # packet identifier: (key, number), of the connection that is
        self.connections = 0
        self.kept = 0                   # at QoS 2, sent anew while the upstream kept its session: set at its end
        self.lock = threading.Lock()

    def connection(self):
        """For both directions of a connection: what is called with the bytes that go up, and that come down. What an
        older connection still carries when there is a new one comes to nothing at the upstream."""
        self.connections += 1
        mine = self.connections
        with self.lock:
            self.on_the_way = {}
        return self.reader(mine, self.up), self.reader(mine, self.down)

    def reader(self, mine, handle):
        waiting = bytearray()

        def look(data):
            if mine != self.connections:
                return
            waiting.extend(data)
            while self.packet(waiting, handle):
                pass
        return look

    @staticmethod
    def packet(b, handle):
        length, at = 0, 1
        while True:
            if at >= len(b):
                return False
            length |= (b[at] & 127) << 7 * (at - 1)
            at += 1
            if b[at - 1] < 128:
                break
        if len(b) < at + length:
            return False
        handle(b[0], bytes(b[at:at + length]))
        del b[:at + length]
        return True

    def up(self, first, body):
        if first >> 4 != 3:
            return
        qos, dup = first >> 1 & 3, first & 8
        at = 2 + (body[0] << 8 | body[1])
        packet_id = body[at] << 8 | body[at + 1]
        at += 2 if qos else 0
        if self.version == 5:
            at += 1 + body[at]          # the properties are short
        key, number = body[at:].decode().split(":")
        number = int(number)
        with self.lock:
            if qos:
                self.on_the_way[packet_id] = key, number
            last = self.seen.setdefault(key, -1)
            if number > last:
                self.disorder += number != last + 1
                self.seen[key] = number
            elif not dup:
                self.again[int(key[-1])] += 1

    def down(self, first, body):
        """PUBACK and PUBREC: the message is the upstream's now."""
        if first >> 4 not in (4, 5) or len(body) > 2 and body[2] >= 0x80:
            return
        with self.lock:
            known = self.on_the_way.get(body[0] << 8 | body[1])
            if known:
                self.acknowledged.setdefault(known[0], set()).add(known[1])

    def taken(self):
        """What the upstream has acknowledged until now."""
        with self.lock:
            return {key: set(numbers) for key, numbers in self.acknowledged.items()}

    def open(self):
        """Messages sent up and not acknowledged yet."""
        with self.lock:
            return sum(number not in self.acknowledged.get(key, ()) for key, number in self.on_the_way.values())
