namespace Femto.Mqtt.Unit
{
    /// <summary>An access hook that does as the test says, and notes what it was asked.</summary>
    public class Hook : IAccess
    {
        /// <summary>Answers to Connect and Authenticate, in turn; the last one stays.</summary>
        public int[] Answers = new int[] { 0 };
        /// <summary>Data to send with each of them; null for none.</summary>
        public string[] Data = new string[] { null };
        /// <summary>What a topic must begin with to be published, delivered, subscribed.</summary>
        public string Publishes = "";
        public string Delivers = "";
        public string Subscribes = "";
        /// <summary>Answer to other filters.</summary>
        public int Refusal = ReasonCode.NotAuthorized;
        /// <summary>What was asked since the test cleared it.</summary>
        public string Asked = "";

        private int turn;

        public int Connect(Broker broker, int connection, Connect packet)
        {
            Line.Clear();
            Line.Add("connect ");
            Line.Number((uint)broker.ListenerOf(connection));
            Line.Add(" ");
            Line.Show(packet.Buffer, packet.ClientIdOffset, packet.ClientIdLength);
            Asked += Line.Text() + ";";
            return Answer(broker);
        }

        public int Authenticate(Broker broker, int connection, Auth packet)
        {
            Line.Clear();
            Line.Add("auth ");
            Line.Byte(packet.Reason);
            Line.Add(" ");
            Line.Show(packet.Properties.Buffer, packet.Properties.AuthMethodOffset, packet.Properties.AuthMethodLength);
            if ((packet.Properties.Present & Has.AuthData) != 0)
            {
                Line.Add(" ");
                Line.Hex(packet.Properties.Buffer, packet.Properties.AuthDataOffset, packet.Properties.AuthDataLength);
            }
            Asked += Line.Text() + ";";
            return Answer(broker);
        }

        private int Answer(Broker broker)
        {
            int i = turn < Answers.Length ? turn : Answers.Length - 1;
            turn++;
            Say(broker, i < Data.Length ? Data[i] : null);
            return Answers[i];
        }

        /// <summary>Authentication data for the client.</summary>
        public static void Say(Broker broker, string hex)
        {
            broker.AuthReply.Buffer = hex == null ? null : Line.Bytes("FF" + hex);
            broker.AuthReply.Offset = 1;
            broker.AuthReply.Length = hex == null ? 0 : hex.Length / 2;
        }

        /// <summary>Other answers from now on.</summary>
        public void Then(int[] answers, string[] data)
        {
            Answers = answers;
            Data = data;
            turn = 0;
        }

        public void Gone(Broker broker, int connection)
        {
            Asked += "gone " + connection.ToString() + ";";
        }

        public bool Publish(Broker broker, int session, byte[] buffer, int offset, int length, int qos, bool retain)
        {
            return Begins(buffer, offset, length, Publishes);
        }

        public bool Deliver(Broker broker, int session, byte[] buffer, int offset, int length)
        {
            return Begins(buffer, offset, length, Delivers);
        }

        public int Subscribe(Broker broker, int session, byte[] buffer, int offset, int length, int options)
        {
            return Begins(buffer, offset, length, Subscribes) ? 0 : Refusal;
        }

        private static bool Begins(byte[] buffer, int offset, int length, string start)
        {
            char[] expected = start.ToCharArray();
            if (length < expected.Length) return false;
            for (int i = 0; i < expected.Length; i++)
            {
                if (buffer[offset + i] != expected[i]) return false;
            }
            return true;
        }
    }
}
