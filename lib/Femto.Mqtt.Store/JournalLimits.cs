namespace Femto.Mqtt
{
    /// <summary>Sizes of a journal, fixed before it is built.</summary>
    public sealed class JournalLimits
    {
        /// <summary>Slots, 1 to 65,535: each holds one content or none.</summary>
        public int Slots;
        /// <summary>Bytes of the largest frame: what is written by one <see cref="Journal.Commit"/>.</summary>
        public int FrameBytes;
        /// <summary>Milliseconds that written frames may wait for a common sync.</summary>
        public int SyncMs = 100;
    }
}
