#!/usr/bin/python3
"""Plays the same random program against Femto and Mosquitto and compares what each client got, step by step.

    differ.py [--from SEED] [--programs N | --minutes M] [--show]

Each step is carried through before the next one: whoever is connected sends PINGREQ until nothing comes but PINGRESP. What
differs must be explained by a rule of differences.txt, which names the clause of the specification that permits it.
The last line reads "N passed, N failed", programs.
"""
import argparse
import collections
import os
import random
import select
import socket
import struct
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "Interop"))
import raw  # noqa: E402
import broker  # noqa: E402

# Its default keeps the first matching subscription's QoS of several: copies show all of them.
broker.MOSQUITTO += "allow_duplicate_messages true\n"

TOPICS = ["a", "b", "a/b", "a/c", "a/b/c", "b/c", "/", "a//b"]
SHARED = ["s/1", "s/2"]
FILTERS = ["a", "b", "a/#", "+/b", "a/+", "a/+/c", "+/+", "b/c", "a/b", "#", "+", "/+"]
GROUPS = ["$share/g/s/#", "$share/h/s/1", "$share/g/s/+"]
CLIENTS = 4
EXPIRY = 1000  # seconds: a program is over long before


class Peer:
    """One client of one broker: answers what must be answered, and writes down what it got."""

    def __init__(self, port, name):
        self.port, self.name, self.socket, self.version = port, name, None, 4
        self.events, self.buffer, self.pings, self.aliases, self.deaf = [], b"", 0, {}, False

    def connect(self, packet, version):
        old, self.socket, before = self.socket, None, self.version
        self.aliases, self.deaf = {}, False
        self.socket = socket.create_connection(("127.0.0.1", self.port), 10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.version, self.buffer, self.pings = version, b"", 0
        self.send(packet)
        self.until(lambda: self.socket is None or any(e[0] == "CONNACK" for e in self.events))
        if old is not None:
            self.taken_over(old, before)

    def taken_over(self, old, version):
        """What the connection before got, to its end."""
        old.settimeout(10)
        data = b""
        try:
            while piece := old.recv(65536):
                data += piece
        except ConnectionError:
            pass
        old.close()
        self.events.append(("TAKEN OVER", version, data.hex()))

    def close(self, note=True):
        if self.socket is not None:
            self.socket.close()
            self.socket = None
            if note:
                self.events.append(("CLOSED",))

    def send(self, data):
        if self.socket is None:
            return
        try:
            self.socket.sendall(data)
        except OSError:
            self.close()

    def until(self, done):
        end = time.monotonic() + 10
        while not done():
            if time.monotonic() > end:
                raise RuntimeError(f"{self.name}: nothing came for 10 s")
            self.read(0.5)

    def read(self, seconds):
        if self.socket is None or not select.select([self.socket], [], [], seconds)[0]:
            return
        try:
            data = self.socket.recv(65536)
        except OSError:
            data = b""
        if not data:
            self.close()
            return
        self.buffer += data
        while self.one():
            pass

    def one(self):
        length, shift, at = 0, 0, 1
        while True:
            if at >= len(self.buffer):
                return False
            byte = self.buffer[at]
            at, length, shift = at + 1, length | (byte & 127) << shift, shift + 7
            if byte < 128:
                break
        if len(self.buffer) < at + length:
            return False
        first, body = self.buffer[0], self.buffer[at:at + length]
        self.buffer = self.buffer[at + length:]
        self.take(first, body)
        return True

    def take(self, first, body):
        kind = first >> 4
        if kind == raw.PINGRESP:
            self.pings -= 1
        elif kind == raw.CONNACK:
            self.events.append(("CONNACK", body[0], body[1]))
        elif kind == raw.PUBLISH:
            self.message(raw.decode(first, body, self.version))
        elif kind in (raw.PUBACK, raw.PUBREC, raw.PUBCOMP):
            identifier = struct.unpack(">H", body[:2])[0]
            reason = body[2] if len(body) > 2 else 0
            self.events.append((raw.NAMES[kind], identifier, reason))
            if kind == raw.PUBREC and reason < 0x80:
                self.send(raw.ack(raw.PUBREL, identifier))
        elif kind == raw.PUBREL:
            if not self.deaf:
                self.send(raw.ack(raw.PUBCOMP, struct.unpack(">H", body[:2])[0]))
        elif kind in (raw.SUBACK, raw.UNSUBACK):
            rest = body[2:]
            if self.version == 5:
                rest = rest[1 + rest[0]:]
            self.events.append((raw.NAMES[kind], tuple(rest)))
        elif kind == raw.DISCONNECT:
            self.events.append(("DISCONNECT", body[0] if body else 0))

    def message(self, p):
        properties = dict(p.properties)
        ids = tuple(sorted(properties.pop("subscriptionIdentifier", [])))
        alias = properties.pop("topicAlias", None)
        if alias is not None:
            p.topic = self.aliases.setdefault(alias, p.topic) if p.topic == "" else p.topic
            self.aliases[alias] = p.topic
        self.events.append(("PUBLISH", p.topic, p.payload, p.qos, p.retain, ids,
                            tuple(sorted((k, str(v)) for k, v in properties.items())), p.dup))
        if self.deaf:
            return
        if p.qos == 1:
            self.send(raw.ack(raw.PUBACK, p.packet_id))
        elif p.qos == 2:
            self.send(raw.ack(raw.PUBREC, p.packet_id))


# ---- Programs

def program(seed):
    """Steps as (name, client, arguments): the same for every broker."""
    dice = random.Random(seed)
    steps, number, identifier = [], 0, 0
    version, online, temporary = [0] * CLIENTS, [False] * CLIENTS, [True] * CLIENTS
    prefix = f"p{seed}/"
    # Who changes its version has no options: Mosquitto keeps those of the first SUBSCRIBE of a filter.
    kind = [dice.choice((4, 5, 5, None)) for _ in range(CLIENTS)]
    chosen, aliases, will_set = {}, [{} for _ in range(CLIENTS)], [False] * CLIENTS
    delayed, narrow, small, sharing, silent = ([False] * CLIENTS for _ in range(5))

    def message():
        nonlocal number
        number += 1
        topic = dice.choice(SHARED if dice.random() < 0.2 else TOPICS)
        retain = dice.random() < 0.2 and topic not in SHARED
        empty = retain and dice.random() < 0.25
        payload = b"" if empty else f"{number}".encode() + b"x" * dice.choice((0, 0, 5, 300))
        return prefix + topic, payload, dice.randrange(3), retain

    def properties():
        values = {}
        if dice.random() < 0.4:
            values["userProperties"] = [("k", f"v{number}")]
        if dice.random() < 0.2:
            values["contentType"] = "text"
        if dice.random() < 0.2:
            values["responseTopic"] = "reply"
            values["correlationData"] = b"\0\1"
        if dice.random() < 0.1:
            values["payloadFormatIndicator"] = 1
        if dice.random() < 0.2:
            values["messageExpiryInterval"] = EXPIRY
        return values

    def aliased(i, topic, props):
        """A topic or what stands for it on this connection."""
        known = aliases[i]
        if topic in known and dice.random() < 0.7:
            props["topicAlias"] = known[topic]
            return ""
        if dice.random() < 0.3:
            number = dice.randrange(1, 4)
            for old in [t for t, n in known.items() if n == number]:
                del known[old]
            known[topic] = props["topicAlias"] = number
        return topic

    for _ in range(dice.randrange(30, 90)):
        i = dice.randrange(CLIENTS)
        what = dice.random()
        if not online[i] or what < 0.06 and not will_set[i]:
            version[i] = kind[i] or dice.choice((4, 5))
            # A session with a will that waits does not end.
            clean = dice.random() < 0.4 and not delayed[i]
            expiry = 0 if dice.random() < 0.3 and not delayed[i] else 1000
            if delayed[i]:
                version[i] = 5
            temporary[i] = expiry == 0 if version[i] == 5 else clean
            will, will_set[i] = None, False
            if i >= 2 and dice.random() < 0.4:
                topic, payload, qos, retain = message()
                if dice.random() < 0.8 and payload:
                    props = properties() if version[i] == 5 else None
                    if version[i] == 5 and expiry and dice.random() < 0.4:
                        props["willDelayInterval"] = EXPIRY
                        delayed[i] = True
                    will = dict(topic=topic, payload=payload, qos=qos, retain=retain, properties=props)
                    will_set[i] = True
            props = {}
            if version[i] == 5 and expiry:
                props["sessionExpiryInterval"] = expiry
            if dice.random() < 0.3:
                props["topicAliasMaximum"] = dice.choice((1, 4))
            narrow[i] = dice.random() < 0.2
            if narrow[i]:
                props["receiveMaximum"] = dice.choice((1, 2, 5))
            small[i] = dice.random() < 0.1 and not narrow[i]
            if small[i]:
                props["maximumPacketSize"] = 250
            packet = raw.connect(f"{seed}-{i}", version[i], clean, 600, will, props)
            steps.append(("connect", i, (packet, version[i])))
            online[i], aliases[i] = True, {}
            sharing[i] = silent[i] = False
        elif what < 0.45:
            topic, payload, qos, retain = message()
            identifier += 1
            props = properties() if version[i] == 5 else None
            if version[i] == 5:
                topic = aliased(i, topic, props)
            packet = raw.publish(topic, payload, qos, retain, identifier, False, props, version[i])
            steps.append(("publish", i, packet))
        elif what < 0.75:
            identifier += 1
            filters = []
            for _ in range(dice.choice((1, 1, 1, 2, 3))):
                shared = temporary[i] and not small[i] and not silent[i] and dice.random() < 0.2
                sharing[i] |= shared
                text = dice.choice(GROUPS if shared else FILTERS)
                text = text.replace("/s/", "/" + prefix + "s/") if shared else prefix + text
                options = 1 if shared else dice.randrange(3)
                if version[i] == 5 and not shared:
                    handling = dice.choice((0, 0, 16, 32))
                    fixed = chosen.setdefault((i, text), dice.choice((0, 0, 4)) | dice.choice((0, 8)))
                    if kind[i] is None:
                        fixed = 0
                    if i >= 2:
                        fixed &= 8  # it has wills
                    options |= fixed | (32 if fixed & 4 else handling)
                if text not in [f for f, _ in filters]:
                    filters.append((text, options))
            ids = dice.choice((0, 0, 1, 7)) if version[i] == 5 and not any(f[0] == "$" for f, _ in filters) else 0
            props = {"subscriptionIdentifier": ids} if ids else None
            steps.append(("subscribe", i, raw.subscribe(identifier, filters, props, version[i])))
        elif what < 0.85:
            identifier += 1
            texts = [prefix + text for text in dice.sample(FILTERS, dice.choice((1, 1, 2, 3)))]
            if temporary[i] and dice.random() < 0.3:
                texts.append(dice.choice(GROUPS).replace("/s/", "/" + prefix + "s/"))
            steps.append(("unsubscribe", i, raw.unsubscribe(identifier, texts, None, version[i])))
        elif what < 0.88 and not narrow[i] and not sharing[i]:
            silent[i] = True
            steps.append(("deaf", i, None))
        else:
            how = dice.choice(("cut", "leave", "leave with will", "leave for good"))
            if how == "leave for good" and delayed[i]:
                how = "cut"
            reason, props = None, None
            if how == "leave with will" and version[i] == 5:
                reason = 4
            if how == "leave for good" and version[i] == 5:
                reason, props = 0, {"sessionExpiryInterval": 0}
            steps.append((how if how == "cut" else "leave", i, raw.disconnect(reason, props)))
            online[i] = False
    return steps


def play(port, seed):
    """For each step a list, by client, of what came."""
    peers = [Peer(port, f"client {i}") for i in range(CLIENTS)]
    result = []
    for name, i, argument in program(seed):
        peer = peers[i]
        if name == "connect":
            peer.connect(*argument)
        elif name == "deaf":
            peer.deaf = True
        elif name == "cut":
            peer.close(note=False)
            time.sleep(0.02)
        else:
            peer.send(argument)
            if name == "leave":
                peer.until(lambda: peer.socket is None)
        settle(peers)
        result.append([p.events for p in peers])
        for p in peers:
            p.events = []
    clean_up(peers, seed)
    return result


def clean_up(peers, seed):
    """Ends the sessions and clears what is retained: the tables of either broker are not what is compared."""
    for i, p in enumerate(peers):
        p.close()
        p.events = []
        p.connect(raw.connect(f"{seed}-{i}", 4, True, 600), 4)
    for topic in TOPICS + SHARED:
        peers[0].send(raw.publish(f"p{seed}/{topic}", b"", 0, True, version=4))
    settle(peers)
    for p in peers:
        p.close()


def settle(peers):
    quiet = 0
    while quiet < 2:
        before = [len(p.events) for p in peers]
        for p in peers:
            if p.socket is not None:
                p.pings += 1
                p.send(raw.PING)
        for p in peers:
            p.until(lambda: p.socket is None or p.pings == 0)
        quiet = quiet + 1 if [len(p.events) for p in peers] == before else 0


# ---- Rules: each makes alike what the specification leaves open

def messages(events):
    return [e for e in events if e[0] == "PUBLISH"]


def rule_order(step):
    """Messages of a step by topic; acknowledgements apart from them."""
    out = []
    for events in step:
        rest = [e for e in events if e[0] != "PUBLISH"]
        topics = collections.defaultdict(list)
        for e in messages(events):
            topics[e[1]].append(e)
        out.append([e for t in sorted(topics) for e in topics[t]] + rest)
    return out


def rule_identifiers(step):
    """Each subscription identifier once."""
    return [[e[:5] + (tuple(sorted(set(e[5]))),) + e[6:] if e[0] == "PUBLISH" else e for e in events] for events in step]


def rule_kept(step):
    """What was kept for a client that was away: without RETAIN and identifiers."""
    if not any(e[0] == "CONNACK" for events in step for e in events):
        return step
    return [[e[:4] + (0, ()) + e[6:] if e[0] == "PUBLISH" else e for e in events] for events in step]


def rule_copies(step):
    """One copy for each client: the highest QoS, RETAIN if any has it, all identifiers."""
    out = []
    for events in step:
        merged = {}
        for e in messages(events):
            key = (e[1], e[2]) + e[6:]
            old = merged.get(key)
            merged[key] = e if old is None else (
                "PUBLISH", e[1], e[2], max(e[3], old[3]), max(e[4], old[4]), tuple(sorted(set(e[5]) | set(old[5])))) + e[6:]
        out.append(list(merged.values()) + [e for e in events if e[0] != "PUBLISH"])
    return out


def rule_member(step):
    """Messages to shared topics as if all had come to one client."""
    out, shared = [], []
    for events in step:
        for e in events:
            if e[0] == "PUBLISH" and "/s/" in e[1]:
                shared.append(e)
        out.append([e for e in events if e[0] != "PUBLISH" or "/s/" not in e[1]])
    return out + [sorted(shared, key=lambda e: (e[1], e[2]) + e[6:])]


def rule_no_subscribers(step):
    """0x10 in PUBACK and PUBREC is success."""
    return [[e[:2] + (0,) if e[0] in ("PUBACK", "PUBREC") and e[2] == 0x10 else e for e in events] for events in step]


def rule_taken_over(step):
    """The connection before is closed, with DISCONNECT 0x8E (to 5.0 only) or without."""
    return [[e[:2] + ("",) if e[:2] == ("TAKEN OVER", 5) and e[2][:2] == "e0" and e[2][4:6] == "8e" else e
             for e in events] for events in step]


def rule_expiry(step):
    """Seconds that have gone meanwhile."""
    names = {("messageExpiryInterval", str(EXPIRY - n)) for n in range(20)}
    full = ("messageExpiryInterval", str(EXPIRY))
    return [[e[:6] + (tuple(full if p in names else p for p in e[6]),) + e[7:] if e[0] == "PUBLISH" else e
             for e in events] for events in step]


RULES = collections.OrderedDict([
    ("taken over", rule_taken_over), ("expiry", rule_expiry), ("no subscribers", rule_no_subscribers),
    ("order", rule_order), ("identifiers", rule_identifiers),
    ("member", rule_member), ("copies", rule_copies), ("kept", rule_kept),
])


def known_rules():
    """The names in differences.txt."""
    with open(os.path.join(HERE, "differences.txt")) as f:
        names = [line.split("|")[0].strip() for line in f if line.strip() and line[0] != "#"]
    return [name for name in names if not name.startswith("avoided")]


def compare(ours, theirs, used):
    """None, or the number of the first step that no rule explains."""
    for n, (a, b) in enumerate(zip(ours, theirs)):
        if a == b:
            continue
        needed = []
        for name, rule in RULES.items():
            a2, b2 = rule(a), rule(b)
            if a2 != a or b2 != b:
                needed.append(name)
            a, b = a2, b2
            if a == b:
                break
        if a != b:
            return n, a, b
        used.update(needed)
    return None


def short(events):
    return [e[:2] + (e[2][:8],) + e[3:] if e[0] == "PUBLISH" else e for e in events]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--from", dest="start", type=int, default=1)
    parser.add_argument("--programs", type=int, default=40)
    parser.add_argument("--minutes", type=float, default=0)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    missing = set(RULES) ^ set(known_rules())
    if missing:
        print("differences.txt and the rules do not agree:", missing)
    femto, mosquitto = broker.Broker("femto"), broker.Broker("mosquitto")
    passed, failed, used, steps = 0, len(missing), collections.Counter(), 0
    end = time.monotonic() + 60 * options.minutes
    seed = options.start
    try:
        while time.monotonic() < end if options.minutes else seed < options.start + options.programs:
            ours, theirs = play(femto.port, seed), play(mosquitto.port, seed)
            steps += len(ours)
            wrong = compare(ours, theirs, used)
            if wrong is None:
                passed += 1
            else:
                failed += 1
                n, a, b = wrong
                print(f"program {seed}, step {n}: {str(program(seed)[n])[:120]}")
                for i, (x, y) in enumerate(zip(a, b)):
                    if x != y:
                        print(f"  client {i}: Femto     {short(x)}\n            Mosquitto {short(y)}")
                if options.show:
                    for k, step in enumerate(program(seed)[:n + 1]):
                        print("   ", k, str(step)[:120])
            seed += 1
    finally:
        femto.stop()
        mosquitto.stop()
    print(f"{steps} steps; explained: " + ", ".join(f"{k} {v}" for k, v in sorted(used.items())))
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
