"""Sessions: reconnect, offline queue, expiry, takeover. Paho and MQTT.js, both versions."""
from base import Case, Group, mqtt5

KEEP = 0xFFFFFFFF


class Session(Case):
    def persistent(self, name, peer=None, clean=False, expiry=300):
        """Version 3.1.1 with clean session 0; version 5 with a session expiry interval."""
        props = {"sessionExpiryInterval": expiry} if Group.version == 5 and expiry is not None else None
        return self.connected(name, peer, clean=clean, props=props)

    def forget(self, name):
        """Ends the session, so that nothing of it stays."""
        self.cleanups.append(lambda: self.connected(name, clean=True).disconnect())

    def test_session_and_its_subscriptions_outlive_the_connection(self):
        self.forget("kept")
        client, publisher = self.persistent("kept"), self.connected("pub")
        self.assertFalse(client.connack.session_present)
        client.subscribe((self.topic("a"), 1), (self.topic("b", "#"), 2))
        client.disconnect()
        client = self.persistent("kept")
        self.assertTrue(client.connack.session_present)
        publisher.publish(self.topic("a"), "a", 2)
        publisher.publish(self.topic("b"), "b", 2)
        self.assertEqual(sorted(self.brief(self.received(client, 2))),
                         [(self.topic("a"), "a", 1), (self.topic("b"), "b", 2)])

    def test_offline_queue_is_delivered_in_order(self):
        self.forget("away")
        client, publisher = self.persistent("away"), self.connected("pub")
        client.subscribe((self.topic("one"), 1), (self.topic("two"), 2))
        client.disconnect()
        for i in range(20):
            publisher.publish(self.topic("one"), str(i), 1)
            publisher.publish(self.topic("two"), str(i), 2)
        client = self.persistent("away")
        self.assertTrue(client.connack.session_present)
        messages = self.received(client, 40)
        for level, qos in (("one", 1), ("two", 2)):
            self.assertEqual(self.brief(m for m in messages if m.topic == self.topic(level)),
                             [(self.topic(level), str(i), qos) for i in range(20)])
        self.assertEqual(len(messages), 40)

    def test_offline_queue_after_the_process_was_killed(self):
        self.forget("killed")
        peer, publisher = self.peer(), self.connected("pub")
        client = self.persistent("killed", peer)
        client.subscribe(self.topic("a"), qos=1)
        watcher = self.connected("watcher")
        watcher.subscribe(self.topic("gone"))
        peer.kill()
        for i in range(20):
            publisher.publish(self.topic("a"), str(i), 1)
        client = self.persistent("killed")
        self.assertTrue(client.connack.session_present)
        # what was written to the dead socket comes again; nothing is missing and the order is right
        self.assertEqual(self.brief(self.received(client, 20)), [(self.topic("a"), str(i), 1) for i in range(20)])

    def test_qos_0_does_not_fill_the_offline_queue(self):
        self.forget("away")
        client, publisher = self.persistent("away"), self.connected("pub")
        client.subscribe(self.topic("a"), qos=1)
        client.disconnect()
        client.closed()
        publisher.publish(self.topic("a"), "at 0", 0)
        publisher.publish(self.topic("a"), "at 1", 1)
        client = self.persistent("away")
        self.assertEqual(self.brief(self.received(client, 1)), [(self.topic("a"), "at 1", 1)])

    def test_clean_start_forgets_the_session(self):
        client, publisher = self.persistent("clean"), self.connected("pub")
        client.subscribe(self.topic("a"))
        client.disconnect()
        publisher.publish(self.topic("a"), "lost with the session", 1)
        client = self.connected("clean", clean=True)
        self.assertFalse(client.connack.session_present)
        publisher.publish(self.topic("a"), "no subscription any more", 1)
        self.assertEqual(self.received(client), [])
        client.disconnect()
        # a clean session leaves nothing behind either
        client = self.persistent("clean", expiry=None)
        self.assertFalse(client.connack.session_present)
        client.disconnect()
        self.connected("clean", clean=True)

    def test_take_over(self):
        self.forget("same")
        old = self.persistent("same")
        old.subscribe(self.topic("a"), qos=1)
        new = self.persistent("same", self.peer())
        self.assertEqual(old.closed(), self.pick(0x8E, None) if Group.version == 5 else None)
        self.assertTrue(new.connack.session_present)
        publisher = self.connected("pub")
        publisher.publish(self.topic("a"), "to the new one", 1)
        self.assertEqual(self.payloads(self.received(new, 1)), ["to the new one"])
        self.assertTrue(old.messages.empty())

    @mqtt5
    def test_session_expires(self):
        client = self.persistent("short", expiry=3)
        client.subscribe(self.topic("a"))
        client.disconnect()
        client = self.persistent("short", expiry=3)
        self.assertTrue(client.connack.session_present)     # not before its time
        client.disconnect()
        self.pass_time(self.pick(4.1, 5.1))
        client = self.persistent("short", expiry=0)
        self.assertFalse(client.connack.session_present)

    @mqtt5
    def test_session_without_expiry_ends_with_the_connection(self):
        client = self.persistent("none", expiry=None)
        client.subscribe(self.topic("a"))
        client.disconnect()
        client = self.persistent("none", expiry=None)
        self.assertFalse(client.connack.session_present)

    @mqtt5
    def test_session_that_never_expires(self):
        self.forget("never")
        client = self.persistent("never", expiry=KEEP)
        client.disconnect()
        client = self.persistent("never", expiry=KEEP)
        self.assertTrue(client.connack.session_present)

    @mqtt5
    def test_disconnect_changes_the_session_expiry(self):
        client = self.persistent("changed", expiry=300)
        client.disconnect(reason=0, props={"sessionExpiryInterval": 0})
        client.closed()
        client = self.persistent("changed", expiry=0)
        self.assertFalse(client.connack.session_present)
