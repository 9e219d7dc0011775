namespace Femto.Mqtt.Unit
{
    /// <summary>Vectors of PINGREQ, PINGRESP, DISCONNECT, AUTH and fixed headers. README.md has the
    /// format.</summary>
    public static class SessionVectors
    {
        public static readonly string[] Rows = new string[]
        {
            // PINGREQ and PINGRESP
            "ping4 request|4|C000|PINGREQ",
            "ping5 request|5|C000|PINGREQ",
            "ping4 response|4|D000|PINGRESP",
            "ping5 response|5|D000|PINGRESP",
            "ping request with a byte|4|C00100|!81",
            "ping response with a byte|5|D00100|!81",
            "ping request flags|4|C100|!81",
            "ping response flags|5|D800|!81",
            // DISCONNECT
            "d4|4|E000|DISCONNECT reason=00",
            "d4 with a reason|4|E00100|!81",
            "d4 flags|4|E200|!81",
            "d5 short|5|E000|DISCONNECT reason=00",
            "d5 reason 0 said|5|E00100|DISCONNECT reason=00|E000",
            "d5 reason 0 and no properties said|5|E0020000|DISCONNECT reason=00|E000",
            "d5 with will|5|E00104|DISCONNECT reason=04",
            "d5 with will, no properties said|5|E0020400|DISCONNECT reason=04|E00104",
            "d5 taken over|5|E0018E|DISCONNECT reason=8E",
            "d5 session expiry|5|E00700051100000000|DISCONNECT reason=00 {session=0}",
            "d5 server moved|5|E0119D0F1C00056F746865721F0004676F6E65|"
                + "DISCONNECT reason=9D {server=other reason=gone}",
            "d5 all properties|5|E01D801B260001610001621F0001721C000173110000000126000163000164|"
                + "DISCONNECT reason=80 {session=1 server=s reason=r user=a:b user=c:d}|"
                + "E01D801B11000000011C0001731F0001722600016100016226000163000164",
            "d5 reason 01 not here|5|E00101|!82",
            "d5 reason 84 not here|5|E00184|!82",
            "d5 reason string twice|5|E00800061F00001F0000|!82",
            "d5 receive maximum not here|5|E0050003210001|!81",
            "d5 left over|5|E003000000|!81",
            "d5 property length past the end|5|E0020005|!81",
            "d5 flags|5|E100|!81",
            // AUTH
            "a5 short|5|F000|AUTH reason=00",
            "a5 continue|5|F00F180D150005534352414D1600020102|AUTH reason=18 {method=SCRAM data=0102}",
            "a5 again|5|F006190415000153|AUTH reason=19 {method=S}",
            "a5 success|5|F0140012150001531600001F0001722600016B000176|"
                + "AUTH reason=00 {method=S data= reason=r user=k:v}",
            "a5 other order|5|F011180F160001FF2600016B00017615000153|"
                + "AUTH reason=18 {method=S data=FF user=k:v}|F011180F15000153160001FF2600016B000176",
            "a5 no method|5|F0061804160001FF|!82",
            "a5 no properties|5|F0020000|!82",
            "a5 no property length|5|F00118|!81",
            "a5 reason 80 not here|5|F006800415000153|!82",
            "a5 method twice|5|F00A18081500015315000153|!82",
            "a5 server reference not here|5|F00A1808150001531C000178|!81",
            "a5 left over|5|F00718041500015300|!81",
            "a5 flags|5|F206180415000153|!81",
            "a4 does not exist|4|F000|!81",
            "a4 with a method|4|F006180415000153|!81",
            // Framing
            "type 0|4|0000|!81",
            "type 0 in MQTT 5|5|0202000A|!81",
            "remaining length of five bytes|4|30FFFFFFFF7F|!81",
            "remaining length of five bytes, 0|5|308080808000|!81",
            "remaining length 0 in two bytes|4|C08000|!81",
            "remaining length 2 in two bytes|5|408200000A|!81",
            "remaining length 2 in three bytes|4|40828000000A|!81",
            "remaining length 2 in four bytes|5|4082808000000A|!81",
        };
    }
}
