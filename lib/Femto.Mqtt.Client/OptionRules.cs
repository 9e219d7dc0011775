namespace Femto.Mqtt
{
    /// <summary>What the specification demands of a CONNECT's fields.</summary>
    internal static class OptionRules
    {
        /// <summary>The reason code of the first fault, or 0.</summary>
        /// <param name="named">The server has given an identifier before.</param>
        public static int Check(ClientOptions o, bool named)
        {
            bool v5 = o.Version == 5;
            if (!v5 && o.Version != 4) return ReasonCode.UnsupportedProtocolVersion;
            if (o.ClientId != null && o.ClientId.Length != 0) named = true;
            // [MQTT-3.1.3-4] of both versions, [MQTT-3.1.3-7] of 3.1.1
            if (!IsText(o.ClientId) || !v5 && !named && !o.CleanStart) return ReasonCode.ClientIdentifierNotValid;
            // [MQTT-3.1.3-12], in 3.1.1 [MQTT-3.1.3-11]; [MQTT-3.1.2-22] of 3.1.1
            bool alone = !v5 && o.Password != null && o.UserName == null;
            bool large = o.Password != null && o.Password.Length > 65535;
            if (!IsText(o.UserName) || alone || large) return ReasonCode.BadUserNameOrPassword;
            if (!IsText(o.AuthMethod)) return ReasonCode.BadAuthenticationMethod;
            byte[] will = o.WillTopic;
            if (will == null) return 0;
            if (o.WillQos < 0 || o.WillQos > 2) return ReasonCode.QosNotSupported; // [MQTT-3.1.2-12]
            // [MQTT-3.1.3-11], in 3.1.1 [MQTT-3.1.3-10]
            bool name = will.Length <= 65535 && TopicName.Check(will, 0, will.Length) == Fault.None;
            return name ? 0 : ReasonCode.TopicNameInvalid;
        }

        // Section 1.5.4.
        private static bool IsText(byte[] text)
        {
            return text == null || text.Length <= 65535 && Utf8.IsValid(text, 0, text.Length);
        }
    }
}
