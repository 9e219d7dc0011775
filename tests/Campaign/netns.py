"""A network of its own (a network namespace), joined to this machine's by two virtual cards, whose link can go down.
Needs Linux and the right to make one, as root has."""
import ctypes
import os
import random
import socket
import subprocess
import threading

CLONE_NEWNET = 0x40000000


class Unavailable(Exception):
    """Says why it cannot be made here."""


def ip(*words):
    try:
        done = subprocess.run(["ip", *words], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired) as e:
        raise Unavailable("ip %s: %s" % (" ".join(words), e)) from None
    if done.returncode != 0:
        raise Unavailable("ip %s: %s" % (" ".join(words), done.stderr.strip()))


class Namespace:
    count = 0

    def __init__(self):
        Namespace.count += 1
        name = "%d-%d" % (os.getpid(), Namespace.count)
        self.name = "femto-" + name
        near, far = "f%sn" % name, "f%sf" % name
        net = "10.%d.%d." % (random.randint(64, 255), random.randint(0, 255))
        self.near, self.far, self.card = net + "1", net + "2", far
        ip("netns", "add", self.name)
        try:
            ip("link", "add", near, "type", "veth", "peer", "name", far, "netns", self.name)
            ip("addr", "add", self.near + "/30", "dev", near)
            ip("link", "set", near, "up")
            ip("-n", self.name, "addr", "add", self.far + "/30", "dev", far)
            ip("-n", self.name, "link", "set", far, "up")
            self.listener = self.listen()
        except Unavailable:
            self.close()
            raise

    def listen(self):
        """A socket belongs to the network of the thread that made it, and what it accepts does too."""
        made = []

        def enter():
            try:
                libc = ctypes.CDLL(None, use_errno=True)
                with open("/var/run/netns/" + self.name) as f:
                    if libc.setns(f.fileno(), CLONE_NEWNET) != 0:
                        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
                made.append(socket.create_server((self.far, 0)))
            except (OSError, AttributeError) as e:
                made.append(e)
        thread = threading.Thread(target=enter)
        thread.start()
        thread.join()
        if isinstance(made[0], Exception):
            raise Unavailable("a socket in the namespace: %s" % made[0])
        return made[0]

    def down(self):
        """As if somebody pulled the cable at the far end."""
        ip("-n", self.name, "link", "set", self.card, "down")

    def up(self):
        ip("-n", self.name, "link", "set", self.card, "up")

    def close(self):
        """The cards go with it."""
        try:
            ip("netns", "del", self.name)
        except Unavailable:
            pass
