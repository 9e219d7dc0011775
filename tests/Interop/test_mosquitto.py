"""mosquitto_pub, mosquitto_sub and mosquitto_rr, both versions. Each is a process that does its work and ends."""
import json
import os
import re
import signal
import subprocess
import tempfile
import threading
import queue
import time

from base import Case, Group, femto_only, mqtt3, mqtt5


class Program:
    """One of Mosquitto's clients. Its lines come one by one; `--debug` makes it tell the packets it gets."""

    def __init__(self, program, port, *arguments):
        command = ["stdbuf", "-oL", program, "-h", "127.0.0.1", "-p", str(port), "-V",
                   "mqttv5" if Group.version == 5 else "mqttv311"] + list(arguments)
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True)
        self.lines, self.seen = queue.Queue(), []
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))
        self.lines.put(None)

    def line(self):
        line = self.lines.get(timeout=40)
        if line is None:
            raise AssertionError("the program ended: %r" % self.seen)
        self.seen.append(line)
        return line

    def until(self, pattern):
        """The match in the first line that has one."""
        while True:
            found = re.search(pattern, self.line())
            if found:
                return found

    def until_idle(self):
        """Waits until the process sleeps: it has nothing more to do than to wait for its socket."""
        for _ in range(2000):
            with open("/proc/%d/stat" % self.process.pid) as f:
                if f.read().rsplit(")", 1)[1].split()[0] == "S":
                    return
            time.sleep(0.005)
        raise AssertionError("the program does not come to rest")

    def rest(self):
        """Waits for the end: the lines not yet read and the exit code."""
        found = []
        while True:
            line = self.lines.get(timeout=40)
            if line is None:
                return found, self.process.wait(40)
            found.append(line)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stdin.close()
        self.process.stdout.close()


class Mosquitto(Case):
    def program(self, name, *arguments):
        program = Program(name, self.port, *arguments)
        self.cleanups.append(program.close)
        return program

    def sub(self, *arguments, subscribed=True):
        """mosquitto_sub that prints its messages as JSON; returns when its subscription is acknowledged."""
        program = self.program("mosquitto_sub", "-d", "-F", "json %j", *arguments)
        if subscribed:
            program.until("received SUBACK")
        return program

    def pub(self, *arguments, text=None, code=0):
        """mosquitto_pub to its end; returns what it printed."""
        program = self.program("mosquitto_pub", "-d", *arguments)
        if text is not None:
            program.process.stdin.write(text)
        program.process.stdin.close()
        lines, found = program.rest()
        self.assertEqual(found, code, lines)
        return lines

    @staticmethod
    def message(program):
        return json.loads(program.until("^json (.*)").group(1))

    @staticmethod
    def messages(lines):
        return [json.loads(line[5:]) for line in lines if line.startswith("json ")]

    def all_of(self, program):
        """What a mosquitto_sub with -C prints until it ends."""
        lines, code = program.rest()
        self.assertEqual(code, 0, lines)
        return self.messages(lines)

    @staticmethod
    def brief(messages):
        return [(m["topic"], m.get("payload") or "", m["qos"]) for m in messages]

    # ---- connecting

    def test_connect_and_subscribe(self):
        program = self.program("mosquitto_sub", "-d", "-t", self.topic("a"), "-q", "2", "-E")
        lines, code = program.rest()
        self.assertEqual(code, 0)
        self.assertTrue([line for line in lines if "received CONNACK (0)" in line], lines)
        self.assertTrue([line for line in lines if re.search(r"Subscribed \(mid: 1\): 2", line)], lines)

    def test_connect_is_refused(self):
        if Group.version == 5:
            arguments, code, text = ["-D", "connect", "authentication-method", "NONE-SUCH"], 0x8C, r"received CONNACK \(140\)"
        elif Group.kind == "femto":
            arguments, code, text = ["-i", "i" * 600], 2, "Connection Refused: identifier rejected"
        else:
            arguments, code, text = ["-p", str(Group.broker.guarded)], 5, "Connection Refused: not authorised"
        lines = self.pub("-t", self.topic("a"), "-m", "x", *arguments, code=code)
        self.assertEqual(len([line for line in lines if re.search(text, line)]), 1, lines)

    def test_no_client_identifier(self):
        # in MQTT 5 mosquitto_sub sends none and the broker assigns one; in 3.1.1 -i "" is refused by the program
        sub = self.sub("-t", self.topic("a"), "-C", "1")
        self.pub("-t", self.topic("a"), "-m", "x")
        self.assertEqual(self.brief(self.all_of(sub)), [(self.topic("a"), "x", 0)])

    # ---- delivery

    def test_qos_is_the_lower_of_published_and_granted(self):
        for granted in (0, 1, 2):
            sub = self.sub("-t", self.topic("a"), "-q", str(granted), "-C", "3")
            for qos in (0, 1, 2):
                self.pub("-t", self.topic("a"), "-m", "at %d" % qos, "-q", str(qos))
            expected = [(self.topic("a"), "at %d" % qos, min(qos, granted)) for qos in (0, 1, 2)]
            self.assertEqual(self.brief(sorted(self.all_of(sub), key=lambda m: m["payload"])), expected)

    def order(self, qos):
        sub = self.sub("-t", self.topic("a"), "-q", str(qos), "-C", "1000")
        self.pub("-t", self.topic("a"), "-q", str(qos), "-l", text="".join("%d\n" % i for i in range(1000)))
        self.assertEqual(self.brief(self.all_of(sub)), [(self.topic("a"), str(i), qos) for i in range(1000)])

    def test_1000_messages_in_order_at_qos_0(self):
        self.order(0)

    def test_1000_messages_in_order_at_qos_1(self):
        self.order(1)

    @mqtt3
    def test_1000_messages_in_order_at_qos_2(self):
        self.order(2)

    @mqtt5
    @femto_only("Mosquitto 2.0.11 and mosquitto_sub lose count of the receive maximum at QoS 2")
    def test_1000_messages_of_mqtt_5_in_order_at_qos_2(self):
        self.order(2)

    def test_wildcards(self):
        sub = self.sub("-t", self.topic("+", "b"), "-t", self.topic("c", "#"), "-q", "1", "-C", "4")
        for level in ("a/b", "a/x", "c", "x/b/c", "c/d/e", "x/b"):
            self.pub("-t", self.topic(level), "-m", level, "-q", "1")
        self.assertEqual([m["payload"] for m in self.all_of(sub)], ["a/b", "c", "c/d/e", "x/b"])

    def large(self, size, qos):
        """A file with a payload that makes the whole PUBLISH `size` bytes long."""
        rest = 2 + len(self.topic("a")) + (2 if qos else 0) + (1 if Group.version == 5 else 0)
        digits = next(d for d in (1, 2, 3, 4) if size - 1 - d < 128 ** d)
        path = os.path.join(tempfile.mkdtemp(prefix="femto-interop-"), "payload")
        self.cleanups.append(lambda: (os.remove(path), os.rmdir(os.path.dirname(path))))
        with open(path, "wb") as f:
            f.write((b"0123456789" * (size // 10 + 1))[:size - 1 - digits - rest])
        return path

    def test_payload_up_to_the_largest_packet(self):
        largest = Group.broker.announced()["maximumPacketSize"]
        for qos in (0, 1, 2):
            path = self.large(largest, qos)
            sub = self.sub("-t", self.topic("a"), "-q", str(qos), "-C", "1")
            self.pub("-t", self.topic("a"), "-q", str(qos), "-f", path)
            with open(path) as f:
                self.assertEqual(self.brief(self.all_of(sub)), [(self.topic("a"), f.read(), qos)])

    def test_payload_one_past_the_largest_packet(self):
        largest = Group.broker.announced()["maximumPacketSize"]
        path = self.large(largest + self.pick(1, 5), 1)
        sub = self.sub("-t", self.topic("a"), "-q", "1", "-C", "1")
        if Group.version == 5:
            # libmosquitto counts the remaining length, too: 5 bytes more and it does not even send it
            lines = self.pub("-t", self.topic("a"), "-q", "1", "-f", path, code=self.pick(4, 0))
            refused = [line for line in lines if "Received DISCONNECT (149)" in line]
            self.assertEqual(len(refused), self.pick(1, 0), lines)
        else:
            program = self.program("mosquitto_pub", "-d", "-t", self.topic("a"), "-q", "1", "-f", path)
            program.until("sending PUBLISH")
            program.until("sending CONNECT|Error|lost")     # the broker closed; the program would try again for ever
            program.close()
        self.pub("-t", self.topic("a"), "-q", "1", "-m", "the first that came")
        self.assertEqual(self.brief(self.all_of(sub)), [(self.topic("a"), "the first that came", 1)])

    def test_shared_subscription(self):
        members = [self.sub("-t", "$share/g/" + self.topic("a"), "-t", self.topic("end"), "-q", "1") for _ in range(2)]
        self.pub("-t", self.topic("a"), "-q", "1", "-l", text="".join("%d\n" % i for i in range(20)))
        self.pub("-t", self.topic("end"), "-q", "1", "-m", "end")
        shares = []
        for member in members:
            share = []
            while not share or share[-1] != "end":
                share.append(str(self.message(member)["payload"]))
            shares.append(share[:-1])
        self.assertEqual(sorted(shares[0] + shares[1], key=int), [str(i) for i in range(20)])
        self.assertTrue(shares[0] and shares[1])

    def test_unsubscribe(self):
        sub = self.program("mosquitto_sub", "-d", "-t", self.topic("a"), "-U", self.topic("none"))
        sub.until("received UNSUBACK")
        self.pub("-t", self.topic("a"), "-m", "x")
        sub.until("^x$")

    def test_sys_topics(self):
        sub = self.sub("-t", "$SYS/broker/uptime", "-C", "1", subscribed=False)
        messages = self.all_of(sub)
        self.assertEqual(messages[0]["topic"], "$SYS/broker/uptime")
        self.assertRegex(messages[0]["payload"], r"^\d+")

    # ---- retained

    def retained(self, *filters, count):
        """What a new subscriber gets before a fence published after its subscription."""
        sub = self.sub("-q", "2", "-t", self.topic("fence"), *sum((["-t", f] for f in filters), []))
        found = [self.message(sub) for _ in range(count)]
        self.pub("-t", self.topic("fence"), "-m", "fence", "-q", "2")
        while True:
            m = self.message(sub)
            if m["topic"] == self.topic("fence"):
                sub.close()
                return sorted((m["topic"], m.get("payload"), m["qos"], m["retain"]) for m in found)
            found.append(m)

    def test_retained_message_is_stored_and_replaced_and_cleared(self):
        topic = self.topic("kept")
        for payload, qos in (("first", 0), ("second", 1), ("third", 2)):
            self.pub("-t", topic, "-m", payload, "-q", str(qos), "-r")
            self.assertEqual(self.retained(self.topic("+"), count=1), [(topic, payload, qos, 1)])
        self.pub("-t", topic, "-n", "-q", "1", "-r")
        self.assertEqual(self.retained(self.topic("+"), count=0), [])

    def test_retain_flag_of_a_live_message(self):
        topic = self.topic("kept")
        plain = self.sub("-t", topic, "-q", "1", "-C", "1")
        keeping = self.sub("-t", topic, "-q", "1", "-C", "1", "--retain-as-published")
        self.pub("-t", topic, "-m", "x", "-q", "1", "-r")
        self.assertEqual([m["retain"] for m in self.all_of(plain)], [0])
        self.assertEqual([m["retain"] for m in self.all_of(keeping)], [1 if Group.version == 5 else 0])
        self.pub("-t", topic, "-n", "-q", "1", "-r")

    def test_remove_retained(self):
        for level in "abc":
            self.pub("-t", self.topic(level), "-m", level, "-q", "1", "-r")
        watcher = self.sub("-t", self.topic("+"), "-R", "-q", "1", "-C", "3")
        program = self.program("mosquitto_sub", "-t", self.topic("+"), "--remove-retained", "-v")
        # the retained messages are cleared as they come, and the clearing is seen by everybody
        self.assertEqual(sorted(self.brief(self.all_of(watcher))), [(self.topic(level), "", 1) for level in "abc"])
        program.close()
        self.assertEqual(self.retained(self.topic("+"), count=0), [])

    # ---- wills

    def dying(self, *arguments):
        return self.sub("-t", self.topic("other"), "-i", self.name("dying"), "--will-topic", self.topic("will"),
                        "--will-payload", "gone", "--will-qos", "1", *arguments)

    def test_will_is_sent_when_the_program_is_killed(self):
        watcher = self.sub("-t", self.topic("will"), "-q", "2", "-C", "1")
        dying = self.dying("--will-retain")
        dying.process.kill()
        self.assertEqual([(m["payload"], m["qos"], m["retain"]) for m in self.all_of(watcher)], [("gone", 1, 0)])
        self.assertEqual(self.retained(self.topic("will"), count=1), [(self.topic("will"), "gone", 1, 1)])
        self.pub("-t", self.topic("will"), "-n", "-r")

    def test_no_will_after_a_clean_disconnect(self):
        watcher = self.sub("-t", self.topic("will"), "-q", "1", "-C", "1")
        leaving = self.dying("-C", "1")
        self.pub("-t", self.topic("other"), "-m", "enough")
        self.assertEqual(self.brief(self.all_of(leaving)), [(self.topic("other"), "enough", 0)])
        self.pub("-t", self.topic("will"), "-m", "no will came", "-q", "1")
        self.assertEqual(self.brief(self.all_of(watcher)), [(self.topic("will"), "no will came", 1)])

    def test_interrupted_program(self):
        # mosquitto_sub ends by DISCONNECT 0x04 (with will) on SIGTERM; in 3.1.1 a DISCONNECT is always without
        watcher = self.sub("-t", self.topic("will"), "-q", "1", "-C", "1")
        dying = self.dying()
        dying.until("Subscribed")
        dying.until_idle()          # a signal while it prints makes mosquitto_sub wait for its own lock
        dying.process.send_signal(signal.SIGTERM)
        dying.rest()
        self.pub("-t", self.topic("will"), "-m", "later", "-q", "1")
        self.assertEqual([m["payload"] for m in self.all_of(watcher)], ["gone" if Group.version == 5 else "later"])

    @mqtt5
    def test_will_delay(self):
        watcher = self.sub("-t", self.topic("will"), "-q", "1", "-C", "1")
        dying = self.dying("-D", "will", "will-delay-interval", "2", "-D", "will", "content-type", "text/x", "-x", "60")
        killed = time.monotonic()
        dying.process.kill()
        messages = self.all_of(watcher)
        self.assertGreater(time.monotonic() - killed, self.pick(1.9, 0.9))
        self.assertEqual([(m["payload"], m["properties"]) for m in messages], [("gone", {"content-type": "text/x"})])

    def test_silent_program_is_dropped_after_one_and_a_half_keep_alive(self):
        watcher = self.sub("-t", self.topic("will"), "-q", "1", "-C", "1")
        dying = self.dying("-k", "5")
        dying.process.send_signal(signal.SIGSTOP)
        stopped = time.monotonic()
        self.assertEqual([m["payload"] for m in self.all_of(watcher)], ["gone"])
        passed = time.monotonic() - stopped
        self.assertGreater(passed, 7)
        self.assertLess(passed, self.pick(12, 25))

    def test_pings_keep_the_connection(self):
        sub = self.sub("-t", self.topic("a"), "-k", "5", "-C", "1")
        sub.until("received PINGRESP")
        sub.until("received PINGRESP")
        self.pub("-t", self.topic("a"), "-m", "still here")
        self.assertEqual(self.brief(self.all_of(sub)), [(self.topic("a"), "still here", 0)])

    # ---- sessions

    def keep(self, *arguments):
        more = ["-x", "300"] if Group.version == 5 else []
        return ["-c", "-i", self.name("kept"), "-t", self.topic("a"), "-q", "2"] + more + list(arguments)

    def test_offline_queue(self):
        self.program("mosquitto_sub", *self.keep("-E")).rest()
        for i in range(10):
            self.pub("-t", self.topic("a"), "-m", str(i), "-q", str(1 + i % 2))
        sub = self.sub(*self.keep("-C", "10"), subscribed=False)
        self.assertEqual(sorted(self.brief(self.all_of(sub))), [(self.topic("a"), str(i), 1 + i % 2) for i in range(10)])
        self.forget()

    def forget(self):
        self.program("mosquitto_sub", "-i", self.name("kept"), "-t", "x", "-E").rest()

    def test_clean_session_forgets_the_queue(self):
        self.program("mosquitto_sub", *self.keep("-E")).rest()
        self.pub("-t", self.topic("a"), "-m", "lost", "-q", "1")
        self.forget()
        sub = self.sub(*self.keep("-C", "1"))
        self.pub("-t", self.topic("a"), "-m", "new", "-q", "1")
        self.assertEqual([m["payload"] for m in self.all_of(sub)], ["new"])
        self.forget()

    @mqtt5
    def test_session_expires(self):
        keep = ["-c", "-i", self.name("short"), "-t", self.topic("a"), "-q", "1", "-x", "3"]
        self.program("mosquitto_sub", *keep, "-E").rest()
        self.pub("-t", self.topic("a"), "-m", "in time", "-q", "1")
        sub = self.sub(*keep, "-C", "1", subscribed=False)
        self.assertEqual([m["payload"] for m in self.all_of(sub)], ["in time"])
        self.pub("-t", self.topic("a"), "-m", "lost", "-q", "1")
        self.pass_time(self.pick(4.1, 5.1))
        sub = self.sub(*keep, "-C", "1")
        self.pub("-t", self.topic("a"), "-m", "new", "-q", "1")
        self.assertEqual([m["payload"] for m in self.all_of(sub)], ["new"])

    def test_take_over(self):
        old = self.sub("-i", self.name("same"), "-t", self.topic("a"), "-q", "1")
        new = self.sub("-i", self.name("same"), "-t", self.topic("a"), "-q", "1", subscribed=False)
        if Group.version == 5 and Group.kind == "femto":
            old.until(r"Received DISCONNECT \(142\)")
        else:
            old.until("sending CONNECT")        # it lost its connection and tries again
        old.close()
        new.until("received SUBACK")

    # ---- MQTT 5

    @mqtt5
    def test_properties_arrive_unchanged(self):
        sub = self.program("mosquitto_sub", "-d", "-t", self.topic("a"), "-F", "got %C|%D|%F|%R|%P|%j", "-C", "1")
        sub.until("received SUBACK")
        values = ["content-type", "text/plain"], ["correlation-data", "tie"], ["payload-format-indicator", "1"], \
            ["response-topic", "answers/1"], ["user-property", "b", "2"], ["user-property", "a", "1"], ["user-property", "b", "3"]
        self.pub("-t", self.topic("a"), "-m", "x", *sum((["-D", "publish"] + v for v in values), []))
        self.assertEqual(sub.until("^got (.*?)[|]{").group(1), "text/plain|tie|1|answers/1|b:2 a:1 b:3 ".rstrip())

    @mqtt5
    def test_request_and_response(self):
        responder = self.sub("-t", self.topic("service"), "-q", "1", "-C", "1")
        asking = self.program("mosquitto_rr", "-t", self.topic("service"), "-e", self.topic("reply"), "-m", "question",
                              "-q", "1", "-D", "publish", "correlation-data", "tie", "-F", "%p %D")
        asked = self.all_of(responder)[0]
        self.assertEqual(asked["payload"], "question")
        self.assertEqual(asked["properties"], {"response-topic": self.topic("reply"), "correlation-data": "tie"})
        self.pub("-t", asked["properties"]["response-topic"], "-m", "answer", "-q", "1", "-D", "publish",
                 "correlation-data", asked["properties"]["correlation-data"])
        self.assertEqual(asking.rest(), (["answer tie"], 0))

    @mqtt5
    def test_message_expiry_counts_the_time_in_the_queue(self):
        self.program("mosquitto_sub", *self.keep("-E")).rest()
        for payload, expiry in (("long", "100"), ("short", "1")):
            self.pub("-t", self.topic("a"), "-m", payload, "-q", "1", "-D", "publish", "message-expiry-interval", expiry)
        self.pass_time(2.2)
        self.pub("-t", self.topic("a"), "-m", "last", "-q", "1")
        sub = self.sub(*self.keep("-C", "2"), subscribed=False)
        messages = self.all_of(sub)
        self.assertEqual([m["payload"] for m in messages], ["long", "last"])
        self.assertIn(messages[0]["properties"]["message-expiry-interval"], range(90, 99))
        self.forget()

    @mqtt5
    def test_topic_alias_towards_the_broker(self):
        # with --repeat mosquitto_pub sends its topic once and the alias alone from then on
        sub = self.sub("-t", self.topic("a"), "-q", "1", "-C", "5")
        self.pub("-t", self.topic("a"), "-m", "x", "-q", "1", "-D", "publish", "topic-alias", "3", "--repeat", "5")
        self.assertEqual(self.brief(self.all_of(sub)), [(self.topic("a"), "x", 1)] * 5)

    @mqtt5
    def test_subscription_identifier(self):
        sub = self.sub("-t", self.topic("a"), "-C", "1", "-D", "subscribe", "subscription-identifier", "77")
        self.pub("-t", self.topic("a"), "-m", "x")
        self.assertEqual([m["properties"] for m in self.all_of(sub)], [{"subscription-identifier": 77}])

    @mqtt5
    def test_receive_maximum_1(self):
        sub = self.sub("-t", self.topic("a"), "-q", "2", "-C", "50", "-D", "connect", "receive-maximum", "1")
        self.pub("-t", self.topic("a"), "-q", "2", "-l", text="".join("%d\n" % i for i in range(50)))
        self.assertEqual([str(m["payload"]) for m in self.all_of(sub)], [str(i) for i in range(50)])

    @mqtt5
    @femto_only("Mosquitto 2.0.11 delivers nothing more to mosquitto_sub after a message too large for it")
    def test_maximum_packet_size_of_the_client(self):
        sub = self.sub("-t", self.topic("a"), "-q", "1", "-C", "1", "-D", "connect", "maximum-packet-size", "100")
        self.pub("-t", self.topic("a"), "-q", "1", "-m", "x" * 200)
        self.pub("-t", self.topic("a"), "-q", "1", "-m", "short")
        self.assertEqual([m["payload"] for m in self.all_of(sub)], ["short"])

    @mqtt5
    def test_reason_codes(self):
        lines = self.pub("-t", self.topic("nobody"), "-q", "1", "-m", "x")
        self.assertTrue([line for line in lines if "received PUBACK (Mid: 1, RC:16)" in line], lines)
        sub = self.sub("-t", self.topic("a"))
        lines = self.pub("-t", self.topic("a"), "-q", "1", "-m", "x")
        self.assertTrue([line for line in lines if "received PUBACK (Mid: 1, RC:0)" in line], lines)
        sub.close()
