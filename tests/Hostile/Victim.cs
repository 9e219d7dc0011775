using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Threading;

namespace Femto.Hostile
{
    /// <summary>The broker, a process of its own; and what memory it has.</summary>
    public sealed class Victim : IDisposable
    {
        public readonly int Port;
        /// <summary>Bytes that the broker says it needs at most.</summary>
        public readonly long Promised;

        private readonly Process process;
        private readonly string heapSocket;
        private long lines;

        public Victim(params string[] arguments)
        {
            DirectoryInfo own = new(AppContext.BaseDirectory);
            string program = Path.Combine(own.Parent.Parent.FullName, "host", own.Name, "femto.dll");
            heapSocket = Path.Combine(Path.GetTempPath(), $"femto-hostile-{Environment.ProcessId}-{Guid.NewGuid():N}");
            ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true };
            start.ArgumentList.Add(program);
            foreach (string word in new[] { "--port", "0", "--no-sensor" }) start.ArgumentList.Add(word);
            foreach (string word in arguments) start.ArgumentList.Add(word);
            start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(Victim).Assembly.Location;
            start.Environment["FEMTO_HOSTILE_HEAP"] = heapSocket;
            process = Process.Start(start);
            string line;
            while ((line = process.StandardOutput.ReadLine()) != null)
            {
                if (line.StartsWith("listening on ")) Port = int.Parse(line[(line.LastIndexOf(':') + 1)..]);
                if (!line.StartsWith("limits ")) continue;
                string[] words = line.Split(' ');
                string number = words[Array.IndexOf(words, "bytes") - 1].Replace(",", "");
                Promised = long.Parse(number, CultureInfo.InvariantCulture);
                break;
            }
            if (Port == 0) throw new InvalidOperationException("the broker did not start");
            new Thread(Drain) { IsBackground = true }.Start();
        }

        /// <summary>Lines that the broker has printed since it listens.</summary>
        public long Lines => Interlocked.Read(ref lines);

        public bool Lives => !process.HasExited;

        /// <summary>Bytes of the process in memory, shared pages too.</summary>
        public long Resident()
        {
            foreach (string line in File.ReadLines($"/proc/{process.Id}/status"))
            {
                if (!line.StartsWith("VmRSS:")) continue;
                string[] words = line.Split(new[] { ' ', '\t' }, StringSplitOptions.RemoveEmptyEntries);
                return long.Parse(words[1], CultureInfo.InvariantCulture) * 1024;
            }
            throw new InvalidOperationException("the broker has no memory: it has ended");
        }

        /// <summary>Bytes on the managed heap, after a collection, and those allocated since the start.</summary>
        public (long Live, long Allocated) Heap()
        {
            using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.ReceiveTimeout = Peer.PatienceMs;
            socket.Connect(new UnixDomainSocketEndPoint(heapSocket));
            byte[] answer = new byte[100];
            int n = socket.Receive(answer);
            string[] words = Encoding.ASCII.GetString(answer, 0, n).Split(' ');
            return (long.Parse(words[0]), long.Parse(words[1]));
        }

        public void Dispose()
        {
            if (!process.HasExited) process.Kill();
            process.WaitForExit();
            process.Dispose();
            File.Delete(heapSocket);
        }

        private void Drain()
        {
            try
            {
                while (process.StandardOutput.ReadLine() != null) Interlocked.Increment(ref lines);
            }
            catch (ObjectDisposedException)
            {
                // The broker was ended.
            }
        }
    }
}
