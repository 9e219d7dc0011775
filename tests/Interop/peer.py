"""A client library in a process of its own, driven by lines of JSON; the same commands for Paho and MQTT.js."""
import base64
import itertools
import json
import os
import queue
import signal
import subprocess
import threading
import time
from types import SimpleNamespace

HERE = os.path.dirname(os.path.abspath(__file__))
COMMANDS = {
    "paho": ["/usr/bin/python3", os.path.join(HERE, "paho_driver.py")],
    "mqttjs": ["node", os.path.join(HERE, "mqttjs_driver.js")],
}
TIMEOUT = 40


class PeerError(Exception):
    """What the library answered instead of a result."""


class Peer:
    """One process; it may hold several clients."""

    def __init__(self, library):
        self.library = library
        self.process = subprocess.Popen(COMMANDS[library], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ids, self.answers, self.clients, self.lock = itertools.count(1), {}, {}, threading.Lock()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for text in self.process.stdout:
            line = json.loads(text)
            if "id" in line:
                self.answers[line["id"]].put(line)
            else:
                self.clients[line["client"]].event(line)
        with self.lock:
            for answer in self.answers.values():
                answer.put({"error": "the process ended"})

    def start(self, op, client, **fields):
        """Sends a command; the answer comes into the queue returned."""
        with self.lock:
            number = next(self.ids)
            answer = self.answers[number] = queue.Queue()
            self.process.stdin.write(json.dumps(dict(fields, id=number, op=op, client=client)) + "\n")
            self.process.stdin.flush()
        return answer

    def call(self, op, client, **fields):
        line = self.start(op, client, **fields).get(timeout=TIMEOUT)
        if "error" in line:
            raise PeerError(line["error"])
        return line["result"]

    def client(self, port, version, client_id):
        return Client(self, port, version, client_id)

    def kill(self):
        """SIGKILL: the operating system closes the sockets, no DISCONNECT is sent."""
        self.process.kill()
        self.process.wait()

    def freeze(self):
        self.process.send_signal(signal.SIGSTOP)

    def close(self):
        if self.process.poll() is None:
            self.process.stdin.close()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.kill()
        self.process.stdout.close()


def for_json(values):
    if values and "correlationData" in values:
        values = dict(values, correlationData=base64.b64encode(values["correlationData"]).decode())
    return values


class Client:
    """One client of a library. Options and properties have the names of raw.py."""

    numbers = itertools.count(1)

    def __init__(self, peer, port, version, client_id):
        self.peer, self.port, self.version, self.client_id = peer, port, version, client_id
        self.key = "c%d" % next(self.numbers)
        peer.clients[self.key] = self
        self.messages, self.pings, self.ends = queue.Queue(), queue.Queue(), queue.Queue()
        self.connack, self.fenced = None, 0

    def event(self, line):
        if line["event"] == "message":
            values = line["properties"]
            if "correlationData" in values:
                values["correlationData"] = base64.b64decode(values["correlationData"])
            if "userProperties" in values:
                values["userProperties"] = [tuple(pair) for pair in values["userProperties"]]
            self.messages.put(SimpleNamespace(
                topic=line["topic"], payload=base64.b64decode(line["payload"]), qos=line["qos"],
                retain=line["retain"], dup=line["dup"], properties=values))
        elif line["event"] == "ping":
            self.pings.put(time.monotonic())
        elif line["event"] == "closed":
            self.ends.put(line["reason"])

    def connect(self, clean=True, keepalive=60, will=None, props=None, **more):
        if will:
            will = dict({"qos": 0, "retain": False}, **will)
            will["payload"] = base64.b64encode(will["payload"]).decode()
            will["properties"] = for_json(will.get("properties"))
        result = self.peer.call("connect", self.key, port=self.port, version=self.version, clientId=self.client_id,
                                clean=clean, keepalive=keepalive, will=will, properties=props, **more)
        self.connack = SimpleNamespace(reason=result["reason"], session_present=result["sessionPresent"],
                                       properties=result["properties"])
        return self.connack

    def subscribe(self, *filters, qos=2, nl=False, rap=False, rh=0, props=None):
        """Filters are texts, or pairs of filter and QoS. Returns the reason codes."""
        wanted = [{"filter": f if isinstance(f, str) else f[0], "qos": qos if isinstance(f, str) else f[1],
                   "nl": nl, "rap": rap, "rh": rh} for f in filters]
        return self.peer.call("subscribe", self.key, filters=wanted, properties=props)

    def unsubscribe(self, *filters):
        return self.peer.call("unsubscribe", self.key, filters=list(filters))

    def publish(self, topic, payload=b"", qos=0, retain=False, props=None):
        """Returns the reason code when the exchange has ended; 0 at QoS 0."""
        if isinstance(payload, str):
            payload = payload.encode()
        return self.peer.call("publish", self.key, topic=topic, payload=base64.b64encode(payload).decode(), qos=qos,
                              retain=retain, properties=for_json(props))

    def publish_many(self, topic, count, qos):
        """Payloads are the numbers from 0 on."""
        return self.peer.call("publish_many", self.key, topic=topic, count=count, qos=qos)

    def disconnect(self, reason=None, props=None):
        self.peer.call("disconnect", self.key, reason=reason, properties=props)

    def closed(self):
        """Waits for the end of the connection: the reason of the broker's DISCONNECT, None without one."""
        return self.ends.get(timeout=TIMEOUT)
