using System;
using System.Text;
using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>The log on the serial port.</summary>
    [TestClass]
    public class LogTest
    {
        [TestMethod]
        public void LinesSayWhenAndHowBad()
        {
            Lines lines = new Lines();
            SerialLog log = new SerialLog(lines, int.MaxValue - 1000);
            log.Tell(LogLevel.Info, "a");
            Assert.AreEqual("0.000 info a", lines.Last);
            Assert.AreEqual(int.MaxValue, log.Turn(int.MinValue + 11344));
            Assert.AreEqual(int.MaxValue, log.Wait(0));
            log.Tell(LogLevel.Warning, "b");
            Assert.AreEqual("12.345 warn b", lines.Last);
            log.Tell(LogLevel.Error, null);
            Assert.AreEqual("12.345 error ", lines.Last);
            log.Always("boot");
            Assert.AreEqual("boot", lines.Last);
        }

        [TestMethod]
        public void LevelsAreHeld()
        {
            Lines lines = new Lines();
            SerialLog log = new SerialLog(lines, 0);
            log.Level = LogLevel.Warning;
            log.Tell(LogLevel.Info, "a");
            Assert.AreEqual(0, lines.Count);
            log.Tell(LogLevel.Warning, "b");
            Assert.AreEqual(1, lines.Count);
            log.Level = LogLevel.Error;
            log.NetDown();
            Assert.AreEqual(1, lines.Count);
            Assert.AreEqual(0, log.LeftOut);
        }

        [TestMethod]
        public void AFloodIsCutAndCounted()
        {
            Lines lines = new Lines();
            SerialLog log = new SerialLog(lines, 0);
            for (int i = 0; i < 50; i++) log.Tell(LogLevel.Info, "a");
            Assert.AreEqual(SerialLog.Burst, lines.Count);
            Assert.AreEqual(30, log.LeftOut);
            log.NowMs = SerialLog.RefillMs - 1;
            log.Tell(LogLevel.Info, "b");
            Assert.AreEqual(SerialLog.Burst, lines.Count);
            log.NowMs = SerialLog.RefillMs;
            log.Tell(LogLevel.Info, "c");
            Assert.AreEqual("0.500 info (31 lines left out) c", lines.Last);
            log.Tell(LogLevel.Info, "d");
            Assert.AreEqual(SerialLog.Burst + 1, lines.Count);
            // After a pause there is the whole burst again, and no more.
            log.NowMs = 100000;
            for (int i = 0; i < 50; i++) log.Tell(LogLevel.Info, "e");
            Assert.AreEqual(2 * SerialLog.Burst + 1, lines.Count);
        }

        [TestMethod]
        public void LongLinesAreCut()
        {
            Lines lines = new Lines();
            SerialLog log = new SerialLog(lines, 0);
            string text = "";
            for (int i = 0; i < 100; i++) text += "\u20AC\u20AC";
            log.Tell(LogLevel.Info, text);
            Assert.IsTrue(Encoding.UTF8.GetBytes(lines.Last).Length <= 160);
            Assert.StartsWith("0.000 info \u20AC", lines.Last);
        }

        [TestMethod]
        public void ClientsComeAndGo()
        {
            World w = new World();
            Lines lines = new Lines();
            SerialLog log = new SerialLog(lines, 0);
            log.Watch(w.Broker);
            int c = w.Connect("CONNECT 4 clean keep=0 id=meter");
            Assert.StartsWith("0.000 info meter connected from", lines.Last);
            w.Send(c, "DISCONNECT");
            Assert.AreEqual("0.000 info meter disconnected", lines.Last);
            c = w.Connect("CONNECT 4 clean keep=0 id=meter");
            w.Lose(c);
            Assert.StartsWith("0.000 ", lines.Last);
            Assert.Contains("meter lost", lines.Last);
            w.Forget(c);
            c = w.Connect("CONNECT 5 clean keep=0 id=b\u00C3\u00B6se");
            Assert.StartsWith("0.000 info b??se connected", lines.Last);
            w.Send(c, "CONNECT 5 clean keep=0 id=x");
            Assert.AreEqual("0.000 warn b??se disconnected, reason 0x82", lines.Last);
            w.Forget(c);
            w.Raw("CONNECT 5 clean keep=0 id=0123456789012345678901234567890123456789012345678901234567890123456789");
            Assert.StartsWith("0.000 warn connection refused, reason 0x85", lines.Last);
        }

        [TestMethod]
        public void ServerNetworkAndTime()
        {
            Lines lines = new Lines();
            SerialLog log = new SerialLog(lines, 0);
            log.Listening(0);
            Assert.AreEqual("0.000 info listener 1 is open", lines.Last);
            log.NotListening(1, new InvalidOperationException("taken"), 30000);
            Assert.AreEqual("0.000 warn listener 2 failed: taken, next try in 30 s", lines.Last);
            log.NetUp("10.0.0.2 (DHCP)");
            Assert.AreEqual("0.000 info network is up, address 10.0.0.2 (DHCP)", lines.Last);
            log.NetServes("femto, 192.168.4.1");
            Assert.AreEqual("0.000 info access point femto, 192.168.4.1", lines.Last);
            log.NetDown();
            Assert.AreEqual("0.000 warn network is down", lines.Last);
            log.NetFailed(NetResult.NotFound, 5000);
            Assert.AreEqual("0.000 warn network not joined: no such network in reach, next try in 5 s", lines.Last);
            log.NetMissing();
            Assert.AreEqual("0.000 error no network: the board was not told which Wi-Fi to join (flash.ps1 -Wifi)",
                lines.Last);
            log.TimeKnown(86400L * 20000 + 61);
            Assert.AreEqual("0.000 info time is known: 20000 days and 61 s since 1970", lines.Last);
        }

        [TestMethod]
        public void Bridges()
        {
            Limits limits = World.Sizes();
            World w = new World(limits);
            byte[] text = Encoding.UTF8.GetBytes("connection up\naddress 10.0.0.1\ntopic # out 1\n");
            Configuration config = Configuration.Parse(text, text.Length, "f", new ConfigError());
            DeadTransport transport = new DeadTransport();
            Bridge bridge = new Bridge(w.Broker, config.Bridges[0], transport, null, 1);
            Lines lines = new Lines();
            SerialLog log = new SerialLog(lines, 0);
            log.Connecting(bridge);
            Assert.AreEqual(0, lines.Count);
            log.Connected(bridge, true);
            Assert.AreEqual("0.000 info bridge up: connected, session resumed", lines.Last);
            log.Connected(bridge, false);
            Assert.AreEqual("0.000 info bridge up: connected, new session", lines.Last);
            log.Disconnected(bridge, 0);
            Assert.AreEqual("0.000 warn bridge up: not connected", lines.Last);
            transport.Why = "host not found";
            log.Disconnected(bridge, ReasonCode.NotAuthorized);
            Assert.AreEqual("0.000 warn bridge up: not connected, reason 0x87: host not found", lines.Last);
            log.Renewed(bridge, 3);
            Assert.AreEqual("0.000 warn bridge up: the upstream lost the session, published anew: 3", lines.Last);
            log.SubscriptionRefused(bridge, 0, 0x87);
            Assert.AreEqual("0.000 warn bridge up: the upstream refused the subscription of topic line 1", lines.Last);
            log.Refused(bridge, 1, 151);
            Assert.AreEqual("0.000 warn bridge up: a message was not taken upstream, reason 151", lines.Last);
            log.Dropped(bridge, -2);
            Assert.AreEqual("0.000 warn bridge up: messages dropped: -2", lines.Last);
        }
    }
}
