"""What every test stands on: a broker shared by the group, clients of the group's library and version, bare sockets,
and `received`, which knows without waiting for time that no more messages come."""
import itertools
import time
import unittest

import raw
from broker import Broker
from peer import Peer


class Group:
    """What the tests of this process share. One group is one process (see run.py)."""
    kind = "femto"          # the broker under test
    library = None          # paho, mqttjs, or None
    version = 5
    broker = None
    peer = None             # the library's process, started at need
    fencer = None           # a bare connection that publishes fences


def tag(**values):
    def mark(function):
        for name, value in values.items():
            setattr(function, name, value)
        return function
    return mark


mqtt5 = tag(versions=(5,))
mqtt3 = tag(versions=(4,))


def library(name):
    return tag(libraries=(name,))


def femto_only(why):
    """A test of something that Mosquitto 2.0.11 does not do. README.md lists every one of them."""
    return tag(femto_only=why)


class Case(unittest.TestCase):
    numbers = itertools.count(1)
    maxDiff = 2000

    def setUp(self):
        self.number = next(self.numbers)
        self.base = "t%d" % self.number         # every test publishes below a topic of its own
        self.cleanups = []

    def tearDown(self):
        for cleanup in reversed(self.cleanups):
            try:
                cleanup()
            except Exception:
                pass

    @property
    def port(self):
        return Group.broker.port

    def pick(self, femto, mosquitto):
        return femto if Group.kind == "femto" else mosquitto

    def topic(self, *levels):
        return "/".join((self.base,) + levels)

    def name(self, text):
        return "%s-%d-%s" % (self.group_name(), self.number, text)

    @staticmethod
    def group_name():
        return "%s%d" % (Group.library or "raw", Group.version)

    @staticmethod
    def pass_time(seconds):
        """For what only time can bring: an expiry. Never to wait for something else to happen."""
        time.sleep(seconds)

    # ---- clients

    def peer(self, library=None):
        """A fresh process, for tests that kill it."""
        peer = Peer(library or Group.library)
        self.cleanups.append(peer.close)
        return peer

    def client(self, name, peer=None, port=None, client_id=None):
        if peer is None:
            if Group.peer is None or Group.peer.process.poll() is not None:
                Group.peer = Peer(Group.library)
            peer = Group.peer
        return peer.client(port or self.port, Group.version, self.name(name) if client_id is None else client_id)

    def connected(self, name, peer=None, client_id=None, **options):
        """A client of the group's library, connected."""
        client = self.client(name, peer, client_id=client_id)
        self.assertEqual(client.connect(**options).reason, 0)
        self.cleanups.append(client.disconnect)
        return client

    def raw(self, version=None, port=None):
        client = raw.RawClient(port or self.port, version or Group.version)
        self.cleanups.append(client.close)
        return client

    def raw_connected(self, name, version=None, **options):
        client = self.raw(version)
        self.assertEqual(client.connect(self.name(name), **options).reason, 0)
        return client

    # ---- messages

    def fence(self, topic, payload):
        """Publishes at QoS 2 and returns when the broker has taken it."""
        if Group.fencer is None:
            Group.fencer = raw.RawClient(self.port)
            Group.fencer.connect("fencer", keepalive=0)
        Group.fencer.publish(topic, payload, 2)

    def received(self, client, count=0):
        """All messages that have come to `client`: waits for `count` of them, then for a fence published at QoS 2
        after them, so what was on the way has come too. Returns those from before the fence."""
        found = []
        while len(found) < count:
            found.append(client.messages.get(timeout=40))
        topic = "fence/" + client.key
        if not client.fenced:
            self.assertEqual(client.subscribe(topic), [2])
        client.fenced += 1
        mark = b"%d" % client.fenced
        self.fence(topic, mark)
        while True:
            m = client.messages.get(timeout=40)
            if m.topic != topic:
                found.append(m)
            elif m.payload == mark:
                return found

    @staticmethod
    def brief(messages):
        """Topic, payload and QoS of each."""
        return [(m.topic, m.payload.decode(), m.qos) for m in messages]

    @staticmethod
    def payloads(messages):
        return [m.payload.decode() for m in messages]


def start_broker(*options):
    return Broker(Group.kind, *options)
