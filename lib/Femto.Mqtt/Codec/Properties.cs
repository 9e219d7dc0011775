namespace Femto.Mqtt
{
    // property length   variable byte integer
    // identifier, value repeated; the identifier says the type of the value
    //
    /// <summary>
    /// The properties of one packet (MQTT 5, section 2.2.2), in an object that is used again and again.
    /// <see cref="Present"/> says which fields hold: the others keep what an earlier packet left in them.
    /// </summary>
    public sealed class Properties
    {
        /// <summary>What every offset below refers to: the packet's own buffer after decoding, any buffer of
        /// the caller's for encoding. Not copied.</summary>
        public byte[] Buffer;
        /// <summary>The properties that are there, one bit of <see cref="Has"/> for each. To send a property
        /// set its field and its bit.</summary>
        public int Present;

        /// <summary>0: bytes, 1: UTF-8 text.</summary>
        public int PayloadFormat;
        /// <summary>Seconds.</summary>
        public uint MessageExpiry;
        /// <summary>Seconds, 0xFFFFFFFF for ever.</summary>
        public uint SessionExpiry;
        /// <summary>Seconds.</summary>
        public uint WillDelay;
        /// <summary>Seconds, 0 to 65,535.</summary>
        public int ServerKeepAlive;
        /// <summary>1 to 65,535; 65,535 when absent.</summary>
        public int ReceiveMaximum;
        /// <summary>0 to 65,535; 0 when absent.</summary>
        public int TopicAliasMaximum;
        /// <summary>1 to 65,535.</summary>
        public int TopicAlias;
        /// <summary>0 or 1; 2 when absent.</summary>
        public int MaximumQos;
        /// <summary>0 or 1; 1 when absent.</summary>
        public int RetainAvailable;
        /// <summary>0 or 1; 1 when absent.</summary>
        public int WildcardAvailable;
        /// <summary>0 or 1; 1 when absent.</summary>
        public int SubscriptionIdsAvailable;
        /// <summary>0 or 1; 1 when absent.</summary>
        public int SharedAvailable;
        /// <summary>0 or 1; 1 when absent.</summary>
        public int RequestProblem;
        /// <summary>0 or 1; 0 when absent.</summary>
        public int RequestResponse;
        /// <summary>Bytes, 1 or more; no limit when absent.</summary>
        public uint MaximumPacketSize;

        /// <summary>The first subscription identifier, 1 to 268,435,455.</summary>
        public int SubscriptionId;
        /// <summary>How many there are; more than one only in PUBLISH. Set it to send them.</summary>
        public int SubscriptionIdCount;
        /// <summary>Null, or an array of the owner's for several identifiers: decoding puts the first
        /// <c>Length</c> of them here, encoding takes <see cref="SubscriptionIdCount"/> from here. When null,
        /// <see cref="SubscriptionId"/> alone is sent.</summary>
        public int[] SubscriptionIds;

        public int ContentTypeOffset;
        public int ContentTypeLength;
        public int ResponseTopicOffset;
        public int ResponseTopicLength;
        public int CorrelationOffset;
        public int CorrelationLength;
        public int AssignedClientIdOffset;
        public int AssignedClientIdLength;
        public int AuthMethodOffset;
        public int AuthMethodLength;
        public int AuthDataOffset;
        public int AuthDataLength;
        public int ReasonStringOffset;
        public int ReasonStringLength;
        public int ResponseInformationOffset;
        public int ResponseInformationLength;
        public int ServerReferenceOffset;
        public int ServerReferenceLength;

        /// <summary>From here to <see cref="UserEnd"/> stand the user properties as they are encoded (0x26,
        /// name, value). Properties with other identifiers between them are skipped.</summary>
        public int UserOffset;
        public int UserEnd;
        /// <summary>User properties found by decoding; encoding goes by the region alone.</summary>
        public int UserCount;

        /// <summary>The raw block behind its length, after decoding.</summary>
        public int BlockOffset;
        public int BlockLength;

        /// <summary>Where these stand in the raw block, if present: who forwards a message leaves them out.</summary>
        public int TopicAliasOffset;
        public int MessageExpiryOffset;
        public int WillDelayOffset;

        /// <summary>No properties.</summary>
        public void Clear()
        {
            Present = 0;
            SubscriptionIdCount = 0;
            UserOffset = 0;
            UserEnd = 0;
            UserCount = 0;
            BlockLength = 0;
        }

        /// <summary>
        /// Reads the block of properties at the reader's place. Below MQTT 5 there is none: then it only
        /// clears. Faults go to the reader: MalformedPacket, ProtocolError (twice, or a value out of range),
        /// TopicAliasInvalid, TopicNameInvalid (a response topic that is none).
        /// </summary>
        /// <param name="packet">A constant of <see cref="PacketType"/>.</param>
        public void Decode(PacketReader r, int packet)
        {
            if (Present != 0 || BlockLength != 0)
            {
                Clear();
            }
            if (r.Version < 5)
            {
                return;
            }
            Buffer = r.Buffer;
            int o = r.Offset;
            if (o < r.End && r.Buffer[o] == 0)
            {
                r.Offset = o + 1; // [MQTT-2.2.2-1]
                return;
            }
            PropertyDecoder.Decode(this, r, packet);
        }

        /// <summary>Bytes of the encoded block with its length. Properties that the packet may not carry are
        /// left out.</summary>
        public int Size(int packet)
        {
            if (Present == 0)
            {
                return 1;
            }
            int size = PropertyEncoder.Size(this, Present & PropertyRules.Allowed(packet));
            return FixedHeader.LengthSize(size) + size;
        }

        /// <summary>Bytes of the properties without the length before them.</summary>
        public int ContentSize(int packet)
        {
            return Present == 0 ? 0 : PropertyEncoder.Size(this, Present & PropertyRules.Allowed(packet));
        }

        /// <summary>Writes the properties without the length before them, for who adds others.</summary>
        public void EncodeContent(PacketWriter w, int packet)
        {
            if (Present != 0) PropertyEncoder.Encode(this, w, Present & PropertyRules.Allowed(packet));
        }

        /// <summary>Writes the block with its length: by identifier, user properties last and in their
        /// order.</summary>
        public void Encode(PacketWriter w, int packet)
        {
            if (Present == 0)
            {
                w.Byte(0); // [MQTT-2.2.2-1]
                return;
            }
            int present = Present & PropertyRules.Allowed(packet);
            w.VarInt(PropertyEncoder.Size(this, present));
            PropertyEncoder.Encode(this, w, present);
        }

        /// <summary>
        /// The next user property, in the packet's order. Begin with a cursor of 0; false when there is no
        /// more.
        /// </summary>
        public bool NextUser(ref int cursor, out int keyOffset, out int keyLength, out int valueOffset,
            out int valueLength)
        {
            byte[] buffer = Buffer;
            int o = cursor == 0 ? UserOffset : cursor;
            int end = UserEnd;
            while (o < end && buffer[o] != PropertyId.User)
            {
                o = PropertyRules.Skip(buffer, o);
            }
            if (o >= end)
            {
                cursor = end;
                keyOffset = 0;
                keyLength = 0;
                valueOffset = 0;
                valueLength = 0;
                return false;
            }
            keyOffset = o + 3;
            keyLength = buffer[o + 1] << 8 | buffer[o + 2];
            o = keyOffset + keyLength;
            valueOffset = o + 2;
            valueLength = buffer[o] << 8 | buffer[o + 1];
            cursor = valueOffset + valueLength;
            return true;
        }

        /// <summary>
        /// The next subscription identifier of a decoded packet. Begin with a cursor of 0; 0 when there is no
        /// more.
        /// </summary>
        public int NextSubscriptionId(ref int cursor)
        {
            byte[] buffer = Buffer;
            int o = cursor == 0 ? BlockOffset : cursor;
            int end = BlockOffset + BlockLength;
            while (o < end && buffer[o] != PropertyId.SubscriptionId)
            {
                o = PropertyRules.Skip(buffer, o);
            }
            if (o >= end)
            {
                cursor = end;
                return 0;
            }
            cursor = PropertyRules.Skip(buffer, o);
            int value = 0;
            for (int i = cursor - 1; i > o; i--)
            {
                value = value << 7 | (buffer[i] & 0x7F);
            }
            return value;
        }
    }
}
