using System;
using Femto.Mqtt;
using nanoFramework.Networking;

namespace Femto.Firmware
{
    /// <summary>The time of day from the firmware below, which asks its servers by SNTP on its own.</summary>
    public sealed class SntpTime : ITimeSource
    {
        /// <inheritdoc/>
        public void Start()
        {
            try
            {
                if (!Sntp.IsStarted) Sntp.Start();
            }
            catch (Exception)
            {
                // Unknown, then; the clock may yet be set by who knows it.
            }
        }

        /// <inheritdoc/>
        public long Read(out int milliseconds)
        {
            long ticks = DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks;
            milliseconds = (int)(ticks / 10000 % 1000);
            return ticks / 10000000;
        }
    }
}
