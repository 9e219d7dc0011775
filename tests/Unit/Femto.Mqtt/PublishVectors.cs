namespace Femto.Mqtt.Unit
{
    /// <summary>Vectors of PUBLISH. README.md has the format.</summary>
    public static class PublishVectors
    {
        public static readonly string[] Rows = new string[]
        {
            // 3.1.1
            "p4 qos 0|4|30070003612F626869|PUBLISH q0 topic=a/b payload=6869",
            "p4 empty payload|4|3003000161|PUBLISH q0 topic=a payload=",
            "p4 retain|4|310400016100|PUBLISH q0 retain topic=a payload=00",
            "p4 qos 1|4|32080003612F62000A78|PUBLISH q1 topic=a/b id=10 payload=78",
            "p4 qos 1 dup|4|3A080003612F62000178|PUBLISH dup q1 topic=a/b id=1 payload=78",
            "p4 qos 2|4|34070003612F62FFFF|PUBLISH q2 topic=a/b id=65535 payload=",
            "p4 qos 2 dup retain|4|3D080003612F62010078|PUBLISH dup q2 retain topic=a/b id=256 payload=78",
            "p4 slash alone|4|300300012F|PUBLISH q0 topic=/ payload=",
            "p4 empty levels|4|300600042F2F612F|PUBLISH q0 topic=//a/ payload=",
            "p4 system topic|4|300D000B245359532F62726F6B6572|PUBLISH q0 topic=$SYS/broker payload=",
            "p4 eight levels|4|3011000F312F322F332F342F352F362F372F38|"
                + "PUBLISH q0 topic=1/2/3/4/5/6/7/8 payload=",
            "p4 space and case|4|300700054120622F63|PUBLISH q0 topic=A b/c payload=",
            "p4 utf-8|4|300D000BC3A92FE282AC2FF09F9880|"
                + "PUBLISH q0 topic=\\C3\\A9/\\E2\\82\\AC/\\F0\\9F\\98\\80 payload=",
            "p4 last code point|4|30060004F48FBFBF|PUBLISH q0 topic=\\F4\\8F\\BF\\BF payload=",
            "p4 remaining length 127|4|307F0001613031323334353637383930313233343536373839303132333435363738"
                + "3930313233343536373839303132333435363738393031323334353637383930313233343536373839303132"
                + "3334353637383930313233343536373839303132333435363738393031323334353637383930313233343536"
                + "37383930313233|PUBLISH q0 topic=a payload=3031323334353637383930313233343536373839303132"
                + "3334353637383930313233343536373839303132333435363738393031323334353637383930313233343536"
                + "3738393031323334353637383930313233343536373839303132333435363738393031323334353637383930"
                + "31323334353637383930313233",
            "p4 remaining length 128|4|30800100026162303132333435363738393031323334353637383930313233343536"
                + "3738393031323334353637383930313233343536373839303132333435363738393031323334353637383930"
                + "3132333435363738393031323334353637383930313233343536373839303132333435363738393031323334"
                + "353637383930313233|PUBLISH q0 topic=ab payload=30313233343536373839303132333435363738393"
                + "0313233343536373839303132333435363738393031323334353637383930313233343536373839303132333"
                + "4353637383930313233343536373839303132333435363738393031323334353637383930313233343536373"
                + "8393031323334353637383930313233",
            "p4 qos 3|4|36050001610001|!81",
            "p4 dup at qos 0|4|3803000161|!81",
            "p4 dup retain at qos 0|4|3903000161|!81",
            "p4 id 0|4|32050001610000|!82",
            "p4 id 0 at qos 2|4|3406000161000078|!82",
            "p4 no id|4|3203000161|!81",
            "p4 half an id|4|320400016100|!81",
            "p4 empty|4|3000|!81",
            "p4 half a length|4|300100|!81",
            "p4 topic past the end|4|3003000261|!81",
            "p4 topic far past the end|4|3003FFFF61|!81",
            "p4 empty topic|4|3003000078|!90",
            "p4 wildcard +|4|30070005612F2B2F62|!90",
            "p4 wildcard #|4|30050003612F23|!90",
            "p4 wildcard in a word|4|30040002612B|!90",
            "p4 U+0000|4|30050003610062|!81",
            "p4 U+0000 first|4|3003000100|!81",
            "p4 surrogate|4|3006000461EDBFBF|!81",
            "p4 overlong slash|4|3006000461C0AF62|!81",
            "p4 overlong of three|4|30050003E09FBF|!81",
            "p4 beyond U+10FFFF|4|30060004F4908080|!81",
            "p4 continuation alone|4|30050003612F80|!81",
            "p4 character cut|4|30060004612FE282|!81",
            "p4 wildcard after utf-8|4|30060004C3A92F2B|!90",
            "p4 nine levels|4|30130011312F322F332F342F352F362F372F382F39|!06",
            "p4 nine levels, wildcard|4|30130011312F322F332F342F352F362F372F382F23|!90",
            "p4 nine levels, bad utf-8|4|300C000A2F2F2F2F2F2F2F2F2FFF|!81",
            // 5.0
            "p5 qos 0|5|30080003612F62006869|PUBLISH q0 topic=a/b payload=6869",
            "p5 qos 1|5|320A0003612F62000A006869|PUBLISH q1 topic=a/b id=10 payload=6869",
            "p5 qos 2 dup retain|5|3D080003612F62000A00|PUBLISH dup q2 retain topic=a/b id=10 payload=",
            "p5 payload format 0|5|3006000161020100|PUBLISH q0 topic=a {format=0} payload=",
            "p5 payload format 1|5|300700016102010178|PUBLISH q0 topic=a {format=1} payload=78",
            "p5 message expiry 0|5|3009000161050200000000|PUBLISH q0 topic=a {expiry=0} payload=",
            "p5 message expiry|5|3009000161050280000001|PUBLISH q0 topic=a {expiry=2147483649} payload=",
            "p5 content type|5|300B0001610703000474657874|PUBLISH q0 topic=a {type=text} payload=",
            "p5 content type empty|5|300700016103030000|PUBLISH q0 topic=a {type=} payload=",
            "p5 response topic|5|300A00016106080003722F73|PUBLISH q0 topic=a {reply=r/s} payload=",
            "p5 correlation data|5|30090001610509000200FF|PUBLISH q0 topic=a {corr=00FF} payload=",
            "p5 correlation data empty|5|300700016103090000|PUBLISH q0 topic=a {corr=} payload=",
            "p5 topic alias and topic|5|300700016103230001|PUBLISH q0 topic=a {alias=1} payload=",
            "p5 topic alias alone|5|300700000323FFFF78|PUBLISH q0 topic= {alias=65535} payload=78",
            "p5 subscription id 1|5|3006000161020B01|PUBLISH q0 topic=a {sub=1} payload=",
            "p5 subscription id 127|5|3006000161020B7F|PUBLISH q0 topic=a {sub=127} payload=",
            "p5 subscription id 128|5|3007000161030B8001|PUBLISH q0 topic=a {sub=128} payload=",
            "p5 subscription id 16,383|5|3007000161030BFF7F|PUBLISH q0 topic=a {sub=16383} payload=",
            "p5 subscription id 16,384|5|3008000161040B808001|PUBLISH q0 topic=a {sub=16384} payload=",
            "p5 subscription id 2,097,151|5|3008000161040BFFFF7F|PUBLISH q0 topic=a {sub=2097151} payload=",
            "p5 subscription id 2,097,152|5|3009000161050B80808001|"
                + "PUBLISH q0 topic=a {sub=2097152} payload=",
            "p5 subscription id most|5|3009000161050BFFFFFF7F|PUBLISH q0 topic=a {sub=268435455} payload=",
            "p5 subscription ids|5|300C000161070B010B80010B0178|"
                + "PUBLISH q0 topic=a {sub=1 sub=128 sub=1} payload=78",
            "p5 user property|5|30110001610D2600036B6579000576616C7565|"
                + "PUBLISH q0 topic=a {user=key:value} payload=",
            "p5 user properties in order|5|301900016115260001620001312600016100013226000162000131|"
                + "PUBLISH q0 topic=a {user=b:1 user=a:2 user=b:1} payload=",
            "p5 all properties|5|332B0003612F620007220101020000003C0300046A736F6E08000172090001010B05230002"
                + "2600016B00017678|PUBLISH q1 retain topic=a/b id=7 {format=1 expiry=60 type=json reply=r "
                + "corr=01 sub=5 alias=2 user=k:v} payload=78",
            "p5 all properties, other order|5|"
                + "33340003612F6200072B2600016B0001762300020B05090001012600016C0001770B06080001720300046A73"
                + "6F6E020000003C010178|PUBLISH q1 retain topic=a/b id=7 {format=1 expiry=60 type=json repl"
                + "y=r corr=01 sub=5 sub=6 alias=2 user=k:v user=l:w} payload=78|"
                + "33340003612F6200072B0101020000003C0300046A736F6E08000172090001010B050B062300022600016B00"
                + "01762600016C00017778",
            "p5 property block of 129|5|3087010001618101030040616161616161616161616161616161616161616161616"
                + "1616161616161616161616161616161616161616161616161616161616161616161616161616161616108003"
                + "B626262626262626262626262626262626262626262626262626262626262626262626262626262626262626"
                + "262626262626262626262626262626278|"
                + "PUBLISH q0 topic=a {type=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                + "a reply=bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb} payload=78",
            "p5 empty topic without alias|5|300400000078|!82",
            "p5 empty topic, other property|5|3006000002010178|!82",
            "p5 topic alias 0|5|300700016103230000|!94",
            "p5 topic alias 0 alone|5|3006000003230000|!94",
            "p5 topic alias twice|5|300A00016106230001230001|!82",
            "p5 payload format 2|5|3006000161020102|!82",
            "p5 payload format twice|5|30080001610401010101|!82",
            "p5 message expiry twice|5|300E0001610A02000000010200000001|!82",
            "p5 content type twice|5|300A00016106030000030000|!82",
            "p5 response topic twice|5|300C000161080800017208000172|!82",
            "p5 correlation data twice|5|300A00016106090000090000|!82",
            "p5 subscription id 0|5|3006000161020B00|!82",
            "p5 subscription id not minimal|5|3007000161030B8100|!81",
            "p5 subscription id of five bytes|5|300A000161060BFFFFFFFF7F|!81",
            "p5 subscription id cut|5|3006000161020B80|!81",
            "p5 response topic wildcard +|5|300A00016106080003722F2B|!90",
            "p5 response topic wildcard #|5|30080001610408000123|!90",
            "p5 response topic empty|5|300700016103080000|!90",
            "p5 response topic bad utf-8|5|300800016104080001FF|!81",
            "p5 content type bad utf-8|5|300A00016106030003EDA080|!81",
            "p5 session expiry not here|5|3009000161051100000001|!81",
            "p5 reason string not here|5|3008000161041F000178|!81",
            "p5 unknown property|5|3006000161020500|!81",
            "p5 no property length|5|3003000161|!81",
            "p5 properties past the end|5|3006000161030101|!81",
            "p5 property past its block|5|300B0001610403000474657874|!81",
            "p5 user property past its block|5|300B000161062600016B000176|!81",
            "p5 identifier alone|5|3009000161010278787878|!81",
            "p5 half a number|5|300700016102230078|!81",
            "p5 qos 3|5|3606000161000100|!81",
            "p5 id 0|5|3206000161000000|!82",
            "p5 dup at qos 0|5|380400016100|!81",
            "p5 wildcard|5|300400012B00|!90",
            "p5 nine levels with an id|5|32160011312F322F332F342F352F362F372F382F39000100|!06",
        };
    }
}
