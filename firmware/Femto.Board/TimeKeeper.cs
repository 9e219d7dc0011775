namespace Femto.Mqtt
{
    /// <summary>
    /// Brings the time of day to the <see cref="WallClock"/> once a network is there. Until then the clock does not
    /// know, and what is published says so.
    /// </summary>
    public sealed class TimeKeeper : ITurn
    {
        private const int LookMs = 1000;
        private const int KnownMs = 600000;     // the board's crystal strays some ten milliseconds in that time
        private const long First = 1704067200;  // 2024: anything earlier is a clock that was never set

        private readonly ITimeSource source;
        private readonly NetKeeper net;
        private readonly WallClock clock;
        private readonly ITimeLog log;
        private int lookMs;
        private bool begun, started;

        /// <param name="source">SNTP.</param>
        /// <param name="net">Nothing is asked before it is up; null: at once.</param>
        /// <param name="clock">Gets the time.</param>
        /// <param name="log">May be null.</param>
        public TimeKeeper(ITimeSource source, NetKeeper net, WallClock clock, ITimeLog log)
        {
            this.source = source;
            this.net = net;
            this.clock = clock;
            this.log = log;
        }

        /// <inheritdoc/>
        public int Turn(int nowMs)
        {
            if (!begun) lookMs = nowMs;
            begun = true;
            clock.Advance(nowMs);
            if (nowMs - lookMs < 0) return lookMs - nowMs;
            lookMs = nowMs + LookMs;
            if (!started)
            {
                if (net != null && !net.Up) return LookMs;
                started = true;
                source.Start();
            }
            int milliseconds;
            long seconds = source.Read(out milliseconds);
            if (seconds < First) return LookMs;
            bool first = !clock.Known;
            clock.Set(seconds, milliseconds, nowMs);
            if (first && log != null) log.TimeKnown(seconds);
            lookMs = nowMs + KnownMs;
            return KnownMs;
        }

        /// <inheritdoc/>
        public int Wait(int nowMs)
        {
            if (!begun) return 0;
            int wait = lookMs - nowMs;
            return wait < 0 ? 0 : wait;
        }
    }
}
