"""Eclipse Paho as the other side of a request, MQTT 5.

peer.py PORT respond TOPIC            answers each request in capitals; prints "ready" when it can
peer.py PORT ask TOPIC REPLY TEXT...  asks, one after the other, and prints the replies
"""
import queue
import sys

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

port, role, topic = int(sys.argv[1]), sys.argv[2], sys.argv[3]
subscribed = queue.Queue()
replies = queue.Queue()


def respond(client, _, message):
    answer = Properties(PacketTypes.PUBLISH)
    answer.CorrelationData = message.properties.CorrelationData
    client.publish(message.properties.ResponseTopic, message.payload.upper(), message.qos, properties=answer)


client = mqtt.Client("paho-" + role, protocol=mqtt.MQTTv5)
client.on_connect = lambda c, *_: c.subscribe(topic if role == "respond" else sys.argv[4], 1)
client.on_subscribe = lambda *_: subscribed.put(True)
client.on_message = respond if role == "respond" else lambda _, __, message: replies.put(message)
client.connect("127.0.0.1", port)
client.loop_start()
subscribed.get(timeout=60)
print("ready", flush=True)
if role == "respond":
    sys.stdin.read()
else:
    for number, text in enumerate(sys.argv[5:]):
        question = Properties(PacketTypes.PUBLISH)
        question.ResponseTopic = sys.argv[4]
        question.CorrelationData = b"question %d \x00\xff" % number
        client.publish(topic, text, 1, properties=question)
        reply = replies.get(timeout=60)
        matches = reply.properties.CorrelationData == question.CorrelationData
        print(reply.payload.decode(), "for" if matches else "not for", text, flush=True)
client.disconnect()
client.loop_stop()
