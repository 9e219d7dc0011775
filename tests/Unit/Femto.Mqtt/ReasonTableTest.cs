using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>The reason codes of MQTT 5 in the packets that have one, and those of 3.1.1: all 256 values.</summary>
    [TestClass]
    public class ReasonTableTest
    {
        // Version, the packet with "**" for the reason, the reasons it may have. Tables 3-1, 3-4 to 3-10 and 2-6.
        private static readonly string[] rows = new string[]
        {
            "4|200200**|00 01 02 03 04 05",
            "4|90030001**|00 01 02 80",
            "5|200300**00|00 80 81 82 83 84 85 86 87 88 89 8A 8C 90 95 97 99 9A 9B 9C 9D 9F",
            "5|40030001**|00 10 80 83 87 90 91 97 99",
            "5|50030001**|00 10 80 83 87 90 91 97 99",
            "5|62030001**|00 92",
            "5|70030001**|00 92",
            "5|9004000100**|00 01 02 80 83 87 8F 91 97 9E A1 A2",
            "5|B004000100**|00 11 80 83 87 8F 91",
            // 8C stands in table 2-6 for DISCONNECT but not in its own table: taken.
            "5|E001**|00 04 80 81 82 83 87 89 8B 8C 8D 8E 8F 90 93 94 95 96 97 98 99 9A 9B 9C 9D 9E 9F A0 A1 A2",
            "5|F006**0415000173|00 18 19",
        };

        [TestMethod]
        public void EveryReasonInEveryPacket()
        {
            for (int i = 0; i < rows.Length; i++)
            {
                string[] parts = Line.Columns(rows[i]);
                int at = parts[1].IndexOf('*');
                for (int reason = 0; reason < 256; reason++)
                {
                    Line.Clear();
                    Line.Byte(reason);
                    string digits = Line.Text();
                    byte[] packet = Line.Bytes(parts[1].Substring(0, at) + digits + parts[1].Substring(at + 2));
                    string text = PacketCodec.Decode(packet, 0, packet.Length, parts[0] == "5" ? 5 : 4);
                    bool allowed = (" " + parts[2] + " ").IndexOf(" " + digits + " ") >= 0;
                    Assert.AreEqual(!allowed, text == "!82", parts[1] + " with " + digits + ": " + text);
                    Assert.AreEqual(allowed, !text.StartsWith("!"), parts[1] + " with " + digits + ": " + text);
                }
            }
        }
    }
}
