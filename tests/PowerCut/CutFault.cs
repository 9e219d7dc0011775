using System;

namespace Femto.PowerCut
{
    /// <summary>Something promised was not kept.</summary>
    public sealed class CutFault : Exception
    {
        public CutFault(string message)
            : base(message)
        {
        }
    }
}
