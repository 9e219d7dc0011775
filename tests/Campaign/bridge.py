"""Publishers -> edge broker -> bridge -> Mosquitto as the cloud -> a consumer with a persistent session, across five
outages and a slow stretch; every acknowledged message is accounted for.

    bridge.py [--edge femto|mosquitto|both] [--qos1 N] [--qos2 N] [--version 4|5] [--keep]

FEMTO names the command that runs boards/host (tests/bridge sets it). The last lines are a table, one row for each
edge, then "N passed, N failed".
"""
import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "Interop"))
sys.path.insert(0, HERE)

import paho.mqtt.client as paho  # noqa: E402
from broker import free_port     # noqa: E402
from link import Link            # noqa: E402

PUBLISHERS = 4
WINDOW = 200     # messages of one publisher on the way
PATIENCE = 90    # seconds without any progress before a run is given up

CLOUD = """listener {port} 127.0.0.1
allow_anonymous true
user root
persistence true
persistence_location {folder}/
max_queued_messages 0
max_inflight_messages 200
log_dest none
"""

EDGE = """listener {port} 127.0.0.1
allow_anonymous true
{own}
connection cloud
address 127.0.0.1:{link}
remote_clientid edge
topic up/# out 2 "" site/
cleansession false
keepalive_interval 5
restart_timeout 1 2
bridge_protocol_version {version}
notifications false
"""
# Mosquitto's spool is bounded by messages; Femto's by its tables, and then it holds its publishers.
OWN = {"femto": "", "mosquitto": "user root\nmax_queued_messages 0\nmax_inflight_messages 200\nlog_dest none\n"}


def wait_for(what, condition, seconds=60):
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise RuntimeError("waited in vain: " + what)
        time.sleep(0.02)


def is_open(port):
    import socket
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


class Server:
    """A broker's process with a configuration file; can be stopped, killed and started again."""

    def __init__(self, command, port, log):
        self.command, self.port, self.log = command, port, log
        self.process = None
        self.start()

    def start(self):
        with open(self.log, "a") as out:
            self.process = subprocess.Popen(self.command, stdout=out, stderr=subprocess.STDOUT)
        wait_for("a broker on port %d" % self.port, lambda: is_open(self.port))

    def tell(self, number):
        self.process.send_signal(number)

    def end(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
            self.process.send_signal(signal.SIGCONT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Consumer:
    """Counts what arrives at the cloud: by publisher and QoS, in order, and how often."""

    def __init__(self, port):
        self.seen, self.order, self.extra, self.disorder = {}, {}, {1: 0, 2: 0}, {1: 0, 2: 0}
        self.count = 0
        self.subscribed = threading.Event()
        self.client = paho.Client("consumer", clean_session=False, protocol=paho.MQTTv311)
        self.client.on_message = self.message
        self.client.on_connect = lambda c, *_: c.subscribe("site/up/#", 2)
        self.client.on_subscribe = lambda *_: self.subscribed.set()
        self.client.reconnect_delay_set(1, 1)
        self.client.connect("127.0.0.1", port, 5)
        self.client.loop_start()
        if not self.subscribed.wait(30):
            raise RuntimeError("the consumer could not subscribe")

    def message(self, client, _, m):
        key, number = m.payload.decode().split(":")
        number = int(number)
        qos = int(key[-1])
        have = self.seen.setdefault(key, set())
        if number in have:
            self.extra[qos] += 1
            return
        have.add(number)
        self.count += 1
        # A message that is sent again may come late, but one never seen must not come before its elders.
        if number < self.order.get(key, -1):
            self.disorder[qos] += 1
        self.order[key] = max(self.order.get(key, -1), number)

    def end(self):
        self.client.disconnect()
        self.client.loop_stop()


class Tap:
    """Reads what a bridge sends: what it sends anew without DUP, and whether each publisher's messages are first sent
    in their order."""

    def __init__(self, version):
        self.version, self.seen, self.again, self.disorder = version, {}, {1: 0, 2: 0}, 0
        self.lock = threading.Lock()

    def connection(self):
        waiting = bytearray()

        def look(data):
            waiting.extend(data)
            while self.packet(waiting):
                pass
        return look

    def packet(self, b):
        length, at = 0, 1
        while True:
            if at >= len(b):
                return False
            length |= (b[at] & 127) << 7 * (at - 1)
            at += 1
            if b[at - 1] < 128:
                break
        if len(b) < at + length:
            return False
        if b[0] >> 4 == 3:
            self.publish(b[0] >> 1 & 3, b[0] & 8, bytes(b[at:at + length]))
        del b[:at + length]
        return True

    def publish(self, qos, dup, body):
        at = 2 + (body[0] << 8 | body[1]) + (2 if qos else 0)
        if self.version == 5:
            at += 1 + body[at]      # the properties are short
        key, number = body[at:].decode().split(":")
        number = int(number)
        with self.lock:
            last = self.seen.setdefault(key, -1)
            if number > last:
                self.disorder += number != last + 1
                self.seen[key] = number
            elif not dup:
                self.again[int(key[-1])] += 1


class Publisher:
    """Sends numbered messages at one QoS, with a window, and notes which were acknowledged."""

    def __init__(self, port, name, qos, count):
        self.key, self.qos, self.count = name + str(qos), qos, count
        self.sent, self.acknowledged, self.numbers = 0, set(), {}
        self.pause = threading.Event()
        self.pause.set()
        self.room = threading.Semaphore(WINDOW if qos == 1 else 15)
        self.client = paho.Client("publisher-" + self.key, clean_session=False, protocol=paho.MQTTv311)
        self.client.max_inflight_messages_set(WINDOW if qos == 1 else 15)
        self.client.on_publish = self.published
        self.client.reconnect_delay_set(1, 1)
        self.client.connect("127.0.0.1", port, 60)
        self.client.loop_start()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        for number in range(self.count):
            self.pause.wait()
            self.room.acquire()
            info = self.client.publish("up/" + self.key, "%s:%d" % (self.key, number), self.qos)
            self.numbers[info.mid] = number
            self.sent += 1

    def published(self, client, _, mid):
        wait_for("the number of a message", lambda: mid in self.numbers)
        self.acknowledged.add(self.numbers.pop(mid))
        self.room.release()

    def done(self):
        return len(self.acknowledged) == self.count

    def end(self):
        self.client.disconnect()
        self.client.loop_stop()


def progress(run, consumer, goal, what):
    last, since = -1, time.monotonic()
    while not goal():
        now = consumer.count + sum(len(p.acknowledged) for p in run)
        if now != last:
            last, since = now, time.monotonic()
        if time.monotonic() - since > PATIENCE:
            print("gave up: " + what, flush=True)
            return False
        time.sleep(0.05)
    return True


def outages(cloud, link, run, consumer):
    """Each takes the upstream away for a while; traffic goes on meanwhile."""
    def stop():
        cloud.tell(signal.SIGSTOP)
        yield 12                                   # beyond the bridge's keep-alive
        cloud.tell(signal.SIGCONT)

    def term():
        cloud.end(signal.SIGTERM)
        yield 4
        cloud.start()

    def kill():
        # What a killed Mosquitto has acknowledged and not yet delivered is gone with it: that would be counted against
        # the bridge. So the consumer first gets what is on the way.
        for p in run:
            p.pause.clear()
        progress(run, consumer, lambda: consumer.count >= sum(p.sent for p in run), "before the kill")
        cloud.end(signal.SIGKILL)
        for p in run:
            p.pause.set()
        yield 4
        cloud.start()

    def cut():
        link.cut()
        yield 4
        link.heal()

    def stall():
        link.stall()
        yield 12
        link.heal()

    def late():
        link.delay = 0.3
        yield 8
        link.delay = 0.0

    return [("SIGSTOP", stop), ("SIGTERM, restart", term), ("link cut", cut), ("300 ms each way", late),
            ("link stalled", stall), ("SIGKILL, restart", kill)]


def campaign(edge, options):
    folder = tempfile.mkdtemp(prefix="femto-campaign-")
    ports = {"cloud": free_port(), "edge": free_port()}
    paths = {name: os.path.join(folder, name + ".conf") for name in ports}
    with open(paths["cloud"], "w") as f:
        f.write(CLOUD.format(port=ports["cloud"], folder=folder))
    cloud = Server(["mosquitto", "-c", paths["cloud"]], ports["cloud"], os.path.join(folder, "cloud.log"))
    tap = Tap(options.version)
    link = Link(ports["cloud"], chop=1400, tap=tap.connection)
    version = "mqttv50" if options.version == 5 else "mqttv311"
    with open(paths["edge"], "w") as f:
        f.write(EDGE.format(port=ports["edge"], link=link.port, own=OWN[edge], version=version))
    if edge == "femto":
        command = os.environ["FEMTO"].split() + ["--no-sensor", "--config", paths["edge"]]
    else:
        command = ["mosquitto", "-c", paths["edge"]]
    server = Server(command, ports["edge"], os.path.join(folder, "edge.log"))
    run, consumer, began = [], None, time.monotonic()
    try:
        consumer = Consumer(ports["cloud"])
        for i in range(PUBLISHERS):
            run.append(Publisher(ports["edge"], "p%d-" % i, 1, options.qos1 // PUBLISHERS))
        run.append(Publisher(ports["edge"], "q-", 2, options.qos2))
        total = sum(p.count for p in run)
        plan = outages(cloud, link, run, consumer)
        for i, (name, outage) in enumerate(plan):
            due = total * (i + 1) // (len(plan) + 2)
            progress(run, consumer, lambda: sum(p.sent for p in run) >= due, "until " + name)
            print("%s: %s after %d sent, %d arrived" % (edge, name, sum(p.sent for p in run), consumer.count),
                  flush=True)
            for seconds in outage():
                time.sleep(seconds)                # how long the outage lasts
        progress(run, consumer, lambda: all(p.done() for p in run), "until all is acknowledged")
        acknowledged = sum(len(p.acknowledged) for p in run)
        progress(run, consumer, lambda: consumer.count >= acknowledged, "until all has arrived")
        return account(edge, run, consumer, tap, time.monotonic() - began, os.path.join(folder, "edge.log"))
    finally:
        for p in run:
            p.end()
        if consumer:
            consumer.end()
        link.close()
        server.end()
        cloud.end()
        if not options.keep:
            subprocess.run(["rm", "-rf", folder], check=False)


def account(edge, run, consumer, tap, seconds, log):
    row = {"edge": edge, "seconds": seconds, "twice": dict(consumer.extra), "disorder": tap.disorder,
           "again": dict(tap.again)}
    for qos in (1, 2):
        group = [p for p in run if p.qos == qos]
        row["sent%d" % qos] = sum(p.sent for p in group)
        row["acknowledged%d" % qos] = sum(len(p.acknowledged) for p in group)
        row["lost%d" % qos] = sum(len(p.acknowledged - consumer.seen.get(p.key, set())) for p in group)
    row["renewed"] = 0
    with open(log, errors="replace") as f:
        for line in f:
            if "published anew" in line:
                row["renewed"] += int(line.split("session: ")[1].split()[0])
    return row


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--edge", choices=["femto", "mosquitto", "both"], default="both")
    parser.add_argument("--qos1", type=int, default=100000)
    parser.add_argument("--qos2", type=int, default=10000)
    parser.add_argument("--version", type=int, choices=[4, 5], default=5)
    parser.add_argument("--keep", action="store_true", help="keep the folder with configurations and logs")
    options = parser.parse_args()
    os.environ["PATH"] += ":/usr/sbin"
    rows = [campaign(e, options) for e in (["femto", "mosquitto"] if options.edge == "both" else [options.edge])]
    print("\n| edge | QoS 1 acknowledged | lost | QoS 2 acknowledged | lost | sent up twice at QoS 2 | said so | sent up "
          "out of order | twice at the consumer, QoS 1, QoS 2 | seconds |\n"
          "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    failed = 0
    for r in rows:
        print("| %s | %d | %d | %d | %d | %d | %d | %d | %d, %d | %.0f |" % (
            r["edge"], r["acknowledged1"], r["lost1"], r["acknowledged2"], r["lost2"], r["again"][2], r["renewed"],
            r["disorder"], r["twice"][1], r["twice"][2], r["seconds"]))
        good = (r["acknowledged1"] == r["sent1"] and r["acknowledged2"] == r["sent2"] and r["lost1"] + r["lost2"] == 0
                and r["again"][2] <= r["renewed"] and r["disorder"] == 0)
        failed += r["edge"] == "femto" and not good
    print("%d passed, %d failed" % (len(rows) - failed, failed))
    return failed


if __name__ == "__main__":
    sys.exit(main())
