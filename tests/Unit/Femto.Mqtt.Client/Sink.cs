using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Writes down what a session tells its owner, and answers as the test says.</summary>
    public class Sink : IClientSink
    {
        /// <summary>What was told since the last look, with " / " between.</summary>
        public string Told = "";
        /// <summary>What Message answers.</summary>
        public int Reason;
        /// <summary>Messages taken; nothing is written down while <see cref="Quiet"/>.</summary>
        public int Messages;
        public bool Quiet;
        /// <summary>The clock that calls from within need.</summary>
        public int NowMs;
        /// <summary>What Auth answers, and with what data.</summary>
        public int AuthAnswer;
        public byte[] AuthData;
        /// <summary>From within Message: disconnect, resume; from within Acknowledged: publish so often.</summary>
        public bool DisconnectInMessage;
        public int ResumeInAcknowledged, PublishInAcknowledged;

        public void Connected(ClientSession c, bool sessionPresent)
        {
            Tell(sessionPresent ? "connected present" : "connected");
        }

        public void Disconnected(ClientSession c, int reason)
        {
            Tell("disconnected " + Hex(reason));
        }

        public int Message(ClientSession c, ClientMessage m)
        {
            if (DisconnectInMessage) c.Disconnect(0, NowMs);
            if (Reason == ClientSession.Hold)
            {
                Tell("held");
                return Reason;
            }
            Messages++;
            if (Quiet) return Reason;
            Line.Clear();
            Line.Add(m.Dup ? "message dup q" : "message q");
            Line.Number((uint)m.Qos);
            Line.Add(m.Retain ? " retain topic=" : " topic=");
            Line.Show(m.TopicBuffer, m.TopicOffset, m.TopicLength);
            PropertyText.Add(m.Properties);
            Line.Add(" payload=");
            Line.Hex(m.Buffer, m.PayloadOffset, m.PayloadLength);
            Tell(Line.Text());
            return Reason;
        }

        public void Discarded(ClientSession c, byte[] topic, int offset, int length, int qos, int bytes)
        {
            if (DisconnectInMessage) c.Disconnect(0, NowMs);
            Line.Clear();
            Line.Add("discarded q");
            Line.Number((uint)qos);
            Line.Add(" topic=");
            Line.Show(topic, offset, length);
            Line.Add(" bytes=");
            Line.Number((uint)bytes);
            Tell(Line.Text());
        }

        public void Answer(ClientSession c, int request, int reason)
        {
            Tell("answer " + request.ToString() + " " + Hex(reason));
        }

        public void Acknowledged(ClientSession c, int message, int reason)
        {
            Assert.IsTrue(c.Pool.References(message) > 0, "the message is still there");
            Tell("done " + Hex(reason));
            if (ResumeInAcknowledged > 0)
            {
                ResumeInAcknowledged--;
                c.Resume(NowMs);
            }
            if (PublishInAcknowledged > 0)
            {
                PublishInAcknowledged--;
                byte[] t = new byte[] { (byte)'n' };
                c.Publish(t, 0, 1, t, 0, 1, 0, false, null, 0, 0, MessagePool.Never);
            }
        }

        public int Auth(ClientSession c, int reason, byte[] data, int offset, int length, AuthReply reply)
        {
            Line.Clear();
            Line.Add("auth ");
            Line.Byte(reason);
            Line.Add(" ");
            Line.Hex(data, offset, length);
            Tell(Line.Text());
            reply.Buffer = AuthData;
            reply.Length = AuthData == null ? 0 : AuthData.Length;
            return AuthAnswer;
        }

        private void Tell(string what)
        {
            if (Quiet) return;
            Told = Told == "" ? what : Told + " / " + what;
        }

        private static string Hex(int value)
        {
            Line.Clear();
            Line.Byte(value);
            return Line.Text();
        }
    }
}
