"""PUBLISH from end to end: QoS, order, topics, subscriptions. Paho and MQTT.js, both versions."""
from base import Case, Group, femto_only, mqtt5


class Delivery(Case):
    def test_qos_is_the_lower_of_published_and_granted(self):
        publisher = self.connected("pub")
        for granted in (0, 1, 2):
            subscriber = self.connected("sub%d" % granted)
            topic = self.topic("granted%d" % granted)
            self.assertEqual(subscriber.subscribe(topic, qos=granted), [granted])
            for qos in (0, 1, 2):
                publisher.publish(topic, "at %d" % qos, qos)
                self.assertEqual(self.brief(self.received(subscriber, 1)), [(topic, "at %d" % qos, min(qos, granted))])

    def order(self, qos):
        subscriber, publisher = self.connected("sub"), self.connected("pub")
        topic = self.topic("order")
        self.assertEqual(subscriber.subscribe(topic, qos=qos), [qos])
        publisher.publish_many(topic, 1000, qos)
        messages = self.received(subscriber, 1000)
        self.assertEqual(self.payloads(messages), [str(i) for i in range(1000)])
        self.assertEqual({(m.topic, m.qos, m.retain, m.dup) for m in messages}, {(topic, qos, False, False)})

    def test_1000_messages_in_order_at_qos_0(self):
        self.order(0)

    def test_1000_messages_in_order_at_qos_1(self):
        self.order(1)

    def test_1000_messages_in_order_at_qos_2(self):
        self.order(2)

    def test_fan_out_to_ten(self):
        subscribers = [self.connected("sub%d" % i) for i in range(10)]
        publisher = self.connected("pub")
        for i, subscriber in enumerate(subscribers):
            subscriber.subscribe(self.topic("fan"), qos=i % 3)
        for i in range(10):
            publisher.publish(self.topic("fan"), str(i), 2)
        for i, subscriber in enumerate(subscribers):
            expected = [(self.topic("fan"), str(k), i % 3) for k in range(10)]
            self.assertEqual(self.brief(self.received(subscriber, 10)), expected)

    def test_payload_of_no_bytes_and_of_every_byte(self):
        subscriber, publisher = self.connected("sub"), self.connected("pub")
        subscriber.subscribe(self.topic("bytes"))
        for payload in (b"", bytes(range(256))):
            publisher.publish(self.topic("bytes"), payload, 1)
            messages = self.received(subscriber, 1)
            self.assertEqual([m.payload for m in messages], [payload])

    def test_topic_in_utf_8(self):
        subscriber, publisher = self.connected("sub"), self.connected("pub")
        topic = self.topic("Größe", "温度", "\U0001F321")
        subscriber.subscribe(self.topic("+", "温度", "#"))
        publisher.publish(topic, "21.5 °C", 1)
        self.assertEqual(self.brief(self.received(subscriber, 1)), [(topic, "21.5 °C", 1)])

    def test_wildcards(self):
        publisher = self.connected("pub")
        cases = {
            "plus": (("a", "+", "c"), ["a/b/c", "a//c"]),
            "last": (("a", "+"), ["a/b", "a/"]),
            "hash": (("a", "#"), ["a", "a/b", "a/", "a/b/c", "a//c"]),
            "both": (("+", "b", "#"), ["a/b", "a/b/c", "x/b", "A/b"]),
        }
        subscribers = {}
        for name, (levels, _) in cases.items():
            subscribers[name] = self.connected(name)
            self.assertEqual(subscribers[name].subscribe(self.topic(*levels), qos=1), [1])
        for topic in ("a", "a/b", "a/", "a/b/c", "a//c", "x", "x/b", "A/b"):
            publisher.publish(self.topic(topic), topic, 1)
        for name, (_, expected) in cases.items():
            self.assertEqual(self.payloads(self.received(subscribers[name], len(expected))), expected, name)

    def test_wildcard_at_the_first_level_does_not_match_dollar_topics(self):
        client, publisher = self.connected("client"), self.connected("pub")
        client.subscribe("#", "+/own", "$own/#", qos=1)
        publisher.publish(self.topic("seen"), "by #", 1)
        publisher.publish("$own/x", "by its own filter", 1)
        # others of this group publish nothing meanwhile: the tests of a group run one after another
        messages = [m for m in self.received(client) if not m.topic.startswith("$SYS")]
        topics = {m.topic for m in messages}
        self.assertLessEqual({self.topic("seen"), "$own/x"}, topics)
        self.assertEqual([m.payload for m in messages if m.topic == "$own/x"], [b"by its own filter"])
        client.unsubscribe("#", "$own/#", "+/own")

    def test_several_filters_in_one_subscribe(self):
        client, publisher = self.connected("client"), self.connected("pub")
        filters = [(self.topic("a"), 0), (self.topic("b"), 2), (self.topic("c", "#"), 1)]
        self.assertEqual(client.subscribe(*filters), [0, 2, 1])
        for level in ("a", "b", "c", "d"):
            publisher.publish(self.topic(level), level, 2)
        expected = [(self.topic("a"), "a", 0), (self.topic("b"), "b", 2), (self.topic("c"), "c", 1)]
        # order is kept within one QoS only
        self.assertEqual(sorted(self.brief(self.received(client, 3))), expected)

    def test_subscribing_again_replaces_the_qos(self):
        client, publisher = self.connected("client"), self.connected("pub")
        self.assertEqual(client.subscribe(self.topic("a"), qos=2), [2])
        self.assertEqual(client.subscribe(self.topic("a"), qos=0), [0])
        publisher.publish(self.topic("a"), "once", 2)
        self.assertEqual(self.brief(self.received(client, 1)), [(self.topic("a"), "once", 0)])

    def test_unsubscribe_stops_delivery(self):
        client, publisher = self.connected("client"), self.connected("pub")
        client.subscribe(self.topic("a"), self.topic("b"))
        codes = client.unsubscribe(self.topic("a"))
        self.assertEqual(codes, [0] if Group.version == 5 else [])
        publisher.publish(self.topic("a"), "not for us", 2)
        publisher.publish(self.topic("b"), "for us", 2)
        self.assertEqual(self.payloads(self.received(client, 1)), ["for us"])

    @mqtt5
    def test_reason_codes_of_acknowledgements(self):
        client = self.connected("client")
        client.subscribe(self.topic("a"))
        self.assertEqual(client.unsubscribe(self.topic("a"), self.topic("none")), [0, 0x11])
        # 0x10, no matching subscribers, is optional; Femto and Mosquitto both tell
        self.assertEqual(client.publish(self.topic("nobody"), "x", 1), 0x10)
        self.assertIn(client.publish(self.topic("nobody"), "x", 2), (0x10, 0))
        client.subscribe(self.topic("a"))
        self.assertEqual(client.publish(self.topic("a"), "x", 1), 0)

    def test_publisher_receives_its_own_message(self):
        client = self.connected("client")
        client.subscribe(self.topic("echo"), qos=2)
        for qos in (0, 1, 2):
            client.publish(self.topic("echo"), "q%d" % qos, qos)
            self.assertEqual(self.brief(self.received(client, 1)), [(self.topic("echo"), "q%d" % qos, qos)])

    def test_shared_subscription_gives_each_message_to_one_member(self):
        members = [self.connected("member%d" % i) for i in range(3)]
        plain, publisher = self.connected("plain"), self.connected("pub")
        for member in members:
            self.assertEqual(member.subscribe("$share/group/" + self.topic("#"), qos=1), [1])
        plain.subscribe(self.topic("#"), qos=1)
        for i in range(30):
            publisher.publish(self.topic("job"), str(i), 1)
        expected = [str(i) for i in range(30)]
        self.assertEqual(self.payloads(self.received(plain, 30)), expected)
        shares = [self.payloads(self.received(member)) for member in members]
        self.assertEqual(sorted(sum(shares, []), key=int), expected)
        for share in shares:
            self.assertEqual(share, sorted(share, key=int))
            self.assertGreater(len(share), 0)

    def test_two_shared_groups_and_a_member_that_leaves(self):
        one, two, other = self.connected("one"), self.connected("two"), self.connected("other")
        publisher = self.connected("pub")
        for client, group in ((one, "g"), (two, "g"), (other, "h")):
            client.subscribe("$share/%s/%s" % (group, self.topic("a")), qos=1)
        self.assertEqual(two.unsubscribe("$share/g/" + self.topic("a")), [0] if Group.version == 5 else [])
        for i in range(6):
            publisher.publish(self.topic("a"), str(i), 1)
        expected = [str(i) for i in range(6)]
        self.assertEqual(self.payloads(self.received(one, 6)), expected)
        self.assertEqual(self.payloads(self.received(other, 6)), expected)
        self.assertEqual(self.received(two), [])

    @femto_only("Mosquitto 2.0.11 sends retained messages to shared subscriptions")
    def test_shared_subscription_gets_no_retained_messages(self):
        client, publisher = self.connected("client"), self.connected("pub")
        publisher.publish(self.topic("kept"), "retained", 1, retain=True)
        client.subscribe("$share/group/" + self.topic("kept"), qos=1)
        self.assertEqual(self.received(client), [])
        publisher.publish(self.topic("kept"), "", 1, retain=True)
        self.assertEqual(self.payloads(self.received(client, 1)), [""])

    def test_sys_topics(self):
        client = self.connected("client")
        client.subscribe("$SYS/broker/version", "$SYS/broker/clients/connected", "$SYS/broker/uptime", qos=0)
        seen = {}
        while len(seen) < 3:
            m = client.messages.get(timeout=40)
            seen[m.topic] = m.payload.decode()
        self.assertIn("0" if Group.kind == "femto" else "mosquitto version 2.0.11",
                      seen["$SYS/broker/version"])
        self.assertGreaterEqual(int(seen["$SYS/broker/clients/connected"]), 1)
        self.assertGreaterEqual(int(seen["$SYS/broker/uptime"].split()[0]), 0)
        client.unsubscribe("$SYS/broker/version", "$SYS/broker/clients/connected", "$SYS/broker/uptime")
