using System;
using System.Diagnostics;

namespace Femto.Mqtt
{
    // byte 1            0011 DUP QoS QoS RETAIN
    // byte 2..          remaining length
    // topic name        two byte length, UTF-8
    // packet identifier two bytes, when QoS > 0
    // properties        MQTT 5
    // payload           the rest
    //
    /// <summary>PUBLISH (section 3.3).</summary>
    public sealed class Publish
    {
        /// <summary>What topic and payload refer to: the packet's buffer after decoding, the caller's for
        /// encoding.</summary>
        public byte[] Buffer;
        public bool Dup;
        public bool Retain;
        /// <summary>0, 1 or 2.</summary>
        public int Qos;
        public int TopicOffset;
        /// <summary>Bytes; 0 only with a topic alias.</summary>
        public int TopicLength;
        /// <summary>1 to 65,535; 0 at QoS 0.</summary>
        public int PacketId;
        public int PayloadOffset;
        /// <summary>Bytes, 0 or more.</summary>
        public int PayloadLength;
        public readonly Properties Properties;
        /// <summary>Set before decoding by who knows that this topic name was checked before:
        /// <see cref="Path"/> is then left alone.</summary>
        public bool TopicKnown;
        /// <summary>The topic's levels after decoding; none when the topic is empty.</summary>
        public readonly TopicPath Path;

        /// <param name="path">Null when only encoding.</param>
        public Publish(Properties properties, TopicPath path)
        {
            Properties = properties;
            Path = path;
        }

        /// <summary>
        /// Reads and checks the whole packet. Faults: MalformedPacket, ProtocolError, TopicNameInvalid,
        /// TopicAliasInvalid; TooLarge when the topic has too many levels: then all else is valid and read.
        /// </summary>
        /// <param name="flags">The low four bits of the packet's first byte.</param>
        public Fault Decode(PacketReader r, int flags)
        {
            int qos = flags >> 1 & 3;
            if (qos == 3)
            {
                return Fault.MalformedPacket; // [MQTT-3.3.1-4]
            }
            if ((flags & 14) == 8)
            {
                return Fault.MalformedPacket; // [MQTT-3.3.1-2] DUP at QoS 0
            }
            // The reader's methods are written out here: every PUBLISH comes this way.
            byte[] buffer = r.Buffer;
            int topic = r.Offset + 2;
            int end = r.End;
            if (topic > end)
            {
                return Fault.MalformedPacket;
            }
            int topicLength = buffer[topic - 2] << 8 | buffer[topic - 1];
            int offset = topic + topicLength;
            int id = 0;
            if (qos > 0)
            {
                offset += 2;
                if (offset > end)
                {
                    return Fault.MalformedPacket;
                }
                id = buffer[offset - 2] << 8 | buffer[offset - 1];
                if (id == 0)
                {
                    return Fault.ProtocolError; // [MQTT-2.2.1-3], in 3.1.1 [MQTT-2.3.1-1]
                }
            }
            else if (offset > end)
            {
                return Fault.MalformedPacket;
            }
            Properties properties = Properties;
            if (r.Version == 5)
            {
                r.Offset = offset;
                properties.Decode(r, PacketType.Publish);
                if (r.Fault != Fault.None)
                {
                    return r.Fault;
                }
                offset = r.Offset;
            }
            else if (properties.Present != 0)
            {
                properties.Clear();
            }
            r.Offset = end;
            Buffer = buffer;
            Dup = (flags & 8) != 0;
            Retain = (flags & 1) != 0;
            Qos = qos;
            TopicOffset = topic;
            TopicLength = topicLength;
            PacketId = id;
            PayloadOffset = offset;
            PayloadLength = end - offset;
            if (topicLength == 0 && r.Version == 5)
            {
                Path.Levels = 0;
                // 3.3.2.1: a zero length topic needs an alias
                return (properties.Present & Has.TopicAlias) != 0 ? Fault.None : Fault.ProtocolError;
            }
            return TopicKnown ? Fault.None : Path.Name(buffer, topic, topicLength);
        }

        /// <summary>Bytes of the whole packet, payload included.</summary>
        public int Size(int version)
        {
            int length = 2 + TopicLength + PayloadLength;
            if (Qos > 0)
            {
                length += 2;
            }
            if (version == 5)
            {
                length += Properties.Size(PacketType.Publish);
            }
            return 1 + FixedHeader.LengthSize(length) + length;
        }

        /// <summary>Writes the whole packet: <see cref="Size"/> bytes.</summary>
        public void Encode(PacketWriter w, int version)
        {
            EncodeHead(w, version);
            int length = PayloadLength;
            if (length > 0)
            {
                int offset = w.Offset;
                Debug.Assert(w.End - offset >= length);
                Array.Copy(Buffer, PayloadOffset, w.Buffer, offset, length);
                w.Offset = offset + length;
            }
        }

        /// <summary>
        /// Writes all but the payload, <see cref="Size"/> - <see cref="PayloadLength"/> bytes: for a payload
        /// that stands elsewhere or goes out in pieces.
        /// </summary>
        public void EncodeHead(PacketWriter w, int version)
        {
            byte[] buffer = w.Buffer;
            int offset = w.Offset;
            int qos = Qos;
            int topicLength = TopicLength;
            Debug.Assert(topicLength <= 0xFFFF && (PacketId != 0) == (qos > 0) && !(Dup && qos == 0));
            Debug.Assert(w.End - offset >= Size(version) - PayloadLength);
            int first = PacketType.Publish << 4 | qos << 1;
            if (Retain)
            {
                first |= 1;
            }
            if (Dup)
            {
                first |= 8;
            }
            buffer[offset] = (byte)first;
            int length = 2 + topicLength + PayloadLength; // as in Size: a call less
            if (qos > 0)
            {
                length += 2;
            }
            if (version == 5)
            {
                length += Properties.Size(PacketType.Publish);
            }
            while (length >= 0x80)
            {
                offset++;
                buffer[offset] = (byte)(length | 0x80);
                length >>= 7;
            }
            buffer[offset + 1] = (byte)length;
            buffer[offset + 2] = (byte)(topicLength >> 8);
            buffer[offset + 3] = (byte)topicLength;
            offset += 4;
            if (topicLength > 0)
            {
                Array.Copy(Buffer, TopicOffset, buffer, offset, topicLength);
                offset += topicLength;
            }
            if (qos > 0)
            {
                int id = PacketId;
                buffer[offset] = (byte)(id >> 8);
                buffer[offset + 1] = (byte)id;
                offset += 2;
            }
            w.Offset = offset;
            if (version == 5)
            {
                Properties.Encode(w, PacketType.Publish);
            }
        }
    }
}
