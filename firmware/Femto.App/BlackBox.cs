using System;

namespace Femto.Mqtt
{
    /// <summary>
    /// The last events, kept by the host over a boot: eight bytes each, the oldest first. Seconds (since 1970, or of
    /// uptime), the event and whether its time is known, a sensor or bridge, a detail.
    /// </summary>
    internal sealed class BlackBox
    {
        public const int Boot = 0, Goodbye = 1, Stalled = 2, SensorFails = 3, SensorIsBack = 4, BridgeUp = 5,
            BridgeDown = 6, Command = 7, Refused = 8, TimeSet = 9, Lost = 10;
        private const int Kinds = 11;

        public const int EventsMost = 24;
        private const int Row = 8, Head = 2, Magic = 0xB1, TimeKnown = 0x80;
        private const int KeepMs = 60000;   // events in between are kept together: flash wears

        public int Count;
        private readonly byte[] data = new byte[Head + EventsMost * Row];
        private readonly IAppHost host;
        private readonly WallClock clock;
        private bool changed, keptOnce;
        private int keptMs;

        public BlackBox(IAppHost host, WallClock clock)
        {
            this.host = host;
            this.clock = clock;
            int length = host.Kept(data);
            if (length >= Head && data[0] == Magic && data[1] <= EventsMost && Head + data[1] * Row <= length)
            {
                Count = data[1];
            }
            for (int i = 0; i < Count; i++)
            {
                if (KindOf(i) >= Kinds) Count = 0;
            }
        }

        public static int Bytes()
        {
            return Heap.Object(7) + Heap.Array(Head + EventsMost * Row, 1);
        }

        public int KindOf(int i)
        {
            return data[Head + i * Row + 4] & ~TimeKnown;
        }

        public bool Known(int i)
        {
            return (data[Head + i * Row + 4] & TimeKnown) != 0;
        }

        public int WhoOf(int i)
        {
            return data[Head + i * Row + 5];
        }

        public int DetailOf(int i)
        {
            return data[Head + i * Row + 6] << 8 | data[Head + i * Row + 7];
        }

        public uint SecondsOf(int i)
        {
            int at = Head + i * Row;
            return (uint)(data[at] << 24 | data[at + 1] << 16 | data[at + 2] << 8 | data[at + 3]);
        }

        /// <summary>Why the program began, when the board cannot tell: as the last events say.</summary>
        public int LastEnd()
        {
            if (Count == 0) return BootReason.Unknown;
            int kind = KindOf(Count - 1);
            if (kind == Stalled) return BootReason.Watchdog;
            if (kind != Goodbye) return BootReason.Crash;
            return DetailOf(Count - 1) == BootReason.Command ? BootReason.Command : BootReason.PowerOn;
        }

        /// <summary>Whether the last life ended without a word.</summary>
        public bool DiedMute()
        {
            return Count != 0 && KindOf(Count - 1) != Goodbye;
        }

        public void Add(int kind, int who, int detail, int nowMs)
        {
            if (Count == EventsMost)
            {
                Array.Copy(data, Head + Row, data, Head, (EventsMost - 1) * Row);
                Count--;
            }
            int at = Head + Count++ * Row;
            long ms = clock.Known ? clock.TimeMs(nowMs) : clock.UptimeMs(nowMs);
            uint seconds = (uint)(ms / 1000);
            data[at] = (byte)(seconds >> 24);
            data[at + 1] = (byte)(seconds >> 16);
            data[at + 2] = (byte)(seconds >> 8);
            data[at + 3] = (byte)seconds;
            data[at + 4] = (byte)(clock.Known ? kind | TimeKnown : kind);
            data[at + 5] = (byte)who;
            data[at + 6] = (byte)(detail >> 8);
            data[at + 7] = (byte)detail;
            changed = true;
        }

        /// <summary>Gives the events to the host: at once, or when the last time is a minute ago.</summary>
        public void Keep(int nowMs, bool now)
        {
            if (!changed) return;
            if (!now && keptOnce && nowMs - keptMs < KeepMs) return;
            changed = false;
            keptOnce = true;
            keptMs = nowMs;
            data[0] = Magic;
            data[1] = (byte)Count;
            host.Keep(data, Head + Count * Row);
        }
    }
}
