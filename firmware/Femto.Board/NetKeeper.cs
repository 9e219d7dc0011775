namespace Femto.Mqtt
{
    /// <summary>
    /// Keeps the board on its network. The firmware below joins by itself at boot and after a loss; this one looks
    /// whether it did, and when it did not, begins anew, after a pause that doubles up to five minutes. Everything that
    /// goes wrong is a state that heals: it never ends and never throws.
    /// </summary>
    public sealed class NetKeeper : ITurn
    {
        /// <summary>Milliseconds that the firmware below has to join by itself.</summary>
        public const int GraceMs = 20000;
        /// <summary>The first pause after a failure, and the longest.</summary>
        public const int RetryMs = 5000, RetryCapMs = 300000;

        private const int LookMs = 1000;
        private const int AttemptMs = 60000;    // longest that an attempt may stay without an answer

        private const int Joining = 0;          // the firmware below, or an attempt of ours
        private const int Online = 1;
        private const int Pausing = 2;
        private const int Nothing = 3;          // not configured

        private readonly INetPort port;
        private readonly INetLog log;
        private int state, dueMs, delayMs, lookMs;
        private bool begun, asked;

        /// <param name="port">The board's network.</param>
        /// <param name="log">May be null.</param>
        public NetKeeper(INetPort port, INetLog log)
        {
            this.port = port;
            this.log = log;
            delayMs = RetryMs;
        }

        /// <summary>Whether there is a network.</summary>
        public bool Up
        {
            get { return state == Online; }
        }

        /// <inheritdoc/>
        public int Turn(int nowMs)
        {
            if (!begun) Begin(nowMs);
            if (nowMs - lookMs < 0) return lookMs - nowMs;
            lookMs = nowMs + LookMs;
            if (state != Nothing) Look(nowMs);
            return LookMs;
        }

        /// <inheritdoc/>
        public int Wait(int nowMs)
        {
            if (!begun) return 0;
            int wait = lookMs - nowMs;
            return wait < 0 ? 0 : wait;
        }

        private void Begin(int nowMs)
        {
            begun = true;
            lookMs = nowMs;
            dueMs = nowMs + GraceMs;
            string own = port.AccessPoint();
            if (own != null && log != null) log.NetServes(own);
            if (port.Configured()) return;
            state = Nothing;
            if (own == null && log != null) log.NetMissing();
        }

        private void Look(int nowMs)
        {
            bool up = port.Up();
            if (state == Online)
            {
                if (up) return;
                state = Joining;
                asked = false;
                dueMs = nowMs + GraceMs;
                if (log != null) log.NetDown();
                return;
            }
            if (up)
            {
                state = Online;
                delayMs = RetryMs;
                if (log != null) log.NetUp(port.Address());
                return;
            }
            if (state == Joining && asked)
            {
                int result = port.Result();
                // Joined, but without an address yet: it has the rest of its time.
                bool waits = result == NetResult.Pending || result == NetResult.Connected;
                if (waits && dueMs - nowMs > 0) return;
                Fail(waits ? NetResult.TimedOut : result, nowMs);
                return;
            }
            if (dueMs - nowMs > 0) return;
            state = Joining;
            asked = true;
            dueMs = nowMs + AttemptMs;
            port.Connect();
        }

        private void Fail(int result, int nowMs)
        {
            state = Pausing;
            asked = false;
            dueMs = nowMs + delayMs;
            if (log != null) log.NetFailed(result, delayMs);
            delayMs = delayMs * 2 > RetryCapMs ? RetryCapMs : delayMs * 2;
        }
    }
}
