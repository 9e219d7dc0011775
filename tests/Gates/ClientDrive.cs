using System;
using Femto.Mqtt;

namespace Femto.Gates
{
    /// <summary>
    /// A client session and a broker joined by their surfaces: every call of the session's is made again and again,
    /// with every kind of answer, over connections that end in every way.
    /// </summary>
    internal sealed class ClientDrive : IClientSink, IAccess, IClientTopics
    {
        public readonly ClientSession Session;
        public int Messages, Done, Answers, Refused, Connects, Ends, Auths, Held, Faults, Discarded;

        private static readonly byte[] s_filter = { (byte)'a', (byte)'/', (byte)'#' };
        private static readonly byte[] s_topic = { (byte)'a', (byte)'/', (byte)'t', (byte)'o', (byte)'p' };
        private static readonly byte[] s_bad = { (byte)'a', (byte)'/', (byte)'+', 0xC0 };
        private static readonly byte[] s_properties = { 0x01, 0x01, 0x26, 0, 1, (byte)'k', 0, 1, (byte)'v' };
        private static readonly byte[] s_method = { (byte)'m' };
        private static readonly byte[][] s_wrong =
        {
            new byte[] { 0x20, 2, 0, 0 }, new byte[] { 0x30, 1, 0 }, new byte[] { 0x90, 3, 0, 1, 0 },
            new byte[] { 0x30, 0x80, 0x80, 0x80, 0x80 }, new byte[] { 0xE0, 0 },
        };

        // QoS 2, topic "a", identifier 9, larger than any buffer.
        private static readonly byte[] s_large = LargeMessage();

        private readonly ClientOptions _options = new();
        private readonly Broker _broker;
        private readonly byte[] _payload = new byte[600];
        private readonly int _version;
        private int _connection = -1, _nowMs = 1000, _turn, _holding;

        public ClientDrive(int version, bool large)
        {
            ClientLimits limits = large ? ClientLimits.Large() : ClientLimits.Small();
            _version = version;
            _options.Version = version;
            _options.ClientId = new[] { (byte)'c' };
            _options.CleanStart = false;
            _options.SessionExpiry = 1000;
            _options.KeepAliveSeconds = 5;
            _options.WillTopic = s_topic;
            _options.WillProperties = s_properties;
            _options.UserProperties = new byte[] { 0x26, 0, 1, (byte)'k', 0, 1, (byte)'v' };
            if (version == 5)
            {
                _options.AuthMethod = s_method;
            }

            _broker = new Broker(Limits.Esp32(), 1) { Access = this };
            Session = new ClientSession(limits, _options, this, 7) { Topics = null };
        }

        /// <summary>Goes on until the sink got so many more messages.</summary>
        public void Run(int messages)
        {
            int until = Messages + messages;
            for (int guard = 0; Messages < until; guard++)
            {
                if (guard > messages * 20)
                {
                    throw new InvalidOperationException("stands still");
                }

                Step();
            }
        }

        private void Step()
        {
            _turn++;
            _nowMs += 3;
            if (_connection < 0)
            {
                _connection = _broker.Open(_nowMs, 0, null, 0, 0);
                Session.Opened(_nowMs);
            }

            Act();
            Move();
            if (_holding > 0 && --_holding == 0)
            {
                Session.Resume(_nowMs);
            }

            if (_turn % 997 == 0)
            {
                _nowMs += 5000;
            }
        }

        private void Act()
        {
            int qos = _turn % 3;
            int length = _turn % 50 == 0 ? 600 : 16;
            bool plain = _turn % 4 != 0;
            Session.Topics = _turn % 400 > 380 ? this : null;
            Session.Publish(s_topic, 0, 5, _payload, 0, length, qos, _turn % 64 == 0, plain ? null : s_properties, 0,
                plain ? 0 : s_properties.Length, _turn % 5 == 0 ? 9 : MessagePool.Never);
            if (_turn % 16 == 0)
            {
                Faults += Session.Publish(s_bad, 0, 3 + _turn / 16 % 2, _payload, 0, 1, 0, false, null, 0, 0, 5)
                    != Fault.None ? 1 : 0;
                Session.Unsubscribe(s_topic, 0, 5);
                Session.Subscribe(s_bad, 0, 4, 1, 0);
                Session.Subscribe(s_topic, 0, 5, 1, 3);
            }

            if (_turn % 300 == 0)
            {
                Session.Reauthenticate(_payload, 0, 3, _nowMs);
            }

            if (_turn % 700 == 0 && _version == 4)
            {
                int at = 0;
                int taken = 1;
                for (; taken > 0 && at < s_large.Length && Session.State == ClientState.Connected; at += taken)
                {
                    int room = Session.Room();
                    taken = Session.Feed(s_large, at, s_large.Length - at < room ? s_large.Length - at : room, _nowMs);
                }

                if (at < s_large.Length)
                {
                    Cut(); // the rest of it cannot follow
                }
            }

            Session.Arrived(_nowMs);
            if (_turn % 1500 == 0)
            {
                Cut();
            }
            else if (_turn % 1500 == 500)
            {
                Session.Disconnect(_turn % 2 * 4, _nowMs);
            }
            else if (_turn % 1500 == 1000)
            {
                byte[] wrong = s_wrong[_turn / 1500 % s_wrong.Length];
                Session.Feed(wrong, 0, wrong.Length, _nowMs);
            }

            _options.CleanStart = _turn % 9000 > 8000;
        }

        private static byte[] LargeMessage()
        {
            byte[] packet = new byte[70004];
            new byte[] { 0x34, 0xF0, 0xA2, 4, 0, 1, (byte)'a', 0, 9 }.CopyTo(packet, 0);
            return packet;
        }

        private void Cut()
        {
            if (_connection < 0)
            {
                return;
            }

            _broker.Closed(_connection, _nowMs);
            _connection = -1;
            Session.Closed(_nowMs);
        }

        private void Move()
        {
            for (int round = 0; round < 4 && _connection >= 0; round++)
            {
                Session.Tick(_nowMs);
                int n = Session.Pending(out byte[] buffer, out int offset, out bool close);
                if (n > 0)
                {
                    n = _broker.Feed(_connection, buffer, offset, n, _nowMs);
                    Session.Sent(n, _nowMs);
                }
                else if (close)
                {
                    Cut();
                    return;
                }

                _broker.Tick(_nowMs);
                while (_broker.NextReady() >= 0)
                {
                }

                n = _broker.Pending(_connection, out buffer, out offset, out close);
                if (n > 40 && _turn % 3 == 0)
                {
                    n = 33; // packets arrive in pieces
                }

                int room = Session.Room();
                if (n > 0 && room > 0)
                {
                    int taken = Session.Feed(buffer, offset, n < room ? n : room, _nowMs);
                    _broker.Sent(_connection, taken, _nowMs);
                }
                else if (close)
                {
                    Cut();
                }
            }
        }

        void IClientSink.Connected(ClientSession c, bool sessionPresent)
        {
            Connects++;
            c.Subscribe(s_filter, 0, 3, 2, _version == 5 ? 9 : 0);
        }

        void IClientSink.Disconnected(ClientSession c, int reason) => Ends++;

        int IClientSink.Message(ClientSession c, ClientMessage m)
        {
            if (_holding > 0 || m.Qos > 0 && (Messages + _turn) % 90 == 0)
            {
                Held++;
                _holding = _holding > 0 ? _holding : 5;
                return ClientSession.Hold;
            }

            Messages++;
            return m.Qos == 1 && Messages % 40 == 0 ? ReasonCode.QuotaExceeded : 0;
        }

        void IClientSink.Discarded(ClientSession c, byte[] topic, int offset, int length, int qos, int bytes) =>
            Discarded++;

        void IClientSink.Answer(ClientSession c, int request, int reason) => Answers++;

        void IClientSink.Acknowledged(ClientSession c, int message, int reason)
        {
            Done++;
            Refused += reason >= ReasonCode.UnspecifiedError ? 1 : 0;
        }

        int IClientSink.Auth(ClientSession c, int reason, byte[] data, int offset, int length, AuthReply reply)
        {
            Auths++;
            reply.Buffer = _payload;
            reply.Length = 8;
            return Auths % 50 == 0 ? ReasonCode.NotAuthorized : 0;
        }

        int IClientTopics.Rewrite(byte[] topic, int length)
        {
            topic[length] = (byte)'x';
            return _turn % 7 == 0 ? 0 : length + 1;
        }

        int IAccess.Connect(Broker broker, int connection, Connect packet)
        {
            broker.AuthReply.Buffer = _payload;
            broker.AuthReply.Length = 4;
            return packet.Version == 5 ? ReasonCode.ContinueAuthentication : ReasonCode.Success;
        }

        int IAccess.Authenticate(Broker broker, int connection, Auth packet)
        {
            broker.AuthReply.Buffer = _payload;
            broker.AuthReply.Length = 4;
            return packet.Reason == ReasonCode.Reauthenticate ? ReasonCode.ContinueAuthentication : ReasonCode.Success;
        }

        void IAccess.Gone(Broker broker, int connection)
        {
        }

        bool IAccess.Publish(Broker broker, int session, byte[] buffer, int offset, int length, int qos, bool retain) =>
            _turn % 31 != 0;

        bool IAccess.Deliver(Broker broker, int session, byte[] buffer, int offset, int length) => true;

        int IAccess.Subscribe(Broker broker, int session, byte[] buffer, int offset, int length, int options) =>
            ReasonCode.Success;
    }
}
