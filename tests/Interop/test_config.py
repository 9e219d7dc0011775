"""The same bridge section, as Mosquitto documents it, read by Femto and by Mosquitto: both ways to a real Mosquitto."""
import raw
from base import Case, Group
from broker import Broker, free_port

# The section on bridges of the mosquitto.conf that Mosquitto is documented with, each line that has a value, its
# comment sign removed.
DOCUMENTED = """listener {port} 127.0.0.1
allow_anonymous true

connection bridge-01
address 127.0.0.1:{upstream}
topic # both 1
bridge_attempt_unsubscribe true
bridge_protocol_version {version}
cleansession false
idle_timeout 60
keepalive_interval 60
notifications true
restart_timeout 5 30
round_robin false
start_type automatic
threshold 10
try_private true
bridge_outgoing_retain true
bridge_max_packet_size 0
bridge_insecure false
"""


class Config(Case):
    def broker(self, kind, config=None):
        broker = Broker(kind, config=config)
        self.cleanups.append(broker.stop)
        return broker

    def at(self, broker, name):
        client = raw.RawClient(broker.port, Group.version)
        self.cleanups.append(client.close)
        self.assertEqual(client.connect(self.name(name)).reason, 0)
        return client

    def test_documented_bridge_section_carries_both_ways(self):
        upstream = self.broker("mosquitto")
        version = "mqttv50" if Group.version == 5 else "mqttv311"
        # bridge_insecure stands in the section without a certificate file: there it says nothing.
        above = self.at(upstream, "above")
        above.subscribe(("$SYS/broker/connection/+/state", 1))
        above.subscribe((self.topic("up", "#"), 1))
        edge = self.broker(Group.kind, DOCUMENTED.format(port=free_port(), upstream=upstream.port, version=version))
        while above.message().payload != b"1":      # the bridge's own notification: it is connected
            pass
        below = self.at(edge, "below")
        below.subscribe((self.topic("down", "#"), 1))
        for i in range(20):
            below.publish(self.topic("up", "a"), b"%d" % i, 1)
        self.assertEqual([above.message().payload for _ in range(20)], [b"%d" % i for i in range(20)])
        found = None
        for _ in range(100):                        # until the bridge's subscription stands upstream
            above.publish(self.topic("down", "a"), b"down", 1)
            try:
                found = below.recv(timeout=0.2)
                break
            except Exception:
                continue
        self.assertIsNotNone(found)
        self.assertEqual(found.payload, b"down")
