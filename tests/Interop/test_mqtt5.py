"""MQTT 5 from end to end. Paho and MQTT.js; a bare connection observes what a library hides."""
import raw
from base import Case, Group, femto_only, library, mqtt5, start_broker


class Mqtt5(Case):
    @mqtt5
    def test_properties_arrive_unchanged(self):
        subscriber, publisher = self.connected("sub"), self.connected("pub")
        subscriber.subscribe(self.topic("a"))
        props = {"payloadFormatIndicator": 1, "contentType": "application/json", "responseTopic": "answers/1",
                 "correlationData": bytes(range(256)),
                 "userProperties": [("b", "2"), ("b", "1"), ("a", "3"), ("", ""), ("ü", "°")]}
        for qos in (0, 1, 2):
            publisher.publish(self.topic("a"), "{}", qos, props=props)
            messages = self.received(subscriber, 1)
            self.assertEqual([m.properties for m in messages], [props])

    @mqtt5
    def test_user_properties_keep_their_order(self):
        # MQTT.js groups pairs by key, so the observer is a bare connection; Paho sends pairs in any order
        observer, publisher = self.raw_connected("observer"), self.connected("pub")
        observer.subscribe(self.topic("a"))
        pairs = [("x", "1"), ("x", "3"), ("y", "2"), ("z", "")] if Group.library == "mqttjs" else \
            [("x", "1"), ("y", "2"), ("x", "3"), ("x", "1"), ("z", "")]
        publisher.publish(self.topic("a"), "", 1, props={"userProperties": pairs})
        self.assertEqual(observer.message().properties, {"userProperties": pairs})

    @mqtt5
    def test_request_and_response(self):
        requester, responder = self.connected("asks"), self.connected("answers")
        responder.subscribe(self.topic("service"), qos=1)
        requester.subscribe(self.topic("reply", "asks"), qos=1)
        for i in range(5):
            requester.publish(self.topic("service"), "question %d" % i, 1, props={
                "responseTopic": self.topic("reply", "asks"), "correlationData": b"\x00\xfe%d" % i})
        for m in self.received(responder, 5):
            responder.publish(m.properties["responseTopic"], m.payload.replace(b"question", b"answer"), 1,
                              props={"correlationData": m.properties["correlationData"]})
        self.assertEqual([(m.payload, m.properties) for m in self.received(requester, 5)],
                         [(b"answer %d" % i, {"correlationData": b"\x00\xfe%d" % i}) for i in range(5)])

    @mqtt5
    def test_message_expiry_counts_the_time_in_the_queue(self):
        props = {"sessionExpiryInterval": 60}
        client, publisher = self.connected("away", props=props), self.connected("pub")
        client.subscribe(self.topic("a"), qos=1)
        client.disconnect()
        client.closed()
        for payload, expiry in (("long", 100), ("short", 1), ("ever", None)):
            publisher.publish(self.topic("a"), payload, 1, props={"messageExpiryInterval": expiry} if expiry else None)
        self.pass_time(2.2)
        client = self.connected("away", clean=False, props=props)
        messages = self.received(client, 2)
        self.assertEqual(self.payloads(messages), ["long", "ever"])
        self.assertIn(messages[0].properties["messageExpiryInterval"], range(90, 99))
        self.assertEqual(messages[1].properties, {})
        client.disconnect(reason=0, props={"sessionExpiryInterval": 0})

    @mqtt5
    def test_message_expiry_of_a_live_message(self):
        subscriber, publisher = self.connected("sub"), self.connected("pub")
        subscriber.subscribe(self.topic("a"))
        publisher.publish(self.topic("a"), "x", 1, props={"messageExpiryInterval": 1000})
        self.assertIn(self.received(subscriber, 1)[0].properties["messageExpiryInterval"], range(990, 1001))

    @mqtt5
    @library("paho")
    def test_topic_alias_towards_the_broker(self):
        subscriber, publisher = self.connected("sub"), self.connected("pub")
        subscriber.subscribe(self.topic("#"))
        self.assertGreaterEqual(publisher.connack.properties["topicAliasMaximum"], 2)
        for topic, payload, qos, alias in ((self.topic("one"), "1", 0, 1), ("", "2", 0, 1), (self.topic("two"), "3", 1, 2),
                                           ("", "4", 1, 1), ("", "5", 2, 2), (self.topic("three"), "6", 1, 1), ("", "7", 1, 1)):
            publisher.publish(topic, payload, qos, props={"topicAlias": alias})
        messages = sorted(self.received(subscriber, 7), key=lambda m: m.payload)
        self.assertEqual([m.topic[len(self.base) + 1:] for m in messages],
                         ["one", "one", "two", "one", "two", "three", "three"])
        self.assertEqual([m.properties for m in messages], [{}] * 7)

    @mqtt5
    @library("mqttjs")
    def test_topic_alias_assigned_by_mqttjs_towards_the_broker(self):
        subscriber, publisher = self.connected("sub"), self.connected("pub", autoAlias=True)
        subscriber.subscribe(self.topic("#"))
        sent = []
        for topic, qos in (("one", 0), ("one", 0), ("two", 1), ("one", 1), ("two", 2)):
            publisher.publish(self.topic(topic), topic, qos)
            sent.append(publisher.peer.call("sent_alias", publisher.key)["topic"])
        self.assertEqual(sent, [self.topic("one"), "", self.topic("two"), "", ""])
        self.assertEqual(sorted(self.brief(self.received(subscriber, 5))),
                         sorted((self.topic(t), t, q) for t, q in (("one", 0), ("one", 0), ("two", 1), ("one", 1),
                                                                   ("two", 2))))

    @mqtt5
    @library("mqttjs")
    @femto_only("Mosquitto 2.0.11 never assigns a topic alias")
    def test_topic_alias_assigned_by_the_broker_is_understood_by_mqttjs(self):
        # QoS 0 and 1: MQTT.js 5.16.0 hands a QoS 2 message with an alias on without its topic
        subscriber, publisher = self.connected("sub", props={"topicAliasMaximum": 3}), self.connected("pub")
        subscriber.subscribe(self.topic("#"), qos=1)
        expected = []
        for i in range(40):
            topic = self.topic("t%d" % (i % 5))
            publisher.publish(topic, str(i), 1)
            expected.append((topic, str(i), 1))
        self.assertEqual(self.brief(self.received(subscriber, 40)), expected)

    @mqtt5
    @femto_only("Mosquitto 2.0.11 never assigns a topic alias")
    def test_topic_alias_assigned_by_the_broker(self):
        # Paho 1.6.1 does not know inbound aliases, and MQTT.js hides them: the subscriber is a bare connection
        observer, publisher = self.raw_connected("observer", props={"topicAliasMaximum": 2}), self.connected("pub")
        observer.subscribe((self.topic("#"), 1))
        aliases, used = {}, 0
        for i in range(40):
            topic = self.topic("busy" if i % 2 else "t%d" % (i % 8))
            publisher.publish(topic, str(i), i % 3 and 1)
            m = observer.message()
            alias = m.properties.get("topicAlias")
            if alias is not None:
                self.assertIn(alias, (1, 2))
            if m.topic:
                if alias:
                    aliases[alias] = m.topic
            else:
                used += 1
                self.assertIn(alias, aliases)
            self.assertEqual((m.topic or aliases[alias], m.payload), (topic, b"%d" % i))
        self.assertGreater(used, 10)        # the busy topic at least goes by its alias

    @mqtt5
    def test_no_alias_for_a_client_that_allows_none(self):
        observer, publisher = self.raw_connected("observer"), self.connected("pub")
        observer.subscribe((self.topic("a"), 1))
        for i in range(10):
            publisher.publish(self.topic("a"), str(i), 1)
            m = observer.message()
            self.assertEqual((m.topic, m.payload, m.properties), (self.topic("a"), b"%d" % i, {}))

    @mqtt5
    def test_subscription_identifiers_of_all_that_match(self):
        client, publisher = self.connected("client"), self.connected("pub")
        for filter, qos, identifier in (("a/b", 1, 1), ("a/+", 1, 268435455), ("#", 1, 3), ("x", 1, 4)):
            client.subscribe(self.topic(filter), qos=qos, props={"subscriptionIdentifier": identifier})
        client.subscribe(self.topic("a/#"), qos=1)          # without an identifier
        publisher.publish(self.topic("a/b"), "", 1)
        messages = self.received(client)
        found = sorted(sum((m.properties.get("subscriptionIdentifier", []) for m in messages), []))
        self.assertEqual(found, [1, 3, 268435455])
        # Femto sends one message with all identifiers, Mosquitto one for each subscription; both are right
        self.assertEqual(len(messages), self.pick(1, 4))

    @mqtt5
    def test_subscription_identifier_is_replaced_and_removed(self):
        client, publisher = self.connected("client"), self.connected("pub")
        for identifier in (7, 8, None):
            client.subscribe(self.topic("a"), qos=1,
                             props={"subscriptionIdentifier": identifier} if identifier else None)
            publisher.publish(self.topic("a"), "", 1)
            self.assertEqual([m.properties.get("subscriptionIdentifier") for m in self.received(client, 1)],
                             [[identifier] if identifier else None])

    @mqtt5
    def test_subscription_identifier_of_a_retained_and_a_queued_message(self):
        publisher, props = self.connected("pub"), {"sessionExpiryInterval": 60}
        publisher.publish(self.topic("kept"), "kept", 1, retain=True)
        client = self.connected("away", props=props)
        client.subscribe(self.topic("#"), qos=1, props={"subscriptionIdentifier": 5})
        self.assertEqual([(m.payload, m.properties) for m in self.received(client, 1)],
                         [(b"kept", {"subscriptionIdentifier": [5]})])
        client.disconnect()
        client.closed()
        publisher.publish(self.topic("kept"), "", 1, retain=True)
        publisher.publish(self.topic("queued"), "queued", 1)
        client = self.connected("away", clean=False, props=props)
        self.assertEqual([(m.payload, m.properties) for m in self.received(client, 2)],
                         [(b"", {"subscriptionIdentifier": [5]}), (b"queued", {"subscriptionIdentifier": [5]})])
        client.disconnect(reason=0, props={"sessionExpiryInterval": 0})

    @mqtt5
    def test_no_local(self):
        client, other = self.connected("client"), self.connected("other")
        client.subscribe(self.topic("a"), nl=True)
        client.subscribe(self.topic("b"), nl=False)
        client.publish(self.topic("a"), "own", 1)
        client.publish(self.topic("b"), "own", 1)
        other.publish(self.topic("a"), "other's", 1)
        self.assertEqual(self.brief(self.received(client, 2)),
                         [(self.topic("b"), "own", 1), (self.topic("a"), "other's", 1)])

    @mqtt5
    def test_receive_maximum_1_keeps_messages_in_order(self):
        subscriber, publisher = self.connected("sub", props={"receiveMaximum": 1}), self.connected("pub")
        subscriber.subscribe(self.topic("a"))
        publisher.publish_many(self.topic("a"), 50, 2)
        self.assertEqual(self.payloads(self.received(subscriber, 50)), [str(i) for i in range(50)])

    @mqtt5
    def test_receive_maximum_is_kept(self):
        # a library acknowledges at once; a bare connection holds its acknowledgements back
        observer, publisher = self.raw_connected("observer", props={"receiveMaximum": 3}), self.connected("pub")
        observer.subscribe((self.topic("a"), 1), (self.topic("free"), 0))
        for i in range(10):
            publisher.publish(self.topic("a"), str(i), 1)
        held = [observer.message(acknowledge=False) for _ in range(3)]
        publisher.publish(self.topic("free"), "QoS 0 does not count", 0)
        publisher.publish(self.topic("other"), "so that the one before has been taken", 1)
        observer.ping()
        # a broker may let QoS 0 pass or keep it in its place: nothing else comes
        self.assertIn([m.payload for m in observer.waiting], ([], [b"QoS 0 does not count"]))
        free = len(observer.waiting)
        observer.waiting.clear()
        got = [m.payload for m in held]
        for m in held:
            observer.send(raw.ack(raw.PUBACK, m.packet_id))
        while len(got) < 10 or not free:
            m = observer.message()
            if m.qos:
                got.append(m.payload)
            else:
                free += 1
        self.assertEqual(free, 1)
        self.assertEqual(got, [b"%d" % i for i in range(10)])

    @mqtt5
    def test_maximum_packet_size_of_the_client(self):
        client, publisher = self.connected("client", props={"maximumPacketSize": 200}), self.connected("pub")
        client.subscribe(self.topic("a"), qos=1)
        head = 1 + 2 + 2 + len(self.topic("a")) + 2 + 1      # the remaining length takes two bytes
        # Mosquitto counts the remaining length only
        for size in (200, self.pick(201, 205), 5000, 150):
            publisher.publish(self.topic("a"), "x" * (size - head), 1)
        self.assertEqual([len(m.payload) + head for m in self.received(client, 2)], [200, 150])

    @mqtt5
    def test_server_keep_alive(self):
        # both are told 600 seconds at most: Femto by the limits of a small board, Mosquitto by max_keepalive
        broker = start_broker("--limits", "esp32")
        self.cleanups.append(broker.stop)
        for asked, told in ((65535, 600), (601, 600), (600, None), (60, None)):
            client = self.client("asks%d" % asked, port=broker.port)
            self.assertEqual(client.connect(keepalive=asked).reason, 0)
            self.assertEqual(client.connack.properties.get("serverKeepAlive"), told)
            client.disconnect()

    @mqtt5
    def test_reason_string_only_with_request_problem_information(self):
        quiet = self.raw_connected("quiet", props={"requestProblemInformation": 0})
        answers = [quiet.unsubscribe(self.topic("none")), quiet.subscribe(self.topic("a")),
                   quiet.subscribe((self.topic("bad/#/filter"), 1)) if Group.kind == "femto" else None,
                   quiet.publish(self.topic("nobody"), "x", 1)]
        for answer in answers:
            if answer is not None:
                self.assertEqual(answer.properties, {})

    @mqtt5
    def test_client_with_request_problem_information_0_works(self):
        client = self.connected("quiet", props={"requestProblemInformation": 0, "requestResponseInformation": 1})
        self.assertEqual(client.unsubscribe(self.topic("none")), [0x11])
        self.assertEqual(client.publish(self.topic("nobody"), "x", 1), 0x10)
        client.subscribe(self.topic("a"), qos=1)
        # user properties of a PUBLISH are not problem information: they arrive all the same
        client.publish(self.topic("a"), "x", 1, props={"userProperties": [("k", "v")]})
        self.assertEqual([m.properties for m in self.received(client, 1)], [{"userProperties": [("k", "v")]}])

    @mqtt5
    def test_user_properties_on_subscribe_unsubscribe_and_disconnect(self):
        client = self.connected("client", props={"userProperties": [("who", "me"), ("who", "still me")]})
        self.assertEqual(client.subscribe(self.topic("a"), qos=1, props={"userProperties": [("a", "b")]}), [1])
        client.disconnect(reason=0, props={"userProperties": [("c", "d")], "reasonString": "enough"})
        self.assertIsNone(client.closed())
