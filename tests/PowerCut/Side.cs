using System.Collections.Generic;
using Femto.Mqtt;
using Femto.Mqtt.Unit;

namespace Femto.PowerCut
{
    /// <summary>A broker with all that stands on it; the one with a device loses its power.</summary>
    public sealed class Side : ISide
    {
        public Broker Broker { get; set; }
        public bool On { get; set; } = true;
        public Persistence Persistence;
        public Bridge Bridge;
        public CutLink Link;
        public MemoryDevice Device;

        /// <summary>What the journal on a device holds, without the clock and what a restart changes of a session.
        /// </summary>
        public static Dictionary<int, string> Contents(MemoryDevice device, JournalLimits limits)
        {
            var reader = new Reader();
            if (!new Journal(device, limits, 9).Open(reader)) throw new CutFault("the device cannot be read");
            return reader.Slots;
        }

        private sealed class Reader : IJournalReader
        {
            public readonly Dictionary<int, string> Slots = new();

            public void Slot(int slot, byte[] buffer, int offset, int length)
            {
                int kind = slot >> 16;
                if (kind == Changes.Clock) return;
                string text = System.Convert.ToHexString(buffer, offset, length);
                // Stamp, flags, expiry, offline since, will delay, will due: flags, since and due follow the restart.
                if (kind == Changes.Session)
                {
                    text = text.Substring(0, 4) + text.Substring(6, 8) + text.Substring(22, 8) + text.Substring(38);
                }
                Slots[slot] = text;
            }
        }
    }
}
