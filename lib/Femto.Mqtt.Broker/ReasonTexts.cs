namespace Femto.Mqtt
{
    /// <summary>
    /// Reason strings (MQTT 5.0 section 3.2.2.3.9) for the answers whose code alone does not say what to do.
    /// Kept as bytes, made at boot.
    /// </summary>
    internal static class ReasonTexts
    {
        // Code, length, text; end with code 0.
        private static readonly byte[] table = Build();

        /// <summary>Adds the reason string of a code to a packet's properties, if it has one.</summary>
        public static void Set(Properties properties, int reason)
        {
            byte[] t = table;
            int at = 0;
            while (t[at] != 0)
            {
                if (t[at] == reason)
                {
                    properties.Buffer = t;
                    properties.Present |= Has.ReasonString;
                    properties.ReasonStringOffset = at + 2;
                    properties.ReasonStringLength = t[at + 1];
                    return;
                }
                at += 2 + t[at + 1];
            }
        }

        public static int Bytes()
        {
            return Heap.Array(table.Length, 1);
        }

        private static byte[] Build()
        {
            byte[] t = new byte[320];
            int at = 0;
            at = Add(t, at, ReasonCode.UnsupportedProtocolVersion, "MQTT 3.1.1 and 5.0 are spoken here");
            at = Add(t, at, ReasonCode.ClientIdentifierNotValid, "client identifier too long or in use");
            at = Add(t, at, ReasonCode.QuotaExceeded, "a table of this broker is full");
            at = Add(t, at, ReasonCode.KeepAliveTimeout, "nothing heard for 1.5 keep-alives");
            at = Add(t, at, ReasonCode.SessionTakenOver, "another connection uses this client identifier");
            at = Add(t, at, ReasonCode.ReceiveMaximumExceeded, "more unacknowledged messages than allowed");
            at = Add(t, at, ReasonCode.PacketTooLarge, "larger than the maximum packet size");
            Add(t, at, 0, "");
            return t;
        }

        private static int Add(byte[] t, int at, int reason, string text)
        {
            t[at] = (byte)reason;
            t[at + 1] = (byte)text.Length;
            for (int i = 0; i < text.Length; i++) t[at + 2 + i] = (byte)text[i];
            return at + 2 + text.Length;
        }
    }
}
