using System.Collections.Generic;

namespace Femto.CostMeter
{
    /// <summary>The operations that are measured, in the order of the table.</summary>
    internal static class Operations
    {
        public static List<Operation> All()
        {
            var all = new List<Operation>();
            all.AddRange(CodecOperations.All());
            all.AddRange(TopicOperations.All());
            all.AddRange(TopicTableOperations.All());
            all.AddRange(BrokerOperations.All());
            all.AddRange(ClientOperations.All());
            all.AddRange(BoardOperations.All());
            return all;
        }
    }
}
