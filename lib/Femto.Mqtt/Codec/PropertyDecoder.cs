namespace Femto.Mqtt
{
    /// <summary>Reads and checks a block of properties into <see cref="Properties"/>.</summary>
    internal static class PropertyDecoder
    {
        public static void Decode(Properties p, PacketReader r, int packet)
        {
            int length = r.VarInt();
            int packetEnd = r.End;
            int end = r.Offset + length;
            if (end > packetEnd)
            {
                r.Fail(Fault.MalformedPacket);
                return;
            }
            p.BlockOffset = r.Offset;
            p.BlockLength = length;
            int allowed = PropertyRules.Allowed(packet);
            r.End = end; // no property may reach past its block
            while (r.Offset < end)
            {
                int start = r.Offset;
                int id = r.Byte();
                int bit = PropertyRules.Bit(id);
                if ((bit & allowed) == 0)
                {
                    // Unknown, or not valid for this type of packet: both are malformed, section 2.2.2.2.
                    r.Fail(Fault.MalformedPacket);
                }
                else if ((p.Present & bit) != 0 && !Repeats(bit, packet))
                {
                    r.Fail(Fault.ProtocolError); // "It is a Protocol Error to include ... more than once."
                }
                else
                {
                    p.Present |= bit;
                    Value(p, r, id, bit, start);
                }
            }
            r.End = packetEnd;
            if (r.Fault != Fault.None)
            {
                r.Offset = packetEnd;
            }
        }

        private static bool Repeats(int bit, int packet)
        {
            return bit == Has.User || (bit == Has.SubscriptionId && packet == PacketType.Publish);
        }

        private static void Value(Properties p, PacketReader r, int id, int bit, int start)
        {
            if ((bit & PropertyRules.Bytes) != 0)
            {
                Flag(p, r, id);
            }
            else if ((bit & (PropertyRules.Texts | PropertyRules.Binaries)) != 0)
            {
                Field(p, r, id, (bit & PropertyRules.Texts) != 0);
            }
            else if ((bit & PropertyRules.UInt32s) != 0)
            {
                if (bit == Has.MessageExpiry) p.MessageExpiryOffset = start;
                else if (bit == Has.WillDelay) p.WillDelayOffset = start;
                Long(p, r, id);
            }
            else if ((bit & PropertyRules.UInt16s) != 0)
            {
                if (bit == Has.TopicAlias) p.TopicAliasOffset = start;
                Short(p, r, id);
            }
            else if (bit == Has.User)
            {
                r.Text(out int _); // [MQTT-1.5.7-1]
                r.Text(out int _);
                if (p.UserCount == 0)
                {
                    p.UserOffset = start;
                }
                p.UserCount++;
                p.UserEnd = r.Offset;
            }
            else
            {
                SubscriptionId(p, r);
            }
        }

        private static void SubscriptionId(Properties p, PacketReader r)
        {
            int value = r.VarInt();
            if (value == 0)
            {
                r.Fail(Fault.ProtocolError); // 3.8.2.1.2, 3.3.2.3.8: 1 to 268,435,455
                return;
            }
            int count = p.SubscriptionIdCount;
            if (count == 0)
            {
                p.SubscriptionId = value;
            }
            if (p.SubscriptionIds != null && count < p.SubscriptionIds.Length)
            {
                p.SubscriptionIds[count] = value;
            }
            p.SubscriptionIdCount = count + 1;
        }

        private static void Flag(Properties p, PacketReader r, int id)
        {
            int value = r.Byte();
            if (value > 1)
            {
                r.Fail(Fault.ProtocolError); // every property of this type is 0 or 1
                return;
            }
            switch (id)
            {
                case PropertyId.PayloadFormat: p.PayloadFormat = value; break;
                case PropertyId.RequestProblem: p.RequestProblem = value; break;
                case PropertyId.RequestResponse: p.RequestResponse = value; break;
                case PropertyId.MaximumQos: p.MaximumQos = value; break;
                case PropertyId.RetainAvailable: p.RetainAvailable = value; break;
                case PropertyId.WildcardAvailable: p.WildcardAvailable = value; break;
                case PropertyId.SubscriptionIdsAvailable: p.SubscriptionIdsAvailable = value; break;
                case PropertyId.SharedAvailable: p.SharedAvailable = value; break;
            }
        }

        private static void Short(Properties p, PacketReader r, int id)
        {
            int value = r.UInt16();
            switch (id)
            {
                case PropertyId.ServerKeepAlive:
                    p.ServerKeepAlive = value;
                    break;
                case PropertyId.TopicAliasMaximum:
                    p.TopicAliasMaximum = value;
                    break;
                case PropertyId.ReceiveMaximum:
                    p.ReceiveMaximum = value;
                    if (value == 0)
                    {
                        r.Fail(Fault.ProtocolError); // 3.1.2.11.3, 3.2.2.3.3
                    }
                    break;
                case PropertyId.TopicAlias:
                    p.TopicAlias = value;
                    if (value == 0)
                    {
                        r.Fail(Fault.TopicAliasInvalid); // [MQTT-3.3.2-8], 3.3.4
                    }
                    break;
            }
        }

        private static void Long(Properties p, PacketReader r, int id)
        {
            uint value = r.UInt32();
            switch (id)
            {
                case PropertyId.MessageExpiry: p.MessageExpiry = value; break;
                case PropertyId.SessionExpiry: p.SessionExpiry = value; break;
                case PropertyId.WillDelay: p.WillDelay = value; break;
                case PropertyId.MaximumPacketSize:
                    p.MaximumPacketSize = value;
                    if (value == 0)
                    {
                        r.Fail(Fault.ProtocolError); // 3.1.2.11.4, 3.2.2.3.6
                    }
                    break;
            }
        }

        private static void Field(Properties p, PacketReader r, int id, bool text)
        {
            int length;
            int offset = text ? r.Text(out length) : r.Binary(out length);
            switch (id)
            {
                case PropertyId.ContentType:
                    p.ContentTypeOffset = offset;
                    p.ContentTypeLength = length;
                    break;
                case PropertyId.ResponseTopic:
                    p.ResponseTopicOffset = offset;
                    p.ResponseTopicLength = length;
                    if (!TopicText.IsName(r.Buffer, offset, length))
                    {
                        r.Fail(Fault.TopicNameInvalid); // [MQTT-3.3.2-14] [MQTT-4.7.3-1]
                    }
                    break;
                case PropertyId.Correlation:
                    p.CorrelationOffset = offset;
                    p.CorrelationLength = length;
                    break;
                case PropertyId.AssignedClientId:
                    p.AssignedClientIdOffset = offset;
                    p.AssignedClientIdLength = length;
                    break;
                case PropertyId.AuthMethod:
                    p.AuthMethodOffset = offset;
                    p.AuthMethodLength = length;
                    break;
                case PropertyId.AuthData:
                    p.AuthDataOffset = offset;
                    p.AuthDataLength = length;
                    break;
                case PropertyId.ResponseInformation:
                    p.ResponseInformationOffset = offset;
                    p.ResponseInformationLength = length;
                    break;
                case PropertyId.ServerReference:
                    p.ServerReferenceOffset = offset;
                    p.ServerReferenceLength = length;
                    break;
                case PropertyId.ReasonString:
                    p.ReasonStringOffset = offset;
                    p.ReasonStringLength = length;
                    break;
            }
        }
    }
}
