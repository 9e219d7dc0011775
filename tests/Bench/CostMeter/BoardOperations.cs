using System;
using System.Collections.Generic;
using System.Text;
using Femto.Micro;
using Femto.Mqtt;

namespace Femto.CostMeter
{
    /// <summary>
    /// The board's server with six connections and a listener: what asking them costs, without what the network stack
    /// does in a call, and the whole way of a message with it.
    /// </summary>
    internal static class BoardOperations
    {
        public static IEnumerable<Operation> All()
        {
            yield return new Turn("board: a turn in which nobody says anything, 6 connections", false);
            yield return new Turn("board: a turn with publish qos 0, socket to socket", true);
        }

        private sealed class Turn : Operation
        {
            private readonly Wire _door = new Wire();
            private readonly Wire[] _wires = new Wire[6];
            private readonly BoardServer _server;
            private readonly byte[] _publish;
            private readonly bool _message;
            private int _nowMs = Environment.TickCount + 2000;

            public Turn(string name, bool message)
                : base(name)
            {
                Limits limits = Limits.Esp32();
                limits.SysSeconds = 0;
                var broker = new Broker(limits, 1);
                var listeners = new IListener[] { new BoardListener(_door) };
                _server = new BoardServer(broker, listeners, new ITurn[0], 256, null);
                _message = message;
                _server.Turn(_nowMs);
                for (int i = 0; i < _wires.Length; i++)
                {
                    _wires[i] = new Wire();
                    _door.Next = _wires[i];
                    Say(_wires[i], World.Connect(4, "c" + i));
                    Expect(_wires[i].Out[0] == 0x20, "CONNACK");
                }

                Say(_wires[3], World.Subscribe(CodecOperations.Topic, 0, 4));
                Expect(_wires[3].Out[0] == 0x90, "SUBACK");
                byte[] topic = Encoding.UTF8.GetBytes(CodecOperations.Topic);
                _publish = new byte[2 + 2 + topic.Length + CodecOperations.PayloadBytes];
                _publish[0] = 0x30;
                _publish[1] = (byte)(_publish.Length - 2);
                _publish[3] = (byte)topic.Length;
                topic.CopyTo(_publish, 4);
            }

            public override void Before()
            {
                _wires[3].Sent = 0;
                _nowMs++;
                if (_message)
                {
                    _publish.CopyTo(_wires[1].In, 0);
                    _wires[1].Count = _publish.Length;
                }
            }

            public override void Run()
            {
                _server.Turn(_nowMs);
            }

            public override void After()
            {
                Expect((_wires[3].Sent == _publish.Length) == _message, "the message, or none");
            }

            private void Say(Wire wire, byte[] packet)
            {
                packet.CopyTo(wire.In, 0);
                wire.Count = packet.Length;
                for (int i = 0; i < 20; i++)
                {
                    _server.Turn(++_nowMs);
                }
            }
        }
    }
}
