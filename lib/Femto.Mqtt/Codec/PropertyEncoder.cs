using System.Diagnostics;

namespace Femto.Mqtt
{
    /// <summary>Writes <see cref="Properties"/> as a block: by identifier, user properties last.</summary>
    internal static class PropertyEncoder
    {
        private const int Fields = PropertyRules.Texts | PropertyRules.Binaries;

        /// <summary>Bytes of the properties in <paramref name="present"/>, without the length before
        /// them.</summary>
        public static int Size(Properties p, int present)
        {
            int size = 2 * Count(present & PropertyRules.Bytes)
                + 3 * Count(present & (PropertyRules.UInt16s | Fields)) // a field's identifier and length
                + 5 * Count(present & PropertyRules.UInt32s);
            if ((present & Fields) != 0)
            {
                size += FieldSize(p, present);
            }
            if ((present & Has.SubscriptionId) != 0)
            {
                int count = p.SubscriptionIdCount;
                for (int i = 0; i < count; i++)
                {
                    size += 1 + FixedHeader.LengthSize(SubscriptionIdAt(p, i));
                }
            }
            if ((present & Has.User) != 0)
            {
                int cursor = 0;
                while (p.NextUser(ref cursor, out int _, out int keyLength, out int _, out int valueLength))
                {
                    size += 5 + keyLength + valueLength;
                }
            }
            return size;
        }

        private static int Count(int bits)
        {
            int count = 0;
            while (bits != 0)
            {
                bits &= bits - 1;
                count++;
            }
            return count;
        }

        private static int FieldSize(Properties p, int present)
        {
            int size = 0;
            size += (present & Has.ContentType) != 0 ? p.ContentTypeLength : 0;
            size += (present & Has.ResponseTopic) != 0 ? p.ResponseTopicLength : 0;
            size += (present & Has.Correlation) != 0 ? p.CorrelationLength : 0;
            size += (present & Has.AssignedClientId) != 0 ? p.AssignedClientIdLength : 0;
            size += (present & Has.AuthMethod) != 0 ? p.AuthMethodLength : 0;
            size += (present & Has.AuthData) != 0 ? p.AuthDataLength : 0;
            size += (present & Has.ResponseInformation) != 0 ? p.ResponseInformationLength : 0;
            size += (present & Has.ServerReference) != 0 ? p.ServerReferenceLength : 0;
            size += (present & Has.ReasonString) != 0 ? p.ReasonStringLength : 0;
            return size;
        }

        // Properties.SubscriptionIds when its owner gave one, else the single number.
        private static int SubscriptionIdAt(Properties p, int index)
        {
            Debug.Assert(p.SubscriptionIds != null || index == 0);
            return p.SubscriptionIds != null ? p.SubscriptionIds[index] : p.SubscriptionId;
        }

        /// <summary>Writes the properties in <paramref name="present"/>, without the length before
        /// them.</summary>
        public static void Encode(Properties p, PacketWriter w, int present)
        {
            const int First = Has.PayloadFormat | Has.MessageExpiry | Has.ContentType | Has.ResponseTopic
                | Has.Correlation | Has.SubscriptionId;
            if ((present & First) != 0)
            {
                EncodeMessage(p, w, present);
            }
            if ((present & ~(First | Has.TopicAlias | Has.User)) != 0)
            {
                EncodeSession(p, w, present);
                EncodeAnswer(p, w, present);
            }
            if ((present & Has.TopicAlias) != 0) // of PUBLISH alone, where nothing comes between
            {
                Short(w, PropertyId.TopicAlias, p.TopicAlias);
            }
            if ((present & Has.User) != 0)
            {
                EncodeUser(p, w);
            }
        }

        private static void EncodeMessage(Properties p, PacketWriter w, int present)
        {
            if ((present & Has.PayloadFormat) != 0)
            {
                Flag(w, PropertyId.PayloadFormat, p.PayloadFormat);
            }
            if ((present & Has.MessageExpiry) != 0)
            {
                Long(w, PropertyId.MessageExpiry, p.MessageExpiry);
            }
            if ((present & Has.ContentType) != 0)
            {
                Field(p, w, PropertyId.ContentType, p.ContentTypeOffset, p.ContentTypeLength);
            }
            if ((present & Has.ResponseTopic) != 0)
            {
                Field(p, w, PropertyId.ResponseTopic, p.ResponseTopicOffset, p.ResponseTopicLength);
            }
            if ((present & Has.Correlation) != 0)
            {
                Field(p, w, PropertyId.Correlation, p.CorrelationOffset, p.CorrelationLength);
            }
            if ((present & Has.SubscriptionId) != 0)
            {
                int count = p.SubscriptionIdCount;
                for (int i = 0; i < count; i++)
                {
                    w.Byte(PropertyId.SubscriptionId);
                    w.VarInt(SubscriptionIdAt(p, i));
                }
            }
        }

        private static void EncodeSession(Properties p, PacketWriter w, int present)
        {
            if ((present & Has.SessionExpiry) != 0)
            {
                Long(w, PropertyId.SessionExpiry, p.SessionExpiry);
            }
            if ((present & Has.AssignedClientId) != 0)
            {
                Field(p, w, PropertyId.AssignedClientId, p.AssignedClientIdOffset, p.AssignedClientIdLength);
            }
            if ((present & Has.ServerKeepAlive) != 0)
            {
                Short(w, PropertyId.ServerKeepAlive, p.ServerKeepAlive);
            }
            if ((present & Has.AuthMethod) != 0)
            {
                Field(p, w, PropertyId.AuthMethod, p.AuthMethodOffset, p.AuthMethodLength);
            }
            if ((present & Has.AuthData) != 0)
            {
                Field(p, w, PropertyId.AuthData, p.AuthDataOffset, p.AuthDataLength);
            }
            if ((present & Has.RequestProblem) != 0)
            {
                Flag(w, PropertyId.RequestProblem, p.RequestProblem);
            }
            if ((present & Has.WillDelay) != 0)
            {
                Long(w, PropertyId.WillDelay, p.WillDelay);
            }
            if ((present & Has.RequestResponse) != 0)
            {
                Flag(w, PropertyId.RequestResponse, p.RequestResponse);
            }
            if ((present & Has.ResponseInformation) != 0)
            {
                Field(p, w, PropertyId.ResponseInformation,
                    p.ResponseInformationOffset, p.ResponseInformationLength);
            }
            if ((present & Has.ServerReference) != 0)
            {
                Field(p, w, PropertyId.ServerReference, p.ServerReferenceOffset, p.ServerReferenceLength);
            }
        }

        private static void EncodeAnswer(Properties p, PacketWriter w, int present)
        {
            if ((present & Has.ReasonString) != 0)
            {
                Field(p, w, PropertyId.ReasonString, p.ReasonStringOffset, p.ReasonStringLength);
            }
            if ((present & Has.ReceiveMaximum) != 0)
            {
                Short(w, PropertyId.ReceiveMaximum, p.ReceiveMaximum);
            }
            if ((present & Has.TopicAliasMaximum) != 0)
            {
                Short(w, PropertyId.TopicAliasMaximum, p.TopicAliasMaximum);
            }
            if ((present & Has.MaximumQos) != 0)
            {
                Flag(w, PropertyId.MaximumQos, p.MaximumQos);
            }
            if ((present & Has.RetainAvailable) != 0)
            {
                Flag(w, PropertyId.RetainAvailable, p.RetainAvailable);
            }
            if ((present & Has.MaximumPacketSize) != 0)
            {
                Long(w, PropertyId.MaximumPacketSize, p.MaximumPacketSize);
            }
            if ((present & Has.WildcardAvailable) != 0)
            {
                Flag(w, PropertyId.WildcardAvailable, p.WildcardAvailable);
            }
            if ((present & Has.SubscriptionIdsAvailable) != 0)
            {
                Flag(w, PropertyId.SubscriptionIdsAvailable, p.SubscriptionIdsAvailable);
            }
            if ((present & Has.SharedAvailable) != 0)
            {
                Flag(w, PropertyId.SharedAvailable, p.SharedAvailable);
            }
        }

        // In their order [MQTT-3.3.2-18], each as it came [MQTT-3.3.2-17].
        private static void EncodeUser(Properties p, PacketWriter w)
        {
            int cursor = 0;
            while (p.NextUser(ref cursor, out int key, out int keyLength, out int _, out int valueLength))
            {
                w.Copy(p.Buffer, key - 3, 5 + keyLength + valueLength);
            }
        }

        private static void Flag(PacketWriter w, int id, int value)
        {
            w.Byte(id);
            w.Byte(value);
        }

        private static void Short(PacketWriter w, int id, int value)
        {
            w.Byte(id);
            w.UInt16(value);
        }

        private static void Long(PacketWriter w, int id, uint value)
        {
            w.Byte(id);
            w.UInt32(value);
        }

        private static void Field(Properties p, PacketWriter w, int id, int offset, int length)
        {
            w.Byte(id);
            w.Binary(p.Buffer, offset, length);
        }
    }
}
