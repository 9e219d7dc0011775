namespace Femto.Mqtt.Unit
{
    /// <summary>Files and what becomes of them: in turn the text and <see cref="Told"/> of it.</summary>
    public static class Vectors
    {
        private const string B = "connection c\naddress h\ntopic #\n";
        private const string Told = "local [127.0.0.1:1883] {c h:1883 (# out 0 - -)";

        public static readonly string[] Good =
        {
            "", "local [127.0.0.1:1883]",
            "\n\r\n  \t\n# a comment\n   # another\n#\n", "local [127.0.0.1:1883]",
            "\uFEFFlistener 1884\n", "[*:1884]",
            "listener 1884", "[*:1884]",
            "listener 1884\r\nlistener 1885 ::1\r\n", "[*:1884][::1:1885]",
            "  listener\t1884   localhost  # here alone", "[localhost:1884]",
            "listener 1884 a\nlistener 1884 b", "[a:1884][b:1884]",
            "port 1999", "[*:1999]",
            "bind_address 192.0.2.1", "[192.0.2.1:1883]",
            "port 1999\nbind_address ::\nlistener 1884", "[:::1999][*:1884]",
            "max_connections 7", "local [127.0.0.1:1883 most=7]",
            "port 1999\nmax_connections 7\nlistener 1884\nmax_connections 8\nlistener 1885\nmax_connections -1",
            "[*:1999 most=7][*:1884 most=8][*:1885]",
            "listener 1884\nprotocol mqtt\nmax_qos 2\nlistener 1885\nmaximum_qos 2", "[*:1884][*:1885]",
            "allow_anonymous true\nallow_zero_length_clientid true\nallow_duplicate_messages false",
            "local [127.0.0.1:1883]",
            "check_retain_source 1\nper_listener_settings 0\npersistence false\nretain_available true",
            "local [127.0.0.1:1883]",
            "queue_qos0_messages false\nupgrade_outgoing_qos false\nset_tcp_nodelay true\nretained_persistence false",
            "local [127.0.0.1:1883]",
            "persistence false\npersistence_file x\npersistence_group_ms 5", "local [127.0.0.1:1883]",
            "persistence true", "local [127.0.0.1:1883] kept=1",
            "retained_persistence 1\npersistence_location /var/lib/a b\npersistence_file f.db",
            "local [127.0.0.1:1883] kept=1 in=/var/lib/a b file=f.db at 2",
            "persistence_queues false\npersistence_qos2 false\npersistence_subscriptions 0\npersistence true",
            "local [127.0.0.1:1883] kept=4 queues- qos2- subscriptions-",
            "persistence true\npersistence_retained false\npersistence_wills false\npersistence_bridges false",
            "local [127.0.0.1:1883] kept=1 retained- wills- bridges-",
            "persistence true\npersistence_group_ms 20\npersistence_idle_ms 500\npersistence_journal_bytes 131072",
            "local [127.0.0.1:1883] kept=1 group=20 idle=500 journal=131072",
            "persistence true\npersistence_blocks_per_day 1700\npersistence_journal_bytes 131072",
            "local [127.0.0.1:1883] kept=1 journal=131072 erase=4096 drive=32 budget=1700",
            "persistence true\npersistence_blocks_per_day 9\npersistence_erase_block 2048\n"
            + "persistence_drive_bytes 262144\npersistence_worn refuse\npersistence_journal_bytes 131072",
            "local [127.0.0.1:1883] kept=1 journal=131072 erase=2048 drive=128 budget=9 refuse",
            "persistence true\npersistence_erase_block 4096\npersistence_worn slow",
            "local [127.0.0.1:1883] kept=1 erase=4096 drive=65536",
            "log_dest stdout\nlog_type all\nlog_timestamp true\nmemory_limit 0\nmessage_size_limit 0\n"
            + "max_inflight_bytes 0",
            "local [127.0.0.1:1883]",
            "enable_control_api false\nrequire_certificate false\nuse_identity_as_username false",
            "local [127.0.0.1:1883]",
            "use_subject_as_username false\nuse_username_as_clientid false", "local [127.0.0.1:1883]",
            "connection_messages false", "local [127.0.0.1:1883] quiet",
            "connection_messages 1", "local [127.0.0.1:1883]",
            "limits tiny", "local [127.0.0.1:1883] tiny",
            "limits esp32", "local [127.0.0.1:1883] esp32",
            "limits esp32-psram", "local [127.0.0.1:1883] esp32-psram",
            "limits host # the default", "local [127.0.0.1:1883] host",
            "max_packet_size 65536", "local [127.0.0.1:1883] packet=65536",
            "max_inflight_messages 20", "local [127.0.0.1:1883] window=20 receive=20 queue=3092",
            "max_inflight_messages 2000", "local [127.0.0.1:1883] window=2000 receive=2000 ids=2000 queue=5072",
            "max_queued_messages 1000", "local [127.0.0.1:1883] queue=2024",
            "max_queued_messages 1000\nmax_inflight_messages 20",
            "local [127.0.0.1:1883] window=20 receive=20 queue=1020",
            "max_queued_messages 0", "local [127.0.0.1:1883] queue=65534",
            "max_queued_bytes 1000000", "local [127.0.0.1:1883] blocks=1954",
            "max_queued_bytes 0", "local [127.0.0.1:1883] blocks=65534",
            "max_keepalive 600", "local [127.0.0.1:1883] keepalive=600",
            "persistent_client_expiration 2h", "local [127.0.0.1:1883] expiry=7200",
            "persistent_client_expiration 3d", "local [127.0.0.1:1883] expiry=259200",
            "persistent_client_expiration 1w", "local [127.0.0.1:1883] expiry=604800",
            "persistent_client_expiration 2m", "local [127.0.0.1:1883] expiry=5184000",
            "persistent_client_expiration 136y", "local [127.0.0.1:1883] expiry=4288896000",
            "sys_interval 0", "local [127.0.0.1:1883] sys=0",
            "global_max_connections 100", "local [127.0.0.1:1883] connections=100",
            "max_topic_alias 5\nmax_topic_alias_broker 6", "local [127.0.0.1:1883] in=5 out=6",
            "listener 1\nmax_topic_alias 5\nlistener 2\nmax_topic_alias 5", "[*:1][*:2] in=5",

            B, Told + "}",
            "connection c # the cloud\naddresses a b:1 # two\ntopic #",
            "local [127.0.0.1:1883] {c a:1883 b:1 (# out 0 - -)}",
            "connection c\naddress ::1:1884 [::1]:1885 [::1]\ntopic #",
            "local [127.0.0.1:1883] {c ::1:1884 ::1:1885 ::1:1883 (# out 0 - -)}",
            "connection c\naddress a\naddress b:2\ntopic #", "local [127.0.0.1:1883] {c a:1883 b:2 (# out 0 - -)}",
            "connection c\naddress h\ntopic a/# both 2 l/ r/\ntopic b/+/c IN 1\ntopic d Out # one way\n"
            + "topic e in 0 # none",
            "local [127.0.0.1:1883] {c h:1883 (a/# both 2 l/ r/) (b/+/c in 1 - -) (d out 0 - -) (e in 0 - -)}",
            "connection c\naddress h\ntopic # out 1 \"\" r/\ntopic # in 1 l/ \"\"\ntopic a out 0 l/ # no remote",
            "local [127.0.0.1:1883] {c h:1883 (# out 1 - r/) (# in 1 l/ -) (a out 0 l/ -)}",
            "connection c\naddress h\ntopic \"\" out 1 here there",
            "local [127.0.0.1:1883] {c h:1883 (- out 1 here there)}",
            "connection c\naddress h\ntopic +\ntopic +/a\ntopic a/+\ntopic /#\ntopic Z\u00FCrich/#",
            "local [127.0.0.1:1883] {c h:1883 (+ out 0 - -) (+/a out 0 - -) (a/+ out 0 - -) (/# out 0 - -) "
            + "(Z\u00FCrich/# out 0 - -)}",
            B + "remote_clientid a b\nremote_username u # v\nremote_password  \"p w\"  \nlocal_clientid l",
            Told + " remote=a b user=u # v password=\"p w\" local=l}",
            B + "clientid a\nusername u\npassword p", Told + " remote=a user=u password=p}",
            B + "round_robin true\ncleansession true\nlocal_cleansession false\nkeepalive_interval 5",
            Told + " robin clean keepalive=5}",
            B + "restart_timeout 7", Told + " base=7000 cap=0}",
            B + "restart_timeout 10 60 # seconds", Told + " base=10000 cap=60000}",
            B + "start_type automatic", Told + "}",
            B + "start_type lazy\nthreshold 3\nidle_timeout 9", Told + " start=1 threshold=3 idle=9}",
            B + "start_type once", Told + " start=2}",
            B + "notifications false\nnotifications_local_only true\nnotification_topic a/b",
            Told + " notify=a/b notifications=no localonly}",
            B + "bridge_protocol_version mqttv311", Told + "}",
            B + "bridge_protocol_version mqttv50\nbridge_require_ocsp false", Told + " version=5}",
            B + "bridge_cafile /etc/my ca.pem\nbridge_certfile c\nbridge_keyfile k\nbridge_insecure true",
            Told + " ca=/etc/my ca.pem cert=c key=k tls insecure}",
            B + "bridge_tls_use_os_certs true", Told + " tls}",
            B + "bridge_max_packet_size 1000\nbridge_outgoing_retain false\nbridge_max_topic_alias 0",
            Told + " retain=no largest=1000 aliases=0}",
            B + "bridge_receive_maximum 1\ntry_private false\nbridge_attempt_unsubscribe false",
            Told + " private=no unsubscribe=no receive=1}",
            B + "bridge_spool_full hold", Told + "}",
            B + "bridge_spool_full drop_oldest\nbridge_spool_messages 100\nbridge_spool_bytes 100000",
            Told + " full=1 messages=100 bytes=100000}",
            B + "bridge_spool_full keep_latest\nbridge_loop_messages 64", Told + " full=2 loops=64}",
            B + "listener 1884\nconnection d\naddress g\ntopic a",
            "[*:1884] {c h:1883 (# out 0 - -)} {d g:1883 (a out 0 - -)}",
            B + "aggregate s/+/t deadband 0.25 600 | batch 20 60 # all\naggregate # latest 0.5\naggregate_qos 1",
            Told + " <s/+/t deadband 250000 600000, batch 20 60000> <# latest 500 qos=1>}",
            B + "aggregate a window 60 min,last,count,mean\naggregate_suffix /min ute\naggregate_field value\n"
            + "aggregate_decimals 2\naggregate_other count\naggregate_topics 100\naggregate b deadband 2.5%\n"
            + "aggregate_other drop\naggregate c deadband 100%\naggregate_other pass\naggregate d sample 10",
            Told + " <a window 60000 1+4+8+32 suffix=/min ute field=value decimals=2 other=2 topics=100>"
            + " <b percent 2500000 0 other=1> <c percent 100000000 0> <d sample 10>}",
            B + "aggregate_alarm s/smoke\naggregate_alarm s/# above 30.5 below -5\naggregate_alarm x below 123456789"
            + "\naggregate_alarm y above 5000\naggregate s/# window 60 max | deadband 0",
            Told + " <s/# window 60000 2, deadband 0 0> !s/smoke !s/# >30500000 <-5000000 !x <123456789000000"
            + " !y >5000000000}",
            "device greenhouse-1\nstatus_interval 60\nsensor temperature\nsensor_source bme280 temperature\n"
            + "sensor_interval 0.1\nsensor_decimals 3\nsensor_unit \u00B0C\nsensor_format json\nsensor_qos 1\n"
            + "sensor_retain true\nsensor soil\nsensor_source adc 34\nsensor_topic garden/soil\nsensor_format plain",
            "local [127.0.0.1:1883] greenhouse-1 60 [temperature bme280 temperature 100 3 \u00B0C json q1 retain]"
            + " [soil adc 34 10000 2 q0 to=garden/soil]",
            "watchdog_timeout 0\nblackbox_file /a b\ndevice d\n",
            "local [127.0.0.1:1883] d 300 watchdog=0 box=/a b",
            "sensor a\nsensor_source x\ndevice d", "local [127.0.0.1:1883] d 300 [a x 10000 2 q0]",

            // The sections of Mosquitto's manual and of its articles on bridging.
            "connection bridge-01\naddress test.mosquitto.org:1883\ntopic # out 0\ntopic sensors/# in 1 \"\" cloud/\n"
            + "bridge_protocol_version mqttv311\nnotifications true\ncleansession false\nkeepalive_interval 60\n"
            + "restart_timeout 5 30\nstart_type automatic\nthreshold 10\nidle_timeout 60\ntry_private true\n",
            "local [127.0.0.1:1883] {bridge-01 test.mosquitto.org:1883 (# out 0 - -) (sensors/# in 1 - cloud/)}",
        };
    }
}
