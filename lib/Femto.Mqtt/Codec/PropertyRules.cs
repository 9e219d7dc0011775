namespace Femto.Mqtt
{
    /// <summary>Table 2-4 of MQTT 5: the type of each property and the packets that may carry it.</summary>
    internal static class PropertyRules
    {
        // Properties by type, as sets of Has bits.
        public const int Bytes = Has.PayloadFormat | Has.RequestProblem | Has.RequestResponse
            | Has.MaximumQos | Has.RetainAvailable | Has.WildcardAvailable | Has.SubscriptionIdsAvailable
            | Has.SharedAvailable;
        public const int UInt16s = Has.ServerKeepAlive | Has.ReceiveMaximum | Has.TopicAliasMaximum
            | Has.TopicAlias;
        public const int UInt32s = Has.MessageExpiry | Has.SessionExpiry | Has.WillDelay
            | Has.MaximumPacketSize;
        public const int Texts = Has.ContentType | Has.ResponseTopic | Has.AssignedClientId | Has.AuthMethod
            | Has.ResponseInformation | Has.ServerReference | Has.ReasonString;
        public const int Binaries = Has.Correlation | Has.AuthData;

        private const int Message = Has.PayloadFormat | Has.MessageExpiry | Has.ContentType
            | Has.ResponseTopic | Has.Correlation | Has.User;
        private const int Answer = Has.ReasonString | Has.User;

        // By packet type; 0 is the will.
        private static readonly int[] allowed = new int[]
        {
            /* Will */ Message | Has.WillDelay,
            /* CONNECT */ Has.SessionExpiry | Has.AuthMethod | Has.AuthData | Has.RequestProblem
                | Has.RequestResponse | Has.ReceiveMaximum | Has.TopicAliasMaximum | Has.User
                | Has.MaximumPacketSize,
            /* CONNACK */ Has.SessionExpiry | Has.AssignedClientId | Has.ServerKeepAlive | Has.AuthMethod
                | Has.AuthData | Has.ResponseInformation | Has.ServerReference | Answer | Has.ReceiveMaximum
                | Has.TopicAliasMaximum | Has.MaximumQos | Has.RetainAvailable | Has.MaximumPacketSize
                | Has.WildcardAvailable | Has.SubscriptionIdsAvailable | Has.SharedAvailable,
            /* PUBLISH */ Message | Has.SubscriptionId | Has.TopicAlias,
            /* PUBACK */ Answer,
            /* PUBREC */ Answer,
            /* PUBREL */ Answer,
            /* PUBCOMP */ Answer,
            /* SUBSCRIBE */ Has.SubscriptionId | Has.User,
            /* SUBACK */ Answer,
            /* UNSUBSCRIBE */ Has.User,
            /* UNSUBACK */ Answer,
            /* PINGREQ */ 0,
            /* PINGRESP */ 0,
            /* DISCONNECT */ Has.SessionExpiry | Has.ServerReference | Answer,
            /* AUTH */ Has.AuthMethod | Has.AuthData | Answer,
        };

        // By identifier; 0 is unknown.
        private static readonly int[] bits = new int[]
        {
            /* 00 */ 0, Has.PayloadFormat, Has.MessageExpiry, Has.ContentType,
            /* 04 */ 0, 0, 0, 0,
            /* 08 */ Has.ResponseTopic, Has.Correlation, 0, Has.SubscriptionId,
            /* 0C */ 0, 0, 0, 0,
            /* 10 */ 0, Has.SessionExpiry, Has.AssignedClientId, Has.ServerKeepAlive,
            /* 14 */ 0, Has.AuthMethod, Has.AuthData, Has.RequestProblem,
            /* 18 */ Has.WillDelay, Has.RequestResponse, Has.ResponseInformation, 0,
            /* 1C */ Has.ServerReference, 0, 0, Has.ReasonString,
            /* 20 */ 0, Has.ReceiveMaximum, Has.TopicAliasMaximum, Has.TopicAlias,
            /* 24 */ Has.MaximumQos, Has.RetainAvailable, Has.User, Has.MaximumPacketSize,
            /* 28 */ Has.WildcardAvailable, Has.SubscriptionIdsAvailable, Has.SharedAvailable,
        };

        /// <summary>The properties that a packet may carry: a set of <see cref="Has"/> bits.</summary>
        public static int Allowed(int packet)
        {
            return allowed[packet];
        }

        /// <summary>The bit of an identifier; 0 when there is no such property. An identifier is a variable
        /// byte integer, but every one that exists is a single byte below 0x80.</summary>
        public static int Bit(int id)
        {
            return id < bits.Length ? bits[id] : 0;
        }

        /// <summary>The offset behind the property that begins at <paramref name="offset"/>, in a block that
        /// was checked before.</summary>
        public static int Skip(byte[] buffer, int offset)
        {
            int bit = bits[buffer[offset]];
            offset++;
            if ((bit & Bytes) != 0)
            {
                return offset + 1;
            }
            if ((bit & UInt16s) != 0)
            {
                return offset + 2;
            }
            if ((bit & UInt32s) != 0)
            {
                return offset + 4;
            }
            if (bit == Has.SubscriptionId)
            {
                while (buffer[offset] >= 0x80)
                {
                    offset++;
                }
                return offset + 1;
            }
            offset += 2 + (buffer[offset] << 8 | buffer[offset + 1]);
            if (bit == Has.User)
            {
                offset += 2 + (buffer[offset] << 8 | buffer[offset + 1]);
            }
            return offset;
        }
    }
}
