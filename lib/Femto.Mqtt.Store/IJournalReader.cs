namespace Femto.Mqtt
{
    /// <summary>Gets what a journal holds when it is opened.</summary>
    public interface IJournalReader
    {
        /// <summary>One slot's content: bytes that stand during the call only.</summary>
        void Slot(int slot, byte[] buffer, int offset, int length);
    }
}
