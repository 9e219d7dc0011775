"""Runs the interop tests: every group in a process of its own with a broker of its own, several at a time.

    run.py [--broker femto|mosquitto] [--group NAME] [--match TEXT] [--jobs N] [--list]
"""
import argparse
import concurrent.futures
import os
import signal
import subprocess
import sys
import time
import traceback
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from base import Group, start_broker  # noqa: E402

CLIENT_TESTS = ["test_connect", "test_delivery", "test_retained", "test_will", "test_session", "test_mqtt5"]
# name: library, version, modules
GROUPS = {
    "paho 3.1.1": ("paho", 4, CLIENT_TESTS), "paho 5": ("paho", 5, CLIENT_TESTS),
    "mqttjs 3.1.1": ("mqttjs", 4, CLIENT_TESTS), "mqttjs 5": ("mqttjs", 5, CLIENT_TESTS),
    "mosquitto 3.1.1": (None, 4, ["test_mosquitto"]), "mosquitto 5": (None, 5, ["test_mosquitto"]),
    "raw 3.1.1": (None, 4, ["test_raw"]), "raw 5": (None, 5, ["test_raw"]),
    "config 3.1.1": (None, 4, ["test_config"]), "config 5": (None, 5, ["test_config"]),
    "abuse 3.1.1": (None, 4, ["test_abuse"]), "abuse 5": (None, 5, ["test_abuse"]),
}


def tests_of(name, match):
    library, version, modules = GROUPS[name]
    for module in modules:
        for test in flatten(unittest.defaultTestLoader.loadTestsFromName(module)):
            method = getattr(test, test._testMethodName, None)
            if version not in getattr(method, "versions", (4, 5)):
                continue
            if library not in getattr(method, "libraries", (library,)):
                continue
            if Group.kind != "femto" and hasattr(method, "femto_only"):
                continue
            if match in test._testMethodName:
                yield test


def unlisted():
    """Tests that do not run against Mosquitto and that README.md does not name."""
    with open(os.path.join(HERE, "README.md"), encoding="utf-8") as f:
        text = f.read()
    names = set()
    for module in sorted({module for _, _, modules in GROUPS.values() for module in modules}):
        for test in flatten(unittest.defaultTestLoader.loadTestsFromName(module)):
            method = getattr(test, test._testMethodName, None)
            name = test._testMethodName.removeprefix("test_").replace("_", " ")
            if hasattr(method, "femto_only") and name not in text:
                names.add(name)
    return sorted(names)


def flatten(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from flatten(test)
        else:
            yield test


class Result(unittest.TestResult):
    def __init__(self, group):
        super().__init__()
        self.group, self.passed, self.started = group, 0, 0.0

    def startTest(self, test):
        super().startTest(test)
        self.started = time.monotonic()

    def line(self, word, test, text=""):
        name = getattr(test, "_testMethodName", str(test)).removeprefix("test_").replace("_", " ")
        print("%s  %s: %s (%.1f s)%s" % (word, self.group, name, time.monotonic() - self.started, text), flush=True)

    def addSuccess(self, test):
        self.passed += 1
        self.line("ok  ", test)

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self.line("FAIL", test, "\n" + "".join(traceback.format_exception(*error)))

    def addError(self, test, error):
        super().addError(test, error)
        self.line("FAIL", test, "\n" + "".join(traceback.format_exception(*error)))

    def addSubTest(self, test, subtest, error):
        super().addSubTest(test, subtest, error)
        if error is not None:
            self.line("FAIL", test, " %s\n%s" % (subtest._subDescription(),
                                                 "".join(traceback.format_exception(*error))))


def overdue(number, frame):
    raise KeyboardInterrupt("the group takes too long")


def run_group(name, match):
    Group.library, Group.version, _ = GROUPS[name]
    result = Result(name)
    tests = list(tests_of(name, match))
    signal.signal(signal.SIGALRM, overdue)
    signal.alarm(540)
    if tests:
        Group.broker = start_broker()
        try:
            unittest.TestSuite(tests).run(result)
        finally:
            if Group.peer is not None:
                Group.peer.close()
            ended = Group.broker.process.poll()
            if ended is not None:
                print("FAIL  %s: the broker ended by itself with %d\n%s" % (
                    name, ended, "".join(Group.broker.text[-40:])), flush=True)
            Group.broker.stop()
        failed = len(result.failures) + len(result.errors) + (ended is not None)
    else:
        failed = 0
    print("%d passed, %d failed" % (result.passed, failed), flush=True)
    return failed


def run_child(name, options):
    command = [sys.executable, os.path.join(HERE, "run.py"), "--group", name, "--broker", options.broker,
               "--match", options.match]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600)
    lines = done.stdout.splitlines()
    last = lines.pop() if lines else ""
    print("\n".join(lines), flush=True)
    words = last.split()
    if len(words) == 4 and words[1] == "passed,":
        return int(words[0]), int(words[2])
    print("FAIL  %s: the group ended early: %s" % (name, last), flush=True)
    return 0, 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--broker", choices=["femto", "mosquitto"], default="femto")
    parser.add_argument("--group", choices=list(GROUPS))
    parser.add_argument("--match", default="", help="only tests whose name contains this")
    parser.add_argument("--jobs", type=int, default=4, help="groups at a time")
    parser.add_argument("--list", action="store_true", help="print the tests and what Mosquitto does not do")
    options = parser.parse_args()
    Group.kind = options.broker
    if options.list:
        for name in GROUPS:
            for test in tests_of(name, options.match):
                why = getattr(getattr(test, test._testMethodName), "femto_only", "")
                print(name + ": " + test._testMethodName.removeprefix("test_") + ("  [" + why + "]" if why else ""))
        return 0
    missing = unlisted()
    for name in missing:
        print("FAIL  README.md does not list " + name)
    if options.group:
        return 1 if run_group(options.group, options.match) else 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        results = list(pool.map(lambda name: run_child(name, options), GROUPS))
    passed, failed = (sum(column) for column in zip(*results))
    failed += len(missing)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
