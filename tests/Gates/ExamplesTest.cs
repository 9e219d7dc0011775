using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Threading;
using Femto.Mqtt;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Mono.Cecil;

namespace Femto.Gates
{
    /// <summary>The programs that the documents show compile, straight out of them, and do what they say.</summary>
    [TestClass]
    [DoNotParallelize]
    public class ExamplesTest
    {
        private const string Package = "nanoframework/package.md";
        private static readonly string[] s_documents = { "README.md", Package };

        [TestMethod]
        public void ExamplesCompile()
        {
            var findings = new List<string>();
            foreach (string document in s_documents)
            {
                List<string> programs = Examples.In(File.ReadAllText(Repository.PathOf(document)));
                Assert.AreNotEqual(0, programs.Count, document);
                foreach (string program in programs)
                {
                    var said = new List<string>();
                    Examples.Compile(program, said);
                    findings.AddRange(said.Select(s => document + ": " + s));
                }
            }

            Gate.Clean(findings);
        }

        /// <summary>As a compiler for the board would say: each member they use is one that the board has.</summary>
        [TestMethod]
        public void ExamplesForTheBoardUseOnlyWhatItHas()
        {
            ApiList list = ApiList.Read();
            Gate.Clean(ForTheBoard().SelectMany(p => Check(p, list)).ToList());
        }

        [TestMethod]
        public void ExampleWithAnUnknownMemberIsRefused()
        {
            string program = ForTheBoard()[0].Replace("server.Run();", "Console.WriteLine(broker.Uptime);");
            Gate.Refused(Check(program, ApiList.Read()).ToList(), "System.Console.WriteLine(System.UInt32)");
            var findings = new List<string>();
            Examples.Compile(ForTheBoard()[0].Replace("BoardServer(", "BoardServers("), findings);
            Gate.Refused(findings, "BoardServers");
        }

        [TestMethod]
        public void ExamplesForTheBoardAreShort()
        {
            List<string> programs = ForTheBoard();
            Assert.HasCount(2, programs);
            Gate.Clean(programs.Where(p => Examples.Length(p) > 15)
                .Select(p => Examples.Length(p) + " lines:\n" + p).ToList());
        }

        /// <summary>The broker of the one example serves the client of the other.</summary>
        [TestMethod]
        public void BrokerAndClientTalk()
        {
            List<string> programs = ForTheBoard();
            string port = FreePort();
            using var debug = new Listener();
            Trace.Listeners.Add(debug);
            var got = new Sink();
            try
            {
                Start(programs[0].Replace("1883", port));
                MqttClient other = new MqttClient(new BoardTransport(), "127.0.0.1", int.Parse(port), "other");
                other.Subscribe("hall-12/#", 1, got);
                other.Start();
                Start(programs[1].Replace("1883", port).Replace("192.168.1.10", "127.0.0.1"));
                Assert.AreEqual("hall-12/temperature: 21.4", got.Next());
                Assert.AreEqual(Fault.None, other.Publish("hall-12/lamp", "on", 1, false, 10000));
                Assert.AreEqual("hall-12/lamp: on", debug.Next());
                Assert.IsTrue(other.Close(10000));
            }
            finally
            {
                Trace.Listeners.Remove(debug);
            }
        }

        private static List<string> ForTheBoard() => Examples.In(File.ReadAllText(Repository.PathOf(Package)));

        private static IEnumerable<string> Check(string program, ApiList list)
        {
            var findings = new List<string>();
            byte[] built = Examples.Compile(program, findings);
            Gate.Clean(findings);
            return list.Check(Uses.Types(ModuleDefinition.ReadModule(new MemoryStream(built))), true);
        }

        private static void Start(string program)
        {
            byte[] built = Examples.Compile(program, new List<string>());
            MethodInfo main = Assembly.Load(built).EntryPoint;
            new Thread(() => main.Invoke(null, null)) { IsBackground = true }.Start();
        }

        private static string FreePort()
        {
            var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            int port = ((IPEndPoint)listener.LocalEndpoint).Port;
            listener.Stop();
            return port.ToString();
        }

        private sealed class Listener : TraceListener
        {
            private readonly BlockingCollection<string> lines = new();

            public string Next() => lines.TryTake(out string line, 20000) ? line : "nothing";

            public override void Write(string message)
            {
            }

            public override void WriteLine(string message)
            {
                if (message.StartsWith("hall-12/", StringComparison.Ordinal))
                {
                    lines.Add(message);
                }
            }
        }

        private sealed class Sink : IMessageSink
        {
            private readonly BlockingCollection<string> messages = new();

            public string Next() => messages.TryTake(out string message, 20000) ? message : "nothing";

            public int Message(MqttClient client, ClientMessage m)
            {
                messages.Add(m.Topic() + ": " + m.PayloadText());
                return 0;
            }
        }
    }
}
