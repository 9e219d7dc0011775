namespace Femto.Mqtt
{
    /// <summary>
    /// The language as data: one string costs the board its bytes in flash, a branch for each word would cost code.
    /// </summary>
    internal static class KeywordText
    {
        /// <summary>
        /// A keyword a line: section (g everywhere, l listener, b bridge, a sensor), kind, key, blank, word, and what
        /// its kind needs after another blank. Kinds: b true or false; i number from ... to ...; s text; w one of
        /// these words; c has code of its own; t may only be true, f only false, z only 0, each with a note's letter;
        /// x refused, with a note's letter. A word that ends in * stands for all that begin so.
        /// </summary>
        public const string Table =
            "gx0 acl_file A\n" +
            "bc21 address\n" +
            "bc21 addresses\n" +
            "bc60 aggregate\n" +
            "bc61 aggregate_alarm\n" +
            "bi64 aggregate_decimals 0 6\n" +
            "bs63 aggregate_field\n" +
            "bw62 aggregate_other pass|drop|count\n" +
            "bi67 aggregate_qos 0 2\n" +
            "bs65 aggregate_suffix\n" +
            "bi66 aggregate_topics 1 10000\n" +
            "gt17 allow_anonymous A\n" +
            "gf0 allow_duplicate_messages D\n" +
            "gt0 allow_zero_length_clientid I\n" +
            "gx0 auth_opt_* A\n" +
            "gx0 auth_plugin A\n" +
            "gx0 auth_plugin_deny_special_chars A\n" +
            "gx0 auto_id_prefix I\n" +
            "gx0 autosave_interval P\n" +
            "gx0 autosave_on_changes P\n" +
            "gc15 bind_address\n" +
            "lx0 bind_interface B\n" +
            "gs82 blackbox_file\n" +
            "bx0 bridge_alpn N\n" +
            "bb48 bridge_attempt_unsubscribe\n" +
            "bx0 bridge_bind_address N\n" +
            "bs39 bridge_cafile\n" +
            "bx0 bridge_capath F\n" +
            "bs40 bridge_certfile\n" +
            "bx0 bridge_ciphers C\n" +
            "bx0 bridge_ciphers_tls1.3 C\n" +
            "bx0 bridge_identity K\n" +
            "bb42 bridge_insecure\n" +
            "bs41 bridge_keyfile\n" +
            "bi52 bridge_loop_messages 0 65534\n" +
            "bi43 bridge_max_packet_size 0 268435455\n" +
            "bi45 bridge_max_topic_alias 0 65535\n" +
            "bb44 bridge_outgoing_retain\n" +
            "bw37 bridge_protocol_version mqttv311|mqttv50\n" +
            "bx0 bridge_psk K\n" +
            "bi46 bridge_receive_maximum 1 65535\n" +
            "bx0 bridge_reload_type G\n" +
            "bf0 bridge_require_ocsp C\n" +
            "bx0 bridge_session_expiry_interval V\n" +
            "bi51 bridge_spool_bytes 1 2147483647\n" +
            "bw49 bridge_spool_full hold|drop_oldest|keep_latest\n" +
            "bi50 bridge_spool_messages 1 65534\n" +
            "bx0 bridge_tcp_keepalive Q\n" +
            "bx0 bridge_tcp_user_timeout Q\n" +
            "bb38 bridge_tls_use_os_certs\n" +
            "bx0 bridge_tls_version C\n" +
            "lx0 cafile T\n" +
            "lx0 capath T\n" +
            "lx0 certfile T\n" +
            "gt0 check_retain_source A\n" +
            "lx0 ciphers T\n" +
            "lx0 ciphers_tls1.3 T\n" +
            "bb28 cleansession\n" +
            "bs24 clientid\n" +
            "gx0 clientid_prefixes A\n" +
            "bc20 connection\n" +
            "gb11 connection_messages\n" +
            "lx0 crlfile T\n" +
            "gs70 device\n" +
            "lx0 dhparamfile T\n" +
            "lx0 disable_client_cert_date_checks T\n" +
            "gf0 enable_control_api A\n" +
            "gx0 global_max_clients R\n" +
            "gi8 global_max_connections 1 32767\n" +
            "gx0 global_plugin A\n" +
            "lx0 http_dir W\n" +
            "bi33 idle_timeout 1 86400\n" +
            "gx0 include_dir G\n" +
            "bi29 keepalive_interval 5 65535\n" +
            "lx0 keyfile T\n" +
            "gw12 limits tiny|esp32|esp32-psram|host\n" +
            "gc13 listener\n" +
            "gx0 listener_allow_anonymous A\n" +
            "gx0 listener_auto_id_prefix I\n" +
            "bf0 local_cleansession Z\n" +
            "bs27 local_clientid\n" +
            "bx0 local_password Y\n" +
            "bx0 local_username Y\n" +
            "gw0 log_dest stdout\n" +
            "gx0 log_facility L\n" +
            "gt0 log_timestamp L\n" +
            "gx0 log_timestamp_format L\n" +
            "gw0 log_type all\n" +
            "li16 max_connections -1 32767\n" +
            "gz0 max_inflight_bytes M\n" +
            "gi2 max_inflight_messages 1 65472\n" +
            "gi5 max_keepalive 0 65535\n" +
            "gi4 max_packet_size 64 268435455\n" +
            "lw0 max_qos 2\n" +
            "gi1 max_queued_bytes 0 2147483647\n" +
            "gi3 max_queued_messages 0 65534\n" +
            "li9 max_topic_alias 0 65535\n" +
            "li10 max_topic_alias_broker 0 65535\n" +
            "lw0 maximum_qos 2\n" +
            "gz0 memory_limit R\n" +
            "gz0 message_size_limit X\n" +
            "lx0 mount_point H\n" +
            "bs36 notification_topic\n" +
            "bb34 notifications\n" +
            "bb35 notifications_local_only\n" +
            "bs26 password\n" +
            "gx0 password_file A\n" +
            "gf0 per_listener_settings A\n" +
            "gb90 persistence\n" +
            "gi91 persistence_blocks_per_day 0 1000000000\n" +
            "gb92 persistence_bridges\n" +
            "gi93 persistence_drive_bytes 4096 2147483647\n" +
            "gi94 persistence_erase_block 0 1048576\n" +
            "gs95 persistence_file\n" +
            "gi96 persistence_group_ms 0 60000\n" +
            "gi97 persistence_idle_ms 0 3600000\n" +
            "gi98 persistence_journal_bytes 65536 2147483647\n" +
            "gs99 persistence_location\n" +
            "gb100 persistence_qos2\n" +
            "gb101 persistence_queues\n" +
            "gb102 persistence_retained\n" +
            "gb103 persistence_subscriptions\n" +
            "gb104 persistence_wills\n" +
            "gw105 persistence_worn slow|refuse\n" +
            "gc6 persistent_client_expiration\n" +
            "gx0 pid_file S\n" +
            "gx0 plugin A\n" +
            "gx0 plugin_load A\n" +
            "gx0 plugin_opt_* A\n" +
            "gx0 plugin_use A\n" +
            "gc14 port\n" +
            "lw0 protocol mqtt\n" +
            "gx0 psk_file A\n" +
            "lx0 psk_hint T\n" +
            "gf0 queue_qos0_messages E\n" +
            "bs24 remote_clientid\n" +
            "bs26 remote_password\n" +
            "bs25 remote_username\n" +
            "lf0 require_certificate T\n" +
            "bc30 restart_timeout\n" +
            "gt0 retain_available J\n" +
            "gb90 retained_persistence\n" +
            "gx0 retry_interval U\n" +
            "bb23 round_robin\n" +
            "gs72 sensor\n" +
            "ai75 sensor_decimals 0 6\n" +
            "aw77 sensor_format plain|json\n" +
            "ac74 sensor_interval\n" +
            "ai78 sensor_qos 0 2\n" +
            "ab79 sensor_retain\n" +
            "as73 sensor_source\n" +
            "as80 sensor_topic\n" +
            "as76 sensor_unit\n" +
            "gt0 set_tcp_nodelay Q\n" +
            "lx0 socket_domain B\n" +
            "bw31 start_type automatic|lazy|once\n" +
            "gi71 status_interval 0 86400\n" +
            "gi7 sys_interval 0 65535\n" +
            "bi32 threshold 1 65534\n" +
            "lx0 tls_engine T\n" +
            "lx0 tls_engine_kpass_sha1 T\n" +
            "lx0 tls_keyform T\n" +
            "lx0 tls_version T\n" +
            "bc22 topic\n" +
            "bb47 try_private\n" +
            "gf0 upgrade_outgoing_qos O\n" +
            "lf0 use_identity_as_username T\n" +
            "lf0 use_subject_as_username T\n" +
            "lf0 use_username_as_clientid A\n" +
            "gx0 user S\n" +
            "bs25 username\n" +
            "gi81 watchdog_timeout 0 86400\n" +
            "lx0 websockets_headers_size W\n" +
            "lx0 websockets_log_level W\n" +
            "lx0 websockets_origin W\n";

        /// <summary>What to do instead: a letter, a blank and the text.</summary>
        public const string Notes =
            "A it has no password files, access lists or plugins yet: let it listen only where you trust everybody\n" +
            "B give the address instead: listener PORT ADDRESS\n" +
            "C the system decides on ciphers and revocation, versions are TLS 1.2 and 1.3: remove the line\n" +
            "D a client gets one copy of a message, however many of its subscriptions match\n" +
            "E QoS 0 messages are not kept for clients that are away\n" +
            "F put the certificates into one file: bridge_cafile\n" +
            "G one file is read, once, at the start\n" +
            "H clients of every listener see the same topics; a bridge can map prefixes\n" +
            "I clients without an identifier get one of the broker's making\n" +
            "J retained messages are always available\n" +
            "K use bridge_certfile and bridge_keyfile, or remote_username and remote_password\n" +
            "L lines go to stdout with their time: redirect them; connection_messages false leaves out most\n" +
            "M use max_inflight_messages\n" +
            "N the system chooses: remove the line\n" +
            "O messages go out at the lower QoS of publication and subscription\n" +
            "P what is acknowledged is on the disk by then, the rest within persistence_idle_ms: remove the line\n" +
            "Q small packets are never held back, dead peers are found by keepalive_interval: remove the line\n" +
            "R RAM is fixed at the start: use limits, global_max_connections\n" +
            "S leave it to what starts the program, such as systemd's User= and PIDFile=\n" +
            "T listeners have no TLS yet; bridges do, see bridge_cafile\n" +
            "U Mosquitto 2.0 ignores it as well: remove the line\n" +
            "V the upstream is asked to keep the session for good: remove the line, or say cleansession true\n" +
            "W it has no WebSockets: let clients use plain MQTT\n" +
            "X use max_packet_size\n" +
            "Y a bridge needs no account on its own broker: remove the line\n" +
            "Z what waits for the upstream is kept in any case\n";
    }
}
