namespace Femto.Mqtt
{
    /// <summary>
    /// A <c>connection</c> section of mosquitto.conf. Filled before the bridge is built and not changed after. Names in
    /// brackets are the configuration's keywords.
    /// </summary>
    public sealed class BridgeOptions
    {
        /// <summary>Unique on this broker (connection).</summary>
        public string Name;
        /// <summary>One or more names or addresses (address, addresses).</summary>
        public string[] Hosts;
        /// <summary>A port for each host.</summary>
        public int[] Ports;
        /// <summary>All addresses are equal. Else the first is preferred: the bridge goes back to it when it can
        /// (round_robin).</summary>
        public bool RoundRobin;
        /// <summary>What is carried; one or more (topic).</summary>
        public BridgeTopic[] Topics;

        /// <summary>Client identifier at the upstream; null: NAME.bridge (remote_clientid).</summary>
        public string RemoteClientId;
        /// <summary>Null: none (remote_username).</summary>
        public string RemoteUserName;
        /// <summary>Null: none (remote_password).</summary>
        public string RemotePassword;
        /// <summary>Client identifier of the bridge's session here; null: local.REMOTE_CLIENTID (local_clientid).
        /// </summary>
        public string LocalClientId;
        /// <summary>The upstream forgets the session with each connection. The spool is kept all the same
        /// (cleansession).</summary>
        public bool CleanSession;
        /// <summary>0 to 65,535 (keepalive_interval).</summary>
        public int KeepAliveSeconds = 60;

        /// <summary>Milliseconds before the bridge connects again, at least (restart_timeout).</summary>
        public int RestartBaseMs = 5000;
        /// <summary>At most; 0: always <see cref="RestartBaseMs"/>, without jitter.</summary>
        public int RestartCapMs = 30000;
        /// <summary>A constant of <see cref="BridgeStart"/> (start_type).</summary>
        public int StartType;
        /// <summary>Messages waiting that make a lazy bridge connect (threshold).</summary>
        public int Threshold = 10;
        /// <summary>Seconds without a message after which a lazy bridge disconnects (idle_timeout).</summary>
        public int IdleSeconds = 60;

        /// <summary>The state of the connection is published, retained, 1 or 0 (notifications).</summary>
        public bool Notifications = true;
        /// <summary>Only here, not at the upstream (notifications_local_only).</summary>
        public bool NotificationsLocalOnly;
        /// <summary>Null: $SYS/broker/connection/REMOTE_CLIENTID/state (notification_topic).</summary>
        public string NotificationTopic;

        /// <summary>4 (3.1.1) or 5 (bridge_protocol_version).</summary>
        public int Version = 4;
        /// <summary>TLS to the upstream.</summary>
        public bool Tls;
        /// <summary>PEM; null: what the system trusts (bridge_cafile).</summary>
        public string CaFile;
        /// <summary>PEM; null: none (bridge_certfile).</summary>
        public string CertFile;
        /// <summary>PEM (bridge_keyfile).</summary>
        public string KeyFile;
        /// <summary>The name in the upstream's certificate is not compared (bridge_insecure).</summary>
        public bool Insecure;

        /// <summary>Bytes of the largest packet sent to the upstream; 0: as the upstream says
        /// (bridge_max_packet_size).</summary>
        public int MaxPacketBytes;
        /// <summary>Messages go up with their RETAIN flag (bridge_outgoing_retain).</summary>
        public bool OutgoingRetain = true;
        /// <summary>Topic aliases the upstream may set, as far as there is memory (bridge_max_topic_alias).</summary>
        public int MaxTopicAlias = 10;
        /// <summary>QoS 1 and 2 messages that the upstream may have on the way, as far as there is memory
        /// (bridge_receive_maximum).</summary>
        public int ReceiveMaximum = 20;
        /// <summary>The upstream is told that this is a bridge; when it does not take that, it is connected to as an
        /// ordinary client (try_private).</summary>
        public bool TryPrivate = true;
        /// <summary>What an upstream's session may still be subscribed to, though the bridge only publishes there, is
        /// unsubscribed from (bridge_attempt_unsubscribe).</summary>
        public bool AttemptUnsubscribe = true;

        /// <summary>What is done when the spool is full: a constant of <c>SpoolPolicy</c>.</summary>
        public int SpoolFull;
        /// <summary>Messages of the spool; 0: as many as a session's queue has.</summary>
        public int SpoolMessages;
        /// <summary>Bytes of the broker's pool that the spool may hold; 0: as a session's queue.</summary>
        public int SpoolBytes;
        /// <summary>Messages that went up and are remembered so that they are known when they come back.</summary>
        public int LoopMessages = 32;

        /// <summary>What happens to readings before they go up; the first rule that matches decides (aggregate).
        /// </summary>
        public AggregateRule[] Aggregates = new AggregateRule[0];
        /// <summary>What goes up at once all the same (aggregate_alarm).</summary>
        public AggregateAlarm[] Alarms = new AggregateAlarm[0];

        /// <summary>A topic here that says whether this device is there; null: none. Its last word becomes the will at
        /// the upstream, in place of that of the connection's state, which is then published on this side alone. The
        /// bridge sets it to null when its topic lines do not carry it.</summary>
        public string StatusTopic;
        /// <summary>What the upstream publishes there, retained, when the bridge is gone.</summary>
        public string StatusOffline;
    }
}
