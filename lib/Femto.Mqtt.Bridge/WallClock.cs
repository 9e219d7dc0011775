namespace Femto.Mqtt
{
    /// <summary>
    /// The time of day on top of a millisecond clock that wraps. Nobody schedules by it: it only says when something
    /// was. As long as nobody has set it, it does not know.
    /// </summary>
    public sealed class WallClock
    {
        /// <summary>The time of day was set.</summary>
        public bool Known;

        private long bootMs;        // of the time of day, when the uptime was 0
        private long uptimeMs;      // at atMs
        private int atMs;
        private bool began;

        /// <summary>Bytes of nanoFramework's heap.</summary>
        public static int Bytes()
        {
            return Heap.Object(5);
        }

        /// <summary>Tells it the millisecond clock, at least once a week.</summary>
        public void Advance(int nowMs)
        {
            if (began) uptimeMs += nowMs - atMs;
            began = true;
            atMs = nowMs;
        }

        /// <summary>Sets the time of day; again whenever it is known better.</summary>
        /// <param name="seconds">Since 1970.</param>
        /// <param name="milliseconds">0 to 999.</param>
        /// <param name="nowMs">The millisecond clock at that time.</param>
        public void Set(long seconds, int milliseconds, int nowMs)
        {
            Advance(nowMs);
            bootMs = seconds * 1000 + milliseconds - uptimeMs;
            Known = true;
        }

        /// <summary>Milliseconds since the first Advance, of a time within three weeks of the last.</summary>
        public long UptimeMs(int ms)
        {
            return uptimeMs + (ms - atMs);
        }

        /// <summary>Milliseconds since 1970 of such a time. Only when <see cref="Known"/>.</summary>
        public long TimeMs(int ms)
        {
            return bootMs + uptimeMs + (ms - atMs);
        }
    }
}
