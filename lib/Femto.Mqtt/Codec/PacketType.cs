namespace Femto.Mqtt
{
    /// <summary>The types of MQTT control packets (section 2.1.2): the upper four bits of the first
    /// byte.</summary>
    public static class PacketType
    {
        /// <summary>Not a packet: the will properties inside CONNECT, where a packet type selects what
        /// properties are allowed. Type 0 is reserved, so it never comes from the network.</summary>
        public const int Will = 0;
        public const int Connect = 1;
        public const int Connack = 2;
        public const int Publish = 3;
        public const int Puback = 4;
        public const int Pubrec = 5;
        public const int Pubrel = 6;
        public const int Pubcomp = 7;
        public const int Subscribe = 8;
        public const int Suback = 9;
        public const int Unsubscribe = 10;
        public const int Unsuback = 11;
        public const int Pingreq = 12;
        public const int Pingresp = 13;
        public const int Disconnect = 14;
        /// <summary>MQTT 5 only; reserved in 3.1.1.</summary>
        public const int Auth = 15;
    }
}
