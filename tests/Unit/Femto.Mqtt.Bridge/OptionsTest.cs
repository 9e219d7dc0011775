using System;
using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>What a bridge's options may be, and what is said of those that may not.</summary>
    [TestClass]
    public class OptionsTest
    {
        private static BridgeOptions options;
        private static Limits limits;

        // Good options, to be spoilt.
        private static BridgeOptions New()
        {
            limits = Net.Sizes();
            options = Net.Options("x", "s/# out 1");
            return options;
        }

        private static void Good()
        {
            Assert.IsNull(Bridge.Check(options, limits));
        }

        private static void Bad(string said)
        {
            Assert.AreEqual(said, Bridge.Check(options, limits));
        }

        [TestMethod]
        public void NameAndAddresses()
        {
            New();
            Good();
            New().Name = null;
            Bad("a bridge needs a name");
            New().Name = "";
            Bad("a bridge needs a name");
            New().Hosts = null;
            Bad("b: no address");
            New().Hosts = new string[0];
            Bad("b: no address");
            New().Ports = null;
            Bad("b: each address needs a port");
            New().Ports = new int[] { 1, 2 };
            Bad("b: each address needs a port");
            New().Ports[0] = 0;
            Bad("b: ports are 1 to 65535");
            New().Ports[0] = 65536;
            Bad("b: ports are 1 to 65535");
            New().Ports[0] = 65535;
            Good();
        }

        [TestMethod]
        public void Topics()
        {
            New().Topics = null;
            Bad("b: no topic");
            New().Topics = new BridgeTopic[0];
            Bad("b: no topic");
            New().Topics[0] = null;
            Bad("b: a topic is missing");
            New().Topics[0].Direction = 0;
            Bad("b: direction is out, in or both");
            New().Topics[0].Direction = 4;
            Bad("b: direction is out, in or both");
            New().Topics[0].Qos = -1;
            Bad("b: QoS is 0 to 2");
            New().Topics[0].Qos = 3;
            Bad("b: QoS is 0 to 2");
            New().Topics[0].LocalPrefix = "a/+/";
            Bad("b: a local prefix is no topic name");
            New().Topics[0].RemotePrefix = "#";
            Bad("b: a remote prefix is no topic name");
            New().Topics[0].RemotePrefix = new string('r', 129);
            Bad("b: a remote prefix is no topic name");
            New().Topics[0].LocalPrefix = "";
            Good();
        }

        [TestMethod]
        public void PatternsWithTheirPrefixes()
        {
            New().Topics[0].Pattern = null;
            Bad("b: a topic without a pattern needs both prefixes");
            options.Topics[0].LocalPrefix = "here";
            Bad("b: a topic without a pattern needs both prefixes");
            options.Topics[0].RemotePrefix = "there";
            Good();
            New().Topics[0].Pattern = "";
            Bad("b: a topic without a pattern needs both prefixes");
            New().Topics[0].Pattern = "a/#/b";
            Bad("b: a topic filter is not valid here");
            // Only the name on the other side is too long, or has too many levels.
            New().Topics[0].RemotePrefix = new string('r', 126);
            Bad("b: a topic filter is not valid here");
            New().Topics[0].RemotePrefix = "1/2/3/4/5/6/";
            Good();
            New().Topics[0].RemotePrefix = "1/2/3/4/5/6/7/";
            Bad("b: a topic filter is not valid here");
        }

        [TestMethod]
        public void VersionAndNames()
        {
            New().Version = 3;
            Bad("b: the protocol version is 4 (3.1.1) or 5");
            New().Version = 5;
            Good();
            New().RemotePassword = "p";
            Bad("b: a password needs a user name");
            options.Version = 5;
            Good();
            options.Version = 4;
            options.RemoteUserName = "u";
            Good();
            New().LocalClientId = new string('c', 65);
            Bad("b: local_clientid is too long");
            New().LocalClientId = new string('c', 64);
            Good();
            New().RemoteClientId = new string('c', 59); // "local." comes before it
            Bad("b: local_clientid is too long");
            New().Notifications = true;
            options.NotificationTopic = "a/+";
            Bad("b: notification_topic is not a topic name");
            options.Notifications = false;
            Good();
        }

        // Name of the fault, lowest, highest: as Set counts them.
        private static readonly string[] said =
        {
            "keep-alive is 0 to 65535", "restart_timeout is 1 ms to a day", "restart_timeout is 1 ms to a day",
            "start_type", "idle_timeout is 1 to 86400", "aliases are 0 to 65535", "receive maximum is 1 to 65535",
            "packets of fewer than 0 bytes", "the spool has more messages than Limits.Deliveries",
            "the spool has 0 bytes or more", "LoopMessages is 0 to 65535",
        };
        private static readonly int[] low = { 0, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0 };
        private static readonly int[] high =
        {
            65535, 86400000, 86400000, 2, 86400, 65535, 65535, int.MaxValue, 192, int.MaxValue, 65535,
        };

        private static void Set(int i, int value)
        {
            switch (i)
            {
                case 0: options.KeepAliveSeconds = value; break;
                case 1: options.RestartBaseMs = value; break;
                case 2: options.RestartCapMs = value; break;
                case 3: options.StartType = value; break;
                case 4: options.IdleSeconds = value; break;
                case 5: options.MaxTopicAlias = value; break;
                case 6: options.ReceiveMaximum = value; break;
                case 7: options.MaxPacketBytes = value; break;
                case 8: options.SpoolMessages = value; break;
                case 9: options.SpoolBytes = value; break;
                default: options.LoopMessages = value; break;
            }
        }

        [TestMethod]
        public void Numbers()
        {
            for (int i = 0; i < said.Length; i++)
            {
                New();
                Set(i, low[i]);
                Good();
                Set(i, low[i] - 1);
                Bad("b: " + said[i]);
                Set(i, high[i]);
                Good();
                if (high[i] == int.MaxValue) continue;
                Set(i, high[i] + 1);
                Bad("b: " + said[i]);
            }
        }

        private static void NotBuilt(Broker broker)
        {
            Assert.ThrowsException(typeof(ArgumentException), () => new Bridge(broker, options, new Script(), null, 1));
        }

        [TestMethod]
        public void ABridgeNeedsGoodOptionsAndRoom()
        {
            New();
            Broker broker = new Broker(limits, 1);
            new Bridge(broker, options, new Script(), null, 1);
            NotBuilt(broker); // its identifier is in use
            options.LocalClientId = "other";
            options.Version = 6;
            NotBuilt(broker);
            options.Version = 4;
            new Bridge(broker, options, new Script(), null, 1);
            // As many filters as the table has, and one more.
            New();
            limits.Subscriptions = 1;
            broker = new Broker(limits, 1);
            options.Topics = Net.Options("x", "s/# out 1;t/# out 1").Topics;
            NotBuilt(broker);
            // The only session is another's.
            New();
            limits.Connections = 1;
            limits.LocalClients = 0;
            limits.Sessions = 1;
            broker = new Broker(limits, 1);
            new Bridge(broker, options, new Script(), null, 1);
            options.LocalClientId = "other";
            NotBuilt(broker);
        }
    }
}
