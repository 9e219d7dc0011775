"""Connecting, keep-alive, limits of size: Paho and MQTT.js, both versions."""
import time

from base import Case, Group, femto_only, mqtt3, mqtt5, start_broker
from peer import PeerError


class Connect(Case):
    def test_connect_is_accepted(self):
        client = self.connected("one")
        self.assertFalse(client.connack.session_present)
        client.disconnect()
        self.assertIsNone(client.closed())

    @mqtt3
    def test_connect_is_refused_with_return_code(self):
        if Group.kind == "femto":
            client, expected = self.client("refused", client_id="i" * 2000), 2     # identifier rejected
        else:
            client, expected = self.client("refused", port=Group.broker.guarded), 5
        self.assertEqual(client.connect().reason, expected)
        self.assertIsNone(client.closed())

    @mqtt5
    def test_connect_is_refused_with_reason_code(self):
        client = self.client("refused")
        connack = client.connect(props={"authenticationMethod": "NONE-SUCH"})
        self.assertEqual(connack.reason, 0x8C)              # bad authentication method
        self.assertIsNone(client.closed())

    @mqtt5
    @femto_only("Mosquitto has no limit on the length of a client identifier")
    def test_too_long_client_identifier_is_refused(self):
        client = self.client("long", client_id="i" * 2000)
        self.assertEqual(client.connect().reason, 0x85)     # client identifier not valid
        self.assertIsNone(client.closed())

    @femto_only("Mosquitto counts connections only by its max_connections, and then closes without a CONNACK")
    def test_connect_to_a_full_broker_is_refused_and_the_others_stay(self):
        broker = start_broker("--limits", "tiny")
        self.cleanups.append(broker.stop)
        first = self.client("first", port=broker.port)
        self.assertEqual(first.connect().reason, 0)
        refused = None
        for i in range(64):
            client = self.client("more%d" % i, port=broker.port)
            try:
                reason = client.connect().reason
            except PeerError:
                refused = "closed"
                break
            if reason:
                refused = reason
                break
        # server busy or quota exceeded; server unavailable in 3.1.1; no room for the connection itself: closed
        self.assertIn(refused, ("closed", 0x89, 0x97) if Group.version == 5 else ("closed", 3))
        self.assertEqual(first.subscribe("still/here", qos=1), [1])
        first.disconnect()

    def test_empty_client_identifier_is_accepted_for_a_clean_session(self):
        one = self.connected("one", client_id="")
        two = self.connected("two", client_id="")
        one.subscribe(self.topic("x"), qos=1)
        two.publish(self.topic("x"), "still two sessions", 1)
        self.assertEqual(self.payloads(self.received(one, 1)), ["still two sessions"])

    @mqtt5
    def test_client_identifier_is_assigned(self):
        one = self.connected("one", client_id="")
        two = self.connected("two", client_id="")
        ids = [c.connack.properties["assignedClientIdentifier"] for c in (one, two)]
        self.assertTrue(all(ids))
        self.assertNotEqual(ids[0], ids[1])
        # the identifier works: it names the session, which a second connection takes over
        three = self.connected("three", client_id=ids[0])
        self.assertEqual(one.closed(), self.pick(0x8E, None))
        self.assertNotIn("assignedClientIdentifier", three.connack.properties)

    def test_pings_keep_the_connection(self):
        client = self.connected("ping", keepalive=2)
        for _ in range(2):
            client.pings.get(timeout=20)
        self.assertEqual(client.subscribe("a", qos=0), [0])

    def test_silent_client_is_dropped_after_one_and_a_half_keep_alive(self):
        watcher = self.connected("watcher")
        watcher.subscribe(self.topic("will"))
        peer = self.peer()
        will = {"topic": self.topic("will"), "payload": b"silent", "qos": 1}
        self.connected("silent", peer, keepalive=2, will=will)
        peer.freeze()
        frozen = time.monotonic()
        self.cleanups.append(peer.kill)
        messages = self.received(watcher, 1)
        passed = time.monotonic() - frozen
        self.assertEqual(self.brief(messages), [(self.topic("will"), "silent", 1)])
        self.assertGreater(passed, 1.9)     # the last packet may have been up to a ping's distance before
        self.assertLess(passed, self.pick(8, 20))

    def test_payload_up_to_the_largest_packet(self):
        largest = Group.broker.announced()["maximumPacketSize"]
        subscriber, publisher = self.connected("sub"), self.connected("pub")
        topic = self.topic("large")
        subscriber.subscribe(topic)
        for qos in (0, 1, 2):
            payload = self.payload_for(topic, qos, largest)
            self.assertEqual(publisher.publish(topic, payload, qos), 0)
            messages = self.received(subscriber, 1)
            self.assertEqual([(m.topic, m.qos) for m in messages], [(topic, qos)])
            self.assertEqual(messages[0].payload, payload)

    def test_payload_one_past_the_largest_packet(self):
        largest = Group.broker.announced()["maximumPacketSize"]
        watcher = self.connected("watcher")
        topic = self.topic("large")
        watcher.subscribe(topic)
        # Mosquitto counts the remaining length only: for it the first packet too long is 4 bytes longer
        payload = self.payload_for(topic, 1, largest + self.pick(1, 5))
        # Paho and MQTT.js do not look at the maximum the broker announces: they send it
        publisher = self.connected("pub")
        with self.assertRaises(PeerError):
            publisher.publish(topic, payload, 1)
        self.assertEqual(publisher.closed(), 0x95 if Group.version == 5 else None)
        self.assertEqual(self.received(watcher), [])

    @staticmethod
    def payload_for(topic, qos, size):
        """A payload that makes the whole PUBLISH `size` bytes long."""
        rest = 2 + len(topic) + (2 if qos else 0) + (1 if Group.version == 5 else 0)
        length = size - 1
        for digits in (1, 2, 3, 4):
            length = size - 1 - digits
            if length < 128 ** digits:
                break
        pattern = bytes(range(256))
        return (pattern * (length // 256 + 1))[:length - rest]

    @mqtt5
    def test_limits_are_announced(self):
        properties = self.connected("one").connack.properties
        self.assertGreater(properties["maximumPacketSize"], 1024)
        self.assertIn("receiveMaximum", properties)
        self.assertIn("topicAliasMaximum", properties)
        # what is not announced is available
        for name in ("retainAvailable", "wildcardSubscriptionAvailable", "subscriptionIdentifiersAvailable",
                     "sharedSubscriptionAvailable"):
            self.assertEqual(properties.get(name, 1), 1)
        self.assertNotIn("maximumQoS", properties)

    @mqtt5
    def test_server_shutting_down(self):
        broker = start_broker()
        self.cleanups.append(broker.stop)
        client = self.client("last", port=broker.port)
        client.connect()
        broker.interrupt()
        self.assertEqual(client.closed(), 0x8B)
        self.assertEqual(broker.process.wait(20), 0)

    @mqtt3
    def test_server_shutting_down(self):
        broker = start_broker()
        self.cleanups.append(broker.stop)
        client = self.client("last", port=broker.port)
        client.connect()
        broker.interrupt()
        self.assertIsNone(client.closed())
        self.assertEqual(broker.process.wait(20), 0)
