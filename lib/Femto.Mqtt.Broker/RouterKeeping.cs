namespace Femto.Mqtt
{
    // What of a message is to survive a loss of power.
    internal sealed partial class Router
    {
        // Whether what is to survive a loss of power finds room where it does.
        private Fault Keep(Outgoing m, ref bool retain, bool mayHold, bool mayRefuse)
        {
            Changes changes = broker.Changes;
            int kept = retain && m.PayloadLength != 0 && changes.Keeps[Changes.Retained] != 0 ? 1 : 0;
            for (int i = 1; i <= count; i++)
            {
                if (IsKept(i, changes)) kept++;
            }
            if (kept == 0) return Fault.None;
            int bytes = m.Length + 64 + 48 * kept;
            Fault fault = changes.Keeper.Room(bytes);
            if (fault == Fault.None)
            {
                changes.Pending += m.Length + 64;
                return Fault.None;
            }
            if (fault == Fault.StoreFull && mayHold) return Fault.Hold;
            if (mayRefuse) return fault;
            counters[Counter.DroppedStore]++;
            if (fault == Fault.StoreFailed) return Fault.None; // it lives as long as the power does
            retain &= m.PayloadLength == 0;
            pooled = false;
            for (int i = 1; i <= count; i++)
            {
                if (IsKept(i, changes)) targetAction[i] = NoRoom;
                else pooled |= targetAction[i] == Queue || targetAction[i] == Oldest;
            }
            return Fault.None;
        }

        private bool IsKept(int i, Changes changes)
        {
            return targetQos[i] != 0 && (targetAction[i] == Queue || targetAction[i] == Oldest)
                && changes.Kept[target[i]] != 0 && changes.Keeps[Changes.Delivery] != 0;
        }
    }
}
