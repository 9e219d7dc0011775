"""Retained messages. Paho and MQTT.js, both versions."""
from base import Case, Group, mqtt5


class Retained(Case):
    def publisher(self):
        """A client that stores retained messages below the test's topic, and clears them at the end."""
        client, self.kept = self.connected("pub"), set()
        self.cleanups.append(lambda: [client.publish(topic, b"", 1, retain=True) for topic in self.kept])
        return client

    def keep(self, client, topic, payload, qos, props=None):
        self.kept.add(topic)
        client.publish(topic, payload, qos, retain=True, props=props)

    def what_comes(self, filter, count, name="new", **options):
        """What a new subscriber gets: (topic, payload, QoS, retain) in the order of topics."""
        client = self.connected(name)
        client.subscribe(filter, **options)
        messages = self.received(client, count)
        client.disconnect()
        return sorted((m.topic, m.payload.decode(), m.qos, m.retain) for m in messages)

    def test_retained_message_is_stored_and_replaced_and_cleared(self):
        publisher, topic = self.publisher(), self.topic("kept")
        self.keep(publisher, topic, "first", 1)
        self.assertEqual(self.what_comes(topic, 1, "a"), [(topic, "first", 1, True)])
        self.keep(publisher, topic, "second", 2)
        self.assertEqual(self.what_comes(topic, 1, "b"), [(topic, "second", 2, True)])
        publisher.publish(topic, "not retained", 1)
        self.assertEqual(self.what_comes(topic, 1, "c"), [(topic, "second", 2, True)])
        publisher.publish(topic, "", 0, retain=True)
        publisher.publish(topic, "fence", 1)                # QoS 0 has been taken when this is acknowledged
        self.assertEqual(self.what_comes(topic, 0, "d"), [])

    def test_retained_message_comes_at_the_lower_qos(self):
        publisher = self.publisher()
        for qos in (0, 1, 2):
            self.keep(publisher, self.topic("q%d" % qos), str(qos), qos)
        publisher.publish(self.topic("fence"), "", 1)
        for granted in (0, 1, 2):
            expected = [(self.topic("q%d" % q), str(q), min(q, granted), True) for q in (0, 1, 2)]
            self.assertEqual(self.what_comes(self.topic("#"), 3, "g%d" % granted, qos=granted), expected)

    def test_wildcard_gets_exactly_the_retained_messages_that_match(self):
        publisher = self.publisher()
        for level in ("a", "a/b", "a/c", "a/b/d", "e/b"):
            self.keep(publisher, self.topic(level), level, 1)
        for filter, expected in (("a/+", ["a/b", "a/c"]), ("a/#", ["a", "a/b", "a/b/d", "a/c"]),
                                 ("+/b", ["a/b", "e/b"]), ("x/#", []), ("a/b", ["a/b"])):
            found = self.what_comes(self.topic(filter), len(expected), "w" + str(len(filter)) + filter[-1:])
            self.assertEqual([payload for _, payload, _, _ in found], expected, filter)

    def test_live_message_is_not_marked_retained(self):
        publisher, topic = self.publisher(), self.topic("live")
        client = self.connected("live")
        client.subscribe(topic)
        self.keep(publisher, topic, "live", 1)
        self.assertEqual([(m.payload, m.retain) for m in self.received(client, 1)], [(b"live", False)])
        publisher.publish(topic, "", 1, retain=True)        # the clearing itself is delivered too
        self.assertEqual([(m.payload, m.retain) for m in self.received(client, 1)], [(b"", False)])

    def test_subscribing_again_sends_retained_messages_again(self):
        publisher, topic = self.publisher(), self.topic("again")
        self.keep(publisher, topic, "kept", 1)
        client = self.connected("again")
        for _ in range(2):
            client.subscribe(topic, qos=1)
            self.assertEqual([(m.payload, m.retain) for m in self.received(client, 1)], [(b"kept", True)])

    def test_100_retained_messages(self):
        publisher = self.publisher()
        for i in range(100):
            self.keep(publisher, self.topic("n%03d" % i), str(i), 1)
        expected = [(self.topic("n%03d" % i), str(i), 1, True) for i in range(100)]
        self.assertEqual(self.what_comes(self.topic("+"), 100), expected)

    @mqtt5
    def test_retain_handling(self):
        publisher, topic = self.publisher(), self.topic("rh")
        self.keep(publisher, topic, "kept", 1)
        client = self.connected("rh")
        expected = {"kept": [b"kept"], "none": []}
        for handling, what in ((2, "none"), (1, "none"), (0, "kept"), (0, "kept"), (1, "none"), (2, "none")):
            # the first 1 finds the subscription that 2 has made
            client.subscribe(topic, rh=handling)
            self.assertEqual([m.payload for m in self.received(client, len(expected[what]))], expected[what])
        client.unsubscribe(topic)
        client.subscribe(topic, rh=1)
        self.assertEqual([m.payload for m in self.received(client, 1)], [b"kept"])

    @mqtt5
    def test_retain_as_published(self):
        publisher, topic = self.publisher(), self.topic("rap")
        keeping, plain = self.connected("keeping"), self.connected("plain")
        keeping.subscribe(topic, rap=True)
        plain.subscribe(topic, rap=False)
        self.keep(publisher, topic, "retained", 1)
        publisher.publish(topic, "not retained", 1)
        self.assertEqual([(m.payload, m.retain) for m in self.received(keeping, 2)],
                         [(b"retained", True), (b"not retained", False)])
        self.assertEqual([(m.payload, m.retain) for m in self.received(plain, 2)],
                         [(b"retained", False), (b"not retained", False)])

    @mqtt5
    def test_retained_message_keeps_its_properties(self):
        publisher, topic = self.publisher(), self.topic("props")
        props = {"contentType": "text/plain", "userProperties": [("a", "1"), ("b", "2")], "payloadFormatIndicator": 1,
                 "responseTopic": "answers/here", "correlationData": b"\x00\xff"}
        self.keep(publisher, topic, "kept", 1, props)
        client = self.connected("props")
        client.subscribe(topic)
        messages = self.received(client, 1)
        self.assertEqual([m.properties for m in messages], [props])

    @mqtt5
    def test_retained_message_expires(self):
        publisher, topic = self.publisher(), self.topic("expiry")
        self.keep(publisher, topic, "short", 1, {"messageExpiryInterval": 3})
        watcher = self.connected("watcher")
        watcher.subscribe(topic)
        self.assertEqual(self.payloads(self.received(watcher, 1)), ["short"])
        watcher.unsubscribe(topic)
        self.pass_time(4.1)
        self.assertEqual(self.what_comes(topic, 0), [])
