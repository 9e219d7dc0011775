using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using Femto.Mqtt;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Client.Test;

/// <summary>MqttClient against Mosquitto, over the PC's transport and over the board's.</summary>
[TestClass]
public sealed class MosquittoTest
{
    private static Mosquitto shared;

    private readonly Recorder got = new();

    [ClassInitialize]
    public static void Begin(TestContext _) => shared = Mosquitto.Run();

    [ClassCleanup]
    public static void End() => shared.Dispose();

    [TestMethod]
    [DataRow(4, false)]
    [DataRow(5, false)]
    [DataRow(4, true)]
    [DataRow(5, true)]
    public void MessagesOfEveryQosComeInOrder(int version, bool board)
    {
        string topic = $"order/{version}/{board}";
        MqttClient client = Clients.Connected(shared.Port, Clients.Options(version, topic), got, board);
        client.Subscribe(topic + "/#", 2, got);
        got.WaitEvent("subscribed 1 0x02");
        for (int qos = 0; qos < 3; qos++)
        {
            for (int i = 0; i < 300; i++)
            {
                client.Publish($"{topic}/{qos}", i.ToString(), qos);
            }
        }
        string[] messages = got.WaitMessages(900);
        for (int qos = 0; qos < 3; qos++)
        {
            CollectionAssert.AreEqual(
                Enumerable.Range(0, 300).Select(i => $"{topic}/{qos} {i} {qos}").ToArray(),
                messages.Where(m => m.EndsWith(" " + qos)).ToArray());
        }
        Assert.IsTrue(client.Close(5000));
        Assert.AreEqual(0, client.Failures);
    }

    [TestMethod]
    [DataRow(4)]
    [DataRow(5)]
    public void LargePayloadsAndRetainedOnes(int version)
    {
        MqttClient client = Clients.Connected(shared.Port, Clients.Options(version, "large" + version), got);
        string large = new string('x', 40000);
        client.Publish($"large/{version}/kept", large, 1, retain: true);
        client.Subscribe($"large/{version}/+", 1, got);
        Assert.AreEqual($"large/{version}/kept {large} 1 r", got.WaitMessages(1)[0]);
        client.Publish($"large/{version}/b", large, 2);
        Assert.AreEqual($"large/{version}/b {large} 1", got.WaitMessages(2)[1]);
        client.Publish($"large/{version}/kept", "", 1, retain: true);
        Assert.IsTrue(client.Close(5000));
    }

    // A 3.1.1 server sends what it has: the client lets it go, answers, and tells. To one of MQTT 5 it has said what it
    // takes, and Mosquitto keeps the rest to itself.
    [TestMethod]
    [DataRow(4)]
    [DataRow(5)]
    public void TooLargeAMessageEndsNothing(int version)
    {
        string topic = "excess/" + version;
        var client = new MqttClient(new PcTransport(), new TransportOptions { Host = "127.0.0.1", Port = shared.Port },
            Clients.Persistent(version, topic), ClientLimits.Small(), 2) { Events = got, AskMs = 2 };
        client.Subscribe(topic + "/+", 2, got);
        client.Start();
        Assert.AreEqual(0, client.Connect(60000), client.Error);
        got.WaitEvent("subscribed 1 0x02");
        MqttClient writer = Clients.Connected(shared.Port, Clients.Options(version, topic + "/writer"));
        for (int qos = 0; qos < 3; qos++)
        {
            writer.Publish($"{topic}/large{qos}", new string('x', 40000), qos);
        }
        writer.Publish(topic + "/small", "y", 2);
        CollectionAssert.AreEqual(new[] { topic + "/small y 2" }, got.WaitMessages(1));
        string[] told = got.Events.Where(e => e.StartsWith("discarded")).ToArray();
        string[] expected = [$"discarded {topic}/large0", $"discarded {topic}/large1", $"discarded {topic}/large2"];
        CollectionAssert.AreEqual(version == 4 ? expected : [], told);
        Assert.IsTrue(writer.Close(60000));
        Assert.IsTrue(client.Close(60000));
        Assert.AreEqual(0, client.Failures);
    }

    [TestMethod]
    [DataRow(4)]
    [DataRow(5)]
    public void UserNameAndPassword(int version)
    {
        string file = Path.GetTempFileName();
        using (Process passwd = Process.Start("mosquitto_passwd", ["-b", "-c", file, "anna", "secret"]))
        {
            passwd.WaitForExit();
        }
        using Mosquitto broker = Mosquitto.Run("allow_anonymous false", "password_file " + file);
        ClientOptions options = Clients.Options(version, "passwords");
        options.UserName = Clients.Utf8("anna");
        options.Password = Clients.Utf8("secret");
        MqttClient client = Clients.Connected(broker.Port, options);
        Assert.IsTrue(client.Close(2000));
        options.Password = Clients.Utf8("wrong");
        MqttClient refused = Clients.Make(broker.Port, options);
        refused.Start();
        int reason = refused.Connect(10000);
        Assert.IsTrue(reason is ReasonCode.NotAuthorized or ReasonCode.BadUserNameOrPassword, $"0x{reason:X2}");
        refused.Close(1000);
        File.Delete(file);
    }

    [TestMethod]
    [DataRow(4)]
    [DataRow(5)]
    public void Tls(int version)
    {
        using Mosquitto broker = Mosquitto.Run(Mosquitto.Tls("server"));
        MqttClient client = Clients.Make(Secure(broker), Clients.Options(version, "tls"), got);
        client.Start();
        Assert.AreEqual(0, client.Connect(10000), client.Error);
        client.Subscribe("tls", 2, got);
        got.WaitEvent("subscribed 1 0x02");
        for (int i = 0; i < 500; i++)
        {
            client.Publish("tls", i.ToString(), 2);
        }
        Assert.AreEqual("tls 499 2", got.WaitMessages(500)[499]);
        Assert.IsTrue(client.Close(5000), client.Error);
    }

    [TestMethod]
    [DataRow(4)]
    [DataRow(5)]
    public void MutualTls(int version)
    {
        using Mosquitto broker = Mosquitto.Run(Mosquitto.Tls("server", "cafile " + Certificates.Ca,
            "require_certificate true", "use_identity_as_username true"));
        TransportOptions where = Secure(broker);
        where.CertFile = Certificates.In("client.crt");
        where.KeyFile = Certificates.In("client.key");
        MqttClient client = Clients.Make(where, Clients.Options(version, "mutual"));
        client.Start();
        Assert.AreEqual(0, client.Connect(10000), client.Error);
        Assert.IsTrue(client.Close(5000));
        foreach (string certificate in new[] { null, "stranger" })
        {
            where.CertFile = certificate == null ? null : Certificates.In(certificate + ".crt");
            where.KeyFile = certificate == null ? null : Certificates.In(certificate + ".key");
            MqttClient refused = Clients.Make(where, Clients.Options(version, "refused"));
            refused.Start();
            Assert.AreNotEqual(0, refused.Connect(10000));
            StringAssert.Contains(refused.Error, "the server ");
            Console.WriteLine("note: " + refused.Error);
            refused.Close(1000);
        }
    }

    [TestMethod]
    [DataRow("server", "other.crt", "does not descend from")]
    [DataRow("elsewhere", "ca.crt", "is for elsewhere.example, not for localhost")]
    [DataRow("expired", "ca.crt", "expired on")]
    public void WrongServersAreRefusedWithAReason(string certificate, string ca, string why)
    {
        using Mosquitto broker = Mosquitto.Run(Mosquitto.Tls(certificate));
        TransportOptions where = Secure(broker);
        where.CaFile = Certificates.In(ca);
        MqttClient client = Clients.Make(where, Clients.Options(5, "wrong"));
        client.Start();
        Assert.AreEqual((int)Fault.Closed, client.Connect(10000));
        StringAssert.Contains(client.Error, why);
        client.Close(1000);
    }

    [TestMethod]
    public void SubscriptionsComeBackWhenTheServerHasForgotten()
    {
        using Mosquitto broker = Mosquitto.Run();
        MqttClient client = Clients.Connected(broker.Port, Clients.Options(5, "again"), got);
        client.Subscribe("again/+", 1, got);
        client.Subscribe("gone", 1, got);
        got.WaitEvent("subscribed 2 0x01");
        Assert.IsTrue(client.Unsubscribe(Clients.Utf8("gone")));
        Assert.IsFalse(client.Unsubscribe(Clients.Utf8("never")));
        broker.Kill();
        got.WaitEvent("offline 0x40");
        broker.Start();
        got.WaitEvent("subscribed 1 0x01", 2);
        client.Publish("gone", "x");
        client.Publish("again/a", "y");
        CollectionAssert.AreEqual(new[] { "again/a y 0" }, got.WaitMessages(1));
        Assert.IsTrue(client.Close(2000));
    }

    [TestMethod]
    public void AFrozenBrokerIsFoundOutByTheMissingAnswer()
    {
        using Mosquitto broker = Mosquitto.Run();
        ClientOptions options = Clients.Persistent(5, "frozen");
        options.KeepAliveSeconds = 1;
        ClientLimits limits = ClientLimits.Large();
        limits.PingMs = 500;
        var client = new MqttClient(new PcTransport(),
            new TransportOptions { Host = "127.0.0.1", Port = broker.Port, ConnectMs = 500 }, options, limits, 4)
        {
            Events = got,
            RetryBaseMs = 50,
            RetryCapMs = 200,
        };
        client.Start();
        Assert.AreEqual(0, client.Connect(10000));
        broker.Freeze();
        var watch = Stopwatch.StartNew();
        string lost = "";
        while (lost == "" && watch.ElapsedMilliseconds < 10000)
        {
            Thread.Sleep(10);
            lost = got.Events.LastOrDefault(e => e.StartsWith("offline")) ?? "";
        }
        long found = watch.ElapsedMilliseconds;
        Assert.IsTrue(found < 4000, $"found after {found} ms");
        watch.Restart();
        Assert.AreEqual(Fault.None, client.Publish("frozen", "kept", 1, false, 1000));
        Assert.IsTrue(watch.ElapsedMilliseconds < 1000);
        broker.Thaw();
        got.WaitEvent("published 0x10");            // nobody subscribes to it
        Console.WriteLine($"note: silence found out after {found} ms: {lost}");
        Assert.IsTrue(client.Close(3000));
    }

    [TestMethod]
    [DataRow(4)]
    [DataRow(5)]
    public void TheWillIsPublishedOnlyWhenTheClientIsLost(int version)
    {
        MqttClient watcher = Clients.Connected(shared.Port, Clients.Options(version, "watcher" + version), got);
        watcher.Subscribe($"will/{version}", 1, got);
        got.WaitEvent("subscribed 1 0x01");
        ClientOptions options = Clients.Options(version, "mortal" + version);
        options.WillTopic = Clients.Utf8($"will/{version}");
        options.WillPayload = Clients.Utf8("lost");
        options.WillQos = 1;
        MqttClient polite = Clients.Connected(shared.Port, options);
        Assert.IsTrue(polite.Close(2000));
        // One that does not end in order: a take-over publishes the will of the first.
        MqttClient mortal = Clients.Connected(shared.Port, options);
        MqttClient heir = Clients.Connected(shared.Port, Clients.Options(version, "mortal" + version));
        CollectionAssert.AreEqual(new[] { $"will/{version} lost 1" }, got.WaitMessages(1));
        mortal.Close(1000);
        heir.Close(1000);
        Assert.IsTrue(watcher.Close(1000));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void AThousandConnectionsInARowLeakNothing(bool board)
    {
        MqttClient client = Clients.Make(shared.Port, Clients.Options(5, "thousand" + board), null, board);
        Run(50);
        Usage before = Usage.Now();
        Run(1000);
        Usage after = Usage.Now();
        Console.WriteLine($"note: 1000 connections: {before} before, {after} after");
        Assert.IsTrue(after.Handles <= before.Handles + 10, "handles");
        Assert.IsTrue(after.Threads <= before.Threads + 6, "threads");
        Assert.IsTrue(after.Bytes <= before.Bytes + 1_000_000, "memory");
        Assert.AreEqual(1050, client.Connects);

        void Run(int count)
        {
            for (int i = 0; i < count; i++)
            {
                client.Start();
                Assert.AreEqual(0, client.Connect(10000), client.Error);
                Assert.IsTrue(client.Close(5000), client.Error);
            }
            Thread.Sleep(100);
        }
    }

    // The last acknowledgement ends it, not the time that was given.
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void CloseReturnsWhenAllIsDelivered(bool board)
    {
        MqttClient client = Clients.Connected(shared.Port, Clients.Options(5, "closes" + board), null, board);
        for (int i = 0; i < 300; i++)
        {
            client.Publish("closes", i.ToString(), 2);
        }
        bool closed = false;
        var closing = new Thread(() => closed = client.Close(int.MaxValue / 2));
        closing.Start();
        Assert.IsTrue(closing.Join(60000), "waits for its time to pass");
        Assert.IsTrue(closed);
    }

    [TestMethod]
    public void WithoutAThreadTheCallerRunsIt()
    {
        int threads = Process.GetCurrentProcess().Threads.Count;
        MqttClient client = Clients.Make(shared.Port, Clients.Options(5, "loop"), got);
        Assert.AreEqual(0, client.Connect(5000), client.Error);
        client.Subscribe("loop/a", 2, got);
        client.Publish("loop/a", "before", 2);      // may overtake the subscription
        var watch = Stopwatch.StartNew();
        for (int sent = 0; got.Messages.Count(m => m == "loop/a x 2") < 10 && watch.ElapsedMilliseconds < 10000;)
        {
            if (got.Events.Contains("subscribed 1 0x02") && sent++ < 10)
            {
                client.Publish("loop/a", "x", 2);
            }
            client.Loop(10);
        }
        Assert.AreEqual(10, got.Messages.Count(m => m == "loop/a x 2"));
        Assert.IsTrue(client.Close(5000));
        watch.Restart();
        client.Loop(100);                           // closed: nothing happens
        Assert.AreEqual(ClientState.Offline, client.State);
    }

    [TestMethod]
    public void AHeldMessageIsOfferedAgainAndNothingOvertakesIt()
    {
        MqttClient client = Clients.Connected(shared.Port, Clients.Options(5, "holds"), got);
        client.Subscribe("holds", 1, got);
        got.WaitEvent("subscribed 1 0x01");
        got.Holds = 5;
        for (int i = 0; i < 50; i++)
        {
            client.Publish("holds", i.ToString(), 1);
        }
        CollectionAssert.AreEqual(Enumerable.Range(0, 50).Select(i => $"holds {i} 1").ToArray(), got.WaitMessages(50));
        Assert.IsTrue(client.Close(2000));
    }

    [TestMethod]
    public void RequestsAndRepliesBetweenTwoClients()
    {
        MqttClient server = Clients.Connected(shared.Port, Clients.Options(5, "replier"), got);
        server.Subscribe("ask/upper", 1, new Upper());
        got.WaitEvent("subscribed 1 0x01");
        var replies = new Recorder();
        MqttClient client = Clients.Connected(shared.Port, Clients.Options(5, "asker"), replies);
        var requests = new MqttRequests(client, Clients.Utf8("reply/asker"), 4);
        replies.WaitEvent("subscribed 1 0x01");
        byte[] topic = Clients.Utf8("ask/upper"), nobody = Clients.Utf8("ask/nobody"), text = Clients.Utf8("hello");
        int first = requests.Send(topic, 0, topic.Length, text, 0, text.Length, 1, 1000, 5000, replies);
        int second = requests.Send(nobody, 0, nobody.Length, text, 0, text.Length, 1, 1000, 200, replies);
        Assert.IsTrue(first > 0 && second > 0 && first != second, $"{first} {second}");
        CollectionAssert.AreEqual(new[] { $"{first} HELLO", $"{second} none" }, replies.WaitMessages(2));
        Assert.IsTrue(client.Close(2000));
        Assert.IsTrue(server.Close(2000));
    }

    [TestMethod]
    public void MosquittosOwnRequesterIsAnswered()
    {
        MqttClient server = Clients.Connected(shared.Port, Clients.Options(5, "rr"), got);
        server.Subscribe("rr/upper", 1, new Upper());
        got.WaitEvent("subscribed 1 0x01");
        using Process rr = Process.Start(new ProcessStartInfo("mosquitto_rr", ["-h", "127.0.0.1", "-p",
            shared.Port.ToString(), "-V", "5", "-t", "rr/upper", "-e", "rr/reply", "-m", "hello", "-W", "10"])
        {
            RedirectStandardOutput = true,
        });
        Assert.AreEqual("HELLO", rr.StandardOutput.ReadToEnd().Trim());
        Assert.IsTrue(rr.WaitForExit(10000));
        Assert.IsTrue(server.Close(2000));
    }

    [TestMethod]
    public void ManyThreadsPublishAtOnce()
    {
        MqttClient client = Clients.Connected(shared.Port, Clients.Options(5, "threads"), got);
        client.Subscribe("threads/+", 1, got);
        got.WaitEvent("subscribed 1 0x01");
        Thread[] threads = Enumerable.Range(0, 4).Select(t => new Thread(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                client.Publish("threads/" + t, i.ToString(), 1);
            }
        })).ToArray();
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        string[] messages = got.WaitMessages(4000);
        for (int t = 0; t < 4; t++)
        {
            CollectionAssert.AreEqual(Enumerable.Range(0, 1000).Select(i => $"threads/{t} {i} 1").ToArray(),
                messages.Where(m => m.StartsWith("threads/" + t)).ToArray());
        }
        Assert.IsTrue(client.Close(5000));
    }

    [TestMethod]
    public void PublishWaitsNoLongerThanItSays()
    {
        ClientLimits limits = ClientLimits.Small();
        var client = new MqttClient(new PcTransport(), new TransportOptions { Host = "127.0.0.1", Port = 1 },
            Clients.Options(5, "full"), limits, 1);
        client.Start();
        var watch = Stopwatch.StartNew();
        Fault fault = Fault.None;
        while (fault is Fault.None or Fault.Hold)   // Hold: the client's own thread was at work just then
        {
            fault = client.Publish("full", "xxxxxxxx", 1, false, 0);
        }
        Assert.AreEqual(Fault.PoolFull, fault);
        Assert.IsTrue(watch.ElapsedMilliseconds < 1000);
        watch.Restart();
        Assert.AreEqual(Fault.PoolFull, client.Publish("full", "xxxxxxxx", 1, false, 300));
        Assert.IsTrue(watch.ElapsedMilliseconds is >= 290 and < 1500, $"{watch.ElapsedMilliseconds} ms");
        var sleeper = new Recorder();
        watch.Restart();
        Assert.IsFalse(client.Close(300));
        Assert.IsTrue(watch.ElapsedMilliseconds < 1500, $"{watch.ElapsedMilliseconds} ms");
    }

    /// <summary>Answers requests with the payload in capitals.</summary>
    private sealed class Upper : IMessageSink
    {
        public int Message(MqttClient client, ClientMessage m)
        {
            byte[] answer = Clients.Utf8(m.PayloadText().ToUpperInvariant());
            Assert.AreEqual(Fault.None, client.Reply(m, answer, 0, answer.Length));
            return 0;
        }
    }

    private static TransportOptions Secure(Mosquitto broker) => new()
    {
        Host = "localhost",
        Port = broker.Port,
        Tls = true,
        CaFile = Certificates.Ca,
        ConnectMs = 10000,
    };
}
