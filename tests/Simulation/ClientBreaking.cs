using System;

namespace Femto.Simulation
{
    /// <summary>A client that breaks the rules: packets with bytes changed, cut and put in between. Nobody else may
    /// notice.</summary>
    public sealed partial class Client
    {
        /// <summary>Opens a connection, or sends whatever.</summary>
        public void Break()
        {
            if (Link == null || !Link.BrokerOpen || dice.Percent(5))
            {
                Link = world.Open(this);
                if (Link == null) return;
                Link.Version = dice.Of(4, 5);
                world.Say($"vandal {Link}");
                BreakWith(BadConnect(), 10);
                return;
            }
            for (int n = 1 + dice.Next(4); n > 0; n--) BreakWith(BadPacket(), 8);
        }

        private void BreakWith(byte[] packet, int percent)
        {
            while (dice.Percent(percent)) packet[dice.Next(packet.Length)] = (byte)dice.Next(256);
            int length = dice.Percent(3) ? dice.Next(packet.Length + 1) : packet.Length;
            Link.Up.Add(packet, 0, length);
            world.Say($"vandal {Link} {Convert.ToHexString(packet, 0, length)}");
        }

        private byte[] BadConnect()
        {
            int flags = dice.Of(0, 2, 2, 4, 12, 0x2E);
            Wire p = new();
            if (dice.Percent(50)) p.Byte(0x11).Four(dice.Of(0u, 3u, 1000u));
            if (dice.Percent(30)) p.Byte(0x21).Two(dice.Next(3));
            if (dice.Percent(30)) p.Byte(0x27).Four((uint)dice.Next(60));
            Wire w = new Wire().Text("MQTT").Byte(Link.Version).Byte(flags).Two(dice.Of(0, 1, 60));
            w.Block(Link.Version, p).Text(dice.Of("v0", "v1", "v2", ""));
            if ((flags & 4) != 0) w.Block(Link.Version, new Wire()).Text("zzzz/zzzz").Data(new byte[dice.Next(40)]);
            return Wire.Packet(0x10, w);
        }

        private byte[] BadPacket()
        {
            int version = Link.Version;
            int what = dice.Next(12);
            Wire w = new();
            if (what < 4)
            {
                int qos = dice.Next(3);
                w.Text(dice.Of("zzzz/zzzz", "zzzz/yyyy", "", "zzzz/zzzz/zzzz/zzzz/zzzz/zzzz/zzzz/zzzz"));
                if (qos != 0) w.Two(dice.Next(8));
                Wire p = new();
                if (dice.Percent(40)) p.Byte(0x23).Two(dice.Next(4));
                w.Block(version, p).Raw(new byte[dice.Of(0, 3, 60, 300)]);
                return Wire.Packet(0x30 | qos << 1 | (dice.Percent(20) ? 1 : 0) | (dice.Percent(10) ? 8 : 0), w);
            }
            if (what < 7)
            {
                int type = 4 + dice.Next(4);
                return Wire.Packet(type << 4 | (type == 6 ? 2 : 0), w.Two(dice.Next(12)));
            }
            if (what < 9)
            {
                w.Two(1 + dice.Next(9)).Block(version, new Wire());
                for (int n = 1 + dice.Next(5); n > 0; n--) w.Text(dice.Of(World.Filters)).Byte(dice.Next(64));
                return Wire.Packet(0x82, w);
            }
            if (what < 10)
            {
                return Wire.Packet(0xA2, w.Two(dice.Next(9)).Block(version, new Wire()).Text(dice.Of(World.Filters)));
            }
            return dice.Of(new byte[] { 0xC0, 0 }, new byte[] { 0xE0, 0 }, new byte[] { 0xF0, 0 }, BadConnect());
        }
    }
}
