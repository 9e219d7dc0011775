namespace Femto.Mqtt.Unit
{
    /// <summary>Vectors of CONNACK. README.md has the format.</summary>
    public static class ConnackVectors
    {
        public static readonly string[] Rows = new string[]
        {
            "ca4 accepted|4|20020000|CONNACK reason=00",
            "ca4 session present|4|20020100|CONNACK present reason=00",
            "ca4 version refused|4|20020001|CONNACK reason=01",
            "ca4 not authorized|4|20020005|CONNACK reason=05",
            "ca4 return code 6|4|20020006|!82",
            "ca4 reason code of MQTT 5|4|20020087|!82",
            "ca4 reserved flags|4|20020200|!81",
            "ca4 session present with a refusal|4|20020105|!82",
            "ca4 empty|4|2000|!81",
            "ca4 short|4|200100|!81",
            "ca4 left over|4|2003000000|!81",
            "ca4 header flags|4|22020000|!81",
            "ca5 success|5|2003000000|CONNACK reason=00",
            "ca5 session present|5|2003010000|CONNACK present reason=00",
            "ca5 refused|5|2003008600|CONNACK reason=86",
            "ca5 session expiry|5|2008000005110001E240|CONNACK reason=00 {session=123456}",
            "ca5 receive maximum|5|2006000003210014|CONNACK reason=00 {receive=20}",
            "ca5 maximum qos 0|5|20050000022400|CONNACK reason=00 {maxqos=0}",
            "ca5 maximum qos 1|5|20050000022401|CONNACK reason=00 {maxqos=1}",
            "ca5 retain available 0|5|20050000022500|CONNACK reason=00 {retain=0}",
            "ca5 maximum packet size|5|20080000052700000400|CONNACK reason=00 {max=1024}",
            "ca5 assigned client identifier|5|200C0000091200066175746F2D31|"
                + "CONNACK reason=00 {client=auto-1}",
            "ca5 topic alias maximum|5|200600000322000A|CONNACK reason=00 {aliases=10}",
            "ca5 reason string|5|20080087051F00026E6F|CONNACK reason=87 {reason=no}",
            "ca5 user property|5|200A0000072600016B000176|CONNACK reason=00 {user=k:v}",
            "ca5 wildcard available 0|5|20050000022800|CONNACK reason=00 {wildcard=0}",
            "ca5 subscription ids available 0|5|20050000022900|CONNACK reason=00 {subids=0}",
            "ca5 shared available 1|5|20050000022A01|CONNACK reason=00 {shared=1}",
            "ca5 server keep alive|5|200600000313003C|CONNACK reason=00 {keep=60}",
            "ca5 response information|5|20080000051A0002722F|CONNACK reason=00 {info=r/}",
            "ca5 server reference|5|200C009C091C0006623A31383833|CONNACK reason=9C {server=b:1883}",
            "ca5 method and data|5|200B0000081500015316000101|CONNACK reason=00 {method=S data=01}",
            "ca5 data without method passes|5|200700000416000101|CONNACK reason=00 {data=01}",
            "ca5 all properties|5|2045000042110000000112000163130002150001531600001A0001691C0001731F0001722"
                + "10003220004240125012700000005280129012A002600016B0001762600016B000177|"
                + "CONNACK reason=00 {session=1 client=c keep=2 method=S data= info=i server=s reason=r rec"
                + "eive=3 aliases=4 maxqos=1 retain=1 max=5 wildcard=1 subids=1 shared=0 user=k:v user=k:w}",
            "ca5 other order|5|201B0000182A002600016B00017621000311000000012600016B000177|"
                + "CONNACK reason=00 {session=1 receive=3 shared=0 user=k:v user=k:w}|"
                + "201B00001811000000012100032A002600016B0001762600016B000177",
            "ca5 no property length|5|20020000|!81",
            "ca5 maximum qos 2|5|20050000022402|!82",
            "ca5 retain available 2|5|20050000022502|!82",
            "ca5 wildcard available 2|5|20050000022802|!82",
            "ca5 subscription ids available 255|5|200500000229FF|!82",
            "ca5 shared available 2|5|20050000022A02|!82",
            "ca5 receive maximum 0|5|2006000003210000|!82",
            "ca5 maximum packet size 0|5|20080000052700000000|!82",
            "ca5 server keep alive twice|5|200900000613003C13003C|!82",
            "ca5 request problem not here|5|20050000021701|!81",
            "ca5 reason 8E not here|5|2003008E00|!82",
            "ca5 session present with a refusal|5|2003018700|!82",
            "ca5 reserved flags|5|2003800000|!81",
            "ca5 left over|5|200400000000|!81",
            "ca5 reason string bad utf-8|5|20080087051F0002E282|!81",
        };
    }
}
