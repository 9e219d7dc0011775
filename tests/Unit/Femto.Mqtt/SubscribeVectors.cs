namespace Femto.Mqtt.Unit
{
    /// <summary>Vectors of SUBSCRIBE, UNSUBSCRIBE, SUBACK, UNSUBACK. README.md has the format.</summary>
    public static class SubscribeVectors
    {
        public static readonly string[] Rows = new string[]
        {
            // 3.1.1
            "s4 qos 0|4|8208000A0003612F6200|SUBSCRIBE id=10 filter=a/b q0",
            "s4 qos 2|4|8206000100012302|SUBSCRIBE id=1 filter=# q2",
            "s4 three filters|4|8212FFFF0001610000032B2F62010003632F2302|"
                + "SUBSCRIBE id=65535 filter=a q0 filter=+/b q1 filter=c/# q2",
            "s4 utf-8|4|8207000A0002C3A901|SUBSCRIBE id=10 filter=\\C3\\A9 q1",
            "s4 empty filter (refused later)|4|8205000A000000|SUBSCRIBE id=10 filter= q0",
            "s4 filter of bad form (refused later)|4|8209000A000461232F6200|SUBSCRIBE id=10 filter=a#/b q0",
            "s4 shared|4|820F000A000A2473686172652F672F6101|SUBSCRIBE id=10 filter=$share/g/a q1",
            "s4 no filter|4|8202000A|!82",
            "s4 id 0|4|8206000000016100|!82",
            "s4 qos 3|4|8206000A00016103|!81",
            "s4 option of MQTT 5|4|8206000A00016104|!81",
            "s4 reserved option|4|8206000A00016181|!81",
            "s4 no option|4|8205000A000161|!81",
            "s4 second filter cut|4|8209000A00016100000262|!81",
            "s4 second filter without option|4|8209000A00016100000162|!81",
            "s4 filter with U+0000|4|8206000A00010000|!81",
            "s4 filter with bad utf-8|4|8206000A0001F800|!81",
            "s4 empty|4|8200|!81",
            "s4 header flags 0|4|8006000A00016100|!81",
            "s4 header flags 3|4|8306000A00016100|!81",
            // 5.0
            "s5 qos 1|5|8209000A000003612F6201|SUBSCRIBE id=10 filter=a/b q1",
            "s5 no local|5|8207000A0000016104|SUBSCRIBE id=10 filter=a q0 nl",
            "s5 retain as published|5|8207000A000001610A|SUBSCRIBE id=10 filter=a q2 rap",
            "s5 retain handling 1|5|8207000A0000016110|SUBSCRIBE id=10 filter=a q0 rh1",
            "s5 all options|5|820B000A000001612E00016200|SUBSCRIBE id=10 filter=a q2 nl rap rh2 filter=b q0",
            "s5 subscription id|5|820A000A030B800100016100|SUBSCRIBE id=10 {sub=128} filter=a q0",
            "s5 users|5|8215000A0E2600016B0001762600016B00017700016100|"
                + "SUBSCRIBE id=10 {user=k:v user=k:w} filter=a q0",
            "s5 all properties, other order|5|8210000A092600016B0001760B0100016100|"
                + "SUBSCRIBE id=10 {sub=1 user=k:v} filter=a q0|8210000A090B012600016B00017600016100",
            "s5 shared|5|8210000A00000A2473686172652F672F6102|SUBSCRIBE id=10 filter=$share/g/a q2",
            "s5 no local, almost shared|5|8218000A000006247368617265040009247368617265642F6104|"
                + "SUBSCRIBE id=10 filter=$share q0 nl filter=$shared/a q0 nl",
            "s5 no local on shared|5|8214000A0000016100000A2473686172652F672F6106|!82",
            "s5 qos 3|5|8207000A0000016103|!82",
            "s5 retain handling 3|5|8207000A0000016130|!82",
            "s5 reserved option 40|5|8207000A0000016140|!81",
            "s5 reserved option 80|5|820B000A000001610000016280|!81",
            "s5 subscription id 0|5|8209000A020B0000016100|!82",
            "s5 subscription id twice|5|820B000A040B010B0200016100|!82",
            "s5 reason string not here|5|820B000A041F00017800016100|!81",
            "s5 no property length|5|8202000A|!81",
            "s5 no filter|5|8203000A00|!82",
            "s5 id 0|5|820700000000016100|!82",
            "s5 no option|5|8206000A00000161|!81",
            "s5 filter with a surrogate|5|8209000A000003EDA08100|!81",
            // UNSUBSCRIBE
            "u4 one filter|4|A207000A0003612F62|UNSUBSCRIBE id=10 filter=a/b",
            "u4 two filters|4|A208000100012300012B|UNSUBSCRIBE id=1 filter=# filter=+",
            "u4 no filter|4|A202000A|!82",
            "u4 id 0|4|A2050000000161|!82",
            "u4 filter cut|4|A206000A00016100|!81",
            "u4 filter past the end|4|A206000A00036162|!81",
            "u4 bad utf-8|4|A206000A0002C1BF|!81",
            "u4 header flags|4|A005000A000161|!81",
            "u4 empty|4|A200|!81",
            "u5 one filter|5|A206000A00000161|UNSUBSCRIBE id=10 filter=a",
            "u5 users|5|A217000A0E2600016B00017626000161000162000161000162|"
                + "UNSUBSCRIBE id=10 {user=k:v user=a:b} filter=a filter=b",
            "u5 subscription id not here|5|A208000A020B01000161|!81",
            "u5 no filter|5|A203000A00|!82",
            "u5 no property length|5|A202000A|!81",
            "u5 id 0|5|A206000000000161|!82",
            // SUBACK
            "sa4 granted|4|9006000A00010280|SUBACK id=10 00 01 02 80",
            "sa4 one|4|9003FFFF01|SUBACK id=65535 01",
            "sa4 code 3|4|9003000A03|!82",
            "sa4 code 87|4|9004000A0087|!82",
            "sa4 none|4|9002000A|!82",
            "sa4 id 0|4|9003000000|!82",
            "sa4 empty|4|9000|!81",
            "sa4 header flags|4|9203000A00|!81",
            "sa5 codes|5|900F000A000001028083878F91979EA1A2|"
                + "SUBACK id=10 00 01 02 80 83 87 8F 91 97 9E A1 A2",
            "sa5 properties|5|9010000A0C1F00026F6B2600016B00017600|SUBACK id=10 {reason=ok user=k:v} 00",
            "sa5 code 11 not here|5|9004000A0011|!82",
            "sa5 none|5|9003000A00|!82",
            "sa5 subscription id not here|5|9006000A020B0100|!81",
            "sa5 no property length|5|9002000A|!81",
            // UNSUBACK
            "ua4|4|B002000A|UNSUBACK id=10",
            "ua4 payload|4|B003000A00|!81",
            "ua4 id 0|4|B0020000|!82",
            "ua4 short|4|B0010A|!81",
            "ua5 codes|5|B00A000A0000118083878F91|UNSUBACK id=10 00 11 80 83 87 8F 91",
            "ua5 properties|5|B00F000A0B2600016B0001761F00017211|UNSUBACK id=10 {reason=r user=k:v} 11|"
                + "B00F000A0B1F0001722600016B00017611",
            "ua5 code 01 not here|5|B004000A0001|!82",
            "ua5 none|5|B003000A00|!82",
            "ua5 header flags|5|B204000A0000|!81",
        };
    }
}
