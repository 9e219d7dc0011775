using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Femto.Gates.StandIns;
using Femto.Mqtt;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Mono.Cecil;

namespace Femto.Gates
{
    /// <summary>
    /// lib/Femto.Mqtt.Net/TlsOpener.cs, which only the board compiles: here over types that stand in for the board's
    /// (Board/), which are held to the listing of its API. It never asks SslStream where that would stop the board.
    /// </summary>
    [TestClass]
    [DoNotParallelize]
    public class TlsTest
    {
        private readonly byte[] buffer = new byte[8192];
        private TcpListener listener;
        private Socket server;
        private IByteStream stream;

        private sealed class Texts : ICertificateFiles
        {
            public string Text(string name) => "text of " + name;
        }

        [TestInitialize]
        public void Listen()
        {
            BoardTls.Reset();
            listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
        }

        [TestCleanup]
        public void Close()
        {
            stream?.Close();
            server?.Close();
            listener.Stop();
        }

        [TestMethod]
        public void OpenerUsesOnlyWhatTheBoardHas()
        {
            ModuleDefinition module = Module();
            Gate.Clean(Check(module.Types.Where(t => t.Name == "TlsOpener")
                .SelectMany(t => t.NestedTypes.Prepend(t)), ApiList.Read()));
        }

        /// <summary>A type that stands in offers nothing that the board's lacks, overrides apart.</summary>
        [TestMethod]
        public void StandInsOfferOnlyWhatTheBoardHas()
        {
            ApiList list = ApiList.Read();
            TypeDefinition[] types = Module().Types.Where(t => t.Namespace.StartsWith("System.")).ToArray();
            Assert.HasCount(6, types);
            IEnumerable<string> offered = types.Select(DocId.Of)
                .Concat(types.SelectMany(t => t.Fields).Where(f => f.IsPublic && f.IsLiteral).Select(DocId.Of))
                .Concat(types.SelectMany(t => t.Methods).Where(m => m.IsPublic && !m.IsVirtual)
                    .Select(m => DocId.Of((MethodReference)m)));
            Gate.Clean(offered.Distinct().Where(id => !list.BoardOnly.Contains(id)).ToList());
        }

        [TestMethod]
        public void MemberThatTheBoardLacksIsRefused()
        {
            var list = ApiList.Read();
            list.BoardOnly.Remove("M:System.Net.Security.SslStream.#ctor(System.Net.Sockets.Socket)");
            Gate.Refused(Check(Module().Types.Where(t => t.Name == "TlsOpener"), list), "SslStream.#ctor");
        }

        [TestMethod]
        public void HandshakeAsksForTls12AndTheServersCertificate()
        {
            Connect(new TransportOptions());
            Assert.AreEqual(
                "'127.0.0.1' Tls12 own  authority  verify CertificateRequired", BoardTls.Handshakes.Single());
        }

        [TestMethod]
        public void HandshakeTakesNameCertificatesAndTls13()
        {
            var options = new TransportOptions
            {
                ServerName = "cloud", CaFile = "ca.pem", CertFile = "own.pem", KeyFile = "own.key",
            };
            Connect(options, new TlsOpener(new Texts()) { Tls13 = true });
            Assert.AreEqual("'cloud' Tls12, Tls13 own text of own.pem+text of own.key authority text of ca.pem "
                + "verify CertificateRequired", BoardTls.Handshakes.Single());
        }

        [TestMethod]
        public void InsecureLeavesOutTheNameAlone()
        {
            Connect(new TransportOptions { Insecure = true });
            Assert.AreEqual("'' Tls12 own  authority  verify CertificateRequired", BoardTls.Handshakes.Single());
        }

        [TestMethod]
        public void HandshakeThatFailsClosesTheSocketButNotTheStream()
        {
            BoardTls.Refuse = true;
            Exception error = Assert.Throws<Exception>(() => Connect(new TransportOptions()));
            Assert.AreEqual("SocketException", error.GetType().Name);
            using Socket accepted = listener.AcceptSocket();
            Assert.AreEqual(0, accepted.Receive(buffer));
            Assert.AreEqual(0, BoardTls.Disposed);
        }

        [TestMethod]
        public void NothingThereIsNothingRead()
        {
            Connect(new TransportOptions());
            Assert.AreEqual(0, stream.Read(buffer, 0, 100));
            Assert.AreEqual(0, stream.Read(buffer, 0, 0));
        }

        [TestMethod]
        public void QuietTellsOfDataAndOnceInAWhileAsksForTheEnd()
        {
            Connect(new TransportOptions());
            Assert.IsTrue(stream.Quiet());
            Arrive(Record(23, "hello"), 10);
            Assert.IsFalse(stream.Quiet());
            Assert.AreEqual(2, stream.Read(buffer, 0, 2));
            Assert.IsFalse(stream.Quiet(), "the rest of a record");
            Assert.AreEqual(3, stream.Read(buffer, 0, 100));
            int quiet = 0;
            while (stream.Quiet())
            {
                quiet++;
            }

            Assert.AreEqual(7, quiet);
        }

        [TestMethod]
        public void RecordIsReadWhenItIsWhole()
        {
            Connect(new TransportOptions());
            byte[] record = Record(23, "hello");
            for (int i = 0; i < record.Length; i++)
            {
                Arrive(record.AsSpan(i, 1), i + 1);
                Assert.AreEqual(i + 1 < record.Length ? 0 : 5, stream.Read(buffer, 0, 100), "byte " + i);
            }

            Assert.AreEqual("hello", Encoding.ASCII.GetString(buffer, 0, 5));
            Assert.AreEqual(0, stream.Read(buffer, 0, 100));
        }

        [TestMethod]
        public void RecordIsReadInPieces()
        {
            Connect(new TransportOptions());
            Arrive(Record(23, "hello").Concat(Record(23, "you")).ToArray(), 18);
            Assert.AreEqual(3, stream.Read(buffer, 0, 3));
            Assert.AreEqual(2, stream.Read(buffer, 3, 100));
            Assert.AreEqual(3, stream.Read(buffer, 5, 100));
            Assert.AreEqual("helloyou", Encoding.ASCII.GetString(buffer, 0, 8));
        }

        [TestMethod]
        public void LongRecordIsReadWhenAWindowOfItIsThere()
        {
            Connect(new TransportOptions());
            byte[] record = Record(23, new string('x', 9000));
            Arrive(record.AsSpan(0, 4095), 4095);
            Assert.AreEqual(0, stream.Read(buffer, 0, 8192));
            server.Send(record, 4095, record.Length - 4095, SocketFlags.None);
            Assert.IsTrue(Until(() => stream.Read(buffer, 0, 8192) == 8192));
            Assert.AreEqual(9000 - 8192, stream.Read(buffer, 0, 8192));
        }

        [TestMethod]
        public void TicketIsNoData()
        {
            Connect(new TransportOptions());
            BoardTls.Ticket = true;
            Arrive(Record(23, "ticket"), 11);
            Assert.AreEqual(0, stream.Read(buffer, 0, 100));
        }

        [TestMethod]
        public void AlertIsTheEnd()
        {
            Connect(new TransportOptions());
            Arrive(Record(21, "\u0001\u0000"), 7);
            Assert.AreEqual(-1, stream.Read(buffer, 0, 100));
        }

        [TestMethod]
        public void ClosedSocketIsTheEnd()
        {
            Connect(new TransportOptions());
            server.Close();
            Assert.IsTrue(Until(() => stream.Read(buffer, 0, 100) == -1));
        }

        [DataRow(22)]
        [DataRow(0x10)]
        [TestMethod]
        public void RecordThatIsNoDataEndsTheConnection(int type)
        {
            Connect(new TransportOptions());
            Arrive(Record(type, "hello"), 10);
            Assert.ThrowsExactly<InvalidOperationException>(() => stream.Read(buffer, 0, 100));
        }

        [TestMethod]
        public void WriteTakesAChunkAndStopsWhenTheSocketIsFull()
        {
            Connect(new TransportOptions());
            Assert.AreEqual(5, stream.Write(buffer, 0, 5));
            Assert.AreEqual(1200, stream.Write(buffer, 0, 8192));
            Assert.IsTrue(Until(() => stream.Write(buffer, 0, 8192) == 0));
        }

        [TestMethod]
        public void CloseClosesAndDoesNotThrow()
        {
            Connect(new TransportOptions());
            stream.Close();
            stream.Close();
            Assert.AreEqual(0, server.Receive(buffer));
        }

        private static List<string> Check(IEnumerable<TypeDefinition> types, ApiList list)
        {
            var findings = new SortedSet<string>(StringComparer.Ordinal);
            foreach ((MemberReference member, string where) in types.SelectMany(Uses.In))
            {
                TypeReference[] elements = Uses.Elements(member as TypeReference ?? member.DeclaringType)
                    .Where(t => t.Namespace.StartsWith("System")).ToArray();
                string[] ids = member switch
                {
                    TypeReference => elements.Select(DocId.Of).ToArray(),
                    _ when elements.Length == 0 || member.DeclaringType is ArrayType => Array.Empty<string>(),
                    FieldReference field => new[] { DocId.Of(field) },
                    _ => new[] { DocId.Of((MethodReference)member) },
                };
                findings.UnionWith(ids.Select(list.Board)
                    .Where(id => !list.Library.Contains(id) && !list.BoardOnly.Contains(id))
                    .Select(id => id + "  used by " + where));
            }

            return findings.ToList();
        }

        private static ModuleDefinition Module() => ModuleDefinition.ReadModule(typeof(BoardTls).Assembly.Location);

        private void Connect(TransportOptions options, TlsOpener opener = null)
        {
            options.Tls = true;
            options.Host = "127.0.0.1";
            options.Port = ((IPEndPoint)listener.LocalEndpoint).Port;
            stream = (opener ?? new TlsOpener(null)).Open(options);
            server = listener.AcceptSocket();
        }

        private static byte[] Record(int type, string text) =>
            new[] { (byte)type, (byte)3, (byte)3, (byte)(text.Length >> 8), (byte)text.Length }
                .Concat(Encoding.ASCII.GetBytes(text)).ToArray();

        // Sends, and waits until the other end holds so many bytes that nobody has read.
        private void Arrive(ReadOnlySpan<byte> bytes, int held)
        {
            server.Send(bytes);
            Socket client = Client();
            Assert.IsTrue(Until(() => client.Available >= held), "what was sent did not arrive");
        }

        private Socket Client() => (Socket)stream.GetType()
            .GetField("socket", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)
            .GetValue(stream);

        private static bool Until(Func<bool> condition)
        {
            for (DateTime end = DateTime.UtcNow.AddSeconds(20); DateTime.UtcNow < end;)
            {
                if (condition())
                {
                    return true;
                }
            }

            return false;
        }
    }
}
