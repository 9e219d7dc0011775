namespace Femto.Mqtt.Unit
{
    /// <summary>The fields of a decoded packet, added to <see cref="Line"/>.</summary>
    public static class PacketText
    {
        private static readonly string[] ackNames = new string[] { "PUBACK", "PUBREC", "PUBREL", "PUBCOMP" };

        public static void Of(Connect c)
        {
            Number("CONNECT ", c.Version);
            Flag(c.CleanStart, " clean");
            Number(" keep=", c.KeepAlive);
            PropertyText.Add(c.Properties);
            Show(" id=", c.Buffer, c.ClientIdOffset, c.ClientIdLength);
            if (c.HasWill)
            {
                Line.Add(" will");
                PropertyText.Add(c.WillProperties);
                Number(" q", c.WillQos);
                Flag(c.WillRetain, " retain");
                Show(" topic=", c.Buffer, c.WillTopicOffset, c.WillTopicLength);
                Line.Add(" payload=");
                Line.Hex(c.Buffer, c.WillPayloadOffset, c.WillPayloadLength);
            }
            if (c.HasUserName)
            {
                Show(" user=", c.Buffer, c.UserNameOffset, c.UserNameLength);
            }
            if (c.HasPassword)
            {
                Line.Add(" pass=");
                Line.Hex(c.Buffer, c.PasswordOffset, c.PasswordLength);
            }
        }

        public static void Of(Connack c)
        {
            Line.Add("CONNACK");
            Flag(c.SessionPresent, " present");
            Reason(c.Reason, c.Properties);
        }

        public static void Of(Publish p)
        {
            Line.Add("PUBLISH");
            Flag(p.Dup, " dup");
            Number(" q", p.Qos);
            Flag(p.Retain, " retain");
            Show(" topic=", p.Buffer, p.TopicOffset, p.TopicLength);
            if (p.Qos > 0)
            {
                Number(" id=", p.PacketId);
            }
            else
            {
                Flag(p.PacketId != 0, " with an id");
            }
            PropertyText.Add(p.Properties);
            Line.Add(" payload=");
            Line.Hex(p.Buffer, p.PayloadOffset, p.PayloadLength);
        }

        public static void Of(Ack a)
        {
            Line.Add(ackNames[a.Type - PacketType.Puback]);
            Number(" id=", a.PacketId);
            Reason(a.Reason, a.Properties);
        }

        public static void Of(Subscribe s)
        {
            Number("SUBSCRIBE id=", s.PacketId);
            PropertyText.Add(s.Properties);
            int count = 0;
            s.Rewind();
            while (s.Next())
            {
                Show(" filter=", s.Buffer, s.FilterOffset, s.FilterLength);
                Number(" q", s.Qos);
                Flag(s.NoLocal, " nl");
                Flag(s.RetainAsPublished, " rap");
                if (s.RetainHandling != 0)
                {
                    Number(" rh", s.RetainHandling);
                }
                int options = s.Qos | (s.NoLocal ? 4 : 0) | (s.RetainAsPublished ? 8 : 0)
                    | s.RetainHandling << 4;
                Flag(options != s.Options, " (not its options)");
                count++;
            }
            Flag(count != s.Count, " (miscounted)");
        }

        public static void Of(Unsubscribe u)
        {
            Number("UNSUBSCRIBE id=", u.PacketId);
            PropertyText.Add(u.Properties);
            int count = 0;
            u.Rewind();
            while (u.Next())
            {
                Show(" filter=", u.Buffer, u.FilterOffset, u.FilterLength);
                count++;
            }
            Flag(count != u.Count, " (miscounted)");
        }

        public static void Of(Suback s)
        {
            Number(s.Type == PacketType.Suback ? "SUBACK id=" : "UNSUBACK id=", s.PacketId);
            PropertyText.Add(s.Properties);
            for (int i = 0; i < s.Count; i++)
            {
                Line.Add(" ");
                Line.Byte(s.Buffer[s.ReasonsOffset + i]);
            }
        }

        public static void Of(Disconnect d)
        {
            Line.Add("DISCONNECT");
            Reason(d.Reason, d.Properties);
        }

        public static void Of(Auth a)
        {
            Line.Add("AUTH");
            Reason(a.Reason, a.Properties);
        }

        private static void Reason(int reason, Properties properties)
        {
            Line.Add(" reason=");
            Line.Byte(reason);
            PropertyText.Add(properties);
        }

        private static void Flag(bool set, string name)
        {
            if (set)
            {
                Line.Add(name);
            }
        }

        private static void Number(string name, int value)
        {
            Line.Add(name);
            Line.Number((uint)value);
        }

        private static void Show(string name, byte[] buffer, int offset, int length)
        {
            Line.Add(name);
            Line.Show(buffer, offset, length);
        }
    }
}
