using System;
using System.Threading;

namespace Femto.Fuzz
{
    /// <summary>Ends the process when one call takes longer than any bound: a loop without end.</summary>
    public static class Watchdog
    {
        private const long MostMs = 20000;
        private static long since;
        private static int seed;
        private static Thread thread;

        public static void Enter(int of)
        {
            seed = of;
            Volatile.Write(ref since, Environment.TickCount64);
            if (thread != null) return;
            thread = new Thread(Watch) { IsBackground = true };
            thread.Start();
        }

        public static void Leave()
        {
            Volatile.Write(ref since, 0);
        }

        private static void Watch()
        {
            while (true)
            {
                Thread.Sleep(500);
                long at = Volatile.Read(ref since);
                if (at == 0 || Environment.TickCount64 - at < MostMs) continue;
                Console.WriteLine($"seed {seed}: a call does not end");
                Console.Out.Flush();
                Environment.Exit(3);
            }
        }
    }
}
