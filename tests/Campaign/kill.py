"""A broker with persistence is killed with SIGKILL at random moments under load, started again, and every acknowledged
message is accounted for: at a subscriber of its own with a persistent session, behind its bridge at Mosquitto, and from
Mosquitto down the bridge.

    kill.py [--broker femto|mosquitto|both] [--kills N] [--seed S] [--version 4|5] [--keep]

FEMTO names the command that runs boards/host (tests/kill sets it). The last lines are a table, then
"N passed, N failed".
"""
import argparse
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "Interop"))
sys.path.insert(0, HERE)

import paho.mqtt.client as paho              # noqa: E402
from broker import free_port                 # noqa: E402
from bridge import Server, is_open, wait_for  # noqa: E402

WINDOW = 20
PATIENCE = 60

CLOUD = """listener {port} 127.0.0.1
allow_anonymous true
user root
max_queued_messages 0
max_inflight_messages 20
log_dest none
"""

CONFIG = """listener {port} 127.0.0.1
allow_anonymous true
persistence true
persistence_location {folder}/
{own}
connection cloud
address 127.0.0.1:{cloud}
remote_clientid edge
topic up/# out 2 "" site/
topic down/# in 2 "" ""
cleansession false
keepalive_interval 5
restart_timeout 1 1
bridge_protocol_version {version}
notifications false
{bridge}"""
# Mosquitto 2.0.11 does not keep to the receive maximum when a session goes on with a backlog.
BRIDGE = {"femto": "bridge_receive_maximum 1000\n", "mosquitto": ""}
OWN = {"femto": "", "mosquitto": "user root\nmax_queued_messages 0\nmax_inflight_messages 100\nlog_dest none\n"}


class Client(paho.Client):
    """Paho 1.6.1 forgets on a second attempt to connect that a PUBREC had come, and publishes the message again, to a
    broker that may have forgotten it long since [MQTT-4.3.3-7]."""

    def _messages_reconnect_reset_out(self):
        with self._out_message_mutex:
            for m in self._out_messages.values():
                if m.state == paho.mqtt_ms_resend_pubrel:
                    m.state = paho.mqtt_ms_wait_for_pubcomp
        super()._messages_reconnect_reset_out()


class Consumer:
    """Counts what arrives, by publisher; keeps its session."""

    def __init__(self, port, name, topics):
        self.have, self.count, self.missing, self.present = {}, 0, 0, None
        self.twice, self.which = {1: 0, 2: 0}, {}
        self.topics, self.ready = topics, threading.Event()
        self.client = Client(name, clean_session=False, protocol=paho.MQTTv311)
        self.client.on_message = self.message
        self.client.on_connect = self.connected
        self.client.on_subscribe = lambda *_: self.ready.set()
        self.client.reconnect_delay_set(0.05, 0.2)
        self.client.connect("127.0.0.1", port, 30)
        self.client.loop_start()
        if not self.ready.wait(30):
            raise RuntimeError(name + " could not subscribe")

    def connected(self, client, _, flags, code):
        if code != 0:
            return
        if self.ready.is_set() and not flags["session present"]:
            self.missing += 1                        # its session was promised and is gone
        if not flags["session present"]:
            client.subscribe([(t, 2) for t in self.topics])

    def message(self, client, _, m):
        key, number = m.payload.decode().split(":")
        have = self.have.setdefault(key, {})
        n = int(number)
        have[n] = have.get(n, 0) + 1
        if have[n] > 1:
            self.twice[int(key[-1])] += 1
            if key[-1] == "2":
                self.which[key] = self.which.get(key, []) + [n]
        self.count += 1

    def lacks(self, publisher):
        return len(publisher.acknowledged - self.have.get(publisher.key, {}).keys())

    def end(self):
        self.client.disconnect()
        self.client.loop_stop()


class Publisher:
    """Sends numbered messages with a window until it is told to stop, and notes which were acknowledged."""

    def __init__(self, port, topic, key, qos, pause=0):
        self.key, self.qos, self.pause = key + str(qos), qos, pause
        self.acknowledged, self.numbers, self.sent, self.stopped = set(), {}, 0, False
        self.room = threading.Semaphore(WINDOW)
        self.client = Client("publisher-" + self.key, clean_session=False, protocol=paho.MQTTv311)
        self.client.max_inflight_messages_set(WINDOW)
        self.client.on_publish = self.published
        self.client.on_connect = self.connected
        self.known, self.missing = False, 0
        self.client.reconnect_delay_set(0.05, 0.2)
        self.client.connect("127.0.0.1", port, 30)
        self.client.loop_start()
        self.topic = topic
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def connected(self, client, _, flags, code):
        self.missing += code == 0 and self.known and not flags["session present"]
        self.known |= code == 0

    def run(self):
        while True:
            self.room.acquire()
            if self.stopped:
                return
            info = self.client.publish(self.topic, "%s:%d" % (self.key, self.sent), self.qos)
            self.numbers[info.mid] = self.sent
            self.sent += 1
            time.sleep(self.pause)

    def published(self, client, _, mid):
        wait_for("the number of a message", lambda: mid in self.numbers)
        self.acknowledged.add(self.numbers.pop(mid))
        self.room.release()

    def stop(self):
        self.stopped = True
        self.room.release()
        self.thread.join()

    def done(self):
        return len(self.acknowledged) == self.sent

    def end(self):
        self.stop()
        self.client.disconnect()
        self.client.loop_stop()


def patiently(what, goal, progress):
    last, since = None, time.monotonic()
    while not goal():
        now = progress()
        if now != last:
            last, since = now, time.monotonic()
        if time.monotonic() - since > PATIENCE:
            print("gave up: " + what, flush=True)
            return
        time.sleep(0.05)


def campaign(broker, options):
    folder = tempfile.mkdtemp(prefix="femto-kill-")
    with contextlib.ExitStack() as ends:           # the last first
        if not options.keep:
            ends.callback(shutil.rmtree, folder, ignore_errors=True)
        return carry_out(broker, options, folder, ends)


def carry_out(broker, options, folder, ends):
    chance = random.Random(options.seed)
    port, cloud_port = free_port(), free_port()
    paths = [os.path.join(folder, name) for name in ("cloud.conf", "edge.conf")]
    with open(paths[0], "w") as f:
        f.write(CLOUD.format(port=cloud_port))
    with open(paths[1], "w") as f:
        f.write(CONFIG.format(port=port, folder=folder, cloud=cloud_port, own=OWN[broker],
                              bridge=BRIDGE[broker],
                              version="mqttv50" if options.version == 5 else "mqttv311"))
    Server(["mosquitto", "-c", paths[0]], cloud_port, os.path.join(folder, "cloud.log"), ends)
    command = ["mosquitto", "-c", paths[1]]
    if broker == "femto":
        command = os.environ["FEMTO"].split() + ["--no-sensor", "--config", paths[1]]
    edge = Server(command, port, os.path.join(folder, "edge.log"), ends)
    began = time.monotonic()
    here = Consumer(port, "here", ["up/#", "down/#"])
    above = Consumer(cloud_port, "above", ["site/up/#"])
    time.sleep(2)                                  # the bridge subscribes above
    up = [Publisher(port, "up/%d" % i, "u%d-" % i, qos) for i, qos in enumerate((1, 1, 2, 2))]
    down = [Publisher(cloud_port, "down/%d" % i, "d%d-" % i, qos, 0.02) for i, qos in enumerate((1, 2))]
    for one in [here, above] + up + down:
        ends.callback(one.end)
    early = 0
    for kill in range(options.kills):
        # A fifth of the kills comes while it starts: reading again is cut short too.
        if chance.random() < 0.2:
            time.sleep(chance.uniform(0, 0.4))
            early += 1
        else:
            wait_for("the broker", lambda: is_open(port))
            time.sleep(chance.uniform(0.1, 1.5))
        edge.process.kill()
        edge.process.wait()
        with open(edge.log, "a") as out:
            edge.process = subprocess.Popen(edge.command, stdout=out, stderr=subprocess.STDOUT)
        if edge.process.poll() is not None:
            raise RuntimeError("it does not start any more")
    wait_for("the broker", lambda: is_open(port))
    for p in up + down:
        p.stop()
    patiently("until all is acknowledged", lambda: all(p.done() for p in up + down),
              lambda: sum(len(p.acknowledged) for p in up + down))
    patiently("until all has arrived",
              lambda: not any(here.lacks(p) for p in up + down) and not any(above.lacks(p) for p in up),
              lambda: here.count + above.count)
    time.sleep(3)                                  # what comes twice comes late
    for where, consumer in (("here", here), ("above", above)):
        for key, numbers in consumer.which.items():
            print("twice %s: %s %s" % (where, key, numbers[:10]), flush=True)
    return {
        "broker": broker, "kills": options.kills, "early": early, "seconds": time.monotonic() - began,
        "acknowledged": {q: sum(len(p.acknowledged) for p in up + down if p.qos == q) for q in (1, 2)},
        "open": sum(p.sent - len(p.acknowledged) for p in up + down),
        "lost here": sum(here.lacks(p) for p in up), "lost up": sum(above.lacks(p) for p in up),
        "lost down": sum(here.lacks(p) for p in down),
        "twice": here.twice[2] + above.twice[2], "again": here.twice[1] + above.twice[1],
        "sessions": here.missing + above.missing + sum(p.missing for p in up + down),
    }


CHECKS = ["open", "lost here", "lost up", "lost down", "twice", "sessions"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--broker", choices=["femto", "mosquitto", "both"], default="both")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--version", type=int, choices=[4, 5], default=5)
    parser.add_argument("--keep", action="store_true", help="keep the folder with configurations, journals and logs")
    options = parser.parse_args()
    if options.seed is None:
        options.seed = random.randrange(1000000)
    os.environ["PATH"] += ":/usr/sbin"
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))      # so that what was started is ended
    print("note: moments of seed %d" % options.seed, flush=True)
    rows = [campaign(b, options) for b in (["femto", "mosquitto"] if options.broker == "both" else [options.broker])]
    print("\n| broker | kills | acknowledged at QoS 1, 2 | lost | lost up the bridge | lost down the bridge | QoS 2 twice "
          "| QoS 1 again | sessions lost | seconds |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    passed = failed = 0
    for r in rows:
        print("| %s | %d | %d, %d | %d | %d | %d | %d | %d | %d | %.0f |" % (
            r["broker"], r["kills"], r["acknowledged"][1], r["acknowledged"][2], r["lost here"], r["lost up"],
            r["lost down"], r["twice"], r["again"], r["sessions"], r["seconds"]))
        if r["broker"] != "femto":
            continue
        for what in CHECKS:
            if r[what] == 0:
                passed += 1
            else:
                failed += 1
                print("%s: %d" % (what, r[what]))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
