"""What no client should do, over real sockets. Whatever happens to the offender, the others notice nothing."""
import random
import time

import raw
from base import Case, Group, femto_only


class Abuse(Case):
    def tearDown(self):
        # the others go on: a fresh client gets its message
        witness = self.raw_connected("witness")
        witness.subscribe(self.topic("witness"))
        witness.publish(self.topic("witness"), "alive", 1)
        self.assertEqual(witness.message().payload, b"alive")
        super().tearDown()

    def test_garbage(self):
        noise = random.Random(1)
        for length in (1, 2, 10, 1000, 100000):
            client = self.raw()
            try:
                client.send(b"\x00" + noise.randbytes(length))
            except OSError:
                pass
            self.assertIsNone(self.end(client))
        for seed in range(20):
            client = self.raw()
            try:
                client.send(random.Random(seed).randbytes(3000))
                client.socket.shutdown(1)       # whatever it takes for the head of a long packet ends here
            except OSError:
                pass
            self.end(client)

    @staticmethod
    def end(client):
        """The reason of the DISCONNECT, if one came, when the broker has closed."""
        try:
            return client.closed()
        except (raw.Closed, ConnectionError):
            return None

    def test_garbage_after_connect(self):
        # packet type 0 does not exist
        client = self.raw_connected("garbage")
        client.send(b"\x00\x00")
        self.assertEqual(client.closed(), self.pick(0x81, 0x82) if Group.version == 5 else None)
        for seed in range(20):
            client = self.raw_connected("garbage")
            try:
                client.send(random.Random(seed).randbytes(2000))
                client.socket.shutdown(1)
            except OSError:
                pass
            self.end(client)

    def test_http_get(self):
        client = self.raw()
        client.send(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        self.assertIsNone(self.end(client))

    def test_another_protocol_name(self):
        client = self.raw()
        client.send(raw.connect("x", Group.version, name="MQTX"))
        self.assertIn(self.reason_of_refusal(client), (None, 1, 0x84, 0x81, 0x82))

    def test_unknown_protocol_version(self):
        client = self.raw()
        client.send(raw.connect("x", Group.version, level=6))
        self.assertIn(self.reason_of_refusal(client), (1, 0x84))

    @staticmethod
    def reason_of_refusal(client):
        """The code of a CONNACK that refuses, read byte by byte: the broker may not know the version."""
        data = b""
        client.socket.settimeout(20)
        try:
            while True:
                piece = client.socket.recv(1000)
                if not piece:
                    break
                data += piece
        except ConnectionError:
            pass
        return data[3] if len(data) > 3 and data[0] == 0x20 else None

    def test_connect_one_byte_at_a_time(self):
        client = self.raw()
        stream = raw.connect(self.name("slow"), Group.version) + raw.subscribe(1, [(self.topic("a"), 2)], version=Group.version) + \
            raw.publish(self.topic("a"), b"payload", 1, packet_id=2, version=Group.version) + raw.PING
        for i in range(len(stream)):
            client.send(stream[i:i + 1])
        self.assertEqual(client.expect(raw.CONNACK).reason, 0)
        self.assertEqual(client.expect(raw.SUBACK).reasons, [2])
        self.assertEqual(client.expect(raw.PUBACK).packet_id, 2)
        client.expect(raw.PINGRESP)
        self.assertEqual(client.message().payload, b"payload")

    def test_everything_in_one_write(self):
        client = self.raw()
        stream = raw.connect(self.name("fast"), Group.version) + raw.subscribe(1, [(self.topic("a"), 0)], version=Group.version)
        for i in range(100):
            stream += raw.publish(self.topic("a"), b"%d" % i, 0, version=Group.version)
        client.send(stream + raw.PING)
        self.assertEqual(client.expect(raw.CONNACK).reason, 0)
        self.assertEqual(client.expect(raw.SUBACK).reasons, [0])
        self.assertEqual([client.message().payload for _ in range(100)], [b"%d" % i for i in range(100)])
        client.expect(raw.PINGRESP)

    @femto_only("Mosquitto waits 90 s for a CONNECT")
    def test_half_a_connect_then_silence(self):
        started = time.monotonic()
        silent, half = self.raw(), self.raw()
        half.send(raw.connect(self.name("half"), Group.version)[:8])
        for client in (silent, half):
            self.assertIsNone(client.closed(30))
        passed = time.monotonic() - started
        self.assertGreater(passed, 9)
        self.assertLess(passed, 20)

    def test_reset_in_the_middle_of_a_packet(self):
        watcher = self.raw_connected("watcher")
        watcher.subscribe(self.topic("#"))
        client = self.raw_connected("reset", will={"topic": self.topic("will"), "payload": b"reset", "qos": 1})
        packet = raw.publish(self.topic("never"), b"x" * 5000, 1, packet_id=1, version=Group.version)
        client.send(packet[:1000])
        client.reset()
        m = watcher.message()
        self.assertEqual((m.topic, m.payload), (self.topic("will"), b"reset"))

    def test_close_in_the_middle_of_a_packet(self):
        watcher = self.raw_connected("watcher")
        watcher.subscribe(self.topic("#"))
        client = self.raw_connected("close", will={"topic": self.topic("will"), "payload": b"closed", "qos": 1})
        client.send(raw.publish(self.topic("never"), b"x" * 5000, 1, packet_id=1, version=Group.version)[:-1])
        client.close()
        m = watcher.message()
        self.assertEqual((m.topic, m.payload), (self.topic("will"), b"closed"))

    def test_two_connects_on_one_connection(self):
        client = self.raw_connected("twice")
        client.send(raw.connect(self.name("twice"), Group.version))
        self.assertEqual(client.closed(), self.pick(0x82 if Group.version == 5 else None, None))

    def test_publish_before_connect(self):
        client = self.raw()
        client.send(raw.publish(self.topic("a"), b"x", version=Group.version))
        self.assertIsNone(self.end(client))

    def test_client_that_never_reads_does_not_stop_the_others(self):
        deaf = self.raw_connected("deaf")
        deaf.subscribe((self.topic("flood"), 0))
        reader, publisher = self.raw_connected("reader"), self.raw_connected("pub")
        reader.subscribe((self.topic("few"), 1))
        payload = b"x" * 10000
        for i in range(20):
            # 20 MB in all: far more than the sockets' buffers hold
            for _ in range(100):
                publisher.send(raw.publish(self.topic("flood"), payload, 0, version=Group.version))
            publisher.publish(self.topic("few"), str(i), 1)
            m = reader.message()
            self.assertEqual((m.topic, m.payload), (self.topic("few"), b"%d" % i))

    def test_client_that_connects_and_leaves_500_times(self):
        for i in range(500):
            client = raw.RawClient(self.port, Group.version)
            if i % 3:
                client.send(raw.connect(self.name("again"), Group.version))
            if i % 3 == 2:
                client.expect(raw.CONNACK)
            if i % 2:
                client.reset()
            else:
                client.close()
