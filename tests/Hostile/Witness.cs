using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;

namespace Femto.Hostile
{
    /// <summary>Holds the process of <see cref="WellBehaved"/>.</summary>
    public sealed class Witness : IDisposable
    {
        private readonly Process process;

        public Witness(int port)
        {
            ProcessStartInfo start = new("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true };
            foreach (string word in new[] { typeof(Witness).Assembly.Location, "witness", port.ToString() })
            {
                start.ArgumentList.Add(word);
            }
            process = Process.Start(start);
            if (process.StandardOutput.ReadLine() != "ready") throw new InvalidOperationException("no witness");
        }

        public void Begin() => process.StandardInput.WriteLine("begin");

        /// <summary>Number of round trips, then their milliseconds: median, p99, p99.9, longest. It throws when one was
        /// not answered.</summary>
        public double[] End()
        {
            process.StandardInput.WriteLine("end");
            string line = process.StandardOutput.ReadLine();
            if (line == null) throw new InvalidOperationException("the well-behaved client was not answered");
            return line.Split(' ').Select(w => double.Parse(w, CultureInfo.InvariantCulture)).ToArray();
        }

        public void Dispose()
        {
            process.StandardInput.Close();
            if (!process.WaitForExit(Peer.PatienceMs)) process.Kill();
            process.Dispose();
        }
    }
}
