"""Eclipse Paho driven by lines of JSON: commands on stdin, answers and events on stdout. See peer.py.

Paho 1.6.1 keeps three things to itself that its user may want to know: the reason code of an acknowledgement, the
reason code of a DISCONNECT without properties, and the arrival of a PINGRESP. The subclass below looks at
the packets Paho has received and changes nothing.
"""
import base64
import json
import sys
import threading
import time

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCodes
from paho.mqtt.subscribeoptions import SubscribeOptions

output = threading.Lock()


def say(**line):
    text = json.dumps(line)
    with output:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


def to_paho(values, kind):
    """Properties in MQTT.js's names to Paho's, which are the specification's without spaces."""
    if not values:
        return None
    found = Properties(kind)
    for name, value in values.items():
        if name == "userProperties":
            found.UserProperty = [tuple(pair) for pair in value]
        elif name == "correlationData":
            found.CorrelationData = base64.b64decode(value)
        else:
            setattr(found, name[0].upper() + name[1:], value)
    return found


def from_paho(properties):
    found = {}
    for name, value in (vars(properties) if properties else {}).items():
        if name in ("packetType", "types", "names", "properties"):
            continue
        if name == "UserProperty":
            found["userProperties"] = value
        elif name == "CorrelationData":
            found["correlationData"] = base64.b64encode(value).decode()
        else:
            found[name[0].lower() + name[1:]] = value
    return found


class Client(mqtt.Client):
    def __init__(self, key, o):
        self.key, self.version = key, o["version"]
        protocol = mqtt.MQTTv5 if self.version == 5 else mqtt.MQTTv311
        super().__init__(o["clientId"], None if self.version == 5 else o["clean"], protocol=protocol,
                         reconnect_on_failure=False)
        self.answers, self.reasons, self.changed = {}, {}, threading.Condition()
        self.ended, self.disconnect_reason, self.last_connack = False, None, None
        self.on_message = self.message
        if self.version == 5:
            self.on_connect = lambda c, u, flags, rc, props: self.connack(flags, rc.value, props)
            self.on_subscribe = lambda c, u, mid, codes, props: self.answer(mid, [r.value for r in codes])
            self.on_disconnect = lambda c, u, rc, props: self.end()
            self.on_unsubscribe = lambda c, u, mid, props, codes: self.answer(
                mid, [r.value for r in codes] if isinstance(codes, list) else [codes.value])
        else:
            self.on_connect = lambda c, u, flags, rc: self.connack(flags, rc, None)
            self.on_subscribe = lambda c, u, mid, codes: self.answer(mid, list(codes))
            self.on_unsubscribe = lambda c, u, mid: self.answer(mid, [])
            self.on_disconnect = lambda c, u, rc: self.end()
        if o.get("will"):
            w = o["will"]
            self.will_set(w["topic"], base64.b64decode(w["payload"]), w["qos"], w["retain"],
                          to_paho(w.get("properties"), PacketTypes.WILLMESSAGE))

    # events, in Paho's thread

    def connack(self, flags, reason, properties):
        with self.changed:
            self.last_connack = {"reason": reason, "sessionPresent": flags["session present"],
                                 "properties": from_paho(properties)}
            self.changed.notify_all()

    def answer(self, mid, codes):
        with self.changed:
            self.answers[mid] = codes
            self.changed.notify_all()

    def end(self):
        with self.changed:
            self.ended = True
            self.changed.notify_all()
        say(client=self.key, event="closed", reason=self.disconnect_reason)

    def message(self, client, user, m):
        say(client=self.key, event="message", topic=m.topic, payload=base64.b64encode(m.payload).decode(),
            qos=m.qos, retain=bool(m.retain), dup=bool(m.dup),
            properties=from_paho(getattr(m, "properties", None)))

    # what Paho keeps to itself

    def _handle_disconnect(self):
        packet = self._in_packet["packet"]
        self.disconnect_reason = packet[0] if packet else 0
        return super()._handle_disconnect()

    def _handle_pubackcomp(self, cmd):
        self.see_reason()
        return super()._handle_pubackcomp(cmd)

    def _handle_pubrec(self):
        self.see_reason()
        return super()._handle_pubrec()

    def see_reason(self):
        packet = self._in_packet["packet"]
        mid = packet[0] << 8 | packet[1]
        self.reasons[mid] = self.reasons.get(mid) or (packet[2] if len(packet) > 2 else 0)

    def _handle_pingresp(self):
        say(client=self.key, event="ping")
        return super()._handle_pingresp()

    # commands

    def wait(self, ready):
        with self.changed:
            if not self.changed.wait_for(lambda: ready() or self.ended, 60):
                raise TimeoutError("no answer in 60 s")
            if not ready():
                raise ConnectionError("connection closed")

    def open(self, o):
        if self.version == 5:
            self.connect("127.0.0.1", o["port"], o["keepalive"], clean_start=o["clean"],
                         properties=to_paho(o.get("properties"), PacketTypes.CONNECT))
        else:
            self.connect("127.0.0.1", o["port"], o["keepalive"])
        self.loop_start()
        self.wait(lambda: self.last_connack)
        return self.last_connack

    def do_subscribe(self, o):
        if self.version == 5:
            topics = [(s["filter"], SubscribeOptions(s["qos"], s["nl"], s["rap"], s["rh"])) for s in o["filters"]]
            result, mid = self.subscribe(topics, properties=to_paho(o.get("properties"), PacketTypes.SUBSCRIBE))
        else:
            result, mid = self.subscribe([(s["filter"], s["qos"]) for s in o["filters"]])
        self.wait(lambda: mid in self.answers)
        return self.answers.pop(mid)

    def do_unsubscribe(self, o):
        properties = to_paho(o.get("properties"), PacketTypes.UNSUBSCRIBE)
        result, mid = self.unsubscribe(o["filters"], properties) if self.version == 5 \
            else self.unsubscribe(o["filters"])
        self.wait(lambda: mid in self.answers)
        return self.answers.pop(mid)

    def finish(self, info):
        until = time.monotonic() + 60
        while not info.is_published():
            if self.ended:
                raise ConnectionError("connection closed")
            if time.monotonic() > until:
                raise TimeoutError("no acknowledgement in 60 s")
            info.wait_for_publish(0.05)
        return self.reasons.pop(info.mid, 0)

    def do_publish(self, o):
        info = self.publish(o["topic"], base64.b64decode(o["payload"]), o["qos"], o["retain"],
                            to_paho(o.get("properties"), PacketTypes.PUBLISH))
        return self.finish(info)

    def do_publish_many(self, o):
        infos = [self.publish(o["topic"], str(i), o["qos"]) for i in range(o["count"])]
        return [self.finish(info) for info in infos][-1]

    def do_disconnect(self, o):
        if self.version == 5 and o.get("reason") is not None:
            self.disconnect(ReasonCodes(PacketTypes.DISCONNECT, identifier=o["reason"]),
                            to_paho(o.get("properties"), PacketTypes.DISCONNECT))
        elif self.version == 5:
            self.disconnect(properties=to_paho(o.get("properties"), PacketTypes.DISCONNECT))
        else:
            self.disconnect()
        with self.changed:
            self.changed.wait_for(lambda: self.ended, 60)


clients = {}


def run(o):
    try:
        key = o["client"]
        if o["op"] == "connect":
            clients[key] = Client(key, o)
            result = clients[key].open(o)
        else:
            result = getattr(clients[key], "do_" + o["op"])(o)
        say(id=o["id"], result=result)
    except Exception as error:
        say(id=o["id"], error="%s: %s" % (type(error).__name__, error))


for line in sys.stdin:
    threading.Thread(target=run, args=(json.loads(line),), daemon=True).start()
