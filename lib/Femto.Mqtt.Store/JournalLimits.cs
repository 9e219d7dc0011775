namespace Femto.Mqtt
{
    /// <summary>Sizes of a journal, fixed before it is built.</summary>
    public sealed class JournalLimits
    {
        /// <summary>Slots by kind, 0 to 65,535 of each: a slot holds one content or none. More of a kind may be given
        /// for an existing journal; of a kind with fewer, what lies above is counted as unknown.</summary>
        public int[] Rows;
        /// <summary>Bytes of the largest frame: what is written by one <see cref="Journal.Commit"/>.</summary>
        public int FrameBytes;
        /// <summary>Milliseconds that written frames may wait for a common sync.</summary>
        public int SyncMs = 100;
    }
}
