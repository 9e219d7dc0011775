using System;
using System.Collections.Generic;
using System.Text;
using Femto.Micro;
using Femto.Mqtt;

namespace Femto.CostMeter
{
    /// <summary>
    /// A connected client: publishing until the server has acknowledged, and receiving until the acknowledgement is
    /// out. The targets are a third of what nanoFramework.M2Mqtt takes to encode and to decode alone (README.md).
    /// </summary>
    internal static class ClientOperations
    {
        public static IEnumerable<Operation> All()
        {
            yield return new Publish("client: publish qos 0", 4, 0, false, 1628);
            yield return new Publish("client: publish qos 0 mqtt 5", 5, 0, false, 0);
            yield return new Publish("client: publish qos 1", 4, 1, false, 0);
            yield return new Publish("client: publish qos 1, with PUBACK", 4, 1, true, 0);
            yield return new Publish("client: publish qos 1 mqtt 5, with PUBACK", 5, 1, true, 0);
            yield return new Both("client: publish and receive qos 0", 4, 2850);
            yield return new Both("client: publish and receive qos 0 mqtt 5", 5, 0);
            yield return new Receive("client: receive qos 0", 4, 0, 0);
            yield return new Receive("client: receive qos 0 mqtt 5", 5, 0, 1761);
            yield return new Receive("client: receive qos 1, with PUBACK", 4, 1, 0);
            yield return new Receive("client: receive qos 1 mqtt 5, with PUBACK", 5, 1, 0);
        }

        /// <summary>A session and the server's end of its connection.</summary>
        private sealed class Peer
        {
            public readonly TakeAll Sink = new TakeAll();
            public readonly ClientSession Session;
            public readonly List<byte> Sent = new List<byte>();
            public int NowMs = 1000;

            public Peer(int version)
            {
                var options = new ClientOptions { Version = version, ClientId = new[] { (byte)'c' } };
                Session = new ClientSession(ClientLimits.Small(), options, Sink, 1);
                Session.Opened(NowMs);
                Drain();
                Feed(version == 5 ? new byte[] { 0x20, 3, 0, 0, 0 } : new byte[] { 0x20, 2, 0, 0 });
                if (Session.State != ClientState.Connected)
                {
                    throw new InvalidOperationException("not connected");
                }
            }

            public void Feed(byte[] bytes)
            {
                if (Session.Feed(bytes, 0, bytes.Length, NowMs) != bytes.Length)
                {
                    throw new InvalidOperationException("not taken");
                }
            }

            /// <summary>What a transport does: one Pending, one Sent.</summary>
            public void Drain()
            {
                int n = Session.Pending(out byte[] buffer, out int offset, out bool close);
                Sent.Clear();
                for (int i = 0; i < n; i++)
                {
                    Sent.Add(buffer[offset + i]);
                }

                if (n > 0)
                {
                    Session.Sent(n, NowMs);
                }
            }
        }

        private sealed class Publish : Operation
        {
            private static readonly byte[] s_topic = Encoding.UTF8.GetBytes(CodecOperations.Topic);
            private readonly byte[] _payload = new byte[CodecOperations.PayloadBytes];
            private readonly byte[] _puback = World.Ack(0x40, 0);
            private readonly Peer _peer;
            private readonly int _qos;
            private readonly bool _acknowledged;
            private int _done;

            public Publish(string name, int version, int qos, bool acknowledged, double targetNs)
                : base(name, targetNs)
            {
                _peer = new Peer(version);
                _qos = qos;
                _acknowledged = acknowledged;
            }

            public override void Before()
            {
                _done = _peer.Sink.Done;
            }

            public override void Run()
            {
                Fault fault = _peer.Session.Publish(s_topic, 0, s_topic.Length, _payload, 0, _payload.Length, _qos,
                    false,
                    null, 0, 0, MessagePool.Never);
                Expect(fault == Fault.None, "a message taken");
                _peer.Drain();
                if (_acknowledged)
                {
                    Acknowledge();
                }
            }

            public override void After()
            {
                Expect(_peer.Sent.Count >= 4 + s_topic.Length + _payload.Length, "the packet");
                if (_qos > 0 && !_acknowledged)
                {
                    Acknowledge();
                }

                Expect(_peer.Sink.Done == _done + (_qos > 0 ? 1 : 0), "acknowledged");
            }

            private void Acknowledge()
            {
                _puback[2] = _peer.Sent[4 + s_topic.Length];
                _puback[3] = _peer.Sent[5 + s_topic.Length];
                _peer.Feed(_puback);
            }
        }

        /// <summary>A message out and one in, as a program does that hears itself.</summary>
        private sealed class Both : Operation
        {
            private readonly Publish _publish;
            private readonly Receive _receive;

            public Both(string name, int version, double targetNs)
                : base(name, targetNs)
            {
                _publish = new Publish(name, version, 0, false, 0);
                _receive = new Receive(name, version, 0, 0);
            }

            public override void Before()
            {
                _publish.Before();
                _receive.Before();
            }

            public override void Run()
            {
                _publish.Run();
                _receive.Run();
            }

            public override void After()
            {
                _publish.After();
                _receive.After();
            }
        }

        private sealed class Receive : Operation
        {
            private readonly Peer _peer;
            private readonly byte[] _packet;
            private readonly int _qos;
            private int _messages;

            public Receive(string name, int version, int qos, double targetNs)
                : base(name, targetNs)
            {
                _peer = new Peer(version);
                _qos = qos;
                _packet = CodecOperations.Packet(CodecOperations.Topic, qos, version, 1000);
            }

            public override void Before()
            {
                _messages = _peer.Sink.Messages;
            }

            public override void Run()
            {
                _peer.Feed(_packet);
                if (_qos > 0)
                {
                    _peer.Drain();
                }
            }

            public override void After()
            {
                Expect(_peer.Sink.Messages == _messages + 1, "the message");
                Expect(_qos == 0 || _peer.Sent.Count == 4 && _peer.Sent[0] == 0x40, "PUBACK");
            }
        }
    }
}
