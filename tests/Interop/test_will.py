"""Wills, by killing the client's process. Paho and MQTT.js, both versions."""
import time

from base import Case, Group, mqtt5


class Will(Case):
    def watcher(self):
        client = self.connected("watcher")
        client.subscribe(self.topic("#"))
        return client

    def will(self, payload=b"gone", **more):
        return dict({"topic": self.topic("will"), "payload": payload, "qos": 1}, **more)

    def test_will_is_sent_when_the_process_is_killed(self):
        for qos in (0, 1, 2):
            watcher, peer = self.watcher(), self.peer()
            self.connected("dying%d" % qos, peer, will=self.will(b"killed", qos=qos))
            peer.kill()
            messages = self.received(watcher, 1)
            self.assertEqual(self.brief(messages), [(self.topic("will"), "killed", qos)])
            self.assertFalse(messages[0].retain)
            watcher.disconnect()

    def test_retained_will_is_stored(self):
        watcher, peer = self.watcher(), self.peer()
        self.connected("dying", peer, will=self.will(b"kept", retain=True))
        peer.kill()
        self.assertEqual(self.payloads(self.received(watcher, 1)), ["kept"])
        later = self.connected("later")
        later.subscribe(self.topic("will"))
        self.assertEqual([(m.payload, m.retain) for m in self.received(later, 1)], [(b"kept", True)])
        later.publish(self.topic("will"), b"", 1, retain=True)

    def test_no_will_after_a_clean_disconnect(self):
        watcher = self.watcher()
        client = self.connected("leaving", will=self.will())
        client.disconnect()
        self.assertIsNone(client.closed())
        # a second client whose will does come: the first one's would have come before
        peer = self.peer()
        self.connected("dying", peer, will=self.will(b"second"))
        peer.kill()
        self.assertEqual(self.payloads(self.received(watcher, 1)), ["second"])

    def test_will_of_a_client_that_is_taken_over(self):
        # The old connection is closed without a DISCONNECT of the client: its will goes out. In MQTT 5 the will delay
        # of 0 has passed at once [MQTT-3.1.2-8].
        watcher = self.watcher()
        old = self.connected("same", will=self.will(b"old one"))
        self.connected("same", will=self.will(b"new one"))
        old.closed()
        self.assertEqual(self.payloads(self.received(watcher, 1)), ["old one"])

    @mqtt5
    def test_will_is_sent_on_disconnect_with_will(self):
        watcher = self.watcher()
        client = self.connected("leaving", will=self.will(b"on purpose"))
        client.disconnect(reason=4)
        self.assertEqual(self.payloads(self.received(watcher, 1)), ["on purpose"])

    @mqtt5
    def test_will_carries_its_properties(self):
        watcher, peer = self.watcher(), self.peer()
        props = {"contentType": "text/plain", "userProperties": [("why", "killed"), ("why", "really")],
                 "payloadFormatIndicator": 1, "responseTopic": "where/to", "correlationData": b"\x01\x02",
                 "messageExpiryInterval": 100}
        self.connected("dying", peer, will=self.will(properties=props))
        peer.kill()
        messages = self.received(watcher, 1)
        self.assertEqual([m.payload for m in messages], [b"gone"])
        found = messages[0].properties
        self.assertIn(found.pop("messageExpiryInterval"), range(90, 101))
        props.pop("messageExpiryInterval")
        self.assertEqual(found, props)

    @mqtt5
    def test_will_delay(self):
        watcher, peer = self.watcher(), self.peer()
        self.connected("dying", peer, will=self.will(properties={"willDelayInterval": 2}),
                       props={"sessionExpiryInterval": 60})
        killed = time.monotonic()
        peer.kill()
        messages = self.received(watcher, 1)
        passed = time.monotonic() - killed
        self.assertEqual(self.payloads(messages), ["gone"])
        self.assertGreater(passed, self.pick(1.9, 0.9))
        self.assertLess(passed, 10)

    @mqtt5
    def test_will_delay_ends_with_the_session(self):
        watcher, peer = self.watcher(), self.peer()
        self.connected("dying", peer, will=self.will(properties={"willDelayInterval": 600}),
                       props={"sessionExpiryInterval": 1})
        killed = time.monotonic()
        peer.kill()
        self.assertEqual(self.payloads(self.received(watcher, 1)), ["gone"])
        self.assertLess(time.monotonic() - killed, 10)

    @mqtt5
    def test_will_delay_is_cancelled_by_reconnecting(self):
        watcher, peer = self.watcher(), self.peer()
        will = self.will(properties={"willDelayInterval": 3})
        self.connected("dying", peer, will=will, props={"sessionExpiryInterval": 60})
        peer.kill()
        back = self.connected("dying", clean=False, props={"sessionExpiryInterval": 60})
        self.assertTrue(back.connack.session_present)
        self.pass_time(4.1)
        self.assertEqual(self.received(watcher), [])
