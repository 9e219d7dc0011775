"""Publishers -> edge broker -> bridge -> Mosquitto as the cloud -> a consumer with a persistent session, across its
outages; every acknowledged message is accounted for.

    bridge.py [--edge femto|mosquitto|both] [--qos1 N] [--qos2 N] [--version 4|5] [--inflight N] [--keep]

FEMTO names the command that runs boards/host (tests/bridge sets it). The last lines are a table, one row for each
edge, then "N passed, N failed".
"""
import argparse
import contextlib
import os
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

import paho.mqtt.client as paho  # noqa: E402
from broker import free_port     # noqa: E402
from link import Link            # noqa: E402
from netns import Namespace, Unavailable  # noqa: E402
from publisher import Publisher  # noqa: E402
from tap import Tap              # noqa: E402

PUBLISHERS = 4
PATIENCE = 90    # seconds without any progress before a run is given up

CLOUD = """listener {port} 127.0.0.1
allow_anonymous true
user root
persistence true
persistence_location {folder}/
max_queued_messages 0
max_inflight_messages {inflight}
log_dest none
"""

EDGE = """listener {port} 127.0.0.1
allow_anonymous true
{own}
connection cloud
address {link}
remote_clientid edge
topic up/# out 2 "" site/
cleansession false
keepalive_interval 5
restart_timeout 1 2
bridge_protocol_version {version}
notifications false
"""
# As who wants to lose nothing configures them. Femto's spool is bounded by its tables: then it holds its publishers.
OWN = {"femto": "", "mosquitto": """user root
persistence true
persistence_location {folder}/
persistence_file edge.db
max_queued_messages 0
max_inflight_messages 200
log_dest none
"""}


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

    def __init__(self, command, port, log, ends=None):
        """`ends`: whose end is this process's end too."""
        self.command, self.port, self.log = command, port, log
        self.process = None
        if ends:
            ends.callback(self.end)
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


def outages(cloud, forget, link, namespace, run, consumer, tap, taken):
    """Each takes the upstream away for a while; traffic goes on meanwhile. `forget` makes a cloud that is not running
    forget all sessions; `taken` gets what it had acknowledged when it was killed."""
    def stop():
        cloud.tell(signal.SIGSTOP)
        yield 12                                   # beyond the bridge's keep-alive
        cloud.tell(signal.SIGCONT)

    def term():
        cloud.end(signal.SIGTERM)
        yield 4
        cloud.start()

    def kill(store):
        # What a killed Mosquitto has acknowledged and not yet delivered is gone with it, and no bridge can know: that
        # is little, since the consumer had everything a moment ago. The slow link sees to it that messages are on the
        # way when it dies.
        link.delay = 0.3
        yield 0
        progress(run, consumer, lambda: tap.open() >= 10, "until messages are on the way")
        cloud.end(signal.SIGKILL)
        taken.update(tap.taken())                  # all until now
        link.cut()
        link.delay = 0.0
        yield 4
        # Who publishes to a cloud without a session for the consumer publishes to nobody.
        consumer.subscribed.clear()
        if not store:
            tap.kept = tap.again[2]                # the session is lost from here on
            forget()
        cloud.start()
        if not consumer.subscribed.wait(60):
            raise RuntimeError("the consumer did not come back")
        link.heal()

    def unplug():
        namespace.down()
        yield 12                                   # beyond the bridge's keep-alive
        namespace.up()

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

    return ([("SIGSTOP", stop), ("SIGTERM, restart", term), ("link cut", cut), ("300 ms each way", late),
             ("link stalled", stall)] + ([("network down", unplug)] if namespace else [])
            + [("SIGKILL, its store is old", lambda: kill(True)), ("SIGKILL, its store is gone", lambda: kill(False))])


def network(ends):
    """A network that can go down, where one can be made."""
    try:
        namespace = Namespace()
        ends.callback(namespace.close)
        return namespace
    except Unavailable as e:
        print("no network namespace can be made here, the outage by its link is left out: %s" % e, flush=True)
        return None


def campaign(edge, options):
    folder = tempfile.mkdtemp(prefix="femto-campaign-")
    with contextlib.ExitStack() as ends:           # the last first
        if not options.keep:
            ends.callback(shutil.rmtree, folder, ignore_errors=True)
        return carry_out(edge, options, folder, ends)


def carry_out(edge, options, folder, ends):
    ports = {"cloud": free_port(), "edge": free_port()}
    paths = {name: os.path.join(folder, name + ".conf") for name in ports}
    with open(paths["cloud"], "w") as f:
        f.write(CLOUD.format(port=ports["cloud"], folder=folder, inflight=options.inflight))
    cloud = Server(["mosquitto", "-c", paths["cloud"]], ports["cloud"], os.path.join(folder, "cloud.log"), ends)
    tap = Tap(options.version)
    namespace = network(ends)
    link = Link(ports["cloud"], chop=1400, tap=tap.connection, listener=namespace and namespace.listener)
    ends.callback(link.close)
    with open(paths["edge"], "w") as f:
        f.write(EDGE.format(port=ports["edge"], link=link.address, own=OWN[edge].format(folder=folder),
                            version="mqttv50" if options.version == 5 else "mqttv311"))
    if edge == "femto":
        command = os.environ["FEMTO"].split() + ["--no-sensor", "--config", paths["edge"]]
    else:
        command = ["mosquitto", "-c", paths["edge"]]
    Server(command, ports["edge"], os.path.join(folder, "edge.log"), ends)
    taken, began = {}, time.monotonic()
    consumer = Consumer(ports["cloud"])
    ends.callback(consumer.end)
    run = [Publisher(ports["edge"], "p%d-" % i, 1, options.qos1 // PUBLISHERS) for i in range(PUBLISHERS)]
    run.append(Publisher(ports["edge"], "q-", 2, options.qos2))
    for p in run:
        ends.callback(p.end)

    def allow(share):
        for p in run:
            p.allow(share)

    def forget():
        os.remove(os.path.join(folder, "mosquitto.db"))        # of the restart before
    plan = outages(cloud, forget, link, namespace, run, consumer, tap, taken)
    for i, (name, outage) in enumerate(plan):
        # Half of its share of the messages is to arrive before the outage, the other half is sent when it begins.
        allow((2 * i + 1) / (2 * len(plan) + 1))
        due = sum(p.allowed for p in run)
        progress(run, consumer, lambda: consumer.count + gone(run, consumer, taken) >= due, "before " + name)
        print("%s: %s after %d of %d acknowledged messages have arrived" % (
            edge, name, consumer.count, sum(len(p.acknowledged) for p in run)), flush=True)
        steps = outage()
        seconds = next(steps)                      # it begins
        allow((2 * i + 2) / (2 * len(plan) + 1))
        while seconds is not None:
            time.sleep(seconds)                    # how long it lasts
            seconds = next(steps, None)
    allow(1)
    progress(run, consumer, lambda: all(p.done() for p in run), "until all is acknowledged")
    acknowledged = sum(len(p.acknowledged) for p in run)
    progress(run, consumer, lambda: consumer.count + gone(run, consumer, taken) >= acknowledged,
             "until all has arrived")
    return account(edge, run, consumer, tap, taken, time.monotonic() - began, os.path.join(folder, "edge.log"))


def gone(run, consumer, taken):
    """Messages that the cloud had acknowledged before it was killed, and that never arrived: they died with it."""
    return sum(len(taken.get(p.key, set()) & p.acknowledged - consumer.seen.get(p.key, set())) for p in run)


def account(edge, run, consumer, tap, taken, seconds, log):
    row = {"edge": edge, "seconds": seconds, "twice": dict(consumer.extra), "disorder": tap.disorder,
           "again": dict(tap.again), "kept": tap.kept, "gone": gone(run, consumer, taken)}
    for qos in (1, 2):
        group = [p for p in run if p.qos == qos]
        row["sent%d" % qos] = sum(p.sent for p in group)
        row["acknowledged%d" % qos] = sum(len(p.acknowledged) for p in group)
        row["lost%d" % qos] = (sum(len(p.acknowledged - consumer.seen.get(p.key, set())) for p in group)
                               - gone(group, consumer, taken))
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
    parser.add_argument("--inflight", type=int, default=0, help="the cloud's max_inflight_messages; 0: any number, "
                        "without which Mosquitto's bridge does not come back (README.md)")
    parser.add_argument("--keep", action="store_true", help="keep the folder with configurations and logs")
    options = parser.parse_args()
    os.environ["PATH"] += ":/usr/sbin"
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))      # so that what was started is ended
    rows = [campaign(e, options) for e in (["femto", "mosquitto"] if options.edge == "both" else [options.edge])]
    print("\n| edge | QoS 1 acknowledged | lost | QoS 2 acknowledged | lost | sent up twice at QoS 2, session "
          "kept, lost | said so | sent up out of order | died with the cloud | twice at the consumer, QoS 1, QoS 2 | seconds |\n"
          "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    failed = 0
    for r in rows:
        print("| %s | %d | %d | %d | %d | %d, %d | %d | %d | %d | %d, %d | %.0f |" % (
            r["edge"], r["acknowledged1"], r["lost1"], r["acknowledged2"], r["lost2"], r["kept"],
            r["again"][2] - r["kept"], r["renewed"], r["disorder"], r["gone"], r["twice"][1], r["twice"][2],
            r["seconds"]))
        good = (r["acknowledged1"] == r["sent1"] and r["acknowledged2"] == r["sent2"] and r["lost1"] + r["lost2"] == 0
                and r["kept"] == 0 and 0 < r["renewed"] >= r["again"][2] and r["disorder"] == 0)
        failed += r["edge"] == "femto" and not good
    print("%d passed, %d failed" % (len(rows) - failed, failed))
    return failed


if __name__ == "__main__":
    sys.exit(main())
