namespace Femto.Mqtt
{
    /// <summary>The version of Femto, as text.</summary>
    public static class BrokerVersion
    {
        /// <summary>For people: printed at start and under <c>$SYS/broker/version</c>.</summary>
        public const string Number = "0.1.0";

        internal static readonly byte[] Text = Ascii("Femto " + Number);
        internal static readonly byte[] Seconds = Ascii(" seconds");

        private static byte[] Ascii(string text)
        {
            byte[] bytes = new byte[text.Length];
            for (int i = 0; i < text.Length; i++) bytes[i] = (byte)text[i];
            return bytes;
        }
    }
}
