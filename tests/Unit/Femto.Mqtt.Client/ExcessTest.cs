using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>A server that sends more than it was told, or more than it can know of: more messages at once than the
    /// receive maximum, and messages larger than the buffer.</summary>
    [TestClass]
    public class ExcessTest
    {
        private const string Large = "large";

        // Three may be on the way, and there is room for four runs of identifiers: a backlog of any length is one run.
        [TestMethod]
        [DataRow(4)]
        [DataRow(5)]
        public void ABacklogIsTaken(int version)
        {
            Rig r = Rig.Connected(version);
            r.Sink.Quiet = true;
            string expected = "";
            for (int i = 65400; i < 65535; i++)
            {
                r.Send("PUBLISH q2 topic=a id=" + i.ToString());
                expected += " / PUBREC id=" + i.ToString() + " reason=00";
            }
            for (int i = 1; i < 200; i++)
            {
                r.Send("PUBLISH q2 topic=a id=" + i.ToString());
                expected += " / PUBREC id=" + i.ToString() + " reason=00";
            }
            r.Got(expected.Substring(3));
            Assert.AreEqual(334, r.Sink.Messages);
            // Another connection knows them all, from either end.
            r.Options.CleanStart = false;
            r.Lose();
            r.Connect("CONNACK present");
            for (int i = 199; i > 0; i--)
            {
                r.Send("PUBLISH dup q2 topic=a id=" + i.ToString() + " / PUBREL id=" + i.ToString());
                r.Got("PUBREC id=" + i.ToString() + " reason=00 / PUBCOMP id=" + i.ToString() + " reason=00");
            }
            for (int i = 65400; i < 65535; i++)
            {
                r.Send("PUBREL id=" + i.ToString());
                r.Got("PUBCOMP id=" + i.ToString() + " reason=00");
            }
            Assert.AreEqual(199, r.Session.Duplicates);
            Assert.AreEqual(334, r.Sink.Messages);
            r.Send("PUBREL id=65500 / PUBLISH q2 topic=a id=7");
            string missing = version == 5 ? "92" : "00";
            r.Got("PUBCOMP id=65500 reason=" + missing + " / PUBREC id=7 reason=00");
            Assert.AreEqual(335, r.Sink.Messages);
        }

        // QoS 1 needs no place.
        [TestMethod]
        public void AnyNumberOfQos1()
        {
            Rig r = Rig.Connected(5);
            r.Stalled = true;
            for (int i = 1; i <= 30; i++) r.Send("PUBLISH q1 topic=a id=" + i.ToString());
            r.Stalled = false;
            r.Run();
            r.Sink.Told = "";
            Assert.AreEqual(30, r.Sink.Messages);
            Assert.AreEqual(0, r.Rest.Length);
        }

        // Four runs are there; the fifth message waits until a place is free, and what comes behind it is answered.
        [TestMethod]
        [DataRow(4)]
        [DataRow(5)]
        public void WithoutRoomAMessageWaits(int version)
        {
            Rig r = Scattered(version);
            r.Send("PUBLISH q2 topic=e id=50 payload=31 / PUBLISH q1 topic=f id=51 payload=32");
            r.Told("");
            r.Got("");
            r.Send("PUBREL id=30 / PUBLISH topic=g payload=33");
            r.Told("message q2 topic=e payload=31 / message q1 topic=f payload=32 / message q0 topic=g payload=33");
            r.Got("PUBCOMP id=30 reason=00 / PUBREC id=50 reason=00 / PUBACK id=51 reason=00");
            // A byte at a time, and a neighbour needs no place.
            r.Trickle("PUBLISH q2 topic=h id=60 / PUBREL id=10");
            r.Told("message q2 topic=h payload=");
            r.Got("PUBCOMP id=10 reason=00 / PUBREC id=60 reason=00");
            r.Send("PUBLISH q2 topic=i id=61 / PUBLISH q2 topic=i id=59 / PUBLISH q2 topic=i id=62");
            r.Got("PUBREC id=61 reason=00 / PUBREC id=59 reason=00 / PUBREC id=62 reason=00");
        }

        private static Rig Scattered(int version)
        {
            Rig r = Rig.Connected(version);
            r.Send("PUBLISH q2 topic=a id=10 / PUBLISH q2 topic=a id=20 / PUBLISH q2 topic=a id=30"
                + " / PUBLISH q2 topic=a id=40");
            r.Got("PUBREC id=10 reason=00 / PUBREC id=20 reason=00 / PUBREC id=30 reason=00 / PUBREC id=40 reason=00");
            r.Sink.Told = "";
            return r;
        }

        // What frees a place can wait for the server to read.
        [TestMethod]
        public void APlaceIsFreeWhenTheAnswerGoesOut()
        {
            Rig r = Scattered(4);
            r.Stalled = true;
            for (int i = 0; i < 24 + 8; i++) r.Send("PUBLISH q1 topic=a id=1"); // send buffer, then its queue
            r.Sink.Told = "";
            r.Send("PUBLISH q2 topic=e id=50 / PUBREL id=20");
            r.Told("");
            r.Stalled = false;
            r.Run();
            r.Told("message q2 topic=e payload=");
            Assert.AreEqual(ClientState.Connected, r.Session.State);
        }

        // Nothing becomes free: after a while the server hears why.
        [TestMethod]
        [DataRow(4)]
        [DataRow(5)]
        public void WithoutRoomForEver(int version)
        {
            Rig r = Scattered(version);
            r.Send("PUBLISH q2 topic=e id=50");
            r.Pass(9999);
            Assert.AreEqual(1, r.Wait);
            r.Got("");
            r.Pass(1);
            r.Got(version == 5 ? "DISCONNECT reason=93 / CLOSED" : Rig.Closed);
            r.Told("disconnected 93");
        }

        // One out of the middle of a run makes two, and there is no place for a fifth.
        [TestMethod]
        public void NoPlaceForTheOtherHalf()
        {
            Rig r = Scattered(5);
            r.Send("PUBLISH q2 topic=e id=41 / PUBLISH q2 topic=e id=42 / PUBREL id=42");
            r.Got("PUBREC id=41 reason=00 / PUBREC id=42 reason=00 / PUBCOMP id=42 reason=00");
            r.Send("PUBLISH q2 topic=e id=42");
            r.Got("PUBREC id=42 reason=00");
            r.Sink.Told = "";
            r.Breaks("PUBREL id=41", 0x93);
            r = Scattered(5);
            r.Send("PUBREL id=10 / PUBLISH q2 topic=e id=41 / PUBLISH q2 topic=e id=42 / PUBREL id=41");
            r.Got("PUBCOMP id=10 reason=00 / PUBREC id=41 reason=00 / PUBREC id=42 reason=00"
                + " / PUBCOMP id=41 reason=00");
            r.Send("PUBREL id=40 / PUBREL id=42 / PUBREL id=41");
            r.Got("PUBCOMP id=40 reason=00 / PUBCOMP id=42 reason=00 / PUBCOMP id=41 reason=92");
        }

        // A message of this many bytes behind the fixed header, for 3.1.1.
        private static byte[] Message(int qos, string topic, int id, int length)
        {
            byte[] name = Line.Ascii(topic);
            byte[] packet = new byte[3 + length];
            packet[0] = (byte)(0x30 | qos << 1);
            packet[1] = (byte)(length & 0x7F | 0x80);
            packet[2] = (byte)(length >> 7);
            packet[3] = (byte)(name.Length >> 8);
            packet[4] = (byte)name.Length;
            for (int i = 0; i < name.Length && 5 + i < packet.Length; i++) packet[5 + i] = name[i];
            int at = 5 + name.Length;
            if (qos == 0 || at + 1 >= packet.Length) return packet;
            packet[at] = (byte)(id >> 8);
            packet[at + 1] = (byte)id;
            return packet;
        }

        // At most 256 bytes are taken. A larger one goes by, is told and answered, and comes no more.
        [TestMethod]
        [DataRow(0, "")]
        [DataRow(1, "PUBACK id=300 reason=00")]
        [DataRow(2, "PUBREC id=300 reason=00")]
        public void TooLargeIsDiscarded(int qos, string answer)
        {
            byte[] after = Rig.Bytes("PUBLISH q1 topic=b id=7 payload=31", 4);
            int[] lengths = new int[] { 254, 255, 300, 1000, 9000 };
            for (int i = 0; i < lengths.Length; i++)
            {
                byte[] large = Message(qos, Large, 300, lengths[i]);
                string told = "discarded q" + qos.ToString() + " topic=large bytes=" + lengths[i].ToString()
                    + " / message q1 topic=b payload=31";
                string got = answer == "" ? "PUBACK id=7 reason=00" : answer + " / PUBACK id=7 reason=00";
                for (int piece = 1; piece < large.Length + after.Length; piece = piece * 3 + 1)
                {
                    Rig r = Rig.Connected(4);
                    Pieces(r, large, after, piece);
                    r.Told(told);
                    r.Got(got);
                    Assert.AreEqual(1, r.Session.Discarded);
                    if (qos == 2)
                    {
                        r.Send("PUBREL id=300");
                        r.Got("PUBCOMP id=300 reason=00");
                    }
                }
            }
        }

        private static void Pieces(Rig r, byte[] first, byte[] second, int piece)
        {
            int total = first.Length + second.Length;
            for (int at = 0; at < total; at += piece)
            {
                byte[] part = new byte[total - at < piece ? total - at : piece];
                for (int i = 0; i < part.Length; i++)
                {
                    part[i] = at + i < first.Length ? first[at + i] : second[at + i - first.Length];
                }
                r.Feed(part);
                r.Run();
            }
        }

        // The topic may be larger than the buffer too: what fits of it is told.
        [TestMethod]
        public void TheTopicAloneIsTooLarge()
        {
            string name = "";
            for (int i = 0; i < 40; i++) name += "0123456789";
            Rig r = Rig.Connected(4);
            r.Feed(Message(1, name, 5, 500));
            r.Run();
            r.Told("discarded q1 topic=" + name.Substring(0, 320) + " bytes=500");
            r.Got("PUBACK id=5 reason=00");
        }

        // Behind a message that is held it waits like any other.
        [TestMethod]
        [DataRow(260)]
        [DataRow(300)]
        [DataRow(2000)]
        public void TooLargeBehindAHeldMessage(int length)
        {
            Rig r = Rig.Connected(4);
            r.Sink.Reason = ClientSession.Hold;
            r.Send("PUBLISH q1 topic=a id=4");
            r.Feed(Message(1, Large, 5, length));
            r.Feed(Rig.Bytes("PUBLISH q1 topic=a id=6", 4));
            r.Run();
            r.Told("held");
            r.Sink.Reason = 0;
            r.Session.Resume(r.NowMs);
            r.Feed(new byte[0]);
            r.Run();
            r.Told("message q1 topic=a payload= / discarded q1 topic=large bytes=" + length.ToString()
                + " / message q1 topic=a payload=");
            r.Got("PUBACK id=4 reason=00 / PUBACK id=5 reason=00 / PUBACK id=6 reason=00");
        }

        // The answer needs a row in the queue of those that wait: without one the message waits.
        [TestMethod]
        [DataRow(1)]
        [DataRow(4000)]
        public void TooLargeWithoutRoomForTheAnswer(int piece)
        {
            Rig r = Rig.Connected(4);
            r.Stalled = true;
            for (int i = 0; i < 24 + 8; i++) r.Send("PUBLISH q1 topic=a id=1"); // send buffer, then its queue
            r.Sink.Told = "";
            byte[] large = Message(1, Large, 5, 600);
            for (int at = 0; at < large.Length; at += piece)
            {
                byte[] part = new byte[large.Length - at < piece ? large.Length - at : piece];
                for (int i = 0; i < part.Length; i++) part[i] = large[at + i];
                r.Feed(part);
                r.Run();
            }
            r.Told("");
            r.Stalled = false;
            r.Run();
            r.Feed(new byte[0]);
            r.Run();
            r.Told("discarded q1 topic=large bytes=600");
            Assert.AreEqual(ClientState.Connected, r.Session.State);
        }

        // What is no message closes the connection as ever.
        [TestMethod]
        public void TooLargeAndBroken()
        {
            Broken(Message(3, Large, 5, 400), "81");
            Broken(Message(1, Large, 0, 400), "82");
            Broken(Message(1, "", 5, 400), "81");
            byte[] p = Message(0, Large, 0, 400);
            p[3] = 0xFF; // the topic is longer than the packet
            Broken(p, "81");
            p = Message(0, Large, 0, 400);
            p[0] = 0x38; // DUP at QoS 0: nobody looks
            Rig r = Rig.Connected(4);
            r.Feed(p);
            r.Run();
            r.Told("discarded q0 topic=large bytes=400");
        }

        private static void Broken(byte[] packet, string reason)
        {
            Rig r = Rig.Connected(4);
            r.Feed(packet);
            r.Run();
            r.Told("disconnected " + reason);
            r.Got(Rig.Closed);
        }

        // Lost half way, the next connection begins anew; the sink may end it as well.
        [TestMethod]
        public void TooLargeAndCutOff()
        {
            Rig r = Rig.Connected(4);
            byte[] large = Message(2, Large, 5, 400);
            byte[] half = new byte[200];
            for (int i = 0; i < half.Length; i++) half[i] = large[i];
            r.Feed(half);
            r.Run();
            r.Lose();
            r.Connect("CONNACK");
            r.Told("disconnected 40 / connected");
            r.Send("PUBLISH q1 topic=a id=4");
            r.Got("PUBACK id=4 reason=00");
            r.Sink.DisconnectInMessage = true;
            r.Sink.Told = "";
            r.Feed(large);
            r.Run();
            r.Told("discarded q2 topic=large bytes=400 / disconnected 00");
            r.Got("DISCONNECT reason=00 / CLOSED");
        }
    }
}
