using System.Text;

namespace Femto.Mqtt
{
    /// <summary>
    /// Reason strings (MQTT 5.0 section 3.2.2.3.9) for the answers whose code alone does not say what to do. The
    /// text stays where the program is; only the bytes of the one being sent are on the heap.
    /// </summary>
    internal sealed class ReasonTexts
    {
        private const int Longest = 48;

        private static readonly string takenOver = "another connection uses this client identifier";
        private static readonly string clientId = "client identifier too long or in use";
        private static readonly string version = "MQTT 3.1.1 and 5.0 are spoken here";
        private static readonly string quota = "a table or queue of this broker is full";
        private static readonly string keepAlive = "nothing heard for 1.5 times the keep-alive";
        private static readonly string receiveMaximum = "more unacknowledged messages than allowed";
        private static readonly string topic = "topic empty, too long or with a wildcard";
        private static readonly string tooLarge = "larger than the maximum packet size";

        private readonly Encoding utf8 = Encoding.UTF8; // to ask for it allocates, so it is asked for once

        /// <summary>The text last asked for.</summary>
        public readonly byte[] Text = new byte[Longest];

        public static int Bytes()
        {
            return Heap.Object(2) + Heap.Object(0) + Heap.Array(Longest, 1);
        }

        /// <summary>Puts the reason string of a code into <see cref="Text"/>.</summary>
        /// <returns>Its bytes; 0 when it has none.</returns>
        public int Length(int reason)
        {
            string s = Find(reason);
            return s == null ? 0 : utf8.GetBytes(s, 0, s.Length, Text, 0);
        }

        /// <summary>Adds the reason string of a code to a packet's properties, if it has one.</summary>
        public void Set(Properties properties, int reason)
        {
            int length = Length(reason);
            if (length == 0) return;
            properties.Buffer = Text;
            properties.Present |= Has.ReasonString;
            properties.ReasonStringOffset = 0;
            properties.ReasonStringLength = length;
        }

        private static string Find(int reason)
        {
            switch (reason)
            {
                case ReasonCode.UnsupportedProtocolVersion: return version;
                case ReasonCode.ClientIdentifierNotValid: return clientId;
                case ReasonCode.QuotaExceeded: return quota;
                case ReasonCode.KeepAliveTimeout: return keepAlive;
                case ReasonCode.SessionTakenOver: return takenOver;
                case ReasonCode.ReceiveMaximumExceeded: return receiveMaximum;
                case ReasonCode.TopicNameInvalid: return topic;
                case ReasonCode.PacketTooLarge: return tooLarge;
                default: return null;
            }
        }
    }
}
