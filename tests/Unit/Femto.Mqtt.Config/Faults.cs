namespace Femto.Mqtt.Unit
{
    /// <summary>Files with a fault: in turn the text and the error.</summary>
    public static class Faults
    {
        private const string B = "connection c\naddress h\ntopic #\n";
        private const string NotYet = ": this keyword of Mosquitto is not implemented by Femto: ";
        private const string Alone = ": Femto does not implement any value but ";
        private const string NoFilter = " is no topic filter: + and # stand for whole levels, # only at the end";
        private const string NoAccess = "it has no password files, access lists or plugins yet: let it listen only "
            + "where you trust everybody";

        private const string Steps = "latest, deadband, window, batch or sample";
        private const string Seconds = " takes seconds from 0.01 to 86400";
        private const string Amount = " takes an amount from 0 to 2147, or percent from 0% to 100%";
        private const string Functions = " takes min, max, mean, count, first and last, with commas between them";
        private const string Readings = " takes a number of readings from 1 to 10000";
        private const string Bounds = "PATTERN [above NUMBER] [below NUMBER]";
        private const string Level = ": a name is one level of a topic, up to 32 bytes without blanks, / + #";
        private const string Plain = ": up to 32 bytes without quotation marks and backslashes";

        public static readonly string[] All =
        {
            // words
            "listner 1883", "f:1: listner: this keyword is unknown: did you mean listener?",
            "\n\n keep_alive_interval 60\n",
            "f:3: keep_alive_interval: this keyword is unknown: did you mean keepalive_interval?",
            "xyzzy", "f:1: xyzzy: this keyword is unknown",
            "Listener 1883", "f:1: Listener: this keyword is unknown: did you mean listener?",
            "listener:1883", "f:1: listener:1883: this keyword is unknown",
            "password_file /etc/pw", "f:1: password_file" + NotYet + NoAccess,
            "auth_opt_x 1", "f:1: auth_opt_x" + NotYet + NoAccess,
            "auth_opt_", "f:1: auth_opt_: this keyword is unknown: did you mean auth_opt_*?",
            "cafile x", "f:1: cafile" + NotYet + "listeners have no TLS yet; bridges do, see bridge_cafile",
            "include_dir /etc/mosquitto/conf.d", "f:1: include_dir" + NotYet + "one file is read, once, at the start",
            "allow_anonymous false", "f:1: allow_anonymous" + Alone + "true: " + NoAccess,
            "autosave_interval 1800", "f:1: autosave_interval: this keyword of Mosquitto is not implemented by Femto: "
            + "what is acknowledged is on the disk by then, the rest within persistence_idle_ms: remove the line",
            "persistence true\nretained_persistence true",
            "f:2: retained_persistence: this is said twice: line 1 says it already",
            "persistence yes", "f:1: persistence: 'yes' is wrong: it must be true or false",
            "persistence_group_ms 60001",
            "f:1: persistence_group_ms: '60001' is wrong: it must be a number from 0 to 60000",
            "persistence_worn no", "f:1: persistence_worn: 'no' is wrong: it must be slow or refuse",
            "persistence_location", "f:1: persistence_location: a value is missing: a text",
            "persistence true\npersistence_drive_bytes 65536",
            "f:2: persistence_drive_bytes: the journal is larger: see persistence_journal_bytes",
            "memory_limit 1000", "f:1: memory_limit" + Alone + "0: RAM is fixed at the start: use limits, "
            + "global_max_connections",
            "protocol websockets", "f:1: protocol: 'websockets' is wrong: it must be mqtt",
            "log_dest file /var/log/x", "f:1: log_dest: 'file' is wrong: it must be stdout",
            // aggregation
            "aggregate # latest 1", "f:1: aggregate: this keyword is misplaced: it belongs below a connection line",
            B + "aggregate_field v",
            "f:4: aggregate_field: this keyword is misplaced: it belongs below an aggregate line",
            B + "aggregate # latest 1\nconnection d\naggregate_field v",
            "f:6: aggregate_field: this keyword is misplaced: it belongs below an aggregate line",
            B + "aggregate", "f:4: aggregate: a value is missing: PATTERN STEP [| STEP]...",
            B + "aggregate #", "f:4: aggregate: a step is missing: " + Steps,
            B + "aggregate # |", "f:4: aggregate: a step is missing: " + Steps,
            B + "aggregate # latest 1 |", "f:4: aggregate: a step is missing: " + Steps,
            B + "aggregate a/#/b latest 1", "f:4: aggregate: 'a/#/b'" + NoFilter,
            B + "aggregate # lastest 1", "f:4: aggregate: 'lastest' is wrong: a step is " + Steps,
            B + "aggregate # latest", "f:4: aggregate: a value is missing: latest" + Seconds,
            B + "aggregate # latest 1 2", "f:4: aggregate: there is more than latest takes: '2'",
            B + "aggregate # latest 0.001", "f:4: aggregate: '0.001' is wrong: latest" + Seconds,
            B + "aggregate # latest 86401", "f:4: aggregate: '86401' is wrong: latest" + Seconds,
            B + "aggregate # latest 1s", "f:4: aggregate: '1s' is wrong: latest" + Seconds,
            B + "aggregate # deadband", "f:4: aggregate: a value is missing: deadband" + Amount,
            B + "aggregate # deadband -1", "f:4: aggregate: '-1' is wrong: deadband" + Amount,
            B + "aggregate # deadband %", "f:4: aggregate: '%' is wrong: deadband" + Amount,
            B + "aggregate # deadband 101%", "f:4: aggregate: a deadband is at most 100 %",
            B + "aggregate # deadband 1 x", "f:4: aggregate: 'x' is wrong: deadband" + Seconds,
            B + "aggregate # deadband 1 2 3", "f:4: aggregate: there is more than deadband takes: '3'",
            B + "aggregate # window 60", "f:4: aggregate: a value is missing: window" + Functions,
            B + "aggregate # window x mean", "f:4: aggregate: 'x' is wrong: window" + Seconds,
            B + "aggregate # window 60 avg", "f:4: aggregate: 'avg' is wrong: window" + Functions,
            B + "aggregate # window 60 min,min", "f:4: aggregate: 'min,min' is wrong: window" + Functions,
            B + "aggregate # batch", "f:4: aggregate: a value is missing: batch" + Readings,
            B + "aggregate # batch 0", "f:4: aggregate: '0' is wrong: batch" + Readings,
            B + "aggregate # batch 5 0", "f:4: aggregate: '0' is wrong: batch" + Seconds,
            B + "aggregate # sample 10001", "f:4: aggregate: '10001' is wrong: sample" + Readings,
            B + "aggregate # sample 2 3", "f:4: aggregate: there is more than sample takes: '3'",
            B + "aggregate # batch 2 | sample 2", "f:4: aggregate: nothing can follow a batch",
            B + "aggregate # sample 2 | sample 2 | sample 2 | sample 2 | sample 2",
            "f:4: aggregate: a rule has 1 to 4 steps",
            B + "aggregate # sample 2\naggregate_suffix /x",
            "f:5: aggregate_suffix: a suffix is for rules that end in a window or a batch",
            B + "aggregate # sample 2\naggregate_other count",
            "f:5: aggregate_other: other messages are counted by rules that end in a window or a batch",
            B + "aggregate # sample 2\naggregate_other skip",
            "f:5: aggregate_other: 'skip' is wrong: it must be pass, drop or count",
            B + "aggregate # sample 2\naggregate_qos 1\naggregate_qos 1",
            "f:6: aggregate_qos: this is said twice: line 5 says it already",
            B + "aggregate # deadband 2000\naggregate_decimals 7",
            "f:5: aggregate_decimals: '7' is wrong: it must be a number from 0 to 6",
            B + "aggregate_alarm", "f:4: aggregate_alarm: a value is missing: " + Bounds,
            B + "aggregate_alarm a+", "f:4: aggregate_alarm: 'a+'" + NoFilter,
            B + "aggregate_alarm # over 3", "f:4: aggregate_alarm: 'over' is wrong: it must be " + Bounds,
            B + "aggregate_alarm # above 1 above 2", "f:4: aggregate_alarm: 'above' is wrong: it must be " + Bounds,
            B + "aggregate_alarm # below", "f:4: aggregate_alarm: a value is missing: a number behind below",
            B + "aggregate_alarm # below 1e10", "f:4: aggregate_alarm: '1e10' is wrong: it must be a number",
            B + "aggregate_alarm # below 2 above 1",
            "f:4: aggregate_alarm: the bounds are the wrong way round: every reading would be an alarm",
            // the device
            "sensor_source x", "f:1: sensor_source: this keyword is misplaced: it belongs below a sensor line",
            "sensor a\nsensor_source x", "f:1: sensor: a sensor belongs to a device: there is no device line",
            "limits esp32\nstatus_interval 60\nblackbox_file b", "f:2: device: there is no device line",
            "device d\nwatchdog_timeout 86401",
            "f:2: watchdog_timeout: '86401' is wrong: it must be a number from 0 to 86400",
            "device d\n\nsensor a", "f:3: sensor: sensor a has no sensor_source line: what is to be read?",
            "device d\nsensor a\nsensor a", "f:3: sensor: there is a sensor a already, in line 2",
            "device a b", "f:1: device: 'a b' is wrong" + Level,
            "device d\nsensor a/b", "f:2: sensor: 'a/b' is wrong" + Level,
            "device \"d\"", "f:1: device: '\"d\"' is wrong" + Plain,
            "sensor a\nsensor_unit a\"b", "f:2: sensor_unit: 'a\"b' is wrong" + Plain,
            "sensor a\nsensor_topic a/+", "f:2: sensor_topic: a topic to publish to has no + and no #",
            "sensor a\nsensor_interval 0", "f:2: sensor_interval: '0' is wrong: sensor_interval" + Seconds,
            "sensor a\nsensor_interval 1 s", "f:2: sensor_interval: there is more than this keyword takes: 's'",
            "sensor a\nsensor_qos 3", "f:2: sensor_qos: '3' is wrong: it must be a number from 0 to 2",
            "sensor a\nsensor_source x\nsensor_source y",
            "f:3: sensor_source: this is said twice: line 2 says it already",
            // places
            "topic # out", "f:1: topic: this keyword is misplaced: it belongs below a connection line",
            "keepalive_interval 60\nconnection c",
            "f:1: keepalive_interval: this keyword is misplaced: it belongs below a connection line",
            "max_connections 9\n\nlistener 1883",
            "f:1: max_connections: this keyword is misplaced: it belongs below the listener line that it is for",
            // values
            "listener", "f:1: listener: a value is missing: a number from 0 to 65535",
            "listener 65536", "f:1: listener: '65536' is wrong: it must be a number from 0 to 65535",
            "listener 18 83 84", "f:1: listener: there is more than this keyword takes: '84'",
            "listener 0 /run/femto.sock", "f:1: listener: Femto has no Unix sockets: give a port from 1 to 65535",
            "listener 1\nlistener 1", "f:2: listener: line 1 listens there already",
            "listener 1 a\nlistener 1 a", "f:2: listener: line 1 listens there already",
            "port 0", "f:1: port: '0' is wrong: it must be a number from 1 to 65535",
            "port 1\nport 2", "f:2: port: this is said twice: line 1 says it already",
            "bind_address", "f:1: bind_address: a value is missing: a text",
            "max_connections many", "f:1: max_connections: 'many' is wrong: it must be a number from -1 to 32767",
            "max_connections 3000", "f:1: max_connections: the broker has no more than 2048 connections: choose "
            + "other limits",
            "connection_messages", "f:1: connection_messages: a value is missing: true or false",
            "connection_messages yes", "f:1: connection_messages: 'yes' is wrong: it must be true or false",
            "connection_messages True", "f:1: connection_messages: 'True' is wrong: it must be true or false",
            "connection_messages true false",
            "f:1: connection_messages: there is more than this keyword takes: 'false'",
            "limits large", "f:1: limits: 'large' is wrong: it must be tiny, esp32, esp32-psram or host",
            "limits tiny|esp32", "f:1: limits: 'tiny|esp32' is wrong: it must be tiny, esp32, esp32-psram or host",
            "limits", "f:1: limits: a value is missing: tiny, esp32, esp32-psram or host",
            "sys_interval -1", "f:1: sys_interval: '-1' is wrong: it must be a number from 0 to 65535",
            "sys_interval 10s", "f:1: sys_interval: '10s' is wrong: it must be a number from 0 to 65535",
            "sys_interval 99999999999999999999",
            "f:1: sys_interval: '99999999999999999999' is wrong: it must be a number from 0 to 65535",
            "sys_interval -", "f:1: sys_interval: '-' is wrong: it must be a number from 0 to 65535",
            "max_packet_size 20000000", "f:1: max_packet_size: does not fit the other limits: SendBytes is too "
            + "small for TopicLength and PacketBytes",
            "max_queued_messages 65534", "f:1: max_queued_messages: does not fit the other limits: QueueMessages must "
            + "be 1 to Deliveries",
            "listener 1\nmax_topic_alias 5\nlistener 2\nmax_topic_alias 6",
            "f:4: max_topic_alias: all listeners have one value, and line 2 says 5",
            "persistent_client_expiration 5", "f:1: persistent_client_expiration: '5' is wrong: it must be a number "
            + "with h, d, w, m or y behind it (hours, days, weeks, months, years)",
            "persistent_client_expiration 0d", "f:1: persistent_client_expiration: '0d' is wrong: it must be a number "
            + "with h, d, w, m or y behind it (hours, days, weeks, months, years)",
            "persistent_client_expiration 137y", "f:1: persistent_client_expiration: '137y' is above 136 years",
            // bridges
            "connection", "f:1: connection: a value is missing: a name for the bridge",
            "connection a b", "f:1: connection: there is more than this keyword takes: 'b'",
            "connection c\n", "f:1: connection: the bridge has no address line",
            "connection c\naddress h\nlistener 1\n", "f:1: connection: the bridge has no topic line: nothing would go "
            + "over it",
            "\nconnection c\naddress h\nconnection d\n", "f:2: connection: the bridge has no topic line: nothing would "
            + "go over it",
            B + B, "f:4: connection: there is a bridge c already, in line 1",
            B + "local_clientid l\nconnection d\naddress h\ntopic a\nlocal_clientid l\n",
            "f:5: connection: bridge c has the same local_clientid: l",
            B + "remote_clientid r\nconnection d\naddress h\ntopic a\nremote_clientid r\n",
            "f:5: connection: bridge c has the same local_clientid: local.r",
            B + "remote_password p", "f:1: connection: remote_password goes with remote_username",
            B + "bridge_cafile a\nbridge_certfile b", "f:1: connection: bridge_certfile and bridge_keyfile go together",
            B + "bridge_certfile a\nbridge_keyfile b",
            "f:1: connection: bridge_certfile goes with bridge_cafile: without it there is no TLS",
            B + "bridge_insecure true",
            "f:1: connection: bridge_insecure goes with bridge_cafile: without it there is no TLS",
            "connection c\naddress", "f:2: address: a value is missing: HOST or HOST:PORT, one or several",
            "connection c\naddress h:", "f:2: address: 'h:' has no port from 1 to 65535 behind its last colon",
            "connection c\naddress h:0", "f:2: address: 'h:0' has no port from 1 to 65535 behind its last colon",
            "connection c\naddress h:65536",
            "f:2: address: 'h:65536' has no port from 1 to 65535 behind its last colon",
            "connection c\naddress fe80::a",
            "f:2: address: 'fe80::a' has no port from 1 to 65535 behind its last colon",
            "connection c\naddress :1883", "f:2: address: there is a port without a host",
            "connection c\ntopic", "f:2: topic: a value is missing: PATTERN [out|in|both [QOS [LOCAL-PREFIX "
            + "REMOTE-PREFIX]]]",
            "connection c\ntopic # up", "f:2: topic: 'up' is wrong: it must be in, out or both",
            "connection c\ntopic # #", "f:2: topic: '#' is wrong: it must be in, out or both",
            "connection c\ntopic # out 3", "f:2: topic: '3' is wrong: it must be a number from 0 to 2",
            "connection c\ntopic # out 1 a/ b/ c/", "f:2: topic: there is more than this keyword takes: 'c/'",
            "connection c\ntopic # out 1 a/+/ b/", "f:2: topic: the local prefix holds + or #",
            "connection c\ntopic # out 1 a/ b/#", "f:2: topic: the remote prefix holds + or #",
            "connection c\ntopic # out 1 a b", "f:2: topic: 'a#'" + NoFilter,
            "connection c\ntopic #/a", "f:2: topic: '#/a'" + NoFilter,
            "connection c\ntopic a+", "f:2: topic: 'a+'" + NoFilter,
            "connection c\ntopic +a", "f:2: topic: '+a'" + NoFilter,
            "connection c\ntopic \"\" out 1 here", "f:2: topic: without a pattern both prefixes are needed: they are "
            + "the topics",
            B + "keepalive_interval 4", "f:4: keepalive_interval: '4' is wrong: it must be a number from 5 to 65535",
            B + "restart_timeout", "f:4: restart_timeout: a value is missing: a number from 1 to 86400",
            B + "restart_timeout 0", "f:4: restart_timeout: '0' is wrong: it must be a number from 1 to 86400",
            B + "restart_timeout 5 4", "f:4: restart_timeout: the second number, the cap, is lower than the first",
            B + "restart_timeout 5 6 7", "f:4: restart_timeout: there is more than this keyword takes: '7'",
            B + "start_type manual", "f:4: start_type: 'manual' is wrong: it must be automatic, lazy or once",
            B + "threshold 0", "f:4: threshold: '0' is wrong: it must be a number from 1 to 65534",
            B + "idle_timeout 0", "f:4: idle_timeout: '0' is wrong: it must be a number from 1 to 86400",
            B + "bridge_protocol_version mqttv31",
            "f:4: bridge_protocol_version: 'mqttv31' is wrong: it must be mqttv311 or mqttv50",
            B + "bridge_receive_maximum 0",
            "f:4: bridge_receive_maximum: '0' is wrong: it must be a number from 1 to 65535",
            B + "bridge_spool_full drop", "f:4: bridge_spool_full: 'drop' is wrong: it must be hold, drop_oldest or "
            + "keep_latest",
            B + "notification_topic a/#", "f:4: notification_topic: a topic to publish to has no + and no #",
            B + "remote_username u\nusername v", "f:5: username: this is said twice: line 4 says it already",
            B + "remote_username", "f:4: remote_username: a value is missing: a text",
            B + "local_cleansession true", "f:4: local_cleansession" + Alone
            + "false: what waits for the upstream is kept in any case",
            "address 1234567890123456789012345678901234567890123456789012345678901234567890",
            "f:1: address: this keyword is misplaced: it belongs below a connection line",
            "sys_interval 1234567890123456789012345678901234567890123456789012345678901234567890",
            "f:1: sys_interval: '123456789012345678901234567890123456789012345678901234567890...' is wrong: it must be "
            + "a number from 0 to 65535",
        };
    }
}
