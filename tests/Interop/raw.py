"""MQTT over a bare socket: encodes and decodes every packet, both versions, with nothing automatic.

The tests use it where a client library hides what they must see: exact bytes, acknowledgements held back,
topic aliases, reason codes, the close after a DISCONNECT. Names of fields and properties are those of the
specification in camel case, as MQTT.js uses them.
"""
import socket
import struct
import time
from types import SimpleNamespace

CONNECT, CONNACK, PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP, SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK, \
    PINGREQ, PINGRESP, DISCONNECT, AUTH = range(1, 16)

NAMES = ("", "CONNECT", "CONNACK", "PUBLISH", "PUBACK", "PUBREC", "PUBREL", "PUBCOMP", "SUBSCRIBE", "SUBACK",
         "UNSUBSCRIBE", "UNSUBACK", "PINGREQ", "PINGRESP", "DISCONNECT", "AUTH")

PROPERTIES = {
    0x01: ("payloadFormatIndicator", "byte"), 0x02: ("messageExpiryInterval", "four"),
    0x03: ("contentType", "text"), 0x08: ("responseTopic", "text"), 0x09: ("correlationData", "binary"),
    0x0B: ("subscriptionIdentifier", "var"), 0x11: ("sessionExpiryInterval", "four"),
    0x12: ("assignedClientIdentifier", "text"), 0x13: ("serverKeepAlive", "two"),
    0x15: ("authenticationMethod", "text"), 0x16: ("authenticationData", "binary"),
    0x17: ("requestProblemInformation", "byte"), 0x18: ("willDelayInterval", "four"),
    0x19: ("requestResponseInformation", "byte"), 0x1A: ("responseInformation", "text"),
    0x1C: ("serverReference", "text"), 0x1F: ("reasonString", "text"), 0x21: ("receiveMaximum", "two"),
    0x22: ("topicAliasMaximum", "two"), 0x23: ("topicAlias", "two"), 0x24: ("maximumQoS", "byte"),
    0x25: ("retainAvailable", "byte"), 0x26: ("userProperties", "pair"), 0x27: ("maximumPacketSize", "four"),
    0x28: ("wildcardSubscriptionAvailable", "byte"), 0x29: ("subscriptionIdentifiersAvailable", "byte"),
    0x2A: ("sharedSubscriptionAvailable", "byte"),
}
IDENTIFIERS = {name: (identifier, kind) for identifier, (name, kind) in PROPERTIES.items()}


class Closed(Exception):
    """The broker closed the connection; `reset` when it did so by RST."""

    def __init__(self, reset=False):
        super().__init__("connection reset" if reset else "connection closed")
        self.reset = reset


# ---- encoding

def var(value):
    out = bytearray()
    while True:
        value, low = value >> 7, value & 127
        out.append(low | (128 if value else 0))
        if not value:
            return bytes(out)


def binary(data):
    if isinstance(data, str):
        data = data.encode()
    return struct.pack(">H", len(data)) + data


def properties(values, version=5):
    """A property block; nothing below MQTT 5. A list (of identifiers, of pairs) repeats the property."""
    if version < 5:
        return b""
    out = b""
    for name, value in (values or {}).items():
        identifier, kind = IDENTIFIERS[name]
        for one in value if isinstance(value, list) else [value]:
            out += bytes([identifier]) + {
                "byte": lambda: bytes([one]), "two": lambda: struct.pack(">H", one),
                "four": lambda: struct.pack(">I", one), "var": lambda: var(one),
                "text": lambda: binary(one), "binary": lambda: binary(one),
                "pair": lambda: binary(one[0]) + binary(one[1])}[kind]()
    return var(len(out)) + out


def packet(kind, flags, body):
    return bytes([kind << 4 | flags]) + var(len(body)) + body


def connect(client_id="", version=5, clean=True, keepalive=60, will=None, props=None, user=None, password=None,
            name="MQTT", level=None):
    flags = 2 if clean else 0
    tail = binary(client_id)
    if will:
        flags |= 4 | will.get("qos", 0) << 3 | (32 if will.get("retain") else 0)
        tail += properties(will.get("properties"), version) + binary(will["topic"]) + binary(will["payload"])
    if user is not None:
        flags |= 128
        tail += binary(user)
    if password is not None:
        flags |= 64
        tail += binary(password)
    head = binary(name) + bytes([level or version, flags]) + struct.pack(">H", keepalive)
    return packet(CONNECT, 0, head + properties(props, version) + tail)


def publish(topic, payload=b"", qos=0, retain=False, packet_id=0, dup=False, props=None, version=5):
    body = binary(topic) + (struct.pack(">H", packet_id) if qos else b"") + properties(props, version)
    return packet(PUBLISH, (8 if dup else 0) | qos << 1 | (1 if retain else 0), body + payload)


def ack(kind, packet_id, reason=None, props=None):
    body = struct.pack(">H", packet_id)
    if reason is not None:
        body += bytes([reason]) + (properties(props) if props is not None else b"")
    return packet(kind, 2 if kind == PUBREL else 0, body)


def subscribe(packet_id, filters, props=None, version=5):
    """filters: (filter, options byte) pairs."""
    body = struct.pack(">H", packet_id) + properties(props, version)
    return packet(SUBSCRIBE, 2, body + b"".join(binary(f) + bytes([options]) for f, options in filters))


def unsubscribe(packet_id, filters, props=None, version=5):
    body = struct.pack(">H", packet_id) + properties(props, version)
    return packet(UNSUBSCRIBE, 2, body + b"".join(binary(f) for f in filters))


def disconnect(reason=None, props=None):
    if reason is None:
        return packet(DISCONNECT, 0, b"")
    return packet(DISCONNECT, 0, bytes([reason]) + (properties(props) if props is not None else b""))


PING = packet(PINGREQ, 0, b"")


# ---- decoding

class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        if self.at + count > len(self.data):
            raise ValueError("packet too short")
        self.at += count
        return self.data[self.at - count:self.at]

    def byte(self):
        return self.take(1)[0]

    def two(self):
        return struct.unpack(">H", self.take(2))[0]

    def four(self):
        return struct.unpack(">I", self.take(4))[0]

    def var(self):
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def binary(self):
        return self.take(self.two())

    def text(self):
        return self.binary().decode()

    def pair(self):
        return self.text(), self.text()

    def left(self):
        return len(self.data) - self.at

    def properties(self, version):
        found = {}
        if version < 5 or not self.left():
            return found
        block = Reader(self.take(self.var()))
        while block.left():
            name, kind = PROPERTIES[block.byte()]
            value = getattr(block, kind)()
            if name in ("userProperties", "subscriptionIdentifier"):
                found.setdefault(name, []).append(value)
            elif name in found:
                raise ValueError(name + " twice")
            else:
                found[name] = value
        return found


def decode(first, body, version):
    """One packet from the broker."""
    kind, flags, r = first >> 4, first & 15, Reader(body)
    p = SimpleNamespace(kind=kind, name=NAMES[kind], flags=flags, body=body, properties={})
    if kind == CONNACK:
        p.session_present, p.reason = r.byte(), r.byte()
        p.properties = r.properties(version)
    elif kind == PUBLISH:
        p.dup, p.qos, p.retain = flags >> 3, flags >> 1 & 3, flags & 1
        p.topic = r.text()
        p.packet_id = r.two() if p.qos else 0
        p.properties = r.properties(version)
        p.payload = r.take(r.left())
    elif kind in (PUBACK, PUBREC, PUBREL, PUBCOMP):
        p.packet_id = r.two()
        p.reason = r.byte() if r.left() else 0
        p.properties = r.properties(version)
    elif kind in (SUBACK, UNSUBACK):
        p.packet_id = r.two()
        p.properties = r.properties(version)
        p.reasons = list(r.take(r.left()))
    elif kind in (DISCONNECT, AUTH):
        p.reason = r.byte() if r.left() else 0
        p.properties = r.properties(version)
    if r.left():
        raise ValueError("bytes left over in " + p.name)
    return p


class RawClient:
    """One connection. `recv` gives the next packet, raises Closed at the end and TimeoutError when nothing comes."""

    def __init__(self, port, version=5, timeout=20):
        self.version, self.timeout, self.last_id = version, timeout, 0
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        self.waiting = []       # PUBLISH packets read while waiting for something else

    def send(self, data):
        self.socket.sendall(data)

    def fill(self, count, deadline):
        while len(self.buffer) < count:
            self.socket.settimeout(max(0.001, deadline - time.monotonic()))
            try:
                data = self.socket.recv(65536)
            except ConnectionResetError:
                raise Closed(True) from None
            if not data:
                raise Closed()
            self.buffer += data

    def recv(self, timeout=None):
        deadline = time.monotonic() + (timeout or self.timeout)
        self.fill(2, deadline)
        at = 1
        while self.buffer[at] >= 128:
            at += 1
            self.fill(at + 1, deadline)
        length = Reader(self.buffer[1:]).var()
        self.fill(at + 1 + length, deadline)
        first, body = self.buffer[0], self.buffer[at + 1:at + 1 + length]
        p = decode(first, body, self.version)
        p.encoded = self.buffer[:at + 1 + length]
        self.buffer = self.buffer[at + 1 + length:]
        return p

    def expect(self, kind):
        """The next packet, which must be of this kind; PUBLISH packets on the way are kept for `message`."""
        while True:
            p = self.recv()
            if p.kind == kind:
                return p
            if p.kind != PUBLISH:
                raise AssertionError("expected %s, got %s %r" % (NAMES[kind], p.name, vars(p)))
            self.waiting.append(p)

    def message(self, acknowledge=True):
        """The next PUBLISH; by default answers it, QoS 2 with the whole exchange."""
        p = self.waiting.pop(0) if self.waiting else self.recv()
        if p.kind != PUBLISH:
            raise AssertionError("expected PUBLISH, got %s %r" % (p.name, vars(p)))
        if acknowledge and p.qos == 1:
            self.send(ack(PUBACK, p.packet_id))
        elif acknowledge and p.qos == 2:
            self.send(ack(PUBREC, p.packet_id))
            released = self.expect(PUBREL)
            if released.packet_id != p.packet_id:
                raise AssertionError("PUBREL for %d, expected %d" % (released.packet_id, p.packet_id))
            self.send(ack(PUBCOMP, p.packet_id))
        return p

    def closed(self, timeout=None):
        """Reads to the end: the reason of the DISCONNECT that came last, None when there was none."""
        reason = None
        while True:
            try:
                p = self.recv(timeout)
            except Closed:
                return reason
            if reason is not None:
                raise AssertionError("%s after DISCONNECT" % p.name)
            if p.kind == DISCONNECT:
                reason = p.reason

    # ---- the usual exchanges

    def connect(self, client_id="", **options):
        self.send(connect(client_id, self.version, **options))
        return self.expect(CONNACK)

    def next_id(self):
        self.last_id = self.last_id % 65535 + 1
        return self.last_id

    def subscribe(self, *filters, props=None):
        """Each filter is a text (QoS 2) or a pair of filter and options byte."""
        packet_id = self.next_id()
        pairs = [(f, 2) if isinstance(f, str) else f for f in filters]
        self.send(subscribe(packet_id, pairs, props, self.version))
        answer = self.expect(SUBACK)
        assert answer.packet_id == packet_id
        return answer

    def unsubscribe(self, *filters, props=None):
        packet_id = self.next_id()
        self.send(unsubscribe(packet_id, filters, props, self.version))
        answer = self.expect(UNSUBACK)
        assert answer.packet_id == packet_id
        return answer

    def publish(self, topic, payload=b"", qos=0, retain=False, props=None):
        """Publishes and takes part in the exchange to its end: the packet with the reason, None at QoS 0."""
        packet_id = self.next_id() if qos else 0
        if isinstance(payload, str):
            payload = payload.encode()
        self.send(publish(topic, payload, qos, retain, packet_id, False, props, self.version))
        if qos == 0:
            return None
        answer = self.expect(PUBACK if qos == 1 else PUBREC)
        assert answer.packet_id == packet_id
        if qos == 2 and answer.reason < 128:
            self.send(ack(PUBREL, packet_id))
            done = self.expect(PUBCOMP)
            assert (done.packet_id, done.reason) == (packet_id, 0)
        return answer

    def ping(self):
        self.send(PING)
        self.expect(PINGRESP)

    def reset(self):
        """Closes with RST."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def close(self):
        self.socket.close()
