"""Starts a broker on a free port and ends it by its own process id."""
import os
import queue
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

import raw

# What Mosquitto is told, so that it announces and does what the tests look for.
MOSQUITTO = """per_listener_settings true
listener {port} 127.0.0.1
allow_anonymous true
listener {guarded} 127.0.0.1
allow_anonymous false
max_packet_size 65536
max_keepalive 600
max_queued_messages 0
sys_interval 1
set_tcp_nodelay true
persistence false
log_dest stdout
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Broker:
    """`kind` is femto or mosquitto. `refuse` tells how a CONNECT of version 3.1.1 can be refused."""

    def __init__(self, kind, *options, config=None):
        self.kind, self.lines, self.text = kind, queue.Queue(), []
        self.folder = tempfile.mkdtemp(prefix="femto-interop-")
        if kind == "mosquitto":
            self.port, self.guarded = free_port(), free_port()
            if config is not None:
                self.port = int(re.search(r"listener (\d+)", config).group(1))
            path = os.path.join(self.folder, "mosquitto.conf")
            with open(path, "w") as f:
                f.write(config or MOSQUITTO.format(port=self.port, guarded=self.guarded))
            command = ["mosquitto", "-c", path]
        elif config is not None:
            path = os.path.join(self.folder, "femto.conf")
            with open(path, "w") as f:
                f.write(config)
            command = os.environ["FEMTO"].split() + ["--config", path]
        else:
            command = os.environ["FEMTO"].split() + ["--port", "0", "--no-sensor"] + (list(options) or
                                                                                   ["--limits", "host"])
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        threading.Thread(target=self.read, daemon=True).start()
        if kind == "mosquitto":
            self.until_open()
        else:
            self.port = int(self.wait_line(r"listen.*127\.0\.0\.1:(\d+)").group(1))

    def read(self):
        for line in self.process.stdout:
            self.text.append(line)
            self.lines.put(line)
        self.lines.put(None)

    def wait_line(self, pattern):
        """The first match among the lines printed from now on (or not looked at yet)."""
        until = time.monotonic() + 30
        while True:
            line = self.lines.get(timeout=max(0.01, until - time.monotonic()))
            if line is None:
                raise RuntimeError("the broker ended: " + "".join(self.text[-20:]))
            found = re.search(pattern, line, re.IGNORECASE)
            if found:
                return found

    def until_open(self):
        until = time.monotonic() + 20
        while True:
            try:
                return socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                if time.monotonic() > until or self.process.poll() is not None:
                    raise RuntimeError("Mosquitto did not start: " + "".join(self.text)) from None
                time.sleep(0.02)

    def announced(self):
        """The properties of the CONNACK that a plain MQTT 5 client gets."""
        client = raw.RawClient(self.port)
        found = client.connect("announced").properties
        client.send(raw.disconnect())
        client.close()
        return found

    def interrupt(self):
        """As Ctrl+C does."""
        self.process.send_signal(signal.SIGINT)

    def stop(self):
        """Ends the broker; returns its exit code."""
        if self.process.poll() is None:
            self.interrupt()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        return self.process.returncode
