using System;
using Femto.Mqtt;
using Femto.Mqtt.Unit;

namespace Femto.Fuzz
{
    /// <summary>The decoders alone: what they say of a packet must not hang on the bytes around it, must come out the
    /// same when it is encoded and read again, and nothing throws.</summary>
    public static class CodecFuzz
    {
        private static readonly byte[] around = new byte[2048];
        private static readonly byte[] encoded = new byte[2048];

        /// <summary>Null, or what is wrong.</summary>
        public static string Check(byte[] packet, int version)
        {
            if (packet.Length > 300) return null; // PacketText has 2,048 characters
            string alone = PacketCodec.Decode(packet, 0, packet.Length, version);
            int size = PacketCodec.Size;
            for (int i = 0; i < 3; i++)
            {
                Array.Fill(around, i == 0 ? (byte)0 : i == 1 ? (byte)0xFF : (byte)'a');
                Array.Copy(packet, 0, around, 100, packet.Length);
                string there = PacketCodec.Decode(around, 100, packet.Length, version);
                if (there != alone) return $"the bytes around it matter: {alone} / {there}";
            }
            if (alone == PacketCodec.Incomplete || alone[0] == '!') return null;
            if (alone == "left over") return alone;
            PacketCodec.Decode(packet, 0, packet.Length, version);
            int wanted = PacketCodec.EncodedSize();
            int read = PacketCodec.Version;
            int end = PacketCodec.Encode(encoded, 0, wanted);
            if (end != wanted) return $"Size said {wanted}, Encode wrote {end}: {alone}";
            if (wanted > size + 4) return $"longer than it came, {wanted} of {size}: {alone}";
            string again = PacketCodec.Decode(encoded, 0, end, read);
            return again == alone ? null : $"not the same again: {alone} / {again}";
        }
    }
}
