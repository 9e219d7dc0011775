namespace Femto.Mqtt.Unit
{
    /// <summary>Vectors of CONNECT. README.md has the format.</summary>
    public static class ConnectVectors
    {
        public static readonly string[] Rows = new string[]
        {
            // 3.1.1
            "c4 clean|4|100F00044D5154540402003C0003616263|CONNECT 4 clean keep=60 id=abc",
            "c4 kept session|4|100F00044D515454040000000003616263|CONNECT 4 keep=0 id=abc",
            "c4 keep alive max|4|100D00044D5154540402FFFF000161|CONNECT 4 clean keep=65535 id=a",
            "c4 empty id|4|100C00044D5154540402000A0000|CONNECT 4 clean keep=10 id=",
            "c4 empty id kept (the broker refuses)|4|100C00044D5154540400000A0000|CONNECT 4 keep=10 id=",
            "c4 id of 23|4|102300044D5154540402000A0017303132333435363738394142434445464748494A616263|"
                + "CONNECT 4 clean keep=10 id=0123456789ABCDEFGHIJabc",
            "c4 id in utf-8|4|101500044D5154540402000A0009C3A9E282ACF09F9880|"
                + "CONNECT 4 clean keep=10 id=\\C3\\A9\\E2\\82\\AC\\F0\\9F\\98\\80",
            "c4 byte order mark stays|4|101000044D5154540402000A0004EFBBBF61|"
                + "CONNECT 4 clean keep=10 id=\\EF\\BB\\BFa",
            "c4 control character|4|100E00044D5154540402000A0002017F|CONNECT 4 clean keep=10 id=\\01\\7F",
            "c4 user|4|101000044D5154540482000A000163000175|CONNECT 4 clean keep=10 id=c user=u",
            "c4 empty user|4|100F00044D5154540482000A0001630000|CONNECT 4 clean keep=10 id=c user=",
            "c4 user and password|4|101300044D51545404C2000A000163000175000170|"
                + "CONNECT 4 clean keep=10 id=c user=u pass=70",
            "c4 password of bytes|4|101500044D51545404C0000A000163000175000300FF80|"
                + "CONNECT 4 keep=10 id=c user=u pass=00FF80",
            "c4 empty password|4|101200044D51545404C2000A0001630001750000|"
                + "CONNECT 4 clean keep=10 id=c user=u pass=",
            "c4 will qos 0|4|101700044D5154540406000A0001630003772F740003627965|"
                + "CONNECT 4 clean keep=10 id=c will q0 topic=w/t payload=627965",
            "c4 will qos 1|4|101300044D515454040C000A000163000177000131|"
                + "CONNECT 4 keep=10 id=c will q1 topic=w payload=31",
            "c4 will qos 2 retain|4|101300044D5154540436000A000163000177000100|"
                + "CONNECT 4 clean keep=10 id=c will q2 retain topic=w payload=00",
            "c4 empty will|4|101200044D5154540426000A0001630001770000|"
                + "CONNECT 4 clean keep=10 id=c will q0 retain topic=w payload=",
            "c4 everything|4|101900044D51545404F6000A000163000177000178000175000170|"
                + "CONNECT 4 clean keep=10 id=c will q2 retain topic=w payload=78 user=u pass=70",
            "c4 reserved flag|4|100F00044D5154540403003C0003616263|!81",
            "c4 will qos 3|4|101300044D515454041E003C000163000177000178|!81",
            "c4 will qos without will|4|100D00044D515454040A003C000163|!81",
            "c4 will retain without will|4|100D00044D5154540422003C000163|!81",
            "c4 password without user|4|101000044D5154540442003C000163000170|!81",
            "c4 other protocol|4|100F00044D5154580402003C0003616263|!84",
            "c4 lower case protocol|4|100F00046D7174740402003C0003616263|!84",
            "c4 protocol longer by one|4|101000054D515454580402003C0003616263|!84",
            "c4 no protocol name|4|100B00000402003C0003616263|!84",
            "c3 MQIsdp|4|101100064D51497364700302003C0003616263|!84",
            "c version 3|4|100F00044D5154540302003C0003616263|!84",
            "c version 6|4|101000044D5154540602003C000003616263|!84",
            "c version 5 with the bit of a bridge|4|100F00044D5154548502003C0003616263|!84",
            "c version 0 alone|4|100700044D51545400|!84",
            "c4 empty packet|4|1000|!81",
            "c4 protocol name cut|4|100500044D5154|!81",
            "c4 no version|4|100600044D515454|!81",
            "c4 no flags|4|100700044D51545404|!81",
            "c4 no keep alive|4|100900044D515454040200|!81",
            "c4 no id|4|100A00044D5154540402003C|!81",
            "c4 id longer than packet|4|100F00044D5154540402003C0004616263|!81",
            "c4 no will topic|4|100D00044D5154540406003C000163|!81",
            "c4 no will payload|4|101000044D5154540406003C000163000177|!81",
            "c4 no user|4|100D00044D5154540482003C000163|!81",
            "c4 no password|4|101000044D51545404C2003C000163000175|!81",
            "c4 left over|4|100E00044D5154540402003C00016300|!81",
            "c4 user without its flag|4|101000044D5154540402003C000163000175|!81",
            "c4 id with U+0000|4|100F00044D5154540402003C0003610062|!81",
            "c4 id with surrogate|4|100F00044D5154540402003C0003EDA080|!81",
            "c4 id overlong|4|100E00044D5154540402003C0002C080|!81",
            "c4 id cut character|4|100E00044D5154540402003C000261C3|!81",
            "c4 user bad utf-8|4|101000044D5154540482003C0001630001FF|!81",
            "c4 will topic bad utf-8|4|101300044D5154540406003C000163000180000178|!81",
            "c4 will topic wildcard +|4|101500044D5154540406003C0001630003772F2B000178|!90",
            "c4 will topic wildcard #|4|101300044D5154540406003C000163000123000178|!90",
            "c4 will topic empty|4|101200044D5154540406003C0001630000000178|!90",
            "c4 header flags 1|4|110F00044D5154540402003C0003616263|!81",
            "c4 header flags 8|4|180F00044D5154540402003C0003616263|!81",
            // 5.0
            "c5 clean|5|101000044D5154540502003C000003616263|CONNECT 5 clean keep=60 id=abc",
            "c5 flags alone decide the version|4|100D00044D51545405000000000000|CONNECT 5 keep=0 id=",
            "c5 session expiry|5|101300044D5154540502003C05110000000A000163|"
                + "CONNECT 5 clean keep=60 {session=10} id=c",
            "c5 session expiry never|5|101300044D5154540502003C0511FFFFFFFF000163|"
                + "CONNECT 5 clean keep=60 {session=4294967295} id=c",
            "c5 receive maximum 1|5|101100044D5154540502003C03210001000163|"
                + "CONNECT 5 clean keep=60 {receive=1} id=c",
            "c5 receive maximum most|5|101100044D5154540502003C0321FFFF000163|"
                + "CONNECT 5 clean keep=60 {receive=65535} id=c",
            "c5 maximum packet size 1|5|101300044D5154540502003C052700000001000163|"
                + "CONNECT 5 clean keep=60 {max=1} id=c",
            "c5 maximum packet size most|5|101300044D5154540502003C0527FFFFFFFF000163|"
                + "CONNECT 5 clean keep=60 {max=4294967295} id=c",
            "c5 topic alias maximum 0|5|101100044D5154540502003C03220000000163|"
                + "CONNECT 5 clean keep=60 {aliases=0} id=c",
            "c5 topic alias maximum|5|101100044D5154540502003C03220100000163|"
                + "CONNECT 5 clean keep=60 {aliases=256} id=c",
            "c5 request response 1|5|101000044D5154540502003C021901000163|"
                + "CONNECT 5 clean keep=60 {askresponse=1} id=c",
            "c5 request problem 0|5|101000044D5154540502003C021700000163|"
                + "CONNECT 5 clean keep=60 {askproblem=0} id=c",
            "c5 user property|5|101500044D5154540502003C072600016B000176000163|"
                + "CONNECT 5 clean keep=60 {user=k:v} id=c",
            "c5 user properties repeat in order|5|"
                + "102700044D5154540502003C192600016B00017A2600016100002600016B0001622600000000000163|"
                + "CONNECT 5 clean keep=60 {user=k:z user=a: user=k:b user=:} id=c",
            "c5 authentication method|5|101600044D5154540502003C08150005534352414D000163|"
                + "CONNECT 5 clean keep=60 {method=SCRAM} id=c",
            "c5 method and data|5|101700044D5154540502003C091500015316000200FF000163|"
                + "CONNECT 5 clean keep=60 {method=S data=00FF} id=c",
            "c5 all properties|5|103000044D5154540502003C22110000000115000153160000170119002100022200032700"
                + "0000042600016B000176000163|CONNECT 5 clean keep=60 {session=1 method=S data= askproblem="
                + "1 askresponse=0 receive=2 aliases=3 max=4 user=k:v} id=c",
            "c5 all properties, other order|5|"
                + "103700044D5154540502003C292600016B00017627000000041600002600016C000177220003210002190017"
                + "01150001531100000001000163|CONNECT 5 clean keep=60 {session=1 method=S data= askproblem="
                + "1 askresponse=0 receive=2 aliases=3 max=4 user=k:v user=l:w} id=c|"
                + "103700044D5154540502003C291100000001150001531600001701190021000222000327000000042600016B"
                + "0001762600016C000177000163",
            "c5 password without user|5|101100044D5154540542003C00000163000170|"
                + "CONNECT 5 clean keep=60 id=c pass=70",
            "c5 will|5|101500044D5154540506003C0000016300000177000178|"
                + "CONNECT 5 clean keep=60 id=c will q0 topic=w payload=78",
            "c5 will delay|5|101A00044D5154540506003C00000163051800000005000177000178|"
                + "CONNECT 5 clean keep=60 id=c will {delay=5} q0 topic=w payload=78",
            "c5 will, all properties|5|103F00044D515454052E003C05110000000100016325010102000000070300047465"
                + "7874080003722F74090002010218000000052600016B000176000177000178|"
                + "CONNECT 5 clean keep=60 {session=1} id=c will {format=1 expiry=7 type=text reply=r/t cor"
                + "r=0102 delay=5 user=k:v} q1 retain topic=w payload=78",
            "c5 everything|5|103000044D51545405F6003C07260001610001620001630E2600016B0001762600016B00017600"
                + "0177000178000175000170|CONNECT 5 clean keep=60 {user=a:b} id=c will {user=k:v user=k:v} "
                + "q2 retain topic=w payload=78 user=u pass=70",
            "c5 receive maximum 0|5|101100044D5154540502003C03210000000163|!82",
            "c5 maximum packet size 0|5|101300044D5154540502003C052700000000000163|!82",
            "c5 request response 2|5|101000044D5154540502003C021902000163|!82",
            "c5 request problem 2|5|101000044D5154540502003C021702000163|!82",
            "c5 session expiry twice|5|101800044D5154540502003C0A11000000011100000001000163|!82",
            "c5 method twice|5|101600044D5154540502003C081500015315000153000163|!82",
            "c5 data without method|5|101200044D5154540502003C0416000153000163|!82",
            "c5 topic alias not here|5|101100044D5154540502003C03230001000163|!81",
            "c5 will delay not here|5|101300044D5154540502003C051800000001000163|!81",
            "c5 session expiry not in will|5|101A00044D5154540506003C00000163051100000001000177000178|!81",
            "c5 unknown property 00|5|100F00044D5154540502003C0100000163|!81",
            "c5 unknown property 2B|5|101000044D5154540502003C022B00000163|!81",
            "c5 identifier of two bytes|5|101400044D5154540502003C0691010000000A000163|!81",
            "c5 identifier not minimal|5|101400044D5154540502003C0691000000000A000163|!81",
            "c5 no property length|5|100A00044D5154540502003C|!81",
            "c5 property length past the end|5|100E00044D5154540502003C7F000163|!81",
            "c5 property length not minimal|5|100F00044D5154540502003C8000000163|!81",
            "c5 property length of five bytes|5|101200044D5154540502003C8080808001000163|!81",
            "c5 property cut by its block|5|101300044D5154540502003C041100000001000163|!81",
            "c5 user property without value|5|101200044D5154540502003C042600016B000163|!81",
            "c5 user property name bad utf-8|5|101500044D5154540502003C07260001FE000176000163|!81",
            "c5 user property value with U+0000|5|101500044D5154540502003C072600016B000100000163|!81",
            "c5 method bad utf-8|5|101200044D5154540502003C04150001C3000163|!81",
            "c5 no will properties|5|100E00044D5154540506003C00000163|!81",
            "c5 will payload format 2|5|101700044D5154540506003C00000163020102000177000178|!82",
            "c5 will content type twice|5|101D00044D5154540506003C00000163080300016103000161000177000178|"
                + "!82",
            "c5 will response topic wildcard|5|101B00044D5154540506003C0000016306080003612F23000177000178|"
                + "!90",
            "c5 will topic wildcard|5|101500044D5154540506003C000001630000012B000178|!90",
            "c5 reserved flag|5|100E00044D5154540501003C00000163|!81",
            "c5 will qos 3|5|101500044D515454051E003C0000016300000177000178|!81",
            "c5 will qos without will|5|100E00044D5154540512003C00000163|!81",
            "c5 left over|5|101100044D5154540502003C00000163000175|!81",
        };
    }
}
