using System;
using System.Reflection;
using Femto.Boards;
using Femto.Mqtt;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Gates
{
    /// <summary>The RAM that is promised at boot is what the tables take.</summary>
    [TestClass]
    public class HeapTest
    {
        /// <summary>Fields of every kind and size.</summary>
        public class Sample
        {
            public byte A;
            public long B;
            public byte[] Bytes = new byte[5];
            public ushort[] Words = new ushort[3];
            public Sample Self;
            public int[][] Rows = { new int[1], null };
            private readonly object _gate = new();

            public Sample() => Self = _gate != null ? this : null;
        }

        [TestMethod]
        public void WalkFollowsNanoFrameworksArithmetic()
        {
            // Object 12 * 8; byte[5] 25 -> 36; ushort[3] 26 -> 36; int[2][] 44 -> 48; int[1] 24; object 12.
            Assert.AreEqual(96 + 36 + 36 + 48 + 24 + 12, HeapWalk.Of(new Sample()));
            var shared = new Sample();
            Assert.AreEqual(96 + 36 + 48 + 24 + 12, HeapWalk.Of(shared, shared.Bytes));
            Assert.AreEqual(Heap.Array(1000, 4), HeapWalk.Of(new int[1000]));
            Assert.AreEqual(Heap.Array(7, 1), HeapWalk.Of(new bool[7]));
            Assert.AreEqual(96, Heap.Object(7));
        }

        [TestMethod]
        public void ForeignObjectIsRefused()
        {
            Assert.ThrowsExactly<InvalidOperationException>(() => HeapWalk.Of(new object[] { new Version(1, 0) }));
        }

        [TestMethod]
        public void MessagePoolTakesWhatItSays()
        {
            Assert.AreEqual(MessagePool.Bytes(30, 100, 64), HeapWalk.Of(new MessagePool(30, 100, 64)));
        }

        [TestMethod]
        public void DeliveriesTakeWhatTheySay()
        {
            var pool = new MessagePool(30, 100, 64);
            Assert.AreEqual(Deliveries.Bytes(12, 50), HeapWalk.Of(new Deliveries(12, 50, pool), pool));
        }

        [TestMethod]
        public void ReceivedIdsTakeWhatTheySay()
        {
            Assert.AreEqual(ReceivedIds.Bytes(12, 8), HeapWalk.Of(new ReceivedIds(12, 8)));
        }

        [TestMethod]
        public void PacketScratchTakesWhatItSays()
        {
            Assert.AreEqual(Heap.Object(7) + PacketScratch.Bytes(100), HeapWalk.Of(new PacketScratch(100)));
        }

        [TestMethod]
        public void TopicPathTakesWhatItSays()
        {
            Assert.AreEqual(TopicPath.Bytes(8), HeapWalk.Of(new TopicPath(8, 1)));
        }

        [TestMethod]
        public void TextTableTakesWhatItSays()
        {
            Assert.AreEqual(TextTable.Bytes(100, 1000), HeapWalk.Of(new TextTable(100, 1000)));
        }

        [TestMethod]
        public void TopicTableTakesWhatItSays()
        {
            var limits = new Limits
            {
                Sessions = 12,
                Subscriptions = 64,
                SharedGroups = 4,
                Retained = 32,
                TopicNodes = 200,
                Texts = 150,
                TextBytes = 2000,
                TopicLevels = 8,
            };
            var texts = new TextTable(limits.Texts, limits.TextBytes);
            Assert.AreEqual(TopicTable.Bytes(limits), HeapWalk.Of(new TopicTable(limits, texts), texts));
        }

        [DataRow("Small", 16384)]
        [DataRow("Large", int.MaxValue)]
        [TestMethod]
        public void ClientSessionTakesWhatItSays(string preset, int most)
        {
            var limits = (ClientLimits)typeof(ClientLimits).GetMethod(preset).Invoke(null, null);
            var options = new ClientOptions();
            var walk = new HeapWalk(limits, options);
            walk.Add(new ClientSession(limits, options, null, 1), "");
            walk.AddStatics(typeof(Heap).Assembly);
            walk.AddStatics(typeof(ClientSession).Assembly);
            Gate.Note($"client, {preset}: {ClientSession.Bytes(limits)} bytes promised, {walk.Bytes} taken");
            Console.WriteLine(walk.Table);
            Assert.AreEqual(ClientSession.Bytes(limits), walk.Bytes);
            Assert.IsTrue(walk.Bytes <= most, "more than a board gives");
        }

        [TestMethod]
        public void UplinkTakesWhatItSays()
        {
            var broker = new Broker(Limits.Esp32(), 1);
            var uplink = new Uplink(broker, new byte[] { 66 }, 64, 96, SpoolPolicy.Hold, 8);
            int taken = HeapWalk.Of(uplink, broker, uplink.Pool, uplink.Deliveries);
            int list = Heap.Array(1, 12); // of the broker's uplinks
            Assert.AreEqual(Uplink.Bytes(broker.Limits, 8), taken + list);
        }

        /// <summary>A bridge with its uplink and client session, beside the broker it stands on. The options' texts
        /// are the program's own.</summary>
        [DataRow("Esp32", 49152)]
        [DataRow("Esp32Psram", 1048576)]
        [DataRow("Host", int.MaxValue)]
        [TestMethod]
        public void BridgeTakesWhatItSays(string preset, int most)
        {
            var limits = (Limits)typeof(Limits).GetMethod(preset).Invoke(null, null);
            var broker = new Broker(limits, 1);
            var options = new BridgeOptions
            {
                Name = "cloud",
                Hosts = new[] { "a", "b" },
                Ports = new[] { 1883, 1883 },
                Topics = new[]
                {
                    new BridgeTopic { Pattern = "#", Direction = BridgeTopic.Out, Qos = 1, RemotePrefix = "site/7/" },
                    new BridgeTopic { Pattern = "cmd/#", Direction = BridgeTopic.In, RemotePrefix = "site/7/" },
                },
            };
            var bridge = new Bridge(broker, options, null, null, 1);
            PacketScratch own = bridge.Uplink.Scratch; // the broker's
            var walk = new HeapWalk(broker, options, bridge.Uplink.Pool, bridge.Uplink.Deliveries, own.Properties,
                own.Reader, own.Writer, own.Ack, own.Auth, own.Disconnect, own.Topic);
            walk.Add(bridge, "");
            walk.AddStatics(typeof(ClientSession).Assembly);
            walk.AddStatics(typeof(Bridge).Assembly);
            Gate.Note($"bridge, {preset}: {bridge.RamBytes} bytes promised, {walk.Bytes} taken");
            Console.WriteLine(walk.Table);
            Assert.IsTrue(walk.Bytes <= bridge.RamBytes, "takes more than it says");
            Assert.IsTrue(bridge.RamBytes - walk.Bytes <= bridge.RamBytes / 50, "says 2 % more than it takes");
            Assert.IsTrue(broker.RamBytes + bridge.RamBytes <= most, "promise more than the board has");
        }

        /// <summary>Rules of every kind, with alarms and texts.</summary>
        [DataRow("Esp32", 4096)]
        [DataRow("Host", int.MaxValue)]
        [TestMethod]
        public void AggregationTakesWhatItSays(string preset, int most)
        {
            var limits = (Limits)typeof(Limits).GetMethod(preset).Invoke(null, null);
            Configuration config = Configuration.Parse(s_rules, s_rules.Length, "rules", new ConfigError());
            BridgeOptions options = config.Bridges[0];
            Assert.AreEqual(4, options.Aggregates.Length);
            var with = new Bridge(new Broker(limits, 1), options, null, null, 1);
            BridgeOptions plain = Configuration.Parse(s_rules, s_rules.Length, "rules", new ConfigError()).Bridges[0];
            plain.Aggregates = new AggregateRule[0];
            var without = new Bridge(new Broker(limits, 1), plain, null, null, 1);
            int taken = Taken(with, options) - Taken(without, plain);
            Gate.Note($"aggregation by 4 rules for {preset}: {with.AggregateBytes} bytes promised, {taken} taken");
            Assert.AreEqual(with.AggregateBytes, taken);
            Assert.AreEqual(with.AggregateBytes, with.RamBytes - without.RamBytes);
            Assert.IsTrue(taken <= most);
        }

        private static readonly byte[] s_rules = System.Text.Encoding.UTF8.GetBytes("connection c\naddress h\n"
            + "topic #\naggregate s/+/t deadband 0.2 600 | batch 10 60\naggregate a window 60 min,max\n"
            + "aggregate_topics 5\naggregate_field value\naggregate_suffix /x\n"
            + "aggregate_other count\naggregate b latest 5 | sample 3\n"
            + "aggregate_topics 3\naggregate c deadband 5%\naggregate_topics 3\naggregate_alarm x above 5\n"
            + "aggregate_alarm y\n");

        private static int Taken(Bridge bridge, BridgeOptions options)
        {
            const BindingFlags inside = BindingFlags.NonPublic | BindingFlags.Instance;
            object broker = typeof(Uplink).GetField("broker", inside).GetValue(bridge.Uplink);
            return HeapWalk.Of(bridge, broker, options, bridge.Uplink.Pool, bridge.Uplink.Deliveries);
        }

        [TestMethod]
        public void SensorAppTakesWhatItSays()
        {
            Configuration config = Site();
            var broker = new Broker(Limits.Esp32(), 1);
            var clock = new WallClock();
            var sensors = new ISensor[config.App.Sensors.Length];
            var bridges = new Bridge[0];
            var app = new SensorApp(broker, bridges, config.App, sensors, clock, new NoBoard(), 1);
            object client = typeof(SensorApp).GetField("client", BindingFlags.NonPublic | BindingFlags.Instance)
                .GetValue(app);
            var walk = new HeapWalk(broker, bridges, config.App, clock, sensors, client, NoBoard.Last);
            walk.Add(app, "");
            walk.AddStatics(typeof(SensorApp).Assembly);
            Gate.Note($"sensor app, five sensors: {app.RamBytes} bytes promised, {walk.Bytes} taken");
            Console.WriteLine(walk.Table);
            Assert.IsTrue(walk.Bytes <= app.RamBytes, "takes more than it says");
            Assert.IsTrue(app.RamBytes - walk.Bytes <= app.RamBytes / 50, "says 2 % more than it takes");
        }

        /// <summary>The site of boards/host/edge.conf. The boards without PSRAM run it with InternalRam; the sizes of
        /// Limits.Esp32 leave no room for all of it.</summary>
        [DataRow("Esp32", int.MaxValue)]
        [DataRow("InternalRam", FirmwareMemory.Esp32Bytes)]
        [TestMethod]
        public void TheWholeFirmwareTakesWhatItSays(string preset, int most)
        {
            Configuration config = Site();
            Limits limits = preset == "Esp32" ? Limits.Esp32() : InternalRam.NewLimits();
            var broker = new Broker(limits, 1);
            SensorApp.SetWill(config.App, config.Bridges[0]);
            var bridges = new[] { new Bridge(broker, config.Bridges[0], null, null, 1) };
            var sensors = new ISensor[config.App.Sensors.Length];
            var app = new SensorApp(broker, bridges, config.App, sensors, bridges[0].Clock, new NoBoard(), 1);
            var walk = new HeapWalk(config.App, config.Bridges[0], bridges, sensors, NoBoard.Last);
            walk.Add(broker, "broker");
            walk.Add(bridges[0], "bridge");
            walk.Add(app, "app");
            walk.Add(new LocalClient(broker, new[] { (byte)'x' }, null), "local client");
            foreach (Type type in new[]
                {
                    typeof(Heap), typeof(Limits), typeof(Broker), typeof(ClientSession), typeof(Bridge),
                    typeof(SensorApp),
                })
            {
                walk.AddStatics(type.Assembly);
            }

            int promised = FirmwareMemory.Bytes(broker, bridges, app);
            Gate.Note(string.Join("; ", FirmwareMemory.Lines(broker, bridges, app, FirmwareMemory.Esp32Bytes)));
            Gate.Note($"the whole firmware, {preset}: {promised} bytes promised, {walk.Bytes} taken");
            Console.WriteLine(walk.Table);
            Assert.IsTrue(promised <= most, "promises more than the board has");
            Assert.IsTrue(walk.Bytes <= promised, "takes more than it says");
            Assert.IsTrue(promised - walk.Bytes <= promised / 50, "says 2 % more than it takes");
        }

        private static Configuration Site()
        {
            byte[] text = System.IO.File.ReadAllBytes(Repository.PathOf("boards/host/edge.conf"));
            var error = new ConfigError();
            Configuration config = Configuration.Parse(text, text.Length, "edge.conf", error);
            Assert.IsNotNull(config, error.Text());
            return config;
        }

        private sealed class NoBoard : IAppHost
        {
            public static NoBoard Last;

            public NoBoard() => Last = this;

            public void Restart(int reason)
            {
            }

            public void Keep(byte[] data, int length)
            {
            }

            public int Kept(byte[] buffer) => 0;
        }

        [TestMethod]
        public void JournalTakesWhatItSays()
        {
            var limits = new JournalLimits { Rows = new[] { 300, 100 }, FrameBytes = 1200 };
            var device = new NoDevice();
            int taken = HeapWalk.Of(new Journal(device, limits, 1), limits, device);
            Assert.AreEqual(Journal.Bytes(limits, device.Segments()), taken);
        }

        [TestMethod]
        public void PersistenceTakesWhatItSays()
        {
            var broker = new Broker(Limits.Esp32(), 1);
            var device = new NoDevice();
            PersistenceOptions options = PersistenceOptions.Board();
            var persistence = new Persistence(broker, device, options, 1);
            int taken = HeapWalk.Of(persistence, broker, device, options);
            Gate.Note($"persistence, Esp32: {persistence.RamBytes} bytes");
            Assert.AreEqual(persistence.RamBytes, taken);
        }

        [TestMethod]
        public void BoardServerTakesWhatItSays()
        {
            var broker = new Broker(Limits.Esp32(), 1);
            var listeners = new IListener[] { new BoardListener(null), new BoardListener(null) };
            var turns = new ITurn[0];
            var server = new BoardServer(broker, listeners, turns, 256, null);
            // The event is the board's own: an object of one field.
            object woken = typeof(BoardServer).GetField("woken", BindingFlags.Instance | BindingFlags.NonPublic)
                .GetValue(server);
            int taken = HeapWalk.Of(server, broker, listeners, turns, woken) + Heap.Object(1);
            Assert.AreEqual(BoardServer.Bytes(broker.Limits, 2, 256), taken);
        }

        /// <summary>The bound printed at boot, against everything that a broker and its libraries hold.</summary>
        [DataRow("Tiny", int.MaxValue)]
        [DataRow("Esp32", 40960)]
        [DataRow("Esp32Psram", 1048576)]
        [DataRow("Host", int.MaxValue)]
        [TestMethod]
        public void BrokerTakesWhatItSays(string preset, int most)
        {
            var limits = (Limits)typeof(Limits).GetMethod(preset).Invoke(null, null);
            var broker = new Broker(limits, 1);
            var walk = new HeapWalk();
            walk.Add(broker, "");
            for (int i = 0; i < limits.LocalClients; i++)
            {
                walk.Add(new LocalClient(broker, new[] { (byte)('a' + i) }, null), "local client");
            }

            walk.AddStatics(typeof(Heap).Assembly);
            walk.AddStatics(typeof(Limits).Assembly);
            walk.AddStatics(typeof(Broker).Assembly);
            Gate.Note($"{preset}: {broker.RamBytes} bytes promised, {walk.Bytes} taken");
            Console.WriteLine(walk.Table);
            Assert.IsTrue(walk.Bytes <= broker.RamBytes, "takes more than it says");
            Assert.IsTrue(broker.RamBytes - walk.Bytes <= broker.RamBytes / 50, "says 2 % more than it takes");
            Assert.IsTrue(broker.RamBytes <= most, "promises more than the board has");
        }
    }
}
