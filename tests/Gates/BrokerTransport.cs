using System;
using Femto.Mqtt;

namespace Femto.Gates
{
    /// <summary>A client's transport that ends in a broker's core, in the same thread.</summary>
    internal sealed class BrokerTransport : ITransport
    {
        private readonly Broker _broker;
        private readonly byte[] _peer = new byte[1];
        private int _connection = -1;
        private int _nowMs;

        public BrokerTransport(Broker broker) => _broker = broker;

        public string Error => null;

        public void Open(TransportOptions options) => _connection = _broker.Open(_nowMs, 0, _peer, 0, 1);

        public int State() => _connection < 0 ? TransportState.Closed : TransportState.Open;

        public int Receive(byte[] buffer, int offset, int count)
        {
            int there = _broker.Pending(_connection, out byte[] from, out int at, out bool close);
            if (there == 0)
            {
                return close ? -1 : 0;
            }

            there = Math.Min(there, count);
            Array.Copy(from, at, buffer, offset, there);
            _broker.Sent(_connection, there, _nowMs);
            Turn();
            return there;
        }

        public int Send(byte[] buffer, int offset, int count)
        {
            int taken = _broker.Feed(_connection, buffer, offset, count, _nowMs);
            Turn();
            return taken;
        }

        public void Close()
        {
            if (_connection >= 0)
            {
                _broker.Closed(_connection, _nowMs);
                _connection = -1;
            }
        }

        private void Turn()
        {
            _nowMs = Environment.TickCount;
            _broker.Tick(_nowMs);
            while (_broker.NextReady() >= 0)
            {
            }
        }
    }
}
