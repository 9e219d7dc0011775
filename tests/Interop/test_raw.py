"""What is on the wire, byte for byte: a bare connection against the broker, both versions."""
import raw
from base import Case, Group, femto_only, mqtt3, mqtt5


class Wire(Case):
    def again(self, name):
        """A session that outlives its connection."""
        client = self.raw()
        connack = client.connect(self.name(name), clean=False,
                                 props={"sessionExpiryInterval": 300} if Group.version == 5 else None)
        self.assertEqual(connack.reason, 0)
        client.session_present = connack.session_present
        self.cleanups.append(lambda: self.raw().connect(self.name(name), clean=True))
        return client

    def exact(self, client, packet, kind, expected):
        """Sends a packet; the answer must have exactly these bytes."""
        client.send(packet)
        self.assertEqual(client.expect(kind).encoded.hex(), expected)

    @mqtt3
    def test_exact_bytes_of_3_1_1(self):
        client, a, b = self.raw(), self.topic("a"), self.topic("b")
        self.exact(client, raw.connect(self.name("exact"), 4), raw.CONNACK, "20020000")
        self.exact(client, raw.subscribe(0x1234, [(a, 2), (b, 0), (a, 1)], version=4), raw.SUBACK, "90051234020001")
        self.exact(client, raw.publish("x", b"1", 1, packet_id=0xFFFF, version=4), raw.PUBACK, "4002ffff")
        self.exact(client, raw.publish("x", b"1", 2, packet_id=1, version=4), raw.PUBREC, "50020001")
        self.exact(client, raw.ack(raw.PUBREL, 1), raw.PUBCOMP, "70020001")
        self.exact(client, raw.publish(b, b"2", 1, packet_id=2, version=4), raw.PUBACK, "40020002")
        self.assertEqual(client.message().encoded, raw.publish(b, b"2", 0, version=4))
        self.exact(client, raw.unsubscribe(0x4321, [a, "none"], version=4), raw.UNSUBACK, "b0024321")
        self.exact(client, raw.PING, raw.PINGRESP, "d000")
        client.send(raw.disconnect())
        self.assertIsNone(client.closed())

    @mqtt5
    def test_acknowledgements_in_their_shortest_form(self):
        client = self.raw_connected("short")
        client.subscribe((self.topic("a"), 0))
        self.exact(client, raw.publish(self.topic("a"), b"", 1, packet_id=5), raw.PUBACK, "40020005")
        self.exact(client, raw.publish(self.topic("a"), b"", 2, packet_id=6), raw.PUBREC, "50020006")
        self.exact(client, raw.ack(raw.PUBREL, 6), raw.PUBCOMP, "70020006")
        self.assertEqual([client.message().topic for _ in range(2)], [self.topic("a")] * 2)

    @mqtt5
    def test_acknowledgements_in_every_form_are_taken(self):
        client = self.raw_connected("forms")
        client.subscribe((self.topic("a"), 2))
        for reason, props in ((None, None), (0, None), (0, {}), (0, {"reasonString": "ok", "userProperties": [("a", "b")]})):
            client.publish(self.topic("a"), "1", 1)
            m = client.message(acknowledge=False)
            client.send(raw.ack(raw.PUBACK, m.packet_id, reason, props))
            client.send(raw.publish(self.topic("a"), b"2", 2, packet_id=77))
            client.expect(raw.PUBREC)
            client.send(raw.ack(raw.PUBREL, 77, reason, props))
            client.expect(raw.PUBCOMP)
            m = client.message(acknowledge=False)
            client.send(raw.ack(raw.PUBREC, m.packet_id, reason, props))
            self.assertEqual(client.expect(raw.PUBREL).packet_id, m.packet_id)
            client.send(raw.ack(raw.PUBCOMP, m.packet_id, reason, props))
        client.ping()

    # ---- redelivery

    def test_unacknowledged_qos_1_is_sent_again(self):
        client = self.again("kept")
        client.subscribe((self.topic("a"), 1))
        publisher = self.raw_connected("pub")
        for i in range(3):
            publisher.publish(self.topic("a"), str(i), 1)
        first = [client.message(acknowledge=False) for _ in range(3)]
        self.assertEqual([m.dup for m in first], [0, 0, 0])
        self.assertEqual(len({m.packet_id for m in first}), 3)
        client.send(raw.ack(raw.PUBACK, first[1].packet_id))
        client.ping()
        client.close()
        client = self.again("kept")
        self.assertEqual(client.session_present, 1)
        second = [client.message() for _ in range(2)]
        self.assertEqual([(m.dup, m.packet_id, m.topic, m.payload) for m in second],
                         [(1, m.packet_id, self.topic("a"), m.payload) for m in (first[0], first[2])])
        client.ping()
        client.close()
        client = self.again("kept")
        client.ping()
        self.assertEqual(client.waiting, [])

    def test_unfinished_qos_2_goes_on_where_it_stood(self):
        client = self.again("kept")
        client.subscribe((self.topic("a"), 2))
        publisher = self.raw_connected("pub")
        publisher.publish(self.topic("a"), "one", 2)
        m = client.message(acknowledge=False)
        client.close()
        client = self.again("kept")                                  # no PUBREC: PUBLISH again
        again = client.message(acknowledge=False)
        self.assertEqual((again.dup, again.packet_id, again.payload, again.qos), (1, m.packet_id, b"one", 2))
        client.send(raw.ack(raw.PUBREC, m.packet_id))
        self.assertEqual(client.expect(raw.PUBREL).packet_id, m.packet_id)
        client.close()
        client = self.again("kept")                                  # no PUBCOMP: PUBREL again, never PUBLISH
        self.assertEqual(client.expect(raw.PUBREL).encoded, raw.ack(raw.PUBREL, m.packet_id))
        client.send(raw.ack(raw.PUBCOMP, m.packet_id))
        client.ping()
        client.close()
        client = self.again("kept")
        client.ping()
        self.assertEqual(client.waiting, [])

    def test_qos_2_sent_twice_is_delivered_once(self):
        watcher = self.raw_connected("watcher")
        watcher.subscribe((self.topic("a"), 2))
        client = self.again("kept")
        client.send(raw.publish(self.topic("a"), b"once", 2, packet_id=9, version=Group.version))
        client.expect(raw.PUBREC)
        client.send(raw.publish(self.topic("a"), b"once", 2, packet_id=9, dup=True, version=Group.version))
        client.expect(raw.PUBREC)
        client.close()
        client = self.again("kept")
        client.send(raw.publish(self.topic("a"), b"once", 2, packet_id=9, dup=True, version=Group.version))
        client.expect(raw.PUBREC)
        client.send(raw.ack(raw.PUBREL, 9))
        client.expect(raw.PUBCOMP)
        # the identifier is free again: now it is another message
        client.send(raw.publish(self.topic("a"), b"two", 2, packet_id=9, version=Group.version))
        client.expect(raw.PUBREC)
        client.send(raw.ack(raw.PUBREL, 9))
        client.expect(raw.PUBCOMP)
        self.assertEqual([watcher.message().payload for _ in range(2)], [b"once", b"two"])
        watcher.ping()
        self.assertEqual(watcher.waiting, [])

    @mqtt5
    def test_pubrel_for_an_unknown_identifier(self):
        client = self.raw_connected("unknown")
        client.send(raw.ack(raw.PUBREL, 4711))
        p = client.expect(raw.PUBCOMP)
        # Mosquitto answers 0; the specification asks for Packet Identifier not found
        self.assertEqual((p.packet_id, p.reason), (4711, self.pick(0x92, 0)))

    @mqtt3
    def test_pubrel_for_an_unknown_identifier_is_answered(self):
        client = self.raw_connected("unknown")
        client.send(raw.ack(raw.PUBREL, 4711))
        self.assertEqual(client.expect(raw.PUBCOMP).packet_id, 4711)

    def test_acknowledgement_for_an_unknown_identifier_harms_nobody(self):
        client = self.raw_connected("unknown")
        client.send(raw.ack(raw.PUBACK, 99))
        client.send(raw.ack(raw.PUBCOMP, 99))
        client.ping()

    def test_many_on_the_way_are_acknowledged_out_of_order(self):
        client, publisher = self.raw_connected("client"), self.raw_connected("pub")
        client.subscribe((self.topic("a"), 1))
        for i in range(8):
            publisher.publish(self.topic("a"), str(i), 1)
        messages = [client.message(acknowledge=False) for _ in range(8)]
        self.assertEqual([m.payload for m in messages], [b"%d" % i for i in range(8)])
        for m in reversed(messages):
            client.send(raw.ack(raw.PUBACK, m.packet_id))
        for i in range(8, 40):
            publisher.publish(self.topic("a"), str(i), 1)
            self.assertEqual(client.message().payload, b"%d" % i)

    # ---- what a broker must refuse

    def refused(self, packet):
        """Sends a packet after CONNECT: the reason of the DISCONNECT, None without one; it must close."""
        client = self.raw_connected("wrong", will={"topic": self.topic("will"), "payload": b"w"})
        client.send(packet)
        reason = client.closed()
        return reason

    # name: packet (from version), reason in MQTT 5
    WRONG = {
        "QoS 3": (lambda v: raw.publish("a", b"", 3, packet_id=1, version=v), 0x81),
        "DUP at QoS 0": (lambda v: raw.publish("a", b"", 0, dup=True, version=v), 0x81),
        "packet identifier 0": (lambda v: raw.publish("a", b"", 1, packet_id=0, version=v), 0x82),
        "wildcard in topic name": (lambda v: raw.publish("a/+", b"", version=v), 0x90),
        "bad UTF-8 in topic name": (lambda v: raw.publish(b"a\xc0\xaf", b"", version=v), 0x81),
        "surrogate in topic name": (lambda v: raw.publish(b"a\xed\xa0\x80", b"", version=v), 0x81),
        "U+0000 in topic name": (lambda v: raw.publish(b"a\x00", b"", version=v), 0x81),
        "topic past the packet": (lambda v: raw.packet(raw.PUBLISH, 0, b"\x00\x09a"), 0x81),
        "SUBSCRIBE with flags 0": (lambda v: raw.packet(raw.SUBSCRIBE, 0, raw.subscribe(1, [("a", 0)], version=v)[2:]), 0x81),
        "SUBSCRIBE without a filter": (lambda v: raw.subscribe(1, [], version=v), 0x82),
        "SUBSCRIBE with identifier 0": (lambda v: raw.subscribe(0, [("a", 0)], version=v), 0x82),
        "SUBSCRIBE with reserved bits": (lambda v: raw.subscribe(1, [("a", 0xC0)], version=v), 0x81),
        "SUBSCRIBE for QoS 3": (lambda v: raw.subscribe(1, [("a", 3)], version=v), 0x82),
        "UNSUBSCRIBE without a filter": (lambda v: raw.unsubscribe(1, [], version=v), 0x82),
        "UNSUBSCRIBE with flags 0": (lambda v: raw.packet(raw.UNSUBSCRIBE, 0, raw.unsubscribe(1, ["a"], version=v)[2:]), 0x81),
        "PUBREL with flags 0": (lambda v: raw.packet(raw.PUBREL, 0, b"\x00\x01"), 0x81),
        "PINGREQ with flags": (lambda v: raw.packet(raw.PINGREQ, 1, b""), 0x81),
        "PINGREQ with a body": (lambda v: raw.packet(raw.PINGREQ, 0, b"x"), 0x81),
        "remaining length of five bytes": (lambda v: b"\x30\xff\xff\xff\xff\x01", 0x81),
        "packet type 0": (lambda v: b"\x00\x00", 0x81),
        "CONNACK from a client": (lambda v: raw.packet(raw.CONNACK, 0, b"\x00\x00" + (b"\x00" if v == 5 else b"")), 0x82),
        "SUBACK from a client": (lambda v: raw.packet(raw.SUBACK, 0, b"\x00\x01" + (b"\x00" if v == 5 else b"") + b"\x00"), 0x82),
        "PINGRESP from a client": (lambda v: raw.packet(raw.PINGRESP, 0, b""), 0x82),
    }
    WRONG_5 = {
        "no topic and no alias": (raw.publish("", b""), 0x82),
        "topic alias 0": (raw.publish("a", b"", props={"topicAlias": 0}), 0x94),
        "topic alias past the maximum": (raw.publish("a", b"", props={"topicAlias": 65535}), 0x94),
        "unknown topic alias": (raw.publish("", b"", props={"topicAlias": 1}), 0x82),
        "subscription identifier from a client": (raw.publish("a", b"", props={"subscriptionIdentifier": 1}), 0x82),
        "property twice": (raw.publish("a", b"", props={"payloadFormatIndicator": [1, 1]}), 0x82),
        "payload format 2": (raw.publish("a", b"", props={"payloadFormatIndicator": 2}), 0x82),
        "property of another packet": (raw.publish("a", b"", props={"receiveMaximum": 1}), 0x81),
        "unknown property": (raw.packet(raw.PUBLISH, 0, b"\x00\x01a\x02\x7f\x00"), 0x81),
        "property block past the packet": (raw.packet(raw.PUBLISH, 0, b"\x00\x01a\x09\x01\x00"), 0x81),
        "wildcard in response topic": (raw.publish("a", b"", props={"responseTopic": "a/#"}), 0x90),
        "retain handling 3": (raw.subscribe(1, [("a", 0x30)]), 0x82),
        "subscription identifier 0": (raw.subscribe(1, [("a", 0)], {"subscriptionIdentifier": 0}), 0x82),
        "no local on a shared subscription": (raw.subscribe(1, [("$share/g/a", 4)]), 0x82),
        "AUTH without a method": (raw.packet(raw.AUTH, 0, b"\x18\x00"), 0x82),
        "DISCONNECT with flags": (raw.packet(raw.DISCONNECT, 1, b"\x00"), 0x81),
        "session expiry raised from 0": (raw.disconnect(0, {"sessionExpiryInterval": 10}), 0x82),
    }

    def test_wrong_packets_close_the_connection(self):
        for name, (build, code) in self.WRONG.items():
            with self.subTest(name):
                if Group.kind == "mosquitto" and name in self.TAKEN:
                    continue
                expected = code if Group.version == 5 else None
                reason = self.refused(build(Group.version))
                if Group.kind == "femto":
                    self.assertEqual(reason, expected)

    # wrong packets that Mosquitto 2.0.11 takes
    TAKEN = ("DUP at QoS 0", "PINGREQ with a body", "SUBSCRIBE with reserved bits", "packet identifier 0",
             "PINGREQ with flags", "SUBSCRIBE with identifier 0", "topic alias 0", "no local on a shared subscription",
             "payload format 2", "DISCONNECT with flags", "SUBSCRIBE for QoS 3", "PINGRESP from a client", "SUBACK from a client",
             "subscription identifier from a client", "wildcard in response topic")

    @mqtt5
    def test_wrong_packets_of_mqtt_5_close_the_connection(self):
        for name, (packet, code) in self.WRONG_5.items():
            with self.subTest(name):
                if Group.kind == "mosquitto" and name in self.TAKEN:
                    continue
                reason = self.refused(packet)
                if Group.kind == "femto":
                    self.assertEqual(reason, code)

    def test_wrong_connect_is_not_answered_with_success(self):
        name, version = self.name("c"), Group.version
        good = raw.connect(name, version)
        flags = good.index(bytes([0, 4]) + b"MQTT") + 7
        wrong = {
            "reserved flag": good[:flags] + bytes([good[flags] | 1]) + good[flags + 1:],
            "will QoS without will": good[:flags] + bytes([good[flags] | 8]) + good[flags + 1:],
            "will retain without will": good[:flags] + bytes([good[flags] | 32]) + good[flags + 1:],
            "will QoS 3": raw.connect(name, version, will={"topic": "a", "payload": b"", "qos": 3}),
            "a byte too many": raw.packet(raw.CONNECT, 0, good[2:] + b"x"),
            "flags in the fixed header": bytes([0x11]) + good[1:],
            "bad UTF-8 in the client identifier": raw.connect(b"\xff\xfe", version),
        }
        if version == 4:
            wrong["password without user name"] = raw.connect(name, version, password="x")
            wrong["no client identifier without clean session"] = raw.connect("", version, clean=False)
        else:
            wrong["receive maximum 0"] = raw.connect(name, props={"receiveMaximum": 0})
            wrong["maximum packet size 0"] = raw.connect(name, props={"maximumPacketSize": 0})
            wrong["session expiry twice"] = raw.connect(name, props={"sessionExpiryInterval": [1, 1]})
        taken = ("bad UTF-8 in the client identifier", "a byte too many", "password without user name")
        for what, packet in wrong.items():
            with self.subTest(what):
                if Group.kind == "mosquitto" and what in taken:
                    continue
                client = self.raw()
                client.send(packet)
                try:
                    p = client.recv()
                    self.assertEqual(p.kind, raw.CONNACK)
                    self.assertGreater(p.reason, 0 if version == 4 else 0x7F)
                    self.assertIsNone(client.closed())
                except raw.Closed:
                    pass

    @femto_only("Mosquitto closes the connection when one filter of a SUBSCRIBE is wrong")
    def test_wrong_filters_are_refused_one_by_one(self):
        client = self.raw_connected("filters")
        failed = 0x8F if Group.version == 5 else 0x80
        filters = [("a/#/b", 1), (self.topic("good"), 1), ("a+", 1), ("a/b#", 1), ("", 1), ("$share/g", 1), ("$share//a", 1),
                   ("$share/g+/a", 1)]
        answer = client.subscribe(*filters)
        self.assertEqual(answer.reasons, [failed, 1] + [failed] * 6)
        client.publish(self.topic("good"), "x", 1)
        self.assertEqual(client.message().payload, b"x")

    @mqtt5
    def test_receive_maximum_of_the_broker_exceeded(self):
        client = self.raw()
        maximum = client.connect(self.name("many")).properties.get("receiveMaximum", 65535)
        for i in range(maximum):
            client.send(raw.publish(self.topic("a"), b"", 2, packet_id=i + 1))
        for i in range(maximum):
            self.assertEqual(client.expect(raw.PUBREC).packet_id, i + 1)
        client.send(raw.publish(self.topic("a"), b"", 2, packet_id=maximum + 1))
        self.assertEqual(client.closed(), self.pick(0x93, None))

    @mqtt5
    def test_packet_too_large_is_refused_by_its_head(self):
        client = self.raw_connected("large")
        client.send(raw.packet(raw.PUBLISH, 0, b"")[:1] + raw.var(100000000))
        self.assertEqual(client.closed(), 0x95)

    @mqtt5
    def test_client_that_disconnects_by_a_protocol_error_has_its_will_sent(self):
        watcher = self.raw_connected("watcher")
        watcher.subscribe((self.topic("will"), 1))
        client = self.raw_connected("wrong", will={"topic": self.topic("will"), "payload": b"will", "qos": 1})
        client.send(raw.publish("a/#", b""))
        client.closed()
        m = watcher.message()
        self.assertEqual((m.topic, m.payload), (self.topic("will"), b"will"))

    @mqtt5
    def test_nothing_is_taken_after_disconnect(self):
        watcher = self.raw_connected("watcher")
        watcher.subscribe((self.topic("#"), 1))
        client = self.raw_connected("leaving", will={"topic": self.topic("will"), "payload": b"will", "qos": 1})
        client.send(raw.disconnect(0) + raw.publish(self.topic("late"), b"late", 1, packet_id=1))
        self.assertIsNone(client.closed())
        watcher.publish(self.topic("end"), "end", 1)
        self.assertEqual(watcher.message().topic, self.topic("end"))

    def test_3_1_1_and_5_talk_to_each_other(self):
        old, new = self.raw_connected("old", version=4), self.raw_connected("new", version=5)
        old.subscribe((self.topic("from", "new"), 2))
        new.subscribe((self.topic("from", "old"), 2))
        old.publish(self.topic("from", "old"), "old", 2)
        m = new.message()
        self.assertEqual((m.payload, m.qos, m.properties), (b"old", 2, {}))
        new.publish(self.topic("from", "new"), "new", 2, props={"contentType": "x", "userProperties": [("a", "b")]})
        m = old.message()
        self.assertEqual((m.payload, m.qos, m.properties), (b"new", 2, {}))

    def test_take_over_by_the_other_version(self):
        other = 4 if Group.version == 5 else 5
        old = self.raw_connected("same")
        self.raw_connected("same", version=other)
        self.assertEqual(old.closed(), self.pick(0x8E if Group.version == 5 else None, None))

    def test_65535_packet_identifiers(self):
        client = self.raw_connected("all")
        batch = b"".join(raw.publish(self.topic("a"), b"", 1, packet_id=i, version=Group.version) for i in range(1, 65536))
        sent, expected = 0, 1
        # ten on the way at a time, all identifiers in turn
        size = len(raw.publish(self.topic("a"), b"", 1, packet_id=1, version=Group.version))
        while expected < 65536:
            count = min(10, 65536 - expected)
            client.send(batch[sent:sent + count * size])
            sent += count * size
            for _ in range(count):
                self.assertEqual(client.expect(raw.PUBACK).packet_id, expected)
                expected += 1
