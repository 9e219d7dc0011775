"""Many Femto sites bridged to a cluster of RabbitMQ nodes, of which one dies in the middle; every acknowledged message
is accounted for. growing.md is the guide.

    cluster.py [--sites N] [--messages N] [--rate N] [--limits PRESET] [--queue quorum|classic] [--keep]

FEMTO names the command that runs boards/host (tests/cluster sets it). The last line is "N passed, N failed".
"""
import argparse
import os
import shutil
import signal
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "Interop"))
sys.path.insert(0, HERE)

from rabbit import Cluster, Consumer  # noqa: E402
from sites import Sites               # noqa: E402

CONSUMERS = 3
PATIENCE = 120  # seconds without any progress before a run is given up


class Ledger:
    """What the consumers got, by site."""

    def __init__(self, names):
        self.seen = {name: set() for name in names}
        self.last = {name: None for name in names}
        self.gap = {name: 0.0 for name in names}    # the longest time without a message, since it was last reset
        self.count, self.again, self.redelivered = 0, 0, 0
        self.shares = [0] * CONSUMERS
        self.lock = threading.Lock()

    def arrived(self, consumer, body, redelivered):
        name, number = body.decode().split(":")
        now = time.monotonic()
        with self.lock:
            self.shares[consumer] += 1
            if int(number) in self.seen[name]:
                self.again += 1
                self.redelivered += redelivered
                return
            self.seen[name].add(int(number))
            self.count += 1
            if self.last[name] is not None:
                self.gap[name] = max(self.gap[name], now - self.last[name])
            self.last[name] = now

    def reset_gaps(self):
        with self.lock:
            worst = max(self.gap.values())
            self.gap = {name: 0.0 for name in self.gap}
            return worst


class Run:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.cluster = self.sites = self.ledger = None
        self.consumers, self.began, self.commands = [], time.monotonic(), 0

    def say(self, what):
        print("%5.0f s  %s" % (time.monotonic() - self.began, what), flush=True)

    def until(self, what, goal):
        last, since = None, time.monotonic()
        while not goal():
            self.sites.check()
            for consumer in self.consumers:
                if consumer.fault is not None:
                    raise RuntimeError("a consumer stopped: %r" % consumer.fault)
            now = (self.ledger.count, self.sites.acknowledged(), sum(s.up() for s in self.sites.all))
            if now != last:
                last, since = now, time.monotonic()
            if time.monotonic() - since > PATIENCE:
                self.say("gave up waiting: " + what)
                return False
            time.sleep(0.05)
        return True

    def command(self):
        """One to each site, to whatever node answers, acknowledged by the cluster."""
        self.commands += 1
        dead = [i for i, n in enumerate(self.cluster.nodes) if n.process.poll() is not None]
        connection = self.cluster.connect(dead[0] + 1 if dead else 0)
        channel = connection.channel()
        channel.confirm_delivery()
        for site in self.sites.all:
            # mandatory: refused when no site's queue takes it
            channel.basic_publish("amq.topic", "sites.%s.commands.set" % site.name, b"%d" % self.commands,
                                  mandatory=True)
        connection.close()

    def run(self):
        self.cluster = Cluster(self.folder)
        self.cluster.start()
        self.cluster.declare(self.options.queue)
        self.say("%d nodes: %s" % (len(self.cluster.nodes), ", ".join(n.name for n in self.cluster.nodes)))
        self.sites = Sites(self.folder, self.cluster.nodes, self.options.sites, self.options.limits)
        self.ledger = Ledger([s.name for s in self.sites.all])
        self.sites.start()
        self.consumers = [Consumer(self.cluster, i, self.ledger) for i in range(CONSUMERS)]
        if not self.until("all bridges connected", lambda: all(s.up() for s in self.sites.all)):
            return 1
        self.say("%d sites, all bridges connected" % len(self.sites.all))
        total = self.options.messages * len(self.sites.all)
        self.sites.publish(self.options.messages, self.options.rate)
        self.until("traffic", lambda: self.ledger.count >= total // 10)
        self.command()
        self.until("the first third", lambda: self.sites.sent() >= total // 3)
        quiet = self.ledger.reset_gaps()
        victim = self.cluster.leader()
        affected = [s for s in self.sites.all if s.first is victim]
        on_the_way = self.sites.acknowledged() - self.ledger.count
        victim.kill()
        killed = time.monotonic()
        self.say("SIGKILL to %s, which leads the queue and has %d sites; %d acknowledged messages on the way" % (
            victim.name, len(affected), on_the_way))
        self.until("fail-over", lambda: all(len([1 for t, up in s.states if t > killed and up]) for s in affected))
        failover = sorted(min(t for t, up in s.states if t > killed and up) - killed for s in affected)
        self.say("its sites have another node: the first after %.1f s, the last after %.1f s" % (
            failover[0], failover[-1]))
        self.command()
        self.until("the second third", lambda: self.sites.sent() >= total * 2 // 3)
        gap = {s.name: self.ledger.gap[s.name] for s in self.sites.all}
        victim.start()
        victim.wait()
        self.say("%s is there again" % victim.name)
        place = "connected to 127.0.0.1:%d," % victim.mqtt
        home = self.until("return", lambda: all(s.up() and len(s.tell(place)) > 1 for s in affected))
        self.say("its sites are back" if home else "its sites did not come back")
        self.command()
        self.until("all acknowledged", lambda: self.sites.acknowledged() == total)
        self.until("all arrived", lambda: self.ledger.count >= total)
        self.until("commands", lambda: all(len(s.commands) == self.commands for s in self.sites.all))
        self.say("the end")
        return self.account(total, failover, gap, quiet, affected, home)

    def account(self, total, failover, gap, quiet, affected, home):
        sites = self.sites.all
        lost = sum(len(s.acknowledged - self.ledger.seen[s.name]) for s in sites)
        renewed = sum(int(line.split("session: ")[1].split()[0]) for s in sites for line in s.tell("published anew"))
        waited = [int(line.rsplit(", ", 1)[1].split()[0]) for s in sites for line in s.tell("connected to")]
        commands = sum(self.commands - len(s.commands) for s in sites)
        others = [s.name for s in sites if s not in affected]
        print("""
| what | figure |
| --- | --- |
| sites, nodes, consumers | {sites}, {nodes}, {consumers} |
| messages acknowledged to the sites' publishers, at {rate} a second together | {acknowledged} |
| lost | {lost} |
| fail-over of the {affected} sites of the dead node: median, longest | {median:.1f} s, {longest:.1f} s |
| longest time without a message at the consumers: before; at the kill, sites of the dead node; the others | \
{quiet:.1f} s; {gap:.1f} s; {other:.1f} s |
| longest PUBACK at a site's publisher; its connections lost | {puback:.2f} s; {closed} |
| most messages that waited in a site's spool when its bridge came back | {waited} |
| arrived more than once: in all, of these given again by the cluster; said by the bridges | \
{again}, {redelivered}; {renewed} |
| share of each consumer | {shares} |
| commands to sites, lost | {commands}, {missing} |
""".format(sites=len(sites), nodes=len(self.cluster.nodes), consumers=CONSUMERS,
           rate=self.options.rate * len(sites), acknowledged=self.sites.acknowledged(), lost=lost,
           affected=len(affected), median=failover[len(failover) // 2], longest=failover[-1], quiet=quiet,
           gap=max(gap[s.name] for s in affected), other=max(gap[n] for n in others),
           puback=max(s.longest for s in sites), closed=sum(s.closed for s in sites), waited=max(waited),
           again=self.ledger.again, redelivered=self.ledger.redelivered, renewed=renewed,
           shares=", ".join(str(n) for n in self.ledger.shares), commands=self.commands * len(sites),
           missing=commands))
        good = lost == 0 and self.sites.acknowledged() == total and commands == 0 and home
        print("%d passed, %d failed" % (good, not good))
        return 0 if good else 1

    def end(self):
        for consumer in self.consumers:
            consumer.ended.set()
        if self.sites:
            self.sites.end()
        for consumer in self.consumers:
            consumer.end()
        if self.cluster:
            self.cluster.end()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sites", type=int, default=50)
    parser.add_argument("--messages", type=int, default=1200, help="of each site")
    parser.add_argument("--rate", type=int, default=10, help="messages a second of each site")
    parser.add_argument("--limits", default="esp32-psram", help="the sites' sizes, as in femto.conf")
    parser.add_argument("--queue", choices=["quorum", "classic"], default="quorum",
                        help="classic: on one node only, to see what that loses")
    parser.add_argument("--keep", action="store_true", help="keep the folder with configurations and logs")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))      # so that what was started is ended
    folder = tempfile.mkdtemp(prefix="femto-cluster-")
    run = Run(options, folder)
    try:
        return run.run()
    finally:
        run.end()
        if options.keep:
            print("kept: " + folder)
        else:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
