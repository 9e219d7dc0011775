namespace Femto.Mqtt.Unit
{
    /// <summary>Vectors of PUBACK, PUBREC, PUBREL, PUBCOMP. README.md has the format.</summary>
    public static class AckVectors
    {
        public static readonly string[] Rows = new string[]
        {
            // 3.1.1
            "pa4 puback|4|4002000A|PUBACK id=10 reason=00",
            "pa4 pubrec|4|50020001|PUBREC id=1 reason=00",
            "pa4 pubrel|4|6202FFFF|PUBREL id=65535 reason=00",
            "pa4 pubcomp|4|70020100|PUBCOMP id=256 reason=00",
            "pa4 puback id 0|4|40020000|!82",
            "pa4 pubrel id 0|4|62020000|!82",
            "pa4 puback empty|4|4000|!81",
            "pa4 pubrec short|4|500100|!81",
            "pa4 puback with a reason|4|4003000A00|!81",
            "pa4 pubcomp with properties|4|7004000A0000|!81",
            "pa4 puback flags|4|4202000A|!81",
            "pa4 pubrec flags|4|5102000A|!81",
            "pa4 pubrel flags 0|4|6002000A|!81",
            "pa4 pubrel flags 3|4|6302000A|!81",
            "pa4 pubcomp flags|4|7802000A|!81",
            // 5.0
            "pa5 puback short|5|4002000A|PUBACK id=10 reason=00",
            "pa5 pubrec short|5|5002000A|PUBREC id=10 reason=00",
            "pa5 pubrel short|5|6202000A|PUBREL id=10 reason=00",
            "pa5 pubcomp short|5|7002000A|PUBCOMP id=10 reason=00",
            "pa5 puback no matching subscribers|5|4003000A10|PUBACK id=10 reason=10",
            "pa5 pubrec quota exceeded|5|5003000A97|PUBREC id=10 reason=97",
            "pa5 pubrel not found|5|6203000A92|PUBREL id=10 reason=92",
            "pa5 pubcomp not found|5|7003000A92|PUBCOMP id=10 reason=92",
            "pa5 reason 0 said|5|4003000A00|PUBACK id=10 reason=00|4002000A",
            "pa5 reason 0 and no properties said|5|5004000A0000|PUBREC id=10 reason=00|5002000A",
            "pa5 no properties said|5|6204000A9200|PUBREL id=10 reason=92|6203000A92",
            "pa5 puback reason string|5|400B000A00071F000466696E65|PUBACK id=10 reason=00 {reason=fine}",
            "pa5 pubrec reason string and users|5|5015000A80111F00002600016B0001762600016B000176|"
                + "PUBREC id=10 reason=80 {reason= user=k:v user=k:v}",
            "pa5 pubrel user|5|620B000A92072600016B000176|PUBREL id=10 reason=92 {user=k:v}",
            "pa5 pubrel reason string|5|6208000A92041F000178|PUBREL id=10 reason=92 {reason=x}",
            "pa5 pubcomp other order|5|700F000A000B2600016B0001761F000172|"
                + "PUBCOMP id=10 reason=00 {reason=r user=k:v}|700F000A000B1F0001722600016B000176",
            "pa5 puback id 0|5|40020000|!82",
            "pa5 puback reason 92 not here|5|4003000A92|!82",
            "pa5 pubrec reason 01|5|5003000A01|!82",
            "pa5 pubrel reason 10 not here|5|6203000A10|!82",
            "pa5 pubcomp reason FF|5|7003000AFF|!82",
            "pa5 reason string twice|5|400C000A00081F0001781F000178|!82",
            "pa5 server reference not here|5|4008000A00041C000178|!81",
            "pa5 subscription id not here|5|5006000A00020B01|!81",
            "pa5 property length past the end|5|4005000A00021F|!81",
            "pa5 left over|5|4005000A000000|!81",
            "pa5 property cut|5|7008000A00041F000578|!81",
            "pa5 pubrel flags|5|6003000A00|!81",
            "pa5 puback short by one|5|40010A|!81",
        };
    }
}
