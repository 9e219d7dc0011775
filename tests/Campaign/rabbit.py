"""A cluster of RabbitMQ nodes on 127.0.0.1, each a process of ours in a folder of ours, ended by its own process id."""
import os
import signal
import socket
import subprocess
import threading
import time

from broker import free_port

SERVER = "/usr/lib/rabbitmq/bin/rabbitmq-server"
USER, PASSWORD = "site", "site-password"
QUEUE = "readings"

# What a cluster for bridges needs; growing.md says why.
CONFIG = """listeners.tcp.default = 127.0.0.1:{amqp}
mqtt.listeners.tcp.default = 127.0.0.1:{mqtt}
mqtt.allow_anonymous = false
mqtt.exchange = amq.topic
mqtt.durable_queue_type = quorum
default_user = {user}
default_pass = {password}
cluster_partition_handling = pause_minority
cluster_formation.peer_discovery_backend = classic_config
{peers}
log.file.level = warning
vm_memory_high_watermark.absolute = 1GB
disk_free_limit.absolute = 200MB
"""


def free_ports(count):
    """So many different ones: all are bound before the first is given back."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


class Node:
    def __init__(self, cluster, index, ports):
        self.name = "femto%d@localhost" % (index + 1)
        self.amqp, self.mqtt, self.distribution = ports
        self.folder = os.path.join(cluster.folder, "node%d" % (index + 1))
        os.mkdir(self.folder)
        self.process = None
        self.environment = dict(
            os.environ, HOME=cluster.folder, ERL_EPMD_PORT=str(cluster.epmd_port), ERL_EPMD_ADDRESS="127.0.0.1",
            RABBITMQ_NODENAME=self.name, RABBITMQ_NODE_IP_ADDRESS="127.0.0.1", RABBITMQ_NODE_PORT=str(self.amqp),
            RABBITMQ_DIST_PORT=str(self.distribution), RABBITMQ_MNESIA_BASE=self.folder, RABBITMQ_LOG_BASE=self.folder,
            RABBITMQ_CONFIG_FILE=os.path.join(self.folder, "rabbitmq.conf"),
            RABBITMQ_ENABLED_PLUGINS_FILE=os.path.join(self.folder, "enabled_plugins"),
            RABBITMQ_CONF_ENV_FILE=os.path.join(self.folder, "none"),
            RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="+S 2:2 -start_epmd false -kernel inet_dist_use_interface {127,0,0,1}",
            RUNNING_UNDER_SYSTEMD="true")       # the script becomes the node, whose process id is then ours
        self.environment.pop("NOTIFY_SOCKET", None)

    def write(self, nodes):
        peers = "\n".join("cluster_formation.classic_config.nodes.%d = %s" % (i + 1, n.name)
                          for i, n in enumerate(nodes))
        with open(os.path.join(self.folder, "rabbitmq.conf"), "w") as f:
            f.write(CONFIG.format(amqp=self.amqp, mqtt=self.mqtt, user=USER, password=PASSWORD, peers=peers))
        with open(os.path.join(self.folder, "enabled_plugins"), "w") as f:
            f.write("[rabbitmq_mqtt].\n")

    def start(self):
        with open(os.path.join(self.folder, "console.log"), "a") as out:
            self.process = subprocess.Popen([SERVER], env=self.environment, stdin=subprocess.DEVNULL, stdout=out,
                                            stderr=subprocess.STDOUT)

    def wait(self, seconds=180):
        """Until it takes MQTT clients: that listener is opened last."""
        until = time.monotonic() + seconds
        while True:
            try:
                return socket.create_connection(("127.0.0.1", self.mqtt), 1).close()
            except OSError:
                if self.process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError("%s did not start: see %s" % (self.name, self.folder)) from None
                time.sleep(0.1)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def end(self):
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()


class Cluster:
    """Nodes that know each other, and the queue that holds what sites publish on all of them."""

    def __init__(self, folder, count=3):
        self.folder = folder
        self.epmd_port = free_port()
        self.epmd = subprocess.Popen(["epmd", "-address", "127.0.0.1", "-port", str(self.epmd_port)],
                                     stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(os.path.join(folder, ".erlang.cookie"), "w") as f:
            f.write("FEMTO" + os.urandom(12).hex())
        os.chmod(f.name, 0o400)
        ports = free_ports(3 * count)
        self.nodes = [Node(self, i, ports[3 * i:3 * i + 3]) for i in range(count)]

    def start(self):
        for node in self.nodes:
            node.write(self.nodes)
            node.start()
            node.wait()         # one after the other: the first makes the cluster, the others join

    def connect(self, first=0):
        """A connection to the first node that answers, from this one on."""
        import pika
        for i in range(len(self.nodes)):
            node = self.nodes[(first + i) % len(self.nodes)]
            try:
                return pika.BlockingConnection(pika.ConnectionParameters(
                    "127.0.0.1", node.amqp, credentials=pika.PlainCredentials(USER, PASSWORD), heartbeat=10,
                    blocked_connection_timeout=30, socket_timeout=3, stack_timeout=10))
            except (pika.exceptions.AMQPError, OSError):
                continue
        return None

    def declare(self, kind="quorum"):
        connection = self.connect()
        channel = connection.channel()
        channel.queue_declare(QUEUE, durable=True, arguments={"x-queue-type": kind})
        channel.queue_bind(QUEUE, "amq.topic", "sites.*.readings.#")
        connection.close()

    def leader(self):
        """The node that leads the queue: its death costs most."""
        said = subprocess.run(
            ["/usr/lib/rabbitmq/bin/rabbitmqctl", "--quiet", "--node", self.nodes[0].name, "list_queues", "name", "pid",
             "type"], env=dict(self.nodes[0].environment, RABBITMQ_CTL_ERL_ARGS="-start_epmd false"),
            capture_output=True, text=True, timeout=120, check=True).stdout
        for line in said.splitlines():
            if line.startswith(QUEUE + "\t"):
                return next(n for n in self.nodes if n.name in line)
        raise RuntimeError("no leader: " + said)

    def end(self):
        for node in self.nodes:
            if node.process is not None and node.process.poll() is None:
                node.process.terminate()
        for node in self.nodes:
            node.end()
        self.epmd.terminate()
        self.epmd.wait()


class Consumer:
    """One of those who share the queue: takes messages from any node, notes them, then acknowledges them."""

    def __init__(self, cluster, index, ledger):
        self.cluster, self.index, self.ledger = cluster, index, ledger
        self.ended = threading.Event()
        self.connections, self.fault = 0, None
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        import pika
        while not self.ended.is_set():
            connection = self.cluster.connect(self.index)
            if connection is None:
                self.ended.wait(0.2)
                continue
            self.connections += 1
            try:
                channel = connection.channel()
                channel.basic_qos(prefetch_count=200)
                for method, _, body in channel.consume(QUEUE, inactivity_timeout=0.2):
                    if method is not None:
                        self.ledger.arrived(self.index, body, method.redelivered)
                        channel.basic_ack(method.delivery_tag)
                    if self.ended.is_set():
                        break
                connection.close()
            except (pika.exceptions.AMQPError, OSError):
                continue            # the node is gone: the next one, which gives again what was not acknowledged
            except Exception as e:  # noqa: BLE001  told by the run
                self.fault = e
                return

    def end(self):
        self.ended.set()
        self.thread.join(15)
