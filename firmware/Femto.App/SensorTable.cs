using System;
using System.Text;

namespace Femto.Mqtt
{
    /// <summary>What the app knows of its sensors: their options as arrays, when each is due, and how it fares.
    /// </summary>
    internal sealed class SensorTable
    {
        public const int IntervalLeast = 10, IntervalMost = 86400000;

        // Bits of Flags beside the QoS.
        public const int Retain = 4, Json = 8, Asked = 16, Told = 32;

        public readonly int Count;
        public readonly int[] IntervalMs, DueMs;
        public readonly ushort[] Tries;     // failures one after the other
        public readonly byte[] Fault;       // of the last try
        public readonly byte[] Decimals, Flags;
        public readonly byte[] Text;        // names, units, topics of their own

        private const int BackOffMs = 1000, BackOffMost = 300000;
        private const int NotReadyMost = 10;

        private const int Name = 0, Unit = 1, Topic = 2, Texts = 3;
        private readonly ISensor[] sensors;
        private readonly ushort[] at;       // by sensor and text; the end behind the last
        private readonly byte[] unready;    // times one after the other

        public SensorTable(AppOptions options, ISensor[] sensors)
        {
            this.sensors = sensors;
            Count = sensors.Length;
            IntervalMs = new int[Count];
            DueMs = new int[Count];
            Tries = new ushort[Count];
            Fault = new byte[Count];
            Decimals = new byte[Count];
            Flags = new byte[Count];
            unready = new byte[Count];
            at = new ushort[Count * Texts + 1];
            Text = new byte[TextBytes(options)];
            for (int i = 0; i < Count; i++)
            {
                SensorOptions o = options.Sensors[i];
                IntervalMs[i] = o.IntervalMs;
                Decimals[i] = (byte)o.Decimals;
                Flags[i] = (byte)(o.Qos | (o.Retain ? Retain : 0) | (o.Json ? Json : 0) | Told);
                Put(i * Texts + Name, o.Name);
                Put(i * Texts + Unit, o.Unit);
                Put(i * Texts + Topic, o.Topic);
            }
        }

        public static int Bytes(AppOptions options)
        {
            int count = options.Sensors.Length;
            return Heap.Object(12) + Heap.Array(count, 4) * 2 + Heap.Array(count, 2) + Heap.Array(count, 1) * 4
                + Heap.Array(count * Texts + 1, 2) + Heap.Array(TextBytes(options), 1);
        }

        private static int TextBytes(AppOptions options)
        {
            int bytes = 0;
            for (int i = 0; i < options.Sensors.Length; i++)
            {
                SensorOptions o = options.Sensors[i];
                bytes += Length(o.Name) + Length(o.Unit) + Length(o.Topic);
            }
            return bytes;
        }

        public static int Length(string text)
        {
            return text == null ? 0 : Encoding.UTF8.GetBytes(text).Length;
        }

        private void Put(int k, string text)
        {
            int from = at[k];
            int length = Length(text);
            if (length != 0) Array.Copy(Encoding.UTF8.GetBytes(text), 0, Text, from, length);
            at[k + 1] = (ushort)(from + length);
        }

        public int NameAt(int i)
        {
            return at[i * Texts + Name];
        }

        public int NameLength(int i)
        {
            return at[i * Texts + Unit] - at[i * Texts + Name];
        }

        public int UnitAt(int i)
        {
            return at[i * Texts + Unit];
        }

        public int UnitLength(int i)
        {
            return at[i * Texts + Topic] - at[i * Texts + Unit];
        }

        public int TopicAt(int i)
        {
            return at[i * Texts + Topic];
        }

        /// <summary>0: the usual one.</summary>
        public int TopicLength(int i)
        {
            return at[i * Texts + Texts] - at[i * Texts + Topic];
        }

        /// <summary>The sensor of a name, or -1.</summary>
        public int Find(byte[] text, int offset, int length)
        {
            for (int i = 0; i < Count; i++)
            {
                if (NameLength(i) != length) continue;
                int from = NameAt(i), k = 0;
                while (k < length && Text[from + k] == text[offset + k]) k++;
                if (k == length) return i;
            }
            return -1;
        }

        /// <summary>Its state is to be published.</summary>
        public void Untold(int i)
        {
            Flags[i] = (byte)(Flags[i] & ~Told);
        }

        public int FailingCount()
        {
            int count = 0;
            for (int i = 0; i < Count; i++)
            {
                if (Fault[i] != SensorFault.None) count++;
            }
            return count;
        }

        /// <summary>Asks a sensor, and sets when it is asked next: by the schedule, so that nothing drifts, or later
        /// and later while it fails.</summary>
        /// <returns>As <see cref="ISensor.Read"/>.</returns>
        public int Read(int i, int nowMs, out int value)
        {
            int fault;
            value = 0;
            try
            {
                fault = sensors[i].Read(nowMs, out value);
            }
            catch (Exception)
            {
                fault = SensorFault.Broken;
            }
            if (fault < SensorFault.None || fault > SensorFault.NotReady) fault = SensorFault.Broken;
            bool extra = (Flags[i] & Asked) != 0 && nowMs - DueMs[i] < 0;
            Flags[i] = (byte)(Flags[i] & ~Asked);
            int wait = IntervalMs[i];
            if (fault == SensorFault.NotReady)
            {
                // No fault, unless it never gets ready.
                if (unready[i] < NotReadyMost) unready[i]++;
                if (unready[i] < NotReadyMost && Fault[i] == SensorFault.None)
                {
                    if (!extra) Later(i, wait, nowMs);
                    return fault;
                }
            }
            else
            {
                unready[i] = 0;
            }
            if (fault == SensorFault.None)
            {
                if (Tries[i] != 0) DueMs[i] = nowMs; // its schedule begins anew
                Tries[i] = 0;
                if (!extra || Fault[i] != SensorFault.None) Later(i, wait, nowMs);
            }
            else
            {
                if (Tries[i] < ushort.MaxValue) Tries[i]++;
                DueMs[i] = nowMs + RetryMs(i);
            }
            if (Fault[i] != fault)
            {
                Fault[i] = (byte)fault;
                Untold(i);
            }
            return fault;
        }

        /// <summary>Milliseconds until a failing sensor is asked again: doubled each time, from a second or its
        /// interval to five minutes or its interval.</summary>
        public int RetryMs(int i)
        {
            int wait = IntervalMs[i] > BackOffMs ? IntervalMs[i] : BackOffMs;
            for (int n = 1; n < Tries[i] && wait < BackOffMost; n++) wait *= 2;
            return wait > BackOffMost && IntervalMs[i] < BackOffMost ? BackOffMost : wait;
        }

        // By the clock, not by when it was done. What was slept through is left out.
        private void Later(int i, int interval, int nowMs)
        {
            int late = nowMs - DueMs[i];
            if (late < 0) late = 0;
            DueMs[i] += interval * (1 + late / interval);
        }
    }
}
