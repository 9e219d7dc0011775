using System;
using System.Collections.Generic;
using Femto.Mqtt;

namespace Femto.Simulation
{
    /// <summary>
    /// The books of what was lost. After each call of the broker what its sessions lost, together, is what its counters
    /// say by cause; so for each session it is known how many messages each cause can have taken from it.
    /// </summary>
    public sealed class Ledger
    {
        public const int QueueFull = 0;
        public const int PoolFull = 1;
        public const int TooLarge = 2;
        public const int Denied = 3;
        public const int Expired = 4;
        public const int Offline = 5;

        private static readonly int[] causes =
        {
            Counter.DroppedQueueFull, Counter.DroppedPoolFull, Counter.DroppedTooLarge, Counter.DroppedDenied,
            Counter.DroppedExpired, Counter.DroppedOffline,
        };

        // Where these change, a session may have ended whose losses nobody can read any more.
        private static readonly int[] endings =
        {
            Counter.Connects, Counter.ConnectsRefused, Counter.SessionsExpired, Counter.SessionsEvicted,
            Counter.EndedQueueFull,
        };

        private readonly World world;
        private readonly int[] counters;
        private readonly int[] dropped; // the broker's own, by session
        private readonly ushort[] ids;
        private readonly int[] countersBefore;
        private readonly int[] droppedBefore;
        private readonly ushort[] idsBefore;
        private readonly int[,] most;   // by session and cause
        private int deniedBefore;

        public Ledger(World world)
        {
            this.world = world;
            counters = world.Broker.Counters;
            dropped = (int[])Inside.Value(world.Broker, "Sessions", "Dropped");
            ids = (ushort[])Inside.Value(world.Broker, "Sessions", "ClientId");
            countersBefore = (int[])counters.Clone();
            droppedBefore = (int[])dropped.Clone();
            idsBefore = (ushort[])ids.Clone();
            most = new int[dropped.Length, causes.Length];
        }

        /// <summary>After each call of the broker.</summary>
        public void Note()
        {
            int counted = 0;
            int alone = counters[Counter.DroppedExpired] - countersBefore[Counter.DroppedExpired];
            foreach (int cause in causes) counted += counters[cause] - countersBefore[cause];
            bool ended = false;
            foreach (int e in endings) ended |= counters[e] != countersBefore[e];
            int lost = 0;
            for (int s = 1; s < dropped.Length; s++)
            {
                int now = ids[s] == 0 ? 0 : dropped[s];
                int before = droppedBefore[s];
                if (ids[s] != idsBefore[s] || now < before)
                {
                    ended = true;
                    before = 0;
                    for (int i = 0; i < causes.Length; i++) most[s, i] = 0;
                }
                if (now != before)
                {
                    lost += now - before;
                    for (int i = 0; i < causes.Length; i++)
                    {
                        most[s, i] += Math.Min(now - before, counters[causes[i]] - countersBefore[causes[i]]);
                    }
                }
                droppedBefore[s] = now;
                idsBefore[s] = ids[s];
            }
            // A publication at QoS 0 that was not allowed is no session's loss.
            int denied = world.Rights == null ? 0 : world.Rights.DeniedPublish0;
            alone += denied - deniedBefore;
            deniedBefore = denied;
            if (lost > counted) World.Fail($"sessions lost {lost} messages, counters tell of {counted}");
            if (counted - lost > alone && !ended)
            {
                World.Fail($"counters tell of {counted} messages, sessions lost {lost}");
            }
            Array.Copy(counters, countersBefore, counters.Length);
        }

        /// <summary>What is missing in a session, each with the causes that it can have (bits), must have been
        /// counted by them.</summary>
        public void Account(string who, int session, List<KeyValuePair<Publication, int>> missing)
        {
            for (int set = 1; set < 1 << causes.Length; set++)
            {
                int n = 0;
                Publication first = null;
                foreach (KeyValuePair<Publication, int> m in missing)
                {
                    if ((m.Value & ~set) != 0) continue;
                    n++;
                    first ??= m.Key;
                }
                if (n == 0) continue;
                int counted = 0;
                string names = "";
                for (int i = 0; i < causes.Length; i++)
                {
                    if ((set >> i & 1) == 0) continue;
                    counted += most[session, i];
                    names += " " + Name(causes[i]);
                }
                if (n > counted) World.Fail($"{who}: {n} missing, {counted} counted as{names}: {first}");
            }
        }

        /// <summary>At the end: what the hook refused is what was counted, and no cause is named that there was not.
        /// </summary>
        public void Final()
        {
            Rights rights = world.Rights;
            int publish = rights == null ? 0 : rights.DeniedPublish;
            if (world.Vandal == null) Same(Counter.RefusedDenied, publish);
            if (rights == null)
            {
                Same(Counter.DroppedWill, 0);
                if (world.Vandal == null) Same(Counter.DroppedDenied, 0);
                if (world.Vandal == null) Same(Counter.RefusedFilters, 0);
            }
            else
            {
                int wills = world.Publications.FindAll(p => p.Will && p.Denied && p.Ended).Count;
                AtMost(Counter.DroppedWill, wills);
                AtMost(Counter.DroppedDenied, rights.DeniedDeliver + rights.DeniedPublish0);
                if (world.Vandal == null) AtMost(Counter.RefusedFilters, rights.DeniedSubscribe);
            }
            if (!world.Publications.Exists(p => p.Expiry != 0)) Same(Counter.DroppedExpired, 0);
            if (world.Vandal == null) Same(Counter.RefusedTopics, 0);
        }

        private void Same(int counter, int value)
        {
            if (counters[counter] != value) World.Fail($"{Name(counter)} is {counters[counter]}, not {value}");
        }

        private void AtMost(int counter, int value)
        {
            if (counters[counter] > value) World.Fail($"{Name(counter)} is {counters[counter]}, above {value}");
        }

        public static string Name(int counter)
        {
            foreach (System.Reflection.FieldInfo f in typeof(Counter).GetFields())
            {
                if (f.Name != "Count" && (int)f.GetRawConstantValue() == counter) return f.Name;
            }
            return "counter " + counter;
        }
    }
}
