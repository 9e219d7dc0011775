using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Threading;
using Femto.Fuzz;

namespace Femto.Hostile
{
    /// <summary>
    /// The client that behaves, a process of its own: every 5 ms a message at QoS 1 to itself, whether those before are
    /// back or not, so that a pause of the broker is not counted as a single slow message. A round trip ends when both
    /// the message and its acknowledgement are here.
    /// </summary>
    public static class WellBehaved
    {
        private const double PeriodMs = 5;
        private const int Window = 1000;   // messages on the way at most
        private const string Topic = "well/behaved";

        private static volatile bool measures, ends;

        /// <summary>Lines in: begin, end. A line out for each end.</summary>
        public static int Run(int port)
        {
            using Peer peer = new(port);
            peer.Send(Packets.Connect(5, "well-behaved", true, null, null));
            Must(peer.Packet(), 0x20);
            peer.Send(Packets.Subscribe(5, 1, 1, new byte[0], Topic));
            Must(peer.Packet(), 0x90);
            new Thread(Listen) { IsBackground = true }.Start();
            Console.WriteLine("ready");
            while (!ends)
            {
                if (!measures)
                {
                    Thread.Sleep(1);
                    continue;
                }
                List<double> ms = Measure(peer);
                ms.Sort();
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{ms.Count} {At(ms, 0.5)} {At(ms, 0.99)} {At(ms, 0.999)} {At(ms, 1)}"));
            }
            return 0;
        }

        private static double At(List<double> sorted, double part)
        {
            return sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * part))];
        }

        private static void Listen()
        {
            string line;
            while ((line = Console.In.ReadLine()) != null) measures = line == "begin";
            measures = false;
            ends = true;
        }

        private static List<double> Measure(Peer peer)
        {
            List<double> ms = new();
            Trip[] trips = new Trip[Window];
            Stopwatch watch = Stopwatch.StartNew();
            int sent = 0;
            for (double due = 0; measures || sent == 0 || ms.Count < sent;)
            {
                double now = watch.Elapsed.TotalMilliseconds;
                if ((measures || sent == 0) && now >= due && sent - ms.Count < Window)
                {
                    trips[sent % Window] = new Trip { SentMs = now };
                    Publish(peer, sent++);
                    due = Math.Max(due + PeriodMs, now - PeriodMs); // late by itself: not made up for
                    continue;
                }
                if (!peer.Comes((int)Math.Ceiling(measures ? due - now : Peer.PatienceMs))) continue;
                int whose = Take(peer, peer.Packet(), trips);
                if (trips[whose].Done) ms.Add(watch.Elapsed.TotalMilliseconds - trips[whose].SentMs);
            }
            return ms;
        }

        private static void Publish(Peer peer, int number)
        {
            byte[] payload = { (byte)(number % Window >> 8), (byte)(number % Window) };
            bool sent = peer.Send(Packets.Publish(5, Topic, 2, 1 + number % Window, payload));
            if (!sent) throw new InvalidOperationException("closed");
        }

        // An acknowledgement or a message: whose it is.
        private static int Take(Peer peer, byte[] packet, Trip[] trips)
        {
            if (packet != null && packet[0] == 0x40)
            {
                int id = (packet[2] << 8 | packet[3]) - 1;
                trips[id].Acknowledged = true;
                return id;
            }
            Must(packet, 0x32);
            int at = 4 + Topic.Length;
            peer.Send(Packets.Ack(4, packet[at] << 8 | packet[at + 1]));
            int number = packet[^2] << 8 | packet[^1];
            trips[number].Received = true;
            return number;
        }

        private sealed class Trip
        {
            public double SentMs;
            public bool Acknowledged, Received;
            public bool Done => Acknowledged && Received;
        }

        private static void Must(byte[] packet, int first)
        {
            if (packet != null && packet[0] == first) return;
            string got = packet == null ? "the end" : Convert.ToHexString(packet);
            throw new InvalidOperationException($"0x{first:X2} expected, got {got}");
        }
    }
}
