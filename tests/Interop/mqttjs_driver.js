// MQTT.js driven by lines of JSON: commands on stdin, answers and events on stdout. See peer.py.
'use strict';
const mqtt = require('mqtt');
const readline = require('readline');

const clients = {};
const say = (line) => process.stdout.write(JSON.stringify(line) + '\n');
const base64 = (data) => Buffer.from(data).toString('base64');

function toMqttjs(values) {
  const found = Object.assign({}, values);
  if (found.correlationData !== undefined) found.correlationData = Buffer.from(found.correlationData, 'base64');
  if (found.userProperties) {
    // MQTT.js keeps user properties as an object: pairs with one key become an array
    const pairs = {};
    for (const [key, value] of values.userProperties) {
      if (key in pairs) pairs[key] = [].concat(pairs[key], value);
      else pairs[key] = value;
    }
    found.userProperties = pairs;
  }
  for (const flag of ['payloadFormatIndicator', 'requestProblemInformation', 'requestResponseInformation'])
    if (found[flag] !== undefined) found[flag] = found[flag] === 1;
  return found;
}

function fromMqttjs(values) {
  const found = Object.assign({}, values);
  if (found.correlationData !== undefined) found.correlationData = base64(found.correlationData);
  if (found.userProperties) {
    const pairs = [];
    for (const key of Object.keys(found.userProperties))
      for (const value of [].concat(found.userProperties[key])) pairs.push([key, value]);
    found.userProperties = pairs;
  }
  if (found.subscriptionIdentifier !== undefined)
    found.subscriptionIdentifier = [].concat(found.subscriptionIdentifier);
  for (const name of Object.keys(found)) if (typeof found[name] === 'boolean') found[name] = found[name] ? 1 : 0;
  return found;
}

class Client {
  constructor(key, o) {
    this.key = key;
    this.version = o.version;
    this.reasons = {};
    this.aliases = [];
    this.ended = false;
    this.reason = null;
    this.pending = new Set();
  }

  connect(o) {
    const options = {
      host: '127.0.0.1', port: o.port, protocol: 'mqtt', protocolVersion: o.version, clientId: o.clientId,
      clean: o.clean, keepalive: o.keepalive, reconnectPeriod: 0, connectTimeout: 60000, resubscribe: false,
      autoAssignTopicAlias: !!o.autoAlias, properties: o.properties ? toMqttjs(o.properties) : undefined,
    };
    if (o.will) {
      const will = o.will;
      options.will = { topic: will.topic, payload: Buffer.from(will.payload, 'base64'), qos: will.qos, retain: will.retain };
      if (will.properties) options.will.properties = toMqttjs(will.properties);
    }
    return this.guard((done, fail) => {
      const c = this.mqtt = mqtt.connect(options);
      c.on('packetreceive', (p) => {
        if (p.cmd === 'connack')
          done({ reason: this.version === 5 ? p.reasonCode : p.returnCode, sessionPresent: p.sessionPresent ? 1 : 0,
            properties: fromMqttjs(p.properties) });
        else if (p.cmd === 'pingresp') say({ client: this.key, event: 'ping' });
        else if (p.cmd === 'disconnect') this.reason = p.reasonCode;
        else if (['puback', 'pubrec', 'pubcomp'].includes(p.cmd))
          this.reasons[p.messageId] = this.reasons[p.messageId] || p.reasonCode || 0;
      });
      c.on('packetsend', (p) => {
        if (p.cmd !== 'publish') return;
        this.lastId = p.messageId;
        this.sent = { topic: p.topic, alias: p.properties ? p.properties.topicAlias : undefined };
      });
      c.on('message', (topic, payload, p) => say({ client: this.key, event: 'message', topic, payload: base64(payload),
        qos: p.qos, retain: p.retain, dup: p.dup, properties: fromMqttjs(p.properties) }));
      c.on('error', (error) => { this.error = error; });
      c.on('close', () => {
        if (this.ended) return;
        this.ended = true;
        say({ client: this.key, event: 'closed', reason: this.reason });
        for (const one of this.pending) one(new Error('connection closed'));
      });
    });
  }

  // A promise that also fails when the connection closes.
  guard(start) {
    return new Promise((resolve, reject) => {
      const fail = (error) => { this.pending.delete(fail); reject(error); };
      const done = (result) => { this.pending.delete(fail); resolve(result); };
      this.pending.add(fail);
      if (this.ended) fail(new Error('connection closed'));
      else start(done, fail);
    });
  }

  subscribe(o) {
    const topics = {};
    for (const s of o.filters)
      topics[s.filter] = this.version === 5 ? { qos: s.qos, nl: s.nl, rap: s.rap, rh: s.rh } : { qos: s.qos };
    return this.guard((done, fail) => {
      const options = o.properties ? { properties: toMqttjs(o.properties) } : {};
      this.mqtt.once('packetreceive', function seen(p) {
        if (p.cmd === 'suback') done(p.granted);
        else this.once('packetreceive', seen);
      });
      this.mqtt.subscribe(topics, options, (error) => { if (error && !('code' in error)) fail(error); });
    });
  }

  unsubscribe(o) {
    return this.guard((done, fail) => {
      const options = o.properties ? { properties: toMqttjs(o.properties) } : {};
      this.mqtt.once('packetreceive', function seen(p) {
        if (p.cmd === 'unsuback') done(p.granted || []);
        else this.once('packetreceive', seen);
      });
      this.mqtt.unsubscribe(o.filters, options, (error) => { if (error && !('code' in error)) fail(error); });
    });
  }

  publish(o) {
    return this.guard((done, fail) => {
      const options = { qos: o.qos, retain: o.retain };
      if (o.properties) options.properties = toMqttjs(o.properties);
      this.mqtt.publish(o.topic, Buffer.from(o.payload, 'base64'), options, (error) => {
        if (error && !('code' in error)) return fail(error);
        const reason = this.reasons[this.lastId] || 0;
        delete this.reasons[this.lastId];
        return done(reason);
      });
    });
  }

  // MQTT.js does not keep to the broker's receive maximum by itself; 20 is what Paho has on the way at most
  publish_many(o) {
    const window = Math.min(this.receiveMaximum, o.qos ? 20 : 1000, o.count);
    return this.guard((done, fail) => {
      let next = 0, acknowledged = 0;
      const more = () => {
        if (next === o.count) return;
        this.mqtt.publish(o.topic, String(next++), { qos: o.qos }, (error) => {
          if (error) fail(error);
          else if (++acknowledged === o.count) done(0);
          else more();
        });
      };
      for (let i = 0; i < window; i++) more();
    });
  }

  sent_alias() {
    return Promise.resolve(this.sent);
  }

  disconnect(o) {
    return new Promise((resolve) => {
      const options = {};
      if (this.version === 5 && o.reason !== undefined && o.reason !== null) options.reasonCode = o.reason;
      if (o.properties) options.properties = toMqttjs(o.properties);
      // unforced, it would wait for acknowledgements that a closed connection does not bring
      this.mqtt.end(this.ended, options, () => resolve(null));
    });
  }
}

async function run(o) {
  try {
    let result;
    if (o.op === 'connect') {
      const client = clients[o.client] = new Client(o.client, o);
      result = await client.connect(o);
      client.receiveMaximum = result.properties.receiveMaximum || 65535;
    } else {
      result = await clients[o.client][o.op](o);
    }
    say({ id: o.id, result });
  } catch (error) {
    say({ id: o.id, error: String(error) });
  }
}

readline.createInterface({ input: process.stdin }).on('line', (line) => run(JSON.parse(line)))
  .on('close', () => process.exit(0));
